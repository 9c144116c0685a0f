"""A process beside the run: what it is told, what it answers, and how it ends. Real processes, all of which end by themselves or are ended."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from paratask.processes import companion
from paratask.processes.companion import Companion, end_all, python_argv

BEGIN = "import os, signal, subprocess, sys, time; source, answers = map(int, sys.argv[-2:])"
COPIES = "\nwhile data := os.read(source, 65536): os.write(answers, data)"
UP = "os.write(answers, b'up')"
ENDLESS = "time.sleep(1_000_000)"


@pytest.fixture
def start():
    """Starts one, with Python code, and sees to its end."""
    begun = []

    def begin(script: str, **options) -> Companion:
        begun.append(
            Companion(
                python_argv(f"{BEGIN}; {script}" if not script.startswith("\n") else BEGIN + script), os.environ, **options
            )
        )
        return begun[-1]

    yield begin
    for one in begun:
        one.kill()


def test_it_is_told_and_answers(start):
    one = start(COPIES)
    one.tell(b"one\n")
    one.push()
    one.tell(b"two\n")
    end_all([one], 60)
    assert (bytes(one.answers), one.exit_status, one.was_killed) == (b"one\ntwo\n", 0, False)


def test_one_that_writes_as_fast_as_it_is_read_keeps_nobody_waiting(start):
    class Bounded(bytearray):
        def extend(self, data):
            assert len(self) < 64 << 20, "reads on and on"
            super().extend(data)

    one = start(ENDLESS)
    endless, taken = os.open("/dev/zero", os.O_RDONLY), Bounded()
    one._sources[endless] = taken
    one.take()
    first = len(taken)
    one.take()
    assert 0 < first < len(taken), "the rest comes another time"


def test_what_it_does_not_take_waits_and_keeps_nobody_waiting(start):
    one = start(f"os.kill(os.getpid(), signal.SIGSTOP){COPIES}")
    data = b"x" * 1_000_000
    one.tell(data)
    one.push()
    assert one.has_more
    os.kill(one.pid, signal.SIGCONT)
    while one.has_more or len(one.answers) < len(data):
        os.kill(one.pid, signal.SIGCONT)  # it may not have stopped before
        one.push()
        one.take()
    end_all([one], 60)
    assert (bytes(one.answers), one.exit_status) == (data, 0)


def test_one_that_has_ended_is_told_nothing_more(start):
    one = start("sys.exit(3)")
    while not one.has_ended():
        pass
    one.tell(b"x")
    one.push()
    one.tell(b"y")
    assert (one.has_more, one.exit_status) == (False, 3), "nothing waits for it"


def test_one_that_reads_no_more_is_told_nothing_more(start):
    one = start(f"os.close(source); {UP}; os.close(answers); {ENDLESS}")
    while not one.answers:
        one.take()
    one.tell(b"x")
    one.push()
    one.tell(b"y")
    assert (one.has_more, one.has_ended()) == (False, False), "nothing waits for it"


def test_who_does_not_end_is_killed_with_what_it_started(start, tmp_path):
    os.mkfifo(tmp_path / "held")
    one = start(f"subprocess.Popen(['sleep', '1000'], stdout=open({str(tmp_path / 'held')!r}, 'w')); {UP}; {ENDLESS}")
    reader = os.open(tmp_path / "held", os.O_RDONLY)
    while not one.answers:
        one.take()
    end_all([one], 0.01)
    assert (one.exit_status, one.was_killed) == (-signal.SIGKILL, True)
    assert os.read(reader, 1) == b"", "nobody has the other end any more"
    os.close(reader)


def test_what_one_that_ends_leaves_running_is_ended(start, tmp_path):
    os.mkfifo(tmp_path / "held")
    one = start(f"subprocess.Popen(['sleep', '1000'], stdout=open({str(tmp_path / 'held')!r}, 'w'))")
    reader = os.open(tmp_path / "held", os.O_RDONLY)
    end_all([one], 60)
    assert (one.exit_status, one.was_killed) == (0, False)
    assert os.read(reader, 1) == b""
    os.close(reader)


def test_ctrl_c_is_enough_of_waiting(start, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    one = start(ENDLESS)
    monkeypatch.setattr(companion, "_wait", interrupted)
    end_all([one], 60)
    assert one.was_killed


def test_it_leads_a_group_of_its_own_and_reads_no_terminal(start):
    one = start("os.write(answers, f'{os.getpgrp()} {len(sys.stdin.read())}'.encode())")
    end_all([one], 60)
    assert [int(word) for word in one.answers.split()] == [one.pid, 0]


def test_what_it_prints_comes_to_us_where_it_is_wanted(start):
    one = start("print('out'); print('err', file=sys.stderr)", keeps_output=True)
    end_all([one], 60)
    assert one.printed == {1: b"out\n", 2: b"err\n"}


def test_where_it_cannot_start_nothing_is_left_open():
    before = len(os.listdir("/dev/fd"))
    with pytest.raises(FileNotFoundError):
        Companion(["/nowhere/at/all"], os.environ, keeps_output=True)
    assert len(os.listdir("/dev/fd")) == before


def test_the_interpreter_imports_from_where_we_do():
    code = "import os; os.write(int(sys.argv[-1]), repr(sys.path).encode())"
    one = Companion(python_argv(code, "word"), os.environ)
    end_all([one], 60)
    assert bytes(one.answers).decode() == repr(sys.path)


def test_one_for_which_there_is_no_descriptor_left_leaves_none_open(monkeypatch):
    pipe, made = os.pipe, []

    def few():
        if len(made) == 2:
            raise OSError(24, "Too many open files")
        made.append(pipe())
        return made[-1]

    monkeypatch.setattr(os, "pipe", few)
    with pytest.raises(OSError, match="Too many"):
        Companion(python_argv("pass"), os.environ, keeps_output=True)
    for fd in (fd for ends in made for fd in ends):
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(fd)
