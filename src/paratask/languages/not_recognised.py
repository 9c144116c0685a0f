"""Why a call is not recognised, for people: a sentence that names what stands in the way."""

from __future__ import annotations

from paratask.plugins.programs import is_known

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.plugins.hookspecs import Invocation

_MAX_SHOWN = 72
"""How many characters of a call a reason shows."""
_STARTING = frozenset({"run", "exec", "x", "dlx", "tool"})
"""Subcommands that are about the word after them."""


def reason(invocation: Invocation, refused: Sequence[str | None]) -> str:
    """What stands in the way: the word that `refused` begins with, one that only the run tells, or the call as a whole."""
    words = ["…" if word is None else word for word in invocation.words]
    shown = _shown(words)
    if not is_known(words[0]):
        return f"`{shown}` is not recognised"
    if refused and refused[0] is not None:
        return f"`{shown.removesuffix(f' {refused[0]}')}` is not recognised with `{refused[0]}`"
    whole = " ".join(" ".join(words).split())
    whole = whole if len(whole) <= _MAX_SHOWN else f"{whole[: _MAX_SHOWN - 3]}..."
    return f"`{whole}` is not recognised" + (": only the run tells all of its words" if None in invocation.words else "")


def _shown(words: Sequence[str]) -> str:
    """The program and its first argument, which is a subcommand often enough; and what `uv run` and its like start."""
    shown = [word for word in words if word != "--"][:3]
    starts = shown[1:2] and shown[1] in _STARTING and not shown[-1].startswith("-")
    return " ".join(shown if starts else shown[:2])
