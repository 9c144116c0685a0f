"""Streams that are closed when paratask is started, and no /dev/null. They cost the job's success, or took what was meant for a file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

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


@pytest.mark.skipif(sys.platform != "linux", reason="mounts are Linux's")
def test_without_dev_null_a_run_ended_in_a_traceback(workspace):
    """A chroot that nobody gave a /dev."""
    within = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
    empty = "mount -t tmpfs none /dev"
    if shutil.which("unshare") is None or subprocess.run([*within, empty], check=False, capture_output=True).returncode:
        pytest.skip("this machine allows no private mounts")
    asks = "{status: [cat && echo words && test -e nothing], cmds: [cat && echo end]}"
    workspace.taskfile(f"version: '3'\nsilent: true\ntasks: {{all: {{deps: [a, b]}}, a: {asks}, b: {asks}}}\n")
    done = subprocess.run(
        [*within, f'{empty}; exec "$@"', "sh", *workspace.argv("all")], cwd=workspace.root, env=workspace.environ, capture_output=True,
        text=True, check=True, input="",
    )  # fmt: skip
    assert done.stdout == "end\nend\n"
