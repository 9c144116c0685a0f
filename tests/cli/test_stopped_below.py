"""What is stopped below a failure, as it only reads: it leaves nothing behind, and nobody else misses it. See "When something fails" in
docs/design.md.
"""

from __future__ import annotations

import json
import os

TASKFILE = """\
version: '3'
tasks:
  lint: [{task: refuses}, {task: below}, {task: late}]
  nested: [{task: refuses}, {task: inner}]
  inner: [{task: below}, {task: late}]
  refuses: [hadolint go]
  below: flake8 lasts
  late: [{defer: echo deferred}, flake8 later]

  shares: [{task: checked}, {task: calls}, {task: builds}]
  checked: {preconditions: [hadolint go], cmds: [yamllint base]}
  calls: [{task: shared}]
  builds: [cp base begun, {task: shared}, cp base built]
  shared: {run: when_changed, cmds: [flake8 lasts]}
"""
HADOLINT = """\
#!/bin/sh
# Refuses when the other one has begun.
read go < begun.fifo
exit 3
"""
FLAKE8 = """\
#!/bin/sh
# The first one lasts, until it is stopped; any other is over at once.
if mkdir .flake8-ran 2> /dev/null; then echo > begun.fifo; exec sleep 1000; fi
"""


def start(workspace, task, jobs="2"):
    workspace.taskfile(TASKFILE)
    workspace.program("hadolint", HADOLINT)
    workspace.program("flake8", FLAKE8)
    workspace.write("base", "base")
    os.mkfifo(workspace.root / "begun.fifo")
    workspace.environ["PARATASK_JOBS"] = jobs
    done = workspace.run(task)
    (summary,) = (workspace.root / ".paratask" / "runs").glob("*/summary.json")
    return done, {job["id"]: job for job in json.loads(summary.read_text())["jobs"]}, summary.parent


def never_began(jobs, folder, name):
    """No times, no log: not even of what it deferred."""
    job = jobs[name]
    return (job["state"], job["started_at"], job["beside"], (folder / f"{name}.log").exists()) == ("cancelled", None, [], False)


def test_what_one_that_never_began_had_deferred_was_run(workspace):
    done, jobs, folder = start(workspace, "lint")
    assert done.returncode == 201
    assert "failed: `refuses`; 1 stopped;" in done.stderr
    assert never_began(jobs, folder, "late"), jobs["late"]


def test_what_one_that_never_began_inside_a_stopped_one_had_deferred_was_run(workspace):
    done, jobs, folder = start(workspace, "nested")
    assert done.returncode == 201
    assert jobs["below"]["state"] == "cancelled"
    assert never_began(jobs, folder, "late"), jobs["late"]


def test_who_waited_for_what_was_stopped_failed_of_it_half_way(workspace):
    workspace.write("paratask.toml", '[tasks."*"]\ncost = { cpu = 0.1 }\n')
    workspace.write("base", "base")
    done, jobs, _ = start(workspace, "shares", jobs="4")
    assert done.returncode == 201
    assert jobs["calls"]["state"] == "cancelled"
    assert jobs["builds"]["state"] == "succeeded", jobs["builds"]
    assert (workspace.root / "built").exists()
