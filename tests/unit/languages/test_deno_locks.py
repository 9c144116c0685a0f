"""What the plugin for Deno makes of the lock, and of packages: who only reads them, and who may write them."""

from __future__ import annotations

import json

import pytest

from paratask.testing import FakeCheckout

DEPENDENCY = {"imports": {"ms": "npm:ms@^2.1.0"}}
FOUND = {"version": "5", "specifiers": {"npm:ms@^2.1.0": "2.1.3"}, "workspace": {"dependencies": ["npm:ms@^2.1.0"]}}
KEEPING = ["deno test", "deno check", "deno bench", "deno info src/a.ts", "deno task x", "deno cache src/a.ts"]
LOCK = {"version": "5", "specifiers": {"npm:x@1": "1.0.0"}, "workspace": {"dependencies": ["npm:x@1"]}}
INSTALLED = {"node_modules/.deno/.setup-cache.bin": "", "node_modules/.deno/@y+x@1.0.0/.initialized": ""}


def checkout(**changed: object) -> FakeCheckout:
    """One project, with such a configuration and lock."""
    files = {"deno.json": json.dumps(changed.pop("deno", {})), "src/a.ts": "", "src/a_test.ts": ""}
    lock = changed.pop("lock", None)
    return FakeCheckout({**files, **({} if lock is None else {"deno.lock": json.dumps(lock)}), **changed})


@pytest.mark.parametrize("text", KEEPING)
def test_one_that_has_all_is_read(text):
    deno = {**DEPENDENCY, "tasks": {"x": "echo"}}
    assert not checkout(deno=deno, lock=FOUND).may_write(text, "deno.lock")
    assert checkout(deno=deno, lock=FOUND).may_read(text, "deno.lock")


@pytest.mark.parametrize("text", KEEPING)
def test_one_that_lacks_something_is_written(text):
    deno = {**DEPENDENCY, "tasks": {"x": "echo"}}
    assert checkout(deno=deno).may_write(text, "deno.lock")
    assert not checkout(deno=deno).may_run_together(text, text)
    assert checkout(deno={**deno, "lock": {"frozen": True}}).may_write(text, "deno.lock") is False
    assert checkout(deno={**deno, "lock": False}).may_write(text, "deno.lock") is False
    assert checkout(deno={**deno, "lock": "other.lock"}).may_write(text, "other.lock")


def test_without_dependencies_there_is_none():
    assert not checkout().may_write("deno test", "deno.lock")


@pytest.mark.parametrize("words", ["--frozen", "--frozen-lockfile", "--no-lock", "--frozen=true"])
def test_options_have_it_left_alone(words):
    assert not checkout(deno=DEPENDENCY).may_write(f"deno test {words}", "deno.lock")


def test_an_option_names_another():
    place = checkout(deno=DEPENDENCY, lock=FOUND)
    assert place.may_write("deno test --lock=x.lock", "x.lock")
    assert place.may_write("deno test --frozen=false --reload", "deno.lock")
    assert not place.recognises("deno test --lock --quiet")


@pytest.mark.parametrize(
    "changed",
    [
        {"deno": {"imports": {"ms": "npm:ms@^2.2.0"}}},
        {"deno": {"imports": {"ms": "npm:ms@>=2.1.0 <3"}}},
        {"deno": {}},
        {"deno": {**DEPENDENCY, "links": ["../x"]}},
        {"deno": {**DEPENDENCY, "importMap": "gone.json"}},
        {"deno": {**DEPENDENCY, "compilerOptions": {"jsxImportSource": "npm:preact@10"}}},
        {"deno": {**DEPENDENCY, "scopes": {"./src/": {"x": "jsr:@a/x@1"}}}},
        {"deno": {**DEPENDENCY, "workspace": ["m"]}, "m/deno.json": '{"imports": {"x": "npm:x@1"}}'},
        {"deno": {"imports": {**DEPENDENCY["imports"], "std/": "https://deno.land/std@0.224.0/"}}},
        {"src/a.ts": 'import x from "npm:left-pad@1";'},
        {"src/a.ts": 'import x from "jsr:@std/path";'},
        {"src/a.ts": 'import x from "https://deno.land/x/x.ts";'},
        {"src/a.ts": "/** @jsxImportSource npm:preact@10 */"},
        {"package.json": '{"dependencies": {"x": "^1.0.0"}}'},
        {"package.json": "{"},
        {"lock": {**FOUND, "version": "6"}},
        {"lock": {**FOUND, "specifiers": {}}},
        {"lock": {**FOUND, "workspace": {**FOUND["workspace"], "members": {"gone": {"dependencies": ["npm:x@1"]}}}}},
    ],
)
def test_whatever_may_change_it_has_it_written(changed):
    place = checkout(**{"deno": DEPENDENCY, "lock": FOUND, **changed})
    assert place.may_write("deno test", "deno.lock")
    assert not place.may_run_together("deno test", "deno check")


@pytest.mark.parametrize(
    ("wanted", "known"),
    [
        ("npm:ms", "npm:ms@*"),
        ("npm:/ms@^2.0.0/x", "npm:ms@2"),
        ("npm:ms@^2", "npm:ms@2"),
        ("npm:ms@^2.1", "npm:ms@^2.1.0"),
        ("npm:ms@~2.1.0", "npm:ms@2.1"),
        ("npm:ms@~2.1.1", "npm:ms@~2.1.1"),
        ("npm:ms@^0.7.0", "npm:ms@0.7"),
        ("npm:ms@^0.7.1", "npm:ms@~0.7.1"),
        ("npm:@types/ms@2.1.3", "npm:@types/ms@2.1.3"),
        ("jsr:@std/path@^1.0.0/posix", "jsr:@std/path@1"),
        ("npm:ms@latest", "npm:ms@latest"),
    ],
)
def test_ranges_are_compared_as_deno_writes_them(wanted, known):
    lock = {"version": "5", "specifiers": {known: "1"}, "workspace": {"dependencies": [known]}}
    assert not checkout(deno={"imports": {"x": wanted}}, lock=lock).may_write("deno test", "deno.lock")


def test_what_programs_and_package_json_name_may_be_there_too():
    lock = {
        "version": "4",
        "specifiers": {"npm:x@1": "1.0.0", "npm:y@^1.2.0": "1.2.0"},
        "remote": {"https://deno.land/x/x.ts": "0"},
        "workspace": {"packageJson": {"dependencies": ["npm:y@^1.2.0"]}},
    }
    files = {
        "package.json": json.dumps({"devDependencies": {"y": "^1.2.0", "own": "workspace:*"}}),
        "src/a.ts": 'import x from "npm:x@1/sub";\nimport z from "https://deno.land/x/x.ts";',
    }
    assert not checkout(lock=lock, **files).may_write("deno test", "deno.lock")


def test_linters_and_formatters_leave_it_alone():
    place = checkout(deno=DEPENDENCY)
    assert place.writes("deno lint") == set()
    assert place.may_read("deno lint", "deno.lock")
    assert place.writes("deno fmt --check") == set()
    plugins = checkout(deno={**DEPENDENCY, "lint": {"plugins": ["npm:x"]}})
    assert plugins.may_write("deno lint", "deno.lock")


def project(mode: object, **files: str) -> FakeCheckout:
    lock = {**LOCK, "npm": {"@y/x@1.0.0_z@2.0.0": {}, "only-mac@1.0.0": {"os": ["darwin"]}}}
    return checkout(deno={"nodeModulesDir": mode, "imports": {"x": "npm:x@1"}}, lock=lock, **files)


def test_commands_fill_the_folder_where_the_configuration_says_so():
    for text in ("deno test", "deno check", "deno info src/a.ts"):
        assert project("auto").may_write(text, "node_modules/x/index.js")
        installed = project("auto", **INSTALLED)
        assert not installed.may_write(text, "node_modules/x/index.js")
        assert installed.may_read(text, "node_modules/x/index.js")
        assert installed.may_run_together(text, "deno lint")
        assert not installed.may_run_together("npm ci", text)


def test_else_they_read_it_or_do_without():
    assert project("manual").may_read("deno test", "node_modules/x/index.js")
    assert not project("manual").may_write("deno test", "node_modules/x/index.js")
    assert not project("none").may_read("deno check", "node_modules/x/index.js")
    assert project("none").may_write("deno check --node-modules-dir", "node_modules/x/index.js")


def test_installing_writes_lock_packages_and_what_names_them():
    place = project("manual")
    assert place.writes("deno install") == {"node_modules/**"}
    assert "deno.lock" in place.writes("deno add npm:ms")
    for text in ("deno add npm:ms", "deno remove ms", "deno install npm:ms", "deno outdated --update", "deno update"):
        assert place.may_write(text, "deno.json")
        assert place.may_write(text, "package.json")
    assert not place.may_write("deno ci", "deno.lock")
    assert place.writes("deno outdated") == set()
    assert place.holds("deno install") == {"deno-cache"}


def test_programs_for_the_user_lie_elsewhere():
    place = project("auto")
    assert place.writes("deno install -g -A -n x jsr:@x/cli") == set()
    assert place.holds("deno install -g -A -n x jsr:@x/cli") == {"deno-programs", "deno-cache"}
    assert place.writes("deno install -g --root ./bin npm:x") == {"bin/**"}


def test_fetching_comes_before_those_who_are_to_do_without_the_network():
    place = project("none")
    assert not place.may_run_together("deno install", "deno test --cached-only")
    assert not place.may_run_together("deno cache src/a.ts", "deno check")
    assert place.may_read("deno cache src/a.ts", "src/a.ts")


def test_modules_are_put_into_the_checkout_where_it_says_so():
    place = checkout(deno={"vendor": True})
    assert place.may_write("deno test", "vendor/deno.land/x.ts")
    assert not place.may_write("deno lint", "vendor/deno.land/x.ts")
