"""Memory of paratask's own process at its peak, and how fast it takes in a job that floods its output.

The peak is the kernel's (VmHWM), looked at while the process runs: what `wait4` tells also counts the process that started it.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from graphs import Graph, Job, wide
from peers import PEERS
from quiet import Watch
from rounds import Outcome

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

BLOCK = 64 * 1_000_000
BLOCKS = 16
LINE = b"a line of output, as long as lines of compilers tend to be: src/part/module.c:120:7\n"
LOOK_SECONDS = 0.002


@dataclass(frozen=True, kw_only=True)
class Used:
    """Wall time, and the peak in megabytes."""

    seconds: float
    megabytes: float


def watched(argv: list[str], cwd: Path) -> Used:
    """Runs a command and looks at its memory until it ends."""
    started = time.perf_counter()
    with subprocess.Popen(
        argv, cwd=cwd, env=PEERS[0].environ(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        peak = 0
        while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is None:
            peak = max(peak, _peak_kilobytes(process.pid))
            time.sleep(LOOK_SECONDS)  # between two looks at a process that runs
        taken = time.perf_counter() - started
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(argv)} exited with {process.returncode}")
    return Used(seconds=taken, megabytes=peak / 1000)


def _peak_kilobytes(pid: int) -> int:
    """In units of 1,000 bytes; 0 where it cannot be seen any more."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024 // 1000
    return 0


def of_many_jobs(rounds: int, count: int = 1000) -> Outcome:
    """The peak with a thousand jobs."""
    outcome = Outcome(name="memory", title=f"memory at {count:,} jobs", unit="megabytes")
    watch = Watch()
    for name in ("hello", "jobs"):
        graph = wide(count if name == "jobs" else 1)
        with tempfile.TemporaryDirectory() as folder:
            PEERS[0].write(graph, Path(folder))
            used = [watched(PEERS[0].command(2), Path(folder)) for _ in range(rounds)]
        outcome.rows[f"{len(graph.jobs):,} jobs" if name == "jobs" else "one job"] = [one.megabytes for one in used]
    outcome.quietness = watch.end()
    outcome.figures["memory: megabytes at 1,000 jobs"] = statistics.median(list(outcome.rows.values())[1])
    return outcome


def of_a_flood(rounds: int, blocks: int = BLOCKS) -> Outcome:
    """A job that writes a gigabyte, alone (it streams) and beside another (it is grouped); `cat | tee` shows what the machine can do."""
    outcome = Outcome(name="log-flood", title="a job that writes 1 GB", unit="megabytes a second")
    growth: list[float] = []
    watch = Watch()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "block").write_bytes(LINE * (BLOCK // len(LINE)))
        megabytes = (folder / "block").stat().st_size * blocks / 1_000_000
        outcome.facts["megabytes"] = megabytes
        for _ in range(rounds):
            for row, make in _ways(blocks).items():
                used = make(folder)
                outcome.rows.setdefault(row, []).append(megabytes / used.seconds)
                if row != "cat | tee":
                    growth.append(used.megabytes - _quiet_run(folder).megabytes)
    outcome.quietness = watch.end()
    outcome.facts["growth_megabytes"] = [round(one, 2) for one in growth]
    for row in ("alone", "beside another"):
        outcome.figures[f"log flood: megabytes a second, {row}"] = statistics.median(outcome.rows[f"paratask, {row}"])
    outcome.figures["log flood: megabytes of memory added, worst"] = max(growth)
    return outcome


def _ways(blocks: int) -> dict[str, Callable[[Path], Used]]:
    flood = f"cat {'../block ' * blocks}"
    alone = Graph(name="flood", jobs=(Job(name="flood", command=flood),))
    beside = Graph(name="beside", jobs=(*alone.jobs, Job(name="other", command="true")))
    return {
        "paratask, alone": lambda folder: _paratask(alone, folder),
        "paratask, beside another": lambda folder: _paratask(beside, folder),
        "cat | tee": lambda folder: watched(["sh", "-c", f"{flood.replace('../', '')} | tee log >/dev/null"], folder),
    }


def _quiet_run(folder: Path) -> Used:
    return _paratask(Graph(name="quiet", jobs=(Job(name="a", command="true"), Job(name="b", command="true"))), folder)


def _paratask(graph: Graph, folder: Path) -> Used:
    with tempfile.TemporaryDirectory(dir=folder) as below:
        PEERS[0].write(graph, Path(below))
        return watched(PEERS[0].command(2), Path(below))
