"""Which projects a Gradle build has: its settings script, as far as it only says so in plain words.

Settings are a program. One that does anything but name projects, builds and plugins is not understood, and its build then counts
as one whole. Paths of projects are Gradle's (":libs:core"; the root is ":").
"""

from __future__ import annotations

import posixpath

from paratask.frozen import dataclass
from paratask.languages.jvm.scripts import Kind, tokens
from paratask.languages.options import is_within, resolve_path
from paratask.languages.workspaces import folders_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from paratask.languages.jvm.scripts import Token
    from paratask.plugins.hookspecs import Place

SETTINGS = ("settings.gradle.kts", "settings.gradle")
_BLOCKS = frozenset(
    "plugins pluginManagement dependencyResolutionManagement buildCache buildscript toolchainManagement gradleEnterprise develocity "
    "configure enableFeaturePreview".split()
)
_OPENING, _CLOSING = frozenset("({["), frozenset(")}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class GradleBuild:
    """A build. `projects` are folders by path; `included` are the builds that it takes in; not `understood`: there may be others."""

    root: str
    projects: Mapping[str, str]
    included: tuple[str, ...]
    understood: bool


def read_build(folder: str, place: Place) -> GradleBuild | None:
    """The build that `folder` belongs to; None where its settings may reach out of their folder in a way that is not understood."""
    for above in folders_above(folder, place):
        for name in SETTINGS:
            text = place.read_text(posixpath.join(above, name))
            if text is not None:
                return _of_settings(above, tokens(text, kotlin=name.endswith(".kts")))
    return GradleBuild(root=folder, projects={":": folder}, included=(), understood=True)


def _of_settings(root: str, script: Sequence[Token] | None) -> GradleBuild | None:
    reader = _Reader(root, script or ())
    if script is not None and reader.read():
        return GradleBuild(root=root, projects=reader.projects, included=tuple(reader.included), understood=True)
    if script is None or any(token.kind is Kind.TEXT and _leaves(token.value) for token in script):
        return None
    return GradleBuild(root=root, projects={":": root}, included=(), understood=False)


def _leaves(text: str) -> bool:
    return text.startswith("/") or ".." in text.split("/")


class _Reader:
    """Reads a settings script, statement by statement."""

    def __init__(self, root: str, script: Sequence[Token]) -> None:
        self._root = root
        self._script = script
        self._at = 0
        self.projects: dict[str, str] = {":": root}
        self.included: list[str] = []

    def read(self) -> bool:
        """Whether all of it is understood."""
        while self._at < len(self._script):
            token = self._script[self._at]
            if token.kind is Kind.MARK and token.value in "\n;":
                self._at += 1
            elif not self._statement(token):
                return False
        return True

    def _statement(self, token: Token) -> bool:
        if token.value in ("import", "@"):
            self._skip_line()
            return True
        if token.kind is not Kind.WORD:
            return False
        self._at += 1
        if token.value == "include":
            names = self._texts()
            return names is not None and all(self._add(name) for name in names)
        if token.value == "includeBuild":
            return self._include()
        if token.value == "rootProject":
            return self._matches(".", "name", "=") and self._text() is not None
        if token.value == "project":
            return self._moved()
        return token.value in _BLOCKS and self._block()

    def _peek(self) -> Token | None:
        return self._script[self._at] if self._at < len(self._script) else None

    def _matches(self, *values: str) -> bool:
        found = [token.value for token in self._script[self._at : self._at + len(values)] if token.kind is not Kind.TEXT]
        self._at += len(values)
        return found == list(values)

    def _text(self) -> str | None:
        token = self._peek()
        self._at += 1
        return token.value if token is not None and token.kind is Kind.TEXT and token.literal else None

    def _texts(self) -> tuple[str, ...] | None:
        """The literal arguments of a call, in parentheses or without; None where one is something else."""
        token = self._peek()
        wrapped = token is not None and token.kind is Kind.MARK and token.value == "("
        self._at += wrapped
        found: list[str] = []
        while True:
            self._skip_newlines(when=wrapped or bool(found))
            if wrapped and found and self._is_next(")"):
                break
            text = self._text()
            if text is None:
                return None
            found.append(text)
            self._skip_newlines(when=wrapped)
            if not self._is_next(","):
                break
            self._at += 1
        if not wrapped:
            return tuple(found) if self._ends() else None
        return tuple(found) if self._matches(")") and self._ends() else None

    def _is_next(self, mark: str) -> bool:
        token = self._peek()
        return token is not None and token.kind is Kind.MARK and token.value == mark

    def _ends(self) -> bool:
        return self._peek() is None or self._is_next("\n") or self._is_next(";")

    def _skip_newlines(self, *, when: bool) -> None:
        while when and self._is_next("\n"):
            self._at += 1

    def _skip_line(self) -> None:
        while not self._ends():
            self._at += 1

    def _add(self, name: str) -> bool:
        folder, path = self._root, ""
        for part in name.replace("/", ":").strip(":").split(":"):
            if part in ("", ".", ".."):
                return False
            path, folder = f"{path}:{part}", posixpath.join(folder, part)
            folder = self.projects.setdefault(path, folder)
        return True

    def _include(self) -> bool:
        wrapped = self._is_next("(")
        self._at += wrapped
        text = self._text()
        folder = None if text is None else resolve_path(text, self._root)
        if folder is None or (wrapped and not self._matches(")")):
            return False
        self.included.append(folder)
        return self._ends() or (self._is_next("{") and self._block())

    def _moved(self) -> bool:
        """`project(":a").projectDir = file("x")`, also with `new File(settingsDir, "x")`."""
        path = None
        if self._matches("("):
            path = self._text()
        if path not in self.projects or not self._matches(")", ".", "projectDir", "="):
            return False
        words = []
        while (token := self._peek()) is not None and token.kind is Kind.WORD:
            words.append(token.value)
            self._at += 1
        if words not in (["file"], ["new", "File"], ["File"]) or not self._matches("("):
            return False
        token = self._peek()
        if token is not None and token.kind is Kind.WORD and words != ["file"]:
            self._at += 1
            if token.value not in ("settingsDir", "rootDir") or not self._matches(","):
                return False
        text = self._text()
        folder = None if text is None else resolve_path(text, self._root)
        if folder is None or not self._matches(")") or not self._ends():
            return False
        before = self.projects[path]
        for name, place in self.projects.items():
            if name == path or (name.startswith(f"{path}:") and is_within(place, before)):
                self.projects[name] = posixpath.normpath(posixpath.join(folder, posixpath.relpath(place, before)))
        return True

    def _block(self) -> bool:
        """Skips arguments and a block; builds that are included in it count."""
        depth = 0
        while (token := self._peek()) is not None:
            if depth == 0 and self._ends():
                break
            self._at += 1
            if token.kind is Kind.WORD and token.value == "includeBuild":
                wrapped = self._is_next("(")
                self._at += wrapped
                text = self._text()
                folder = None if text is None else resolve_path(text, self._root)
                if folder is None:
                    return False
                self.included.append(folder)
            elif token.kind is Kind.WORD and token.value in ("include", "projectDir", "settings", "project"):
                return False
            elif token.kind is Kind.MARK:
                depth += (token.value in _OPENING) - (token.value in _CLOSING)
        return depth == 0
