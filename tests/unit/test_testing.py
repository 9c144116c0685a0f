"""The kit for plugins' tests answers as a run would."""

from __future__ import annotations

import os
import pathlib
import re
import subprocess
import sys
import types

import pytest

from paratask.claims.model import Access, Claim, Effect, Evidence
from paratask.plugins.hookspecs import Recognition, hookimpl
from paratask.testing import FakeCheckout, patterns_of

FILES = {"a/pyproject.toml": "", "a/x.py": "", "b/package.json": "{}", "/usr/share/words": "x", "blob": b"\0"}


class Frob:
    """A plugin that answers by what its second word says."""

    @hookimpl
    def manifests(self):
        return ["frob.toml"]

    @hookimpl
    def recognise(self, invocation, place):
        program, *words = invocation.words
        if program != "frob":
            return None
        if words == ["raise"]:
            raise KeyError("x")
        if words == ["text"]:
            return "claims"
        claim = Claim(
            access=Access.WRITE,
            pattern=place.pattern(invocation.cwd, "/**"),
            evidence=Evidence.INFERRED,
            reason="frobbed",
            excluding=("a/x.py",),
        )
        return Recognition(
            claims=(claim,), effect=Effect.OUTSIDE if words == ["send"] else Effect.LOCAL, reason="frobs", cpu=3.0
        )


@pytest.fixture
def checkout():
    return FakeCheckout(FILES, plugins=[Frob()])


def test_files_are_those_given(checkout):
    assert checkout.root == "/repo"
    assert checkout.listdir("/repo") == ("a", "b", "blob")
    assert checkout.exists("/repo/a")
    assert not checkout.exists("/repo/c")
    assert checkout.read_text("/usr/share/words") == "x"
    assert checkout.read_text("/repo/blob") is None
    assert checkout.workspace("/repo/a/deep", ["pyproject.toml"]) == "/repo/a"


def test_links_of_files_in_memory_led_elsewhere_than_those_on_disk(tmp_path):
    """`..` behind a link was taken for the folder that the link is in."""
    files = {"deep/er/f": "", "deep/x": "", "x": "", "a/b/c": ""}
    links = {"cur": "deep/er", "a/up": "..", "again": "a/up/cur", "a/b/whole": "../../deep", "round": "round"}
    for name in files:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    for name, target in links.items():
        (tmp_path / name).symlink_to(target)
    root = str(tmp_path.resolve())
    absolute = {name: f"{root}/{os.path.dirname(name)}/{target}" for name, target in links.items()}
    checkout = FakeCheckout(files, root=root, links=absolute)
    for path in ("cur/../x", "cur/f", "again/../x", "a/up/x", "a/b/whole/er/../x", "a/up/a/up/cur/../../x", "./x", "no/../x"):
        assert f"{root}/{checkout.pattern(f'{root}/{path}')}" == os.path.realpath(f"{root}/{path}"), path
    assert checkout.pattern(f"{root}/round").endswith("round")
    assert checkout.reads("cat cur/../x") == checkout.reads("cd cur && cat ../x") == {"deep/x"}


def test_claims_come_from_the_plugin_and_those_built_in(checkout):
    assert checkout.writes("frob", cwd="a") == {"a/**"}
    assert checkout.writes("cd b && frob && touch y") == {"b/**", "b/y"}
    assert checkout.reads("cat a/x.py > b/y") == {"a/x.py"}
    assert checkout.reads("cat x.py", cwd="/repo/a") == {"a/x.py"}
    assert checkout.shares("uv sync --frozen", cwd="a") == {"uv-cache"}
    assert checkout.holds("python -m http.server 8010") == {"port:8010"}
    assert patterns_of(checkout.claims("mv a b"), Access.WRITE, Access.READ) >= {"a/**", "b/**"}


def test_what_is_not_known_claims_everything(checkout):
    assert checkout.recognises("frob")
    assert not checkout.recognises("frob && unheard-of")
    assert checkout.effect("unheard-of") is Effect.OUTSIDE
    assert checkout.writes("unheard-of") == {"**"}
    assert checkout.effect("frob send") is Effect.OUTSIDE


def test_paths_that_a_claim_leaves_out_are_not_covered(checkout):
    assert checkout.may_write("frob", "a/y.py", cwd="a")
    assert not checkout.may_write("frob", "a/x.py", cwd="a")
    assert checkout.may_read("frob", "a/y.py", cwd="a")
    assert checkout.may_read("cat a/x.py", "a/x.py")
    assert not checkout.may_write("cat a/x.py", "a/x.py")


def test_pairs(checkout):
    assert checkout.may_run_together("cd a && frob", "cd b && frob")
    assert not checkout.may_run_together("cd a && frob", "cat a/y")
    assert checkout.may_run_together("cd a && frob", "cat a/x.py")
    assert checkout.why_not("cd a && frob", "cat a/y") == "`cd a && frob` writes a/** and `cat a/y` reads a/y"
    assert checkout.why_not("frob send", "true") == (
        "`frob send` has effects outside this checkout (frobs), so `true` waits for it"
    )
    assert checkout.why_not("true", "unheard-of x") == (
        "`unheard-of x` counts as touching anything (`unheard-of x` is not recognised), so it waits for `true`"
    )
    assert checkout.why_not("true", "cat a/x.py") is None


def test_cores(checkout):
    assert checkout.cpu("true && frob") == 3.0
    assert checkout.cpu("true") == 1.0


def test_the_answer_to_one_call(checkout):
    found = checkout.recognition("X=1 frob send", cwd="a")
    assert isinstance(found, Recognition)
    assert found.reason == "frobs"
    assert checkout.recognition("unheard-of") is None
    for text in ("frob && frob", "frob > x", "eval x"):
        with pytest.raises(ValueError, match=f"not the call of one program: {re.escape(text)}"):
            checkout.recognition(text)


def test_a_plugin_that_misbehaves_fails_the_test_each_time(checkout):
    for _ in range(2):
        with pytest.raises(AssertionError, match=r"^language plugin Frob \(installed\) failed on `frob`: KeyError: 'x'$"):
            checkout.claims("frob raise")
    with pytest.raises(AssertionError, match="answered `frob` with a str"):
        FakeCheckout(plugins=[Frob()]).claims("frob text")


def test_symbolic_links_lead_where_they_say():
    checkout = FakeCheckout({"libs/x/f": "1"}, plugins=[Frob()], links={"app": "libs", "y": "app/x", "out": "/elsewhere"})
    assert checkout.writes("frob", cwd="y") == {"libs/x/**"}
    assert checkout.read_text("/repo/y/f") == "1"
    assert checkout.listdir("/repo/app") == ("x",)
    assert checkout.writes("touch out/f") == {"/elsewhere/f"}
    assert "y" in checkout.listdir("/repo")


def test_links_in_a_ring_end():
    assert not FakeCheckout({}, links={"a": "b", "b": "a"}).exists("/repo/a")


def test_names_without_case_are_one():
    pair = ("touch README", "cat readme")
    assert FakeCheckout().may_run_together(*pair)
    assert not FakeCheckout(ignores_case=True).may_run_together(*pair)


def test_another_root():
    assert FakeCheckout({"f": ""}, root="/tree/x").listdir("/tree/x") == ("f",)
    assert FakeCheckout(root="/a").writes("touch /b/f f") == {"/b/f", "f"}


def test_manifests_of_all_plugins(checkout):
    assert {"frob.toml", "pyproject.toml", "package.json"} <= checkout.manifests()


def test_no_test_framework_is_needed():
    code = "import sys, paratask.testing; assert not {'pytest', 'unittest', 'hypothesis'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_the_documentation_shows():
    text = (pathlib.Path(__file__).parents[2] / "docs" / "plugins.md").read_text(encoding="utf-8")
    section = text[text.index("## Writing one") : text.index("## The hooks")]
    plugin, tests = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    module = types.ModuleType("paratask_hugo")
    exec(plugin, module.__dict__)
    exec(tests, {"paratask_hugo": module})
