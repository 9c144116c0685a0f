"""What a shell text runs that is written elsewhere or runs at another time: files that it sources, and what it traps.

A sourced file is read as it stands now, and is walked as if it stood in the text; the walk notes that the shell reads it. What a
trap runs may run anywhere from there on: it is walked last, in every folder that the text has been in, and knows no variable but
those that are named once in all that was walked, where they are set. Knows no program.
"""

from __future__ import annotations

import posixpath
import re

from paratask.frozen import replace
from paratask.languages.shell.flow import State, joined
from paratask.languages.shell.values import SCRIPT, assigned_names, is_plain, may_change_unnoticed
from paratask.languages.shell.words import parse_tree, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from tree_sitter import Node

    from paratask.languages.shell.flow import Flow
    from paratask.languages.shell.words import Word

_MAX_SOURCED = 20
_OWN_NAME = re.compile(r"\$\{?0\b")
_ELSEWHERE = "BASH_SOURCE"


class Texts:
    """All texts of one walk: the one that it began with, and those sourced by it, with what is needed to walk over a trap's."""

    def __init__(self) -> None:
        self._sources: list[str] = []
        self._roots: list[Node] = []
        self._traps: list[tuple[str, State]] = []
        self._given: frozenset[str] = frozenset()

    def start(self, state: State) -> None:
        """Notes the variables that all begins with: one that is set once has two values."""
        self._given = frozenset((*state.values, *state.environment))

    def parsed(self, text: str) -> Node:
        """The root of a text's tree, remembered."""
        root = parse_tree(text)
        self._sources.append(text)
        self._roots.append(root)
        return root

    def sourced(self, words: Sequence[Word], state: State, read: Callable[[str], str | None]) -> tuple[str, str, str] | None:
        """The word, the path and the text of the file that `source` is given; None where only the run tells, or there is none."""
        word = words[0] if words else None
        if word is None or not is_plain(word) or len(self._sources) > _MAX_SOURCED:
            return None
        paths = {posixpath.normpath(posixpath.join(folder, word)) for folder in state.folders}
        path = paths.pop()
        text = None if paths else read(path)
        return None if text is None else (word, path, text)

    def trap(self, words: Sequence[Word], state: State) -> bool:
        """Notes what a trap runs; False where only the run tells."""
        first, *signals = (words[1:] if words[:1] == ["--"] else words) or [""]
        if first is None or (first.startswith("-") and first not in ("-", "-p", "-l")):
            return False
        if signals and first.strip("-pl"):
            self._traps.append((first, state))
        return True

    def trapped(self, folders: Iterable[str], *, believes: bool) -> list[tuple[str, State]]:
        """What traps run, each with the state that it may count on, once all else has been walked."""
        found, self._traps = self._traps, []
        return [(text, self._at_any_time(state, folders, believes=believes)) for text, state in found]

    def _at_any_time(self, state: State, folders: Iterable[str], *, believes: bool) -> State:
        names = {*state.values, *state.environment, *assigned_names(self._roots)}
        changing = {name for name in names if not believes or self._mentions(name) > (name not in self._given)}
        if len(self._sources) > 1:  # one of them may have been sourced
            changing.add(SCRIPT)
        visible = changing & {*state.environment, *assigned_names(self._roots)}
        unknown: Mapping[str, str | None] = dict.fromkeys(changing)
        everywhere = tuple(dict.fromkeys((*state.folders, *folders)))
        there = state.setting(unknown).without_given().having(dict.fromkeys(visible - {SCRIPT}))
        return replace(there, folders=everywhere, previous=())

    def _mentions(self, name: str) -> int:
        """How often a variable is named other than to be expanded: where it is set, or might be."""
        pattern = re.compile(rf"(?<![\w$/.-])(?<!\$\{{){re.escape(name)}(?![\w/.-])|\$\{{{re.escape(name)}:?=")
        return sum(len(pattern.findall(text)) for text in self._sources)


def entering(word: str, text: str, state: State, functions: Mapping[str, Node]) -> State:
    """The state in which a sourced file begins. `$BASH_SOURCE` is the file there, while `$0` stays what it was."""
    if may_change_unnoticed(text):
        state = replace(state, values={})
    if _ELSEWHERE not in text:
        return state
    mixed = _OWN_NAME.search(text) or any(_names_itself(source(body)) for body in functions.values())
    return state.setting({SCRIPT: None if mixed else word})


def leaving(flows: Sequence[Flow], before: State, text: str, root: Node) -> Flow:
    """How a sourced file ends. Its functions still mean the file by `$BASH_SOURCE`, of which nothing is known from there on."""
    keeps = _ELSEWHERE not in text or not any(child.type == "function_definition" for child in root.children)
    script = before.values.get(SCRIPT) if keeps else None
    ends = joined(flows)
    success, failure, after = (
        None if end is None else end.setting({SCRIPT: script}) for end in (ends.success, ends.failure, ends.after)
    )
    return replace(ends, success=success, failure=failure, after=after)


def _names_itself(text: str) -> bool:
    return _ELSEWHERE in text or _OWN_NAME.search(text) is not None
