"""Shell text to what it runs: the programs, with their words and folders, and the paths it redirects to and from.

All branches count, whether or not a run would take them, and so do command substitutions. Where a command runs is followed
through `cd`; after `a && cd b` two folders are possible, and what comes next counts in both. A `cd` that stands by itself is
believed to succeed. Functions are followed where they are called, files where they are sourced, and what a trap runs counts
anywhere. Anything else that could run what is not written here (`eval`) and anything that is not understood gives up on the whole
text, and says at what.

Knows bash's grammar as tree-sitter-bash reads it; knows no program, and no file but those that are sourced: globs are given on as
they stand.
"""

from __future__ import annotations

from paratask.frozen import dataclass
from paratask.languages.shell.environments import toplevel_of
from paratask.languages.shell.flow import ObscureError, PathUse, State
from paratask.languages.shell.walk import Walk
from paratask.plugins.hookspecs import Invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from paratask.languages.shell.walk import Item
    from paratask.languages.shell.words import Word

__all__ = ["NotUnderstood", "PathUse", "parse_commands"]

_NOTHING: Mapping[str, str | None] = {}
_VALUES: Mapping[str, str] = {}
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:@%+,=- ")
_KEYWORDS = frozenset(["time", "coproc", "export", "declare", "typeset", "readonly", "local", "unset", "unsetenv"])


@dataclass(frozen=True, slots=True, kw_only=True)
class NotUnderstood:
    """Why a text cannot be read: names the construct."""

    reason: str


def _none(path: str) -> None:
    """No file can be read."""
    del path


def parse_commands(
    text: str,
    cwd: str,
    environment: Mapping[str, str | None] = _NOTHING,
    read: Callable[[str], str | None] = _none,
    values: Mapping[str, str] = _VALUES,
    *,
    is_fed: bool = False,
) -> tuple[Item, ...] | NotUnderstood:
    """What `text` runs when started in the folder `cwd` (absolute), in written order; an item may come twice.

    `environment` is what the calls in it are made with, as if it had been exported before them. `read` tells what is in a file
    that it sources, by its absolute path; None where it cannot. `values` are variables that it is known to be started with,
    and `is_fed` whether its standard input comes from what started it, where nobody types.
    """
    walk = Walk(read, is_fed=is_fed)
    state = State(folders=(cwd,), environment=environment, values=values, toplevel=lambda folder: toplevel_of(folder, read))
    try:
        words = text.split()
        if words and _PLAIN.issuperset(text) and words[0] not in _KEYWORDS and "=" not in words[0]:
            walk.started(words, (), state, {})
        else:
            walk.text(text, state)
        walk.finish()
    except ObscureError as error:
        return NotUnderstood(reason=str(error))
    except RecursionError:
        return NotUnderstood(reason="shell text nested too deep")
    if any(isinstance(item, Invocation) and _may_link(item.words) for item in walk.items):
        from paratask.languages.shell.own_links import gone_through

        if link := gone_through(walk.items):
            return NotUnderstood(reason=f"what `{link}` is, a link that it makes itself,")
    return tuple(walk.items)


def _may_link(words: Sequence[Word]) -> bool:
    """Whether a call may make a symbolic link: what that leads to is looked at only then."""
    return "ln" in words or ("cp" in words and any(word and word[0] == "-" and "s" in word for word in words))
