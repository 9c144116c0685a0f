"""Finds language plugins and puts them behind one hook. See hookspecs.py for what they implement.

Those that come with paratask first, then what other packages offer under the entry point group "paratask.languages"; the ones
registered last are asked first, so that these may know better. One that raises, cannot be loaded, or answers with something else
than the contract says, counts as not recognising the command, and is reported once: a plugin must not break a run.

Knows no language; what a plugin of ours may know is in programs.py.
"""

from __future__ import annotations

import importlib
from functools import partial

import pluggy

from paratask.plugins import hookspecs
from paratask.plugins.hookspecs import Delegation, Recognition, hookimpl
from paratask.plugins.installed import installed_plugins
from paratask.plugins.programs import may_know

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from paratask.plugins.hookspecs import Invocation, Place
    from paratask.plugins.installed import EntryPoint


BUILT_IN = (
    "shell",
    "python",
    "node",
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


def load_plugins(*, warn: Callable[[str], None], entry_points: Iterable[EntryPoint] | None = None) -> pluggy.PluginManager:
    """All plugins, ready to be asked by `.hook.recognise(invocation=…, place=…)`.

    `warn` gets a sentence for each plugin that misbehaves. `entry_points` stands in for those that are installed. Those that come
    with paratask are loaded when a program comes up that they may know.
    """
    plugins = pluggy.PluginManager("paratask")
    plugins.add_hookspecs(hookspecs)
    for name in BUILT_IN:
        module = f"paratask.languages.{name}.plugin"
        plugins.register(_Guarded(name, partial(importlib.import_module, module), warn, partial(may_know, name)), name=name)
    for entry_point in installed_plugins() if entry_points is None else entry_points:
        name = f"{entry_point.name} (installed)"
        guarded = _Guarded(name, entry_point.load, warn)
        if guarded.is_there:
            plugins.register(guarded, name=name)
    return plugins


class _Guarded:
    """A plugin whose failures stay its own. It has a pluggy of its own, so that all that pluggy offers still works in it.

    `knows` says whether it may know a program; it is loaded when that is first so.
    """

    def __init__(
        self,
        name: str,
        load: Callable[[], object],
        warn: Callable[[str], None],
        knows: Callable[[str], bool] = lambda _: True,
    ) -> None:
        self._name = name
        self._load = load
        self._warn = warn
        self._knows = knows
        self._warned = False
        self._inner: pluggy.PluginManager | None = None

    @property
    def is_there(self) -> bool:
        """Whether it can be loaded; what keeps it from that is reported once."""
        return self._loaded() is not None

    def _loaded(self) -> pluggy.PluginManager | None:
        if self._inner is None and not self._warned:
            inner = pluggy.PluginManager("paratask")
            inner.add_hookspecs(hookspecs)
            try:
                plugin = self._load()
                if plugin is None:
                    raise TypeError("it is nothing")
                inner.register(plugin)
                inner.check_pending()
                self._inner = inner
            except Exception as error:  # noqa: BLE001 - whatever a plugin's module does
                self._fail(f"cannot be loaded: {_shown(error)}")
        return self._inner

    @hookimpl
    def recognise(self, invocation: Invocation, place: Place) -> Recognition | Delegation | None:
        if not self._knows(invocation.words[0] or ""):
            return None
        inner = self._loaded()
        if inner is None:
            return None
        try:
            found: object = inner.hook.recognise(invocation=invocation, place=place)
        except Exception as error:  # noqa: BLE001 - whatever a plugin does
            self._fail(f"failed on `{invocation.words[0]}`: {_shown(error)}")
            return None
        if found is None or isinstance(found, (Recognition, Delegation)):
            return found
        self._fail(f"answered `{invocation.words[0]}` with a {type(found).__name__}")
        return None

    @hookimpl
    def manifests(self) -> Sequence[str]:
        inner = self._loaded()
        if inner is None:
            return []
        try:
            return [name for names in inner.hook.manifests() for name in names]
        except Exception as error:  # noqa: BLE001 - whatever a plugin does
            self._fail(f"cannot name its manifests: {_shown(error)}")
            return []

    def _fail(self, what: str) -> None:
        if not self._warned:
            self._warn(f"language plugin {self._name} {what}")  # may raise, and then does so each time
            self._warned = True


def _shown(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
