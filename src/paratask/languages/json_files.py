"""JSON files, read through `Place`: plain, and with the comments and trailing commas that configurations of editors and compilers have.

What cannot be parsed counts as not being there; a byte order mark is passed over, as npm does. Knows no manifest of any language.
Comments are cut out by a tokenizer of strings and comments, and the standard parser does the rest: it is a page that needs no package
with a compiled extension, for one kind of file.
"""

from __future__ import annotations

import re
from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.plugins.hookspecs import Place

_STRING = r'"(?:[^"\\\n]|\\.)*"?'
"""With its end, if it has one: else each quotation mark would be looked at to the end of the text."""
_COMMENTS = re.compile(rf"{_STRING}|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_LAST_COMMAS = re.compile(rf"{_STRING}|,(?=\s*[}}\]])")


def read_json(path: str, place: Place) -> Mapping[str, object] | None:
    """The object at `path`; None where there is none or it cannot be parsed."""
    text = place.read_text(path)
    return None if text is None else _parsed(text)


def read_jsonc(path: str, place: Place) -> Mapping[str, object] | None:
    """Likewise, of a file that may have comments and trailing commas."""
    text = place.read_text(path)
    return None if text is None else parse_jsonc(text)


@lru_cache(maxsize=4_096)
def _parsed(text: str) -> Mapping[str, object] | None:
    """Manifests are looked at for each command of a monorepo, and parsing is what costs."""
    import json

    try:
        value = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


@lru_cache(maxsize=1_024)
def parse_jsonc(text: str) -> Mapping[str, object] | None:
    """The object of a text that may have comments and trailing commas; None where it cannot be parsed."""
    for tokens in (_COMMENTS, _LAST_COMMAS):
        text = tokens.sub(lambda token: token[0] if token[0].startswith('"') else " ", text)
    return _parsed(text)
