"""How people write amounts, and read them: jobs, load, memory, how many of a resource there are. Text and numbers, and nothing else."""

from __future__ import annotations

from paratask.errors import UsageError

MOST = 1_000_000
NONE = "-"
_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}
_PERIODS = {"s": 1.0, "sec": 1.0, "second": 1.0, "min": 60.0, "minute": 60.0, "h": 3600.0, "hour": 3600.0}


def parse_jobs(text: str, cpus: float) -> float:
    """`4`, `50%` of the cpus, `+1` more than them. At least one. Raises UsageError."""
    return max(1.0, float(int(_relative(text, cpus, "jobs"))))


def is_no_limit(text: str) -> bool:
    """Whether so many jobs are as many as may be: nothing said, zero or less, as to task."""
    try:
        return not text or (not text.startswith("+") and float(text.removesuffix("%")) <= 0)
    except ValueError:
        return False


def parse_load(text: str, cpus: float) -> float:
    """GNU parallel's --load: `4` processes, `80%` of the cpus, `+2` more than them. Raises UsageError."""
    return max(0.1, _relative(text, cpus, "processes"))


def _relative(text: str, cpus: float, what: str) -> float:
    try:
        if text.endswith("%"):
            value = cpus * float(text[:-1]) / 100
        elif text.startswith("+"):
            value = cpus + float(text[1:])
        else:
            value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < 1e6:
        raise UsageError(f"`{text}` is no number of {what}", help="write a number, a share of the cores such as `80%`, or `+1`")
    return value


def parse_memory(text: str) -> int:
    """Bytes of `500M`, `2G`, `1.5GiB`, or of a plain number. Raises UsageError."""
    lowered = text.strip().lower().removesuffix("ib").removesuffix("b")
    unit = lowered[-1:] if lowered[-1:].isalpha() else ""
    try:
        value = int(float(lowered.removesuffix(unit)) * _UNITS[unit])
    except (ValueError, KeyError, OverflowError):
        value = -1
    if value < 0:
        raise UsageError(f"`{text}` is no amount of memory", help="write it as `500M` or `2G`")
    return value


def parse_count(text: str) -> tuple[int, float]:
    """How many there are at once: `2`, with 0.0; or how many may be begun in so many seconds: `10/min`, `5/s`, `3/10s`. Raises UsageError."""
    count, slash, period = text.replace(" ", "").partition("/")
    unit = period.lstrip("0123456789")
    digits = period.removesuffix(unit)
    seconds = _PERIODS.get(unit, 0.0) * _whole(digits or "1") if slash else 0.0
    if not 0 < _whole(count) <= MOST or (slash and not seconds):
        raise UsageError(
            f"`{text}` is no number of a resource", help="write how many there are (`2`), or how many in a time (`10/min`)"
        )
    return int(count), seconds


def _whole(text: str) -> int:
    """0 for what is no number that may stand here."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(MOST)) else 0


def shown_bytes(size: float, *, none: str = NONE) -> str:
    """`3 K`, `15 M`, `1.2 G`; `none` where there are none."""
    if not size:
        return none
    if size < 1024**2:
        return f"{max(1, round(size / 1024))} K"
    if size < 1024**3:
        return f"{round(size / 1024**2)} M"
    return f"{size / 1024**3:.1f} G"
