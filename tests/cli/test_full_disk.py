"""Where a run's records find no room: output and exit codes are as ever, and one warning says so. See "State on disk" in docs/design.md.

And where its output finds none: that is said, and is a failure; what stderr has no room for is lost.
"""

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
    ids=["long", "both", "grouped", "fails"],
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


def run_full(workspace, *args: str, stream: str = "stdout", **environ: str) -> subprocess.CompletedProcess[str]:
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with open("/dev/full", "wb") as full:
        return subprocess.run(
            workspace.argv(*args),
            cwd=workspace.root,
            env={**workspace.environ, **environ},
            stdin=subprocess.DEVNULL,
            text=True,
            check=False,
            **{**streams, stream: full},
        )


def test_a_full_stdout_is_named(workspace):
    workspace.taskfile(TASKFILE)
    done = run_full(workspace, "long")
    assert done.returncode == 201
    assert done.stderr.startswith("paratask: cannot write to stdout: No space left on device\n")


@pytest.mark.parametrize("task", ["other", "both-short"])
def test_output_that_was_lost_was_no_failure_or_somebody_who_went_away(workspace, task):
    workspace.taskfile(TASKFILE + "  both-short: {deps: [other]}\n")
    done = run_full(workspace, task)
    assert done.returncode == 1
    assert done.stderr.splitlines()[:2] == [
        "paratask: cannot write to stdout: No space left on device",
        "error: some output is lost",
    ]
    assert (workspace.latest_run() / "other.log").read_text() == "other\n"


@pytest.mark.parametrize("buffering", ["", "1"])
@pytest.mark.parametrize("args", [("--version",), ("--help",), ("--list-all",), ("--summary", "other"), ("--plan", "other")])
def test_what_is_asked_for_ended_with_a_traceback_on_a_full_disk(workspace, args, buffering):
    workspace.taskfile(TASKFILE)
    done = run_full(workspace, *args, PYTHONUNBUFFERED=buffering)
    assert (done.returncode, done.stderr) == (1, "paratask: cannot write to stdout: No space left on device\n")


def test_words_that_stderr_has_no_room_for_ended_the_run_before_it_began(workspace, real_task):
    variable = "  variable: {vars: {X: {sh: echo words >&2; echo out}}, cmds: ['echo {{.X}}']}\n"
    workspace.taskfile(TASKFILE.replace("silent: true\n", "") + "  words: echo words >&2; echo out; exit 3\n" + variable)
    cases = (
        (["other"], 0, "other\n"),
        (["-x", "words"], 3, "out\n"),
        (["variable"], 0, "out\n"),
        (["-x", "nothing"], 200, None),
    )
    for args, code, out in cases:
        done = run_full(workspace, *args, stream="stderr")
        assert done.returncode == code
        with open("/dev/full", "wb") as full:
            theirs = subprocess.run(
                [real_task, *args],
                cwd=workspace.root,
                env=workspace.environ,
                stdout=subprocess.PIPE,
                stderr=full,
                text=True,
                check=False,
            )
        assert theirs.returncode == code
        assert done.stdout == theirs.stdout
        assert out is None or done.stdout == out
