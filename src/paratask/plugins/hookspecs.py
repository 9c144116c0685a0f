"""What a language plugin may implement. This module is the public contract; see docs/plugins.md.

A plugin is a module (or object) with functions marked by `hookimpl`, found through the entry point group
"paratask.languages". It recognises commands and says what they claim; it runs nothing and reads only through `Place`.
"""

from __future__ import annotations

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Protocol

    import pluggy

    from paratask.claims.model import Claim, Claims, Effect

    hookimpl = pluggy.HookimplMarker("paratask")

    class Place(Protocol):
        """The checkout, as a plugin may look at it. All paths are absolute; nothing is ever written."""

        root: str
        """Folder of the root Taskfile."""

        real_root: str
        """The same without symbolic links."""

        led: dict[str, dict[str, None]]
        """The paths that patterns were made of, for those where these are not what they lead to. Not for plugins."""

        ignores_case: bool
        """Whether names here that differ only in case are one (as on macOS and Windows)."""

        is_entered: bool
        """Whether an environment of Python is activated where paratask was started, which poetry, pdm and pipenv take in place of their own."""

        def read_text(self, path: str) -> str | None:
            """The file's text, or None where there is no such file (or it is not readable, not text, or over 1 MiB)."""

        def exists(self, path: str) -> bool:
            """Whether there is a file or folder at `path`."""

        def listdir(self, folder: str) -> tuple[str, ...]:
            """Names in `folder`, sorted; empty where there is no such folder."""

        def workspace(self, folder: str, manifests: Sequence[str]) -> str | None:
            """The nearest folder at or above `folder`, not above `root`, that holds one of `manifests`; else None."""

        def pattern(self, path: str, suffix: str = "") -> str:
            """The claim pattern of an absolute path ("packages/api" + suffix); glob characters in `path` are escaped."""

        def command_claims(
            self, text: str, cwd: str, environment: Mapping[str, str | None] = ..., *, is_whole: bool = ...
        ) -> Claims:
            """What a whole shell text claims when run in `cwd`, for commands that run other commands (`npm run`).

            `environment` holds variables that are set for it, None where a value is not known; those that lead tools elsewhere
            (`CARGO_TARGET_DIR`) are in its invocations' environment. `is_whole` is for a task's own text: nothing else is set for it, but
            for what paratask itself was started with.
            """

        def invocation_claims(self, invocation: Invocation) -> Claims:
            """What one program's call claims, for commands that start another (`uv run X`, `npx X`, `env X`)."""


def __getattr__(name: str) -> object:
    """`hookimpl`. pluggy takes as long to load as what planning a few calls takes, and only plugins of other packages need it."""
    if name != "hookimpl":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import pluggy

    return pluggy.HookimplMarker("paratask")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invocation:
    """One program started by a command.

    `words[0]` is the program as written. A word that is known only when the command runs (`$HOME/x`, `$(date)`) is None.
    `cwd` is absolute. `environment` holds the assignments written before the program (`CI=1 npm test`); None where unknown.
    `is_fed` is whether the command gives it something to read (`ls | x`, `x < list`).
    """

    words: tuple[str | None, ...]
    cwd: str
    environment: Mapping[str, str | None] = {}
    is_fed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """What a plugin says of an invocation: its claims, and where its effect ends. `cpu` is how many cores it takes by itself. What
    is `transient`, as tests are, writes nothing that others use: it may be stopped half way, and begun anew.
    """

    claims: tuple[Claim, ...]
    effect: Effect
    reason: str
    cpu: float = 1.0
    transient: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """What a plugin says of an invocation that stands for others (`uv run X`, `npm run lint`): theirs, and its own on top."""

    claims: Claims
    reason: str
    cpu: float = 1.0


def recognise(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """Say what `invocation` claims, or None when this plugin does not know it. The first answer counts.

    Err on the side of more: a claim too wide costs time, one too narrow costs the user's files. An argument that may change what
    is touched and is unknown (None), or not understood, means None.
    """


def manifests() -> Sequence[str]:
    """File names that make a folder a workspace of this language: "pyproject.toml", or "*.csproj" where only their end is known."""
    return ()
