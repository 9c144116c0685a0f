"""Tests leave alone what others look at, so that linters of sources run beside them in one workspace."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout

PYTHON = {"pyproject.toml": "", "src/a.py": "", "tests/test_a.py": "", "README.md": ""}
NODE = {"package.json": "{}", "src/a.ts": "", "src/a.css": "", "test/a.test.ts": "", "README.md": ""}


@pytest.mark.parametrize(
    "linter",
    [
        "ruff check src",
        "ruff format --check src",
        "bandit -r src",
        "black --check src",
        "npx markdownlint README.md",
        "interrogate -vv src",
        "pycodestyle src",
        "python -m pyflakes src",
    ],
)
def test_linters_of_sources_waited_for_tests_of_python(linter):
    assert FakeCheckout(PYTHON).why_not("pytest", linter) is None


@pytest.mark.parametrize("test", ["vitest run", "jest"])
@pytest.mark.parametrize(
    "linter", ["prettier --check src", "biome check src", "stylelint 'src/**/*.css'", "markdownlint README.md"]
)
def test_linters_of_sources_waited_for_tests_of_node(test, linter):
    """They were said to read any program and any document in JSON beside the manifest; what they look for there is known by name."""
    place = FakeCheckout(NODE)
    assert place.why_not(test, linter) is None
    for name in (".prettierrc", "biome.json", "package.json", ".stylelintrc.json", ".markdownlint.json"):
        if name.strip(".").partition(".")[0][:5] in linter:
            assert not place.may_run_together(f"cp /tmp/x {name}", linter), name


@pytest.mark.parametrize(
    ("test", "linter"),
    [
        ("pytest", "ruff check src"),
        ("pytest", "black --check src"),
        ("pytest", "flake8 src"),
        ("vitest run", "prettier --check src"),
        ("jest", "stylelint 'src/**/*.css'"),
    ],
)
def test_linters_of_sources_waited_for_tests_of_the_same_package_in_a_monorepo(test, linter):
    """Only those of the root were known to leave settings alone that are not there."""
    place = FakeCheckout({f"packages/a/{name}": text for name, text in {**PYTHON, **NODE}.items()})
    assert place.why_not(f"cd packages/a && {test}", f"cd packages/a && {linter}") is None


def test_who_removes_the_cache_of_a_linter_still_waits_for_it():
    place = FakeCheckout(PYTHON)
    assert not place.may_run_together("ruff check src", "rm -rf .ruff_cache")
    assert not place.may_run_together("pytest", "rm -rf .pytest_cache")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("bandit -r src -f json -o bandit.json", "mypy ."),
        ("ruff check --output-file=report.json src", "black --check ."),
        ("mypy --junit-xml=reports/mypy.xml src", "flake8 ."),
        ("mdformat README.md", "ruff check ."),
        ("uv export -o requirements.txt", "ruff check ."),
    ],
)
def test_a_report_was_taken_for_a_folder_that_may_have_sources_in_it(left, right):
    place = FakeCheckout({**PYTHON, "uv.lock": ""})
    assert place.why_not(left, right) is None or ".mypy_cache" in place.why_not(left, right)
    assert not place.may_run_together(left, "rm -rf report.json reports bandit.json README.md requirements.txt")


def test_a_folder_that_is_called_as_a_file_is_one():
    place = FakeCheckout({**PYTHON, "out.json/x.py": ""})
    assert not place.may_run_together("ruff check --output-file=out.json src", "cat out.json/x.py")


@pytest.mark.parametrize("command", ["npm pkg get version", "npm ls vitest", "npm outdated"])
def test_whose_settings_are_not_all_known_by_name_reads_what_lies_beside_the_manifest(command):
    place = FakeCheckout({**NODE, "package-lock.json": "{}"})
    assert place.may_read(command, "package.json")
    assert place.may_read(command, "package-lock.json")


GO = {
    "go.mod": "module x\n",
    "a.go": "package x\n",
    "in/b.go": "package b\n",
    "in/b_test.go": "package b\n",
    ".golangci.yml": "",
}


@pytest.mark.parametrize("folder", ["", "packages/a/", "services/customer-facing/web-application/api/"])
@pytest.mark.parametrize("test", ["pytest", "uv run pytest", "coverage run -m pytest", "python -m unittest"])
@pytest.mark.parametrize(
    "linter",
    [
        "ruff check .",
        "ruff format --check .",
        "uv run ruff check .",
        "mypy .",
        "uv run mypy src",
        "pyright",
        "flake8",
        "black --check .",
        "isort --check .",
        "pylint src tests",
        "bandit -r .",
        "deptry .",
    ],
)
def test_linters_of_all_that_there_is_waited_for_tests(linter, test, folder):
    """No test writes a module, nor settings: the most frequent composite there is."""
    place = FakeCheckout({folder + name: text for name, text in {**PYTHON, "uv.lock": "", ".flake8": ""}.items()})
    start = f"cd {folder} && " if folder else ""
    assert place.why_not(start + test, start + linter) is None


@pytest.mark.parametrize("folder", ["", "api/"])
@pytest.mark.parametrize("linter", ["go vet ./...", "golangci-lint run", "gofmt -l .", "govulncheck ./...", "go build ./..."])
def test_linters_and_builds_of_a_module_waited_for_its_tests(linter, folder):
    place = FakeCheckout({folder + name: text for name, text in GO.items()})
    start = f"cd {folder} && " if folder else ""
    assert place.why_not(f"{start}go test ./...", start + linter) is None
    for words in ("-update", "-args -update-golden", "-args --golden", "-run X -rewrite"):
        assert not place.may_run_together(f"{start}go test ./... {words}", start + linter), words


@pytest.mark.parametrize(
    "other",
    [
        "ruff format .",
        "ruff check --fix .",
        "black tests",
        "touch tests/data.toml",
        "cp a tests/x/.flake8",
        "rm -rf .venv",
        "uv sync",
        "rm tests/b.py",
        "touch out.txt",
        "rm -rf src",
        "mkdocs build",
        "cat tests/out.txt",
    ],
)
def test_who_writes_what_tests_read_or_looks_at_what_they_write_still_waits(other):
    place = FakeCheckout({**PYTHON, "uv.lock": "", "tests/b.py": "", "tests/data.toml": ""})
    assert not place.may_run_together("pytest", other)
    assert not place.may_run_together("uv run pytest", other)


@pytest.mark.parametrize(
    "other", ["gofmt -w .", "go generate ./...", "go mod tidy", "rm in/b.go", "touch in/x.txt", "cat in/out.txt"]
)
def test_who_writes_what_go_s_tests_read_or_looks_at_what_they_write_still_waits(other):
    place = FakeCheckout({**GO, "in/b.go": "package b\n//go:generate stringer -type=X\n"})
    assert not place.may_run_together("go test ./...", other)


@pytest.mark.parametrize("settings", [{}, {"pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--mypy"\n'}])
def test_tests_that_check_types_fill_the_cache_of_mypy(settings):
    place = FakeCheckout({**PYTHON, **settings})
    assert not place.may_run_together("pytest" if settings else "pytest --mypy", "mypy src")
    assert place.may_run_together("pytest" if settings else "pytest --mypy", "ruff check .")


def test_tests_that_bring_what_they_compare_with_up_to_date_may_write_sources():
    assert not FakeCheckout(PYTHON).may_run_together("pytest --snapshot-update", "ruff check .")


@pytest.mark.parametrize(
    "compiler", ["python -m compileall -q src", "python -m py_compile src/a.py", "python -m py_compile src/*.py"]
)
@pytest.mark.parametrize("other", ["pytest", "ruff check src", "mypy .", "python -m compileall tests"])
def test_what_compiles_modules_to_see_whether_they_can_be_waited_for_who_reads_them(compiler, other):
    """`compileall` was said to write the sources, and `py_compile` was not recognised."""
    assert FakeCheckout(PYTHON).why_not(compiler, other) is None


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("python -m compileall src", "black src"),
        ("python -m py_compile src/*.py", "ruff format src"),
        ("python -m py_compile src/a.py", "rm -rf src/__pycache__"),
        ("python -m compileall -q", "pyclean ."),
        ("python -m compileall --invalidation-mode checked-hash .", "pytest"),
        ("python -m compileall --invalidation-mode checked-hash src", "python -m compileall src"),
        ("python -m compileall -d /x src", "pytest"),
        ("python -m compileall -s src -p /x src", "python -m compileall src"),
        ("python -m py_compile - < list", "rm -rf src/__pycache__"),
        ("python -m compileall -b src", "cp src/a.pyc /tmp/a.pyc"),
    ],
)
def test_bytecode_is_written(left, right):
    assert not FakeCheckout(PYTHON).may_run_together(left, right)
