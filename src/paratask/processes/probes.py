"""Tries programs out: asks them for their versions, all at the same time, and waits for none of them for long; or sees whether one works."""

from __future__ import annotations

import os
import select
import signal
import time

from paratask.processes.streams import open_null

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PATIENCE_SECONDS = 5.0
ANSWER_BYTES = 4096


def versions(programs: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """By name, the first line that the program at that path prints for `--version`; empty where it says nothing in time."""
    until = time.monotonic() + PATIENCE_SECONDS
    started = {name: _start(path, environ) for name, path in programs.items()}
    answers = {name: _heard(probe, until) if probe is not None else "" for name, probe in started.items()}
    return {name: text.strip().split("\n", 1)[0] for name, text in answers.items()}


def answer(program: str) -> str:
    """The beginning of what `program --version` prints; empty where it cannot be started, or says nothing in time.

    It hears of no jobserver, whose tokens it would not be given.
    """
    probe = _start(program, {name: value for name, value in os.environ.items() if not name.endswith("MAKEFLAGS")})
    return _heard(probe, time.monotonic() + PATIENCE_SECONDS) if probe is not None else ""


def complaint(argv: Sequence[str], environ: Mapping[str, str]) -> str:
    """What a program says first on stderr when it fails; empty where it does not. Raises OSError where it cannot be started."""
    import subprocess

    done = subprocess.run(argv, env=dict(environ), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    said = done.stderr.strip().splitlines()
    return (said[0] if said else f"it exited with {done.returncode}") if done.returncode else ""


def _start(program: str, environ: Mapping[str, str]) -> tuple[int, int] | None:
    """Its process, and where its output is read; None where it cannot be started. Raises OSError where descriptors are short."""
    null = open_null()
    try:
        read_fd, write_fd = os.pipe()
    except OSError:
        os.close(null)
        raise
    try:
        actions = [(os.POSIX_SPAWN_DUP2, fd, target) for target, fd in enumerate((null, write_fd, null))]
        argv = [program, "--version"]
        pid = os.posix_spawn(program, argv, environ, file_actions=actions, setpgroup=0, setsigdef=[signal.SIGPIPE])
    except OSError:
        os.close(read_fd)
        return None
    finally:
        os.close(write_fd)
        os.close(null)
    return pid, read_fd


def _heard(probe: tuple[int, int], until: float) -> str:
    """What it prints until it closes its output, or that time has come. It is ended with all that it started."""
    pid, read_fd = probe
    text = b""
    try:
        while len(text) < ANSWER_BYTES and select.select([read_fd], [], [], max(0.0, until - time.monotonic()))[0]:
            chunk = os.read(read_fd, ANSWER_BYTES - len(text))
            if not chunk:
                break
            text += chunk
    finally:
        os.close(read_fd)
        try:
            os.killpg(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        os.waitpid(pid, 0)
    return text.decode(errors="replace")
