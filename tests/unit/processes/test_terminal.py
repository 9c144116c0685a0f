"""The terminal: none in most runs; a real pty where there is one."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

from paratask.processes import suspension
from paratask.processes import terminal as terminal_module
from paratask.processes.capture import open_pty
from paratask.processes.terminal import Terminal

SCRIPT = """
import fcntl, os, signal, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from paratask.processes.process import Process
from paratask.processes.terminal import Terminal
from paratask.kernel.loop import Loop
from paratask.kernel.poller import SystemPoller

terminal = Terminal()
found = [terminal.watches, terminal.commands, terminal.size()]
ready_ours, ready_theirs = os.pipe()
pid = os.posix_spawn("/bin/sh", ["sh", "-c", "read line; echo got $line >&3"], os.environ, setpgroup=0,
    file_actions=[(os.POSIX_SPAWN_DUP2, ready_theirs, 3)])
terminal.hand_over(Process(Loop(SystemPoller()), pid))
found.append(os.tcgetpgrp(0) == pid)
os.waitpid(pid, 0)
found.append(os.read(ready_ours, 100))
terminal.take_back()
found.append(os.tcgetpgrp(0) == os.getpgrp())
found.append(signal.getsignal(signal.SIGTTOU) == signal.SIG_DFL)
with open(sys.argv[1], "w") as file:
    file.write(repr(found))
"""


def test_without_a_terminal(monkeypatch):
    monkeypatch.setattr(terminal_module.os, "isatty", lambda fd: False)
    found = Terminal()
    assert (found.watches, found.commands, found.size()) == (False, False, None)
    found.hand_over(None)
    found.take_back()


@pytest.mark.parametrize(("size", "shown"), [((80, 24), (80, 24)), ((0, 0), (80, 24)), ((132, 0), (132, 24))])
def test_a_terminal_that_does_not_know_its_size_has_one(monkeypatch, size, shown):
    monkeypatch.setattr(terminal_module.os, "isatty", lambda fd: fd == 1)
    monkeypatch.setattr(terminal_module.os, "get_terminal_size", lambda fd: os.terminal_size(size))
    assert Terminal().size() == shown


def test_a_lone_step_has_the_keyboard_and_gives_it_back(tmp_path):
    ours, theirs = open_pty((99, 33))
    try:
        os.write(ours, b"typed\n")
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(tmp_path / "found")],
            stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, start_new_session=True, check=False,
        )  # fmt: skip
        assert done.stderr.decode() == ""
    finally:
        os.close(ours)
        os.close(theirs)
    assert (tmp_path / "found").read_text() == repr([True, True, (99, 33), True, b"got typed\n", True, True])


def test_what_was_written_is_seen_before_we_stop(monkeypatch):
    """A question stopped its job and then us, and was not shown before `fg`."""
    seen = []
    monkeypatch.setattr(suspension, "_stop", lambda *, group: seen.append(f"stopped, {group}"))
    terminal = Terminal()
    terminal.show(object(), SimpleNamespace(finish=lambda: seen.append("output")))
    poller = SimpleNamespace(skip=lambda _: seen.append("went on"), now=lambda: 0.0)
    suspension.suspend(poller, SimpleNamespace(running={}), terminal, group=True)
    assert seen == ["output", "stopped, True", "went on"]
