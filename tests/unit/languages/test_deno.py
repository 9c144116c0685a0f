"""What the plugin for Deno makes of commands: what they read and write, who may run beside whom, and what is not understood."""

from __future__ import annotations

import itertools
import json

import pytest

from paratask.claims.model import Effect
from paratask.testing import FakeCheckout

LOCK = {
    "version": "5",
    "specifiers": {"npm:picocolors@1": "1.1.1", "jsr:@std/assert@^1.0.13": "1.0.13"},
    "workspace": {"dependencies": ["jsr:@std/assert@^1.0.13", "npm:picocolors@1"]},
}
SETTLED = {
    "deno.json": json.dumps(
        {
            "workspace": ["./a", "./b"],
            "imports": {
                "picocolors": "npm:picocolors@^1.0.0",
                "@std/assert": "jsr:@std/assert@^1.0.13",
                "@shared/": "./shared/",
            },
            "tasks": {"all": "deno lint && deno fmt --check"},
        }
    ),
    "deno.lock": json.dumps(LOCK),
    "shared/x.ts": 'import "./y.ts";',
    "shared/y.ts": 'import "../top.ts";',
    "top.ts": "",
    "a/deno.json": json.dumps({"name": "@x/a", "exports": "./mod.ts", "tasks": {"t": "deno test", "own": "deno fmt --check"}}),
    "a/mod.ts": 'import pc from "picocolors";\nimport "@shared/x.ts";',
    "a/mod_test.ts": 'import { a } from "./mod.ts";\nimport { assert } from "@std/assert";',
    "b/deno.json": json.dumps({"name": "@x/b", "exports": "./mod.ts", "tasks": {"t": "deno test -A"}}),
    "b/mod.ts": 'import { a } from "@x/a";\nimport d from "./d.json" with { type: "json" };',
    "b/d.json": "{}",
    "b/mod_test.ts": "",
    "c/pyproject.toml": "",
}
LOOKING = ["deno lint", "deno fmt --check", "deno check", "deno test", "deno publish --dry-run --allow-dirty"]
TESTS = ["deno test -A", "deno test --allow-read --allow-write", "deno test --allow-run", "deno bench -A", "deno test -P"]
CONFIGURATION = {
    "tasks": {
        "lint": "deno lint",
        "test": {"command": "deno test --allow-write=out", "dependencies": ["lint"], "description": "d"},
        "all": {"dependencies": ["test", "made:x"]},
        "made:x": "touch x.txt",
        "made:y": "touch y.txt",
        "again": {"command": "touch z.txt", "dependencies": ["again", "made:x"]},
        "unknown": "deno run -A build.ts",
        "kept": {"command": "touch x.txt", "files": ["src/**"], "output": ["x.txt"]},
        "npm": "npm run lint",
        "gone": {"dependencies": ["nothing"]},
        "out": "deno publish",
    }
}


def checkout(**changed: object) -> FakeCheckout:
    """One project, with such a configuration and lock."""
    files = {"deno.json": json.dumps(changed.pop("deno", {})), "src/a.ts": "", "src/a_test.ts": ""}
    lock = changed.pop("lock", None)
    return FakeCheckout({**files, **({} if lock is None else {"deno.lock": json.dumps(lock)}), **changed})


@pytest.mark.parametrize(("first", "second"), list(itertools.combinations(LOOKING, 2)))
@pytest.mark.parametrize("folder", ["", "a", "b"])
def test_what_only_looks_runs_side_by_side(first, second, folder):
    start = f"cd {folder} && " if folder else ""
    assert FakeCheckout(SETTLED).why_not(start + first, start + second) is None


@pytest.mark.parametrize(("first", "second"), list(itertools.product([*LOOKING[:4], *TESTS], repeat=2)))
def test_members_of_a_workspace_run_beside_each_other(first, second):
    assert FakeCheckout(SETTLED).why_not(f"cd a && {first}", f"cd b && {second}") is None


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("other", ["deno lint", "deno check", "ruff check c"])
@pytest.mark.parametrize("folder", ["", "b"])
def test_tests_that_may_write_leave_programs_alone(test, other, folder):
    start = f"cd {folder} && " if folder else ""
    assert FakeCheckout(SETTLED).why_not(start + test, (start if "deno" in other else "") + other) is None


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("other", ["deno fmt --check", "touch a/testdata.json", "cat b/results/x.json", "deno check --doc"])
def test_who_looks_at_what_such_tests_may_write_waits(test, other):
    assert not FakeCheckout(SETTLED).may_run_together(test, other)


@pytest.mark.parametrize(
    "other",
    [
        "deno fmt",
        "deno lint --fix",
        "touch a/mod.ts",
        "deno add npm:ms",
        "touch deno.lock",
        "touch a/deno.json",
        "touch b/d.json",
    ],
)
@pytest.mark.parametrize("looking", ["deno lint", "deno check", "deno test", "cd b && deno test", "deno test -A"])
def test_who_writes_what_is_looked_at_waits(looking, other):
    assert not FakeCheckout(SETTLED).may_run_together(other, looking)


@pytest.mark.parametrize("text", ["deno lint", "deno check", "deno test", "deno info mod.ts", "deno doc mod.ts"])
def test_a_member_reads_what_its_modules_import_elsewhere(text):
    place = FakeCheckout(SETTLED)
    for path in ("a/mod.ts", "shared/x.ts", "shared/y.ts", "top.ts", "deno.json", "a/deno.json", "b/d.json"):
        assert place.may_read(text, path, cwd="b"), path
    assert not place.may_read(text, "c/x.py", cwd="b")
    assert not place.may_read(text, "b/mod.ts", cwd="a")


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ('import { x } from "../../lib/core/x.ts";', "lib/core/x.ts"),
        ('const x = await import("../../lib/core/x.ts");', "lib/core/y.ts"),
        ('new Worker(new URL("../../lib/core/x.ts", import.meta.url));', "lib/core/x.ts"),
        ('/// <reference types="../../lib/core/x.d.ts" />', "lib/core/x.d.ts"),
        ('import x from "../../data/x.json" with { type: "json" };', "data/x.json"),
        ('import { x } from "jsr:@y/core@1/x";', "lib/core/x.ts"),
        ('import { x } from "mapped";', "lib/core/x.ts"),
        ('import { x } from "far/z.ts";', "far/z.ts"),
    ],
)
def test_imports_beyond_the_project_are_read(source, path):
    place = FakeCheckout(
        {
            "deno.json": json.dumps({"workspace": ["app/*", "lib/core"]}),
            "app/web/deno.jsonc": '{ // as a member\n "importMap": "./map.json", }',
            "app/web/map.json": json.dumps({"imports": {"mapped": "../../lib/core/x.ts", "far/": "../../far/"}}),
            "app/web/src.ts": source,
            "lib/core/deno.json": json.dumps({"name": "@y/core"}),
            "lib/core/x.ts": "",
            "lib/core/x.d.ts": "",
            "lib/core/y.ts": "",
            "far/z.ts": "",
        }
    )
    for text in ("deno check", "deno test"):
        assert place.may_read(text, path, cwd="app/web")
        assert place.may_read(text, "app/web/map.json", cwd="app/web")


def test_modules_that_are_not_there_yet_are_read_where_they_are_imported():
    files = {"deno.json": '{"workspace": ["a", "b"]}', "a/deno.json": '{"name": "@x/a"}', "b/deno.json": "{}"}
    place = FakeCheckout({**files, "a/mod.ts": 'export * from "./made.ts";', "b/mod.ts": 'import "@x/a";'})
    assert not place.may_run_together("touch a/made.ts", "cd b && deno check")
    assert place.may_run_together("touch a/made.py", "cd b && deno check")


def test_members_that_only_the_run_tells_have_everything_read():
    place = checkout(deno={"workspace": ["./{a,b}"]})
    assert place.may_read("deno test", "anything/x")
    assert place.may_write("deno test", "deno.lock")


def test_without_permission_they_write_nothing():
    for text in ("deno test", "deno test --allow-net --allow-env=X", "deno test --allow-read", "deno bench"):
        assert checkout().writes(text) == set()


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("--allow-write=out,/tmp/x", {"out/**", "/tmp/x/**"}),
        ("-W=src/x.json", {"src/x.json"}),
        ("--coverage", {"coverage/**"}),
        ("--coverage=cov -R", {"cov/**"}),
        ("--junit-path=report.xml", {"report.xml"}),
        ("--junit-path report.xml", {"report.xml"}),
    ],
)
def test_they_write_what_they_are_permitted_to_and_their_reports(words, written):
    assert checkout().writes(f"deno test {words}") == written


@pytest.mark.parametrize(
    "words",
    [
        "-A",
        "-RW",
        "--allow-write",
        "--allow-write=.",
        "--allow-write=src,..",
        "-W",
        "--allow-run=git",
        "--allow-ffi",
        "-P=x",
    ],
)
def test_with_permission_they_write_anything_but_programs_and_settings(words):
    place = checkout()
    for path in ("results/x.json", "tests/data.json"):
        assert place.may_write(f"deno test {words}", path)
    for path in ("src/a.ts", "src/new.ts", "deno.json", "deno.lock", "tests/x.snap"):
        assert not place.may_write(f"deno test {words}", path)


@pytest.mark.parametrize("words", ["-u", "--update-snapshots", "-A -- --update", "-A -- -u"])
def test_snapshots_are_written_when_they_are_told_to(words):
    assert checkout().may_write(f"deno test {words}", "src/__snapshots__/a_test.ts.snap")
    assert not checkout().may_run_together(f"deno test {words}", "deno lint")


def test_words_for_the_tests_themselves_are_no_paths():
    assert checkout().recognises("deno test -A -- --verbose ../../x")
    assert not checkout().may_read("deno test -- /etc", "/etc/passwd")


def test_those_that_may_write_programs_keep_the_order():
    place = checkout(**{"src/a_test.ts": 'Deno.writeTextFileSync("src/made.ts", text);'})
    assert not place.may_run_together("deno test -A", "deno lint")
    assert place.may_run_together("deno test", "deno lint")
    place = checkout(**{"src/a_test.ts": 'const dir = Deno.makeTempDirSync();\nDeno.writeTextFileSync(dir + "/x.ts", text);'})
    assert place.may_run_together("deno test -A", "deno lint")


def test_what_they_open_elsewhere_is_read_where_they_are_permitted_to():
    files = {"a/deno.json": "{}", "a/x_test.ts": 'Deno.readTextFileSync("../data/x.txt");', "data/x.txt": ""}
    place = FakeCheckout(files)
    assert place.may_read("deno test -A", "data/x.txt", cwd="a")
    assert place.may_read("deno test -R", "data/x.txt", cwd="a")
    assert not place.may_read("deno test", "data/x.txt", cwd="a")
    assert place.may_read("deno test --allow-read=../other", "other/x", cwd="a")
    assert place.may_read("deno test --env-file", "a/.env", cwd="a")


def test_what_is_measured_is_reported_afterwards():
    place = checkout()
    assert not place.may_run_together("deno test --coverage", "deno coverage")
    assert place.writes("deno coverage --html coverage") == {"coverage/**"}
    assert place.writes("deno coverage --lcov --output=lcov.info") == {"lcov.info"}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("deno task lint", set()),
        ("deno task test", {"out/**"}),
        ("deno task all", {"out/**", "x.txt"}),
        ("deno task 'made:*'", {"x.txt", "y.txt"}),
        ("deno task again", {"x.txt", "z.txt"}),
        ("deno task made:x new.txt", {"x.txt", "new.txt"}),
        ("deno task --eval 'touch e.txt && deno lint'", {"e.txt"}),
        ("deno task --if-present nothing", set()),
        ("deno task", set()),
        ("deno task -q lint", set()),
    ],
)
def test_they_claim_what_their_commands_claim(text, written):
    place = checkout(deno=CONFIGURATION)
    assert place.recognises(text)
    assert place.writes(text) == written
    assert place.may_read(text, "deno.json")


@pytest.mark.parametrize(
    "name", ["unknown", "kept", "npm", "gone", "nothing", "'x*y'", "$NAME", "lint $NAME", "--config x.json lint"]
)
def test_what_is_not_understood_runs_alone(name):
    place = checkout(deno=CONFIGURATION)
    if name != "'x*y'":
        assert not place.recognises(f"deno task {name}")


def test_an_effect_outside_is_told():
    assert checkout(deno=CONFIGURATION).effect("deno task out") is Effect.OUTSIDE


def test_scripts_of_package_json_run_with_those_before_and_after():
    scripts = {"prebuild": "touch pre", "build": "touch own", "postbuild": "touch post"}
    place = checkout(**{"package.json": json.dumps({"scripts": scripts})})
    assert place.writes("deno task build more") == {"pre", "own", "more", "post"}


def test_members_have_their_own_and_those_of_the_root():
    place = FakeCheckout(SETTLED)
    assert place.may_read("deno task own", "a/x.md", cwd="a")
    assert not place.may_read("deno task own", "b/x.md", cwd="a")
    assert place.may_read("deno task all", "b/mod.ts", cwd="a")
    assert place.recognises("deno task --cwd a own")
    for text in ("deno task -r t", "deno task --recursive t", "deno task --filter '*' t", "deno task --members t"):
        assert place.may_write(text, "b/results/x.json")
        assert place.may_read(text, "a/mod.ts")
    assert place.why_not("cd a && deno task t", "cd b && deno task t") is None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("deno fmt src/a.ts", {"src/a.ts"}),
        ("deno compile -o bin/app src/a.ts", {"bin/app/**"}),
        ("deno compile src/a.ts", {"**"}),
        ("deno bundle -o out.js src/a.ts", {"out.js"}),
        ("deno bundle src/a.ts --outdir=dist", {"dist/**"}),
        ("deno transpile src/a.ts -o out.js", {"out.js"}),
        ("deno doc --html", {"docs/**"}),
        ("deno doc --html --output=site src/a.ts", {"site/**"}),
        ("deno info", set()),
        ("deno list", set()),
        ("deno why x", set()),
        ("deno --version", set()),
        ("deno -V", set()),
        ("deno test --help", set()),
        ("deno types", set()),
        ("deno lint --rules", set()),
        ("deno -q lint", set()),
    ],
)
def test_what_commands_write(text, written):
    place = checkout()
    assert place.recognises(text)
    assert place.writes(text) == written


def test_programs_of_packages_claim_what_they_claim_elsewhere():
    place = FakeCheckout(
        {"deno.json": "{}", "deno.lock": json.dumps({"version": "5", "specifiers": {"npm:eslint@9": "9.1.0"}})}
    )
    for text in (
        "deno run -A npm:eslint@9 src",
        "deno x npm:eslint@^9.0.0 src",
        "deno run --allow-read npm:eslint@9/eslint src",
    ):
        assert place.recognises(text)
        assert place.writes(text) == set()
        assert place.may_read(text, "src/a.ts")
        assert place.shares(text) == {"deno-cache"}
    assert place.writes("deno run -A npm:prettier --check .") == {"deno.lock"}
    assert place.may_write("deno run -A npm:@biomejs/biome check --write src", "src/a.ts")
    for text in ("deno run -A npm:unheard-of", "deno run npm:@own/tool", "deno run jsr:@x/y", "deno serve npm:eslint"):
        assert not place.recognises(text)


def test_what_configurations_include_beyond_the_project_counts():
    place = FakeCheckout({"a/deno.json": '{"fmt": {"include": ["../b"]}, "test": {"include": ["../b"]}}', "b/x_test.ts": ""})
    assert place.may_write("deno fmt", "b/x.ts", cwd="a")
    assert place.may_read("deno test", "b/x_test.ts", cwd="a")
    assert place.may_write("deno test -A", "b/results/x.json", cwd="a")


def test_formatting_writes_the_kinds_of_files_that_it_knows():
    place = checkout()
    for path in ("src/a.ts", "README.md", "x.json", "a/b/c.css"):
        assert place.may_write("deno fmt", path)
        assert not place.may_write("deno fmt --check", path)
    for path in ("x.py", "x.go", "node_modules/x/y.ts"):
        assert not place.may_write("deno fmt", path)
    assert place.may_run_together("deno fmt", "gofmt -l .")
    assert place.may_write("deno lint --fix src", "src/a.ts")


def test_what_has_an_effect_elsewhere_says_so():
    assert checkout().effect("deno publish") is Effect.OUTSIDE
    assert checkout().effect("deno publish --dry-run") is Effect.LOCAL
    assert not checkout().may_run_together("touch README.md", "deno publish --dry-run")


@pytest.mark.parametrize(
    "text",
    [
        "deno",
        "deno main.ts",
        "deno run -A main.ts",
        "deno run main.ts --port 80",
        "deno serve -A main.ts",
        "deno eval 'x'",
        "deno repl",
        "deno x cowsay",
        "deno upgrade",
        "deno unheard-of",
        "deno test --unheard-of",
        "deno test --watch",
        "deno test --inspect",
        "deno fmt --watch",
        "deno lint $FLAGS",
        "deno check --config",
        "deno bump-version patch",
    ],
)
def test_what_runs_programs_or_is_not_known_is_not_recognised(text):
    assert not checkout().recognises(text)


@pytest.mark.parametrize("text", ["deno test -c other.json", "deno check --no-config", "deno test --import-map=map.json"])
def test_another_configuration_may_mean_anything_that_is_read(text):
    place = checkout()
    assert place.may_read(text, "anything/x.ts")
    assert place.may_write(text, "deno.lock")


def test_the_cache_may_lie_in_the_checkout():
    place = checkout()
    assert place.shares("deno test") == {"deno-cache"}
    assert "cache/CACHEDIR.TAG" in place.adds_to("DENO_DIR=cache deno test")
    assert place.may_run_together("DENO_DIR=cache deno test", "DENO_DIR=cache deno check")
    assert place.may_write("DENO_COVERAGE_DIR=cov deno test", "cov/x.json")
    assert not place.may_run_together("deno clean", "deno test")


def test_a_folder_with_a_configuration_is_a_workspace():
    assert {"deno.json", "deno.jsonc"} <= checkout().manifests()
