"""The verbs of floating-point numbers. Go: strconv.FormatFloat. Knows neither flags, but #, nor padding."""

from __future__ import annotations

import math

from paratask.templating.values import float_text


def float_digits_by_verb(value: float, verb: str, precision: int | None, *, sharp: bool) -> str:
    """A finite number, without sign or padding, by one of the verbs v, g, e, f, b and x."""
    if verb in "bxX":
        text = _power_of_two(value, verb, precision)
        return _padded_hexadecimal(text, verb, precision) if sharp and verb != "b" else text
    if verb in "vgG" and precision is None:
        text = _six_digits(float_text(value)) if sharp else float_text(value)
        return text.upper() if verb == "G" else text
    kind = "g" if verb == "v" else verb
    return f"{value:{'#' if sharp else ''}.{6 if precision is None else precision}{kind}}"


def _six_digits(text: str) -> str:
    """The sharp flag: a decimal point, and zeros up to six digits."""
    mantissa, mark, exponent = text.partition("e")
    digits = mantissa.replace(".", "").lstrip("0")
    point = "" if "." in mantissa else "."
    return mantissa + point + "0" * (6 - max(len(digits), 1 if mantissa == "0" else 0)) + mark + exponent


def _padded_hexadecimal(text: str, verb: str, precision: int | None) -> str:
    """The sharp flag: a point, and for %x zeros up to six digits, of which those before and the `x` count. Go: fmtFloat."""
    mantissa, mark, exponent = text.partition("p" if verb == "x" else "P")
    significant = mantissa.replace(".", "").lstrip("0")
    wanted = (6 if precision is None else precision) if verb == "x" else 0
    point = "" if "." in mantissa else "."
    return mantissa + point + "0" * (wanted - len(significant)) + mark + exponent


def _power_of_two(value: float, verb: str, precision: int | None) -> str:
    """%b: mantissa and exponent of 2 in decimal; %x: the mantissa in hexadecimal, as C's %a."""
    fraction, exponent = math.frexp(value)
    mantissa = int(fraction * 2**53)
    if verb == "b":
        return f"{mantissa}p{exponent - 53 if mantissa else -1074:+d}"
    exponent = exponent - 1 if mantissa else 0
    if precision is not None and precision < 13:
        unit = 1 << 4 * (13 - precision)
        mantissa = round(mantissa / unit) * unit
        if mantissa == 2**53:
            mantissa, exponent = 2**52, exponent + 1
    digits = f"{mantissa & (2**52 - 1):013x}"
    digits = digits.rstrip("0") if precision is None else digits.ljust(precision, "0")[:precision]
    text = f"0x{mantissa >> 52}{'.' if digits else ''}{digits}p{'-' if exponent < 0 else '+'}{abs(exponent):02d}"
    return text.upper() if verb == "X" else text
