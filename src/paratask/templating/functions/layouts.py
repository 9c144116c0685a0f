"""Go's date layouts: dates as text, and back. Go: time, format.go.

A layout shows how the reference time Mon Jan 2 15:04:05 MST 2006 would be written. Knows fields of a date, not how they
come about.
"""

from __future__ import annotations

from paratask.templating.functions.calendar import MONTHS, WEEKDAYS, date_of, days_in, days_of, weekday_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.templating.functions.times import Time

# Longer words first, where one starts with the other.
_WORDS = (
    "January", "Jan", "Monday", "Mon", "MST", "2006", "002", "01", "02", "03", "04", "05", "06", "15", "__2", "_2",
    "Z07:00:00", "Z070000", "Z07:00", "Z0700", "Z07", "-07:00:00", "-070000", "-07:00", "-0700", "-07",
    "PM", "pm", "1", "2", "3", "4", "5",
)  # fmt: skip
_FIRST = frozenset(word[0] for word in _WORDS)
_ZONES = {
    "": (":", 2), "-07:00:00": (":", 3), "-070000": ("", 3), "-07:00": (":", 2), "-0700": ("", 2), "-07": ("", 1),
}  # fmt: skip


def pieces_of(layout: str) -> list[tuple[str, str]]:
    """Literal text and the layout word after it, in turn; the last word is empty."""
    pieces: list[tuple[str, str]] = []
    start = position = 0
    while position < len(layout):
        word = _word_at(layout, position)
        if not word:
            position += 1
            continue
        pieces.append((layout[start:position], word))
        position += len(word)
        start = position
    pieces.append((layout[start:], ""))
    return pieces


def _word_at(layout: str, position: int) -> str:
    char = layout[position]
    if char in ".,":
        return _fraction_at(layout, position)
    if char not in _FIRST:
        return ""
    if layout.startswith("_2006", position):
        return ""
    for word in _WORDS:
        if layout.startswith(word, position):
            following = layout[position + 3 : position + 4]
            if word in ("Jan", "Mon") and "a" <= following <= "z":
                continue
            return word
    return ""


def _fraction_at(layout: str, position: int) -> str:
    """.000 or ,999: a fraction of a second, if no digit follows it."""
    digit = layout[position + 1 : position + 2]
    if digit not in ("0", "9"):
        return ""
    end = position + 1
    while layout[end : end + 1] == digit:
        end += 1
    return "" if layout[end : end + 1].isdigit() else layout[position:end]


def format_time(time: Time, layout: str) -> str:
    """The date as the layout would have it."""
    offset, zone = time.zone.at(time.seconds)
    days, second_of_day = divmod(time.seconds + offset, 86_400)
    fields = _Fields(days, second_of_day, time.nanoseconds, offset, zone)
    return "".join(literal + (fields.formatted(word) if word else "") for literal, word in pieces_of(layout))


class _Fields:
    __slots__ = ("_day", "_days", "_hour", "_minute", "_month", "_nanoseconds", "_offset", "_second", "_year", "_zone")

    def __init__(self, days: int, second_of_day: int, nanoseconds: int, offset: int, zone: str) -> None:
        self._days = days
        self._year, self._month, self._day = date_of(days)
        self._hour, left = divmod(second_of_day, 3600)
        self._minute, self._second = divmod(left, 60)
        self._nanoseconds = nanoseconds
        self._offset = offset
        self._zone = zone

    def formatted(self, word: str) -> str:
        """What stands for one word of the layout."""
        if word[0] in ".,":
            return self._fraction(word)
        if word[0] in "Z-":
            return "Z" if word[0] == "Z" and self._offset == 0 else zone_text(self._offset, "-" + word[1:])
        return self._date_word(word) or self._time_word(word)

    def _date_word(self, word: str) -> str:
        year = f"{self._year:04d}" if self._year >= 0 else f"-{-self._year:04d}"
        month, weekday = MONTHS[self._month - 1], WEEKDAYS[weekday_of(self._days)]
        year_day = self._days - days_to_year(self._days) + 1
        words = {
            "2006": year, "06": f"{self._year % 100:02d}", "January": month, "Jan": month[:3], "01": f"{self._month:02d}",
            "1": str(self._month), "Monday": weekday, "Mon": weekday[:3], "02": f"{self._day:02d}", "2": str(self._day),
            "_2": f"{self._day:2d}", "002": f"{year_day:03d}", "__2": f"{year_day:3d}",
        }  # fmt: skip
        return words.get(word, "")

    def _time_word(self, word: str) -> str:
        hour = self._hour % 12 or 12
        noon = "PM" if self._hour >= 12 else "AM"
        words = {
            "15": f"{self._hour:02d}", "03": f"{hour:02d}", "3": str(hour), "04": f"{self._minute:02d}",
            "4": str(self._minute), "05": f"{self._second:02d}", "5": str(self._second), "PM": noon, "pm": noon.lower(),
            "MST": self._zone,
        }  # fmt: skip
        return words[word]

    def _fraction(self, word: str) -> str:
        digits = f"{self._nanoseconds:09d}"[: len(word) - 1].ljust(len(word) - 1, "0")
        if word[1] == "9":
            digits = digits.rstrip("0")
        return word[0] + digits if digits else ""


def days_to_year(days: int) -> int:
    """The day, counted from 1970, on which the year of `days` starts."""
    return days_of(date_of(days)[0], 1, 1)


def zone_text(offset: int, word: str) -> str:
    """An offset as +01:00, in the form that the layout word has."""
    colon, parts = _ZONES[word]
    seconds = abs(offset)
    numbers = (seconds // 3600, seconds // 60 % 60, seconds % 60)[:parts]
    return ("-" if offset < 0 else "+") + colon.join(f"{number:02d}" for number in numbers)


class Parsed:
    """The fields that a text gave; `offset` and `zone` are None where it gave none."""

    __slots__ = ("day", "hour", "minute", "month", "nanoseconds", "offset", "second", "year", "year_day", "zone")

    def __init__(self) -> None:
        self.year = 0
        self.month: int | None = None
        self.day: int | None = None
        self.year_day: int | None = None
        self.hour = self.minute = self.second = self.nanoseconds = 0
        self.offset: int | None = None
        self.zone: str | None = None


def parse_fields(layout: str, text: str) -> Parsed:
    """The fields of `text`, which is written as `layout`. Raises ValueError."""
    return _FieldParser(layout, text).run()


class _FieldParser:
    __slots__ = ("_afternoon", "_layout", "_parsed", "_rest", "_text")

    def __init__(self, layout: str, text: str) -> None:
        self._layout = layout
        self._text = self._rest = text
        self._parsed = Parsed()
        self._afternoon: bool | None = None

    def run(self) -> Parsed:
        pieces = pieces_of(self._layout)
        for place, (literal, word) in enumerate(pieces):
            self._literal(literal)
            if word:
                following = pieces[place + 1]
                self._field(word, fraction_follows=not following[0] and following[1][:1] in (".", ","))
        if self._rest:
            raise self._error(f"extra text: {self._rest!r}")
        self._check()
        return self._parsed

    def _error(self, problem: str) -> ValueError:
        return ValueError(f'cannot parse "{self._text}" as "{self._layout}": {problem}')

    def _literal(self, literal: str) -> None:
        while literal:
            part = literal[0]
            if part == " ":
                if self._rest and self._rest[0] != " ":
                    raise self._error(f"space expected at {self._rest!r}")
                self._rest = self._rest.lstrip(" ")
                literal = literal.lstrip(" ")
            elif self._rest.startswith(part):
                self._rest = self._rest[1:]
                literal = literal[1:]
            else:
                raise self._error(f"{part!r} expected at {self._rest!r}")

    def _digits(self, fewest: int, most: int) -> int:
        width = 0
        while width < most and self._rest[width : width + 1] in tuple("0123456789"):
            width += 1
        if width < fewest:
            raise self._error(f"digits expected at {self._rest!r}")
        number = int(self._rest[:width])
        self._rest = self._rest[width:]
        return number

    def _name(self, names: tuple[str, ...], width: int | None) -> int:
        for place, name in enumerate(names):
            wanted = name[:width].lower()
            if self._rest.lower().startswith(wanted):
                self._rest = self._rest[len(wanted) :]
                return place
        raise self._error(f"name expected at {self._rest!r}")

    def _field(self, word: str, *, fraction_follows: bool) -> None:
        if word[0] in ".,":
            self._fraction(word)
        elif word[0] in "Z-":
            self._offset(word)
        elif word == "MST":
            self._abbreviation()
        elif word in ("PM", "pm"):
            self._afternoon = bool(self._name(("AM", "PM") if word == "PM" else ("am", "pm"), 2))
        elif not self._date_field(word):
            self._time_field(word)
            if word in ("5", "05") and not fraction_follows and self._rest[:1] in (".", ",") and self._rest[1:2].isdigit():
                self._fraction(".9")

    def _date_field(self, word: str) -> bool:
        parsed = self._parsed
        if word == "2006":
            parsed.year = self._digits(4, 4)
        elif word == "06":
            number = self._digits(2, 2)
            parsed.year = number + (1900 if number >= 69 else 2000)
        elif word in ("January", "Jan"):
            parsed.month = self._name(MONTHS, 3 if word == "Jan" else None) + 1
        elif word in ("01", "1"):
            parsed.month = self._digits(len(word), 2)
        elif word in ("Monday", "Mon"):
            self._name(WEEKDAYS, 3 if word == "Mon" else None)
        elif word in ("2", "_2", "02"):
            self._rest = self._rest.removeprefix(" ") if word == "_2" else self._rest
            parsed.day = self._digits(2 if word == "02" else 1, 2)
        elif word in ("002", "__2"):
            self._rest = self._rest.lstrip(" ") if word == "__2" else self._rest
            parsed.year_day = self._digits(3 if word == "002" else 1, 3)
        else:
            return False
        return True

    def _time_field(self, word: str) -> None:
        number = self._digits(2 if word[0] == "0" else 1, 2)
        if word in ("15", "03", "3"):
            self._parsed.hour = number
        elif word in ("04", "4"):
            self._parsed.minute = number
        else:
            self._parsed.second = number

    def _fraction(self, word: str) -> None:
        optional = word[1] == "9"
        if optional and self._rest[:1] not in (".", ","):
            return
        digits = self._rest[1 : 1 + (9 if optional else len(word) - 1)]
        width = 0
        while width < len(digits) and digits[width] in "0123456789":
            width += 1
        if self._rest[:1] not in (".", ",") or (not optional and width < len(word) - 1):
            raise self._error(f"fraction expected at {self._rest!r}")
        self._parsed.nanoseconds = int(digits[:width].ljust(9, "0"))
        self._rest = self._rest[1 + width :]

    def _offset(self, word: str) -> None:
        if word[0] == "Z" and self._rest.startswith("Z"):
            self._rest = self._rest[1:]
            self._parsed.offset, self._parsed.zone = 0, "UTC"
            return
        if self._rest[:1] not in ("+", "-"):
            raise self._error(f"zone expected at {self._rest!r}")
        sign = -1 if self._rest[0] == "-" else 1
        self._rest = self._rest[1:]
        colon, parts = _ZONES["-" + word[1:]]
        seconds = 0
        for part in range(parts):
            if part:
                self._literal(colon)
            seconds += self._digits(2, 2) * (3600, 60, 1)[part]
        self._parsed.offset = sign * seconds

    def _abbreviation(self) -> None:
        if self._rest.startswith("UTC"):
            self._parsed.offset, self._parsed.zone = 0, "UTC"
            self._rest = self._rest[3:]
            return
        width = _abbreviation_width(self._rest)
        if not width:
            raise self._error(f"zone expected at {self._rest!r}")
        self._parsed.zone = self._rest[:width]
        self._rest = self._rest[width:]

    def _check(self) -> None:
        parsed = self._parsed
        if self._afternoon is not None:
            parsed.hour = parsed.hour % 12 + 12 * self._afternoon
        if not (parsed.hour < 24 and parsed.minute < 60 and parsed.second < 60):
            raise self._error("time out of range")
        if parsed.month is not None and not 1 <= parsed.month <= 12:
            raise self._error("month out of range")
        if parsed.year_day is not None:
            self._date_of_year_day(parsed.year_day)
        if parsed.day is not None and not 1 <= parsed.day <= days_in(parsed.year, parsed.month or 1):
            raise self._error("day out of range")

    def _date_of_year_day(self, year_day: int) -> None:
        """A day of the year gives month and day, and must agree with those that were read."""
        parsed = self._parsed
        year, month, day = date_of(days_of(parsed.year, 1, year_day))
        if year_day < 1 or year != parsed.year or parsed.month not in (None, month) or parsed.day not in (None, day):
            raise self._error("day of year out of range, or not that of the date")
        parsed.month, parsed.day = month, day


def _abbreviation_width(text: str) -> int:
    """Length of the zone's abbreviation that `text` starts with; 0 if there is none. Go: parseTimeZone."""
    if text.startswith(("ChST", "MeST")):
        return 4
    if text.startswith("GMT"):
        return 3 + _signed_width(text[3:])
    if text[:1] in ("+", "-"):
        return _signed_width(text)
    width = 0
    while width < min(6, len(text)) and "A" <= text[width] <= "Z":
        width += 1
    if width == 3 or (width == 5 and text[4] == "T") or (width == 4 and (text[3] == "T" or text.startswith("WITA"))):
        return width
    return 0


def _signed_width(text: str) -> int:
    """Length of an offset in hours, such as +3, that `text` starts with."""
    width = 1
    while text[width : width + 1] in tuple("0123456789"):
        width += 1
    return width if text[:1] in ("+", "-") and width > 1 and int(text[1:width]) < 24 else 0
