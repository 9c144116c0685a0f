"""What Python's tools were seen to touch under a tracer, and was in no claim of theirs."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout

PROJECT = {"pyproject.toml": "[project]\nname = 'a'\n", "src/a.py": "", "README.md": ""}


@pytest.mark.parametrize("manager", ["hatch run", "pdm run", "poetry run", "uv run"])
def test_who_starts_a_program_in_an_environment_reads_the_manifest_first(manager):
    assert not FakeCheckout(PROJECT).may_run_together("sed -i s/a/b/ pyproject.toml", f"{manager} echo")
    assert not FakeCheckout(PROJECT).may_run_together("pyproject-fmt pyproject.toml", f"{manager} mdformat README.md")


def test_pdm_makes_an_environment_before_it_resolves_versions_where_there_is_none():
    bare = FakeCheckout(PROJECT)
    assert bare.may_write("pdm lock", ".venv/bin/python")
    assert not bare.may_run_together("pdm lock", "pdm run ruff check")
    assert not bare.may_write("pdm lock --check", ".venv/bin/python")
    made = FakeCheckout({**PROJECT, ".venv/bin/python": ""})
    assert made.writes("pdm lock") == {"pdm.lock"}


def test_a_script_that_is_asked_for_its_version_runs_all_the_same():
    """It was taken for one that only prints; a `setup.py` may write that version into the sources (setuptools_scm)."""
    place = FakeCheckout({"setup.py": "", "src/a.py": ""})
    assert not place.recognises("python setup.py --version")
    assert place.recognises("python setup.py sdist")


@pytest.mark.parametrize("checker", ["pyright", "basedpyright"])
def test_stubs_are_not_put_into_a_folder_that_is_called_as_the_module(checker):
    assert not FakeCheckout(PROJECT).recognises(f"{checker} --createstub requests")


@pytest.mark.parametrize(
    "command",
    [
        "pytest --benchmark-autosave --benchmark-compare",
        "pytest --nbmake notebooks",
        "pytest --nbval-lax",
        "pytest --random-order-bucket=module",
        "pytest --md=report.md",
        "pytest --store-durations --durations-path .durations",
        "flake8 --tee --output-file=x.txt src",
        "coverage annotate",
        "python -m interrogate src",
    ],
)
def test_options_and_tools_of_many_repositories_were_not_known(command):
    assert FakeCheckout(PROJECT).recognises(command)


@pytest.mark.parametrize("option", ["--record-mode=rewrite", "--vcr-record=all", "--snapshot-update"])
def test_tests_that_record_anew_what_they_compare_with_were_taken_to_leave_it_alone(option):
    place = FakeCheckout({"pyproject.toml": "", "src/a/tests/cassettes/x.yaml": ""})
    assert place.may_write(f"pytest {option}", "src/a/tests/cassettes/x.yaml")
    assert not place.may_write("pytest", "src/a/tests/cassettes/x.yaml")
