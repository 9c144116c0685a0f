"""`parallelize = "commands"`: neighbouring commands of a task side by side, and everything else as before."""

from __future__ import annotations

import json
import re
import subprocess

import pytest

LINTER = """\
#!/bin/bash
# Where MEET is set, it ends only when the other has begun.
echo "{name} $*"
here=$(dirname "$0")
touch "$here/begun-{name}"
if [ -n "$MEET" ]; then
  for _ in $(seq 600); do [ -e "$here/begun-{other}" ] && break; sleep 0.05; done
  [ -e "$here/begun-{other}" ] || exit 9
fi
[ "$1" = fail ] && [ -z "$MENDED" ] && exit 3
echo "{name} end"
"""
TASKFILE = """\
version: '3'
vars: {WHERE: src}
tasks:
  lint:
    desc: all linters
    vars: {STRICT: --strict}
    cmds:
      - ruff check {{.WHERE}} {{.MORE}}
      - mypy {{.STRICT}} src {{.TASK}}
      - defer: echo done {{.TASK}}
  outer:
    cmds:
      - task: lint
        vars: {MORE: more}
        silent: true
  unknown: [gadget a, gadget b]
  bad: [ruff check src, mypy fail src]
  once: {sources: ['src/*.py'], cmds: [ruff check src, mypy src]}
"""


@pytest.fixture
def linters(workspace):
    for name, other in (("ruff", "mypy"), ("mypy", "ruff")):
        workspace.program(name, LINTER.format(name=name, other=other))
    workspace.program("gadget", "#!/bin/sh\necho gadget $1\n")
    workspace.write("pyproject.toml", '[project]\nname = "x"\n')
    workspace.write("src/a.py", "A = 1\n")
    workspace.write("paratask.toml", 'parallelize = "commands"\n')
    workspace.taskfile(TASKFILE)
    return workspace


def jobs(workspace) -> dict[str, str]:
    told = json.loads((workspace.latest_run() / "summary.json").read_text())
    return {job["task"]: job["state"] for job in told["jobs"]}


def without_our_lines(text: str) -> str:
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith("paratask: "))


def test_commands_run_side_by_side_each_with_a_log(linters):
    done = linters.run("lint", env={"MEET": "1"})
    assert done.returncode == 0, done.stderr
    assert done.stdout == "ruff check src\nruff end\nmypy --strict src lint\nmypy end\ndone lint\n"
    assert jobs(linters) == dict.fromkeys(("lint", "lint#ruff-check", "lint#mypy-src"), "succeeded")
    assert (linters.latest_run() / "lint-mypy-src.log").read_text() == "mypy --strict src lint\nmypy end\n"


@pytest.mark.parametrize(
    "call", [("lint",), ("outer",), ("unknown",), ("lint", "MORE=given"), ("--dry", "lint"), ("--output", "group", "lint")]
)
def test_output_and_exit_code_are_those_of_task(linters, real_task, call):
    ours = linters.run(*call)
    theirs = subprocess.run(
        [real_task, *call], cwd=linters.root, env=linters.environ, capture_output=True, text=True, check=False
    )
    assert (ours.returncode, ours.stdout) == (theirs.returncode, theirs.stdout)
    assert without_our_lines(ours.stderr) == theirs.stderr


def test_what_cannot_run_side_by_side_is_not_split(linters):
    assert linters.run("unknown").returncode == 0
    assert jobs(linters) == {"unknown": "succeeded"}
    assert linters.run("--sequential", "lint").returncode == 0
    assert jobs(linters) == {"lint": "succeeded"}


def test_one_that_fails_runs_again_alone_and_gives_the_exit_code(linters):
    done = linters.run("bad")
    assert done.returncode == 201
    assert "`mypy fail src` exited with 3" in done.stderr
    assert jobs(linters) == {"bad": "failed", "bad#ruff-check": "succeeded", "bad#mypy-fail": "failed"}
    assert linters.run("-x", "bad").returncode == 3


def test_what_succeeded_is_not_run_again_when_a_run_is_resumed(linters):
    assert linters.run("bad").returncode == 201
    again = linters.run("--resume", env={"MENDED": "1"})
    assert (again.returncode, again.stdout) == (0, "mypy fail src\nmypy end\n"), again.stderr
    assert jobs(linters) == {"bad": "succeeded", "bad#ruff-check": "fresh", "bad#mypy-fail": "succeeded"}


def test_what_is_fresh_stays_so_as_a_whole(linters):
    assert linters.run("once").returncode == 0
    again = linters.run("once")
    assert (again.returncode, again.stdout) == (0, "")
    assert 'task: Task "once" is up to date' in again.stderr
    assert jobs(linters) == {"once": "fresh"}


def test_lists_and_summaries_show_the_task_as_written(linters, real_task):
    for asked in (("--list-all",), ("--summary", "lint"), ("--list-all", "--json")):
        theirs = subprocess.run(
            [real_task, *asked], cwd=linters.root, env=linters.environ, capture_output=True, text=True, check=False
        )
        assert linters.run(*asked).stdout == theirs.stdout
    assert linters.run("lint#ruff-check").returncode == 200


def test_the_plan_names_the_command_of_each_part(linters):
    plan = linters.run("--plan", "lint").stdout
    assert "parallel set of 2" in plan
    assert re.search(r"lint#mypy-src\n.*read from `mypy \{\{.STRICT\}\} src \{\{.TASK\}\}`", plan)


def test_what_is_drawn_or_read_for_the_whole_is_the_same_for_all_parts(linters):
    linters.write("own.env", "SAID=before\n")
    linters.taskfile("""\
version: '3'
tasks:
  default:
    vars: {ID: '{{uuid}}'}
    dotenv: [own.env]
    cmds:
      - echo {{.ID}} $SAID
      - echo SAID=after > own.env
      - echo {{.ID}} $SAID
      - ruff check src
      - mypy src
""")
    done = linters.run(env={"MEET": "1"})
    assert done.returncode == 0, done.stderr
    first, second, *_ = done.stdout.splitlines()
    assert first == second
    assert first.endswith(" before")


def test_a_loop_over_sources_goes_over_them(linters):
    linters.write("src/b.py", "B = 1\n")
    linters.taskfile("""\
version: '3'
tasks:
  default:
    sources: ['src/*.py']
    cmds: [ruff check src, mypy src, {for: sources, cmd: 'cat {{.ITEM}}'}]
""")
    done = linters.run(env={"MEET": "1"})
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("mypy end\nA = 1\nB = 1\n")
