"""What tox runs, by its settings; and that nothing is believed of it, or of nox, that they do not say plainly."""

from __future__ import annotations

import pytest

from paratask.claims.model import Effect
from paratask.testing import FakeCheckout

INI = """
[tox]
env_list = py{310,311}, lint

[testenv]
deps =
    pytest
    -r requirements/test.txt
commands = pytest {posargs:tests}

[testenv:lint]
skip_install = true
deps = ruff
commands =
    ruff check .
    py311: mypy \\
        src

[testenv:{docs,site}]
skip_install = true
change_dir = docs
commands =
    sphinx-build . {env_tmp_dir}/html
    {[testenv:lint]commands}

[testenv:release]
skip_install = true
commands = twine upload dist/*

[testenv:odd]
commands = python tools/odd.py
"""
FILES = {
    "tox.ini": INI,
    "pyproject.toml": '[build-system]\nbuild-backend = "hatchling.build"\n[project]\nname = "x"\n',
    "src/a.py": "",
    "tests/test_a.py": "",
    "docs/conf.py": "",
    "noxfile.py": "",
}


def place(ini: str = INI, **files: str) -> FakeCheckout:
    return FakeCheckout({**FILES, "tox.ini": ini, **files})


@pytest.mark.parametrize(
    "text", ["tox -e lint", "tox run -e lint", "tox -q -e lint -- ignored", "python -m tox -e lint", "uvx tox -e lint"]
)
def test_an_environment_claims_what_its_commands_do_and_where_it_lies(text):
    checkout = place()
    assert checkout.recognises(text)
    assert checkout.effect(text) is Effect.LOCAL
    assert checkout.writes(text) == {".tox/**", ".mypy_cache/**"}
    assert checkout.may_read(text, "src/a.py")
    assert checkout.may_read(text, "tox.ini")


def test_tests_work_in_the_project_and_two_calls_wait_for_each_other():
    checkout = place()
    assert checkout.may_write("tox -e py311", "tests/output.txt")
    assert checkout.may_read("tox -e py311", "requirements/test.txt")
    assert not checkout.may_run_together("tox -e lint", "tox -e docs")
    assert checkout.may_run_together("tox -e lint", "cp x /tmp/y")


def test_arguments_take_the_place_of_those_that_stand_there():
    ini = "[testenv]\nskip_install = true\ncommands = ruff check {posargs:src}\n"
    assert place(ini).may_read("tox", "src/a.py")
    assert not place(ini).may_read("tox", "docs/b.py")
    assert place(ini).may_read("tox -- docs", "docs/b.py")


def test_generative_names_folders_and_inherited_lines_are_followed():
    checkout = place()
    for name in ("docs", "site"):
        assert checkout.may_write(f"tox -e {name}", f".tox/{name}/tmp/html/index.html")
        assert "docs/.mypy_cache/**" in checkout.writes(f"tox -e {name}"), "what it inherits runs there"


@pytest.mark.parametrize(
    ("text", "outside"),
    [("tox", False), ("tox -e lint,release", True), ("tox -e py311", False), ("tox -e publish", True)],
)
def test_the_effect_is_that_of_the_commands_and_of_the_name(text, outside):
    checkout = place()
    assert checkout.recognises(text)
    assert (checkout.effect(text) is Effect.OUTSIDE) is outside


@pytest.mark.parametrize(
    "text",
    [
        "tox -e odd",
        "tox -e ALL",
        "tox -m all",
        "tox -c other.ini -e lint",
        "tox --workdir /tmp/x -e lint",
        "TOXENV=$X tox",
        "TOX_WORK_DIR=/tmp/x tox -e lint",
        "tox -e $X",
        "tox exec -e lint -- rm x",
        "tox config",
        "nox",
        "nox -l",
        "nox -s lint",
    ],
)
def test_what_runs_other_programs_or_is_not_known_is_not_recognised(text):
    assert not place().recognises(text)


@pytest.mark.parametrize(
    "ini",
    [
        "[testenv]\ncommands = {env:RUNNER} x\n",
        "[testenv]\ncommands = ruff check {env:WHERE:src}\n",
        "[testenv]\nbase = other\ncommands = ruff check\n",
        "[testenv]\ninstall_command = ./install {packages}\ncommands = ruff check\n",
        "[testenv]\nset_env = file|.env\ncommands = ruff check\n",
        "[testenv]\ncommands = {[elsewhere]commands}\n",
        "[testenv]\ncommands = ruff 'check\n",
        "[testenv]\nchange_dir = {env:HOME}\ncommands = ruff check\n",
        "[testenv\n",
        "[other]\n",
    ],
)
def test_settings_that_are_not_plain_are_not_believed(ini):
    assert not place(ini).recognises("tox")


def test_the_same_text_in_the_manifest_counts():
    text = '[tool.tox]\nlegacy_tox_ini = """\n[testenv]\nskip_install = true\ncommands = ruff check src\n"""\n'
    checkout = FakeCheckout({"pyproject.toml": text, "src/a.py": ""})
    assert checkout.writes("tox") == {".tox/**"}


def test_settings_above_hold():
    assert place().writes("cd docs && tox -e lint") == {".tox/**", ".mypy_cache/**"}


def test_a_package_that_is_built_in_place_is_written():
    ini = "[testenv]\ncommands = ruff check src\n"
    assert "**" not in place(ini).writes("tox")
    old = FakeCheckout({"tox.ini": ini, "setup.py": "", "src/a.py": ""})
    assert "**" in old.writes("tox")


def test_a_folder_that_is_installed_is_read_and_one_that_leaves_the_project_too():
    ini = "[testenv]\nskip_install = true\ndeps =\n  ../lib\n  -c{toxinidir}/../limits.txt\ncommands = ruff check .\n"
    checkout = FakeCheckout({"app/tox.ini": ini, "lib/pyproject.toml": '[build-system]\nbuild-backend = "flit_core"\n'})
    assert checkout.may_read("cd app && tox", "lib/x.py")
    assert checkout.may_read("cd app && tox", "limits.txt")
    assert not checkout.may_write("cd app && tox", "lib/x.py")
