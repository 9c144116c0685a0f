"""TOML files, read through `Place`. What cannot be parsed counts as not being there; a byte order mark is passed over, as Cargo does.

Knows no manifest of any language.
"""

from __future__ import annotations

from functools import lru_cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.plugins.hookspecs import Place


def read_toml(path: str, place: Place) -> Mapping[str, object] | None:
    """The document at `path`; None where there is none or it cannot be parsed."""
    text = place.read_text(path)
    return None if text is None else parse_toml(text)


@lru_cache(maxsize=4_096)
def parse_toml(text: str) -> Mapping[str, object] | None:
    """The document; None where it cannot be parsed. Manifests of a workspace are looked at for each command in it, and parsing is what costs."""
    import tomli

    try:
        return tomli.loads(text.removeprefix("\ufeff"))
    except tomli.TOMLDecodeError:
        return None


def table(document: object, *names: str) -> Mapping[str, object]:
    """The table at `names`, empty where there is none."""
    for name in names:
        document = document.get(name) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def texts(value: object) -> tuple[str, ...]:
    """The strings of an array; none where it is no array."""
    return tuple(text for text in value if isinstance(text, str)) if isinstance(value, list) else ()
