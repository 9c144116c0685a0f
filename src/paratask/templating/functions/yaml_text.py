"""YAML as go-yaml v3 reads and writes it. Go: go.yaml.in/yaml/v3.

Reading is PyYAML's; what a scalar means is in yaml_scalars.py. Writing is done here: four columns of indent, two within a
list, keys in natural order, no folding. Keys of more than one line are written quoted, where go-yaml writes `? key`.
"""

from __future__ import annotations

from paratask.templating.failures import FunctionError, UnknownValueError
from paratask.templating.functions.yaml_scalars import needs_quotes, resolve_tagged
from paratask.templating.values import UNKNOWN, GoObject, float_text, to_bytes, type_name

_INDENT = 4
_FIRST_MARKS = frozenset("#,[]{}&*!|>'\"%@`")
_BREAKS = frozenset("\n\r\x85\u2028\u2029")
_SPACES = frozenset(" \t\n\r\x85\u2028\u2029")
_ESCAPES = {
    "\0": "\\0", "\a": "\\a", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\v": "\\v", "\f": "\\f", "\r": "\\r", "\x1b": "\\e",
    '"': '\\"', "\\": "\\\\", "\x85": "\\N", "\u2028": "\\L", "\u2029": "\\P",
}  # fmt: skip


def parse_yaml(text: str) -> object:
    """The first document's value. Raises FunctionError."""
    import yaml

    class Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
        """Says which scalars have no tag: of quoted ones that is "!", of plain ones nothing."""

        def resolve(self, kind: type, value: object, implicit: tuple[bool, bool]) -> str:
            del value
            return "!" if kind is yaml.ScalarNode and not implicit[0] else ""

    try:
        loader = Loader(to_bytes(text))
        try:
            node = loader.get_node() if loader.check_node() else None
            return _value(node) if node is not None else None
        finally:
            loader.dispose()
    except (yaml.YAMLError, RecursionError) as error:
        problem = getattr(error, "problem", None) or str(error)
        raise FunctionError(f"not valid YAML: {problem}") from None


def parse_yaml_or_nil(text: str) -> object:
    """The first document's value; nil for what is no YAML."""
    try:
        return parse_yaml(text)
    except FunctionError:
        return None


def _value(node: object) -> object:
    kind = type(node).__name__
    inside = node.value  # type: ignore[attr-defined]
    if kind == "ScalarNode":
        return resolve_tagged(inside, node.tag)  # type: ignore[attr-defined]
    if kind == "SequenceNode":
        return [_value(item) for item in inside]
    return _mapping(inside)


def _mapping(pairs: list[tuple[object, object]]) -> object:
    result: dict[object, object] = {}
    merged: list[object] = []
    for key_node, value_node in pairs:
        value = _value(value_node)
        if key_node.value == "<<" and not key_node.style:  # type: ignore[attr-defined]
            merged += value if isinstance(value, list) else [value]
            continue
        key = _value(key_node)
        if isinstance(key, (list, dict)):
            raise FunctionError("not valid YAML: a key must be a scalar")
        if key in result:
            raise FunctionError(f"mapping key {key!r} already defined")
        result[key] = value
    for mapping in merged:
        if not isinstance(mapping, dict):
            raise FunctionError("map merge requires map or sequence of maps as the value")
        result = {**mapping, **result}
    return result


def to_yaml(value: object) -> str:
    """The value as a document."""
    return _node(value, -1, in_list=False).removeprefix(" ").removeprefix("\n") + "\n"


def _inner_indent(indent: int, *, in_list: bool) -> int:
    """How far what is inside of a node at `indent` goes in. go-yaml: yaml_emitter_increase_indent."""
    if indent < 0:
        return 0
    return indent + 2 if in_list else _INDENT * ((indent + _INDENT) // _INDENT)


def _node(value: object, indent: int, *, in_list: bool) -> str:
    """A value after its `key:` or `-`, with the space or line end before it."""
    if isinstance(value, dict) and value:
        inner = _inner_indent(indent, in_list=in_list)
        entries = [f"{_key(key)}:{_node(item, inner, in_list=False)}" for key, item in _in_order(value)]
        return _block(entries, inner, in_list=in_list)
    if isinstance(value, (list, tuple)) and value:
        inner = _inner_indent(indent, in_list=in_list)
        return _block([f"-{_node(item, inner, in_list=True)}" for item in value], inner, in_list=in_list)
    if isinstance(value, str) and "\n" in value and not _is_binary(value):
        outer = _INDENT if indent < 0 else _inner_indent(indent, in_list=in_list)
        return " " + _many_lines(value, outer)
    return " " + _scalar_text(value)


def _block(entries: list[str], indent: int, *, in_list: bool) -> str:
    lead = "\n" + " " * indent
    return (" " if in_list else lead) + lead.join(entries)


def _key(key: object) -> str:
    return _quoted(key) if isinstance(key, str) and "\n" in key and not _is_binary(key) else _scalar_text(key)


def _scalar_text(value: object) -> str:
    if value is UNKNOWN:
        raise UnknownValueError
    if isinstance(value, GoObject):
        return value.go_json() if hasattr(value, "go_json") else _text(value.go_text())
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool) or value is None:
        return "null" if value is None else "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        text = float_text(value)
        return {"+Inf": ".inf", "-Inf": "-.inf", "NaN": ".nan"}.get(text, text)
    if isinstance(value, dict):
        return "{}"
    if isinstance(value, (list, tuple)):
        return "[]"
    raise FunctionError(f"cannot marshal type: {type_name(value)}")


def _is_binary(text: str) -> bool:
    """Whether there are bytes in it that are not UTF-8."""
    return not text.isascii() and any(0xDC80 <= ord(char) <= 0xDCFF for char in text)


def _text(text: str) -> str:
    if _is_binary(text):
        from paratask.templating.functions.encodings import base64_encode

        return f"!!binary {base64_encode(text)}"
    if needs_quotes(text):
        return _quoted(text)
    if _plain_allowed(text):
        return text
    return f"'{text.replace(chr(39), chr(39) * 2)}'" if _single_allowed(text) else _quoted(text)


def _plain_allowed(text: str) -> bool:
    """go-yaml: block_plain_allowed of yaml_emitter_analyze_scalar."""
    if text[0] in _SPACES or text[-1] in _SPACES or text.startswith(("---", "...")) or not _single_allowed(text):
        return False
    if text[0] in _FIRST_MARKS or (text[0] in "?-" and (len(text) == 1 or text[1] in _SPACES)):
        return False
    return not (text.endswith(":") or ": " in text or " #" in text)


def _single_allowed(text: str) -> bool:
    return all(_is_printable(char) for char in text)


def _is_printable(char: str) -> bool:
    """What go-yaml takes for printable in one line: nothing beyond U+FFFF, and no tab."""
    code = ord(char)
    if code < 0x80:
        return 0x20 <= code < 0x7F
    return (0xA0 <= code < 0xD800 and char not in _BREAKS) or (0xE000 <= code < 0xFFFE and code != 0xFEFF)


def _many_lines(text: str, indent: int) -> str:
    if not all(char in "\n\t" or _is_printable(char) for char in text) or " \n" in text or text.endswith(" "):
        return _quoted(text)
    hint = str(_INDENT) if text[0] in " \n" else ""
    chomp = "-" if not text.endswith("\n") else "+" if text == "\n" or text.endswith("\n\n") else ""
    lines = text.removesuffix("\n").split("\n")
    pad = " " * indent
    return f"|{hint}{chomp}\n" + "\n".join(pad + line if line else "" for line in lines)


def _quoted(text: str) -> str:
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(char: str) -> str:
    if char in _ESCAPES:
        return _ESCAPES[char]
    if _is_printable(char):
        return char
    code = ord(char)
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _in_order(mapping: dict[object, object]) -> list[tuple[object, object]]:
    from functools import cmp_to_key

    ranked = cmp_to_key(_compare)
    return sorted(mapping.items(), key=lambda item: ranked(item[0]))


def _compare(left: object, right: object) -> int:
    """Numbers before text; within text, runs of digits by their value. go-yaml: keyList.Less."""
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return (left > right) - (left < right)
    if not (isinstance(left, str) and isinstance(right, str)):
        return isinstance(left, str) - isinstance(right, str)
    digits = False
    for place, (one, other) in enumerate(zip(left, right)):  # noqa: B905 - the shorter one decides
        if one == other:
            digits = one.isdecimal()
            continue
        if one.isalpha() or other.isalpha():
            if one.isalpha() and other.isalpha():
                return -1 if one < other else 1
            return -1 if one.isalpha() is digits else 1
        return _compare_numbers(left, right, place)
    return len(left) - len(right)


def _compare_numbers(left: str, right: str, place: int) -> int:
    start = place
    if "0" in (left[place], right[place]):
        while start and left[start - 1].isdecimal():
            start -= 1
    lead = "1" if left[start:place].strip("0") else ""
    one, other = _digits_at(left, place), _digits_at(right, place)
    numbers = int(lead + one or "0"), int(lead + other or "0")
    if numbers[0] != numbers[1]:
        return -1 if numbers[0] < numbers[1] else 1
    if len(one) != len(other):
        return len(one) - len(other)
    return -1 if left[place] < right[place] else 1


def _digits_at(text: str, place: int) -> str:
    end = place
    while end < len(text) and text[end].isdecimal():
        end += 1
    return text[place:end]
