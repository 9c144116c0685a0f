"""Declared retries and timeouts of tasks, with real processes. See "Retries" in docs/reference.md."""

from __future__ import annotations

import json
import signal
import time

import pytest

TASKFILE = """\
version: '3'
tasks:
  flaky:
    deps: [dep]
    cmds:
      - defer: echo "deferred, EXIT_CODE={{.EXIT_CODE}}"
      - 'echo run >> flaky.log; echo "run $(wc -l < flaky.log)"; test $(wc -l < flaky.log) -ge {{.PASSES | default 2}}'
  dep: echo dep >> dep.log
  caller: [echo step >> caller.log, {task: inner}]
  inner: {run: once, cmds: ['echo run >> inner.log; test $(wc -l < inner.log) -ge 2']}
  ignored: {ignore_error: true, cmds: ['echo run >> ignored.log; false', echo after]}
  slow: {cmds: [{defer: 'echo EXIT_CODE={{.EXIT_CODE}}'}, 'echo run >> slow.log', sleep 60]}
  slow-ignored: {ignore_error: true, cmds: [sleep 60]}
  broken: ['{{fail "no"}}']
  push: git push
  both: {deps: [fails, waits]}
  fails: ./fails.sh
  waits: echo run >> waits.log; touch waited; false
  mystery: mystery --now
  set: [{task: second}, {task: waits}]
  second: ['echo begun', ./fails.sh]
  set-at-once: [{task: fails-late}, {task: again}]
  fails-late: until [ -e again.log ]; do sleep 0.01; done; exit 3
  again: echo run >> again.log; false
"""

SETTINGS = """\
[resources]
turn = 1
[tasks.flaky]
retry = 2
local = true
[tasks.caller]
retry = 1
local = true
[tasks.ignored]
retry = 2
local = true
[tasks."slow*"]
timeout = "200ms"
[tasks.slow]
retry = 1
local = true
timeout = "500ms"
[tasks.broken]
retry = 2
local = true
[tasks.push]
retry = 2
[tasks.waits]
retry = { count = 1, wait = "1h" }
local = true
writes = ["wait*"]
uses = { turn = 1 }
[tasks.second]
writes = ["second"]
uses = { turn = 1 }
local = true
[tasks.fails-late]
writes = ["late"]
local = true
[tasks.again]
writes = ["again.log"]
retry = 2
local = true
[tasks.mystery]
retry = 2
"""


@pytest.fixture
def repo(workspace):
    workspace.taskfile(TASKFILE)
    workspace.write("paratask.toml", SETTINGS)
    workspace.write(
        "fails.sh", "#!/bin/bash\nuntil grep -qs Retried .paratask/runs/*/journal.jsonl; do sleep 0.01; done\nexit 3\n"
    ).chmod(0o755)
    return workspace


def jobs_of(workspace):
    return {job["id"]: job for job in json.loads((workspace.latest_run() / "summary.json").read_text())["jobs"]}


def lines_of(workspace, name):
    return (workspace.root / name).read_text().splitlines()


def test_what_fails_at_first_passes_at_the_second_attempt(repo):
    done = repo.run("flaky")
    run = repo.latest_run()
    assert done.returncode == 0
    assert done.stdout == "run 1\ndeferred, EXIT_CODE=1\nrun 2\ndeferred, EXIT_CODE=\n"
    said = [line for line in done.stderr.splitlines() if line.startswith("paratask: ")]
    assert said[0] == "paratask: `flaky` exited with 1; attempt 2 of 3"
    assert said[1].endswith(f" s; 1 passed at the second attempt; logs in .paratask/runs/{run.name}")
    assert len(said) == 2
    assert lines_of(repo, "dep.log") == ["dep"]
    assert (run / "flaky.first-attempt.log").read_text() == "run 1\ndeferred, EXIT_CODE=1\n"
    assert (run / "flaky.log").read_text() == "run 2\ndeferred, EXIT_CODE=\n"
    job = jobs_of(repo)["flaky"]
    assert (job["attempts"], job["state"], job["exit_code"]) == (2, "succeeded", 0)


def test_what_fails_at_every_attempt_is_the_failure(repo):
    done = repo.run("-x", "flaky", "PASSES=9")
    assert done.returncode == 1
    assert done.stdout.count("run ") == 3
    assert "error: `flaky` failed: " in done.stderr
    assert "paratask: `flaky` exited with 1; attempt 3 of 3\n" in done.stderr
    assert sorted(path.name for path in repo.latest_run().glob("flaky*")) == [
        "flaky.first-attempt.log", "flaky.log", "flaky.second-attempt.log",
    ]  # fmt: skip
    assert (jobs_of(repo)["flaky"]["attempts"], jobs_of(repo)["flaky"]["exit_code"]) == (3, 1)
    stats = json.loads(repo.run("--stats", "--json", "flaky").stdout)
    assert stats["tasks"][0]["success"] == {"attempts": 3, "passed": 0}


def test_a_caller_runs_all_its_steps_again_also_what_runs_once(repo):
    done = repo.run("caller")
    assert done.returncode == 0, done.stderr
    assert "paratask: `caller` failed, as `inner` exited with 1; attempt 2 of 2\n" in done.stderr
    assert (lines_of(repo, "caller.log"), lines_of(repo, "inner.log")) == (["step"] * 2, ["run"] * 2)
    assert {name: job["state"] for name, job in jobs_of(repo).items()} == {
        "caller": "succeeded", "inner": "failed", "inner.2": "succeeded",
    }  # fmt: skip


def test_what_is_passed_over_has_not_failed(repo):
    done = repo.run("ignored")
    assert (done.returncode, done.stdout, lines_of(repo, "ignored.log")) == (0, "after\n", ["run"])


@pytest.mark.slow
def test_each_attempt_has_the_whole_timeout(repo):
    done = repo.run("-x", "slow")
    assert (done.returncode, done.stdout) == (124, "EXIT_CODE=124\n" * 2)
    assert "paratask: `slow` took longer than 0.5 s; attempt 2 of 2\n" in done.stderr
    assert "error: `slow` failed: command timeout exceeded (0.5s)\n  at paratask.toml:14:1\n" in done.stderr
    assert lines_of(repo, "slow.log") == ["run", "run"]


def test_timeout_of_a_task_that_ignores_errors_is_passed_over(repo):
    assert repo.run("slow-ignored").returncode == 0


def test_a_mistake_in_the_taskfile_is_not_tried_again(repo):
    done = repo.run("broken")
    assert done.returncode == 1
    assert "attempt" not in done.stderr


def test_what_reaches_outside_is_not_run_again_and_says_why(repo):
    repo.program("git", "#!/bin/sh\necho pushed >> pushed\nexit 9\n")
    done = repo.run("push")
    assert done.returncode == 201
    assert lines_of(repo, "pushed") == ["pushed"]
    assert (
        "paratask: `push` is not run again: its effects may not stay in this checkout (`git push` reaches beyond this checkout); "
        "`local = true` in its table says that they do\n"
    ) in done.stderr


def test_what_is_not_understood_needs_to_be_declared_local(repo):
    repo.program("mystery", "#!/bin/sh\nexit 3\n")
    done = repo.run("mystery")
    assert "paratask: `mystery` is not run again: its effects may not stay in this checkout (" in done.stderr
    repo.write("paratask.toml", "[tasks.mystery]\nretry = 2\nlocal = true\n")
    assert "paratask: `mystery` exited with 3; attempt 3 of 3\n" in repo.run("mystery").stderr


def test_retry_beside_effects_outside_is_refused(repo):
    repo.write("paratask.toml", "[tasks.push]\nretry = 2\nlocal = false\n")
    done = repo.run("push")
    assert done.returncode == 102
    assert "`retry` is for what stays in this checkout, and `local = false` says that it does not" in done.stderr
    assert "paratask.toml:2" in done.stderr


def test_dry_runs_and_silent_runs_say_nothing_of_it(repo):
    assert "attempt" not in repo.run("--dry", "flaky").stderr
    done = repo.run("-s", "flaky")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_failfast_ends_a_wait_for_the_next_attempt(repo):
    done = repo.run("--failfast", "both", timeout=30)
    assert done.returncode == 201
    assert "paratask: `waits` exited with 1; attempt 2 of 2, in 1 h\n" in done.stderr
    assert lines_of(repo, "waits.log") == ["run"]


@pytest.mark.slow
def test_a_failure_above_waited_for_the_next_attempt_of_one_below(repo):
    repo.environ["PARATASK_JOBS"] = "2"
    done = repo.run("set", timeout=30)
    assert done.returncode == 201
    assert "error: `second` failed: `./fails.sh` exited with 3" in done.stderr
    assert lines_of(repo, "waits.log") == ["run"]


@pytest.mark.slow
def test_what_had_failed_below_a_failure_was_tried_again(repo):
    repo.environ["PARATASK_JOBS"] = "2"
    done = repo.run("set-at-once", timeout=30)
    assert done.returncode == 201
    assert "error: `fails-late` failed" in done.stderr
    assert lines_of(repo, "again.log") == ["run"]


@pytest.mark.slow
def test_an_interrupt_ends_a_wait_for_the_next_attempt(repo):
    process = repo.start("waits")
    for line in process.stderr:
        if "attempt 2 of 2" in line:
            break
    process.send_signal(signal.SIGINT)
    began = time.monotonic()
    process.communicate(timeout=30)
    assert time.monotonic() - began < 20
    assert lines_of(repo, "waits.log") == ["run"]
    assert jobs_of(repo)["waits"]["state"] == "cancelled"
    assert jobs_of(repo)["waits"]["attempts"] == 1
    assert "second attempt: not made: the one before exited with 1" in repo.run("--why", "waits").stdout


@pytest.mark.slow
def test_jobs_that_wait_for_their_turn_do_not_use_up_their_timeout(repo):
    repo.taskfile("version: '3'\ntasks:\n  all: {deps: [a, b, c, d]}\n" + "".join(f"  {n}: sleep 0.4\n" for n in "abcd"))
    repo.write("paratask.toml", "".join(f'[tasks.{name}]\ntimeout = "1500ms"\n' for name in "abcd"))
    done = repo.run("--jobs", "1", "all")
    assert done.returncode == 0, done.stderr
