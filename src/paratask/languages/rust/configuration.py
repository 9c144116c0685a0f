"""What cargo's own configuration says: names for commands, where results go, variables. The Cargo Book, "Configuration".

Reads `.cargo/config.toml` in the folder of the call and those above, the nearest first. Does not know the variables that the
whole run was started with, nor a `config.toml` in a `CARGO_HOME` that lies elsewhere.
"""

from __future__ import annotations

import posixpath

from paratask.languages.options import resolve_path
from paratask.languages.rust.manifests import folders_to_top
from paratask.languages.toml_files import read_toml, table, texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

FILES = (".cargo/config.toml", ".cargo/config")
_TARGET_VARIABLES = ("CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR")
_BUILD_VARIABLES = ("CARGO_BUILD_BUILD_DIR",)


def alias(name: str, cwd: str, place: Place) -> tuple[str, ...] | None:
    """The words that the configuration gives for a command of its own; None where it has none of that name."""
    for _, configuration in _configurations(cwd, place):
        words = table(configuration, "alias").get(name)
        if isinstance(words, str):
            return tuple(words.split())
        if isinstance(words, list):
            return texts(words)
    return None


def target_folders(call: Call, root: str) -> tuple[str, ...] | None:
    """Where the call's results go, in the workspace at `root`. None where only the run will tell."""
    given = [option.value for option in call.parsed.named("--target-dir")]
    target = _chosen(given[-1:], _TARGET_VARIABLES, "target-dir", call, root)
    build = _chosen([], _BUILD_VARIABLES, "build-dir", call, root)
    if target is None or build is None:
        return None
    return (*(target or (posixpath.join(root, "target"),)), *build)


def variable(name: str, cwd: str, place: Place) -> str | None:
    """The path that the configuration sets a variable to; None where it sets none."""
    for folder, configuration in _configurations(cwd, place):
        value = table(configuration, "env").get(name)
        is_relative = isinstance(value, dict) and value.get("relative") is True
        text = value.get("value") if isinstance(value, dict) else value
        if isinstance(text, str):
            return posixpath.normpath(posixpath.join(folder if is_relative else cwd, text))
    return None


def _chosen(given: list[Word], variables: tuple[str, ...], key: str, call: Call, root: str) -> tuple[str, ...] | None:
    """The folder that an option, a variable or the configuration names, in this order; empty where none does."""
    environment = call.invocation.environment
    words = [*given, *(environment[name] for name in variables if name in environment)]
    if words:
        path = resolve_path(words[0], call.cwd)
        return None if path is None else (path,)
    for folder, configuration in _configurations(call.cwd, call.place):
        value = table(configuration, "build").get(key)
        if isinstance(value, str):
            value = value.replace("{workspace-root}", root)
            return None if "{" in value else (posixpath.normpath(posixpath.join(folder, value)),)
    return ()


def _configurations(cwd: str, place: Place) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Each configuration, with the folder that paths in it are seen from."""
    for folder in folders_to_top(cwd):
        for name in FILES:
            configuration = read_toml(posixpath.join(folder, name), place)
            if configuration is not None:
                yield folder, configuration
                break
