"""Every option, declared once: parser, help, environment and reference come from `OPTIONS`. See "Shape" in CONTRIBUTING.md.

Parsing here only validates what was typed (`Typed`); what it means on this machine is for those who use it. click parses, and is
loaded only when there is an option to parse: most runs have none.
"""

from __future__ import annotations

from paratask.errors import UsageError
from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import click

TRUE_WORDS = frozenset(("1", "t", "T", "TRUE", "true", "True", "yes", "YES", "y", "on"))
FALSE_WORDS = frozenset(("0", "f", "F", "FALSE", "false", "False", "no", "NO", "n", "off"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option. `metavar` is empty for a flag; `environment` names variables that set it, first found first."""

    name: str
    help: str
    short: str = ""
    aliases: tuple[str, ...] = ()
    metavar: str = ""
    choices: tuple[str, ...] = ()
    environment: tuple[str, ...] = ()
    group: str = "Running"

    @property
    def key(self) -> str:
        return self.name.replace("-", "_")


def _flag(name: str, help: str, short: str = "", group: str = "Running", environment: tuple[str, ...] = ()) -> Option:  # noqa: A002
    return Option(name=name, help=help, short=short, group=group, environment=environment)


OPTIONS: tuple[Option, ...] = (
    _flag("parallel", "Run what may run together side by side (the default); run all tasks named here side by side.", "p"),
    _flag("sequential", "Run one job at a time, in written order."),
    Option(
        name="jobs", aliases=("concurrency",), short="C", metavar="N", environment=("PARATASK_JOBS", "TASK_CONCURRENCY"),
        help="Run at most N commands at once: a number, or a share of the cores (`50%`). Never more than the cores, which are the default.",
    ),
    Option(name="load", metavar="LOAD", help="Start nothing beside others while LOAD processes run: `4`, `80%` of the cores, `+2`."),
    Option(name="memory", metavar="SIZE", help="Start nothing beside others while less than SIZE is available: `500M`, `2G`."),
    Option(
        name="on-failure", metavar="HOW", choices=("sequential", "stop", "continue"),
        help="When a job of a set fails: run it again alone (sequential), stop all (stop), go on with the rest (continue).",
    ),
    _flag("dry", "Show what would run, and run nothing.", "n", environment=("TASK_DRY",)),
    _flag("force", "Run also what is up to date.", "f"),
    _flag("failfast", "When a dependency fails, stop the others.", "F", environment=("TASK_FAILFAST",)),
    _flag("exit-code", "Exit with the failed command's own exit code.", "x"),
    _flag("yes", "Answer yes to all prompts.", "y", environment=("TASK_ASSUME_YES",)),
    Option(name="dir", short="d", metavar="DIR", help="Look for a Taskfile in DIR, and run there.", group="Files"),
    Option(name="taskfile", short="t", metavar="FILE", help="Use this Taskfile, or the one in this folder.", group="Files"),
    _flag("global", "Use the Taskfile in your home folder.", "g", "Files"),
    Option(
        name="temp-dir", metavar="DIR", environment=("TASK_TEMP_DIR",), group="Files",
        help="Keep fingerprints in DIR instead of `.task`; a relative one is below the root Taskfile.",
    ),
    _flag("plan", "Show the sets, what waits for what, why, and on what evidence; run nothing.", group="Looking"),
    _flag("list", "List the tasks that have a description.", "l", "Looking"),
    _flag("list-all", "List all tasks.", "a", "Looking"),
    _flag("json", "Print --plan, --list or --list-all as JSON.", "j", "Looking"),
    _flag("no-status", "Leave out whether tasks are up to date from --json.", group="Looking"),
    Option(
        name="sort", metavar="ORDER", choices=("default", "alphanumeric", "none"), help="The order of lists.", group="Looking"
    ),
    _flag("status", "Exit with 1 when one of the tasks is not up to date.", group="Looking"),
    _flag("summary", "Show what is known about a task.", group="Looking"),
    Option(
        name="output", short="o", metavar="STYLE", choices=("interleaved", "group", "prefixed"), environment=("TASK_OUTPUT",),
        help="How commands' output is shown.", group="Output",
    ),
    Option(
        name="output-group-begin", metavar="TEXT", environment=("TASK_OUTPUT_GROUP_BEGIN",), group="Output",
        help="Template to print before a command's output, with --output=group.",
    ),
    Option(
        name="output-group-end", metavar="TEXT", environment=("TASK_OUTPUT_GROUP_END",), group="Output",
        help="Template to print after a command's output, with --output=group.",
    ),
    _flag(
        "output-group-error-only", "Show only the output of commands that fail, with --output=group.", group="Output",
        environment=("TASK_OUTPUT_GROUP_ERROR_ONLY",),
    ),
    _flag("silent", "Do not show commands before they run.", "s", "Output", ("TASK_SILENT",)),
    _flag("verbose", "Say more.", "v", "Output", ("TASK_VERBOSE",)),
    _flag("color", "Colour what paratask says. On at a terminal; `--color=false` or NO_COLOR=1 turns it off.", "c", "Output", ("TASK_COLOR",)),
    _flag("help", "Show this text.", "h", "About"),
    _flag("version", "Show the version.", group="About"),
)  # fmt: skip

BY_KEY = {option.key: option for option in OPTIONS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The command line as typed, with the environment where it says nothing. `given` are the keys that were set."""

    values: Mapping[str, str | bool]
    calls: tuple[str, ...]
    variables: Mapping[str, str]
    rest: tuple[str, ...]

    def flag(self, key: str) -> bool:
        return self.values.get(key) is True

    def text(self, key: str) -> str:
        value = self.values.get(key, "")
        return value if isinstance(value, str) else ""


def parse(argv: Sequence[str], environ: Mapping[str, str]) -> Typed:
    """Raises UsageError."""
    words, rest = _split(argv)
    values: dict[str, str | bool] = {}
    for option in OPTIONS:
        value = _from_environment(option, environ) if option.environment else None
        if value is not None:
            values[option.key] = value
    if any(word.startswith("-") for word in words):
        typed, words = _parse_options(words)
        values.update(typed)
    variables = dict(word.split("=", 1) for word in words if "=" in word)
    calls = tuple(word for word in words if "=" not in word)
    return Typed(values=values, calls=calls, variables=variables, rest=tuple(rest))


def _split(argv: Sequence[str]) -> tuple[list[str], list[str]]:
    words = list(argv)
    if "--" not in words:
        return words, []
    at = words.index("--")
    return words[:at], words[at + 1 :]


def _from_environment(option: Option, environ: Mapping[str, str]) -> str | bool | None:
    for name in option.environment:
        text = environ.get(name, "")
        if not text:
            continue
        if option.metavar:
            return text
        if text in TRUE_WORDS or text in FALSE_WORDS:
            return text in TRUE_WORDS
    return None


def _parse_options(words: Sequence[str]) -> tuple[dict[str, str | bool], list[str]]:
    import click

    command = click.Command(
        "paratask", params=[*map(_click_option, OPTIONS), click.Argument(["words"], nargs=-1)], add_help_option=False
    )
    plain, flags = _flags_with_values(words)
    try:
        context = command.make_context("paratask", plain)
    except click.NoSuchOption as error:
        near = f"did you mean `{error.possibilities[0]}`?" if error.possibilities else "paratask --help"
        raise UsageError(f"unknown option `{error.option_name}`", help=near) from None
    except click.UsageError as error:
        message = error.format_message().rstrip(".")
        raise UsageError(message[:1].lower() + message[1:], help="paratask --help") from None
    parsed = dict(context.params)
    rest = list(parsed.pop("words"))
    values: dict[str, str | bool] = {key: value for key, value in parsed.items() if value is not None and value is not False}
    return {**values, **flags}, rest


def _click_option(option: Option) -> click.Option:
    import click

    names = [
        option.key,
        f"--{option.name}",
        *(f"--{alias}" for alias in option.aliases),
        *([f"-{option.short}"] if option.short else []),
    ]
    if not option.metavar:
        return click.Option(names, is_flag=True, default=False)
    kind = click.Choice(option.choices) if option.choices else click.STRING
    return click.Option(names, type=kind, default=None)


def _flags_with_values(words: Sequence[str]) -> tuple[list[str], dict[str, str | bool]]:
    """`--color=false`, which task takes and click does not, apart from the rest."""
    plain: list[str] = []
    flags: dict[str, str | bool] = {}
    for word in words:
        name, equals, value = word.removeprefix("--").partition("=")
        option = BY_KEY.get(name.replace("-", "_"))
        if word.startswith("--") and equals and option is not None and not option.metavar:
            if value not in TRUE_WORDS | FALSE_WORDS:
                raise UsageError(f"`{value}` is no truth value for `--{name}`", help=f"--{name}=true or --{name}=false")
            flags[option.key] = value in TRUE_WORDS
        else:
            plain.append(word)
    return plain, flags
