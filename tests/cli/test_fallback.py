"""What happens when a member of a set fails. See "When something fails" in docs/design.md."""

from __future__ import annotations

import json
import os
import time

import pytest

# Two jobs that claim different folders but share a lock that nobody declared: whoever comes second fails, when both run.
MEETING = """\
#!/bin/bash
# Fails when the other one runs as well; waits until it does, as long as there is hope for it.
me=$1; other=$2
echo "$me attempt" >> log-$me
if [ -e done-$other ]; then echo "$me alone"; touch done-$me; exit 0; fi
if [ "$(wc -l < log-$me)" -gt 1 ]; then echo "$me again"; touch done-$me; exit 0; fi
mkdir -p started; touch started/$me  # only now may the other one end: it must not seem to have ended before
until [ -e started/$other ]; do sleep 0.01; done
if [ $me = a ]; then echo "$me: port is taken" >&2; exit 3; fi
echo "$me ok"; touch done-$me
"""

TASKFILE = """\
version: '3'
tasks:
  both: [{task: a}, {task: b}, {task: last}]
  a: ./meet.sh a b
  b: ./meet.sh b a
  last: touch last
  count: [{task: a}, {task: b}]
"""

CLAIMS = """\
[tasks.a]
writes = ["a/**"]
[tasks.b]
writes = ["b/**"]
[tasks.last]
writes = ["**"]
"""


@pytest.fixture
def shared(workspace):
    workspace.taskfile(TASKFILE)
    workspace.write("paratask.toml", CLAIMS)
    workspace.write("meet.sh", MEETING).chmod(0o755)
    workspace.environ["PARATASK_JOBS"] = "2"
    return workspace


def jobs_of(workspace):
    return {job["id"]: job for job in json.loads((workspace.latest_run() / "summary.json").read_text())["jobs"]}


def test_a_job_that_fails_only_beside_another_is_run_again_alone(shared):
    done = shared.run("both")
    assert done.returncode == 0, done.stderr
    assert (
        "paratask: `a` exited with 3 while `b` ran beside it, and passed alone: fell back to one at a time, "
        "and the next plan keeps them apart; its first log is"
    ) in done.stderr
    assert (shared.root / "log-a").read_text() == "a attempt\n" * 2
    assert (shared.root / "log-b").read_text() == "b attempt\n"
    assert (shared.root / "last").exists()
    assert jobs_of(shared)["a"]["attempts"] == 2
    assert (shared.latest_run() / "a.first-attempt.log").read_text() == "a: port is taken\n"
    assert "port is taken" not in done.stderr
    assert done.stdout == "a again\nb ok\n" or done.stdout == "a alone\nb ok\n"


def test_the_next_run_keeps_the_two_apart(shared):
    shared.run("both")
    plan = json.loads(shared.run("--plan", "--json", "both").stdout)
    a, b = (next(job for job in plan["jobs"] if job["task"] == name) for name in "ab")
    assert (a["together_with"], b["after"]) == ([], ["a"])
    assert b["reason"].endswith("failed beside each other in an earlier run and passed alone")
    for name in ("log-a", "log-b", "done-a", "done-b", "started/a", "started/b"):
        (shared.root / name).unlink(missing_ok=True)
    (shared.root / "started").rmdir()
    shared.write("meet.sh", "#!/bin/bash\nmkdir lock || exit 3\nrmdir lock\n").chmod(0o755)
    done = shared.run("both")
    assert done.returncode == 0
    assert "fell back" not in done.stderr


def test_a_job_that_fails_alone_as_well_is_the_failure(shared):
    shared.write("meet.sh", "#!/bin/bash\necho run >> log-$1\n[ $1 = b ] || exit 5\n").chmod(0o755)
    done = shared.run("both")
    assert done.returncode == 201
    assert "error: `a` failed: `./meet.sh a b` exited with 5" in done.stderr
    assert not (shared.root / "last").exists()


NOT_FOUND = "if [ -p begun ]; then cat begun > /dev/null; rm begun; fi; ./late"
"""Once its neighbour runs, it calls a program that is not there."""


def test_what_stood_above_a_failure_was_never_done_and_the_exit_code_was_another(workspace):
    """One at a time `middle` comes before `last`, and is what fails; here it waits for `first`, which ends after `last` has failed."""
    workspace.taskfile(
        "version: '3'\ntasks:\n"
        "  all: [{task: first}, {task: middle}, {task: last}]\n"
        "  first: until [ -e last-failed ]; do sleep 0.01; done; touch made\n"
        "  middle: cat made; touch done-middle; exit 7\n"
        "  last: touch last-failed; exit 9\n"
    )
    workspace.write(
        "paratask.toml",
        '[tasks.first]\nwrites = ["made"]\n[tasks.middle]\nreads = ["made"]\nwrites = ["done-middle"]\n[tasks.last]\nwrites = ["last-failed"]\n',
    )
    workspace.environ["PARATASK_JOBS"] = "2"
    done = workspace.run("-x", "all")
    assert (done.returncode, (workspace.root / "done-middle").exists()) == (7, True), done.stderr
    assert "error: `middle` failed" in done.stderr


def test_what_the_shell_did_not_find_was_run_again_alone(shared):
    shared.taskfile(TASKFILE.replace("./meet.sh a b", NOT_FOUND))
    os.mkfifo(shared.root / "begun")
    shared.write("meet.sh", "#!/bin/bash\necho > begun\n").chmod(0o755)
    done = shared.run("both")
    assert done.returncode == 201
    assert f"error: `a` failed: `{NOT_FOUND}` exited with 127" in done.stderr
    assert "ran beside it" not in done.stderr
    job = jobs_of(shared)["a"]
    assert (job["attempts"], job["beside"]) == (1, ["b"])


def test_what_a_neighbour_made_meanwhile_is_found_alone(shared):
    """It makes the program when the other has failed."""
    shared.taskfile(TASKFILE.replace("./meet.sh a b", NOT_FOUND))
    os.mkfifo(shared.root / "begun")
    shared.write(
        "meet.sh",
        """\
        #!/bin/bash
        echo > begun
        until grep -q '"exit_status":127' .paratask/runs/*/journal.jsonl; do sleep 0.01; done
        printf '#!/bin/sh\\necho found\\n' > late
        chmod +x late
        """,
    ).chmod(0o755)
    done = shared.run("both")
    assert (done.returncode, done.stdout) == (0, "found\n")
    assert "paratask: `a` exited with 127 while `b` ran beside it, and passed alone" in done.stderr


@pytest.mark.parametrize("how", ["stop", "continue"])
def test_other_ways_to_go_on_do_not_repeat(shared, how):
    done = shared.run("--on-failure", how, "both")
    assert done.returncode == 201
    assert (shared.root / "log-a").read_text() == "a attempt\n"


def test_what_reaches_outside_is_never_run_twice(shared):
    shared.write("paratask.toml", CLAIMS.replace('writes = ["a/**"]', 'writes = ["a/**"]\nlocal = false'))
    shared.taskfile(TASKFILE.replace("both: [{task: a}, {task: b}, {task: last}]", "both: {deps: [a, b]}"))
    done = shared.run("both")
    assert done.returncode == 201
    assert (shared.root / "log-a").read_text() == "a attempt\n"


def with_unknown_words(script, name):
    """The script with a command in it of which only the run tells all words."""
    first, rest = script.split("\n", 1)
    return f'{first}\nread -r word < {name}; rm -f "no-$word"\n{rest}'


def test_it_says_why_what_failed_beside_others_is_not_run_again(shared):
    shared.write("paratask.toml", '[tasks.a]\ntogether = ["b"]\n')
    shared.write("meet.sh", with_unknown_words(MEETING, "meet.sh"))
    done = shared.run("count")
    assert done.returncode == 201
    assert (shared.root / "log-a").read_text() == "a attempt\n"
    (why,) = (line.strip() for line in done.stderr.splitlines() if line.startswith("  not run again alone: `"))
    assert why.endswith("is not recognised: only the run tells all of its words")
    assert f"  failed: exited with 3; {why}\n" in shared.run("--why", "a").stdout


def test_outside_effects_wait_for_what_is_written_above_them(shared):
    shared.write("paratask.toml", CLAIMS.replace('writes = ["b/**"]', 'writes = ["b/**"]\nlocal = false'))
    plan = json.loads(shared.run("--plan", "--json", "both").stdout)
    b = next(job for job in plan["jobs"] if job["task"] == "b")
    assert (b["after"], b["together_with"]) == (["a"], [])
    assert b["effect"] == "outside"


FAILING = """\
#!/bin/bash
# Fails when all three have begun.
echo run >> log-$1
touch begun-$1
until [ -e begun-a ] && [ -e begun-b ] && [ -e begun-c ]; do sleep 0.01; done
echo "$1 is wrong"
exit 3
"""


@pytest.fixture
def failing(workspace):
    workspace.taskfile(
        """\
        version: '3'
        tasks:
          all: [{task: a}, {task: b}, {task: c}]
          a: ./fail.sh a
          b: ./fail.sh b
          c: ./fail.sh c
          nested: [{task: first}, {task: c}]
          first: [{task: a}, {task: b}]
          below: {deps: [a, b, c]}
        """
    )
    workspace.write("paratask.toml", "".join(f'[tasks.{name}]\nwrites = ["{name}/**"]\n' for name in "abc"))
    workspace.write("fail.sh", FAILING).chmod(0o755)
    workspace.environ["PARATASK_JOBS"] = "3"
    return workspace


def attempts_of(workspace):
    return {name: job["attempts"] for name, job in jobs_of(workspace).items() if name in "abc"}


@pytest.mark.parametrize("task", ["all", "nested"])
def test_all_that_failed_ran_again_alone_after_the_first_one_had_failed_again(failing, task):
    done = failing.run(task)
    assert done.returncode == 201
    assert "error: `a` failed: `./fail.sh a` exited with 3" in done.stderr
    assert attempts_of(failing) == {"a": 2, "b": 1, "c": 1}
    first = "a" if task == "all" else "first"
    assert "failed: exited with 3; not run again alone: `a` had failed already\n" in failing.run("--why", "b").stdout
    assert f"failed: exited with 3; not run again alone: `{first}` had failed already\n" in failing.run("--why", "c").stdout
    assert done.stdout == "".join(f"{name} is wrong\n" for name in "abc")


def test_all_that_failed_runs_again_alone_where_the_first_one_passes(failing):
    failing.write("fail.sh", FAILING.replace("exit 3", '[ $1 = a ] && [ "$(wc -l < log-a)" -gt 1 ] || exit 3')).chmod(0o755)
    done = failing.run("all")
    assert done.returncode == 201
    assert "error: `b` failed: `./fail.sh b` exited with 3" in done.stderr
    assert attempts_of(failing) == {"a": 2, "b": 2, "c": 1}


def test_what_does_not_run_again_settles_what_is_behind_it(failing):
    failing.write("fail.sh", with_unknown_words(FAILING, "fail.sh"))
    failing.write(
        "paratask.toml", '[tasks.a]\ntogether = ["b", "c"]\n[tasks.b]\nwrites = ["b/**"]\n[tasks.c]\nwrites = ["c/**"]\n'
    )
    done = failing.run("all")
    assert done.returncode == 201
    assert attempts_of(failing) == {"a": 1, "b": 1, "c": 1}


WAITING = """\
#!/bin/bash
# a fails beside b, which waits for that. Where a job has to be MADE first, it waits for this.
echo run >> log-$1
case $1 in
    a)
        [ "$(wc -l < log-a)" -gt 1 ] && exit $2
        until [ -e log-b ] && grep -q '"job":"'"${MADE:-a}"'"' .paratask/runs/*/journal.jsonl; do sleep 0.01; done
        exit 3;;
    b) until grep -q '"exit_status":3' .paratask/runs/*/journal.jsonl; do sleep 0.01; done;;
    *)
        [ "$(wc -l < log-a)" = 2 ] || echo "$1 came before the outcome"
        mkdir running && echo $1 && rmdir running;;
esac
"""


@pytest.fixture
def waiting(workspace):
    """Two cores, and more members than that: c to f wait for one when a fails."""
    workspace.taskfile(
        """\
        version: '3'
        tasks:
          all: [{task: a}, {task: b}, {task: c}, {task: d}, {task: e}, {task: f}]
          a: {env: {MADE: below}, cmds: ['./wait.sh a {{.AGAIN}}']}
          b: ./wait.sh b
          c:
            cmds: [{defer: touch deferred}, ./wait.sh c]
          d:
            status: [touch asked && false]
            cmds: [./wait.sh d]
          e:
            deps: [below]
            cmds: [./wait.sh e]
          below: touch below
          f:
            cmds: [{cmd: ./wait.sh f, if: touch asked}]
        """
    )
    names = {"a": "a", "b": "b", "c": "deferred", "d": "asked", "e": "e", "f": "f", "below": "below"}
    workspace.write("paratask.toml", "".join(f'[tasks.{name}]\nwrites = ["{path}"]\n' for name, path in names.items()))
    workspace.write("wait.sh", WAITING).chmod(0o755)
    workspace.environ["PARATASK_JOBS"] = "2"
    return workspace


def test_members_that_waited_for_a_core_began_after_a_failure(waiting):
    done = waiting.run("all", "AGAIN=5")
    assert done.returncode == 201
    assert "error: `a` failed: `./wait.sh a 5` exited with 5" in done.stderr
    there = {path.name for path in waiting.root.iterdir()}
    assert not there & {"deferred", "asked", "below", "log-c", "log-d", "log-e", "log-f"}
    jobs = jobs_of(waiting)
    for name in ("c", "d", "e", "f", "below"):
        assert (jobs[name]["state"], jobs[name]["state_reason"]) == ("cancelled", "something before it failed")
        assert jobs[name]["started_at"] is None
        assert f"[{name}]" not in done.stderr
    assert "3 of 8 jobs in" in done.stderr


def test_members_that_waited_for_a_core_go_on_one_at_a_time_where_the_failure_was_none(waiting):
    done = waiting.run("all", "AGAIN=0")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["c", "d", "e", "f"]
    assert {"deferred", "asked", "below"} <= {path.name for path in waiting.root.iterdir()}


def test_what_others_wait_for_goes_on_after_a_failure(waiting):
    """c has begun what b comes to wait for: held back, it would keep b, and so the failed one, waiting for ever."""
    waiting.taskfile(
        """\
        version: '3'
        tasks:
          all: [{task: a}, {task: b}, {task: c}]
          a: ./wait.sh a 5
          b: [./wait.sh b, {task: shared}]
          c: {deps: [shared], cmds: [touch c]}
          shared: {run: once, cmds: [touch shared]}
        """
    )
    waiting.write(
        "paratask.toml",
        '[tasks.a]\nwrites = ["a"]\n[tasks.b]\nwrites = ["b"]\n[tasks.c]\nwrites = ["c"]\n[tasks.shared]\nwrites = ["shared"]\n',
    )
    done = waiting.run("all")
    assert done.returncode == 201
    assert "`a` exited with 3 while" in done.stderr
    assert (waiting.root / "shared").exists()


def test_variables_of_a_call_that_may_not_begin_were_worked_out(waiting):
    """b is at its own variable when a fails, and has begun no command."""
    waiting.taskfile(
        """\
        version: '3'
        tasks:
          all: [{task: a}, {task: b}]
          a: ./wait.sh a 5
          b:
            vars: {X: {sh: ./wait.sh b}}
            cmds: [{task: below, vars: {X: '{{.X}}'}}]
          below:
            vars: {Y: {sh: touch asked}}
            cmds: ['echo {{.X}}{{.Y}}']
        """
    )
    names = ("a", "b", "below")
    waiting.write("paratask.toml", "".join(f'[tasks.{name}]\nwrites = ["{name}"]\nlocal = true\n' for name in names))
    done = waiting.run("all")
    assert done.returncode == 201
    assert "error: `a` failed: `./wait.sh a 5` exited with 3" in done.stderr
    assert not (waiting.root / "asked").exists()
    assert (jobs_of(waiting)["b"]["state"], jobs_of(waiting)["b"]["started_at"]) == ("cancelled", None)


ONCE = """\
version: '3'
silent: true
tasks:
  all: [{task: lint}, {task: test}]
  lint: ['echo lint; until [ -e made ]; do sleep 0.01; done', {task: gen}, echo linted]
  test: [{task: gen}, '[ ! -e fails ] || [ -e again ] || { touch again; exit 3; }', echo tested]
  gen: {run: once, cmds: [echo generated, touch made]}
"""
ONCE_CLAIMS = '[tasks.lint]\nwrites = ["lint"]\nlocal = true\n[tasks.test]\nwrites = ["test"]\nlocal = true\n'


@pytest.mark.parametrize("fails", [False, True])
def test_what_runs_once_was_not_shown_where_it_is_one_at_a_time(workspace, fails):
    """It was shown where the call is that came first, and not at all where that failed beside others."""
    workspace.taskfile(ONCE)
    workspace.write("paratask.toml", ONCE_CLAIMS)
    if fails:
        workspace.write("fails", "")
    done = workspace.run("all", env={"PARATASK_JOBS": "2"})
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["lint", "generated", "linted", "tested"]


def test_what_runs_once_was_not_shown_where_its_only_call_runs_again(workspace):
    workspace.taskfile(ONCE.replace("{task: gen}, echo linted", "echo linted"))
    workspace.write("paratask.toml", ONCE_CLAIMS)
    workspace.write("fails", "")
    done = workspace.run("all", env={"PARATASK_JOBS": "2"})
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["lint", "linted", "generated", "tested"]


def test_nothing_was_said_of_neighbours_of_what_the_failed_one_had_called(workspace):
    """`inner` passed, and is not made again; its neighbour may be the reason all the same."""
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: [{task: whole}, {task: other}]
          whole: [{task: inner}, exit 4]
          inner: "echo > meet; until grep -q '\\"job\\":\\"other\\".*\\"succeeded\\"' .paratask/runs/*/journal.jsonl; do sleep 0.01; done"
          other: read x < meet || true
        """)
    workspace.write(
        "paratask.toml",
        '[tasks.whole]\nwrites = ["a/**"]\n[tasks.inner]\nwrites = ["a/**"]\n[tasks.other]\nwrites = ["b/**"]\n',
    )
    os.mkfifo(workspace.root / "meet")
    done = workspace.run("all")
    words = "not run again alone: nothing ran beside its own commands, but `inner`, which it called, ran beside `other`"
    assert done.returncode == 201
    assert words not in done.stderr, "it is seldom the reason"
    assert f"  failed: exited with 4; {words}\n" in workspace.run("--why", "whole").stdout


LINTS = """\
version: '3'
tasks:
  lint: [{task: refuses}, {task: below}]
  lint-above: [{task: above}, {task: refuses}]
  above: flake8 above
  refuses: ruff check .
  below: flake8 below
"""


def start_lint(workspace, task, neighbour, until="sleep 1000"):
    """Run `task`, and let `refuses` fail once its neighbour has begun: when somebody writes to `go`. The neighbour ends then, or `until` has."""
    workspace.taskfile(LINTS)
    workspace.program("flake8", f"#!/bin/sh\necho $1\n{until}\n")
    workspace.program("ruff", "#!/bin/sh\ncat go; exit 3\n")
    os.mkfifo(workspace.root / "go")
    workspace.environ["PARATASK_JOBS"] = "2"
    run = workspace.start(task)
    wait_for(lambda: recorded(workspace, f"{neighbour}.log") == f"{neighbour}\n")
    (workspace.root / "go").write_text("")
    return run


def recorded(workspace, file):
    """Of the run that goes on; empty as long as there is none."""
    found = list((workspace.root / ".paratask" / "runs").glob(f"*/{file}"))
    return found[0].read_text() if found else ""


def wait_for(holds):
    while not holds():
        time.sleep(0.005)


def test_what_failed_beside_one_that_only_reads_waited_for_it_and_ran_again(workspace):
    run = start_lint(workspace, "lint", "below")
    stdout, stderr = run.communicate(timeout=30)
    assert (run.returncode, stdout) == (201, ""), stderr
    jobs = jobs_of(workspace)
    assert (jobs["refuses"]["attempts"], jobs["refuses"]["beside"]) == (1, ["below"])
    assert "failed: exited with 3, by itself: what ran beside it only reads" in workspace.run("--why", "refuses").stdout
    assert "cancelled: something before it failed" in workspace.run("--why", "below").stdout
    assert "failed: `refuses`; 1 stopped" in stderr


def test_what_stands_above_a_failure_comes_to_its_end_though_it_only_reads(workspace):
    os.mkfifo(workspace.root / "end")
    run = start_lint(workspace, "lint-above", "above", until="cat end")
    wait_for(lambda: '"job":"refuses","task":"refuses","state":"failed"' in recorded(workspace, "journal.jsonl"))
    (workspace.root / "end").write_text("end\n")
    stdout, stderr = run.communicate(timeout=30)
    assert (run.returncode, stdout) == (201, "above\nend\n"), stderr
    assert jobs_of(workspace)["above"]["state"] == "succeeded"


def test_what_is_only_declared_to_read_may_have_been_the_reason(workspace):
    """It may need a port that nobody knows of."""
    workspace.write("paratask.toml", '[tasks.below]\nreads = ["below"]\n')
    run = start_lint(workspace, "lint", "below", until="until [ -e over ]; do sleep 0.01; done")
    wait_for(lambda: '"exit_status":3' in recorded(workspace, "journal.jsonl"))
    workspace.write("over", "")
    wait_for(lambda: '"AttemptBegan","job":"refuses"' in recorded(workspace, "journal.jsonl"))
    (workspace.root / "go").write_text("")
    assert run.wait(timeout=30) == 201
    run.communicate()
    assert jobs_of(workspace)["refuses"]["attempts"] == 2
