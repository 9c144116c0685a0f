"""What would happen several times if the tasks were verified: effects outside the checkout, and commands that nobody knows.

Looked up as a plan does it, running nothing. A task that paratask.toml declares `local`, or not, is believed.
"""

from __future__ import annotations

from paratask.errors import ParataskError
from paratask.frozen import dataclass
from paratask.languages.effects import EffectWatch
from paratask.planning.own_claims import own_claims
from paratask.plugins.manager import load_plugins
from paratask.variables.dynamic import run_static
from paratask.variables.scopes import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from paratask.execution.workbench import Workbench
    from paratask.variables.ready import ReadyCall

MAX_CALLS = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """`outside`: task, command and reason of each; `unknown`: task and command."""

    outside: tuple[tuple[str, str, str], ...]
    unknown: tuple[tuple[str, str], ...]


def find_effects(bench: Workbench, calls: Sequence[ReadyCall], warn: Callable[[str], None]) -> Effects:
    """Of all that the calls reach."""
    watch = EffectWatch(bench.project.root_dir, plugins=load_plugins(warn=warn))
    settings = bench.project.settings
    outside: dict[tuple[str, str, str], None] = {}
    unknown: dict[tuple[str, str], None] = {}
    seen: set[object] = set()
    waiting = list(calls)
    while waiting and len(seen) < MAX_CALLS:
        call = waiting.pop(0)
        key = (call.task, tuple((name, repr(value)) for name, value in call.variables.items()))
        if call.task is None or key in seen:
            continue
        seen.add(key)
        try:
            found = bench.index.find(call.task)
            ready = run_static(bench.preparation.prepare(found, call.task, call.variables, Mode.UNKNOWN))
        except ParataskError:
            continue
        declared = settings.claims_of(ready.task.name)
        if declared is not None and declared.local:
            continue
        waiting += ready.calls()
        if declared is not None and declared.local is False:
            outside[ready.task.name, "", "paratask.toml declares `local = false`"] = None
            continue
        watch.begin()
        list(own_claims(ready, watch))
        outside.update({(ready.task.name, text, reason): None for text, reason in watch.outside.items()})
        unknown.update({(ready.task.name, text): None for text in watch.unknown})
    return Effects(outside=tuple(outside), unknown=tuple(unknown))
