"""`--completion`: a script for a shell, made of the table of options and a frame in completions/.

The scripts ask `paratask --list-all --names` for the tasks, and so for runs, jobs, reporters and kinds of --init, with the `--dir` and
`--taskfile` of the line that is completed. Knows how shells quote; what they do with the script is theirs.
"""

from __future__ import annotations

import os
import sys

from paratask.cli.option_table import OPTIONS
from paratask.errors import ParataskError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from paratask.cli.option_table import Option
    from paratask.cli.options import Typed

REPORTS = ("json=", "junit=", "trace=", "html=", "markdown=", "otel")
FRAMES = os.path.join(os.path.dirname(__file__), "completions")
FOLDERS = ("DIR",)
FILES = ("FILE", "PATH")
RUNS = ("ID",)
LISTS = {"TASKS": "--list-all", "NAMES": "--reporter=off"}
"""What is offered for values with commas."""


def print_completion(typed: Typed) -> int:
    """`--completion SHELL`. Raises ParataskError for a shell without a script."""
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
            yield f"        {' | '.join(_names(option))})"
            yield from (f"            {line}" for line in _bash_values(option))
            yield "            return ;;"


def _bash_values(option: Option) -> tuple[str, ...]:
    words = 'mapfile -t COMPREPLY < <(compgen {} -- "$value")'
    if option.metavar in FOLDERS:
        return "compopt -o filenames", words.format("-d")
    if option.metavar in FILES:
        return "compopt -o filenames", words.format("-f")
    if option.metavar in RUNS:
        return ("_paratask_offer --runs",)
    if option.metavar in LISTS:
        return (
            'local ahead=${value%"${value##*,}"}', "value=${value##*,}", f"_paratask_offer {LISTS[option.metavar]}",
            'COMPREPLY=("${COMPREPLY[@]/#/$ahead}")', '_paratask_after_colon "$ahead$value"',
        )  # fmt: skip
    if option.name == "report":
        return (
            "if [[ $value == *=* ]]; then",
            "    value=${value#*=}", "    compopt -o filenames", f"    {words.format('-f')}",
            "else", "    compopt -o nospace", f"    {words.format(_listed(REPORTS))}", "fi",
        )  # fmt: skip
    return (words.format(_listed(option.known_values)),)


def _listed(values: Iterable[str]) -> str:
    return f"-W '{' '.join(values)}'"


def _fill_zsh(frame: str) -> str:
    options = "\n".join(f"        {line} \\" for option in OPTIONS for line in _zsh_lines(option))
    return frame.replace("@OPTIONS@", options).replace("@REPORTS@", " ".join(REPORTS))


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
        value = f":{option.metavar.lower()}:{_zsh_action(option)}"
    for name in _names(option):
        suffix = "" if not option.metavar else "=" if name.startswith("--") else "+"
        yield f"'*{name}{suffix}[{text}]{value}'"


def _zsh_action(option: Option) -> str:
    if option.metavar in FOLDERS:
        return "_files -/"
    if option.metavar in FILES:
        return "_files"
    if option.metavar in RUNS:
        return "_paratask_runs"
    if option.metavar in LISTS:
        return f" _paratask_list {LISTS[option.metavar]} {option.metavar.lower().rstrip('s')}"
    if option.name == "report":
        return "_paratask_reports"
    return f"({' '.join(option.known_values)})" if option.known_values else " "


def _fill_fish(frame: str) -> str:
    return frame.replace("@OPTIONS@", "\n".join(map(_fish_line, OPTIONS))).replace("@REPORTS@", " ".join(REPORTS))


def _fish_line(option: Option) -> str:
    short = f" -s {option.short}" if option.short else ""
    longs = " ".join(f"-l {name}" for name in (option.name, *option.aliases))
    text = _sentence(option).replace("\\", "\\\\").replace("'", "\\'")
    return f"complete -c paratask -n __paratask_is_ours{short} {longs}{_fish_value(option)} -d '{text}'"


def _fish_value(option: Option) -> str:
    if not option.metavar:
        return ""
    if option.metavar in FILES:
        return " -r -F"
    offered = " ".join(option.known_values)
    if option.metavar in FOLDERS:
        offered = "(__fish_complete_directories)"
    elif option.metavar in RUNS:
        offered = "(__paratask_offer --runs)"
    elif option.metavar in LISTS:
        offered = f"(__paratask_list {LISTS[option.metavar]})"
    elif option.name == "report":
        offered = "(__paratask_reports)"
    return f" -x -a '{offered}'" if offered else " -x"


def _fill_powershell(frame: str) -> str:
    options = []
    values = []
    for option in OPTIONS:
        text = _sentence(option).replace("'", "''")
        options += [f"            , @('{name}', '{text}')" for name in _names(option)]
        if known := REPORTS if option.name == "report" else option.known_values:
            listed = ", ".join(f"'{value}'" for value in known)
            values += [f"        '{name}' = {listed}" for name in _names(option)]
    asked = {**dict.fromkeys(RUNS, "--runs"), **LISTS}
    asks = "\n".join(
        f"        '{name}' = '{asked[option.metavar]}'"
        for option in OPTIONS if option.metavar in asked
        for name in _names(option)
    )  # fmt: skip
    return frame.replace("@OPTIONS@", "\n".join(options)).replace("@VALUES@", "\n".join(values)).replace("@ASKS@", asks)
