"""One run's planning: arranges neighbours when they come up, with what is known then. See "The way of the data".

Loads the language plugins and the history only when there are neighbours to arrange; most calls have none. Runs nothing.
"""

from __future__ import annotations

from paratask.errors import ParataskError
from paratask.planning.arrangement import Arrangement, all_together, last_first, one_after_another, one_by_one
from paratask.taskfile.tasks import Tasks, pending
from paratask.variables.dynamic import run_static
from paratask.variables.scopes import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from typing import Protocol

    from paratask.claims.model import Claim, Claims
    from paratask.claims.observed import Observed
    from paratask.planning.expand import Expansion
    from paratask.planning.rules import Rules
    from paratask.planning.sets import Neighbour
    from paratask.planning.telling import Told
    from paratask.plugins.hookspecs import Place
    from paratask.taskfile.lookup import TaskIndex
    from paratask.taskfile.model import Platform, Task, Taskfile, Variables
    from paratask.taskfile.settings import Settings
    from paratask.variables.preparation import Preparation
    from paratask.variables.ready import ReadyCall, ReadyTask

    class Observations(Protocol):
        """What earlier runs saw."""

        def of(self, ready: ReadyTask) -> Observed | None:
            """What was seen of a task's own commands, where that still counts."""

        def any(self) -> bool:
            """Whether anything was seen of any task."""

    class Bench(Protocol):
        """What a project was made into; looked at anew each time, since dotenv files may still change it."""

        taskfile: Taskfile
        index: TaskIndex
        preparation: Preparation
        platform: Platform
        fingerprints: str

        @property
        def freshness(self) -> Sources:
            """What tells whether sources have changed."""

    class Sources(Protocol):
        """As far as that can be told before a task runs."""

        def is_fresh(self, ready: ReadyTask) -> bool:
            """Whether it would find itself up to date."""


class Planner:
    """`level` is off, declared, observed, inferred or all. `make_place` is called for each look at the checkout.

    `only` names the tasks (or patterns) that may run side by side, with what they call; all may where it is empty. `believes_fresh` is
    whether what is up to date now is taken not to run.
    `looks_once` is for plans: one look serves for all. A run looks again each time, since its steps change what there is.
    `expects` hears of neighbours that are about to be arranged.
    """

    def __init__(
        self,
        *,
        bench: Bench,
        settings: Settings,
        level: str,
        make_place: Callable[[], Place],
        known_conflicts: Callable[[], frozenset[frozenset[str]]],
        looks_once: bool = False,
        only: Sequence[str] = (),
        observations: Observations | None = None,
        expects: Callable[[Sequence[ReadyCall]], None] = lambda _calls: None,
        believes_fresh: bool = False,
    ) -> None:
        self._believes_fresh = believes_fresh
        self._bench = bench
        self._settings = settings
        self._level = level
        self._make_place = make_place
        self._known_conflicts = known_conflicts
        self._looks_once = looks_once
        self._expansion: Expansion | None = None
        self._only = only
        self._observations = observations
        self._expects = expects
        self._rules: Rules | None = None
        self._pairs: frozenset[frozenset[str]] | None = None
        self._dependencies_matter: bool | None = None
        self._found_fresh: dict[tuple[object, ...], bool] = {}
        self._told: Told | None = None

    def prepare(self, name: str, variables: Variables) -> ReadyTask:
        """A task as far as it is known without running anything. Loads no plugin. Raises ParataskError."""
        return run_static(self._bench.preparation.prepare(self._bench.index.find(name), name, variables, Mode.UNKNOWN))

    @property
    def expansion(self) -> Expansion:
        if self._expansion is None:
            self._expansion = self._expand(self._make_place(), lambda _: False)
        return self._expansion

    def _expand(self, place: Place, is_fresh: Callable[[ReadyTask], bool]) -> Expansion:
        from paratask.planning.expand import Expansion

        return Expansion(
            index=self._bench.index,
            preparation=self._bench.preparation,
            platform=self._bench.platform,
            place=place,
            declared=self._settings.claims_of,
            observed=self._observations.of if self._observations is not None else lambda _: None,
            is_fresh=is_fresh,
            fingerprints=self._bench.fingerprints,
        )

    def _look_again(self) -> None:
        if not self._looks_once:
            self._expansion = None
            self._found_fresh.clear()

    @property
    def _learned(self) -> frozenset[frozenset[str]]:
        """Pairs that failed beside each other in earlier runs. Jobs may go by a name that fits a pattern; rules go by the tasks' own."""
        if self._pairs is None:
            self._pairs = frozenset(frozenset(map(self._own_name, pair)) for pair in self._known_conflicts())
        return self._pairs

    def job_name(self, called: str) -> str:
        """What a job is named that is called so."""
        return self._bench.index.own_name(called)

    def _own_name(self, called: str) -> str:
        """That of the task that answers to `called`: an alias, or a name that fits a pattern. As it is where none does any more."""
        try:
            return self._bench.index.find(called).task.name
        except ParataskError:
            return called

    @property
    def rules(self) -> Rules:
        """What was said of which tasks may run beside which."""
        if self._rules is None:
            from paratask.planning.rules import make_rules

            names = list(self._bench.taskfile.tasks)
            only = self._side_by_side(names) if self._only else None
            self._rules = make_rules(self._settings, names, learned=self._learned, only=only)
        return self._rules

    def _side_by_side(self, names: Sequence[str]) -> frozenset[str]:
        """The tasks that `only` names, and what they call."""
        from paratask.planning.rules import matching

        named = matching(self._only, names)
        return named.union(*(self.expansion.reach(name, {}).tasks for name in sorted(named)))

    def arrange(self, calls: Sequence[ReadyCall], caller: ReadyTask | None = None, *, is_forgiven: bool = False) -> Arrangement:
        """Neighbouring calls of the steps of task `caller`, or of the command line. `is_forgiven` is whether a failure among them is ignored."""
        if caller is not None and _is_told(caller):
            self._tell(caller, calls)
        if all(call.source.why_alone for call in calls):
            return one_by_one([call.source.why_alone for call in calls])
        if len(calls) == 1:
            return one_after_another(1, "nothing beside it")
        if self._level == "off":
            return one_after_another(len(calls), "parallel is off")
        if is_forgiven and not any(call.source.background for call in calls):
            return one_after_another(
                len(calls), "the run goes on should one of them fail, and what is below that must not have run"
            )
        self._expects(calls)
        if caller is not None and caller.task.name in self.rules.alone:
            return one_after_another(len(calls), self.rules.alone[caller.task.name])
        self._look_again()
        neighbours = self._neighbours(calls, self.expansion)
        telling = self._telling(caller)
        found = self._arranged(neighbours, telling)
        if self._believes_fresh and any(found.after):
            return self._where_fresh(calls, neighbours, telling) or found
        return found

    def _arranged(self, neighbours: Sequence[Neighbour], telling: tuple[Claim, ...]) -> Arrangement:
        from paratask.planning.sets import arrange

        ignores_case = self.expansion.ignores_case
        return arrange(neighbours, level=self._level, rules=self.rules, ignores_case=ignores_case, telling=telling)

    def _tell(self, caller: ReadyTask, calls: Sequence[ReadyCall]) -> None:
        if self._told is None:
            from paratask.planning.telling import Told

            self._told = Told()
        self._told.add(caller, calls)

    def _telling(self, caller: ReadyTask | None) -> tuple[Claim, ...]:
        """What tells whether tasks are up to date in whose steps the caller's are."""
        if caller is None or self._told is None:
            return ()
        from paratask.planning.telling import telling_claims

        above = self._told.above(caller, self.expansion)
        return tuple(claim for ready in above for claim in telling_claims(ready, self.expansion.place))

    def _where_fresh(
        self, calls: Sequence[ReadyCall], neighbours: Sequence[Neighbour], telling: tuple[Claim, ...]
    ) -> Arrangement | None:
        """The calls arranged as they may be while what they share is up to date; None where nothing is, or one of them may change that."""
        from paratask.planning.shared_and_fresh import shared_sources, stays_fresh, with_reasons

        shared = shared_sources(neighbours, self._bench.taskfile.tasks)
        if not shared:
            return None
        expansion = self._expand(self.expansion.place, lambda ready: ready.task.name in shared and self._is_fresh(ready))
        neighbours = self._neighbours(calls, expansion)
        if not stays_fresh(neighbours, expansion):
            return None
        return with_reasons(self._arranged(neighbours, telling), neighbours, expansion)

    def _is_fresh(self, ready: ReadyTask) -> bool:
        """See Sources.is_fresh; one look at the same sources serves for a plan."""
        key = (ready.name, ready.task.name, ready.dir, ready.sources, ready.generates, ready.method)
        if key not in self._found_fresh:
            self._found_fresh[key] = self._bench.freshness.is_fresh(ready)
        return self._found_fresh[key]

    def together(self, calls: Sequence[ReadyCall], reason: str) -> Arrangement:
        """Calls that somebody said may all overlap."""
        self._expects(calls)
        return all_together(len(calls), reason)

    def arrange_dependencies(self, calls: Sequence[ReadyCall], caller: str) -> tuple[list[ReadyCall], Arrangement]:
        """Dependencies of the task `caller` in the order in which they start, arranged so."""
        order, arrangement = last_first(self._in_written_order(calls, caller))
        if self._level == "off":
            arrangement = one_after_another(len(calls), "parallel is off")
        elif len(calls) > 1:
            self._expects(calls)
        return [calls[index] for index in order], arrangement

    def _in_written_order(self, calls: Sequence[ReadyCall], caller: str) -> Arrangement:
        if len(calls) == 1:
            return one_after_another(1, "a dependency")
        if not self._anything_strong():
            return all_together(len(calls), "a dependency; its author let it run beside the others")
        if caller in self.rules.alone:
            return one_after_another(len(calls), self.rules.alone[caller])
        self._look_again()
        from paratask.planning.sets import arrange_dependencies

        return arrange_dependencies(
            self._neighbours(calls, self.expansion), rules=self.rules, ignores_case=self.expansion.ignores_case
        )

    def _neighbours(self, calls: Sequence[ReadyCall], expansion: Expansion) -> list[Neighbour]:
        from paratask.planning.sets import Neighbour

        return [
            Neighbour(
                name=self.job_name(call.task) if call.task else call.source.task,
                task=expansion.task_of(call),
                reach=expansion.reach_of_call(call),
                background=call.source.background,
                why_alone=call.source.why_alone,
            )
            for call in calls
        ]

    def _anything_strong(self) -> bool:
        """Whether anything could order dependencies: declared claims, sources and generates, or remembered conflicts."""
        if self._dependencies_matter is None:
            tasks = Tasks(pending(self._bench.taskfile.tasks))
            self._dependencies_matter = bool(
                self._settings.claims
                or self._learned
                or (self._observations is not None and self._observations.any())
                or (tasks.any_says("generates") and tasks.any_says("sources"))
            )
        return self._dependencies_matter

    def _claims_of(self, ready: ReadyTask) -> Claims:
        """Of a task and all that it reaches."""
        self._look_again()
        return self.expansion.reach_of_task(ready).claims

    def may_be_stopped(self, call: ReadyCall, doing: Sequence[tuple[str, Variables]], begun: Collection[str]) -> bool:
        """Whether nothing is missed where a call is stopped, and begun anew: it may run twice, and is made of tools that only read or
        test. Of one that is `doing` tasks by now, whose commands run, only these have to be. And no task that has `begun` for them may be
        taken for done by what it has made so far.
        """
        self._look_again()
        from paratask.claims.readers import may_be_stopped

        reach = self.expansion.reach_of_call(call)
        if _why_once(reach.claims):
            return False
        find = self._bench.index.find
        try:
            if any(_is_judged_by_what_it_made(find(name).task) for name in begun or reach.tasks):
                return False
            if not doing:
                return self._is_inferred(reach.tasks) and may_be_stopped(reach.claims)
            tasks = [find(name).task.name for name, _ in doing]
            return self._is_inferred(tasks) and all(may_be_stopped(self.expansion.own_claims(*each)) for each in doing)
        except ParataskError:
            return False

    def are_strangers(self, ready: ReadyTask, call: ReadyCall, *, tests: bool = False) -> bool:
        """Whether a task and a call are made of tools that only read, and neither looks at what the other adds to. See readers.are_strangers."""
        self._look_again()
        from paratask.claims.readers import are_strangers

        one, other = self.expansion.reach_of_task(ready), self.expansion.reach_of_call(call)
        if not (self._is_inferred(one.tasks) and self._is_inferred(other.tasks)):
            return False
        return are_strangers(one.claims, other.claims, tests=tests, ignores_case=self.expansion.ignores_case)

    def _is_inferred(self, tasks: Iterable[str]) -> bool:
        """Whether all is known of the tools themselves. Whoever declares what is read has not said that nothing else happens, as on a port."""
        declared = filter(None, map(self._settings.claims_of, tasks))
        return not any(task.says_what_it_touches or task.local is not None for task in declared)

    def is_repeatable(self, ready: ReadyTask) -> bool:
        """Whether a task may run twice: everything it reaches is understood, and stays in this checkout."""
        return not self.why_once(ready)

    def why_once(self, ready: ReadyTask) -> str:
        """Why a task may not run twice; empty where it may."""
        return _why_once(self._claims_of(ready))

    def why_outside(self, ready: ReadyTask) -> str:
        """Why the effects of a task, and of what it reaches, may be outside this checkout; empty where they are not."""
        claims = self._claims_of(ready)
        return claims.effect_reason or "not known" if claims.effect.value == "outside" else ""


def _why_once(claims: Claims) -> str:
    from paratask.claims.model import Effect, Evidence

    if claims.effect is Effect.OUTSIDE:
        return claims.effect_reason or "its effects are not known"
    return "" if claims.evidence > Evidence.NONE else "what it touches is not known"


def _is_told(ready: ReadyTask) -> bool:
    """Whether something tells that a task is up to date that may be there though a step has failed: see telling.py."""
    by_times = ready.method == "timestamp" and bool(ready.generates)
    return by_times if ready.sources else bool(ready.status)


def _is_judged_by_what_it_made(task: Task) -> bool:
    """Whether that it is up to date is told by more than a fingerprint, which only a good end leaves behind."""
    return bool(task.status or (task.sources and task.generates))
