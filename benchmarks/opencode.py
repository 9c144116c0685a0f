"""The main job: `paratask qa` against `paratask --sequential qa` on fixtures/monorepos/opencode. The bar is 0.65: 35 % sooner.

Both runs start from the same clean copy; the trees that they leave are compared as well.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from timing import in_turn, program, report

FIXTURE = Path(__file__).parents[1] / "fixtures" / "monorepos" / "opencode"
STATE = {".paratask", ".task", "node_modules"}


def tree(root: Path) -> dict[str, str]:
    """Files below `root` and digests of their contents."""
    files = (path for path in root.rglob("*") if path.is_file() and not STATE & set(path.relative_to(root).parts))
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def leftovers(folder: str, names: list[str]) -> set[str]:
    """What a run made, and a copy does without; `dist` folders of installed packages are no such thing."""
    return ({".paratask", ".task"} | (set() if "node_modules" in folder else {"dist"})) & set(names)


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    environ = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(["bash", "setup.sh"], cwd=FIXTURE, env={**os.environ, **environ}, check=True)
    with tempfile.TemporaryDirectory() as folder:
        clean, work = Path(folder) / "clean", Path(folder) / "work"
        shutil.copytree(FIXTURE, clean, symlinks=True, ignore=leftovers)

        def start_over() -> None:
            shutil.rmtree(work, ignore_errors=True)
            shutil.copytree(clean, work, symlinks=True)

        trees = []
        for options in ([], ["--sequential"]):
            start_over()
            subprocess.run(
                [program("paratask"), *options, "qa"], cwd=work, env={**os.environ, **environ}, check=True, capture_output=True
            )
            trees.append(tree(work))
        result = in_turn(
            [program("paratask"), "qa"],
            [program("paratask"), "--sequential", "qa"],
            cwd=work, runs=runs, before=start_over, env=environ,
        )  # fmt: skip
    result["same_tree"] = trees[0] == trees[1]
    print(f"  same tree: {result['same_tree']} ({len(trees[0])} files)")
    return 0 if report("opencode", result, bar=0.65) and result["same_tree"] else 1


if __name__ == "__main__":
    sys.exit(main())
