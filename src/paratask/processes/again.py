"""This program, started anew in its own place. Knows nothing of why."""

from __future__ import annotations

import os
import sys


def start_again(*options: str) -> None:
    """With the same words, and more options for Python: does not return, unless the system refuses. The process, its environment and its
    files stay; call it before anything was read or begun.
    """
    try:
        os.execv(sys.executable, [sys.executable, *options, *sys.orig_argv[1:]])
    except OSError:
        return
