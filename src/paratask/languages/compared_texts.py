"""Whether a piece of text in a source is something that other text is compared with: `if name.contains("..")`, `if ".." in name`, or said in
a comment.

Programs look for `..` in what they are given, to refuse it or to make it shorter. That names no file, whatever the program does then.
Only pieces of dots and slashes count here: `path == "../schema.json"` may be followed by reading just that. Knows how methods of
texts are called in the languages that are looked into; knows no language's grammar.
"""

from __future__ import annotations

import re

_TAIL = 48
"""How much of what stands before a piece is looked at."""
_CLIMBING_ONLY = frozenset("./")
_METHODS = (
    r"starts_?[wW]ith|StartsWith|start_with\?|ends_?[wW]ith|EndsWith|end_with\?|[cC]ontains|includes|include\?|"
    r"indexOf|lastIndexOf|IndexOf|strip_prefix|strip_suffix|trim_start_matches|trim_end_matches|delete_prefix|delete_suffix|"
    r"split|replace|replaceAll|Replace|g?sub"
)
_FUNCTIONS = r"HasPrefix|HasSuffix|Contains|CutPrefix|TrimPrefix|TrimLeft|Index|LastIndex|Count|Split|Replace|ReplaceAll"
"""Go's functions of texts, which are given the text first."""
_COMPARED = re.compile(rf"(?:[=!]==?|\.(?:{_METHODS})(?:\(| )|\bstrings\.(?:{_FUNCTIONS})\((?:[^()\n]|\([^()\n]*\))*, )\s*&?$")
_LOOKED_FOR = re.compile(r"\s*[=!]==?\s|\s+(?:not\s+)?in\s")


_COMMENT = re.compile(r"^[ \t]*(?://|#[ \t]|\*[ \t]).*$", re.MULTILINE)
_SAID = re.compile(r"`\.\.?/?`")


def without_prose(text: str) -> str:
    """A source without the dots that its comments talk about between backquotes (``// refuse `..` ``): no code that they show is written so."""
    return _COMMENT.sub(lambda found: _SAID.sub("", found[0]), text) if "`.." in text else text


def is_compared(before: str, piece: str, after: str = "") -> bool:
    """Whether `piece`, which stands between quotation marks, is compared with; `before` is the source up to the first of these, `after`
    from the second on.
    """
    if not _CLIMBING_ONLY.issuperset(piece):
        return False
    return _COMPARED.search(before[-_TAIL:]) is not None or _LOOKED_FOR.match(after) is not None
