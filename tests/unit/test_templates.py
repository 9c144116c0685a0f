"""The templates can be read as they are, say every key, and do what their comments say."""

from __future__ import annotations

import json
import pathlib
import re
import shutil

import pytest

from paratask.cli.main import main
from paratask.taskfile.project import Project, read_project
from paratask.taskfile.settings import CLAIM_KEYS, SETTING_KEYS

TEMPLATES = pathlib.Path(__file__).parents[2] / "templates"
COMMENTED_OUT = re.compile(r"^# (?=\w+ = )", re.MULTILINE)


@pytest.fixture
def checkout(tmp_path: pathlib.Path) -> pathlib.Path:
    """A repository made from the templates."""
    for name in ("Taskfile.yml", "paratask.toml"):
        shutil.copy(TEMPLATES / name, tmp_path)
    for manifest in ("packages/api/pyproject.toml", "packages/web/package.json"):
        (tmp_path / manifest).parent.mkdir(parents=True)
        (tmp_path / manifest).write_text("{}" if manifest.endswith("json") else "", encoding="utf-8")
    return tmp_path


def read(folder: pathlib.Path) -> Project:
    return read_project(entrypoint="", folder="", cwd=str(folder), environ={}, fill=lambda text, _: text)


def test_nothing_in_them_is_odd(checkout: pathlib.Path) -> None:
    project = read(checkout)
    assert project.oddities == ()
    assert "reset" in project.taskfile.tasks
    assert all(task.desc or task.internal for name, task in project.taskfile.tasks.items() if name != "reset")


def test_commented_out_keys_can_be_switched_on(checkout: pathlib.Path) -> None:
    path = checkout / "paratask.toml"
    path.write_text(COMMENTED_OUT.sub("", path.read_text(encoding="utf-8")), encoding="utf-8")
    project = read(checkout)
    assert project.oddities == ()
    assert (project.settings.max_jobs, project.settings.load, project.settings.memory) == ("50%", "80%", "1G")


def test_every_key_is_in_the_template() -> None:
    text = COMMENTED_OUT.sub("", (TEMPLATES / "paratask.toml").read_text(encoding="utf-8"))
    written = set(re.findall(r"^\[?(\w+)(?: = |\.)", text, re.MULTILINE))
    assert written >= SETTING_KEYS | CLAIM_KEYS


def test_plans_are_as_the_comments_say(
    checkout: pathlib.Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(checkout)
    monkeypatch.delenv("USE_PARALLEL", raising=False)
    assert main(["--plan", "--json", "default"]) == 0
    jobs = {job["id"]: job for job in json.loads(capsys.readouterr().out)["jobs"]}
    assert "lint-web" in jobs["lint-api"]["together_with"]
    assert "test-web" in jobs["test-api"]["together_with"]
    assert jobs["build"]["after"] == ["check"]
    assert jobs["build-web"]["after"] == ["client"]
    assert "client" in jobs["build-api"]["together_with"]
