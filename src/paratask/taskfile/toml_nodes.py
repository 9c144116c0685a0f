"""TOML text to the same nodes as YAML.

tomli gives values without positions. Keys are therefore looked up in the text, by their dotted header and then by their own
line: exact for files written one key a line, the header's line for inline tables. Knows nothing of what the keys mean.
"""

from __future__ import annotations

from paratask.errors import Position, TaskfileSyntaxError
from paratask.taskfile.nodes import Mapping, Scalar, Sequence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.taskfile.nodes import Node


MAX_DEPTH = 100


def parse_toml(text: bytes, file: str) -> Mapping:
    """The document as a mapping. Raises TaskfileSyntaxError with tomli's position."""
    import tomli

    try:
        decoded = text.decode()
        data = tomli.loads(decoded)
    except RecursionError:
        raise TaskfileSyntaxError("nested too deeply", position=Position(file=file)) from None
    except UnicodeDecodeError as error:
        raise TaskfileSyntaxError(f"not valid TOML: {error}", position=Position(file=file)) from None
    except tomli.TOMLDecodeError as error:
        position = Position(file=file, line=getattr(error, "lineno", 0), column=getattr(error, "colno", 0))
        raise TaskfileSyntaxError(f"not valid TOML: {getattr(error, 'msg', error)}", position=position) from None
    root = _node(data, (), _Lines(decoded), 1, file)
    assert isinstance(root, Mapping)
    return root


class _Lines:
    """Where each dotted key stands in the text."""

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[str, ...], int] = {}
        header: tuple[str, ...] = ()
        for number, line in enumerate(text.splitlines(), 1):
            stripped = line.strip()
            if stripped.startswith("["):
                header = _dotted(stripped.strip("[]").split("]")[0])
                for end in range(1, len(header) + 1):
                    self._lines.setdefault(header[:end], number)
            elif "=" in stripped and not stripped.startswith("#"):
                key = header + _dotted(stripped.split("=", 1)[0])
                for end in range(len(header) + 1, len(key) + 1):
                    self._lines.setdefault(key[:end], number)

    def line(self, path: tuple[str, ...], otherwise: int) -> int:
        return self._lines.get(path, otherwise)


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
        return Sequence([_node(item, path, lines, line, file, depth + 1) for item in value], line=line, column=1)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    native = value if isinstance(value, (bool, int, float)) else text
    return Scalar(text, plain=not isinstance(value, str), line=line, column=1, native=native)
