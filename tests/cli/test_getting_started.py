"""The README's "In a new repository", as it stands there: under five commands from two packages to a parallel run."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

README = Path(__file__).parents[2] / "README.md"
SECTION = re.compile(r"^## In a new repository\n.*?^```bash\n(.*?)^```$.*?^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OURS = ("Taskfile created", "File created", "paratask: `", "task: [")


@pytest.mark.slow
def test_under_five_commands_from_two_packages_to_a_parallel_run(workspace):
    for name in ("npm", "node", "git", "ruff", "pytest"):
        if shutil.which(name, path=workspace.environ["PATH"]) is None:
            pytest.skip(f"no {name} here")
    found = SECTION.search(README.read_text(encoding="utf-8"))
    assert found is not None
    commands, shown = found[1].splitlines(), found[2].splitlines()
    assert len(commands) < 5
    two_packages(workspace)

    said: list[str] = []
    for command in commands:
        done = subprocess.run(
            ["bash", "-c", command], cwd=workspace.root, env={**workspace.environ, "GIT_CONFIG_GLOBAL": "/dev/null"},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout
        said += done.stdout.splitlines()

    assert [line for line in said if line.startswith(OURS)] == shown
    assert re.search(r"^paratask: 7 jobs in .*; 2 parallel sets; ", said[-1])
    job = yaml.safe_load((workspace.root / ".github/workflows/paratask.yml").read_text())["jobs"]["check"]
    assert job["steps"][-2]["run"] == "paratask check"
    assert (workspace.root / ".git/hooks/pre-commit").stat().st_mode & 0o111


def two_packages(workspace) -> None:
    workspace.program("paratask", f'#!/bin/sh\nexec {" ".join(workspace.argv())} "$@"\n')
    workspace.write("packages/api/pyproject.toml", "[project]\nname = 'api'\n[tool.ruff]\n[tool.pytest.ini_options]\n")
    workspace.write("packages/api/test_api.py", "def test_sum():\n    assert 1 + 1 == 2\n")
    workspace.write(
        "packages/web/package.json", '{"name": "web", "scripts": {"lint": "node --check index.js", "test": "node index.js"}}'
    )
    workspace.write("packages/web/index.js", "console.log(2)\n")
