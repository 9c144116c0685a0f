"""One run of a proof: paratask itself, started in the copy with the words of our command line, and what its records say.

Knows nothing of comparing.
"""

from __future__ import annotations

import json
import os
import sys

from paratask.cli.option_table import BY_KEY
from paratask.frozen import dataclass
from paratask.processes.separate_run import Start, run_separately
from paratask.proving.copying import Move, moved
from paratask.proving.model import JobRecord, RunRecord
from paratask.proving.relocating import relocated_environment, rewriter
from paratask.records.logs import end_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from paratask.cli.options import Typed
    from paratask.processes.running import RunningRecord
    from paratask.proving.proof import Trial

OURS = frozenset(("verify", "rounds", "seed", "json", "reporter"))
PATHS = frozenset(("dir", "taskfile", "temp_dir", "remote_cache_dir", "cacert", "cert", "cert_key"))
MAX_LOG_BYTES = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where the runs happen. `names` are the moves by all names of the checkout; `cwd` is the user's folder, `root` the Taskfile's.

    `mounts` show the copies in the originals' place as well; empty where the machine does not allow that. `state` is the
    folder of the copy's records, and `running` keeps what runs, for whoever comes after we were killed.
    """

    names: Sequence[Move]
    cwd: str
    root: str
    state: str
    logs: str
    mounts: Sequence[tuple[str, str]]
    environ: Mapping[str, str]
    running: RunningRecord


class Runs:
    """Makes runs as the command line says."""

    def __init__(self, typed: Typed, scene: Scene, announce: Callable[[RunRecord], None]) -> None:
        self._typed = typed
        self._scene = scene
        self._announce = announce

    def run(self, trial: Trial) -> RunRecord:
        """Carry one out in the copy, which is there and fresh."""
        scene = self._scene
        folder = moved(scene.cwd, scene.names)
        if folder == scene.cwd:
            folder = moved(scene.root, scene.names)
        environment = relocated_environment(scene.environ, scene.names)
        environment.update({"PWD": folder, "USE_PARALLEL": "true" if trial.seed else "false"})
        log = os.path.join(scene.logs, f"{trial.number}.log")
        took = run_separately(
            Start(argv=self._argv(trial), folder=folder, environment=environment, log=log, mounts=scene.mounts), scene.running
        )
        record = RunRecord(
            name=trial.name, seed=trial.seed, exit_code=took.exit_code, seconds=took.seconds, peak_bytes=took.peak_bytes,
            left_behind=took.left_behind, log=end_of(log, MAX_LOG_BYTES), jobs=read_jobs(scene.state), tree={},
        )  # fmt: skip
        self._announce(record)
        return record

    def _argv(self, trial: Trial) -> list[str]:
        safe = ["-P"] if sys.version_info >= (3, 11) else []  # the copy's folder is no place to import from
        argv = [sys.executable, *safe, "-m", "paratask", *self._flags(parallel=bool(trial.seed))]
        argv += [f"--seed={trial.seed}"] if trial.seed else ["--sequential"]
        argv.append("--reporter=off")
        if not self._typed.text("on_failure"):
            argv.append("--on-failure=continue")
        rewrite = rewriter(self._scene.names)
        words = [f"{name}={value}" for name, value in self._typed.variables.items()]
        words = [*self._typed.calls, *words, "--", *self._typed.rest]
        return [*argv, *(os.fsdecode(rewrite(os.fsencode(word))) for word in words)]

    def _flags(self, *, parallel: bool) -> Iterator[str]:
        for key in sorted(self._typed.given - OURS):
            if key in ("parallel", "only_parallel") and not parallel:
                continue
            value = self._typed.values[key]
            name = BY_KEY[key].name
            if isinstance(value, bool):
                yield f"--{name}" if value else f"--{name}=false"
            elif key in PATHS and "://" not in value:
                yield f"--{name}={moved(os.path.normpath(os.path.join(self._scene.cwd, value)), self._scene.names)}"
            else:
                yield f"--{name}={value}"


def read_jobs(state: str) -> tuple[JobRecord, ...]:
    """The jobs of the newest run that the records in `state` have; none where there are no records."""
    runs = os.path.join(state, "runs")
    try:
        newest = max(os.listdir(runs))
        with open(os.path.join(runs, newest, "summary.json"), encoding="utf-8", errors="surrogateescape") as file:
            document = json.load(file)
    except (OSError, ValueError):
        return ()
    return tuple(_job(entry) for entry in document["jobs"])


def _job(entry: Mapping[str, object]) -> JobRecord:
    values = {name: entry[name] for name in ("id", "task", "parent", "state", "exit_code", "attempts", "command_seconds")}
    beside = entry["beside"]
    return JobRecord(
        **values,  # type: ignore[arg-type] # as summary.py writes them
        started_at=entry["started_at"] or 0.0,  # type: ignore[arg-type] # as summary.py writes them
        ended_at=entry["ended_at"] or 0.0,  # type: ignore[arg-type] # as summary.py writes them
        beside=tuple(beside) if isinstance(beside, list) else (),
    )
