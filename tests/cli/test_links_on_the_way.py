"""Who goes through a link that is there reads it: somebody else may take it away, or the folder that it is in."""

from __future__ import annotations

import pytest

TEXT = """\
    version: '3'
    silent: true
    tasks:
      command: [{task: moves}, {task: reads}]
      whole: [{task: moves}, {task: lists}]
      sources: [{task: moves}, {task: builds}]
      folder: [{task: moves}, {task: inside}]
      beside: [{task: moves}, {task: past}]
      moves: mv data gone
      reads: cat data/up/m
      lists: cat data/up/*
      builds: {sources: [data/up/*], cmds: ['true']}
      inside: {dir: data/up, cmds: [cat m]}
      past: cat src/n
    """


@pytest.fixture
def linked(workspace):
    workspace.taskfile(TEXT)
    workspace.write("src/m", "")
    workspace.write("src/n", "")
    workspace.write("data/x", "")
    (workspace.root / "data" / "up").symlink_to("../src")
    return workspace


@pytest.mark.slow
@pytest.mark.parametrize(
    ("task", "second"), [("command", "reads"), ("whole", "lists"), ("sources", "builds"), ("folder", "inside")]
)
def test_who_goes_through_a_link_ran_beside_who_moves_its_folder_away(linked, task, second):
    shown = linked.run("--plan", task).stdout
    assert f"after moves: `moves` writes data/** and `{second}` reads data/up\n" in shown
    assert "reads data/up  (" in shown


@pytest.mark.slow
def test_who_takes_another_way_need_not_wait(linked):
    assert "parallel set of 2" in linked.run("--plan", "beside").stdout
