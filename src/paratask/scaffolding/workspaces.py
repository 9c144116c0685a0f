"""Finds the workspaces of a checkout: folders with a manifest, and what can be done in each of them.

Looks at most `MAX_DEPTH` folders deep, and not where dependencies, results and samples are. Which commands a manifest gives is
known in python.py, node.py, deno.py and compiled.py.
"""

from __future__ import annotations

import posixpath
import re
from itertools import islice

from paratask.frozen import dataclass, replace
from paratask.languages.workspaces import holds_manifest, leads_elsewhere
from paratask.scaffolding.compiled import (
    PROJECTS,
    SOLUTIONS,
    dotnet_commands,
    go_commands,
    gradle_commands,
    maven_commands,
    mix_commands,
    rust_commands,
)
from paratask.scaffolding.deno import deno_commands
from paratask.scaffolding.node import LOCKS, node_commands
from paratask.scaffolding.python import python_commands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from paratask.plugins.hookspecs import Place
    from paratask.scaffolding.recipe import Recipe

MAX_DEPTH = 4
MAX_FOLDERS = 10_000
"""Who asks in a home folder is not kept waiting."""
SKIPPED = frozenset(
    "node_modules bower_components vendor third_party target dist build out venv env site-packages __pycache__ test tests testdata "
    "fixtures examples example samples templates".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """A folder (relative to the checkout; "." for its root) and, by verb, the command that does it there."""

    name: str
    folder: str
    language: str
    commands: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What there is. `unknown` are manifests of languages for which no command is known, relative to the checkout."""

    workspaces: tuple[Workspace, ...]
    unknown: tuple[str, ...] = ()


READERS: tuple[tuple[str, tuple[str, ...], Callable[[str, Place], Recipe]], ...] = (
    ("python", ("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt"), python_commands),
    ("node", ("package.json",), node_commands),
    ("deno", ("deno.json", "deno.jsonc"), deno_commands),
    ("rust", ("Cargo.toml",), rust_commands),
    ("go", ("go.mod",), go_commands),
    ("jvm", ("pom.xml",), maven_commands),
    ("jvm", ("settings.gradle", "settings.gradle.kts", "build.gradle", "build.gradle.kts"), gradle_commands),
    ("dotnet", tuple(f"*{suffix}" for suffix in SOLUTIONS + PROJECTS), dotnet_commands),
    ("elixir", ("mix.exs",), mix_commands),
)
"""Languages, their manifests as plugins name them, and who reads them."""
ALSO_THERE = frozenset(("Gemfile", "composer.json"))


def find_workspaces(place: Place, *, language: str = "") -> Found:
    """All, or those of one language."""
    recipes: list[tuple[str, str, Recipe]] = []
    unknown: list[str] = []
    for folder, names in islice(_folders(place, place.root, 0), MAX_FOLDERS):
        relative = posixpath.relpath(folder, place.root)
        known = False
        for kind, wanted, read in READERS:
            if (language and language != kind) or not holds_manifest(names, wanted):
                continue
            known = True
            if not (_is_covered(folder, relative, kind, recipes) or _is_left_out(folder, names, kind, recipes)):
                recipes.append((kind, relative, read(folder, place)))
        if not known and not language:
            unknown += [posixpath.normpath(posixpath.join(relative, name)) for name in sorted(ALSO_THERE & names)]
    return Found(workspaces=tuple(_named(_without_doubles(recipes))), unknown=tuple(unknown))


def _folders(place: Place, folder: str, depth: int) -> Iterator[tuple[str, frozenset[str]]]:
    """Folders from above, with the names in them. Links are passed over: a folder has its tasks where it is."""
    names = place.listdir(folder)
    if not names or "pyvenv.cfg" in names:
        return
    yield folder, frozenset(names)
    if depth == MAX_DEPTH:
        return
    for name in names:
        if name.startswith(".") or name in SKIPPED or _is_file_name(name) or _is_filled_in(name):
            continue
        inner = posixpath.join(folder, name)
        if not leads_elsewhere(inner, place):
            yield from _folders(place, inner, depth + 1)


def _is_filled_in(name: str) -> bool:
    """Whether it is a folder of a template for projects, as cookiecutter and copier have them: `{{cookiecutter.name}}`."""
    return "{{" in name or "{%" in name


def _is_file_name(name: str) -> bool:
    """By its ending, which spares a look at most files. A folder called `x.py` is no place for a workspace."""
    return posixpath.splitext(name)[1].lower() in _ENDINGS


_ENDINGS = frozenset(
    ".py .pyi .js .mjs .cjs .ts .tsx .jsx .json .yml .yaml .toml .md .txt .rs .go .java .kt .rb .php .html .css .svg .png .lock .sum "
    ".mod .sh .xml .gradle .c .h .cpp .proto .sql .csv".split()
)


def _is_covered(path: str, folder: str, kind: str, recipes: Sequence[tuple[str, str, Recipe]]) -> bool:
    """Whether a workspace above does it for this one as well (cargo's, Maven's and Gradle's do)."""
    return any(
        recipe.covers
        and kind == other
        and (above in (".", folder) or folder.startswith(above + "/"))
        and not any(path == apart or path.startswith(apart + "/") for apart in recipe.apart)
        for other, above, recipe in recipes
    )


def _is_left_out(path: str, names: frozenset[str], kind: str, recipes: Sequence[tuple[str, str, Recipe]]) -> bool:
    """Whether a workspace above says that this is none of its members, and so is not installed with them, nor by itself."""
    return any(kind == other and path in recipe.left_out for other, _, recipe in recipes) and names.isdisjoint(LOCKS)


def _without_doubles(recipes: Sequence[tuple[str, str, Recipe]]) -> list[tuple[str, str, Recipe]]:
    """A workspace that stands above members gives only what none of them does."""
    kept = []
    for kind, folder, recipe in recipes:
        below = [
            other
            for also, inner, other in recipes
            if also == kind and inner != folder and (folder == "." or inner.startswith(folder + "/"))
        ]
        commands = dict(recipe.commands)
        if recipe.is_umbrella:
            given = {verb for other in below for verb in other.commands} - {"setup"}
            commands = {verb: text for verb, text in commands.items() if verb not in given}
        kept.append((kind, folder, replace(recipe, commands=commands)))
    return [entry for entry in kept if entry[2].commands]


def _named(recipes: Sequence[tuple[str, str, Recipe]]) -> Iterator[Workspace]:
    """Short names where they tell workspaces apart, else longer ones."""
    bases = [posixpath.basename(folder) if folder != "." else kind for kind, folder, _ in recipes]
    paths = [folder.replace("/", "-") if folder != "." else kind for kind, folder, _ in recipes]
    given: dict[str, int] = {}
    for (kind, folder, recipe), base, path in zip(recipes, bases, paths, strict=True):
        name = base if bases.count(base) == 1 else path
        name = f"{path}-{kind}" if name == path and paths.count(path) > 1 else name
        taken = name = re.sub(r"[^\w.@+-]", "-", name)
        while taken in given:
            given[name] += 1
            taken = f"{name}-{given[name]}"
        given[taken] = 1
        yield Workspace(name=taken, folder=folder, language=kind, commands=recipe.commands)
