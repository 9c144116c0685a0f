"""What a plain YAML scalar means to go-yaml v3, and which texts need quotes because of it. Go: resolve.go, encode.go.

Knows scalars only; structure is in yaml_text.py.
"""

from __future__ import annotations

from functools import cache

from paratask.templating.failures import FunctionError
from paratask.templating.functions.zones import UTC, FixedZone
from paratask.templating.values import type_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re

    from paratask.templating.functions.times import Time

_NAMED: dict[str, object] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
    ".nan": float("nan"), ".NaN": float("nan"), ".NAN": float("nan"),
    ".inf": float("inf"), ".Inf": float("inf"), ".INF": float("inf"),
    "+.inf": float("inf"), "+.Inf": float("inf"), "+.INF": float("inf"),
    "-.inf": float("-inf"), "-.Inf": float("-inf"), "-.INF": float("-inf"),
}  # fmt: skip
_OLD_BOOLS = frozenset("y Y yes Yes YES on On ON n N no No NO off Off OFF".split())
_FLOAT = r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?"
_BASE_60 = r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"
_TIMESTAMP = (
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?(Z|[-+]\d{2}:\d{2}))|(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?))?"
)
_TAGS = {"int": "int", "float": "float64", "bool": "bool", "null": "<nil>", "timestamp": "time.Time"}
_STARTS = frozenset("+-.0123456789")


@cache
def _pattern(text: str) -> re.Pattern[str]:
    import re

    return re.compile(text, re.ASCII)


def resolve_plain(text: str) -> object:
    """The value of a plain scalar."""
    if text in _NAMED:
        return _NAMED[text]
    if text[0] not in _STARTS:
        return text
    moment = _timestamp(text)
    if moment is not None:
        return moment
    digits = text.replace("_", "")
    integer = _integer(digits)
    if integer is not None:
        return integer
    return float(digits) if _pattern(_FLOAT).fullmatch(digits) else text


def resolve_tagged(text: str, tag: str) -> object:
    """The value of a scalar with a tag; "" is none. Raises FunctionError where the tag does not suit the text."""
    if not tag:
        return resolve_plain(text)
    short = tag.removeprefix("tag:yaml.org,2002:")
    if short == "binary":
        return _decoded(text)
    if short not in _TAGS:
        return text
    value = resolve_plain(text)
    if short == "float" and type(value) is int:
        value = float(value)
    if type_name(value) != _TAGS[short]:
        raise FunctionError(f"cannot decode {type_name(value)} `{text}` as a !!{short}")
    return value


def _decoded(text: str) -> str:
    from paratask.templating.functions.encodings import base64_decode

    decoded = base64_decode(text)
    if decoded.startswith("illegal base64 data at"):
        raise FunctionError("!!binary value contains invalid base64 data")
    return decoded


def needs_quotes(text: str) -> bool:
    """Whether `text` unquoted would be read as something else, also by YAML 1.1."""
    return text in _OLD_BOOLS or not isinstance(resolve_plain(text), str) or _is_base_60(text)


def _is_base_60(text: str) -> bool:
    return ":" in text and _pattern(_BASE_60).fullmatch(text) is not None


def _integer(digits: str) -> int | None:
    unsigned = digits.lstrip("+-")
    if len(digits) - len(unsigned) > 1 or not unsigned[:1].isdigit():
        return None
    base = {"0x": 16, "0X": 16, "0o": 8, "0O": 8, "0b": 2, "0B": 2}.get(unsigned[:2])
    if base is None:
        base = 8 if unsigned[0] == "0" and len(unsigned) > 1 else 10
    try:
        value = int(digits, base)
    except ValueError:
        return None
    return value if -(2**63) <= value < 2**64 else None


def _timestamp(text: str) -> Time | None:
    """A date, with or without a time of day. go-yaml: parseTimestamp."""
    match = _pattern(_TIMESTAMP).fullmatch(text)
    if match is None:
        return None
    from paratask.templating.functions.calendar import days_in, days_of
    from paratask.templating.functions.times import Time

    year, month, day = (int(part) for part in match.group(1, 2, 3))
    hour, minute, second = (int(match[i] or match[i + 5] or 0) for i in (4, 5, 6))
    if not (1 <= month <= 12 and 1 <= day <= days_in(year, month) and hour < 24 and minute < 60 and second < 60):
        return None
    nanoseconds = int((match[7] or match[12] or ".0")[1:10].ljust(9, "0"))
    zone = match[8] or "Z"
    offset = 0 if zone == "Z" else (int(zone[1:3]) * 60 + int(zone[4:])) * (-60 if zone[0] == "-" else 60)
    seconds = days_of(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
    return Time(seconds, nanoseconds, FixedZone(offset, "") if offset else UTC)
