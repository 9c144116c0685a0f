"""What the console says at a run's end, and about fallbacks and retries. One line where one line does. See "It says why" in docs/design.md."""

from __future__ import annotations

from paratask.events import CommandEnded, FellBack, JobChanged, QueuedAgain, Retried, SetArranged
from paratask.names import ordinal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from paratask.events import Event
    from paratask.execution.jobs import Job
    from paratask.reporting.colors import Paint


class Console:
    """A subscriber that notes what the closing lines need."""

    def __init__(self, paint: Paint, *, shown_path: Callable[[str], str] = str) -> None:
        self._paint = paint
        self._shown_path = shown_path
        self._fallbacks: list[FellBack] = []
        self._retried: dict[str, int] = {}
        self._queued_again: list[QueuedAgain] = []
        self._sets = 0

    def __call__(self, event: Event) -> None:
        if isinstance(event, (JobChanged, CommandEnded)):
            return  # nearly all are
        if isinstance(event, FellBack):
            self._fallbacks.append(event)
        elif isinstance(event, Retried):
            self._retried[event.job] = event.attempt
        elif isinstance(event, QueuedAgain):
            self._queued_again.append(event)
        elif isinstance(event, SetArranged) and event.is_parallel:
            self._sets += 1

    def closing_lines(
        self,
        jobs: Sequence[Job],
        *,
        seconds: float,
        sequential_seconds: float,
        logs: str,
        predicted_seconds: float | None = None,
    ) -> list[str]:
        """The last words: about fallbacks, then jobs, time, the time that one at a time would have taken, what failed, and logs.

        A prediction is compared with what came of it where every job ran, and went well.
        """
        lines = [self._queued_again_line(ended) for ended in self._queued_again]
        lines += [self._fallback_line(fallback) for fallback in self._fallbacks]
        ended = [job for job in jobs if job.started_at]
        failed = [job for job in ended if job.state.value == "failed" and job.exit_status not in (0, None)]
        if len(ended) < 2 and not (lines or self._retried or failed):
            return []
        if any(job.state.value == "cancelled" for job in ended):
            sequential_seconds = 0.0  # of what was stopped nobody knows how long it would have taken
        saved = sequential_seconds - seconds
        parts = [f"{len(ended)} job{'' if len(ended) == 1 else 's'} in {seconds:.1f} s"]
        if predicted_seconds is not None and all(_counts(job) for job in jobs):
            parts[0] = f"{parts[0]} ({predicted_seconds:.1f} s predicted)"
        if self._sets and saved >= 0.05:
            percent = 100 * saved / sequential_seconds
            parts.append(f"one at a time about {sequential_seconds:.1f} s ({saved:.1f} s saved, {percent:.0f} %)")
        elif self._sets and sequential_seconds:
            parts.append(f"one at a time about {sequential_seconds:.1f} s")
        if self._sets:
            parts.append(f"{self._sets} parallel set{'' if self._sets == 1 else 's'}")
        parts += self._passed_later(jobs)
        if failed:
            parts.append(self._paint("red", "failed: " + ", ".join(f"`{job.task}`" for job in failed)))
        parts.append(f"logs in {logs}")
        return [*lines, "paratask: " + "; ".join(parts)]

    def _passed_later(self, jobs: Sequence[Job]) -> list[str]:
        """How many jobs passed only at a later attempt than the first, as declared."""
        passed = [self._retried[job.id] for job in jobs if job.id in self._retried and job.state.value == "succeeded"]
        return [
            self._paint("yellow", f"{passed.count(attempt)} passed at the {ordinal(attempt)} attempt")
            for attempt in sorted(set(passed))
        ]

    def _queued_again_line(self, ended: QueuedAgain) -> str:
        from paratask.reporting.sizes import shown_bytes

        who = "the kernel ended" if ended.by_kernel else "ended"
        text = f"memory ran out: {who} `{ended.task}`, which had {shown_bytes(ended.peak_bytes)}, and queued it again"
        return f"paratask: {self._paint('yellow', text)}"

    def _fallback_line(self, fallback: FellBack) -> str:
        beside = ", ".join(f"`{task}`" for task in fallback.beside)
        what = f"`{fallback.task}` exited with {fallback.exit_status} while {beside} ran beside it"
        if fallback.passed:
            then = "and passed alone: fell back to one at a time, and the next plan keeps them apart"
        else:
            then = "and failed again alone"
        return f"paratask: {self._paint('yellow', what)}, {then}; its first log is {self._shown_path(fallback.first_log)}"


def _counts(job: Job) -> bool:
    """Whether a job was what a prediction takes it to be; one that another call did the work of was foreseen too."""
    return job.state.value == "succeeded" or (job.state.value == "skipped" and job.state_reason.startswith("run: "))
