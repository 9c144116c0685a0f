"""The keyboard of our terminal: for one question at a time, or one command, while the run goes on.

It is watched by the loop like any other descriptor, so that neighbours' output is relayed and signals come through while somebody
thinks. Knows nothing of questions and commands.
"""

from __future__ import annotations

import os
import signal

from paratask.kernel.cancel import StoppedClocks
from paratask.kernel.loop import Event

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from paratask.kernel.loop import Loop
    from paratask.processes.process import Process
    from paratask.processes.terminal import Terminal

KEYBOARD = 0


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

    def read(self) -> bytes:
        """What was typed; nothing at its end, or where it is gone."""
        try:
            return os.read(KEYBOARD, 4096)
        except OSError:
            return b""

    def wait_for_foreground(self) -> None:
        """Stop, as whoever reads it in the background is stopped, until a shell brings us back. Returns at once where none would."""
        try:
            if os.tcgetpgrp(KEYBOARD) != os.getpgrp():
                os.kill(0, signal.SIGTTIN)
        except OSError:
            pass


class Lent:
    """`async with` it: the keyboard and the screen are a command's, and nothing is asked or drawn meanwhile. No deadline comes nearer
    while somebody else has them.
    """

    def __init__(self, loop: Loop, keyboard: Keyboard, make_room: Callable[..., None]) -> None:
        self._loop = loop
        self._keyboard = keyboard
        self._make_room = make_room

    async def __aenter__(self) -> None:
        with StoppedClocks(self._loop):
            await self._keyboard.__aenter__()
        self._make_room(away=True)

    async def __aexit__(self, *error: object) -> None:
        self._make_room(away=False)
        await self._keyboard.__aexit__(*error)


async def until_ended(process: Process, loop: Loop, lend: Callable[[], Lent], terminal: Terminal) -> bool:
    """Wait for the end of a command that others run beside; whether it had the keyboard. Raises Cancelled.

    One that reads the terminal all the same (for a password: `sudo`, `ssh`) is stopped by the system, for good where nobody does something
    about it. From then on it has the keyboard.
    """
    fiber = loop.current
    process.on_wish = lambda: loop.wake(fiber)
    try:
        await process.exited.wait()
        if process.exited.is_set:
            return False
        async with lend():
            await _with_keyboard(process, terminal)
        return True
    finally:
        process.on_wish = None


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


def _nobody() -> None:
    """Nobody is asked."""
