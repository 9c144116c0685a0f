"""What the console says at a run's end: it notes what there is to say while the run goes on. See "It says why" in docs/design.md.

Every run loads this, and few have much to say; the words are closing.py's.
"""

from __future__ import annotations

from paratask.events import CommandEnded, FellBack, JobChanged, QueuedAgain, Retried, RunEnded, SetArranged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from paratask.events import Event
    from paratask.execution.jobs import Job
    from paratask.reporting.colors import Paint


class Console:
    """A subscriber that notes what the closing lines need."""

    def __init__(self, paint: Paint, *, shown_path: Callable[[str], str] = str) -> None:
        self.paint = paint
        self.shown_path = shown_path
        self.fallbacks: list[FellBack] = []
        self.retried: dict[str, int] = {}
        self.queued_again: list[QueuedAgain] = []
        self.arranged: list[SetArranged] = []
        self.ended: RunEnded | None = None

    def __call__(self, event: Event) -> None:
        if isinstance(event, (JobChanged, CommandEnded)):
            return  # nearly all are
        if isinstance(event, FellBack):
            self.fallbacks.append(event)
        elif isinstance(event, Retried):
            self.retried[event.job] = event.attempt
        elif isinstance(event, QueuedAgain):
            self.queued_again.append(event)
        elif isinstance(event, SetArranged) and len(event.members) > 1:
            self.arranged.append(event)
        elif isinstance(event, RunEnded):
            self.ended = event

    def has_words(self, jobs: Sequence[Job]) -> bool:
        """Whether there is something to say: one job that ended well needs no words, and of one that failed the error says all."""
        return bool(self.fallbacks or self.retried or self.queued_again) or sum(job.started_at > 0 for job in jobs) > 1

    def closing_lines(
        self,
        jobs: Sequence[Job],
        *,
        seconds: float,
        sequential_seconds: float,
        logs: str,
        predicted_seconds: float | None = None,
        done_before: int = 0,
        resume: str = "",
    ) -> list[str]:
        """The last words; see closing.py."""
        if not self.has_words(jobs):
            return []
        from paratask.reporting.closing import closing_lines

        return closing_lines(
            self, jobs, seconds=seconds, sequential_seconds=sequential_seconds, logs=logs, predicted_seconds=predicted_seconds,
            done_before=done_before, resume=resume,
        )  # fmt: skip
