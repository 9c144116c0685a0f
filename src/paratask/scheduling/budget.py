"""What may be taken at once, and how people write it down. See "Resources" in docs/design.md. Measures nothing itself."""

from __future__ import annotations

from paratask.errors import UsageError
from paratask.frozen import dataclass

_UNITS = {"": 1, "k": 1024, "m": 1024**2, "g": 1024**3, "t": 1024**4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The limits of one run. `cpus` counts commands of ordinary cost; 0 stands for no limit in the other two.

    `load` is the most processes that may be running on the machine, `memory_bytes` what must stay available.
    """

    cpus: float
    load: float = 0.0
    memory_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The machine now: processes that run or want to, and memory that could be had, in bytes."""

    running_processes: int = 0
    available_bytes: int = 0


def parse_jobs(text: str, cpus: float) -> float:
    """`4`, `50%` of the cpus, `+1` more than them. At least one. Raises UsageError."""
    return max(1.0, float(int(_relative(text, cpus, "jobs"))))


def parse_load(text: str, cpus: float) -> float:
    """GNU parallel's --load: `4` processes, `80%` of the cpus, `+2` more than them. Raises UsageError."""
    return max(0.1, _relative(text, cpus, "load"))


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
        raise UsageError(f"`{text}` is no number for {what}", help=f"write a number, a share such as `80%`, or `+1` for {what}")
    return value


def parse_memory(text: str) -> int:
    """`500M`, `2G`, `1.5GiB`, or bytes. Raises UsageError."""
    lowered = text.strip().lower().removesuffix("ib").removesuffix("b")
    unit = lowered[-1:] if lowered[-1:].isalpha() else ""
    try:
        value = int(float(lowered.removesuffix(unit)) * _UNITS[unit])
    except (ValueError, KeyError, OverflowError):
        value = -1
    if value < 0:
        raise UsageError(f"`{text}` is no amount of memory", help="write it as `500M` or `2G`")
    return value
