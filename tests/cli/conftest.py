"""A scratch workspace and a way to run paratask in it, as its users do: a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

UNWANTED = ("USE_PARALLEL", "CI", "NO_COLOR", "FORCE_COLOR", "MAKEFLAGS", "GITHUB_ACTIONS")


class Workspace:
    """A folder with files, and paratask run in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.bin = root.parent / "bin"
        self.bin.mkdir()
        kept = {k: v for k, v in os.environ.items() if k not in UNWANTED and not k.startswith(("TASK_", "PARATASK_"))}
        self.environ = {
            **kept,
            "PATH": f"{self.bin}{os.pathsep}{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}",
            "XDG_STATE_HOME": str(root.parent / "state"),
        }

    def write(self, path: str, text: str) -> Path:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text))
        return file

    def program(self, name: str, text: str) -> None:
        """A program on PATH."""
        file = self.bin / name
        file.write_text(textwrap.dedent(text))
        file.chmod(0o755)

    def taskfile(self, text: str) -> None:
        self.write("Taskfile.yml", text)

    def argv(self, *args: str) -> list[str]:
        return [sys.executable, "-m", "paratask", *args]

    def run(
        self, *args: str, env: dict[str, str] | None = None, timeout: float = 60, **options
    ) -> subprocess.CompletedProcess[str]:
        options.setdefault("cwd", self.root)
        options.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.run(
            self.argv(*args),
            env={**self.environ, **(env or {})},
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
            **options,
        )

    def start(self, *args: str, env: dict[str, str] | None = None, **options) -> subprocess.Popen[str]:
        options.setdefault("cwd", self.root)
        options.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.Popen(
            self.argv(*args),
            env={**self.environ, **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )

    def latest_run(self) -> Path:
        return max((self.root / ".paratask" / "runs").iterdir())


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = tmp_path / "work"
    root.mkdir()
    return Workspace(root)


@pytest.fixture
def real_task() -> str:
    """The real `task`, for comparisons."""
    found = shutil.which("task", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        pytest.skip("the real `task` is not installed (package go-task-bin)")
    return found
