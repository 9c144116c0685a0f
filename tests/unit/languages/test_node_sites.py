"""What the Node plugin makes of tools for sites and for descriptions of interfaces, and of options that came with them."""

from __future__ import annotations

import pytest

from paratask.claims.model import Effect, Evidence
from paratask.claims.overlap import overlap
from paratask.testing import FakeCheckout

SITE = {
    "docs/package.json": "{}",
    "docs/index.md": "",
    "web/package.json": "{}",
    "api/openapi.yaml": "",
    "api/parts/x.yaml": "",
}


def writes(text, path, files=SITE):
    return any(overlap(pattern, path) for pattern in FakeCheckout(files).writes(text))


def reads(text, path, files=SITE):
    return any(overlap(pattern, path) for pattern in FakeCheckout(files).reads(text))


@pytest.mark.parametrize(
    "text",
    [
        "vitepress build",
        "npx vitepress build . --base /x/",
        "docusaurus build",
        "npx docusaurus build --out-dir build --no-minify",
    ],
)
def test_a_site_is_built_in_its_workspace(text):
    claims = FakeCheckout(SITE).claims(f"cd docs && {text}")
    assert (claims.evidence, claims.effect) == (Evidence.INFERRED, Effect.LOCAL)
    assert writes(f"cd docs && {text}", "docs/build/index.html")
    assert not writes(f"cd docs && {text}", "web/x")


@pytest.mark.parametrize(("text", "folder"), [("cd docs && vitepress build", "docs"), ("vitepress build docs", "docs")])
def test_a_site_may_be_put_elsewhere(text, folder):
    files = {**SITE, f"{folder}/.vitepress/config.mts": "export default { outDir: '../public', cacheDir: '../.cache/vp' }"}
    assert writes(text, "public/index.html", files)
    assert writes(text, ".cache/vp/x", files)


def test_a_site_is_published():
    assert FakeCheckout(SITE).claims("cd docs && docusaurus deploy").effect is Effect.OUTSIDE


@pytest.mark.parametrize(
    "text",
    [
        "openapi-typescript ../api/openapi.yaml -o src/api.ts",
        "npx openapi-typescript ../api/openapi.yaml --output src/api.ts",
        "npx --yes @redocly/cli bundle ../api/openapi.yaml --output src/api.ts --ext yaml",
        "redocly build-docs ../api/openapi.yaml -o src/api.ts",
    ],
)
def test_an_interface_is_read_with_what_it_is_made_of(text):
    files = {**SITE, "api/openapi.yaml": '$ref: "./parts/x.yaml"', "api/parts/x.yaml": '$ref: "../../shared/r.yaml"'}
    call = f"cd web && {text}"
    assert FakeCheckout(files).claims(call).effect is Effect.LOCAL
    assert writes(call, "web/src/api.ts", files)
    assert not writes(call, "web/src/other.ts", files)
    assert reads(call, "api/parts/x.yaml", files)
    assert reads(call, "shared/r.yaml", files)


def test_checking_an_interface_writes_nothing():
    assert not FakeCheckout(SITE).writes("redocly lint api/openapi.yaml")


@pytest.mark.parametrize(
    "text",
    ["openapi-typescript", "redocly lint", "redocly bundle core@v1 -o x.yaml", "redocly lint x.yaml --generate-ignore-file"],
)
def test_what_only_settings_tell_is_not_recognised(text):
    assert FakeCheckout(SITE).claims(text).evidence is Evidence.NONE


def test_a_switch_of_the_compiler_may_have_a_value_behind_it():
    assert not writes("cd web && tsc --noEmit --pretty false", "web/src/a.js")
    assert writes("cd web && tsc --noEmit false", "web/src/a.js")
    assert FakeCheckout(SITE).claims("cd web && tsc false").evidence is Evidence.NONE


def test_an_install_that_ignores_the_workspace_leaves_its_root_alone():
    files = {
        "package.json": "{}",
        "pnpm-workspace.yaml": "packages: [apps/*]\n",
        "apps/a/package.json": "{}",
        "apps/b/package.json": "{}",
    }
    call = "cd apps/a && pnpm install --ignore-workspace"
    assert writes(call, "apps/a/node_modules/x", files)
    assert writes(call, "apps/a/pnpm-lock.yaml", files)
    assert not writes(call, "apps/b/node_modules/x", files)
    assert not writes(call, "pnpm-lock.yaml", files)
    assert writes("cd apps/a && pnpm install", "pnpm-lock.yaml", files)
    assert writes("pnpm -r install --ignore-workspace", "apps/b/node_modules/x", files)


@pytest.mark.parametrize("workspace", ["packages: [apps/*]\n", "onlyBuiltDependencies: [esbuild]\n"])
@pytest.mark.parametrize("call", ["cd tests/smoke && pnpm install", "pnpm -C tests/smoke add left-pad"])
def test_pnpm_installs_the_workspace_around_a_package_that_is_no_member(workspace, call):
    files = {
        "package.json": "{}",
        "pnpm-workspace.yaml": workspace,
        "apps/a/package.json": "{}",
        "tests/smoke/package.json": "{}",
    }
    for path in ("node_modules/x", "pnpm-lock.yaml", "tests/smoke/node_modules/x", "tests/smoke/pnpm-lock.yaml"):
        assert writes(call, path, files), path
    assert writes(call, "apps/a/node_modules/x", files) == ("apps" in workspace)
    assert not writes(call.replace("pnpm -C", "npm --prefix").replace("pnpm", "npm"), "node_modules/x", files)
    assert not writes(call, "node_modules/x", {**files, "tests/smoke/pnpm-workspace.yaml": ""})


def test_a_workspace_of_pnpm_needs_no_package_at_its_root():
    files = {"pnpm-workspace.yaml": "packages: [apps/*]\n", "apps/a/package.json": "{}", "apps/b/package.json": "{}"}
    for path in ("node_modules/x", "pnpm-lock.yaml", "apps/b/node_modules/x"):
        assert writes("cd apps/a && pnpm install", path, files), path


@pytest.mark.parametrize(
    "text",
    [
        "esbuild src/a.ts --bundle --ignore-annotations --outfile=dist/a.js",
        "npx typedoc --gitRevision main --plugin x ./src/index.ts",
        "wasm-pack build --target web --no-default-features --features wasm",
    ],
)
def test_more_options(text):
    files = {**SITE, "web/Cargo.toml": '[package]\nname = "web"\n'}
    assert FakeCheckout(files).claims(f"cd web && {text}").evidence is Evidence.INFERRED
