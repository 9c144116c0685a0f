"""bash's grammar, from tree-sitter-bash.

The package itself loads what it needs to read queries, which nobody here asks for, and which takes longer than to parse hundreds of
commands; so its compiled part is loaded by itself. Where that is not to be found (in another release, or an archive), the
package it is.
"""

from __future__ import annotations

from importlib.machinery import ExtensionFileLoader, PathFinder

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

_PACKAGE = "tree_sitter_bash"


def bash() -> object:
    """What `tree_sitter.Language` is made of."""
    language = getattr(_compiled_part(), "language", None) or _of_package()
    found: object = language()
    return found


def _of_package() -> Callable[[], object]:
    import tree_sitter_bash

    return tree_sitter_bash.language


def _compiled_part() -> ModuleType | None:
    package = PathFinder.find_spec(_PACKAGE)
    folders = package.submodule_search_locations if package is not None else None
    spec = PathFinder.find_spec(f"{_PACKAGE}._binding", folders) if folders else None
    if spec is None or not isinstance(spec.loader, ExtensionFileLoader):
        return None
    module = spec.loader.create_module(spec)
    spec.loader.exec_module(module)
    return module
