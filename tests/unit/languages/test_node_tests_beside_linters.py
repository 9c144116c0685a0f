"""Node's tests leave programs alone, so that type checkers and linters of all that there is run beside them; where they may not, they wait."""

from __future__ import annotations

import time

import pytest

from paratask.claims.conflicts import conflict
from paratask.testing import FakeCheckout

FLAT = (
    "import js from '@eslint/js';\nimport ts from \"typescript-eslint\";\nexport default ts.config({}js.configs.recommended);\n"
)
FILES = {
    "package.json": '{"name": "x", "scripts": {"typecheck": "tsc", "update": "ncu"}}',
    "tsconfig.json": '{"compilerOptions": {"noEmit": true}, "include": ["src", "test"]}',
    "eslint.config.js": FLAT.replace("{}", ""),
    "vitest.config.ts": "export default { test: { coverage: { reporter: ['text', 'html'] } } }",
    "src/a.ts": "export const a = 1;\n",
    "test/a.test.ts": "import { a } from '../src/a';\n",
    "node_modules/vite/package.json": '{"version": "7.3.8"}',
}
TESTS = ["vitest run", "npx vitest", "jest", "jest --verbose", "mocha", "node --test", "ava", "cross-env CI=1 jest"]
LOOKERS = [
    "tsc --noEmit",
    "vue-tsc --noEmit",
    "eslint .",
    "eslint --cache .",
    "tsc --noEmit --incremental",
    "npx eslint src test",
    "oxlint",
    "svelte-check",
]
NO_RESULTS = '{"compilerOptions": {"noEmit": true, "composite": true}}'
EMPTY = "expect(a).toMatchInlineSnapshot()"


def checkout(folder: str = "") -> FakeCheckout:
    return FakeCheckout({folder + name: text for name, text in FILES.items()})


def with_files(files: dict[str, str]) -> FakeCheckout:
    return FakeCheckout({**FILES, **files})


@pytest.mark.parametrize("folder", ["", "packages/a/", "services/customer-facing/web-application/frontend/"])
@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("looker", LOOKERS)
def test_type_checkers_and_linters_of_all_that_there_is_waited_for_tests(test, looker, folder):
    start = f"cd {folder} && " if folder else ""
    assert checkout(folder).why_not(start + test, start + looker) is None


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize(
    "other",
    [
        "eslint --fix .",
        "prettier --write .",
        "tsc -p tsconfig.build.json",
        "touch test/a.test.ts",
        "rm -rf test",
        "cp x test/.eslintrc.json",
        "cat test/out.json",
        "touch test/out.txt",
        "prettier --check .",
        "biome check .",
        "npm ci",
    ],
)
def test_who_writes_what_tests_read_or_looks_at_what_they_write_still_waits(test, other):
    assert not checkout().may_run_together(test, other)


@pytest.mark.parametrize("test", ["vitest run", "jest"])
@pytest.mark.parametrize(
    "text",
    [
        EMPTY,
        "expect(a).toMatchInlineSnapshot({ id: expect.any(Number) })",
        "expect(f).toThrowErrorMatchingInlineSnapshot(\n)",
        "expect(a).toMatchInlineSnapshot(``)",
        "await expect(a).toMatchFileSnapshot('./out.ts')",
        "expect(a).toMatchFile('out.js')",
        "expect(a).toMatchSpecificSnapshot('./x.ts')",
        "const check = (x) => expect(x).toMatchInlineSnapshot",
    ],
)
@pytest.mark.parametrize("file", ["test/a.test.ts", "src/deep/helper.tsx", "packages/b/b.test.ts"])
def test_a_snapshot_that_is_not_there_yet_is_put_into_a_source(test, text, file):
    place = with_files({file: text, "packages/b/package.json": "{}"})
    for looker in LOOKERS:
        assert not place.may_run_together(test, looker), looker


PACKAGES = {
    f"packages/{name}/{file}": FILES[file]
    for name in ("b", "c")
    for file in ("package.json", "tsconfig.json", "eslint.config.js")
}


@pytest.mark.parametrize("test", ["vitest run", "jest", "node --test"])
@pytest.mark.parametrize("looker", ["eslint .", "tsc --noEmit", "oxlint"])
def test_tests_of_the_root_put_new_snapshots_into_the_packages_below(test, looker):
    place = with_files({**PACKAGES, "packages/b/b.test.ts": EMPTY})
    assert not place.may_run_together(test, f"cd packages/b && {looker}")
    assert place.why_not(test, f"cd packages/c && {looker}") is None
    assert place.why_not(f"CI=1 {test}", f"cd packages/b && {looker}") is None or test == "node --test"


@pytest.mark.parametrize("test", ["vitest run", "jest"])
def test_of_very_many_sources_any_test_may_want_a_snapshot(test):
    place = with_files({**PACKAGES, **{f"packages/b/{number}.ts": "" for number in range(2_001)}})
    assert not place.may_run_together(test, "cd packages/b && tsc --noEmit")
    assert place.why_not(f"CI=1 {test}", "cd packages/b && tsc --noEmit") is None
    assert place.why_not("mocha", "cd packages/b && tsc --noEmit") is None


def test_a_snapshot_of_any_name_is_put_into_the_folder_of_its_source():
    place = with_files({**PACKAGES, "packages/b/test/b.test.ts": "await expect(a).toMatchFileSnapshot('./out.ts')"})
    assert not place.may_run_together("vitest run", "cat packages/b/test/any.txt")
    assert place.may_run_together("vitest run", "cat packages/b/any.txt")


@pytest.mark.parametrize("quote", ["`", '"', "'"])
def test_a_snapshot_that_is_there_stays_as_it_is(quote):
    text = f"expect(a).toMatchInlineSnapshot(\n  {quote}1{quote}\n); expect(b).toMatchSnapshot()"
    assert with_files({"test/a.test.ts": text}).why_not("vitest run", "tsc --noEmit") is None


@pytest.mark.parametrize(
    ("test", "is_ci"),
    [
        ("jest --ci", True),
        ("jest --ci=true", True),
        ("jest --ci=false", False),
        ("CI=1 jest --ci=false", False),
        ("jest --ci false", False),
        ("jest --ci -u", False),
        ("jest --ci --updateSnapshot", False),
        ("CI=true jest", True),
        ("CI=1 vitest run", True),
        ("CI=1 npx vitest run", True),
        ("cross-env CI=1 vitest run", True),
        ("CI=1 vitest run -u", False),
        ("CI=1 vitest run --update", False),
        ("CI=1 UPDATE_SNAPSHOT=all vitest run", False),
        ("CI=false vitest run", False),
        ("CI= vitest run", False),
        ("CI=0 jest", False),
        ("CI=$X jest", False),
    ],
)
def test_no_snapshot_is_added_on_a_ci_server(test, is_ci):
    assert with_files({"test/a.test.ts": EMPTY}).may_run_together(test, "tsc --noEmit") is is_ci


@pytest.mark.parametrize(
    "files", [{"jest.config.js": "module.exports = { ci: false }"}, {"package.json": '{"jest": {"ci": false}}'}]
)
def test_a_configuration_of_jest_may_say_that_it_is_no_ci_server(files):
    place = with_files({"test/a.test.ts": EMPTY, **files})
    assert not place.may_run_together("CI=1 jest", "tsc --noEmit")


@pytest.mark.parametrize(
    ("test", "files"),
    [
        ("vitest run --typecheck", {}),
        ("vitest run", {"vitest.config.ts": "export default { test: { typecheck: { enabled: true } } }"}),
        ("vitest run", {"vitest.config.ts": "export default { test: { update: true } }"}),
        ("vitest run", {"vitest.config.ts": "export default { test: { coverage: { thresholds: { autoUpdate: true } } } }"}),
        ("vitest run", {"vite.config.ts": "export default { test: { resolveSnapshotPath: (p) => p + '.ts' } }"}),
        ("vitest run", {"vitest.config.ts": "export default { test: { reporters: ['default', 'html'] } }"}),
        ("vitest run", {"vitest.config.ts": "export default { test: { reporters: ci ? ['default'] : ['html'] } }"}),
        ("vitest run --reporter=html", {}),
        ("jest", {"jest.config.js": "module.exports = { snapshotResolver: './r.js' }"}),
        ("jest", {"package.json": '{"jest": {"snapshotResolver": "./r.js"}}'}),
        ("jest", {"package.json": '{"devDependencies": {"jest-html-reporters": "1"}}'}),
        ("mocha", {"package.json": '{"devDependencies": {"snap-shot-it": "1"}}'}),
        ("mocha -R mochawesome", {"package.json": '{"devDependencies": {"mochawesome": "1"}}'}),
        ("vitest run", {"package.json": '{"devDependencies": {"@ark/attest": "0.50"}}'}),
        ("ava", {"package.json": '{"ava": {"typescript": {"compile": "tsc"}}}'}),
        ("ava", {"ava.config.js": "export default { typescript: { compile: 'tsc' } }"}),
        ("node --test --test-update-snapshots", {}),
        ("jest -u", {}),
        ("vitest run", {"node_modules/vite/package.json": '{"version": "5.4.21"}'}),
        ("vitest run", {"node_modules/vite/package.json": ""}),
    ],
)
def test_what_has_tests_write_programs_or_settings_keeps_the_order(test, files):
    assert not with_files(files).may_run_together(test, "tsc --noEmit")


@pytest.mark.parametrize(
    "files",
    [
        {"node_modules/vite/package.json": "", "node_modules/vitest/package.json": '{"version": "4.1.0"}'},
        {"node_modules/vite/package.json": "", "vitest.config.ts": ""},
    ],
)
def test_vitest_bundles_its_configuration_among_installed_packages_or_has_none(files):
    assert with_files(files).why_not("vitest run", "tsc --noEmit") is None


IGNORING = {
    "eslint.config.js": FLAT.replace("{}", "{ ignores: ['dist', 'coverage/**'] }, "),
    ".git/HEAD": "",
    ".gitignore": "node_modules\n/coverage/\n",
}
MEASURING = [
    ("vitest run --coverage", {}),
    ("vitest run --coverage.enabled", {}),
    ("vitest run", {"vitest.config.ts": "export default { test: { coverage: { enabled: true } } }"}),
    ("vitest run", {"vitest.config.ts": "import base from '../vitest.base'"}),
    ("jest --coverage", {}),
    ("jest", {"package.json": '{"jest": {"collectCoverage": true}}'}),
    ("jest", {"jest.config.js": "module.exports = { collectCoverage: !!process.env.CI }"}),
    ("c8 mocha", {}),
    ("nyc mocha", {}),
    ("c8 node --test", {}),
]


@pytest.mark.parametrize(("test", "files"), MEASURING)
def test_what_tests_measure_has_programs_that_linters_look_at(test, files):
    place = with_files(files)
    for looker in ("eslint .", "oxlint", "svelte-check", "tsc --noEmit --allowJs"):
        assert not place.may_run_together(test, looker), looker
    assert place.why_not(test, "tsc --noEmit") is None
    for name in ("allowJs", "checkJs"):
        typed = with_files({**files, "tsconfig.json": f'{{"compilerOptions": {{"noEmit": true, "{name}": true}}}}'})
        assert not typed.may_run_together(test, "tsc --noEmit"), name
    unknown = with_files({**files, "tsconfig.json": '{"extends": "somebody/base", "compilerOptions": {"noEmit": true}}'})
    assert not unknown.may_run_together(test, "tsc --noEmit")


@pytest.mark.parametrize(("test", "files"), MEASURING)
def test_who_passes_over_what_tests_measure_need_not_wait(test, files):
    place = with_files({**files, **IGNORING})
    assert place.why_not(test, "eslint .") is None
    assert place.why_not(test, "oxlint") is None
    for looker in ("eslint --no-ignore .", "oxlint --no-ignore"):
        assert not place.may_run_together(test, looker), looker


@pytest.mark.parametrize(
    ("test", "config"),
    [
        ("vitest run --coverage", {"vitest.config.ts": "export default { root: './app' }"}),
        ("jest --coverage", {"jest.config.js": "module.exports = { rootDir: 'app' }"}),
        ("jest --coverage", {"package.json": '{"jest": {"rootDir": "app"}}'}),
    ],
)
def test_what_tests_measure_lies_in_the_folder_that_they_start_from(test, config):
    assert not with_files({**IGNORING, **config}).may_run_together(test, "eslint .")


@pytest.mark.parametrize(
    "first",
    [
        "{ ignores: ['coverage'], rules: {} }, ",
        "{ files: ['src/**/*.ts'], ignores: ['coverage/**'] }, ",
        "{ ignores: ['dist'] }, ",
        "{ ignores: ['coverage/*'] }, ",
        "includeIgnoreFile('.gitignore'), ",
    ],
)
def test_a_configuration_that_passes_over_coverage_for_some_rules_only_still_looks_at_it(first):
    place = with_files({"eslint.config.js": FLAT.replace("{}", first)})
    assert not place.may_run_together("jest --coverage", "eslint .")


@pytest.mark.parametrize(
    ("first", "files"),
    [
        ("globalIgnores(['**/coverage/']), ", {}),
        ("{ name: 'x', ignores: ['coverage'] }, ", {}),
        ("includeIgnoreFile(path), ", {".git/HEAD": "", ".gitignore": "coverage\n"}),
    ],
)
def test_other_ways_to_have_eslint_pass_over_coverage(first, files):
    place = with_files({"eslint.config.js": FLAT.replace("{}", first), **files})
    assert place.why_not("jest --coverage", "eslint .") is None


def test_what_git_ignores_is_looked_at_where_it_is_taken_back():
    place = with_files({".git/HEAD": "", ".gitignore": "coverage/*\n!coverage/x.js\n"})
    assert not place.may_run_together("jest --coverage", "oxlint")


def test_what_is_measured_lies_where_the_configuration_says_only_if_something_is_measured():
    settings = {"jest.config.js": "module.exports = { coverageDirectory: 'coverage' }"}
    assert with_files(settings).why_not("jest", "eslint .") is None
    assert not with_files(settings).may_run_together("jest --coverage", "cat coverage/x.json")
    assert with_files({**settings, **IGNORING}).why_not("jest --coverage", "eslint .") is None
    elsewhere = {"jest.config.js": "module.exports = { coverageDirectory: 'reports/measured' }"}
    assert not with_files({**elsewhere, **IGNORING}).may_run_together("jest --coverage", "eslint .")


@pytest.mark.parametrize(
    "config",
    [
        "import json from '@eslint/json';\nexport default [];",
        'import markdown from "@eslint/markdown";',
        "import antfu from '@antfu/eslint-config'; export default antfu();",
        "const x = require('eslint-plugin-yml');",
        "import base from '@acme/eslint-config';",
        "import own from '@acme/eslint-plugin';",
        "import base from './not-there.js';",
        "export default [{ files: ['**/*.json'] }];",
        "export default [{ files: ['**/*.test.*'] }];",
        "import { FlatCompat } from '@eslint/eslintrc'; new FlatCompat().extends('plugin:json/recommended')",
    ],
)
def test_a_linter_whose_plugins_may_look_at_data_waits_for_tests(config):
    assert not with_files({"eslint.config.js": config}).may_run_together("vitest run", "eslint .")


@pytest.mark.parametrize(
    "config",
    [
        "import base from './tools/base.js'; import react from 'eslint-plugin-react-hooks'; import pkg from './package.json';",
        "import { FlatCompat } from '@eslint/eslintrc'; new FlatCompat().extends('next/core-web-vitals', 'next/typescript')",
        "import { defineConfig, globalIgnores } from 'eslint/config'; defineConfig([{ files: ['**/*.{ts,tsx}', '**/*.?(c)[jt]s', '*.config.*'] }])",
    ],
)
def test_a_linter_whose_plugins_are_known_to_look_at_programs_need_not_wait(config):
    files = {"eslint.config.js": config, "tools/base.js": "import globals from 'globals'"}
    assert with_files(files).why_not("vitest run", "eslint .") is None


@pytest.mark.parametrize(
    ("used", "is_known"),
    [
        ('"dependencies": {"eslint-plugin-import-x": "4", "prettier": "3"}', True),
        ('"peerDependencies": {"eslint": "9"}, "dependencies": {"@acme/eslint-config-base": "1"}', True),
        ('"dependencies": {"eslint-plugin-import-x": "4", "@eslint/json": "1"}', False),
        ('"dependencies": {"eslint": "9", "eslint-plugin-own": "1"}', False),
        ('"dependencies": {}', False),
    ],
)
def test_a_configuration_that_is_installed_is_made_of_what_its_manifest_says(used, is_known):
    files = {
        "eslint.config.js": "import acme from '@acme/eslint-config/node';",
        "node_modules/@acme/eslint-config/package.json": f"{{{used}}}",
        "node_modules/@acme/eslint-config-base/package.json": '{"dependencies": {"typescript-eslint": "8"}}',
    }
    assert with_files(files).may_run_together("vitest run", "eslint .") is is_known


@pytest.mark.parametrize(("first", "passes"), [("coverage", False), ("coverage/**", False), ("**/coverage", True)])
def test_what_a_configuration_above_the_package_passes_over_is_seen_from_there(first, passes):
    root = {"eslint.config.js": FLAT.replace("{}", f"{{ ignores: ['{first}'] }}, ")}
    files = {f"packages/a/{name}": text for name, text in FILES.items() if not name.startswith("eslint")}
    place = FakeCheckout({**files, **root})
    assert place.may_run_together("cd packages/a && jest --coverage", "cd packages/a && eslint .") is passes


def test_what_a_configuration_imports_may_have_plugins_as_well():
    files = {"eslint.config.js": "import base from './tools/base';", "tools/base.js": "import j from '@eslint/json'"}
    assert not with_files(files).may_run_together("vitest run", "eslint .")


GIVEN = [
    "prettier --check '**/*.{ts,tsx,js}'",
    "prettier -c src/a.ts 'test/**/*.ts' '!dist/**'",
    "stylelint '**/*.{css,scss}'",
    "stylelint --cache 'src/**/*.css'",
]


@pytest.mark.parametrize("looker", GIVEN)
@pytest.mark.parametrize("test", TESTS)
def test_who_is_given_programs_or_styles_by_their_endings_waited_for_tests(test, looker):
    place = with_files({"test/a.css": "", ".prettierrc.json": "{}", ".stylelintrc.json": "{}"})
    assert place.why_not(test, looker) is None


@pytest.mark.parametrize(
    "looker", ["prettier --check '**/*.{ts,json}'", "prettier -c test '**/*.ts'", "stylelint '**/*'", "prettier -c '**'"]
)
def test_who_is_given_data_as_well_waits_for_tests(looker):
    assert not checkout().may_run_together("vitest run", looker)


@pytest.mark.parametrize("looker", ["prettier --check '**/*.{ts,tsx,js}'", "stylelint '**/*.{css,scss}'"])
def test_who_is_given_programs_by_their_endings_looks_at_what_tests_measure(looker):
    assert not checkout().may_run_together("jest --coverage", looker)


@pytest.mark.parametrize(
    "words",
    ["'**/*.json'", ". package.json", "--ext .ts,.json .", "--plugin json .", "-c other.config.js .", "'src/*.{js,md}'"],
)
def test_a_linter_that_is_given_data_waits_for_tests(words):
    assert not checkout().may_run_together("vitest run", f"eslint {words}")


def test_the_old_way_to_configure_eslint_is_not_looked_into():
    place = with_files({"eslint.config.js": "", ".eslintrc.json": "{}"})
    assert not place.may_run_together("vitest run", "ESLINT_USE_FLAT_CONFIG=false eslint .")


@pytest.mark.parametrize("looker", ["tsc --noEmit", "eslint ."])
def test_data_that_a_source_imports_is_read(looker):
    place = with_files({"test/a.test.ts": "import data from './data.json'; const b = await import('./late.json')"})
    for name in ("test/data.json", "test/late.json"):
        assert not place.may_run_together(f"cp x.json {name}", looker), name
    assert not place.may_run_together("vitest run", looker), "a test may write what it imports late"
    assert not place.may_run_together(f"{looker}", "cp x.json src/new.json")
    assert not place.may_run_together("cp x.ts test/new.ts", looker)


def test_no_test_writes_data_that_programs_begin_with():
    place = with_files({"test/a.test.ts": "import data from './data.json';\nimport more from './more.json'"})
    assert place.why_not("vitest run", "tsc --noEmit") is None
    assert not place.may_run_together("vitest run", "cp x.json test/data.json")
    assert not place.may_run_together("vitest run", "cat test/other.json")


def test_data_that_is_imported_by_a_short_name_may_be_anywhere_unless_it_is_found():
    source = {
        "src/a.ts": "import x from '@/data/x.json'; import y from 'pkg/package.json'",
        "node_modules/pkg/package.json": "{}",
    }
    assert not with_files(source).may_run_together("vitest run", "tsc --noEmit")
    assert with_files({**source, "src/data/x.json": "{}"}).why_not("vitest run", "tsc --noEmit") is None


@pytest.mark.parametrize("settings", ['"include": ["src/**/*.json"]', '"vueCompilerOptions": {"vitePressExtensions": [".md"]}'])
def test_a_configuration_that_names_data_has_the_compiler_read_it(settings):
    place = with_files({"tsconfig.json": f'{{"compilerOptions": {{"noEmit": true}}, {settings}}}'})
    assert not place.may_run_together("vitest run", "tsc --noEmit")


@pytest.mark.parametrize(
    "words",
    [
        "--cache-location node_modules/.cache/eslint/",
        "--cache-location ./node_modules/.cache/.eslintcache",
        "--cache-file .eslintcache",
    ],
)
def test_the_cache_of_a_linter_is_nothing_to_tests(words):
    assert checkout().why_not("vitest run", f"eslint --cache {words} .") is None
    assert not checkout().may_run_together("vitest run", "rm -rf node_modules/.cache")


def test_the_compiler_that_checks_all_projects_need_not_wait():
    files = {"tsconfig.json": '{"files": [], "references": [{"path": "./tsconfig.app.json"}]}', "tsconfig.app.json": NO_RESULTS}
    assert with_files(files).why_not("vitest run", "tsc -b") is None
    assert not with_files({**files, "tsconfig.app.json": "{}"}).may_run_together("vitest run", "tsc -b")


def test_a_source_that_is_too_large_to_look_at_was_not_written_by_hand():
    assert with_files({"dist/index.js": "x" * 1_100_000}).why_not("vitest run", "tsc --noEmit") is None


def test_importing_sources_by_their_endings_names_no_data():
    place = with_files({"tsconfig.json": '{"compilerOptions": {"noEmit": true, "allowImportingTsExtensions": true}}'})
    assert place.why_not("vitest run", "tsc --noEmit") is None


@pytest.mark.parametrize(
    ("test", "looker"), [("vitest run", "tsc --noEmit"), ("pytest", "ruff check ."), ("cargo test", "cargo fmt --check")]
)
def test_a_variable_of_the_machine_s_or_a_task_s_may_have_tests_write_anew_what_they_compare_with(test, looker):
    files = {**FILES, "pyproject.toml": "", "tests/test_a.py": "", "Cargo.toml": '[package]\nname = "x"\n', "src/lib.rs": ""}
    for name in ("UPDATE_SNAPSHOT", "UPDATE_EXPECT", "INLINE_SNAPSHOT_DEFAULT_FLAGS"):
        place = FakeCheckout(files)
        assert place.may_run_together(test, looker)
        tests = place.command_claims(test, place.root, {name: "all"})
        assert conflict(tests, place.claims(looker)), name
        place = FakeCheckout(files)
        place._environ, place._renewing = {name: "1"}, frozenset({name})
        assert not place.may_run_together(test, looker), name


def test_too_many_sources_are_not_looked_at():
    place = with_files({f"src/{number}.ts": "" for number in range(2_001)})
    assert not place.may_run_together("vitest run", "tsc --noEmit")


@pytest.mark.parametrize(
    "config",
    [
        {"jest.config.js": "module.exports = require('./base')", "base.js": "module.exports = { snapshotResolver: './r' }"},
        {"package.json": '{"jest": {"preset": "./shared"}}', "shared/jest-preset.json": '{"snapshotResolver": "./r.js"}'},
        {"jest.config.js": "module.exports = { preset: '<rootDir>/base' }", "base.js": "exports.snapshotResolver = 1"},
        {"jest.config.js": "x" * 140_000},
    ],
)
def test_a_configuration_is_made_of_what_it_imports_too(config):
    assert not with_files(config).may_run_together("jest", "tsc --noEmit")


@pytest.mark.parametrize(
    ("test", "config"),
    [
        (
            "vitest run",
            {"vitest.config.ts": "import base from './base'", "base.mts": "export default { coverage: { enabled: true } }"},
        ),
        ("vitest run", {"vitest.config.ts": "import base from '@acme/vitest-config'"}),
        ("jest", {"jest.config.js": "module.exports = { preset: '@acme/jest-preset' }"}),
        ("jest --config='{\"collectCoverage\": true}'", {}),
    ],
)
def test_what_a_configuration_imports_may_have_tests_measure(test, config):
    assert not with_files(config).may_run_together(test, "eslint .")
    assert with_files(config).why_not(test, "tsc --noEmit") is None


@pytest.mark.parametrize(
    "config",
    [
        "module.exports = { collectCoverage: false }",
        "module.exports = { coverage: { enabled: false }, transform: { a: '@swc/jest' } }",
        "module.exports = { transform: { x: ['babel-jest', { presets: ['@babel/preset-env'] }] } }",
    ],
)
def test_a_configuration_that_says_so_has_tests_measure_nothing(config):
    assert with_files({"jest.config.js": config}).why_not("jest", "eslint .") is None


def test_the_manifest_that_a_configuration_imports_is_no_configuration():
    files = {"vitest.config.ts": "import pkg from './package.json'; export default {}"}
    assert with_files(files).why_not("vitest run", "eslint .") is None


def test_a_configuration_that_says_so_renews_nothing():
    files = {"vitest.config.ts": "export default { test: { update: false } }"}
    assert with_files(files).why_not("vitest run", "tsc --noEmit") is None


@pytest.mark.parametrize(
    ("test", "files"),
    [
        (
            "jest",
            {
                "package.json": '{"jest": {"projects": ["<rootDir>/packages/*"]}}',
                "packages/b/package.json": '{"jest": {"snapshotResolver": "./r"}}',
            },
        ),
        ("jest", {"jest.config.js": "exports.projects = ['b']", "b/jest.config.js": "exports.snapshotResolver = './r'"}),
        (
            "vitest run",
            {
                "vitest.workspace.ts": "export default ['apps/*']",
                "apps/b/vitest.config.ts": "({ typecheck: { enabled: true } })",
            },
        ),
    ],
)
def test_packages_whose_tests_the_root_runs_have_configurations_of_their_own(test, files):
    assert not with_files(files).may_run_together(test, "tsc --noEmit")


@pytest.mark.parametrize(
    "plugin",
    [
        "import { sveltekit } from '@sveltejs/kit/vite'",
        "import { tanstackRouter } from '@tanstack/router-plugin/vite'",
        "import AutoImport from 'unplugin-auto-import/vite'",
        "import { defineVitestConfig } from '@nuxt/test-utils/config'",
        "import { getViteConfig } from 'astro/config'",
    ],
)
@pytest.mark.parametrize("looker", ["tsc --noEmit", "svelte-check", "eslint ."])
def test_parts_of_vite_write_types_as_soon_as_a_configuration_is_read(plugin, looker):
    assert not with_files({"vite.config.ts": plugin}).may_run_together("vitest run", looker)


@pytest.mark.parametrize(
    ("text", "writes"),
    [
        ("fs.writeFileSync(path.join(__dirname, 'out.ts'), 'x')", True),
        ("await writeFile(`test/fixtures/gen.js`, code)", True),
        ("cpSync('a.vue', template)", True),
        ("import a from './a.js'\nawait writeFile('out.json', a)", False),
        ("const dir = await mkdtemp(prefix)\nawait writeFile(join(dir, 'a.ts'), '')", False),
        ("vi.mock('./a.ts')\nexpect(load('a.ts'))", False),
    ],
)
@pytest.mark.parametrize("test", ["CI=1 vitest run", "jest", "node --test"])
def test_tests_that_write_programs_among_those_of_the_package_are_found_by_their_text(text, writes, test):
    for file in ("src/a.spec.ts", "test/helper.js", "__tests__/b.tsx", "vitest.global-setup.ts"):
        assert with_files({file: text}).may_run_together(test, "tsc --noEmit") is not writes, file
    assert with_files({"scripts/build.ts": text}).why_not(test, "tsc --noEmit") is None


@pytest.mark.parametrize(
    "files",
    [
        {
            "tsconfig.json": '{"extends": "./base.json"}',
            "base.json": '{"compilerOptions": {"noEmit": true}, "include": ["test/*.json"]}',
        },
        {
            "tsconfig.json": '{"files": [], "references": [{"path": "b"}]}',
            "b/tsconfig.json": '{"include": ["../test/**/*.json"]}',
        },
        {"tsconfig.json": f'{{"compilerOptions": {{"noEmit": true}}}}{" " * 140_000}'},
    ],
)
def test_a_configuration_that_another_extends_or_refers_to_may_name_data(files):
    assert not with_files(files).may_run_together("vitest run", "tsc --noEmit")


def test_texts_are_looked_at_in_time_however_they_look():
    place = with_files(
        {
            "src/a.ts": f"// x.json from{' ' * 900_000}",
            "jest.config.js": "coverage enabled: false reporter: [ " * 3_000,
            "eslint.config.js": "{ignores:[" * 13_000,
        }
    )
    start = time.process_time()
    assert not place.may_run_together("jest --coverage", "eslint .")
    assert time.process_time() - start < 5


BUILDING = "import { execSync } from 'node:child_process';\nexport default () => execSync('npm run build');\n"


@pytest.mark.parametrize(
    ("test", "configuration", "settings"),
    [
        ("vitest run", "vitest.config.ts", "export default { test: { globalSetup: './test/setup.ts' } }"),
        ("vitest run", "vitest.config.ts", "export default { test: { globalSetup: ['./test/other.ts', './test/setup'] } }"),
        ("jest", "jest.config.js", "module.exports = { globalSetup: '<rootDir>/test/setup.ts' }"),
        ("jest", "jest.config.js", "module.exports = { globalTeardown: require.resolve('./test/setup') }"),
        ("jest", "jest.config.js", "module.exports = { globalSetup: path.join(__dirname, 'test/setup.ts') }"),
        (
            "vitest run",
            "vitest.config.ts",
            "export default { test: { globalSetup: resolve(\n  __dirname,\n  'test/setup',\n) } }",
        ),
        ("jest", "package.json", '{"jest": {"globalSetup": "./test/setup.ts"}}'),
    ],
)
@pytest.mark.parametrize("other", ["cat dist/index.js", "tsc --noEmit"])
def test_what_runs_before_all_tests_may_build(test, configuration, settings, other):
    files = {configuration: settings, "test/other.ts": ""}
    assert not with_files({**files, "test/setup.ts": BUILDING}).may_run_together(test, other)
    assert (
        with_files({**files, "test/setup.ts": "export default () => { process.env.TZ = 'UTC' }"}).why_not(test, other) is None
    )


def test_what_is_installed_and_runs_before_all_tests_builds_nothing():
    place = with_files({"jest.config.js": "module.exports = { globalSetup: '@shelf/jest-mongodb/lib/setup' }"})
    assert place.why_not("jest", "tsc --noEmit") is None
    place = with_files({"jest.config.js": "module.exports = { globalSetup: './generated/setup.js' }"})
    assert not place.may_run_together("jest", "tsc --noEmit")
