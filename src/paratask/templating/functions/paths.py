"""Paths and the environment. Go: path, path/filepath on Unix, os.ExpandEnv. Touches no file and no real environment."""

from __future__ import annotations

import posixpath

from paratask.templating.failures import FunctionError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.templating import Machine

_SPECIAL = "*#$@!?-0123456789"


def variable(machine: Machine, name: str) -> str:
    """An environment variable, or ""."""
    return machine.environ.get(name, "")


def expand_variables(machine: Machine, text: str) -> str:
    """$NAME and ${NAME} filled in from the environment."""
    parts: list[str] = []
    position = 0
    while (found := text.find("$", position)) >= 0 and found + 1 < len(text):
        parts.append(text[position:found])
        name, width = shell_name(text[found + 1 :])
        if name:
            parts.append(machine.environ.get(name, ""))
        elif not width:
            parts.append("$")
        position = found + 1 + width
    return "".join(parts) + text[position:]


def shell_name(text: str) -> tuple[str, int]:
    """The variable's name after a dollar sign, and how many characters it takes; a faulty ${ takes some and names none."""
    if text[0] == "{":
        if len(text) > 2 and text[1] in _SPECIAL and text[2] == "}":
            return text[1], 3
        end = text.find("}")
        if end < 0:
            return "", 1
        return ("", 2) if end == 1 else (text[1:end], end + 1)
    if text[0] in _SPECIAL:
        return text[0], 1
    width = 0
    while width < len(text) and text[width].isascii() and (text[width].isalnum() or text[width] == "_"):
        width += 1
    return text[:width], width


def clean(path: str) -> str:
    """The shortest path of the same meaning. Go: path.Clean."""
    if not path:
        return "."
    cleaned = posixpath.normpath(path)
    # POSIX keeps two leading slashes; Go does not.
    return cleaned[1:] if cleaned.startswith("//") else cleaned


def base(path: str) -> str:
    """The last element."""
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def directory(path: str) -> str:
    """All but the last element, cleaned."""
    head, slash, _ = path.rpartition("/")
    return clean(head + slash)


def extension(path: str) -> str:
    """From the last element's last dot on."""
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    return name[dot:] if dot >= 0 else ""


def is_absolute(path: str) -> bool:
    """Whether it starts at the root."""
    return path.startswith("/")


def join_path(*elements: str) -> str:
    """The elements that are not empty with slashes between, cleaned."""
    kept = [element for element in elements if element]
    return clean("/".join(kept)) if kept else ""


def join_env(machine: Machine, *elements: str) -> str:
    """The elements as PATH joins them."""
    return (";" if machine.os == "windows" else ":").join(elements)


def relative(start: str, target: str) -> str:
    """The way from `start` to `target`; both must be absolute, or both relative."""
    start, target = clean(start), clean(target)
    if start == target:
        return "."
    start = "" if start == "." else start
    target = "" if target == "." else target
    if is_absolute(start) != is_absolute(target):
        raise FunctionError(f"can't make {target} relative to {start}")
    origin, goal = [e for e in start.split("/") if e], [e for e in target.split("/") if e]
    shared = 0
    while shared < min(len(origin), len(goal)) and origin[shared] == goal[shared]:
        shared += 1
    if ".." in origin[shared:]:
        raise FunctionError(f"can't make {target} relative to {start}")
    return "/".join([".."] * (len(origin) - shared) + goal[shared:])


def absolute(machine: Machine, path: str) -> str:
    """The path from the root, taken from the working directory."""
    return clean(path) if is_absolute(path) else join_path(machine.cwd, path)


def from_slash(machine: Machine, path: str) -> str:
    """Slashes as the system writes them."""
    return path.replace("/", "\\") if machine.os == "windows" else path


def to_slash(machine: Machine, path: str) -> str:
    """The system's separators as slashes."""
    return path.replace("\\", "/") if machine.os == "windows" else path


def executable_extension(machine: Machine) -> str:
    """The suffix of programs: ".exe" on Windows."""
    return ".exe" if machine.os == "windows" else ""
