"""Finds language plugins and asks them as if they were one. See hookspecs.py for what they implement.

Those that come with paratask, and before them what other packages offer under the entry point group "paratask.languages": these
may know better. One that raises, cannot be loaded, or answers with something else
than the contract says, counts as not recognising the command, and is reported once: a plugin must not break a run.

Knows no language; what a plugin of ours may know is in programs.py.
"""

from __future__ import annotations

import importlib
from functools import partial

from paratask.plugins.hookspecs import Delegation, Recognition
from paratask.plugins.installed import installed_plugins
from paratask.plugins.programs import may_know

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Protocol

    from paratask.plugins.hookspecs import Invocation, Place
    from paratask.plugins.installed import EntryPoint

    class Plugin(Protocol):
        """See hookspecs.py."""

        def recognise(self, invocation: Invocation, place: Place) -> Recognition | Delegation | None:
            """What a call claims."""

        def manifests(self) -> Sequence[str]:
            """File names that make a folder a workspace."""


BUILT_IN = (
    "shell",
    "python",
    "node",
    "deno",
    "rust",
    "go",
    "jvm",
    "ruby",
    "php",
    "dotnet",
    "elixir",
    "native",
    "docker",
    "terraform",
    "cloud",
    "git",
)
"""In the order of registering. The shell's is asked last: it would look into any script, also one that stands for a tool (`gradlew`)."""


def load_plugins(*, warn: Callable[[str], None], entry_points: Iterable[EntryPoint] | None = None) -> Plugins:
    """All plugins, ready to be asked.

    `warn` gets a sentence for each plugin that misbehaves. `entry_points` stands in for those that are installed. Those that come
    with paratask are loaded when a program comes up that they may know.
    """
    plugins = [
        _Guarded(name, partial(importlib.import_module, f"paratask.languages.{name}.plugin"), warn, partial(may_know, name))
        for name in BUILT_IN
    ]
    for entry_point in installed_plugins() if entry_points is None else entry_points:
        guarded = _Guarded(f"{entry_point.name} (installed)", partial(_hooked, entry_point), warn)
        if guarded.is_there:
            plugins.append(guarded)
    return Plugins(plugins)


def _hooked(entry_point: EntryPoint) -> Plugin:
    from paratask.plugins.hooks import Hooked

    return Hooked(entry_point.load())


class Plugins:
    """Several plugins as one. The last is asked first."""

    def __init__(self, plugins: Sequence[_Guarded]) -> None:
        self._plugins = tuple(reversed(plugins))
        self._asked: dict[str, tuple[_Guarded, ...]] = {}

    def recognise(self, invocation: Invocation, place: Place) -> Recognition | Delegation | None:
        """The first answer, or None where no plugin knows the call."""
        program = invocation.words[0] or ""
        if program not in self._asked:
            self._asked[program] = tuple(plugin for plugin in self._plugins if plugin.knows(program))
        for plugin in self._asked[program]:
            found = plugin.recognise(invocation, place)
            if found is not None:
                return found
        return None

    def manifests(self) -> frozenset[str]:
        """All that any of them names."""
        return frozenset(name for plugin in self._plugins for name in plugin.manifests())


class _Guarded:
    """A plugin whose failures stay its own. `knows` says whether it may know a program; it is loaded when that is first so."""

    def __init__(
        self,
        name: str,
        load: Callable[[], Plugin],
        warn: Callable[[str], None],
        knows: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._name = name
        self._load = load
        self._warn = warn
        self.knows = knows
        self._warned = False
        self._plugin: Plugin | None = None

    @property
    def is_there(self) -> bool:
        """Whether it can be loaded; what keeps it from that is reported once."""
        return self._loaded() is not None

    def _loaded(self) -> Plugin | None:
        if self._plugin is None and not self._warned:
            try:
                self._plugin = self._load()
            except Exception as error:  # noqa: BLE001 - whatever a plugin's module does
                self._fail(f"cannot be loaded: {_shown(error)}")
        return self._plugin

    def recognise(self, invocation: Invocation, place: Place) -> Recognition | Delegation | None:
        """See `Plugin`."""
        plugin = self._loaded()
        if plugin is None:
            return None
        try:
            found: object = plugin.recognise(invocation, place)
        except Exception as error:  # noqa: BLE001 - whatever a plugin does
            self._fail(f"failed on `{invocation.words[0]}`: {_shown(error)}")
            return None
        if found is None or isinstance(found, (Recognition, Delegation)):
            return found
        self._fail(f"answered `{invocation.words[0]}` with a {type(found).__name__}")
        return None

    def manifests(self) -> Sequence[str]:
        """See `Plugin`."""
        plugin = self._loaded()
        if plugin is None:
            return ()
        try:
            return tuple(plugin.manifests())
        except Exception as error:  # noqa: BLE001 - whatever a plugin does
            self._fail(f"cannot name its manifests: {_shown(error)}")
            return ()

    def _fail(self, what: str) -> None:
        if not self._warned:
            self._warn(f"language plugin {self._name} {what}")  # may raise, and then does so each time
            self._warned = True


def _shown(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
