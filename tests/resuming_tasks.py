"""Tasks for resuming.py, drawn at random: each makes one file of its own source and of what those make that it needs.

What they are like differs: some are not understood, have sources, fail at first and have retries or another attempt alone, leave a
deferred command, are loops of calls, or run once for several callers. Each writes its name where it is counted, when it has succeeded.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

MANNERS = (
    "plain",
    "plain",
    "unknown",
    "sources",
    "retries",
    "fails once",
    "defers",
    "loops",
    "loops in deps",
    "shell variable",
)
FAILING = ("retries", "fails once")
PAUSES = (0.0, 0.01, 0.03, 0.06)
ITEMS = ("x", "y", "z")


@dataclass(frozen=True)
class Leaf:
    """A task that makes `out/NAME`. Where `calls`, it has what it needs as dependencies too, which all run once."""

    name: str
    needs: tuple[str, ...]
    pause: float
    manner: str
    calls: bool

    @property
    def reads(self) -> list[str]:
        return [f"src/{self.name}/file", *(f"out/{other}" for other in self.needs)]

    def tasks(self) -> dict[str, object]:
        """By their names, as a Taskfile has them."""
        make = f"cat {' '.join(self.reads)} > out/{self.name}; sleep {self.pause}"
        ran = f"echo {self.name} >> $RAN"
        task: dict[str, object] = {"run": "once", "deps": list(self.needs) if self.calls else [], "cmds": [f"{make}; {ran}"]}
        found: dict[str, object] = {self.name: task}
        if self.manner == "unknown":
            task["cmds"] = [f"$UNKNOWN; {make}; {ran}"]
        elif self.manner == "sources":
            task.update(sources=self.reads, generates=[f"out/{self.name}"])
        elif self.manner in FAILING:
            times = 2 if self.manner == "retries" else 1
            tried = f"echo >> failed/{self.name}; test $(wc -l < failed/{self.name}) -gt {times}"
            task["cmds"] = [make, tried, ran]
        elif self.manner == "defers":
            task["cmds"] = [{"defer": f"echo {self.name} >> $RAN.deferred"}, make, ran]
        elif self.manner == "shell variable":
            task["vars"] = {"MADE": {"sh": f"cat {' '.join(self.reads)}"}}
            task["cmds"] = [f"echo '{{{{.MADE}}}}' > out/{self.name}; sleep {self.pause}", ran]
        elif self.manner.startswith("loops"):
            item = f"{self.name}-*"
            word = "deps" if self.manner == "loops in deps" else "cmds"
            calls = {"for": list(ITEMS), "task": f"{self.name}-{{{{.ITEM}}}}", "vars": {"WORD": "{{.ITEM}}"}}
            joined = [f"cat {' '.join(self.reads)} > out/{self.name}", ran]
            task.update(
                {"cmds": joined, word: [*(task["deps"] if word == "deps" else []), calls, *(joined if word == "cmds" else [])]}
            )
            found[item] = (
                f"echo {{{{.WORD}}}} > items/{self.name}.{{{{.WORD}}}}; sleep {self.pause}; echo {self.name}-{{{{.WORD}}}} >> $RAN"
            )
        return found

    def settings(self) -> str:
        """Its tables in paratask.toml."""
        if self.manner == "unknown":
            return ""
        retry = "retry = { count = 3 }\n" if self.manner == "retries" else ""
        writes = [f"out/{self.name}", *([f"failed/{self.name}"] if self.manner in FAILING else [])]
        own = self._table(self.name, [*self.reads, f"failed/{self.name}", f"items/{self.name}.*"], writes, retry)
        return own + (self._table(f"{self.name}-*", [], [f"items/{self.name}.*"]) if self.manner.startswith("loops") else "")

    @staticmethod
    def _table(name: str, reads: list[str], writes: list[str], more: str = "") -> str:
        return f'[tasks."{name}"]\nlocal = true\nreads = {json.dumps(reads)}\nwrites = {json.dumps(writes)}\n{more}'


def draw_leaves(chance: random.Random) -> list[Leaf]:
    leaves: list[Leaf] = []
    for number in range(chance.randrange(3, 12)):
        needs = tuple(leaf.name for leaf in leaves if chance.random() < 0.2)
        leaves.append(
            Leaf(
                name=f"t{number}",
                needs=needs,
                pause=chance.choice(PAUSES),
                manner=chance.choice(MANNERS),
                calls=chance.random() < 0.4,
            )
        )
    return leaves


def draw_callers(chance: random.Random, leaves: list[Leaf]) -> tuple[dict[str, object], str]:
    """Tasks that call the leaves in their order, at some depth, `all` first; and tables of those that have retries."""
    tasks: dict[str, object] = {}
    tables: list[str] = []

    def group(name: str, parts: list[Leaf], depth: int) -> None:
        cuts = (
            sorted(chance.sample(range(1, len(parts)), min(len(parts) - 1, chance.randrange(1, 4))))
            if depth and len(parts) > 1
            else []
        )
        calls: list[object] = []
        if not cuts:
            calls = [{"task": leaf.name} for leaf in parts]
        for number, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(parts)], strict=True) if cuts else ()):
            inner = f"{name}-{number}"
            group(inner, parts[start:end], depth - 1)
            calls.append({"task": inner})
        tasks[name] = {"cmds": calls}
        if chance.random() < 0.2:
            tables.append(f'[tasks."{name}"]\nlocal = true\nretry = {{ count = 2 }}\n')

    group("all", leaves, depth=2)
    return tasks, "".join(tables)
