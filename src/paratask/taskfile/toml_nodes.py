"""TOML text to the same nodes as YAML.

tomli gives values without positions. Keys are therefore looked up in the text, by their dotted header and then by their own
line: exact for files written one key a line; a table in a list has the line that it begins in, and so have all keys of an inline
one. Knows nothing of what the keys mean.
"""

from __future__ import annotations

from paratask.errors import Position, TaskfileSyntaxError
from paratask.taskfile.nodes import Mapping, Scalar, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.taskfile.nodes import Node


MAX_DEPTH = 100


def parse_toml(text: bytes, file: str) -> Mapping:
    """The document as a mapping. Raises TaskfileSyntaxError with tomli's position."""
    import tomli

    try:
        decoded = text.decode().removeprefix("\ufeff")
        data = tomli.loads(decoded)
    except RecursionError:
        raise TaskfileSyntaxError("nested too deeply", position=Position(file=file)) from None
    except UnicodeDecodeError as error:
        raise TaskfileSyntaxError(f"not valid TOML: {error}", position=Position(file=file)) from None
    except tomli.TOMLDecodeError as error:
        from paratask.taskfile.toml_errors import syntax_error

        raise syntax_error(decoded, file, error) from None
    root = _node(data, (), _Lines(decoded), 1, file)
    assert isinstance(root, Mapping)
    return root


class _Lines:
    """Where each dotted key stands in the text. A table in a list has its number as a key (`[0]`)."""

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[str, ...], int] = {}
        self._tables: dict[tuple[str, ...], int] = {}
        header: tuple[str, ...] = ()
        within: _List | None = None
        for number, line in enumerate(text.split("\n"), 1):
            stripped = line.strip()
            if within is not None:
                self._read_list(within, stripped, number)
                within = within if within.is_open else None
            elif stripped.startswith("["):
                header = self._header(stripped)
                for end in range(1, len(header) + 1):
                    self._lines.setdefault(header[:end], number)
            elif "=" in stripped and not stripped.startswith("#"):
                name, value = stripped.split("=", 1)
                key = header + _dotted(name)
                for end in range(len(header) + 1, len(key) + 1):
                    self._lines.setdefault(key[:end], number)
                if value.lstrip().startswith("[") and ("{" in value or value.count("[") != value.count("]")):
                    within = _List(key)
                    self._read_list(within, value, number)
                    within = within if within.is_open else None

    def _header(self, line: str) -> tuple[str, ...]:
        """`[a.b]`, or `[[a.b]]`, which begins another table of a list; below such a list, the last one is meant."""
        path: tuple[str, ...] = ()
        parts = _dotted(line.strip("[]").split("]")[0])
        for count, part in enumerate(parts, 1):
            path = (*path, part)
            if line.startswith("[[") and count == len(parts):
                self._tables[path] = self._tables.get(path, -1) + 1
            if path in self._tables:
                path = (*path, f"[{self._tables[path]}]")
        return path

    def _read_list(self, within: _List, text: str, number: int) -> None:
        for index in within.read(text):
            self._lines.setdefault((*within.key, f"[{index}]"), number)

    def line(self, path: tuple[str, ...], otherwise: int) -> int:
        return self._lines.get(path, otherwise)


_MATTERS = frozenset("[]{}\"'")


class _List:
    """A list that is being read, line by line, from its opening bracket on."""

    def __init__(self, key: tuple[str, ...]) -> None:
        self.key = key
        self.is_open = True
        self._depth = 0
        self._count = 0
        self._quote = ""

    def read(self, line: str) -> Iterator[int]:
        """The numbers of the tables that begin in this line."""
        index = 0 if self._quote or not _MATTERS.isdisjoint(line) else len(line)
        while index < len(line) and self.is_open:
            char = line[index]
            if self._quote:
                index += self._in_text(line, index)
                continue
            if char == "#":
                return
            if char in "\"'":
                self._quote = char * 3 if line.startswith(char * 3, index) else char
            elif char in "[{":
                self._depth += 1
                if char == "{" and self._depth == 2:
                    yield self._count
                    self._count += 1
            elif char in "]}":
                self._depth -= 1
                self.is_open = self._depth > 0
            index += len(self._quote) or 1
        if len(self._quote) == 1:
            self._quote = ""

    def _in_text(self, line: str, index: int) -> int:
        """How many characters to pass over, inside a text."""
        if line[index] == "\\" and self._quote[0] == '"':
            return 2
        if line.startswith(self._quote, index):
            passed, self._quote = len(self._quote), ""
            return passed
        return 1


def _dotted(text: str) -> tuple[str, ...]:
    """`tasks."test:unit".cmds` to its parts."""
    parts, current, quote = [], "", ""
    for char in text.strip():
        if quote:
            quote, current = ("", current) if char == quote else (quote, current + char)
        elif char in "\"'":
            quote = char
        elif char == ".":
            parts.append(current.strip())
            current = ""
        else:
            current += char
    return (*parts, current.strip())


def _node(value: object, path: tuple[str, ...], lines: _Lines, line: int, file: str, depth: int = 0) -> Node:
    line = lines.line(path, line)
    if depth > MAX_DEPTH:
        raise TaskfileSyntaxError(f"nested more than {MAX_DEPTH} deep", position=Position(file=file, line=line))
    if isinstance(value, dict):
        pairs: list[tuple[Scalar, Node]] = []
        for key, inner in value.items():
            inner_line = lines.line((*path, key), line)
            node = _node(inner, (*path, key), lines, inner_line, file, depth + 1)
            pairs.append((Scalar(key, plain=False, line=inner_line, column=1), node))
        return Mapping(pairs, line=line, column=1)
    if isinstance(value, list):
        items: list[Node] = []
        tables = 0
        for item in value:
            place = f"[{tables}]" if isinstance(item, dict) else ""
            items.append(_node(item, (*path, place), lines, line, file, depth + 1))
            tables += isinstance(item, dict)
        return Sequence(items, line=line, column=1)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    native = value if isinstance(value, (bool, int, float)) else text
    return Scalar(text, plain=not isinstance(value, str), line=line, column=1, native=native)
