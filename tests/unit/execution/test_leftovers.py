"""Records of what runs, and what a killed run left behind: found by them, and ended. Nothing else is."""

from __future__ import annotations

import json
import os
import runpy
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from execution.real import has_died, is_alive
from paratask.cli.leftovers import render_leftovers
from paratask.execution import leftovers
from paratask.execution.leftovers import Leftovers, end_killed_runs, end_leftovers, parse_record
from paratask.processes import running
from paratask.processes.process_table import read_processes
from paratask.processes.running import RunningRecord, machine_identity, stale_records, start_clock

KEEPER = """
import json, os, signal, sys
from paratask.processes.running import RunningRecord

record = RunningRecord(sys.argv[1])
pids = []
for command in json.loads(sys.argv[2]):
    reading, writing = os.pipe()
    record.starting(writing)
    actions = [(os.POSIX_SPAWN_DUP2, writing, 1)]
    pids.append(os.posix_spawn("/bin/sh", ["sh", "-c", command], os.environ, file_actions=actions, setpgroup=0))
    if "--half" not in sys.argv:
        record.started(pids[-1])
    os.close(writing)
    if "echo up" in command:
        os.read(reading, 100)
print(json.dumps(pids), flush=True)
signal.pause()
"""


class Killed:
    """A process that recorded groups which it started, and was killed."""

    def __init__(self, state: Path, *commands: str, half: bool = False) -> None:
        argv = [sys.executable, "-c", KEEPER, str(state / "running"), json.dumps(commands), *(["--half"] if half else [])]
        self.process = subprocess.Popen(argv, stdout=subprocess.PIPE, start_new_session=True)
        self.pids: list[int] = json.loads(self.process.stdout.readline())
        self.record = max((state / "running").iterdir())

    def die(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def clean(self) -> None:
        self.die()
        for pid in self.pids:
            try:
                os.killpg(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue


@pytest.fixture
def run(tmp_path):
    made = []

    def start(*commands: str, **options) -> Killed:
        made.append(Killed(tmp_path, *commands, **options))
        return made[-1]

    yield start
    for killed in made:
        killed.clean()


def rewrite(killed: Killed, old: str, new: str) -> None:
    text = killed.record.read_text()
    assert old in text
    killed.record.write_text(text.replace(old, new))


def test_what_a_killed_run_left_running_is_ended(run, tmp_path):
    killed = run("exec sleep 600", "sleep 600 & echo up; wait")
    killed.die()
    assert all(map(is_alive, killed.pids))
    ended = end_leftovers(str(tmp_path))
    assert (len(ended.ended), ended.stubborn) == (3, ())
    assert not any(map(is_alive, killed.pids))
    assert not killed.record.exists()
    assert end_leftovers(str(tmp_path)) == Leftovers()


@pytest.mark.parametrize(
    ("system", "clock"),
    [("linux", time.CLOCK_BOOTTIME), ("darwin", time.CLOCK_REALTIME), ("freebsd14", time.CLOCK_REALTIME)],
)
def test_starts_are_recorded_by_the_clock_that_processes_are_dated_by(monkeypatch, system, clock):
    """Only Linux dates them by the time since it was booted; FreeBSD and OpenBSD have such a clock as well."""
    monkeypatch.setattr(sys, "platform", system)
    assert runpy.run_path(running.__file__)["START_CLOCK"] == clock


def test_what_lives_is_not_touched(run, tmp_path):
    living = run("exec sleep 600")
    assert stale_records(str(tmp_path)) == []
    assert end_leftovers(str(tmp_path)) == Leftovers()
    assert is_alive(living.pids[0])
    assert living.record.exists()


def test_a_run_that_was_killed_as_it_started_a_process_was_taken_for_one_that_goes_on(run, tmp_path, monkeypatch):
    """What is forked has all of its files, and so the lock, until it runs its program."""
    killed = run("exec sleep 600")
    killed.die()
    hold = (
        "import os, sys; fd = os.open(sys.argv[1], os.O_RDWR); os.lockf(fd, os.F_LOCK, 0); print(flush=True); sys.stdin.read()"
    )
    forked = subprocess.Popen([sys.executable, "-c", hold, killed.record], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    forked.stdout.readline()
    waited = []
    monkeypatch.setattr(
        running, "time", SimpleNamespace(monotonic=time.monotonic, sleep=lambda _: waited.append(forked.communicate()))
    )
    assert stale_records(str(tmp_path)) == [str(killed.record)]
    assert len(waited) == 1


def test_one_whose_lock_cannot_be_seen_lives_while_its_process_does(run, tmp_path, monkeypatch):
    living = run("exec sleep 600")
    monkeypatch.setattr(leftovers, "take_lock", lambda fd: True)
    monkeypatch.setattr(leftovers, "stale_records", lambda state: [str(living.record)])
    assert end_leftovers(str(tmp_path)) == Leftovers()
    assert is_alive(living.pids[0])
    assert living.record.exists()


def test_a_process_with_that_id_that_started_at_another_time_is_not_touched(run, tmp_path):
    killed = run("exec sleep 600")
    killed.die()
    text = killed.record.read_text()
    group = next(line for line in text.split("\n") if line.startswith("group"))
    words = group.split()
    words[2], words[3] = f"{float(words[2]) - 60:.2f}", f"{float(words[3]) - 60:.2f}"
    rewrite(killed, group, " ".join(words).ljust(len(group)))
    assert end_leftovers(str(tmp_path)) == Leftovers()
    assert is_alive(killed.pids[0])
    assert not killed.record.exists()


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs /proc")
def test_what_a_leader_that_is_gone_left_is_known_by_the_output_it_was_given(run, tmp_path):
    killed = run("sleep 600 & echo up; kill -KILL $$")
    has_died(killed.pids[0])
    killed.die()
    assert len(end_leftovers(str(tmp_path)).ended) == 1


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs /proc")
def test_what_a_leader_that_is_gone_left_with_other_output_might_be_anybodys(run, tmp_path):
    killed = run("sleep 600 > /dev/null & until [ /proc/$!/fd/1 -ef /dev/null ]; do :; done; echo up; kill -KILL $$")
    has_died(killed.pids[0])
    killed.die()
    assert end_leftovers(str(tmp_path)) == Leftovers()
    assert [process for process in read_processes().values() if process.group == killed.pids[0]]


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="needs /proc")
def test_one_that_was_being_started_when_its_run_was_killed_is_known_by_its_output(run, tmp_path):
    killed = run("exec sleep 600", half=True)
    killed.die()
    assert "group 0 " in killed.record.read_text()
    assert len(end_leftovers(str(tmp_path)).ended) == 1


@pytest.mark.slow
def test_one_that_ignores_the_signal_is_killed(run, tmp_path):
    killed = run("trap '' TERM; echo up; while :; do sleep 600; done")
    killed.die()
    assert end_leftovers(str(tmp_path)).ended
    assert not is_alive(killed.pids[0])


@pytest.mark.parametrize(("at_once", "way"), [(True, "end_at_once"), (False, "end_gently")])
def test_those_that_would_not_end_are_named(run, tmp_path, monkeypatch, at_once, way):
    monkeypatch.setattr(leftovers, way, lambda send, are_gone: False)
    killed = run("exec sleep 600")
    killed.die()
    assert end_leftovers(str(tmp_path), at_once=at_once) == Leftovers(stubborn=(killed.pids[0],))


def test_what_was_ended_may_have_been_a_run_that_leaves_something_behind_in_turn(run, tmp_path, monkeypatch):
    outer, inner = run("exec sleep 600"), run("exec sleep 600")
    outer.die()
    inner.die()
    stale = iter([[str(outer.record)], [str(inner.record)], []])
    monkeypatch.setattr(leftovers, "stale_records", lambda state: next(stale))
    assert len(end_leftovers(str(tmp_path)).ended) == 2


def test_runs_that_were_killed_are_waited_for(run, tmp_path, monkeypatch):
    killed = run("exec sleep 600")
    holds = leftovers.is_held

    def is_held(path):
        was = holds(path)
        killed.process.kill()
        killed.process.wait()
        return was

    monkeypatch.setattr(leftovers, "is_held", is_held)
    end_killed_runs(str(tmp_path), iter([str(killed.record)]))
    assert not is_alive(killed.pids[0])


@pytest.mark.parametrize("by", ["another user's", "locked", "removed meanwhile"])
def test_a_record_that_is_not_ours_to_judge_is_let_be(run, tmp_path, monkeypatch, by):
    killed = run("exec sleep 600")
    killed.die()
    if by == "another user's":
        monkeypatch.setattr(os, "geteuid", lambda: 2**20)
    monkeypatch.setattr(
        leftovers, "take_lock", lambda fd: by != "locked" and (by != "removed meanwhile" or not killed.record.unlink())
    )
    assert end_leftovers(str(tmp_path)) == Leftovers()
    assert is_alive(killed.pids[0])


def test_what_was_noted_for_a_killed_run_goes_with_it(run, tmp_path):
    killed, living = run("exec sleep 600"), run("exec sleep 600")
    for owner in (killed, living):
        (tmp_path / f"traces-{owner.process.pid}" / "x").mkdir(parents=True)
    killed.die()
    end_leftovers(str(tmp_path))
    assert [path.name for path in tmp_path.glob("traces-*")] == [f"traces-{living.process.pid}"]


def test_one_that_is_stopped_is_ended(run, tmp_path):
    """The kernel tells stopped groups that become orphans: SIGHUP, SIGCONT."""
    killed = run("trap '' HUP; echo up; exec sleep 600")
    os.kill(killed.pids[0], signal.SIGSTOP)
    killed.die()
    for pid in killed.pids:
        os.kill(pid, signal.SIGSTOP)
    assert len(end_leftovers(str(tmp_path)).ended) == 1


def test_a_group_that_we_are_in_is_let_be(tmp_path):
    leader = read_processes().get(os.getpgrp())
    if leader is None:
        pytest.skip("who led our process group has ended")
    record = RunningRecord(str(tmp_path / "running"))
    record.starting(1)
    record.started(os.getpgrp())
    path = next((tmp_path / "running").iterdir())
    text = path.read_text()
    record.close()
    lines = text.split("\n")
    lines[0] = f"run {2**22 + 1} 1 {start_clock():.2f} {machine_identity()}"
    lines[1] = f"group {os.getpgrp()} {leader.started:.2f} {leader.started:.2f}"
    path.write_text("\n".join(lines))
    assert end_leftovers(str(tmp_path)) == Leftovers()
    assert path.exists(), "somebody who is not below it may end it"


def test_a_record_of_another_boot_or_container_is_kept_for_a_day(run, tmp_path):
    killed = run("exec sleep 600")
    killed.die()
    rewrite(killed, machine_identity(), machine_identity()[::-1])
    assert end_leftovers(str(tmp_path)) == Leftovers()
    assert is_alive(killed.pids[0])
    assert killed.record.exists()
    yesterday = time.time() - 100_000
    os.utime(killed.record, (yesterday, yesterday))
    assert end_leftovers(str(tmp_path)) == Leftovers()
    assert not killed.record.exists()


@pytest.mark.parametrize("text", ["", "run\n", "what is this", "run a b c d\n", "\0\xff" * 100, "run 1 2 3 4\ngroup x y z\n"])
def test_what_is_no_record_is_removed(tmp_path, text):
    (tmp_path / "running").mkdir()
    (tmp_path / "running" / "odd").write_text(text, encoding="latin-1")
    assert parse_record(text) is None
    assert end_leftovers(str(tmp_path)) == Leftovers()
    assert not list((tmp_path / "running").iterdir())


def test_links_and_pipes_are_no_records(tmp_path):
    (tmp_path / "running").mkdir()
    (tmp_path / "file").write_text("")
    (tmp_path / "running" / "link").symlink_to(tmp_path / "file")
    os.mkfifo(tmp_path / "running" / "pipe")
    assert end_leftovers(str(tmp_path)) == Leftovers()
    assert sorted(os.listdir(tmp_path / "running")) == ["link", "pipe"]


def test_temporary_folders_of_a_killed_run_go(run, tmp_path):
    killed = run("exec sleep 600")
    killed.die()
    slots, other = tmp_path / "paratask-jobserver-x", tmp_path / "precious"
    for folder in (slots, other):
        folder.mkdir()
        os.mkfifo(folder / "slots")
    with killed.record.open("a") as file:
        file.write(f"folder {slots}\nfolder {other}\n")
    end_leftovers(str(tmp_path))
    assert not slots.exists()
    assert (other / "slots").exists()


def test_a_record_grows_with_what_runs_at_once(tmp_path):
    record = RunningRecord(str(tmp_path / "running"))
    for pid in range(1000, 1100):
        record.starting(1)
        record.started(pid)
        record.starting(1)
        record.started(pid + 5000)
        record.drop(pid)
        record.drop(pid + 5000)
    record.starting(1)
    record.started(0)
    path = next((tmp_path / "running").iterdir())
    assert path.stat().st_size == 3 * running.LINE_BYTES
    assert not parse_record(path.read_text()).groups
    record.add_folder("/tmp/a")
    record.add_folder("/tmp/" + "long" * 100)
    assert parse_record(path.read_text()).folders == ("/tmp/a",)
    record.close()
    assert not path.exists()
    record.drop("/tmp/a")


def test_nothing_is_made_before_something_starts(tmp_path):
    RunningRecord(str(tmp_path / "running")).close()
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_costs_the_record_only(tmp_path):
    (tmp_path / "running").write_text("a file")
    record = RunningRecord(str(tmp_path / "running"))
    record.starting(1)
    record.started(5)
    record.drop(5)
    record.close()


def test_where_files_cannot_be_locked_there_is_no_record(tmp_path, monkeypatch):
    def no_locks(*_):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(os, "lockf", no_locks)
    descriptors = os.listdir("/dev/fd")
    record = RunningRecord(str(tmp_path / "running"))
    record.starting(1)
    record.started(5)
    assert not list((tmp_path / "running").iterdir())
    assert os.listdir("/dev/fd") == descriptors


def test_a_full_disk_takes_the_record_away_with_its_lock(tmp_path, monkeypatch):
    """Without a lock it would say that we were killed."""
    record = RunningRecord(str(tmp_path / "running"))
    record.starting(1)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "pwrite", full)
    record.started(5)
    assert not list((tmp_path / "running").iterdir())
    record.starting(1)
    record.started(6)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Leftovers(), []),
        (Leftovers(ended=("sleep",)), ["paratask: ended 1 process that a killed run had left behind: sleep"]),
        (
            Leftovers(ended=("sh", "sleep", "sh", "make", "cc"), stubborn=(7, 9)),
            [
                "paratask: ended 5 processes that a killed run had left behind: sh, sleep, make, …",
                "paratask: warning: 2 processes of a killed run cannot be ended: 7, 9",
            ],
        ),
    ],
)
def test_what_is_said(found, said):
    assert render_leftovers(found) == said
