"""A set whose jobs want 40 % each of the memory that a control group has: who finishes, and how many processes the kernel ended for it.

Needs the right to make a control group (root in most containers). Three ways: `task` with its parallel deps; paratask when it knows
nothing of the jobs yet, two at once on two cores; and paratask with cores to spare, once it has learned what each of them has.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from peers import PEERS, Peer
from quiet import Watch
from rounds import Outcome

LIMIT = 600 << 20
SHARE = 0.4
JOBS = 5
EAT = """
import sys, time
held = bytearray(int(sys.argv[1]))
for part in range(20):
    for place in range(part * len(held) // 20, (part + 1) * len(held) // 20, 4096):
        held[place] = 1
    time.sleep(0.02)
time.sleep(0.3)
"""
CHEAP = '[tasks."hungry-*"]\ncost = { cpu = 0.1 }\nlocal = true\nreads = ["eat.py"]\n'
GROUPS = (
    ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.oom_control"),
    ("/sys/fs/cgroup", "memory.max", "memory.events"),
)


class Group:
    """A control group with `LIMIT`, of either version."""

    def __init__(self, folder: Path, limit: str, counts: str) -> None:
        self._folder = folder
        self._counts = counts
        (folder / limit).write_text(str(LIMIT))

    @property
    def kills(self) -> int:
        words = (self._folder / self._counts).read_text().split()
        return int(words[words.index("oom_kill") + 1])

    def run(self, argv: list[str], cwd: Path, environ: dict[str, str]) -> tuple[int, float, int]:
        """The exit status, the seconds, and how many processes were ended for want of memory."""
        before, started = self.kills, time.perf_counter()
        enter = ["sh", "-c", f'echo $$ > {self._folder}/cgroup.procs && exec "$@"', "sh", *argv]
        done = subprocess.run(enter, cwd=cwd, env=environ, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        return done.returncode, time.perf_counter() - started, self.kills - before


@contextmanager
def memory_group() -> Iterator[Group | None]:
    """None where none can be made."""
    for base, limit, counts in GROUPS:
        folder = Path(base, f"paratask-bench-{os.getpid()}")
        try:
            folder.mkdir()
        except OSError:
            continue
        try:
            group = Group(folder, limit, counts)
            _ = group.kills
        except (OSError, ValueError):
            folder.rmdir()
            continue
        try:
            yield group
        finally:
            folder.rmdir()
        return
    yield None


def of_a_hungry_set(rounds: int) -> Outcome:
    """Rows are seconds; how it ended is in the facts."""
    outcome = Outcome(name="hungry", title=f"{JOBS} jobs that want {SHARE:.0%} each of {LIMIT >> 20} MB")
    watch = Watch()
    kills: dict[str, list[int]] = {}
    codes: dict[str, list[int]] = {}
    with memory_group() as group:
        if group is None:
            outcome.skipped["all"] = "no control group may be made here"
        else:
            for _ in range(rounds):
                for row, (status, seconds, killed) in _round(group):
                    outcome.rows.setdefault(row, []).append(seconds)
                    kills.setdefault(row, []).append(killed)
                    codes.setdefault(row, []).append(status)
    outcome.quietness = watch.end()
    outcome.facts = {"exit_codes": codes, "killed": kills}
    ours = [row for row in codes if row.startswith("paratask")]
    if ours:
        outcome.figures["hungry set: runs of paratask that failed"] = sum(bool(code) for row in ours for code in codes[row])
        outcome.figures["hungry set: processes ended by the kernel"] = sum(sum(kills[row]) for row in ours)
    return outcome


def _round(group: Group) -> Iterator[tuple[str, tuple[int, float, int]]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "eat.py").write_text(EAT)
        names = [f"hungry-{number}" for number in range(JOBS)]
        tasks = "".join(f"  {one}: {sys.executable} eat.py {int(LIMIT * SHARE)}\n" for one in names)
        (folder / "Taskfile.yml").write_text(f"version: '3'\ntasks:\n  all: {{deps: [{', '.join(names)}]}}\n{tasks}")
        for peer in (peer for peer in PEERS if peer.name == "task" and peer.program):
            yield "task", _run(group, peer, folder)
        yield "paratask, first run", _run(group, PEERS[0], folder)
        (folder / "paratask.toml").write_text(CHEAP)
        yield "paratask, learned, cores to spare", _run(group, PEERS[0], folder)


def _run(group: Group, peer: Peer, folder: Path) -> tuple[int, float, int]:
    return group.run([str(peer.program), "all"], folder, peer.environ())
