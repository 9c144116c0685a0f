"""What people, and earlier runs, said of which tasks may run beside which, whatever they touch. See "Claims" in docs/design.md.

Pure. Knows names, no claims: sets.py puts both together.
"""

from __future__ import annotations

from fnmatch import fnmatchcase

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from paratask.taskfile.settings import Settings, TaskClaims


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Whatever reaches a task of `left` and whatever reaches one of `right` never overlap."""

    left: frozenset[str]
    right: frozenset[str]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`alone` is why a task, and whatever reaches it, runs beside nothing, by its name. `together` are the tasks beside which one may
    run whatever is known, by its name; it holds both ways. Where `only` is not None, no others than those run side by side.
    """

    apart: tuple[Apart, ...] = ()
    alone: Mapping[str, str] = {}
    together: Mapping[str, frozenset[str]] = {}
    only: frozenset[str] | None = None

    def why_alone(self, name: str, reached: Iterable[str]) -> str:
        """Why the call of a task that reaches these runs beside nothing; empty where it may."""
        if self.only is not None and name not in self.only:
            return f"`{name}` is not among those that may run side by side"
        if not self.alone:
            return ""
        return next((self.alone[task] for task in sorted(reached) if task in self.alone), "")

    def are_together(self, a: str, b: str) -> bool:
        """Whether somebody said that calls of these two may overlap."""
        return b in self.together.get(a, ()) or a in self.together.get(b, ())


NO_RULES = Rules()


def make_rules(
    settings: Settings, tasks: Sequence[str], *, learned: Collection[frozenset[str]] = (), only: frozenset[str] | None = None
) -> Rules:
    """The rules of paratask.toml for the tasks of these names, and the pairs that earlier runs found to conflict (`learned`)."""
    by_claims = _by_claims(settings, tasks) if any(_has_rules(claims) for claims in settings.claims.values()) else []
    return Rules(
        apart=(*_learned(learned), *_declared_apart(by_claims, tasks)),
        alone={
            name: f"`{name}` has `parallel = false` in paratask.toml"
            for claims, names in by_claims
            if claims.parallel is False
            for name in names
        },
        together={name: matching(claims.together, tasks) for claims, names in by_claims if claims.together for name in names},
        only=only,
    )


def matching(patterns: Iterable[str], tasks: Iterable[str]) -> frozenset[str]:
    """The tasks that one of `patterns` names: `lint`, or `lint-*`."""
    patterns = tuple(patterns)
    return frozenset(task for task in tasks if any(task == pattern or fnmatchcase(task, pattern) for pattern in patterns))


def _has_rules(claims: TaskClaims) -> bool:
    return bool(claims.apart or claims.together or claims.parallel is False)


def _by_claims(settings: Settings, tasks: Sequence[str]) -> list[tuple[TaskClaims, frozenset[str]]]:
    """Each table of paratask.toml that holds rules, with the tasks that it is for."""
    found: dict[int, tuple[TaskClaims, set[str]]] = {}
    for task in tasks:
        claims = settings.claims_of(task)
        if claims is not None and _has_rules(claims):
            found.setdefault(id(claims), (claims, set()))[1].add(task)
    return [(claims, frozenset(names)) for claims, names in found.values()]


def _declared_apart(by_claims: Sequence[tuple[TaskClaims, frozenset[str]]], tasks: Sequence[str]) -> Iterator[Apart]:
    for claims, names in by_claims:
        for pattern in claims.apart:
            shown = f"`{min(names)}`" if len(names) == 1 else "these"
            reason = f"paratask.toml keeps {shown} apart from `{pattern}`"
            yield Apart(left=names, right=matching((pattern,), tasks), reason=reason)


def _learned(pairs: Collection[frozenset[str]]) -> Iterator[Apart]:
    for first, second in sorted((min(pair), max(pair)) for pair in pairs):
        reason = f"`{first}` and `{second}` failed beside each other in an earlier run and passed alone"
        yield Apart(left=frozenset((first,)), right=frozenset((second,)), reason=reason)
