"""What neighbours have in common and is up to date keeps them not apart."""

from __future__ import annotations

import json

import pytest

TASKFILE = """\
version: '3'
tasks:
  check: [{task: lint}, {task: types}]
  changing: [{task: lint}, {task: types}, {task: locks}]
  asking: [{task: lint-asking}, {task: types-asking}]
  lint: {deps: [deps], cmds: [eslint src]}
  types: {deps: [deps], cmds: [tsc --noEmit]}
  lint-asking: {deps: [asks], cmds: [eslint src]}
  types-asking: {deps: [asks], cmds: [tsc --noEmit]}
  locks: npm install --package-lock-only
  deps:
    cmds: [npm ci, ./prepare]
    sources: [package.json, package-lock.json]
    generates: [node_modules/.package-lock.json]
  asks:
    cmds: [npm ci]
    sources: [package.json]
    status: ["true"]
"""
MEETS = "#!/bin/sh\ntouch {own}; for i in $(seq 1000); do [ -e {other} ] && exit 0; sleep 0.01; done; exit 1\n"


@pytest.fixture
def installed(workspace):
    """Of which the dependencies are up to date. The two checkers end when both have begun."""
    workspace.taskfile(TASKFILE)
    workspace.write("package.json", '{"name": "n"}')
    workspace.write("package-lock.json", "{}")
    workspace.write("tsconfig.json", "{}")
    workspace.write("src/a.ts", "")
    workspace.write("prepare", '#!/bin/sh\nset -- $(cat unknown 2> /dev/null)\n"$@"\n').chmod(0o755)
    workspace.program("npm", "#!/bin/sh\nmkdir -p node_modules; touch node_modules/.package-lock.json\n")
    workspace.program("eslint", MEETS.format(own="eslint-runs", other="tsc-runs"))
    workspace.program("tsc", MEETS.format(own="tsc-runs", other="eslint-runs"))
    workspace.environ["PARATASK_JOBS"] = "2"
    assert workspace.run("deps", "asks").returncode == 0
    return workspace


def together(workspace, task, *flags):
    """Which of the task's members may run beside which, by the plan."""
    plan = json.loads(workspace.run("--plan", "--json", *flags, task).stdout)
    return {job["task"]: job["together_with"] for job in plan["jobs"] if job["together_with"]}


def test_neighbours_run_side_by_side_whose_dependency_is_up_to_date(installed):
    done = installed.run("check")
    assert done.returncode == 0, done.stderr
    assert "1 parallel set" in done.stderr
    assert together(installed, "check") == {"lint": ["types"], "types": ["lint"]}
    assert (
        "together with types: touches nothing that it touches (inferred); `deps` is up to date\n"
        in installed.run("--plan", "check").stdout
    )


def test_they_wait_where_it_is_not(installed):
    installed.write("package.json", '{"name": "other"}')
    assert together(installed, "check") == {}


def test_they_wait_where_it_runs_all_the_same(installed):
    assert together(installed, "check", "--force") == {}


def test_they_wait_where_one_of_them_may_change_that(installed):
    assert together(installed, "changing") == {}


def test_what_a_command_has_to_say_is_not_known_before(installed):
    assert together(installed, "asking") == {}


def test_what_is_declared_is_believed(installed):
    installed.write("paratask.toml", '[tasks.deps]\nwrites = ["node_modules"]\n')
    assert together(installed, "check") == {}


SHARING = """\
version: '3'
tasks:
  check: [{{task: one}}, {{task: between}}, {{task: other}}]
  one: {{deps: [{{task: made, vars: {{OF: web}}}}], cmds: [cat out > one.txt]}}
  other: {{deps: [{{task: made, vars: {{OF: web}}}}], cmds: [cat out > other.txt]}}
  between: {between}
  sibling: {{label: made, sources: [other-in], cmds: [cat other-in > sibling.txt]}}
  prepares: cp in other-in
  made: {{sources: [in], generates: [out], cmds: [cp in out]{more}}}
"""


@pytest.mark.parametrize(
    ("between", "more", "is_kept_apart"),
    [
        ("touch elsewhere", "", False),
        ("touch elsewhere", ", label: 'of-{{.OF}}'", False),
        ("rm -rf .task", "", True),
        ("rm .task/checksum/made", "", True),
        ("{deps: [{task: made, vars: {OF: api}}]}", ", sources: ['{{.OF}}.in'], generates: ['{{.OF}}.out']", True),
        ("[task: sibling]", "", True),
        ("touch elsewhere", ", vars: {L: {sh: echo checksum}}, label: 'a-{{.L}}'", True),
        ("touch elsewhere", ", vars: {L: {sh: echo checksum}}, method: '{{.L}}'", True),
        ("touch elsewhere", ", vars: {L: {sh: echo prepares}}, deps: [{for: {var: L}, task: '{{.ITEM}}'}]", True),
        ("echo in > .gitignore", ", use_gitignore: true", True),
        ("touch elsewhere", ", use_gitignore: true", False),
    ],
    ids=[
        "nothing", "label", "all fingerprints", "its fingerprint", "other variables", "label of another", "unknown label", "unknown method",
        "unknown dependencies", "what git ignores", "nothing ignored",
    ],
)  # fmt: skip
def test_what_was_up_to_date_ran_beside_others_when_its_turn_came(workspace, between, more, is_kept_apart):
    taskfile = SHARING.format(between=between, more=more)
    if "{{.OF}}.in" in more:
        taskfile = taskfile.replace(
            "{sources: [in], generates: [out], cmds: [cp in out], ", "{cmds: ['cp {{.OF}}.in {{.OF}}.out'], "
        )
    for name in ("in", "other-in", "web.in", "api.in"):
        workspace.write(name, name)
    for text in (SHARING.format(between="", more=""), taskfile):
        workspace.taskfile(text)
        assert workspace.run("made", "OF=web").returncode == 0
    assert ("other" in together(workspace, "check").get("one", [])) is not is_kept_apart


def test_who_took_fingerprints_away_ran_beside_a_task_that_was_taken_for_up_to_date(workspace):
    workspace.taskfile("""\
        version: '3'
        tasks:
          anew: [{task: clean}, {task: made}]
          clean: [cat in, rm -rf .task]
          made: {sources: [in], cmds: [touch out]}
        """)
    workspace.write("in", "")
    assert workspace.run("made").returncode == 0
    assert together(workspace, "anew") == {}
    (workspace.root / "out").unlink()
    assert workspace.run("anew").returncode == 0
    assert (workspace.root / "out").exists()
