"""--resume: what a run that failed or was killed had finished does not run again; all else does."""

from __future__ import annotations

import json
import os
import re
import signal

import pytest

from resuming import play

REPLAYED = os.environ.get("PARATASK_SEED", "")
SEEDS = [int(REPLAYED)] if REPLAYED else list(range(int(os.environ.get("PARATASK_ROUNDS", "4"))))
TASKS = """
version: '3'
silent: true
tasks:
  all: {cmds: [{task: a}, {task: b}, {task: mixed}, {task: outside}, {task: last}]}
  a: cat in/a > out.a; echo a >> ran
  b: cat in/b > out.b; echo b >> ran
  mixed: {deps: [c], cmds: ['cat out.c > out.mixed; echo mixed >> ran']}
  c: cat in/c > out.c; echo c >> ran
  outside: $TRUE; echo outside >> ran
  last: test -e ok; echo last{{.X}} >> ran
"""
SETTINGS = """
[tasks]
a = { local = true, reads = ["in/a"], writes = ["out.a"] }
b = { local = true, reads = ["in/b"], writes = ["out.b"] }
c = { local = true, reads = ["in/c"], writes = ["out.c"] }
mixed = { local = true, reads = ["out.c"], writes = ["out.mixed"] }
"""
NOT_AGAIN = "paratask: `outside` had succeeded, and may have effects outside this checkout: not run again; `paratask --resume --yes` does\n"


@pytest.fixture
def failed(workspace):
    """A workspace in which a run of `all` failed at its last task."""
    workspace.environ["TRUE"] = "true"
    workspace.taskfile(TASKS.replace("{{.X}}", ""))
    workspace.write("paratask.toml", SETTINGS)
    for name in "abc":
        workspace.write(f"in/{name}", f"{name}\n")
    assert workspace.run("--sequential", "all").returncode == 201
    assert ran(workspace) == ["a", "b", "c", "mixed", "outside"]
    return workspace


def make_pipes(workspace):
    """A job tells by one that it is at work, and waits at the other: `echo up > up; read x < go`."""
    for name in ("up", "go"):
        os.mkfifo(workspace.root / name)


def kill_when_up(workspace, *words):
    """A run that is killed once such a job is at work."""
    process = workspace.start(*words)
    assert (workspace.root / "up").read_text() == "up\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()


def ran(workspace) -> list[str]:
    """Since the last look."""
    file = workspace.root / "ran"
    words = file.read_text().split() if file.exists() else []
    file.write_text("")  # it counts as written by those that add to it, and must not go
    return words


@pytest.mark.slow
def test_what_was_finished_does_not_run_again(failed):
    for _ in range(2):
        run = failed.latest_run().name
        again = failed.run("--resume")
        assert again.returncode == 201
        assert again.stderr.endswith(NOT_AGAIN)
        assert ran(failed) == []
        assert again.stderr.startswith(f"paratask: going on with run {run} of `all`, which failed\n")
    (failed.root / "ok").touch()
    first = min(os.listdir(failed.root / ".paratask/runs"))
    assert failed.run("--resume", first).returncode == 0
    assert ran(failed) == ["last"]
    run = failed.latest_run().name
    done = failed.run("--resume")
    assert (done.returncode, done.stderr) == (0, f"paratask: run {run} succeeded; there is nothing to go on with\n")
    assert f"fresh: run {first} finished it, and nothing that it reads changed since" in failed.run("--why", "a").stdout


@pytest.mark.slow
def test_what_reads_something_new_runs_again_and_so_does_what_reads_that(failed):
    (failed.root / "in/c").write_text("new\n")
    failed.run("--resume")
    assert ran(failed) == ["c", "mixed"]
    assert (failed.root / "out.mixed").read_text() == "new\n"
    (failed.root / "out.b").unlink()
    failed.run("--resume")
    assert ran(failed) == ["b"], "what it wrote was gone"


def test_what_is_left_could_not_be_asked_without_running_it(failed):
    """`--dry` was refused."""
    left = re.compile(r"task: \[(\w+)\] ")
    kept = os.listdir(failed.root / ".paratask/runs")
    shown = failed.run("--resume", "--dry", "-v")
    assert (shown.returncode, left.findall(shown.stderr)) == (0, ["last"])
    (failed.root / "in/c").write_text("new\n")
    shown = failed.run("--resume", "--dry", "-v")
    assert left.findall(shown.stderr) == ["c", "mixed", "last"], "it reads what `c` would write"
    assert (ran(failed), os.listdir(failed.root / ".paratask/runs")) == ([], kept)
    failed.run("--resume")
    assert ran(failed) == ["c", "mixed"]


def test_what_is_up_to_date_was_said_to_write_again_what_others_read(workspace):
    workspace.taskfile(
        """
version: '3'
tasks:
  all: {cmds: [{task: made}, {task: uses}, {task: last}]}
  made: {sources: [in], generates: [out/a], cmds: ["mkdir -p out", "cp in out/a"]}
  uses: {cmds: ["cat out/a > used"]}
  last: {cmds: ["test -f ok"]}
"""
    )
    workspace.write("in", "a\n")
    assert workspace.run("all").returncode == 201
    shown = workspace.run("--resume", "--dry")
    assert re.findall(r"task: \[(\w+)\] ", shown.stderr) == ["last"]
    workspace.write("in", "b\n")
    shown = workspace.run("--resume", "--dry")
    assert list(dict.fromkeys(re.findall(r"task: \[(\w+)\] ", shown.stderr))) == ["made", "uses", "last"]


def test_a_plan_that_changed_is_said(failed):
    failed.taskfile("# another line\n" + TASKS.replace("{{.X}}", "").replace("echo b >>", "echo B >>"))
    run = min(os.listdir(failed.root / ".paratask/runs"))
    shown = failed.run("--resume", "--dry")
    assert f"paratask: the plan changed since run {run}: `b` would run anew\n" in shown.stderr
    again = failed.run("--resume")
    assert ran(failed) == ["B"]
    assert f"paratask: the plan changed since run {run}: `b` ran anew\n" in again.stderr


def test_effects_elsewhere_are_repeated_only_when_asked(failed):
    failed.run("--resume", "--yes")
    assert ran(failed) == ["outside"]


@pytest.mark.slow
def test_variables_have_to_be_given_again(failed):
    failed.taskfile(TASKS)
    failed.run("all", "X=1")
    ran(failed)
    run = failed.latest_run().name
    asked = failed.run("--resume")
    expected = f"error: run {run} was given X\n  help: `paratask --resume X=…` gives it again\n"
    assert (asked.returncode, asked.stderr) == (1, expected)
    (failed.root / "ok").touch()
    assert failed.run("--resume", "X=1").returncode == 0
    assert ran(failed) == ["last1"]


def test_what_cannot_be_gone_on_with(workspace):
    workspace.taskfile(TASKS)
    assert workspace.run("--resume").stderr == "error: no run is kept\n  help: `paratask TASK` begins one\n"
    expected = "error: there is no run `x`\n  help: `paratask --runs` lists those that are kept\n"
    assert workspace.run("--resume", "x").stderr == expected
    assert workspace.run("--resume", "--watch").stderr == "error: --resume and --watch exclude each other\n"


def test_a_killed_run(workspace):
    workspace.taskfile(
        "version: '3'\nsilent: true\ntasks:\n  all: {cmds: [{task: a}, {task: waits}]}\n"
        "  a: $TRUE; echo a >> ran\n  waits: echo up > up; read x < go; echo waits >> ran\n"
    )
    workspace.environ["TRUE"] = "true"
    make_pipes(workspace)
    process = workspace.start("--sequential", "all")
    assert (workspace.root / "up").read_text() == "up\n"
    goes_on = workspace.run("--resume").stderr
    assert goes_on.startswith(f"error: run {workspace.latest_run().name} goes on\n")
    process.send_signal(signal.SIGKILL)
    process.communicate()
    process = workspace.start("--resume")
    assert (workspace.root / "up").read_text() == "up\n"
    (workspace.root / "go").write_text("go\n")
    process.communicate()
    assert process.returncode == 0
    assert ran(workspace) == ["a", "waits"]
    results = [run["result"] for run in json.loads(workspace.run("--runs", "--json").stdout)["runs"]]
    assert results == ["succeeded", "killed"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_killed_at_random_moments(seed):
    play(seed)


def test_what_runs_once_is_done_for_all_who_call_it(workspace):
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: {cmds: [{task: a}, {task: b}, {task: last}, {task: d}]}
          a: {deps: [c], cmds: ['echo a >> ran']}
          b: {deps: [c], cmds: ['echo b >> ran']}
          d: {deps: [c], cmds: ['echo d >> ran']}
          c: {run: once, cmds: ['echo c >> ran']}
          last: test -e ok
    """)
    workspace.write("paratask.toml", "".join(f"[tasks.{name}]\nlocal = true\nreads = []\n" for name in "abcd"))
    assert workspace.run("--sequential", "all").returncode == 201
    assert ran(workspace) == ["c", "a", "b"]
    (workspace.root / "ok").touch()
    assert workspace.run("--resume").returncode == 0
    assert ran(workspace) == ["d"]


@pytest.mark.slow
def test_dependencies_in_a_loop_and_deferred_calls_are_found_again(workspace):
    """The last dependency starts first, and a deferred call last; a call whose `if` did not hold is none."""
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: {cmds: [{task: a}, {task: last}]}
          a:
            deps: [{for: [x, y, z], task: item, vars: {I: '{{.ITEM}}'}}]
            cmds:
              - defer: {task: item, vars: {I: 'at {{.TASK}}'}}
              - {task: item, vars: {I: never}, if: 'false'}
              - {task: fails, ignore_error: true}
              - echo a >> ran
          item: 'echo "{{.I}}" >> ran'
          fails: echo fails >> ran; false
          last: 'false'
    """)
    workspace.write("paratask.toml", "".join(f"[tasks.{name}]\nlocal = true\nreads = []\n" for name in ("a", "item", "fails")))
    assert workspace.run("--sequential", "all").returncode == 201
    assert ran(workspace) == ["z", "x", "y", "fails", "a", "at", "a"]
    again = workspace.run("--resume")
    assert ran(workspace) == []
    assert "the plan changed" not in again.stderr


WRITTEN_BELOW = """
version: '3'
silent: true
tasks:
  all: {cmds: [{task: reads}, {task: writes}, {task: last}]}
  reads: cat in/a > out.reads; echo reads >> ran
  writes: cat in/w >> in/a; echo writes >> ran
  last: test -e ok
"""
BELOW = """
[tasks]
reads = { local = true, reads = ["in/a"], writes = ["out.reads"] }
writes = { local = true, reads = ["in/w"], writes = ["in/a"] }
"""


@pytest.mark.slow
def test_what_is_written_below_changes_nothing_for_what_is_above(workspace):
    workspace.taskfile(WRITTEN_BELOW)
    workspace.write("paratask.toml", BELOW)
    workspace.write("in/a", "a\n")
    workspace.write("in/w", "w\n")
    assert workspace.run("--sequential", "all").returncode == 201
    assert ran(workspace) == ["reads", "writes"]
    workspace.run("--sequential", "--resume")
    assert ran(workspace) == []
    assert (workspace.root / "out.reads").read_text() == "a\n"
    workspace.write("in/a", "b\n")
    workspace.run("--sequential", "--resume")
    assert ran(workspace) == ["reads"], "this was somebody else"


@pytest.mark.slow
def test_what_is_above_and_ran_again_is_news_for_what_is_below(workspace):
    """Also if the run that ran it again ended before it came to what is below."""
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: {cmds: [{task: makes}, {task: between}, {task: reads}, {task: last}]}
          makes: cat in > out.makes; echo makes >> ran
          between: echo between >> ran; test ! -e stop
          reads: cat out.makes > out.reads; echo reads >> ran
          last: test -e ok
    """)
    workspace.write(
        "paratask.toml",
        '[tasks]\nmakes = { local = true, reads = ["in"], writes = ["out.makes"] }\n'
        'between = { local = true, reads = ["in"], writes = ["ran"] }\n'
        'reads = { local = true, reads = ["out.makes"], writes = ["out.reads"] }\n',
    )
    workspace.write("in", "a\n")
    assert workspace.run("--sequential", "all").returncode == 201
    assert ran(workspace) == ["makes", "between", "reads"]
    workspace.write("in", "b\n")
    workspace.write("stop", "")
    workspace.run("--sequential", "--resume")
    assert ran(workspace) == ["makes", "between"]
    (workspace.root / "stop").unlink()
    workspace.run("--sequential", "--resume")
    assert ran(workspace) == ["between", "reads"]
    assert (workspace.root / "out.reads").read_text() == "b\n"


def test_an_attempt_that_was_killed_undoes_what_the_one_before_it_finished(workspace):
    """Both attempts call the same; what the second had begun is not what the first had finished."""
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: {cmds: [{task: inner}, {task: stop}]}
          inner: echo inner >> ran; test ! -e held || { echo up > up; read x < go; }; echo whole > out
          stop: touch held; test -e ok
    """)
    workspace.write(
        "paratask.toml",
        '[tasks]\nall = { local = true, retry = { count = 1 } }\ninner = { local = true, reads = [], writes = ["out"] }\n',
    )
    make_pipes(workspace)
    kill_when_up(workspace, "--sequential", "all")
    (workspace.root / "held").unlink()
    (workspace.root / "ok").touch()
    assert workspace.run("--sequential", "--resume").returncode == 0
    assert ran(workspace) == ["inner"] * 3


def test_what_an_earlier_attempt_wrote_was_news_for_what_came_before_it(workspace):
    """It made a file beside those that are read, failed, and made nothing the next time."""
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: {cmds: [{task: reads}, {task: writes}, {task: waits}]}
          reads: {run: once, cmds: [echo reads >> ran]}
          writes: echo writes >> ran; test -e d/y || { touch d/y; exit 1; }
          waits: test -e again || { touch again; echo up > up; read x < go; }
    """)
    workspace.write(
        "paratask.toml",
        """\
        [tasks]
        all = { local = true, retry = { count = 1, wait = "50ms" } }
        reads = { local = true, reads = ["d/x*"], writes = ["ran"] }
        writes = { local = true, reads = ["d/y"], writes = ["d/y"] }
        """,
    )
    (workspace.root / "d").mkdir()
    make_pipes(workspace)
    kill_when_up(workspace, "--sequential", "all")
    assert ran(workspace) == ["reads", "writes", "writes"]
    assert workspace.run("--sequential", "--resume").returncode == 0
    assert ran(workspace) == []


def test_a_job_that_was_being_looked_at_when_the_run_was_killed_was_no_longer_done(failed):
    """So it does not begin before that: in its run's journal it is ready, and then fresh."""
    failed.run("--resume")
    lines = map(json.loads, (failed.latest_run() / "journal.jsonl").read_text().splitlines())
    states = [line["state"] for line in lines if line["event"] == "JobChanged" and line["job"] == "a"]
    assert states == ["ready", "fresh"]


def test_what_runs_once_stays_done_in_the_next_attempt_of_its_caller(workspace):
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: {cmds: [{task: inner}, {task: last}]}
          inner: {cmds: [{task: a}, {task: fails}]}
          a: {run: once, cmds: ['echo a >> ran']}
          fails: echo >> tries; test $(wc -l < tries) -gt 1
          last: 'false'
    """)
    workspace.write(
        "paratask.toml", "[tasks]\ninner = { local = true, retry = { count = 1 } }\na = { local = true, reads = [] }\n"
    )
    assert workspace.run("--sequential", "all").returncode == 201
    assert workspace.run("--sequential", "--resume").returncode == 201
    assert ran(workspace) == ["a"]


def test_a_run_of_another_taskfile_is_not_gone_on_with_in_this_one(workspace):
    workspace.taskfile("version: '3'\ntasks: {all: 'false'}\n")
    workspace.write("it's.yml", "version: '3'\nsilent: true\ntasks: {all: 'echo all >> ran; false'}\n")
    assert workspace.run("-t", "it's.yml", "all").returncode == 201
    again = workspace.run("--resume")
    assert again.returncode == 1
    assert again.stderr == (
        f"error: run {workspace.latest_run().name} was of `it's.yml`, and this is `Taskfile.yml`\n"
        "  help: `paratask --taskfile 'it'\"'\"'s.yml' --resume`\n"
    )
    assert workspace.run("-t", "it's.yml", "--resume").returncode == 201
    assert ran(workspace) == ["all", "all"]


def test_what_began_again_when_the_run_was_killed_is_not_done(workspace):
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: {cmds: [{task: a}, {task: last}]}
          a: echo a >> ran; echo part > out; test ! -e held || { echo up > up; read x < go; }; echo whole > out
          last: test -e ok
    """)
    workspace.write("paratask.toml", '[tasks]\na = { local = true, reads = [], writes = ["out"] }\n')
    make_pipes(workspace)
    assert workspace.run("--sequential", "all").returncode == 201
    (workspace.root / "out").unlink()
    (workspace.root / "held").touch()
    kill_when_up(workspace, "--sequential", "--resume")
    (workspace.root / "held").unlink()
    (workspace.root / "ok").touch()
    assert workspace.run("--sequential", "--resume").returncode == 0
    assert (ran(workspace), (workspace.root / "out").read_text()) == (["a"] * 3, "whole\n")


@pytest.mark.slow
def test_what_copies_a_file_was_never_taken_as_done(workspace):
    """`cp a b` may write `b/a`, and `mv` takes away what was made before: neither has to be there afterwards."""
    tasks = {"copy": "cp in b", "move": "[sort in > sub/part, mv sub/part sub/whole]", "last": "test -e ok"}
    calls = ", ".join(f"{{task: {name}}}" for name in tasks)
    lines = "".join(f"  {name}: {command}\n" for name, command in tasks.items())
    workspace.taskfile(f"version: '3'\nsilent: true\ntasks:\n  all: {{cmds: [{calls}]}}\n{lines}")
    workspace.write("in", "x\n")
    workspace.write("sub/.keep", "")

    def done_before(*gone: str) -> list[str]:
        assert workspace.run("--sequential", "all").returncode == 201
        for name in gone:
            (workspace.root / name).unlink()
        workspace.run("--sequential", "--resume")
        newest = max((workspace.root / ".paratask/runs").iterdir())
        return [job["task"] for job in json.loads((newest / "summary.json").read_text())["jobs"] if job["done_before"]]

    assert done_before() == ["copy", "move"]
    assert done_before("b") == ["move"]
    assert done_before("sub/whole") == ["copy"]


LOOKS_AROUND = """
version: '3'
silent: true
tasks:
  all: {cmds: [{task: looks}, {task: has-sources}, {task: last}]}
  looks: grep -rn nothing . || true
  has-sources: {sources: [in], cmds: [cat in]}
  last: cat ok
"""


def why(workspace, task: str) -> str:
    """Why it ran, or did not, in the newest run."""
    lines = workspace.run("--why", task).stdout.splitlines()
    return next(line.strip() for line in lines if line.startswith(("  ran because", "  fresh")))


@pytest.mark.slow
def test_what_paratask_wrote_itself_was_news_for_whatever_reads_the_folder(workspace):
    workspace.taskfile(LOOKS_AROUND)
    workspace.write("in", "")
    reports = ("--report", "json=report.json", "--report", "html=reports/new/report.html")
    assert workspace.run("--sequential", "all", *reports).returncode == 201
    for _ in range(2):  # the second one goes on with a run that wrote them anew
        run = workspace.latest_run().name
        workspace.run("--sequential", "--resume", *reports)
        assert why(workspace, "looks") == f"fresh: run {run} finished it, and nothing that it reads changed since"
    run = workspace.latest_run().name
    (workspace.root / "report.json").unlink()
    workspace.run("--sequential", "--resume")
    assert why(workspace, "looks") == f"ran because: run {run} finished it, but something came or went in the checkout"


def test_the_job_log_of_plain_commands_was_news_for_those_that_read_the_folder(workspace):
    command = "grep -rn nothing .; test {} = 1"
    workspace.run("--exec", "--jobs", "1", "--joblog", "first", command, ":::", "1", "2")
    again = workspace.run("--resume", "--jobs", "1", "--joblog", "second")
    assert "paratask: 1 job in " in again.stderr
    assert "; 1 was done before; " in again.stderr


def test_the_records_of_plain_commands_in_the_home_folder_were_news_for_those_that_read_it(workspace):
    env = {"XDG_STATE_HOME": str(workspace.root / ".local" / "state")}
    workspace.run("--exec", "--jobs", "1", "grep -rn nothing .; test {} = 1", ":::", "1", "2", env=env)
    again = workspace.run("--resume", "--jobs", "1", env=env)
    assert "paratask: 1 job in " in again.stderr
    assert "; 1 was done before; " in again.stderr


def test_a_job_log_lost_what_the_run_before_had_finished(workspace):
    options = ("--jobs", "1", "--joblog", "log")
    assert workspace.run("--exec", *options, "true; test {} = 1", ":::", "1", "2").returncode == 1
    assert workspace.run("--resume", *options).returncode == 1
    lines = [line.split("\t") for line in (workspace.root / "log").read_text().splitlines()]
    assert [(line[0], line[6]) for line in lines] == [("Seq", "Exitval"), ("1", "0"), ("2", "1"), ("2", "1")]


@pytest.mark.slow
def test_a_job_that_ran_again_said_only_that_it_always_runs(failed):
    run = failed.latest_run().name
    failed.write("in/b", "new\n")
    failed.write("in/c", "new\n")
    failed.taskfile(TASKS.replace("{{.X}}", "").replace("echo a >>", "echo A >>"))
    (failed.root / "ok").touch()
    assert failed.run("--resume", "--yes").returncode == 0
    finished = f"ran because: run {run} finished it, but"
    assert {task: why(failed, task) for task in ("a", "b", "mixed", "outside", "last", "all")} == {
        "a": f"ran because: it is not what it was in run {run}: its texts, variables or folder changed",
        "b": f"{finished} in/b changed",
        "mixed": f"{finished} in/c changed",
        "outside": why(failed, "outside"),
        "last": f"ran because: run {run} had not finished it",
        "all": "ran because: always runs",
    }
    assert why(failed, "outside").startswith("ran because: --yes repeats what may have effects outside this checkout (")


def test_what_was_written_and_went_is_named(failed):
    run = failed.latest_run().name
    (failed.root / "out.b").unlink()
    (failed.root / "ok").touch()
    failed.run("--resume")
    assert why(failed, "b") == f"ran because: run {run} finished it, but out.b, which it writes, is not there"


def test_a_clock_that_went_back_hid_what_changed(failed):
    run = failed.latest_run()
    journal = run / "journal.jsonl"
    journal.write_text(re.sub(r'"at":(\d+)', lambda match: f'"at":{int(match[1]) + 3600}', journal.read_text()))
    failed.write("in/a", "new\n")
    failed.run("--resume")
    assert sorted(ran(failed)) == ["a", "b", "c", "mixed"], "what has effects elsewhere is not repeated"
    expected = f"ran because: run {run.name} finished it, but the clock went back since, so that nobody knows what changed"
    assert why(failed, "a") == expected


def test_a_run_where_clocks_show_another_hour_was_taken_for_the_newest(failed):
    """As in a container that shares the checkout, or in the hour that comes twice in autumn."""
    failed.run("a", env={"TZ": "Asia/Tokyo"})
    failed.run("b", env={"TZ": "America/Los_Angeles"})
    calls = [run["calls"] for run in json.loads(failed.run("--runs", "--json").stdout)["runs"]]
    assert calls == [["b"], ["a"], ["all"]]


@pytest.mark.slow
def test_plain_commands_inside_a_run_that_was_killed(workspace):
    """They were a command of the run that is gone on with: it is begun anew, when what is left of it has ended."""
    commands = '"echo one >> ran.1" "echo up > up; echo \\$\\$ > pid; read x < go" "echo three >> ran.3"'
    workspace.taskfile(
        "version: '3'\nsilent: true\ntasks:\n  all: {cmds: [{task: first}, {task: inner}, {task: last}]}\n"
        f"  first: echo first >> ran\n  inner: 'paratask --exec --jobs 3 ::: {commands}'\n  last: echo last >> ran\n"
    )
    make_pipes(workspace)
    kill_when_up(workspace, "--sequential", "all")
    resumed = workspace.start("--resume")
    assert (workspace.root / "up").read_text() == "up\n", "the first one of those had been ended: nobody else reads `go`"
    (workspace.root / "go").write_text("go\n")
    _, said = resumed.communicate()
    assert resumed.returncode == 0
    assert "had left behind: paratask" in said
    assert ran(workspace) == ["first", "last"]
    listed = json.loads(workspace.run("--runs", "--json").stdout)["runs"]
    assert [(run["result"], run["depth"]) for run in listed] == [
        ("succeeded", 0), ("succeeded", 1), ("killed", 0), ("stopped", 1),
    ]  # fmt: skip


def test_a_checkout_that_moved_was_said_to_have_another_plan(workspace):
    """Outside effects are not repeated for that; the rest is, since what it left may know the path."""
    workspace.taskfile("""
    version: '3'
    tasks:
      all: [task: one, task: publish, task: last]
      one: {cmds: ['cat {{.ROOT_DIR}}/in > out'], env: {HERE: '{{.TASKFILE_DIR}}/x'}}
      publish: {cmds: ['twine upload {{.ROOT_DIR}}/in || true']}
      last: test -e ok
    """)
    workspace.write("in", "")
    assert workspace.run("all").returncode == 201
    run = workspace.latest_run().name
    moved = workspace.root.rename(workspace.root.with_name("moved"))
    done = workspace.run("--resume", cwd=moved)
    assert (
        f"paratask: the checkout moved since run {run}, and what jobs left may know its path: `one` ran anew\n" in done.stderr
    )
    assert "`publish` had succeeded, and may have effects outside this checkout: not run again" in done.stderr
    assert "the plan changed" not in done.stderr
    why = workspace.run("--why", "one", cwd=moved).stdout
    assert f"the checkout was {workspace.root} then, and what the job left there may know that path\n" in why
    assert "2 were done before" in workspace.run("--resume", cwd=moved).stderr


@pytest.mark.parametrize("folder", [".task", "kept", "{root}/build/kept"])
def test_fingerprints_are_no_change_wherever_they_are_kept(workspace, folder):
    """That of `built` is written after `all-files` has ended, which reads everything."""
    workspace.environ["TASK_TEMP_DIR"] = folder.format(root=workspace.root)
    workspace.taskfile("""
    version: '3'
    tasks:
      all: [task: all-files, task: built, task: last]
      all-files: ls
      built: {sources: [in], cmds: [echo built]}
      last: test -e ok
    """)
    workspace.write("paratask.toml", "[tasks]\nall-files = { local = true, reads = ['**'], writes = [] }\n")
    workspace.write("in", "")
    workspace.run("all", "--sequential")
    workspace.run("--resume", "--sequential")
    assert "  fresh: run " in workspace.run("--why", "all-files").stdout


@pytest.mark.parametrize(
    ("environ", "option", "ran_again"),
    [
        ({}, "--force", ["last"]),
        ({"TASK_X_GENTLE_FORCE": "1"}, "--force-all", ["last"]),
        ({"TASK_X_GENTLE_FORCE": "1"}, "--force", []),
    ],
)
def test_a_run_that_was_forced_went_on_without_what_was_up_to_date(workspace, environ, option, ran_again):
    workspace.taskfile("""
        version: '3'
        silent: true
        tasks:
          all: {cmds: [{task: first}, {task: fails}, {task: last}]}
          first: {sources: [in], generates: [out.first], cmds: ['cp in out.first; echo first{{.CLI_FORCE}} >> ran']}
          fails: {cmds: [test -e ok]}
          last: {sources: [in], generates: [out.last], cmds: ['cp in out.last; echo last >> ran']}
    """)
    for name in ("in", "ok"):
        workspace.write(name, "")
    assert workspace.run("all").returncode == 0
    assert sorted(ran(workspace)) == ["firstfalse", "last"]
    (workspace.root / "ok").unlink()
    assert workspace.run("--sequential", option, "all", env=environ).returncode == 201
    assert ran(workspace) == ["firsttrue"] * bool(ran_again)
    assert workspace.run("--sequential", "--resume", env=environ).returncode == 201  # goes on as it was, however often
    workspace.write("ok", "")
    assert workspace.run("--sequential", "--resume", env=environ).returncode == 0
    assert ran(workspace) == ran_again


def test_what_runs_before_had_finished_was_forgotten_with_them(workspace):
    """A run that goes on with another was stopped before it came to what that had finished, and no more than one is kept."""
    workspace.environ["TRUE"] = "true"
    workspace.write("paratask.toml", "keep_runs = 1\n")
    workspace.taskfile("""\
        version: '3'
        tasks:
          all: {cmds: [{task: first}, {task: outside}, {task: last}]}
          first: cat in; test ! -p up || { echo up > up; read x < go; }
          outside: $TRUE; echo outside >> ran
          last: test -e ok
        """)
    workspace.write("in", "")
    assert workspace.run("--sequential", "all").returncode == 201
    make_pipes(workspace)
    workspace.write("in", "new")
    process = workspace.start("--sequential", "--resume")
    assert (workspace.root / "up").read_text() == "up\n"
    process.send_signal(signal.SIGINT)
    process.communicate()
    (workspace.root / "up").unlink()
    workspace.write("ok", "")
    assert len(list((workspace.root / ".paratask/runs").iterdir())) == 2
    assert workspace.run("--sequential", "--resume").returncode == 0
    assert ran(workspace) == ["outside"]
    assert len(list((workspace.root / ".paratask/runs").iterdir())) == 1


HALF = """
version: '3'
tasks:
  build:
    sources: [src]
    generates: [out]
    method: checksum
    cmds: ['echo half > out', 'test ! -p up || { echo up > up; read x < go; }', 'echo whole > out']
  other: {sources: [src], generates: [rest], cmds: [echo rest > rest]}
"""


@pytest.mark.parametrize("rule", ["method: checksum", "method: timestamp", "status: [test -e out]"])
def test_half_of_what_a_killed_job_makes_was_up_to_date(workspace, rule):
    """Its sources are those of the time before, and what it makes is there again, when its run is killed, however soon after it began."""
    taskfile = HALF if "status" not in rule else HALF.replace("    sources: [src]\n    generates: [out]\n", "", 1)
    workspace.taskfile(taskfile.replace("method: checksum", rule))
    workspace.write("src", "1")
    workspace.run("other", "build")
    (workspace.root / "out").unlink()
    make_pipes(workspace)
    kill_when_up(workspace, "other", "build")
    (workspace.root / "up").unlink()
    resumed = workspace.run("--resume")
    assert (resumed.returncode, (workspace.root / "out").read_text()) == (0, "whole\n"), resumed.stderr
    assert 'task: Task "other" is up to date' in resumed.stderr
    assert 'task: Task "build" is up to date' in workspace.run("build").stderr


@pytest.mark.parametrize(("run", "second"), [("run: once", "task: build"), ("run: always", "test -e out")])
def test_half_of_what_a_job_makes_was_up_to_date_where_another_calls_it(workspace, run, second):
    """What runs once is done for whoever comes first; and the plan may be another one when the run is gone on with."""
    callers = "  all: {cmds: [{task: first}, {task: second}]}\n  first: {cmds: [%s]}\n  second: {cmds: [%s]}\n"
    taskfile = HALF.replace("tasks:\n", f"tasks:\n{callers}").replace("  build:\n", f"  build:\n    {run}\n")
    workspace.taskfile(taskfile % ("test -e src", "task: build"))
    workspace.write("src", "1")
    assert workspace.run("build").returncode == 0
    (workspace.root / "out").unlink()
    make_pipes(workspace)
    kill_when_up(workspace, "--sequential", "all")
    (workspace.root / "up").unlink()
    workspace.taskfile(taskfile % ("task: build", second))
    resumed = workspace.run("--sequential", "--resume")
    assert (resumed.returncode, (workspace.root / "out").read_text()) == (0, "whole\n"), resumed.stderr
    assert resumed.stderr.count("echo whole > out") == 1


@pytest.mark.parametrize("ending", ["exit 1", "kill $PPID; sleep 9"])
def test_half_of_what_failed_or_was_stopped_was_newer_than_its_sources(workspace, ending):
    """Its method is timestamp."""
    taskfile = HALF.replace("method: checksum", "method: timestamp")
    workspace.taskfile(taskfile.replace("test ! -p up", f"test ! -e up || {{ {ending}; }}"))
    for name in ("src", "up"):
        workspace.write(name, "")
    os.utime(workspace.root / "src", (1, 1))
    assert workspace.run("other", "build").returncode == 201
    (workspace.root / "up").unlink()
    resumed = workspace.run("--resume")
    assert (resumed.returncode, (workspace.root / "out").read_text()) == (0, "whole\n"), resumed.stderr
