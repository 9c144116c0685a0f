"""The memory of a command with all that it started."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace

import psutil
import pytest

from paratask.processes import memory
from paratask.processes.memory import tree_bytes
from paratask.processes.process import LOOK_SECONDS, Process, Processes

EACH = 40 << 20
TREE = f"""
import subprocess, sys
child = "import sys; kept = b'x' * {EACH}; print(flush=True); sys.stdin.read()"
children = [subprocess.Popen([sys.executable, "-c", child], stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(2)]
for one in children:
    one.stdout.readline()
print(flush=True)
sys.stdin.read()
for one in children:
    one.communicate()
"""


@pytest.mark.slow
@pytest.mark.parametrize("way", ["proc", "psutil"])
def test_a_tree_is_as_large_as_all_of_its_processes(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with subprocess.Popen([sys.executable, "-c", TREE], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as leader:
        assert leader.stdout is not None
        leader.stdout.readline()
        measure = tree_bytes if way == "proc" else memory._by_psutil
        found = measure([leader.pid])
        leader.communicate()
    assert 2 * EACH < found[leader.pid] < 10 * EACH


def test_a_process_that_is_gone_has_nothing() -> None:
    process = subprocess.Popen(["/bin/true"])
    process.wait()
    assert tree_bytes([process.pid]) == {process.pid: 0}
    assert memory._by_psutil([process.pid]) == {}


def test_what_may_not_be_seen_or_is_gone_takes_nothing_from_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """macOS tells of one's own processes only, and of no zombies."""
    refused = psutil.Process(os.getpid())
    monkeypatch.setattr(refused, "memory_info", lambda: (_ for _ in ()).throw(psutil.AccessDenied(1)))
    monkeypatch.setattr(psutil.Process, "children", lambda self, recursive: [refused])
    found = memory._by_psutil([os.getpid()])
    assert found[os.getpid()] > 1 << 20


def test_memory_that_is_shared_counts_once() -> None:
    pids = [os.getpid()] * 3
    one, three = (memory._size(pids[:count]) for count in (1, 3))
    assert one < three < 3 * one


class FakeLoop:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.clock = 0.0
        self.calls: list[tuple[float, object]] = []

    def now(self) -> float:
        return self.clock

    def call_at(self, at: float, callback: object) -> None:
        self.calls.append((at, callback))

    def move(self) -> None:
        """To the next call."""
        self.clock, callback = self.calls.pop(0)
        callback()  # type: ignore[operator]


def test_long_commands_are_looked_at_once_a_second_and_short_ones_never(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = FakeLoop()
    sizes, looked = iter([{1: 5}, {1: 9, 2: 4}, {1: 7}]), []
    monkeypatch.setattr(memory, "tree_bytes", lambda pids: looked.append(pids) or next(sizes))
    processes = Processes(loop, SimpleNamespace(on_signal=lambda *_: None))  # type: ignore[arg-type]
    running = processes.running

    def start(pid: int) -> None:
        running[pid] = Process(loop, pid)  # type: ignore[arg-type]
        processes._look_later()

    start(1)
    start(2)
    del running[2]
    assert len(loop.calls) == 1
    loop.clock = LOOK_SECONDS - 0.1
    start(2)
    assert [at for at, _ in loop.calls] == [LOOK_SECONDS]
    loop.move()
    loop.move()
    short = running.pop(2)
    loop.move()
    assert looked == [[1], [1, 2], [1]]
    assert (running[1].tree_bytes, short.tree_bytes) == (9, 4)
    running.clear()
    loop.move()
    assert (loop.calls, len(looked)) == ([], 3)
    start(3)
    assert len(loop.calls) == 1
