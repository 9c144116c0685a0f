"""Puts together the answer to a call whose own claims a plugin has worked out itself, beyond what the tool's entry says.

Knows that patterns inside the repository never meet those outside it, so that a claim on a folder above the root needs another
beside it.
"""

from __future__ import annotations

from paratask.claims.model import Access, Claims, Effect
from paratask.claims.overlap import literal_prefix
from paratask.frozen import replace
from paratask.languages.inferred import unique
from paratask.languages.kept_caches import passed_over
from paratask.languages.options import is_within
from paratask.languages.tool_claims import cores_of, mode_of, of_environment, of_options, of_resources, outside_reason
from paratask.plugins.hookspecs import Delegation, Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place


def answer(call: Call, own: Iterable[Claim] | None, environment: Mapping[str, Word] | None = None) -> Recognition | None:
    """`own` with what options, variables, the language and the tool's entry add; None where one of these is not known.

    `environment` stands in for the variables written before the program, where the plugin has looked at some of them itself.
    """
    variables = call.invocation.environment if environment is None else environment
    parts = (own, of_options(call), of_environment(variables, call.cwd, call.place, call.reader))
    if any(part is None for part in parts):
        return None
    outside = outside_reason(call, mode_of(call))
    around = (*of_resources(call), *call.language.surroundings(call))
    return Recognition(
        claims=unique(entry for part in (*parts, around) for entry in part or ()),
        effect=Effect.OUTSIDE if outside else Effect.LOCAL,
        reason=outside or f"`{call.key}`: {call.tool.summary}",
        cpu=cores_of(call),
        transient=call.is_transient,
    )


def with_root(found: Recognition | Delegation | None, place: Place) -> Recognition | Delegation | None:
    """`found`, with the whole repository claimed likewise where it claims a folder that the repository lies in."""
    if found is None:
        return None
    entries = found.claims.entries if isinstance(found.claims, Claims) else found.claims
    around = [entry for entry in entries if _is_around(entry, place)]
    if not around:
        return found
    widened = unique((*entries, *(replace(entry, pattern="**", excluding=_inside(entry)) for entry in around)))
    if isinstance(found, Delegation):
        return replace(found, claims=replace(found.claims, entries=widened))
    return replace(found, claims=widened)


def _inside(entry: Claim) -> tuple[str, ...]:
    """What is left out of the repository, for want of a better: the caches that a tool passes over on its way through what is above."""
    return passed_over("**") if set(passed_over(entry.pattern)) <= set(entry.excluding) else ()


def _is_around(entry: Claim, place: Place) -> bool:
    of_path = entry.access in (Access.READ, Access.WRITE)
    return of_path and entry.pattern.startswith("/") and is_within(place.root, literal_prefix(entry.pattern))
