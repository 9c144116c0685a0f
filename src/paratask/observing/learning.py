"""One run's observations to entries: what each task was seen to do, widened beside its neighbours, added to what was known. Pure."""

from __future__ import annotations

from paratask.claims.observed import Observed
from paratask.claims.overlap import literal_prefix
from paratask.frozen import dataclass, replace
from paratask.observing.entries import Entry, Key, merged
from paratask.observing.folders import Patterns, generalised, may_rewrite, rewritten_kinds
from paratask.observing.ground import GIT, Ground, is_outside, on_ground, reads_that_matter
from paratask.observing.hazards import above, ancestors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from paratask.observing.accesses import Accesses

_FOREIGN = frozenset(("node_modules", "vendor", ".venv", "venv", "target", "site-packages", GIT))


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What was seen of each task, by names that claims use, and the entries of this run and of earlier ones together."""

    accesses: Mapping[Key, Accesses]
    entries: Mapping[Key, Entry]


def learn(
    seen: Mapping[Key, Accesses],
    *,
    ground: Ground,
    has_manifest: Callable[[str], bool],
    known: Mapping[Key, Entry],
    definitions: Mapping[Key, str],
) -> Learned:
    """`seen` has absolute paths. `has_manifest` says whether a folder of the checkout is a workspace's; `known` is from earlier."""
    keys = sorted(seen, key=lambda key: (key.task, key.variables))
    placed = [on_ground(seen[key], ground) for key in keys]
    workspaces = _workspaces(placed, has_manifest) | ({ground.home} if ground.home else frozenset())
    held = [[p for key, p in _held(known, definitions).items() if key != mine] for mine in keys]
    placed = [_not_looking_around(job, workspaces) for job in placed]
    jobs = [
        may_rewrite(reads_that_matter(job, _written_by_others(index, placed, held[index])), workspaces)
        for index, job in enumerate(placed)
    ]
    entries = dict(known)
    for key, job, patterns in zip(keys, jobs, generalised(jobs, workspaces, held), strict=True):
        entry = Entry(
            definition=definitions[key],
            observed=_observed(job, patterns, ground, rewrites=bool(rewritten_kinds(job, workspaces))),
        )
        entries[key] = merged(known.get(key), entry)
    return Learned(accesses=dict(zip(keys, jobs, strict=True)), entries=entries)


def _held(known: Mapping[Key, Entry], definitions: Mapping[Key, str]) -> dict[Key, Patterns]:
    """The patterns that stay: of tasks that were not seen now, or whose definition is the same."""
    return {
        key: Patterns(reads=entry.observed.reads, writes=entry.observed.writes)
        for key, entry in known.items()
        if definitions.get(key, entry.definition) == entry.definition
    }


def _written_by_others(index: int, jobs: Sequence[Accesses], held: Sequence[Patterns]) -> set[str]:
    paths = {path for other, job in enumerate(jobs) if other != index for path in job.writes}
    return paths | {literal_prefix(pattern) for patterns in held for pattern in patterns.writes}


def _workspaces(jobs: Sequence[Accesses], has_manifest: Callable[[str], bool]) -> AbstractSet[str]:
    """The workspaces' folders among those that hold something that was touched. What jobs wrote makes none."""
    touched = {path for job in jobs for paths in (job.reads, job.looks, job.missing, job.lists, job.writes) for path in paths}
    written = {path for job in jobs for path in job.writes}
    folders = {folder for path in touched if not path.startswith("/") for folder in above(path) if folder}
    made = {folder for path in written for folder in above(path) if folder in written}
    return frozenset(folder for folder in folders - made if _FOREIGN.isdisjoint(folder.split("/")) and has_manifest(folder))


def _not_looking_around(job: Accesses, workspaces: AbstractSet[str]) -> Accesses:
    """Without the lists of workspaces' own folders and of those above: every tool looks around there."""
    homes = workspaces | ancestors(workspaces)
    return replace(job, lists=job.lists - homes, folders=job.folders | (job.lists & homes))


def _observed(job: Accesses, patterns: Patterns, ground: Ground, *, rewrites: bool) -> Observed:
    return Observed(
        reads=patterns.reads,
        writes=patterns.writes,
        ports=tuple(sorted(job.ports)),
        rewrites=rewrites,
        contacts=bool(job.contacts),
        outside=any(is_outside(path, ground) for path in job.writes),
    )
