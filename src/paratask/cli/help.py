"""`--help`, from the table of options. Knows how a table is laid out, and nothing else."""

from __future__ import annotations

from paratask.reporting.wrapping import wrapped

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.cli.options import Option

HELP_COLUMNS = 100
MOST_NAME_COLUMNS = 34
WHOLE_HYPHEN = "\u2011"
"""One at which no line is broken: names of options are to stay whole."""
USAGE = """\
Usage: paratask [OPTION…] [TASK…] [NAME=value…] [-- ARGUMENT…]
       paratask --exec [OPTION…] [COMMAND…] [::: ARGUMENT…]

Runs tasks of a Taskfile (go-task, version 3), side by side where they cannot
touch each other's files. Without a task name: `default`.
Arguments after -- are CLI_ARGS.
"""


def render_help(columns: int = HELP_COLUMNS) -> str:
    """The whole text, for so many columns; more than HELP_COLUMNS are not used."""
    import click

    from paratask.cli.options import OPTIONS

    width = max(min(columns, HELP_COLUMNS), 40)
    names = MOST_NAME_COLUMNS if width > 2 * MOST_NAME_COLUMNS else width // 4
    formatter = click.HelpFormatter(width=width)
    for group in dict.fromkeys(option.group for option in OPTIONS):
        with formatter.section(group):
            formatter.write_dl([(_names(option), _text(option)) for option in OPTIONS if option.group == group], col_max=names)
    environment = [("USE_PARALLEL", "true, 1, yes, on: as --parallel; false, 0, no, off: as --sequential.")]
    with formatter.section("Environment"):
        formatter.write_dl(environment)
    return f"{wrapped(USAGE, width)}\n{formatter.getvalue().replace(WHOLE_HYPHEN, '-')}"


def _names(option: Option) -> str:
    short = f"-{option.short}, " if option.short else ""
    names = ", ".join(f"--{name}" for name in (option.name, *option.aliases))
    return f"{short}{names}{' ' + option.metavar if option.metavar else ''}"


def _text(option: Option) -> str:
    choices = f" One of {', '.join(option.known_values)}." if option.known_values else ""
    environment = f" [{', '.join(option.environment)}]" if option.environment else ""
    return (option.help + choices + environment).replace("-", WHOLE_HYPHEN)
