"""`--completion`: a script for a shell, made of the table of options and a frame in completions/.

The scripts ask `paratask --list-all --names` for the tasks, with the `--dir` and `--taskfile` of the line that is completed. Knows
how shells quote; what they do with the script is theirs.
"""

from __future__ import annotations

import os
import sys

from paratask.cli.option_table import OPTIONS
from paratask.errors import ParataskError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from paratask.cli.option_table import Option
    from paratask.cli.options import Typed

FRAMES = os.path.join(os.path.dirname(__file__), "completions")
FOLDERS = ("DIR",)
FILES = ("FILE",)


def print_completion(typed: Typed) -> int:
    """Raises ParataskError for a shell without a script."""
    sys.stdout.write(render_completion(typed.text("completion")))
    return 0


def render_completion(shell: str) -> str:
    """The script. Raises ParataskError."""
    known: dict[str, tuple[str, Callable[[str], str]]] = {
        "bash": ("paratask.bash", _fill_bash),
        "zsh": ("paratask.zsh", _fill_zsh),
        "fish": ("paratask.fish", _fill_fish),
        "powershell": ("paratask.ps1", _fill_powershell),
    }
    if shell not in known:
        raise ParataskError(f"no completion for the shell `{shell}`", help=f"one of {', '.join(known)}")
    name, fill = known[shell]
    with open(os.path.join(FRAMES, name), encoding="utf-8") as file:
        return fill(file.read())


def _long_names(option: Option) -> list[str]:
    return [f"--{name}" for name in (option.name, *option.aliases)]


def _names(option: Option) -> list[str]:
    return [*([f"-{option.short}"] if option.short else []), *_long_names(option)]


def _sentence(option: Option) -> str:
    """The help's first sentence, without the marks of prose."""
    return option.help.split(". ")[0].rstrip(".").split(": `")[0].replace("`", "")


def _fill_bash(frame: str) -> str:
    names = " ".join(name for option in OPTIONS for name in _names(option))
    return frame.replace("@VALUES@", "\n".join(_bash_cases())).replace("@NAMES@", names)


def _bash_cases() -> Iterator[str]:
    for option in OPTIONS:
        if option.metavar:
            if option.metavar in FOLDERS:
                action = 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- "$value")'
            elif option.metavar in FILES:
                action = 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$value")'
            else:
                action = f"mapfile -t COMPREPLY < <(compgen -W '{' '.join(option.known_values)}' -- \"$value\")"
            yield f"        {' | '.join(_names(option))})"
            yield f"            {action}"
            yield "            return ;;"


def _fill_zsh(frame: str) -> str:
    return frame.replace("@OPTIONS@", "\n".join(f"        {line} \\" for option in OPTIONS for line in _zsh_lines(option)))


def _zsh_lines(option: Option) -> Iterator[str]:
    text = (
        _sentence(option)
        .replace("\\", "\\\\")
        .replace("[", "\\[")
        .replace("]", "\\]")
        .replace(":", "\\:")
        .replace("'", "'\\''")
    )
    value = ""
    if option.metavar:
        action = " "
        if option.metavar in FOLDERS:
            action = "_files -/"
        elif option.metavar in FILES:
            action = "_files"
        elif option.known_values:
            action = f"({' '.join(option.known_values)})"
        value = f":{option.metavar.lower()}:{action}"
    for name in _names(option):
        suffix = "" if not option.metavar else "=" if name.startswith("--") else "+"
        yield f"'*{name}{suffix}[{text}]{value}'"


def _fill_fish(frame: str) -> str:
    return frame.replace("@OPTIONS@", "\n".join(map(_fish_line, OPTIONS)))


def _fish_line(option: Option) -> str:
    short = f" -s {option.short}" if option.short else ""
    longs = " ".join(f"-l {name}" for name in (option.name, *option.aliases))
    text = _sentence(option).replace("\\", "\\\\").replace("'", "\\'")
    value = ""
    if option.metavar in FOLDERS:
        value = " -x -a '(__fish_complete_directories)'"
    elif option.metavar in FILES:
        value = " -r -F"
    elif option.metavar:
        value = f" -x -a '{' '.join(option.known_values)}'" if option.known_values else " -x"
    return f"complete -c paratask -n __paratask_is_ours{short} {longs}{value} -d '{text}'"


def _fill_powershell(frame: str) -> str:
    options = []
    values = []
    for option in OPTIONS:
        text = _sentence(option).replace("'", "''")
        options += [f"            , @('{name}', '{text}')" for name in _names(option)]
        if option.known_values:
            listed = ", ".join(f"'{value}'" for value in option.known_values)
            values += [f"        '{name}' = {listed}" for name in _names(option)]
    return frame.replace("@OPTIONS@", "\n".join(options)).replace("@VALUES@", "\n".join(values))
