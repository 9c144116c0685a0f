"""Neighbouring calls arranged: which waits for which, and why. See "Steps and sets" and "Claims" in docs/design.md.

Pure: what each call claims comes in, edges come out. Knows how weak a claim may be and still be believed; nothing of Taskfiles.
"""

from __future__ import annotations

from paratask.claims.conflicts import barrier, conflict, edges, pause
from paratask.claims.model import Claims, Effect, Evidence, links_of, unknown
from paratask.frozen import dataclass, replace
from paratask.planning.arrangement import Arrangement, arranged
from paratask.planning.rules import NO_RULES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.claims.model import Claim
    from paratask.planning.expand import Reach
    from paratask.planning.rules import Apart, Rules

LEVELS = {
    "declared": Evidence.DECLARED,
    "observed": Evidence.OBSERVED,
    "inferred": Evidence.INFERRED,
    "all": Evidence.NONE,
}


EVERYTHING = "`parallel` is `all`, and nothing declared keeps it in order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """One of neighbouring calls: its name as shown, its task's, what it reaches, and whether the author wrote `&` after it.

    `why_alone` is why it runs beside none of the others, whatever they touch; empty where that decides.
    """

    name: str
    task: str
    reach: Reach
    background: bool = False
    why_alone: str = ""


def arrange(
    neighbours: Sequence[Neighbour],
    *,
    level: str,
    rules: Rules = NO_RULES,
    ignores_case: bool = False,
    telling: tuple[Claim, ...] = (),
) -> Arrangement:
    """Steps that are calls. `ignores_case` is whether paths that differ in case only are one, `telling` what tells whether tasks are up to date
    in whose steps these are.
    """
    believed = _with_links(neighbours, [_believed(neighbour.reach.claims, level) for neighbour in neighbours])
    found = _ordered(neighbours, believed, rules, ignores_case)
    _keep_alone([rules.why_alone(neighbour.task, neighbour.reach.tasks) for neighbour in neighbours], found)
    _keep_apart(neighbours, rules.apart, found)
    if level != "all":
        _keep_guarded(neighbours, rules, found)
        _keep_said(neighbours, rules, found)
    if telling:
        _keep_below(neighbours, believed, Claims(entries=telling), rules, found, ignores_case)
    _keep_behind(neighbours, found)
    return _arrangement(neighbours, believed, found, rules=rules, default=EVERYTHING if level == "all" else "")


def arrange_dependencies(
    neighbours: Sequence[Neighbour], *, rules: Rules = NO_RULES, ignores_case: bool = False
) -> Arrangement:
    """Dependencies, which their author declared independent: only what is known better than by inference orders them."""
    strong = _with_links(neighbours, [_only_strong(neighbour.reach.claims) for neighbour in neighbours])
    found = _ordered(neighbours, strong, rules, ignores_case)
    declared = replace(rules, only=None)
    _keep_alone([declared.why_alone(neighbour.task, neighbour.reach.tasks) for neighbour in neighbours], found)
    _keep_apart(neighbours, rules.apart, found)
    return _arrangement(neighbours, strong, found, default="a dependency; its author let it run beside the others")


def _with_links(neighbours: Sequence[Neighbour], believed: list[Claims]) -> list[Claims]:
    """With what claims mean where a link that any of the neighbours makes is on the way."""
    links = links_of(neighbour.reach.claims for neighbour in neighbours)
    if all(link.carries for link in links):
        return believed
    from paratask.claims.links import with_links

    return with_links(believed, links)


def _believed(claims: Claims, level: str) -> Claims:
    if level == "all":
        entries = tuple(entry for entry in claims.entries if entry.evidence is Evidence.DECLARED)
        effect = claims.effect if claims.evidence > Evidence.NONE else Effect.LOCAL
        return replace(claims, entries=entries, effect=effect)
    if claims.evidence is Evidence.NONE:
        return _in_place(claims, _unknown_reason(claims))
    if claims.evidence < LEVELS[level]:
        return _in_place(claims, f"its claims are {claims.evidence.name.lower()}, and `parallel` is `{level}`")
    return claims


def _in_place(claims: Claims, reason: str) -> Claims:
    """Claims on everything, in place of claims that are not believed: so the step keeps its place in the written order. Whether
    its effects are outside is believed all the same.
    """
    if claims.effect is Effect.OUTSIDE:
        return replace(unknown(reason), effect_reason=claims.effect_reason or reason)
    return replace(unknown(reason), effect=Effect.LOCAL, effect_reason="", kept_in_place=reason)


def _unknown_reason(claims: Claims) -> str:
    return next((entry.reason for entry in claims.entries if entry.evidence is Evidence.NONE), "not understood")


def _only_strong(claims: Claims) -> Claims:
    entries = tuple(entry for entry in claims.entries if entry.evidence >= Evidence.OBSERVED)
    return Claims(entries=entries, evidence=Evidence.DECLARED, links=claims.links)


def _ordered(
    neighbours: Sequence[Neighbour], believed: Sequence[Claims], rules: Rules, ignores_case: bool
) -> list[dict[int, str]]:
    """For each step, the earlier ones that it has to wait for because their claims conflict, with the reason."""
    found: list[dict[int, str]] = [{} for _ in neighbours]
    loose = _loose(neighbours, rules)
    strict = [index for index in range(len(neighbours)) if index not in loose]
    for later, causes in zip(strict, edges([believed[index] for index in strict], ignores_case=ignores_case), strict=True):
        for edge in causes:
            earlier = strict[edge.earlier]
            found[later][earlier] = edge.cause.sentence(neighbours[earlier].name, neighbours[later].name)
    for earlier, later in _pairs_with(loose, len(neighbours)):
        left, right = neighbours[earlier], neighbours[later]
        if not (left.background or rules.are_together(left.task, right.task)):
            pair = believed[earlier], believed[later]
            cause = conflict(*pair, ignores_case=ignores_case) or barrier(*pair)
            if cause:
                found[later][earlier] = cause.sentence(left.name, right.name)
    if loose:
        _keep_below_pauses(neighbours, believed, rules, loose, found)
    return found


def _keep_below_pauses(
    neighbours: Sequence[Neighbour],
    believed: Sequence[Claims],
    rules: Rules,
    loose: frozenset[int],
    found: list[dict[int, str]],
) -> None:
    """What is below a pause comes after it, also where one of them, or what the pause comes after, was looked at by itself."""
    pauses = [pause(claims) for claims in believed]
    for index, (left, cause) in enumerate(zip(neighbours, pauses, strict=True)):
        if cause is None or left.background or not found[index]:
            continue
        is_known = index not in loose and not loose.issuperset(found[index])
        for later in range(index + 1, len(neighbours)):
            right = neighbours[later]
            if (later in loose or not is_known) and pauses[later] is None and not rules.are_together(left.task, right.task):
                found[later].setdefault(index, cause.sentence(left.name, right.name))


def _loose(neighbours: Sequence[Neighbour], rules: Rules) -> frozenset[int]:
    """The steps that need not wait for some of the others, whatever both claim: those with `&`, and those that paratask.toml
    lets run together with another one. Each pair with such a step is looked at by itself, since no order follows from a third.
    """
    names = frozenset(neighbour.task for neighbour in neighbours)
    partners = {name: rules.together.get(name, frozenset()) & names for name in names}
    named = frozenset(name for name in names if partners[name]).union(*partners.values())
    return frozenset(index for index, neighbour in enumerate(neighbours) if neighbour.background or neighbour.task in named)


def _pairs_with(loose: frozenset[int], count: int) -> Iterator[tuple[int, int]]:
    """All pairs of steps with at least one of `loose` in them, as (earlier, later)."""
    for one in sorted(loose):
        for other in range(count):
            if other < one or (other > one and other not in loose):
                yield min(one, other), max(one, other)


def _keep_alone(why_alone: Sequence[str], found: list[dict[int, str]]) -> None:
    """A step with a reason to be alone comes after all before it, and before all after it. What conflicts put in order already
    keeps its own reason.
    """
    last = -1
    for index, reason in enumerate(why_alone):
        if reason:
            for earlier in range(max(last, 0), index):
                found[index].setdefault(earlier, reason)
            last = index
        elif last >= 0:
            found[index].setdefault(last, why_alone[last])


def _keep_guarded(neighbours: Sequence[Neighbour], rules: Rules, found: list[dict[int, str]]) -> None:
    """Whatever does something comes after the steps above it that only check. Checks need not wait for each other."""
    guards = [
        index for index, neighbour in enumerate(neighbours) if neighbour.reach.manner.is_guard and not neighbour.background
    ]
    for guard in guards:
        above = neighbours[guard]
        for later in range(guard + 1, len(neighbours)):
            below = neighbours[later]
            is_free = below.reach.manner.is_guard or rules.are_together(above.task, below.task)
            if not is_free and not any(guard in found[cause] for cause in found[later]):
                found[later].setdefault(guard, f"`{above.name}` only checks, and `{below.name}` relies on its answer")


def _keep_said(neighbours: Sequence[Neighbour], rules: Rules, found: list[dict[int, str]]) -> None:
    """What only says something comes after all above it: side by side, nothing would be gained, and it may say that something is done."""
    first = 0
    for index, below in enumerate(neighbours):
        if below.reach.manner.only_says and not below.background:
            above, first = _above(neighbours, index, first, rules)
            found[index] = dict.fromkeys(above, f"`{below.name}` only says something") | found[index]


def _keep_below(
    neighbours: Sequence[Neighbour],
    believed: Sequence[Claims],
    telling: Claims,
    rules: Rules,
    found: list[dict[int, str]],
    ignores_case: bool,
) -> None:
    """Who writes what tells that a task is up to date comes after all above it: should one of them fail, it does not, one at a time."""
    first = 0
    for index, below in enumerate(neighbours):
        cause = None if below.background else conflict(telling, believed[index], ignores_case=ignores_case)
        if cause:
            reason = f"`{below.name}` writes {cause.right.pattern}, {cause.left.reason}"
            above, first = _above(neighbours, index, first, rules)
            found[index] = dict.fromkeys(above, reason) | found[index]


def _above(neighbours: Sequence[Neighbour], index: int, first: int, rules: Rules) -> tuple[list[int], int]:
    """Whom the step comes after that is to come after all above it, where that at `first` already does; and what `first` is then. Who comes
    after that one comes after whatever is above it, too.
    """
    below = neighbours[index]
    if all(_is_ordered(above, below, rules) for above in neighbours[first:index]):
        return list(range(first, index)), index
    return [each for each in range(index) if _is_ordered(neighbours[each], below, rules)], first


def _is_ordered(above: Neighbour, below: Neighbour, rules: Rules) -> bool:
    return not (above.background or rules.are_together(above.task, below.task))


def _keep_behind(neighbours: Sequence[Neighbour], found: list[dict[int, str]]) -> None:
    """A step that is alone by its place (a stage of a pipeline, say) comes after all before it, and before all after it. That
    is the reason that is told, whatever else keeps it there.
    """
    for index, neighbour in enumerate(neighbours):
        if neighbour.why_alone:
            found[index] = dict.fromkeys(range(index), neighbour.why_alone)
            for causes in found[index + 1 :]:
                causes.setdefault(index, neighbour.why_alone)


def _keep_apart(neighbours: Sequence[Neighbour], apart: Sequence[Apart], found: list[dict[int, str]]) -> None:
    for rule in apart:
        left = [index for index, neighbour in enumerate(neighbours) if not rule.left.isdisjoint(neighbour.reach.tasks)]
        right = [index for index, neighbour in enumerate(neighbours) if not rule.right.isdisjoint(neighbour.reach.tasks)]
        for one in left:
            for other in right:
                if one != other:
                    found[max(one, other)].setdefault(min(one, other), rule.reason)


def _arrangement(
    neighbours: Sequence[Neighbour], believed: Sequence[Claims], found: Sequence[dict[int, str]],
    *, rules: Rules = NO_RULES, default: str = "",
) -> Arrangement:  # fmt: skip
    after = tuple(frozenset(causes) for causes in found)
    made = arranged(after)
    reasons: list[str] = []
    beside: dict[int, str] = {}
    names = frozenset(neighbour.name for neighbour in neighbours)
    ruled = frozenset(rules.together).union(*rules.together.values())
    allowed = [
        _allowed(index, neighbours, made, rules) if neighbour.task in ruled else ((), made.together(index, limit=4))
        for index, neighbour in enumerate(neighbours)
    ]
    for index, causes in enumerate(found):
        named, others = allowed[index]
        if causes:
            reasons.append(causes[max(causes)])
        elif neighbours[index].background:
            reasons.append("its author wrote `&` after it")
        elif named or others:
            own, known = neighbours[index].name, believed[index].evidence.name.lower()
            why: list[str] = []
            if named:
                why.append(f"paratask.toml lets it run beside {_shown(own, [neighbours[i].name for i in named], names)[0]}")
            else:
                they = "it touches" if len(others) == 1 else "they touch"
                beside[index] = default or f"touches nothing that {they} ({known})"
            if others:
                shown, is_one = _shown(own, [neighbours[i].name for i in others], names)
                why.append(default or f"touches nothing that {shown} touch{'es' * is_one} ({known})")
            reasons.append("; ".join(why))
        else:
            reasons.append("first of its neighbours" if len(found) > 1 else "nothing beside it")
    return replace(
        made, reasons=tuple(reasons), reasons_beside=tuple(beside.get(index, reason) for index, reason in enumerate(reasons)),
        evidence=tuple(_evidence(neighbours, believed, allowed)),
    )  # fmt: skip


def _allowed(
    index: int, neighbours: Sequence[Neighbour], made: Arrangement, rules: Rules
) -> tuple[Sequence[int], Sequence[int]]:
    """Of those that may run beside a step, the ones that paratask.toml says it may run with, and the first four of the others."""
    named: list[int] = []
    others: list[int] = []
    for other in made.together(index):
        (named if rules.are_together(neighbours[index].task, neighbours[other].task) else others).append(other)
    return named, others[:4]


def _evidence(
    neighbours: Sequence[Neighbour], believed: Sequence[Claims], allowed: Sequence[tuple[Sequence[int], Sequence[int]]]
) -> Iterator[str]:
    for neighbour, claims, (named, others) in zip(neighbours, believed, allowed, strict=True):
        known = "author" if neighbour.background else claims.evidence.name.lower() if others else "declared"
        yield known if named or others else ""


def _shown(own: str, others: Sequence[str], names: frozenset[str]) -> tuple[str, bool]:
    """Beside whom a step may run, and whether that is one. The calls of a loop have one name, which is told once. `names` are those
    of all neighbours.
    """
    shown = [name for name in dict.fromkeys(others[:3]) if name != own]
    texts = [f"`{name}`" for name in shown]
    if own in others[:3]:
        texts.append(f"the other call{'s' * (others.count(own) > 1)} of `{own}`")
    more = " and others" if len(others) > 3 and not names <= {own, *shown} else ""
    is_one = len(others) == 1 or (len(shown) == len(texts) == 1 and not more)
    return f"{', '.join(texts)}{more}", is_one
