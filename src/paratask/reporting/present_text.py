"""What a job of a run that goes on does just now, or did when its run was killed, in words. Pure: knows no files and no clock."""

from __future__ import annotations

from paratask.events import ENDED_STATES
from paratask.frozen import dataclass
from paratask.names import ordinal, shown_name, shown_seconds
from paratask.reporting.live_reasons import listed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, Protocol

    Entry = Mapping[str, Any]

    class Present(Protocol):
        """What is known of a run at a moment; see records/present.py."""

        @property
        def at(self) -> float: ...

        @property
        def running(self) -> Mapping[str, float]: ...

        @property
        def waits(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """The state that a job is in, and a line about it; empty where there is nothing to say."""

    state: str
    line: str = ""


def doing(job: Entry, present: Present, lines: Iterable[Entry], jobs: Iterable[Entry], *, at: float, goes_on: bool) -> Doing:
    """Of one of these `jobs`, with the lines of the journal that are about it. `present` is the last that is known of its run, which `goes_on`,
    and the time is `at`; or it was killed then, at the earliest.

    What happened to the job since then is not known from there.
    """
    state, name = str(job["state"]), str(job["id"])
    if state in ENDED_STATES or state == "":
        return Doing(state=state)
    when = "now" if goes_on else "then"
    lines = list(lines)
    asked = next((line for line in reversed(lines) if line.get("event") in ("Retried", "AttemptBegan")), {})
    if asked.get("wait_seconds"):
        seconds, attempt = shown_seconds(asked["wait_seconds"]), ordinal(asked["attempt"])
        return Doing(state="waiting", line=f"{when}: waits for its {attempt} attempt, {seconds} after the one before")
    if max((line["at"] for line in lines if "at" in line), default=0.0) <= present.at:
        if name in present.running:
            seconds = shown_seconds(at - present.running[name])
            ran = f"has run for {seconds}" if goes_on else f"had run for {seconds} at least"
            return Doing(state=state, line=f"{when}: its command {ran}")
        if name in present.waits:
            return Doing(state="waiting", line=f"{when}: {present.waits[name]}")
    called = [
        shown_name(other["id"], other["task"])
        for other in jobs
        if other["parent"] == name and other["state"] not in ENDED_STATES
    ]
    if state == "running" and called:
        return Doing(state=state, line=f"{when}: {'waits' if goes_on else 'it waited'} for what it called: {listed(called)}")
    return Doing(state=state)
