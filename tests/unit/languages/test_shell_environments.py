"""What a text's own environment means to the programs below: environments of Python, files of assignments, a task's variables."""

from __future__ import annotations

import pytest

from paratask.claims.model import Evidence
from paratask.testing import FakeCheckout

FILES = {
    "pyproject.toml": "[project]\nname = 'x'\n",
    "src/a.py": "",
    "go.mod": "module x\n",
    "a.go": "package main\n",
    ".git/HEAD": "",
    ".env": "# where\nDATA_DIR=data\nexport REPORT_DIR='out put'\nURL=http://h/y?z=1\nA=1\n",
    "made.env": "DATA_DIR=$(cat where)\n",
    "eval.env": "eval $X\n",
}
ACTIVE = "python-environment"


def test_programs_read_the_environment_that_is_activated():
    place = FakeCheckout(FILES)
    for text in ("source .venv/bin/activate && pytest", ". venv/bin/activate\nruff check .\n", ".venv/bin/pytest"):
        assert place.recognises(text), text
    assert place.reads("source build/venv/bin/activate && ruff check .") >= {"build/venv/**"}
    assert not place.may_run_together("source .venv/bin/activate && ruff check .", "rm -rf .venv")
    assert not place.may_run_together("python -m venv .venv", "source .venv/bin/activate && ruff check .")
    assert place.may_run_together("source .venv/bin/activate && ruff check .", ". .venv/bin/activate && mypy .")


def test_packages_go_into_the_environment_that_is_activated():
    place = FakeCheckout({**FILES, ".venv/pyvenv.cfg": ""})
    assert place.writes("python -m venv .venv && source .venv/bin/activate && pip install x") == {".venv/**"}
    assert place.writes("source build/venv/bin/activate && pip install x") == {"build/venv/**"}
    assert place.writes("source build/venv/bin/activate && deactivate && pip install x") == {".venv/**"}
    assert place.holds("source build/venv/bin/activate && pip install x") == {ACTIVE}
    assert {".venv/**", "build/venv/**"} <= place.writes("source build/venv/bin/activate && poetry install")
    assert "build/venv/**" not in place.writes("source build/venv/bin/activate && uv sync")


def test_where_one_of_two_environments_may_be_active_nobody_knows_what_an_install_fills():
    place = FakeCheckout(FILES)
    assert not place.recognises("[ -d build/venv ] && . build/venv/bin/activate; pip install x")
    assert place.recognises("[ -d build/venv ] && . build/venv/bin/activate; pytest")


def test_the_environment_of_the_task_counts_too():
    place = FakeCheckout(FILES)
    claims = place.command_claims("pip install x", "/repo", {"VIRTUAL_ENV": "/repo/tools/venv"})
    assert "tools/venv/**" in {entry.pattern for entry in claims.entries}


@pytest.mark.parametrize(
    "text",
    [
        "set -a; source .env; set +a; go build ./...",
        "set -a && . ./.env && set +a && pytest",
        ". ./.env && go vet ./...",
        "set -o allexport\nsource .env\nset +o allexport\npytest",
    ],
)
def test_a_file_of_assignments_is_read_and_its_values_are_known(text):
    place = FakeCheckout(FILES)
    assert place.recognises(text)
    assert ".env" in place.reads(text)
    assert not place.may_run_together("cp example.env .env", text)


def test_what_a_file_of_assignments_exports_is_claimed_where_it_names_a_path():
    place = FakeCheckout(FILES)
    assert place.may_write("set -a; source .env; set +a; pytest", "data/x")
    assert place.reads("source .env; cat $DATA_DIR/x") == {".env", "data/x"}


@pytest.mark.parametrize(
    "text",
    [
        "source missing.env && pytest",
        "set -a; source made.env; set +a; pytest",
        "source eval.env && pytest",
        "source $F && pytest",
    ],
)
def test_files_that_are_not_there_or_not_plain_are_not_believed(text):
    assert not FakeCheckout(FILES).recognises(text)


def test_a_variable_that_is_not_exported_is_the_text_s_own():
    place = FakeCheckout(FILES)
    text = "OUT_DIR=dist; mkdir -p $OUT_DIR && go build -o $OUT_DIR/a"
    assert place.recognises(text)
    assert place.may_write(text, "dist/a")
    assert not place.recognises("COVERAGE_FILE=x; pytest"), "where it is exported already, it is led there"
    assert place.may_write("COVERAGE_FILE=x; export COVERAGE_FILE; pytest", "x")


def test_values_of_the_task_s_environment_are_known_where_nothing_stands_above_them():
    text = 'cd "$WHERE" && ruff check .'
    known = {"WHERE": "src"}
    assert FakeCheckout(FILES).command_claims(text, "/repo", known).evidence is Evidence.INFERRED
    for value in (None, "a b", "", "*", "True"):
        assert FakeCheckout(FILES).command_claims(text, "/repo", {"WHERE": value}).evidence is Evidence.NONE


@pytest.mark.parametrize("environ", [None, {"WHERE": "elsewhere"}])
def test_values_are_not_believed_where_the_machine_s_own_may_stand_above_them(environ):
    place = FakeCheckout(FILES)
    place._environ = environ
    assert place.command_claims('cd "$WHERE" && ruff check .', "/repo", {"WHERE": "src"}).evidence is Evidence.NONE


@pytest.mark.parametrize("script", ['"$HOME/.cargo/env"', "~/.cargo/env", "${HOME}/.cargo/env"])
def test_the_script_that_rustup_writes_puts_programs_first_and_does_nothing_else(script):
    checkout = FakeCheckout()
    assert checkout.writes(f". {script}; touch a") == {"a"}
    assert checkout.writes(f"bash -c 'source {script} 2>/dev/null; touch a'") == {"a"}


@pytest.mark.parametrize(
    "text", ['. "$HOME/.frob/env"', 'HOME=x; . "$HOME/.cargo/env"', ". $X", 'source "$HOME/.cargo/env" more']
)
def test_another_script_of_the_users_may_do_anything(text):
    assert not FakeCheckout().recognises(text)


@pytest.mark.parametrize("manager", ["poetry", "pdm", "pipenv"])
def test_two_projects_were_installed_into_the_environment_of_the_shell_at_once(manager):
    """Where paratask is started in an activated environment, it is what these managers fill, whatever the project."""
    place = FakeCheckout({"a/pyproject.toml": "", "a/Pipfile": "", "b/pyproject.toml": "", "b/Pipfile": ""})
    one, other = (f"cd {folder} && {manager} install" for folder in "ab")
    assert place.may_run_together(one, other)
    place = FakeCheckout(place.files)
    place.is_entered = True
    assert not place.may_run_together(one, other)
    assert not place.may_run_together(one, f"cd b && {manager} run ruff check .")
    assert place.may_run_together(f"cd a && {manager} run ruff check .", f"cd b && {manager} run ruff check .")
    assert place.may_run_together("cd a && uv sync", "cd b && uv sync")
