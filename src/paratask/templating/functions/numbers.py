"""Arithmetic and conversions. Go: slim-sprig's numeric.go, and strconv.

Integers are 64 bits and wrap around; what cannot be read as a number is 0. Knows nothing of formatting.
"""

from __future__ import annotations

import math
import sys

from paratask.templating.failures import FunctionError
from paratask.templating.values import Int64, Ints, text_of, wrap_int64

_LOWEST = -(2**63)


def _parsed(text: str, base: int = 10) -> int | None:
    """Go: strconv.ParseInt, which takes a sign and ASCII digits, and nothing else."""
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isdigit()):
        return None
    try:
        value = int(text, base)
    except ValueError:
        return None
    return value if _LOWEST <= value < -_LOWEST else None


def parse_int(text: str) -> int:
    """The number; 0 for what is none, the nearest limit for what is too large."""
    value = _parsed(text)
    if value is None:
        digits = text.lstrip("+-")
        if digits.isascii() and digits.isdigit() and len(text) - len(digits) < 2:
            return _LOWEST if text.startswith("-") else -_LOWEST - 1
    return value or 0


def _int(value: object) -> int:
    if isinstance(value, str):
        return _parsed(value) or 0
    if isinstance(value, float):
        return int(value) if math.isfinite(value) and _LOWEST <= value < -_LOWEST else _LOWEST
    return int(value) if isinstance(value, int) else 0


def to_int64(value: object) -> Int64:
    """As int64."""
    return Int64(_int(value))


def to_int(value: object) -> int:
    """As int."""
    return _int(value)


def to_float(value: object) -> float:
    """As float64."""
    if isinstance(value, str):
        return _float(value)
    return float(value) if isinstance(value, (int, float)) else 0.0


def _float(text: str) -> float:
    try:
        if text.strip() != text or "_" in text:
            return 0.0
        if "0x" in text.lower():
            return float.fromhex(text) if "p" in text.lower() else 0.0
        value = float(text)
    except (ValueError, OverflowError):
        return 0.0
    return 0.0 if math.isinf(value) and "inf" not in text.lower() else value


def octal_to_decimal(value: object) -> Int64:
    """The number that `value`'s digits write in base 8."""
    return Int64(_parsed(text_of(value), 8) or 0)


def until(count: int) -> Ints:
    """From 0 up, or down, to before `count`."""
    return until_step(0, count, -1 if count < 0 else 1)


def until_step(start: int, stop: int, step: int) -> Ints:
    """From `start` to before `stop`; empty where `step` leads elsewhere."""
    leads_there = step < 0 if stop < start else step > 0
    return Ints(range(start, stop, step)) if leads_there else Ints()


def sequence_text(*limits: int) -> str:
    """As the program seq prints it, in one line: end; start, end; start, step, end. Other counts give nothing."""
    if not 1 <= len(limits) <= 3:
        return ""
    start = limits[0] if len(limits) > 1 else 1
    end = limits[-1]
    towards = -1 if end < start else 1
    step = limits[1] if len(limits) == 3 else towards
    if len(limits) == 3 and towards < 0 < step:
        return ""
    return " ".join(map(str, until_step(start, end + towards, step)))


def add_one(value: object) -> Int64:
    """One more."""
    return wrap_int64(_int(value) + 1)


def add(*values: object) -> Int64:
    """The sum."""
    return wrap_int64(sum(map(_int, values)))


def subtract(left: object, right: object) -> Int64:
    """The difference."""
    return wrap_int64(_int(left) - _int(right))


def multiply(*values: object) -> Int64:
    """The product."""
    return wrap_int64(math.prod(map(_int, values)))


def divide(left: object, right: object) -> Int64:
    """The quotient, cut off towards zero."""
    dividend, divisor = _int(left), _int(right)
    if not divisor:
        raise FunctionError("integer divide by zero")
    quotient = abs(dividend) // abs(divisor)
    return wrap_int64(quotient if (dividend < 0) == (divisor < 0) else -quotient)


def remainder(left: object, right: object) -> Int64:
    """What `divide` leaves; its sign is the dividend's."""
    dividend, divisor = _int(left), _int(right)
    if not divisor:
        raise FunctionError("integer divide by zero")
    left_over = abs(dividend) % abs(divisor)
    return Int64(-left_over if dividend < 0 else left_over)


def maximum(*values: object) -> Int64:
    """The largest, as an integer."""
    return Int64(max(map(_int, values)))


def minimum(*values: object) -> Int64:
    """The smallest, as an integer."""
    return Int64(min(map(_int, values)))


def maximum_float(*values: object) -> float:
    """The largest; NaN if there is one."""
    numbers = list(map(to_float, values))
    return math.nan if any(map(math.isnan, numbers)) else max(numbers, key=_with_sign)


def minimum_float(*values: object) -> float:
    """The smallest; NaN if there is one."""
    numbers = list(map(to_float, values))
    return math.nan if any(map(math.isnan, numbers)) else min(numbers, key=_with_sign)


def _with_sign(number: float) -> tuple[float, float]:
    """Orders -0.0 before 0.0."""
    return number, math.copysign(1.0, number)


def ceiling(value: object) -> float:
    """Rounded up."""
    number = to_float(value)
    return math.copysign(float(math.ceil(number)), number) if math.isfinite(number) else number


def floor(value: object) -> float:
    """Rounded down."""
    number = to_float(value)
    return math.copysign(float(math.floor(number)), number) if math.isfinite(number) else number


def round_to(value: object, places: int, *threshold: float) -> float:
    """Rounded to `places`; up from the threshold on, which is 0.5. Go truncates before it compares, so -2.6 gives -3."""
    number, power = to_float(value), _power_of_ten(places)
    scaled = power * number
    if not math.isfinite(scaled):
        return math.nan if math.isinf(power) else scaled / power
    up = math.modf(scaled)[0] >= (threshold[0] if threshold else 0.5)
    rounded = ceiling(scaled) if up else floor(scaled)
    return rounded / power if power else math.nan


def _power_of_ten(exponent: int) -> float:
    return math.pow(10, exponent) if exponent <= sys.float_info.max_10_exp else math.inf
