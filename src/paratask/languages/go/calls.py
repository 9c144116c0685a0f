"""Calls of Go's programs with their words and variables understood: one dash or two, `-args`, `GOFLAGS`, caches elsewhere.

Decides nothing about claims but for the folders that variables name. Does not know what `go env -w` has set for good.
"""

from __future__ import annotations

from paratask.claims.model import Access
from paratask.frozen import replace
from paratask.languages.go.programs import ONE_DASH
from paratask.languages.go.sources import paths_for_c
from paratask.languages.go.tools import GO
from paratask.languages.inferred import claim, read_below
from paratask.languages.kept_caches import marked
from paratask.languages.options import Parsed, parse, resolve_path, roles
from paratask.languages.tool_calls import resolve_call
from paratask.languages.tool_table import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call, Language
    from paratask.plugins.hookspecs import Invocation, Place

_CACHES = ("GOCACHE", "GOMODCACHE", "GOPATH", "GOLANGCI_LINT_CACHE", "STATICCHECK_CACHE")
_HARMLESS = frozenset({"GOWORK", "GOFLAGS", "GOPROXY", "GOROOT", "GOTOOLCHAIN", "GOBIN", *_CACHES})


def go_call(name: str, invocation: Invocation, language: Language, place: Place) -> Call | None:
    """The call of a program of the table; None where a word or a flag in `GOFLAGS` is not understood."""
    written = invocation.words[1:]
    words = _without_test_arguments(written) if name == "go" else written
    if words is None:
        return None
    plain = tuple(map(_one_dash, words)) if name in ONE_DASH else words
    tool = f"{name} {' '.join(word or '' for word in plain[:2])}"
    key, own = (tool, plain[2:]) if tool in GO and plain[:1] == ("tool",) else (name, plain)
    call = resolve_call(key, own, invocation, language, place)
    if call is None or name not in ONE_DASH:
        return call
    if not _spelled_out(call, plain):
        return None
    if call.tool.mode in (Mode.MODULE, Mode.RUN):
        rest = words[len(words) - len(call.parsed.rest) :]
        call = replace(call, parsed=replace(call.parsed, rest=rest))
    return _with_flags(call) if name == "go" else call


def variable_claims(call: Call) -> tuple[Claim, ...] | None:
    """The folders that variables of go name. Caches may be used by several at once, as go locks them. None where one is not known."""
    environment, found = call.invocation.environment, []
    for name in _CACHES:
        value = environment.get(name, "")
        if value in ("", "off"):
            continue
        path = resolve_path(value, call.cwd)
        if path is None:
            return None
        found.append(marked(path, call.place, f"`{name}` names it; it may be used by several at once"))
        found.append(claim(Access.SHARED, f"go-cache:{call.place.pattern(path)}", f"`{name}` names it"))
    for name in (name for name in environment if name.startswith("CGO_") and name.endswith("FLAGS")):
        value = environment[name]
        if value is None:
            return None
        found.extend(read_below(path, call.place, f"`{name}` names it") for path in paths_for_c(value, call.cwd))
    return tuple(found)


def other_variables(call: Call) -> dict[str, Word]:
    """The variables that are none of go's own."""
    return {name: value for name, value in call.invocation.environment.items() if name not in _HARMLESS}


def _without_test_arguments(words: Sequence[Word]) -> tuple[Word, ...] | None:
    """The words before `-args`; None where what follows may name a path."""
    end = next((index for index, word in enumerate(words) if word in ("-args", "--args")), len(words))
    if "test" not in words[:1]:
        return tuple(words)
    after = words[end + 1 :]
    return None if any(word is None or "/" in word or ".." in word or "~" in word for word in after) else tuple(words[:end])


def _one_dash(word: Word) -> Word:
    asks = word in ("--", "--help", "--version")
    return word[1:] if word is not None and word.startswith("--") and not asks else word


def _spelled_out(call: Call, words: Sequence[Word]) -> bool:
    """Whether each option stands as a word of its own: these programs know no letters written together."""
    given = {word.partition("=")[0] for word in words if word is not None}
    return all(option.name in given for option in call.parsed.options)


def _with_flags(call: Call) -> Call | None:
    """The call with the flags in `GOFLAGS`, which are for whatever command knows them."""
    flags = call.invocation.environment.get("GOFLAGS", "")
    if flags == "":
        return call
    parsed = None if flags is None else parse(flags.split(), roles(GO["go test"].options, call.tool.options))
    if parsed is None or parsed.operands:
        return None
    merged = Parsed(options=(*parsed.options, *call.parsed.options), operands=call.parsed.operands, rest=call.parsed.rest)
    return replace(call, parsed=merged)
