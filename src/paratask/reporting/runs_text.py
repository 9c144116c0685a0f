"""What `--runs` and `--why` show of runs that are kept. Pure text, made of documents with summary.json's keys."""

from __future__ import annotations

import re

from paratask.amounts import NONE
from paratask.events import ENDED_STATES
from paratask.names import cut, ordinal, shown_name, shown_seconds
from paratask.reporting.patterns_text import tell_patterns
from paratask.reporting.stats_text import saved_cell, time_cell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from paratask.reporting.colors import Paint
    from paratask.reporting.present_text import Doing

GAP = "  "
COLORS = {"succeeded": "green", "failed": "red", "stopped": "yellow", "killed": "red", "running": "yellow"}
TITLES = ("run", "when", "tasks", "result", "jobs", "before", "time", "saved")
RIGHT = frozenset((4, 5, 6, 7))
RESULT, BEFORE = 3, 5
LONGEST_CALLS = 40
LONGEST_COMMAND = 60
MOST_IGNORED = 3


def run_entry(run: str, result: str, document: Mapping[str, Any], *, depth: int) -> dict[str, object]:
    """Plain values for JSON. `depth` is inside how many of the others it ran."""
    return {
        "run": run,
        "calls": list(document.get("calls", ())),
        "result": result,
        "exit_code": document["exit_code"],
        "stopped_by": document.get("stopped_by", ""),
        "started_at": document.get("started_at"),
        "seconds": document.get("seconds"),
        "jobs": len(document["jobs"]),
        "done_before": document.get("done_before", 0),
        "shared": document.get("shared", 0),
        "saved_seconds": document.get("saved_seconds"),
        "within": document.get("within", ""),
        "resumes": document.get("resumes", ""),
        "depth": depth,
    }


def render_runs(entries: Sequence[Mapping[str, Any]], *, moment: Callable[[float], str], paint: Paint) -> str:
    """A table, as given; `moment` says when something was. How many jobs were done before has a column where any were."""
    rows = [TITLES, *(_cells(entry, moment) for entry in entries)]
    columns = [column for column in range(len(TITLES)) if column != BEFORE or any(entry["done_before"] for entry in entries)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(TITLES))]
    lines = []
    for number, row in enumerate(rows):
        cells = [row[i].rjust(widths[i]) if i in RIGHT else row[i].ljust(widths[i]) for i in columns]
        if number:
            cells[RESULT] = paint(COLORS[str(entries[number - 1]["result"])], cells[RESULT])
        line = GAP.join(cells).rstrip()
        lines.append(line if number else paint("cyan", line))
    return "\n".join(lines) + "\n"


def _cells(entry: Mapping[str, Any], moment: Callable[[float], str]) -> tuple[str, ...]:
    calls = shown_calls(entry["calls"]) or NONE
    return (
        f"{'  ' * entry['depth']}{entry['run']}",
        moment(entry["started_at"]) if entry["started_at"] else NONE,
        cut(calls, LONGEST_CALLS),
        _result(entry),
        str(entry["jobs"] - entry["done_before"] - entry["shared"]),
        str(entry["done_before"] or NONE),
        time_cell(entry["seconds"]),
        saved_cell(entry["saved_seconds"]),
    )


def _result(entry: Mapping[str, Any]) -> str:
    """With the exit code of what failed, and what stopped what was stopped."""
    more = {"failed": entry["exit_code"], "stopped": entry["stopped_by"]}.get(entry["result"])
    return f"{entry['result']} ({more})" if more else str(entry["result"])


def shown_calls(calls: Iterable[object]) -> str:
    """As they were typed; of plain commands, whose names have spaces, it would not be seen where one ends."""
    names = list(map(str, calls))
    return (", " if any(" " in name for name in names) else " ").join(names)


class Told:
    """The lines of a journal, by the job that they are about: there may be thousands to explain."""

    def __init__(self, lines: Iterable[Mapping[str, Any]]) -> None:
        self._of: dict[str, list[Mapping[str, Any]]] = {}
        self.began_at: float | None = None
        for line in lines:
            self._of.setdefault(str(line.get("job")), []).append(line)
            if line["event"] == "RunBegan" and self.began_at is None:
                self.began_at = line["at"]

    def of(self, job: str, event: str) -> list[Mapping[str, Any]]:
        """Those of that kind."""
        return [line for line in self._of.get(job, ()) if line["event"] == event]

    def all_of(self, job: str) -> Sequence[Mapping[str, Any]]:
        return self._of.get(job, ())


def render_why(run: str, result: str, job: Mapping[str, Any], told: Told, *, paint: Paint, now: Doing | None = None) -> str:
    """All that is known of why a job came to what it came to. `told` is the journal of its run, which came to `result`; `now` is what the job
    does or waits for in a run that goes on, or did when the run was killed.
    """
    took = f", {shown_seconds(job['seconds'])}" if job.get("seconds") is not None else ""
    end = f" when the run was {result}" if result in ("killed", "stopped") and not job.get("ended_at") else ""
    name = shown_name(str(job["id"]), str(job["task"]))
    state, line = (now.state, now.line) if now is not None else (job["state"], "")
    lines = [f"{paint('green', name)} in run {run}: {state}{end}{took}", *([f"  {line}"] if line else ())]
    lines += [f"  {text}" for text in _reasons(job, told, goes_on=result == "running")]
    return "\n".join(lines) + "\n"


def _reasons(job: Mapping[str, Any], told: Told, *, goes_on: bool) -> Iterator[str]:
    if job.get("label"):
        yield f"label: {job['label']}"
    if job.get("parent"):
        yield f"called by: {_name_of(str(job['parent']), told)}"
    if job.get("reason"):
        yield f"its place: {tell_patterns(str(job['reason']))}"
    if job.get("state_reason"):
        yield f"{_what(str(job['state']))}: {job['state_reason']}"
    if job.get("shared"):
        yield "shared: another call of its task did its work"
    yield from _exit_code(job, told)
    yield from _ignored(job, told)
    waited = _waited(str(job["id"]), told)
    if waited is not None:
        yield f"waited: {shown_seconds(waited)} until its turn came"
    if job.get("queued_seconds", 0) >= 0.01:
        yield f"queued: its commands waited about {shown_seconds(job['queued_seconds'])} for a core"
    yield from _held_back(str(job["id"]), told)
    if job.get("beside"):
        yield f"ran beside: {', '.join(map(str, job['beside']))}"
    yield from _again(str(job["id"]), told, left="to come" if goes_on and job["state"] not in ENDED_STATES else "not made")


def _name_of(job: str, told: Told) -> str:
    """What people are shown of a job; its id where the journal does not have it."""
    return next((shown_name(job, str(line["task"])) for line in told.of(job, "JobMade")), job)


def _what(state: str) -> str:
    return {"fresh": "fresh", "skipped": "skipped", "cancelled": "cancelled", "failed": "failed"}.get(state, "ran because")


def _exit_code(job: Mapping[str, Any], told: Told) -> Iterator[str]:
    """Of a job that failed: of which command it is, or what it is, where nothing else says it."""
    code = job.get("exit_code")
    if code and not re.match(rf"exited with {code}\b", str(job.get("state_reason") or "")):
        yield f"exit code: {code}"
    elif code:
        commands = [line for line in told.of(str(job["id"]), "CommandEnded") if line.get("exit_status") == code]
        yield from (f"its command: {_shown_command(line)}" for line in commands[-1:])


def _shown_command(line: Mapping[str, Any]) -> str:
    return f"`{cut(' '.join(str(line.get('command', '')).split()), LONGEST_COMMAND)}`"


def _ignored(job: Mapping[str, Any], told: Told) -> Iterator[str]:
    """Failures that did not count: of the job's own commands, in its last attempt, or its own to who called it."""
    if job["state"] == "failed":
        above = _went_well_above(str(job["id"]), told)
        if above:
            yield f"ignored: `{above}` went well all the same"
        return
    if job["state"] != "succeeded" or job.get("queued_again"):
        return
    failed: list[str] = []
    for line in told.all_of(str(job["id"])):
        if line["event"] == "AttemptBegan":
            failed = []
        elif line["event"] == "CommandEnded" and line.get("exit_status"):
            failed.append(f"{_shown_command(line)} exited with {line['exit_status']}")
    more = f" and {len(failed) - MOST_IGNORED} more" if len(failed) > MOST_IGNORED else ""
    if failed:
        yield f"ignored: {', '.join(failed[:MOST_IGNORED])}{more}"


def _went_well_above(job: str, told: Told) -> str:
    """The nearest of those that called it, directly or not, that went well: what people are shown of it. Empty where none did."""
    seen: set[str] = set()
    while job and job not in seen:
        seen.add(job)
        made = told.of(job, "JobMade")
        job = str(made[0].get("parent") or "") if made else ""
        if any(line["state"] == "succeeded" for line in told.of(job, "JobChanged")):
            return _name_of(job, told)
    return ""


def _waited(job: str, told: Told) -> float | None:
    """From when the one that calls it ran until its turn came; None where that is not known, or was at once."""
    parent = next((line.get("parent") for line in told.of(job, "JobMade")), None)
    if parent is None:
        return None
    ready = next((line["at"] for line in told.of(job, "JobChanged") if line["state"] == "ready"), None)
    moves = told.of(str(parent), "JobChanged")
    before = next((line["at"] for line in moves if line["state"] == "running"), told.began_at)
    if ready is None or before is None or ready - before < 0.01:
        return None
    return float(ready - before)


def _held_back(job: str, told: Told) -> Iterator[str]:
    """What its commands waited for when its own turn had come."""
    held: dict[str, float] = {}
    for line in told.of(job, "HeldBack"):
        what = _short(str(line["by"]), line["names"])
        held[what] = held.get(what, 0.0) + (line["seconds"] or 0.0)
    for what, seconds in held.items():
        yield f"held back: {shown_seconds(seconds)}, until {what}"


def _short(by: str, names: Sequence[str]) -> str:
    of = " and ".join(f"`{name}`" for name in names) or "what they use"
    return {
        "memory": "there was memory for its command beside what ran",
        "load": "`--load` let its command start beside what ran",
        "turn": "fewer commands ran: as many did as may",
        "rate": f"the rate of {of} let its command start",
    }.get(by, f"its command got {of}")


def _again(job: str, told: Told, *, left: str) -> Iterator[str]:
    """What it ran again for; `left` is said of an attempt that was announced and did not begin."""
    lines = list(told.all_of(job))
    made = {line.get("attempt") for line in lines if line["event"] == "AttemptBegan"}
    for line in lines:
        if line["event"] == "FellBack":
            beside = ", ".join(line["beside"])
            yield f"ran again alone: it exited with {line['exit_status']} beside {beside}, and {'passed' if line['passed'] else 'failed'} alone"
        elif line["event"] == "Retried":
            was = "" if line["attempt"] in made else f"{left}: "
            yield f"{ordinal(line['attempt'])} attempt: {was}the one before exited with {line['exit_status']}, and its task declares `retry`"
        elif line["event"] == "BegunAnew":
            yield f"begun anew: {_name_of(str(line['instead_of']), told)} was stopped, so that a task that had failed could run again alone"
        elif line["event"] == "QueuedAgain":
            yield f"queued again: memory ran out, and {'the kernel' if line['by_kernel'] else 'paratask'} ended it"
