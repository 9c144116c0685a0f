"""At a terminal: a real pty. See "Processes" in docs/design.md."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import sys

import pytest

ANSI = re.compile(rb"\x1b\[[0-9;?]*[a-zA-Z]")


class Screen:
    """paratask in a terminal of its own, of which it is the foreground."""

    def __init__(self, workspace, *args: str) -> None:
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(workspace.root)
            os.execve(sys.executable, workspace.argv(*args), {**workspace.environ, "TERM": "xterm"})
        self.seen = b""

    def until(self, text: bytes) -> None:
        while text not in ANSI.sub(b"", self.seen):
            if not self._read():
                raise AssertionError(f"{text!r} never came, but {self.seen!r}")

    def _read(self) -> bool:
        ready, _, _ = select.select([self.fd], [], [], 30)
        if not ready:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        self.seen += data
        return bool(data)

    def type(self, text: bytes) -> None:
        os.write(self.fd, text)

    def end(self) -> int:
        while self._read():
            pass
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)


@pytest.fixture
def screen(workspace):
    screens = []

    def start(*args: str) -> Screen:
        screens.append(Screen(workspace, *args))
        return screens[-1]

    yield start
    for one in screens:
        try:
            os.kill(one.pid, signal.SIGKILL)
            os.waitpid(one.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass


def test_a_lone_step_reads_the_keyboard_and_writes_to_a_terminal(workspace, screen):
    workspace.taskfile("""\
        version: '3'
        tasks:
          ask: 'read -p "name? " n; [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo "hello $n"'
        """)
    shown = screen("ask")
    shown.until(b"name? ")
    shown.type(b"bob\n")
    shown.until(b"hello bob")
    assert shown.end() == 0
    assert (workspace.latest_run() / "ask.log").read_bytes() == b"name? hello bob\n"


def test_colours_survive_in_a_set(workspace, screen):
    workspace.taskfile("version: '3'\ntasks:\n  all: {deps: [a, b]}\n  a: '[ -t 1 ] && echo a is at a terminal'\n  b: 'true'\n")
    shown = screen("all")
    assert shown.end() == 0
    assert b"a is at a terminal" in shown.seen


def test_control_c_ends_the_lone_step_and_the_run(workspace, screen):
    workspace.taskfile("version: '3'\ntasks:\n  long: [{defer: echo cleaned}, 'echo up; sleep 1000', echo never]\n")
    shown = screen("long")
    shown.until(b"\nup")
    shown.type(b"\x03")
    assert shown.end() == 201
    assert b"cleaned" in shown.seen
    assert b"\nnever" not in shown.seen


def test_an_interactive_task_gets_the_terminal_itself(workspace, screen):
    workspace.taskfile("version: '3'\ntasks:\n  shell: {interactive: true, cmds: ['tty']}\n")
    shown = screen("shell")
    shown.until(b"/dev/pts/")
    assert shown.end() == 0
    assert (workspace.latest_run() / "shell.log").read_bytes() == b""
