"""What the plugin for Deno makes of results beside those that are named, of files with variables, and of what runs before a program."""

from __future__ import annotations

import json

import pytest

from paratask.languages.deno.sources import sources_of
from paratask.languages.json_files import parse_jsonc
from paratask.testing import FakeCheckout

FILES = {"deno.json": json.dumps({"tasks": {"say": "echo $WHAT"}}), "main.ts": "", "src/x.ts": "", "setup.ts": ""}


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("deno compile -o out/app --target x86_64-pc-windows-msvc main.ts", "out/app.exe"),
        ("deno bundle -o out/all.js --sourcemap=external main.ts", "out/all.js.map"),
        ("deno bundle -o out/all.js --declaration main.ts", "out/all.d.ts"),
        ("deno bundle --declaration src/x.ts", "src/x.d.ts"),
        ("deno transpile -o out/x.js --source-map separate src/x.ts", "out/x.js.map"),
        ("deno transpile -o out/a.js --declaration src/x.ts", "out/x.d.ts"),
        ("deno transpile main.ts src/x.ts", "src/x.js"),
        ("deno transpile main.ts src/x.mts", "src/x.mjs"),
    ],
)
def test_results_beside_those_that_are_named(command, path):
    checkout = FakeCheckout(FILES)
    assert checkout.may_write(command, path)
    assert not checkout.may_write(command, "src/x.ts")
    assert checkout.why_not(command, f"cat {path}") is not None


def test_declarations_beside_a_bundle_lie_in_its_folder():
    checkout = FakeCheckout(FILES)
    assert checkout.may_write("deno bundle --outdir out --declaration main.ts", "out/main.d.ts")
    assert not checkout.may_write("deno bundle --outdir out --declaration main.ts", "src/x.d.ts")


def test_one_program_is_printed():
    assert not FakeCheckout(FILES).may_write("deno transpile src/x.ts", "src/x.js")


@pytest.mark.parametrize("option", ["--preload", "--require"])
def test_what_runs_before_a_program_may_do_anything(option):
    checkout = FakeCheckout(FILES)
    assert checkout.recognises("deno run -A npm:eslint .")
    assert not checkout.recognises(f"deno run -A {option} ./setup.ts npm:eslint .")


@pytest.mark.parametrize(
    "command", ["deno task --env-file say", "deno run -A --env-file npm:eslint main.ts", "deno test --env-file"]
)
def test_files_with_variables_are_read(command):
    assert FakeCheckout(FILES).why_not("cp example .env", command) is not None


def test_one_of_several_tasks_is_given_the_arguments():
    tasks = {
        "style": "deno fmt",
        "style:docs": "deno fmt docs",
        "all:a": {"dependencies": ["all:b"], "command": "true"},
        "all:b": "touch",
    }
    checkout = FakeCheckout(
        {"deno.json": json.dumps({"workspace": ["a"], "tasks": tasks}), "a/deno.json": json.dumps({"tasks": tasks})}
    )
    assert not checkout.may_write("deno task style --check", "main.ts")
    assert checkout.may_write("deno task 'style*' --check", "main.ts")
    assert checkout.may_write("deno task -r style --check", "main.ts")
    assert checkout.may_write("deno task 'all:*' made", "made")


@pytest.mark.parametrize(
    "command", ["deno cache sub/m.ts", "deno install --entrypoint sub/m.ts", "deno compile -o app sub/m.ts"]
)
def test_the_lock_beside_a_module_was_not_claimed(command):
    checkout = FakeCheckout({"deno.json": "{}", "sub/deno.json": '{"imports": {"p": "npm:p@1"}}', "sub/m.ts": "import 'p';"})
    assert checkout.may_write(command, "sub/deno.lock")
    assert checkout.why_not(command, "cd sub && deno check") is not None


@pytest.mark.parametrize("exports", ['"./made.js"', '{".": "./made.js"}', '[{"a": 1}]', "7"])
def test_what_a_member_exports_and_is_not_there_yet(exports):
    files = {
        "deno.json": '{"workspace": ["a", "b"]}',
        "a/deno.json": f'{{"name": "@x/a", "exports": {exports}}}',
        "b/deno.json": '{"name": "@x/b"}',
        "b/mod.ts": "import '@x/a';",
    }
    assert FakeCheckout(files).may_read("cd b && deno check", "a/made.js") == ("made" in exports)


def test_very_many_tasks_that_depend_on_one_another():
    tasks = {f"t{index}": {"dependencies": [f"t{index + 1}"]} for index in range(3_000)}
    assert not FakeCheckout({"deno.json": json.dumps({"tasks": tasks})}).recognises("deno task t0")


@pytest.mark.parametrize("text", ["import(/*", "writeFile"])
def test_long_odd_programs_are_read_at_once(text):
    checkout = FakeCheckout({"deno.json": "{}", "a_test.ts": text * 100_000})
    assert sources_of(f"{checkout.root}/a_test.ts", checkout).imports == ()


@pytest.mark.parametrize("text", ['{"a\\', "/* "])
def test_long_odd_configurations_are_read_at_once(text):
    assert parse_jsonc(text * 100_000) is None
