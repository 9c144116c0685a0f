"""Go's time.Time as a template value, with the methods that templates call. Go: time. Knows no functions of sprig's."""

from __future__ import annotations

from paratask.templating.failures import FunctionError
from paratask.templating.functions.calendar import MONTHS, WEEKDAYS, ZERO, date_of, days_of, weekday_of
from paratask.templating.functions.durations import SECOND, Duration, duration_text
from paratask.templating.functions.layouts import days_to_year, format_time, parse_fields
from paratask.templating.functions.zones import UTC, FixedZone, LocalZone, Zone
from paratask.templating.values import GoObject, Int64

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from paratask.templating import Machine

_TEXT_LAYOUT = "2006-01-02 15:04:05.999999999 -0700 MST"


class NamedInt(GoObject, int):
    """An integer that prints as a name: a time.Month or time.Weekday."""

    names: tuple[str, ...] = ()
    go_kind = "int"

    def go_text(self) -> str:
        return self.names[int(self)]

    def go_methods(self) -> Mapping[str, Callable[..., object]]:
        return {"String": self.go_text}


class Month(NamedInt):
    """time.Month."""

    go_type = "time.Month"
    names = ("", *MONTHS)


class Weekday(NamedInt):
    """time.Weekday."""

    go_type = "time.Weekday"
    names = WEEKDAYS


class Span(GoObject, Duration):
    """A time.Duration that prints as one."""

    go_kind = "int64"

    def go_text(self) -> str:
        return duration_text(int(self))

    def go_methods(self) -> Mapping[str, Callable[..., object]]:
        return {
            "String": self.go_text,
            "Seconds": lambda: int(self) / SECOND,
            "Minutes": lambda: int(self) / (60 * SECOND),
            "Hours": lambda: int(self) / (3600 * SECOND),
            "Milliseconds": lambda: Int64(int(self) // 1_000_000),
            "Nanoseconds": lambda: Int64(self),
        }


class Time(GoObject):
    """A moment: Unix seconds, nanoseconds after them, and the zone to show it in."""

    __slots__ = ("nanoseconds", "seconds", "zone")
    go_type = "time.Time"

    def __init__(self, seconds: int, nanoseconds: int, zone: Zone) -> None:
        self.seconds = seconds
        self.nanoseconds = nanoseconds
        self.zone = zone

    @classmethod
    def local(cls, unix_nanoseconds: int, machine: Machine) -> Time:
        """A moment in the machine's zone."""
        return cls(*divmod(unix_nanoseconds, SECOND), LocalZone(machine))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Time) and self.unix_nanoseconds == other.unix_nanoseconds

    def __hash__(self) -> int:
        return hash(self.unix_nanoseconds)

    @property
    def unix_nanoseconds(self) -> int:
        """Since 1970."""
        return self.seconds * SECOND + self.nanoseconds

    def plus(self, nanoseconds: int) -> Time:
        """A later moment."""
        return Time(*divmod(self.unix_nanoseconds + nanoseconds, SECOND), self.zone)

    def within(self, zone: Zone) -> Time:
        """The same moment, shown elsewhere."""
        return Time(self.seconds, self.nanoseconds, zone)

    def format(self, layout: str) -> str:
        """As the layout would have it."""
        if not isinstance(layout, str):
            raise FunctionError("Format takes a layout, such as `2006-01-02`")
        return format_time(self, layout)

    def go_text(self) -> str:
        return self.format(_TEXT_LAYOUT)

    def go_json(self) -> str:
        """As encoding/json writes it."""
        return self.format("2006-01-02T15:04:05.999999999Z07:00")

    def _days(self) -> int:
        return (self.seconds + self.zone.at(self.seconds)[0]) // 86_400

    def _clock(self, divisor: int, modulus: int) -> int:
        return (self.seconds + self.zone.at(self.seconds)[0]) % 86_400 // divisor % modulus

    def _add_date(self, years: int, months: int, days: int) -> Time:
        year, month, day = date_of(self._days())
        moved = days_of(year + years, month + months, 1) + day - 1 + days - self._days()
        return self.plus(moved * 86_400 * SECOND)

    def go_methods(self) -> Mapping[str, Callable[..., object]]:
        return {
            "Format": self.format,
            "String": self.go_text,
            "Unix": lambda: Int64(self.seconds),
            "UnixMilli": lambda: Int64(self.unix_nanoseconds // 1_000_000),
            "UnixMicro": lambda: Int64(self.unix_nanoseconds // 1000),
            "UnixNano": lambda: Int64(self.unix_nanoseconds),
            "Year": lambda: date_of(self._days())[0],
            "Month": lambda: Month(date_of(self._days())[1]),
            "Day": lambda: date_of(self._days())[2],
            "Weekday": lambda: Weekday(weekday_of(self._days())),
            "YearDay": lambda: self._days() - days_to_year(self._days()) + 1,
            "Hour": lambda: self._clock(3600, 24),
            "Minute": lambda: self._clock(60, 60),
            "Second": lambda: self._clock(1, 60),
            "Nanosecond": lambda: self.nanoseconds,
            "UTC": lambda: self.within(UTC),
            "IsZero": lambda: self.seconds == ZERO and not self.nanoseconds,
            "AddDate": self._add_date,
            "Add": self.plus,
            "Sub": lambda other: Span(self.unix_nanoseconds - other.unix_nanoseconds),
            "Before": lambda other: self.unix_nanoseconds < other.unix_nanoseconds,
            "After": lambda other: self.unix_nanoseconds > other.unix_nanoseconds,
            "Equal": lambda other: self.unix_nanoseconds == other.unix_nanoseconds,
        }


def parse_time(layout: str, text: str, machine: Machine) -> Time:
    """Go: time.ParseInLocation(layout, text, time.Local). Raises ValueError."""
    fields = parse_fields(layout, text)
    days = days_of(fields.year, fields.month or 1, fields.day or 1)
    seconds = days * 86_400 + fields.hour * 3600 + fields.minute * 60 + fields.second
    local = LocalZone(machine)
    if fields.offset is not None:
        seconds -= fields.offset
        return Time(seconds, fields.nanoseconds, _read_zone(fields.offset, fields.zone, local, seconds))
    if fields.zone is not None:
        return _in_abbreviated_zone(seconds, fields.nanoseconds, fields.zone, local)
    # The offset at the wall clock's reading taken as UTC may be off by a change of clocks; once more settles it.
    offset = local.at(seconds - local.at(seconds)[0])[0]
    return Time(seconds - offset, fields.nanoseconds, local)


def _in_abbreviated_zone(seconds: int, nanoseconds: int, name: str, local: Zone) -> Time:
    """A zone by its abbreviation is known if local time has it, now or at another time of the year."""
    for probe in (seconds, *(seconds + half * 182 * 86_400 for half in (-1, 1)), 946_684_800, 962_409_600):
        offset, known = local.at(probe)
        if known == name:
            return Time(seconds - offset, nanoseconds, local)
    offset = int(name[3:]) * 3600 if name.startswith("GMT") and len(name) > 3 else 0
    return Time(seconds - offset, nanoseconds, FixedZone(offset, name))


def _read_zone(offset: int, name: str | None, local: Zone, seconds: int) -> Zone:
    if name == "UTC":
        return UTC
    known = local.at(seconds)
    if known[0] == offset and name in (None, known[1]):
        return local
    return FixedZone(offset, name or "")
