"""A plugin of another package, asked through pluggy: it finds what is marked in it, and gives each function the arguments it names.

Loaded where there is such a plugin; our own, which are written to be asked as they are, do without. Guards against nothing.
"""

from __future__ import annotations

import pluggy

from paratask.plugins import hookspecs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.plugins.hookspecs import Delegation, Invocation, Place, Recognition

_specification = pluggy.HookspecMarker("paratask")
_specification(firstresult=True)(hookspecs.recognise)
_specification(hookspecs.manifests)


class Hooked:
    """One plugin, a module or an object. Has a pluggy of its own, so that all that pluggy offers works in it."""

    def __init__(self, plugin: object) -> None:
        if plugin is None:
            raise TypeError("it is nothing")
        manager = pluggy.PluginManager("paratask")
        manager.add_hookspecs(hookspecs)
        manager.register(plugin)
        manager.check_pending()
        self._hook = manager.hook

    def recognise(self, invocation: Invocation, place: Place) -> Recognition | Delegation | None:
        """See hookspecs.py; what comes back is what the plugin answers, whatever that is."""
        found: Recognition | Delegation | None = self._hook.recognise(invocation=invocation, place=place)
        return found

    def manifests(self) -> Sequence[str]:
        """See hookspecs.py."""
        return [name for names in self._hook.manifests() for name in names]
