"""Checkers of C and C++ sources, which follow `#include` from what they are given. Knows what they read around that; no settings."""

from __future__ import annotations

import posixpath

from paratask.frozen import replace
from paratask.languages.inferred import unique, write_below
from paratask.languages.native.builds import source_reads
from paratask.languages.options import Role, is_within
from paratask.languages.tool_claims import recognise_call
from paratask.languages.workspaces import folders_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Recognition

_MANIFESTS = ("CMakeLists.txt", "meson.build", "Makefile", "configure.ac")


def checked(call: Call, environment: Mapping[str, Word]) -> Recognition | None:
    """What a checker claims: its table's entry, and the whole project, since headers may lie in any folder of it."""
    del environment
    if call.parsed.named("--project") and any("=" in (option.value or "") for option in call.parsed.named("--project")):
        return None
    found = recognise_call(call)
    if found is None:
        return None
    above = folders_above(call.cwd, call.place) if is_within(call.cwd, call.place.root) else (call.cwd,)
    projects = [folder for folder in above if any(call.place.exists(posixpath.join(folder, name)) for name in _MANIFESTS)]
    project = projects[-1] if projects else call.cwd
    reads = source_reads(project, call.place, f"`{call.key}` follows headers", whole=False)
    writes = (write_below(project, call.place, f"`{call.key}` puts it right"),) if call.parsed.all(Role.WHOLE) else ()
    return replace(found, claims=unique((*found.claims, *reads, *writes)))
