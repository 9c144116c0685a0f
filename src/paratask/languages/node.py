"""The plugin for Node: recognises its tools, its package managers, and the scripts of `package.json`. See docs/plugins.md.

What is recognised is in the tables (`TOOLS`); here each call goes to what knows its kind. Does not know what a JavaScript
file does when it is run, and says so by not recognising it.
"""

from __future__ import annotations

import itertools
import posixpath
import re

from paratask.languages.node_builders import BUNDLERS, REPOSITORY
from paratask.languages.node_installing import install
from paratask.languages.node_managers import BUN, NPM, PNPM, STARTERS, YARN
from paratask.languages.node_packages import MANIFESTS, surroundings
from paratask.languages.node_running import run_scripts, start
from paratask.languages.node_tools import CHECKS, TESTS
from paratask.languages.options import Role, is_within, resolve_path
from paratask.languages.tool_calls import Language, program_name, resolve_call
from paratask.languages.tool_claims import mode_of, recognise_call, unique, write_below
from paratask.languages.tool_table import Mode
from paratask.languages.workspaces import workspace_of
from paratask.plugins.hookspecs import Delegation, Invocation, Recognition, hookimpl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.languages.tool_table import Tool
    from paratask.plugins.hookspecs import Place

TOOLS: Mapping[str, Tool] = {**CHECKS, **TESTS, **BUNDLERS, **REPOSITORY, **NPM, **PNPM, **YARN, **BUN, **STARTERS}
"""Every program and subcommand that is recognised; documentation is generated from it."""
_LANGUAGE = Language(tools=TOOLS, manifests=MANIFESTS, settings="*.{json,js,cjs,mjs,ts}", surroundings=surroundings)
_NODE_FLAGS = {"--test": "node --test", "--check": "node --check", "-c": "node --check"}
_OUTPUTS = re.compile(r'"(?:outDir|outFile|declarationDir|tsBuildInfoFile)"\s*:\s*"([^"]*)"')
_REFERS = re.compile(r'"path"\s*:\s*"[^"]*\.\./')
_KEEPS_BUILD_INFO = re.compile(r'"(?:incremental|composite)"\s*:\s*true')


@hookimpl
def manifests() -> Sequence[str]:
    """Files that make a folder a Node workspace."""
    return MANIFESTS


@hookimpl
def recognise(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """See the hook's specification."""
    name = program_name(invocation.words[0]) if invocation.words else None
    if name is None:
        return None
    words = invocation.words[1:]
    key = _key("node" if name == "nodejs" else name, words)
    if key is None:
        return None
    call = resolve_call(key, words, invocation, _LANGUAGE, place)
    return None if call is None else _recognise(call)


def _key(name: str, words: Sequence[Word]) -> str | None:
    """The entry that a program's call starts from."""
    if name not in TOOLS or " " in name:
        return None
    if name == "node":
        flags = itertools.takewhile(lambda word: word is not None and word.startswith("-"), words)
        return next((_NODE_FLAGS[word] for word in flags if word in _NODE_FLAGS), name)
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
    found = recognise_call(call)
    return found if found is None or call.key not in ("tsc", "vue-tsc") else _typescript(call, found)


def _typescript(call: Call, found: Recognition) -> Recognition | None:
    """What the compiler's configuration adds: results outside the workspace, other projects, a file of build information.

    Looked up by patterns, because that file may hold comments; a match inside a comment only makes the claims wider.
    """
    if any(word in ("true", "false") for word in call.parsed.operands):
        return None
    folder, text = _configuration(call)
    extra = [path for path in _OUTPUTS.findall(text or "") if not _stays(path, folder, call)]
    if not is_within(folder, call.workspace) and mode_of(call) is Mode.BUILD:
        extra.append(workspace_of(folder, MANIFESTS, call.place))
    entries = [write_below(path, call.place, "the compiler's configuration names it") for path in _resolved(extra, folder)]
    if call.parsed.all(Role.TREE) and (text is None or _REFERS.search(text)):
        entries.append(write_below(call.place.root, call.place, "`tsc --build` builds the projects that this one refers to"))
    elif call.parsed.all(Role.TREE) or _KEEPS_BUILD_INFO.search(text or "") or call.parsed.named("--incremental", "-i"):
        entries.append(write_below(call.workspace, call.place, f"`{call.key}` keeps build information"))
    return Recognition(claims=unique((*found.claims, *entries)), effect=found.effect, reason=found.reason, cpu=found.cpu)


def _configuration(call: Call) -> tuple[str, str | None]:
    """The folder and the text of the compiler's configuration; no text where it cannot be read."""
    given = [option.value for option in call.parsed.named("-p", "--project")]
    given.extend(call.parsed.operands if call.parsed.all(Role.TREE) else ())
    path = resolve_path(given[0], call.cwd) if given else call.cwd
    if path is None:
        return call.cwd, None
    if path.endswith(".json"):
        return posixpath.dirname(path), call.place.read_text(path)
    return path, call.place.read_text(posixpath.join(path, "tsconfig.json"))


def _stays(path: str, folder: str, call: Call) -> bool:
    resolved = resolve_path(path, folder)
    return resolved is not None and is_within(resolved, call.workspace)


def _resolved(paths: Sequence[str], folder: str) -> list[str]:
    return [resolved for path in paths if (resolved := resolve_path(path, folder)) is not None]
