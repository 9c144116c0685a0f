"""Eight `make -j` side by side: how many processes run at once under paratask and under `task`, and how long it takes.

Each recipe counts itself in and out under a lock, and works for a while in between. The bar is for the most at once: the cores, and
two more for what has counted itself out late. Wall time is reported, and has no bar: work that only needs the cores takes as long.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from timing import in_turn, program, report

MAKES, RECIPES = 8, 12
SPARE = 2
RECORDER = """\
import fcntl, sys
def change(by):
    with open(sys.argv[1], "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        now, most = map(int, file.read().split())
        file.seek(0)
        file.write(f"{now + by} {max(most, now + by)}   ")
change(1)
sum(i * i for i in range(300_000))
change(-1)
"""


def make_projects(root: Path) -> None:
    """Eight folders with a Makefile, and a Taskfile that builds all of them as dependencies."""
    (root / "recorder.py").write_text(RECORDER)
    names = " ".join(f"r{number}" for number in range(RECIPES))
    tasks = []
    for number in range(MAKES):
        folder = root / f"m{number}"
        folder.mkdir()
        (folder / "Makefile").write_text(f"all: {names}\n{names}:\n\t@{sys.executable} -S ../recorder.py ../count\n")
        tasks.append(f"  m{number}: {{dir: m{number}, cmds: [make -j]}}\n")
    deps = ", ".join(f"m{number}" for number in range(MAKES))
    (root / "Taskfile.yml").write_text(f"version: '3'\ntasks:\n  all: {{deps: [{deps}]}}\n" + "".join(tasks))


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    os.environ.pop("MAKEFLAGS", None)
    most: list[int] = []
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        make_projects(root)
        count = root / "count"

        def begin() -> None:
            if count.exists():
                most.append(int(count.read_text().split()[1]))
            count.write_text("0 0")

        result = in_turn(
            [program("paratask"), "--silent", "all"], [program("task"), "--silent", "all"], cwd=root, runs=runs, before=begin
        )
        begin()
    result["most_at_once"] = {"a": max(most[::2]), "b": max(most[1::2])}
    report("jobserver", result)
    print(f"  most at once: {result['most_at_once']}")
    return 0 if max(most[::2]) <= len(os.sched_getaffinity(0)) + SPARE else 1


if __name__ == "__main__":
    sys.exit(main())
