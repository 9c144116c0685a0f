"""The survey of other people's repositories counts what a plan would decide."""

from __future__ import annotations

import importlib.util
import pathlib
import sys

import pytest

from paratask.plugins.manager import load_plugins

SCRIPT = pathlib.Path(__file__).parents[2] / "docs" / "survey_monorepos.py"
TASKFILE = """
version: "3"
vars:
  LATE: {sh: date}
tasks:
  ci:
    deps: [a, b, c]
    cmds: [{task: a}, {task: b}, {task: c}, echo, {task: a}, {task: frob}, {task: late}, {task: b}, {task: push}]
  a: touch a
  b: cat b
  c: rm a
  frob: frob --all x
  late: "echo {{.LATE}}"
  push: git push
"""


@pytest.fixture
def survey(monkeypatch):
    specification = importlib.util.spec_from_file_location("survey_monorepos", SCRIPT)
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    monkeypatch.setitem(sys.modules, specification.name, module)
    specification.loader.exec_module(module)
    return module


def test_a_repository_is_counted(survey, tmp_path):
    folder = tmp_path / "me+mono"
    folder.mkdir()
    (folder / "Taskfile.yml").write_text(TASKFILE)
    (tmp_path / "me+mono.commit").write_text("0123456789abcdef\n")
    found = survey.Surveyor(str(folder), load_plugins(warn=pytest.fail, entry_points=())).look()
    assert (found.name, found.commit, survey.numbers(found)) == (
        "me/mono",
        "0123456789",
        [7, 2, 8, 13, 2, 1, 2, 4, 3, 1],
    )
    assert found.programs == {"frob": 1}
    assert (found.dependencies, len(found.dependencies_in_doubt)) == (3, 1)
    assert survey.render_table([found]).splitlines()[-1] == (
        "| **1 repositories** |  | **7** | **2** | **8** | **13** | **2** | **1** | **2** | **4** | **3** | **1** | inferred 2 |"
    )
