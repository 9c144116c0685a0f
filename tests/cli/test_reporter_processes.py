"""Processes of reporters, when paratask is killed, interrupted or stopped: none outlives it. Real processes and a real terminal."""

from __future__ import annotations

import json
import os
import signal
import time

import pytest
from tests.up_and_gone import after_echoes, is_alive

from paratask.cli.reporters import told as told_reporter
from paratask.cli.reporters.told import ToldReporter

from .terminals import Emulator

MODULE = '''\
import os, subprocess, sys, threading, time
from paratask.events import RunBegan, RunEnded

class Base:
    def __init__(self, run):
        self.run = run
        self.note("pid", os.getpid())
    def note(self, name, what):
        path = os.path.join(self.run.root, name)
        with open(path + ".new", "w") as file: print(what, file=file)
        os.rename(path + ".new", path)
    def hear(self, event):
        if isinstance(event, RunEnded): self.note("ended", event.exit_code)
        self.does()
        self.note("heard", type(event).__name__)
    def does(self): pass
    def finish(self): self.note("finished", "")
class Waits(Base):
    """As reporters do."""
class Busy(Base):
    def does(self):
        while True: pass
class Blocks(Base):
    def does(self):
        while True:
            try: threading.Event().wait()
            except BaseException: pass
class Starts(Base):
    def __init__(self, run):
        super().__init__(run)
        self.note("child", subprocess.Popen(["sleep", "1000"]).pid)
    def finish(self): time.sleep(1_000_000)
class Keeps(Base):
    """Lets no other thread of its own do anything."""
    def does(self):
        import ctypes
        ctypes.PyDLL(None).sleep(1_000_000)
class Prints(Base):
    def does(self): print("told of something")
'''
TASKFILE = """\
version: '3'
silent: true
tasks:
  waits: 'while [ ! -e pid ]; do sleep 0.01; done; echo up > up; read end < gate'
  a: 'true'
  two: {deps: [one, other]}
  one: 'read end < gate'
  other: 'read end < gate'
"""


@pytest.fixture
def reporting(workspace, tmp_path):
    info = tmp_path / "site" / "kept_reporters-1.0.dist-info"
    info.mkdir(parents=True)
    (info.parent / "kept_reporters.py").write_text(MODULE)
    names = ("Waits", "Busy", "Blocks", "Starts", "Keeps", "Prints")
    (info / "entry_points.txt").write_text(
        "[paratask.reporters]\n" + "".join(f"{name} = kept_reporters:{name}\n" for name in names)
    )
    workspace.environ["PYTHONPATH"] = str(info.parent)
    workspace.taskfile(TASKFILE)
    for name in ("up", "gate"):
        os.mkfifo(workspace.root / name)
    return workspace


@pytest.fixture
def begin(reporting):
    """Starts paratask in a group of its own, as a shell does, and waits until its reporter and its job run."""
    begun = []

    def start(name: str):
        begun.append(reporting.start("-s", "--reporter", name, "waits", preexec_fn=os.setpgrp))
        assert (reporting.root / "up").read_text() == "up\n"
        return begun[-1]

    yield start
    for process in begun:
        process.kill()
        process.communicate()
        reporter = pid_in(reporting, "pid")
        if reporter and is_alive(reporter):
            os.killpg(reporter, signal.SIGKILL)


def pid_in(reporting, name: str) -> int:
    path = reporting.root / name
    return int(path.read_text()) if path.exists() else 0


def await_end(pid: int) -> None:
    """Of a process that is not our child; the test's own limit of time ends what waits too long."""
    while is_alive(pid):
        pass


@pytest.mark.slow
@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", ["Waits", "Busy", "Blocks", "Starts"])
def test_a_run_that_is_killed_leaves_no_reporter(reporting, begin, name):
    process = begin(name)
    pid, child = pid_in(reporting, "pid"), pid_in(reporting, "child")
    process.kill()
    process.wait()
    await_end(pid)
    if child:
        await_end(child)
    assert (reporting.root / "finished").exists() == (name == "Waits"), "it is finished, but has not heard the end"
    assert not (reporting.root / "ended").exists()
    (reporting.root / "gate").write_text("\n")  # the job, which nobody has ended


@pytest.mark.slow
@pytest.mark.timeout(60)
def test_one_that_lets_none_of_its_threads_do_anything_is_ended_by_the_kernel(reporting, tmp_path, monkeypatch):
    """In place of a minute it has half a second. No run is needed."""
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    code = "import paratask.cli.reporters.process as it; it.MOST_KEEPING_SECONDS, it.LOOK_SECONDS = 0.5, 0.1; it.main()"
    monkeypatch.setattr(told_reporter, "START", code)
    told = ToldReporter(
        "x", "kept_reporters:Keeps", root=str(reporting.root), state="", environment=os.environ, keeps_output=False
    )
    began = {"schema": 1, "run": "1", "calls": [], "at": 0.0, "parallel": "", "seed": ""}
    told.tell(b"#1\n", json.dumps({"event": "RunBegan", **began}, separators=(",", ":")).encode() + b"\n")
    while not told.companion.has_ended():
        time.sleep(0.01)
    assert told.shortcoming().text == "kept Python to itself for too long, and was ended: it had not heard 1 of 1 events"
    told.companion.kill()


@pytest.mark.slow
def test_what_a_reporter_started_ends_with_it(reporting):
    done = reporting.run("-s", "--reporter", "Starts", "a")
    assert done.returncode == 0
    assert not is_alive(pid_in(reporting, "child"))
    assert not is_alive(pid_in(reporting, "pid"))


def test_ctrl_c_is_for_the_run_and_the_reporter_hears_of_it(reporting, begin):
    process = begin("Waits")
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 201
    assert (reporting.root / "ended").read_text() == "201\n"
    assert (reporting.root / "finished").exists()
    assert not is_alive(pid_in(reporting, "pid"))


@pytest.mark.slow
def test_a_second_ctrl_c_leaves_nothing_either(reporting, begin):
    process = begin("Blocks")
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == 'task: Signal received: "interrupt"\n'
    after_echoes()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    await_end(pid_in(reporting, "pid"))


def test_a_run_that_is_stopped_goes_on_with_its_reporter(reporting, begin):
    process = begin("Waits")
    process.send_signal(signal.SIGTSTP)
    assert os.WIFSTOPPED(os.waitpid(process.pid, os.WUNTRACED)[1])
    assert is_alive(pid_in(reporting, "pid"))
    os.killpg(process.pid, signal.SIGCONT)
    (reporting.root / "gate").write_text("\n")
    assert process.communicate(timeout=30) == ("", "")
    assert process.returncode == 0
    assert (reporting.root / "ended").read_text() == "0\n"


@pytest.mark.slow
def test_what_a_reporter_prints_is_whole_lines_above_the_live_view(reporting):
    screen = Emulator(reporting, "--jobs", "2", "--reporter", "Prints", "two")
    try:
        screen.until("0/3 jobs")
        screen.until("told of something")
        (reporting.root / "gate").write_text("\n\n")
        assert screen.end() == 0
        lines = screen.all_lines()
        assert {line for line in lines if "told" in line} == {"told of something"}
        assert lines.count("told of something") > 1
    finally:
        screen.close()
