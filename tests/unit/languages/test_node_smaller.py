"""The smaller Node tools: which keep to their package, and which only look."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout

FILES = {
    "web/package.json": "{}",
    "web/src/a.ts": "",
    "web/tsconfig.json": '{"compilerOptions": {"outDir": "../out/web"}}',
    "api/package.json": "{}",
    "schema/s.graphql": "",
}


@pytest.mark.parametrize(
    "command",
    [
        "copyfiles -u 1 'src/**/*.css' dist",
        "cpy 'src/*.css' dist",
        "cpx 'src/*.css' dist --clean",
        "lessc --source-map src/a.less dist/a.css",
        "uglifyjs src/a.js -o dist/a.js -c -m",
        "jsdoc -c jsdoc.json -d docs src",
        "tsdown src/index.ts --dts --format esm,cjs",
        "unbuild --stub",
        "parcel build index.html --dist-dir public --no-source-maps",
        "ncc build src/index.js -o dist -m",
    ],
)
def test_what_makes_something_keeps_to_its_package(command):
    place = FakeCheckout(FILES)
    assert place.may_write(command, "web/dist/x", "web")
    assert place.may_run_together(f"cd web && {command}", "cd api && npx vitest run")
    assert not place.may_run_together(f"cd web && {command}", "rm -rf web/dist")


@pytest.mark.parametrize(
    "command",
    [
        "madge --circular --extensions ts src",
        "depcruise src --config .dependency-cruiser.cjs --output-type err",
        "type-coverage -p tsconfig.json --strict --at-least 95",
        "ts-prune -e",
        "html-validate 'dist/**/*.html'",
        "htmlhint index.html",
        "license-checker --production --failOn GPL",
        "publint run --strict",
        "size-limit --json",
    ],
)
def test_what_only_looks_runs_beside_linters(command):
    place = FakeCheckout(FILES)
    assert place.writes(command, "web") == set()
    assert place.may_run_together(f"cd web && {command}", "cd web && npx eslint .")


def test_a_word_that_says_what_to_do_was_taken_for_a_folder():
    """`publint run` checks the package, not a folder `run` in it."""
    assert not FakeCheckout(FILES).may_run_together("cd web && npx tsup", "cd web && publint run")
    assert FakeCheckout(FILES).may_read("publint run --strict", "web/dist/index.js", "web")


def test_a_shell_command_of_node_counts_as_that_command():
    place = FakeCheckout(FILES)
    assert place.writes("shx rm -rf dist", "web") == place.writes("rm -rf dist", "web")
    assert place.writes("shx mkdir -p dist && shx cp src/a.ts dist/", "web") == place.writes(
        "mkdir -p dist && cp src/a.ts dist/", "web"
    )
    assert not place.recognises("shx rm -rf 'dist/*.js'", "web")


def test_imports_are_changed_where_the_compiler_put_them():
    assert FakeCheckout(FILES).may_write("tsc-alias -p tsconfig.json", "out/web/a.js", "web")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("codegen.ts", "export default {schema: '../schema/s.graphql', generates: {'../api/gen.ts': {}}}"),
        ("codegen.yml", "schema: ../schema/s.graphql\ngenerates:\n  ../api/gen.ts:\n    plugins: []\n"),
    ],
)
def test_a_generator_writes_and_reads_where_its_configuration_says(name, text):
    place = FakeCheckout({**FILES, f"web/{name}": text})
    for command in ("cd web && graphql-codegen", f"cd web && graphql-codegen --config {name}"):
        assert place.may_write(command, "api/gen.ts")
        assert not place.may_run_together("cp /tmp/x schema/s.graphql", command)


@pytest.mark.parametrize("text", ["export default {hooks: {afterAllFileWrite: ['sh x.sh']}, generates: {}}", None])
def test_a_generator_that_starts_something_or_has_another_configuration_is_not_understood(text):
    files = {**FILES, "web/codegen.ts": text} if text else FILES
    assert not FakeCheckout(files).recognises("graphql-codegen", "web")
    assert not FakeCheckout({**files, "web/g.ts": "export default {}"}).recognises("graphql-codegen -c g.ts", "web")


@pytest.mark.parametrize(
    "text",
    [
        "documents: ../api/**/*.graphql\ngenerates:\n  ./:\n    preset: near-operation-file\n",
        "generates: {'./': {preset: 'near-operation-file'}}, documents: ['../api/*.ts']",
        "const out = '../api/gen.ts'; export default {generates: {[out]: {}}}",
    ],
)
def test_a_generator_that_puts_results_beside_documents_elsewhere_or_works_out_where_is_not_understood(text):
    assert not FakeCheckout({**FILES, "web/codegen.yml": text}).recognises("graphql-codegen", "web")


def test_a_generator_may_put_results_beside_documents_of_its_own_package():
    text = "documents: src/**/*.graphql\ngenerates:\n  ./:\n    preset: near-operation-file\n"
    assert FakeCheckout({**FILES, "web/codegen.yml": text}).recognises("graphql-codegen", "web")


@pytest.mark.parametrize(
    ("command", "name", "text"),
    [
        ("unbuild", "build.config.ts", "export default {outDir: '../out'}"),
        ("tsdown", "tsdown.config.ts", "export default {outDir: '../out'}"),
        ("parcel build", "package.json", '{"targets": {"main": {"distDir": "../out"}}}'),
        ("jsdoc -c doc.json", "doc.json", '{"opts": {"destination": "../out"}}'),
        ("jsdoc --configure doc.json", "doc.json", '{"opts": {"destination": "../out"}}'),
    ],
)
def test_a_configuration_that_puts_results_beyond_the_package_was_not_looked_into(command, name, text):
    assert FakeCheckout({**FILES, f"web/{name}": text}).may_write(command, "out/x.js", "web")


def test_parcel_s_cache_lies_at_the_root_for_all_packages():
    place = FakeCheckout({**FILES, "shop/package.json": "{}"})
    assert not place.may_run_together("cd web && parcel build index.html", "cd shop && parcel build index.html")
    assert place.may_run_together("cd web && parcel build index.html", "cd shop && tsdown")
