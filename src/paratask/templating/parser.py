"""Tokens to nodes. Go: text/template/parse, parse.go.

Function names and variables are checked here, so that a misspelt one is found before anything runs. Knows which functions
there are, not what they do.
"""

from __future__ import annotations

from paratask.templating.failures import template_error
from paratask.templating.functions import find, nearest
from paratask.templating.lexer import (
    ASSIGN,
    BOOL,
    CHAR,
    CLOSE,
    COMPLEX,
    DECLARE,
    DOT,
    END,
    ERROR,
    FIELD,
    KEYWORD,
    LEFT,
    MARK,
    NAME,
    NIL,
    NUMBER,
    OPEN,
    PIPE,
    RAW_STRING,
    RIGHT,
    SPACE,
    STRING,
    TEXT,
    VARIABLE,
    Token,
)
from paratask.templating.literals import parse_character, parse_number, parse_string
from paratask.templating.nodes import (
    Action,
    Branch,
    Chain,
    Command,
    Dot,
    Field,
    Include,
    Jump,
    Literal,
    Name,
    Nil,
    Number,
    Pipeline,
    Template,
    Text,
    Variable,
)
from paratask.templating.stream import TokenStream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.templating.nodes import Body, Node, Operand

_MUTATING = frozenset(("set", "unset"))
_BRANCHES = frozenset(("if", "with", "range"))
_OPERANDS = frozenset((BOOL, CHAR, COMPLEX, DOT, FIELD, NAME, NUMBER, NIL, RAW_STRING, STRING, VARIABLE, LEFT))
_INERT = (Literal, Number, Nil, Dot)


def parse(text: str) -> Template:
    """The template that `text` is. Raises TemplateError."""
    parser = _Parser(text)
    try:
        body = parser.template()
    except RecursionError:
        raise template_error("nested too deeply", text, 0) from None
    return Template(text, body, parser.definitions, mutates=parser.mutates)


class _Parser(TokenStream):
    __slots__ = ("_loops", "_variables", "definitions", "mutates")

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._variables = ["$"]
        self._loops = 0
        self.definitions: dict[str, Body] = {}
        self.mutates = False

    def template(self) -> Body:
        nodes: list[Node] = []
        while (token := self._next()).kind is not END:
            if token.kind is OPEN and self._keyword_follows("define"):
                self._next_solid()
                self._definition()
                continue
            node, stop = self._text_or_action(token)
            if stop is not None:
                raise self._error(f"unexpected {{{{{stop.text}}}}}", stop.position)
            if node is not None:
                nodes.append(node)
        body = tuple(nodes)
        self.definitions.setdefault("", body)
        return body

    def _items(self, opened: Token) -> tuple[Body, Token]:
        """Nodes up to the `end` or `else` that is returned with them."""
        nodes: list[Node] = []
        while (token := self._next()).kind is not END:
            node, stop = self._text_or_action(token)
            if stop is not None:
                return tuple(nodes), stop
            if node is not None:
                nodes.append(node)
        raise self._error(f"`{opened.text}` is not closed: {{{{end}}}} is missing", opened.position)

    def _text_or_action(self, token: Token) -> tuple[Node | None, Token | None]:
        """A node, or the keyword token of an `end` or `else`."""
        if token.kind is TEXT:
            return Text(token.text), None
        if token.kind is not OPEN:
            raise self._unexpected(token, "input")
        first = self._peek_solid()
        if first.kind is not KEYWORD or first.text == "define":
            return Action(self._pipeline("command", CLOSE)), None
        self._next_solid()
        if first.text in ("end", "else"):
            if first.text == "end" or not self._keyword_follows("if", "with"):
                self._expect_close(first.text)
            return None, first
        return self._control(first), None

    def _control(self, keyword: Token) -> Node:
        word = keyword.text
        if word in _BRANCHES:
            return self._branch(keyword)
        if word in ("break", "continue"):
            self._expect_close(f"{{{{{word}}}}}")
            if not self._loops:
                raise self._error(f"{{{{{word}}}}} outside {{{{range}}}}", keyword.position)
            return Jump(word)
        return self._include() if word == "template" else self._block(keyword)

    def _branch(self, keyword: Token) -> Branch:
        word = keyword.text
        visible = len(self._variables)
        pipeline = self._pipeline(word, CLOSE)
        self._loops += word == "range"
        body, stop = self._items(keyword)
        self._loops -= word == "range"
        otherwise: Body = ()
        if stop.text == "else":
            otherwise = self._otherwise(word, stop)
        del self._variables[visible:]
        return Branch(word, pipeline, body, otherwise)

    def _otherwise(self, word: str, stop: Token) -> Body:
        """What follows `else`; `else if` and `else with` share the `end` of the branch they continue."""
        following = self._peek_solid()
        if self._tokens[self._index - 1] is stop and self._keyword_follows("if", "with"):
            if following.text != word:
                raise self._unexpected(following, f"{{{{else}}}} of {{{{{word}}}}}")
            return (self._branch(self._next_solid()),)
        body, end = self._items(stop)
        if end.text != "end":
            raise self._error("expected {{end}}; found {{else}}", end.position)
        return body

    def _definition(self) -> None:
        token = self._next_solid()
        name = self._template_name(token, "define clause")
        self._expect_close("define clause")
        self._define(name, token)

    def _define(self, name: str, opened: Token) -> None:
        outer = self._variables, self._loops
        self._variables, self._loops = ["$"], 0
        body, stop = self._items(opened)
        if stop.text != "end":
            raise self._error("expected {{end}}; found {{else}}", stop.position)
        self._variables, self._loops = outer
        if _is_blank(self.definitions.get(name, ())):
            self.definitions[name] = body
        elif not _is_blank(body):
            raise self._error(f"template `{name}` is defined twice", opened.position)

    def _block(self, keyword: Token) -> Include:
        token = self._next_solid()
        name = self._template_name(token, "block clause")
        pipeline = self._pipeline("block clause", CLOSE)
        self._define(name, keyword)
        return Include(token.position, name, pipeline)

    def _include(self) -> Include:
        token = self._next_solid()
        name = self._template_name(token, "template clause")
        pipeline = None
        if self._peek_solid().kind is CLOSE:
            self._expect_close("template clause")
        else:
            pipeline = self._pipeline("template clause", CLOSE)
        return Include(token.position, name, pipeline)

    def _template_name(self, token: Token, context: str) -> str:
        if token.kind not in (STRING, RAW_STRING):
            raise self._unexpected(token, context)
        return self._string(token)

    def _string(self, token: Token) -> str:
        try:
            return parse_string(token.text)
        except ValueError as error:
            raise self._error(str(error), token.position) from None

    def _pipeline(self, context: str, end: str) -> Pipeline:
        position = self._peek_solid().position
        declares, assigns = self._declarations(context)
        commands: list[Command] = []
        while True:
            token = self._next_solid()
            if token.kind is end:
                break
            if token.kind not in _OPERANDS:
                raise self._unexpected(token, context)
            self._index -= 1
            command = self._command()
            if commands and isinstance(command.head, _INERT):
                raise self._error(f"non executable command in pipeline stage {len(commands) + 1}", command.head.position)
            commands.append(command)
        if not commands:
            raise self._error(f"missing value for {context}", token.position)
        return Pipeline(position, tuple(commands), declares, assigns=assigns)

    def _declarations(self, context: str) -> tuple[tuple[str, ...], bool]:
        """`$x :=`, `$x =`, and in a range `$i, $x :=`; nothing is taken where there is no such thing."""
        names: list[str] = []
        while (variable := self._peek_solid()).kind is VARIABLE:
            before = self._index
            self._next_solid()
            following = self._peek_solid()
            comma = following.kind is MARK and following.text == ","
            if following.kind not in (ASSIGN, DECLARE) and not comma:
                self._index = before
                break
            self._next_solid()
            names.append(variable.text)
            self._variables.append(variable.text)
            if not comma:
                return tuple(names), following.kind is ASSIGN
            if context != "range" or len(names) > 1:
                raise self._error(f"too many declarations in {context}", following.position)
            if self._peek_solid().kind is not VARIABLE:
                raise self._error("range can only initialize variables", self._peek_solid().position)
        return tuple(names), False

    def _command(self) -> Command:
        operands: list[Operand] = []
        while True:
            operand = self._operand()
            if operand is not None:
                operands.append(operand)
            token = self._next()
            if token.kind is SPACE:
                continue
            if token.kind in (CLOSE, RIGHT):
                self._index -= 1
            elif token.kind is not PIPE:
                raise self._unexpected(token, "operand")
            break
        if not operands:
            raise self._error("empty command", token.position)
        return Command(operands[0], tuple(operands[1:]))

    def _operand(self) -> Operand | None:
        node = self._term()
        if node is None or self._tokens[self._index].kind is not FIELD:
            return node
        position = self._tokens[self._index].position
        names: list[str] = []
        while self._tokens[self._index].kind is FIELD:
            names.append(self._next().text[1:])
        if isinstance(node, Field):
            return Field(node.position, node.names + tuple(names))
        if isinstance(node, Variable):
            return Variable(node.position, node.name, tuple(names))
        if isinstance(node, _INERT):
            raise self._error("unexpected . after a constant or .", position)
        return Chain(position, node, tuple(names))

    def _term(self) -> Operand | None:
        token = self._peek_solid()
        if token.kind not in _OPERANDS:
            if token.kind is ERROR:
                self._next_solid()
            return None
        self._next_solid()
        kind, position = token.kind, token.position
        if kind is FIELD:
            return Field(position, (token.text[1:],))
        if kind is NAME:
            return self._function(token)
        if kind is VARIABLE:
            return self._variable(token)
        if kind is LEFT:
            return self._pipeline("parenthesized pipeline", RIGHT)
        if kind is DOT:
            return Dot(position)
        if kind is NIL:
            return Nil(position)
        return self._constant(token)

    def _constant(self, token: Token) -> Operand:
        kind, position, text = token.kind, token.position, token.text
        if kind is BOOL:
            return Literal(position, text, text == "true")
        if kind in (STRING, RAW_STRING):
            return Literal(position, text, self._string(token))
        try:
            if kind is CHAR:
                code = parse_character(text)
                return Number(position, text, integer=code, real=float(code), value=code)
            integer, real, value = parse_number(text)
        except ValueError as error:
            raise self._error(str(error), position) from None
        return Number(position, text, integer=integer, real=real, value=value)

    def _function(self, token: Token) -> Name:
        function = find(token.text)
        if function is None:
            close = nearest(token.text)
            help_text = f"did you mean `{close}`?" if close else None
            raise self._error(f"function `{token.text}` is not defined", token.position, help_text)
        if token.text in _MUTATING:
            self.mutates = True
        return Name(token.position, function)

    def _variable(self, token: Token) -> Variable:
        if token.text not in self._variables:
            raise self._error(f"undefined variable `{token.text}`", token.position)
        return Variable(token.position, token.text, ())


def _is_blank(body: Body) -> bool:
    return all(isinstance(node, Text) and not node.text.strip() for node in body)
