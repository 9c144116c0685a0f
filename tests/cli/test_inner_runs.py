"""`task -d api check` in a command: a run of another process, whose claims are those of what it runs."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.slow

ROOT = """\
version: '3'
tasks:
  all: {{cmds: [{{task: left}}, {{task: right}}]}}
  left: {left}
  right: {right}
  make: touch made
  use: cat made
"""
API = """\
version: '3'
tasks:
  default: touch default
  make: {sources: [x], generates: [out], cmds: [touch out]}
  named: touch {{.NAME}}-{{.CLI_ARGS}}
  again: task again
  ask: {prompt: 'sure?', cmds: [touch asked]}
  led: {env: {PYTHONPATH: ../web}, cmds: [mypy .]}
"""


@pytest.fixture
def plan(workspace):
    """Says of two commands whether they would run side by side, and what the left one writes and why it is outside."""

    def planned(left: object, right: object = "touch elsewhere", **files: str) -> tuple[bool, set[str], str]:
        workspace.taskfile(ROOT.format(left=json.dumps(left), right=json.dumps(right)))
        for folder in ("api", "web"):
            workspace.write(f"{folder}/Taskfile.yml", API)
        for path, text in files.items():
            workspace.write(path, text)
        done = workspace.run("--plan", "--json", "all")
        assert done.returncode == 0, done.stderr
        jobs = {job["id"]: job for job in json.loads(done.stdout)["jobs"]}
        job = jobs["left"]
        written = {claim["pattern"] for claim in job["claims"] if claim["access"] == "write"}
        return job["together_with"] == ["right"], written, "" if job["effect"] == "local" else job["reason"]

    return planned


@pytest.mark.parametrize(
    ("left", "written"),
    [
        ("task -d api make", {"api/out"}),
        ("paratask -d api make", {"api/out"}),
        ("cd api && task make", {"api/out"}),
        ("task --taskfile api/Taskfile.yml make", {"api/out"}),
        ("task --silent -d api", {"api/default"}),
        ("task -d api make default", {"api/out", "api/default"}),
        ("task -d api named NAME=x -- y", {"api/x-y"}),
        ("NAME=z task -d api named -- y", {"api/z-y"}),
        ("export NAME=z; task -d api named -- y", {"api/z-y"}),
        ("echo a; task make", {"made"}),
        ({"env": {"NAME": "e"}, "cmds": ["task -d api named -- y"]}, {"api/e-y"}),
        ({"dir": "web", "cmds": ["task make"]}, {"web/out"}),
        ({"cmds": ["bash -c 'cd web && task make'"]}, {"web/out"}),
    ],
)
def test_a_run_that_a_command_starts_claims_what_it_runs(plan, left, written):
    assert plan(left) == (True, written, "")


@pytest.mark.parametrize(
    "left",
    [
        "task -d api again",
        "task -d api ask",
        "task -d api missing",
        "task -d api $TASKS",
        "task -d $FOLDER make",
        "task -d api named NAME=$(date)",
        "task --watch -d api make",
        "task --force-all -d api make",
        "task -g make",
        "task -d .. make",
        "task -d nowhere make",
        "PATH=$HOME/bin:$PATH task -d api make",
        "TASK_X_ENV_PRECEDENCE=1 task -d api make",
        "NAME=$(date) task -d api named",
        "env -i task -d api make",
        {"dotenv": ["may-come.env"], "cmds": ["task -d api make"]},
        {"vars": {"X": {"sh": "task -d api make"}}, "cmds": ["echo a"]},
    ],
)
def test_a_run_of_which_something_is_not_known_runs_alone(plan, left):
    together, written, _ = plan(left)
    assert (together, "**" in written) == (False, True)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("task -d api make", "rm -rf api/out"),
        ("task -d api make", "task -d api make"),
        ("task -d api make", "touch api/x"),
        ("task -d api make", "cp x api/Taskfile.yml"),
        ("task -d api make", "cp x api/Taskfile.dist.yaml"),
        ("echo a; task make", "task use && echo b"),
        ("task -d api led", "touch web/x.py"),
        ("env -u PYTHONPATH task -d api led", "touch web/x.py"),
        ("unset PYTHONPATH; task -d api led", "touch web/x.py"),
    ],
)
def test_what_meets_in_a_run_that_a_command_starts_stays_in_order(plan, left, right):
    assert not plan(left, right)[0]


def test_other_projects_keep_their_own_fingerprints(plan):
    assert plan("task -d api make", "task -d web make")[0]


@pytest.mark.parametrize(
    ("files", "together"),
    [
        ({"pyproject.toml": "[tool.poetry]\n"}, True),
        ({"pyproject.toml": '[tool.taskipy.tasks]\nmake = "rm -rf /"\n'}, False),
        ({"api/Taskfile.yml": "version: '3'\nvars: {V: {sh: frobnicate}}\ntasks: {make: echo a}\n"}, False),
        ({"api/Taskfile.yml": "version: '3'\nvars: {V: {sh: frobnicate}}\ndotenv: ['{{.V}}']\ntasks: {make: echo a}\n"}, False),
        ({"api/Taskfile.yml": "version: '3'\nvars: {V: {sh: echo b}}\ntasks: {make: echo a}\n"}, True),
        ({"api/Taskfile.yml": "version: '3'\nvars: {A: b, V: {sh: 'echo {{.A}}'}}\ntasks: {make: echo a}\n"}, True),
        ({"api/Taskfile.yml": "version: '3'\ndotenv: [.env]\ntasks: {make: echo a}\n"}, False),
        ({"api/Taskfile.yml": "version: '3'\ndotenv: [.env]\ntasks: {make: echo a}\n", "api/.env": "A=b\n"}, True),
        ({"api/Taskfile.yml": "version: '3'\nincludes: {a: https://example.com/t.yml}\ntasks: {make: echo a}\n"}, False),
        ({"api/.taskrc.yml": "experiments: {ENV_PRECEDENCE: 1}\n"}, False),
        ({"api/paratask.toml": "[tasks.make]\nwrites = ['y']\n"}, False),
        ({"paratask.toml": "[tasks.make]\nparallel = false\n"}, True),
    ],
)
def test_what_else_there_is_in_the_other_project_counts(plan, files, together):
    assert plan("task -d api make", **files)[0] is together


def test_rules_of_paratask_toml_hold_for_tasks_that_a_command_starts(plan):
    assert plan("echo a; task make", **{"paratask.toml": "[tasks.make]\nparallel = false\n"})[0] is False


def test_a_variable_that_is_not_known_matters_where_the_other_project_names_it(plan):
    assert plan("NAME=$(date) task -d api make", **{"api/Taskfile.yml": "version: '3'\ntasks: {make: touch out}\n"})[0]


def test_runs_that_commands_start_run_beside_each_other(workspace):
    workspace.taskfile(ROOT.format(left="paratask -d api make", right="paratask -d web make"))
    for folder in ("api", "web"):
        workspace.write(f"{folder}/Taskfile.yml", API)
        workspace.write(f"{folder}/x", "")
    done = workspace.run("all")
    assert done.returncode == 0, done.stderr
    assert (workspace.root / "api/out").exists()
    assert (workspace.root / "web/out").exists()


@pytest.mark.parametrize(
    ("flags", "lines"),
    [
        (("-t", "outer.yml"), ["started x", "after"]),
        (("-d", ".", "-t", "api/Taskfile.yml"), ["started x", "after"]),
        (("-t", "api/Taskfile.yml"), ["outer", "after"]),
        (("-d", "api"), ["outer", "after"]),
    ],
)
def test_a_taskfile_that_task_does_not_find_was_where_task_in_its_commands_looked(workspace, flags, lines):
    """Its own task ran, in place of the one that the Taskfile in that folder has."""
    workspace.program("task", '#!/bin/sh\necho "started $@"\n')
    text = "version: '3'\nsilent: true\ntasks:\n  a: [task x, echo after]\n  x: echo outer\n"
    workspace.taskfile("version: '3'\ntasks: {x: echo inner}\n")
    workspace.write("outer.yml", text)
    workspace.write("api/Taskfile.yml", text)
    assert workspace.run(*flags, "a").stdout.splitlines() == lines
