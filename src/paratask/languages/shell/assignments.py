"""The assignments of a shell text: what its variables are from there on, and what programs see of them.

Part of the walk in `walk`, which knows the statements. A variable that is not exported is seen by programs only where it was exported
before; then those are meant that matter to tools by their own rules, as a task's environment counts no others either.
"""

from __future__ import annotations

import re

from paratask.frozen import replace
from paratask.languages.leading_variables import SAME_UNSET, leads, unset
from paratask.languages.shell.flow import PATH, PROGRAMS, Flow, ObscureError, State, same
from paratask.languages.shell.values import (
    EMPTY,
    NAMED,
    SCRIPT,
    assigned,
    is_list,
    is_plain,
    is_several,
    listed_by,
    variable_of,
)
from paratask.languages.shell.words import resolve_value, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tree_sitter import Node

    from paratask.languages.shell.words import Word

_ALL = "allexport"
_EXPORTED = frozenset("PATH HOME PWD OLDPWD CDPATH TMPDIR IFS SHELL USER LANG TERM".split())
"""What each shell is started with, or goes by itself."""
_LISTS = (SAME_UNSET - {"CDPATH", "GOFLAGS"}) | {PATH, "CPATH", "LIBRARY_PATH", "CMAKE_PREFIX_PATH"}
"""Folders to look in, with colons between them."""
_BEFORE = "\2"
"""In such a list: what it was before."""


class Assignments:
    """The assignments of a walk, which has the other methods."""

    _believes = True

    def _substituted(self, nodes: Iterable[Node], state: State) -> None:
        """What the substitutions in `nodes` run."""
        raise NotImplementedError

    def _assigned(self, node: Node, state: State) -> dict[str, Word]:
        """The name and value of one assignment."""
        self._substituted([node], state)
        name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
        if name is None or name.type != "variable_name":
            return {}
        appended = any(child.type == "+=" for child in node.children)
        known = "" if value is None else None if appended else resolve_value(value, lambda found: assigned(found, state))
        if known is None and value is not None and not appended and source(name) in _LISTS:
            known = _extended(value, source(name), state)
        return {source(name): known and known.replace(EMPTY, "")}

    def _assignment(self, node: Node, state: State) -> Flow:
        """`A=x` by itself: what programs see of it depends on whether it has been exported."""
        nodes = [node] if node.type == "variable_assignment" else node.named_children
        for child in nodes:
            found = self._assigned(child, state)
            own = found or {variable_of(child): None}
            value = child.child_by_field_name("value")
            if value is not None and None in found.values() and source(child).startswith(f"{variable_of(child)}="):
                own = dict.fromkeys(found, listed_by(value, state) or _named_after(value, state))
            state = self._set(own, state.having(self._seen(found, state)))
        return same(state)

    def _seen(self, found: Mapping[str, Word], state: State) -> dict[str, Word]:
        """What programs may see of assignments: the value where it is known to be exported, None where that may be. `PATH` leads the shell itself."""
        return {
            name: value
            if self._believes and (state.exports or name == PATH or state.environment.get(name) is not None)
            else None
            for name, value in found.items()
            if name != SCRIPT and (state.exports or name in state.environment or name in _EXPORTED or leads(name))
        }

    def _set(self, found: Mapping[str, Word], state: State) -> State:
        """After assignments to the shell's own variables."""
        found = {name: EMPTY if value == "" else value for name, value in found.items()}
        known = {
            name: self._believes and (value == EMPTY or is_several(value) or is_list(value)) and not _takes_over(name, value)
            for name, value in found.items()
        }
        named = {name: value[1:] for name, value in found.items() if value and value[0] == NAMED and self._believes}
        return state.setting({name: value if known[name] else named.get(name) for name, value in found.items()})

    def _declaration(self, node: Node, state: State) -> Flow:
        exports = any(source(child) in ("export", "-x") for child in node.children)
        removes = node.type == "unset_command"
        keeps = not removes and any(source(child) in ("export", "readonly") for child in node.children)
        if removes and any(source(child).startswith("-f") for child in node.named_children):
            raise ObscureError("a shell function")
        found: dict[str, Word] = {}
        own: dict[str, Word] = {}
        for child in node.named_children:
            if child.type == "variable_assignment":
                values = self._assigned(child, state)
                found.update(values if exports else self._seen(values, state))
                own.update(values or {variable_of(child): None})
            elif child.type == "variable_name":
                name = source(child)
                value = state.values.get(name) if exports and keeps and self._believes else None
                known = value if is_plain(value) else None
                seen = {name: known} if exports else self._seen({name: None}, state)
                found.update(dict.fromkeys(seen, unset(name)) if removes and self._believes else seen)
                own.update({} if keeps else {name: None})
            else:
                self._substituted([child], state)
                own.update(dict.fromkeys(() if source(child).startswith("-") else state.values))
        return same(self._set(own, state.having(found)))


def _extended(value: Node, name: str, state: State) -> Word:
    """A list of folders to which some are added (`bin:$PATH`). What the machine has set it to counts as nothing, as where nobody adds to it."""
    was = state.environment.get(name, PROGRAMS if name == PATH else "")
    if was is None or (name in state.values and name not in state.environment):
        return None
    before = re.compile(rf"\$(?:{name}|\{{{name}(?::?-)?\}}|\{{{name}:?\+(:?)\$\{{?{name}\}}?(:?)\}})")

    def expanded(node: Node) -> Word:
        found = before.fullmatch(source(node))
        return f"{found[1] or ''}{_BEFORE}{found[2] or ''}" if found else assigned(node, state)

    parts = (resolve_value(value, expanded) or "").split(":")
    is_known = _BEFORE in parts and all(part == _BEFORE or _BEFORE not in part for part in parts)
    return ":".join(parts).replace(_BEFORE, was) if is_known else None


def _named_after(value: Node, state: State) -> Word:
    if "basename" not in source(value):
        return None
    from paratask.languages.shell.loops import named_after

    return named_after(value, state)


def _takes_over(name: str, value: Word) -> bool:
    """Whether a list may go on with what it was before, which its value here does not have."""
    return name == PATH or (name in _LISTS and value is not None and "" in value.split(":"))


def exporting(words: Sequence[Word], state: State) -> State:
    """After `set` with these words: whether what is assigned from here on is exported."""
    for word, following in zip(words, (*words[1:], None), strict=True):
        if word in (None, "--", "-"):
            break
        if word in ("-o", "+o") and following == _ALL:
            state = replace(state, exports=word == "-o")
        elif word[:1] in ("-", "+") and "a" in word[1:]:
            state = replace(state, exports=word[0] == "-")
    return state
