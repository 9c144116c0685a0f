"""Runs inside runs: a command that calls paratask in the same project. What looks back means the outermost one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys

import pytest

TASKS = """
version: '3'
silent: true
tasks:
  all: {cmds: [{task: good}, {task: script}, {task: last}]}
  good: echo good >> ran
  script: sh ./inner.sh
  inner: {cmds: [{task: deep}, {task: good}]}
  deep: "sh -c 'paratask deepest; true'"
  deepest: echo deepest
  last: test -e ok
"""


@pytest.fixture
def nested(workspace):
    """A workspace in which a run of `all` failed, whose script had run `inner`, and that `deepest`."""
    workspace.taskfile(TASKS)
    workspace.write("inner.sh", "timeout 100 paratask inner\n")
    assert workspace.run("all").returncode == 201
    return workspace


def runs(workspace) -> dict[str, dict]:
    """By their tasks, in the order in which they are shown."""
    return {run["calls"][0]: run for run in json.loads(workspace.run("--runs", "--json").stdout)["runs"]}


@pytest.mark.slow
def test_going_on_without_an_id_took_the_run_inside_the_one_that_failed(nested):
    (nested.root / "ok").touch()
    run = runs(nested)["all"]["run"]
    again = nested.run("--resume")
    assert again.stderr.startswith(f"paratask: going on with run {run} of `all`, which failed\n")
    assert again.returncode == 0


@pytest.mark.slow
def test_looking_back_means_the_outermost_run_first(nested):
    shown = runs(nested)
    assert [(name, run["depth"]) for name, run in shown.items()] == [("all", 0), ("inner", 1), ("deepest", 2)]
    ids = {name: run["run"] for name, run in shown.items()}
    assert [run["within"] for run in shown.values()] == ["", ids["all"], ids["inner"]]
    rows = nested.run("--runs").stdout.splitlines()[1:]
    indents = {row.split()[0]: len(row) - len(row.lstrip()) for row in rows}
    assert indents == {ids["all"]: 0, ids["inner"]: 2, ids["deepest"]: 4}
    assert nested.run("--logs").stdout.startswith("==> script, succeeded\ndeepest\n")
    silent = f"paratask: `last` failed in run {ids['all']} and wrote nothing: exited with 1\n"
    assert nested.run("--logs", "--failed").stderr == silent
    assert nested.run("--why", "good").stdout.startswith(f"good in run {ids['all']}: succeeded, ")
    assert nested.run("--why", "deep").stdout.startswith(f"deep in run {ids['inner']}: succeeded, ")
    assert "within" not in json.loads((nested.root / ".paratask/runs" / ids["all"] / "summary.json").read_text())
    summary = json.loads((nested.root / ".paratask/runs" / ids["inner"] / "summary.json").read_text())
    assert summary["within"] == ids["all"]


@pytest.mark.slow
def test_what_runs_inside_others_is_no_further_run_in_the_totals(nested):
    document = json.loads(nested.run("--stats", "--json").stdout)
    assert document["runs"] == 1
    assert document["seconds"] == pytest.approx(runs(nested)["all"]["seconds"], abs=0.01)
    assert {"script", "deep", "deepest"} <= {task["task"] for task in document["tasks"]}


@pytest.mark.slow
def test_a_later_run_of_its_own_comes_before_both(nested):
    nested.run("deepest")
    order = [(run["calls"], run["depth"]) for run in json.loads(nested.run("--runs", "--json").stdout)["runs"]]
    assert order == [(["deepest"], 0), (["all"], 0), (["inner"], 1), (["deepest"], 2)]
    first = json.loads(nested.run("--runs", "--json").stdout)["runs"][0]
    assert nested.run("--why", "deepest").stdout.startswith(f"deepest in run {first['run']}: ")


def test_a_run_beside_another_is_not_inside_it(workspace):
    workspace.taskfile("version: '3'\nsilent: true\ntasks: {waits: 'echo up > up; read x < go', other: echo}\n")
    for name in ("up", "go"):
        os.mkfifo(workspace.root / name)
    process = workspace.start("waits")
    assert (workspace.root / "up").read_text() == "up\n"
    workspace.run("other")
    (workspace.root / "go").write_text("go\n")
    process.communicate()
    assert [(name, run["depth"], run["within"]) for name, run in runs(workspace).items()] == [
        ("other", 0, ""),
        ("waits", 0, ""),
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="containers are Linux's")
@pytest.mark.slow
def test_in_a_container_whose_program_it_was_a_run_was_not_told_from_those_inside_it(workspace):
    """The first process of a container has the id 1, and was nobody's ancestor."""
    within = ["unshare", "--map-root-user", "--pid", "--fork", "--mount-proc"]
    if shutil.which("unshare") is None or subprocess.run([*within, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine allows no private process ids")
    workspace.taskfile(TASKS)
    subprocess.run(
        [*within, *workspace.argv("deep")], cwd=workspace.root, env=workspace.environ, check=True, capture_output=True
    )
    assert [(name, run["depth"]) for name, run in runs(workspace).items()] == [("deep", 0), ("deepest", 1)]


@pytest.mark.slow
def test_a_run_that_goes_on_is_not_removed_by_those_inside_it(workspace):
    """Each of them removes all but the newest, and the outer one was the oldest: its logs were gone before it had ended."""
    workspace.write("paratask.toml", "keep_runs = 2\n")
    workspace.taskfile("""
version: '3'
silent: true
tasks:
  all: {cmds: [{task: before}, {task: script}]}
  before: echo before
  script: for i in 1 2 3; do sh -c 'paratask inner'; done
  inner: echo inner
""")
    assert workspace.run("all").returncode == 0
    assert workspace.run("--logs", "before").stdout == "before\n"


@pytest.mark.slow
def test_a_run_inside_a_watch_is_inside_the_one_that_goes_on(workspace):
    workspace.taskfile("""
version: '3'
silent: true
tasks:
  slow: echo up > up; read x < go; sh -c 'paratask inner'; echo up > up
  quick: echo
  inner: echo inner
""")
    for name in ("up", "go"):
        os.mkfifo(workspace.root / name)
    process = workspace.start("--watch", "slow", "quick")
    assert (workspace.root / "up").read_text() == "up\n"
    while '"quick" finished' not in process.stderr.readline():
        pass
    (workspace.root / "go").write_text("go\n")
    assert (workspace.root / "up").read_text() == "up\n"
    process.terminate()
    process.communicate()
    shown = runs(workspace)
    assert shown["inner"]["within"] == shown["slow"]["run"]
