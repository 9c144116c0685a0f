"""A graph of jobs, of a plan or of a run: what calls what, and what waits for what. Pure; knows no format."""

from __future__ import annotations

from paratask.frozen import dataclass
from paratask.names import labelled, shown_seconds
from paratask.reporting.plan_text import names_of_plan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from paratask.planning.plan import PlannedJob
    from paratask.reporting.exports.report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A job. `after` are ids that it waits for, of the same parent. `state` is empty in a plan; `note` stands below its name."""

    id: str
    label: str
    parent: str
    after: tuple[str, ...]
    state: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """From one id to another: `calls`, or comes `before`."""

    source: str
    target: str
    kind: str


def graph_of_plan(jobs: Sequence[PlannedJob]) -> tuple[Node, ...]:
    """Nodes in written order, callers before what they call."""
    every = [job for top in jobs for job in top.walk()]
    names = names_of_plan(jobs)
    return tuple(
        Node(
            id=job.id,
            label=labelled(names[job.id], job.label),
            parent=job.parent,
            after=job.after,
            note=_note(job, names),
        )
        for job in every
    )


def _note(job: PlannedJob, names: Mapping[str, str]) -> str:
    if job.same_as:
        return f"as {names[job.same_as]}"
    return f"~{shown_seconds(job.estimate_seconds)}" if job.estimate_seconds is not None else ""


def graph_of_run(report: Report, most: int) -> tuple[Node, ...]:
    """Nodes of a run; of one with more than `most` jobs those that failed or call others, as many as go."""
    kept = _telling(report, most)
    return tuple(
        Node(
            id=job.id, label=job.name, parent=job.parent, state=job.state, after=tuple(a for a in job.after if a in kept),
            note=shown_seconds(job.seconds) if job.ran else job.state,
        )
        for job in report.jobs
        if job.id in kept
    )  # fmt: skip


def _telling(report: Report, most: int) -> frozenset[str]:
    if len(report.jobs) <= most:
        return frozenset(job.id for job in report.jobs)
    parent = {job.id: job.parent for job in report.jobs}
    ranked = [job.id for job in report.failures()] + [job.id for job in report.jobs if job.id in report.parents]
    kept: dict[str, None] = {}
    for job in ranked:
        line = [job]
        while parent.get(line[-1]):
            line.append(parent[line[-1]])
        if len(kept) + len(line) <= most:
            kept.update(dict.fromkeys(line))
    return frozenset(kept)


def edges(nodes: Iterable[Node]) -> list[Edge]:
    """What is drawn: who waits for a neighbour is reached from there, all others from their callers."""
    nodes = list(nodes)
    known = {node.id for node in nodes}
    found = []
    for node in nodes:
        before = [other for other in node.after if other in known]
        found += [Edge(source=other, target=node.id, kind="before") for other in before]
        if not before and node.parent in known:
            found.append(Edge(source=node.parent, target=node.id, kind="calls"))
    return found
