"""Finds language plugins and puts them behind one hook. See hookspecs.py for what they implement.

Those that come with paratask first, then what other packages offer under the entry point group "paratask.languages"; the ones
registered last are asked first, so that these may know better. One that raises, cannot be loaded, or answers with something else
than the contract says, counts as not recognising the command, and is reported once: a plugin must not break a run.

Knows no language; loads a plugin's module only when the hooks are built.
"""

from __future__ import annotations

import importlib
from functools import partial

import pluggy

from paratask.plugins import hookspecs
from paratask.plugins.hookspecs import Delegation, Recognition, hookimpl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Protocol

    from paratask.plugins.hookspecs import Invocation, Place

    class EntryPoint(Protocol):
        """The part of `importlib.metadata.EntryPoint` that is used."""

        @property
        def name(self) -> str:
            """What the package calls its plugin."""

        def load(self) -> object:
            """The plugin; raises whatever its module raises."""


ENTRY_POINTS = "paratask.languages"
BUILT_IN = ("python", "node", "rust", "go", "shell")


def load_plugins(*, warn: Callable[[str], None], entry_points: Iterable[EntryPoint] | None = None) -> pluggy.PluginManager:
    """All plugins, ready to be asked by `.hook.recognise(invocation=…, place=…)`.

    `warn` gets a sentence for each plugin that misbehaves. `entry_points` stands in for those that are installed.
    """
    plugins = pluggy.PluginManager("paratask")
    plugins.add_hookspecs(hookspecs)
    for name in BUILT_IN:
        _register(plugins, name, partial(_import_built_in, name), warn)
    for entry_point in _installed() if entry_points is None else entry_points:
        _register(plugins, f"{entry_point.name} (installed)", entry_point.load, warn)
    return plugins


def _installed() -> Iterable[EntryPoint]:
    import importlib.metadata

    return importlib.metadata.entry_points(group=ENTRY_POINTS)


def _import_built_in(name: str) -> object:
    """The module, or None where this build goes without it."""
    module = f"paratask.languages.{name}"
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        return None


def _register(plugins: pluggy.PluginManager, name: str, load: Callable[[], object], warn: Callable[[str], None]) -> None:
    try:
        plugin = load()
        if plugin is not None:
            plugins.register(_Guarded(name, plugin, warn), name=name)
    except Exception as error:  # noqa: BLE001 - whatever a plugin's module does
        warn(f"language plugin {name} cannot be loaded: {_shown(error)}")


class _Guarded:
    """A plugin whose failures stay its own. It has a pluggy of its own, so that all that pluggy offers still works in it."""

    def __init__(self, name: str, plugin: object, warn: Callable[[str], None]) -> None:
        self._name = name
        self._warn = warn
        self._warned = False
        self._inner = pluggy.PluginManager("paratask")
        self._inner.add_hookspecs(hookspecs)
        self._inner.register(plugin)
        self._inner.check_pending()

    @hookimpl
    def recognise(self, invocation: Invocation, place: Place) -> Recognition | Delegation | None:
        try:
            found: object = self._inner.hook.recognise(invocation=invocation, place=place)
        except Exception as error:  # noqa: BLE001 - whatever a plugin does
            self._fail(f"failed on `{invocation.words[0]}`: {_shown(error)}")
            return None
        if found is None or isinstance(found, (Recognition, Delegation)):
            return found
        self._fail(f"answered `{invocation.words[0]}` with a {type(found).__name__}")
        return None

    @hookimpl
    def manifests(self) -> Sequence[str]:
        try:
            return [name for names in self._inner.hook.manifests() for name in names]
        except Exception as error:  # noqa: BLE001 - whatever a plugin does
            self._fail(f"cannot name its manifests: {_shown(error)}")
            return []

    def _fail(self, what: str) -> None:
        if not self._warned:
            self._warned = True
            self._warn(f"language plugin {self._name} {what}")


def _shown(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
