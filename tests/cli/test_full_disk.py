"""Where a run's records find no room: output and exit codes are as ever, and one warning says so. See "State on disk" in docs/design.md."""

from __future__ import annotations

import resource
import subprocess

import pytest

TASKFILE = """\
version: '3'
silent: true
tasks:
  long: [head -c 600000 /dev/zero | tr '\\0' x, echo, echo end]
  both: {deps: [long, other]}
  other: echo other
  fails: [head -c 600000 /dev/zero | tr '\\0' x, exit 3]
"""
ROOM = 100_000


def no_file_above_the_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (ROOM, ROOM))


@pytest.mark.parametrize(
    ("arguments", "code", "out"),
    [
        (["long"], 0, "x" * 600_000 + "\nend\n"),
        (["both"], 0, "other\n" + "x" * 600_000 + "\nend\n"),
        (["--output", "group", "long"], 0, "x" * 600_000 + "\nend\n"),
        (["-x", "fails"], 3, "x" * 600_000),
    ],
)
def test_a_log_that_finds_no_room_costs_no_output(workspace, arguments, code, out):
    workspace.taskfile(TASKFILE)
    done = workspace.run(*arguments, preexec_fn=no_file_above_the_room)
    run = workspace.latest_run()
    assert (done.returncode, done.stdout) == (code, out)
    warnings = [line for line in done.stderr.splitlines() if "warning" in line]
    assert warnings == [f"paratask: warning: records are incomplete: File too large: {run}"]
    log = run / ("fails.log" if code else "long.log")
    assert log.read_bytes() == b"x" * ROOM
    assert (run / "summary.json").exists()


def test_a_summary_that_finds_no_room_leaves_no_half_of_it(workspace):
    workspace.taskfile(TASKFILE)
    workspace.run("other")

    def no_file_at_all() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))

    done = workspace.run("other", preexec_fn=no_file_at_all)
    run = workspace.latest_run()
    assert (done.returncode, done.stdout) == (0, "other\n")
    assert done.stderr == f"paratask: warning: records are incomplete: File too large: {run}\n"
    assert sorted(path.name for path in run.iterdir()) == ["journal.jsonl", "other.log"]
    assert workspace.run("--runs").stdout.count("other") == 1, "a journal without a whole line says nothing"


def test_a_full_stdout_is_named(workspace):
    workspace.taskfile(TASKFILE)
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            workspace.argv("long"),
            cwd=workspace.root,
            env=workspace.environ,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 201
    assert done.stderr.startswith("paratask: cannot write to stdout: No space left on device\n")
