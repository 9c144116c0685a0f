"""What earlier runs saw of a task's own commands, as claims. See "Observing" in docs/design.md.

Pure values and one rule: how what was seen and what was inferred of the same commands go together. Knows no tracer and no file.
"""

from __future__ import annotations

from paratask.claims.model import Access, Claim, Claims, Effect, Evidence, links_of, union
from paratask.claims.overlap import WILD, overlap
from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

REASON = "seen by --learn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """Patterns as in `Claim`. `rewrites` is whether it changed files that it had read, as a formatter does;
    `contacts` whether it spoke with other machines, `outside` whether it wrote beyond the checkout.
    """

    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    rewrites: bool = False
    contacts: bool = False
    outside: bool = False


def with_observed(inferred: Sequence[Claims], observed: Observed) -> Claims:
    """The claims of commands of which `inferred` says what their texts tell, and `observed` what they were seen to do.

    Paths are those that were seen; what was only assumed goes. Two things that a tracer cannot see stay from inference: named resources, and writes for which
    there was no occasion (a formatter with little or nothing to format). Of the effect, inference has the say where it recognised every command.
    """
    parts = [part for part in inferred if part.evidence > Evidence.NONE]
    entries = tuple(entry for part in parts for entry in part.entries if _stays(entry, observed))
    outside = next((part for part in parts if part.effect is Effect.OUTSIDE), None)
    reason = outside.effect_reason if outside else ""
    if observed.outside:
        reason = reason or "it was seen to write outside this checkout"
    elif observed.contacts and len(parts) < len(inferred):
        reason = reason or "it was seen to speak with other machines, and its commands are not recognised"
    seen = Claims(
        entries=_claims(observed),
        evidence=Evidence.OBSERVED,
        effect=Effect.OUTSIDE if reason else Effect.LOCAL,
        effect_reason=reason,
    )
    return union([seen, Claims(entries=entries, links=links_of(inferred))])


def below_links(
    observed: Observed, leads_to: Callable[[str], str], is_there: Callable[[str], bool] = lambda _name: True
) -> Claims:
    """Writes of what is found through symbolic links that were seen to be written: who reads `current/x` reads `releases/1/x`, and something else
    once `current` leads elsewhere. A folder may be a link, too, on another machine than where that was seen. `leads_to` gives the pattern
    of all below the real path of a name in the checkout. What is not there (`is_there`) may be a link once it has been written.
    """
    names = [pattern.removesuffix("/**") for pattern in observed.writes]
    missing = frozenset(name for name in observed.writes if WILD.isdisjoint(name) and not is_there(name))
    found = ((name, leads_to(name)) for name in names if WILD.isdisjoint(name))
    reason = f"{REASON} to write a link that leads there"
    return Claims(
        entries=tuple(
            Claim(access=Access.WRITE, pattern=below, evidence=Evidence.OBSERVED, reason=reason)
            for name, below in found
            if below != f"{name}/**" or name in missing
        ),
        evidence=Evidence.OBSERVED,
    )


def _stays(entry: Claim, observed: Observed) -> bool:
    if entry.access in (Access.SHARED, Access.EXCLUSIVE) or entry.evidence is Evidence.DECLARED:
        return True
    if entry.access is Access.READ or entry.assumed:
        return False
    return observed.rewrites or not any(
        overlap(entry.pattern, pattern) for pattern in observed.writes if not _is_hidden(pattern)
    )


def _is_hidden(pattern: str) -> bool:
    """Whether it is a place where tools keep their state: having written there is no occasion for anything else."""
    return any(segment.startswith(".") for segment in pattern.split("/"))


def _claims(observed: Observed) -> tuple[Claim, ...]:
    found = (
        *((Access.WRITE, pattern) for pattern in observed.writes),
        *((Access.READ, pattern) for pattern in observed.reads),
        *((Access.EXCLUSIVE, f"port:{port}") for port in observed.ports),
    )
    return tuple(Claim(access=access, pattern=pattern, evidence=Evidence.OBSERVED, reason=REASON) for access, pattern in found)
