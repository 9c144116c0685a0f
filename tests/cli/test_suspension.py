"""Ctrl-Z, `fg`, `bg`, and a terminal that changes its size: a real shell with job control, at a real pty. See "Processes"."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import shlex
import shutil
import signal
import struct
import termios
import time
from pathlib import Path

import pytest

from .test_terminal import Screen

TASKFILE = """\
version: '3'
silent: true
tasks:
  both: {deps: [a, b]}
  a: "trap '' TTOU; echo $$ > a.pid; read go < a.gate; echo a goes on"
  b: "trap '' TTOU; echo $$ > b.pid; read go < b.gate; echo b goes on"
  asks: 'echo $$ > asks.pid; echo up; read answer; echo got $answer; read go < a.gate; echo end'
  lone: 'echo $$ > lone.pid; echo up; read go < a.gate; echo end'
  nested: {deps: [inner, c]}
  inner: '"$PYTHON" -m paratask --jobs 2 both; echo inner ends'
  c: 'true'
  size: "trap 'stty size <&2 >> told' WINCH; echo $$ > size.pid; while [ ! -e seen ]; do sleep 0.05; done"
  sizes: {deps: [size, c]}
  passwords: {deps: [second, first]}
  first: 'echo $$ > first.pid; read -p "first? " x < /dev/tty 2> /dev/tty'
  second: "until [ $(cut -d' ' -f8 /proc/$$/stat) = $(cat first.pid) ]; do sleep 0.01; done 2> /dev/null; echo $$ > second.pid; trap : INT; for i in 1 2 3; do read x < /dev/tty || true; done"
  prompting: {prompt: 'sure?', cmds: [echo yes it is]}
"""
PROMPT = b"PROMPT> "


class ShellScreen(Screen):
    """A terminal with bash in it, which has the names of paratask's arguments ready: `p both`."""

    def __init__(self, workspace) -> None:
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(workspace.root)
            environ = {**workspace.environ, "TERM": "dumb", "PS1": PROMPT.decode(), "PYTHON": workspace.argv()[0]}
            os.execve(str(shutil.which("bash")), ["bash", "--norc", "--noprofile", "-i"], environ)
        self.seen = b""
        self.say(f'p() {{ {shlex.join(workspace.argv())} "$@"; }}')
        self.then(PROMPT)

    def say(self, line: str) -> None:
        self.type(line.encode() + b"\n")
        self.then(line.encode() + b"\r\n")

    def then(self, text: bytes) -> None:
        """Wait for it, and forget what came before."""
        self.until(text)
        self.seen = self.seen[self.seen.index(text) + len(text) :]


@pytest.fixture
def shell(workspace):
    workspace.taskfile(TASKFILE)
    for name in ("a.gate", "b.gate"):
        os.mkfifo(workspace.root / name)
    made = ShellScreen(workspace)
    yield made
    for path in workspace.root.glob("*.pid"):
        try:
            os.killpg(int(path.read_text()), signal.SIGKILL)
        except (ProcessLookupError, ValueError):
            pass
    os.kill(made.pid, signal.SIGKILL)
    os.waitpid(made.pid, 0)
    os.close(made.fd)


def pid_in(path: Path) -> int:
    """The number, once it is there."""
    while not (path.exists() and path.read_text().endswith("\n")):
        time.sleep(0.01)
    return int(path.read_text())


def is_stopped(pid: int) -> bool:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def wait_until_stopped(pid: int) -> None:
    while not is_stopped(pid):
        time.sleep(0.01)


def open_gate(workspace, name: str) -> None:
    """Let the one who waits there go on. Blocks until somebody does."""
    (workspace.root / name).write_text("go\n")


@pytest.mark.slow
@pytest.mark.parametrize("task", ["both", "nested"])
def test_control_z_stops_all_jobs_and_fg_continues_them(workspace, shell, task):
    """Jobs of a set lead groups of their own: they went on, behind the back of who had stopped them."""
    shell.say(f"p --jobs 2 {task}")
    pids = [pid_in(workspace.root / name) for name in ("a.pid", "b.pid")]
    shell.type(b"\x1a")
    shell.then(b"Stopped")
    shell.then(PROMPT)
    for pid in pids:
        wait_until_stopped(pid)
    stopped_at = time.monotonic()
    time.sleep(0.2)  # time that can be told from what a run takes anyway
    stopped = time.monotonic() - stopped_at
    shell.say("fg")
    open_gate(workspace, "a.gate")
    open_gate(workspace, "b.gate")
    shell.then(b"a goes on")
    if task == "nested":
        shell.then(b"inner ends")
    shell.then(PROMPT)
    shell.say("echo code $?")
    shell.then(b"code 0")
    summaries = [json.loads(path.read_text()) for path in workspace.root.glob(".paratask/runs/*/summary.json")]
    for timed in [timed for summary in summaries for timed in (summary, *summary["jobs"]) if timed.get("task") != "c"]:
        assert timed["ended_at"] - timed["started_at"] - timed["seconds"] > stopped - 0.01, "it counted as a part of the run"


@pytest.mark.slow
def test_control_z_stops_a_lone_step_and_fg_gives_it_the_keyboard_again(workspace, shell):
    shell.say("p asks")
    shell.then(b"up")
    shell.type(b"\x1a")
    shell.then(b"Stopped")
    shell.then(PROMPT)
    assert is_stopped(pid_in(workspace.root / "asks.pid"))
    shell.say("fg")
    shell.type(b"bob\n")
    shell.then(b"got bob")
    open_gate(workspace, "a.gate")
    shell.then(b"end")
    shell.then(PROMPT)


@pytest.mark.slow
def test_control_z_at_a_prompt_stops_us_and_after_fg_it_asks_again(workspace, shell):
    shell.say("p prompting")
    for _ in range(2):
        shell.then(b"sure? [y/N]: ")
        shell.type(b"\x1a")
        shell.then(b"Stopped")
        shell.then(PROMPT)
        shell.say("echo $((20 + 22)) answers")
        shell.then(b"42 answers")
        shell.say("fg")
    shell.then(b"sure? [y/N]: ")
    shell.type(b"y\n")
    shell.then(b"yes it is")
    shell.then(PROMPT)
    shell.say("echo code $?")
    shell.then(b"code 0")


@pytest.mark.slow
def test_in_the_background_a_lone_step_leaves_the_keyboard_to_the_shell(workspace, shell):
    """After `bg` paratask took the terminal away from the shell: at once, and again when the step ended."""
    shell.say("p lone")
    shell.then(b"up")
    shell.type(b"\x1a")
    shell.then(b"Stopped")
    shell.then(PROMPT)
    shell.say("bg")
    shell.say("echo $((20 + 22)) answers")
    shell.then(b"42 answers")
    open_gate(workspace, "a.gate")
    shell.then(b"end")
    shell.say("wait")
    shell.say("echo $((20 + 23)) answers")
    shell.then(b"43 answers")


@pytest.mark.slow
def test_a_step_that_wants_the_keyboard_in_the_background_stops_us_until_fg(workspace, shell):
    """It stopped alone, and nothing ever said why the run did not end."""
    shell.say("p asks &")
    shell.then(b"up")
    wait_until_stopped(pid_in(workspace.root / "asks.pid"))
    shell.say("until jobs | grep Stopped; do :; done")
    shell.then(b"Stopped")
    shell.say("fg")
    shell.type(b"bob\n")
    shell.then(b"got bob")
    open_gate(workspace, "a.gate")
    shell.then(b"end")
    shell.then(PROMPT)


@pytest.mark.slow
def test_control_c_at_a_password_leaves_nobody_who_waits_for_the_keyboard(workspace, shell):
    """Who had it last, and read on while all was being ended, stopped us."""
    shell.say("p --jobs 2 passwords")
    shell.then(b"first? ")
    wait_until_stopped(pid_in(workspace.root / "second.pid"))
    shell.type(b"\x03")
    shell.then(PROMPT)
    shell.say("echo code $?")
    shell.then(b"code 201")


@pytest.mark.slow
def test_control_z_where_no_shell_could_continue_us_stops_nothing(workspace):
    """In a container's terminal, for one: it hung."""
    workspace.taskfile(TASKFILE)
    os.mkfifo(workspace.root / "a.gate")
    shown = Screen(workspace, "asks")
    shown.until(b"up")
    shown.type(b"\x1a")
    shown.type(b"bob\n")
    shown.until(b"got bob")
    open_gate(workspace, "a.gate")
    assert shown.end() == 0


@pytest.mark.slow
@pytest.mark.parametrize("task", ["size", "sizes"])
def test_a_step_is_told_of_another_size_when_its_own_terminal_has_it(workspace, shell, task):
    """It asked its own terminal, which kept the size that ours had at its start."""
    fcntl.ioctl(shell.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    shell.say(f"p --jobs 2 {task}")
    pid_in(workspace.root / "size.pid")
    fcntl.ioctl(shell.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 33, 101, 0, 0))
    told = workspace.root / "told"
    while not (told.exists() and told.read_text().endswith("33 101\n")):
        time.sleep(0.01)
    workspace.write("seen", "")
    shell.then(PROMPT)
