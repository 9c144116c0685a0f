"""Events and looks of runs that never were."""

from __future__ import annotations

from paratask.events import AttemptBegan, CommandEnded, JobChanged, JobMade, Retried, RunBegan, SetArranged
from paratask.execution.view import Hold, Look
from paratask.scheduling.budget import Budget, Reading

BUDGET = Budget(cpus=2.0, memory_bytes=512 << 20)


class Expected:
    """Expectations from dictionaries."""

    def __init__(self, seconds=None, after=None, whole=None) -> None:
        self._seconds, self._after, self._whole = seconds or {}, after or {}, whole

    def seconds(self, job: str) -> float | None:
        return self._seconds.get(job)

    def after(self, job: str) -> float:
        return self._after.get(job, 0.0)

    def whole(self) -> tuple[float, float] | None:
        return self._whole


def began(at: float = 100.0) -> RunBegan:
    return RunBegan(schema=1, run="r", calls=("top",), at=at, parallel="inferred", seed="")


def made(job: str, parent: str = "", *, task: str = "", reason: str = "") -> JobMade:
    return JobMade(job=job, task=task or job, parent=parent, reason=reason)


def changed(job: str, state: str, at: float = 100.0) -> JobChanged:
    return JobChanged(job=job, task=job, state=state, at=at)


def running(job: str, parent: str = "", at: float = 100.0) -> list:
    return [made(job, parent), changed(job, "ready", at), changed(job, "running", at)]


def command(job: str, seconds: float, at: float, exit_status: int = 0) -> CommandEnded:
    return CommandEnded(
        job=job, command="x", exit_status=exit_status, at=at, seconds=seconds, cpu_seconds=seconds, peak_bytes=0
    )


def arranged(parent: str, after: dict[str, tuple[str, ...]]) -> SetArranged:
    return SetArranged(parent=parent, members=tuple(after), after=tuple(after.values()), is_parallel=True)


def retried(job: str, attempt: int, wait_seconds: float) -> list:
    return [
        AttemptBegan(job=job, attempt=attempt),
        Retried(job=job, task=job, attempt=attempt, exit_status=1, wait_seconds=wait_seconds, log_before="x"),
    ]


def look(at: float = 110.0, commands=None, holds=None, **more) -> Look:
    return Look(
        at=at, commands=commands or {}, holds=holds or {},
        **{
            "cpu": 1.5, "peak_bytes": 3 << 30, "reading": Reading(running_processes=3, available_bytes=8 << 30), "budget": BUDGET, "labels": {},
            **more,
        },
    )  # fmt: skip


def hold(kind: str, name: str = "", *others: str) -> Hold:
    return Hold(kind=kind, name=name, others=others)
