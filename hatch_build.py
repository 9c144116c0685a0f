"""Compiles the sources of an editable install, as pip does for an ordinary one.

Where Python may not write bytecode by itself (PYTHONDONTWRITEBYTECODE, a read-only checkout), each start would compile all of it
anew, which takes longer than the start itself.
"""

from __future__ import annotations

import compileall
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class EditableBytecode(BuildHookInterface):
    """Runs before a wheel is built; only editable ones concern it."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        """`version` is the kind of wheel: "standard" or "editable"."""
        del build_data
        if version == "editable":
            compileall.compile_dir(str(Path(self.root) / "src"), quiet=2)
