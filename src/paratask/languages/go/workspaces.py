"""Modules as a call of go finds them: the one around a folder, the workspace it belongs to, and those it is made of.

Follows the Go Modules Reference ("Workspaces", "replace directive"). A module is made of those it requires that lie in the
checkout: members of the workspace, and folders that replace others. Which packages import which is not looked at.
"""

from __future__ import annotations

import posixpath

from paratask.frozen import dataclass
from paratask.languages.go.modules import read_module, read_work
from paratask.languages.options import is_within, resolve_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from paratask.languages.go.modules import ModuleFile
    from paratask.languages.options import Word
    from paratask.plugins.hookspecs import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is around a folder: its own module's folder, and the workspace's root with the modules that it uses.

    `own` is None where no `go.mod` lies above, `work` is empty where no `go.work` counts. `folders` maps the paths of modules in
    the checkout to where they lie. `instead` is the path of what `-modfile` has go read and write instead of `go.mod`, or empty.
    """

    own: str | None
    work: str
    used: tuple[str, ...]
    folders: Mapping[str, str]
    instead: str = ""

    @property
    def alternate(self) -> tuple[str, ...]:
        """What stands for `go.mod` and `go.sum` with `-modfile`. go: the one's name makes the other's."""
        return (self.instead, f"{self.instead.removesuffix('.mod')}.sum") if self.instead else ()

    @property
    def main(self) -> tuple[str, ...]:
        """The folders of the modules that patterns such as `./...` are matched in."""
        return self.used or ((self.own,) if self.own else ())


def surroundings_of(folder: str, environment: Mapping[str, Word], place: Place, instead: str = "") -> Surroundings | None:
    """What is around `folder`. None where a file cannot be parsed, or only the run tells which counts."""
    own = folder_above(folder, "go.mod", place)
    module = read_module(own, place, instead) if own else None
    work = _work(folder, environment, place)
    if work is None or (own and module is None):
        return None
    file = read_work(work, place) if work else None
    if work and file is None:
        return None
    used = tuple(path for path in (file.used if file else ()) if place.exists(posixpath.join(path, "go.mod")))
    main = [module, *(read_module(path, place) for path in used if path != own)] if work else [module]
    folders: dict[str, str] = {}
    for each in (*main, file):
        if each is not None:
            folders.update(each.replaced)
    folders.update((each.module, each.folder) for each in main if each is not None and each.module)
    return Surroundings(own=own, work=work, used=used, folders=folders, instead=instead)


def module_closure(modules: Iterable[str], around: Surroundings, place: Place) -> tuple[str, ...]:
    """`modules` (folders) and all in the checkout that they require or replace others by."""
    found = dict.fromkeys(modules)
    waiting = list(found)
    while waiting:
        folder = waiting.pop()
        file = read_module(folder, place, around.instead if folder == around.own else "")
        new = [path for path in _needed(file, around) if path not in found] if file else []
        found.update(dict.fromkeys(new))
        waiting.extend(new)
    return tuple(found)


def module_of(folder: str, place: Place) -> str | None:
    """The folder of the module around `folder`."""
    return folder_above(folder, "go.mod", place)


def modules_below(folder: str, around: Surroundings) -> tuple[str, ...]:
    """The workspace's modules below `folder`."""
    return tuple(path for path in around.used if is_within(path, folder))


def _needed(file: ModuleFile, around: Surroundings) -> Iterator[str]:
    for name in file.required:
        if name in around.folders:
            yield around.folders[name]
    if file.folder in around.main:
        yield from file.replaced.values()


def _work(folder: str, environment: Mapping[str, Word], place: Place) -> str | None:
    """The folder of the workspace's file, "" where there is none. None where only the run will tell."""
    given = environment.get("GOWORK", "")
    if given == "":
        return folder_above(folder, "go.work", place) or ""
    if given == "off":
        return ""
    path = resolve_path(given, folder) if given else None
    return posixpath.dirname(path) if path is not None and posixpath.basename(path) == "go.work" else None


def folder_above(folder: str, name: str, place: Place) -> str | None:
    """The nearest folder at or above `folder` that holds such a file, as far up as there are folders."""
    while True:
        if place.exists(posixpath.join(folder, name)):
            return folder
        above = posixpath.dirname(folder)
        if above == folder:
            return None
        folder = above
