"""The real poller: readiness, signals as callbacks, and putting everything back."""

from __future__ import annotations

import os
import select
import selectors  # noqa: F401 - before `select` is changed
import signal

import pytest

from paratask.kernel.loop import Event, Loop
from paratask.kernel.poller import SystemPoller


@pytest.fixture(params=["epoll", "no epoll"])
def poller(request, monkeypatch):
    if request.param == "no epoll":
        monkeypatch.delattr(select, "epoll", raising=False)
    poller = SystemPoller()
    yield poller
    poller.close()


def test_a_signal_is_a_callback_from_wait(poller):
    seen = []
    poller.on_signal(signal.SIGUSR1, lambda: seen.append("usr1"))
    os.kill(os.getpid(), signal.SIGUSR1)
    assert seen == []
    while not seen:
        for callback in poller.wait(None):
            callback()
    assert seen == ["usr1"]


def test_two_signals_each_find_their_callback(poller):
    seen = set()
    poller.on_signal(signal.SIGUSR1, lambda: seen.add("usr1"))
    poller.on_signal(signal.SIGUSR2, lambda: seen.add("usr2"))
    os.kill(os.getpid(), signal.SIGUSR2)
    os.kill(os.getpid(), signal.SIGUSR1)
    while len(seen) < 2:
        for callback in poller.wait(None):
            callback()
    assert seen == {"usr1", "usr2"}


def test_a_signal_wakes_a_fiber_that_waits(poller):
    loop = Loop(poller)
    event = Event(loop)
    poller.on_signal(signal.SIGUSR1, event.set)

    async def main():
        loop.expect(1)
        os.kill(os.getpid(), signal.SIGUSR1)
        await event.wait()
        return "woken"

    assert loop.run(main()) == "woken"


def test_many_signals_do_not_fill_the_wakeup_pipe_up(poller):
    seen = []
    poller.on_signal(signal.SIGUSR1, lambda: seen.append(1))
    for _ in range(70_000 // 64):
        os.kill(os.getpid(), signal.SIGUSR1)
    while not seen:
        for callback in poller.wait(None):
            callback()
    assert list(poller.wait(0)) == []


def test_a_readable_descriptor_calls_back_until_it_is_unwatched(poller):
    ours, theirs = os.pipe()
    seen = []
    try:
        poller.watch(ours, lambda: seen.append(os.read(ours, 1)))
        assert list(poller.wait(0)) == []
        os.write(theirs, b"ab")
        for _ in range(2):
            for callback in poller.wait(None):
                callback()
        assert seen == [b"a", b"b"]
        os.write(theirs, b"c")
        poller.unwatch(ours)
        assert list(poller.wait(0)) == []
    finally:
        os.close(ours)
        os.close(theirs)


def test_the_clock_never_goes_back(poller):
    times = [poller.now() for _ in range(100)]
    assert times == sorted(times)


def test_time_in_which_we_were_stopped_does_not_count(poller):
    before = poller.now()
    poller.skip(100.0)
    assert before - 100.0 <= poller.now() < before


def test_a_signal_is_told_at_once_where_somebody_asked_for_that(poller):
    told = []
    poller.on_signal(signal.SIGUSR1, lambda: told.append("from wait"), at_once=lambda: told.append("at once"))
    os.kill(os.getpid(), signal.SIGUSR1)
    assert told == ["at once"]
    for callback in poller.wait(1.0):
        callback()
    assert told == ["at once", "from wait"]


def test_close_puts_the_handlers_back():
    seen = []
    previous = signal.signal(signal.SIGUSR1, lambda *_: seen.append("previous"))
    wakeup = signal.set_wakeup_fd(-1)
    try:
        poller = SystemPoller()
        poller.on_signal(signal.SIGUSR1, lambda: None)
        poller.on_signal(signal.SIGUSR1, lambda: None)
        poller.close()
        os.kill(os.getpid(), signal.SIGUSR1)
        assert seen == ["previous"]
        assert signal.set_wakeup_fd(-1) == -1
    finally:
        signal.signal(signal.SIGUSR1, previous)
        signal.set_wakeup_fd(wakeup)


def test_close_leaves_no_descriptor_open():
    before = set(os.listdir("/proc/self/fd"))
    SystemPoller().close()
    assert set(os.listdir("/proc/self/fd")) == before
