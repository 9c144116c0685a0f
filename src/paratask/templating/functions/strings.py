"""Functions on text. Go: slim-sprig's strings.go, and package strings. Lengths and places are in bytes, as in Go.

Knows nothing of regular expressions (regex.py) or encodings (encodings.py).
"""

from __future__ import annotations

from paratask.templating.failures import FunctionError
from paratask.templating.values import StringMap, Strings, byte_length, from_bytes, text_of, to_bytes, unpacked

_SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)


def hello() -> str:
    """sprig's greeting."""
    return "Hello!"


def truncate(count: int, text: str) -> str:
    """The first `count` bytes; the last ones where it is negative."""
    size = byte_length(text)
    if count < 0 and size + count > 0:
        return from_bytes(to_bytes(text)[size + count :])
    return from_bytes(to_bytes(text)[:count]) if 0 <= count < size else text


def trim(text: str) -> str:
    """Without spaces around it."""
    return text.strip(_SPACES)


def upper(text: str) -> str:
    """Upper case, one character for one: Go leaves ß alone."""
    return text.upper() if text.isascii() else "".join(_one(char, char.upper()) for char in text)


def lower(text: str) -> str:
    """Lower case, one character for one."""
    return text.lower() if text.isascii() else "".join(_one(char, char.lower()) for char in text)


def _one(char: str, changed: str) -> str:
    if 0xDC80 <= ord(char) <= 0xDCFF:  # a byte that is not UTF-8; Go: strings.Map
        return "\ufffd"
    return changed if len(changed) == 1 else char


def title(text: str) -> str:
    """The first letter of every word in its title case. Go: strings.Title."""
    parts: list[str] = []
    separated = True
    for char in text:
        parts.append(_one(char, char.title() if separated else char))
        separated = not (char.isalnum() or char == "_") if char.isascii() else char.isspace()
    return "".join(parts)


def substring(start: int, end: int, text: str) -> str:
    """Bytes from `start` to `end`; a negative or too large end means the text's."""
    data = to_bytes(text)
    size = len(data)
    if start < 0:
        low, high = 0, end
    elif end < 0 or end > size:
        low, high = start, size
    else:
        low, high = start, end
    if not 0 <= low <= high <= size:
        raise FunctionError(f"slice bounds out of range [{low}:{high}] with length {size}")
    return from_bytes(data[low:high])


def repeat(count: int, text: str) -> str:
    """`text`, `count` times."""
    if count < 0:
        raise FunctionError("strings: negative Repeat count")
    return text * count


def trim_all(cutset: str, text: str) -> str:
    """Without the characters of `cutset` around it."""
    return text.strip(cutset) if cutset else text


def trim_suffix(suffix: str, text: str) -> str:
    """Without `suffix` at the end."""
    return text.removesuffix(suffix)


def trim_prefix(prefix: str, text: str) -> str:
    """Without `prefix` at the start."""
    return text.removeprefix(prefix)


def contains(part: str, text: str) -> bool:
    """Whether `part` occurs in `text`."""
    return part in text


def has_prefix(prefix: str, text: str) -> bool:
    """Whether `text` starts with `prefix`."""
    return text.startswith(prefix)


def has_suffix(suffix: str, text: str) -> bool:
    """Whether `text` ends with `suffix`."""
    return text.endswith(suffix)


def quote(*values: object) -> str:
    """Each value in double quotes, as a Go literal; nil is left out."""
    from paratask.templating.printf import quoted

    return " ".join(quoted(text_of(value)) for value in values if value is not None)


def single_quote(*values: object) -> str:
    """Each value in single quotes, nothing escaped; nil is left out."""
    return " ".join(f"'{text_of(value)}'" for value in values if value is not None)


def concatenate(*values: object) -> str:
    """The values with a space between; nil is left out."""
    return " ".join(text_of(value) for value in values if value is not None)


def indent(spaces: int, text: str) -> str:
    """Every line moved to the right."""
    pad = repeat(spaces, " ")
    return pad + text.replace("\n", "\n" + pad)


def indent_on_new_line(spaces: int, text: str) -> str:
    """A line end, then `indent`."""
    return "\n" + indent(spaces, text)


def replace(old: str, new: str, text: str) -> str:
    """Every `old` replaced by `new`."""
    return text.replace(old, new)


def plural(one: str, many: str, count: int) -> str:
    """`one` if there is one, else `many`."""
    return one if count == 1 else many


def to_string(value: object) -> str:
    """As %v prints it."""
    return text_of(value)


def pieces(text: str, separator: str, at_most: int = -1) -> list[str]:
    """Go: strings.SplitN. An empty separator splits into characters."""
    if at_most == 0:
        return []
    if separator:
        return text.split(separator, at_most - 1 if at_most > 0 else -1)
    if at_most < 0 or at_most >= len(text):
        return list(text)
    return [*text[: at_most - 1], text[at_most - 1 :]]


def split(separator: str, text: str) -> StringMap:
    """The pieces by the names _0, _1, …"""
    return split_at_most(separator, -1, text)


def split_at_most(separator: str, at_most: int, text: str) -> StringMap:
    """As `split`; the last piece holds the rest."""
    return StringMap((f"_{place}", piece) for place, piece in enumerate(pieces(text, separator, at_most)))


def split_list(separator: str, text: str) -> Strings:
    """The pieces as a list."""
    return Strings(pieces(text, separator))


def to_strings(value: object) -> Strings:
    """A list's entries as text, nil left out; what is no list becomes the one entry."""
    if isinstance(value, Strings):
        return value
    items = unpacked(value)
    if isinstance(items, (list, tuple)):
        return Strings(text_of(item) for item in items if item is not None)
    return Strings() if value is None else Strings([text_of(value)])


def join(separator: str, value: object) -> str:
    """A list's entries with `separator` between."""
    return separator.join(map(text_of, to_strings(value)))


def sort_alphabetically(value: object) -> Strings:
    """A list's entries as text, in the order of their bytes."""
    texts: list[str] = ["<nil>"] if value is None else [text_of(item) for item in to_strings(value)]
    texts.sort(key=to_bytes)
    return Strings(texts)
