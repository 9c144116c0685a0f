"""`shellQuote` and `splitArgs`. Go: mvdan.cc/sh, syntax.Quote for bash, and shell.Fields.

Knows quotes, braces, tildes and plain variables; command substitution and arithmetic are errors.
"""

from __future__ import annotations

from paratask.templating.failures import FunctionError
from paratask.templating.functions.paths import shell_name
from paratask.templating.values import NilStrings, Strings, from_bytes, to_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.templating import Machine

_KEYWORDS = frozenset("! [[ ]] case coproc do done else esac fi for function if in select then time until while { }".split())
_SPECIAL = frozenset(";\"'()$|&><` \t\r\n\\#{~*?[=")
_CONTROLS = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}
_WIDTHS = {"x": 2, "u": 4, "U": 8}
_OPERATORS = frozenset(";|&<>()")


def quote(text: str) -> str:
    """One word for bash."""
    if not text:
        return "''"
    if "\0" in text:
        raise FunctionError("shell strings cannot contain null bytes")
    if not all(char.isprintable() and char != "�" for char in text):
        return f"$'{''.join(map(_escaped, text))}'"
    if not _SPECIAL.intersection(text) and text not in _KEYWORDS:
        return text
    if "'" not in text:
        return f"'{text}'"
    inside = "".join("\\" + char if char in '"\\`$' else char for char in text)
    return f'"{inside}"'


def _escaped(char: str) -> str:
    code = ord(char)
    if char in "'\\":
        return "\\" + char
    if char in _CONTROLS:
        return _CONTROLS[char]
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if char.isprintable() and char != "�":
        return char
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def split_arguments(machine: Machine, text: str) -> Strings:
    """The words of a command line, with variables, braces and tildes filled in."""
    fields: list[object] = []
    for word in _Words(text, machine).run():
        fields += word
    return Strings(fields) if fields else NilStrings()


class _Words:
    """Reads words. A word is a list of pieces: text, whether it was quoted, and whether it may be split at spaces."""

    __slots__ = ("_machine", "_position", "_text")

    def __init__(self, text: str, machine: Machine) -> None:
        self._text = text
        self._machine = machine
        self._position = 0

    def run(self) -> list[list[str]]:
        words: list[list[str]] = []
        while True:
            self._skip()
            if self._position >= len(self._text):
                return words
            words += map(self._fields, _braces(self._word()))

    def _skip(self) -> None:
        text = self._text
        while self._position < len(text):
            if text[self._position] in " \t\r\n":
                self._position += 1
            elif text.startswith("\\\n", self._position):
                self._position += 2
            elif text[self._position] == "#":
                end = text.find("\n", self._position)
                self._position = len(text) if end < 0 else end
            else:
                return

    def _word(self) -> list[tuple[str, str]]:
        """Pieces up to the next space: (text, "plain" | "quoted" | "expanded")."""
        pieces: list[tuple[str, str]] = []
        text = self._text
        while self._position < len(text) and text[self._position] not in " \t\r\n":
            char = text[self._position]
            if char in _OPERATORS:
                raise FunctionError(f"`{char}` is not a valid word")
            self._position += 1
            if char == "'":
                pieces.append((self._until("'"), "quoted"))
            elif char == '"':
                pieces += self._double_quoted()
            elif char == "\\":
                if text[self._position : self._position + 1] != "\n":
                    pieces.append((text[self._position : self._position + 1] or "\\", "quoted"))
                self._position += 1
            elif char == "$" and text.startswith(("'", '"'), self._position):
                pieces += self._dollar_quoted()
            elif char in "$`":
                pieces.append((self._variable(char), "expanded"))
            else:
                pieces.append((char, "plain"))
        return pieces

    def _until(self, quote_mark: str) -> str:
        end = self._text.find(quote_mark, self._position)
        if end < 0:
            raise FunctionError(f"reached EOF without closing quote {quote_mark}")
        piece = self._text[self._position : end]
        self._position = end + 1
        return piece

    def _dollar_quoted(self) -> list[tuple[str, str]]:
        self._position += 1
        if self._text[self._position - 1] == '"':
            return self._double_quoted()
        start = self._position
        while self._text[self._position : self._position + 1] not in ("'", ""):
            self._position += 2 if self._text[self._position] == "\\" else 1
        if self._position >= len(self._text):
            raise FunctionError("reached EOF without closing quote '")
        inside = self._text[start : self._position]
        self._position += 1
        return [(_unescaped(inside), "quoted")]

    def _double_quoted(self) -> list[tuple[str, str]]:
        text = self._text
        parts: list[str] = []
        while self._position < len(text):
            char = text[self._position]
            self._position += 1
            if char == '"':
                return [("".join(parts), "quoted")]
            following = text[self._position : self._position + 1]
            if char == "\\" and following and following in '"\\$`\n':
                parts.append("" if following == "\n" else following)
                self._position += 1
            elif char in "$`":
                parts.append(self._variable(char))
            else:
                parts.append(char)
        raise FunctionError('reached EOF without closing quote "')

    def _variable(self, char: str) -> str:
        rest = self._text[self._position :]
        if char == "`" or rest.startswith("("):
            raise FunctionError("command substitution and arithmetic cannot be used here")
        if rest.startswith("{"):
            end = rest.find("}")
            name = rest[1:end]
            if end < 0 or not name.replace("_", "a").isalnum():
                raise FunctionError(f"cannot expand `${rest[: end + 1] or rest}`")
            self._position += end + 1
            return self._machine.environ.get(name, "")
        name, width = shell_name(rest) if rest else ("", 0)
        self._position += width
        return self._machine.environ.get(name, "") if width else "$"

    def _fields(self, pieces: list[tuple[str, str]]) -> list[str]:
        """Split what was expanded at spaces; a word of nothing but empty expansions is none."""
        fields: list[str] = []
        current: list[str] | None = None
        if pieces and pieces[0] == ("~", "plain") and (len(pieces) == 1 or pieces[1] == ("/", "plain")):
            pieces = [(self._machine.environ.get("HOME", "~"), "quoted"), *pieces[1:]]
        for text, kind in pieces:
            if kind != "expanded":
                current = [*(current or []), text]
                continue
            words = text.split()
            if text[:1].isspace() and current is not None:
                fields.append("".join(current))
                current = None
            for place, word in enumerate(words):
                current = [*(current or []), word]
                if place < len(words) - 1 or text[-1:].isspace():
                    fields.append("".join(current))
                    current = None
        if current is not None:
            fields.append("".join(current))
        return fields


def _unescaped(text: str) -> str:
    """$'…': the escapes that C has."""
    back = {escape[1]: char for char, escape in _CONTROLS.items()} | {"e": "\x1b", "E": "\x1b"}
    parts: list[str] = []
    position = 0
    while position < len(text):
        char = text[position]
        position += 1
        if char == "\\" and position < len(text):
            kind = text[position]
            position += 1
            digits = _hexadecimal_at(text, position, _WIDTHS.get(kind, 0))
            position += len(digits)
            char = _character(kind, int(digits, 16)) if digits else back.get(kind, kind)
        parts.append(char)
    return from_bytes(to_bytes("".join(parts)))


def _hexadecimal_at(text: str, start: int, most: int) -> str:
    end = start
    while end < min(len(text), start + most) and text[end] in "0123456789abcdefABCDEF":
        end += 1
    return text[start:end]


def _character(kind: str, code: int) -> str:
    """A code point, or in the form for bytes, a byte."""
    return chr(code + 0xDC00) if kind == "x" and code >= 0x80 else chr(min(code, 0x10FFFF))


def _braces(pieces: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """`a{b,c}` as two words; nested ones too, ranges of integers and letters as well."""
    for start, piece in enumerate(pieces):
        if piece != ("{", "plain"):
            continue
        parsed = _alternatives(pieces, start)
        if parsed is not None:
            choices, end = parsed
            tails = _braces(pieces[end + 1 :])
            return [pieces[:start] + inner + tail for choice in choices for inner in _braces(choice) for tail in tails]
    return [pieces]


def _alternatives(pieces: list[tuple[str, str]], start: int) -> tuple[list[list[tuple[str, str]]], int] | None:
    choices: list[list[tuple[str, str]]] = [[]]
    depth = 0
    for place in range(start + 1, len(pieces)):
        piece = pieces[place]
        if piece == ("}", "plain") and depth == 0:
            if len(choices) > 1:
                return choices, place
            ranged = _range("".join(text for text, kind in choices[0] if kind == "plain"), len(choices[0]))
            return ([[(text, "plain")] for text in ranged], place) if ranged else None
        if piece == (",", "plain") and depth == 0:
            choices.append([])
            continue
        depth += (piece == ("{", "plain")) - (piece == ("}", "plain"))
        choices[-1].append(piece)
    return None


def _range(text: str, width: int) -> list[str]:
    ends = text.split("..")
    if len(text) != width or len(ends) not in (2, 3):
        return []
    try:
        step = abs(int(ends[2])) or 1 if len(ends) == 3 else 1
        low, high = int(ends[0]), int(ends[1])
    except ValueError:
        if len(ends) == 2 and all(len(end) == 1 and end.isascii() and end.isalpha() for end in ends):
            low, high = ord(ends[0]), ord(ends[1])
            towards = 1 if low <= high else -1
            return [chr(code) for code in range(low, high + towards, towards)]
        return []
    towards = 1 if low <= high else -1
    return [str(number) for number in range(low, high + towards, step * towards)]
