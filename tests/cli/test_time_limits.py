"""Limits of time in sets: what is slow only because of its neighbours, or waits for what one at a time would be done, is not late."""

from __future__ import annotations

import json

import pytest

# `slow` takes for ever as long as it has company, and ends at once without; `other` ends when `slow` has begun and been ended.
TASKFILE = """\
version: '3'
tasks:
  step: [{task: other}, {task: slow, timeout: 1s}]
  below: [{task: other}, {task: calls}]
  calls: [{task: slow, timeout: 1s}]
  whole: [{task: other}, {task: limited}]
  limited: [{task: slow}]
  before: [{task: other}, {task: needs, timeout: 1s}]
  needs:
    deps: [slow]
    cmds: [echo needs]
  always: [{task: other}, {task: calls-endless}]
  calls-endless:
    - defer: echo over {{.EXIT_CODE}}
    - {task: endless, timeout: 1s}
  other: until [ -e begun ] && ! kill -0 "$(cat begun)"; do sleep 0.01; done 2> /dev/null
  slow: if [ -e begun ]; then echo in time; else echo $$ > new; mv new begun; echo too late; exec sleep 600; fi
  endless: if [ -e begun ]; then sleep 600; else echo $$ > new; mv new begun; exec sleep 600; fi
"""

CLAIMS = """\
[tasks.other]
reads = ["a"]
local = true
[tasks.slow]
writes = ["b"]
local = true
[tasks.endless]
writes = ["b"]
local = true
[tasks.limited]
timeout = "1s"
"""

pytestmark = pytest.mark.slow


@pytest.fixture
def limited(workspace):
    workspace.taskfile(TASKFILE)
    workspace.write("paratask.toml", CLAIMS)
    workspace.environ["PARATASK_JOBS"] = "2"
    return workspace


def jobs_of(workspace):
    return {job["id"]: job for job in json.loads((workspace.latest_run() / "summary.json").read_text())["jobs"]}


@pytest.mark.parametrize(("task", "job"), [("step", "slow"), ("below", "slow"), ("whole", "limited"), ("before", "needs")])
def test_a_call_that_is_late_beside_others_has_its_time_once_more_alone(limited, task, job):
    done = limited.run(task)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ("in time\nneeds\n" if job == "needs" else "in time\n")
    assert f"paratask: `{job}` exited with 124 while `other` ran beside it, and passed alone: fell back" in done.stderr
    assert (jobs_of(limited)[job]["state"], jobs_of(limited)[job]["attempts"]) == ("succeeded", 2)


def test_a_call_that_is_late_alone_as_well_fails_and_its_caller_has_no_further_go(limited):
    done = limited.run("always")
    assert (done.returncode, done.stdout) == (208, "over 124\n")
    assert "error: `calls-endless` failed: `endless`: command timeout exceeded (1s)\n" in done.stderr
    assert "paratask: `endless` exited with 124 while `other` ran beside it, and failed again alone" in done.stderr
    assert {job: it["attempts"] for job, it in jobs_of(limited).items()} == {
        "always": 1, "other": 1, "calls-endless": 1, "endless": 2,
    }  # fmt: skip


def test_to_wait_for_an_earlier_call_of_a_task_that_runs_once_takes_none_of_a_calls_time(workspace):
    """One at a time that call has ended, and the limited one finds what it came to."""
    workspace.taskfile(
        "version: '3'\ntasks:\n  default: [{task: a}, {task: b}]\n  once: {run: once, cmds: [sleep 1.2, echo once]}\n"
        "  a: [{task: once}, echo a]\n  b: [{task: once, timeout: 500ms}, echo b]\n"
    )
    done = workspace.run()
    assert (done.returncode, done.stdout) == (0, "once\na\nb\n"), done.stderr


def test_a_later_calls_limit_does_not_end_what_an_earlier_call_waits_for(workspace):
    """`b` begins `once`, and has too little time for it; one at a time `a` would have run it, with no limit at all."""
    workspace.taskfile(
        "version: '3'\ntasks:\n  default: [{task: a}, {task: b}]\n  once: {run: once, cmds: [echo begins > begun, sleep 1.2, echo once]}\n"
        "  a: ['until [ -e begun ]; do sleep 0.01; done', {task: once}, echo a]\n  b: [{task: once, timeout: 500ms}, echo b]\n"
    )
    workspace.write("paratask.toml", "[tasks.a]\nreads = ['x']\nlocal = true\n[tasks.b]\nreads = ['x']\nlocal = true\n")
    workspace.environ["PARATASK_JOBS"] = "2"
    done = workspace.run()
    assert (done.returncode, done.stdout) == (0, "once\na\nb\n"), done.stderr


def test_who_waits_for_what_a_late_call_had_begun_does_not_fail_where_that_call_has_another_go(limited):
    text = TASKFILE.replace(
        "  slow: ", "  three: [{task: other}, {task: calls}, {task: last}]\n  last: [{task: slow}, echo last]\n  slow: "
    )
    limited.taskfile(text.replace("  slow: if", "  slow:\n    run: once\n    cmd: if"))
    done = limited.run("three")
    assert (done.returncode, done.stdout) == (0, "in time\nlast\n"), done.stderr


def test_a_call_whose_time_went_by_before_it_could_begin_anything_has_it_once_more(workspace):
    """All that it calls waits for what another job has; nobody opens a door for who is alone, so it has to have passed its own."""
    workspace.taskfile(
        "version: '3'\ntasks:\n  default: [{task: a}, {task: b}]\n  a: sleep 1\n  b: [{task: c, timeout: 500ms}]\n"
        "  c: {deps: [d, e], cmds: [echo c | cat]}\n  d: 'true'\n  e: 'true'\n"
    )
    uses = "".join(f"[tasks.{name}]\nuses = {{db = 1}}\nlocal = true\n" for name in "ade")
    workspace.write("paratask.toml", f"[resources]\ndb = 1\n{uses}")
    workspace.environ["PARATASK_JOBS"] = "2"
    done = workspace.run()
    assert (done.returncode, done.stdout) == (0, "c\n"), done.stderr
    assert "paratask: `c` exited with 124 while `a` ran beside it, and passed alone" in done.stderr


SEPARATE = "[tasks.endless]\nreads = ['a']\nlocal = true\n[tasks.once]\nwrites = ['out']\nlocal = true\n"


def test_what_one_at_a_time_a_late_call_would_not_have_begun_was_not_begun(workspace):
    """`once` stands behind `endless` in a call that may fail; the call after it does it, as in `task`."""
    workspace.taskfile(
        "version: '3'\nsilent: true\ntasks:\n  default: [{task: calls, timeout: 500ms, ignore_error: true}, {task: once}, echo end]\n"
        "  calls: [{task: endless}, {task: once}]\n  endless: sleep 600\n"
        "  once: {run: once, cmds: [echo >> out, echo once]}\n"
    )
    workspace.write("paratask.toml", SEPARATE)
    workspace.environ["PARATASK_JOBS"] = "3"
    done = workspace.run()
    assert (done.returncode, done.stdout) == (0, "once\nend\n"), done.stderr
    assert (workspace.root / "out").read_text() == "\n"


def test_output_of_what_runs_once_is_not_lost_with_that_of_a_late_call_that_waited_for_it(workspace):
    """`calls` waits for what its neighbour had begun, is late, and late alone as well, before it calls that again."""
    workspace.taskfile(
        "version: '3'\nsilent: true\ntasks:\n  default: [{task: calls, timeout: 500ms, ignore_error: true}, {task: once}, echo end]\n"
        "  calls: [{task: endless}, {task: once}]\n  endless: sleep 600\n  once: {run: once, cmds: [echo begins, sleep 1, echo once]}\n"
    )
    workspace.write("paratask.toml", SEPARATE.replace("writes", "reads"))
    workspace.environ["PARATASK_JOBS"] = "3"
    done = workspace.run()
    assert (done.returncode, done.stdout) == (0, "begins\nonce\nend\n"), done.stderr


@pytest.mark.parametrize("limit", ["{task: b, timeout: 300ms}", "{task: c, timeout: 300ms}"])
def test_a_call_that_has_ended_but_for_what_it_deferred_is_in_time(workspace, limit):
    """As in `task`: what is deferred goes on when the time is over, and nothing comes after it."""
    workspace.taskfile(
        f"version: '3'\nsilent: true\ntasks:\n  default: [{limit}, echo after]\n"
        "  b: [{defer: 'sleep 0.6; echo deferred'}, echo b]\n  c: [{task: b}]\n"
    )
    done = workspace.run()
    assert (done.returncode, done.stdout) == (0, "b\ndeferred\nafter\n"), done.stderr


@pytest.mark.parametrize("task", ["all", "beside"])
def test_who_waits_to_run_again_alone_takes_none_of_the_time_of_what_called_it(workspace, task):
    """One at a time `fails` would have failed at once; here it waits for `writes`, which ends when the call's time is over."""
    workspace.taskfile("""\
        version: '3'
        tasks:
          all: [{task: both, timeout: 1s}]
          beside: [{task: both, timeout: 1s}, {task: fine}]
          both: [{task: fails}, {task: writes}]
          fails: until [ -e begun ]; do sleep 0.01; done; exit 3
          writes: ": > begun; exec sleep 600"
          fine: "true"
        """)
    claims = "".join(f"[tasks.{name}]\nwrites = ['{name}']\nlocal = true\n" for name in ("fails", "writes", "fine"))
    workspace.write("paratask.toml", claims)
    workspace.environ["PARATASK_JOBS"] = "3"
    done = workspace.run(task)
    assert done.returncode == 201, done.stderr
    assert "error: `fails.2` failed: " in done.stderr
