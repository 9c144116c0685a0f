"""Puts together what `--learn` reports: tasks seen, hazards between neighbours, and who may run beside whom from now on."""

from __future__ import annotations

import os

from paratask.cli.setup import parallel_level, place_maker
from paratask.errors import ParataskError
from paratask.execution.jobs import State
from paratask.observing.hazards import hazards, union
from paratask.planning.plan import PlanBuilder
from paratask.planning.planner import Planner
from paratask.records.history import History
from paratask.reporting.learned_text import LearnedHazard, LearnedJob, LearnedReport
from paratask.taskfile.project import CLAIMS_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from paratask.cli.observed import ObservedClaims
    from paratask.cli.options import Typed
    from paratask.events import SetArranged
    from paratask.execution.jobs import Job
    from paratask.execution.workbench import Workbench
    from paratask.observing.accesses import Accesses
    from paratask.observing.entries import Key
    from paratask.observing.learning import Learned
    from paratask.variables.ready import ReadyCall

_LEFT_OUT = {
    State.FAILED: "it failed",
    State.CANCELLED: "it was stopped",
    State.FRESH: "it was up to date; --force runs it all the same",
}
_TORN = "not all that it touched could be written down, as on a full disk"


def make_report(
    typed: Typed,
    bench: Workbench,
    *,
    calls: Sequence[ReadyCall],
    jobs: Sequence[Job],
    sets: Sequence[SetArranged],
    keys: Mapping[str, Key | None],
    learned: Learned,
    torn: Collection[Key],
    observed: ObservedClaims,
) -> LearnedReport:
    """What there is to tell after a run of `calls` under the tracer. `keys` are the entries' keys of jobs that began, by job id; `torn` those
    of tasks whose traces are cut off.
    """
    return LearnedReport(
        file=CLAIMS_NAME,
        entries=len(learned.entries),
        jobs=tuple(_learned_jobs(learned)),
        hazards=tuple(_hazards(jobs, sets, keys, learned.accesses)),
        together=tuple(_together(typed, bench, calls, observed)),
        left_out=tuple(dict.fromkeys(_left_out(jobs, keys, learned, torn))),
    )


def _left_out(
    jobs: Sequence[Job], keys: Mapping[str, Key | None], learned: Learned, torn: Collection[Key]
) -> Iterator[tuple[str, str]]:
    for job in jobs:
        key = keys.get(job.id)
        if key in torn:
            yield job.task, _TORN
        elif job.state in _LEFT_OUT and job.started_at and key not in learned.accesses:
            yield job.task, _LEFT_OUT[job.state]


def _learned_jobs(learned: Learned) -> Iterator[LearnedJob]:
    for key, accesses in learned.accesses.items():
        entry = learned.entries[key].observed
        notes = [f"port {port}" for port in sorted(accesses.ports)]
        notes += [f"spoke with {min(accesses.contacts)}"] if accesses.contacts else []
        yield LearnedJob(
            name=key.title(),
            reads=len((accesses.reads | accesses.looks) - accesses.writes),
            writes=len(accesses.writes),
            patterns=entry.writes,
            notes=tuple(notes),
        )


def _hazards(
    jobs: Sequence[Job], sets: Sequence[SetArranged], keys: Mapping[str, Key | None], accesses: Mapping[Key, Accesses]
) -> Iterator[LearnedHazard]:
    whole = {job.id: union(list(_below(job.id, jobs, keys, accesses))) for job in jobs}
    order = {job.id: (job.started_at or float("inf"), index) for index, job in enumerate(jobs)}
    names = {job.id: job.task for job in jobs}
    told = set()
    for group in _groups(jobs, sets):
        members = sorted(group, key=order.__getitem__)
        for index, first in enumerate(members):
            for second in members[index + 1 :]:
                for found in hazards(whole[first], whole[second]):
                    hazard = LearnedHazard(
                        first=names[first], second=names[second], kind=found.kind.value, path=found.path, count=found.count
                    )
                    if hazard not in told:
                        told.add(hazard)
                        yield hazard


def _groups(jobs: Sequence[Job], sets: Sequence[SetArranged]) -> Iterator[list[str]]:
    """Jobs that stood beside each other: neighbouring calls, and the dependencies of one task."""
    grouped = {member for group in sets for member in group.members}
    yield from (list(group.members) for group in sets)
    parents = dict.fromkeys(job.parent for job in jobs if job.parent)
    for parent in parents:
        yield [job.id for job in jobs if job.parent == parent and job.id not in grouped]


def _below(
    top: str, jobs: Sequence[Job], keys: Mapping[str, Key | None], accesses: Mapping[Key, Accesses]
) -> Iterator[Accesses]:
    """What a job and all that it called did. A call whose work another did (`run: once`) did the same."""
    wanted = {top}
    for job in jobs:
        if job.id in wanted or job.parent in wanted:
            wanted.add(job.id)
            key = keys.get(job.id)
            if key is not None and key in accesses:
                yield accesses[key]


def _together(
    typed: Typed, bench: Workbench, calls: Sequence[ReadyCall], observed: ObservedClaims
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Who may run beside whom from now on, as a plan says it."""
    level = parallel_level(typed, bench.project.settings, os.environ)
    planner = Planner(
        bench=bench, settings=bench.project.settings, level=level, make_place=place_maker(bench),
        known_conflicts=History(bench.state_dir).conflicts, looks_once=True, observations=observed,
    )  # fmt: skip
    try:
        planned = PlanBuilder(planner=planner).build(calls)
    except ParataskError:
        return
    tasks = {job.id: job.task for top in planned for job in top.walk()}
    told = set()
    for job in (job for top in planned for job in top.walk()):
        line = (job.task, tuple(dict.fromkeys(tasks[other] for other in job.together_with)))
        if job.together_with and line not in told:
            told.add(line)
            yield line
