"""`--help`, from the table of options. Knows how a table is laid out, and nothing else."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.cli.options import Option

USAGE = """\
Usage: paratask [OPTION…] [TASK…] [NAME=value…] [-- ARGUMENT…]
       paratask --exec [OPTION…] [COMMAND…] [::: ARGUMENT…]

Runs tasks of a Taskfile (go-task, version 3), side by side where they cannot touch each other's files.
Without a task name: `default`. Arguments after -- are CLI_ARGS.
"""


def render_help() -> str:
    """The whole text."""
    import click

    from paratask.cli.options import OPTIONS

    formatter = click.HelpFormatter(width=100)
    for group in dict.fromkeys(option.group for option in OPTIONS):
        with formatter.section(group):
            formatter.write_dl([(_names(option), _text(option)) for option in OPTIONS if option.group == group], col_max=34)
    environment = [("USE_PARALLEL", "true, 1, yes: as --parallel; false, 0, no: as --sequential.")]
    with formatter.section("Environment"):
        formatter.write_dl(environment)
    return USAGE + "\n" + formatter.getvalue()


def _names(option: Option) -> str:
    short = f"-{option.short}, " if option.short else ""
    names = ", ".join(f"--{name}" for name in (option.name, *option.aliases))
    return f"{short}{names}{' ' + option.metavar if option.metavar else ''}"


def _text(option: Option) -> str:
    choices = f" One of {', '.join(option.known_values)}." if option.known_values else ""
    environment = f" [{', '.join(option.environment)}]" if option.environment else ""
    return option.help + choices + environment
