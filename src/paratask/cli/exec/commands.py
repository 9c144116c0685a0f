"""`--exec`: runs plain commands, as GNU parallel does, with what paratask has for tasks. See "Plain commands" in docs/design.md.

Makes the command lines of what was typed; who runs them is run.py.
"""

from __future__ import annotations

import os
import sys

from paratask.cli.exec.arguments import read_arguments, split_words
from paratask.cli.exec.project import Commands, Line, named, shortened, working_folder
from paratask.cli.exec.template import Template
from paratask.errors import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from paratask.cli.options import Typed


def exec_commands(typed: Typed) -> int:
    """The exit code: how many commands failed, 101 for more than 100. Raises ParataskError."""
    _check(typed)
    commands = read_commands(typed)
    if typed.flag("plan"):
        from paratask.cli.exec.plan import show_commands

        return show_commands(typed, commands)
    if typed.flag("dry"):
        show_lines(commands.lines.values())
        return 0
    from paratask.cli.exec.run import run_commands

    return run_commands(typed, commands)


def show_lines(lines: Iterable[Line]) -> None:
    """What would be run, for `--dry`."""
    for line in lines:
        sys.stdout.buffer.write(os.fsencode(line.text) + b"\n")
    sys.stdout.buffer.flush()


def _check(typed: Typed) -> None:
    """Raises UsageError for what means something else to tasks, or to GNU parallel."""
    before = [*typed.calls, *(f"{name}=…" for name in typed.variables)]
    if before:
        raise UsageError(f"--exec runs commands, not the task `{before[0]}`", help="paratask --exec COMMAND ::: ARGUMENT…")
    if "timeout" in typed.given:
        raise UsageError("--timeout is for remote Taskfiles", help="paratask --exec timeout 5 COMMAND ::: ARGUMENT…")
    if typed.text("on_failure") == "sequential":
        raise UsageError("a plain command is not run again alone", help="--on-failure continue, or stop")
    folder = working_folder(typed)
    if not os.path.isdir(folder):
        raise UsageError(f"there is no folder `{typed.text('dir') or folder}`")


def read_commands(typed: Typed) -> Commands:
    """The command lines, in order. Raises UsageError."""
    words, sources = split_words(typed.rest)
    template = Template(words)
    rows = read_arguments(sources, separator=b"\0" if typed.flag("null") else b"\n")
    lines = [
        Line(number=number, text=template.line(number, row), prefix=shortened(" ".join(row)))
        for number, row in enumerate(rows, 1)
    ]
    return Commands(lines=named(lines), folder=working_folder(typed), has_slot=template.has_slot)
