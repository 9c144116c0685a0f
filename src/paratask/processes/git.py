"""Runs the git program: to clone a repository with Taskfiles in it (remote.checkout.Git), and to ask about one. Loaded only for those."""

from __future__ import annotations

import os
import subprocess

from paratask.errors import ParataskError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class SystemGit:
    """git as found on PATH, with the user's own environment and settings: keys, credentials and proxies are theirs."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def clone(self, repository: str, ref: str, folder: str, timeout_seconds: float) -> str:
        """See remote.checkout.Git."""
        branch = [f"--branch={ref}"] if ref else []
        trouble = self._run(["clone", "--quiet", "--depth=1", *branch, "--", repository, folder], timeout_seconds)
        if not trouble and os.path.exists(os.path.join(folder, ".gitmodules")):
            update = ["submodule", "--quiet", "update", "--init", "--recursive", "--depth=1"]
            trouble = self._run(["-C", folder, *update], timeout_seconds)
        return trouble

    def _run(self, arguments: Sequence[str], timeout_seconds: float) -> str:
        try:
            done = subprocess.run(
                ["git", "-c", "advice.detachedHead=false", *arguments],
                env=self._environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                timeout=timeout_seconds, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise TimeoutError from None
        except OSError as error:
            return f"git cannot be started: {error.strerror}"
        return _reason(done.stderr) or f"git exited with {done.returncode}" if done.returncode else ""


def ask_git(arguments: Sequence[str], folder: str, environ: Mapping[str, str]) -> str:
    """What git says in `folder`. Raises ParataskError where it fails."""
    try:
        done = subprocess.run(
            ["git", "-C", folder, *arguments],
            env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="surrogateescape", check=False,
        )  # fmt: skip
    except OSError as error:
        raise ParataskError(f"git cannot be started: {error.strerror}") from None
    if done.returncode:
        raise ParataskError(_reason(done.stderr) or f"git exited with {done.returncode}")
    return done.stdout.removesuffix("\n")


def _reason(output: str) -> str:
    """The line that says why; git says more around it."""
    lines = output.strip().splitlines()
    return next((line for line in lines if line.startswith(("fatal:", "error:"))), lines[-1] if lines else "")
