"""What can be done in a project of Deno: its own verbs, or the tasks of deno.json that are called so."""

from __future__ import annotations

import posixpath
import re

from paratask.languages.deno.configurations import configuration_of
from paratask.languages.deno.tools import SUFFIXES
from paratask.languages.sources_beyond import files_of
from paratask.languages.toml_files import table
from paratask.scaffolding.recipe import Recipe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.plugins.hookspecs import Place

TASKS = {"lint": ("lint",), "typecheck": ("typecheck", "check"), "test": ("test",), "build": ("build",)}
"""By verb, the names of tasks that do it, the best one first."""
OF_TESTS = r"(?:.*[_.])?test\.[cm]?[jt]sx?"


def deno_commands(folder: str, place: Place) -> Recipe:
    """The root of a workspace does it for its members."""
    configuration = configuration_of(folder, place).deno
    commands = {"setup": "deno install", "format": "deno fmt", "lint": "deno lint", "typecheck": "deno check"}
    files = files_of(folder, SUFFIXES, (), place)
    if files is None or any(re.fullmatch(OF_TESTS, posixpath.basename(path)) for path in files):
        commands["test"] = "deno test"
    tasks = table(configuration, "tasks")
    for verb, names in TASKS.items():
        name = next((name for name in names if name in tasks), None)
        if name is not None:
            commands[verb] = f"deno task {name}"
    return Recipe(commands=commands, covers="workspace" in configuration)
