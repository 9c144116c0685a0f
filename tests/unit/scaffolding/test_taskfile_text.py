"""The text of a Taskfile, read back."""

from __future__ import annotations

import pytest
import yaml

from paratask.scaffolding.taskfile_text import quoted, render_taskfile
from paratask.scaffolding.workspaces import Found, Workspace


@pytest.mark.parametrize(
    "text", ["api", "on", "1.5", "it's", "a: b", "a #b", "./x", "@x", "*", "-x", "a:", "packages/a b", "{{x}}"]
)
def test_texts_come_back_as_they_are(text: str) -> None:
    assert yaml.safe_load(f"x: {quoted(text)}") == {"x": text}


def test_verbs_are_in_order_and_check_only_looks() -> None:
    workspaces = (
        Workspace(name="a", folder="a", language="go", commands={"build": "x", "lint": "y", "format": "z"}),
        Workspace(name="b", folder="b", language="go", commands={"test": "t"}),
    )
    tasks = yaml.safe_load(render_taskfile(Found(workspaces=workspaces, unknown=("c/Gemfile",))))["tasks"]
    assert list(tasks) == [
        "default", "check", "format", "format-a", "lint", "lint-a", "test", "test-b", "build", "build-a",
    ]  # fmt: skip
    assert tasks["default"]["cmds"] == [{"task": "check"}, {"task": "build"}]
    assert tasks["check"]["cmds"] == [{"task": "lint"}, {"task": "test"}]


def test_what_is_not_known_is_said_in_a_comment() -> None:
    workspace = Workspace(name="a", folder=".", language="go", commands={"build": "x"})
    text = render_taskfile(Found(workspaces=(workspace,), unknown=("c/Gemfile",)))
    assert "# No command is known for c/Gemfile.\n" in text
    assert yaml.safe_load(text)["tasks"] == {
        "default": {"desc": "The same as `build`", "cmds": [{"task": "build"}]},
        "build": {"desc": "Build what there is to ship", "cmds": ["x"]},
    }
