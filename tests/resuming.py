"""Runs killed at random moments, and gone on with: nothing that finished runs again, and the tree is that of a run that nobody killed.

A round is drawn from its seed: the tasks, who needs whom, and the moments of the kills. The moments are the machine's as well, so a seed
that fails once may pass the next time.

    python tests/resuming.py --rounds 100 --seed 0
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from paratask.records.journal import document_of, parse_journal
from resuming_tasks import draw_callers, draw_leaves

PATIENCE_SECONDS = 60.0
LONGEST_SECONDS = 0.35
MAX_KILLS = 4
CUTS = 20
FAILED = 201


class Round:
    """One, in a folder of its own."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.chance = random.Random(f"resuming {seed}")
        self.leaves = draw_leaves(self.chance)
        self.root = folder / "work"
        self.ran = folder / "ran"
        self.again = 0
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TASK_", "PARATASK_"))}
        self.environ = {**kept, "RAN": str(self.ran), "UNKNOWN": "true"}

    def play(self) -> int:
        """How often it was killed. Raises AssertionError."""
        self._write()
        kills = 0
        code = 1
        while code:
            done = self._done()
            before = self._counts()
            argv = ["--resume"] if self._runs() else ["all"]
            patience = self.chance.uniform(0.05, LONGEST_SECONDS) if kills < MAX_KILLS else PATIENCE_SECONDS
            code, text = self._run(argv, patience)
            assert code in (0, FAILED, -signal.SIGKILL), (argv, code, text)
            kills += code == -signal.SIGKILL
            for name in done:
                assert self._counts()[name] == before[name], f"`{name}` had finished, and ran again"
            self._check_journals()
        self._check_tree()
        return kills

    def _write(self) -> None:
        for folder in ("out", "items", "failed"):
            (self.root / folder).mkdir(parents=True)
        tasks, settings = draw_callers(self.chance, self.leaves)
        for leaf in self.leaves:
            (self.root / "src" / leaf.name).mkdir(parents=True)
            (self.root / "src" / leaf.name / "file").write_text(f"{leaf.name}\n")
            tasks.update(leaf.tasks())
            settings += leaf.settings()
        (self.root / "Taskfile.yml").write_text(json.dumps({"version": "3", "silent": True, "tasks": tasks}, indent=1))
        (self.root / "paratask.toml").write_text(settings)

    def _run(self, words: list[str], patience: float) -> tuple[int, str]:
        argv = [sys.executable, "-m", "paratask", *words]
        with (self.root.parent / "said").open("w+") as said:
            process = subprocess.Popen(
                argv, cwd=self.root, env=self.environ, stdin=subprocess.DEVNULL, stdout=said, stderr=said
            )
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            said.seek(0)
            return process.returncode, said.read()

    def _runs(self) -> list[Path]:
        runs = self.root / ".paratask" / "runs"
        journals = sorted(runs.glob("*/journal.jsonl")) if runs.is_dir() else []
        return [journal.parent for journal in journals if parse_journal(journal.read_bytes())]

    def _done(self) -> set[str]:
        """Tasks that the newest run, or one that it went on with, says have succeeded. It was the last to run."""
        done: set[str] = set()
        for run in self._runs():
            jobs = document_of(parse_journal((run / "journal.jsonl").read_bytes()), run=run.name)["jobs"]
            for job in jobs:
                if job["state"] in ("succeeded", "fresh"):
                    done.add(job["task"])  # a caller is no leaf, and is not counted
                elif job["state"] == "running":
                    done.discard(job["task"])
        return done

    def _counts(self) -> Counter[str]:
        return Counter(self.ran.read_text().split()) if self.ran.exists() else Counter()

    def _check_journals(self) -> None:
        for run in self._runs():
            whole = (run / "journal.jsonl").read_bytes()
            lines = parse_journal(whole)
            assert len(lines) == whole.count(b"\n"), f"a spoiled line in {run}"
            for _ in range(CUTS):
                cut = whole[: self.chance.randrange(len(whole) + 1)]
                assert parse_journal(cut) == lines[: cut.count(b"\n")]
                document_of(parse_journal(cut), run=run.name)

    def _check_tree(self) -> None:
        """What each made is what it makes of what the others make."""
        expected: dict[str, str] = {}
        for leaf in self.leaves:
            expected[leaf.name] = "".join((f"{leaf.name}\n", *(expected[other] for other in leaf.needs)))
        found = {file.name: file.read_text() for file in (self.root / "out").iterdir()}
        assert found == expected
        counts = self._counts()
        assert set(expected) <= set(counts)
        deferring = {leaf.name for leaf in self.leaves if leaf.manner == "defers"}
        assert deferring <= set(self.ran.with_suffix(".deferred").read_text().split() if deferring else ())
        self.again = sum(counts.values()) - len(counts)


def play(seed: int) -> tuple[int, int]:
    """How often the round was killed, and how many commands ran again. Raises AssertionError."""
    with tempfile.TemporaryDirectory(prefix="resuming-") as folder:
        played = Round(seed, Path(folder).resolve())
        return played.play(), played.again


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    failed = kills = again = 0
    started = time.monotonic()
    for seed in range(asked.seed, asked.seed + asked.rounds):
        try:
            killed, repeated = play(seed)
            kills, again = kills + killed, again + repeated
        except AssertionError as error:
            failed += 1
            print(f"seed {seed}: {error}", flush=True)  # noqa: T201 - it is a program, too
    took = time.monotonic() - started
    print(f"{asked.rounds} rounds, {kills} kills, {again} commands ran again, {failed} failed, {took:.0f} s")  # noqa: T201
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
