"""Which modules and folders the operands of a call name: `./...`, `./cmd/api`, `example.com/app/...`, `main.go`, `all`.

Follows `go help packages`. Knows what operands select; decides no claims.
"""

from __future__ import annotations

import posixpath

from paratask.frozen import dataclass
from paratask.languages.go.workspaces import module_closure, module_of, modules_below, surroundings_of
from paratask.languages.options import is_within, resolve_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.languages.go.workspaces import Surroundings
    from paratask.languages.tool_calls import Call

_EVERYTHING = frozenset({"all", "work", "tool"})
_STANDARD = frozenset({"std", "cmd"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """A folder of packages; `below` tells that those in all folders below it are meant too, `file` that one file is."""

    path: str
    below: bool = False
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What a call works on: folders, the modules they lie in, and `reached`, these with all they are made of."""

    folders: tuple[Folder, ...]
    modules: tuple[str, ...]
    reached: tuple[str, ...]
    around: Surroundings


def select(call: Call, words: Sequence[str], *, paths: bool = False) -> Selection | None:
    """What `words` name; with `paths`, each is a path even where it does not start as one. None where one cannot be known."""
    alternate = [resolve_path(option.value, call.cwd) for option in call.parsed.named("-modfile")]
    instead = alternate[-1] if alternate else ""
    around = None if instead is None else surroundings_of(call.cwd, call.invocation.environment, call.place, instead)
    if around is None:
        return None
    folders: list[Folder] = []
    for word in words:
        named = _named(word, around, call, paths=paths)
        if named is None:
            return None
        folders.extend(named)
    modules = dict.fromkeys(module for folder in folders for module in _modules(folder, around, call))
    if not modules:
        modules = dict.fromkeys((around.own,) if around.own else around.main or (call.cwd,))
    reached = module_closure(modules, around, call.place)
    return Selection(folders=tuple(folders), modules=tuple(modules), reached=reached, around=around)


def _named(word: str, around: Surroundings, call: Call, *, paths: bool) -> tuple[Folder, ...] | None:
    start, dots, _ = word.partition("...")
    if paths or word.startswith((".", "/")) or word.endswith(".go"):
        path = resolve_path(posixpath.dirname(start) or "." if dots else word, call.cwd)
        if path is None:
            return None
        if path.endswith(".go") and not dots:
            return (Folder(path=posixpath.dirname(path), file=path),)
        return (Folder(path=path, below=bool(dots) or paths),)
    if word in _STANDARD:
        return ()
    if word in _EVERYTHING or not start:
        return tuple(Folder(path=path, below=True) for path in around.main)
    return tuple(_imported(start.partition("@")[0].rstrip("/"), around, below=bool(dots)))


def _imported(path: str, around: Surroundings, *, below: bool) -> list[Folder]:
    """The folders of an import path in modules of the checkout; none where it names a module from elsewhere."""
    found = [
        Folder(path=posixpath.normpath(posixpath.join(folder, path[len(module) :].lstrip("/"))), below=below)
        for module, folder in around.folders.items()
        if is_within(path, module)
    ]
    if below:
        found.extend(Folder(path=folder, below=True) for module, folder in around.folders.items() if module.startswith(path))
    return found


def _modules(folder: Folder, around: Surroundings, call: Call) -> tuple[str, ...]:
    """The modules that a folder's packages lie in. Where there is none, the folder stands for one."""
    own = module_of(folder.path, call.place)
    below = modules_below(folder.path, around) if folder.below else ()
    return tuple(dict.fromkeys((*((own,) if own else ()), *below))) or (folder.path,)
