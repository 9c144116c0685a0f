"""Reporters of other packages: which are asked, what they are told, and what went wrong with them. See "Reporters" in docs/design.md.

Loaded only by runs that have some. What one reporter is, and how it is kept apart from the run, is plugins.listening's.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from functools import partial

from paratask.errors import UsageError
from paratask.events import EVENTS_SCHEMA, RunBegan
from paratask.frozen import replace
from paratask.names import file_name
from paratask.plugins.installed import installed_reporters, load
from paratask.plugins.listening import Listener
from paratask.plugins.reporters import RunInfo
from paratask.reporting.colors import warning_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.cli.options import Typed
    from paratask.events import Event, Subscriber
    from paratask.execution.workbench import Workbench
    from paratask.reporting.colors import Paint
    from paratask.variables.secrets import Secrets

OFF = "off"
MOST_SECONDS = 1.0
"""What reporters have to come to their end, all together, and then what they leave to be done when the process ends."""

TURN_SECONDS = 0.0001
"""How soon the run gets the interpreter back from a reporter that computes; by default this takes fifty times as long."""


def open_reporters(typed: Typed, bench: Workbench, paint: Paint) -> Reporters:
    """Those of the command line, else of the environment, else of paratask.toml. Raises UsageError."""
    asked = [name.strip() for name in typed.text("reporter").split(",") if name.strip()]
    places = installed_reporters()
    settings = bench.project.settings
    reporters = Reporters(bench, paint)
    for name in dict.fromkeys(asked or settings.reporters):
        if name in places:
            reporters.add(name, places[name])
        elif name == OFF:
            continue
        elif "reporter" in typed.given:
            raise UsageError(f"--reporter names `{name}`, which is not installed", help=_known(places))
        else:
            position = None if asked else settings.positions.get(name)
            where = "PARATASK_REPORTER" if position is None else f"{os.path.relpath(position.file)}:{position.line}"
            reporters.warn(f"{where} names the reporter `{name}`, which is not installed")
    return reporters


def _known(places: dict[str, str]) -> str:
    return f"installed: {', '.join(sorted(places))}" if places else "docs/plugins.md says how a package offers one"


class Reporters:
    """Those of one invocation, for all its runs. `feed` gives what a run tells them; `finish` when there will be no more runs."""

    def __init__(self, bench: Workbench, paint: Paint) -> None:
        self._root = bench.project.root_dir
        self._state = bench.state_dir
        self._secrets = bench.secrets
        self._paint = paint
        self._run = ""
        self._listeners: list[Listener] = []
        self._told: set[Listener] = set()
        self._turn_before = sys.getswitchinterval()

    def add(self, name: str, where: str) -> None:
        """One more, found at `module:attribute`."""
        listener = Listener(name, load=partial(load, where), info_of=self._info, home=os.getcwd())  # type: ignore[arg-type] # whatever it is
        sys.setswitchinterval(TURN_SECONDS)
        try:
            listener.start()
        except RuntimeError as error:  # the system has no thread for us
            self.warn(f"reporter `{name}` cannot be started: {error}")
            return
        self._listeners.append(listener)

    def feed(self) -> Sequence[Subscriber]:
        """What one more run is to have among its subscribers."""
        self._say_failures()
        return [_Feed(self, self._secrets)] if self._listeners else []

    def tell(self, feed: object, event: Event) -> None:
        if isinstance(event, RunBegan):
            self._run = event.run
        for listener in self._listeners:
            listener.tell(feed, event)

    def _info(self, event: RunBegan) -> RunInfo:
        folder = os.path.join(self._state, "runs", event.run)
        return RunInfo(events_schema=EVENTS_SCHEMA, run=event.run, root=self._root, folder=folder)

    def finish(self) -> None:
        """Let them come to their end, but not for long. Ctrl-C is enough of that."""
        for listener in self._listeners:
            listener.end()
        patience = time.monotonic() + MOST_SECONDS
        try:
            for listener in self._listeners:
                listener.ended.wait(max(0.0, patience - time.monotonic()))
        except KeyboardInterrupt:
            pass
        sys.setswitchinterval(self._turn_before)
        self._say_failures()
        for text in self._shortcomings():
            self.warn(text)

    def _shortcomings(self) -> Iterator[str]:
        for listener in self._listeners:
            if not listener.ended.is_set():
                yield (
                    f"reporter `{listener.reporter}` did not come to its end within {MOST_SECONDS:g} s, and was left: "
                    f"it had not heard {listener.unheard + listener.dropped:,} of {listener.told:,} events"
                )
            elif listener.failure is None and listener.dropped:
                yield f"reporter `{listener.reporter}` was too slow: it missed {listener.dropped:,} of {listener.told:,} events"

    def _say_failures(self) -> None:
        """Each once."""
        for listener in self._listeners:
            failure = listener.failure
            if failure is not None and listener not in self._told:
                self._told.add(listener)
                kept = self._keep(listener.reporter, failure.traceback)
                more = f" (see {kept})" if kept else ""
                self.warn(f"reporter `{listener.reporter}` {failure.doing}: {failure.error}{more}")

    def _keep(self, name: str, traceback: str) -> str:
        """The file that a traceback is in; empty where there is none, as records cannot be kept."""
        if not traceback:
            return ""
        path = os.path.join(self._state, "runs", self._run, f"reporter-{file_name(name)}.txt")
        try:
            with open(path, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(self._secrets.mask(traceback))
        except OSError:
            return ""
        return os.path.relpath(path)

    def warn(self, text: str) -> None:
        sys.stderr.write(warning_line(self._secrets.mask(text), self._paint))


class _Feed:
    """A subscriber: one run's events, without what must not be told."""

    def __init__(self, reporters: Reporters, secrets: Secrets) -> None:
        self._tell = partial(reporters.tell, self)
        self._secrets = secrets

    def __call__(self, event: Event) -> None:
        self._tell(self._masked(event) if self._secrets else event)

    def _masked(self, event: Event) -> Event:
        changes = {name: self._mask(getattr(event, name)) for name in type(event).__slots__}
        return replace(event, **changes)  # type: ignore[arg-type] # of the same types

    def _mask(self, value: object) -> object:
        if isinstance(value, tuple):
            return tuple(map(self._mask, value))
        return self._secrets.mask(value) if isinstance(value, str) else value


def leave(exit_code: int) -> None:
    """End the process within a second, whatever threads and whatever functions for its end reporters have left; or return, where it
    ends by itself as soon.
    """
    try:
        threading.Thread(target=_leave_later, args=(exit_code,), daemon=True).start()
    except RuntimeError:
        os._exit(exit_code)
    if any(isinstance(thread, Listener) for thread in threading.enumerate()):
        sys.stdout.flush()  # a reporter may hold it: then the other thread ends this
        os._exit(exit_code)


def _leave_later(exit_code: int) -> None:
    time.sleep(MOST_SECONDS)
    os._exit(exit_code)
