"""Streams that are closed when paratask is started. They cost the job's success, or took what was meant for a file."""

from __future__ import annotations

import os
import subprocess

import pytest

TASKFILE = """\
version: '3'
tasks:
  good: /bin/echo good; /bin/echo words >&2; touch made
  bad: {cmds: [{task: good}, exit 3]}
  both: {deps: [good, other]}
  other: cat; readlink /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 > streams
  direct: {interactive: true, cmds: ['readlink /proc/self/fd/0 /proc/self/fd/1 /proc/self/fd/2 > streams']}
"""


def run_closed(workspace, closed: str, *command: str) -> subprocess.CompletedProcess[str]:
    """Through a shell, that closes what is to be closed; with an empty stdin."""
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {closed}', "sh", *command],
        cwd=workspace.root,
        env=workspace.environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("args", [("good",), ("-x", "bad"), ("both",), ("-x", "nothing"), ("--list-all",), ("--dry", "bad")])
def test_a_run_with_closed_streams_ends_as_with_task(workspace, real_task, closed, args):
    workspace.taskfile(TASKFILE)
    ours = run_closed(workspace, closed, *workspace.argv(*args))
    made = (workspace.root / "made").exists()
    (workspace.root / "made").unlink(missing_ok=True)
    theirs = run_closed(workspace, closed, real_task, *args)
    assert (ours.returncode, ours.stdout, made) == (theirs.returncode, theirs.stdout, (workspace.root / "made").exists())


@pytest.mark.skipif(not os.path.exists("/proc/self/fd"), reason="needs /proc")
def test_no_file_takes_the_place_of_a_closed_stream(workspace):
    workspace.taskfile(TASKFILE)
    done = run_closed(workspace, "<&- >&- 2>&-", *workspace.argv("direct"))
    assert done.returncode == 0
    assert (workspace.root / "streams").read_text().split() == ["/dev/null", f"{workspace.root}/streams", "/dev/null"]
