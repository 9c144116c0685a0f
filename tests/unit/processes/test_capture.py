"""Relaying: pipes and ptys, and what a process leaves behind."""

from __future__ import annotations

import errno
import os
import termios

import pytest
from execution.real import Kept

from paratask.kernel.loop import Loop
from paratask.kernel.poller import SystemPoller
from paratask.processes import capture as capture_module
from paratask.processes import descriptor_limits
from paratask.processes.capture import BLOCK_BYTES, PIPE_BYTES, Capture, open_pty
from paratask.variables.secrets import Secrets


@pytest.fixture
def loop():
    poller = SystemPoller()
    yield Loop(poller)
    poller.close()


def test_what_was_written_last_is_not_lost(loop):
    log, sink = Kept(), Kept()
    capture = Capture(loop, log=log, sink=sink, terminal_size=None, secrets=Secrets())
    os.write(capture.child_out, b"out")
    os.write(capture.child_err, b"err")
    capture.started()
    capture.finish()
    assert not capture.is_open
    assert sink.streams == {1: b"out", 2: b"err"}
    assert log.data == b"outerr"


def test_somebody_else_may_hold_the_other_end(loop):
    capture = Capture(loop, log=Kept(), sink=Kept(), terminal_size=None, secrets=Secrets())
    held = os.dup(capture.child_out)
    capture.started()
    capture.finish()
    assert capture.is_open
    capture.close()
    assert not capture.is_open
    with pytest.raises(BrokenPipeError):
        os.write(held, b"nobody listens")
    os.close(held)


def test_who_writes_on_is_read_by_somebody_when_we_are_gone(loop):
    """A server that a task started was ended by SIGPIPE at its next line."""
    capture = Capture(loop, log=Kept(), sink=Kept(), terminal_size=None, secrets=Secrets())
    held = os.dup(capture.child_out)
    capture.started()
    capture.leave()
    assert not capture.is_open
    os.write(held, b"x" * (PIPE_BYTES + 1))
    os.close(held)


def test_what_was_closed_by_something_else_that_came_at_the_same_time_was_read_once_more(loop):
    """Ctrl-Z reads all output to its end; a command's end that the loop had heard of in the same moment was a KeyError."""
    capture = Capture(loop, log=Kept(), sink=Kept(), terminal_size=None, secrets=Secrets())
    capture.started()
    heard_of = loop.poller.wait(0.0)
    assert len(heard_of) == 2
    capture.finish()
    assert not capture.is_open
    for callback in heard_of:
        callback()


def test_a_pty_is_made_larger_and_smaller(loop):
    capture = Capture(loop, log=Kept(), sink=Kept(), terminal_size=(80, 24), secrets=Secrets())
    capture.resize((99, 33))
    assert os.get_terminal_size(capture.child_out) == (99, 33)
    capture.abandon()


def test_the_end_of_a_command_waited_for_a_grandchild_that_writes_faster_than_we_read(loop, monkeypatch):
    log = Kept()
    capture = Capture(loop, log=log, sink=Kept(), terminal_size=None, secrets=Secrets())
    held = os.dup(capture.child_out)
    capture.started()
    real_read = os.read
    endless = capture._open.copy()
    out = next(fd for fd, stream in endless.items() if stream == 1)
    monkeypatch.setattr(capture_module.os, "read", lambda fd, size: bytes(size) if fd == out else real_read(fd, size))
    capture.finish()
    monkeypatch.undo()
    assert PIPE_BYTES <= len(log.data) < PIPE_BYTES + BLOCK_BYTES
    capture.close()
    os.close(held)


def test_a_process_that_did_not_start_leaves_no_descriptor(loop):
    before = set(os.listdir("/proc/self/fd"))
    for size in (None, (80, 24)):
        Capture(loop, log=Kept(), sink=Kept(), terminal_size=size, secrets=Secrets()).abandon()
    assert set(os.listdir("/proc/self/fd")) == before


def test_a_pty_passes_bytes_unchanged_and_knows_its_size():
    ours, theirs = open_pty((132, 50))
    try:
        os.write(theirs, b"a\nb\r\n")
        assert os.read(ours, 100) == b"a\nb\r\n"
        assert os.get_terminal_size(theirs) == (132, 50)
    finally:
        os.close(ours)
        os.close(theirs)


def test_a_pty_that_cannot_be_set_up_leaves_no_descriptor(monkeypatch):
    before = set(os.listdir("/proc/self/fd"))

    def refuse(*_):
        raise termios.error(5, "Input/output error")

    monkeypatch.setattr(termios, "tcsetattr", refuse)
    with pytest.raises(OSError, match="Input/output error"):
        open_pty((80, 24))
    assert set(os.listdir("/proc/self/fd")) == before


@pytest.mark.parametrize("refused_at", [1, 3, 4])
def test_a_limit_that_cannot_be_raised_leaves_no_descriptor(monkeypatch, refused_at):
    """Descriptors are at an end just when more are asked for."""
    before = set(os.listdir("/proc/self/fd"))
    calls = iter(range(1, 5))

    def once_more(act):
        def tried(*args):
            if next(calls) == refused_at:
                raise OSError(errno.EMFILE, "Too many open files")
            return act(*args)

        return tried

    monkeypatch.setattr(descriptor_limits.resource, "getrlimit", lambda _: (64, 128))
    monkeypatch.setattr(descriptor_limits.os, "open", once_more(os.open))
    monkeypatch.setattr(descriptor_limits.resource, "setrlimit", once_more(lambda *_: None))
    assert descriptor_limits.raise_limit() is None
    monkeypatch.undo()
    assert set(os.listdir("/proc/self/fd")) == before


def test_one_stream_keeps_what_was_written_to_both_in_order(loop):
    log, sink = Kept(), Kept()
    capture = Capture(loop, log=log, sink=sink, terminal_size=None, secrets=Secrets(), one_stream=True)
    for fd, data in ((capture.child_out, b"1\n"), (capture.child_err, b"2\n"), (capture.child_out, b"3\n")):
        os.write(fd, data)
    capture.started()
    capture.finish()
    assert not capture.is_open
    assert (sink.streams[1], log.data) == (b"1\n2\n3\n", b"1\n2\n3\n")
