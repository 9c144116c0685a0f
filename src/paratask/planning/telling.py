"""What tells whether a task is up to date, where no fingerprint does: a `status`, or times. A fingerprint is kept after a good end only; these may hold
where a step failed, if one that is written below it had run by then.

So what a step writes of that comes after all that stands above it. See "Freshness" in docs/design.md. Knows nothing of neighbours. Loaded for such tasks.
"""

from __future__ import annotations

from paratask.claims.model import Access, Claim, Evidence
from paratask.frozen import replace
from paratask.planning.own_claims import generated, status_claims

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from paratask.planning.expand import Expansion
    from paratask.plugins.hookspecs import Place
    from paratask.variables.ready import ReadyCall, ReadyTask


def telling_claims(ready: ReadyTask, place: Place) -> tuple[Claim, ...]:
    """What is looked at to find out: everything where that is not understood."""
    reason = f"which tells whether `{ready.name}` is up to date"
    looks = [] if ready.dir is None else list(status_claims(ready, ready.dir, place))
    if ready.dir is None or any(claims.evidence is Evidence.NONE for claims in looks):
        return tuple(Claim(access=Access.READ, pattern=each, evidence=Evidence.NONE, reason=reason) for each in ("**", "/**"))
    found = [entry for claims in looks for entry in claims.entries]
    if ready.sources:
        found += generated(ready, ready.dir, place)
    return tuple(replace(entry, reason=reason) for entry in found)


class Told:
    """Those of a run whose steps have begun, or are planned."""

    def __init__(self) -> None:
        self._tasks: dict[str, dict[object, ReadyTask]] = {}
        self._calls: dict[str, dict[str | None, ReadyCall]] = {}
        self._reached: dict[tuple[str, str | None], frozenset[str]] = {}

    def add(self, ready: ReadyTask, calls: Iterable[ReadyCall]) -> None:
        """One of them makes these calls in its steps."""
        name = ready.task.name
        self._tasks.setdefault(name, {})[ready.dir, ready.status, ready.generates] = ready
        for call in calls:
            self._calls.setdefault(name, {}).setdefault(call.task, call)

    def above(self, caller: ReadyTask, expansion: Expansion) -> Sequence[ReadyTask]:
        """The caller itself, where it is one, and those in whose steps it may have been called."""
        found = [caller] if caller.task.name in self._tasks else []
        for name, tasks in self._tasks.items():
            if name != caller.task.name and self._leads_to(caller.task.name, name, expansion):
                found += tasks.values()
        return found

    def _leads_to(self, name: str, told: str, expansion: Expansion) -> bool:
        for called, call in self._calls[told].items():
            if (told, called) not in self._reached:
                self._reached[told, called] = expansion.reach_of_call(call).tasks
            if name in self._reached[told, called]:
                return True
        return False
