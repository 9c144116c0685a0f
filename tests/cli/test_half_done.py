"""What was cut short is stale, whatever was kept of the time before: half of what it makes may be there."""

from __future__ import annotations

import os
import shlex
import signal

import pytest

from up_and_gone import await_jobs

TASKFILE = """\
version: '3'
tasks:
  built:
    sources: [in]
    generates: [out]
    cmds: [echo half > out, 'test ! -p ready || { echo up > ready; sleep 1000; }', echo whole > out]
  calls: {sources: [in], cmds: [task: built]}
  late: {cmds: [{task: built, timeout: 100ms}]}
  beside: {failfast: true, deps: [built, fails]}
  fails: read line < ready; exit 1
  lint: [task: refuses, task: reads]
  refuses: ruff check .
  reads: {sources: ['*.py'], cmds: [flake8 below]}
"""


@pytest.fixture
def was_built(workspace):
    """Built once; from now on it takes long."""
    workspace.taskfile(TASKFILE)
    workspace.write("in", "")
    assert workspace.run("calls").returncode == 0
    assert "is up to date" in workspace.run("built").stderr
    os.mkfifo(workspace.root / "ready")
    workspace.ready = os.open(workspace.root / "ready", os.O_RDWR)
    yield workspace
    os.close(workspace.ready)


def is_built_again(workspace, task):
    (workspace.root / "ready").unlink()
    done = workspace.run(task)
    return done.returncode == 0 and "is up to date" not in done.stderr and (workspace.root / "out").read_text() == "whole\n"


@pytest.mark.parametrize(("task", "is_forced"), [("built", True), ("built", False), ("calls", True)])
def test_what_a_signal_cut_short_was_up_to_date(was_built, task, is_forced):
    if not is_forced:
        (was_built.root / "out").unlink()
    process = was_built.start(task, *["--force"] * is_forced)
    await_jobs(was_built, 1)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 201
    assert (was_built.root / "out").read_text() == "half\n"
    assert is_built_again(was_built, task)


@pytest.mark.parametrize("is_forced", [True, False])
def test_what_was_killed_was_up_to_date(was_built, is_forced):
    if not is_forced:
        (was_built.root / "out").unlink()
    process = was_built.start("built", *["--force"] * is_forced)
    await_jobs(was_built, 1)
    process.kill()
    process.communicate()
    assert (was_built.root / "out").read_text() == "half\n"
    assert is_built_again(was_built, "built")


def test_what_an_inner_run_makes_was_half_done_when_the_outer_one_was_gone_on_with(workspace):
    workspace.taskfile("""\
        version: '3'
        tasks:
          outer: sh ./inner
          built:
            sources: [in]
            generates: [out]
            cmds: [echo half > out, 'test ! -p ready || { echo up > ready; sleep 1000; }', echo whole > out]
        """)
    workspace.write("inner", f"{shlex.join(workspace.argv('built'))}\n")
    workspace.write("in", "")
    assert workspace.run("outer").returncode == 0
    (workspace.root / "out").unlink()
    os.mkfifo(workspace.root / "ready")
    process = workspace.start("outer")
    assert (workspace.root / "ready").read_text() == "up\n"
    process.kill()
    process.communicate()
    (workspace.root / "ready").unlink()
    assert workspace.run("--resume").returncode == 0
    assert (workspace.root / "out").read_text() == "whole\n"


def test_what_a_failure_should_have_kept_from_being_made_made_its_caller_up_to_date(workspace):
    workspace.taskfile("""\
        version: '3'
        tasks:
          all: {status: [test -f out], cmds: [task: lint, task: copy]}
          lint: ruff check .
          copy: cp in out
        """)
    workspace.write("in", "")
    workspace.program("ruff", "#!/bin/sh\ncat go\nexit 3\n")
    workspace.environ["PARATASK_JOBS"] = "2"
    os.mkfifo(workspace.root / "go")
    process = workspace.start("all")
    (workspace.root / "go").write_text("")
    process.communicate(timeout=20)
    assert process.returncode == 201
    assert not (workspace.root / "out").exists()
    (workspace.root / "go").unlink()
    assert workspace.run("all").returncode == 201


def test_what_was_forced_is_as_fresh_as_it_was(was_built):
    """And so is what it makes while it does."""
    (was_built.root / "ready").unlink()
    kept = (was_built.root / ".task/checksum/built").read_bytes()
    assert was_built.run("--force", "built").returncode == 0
    assert (was_built.root / ".task/checksum/built").read_bytes() == kept
    assert "is up to date" in was_built.run("built").stderr


@pytest.mark.parametrize(("task", "exit_code"), [("late", 208), ("beside", 201)])
def test_what_was_stopped_for_its_time_or_for_another_was_up_to_date(was_built, task, exit_code):
    assert was_built.run("--force", task).returncode == exit_code
    assert is_built_again(was_built, "built")


def test_what_only_reads_and_was_stopped_is_as_fresh_as_it_was(workspace):
    workspace.taskfile(TASKFILE)
    workspace.program("flake8", "#!/bin/sh\ntest -p go || exit 0\necho up > ready\nsleep 1000\n")
    workspace.program("ruff", "#!/bin/sh\ncat go\nexit 3\n")
    workspace.write("a.py", "")
    workspace.environ["PARATASK_JOBS"] = "2"
    assert workspace.run("reads").returncode == 0
    for name in ("go", "ready"):
        os.mkfifo(workspace.root / name)
    workspace.ready = os.open(workspace.root / "ready", os.O_RDWR)
    process = workspace.start("lint", "--force")
    await_jobs(workspace, 1)
    (workspace.root / "go").write_text("")
    _, stderr = process.communicate(timeout=20)
    os.close(workspace.ready)
    assert process.returncode == 201
    assert "failed: `refuses`; 1 stopped" in stderr
    assert workspace.run("--status", "reads").returncode == 0
