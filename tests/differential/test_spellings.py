"""Commands that are calls to paratask and programs to `task`: `--dry` and `--summary` show them as they are written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

TASK = shutil.which("task") or shutil.which("task", path=os.path.dirname(sys.executable))

pytestmark = pytest.mark.skipif(TASK is None, reason="the real `task` is not installed")

TASKFILE = """\
version: '3'
vars: {WHICH: b}
tasks:
  default:
    cmds:
      - task a
      - task:a &
      - task:{{.WHICH}}   &
      - wait
      - |
        task b
      - defer: task b
      - cmd: task a
        silent: true
      - for: [a, b]
        cmd: task:{{.ITEM}}
  a: echo a
  b: echo b
"""


def run(program: list[str], folder, *args: str, parallel: bool) -> tuple[int, str, str]:
    environ = {name: value for name, value in os.environ.items() if name not in ("USE_PARALLEL", "CI", "FORCE_COLOR")}
    if not parallel:
        environ["USE_PARALLEL"] = "false"
    done = subprocess.run([*program, *args], cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("parallel", [False, True])
@pytest.mark.parametrize("flag", ["--dry", "--summary"])
def test_tasks_called_as_commands_were_shown_as_calls(tmp_path, flag, parallel):
    """`task name` was carried out in a dry run, and a summary said `Task: name`."""
    (tmp_path / "Taskfile.yml").write_text(TASKFILE)
    theirs = run([TASK], tmp_path, flag, "default", parallel=parallel)
    assert run([sys.executable, "-m", "paratask"], tmp_path, flag, "default", parallel=parallel) == theirs


def test_they_are_echoed_before_they_run(tmp_path):
    (tmp_path / "Taskfile.yml").write_text("version: '3'\ntasks: {default: [task a], a: echo a}\n")
    code, stdout, stderr = run([sys.executable, "-m", "paratask"], tmp_path, "default", parallel=False)
    assert (code, stdout) == (0, "a\n")
    assert stderr.splitlines()[:2] == ["task: [default] task a", "task: [a] echo a"]
