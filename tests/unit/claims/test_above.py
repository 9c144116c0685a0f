"""What claims on folders above the checkout mean inside of it."""

from __future__ import annotations

import pytest

from paratask.claims.above import seen_from, with_inside
from paratask.claims.model import Access, Claim, Claims, Evidence
from paratask.claims.overlap import overlap

ROOT = "/home/me/work/[app]"


@pytest.mark.parametrize(
    ("pattern", "inside"),
    [
        ("src/x", ("src/x",)),
        ("/etc/passwd", ()),
        ("/home/me/work/other/**", ()),
        ("/home/me/work/**", ("**",)),
        ("/home/me/work/", ("**",)),
        ("/**", ("**",)),
        ("/home/me/**/*.txt", ("**/*.txt",)),
        ("/home/*/work/*/src/*.c", ("src/*.c",)),
        ("/home/me/work/*", ()),
        ("/home/me/{work,play}/**/dist/**", ("**/dist/**",)),
        ("/home/**/[[]app]/dist/**", ("**/[[]app]/dist/**", "dist/**")),
        ("/home/me/work/app/**", ()),
        ("/home/../**", ("**",)),
        ("/opt/../home/me/work/[[]app]/x", ("**",)),
        ("/opt/{../home,x}/me/**", ("**",)),
        ("/opt/part-{1..999}/x", ("**",)),
    ],
)
def test_seen_from(pattern, inside):
    assert seen_from(pattern, ROOT) == inside


@pytest.mark.parametrize("path", ["a", "src/b.txt", "dist/c", "src/dist/d"])
@pytest.mark.parametrize(
    "pattern", ["/home/**", "/home/me/**/dist/**", "/home/me/work/*/src/*", "/**/*.txt", "/home/me/w*/**/c"]
)
def test_it_is_the_same_files_that_meet(path, pattern):
    """Seen from outside, all paths are absolute and the root's name is one of them."""
    whole = f"{ROOT.replace('[', chr(92) + '[').replace(']', chr(92) + ']')}/{path}"
    assert any(overlap(found, path) for found in seen_from(pattern, ROOT)) == overlap(pattern, whole)


def test_what_is_left_out_is_left_out_inside_too():
    entry = Claim(
        access=Access.READ, pattern="/home/**", excluding=("/home/**/.cache/**",), evidence=Evidence.INFERRED, reason=""
    )
    assert [(found.pattern, found.excluding) for found in with_inside(Claims(entries=(entry,)), ROOT).entries] == [
        ("/home/**", ("/home/**/.cache/**",)),
        ("**", ("**/.cache/**",)),
    ]


def test_what_is_only_assumed_of_places_above_means_nothing_inside():
    entry = Claim(access=Access.READ, pattern="/home/**", evidence=Evidence.INFERRED, reason="", assumed=True)
    assert with_inside(Claims(entries=(entry,)), ROOT).entries == (entry,)


def test_claims_that_stay_inside_or_elsewhere_are_as_they_were():
    entries = tuple(
        Claim(access=Access.WRITE, pattern=pattern, evidence=Evidence.INFERRED, reason="") for pattern in ("a", "/tmp/b")
    )
    claims = Claims(entries=entries)
    assert with_inside(claims, ROOT) is claims
