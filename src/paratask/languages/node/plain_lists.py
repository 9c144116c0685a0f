"""YAML that says nothing but lists of plain words, as most a pnpm-workspace.yaml does.

    packages:
      - packages/*
      - "!**/test/**"

Anything else is left to YAML's own parser, which takes longer to load than a short run has. What is read here is read as that
parser would.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./*@+-")
_QUOTES = ("'", '"')


def plain_lists(text: str) -> Mapping[str, Sequence[str]] | None:
    """The words below each key; None where there is anything in `text` that is not as simple."""
    if not text.replace("\n", "").isprintable():
        return None
    lists: dict[str, list[str]] = {}
    words: list[str] | None = None
    margin: str | None = None
    for line in (written.rstrip(" ") for written in text.split("\n")):
        indent, dash, rest = line.partition("- ")
        if not line.lstrip(" ") or line.lstrip(" ").startswith("#"):
            continue
        if line.endswith(":"):
            key, words, margin = line[:-1], [], None
            if not key.isalpha() or key in lists:
                return None
            lists[key] = words
            continue
        word = _word(rest.strip(" "))
        if indent.strip(" ") or not dash or word is None or words is None or (margin is not None and indent != margin):
            return None
        words.append(word)
        margin = indent
    return lists


def _word(written: str) -> str | None:
    """A word that is a text whatever YAML makes of others: `1.0`, `yes` and `2001-01-01` are none, `*x` and `&x` mean something else."""
    quote, inside = written[:1], written[1:-1]
    if quote in _QUOTES:
        is_whole = len(written) > 1 and written.endswith(quote)
        return inside if is_whole and not set("\\'\"") & set(inside) else None
    return written if quote.isalpha() and "/" in written and _PLAIN.issuperset(written) else None
