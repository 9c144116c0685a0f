"""A reporter hears events: made for each run, told one event after the other, finished; and what became of that.

This is the part that runs beside the reporter, in a process which is its own. See "Reporters" in docs/design.md. Knows nothing of
processes, and not where events come from.
"""

from __future__ import annotations

import os

from paratask.events import RunBegan, RunEnded
from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from paratask.events import Event
    from paratask.plugins.reporters import MakeReporter, Reporter, RunInfo

MOST_SHOWN = 300
"""Characters of an error that are shown; more of it is in the traceback."""

MOST_KEPT = 50_000
"""Characters of a traceback's end that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What a reporter was doing when it failed, with what, and the traceback."""

    doing: str
    error: str
    traceback: str


class Listening:
    """One reporter. `load` gives its factory, `info_of` what that is to know of a run, and `heard` is told of each event that it has heard."""

    def __init__(
        self,
        *,
        load: Callable[[], MakeReporter],
        info_of: Callable[[RunBegan], RunInfo],
        heard: Callable[[], None] = lambda: None,
    ) -> None:
        self._load = load
        self._info_of = info_of
        self._heard = heard
        self._reporters: dict[object, Reporter] = {}
        self._doing = "could not be loaded"
        self._event: Event | None = None

    def listen(self, events: Iterable[tuple[object, Event]]) -> Failure | None:
        """To all of them; those of several runs may come in turn, each with what stands for its run. Returns what it failed of."""
        process = os.getpid()
        try:
            self._hear_all(self._load(), events)
        except BaseException as error:  # noqa: BLE001 - whatever a reporter does, also `sys.exit`
            return _failure(self._doing or f"failed on {type(self._event).__name__}, and heard nothing after it", error)
        finally:
            if os.getpid() != process:  # it has forked, and this is not the one that listens
                os._exit(0)
        return None

    def _hear_all(self, make: MakeReporter, events: Iterable[tuple[object, Event]]) -> None:
        process = os.getpid()
        for run, event in events:
            self._hear(make, run, event)
            if os.getpid() != process:
                return
            self._heard()
            if isinstance(event, RunEnded) and run in self._reporters:
                self._finish(self._reporters.pop(run))
        for reporter in list(self._reporters.values()):
            self._finish(reporter)

    def _hear(self, make: MakeReporter, run: object, event: Event) -> None:
        if isinstance(event, RunBegan):
            self._doing = "could not begin"
            self._reporters[run] = make(self._info_of(event))
        reporter = self._reporters.get(run)
        if reporter is not None:
            self._doing, self._event = "", event
            reporter.hear(event)

    def _finish(self, reporter: Reporter) -> None:
        self._doing = "failed at the run's end"
        finish = getattr(reporter, "finish", None)
        if finish is not None:
            finish()


def _failure(doing: str, error: BaseException) -> Failure:
    """In words; those of the error may fail as well."""
    import traceback

    try:
        text = f"{type(error).__name__}: {error}".rstrip(": ").partition("\n")[0][:MOST_SHOWN]
        return Failure(doing=doing, error=text, traceback="".join(traceback.format_exception(error))[-MOST_KEPT:])
    except BaseException:  # noqa: BLE001 - whatever its `__str__` does
        return Failure(doing=doing, error=type(error).__name__, traceback="")
