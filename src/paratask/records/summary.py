"""What is kept of a run as JSON: `journal.jsonl` as it goes, and `summary.json` at its end. See docs/reference.md for their keys.

The entry of a job is the same in both: every exit code, times, cost, and why it ran when it did. Who reads journals is journal.py.
"""

from __future__ import annotations

import json

from paratask.events import ENDED_STATES, AttemptBegan, CommandEnded, JobChanged, JobMade, RunBegan, StepsBegan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Protocol, TypedDict

    from paratask.events import Event
    from paratask.execution.jobs import Job
    from paratask.records.logs import LogFile

    class Secrets(Protocol):
        """Values that must not be kept; false as long as there are none."""

        def __bool__(self) -> bool: ...

        def mask(self, text: str) -> str: ...

        def mask_all(self, document: object) -> object: ...

    class Totals(TypedDict):
        """What the whole run comes to, by the names in both files."""

        job_count: int
        done_before: int
        shared: int
        sequential_seconds: float | None
        saved_seconds: float | None
        recovery_seconds: float


SCHEMA = 1
QUOTED = json.encoder.encode_basestring
"""A text as JSON, with all characters that may stand there as they are."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


class Journal:
    """A subscriber: each event becomes a line. That the first job runs, and that one has ended, is written before anything else
    happens; what leads there waits for it, or until `later` calls back, and so does the entry with all that is known of the job.
    Once there was another attempt, and in a run that goes on with another, so is each job that runs: it may be one that had succeeded,
    and is not done any more. So is that steps begin which may leave something half done that looks up to date.

    `job_of` gives the job of an id, and `entries` has the texts of those that ended. `secrets` are masked as far as they are known.
    """

    def __init__(
        self,
        file: LogFile,
        *,
        job_of: Callable[[str], Job],
        digest: Callable[[Job], str],
        secrets: Secrets,
        later: Callable[[Callable[[], None]], object],
    ) -> None:
        self._file = file
        self._job_of = job_of
        self._digest = digest
        self._secrets = secrets
        self._later = later
        self._events: list[Event] = []
        self._ended: list[str] = []
        self._is_due = False
        self._is_begun = False
        self._repeats = False
        self.entries: dict[str, str] = {}

    def __call__(self, event: Event) -> None:
        self._events.append(event)
        if not self._is_due:
            self._is_due = True
            self._later(self._catch_up)
        if isinstance(event, JobChanged):
            if event.state in ENDED_STATES:
                self._ended.append(event.job)
                self._write([])
            elif event.state == "running" and (self._repeats or not self._is_begun):
                self._write([])
        elif isinstance(event, StepsBegan):
            self._write([])
        elif isinstance(event, (AttemptBegan, RunBegan)):
            self._repeats = isinstance(event, AttemptBegan) or bool(event.resumes)

    def close(self) -> None:
        """Nothing more is announced."""
        self._catch_up()
        self._file.close()

    def _catch_up(self) -> None:
        self._is_due = False
        ended, self._ended = self._ended, []
        for job in ended:
            entry = _entry(self._job_of(job), self._digest)
            self.entries[job] = self._masked(entry) if self._secrets else entry
        self._write([f'{{"event":"JobEntry","entry":{self.entries[job]}}}\n' for job in ended])

    def _masked(self, entry: str) -> str:
        return _ENCODER.encode(self._secrets.mask_all(json.loads(entry)))

    def _write(self, entries: list[str]) -> None:
        """What was announced since, and after it entries."""
        events, self._events = self._events, []
        is_first, self._is_begun = not self._is_begun, True
        lines = map(self._masked_line if self._secrets else _line, events)
        self._file.write("".join([*lines, *entries]).encode(errors="surrogateescape"))
        if is_first:
            self._file.lock()
            self._later(self._file.hold)

    def _masked_line(self, event: Event) -> str:
        return _encoded(self._secrets.mask_all(_document(event)))


def _line(event: Event) -> str:
    """Most are of three kinds, whose lines are made by hand in a third of the time: they are made while jobs wait."""
    quote = QUOTED
    if isinstance(event, JobChanged):
        return (
            f'{{"event":"JobChanged","job":{quote(event.job)},"task":{quote(event.task)},"state":"{event.state}",'
            f'"at":{event.at!r},"reason":{quote(event.reason)},"definition":"{event.definition}","is_shared":{"true" if event.is_shared else "false"}}}\n'
        )
    if isinstance(event, CommandEnded):
        return (
            f'{{"event":"CommandEnded","job":{quote(event.job)},"command":{quote(event.command)},'
            f'"exit_status":{event.exit_status},"at":{event.at!r},"seconds":{event.seconds!r},'
            f'"cpu_seconds":{event.cpu_seconds!r},"peak_bytes":{event.peak_bytes}}}\n'
        )
    if isinstance(event, JobMade):
        return (
            f'{{"event":"JobMade","job":{quote(event.job)},"task":{quote(event.task)},'
            f'"parent":{quote(event.parent)},"reason":{quote(event.reason)}}}\n'
        )
    return _encoded(_document(event))


def _document(event: Event) -> dict[str, object]:
    document: dict[str, object] = {"event": type(event).__name__}
    for name in type(event).__slots__:
        document[name] = getattr(event, name)
    return document


def _encoded(document: object) -> str:
    return _ENCODER.encode(document) + "\n"


def render_summary(
    *,
    run: str,
    calls: Iterable[str],
    jobs: Iterable[Job],
    started_at: float,
    ended_at: float,
    seconds: float,
    exit_code: int,
    whole: Totals,
    extra: Mapping[str, object],
    mask_all: Callable[[object], object] = lambda document: document,
    digest: Callable[[Job], str] = lambda _: "",
    entries: Mapping[str, str] | None = None,
) -> str:
    """The whole document as JSON text. `seconds` is how long the run was, which is less than from `started_at` to `ended_at` where it was stopped
    meanwhile (Ctrl-Z), and something else where the machine's clock was set. `mask_all` takes out what must not be kept; `digest` stands for the variables of a job's call.

    `whole` is what the run comes to, and `entries` are texts that are there already, by the jobs' ids.
    """
    made = list(jobs)
    head: dict[str, object] = {
        "schema": SCHEMA,
        "run": run,
        "calls": list(calls),
        "started_at": started_at,
        "ended_at": ended_at,
        "seconds": round(seconds, 6),
        "exit_code": exit_code,
        **extra,
        **whole,
    }
    # A line for each job: where nothing is indented, the encoder is the one in C, and all of this takes half the time.
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    known = entries or {}
    lines = ",\n  ".join(known.get(job.id) or encode(mask_all(json.loads(_entry(job, digest)))) for job in made)
    return f'{json.dumps(mask_all(head), indent=1, ensure_ascii=False)[:-2]},\n "jobs": [\n  {lines}\n ]\n}}\n'


def one_at_a_time_seconds(jobs: Iterable[Job], cores: float, busy_elsewhere: float = 0.0) -> float | None:
    """About how long the same would have taken one at a time, where nothing fails that passes alone: what its commands took, less what
    they lost to each other on so many cores, of which others kept some busy.

    None where something was stopped: of that nobody knows.
    """
    started = [job for job in jobs if job.started_at]
    if any(job.state.value == "cancelled" for job in started):
        return None
    seconds = sum(job.own_seconds - job.failed_seconds for job in started)
    slowed = [job for job in started if job.neighbours and job.taken_seconds]
    if slowed:
        from paratask.records.alone import lost_seconds

        seconds -= lost_seconds(slowed, {job.id: job for job in started}, cores, busy_elsewhere)
    return seconds


def totals(jobs: Sequence[Job], seconds: float, cores: float, busy_cores: float = 0.0, *, goes_on: bool = False) -> Totals:
    """What the whole run comes to, on so many cores, of which `busy_cores` were busy with whatever ran then; 0 where nobody knows.

    Of a run that failed it is not known what it would have been one at a time, which would have ended there; unless it `goes_on`.
    """
    busy_elsewhere = max(0.0, busy_cores - sum(job.cpu_seconds for job in jobs) / seconds) if busy_cores and seconds else 0.0
    has_failed = any(job.state.value == "failed" and not job.parent for job in jobs)
    alone = None if has_failed and not goes_on else one_at_a_time_seconds(jobs, cores, busy_elsewhere)
    beside = any(job.neighbours for job in jobs)
    return {
        "job_count": len(jobs),
        "done_before": sum(job.done_before for job in jobs),
        "shared": sum(job.shared for job in jobs),
        "sequential_seconds": None if alone is None else round(alone, 6),
        "saved_seconds": None if alone is None else round(max(0.0, alone - seconds), 6) if beside else 0.0,
        "recovery_seconds": round(sum(job.recovery_seconds for job in jobs), 6),
    }


def _entry(job: Job, digest: Callable[[Job], str]) -> str:
    """A job as JSON text, by hand like `_line`. `digest` stands for the variables of its call."""
    quote = QUOTED
    began, ended = job.started_at, job.ended_at
    label = f'"label":{quote(job.label)},' if job.label else ""
    failed = _how_failed(job) if job.state._value_ == "failed" else ""
    return (
        f'{{"id":{quote(job.id)},"task":{quote(job.task)},{label}"variables":{quote(digest(job))},"parent":{quote(job.parent)},'
        f'"state":"{job.state._value_}",{failed}"reason":{quote(job.reason)},"state_reason":{quote(job.state_reason)},'
        f'"done_before":{"true" if job.done_before else "false"},"shared":{"true" if job.shared else "false"},'
        f'"exit_code":{"null" if job.exit_status is None else job.exit_status},'
        f'"started_at":{began or "null"},"ended_at":{ended or "null"},'
        f'"seconds":{f"{job.seconds:.6f}" if began and ended else "null"},"command_seconds":{job.own_seconds:.6f},'
        f'"cpu_seconds":{job.cpu_seconds:.6f},"queued_seconds":{job.queued_seconds:.6f},'
        f'"peak_memory_bytes":{job.peak_bytes},"read_bytes":{job.read_bytes},"written_bytes":{job.written_bytes},'
        f'"attempts":{job.attempts},"queued_again":{job.queued_again},"recovery_seconds":{job.recovery_seconds:.6f},'
        f'"beside":[{",".join(map(quote, job.beside))}],"neighbours":{len(job.neighbours)}}}'
    )


def _how_failed(job: Job) -> str:
    """What is told of those that failed alone: most entries are of others, and are made while jobs wait."""
    return f'"passed_on":{"true" if job.passed_on else "false"},"forgiven":{"true" if job.forgiven else "false"},'
