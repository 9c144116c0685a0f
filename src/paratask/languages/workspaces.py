"""Which folder a command works in: its workspace, and the workspaces that this one belongs to or contains.

See "Claims" in docs/design.md for the rule. Reads only through `Place`. Knows how member globs are written ("packages/*",
"!packages/old"), not what any manifest says.
"""

from __future__ import annotations

import posixpath
from functools import lru_cache

from paratask.claims.overlap import escape
from paratask.languages.options import is_within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from paratask.plugins.hookspecs import Place


_OWN_FOLDERS = frozenset(
    "tests test __tests__ spec specs e2e cypress coverage htmlcov reports report test-results playwright-report tmp temp logs "
    "venv env".split()
)
"""Folders of a package that only itself looks into."""
_BUILT = ("dist", "build", "lib", "out", "src", "esm", "cjs", "types", "generated", "node_modules")
_MAX_DEPTH = 6
"""How deep below a folder a `**` in a member glob is followed."""
_MAX_FOLDERS = 400
_NOT_ENTERED = frozenset({"node_modules", "venv", "__pycache__"})
_DOMAINS = frozenset({".app", ".com", ".dev", ".io", ".net", ".org"})


def workspace_of(folder: str, manifests: Sequence[str], place: Place) -> str:
    """The nearest folder with a manifest at or above `folder`, within the root; where there is none, `folder` itself."""
    if not is_within(folder, place.root):
        return folder
    return place.workspace(folder, manifests) or folder


def holds_manifest(names: Collection[str], manifests: Iterable[str]) -> bool:
    """Whether the names in a folder have a manifest among them: one of that name, or one that ends as `*.csproj` says."""
    return any(
        any(name.endswith(manifest[1:]) for name in names) if manifest.startswith("*") else manifest in names
        for manifest in manifests
    )


def may_be_folder(name: str) -> bool:
    """Whether a name in a folder may be that of another one, which is looked into. Most files end with a dot and small letters; so do
    folders that are named after a domain (`k8s.io`), and `Company.Product` is one as well. Hidden ones are none.
    """
    suffix = posixpath.splitext(name)[1]
    return not name.startswith(".") and (not suffix[1:2].islower() or suffix in _DOMAINS)


def leads_elsewhere(folder: str, place: Place) -> bool:
    """Whether a path below the root goes through a symbolic link."""
    return place.pattern(folder) != escape(posixpath.relpath(folder, place.root))


def folders_above(folder: str, place: Place) -> tuple[str, ...]:
    """`folder` and those above it, up to the root; only `folder` where it does not lie within the root."""
    return _up_to(place.root, folder)


@lru_cache(maxsize=8_192)
def _up_to(root: str, folder: str) -> tuple[str, ...]:
    found = [folder]
    while is_within(folder, root) and folder != root:
        folder = posixpath.dirname(folder)
        found.append(folder)
    return tuple(found)


def folders_below(folder: str, place: Place) -> tuple[str, ...] | None:
    """The folders in which a project's own files lie, below `folder`; None where they are many.

    Names with a dot are taken for files. Installed packages and what is hidden are not looked at.
    """
    found: list[str] = []
    open_folders = [folder]
    while open_folders:
        current = open_folders.pop()
        names = [name for name in place.listdir(current) if "." not in name and name not in _NOT_ENTERED]
        below = [posixpath.join(current, name) for name in names]
        found += below
        open_folders += below
        if len(found) > _MAX_FOLDERS:
            return None
    return tuple(found)


def seen_by_others(folder: str, place: Place) -> str:
    """The pattern of what packages that are made of the one in `folder` may look at: all in it but tests, reports and hidden names.

    Also what a build has not made yet, where it is called as builds call their output.
    """
    names = [name for name in place.listdir(folder) if not name.startswith(".") and name not in _OWN_FOLDERS]
    return place.pattern(folder, "/{" + ",".join(sorted({*map(escape, names), *_BUILT})) + "}/**")


def relative(folder: str, root: str) -> str:
    """`folder` from `root`, "." where they are the same. `folder` lies within `root`."""
    return posixpath.relpath(folder, root)


def members(root: str, globs: Sequence[str], place: Place) -> tuple[str, ...] | None:
    """The folders below `root` that the globs select. None where a glob is of a kind that is not understood."""
    found: dict[str, None] = {}
    left_out: set[str] = set()
    for glob in globs:
        negated, text = glob.startswith("!"), glob.lstrip("!").removeprefix("./").rstrip("/")
        if text.startswith(("/", "..")) or "{" in text:
            return None
        for folder in _expand(root, text.split("/"), place):
            if negated:
                left_out.add(folder)
            else:
                found[folder] = None
    return tuple(folder for folder in found if folder not in left_out)


def _expand(folder: str, segments: Sequence[str], place: Place, depth: int = 0) -> Iterator[str]:
    if not segments:
        yield folder
        return
    head, rest = segments[0], segments[1:]
    if head == "**":
        yield from _expand(folder, rest, place)
        names = [name for name in place.listdir(folder) if not name.startswith(".") and name != "node_modules"]
        for name in names if depth < _MAX_DEPTH else ():
            yield from _expand(posixpath.join(folder, name), segments, place, depth + 1)
        return
    if not any(char in head for char in "*?["):
        yield from _expand(posixpath.normpath(posixpath.join(folder, head)), rest, place)
        return
    from fnmatch import fnmatchcase

    for name in place.listdir(folder):
        if not name.startswith(".") and fnmatchcase(name, head):
            yield from _expand(posixpath.join(folder, name), rest, place)
