"""Makes copies name themselves where they name the original: in git's pointers, in virtual environments, in the environment.

Only texts whose meaning is known are changed; times are kept. Knows nothing of tasks.
"""

from __future__ import annotations

import glob
import os
import re

from paratask.proving.copying import Move

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

MAX_BYTES = 1 << 20
MAX_WORD = 512
WORD_BEFORE = re.compile(rb"""[^\s"'`:;,=()\[\]{}<>|&!]+$""")
GIT_FILES = ("config", "config.worktree", "gitdir", "commondir", "objects/info/alternates")
ENVIRONMENT_FILES = (
    "pyvenv.cfg", "bin/*", "lib*/python*/site-packages/*.pth", "lib*/python*/site-packages/__editable__*.py",
    "lib*/python*/site-packages/*.egg-link",
)  # fmt: skip


def rewriter(moves: Sequence[Move]) -> Callable[[bytes], bytes]:
    """Changes the moved folders' names wherever they stand in a text as a path of their own, or at the start of one."""
    targets = {os.fsencode(move.source): os.fsencode(move.target) for move in moves}
    names = b"|".join(re.escape(source) for source in sorted(targets, key=len, reverse=True))
    pattern = re.compile(b"(?:" + names + rb")(?![\w.@+-])")

    def rewrite(text: bytes) -> bytes:
        return pattern.sub(lambda match: match[0] if _is_inner(text, match.start()) else targets[match[0]], text)

    return rewrite


def _is_inner(text: bytes, start: int) -> bool:
    """Whether a path that begins there is the end of a longer one: `/mnt` before it, and not `-I` or `file://`."""
    before = WORD_BEFORE.search(text, max(0, start - MAX_WORD), start)
    word = before[0].strip(b"/") if before is not None else b""
    return bool(word) and not (word.startswith(b"-") and b"/" not in word)


def relocated_environment(environ: Mapping[str, str], moves: Sequence[Move]) -> dict[str, str]:
    """The environment with the copies' names: PATH, VIRTUAL_ENV and whatever else names the checkout."""
    rewrite = rewriter(moves)
    return {name: os.fsdecode(rewrite(os.fsencode(value))) for name, value in environ.items()}


def relocate(noted: Iterable[str], git_folders: Iterable[str], moves: Sequence[Move]) -> None:
    """Rewrite copies in place: `.git` (files or folders) and `pyvenv.cfg` as `noted` by the copier, and further git folders."""
    rewrite = rewriter(moves)
    noted = list(noted)
    folders = [*git_folders, *(path for path in noted if os.path.isdir(path))]
    files = [path for path in noted if os.path.basename(path) == ".git" and os.path.isfile(path)]
    files += [path for folder in folders for path in _git_texts(folder)]
    for config in (path for path in noted if os.path.basename(path) == "pyvenv.cfg"):
        home = glob.escape(os.path.dirname(config))
        files += [path for pattern in ENVIRONMENT_FILES for path in glob.glob(os.path.join(home, pattern))]
    for path in dict.fromkeys(files):
        _rewrite_file(path, rewrite)


def _git_texts(folder: str) -> Iterator[str]:
    """The texts with paths of a git folder, its worktrees, and its submodules."""
    inner = [
        *glob.glob(f"{glob.escape(folder)}/worktrees/*"),
        *glob.glob(f"{glob.escape(folder)}/modules/**/HEAD", recursive=True),
    ]
    for place in (folder, *(os.path.dirname(path) if path.endswith("/HEAD") else path for path in inner)):
        yield from (os.path.join(place, name) for name in GIT_FILES)


def _rewrite_file(path: str, rewrite: Callable[[bytes], bytes]) -> None:
    """Only regular texts; their times and modes stay."""
    if os.path.islink(path) or not os.path.isfile(path):
        return
    was = os.stat(path)
    if was.st_size > MAX_BYTES:
        return
    with open(path, "rb") as file:
        text = file.read()
    changed = rewrite(text) if b"\0" not in text else text
    if changed == text:
        return
    os.chmod(path, 0o600)
    with open(path, "wb") as file:
        file.write(changed)
    os.chmod(path, was.st_mode & 0o7777)
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
