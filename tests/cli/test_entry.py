"""The console script, before anything of a run has begun."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

INTERRUPTED = """
import builtins, os, signal
real = builtins.__import__
def looking(name, *more, **named):
    if name == "paratask.cli.main":
        os.kill(os.getpid(), signal.SIGINT)
    return real(name, *more, **named)
builtins.__import__ = looking
from paratask.__main__ import start
start()
"""


def test_ctrl_c_while_imports_are_under_way_showed_a_traceback():
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


def test_afterwards_a_signal_means_what_it_meant():
    code = "import signal; from paratask.cli import main; main.run_and_exit = lambda: print(signal.getsignal(signal.SIGINT)); "
    code += "from paratask.__main__ import start; start()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert "default_int_handler" in done.stdout


@pytest.mark.parametrize("given", [{}, {"LANG": "C"}, {"LC_CTYPE": "C.UTF-8"}])
def test_commands_inherited_the_locale_that_python_had_set_for_itself(workspace, given):
    workspace.taskfile(
        "version: '3'\ntasks:\n  a: {silent: true, cmds: ['env | grep -c ^LC_CTYPE= || true', 'echo {{.LC_CTYPE}}']}\n"
    )
    environ = {name: value for name, value in workspace.environ.items() if name != "LANG" and not name.startswith("LC_")}
    done = subprocess.run(
        workspace.argv("a"),
        cwd=workspace.root,
        env={**environ, **given},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout == ("1\nC.UTF-8\n" if "LC_CTYPE" in given else "0\n\n")
