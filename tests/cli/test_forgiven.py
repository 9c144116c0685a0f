"""Where a failure is passed over, what stands below it has not run: it may not have run early either."""

from __future__ import annotations

import pytest

TEXT = """\
    version: '3'
    silent: true
    tasks:
      by-call: [{task: inner, ignore_error: true}, {task: look}]
      by-task: {ignore_error: true, cmds: [{task: between}, {task: look}]}
      at-the-end: {cmds: [{defer: {task: inner}}, 'true']}
      between: [{task: inner}]
      inner: [{task: fails}, {task: wipes}]
      fails: cat missing
      wipes: rm -rf kept
      look: ls kept
      each: {ignore_error: true, cmds: [{task: fails}, {task: wipes}]}
    """


@pytest.mark.slow
@pytest.mark.parametrize("name", ["by-call", "by-task", "at-the-end"])
def test_a_neighbour_of_a_failure_that_was_passed_over_had_run_early(workspace, name):
    workspace.taskfile(TEXT)
    workspace.write("kept/x", "")
    done = workspace.run(name)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ("" if name == "at-the-end" else "x\n")
    assert (workspace.root / "kept" / "x").exists()


@pytest.mark.slow
def test_where_each_failure_is_passed_over_neighbours_run_side_by_side(workspace):
    workspace.taskfile(TEXT)
    workspace.write("kept/x", "")
    done = workspace.run("each")
    assert done.returncode == 0, done.stderr
    assert not (workspace.root / "kept").exists()
    assert "parallel set" in workspace.run("--plan", "each").stdout


@pytest.mark.slow
def test_the_plan_says_why_they_keep_their_order(workspace):
    workspace.taskfile(TEXT)
    shown = workspace.run("--plan", "by-call").stdout
    assert "after fails: the run goes on should one of them fail, and what is below that must not have run" in shown
    assert "parallel set" in workspace.run("--plan", "inner").stdout
