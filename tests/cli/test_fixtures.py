"""The fixtures that people read and run: the same tree and exit code in parallel as one at a time."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures" / "monorepos"
STATE = {".paratask", ".task", "node_modules"}


def tree(root: Path) -> dict[str, str]:
    files = (path for path in root.rglob("*") if path.is_file() and not STATE & set(path.relative_to(root).parts))
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def leftovers(folder: str, names: list[str]) -> set[str]:
    """What a run made, and a copy does without; `dist` folders of installed packages are no such thing."""
    made = {".paratask", ".task", "__pycache__"} | (set() if "node_modules" in folder else {"dist"})
    return made & set(names)


def copied(workspace, fixture: str, name: str) -> Path:
    target = workspace.root / name
    shutil.copytree(FIXTURES / fixture, target, symlinks=True, ignore=leftovers)
    return target


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_quickstart_shows_a_parallel_set_and_time_saved(workspace):
    together = copied(workspace, "quickstart", "together")
    alone = copied(workspace, "quickstart", "alone")
    fast = workspace.run("build", cwd=together, env={"PARATASK_JOBS": "2"}, timeout=200)
    slow = workspace.run("--sequential", "build", cwd=alone, timeout=200)
    assert (fast.returncode, slow.returncode) == (0, 0), fast.stderr + slow.stderr
    assert "1 parallel set" in fast.stderr.splitlines()[-1]
    assert "one at a time about " in fast.stderr.splitlines()[-1]
    assert tree(together) == tree(alone)
    assert fast.stdout == slow.stdout
    logs = {path.name for path in max((together / ".paratask" / "runs").iterdir()).glob("*.log")}
    assert {"test-api.log", "test-search.log", "test-cli.log", "test-docs.log"} <= logs, "the builds say nothing"


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed: the Node half cannot run")
def test_opencode_qa_leaves_the_same_tree(workspace):
    environ = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    subprocess.run(["bash", "setup.sh"], cwd=FIXTURES / "opencode", env=environ, check=True, capture_output=True, timeout=300)
    trees, codes = [], []
    for options in ((), ("--sequential",)):
        folder = copied(workspace, "opencode", "work")
        done = workspace.run(*options, "qa", cwd=folder, env={"PARATASK_JOBS": "2"}, timeout=400)
        codes.append(done.returncode)
        assert done.returncode == 0, done.stdout + done.stderr
        trees.append(tree(folder))
        shutil.rmtree(folder)
    assert trees[0] == trees[1]
    assert codes == [0, 0]
