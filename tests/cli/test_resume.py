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
    file.write_text("")  # it counts as written by those that add to it, and must not go
    return words


@pytest.mark.slow
def test_what_was_finished_does_not_run_again(failed):
    for _ in range(2):
        run = failed.latest_run().name
        again = failed.run("--resume")
        assert again.returncode == 201
        assert again.stderr.endswith(NOT_AGAIN)
        assert ran(failed) == []
        assert again.stderr.startswith(f"paratask: going on with run {run} of `all`, which failed\n")
    (failed.root / "ok").touch()
    first = min(os.listdir(failed.root / ".paratask/runs"))
    assert failed.run("--resume", first).returncode == 0
    assert ran(failed) == ["last"]
    run = failed.latest_run().name
    done = failed.run("--resume")
    assert (done.returncode, done.stderr) == (0, f"paratask: run {run} succeeded; there is nothing to go on with\n")
    assert f"fresh: run {first} finished it, and nothing that it reads changed since" in failed.run("--why", "a").stdout


@pytest.mark.slow
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


@pytest.mark.slow
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


def test_what_runs_once_is_done_for_all_who_call_it(workspace):
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: {cmds: [{task: a}, {task: b}, {task: last}, {task: d}]}
          a: {deps: [c], cmds: ['echo a >> ran']}
          b: {deps: [c], cmds: ['echo b >> ran']}
          d: {deps: [c], cmds: ['echo d >> ran']}
          c: {run: once, cmds: ['echo c >> ran']}
          last: test -e ok
    """)
    workspace.write("paratask.toml", "".join(f"[tasks.{name}]\nlocal = true\nreads = []\n" for name in "abcd"))
    assert workspace.run("--sequential", "all").returncode == 201
    assert ran(workspace) == ["c", "a", "b"]
    (workspace.root / "ok").touch()
    assert workspace.run("--resume").returncode == 0
    assert ran(workspace) == ["d"]


@pytest.mark.slow
def test_dependencies_in_a_loop_and_deferred_calls_are_found_again(workspace):
    """The last dependency starts first, and a deferred call last; a call whose `if` did not hold is none."""
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: {cmds: [{task: a}, {task: last}]}
          a:
            deps: [{for: [x, y, z], task: item, vars: {I: '{{.ITEM}}'}}]
            cmds:
              - defer: {task: item, vars: {I: 'at {{.TASK}}'}}
              - {task: item, vars: {I: never}, if: 'false'}
              - {task: fails, ignore_error: true}
              - echo a >> ran
          item: 'echo "{{.I}}" >> ran'
          fails: echo fails >> ran; false
          last: 'false'
    """)
    workspace.write("paratask.toml", "".join(f"[tasks.{name}]\nlocal = true\nreads = []\n" for name in ("a", "item", "fails")))
    assert workspace.run("--sequential", "all").returncode == 201
    assert ran(workspace) == ["z", "x", "y", "fails", "a", "at", "a"]
    again = workspace.run("--resume")
    assert ran(workspace) == []
    assert "the plan changed" not in again.stderr


WRITTEN_BELOW = """
version: '3'
silent: true
tasks:
  all: {cmds: [{task: reads}, {task: writes}, {task: last}]}
  reads: cat in/a > out.reads; echo reads >> ran
  writes: cat in/w >> in/a; echo writes >> ran
  last: test -e ok
"""
BELOW = """
[tasks]
reads = { local = true, reads = ["in/a"], writes = ["out.reads"] }
writes = { local = true, reads = ["in/w"], writes = ["in/a"] }
"""


@pytest.mark.slow
def test_what_is_written_below_changes_nothing_for_what_is_above(workspace):
    workspace.taskfile(WRITTEN_BELOW)
    workspace.write("paratask.toml", BELOW)
    workspace.write("in/a", "a\n")
    workspace.write("in/w", "w\n")
    assert workspace.run("--sequential", "all").returncode == 201
    assert ran(workspace) == ["reads", "writes"]
    workspace.run("--sequential", "--resume")
    assert ran(workspace) == []
    assert (workspace.root / "out.reads").read_text() == "a\n"
    workspace.write("in/a", "b\n")
    workspace.run("--sequential", "--resume")
    assert ran(workspace) == ["reads"], "this was somebody else"


@pytest.mark.slow
def test_what_is_above_and_ran_again_is_news_for_what_is_below(workspace):
    """Also if the run that ran it again ended before it came to what is below."""
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: {cmds: [{task: makes}, {task: between}, {task: reads}, {task: last}]}
          makes: cat in > out.makes; echo makes >> ran
          between: echo between >> ran; test ! -e stop
          reads: cat out.makes > out.reads; echo reads >> ran
          last: test -e ok
    """)
    workspace.write(
        "paratask.toml",
        '[tasks]\nmakes = { local = true, reads = ["in"], writes = ["out.makes"] }\n'
        'between = { local = true, reads = ["in"], writes = ["ran"] }\n'
        'reads = { local = true, reads = ["out.makes"], writes = ["out.reads"] }\n',
    )
    workspace.write("in", "a\n")
    assert workspace.run("--sequential", "all").returncode == 201
    assert ran(workspace) == ["makes", "between", "reads"]
    workspace.write("in", "b\n")
    workspace.write("stop", "")
    workspace.run("--sequential", "--resume")
    assert ran(workspace) == ["makes", "between"]
    (workspace.root / "stop").unlink()
    workspace.run("--sequential", "--resume")
    assert ran(workspace) == ["between", "reads"]
    assert (workspace.root / "out.reads").read_text() == "b\n"


def test_an_attempt_that_was_killed_undoes_what_the_one_before_it_finished(workspace):
    """Both attempts call the same; what the second had begun is not what the first had finished."""
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: {cmds: [{task: inner}, {task: stop}]}
          inner: echo inner >> ran; test ! -e held || { echo up > up; read x < go; }; echo whole > out
          stop: touch held; test -e ok
    """)
    workspace.write(
        "paratask.toml",
        '[tasks]\nall = { local = true, retry = { count = 1 } }\ninner = { local = true, reads = [], writes = ["out"] }\n',
    )
    for name in ("up", "go"):
        os.mkfifo(workspace.root / name)
    process = workspace.start("--sequential", "all")
    assert (workspace.root / "up").read_text() == "up\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    (workspace.root / "held").unlink()
    (workspace.root / "ok").touch()
    assert workspace.run("--sequential", "--resume").returncode == 0
    assert ran(workspace) == ["inner"] * 3


def test_what_runs_once_stays_done_in_the_next_attempt_of_its_caller(workspace):
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: {cmds: [{task: inner}, {task: last}]}
          inner: {cmds: [{task: a}, {task: fails}]}
          a: {run: once, cmds: ['echo a >> ran']}
          fails: echo >> tries; test $(wc -l < tries) -gt 1
          last: 'false'
    """)
    workspace.write(
        "paratask.toml", "[tasks]\ninner = { local = true, retry = { count = 1 } }\na = { local = true, reads = [] }\n"
    )
    assert workspace.run("--sequential", "all").returncode == 201
    assert workspace.run("--sequential", "--resume").returncode == 201
    assert ran(workspace) == ["a"]


def test_a_run_of_another_taskfile_is_not_gone_on_with_in_this_one(workspace):
    workspace.taskfile("version: '3'\ntasks: {all: 'false'}\n")
    workspace.write("it's.yml", "version: '3'\nsilent: true\ntasks: {all: 'echo all >> ran; false'}\n")
    assert workspace.run("-t", "it's.yml", "all").returncode == 201
    again = workspace.run("--resume")
    assert again.returncode == 1
    assert again.stderr == (
        f"error: run {workspace.latest_run().name} was of `it's.yml`, and this is `Taskfile.yml`\n"
        "  help: `paratask --taskfile 'it'\"'\"'s.yml' --resume`\n"
    )
    assert workspace.run("-t", "it's.yml", "--resume").returncode == 201
    assert ran(workspace) == ["all", "all"]


def test_what_began_again_when_the_run_was_killed_is_not_done(workspace):
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: {cmds: [{task: a}, {task: last}]}
          a: echo a >> ran; echo part > out; test ! -e held || { echo up > up; read x < go; }; echo whole > out
          last: test -e ok
    """)
    workspace.write("paratask.toml", '[tasks]\na = { local = true, reads = [], writes = ["out"] }\n')
    for name in ("up", "go"):
        os.mkfifo(workspace.root / name)
    assert workspace.run("--sequential", "all").returncode == 201
    (workspace.root / "out").unlink()
    (workspace.root / "held").touch()
    process = workspace.start("--sequential", "--resume")
    assert (workspace.root / "up").read_text() == "up\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    (workspace.root / "held").unlink()
    (workspace.root / "ok").touch()
    assert workspace.run("--sequential", "--resume").returncode == 0
    assert (ran(workspace), (workspace.root / "out").read_text()) == (["a"] * 3, "whole\n")


@pytest.mark.slow
def test_what_copies_a_file_was_never_taken_as_done(workspace):
    """`cp a b` may write `b/a`, and `mv` takes away what was made before: neither has to be there afterwards."""
    tasks = {"copy": "cp in b", "move": "[sort in > sub/part, mv sub/part sub/whole]", "last": "test -e ok"}
    calls = ", ".join(f"{{task: {name}}}" for name in tasks)
    lines = "".join(f"  {name}: {command}\n" for name, command in tasks.items())
    workspace.taskfile(f"version: '3'\nsilent: true\ntasks:\n  all: {{cmds: [{calls}]}}\n{lines}")
    workspace.write("in", "x\n")
    workspace.write("sub/.keep", "")

    def done_before(*gone: str) -> list[str]:
        assert workspace.run("--sequential", "all").returncode == 201
        for name in gone:
            (workspace.root / name).unlink()
        workspace.run("--sequential", "--resume")
        newest = max((workspace.root / ".paratask/runs").iterdir())
        return [job["task"] for job in json.loads((newest / "summary.json").read_text())["jobs"] if job["done_before"]]

    assert done_before() == ["copy", "move"]
    assert done_before("b") == ["move"]
    assert done_before("sub/whole") == ["copy"]
