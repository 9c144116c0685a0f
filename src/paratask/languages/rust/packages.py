"""Which packages a call of cargo works on, and where it compiles to. Knows what its options select; decides no claims."""

from __future__ import annotations

import posixpath
from fnmatch import fnmatchcase

from paratask.frozen import dataclass
from paratask.languages.options import Role, resolve_path
from paratask.languages.rust.configuration import target_folders
from paratask.languages.rust.manifests import closure, find_manifest, read_package, read_workspace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.languages.rust.manifests import Package, Workspace
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What a call works on, as folders: `packages` by its options, `reached` also what these depend on.

    `workspace` is None where there is no manifest yet; then there is one package, the folder of the call. `nearest` is the
    package or virtual workspace that the call is made in.
    """

    nearest: str
    workspace: Workspace | None
    packages: tuple[str, ...]
    reached: tuple[str, ...]
    targets: tuple[str, ...]

    @property
    def root(self) -> str:
        """Where the lock file lies."""
        return self.workspace.root if self.workspace else self.nearest


def select(call: Call) -> Selection | None:
    """What the call works on; None where a manifest or an option is not understood."""
    start = _start(call)
    nearest = None if start is None else find_manifest(start, call.place)
    if start is None:
        return None
    if nearest is None:
        targets = target_folders(call, start)
        return (
            None
            if targets is None
            else Selection(nearest=start, workspace=None, packages=(start,), reached=(start,), targets=targets)
        )
    workspace = read_workspace(nearest, call.place)
    targets = None if workspace is None else target_folders(call, workspace.root)
    if workspace is None or targets is None:
        return None
    packages = _selected(call, nearest, workspace)
    if packages is None:
        return None
    reached = closure((*packages, *workspace.patched), workspace.root, workspace.inherited, call.place)
    return Selection(nearest=nearest, workspace=workspace, packages=packages, reached=reached, targets=targets)


def package_at(folder: str, selection: Selection, call: Call) -> Package | None:
    """The package in `folder`, as the selection's workspace makes it."""
    inherited = selection.workspace.inherited if selection.workspace else {}
    return read_package(folder, selection.root, inherited, call.place)


def run_at_compile_time(selection: Selection, place: Place) -> frozenset[str]:
    """The packages whose code runs while others are compiled: macros, what build scripts depend on, and what these are made of."""
    inherited = selection.workspace.inherited if selection.workspace else {}
    found: list[str] = []
    for folder in selection.reached:
        package = read_package(folder, selection.root, inherited, place)
        if package is not None:
            found.extend([folder] if package.is_macro else [])
            found.extend(package.build_dependencies)
    return frozenset(closure(found, selection.root, inherited, place))


def _start(call: Call) -> str | None:
    """The folder whose manifest is meant; `--manifest-path` names the file itself."""
    given = [option.value for option in call.parsed.all(Role.PROJECT)]
    if not given:
        return call.cwd
    path = resolve_path(given[-1], call.cwd)
    if path is None:
        return None
    return posixpath.dirname(path) if path.endswith(".toml") else path


def _selected(call: Call, nearest: str, workspace: Workspace) -> tuple[str, ...] | None:
    """`--workspace` and `-p`; without them the nearest package, or the default ones at the root."""
    parsed = call.parsed
    if parsed.all(Role.ALL_MEMBERS):
        return workspace.members
    names = [option.value for option in parsed.all(Role.MEMBERS)]
    if names:
        found: list[str] = []
        for name in names:
            if not name:
                return None
            found.extend(_named(name, workspace, call))
        return tuple(dict.fromkeys(found))
    if nearest == workspace.root and not parsed.all(Role.ROOT_MEMBER):
        return workspace.default
    return (nearest,)


def _named(name: str, workspace: Workspace, call: Call) -> tuple[str, ...]:
    """The members that a package id selects; all of them where it names none, since it then may name anything."""
    plain = name.partition("@")[0].partition("#")[0]
    found = tuple(folder for folder in workspace.members if _is_called(folder, plain, workspace, call))
    return found or workspace.members


def _is_called(folder: str, name: str, workspace: Workspace, call: Call) -> bool:
    package = read_package(folder, workspace.root, workspace.inherited, call.place)
    return package is not None and fnmatchcase(package.name, name)
