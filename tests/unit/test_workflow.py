"""The workflow by which this repository is checked on GitHub: it can be read, is pinned, and runs what there is."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"
FILES = sorted(WORKFLOW.parent.glob("*.yml"))


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    return yaml.load(WORKFLOW.read_text(encoding="utf-8"), yaml.BaseLoader)


def steps(workflow: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for job in workflow["jobs"].values():
        yield from job["steps"]


def commands(workflow: dict[str, Any]) -> list[list[str]]:
    """Each command of each step, as words."""
    texts = [step["run"] for step in steps(workflow) if "run" in step]
    return [shlex.split(part) for text in texts for part in re.split(r"&&|\n", text) if part.strip()]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_actions_are_pinned_to_commits(file: Path) -> None:
    used = re.findall(r"uses: (.*)", file.read_text(encoding="utf-8"))
    assert used
    assert [line for line in used if not re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []


def test_it_may_only_read(workflow: dict[str, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    assert not [job for job in workflow["jobs"].values() if "permissions" in job]
    checkouts = [step for step in steps(workflow) if step.get("uses", "").startswith("actions/checkout")]
    assert [step["with"]["persist-credentials"] for step in checkouts] == ["false"] * len(workflow["jobs"])
    assert "pull_request" in workflow["on"]
    assert "pull_request_target" not in workflow["on"]


def test_no_text_of_others_gets_into_commands(workflow: dict[str, Any]) -> None:
    assert not [step["run"] for step in steps(workflow) if "${{" in step.get("run", "")]


def test_pythons_are_those_that_are_supported(workflow: dict[str, Any]) -> None:
    pythons = workflow["jobs"]["check"]["strategy"]["matrix"]["python"]
    assert pythons == ["3.10", "3.11", "3.12", "3.13", "3.14", "3.15"]
    assert f'requires-python = ">={pythons[0]}"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_it_is_run_side_by_side_by_paratask_itself(workflow: dict[str, Any]) -> None:
    assert workflow["env"]["USE_PARALLEL"] == "true"
    assert ["paratask", "ci"] in commands(workflow)


def test_its_commands_are_there(workflow: dict[str, Any]) -> None:
    tasks = yaml.safe_load((ROOT / "Taskfile.yml").read_text(encoding="utf-8"))["tasks"]
    known = {"paratask", "python3", ".venv/bin/pip", ".venv/bin/uv", ".venv/bin/python", "sudo", "echo", ".ci/run"}
    for program, *words in commands(workflow):
        assert program in known
        if program == "paratask":
            assert [word for word in words if not word.startswith("-") and word not in tasks] == []
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_it_installs_as_the_readme_says(workflow: dict[str, Any]) -> None:
    (install,) = [step["run"] for step in workflow["jobs"]["check"]["steps"] if "pip install" in step.get("run", "")]
    assert install in (ROOT / "README.md").read_text(encoding="utf-8")
