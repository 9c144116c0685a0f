"""The plugin for Deno: recognises its subcommands and the tasks of `deno.json`. See docs/plugins.md.

What is recognised is in the table (`TOOLS`); here each call goes to what knows its kind. Does not know what a program does when it is run
(`deno run x.ts`), and says so by not recognising it.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Effect
from paratask.frozen import replace
from paratask.languages.deno.configurations import (
    CONFIGURING,
    FILES,
    MANIFESTS,
    import_map_path,
    included_beyond,
    linked,
    workspace_around,
)
from paratask.languages.deno.graph import data_of, dependencies_of
from paratask.languages.deno.installing import installed, looks_at_modules
from paratask.languages.deno.locks import is_unclear, kept_claims
from paratask.languages.deno.running import run_program
from paratask.languages.deno.tasks import run_task
from paratask.languages.deno.testing import as_permitted, beyond_kind, env_files
from paratask.languages.deno.tools import TOOLS
from paratask.languages.dependencies import dependency_claims
from paratask.languages.inferred import claim, only_file, read_below, unique, write_below
from paratask.languages.options import Role, is_within, resolve_path
from paratask.languages.tool_answers import answer, with_root
from paratask.languages.tool_calls import Language, program_name, resolve_call
from paratask.languages.tool_claims import mode_of, operand_paths, recognise_call
from paratask.languages.tool_table import Mode, Operands
from paratask.plugins.hookspecs import Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.deno.configurations import Workspace
    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Delegation, Invocation, Place

_LANGUAGE = Language(name="deno", tools=TOOLS, manifests=MANIFESTS, settings="import_map.json")
_FORMAT, _LINT, _COVERAGE, _PUBLISH = "deno fmt", "deno lint", "deno coverage", "deno publish"
_COMPILE, _TRANSPILE = "deno compile", "deno transpile"
_TESTS = ("deno test", "deno bench")
_RENEWING = ("-u", "--update")
"""Words for the tests themselves with which they write anew what they compare with."""
_DOCUMENTS = ("--doc", "--doc-only")
_BESIDE = {"--target": ".exe", "--sourcemap": ".map", "--source-map": ".map"}
"""By option, what the name of a further result ends with, beside the one that is named."""
_FOLDER = "--outdir"
_PLUGINS = '"plugins"'


def manifests() -> Sequence[str]:
    """Files that make a folder a project of Deno."""
    return FILES


def recognise(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """See the hook's specification."""
    if not invocation.words or program_name(invocation.words[0]) != "deno":
        return None
    call = resolve_call("deno", _for_deno(invocation.words[1:]), invocation, _LANGUAGE, place)
    return None if call is None or _is_obscure(call) else with_root(_recognise(call), place)


def _for_deno(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words without those that tests are given, but for what has them renew snapshots."""
    if "--" not in words or not any(name.partition(" ")[2] in words for name in _TESTS):
        return tuple(words)
    at = words.index("--")
    renewing = ("--update-snapshots",) if any(word in _RENEWING or word is None for word in words[at:]) else ()
    return (*words[:at], *renewing)


def _is_obscure(call: Call) -> bool:
    """Whether an option has a value that is not understood: a lock that is not named, a folder of packages that only the run tells."""
    locks = [option.value or "-" for option in call.parsed.named("--lock")]
    return any(value.startswith("-") or resolve_path(value, call.cwd) is None for value in locks)


def _recognise(call: Call) -> Recognition | Delegation | None:
    mode = call.tool.mode
    if call.parsed.all(Role.INFORMS) or mode is Mode.NOTHING:
        return recognise_call(call)
    workspace, *others = _workspaces(call)
    around = unique(entry for each in (workspace, *others) for entry in _around(call, each))
    if mode is Mode.MODULE:
        return run_program(call, workspace, around)
    if mode is Mode.SCRIPT:
        return run_task(call, workspace, (*around, *kept_claims(call, workspace)))
    if mode is Mode.INSTALL:
        written = (entry for each in (workspace, *others) for entry in installed(call, each))
        own = unique((*around, *written, *_of_modules(call, workspace)))
        return answer(call, own) if operand_paths(call) is not None else None
    call = _as_called(call)
    found = recognise_call(call)
    if found is None:
        return None
    if call.key == _PUBLISH and call.parsed.named("--dry-run"):
        found = replace(found, effect=Effect.LOCAL, reason="`deno publish --dry-run` looks at what it would publish")
    kept = (entry for each in others for entry in kept_claims(call, each))
    return replace(found, claims=unique((*found.claims, *around, *_more(call, workspace), *kept)))


def _as_called(call: Call) -> Call:
    """The call with what options change of its kind."""
    if call.key in _TESTS:
        return as_permitted(call)
    if call.key == _COMPILE and not call.parsed.named("-o", "--output"):
        return replace(call, tool=replace(call.tool, mode=Mode.BUILD))
    if call.key == _PUBLISH and call.parsed.named("--dry-run"):
        return replace(call, tool=replace(call.tool, mode=Mode.READ))
    if call.parsed.named(*_DOCUMENTS) and call.tool.files:
        return replace(call, tool=replace(call.tool, files=""))
    return call


def _workspaces(call: Call) -> tuple[Workspace, ...]:
    """The workspace that the call is made in, and those of modules beside which it looks for the configuration."""
    folders = [call.cwd]
    if call.key == _COMPILE or (call.tool.mode is Mode.INSTALL and looks_at_modules(call)):
        paths = (resolve_path(word, call.cwd) for word in call.parsed.operands if "://" not in word)
        folders += [posixpath.dirname(path) for path in paths if path and is_within(path, call.place.root)]
    return tuple(dict.fromkeys(workspace_around(folder, call.place) for folder in folders))


def _around(call: Call, workspace: Workspace) -> Iterator[Claim]:
    """What configures the workspace, which is read in all its members, and files with variables."""
    place, reason = call.place, f"settings of `{call.key}`"
    yield from env_files(call)
    for folder in workspace.folders or (workspace.root,):
        yield claim(Access.READ, place.pattern(folder, f"/{CONFIGURING}"), reason)
        path = import_map_path(folder, place)
        if path is not None:
            yield claim(Access.READ, place.pattern(path), reason)
    for folder in linked(workspace.root, place):
        yield claim(Access.READ, place.pattern(folder, f"/{CONFIGURING}"), reason)


def _more(call: Call, workspace: Workspace) -> Iterator[Claim]:
    """What a call reads and writes beyond its kind."""
    if call.key == _FORMAT:
        make = read_below if mode_of(call) is Mode.READ else write_below
        yield from (
            make(path, call.place, f"`{call.key}` is told to look there, too")
            for path in included_beyond(call.workspace, call.place)
        )
        return
    if call.key == _COVERAGE:
        yield from _reported(call)
        return
    if call.key == _PUBLISH and not call.parsed.named("--allow-dirty"):
        yield read_below(call.place.root, call.place, f"`{call.key}` looks whether all is committed")
    if call.key in _TESTS:
        yield from beyond_kind(call, workspace.folders or ())
    if call.key == "deno doc" and call.parsed.named("--html") and not call.parsed.named("--output"):
        yield write_below(posixpath.join(call.cwd, "docs"), call.place, f"`{call.key}` puts pages there")
    yield from _beside(call)
    yield from _of_modules(call, workspace)
    entries = kept_claims(call, workspace)
    only_reads = call.key == _LINT and not any(
        _has_plugins(folder, call.place) for folder in workspace.folders or (workspace.root,)
    )
    yield from (replace(entry, access=Access.READ) if only_reads else entry for entry in entries)


def _beside(call: Call) -> Iterator[Claim]:
    """What is written beside the result that an option names, or beside the programs where none does."""
    place, reason = call.place, f"`{call.key}` puts results there"
    named = [(option, path) for option in call.parsed.all(Role.WRITES) if (path := resolve_path(option.value, call.cwd))]
    endings = [ending for name, ending in _BESIDE.items() if call.parsed.named(name)]
    yield from (claim(Access.WRITE, place.pattern(f"{path}{ending}"), reason) for _, path in named for ending in endings)
    ends = ["d.ts,d.mts,d.cts"] if call.parsed.named("--declaration") else []
    if call.key == _TRANSPILE and not named and len(call.parsed.operands) != 1:
        ends.append("js,mjs,cjs,map")
    folders = [path if option.name == _FOLDER else posixpath.dirname(path) for option, path in named]
    for folder in dict.fromkeys(folders or _projects(call)):
        yield from (claim(Access.WRITE, place.pattern(folder, f"/**/*.{{{each}}}"), reason) for each in ends)


def _has_plugins(folder: str, place: Place) -> bool:
    return any(_PLUGINS in (place.read_text(posixpath.join(folder, name)) or "") for name in FILES)


def _of_modules(call: Call, workspace: Workspace) -> Iterator[Claim]:
    """What modules import beyond the project, and files in it that are no programs."""
    if call.tool.mode is Mode.INSTALL and not looks_at_modules(call):
        return
    place = call.place
    if is_unclear(call, workspace):
        yield read_below(place.root, place, f"only the run tells what the modules of `{call.key}` are made of")
        return
    for folder in _projects(call):
        yield from dependency_claims(call.key, folder, dependencies_of(folder, place), place)
        for path in data_of(folder, place):
            yield only_file(read_below(path, place, f"a program of `{call.key}` imports it"), path, place)
    if call.tool.mode is Mode.INSTALL:
        yield read_below(call.workspace, place, f"`{call.key}` looks at what modules import")


def _projects(call: Call) -> tuple[str, ...]:
    """The projects whose modules are looked at: that of the call, and those of paths in it."""
    paths = operand_paths(call) or () if call.tool.operands is Operands.PATHS else ()
    around = (
        call.place.workspace(path, MANIFESTS) or posixpath.dirname(path)
        for path in paths
        if not is_within(path, call.workspace)
    )
    return tuple(dict.fromkeys((call.workspace, *around)))


def _reported(call: Call) -> Iterator[Claim]:
    """The folders with what was measured: pages are put there."""
    names = call.parsed.operands or ("coverage",)
    for path in (resolve_path(name, call.cwd) for name in names):
        if path is not None:
            make = write_below if call.parsed.named("--html") else read_below
            yield make(path, call.place, f"`{call.key}` reports what was measured")
