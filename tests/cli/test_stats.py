"""What runs teach, from one run to the next: --stats, --plan with estimates, the order of starts, --forget-conflicts."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from contextlib import closing

import pytest

from paratask.records.history import History

TWO = """
version: '3'
tasks:
  all:
    cmds: [{task: one}, {task: two}]
  one: cat Taskfile.yml
  two: cat Taskfile.yml
"""
LONG_LAST = """
version: '3'
tasks:
  all: {deps: [a, b, c, d, long, e]}
  a: echo a >> order
  b: echo b >> order
  c: echo c >> order
  d: echo long >> order && ./meet d.here inner.here
  e: echo e >> order
  long: {deps: [inner]}
  inner: echo long >> order && ./meet inner.here d.here
"""
MEET = """#!/bin/sh
touch "$1"
until test -e "$2"; do sleep 0.01; done
"""
RUN = time.strftime("%Y%m%d-000000")  # of today: what is a year older than a run is forgotten
two_cores = pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="commands that meet need two cores")


def teach(workspace, **seconds: float) -> None:
    """As if a run of `all` had taken so long."""
    jobs = [
        {
            "id": name, "task": name, "parent": "", "state": "succeeded", "seconds": took, "command_seconds": took, "cpu_seconds": 0.0,
            "started_at": 1.0,
        }
        for name, took in seconds.items()
    ]  # fmt: skip
    head = {
        "schema": 1,
        "run": RUN,
        "calls": ["all"],
        "started_at": 1.0,
        "ended_at": 9.0,
        "seconds": 8.0,
        "exit_code": 0,
    }
    file = workspace.root / f".paratask/runs/{RUN}/summary.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({**head, "jobs": jobs}, indent=1))


def test_two_runs_and_what_they_taught(workspace):
    workspace.taskfile(TWO)
    for _ in range(2):
        assert workspace.run("all").returncode == 0
    document = json.loads(workspace.run("--stats", "--json").stdout)
    tasks = {task["task"]: task for task in document["tasks"]}
    assert (document["runs"], document["succeeded_runs"], document["apart"]) == (2, 2, [])
    assert {name: task["runs"] for name, task in tasks.items()} == {"one": 2, "two": 2, "all": 2}
    assert tasks["one"]["success"] == {"attempts": 2, "passed": 2}
    assert tasks["one"]["median_seconds"] >= 0
    assert tasks["one"]["peak_memory_bytes"] > 0
    table = workspace.run("--stats", "one", "nope").stdout.splitlines()
    assert [line.split()[0] for line in table[:2]] == ["task", "one"]
    assert table[-3:-1] == ["no run of `nope` is known", ""]
    assert table[-1].startswith("2 runs in ")
    assert table[-1].endswith("; too few to say much")


CLOCK = """
import os, time
real = time.time
time.time = lambda: real() - 3600 * os.path.exists("changed")
"""


def test_a_run_in_which_the_clock_was_set_took_less_than_no_time(workspace):
    """It said `3 jobs in -3598.7 s`, and taught that an hour had been saved."""
    workspace.taskfile("{version: '3', tasks: {all: [task: one, task: two], one: 'echo > changed', two: 'true'}}")
    workspace.write("paratask.toml", '[tasks.one]\nwrites = ["changed"]\n[tasks.two]\nreads = ["x"]\n')
    (workspace.root.parent / "clock").mkdir()
    (workspace.root.parent / "clock/sitecustomize.py").write_text(CLOCK)
    done = workspace.run("all", env={"PYTHONPATH": str(workspace.root.parent / "clock")})
    assert done.returncode == 0, done.stderr
    assert " in -" not in done.stderr
    summary = json.loads((workspace.latest_run() / "summary.json").read_text())
    assert summary["ended_at"] < summary["started_at"]
    for seconds in (summary["seconds"], summary["saved_seconds"], *(job["seconds"] for job in summary["jobs"])):
        assert 0 <= seconds < 60
    (workspace.latest_run() / "summary.json").unlink()
    assert 0 <= json.loads(workspace.run("--runs", "--json").stdout)["runs"][0]["seconds"] < 60


def test_nothing_is_known_before_the_first_run(workspace):
    workspace.taskfile(TWO)
    assert workspace.run("--stats").stdout == "no run is known yet\n"
    assert not (workspace.root / ".paratask/history.sqlite").exists()


def test_plan_shows_estimates_and_what_is_predicted(workspace):
    workspace.taskfile(TWO)
    teach(workspace, one=4.0, two=3.0)
    lines = workspace.run("--plan", "all", "--jobs", "2").stdout.splitlines()
    assert lines[-2] == "critical path: all → one, about 4.0 s"
    cores = json.loads(workspace.run("--plan", "all", "--json").stdout)["predicted_seconds"]
    assert lines[-1] == f"predicted: {cores:.1f} s; at least {cores:.1f} s, one at a time 7.0 s"
    document = json.loads(workspace.run("--plan", "all", "--json", "--sequential").stdout)
    found = {
        key: document[key] for key in ("lower_bound_seconds", "predicted_seconds", "sequential_seconds", "guessed_estimates")
    }
    assert found == {"lower_bound_seconds": 7.0, "predicted_seconds": 7.0, "sequential_seconds": 7.0, "guessed_estimates": 0}
    assert [job["estimate_seconds"] for job in document["jobs"]] == [None, 4.0, 3.0]


def long_ones(workspace) -> None:
    """`d` and `inner` wait for each other."""
    workspace.taskfile(LONG_LAST)
    workspace.write("meet", MEET).chmod(0o755)
    teach(workspace, a=1.0, b=2.0, c=3.0, d=8.0, e=5.0, inner=9.0)


@two_cores
def test_the_longest_ways_start_first(workspace):
    long_ones(workspace)
    done = workspace.run("all", "--jobs", "2")
    order = (workspace.root / "order").read_text().split()
    assert order[:2] == ["long", "long"]
    assert sorted(order[2:]) == ["a", "b", "c", "e"]
    assert "(14.0 s predicted)" in done.stderr
    summary = json.loads((workspace.latest_run() / "summary.json").read_text())
    assert summary["predicted_seconds"] == 14.0


@two_cores
def test_a_long_way_starts_first_however_deep_it_begins(workspace):
    """Below so many calls that the way goes on in a fiber of its own."""
    chain = {f"d{level}": f"deps: [d{level + 1}]" for level in range(50)} | {"d50": "cmds: [echo deep >> order]"}
    short = {f"s{number}": "cmds: [echo short >> order]" for number in range(20)}
    tasks = "".join(f"  {name}: {{{what}}}\n" for name, what in (chain | short).items())
    workspace.taskfile(f"version: '3'\ntasks:\n  all: {{deps: [{', '.join(short)}, d0]}}\n{tasks}")
    teach(workspace, d50=9.0, **dict.fromkeys(short, 1.0))
    assert workspace.run("all", "--jobs", "2").returncode == 0
    assert (workspace.root / "order").read_text().split().index("deep") < 2  # the second may write first


@two_cores
def test_an_order_that_was_asked_for_stands(workspace):
    long_ones(workspace)
    done = workspace.run("all", "--jobs", "2", "--seed", "reversed")
    order = (workspace.root / "order").read_text().split()
    assert sorted(order) == ["a", "b", "c", "e", "long", "long"]
    assert "predicted" not in done.stderr


def test_one_slot_has_no_order_to_win_by(workspace):
    workspace.taskfile(LONG_LAST.replace(" && ./meet d.here inner.here", "").replace(" && ./meet inner.here d.here", ""))
    teach(workspace, a=1.0, b=2.0, c=3.0, d=8.0, e=5.0, inner=9.0)
    done = workspace.run("all", "--jobs", "1")
    assert (workspace.root / "order").read_text().split() == ["e", "a", "b", "c", "long", "long"]
    assert "predicted" not in done.stderr


def test_runs_that_were_over_at_once_are_not_thought_about(workspace):
    workspace.taskfile(TWO)
    for _ in range(2):
        assert workspace.run("all").returncode == 0
    assert not (workspace.root / ".paratask/history.sqlite").exists()
    assert json.loads((workspace.latest_run() / "summary.json").read_text())["predicted_seconds"] is None


def test_a_run_that_goes_is_learned_from_first(workspace):
    workspace.taskfile(TWO)
    workspace.write("paratask.toml", "keep_runs = 1\n")
    for _ in range(3):
        assert workspace.run("one").returncode == 0
    assert len(list((workspace.root / ".paratask/runs").iterdir())) == 1
    assert json.loads(workspace.run("--stats", "--json").stdout)["runs"] == 3


def test_variables_tell_calls_apart(workspace):
    workspace.taskfile(
        "version: '3'\ntasks:\n  all: {cmds: [{task: t, vars: {X: 1}}, {task: t, vars: {X: 2}}]}\n  t: echo {{.X}}\n"
    )
    assert workspace.run("all").returncode == 0
    summary = json.loads((workspace.latest_run() / "summary.json").read_text())
    digests = [job["variables"] for job in summary["jobs"]]
    assert digests[0] == ""
    assert len(set(digests)) == 3


def test_no_digest_is_kept_of_a_secret(workspace):
    workspace.taskfile(
        """
        version: '3'
        vars: {TOKEN: {value: hunter2, secret: true}}
        tasks:
          all: {cmds: [{task: t, vars: {X: '{{.TOKEN}}'}}, {task: t, vars: {X: 2}}]}
          t: "true"
        """
    )
    assert workspace.run("all").returncode == 0
    summary = json.loads((workspace.latest_run() / "summary.json").read_text())
    digests = [bool(job["variables"]) for job in summary["jobs"]]
    assert digests == [False, False, True]


def test_damaged_history_costs_a_warning(workspace):
    workspace.taskfile(TWO)
    workspace.write(".paratask/history.sqlite", "no database at all, and long enough to be told from an empty file" * 10)
    done = workspace.run("all")
    assert done.returncode == 0
    assert done.stderr.splitlines()[0] == (
        "paratask: warning: the history is damaged (file is not a database), and begins anew;"
        " the old one is history.sqlite.damaged beside it"
    )
    assert "warning" not in workspace.run("all").stderr


def test_what_a_locked_history_knows_is_not_nothing(workspace):
    workspace.taskfile(TWO)
    teach(workspace, one=4.0)
    workspace.run("--stats")
    holder = sqlite3.connect(workspace.root / ".paratask/history.sqlite", isolation_level=None)
    holder.execute("begin exclusive")
    try:
        for words in (("--stats",), ("--stats", "--json"), ("--forget-conflicts",)):
            done = workspace.run(*words)
            assert (done.returncode, done.stdout) == (1, "")
            assert done.stderr == (
                "error: the history cannot be read, another program has it locked\n"
                "  help: try again when that program is done; `paratask --doctor` says how to find it\n"
            )
        pruned = workspace.run("--prune", "0")
        assert (pruned.returncode, pruned.stderr.splitlines()[0]) == (
            1, "error: no run is removed: what they teach is to be kept in the history, and another program has it locked",
        )  # fmt: skip
        assert "problem: the history cannot be read: another program has it locked\n" in workspace.run("--doctor").stdout
        done = workspace.run("all")
        assert done.returncode == 0
        (warned,) = [line for line in done.stderr.splitlines() if "warning" in line]
        assert warned.startswith(
            "paratask: warning: the history cannot be read, another program has it locked: this run foresees"
        )
    finally:
        holder.close()
    assert "one" in workspace.run("--stats").stdout


@pytest.mark.parametrize("words", [("--stats",), ("--stats", "--json"), ("--forget-conflicts",), ("--forget-conflicts", "one")])
def test_what_the_history_of_a_later_version_knows_was_nothing(workspace, words):
    """So it was with another user's: no run was known, and no pair remembered."""
    workspace.taskfile(TWO)
    workspace.run("all")
    workspace.run("--stats")
    with closing(sqlite3.connect(workspace.root / ".paratask/history.sqlite")) as connection:
        connection.execute("pragma user_version = 99")
    done = workspace.run(*words)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: the history cannot be read: it was written by a later version of paratask (99)\n"
    assert workspace.run("all").stderr.count("history") == 0, "a run is about its tasks"


@pytest.mark.parametrize("value", [1e308, float("inf"), "x"])
def test_a_history_with_numbers_that_are_none_ended_in_a_traceback(workspace, value):
    workspace.taskfile(TWO)
    workspace.run("all")
    workspace.run("--stats")
    with closing(sqlite3.connect(workspace.root / ".paratask/history.sqlite")) as connection, connection:
        connection.execute("update jobs set attempts = ?, recovery = ?, peak_bytes = ?", [value] * 3)
    for words in (("--stats",), ("--stats", "--json"), ("--plan", "all"), ("all",)):
        done = workspace.run(*words)
        assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr


def test_remembered_pairs_are_shown_and_forgotten(workspace):
    workspace.taskfile(TWO)
    History(str(workspace.root / ".paratask")).remember_conflict("one", ["two"], run="r", at=1.0)
    assert workspace.run("--stats").stdout.splitlines() == [
        "no run is known yet",
        "kept apart: `one` and `two`, which failed beside each other",
        "help: `paratask --forget-conflicts TASK TASK` lets two tasks run side by side again",
    ]
    document = json.loads(workspace.run("--stats", "two", "--json").stdout)
    assert document["apart"] == [{"tasks": ["one", "two"], "at": 1.0}]
    assert "after one" in workspace.run("--plan", "all").stdout
    assert workspace.run("--forget-conflicts", "all", "one").stdout == "no such pair is remembered\n"
    assert workspace.run("--forget-conflicts", "one", "two").stdout == "`one` and `two` may run side by side again\n"
    assert workspace.run("--forget-conflicts").stdout == "no pair is remembered\n"
    assert "parallel set of 2" in workspace.run("--plan", "all").stdout


def test_options_that_do_not_go_together(workspace):
    workspace.taskfile(TWO)
    done = workspace.run("--stats", "--plan")
    assert (done.returncode, done.stderr) == (1, "error: --stats and --plan exclude each other\n")
    done = workspace.run("--stats", "--forget-conflicts")
    assert (done.returncode, done.stderr) == (1, "error: --stats and --forget-conflicts exclude each other\n")


def test_history_of_an_older_version_is_brought_up_to_date(workspace):
    workspace.taskfile(TWO)
    (workspace.root / ".paratask").mkdir()
    connection = sqlite3.connect(workspace.root / ".paratask/history.sqlite")
    connection.executescript(
        "create table durations (task text not null, run text not null, seconds real not null, cpu real not null);"
        "create table conflicts (first text not null, second text not null, run text not null, at real not null,"
        " primary key (first, second));"
        "create table seen (run text primary key);"
        "insert into durations values ('one', '20240101', 2.0, 0.5);"
        "pragma user_version = 1;"
    )
    connection.close()
    assert json.loads(workspace.run("--plan", "one", "--json").stdout)["jobs"][0]["estimate_seconds"] == 2.0
