"""Commands that a CMake project has run (`COMMAND python gen.py ${CMAKE_CURRENT_SOURCE_DIR}/x`), as shell texts and folders.

Knows how arguments are sorted by the keywords between them; decides nothing about claims.
"""

from __future__ import annotations

import re
import shlex

from paratask.frozen import dataclass
from paratask.languages.native.cmake_known import PROGRAMS
from paratask.languages.native.cmake_text import filled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from paratask.languages.native.cmake_text import Argument

CUSTOM = frozenset(
    "COMMAND OUTPUT MAIN_DEPENDENCY DEPENDS BYPRODUCTS IMPLICIT_DEPENDS WORKING_DIRECTORY COMMENT DEPFILE JOB_POOL JOB_SERVER_AWARE "
    "VERBATIM APPEND USES_TERMINAL COMMAND_EXPAND_LISTS CODEGEN DEPENDS_EXPLICIT_ONLY TARGET PRE_BUILD PRE_LINK POST_BUILD SOURCES "
    "ALL".split()
)
EXECUTED = frozenset(
    "COMMAND WORKING_DIRECTORY TIMEOUT RESULT_VARIABLE RESULTS_VARIABLE OUTPUT_VARIABLE ERROR_VARIABLE INPUT_FILE OUTPUT_FILE "
    "ERROR_FILE OUTPUT_QUIET ERROR_QUIET COMMAND_ECHO OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_STRIP_TRAILING_WHITESPACE ENCODING "
    "ECHO_OUTPUT_VARIABLE ECHO_ERROR_VARIABLE COMMAND_ERROR_IS_FATAL".split()
)
TESTED = frozenset("NAME COMMAND CONFIGURATIONS WORKING_DIRECTORY COMMAND_EXPAND_LISTS".split())
CALLED = ""
"""Stands for the folder that cmake is called in."""
_OF_TARGET = re.compile(r"\$<TARGET_(?:LINKER_|SONAME_|PDB_)?FILE(_DIR)?:[\w:.+-]+>(/[\w./-]*)?")
"""A file that is built, or its folder: somewhere in the build's, or where a property says, which is claimed by itself."""
_OPERATORS = frozenset({">", ">>", "<", "|", "&&", "||", "2>&1", ";"})
_UNKNOWN = '"$UNKNOWN"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Something that is run. `own` is a program of the project, else `text` is what a shell would be given, in one of `folders`.

    `where` is the file and line that says so; `target` the target that it belongs to, "" where it is run in any case.
    """

    text: str
    folders: tuple[str, ...]
    where: str
    own: bool = False
    target: str = ""


def groups(arguments: Sequence[Argument], keywords: Collection[str]) -> list[tuple[str, list[Argument]]]:
    """The arguments by the keyword before them; those before any under ""."""
    found: list[tuple[str, list[Argument]]] = [("", [])]
    for argument in arguments:
        if argument.plain and argument.text in keywords:
            found.append((argument.text, []))
        else:
            found[-1][1].append(argument)
    return found


def command_text(
    arguments: Sequence[Argument], value: Callable[[str], str | None], is_own: Callable[[str], bool], binary: str
) -> tuple[str, bool]:
    """The shell text of one COMMAND, and whether it starts a program of the project."""
    words = [argument for argument in arguments if not (argument.plain and argument.text == "ARGS")]
    if not words:
        return "", False
    head = words[0].text
    own = head.startswith(("$<TARGET_FILE", "$<TARGET_OBJECTS")) or is_own(head)
    known, complete = filled(words[0], value)
    own = own or (complete and is_own(known))
    return " ".join(part for word in words for part in _shell_words(word, value, binary)), own


def _shell_words(argument: Argument, value: Callable[[str], str | None], binary: str) -> Iterator[str]:
    of_target = _OF_TARGET.fullmatch(argument.text)
    if of_target and (of_target[1] or not of_target[2]):
        yield f"{shlex.quote(binary)}{'' if of_target[1] else '/*'}{shlex.quote(of_target[2]) if of_target[2] else ''}"
        return
    name = argument.text[2:-1] if argument.text.startswith("${") and argument.text.endswith("}") else ""
    known, complete = filled(argument, value)
    if not complete:
        yield PROGRAMS.get(name, _UNKNOWN)
    elif argument.plain and known in _OPERATORS:
        yield known
    else:
        yield from (
            shlex.quote(part) for part in (known.split(";") if argument.plain else [known]) if part or not argument.plain
        )
