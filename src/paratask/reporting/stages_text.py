"""The closing lines about stages of pipelines: which passed, which did not and why, and which were never begun. Pure text."""

from __future__ import annotations

from itertools import groupby, islice

from paratask.names import counted, shown_seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from paratask.reporting.colors import Paint

    Entry = Mapping[str, Any]


MOST_LINES = 40
MOST_NAMED = 20
"""Of stages that passed, so many have a line of their own, and of those that were not begun, so many are named."""


def stage_lines(stages: Sequence[Entry], paint: Paint) -> Iterator[str]:
    """One for each stage that began; those that had passed before, and those that never began, in one. `stages`: as in summary.json."""
    lines = _lines(stages, paint)
    yield from islice(lines, MOST_LINES)
    more = sum(1 for _ in lines)
    if more:
        yield f"paratask: and {counted(more, 'more line')} about stages, which summary.json has"


def _lines(stages: Sequence[Entry], paint: Paint) -> Iterator[str]:
    for _, found in groupby(stages, key=lambda stage: stage["parent"]):
        own = list(found)
        pipeline = own[0]["pipeline"]
        before = [stage for stage in own if _passed_before(stage)]
        waiting = [stage for stage in own if stage["seconds"] is None]
        if before:
            numbers = _numbers([stage["number"] for stage in before])
            yield f"paratask: {numbers} of {own[0]['of']} of `{pipeline}` passed before"
        began = [stage for stage in own if stage["seconds"] is not None and not _passed_before(stage)]
        passed = [stage["number"] for stage in began if stage["state"] == "succeeded"]
        if len(passed) > MOST_NAMED:
            yield f"paratask: {_numbers(passed)} of {own[0]['of']} of `{pipeline}` passed"
        for stage in began:
            if stage["state"] != "succeeded" or len(passed) <= MOST_NAMED:
                yield f"paratask: {_line(stage, paint)}"
        if waiting:
            names = ", ".join(f"`{stage['stage']}`" for stage in waiting[:MOST_NAMED])
            more = f" and {len(waiting) - MOST_NAMED} more" if len(waiting) > MOST_NAMED else ""
            yield f"paratask: stage{'' if len(waiting) == 1 else 's'} {names}{more} of `{pipeline}` not begun"


def _passed_before(stage: Entry) -> bool:
    """Whether nothing had to run: an earlier run, or what is up to date, stood for it. Not where all was skipped."""
    return bool(stage["state"] == "succeeded" and not stage["ran"] and stage["fresh"])


def _numbers(numbers: Sequence[int]) -> str:
    """`stage 2`, or `stages 1-2, 4`."""
    parts: list[list[int]] = []
    for number in numbers:
        if parts and parts[-1][-1] == number - 1:
            parts[-1].append(number)
        else:
            parts.append([number])
    shown = ", ".join(f"{part[0]}-{part[-1]}" if len(part) > 1 else str(part[0]) for part in parts)
    return f"stage{'' if len(numbers) == 1 else 's'} {shown}"


def _line(stage: Entry, paint: Paint) -> str:
    name = f"stage `{stage['stage']}` ({stage['number']} of {stage['of']})"
    seconds = shown_seconds(stage["seconds"])
    if stage["state"] == "succeeded":
        return f"{name} passed{_gate(stage, ' its gate')} in {seconds}"
    if stage["gate_state"] == "failed":
        return paint("red", f"{name} did not pass{_gate(stage, ' its gate')}, after {seconds}")
    what = paint("red", f"{name} {'was stopped' if stage['state'] == 'cancelled' else 'failed'} after {seconds}")
    if not stage["gate"]:
        return what
    gate = f"its gate{_gate(stage, '')} was"
    return f"{what}; {gate} not asked" if stage["gate_seconds"] is None else f"{what}, while {gate} asked"


def _gate(stage: Entry, words: str) -> str:
    return f"{words} `{stage['gate']}`" if stage["gate"] else ""
