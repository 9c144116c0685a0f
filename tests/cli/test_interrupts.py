"""Signals, and who is left afterwards: nobody. See "Processes" in docs/design.md."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from up_and_gone import after_echoes, await_jobs, group_is_gone

TASKFILE = """\
version: '3'
tasks:
  both: {cmds: [{defer: echo cleaned up}, {task: a}, {task: b}, {task: after}]}
  a: ["echo $$ > a.pid; echo up > ready; sleep 1000 & wait"]
  b: ["trap '' INT TERM; echo $$ > b.pid; echo up > ready; while :; do sleep 1000; done"]
  after: touch after
  undone: {cmds: [{defer: 'echo undoing; echo all of it > undone'}, 'echo $$ > a.pid; echo up > ready; sleep 1000']}
  lone: {cmds: [{defer: echo lone cleaned up}, 'echo $$ > a.pid; echo up > ready; sleep 1000']}
"""


@pytest.fixture
def waiting(workspace):
    workspace.taskfile(TASKFILE)
    workspace.write("paratask.toml", '[tasks.a]\nwrites = ["a"]\n[tasks.b]\nwrites = ["b"]\n[tasks.after]\nwrites = ["**"]\n')
    os.mkfifo(workspace.root / "ready")
    workspace.ready = os.open(workspace.root / "ready", os.O_RDWR)  # both ends, so that no writer ever finds it closed
    yield workspace
    os.close(workspace.ready)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_once_ends_everything_in_order(waiting, number):
    process = waiting.start("lone")
    await_jobs(waiting, 1)
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 201
    assert "lone cleaned up\n" in out
    assert "task: Signal received: " in out
    assert "error: `lone` failed: stopped by a signal" in err
    assert group_is_gone(waiting.root / "a.pid")


@pytest.mark.slow
def test_a_set_leaves_no_process_even_if_one_ignores_the_signal(waiting):
    process = waiting.start("both", env={"PARATASK_JOBS": "2"})
    await_jobs(waiting, 2)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=20)
    assert process.returncode == 201
    assert "cleaned up\n" in out
    assert not (waiting.root / "after").exists()
    assert all(group_is_gone(waiting.root / name) for name in ("a.pid", "b.pid"))


@pytest.mark.slow
def test_a_quit_signal_left_running_what_had_begun(waiting):
    r"""Ctrl-\ at a terminal, and `STOPSIGNAL SIGQUIT` of a container."""
    process = waiting.start("both", env={"PARATASK_JOBS": "2"})
    await_jobs(waiting, 2)
    process.send_signal(signal.SIGQUIT)
    out, _ = process.communicate(timeout=20)
    assert process.returncode == 201
    assert out.startswith('task: Signal received: "quit"\n')
    assert all(group_is_gone(waiting.root / name) for name in ("a.pid", "b.pid"))


@pytest.mark.slow
def test_twice_is_at_once(waiting):
    process = waiting.start("both", env={"PARATASK_JOBS": "2"})
    await_jobs(waiting, 2)
    process.send_signal(signal.SIGINT)
    line = process.stdout.readline()
    assert line == 'task: Signal received: "interrupt"\n'
    after_echoes()
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=20)
    assert out == "paratask: second signal, ending everything at once\n"
    assert process.returncode == 1
    assert all(group_is_gone(waiting.root / name) for name in ("a.pid", "b.pid"))


@pytest.mark.slow
@pytest.mark.parametrize("inside", ["b", "middle"])
def test_twice_left_running_what_a_paratask_inside_had_begun(waiting, inside):
    waiting.taskfile(f"{TASKFILE}  middle: sh -c 'paratask b; true'\n  outer: sh -c 'paratask {inside}; true'\n")
    process = waiting.start("outer")
    await_jobs(waiting, 1)
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == 'task: Signal received: "interrupt"\n'
    after_echoes()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 1
    assert group_is_gone(waiting.root / "b.pid")
    assert os.listdir(waiting.root / ".paratask/running") == []


@pytest.mark.slow
def test_a_paratask_inside_was_killed_when_the_shell_that_had_called_it_was_gone(waiting):
    waiting.taskfile(f"{TASKFILE}  outer: sh -c 'paratask lone; true'\n")
    process = waiting.start("outer")
    await_jobs(waiting, 1)
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=20)
    assert process.returncode == 201
    assert "lone cleaned up\n" in out
    listed = json.loads(waiting.run("--runs", "--json").stdout)["runs"]
    assert [run["result"] for run in listed] == ["stopped", "stopped"]
    assert group_is_gone(waiting.root / "a.pid")


@pytest.mark.slow
def test_a_reader_that_went_away_left_running_what_a_paratask_inside_had_begun(waiting):
    waiting.taskfile(f"{TASKFILE}  outer: sh -c 'paratask b; true'\n")
    process = waiting.start("outer")
    await_jobs(waiting, 1)
    process.stdout.close()
    process.send_signal(signal.SIGTERM)
    with process.stderr as stderr:
        stderr.read()
    process.wait(timeout=20)
    assert group_is_gone(waiting.root / "b.pid")


@pytest.mark.slow
def test_a_run_that_a_second_signal_ended_had_no_last_words_and_no_end(waiting):
    """It was taken for one that was killed: what ran was not known to have been stopped, and nobody was told how to go on."""
    waiting.taskfile(TASKFILE.replace("both: {cmds: [", "both: {cmds: [{task: first}, ") + "  first: touch first\n")
    process = waiting.start("both", env={"PARATASK_JOBS": "2"})
    await_jobs(waiting, 2)
    process.send_signal(signal.SIGINT)
    process.stdout.readline()
    after_echoes()
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=20)
    (run,) = json.loads(waiting.run("--runs", "--json").stdout)["runs"]
    assert (run["result"], run["stopped_by"], run["exit_code"]) == ("stopped", "interrupt", 1)
    words = re.sub(r"\d+\.\d+ s", "N s", err).splitlines()
    assert words[-2:] == [
        f"paratask: 4 of 5 jobs in N s; 1 parallel set; 2 stopped; logs in .paratask/runs/{run['run']}",
        "paratask: `paratask --resume` goes on with what is left",
    ]
    why = waiting.run("--why", "b", "after").stdout
    assert why.count("cancelled: the run was stopped by a signal (interrupt)\n") == 2
    waiting.taskfile("version: '3'\ntasks:\n  both: {cmds: [{task: first}, {task: a}]}\n  first: touch first\n  a: echo a\n")
    assert "which was stopped (interrupt)\n" in waiting.run("--resume").stderr


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (signal.SIGTERM, signal.SIGTERM),
        (signal.SIGINT, signal.SIGTERM),
        (signal.SIGINT, signal.SIGHUP),
        (signal.SIGHUP, signal.SIGTERM),
    ],
)
def test_two_signals_at_the_same_moment_left_no_time_to_clean_up(waiting, first, second):
    """`timeout` sends each signal to its child, and to the group in which that is; CI runners send two kinds together; and a terminal
    that is closed sends SIGHUP after the Ctrl-C that was typed.
    """
    process = waiting.start("lone")
    await_jobs(waiting, 1)
    process.send_signal(signal.SIGSTOP)
    for number in (first, signal.SIGCONT, second):
        process.send_signal(number)
    out, _ = process.communicate(timeout=20)
    assert process.returncode == 201
    assert out.endswith("lone cleaned up\n")
    assert group_is_gone(waiting.root / "a.pid")


@pytest.mark.slow
@pytest.mark.parametrize(("arguments", "code"), [(("a",), 201), (("--watch", "a"), 0)])
def test_a_signal_came_to_nothing_while_variables_ran_for_the_name_of_a_dotenv_file(waiting, arguments, code):
    waiting.taskfile("""\
        version: '3'
        vars: {NAME: {sh: 'echo $$ > a.pid; echo up > ready; sleep 1000'}}
        dotenv: ['{{.NAME}}']
        tasks:
          a: {sources: [a.txt], cmds: [touch made]}
        """)
    waiting.write("a.txt", "")
    process = waiting.start(*arguments)
    await_jobs(waiting, 1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == code, err
    assert out == ("" if code == 0 else 'task: Signal received: "interrupt"\n')
    assert group_is_gone(waiting.root / "a.pid")
    assert not (waiting.root / "made").exists()


@pytest.mark.slow
def test_a_signal_came_to_nothing_while_it_was_looked_what_is_up_to_date(waiting):
    waiting.taskfile("version: '3'\ntasks:\n  a: {status: ['echo $$ > a.pid; echo up > ready; sleep 1000'], cmds: [echo a]}\n")
    process = waiting.start("--status", "a")
    await_jobs(waiting, 1)
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 201
    assert err.endswith("error: `a` failed: stopped by a signal (terminated)\n")
    assert group_is_gone(waiting.root / "a.pid")


def test_a_run_that_failed_before_it_began_left_a_record_of_what_it_had_running(workspace):
    """The next run took it for one of a run that was killed."""
    workspace.taskfile("""\
        version: '3'
        vars: {NAME: {sh: echo .env}}
        dotenv: ['{{.NAME}}', '{{fail "no"}}']
        tasks: {a: echo a}
        """)
    done = workspace.run("a")
    assert "error calling fail: no" in done.stderr
    assert list((workspace.root / ".paratask" / "running").iterdir()) == []


def test_an_ignored_signal_stays_ignored(waiting):
    """`nohup`, or a job in the background of a script."""
    workspace = waiting
    workspace.taskfile("version: '3'\ntasks:\n  kill: kill -INT $PPID; echo alive\n")
    done = subprocess.run(
        ["bash", "-c", "trap '' INT; exec \"$@\"", "bash", *workspace.argv("kill")],
        cwd=workspace.root, env=workspace.environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "alive\n")


def test_a_run_never_ended_where_signals_were_blocked_when_it_was_started(workspace):
    """Without SIGCHLD nobody hears that a command has ended; and one that SIGTERM does not reach could only be killed."""
    workspace.taskfile("version: '3'\ntasks: {default: grep SigBlk /proc/self/status || echo none}\n")
    blocked = "import os, signal, sys; signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals()); os.execv(sys.argv[1], sys.argv[1:])"
    done = subprocess.run(
        [sys.executable, "-c", blocked, *workspace.argv()],
        cwd=workspace.root, env=workspace.environ, capture_output=True, text=True, timeout=20, check=True,
    )  # fmt: skip
    assert done.stdout in ("SigBlk:\t0000000000000000\n", "none\n")


@pytest.mark.skipif(sys.platform != "linux", reason="containers are Linux's")
@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT])
def test_the_first_process_of_a_container_was_not_ended_before_its_run_began(workspace, number):
    within = ["unshare", "--map-root-user", "--pid", "--fork", "--kill-child"]
    if shutil.which("unshare") is None or subprocess.run([*within, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this machine allows no private process ids")
    with subprocess.Popen(
        [*within, *workspace.argv("-t", "-")], cwd=workspace.root, env=workspace.environ, stdin=subprocess.PIPE
    ) as process:
        until = time.monotonic() + 20
        while process.poll() is None and time.monotonic() < until:  # while Python starts, it hears nothing
            with suppress(psutil.NoSuchProcess):
                for child in psutil.Process(process.pid).children():
                    child.send_signal(number)
            time.sleep(0.02)
        process.kill()
    assert process.returncode == 128 + number


@pytest.mark.slow
def test_a_signal_came_to_nothing_while_nobody_read_the_output(workspace):
    """A pager that waits for a key, for one: paratask waited with it, and the jobs ran on."""
    workspace.taskfile("version: '3'\nsilent: true\ntasks:\n  endless: [{defer: touch cleaned}, yes]\n")
    process = workspace.start("endless")
    waiting = 0
    while waiting < fcntl.fcntl(process.stdout, fcntl.F_GETPIPE_SZ) - 4096:
        time.sleep(0.01)  # between two looks at the pipe
        waiting = struct.unpack("i", fcntl.ioctl(process.stdout, termios.FIONREAD, bytes(4)))[0]
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == 201
    assert (workspace.root / "cleaned").exists()
    process.communicate()


@pytest.mark.slow
@pytest.mark.skipif(not os.path.exists("/proc/self/syscall"), reason="needs to see that it waits")
def test_control_c_came_to_nothing_while_nobody_read_the_closing_lines(workspace):
    """The words that were in the way were to be written again at the exit, and once more by Python."""
    workspace.taskfile("version: '3'\nsilent: true\ntasks:\n  a: {deps: [b, c]}\n  b: 'true'\n  c: exit 3\n")
    read, write = os.pipe()
    os.set_blocking(write, False)
    for size in (4096, 1):
        try:
            while True:
                os.write(write, bytes(size))
        except BlockingIOError:
            pass
    os.set_blocking(write, True)
    process = subprocess.Popen(
        workspace.argv("a"), cwd=workspace.root, env=workspace.environ, stdout=subprocess.DEVNULL, stderr=write
    )
    while Path(f"/proc/{process.pid}/syscall").read_text().split()[1:2] != ["0x2"]:
        time.sleep(0.01)  # between two looks at which descriptor it waits for
    process.send_signal(signal.SIGINT)
    try:
        assert process.wait(timeout=20) == 130
    finally:
        process.kill()
        os.close(write)
        os.close(read)


@pytest.mark.slow
def test_a_server_that_a_task_left_running_was_ended_by_its_next_line(workspace):
    workspace.taskfile("""\
        version: '3'
        tasks:
          start: "sh -c 'read go < gate; echo still here && echo well > end' & echo started"
        """)
    os.mkfifo(workspace.root / "gate")
    os.mkfifo(workspace.root / "end")
    done = workspace.run("--silent", "start")
    assert (done.returncode, done.stdout, done.stderr) == (0, "started\n", "")
    (workspace.root / "gate").write_text("go\n")
    assert (workspace.root / "end").read_text() == "well\n"


def test_whoever_reads_may_go_away(workspace):
    workspace.taskfile("version: '3'\ntasks:\n  endless: yes\n")
    with workspace.start("endless") as process:
        assert process.stdout.readline() == "y\n"
        process.stdout.close()
        process.stderr.read()
        assert process.wait(timeout=20) == 201


def test_what_undoes_something_ended_of_its_own_words_when_nobody_read_them(workspace):
    workspace.taskfile("""\
        version: '3'
        tasks:
          endless: [{defer: 'echo undoing; bash -c "echo it"; touch undone'}, {defer: {task: more}}, "yes"]
          more: [echo more, touch more]
        """)
    with workspace.start("endless") as process:
        assert process.stdout.readline() == "y\n"
        process.stdout.close()
        process.stderr.close()
        assert process.wait(timeout=20) == 201
    assert (workspace.root / "undone").exists()
    assert (workspace.root / "more").exists()


@pytest.mark.slow
def test_nothing_was_undone_where_the_terminal_went_away_under_a_lone_step(waiting):
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(waiting.root)
        argv = waiting.argv("undone")
        os.execvpe(argv[0], argv, waiting.environ)
    await_jobs(waiting, 1)
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    assert os.waitstatus_to_exitcode(status) == 201
    assert (waiting.root / "undone").read_text() == "all of it\n"
