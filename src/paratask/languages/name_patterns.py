"""Patterns of names: every name in a folder but some.

What a tool reads of a folder often is all of it but the folder that it writes to itself; the patterns of claims have no "but",
so that it is spelled out here. Knows no tool and no file.
"""

from __future__ import annotations

from paratask.claims.overlap import escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HIDDEN = "."
_SPECIAL_IN_CLASS = frozenset("]-^!\\[")


def all_but(names: Iterable[str]) -> str:
    """A pattern of one segment: any name that is none of `names` and does not start with a dot.

    A name with characters that such a pattern cannot hold is not left out, which makes the pattern wider.
    """
    left_out = frozenset(
        name for name in names if name and not name.startswith(_HIDDEN) and "," not in name and "/" not in name
    )
    alternatives = tuple(_alternatives(left_out))
    return alternatives[0] if len(alternatives) == 1 else "{" + ",".join(alternatives) + "}"


def _alternatives(left_out: frozenset[str]) -> Iterator[str]:
    """For each beginning of a name that is left out: the beginning itself, and what goes on otherwise."""
    for start in sorted({name[:end] for name in left_out for end in range(len(name) + 1)} | {""}):
        following = {name[len(start)] for name in left_out if name.startswith(start) and name != start}
        following.update(() if start else _HIDDEN)
        if start and start not in left_out:
            yield escape(start)
        others = "".join(_in_class(char) for char in sorted(following))
        yield escape(start) + (f"[!{others}]*" if others else "?*")


def _in_class(char: str) -> str:
    return "\\" + char if char in _SPECIAL_IN_CLASS else char
