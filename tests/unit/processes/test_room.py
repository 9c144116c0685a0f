"""Few descriptors, and no more processes: commands wait for room instead of failing. See "Processes" in docs/design.md."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from execution.real import Bench

from paratask.kernel.cancel import CancelScope
from paratask.kernel.groups import TaskGroup
from paratask.processes import process as process_module

SCRIPT = """
import resource, sys
soft, hard, count, text, folder = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4], sys.argv[5]
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
from execution.real import Bench
from paratask.kernel.groups import TaskGroup

bench = Bench(folder, cpus=float(count))
most, statuses = 0, []

class Course:
    def waited(self, by, names, seconds):
        pass

    def started(self, process):
        global most
        most = max(most, len(bench.processes.running))

    def ended(self):
        pass

async def one():
    ended = await bench.commands.run(bench.order(text), log=bench.log, sink=bench.sink, course=Course())
    statuses.append(ended.exit_status)

async def all_of_them():
    async with TaskGroup(bench.loop) as group:
        for _ in range(count):
            group.start(one)

bench.loop.run(all_of_them())
print(sorted(set(statuses)), most, sorted(set(bench.log.data.decode().split())))
bench.close()
"""


def with_descriptors(soft: int, hard: int, count: int, text: str, folder: Path) -> str:
    """Many commands at once, with so many descriptors: their exit statuses, how many ran at once, and the words that they wrote."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(soft), str(hard), str(count), text, str(folder)],
        capture_output=True, text=True, check=False, timeout=120, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
@pytest.mark.parametrize("limit", [64, 40, 20])
def test_many_commands_at_once_with_few_descriptors_all_run(tmp_path, limit):
    """They failed: "Too many open files"."""
    statuses, most, words = with_descriptors(limit, limit, 200, "ulimit -n; exit 3", tmp_path).split(" ", 2)
    assert (statuses, words) == ("[3]", f"['{limit}']")
    assert int(most) <= limit / 4


@pytest.mark.slow
def test_commands_ran_side_by_side_as_far_as_the_hard_limit_goes_and_have_their_own(tmp_path):
    """All of them wait until as many are there; each has the limit that we were given."""
    os.mkfifo(tmp_path / "gate")
    text = (
        "echo >> here; [ $(wc -l < here) -lt 60 ] || { for i in {1..60}; do echo go; done > gate; }; read go < gate; ulimit -n"
    )
    hold = os.open(tmp_path / "gate", os.O_RDWR)
    try:
        assert with_descriptors(64, 4096, 60, text, tmp_path) == "[0] 60 ['64']"
    finally:
        os.close(hold)


@pytest.mark.slow
def test_what_ended_commands_left_running_did_not_take_the_descriptors_of_others(tmp_path):
    """Each leaves a process that holds its output open."""
    text = "sleep 1000 & echo $! >> left; ulimit -n"
    try:
        statuses, _, words = with_descriptors(48, 48, 60, text, tmp_path).split(" ", 2)
        assert (statuses, words) == ("[0]", "['48']")
    finally:
        for pid in (tmp_path / "left").read_text().split():
            os.kill(int(pid), 9)


@pytest.fixture
def bench(tmp_path):
    made = Bench(str(tmp_path), cpus=100.0)
    yield made
    made.close()


@pytest.fixture
def grants(monkeypatch, bench, tmp_path):
    """The system grants so many processes at once. Once it has refused one, there is a file `refused`."""
    refused = []
    real = os.posix_spawn

    def set_limit(most: int, number: int) -> list[int]:
        def spawn(*arguments, **options) -> int:
            if len(bench.processes.running) >= most:
                refused.append(number)
                (tmp_path / "refused").touch()
                raise OSError(number, os.strerror(number))
            return real(*arguments, **options)

        monkeypatch.setattr(process_module.os, "posix_spawn", spawn)
        return refused

    return set_limit


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.ENOMEM])
def test_a_refused_process_is_started_when_another_has_ended_and_fewer_run_from_then_on(bench, grants, tmp_path, number):
    refused = grants(6, number)
    statuses = []

    async def one(status: int) -> None:
        wait = f"until [ -e '{tmp_path}/refused' ]; do sleep 0.01; done"
        statuses.append((await bench.start(f"{wait}; exit {status}")).exit_status)

    async def all_of_them() -> None:
        async with TaskGroup(bench.loop) as group:
            for status in range(40):
                group.start(one, status)

    bench.loop.run(all_of_them())
    assert sorted(statuses) == list(range(40))
    assert refused == [number], "what runs starts processes too: we stay clear of the limit"
    assert bench.sink.data == b""


def test_conditions_wait_for_room_as_well(bench, grants):
    """One that could not be started did not hold, and a step was left out without a word."""
    grants(2, errno.EAGAIN)
    held = []

    async def one() -> None:
        held.append(await bench.commands.status("true", bench.folder, bench.environ))

    async def all_of_them() -> None:
        async with TaskGroup(bench.loop) as group:
            for _ in range(10):
                group.start(one)

    bench.loop.run(all_of_them())
    assert held == [0] * 10


def test_one_that_cannot_even_start_alone_fails_and_says_why(bench, grants):
    refused = grants(0, errno.EAGAIN)
    assert bench.run("echo never").exit_status == 126
    assert bytes(bench.sink.data) == b"paratask: cannot start `echo never`: Resource temporarily unavailable\n"
    assert len(refused) == 2, "once more, when everything else had been closed"


def test_who_waits_for_room_can_be_cancelled_and_the_next_one_goes_on(bench, grants):
    grants(1, errno.EAGAIN)
    ended = []
    scopes = []

    async def first() -> None:
        await bench.start("cat gate")
        ended.append("first")

    async def second() -> None:
        with CancelScope(bench.loop) as scope:
            scopes.append(scope)
            await bench.start("echo never")
            ended.append("second")

    async def third() -> None:
        await bench.start("echo third")
        ended.append("third")

    async def all_of_them() -> None:
        async with TaskGroup(bench.loop) as group:
            for each in (first, second, third):
                group.start(each)
            await bench.loop.checkpoint()
            scopes[0].cancel()
            await bench.loop.checkpoint()
            os.close(os.open(gate, os.O_WRONLY))

    gate = f"{bench.folder}/gate"
    os.mkfifo(gate)
    bench.loop.run(all_of_them())
    assert ended == ["first", "third"]
    assert bench.sink.streams[1] == b"third\n"


def test_a_capture_that_got_one_of_two_pipes_closes_it(bench, monkeypatch):
    before = os.listdir("/dev/fd")
    real = os.pipe
    pipes = []

    def pipe() -> tuple[int, int]:
        if len(pipes) % 2:
            pipes.append(None)
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        pipes.append(real())
        return pipes[-1]

    monkeypatch.setattr("paratask.processes.capture.os.pipe", pipe)
    assert bench.run("echo never").exit_status == 126
    monkeypatch.undo()
    assert len(os.listdir("/dev/fd")) == len(before)
    assert bytes(bench.sink.data) == b"paratask: cannot start `echo never`: Too many open files\n"


def test_one_that_was_refused_left_the_empty_folder_in_which_it_was_to_start(bench, grants, tmp_path, monkeypatch):
    refused = grants(1, errno.EAGAIN)
    places = tmp_path / "places"
    places.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(places))
    statuses = []

    async def one() -> None:
        statuses.append(await bench.commands.status("[ 1 = 1 ]", str(tmp_path / "missing"), bench.environ))

    async def all_of_them() -> None:
        async with TaskGroup(bench.loop) as group:
            for _ in range(4):
                group.start(one)

    bench.loop.run(all_of_them())
    assert refused
    assert statuses == [0] * 4
    assert not list(places.iterdir())
