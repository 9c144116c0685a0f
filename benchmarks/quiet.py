"""Whether the machine is quiet enough for a number to be a measurement: what others take of it, before and during a case.

The minute's load is kept with the results, but it does not decide: it still holds what the case before has done.
"""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass
from pathlib import Path

LOOK_SECONDS = 1.0
MOST_BEFORE = 0.25
MOST_DURING = 0.5
"""Cores that others may take. During a case the kernel's own work for us counts among them."""


@dataclass(frozen=True, kw_only=True)
class Quietness:
    """Cores that others took; None where the system does not say."""

    before: float | None
    during: float | None
    load_before: float

    @property
    def is_busy(self) -> bool:
        return (self.before or 0.0) > MOST_BEFORE or (self.during or 0.0) > MOST_DURING

    def as_data(self) -> dict[str, object]:
        return {
            "busy": self.is_busy,
            "cores_others_took_before": self.before,
            "cores_others_took_during": self.during,
            "load_before": round(self.load_before, 2),
            "limits": {"before": MOST_BEFORE, "during": MOST_DURING},
        }


class Watch:
    """Looks for a second before a case, and tells at its end."""

    def __init__(self) -> None:
        self._load = os.getloadavg()[0]
        start = _Moment()
        time.sleep(LOOK_SECONDS)  # the stretch of time that is looked at
        self._start = _Moment()
        self._before = self._start.others_since(start)

    def end(self) -> Quietness:
        return Quietness(before=self._before, during=_Moment().others_since(self._start), load_before=self._load)


class _Moment:
    """Seconds of processors so far: of all, and of this process with its children."""

    def __init__(self) -> None:
        self.at = time.monotonic()
        self.own = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        self.all = _processor_seconds()

    def others_since(self, earlier: _Moment) -> float | None:
        """Cores that others had, on average."""
        if self.all is None or earlier.all is None:
            return None
        others = (self.all - earlier.all) - (self.own - earlier.own)
        return round(max(0.0, others) / (self.at - earlier.at), 2)


def _processor_seconds() -> float | None:
    """All but idle time and waiting for disks, of all processors. None without /proc."""
    try:
        fields = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    except OSError:
        return None
    user, nice, system, _idle, _wait, *rest = map(int, fields)
    return (user + nice + system + sum(rest[:3])) / os.sysconf("SC_CLK_TCK")
