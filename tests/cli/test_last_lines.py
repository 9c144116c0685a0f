"""What a run says at its end, whole. See "It says why" in docs/design.md."""

from __future__ import annotations

import os
import re
import signal

import pytest

from up_and_gone import await_jobs

from .terminals import Emulator

TASKFILE = """\
version: '3'
silent: true
tasks:
  all: {cmds: [{task: "a:first"}, {task: b}, {task: c}]}
  a:first: echo a
  b: ["echo $$ > b.pid; echo up > ready; sleep 1000"]
  c: echo c
  pair: {cmds: [{task: "a:first"}, {task: c}]}
  bad: [echo x, exit 3]
  call: {cmds: [{task: "lint:all"}]}
  lint:all: {label: 'lint {{.X}}', vars: {X: 5}, cmds: [exit 4]}
"""


@pytest.fixture
def interrupted(workspace):
    """Gives what a run says that a signal ends while `b` runs."""
    workspace.taskfile(TASKFILE)
    os.mkfifo(workspace.root / "ready")
    workspace.ready = os.open(workspace.root / "ready", os.O_RDWR)  # both ends, so that no writer ever finds it closed

    def interrupt(*args: str, number: int = signal.SIGINT) -> list[str]:
        process = workspace.start("--sequential", *args)
        await_jobs(workspace, 1)
        process.send_signal(number)
        _, err = process.communicate(timeout=20)
        return timeless(err).splitlines()

    yield interrupt
    os.close(workspace.ready)


def timeless(text: str) -> str:
    return re.sub(r"\d+\.\d+ s", "N s", re.sub(r"\d{8}-\d{6}-\d+-\d+", "RUN", text))


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_a_signal_ended_did_not_say_how_to_go_on(interrupted, number):
    name = {signal.SIGINT: "interrupt", signal.SIGTERM: "terminated", signal.SIGHUP: "hangup"}[number]
    assert interrupted("all", number=number) == [
        f"error: `all` failed: stopped by a signal ({name})",
        "paratask: 3 of 4 jobs in N s; 1 stopped; logs in .paratask/runs/RUN",
        "paratask: `paratask --resume` goes on with what is left",
    ]


@pytest.mark.slow
def test_a_run_that_was_stopped_was_gone_on_with_as_one_that_failed(interrupted):
    interrupted("all")
    assert timeless(interrupted("--resume")[0]) == "paratask: going on with run RUN of `all`, which was stopped (interrupt)"


@pytest.mark.slow
def test_of_several_calls_one_that_had_ended_well_was_said_to_be_stopped(interrupted):
    assert interrupted("c", "b")[0] == "error: `b` failed: stopped by a signal (interrupt)"


@pytest.mark.slow
def test_a_command_that_had_the_keyboard_kept_its_run_from_saying_how_to_go_on(workspace):
    workspace.taskfile(TASKFILE.replace("echo up > ready; sleep 1000", "echo is up; sleep 1000"))
    shows = Emulator(workspace, "--sequential", "all", columns=160)
    try:
        shows.until("is up")
        shows.type(b"\x03")
        assert shows.end() == 201
        lines = [timeless(line) for line in shows.lines()]
    finally:
        shows.close()
    assert lines[-2:] == [
        "paratask: 3 of 4 jobs in N s; 1 stopped; logs in .paratask/runs/RUN",
        "paratask: `paratask --resume` goes on with what is left",
    ]


@pytest.mark.slow
def test_how_to_go_on_has_what_was_given_but_for_values(interrupted):
    assert (
        interrupted("all", "X=secret", "--", "words")[-1] == "paratask: `paratask --resume X=… -- …` goes on with what is left"
    )


@pytest.mark.slow
def test_what_is_to_be_gone_on_with_can_be_and_says_what_was_done_before(interrupted, workspace):
    interrupted("all")
    workspace.write("paratask.toml", '[tasks."a:first"]\nlocal = true\nreads = []\nwrites = []\n')
    workspace.taskfile(TASKFILE.replace("sleep 1000", "echo b"))
    done = workspace.run("--resume", "--sequential")
    assert (done.returncode, done.stdout) == (0, "b\nc\n")
    assert timeless(done.stderr).splitlines()[-1] == "paratask: 3 jobs in N s; 1 was done before; logs in .paratask/runs/RUN"


@pytest.mark.slow
@pytest.mark.parametrize("args", [("b",), ("b", "c"), ("--silent", "all"), ("--output", "group", "b")])
def test_where_nothing_would_be_saved_or_words_are_not_wanted_nothing_is_said_of_going_on(interrupted, args):
    assert not [line for line in interrupted(*args) if "--resume" in line]


@pytest.mark.slow
def test_where_no_records_could_be_kept_nothing_is_said_of_logs_and_of_going_on(interrupted, workspace):
    workspace.write(".paratask", "a file, where a folder is to be")
    assert interrupted("all") == [
        f"paratask: warning: records are incomplete: Not a directory: {workspace.root}/.paratask/runs",
        "error: `all` failed: stopped by a signal (interrupt)",
        "paratask: 3 of 4 jobs in N s; 1 stopped",
    ]


def test_closing_lines_and_headings_of_logs_tell_calls_apart_by_their_labels(workspace):
    """`s.2`: nobody knows which that is, of a loop."""
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: {cmds: [{for: [api, db], task: s, vars: {P: '{{.ITEM}}'}}]}
          s: {label: 'build {{.P}}', cmds: ['echo {{.P}}', 'test {{.P}} != db']}
        """)
    run = workspace.run("all", "--report", "junit=report.xml")
    assert "; failed: `s.2 (build db)`; " in run.stderr
    assert workspace.run("--logs").stdout == "==> s (build api), succeeded\napi\n==> s.2 (build db), failed\ndb\n"
    assert 'name="s.2 (build db)"' in (workspace.root / "report.xml").read_text()


def test_labels_are_told_without_secrets(workspace):
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: {vars: {T: {value: hunter22, secret: true}}, cmds: [{task: s, vars: {P: '{{.T}}'}}]}
          s: {label: 'build {{.P}}', cmds: [exit 1]}
        """)
    for environ in ({}, {"CI": "true", "GITHUB_ACTIONS": "true"}):
        run = workspace.run("all", env=environ)
        assert "hunter22" not in run.stdout + run.stderr
        assert "s (build *****)" in run.stdout + run.stderr


def test_names_were_those_of_files_in_plans_and_logs(workspace):
    workspace.taskfile(
        TASKFILE.replace("echo a", "echo a{{.N}} | cat").replace("echo c", "echo c | cat")
        + "  thrice: {cmds: [{task: 'a:first'}, {task: c}, {task: 'a:first', vars: {N: 2}}]}\n"
    )
    plan = workspace.run("--plan", "thrice").stdout
    assert [line.strip() for line in plan.splitlines() if "together with" in line] == [
        "together with c, a:first.2: touches nothing that they touch (inferred)",
        "together with a:first, a:first.2: touches nothing that they touch (inferred)",
        "together with a:first, c: touches nothing that they touch (inferred)",
    ]
    assert workspace.run("thrice").returncode == 0
    assert workspace.run("--logs").stdout.splitlines()[::2] == [
        "==> a:first, succeeded",
        "==> c, succeeded",
        "==> a:first.2, succeeded",
    ]
    for name in ("a:first.2", "a-first.2"):
        assert workspace.run("--logs", name).stdout == "a2\n"
        assert workspace.run("--why", name).stdout.startswith("a:first.2 in run ")


@pytest.mark.slow
def test_at_a_prompt_no_signal_came_to_anything(workspace):
    """Ctrl-C was noted, and the run waited for an answer all the same."""
    workspace.taskfile(TASKFILE + "  sure: {prompt: 'Sure?', cmds: ['echo sure']}\n  ask: {cmds: [{task: c}, {task: sure}]}\n")
    shows = Emulator(workspace, "ask", columns=160)
    try:
        shows.until("Sure? [y/N]:")
        shows.type(b"\x03")
        assert shows.end() == 201
        lines = [timeless(line) for line in shows.lines()]
    finally:
        shows.close()
    assert lines[1:] == [
        'Sure? [y/N]: ^Ctask: Signal received: "interrupt"',
        "error: `ask` failed: stopped by a signal (interrupt)",
        "paratask: 3 jobs in N s; logs in .paratask/runs/RUN",
        "paratask: `paratask --resume` goes on with what is left",
    ]


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("both", "failed: `worse`; failed, which is ignored: `bad`"),
        ("later", "failed: `later`; failed, which is ignored: `bad`"),
        ("whole", "failed: `whole`; failed, which is ignored: `bad`, `worse`"),
        ("deps", "failed: `bad`"),
    ],
)
def test_a_failure_that_was_ignored_is_told_from_the_one_that_was_not(workspace, task, said):
    """It was among the failures of a run that failed for another reason."""
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          bad: exit 7
          worse: exit 8
          both: {cmds: [{task: bad, ignore_error: true}, task: worse]}
          later: {cmds: [defer: {task: bad}, exit 3]}
          whole: {cmds: [task: forgiving, exit 3]}
          forgiving: {ignore_error: true, cmds: [task: bad, task: worse]}
          deps: {ignore_error: true, deps: [bad], cmds: [echo]}
        """)
    for how in ("--sequential", "--parallel"):
        done = workspace.run(how, task)
        assert done.returncode == 201
        assert f"; {said}; logs in " in done.stderr.splitlines()[-1]
