"""The fingerprints under `.task/` are byte for byte those of the real `task`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TASK = shutil.which("task") or shutil.which("task", path=os.path.dirname(sys.executable))

pytestmark = pytest.mark.skipif(TASK is None, reason="the real `task` is not installed")

TASKFILE = """
version: '3'
silent: true
tasks:
  'many:files x': {sources: ['**/*', {exclude: '.task/**'}, {exclude: 'Taskfile.yml'}], cmds: ['true']}
  labelled: {label: 'l-{{.TASK}}', sources: ['*.txt'], cmds: ['true']}
  'w-*': {sources: ['src/**/*.bin', {exclude: src/b.bin}, 'a{,1}.txt'], cmds: ['true']}
  nothing: {sources: [nope], cmds: ['true']}
  stamp: {sources: ['*.txt'], method: timestamp, cmds: ['true']}
"""
CALLS = ["many:files x", "labelled", "w-1", "nothing", "stamp"]


def fingerprints(program: list[str], folder: Path) -> dict[str, bytes]:
    (folder / "src/sub").mkdir(parents=True)
    (folder / "Taskfile.yml").write_text(TASKFILE)
    for name, data in {
        "a.txt": b"1", "a1.txt": b"", "é.txt": "ü".encode(), "src/a.bin": bytes(range(256)) * 4096, "src/b.bin": b"x",
        "src/sub/.c.bin": b"\0", "src/sub/d": b"d\n",
    }.items():  # fmt: skip
        (folder / name).write_bytes(data)
    done = subprocess.run([*program, *CALLS], cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    state = folder / ".task"
    return {str(path.relative_to(state)): path.read_bytes() for path in state.rglob("*") if path.is_file()}


def test_fingerprints_are_those_of_task(tmp_path: Path) -> None:
    assert TASK is not None
    theirs = fingerprints([TASK], tmp_path / "task")
    assert set(theirs) == {
        "checksum/many-files-x",
        "checksum/l-labelled",
        "checksum/w-1",
        "checksum/nothing",
        "timestamp/stamp",
    }
    assert fingerprints([sys.executable, "-m", "paratask"], tmp_path / "paratask") == theirs
