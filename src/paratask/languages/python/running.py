"""What a manager looks at before it starts a program in a project's environment: `uv run X` brings the environment up to date first.

For that uv reads the manifests of all that it may install, and builds a project anew when what its `cache-keys` name has changed. Several
calls do so one after another, since uv locks the environment: what may be built is read here, and not written. Does not know whether
anything has changed.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from itertools import takewhile

from paratask.claims.model import Access
from paratask.frozen import replace
from paratask.languages.inferred import claim, read_below
from paratask.languages.options import Role
from paratask.languages.python.crates import crate_claims
from paratask.languages.python.dependencies import dependencies_of
from paratask.languages.python.projects import built_in_place, environment_name, read_manifest, uv_members
from paratask.languages.remembered import remembered
from paratask.languages.toml_files import table
from paratask.languages.workspaces import relative

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

_AS_IT_IS = ("--no-sync", "--no-project")
_MANIFESTS = ("pyproject.toml", "setup.py", "setup.cfg")
_WILD = frozenset("*?[{")
_FEW = 4
"""Up to so many folders beside each other are named one by one."""
_ONLY_READS = {Access.WRITE: Access.READ, Access.ADD: Access.READ, Access.EXCLUSIVE: Access.SHARED}


def environment_used(call: Call, manager: str, project: str) -> tuple[Claim, ...]:
    """Running in a project's environment."""
    place = call.place
    reason = f"runs in the environment of `{relative(project, place.root)}`"
    manifest = claim(Access.READ, place.pattern(project, "/pyproject.toml"), f"`{manager} run` looks into it first")
    used = (
        read_below(posixpath.join(project, ".venv"), place, reason),
        claim(Access.SHARED, environment_name(manager, project, place), reason),
        manifest,
    )
    if manager != "uv":
        return used
    lock = claim(Access.READ, place.pattern(project, "/uv.lock"), "`uv run` brings the environment to what it says")
    return (*used, lock, *(() if call.parsed.named(*_AS_IT_IS) else _brought_up_to_date(call, project)))


def _brought_up_to_date(call: Call, project: str) -> Iterator[Claim]:
    """The manifests of the whole workspace, and what those projects are built from that are installed."""
    place, members = call.place, (project, *uv_members(project, call.place))
    nearest = place.workspace(call.cwd, ("pyproject.toml",)) or project
    alone = nearest in members and not call.parsed.all(Role.MEMBERS, Role.ALL_MEMBERS, Role.PROJECT)
    wanted = (nearest,) if alone and "project" in read_manifest(nearest, place) else members
    installed = dict.fromkeys((*wanted, *(each for folder in wanted for each in dependencies_of(folder, place).packages)))
    beyond = tuple(folder for folder in installed if folder not in members)
    for pattern in (*_manifests(members, place), *_manifests(beyond, place)):
        yield claim(Access.READ, pattern, "`uv run` looks into it first")
    for folder in installed:
        if built_in_place(folder, place):
            yield from _built_from(folder, place)


@remembered(256)
def _manifests(folders: tuple[str, ...], place: Place) -> tuple[str, ...]:
    """Patterns of the manifests in these folders: one for many that lie beside each other, since all calls in a workspace read them all."""
    named = "/{" + ",".join(_MANIFESTS) + "}"
    found: dict[str, None] = {}
    around = Counter(map(posixpath.dirname, folders))
    for folder in folders:
        parent = posixpath.dirname(folder)
        start = place.pattern(parent, "/*").rpartition("/")[0]
        is_one_of_many = around[parent] > _FEW and place.pattern(folder).rpartition("/")[0] == start  # no link to elsewhere
        found[place.pattern(parent, f"/*{named}") if is_one_of_many else place.pattern(folder, named)] = None
    return tuple(found)


def _built_from(folder: str, place: Place) -> Iterator[Claim]:
    """What a project's `cache-keys` name beside its manifests, and its crate; by default there are none."""
    reason = "`uv run` builds the project anew when its `cache-keys` have changed"
    keys = [key for key in _cache_keys(folder, place) if key not in _MANIFESTS]
    for key in keys:
        parts = key.split("/")
        plain = list(takewhile(_WILD.isdisjoint, parts))
        start = posixpath.normpath(posixpath.join(folder, *plain))
        yield claim(Access.READ, place.pattern(start, "/".join(["", *parts[len(plain) :]])), reason)
    for entry in crate_claims(folder, place) if keys else ():
        yield replace(entry, access=_ONLY_READS.get(entry.access, entry.access), reason=reason)


def _cache_keys(folder: str, place: Place) -> Iterator[str]:
    """Files that a project names as what it is built from, with globs; all of it for a state of git or of the environment."""
    keys = table(read_manifest(folder, place), "tool", "uv").get("cache-keys")
    for key in keys if isinstance(keys, list) else ():
        entry = {"file": key} if isinstance(key, str) else table(key)
        named = entry.get("file") or posixpath.join(str(entry.get("dir") or "."), "**")
        yield str(named).removeprefix("./")
