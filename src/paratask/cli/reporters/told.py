"""One reporter as the run sees it: a process that is told lines, how many of them it has heard, and what is to be said of it.

How much may wait for it is decided here. What goes on in its process is process.py's.
"""

from __future__ import annotations

import signal

from paratask.frozen import dataclass
from paratask.processes.companion import Companion, python_argv
from paratask.processes.shared_count import SharedCount
from paratask.records.announced import first_events

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

MOST_EVENTS = 10_000
"""How many wait for a reporter at most."""

MOST_SECONDS = 1.0
"""What reporters have to come to their end, all together."""

START = "from paratask.cli.reporters.process import main; main()"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortcoming:
    """What is to be said of a reporter, behind its name, and the traceback of it; empty where there is none."""

    text: str
    traceback: str = ""


class ToldReporter:
    """Starts the process of the reporter that is at `where`. Raises OSError where that cannot be."""

    def __init__(
        self, name: str, where: str, *, root: str, state: str, environment: Mapping[str, str], keeps_output: bool
    ) -> None:
        self.name = name
        self._heard = SharedCount()
        try:
            argv = python_argv(START, where, root, state)
            self.companion = Companion(argv, environment, given=(self._heard.fd,), keeps_output=keeps_output)
        finally:
            self._heard.close()
        self._told = self._dropped = 0
        self._run = b""
        self._is_said = False

    def tell(self, run: bytes, lines: bytes) -> None:
        """Events of a run, a line each. Never waits. What is too much is dropped, and counted; how a run begins and ends is not."""
        count = lines.count(b"\n")
        room = MOST_EVENTS - self._waiting
        self._told += count
        if count > room:
            lines = first_events(lines, room)
            self._dropped += count - lines.count(b"\n")
        if lines:
            self.companion.tell(lines if run == self._run else run + lines)
            self._run = run
        self.companion.push()

    @property
    def _waiting(self) -> int:
        return self._told - self._dropped - self._heard.value

    def shortcoming(self) -> Shortcoming | None:
        """What is to be said of it, once it fails or has ended. Once, and not of one that nothing can be said of yet."""
        self.companion.take()
        if self._is_said or not (self.companion.has_ended() or self.companion.answers):
            return None
        found = self._shortcoming(bytes(self.companion.answers))
        self._is_said = found is not None
        return found

    def _shortcoming(self, answer: bytes) -> Shortcoming | None:
        report = _parse(answer)
        if report.get("error"):
            return Shortcoming(text=f"{report['doing']}: {report['error']}", traceback=report["traceback"])
        if not self.companion.has_ended():
            return None
        if report.get("done"):
            missed = f"it missed {self._dropped:,} of {self._told:,} events"
            return Shortcoming(text=f"was too slow: {missed}") if self._dropped else None
        unheard = self._told - self._heard.value
        if not (unheard or self.companion.exit_status):
            return None
        text = f"{self._how_it_ended()}: it had not heard {unheard:,} of {self._told:,} events"
        return Shortcoming(text=text, traceback=answer.decode(errors="replace"))

    def _how_it_ended(self) -> str:
        status = self.companion.exit_status or 0
        if self.companion.was_killed:
            return f"did not come to its end within {MOST_SECONDS:g} s, and was ended"
        if status == -signal.SIGPROF:
            return "computed for too long, and was ended"
        if status == -signal.SIGALRM:
            return "kept Python to itself for too long, and was ended"
        if status < 0:
            return f"was ended by {_signal_name(-status)}"
        return f"exited with {status}"


def _parse(answer: bytes) -> dict[str, Any]:
    """Its last words; nothing where they are not its own, or not whole."""
    import json

    try:
        return dict(json.loads(answer))
    except ValueError:
        return {}


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
