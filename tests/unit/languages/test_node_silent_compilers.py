"""The TypeScript compiler where its configuration has it check only (`noEmit`), as templates of today have it."""

from __future__ import annotations

import pytest

from paratask.claims.overlap import overlap
from paratask.testing import FakeCheckout

SILENT = '{"compilerOptions": {"noEmit": true}, "include": ["src"]}'
TREE = {
    "web/package.json": "{}",
    "web/node_modules/x/package.json": "{}",
    "web/src/a.ts": "",
    "web/tsconfig.json": '{"files": [], "references": [{"path": "./tsconfig.app.json"}, {"path": "./tsconfig.node.json"}]}',
    "web/tsconfig.app.json": SILENT.replace("true}", 'true, "tsBuildInfoFile": "./node_modules/.tmp/app.tsbuildinfo"}'),
    "web/tsconfig.node.json": SILENT,
}
ALONE = {"web/package.json": "{}", "web/src/a.ts": "", "web/tsconfig.json": SILENT}


def writes(text, path, files):
    return any(overlap(pattern, path) for pattern in FakeCheckout(files).writes(f"cd web && {text}"))


@pytest.mark.parametrize("text", ["tsc", "tsc -p .", "tsc --project tsconfig.json --pretty", "vue-tsc", "npx tsc"])
def test_one_that_compiles_to_nothing_only_reads(text):
    assert not FakeCheckout(ALONE).writes(f"cd web && {text}") - {"web/**/*.tsbuildinfo"}
    assert FakeCheckout(ALONE).may_run_together(f"cd web && {text}", "cd web && eslint .")


@pytest.mark.parametrize("text", ["tsc -b", "tsc --build --pretty false", "vue-tsc -b"])
def test_a_tree_of_them_keeps_build_information(text):
    assert not writes(text, "web/src/a.js", TREE)
    assert writes(text, "web/tsconfig.node.tsbuildinfo", TREE)
    assert writes(text, "web/node_modules/.tmp/app.tsbuildinfo", TREE)
    assert FakeCheckout(TREE).may_run_together(f"cd web && {text}", "cd web && eslint .")
    assert not FakeCheckout(TREE).may_run_together(f"cd web && {text}", f"cd web && {text}")


@pytest.mark.parametrize(
    "text",
    [
        "tsc --noEmit false",
        "tsc --emitDeclarationOnly",
        "tsc -d",
        "tsc src/a.ts",
        "tsc --init",
        "tsc -p other.json",
    ],
)
def test_what_may_compile_to_something_writes(text):
    assert writes(text, "web/src/a.js", {**ALONE, "web/other.json": '{"include": ["src"]}'})


@pytest.mark.parametrize(
    ("name", "configuration"),
    [
        ("web/tsconfig.json", '{"extends": ["./base.json", "@some/package"], "include": ["src"]}'),
        ("web/tsconfig.json", '{"extends": "@some/package", "include": ["src"]}'),
        ("web/tsconfig.json", '{"extends": "./base.json", "compilerOptions": {"noEmit": false}}'),
        ("web/tsconfig.json", '{"files": [], "include": ["src"]}'),
        ("web/tsconfig.json", "{"),
        ("web/tsconfig.json", '{"compilerOptions": {"noEmit": "true"}}'),
    ],
)
def test_a_configuration_that_does_not_surely_say_so(name, configuration):
    assert writes("tsc", "web/src/a.js", {**ALONE, "web/base.json": SILENT, name: configuration})


@pytest.mark.parametrize("extends", ['"./base.json"', '["@some/package", "./base.json"]'])
def test_a_configuration_that_inherits_it(extends):
    files = {**ALONE, "web/base.json": SILENT, "web/tsconfig.json": f'{{"extends": {extends}, "include": ["src"]}}'}
    assert not writes("tsc", "web/src/a.js", files)


def test_one_project_that_compiles_to_something_is_enough():
    assert writes("tsc -b", "web/src/a.js", {**TREE, "web/tsconfig.node.json": '{"include": ["src"]}'})


def test_projects_of_other_packages_are_read():
    files = {
        **ALONE,
        "package.json": '{"workspaces": ["web", "lib"]}',
        "web/tsconfig.json": SILENT.replace('"include"', '"references": [{"path": "../lib"}], "include"'),
        "lib/package.json": "{}",
        "lib/tsconfig.json": SILENT,
    }
    assert not writes("tsc -b", "lib/src/b.js", files)
    assert writes("tsc -b", "lib/tsconfig.tsbuildinfo", files)
    assert any(overlap(pattern, "lib/src/b.ts") for pattern in FakeCheckout(files).reads("cd web && tsc -b"))


LINTERS = [
    "prettier --check .",
    "prettier -c 'src/**/*.{ts,tsx}'",
    "biome check",
    "biome ci src",
    "biome format .",
    "eslint src/**/*.ts",
]


@pytest.mark.parametrize("compiler", ["tsc", "tsc -b"])
@pytest.mark.parametrize("text", [*LINTERS, "oxlint", "prettier --check src/*/lib"])
def test_who_looks_for_files_that_it_knows_runs_beside_one_that_keeps_build_information(text, compiler):
    for files in (TREE, {**ALONE, "web/tsconfig.json": SILENT.replace("true}", 'true, "incremental": true}')}):
        assert FakeCheckout(files).why_not(f"cd web && {compiler}", f"cd web && {text}") is None


@pytest.mark.parametrize(
    "text",
    [
        "prettier --check '**/*'",
        "prettier --check *",
        "prettier --check 'src/!(*.js)'",
        "prettier --check 'src/{a/*.ts,b/*}'",
        "prettier --check tsconfig.tsbuildinfo",
        "biome check *",
        "eslint *",
        "knip",
    ],
)
def test_who_may_be_given_build_information_says_that_it_cannot_read_it(text):
    files = {**ALONE, "web/tsconfig.json": SILENT.replace("true}", 'true, "incremental": true}')}
    assert not FakeCheckout(files).may_run_together("cd web && tsc", f"cd web && {text}")
