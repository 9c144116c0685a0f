"""The real `task` and paratask, each in a folder of its own: what they say, how they exit, and what they cache must be the same."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

TASK = shutil.which("task") or shutil.which("task", path=os.path.dirname(sys.executable))
PROGRAMS = ("task", "paratask")
UNWANTED = ("CI", "NO_COLOR", "FORCE_COLOR", "GITHUB_ACTIONS", "XDG_CONFIG_HOME", "PWD")


class Both:
    """The two programs, each in a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.environ: dict[str, str] = {}

    def folder(self, program: str) -> Path:
        return self.root / program / "work"

    def write(self, name: str, text: str) -> None:
        for program in PROGRAMS:
            path = self.folder(program) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def agree(self, *args: str, code: int = 0) -> str:
        """Both say and do the same, and exit with `code`; returns what was said."""
        theirs, ours = self._run("task", *args), self._run("paratask", *args)
        assert ours == theirs, f"paratask: {ours}\ntask:     {theirs}"
        assert theirs[0] == code, theirs
        return theirs[1]

    def complain(self, *args: str) -> list[str]:
        """The lines that task writes to stderr about experiments, which must be ours as well."""
        theirs, ours = (
            [line for line in self._start(name, *args).stderr.splitlines() if "Experiment" in line] for name in PROGRAMS
        )
        assert ours == theirs
        return theirs

    def _start(self, program: str, *args: str) -> subprocess.CompletedProcess[str]:
        folder = self.folder(program)
        folder.mkdir(parents=True, exist_ok=True)
        kept = {k: v for k, v in os.environ.items() if k not in UNWANTED and not k.startswith("TASK_")}
        return subprocess.run(
            [TASK or "", *args] if program == "task" else [sys.executable, "-m", "paratask", "--sequential", *args],
            cwd=folder, env={**kept, "HOME": str(self.root), **self.environ}, capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL, timeout=60,
        )  # fmt: skip

    def _run(self, program: str, *args: str) -> tuple[int, str, dict[str, str]]:
        """Exit code, stdout (lines sorted: task reads includes side by side), and the cache."""
        folder, done = self.folder(program), self._start(program, *args)
        files = {path.name: path.read_text() for path in sorted(folder.rglob("remote/*"))}
        files = {name: text for name, text in files.items() if not name.endswith(".timestamp")}
        said = "\n".join(sorted(done.stdout.replace(f"{self.root}/{program}/", "/").splitlines()))
        return done.returncode, re.sub(r"expired at .*", "expired", said), files
