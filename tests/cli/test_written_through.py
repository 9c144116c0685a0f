"""`interleaved` and `prefixed` show output as it is written, also of jobs that run beside others."""

from __future__ import annotations

import itertools

import pytest

TASKFILE = """\
version: '3'
silent: true
tasks:
  deps: {deps: [says, waits]}
  steps: [{task: waits}, {task: says}]
  says: echo ready
  waits: 'i=0; until [ -e go ] || [ $((i=i+1)) -gt 600 ]; do sleep 0.05; done; [ -e go ]'
  flaky: [{task: fails}, {task: fine}]
  fails: 'echo one >> tries; i=0; until [ -e begun ] || [ $((i=i+1)) -gt 900 ]; do sleep 0.01; done; echo try; [ "$(wc -l < tries)" -gt 1 ]'
  fine: 'touch begun; i=0; until [ -e tries ] || [ $((i=i+1)) -gt 900 ]; do sleep 0.01; done; echo fine'
"""
CLAIMS = '[tasks."*"]\nreads = ["x"]\nlocal = true\n'


@pytest.mark.slow
@pytest.mark.parametrize("task", ["deps", "steps"])
@pytest.mark.parametrize("style", ["interleaved", "prefixed"])
@pytest.mark.parametrize("chosen", ["option", "Taskfile", "environment"])
def test_a_job_beside_others_showed_nothing_until_those_above_it_ended(workspace, task, style, chosen):
    workspace.taskfile(TASKFILE + (f"output: {style}\n" if chosen == "Taskfile" else ""))
    workspace.write("paratask.toml", CLAIMS)
    env = {"TASK_OUTPUT": style} if chosen == "environment" else {}
    run = workspace.start(*(("-o", style) if chosen == "option" else ()), task, env=env)
    assert run.stdout.readline() == ("[says] ready\n" if style == "prefixed" else "ready\n")
    workspace.write("go", "")
    out, err = run.communicate(timeout=60)
    assert (run.returncode, out) == (0, ""), err


@pytest.mark.slow
def test_a_job_is_still_run_again_alone(workspace):
    workspace.taskfile(TASKFILE)
    workspace.write("paratask.toml", CLAIMS)
    done = workspace.run("-o", "prefixed", "flaky")
    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.splitlines()) == ["[fails] try", "[fails] try", "[fine] fine"]


@pytest.mark.slow
def test_through_a_pipe_the_first_dependency_is_shown_as_it_writes(workspace):
    workspace.taskfile(
        TASKFILE.replace("[says, waits]", "[waits, server]")
        + "  server: 'echo up; until [ -e go ]; do sleep 0.05; done; echo down'\n"
    )
    run = workspace.start("deps")
    assert run.stdout.readline() == "up\n"
    workspace.write("go", "")
    out, err = run.communicate(timeout=60)
    assert (run.returncode, out) == (0, "down\n"), err


@pytest.mark.parametrize("how", ["deps: [x, y, z]", "cmds: [{task: x}, {task: y}, {task: z}]"])
def test_one_at_a_time_by_number_a_call_ends_before_the_next_begins(workspace, how):
    words = "\n".join(f"  {name}: {{cmds: [echo {name}1, echo {name}2, echo {name}3]}}" for name in "xyz")
    workspace.taskfile(f"version: '3'\nsilent: true\ntasks:\n  all: {{{how}}}\n{words}\n")
    workspace.write("paratask.toml", CLAIMS)
    done = workspace.run("-C", "1", "-o", "interleaved", "all")
    assert done.returncode == 0, done.stderr
    shown = [name for name, _ in itertools.groupby(line[0] for line in done.stdout.splitlines())]
    assert sorted(shown) == ["x", "y", "z"]
