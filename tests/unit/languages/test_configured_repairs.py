"""Settings with which tools that look at files change them: who reads those comes before or after."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout

FIXING = "[project]\nname = 'a'\n[tool.ruff]\nfix = true\n"


@pytest.mark.parametrize(
    "files",
    [
        {"api/pyproject.toml": FIXING},
        {"api/pyproject.toml": "[tool.ruff]\nfix-only = true\n"},
        {"api/pyproject.toml": "[tool]\nruff = { fix = true }\n"},
        {"api/pyproject.toml": "[project]\n", "api/ruff.toml": "fix = true\n"},
        {"api/pyproject.toml": "[project]\n", ".ruff.toml": "fix = true\n"},
        {"api/pyproject.toml": "[tool.ruff]\nextend = '../base/ruff.toml'\n", "base/ruff.toml": "fix = true\n"},
        {
            "api/pyproject.toml": "[tool.ruff]\nextend = '../ruff.toml'\n",
            "ruff.toml": "extend = 'base/pyproject.toml'\n",
            "base/pyproject.toml": FIXING,
        },
    ],
)
@pytest.mark.parametrize(
    "command", ["ruff check", "uv run ruff check src", "python -m ruff check .", "ruff check --exit-zero src/a.py"]
)
def test_ruff_that_repairs_by_its_settings_writes_what_it_checks(files, command):
    place = FakeCheckout({**files, "api/src/a.py": "import os\n"})
    assert place.may_write(command, "api/src/a.py", "api")
    assert not place.may_run_together(f"cd api && {command}", "cd api && mypy src")


@pytest.mark.parametrize("option", ["--no-fix", "--diff", "--isolated"])
def test_an_option_outdoes_the_settings_with_which_ruff_repairs(option):
    place = FakeCheckout({"api/pyproject.toml": FIXING, "api/src/a.py": ""})
    assert place.may_run_together(f"cd api && ruff check {option}", "cd api && mypy src")


@pytest.mark.parametrize(
    "text", ["[project]\nfix = true\n", "[tool.ruff]\nfix = false\n", "[tool.ruff.lint]\nunfixable = ['F401']\n"]
)
def test_other_settings_have_ruff_repair_nothing(text):
    place = FakeCheckout({"api/pyproject.toml": text, "api/src/a.py": ""})
    assert place.may_run_together("cd api && ruff check", "cd api && mypy src")


def test_ruff_that_is_told_to_repair_by_a_setting_on_its_command_line_writes():
    place = FakeCheckout({"api/pyproject.toml": "[project]\n", "api/src/a.py": ""})
    assert place.may_write("ruff check --config 'fix = true' src", "api/src/a.py", "api")


def test_ruff_that_is_given_settings_that_repair_writes():
    place = FakeCheckout({"api/pyproject.toml": "[project]\n", "api/src/a.py": "", "base.toml": "fix = true\n"})
    assert place.may_write("ruff check --config ../base.toml src", "api/src/a.py", "api")


def test_settings_that_extend_each_other_end():
    place = FakeCheckout({"ruff.toml": "extend = 'other.toml'\n", "other.toml": "extend = 'ruff.toml'\n"})
    assert place.writes("ruff check") == set()


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("ruff format .", "docs/a.md"),
        ("ruff format .", "a.pyw"),
        ("ruff check --fix .", "a.pyw"),
        ("ruff format docs", "docs/b/c.md"),
    ],
)
def test_ruff_formats_documents_and_programs_with_windows(command, path):
    """Python in a document is formatted with it, by newer versions in any case."""
    place = FakeCheckout({"pyproject.toml": "[project]\n", "docs/b/c.md": ""})
    assert place.may_write(command, path)


def test_ruff_and_prettier_over_the_same_documents_keep_their_order():
    place = FakeCheckout({"pyproject.toml": "[project]\n", "docs/a.md": "", "web/package.json": "{}", "web/src/x.ts": ""})
    assert not place.may_run_together("ruff format .", 'prettier --write "docs/**/*.md"')
    assert not place.may_run_together("ruff format --check .", 'prettier --write "**/*.md"')
    assert place.may_run_together("ruff check .", 'prettier --write "**/*.md"')


@pytest.mark.parametrize(
    "text",
    [
        "[tool.ruff]\nextend-exclude = ['*.md']\n",
        "[tool.ruff]\nexclude = ['build', '**/*.md']\n",
        "[tool.ruff.format]\nexclude = ['*.md']\n",
    ],
)
def test_settings_may_keep_ruff_from_documents(text):
    place = FakeCheckout({"pyproject.toml": text, "package.json": "{}", "docs/a.md": ""})
    assert place.may_run_together("ruff format .", "prettier --write .")
    assert place.may_write("ruff format .", "a.py")
    other = FakeCheckout({"pyproject.toml": text, "lib/ruff.toml": "", "package.json": "{}"})
    assert not other.may_run_together("ruff format .", "prettier --write ."), "which holds in its own folder"


@pytest.mark.parametrize("tool", ["eslint .", "tsc --noEmit", "oxlint"])
@pytest.mark.parametrize("folder", [".", "web"])
def test_what_looks_at_no_documents_runs_beside_ruff_that_formats_them(tool, folder):
    place = FakeCheckout({"pyproject.toml": "[project]\n", "web/package.json": "{}", "package.json": "{}"})
    assert place.may_run_together("ruff format .", f"cd {folder} && {tool}")


@pytest.mark.parametrize("tool", ["biome check .", "biome ci", "biome format --write", "biome lint ."])
def test_biome_looks_at_documents_as_those_do_that_format_them(tool):
    files = {"package.json": "{}", "pyproject.toml": "", "docs/a.md": ""}
    assert not FakeCheckout(files).may_run_together("ruff format .", tool)
    assert FakeCheckout({**files, "pyproject.toml": "[tool.ruff]\nexclude = ['*.md']\n"}).may_run_together(
        "ruff format .", tool
    )


@pytest.mark.parametrize("plugin", ["@eslint/markdown", "eslint-plugin-markdown", "eslint-plugin-mdx", "@antfu/eslint-config"])
def test_eslint_may_be_told_to_look_at_documents(plugin):
    place = FakeCheckout({"pyproject.toml": "[project]\n", "package.json": f'{{"devDependencies": {{"{plugin}": "1"}}}}'})
    assert not place.may_run_together("ruff format .", "eslint .")


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": "[tool.ruff]\nextend-include = ['*.txt']\n"},
        {"pyproject.toml": "[tool.ruff]\ninclude = ['*.txt']\n"},
        {"pyproject.toml": "[tool.ruff.extension]\ntxt = 'python'\n"},
        {"pyproject.toml": "", "lib/ruff.toml": "extend-include = ['*.txt']\n"},
    ],
)
def test_settings_may_have_ruff_look_at_any_file(files):
    place = FakeCheckout({**files, "lib/a.txt": ""})
    assert place.may_write("ruff format .", "lib/a.txt")
    assert not place.may_run_together("ruff check .", "cp x lib/a.txt")


@pytest.mark.parametrize("command", ["golangci-lint run", "golangci-lint run ./...", "go tool golangci-lint run"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".golangci.yml", "version: '2'\nissues:\n  fix: true\n"),
        ("api/.golangci.toml", "[issues]\nfix = true\n"),
        ("api/.golangci.json", '{"issues": {"fix": true}}'),
    ],
)
def test_golangci_lint_that_repairs_by_its_settings_writes_go_files(name, text, command):
    place = FakeCheckout({"api/go.mod": "module a\n", "api/x/x.go": "package x\n", name: text})
    assert place.may_write(command, "api/x/x.go", "api")
    assert not place.may_run_together(f"cd api && {command}", "cd api && go vet ./...")


@pytest.mark.parametrize(
    ("command", "text"),
    [("golangci-lint run", "issues:\n  fix: false\n"), ("golangci-lint run --no-config", "issues:\n  fix: true\n")],
)
def test_golangci_lint_only_looks_otherwise(command, text):
    place = FakeCheckout({"go.mod": "module a\n", "x/x.go": "package x\n", ".golangci.yml": text})
    assert place.may_run_together(command, "go vet ./...")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".stylelintrc.json", '{"fix": true}'),
        (".stylelintrc", "extends: x\nfix: true\n"),
        ("stylelint.config.mjs", "export default { fix: true }"),
        ("package.json", '{"stylelint": {"fix": true}}'),
        ("web/package.json", '{"stylelint": {"fix": true}}'),
    ],
)
@pytest.mark.parametrize("command", ["stylelint 'src/*.css'", "npx stylelint src/a.css"])
def test_stylelint_that_repairs_by_its_settings_writes_what_it_checks(name, text, command):
    place = FakeCheckout({"package.json": "{}", "web/package.json": "{}", "web/src/a.css": "a{}", name: text})
    assert place.may_write(command, "web/src/a.css", "web")
    assert not place.may_run_together(f"cd web && {command}", "cat web/src/a.css")


def test_stylelint_keeps_a_cache_where_its_settings_say_so():
    place = FakeCheckout({"package.json": "{}", ".stylelintrc.yml": "cache: true\n", "a.css": "a{}"})
    assert place.may_write("stylelint a.css", ".stylelintcache")
    assert not place.may_write("stylelint a.css", "a.css")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("package.json", '{"fix": true}'),
        (".stylelintrc.json", '{"fix": false, "rules": {"x-fix": true}}'),
        (".eslintrc.json", '{"fix": true}'),
    ],
)
def test_other_settings_have_stylelint_repair_nothing(name, text):
    place = FakeCheckout({"package.json": "{}", "a.css": "a{}", name: text})
    assert place.writes("stylelint a.css") == set()


@pytest.mark.parametrize("command", ["standardrb", "bundle exec standardrb lib"])
@pytest.mark.parametrize("name", [".standard.yml", "app/.standard.yml"])
def test_standardrb_that_repairs_by_its_settings_writes_what_it_checks(name, command):
    place = FakeCheckout({"app/Gemfile": 'gem "standard"\n', "app/lib/a.rb": "", name: "parallel: true\nfix: true\n"})
    assert place.may_write(command, "app/lib/a.rb", "app")
    assert not place.may_run_together(f"cd app && {command}", "cat app/lib/a.rb")
    assert place.may_run_together(f"cd app && {command} --no-fix", "cat app/lib/a.rb")


def test_standardrb_goes_by_its_nearest_settings():
    files = {"app/Gemfile": "", "app/lib/a.rb": "", "app/.standard.yml": "fix: false\n", ".standard.yml": "fix: true\n"}
    assert FakeCheckout(files).writes("standardrb", "app") == set()


@pytest.mark.parametrize("formats", ["ruff format", "ruff check --fix .", "black ."])
def test_formatters_pass_environments_over_unless_their_settings_say_what_they_pass_over(formats):
    def writes_there(text="", more=""):
        place = FakeCheckout({"pyproject.toml": f"[project]\nname = 'p'\n{text}"})
        assert place.may_write(f"{formats} {more}", "src/a.py")
        return place.may_write(f"{formats} {more}", ".venv/lib/a.py")

    assert not writes_there()
    assert not writes_there("[tool.ruff]\nextend-exclude = ['x']\n[tool.black]\nextend-exclude = 'x'\n")
    assert writes_there("[tool.ruff]\nexclude = ['x']\n[tool.black]\nexclude = 'x'\n")
    assert writes_there(more="--exclude x")


def test_what_is_asked_for_in_an_environment_is_formatted():
    assert FakeCheckout({"pyproject.toml": ""}).may_write("ruff format .venv/lib", ".venv/lib/a.py")
