"""The plugin for Rust: recognises cargo, its extensions, and the programs around it. See docs/plugins.md.

What is recognised is in the tables (`TOOLS`); here each call goes to what knows its kind. Does not know what a program of the
workspace does (`cargo run`, `cargo xtask`), and says so by claiming everything for it.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, unknown
from paratask.frozen import replace
from paratask.languages.inferred import claim, unique, write_below
from paratask.languages.options import Parsed, Role, parse, resolve_path, roles
from paratask.languages.rust.claims import (
    changed_files,
    compiler_facts,
    compiling,
    formatting,
    lock,
    looking,
    manifests_read,
    surroundings,
    targets,
    writing_packages,
)
from paratask.languages.rust.configuration import alias
from paratask.languages.rust.interfaces import interfaces_written
from paratask.languages.rust.manifests import MANIFESTS, find_manifest
from paratask.languages.rust.packages import select
from paratask.languages.rust.programs import PROGRAMS
from paratask.languages.rust.testing import testing
from paratask.languages.rust.tools import AFTER, CARGO, SHORT_NAMES
from paratask.languages.toml_files import read_toml, table
from paratask.languages.tool_answers import answer, with_root
from paratask.languages.tool_calls import Language, program_name, resolve_call
from paratask.languages.tool_claims import mode_of, recognise_call
from paratask.languages.tool_table import Mode, Operands
from paratask.languages.workspaces import folders_above
from paratask.plugins.hookspecs import Delegation, Invocation, Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.languages.rust.packages import Selection
    from paratask.languages.tool_calls import Call
    from paratask.languages.tool_table import Tool
    from paratask.plugins.hookspecs import Place

TOOLS: Mapping[str, Tool] = {**CARGO, **PROGRAMS}
"""Every program and subcommand that is recognised; documentation is generated from it."""
_LANGUAGE = Language(name="rust", tools=TOOLS, manifests=MANIFESTS, settings="*.toml", surroundings=surroundings)
_MAX_ALIASES = 8
_TAPLO_SETTINGS = (".taplo.toml", "taplo.toml")
_BY_THEMSELVES = frozenset({"cargo machete", "cargo sort"})
"""What reads manifests without cargo, which would bring the lock file up to date; `cargo machete --with-metadata` does ask it."""


def manifests() -> Sequence[str]:
    """Files that make a folder a Rust workspace."""
    return MANIFESTS


def recognise(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """See the hook's specification."""
    name = program_name(invocation.words[0]) if invocation.words else None
    if name is None or name not in TOOLS or " " in name:
        return None
    if name in ("cargo", "cross"):
        call = _cargo_call(name, invocation, place)
        return None if call is None else with_root(_cargo(call), place)
    call = resolve_call(name, invocation.words[1:], invocation, _LANGUAGE, place)
    return None if call is None else with_root(_program(call), place)


def _cargo_call(name: str, invocation: Invocation, place: Place) -> Call | None:
    """The call, with names of the user's own replaced, and what follows `--` understood."""
    words = _expanded(invocation.words[1:], invocation.cwd, place)
    if words is None:
        return None
    end = words.index("--") if "--" in words else len(words)
    call = resolve_call(name, words[:end], invocation, _LANGUAGE, place)
    if call is None or end == len(words) or call.tool.mode is Mode.MODULE:
        return call
    known = AFTER.get(call.key.partition(" ")[2])
    after = None if known is None else parse(words[end + 1 :], roles(known))
    if after is None:
        return None
    options = (*call.parsed.options, *after.options)
    return replace(call, parsed=Parsed(options=options, operands=call.parsed.operands))


def _expanded(words: Sequence[Word], cwd: str, place: Place) -> tuple[Word, ...] | None:
    """The words with the toolchain taken away and an alias replaced by what it stands for; None where aliases do not end."""
    words = tuple(words[1:] if words and words[0] and words[0].startswith("+") else words)
    for _ in range(_MAX_ALIASES):
        given = parse(words, roles(CARGO["cargo"].options), stop=True)
        head = given.rest[0] if given and given.rest else None
        if given is None or not head or f"cargo {head}" in CARGO:
            return words
        stands_for = (SHORT_NAMES[head],) if head in SHORT_NAMES else alias(head, cwd, place)
        if stands_for is None:
            return words
        words = (*words[: len(words) - len(given.rest)], *stands_for, *given.rest[1:])
    return None


def _cargo(call: Call) -> Recognition | Delegation | None:
    tool, mode = call.tool, mode_of(call)
    if call.parsed.all(Role.INFORMS):
        return recognise_call(call)
    if mode is Mode.MODULE:
        return Delegation(
            claims=unknown(f"`{call.key}` {tool.summary}, which may do anything"), reason=f"`{call.key}` {tool.summary}"
        )
    if tool.operands is Operands.NONE and call.parsed.operands:
        return None
    if mode is Mode.NOTHING:
        return answer(call, _made(call))
    if mode is Mode.INSTALL and tool.environment:
        return answer(call, _installed(call))
    selection = select(call)
    return None if selection is None else answer(call, _of_mode(call, mode, selection))


def _of_mode(call: Call, mode: Mode, selection: Selection) -> tuple[Claim, ...] | None:
    edits = bool(call.parsed.all(Role.EDITS))
    if call.key.endswith((" clean", " llvm-cov report")):
        return (*targets(call, selection), *manifests_read(call, selection))
    if mode in (Mode.COMPILE, Mode.OUTSIDE) and not edits:
        return compiling(call, selection)
    if mode in (Mode.COMPILE, Mode.BUILD):
        does = "changes its sources" if edits or call.key == "cargo fix" else "runs its code, which works in this package"
        written = (*testing(call, selection, writing_packages(call, selection, does)), *interfaces_written(call, selection))
        return (*written, *compiling(call, selection))
    if call.key == "cargo fmt":
        return formatting(call, selection, Access.WRITE if mode is Mode.EDIT else Access.READ)
    if mode is Mode.INSTALL:
        return _resolving(call, selection)
    if mode is Mode.EDIT:
        changed = (
            claim(Access.WRITE, call.place.pattern(folder, "/Cargo.toml"), f"`{call.key}` changes it")
            for folder in _all(selection)
        )
        return (*changed, *(lock(call, selection) if call.tool.writes else ()), *looking(call, selection))
    if call.key in _BY_THEMSELVES and not call.parsed.named("--with-metadata"):
        return looking(call, selection)
    return (*lock(call, selection), *compiler_facts(call, selection), *looking(call, selection))


def _all(selection: Selection) -> tuple[str, ...]:
    return (selection.root, *(selection.workspace.members if selection.workspace else ()), *selection.packages)


def _resolving(call: Call, selection: Selection) -> tuple[Claim, ...] | None:
    """Resolving versions; `cargo vendor` puts the packages into the checkout as well."""
    copied: list[Claim] = []
    if call.tool.operands is Operands.WRITTEN:
        for word in call.parsed.operands or ("vendor",):
            path = resolve_path(word, call.cwd)
            if path is None:
                return None
            copied.append(write_below(path, call.place, f"`{call.key}` copies packages here"))
    return (*changed_files(call, selection), *copied, *manifests_read(call, selection))


def _made(call: Call) -> tuple[Claim, ...] | None:
    """A new package, which also becomes a member of the workspace around it."""
    path = resolve_path((call.parsed.operands or (".",))[0], call.cwd)
    if path is None or len(call.parsed.operands) > 1:
        return None
    reason = f"`{call.key}`: {call.tool.summary}"
    around = find_manifest(posixpath.dirname(path), call.place)
    member = (claim(Access.WRITE, call.place.pattern(around, "/Cargo.toml"), reason),) if around else ()
    return (write_below(path, call.place, reason), *member)


def _installed(call: Call) -> tuple[Claim, ...] | None:
    """Programs for the user; one that is built from a folder is built in that folder's workspace."""
    paths = [resolve_path(option.value, call.cwd) for option in call.parsed.named("--path")]
    if not paths:
        return ()
    if paths[-1] is None:
        return None
    selection = select(replace(call, cwd=paths[-1]))
    return None if selection is None else compiling(call, selection)


def _program(call: Call) -> Recognition | Delegation | None:
    """A program that is not cargo."""
    family = call.key.partition(" ")[0]
    if call.parsed.all(Role.INFORMS):
        return recognise_call(call)
    if call.key == "rustup run":
        words = call.parsed.rest[1:]
        if not words or call.parsed.rest[0] is None:
            return None
        inner = call.place.invocation_claims(replace(call.invocation, words=words))
        return Delegation(claims=inner, reason=f"`{call.key}` starts `{words[0]}`")
    if call.tool.mode is Mode.INSTALL:
        return answer(call, ())
    if call.key == "rustfmt":
        return _rustfmt(call)
    if family in ("wasm-pack", "trunk", "napi"):
        return _bundled(call, family)
    return recognise_call(_as_settings_say(call) if family == "taplo" else call)


def _as_settings_say(call: Call) -> Call:
    """taplo takes files of any name where it is given others, or its settings list them (`include`); those may lie elsewhere."""
    files = (posixpath.join(folder, name) for folder in folders_above(call.cwd, call.place) for name in _TAPLO_SETTINGS)
    takes_any = (
        "TAPLO_CONFIG" in call.invocation.environment
        or bool(call.parsed.named("-c", "--config"))
        or any(not word or not word.endswith(".toml") for word in call.parsed.operands)
        or any("include" in (call.place.read_text(file) or "") for file in files)
    )
    return replace(call, tool=replace(call.tool, files="")) if takes_any else call


def _rustfmt(call: Call) -> Recognition | None:
    """rustfmt follows `mod` from each file it is given, to those beside and below it."""
    paths = [resolve_path(word, call.cwd) for word in call.parsed.operands]
    known = [path for path in paths if path is not None]
    if len(known) < len(paths):
        return None
    access = Access.READ if mode_of(call) is Mode.READ else Access.WRITE
    folders = dict.fromkeys(posixpath.dirname(path) if path.endswith(".rs") else path for path in known)
    reason = f"`{call.key}` follows modules from here"
    settings = claim(
        Access.READ, call.place.pattern(call.workspace, "/{rustfmt.toml,.rustfmt.toml}"), f"settings of `{call.key}`"
    )
    return answer(call, (*(claim(access, call.place.pattern(folder, "/**/*.rs"), reason) for folder in folders), settings))


def _bundled(call: Call, family: str) -> Recognition | None:
    """What compiles a package for browsers, or for Node: as cargo does, with results in the package's folder."""
    operands = call.parsed.operands if family == "wasm-pack" else ()
    crate = resolve_path(operands[0], call.cwd) if operands else call.cwd
    selection = None if crate is None else select(replace(call, cwd=crate))
    if crate is None or selection is None:
        return None
    named = [
        resolve_path(option.value, crate)
        for option in call.parsed.named("-d", "--out-dir", "--pkg-dir")
        if family == "wasm-pack"
    ]
    if family == "napi":
        named = [resolve_path(word, call.cwd) for word in (*call.parsed.operands, ".")]
    written = [write_below(path, call.place, f"`{call.key}` puts its results here") for path in named if path is not None]
    if len(written) < len(named):
        return None
    own = (*writing_packages(call, selection, "puts its results there"), *written, *compiling(call, selection))
    if family != "trunk":
        return answer(call, own)
    generic, configured = recognise_call(call), _of_trunk(call, selection)
    return (
        None if generic is None or configured is None else replace(generic, claims=unique((*generic.claims, *configured, *own)))
    )


def _of_trunk(call: Call, selection: Selection) -> tuple[Claim, ...] | None:
    """Where trunk's own configuration puts results. None where it has commands run."""
    configuration = read_toml(posixpath.join(selection.nearest, "Trunk.toml"), call.place) or {}
    dist = table(configuration, "build").get("dist")
    path = resolve_path(dist, selection.nearest) if isinstance(dist, str) else selection.nearest
    if path is None or "hooks" in configuration:
        return None
    return (write_below(path, call.place, "`Trunk.toml` names it"),) if isinstance(dist, str) else ()
