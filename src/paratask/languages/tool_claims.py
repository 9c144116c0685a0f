"""What one call of a tool claims, worked out from the tool's entry in its table. See "Claims" in docs/design.md.

Serves all tools that need no more than their entry says; those that start others, run scripts or fill environments add to
what is here. Knows no single tool and no language. Does not know what the tools' own configuration files say: a tool that is
configured to write elsewhere than its kind does is beyond what is inferred here.
"""

from __future__ import annotations

import posixpath
import re
from itertools import takewhile

from paratask.claims.model import Access, Claim, Effect
from paratask.claims.overlap import escape
from paratask.frozen import replace
from paratask.languages.file_kinds import covers_workspace, is_extended, narrowed
from paratask.languages.inferred import claim, only_file, own, read_below, read_sources, unique, write_below
from paratask.languages.kept_caches import (
    bytecode_of,
    compiled_claims,
    kept_claims,
    marked,
    marks_below,
    of_linters,
    swept_claims,
    without_caches,
)
from paratask.languages.leading_variables import Use, names_a_path, of_reader, use_of
from paratask.languages.options import Role, is_within, report_path, resolve_path
from paratask.languages.patterns import anywhere
from paratask.languages.settings_above import NAMES, any_settings, settings_above
from paratask.languages.tool_table import Mode, Operands, outside_word
from paratask.languages.workspaces import folders_above, seen_by_others, workspace_of
from paratask.plugins.hookspecs import Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from paratask.languages.leading_variables import Reader
    from paratask.languages.options import Option, Word
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

SEVERAL_CORES = 2.0
"""What a tool is said to take that spreads over the machine by itself."""
_INSTALLED = "node_modules/"
"""A cache below it lies in the package, wherever in there the tool is called."""
_PATH_ROLES = (Role.READS, Role.WRITES, Role.SHARED_CACHE, Role.REPORT, Role.SETTING, Role.TASKS)
_READ_ONLY_VARIABLES = ("PATH", "VIRTUAL_ENV", "DJANGO_SETTINGS_MODULE")
_SEARCHED_VARIABLES = frozenset(
    "PYTHONPATH MYPYPATH NODE_PATH LD_LIBRARY_PATH DYLD_LIBRARY_PATH DYLD_FALLBACK_LIBRARY_PATH LIBRARY_PATH PKG_CONFIG_PATH CPATH "
    "C_INCLUDE_PATH CPLUS_INCLUDE_PATH CMAKE_PREFIX_PATH CMAKE_MODULE_PATH VCPKG_ROOT".split()
)
"""Folders, with colons between them, in which modules and libraries are looked for."""
_ELSEWHERE = frozenset({Mode.INSTALL, Mode.RUN, Mode.SCRIPT, Mode.MODULE, Mode.COMPILE})
"""Of these it is not the kind that tells which folders are read."""
_PUT = ("dir", "directory", "file", "folder", "output")
"""How the names of settings end that say where something is put."""
_FILLED_IN = re.compile(r"%\d*[a-z]")
"""What a program puts into the name of a file itself, as `%p` for its process, so that each has its own."""
_DOES = {
    Mode.READ: "reads it",
    Mode.EDIT: "writes it",
    Mode.NOTHING: "writes it",
    Mode.REPOSITORY: "works on the whole repository",
    Mode.SERVE: "serves this workspace",
}


_CLAIMED = {Role.READS: read_below, Role.SHARED_CACHE: marked}
"""What the path that an option names is claimed for; that of the others is written."""


def recognise_call(call: Call) -> Recognition | None:
    """What the call claims, or None where a path or a name in it is not known."""
    if call.parsed.all(Role.INFORMS):
        return Recognition(claims=(), effect=Effect.LOCAL, reason=f"`{call.key}` only prints information")
    mode = mode_of(call)
    parts = (
        _of_mode(call, mode),
        of_options(call),
        of_environment(call.invocation.environment, call.cwd, call.place, call.reader),
    )
    if any(part is None for part in parts):
        return None
    outside = outside_reason(call, mode)
    return Recognition(
        claims=unique(entry for part in (*parts, _of_port(call, mode), of_resources(call)) for entry in part or ()),
        effect=Effect.OUTSIDE if outside else Effect.LOCAL,
        reason=outside or f"`{call.key}`: {call.tool.summary}",
        cpu=cores_of(call),
        transient=call.is_transient,
    )


def mode_of(call: Call) -> Mode:
    """The tool's mode, as the call's options change it. What makes it write outweighs what makes it only read."""
    parsed, mode = call.parsed, call.tool.mode
    if parsed.all(Role.OUTSIDE):
        return Mode.OUTSIDE
    if parsed.all(Role.WHOLE):
        return Mode.BUILD
    if mode is Mode.READ and parsed.all(Role.EDITS):
        return Mode.EDIT
    if mode in (Mode.EDIT, Mode.BUILD) and parsed.all(Role.CHECKS) and not parsed.all(Role.EDITS):
        return Mode.READ
    return mode


def outside_reason(call: Call, mode: Mode) -> str:
    """Why the call's effect can be seen by others; empty where it cannot."""
    if mode is Mode.OUTSIDE:
        return f"`{call.key}` has an effect outside this checkout"
    names = [option.value or "" for option in call.parsed.all(Role.TASKS)]
    if call.tool.operands is Operands.TASKS:
        names.extend(call.parsed.operands)
    found = next((name for name in names if outside_word(name)), None)
    return f"`{call.key} {found}` may have an effect outside this checkout" if found else ""


def cores_of(call: Call) -> float:
    """How many cores the call takes by itself. `auto` and what is not a number count as several."""
    if call.parsed.all(Role.ONE_CORE):
        return 1.0
    cores = max(call.tool.cores, SEVERAL_CORES) if call.parsed.all(Role.SEVERAL_CORES, Role.TREE) else call.tool.cores
    for option in call.parsed.all(Role.CORES):
        value = option.value or "auto"
        cores = max(1.0, float(value)) if value.isdecimal() else SEVERAL_CORES
    return cores


def of_options(call: Call) -> tuple[Claim, ...] | None:
    """The paths that options name, what the tool writes in any case, the cache, settings above, and manifests that may come."""
    found: list[Claim] = [*_above(call), *_nearer_manifests(call)]
    for option in call.parsed.all(*_PATH_ROLES):
        entries = _of_option(option, call)
        if entries is None:
            return None
        found.extend(entries)
    if call.tool.mode is not Mode.INSTALL and not (call.tool.operands is Operands.WRITTEN and call.parsed.operands):
        reason = f"`{call.key}` writes it"
        paths = (_own_path(name, call) for name in call.tool.writes.split())
        found.extend(only_file(write_below(path, call.place, reason), path, call.place) for path in paths)
    cache = _of_cache(call)
    return None if cache is None else (*found, *cache)


def _of_option(option: Option, call: Call) -> tuple[Claim, ...] | None:
    """What an option's value claims; None where the value is not known and would matter."""
    value = option.value
    if value is None:
        return None
    if option.role is Role.TASKS:
        return ()
    if option.role is Role.SETTING:
        return None if ".." in value or "=/" in value or "=~" in value else _of_settings(value, option, call)
    parts = (value, *value.split(",")) if option.role is Role.REPORT else ()
    found: list[Claim] = []
    for word in dict.fromkeys(map(report_path, parts)) or (value,):
        if word in ("", "-", "/dev/null", "/dev/stdout"):
            continue
        path = resolve_path(word, call.cwd)
        if path is None:
            return None
        make = _CLAIMED.get(option.role, write_below)
        whole = make(path, call.place, f"`{call.key} {option.name}` names it")
        found.append(only_file(whole, path, call.place, option.name))
    return tuple(found)


def _of_settings(value: str, option: Option, call: Call) -> tuple[Claim, ...] | None:
    """Settings that are called as those are which say where something is put, with commas between them."""
    pairs = (word.partition("=") for word in value.split(","))
    given = [resolve_path(word, call.cwd) for name, _, word in pairs if word and name.lower().endswith(_PUT)]
    paths = [path for path in given if path is not None]
    reason = f"`{call.key} {option.name}` names it"
    return tuple(write_below(path, call.place, reason) for path in paths) if len(paths) == len(given) else None


def _above(call: Call) -> tuple[Claim, ...]:
    """The settings where the call works and above, less those in a workspace that is written as a whole."""
    place, mode, own = call.place, call.tool.mode, call.workspace
    if mode is Mode.NOTHING:
        return ()
    named = () if mode in _ELSEWHERE else operand_paths(call) or ()
    around = [path if place.listdir(path) or "." not in posixpath.basename(path) else posixpath.dirname(path) for path in named]
    works_on_files = mode in (Mode.READ, Mode.EDIT)
    starts = [*around, call.cwd] if works_on_files and named else [own, *(path for path in around if not is_within(path, own))]
    return settings_above(call.program, starts, place, but=() if works_on_files or mode in _ELSEWHERE else (own,))


def _nearer_manifests(call: Call) -> Iterator[Claim]:
    """Between the call and its workspace: who puts a manifest there, as a template or a generator does, has it install that project."""
    between = takewhile(lambda each: each != call.workspace, folders_above(call.cwd, call.place))
    for folder in between if call.tool.mode is Mode.INSTALL else ():
        for name in call.language.manifests:
            yield claim(Access.READ, call.place.pattern(folder, f"/{name}"), f"`{call.key}` looks for it first")


def in_own_folder(call: Call) -> tuple[Claim, ...]:
    """What an installer would write if its folder, which has no manifest, had one by then."""
    reason = f"`{call.key}` would work on a manifest there"
    return () if call.cwd == call.workspace else (replace(write_below(call.cwd, call.place, reason), assumed=True),)


def _own_path(name: str, call: Call) -> str:
    """Where a tool's own file lies; what belongs to git, where git's folder is."""
    if name.startswith(".git/"):
        return posixpath.join(call.place.workspace(call.cwd, (".git",)) or call.place.root, name)
    return posixpath.join(call.cwd, name)


def _of_cache(call: Call) -> tuple[Claim, ...] | None:
    tool, parsed = call.tool, call.parsed
    if tool.sweeps:
        return swept_claims(call)
    if tool.keeps:
        return kept_claims(call)
    places = [option.value for option in parsed.all(Role.CACHE)]
    if not places:
        used = tool.cache and (Role.CACHES not in tool.options or parsed.all(Role.CACHES))
        places = [tool.cache] if used else []
    found = []
    for word in places:
        path = resolve_path(word, call.workspace if word == tool.cache and word.startswith(_INSTALLED) else call.cwd)
        if path is None:
            return None
        if path != "/dev/null":
            found.append(own(write_below(path, call.place, f"cache of `{call.key}`")))
    return tuple(found)


def of_environment(environment: Mapping[str, Word], cwd: str, place: Place, reader: Reader) -> tuple[Claim, ...] | None:
    """Variables that name a path and are a matter to the tool: taken as written, but for caches and settings that are known.

    None where their value is not known. Those that say where to look for libraries are taken as read, and as read anywhere where
    that is not known.
    """
    found: list[Claim] = []
    for name, value in of_reader(environment, reader).items():
        use = use_of(name)
        if use is Use.SETTINGS or name in _SEARCHED_VARIABLES:
            found.extend(_searched(name, value, cwd, place))
            continue
        if name in _READ_ONLY_VARIABLES or not (names_a_path(name) or _leaves(value)):
            continue
        head, *filled = _FILLED_IN.split(value or "")
        path = resolve_path(value if not filled else posixpath.join(posixpath.dirname(head), "x"), cwd)
        if path is None or "/" in "".join(filled):
            return None
        reason = f"`{name}` names it"
        if filled:
            file = "*".join(map(escape, (posixpath.basename(head), *filled)))
            found.append(claim(Access.WRITE, place.pattern(posixpath.dirname(path), f"/{file}"), reason))
        elif path != "/dev/null":
            found.append(marked(path, place, reason) if use is Use.CACHE else write_below(path, place, reason))
    return tuple(found)


def _searched(name: str, value: Word, cwd: str, place: Place) -> Iterator[Claim]:
    reason = f"`{name}` has it read"
    paths = [None] if value is None else [resolve_path(part, cwd) for part in value.split(":") if part]
    for path in paths:
        yield from anywhere(Access.READ, reason) if path is None else (read_below(path, place, reason),)


def _leaves(value: Word) -> bool:
    """Whether a value looks like a path out of the workspace."""
    return value is not None and (
        value.startswith(("../", "~/")) or value == ".." or (value.startswith("/") and len(value) > 1)
    )


def _of_mode(call: Call, mode: Mode) -> tuple[Claim, ...] | None:
    """What the kind of tool touches."""
    surroundings = call.language.surroundings(call)
    reason = f"`{call.key}` {_DOES.get(mode, 'works in this workspace')}"
    if mode is Mode.REPOSITORY:
        return (write_below(call.place.root, call.place, reason),)
    paths = operand_paths(call)
    if paths is None:
        return None
    if mode is Mode.NOTHING:
        return (*(write_below(path, call.place, reason) for path in paths), *surroundings)
    if mode in (Mode.BUILD, Mode.SERVE, Mode.OUTSIDE):
        return (*_build(call, paths, reason), *surroundings)
    if call.tool.operands is Operands.OUTPUT:
        return (*_output(call, paths, reason), *surroundings)
    if mode is Mode.EDIT:
        return (*_edit(call, paths, reason), *surroundings)
    return (*_read(call, paths, reason), *surroundings)


def operand_paths(call: Call) -> tuple[str, ...] | None:
    """The absolute paths that the operands name; none where operands are no paths."""
    if call.tool.operands in (Operands.WORDS, Operands.TASKS, Operands.PORT, Operands.PACKAGES):
        return ()
    if call.tool.operands is Operands.NONE:
        return None if call.parsed.operands else ()
    words = [word.partition("::")[0] for word in call.parsed.operands if "://" not in word and word != "-"]
    paths = [resolve_path(word, call.cwd) for word in words]
    known = tuple(path for path in paths if path is not None)
    return known if len(known) == len(paths) else None


def _build(call: Call, paths: tuple[str, ...], reason: str) -> tuple[Claim, ...]:
    """The workspace, and those of paths that lie outside it."""
    folders = [call.workspace]
    for path in paths:
        if not any(is_within(path, folder) for folder in folders):
            above = workspace_of(path, call.language.manifests, call.place)
            folders.append(above)
    if call.only_tests:
        compiled = [folder for folder in folders if call.tool.compiles]
        left = (entry for folder in compiled for entry in compiled_claims(folder, call.place, f"`{call.key}` compiles modules"))
        own = [entry for folder in folders for entry in tested(folder, call.place, reason, call.language.kept_by_tests)]
        known = [bytecode_of(folder, call.place) for folder in compiled]
        known.extend(marks_below(folder, call.place) for folder in folders)
        return (*_without(own, tuple(known)), *left)
    return tuple(write_below(folder, call.place, reason) for folder in folders)


def _without(entries: list[Claim], patterns: tuple[str, ...]) -> Iterator[Claim]:
    """What is written, less what another claim says more of."""
    for entry in entries:
        yield replace(entry, excluding=(*entry.excluding, *patterns)) if entry.access is Access.WRITE else entry


def tested(folder: str, place: Place, reason: str, kept: tuple[str, ...]) -> tuple[Claim, ...]:
    """Tests write anywhere in their workspace but where others look, so that those of what is made of it may run at the same time.

    Where it is known what else they keep as it is, `kept`, with all settings there, linters may run as well.
    """
    seen = seen_by_others(folder, place)
    left = [seen, *(place.pattern(folder, each) for each in kept)]
    caches = (of_linters(folder, place),) if kept else ()
    written = replace(write_below(folder, place, reason), excluding=(*left, *(caches or (any_settings(folder, place),))))
    reads = (without_caches(claim(Access.READ, each, reason)) for each in (*left, place.pattern(folder, "/*")))
    return (written, *(replace(entry, excluding=(*entry.excluding, *caches)) for entry in reads))


def _output(call: Call, paths: tuple[str, ...], reason: str) -> tuple[Claim, ...]:
    """A source and an output: the second path is written, the workspace is read."""
    written = tuple(write_below(path, call.place, reason) for path in paths[1:2])
    reads = tuple(read_below(path, call.place, reason) for path in (*paths[:1], *paths[2:]))
    return (read_sources(call.workspace, call.place, reason), *reads, *(written or _build(call, (), reason)))


def _edit(call: Call, paths: tuple[str, ...], reason: str) -> tuple[Claim, ...]:
    written = [
        entry for path in paths or (call.workspace,) for entry in narrowed(write_below(path, call.place, reason), path, call)
    ]
    if not call.tool.whole:
        return (*written, *(() if covers_workspace(call, paths) else _settings(call)))
    return (*written, *narrowed(read_sources(call.workspace, call.place, reason), call.workspace, call))


def _read(call: Call, paths: tuple[str, ...], reason: str) -> tuple[Claim, ...]:
    workspace = call.workspace
    if call.tool.whole or not paths:
        paths = (workspace, *(path for path in paths if not is_within(path, workspace)))
    own = (workspace, call.cwd)
    wholes = ((path, (read_sources if path in own else read_below)(path, call.place, reason)) for path in paths)
    reads = [entry for path, whole in wholes for entry in narrowed(whole, path, call)]
    return (*reads, *(() if covers_workspace(call, paths) else _settings(call, read=workspace in paths)))


def _settings(call: Call, *, read: bool = False) -> tuple[Claim, ...]:
    """The configuration beside the manifest, where it is not known by name; less of it where the workspace is `read` anyway."""
    reason = f"settings of `{call.key}`"
    by_name = any(name in call.language.manifests for name in NAMES.get(call.program, ()))
    names = ("" if read or by_name else call.language.settings, *call.tool.settings.split())
    found = (claim(Access.READ, call.place.pattern(call.workspace, "/" + name), reason) for name in names if name)
    leaves = "" if not call.tool.leaves or is_extended(call) else call.place.pattern(call.workspace, f"/**/{call.tool.leaves}")
    return tuple(replace(entry, excluding=(leaves,)) if leaves else entry for entry in found)


def of_resources(call: Call) -> tuple[Claim, ...]:
    """The named resources that the tool uses."""
    reason = f"`{call.key}` uses it"
    access = Access.EXCLUSIVE if call.parsed.all(Role.CLEARS) else Access.SHARED
    shared = tuple(claim(access, name, reason) for name in call.tool.shares.split())
    held = tuple(claim(Access.EXCLUSIVE, name, reason) for name in call.tool.holds.split())
    return (*shared, *held, *(own(claim(Access.EXCLUSIVE, name, reason)) for name in call.tool.locks.split()))


def _of_port(call: Call, mode: Mode) -> tuple[Claim, ...]:
    """The port a server listens on, where it is known."""
    if mode is not Mode.SERVE:
        return ()
    port = str(call.tool.port or "")
    given = [option.value for option in call.parsed.all(Role.PORT)]
    if call.tool.operands is Operands.PORT:
        given.extend(call.parsed.operands)
    for word in given:
        port = (word or "").rpartition(":")[2]
    return (claim(Access.EXCLUSIVE, f"port:{port}", f"`{call.key}` listens on it"),) if port.isdigit() and port != "0" else ()
