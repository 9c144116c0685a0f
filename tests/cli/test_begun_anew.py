"""Tests that run below a failure are stopped, so that what failed can run again alone at once; if the run goes on, they begin anew."""

from __future__ import annotations

import os
import signal

import pytest
from tests.cli.test_fallback import jobs_of, recorded, wait_for

TASKFILE = """\
version: '3'
tasks:
  all: [{task: a}, {task: b}]
  reversed: [{task: b}, {task: a}]
  forgiving: [{task: a, ignore_error: true}, {task: b}]
  outer: [{task: inner}, {task: b}]
  inner: [{task: a}]
  with-made: [{task: a}, {task: made}]
  with-kept: [{task: a}, {task: kept}]
  with-finished: [{task: a}, {task: finished}]
  finished: [{task: saves}, {task: kept}]
  saves: {cmd: echo saved, sources: [paratask.toml], generates: []}
  fails-later: [{task: a}, {task: b}, {task: later}]
  later: "[ -e c/fixed ] && echo fixed"
  with-some: [{task: a}, {task: some}]
  some: [{task: b}, {task: makes}, {task: b}]
  with-asked: [{task: a}, {task: b}, {task: asked}]
  asked: {dir: c, preconditions: [sh: pytest], cmd: pytest}
  with-once: [{task: a}, {task: after-once}]
  after-once: [{task: once}, {task: b}]
  once: {run: once, cmd: echo done once}
  with-asking: [{task: a}, {task: asking}]
  asking: {dir: b, cmd: pytest, status: [test -e begun]}
  with-asked-about: [{task: a}, {task: asked-about}]
  asked-about: {status: [test -e c/made], cmds: [{task: makes}, {task: b}]}
  with-made-for: [{task: a}, {task: made-for}]
  made-for: {sources: [Taskfile.yml], generates: [c/made], cmds: [{task: makes}, {task: b}]}
  a: {dir: a, cmd: pytest}
  b: {dir: b, cmd: pytest}
  kept: {dir: b, cmd: pytest, sources: [act]}
  made: {deps: [makes], dir: b, cmd: pytest}
  makes: {dir: c, cmd: echo made >> made}
"""
FAILS_AGAIN = "if [ -e ran ]; then echo failed alone; exit 4; fi; : > ran; cat ../go; exit 3"
PASSES_ALONE = "if [ -e ran ]; then echo passed; : > passed; exit; fi; : > ran; cat ../go; exit 3"
GOES_ON_LATER = "if [ -e ../a/passed ]; then echo tested; exit; fi; echo begun; exec sleep 1000"
"""What `b` does: the first time it would never end."""


@pytest.fixture
def start(workspace):
    """Run a task of which `a` and another are members, and let `a` fail when the other one has begun. `act`: what their tests do."""
    workspace.program("pytest", "#!/bin/sh\n. ./act\n")
    workspace.environ["PARATASK_JOBS"] = "2"
    workspace.taskfile(TASKFILE)
    (workspace.root / "c").mkdir()

    def start(task, *, a, b=GOES_ON_LATER, neighbour="b"):
        for name, act in (("a", a), ("b", b)):
            workspace.write(f"{name}/pyproject.toml", f"[project]\nname = '{name}'\nversion = '1'\n")
            workspace.write(f"{name}/act", f"{act}\n")
        os.mkfifo(workspace.root / "go")
        run = workspace.start(task)
        wait_for(lambda: recorded(workspace, f"{neighbour}.log") == "begun\n" and (workspace.root / "a" / "ran").exists())
        (workspace.root / "go").write_text("")
        return run

    return start


def states(workspace, task):
    return [(job["state"], job["attempts"]) for job in jobs_of(workspace).values() if job["task"] == task]


def test_what_fails_again_alone_has_not_waited_for_tests_below_it(workspace, start):
    run = start("all", a=FAILS_AGAIN)
    stdout, stderr = run.communicate(timeout=30)
    assert (run.returncode, stdout) == (201, "failed alone\n"), stderr
    assert (states(workspace, "a"), states(workspace, "b")) == ([("failed", 2)], [("cancelled", 1)])
    assert "failed: `a`; 1 stopped" in stderr
    assert "cancelled: something before it failed, and ran again alone" in workspace.run("--why", "b").stdout


def test_tests_that_were_stopped_begin_anew_where_the_run_goes_on(workspace, start):
    run = start("all", a=PASSES_ALONE)
    stdout, stderr = run.communicate(timeout=30)
    assert (run.returncode, stdout) == (0, "passed\ntested\n"), stderr
    assert (states(workspace, "a"), states(workspace, "b")) == ([("succeeded", 2)], [("cancelled", 1), ("succeeded", 1)])
    assert "`a` exited with 3 while `b` ran beside it, and passed alone" in stderr
    assert "paratask: 3 jobs in" in stderr
    assert "; 1 stopped and begun anew; logs" in stderr
    told = "begun anew: b was stopped, so that a task that had failed could run again alone"
    assert workspace.run("--why", "b").stdout.count(told) == 1
    assert "`a` and `b` failed beside each other in an earlier run" in workspace.run("--plan", "all").stdout


def test_tests_above_what_failed_come_to_their_end(workspace, start):
    os.mkfifo(workspace.root / "end")
    run = start("reversed", a=FAILS_AGAIN, b="echo begun; cat ../end")
    wait_for(lambda: '"exit_status":3' in recorded(workspace, "journal.jsonl"))
    (workspace.root / "end").write_text("end\n")
    stdout, stderr = run.communicate(timeout=30)
    assert (run.returncode, stdout) == (201, "begun\nend\nfailed alone\n"), stderr
    assert states(workspace, "b") == [("succeeded", 1)]


def test_what_a_stopped_one_depended_on_need_not_be_a_test(workspace, start):
    run = start("with-made", a=PASSES_ALONE, neighbour="made")
    stdout, stderr = run.communicate(timeout=30)
    assert (run.returncode, stdout) == (0, "passed\ntested\n"), stderr
    assert (workspace.root / "c" / "made").read_text() == "made\n" * 2, "dependencies are a part of what begins anew"


def test_one_that_stands_further_out_makes_way_as_well(workspace, start):
    run = start("outer", a=PASSES_ALONE)
    stdout, stderr = run.communicate(timeout=30)
    assert (run.returncode, stdout) == (0, "passed\ntested\n"), stderr


def test_tests_with_sources_that_were_stopped_are_as_fresh_as_before(workspace, start):
    run = start("with-kept", a=PASSES_ALONE, neighbour="kept")
    stdout, stderr = run.communicate(timeout=30)
    assert (run.returncode, stdout) == (0, "passed\ntested\n"), stderr
    assert 'kept" is up to date' in workspace.run("kept").stderr


LETS_GO = "echo begun; until [ -e ../over ]; do sleep 0.01; done"


@pytest.mark.parametrize(
    ("task", "settings", "exit_code"),
    [
        pytest.param("all", "[tasks.b]\nreads = ['b']\nwrites = ['b']\n", 201, id="nobody knows what else a declared one does"),
        pytest.param("all", "on_failure = 'continue'\n", 201, id="the run goes on anyway"),
        pytest.param("forgiving", "", 0, id="the failure is ignored"),
    ],
)  # fmt: skip
def test_whoever_would_run_anyway_or_may_leave_something_half_done_is_let_finish(workspace, start, task, settings, exit_code):
    workspace.write("paratask.toml", settings)
    run = start(task, a=FAILS_AGAIN, b=LETS_GO)
    wait_for(lambda: '"exit_status":3' in recorded(workspace, "journal.jsonl"))
    workspace.write("over", "")
    _, stderr = run.communicate(timeout=30)
    assert run.returncode == exit_code, stderr
    assert states(workspace, "b")[0] == ("succeeded", 1)


@pytest.mark.parametrize(("task", "neighbour"), [("with-asking", "asking"), ("with-asked-about", "b"), ("with-made-for", "b")])
def test_what_was_stopped_half_way_was_up_to_date_by_what_it_had_made(workspace, start, task, neighbour):
    run = start(task, a=FAILS_AGAIN, b=f": > begun; {LETS_GO}", neighbour=neighbour)
    wait_for(lambda: '"exit_status":3' in recorded(workspace, "journal.jsonl"))
    workspace.write("over", "")
    _, stderr = run.communicate(timeout=30)
    assert run.returncode == 201, stderr
    assert states(workspace, neighbour) == [("succeeded", 1)]


def test_ctrl_c_while_tests_wait_to_begin_anew_leaves_nothing(workspace, start):
    run = start("all", a="if [ -e ran ]; then echo alone; exec sleep 1000; fi; : > ran; cat ../go; exit 3")
    wait_for(
        lambda: '"AttemptBegan","job":"a"' in recorded(workspace, "journal.jsonl") and recorded(workspace, "a.log") == "alone\n"
    )
    run.send_signal(signal.SIGINT)
    run.communicate(timeout=30)
    assert run.returncode == 201
    assert (states(workspace, "a")[0][0], states(workspace, "b")) == ("cancelled", [("cancelled", 1)])


def test_what_a_stopped_one_had_finished_by_then_runs_again_though_it_is_fresh(workspace, start):
    """Else its output would be nowhere."""
    run = start("with-finished", a=PASSES_ALONE, neighbour="kept")
    stdout, stderr = run.communicate(timeout=30)
    assert (run.returncode, stdout) == (0, "passed\nsaved\ntested\n"), stderr
    assert [state for state, _ in states(workspace, "saves")] == ["succeeded", "succeeded"]


def test_a_run_that_failed_later_goes_on_behind_what_began_anew(workspace, start):
    run = start("fails-later", a=PASSES_ALONE)
    run.communicate(timeout=30)
    assert run.returncode == 201
    workspace.write("c/fixed", "")
    done = workspace.run("--resume")
    assert (done.returncode, done.stdout) == (0, "fixed\n"), done.stderr


def test_jobs_below_one_that_began_anew_are_not_counted_twice(workspace, start):
    run = start("with-some", a=PASSES_ALONE)
    _, stderr = run.communicate(timeout=30)
    assert "paratask: 6 jobs in" in stderr
    assert "; 1 stopped and begun anew; logs" in stderr


def test_what_was_stopped_before_its_first_command_is_not_counted_as_stopped(workspace, start):
    workspace.environ["PARATASK_JOBS"] = "3"
    workspace.write("c/pyproject.toml", "[project]\nname = 'c'\nversion = '1'\n")
    workspace.write("c/act", f": > begun; {GOES_ON_LATER}\n")
    run = start("with-asked", a=PASSES_ALONE.replace("cat ../go", "cat ../go; until [ -e ../c/begun ]; do sleep 0.01; done"))
    _, stderr = run.communicate(timeout=30)
    assert run.returncode == 0, stderr
    assert len(states(workspace, "asked")) == 2
    assert "; 1 stopped and begun anew; logs" in stderr


@pytest.mark.parametrize("environ", [{}, {"GITHUB_ACTIONS": "true", "NO_COLOR": "1"}], ids=["plain", "folded by a CI service"])
def test_what_ran_once_in_a_stopped_one_is_shown_all_the_same(workspace, start, environ):
    workspace.environ.update(environ)
    run = start("with-once", a=PASSES_ALONE)
    stdout, stderr = run.communicate(timeout=30)
    assert run.returncode == 0, stderr
    shown = [line for line in stdout.splitlines() if not line.startswith(("::", "task:"))]
    assert shown == ["passed", "done once", "tested"]
