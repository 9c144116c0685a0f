"""Which of the paths that a job touched matter, and what they are called: relative in the checkout, absolute outside.

What is left out, and why:

- what is only read outside the checkout, unless an observed job writes there;
- `/proc`, `/sys`, `/dev`, and memory that a program gave a name (`/memfd:x`): no files of anybody's;
- `.paratask` and `.task`: ours and task's, made for several programs at a time;
- `__pycache__`: Python writes a file there whole, under another name, and renames it, and what it holds follows from the source;
- git's index and objects: git locks the one and names the others by their content. All else in a `.git` is one place;
- uv's lock in an environment (`.venv/.lock`): an empty file that uv opens for writing only to hold it, also where it changes nothing.
  What it does change there counts;
- that somebody looks at, or makes, a tool's cache folder in the checkout, or looks for something in it: that folder is the tool's
  alone. What is read and written in it counts;
- that `pyvenv.cfg` or `conda-meta` was looked for in vain: so Python's tools ask of every folder whether it is an environment, and
  whoever makes one makes much else;
- caches of package managers and compilers in the home folder that lock themselves or name what they keep by its content;
- in temporary folders, names that were made so that nobody else could know them (O_EXCL, mkdtemp, sixteen hexadecimal digits in a
  row, a process's number and ten of them, 21 letters and digits), names made of such a one, and all below them; and those of tools that number or lock what they put there.

Pure: where root, home and temporary folders are is an argument.
"""

from __future__ import annotations

import re

from paratask.frozen import dataclass, replace
from paratask.observing.accesses import Accesses

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

GIT = ".git"
_OURS = (".paratask", ".task")
_NO_FILES = ("/proc", "/sys", "/dev")
_MEMORY = "/memfd:"
_TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - which these are is the point
_SAFE_TEMPORARY = (
    *("pytest-of-", "jest_", "node-compile-cache", "v8-compile-cache", "tsx-", "hsperfdata_", "rustdoctest"),
    *("mix_lock_", "mix_pubsub_", "playwright-transform-cache-", "node-jiti"),
)
_PORT_OF_MIX = re.compile(r"/mix_(?:lock|pubsub)_[^/]+/[^/]+/port_(\d+)$")
_WORD = r"(?:[A-Z]?[a-z]+(?![a-z])|[A-Z]+(?![A-Za-z])|[A-Z]+(?=[A-Z][a-z])|\d+(?!\d)|[_-]+(?![_-]))"
_DRAWN = re.compile(rf"[0-9a-f]{{16}}|/temp-\d+-[0-9a-f]{{10}}|/(?=[\w-]{{21}}(?:/|$)){_WORD}{{9}}", re.ASCII)
"""Digits that a program drew: hexadecimal ones, or those of nanoid, which are 21 letters, digits and dashes (vitest). These fall into
nine words and more, but for one in twenty; names that people give have fewer.
"""
_TOOL_CACHES = frozenset(
    (
        ".ruff_cache",
        ".mypy_cache",
        ".pytest_cache",
        ".hypothesis",
        ".parcel-cache",
        ".turbo",
        ".nx",
        ".cache",
        ".vite",
        ".swc",
        ".gradle",
    )
)
_PYTHON_CACHE = "__pycache__"
_ENVIRONMENT_LOCKS = ([".venv", ".lock"], ["venv", ".lock"])
_ENVIRONMENT_MARKS = frozenset(("pyvenv.cfg", "conda-meta"))
_GIT_NOISE = ("index", "index.lock", "objects", "gc.pid")
SAFE_CACHES = (
    (".cache/pip", "named by content"),
    (".cache/uv", "locks itself"),
    (".cache/go-build", "named by content"),
    (".cache/ccache", "locks itself"),
    (".ccache", "locks itself"),
    (".cache/sccache", "named by content"),
    (".cache/pre-commit", "locks itself"),
    (".cache/node", "corepack's, renamed into place"),
    (".cache/yarn", "whose installs are kept apart by their texts"),
    (".cache/deno", "databases that lock themselves, and files that are renamed into place"),
    (".cache/fontconfig", "renamed into place"),
    (".cache/rubocop_cache", "named by content, renamed into place"),
    (".cache/hugo_cache", "hugo locks it"),
    (".cache/zig", "zig locks it"),
    (".npm", "named by content; logs have names of their own, and what npx fetches is kept apart by its texts"),
    (".local/share/pnpm", "named by content"),
    (".yarn", "named by content"),
    (".cargo/registry", "cargo locks it"),
    (".cargo/git", "cargo locks it"),
    (".cargo/.package-cache", "cargo's lock"),
    (".cargo/.package-cache-mutate", "cargo's lock"),
    (".cargo/.global-cache", "cargo locks it"),
    ("go/pkg", "go locks it"),
    (".config/go/telemetry", "mapped counters, made for many processes"),
    (".gradle", "gradle locks it"),
)
"""Folders of the home folder that tools may share at the same time, each with the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """`root` and `home` are absolute and real; `temporary` has further temporary folders (TMPDIR)."""

    root: str
    home: str = ""
    temporary: tuple[str, ...] = ()


def on_ground(accesses: Accesses, ground: Ground) -> Accesses:
    """The accesses that matter, by the names that claims use."""
    hidden = _Hidden(accesses.private, ground)
    return replace(
        accesses,
        reads=_placed(accesses.reads, ground, hidden),
        looks=_not_in_caches(_placed(accesses.looks, ground, hidden)),
        missing=_no_marks(_not_in_caches(_placed(accesses.missing, ground, hidden))),
        folders=_not_in_caches(_placed(accesses.folders, ground, hidden)) - {GIT},
        lists=_not_in_caches(_placed(accesses.lists, ground, hidden)) - {GIT},
        writes=_no_caches(_placed(accesses.writes, ground, hidden, writing=True)),
        made=_no_caches(_placed(accesses.made, ground, hidden, writing=True)),
        ensured=_placed(accesses.ensured, ground, hidden, writing=True),
        trees=_placed(accesses.trees, ground, hidden, writing=True),
        private=frozenset(),
        ports=accesses.ports - _ports_of_mix(accesses),
    )


def _ports_of_mix(accesses: Accesses) -> frozenset[int]:
    """The ports by which processes of mix find each other: the system drew them, and a file is called by the number of each.

    mix tries those that earlier processes left behind.
    """
    paths = (*accesses.writes, *accesses.reads, *accesses.looks, *accesses.missing)
    return frozenset(int(found.group(1)) for path in paths if (found := _PORT_OF_MIX.search(path)))


def reads_that_matter(accesses: Accesses, written: Iterable[str]) -> Accesses:
    """Without reads outside the checkout, but for places that somebody else has `written`."""
    written = frozenset(path for path in written if path.startswith("/"))

    def near(paths: frozenset[str]) -> frozenset[str]:
        return frozenset(path for path in paths if not path.startswith("/") or any(_touches(path, w) for w in written))

    return replace(
        accesses, reads=near(accesses.reads), looks=near(accesses.looks), missing=near(accesses.missing),
        folders=near(accesses.folders), lists=near(accesses.lists),
    )  # fmt: skip


def is_outside(path: str, ground: Ground) -> bool:
    """Whether writing there can be seen beyond the checkout and temporary folders."""
    return path.startswith("/") and not _below(path, (*_TEMPORARY, *ground.temporary))


def _not_in_caches(paths: frozenset[str]) -> frozenset[str]:
    return frozenset(path for path in paths if _TOOL_CACHES.isdisjoint(path.split("/")))


def _no_caches(paths: frozenset[str]) -> frozenset[str]:
    """Without the folders themselves: it does not matter who makes one first."""
    return frozenset(path for path in paths if path.rpartition("/")[2] not in _TOOL_CACHES)


def _no_marks(paths: frozenset[str]) -> frozenset[str]:
    return frozenset(path for path in paths if _ENVIRONMENT_MARKS.isdisjoint(path.split("/")))


def _touches(path: str, written: str) -> bool:
    return path == written or path.startswith(written + "/") or written.startswith(path + "/")


def _placed(paths: Iterable[str], ground: Ground, hidden: _Hidden, *, writing: bool = False) -> frozenset[str]:
    placed = (_place(path, ground, hidden, writing=writing) for path in paths)
    return frozenset(path for path in placed if path)


def _place(path: str, ground: Ground, hidden: _Hidden, *, writing: bool) -> str:
    """The name that claims use; empty for what does not matter."""
    if path == ground.root:
        return ""
    if path.startswith(ground.root.rstrip("/") + "/"):
        return _inside(path[len(ground.root.rstrip("/")) + 1 :], writing=writing)
    if hidden.covers(path) or path.startswith(_MEMORY) or (_below(path, _NO_FILES) and not _below(path, _TEMPORARY)):
        return ""
    if ground.home and _below(path, [f"{ground.home}/{name}" for name, _ in SAFE_CACHES]):
        return ""
    segments = path.split("/")
    return "" if _PYTHON_CACHE in segments else path


def _inside(path: str, *, writing: bool) -> str:
    segments = path.split("/")
    if segments[0] in _OURS or _PYTHON_CACHE in segments or segments[-2:] in _ENVIRONMENT_LOCKS:
        return ""
    if GIT in segments:
        at = segments.index(GIT)
        if writing and "/".join(segments[at + 1 : at + 2]) in _GIT_NOISE:
            return ""
        return "/".join(segments[: at + 1])
    return path


def _below(path: str, folders: Iterable[str]) -> bool:
    return any(path == folder or path.startswith(folder + "/") for folder in folders)


class _Hidden:
    """Names in temporary folders that only the job knew."""

    def __init__(self, private: frozenset[str], ground: Ground) -> None:
        temporary = (*_TEMPORARY, *ground.temporary)
        self._temporary = temporary
        self._private = frozenset(path for path in private if _below(path, temporary))

    def covers(self, path: str) -> bool:
        if path in self._temporary:
            return True
        if any(path.startswith(f"{folder}/{name}") for folder in self._temporary for name in _SAFE_TEMPORARY):
            return True
        if _below(path, self._temporary) and (_DRAWN.search(path) or path.rpartition("-")[0] in self._private):
            return True
        while len(path) > 1:
            if path in self._private:
                return True
            path = path.rpartition("/")[0]
        return False
