"""Reporters of other packages: which are asked, what they are told, and what went wrong with them. See "Reporters" in docs/design.md.

Loaded only by runs that have some. What one reporter is for the run is told.py's; each has a process of its own.
"""

from __future__ import annotations

import os
import sys

from paratask.cli.reporters.told import MOST_SECONDS, ToldReporter
from paratask.errors import UsageError
from paratask.names import file_name
from paratask.plugins.installed import installed_reporters
from paratask.processes.companion import end_all
from paratask.records.announced import before_end, events_in
from paratask.reporting.colors import warning_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

    from paratask.cli.options import Typed
    from paratask.execution.workbench import Workbench
    from paratask.records.logs import LogFile
    from paratask.reporting.colors import Paint

    Later = Callable[[float, Callable[[], None]], object]

OFF = "off"
SEND_SECONDS = 0.05
"""So often reporters are told, and looked after, while there is something to tell."""


def open_reporters(typed: Typed, bench: Workbench, paint: Paint, *, keeps_output: bool) -> Reporters:
    """Those of the command line, else of the environment, else of paratask.toml. Raises UsageError.

    `keeps_output`: what they print comes through our own stdout and stderr, before which something stands.
    """
    asked = [name.strip() for name in typed.text("reporter").split(",") if name.strip()]
    places = installed_reporters()
    settings = bench.project.settings
    reporters = Reporters(bench, paint, keeps_output=keeps_output)
    wanted = [name for name in dict.fromkeys(asked or settings.reporters) if name != OFF or OFF in places]
    if "reporter" in typed.given and (unknown := next((name for name in wanted if name not in places), None)):
        raise UsageError(f"--reporter names `{unknown}`, which is not installed", help=_known(places))
    for name in wanted:
        if name in places:
            reporters.add(name, places[name])
        else:
            position = None if asked else settings.positions.get(name)
            where = "PARATASK_REPORTER" if position is None else f"{os.path.relpath(position.file)}:{position.line}"
            reporters.warn(f"{where} names the reporter `{name}`, which is not installed")
    return reporters


def _known(places: dict[str, str]) -> str:
    return f"installed: {', '.join(sorted(places))}" if places else "docs/plugins.md says how a package offers one"


class Reporters:
    """Those of one invocation, for all its runs. `beside` lets them hear of a run; `finish` when there will be no more runs."""

    def __init__(self, bench: Workbench, paint: Paint, *, keeps_output: bool = False) -> None:
        self._root = bench.project.root_dir
        self._state = bench.state_dir
        self._secrets = bench.secrets
        self._paint = paint
        self._keeps_output = keeps_output
        self._run = ""
        self._run_count = 0
        self._told: list[ToldReporter] = []
        self._files: list[_Told] = []

    def add(self, name: str, where: str) -> None:
        """One more, found at `module:attribute`. It is loaded beside what we do until the run begins."""
        try:
            told = ToldReporter(
                name, where, root=self._root, state=self._state, environment=os.environ, keeps_output=self._keeps_output
            )
        except OSError as error:
            self.warn(f"reporter `{name}` cannot be started: {error.strerror}")
            return
        self._told.append(told)

    def beside(self, file: LogFile, *, run: str, later: Later) -> LogFile:
        """The journal of one more run, so that they hear what comes into it. `later` calls back while the run goes on."""
        self._say_shortcomings()
        if not self._told:
            return file
        self._run = run
        self._run_count += 1
        told = _Told(file, b"#%d\n" % self._run_count, self.tell, self._look, later)
        self._files = [*(other for other in self._files if other.has_more), told]
        return told  # type: ignore[return-value] # all that a journal asks of it

    def tell(self, run: bytes, lines: bytes) -> None:
        for told in self._told:
            told.tell(run, lines)

    def _look(self) -> bool:
        """After those that have more to be told or said; whether there are any."""
        for told in self._told:
            told.companion.push()
            self._print(told)
        return self._keeps_output or any(told.companion.has_more for told in self._told)

    def _print(self, told: ToldReporter) -> None:
        if self._keeps_output:
            told.companion.take()
            _pass_on(told.companion.printed[1], sys.stdout)
            _pass_on(told.companion.printed[2], sys.stderr)

    def finish(self) -> None:
        """Let them come to their end, but not for long. Ctrl-C is enough of that."""
        for file in self._files:
            file.send()
        end_all([told.companion for told in self._told], MOST_SECONDS)
        for told in self._told:
            self._print(told)
        self._say_shortcomings()

    def _say_shortcomings(self) -> None:
        """Each once."""
        for told in self._told:
            shortcoming = told.shortcoming()
            if shortcoming is not None:
                kept = self._keep(told.name, shortcoming.traceback)
                self.warn(f"reporter `{told.name}` {shortcoming.text}" + (f" (see {kept})" if kept else ""))

    def _keep(self, name: str, traceback: str) -> str:
        """The file that a traceback is in; empty where there is none, as records cannot be kept."""
        if not (traceback and self._run):
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


class _Told:
    """A journal's file, of which others are told as well: many lines at a time. `look` says whether to look again.

    That the run has ended is told when it has said so itself: what reporters then print stands behind its last words.
    """

    def __init__(
        self, file: LogFile, run: bytes, tell: Callable[[bytes, bytes], None], look: Callable[[], bool], later: Later
    ) -> None:
        self._file = file
        self._run = run
        self._tell = tell
        self._look = look
        self._later = later
        self._parts: list[bytes] = []
        self._is_due = False

    def __getattr__(self, name: str) -> object:
        """Whatever else a journal asks of its file."""
        return getattr(self._file, name)

    @property
    def has_more(self) -> bool:
        """Something is to be told."""
        return bool(self._parts)

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._parts.append(data)
        self._send_later()

    def close(self) -> None:
        """Nothing more is announced."""
        self._file.close()
        before, end = before_end(b"".join(self._parts))
        self._parts = [before]
        self.send()
        self._parts = [end]
        self._send_later()

    def _send_later(self) -> None:
        if not self._is_due:
            self._is_due = True
            self._later(SEND_SECONDS, self.send)

    def send(self) -> None:
        """What came since."""
        self._is_due = False
        lines = events_in(b"".join(self._parts))
        self._parts.clear()
        if lines:
            self._tell(self._run, lines)
        if self._look():
            self._send_later()


def _pass_on(printed: bytearray, stream: TextIO) -> None:
    if printed:
        stream.write(printed.decode(errors="replace"))
        stream.flush()
        printed.clear()
