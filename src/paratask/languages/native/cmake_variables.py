"""The variables of a CMake project: those that CMake sets for a folder, and those whose value is plain from the text.

Knows nothing of files and of what commands do, but that a bare name among a command's arguments may be a variable that it sets.
"""

from __future__ import annotations

import posixpath
import re

from paratask.frozen import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from paratask.languages.native.cmake_text import Argument, Command

    class Known(Protocol):
        """What the walk knows of the whole project."""

        source: str
        binary: str


_NAME = re.compile(r"[A-Za-z_][\w.+/-]*")
_REFERENCE = re.compile(r"\$\{[^{}]*\}|\$ENV\{[^{}]*\}|@\w+@")
_MOVING = re.compile(r"\$\{(?:CMAKE_CURRENT_(?:SOURCE|LIST)\w*|PROJECT_SOURCE_DIR)\}")
"""Variables that would mean another folder where the value is used; those of build folders all mean some build folder."""
_MAX_LENGTH = 10_000
"""Variables that are put together of one another would else grow without end."""
_ONLY_READ = frozenset(
    "if elseif else endif while endwhile message include_directories target_include_directories target_link_libraries "
    "target_compile_options target_compile_definitions add_subdirectory".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where a command stands: the folder it is read for and that one's build folder, the nearest project's, and its file."""

    source: str
    binary: str
    file: str
    project_source: str = ""
    project_binary: str = ""
    in_a_function: bool = False

    def below(self, source: str, binary: str, *, begins: bool) -> Scope:
        """The scope of a folder that is added; `begins` is whether a project begins there."""
        above = (source, binary) if begins or not self.project_source else (self.project_source, self.project_binary)
        return replace(
            self, source=source, binary=binary, project_source=above[0], project_binary=above[1], in_a_function=False
        )

    def of_file(self, path: str) -> Scope:
        """The scope of a file that is read for the same folder."""
        return replace(self, file=path)

    def in_function(self, path: str) -> Scope:
        """The scope of a function's body, which may be called from any folder."""
        return replace(self, file=path, in_a_function=True)

    def value(self, name: str, project: Known) -> str | None:
        """A variable that CMake sets; None for others, and in a function for those that depend on who calls it."""
        whole = {"CMAKE_SOURCE_DIR": project.source, "CMAKE_BINARY_DIR": project.binary, "CMAKE_HOME_DIRECTORY": project.source}
        if name in whole:
            return whole[name]
        if name == "CMAKE_CURRENT_FUNCTION_LIST_DIR":
            return posixpath.dirname(self.file)
        own = {
            "CMAKE_CURRENT_SOURCE_DIR": self.source,
            "CMAKE_CURRENT_BINARY_DIR": self.binary,
            "CMAKE_CURRENT_LIST_DIR": posixpath.dirname(self.file),
            "CMAKE_CURRENT_LIST_FILE": self.file,
            "PROJECT_SOURCE_DIR": self.project_source,
            "PROJECT_BINARY_DIR": self.project_binary,
        }
        return None if self.in_a_function else own.get(name)


class Variables:
    """The variables that files set; `given` are names of those that come from outside. Compared by what they know."""

    def __init__(self, given: frozenset[str] = frozenset()) -> None:
        self._values: dict[str, set[str]] = {}
        self._changed: set[str] = set(given)
        self._patterns: set[str] = set()
        self._settled: dict[str, str] = {}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Variables) and self._settled == other._settled

    __hash__ = None  # type: ignore[assignment]

    def value(self, name: str) -> str | None:
        """The one value that a variable is given anywhere, else None."""
        return self._settled.get(name)

    def note(self, command: Command, known: Callable[[Argument], tuple[str, bool]], text: Callable[[Argument], str]) -> None:
        """What a command may set. Of a value that is known in part, that part is kept, so that it can be told where a path begins."""
        if command.name in ("if", "elseif"):
            self._doubt(command)
        if command.name != "set":
            self.touch(command)
            return
        if not command.arguments:
            return
        self._changed.update(word for word in command.texts[1:] if _NAME.fullmatch(word))  # names, for a loop that sets each
        name, complete = known(command.arguments[0])
        if not complete:
            self._patterns.add(_REFERENCE.sub("\0", command.arguments[0].text))
            return
        value = ";".join(map(text, command.arguments[1:]))
        literal = not {"CACHE", "PARENT_SCOPE"} & set(command.texts) and _MOVING.search(value) is None
        if literal and len(value) <= _MAX_LENGTH:
            self._values.setdefault(name, set()).add(value)
        else:
            self._changed.add(name)

    def _doubt(self, command: Command) -> None:
        """What is asked for before it is set may have been given from outside (`if(NOT DEFINED OUT)`)."""
        for before, text in zip(command.texts, command.texts[1:], strict=False):
            if before in ("DEFINED", "NOT"):
                self._changed.add(text)

    def give(self, name: str, value: str) -> None:
        """One value of a variable."""
        self._values.setdefault(name, set()).add(value)

    def touch(self, command: Command) -> None:
        """Whatever a command names may be changed by it."""
        if command.name not in _ONLY_READ:
            self._changed.update(text for text in command.texts if _NAME.fullmatch(text))
            self._patterns.update(_REFERENCE.sub("\0", text) for text in command.texts if _made_name(text))

    def settled(self) -> Variables:
        """The same, ready to be asked."""
        patterns = [re.compile(".*".join(map(re.escape, text.split("\0")))) for text in self._patterns if text.strip("\0")]
        self._settled = {
            name: next(iter(values))
            for name, values in self._values.items()
            if len(values) == 1 and name not in self._changed and not any(each.fullmatch(name) for each in patterns)
        }
        return self


def _made_name(text: str) -> bool:
    """Whether a name of a variable is put together from others (`${prefix}_DIR`)."""
    rest = _REFERENCE.sub("", text)
    return rest != text and bool(rest) and _NAME.fullmatch("x" + rest) is not None and "/" not in rest and "." not in rest
