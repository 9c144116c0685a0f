"""What every format is made of: a run's summary as values, with what may be known besides it. Pure.

The document is summary.json's, so that a run that has just ended and an old one make the same report. That of a run that was killed,
or goes on, has no exit code, and jobs that have not ended: these count as cancelled. Logs come through a function, and are read only by
formats that show them. Knows no format and no file.
"""

from __future__ import annotations

from paratask.events import ENDED_STATES
from paratask.frozen import dataclass
from paratask.names import WORTH_SAYING_SECONDS, cut, ordinal, shown_name
from paratask.reporting.exports.plain_text import last_lines, without_escapes
from paratask.reporting.ignored import ignored_among

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

LOG_LINES = 400
LONGEST_TITLE = 200
KILLED = "the run did not come to its end"
RUNNING = "the run goes on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A look at all that ran: `at` in seconds since the epoch, how many commands, and the memory that they had together."""

    at: float
    commands: int
    memory_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedJob:
    """A job as its summary has it; see docs/reference.md. Times are 0 where it never ran. `after` are ids that it waited for.

    `seconds` is how long it took, which is less than from its begin to its end where the run was stopped meanwhile (Ctrl-Z).
    """

    done_before: bool
    shared: bool
    passed_on: bool
    forgiven: bool

    id: str
    task: str
    label: str
    parent: str
    state: str
    reason: str
    state_reason: str
    exit_code: int | None
    started_at: float
    ended_at: float
    seconds: float
    command_seconds: float
    cpu_seconds: float
    peak_bytes: int
    attempts: int
    queued_again: int
    neighbours: int
    after: tuple[str, ...]

    @property
    def name(self) -> str:
        """For people, in one line."""
        return " ".join(shown_name(self.id, self.task, self.label).split())

    @property
    def ran(self) -> bool:
        return self.started_at > 0 and self.ended_at > 0

    @property
    def why_failed(self) -> str:
        """What is known besides the exit code."""
        return "" if self.state_reason == f"exited with {self.exit_code}" else self.state_reason

    @property
    def busy_from(self) -> float:
        """When its commands began, taken to have run at the end of its time: before them it waited until it might start one."""
        busy = self.command_seconds + self.stopped_seconds
        return max(self.started_at, self.ended_at - busy) if self.command_seconds else self.started_at

    @property
    def stopped_seconds(self) -> float:
        """For how long the run was stopped meanwhile."""
        return max(0.0, self.ended_at - self.started_at - self.seconds) if self.ran else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One run; one that was killed, or `goes_on`, has no exit code. `text` is the summary as it is kept; `parents` are the ids of jobs
    that call others, and `stages` those of pipelines, as in the summary. `seconds` is how long it took: see ReportedJob.
    """

    text: str
    run: str
    calls: tuple[str, ...]
    started_at: float
    ended_at: float
    seconds: float
    exit_code: int | None
    parallel: str
    saved_seconds: float | None
    sequential_seconds: float | None
    predicted_seconds: float | None
    jobs: tuple[ReportedJob, ...]
    parents: frozenset[str]
    samples: tuple[Sample, ...]
    read_log: Callable[[str], str]
    stages: tuple[Mapping[str, object], ...] = ()
    stopped_by: str = ""
    goes_on: bool = False

    @property
    def passed(self) -> bool:
        return self.exit_code == 0

    @property
    def state(self) -> str:
        """That of a job that came to the same."""
        if self.passed:
            return "succeeded"
        return "cancelled" if self.stopped_by or self.goes_on else "failed"

    @property
    def outcome(self) -> str:
        """In words."""
        if self.exit_code is None:
            return RUNNING if self.goes_on else KILLED
        if self.stopped_by:
            return f"stopped ({self.stopped_by}), exit code {self.exit_code}"
        return f"failed, exit code {self.exit_code}" if self.exit_code else "passed"

    @property
    def has_saved(self) -> bool:
        """Whether running side by side saved anything to speak of."""
        return (self.saved_seconds or 0.0) >= WORTH_SAYING_SECONDS

    @property
    def title(self) -> str:
        """What was called, in one line: of thousands of plain commands only the first."""
        return cut(" ".join(self.calls[:LONGEST_TITLE]), LONGEST_TITLE)

    @property
    def span_seconds(self) -> float:
        """From its begin to its end, by the time of day: what is drawn."""
        return max(0.0, self.ended_at - self.started_at)

    @property
    def done_before(self) -> int:
        """How many of the jobs an earlier run finished."""
        return sum(job.done_before for job in self.jobs)

    @property
    def job_count(self) -> int:
        """Less those, and less the calls that shared another's job."""
        return len(self.jobs) - self.done_before - self.shared

    @property
    def shared(self) -> int:
        """How many were calls whose work another call did."""
        return sum(job.shared for job in self.jobs)

    def count(self, state: str) -> int:
        """How many came to that state in this run."""
        return sum(job.state == state and not job.done_before and not job.shared for job in self.jobs)

    def failures(self) -> list[ReportedJob]:
        """Failed jobs that are not failed only because one that they called is, or another call that did their work."""
        return [job for job in self.jobs if job.state == "failed" and not (job.shared or job.passed_on)]

    def ignored(self) -> frozenset[str]:
        """The ids of those whose failure the Taskfile ignores. See ignored_among."""
        forgiven = {job.id for job in self.jobs if job.forgiven}
        return ignored_among(self.jobs, {job.id: job.state for job in self.jobs}, forgiven=forgiven)

    def counted(self) -> list[tuple[str, int]]:
        """How many came to what, as far as there are some: failures are counted once, and not again for each that called what failed."""
        ignored = self.ignored()
        failed = self.failures()
        forgiven = sum(job.id in ignored for job in failed)
        counts = {state: self.count(state) for state in ("succeeded", "cancelled", "skipped", "fresh")}
        with_them = self.count("failed") - len(failed)
        first = {"succeeded": counts.pop("succeeded"), "failed": len(failed) - forgiven, "failed, which is ignored": forgiven}
        return [(name, count) for name, count in {**first, "failed through others": with_them, **counts}.items() if count]

    def log(self, job: ReportedJob) -> str:
        """The last lines of what a job wrote, without colours."""
        return last_lines(without_escapes(self.read_log(job.id)), LOG_LINES)

    def earlier_logs(self, job: ReportedJob) -> list[tuple[str, str]]:
        """The name and the last lines of each attempt that was made again, where anything was kept of it."""
        names = [f"{ordinal(number)} attempt" for number in range(1, job.attempts)]
        logs = [(name, self.read_log(f"{job.id}.{name.replace(' ', '-')}")) for name in names]
        return [(name, last_lines(without_escapes(log), LOG_LINES)) for name, log in logs if log]


def report_of(
    text: str,
    *,
    after: Mapping[str, Sequence[str]] | None = None,
    samples: Sequence[Sample] = (),
    read_log: Callable[[str], str] = lambda _: "",
    goes_on: bool = False,
) -> Report:
    """The report of a summary.json, or of what is known of a run that goes on. `read_log` takes the name of a log without its ending;
    `after` is what jobs waited for, by id.
    """
    import json

    document = json.loads(text)
    order = after or {}
    started_at = document["started_at"] or 0.0
    ended_at = document["ended_at"] or started_at
    left = RUNNING if goes_on else KILLED
    entries = document["jobs"]
    above = {entry.get("parent") for entry in entries if entry["state"] == "failed"}
    jobs = tuple(_job(entry, tuple(order.get(entry["id"], ())), ended_at, left, above) for entry in entries)
    return Report(
        text=text,
        run=document["run"],
        calls=tuple(document["calls"]),
        started_at=started_at,
        ended_at=ended_at,
        seconds=_seconds(document, started_at, ended_at),
        exit_code=document["exit_code"],
        parallel=document.get("parallel", ""),
        saved_seconds=document.get("saved_seconds"),
        sequential_seconds=document.get("sequential_seconds"),
        predicted_seconds=document.get("predicted_seconds"),
        jobs=jobs,
        parents=frozenset(job.parent for job in jobs if job.parent),
        samples=tuple(samples),
        read_log=read_log,
        stages=tuple(_stages(document.get("stages", ()), jobs)),
        stopped_by=document.get("stopped_by", ""),
        goes_on=goes_on,
    )


def _stages(entries: Sequence[Mapping[str, object]], jobs: Sequence[ReportedJob]) -> Iterator[Mapping[str, object]]:
    """As they are, but for what has not ended: that came to what the job did."""
    by_id = {job.id: job for job in jobs} if entries else {}
    for entry in entries:
        job, gate = by_id.get(str(entry.get("job"))), by_id.get(str(entry.get("gate_job")))
        ended = {"state": job.state, "seconds": job.seconds if job.ran else None} if job is not None else {}
        yield {**entry, **ended, **({"gate_state": gate.state} if gate is not None else {})}


def _job(
    entry: Mapping[str, object], after: tuple[str, ...], ended_at: float, left: str, above: Collection[object]
) -> ReportedJob:
    """`ended_at` is the run's, for jobs that have not ended, and `left` is what became of it. `above` are those that called what failed: older
    records do not say which of them failed by themselves, too.
    """
    numbers = {name: value for name, value in entry.items() if isinstance(value, (int, float))}
    texts = {name: value for name, value in entry.items() if isinstance(value, str)}
    code = entry.get("exit_code")
    has_ended = texts["state"] in ENDED_STATES
    started = numbers.get("started_at", 0.0)
    ended = numbers.get("ended_at", 0.0 if has_ended else ended_at)
    return ReportedJob(
        id=texts["id"],
        task=texts["task"],
        label=texts.get("label", ""),
        parent=texts.get("parent", ""),
        state=texts["state"] if has_ended else "cancelled",
        reason=texts.get("reason", ""),
        state_reason=texts.get("state_reason", "") if has_ended else f"{texts['state']}, and {left}",
        done_before=entry.get("done_before") is True,
        shared=entry.get("shared") is True,
        passed_on=entry.get("passed_on", texts["state"] == "failed" and texts["id"] in above and not code) is True,
        forgiven=entry.get("forgiven") is True,
        exit_code=code if isinstance(code, int) else None,
        started_at=started,
        ended_at=ended,
        seconds=_seconds(entry, started, ended) if started and ended else 0.0,
        command_seconds=numbers.get("command_seconds", 0.0),
        cpu_seconds=numbers.get("cpu_seconds", 0.0),
        peak_bytes=int(numbers.get("peak_memory_bytes", 0)),
        attempts=int(numbers.get("attempts", 1)),
        queued_again=int(numbers.get("queued_again", 0)),
        neighbours=int(numbers.get("neighbours", 0)),
        after=after,
    )


def _seconds(entry: Mapping[str, object], started_at: float, ended_at: float) -> float:
    """How long something took: as it was measured, or by the time of day where it has not come to its end."""
    seconds = entry.get("seconds")
    return float(seconds) if isinstance(seconds, int | float) else max(0.0, ended_at - started_at)
