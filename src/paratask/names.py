"""Names: of jobs (the task's, fit for a file name, with a number from the second one on), of numbers, amounts and times, and the nearest to one not known.

Runs number jobs as they are made, plans in written order, depth first: a task called more than once may get other numbers.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

PART_MARK = "#"
"""Between a task's name and that of a part of it (taskfile/parts.py). No name that people write has one: YAML would mostly take it for a comment."""

MAX_BYTES = 200
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
WORTH_SAYING_SECONDS = 0.05
"""What was saved or lost by less is chance, and is not told."""


class JobNames:
    """Gives each job of a run or a plan a name of its own, in the order of asking."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def take(self, task: str) -> str:
        name = taken = file_name(task)
        while taken in self._taken:
            self._taken[name] += 1
            taken = f"{name}.{self._taken[name]}"
        self._taken[taken] = 1
        return taken


def fingerprint_name(task: str) -> str:
    """The file under .task/ that a task's fingerprint is kept in, which `build:web` and `build-web` share. go-task: normalizeFilename."""
    return "".join(char if char.isascii() and char.isalnum() else "-" for char in task)


def file_name(task: str) -> str:
    """A task's name as part of a file name."""
    if task.isascii() and task.isalnum() and len(task) <= MAX_BYTES:
        return task  # most are, and a run asks for each job
    kept = "".join(char if char.isalnum() or char in "-_." else "-" for char in task).strip(".")
    return kept.encode()[:MAX_BYTES].decode(errors="ignore") or "task"


def shown_name(job: str, task: str, label: str = "") -> str:
    """A job for people: its task's name, with the number that its id has; and the label that tells it from other calls of the task."""
    file = file_name(task)
    name = task + job[len(file) :] if job.startswith(file) else job
    return labelled(name, label)


def labelled(name: str, label: str) -> str:
    """What it is called, with its label, in one line, where that says more."""
    label = " ".join(label.split())
    return f"{name} ({label})" if label and not f"{name}.".startswith((f"{label}.", f"{label}#")) else name


def is_meant(names: Collection[str], job: str, task: str) -> bool:
    """Whether somebody who types one of `names` means the job: its task, its id, or what people are shown."""
    return task in names or job in names or shown_name(job, task) in names


def cut(text: str, most: int) -> str:
    """No longer than so many characters, the last of which says that there were more."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def ordinal(number: int) -> str:
    """`first`, `second` …; from the eleventh on with digits."""
    if number <= len(ORDINALS):
        return ORDINALS[number - 1]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def counted(number: int, noun: str) -> str:
    """`1 file`, `2,000 files`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def shown_seconds(seconds: float) -> str:
    """How people are told how long something took, wherever they are: `0.42 s`, `3.4 s`, `2 min 05 s`, `1 h 02 min`."""
    if seconds < 0.995:
        return f"{max(0.0, seconds):.2f} s"
    return f"{seconds:.1f} s" if seconds < 59.95 else _in_minutes(round(seconds))


def shown_limit(seconds: float) -> str:
    """A time that somebody chose, with no more digits than it has: `0.5 s`, `30 s`, `1 min 30 s`, `2 h`."""
    return f"{seconds:g} s" if seconds < 60 else _in_minutes(round(seconds)).removesuffix(" 00 s").removesuffix(" 00 min")


def _in_minutes(seconds: int) -> str:
    if seconds < 3600:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    return f"{seconds // 3600} h {seconds % 3600 // 60:02d} min"


def nearest_name(name: str, known: frozenset[str] | list[str]) -> str:
    """The known name most like `name`, or an empty text where none is near."""
    from difflib import get_close_matches

    lowered = {candidate.lower(): candidate for candidate in sorted(known)}
    near = get_close_matches(name.lower(), lowered, n=1, cutoff=0.6)
    return lowered[near[0]] if near else ""
