"""What Python makes of the locale is no matter of commands: the encoding that it takes all text for, and what it adds to the environment.

Knows nothing of options and Taskfiles.
"""

from __future__ import annotations

import os
import sys

_OF_C = ("", "C", "POSIX")
_SET_BY_PYTHON = ("C.UTF-8", "C.utf8", "UTF-8")


def start_in_utf8() -> None:
    """Does not return: we are started anew, with an encoding that cannot be changed later (PEP 540). In that of an older locale, Python would
    hand a Taskfile's UTF-8 to commands in other bytes, or not at all; `task` hands on bytes. Returns where somebody asked for it by name.
    """
    if "utf8" in getattr(sys, "_xoptions", {"utf8": True}):
        return
    from paratask.processes.again import start_again

    start_again("-X", "utf8")


def forget_own_locale() -> None:
    """Python sets LC_CTYPE where the locale is C (PEP 538). Commands would inherit it, and count letters where `task`'s count bytes.

    What we were started with is in /proc; where there is none, nobody can tell who set it.
    """
    if os.environ.get("LC_CTYPE") not in _SET_BY_PYTHON or os.environ.get("LANG", "") not in _OF_C:
        return
    try:
        with open("/proc/self/environ", "rb") as file:
            given = file.read()
    except OSError:
        return
    if b"\0LC_CTYPE=" not in b"\0" + given:
        del os.environ["LC_CTYPE"]
