"""pip-tools: which lists are read and written."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout

LISTS = {
    "requirements.in": "-r base.in\n",
    "base.in": "six\n",
    "requirements/dev.in": "-r ../base.in\n-e ../lib\n",
    "lib/setup.py": "",
    "src/a.py": "",
}


@pytest.mark.parametrize(
    ("command", "written"),
    [
        ("pip-compile", {"requirements.txt"}),
        ("pip-compile requirements.in", {"requirements.txt"}),
        ("pip-compile --quiet --generate-hashes -o out/all.txt requirements.in", {"out/all.txt"}),
        ("pip-compile requirements/dev.in", {"requirements/dev.txt", "lib/**"}),
        ("pip-compile --output-file=- requirements.in", set()),
        ("pip-compile requirements/all.list", {"requirements/all.txt"}),
        ("pip-compile lib/setup.py", {"lib/**", "lib/requirements.txt"}),
    ],
)
def test_a_list_is_put_beside_its_source_or_where_an_option_says(command, written):
    assert FakeCheckout(LISTS).writes(command) == written


def test_lists_that_a_list_includes_are_read():
    place = FakeCheckout(LISTS)
    assert not place.may_run_together("pip-compile requirements/dev.in", "sort -u -o base.in base.in")
    assert place.may_run_together("pip-compile requirements/dev.in", "black src")


def test_settings_may_name_the_list():
    place = FakeCheckout({**LISTS, "pyproject.toml": "[tool.pip-tools]\noutput-file = 'locks/all.txt'\n"})
    assert place.may_write("pip-compile requirements.in", "locks/all.txt")


def test_settings_beside_the_source_or_that_an_option_names_were_not_looked_into():
    settings = "[tool.pip-tools]\noutput-file = 'locks/all.txt'\n"
    place = FakeCheckout({**LISTS, "requirements/.pip-tools.toml": settings, "tools.toml": settings})
    assert place.may_write("pip-compile requirements/dev.in", "locks/all.txt")
    assert place.may_write("pip-compile --config tools.toml requirements.in", "locks/all.txt")


def test_who_installs_lists_fills_the_environment():
    place = FakeCheckout(LISTS)
    assert place.holds("pip-sync requirements.txt") == {"python-environment"}
    assert not place.may_run_together("pip-compile requirements.in", "pip-sync requirements.txt")


@pytest.mark.parametrize(
    "command", ["poetry export -f requirements.txt --without-hashes -o req.txt", "pdm export --no-hashes -o req.txt"]
)
def test_who_writes_the_locked_versions_as_a_list_only_reads_what_they_are(command):
    place = FakeCheckout({"pyproject.toml": "", "poetry.lock": "", "pdm.lock": "", ".pdm-python": ""})
    assert place.writes(command) == {"req.txt"}


def test_pdm_makes_an_environment_before_it_writes_a_list_where_there_is_none():
    place = FakeCheckout({"pyproject.toml": "", "pdm.lock": ""})
    assert place.writes("pdm export -o req.txt") == {"req.txt", ".venv/**", ".pdm-python"}
    assert not place.may_run_together("pdm export -o req.txt", "pdm run ruff check")
