"""Which modules a call of Maven builds, and which they are made of: the reactor.

A call works on the module whose POM it finds, with those below it, as far as `-pl` selects; what these depend on is looked for in
the whole build around it, by coordinates. A module that is named and not found selects everything, since then the names say
something that is not understood here.
"""

from __future__ import annotations

import posixpath
from functools import lru_cache

from paratask.frozen import dataclass, replace
from paratask.languages.jvm.poms import Pom, pom_at, read_pom
from paratask.languages.options import is_within, resolve_path
from paratask.languages.workspaces import folders_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from paratask.languages.jvm.poms import Context
    from paratask.plugins.hookspecs import Place

    Poms = Mapping[str, Pom]

_MAX_MODULES = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reactor:
    """The modules that a call is about, each a POM.

    `built` are those it works in, `reached` those that they are made of, themselves not included; `all` are the modules whose POMs
    Maven reads; `folders` are those of every module around. `main` is the POM that the call found.
    """

    main: Pom
    built: tuple[Pom, ...]
    reached: tuple[Pom, ...]
    all: tuple[Pom, ...]
    folders: tuple[str, ...]


def read_reactor(
    path: str,
    selectors: Sequence[str],
    *,
    context: Context,
    place: Place,
    up: bool = False,
    down: bool = False,
    alone: bool = False,
) -> Reactor | str:
    """The reactor of the POM at `path`. `up` and `down` add what the selected modules depend on, and what depends on them.

    The path of a POM, where one in it is not understood.
    """
    own = _read_modules(path, context, place)  # type: ignore[arg-type]  # a place is told from others by being itself
    around = own if isinstance(own, str) else _around(path, own, context, place)
    if isinstance(own, str) or isinstance(around, str):
        return own if isinstance(own, str) else str(around)
    selected = [own[path]] if alone else _selected(own, selectors, path)
    if up:
        selected.extend(_closure(selected, _needs(own)))
    if down:
        selected.extend(_closure(selected, _needed(own)))
    built = tuple({pom.path: pom for pom in selected}.values())
    own_paths = {pom.path for pom in built}
    reached = tuple(pom for pom in _closure(built, _needs(around)) if pom.path not in own_paths)
    folders = tuple(dict.fromkeys(pom.folder for pom in (*around.values(), *own.values())))
    return Reactor(main=own[path], built=built, reached=reached, all=tuple(own.values()), folders=folders)


@lru_cache(maxsize=64)
def _read_modules(path: str, context: Context, place: Place) -> Poms | str:
    """The POM at `path` and those of all modules below it, by path. Asked for by each command of a build; a place does not change.

    The path of one that is not understood.
    """
    found: dict[str, Pom] = {}
    waiting = [path]
    while waiting:
        next_path = waiting.pop(0)
        if next_path in found:
            continue
        pom = read_pom(next_path, context, place)
        if pom is None or len(found) >= _MAX_MODULES:
            return next_path
        found[next_path] = pom
        waiting.extend(pom.modules)
    return found


def _around(path: str, own: Poms, context: Context, place: Place) -> Poms | str:
    """The modules of the outermost build that `path` is part of. The path of a POM, where a build above is not understood."""
    found = own
    folder = posixpath.dirname(path)
    for above in folders_above(posixpath.dirname(folder), place) if is_within(posixpath.dirname(folder), place.root) else ():
        pom = pom_at(posixpath.join(above, "pom.xml"), place)
        if pom is None:
            continue
        modules = _read_modules(pom, replace(context, root=above, top=above), place)  # type: ignore[arg-type]  # likewise
        if isinstance(modules, str):
            return modules
        found = modules if path in modules else found
    return found


def _selected(own: Poms, selectors: Sequence[str], path: str) -> list[Pom]:
    """The modules that `-pl` names; all without it, and where a name leaves some out or is not found."""
    if not selectors:
        return list(own.values())
    found: list[Pom] = []
    for selector in selectors:
        name = selector.removeprefix("+").removeprefix("?")
        matching = [pom for pom in own.values() if _is_named(pom, name, posixpath.dirname(path))]
        if name.startswith(("!", "-")) or not matching:
            return list(own.values())
        found.extend(matching)
    return found


def _is_named(pom: Pom, name: str, folder: str) -> bool:
    if ":" in name:
        group, _, artifact = name.rpartition(":")
        own_group, _, own_artifact = pom.key.rpartition(":")
        return artifact == own_artifact and group in ("", own_group)
    return resolve_path(name, folder) in (pom.folder, pom.path)


def _closure(start: Iterable[Pom], links: Mapping[str, Sequence[Pom]]) -> tuple[Pom, ...]:
    """The modules that those of `start` lead to, by way of others."""
    found: dict[str, Pom] = {}
    waiting = list(start)
    while waiting:
        new = [pom for pom in links.get(waiting.pop().path, ()) if pom.path not in found]
        found.update((pom.path, pom) for pom in new)
        waiting.extend(new)
    return tuple(found.values())


def _needs(poms: Poms) -> dict[str, list[Pom]]:
    """For each module, those it depends on. Its parents are files that it reads, and no modules that it needs built."""
    by_key: dict[str, list[Pom]] = {}
    for pom in poms.values():
        by_key.setdefault(pom.key, []).append(pom)
    return {
        pom.path: [other for key in dict.fromkeys(pom.dependencies) for other in by_key.get(key, ()) if other is not pom]
        for pom in poms.values()
    }


def _needed(poms: Poms) -> dict[str, list[Pom]]:
    """For each module, those that depend on it, or inherit from it."""
    found: dict[str, list[Pom]] = {}
    for path, needs in _needs(poms).items():
        for pom in needs:
            found.setdefault(pom.path, []).append(poms[path])
    for pom in poms.values():
        for parent in pom.files[1:]:
            found.setdefault(parent, []).append(pom)
    return found
