"""What a run is going to be, as far as it is known before: how long, and which jobs are on the longest way to its end.

A graph of calls, each looked at once: what a call takes, with all below it, does not depend on who calls it; what comes after it
does, and there the longest counts. Uses planning's arranging and estimates; runs nothing. See "Resources" in docs/design.md.
"""

from __future__ import annotations

from functools import partial
from operator import itemgetter

from paratask.errors import ParataskError
from paratask.frozen import dataclass, replace
from paratask.planning.estimates import typical, variables_digest
from paratask.planning.predict import PLENTY, Work, predict
from paratask.scheduling.admission import ROUNDING
from paratask.variables.ready import ReadyCall, ReadyCommand, UnknownSteps, grouped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from paratask.planning.costs import Costs
    from paratask.planning.estimates import Estimate, Estimates
    from paratask.planning.planner import Planner
    from paratask.planning.predict import Bounds
    from paratask.scheduling.budget import Budget, Cost
    from paratask.taskfile.model import Task, Variables
    from paratask.variables.ready import ReadyTask

    Key: TypeAlias = tuple[str, str, str]
    """A call: the name of its job, the digest of its variables, and what it is besides."""

MAX_DEPTH = 60
MAX_WORK = 20_000
MAX_CALLS = 100_000
FOLLOWED, FORGIVEN, STUB = "", "forgiven", "stub"
"""What a call is besides: one below which all is looked at, the same where the run goes on should it fail, or one that is not followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """Commands of a task's own, `share` of all of them."""

    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Neighbours: `after[i]` are the members that i waits for, all of them earlier ones."""

    members: tuple[Key, ...]
    after: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One call. `once` is a name under which it runs a single time, empty where each call does."""

    estimate: Estimate | None
    parts: tuple[Commands | Group, ...]
    once: str


class Forecast:
    """Made of calls that are about to run. `is_known` is whether any estimate was found that tells what commands take. `costs` says what their commands take."""

    def __init__(self, *, planner: Planner, estimates: Estimates, costs: Costs) -> None:
        self._planner = planner
        self._costs = costs
        self._estimates = estimates
        self._nodes: dict[Key, Node] = {}
        self._order: list[Key] = []
        self._begun: set[Key] = set()
        self._root: Key = ("", "", FOLLOWED)
        self._typical = 0.0
        self._lengths: dict[Key, float] = {}
        self._beyond: dict[Key, float] = {}

    def build(self, calls: Sequence[ReadyCall], *, together: str = "") -> None:
        """Look at the calls and all below them; `together` is who said that these all overlap. Raises nothing for what is wrong in them: that
        will show when it runs.
        """
        arrangement = self._planner.together(calls, together) if together else self._planner.arrange(calls)
        self._add(self._root, None, (self._group(calls, arrangement.after, 0, None, is_forgiven=False),), "")
        known = self._working().values()
        self._typical = typical(estimate.command_seconds for estimate in known if estimate)
        for key in self._order:  # callees first
            self._lengths[key] = sum(self._length(key, part) for part in self._nodes[key].parts)
        for key in reversed(self._order):  # callers first
            self._look_beyond(key)

    @property
    def is_known(self) -> bool:
        return any(node.estimate is not None and _works(node) for node in self._nodes.values())

    @property
    def is_mostly_guessed(self) -> bool:
        """Whether of more than half of the calls with commands nothing is known."""
        return 2 * self.guessed > len(self._working())

    @property
    def guessed(self) -> int:
        """How many calls with commands have no estimate of their own."""
        return sum(estimate is None for estimate in self._working().values())

    def _working(self) -> dict[tuple[str, str], Estimate | None]:
        """The estimates of calls with commands, of each once."""
        return {key[:2]: node.estimate for key, node in self._nodes.items() if _works(node)}

    def priority(self, task: str, variables: Variables) -> float:
        """Seconds from the start of the call to the end of the run, at least."""
        return max(map(self.priority_of, self._keys(task, variables)), default=self._typical)

    def after(self, task: str, variables: Variables) -> float:
        """Seconds from the end of the call to that of the run, at least."""
        return max((self._beyond.get(key, 0.0) for key in self._keys(task, variables)), default=0.0)

    def _keys(self, task: str, variables: Variables) -> list[Key]:
        digest = variables_digest(variables)
        return [key for kind in (FOLLOWED, FORGIVEN, STUB) if (key := (task, digest, kind)) in self._lengths]

    def bounds(self, budget: Budget, *, cores: float, available_bytes: int = PLENTY) -> Bounds | None:
        """How long it takes; None where that is not known, or is too much to go through."""
        if not self.is_known:
            return None
        work = _Unfolding(self._nodes, self)
        try:
            work.call(self._root, ())
        except _TooMuchError:
            return None
        return predict(work.items, budget, cores=cores, available_bytes=available_bytes)

    def leading(self, budget: Budget) -> float:
        """The least priority among the calls that begin with commands and come first, as many as the budget has room for.

        Who has no less goes before all whose turn comes later, since a call's priority is less than that of what it waits for.
        """
        starters = sorted(
            ((self.priority_of(key), key) for key in self._order if _begins(self._nodes[key])), key=itemgetter(0), reverse=True
        )
        room, least = budget.cpus, float("inf")
        for priority, key in starters[: budget.jobs or None]:
            room -= min(self.cost_of(key).cpu, budget.cpus)
            if room < -ROUNDING:
                break
            least = priority
        return least

    def cost_of(self, key: Key) -> Cost:
        """What each command of a call takes."""
        return self._costs.from_estimate(key[0], self._nodes[key].estimate)

    def own_seconds(self, key: Key) -> float:
        """What the commands of a call take, all of them."""
        estimate = self._nodes[key].estimate
        return max(self._typical, self._estimates.least_seconds(key[0])) if estimate is None else estimate.command_seconds

    def priority_of(self, key: Key) -> float:
        """As `priority`."""
        return self._lengths.get(key, 0.0) + self._beyond.get(key, 0.0)

    def _add(self, key: Key, estimate: Estimate | None, parts: tuple[Commands | Group, ...], once: str) -> None:
        self._nodes[key] = Node(estimate=estimate, parts=parts, once=once)
        self._order.append(key)

    def _group(
        self, calls: Sequence[ReadyCall], after: Sequence[frozenset[int]], depth: int, caller: Task | None, *, is_forgiven: bool
    ) -> Group:
        members = (self._look_at(call, depth, is_forgiven=is_forgiven or call.is_forgiven(caller)) for call in calls)
        return Group(members=tuple(members), after=tuple(after))

    def _look_at(self, call: ReadyCall, depth: int, *, is_forgiven: bool) -> Key:
        name, digest = self._planner.job_name(call.task) if call.task else "?", variables_digest(call.variables)
        key = (name, digest, FORGIVEN if is_forgiven else FOLLOWED)
        if key in self._nodes or key in self._begun:
            return key if key in self._nodes else self._stub(key, None)
        estimate = self._estimates.of(name, digest)
        self._begun.add(key)
        try:
            ready = None if call.task is None or depth > MAX_DEPTH else self._planner.prepare(call.task, call.variables)
        except ParataskError:
            ready = None
        if ready is None or (estimate and any(isinstance(step, UnknownSteps) for step in (*ready.dependencies, *ready.steps))):
            return self._stub(key, estimate)
        self._add(key, estimate, tuple(self._parts(ready, depth + 1, is_forgiven=is_forgiven)), _once(ready, key))
        return key

    def _stub(self, key: Key, estimate: Estimate | None) -> Key:
        """A call that is not followed: one of which not all is known, that is too deep, or that calls itself."""
        key = (key[0], key[1], STUB)
        if key not in self._nodes:
            whole = None if estimate is None else replace(estimate, command_seconds=estimate.seconds)
            self._add(key, whole, (Commands(share=1.0),), "")
        return key

    def _parts(self, ready: ReadyTask, depth: int, *, is_forgiven: bool) -> list[Commands | Group]:
        """What it calls, at that depth, and its own commands."""
        parts: list[Commands | Group] = []
        group = partial(self._group, depth=depth, is_forgiven=is_forgiven)
        dependencies = [call for call in ready.dependencies if isinstance(call, ReadyCall)]
        if dependencies:
            dependencies, arrangement = self._planner.arrange_dependencies(dependencies, ready.task.name)
            parts.append(group(dependencies, arrangement.after, caller=None))
        share = 1.0 / max(1, sum(1 for step in ready.steps if isinstance(step, ReadyCommand)))
        for part in grouped(ready.steps):
            if isinstance(part, list):
                arrangement = self._planner.arrange(part, ready, is_forgiven=is_forgiven)
                parts.append(group(part, arrangement.after, caller=ready.task))
            elif isinstance(part, ReadyCommand):
                parts.append(Commands(share=share))
        parts += [group([call], (frozenset(),), caller=ready.task) for call in ready.deferred_calls()]
        return _joined(parts)

    def _length(self, key: Key, part: Commands | Group) -> float:
        if isinstance(part, Commands):
            return self.own_seconds(key) * part.share
        return max(self._tails(part), default=0.0)

    def _tails(self, group: Group) -> list[float]:
        """For each member, the time from its start to the end of the group."""
        tails = [0.0] * len(group.members)
        for index in range(len(tails) - 1, -1, -1):
            tails[index] += self._lengths.get(group.members[index], 0.0)  # what waits for it has added its own already
            for before in group.after[index]:
                tails[before] = max(tails[before], tails[index])
        return tails

    def _look_beyond(self, key: Key) -> None:
        rest = self._beyond.get(key, 0.0)
        for part in reversed(self._nodes[key].parts):
            if isinstance(part, Group):
                tails = self._tails(part)
                for member, tail in zip(part.members, tails, strict=True):
                    after = tail - self._lengths.get(member, 0.0) + rest
                    self._beyond[member] = max(self._beyond.get(member, 0.0), after)
            rest += self._length(key, part)


def _begins(node: Node) -> bool:
    return bool(node.parts) and isinstance(node.parts[0], Commands)


class _TooMuchError(Exception):
    """More work than anybody wants to simulate."""


class _Unfolding:
    """The calls as they will be carried out, one after another: each time anew, those of `run: once` a single time."""

    def __init__(self, nodes: dict[Key, Node], forecast: Forecast) -> None:
        self._nodes = nodes
        self._forecast = forecast
        self._done: dict[str, tuple[int, ...]] = {}
        self._calls = 0
        self.items: list[Work] = []

    def call(self, key: Key, after: tuple[int, ...]) -> tuple[int, ...]:
        """Add a call that waits for `after`; what waits for the call waits for the items that come back."""
        self._calls += 1
        if self._calls > MAX_CALLS:  # those without commands leave no items to count
            raise _TooMuchError
        node = self._nodes[key]
        if node.once and node.once in self._done:
            return self._item(0.0, 0.0, (*after, *self._done[node.once]), key)
        for part in node.parts:
            after = self._group(part, after, key) if isinstance(part, Group) else self._commands(part, key, after)
        if node.once:
            self._done[node.once] = after
        return after

    def _commands(self, part: Commands, key: Key, after: tuple[int, ...]) -> tuple[int, ...]:
        estimate = self._nodes[key].estimate
        computing = estimate.cpu_seconds * part.share if estimate else 0.0
        return self._item(self._forecast.own_seconds(key) * part.share, computing, after, key, cost=self._forecast.cost_of(key))

    def _group(self, group: Group, after: tuple[int, ...], key: Key) -> tuple[int, ...]:
        ends: list[tuple[int, ...]] = []
        for member, before in zip(group.members, group.after, strict=True):
            gate = tuple(item for index in sorted(before) for item in ends[index])
            ends.append(self.call(member, gate or after))
        together = tuple({item: None for end in ends for item in end})
        return self._item(0.0, 0.0, together, key) if len(together) > 1 else together or after

    def _item(
        self, seconds: float, computing: float, after: tuple[int, ...], key: Key, cost: Cost | None = None
    ) -> tuple[int, ...]:
        if len(self.items) >= MAX_WORK:
            raise _TooMuchError
        priority = self._forecast.priority_of(key) if cost else float("inf")
        self.items.append(Work(seconds=seconds, cpu_seconds=computing, after=after, cost=cost, priority=priority))
        return (len(self.items) - 1,)


def _joined(parts: list[Commands | Group]) -> list[Commands | Group]:
    """Commands that follow each other as one part."""
    joined: list[Commands | Group] = []
    for part in parts:
        if joined and isinstance(part, Commands) and isinstance(joined[-1], Commands):
            joined[-1] = Commands(share=joined[-1].share + part.share)
        else:
            joined.append(part)
    return joined


def _works(node: Node) -> bool:
    return any(isinstance(part, Commands) for part in node.parts)


def _once(ready: ReadyTask, key: Key) -> str:
    if ready.run == "once":
        return ready.full_name
    return " ".join((ready.full_name, key[1])) if ready.run == "when_changed" else ""
