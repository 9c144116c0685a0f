"""Runs that are kept: --runs, --logs, --why, --prune, of runs that ended, were killed, or go on."""

from __future__ import annotations

import json
import os
import signal
import time

import pytest

TASKS = """
version: '3'
silent: true
tasks:
  all: {cmds: [{task: good}, {task: bad}]}
  good: echo good
  bad: echo bad; exit 3
  waits: echo begun; echo up > up; read x < go; echo done
"""


@pytest.fixture
def killed(workspace):
    """A workspace in which a run of `waits` was killed."""
    workspace.taskfile(TASKS)
    for name in ("up", "go"):
        os.mkfifo(workspace.root / name)
    process = workspace.start("waits")
    assert (workspace.root / "up").read_text() == "up\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    yield workspace
    workspace.run("good")  # ends what the killed run left behind


def test_runs_that_ended(workspace):
    workspace.taskfile(TASKS)
    assert workspace.run("--runs").stdout == "no run is kept\n"
    workspace.run("good")
    workspace.run("--sequential", "all")
    document = json.loads(workspace.run("--runs", "--json").stdout)
    shown = [(run["calls"], run["result"], run["exit_code"], run["jobs"]) for run in document["runs"]]
    assert shown == [(["all"], "failed", 201, 3), (["good"], "succeeded", 0, 1)]
    table = workspace.run("--runs", "good").stdout.splitlines()
    assert len(table) == 2
    assert workspace.run("--runs", "nope").stdout == "no run of `nope` is kept\n", "and not that none is"
    assert table[1].split()[-6:-3] == ["good", "succeeded", "1"]


def test_logs_of_a_task_that_only_calls_others_name_those_that_wrote(workspace):
    more = "".join(f"  w{n}: echo {n}\n" for n in range(7))
    calls = ", ".join(f"{{task: w{n}}}" for n in range(7))
    workspace.taskfile(
        f"{TASKS}  some: {{cmds: [{{task: good}}, {{task: none}}]}}\n  none: 'true'\n  many: {{cmds: [{calls}]}}\n{more}"
    )
    for task, words in (
        ("some", "; it called `good`"),
        ("none", ""),
        ("many", "; it called `w0`, `w1`, `w2`, `w3`, `w4` and 2 more"),
    ):
        workspace.run("--sequential", task)
        said = workspace.run("--logs", task)
        assert said.stderr == f"paratask: `{task}` wrote nothing in run {workspace.latest_run().name}{words}\n"
        assert (said.returncode, said.stdout) == (0, "")


def test_the_commands_of_a_task_are_its_own_though_each_has_a_log(workspace):
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: [{task: check}, {task: other}]
          check: [cat one, cat two]
          other: cat one
        """)
    workspace.write("paratask.toml", 'parallelize = "commands"\n')
    workspace.write("one", "1\n")
    workspace.write("two", "2\n")
    assert workspace.run("all").returncode == 0
    assert workspace.run("--logs", "check").stdout == "==> check#cat-one, succeeded\n1\n==> check#cat-two, succeeded\n2\n"


def test_logs_of_failed_jobs_left_out_the_one_that_had_no_log(workspace):
    workspace.taskfile("""\
        version: '3'
        tasks:
          all: {deps: [bad, asks]}
          bad: [echo bad, exit 3]
          asks: {preconditions: [{sh: 'false', msg: make it first}], cmds: [echo asked]}
    """)
    workspace.run("all")
    run = workspace.latest_run().name
    said = workspace.run("--logs", "--failed")
    why = f"paratask: `asks` failed in run {run} and wrote nothing: precondition: make it first\n"
    assert (said.stdout, said.stderr) == ("==> bad, failed\nbad\n", why), "and nothing of `all`, which failed with it"
    assert workspace.run("--logs", "--failed", "asks").stderr == why
    assert workspace.run("--logs", "--failed", "bad").stderr == ""


def test_why_said_nothing_of_failures_that_were_ignored(workspace):
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: {status: ['false'], cmds: [{task: part, ignore_error: true}, {cmd: exit 4, ignore_error: true}, {defer: exit 3}, 'true']}
          part: {cmds: [{task: bad}]}
          bad: {cmds: [{cmd: exit 6, ignore_error: true}, exit 5]}
          many: {ignore_error: true, cmds: [exit 1, exit 2, exit 3, exit 4, 'exit 5  # a comment that makes it a very long command, longer than a line']}
        """)
    assert workspace.run("all").returncode == 0
    why = workspace.run("--why", "all", "part", "bad").stdout
    assert "  ignored: `exit 4` exited with 4, `exit 3` exited with 3\n" in why
    assert why.count("  ignored: `all` went well all the same\n") == 2
    assert why.count("ignored: ") == 3, "of what failed of itself, no more than that"
    workspace.run("many")
    told = "  ignored: `exit 1` exited with 1, `exit 2` exited with 2, `exit 3` exited with 3 and 2 more\n"
    assert told in workspace.run("--why", "many").stdout


def test_nothing_goes_on_in_a_run_whose_output_nobody_reads(workspace):
    """The caller of a set stayed `running`: what the set had held back could not be written."""
    much = "head -c 300000 /dev/zero | tr '\\0' x"
    workspace.taskfile(f"version: '3'\nsilent: true\ntasks:\n  all: {{deps: [a, b]}}\n  a: {much}\n  b: {much}\n")
    process = workspace.start("--output", "group", "all")
    assert process.stdout.read(1) == "x"
    process.stdout.close()
    process.wait(timeout=30)
    process.stderr.close()
    (folder,) = (workspace.root / ".paratask" / "runs").iterdir()
    states = {job["id"]: job["state"] for job in json.loads((folder / "summary.json").read_text())["jobs"]}
    assert states["all"] in ("failed", "cancelled")
    assert not set(states.values()) & {"waiting", "ready", "running"}


def test_logs(workspace):
    workspace.taskfile(TASKS)
    workspace.run("--sequential", "all")
    assert workspace.run("--logs").stdout == "==> good, succeeded\ngood\n==> bad, failed\nbad\n"
    assert workspace.run("--logs", "good").stdout == "good\n"
    assert workspace.run("--logs", "--failed").stdout == "==> bad, failed\nbad\n"
    workspace.run("good")
    assert workspace.run("--logs").stdout == "==> good, succeeded\ngood\n"
    assert workspace.run("--logs", "bad").stdout == "bad\n", "of the newest run that had such a job"
    nothing = workspace.run("--logs", "--failed")
    assert (nothing.stdout, nothing.stderr) == ("", f"paratask: nothing failed in run {workspace.latest_run().name}\n")
    other = workspace.run("--logs", "--failed", "good")
    assert other.stderr == f"paratask: `good` did not fail in run {workspace.latest_run().name}\n", "others did, in other runs"
    workspace.taskfile(TASKS + "  quiet: 'true'\n  open: {cmds: [{task: half}, {task: good}]}\n  half: printf half\n")
    workspace.run("--sequential", "open")
    assert workspace.run("--logs").stdout == "==> half, succeeded\nhalf\n==> good, succeeded\ngood\n", "each below a line"
    assert workspace.run("--logs", "half").stdout == "half"
    workspace.run("quiet")
    run = workspace.latest_run().name
    for words, said in (((), "all that ran wrote nothing"), (("quiet",), "`quiet` wrote nothing")):
        quiet = workspace.run("--logs", *words)
        assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", f"paratask: {said} in run {run}\n")
    unknown = workspace.run("--logs", "nope")
    assert (unknown.returncode, unknown.stderr) == (1, "paratask: no run with a job of `nope` is kept (did you mean `open`?)\n")
    unknown = workspace.run("--logs", "--run", "nope")
    expected = "error: there is no run `nope`\n  help: `paratask --runs` lists those that are kept\n"
    assert (unknown.returncode, unknown.stderr) == (1, expected)


def test_a_run_that_was_killed(killed):
    run = json.loads(killed.run("--runs", "--json").stdout)["runs"][0]
    assert (run["calls"], run["result"], run["exit_code"], run["jobs"]) == (["waits"], "killed", None, 1)
    assert killed.run("--logs").stdout in ("", "==> waits, running\nbegun\n"), "it may have been killed before it read that"
    why = killed.run("--why", "waits").stdout.splitlines()
    assert [line for line in why if not line.startswith("  waited: ")] == [
        f"waits in run {run['run']}: running when the run was killed",
        "  its place: nothing beside it",
    ]


@pytest.mark.slow
def test_a_run_that_was_stopped_was_one_that_failed(workspace):
    workspace.taskfile(TASKS)
    workspace.write("paratask.toml", "[tasks.good]\nlocal = true\nreads = []\nwrites = []\n")
    for name in ("up", "go"):
        os.mkfifo(workspace.root / name)
    process = workspace.start("--sequential", "good", "waits", "bad")
    assert (workspace.root / "up").read_text() == "up\n"
    process.send_signal(signal.SIGTERM)
    process.communicate()
    table = workspace.run("--runs").stdout.splitlines()
    assert " stopped (terminated) " in table[1]
    assert table[0].split() == ["run", "when", "tasks", "result", "jobs", "time", "saved"]
    run = table[1].split()[0]
    assert workspace.run("--names", "--resume").stdout == f"{run}\tstopped (terminated): good waits bad\n"
    assert (
        workspace.run("--logs", "--failed").stderr == f"paratask: nothing failed in run {run}, which was stopped (terminated)\n"
    )
    for task in ("waits", "bad"):
        assert "  cancelled: the run was stopped by a signal (terminated)\n" in workspace.run("--why", task).stdout
    assert "1 run in" in (stats := workspace.run("--stats").stdout)
    assert "; 1 stopped; " in stats
    assert "failed" not in stats
    assert workspace.run("--prune", "1").stdout == "0 runs removed, 1 kept\n"
    workspace.taskfile(TASKS.replace("echo up > up; read x < go; ", ""))
    assert workspace.run("--resume", "--sequential").returncode == 201
    table = workspace.run("--runs").stdout.splitlines()
    assert table[0].split() == ["run", "when", "tasks", "result", "jobs", "before", "time", "saved"]
    assert "failed (201)             2       1 " in table[1]
    assert "stopped (terminated)     3       - " in table[2]
    document = json.loads(workspace.run("--runs", "--json").stdout)["runs"]
    assert [(one["jobs"], one["done_before"], one["resumes"]) for one in document] == [(3, 1, run), (3, 0, "")]
    words = f"paratask: `good` wrote nothing in run {document[0]['run']}: run {run} had finished it (`--logs --run {run}`)\n"
    assert workspace.run("--logs", "good").stderr == words
    assert workspace.run("--logs", "good", "--run", run).stdout == "good\n"


def test_a_report_of_a_run_that_goes_on_ended_when_something_last_happened_in_it(killed):
    process = killed.start("waits")
    assert (killed.root / "up").read_text() == "up\n"
    now = time.time()
    (run, *_) = json.loads(killed.run("--runs", "--json").stdout)["runs"]
    report = json.loads(killed.run("--run", run["run"], "--report", "json=-").stdout)
    assert report["ended_at"] >= now
    assert report["seconds"] >= now - report["started_at"] - 1e-6
    (killed.root / "go").write_text("\n")
    process.communicate()
    assert process.returncode == 0


def start_until_seen(workspace):
    """Start `all`, of which a job says that it is up, and have the run note what goes on in it. The process, and the run's id."""
    for name in ("up", "go"):
        os.mkfifo(workspace.root / name)
    process = workspace.start("all", env={"PARATASK_JOBS": "4"})
    assert (workspace.root / "up").read_text() == "up\n"
    while not (found := list((workspace.root / ".paratask/runs").glob("*/now.jsonl"))):
        time.sleep(0.02)  # between two looks: the run is another process, which tells nobody
    return process, found[0].parent.name


@pytest.mark.slow
def test_a_job_that_waits_for_a_resource_was_said_to_run(workspace):
    """And of a run that is killed meanwhile nobody knew how long it had lasted."""
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: {deps: [second, first]}
          first: echo up > up; read x < go
          second: echo never
        """)
    workspace.write("paratask.toml", "[resources]\ndb = 1\n[tasks.first]\nuses = {db = 1}\n[tasks.second]\nuses = {db = 1}\n")
    process, run = start_until_seen(workspace)
    lines = workspace.run("--why", "second", "first", "all").stdout.splitlines()
    assert lines[:2] == [f"second in run {run}: waiting", "  now: waits for db: in use by first"]
    assert f"first in run {run}: running" in lines
    assert (
        "  now: waits for what it called: second, first" in lines or "  now: waits for what it called: first, second" in lines
    )
    assert any(line.startswith("  now: its command has run for ") for line in lines)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    (entry,) = json.loads(workspace.run("--runs", "--json").stdout)["runs"]
    assert (entry["result"], entry["seconds"] >= 1.0) == ("killed", True)
    lines = workspace.run("--why", "second").stdout.splitlines()
    assert lines[:2] == [f"second in run {run}: waiting when the run was killed", "  then: waits for db: in use by first"]
    assert workspace.run("--stats").stdout.startswith("1 run in ")
    assert "; 1 killed; " in workspace.run("--stats").stdout
    workspace.run("second")  # ends what the killed run left behind


@pytest.mark.slow
def test_a_call_whose_work_another_one_does_was_said_to_run(workspace):
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: {deps: [first, second]}
          first: {cmds: [{task: once}]}
          second: {cmds: [{task: once}]}
          once: {run: once, cmds: [echo up > up; read x < go]}
        """)
    process, run = start_until_seen(workspace)
    lines = workspace.run("--why", "once").stdout.splitlines()
    one, other = f"once in run {run}", f"once.2 in run {run}"
    assert {line for line in lines if line.startswith("once")} in (
        {f"{one}: running", f"{other}: waiting"},
        {f"{one}: waiting", f"{other}: running"},
    )
    assert (
        "  now: waits for once, which does its work too" in lines or "  now: waits for once.2, which does its work too" in lines
    )
    assert any(line.startswith("  now: its command has run for ") for line in lines)
    (workspace.root / "go").write_text("\n")
    process.communicate()
    assert process.returncode == 0


def test_following_a_run_that_goes_on(killed):
    process = killed.start("waits")
    assert (killed.root / "up").read_text() == "up\n"
    results = [run["result"] for run in json.loads(killed.run("--runs", "--json").stdout)["runs"]]
    assert results == ["running", "killed"]
    assert killed.run("--prune", "0").stdout == "1 run removed, 1 kept\n"
    follower = killed.start("--logs", "waits", "--follow")
    assert follower.stdout.readline() == "begun\n"
    (killed.root / "go").write_text("go\n")
    assert follower.communicate() == ("done\n", "")
    assert process.communicate()[0] == "begun\ndone\n"
    assert killed.run("--prune", "0").stdout == "1 run removed, 0 kept\n"


def test_following_a_job_that_began_again_showed_its_new_log_from_where_the_old_one_was(workspace):
    workspace.write("paratask.toml", "[tasks.again]\nwrites = ['seen']\n[tasks.beside]\nreads = ['nothing']\nlocal = true\n")
    workspace.taskfile("""
        version: '3'
        silent: true
        tasks:
          all: {cmds: [{task: again}, {task: beside}]}
          again: if [ -f seen ]; then echo two; else touch seen; echo the first attempt; read x < go; echo its end; exit 3; fi
          beside: echo up > up; read x < gone
    """)
    for name in ("up", "go", "gone"):
        os.mkfifo(workspace.root / name)
    process = workspace.start("-C", "2", "all")
    assert (workspace.root / "up").read_text() == "up\n"
    followers = [workspace.start("--logs", *names, "--follow") for names in ((), ("again",))]
    for follower, lines in zip(followers, (2, 1), strict=True):
        assert [follower.stdout.readline() for _ in range(lines)][-1] == "the first attempt\n"
    (workspace.root / "go").write_text("go\n")
    (workspace.root / "gone").write_text("go\n")
    assert process.communicate()[0] == "two\n"
    shown = [follower.communicate()[0] for follower in followers]
    assert "".join(line for line in shown[0].splitlines(keepends=True) if not line.startswith("==>")) == "its end\ntwo\n"
    assert shown[1] == "its end\ntwo\n"


def test_why(workspace):
    workspace.taskfile(
        "version: '3'\ntasks:\n  all: {deps: [a], cmds: [{task: b}]}\n  a: {sources: [Taskfile.yml], cmd: 'true'}\n  b: exit 4\n"
    )
    for _ in range(2):
        workspace.run("all")
    run = workspace.latest_run().name

    def why(*args: str) -> list[str]:
        """Without what depends on how busy the machine is."""
        lines = workspace.run("--why", *args).stdout.splitlines()
        return [line for line in lines if not line.startswith(("  waited: ", "  queued: "))]

    shown = why("a")
    assert shown[0].startswith(f"a in run {run}: fresh, ")
    assert shown[1:] == ["  called by: all", "  its place: a dependency of `all`", "  fresh: up to date"]
    shown = why("b", "--run", run)
    assert shown[0].startswith(f"b in run {run}: failed, ")
    assert shown[1:] == [
        "  called by: all",
        "  its place: nothing beside it",
        "  failed: exited with 4",
        "  its command: `exit 4`",
    ]
    asked = workspace.run("--why")
    assert (asked.returncode, asked.stderr) == (1, "error: --why needs a task\n  help: `paratask --why TASK`\n")


def test_what_goes_with_what(workspace):
    workspace.taskfile(TASKS)
    assert workspace.run("--follow").stderr == "error: --follow goes with --logs\n"
    assert workspace.run("--run", "x").stderr.startswith("error: --run goes with --logs")
    assert workspace.run("--runs", "--logs").stderr == "error: --runs and --logs exclude each other\n"
    wrong = workspace.run("--prune", "50%").stderr
    assert wrong == "error: --prune 50% is no number of runs\n  help: `paratask --prune 10` keeps the newest ten\n"


def test_a_run_that_cannot_be_removed_is_said(workspace):
    workspace.taskfile("version: '3'\ntasks: {a: echo}\n")
    workspace.run("a")
    workspace.write(".paratask/runs/20250101-a/summary.json", '{"jobs": [], "exit_code": 0}')
    workspace.write(".paratask/runs/20250101-a/not/flat", "")
    done = workspace.run("--prune", "1")
    assert (done.returncode, done.stdout) == (1, "0 runs removed, 2 kept\n")
    assert done.stderr == "paratask: warning: 1 could not be removed from .paratask/runs: is it yours, and writable?\n"


SHARED = """
version: '3'
silent: true
tasks:
  all: {deps: [a, b, c]}
  a: {deps: [gen], cmds: [echo a]}
  b: {deps: [gen], cmds: [echo b]}
  c: {deps: [gen], cmds: [echo c]}
  gen: {run: once, cmds: ['exit ${CODE:-0}']}
"""


def test_a_job_that_several_calls_share_was_counted_for_each_of_them(workspace):
    workspace.taskfile(SHARED)
    assert workspace.run("all").stderr.startswith("paratask: 5 jobs for 7 calls in ")
    failed = workspace.run("all", env={"CODE": "3"})
    assert failed.returncode == 201
    assert "paratask: 5 jobs for 7 calls in " in failed.stderr
    assert "; failed: `gen`; " in failed.stderr
    entries = json.loads(workspace.run("--runs", "--json").stdout)["runs"]
    assert [(one["jobs"], one["shared"]) for one in entries] == [(7, 2), (7, 2)]
    assert [line.split()[-4] for line in workspace.run("--runs").stdout.splitlines()[1:]] == ["5", "5"]
    assert "  shared: another call of its task did its work\n" in workspace.run("--why", "gen.2").stdout
    gen = next(task for task in json.loads(workspace.run("--stats", "--json").stdout)["tasks"] if task["task"] == "gen")
    assert (gen["runs"], gen["success"]) == (2, {"attempts": 2, "passed": 1})
    junit = workspace.run("--report", "junit=-", "--run", entries[0]["run"]).stdout
    assert junit.count("<failure ") == 1


def test_why_jobs_failed(workspace):
    workspace.taskfile("""
version: '3'
silent: true
vars: {TOKEN: {value: hunter22, secret: true}}
tasks:
  all: {deps: [code, time, needs, calls]}
  code: exit 3
  time: {cmds: [{cmd: sleep 1000, timeout: 10ms}]}
  needs: {preconditions: [{sh: 'false', msg: 'log in with {{.TOKEN}}'}]}
  calls: [{task: code}]
""")
    workspace.run("all")
    jobs = json.loads((workspace.latest_run() / "summary.json").read_text())["jobs"]
    reasons = {job["id"]: job["state_reason"] for job in jobs if job["id"] != "code.2"}
    assert reasons.pop("all") in {f"`{name}` failed" for name in reasons}, "whichever failed first"
    assert reasons == {
        "code": "exited with 3",
        "time": "timed out after 0.01 s",
        "needs": "precondition: log in with *****",
        "calls": "`code` failed",
    }
    journal = (workspace.latest_run() / "journal.jsonl").read_text()
    assert '"state":"failed"' in journal
    assert "timed out after 0.01 s" in journal
    assert "hunter22" not in journal
    assert "  failed: precondition: log in with *****\n" in workspace.run("--why", "needs").stdout
    assert next(job for job in jobs if job["id"] == "time")["command_seconds"] > 0


def test_a_junit_report_has_a_call_whose_time_ran_out(workspace):
    workspace.taskfile("""
version: '3'
tasks:
  all: {cmds: [{task: slow, timeout: 10ms}]}
  slow: sleep 1000
""")
    done = workspace.run("-s", "--report", "junit=-", "all")
    assert done.returncode == 208
    assert '<testsuites name="paratask" tests="2" failures="1" ' in done.stdout
    assert '<failure message="`all` failed: `slow` timed out after 0.01 s" type="failed">' in done.stdout


@pytest.fixture
def unreadable(workspace):
    """A workspace with a run of all, whose Taskfile cannot be read any more."""
    workspace.taskfile(TASKS)
    workspace.run("--sequential", "all")
    workspace.taskfile("version: '3'\ntasks: [}\n")
    return workspace


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--runs"], "failed (201)"),
        (["--runs", "--json"], '"result": "failed"'),
        (["--logs"], "==> good, succeeded\ngood\n"),
        (["--stats"], "1 run in "),
        (["--forget-conflicts"], "no pair is remembered\n"),
        (["--prune", "1"], "0 runs removed, 1 kept\n"),
        (["--report", "markdown=-", "--run", "{run}"], "| good"),
        (["--names", "--resume"], "all"),
        (["--names", "--why"], "good\tsucceeded"),
    ],
)
def test_looking_back_needs_no_taskfile_that_can_be_read(unreadable, args, words):
    done = unreadable.run(*(arg.format(run=unreadable.latest_run().name) for arg in args), cwd=unreadable.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert words in done.stdout


@pytest.mark.parametrize("args", [["--logs", "good"], ["--why", "good"], ["--stats", "good"], ["--runs", "all"]])
def test_what_is_not_known_without_a_taskfile_is_said(unreadable, args):
    folder = unreadable.root / "below"
    folder.mkdir()
    done = unreadable.run(*args, cwd=folder)
    assert done.returncode == 0
    assert done.stdout
    assert done.stderr.startswith(
        "paratask: warning: the Taskfile cannot be read, so aliases are not known: ../Taskfile.yml:2:9: not valid YAML: "
    )
    assert done.stderr.count("\n") == 1


def test_going_on_needs_a_taskfile_and_says_so(unreadable):
    done = unreadable.run("--resume")
    assert done.returncode == 109
    said, error, *_ = done.stderr.splitlines()
    assert said == f"paratask: run {unreadable.latest_run().name} cannot be gone on with as long as its Taskfile cannot be read"
    assert error.startswith("Taskfile.yml:2:9: error: not valid YAML: ")


def test_looking_back_without_a_file_that_is_included(workspace):
    workspace.taskfile(TASKS)
    workspace.run("good")
    workspace.taskfile(f"{TASKS}includes: {{other: ./missing}}\n")
    done = workspace.run("--runs")
    assert (done.returncode, done.stderr) == (0, "")
    assert "succeeded" in done.stdout


@pytest.mark.parametrize("args", [["-t", "missing.yml"], ["-d", "missing"]])
def test_where_no_taskfile_is_nothing_is_looked_back_at(workspace, args):
    done = workspace.run(*args, "--stats")
    assert done.returncode == 100
    assert "no Taskfile found" in done.stderr


def test_the_doctor_looks_at_the_state_beside_a_taskfile_that_cannot_be_read(unreadable):
    (unreadable.root / ".paratask" / "history.sqlite").write_bytes(b"no database" * 100)
    done = unreadable.run("--doctor")
    assert "not valid YAML" in done.stdout
    assert "the history is damaged" in done.stdout
