"""The Node tools that look over documents, manifests, schemas and pages, and for copies and unused code."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout

FILES = {
    "package.json": '{"workspaces": ["web"]}',
    "web/package.json": '{"name": "web"}',
    "web/src/a.ts": "",
    "web/docs/a.md": "",
    "web/tsconfig.json": "{}",
}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("alex docs", "docs/a.md"),
        ("npx alex docs", "docs/.alexignore"),
        ("write-good docs/a.md --no-passive", "docs/a.md"),
        ("textlint docs", "docs/a.md"),
        ("textlint docs", "terms/prh.yml"),
        ("npx textlint --rule no-todo README.md", ".textlintrc.json"),
        ("remark . --frail --quiet", "docs/a.md"),
        ("npx remark-cli docs -qf", "src/named.md"),
        ("case-police 'src/**/*.ts'", "src/a.ts"),
        ("case-police", ".gitignore"),
        ("secretlint '**/*'", "src/a.ts"),
        ("jscpd src --threshold 5", "src/a.ts"),
        ("jscpd -c .jscpd.json src", ".jscpd.json"),
        ("tsd", "index.test-d.ts"),
        ("dpdm --no-tree --exit-code circular:1 'src/*.ts'", "src/a.ts"),
        ("unimported", "src/a.ts"),
        ("ts-unused-exports tsconfig.json --ignoreFiles=test", "src/a.ts"),
        ("npmPkgJsonLint .", "package.json"),
        ("npx npm-package-json-lint .", ".npmpackagejsonlintrc.json"),
        ("dclint -r .", "a/compose.yaml"),
        ("linthtml 'public/*.html'", "public/a.html"),
        ("pug-lint views", "views/a.pug"),
        ("graphql-schema-linter schema.graphql", "schema.graphql"),
        ("graphql-inspector validate 'src/**/*.graphql' schema.graphql", "src/a.graphql"),
        ("standard", "src/a.js"),
        ("npx standard src/a.js", ".eslintignore"),
        ("jshint --verbose src", "src/a.js"),
        ("jshint src", ".jshintrc"),
        ("es-check es5 'dist/**/*.js' --module", "dist/a.js"),
        ("lockfile-lint --path package-lock.json --allowed-hosts npm yarn --validate-https", "package-lock.json"),
        ("swagger-cli validate api.yaml", "../schemas/a.yaml"),
        ("npx @apidevtools/swagger-cli validate api.yaml", "api.yaml"),
        ("jsonlint -q a.json", "a.json"),
        ("remark .", "../README.md"),
        ("textlint docs", "../README.md"),
    ],
)
def test_they_read_what_they_look_over_and_write_nothing(text, read):
    place = FakeCheckout(FILES)
    assert place.recognises(text, "web")
    assert {each for each in place.writes(text, "web") if not each.startswith("web/node_modules/.cache/")} == set()
    assert not place.may_run_together(f"cd web && {text}", f"touch web/{read}")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("textlint docs", ".textlintrc.yml"),
        ("alex docs", ".alexrc"),
        ("remark .", ".remarkrc.mjs"),
        ("secretlint a", ".secretlintrc.json"),
        ("npmPkgJsonLint .", ".npmpackagejsonlintrc"),
        ("linthtml a.html", ".linthtmlrc.json"),
        ("graphql-schema-linter a.graphql", "graphql-schema-linter.config.js"),
        ("tsd", "tsconfig.base.json"),
    ],
)
def test_settings_above_are_read(text, name):
    assert not FakeCheckout(FILES).may_run_together(f"cd web && {text}", f"touch {name}")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("textlint --fix docs", {"docs/**"}),
        ("textlint --cache docs", {".textlintcache/**"}),
        ("textlint --cache --cache-location tmp/c docs", {"tmp/c/**"}),
        ("case-police --fix docs", {"docs/**"}),
        ("secretlint --output out.txt a", {"out.txt"}),
        ("dclint --fix .", {"**"}),
        ("dclint -o out.json .", {"out.json"}),
        ("dpdm -o out.json src/a.ts", {"out.json"}),
        ("unimported -u", {"**", "node_modules/.cache/unimported/**"}),
        ("graphql-inspector diff a.graphql b.graphql --output out.json", {"out.json"}),
        ("standard --fix src", {"src/**"}),
        ("swagger-cli bundle -o dist/api.json api.yaml", {"dist/api.json"}),
        ("jsonlint -i a.json", {"a.json/**"}),
        ("jscpd -r console,threshold src", set()),
        ("jscpd -r json,console src", {"report/**"}),
        ("jscpd -r html -o out/copies src", {"out/copies/**"}),
    ],
)
def test_what_they_write_is_said(text, written):
    assert FakeCheckout({"package.json": "{}", "docs/a.md": ""}).writes(text) == written


@pytest.mark.parametrize(
    "text",
    [
        "textlint --init",
        "textlint --mcp",
        "remark docs -o",
        "remark docs --output out",
        "remark docs --watch",
        "write-good --checks own.js a.md",
        "secretlint --init",
        "jscpd --store leveldb src",
        "jscpd --baseline b.json --update-baseline src",
        "unimported --clear-cache",
        "jshint --prereq a,b src",
        "swagger-cli frob api.yaml",
        "graphql-inspector serve schema.graphql",
    ],
)
def test_options_that_do_more_are_not_believed(text):
    assert not FakeCheckout(FILES).recognises(text)


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("jscpd src", {"web/.jscpd.json": '{"output": "../out"}'}),
        ("jscpd src", {"package.json": '{"jscpd": {"reporters": ["html"]}}'}),
        ("jscpd -c conf.json src", {"web/conf.json": '{"reporters": ["html"]}'}),
        ("dpdm src/a.ts", {"web/dpdm.config.js": 'export default { output: "../x" }'}),
    ],
)
def test_settings_that_have_one_write_elsewhere_are_looked_for(text, files):
    assert FakeCheckout(FILES).recognises(text, "web")
    assert not FakeCheckout({**FILES, **files}).recognises(text, "web")
