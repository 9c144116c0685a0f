"""Nodes and data to text, or to a value. Go: text/template, exec.go, and Resolve of go-task's fork.

Knows how commands, fields and calls are evaluated, and how a call's arguments are checked against Go's types; not what any
function does.
"""

from __future__ import annotations

from paratask.templating.arguments import accepted, constant
from paratask.templating.failures import FunctionError, UnknownValueError, template_error
from paratask.templating.nodes import (
    Action,
    Branch,
    Chain,
    Dot,
    Field,
    Include,
    Jump,
    Literal,
    Name,
    Nil,
    Number,
    Pipeline,
    Text,
    Variable,
)
from paratask.templating.values import (
    MISSING,
    UNKNOWN,
    GoObject,
    is_int,
    is_true,
    output_text,
    sorted_items,
    text_of,
    type_name,
    unpacked,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from paratask.templating import Machine
    from paratask.templating.failures import TemplateError
    from paratask.templating.nodes import Body, Command, Node, Operand, Template

# Deep enough for any Taskfile, and well before Python's own stack ends.
MAX_DEPTH = 100


class _Absent:
    """The class of the value that the first command of a pipeline is given: none."""

    __slots__ = ()


_ABSENT = _Absent()


def execute(template: Template, data: Mapping[str, object], machine: Machine) -> str:
    """The text that `template` makes of `data`. Raises TemplateError, UnknownValueError."""
    evaluator = _Evaluator(template, machine, data)
    try:
        evaluator.run_body(template.body, data)
    except RecursionError:
        raise template_error("nested too deeply", template.source, 0) from None
    return "".join(evaluator.output)


def value_of(template: Template, data: Mapping[str, object], machine: Machine) -> object:
    """The value of the one action that `template` is; None for a missing one. Raises TemplateError, UnknownValueError."""
    if not template.body:
        return None
    action = template.body[0]
    if len(template.body) > 1 or not isinstance(action, Action):
        raise template_error("a reference can only be one expression", template.source, 0)
    try:
        value = _Evaluator(template, machine, data).pipeline(action.pipeline, data)
    except RecursionError:
        raise template_error("nested too deeply", template.source, 0) from None
    if value is UNKNOWN:
        raise UnknownValueError
    return None if value is MISSING else value


class _Evaluator:
    __slots__ = ("_depth", "_machine", "_template", "_variables", "output")

    def __init__(self, template: Template, machine: Machine, data: object) -> None:
        self._template = template
        self._machine = machine
        self._variables: list[tuple[str, object]] = [("$", data)]
        self._depth = 0
        self.output: list[str] = []

    def _error(self, message: str, position: int, help: str | None = None) -> TemplateError:  # noqa: A002
        return template_error(message, self._template.source, position, help)

    def run_body(self, body: Body, dot: object) -> str:
        """Run nodes; "break" or "continue" where one was met, else empty."""
        for node in body:
            if type(node) is Text:
                self.output.append(node.text)
            elif type(node) is Action:
                value = self.pipeline(node.pipeline, dot)
                if not node.pipeline.declares:
                    self.output.append(output_text(value))
            elif jump := self._run_other(node, dot):
                return jump
        return ""

    def _run_other(self, node: Node, dot: object) -> str:
        if isinstance(node, Jump):
            return node.kind
        if isinstance(node, Include):
            self._include(node, dot)
            return ""
        assert isinstance(node, Branch)
        visible = len(self._variables)
        try:
            return self._range(node, dot) if node.kind == "range" else self._choice(node, dot)
        finally:
            del self._variables[visible:]

    def _choice(self, node: Branch, dot: object) -> str:
        value = self.pipeline(node.pipeline, dot)
        if not is_true(value):
            return self.run_body(node.otherwise, dot)
        return self.run_body(node.body, value if node.kind == "with" else dot)

    def _range(self, node: Branch, dot: object) -> str:
        pipeline = node.pipeline
        rounds = self._rounds(self.pipeline(pipeline, dot), pipeline)
        visible = len(self._variables)
        ran = False
        for key, item in rounds:
            ran = True
            if item is UNKNOWN:
                raise UnknownValueError
            if pipeline.declares:
                self._set_loop_variables(pipeline, key, item, visible)
            jump = self.run_body(node.body, item)
            del self._variables[visible:]
            if jump == "break":
                break
        if ran:
            return ""
        # Go: a `continue` in the `else` goes to the loop around this one, a `break` ends here.
        jump = self.run_body(node.otherwise, dot)
        return "" if jump == "break" else jump

    def _rounds(self, value: object, pipeline: Pipeline) -> Iterable[tuple[object, object]]:
        value = unpacked(value)
        if isinstance(value, (list, tuple)):
            return enumerate(value)
        if isinstance(value, dict):
            return sorted_items(value)
        if value is MISSING:
            return ()
        if not is_int(value):
            raise self._error(f"range can't iterate over {text_of(value)}", pipeline.position)
        assert isinstance(value, int)
        if len(pipeline.declares) > 1:
            raise self._error(f"can't use {value} to iterate over more than one variable", pipeline.position)
        return ((MISSING, type(value)(i)) for i in range(value))

    def _set_loop_variables(self, pipeline: Pipeline, key: object, item: object, visible: int) -> None:
        values = (key, item) if len(pipeline.declares) > 1 else (item,)
        for place, name in enumerate(pipeline.declares, start=visible - len(values)):
            value = values[place - visible]
            if pipeline.assigns:
                self._assign(name, value, pipeline.position)
            else:
                self._variables[place] = (name, value)

    def _include(self, node: Include, dot: object) -> None:
        body = self._template.definitions.get(node.name)
        if body is None:
            raise self._error(f"template `{node.name}` is not defined", node.position)
        if self._depth == MAX_DEPTH:
            raise self._error(f"templates call one another more than {MAX_DEPTH} deep", node.position)
        value = self.pipeline(node.pipeline, dot) if node.pipeline else MISSING
        outer = self._variables
        self._variables = [("$", value)]
        self._depth += 1
        self.run_body(body, value)
        self._depth -= 1
        self._variables = outer

    def pipeline(self, pipeline: Pipeline, dot: object) -> object:
        """The value of a pipeline; a nil becomes MISSING, as Go looks into the interface."""
        value: object = _ABSENT
        for command in pipeline.commands:
            value = self._command(command, dot, value)
            if value is None:
                value = MISSING
        for name in pipeline.declares:
            if pipeline.assigns:
                self._assign(name, value, pipeline.position)
            else:
                self._variables.append((name, value))
        return value

    def _assign(self, name: str, value: object, position: int) -> None:
        self._variables[self._place(name, position)] = (name, value)

    def _place(self, name: str, position: int) -> int:
        variables = self._variables
        for place in range(len(variables) - 1, -1, -1):
            if variables[place][0] == name:
                return place
        raise self._error(f"undefined variable `{name}`", position)

    def _command(self, command: Command, dot: object, final: object) -> object:
        head, arguments = command.head, command.arguments
        if type(head) is Field:
            return self._fields(dot, head.names, head.position, arguments, final, dot)
        if type(head) is Name:
            return self._call(head, arguments, final, dot)
        if type(head) is Variable and head.names:
            return self._fields(self._variable(head), head.names, head.position, arguments, final, dot)
        if type(head) is Chain:
            return self._fields(self._operand(head.inner, dot), head.names, head.position, arguments, final, dot)
        if arguments or final is not _ABSENT:
            raise self._error("can't give an argument to what is no function", head.position)
        return self._operand(head, dot)

    def _operand(self, node: Operand, dot: object) -> object:
        """An operand by itself, where any type will do."""
        kind = type(node)
        if kind is Literal or kind is Number:
            return node.value  # type: ignore[union-attr]
        if isinstance(node, Field):
            return self._fields(dot, node.names, node.position, (), _ABSENT, dot)
        if isinstance(node, Variable):
            value = self._variable(node)
            return self._fields(value, node.names, node.position, (), _ABSENT, dot) if node.names else value
        if isinstance(node, Pipeline):
            return self.pipeline(node, dot)
        if isinstance(node, Name):
            return self._call(node, (), _ABSENT, dot)
        if isinstance(node, Dot):
            return dot
        if isinstance(node, Chain):
            return self._fields(self._operand(node.inner, dot), node.names, node.position, (), _ABSENT, dot)
        raise self._error("nil is not a command", node.position)

    def _variable(self, node: Variable) -> object:
        return self._variables[self._place(node.name, node.position)][1]

    def _fields(
        self,
        receiver: object,
        names: tuple[str, ...],
        position: int,
        arguments: tuple[Operand, ...],
        final: object,
        dot: object,
    ) -> object:
        for name in names[:-1]:
            receiver = self._field(receiver, name, position, (), _ABSENT, dot)
        return self._field(receiver, names[-1], position, arguments, final, dot)

    def _field(
        self, receiver: object, name: str, position: int, arguments: tuple[Operand, ...], final: object, dot: object
    ) -> object:
        if isinstance(receiver, dict):
            if arguments or final is not _ABSENT:
                raise self._error(f"`{name}` is not a function but has arguments", position)
            value = receiver.get(name, MISSING)
            if value is UNKNOWN:
                raise UnknownValueError(name)
            return value
        if receiver is MISSING:
            return MISSING
        if isinstance(receiver, GoObject):
            return self._method(receiver, name, position, arguments, final, dot)
        if receiver is UNKNOWN:
            raise UnknownValueError(name)
        if receiver is None:
            raise self._error(f"nil has no field `{name}`", position)
        raise self._error(f"can't evaluate field `{name}` in type {type_name(receiver)}", position)

    def _method(
        self, receiver: GoObject, name: str, position: int, arguments: tuple[Operand, ...], final: object, dot: object
    ) -> object:
        method = receiver.go_methods().get(name)
        if method is None:
            raise self._error(f"can't evaluate field `{name}` in type {receiver.go_type}", position)
        values = [self._argument(argument, "any", dot) for argument in arguments]
        if final is not _ABSENT:
            values.append(final)
        try:
            return method(*values)
        except (FunctionError, TypeError, ValueError) as error:
            raise self._error(f"error calling {name}: {error}", position) from None

    def _call(self, node: Name, arguments: tuple[Operand, ...], final: object, dot: object) -> object:
        function = node.function
        types, rest = function.types, function.rest
        given = len(arguments) + (final is not _ABSENT)
        if given < len(types) or (given > len(types) and not rest):
            at_least = "at least " if rest else ""
            message = f"wrong number of arguments for `{function.name}`: want {at_least}{len(types)}, got {given}"
            raise self._error(message, node.position)
        if function.name in ("and", "or"):
            return self._short_circuit(function.name == "or", arguments, final, dot)
        values: list[object] = [self._machine] if function.needs_machine else []
        for place, argument in enumerate(arguments):
            values.append(self._argument(argument, types[place] if place < len(types) else rest, dot))
        if final is not _ABSENT:
            values.append(self._accepted(final, types[given - 1] if given <= len(types) else rest, node.position))
        try:
            return function.code(*values)
        except FunctionError as error:
            raise self._error(f"error calling {function.name}: {error.message}", node.position, error.help) from None
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise self._error(f"error calling {function.name}: {error}", node.position) from error

    def _short_circuit(self, until: bool, arguments: tuple[Operand, ...], final: object, dot: object) -> object:
        value: object = MISSING
        for argument in arguments:
            value = self._argument(argument, "value", dot)
            if is_true(value) is until:
                return value
        return value if final is _ABSENT else final

    def _argument(self, node: Operand, wanted: str, dot: object) -> object:
        """A call's argument; constants take the type that is asked for, all else must have it."""
        if not isinstance(node, (Literal, Number, Nil)):
            return self._accepted(self._operand(node, dot), wanted, node.position)
        try:
            return constant(node, wanted)
        except FunctionError as error:
            raise self._error(error.message, node.position) from None

    def _accepted(self, value: object, wanted: str, position: int) -> object:
        try:
            return accepted(value, wanted)
        except FunctionError as error:
            raise self._error(error.message, position, error.help) from None
