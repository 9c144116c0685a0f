"""The entry point: reads the command line, picks what to do, and turns errors into text and exit codes.

Kept light, since every run pays for what is imported here; see "Budgets" in docs/design.md.
"""

from __future__ import annotations

import gc
import os
import sys

from paratask.cli.configure import configure
from paratask.cli.options import parse
from paratask.errors import OptionError, ParataskError, TaskRunError, UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.cli.options import Typed


YOUNG_OBJECTS = 100_000
"""How many make the collector look. A run makes hardly any cycles, and looking took a quarter of the time of reading a large project."""


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    words = sys.argv[1:] if argv is None else argv
    typed = None
    try:
        typed = configure(parse(words, os.environ), os.environ)
        return _dispatch(typed)
    except ParataskError as error:
        return report(error, typed)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        _silence_stdout()
        return 1


def _dispatch(typed: Typed) -> int:
    _check(typed)
    _check_remote(typed)
    if typed.flag("version"):
        from paratask import __version__

        sys.stdout.write(f"{__version__}\n")
        return 0
    if typed.flag("help"):
        from paratask.cli.help import render_help

        sys.stdout.write(render_help())
        return 0
    if typed.flag("experiments"):
        from paratask.cli.experiments import render_experiments
        from paratask.cli.setup import painter_for

        sys.stdout.write(render_experiments(typed.experiments, painter_for(typed, 1)))
        return 0
    if typed.flag("init"):
        from paratask.cli.init import init

        return init(typed)
    if typed.text("completion"):
        from paratask.cli.completion import print_completion

        return print_completion(typed)
    if typed.flag("clear_cache"):
        from paratask.cli.clear_cache import clear_cache

        return clear_cache(typed)
    if typed.flag("list") or typed.flag("list_all"):
        from paratask.cli.listing import list_tasks

        return list_tasks(typed)
    if typed.flag("plan"):
        from paratask.cli.plan import show_plan

        return show_plan(typed)
    from paratask.cli.run import run

    return run(typed)


def _check(typed: Typed) -> None:
    """go-task: flags.Validate."""
    listing = typed.flag("list") or typed.flag("list_all")
    if typed.flag("list") and typed.flag("list_all"):
        raise UsageError("--list and --list-all exclude each other")
    if typed.flag("json") and not (listing or typed.flag("plan")):
        raise UsageError("--json goes with --list, --list-all or --plan")
    if typed.flag("names") and not listing:
        raise UsageError("--names goes with --list or --list-all")
    for key in ("no_status", "nested"):
        if typed.flag(key) and not typed.flag("json"):
            raise UsageError(f"--{key.replace('_', '-')} goes with --json")
    if typed.flag("global") and typed.text("dir"):
        raise UsageError("--global and --dir exclude each other")
    if typed.flag("parallel") and typed.flag("sequential"):
        raise UsageError("--parallel and --sequential exclude each other")
    group_keys = ("output_group_begin", "output_group_end", "output_group_error_only")
    if typed.text("output") != "group" and any(typed.values.get(key) for key in group_keys):
        raise UsageError("--output-group-… goes with --output=group")


def _check_remote(typed: Typed) -> None:
    """go-task: flags.Validate."""
    if typed.flag("force_all") and "GENTLE_FORCE" not in typed.experiments:
        raise OptionError("unknown option `--force-all`", help="TASK_X_GENTLE_FORCE=1 switches the experiment on")
    if typed.flag("download") and (typed.flag("offline") or typed.flag("clear_cache")):
        other = "--offline" if typed.flag("offline") else "--clear-cache"
        raise UsageError(f"--download and {other} exclude each other")
    if bool(typed.text("cert")) != bool(typed.text("cert_key")):
        raise UsageError("--cert and --cert-key go together")


def report(error: ParataskError, typed: Typed | None) -> int:
    """Say what went wrong, and return the exit code for it."""
    from paratask.cli.annotations import annotate
    from paratask.cli.setup import painter_for
    from paratask.reporting.errors import render_error

    annotate(error)
    text = render_error(error, cwd=os.getcwd(), paint=painter_for(typed, 2))
    sys.stderr.write(text + "\n")
    if typed is not None and typed.flag("exit_code") and isinstance(error, TaskRunError):
        return error.command_exit_code()
    return error.exit_code


def _silence_stdout() -> None:
    """Whoever read stdout is gone: let the interpreter's last flush go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def run_and_exit() -> None:
    """The console script."""
    gc.set_threshold(YOUNG_OBJECTS)
    sys.exit(main())


if __name__ == "__main__":
    run_and_exit()
