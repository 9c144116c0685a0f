"""Settings that lie above the workspace a tool works in: who writes them comes before, and other parallelism stays."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from paratask import languages
from paratask.claims.overlap import compile_pattern, covers
from paratask.languages.settings_above import NAMES, any_settings, settings_above
from paratask.testing import FakeCheckout

FILES = {
    "package.json": '{"workspaces": ["packages/*"]}',
    "pyproject.toml": "[project]\n",
    "packages/web/package.json": '{"name": "web"}',
    "packages/web/src/a.ts": "",
    "packages/web/tsconfig.json": '{"extends": "../../tsconfig.base.json"}',
    "tsconfig.base.json": "{}",
    "packages/py/pyproject.toml": "[project]\nname = 'py'\n",
    "packages/py/src/a.py": "",
    "svc/go.mod": "module x\n",
    "svc/a.go": "package x\n",
    "native/Cargo.toml": '[package]\nname = "n"\n[workspace]\n',
    "native/src/lib.rs": "",
    "crates/Cargo.toml": '[workspace]\nmembers = ["a"]\n',
    "crates/a/Cargo.toml": '[package]\nname = "a"\n',
    "crates/a/src/lib.rs": "",
}
WEB, PY = "cd packages/web && ", "cd packages/py && "
SETTINGS = [
    (
        f"{WEB}npx eslint .",
        "eslint.config.js eslint.config.mjs .eslintrc.json .eslintrc.cjs packages/eslint.config.js tsconfig.json",
    ),
    (
        f"{WEB}npx eslint src/a.ts",
        "eslint.config.ts packages/web/eslint.config.js packages/web/.eslintrc.json tsconfig.base.json",
    ),
    (f"{WEB}npx oxlint src", ".oxlintrc.json oxlint.config.ts"),
    (f"{WEB}npx oxfmt --check", ".oxfmtrc.json .editorconfig"),
    (f"{WEB}npx prettier --check .", ".prettierrc .prettierrc.yaml prettier.config.js .editorconfig package.json"),
    (f"{WEB}npx prettier --check src/a.ts", "packages/web/src/.editorconfig packages/web/.prettierrc packages/.prettierrc"),
    (f"{WEB}npx biome lint src", "biome.json biome.jsonc .editorconfig packages/web/biome.json"),
    (f"{WEB}npx stylelint '**/*.css'", ".stylelintrc.json stylelint.config.js"),
    (f"{WEB}npx tsc --noEmit", "tsconfig.base.json"),
    (f"{WEB}npx vitest run", "vitest.workspace.ts vite.config.ts"),
    (f"{WEB}npx jest", "babel.config.js .browserslistrc"),
    (f"{WEB}npm ci", ".npmrc packages/web/.npmrc"),
    (f"{WEB}npm run lint", ".npmrc"),
    (f"{WEB}yarn install", ".yarnrc.yml"),
    (f"{WEB}pnpm install", ".npmrc pnpm-workspace.yaml"),
    (f"{PY}ruff check .", "pyproject.toml ruff.toml .ruff.toml packages/ruff.toml"),
    (f"{PY}ruff check src/a.py", "pyproject.toml packages/py/src/ruff.toml packages/py/.ruff.toml"),
    (f"{PY}ruff format --check", "pyproject.toml"),
    (f"{PY}black --check .", "pyproject.toml"),
    (f"{PY}isort --check .", ".isort.cfg .editorconfig"),
    (f"{PY}mypy .", "mypy.ini pyproject.toml setup.cfg"),
    (f"{PY}pyright", "pyrightconfig.json pyproject.toml"),
    (f"{PY}pylint src", "pylintrc .pylintrc pyproject.toml packages/py/.pylintrc"),
    (f"{PY}flake8 src", ".flake8 setup.cfg tox.ini packages/py/.flake8"),
    (f"{PY}codespell src", "packages/py/.codespellrc"),
    (f"{PY}pytest", "pytest.ini conftest.py pyproject.toml"),
    (f"{PY}uv run ruff check .", "uv.toml ruff.toml .python-version"),
    (f"{PY}uv sync", "uv.toml"),
    ("cd svc/sub && golangci-lint run", ".golangci.yml svc/.golangci.toml"),
    ("cd svc && go build ./...", "go.work"),
    ("cd svc && shfmt -d .", ".editorconfig"),
    ("cd svc/sub && shfmt -d x.sh", "svc/sub/.editorconfig svc/.editorconfig"),
    ("cd svc && clang-format --dry-run a.c", ".clang-format"),
    ("cd native && cargo fmt --check", "rustfmt.toml .rustfmt.toml rust-toolchain.toml"),
    ("cd native && cargo clippy", "clippy.toml .clippy.toml .cargo/config.toml rust-toolchain"),
    ("cd native && rustfmt --check src/lib.rs", "rustfmt.toml native/rustfmt.toml"),
    ("cd crates && cargo fmt --check", "crates/a/rustfmt.toml"),
]


@pytest.mark.parametrize(("text", "names"), SETTINGS, ids=[text for text, _ in SETTINGS])
def test_who_writes_settings_above_comes_before_who_looks_for_them(text, names):
    place = FakeCheckout(FILES)
    assert place.recognises(text)
    for name in names.split():
        assert place.may_read(text, name), name
        assert not place.may_run_together(f"cp /tmp/x {name}", text), name


def test_settings_of_another_branch_of_the_tree_are_no_matter():
    place = FakeCheckout(FILES)
    assert place.may_run_together("cp /tmp/x packages/web/ruff.toml", f"{PY}ruff check .")
    assert place.may_run_together("cp /tmp/x README.md", f"{WEB}npx eslint .")


@pytest.mark.parametrize(
    ("settings", "content", "named"),
    [
        ("eslint.config.js", "import rules from './tools/rules.js'", "tools/rules.js"),
        ("eslint.config.cjs", "const r = require('./tools/rules')", "tools/rules.js"),
        (".eslintrc.json", '{"extends": ["./tools/base.json", "eslint:recommended"]}', "tools/base.json"),
        (".eslintrc.yml", "extends:\n  - ./tools/base.json\n", "tools/base.json"),
    ],
)
def test_what_settings_above_name_is_read_too(settings, content, named):
    place = FakeCheckout({**FILES, settings: content})
    assert place.may_read(f"{WEB}npx eslint .", named)
    assert not place.may_read(f"{WEB}npx eslint .", "tools/other.py")


def test_what_settings_name_is_followed_further_and_circles_end():
    files = {
        "ruff.toml": 'extend = "tools/ruff.toml"\n',
        "tools/ruff.toml": 'extend = "../more/ruff.toml"\n',
        "more/ruff.toml": 'extend = "../ruff.toml"\n',
    }
    place = FakeCheckout({**FILES, **files})
    assert place.may_read(f"{PY}ruff check .", "more/ruff.toml")


@pytest.mark.parametrize("test", ["pytest", "npx vitest run", "npx jest"])
@pytest.mark.parametrize(
    "below",
    [
        f"{PY}mypy .",
        f"{WEB}npx eslint .",
        f"{WEB}npx prettier --check .",
        f"{WEB}npx biome check .",
        "cd svc && golangci-lint run",
        "cd native && cargo fmt --check",
    ],
)
def test_tests_of_the_root_leave_settings_alone(test, below):
    place = FakeCheckout(FILES)
    together = place.why_not(test, below)
    assert together is None or "pycache" in together or "mypy_cache" in together


FEW = (
    "cspell knip depcheck yarn pydocstyle staticcheck buf rubocop standardrb phpcs phpcbf psalm "
    "cmake-format cmake-lint dart deno kube-linter buildifier solhint sqlfluff jscpd pug-lint pymarkdown pymarkdownlnt doc8 rstcheck rumdl "
    "hlint ocamlformat vermin darglint"
)


def test_the_short_pattern_of_settings_has_each_name_that_most_programs_look_for():
    place = FakeCheckout()
    short = any_settings(place.root, place)
    assert any_settings(f"{place.root}/packages", place) == f"packages/{short}"
    for program in NAMES.keys() - FEW.split():
        for entry in settings_above(program, [place.root], place):
            assert covers(compile_pattern(short), compile_pattern(entry.pattern)), (program, entry.pattern)


@pytest.mark.parametrize("tool", ["npx prettier --check .", "npx prettier --write .", "npx biome check .", "npx biome ci"])
def test_settings_that_are_called_as_files_of_other_languages_were_not_read(tool):
    place = FakeCheckout(FILES)
    for name in (".editorconfig", "packages/web/.editorconfig"):
        assert place.may_read(tool, name)
        assert not place.may_run_together(f"touch {name}", tool)
    assert place.may_run_together("touch x.py", tool), "which is another language's"


def test_a_cache_has_no_settings_in_it():
    assert FakeCheckout(FILES).may_run_together("mypy .", "npx prettier --check .")


def test_one_place_says_what_settings_a_program_has():
    folders = [folder.name for folder in Path(languages.__path__[0]).iterdir() if (folder / "plugin.py").exists()]
    plugins = [importlib.import_module(f"paratask.languages.{folder}.plugin") for folder in folders]
    tools = [(key, tool) for plugin in plugins for key, tool in getattr(plugin, "TOOLS", {}).items()]
    assert "prettier" in dict(tools)
    assert not [key for key, tool in tools if tool.settings and key.partition(" ")[0] in NAMES]


def test_formatters_of_one_language_stay_beside_linters_of_another():
    place = FakeCheckout(FILES)
    assert place.may_run_together("npx prettier --write .", f"{PY}ruff check .")
    assert place.may_run_together(f"{PY}ruff format .", f"{WEB}npx eslint .")
    assert place.may_run_together(f"{PY}ruff check .", f"{WEB}npx eslint .")


@pytest.mark.parametrize(("tool", "name"), [("radon cc a.py", "radon.cfg"), ("docformatter --check a.py", "tox.ini")])
def test_settings_of_linters_that_were_known_only_as_any_beside_the_manifest(tool, name):
    place = FakeCheckout({"py/pyproject.toml": "", "py/a.py": ""})
    assert place.may_read(tool, f"py/{name}", "py")


@pytest.mark.parametrize(
    "linter",
    [
        "eslint .",
        "oxlint",
        "prettier --check 'src/**/*.ts'",
        "biome check .",
        "ruff check .",
        "black --check .",
        "isort -c .",
        "mypy .",
        "ty check",
    ],
)
@pytest.mark.parametrize("folder", ["", "cd packages/web && "])
@pytest.mark.parametrize("name", [".gitignore", "packages/web/.gitignore"])
def test_linters_obey_what_git_is_told_to_ignore(linter, folder, name):
    place = FakeCheckout({"packages/web/package.json": "{}", "packages/web/pyproject.toml": "", "packages/web/src/a.ts": ""})
    waits = not place.may_run_together(f"echo dist >> {name}", folder + linter)
    assert waits or (name.startswith("packages") and not folder)


@pytest.mark.parametrize("linter", ["eslint .", "ruff check ."])
def test_lists_that_tools_put_into_their_own_folders_concern_nobody_else(linter):
    place = FakeCheckout({"package.json": "{}", "pyproject.toml": "", "a.py": ""})
    assert place.may_run_together("echo '*' > .venv/.gitignore", linter)
