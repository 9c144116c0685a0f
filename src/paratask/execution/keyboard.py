"""The keyboard of our terminal: for one question at a time, or one command, while the run goes on.

It is watched by the loop like any other descriptor, so that neighbours' output is relayed and signals come through while somebody
thinks. Knows nothing of questions and commands.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys
from time import monotonic

from paratask.kernel.cancel import StoppedClocks
from paratask.kernel.loop import Event
from paratask.processes.terminal import foreground, set_foreground

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from paratask.kernel.loop import Loop
    from paratask.processes.process import Process
    from paratask.processes.terminal import Terminal

KEYBOARD = 0
REFUSED_SECONDS, MOST_REFUSED = 0.01, 3
"""Who goes on so soon, so many times, was not stopped at all: nobody could continue it."""


class Keyboard:
    """`async with` it: nobody else is asked meanwhile. `on_return` is called where we were stopped (Ctrl-Z), and go on."""

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._busy: Event | None = None
        self.on_return: Callable[[], None] = _nobody

    async def __aenter__(self) -> None:
        while self._busy is not None:
            await self._busy.wait()
        self._loop.raise_if_cancelled()  # whoever had it may have been ended by Ctrl-C, which ends the run
        self._busy = Event(self._loop)

    async def __aexit__(self, *_: object) -> None:
        busy, self._busy = self._busy, None
        self.on_return = _nobody
        assert busy is not None
        busy.set()

    async def readable(self, seconds: float | None = None) -> bool:
        """Wait until a key was pressed (or a line typed, where the terminal hands on lines), at most so long. Raises Cancelled."""
        fiber = self._loop.current
        timer = None
        if seconds is not None:
            timer = self._loop.call_at(self._loop.now() + seconds, lambda: self._loop.wake(fiber, value=False))
        self._loop.watch(KEYBOARD, lambda: self._loop.wake(fiber, value=True))
        try:
            return bool(await self._loop.park())
        finally:
            self._loop.unwatch(KEYBOARD)
            if timer is not None:
                timer.cancel()

    async def read(self) -> bytes:
        """What was typed; nothing at its end, or where it is gone. Raises Cancelled."""
        try:
            typed = os.read(KEYBOARD, 4096)
        except OSError:
            typed = b""
        if not typed:
            await self._loop.checkpoint()  # a terminal that goes sends a signal as well, and that is why we end
        return typed

    def wait_for_foreground(self) -> None:
        """Stop, as whoever reads it in the background is stopped, until a shell brings us back. Returns at once where none would."""
        try:
            if os.tcgetpgrp(KEYBOARD) != os.getpgrp():
                os.kill(0, signal.SIGTTIN)
        except OSError:
            pass


class Lent:
    """`async with` it: the keyboard and the screen are a command's, and nothing is asked or drawn meanwhile. No deadline comes nearer
    while somebody else has them. `skip` is told of time that does not count, since we were stopped.
    """

    def __init__(self, loop: Loop, keyboard: Keyboard, make_room: Callable[..., None], skip: Callable[[float], None]) -> None:
        self._loop = loop
        self.skip = skip
        self._keyboard = keyboard
        self._make_room = make_room

    async def __aenter__(self) -> None:
        with StoppedClocks(self._loop):
            await self._keyboard.__aenter__()
        self._make_room(away=True)

    async def __aexit__(self, *error: object) -> None:
        self._make_room(away=False)
        await self._keyboard.__aexit__(*error)


async def lend_until_ended(process: Process, lend: Callable[[], Lent], terminal: Terminal) -> bool:
    """Wait for the end of a command that was stopped by the system, since it reads the terminal (for a password: `sudo`, `ssh`) though it has
    no keyboard. That would be for good where nobody does something about it. From now on it has one; that is the answer. Raises Cancelled.
    """
    lent = lend()
    async with lent:
        if terminal.commands:
            await _with_keyboard(process, terminal)
        else:
            await _with_terminal_above(process, terminal, lent.skip)
    return True


async def _with_keyboard(process: Process, terminal: Terminal) -> None:
    """What it makes of the terminal is undone: it may have taken what another one had made of it, for a password, to be how it was before."""
    import termios

    if process.exited.is_set:
        return
    before = termios.tcgetattr(KEYBOARD)
    terminal.hand_over(process)
    try:
        while not process.exited.is_set:
            await process.exited.wait()
    finally:
        terminal.take_back()
        process.on_stop = None  # where the run is being stopped, it may read on, and is stopped for that
        if terminal.commands:
            termios.tcsetattr(KEYBOARD, termios.TCSADRAIN, before)


async def _with_terminal_above(process: Process, terminal: Terminal, skip: Callable[[float], None]) -> None:
    """The same where our stdin is not the terminal, or not ours now: in a run inside another, and where somebody redirected it."""
    import termios

    try:
        fd = os.open("/dev/tty", os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        await process.exited.wait()
        return
    before: list[Any] | None = None
    is_lent = foreground(fd) != os.getpgrp()
    process.on_stop = terminal.stop
    try:
        while not process.exited.is_set:
            if _come_to_foreground(fd, skip):
                before = before or termios.tcgetattr(fd)
                set_foreground(process.pid, fd)
            else:
                process.send(signal.SIGHUP)  # as the system does where nobody is left who could continue what is stopped
            process.send(signal.SIGCONT)
            await process.exited.wait()
        if is_lent and process.ended is not None and process.ended.signal == signal.SIGINT:
            atexit.register(_end_of_interrupt)
    finally:
        process.on_stop = None
        if before is not None and foreground(fd) == process.pid:
            set_foreground(os.getpgrp(), fd)
            termios.tcsetattr(fd, termios.TCSADRAIN, before)
        os.close(fd)


def _come_to_foreground(fd: int, skip: Callable[[float], None]) -> bool:
    """Be stopped, as whoever reads a terminal in its background, until we are put into its foreground: by a shell, or by a paratask that runs us
    beside others, and lends us its keyboard so. False where nobody can continue us, since nothing stops then, and where the terminal has gone. That time does not count.
    """
    refused = 0
    while (group := foreground(fd)) != os.getpgrp():
        if group < 0:
            return False
        stopped_at = monotonic()
        os.kill(0, signal.SIGTTIN)
        seconds = monotonic() - stopped_at
        skip(seconds)
        refused = refused + 1 if seconds < REFUSED_SECONDS else 0
        if refused == MOST_REFUSED:
            return False
    return True


def _end_of_interrupt() -> None:
    """Whoever lent us the terminal learns so that Ctrl-C was typed at it: our group was not told, as it did not have the keyboard by then."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            continue
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.kill(0, signal.SIGINT)


def _nobody() -> None:
    """Nobody is asked."""
