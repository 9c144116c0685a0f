"""`use_gitignore`: the same files count as for the real `task`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TASK = shutil.which("task") or shutil.which("task", path=os.path.dirname(sys.executable))

pytestmark = [pytest.mark.skipif(TASK is None, reason="the real `task` is not installed"), pytest.mark.slow]

TASKFILE = """
version: '3'
silent: true
use_gitignore: true
tasks:
  all: {sources: ['**/*', {exclude: Taskfile.yml}], cmds: [{for: sources, cmd: 'echo {{.ITEM}}'}]}
  hidden: {sources: ['./**/*.log'], cmds: [{for: sources, cmd: 'echo {{.ITEM}}'}]}
  below: {dir: sub, sources: ['*', '../*.txt', '/etc/hostname'], cmds: [{for: sources, cmd: 'echo {{.ITEM}}'}]}
  off: {use_gitignore: false, sources: ['**/*.log'], cmds: [{for: sources, cmd: 'echo {{.ITEM}}'}]}
"""
FILES = (
    "a.txt a.log keep.log build/x build/y/z sub/build/x sub/b.log sub/keep.log sub/deep/c.tmp sub/deep/d.txt sub/deep/only "
    "other/only docs/a.md docs/sub/b.md vendor/lib/keep.log #odd !odd back\\slash sp\\ ace e.swp"
).split()
RULES = {
    "names": {".gitignore": "*.log\nbuild\n"},
    "negation": {".gitignore": "*.log\n!keep.log\n"},
    "a folder stays ignored": {".gitignore": "sub/\n!sub/keep.log\nvendor/\n", "vendor/.gitignore": "!*\n"},
    "only folders": {".gitignore": "build/\nonly/\n"},
    "anchored": {".gitignore": "/build\n/a.*\n/sub/deep\n"},
    "deeper wins": {".gitignore": "*.log\n*.tmp\n", "sub/.gitignore": "!b.log\n", "sub/deep/.gitignore": "!c.tmp\nd.txt\n"},
    "stars": {".gitignore": "docs/**/*.md\n**/deep/*.txt\nsub/**\n!sub/keep.log\n"},
    "classes and comments": {".gitignore": "# all\n[a-b].log\n?.swp\n\\#odd\n\\!odd\n\n"},
    "windows lines and blanks": {".gitignore": "*.log  \r\nbuild/\r\n   \r\n"},
    "anchored below": {"sub/.gitignore": "/deep\n*.log\n"},
    "nothing": {},
}


def chosen(program: list[str], folder: Path, task: str) -> tuple[int, list[str]]:
    done = subprocess.run([*program, task], cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout.splitlines()


@pytest.mark.parametrize("repository", ["root", "above", "none"])
@pytest.mark.parametrize("rules", RULES, ids=lambda name: name.replace(" ", "-"))
def test_the_same_files_count(tmp_path, rules, repository):
    folder = tmp_path / "in"
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    for name, text in RULES[rules].items():
        (folder / name).write_text(text)
    (folder / "Taskfile.yml").write_text(TASKFILE)
    if repository != "none":
        ((tmp_path if repository == "above" else folder) / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("/in/a.txt\n*.swp\n")
    for task in ("all", "hidden", "below", "off"):
        expected = chosen([TASK], folder, task)
        shutil.rmtree(folder / ".task", ignore_errors=True)
        assert chosen([sys.executable, "-m", "paratask"], folder, task) == expected, task
        for state in (".task", ".paratask"):
            shutil.rmtree(folder / state, ignore_errors=True)
