"""sprig's functions on dates. Go: slim-sprig's date.go.

What is no date stands for now, and a faulty layout or duration changes nothing, except in the forms with `must`.
Knows the clock and the local zone from the machine only.
"""

from __future__ import annotations

from paratask.templating.failures import FunctionError
from paratask.templating.functions.calendar import ZERO
from paratask.templating.functions.durations import SECOND, duration_text, parse_duration
from paratask.templating.functions.times import Time, parse_time
from paratask.templating.functions.zones import UTC, LocalZone, zone_named
from paratask.templating.values import Int64, type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.templating import Machine

_ROUND_UNITS = (("y", 365 * 86_400), ("mo", 30 * 86_400), ("d", 86_400), ("h", 3600), ("m", 60), ("s", 1))


def now(machine: Machine) -> Time:
    """This moment."""
    return Time.local(int(machine.now() * SECOND), machine)


def _moment(machine: Machine, value: object) -> Time:
    if isinstance(value, Time):
        return value
    if isinstance(value, int) and type_name(value) in ("int", "int64"):
        return Time(int(value), 0, LocalZone(machine))
    return now(machine)


def format_in_zone(machine: Machine, layout: str, value: object, zone: str) -> str:
    """A date, or Unix seconds, as the layout would have it in a zone."""
    return _moment(machine, value).within(zone_named(zone, machine)).format(layout)


def format_local(machine: Machine, layout: str, value: object) -> str:
    """As `format_in_zone`, in local time."""
    return format_in_zone(machine, layout, value, "Local")


def html_date(machine: Machine, value: object) -> str:
    """2006-01-02."""
    return format_local(machine, "2006-01-02", value)


def html_date_in_zone(machine: Machine, value: object, zone: str) -> str:
    """2006-01-02, in a zone."""
    return format_in_zone(machine, "2006-01-02", value, zone)


def must_modify(duration: str, date: Time) -> Time:
    """The date, later by a duration."""
    try:
        return date.plus(parse_duration(duration))
    except ValueError as error:
        raise FunctionError(str(error)) from None


def modify(duration: str, date: Time) -> Time:
    """As `must_modify`; the date itself if the duration cannot be read."""
    try:
        return must_modify(duration, date)
    except FunctionError:
        return date


def must_to_date(machine: Machine, layout: str, text: str) -> Time:
    """The date that `text` writes as `layout`, in local time where it names no zone."""
    try:
        return parse_time(layout, text, machine)
    except ValueError as error:
        raise FunctionError(str(error)) from None


def to_date(machine: Machine, layout: str, text: str) -> Time:
    """As `must_to_date`; Go's zero time if the text cannot be read."""
    try:
        return must_to_date(machine, layout, text)
    except FunctionError:
        return Time(ZERO, 0, UTC)


def unix_epoch(date: Time) -> str:
    """Unix seconds."""
    return str(date.seconds)


def ago(machine: Machine, value: object) -> str:
    """How long ago a date was, to the second."""
    elapsed = now(machine).unix_nanoseconds - _moment(machine, value).unix_nanoseconds
    whole = (abs(elapsed) + SECOND // 2) // SECOND * SECOND
    return duration_text(whole if elapsed >= 0 else -whole)


def seconds_to_duration(value: object) -> str:
    """Seconds, as text or an int64, as 1h15m30s. Other types count as 0, an int as well."""
    from paratask.templating.functions.numbers import to_int64

    return duration_text(to_int64(value) * SECOND if isinstance(value, (str, Int64)) else 0)


def round_duration(machine: Machine, value: object) -> str:
    """A duration, or the time since a date, in its largest whole unit."""
    nanoseconds = 0
    if isinstance(value, str):
        try:
            nanoseconds = parse_duration(value)
        except ValueError:
            nanoseconds = 0
    elif isinstance(value, Time):
        nanoseconds = now(machine).unix_nanoseconds - value.unix_nanoseconds
    elif type_name(value) == "int64" and isinstance(value, int):
        nanoseconds = int(value)
    size = abs(nanoseconds)
    for unit, seconds in _ROUND_UNITS:
        if size > seconds * SECOND:
            return f"{size // (seconds * SECOND)}{unit}"
    return "0s"
