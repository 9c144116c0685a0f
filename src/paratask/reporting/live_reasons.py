"""What jobs wait for, in the words of the live view. Pure: the reasons themselves are found by those who decide (execution/looking.py)."""

from __future__ import annotations

from paratask.amounts import shown_bytes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from paratask.execution.view import Hold
    from paratask.scheduling.budget import Budget

FEW = 2
PLAIN = {
    "cpu": "waits for a free core",
    "slot": "waits for a job slot, which are shared with other programs",
    "peak": "waits for memory that others give back",
    "turn": "waits for its turn: one at a time",
    "quiet": "waits for a job that runs again alone",
}


def reason_text(hold: Hold, name_of: Callable[[str], str], reason: str, budget: Budget) -> str:
    """What stands behind the name of a job that waits. `name_of` gives the name of a job by its id, `reason` is why the job comes when
    it does.
    """
    if not (hold.others or hold.name):
        return _of_budget(hold.kind, budget)
    others = listed([name_of(other) for other in hold.others])
    if hold.kind == "after":
        return after_text([name_of(other) for other in hold.others], reason)
    if hold.kind == "failed":
        return f"will not start: {others} failed"
    if hold.kind == "shared":
        return f"waits for {others}, which does its work too"
    if hold.kind == "resource":
        return f"waits for {hold.name}: in use by {others}" if others else f"waits for {hold.name}"
    if hold.kind == "rate":
        return f"waits for {hold.name}: no more may begin for now"
    return _of_budget(hold.kind, budget)


def _of_budget(kind: str, budget: Budget) -> str:
    if kind == "jobs":
        return f"waits for one of {budget.jobs} to end: no more run at once"
    if kind == "load":
        return "waits until " + (f"fewer than {budget.load:g} processes run" if budget.load > 1 else "no other process runs")
    if kind == "memory":
        return f"waits for memory: {shown_bytes(budget.memory_bytes)} stay available"
    return PLAIN.get(kind, "waits for its turn")


def after_text(names: Sequence[str], reason: str) -> str:
    """After which jobs one comes. The reason is that of one of them; where it has ended, and another has not, it is left out."""
    tells = reason and ("`" not in reason or any(f"`{name}`" in reason for name in names))
    if not tells:
        return f"after {listed(names)}"
    from paratask.reporting.patterns_text import tell_patterns

    return f"after {listed(names)}: {tell_patterns(reason)}"


def listed(names: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    text = ", ".join(names[:FEW])
    return f"{text} and {len(names) - FEW} more" if len(names) > FEW else text
