"""Start-up: `paratask hello`, one echo, against `task hello`. The bar is 1.0."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from timing import in_turn, program, report

TASKFILE = "version: '3'\ntasks:\n  hello:\n    cmds:\n      - echo hello\n"


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Taskfile.yml").write_text(TASKFILE)
        result = in_turn([program("paratask"), "hello"], [program("task"), "hello"], cwd=Path(folder), runs=runs)
    return 0 if report("startup", result, bar=1.0) else 1


if __name__ == "__main__":
    sys.exit(main())
