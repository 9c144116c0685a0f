"""Asks programs for their versions, all at the same time. Runs nothing else."""

from __future__ import annotations

import subprocess

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PROBE_SECONDS = 3.0


def versions(programs: Mapping[str, str], environ: Mapping[str, str]) -> dict[str, str]:
    """By name, the first line that the program at that path prints for `--version`; empty where it says nothing in time."""
    started = {name: _start(path, environ) for name, path in programs.items()}
    return {name: _first_line(process) if process is not None else "" for name, process in started.items()}


def _start(path: str, environ: Mapping[str, str]) -> subprocess.Popen[str] | None:
    try:
        return subprocess.Popen(
            [path, "--version"], env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, errors="replace",
        )  # fmt: skip
    except OSError:
        return None


def _first_line(process: subprocess.Popen[str]) -> str:
    try:
        output, _ = process.communicate(timeout=PROBE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
    return output.strip().split("\n", 1)[0]
