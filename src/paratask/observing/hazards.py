"""What keeps two observed jobs apart: the paths that both touch and one writes. Pure; `folders.py` widens, this does not.

The words are Rattle's (Spall, Mitchell, Tobin-Hochstadt: "Build scripts with perfect dependencies", 2020), for jobs in the order in
which they ran: both wrote; the first wrote what the second read; the first read what the second wrote.
"""

from __future__ import annotations

import enum

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from paratask.observing.accesses import Accesses


class HazardKind(enum.Enum):
    """What both did to one path, in the order of their runs."""

    BOTH_WRITE = "both write"
    WRITTEN_THEN_READ = "the first writes what the second reads"
    READ_THEN_WRITTEN = "the first reads what the second writes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """One kind of hazard between two jobs: how many paths it is about, and the first of them."""

    kind: HazardKind
    path: str
    count: int


def hazards(first: Accesses, second: Accesses) -> tuple[Hazard, ...]:
    """The hazards between two jobs, of which the first ran before the second; nothing is told twice."""
    first_marks, second_marks = marks([first, second])
    found = (
        (HazardKind.BOTH_WRITE, first.writes & second.writes),
        (HazardKind.WRITTEN_THEN_READ, (first.writes & second_marks) | _names(first, second)),
        (HazardKind.READ_THEN_WRITTEN, (first_marks & second.writes) | _names(second, first)),
    )
    return tuple(Hazard(kind=kind, path=min(paths), count=len(paths)) for kind, paths in found if paths)


def _names(maker: Accesses, reader: Accesses) -> frozenset[str]:
    """What was written right in folders whose names the other read. At the top of the checkout everybody looks around."""
    return frozenset(path for path in maker.writes if parent(path) in reader.lists and parent(path))


def marks(jobs: Sequence[Accesses]) -> list[frozenset[str]]:
    """For each job what it read, of what it did not write itself.

    A folder that was only looked at counts where it touched nothing in it. A folder that another job made or changed counts where a job
    touched something in it without asking for the folder to be made.
    """
    written = [(index, job.writes) for index, job in enumerate(jobs) if job.writes]
    found = []
    for index, job in enumerate(jobs):
        files = (job.reads | job.looks | job.missing) - job.writes
        folders = job.folders | job.lists
        inside = ancestors(files | folders | job.writes)
        leaves = folders - inside - job.writes
        needed = {path for other, paths in written if other != index for path in paths if path in inside}
        found.append((files | leaves | needed) - job.ensured - job.writes)
    return found


def union(parts: Iterable[Accesses]) -> Accesses:
    """What several jobs did, one after another: what an earlier one made is not read from elsewhere by a later one."""
    from paratask.observing.accesses import Accesses

    found: dict[str, set[object]] = {name: set() for name in Accesses.__slots__}
    for part in parts:
        before = found["made"].copy()
        for name, known in found.items():
            new: AbstractSet[object] = getattr(part, name)
            known.update(new - before if name in ("reads", "looks", "missing") else new)
    return Accesses(**{name: frozenset(known) for name, known in found.items()})  # type: ignore[arg-type]


def parent(path: str) -> str:
    """The folder that holds a path: "" for the checkout, "/" for the disk's root."""
    return path.rpartition("/")[0] or ("/" if path.startswith("/") else "")


def above(path: str) -> Iterator[str]:
    """The folders that hold a path, nearest first, up to "" or "/"."""
    while path not in ("", "/"):
        path = parent(path)
        yield path


def ancestors(paths: Iterable[str]) -> set[str]:
    """All folders that hold one of the paths."""
    found: set[str] = set()
    for path in paths:
        for folder in above(path):
            if folder in found:
                break
            found.add(folder)
    return found
