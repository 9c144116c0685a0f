"""Stages of pipelines in what is kept of a run: which jobs are stages, and how each went. See "Pipelines" in docs/design.md.

A stage is a job, and has passed when that succeeded: its gate's job is the last that it makes. Knows nothing of how gates are asked.
"""

from __future__ import annotations

from paratask.events import JobMade, StageMade
from paratask.frozen import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from paratask.events import Event
    from paratask.execution.jobs import Job

    Entry = Mapping[str, Any]


class StageRecord:
    """A subscriber that announces which jobs are stages; the last one, so that all others know the job by then.

    `marks` are the announcements by the names of stages' tasks, without a job.
    """

    def __init__(self, marks: Mapping[str, StageMade], announce: Callable[[Event], None]) -> None:
        self._marks = marks
        self._announce = announce
        self._made: list[StageMade] = []

    def __call__(self, event: Event) -> None:
        if isinstance(event, JobMade) and event.task in self._marks:
            made = replace(self._marks[event.task], job=event.job)
            self._made.append(made)
            self._announce(made)

    def entries(self, jobs: Sequence[Job]) -> list[dict[str, object]]:
        """What summary.json says of them; nothing where there were none."""
        made = [{name: getattr(stage, name) for name in type(stage).__slots__} for stage in self._made]
        return list(stage_entries(made, map(_entry, jobs))) if made else []


def stage_entries(made: Iterable[Entry], jobs: Iterable[Entry]) -> Iterator[dict[str, object]]:
    """One for each stage of each job that is a pipeline, from the announcements and the entries of jobs. Of one that was made again,
    in another attempt, the last.
    """
    by_id = {job["id"]: job for job in jobs}
    below: dict[str, list[Entry]] = {}
    for job in by_id.values():
        below.setdefault(job["parent"], []).append(job)
    known = [stage for stage in made if stage["job"] in by_id]
    for stage in {(by_id[stage["job"]]["parent"], stage["stage"]): stage for stage in known}.values():
        job = by_id[stage["job"]]
        gates = [inner for inner in below.get(job["id"], ()) if inner["task"] == stage["gate"]]
        gate = gates[-1] if gates else {}
        inside = list(_all_below(job["id"], below))
        yield {
            **{name: stage[name] for name in ("pipeline", "stage", "number", "of", "job")},
            "parent": job["parent"],
            "state": job["state"],
            "seconds": job["seconds"],
            "gate": stage["gate"],
            "gate_job": gate.get("id", ""),
            "gate_state": gate.get("state", ""),
            "gate_seconds": gate.get("seconds"),
            "ran": sum(1 for inner in inside if inner["exit_code"] is not None),
            "fresh": sum(1 for inner in inside if inner["state"] == "fresh"),
        }


def _all_below(job: str, below: Mapping[str, Sequence[Entry]]) -> Iterator[Entry]:
    """Each once: a journal that is not ours may have jobs that call each other in a circle."""
    found = {job}
    waiting = [job]
    while waiting:
        inner = [entry for entry in below.get(waiting.pop(), ()) if entry["id"] not in found]
        yield from inner
        names = [entry["id"] for entry in inner]
        waiting += names
        found.update(names)


def _entry(job: Job) -> Entry:
    """What is needed of its entry in the summary."""
    return {
        "id": job.id,
        "task": job.task,
        "parent": job.parent,
        "state": job.state.value,
        "seconds": round(job.seconds, 6) if job.started_at and job.ended_at else None,
        "exit_code": job.exit_status,
    }
