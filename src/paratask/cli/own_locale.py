"""What Python adds to the environment for itself is not handed on to commands. Knows nothing of options and Taskfiles."""

from __future__ import annotations

import os

_OF_C = ("", "C", "POSIX")
_SET_BY_PYTHON = ("C.UTF-8", "C.utf8", "UTF-8")


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
