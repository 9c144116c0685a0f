"""An engine without processes: commands of a made-up monorepo take simulated time, and really read and write its files.

What a command reads it reads when it starts, and what it writes it writes when it ends, so that whatever runs beside it and must
not shows in the files. Everything above it is the real thing: reader, planner, interpreter, leases.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGINT
from types import SimpleNamespace

from paratask.claims.observed import Observed
from paratask.cli.options import parse
from paratask.cli.setup import make_workbench, place_maker
from paratask.errors import ParataskError
from paratask.events import EventBus, FellBack
from paratask.execution.jobs import ENDED
from paratask.execution.leases import Leases
from paratask.execution.memory_guard import Guarded, MemoryGuard
from paratask.execution.options import RunOptions
from paratask.execution.session import Session
from paratask.kernel.cancel import CancelScope
from paratask.kernel.loop import Loop
from paratask.planning.costs import Costs
from paratask.planning.planner import Planner
from paratask.processes.process import Ended
from paratask.scheduling.admission import Ticket
from paratask.scheduling.budget import Budget, Cost, Reading
from paratask.taskfile.model import NOWHERE, Call
from paratask.variables.ready import ReadyCall
from simulation.clock import SimulatedPoller
from simulation.monorepo import Effect, Monorepo

MACHINE_BYTES = 2 << 30
DURATIONS = (0.0, 0.5, 1.0, 1.0, 3.0)


class Output:
    """A sink, and a log of every job."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, *data: object) -> None:
        self.written.append(data[-1])  # type: ignore[arg-type]

    def of(self, _: str) -> SimpleNamespace:
        return SimpleNamespace(write=lambda data: None)

    def attempt_path(self, job: str, attempt: int) -> str:
        return ""

    def set_aside(self, job: str, attempt: int) -> str:
        """The log of a first attempt."""
        return f"{job}.first-attempt.log"


class Commands:
    """Stands in for execution.commands.Commands."""

    def __init__(self, engine: Engine, leases: Leases) -> None:
        self._engine = engine
        self._leases = leases

    def close(self) -> None:
        pass

    async def run(self, order, *, log, sink, course=None) -> Ended:
        engine = self._engine
        lease = await self._leases.take(order.cost, priority=float(engine.chance.randrange(3)), door=order.door)
        process = engine.process(lease)
        if course is not None:
            course.started(process)
        place = order.text, order.folder[len(engine.root) + 1 :]
        command = Running(place, engine.repo.effects[place], order.cost)
        engine.begins(command)
        try:
            engine.trace.append((order.owner, command.effect))
            seen = engine.look(command.effect)
            chance = random.Random(order.text) if engine.same_durations else engine.chance
            await engine.loop.sleep(chance.choice(DURATIONS))
            fails = engine.failing.get(place, "")
            if fails == "always" or (fails == "beside" and command.was_beside):
                return Ended(exit_status=1, signal=0)
            if order.text.startswith("cat ") and not command.effect.writes:
                sink.write(1, seen + b"\n")
            engine.do(order.text, command.effect, seen)
        finally:
            engine.running.remove(command)
            del engine.sizes[process.pid]
            if course is not None:
                course.ended()
            self._leases.give_back(lease)
        return Ended(exit_status=0, signal=0)


class CommandsMetError(AssertionError):
    """Two commands ran side by side that must not."""


class Running:
    """A command that runs."""

    def __init__(self, place: tuple[str, str], effect: Effect, cost: Cost) -> None:
        self.cpu = cost.cpu
        self.uses = cost.uses
        self.place = place
        self.effect = effect
        self.was_beside = False


class Engine:
    """Stands in for execution.engine.Engine, for one run in `root`. `timing` seeds how long commands take.

    `failing` are commands that fail, by text and folder: always, or beside one that writes (who only reads is blamed for nothing). What is checked at each start: no two commands
    meet in a file that one of them writes, and no more run than the budget has.
    """

    def __init__(
        self, repo: Monorepo, root: Path, timing: object, failing: Mapping[tuple[str, str], str], budget: Budget
    ) -> None:
        self.repo = repo
        self.failing = failing
        self.same_durations = False
        self.cpus = budget.cpus
        self.resources = budget.resources
        self.root = str(root)
        self.chance = random.Random(f"timing {timing}")
        self.loop = Loop(SimulatedPoller())
        self.scope = CancelScope(self.loop)
        self.sink = Output()
        self.terminal = SimpleNamespace(
            watches=False, size=lambda: None, lends_stdin=False, shares_stdin=False, commands=False, lends=False, is_stdin=False
        )
        self.answers: dict[str, object] = {}
        self.sizes: dict[int, int] = {}
        self.pids = 0
        self.interrupts = SimpleNamespace(number=0)
        self.running: list[Running] = []
        self.most_at_once = 0
        self.made_leases: list[Leases] = []
        self.trace: list[tuple[object, Effect]] = []

    async def read_answer(self, ask: object) -> str:
        """Nobody is there to answer."""
        raise AssertionError(ask)

    def make_leases(self, budget: Budget) -> Leases:
        self.made_leases.append(Leases(self.loop, budget, self._measure))
        return self.made_leases[-1]

    def process(self, lease: Ticket) -> SimpleNamespace:
        """Another one, which has from the beginning what it needs."""
        self.pids += 1
        size = self.sizes[self.pids] = self.chance.randrange(1, 20) << 26
        lease.note_size(size)
        return SimpleNamespace(pid=self.pids, tree_bytes=size, note_size=lambda _: None, ended=None)

    def _measure(self) -> Reading:
        left = MACHINE_BYTES - sum(self.sizes.values())
        return Reading(running_processes=self.chance.randrange(6), available_bytes=max(0, left))

    def make_guard(self, guarded: Guarded) -> MemoryGuard:
        return MemoryGuard(
            guarded, now=self.loop.now, measure=self._measure, count_kills=lambda: 0,
            sizes_of=lambda pids: {pid: self.sizes[pid] for pid in pids},
        )  # fmt: skip

    def begins(self, command: Running) -> None:
        """Another command starts."""
        for other in self.running:
            other.was_beside |= bool(command.effect.writes)
            command.was_beside |= bool(other.effect.writes)
            met = _met(other.effect, command.effect)
            if met:
                raise CommandsMetError(f"{other.place} and {command.place} meet in {met}")
        self.running.append(command)
        self.most_at_once = max(self.most_at_once, len(self.running))
        assert sum(other.cpu for other in self.running) <= self.cpus + 1e-6 or len(self.running) == 1, (
            "more than the budget has"
        )
        for name, resource in self.resources.items():
            users = sum(other.uses.get(name, 0) for other in self.running)
            assert resource.per_seconds or users <= resource.count, f"{users} use {name}"

    def make_commands(self, leases: Leases, *_: object) -> Commands:
        return Commands(self, leases)

    def asking(self) -> None:
        return None

    def look(self, effect: Effect) -> bytes:
        """A digest of all that a command sees of the files."""
        digest = hashlib.blake2b(digest_size=8)
        for path in effect.reads:
            for name in self._names(path):
                try:
                    digest.update(f"{name}:".encode() + (Path(self.root) / name).read_bytes())
                except OSError as error:
                    digest.update(f"{name}: {error.errno}".encode())
        return digest.hexdigest().encode()

    def _names(self, path: str) -> list[str]:
        if not path.endswith("/*"):
            return [path]
        try:
            return sorted(f"{path[:-1]}{name}" for name in os.listdir(os.path.join(self.root, path[:-2])))
        except OSError:
            return []

    def do(self, text: str, effect: Effect, seen: bytes) -> None:
        """What the command does with what it saw."""
        paths = [Path(self.root) / name for name in effect.writes]
        if effect.how == "move":
            _remove(paths[0])
            del paths[0]
        for path in paths:
            if effect.how == "remove":
                _remove(path)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            if effect.how == "append":
                with path.open("ab") as file:
                    file.write(text.encode() + seen + b"\n")
            elif effect.how != "touch" or not path.exists():
                path.write_bytes(text.encode() + seen)


def _met(one: Effect, other: Effect) -> list[str]:
    """Paths that one of two commands writes and the other touches."""
    pairs = ((one.writes, other.writes), (one.writes, other.reads), (one.reads, other.writes))
    return [a for left, right in pairs for a in left for b in right if _touch(a, b)]


def _touch(a: str, b: str) -> bool:
    a, b = a.removesuffix("/*"), b.removesuffix("/*")
    return a == b or a.startswith(f"{b}/") or b.startswith(f"{a}/")


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


class Seen:
    """What tasks were seen to touch in a run one at a time, as a tracer would have it: planning.planner.Observations."""

    def __init__(self, trace: list[tuple[object, Effect]]) -> None:
        self._reads: dict[object, set[str]] = {}
        self._writes: dict[object, set[str]] = {}
        for owner, effect in trace:
            key = _key(owner)
            self._reads.setdefault(key, set()).update(
                path.removesuffix("/*") + ("/**" if path.endswith("/*") else "") for path in effect.reads
            )
            self._writes.setdefault(key, set()).update(
                f"{path}/**" if effect.how == "remove" else path for path in effect.writes
            )

    def of(self, ready) -> Observed | None:
        key = _key(ready)
        if key not in self._reads:
            return None
        return Observed(reads=tuple(sorted(self._reads[key])), writes=tuple(sorted(self._writes[key])))

    def any(self) -> bool:
        return bool(self._reads)


def _key(ready) -> object:
    return ready.full_name, repr(sorted((name, variable.value) for name, variable in ready.called_with.items()))


@dataclass(frozen=True)
class Choices:
    """How a monorepo is played. `settings` is a paratask.toml, `seen` what was observed; at `interrupt_at` seconds a signal comes.

    With `same_durations` the same command takes as long in each run.
    """

    level: str
    timing: object
    settings: str = ""
    seen: Seen | None = None
    failing: Mapping[tuple[str, str], str] = field(default_factory=dict)
    on_failure: str = "stop"
    budget: Budget = field(default_factory=lambda: Budget(cpus=4))
    interrupt_at: float = 0.0
    same_durations: bool = False


class Expected:
    """What is expected of commands: what the settings say they take, and no order."""

    def __init__(self, costs: Costs) -> None:
        self.cost = costs.of

    def priority(self, task: str, variables: object) -> float:
        return 0.0

    def leads(self, priority: float) -> bool:
        return False


class Played:
    """How a run ended: the files, the output, the error if there was one, how many commands ran at once, and what was seen."""

    def __init__(self, repo: Monorepo, root: Path, choices: Choices) -> None:
        repo.write(root)
        if choices.settings:
            (root / "paratask.toml").write_text(choices.settings)
        bench = make_workbench(parse(["-d", str(root)], {}))
        budget = Budget(cpus=1) if choices.level == "off" else choices.budget
        engine = Engine(repo, root, choices.timing, choices.failing, budget)
        engine.same_durations = choices.same_durations
        planner = Planner(
            bench=bench, settings=bench.project.settings, level=choices.level, make_place=place_maker(bench),
            known_conflicts=frozenset, observations=choices.seen,
        )  # fmt: skip
        events = EventBus()
        self.heard: list[object] = []
        events.subscribe(self.heard.append)
        session = Session(
            workbench=bench, planner=planner, budget=budget, logs=engine.sink, events=events, paint=lambda _, text: text,
            engine=engine, foresight=Expected(Costs(bench.project.settings)), options=RunOptions(parallel=choices.level, silent=True, on_failure=choices.on_failure),
        )  # fmt: skip
        self.error = _carry_out(session, engine, choices.interrupt_at)
        self.outcome = session.outcome(None, 0.0)
        self.fallbacks = [event for event in self.heard if isinstance(event, FellBack)]
        self.files = dict(_files(root))
        self.output = b"".join(engine.sink.written)
        self.most_at_once = engine.most_at_once
        self.commands = len(engine.trace)
        self.seen = Seen(engine.trace)
        self._check_end(engine)

    def _check_end(self, engine: Engine) -> None:
        assert not engine.running, "a command runs on after the end"
        for leases in engine.made_leases:
            assert leases._admission.running == 0, "a lease was not returned"
            assert not leases._admission._lanes, "somebody still waits for a lease"
        lost = [job.id for job in self.outcome.jobs if job.state not in ENDED]
        assert not lost, f"jobs that did not end: {lost}"


def _carry_out(session: Session, engine: Engine, interrupt_at: float) -> ParataskError | None:
    call = ReadyCall(task="all", variables={}, condition="", source=Call(task="all", position=NOWHERE, variables={}))
    failed: list[ParataskError] = []

    async def main() -> None:
        with engine.scope:
            if interrupt_at:
                engine.loop.call_at(interrupt_at, lambda: engine.scope.cancel(SIGINT))
            try:
                await session.carry_out([call])
            except ParataskError as error:
                failed.append(error)

    engine.loop.run(main())
    return failed[0] if failed else None


def _files(root: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if path.is_file() and not path.is_symlink() and not name.startswith(("paratask.toml", ".paratask")):
            yield name, path.read_bytes()
