"""What configuring, building, testing, installing and packing a CMake project claims. See "Claims" in docs/design.md.

A build writes its folder and reads its source, with what these lead to; so does configuring, which a build does again where it has to.
What runs programs of the project writes its source too, as tests of all languages do. Installed libraries are one resource, which
those use that look for them, and who installs beyond the checkout has to itself.
"""

from __future__ import annotations

import posixpath
import re

from paratask.claims.model import Access, Claims, Evidence, union, unknown
from paratask.frozen import dataclass
from paratask.languages.inferred import claim, read_below, write_below
from paratask.languages.native.builds import PREFIX, led, source_reads
from paratask.languages.native.cmake_known import DASHBOARD
from paratask.languages.native.cmake_project import scan, unique_paths
from paratask.languages.native.cmake_runs import CALLED
from paratask.languages.options import is_within
from paratask.languages.tool_answers import answer
from paratask.plugins.hookspecs import Delegation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.native.cmake_project import Project
    from paratask.languages.native.cmake_runs import Run
    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call

_PLACE = re.compile(r"CMAKE_INSTALL_\w+DIR")
LIBRARIES = "installed-libraries"
_INSTALLING = frozenset({"install", "install/strip", "install/local", "install/fast"})
_TESTING = frozenset({"test", "RUN_TESTS"})
_PACKING = frozenset({"package", "package_source", "PACKAGE"})


class ObscureError(Exception):
    """Why a call is not understood: says what in which file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What is to be done with a project. `entries` are the variables that it is, or has been, configured with, as far as they are known.

    `called` is the folder that cmake is called in. `prefix` is where it is installed, None where nothing tells.
    """

    source: str
    binary: str
    called: str
    entries: Mapping[str, str]
    builds: bool = True
    installs: bool = False
    tests: bool = False
    targets: tuple[str, ...] = ()
    prefix: str | None = None


def of_work(call: Call, work: Work) -> tuple[list[Claims], list[Claim]]:
    """The claims of what is run, and those of the call itself. Raises ObscureError where the project is not understood."""
    place = call.place
    where = led(work.entries, work.source, work.binary, (work.called, work.source, work.binary), place)
    project = scan(work.source, work.binary, where.included, frozenset(work.entries), place)
    if project.obscure:
        raise ObscureError(project.obscure)
    if any(DASHBOARD.fullmatch(target) for target in work.targets):
        raise ObscureError("the results are sent to a server")
    reason = f"`{call.key}` builds here"
    own = [looking_for_libraries(call)]
    own += (write_below(path, place, reason) for path in unique_paths((work.binary, *project.writes, *where.writes)))
    reads = (*project.reads, *where.reads, *where.included)
    reason = f"`{call.key}` reads the source"
    own += source_reads(work.source, place, reason, whole=project.lists_all, named=unique_paths(reads))
    if project.reads_all:
        own.append(read_below(place.root, place, "the project names what only the run tells"))
    runs = [*project.configuring, *(_wanted(project, work.targets) if work.builds else ())]
    parts, starts_own = _parts(runs, work.called, call)
    tests = work.tests or bool(_TESTING & {*work.targets})
    if starts_own or tests:
        own.append(write_below(work.source, place, f"`{call.key}` runs programs of the project, which work in its folder"))
    if tests:
        tested, more = _tested(project.testing, call)
        parts, own = [*parts, *tested], [*own, *more]
    if work.installs or _INSTALLING & {*work.targets}:
        own += _installed(project, work, call)
    if _PACKING & {*work.targets} and project.install_obscure:
        raise ObscureError(project.install_obscure)
    return parts, own


def delegation(call: Call, parts: Sequence[Claims], own: Iterable[Claim], environment: Mapping[str, Word]) -> Delegation | None:
    """What a call claims by what it runs, and by itself."""
    found = answer(call, own, environment)
    if found is None:
        return None
    claims = union([*parts, Claims(entries=found.claims, evidence=Evidence.INFERRED)])
    return Delegation(claims=claims, reason=found.reason, cpu=found.cpu)


def looking_for_libraries(call: Call) -> Claim:
    """Using what is installed beyond the checkout."""
    return claim(Access.SHARED, LIBRARIES, f"`{call.key}` looks for libraries")


def obscure(call_key: str, reason: str) -> Delegation:
    """A call that is known, but not what it does."""
    return Delegation(claims=unknown(f"`{call_key}`: {reason}"), reason=reason)


def _wanted(project: Project, targets: tuple[str, ...]) -> list[Run]:
    """What a build runs: all but what belongs to targets that nobody asked for."""
    wanted = {*targets, *project.needed}
    return [run for run in project.building if not run.target or run.target in wanted or "*" in wanted]


def _parts(runs: Sequence[Run], called: str, call: Call) -> tuple[list[Claims], bool]:
    parts: list[Claims] = []
    for run in runs:
        if run.own:
            continue
        if not run.folders:
            raise ObscureError(f"only the run tells in which folder `{run.text}` works ({run.where})")
        for folder in dict.fromkeys(called if folder == CALLED else folder for folder in run.folders):
            claims = call.place.command_claims(run.text, folder)
            if claims.evidence is Evidence.NONE:
                raise ObscureError(f"{claims.effect_reason} ({run.where})")
            parts.append(claims)
    return parts, any(run.own for run in runs)


def _tested(tests: Sequence[Run], call: Call) -> tuple[list[Claims], list[Claim]]:
    """What tests do that other plugins know; the others are programs of the project. Where they work is written."""
    reason = f"`{call.key}` runs tests, which work in this folder"
    folders = dict.fromkeys(folder for run in tests for folder in run.folders)
    parts = [call.place.command_claims(run.text, folder) for run in tests if not run.own for folder in run.folders]
    known = [claims for claims in parts if claims.evidence is not Evidence.NONE]
    return known, [write_below(folder, call.place, reason) for folder in folders]


def _installed(project: Project, work: Work, call: Call) -> list[Claim]:
    if project.install_obscure:
        raise ObscureError(project.install_obscure)
    if work.prefix is None:
        raise ObscureError(f"where it is installed is not known before `{posixpath.basename(work.binary)}` is configured")
    reason = f"`{call.key}` installs here"
    paths = (work.prefix, *project.installs, *_told(project, work))
    beyond = any(not is_within(path, call.place.root) for path in paths)
    held = [claim(Access.EXCLUSIVE, LIBRARIES, reason)] if beyond else []
    return [*(write_below(path, call.place, reason) for path in paths), *held]


def _told(project: Project, work: Work) -> tuple[str, ...]:
    """Places that the configuration makes absolute, which an option of installing does not move."""
    told = tuple(value for name, value in work.entries.items() if _PLACE.fullmatch(name) and value.startswith("/"))
    if not project.at_prefix:
        return told
    prefix = work.entries.get(PREFIX)
    if prefix is None:
        raise ObscureError(f"where it is installed is not known before `{posixpath.basename(work.binary)}` is configured")
    outer = ("/etc", "/var", "/run") if prefix in ("/", "/usr") or prefix.startswith("/opt") else ()
    return (*told, posixpath.normpath(posixpath.join(work.called, prefix)), *outer)


def prefix_of(entries: Mapping[str, str], given: str | None, cwd: str, destination: Word) -> str | None:
    """Where a project is installed: as an option says, else its configuration; below DESTDIR where that is set."""
    told = given or entries.get(PREFIX)
    if told is None or destination is None:
        return None
    path = posixpath.normpath(posixpath.join(cwd, told))
    return posixpath.normpath(posixpath.join(cwd, destination + path)) if destination else path
