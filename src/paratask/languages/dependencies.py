"""What a workspace is made of beyond its own folder, and what a call of a tool reads of it.

For languages whose packages refer to others in the checkout: how these are found is theirs to know, which tools read them is said by
the tool's entry (`Tool.reads_dependencies`). A package that another is made of is read whole, sources and what was built from them.
"""

from __future__ import annotations

from paratask.claims.model import Access, Claim, Evidence
from paratask.claims.overlap import overlap
from paratask.frozen import dataclass
from paratask.languages.inferred import read_below
from paratask.languages.kept_caches import passed_over
from paratask.languages.options import is_within
from paratask.languages.workspaces import seen_by_others

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from paratask.plugins.hookspecs import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Unclear:
    """What something is made of cannot be told, and `why`: a file that is not understood, by name."""

    why: str


def not_understood(path: str, place: Place) -> Unclear:
    """Because of what is at `path`."""
    return Unclear(why=f"`{place.pattern(path)}` is not understood")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """`packages` are folders, dependencies of dependencies included; `paths` are others that are read. All are absolute.

    `unclear` says why these are not all, so that anything in the checkout may be read; empty where they are. `left_out` are
    patterns, from a package's folder, of what nobody but that package itself reads: caches, environments.
    """

    packages: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    unclear: str = ""
    left_out: tuple[str, ...] = ()


def closure(
    own: str,
    direct: Callable[[str], tuple[str, ...] | Unclear],
    is_package: Callable[[str], bool],
    left_out: tuple[str, ...],
) -> Dependencies:
    """All that the package in `own` is made of. `direct` are the paths that a package names."""
    found: dict[str, None] = {own: None}
    paths: dict[str, None] = {}
    waiting = [own]
    while waiting:
        beyond = direct(waiting.pop())
        if isinstance(beyond, Unclear):
            return Dependencies(unclear=beyond.why)
        for path in beyond:
            if path in found or path in paths:
                continue
            if is_package(path):
                found[path] = None
                waiting.append(path)
            else:
                paths[path] = None
    return Dependencies(packages=tuple(found)[1:], paths=tuple(paths), left_out=left_out)


def dependency_claims(name: str, own: str, found: Dependencies, place: Place) -> Iterator[Claim]:
    """Reading what the workspace `own` is made of; `name` is the tool, for the reason."""
    if found.unclear:
        yield read_below(place.root, place, f"`{name}` reads the packages that this one depends on, and {found.unclear}")
        return
    if any(is_within(place.root, path) for path in (*found.packages, *found.paths)):
        yield read_package_of(place.root, found.left_out, place, f"`{name}` reads a package around this checkout")
    for folder in found.packages:
        if folder != own:
            yield read_package_of(folder, found.left_out, place, f"`{name}` reads this package, which its own depends on")
    for path in found.paths:
        # Not so in a folder that a package makes later, or has for itself, such as its tests: nobody else looks there unless told to.
        seen = (seen_by_others(folder, place) for folder in found.packages if is_within(path, folder))
        if not is_within(path, own) and not any(overlap(pattern, place.pattern(path)) for pattern in seen):
            yield read_below(path, place, "a manifest or a configuration names it")


def read_package_of(folder: str, left_out: tuple[str, ...], place: Place, reason: str) -> Claim:
    """Reading a package in the checkout: its sources and what was built from them."""
    seen = seen_by_others(folder, place)
    return Claim(
        access=Access.READ,
        pattern=seen,
        excluding=(*(place.pattern(folder, name) for name in left_out), *passed_over(seen)),
        evidence=Evidence.INFERRED,
        reason=reason,
    )
