"""The branches and loops of a shell text: which states each part of them may start in, and what they leave.

Part of the walk in `walk`, which knows the statements. Knows no simple command.
"""

from __future__ import annotations

from paratask.claims.model import Access
from paratask.frozen import replace
from paratask.languages.shell.assignments import Assignments
from paratask.languages.shell.flow import Flow, ObscureError, State, either, joined, merged, same
from paratask.languages.shell.lists import pipelines
from paratask.languages.shell.loops import MAX_ROUNDS, goes_through_all, gone_through
from paratask.languages.shell.values import assigned_names, is_pattern, is_plain, may_shift
from paratask.languages.shell.words import source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tree_sitter import Node

    from paratask.languages.shell.lists import Part
    from paratask.languages.shell.words import Word

WILDCARDS = frozenset("*?[")


class Branches(Assignments):
    """The compound statements of a walk, which has the other methods."""

    _loops = 0
    _rounds = 1

    def _sequence(self, nodes: Sequence[Node], state: State | None) -> Flow:
        """Statements one after the other."""
        raise NotImplementedError

    def _pipeline(self, parts: Sequence[Part], state: State | None) -> Flow:
        """Commands joined by `|`."""
        raise NotImplementedError

    def _touch(self, access: Access, target: Node, state: State, operator: str = "") -> None:
        """A path that the shell itself uses."""
        raise NotImplementedError

    def _body(self, node: Node, state: State) -> Flow:
        return self._sequence(node.children, state)

    def _compound(self, node: Node, state: State) -> Flow:
        if node.children and node.children[0].type == "((":
            self._substituted([node], state)
            return same(state)
        return self._sequence(node.children, state)

    def _negated(self, node: Node, state: State) -> Flow:
        flow = self._sequence(node.named_children, state)
        return Flow(success=flow.failure, failure=flow.success, after=merged(flow.success, flow.failure))

    def _joint(self, node: Node, state: State) -> Flow:
        """Pipelines joined by `&&` and `||`."""
        flow = same(state)
        for operator, parts in pipelines(node):
            if operator == "&&":
                flow = either(flow, self._pipeline(parts, flow.success), of="success")
            elif operator == "||":
                flow = either(flow, self._pipeline(parts, flow.failure), of="failure")
            else:
                flow = self._pipeline(parts, state)
        return flow

    def _if(self, node: Node, state: State) -> Flow:
        """Branches start where the conditions before them failed, their own succeeded."""
        ends: list[Flow] = []
        failing: State | None = state
        for clause in [node, *(child for child in node.children if child.type in ("elif_clause", "else_clause"))]:
            parts = [child for child in clause.children if child.type not in ("elif_clause", "else_clause")]
            if clause.type == "else_clause":
                ends.append(self._sequence(parts, failing))
                failing = None
                continue
            then = next(index for index, child in enumerate(parts) if child.type == "then")
            condition = self._sequence(parts[:then], failing)
            ends.append(self._sequence(parts[then:], condition.success))
            failing = condition.failure
        return joined([*ends, same(failing)])

    def _while(self, node: Node, state: State) -> Flow:
        return self._loop(node.children, state)

    def _for(self, node: Node, state: State) -> Flow:
        body = node.child_by_field_name("body")
        variable = node.child_by_field_name("variable")
        heads = [child for child in node.named_children if child not in (body, variable)]
        self._substituted(heads, state)
        for head in heads:
            if not WILDCARDS.isdisjoint(source(head)) and head.type in ("word", "concatenation"):
                self._touch(Access.READ, head, state)
        nodes = [body] if body else []
        if variable is None:
            return self._loop(nodes, replace(state, values={}))
        name = source(variable)
        values = gone_through(node, name, body, state)
        values = values if self._rounds * len(values) <= MAX_ROUNDS else (None,)
        outside, self._rounds = self._rounds, self._rounds * len(values)
        goes_round = self._once if all(map(is_plain, values)) and goes_through_all(node, values) else self._loop
        for value in values:
            state = goes_round(nodes, self._going(name, value, state)).after or state
        self._rounds = outside
        return same(self._going(name, None, state))

    def _once(self, nodes: Sequence[Node], state: State) -> Flow:
        """A round that is sure to be: what it sets is known in the next one."""
        self._loops += 1
        state = state.without_given() if may_shift(nodes) else state
        after = self._sequence(nodes, state).after
        self._loops -= 1
        return same(after or state.setting(dict.fromkeys(assigned_names(nodes))))

    def _going(self, name: str, value: Word, state: State) -> State:
        """In a round of a loop: its variable's value, which may be a pattern."""
        seen = self._seen({name: value if is_plain(value) else None}, state)
        known = self._believes and (is_plain(value) or is_pattern(value))
        return state.having(seen).setting({name: value if known else None})

    def _loop(self, nodes: Sequence[Node], state: State) -> Flow:
        """Zero times or more. The second round sees the variables that the first has set."""
        self._loops += 1
        state = state.setting(dict.fromkeys(assigned_names(nodes)))
        state = state.without_given() if may_shift(nodes) else state
        once = merged(state, self._sequence(nodes, state).after) or state
        if once != state:
            once = merged(once, self._sequence(nodes, once).after) or once
        self._loops -= 1
        return same(once)

    def _case(self, node: Node, state: State) -> Flow:
        """Of the branches, those that the word may choose; where it is known, that is one."""
        from paratask.languages.shell.cases import chooses, matches

        ends: list[Flow] = []
        passed: State | None = state
        word = chooses(node, state)
        for child in node.named_children:
            if child.type != "case_item":
                self._substituted([child], state)
                continue
            if child.child_by_field_name("fallthrough"):
                raise ObscureError("`;&` in a `case`")
            values = child.children_by_field_name("value")
            self._substituted(values, state)
            taken = matches(values, word) if passed else False
            passed = None if taken else passed
            if taken is not False:
                ends.append(self._sequence([part for part in child.children if part not in values], state))
        return joined([same(passed), *ends])
