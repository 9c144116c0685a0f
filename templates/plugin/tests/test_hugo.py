"""What the plugin makes of commands, seen through the kit: the real parser and rules of conflict, and files in memory."""

from __future__ import annotations

import paratask_hugo
import pytest
from paratask.claims.model import Effect
from paratask.testing import FakeCheckout

FILES = {
    "blog/hugo.toml": "title = 'Blog'\n",
    "blog/content/a.md": "",
    "shop/hugo.yaml": "title: Shop\n",
    "away/hugo.toml": "themesDir = '../themes'\n",
    "app/package.json": '{"scripts": {"build": "vite build"}}',
}


@pytest.fixture(scope="module")
def checkout() -> FakeCheckout:
    return FakeCheckout(FILES, plugins=[paratask_hugo])


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("hugo", {"blog/**"}),
        ("hugo build --minify --gc", {"blog/**"}),
        ("hugo -e production --baseURL=https://example.com/", {"blog/**"}),
        ("hugo --destination ../public/blog", {"blog/**", "public/blog/**"}),
        ("cd .. && hugo -s blog -d out --cacheDir cache", {"blog/**", "blog/out/**", "cache/**"}),
        ("hugo -s ../shop", {"shop/**"}),
        ("hugo new content posts/b.md", {"blog/**"}),
        ("hugo list all", set()),
        ("hugo version", set()),
        ("hugo build --help", set()),
    ],
)
def test_recognised(checkout: FakeCheckout, text: str, written: set[str]) -> None:
    assert checkout.recognises(text, cwd="blog")
    assert checkout.effect(text, cwd="blog") is Effect.LOCAL
    assert checkout.writes(text, cwd="blog") == written


@pytest.mark.parametrize(
    "text",
    [
        "hugo unheard-of",
        "hugo --unheard-of",
        "hugo --destination $OUT",
        "hugo --destination",
        "HUGO_PUBLISHDIR=../x hugo",
        "cd ../away && hugo",
        "cd .. && hugo",
    ],
)
def test_what_is_not_understood_claims_everything(checkout: FakeCheckout, text: str) -> None:
    assert not checkout.recognises(text, cwd="blog")


def test_publishing_is_an_outside_effect(checkout: FakeCheckout) -> None:
    assert checkout.effect("hugo deploy", cwd="blog") is Effect.OUTSIDE
    assert checkout.claims("hugo deploy", cwd="blog").effect_reason == "`hugo deploy` publishes the site"


def test_what_two_servers_share(checkout: FakeCheckout) -> None:
    assert checkout.holds("hugo server", cwd="blog") == {"port:1313"}
    assert checkout.holds("hugo server -p 1400", cwd="shop") == {"port:1400"}
    assert checkout.shares("hugo server", cwd="blog") == {"hugo-cache"}


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("cd blog && hugo", "cd shop && hugo", True),
        ("cd blog && hugo", "cd app && npm run build", True),
        ("cd blog && hugo list all", "cd blog && hugo config", True),
        ("cd blog && hugo", "cd blog && hugo list all", False),
        ("cd blog && hugo server", "cd shop && hugo server", False),
        ("cd blog && hugo server", "cd shop && hugo server -p 1314", True),
        ("cd blog && hugo deploy", "cd shop && hugo", False),
    ],
)
def test_pairs(checkout: FakeCheckout, first: str, second: str, together: bool) -> None:
    assert checkout.may_run_together(first, second) is together, checkout.why_not(first, second)


def test_manifests(checkout: FakeCheckout) -> None:
    assert set(paratask_hugo.manifests()) <= checkout.manifests()
