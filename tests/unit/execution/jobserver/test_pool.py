"""The pipes of a jobserver: ours, and one that somebody else made."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from paratask.execution.jobserver import pool
from paratask.execution.jobserver.invitations import Inviter
from paratask.execution.jobserver.pool import OwnPool, descriptors, find_above
from paratask.execution.leases import SLOTS_VARIABLE, Leases, is_below_jobserver
from paratask.kernel.groups import TaskGroup
from paratask.kernel.loop import Event, Loop
from paratask.kernel.poller import SystemPoller
from paratask.processes.shell import Shell
from paratask.scheduling.budget import Budget, Cost, Reading


@pytest.fixture
def loop():
    poller = SystemPoller()
    yield Loop(poller)
    poller.close()


@pytest.fixture
def own(loop, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    pool = OwnPool(loop, jobs=4, held=1)
    pool.add(2)
    yield pool
    pool.close()
    assert not list(tmp_path.iterdir())


def is_blocking(fd):
    return os.get_blocking(fd)


def test_tokens_go_and_come_back(own):
    assert (own.held, own.free) == (1, 2)
    assert [own.take() for _ in range(3)] == [True, True, False]
    assert (own.held, own.free) == (3, 0)
    own.give_back(2)
    assert (own.held, own.free) == (1, 2)
    own.add(-1)
    assert (own.held, own.free) == (1, 1)


def test_only_we_may_use_it(own):
    folder = Path(own.fifo).parent
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, Path(own.fifo))] == [0o700, 0o600]


def test_each_command_gets_an_open_file_of_its_own(own):
    """make 4.3 turns the reading end non-blocking, which must not reach anybody else."""
    first, second = descriptors(own.fifo), descriptors(own.fifo)
    try:
        assert all(map(is_blocking, (*first, *second)))
        assert all(map(os.get_inheritable, (*first, *second)))
        os.set_blocking(first[0], False)
        assert is_blocking(second[0])
        assert os.read(second[0], 1) == b"+"
        os.write(first[1], b"+")
        assert own.free == 2
    finally:
        for fd in (*first, *second):
            os.close(fd)


def open_descriptors():
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="descriptors cannot be counted")
def test_descriptors_that_could_not_be_had_were_left_open(own, monkeypatch):
    """Where 60 are allowed, as after `ulimit -n 60`, no descriptor has a number above that; two more were lost with each command."""
    before = open_descriptors()
    monkeypatch.setattr(pool, "LOWEST_FD", 1 << 30)
    with pytest.raises(OSError, match=os.strerror(errno.EINVAL)):
        descriptors(own.fifo)
    assert open_descriptors() == before


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="descriptors cannot be counted")
def test_descriptors_of_a_command_that_could_not_be_told_were_left_open(own, tmp_path_factory, monkeypatch):
    def short_of_descriptors(_self):
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr("paratask.execution.jobserver.invitations._OneCommand.tell_paratask", short_of_descriptors)
    make = tmp_path_factory.mktemp("bin") / "make"
    make.write_text("#!/bin/sh\necho GNU Make 4.3\n")
    make.chmod(0o755)
    argv = [str(make), "make", "-j2", "paratask"]
    inviter = Inviter(shell=Shell({}, lambda _: None), environ={}, style="pipe", pool=lambda: own)
    before = open_descriptors()
    with pytest.raises(OSError, match=os.strerror(errno.EMFILE)):
        inviter.invite(" ".join(argv[1:]), argv, {}, "/", ())
    assert open_descriptors() == before


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="descriptors cannot be counted")
def test_a_pool_that_could_not_be_made_left_its_folder_and_a_descriptor(loop, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before, open_file = open_descriptors(), os.open

    def no_more_for_writing(path, flags, *more, **named):
        if flags & os.O_WRONLY:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return open_file(path, flags, *more, **named)

    monkeypatch.setattr(os, "open", no_more_for_writing)
    with pytest.raises(OSError, match=os.strerror(errno.EMFILE)):
        OwnPool(loop, jobs=4, held=1)
    assert not list(tmp_path.iterdir())
    assert open_descriptors() == before


@pytest.fixture
def above():
    """A pipe as make hands it down, with two tokens that differ."""
    reading, writing = os.pipe()
    for fd in (reading, writing):
        os.set_inheritable(fd, True)
    os.write(writing, b"ab")
    yield reading, writing
    for fd in (reading, writing):
        os.close(fd)


def test_the_very_tokens_that_were_taken_are_given_back(loop, above):
    pool, trouble = find_above(loop, {"MAKEFLAGS": "k -j3 --jobserver-auth={},{}".format(*above)})
    assert (pool.fds, pool.fifo, pool.jobs, trouble) == (above, "", 3, "")
    assert [pool.take() for _ in range(3)] == [True, True, False]
    assert is_blocking(above[0]), "make counts on that"
    pool.give_back(1)
    pool.close()
    assert sorted(os.read(above[0], 9)) == sorted(b"ab")


def test_both_ends_of_a_pipe_are_one_where_each_has_a_number_of_its_own(loop, above, monkeypatch):
    """macOS, FreeBSD. Nor can it be opened anew there, so that nothing is taken, and nothing said that is not so."""
    monkeypatch.setattr(pool.sys, "platform", "darwin")
    monkeypatch.setattr(os.path, "sameopenfile", lambda a, b: False)
    opened = os.open

    def without_proc(path, *rest):
        if str(path).startswith("/proc/"):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        return opened(path, *rest)

    monkeypatch.setattr(os, "open", without_proc)
    found, trouble = find_above(loop, {"MAKEFLAGS": " -j3 --jobserver-fds={},{}".format(*above)})
    assert (found.fds, found.take(), trouble) == (above, False, "")
    found.close()
    assert find_above(loop, {"MAKEFLAGS": f" -j3 --jobserver-fds=0,{above[1]}"}) == (None, CLOSED)


def test_a_named_pipe_by_its_path(loop, own):
    pool, trouble = find_above(loop, {SLOTS_VARIABLE: f"-j4 --jobserver-auth=fifo:{own.fifo}"})
    assert (pool.fifo, pool.jobs, trouble) == (own.fifo, 4, "")
    assert pool.take()
    assert own.free == 1
    pool.close()
    assert own.free == 2


def test_whether_there_is_one_above():
    assert not is_below_jobserver({"MAKEFLAGS": " -j8 -k"})
    assert is_below_jobserver({"MAKEFLAGS": "k --jobserver-fds=3,4 -j"})
    assert is_below_jobserver({SLOTS_VARIABLE: "-j2 --jobserver-auth=fifo:/f"})


CLOSED = "the jobserver of the make above is closed to us, and not used: write `+` before the command in its rule"


@pytest.mark.parametrize(
    "auth",
    ["--jobserver-auth=3000,3001", "--jobserver-fds=-2,-2", "--jobserver-auth=fifo:/nowhere/fifo", "--jobserver-auth=what"],
)
def test_one_that_is_not_there(loop, auth):
    assert find_above(loop, {"MAKEFLAGS": f" -j2 {auth}"}) == (None, CLOSED)


def test_what_is_ours_is_not_taken_for_what_make_left_open(loop):
    """Its numbers may be those of our own pipes by now."""
    reading, writing = os.pipe()
    assert find_above(loop, {"MAKEFLAGS": f" -j2 --jobserver-auth={reading},{writing}"}) == (None, CLOSED)
    for fd in (reading, writing):
        os.close(fd)


def test_a_file_is_no_pipe(loop, tmp_path):
    (tmp_path / "f").write_text("x")
    assert find_above(loop, {"MAKEFLAGS": f" -j2 --jobserver-auth=fifo:{tmp_path}/f"}) == (None, CLOSED)


def test_a_stale_path_that_a_paratask_left_says_nothing(loop):
    assert find_above(loop, {SLOTS_VARIABLE: "-j2 --jobserver-auth=fifo:/nowhere/fifo"}) == (None, "")


def test_a_lease_waits_for_a_token(loop, above):
    """Of three commands one needs no token, one takes the one there is, and the third waits until somebody gives one back."""
    os.read(above[0], 1)
    pool, _ = find_above(loop, {"MAKEFLAGS": " -j3 --jobserver-auth={},{}".format(*above)})
    leases = Leases(loop, Budget(cpus=8.0), Reading)
    leases.share(pool)
    ran: list[str] = []

    async def main():
        two_run, third_runs = Event(loop), Event(loop)

        async def works(name):
            lease = await leases.take()
            ran.append(name)
            if len(ran) == 2:
                two_run.set()
            if len(ran) == 3:
                third_runs.set()
            await third_runs.wait()
            leases.give_back(lease)

        async with TaskGroup(loop) as group:
            for name in "abc":
                group.start(works, name)
            await two_run.wait()
            await loop.checkpoint()
            assert (ran, pool.held) == (["a", "b"], 1)
            os.write(above[1], b"c")

    loop.run(main())
    assert (ran, pool.held) == (["a", "b", "c"], 0)
    leases.unshare()
    pool.close()
    assert sorted(os.read(above[0], 9)) == sorted(b"bc")


def test_one_that_costs_several_takes_what_it_costs(loop, above):
    pool, _ = find_above(loop, {"MAKEFLAGS": " -j3 --jobserver-auth={},{}".format(*above)})
    leases = Leases(loop, Budget(cpus=8.0), Reading)
    leases.share(pool)

    async def main():
        lease = await leases.take(Cost(cpu=3.0))
        assert pool.held == 2
        leases.give_back(lease)
        assert pool.held == 0

    loop.run(main())
    pool.close()
