"""What single commands of CMake do beyond the build folder: files they write, files they have read as CMake code, programs they run.

Each is given the walk over its project, to which it adds what it finds. See `cmake_project`.
"""

from __future__ import annotations

import posixpath
import re

from paratask.languages.native.cmake_known import SYSTEM_MODULES, WRITTEN_VARIABLE
from paratask.languages.native.cmake_runs import CALLED, CUSTOM, EXECUTED, TESTED, Run, command_text, groups
from paratask.languages.native.cmake_text import substituted
from paratask.languages.options import is_within

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from typing import TypeAlias

    from paratask.languages.native.cmake_project import Walk
    from paratask.languages.native.cmake_text import Argument, Command
    from paratask.languages.native.cmake_variables import Scope

    Act: TypeAlias = Callable[[Walk, Command, Scope], None]

_OF_FETCHED = frozenset("SOURCE_DIR BINARY_DIR SUBBUILD_DIR DOWNLOAD_DIR TMP_DIR STAMP_DIR LOG_DIR".split())
_HARMLESS_FILE = frozenset(
    "READ STRINGS GLOB GLOB_RECURSE SIZE MD5 SHA1 SHA224 SHA256 SHA384 SHA512 SHA3_224 SHA3_256 SHA3_384 SHA3_512 TIMESTAMP "
    "RELATIVE_PATH TO_CMAKE_PATH TO_NATIVE_PATH REAL_PATH READ_SYMLINK DIFFERENT GET_RUNTIME_DEPENDENCIES".split()
)
_COUNTS = {
    **dict.fromkeys(("WRITE", "APPEND", "TOUCH", "TOUCH_NOCREATE", "LOCK"), 1),
    **dict.fromkeys(("RENAME", "COPY_FILE", "CREATE_LINK"), 2),
    **dict.fromkeys(("MAKE_DIRECTORY", "REMOVE", "REMOVE_RECURSE"), None),
}
"""How many paths `file()` writes, from its first on; None where all are written."""
_AFTER = {"COPY": "DESTINATION", "INSTALL": "DESTINATION", "GENERATE": "OUTPUT", "CONFIGURE": "OUTPUT", "ARCHIVE_CREATE": "OUTPUT",
          "ARCHIVE_EXTRACT": "DESTINATION"}  # fmt: skip
_AT_PREFIX = re.compile(r"\$\{CMAKE_INSTALL_(?:FULL_\w+|PREFIX)\}")
"""Absolute places below the prefix that was configured, whatever an option of installing says."""
_BELOW_PREFIX = re.compile(r"\$\{CMAKE_INSTALL_(?!FULL_)\w+DIR\}")


def _project(walk: Walk, command: Command, scope: Scope) -> None:
    name = command.texts[0] if command.texts else ""
    walk.noted.give(f"{name}_SOURCE_DIR", scope.source)
    walk.noted.give(f"{name}_BINARY_DIR", scope.binary)
    walk.noted.give("CMAKE_PROJECT_NAME" if scope.source == walk.source else "PROJECT_NAME", name)
    if scope.source == walk.source:
        walk.noted.give("PROJECT_NAME", name)


def _set(walk: Walk, command: Command, scope: Scope) -> None:
    name = command.texts[0] if command.texts else ""
    if name == "CMAKE_MODULE_PATH":
        _modules(walk, command, scope)
    if name.startswith("CPACK_") and name.endswith(("SCRIPT", "SCRIPTS")):
        walk.install_reason = walk.install_reason or f"`{name}` is not followed ({walk.where(command, scope)})"
    if name == "CMAKE_INSTALL_PREFIX":
        prefixes = [walk.known(argument, scope) for argument in command.arguments[1:2]]
        for text, complete in prefixes:
            walk.installs[posixpath.normpath(posixpath.join(walk.binary, text))] = None
            if not complete:
                walk.install_reason = walk.install_reason or f"only the run tells the prefix ({walk.where(command, scope)})"
    if WRITTEN_VARIABLE.fullmatch(name):
        end = next((index for index, text in enumerate(command.texts) if text in ("CACHE", "PARENT_SCOPE")), None)
        for argument in command.arguments[1:end]:
            walk.written(argument, scope, scope.binary, command)


def _modules(walk: Walk, command: Command, scope: Scope) -> None:
    """Folders in which modules are looked for; such as only the run tells are taken for those of what is fetched."""
    if "CMAKE_MODULE_PATH" in command.texts:
        for argument in command.arguments[1:]:
            text, complete = walk.known(argument, scope)
            if complete and "/" in text:
                walk.modules.extend(posixpath.normpath(posixpath.join(scope.source, part)) for part in text.split(";"))


def _add_executable(walk: Walk, command: Command, scope: Scope) -> None:
    walk.targets.add(walk.known(command.arguments[0], scope)[0] if command.arguments else "")


def _add_dependencies(walk: Walk, command: Command, scope: Scope) -> None:
    for argument in command.arguments[1:]:
        text, complete = walk.known(argument, scope)
        walk.needed.update(text.split(";") if complete else ("*",))


def _add_subdirectory(walk: Walk, command: Command, scope: Scope) -> None:
    given = [
        walk.known(argument, scope) for argument in command.arguments if argument.text not in ("EXCLUDE_FROM_ALL", "SYSTEM")
    ]
    if not given or not all(complete for _, complete in given) or scope.in_a_function:
        return walk.obscure(f"only the run tells which folder is added ({walk.where(command, scope)})")
    folder = posixpath.normpath(posixpath.join(scope.source, given[0][0]))
    below = given[1][0] if len(given) > 1 else posixpath.relpath(folder, scope.source)
    binary = posixpath.normpath(posixpath.join(scope.binary, below))
    if not is_within(binary, walk.binary):
        walk.writes[binary] = None
    if not is_within(folder, walk.binary) or is_within(walk.source, walk.binary):
        walk.folder(folder, binary, scope)
    return None


def _include(walk: Walk, command: Command, scope: Scope) -> None:
    text, complete = walk.known(command.arguments[0], scope) if command.arguments else ("", False)
    if not complete or (scope.in_a_function and "/" in text and not text.startswith("/")):
        return walk.obscure(f"only the run tells what is included ({walk.where(command, scope)})")
    if "/" not in text and not text.endswith(".cmake"):
        own = next((path for folder in walk.modules if walk.place.exists(path := f"{folder}/{text}.cmake")), None)
        if own:
            walk.file(own, scope)
        elif text not in SYSTEM_MODULES:
            walk.obscure(f"the module `{text}` is not known ({walk.where(command, scope)})")
        return None
    path = posixpath.normpath(posixpath.join(scope.source, text))
    if walk.place.exists(path) or "OPTIONAL" not in command.texts:
        walk.file(path, scope)
    return None


def _find_package(walk: Walk, command: Command, scope: Scope) -> None:
    """A module of the project that finds the package; the file of an installed package is believed."""
    text, complete = walk.known(command.arguments[0], scope) if command.arguments else ("", False)
    name = f"Find{text}.cmake" if complete else "Find"
    for folder in walk.modules:
        for each in walk.place.listdir(folder):
            if each == name or (not complete and each.startswith(name)):
                walk.file(posixpath.join(folder, each), scope)


def _configure_file(walk: Walk, command: Command, scope: Scope) -> None:
    for argument in command.arguments[1:2]:
        before = len(walk.writes)
        walk.written(argument, scope, scope.binary, command)
        walk.writes.update({f"{path}.tmp": None for path in list(walk.writes)[before:]})


def _written_first(walk: Walk, command: Command, scope: Scope) -> None:
    for argument in command.arguments[:1]:
        walk.written(argument, scope, scope.binary, command)


def _export(walk: Walk, command: Command, scope: Scope) -> None:
    if "PACKAGE" in command.texts:
        walk.obscure(f"`export(PACKAGE)` tells the user's other projects of this one ({walk.where(command, scope)})")
    _after(walk, command, scope, "FILE")


def _after(walk: Walk, command: Command, scope: Scope, keyword: str) -> None:
    for before, argument in zip(command.texts, command.arguments[1:], strict=False):
        if before == keyword:
            walk.written(argument, scope, scope.binary, command)


def _file(walk: Walk, command: Command, scope: Scope) -> None:
    kind, rest = (command.texts[0], command.arguments[1:]) if command.texts else ("", ())
    if kind.startswith("GLOB"):
        walk.lists_all = walk.lists_all or _lists_all(walk, rest[1:], scope, deep=kind == "GLOB_RECURSE")
    elif kind in _AFTER:
        _after(walk, command, scope, _AFTER[kind])
    elif kind == "DOWNLOAD":
        for argument in rest[1:2]:
            if argument.text not in ("STATUS", "LOG", "TIMEOUT", "EXPECTED_HASH", "SHOW_PROGRESS"):
                walk.written(argument, scope, scope.binary, command)
    elif kind in _COUNTS:
        for argument in rest[: _COUNTS[kind]]:
            walk.written(argument, scope, scope.source, command)
    elif kind not in _HARMLESS_FILE:
        walk.obscure(f"`file({kind})` is not followed ({walk.where(command, scope)})")


def _lists_all(walk: Walk, arguments: Sequence[Argument], scope: Scope, *, deep: bool) -> bool:
    """Whether a glob looks into folders beside the sources, such as another build's."""
    for argument in arguments:
        text, complete = walk.known(argument, scope)
        if argument.plain and text in ("CONFIGURE_DEPENDS", "LIST_DIRECTORIES", "RELATIVE", "FOLLOW_SYMLINKS", "true", "false"):
            continue
        fixed = text[: min((index for index in map(text.find, "*?[") if index >= 0), default=len(text))]
        folder = posixpath.normpath(posixpath.join(scope.source, posixpath.dirname(fixed)))
        looks = deep or "/" in text[len(fixed) :] or not complete
        if looks and (scope.in_a_function or not complete or is_within(walk.source, folder)):
            return True
    return False


def _execute_process(walk: Walk, command: Command, scope: Scope) -> None:
    """Run in the folder that cmake is called in where none is given; that is the build's where a build configures again."""
    _run(walk, command, scope, EXECUTED, (walk.binary, CALLED), walk.configuring)
    for keyword in ("OUTPUT_FILE", "ERROR_FILE"):
        _after(walk, command, scope, keyword)


def _add_custom_command(walk: Walk, command: Command, scope: Scope) -> None:
    _run(walk, command, scope, CUSTOM, (scope.binary,), walk.building)
    _custom(walk, command, scope)


def _add_custom_target(walk: Walk, command: Command, scope: Scope) -> None:
    name, complete = walk.known(command.arguments[0], scope) if command.arguments else ("", False)
    target = name if complete and "ALL" not in command.texts[1:2] else ""
    _run(walk, command, scope, CUSTOM, (scope.binary,), walk.building, target, command.arguments[1:])
    _custom(walk, command, scope)


def _custom(walk: Walk, command: Command, scope: Scope) -> None:
    for keyword, arguments in groups(command.arguments, CUSTOM):
        for argument in arguments if keyword in ("OUTPUT", "BYPRODUCTS") else ():
            walk.written(argument, scope, scope.binary, command)
        if keyword == "DEPENDS":
            walk.needed.update(argument.text for argument in arguments)


def _add_test(walk: Walk, command: Command, scope: Scope) -> None:
    if command.texts[:1] == ("NAME",):
        _run(walk, command, scope, TESTED, (scope.binary,), walk.testing)
    else:
        text, own = _text(walk, command.arguments[1:], scope)
        walk.testing.append(Run(text=text, own=own, folders=(scope.binary,), where=walk.where(command, scope)))


def _run(
    walk: Walk,
    command: Command,
    scope: Scope,
    keywords: Collection[str],
    folders: tuple[str, ...],
    found: list[Run],
    target: str = "",
    arguments: Sequence[Argument] | None = None,
) -> None:
    sorted_out = groups(command.arguments if arguments is None else arguments, keywords)
    given = [walk.known(group[0], scope) for keyword, group in sorted_out if keyword == "WORKING_DIRECTORY" and group]
    where = walk.where(command, scope)
    if given:
        moves = scope.in_a_function or found is walk.configuring
        known = given[0][1] and not (moves and not given[0][0].startswith("/"))
        folders = (posixpath.normpath(posixpath.join(scope.binary, given[0][0])),) if known else ()
    elif scope.in_a_function and found is not walk.configuring:
        folders = ()
    for keyword, group in sorted_out:
        if not group or keyword not in (("COMMAND", "", "ALL") if target or arguments is not None else ("COMMAND",)):
            continue
        text, own = _text(walk, group, scope)
        if text:
            found.append(Run(text=text, folders=folders, where=where, own=own, target=target))


def _text(walk: Walk, arguments: Sequence[Argument], scope: Scope) -> tuple[str, bool]:
    def is_own(name: str) -> bool:
        return name in walk.targets or name in walk.earlier_targets or (name.startswith("/") and is_within(name, walk.binary))

    return command_text(arguments, walk.valued(scope), is_own, walk.binary)


def _install(walk: Walk, command: Command, scope: Scope) -> None:
    where = walk.where(command, scope)
    if command.texts[:1] in (("SCRIPT",), ("CODE",)):
        walk.install_reason = walk.install_reason or f"`install({command.texts[0]})` runs what is not followed ({where})"
    for before, argument in zip(command.texts, command.arguments[1:], strict=False):
        if before != "DESTINATION":
            continue
        text, complete = walk.known(argument, scope)
        whole = substituted(argument, walk.valued(scope))
        if complete and text.startswith("/"):
            walk.installs[posixpath.normpath(text)] = None
        elif _AT_PREFIX.match(whole) and ".." not in whole:
            walk.at_prefix = True
        elif ".." in whole or not (text or _BELOW_PREFIX.match(whole)):
            walk.install_reason = walk.install_reason or f"only the run tells where it is installed ({where})"


def _fetched(walk: Walk, command: Command, scope: Scope) -> None:
    name = command.texts[0].lower() if command.texts else ""
    for kind, ending in (("SOURCE", "src"), ("BINARY", "build")):
        walk.noted.give(f"{name}_{kind}_DIR", posixpath.join(walk.binary, "_deps", f"{name}-{ending}"))
    for before, argument in zip(command.texts, command.arguments[1:], strict=False):
        if before in _OF_FETCHED:
            walk.written(argument, scope, scope.binary, command)
        elif before.endswith("_COMMAND") and argument.text:
            walk.obscure(f"`{before}` of what is fetched is not followed ({walk.where(command, scope)})")


def _runs_own(walk: Walk, command: Command, scope: Scope) -> None:
    walk.configuring.append(Run(text="", folders=(scope.binary,), where=walk.where(command, scope), own=True))


def _nothing(walk: Walk, command: Command, scope: Scope) -> None:
    del walk, command, scope


ACTS: Mapping[str, Act] = {
    "project": _project,
    "set": _set,
    "list": _modules,
    "add_executable": _add_executable,
    "add_dependencies": _add_dependencies,
    "add_subdirectory": _add_subdirectory,
    "include": _include,
    "find_package": _find_package,
    "find_dependency": _find_package,
    "configure_file": _configure_file,
    "configure_package_config_file": _configure_file,
    "write_basic_package_version_file": _written_first,
    "write_file": _written_first,
    "export": _export,
    "file": _file,
    "execute_process": _execute_process,
    "add_custom_command": _add_custom_command,
    "add_custom_target": _add_custom_target,
    "add_test": _add_test,
    "install": _install,
    "fetchcontent_declare": _fetched,
    "fetchcontent_populate": _fetched,
    "fetchcontent_makeavailable": _nothing,
    "fetchcontent_getproperties": _nothing,
    "try_run": _runs_own,
}
"""What is followed, by the command's name in lower case."""
