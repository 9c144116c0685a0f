"""Tasks with sources that several neighbours reach, as an installation on which each of them depends: where one is up to date it is only looked
at, and keeps nobody apart. Loaded where neighbours have such a task in common, and something keeps them apart.

See "Claims" in docs/design.md.
"""

from __future__ import annotations

from operator import add

from paratask.claims.conflicts import conflict
from paratask.claims.model import Claims
from paratask.frozen import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from paratask.planning.arrangement import Arrangement
    from paratask.planning.expand import Expansion
    from paratask.planning.sets import Neighbour
    from paratask.taskfile.model import Task


def shared_sources(neighbours: Sequence[Neighbour], tasks: Mapping[str, Task]) -> frozenset[str]:
    """The tasks with sources that more than one of the neighbours reaches."""
    once: set[str] = set()
    again: set[str] = set()
    for neighbour in neighbours:
        again |= once & neighbour.reach.tasks
        once |= neighbour.reach.tasks
    return frozenset(name for name in again if name in tasks and tasks[name].sources)


def stays_fresh(neighbours: Sequence[Neighbour], expansion: Expansion) -> bool:
    """Whether some of these tasks are up to date, and none of the neighbours touches what that depends on."""
    if not expansion.fresh:
        return False
    relied_on = Claims(entries=tuple(entry for entries in expansion.fresh.values() for entry in entries))
    ignores_case = expansion.ignores_case
    return all(conflict(relied_on, neighbour.reach.claims, ignores_case=ignores_case) is None for neighbour in neighbours)


def with_reasons(found: Arrangement, neighbours: Sequence[Neighbour], expansion: Expansion) -> Arrangement:
    """What was found, where members say which tasks were taken for up to date."""
    added = []
    for neighbour in neighbours:
        names = [f"`{name}`" for name in expansion.fresh if name in neighbour.reach.tasks]
        added.append(f"; {', '.join(names)} {'is' if len(names) == 1 else 'are'} up to date" if names else "")
    return replace(
        found, reasons=tuple(map(add, found.reasons, added)), reasons_beside=tuple(map(add, found.reasons_beside, added))
    )
