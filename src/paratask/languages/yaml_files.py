"""YAML files, read through `Place`. What cannot be parsed counts as not being there; knows nothing of what a file is for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.plugins.hookspecs import Place


def read_yaml(path: str, place: Place) -> Mapping[object, object] | None:
    """The mapping at `path`; None where there is none or it cannot be parsed."""
    text = place.read_text(path)
    if text is None:
        return None
    import yaml

    try:
        document: object = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None
