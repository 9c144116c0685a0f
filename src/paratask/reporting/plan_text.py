"""A plan for people, and as JSON. Pure text; see docs/reference.md for the JSON's keys."""

from __future__ import annotations

from itertools import islice

from paratask.names import file_name, labelled, shown_name, shown_seconds
from paratask.reporting.claims_text import claim_lines
from paratask.reporting.patterns_text import tell_patterns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from paratask.planning.plan import PlannedJob
    from paratask.planning.predict import Bounds
    from paratask.reporting.colors import Paint

MAX_LISTED = 12


def plan_document(
    task: str,
    jobs: Sequence[PlannedJob],
    seconds: float,
    path: Sequence[str],
    *,
    bounds: Bounds | None = None,
    guessed: int = 0,
) -> dict[str, object]:
    """The plan as plain values for JSON."""
    return {
        "task": task,
        "jobs": [_entry(job) for top in jobs for job in top.walk()],
        "critical_path": list(path),
        "critical_path_seconds": round(seconds, 3),
        "lower_bound_seconds": round(bounds.lower, 3) if bounds else None,
        "predicted_seconds": round(bounds.predicted, 3) if bounds else None,
        "sequential_seconds": round(bounds.total, 3) if bounds else None,
        "guessed_estimates": guessed,
    }


def _entry(job: PlannedJob) -> dict[str, object]:
    more = {name: value for name, value in (("label", job.label), ("same_as", job.same_as)) if value}
    return {
        "id": job.id,
        "task": job.task,
        "parent": job.parent,
        "kind": job.kind,
        "after": list(job.after),
        "together_with": list(job.together_with),
        "evidence": job.claims.evidence.name.lower(),
        "effect": job.claims.effect.value,
        "claims": [
            {
                "access": c.access.value,
                "pattern": c.pattern,
                "excluding": list(c.excluding),
                "evidence": c.evidence.name.lower(),
                "reason": c.reason,
            }
            for c in job.claims.entries
        ],
        "reason": job.reason,
        "estimate_seconds": job.estimate_seconds,
        "estimate_command_seconds": job.command_seconds,
        "estimate_cores": job.cores if job.cores is None else round(job.cores, 2),
        "estimate_memory_bytes": job.peak_bytes or None,
        **more,
    }


def render_plan(
    task: str,
    jobs: Sequence[PlannedJob],
    seconds: float,
    path: Sequence[str],
    *,
    level: str,
    paint: Paint,
    bounds: Bounds | None = None,
    guessed: int = 0,
) -> str:
    """Sets as indented blocks, each job with its order, its reason, and what it claims; how long it takes, where that is known."""
    lines = [f"plan of `{task}`, parallel: {level}", ""]
    names = names_of_plan(jobs)
    lines += _lines(jobs, 0, names, paint)
    if seconds:
        lines += ["", f"critical path: {' → '.join(names.get(job, job) for job in path)}, about {shown_seconds(seconds)}"]
    if bounds is not None:
        words = f"predicted: {shown_seconds(bounds.predicted)}; at least {shown_seconds(bounds.lower)}, one at a time {shown_seconds(bounds.total)}"
        if guessed:
            words += f"; {guessed} task{' has' if guessed == 1 else 's have'} no estimate, and count{'s' * (guessed == 1)} as the others"
        lines.append(words)
    return "\n".join(lines) + "\n"


def names_of_plan(jobs: Sequence[PlannedJob]) -> dict[str, str]:
    """For each job's id what people are shown; of a task that is not known before it runs, that."""
    every = [job for top in jobs for job in top.walk()]
    return {job.id: shown_name(job.id, job.task) if job.id.startswith(file_name(job.task)) else job.task for job in every}


def _lines(jobs: Sequence[PlannedJob], depth: int, names: Mapping[str, str], paint: Paint) -> list[str]:
    pad = "  " * depth
    together = any(job.together_with for job in jobs)
    lines = [f"{pad}{paint('cyan', _set_title(jobs))}"] if len(jobs) > 1 and together else []
    pad += "  " if lines else ""
    siblings = frozenset(job.id for job in jobs)
    for job in jobs:
        estimate = f"  ~{shown_seconds(job.estimate_seconds)}" if job.estimate_seconds is not None else ""
        lines.append(f"{pad}{paint('green', labelled(names[job.id], job.label))}{estimate}")
        lines += [f"{pad}    {tell_patterns(line)}" for line in _details(job, names, siblings)]
        for group in job.children:
            lines += _lines(group, depth + (3 if lines and together else 2), names, paint)
    return lines


def _set_title(jobs: Sequence[PlannedJob]) -> str:
    if jobs[0].kind == "dependency":
        return f"dependencies ({len(jobs)})"
    whole = all(len(job.together_with) == len(jobs) - 1 for job in jobs)
    return f"parallel set of {len(jobs)}" if whole else f"{len(jobs)} neighbours, some together"


def _details(job: PlannedJob, names: Mapping[str, str], siblings: frozenset[str]) -> list[str]:
    """The reason is one for coming after `siblings`, else for being together with others."""
    waits = not siblings.isdisjoint(job.after)
    why = job.reason if waits else job.reason_before
    lines = [f"after {_listed(job.after, names)}" + (f": {why}" if why else "")] if job.after else []
    if job.together_with:
        lines.append(f"together with {_beside(job, names)}" + ("" if waits else f": {job.reason_beside or job.reason}"))
    elif not waits:
        lines.append(job.reason)
    if job.same_as:
        lines.append(f"calls the same as `{_listed([job.same_as], names)}`: see above")
    elif not any(job.children):
        lines += claim_lines(job.claims)
    return lines


def _beside(job: PlannedJob, names: Mapping[str, str]) -> str:
    """By name where these are few; else as all others of the neighbours, but for a few."""
    count = len(job.together_with)
    if count <= MAX_LISTED:
        return _listed(tuple(job.together_with), names)
    apart = [other for other in islice(job.together_with.others(), MAX_LISTED + 2) if other != job.id]
    if len(apart) > MAX_LISTED:
        shown = _listed(tuple(islice(job.together_with, MAX_LISTED)), names)
        return f"{shown} and {count - MAX_LISTED:,} more"
    return f"{count:,} others, all but {_listed(apart, names)}" if apart else f"all {count:,} others"


def _listed(jobs: Sequence[str], names: Mapping[str, str]) -> str:
    """Of many the first ones; `--json` has all."""
    shown = ", ".join(names.get(job, job) for job in jobs[:MAX_LISTED])
    return f"{shown} and {len(jobs) - MAX_LISTED:,} more" if len(jobs) > MAX_LISTED else shown
