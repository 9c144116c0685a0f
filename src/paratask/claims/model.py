"""What a step may touch: claims. See "Claims" in docs/design.md.

Pure values. Knows no tasks, no commands, no file system: who made a claim, and from what, is in its evidence and reason.
"""

from __future__ import annotations

import enum

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


class Access(enum.Enum):
    """How a claim uses its place. The first three are about paths, the last two about named resources.

    ADD is the writing of those who do not mind each other: a folder that is made if it is not there, a cache that a tool's calls fill
    side by side. To all others it is a writing.
    """

    READ = "read"
    WRITE = "write"
    ADD = "add"
    SHARED = "shared"
    EXCLUSIVE = "exclusive"


class Evidence(enum.IntEnum):
    """Where a claim comes from, weakest first, so that `min` gives what a set of claims can be trusted with."""

    NONE = 0
    INFERRED = 1
    OBSERVED = 2
    DECLARED = 3


class Effect(enum.Enum):
    """Where what a step does can be seen: only in this checkout and tool caches, or by others."""

    LOCAL = "local"
    OUTSIDE = "outside"


class Worth(enum.Enum):
    """What others lose where who claims to write something is stopped half way.

    PRODUCT they may use it. TRANSIENT nothing: what tests write is nobody's product, but it may well be why a neighbour fails. OWN nothing,
    and nobody minds it: a tool's cache, which it can lose at any time, or the resource that keeps two calls of one tool apart.
    """

    PRODUCT = "product"
    TRANSIENT = "transient"
    OWN = "own"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A read or write of a path pattern, or the use of a named resource.

    `pattern` is relative to the root Taskfile's folder, with `/`, where it lies inside that folder ("packages/api/**"), and
    absolute elsewhere. `dir/**` covers the folder itself and all below it; `**` is the whole repository. What one of `excluding`
    matches is not part of it. For SHARED and EXCLUSIVE it is the name of the resource ("port:8080", "cargo-target").
    One that is `assumed` stands there for want of knowledge; seeing what happens takes its place. `worth` counts where something is written
    or used alone.
    """

    access: Access
    pattern: str
    evidence: Evidence
    reason: str
    excluding: tuple[str, ...] = ()
    assumed: bool = False
    worth: Worth = Worth.PRODUCT

    def __hash__(self) -> int:  # half the work of putting claims together; texts remember their hash
        return hash((self.pattern, self.reason))


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Another name that a step gives to a path: a symbolic link, mostly. Who goes through it touches what it leads to (links.py).

    `at` is the pattern of the new name, `leads_to` that of the path; None where only the run tells. `within` are the claims of the text that
    makes it, which goes through none of its own. `carries` says that it is no link, but that what links there are at `leads_to`
    are found at `at` afterwards, as `mv` does.
    """

    at: str
    leads_to: str | None
    within: tuple[Claim, ...] = ()
    carries: bool = False

    def __hash__(self) -> int:
        return hash((self.at, self.leads_to))


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """All that one step claims, over everything it reaches.

    `evidence` is the weakest link: NONE as soon as one command was not understood. `effect` is OUTSIDE as soon as one command
    reaches beyond the checkout; `effect_reason` says which. `kept_in_place` is why a step keeps its place in the written order although
    its effects stay in the checkout: its claims are not believed. `links` are those that it makes. Plugins leave both out.
    """

    entries: tuple[Claim, ...] = ()
    evidence: Evidence = Evidence.DECLARED
    effect: Effect = Effect.LOCAL
    effect_reason: str = ""
    kept_in_place: str = ""
    links: tuple[Link, ...] = ()


FINGERPRINT = "the fingerprint of its `sources`"
"""Why a task reads the file of it: who takes that away decides whether the task runs. That it keeps one is a claim of its own."""

GIVES_TIME = "`sleep` gives time to what others may count on"
"""Why a pause reads everything. Where a step is nothing else, it is for those below it: they come after it where there was something to wait for."""


def unknown(reason: str) -> Claims:
    """The claims of what was not understood: the whole repository written, and effects outside it."""
    whole = Claim(access=Access.WRITE, pattern="**", evidence=Evidence.NONE, reason=reason)
    return Claims(entries=(whole,), evidence=Evidence.NONE, effect=Effect.OUTSIDE, effect_reason=reason)


def union(parts: tuple[Claims, ...] | list[Claims]) -> Claims:
    """Everything that any of `parts` claims, each entry once, in order of first appearance."""
    entries = tuple(dict.fromkeys(entry for part in parts for entry in part.entries))
    outside = next((part for part in parts if part.effect is Effect.OUTSIDE), None)
    return Claims(
        entries=entries,
        evidence=min((part.evidence for part in parts), default=Evidence.DECLARED),
        effect=Effect.OUTSIDE if outside else Effect.LOCAL,
        effect_reason=outside.effect_reason if outside else "",
        links=links_of(parts),
    )


def links_of(parts: Iterable[Claims]) -> tuple[Link, ...]:
    """The links that any of `parts` makes."""
    return tuple(dict.fromkeys(link for part in parts if part.links for link in part.links))
