"""What running, planning and listing have in common: the project made workable, and the choices of command line, environment and
paratask.toml put together, in that order of strength.
"""

from __future__ import annotations

import os
import sys

from paratask.cli.options import CI_VARIABLES
from paratask.errors import OptionError, UsageError
from paratask.execution.machine import SystemMachine
from paratask.execution.options import RunOptions
from paratask.execution.workbench import Workbench
from paratask.processes.running import is_in_use, stale_records
from paratask.reporting.colors import painter, unpainted, wants_color, warning_line
from paratask.taskfile.model import NOWHERE, Call, Output
from paratask.taskfile.paths import is_address
from paratask.taskfile.project import CLAIMS_NAME, read_project
from paratask.templating import render
from paratask.templating.values import Strings
from paratask.variables.ready import ReadyCall

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from paratask.claims.model import Claims
    from paratask.cli.inner_runs import InnerRuns
    from paratask.cli.observed import ObservedClaims
    from paratask.cli.options import Typed
    from paratask.cli.remote import OpenRemote
    from paratask.cli.reporters.reporters import Reporters
    from paratask.errors import VariableError
    from paratask.execution.view import Frames
    from paratask.languages.inner_runs import InnerRun
    from paratask.languages.remembered import Texts
    from paratask.plugins.hookspecs import Place
    from paratask.plugins.manager import Plugins
    from paratask.reporting.colors import Paint
    from paratask.taskfile.model import Oddity
    from paratask.taskfile.settings import Settings

ON = frozenset(("true", "1", "yes", "on"))
OFF = frozenset(("false", "0", "no", "off"))
STYLES = ("", "interleaved", "group", "prefixed")
OWN_STYLES = (*STYLES, "errors-only", "live")
"""With those that only paratask knows: on the command line and in TOML, but not in a Taskfile, which `task` reads too."""


def painter_for(typed: Typed | None, fd: int) -> Paint:
    """How to colour what goes to that descriptor."""
    asked = typed.values.get("color") if typed is not None else None
    asked = asked if isinstance(asked, bool) else None
    return painter(enabled=wants_color(asked=asked, environ=os.environ, is_terminal=os.isatty(fd)), environ=os.environ)


def make_workbench(typed: Typed, *, sees_command_line: bool = True, says_oddities: bool = True) -> Workbench:
    """Read the project that the command line names; says what is odd in it. Raises TaskfileError.

    Lists do not see the command line's variables.
    """
    environ = own_environment()
    cwd = current_folder(environ)
    machine = SystemMachine(environ=environ, cwd=cwd)
    opened: list[OpenRemote] = []

    def open_remote(root: str) -> OpenRemote:
        from paratask.cli.remote import OpenRemote

        opened.append(OpenRemote(typed, root, environ, painter_for(typed, 1)))
        return opened[-1]

    try:
        project = read_project(
            entrypoint=typed.text("taskfile"),
            folder=project_folder(typed, environ),
            cwd=cwd,
            environ=environ,
            fill=lambda text, values: render(text, values, machine),
            open_remote=open_remote,
        )
    finally:
        for remote in opened:
            remote.close()
    if project.oddities and says_oddities:
        say_oddities(project.oddities, typed)
    bench = Workbench(
        project=project, machine=machine, environ=environ, user_dir=cwd, program=sys.argv[0], temp_dir=typed.text("temp_dir"),
        own_environment_first="ENV_PRECEDENCE" in typed.experiments, suggests=not typed.flag("disable_fuzzy"),
    )  # fmt: skip
    if says_oddities:
        bench.warn = lambda error, comes_of_it: _say_harmless(error, comes_of_it, typed)
    if sees_command_line:
        bench.add_variables(command_line=typed.variables, special=special_variables(typed))
    return bench


def own_environment() -> dict[str, str]:
    """Ours, less what has no name (`=x`), with which Python starts no process."""
    return {name: value for name, value in os.environ.items() if name}


def project_folder(typed: Typed, environ: Mapping[str, str]) -> str:
    """What `-d` or `-g` say; empty where neither does."""
    return environ.get("HOME", "") if typed.flag("global") else typed.text("dir")


def current_folder(environ: Mapping[str, str]) -> str:
    """The current folder as the shell calls it, symbolic links kept, where PWD still names it. Go: os.Getwd."""
    named = environ.get("PWD", "")
    try:
        return named if named.startswith("/") and os.path.samefile(named, ".") else os.getcwd()
    except OSError:
        return os.getcwd()


def shown_from() -> str:
    """The folder that paths are shown from: the current one, or its last name where a command has removed it."""
    try:
        return current_folder(os.environ)
    except OSError:
        return os.environ.get("PWD") or "/"


def say_oddities(oddities: Iterable[Oddity], typed: Typed) -> None:
    """Warn of what is strange in files."""
    from paratask.reporting.errors import render_oddities

    for line in render_oddities(oddities, cwd=current_folder(os.environ), paint=painter_for(typed, 2)):
        sys.stderr.write(line + "\n")


def _say_harmless(error: VariableError, comes_of_it: str, typed: Typed) -> None:
    from paratask.reporting.errors import as_oddity

    say_oddities([as_oddity(error, comes_of_it)], typed)


def special_variables(typed: Typed) -> dict[str, object]:
    """go-task: the CLI_ variables."""
    return {
        "CLI_ARGS": _quoted(typed.rest),
        "CLI_ARGS_LIST": Strings(typed.rest),
        "CLI_FORCE": typed.flag("force") or typed.flag("force_all"),
        "CLI_SILENT": typed.flag("silent"),
        "CLI_VERBOSE": typed.flag("verbose"),
        "CLI_OFFLINE": typed.flag("offline"),
        "CLI_ASSUME_YES": typed.flag("yes"),
    }


def _quoted(words: tuple[str, ...]) -> str:
    if not words:
        return ""
    from paratask.templating.functions.shell import quote

    return " ".join(map(quote, words))


def requested(typed: Typed) -> tuple[ReadyCall, ...]:
    """The calls of the command line; `default` where it names none."""
    return calls_of(typed.calls or ("default",))


def calls_of(names: Iterable[str]) -> tuple[ReadyCall, ...]:
    """Calls of these tasks as a command line makes them: without variables, and at no place of a Taskfile."""
    return tuple(
        ReadyCall(task=name, variables={}, condition="", source=Call(task=name, position=NOWHERE, variables={}))
        for name in names
    )


def run_options(typed: Typed, bench: Workbench) -> RunOptions:
    """What was typed, and what paratask.toml says, as the options of a run. Raises UsageError."""
    settings = bench.project.settings
    gentle = "GENTLE_FORCE" in typed.experiments
    output = output_style(typed, bench)
    parallel = parallel_level(typed, settings, os.environ)
    return RunOptions(
        dry=typed.flag("dry") or typed.flag("status"),
        force=typed.flag("force_all") if gentle else typed.flag("force"),
        force_called=gentle and typed.flag("force"),
        own_environment_first="ENV_PRECEDENCE" in typed.experiments,
        silent=typed.flag("silent"),
        verbose=typed.flag("verbose"),
        assume_yes=typed.flag("yes"),
        interactive=typed.flag("interactive"),
        failfast=typed.flag("failfast"),
        calls_together=are_together(typed),
        output=output,
        frames=_frames(typed, output) if any(name in os.environ for name in CI_VARIABLES) else None,
        live=_shows_live(typed, output, parallel),
        parallel=parallel,
        on_failure=typed.text("on_failure") or settings.on_failure or "sequential",
        on_failure_is_given=bool(typed.text("on_failure")),
        keep_runs=settings.keep_runs or 50,
        seed=typed.text("seed"),
        jobserver=typed.text("jobserver") or settings.jobserver or "auto",
        own_slots="jobs" in typed.given,
    )


def _frames(typed: Typed, output: Output) -> Frames | None:
    """What a CI service wants around jobs' output."""
    from paratask.cli.ci import frames_for

    return frames_for(os.environ, output, painter_for(typed, 2))


def _shows_live(typed: Typed, output: Output, parallel: str) -> bool:
    """Whether what runs side by side is shown in a live view."""
    at_terminal = not output.style and os.isatty(1) and os.isatty(2)
    if not (at_terminal or output.style == "live") or typed.flag("dry") or typed.flag("status"):
        return False
    from paratask.cli.live_choice import chooses_live

    return chooses_live(typed, style=output.style, one_at_a_time=parallel == "off", environ=os.environ, warn=warn)


def are_together(typed: Typed) -> bool:
    """Whether somebody said that the calls of the command line all overlap. go-task: --parallel."""
    return typed.flag("parallel") and len(typed.calls) > 1


def parallel_level(typed: Typed, settings: Settings, environ: Mapping[str, str]) -> str:
    """--parallel and --sequential, then USE_PARALLEL, then paratask.toml, then "inferred". Raises UsageError."""
    configured = settings.parallel or "inferred"
    switched_on = "inferred" if configured == "off" else configured
    if typed.flag("sequential"):
        return "off"
    if typed.flag("parallel"):
        return switched_on
    asked = environ.get("USE_PARALLEL", "").strip().lower()
    if asked in ON:
        return switched_on
    if asked in OFF:
        return "off"
    if asked:
        raise OptionError(f"USE_PARALLEL is `{asked}`", help="USE_PARALLEL=true or USE_PARALLEL=false")
    return configured


def only_parallel(typed: Typed, bench: Workbench) -> tuple[str, ...]:
    """The tasks, or patterns, that alone may run side by side, by their own names; empty where all may. Raises UsageError for one that is
    no task.
    """
    named = tuple(bench.index.own_name(name.strip()) for name in typed.text("only_parallel").split(",") if name.strip())
    if not named:
        return bench.project.settings.only_parallel
    from paratask.names import nearest_name
    from paratask.planning.rules import matching

    tasks = list(bench.taskfile.tasks)
    for name in named:
        if not matching((name,), tasks):
            nearest = nearest_name(name, tasks)
            raise UsageError(
                f"--only-parallel names `{name}`, which is no task", help=f"did you mean `{nearest}`?" if nearest else ""
            )
    return named


def output_style(typed: Typed, bench: Workbench) -> Output:
    """--output and its kin, else the Taskfile's. Raises UsageError."""
    style = typed.text("output")
    output = bench.taskfile.output
    if style:
        output = Output(
            style=style,
            begin=typed.text("output_group_begin"),
            end=typed.text("output_group_end"),
            error_only=typed.flag("output_group_error_only"),
        )
    known = OWN_STYLES if style or bench.taskfile.file.endswith(".toml") else STYLES
    if output.style not in known:
        raise UsageError(f'output style "{output.style}" is none of {", ".join(known[1:])}')
    return output


def called_programs(text: str, folder: str) -> Collection[tuple[str, str]]:
    """See languages.called; few runs ask."""
    from paratask.languages.called import called_programs

    return called_programs(text, folder)


def run_around_us(state: str) -> str:
    """The id of the run one of whose commands called us; empty where none did. `state` is the path of `.paratask`."""
    if not is_in_use(state):
        return ""
    from paratask.cli.enclosing import enclosing_run

    return enclosing_run(state)


def place_maker(bench: Workbench) -> Callable[[], Place]:
    """Makes views of the checkout as it is when asked; the plugins are loaded for the first one."""
    known: list[tuple[Plugins, Texts]] = []

    def make() -> Place:
        from paratask.languages.place import Checkout, Disk
        from paratask.languages.remembered import Texts
        from paratask.plugins.manager import load_plugins

        if not known:
            known.append((load_plugins(warn=warn), Texts(Disk().read)))
        plugins, texts = known[0]
        return Checkout(bench.project.root_dir, plugins=plugins, text_of=texts.of, environ=os.environ, runs=inner_claims(bench))

    return make


def inner_claims(bench: Workbench) -> Callable[[InnerRun, Place], Claims | None]:
    """What tells a `Checkout` what the runs claim that commands start; loaded for the first of them."""
    found: list[InnerRuns] = []

    def claims(run: InnerRun, place: Place) -> Claims | None:
        if not found:
            from paratask.cli.inner_runs import InnerRuns

            found.append(InnerRuns(bench))
        return found[0].claims(run, place)

    return claims


def make_reporters(typed: Typed, bench: Workbench, options: RunOptions, *, keeps_output: bool = False) -> Reporters | None:
    """Those that hear of the runs; most have none. Raises UsageError. `keeps_output`: see open_reporters."""
    if options.dry or typed.flag("status") or not (typed.text("reporter") or bench.project.settings.reporters):
        return None
    from paratask.cli.reporters.reporters import open_reporters

    return open_reporters(typed, bench, painter_for(typed, 2), keeps_output=keeps_output)


def observations(typed: Typed, bench: Workbench) -> ObservedClaims | None:
    """What `--learn` saw in earlier runs; None where nothing is kept. It is read when somebody asks."""
    if not os.path.exists(os.path.join(bench.project.root_dir, CLAIMS_NAME)):
        return None
    from paratask.cli.observed import ObservedClaims

    return ObservedClaims(typed, bench, warn=lambda oddity: say_oddities([oddity], typed))


def warn(text: str, paint: Paint = unpainted) -> None:
    """A sentence on stderr."""
    sys.stderr.write(warning_line(text, paint))


def shown_taskfile(bench: Workbench) -> str:
    """The root Taskfile: its address, or its path from the project's root."""
    file = bench.taskfile.file
    return file if is_address(file) else os.path.relpath(file, bench.project.root_dir)


def end_leftovers(bench: Workbench, options: RunOptions, paint: Paint) -> None:
    """What runs that were killed left running."""
    if not options.dry and stale_records(bench.state_dir):
        from paratask.cli.leftovers import clean_up

        clean_up(bench.state_dir, paint)
