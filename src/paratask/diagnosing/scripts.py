"""Scripts of the repository that tasks call by a path, and that are not there or not executable.

Whatever else a Taskfile does with a file of that name (makes it, tests for it, changes its mode) may be the reason why it is not there now, so
that it is left out; so is what looks built. Knows no file: whether there is one is asked.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from shlex import quote

from paratask.diagnosing.finding import Finding
from paratask.diagnosing.programs import callers_of, calls_in, certain_commands, texts_of
from paratask.frozen import dataclass
from paratask.names import nearest_name
from paratask.taskfile.paths import smart_join

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Protocol

    from paratask.errors import Position
    from paratask.plugins.hookspecs import Invocation
    from paratask.taskfile.model import Command, Platform, Task

    class Files(Protocol):
        """What there is; all paths are absolute."""

        def exists(self, path: str) -> bool:
            """Whether there is a file or folder."""

        def is_executable(self, path: str) -> bool:
            """Whether it may be started as a program."""

        def names_in(self, folder: str) -> Sequence[str]:
            """What is in a folder; nothing where there is none."""


SHELLS = frozenset(("bash", "sh", "dash", "zsh", "ksh"))
SET_OPTIONS = re.compile(r"-[efuvx]+")
SCRIPTS = (".sh", ".bash", ".zsh", ".ksh", ".py", ".rb", ".pl")
WRITTEN_BY_HAND = frozenset(("scripts", "script", "hack"))
"""Folders of scripts, which often have no ending."""
NAME = re.compile(r"[\w.+-]+")
MADE = frozenset(("build", "dist", "out", "target", "tmp", "vendor", "venv", ".venv", "env", "node_modules"))
FILLING = re.compile(r"\b(?:cp|mv|ln|install|rsync|tar|unzip|mkdir|git)\b([^\n;&|]*)")
"""What may bring files without naming them, and into which folders."""
OPENING = re.compile(r"\bchmod\b[^\n;&|]*(?:[*?$\[]|\s-\w*R|--recursive)|\b(?:find|xargs)\b[^\n]*\bchmod\b")
"""What makes files executable without naming them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Script:
    """One that a command calls: the word, whether as a program or by a shell, and what it may mean, by the folders that are possible."""

    word: str
    by_shell: bool
    paths: tuple[str, ...]


def check_scripts(
    tasks: Iterable[Task], *, every: Iterable[Task], root: str, cwd: str, files: Files,
    suits: Callable[[tuple[Platform, ...]], bool],
) -> Iterator[Finding]:  # fmt: skip
    """One finding a script, at its first call in `tasks`. `every` are all tasks that there are; `root` is their folder, `cwd` that
    of who asks, both absolute.
    """
    handled = frozenset(name for task in every for name in _handled(task))
    texts = [text for task in every for text in texts_of(task)]
    filled = frozenset(name for text in texts for words in FILLING.findall(text) for name in NAME.findall(words)) - {".", ".."}
    opened = any(map(OPENING.search, texts))
    found: dict[tuple[str, str], list[tuple[str, Position]]] = {}
    for task in tasks:
        for step in _commands(task, suits):
            for script in _scripts(step, smart_join(root, task.dir)):
                wrong = "" if posixpath.basename(script.word) in handled else _wrong(script, files, filled)
                if wrong and not (opened and wrong == "closed"):
                    found.setdefault((wrong, script.paths[0]), []).append((task.name, step.position))
    for (wrong, path), places in found.items():
        relative, names = posixpath.relpath(path, cwd), files.names_in(posixpath.dirname(path))
        shown = relative if "/" in relative else f"./{relative}"
        yield _missing(shown, places, names) if wrong == "missing" else _not_executable(shown, places)


def _commands(task: Task, suits: Callable[[tuple[Platform, ...]], bool]) -> Iterator[Command]:
    """Those that have to succeed, in a folder that is known."""
    if not (task.ignore_error or set("{$~") & set(task.dir)) and suits(task.platforms):
        yield from (step for step in certain_commands(task, suits) if not (step.ignore_error or "||" in step.text))


def _scripts(step: Command, folder: str) -> tuple[_Script, ...]:
    found: dict[tuple[str, bool], dict[str, None]] = {}
    for call in calls_in(step.text, folder):
        word, by_shell = _script_of(call)
        if word:
            found.setdefault((word, by_shell), {})[posixpath.normpath(posixpath.join(call.cwd, word))] = None
    return tuple(_Script(word=word, by_shell=by_shell, paths=tuple(paths)) for (word, by_shell), paths in found.items())


def _script_of(call: Invocation) -> tuple[str, bool]:
    """The path of what a call starts, and whether it is given to a shell; an empty text where it is none, or only the run tells."""
    program, *others = call.words
    by_shell = program in SHELLS
    if by_shell:
        program = next((word for word in others if word is None or not SET_OPTIONS.fullmatch(word)), None)
    word = program or ""
    is_path = "/" in word or (by_shell and word.endswith(SCRIPTS))
    plain = is_path and not word.startswith(("/", "-")) and not set("$`*?[~") & set(word)
    return (word if plain else "", by_shell)


def _wrong(script: _Script, files: Files, filled: frozenset[str]) -> str:
    there = [path for path in script.paths if files.exists(path)]
    if there:
        return "" if script.by_shell or any(map(files.is_executable, there)) else "closed"
    parts = script.word.split("/")[:-1]
    among = next((parts[index:] for index, part in enumerate(parts) if part in WRITTEN_BY_HAND), [])
    written = script.by_shell or script.word.endswith(SCRIPTS) or among
    comes_later = not (MADE.isdisjoint(parts) and filled.isdisjoint(parts))
    return "missing" if written and not comes_later and _has_place(script, len(among), files) else ""


def _has_place(script: _Script, levels: int, files: Files) -> bool:
    """Whether there is anything in its folder, or in one of so many above it: in what is cloned or unpacked by then there is not."""
    folder = posixpath.dirname(script.paths[0])
    for _ in range(levels):
        if files.names_in(folder):
            return True
        folder = posixpath.dirname(folder)
    return bool(files.names_in(folder))


def _handled(task: Task) -> Iterator[str]:
    """The names of files of which a text of the task says more than that they are called, or that it makes."""
    yield from (posixpath.basename(glob.pattern) for glob in task.generates)
    for text in texts_of(task):
        words = {_script_of(call)[0] for call in calls_in(text, "/")}
        called = Counter(map(posixpath.basename, words))
        yield from (name for name, count in Counter(NAME.findall(text)).items() if count > called[name])


def _missing(path: str, places: Sequence[tuple[str, Position]], names: Sequence[str]) -> Finding:
    callers, verb = callers_of(places)
    start, end = posixpath.splitext(path)
    alike = [name.removesuffix(end) for name in names if posixpath.splitext(name)[1] == end]
    near = nearest_name(posixpath.basename(start), alike)
    meant = f"did you mean `{posixpath.join(posixpath.dirname(path), near + end)}`?" if near else ""
    return Finding(
        kind="missing-script", message=f"there is no `{path}`", why=f"{callers} {verb} it",
        help=meant or "write it, or mend the path", is_problem=True, position=places[0][1],
        together="scripts that tasks call are not there", short=f"`{path}`, for {callers}" + (f" ({meant})" if meant else ""),
        why_together="the tasks fail where they call them", help_together="write them, or mend the paths",
    )  # fmt: skip


def _not_executable(path: str, places: Sequence[tuple[str, Position]]) -> Finding:
    callers, verb = callers_of(places)
    return Finding(
        kind="script-not-executable", message=f"`{path}` is not executable", why=f"{callers} {verb} it, which fails",
        help=f"chmod +x {quote(path)}", is_problem=True, position=places[0][1],
        together="scripts that tasks call are not executable", short=f"`{path}`, for {callers}",
        why_together="the tasks fail where they call them", help_together="chmod +x FILE",
    )  # fmt: skip
