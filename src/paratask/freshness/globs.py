"""The files that `sources` and `generates` name. go-task: fingerprint.Globs, fsext.FastRecursiveGlob.

Two dialects, as there: `root/**/name` with a literal root takes hidden files too, and its name is Go's (names.py); everything else is the shell's globbing
(`**`, braces; a leading dot must be written, more or less), and so is that where a link to a folder is at the root or below: the shell's `**`
follows it. Our own state is never among them: each run changes it. Knows nothing of tasks.
"""

from __future__ import annotations

import os
import posixpath

from paratask.claims.braces import expand
from paratask.taskfile.paths import expand_variables, unquoted

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from paratask.taskfile.model import Glob

MAGIC = frozenset("*?[{")
_MAX_ALTERNATIVES = 1 << 16
OWN_FOLDER = ".paratask"
OWN_STATE = f"/{OWN_FOLDER}/"
_CLASSES = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z", "space": " \t\n\r\f\v",
    "xdigit": "0-9a-fA-F", "word": "a-zA-Z0-9_", "blank": " \t", "punct": ":-@[-`{-~!-/", "graph": '"-~!', "print": " -~",
    "cntrl": "\0-\x1f\x7f", "ascii": "\0-\x7f",
}  # fmt: skip
"""What is between `[:` and `:]` as members of a class; none begins with a letter that means something there."""


def matching_files(folder: str, globs: Sequence[Glob], environ: Mapping[str, str]) -> list[str]:
    """Absolute paths, sorted; a later `exclude` takes away what earlier globs gave, a later glob gives it back."""
    chosen: dict[str, bool] = {}
    for glob in globs:
        for path in expand_glob(folder, glob.pattern, environ):
            chosen[path] = not glob.negate
    return sorted(path for path, wanted in chosen.items() if wanted)


def expand_glob(folder: str, pattern: str, environ: Mapping[str, str]) -> list[str]:
    """Files (not folders) that match one pattern; empty where there is none."""
    simple = _recursive_parts(posixpath.normpath(posixpath.join(folder, pattern)))
    if simple is not None and (below := _files_below(simple[0])) is not None:
        from paratask.freshness.names import compile_name

        matching = compile_name(simple[1])
        return sorted(posixpath.join(inner, name) for inner, name in below if matching is not None and matching.fullmatch(name))
    if _filled(folder, pattern, environ).endswith("/"):
        return []  # only folders match
    alternatives = expand_braces(absolute_pattern(folder, pattern, environ))
    if len(alternatives) > 1 and not all(MAGIC & set(path) or os.path.lexists(path) for path in alternatives):
        return []  # what is named and not there spoils the pattern, as in go-task
    found = {path for alternative in alternatives for path in _shell_glob(alternative)}
    return sorted(path for path in found if OWN_STATE not in path and os.path.isfile(path))


def absolute_pattern(folder: str, pattern: str, environ: Mapping[str, str]) -> str:
    """The pattern as it is looked for: absolute, variables filled in, quoted characters as classes.

    Whether it is below `folder` is told by what is written, before variables are filled in: `~` is a folder of that name, and
    `$HOME/x` is below `folder` as well. go-task: fingerprint.glob.
    """
    return posixpath.normpath(_filled(folder, pattern, environ))


def _filled(folder: str, pattern: str, environ: Mapping[str, str]) -> str:
    if pattern.startswith("/"):
        return expand_variables(unquoted(pattern, _literal), environ)
    return f"{folder}/{expand_variables(unquoted(posixpath.normpath(pattern), _literal), environ)}"


def _literal(char: str) -> str:
    """A class of one character."""
    return f"[{char}]" if char in MAGIC or char == "$" else char


def _recursive_parts(pattern: str) -> tuple[str, str] | None:
    """Its folder and its file's name, as they are written: neither quotes nor variables mean anything in such a pattern."""
    root, marker, name = pattern.partition("/**/")
    if not marker or "/" in name or not name or not root or set("*?[]{}") & set(root) or set("{}") & set(name):
        return None
    return root, name


def _files_below(root: str) -> list[tuple[str, str]] | None:
    """Folder and name of every file there, at any depth; None where the root, or a folder below it, is a link."""
    if OWN_STATE in f"{root}/":
        return []
    found: list[tuple[str, str]] = []
    folders = [root]
    if os.path.islink(root):
        return None
    for folder in folders:
        for entry in _entries(folder):
            if _is_folder(entry):
                if entry.is_symlink():
                    return None
                if entry.name != OWN_FOLDER:
                    folders.append(entry.path)
            elif not entry.is_symlink() or os.path.isfile(entry.path):
                found.append((folder, entry.name))
    return found


def _entries(folder: str) -> list[os.DirEntry[str]]:
    """What is in a folder; nothing where it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Or a link to one. What an entry says of itself raises where links lead round in a circle."""
    return os.path.isdir(entry.path) if entry.is_symlink() else entry.is_dir()


def expand_braces(pattern: str) -> list[str]:
    """`a{b,c}` to `ab`, `ac`, as a shell does; a pattern with more of them than anybody means stays as it is."""
    return list(expand(pattern, _MAX_ALTERNATIVES) or (pattern,))


def _shell_glob(pattern: str) -> Iterable[str]:
    """All paths that match, folders included, without braces."""
    paths = ["/"]
    segments = pattern.strip("/").split("/")
    for at, segment in enumerate(segments):
        if segment == "**":
            if at == len(segments) - 1:
                return _matching_names((deep for path in paths for deep in _folders_below(path)), "*")
            paths = list(dict.fromkeys(deep for path in paths for deep in _folders_below(path)))
        elif MAGIC & set(segment):
            paths = list(_matching_names(paths, segment))
        else:
            paths = [posixpath.join(path, segment) for path in paths]
            paths = [path for path in paths if os.path.lexists(path)]
    return paths


def _folders_below(path: str, above: tuple[str, ...] = ()) -> Iterator[str]:
    """`path` and every folder below it that is not hidden. Links to folders are followed, but not back to a folder above."""
    if not os.path.isdir(path):
        return
    yield path
    for entry in _entries(path):
        if entry.name.startswith(".") or not _is_folder(entry):
            continue
        if not entry.is_symlink():
            yield from _folders_below(entry.path, above)
            continue
        target = os.path.realpath(entry.path)
        around = (*above, os.path.realpath(path))
        if not any(f"{folder}/".startswith(f"{target}/") for folder in around):
            yield from _folders_below(entry.path, around)


def _matching_names(folders: Iterable[str], segment: str) -> Iterator[str]:
    matches = compile_segment(segment).fullmatch
    for folder in folders:
        try:
            names = os.listdir(folder)
        except OSError:
            continue
        for name in names:
            if matches(name):
                yield posixpath.join(folder, name)


def compile_segment(segment: str) -> re.Pattern[str]:
    """One path segment's glob as a regular expression. A `*` at the beginning, or two of them, stands for no name that begins with a
    dot, but may stand for nothing at all: `*.*` takes hidden files, and so do `?x` and `***`. Go: mvdan.cc/sh, pattern.
    """
    import re
    from fnmatch import translate

    segment = segment.replace("[^", "[!")
    for name, members in _CLASSES.items():
        segment = segment.replace(f"[:{name}:]", members)
    rest = segment.removeprefix("*").removeprefix("*")
    return re.compile(("" if rest == segment else "(?s:[^.].*)?") + translate(rest))
