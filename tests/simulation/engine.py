"""An engine without processes: commands of a made-up monorepo take simulated time, and really read and write its files.

What a command reads it reads when it starts, and what it writes it writes when it ends, so that whatever runs beside it and must
not shows in the files. Everything above it is the real thing: reader, planner, interpreter, leases.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

from paratask.claims.observed import Observed
from paratask.cli.options import parse
from paratask.cli.setup import make_workbench, place_maker
from paratask.events import EventBus
from paratask.execution.leases import Leases
from paratask.execution.options import RunOptions
from paratask.execution.process import Ended
from paratask.execution.session import Session
from paratask.kernel.cancel import CancelScope
from paratask.kernel.loop import Loop
from paratask.planning.planner import Planner
from paratask.scheduling.budget import Budget, Reading
from paratask.taskfile.model import Call
from paratask.variables.ready import ReadyCall
from simulation.clock import SimulatedPoller
from simulation.monorepo import Effect, Monorepo

DURATIONS = (0.0, 0.5, 1.0, 1.0, 3.0)


class Output:
    """A sink, and a log of every job."""

    def __init__(self) -> None:
        self.written: list[bytes] = []

    def write(self, *data: object) -> None:
        self.written.append(data[-1])  # type: ignore[arg-type]

    def of(self, _: str) -> SimpleNamespace:
        return SimpleNamespace(write=lambda data: None)

    def set_aside(self, job: str) -> str:
        raise AssertionError(f"{job} failed")


class Commands:
    """Stands in for execution.commands.Commands."""

    def __init__(self, engine: Engine, leases: Leases) -> None:
        self._engine = engine
        self._leases = leases

    def close(self) -> None:
        pass

    async def run(self, order, *, log, sink, started=None) -> Ended:
        engine = self._engine
        lease = await self._leases.take(priority=float(engine.chance.randrange(3)))
        ended = started() if started is not None else None
        engine.running += 1
        engine.most_at_once = max(engine.most_at_once, engine.running)
        try:
            effect = engine.repo.effects[order.text, order.folder[len(engine.root) + 1 :]]
            engine.trace.append((order.owner, effect))
            seen = engine.look(effect)
            await engine.loop.sleep(engine.chance.choice(DURATIONS))
            if order.text.startswith("cat ") and not effect.writes:
                sink.write(1, seen + b"\n")
            engine.do(order.text, effect, seen)
        finally:
            engine.running -= 1
            if ended is not None:
                ended()
            self._leases.give_back(lease)
        return Ended(exit_status=0, signal=0)


class Engine:
    """Stands in for execution.engine.Engine, for one run in `root`. `timing` seeds how long commands take."""

    def __init__(self, repo: Monorepo, root: Path, timing: object) -> None:
        self.repo = repo
        self.root = str(root)
        self.chance = random.Random(f"timing {timing}")
        self.loop = Loop(SimulatedPoller())
        self.scope = CancelScope(self.loop)
        self.sink = Output()
        self.terminal = SimpleNamespace(watches=False, size=lambda: None, lends_stdin=False, commands=False)
        self.answers: dict[str, object] = {}
        self.interrupts = SimpleNamespace(number=0)
        self.running = self.most_at_once = 0
        self.trace: list[tuple[object, Effect]] = []

    def leases(self, budget: Budget) -> Leases:
        return Leases(self.loop, budget, Reading)

    def commands(self, leases: Leases, *_: object) -> Commands:
        return Commands(self, leases)

    def asking(self, _: object) -> None:
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


class Played:
    """How a run ended: the files, the output, how many commands ran at once at most, and what was seen."""

    def __init__(
        self, repo: Monorepo, root: Path, *, level: str, timing: object, settings: str = "", seen: Seen | None = None
    ) -> None:
        repo.write(root)
        if settings:
            (root / "paratask.toml").write_text(settings)
        typed = parse(["-d", str(root)], {})
        bench = make_workbench(typed)
        engine = Engine(repo, root, timing)
        planner = Planner(
            bench=bench, settings=bench.project.settings, level=level, make_place=place_maker(bench),
            known_conflicts=frozenset, observations=seen,
        )  # fmt: skip
        options = RunOptions(parallel=level, silent=True, on_failure="stop")
        session = Session(
            workbench=bench, planner=planner, budget=Budget(cpus=1 if level == "off" else 4), options=options, logs=engine.sink,
            events=EventBus(), paint=lambda _, text: text, environ={}, engine=engine,
        )  # fmt: skip
        call = ReadyCall(task="all", variables={}, condition="", source=Call(task="all", position=None, variables={}))  # type: ignore[arg-type]
        engine.loop.run(session.carry_out([call]))
        self.files = dict(_files(root))
        self.output = b"".join(engine.sink.written)
        self.most_at_once = engine.most_at_once
        self.commands = len(engine.trace)
        self.seen = Seen(engine.trace)


def _files(root: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(root.rglob("*")):
        name = str(path.relative_to(root))
        if path.is_file() and not path.is_symlink() and not name.startswith(("paratask.toml", ".paratask")):
            yield name, path.read_bytes()
