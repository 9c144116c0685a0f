"""Time zones: an offset and an abbreviation for any moment.

Local time comes from the machine, names from the time zone database, read through `zoneinfo` when a template asks for one:
constant data, like the tables of Unicode. Knows no layouts.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.templating import Machine


class Zone:
    """UTC."""

    __slots__ = ()
    name = "UTC"

    def at(self, unix_seconds: int) -> tuple[int, str]:
        """Seconds east of UTC, and the abbreviation."""
        del unix_seconds
        return 0, "UTC"


UTC = Zone()
# The time zone database and most clocks know nothing before year 1 or after year 9999.
_EARLIEST = -62_135_500_000
_LATEST = 253_402_200_000


class LocalZone(Zone):
    """The machine's zone. It may know abbreviations (`local_name(unix_seconds)`), or else the offset stands for one."""

    __slots__ = ("_machine",)
    name = "Local"

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def at(self, unix_seconds: int) -> tuple[int, str]:
        unix_seconds = min(max(unix_seconds, _EARLIEST), _LATEST)
        offset = int(self._machine.local_offset(unix_seconds))
        name_of = getattr(self._machine, "local_name", None)
        name = name_of(unix_seconds) if name_of else ""
        return offset, name or ("UTC" if offset == 0 else offset_name(offset))


class FixedZone(Zone):
    """A zone that was read from a text."""

    __slots__ = ("_name", "_offset")

    def __init__(self, offset: int, name: str) -> None:
        self._offset = offset
        self._name = name

    def at(self, unix_seconds: int) -> tuple[int, str]:
        del unix_seconds
        return self._offset, self._name or offset_name(self._offset)


class NamedZone(Zone):
    """A zone of the database."""

    __slots__ = ("_info",)

    def __init__(self, name: str) -> None:
        import zoneinfo

        self._info = zoneinfo.ZoneInfo(name)

    def at(self, unix_seconds: int) -> tuple[int, str]:
        from datetime import datetime, timezone

        unix_seconds = min(max(unix_seconds, _EARLIEST), _LATEST)
        moment = datetime.fromtimestamp(unix_seconds, timezone.utc).astimezone(self._info)
        offset = moment.utcoffset()
        return int(offset.total_seconds()) if offset else 0, moment.tzname() or "UTC"


def zone_named(name: str, machine: Machine) -> Zone:
    """The zone of that name; UTC for one that does not exist, as in sprig."""
    if name in ("", "UTC"):
        return UTC
    if name == "Local":
        return LocalZone(machine)
    try:
        return NamedZone(name)
    except (KeyError, ValueError, OSError):
        return UTC


def offset_name(offset: int) -> str:
    """+0100, -0330, as Go abbreviates a zone without a name."""
    minutes = abs(offset) // 60
    return f"{'-' if offset < 0 else '+'}{minutes // 60:02d}{minutes % 60:02d}"
