"""A call that only checks comes first: where it refuses, nothing below it has run."""

from __future__ import annotations

import json

import pytest


@pytest.mark.slow
def test_what_is_below_a_check_ran_beside_it(workspace):
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          setup: [{task: check}, {task: link}, {task: note}]
          check: {preconditions: [{sh: test -f .env, msg: make .env first}], cmds: ['true']}
          link: ln -s target made
          note: echo noted > note.txt
        """)
    done = workspace.run("setup")
    assert (done.returncode, done.stdout) == (201, "")
    assert done.stderr.startswith("task: make .env first\nerror: `check` failed: precondition not met: make .env first\n")
    assert not (workspace.root / "made").is_symlink()
    assert not (workspace.root / "note.txt").exists()
    workspace.write(".env", "")
    assert workspace.run("setup").returncode == 0
    assert (workspace.root / "made").is_symlink()
    assert (workspace.root / "note.txt").exists()


@pytest.mark.slow
def test_what_is_below_a_check_of_what_a_command_says_ran_beside_it(workspace):
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          setup: [{task: check}, {task: link}]
          check: '[ "$(cat VERSION)" = 2 ]'
          link: ln -s target made
        """)
    workspace.write("VERSION", "1")
    assert workspace.run("setup").returncode == 201
    assert not (workspace.root / "made").is_symlink()
    workspace.write("VERSION", "2")
    assert workspace.run("setup").returncode == 0
    assert (workspace.root / "made").is_symlink()


def test_what_is_told_at_the_end_was_told_beside_what_is_above_it(workspace):
    workspace.taskfile("""\
        version: '3'
        tasks:
          setup: [{task: say, vars: {TEXT: begin}}, {task: one}, {task: both}, {task: two}]
          both: [{task: say, vars: {TEXT: one is done}}, {task: say, vars: {TEXT: two begins}}]
          say: echo '{{.TEXT}}'
          one: echo 1 > one.txt
          two: echo 2 > two.txt
        """)
    jobs = json.loads(workspace.run("--plan", "setup", "--json").stdout)["jobs"]
    reasons = [(job["task"], job["reason"]) for job in jobs if job["task"] in ("both", "two")]
    assert reasons == [
        ("both", "`both` only says something"),
        ("two", "touches nothing that `say`, `one`, `both` touch (inferred)"),
    ]
