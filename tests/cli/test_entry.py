"""The console script, before anything of a run has begun."""

from __future__ import annotations

import signal
import subprocess
import sys

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
