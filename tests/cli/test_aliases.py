"""Tasks that are called by an alias: their jobs, and all that is kept and learned of them, have the task's own name."""

from __future__ import annotations

import json
import re

import pytest

TASKS = """
version: '3'
silent: true
includes: {web: {taskfile: web.yml, aliases: [w]}}
tasks:
  all: {aliases: [a], deps: [b], cmds: [{task: 'b'}, {task: 'w:page'}, {task: w}, {task: start-it}, {task: s-it}]}
  bar: {aliases: [b], cmds: ['echo {{.ALIAS}} is {{.TASK}}']}
  start-*: {aliases: ['s-*'], cmds: ['echo {{.ALIAS}} is {{.TASK}}']}
  bad: {aliases: [x], cmds: [exit 3]}
  calls: {cmds: [{task: x}]}
  first: {aliases: [same]}
  second: {aliases: [same]}
"""
WEB = "{version: '3', tasks: {page: 'echo {{.ALIAS}} is {{.TASK}}', default: 'true'}}"
NAMES = ["all", "bar", "bar", "web:page", "web:default", "start-it", "s-it"]
STEPS = """
version: '3'
silent: true
tasks:
  all: {aliases: [a], cmds: [{task: m}, {task: l}]}
  make: {aliases: [m], cmds: [cp src out; echo made >> ran]}
  last: {aliases: [l], cmds: [test -e ok]}
"""
STEPS_SETTINGS = '[tasks]\nmake = { local = true, reads = ["src"], writes = ["out"] }\n'
GATED = """
version: '3'
silent: true
tasks:
  one: cat src; echo one >> ran
  verify: {aliases: [v], cmds: [echo verify >> ran]}
  last: exit 1
"""
GATED_SETTINGS = """
[pipelines.p]
stages = [{ name = "s", tasks = ["one"], gate = "v" }, { name = "t", tasks = ["last"] }]
[tasks]
one = { local = true, reads = ["src"] }
verify = { local = true, reads = ["nothing"] }
"""


@pytest.fixture
def project(workspace):
    workspace.taskfile(TASKS)
    workspace.write("web.yml", WEB)
    return workspace


@pytest.fixture
def stopped(workspace):
    """A workspace in which a run of `a` failed at its last task."""
    workspace.taskfile(STEPS)
    workspace.write("paratask.toml", STEPS_SETTINGS)
    workspace.write("src", "1")
    assert workspace.run("--sequential", "a").returncode == 201
    return workspace


def summary(workspace) -> dict[str, object]:
    return json.loads((workspace.latest_run() / "summary.json").read_text())


def named(document) -> list[str]:
    return [job["task"] for job in document["jobs"]]


def call_by_aliases_in_records(workspace, names: dict[str, str]) -> None:
    """As if the last run had been recorded when jobs were named as they were called."""
    for file in ("summary.json", "journal.jsonl"):
        path = workspace.latest_run() / file
        text = path.read_text()
        for name, alias in names.items():
            for key in ("id", "job", "task", "parent"):
                text = text.replace(f'"{key}":"{name}"', f'"{key}":"{alias}"')
        path.write_text(text)


def test_jobs_that_were_called_by_an_alias_had_its_name(project):
    done = project.run("a")
    assert (done.returncode, done.stdout.splitlines()[:2]) == (0, ["b is bar", "b is bar"]), "what the task sees stays"
    assert sorted(named(summary(project))) == sorted(NAMES)
    assert summary(project)["calls"] == ["a"], "as it was typed"
    assert {job["id"] for job in summary(project)["jobs"]} >= {"bar", "bar.2", "web-page"}
    assert (project.latest_run() / "web-page.log").read_text() == "w:page is web:page\n"
    plan = json.loads(project.run("--plan", "--json", "a").stdout)
    assert sorted(named(plan)) == sorted(NAMES), "as the run"
    assert "`b`" not in json.dumps(plan)
    assert "`b`" not in (project.latest_run() / "summary.json").read_text()


def test_what_is_missing_or_stands_for_several_keeps_its_name(project):
    project.taskfile(TASKS + "  calls-more: {cmds: [{task: same}]}\n  calls-none: {cmds: [{task: none}]}\n")
    for top, name, code in (("calls-more", "same", 203), ("calls-none", "none", 200)):
        assert project.run(top).returncode == code
        assert named(summary(project)) == [top, name]


def test_a_failure_is_told_of_the_task(project):
    failed = project.run("calls")
    assert failed.returncode == 201
    assert failed.stderr.startswith("error: `bad` failed: `exit 3` exited with 3 after ")
    assert "  called by `calls` → `bad`\n" in failed.stderr
    assert "; failed: `bad`; " in failed.stderr
    assert "task: Failed to run" not in failed.stderr
    said = project.run("--verbose", "calls").stderr
    assert 'task: "x" started\n' in said
    assert 'task: "x" failed: exit status 3\ntask: "calls" failed: task: Failed to run task "bad": exit status 3\n' in said


def test_what_takes_too_long_is_told_of_the_task(project):
    project.taskfile(TASKS + "  slow: {aliases: [sl], cmds: [sleep 60]}\n  timed: {cmds: [{task: sl, timeout: 100ms}]}\n")
    assert "error: `timed` failed: `slow`: command timeout exceeded (0.1s)\n" in project.run("timed").stderr
    assert next(job["state_reason"] for job in summary(project)["jobs"]) == "`slow` timed out after 0.1 s"


@pytest.mark.parametrize("name", ["bar", "b"])
def test_who_looks_back_finds_it_by_both_names(project, name):
    project.run("b")
    assert project.run("--why", name).stdout.startswith("bar in run ")
    assert project.run("--logs", name).stdout == "b is bar\n"
    assert [task["task"] for task in json.loads(project.run("--stats", "--json", name).stdout)["tasks"]] == ["bar"]
    (run,) = json.loads(project.run("--runs", "--json", name).stdout)["runs"]
    assert run["calls"] == ["b"]
    assert project.run("--why", "same").stderr == "paratask: no run with a job of `same` is kept\n"
    assert "no run of `same` is known" in project.run("--stats", "same").stdout


@pytest.mark.parametrize(
    ("name", "kept"),
    [("start-*", "s-it"), ("s-*", "s-it"), ("start-it", "s-it"), ("s-it", "s-it"), ("start-other", ""), ("s-*x", "")],
)
def test_who_looks_back_finds_a_pattern_by_its_own_name_and_by_all_that_fits_it_alike(project, name, kept):
    project.run("s-it")
    assert project.run("--why", name).stdout.split(" in run ")[0] == kept
    assert project.run("--logs", name).stdout == ("s-it is start-*\n" if kept else "")
    stats = json.loads(project.run("--stats", "--json", name).stdout)
    assert [task["task"] for task in stats["tasks"]] == [kept][: len(kept)]
    assert len(json.loads(project.run("--runs", "--json", name).stdout)["runs"]) == bool(kept)


LABELLED = """
version: '3'
silent: true
tasks:
  all: [task: one, task: two, {task: each, vars: {V: a}}, {task: each, vars: {V: b}}, task: rest-x]
  one: {label: The first, cmds: [echo one]}
  two: {label: '{{if true}}second{{end}}', cmds: [echo two]}
  each: {label: 'each of {{.V}}', cmds: ['echo {{.V}}']}
  rest-*: {label: 'rest: {{index .MATCH 0}}', cmds: [echo rest]}
  each of it: echo its own
"""


@pytest.mark.parametrize(
    ("label", "log"),
    [
        ("The first", "one\n"),
        ("rest: x", "rest\n"),
        ("each of a", "a\n"),
        ("each of b", "b\n"),
        ("each.2 (each of b)", "b\n"),
        ("each of it", ""),
        ("second", "two\n"),
        ("first", ""),
    ],
)
def test_who_looks_back_finds_a_job_by_what_it_is_shown_as(workspace, label, log):
    """Nothing was found under the name that stands before the commands: `task: [each of a] …`."""
    workspace.taskfile(LABELLED)
    workspace.run("--sequential", "all")
    logs, why = workspace.run("--logs", label), workspace.run("--why", label)
    assert logs.stdout == log
    assert why.stdout.count(f"  label: {re.sub(r'.* [(]|[)]$', '', label)}\n") == why.stdout.count(" in run ") == bool(log)
    assert logs.stderr == why.stderr == ("" if log else f"paratask: no run with a job of `{label}` is kept\n")


def test_which_of_several_jobs_had_a_label_is_not_known_where_it_was_not_kept(workspace):
    """In records of older versions, and of jobs that have not ended."""
    workspace.taskfile(LABELLED)
    workspace.run("--sequential", "all")
    (path,) = (workspace.root / ".paratask/runs").glob("*/summary.json")
    path.write_text(re.sub('"label":"each of .",', "", path.read_text()))
    logs = workspace.run("--logs", "each of a")
    assert logs.stdout == "==> each, succeeded\na\n==> each.2, succeeded\nb\n"
    assert (
        logs.stderr
        == "paratask: `each of a` may be the label of each of these jobs of `each`: which of them had it is not kept\n"
    )


def test_a_task_that_any_name_fits_hides_no_label(workspace):
    workspace.taskfile(f"{LABELLED}  '*': echo any\n")
    workspace.run("--sequential", "all")
    assert workspace.run("--logs", "The first").stdout == "one\n"
    assert workspace.run("--logs", "nothing").stderr == "paratask: no run with a job of `nothing` is kept\n"


def test_what_was_recorded_under_an_alias_is_still_found_and_gone_on_with(stopped):
    call_by_aliases_in_records(stopped, {"all": "a", "make": "m", "last": "l"})
    assert stopped.run("--why", "m").stdout.startswith("m in run ")
    assert [task["task"] for task in json.loads(stopped.run("--stats", "--json", "m").stdout)["tasks"]] == ["m"]
    stopped.write("ok", "")
    assert stopped.run("--resume").returncode == 0
    assert (stopped.root / "ran").read_text() == "made\n", "it was finished"
    assert stopped.run("--why", "m").stdout.startswith("make in run "), "the newest of both names"


def test_going_on_with_calls_by_aliases(stopped):
    stopped.write("ok", "")
    stopped.taskfile(STEPS.replace("{task: m}", "{task: make}"))
    assert stopped.run("--resume").returncode == 0
    assert (stopped.root / "ran").read_text() == "made\n", "the same task, by another of its names"
    assert {job["id"]: job["state"] for job in summary(stopped)["jobs"]} == {
        "all": "succeeded", "make": "fresh", "last": "succeeded",
    }  # fmt: skip


def test_a_taskfile_without_the_task_hides_none_of_its_jobs(stopped):
    stopped.taskfile("version: '3'\ntasks: {l: 'true'}\n")
    (stopped.root / "paratask.toml").unlink()
    assert stopped.run("--why", "last").returncode == 0
    assert stopped.run("--why", "m").stderr == "paratask: no run with a job of `m` is kept\n"


def test_a_gate_by_its_alias_is_the_gate_of_its_stage(workspace):
    workspace.taskfile(GATED)
    workspace.write("paratask.toml", GATED_SETTINGS)
    workspace.write("src", "1")
    for args, source, gate_state, ran in (
        (["p"], "1", "succeeded", ["one", "verify"]),
        (["--resume"], "1", "fresh", []),
        (["--resume"], "2", "succeeded", ["one", "verify"]),
    ):
        workspace.write("ran", "")
        if source not in (workspace.root / "src").read_text():
            workspace.write("src", source)
        assert workspace.run(*args).returncode == 201
        stage, _ = summary(workspace)["stages"]
        assert (stage["gate"], stage["gate_job"], stage["gate_state"]) == ("verify", "verify", gate_state)
        assert set(named(summary(workspace))) == {"p", "p:s", "one", "verify", "p:t", "last"}
        assert (workspace.root / "ran").read_text().split() == ran, "it is asked when anything of its stage ran"


def test_those_that_alone_may_run_side_by_side_are_named_by_aliases_too(workspace):
    workspace.taskfile("""
    version: '3'
    tasks:
      all: [task: first, task: second, task: third]
      first: {aliases: [f], cmds: [cat a]}
      second: {aliases: [s], cmds: [cat b]}
      third: {aliases: [t], cmds: [cat c]}
    """)
    plan = json.loads(workspace.run("--plan", "all", "--only-parallel", "f,second", "--json").stdout)
    reasons = {job["task"]: job["reason"] for job in plan["jobs"]}
    assert reasons["second"] == "touches nothing that `first` touches (inferred)"
    assert reasons["third"].endswith("`third` is not among those that may run side by side")
    unknown = workspace.run("--plan", "all", "--only-parallel", "x")
    assert unknown.stderr.startswith("error: --only-parallel names `x`, which is no task\n")
