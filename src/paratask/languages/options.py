"""Command line words sorted by what their options mean to claims.

A tool declares its options by role ("its value is a file that it writes"); `parse` sorts a call's words by that declaration
and refuses (None) as soon as a word is not declared, because an option nobody knows may change what is touched. Knows the
usual spellings (`--name value`, `--name=value`, `-nvalue`, `-abc`, `--`); knows no tool, no path, no file, and none of the
abbreviations (`--verb` for `--verbose`) that some parsers let pass.
"""

from __future__ import annotations

import enum
import posixpath
from contextlib import contextmanager

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TypeAlias

    Word: TypeAlias = str | None
    """A word of a command; None where only the run will tell."""


class Role(enum.Enum):
    """What an option means to claims."""

    FLAG = "changes nothing that is touched; has no value, or one after `=`"
    VALUE = "changes nothing that is touched; a value follows"
    READS = "its value is a path that is read"
    WRITES = "its value is a path that is written"
    FOLDER = "its value is the folder to work in"
    EDITS = "makes a reader write what it reads"
    CHECKS = "makes a writer only read"
    WATCHES = "keeps the tool running"
    INFORMS = "prints something and ends"
    PORT = "its value is the port to listen on, with or without a host"
    CORES = "its value is how many cores to take"
    ONE_CORE = "makes the tool take one core"
    SEVERAL_CORES = "makes the tool take several cores"
    CACHES = "turns the tool's cache on"
    CACHE = "its value is where the tool's cache lies"
    SHARED_CACHE = "its value is where a cache lies that calls fill side by side"
    CLEARS = "empties the cache that other calls may use"
    TASKS = "its value names what to run, in the tool's own configuration"
    OUTSIDE = "makes the effect reach beyond the checkout"
    MEMBERS = "its value selects workspaces"
    ALL_MEMBERS = "selects all workspaces"
    ROOT_MEMBER = "selects the workspace at the root"
    SHELL = "its value is a shell text to run"
    WHOLE = "makes the tool write its whole workspace"
    TREE = "makes the tool work on other workspaces that this one refers to"
    REPORT = "its value is a kind of report, and after `:` a path that is written; or several, with commas between them"
    SETTING = "its value is `name=value`, for a setting that may be a path"
    PROJECT = "its value is the folder of the project whose environment is used"
    PACKAGE = "its value is a package to install; one that is a path is built in place"


WITH_VALUE = frozenset(
    {
        Role.VALUE,
        Role.READS,
        Role.WRITES,
        Role.FOLDER,
        Role.PORT,
        Role.CORES,
        Role.CACHE,
        Role.SHARED_CACHE,
        Role.TASKS,
        Role.MEMBERS,
        Role.SHELL,
        Role.REPORT,
        Role.SETTING,
        Role.PROJECT,
        Role.PACKAGE,
    }
)
_noting: list[list[Word]] = []
"""Who wants to know of refused words, the innermost last."""
_OFF = frozenset({"false", "0", "no", "off"})
_GLOB = frozenset("*?[]{}()!")
_PRINTED = ("term", "term-missing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option as given. `value` is "" for a flag, None where only the run will tell."""

    name: str
    role: Role
    value: Word = ""

    @property
    def on(self) -> bool:
        """False for a flag that was switched off (`--watch=false`)."""
        return self.value not in _OFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """Words, sorted. `rest` is what follows the first operand (it included) when asked to stop there, or a `--`."""

    options: tuple[Option, ...] = ()
    operands: tuple[str, ...] = ()
    rest: tuple[Word, ...] = ()

    def all(self, *roles: Role) -> tuple[Option, ...]:
        """The options of these roles that are switched on."""
        return tuple(option for option in self.options if option.role in roles and option.on)

    def named(self, *names: str) -> tuple[Option, ...]:
        """The options of these names that are switched on."""
        return tuple(option for option in self.options if option.name in names and option.on)


def roles(*declared: Mapping[Role, str]) -> dict[str, Role]:
    """Option name to role. Later declarations win; `--help`, `-h` and `--version` inform unless declared otherwise."""
    names = dict.fromkeys(("--help", "-h", "--version"), Role.INFORMS)
    for table in declared:
        for role, text in table.items():
            names.update(dict.fromkeys(text.split(), role))
    return names


@contextmanager
def refusals() -> Iterator[list[Word]]:
    """Notes each word for which `parse` refuses a call meanwhile, so that a plan can name it. One inside another has notes of its own."""
    _noting.append([])
    try:
        yield _noting[-1]
    finally:
        _noting.pop()


def _refused(word: Word) -> None:
    for noted in _noting[-1:]:
        noted.append(word)


def parse(words: Sequence[Word], known: Mapping[str, Role], *, stop: bool = False) -> Parsed | None:
    """`words` (without the program) sorted, or None where one is unknown or not declared.

    With `stop`, everything from the first operand on is left in `rest`. Without it, `--` makes operands of what follows.
    """
    options: list[Option] = []
    operands: list[str] = []
    position = 0
    while position < len(words):
        word = words[position]
        if stop and (word is None or not _is_option(word)):
            break
        if word is None:
            _refused(None)
            return None
        if word == "--":
            position += 1
            break
        if _is_option(word):
            taken = _options(word, words[position + 1 : position + 2], known)
            if taken is None:
                _refused(word)
                return None
            options.extend(taken[0])
            position += taken[1]
        else:
            operands.append(word)
        position += 1
    rest = tuple(words[position:])
    if stop:
        return Parsed(options=tuple(options), rest=rest)
    known_rest = [word for word in rest if word is not None]
    if len(known_rest) < len(rest):
        _refused(None)
        return None
    return Parsed(options=tuple(options), operands=(*operands, *known_rest))


def _is_option(word: str) -> bool:
    return word.startswith("-") and word != "-"


def _options(word: str, following: Sequence[Word], known: Mapping[str, Role]) -> tuple[list[Option], int] | None:
    """The options in one word, and how many of the `following` words they took."""
    name, equals, value = word.partition("=")
    role = known.get(name) or known.get(f"{name.partition(':')[0]}:")
    if role is not None and equals:
        return [Option(name=name, role=role, value=value)], 0
    if role is not None and role not in WITH_VALUE:
        return [Option(name=name, role=role)], 0
    if role is not None:
        return ([Option(name=name, role=role, value=following[0])], 1) if following else None
    return None if word.startswith("--") else _cluster(word, following, known)


def _cluster(word: str, following: Sequence[Word], known: Mapping[str, Role]) -> tuple[list[Option], int] | None:
    """Short options written together: `-xvs`, `-n4`, `-vn 4`."""
    found: list[Option] = []
    for index, letter in enumerate(word[1:], start=2):
        role = known.get("-" + letter)
        if role is None:
            return None
        if role not in WITH_VALUE:
            found.append(Option(name="-" + letter, role=role))
            continue
        attached = word[index:].removeprefix("=")
        if not attached and not following:
            return None
        value = attached or following[0]
        return [*found, Option(name="-" + letter, role=role, value=value)], 0 if attached else 1
    return found, 0


def resolve_path(word: Word, cwd: str) -> str | None:
    """The absolute path a word names from `cwd`; of a glob, the folder above its first wildcard. None where it cannot be known."""
    if word is None or word.startswith("~") or "$" in word or "`" in word:
        return None
    parts = word.split("/")
    wild = next((index for index, part in enumerate(parts) if not _GLOB.isdisjoint(part)), None)
    if wild is not None:
        if any(".." in part for part in parts[wild:]):
            return None
        word = "/".join(parts[:wild]) or ("/" if word.startswith("/") else ".")
    return posixpath.normpath(posixpath.join(cwd, word))


def report_path(value: str) -> str:
    """Of a kind of report the path after `:`; none where it is printed (`term-missing:skip-covered`, whose rest says of which files)."""
    kind, _, path = value.partition(":")
    return "" if kind in _PRINTED else path


def is_within(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or lies below it. Both are absolute and normal."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")
