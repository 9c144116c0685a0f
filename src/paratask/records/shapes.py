"""Which values a run's records may have: those of a summary's head, of a job's entry, of a journal's lines, and of what a run does now.
See docs/reference.md for the keys.

Who shows them counts on texts being texts and moments being moments. Records can be written by others (a later version, another program, a
checkout that brings them): what has a value of another kind says nothing. Keys that are not known here may have any. Pure.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeAlias

    Check: TypeAlias = Callable[[object], bool]

MOST = float(1 << 62)
LAST_MOMENT = 1e11  # in the year 5138: calendars end before numbers do
LONGEST_NAME = 255


def _is_text(value: object) -> bool:
    """One that can be written, too."""
    if type(value) is not str:
        return False
    if value.isascii():
        return True
    try:
        value.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        return False
    return True


def _is_name(value: object) -> bool:
    """A text that names a file in the run's folder."""
    return _is_text(value) and "/" not in str(value) and "\0" not in str(value) and 0 < len(str(value)) <= LONGEST_NAME


def _are_texts(value: object) -> bool:
    return type(value) is list and all(map(_is_text, value))


def _are_lists(value: object) -> bool:
    return type(value) is list and all(map(_are_texts, value))


def _are_stages(value: object) -> bool:
    return type(value) is list and all(is_shaped(item, STAGE, tuple(STAGE)) for item in value)


def _is_flag(value: object) -> bool:
    return type(value) is bool


def _is_count(value: object) -> bool:
    return type(value) is int and -MOST < value < MOST


def _is_number(value: object) -> bool:
    return type(value) in (int, float) and -MOST < value < MOST  # type: ignore[operator] # not where it is no number


def _is_moment(value: object) -> bool:
    return type(value) in (int, float) and 0.0 <= value < LAST_MOMENT  # type: ignore[operator] # not where it is no number


def _or_none(check: Check) -> Check:
    return lambda value: value is None or check(value)


def _table(checks: Mapping[Check, str]) -> Mapping[str, Check]:
    return {key: check for check, keys in checks.items() for key in keys.split()}


HEAD = _table({
    _is_text: "run stopped_by parallel seed within resumes",
    _are_texts: "calls",
    _is_count: "schema exit_code job_count done_before shared",
    _is_number: "recovery_seconds",
    _or_none(_is_moment): "started_at ended_at",
    _or_none(_is_number): "seconds predicted_seconds sequential_seconds saved_seconds",
    _are_stages: "stages",
})  # fmt: skip
STAGE = _table({
    _is_text: "pipeline stage job parent state gate gate_job gate_state",
    _is_count: "number of",
    _or_none(_is_number): "seconds gate_seconds",
})  # fmt: skip
ENTRY = _table({
    _is_name: "id",
    _is_text: "task label variables parent state reason state_reason",
    _are_texts: "beside",
    _is_flag: "done_before shared passed_on forgiven",
    _is_count: "peak_memory_bytes read_bytes written_bytes attempts queued_again neighbours",
    _is_number: "command_seconds cpu_seconds queued_seconds recovery_seconds",
    _or_none(_is_count): "exit_code",
    _or_none(_is_moment): "started_at ended_at",
    _or_none(_is_number): "seconds",
})  # fmt: skip
LINE = {
    **HEAD,
    **_table({
        _is_name: "job",
        _is_text: "task name parent state reason definition command taskfile root pipeline stage gate first_log log_before text by instead_of",
        _are_texts: "given writes members evidence beside names",
        _are_lists: "after",
        _is_flag: "is_parallel is_shared passed by_kernel",
        _is_count: "exit_status peak_bytes attempt number of",
        _is_number: "cpu_seconds wait_seconds",
        _is_moment: "at",
        lambda value: is_shaped(value, ENTRY, ("id",)): "entry",
    }),
}  # fmt: skip
PRESENT: Mapping[str, Check] = {
    "at": _is_moment,
    "running": lambda value: type(value) is dict and all(map(_is_moment, value.values())),
    "waiting": lambda value: type(value) is list and all(is_shaped(entry, WAITING, tuple(WAITING)) for entry in value),
}
WAITING: Mapping[str, Check] = {"why": _is_text, "jobs": _are_texts}
COMMANDS: Mapping[str, Check] = {
    "folder": lambda value: _is_text(value) and str(value).startswith("/") and "\0" not in str(value),
    "has_slot": _is_flag,
    "lines": lambda value: _are_lists(value) and not any("\0" in text for line in value for text in line),  # type: ignore[attr-defined] # lists by then
}
"""What is kept of plain commands: in each line what runs, and what stands before its output."""
NEEDED: Mapping[str, tuple[str, ...]] = {
    "RunBegan": ("at",),
    "RunEnded": ("at",),
    "JobMade": ("job", "task"),
    "JobChanged": ("job", "state", "at"),
    "JobEntry": ("entry",),
    "StepsBegan": ("job", "name"),
    "CommandEnded": ("job", "at"),
    "AttemptBegan": ("job",),
    "StageMade": ("job", "pipeline", "stage", "number", "of", "gate"),
    "FellBack": ("job", "beside", "exit_status", "passed"),
    "Retried": ("job", "attempt", "exit_status"),
    "BegunAnew": ("job", "instead_of"),
    "QueuedAgain": ("job", "by_kernel"),
    "HeldBack": ("job", "by", "names", "seconds"),
}
"""Without these an event says nothing. Older versions left others out."""


def is_shaped(value: object, checks: Mapping[str, Check], needed: tuple[str, ...] = ()) -> bool:
    """Whether it is a mapping that has what is needed, and of which each key that is known has a value of its kind."""
    if type(value) is not dict:
        return False
    for key, inner in value.items():
        check = checks.get(key)
        if check is not None and not check(inner):
            return False
    return all(key in value for key in needed)


def is_line(value: object) -> bool:
    """Whether a line of a journal says something."""
    if type(value) is not dict:
        return False
    event = value.get("event")
    return type(event) is str and is_shaped(value, LINE, NEEDED.get(event, ()))


def shaped_jobs(entries: list[object], blank: Mapping[str, object]) -> list[dict[str, Any]]:
    """Those entries of jobs that are some, with what they leave out as in `blank`."""
    return [{**blank, **entry} for entry in entries if isinstance(entry, dict) and is_shaped(entry, ENTRY, ("id", "task"))]
