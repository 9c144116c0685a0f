"""The plugin for docker and podman. See docs/plugins.md. What it knows is in docker_calls.py, loaded for the first of their commands."""

from __future__ import annotations

from paratask.languages.tool_calls import program_name
from paratask.plugins.hookspecs import hookimpl

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.plugins.hookspecs import Delegation, Invocation, Place, Recognition

MANIFESTS: tuple[str, ...] = ()
PROGRAMS = ("docker", "podman", "docker-compose", "podman-compose", "hadolint")


@hookimpl
def manifests() -> Sequence[str]:
    """Images have none."""
    return MANIFESTS


@hookimpl
def recognise(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """See the hook's specification."""
    name = program_name(invocation.words[0]) if invocation.words else None
    if name is None or name not in PROGRAMS:
        return None
    from paratask.languages.docker_calls import recognise_call_of

    return recognise_call_of(name, invocation, place)
