"""Which packages a Node package's sources import from by a relative path."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout

FILES = {
    "apps/web/package.json": '{"name": "web"}',
    "apps/api/package.json": '{"name": "api"}',
    "core/package.json": '{"name": "core"}',
    "core/src/keys.ts": "export {}",
    "core/src/wasm.ts": "import x from '../../wasm/pkg/x.js'",
    "wasm/package.json": "{}",
    "apps/common.ts": "",
}
COMPILING = ["npx vite build", "npx tsc --noEmit", "npx next build", "npx vitest run", "npx webpack"]


def reads(text: str, source: str, path: str, name: str = "src/main.ts") -> bool:
    """Whether a call in apps/web reads a file, where one of its sources is so."""
    return FakeCheckout({**FILES, f"apps/web/{name}": source}).may_read(text, path, "apps/web")


@pytest.mark.parametrize("text", COMPILING)
@pytest.mark.parametrize(
    "source",
    [
        "import { key } from '../../../core/src/keys'",
        'import "../../../core/src/keys.ts"',
        "export * from '../../../core/src/keys'",
        "const keys = await import('../../../core/src/keys')",
        "const keys = require('../../../core/src/keys')",
        "const keys = require(\n  '../../../core/src/keys'\n)",
        "const keys = await import(/* webpackChunkName: 'keys' */ '../../../core/src/keys')",
        "new Worker(new URL('../../../core/src/worker.ts', import.meta.url))",
        "const all = import.meta.glob('../../../core/src/*.ts')",
    ],
)
def test_a_package_that_is_imported_by_a_path_is_read(text, source):
    """A page imports what another package's build generates, and no manifest says so; both were built at the same time."""
    assert reads(text, source, "core/src/generated.ts")
    assert reads(text, source, "wasm/pkg/x.js")
    assert not reads(text, source, "apps/api/src/x.ts")


@pytest.mark.parametrize("suffix", "ts tsx mts cts js jsx mjs cjs vue svelte astro".split())
def test_sources_of_all_kinds_are_looked_at(suffix):
    assert reads("npx vite build", "import { key } from '../../../core/src/keys'", "core/src/x", f"src/main.{suffix}")


@pytest.mark.parametrize("suffix", ["css", "scss", "sass", "less"])
@pytest.mark.parametrize(
    "source",
    ["@import '../../../core/src/theme';", '@use "../../../core/src/theme"', "@import url('../../../core/src/theme.css');"],
)
def test_styles_import_from_other_packages_too(suffix, source):
    assert reads("npx vite build", source, "core/src/_theme.scss", f"src/main.{suffix}")
    assert not reads("npx vite build", source.replace("../../../core", "../src"), "core/src/_theme.scss", f"src/main.{suffix}")


def test_a_file_of_no_package_is_read_whatever_its_suffix():
    assert reads("npx vite build", "import x from '../../common'", "apps/common.ts")
    assert reads("npx vite build", "import text from '../../../docs/policy.md?raw'", "docs/policy.md")


def test_a_query_behind_a_file_s_name_is_no_wildcard():
    """The folder was read in the file's place; and nothing, where that is above the package."""
    assert reads("npx vite build", "import text from '../../notes.md?raw'", "apps/notes.md")
    assert not reads("npx vite build", "import text from '../../../docs/policy.md?url&inline'", "docs/other.md")


@pytest.mark.parametrize(
    "source",
    [
        "import x from '../core/src/keys'",
        "import x from './core'",
        "const text = '../../../core/src/keys'",
        "import x from 'core'",
    ],
)
def test_what_is_not_imported_from_elsewhere_is_not_read(source):
    assert not reads("npx vite build", source, "core/src/keys.ts")


def test_a_linter_of_single_files_follows_no_imports():
    assert not reads("npx prettier --check .", "import x from '../../../core/src/keys'", "core/src/keys.ts")


def test_too_many_sources_may_import_anything():
    files = {**FILES, **{f"apps/web/src/{number}.ts": "" for number in range(5_001)}}
    assert FakeCheckout(files).may_read("npx vite build", "core/src/keys.ts", "apps/web")
