"""What `mix format` touches: the files that `.formatter.exs` names, those of its folders below, and what it keeps in the build folder.

With plugins it has the project compiled, to load them. Without arguments it keeps when it ran, and where it takes settings from packages
or folders below, what these say; nobody else looks at either.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access
from paratask.frozen import dataclass
from paratask.languages.elixir.native import cached_formatter, configuration, settings_of_packages
from paratask.languages.elixir.terms import UNKNOWN, read_terms
from paratask.languages.inferred import claim, read_below
from paratask.languages.options import Role, resolve_path
from paratask.languages.tool_claims import mode_of
from paratask.languages.tool_table import Mode
from paratask.languages.workspaces import members

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.claims.model import Claim
    from paratask.languages.elixir.projects import Project
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

_SETTINGS = ".formatter.exs"
_MAX_NESTED = 4
_ODD = frozenset("\\!()^+@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Formatter:
    """What settings say. `patterns` are of claims; `files` are the patterns of the settings themselves; `plugins` and `packages` tell whether there are any, or might be."""

    patterns: tuple[str, ...]
    files: tuple[str, ...]
    plugins: bool = False
    packages: bool = False
    nested: bool = False


def read_formatter(path: str, folder: str, place: Place, depth: int = 0) -> Formatter:
    """The settings in the file at `path`, which count from `folder`. What is not written down may be all below it."""
    text = place.read_text(path)
    file = None if text is None else read_terms(text)
    anything = place.pattern(folder, "/**")
    if file is None or depth > _MAX_NESTED:
        there = place.exists(path)
        return Formatter(patterns=(anything,), files=(place.pattern(path),), plugins=there, packages=there, nested=there)
    inputs = _texts(file.values("inputs"))
    folders = _texts(file.values("subdirectories"))
    below = None if folders is None else members(folder, folders, place)
    own = [anything] if inputs is None else [_pattern(word, folder, place) for word in inputs]
    inner = [read_formatter(posixpath.join(each, _SETTINGS), each, place, depth + 1) for each in below or ()]
    plugins = file.values("plugins")
    below_unknown = () if below is not None else (place.pattern(folder, "/**/.formatter.exs"),)
    return Formatter(
        patterns=tuple(
            dict.fromkeys((*own, *([anything] if below is None else ()), *(each for found in inner for each in found.patterns)))
        ),
        files=(place.pattern(path), *below_unknown, *(each for found in inner for each in found.files)),
        plugins=any(value != () for value in plugins) or any(found.plugins for found in inner),
        packages=any(value != () for value in file.values("import_deps")) or any(found.packages for found in inner),
        nested=folders != (),
    )


def _texts(values: tuple[object, ...]) -> tuple[str, ...] | None:
    """The texts of a list, or of one text; None where not all are written down."""
    found: list[str] = []
    for value in values:
        words = value if isinstance(value, tuple) else (value,)
        if value is UNKNOWN or not all(isinstance(word, str) for word in words):
            return None
        found.extend(str(word) for word in words)
    return tuple(found)


def _pattern(word: str, folder: str, place: Place) -> str:
    """The files that one of `inputs` names; they may lie beside the project."""
    word = word.removeprefix("./")
    while word.startswith("../"):
        folder, word = posixpath.dirname(folder), word.removeprefix("../")
    return place.pattern(folder, f"/{word}" if _is_plain(word) else "/**")


def _is_plain(word: str) -> bool:
    return not word.startswith(("/", "~")) and ".." not in word and _ODD.isdisjoint(word)


def formatted(call: Call, project: Project | None) -> tuple[tuple[Claim, ...], bool] | None:
    """What the call touches, and whether it has the project compiled; None where it names a path that is not known."""
    place, folder = call.place, call.cwd
    given = [resolve_path(option.value, folder) for option in call.parsed.named("--dot-formatter")]
    path = given[-1] if given else posixpath.join(folder, _SETTINGS)
    named = [(word, resolve_path(word, folder)) for word in call.parsed.operands if word != "-"]
    if path is None or any(resolved is None for _, resolved in named):
        return None
    found = read_formatter(path, folder, place)
    reason = f"`{call.key}` formats it"
    access = Access.READ if mode_of(call) is Mode.READ else Access.WRITE
    patterns = [
        place.pattern(resolved, "" if resolved == posixpath.normpath(posixpath.join(folder, word)) else "/**")
        for word, resolved in named
        if resolved
    ]
    claims = [claim(access, pattern, reason) for pattern in patterns or found.patterns if not call.parsed.operands or patterns]
    claims.extend(claim(Access.READ, pattern, f"settings of `{call.key}`") for pattern in found.files)
    if project is None:
        return tuple(claims), False
    settings = f"`{call.key}` loads the project's settings"
    claims.extend(configuration(project, place, settings))
    if found.packages:
        claims.append(claim(Access.READ, settings_of_packages(project, place), f"`{call.key}` takes settings from packages"))
        claims.append(claim(Access.READ, place.pattern(project.lock), f"`{call.key}` takes settings from packages"))
        claims.extend(read_below(each, place, f"`{call.key}` takes settings from packages") for each in project.packages or ())
        if project.packages is None:
            claims.append(read_below(place.root, place, "only the run tells which packages `mix.exs` names"))
    if found.packages or found.nested or not (call.parsed.options or call.parsed.operands):
        claims.append(claim(Access.WRITE, cached_formatter(project.build, place), f"`{call.key}` keeps what it knows there"))
    compiles = found.plugins and not call.parsed.all(Role.INFORMS)
    return tuple(claims), compiles
