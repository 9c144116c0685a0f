"""--resume: what a run that failed or was killed had finished does not run again; all else does."""

from __future__ import annotations

import json
import os
import signal

import pytest

from resuming import play

REPLAYED = os.environ.get("PARATASK_SEED", "")
SEEDS = [int(REPLAYED)] if REPLAYED else list(range(int(os.environ.get("PARATASK_ROUNDS", "4"))))
TASKS = """
version: '3'
silent: true
tasks:
  all: {cmds: [{task: a}, {task: b}, {task: mixed}, {task: outside}, {task: last}]}
  a: cat in/a > out.a; echo a >> ran
  b: cat in/b > out.b; echo b >> ran
  mixed: {deps: [c], cmds: ['cat out.c > out.mixed; echo mixed >> ran']}
  c: cat in/c > out.c; echo c >> ran
  outside: $TRUE; echo outside >> ran
  last: test -e ok; echo last{{.X}} >> ran
"""
SETTINGS = """
[tasks]
a = { local = true, reads = ["in/a"], writes = ["out.a"] }
b = { local = true, reads = ["in/b"], writes = ["out.b"] }
c = { local = true, reads = ["in/c"], writes = ["out.c"] }
mixed = { local = true, reads = ["out.c"], writes = ["out.mixed"] }
"""
NOT_AGAIN = "paratask: `outside` had succeeded, and may have effects outside this checkout: not run again; `paratask --resume --yes` does\n"


@pytest.fixture
def failed(workspace):
    """A workspace in which a run of `all` failed at its last task."""
    workspace.environ["TRUE"] = "true"
    workspace.taskfile(TASKS.replace("{{.X}}", ""))
    workspace.write("paratask.toml", SETTINGS)
    for name in "abc":
        workspace.write(f"in/{name}", f"{name}\n")
    assert workspace.run("--sequential", "all").returncode == 201
    assert ran(workspace) == ["a", "b", "c", "mixed", "outside"]
    return workspace


def ran(workspace) -> list[str]:
    """Since the last look."""
    file = workspace.root / "ran"
    words = file.read_text().split() if file.exists() else []
    file.unlink(missing_ok=True)
    return words


def test_what_was_finished_does_not_run_again(failed):
    for _ in range(2):
        again = failed.run("--resume")
        assert again.returncode == 201
        assert again.stderr.endswith(NOT_AGAIN)
        assert ran(failed) == []
    (failed.root / "ok").touch()
    first = min(os.listdir(failed.root / ".paratask/runs"))
    assert failed.run("--resume", first).returncode == 0
    assert ran(failed) == ["last"]
    run = failed.latest_run().name
    done = failed.run("--resume")
    assert (done.returncode, done.stderr) == (0, f"paratask: run {run} succeeded; there is nothing to go on with\n")
    assert f"fresh: run {first} finished it, and nothing that it reads changed since" in failed.run("--why", "a").stdout


def test_what_reads_something_new_runs_again_and_so_does_what_reads_that(failed):
    (failed.root / "in/c").write_text("new\n")
    failed.run("--resume")
    assert ran(failed) == ["c", "mixed"]
    assert (failed.root / "out.mixed").read_text() == "new\n"
    (failed.root / "out.b").unlink()
    failed.run("--resume")
    assert ran(failed) == ["b"], "what it wrote was gone"


def test_a_plan_that_changed_is_said(failed):
    failed.taskfile("# another line\n" + TASKS.replace("{{.X}}", "").replace("echo b >>", "echo B >>"))
    again = failed.run("--resume")
    assert ran(failed) == ["B"]
    run = min(os.listdir(failed.root / ".paratask/runs"))
    assert f"paratask: the plan changed since run {run}: `b` ran anew\n" in again.stderr


def test_effects_elsewhere_are_repeated_only_when_asked(failed):
    failed.run("--resume", "--yes")
    assert ran(failed) == ["outside"]


def test_variables_have_to_be_given_again(failed):
    failed.taskfile(TASKS)
    failed.run("all", "X=1")
    ran(failed)
    run = failed.latest_run().name
    asked = failed.run("--resume")
    expected = f"error: run {run} was given X\n  help: `paratask --resume X=…` gives it again\n"
    assert (asked.returncode, asked.stderr) == (1, expected)
    (failed.root / "ok").touch()
    assert failed.run("--resume", "X=1").returncode == 0
    assert ran(failed) == ["last1"]


def test_what_cannot_be_gone_on_with(workspace):
    workspace.taskfile(TASKS)
    assert workspace.run("--resume").stderr == "error: no run is kept\n  help: `paratask TASK` begins one\n"
    expected = "error: there is no run `x`\n  help: `paratask --runs` lists those that are kept\n"
    assert workspace.run("--resume", "x").stderr == expected
    assert workspace.run("--resume", "--watch").stderr == "error: --resume and --watch exclude each other\n"


def test_a_killed_run(workspace):
    workspace.taskfile(
        "version: '3'\nsilent: true\ntasks:\n  all: {cmds: [{task: a}, {task: waits}]}\n"
        "  a: $TRUE; echo a >> ran\n  waits: echo up > up; read x < go; echo waits >> ran\n"
    )
    workspace.environ["TRUE"] = "true"
    for name in ("up", "go"):
        os.mkfifo(workspace.root / name)
    process = workspace.start("--sequential", "all")
    assert (workspace.root / "up").read_text() == "up\n"
    goes_on = workspace.run("--resume").stderr
    assert goes_on.startswith(f"error: run {workspace.latest_run().name} goes on\n")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    process = workspace.start("--resume")
    assert (workspace.root / "up").read_text() == "up\n"
    (workspace.root / "go").write_text("go\n")
    process.communicate()
    assert process.returncode == 0
    assert ran(workspace) == ["a", "waits"]
    results = [run["result"] for run in json.loads(workspace.run("--runs", "--json").stdout)["runs"]]
    assert results == ["succeeded", "killed"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_killed_at_random_moments(seed):
    play(seed)
