"""What a call claims, over everything it reaches. See "Claims" in docs/design.md.

Follows dependencies, steps, loops and wildcards; lets paratask.toml's word stand above what was inferred. What is not known before it
runs claims everything, and so does a call that reaches itself. Runs nothing; what a task does by itself is in own_claims.py.
"""

from __future__ import annotations

from paratask.claims.model import Access, Claims, Effect, links_of, union, unknown
from paratask.errors import ParataskError
from paratask.frozen import dataclass, replace
from paratask.planning.closure import Closures
from paratask.planning.guards import Manner, manner_of
from paratask.planning.here import on_this_machine
from paratask.planning.own_claims import (
    claims_where_fresh,
    declared_claims,
    kept_claims,
    own_claims,
    reaches_out,
    relied_on,
    text_claims,
)
from paratask.taskfile.model import suits
from paratask.variables.dynamic import run_static
from paratask.variables.scopes import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TypeAlias

    from paratask.claims.model import Claim
    from paratask.claims.observed import Observed
    from paratask.plugins.hookspecs import Place
    from paratask.taskfile.lookup import TaskIndex
    from paratask.taskfile.model import Platform, Variables
    from paratask.taskfile.settings import TaskClaims
    from paratask.variables.preparation import Preparation
    from paratask.variables.ready import ReadyCall, ReadyTask

    Key: TypeAlias = tuple[str, tuple[tuple[str, str], ...]]
    """A call: the task's name as written, and its variables."""


MAX_CALLS = 10_000
"""Calls of one task with different variables that are followed; a task that calls itself with ever new ones never ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a call claims, and the tasks it reaches (their names), itself included.

    `known_outside` is whether a command anywhere in it was recognised as reaching outside this checkout, `manner` whether all of it
    only checks, or only says something.
    """

    claims: Claims
    tasks: frozenset[str]
    known_outside: bool = False
    manner: Manner = Manner()


_NO_WORK = Manner(only_looks=True)
NOWHERE = Reach(claims=Claims(), tasks=frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Node:
    """A call as far as it is known before it runs: what it calls, and what it claims without that; or why nothing is known.

    One that is for other platforms `runs` nothing, and of one that `is_fresh` no step does.
    """

    name: str
    ready: ReadyTask | None
    why_unknown: str
    calls: tuple[tuple[ReadyCall, Key | None], ...]
    runs: bool = True
    is_fresh: bool = False


class Expansion:
    """Answers `reach` for calls, remembering what it worked out. `declared` finds paratask.toml's claims for a task,
    `observed` what was seen of one, `is_fresh` whether one is taken for up to date when it is called; `fresh` are those tasks, with what has to stay as it is for that.
    `fingerprints` is the folder of these. `root` is the project's folder, where that is not the checkout's.
    """

    def __init__(
        self,
        *,
        index: TaskIndex,
        preparation: Preparation,
        place: Place,
        platform: Platform,
        declared: Callable[[str], TaskClaims | None],
        observed: Callable[[ReadyTask], Observed | None] = lambda _: None,
        is_fresh: Callable[[ReadyTask], bool] = lambda _: False,
        fingerprints: str = "",
        root: str = "",
    ) -> None:
        self._is_fresh = is_fresh
        self._fingerprints = fingerprints
        self.fresh: dict[str, tuple[Claim, ...]] = {}
        self._root = root or place.root
        self._index = index
        self._preparation = preparation
        self.place = self._place = place
        self._platform = platform
        self._declared = declared
        self._observed = observed
        self._nodes: dict[Key, _Node] = {}
        self._variables: dict[Key, Variables] = {}
        self._calls_of: dict[str, int] = {}
        self._closures: Closures[Key, Reach] = Closures(children=self._children, combine=self._combine)

    def prepare(self, name: str, variables: Variables) -> ReadyTask:
        """The task as far as it is known without running anything. Raises ParataskError."""
        return run_static(self._preparation.prepare(self._index.find(name), name, variables, Mode.UNKNOWN))

    @property
    def ignores_case(self) -> bool:
        """Whether paths that differ in case only are one."""
        return self._place.ignores_case

    def task_of(self, call: ReadyCall) -> str:
        """The name of the task that is called, as it was defined; empty where that is not known."""
        try:
            return self._index.find(call.task).task.name if call.task is not None else ""
        except ParataskError:
            return ""

    def is_elsewhere(self, call: ReadyCall) -> bool:
        """Whether the task that is called is for other platforms, and runs nothing here."""
        try:
            return call.task is not None and not suits(self._index.find(call.task).task.platforms, self._platform)
        except ParataskError:
            return False

    def reach_of_call(self, call: ReadyCall) -> Reach:
        """What a call claims and reaches; never raises for what is wrong in it: that claims everything."""
        return self._with_condition(call, None if call.task is None else self.reach(call.task, call.variables))

    def reach(self, name: str, variables: Variables) -> Reach:
        """As `reach_of_call`, for a task by name."""
        return self._closures.of(self._key(name, variables))

    def own_claims(self, name: str, variables: Variables) -> Claims:
        """What a task claims by itself, without what it calls. Raises ParataskError."""
        ready = on_this_machine(self.prepare(name, variables), self._platform)
        return union([self._seen(claims) for claims in self._own(ready)])

    def _own(self, ready: ReadyTask) -> Iterator[Claims]:
        return own_claims(ready, self._place, self._observed(ready), fingerprints=self._fingerprints)

    def reach_of_task(self, ready: ReadyTask) -> Reach:
        """As `reach`, for a task that is ready."""
        node = self._node_of(ready)
        return self._together(node, [self._with_condition(call, key and self._closures.of(key)) for call, key in node.calls])

    def _key(self, name: str, variables: Variables) -> Key:
        key = (name, tuple((n, repr(v)) for n, v in variables.items()))
        self._variables.setdefault(key, variables)
        return key

    def _children(self, key: Key) -> Sequence[Key]:
        name = key[0]
        try:
            task = self._index.find(name).task
            count = self._calls_of[task.name] = self._calls_of.get(task.name, 0) + 1
            if count > MAX_CALLS:
                raise ParataskError("called with ever new variables")
            if suits(task.platforms, self._platform):
                ready = self.prepare(name, self._variables[key])
                node = self._node_of(ready, is_fresh=self._declared(task.name) is None and self._is_fresh(ready))
            else:
                node = _Node(name=task.name, ready=None, why_unknown="", calls=(), runs=False)
        except ParataskError as error:
            node = _Node(name=name, ready=None, why_unknown=f"`{name}`: {error.message}", calls=())
        self._nodes[key] = node
        return [child for _, child in node.calls if child is not None]

    def _node_of(self, ready: ReadyTask, *, is_fresh: bool = False) -> _Node:
        ready = on_this_machine(ready, self._platform)
        if is_fresh and ready.dir is not None:
            relied = self._seen(relied_on(ready, ready.dir, self._place, self._fingerprints)).entries
            self.fresh[ready.task.name] = (*self.fresh.get(ready.task.name, ()), *relied)
            ready = replace(ready, steps=())
        calls = tuple((call, None if call.task is None else self._key(call.task, call.variables)) for call in ready.calls())
        return _Node(name=ready.task.name, ready=ready, why_unknown="", calls=calls, is_fresh=is_fresh)

    def _combine(self, members: Sequence[Key], is_cycle: bool, known: Callable[[Key], Reach]) -> Sequence[Reach]:
        """Of calls that reach each other. A cycle ends where a condition says so, or never: it claims everything."""
        if not is_cycle:
            node = self._nodes[members[0]]
            return [self._together(node, [self._with_condition(call, key and known(key)) for call, key in node.calls])]
        nodes = [self._nodes[member] for member in members]
        inside = frozenset(members)
        reached = [known(key) for node in nodes for _, key in node.calls if key is not None and key not in inside]
        tasks = frozenset(node.name for node in nodes).union(*(reach.tasks for reach in reached))
        own = (claims for node in nodes if node.ready is not None for claims in own_claims(node.ready, self._place))
        outside = any(reach.known_outside for reach in reached) or any(map(reaches_out, own))
        return [
            self._together(node, [Reach(claims=unknown(f"`{node.name}` calls itself"), tasks=tasks, known_outside=outside)])
            for node in nodes
        ]

    def _with_condition(self, call: ReadyCall, reach: Reach | None) -> Reach:
        if reach is None:
            return _everything("which task is called is not known before it runs")
        if call.condition is not None and not call.condition.strip():
            return reach
        condition = self._seen(text_claims(call.condition, self._root, self._place))
        return Reach(
            claims=union([reach.claims, condition]),
            tasks=reach.tasks,
            known_outside=reach.known_outside or reaches_out(condition),
            manner=reach.manner,
        )

    def _seen(self, claims: Claims) -> Claims:
        """With the links on the way, and with what claims on folders above the checkout mean inside of it."""
        if self._place.led:
            from paratask.planning.ways import with_ways

            claims = with_ways(claims, self._place)
        if not any(entry.pattern.startswith("/") for entry in claims.entries):
            return claims
        from paratask.claims.above import with_inside

        return with_inside(claims, self._place.real_root)

    def _together(self, node: _Node, inner: Sequence[Reach]) -> Reach:
        """What a task reaches, from what its calls do. paratask.toml has the last word."""
        if not node.runs:
            return Reach(claims=Claims(), tasks=frozenset((node.name,)), manner=_NO_WORK)
        if node.ready is None:
            return _everything(node.why_unknown)
        declared = self._declared(node.name)
        tasks = frozenset((node.name,)).union(*(reach.tasks for reach in inner))
        found = claims_where_fresh(node.ready, self._place) if node.is_fresh else self._own(node.ready)
        own = [self._seen(claims) for claims in found]
        outside = any(reach.known_outside for reach in inner) or any(map(reaches_out, own))
        if declared is not None and declared.local is not None:
            outside = not declared.local
        if declared is not None and declared.says_what_it_touches:
            said = self._seen(declared_claims(declared, self._place, outside=outside))
            links = links_of([*own, *(reach.claims for reach in inner)])
            parts = [said, *kept_claims(node.ready, self._place, self._fingerprints), Claims(links=links)]
            return Reach(claims=union(parts), tasks=tasks, known_outside=outside)
        parts = [*(reach.claims for reach in inner), *own]
        if declared is not None:
            parts.append(self._seen(declared_claims(declared, self._place, outside=outside)))
        claims = union(parts)
        if declared is not None and declared.local:
            claims = replace(claims, effect=Effect.LOCAL, effect_reason="")
        return Reach(claims=claims, tasks=tasks, known_outside=outside, manner=_joint(manner_of(node.ready), inner, claims))


def _joint(own: Manner, inner: Sequence[Reach], claims: Claims) -> Manner:
    """What a task reaches: its own part, and what the calls in it reach."""
    if not own.only_looks or any(entry.access is Access.WRITE for entry in claims.entries):
        return Manner()
    return Manner(
        only_looks=all(reach.manner.only_looks for reach in inner),
        may_refuse=own.may_refuse or any(reach.manner.may_refuse for reach in inner),
        only_says=own.only_says and all(reach.manner.only_says for reach in inner),
    )


def _everything(reason: str) -> Reach:
    return Reach(claims=unknown(reason), tasks=frozenset())
