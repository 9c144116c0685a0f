"""What compiling a project leaves beyond its build folder: native code, parsers that are made from grammars, packages that build in place.

rustler compiles crates with cargo, elixir_make runs make; both are asked of the checkout, as if they had been called. Packages that were
fetched lie in `deps`; one with native code, a grammar or a Makefile is compiled where it lies, and before they are fetched any may be.
"""

from __future__ import annotations

import posixpath
import re

from paratask.claims.model import Access, Claim, Evidence
from paratask.frozen import replace
from paratask.languages.elixir.terms import UNKNOWN
from paratask.languages.elixir.tokens import Kind
from paratask.languages.inferred import claim, read_below, write_below
from paratask.languages.options import is_within, resolve_path
from paratask.languages.remembered import remembered
from paratask.languages.sources_beyond import paths_beyond
from paratask.languages.workspaces import folders_below
from paratask.plugins.hookspecs import Invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from paratask.languages.elixir.projects import Project
    from paratask.languages.options import Word
    from paratask.plugins.hookspecs import Place

CONTAINED = frozenset(
    "elixir erlang app leex yecc protocols xref phoenix gettext phoenix_live_view boundary elixir_make rustler unused_deps".split()
)
"""Compilers that write the build folder alone, and those that are looked into here."""
_GRAMMARS = (".yrl", ".xrl")
_NATIVE_FOLDERS = frozenset({"c_src", "native", "CMakeLists.txt", "build.zig"})
_MAKEFILES = frozenset({"Makefile", "GNUmakefile", "makefile", "erlang.mk"})
_BUILDING_WORDS = ("elixir_make", "rustler", "zigler", "compilers:", "cc_precompiler", "make_")
_REBAR_WORDS = ("hooks", "port_specs", "port_env", "{pc", "cargo", "erl_first_files")
_USE = re.compile(
    r"^\s*use\s+Rustler(Precompiled)?\b(.*?)(?=^\s*(?:def|@|end\b|use\b|alias\b|import\b)|\Z)", re.MULTILINE | re.DOTALL
)
_PLACE = re.compile(r"\bpath:\s*\"([^\"\n#]*)\"")
_MAX_PACKAGES = 600


class NotKnownError(Exception):
    """Compiling may do anything; says why."""


def native_claims(project: Project, environment: Mapping[str, Word], place: Place) -> tuple[Claim, ...]:
    """What compiling this project writes and reads beyond its sources and its build folder. Raises NotKnownError."""
    found = [write_below(folder, place, "compiling makes parsers there") for folder in _grammars(project.folder, place)]
    if project.uses("rustler", "rustler_precompiled", "Rustler", "rustler_crates"):
        found.extend(_crates(project, environment, place))
    if project.uses("elixir_make"):
        found.extend(_made(project, environment, place))
    names = _compilers(project)
    others = sorted(names - CONTAINED)
    if project.uses("zigler", "cc_precompiler") or others:
        what = f"the compiler `{others[0]}`" if others else "a compiler of native code"
        found.append(write_below(project.folder, place, f"{what} works in this project"))
    return tuple(found)


def _compilers(project: Project) -> frozenset[str]:
    """The compilers that `mix.exs` names beside those of mix; an unknown one where a name is not written down."""
    names: set[str] = set()
    for at, token in enumerate(project.file.tokens):
        if token.kind is Kind.KEY and token.value == "compilers":
            expression = project.file.expression(at + 1)
            names.update(each.value for each in expression if each.kind is Kind.ATOM)
            other = [each for each in expression if each.kind is Kind.NAME and each.value not in ("Mix", "compilers")]
            names.update(each.value for each in other)
    return frozenset(names)


def _grammars(folder: str, place: Place) -> Iterator[str]:
    source = posixpath.join(folder, "src")
    if any(name.endswith(_GRAMMARS) for name in _names_below(source, place)):
        yield source


def _names_below(folder: str, place: Place) -> Iterator[str]:
    for each in (folder, *(folders_below(folder, place) or ())):
        yield from place.listdir(each)


def _crates(project: Project, environment: Mapping[str, Word], place: Place) -> Iterator[Claim]:
    """Compiling crates: those in `native`, and those that a module says lie elsewhere."""
    native = posixpath.join(project.folder, "native")
    folders = {posixpath.join(native, name): None for name in place.listdir(native)}
    built = False
    for precompiled, options in _uses(project.folder, place):
        built = built or not precompiled
        for value in _PLACE.findall(options):
            path = resolve_path(value, project.folder)
            if path is None:
                raise NotKnownError(f'which crate is built is not known: `path: "{value}"`')
            folders[path] = None
    crates = [folder for folder in folders if place.exists(posixpath.join(folder, "Cargo.toml"))]
    if built and not crates:
        raise NotKnownError("which crate is built is not known")
    for folder in crates:
        claims = place.invocation_claims(Invocation(words=("cargo", "build"), cwd=folder, environment=environment))
        if claims.evidence is Evidence.NONE:
            raise NotKnownError(f"the crate in `{place.pattern(folder)}` is built by cargo, and {claims.effect_reason}")
        yield from claims.entries
    yield write_below(posixpath.join(project.folder, "priv/native"), place, "rustler puts libraries there")


@remembered(256)
def _uses(folder: str, place: Place) -> tuple[tuple[bool, str], ...]:
    """Each `use Rustler` or `use RustlerPrecompiled` in the sources: which, and the text of its options."""
    source = posixpath.join(folder, "lib")
    folders = (source, *(folders_below(source, place) or ()))
    paths = [posixpath.join(each, name) for each in folders for name in place.listdir(each) if name.endswith(".ex")]
    return tuple((bool(kind), options) for path in paths for kind, options in _USE.findall(place.read_text(path) or ""))


def _made(project: Project, environment: Mapping[str, Word], place: Place) -> Iterator[Claim]:
    """What make does, which elixir_make runs with each compilation."""
    for key in ("make_makefile", "make_executable", "make_args", "make_targets", "make_cwd"):
        if project.file.values(key):
            raise NotKnownError(f"`{key}` in `mix.exs` says what make does")
    claims = place.invocation_claims(Invocation(words=("make",), cwd=project.folder, environment=environment))
    if claims.evidence is Evidence.NONE:
        raise NotKnownError(f"`elixir_make` runs make, and {claims.effect_reason}")
    yield from claims.entries
    yield write_below(posixpath.join(project.folder, "priv"), place, "`elixir_make` puts libraries there")


def packages_written(project: Project, place: Place) -> tuple[Claim, ...]:
    """What compiling the fetched packages may write where they lie. Raises NotKnownError."""
    names = place.listdir(project.deps)
    text = place.read_text(project.lock)
    if text is None and not names and project.file.values("deps") in ((), ((),)):
        return ()
    if "compile" not in (project.aliases or {}) and any(_is_command(value) for value in project.file.values("compile")):
        raise NotKnownError("a package is compiled by a command of its own")
    anything = not names or len(names) > _MAX_PACKAGES or any(name not in names for name in _locked(text))
    folders = (
        [project.deps] if anything else [path for name in names if builds_in_place(path := f"{project.deps}/{name}", place)]
    )
    reason = "packages may be compiled in place"
    return tuple(
        replace(write_below(folder, place, reason), excluding=(settings_of_packages(project, place),)) for folder in folders
    )


def _is_command(value: object) -> bool:
    return value is UNKNOWN or isinstance(value, str)


def settings_of_packages(project: Project, place: Place) -> str:
    """The pattern of what every command reads of fetched packages, and what compiling these leaves alone."""
    return place.pattern(project.deps, "/**/{.formatter.exs,mix.exs,rebar.config,rebar.config.script,.hex}")


def _locked(text: str | None) -> Sequence[str]:
    """The names of the packages in `mix.lock`."""
    return re.findall(r"^\s*\"([\w.-]+)\":\s*\{", text or "", re.MULTILINE)


@remembered(2_048)
def builds_in_place(folder: str, place: Place) -> bool:
    """Whether compiling the package in `folder`, which is no project of the checkout, may write there."""
    names = frozenset(place.listdir(folder))
    if names & _NATIVE_FOLDERS or any(name.endswith(_GRAMMARS) for name in _names_below(f"{folder}/src", place)):
        return True
    if "mix.exs" in names:
        return any(word in (place.read_text(f"{folder}/mix.exs") or word) for word in _BUILDING_WORDS)
    if "rebar.config" in names:
        script = "rebar.config.script" in names
        return script or any(word in (place.read_text(f"{folder}/rebar.config") or word) for word in _REBAR_WORDS)
    return bool(names & _MAKEFILES) or not names


def configuration(project: Project, place: Place, reason: str) -> tuple[Claim, ...]:
    """What every command evaluates before anything else: `mix.exs`, and the project's configuration, with the files that these name."""
    beyond = paths_beyond(project.config, (".exs",), ("mix.exs",), place) or ()
    packages = project.packages or ()
    named = (path for path in project.named if not is_within(project.build, path) and path not in packages)
    return (
        claim(Access.READ, place.pattern(project.folder, "/mix.exs"), reason),
        *(claim(Access.READ, place.pattern(path), reason) for path in named),
        read_below(project.config, place, reason),
        *(read_below(path, place, "the configuration names it") for path in beyond if path != project.folder),
    )


def cached_formatter(build: str, place: Place) -> str:
    """The pattern of what `mix format` keeps in the build folder, which nobody else looks at."""
    return place.pattern(build, "/**/.mix/{cached_dot_formatter,format_timestamp}")


def built(project: Project, place: Place, reason: str) -> Claim:
    """Writing the build folder, but for what `mix format` keeps there."""
    whole = claim(Access.WRITE, place.pattern(project.build, "/**"), reason)
    return replace(whole, excluding=(cached_formatter(project.build, place),))
