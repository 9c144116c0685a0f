"""Processes themselves: groups, signals, reaping."""

from __future__ import annotations

import inspect
import os
import resource
import runpy
import signal
import subprocess
import sys

import psutil
import pytest
from execution.real import Bench

from paratask.kernel.cancel import CancelScope
from paratask.processes import suspension
from paratask.processes.process import Process, queued_seconds
from paratask.processes.terminal import Terminal


@pytest.fixture
def bench(tmp_path):
    bench = Bench(str(tmp_path))
    yield bench
    bench.close()


def start(bench: Bench, *argv: str, folder: str = "/"):
    null = os.open(os.devnull, os.O_RDWR)
    try:
        return bench.processes.start(argv, folder=folder, environment=bench.environ, fds=(null, null, null))
    finally:
        os.close(null)


def ended(bench: Bench, *processes):
    async def main():
        for process in processes:
            await process.exited.wait()
        return [process.ended for process in processes]

    return bench.loop.run(main())


def test_each_leads_a_group_of_its_own(bench):
    first, second = (start(bench, "/bin/sleep", "sleep", "1000") for _ in range(2))
    assert os.getpgid(first.pid) == first.pid
    assert os.getpgid(second.pid) == second.pid
    first.send(signal.SIGTERM)
    second.send(signal.SIGKILL)
    assert [end.exit_status for end in ended(bench, first, second)] == [143, 137]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only who may read a folder can open it")
def test_from_a_folder_that_could_be_entered_and_not_read_nothing_could_be_started(bench, tmp_path, monkeypatch):
    """Another user's home, for one: every command `cannot start`."""
    tmp_path.chmod(0o311)
    monkeypatch.chdir(tmp_path)
    open_any = os.open

    def open_as_others(path, flags, *rest):
        if path == "." and not flags & os.O_PATH:  # who is root may read all
            raise PermissionError
        return open_any(path, flags, *rest)

    monkeypatch.setattr(os, "open", open_as_others)
    assert [end.exit_status for end in ended(bench, start(bench, "/bin/true", "true"))] == [0]
    assert os.path.samefile(".", tmp_path)
    tmp_path.chmod(0o700)


def test_many_that_end_at_once_are_all_reaped(bench):
    processes = [start(bench, "/bin/sh", "sh", "-c", f"exit {number}") for number in range(40)]
    assert [end.exit_status for end in ended(bench, *processes)] == list(range(40))
    assert bench.processes.running == {}


def test_what_we_have_ourselves_is_not_counted_as_the_memory_of_a_process_that_was_looked_at(bench):
    process = start(bench, "/bin/sleep", "sleep", "1000")
    process.note_size(1_500_000)
    process.send(signal.SIGKILL)
    assert [end.peak_bytes for end in ended(bench, process)] == [1_500_000]


def test_what_has_more_than_we_have_is_counted_by_the_kernel(bench):
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    process = start(bench, sys.executable, "python", "-c", f"bytearray({ours + 30_000_000}); input()")
    process.note_size(1_500_000)
    assert ended(bench, process)[0].peak_bytes > ours + 30_000_000


def test_what_cannot_start_raises_and_leaves_nothing(bench):
    before = set(os.listdir("/proc/self/fd"))
    for argv, folder in ((("/no/such", "such"), "/"), (("/bin/true", "true"), "/no/such")):
        with pytest.raises(FileNotFoundError):
            start(bench, *argv, folder=folder)
    assert bench.processes.running == {}
    assert set(os.listdir("/proc/self/fd")) == before


def test_a_signal_to_what_has_ended_does_nothing(bench):
    process = start(bench, "/bin/true", "true")
    ended(bench, process)
    process.send(signal.SIGTERM)


def test_signals_we_ignore_are_at_their_default_in_a_process(bench, tmp_path):
    """Python ignores SIGPIPE; a process that inherited that would write into the void for ever."""
    bench.run("grep SigIgn /proc/self/status")
    ignored = int(bench.sink.streams[1].split()[1], 16)
    assert not ignored >> (signal.SIGPIPE - 1) & 1


def test_signals_that_we_were_started_to_ignore_are_at_their_default_in_a_process(tmp_path):
    """As in `task`. A shell script starts `paratask … &` with SIGINT ignored, and nohup with SIGHUP."""
    code = (
        "import os, signal, sys\n"
        "for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP): signal.signal(number, signal.SIG_IGN)\n"
        "os.execv(sys.executable, [sys.executable, '-m', 'paratask', '--silent'])"
    )
    (tmp_path / "Taskfile.yml").write_text("version: '3'\ntasks: {default: grep SigIgn /proc/self/status}\n")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    ignored = int(done.stdout.split()[1], 16)
    assert [number for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP) if ignored >> (number - 1) & 1] == []


def test_a_process_that_stops_is_not_one_that_ended(bench):
    process = start(bench, "/bin/sh", "sh", "-c", "kill -STOP $$; exit 5")
    stops = []
    process.on_stop = lambda: (stops.append(process.ended), process.send(signal.SIGCONT))
    assert [end.exit_status for end in ended(bench, process)] == [5]
    assert stops == [None]


def test_who_stopped_late_a_second_time_stayed_stopped_for_good(bench, monkeypatch):
    """As a paratask does in a run that is stopped (Ctrl-Z): it has to stop its own jobs first, and may come to itself after `fg`."""
    monkeypatch.setattr(suspension, "_stop", lambda *, group: None)
    process = start(bench, "/bin/sleep", "sleep", "1000")
    for _ in range(2):
        bench.poller.skip(-2 * suspension.LATE_SECONDS)  # it is some time later
        suspension.suspend(bench.poller, bench.processes, Terminal(keyboard=False), group=False)
    process.send(signal.SIGSTOP)
    while psutil.Process(process.pid).status() != psutil.STATUS_STOPPED:
        os.sched_yield()
    process.send(signal.SIGTERM)  # ends only who goes on

    async def main():
        with CancelScope(bench.loop, deadline=bench.loop.now() + 20):
            await process.exited.wait()

    bench.loop.run(main())
    assert process.ended is not None


def test_one_that_somebody_else_reaped_counts_as_failed(bench):
    process = start(bench, "/bin/true", "true")
    os.waitpid(process.pid, 0)
    assert ended(bench, process)[0].exit_status == 1


@pytest.mark.parametrize(
    ("taken_away", "cpu_seconds", "seconds", "queued"),
    [(3, 0.1, 0.2, 0.0), (54, 0.2, 0.5, 0.2), (375, 1.5, 3.0, 1.484), (550, 0.25, 0.5, 0.25), (12_000, 9.0, 6.0, 0.0)],
)
def test_threads_that_take_cores_from_each_other_do_not_count_as_many_cores(taken_away, cpu_seconds, seconds, queued):
    """`go test` loses its cores thousands of times a second to itself: it seemed to need ten, and ran alone from the second run on."""
    assert queued_seconds(taken_away, cpu_seconds, seconds) == pytest.approx(queued)


@pytest.mark.parametrize(("system", "units"), [("linux", (1024, 512)), ("darwin", (1, 0)), ("freebsd14", (1024, 0))])
def test_what_the_kernel_counts_in(monkeypatch, system, units):
    """getrusage(2) of each: memory in kilobytes but on macOS, and blocks on Linux only; what counts operations tells no bytes."""
    monkeypatch.setattr(sys, "platform", system)
    found = runpy.run_path(inspect.getfile(Process))
    assert (found["MAXRSS_UNIT"], found["BLOCK_BYTES"]) == units
