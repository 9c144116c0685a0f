"""`html`, `js` and `urlquery`. Go: text/template, funcs.go. Knows only these three quotings."""

from __future__ import annotations

from paratask.templating.functions.printing import print_values
from paratask.templating.values import MISSING, from_bytes, to_bytes

_HTML = {'"': "&#34;", "'": "&#39;", "&": "&amp;", "<": "&lt;", ">": "&gt;", "\0": "�"}
_JAVASCRIPT = {
    "\\": "\\\\",
    "'": "\\'",
    '"': '\\"',
    "<": "\\u003C",
    ">": "\\u003E",
    "&": "\\u0026",
    "=": "\\u003D",
}
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~")


def html(*values: object) -> str:
    """Text for HTML."""
    return "".join(_HTML.get(char, char) for char in _printed(values))


def javascript(*values: object) -> str:
    """Text for a JavaScript string."""
    return "".join(_script_char(char) for char in _printed(values))


def url_query(*values: object) -> str:
    """Text for the query of a URL, spaces as +."""
    return escape_bytes(_printed(values), _UNRESERVED).replace("%20", "+")


def escape_bytes(text: str, allowed: frozenset[int]) -> str:
    """`text` with all bytes but `allowed` written as %XX."""
    return from_bytes(b"".join(bytes((byte,)) if byte in allowed else b"%%%02X" % byte for byte in to_bytes(text)))


def _printed(values: tuple[object, ...]) -> str:
    return print_values(*("<no value>" if value is None or value is MISSING else value for value in values))


def _script_char(char: str) -> str:
    if char in _JAVASCRIPT:
        return _JAVASCRIPT[char]
    if char < " ":
        return f"\\u00{ord(char):02X}"
    if char < "\x80" or char.isprintable() or 0xDC80 <= ord(char) <= 0xDCFF:  # the last is a byte that is not UTF-8
        return char
    return f"\\u{ord(char):04X}"
