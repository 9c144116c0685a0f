"""The plugin for Node: recognises its tools, its package managers, and the scripts of `package.json`. See docs/plugins.md.

What is recognised is in the tables (`TOOLS`); here each call goes to what knows its kind. Does not know what a JavaScript
file does when it is run, and says so by not recognising it.
"""

from __future__ import annotations

import itertools

from paratask.frozen import replace
from paratask.languages.inferred import unique
from paratask.languages.node.builders import BUNDLERS, REPOSITORY
from paratask.languages.node.checkers import CHECKERS, linked, may_write_elsewhere, with_reports
from paratask.languages.node.dependencies import surroundings
from paratask.languages.node.imports import SOURCES
from paratask.languages.node.installing import install
from paratask.languages.node.interfaces import INTERFACES, reads_of_interface
from paratask.languages.node.kept_by_tests import keeps_programs, kept, new_snapshots, results
from paratask.languages.node.looking import linted
from paratask.languages.node.managers import BUN, NPM, PNPM, STARTERS, YARN
from paratask.languages.node.outputs import as_settings_say, names_its_results, output_claims, sources_of_styles, told_to_write
from paratask.languages.node.packages import MANIFESTS
from paratask.languages.node.packing import packed
from paratask.languages.node.running import run_scripts, start
from paratask.languages.node.smaller import SMALLER
from paratask.languages.node.testing import TESTS
from paratask.languages.node.tools import CHECKS
from paratask.languages.node.typescript import as_configured, typescript
from paratask.languages.opened_by_tests import opened_by_tests
from paratask.languages.options import Role
from paratask.languages.tool_calls import Language, program_name, resolve_call
from paratask.languages.tool_claims import recognise_call
from paratask.languages.tool_table import Mode
from paratask.plugins.hookspecs import Delegation, Invocation, Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.languages.tool_table import Tool
    from paratask.plugins.hookspecs import Place

TOOLS: Mapping[str, Tool] = {
    **CHECKS,
    **TESTS,
    **BUNDLERS,
    **REPOSITORY,
    **INTERFACES,
    **SMALLER,
    **CHECKERS,
    **NPM,
    **PNPM,
    **YARN,
    **BUN,
    **STARTERS,
}
"""Every program and subcommand that is recognised; documentation is generated from it."""
_LANGUAGE = Language(
    name="node", tools=TOOLS, manifests=MANIFESTS, settings="*.{json,js,cjs,mjs,ts}", surroundings=surroundings
)
_LINTERS = ("eslint", "oxlint", "svelte-check", "prettier", "stylelint")
_CONFIGURED = ("tsc", "vue-tsc", "tsc-alias")
"""Whose results lie where the compiler's configuration says."""
_NODE_FLAGS = {"--test": "node --test", "--check": "node --check", "-c": "node --check"}


def manifests() -> Sequence[str]:
    """Files that make a folder a Node workspace."""
    return MANIFESTS


def recognise(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """See the hook's specification."""
    name = program_name(invocation.words[0]) if invocation.words else None
    if name is None:
        return None
    words = invocation.words[1:]
    if name == "sass":
        words = tuple(part for word in words for part in _pair(word))
    if name in ("tsc", "vue-tsc"):
        words = _switched(words)
    key = _key("node" if name == "nodejs" else name, words)
    if key is None:
        return None
    call = resolve_call(key, words, invocation, _LANGUAGE, place)
    return None if call is None else _recognise(call)


def _pair(word: Word) -> Sequence[Word]:
    """A source and its result with a colon between them, as two words; any other word as it is."""
    return (word,) if word is None or word.startswith("-") else word.split(":")


def _switched(words: Sequence[Word]) -> tuple[Word, ...]:
    """The compiler's words, each switch with the `true` or `false` behind it in one word (`--pretty=false`)."""
    found: list[Word] = []
    for word in words:
        last = found[-1] if found else None
        if word in ("true", "false") and last and last.startswith("-") and "=" not in last:
            found[-1] = f"{last}={word}"
        else:
            found.append(word)
    return tuple(found)


def _key(name: str, words: Sequence[Word]) -> str | None:
    """The entry that a program's call starts from."""
    if name not in TOOLS or " " in name:
        return None
    if name == "node":
        flags = itertools.takewhile(lambda word: word is not None and word.startswith("-"), words)
        return next((_NODE_FLAGS[word] for word in flags if word in _NODE_FLAGS), name)
    if name in ("c8", "nyc") and words[:1] == ("report",):
        return f"{name} report"
    if name == "yarn" and all(word is not None and word.startswith("-") for word in words):
        return "yarn install"
    return name


def _recognise(call: Call) -> Recognition | Delegation | None:
    if call.parsed.all(Role.INFORMS):
        return recognise_call(call)
    match call.tool.mode:
        case Mode.SCRIPT:
            return run_scripts(call)
        case Mode.RUN:
            return start(call)
        case Mode.INSTALL:
            return install(call)
        case Mode.MODULE:
            return None
    call = _as_called(call)
    found = None if _is_obscure(call) else recognise_call(as_settings_say(call))
    if found is None:
        return None
    if call.key in _CONFIGURED:
        return typescript(call, found)
    if call.key in INTERFACES:
        read = reads_of_interface(call)
        return None if read is None else replace(found, claims=unique((*found.claims, *read)))
    if call.key in _LINTERS:
        return replace(found, claims=linted(call, found.claims))
    return packed(call, replace(found, claims=unique((*found.claims, *_more(call)))))


def _as_called(call: Call) -> Call:
    """The call with what configurations change of it, and with what its tests leave alone."""
    if call.key in _CONFIGURED:
        return as_configured(call)
    call = with_reports(call)
    return replace(call, language=replace(_LANGUAGE, kept_by_tests=kept(call))) if keeps_programs(call) else call


def _more(call: Call) -> tuple[Claim, ...]:
    if call.key == "tailwindcss":
        return (*sources_of_styles(call), *_opened(call))
    tested = (*results(call), *new_snapshots(call)) if call.tool.tests else ()
    return (*output_claims(call), *tested, *_opened(call), *linked(call))


def _opened(call: Call) -> tuple[Claim, ...]:
    return opened_by_tests(call, SOURCES) if call.tool.tests or call.tool.checks else ()


def _is_obscure(call: Call) -> bool:
    """Whether settings may have the call do what nobody foresees."""
    match call.key:
        case "markdownlint-cli2":
            return told_to_write(call)
        case "swc compile":
            return _climbs(call)
        case "graphql-codegen":
            return not names_its_results(call)
    return may_write_elsewhere(call)


def _climbs(call: Call) -> bool:
    """Whether swc is given sources above: it puts results as far above the folder that it is told to put them in."""
    return any(".." in word.split("/") for word in call.parsed.operands)
