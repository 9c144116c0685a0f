"""Projects of mix: what `mix.exs` says of the folders it works in, the packages of the checkout it is made of, and its aliases.

mix looks for `mix.exs` in the folder it is called in and nowhere else. What it builds lies in `_build/<environment>`; which
environment that is may come from anywhere (a variable of the machine's stands above that of a Taskfile), so that all of `_build` counts. A
path dependency is built there as well, and a child of an umbrella mostly in its parent's. Reads only through `Place`.
"""

from __future__ import annotations

import posixpath

from paratask.frozen import dataclass, replace
from paratask.languages.elixir.loading import does_on_loading
from paratask.languages.elixir.terms import UNKNOWN, Pairs, read_terms
from paratask.languages.elixir.tokens import Kind
from paratask.languages.options import resolve_path
from paratask.languages.remembered import remembered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from paratask.languages.elixir.terms import File, Term
    from paratask.languages.options import Word
    from paratask.plugins.hookspecs import Place

MANIFEST = "mix.exs"
OWN_VARIABLES = ("MIX_BUILD_PATH", "MIX_BUILD_ROOT", "MIX_DEPS_PATH")
"""Variables that say where mix works."""
_REFUSED_VARIABLES = ("MIX_EXS", "MIX_PATH", "MIX_PROFILE")
_EVALUATING = ("eval", "require", "compile", "load", "string")
_FOLDERS = {"build_path": "_build", "deps_path": "deps", "lockfile": "mix.lock", "config_path": "config/config.exs"}
_SPECIAL = frozenset({*_FOLDERS, "apps_path"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One `mix.exs`. All paths are absolute.

    `build`, `deps`, `lock` are where it builds, keeps packages, and locks their versions; `config` is its configuration's folder.
    `packages` are the folders of the checkout that it names as dependencies, None where only the run tells; `named` are other paths
    that it names. `children` are the projects of an umbrella. `aliases` maps names to commands, a command being None where it is a
    function; they are None where only the run tells.
    """

    folder: str
    file: File
    build: str
    deps: str
    lock: str
    config: str
    packages: tuple[str, ...] | None
    named: tuple[str, ...]
    children: tuple[str, ...]
    aliases: Mapping[str, tuple[str | None, ...]] | None

    def uses(self, *names: str) -> bool:
        """Whether the file speaks of a package or a compiler of one of these names."""
        return self.file.mentions(*names)


def read_project(folder: str, environment: Mapping[str, Word], place: Place) -> Project | str | None:
    """The project in `folder`, as the variables have it; why it is not understood; None where there is none."""
    wrong = next((name for name in _REFUSED_VARIABLES if environment.get(name, "") != ""), None)
    wrong = wrong or next((name for name in OWN_VARIABLES if name in environment and not environment[name]), None)
    if wrong:
        return f"`{wrong}` may lead mix anywhere"
    found = _read(folder, place) if place.exists(posixpath.join(folder, MANIFEST)) else None
    if not isinstance(found, Project):
        return found
    moved = environment.get("MIX_BUILD_PATH") or environment.get("MIX_BUILD_ROOT")
    build = resolve_path(moved, folder) if moved else found.build
    fetched = environment.get("MIX_DEPS_PATH")
    deps = resolve_path(fetched, folder) if fetched else found.deps
    if build is None or deps is None:
        return "a variable leads mix where only the run tells"
    return replace(found, build=build, deps=deps)


@remembered(256)
def _read(folder: str, place: Place) -> Project | str:
    path = posixpath.join(folder, MANIFEST)
    shown = f"`{place.pattern(path)}`"
    text = place.read_text(path)
    file = None if text is None else read_terms(text)
    if file is None:
        return f"{shown} cannot be read"
    doing = does_on_loading(file.tokens)
    if doing:
        return f"{shown} calls `{doing}` when it is loaded"
    settled = {key: _path(key, file, folder) for key in _FOLDERS}
    apps = set(file.values("apps_path"))
    unclear = next((key for key, value in settled.items() if value is None), None)
    if not all(isinstance(value, str) for value in apps):
        unclear = "apps_path"
    if unclear:
        return f"{shown} sets `{unclear}` to what only the run tells"
    build, deps, lock, config = (settled[key] or "" for key in _FOLDERS)
    children = tuple(child for value in apps for child in _children(folder, str(value), place))
    packages = _packages(file, folder)
    return Project(
        folder=folder,
        file=file,
        build=build,
        deps=deps,
        lock=lock,
        config=posixpath.dirname(config),
        packages=None if packages is None else (*packages, *children),
        named=tuple(dict.fromkeys(_climbing(file, folder))),
        children=children,
        aliases=_aliases(file),
    )


def _path(key: str, file: File, folder: str) -> str | None:
    """The path that a setting names, or its default; None where that is not known."""
    values = dict.fromkeys(file.values(key)) or {_FOLDERS[key]: None}
    value = next(iter(values))
    return resolve_path(value, folder) if len(values) == 1 and isinstance(value, str) else None


def _children(folder: str, apps: str, place: Place) -> Iterator[str]:
    above = posixpath.normpath(posixpath.join(folder, apps))
    for name in place.listdir(above):
        if place.exists(posixpath.join(above, name, MANIFEST)):
            yield posixpath.join(above, name)


def _packages(file: File, folder: str) -> tuple[str, ...] | None:
    """The folders that `path:` and `in_umbrella:` name; None where one is not written down, or other files are evaluated."""
    if _evaluates(file):
        return None
    found: list[str | None] = []
    for at, token in enumerate(file.tokens):
        if token.kind is Kind.KEY and token.value == "path":
            expression = file.expression(at + 1)
            texts = [each for each in expression if each.kind is Kind.TEXT]
            known = [resolve_path(each.value, folder) for each in texts if each.literal]
            found.extend(known if texts and len(known) == len(texts) else [None])
        elif token.kind is Kind.KEY and token.value == "in_umbrella":
            names = [index for index in range(at) if file.tokens[index].value == "{"]
            name = file.tokens[names[-1] + 1] if names else token
            found.append(posixpath.join(posixpath.dirname(folder), name.value) if name.kind is Kind.ATOM else None)
    known_paths = tuple(dict.fromkeys(path for path in found if path is not None))
    return None if None in found else known_paths


def _evaluates(file: File) -> bool:
    """Whether other files, or texts, are evaluated."""
    three = zip(file.tokens, file.tokens[1:], file.tokens[2:], strict=False)
    return any((first.value, dot.value) == ("Code", ".") and last.value.startswith(_EVALUATING) for first, dot, last in three)


def _climbing(file: File, folder: str) -> Iterator[str]:
    """Paths out of the folder that texts name, but for those under keys that are looked at by themselves."""
    for at, token in enumerate(file.tokens):
        texts = token.value.split() if token.kind is Kind.WORDS else [token.value] if token.kind is Kind.TEXT else []
        before = file.tokens[at - 1]
        if before.kind is Kind.KEY and before.value in _SPECIAL:
            continue
        for text in texts:
            path = resolve_path(text, folder) if ".." in text.split("/") else None
            if path is not None:
                yield path


def _aliases(file: File) -> Mapping[str, tuple[str | None, ...]] | None:
    found: dict[str, tuple[str | None, ...]] = {}
    for value in file.values("aliases"):
        if value == ():
            continue
        if not isinstance(value, Pairs) or value.others:
            return None
        for name, commands in value.items:
            own = tuple(_commands(commands))
            found[name] = own if found.get(name, own) == own else (None,)
    return found


def _commands(value: Term) -> Iterator[str | None]:
    """The commands of one alias: a text, or a list of texts and functions."""
    if isinstance(value, tuple):
        yield from (command if isinstance(command, str) else None for command in value)
    else:
        yield value if value is not UNKNOWN and isinstance(value, str) else None
