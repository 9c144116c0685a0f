"""`.pre-commit-hooks.yaml`, by the real pre-commit on a real repository."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

MANIFEST = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
CONFIGURATION = """\
repos:
  - repo: {repository}
    rev: {revision}
    hooks:
      - {{id: paratask, args: [check], language: system, verbose: true}}
      - {{id: paratask-files, args: [lint, --], files: '[.]txt$', language: system, verbose: true}}
"""
TASKFILE = """\
version: '3'
silent: true
tasks:
  check: {cmds: [{task: a}, {task: b}]}
  a: echo a
  b: echo b
  lint: echo {{.CLI_ARGS}}; test ! -e bad
"""


@pytest.mark.slow
def test_pre_commit_runs_tasks(workspace, tmp_path):
    """The environment that `language: python` makes is left out: it installs paratask anew, which is pip's work."""
    pre_commit = shutil.which("pre-commit", path=workspace.environ["PATH"])
    if pre_commit is None:
        pytest.skip("pre-commit is not installed")
    workspace.program("paratask", f'#!/bin/sh\nexec {" ".join(workspace.argv())} "$@"\n')
    environ = {
        **workspace.environ, "PRE_COMMIT_HOME": str(tmp_path / "cache"), "GIT_CONFIG_GLOBAL": "/dev/null",
        **{f"GIT_{who}_{what}": "a@b.c" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    }  # fmt: skip

    def run(folder: Path, *argv: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(argv, cwd=folder, env=environ, capture_output=True, text=True, check=False)

    hooks = tmp_path / "hooks"
    hooks.mkdir()
    shutil.copy(MANIFEST, hooks)
    for argv in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "hooks")):
        assert run(hooks, "git", *argv).returncode == 0
    revision = run(hooks, "git", "rev-parse", "HEAD").stdout.strip()
    assert run(hooks, pre_commit, "validate-manifest").returncode == 0

    workspace.taskfile(TASKFILE)
    workspace.write("a.txt", "x\n")
    workspace.write(".pre-commit-config.yaml", CONFIGURATION.format(repository=hooks, revision=revision))
    run(workspace.root, "git", "init", "-q")
    run(workspace.root, "git", "add", "-A")
    done = run(workspace.root, pre_commit, "run", "--color=never")
    assert done.returncode == 0, done.stdout
    assert "\na\nb\nparatask: 3 jobs" in done.stdout
    assert "\na.txt\n" in done.stdout
    workspace.write("bad", "")
    done = run(workspace.root, pre_commit, "run", "--color=never")
    assert done.returncode == 1
    assert "error: `lint` failed" in done.stdout
