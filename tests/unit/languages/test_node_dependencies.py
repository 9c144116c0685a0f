"""Which commands of Node packages wait for each other because one package is made of the other."""

from __future__ import annotations

import json

import pytest

from paratask.languages.node import plugin as node
from paratask.testing import FakeCheckout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SCRIPTS = {"build": "tsc -p .", "bundle": "vite build", "lint": "eslint --cache .", "odd": "node make.js"}
PNPM = {"package.json": '{"name": "root"}', "pnpm-workspace.yaml": "packages:\n  - packages/*\n"}


def package(name: str, scripts: Mapping[str, str] = SCRIPTS, **tables: object) -> str:
    return json.dumps({"name": name, "scripts": scripts, **tables})


def monorepo(root: Mapping[str, object] | None = None, extra: Mapping[str, str] | None = None, **web: object) -> dict[str, str]:
    """`web` and `lib`, and `alone`, which nothing is made of."""
    return {
        "package.json": json.dumps({"name": "root", "workspaces": ["packages/*"], **(root or {})}),
        "packages/web/package.json": package("@x/web", **web),
        "packages/lib/package.json": package("@x/lib"),
        "packages/alone/package.json": package("alone"),
        **(extra or {}),
    }


def together(left: str, right: str, files: Mapping[str, str]) -> bool:
    return FakeCheckout(files).may_run_together(left, right)


def waits(files: Mapping[str, str], of: str = "lib", for_it: str = "web", command: str = "npm run build") -> bool:
    return not together(f"cd packages/{of} && npm run build", f"cd packages/{for_it} && {command}", files)


@pytest.mark.parametrize(
    ("table", "spec", "expected"),
    [
        ("dependencies", "*", True),
        ("dependencies", "^99.0.0", True),
        ("devDependencies", "workspace:*", True),
        ("peerDependencies", "workspace:^1", True),
        ("optionalDependencies", "catalog:", True),
        ("dependencies", "npm:@x/lib@1", True),
        ("dependencies", "npm:other@1", False),
        ("dependencies", "github:someone/lib", False),
        ("dependencies", "https://example.org/lib.tgz", False),
        ("bundled", "*", False),
    ],
)
def test_members_that_are_named(table, spec, expected):
    assert waits(monorepo(**{table: {"@x/lib": spec}})) is expected
    assert not waits(monorepo(**{table: {"@x/lib": spec}}), of="alone")


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("file:../lib", True),
        ("link:../lib", True),
        ("portal:../lib", True),
        ("workspace:../lib", True),
        ("workspace:@x/lib@*", True),
        ("../lib", True),
        ("file:../lib/lib-1.0.0.tgz", True),
        ("file:../../vendored.tgz", False),
        ("file:$HOME/x", True),
    ],
)
def test_packages_that_are_named_by_path(spec, expected):
    assert waits(monorepo(dependencies={"anything": spec})) is expected


def test_a_folder_outside_a_monorepo_is_named_by_path():
    files = {"web/package.json": package("web", dependencies={"lib": "file:../lib"}), "lib/package.json": package("lib")}
    assert not together("cd lib && npm run build", "cd web && npm run build", files)
    assert together("cd lib && npm run build", "cd web && npm run build", {**files, "web/package.json": package("web")})


@pytest.mark.parametrize(
    "root",
    [
        {"resolutions": {"other": "portal:packages/lib"}},
        {"overrides": {"some": {"other": "file:./packages/lib"}}},
        {"pnpm": {"overrides": {"other": "link:./packages/lib"}}},
    ],
)
def test_packages_that_the_root_puts_in_the_place_of_others(root):
    assert waits(monorepo(root))


@pytest.mark.parametrize("globs", [["packages/*"], {"packages": ["packages/**"]}, ["./packages/*/"]])
def test_members_are_found_as_yarn_and_npm_do(globs):
    assert waits(monorepo({"workspaces": globs}, dependencies={"@x/lib": "1"}))


def test_members_of_a_pnpm_workspace():
    files = {**monorepo(dependencies={"@x/lib": "workspace:*"}), **PNPM}
    assert waits(files, command="pnpm build")
    assert not waits(files, of="alone", command="pnpm build")
    assert not together("pnpm -F @x/lib run build", "pnpm -F @x/web run build", files)
    assert together("pnpm -F alone run build", "pnpm -F @x/web run build", files)


def test_globs_that_are_not_understood_read_everything():
    assert waits(monorepo({"workspaces": ["packages/{a,b}"]}), of="alone")


def test_dependencies_of_dependencies():
    far = {"packages/far/package.json": package("far", dependencies={"@x/web": "*"})}
    files = monorepo(extra=far, dependencies={"@x/lib": "*"})
    assert waits(files, for_it="far")
    assert waits(files, of="far", for_it="web") is waits(files, of="web", for_it="far") is True
    assert not waits(files, of="alone", for_it="far")


def test_packages_that_are_made_of_each_other():
    files = monorepo(dependencies={"@x/lib": "*"})
    files["packages/lib/package.json"] = package("@x/lib", dependencies={"@x/web": "*"})
    assert waits(files)
    assert waits(files, of="web", for_it="lib")
    assert not waits(files, of="alone")


@pytest.mark.parametrize("broken", ["{", "[]", '{"name": '])
def test_a_manifest_that_cannot_be_read_may_say_anything(broken):
    files = monorepo(dependencies={"@x/lib": "*"})
    files["packages/lib/package.json"] = broken
    assert waits(files, of="alone")


BROKEN = [
    ({"packages/lib/package.json": "{"}, {}, "`packages/lib/package.json` is not understood"),
    ({"packages/web/tsconfig.json": "{"}, {}, "`packages/web/tsconfig.json` is not understood"),
    (
        {"packages/web/tsconfig.json": '{"extends": "../../base.json"}', "base.json": "["},
        {},
        "`base.json` is not understood",
    ),
    (
        {"packages/web/tsconfig.json": '{"references": [{"path": "../lib"}]}', "packages/lib/tsconfig.json": "]"},
        {},
        "`packages/lib/tsconfig.json` is not understood",
    ),
    (
        {},
        {"dependencies": {"x": "file:~/x"}},
        "only the run tells which folder `~/x` is, which `packages/web/package.json` names",
    ),
]


@pytest.mark.parametrize(("extra", "web", "why"), BROKEN)
def test_which_file_was_not_understood_was_not_said(extra, web, why):
    checkout = FakeCheckout(monorepo(extra=extra, **web))
    reasons = {entry.reason for entry in checkout.claims("tsc --noEmit", "packages/web").entries}
    assert f"`tsc` reads the packages that this one depends on, and {why}" in reasons


def test_which_project_was_not_understood_that_is_built_too():
    checkout = FakeCheckout(monorepo(extra={"packages/web/tsconfig.json": "{"}))
    reasons = {entry.reason for entry in checkout.claims("tsc --build", "packages/web").entries}
    assert "`tsc --build` builds what it refers to, and `packages/web/tsconfig.json` is not understood" in reasons


READING = [
    "tsc --noEmit",
    "tsc",
    "vue-tsc --noEmit",
    "svelte-check",
    "eslint src",
    "vitest run",
    "jest",
    "vite build",
    "vite",
    "next build",
    "webpack",
    "esbuild src/a.ts --outfile=x.js",
    "knip",
    "depcheck",
    "biome lint",
    "typedoc",
    "npm run odd",
    "npm test",
    "npx tsc --noEmit",
]
NOT_READING = [
    "prettier --check .",
    "prettier --write .",
    "stylelint src",
    "biome format",
    "markdownlint .",
    "cspell src",
    "npx http-server",
]


@pytest.mark.parametrize("text", READING)
def test_tools_that_follow_imports_read_what_a_package_is_made_of(text):
    assert waits(monorepo(dependencies={"@x/lib": "*"}), command=text)
    assert not waits(monorepo(), command=text)


@pytest.mark.parametrize("text", NOT_READING)
def test_tools_that_look_at_single_files_do_not(text):
    assert not waits(monorepo(dependencies={"@x/lib": "*"}), command=text)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("eslint .", "eslint .", True),
        ("eslint --cache .", "eslint --cache .", True),
        ("npm run lint", "npm run lint", True),
        ("tsc --noEmit", "tsc --noEmit", True),
        ("tsc --noEmit --incremental", "tsc --noEmit --incremental", True),
        ("stylelint --cache src", "tsc --noEmit", True),
        ("prettier --cache --check .", "tsc --noEmit", True),
        ("prettier --write .", "tsc --noEmit", False),
        ("tsc", "tsc --noEmit", False),
        ("tsc --noEmit", "tsc", True),
        ("rm -rf dist", "tsc --noEmit", False),
        ("rm -rf node_modules", "tsc --noEmit", False),
        ("rm -rf node_modules/.cache", "tsc --noEmit", True),
    ],
)
def test_a_command_in_the_library_beside_one_in_what_is_made_of_it(left, right, expected):
    files = monorepo(dependencies={"@x/lib": "*"})
    assert together(f"cd packages/lib && {left}", f"cd packages/web && {right}", files) is expected


@pytest.mark.parametrize(
    ("config", "extra", "expected"),
    [
        ('{"compilerOptions": {"paths": {"lib/*": ["../lib/src/*"]}}}', {}, True),
        ('{"compilerOptions": {"baseUrl": "..", "paths": {"lib": ["lib/src/index.ts"]}}}', {}, True),
        ('{"compilerOptions": {"baseUrl": "../.."}}', {}, True),
        ('{"compilerOptions": {"baseUrl": "../..", "paths": {"@/*": ["packages/web/src/*"]}}}', {}, False),
        ('{"compilerOptions": {"rootDirs": ["src", "../lib/generated"]}}', {}, True),
        ('{"compilerOptions": {"typeRoots": ["${configDir}/../lib/types"]}}', {}, True),
        ('{"include": ["src", "../lib/src/**/*.ts"]}', {}, True),
        ('{"files": ["../lib/globals.d.ts"]}', {}, True),
        ('// a comment, "../lib"\n{"include": ["src",], /* ../lib */}', {}, False),
        ('{"extends": "../lib/tsconfig.json"}', {"packages/lib/tsconfig.json": "{}"}, True),
        ('{"extends": ["@x/lib/base.json"]}', {"packages/lib/base.json": "{}"}, True),
        ('{"extends": "@tsconfig/strictest"}', {}, False),
        ('{"extends": "./.svelte-kit/tsconfig.json"}', {}, False),
        ('{"extends": "../../base"}', {"base.json": '{"include": ["packages/lib/src"]}'}, True),
        ('{"extends": "../../base", "include": ["src"]}', {"base.json": '{"include": ["packages/lib/src"]}'}, False),
        ('{"extends": "../../base.json"}', {"base.json": "{"}, True),
        ('{"references": [{"path": "../lib"}]}', {"packages/lib/tsconfig.json": "{}"}, True),
        ('{"references": [{"path": "../lib/tsconfig.build.json"}]}', {"packages/lib/tsconfig.build.json": "{}"}, True),
        ('{"references": [{"path": "./tsconfig.app.json"}]}', {"packages/web/tsconfig.app.json": "{}"}, False),
        ("{", {}, True),
    ],
)
@pytest.mark.parametrize("command", ["tsc --noEmit", "eslint ."])
def test_what_the_compiler_s_configuration_names_is_read(config, extra, expected, command):
    files = {**monorepo(extra=extra), "packages/web/tsconfig.json": config}
    assert waits(files, command=command) is expected
    assert FakeCheckout(files).writes(f"cd packages/web && {command}") == set()


@pytest.mark.parametrize(
    "config",
    [
        '{"extends": 5, "include": "x", "references": [1, {"path": 2}], "compilerOptions": []}',
        '{"compilerOptions": {"paths": ["x"], "rootDirs": {}, "baseUrl": 1, "outDir": null}}',
        '{"extends": ["./tsconfig.json", "./tsconfig.json", "./tsconfig.json"]}',
    ],
)
def test_a_configuration_of_another_shape_is_no_error(config):
    files = monorepo({"overrides": 3, "pnpm": []}, dependencies=["@x/lib"], devDependencies={"@x/lib": {}})
    assert FakeCheckout({**files, "packages/web/tsconfig.json": config}).recognises("cd packages/web && tsc --noEmit")


def test_build_writes_the_projects_that_one_refers_to():
    files = {
        **monorepo(),
        "packages/web/tsconfig.json": '{"references": [{"path": "../lib"}]}',
        "packages/lib/tsconfig.json": '{"references": [{"path": "../../deep"}], "compilerOptions": {"outDir": "../../out/lib"}}',
        "deep/tsconfig.json": '{"references": [{"path": "../packages/web"}]}',
        "deep/package.json": package("deep"),
    }
    checkout = FakeCheckout(files)
    assert checkout.writes("cd packages/web && tsc --build") == {"packages/web/**", "packages/lib/**", "out/lib/**", "deep/**"}
    assert checkout.writes("cd packages/web && tsc") == {"packages/web/**"}
    assert checkout.may_read("cd packages/web && tsc", "out/lib/index.d.ts")
    assert checkout.may_run_together("cd packages/alone && tsc", "cd packages/web && tsc -b")


def test_a_configuration_of_another_package():
    files = monorepo(dependencies={"@x/lib": "*"}, extra={"packages/web/tsconfig.json": "{}"})
    checkout = FakeCheckout(files)
    assert checkout.writes("cd packages/alone && tsc --noEmit -p ../web") == set()
    assert not checkout.may_run_together("cd packages/lib && tsc", "cd packages/alone && tsc --noEmit -p ../web")
    assert not checkout.may_run_together("cd packages/web && vite build", "cd packages/alone && tsc --noEmit -p ../web")


def test_a_configuration_above_the_package_is_the_compiler_s():
    checkout = FakeCheckout(monorepo(extra={"tsconfig.json": "{}"}))
    assert checkout.writes("cd packages/web && tsc") == {"packages/web/**", "**"}


def test_results_go_where_the_nearest_configuration_says():
    files = monorepo(extra={"base.json": '{"compilerOptions": {"outDir": "dist"}}'})
    files["packages/web/tsconfig.json"] = '{"extends": "../../base.json", "compilerOptions": {"outDir": "dist"}}'
    files["packages/lib/tsconfig.json"] = '{"extends": "../../base.json"}'
    assert FakeCheckout(files).writes("cd packages/web && tsc") == {"packages/web/**"}
    assert FakeCheckout(files).writes("cd packages/lib && tsc") == {"packages/lib/**", "dist/**"}


def test_programs_that_configure_name_what_is_read():
    aliased = {"packages/web/vite.config.ts": "export default { alias: { lib: path.resolve(__dirname, '../lib/src') } }"}
    assert waits(monorepo(extra=aliased), command="vite build")
    root = {"packages/web/next.config.js": "module.exports = { outputFileTracingRoot: join(__dirname, '../../') }"}
    assert not waits(monorepo(extra=root), command="next build")


@pytest.mark.parametrize(
    "text", ["turbo run build", "nx run web:build", "lerna run build", "npm run build -ws", "pnpm -r run build"]
)
def test_runners_of_many_packages_wait_for_each(text):
    assert not together(
        "cd packages/alone && npm run build", text, {**monorepo(), "pnpm-workspace.yaml": PNPM["pnpm-workspace.yaml"]}
    )


def test_the_sentence_names_both_packages():
    checkout = FakeCheckout(monorepo(dependencies={"@x/lib": "*"}))
    assert (
        checkout.why_not("cd packages/lib && tsc", "cd packages/web && tsc --noEmit")
        == "`cd packages/lib && tsc` writes packages/lib/** and `cd packages/web && tsc --noEmit` reads "
        "packages/lib/{build,cjs,dist,esm,generated,lib,node_modules,out,package.json,src,types}/**"
    )


def test_what_reads_dependencies_builds_serves_or_follows_imports():
    reading = {name for name, tool in node.TOOLS.items() if tool.reads_dependencies}
    assert {"tsc", "eslint", "jest", "vite dev", "knip"} <= reading
    assert reading.isdisjoint({"prettier", "stylelint", "biome format", "npm install", "rimraf"})


@pytest.mark.parametrize(
    ("spec", "install", "beside", "together"),
    [
        ("file:../lib", "yarn install", "touch lib/dist/a.js", False),
        ("file:../lib", "pnpm install", "touch lib/dist/a.js", False),
        ("file:../lib", "bun install", "touch lib/dist/a.js", False),
        ("file:../lib", "npm install --install-links", "touch lib/dist/a.js", False),
        ("file:../lib", "npm install", "touch lib/dist/a.js", True),
        ("file:../lib", "npm install", "cp x lib/package.json", False),
        ("link:../lib", "yarn install", "touch lib/dist/a.js", True),
        ("file:../lib", "pnpm install", "cd lib && pnpm install", True),
        ("file:../lib/lib-1.0.0.tgz", "npm ci", "cd lib && npm pack", False),
        ("file:../lib/lib-1.0.0.tgz", "npm ci", "touch lib/a.js", True),
        ("^1.0.0", "yarn install", "touch lib/dist/a.js", True),
    ],
)
def test_an_install_reads_the_folders_and_archives_that_it_copies(spec, install, beside, together):
    place = FakeCheckout(
        {"app/package.json": f'{{"dependencies": {{"lib": "{spec}"}}}}', "lib/package.json": '{"name": "lib"}'}
    )
    assert place.may_run_together(f"cd app && {install}", beside) is together, place.why_not(f"cd app && {install}", beside)
