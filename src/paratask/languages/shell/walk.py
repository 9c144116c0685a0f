"""The walk over a shell text's tree that `commands.parse_commands` is made of: statement by statement, with states.

See there for what counts and what gives up. Knows bash's grammar as tree-sitter-bash reads it, no program and no file.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access
from paratask.frozen import replace
from paratask.languages.shell.assignments import exporting
from paratask.languages.shell.branches import WILDCARDS, Branches
from paratask.languages.shell.environments import ENDING, VARIABLE, activated, only_sets_path
from paratask.languages.shell.flow import DEAD, Flow, ObscureError, PathUse, State, joined, same
from paratask.languages.shell.inlined import Texts, entering, leaving
from paratask.languages.shell.lists import JOINTS, PIPES, fed, tail_parts
from paratask.languages.shell.loops import has_patterns, takes_lists, with_patterns
from paratask.languages.shell.values import (
    SETTERS,
    all_given,
    assigned_names,
    expanded,
    filled,
    filled_or_listed,
    looks_elsewhere,
    may_change_unnoticed,
)
from paratask.languages.shell.words import (
    first_error,
    resolve_words,
    source,
    substitutions,
    test_words,
)
from paratask.plugins.hookspecs import Invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import TypeAlias

    from tree_sitter import Node

    from paratask.languages.shell.lists import Part
    from paratask.languages.shell.words import Word

    Item: TypeAlias = Invocation | PathUse

_MAX_DEPTH = 60
_TOP = 2
"""How deep a statement stands that is part of nothing else."""
_MAX_FOLDERS = 4
_SOURCES = ("source", ".")
_RUNS_OTHERS = ("eval", *_SOURCES, "trap", "alias", "unalias", "pushd", "popd", "coproc", "enable", "function")
_KEYWORDS = "if then else elif fi for while until do done case esac select in { }".split()
_OBSCURE = frozenset([*_RUNS_OTHERS, *_KEYWORDS])
_GIVING = ("set", "shift")
_MAY_ASK = frozenset("read mapfile readarray rm cp mv ln".split())  # for these standard_input.py is loaded, and decides
_DUPLICATES = frozenset([">&", "<&", ">&-", "<&-"])
_CONSTRUCTS = {"function_definition": "a shell function", "coproc": "`coproc`"}


class Walk(Branches):
    """One walk over a tree. `items` grows; states are values that go in and come out of each statement."""

    def __init__(self, read: Callable[[str], str | None], *, is_fed: bool = False) -> None:
        self.items: list[Item] = []
        self._read = read
        self._texts = Texts()
        self._been: dict[str, None] = {}
        self._calls = 0
        self._depth = 0
        self._fed = is_fed
        self._functions: dict[str, Node] = {}
        self._before: Sequence[Part] = ()
        self._returned: list[State] = []
        self._kinds: Mapping[str, Callable[[Node, State], Flow]] = {
            "program": self._body,
            "compound_statement": self._compound,
            "do_group": self._body,
            "command": self._command,
            "declaration_command": self._declaration,
            "unset_command": self._declaration,
            "test_command": self._test,
            "variable_assignment": self._assignment,
            "variable_assignments": self._assignment,
            **dict.fromkeys(JOINTS, self._joint),
            "negated_command": self._negated,
            "subshell": self._subshell,
            "if_statement": self._if,
            "while_statement": self._while,
            "for_statement": self._for,
            "c_style_for_statement": self._for,
            "case_statement": self._case,
            "function_definition": self._function,
        }

    def text(self, text: str, state: State) -> None:
        """Walk over a whole text."""
        self._texts.start(state)
        root = self._parsed(text)
        self._statement(root, state if self._believes else replace(state, values={}))

    def finish(self) -> None:
        """Walk over what traps run."""
        for _ in range(_MAX_FOLDERS):
            for text, state in self._texts.trapped(self._been, believes=self._believes):
                if len(state.folders) > _MAX_FOLDERS:
                    raise ObscureError("`trap`")
                self._statement(self._parsed(text), state)

    def _parsed(self, text: str) -> Node:
        """The tree of a text. Once one of them may change variables unnoticed, nothing is believed of any."""
        root = self._texts.parsed(text)
        if root.has_error:
            raise ObscureError(f"the shell syntax at `{first_error(root)}`")
        self._believes = self._believes and not may_change_unnoticed(text)
        return root

    def call(self, words: Sequence[Word], state: State, own: Mapping[str, Word]) -> Flow:
        """One simple command, after its words have been resolved."""
        if words and words[0] in self._functions:
            return self._called(self._functions[words[0] or ""], words[1:], state, own)
        while words and words[0] in ("command", "builtin", "exec", "time"):
            rest = words[1:]
            if words[0] == "time" and rest[:1] == ["-p"]:
                rest = rest[1:]
            if rest and (rest[0] or "-").startswith("-"):
                break
            words = list(rest)
        name = words[0] if words else ""
        if name in _OBSCURE or (name == "exec" and len(words) > 1):
            return self._elsewhere(name or "", words[1:], state)
        if name == "cd":
            return self._cd(words[1:], state)
        if name in ("exit", "return"):
            self._returned += [state] if name == "return" else []
            return DEAD
        if name == ENDING and VARIABLE in state.environment:
            return same(state.having({VARIABLE: ""}))
        environment = {**state.environment, **own}
        if words:
            made = (Invocation(words=tuple(words), cwd=cwd, environment=environment, is_fed=self._fed) for cwd in state.folders)
            self.items += made
        return same(self._left(name, words[1:], state))

    def _left(self, name: Word, words: Sequence[Word], state: State) -> State:
        """What a command that has been run leaves of the shell's own variables."""
        if name in _GIVING:
            from paratask.languages.shell.positional import changed

            state = changed(name or "", words, exporting(words, state) if name == "set" else state)
            return state if self._believes else replace(state, values={})
        return replace(state, values={}) if name in SETTERS else state

    def _function(self, node: Node, state: State) -> Flow:
        """A function is looked at where it is called. One that may not be there, or may be another by then, gives up."""
        name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
        there = self._functions.get(source(name)) if name is not None else None
        known = (
            name is not None
            and source(name) not in _OBSCURE
            and (there is None or body is None or source(there) == source(body))
        )
        if self._depth > _TOP or self._loops or not known or name is None or body is None or node.children[-1] != body:
            raise ObscureError("a shell function")
        self._functions[source(name)] = body
        return same(state)

    def _called(self, body: Node, words: Sequence[Word], state: State, own: Mapping[str, Word]) -> Flow:
        """A function's body, where it is called. What it assigns may be its own, so that nothing is known of it afterwards."""
        from paratask.languages.shell.positional import as_before, given

        before, self._returned = self._returned, []
        self._calls += 1
        begin = given(words, state) if self._believes else state
        ends = [self._statement(body, self._set(own, begin.having(own))), *map(same, self._returned)]
        self._calls -= 1
        self._returned = before
        unknown = dict.fromkeys((*assigned_names([body]), *own))
        success, failure, after = (
            None if end is None else as_before(end.setting(unknown), state)
            for flow in [joined(ends)]
            for end in (flow.success, flow.failure, flow.after)
        )
        return Flow(success=success, failure=failure, after=after)

    def _elsewhere(self, name: str, words: Sequence[Word], state: State) -> Flow:
        """What runs a text that does not stand here."""
        if name in _SOURCES:
            return self._sourced(name, words, state)
        if name == "trap" and self._texts.trap(words, replace(state, values={}) if self._calls else state):
            return same(state)
        raise ObscureError(f"`{name}`")

    def _sourced(self, name: str, words: Sequence[Word], state: State) -> Flow:
        """A file, as if it stood here. In a loop or a function, what it sets would not be seen before it is met."""
        if flow := self._activated(words, state):
            return flow
        found = None if self._loops or self._calls else self._texts.sourced(words, state, self._read)
        if found is None:
            raise ObscureError(f"`{name}`")
        word, path, text = found
        state = state.without_given() if len(words) > 1 else state
        self.items.append(PathUse(access=Access.READ, path=path, text=word))
        root = self._parsed(text)
        before, self._returned = self._returned, []
        depth, self._depth = self._depth, 0 if self._depth <= _TOP else self._depth
        flows = [self._statement(root, entering(word, text, state, self._functions)), *map(same, self._returned)]
        self._depth, self._returned = depth, before
        return leaving(flows, state, text, root)

    def _activated(self, words: Sequence[Word], state: State) -> Flow | None:
        """`source .venv/bin/activate`: the environment is read from here on. None where it is another script."""
        word = words[0] if words else None
        found = [activated(word, folder, self._read) for folder in state.folders]
        known = list(dict.fromkeys(path for path in found if path))
        if None in found or not word:
            return None
        self.items += [PathUse(access=Access.READ, path=f"{path}/**", text=word) for path in known]
        after = state.having({VARIABLE: known[0] if len(known) == 1 else None})
        return Flow(success=after, failure=state, after=after)

    def _words(self, node: Node, state: State, values: Callable[[Node, State], Word] = expanded) -> tuple[Word, ...]:
        given = all_given(node, state)
        return resolve_words(node, lambda found: values(found, state)) if given is None else given

    def _statement(self, node: Node, state: State) -> Flow:
        kind = self._kinds.get(node.type)
        if kind is None:
            raise ObscureError(_CONSTRUCTS.get(node.type, f"the shell construct `{node.type.replace('_', ' ')}`"))
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise ObscureError("shell text nested too deep")
        flow = kind(node, state)
        self._depth -= 1
        return flow

    def _sequence(self, nodes: Sequence[Node], state: State | None) -> Flow:
        """Statements one after the other; each starts in what the one before it leaves."""
        flow = same(state)
        for node in nodes:
            if not node.is_named or node.type == "comment":
                continue
            if state is None:
                break
            alone = node.next_sibling is not None and node.next_sibling.type == "&"
            self._depth += alone
            flow = self._statement(node, state)
            self._depth -= alone
            if alone:
                flow = same(state)
            state = flow.after
            if state and len(state.folders) > _MAX_FOLDERS:
                raise ObscureError("`cd` to too many folders")
        return flow

    def _isolated(self, nodes: Sequence[Node], state: State) -> None:
        """Statements in a shell of their own: what they change ends with them."""
        loops, self._loops = self._loops, 0
        before, self._fed = self._fed, self._fed or nodes[0].type == ">("
        for node in nodes:
            if node.type in ("file_redirect", "herestring_redirect"):
                self._redirect(node, state)
        self._sequence([node for node in nodes if not node.type.endswith("_redirect")], state)
        self._loops, self._fed = loops, before

    def _substituted(self, nodes: Iterable[Node], state: State) -> None:
        """What the substitutions in `nodes` run."""
        for node in nodes:
            for substitution in substitutions(node):
                self._depth += 1
                if self._depth > _MAX_DEPTH:
                    raise ObscureError("shell text nested too deep")
                self._isolated(substitution.children, state)
                self._depth -= 1

    def _subshell(self, node: Node, state: State) -> Flow:
        self._isolated(node.children, state)
        return same(state)

    def _pipeline(self, parts: Sequence[Part], state: State | None) -> Flow:
        """One command, or several of which each has a shell of its own; the last one may be in this one (`lastpipe`)."""
        if state is None:
            return DEAD
        loops, self._loops = self._loops, 0 if len(parts) > 1 else self._loops
        for index, part in enumerate(parts[:-1]):
            self._before = parts[:index]
            self._part(part, state)
        self._loops, self._before = loops, parts[:-1]
        last = self._part(parts[-1], state)
        return last if len(parts) == 1 else joined([same(state), last])

    def _part(self, part: Part, state: State) -> Flow:
        before, self._fed = self._fed, fed(part.redirects, self._fed or part.operator in PIPES)
        flow = self._of_part(part, state)
        self._fed = before
        return flow

    def _of_part(self, part: Part, state: State) -> Flow:
        extra = [more for redirect in part.redirects for more in self._redirect(redirect, state)]
        if part.body is None or part.body.type == "command":
            self._depth += 1
            flow = self._command(part.body, state, extra)
            self._depth -= 1
            return flow
        if extra:
            raise ObscureError(f"the shell syntax at `{source(extra[0])}`")
        return self._statement(part.body, state)

    def _command(self, node: Node | None, state: State, extra: Sequence[Node] = ()) -> Flow:
        """A simple command; None where its redirection stands first (`> f echo x`) and `extra` has its words."""
        before, self._before = self._before, ()
        own: dict[str, Word] = {}
        named: list[Node] = []
        children = node.children if node else []
        redirects = [child for child in children if child.type.endswith("_redirect")]
        for child in [*children, *extra]:
            if child.type == "variable_assignment":
                own.update(self._assigned(child, state))
            elif child.type in ("subshell", "$"):
                raise ObscureError(f"the shell syntax at `{source(child.parent or child)[:40]}`")
            elif child not in redirects:
                self._substituted([child], state)
                named.append(child)
        for redirect in redirects:
            named.extend(self._redirect(redirect, state))
        words = [word for child in named for word in self._words(child, state)]
        values = filled_or_listed if None in words and takes_lists(words) else filled if has_patterns(state) else None
        if values is not None:
            words = [*with_patterns(words, [word for child in named for word in self._words(child, state, values)])]
        if None in words and (words[0] in self._functions or words[0] in _GIVING):
            from paratask.languages.shell.positional import counted

            words = counted(named, lambda child: self._words(child, state))
        if before and words[:1] == ["xargs"]:
            from paratask.languages.shell.listed_files import piped

            words = [*piped(words, before, state)]
        if None in words and only_sets_path([source(child) for child in named]) and "HOME" not in state.environment:
            return same(state.having({"PATH": None}))
        return self.started(words, redirects, state, own)

    def started(self, words: Sequence[Word], redirects: Sequence[Node], state: State, own: Mapping[str, Word]) -> Flow:
        """The call, with what the text gives it to read. In a set nobody can type anything for it."""
        before, self._fed = self._fed, fed(redirects, self._fed)
        if not self._fed and not _MAY_ASK.isdisjoint(words[:2]):
            from paratask.languages.shell.standard_input import asking

            if name := asking(words):
                raise ObscureError(f"`{name}`, which waits for what somebody types,")
        flow = self.call(words, state, own)
        self._fed = before
        return flow

    def _cd(self, words: Sequence[Word], state: State) -> Flow:
        operands = [word for word in words if word not in ("-P", "-L", "-e", "-@", "--")]
        target = operands[0] if len(operands) == 1 else None
        if target == "-" and state.previous and not self._loops and "OLDPWD" not in state.environment:
            return Flow(success=state.at(state.previous), failure=state, after=state.at(state.previous))
        if not target or target == "-" or not WILDCARDS.isdisjoint(target) or looks_elsewhere(state):
            raise ObscureError("`cd` to a folder that only the run tells")
        if self._loops:
            raise ObscureError("`cd` inside a loop")
        folders = tuple(dict.fromkeys(posixpath.normpath(posixpath.join(folder, target)) for folder in state.folders))
        there = state.at(folders)
        self._been.update(dict.fromkeys(folders))
        return Flow(success=there, failure=state, after=there)

    def _test(self, node: Node, state: State) -> Flow:
        self._substituted([node], state)
        words = [*test_words(node, lambda found: expanded(found, state))]
        patterns = [*test_words(node, lambda found: filled(found, state))]
        return self.call(with_patterns(words, patterns), state, {})

    def _redirect(self, node: Node, state: State) -> list[Node]:
        """The paths one redirection touches; returns the words after it, which belong to the command."""
        if node.type != "file_redirect":
            nested = [child for child in node.named_children if child.type.endswith("_redirect")]
            tail = tail_parts(node) if node.type == "heredoc_redirect" else []
            self._substituted([child for child in node.named_children if child not in nested and child not in tail], state)
            return [more for child in nested for more in self._redirect(child, state)] + node.children_by_field_name("argument")
        operator = next((child.type for child in node.children if not child.is_named), "")
        targets = node.children_by_field_name("destination")
        self._substituted(targets[:1], state)
        if targets and not (operator in _DUPLICATES and targets[0].type == "number"):
            self._touch(Access.READ if operator == "<" else Access.WRITE, targets[0], state, operator)
        return targets[1:]

    def _touch(self, access: Access, target: Node, state: State, operator: str = "") -> None:
        words = with_patterns(["tee", *self._words(target, state)], ["tee", *self._words(target, state, filled)])
        word = words[1] if len(words) == 2 else None
        text = f"{operator} {source(target)}".strip()
        for folder in state.folders:
            path = None if word is None else posixpath.join(folder, word)
            self.items.append(PathUse(access=access, path=path, text=text))
