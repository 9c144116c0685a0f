"""Go durations, in nanoseconds, as text and back. Go: time.ParseDuration and Duration.String. Knows no dates."""

from __future__ import annotations

from paratask.templating.values import Int64

SECOND = 1_000_000_000
_UNITS = {
    "ns": 1,
    "us": 1000,
    "µs": 1000,
    "μs": 1000,
    "ms": 1_000_000,
    "s": SECOND,
    "m": 60 * SECOND,
    "h": 3600 * SECOND,
}


class Duration(Int64):
    """A time.Duration."""

    __slots__ = ()
    go_type = "time.Duration"


def parse_duration(text: str) -> int:
    """Nanoseconds of "1h15m30.5s". Raises ValueError."""
    rest = text[1:] if text[:1] in ("+", "-") else text
    if rest == "0":
        return 0
    if not rest:
        raise ValueError(f'time: invalid duration "{text}"')
    total = 0
    while rest:
        number_end = _span(rest, "0123456789.")
        number = rest[:number_end]
        unit_end = number_end
        while unit_end < len(rest) and rest[unit_end] not in "0123456789.":
            unit_end += 1
        unit = rest[number_end:unit_end]
        if not number.strip(".") or number.count(".") > 1:
            raise ValueError(f'time: invalid duration "{text}"')
        if unit not in _UNITS:
            problem = f'unknown unit "{unit}" in' if unit else "missing unit in"
            raise ValueError(f'time: {problem} duration "{text}"')
        whole, _, fraction = number.partition(".")
        scale = _UNITS[unit]
        total += int(whole or "0") * scale + (int(fraction) * scale // 10 ** len(fraction) if fraction else 0)
        rest = rest[unit_end:]
    return -total if text.startswith("-") else total


def _span(text: str, allowed: str) -> int:
    end = 0
    while end < len(text) and text[end] in allowed:
        end += 1
    return end


def duration_text(nanoseconds: int) -> str:
    """As Go prints it: 1h15m30.5s, 1.5ms, 0s."""
    sign, left = ("-", -nanoseconds) if nanoseconds < 0 else ("", nanoseconds)
    if left == 0:
        return "0s"
    for unit, scale in (("ns", 1), ("µs", 1000), ("ms", 1_000_000)):
        if left < scale * 1000:
            return f"{sign}{_decimal(left, scale)}{unit}"
    seconds, nanos = divmod(left, SECOND)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{_decimal(seconds * SECOND + nanos, SECOND)}s"
    if hours or minutes:
        text = f"{minutes}m{text}"
    return f"{sign}{hours}h{text}" if hours else sign + text


def _decimal(value: int, scale: int) -> str:
    whole, fraction = divmod(value, scale)
    if not fraction:
        return str(whole)
    return f"{whole}.{str(fraction).rjust(len(str(scale)) - 1, '0').rstrip('0')}"
