"""RE2 patterns as Python's `re` writes them. Go: regexp/syntax.

What RE2 has not (backreferences, look-around, possessive repeats) is refused, as Go does. Raises ValueError. Unicode classes
are those that `unicodedata` tells (general categories); scripts such as Greek are refused, though Go has them.
"""

from __future__ import annotations

_ESCAPED_CLASSES = {"d": "0-9", "w": "0-9A-Za-z_", "s": "\\t\\n\\f\\r "}
_POSIX_CLASSES = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "ascii": "\\x00-\\x7f", "blank": "\\t ", "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9", "graph": "!-~", "lower": "a-z", "print": " -~", "punct": "!-/:-@\\[-`{-~",
    "space": "\\t\\n\\x0b\\f\\r ", "upper": "A-Z", "word": "0-9A-Za-z_", "xdigit": "0-9A-Fa-f",
}  # fmt: skip
_CONTROLS = {"a": "\a", "f": "\f", "t": "\t", "n": "\n", "r": "\r", "v": "\v"}
_SET_SPECIAL = frozenset("\\]^-[&~|")
_MOST_REPEATS = 1000


def translate(pattern: str) -> str:
    """The pattern for `re.compile`, which must be given no flags."""
    return _Translator(pattern).run()


class _Flags:
    """i, m, s and U, where they stand."""

    __slots__ = ("case", "dot", "lines", "ungreedy")

    def __init__(self) -> None:
        self.case = self.lines = self.dot = self.ungreedy = False

    def copy(self) -> _Flags:
        other = _Flags()
        other.case, other.lines, other.dot, other.ungreedy = self.case, self.lines, self.dot, self.ungreedy
        return other


class _Translator:
    __slots__ = ("_flags", "_names", "_out", "_pattern", "_position", "_repeatable", "_stack")

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._position = 0
        self._flags = _Flags()
        self._names: set[str] = set()
        self._out: list[str] = []
        self._stack: list[tuple[_Flags, int]] = []
        self._repeatable = ""  # "", "yes", or "repeated"

    def run(self) -> str:
        while self._position < len(self._pattern):
            self._one()
        if self._stack:
            raise ValueError("missing closing )")
        return "".join(self._out)

    def _take(self) -> str:
        char = self._pattern[self._position : self._position + 1]
        self._position += 1
        return char

    def _peek(self) -> str:
        return self._pattern[self._position : self._position + 1]

    def _put(self, text: str, *, repeatable: str = "yes") -> None:
        self._out.append(text)
        self._repeatable = repeatable

    def _literal(self, char: str) -> None:
        escaped = "\\" + char if char in "\\.+*?()|[]{}^$#&~- \t\n" else char
        self._put(f"(?i:{escaped})" if self._flags.case and char.lower() != char.upper() else escaped)

    def _one(self) -> None:  # noqa: C901 - one branch for each mark of the syntax
        char = self._take()
        if char == "(":
            self._open()
        elif char == ")":
            self._close()
        elif char == "|":
            self._put("|", repeatable="")
        elif char == "[":
            self._class()
        elif char == ".":
            self._put("(?s:.)" if self._flags.dot else ".")
        elif char == "^":
            self._put("(?m:^)" if self._flags.lines else "\\A")
        elif char == "$":
            self._put("(?m:$)" if self._flags.lines else "\\Z")
        elif char in "*+?":
            self._repeat(char)
        elif char == "{" and (bounds := self._bounds()):
            self._repeat(bounds)
        elif char == "\\":
            self._escape()
        else:
            self._literal(char)

    def _open(self) -> None:
        self._stack.append((self._flags.copy(), len(self._out)))
        if self._peek() != "?":
            self._put("(", repeatable="")
            return
        rest = self._pattern[self._position + 1 :]
        if rest.startswith(("P<", "<")) and not rest.startswith(("<=", "<!")):
            self._named_group(rest)
            return
        end = min((place for place in (rest.find(")"), rest.find(":")) if place >= 0), default=-1)
        word = rest[:end] if end >= 0 else rest
        negated = False
        for char in word:
            if char == "-" and not negated:
                negated = True
            elif char in "imsU":
                self._set_flag(char, on=not negated)
            else:
                raise ValueError(f"invalid or unsupported Perl syntax: `(?{word}`")
        if end < 0 or word.endswith("-"):
            raise ValueError(f"missing argument to flags: `(?{word}`")
        self._position += 2 + end
        if rest[end] == ")":
            self._stack.pop()
            return
        self._put("(?:", repeatable="")

    def _named_group(self, rest: str) -> None:
        start = 2 if rest.startswith("P<") else 1
        end = rest.find(">")
        name = rest[start:end]
        if end < 0 or not name or not all(char.isascii() and (char.isalnum() or char == "_") for char in name):
            raise ValueError(f"invalid named capture: `(?{rest[: end + 1] or rest}`")
        self._position += 2 + end
        # Go lets a name stand twice, and means the first.
        self._put("(" if name in self._names else f"(?P<{name}>", repeatable="")
        self._names.add(name)

    def _set_flag(self, char: str, *, on: bool) -> None:
        name = {"i": "case", "m": "lines", "s": "dot", "U": "ungreedy"}[char]
        setattr(self._flags, name, on)

    def _close(self) -> None:
        if not self._stack:
            raise ValueError("unexpected )")
        self._flags, _ = self._stack.pop()
        self._put(")")

    def _bounds(self) -> str:
        """`{n}`, `{n,}` or `{n,m}` after its brace, which is taken; empty where the brace is literal."""
        end = self._pattern.find("}", self._position)
        low, comma, high = self._pattern[self._position : max(end, self._position)].partition(",")
        if not low.isdigit() or not (high.isdigit() or not high):
            return ""
        if int(low) > _MOST_REPEATS or (high and not int(low) <= int(high) <= _MOST_REPEATS):
            raise ValueError(f"invalid repeat count: `{{{low}{comma}{high}}}`")
        self._position = end + 1
        return f"{{{low}{comma}{high}}}"

    def _repeat(self, operator: str) -> None:
        if not self._repeatable:
            raise ValueError(f"missing argument to repetition operator: `{operator}`")
        if self._repeatable == "repeated":
            raise ValueError(f"invalid nested repetition operator: `{operator}`")
        lazy = self._peek() == "?"
        self._position += lazy
        self._put(operator + ("?" if lazy is not self._flags.ungreedy else ""), repeatable="repeated")

    def _escape(self) -> None:
        char = self._take()
        if char in ("A", "z"):
            self._put("\\A" if char == "A" else "\\Z")
        elif char in ("b", "B"):
            # Python's own \\B does not hold in an empty text.
            self._put("(?a:\\b)" if char == "b" else "(?!(?a:\\b))")
        elif char == "Q":
            end = self._pattern.find("\\E", self._position)
            quoted = self._pattern[self._position :] if end < 0 else self._pattern[self._position : end]
            self._position = len(self._pattern) if end < 0 else end + 2
            for each in quoted:
                self._literal(each)
        elif char == "E":
            return
        elif char.lower() in _ESCAPED_CLASSES:
            self._put(f"[{'^' if char.isupper() else ''}{_ESCAPED_CLASSES[char.lower()]}]")
        elif char in ("p", "P"):
            self._put(_category_set(*self._category(negated=char == "P")))
        else:
            self._literal(self._escaped(char))

    def _escaped(self, char: str) -> str:
        """The character that an escape stands for; the backslash and `char` are taken."""
        if char in _CONTROLS:
            return _CONTROLS[char]
        if char == "x":
            return self._hexadecimal()
        if char in tuple("01234567") and (char == "0" or self._peek() in tuple("01234567")):
            digits = char
            while len(digits) < 3 and self._peek() in tuple("01234567"):
                digits += self._take()
            return chr(int(digits, 8))
        if char and char.isascii() and not char.isalnum() and char.isprintable():
            return char
        if not char:
            raise ValueError("trailing backslash at end of expression")
        raise ValueError(f"invalid escape sequence: `\\{char}`")

    def _hexadecimal(self) -> str:
        rest = self._pattern[self._position :]
        end = rest.find("}") if rest.startswith("{") else 1
        digits = rest[1:end] if rest.startswith("{") else rest[:2]
        self._position += end + 1
        try:
            return chr(int(digits, 16))
        except (ValueError, OverflowError):
            raise ValueError(f"invalid escape sequence: `\\x{digits}`") from None

    def _category(self, *, negated: bool) -> tuple[str, bool]:
        name = self._take()
        if name == "{":
            end = self._pattern.find("}", self._position)
            name = self._pattern[self._position : end]
            self._position = end + 1
            if name.startswith("^"):
                return name[1:], not negated
        return name, negated

    def _class(self) -> None:
        negated = self._peek() == "^"
        self._position += negated
        parts: list[str] = []
        first = True
        while first or self._peek() != "]":
            if self._position >= len(self._pattern):
                raise ValueError("missing closing ]")
            parts.append(self._class_item())
            first = False
        self._position += 1
        text = f"[{'^' if negated else ''}{''.join(parts)}]"
        self._put(f"(?i:{text})" if self._flags.case else text)

    def _class_item(self) -> str:
        posix = self._posix_class()
        if posix:
            return posix
        char = self._take()
        if char == "\\":
            kind = self._peek()
            if kind.lower() in _ESCAPED_CLASSES:
                self._position += 1
                return _complement(_ESCAPED_CLASSES[kind.lower()]) if kind.isupper() else _ESCAPED_CLASSES[kind]
            if kind in ("p", "P"):
                self._position += 1
                return _category_ranges(*self._category(negated=kind == "P"))
            self._position += 1
            char = self._escaped(kind)
        low = _set_char(char)
        if self._peek() != "-" or self._pattern[self._position + 1 : self._position + 2] in ("]", ""):
            return low
        self._position += 1
        high = self._take()
        if high == "\\":
            high = self._escaped(self._take())
        if high < char:
            raise ValueError(f"invalid character class range: `{char}-{high}`")
        return f"{low}-{_set_char(high)}"

    def _posix_class(self) -> str:
        if not self._pattern.startswith("[:", self._position):
            return ""
        end = self._pattern.find(":]", self._position)
        if end < 0:
            return ""
        name = self._pattern[self._position + 2 : end]
        ranges = _POSIX_CLASSES.get(name.removeprefix("^"))
        if ranges is None:
            raise ValueError(f"invalid character class range: `[:{name}:]`")
        self._position = end + 2
        return _complement(ranges) if name.startswith("^") else ranges


def _set_char(char: str) -> str:
    return "\\" + char if char in _SET_SPECIAL else char


def _complement(ranges: str) -> str:
    """The ranges of all characters that `ranges` does not have, for use within a set."""
    import re

    member = re.compile(f"[{ranges}]")
    return _ranges_where(lambda char: ord(char) >= 0x80 or not member.match(char), 0x80) + "\\x80-\U0010ffff"


def _category_set(name: str, negated: bool) -> str:
    return f"[{_category_ranges(name, negated)}]"


def _category_ranges(name: str, negated: bool) -> str:
    import unicodedata

    if name == "Any":
        return "\\x00-\U0010ffff"
    if not name or name[0] not in "LMNPSZC" or len(name) > 2:
        raise ValueError(f"invalid or unsupported character class: `\\p{{{name}}}`")
    return _ranges_where(lambda char: unicodedata.category(char).startswith(name) is not negated, 0x110000)


def _ranges_where(wanted: object, end: int) -> str:
    assert callable(wanted)
    parts: list[str] = []
    start = -1
    for code in range(end + 1):
        inside = code < end and wanted(chr(code))
        if inside and start < 0:
            start = code
        elif not inside and start >= 0:
            parts.append(f"{_set_char(chr(start))}-{_set_char(chr(code - 1))}")
            start = -1
    return "".join(parts)
