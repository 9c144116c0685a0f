"""Constants of the template language: strings, characters and numbers. Go: strconv's Unquote, and newNumber in text/template.

Raises ValueError with a message for people; knows no positions.
"""

from __future__ import annotations

_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
_WIDTHS = {"x": 2, "u": 4, "U": 8}
_HEX = frozenset("0123456789abcdefABCDEF")
_OCTAL = frozenset("01234567")
INT64_MAX = 2**63 - 1
INT64_MIN = -(2**63)


def parse_string(text: str) -> str:
    """The value of a quoted or raw string, quotes included in `text`."""
    if text[0] == "`":
        return text[1:-1].replace("\r", "")
    inside = text[1:-1]
    return inside if "\\" not in inside else _unescape(inside, text, '"')


def parse_character(text: str) -> int:
    """The code point of a character constant, quotes included in `text`."""
    inside = text[1:-1]
    if inside.startswith("\\"):
        value = _unescape(inside, text, "'")
        if len(value) == 1:
            return ord(value) if not "\udc80" <= value <= "\udcff" else ord(value) - 0xDC00
    elif len(inside) == 1:
        return ord(inside)
    raise ValueError(f"malformed character constant: {text}")


def parse_number(text: str) -> tuple[int | None, float | None, object]:
    """The number as an integer, as a float, and as what it is where any type will do. None where it cannot be one."""
    if text.endswith("i"):
        raise ValueError(f"imaginary numbers are not supported: {text}")
    integer = _integer(text)
    if integer is not None:
        if INT64_MIN <= integer <= INT64_MAX:
            hexadecimal = text[:2] in ("0x", "0X")
            looks_real = not hexadecimal and any(mark in text for mark in ".eEpP")
            return integer, float(integer), float(integer) if looks_real else integer
        raise ValueError(f"integer overflow: {text}")
    real = _real(text)
    if real is None or not any(mark in text for mark in ".eEpP"):
        raise ValueError(f"illegal number syntax: {text}")
    whole = int(real) if real.is_integer() and INT64_MIN <= real <= INT64_MAX else None
    return whole, real, real


def _unescape(inside: str, text: str, quote: str) -> str:
    """Escapes resolved; bytes written in hexadecimal from 80 on stay bytes, as Python's surrogateescape keeps them."""
    parts: list[str] = []
    raw = False
    position = 0
    while position < len(inside):
        char = inside[position]
        position += 1
        if char != "\\":
            parts.append(char)
            continue
        kind = inside[position : position + 1]
        if kind in _ESCAPES or kind == quote:
            parts.append(_ESCAPES.get(kind, quote))
            position += 1
            continue
        value, position = _code(inside, position, kind, text)
        if kind not in ("u", "U") and value >= 0x80:
            raw = True
            value += 0xDC00
        parts.append(chr(value))
    joined = "".join(parts)
    return joined.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape") if raw else joined


def _code(inside: str, position: int, kind: str, text: str) -> tuple[int, int]:
    """A numeric escape at `position`, just after the backslash: its value and where it ends."""
    if kind in _WIDTHS:
        start, width, allowed, base = position + 1, _WIDTHS[kind], _HEX, 16
    else:
        start, width, allowed, base = position, 3, _OCTAL, 8
    digits = inside[start : start + width]
    if len(digits) < width or not allowed.issuperset(digits):
        raise ValueError(f"invalid escape in {text}")
    value = int(digits, base)
    too_large = value > 255 if kind not in ("u", "U") else value > 0x10FFFF or 0xD800 <= value <= 0xDFFF
    if too_large:
        raise ValueError(f"invalid escape in {text}")
    return value, start + width


def _integer(text: str) -> int | None:
    sign, digits = _signed(text)
    if not digits[:1].isdigit():
        return None
    base = 10
    if digits[0] == "0" and len(digits) > 1:
        base = {"x": 16, "o": 8, "b": 2}.get(digits[1].lower(), 8)
        if digits[1].isalpha():
            digits = "0" + digits[2:] if digits[2:3] == "_" else digits[2:]
    try:
        return sign * int(digits, base)
    except ValueError:
        return None


def _real(text: str) -> float | None:
    sign, digits = _signed(text)
    try:
        if digits[:2] in ("0x", "0X"):
            return sign * float.fromhex(digits) if "p" in digits.lower() else None
        return None if "_" in digits else sign * float(digits)
    except (ValueError, OverflowError):
        return None


def _signed(text: str) -> tuple[int, str]:
    if text[:1] in ("+", "-"):
        return (-1 if text[0] == "-" else 1), text[1:]
    return 1, text
