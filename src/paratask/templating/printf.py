"""Go's formatting verbs. Go: fmt, print.go and format.go; strconv.Quote.

Mistakes in a form are printed, not raised, as in Go: `%!d(string=hi)`. Knows no addresses, so `%p` is such a mistake.
"""

from __future__ import annotations

from paratask.templating.printf_floats import float_digits_by_verb
from paratask.templating.values import (
    GoObject,
    Uint8,
    float_text,
    is_nil,
    sorted_items,
    text_of,
    to_bytes,
    type_name,
)

_ESCAPES = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\\": "\\\\"}
_BASES = {"d": "d", "v": "d", "b": "b", "o": "o", "O": "o", "x": "x", "X": "X"}
_PREFIXES = {"b": "0b", "o": "0", "O": "0", "x": "0x", "X": "0X"}
_TEXT_VERBS = frozenset("vsxXq")
_TOO_LARGE = 1_000_000


def quoted(text: str, quote: str = '"', *, ascii_only: bool = False) -> str:
    """A Go literal of `text`. Go: strconv.Quote."""
    parts = []
    for char in text:
        code = ord(char)
        if char == quote:
            parts.append("\\" + char)
        elif char in _ESCAPES:
            parts.append(_ESCAPES[char])
        elif 0xDC80 <= code <= 0xDCFF:
            parts.append(f"\\x{code - 0xDC00:02x}")
        elif char.isprintable() and (code < 0x80 or not ascii_only):
            parts.append(char)
        elif code < 0x20 or code == 0x7F:
            parts.append(f"\\x{code:02x}")
        else:
            parts.append(f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")
    return f"{quote}{''.join(parts)}{quote}"


class _Spec:
    """One `%…`: its flags, width and precision (None where not given)."""

    __slots__ = ("flags", "precision", "sharp_v", "width")

    def __init__(self) -> None:
        self.flags = ""
        self.width: int | None = None
        self.precision: int | None = None
        self.sharp_v = False

    def has(self, flag: str) -> bool:
        return flag in self.flags

    def pad(self, text: str, *, zeros: bool = False) -> str:
        width = self.width or 0
        if self.has("-"):
            return text.ljust(width)
        return text.rjust(width, "0" if zeros and self.has("0") else " ")


def format_text(form: str, values: tuple[object, ...]) -> str:
    """`form` with its verbs filled in. Go: fmt.Sprintf."""
    return _Printer(form, values).run()


class _Printer:
    __slots__ = ("_after_index", "_form", "_good_index", "_next", "_position", "_reordered", "_values")

    def __init__(self, form: str, values: tuple[object, ...]) -> None:
        self._form = form
        self._values = values
        self._position = 0
        self._next = 0
        self._reordered = False
        self._good_index = True
        self._after_index = False

    def run(self) -> str:
        form, parts = self._form, []
        while (found := form.find("%", self._position)) >= 0:
            parts.append(form[self._position : found])
            self._position = found + 1
            self._good_index = True
            parts.append(self._directive())
        parts.append(form[self._position :])
        if not self._reordered and self._next < len(self._values):
            extra = ", ".join(_typed(value) for value in self._values[self._next :])
            parts.append(f"%!(EXTRA {extra})")
        return "".join(parts)

    def _directive(self) -> str:
        spec = _Spec()
        while self._peek() in ("#", "0", "+", "-", " "):
            spec.flags += self._take()
        self._argument_number()
        bad = self._width(spec) + self._precision(spec)
        if not self._after_index:
            self._argument_number()
        if self._position >= len(self._form):
            return bad + "%!(NOVERB)"
        verb = self._take()
        if verb == "%":
            return bad + "%"
        if not self._good_index:
            return f"{bad}%!{verb}(BADINDEX)"
        if self._next >= len(self._values):
            return f"{bad}%!{verb}(MISSING)"
        value = self._values[self._next]
        self._next += 1
        if verb == "v":
            spec.sharp_v = spec.has("#")
            # Go: with %v, # asks for Go syntax, and + for the names of struct fields.
            spec.flags = spec.flags.replace("#", "").replace("+", "")
        return bad + format_value(value, verb, spec)

    def _peek(self) -> str:
        return self._form[self._position : self._position + 1]

    def _take(self) -> str:
        self._position += 1
        return self._form[self._position - 1]

    def _width(self, spec: _Spec) -> str:
        if self._peek() != "*":
            spec.width = self._number()
            if self._after_index and spec.width is not None:
                self._good_index = False
            return ""
        self._position += 1
        self._after_index = False
        width = self._star()
        if width is None:
            return "%!(BADWIDTH)"
        spec.width = abs(width)
        if width < 0:
            spec.flags = spec.flags.replace("0", "") + "-"
        return ""

    def _precision(self, spec: _Spec) -> str:
        if self._peek() != ".":
            return ""
        self._position += 1
        if self._after_index:
            self._good_index = False
        self._argument_number()
        if self._peek() != "*":
            spec.precision = self._number() or 0
            return ""
        self._position += 1
        self._after_index = False
        precision = self._star()
        if precision is None or precision < 0:
            return "%!(BADPREC)"
        spec.precision = precision
        return ""

    def _star(self) -> int | None:
        if self._next >= len(self._values):
            return None
        value = self._values[self._next]
        self._next += 1
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _TOO_LARGE:
            return None
        return int(value)

    def _number(self) -> int | None:
        start = self._position
        while self._peek() in tuple("0123456789"):
            self._position += 1
        digits = self._form[start : self._position]
        return min(int(digits), _TOO_LARGE) if digits else None

    def _argument_number(self) -> None:
        """`[n]`: the argument to go on with."""
        self._after_index = False
        if self._peek() != "[":
            return
        self._reordered = True
        start = self._position
        end = self._form.find("]", start)
        digits = self._form[start + 1 : end] if end >= 0 else ""
        self._position = end + 1 if end >= 0 else start + 1
        if not (digits.isascii() and digits.isdigit()):
            self._good_index = False
            return
        self._after_index = True
        if 1 <= int(digits) <= len(self._values):
            self._next = int(digits) - 1
        else:
            self._good_index = False


def _typed(value: object) -> str:
    return "<nil>" if value is None else f"{type_name(value)}={text_of(value)}"


def format_value(value: object, verb: str, spec: _Spec) -> str:
    """One value by one verb."""
    if verb == "T":
        return spec.pad(type_name(value)[: spec.precision], zeros=True)
    if value is None:
        return spec.pad("<nil>") if verb == "v" else f"%!{verb}(<nil>)"
    formatted = None if verb == "w" else _by_type(value, verb, spec)  # %w is for errors
    return f"%!{verb}({type_name(value)}={_by_type(value, 'v', spec)})" if formatted is None else formatted


def _by_type(value: object, verb: str, spec: _Spec) -> str | None:
    """The formatted value; None where the verb does not suit its type."""
    if isinstance(value, GoObject) and (verb in _TEXT_VERBS or not isinstance(value, int)):
        return _string(value.go_text(), verb, spec)
    if isinstance(value, bool):
        return spec.pad("true" if value else "false", zeros=True) if verb in "tv" else None
    if isinstance(value, str):
        return _string(value, verb, spec)
    if isinstance(value, int):
        return _integer(value, verb, spec)
    if isinstance(value, float):
        return _float(value, verb, spec)
    if isinstance(value, (list, tuple)):
        return _list(value, verb, spec)
    return _map(value, verb, spec) if isinstance(value, dict) else None


def _element(value: object, verb: str, spec: _Spec) -> str:
    if value is None:
        return "interface {}(nil)" if spec.sharp_v else "<nil>"
    return format_value(value, verb, spec)


def _list(value: list[object] | tuple[object, ...], verb: str, spec: _Spec) -> str:
    items = [_element(item, verb, spec) for item in value]
    if not spec.sharp_v:
        return f"[{' '.join(items)}]"
    name = type_name(value)
    return f"{name}(nil)" if is_nil(value) else f"{name}{{{', '.join(items)}}}"


def _map(value: dict[object, object], verb: str, spec: _Spec) -> str:
    between = ", " if spec.sharp_v else " "
    inside = between.join(f"{_element(k, verb, spec)}:{_element(v, verb, spec)}" for k, v in sorted_items(value))
    if not spec.sharp_v:
        return f"map[{inside}]"
    name = type_name(value)
    return f"{name}(nil)" if is_nil(value) else f"{name}{{{inside}}}"


def _string(text: str, verb: str, spec: _Spec) -> str | None:
    if verb in ("x", "X"):
        return _hexadecimal(text, verb, spec)
    if verb not in ("v", "s", "q"):
        return None
    if spec.precision is not None:
        text = text[: spec.precision]
    if verb == "q" or spec.sharp_v:
        raw = spec.has("#") and all(map(_may_be_raw, text))
        text = f"`{text}`" if raw else quoted(text, ascii_only=spec.has("+"))
    return spec.pad(text, zeros=True)


def _may_be_raw(char: str) -> bool:
    """Whether it may stand in a literal between backquotes. Go: strconv.CanBackquote."""
    return char == "\t" or (char >= " " and char not in "`\x7f\ufeff" and not 0xDC80 <= ord(char) <= 0xDCFF)


def _hexadecimal(text: str, verb: str, spec: _Spec) -> str:
    data = to_bytes(text)
    if spec.precision is not None:
        data = data[: spec.precision]
    digits = [f"{byte:02{verb}}" for byte in data]
    prefix = f"0{verb}" if spec.has("#") and digits else ""
    if spec.has(" "):
        return spec.pad(" ".join(prefix + digit for digit in digits), zeros=True)
    return spec.pad(prefix + "".join(digits), zeros=True)


def _integer(value: int, verb: str, spec: _Spec) -> str | None:
    if verb in ("c", "q", "U"):
        return _character(value, verb, spec)
    if verb not in _BASES:
        return None
    if spec.sharp_v and isinstance(value, Uint8):
        return spec.pad(f"0x{value:x}")
    digits = format(abs(value), _BASES[verb])
    sign = "-" if value < 0 else "+" if spec.has("+") else " " if spec.has(" ") else ""
    if spec.precision is not None:
        if spec.precision == 0 and value == 0:
            return " " * (spec.width or 0)
        digits = digits.rjust(spec.precision, "0")
    elif spec.has("0") and spec.width is not None and not spec.has("-"):
        digits = digits.rjust(spec.width - len(sign), "0")
    prefix = _PREFIXES.get(verb, "") if spec.has("#") else ""
    if prefix == "0" and digits.startswith("0"):
        prefix = ""
    return spec.pad(sign + ("0o" if verb == "O" else "") + prefix + digits)


def _character(value: int, verb: str, spec: _Spec) -> str:
    valid = 0 <= value <= 0x10FFFF and not 0xD800 <= value <= 0xDFFF
    char = chr(value) if valid else "�"
    if verb == "c":
        return spec.pad(char, zeros=True)
    if verb == "q":
        return spec.pad(quoted(char, "'", ascii_only=spec.has("+")), zeros=True)
    digits = f"{value & (2**64 - 1):X}".rjust(max(spec.precision or 0, 4), "0")
    shown = f" {quoted(char, chr(39))}" if spec.has("#") and valid and char.isprintable() else ""
    return spec.pad(f"U+{digits}{shown}")


def _float(value: float, verb: str, spec: _Spec) -> str | None:
    if verb not in "vgGeEfFbxX":
        return None
    if value - value != 0:  # infinite, or no number
        text = float_text(value)
        if text == "+Inf" and not spec.has("+"):
            text = " Inf" if spec.has(" ") else "+Inf"
        return spec.pad(("+" if spec.has("+") and text == "NaN" else "") + text)
    text = float_digits_by_verb(abs(value), verb, spec.precision, sharp=spec.has("#"))
    negative = value < 0 or str(value) == "-0.0"
    sign = "-" if negative else "+" if spec.has("+") else " " if spec.has(" ") else ""
    if spec.has("0") and spec.width is not None and not spec.has("-"):
        text = text.rjust(spec.width - len(sign), "0")
    return spec.pad(sign + text)
