"""The entry point: reads the command line, picks what to do, and turns errors into text and exit codes.

Kept light, since every run pays for what is imported here; see "Budgets" in docs/design.md.
"""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys

from paratask.cli.configure import configure
from paratask.cli.options import parse
from paratask.errors import ParataskError, TaskfileNotFoundError, TaskRunError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from _typeshed import ReadableBuffer

    from paratask.cli.options import Typed


YOUNG_OBJECTS = 5_000_000
"""How many make the collector look. A job leaves ten objects in cycles, a kilobyte, and keeps over a hundred: looking at them took a fifth
of the time of 20,000 jobs in sets with 100,000, a tenth with a million. With five it comes at some 40,000 jobs.
"""

ABOUT = ("version", "help", "experiments")
LOOKING = frozenset("list list_all summary plan graph runs why stats doctor".split())
"""What runs nothing, and shows what the checkout says."""

SETTING_UP = ("init", "doctor", "install_hooks", "uninstall_hooks")


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit code."""
    exit_code = 0
    try:
        exit_code = _carry_out_words(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
    except KeyboardInterrupt:
        _hurry()
        return 130
    except BrokenPipeError:
        _silence_stdout()
        return exit_code or 1
    except OSError:
        why = _why_unwritten()
        if not why:
            raise
        _silence_stdout()
        sys.stderr.write(f"paratask: cannot write to stdout: {why}\n")
        return exit_code or 1
    return exit_code


def _carry_out_words(words: list[str]) -> int:
    typed = None
    try:
        typed = configure(parse(words, os.environ), os.environ)
        return _dispatch(typed)
    except ParataskError as error:
        return report(error, typed)
    except FileNotFoundError:
        if _is_somewhere():
            raise
        message = "the current folder was removed; `cd .` finds one that was put in its place"
        return report(TaskfileNotFoundError(message), typed)


def _is_somewhere() -> bool:
    try:
        os.getcwd()
    except OSError:
        return False
    return True


def _dispatch(typed: Typed) -> int:
    if typed.values:
        from paratask.cli.combinations import check

        check(typed)
        if not typed.values.keys().isdisjoint(LOOKING):
            from paratask.cli.on_terminal import show_controls

            show_controls()
    if any(map(typed.flag, ABOUT)):
        return _tell_about(typed)
    if typed.flag("names") and not (typed.flag("list") or typed.flag("list_all")):
        from paratask.cli.offered import print_names

        return print_names(typed)
    if any(map(typed.flag, SETTING_UP)) or typed.text("completion"):
        return _set_up(typed)
    if typed.flag("clear_cache"):
        from paratask.cli.clear_cache import clear_cache

        return clear_cache(typed)
    if typed.flag("list") or typed.flag("list_all"):
        from paratask.cli.listing import list_tasks

        return list_tasks(typed)
    return _look_back(typed) if typed.values else _carry_out(typed)


def _look_back(typed: Typed) -> int:
    """Show what earlier runs left, and change it; else carry out."""
    if typed.flag("stats") or typed.flag("forget_conflicts"):
        from paratask.cli.looking_back.stats import history_command

        return history_command(typed)
    if typed.flag("runs") or typed.flag("why") or typed.text("prune"):
        from paratask.cli.looking_back.runs import records_command

        return records_command(typed)
    if typed.flag("logs"):
        from paratask.cli.looking_back.logs import show_logs

        return show_logs(typed)
    if typed.text("report") and typed.text("run"):
        from paratask.cli.reports import report_kept

        return report_kept(typed)
    return _carry_out(typed)


def _tell_about(typed: Typed) -> int:
    """What needs no Taskfile to be told."""
    if typed.flag("version"):
        from paratask import __version__

        sys.stdout.write(f"{__version__}\n")
        return 0
    if typed.flag("help"):
        from paratask.cli.help import HELP_COLUMNS, render_help
        from paratask.cli.on_terminal import columns

        sys.stdout.write(render_help(columns(otherwise=HELP_COLUMNS)))
        return 0
    from paratask.cli.experiments import render_experiments
    from paratask.cli.setup import painter_for

    sys.stdout.write(render_experiments(typed.experiments, painter_for(typed, 1)))
    return 0


def _set_up(typed: Typed) -> int:
    """What is done once for a repository, a machine or a shell."""
    if typed.flag("init"):
        from paratask.cli.init import init

        return init(typed)
    if typed.flag("doctor"):
        from paratask.cli.doctor.doctor import doctor

        return doctor(typed)
    if typed.text("completion"):
        from paratask.cli.completion import print_completion

        return print_completion(typed)
    from paratask.cli.hooks import hooks_command

    return hooks_command(typed)


def _carry_out(typed: Typed) -> int:
    """Run tasks: as they are, in copies, or watched; or only plan them."""
    if typed.flag("exec"):
        from paratask.cli.exec.commands import exec_commands

        return exec_commands(typed)
    if typed.flag("plan") or typed.text("graph"):
        from paratask.cli.plan import show_plan

        return show_plan(typed)
    if typed.flag("verify"):
        from paratask.cli.proving.verify import verify

        return verify(typed)
    if typed.flag("learn"):
        from paratask.cli.learn import learn

        return learn(typed)
    if typed.flag("resume"):
        from paratask.cli.resuming.resume import resume

        return resume(typed)
    from paratask.cli.run import run

    return run(typed)


def report(error: ParataskError, typed: Typed | None) -> int:
    """Say what went wrong, and return the exit code for it."""
    from paratask.cli.annotations import annotate
    from paratask.cli.setup import painter_for, shown_from
    from paratask.reporting.errors import render_error

    annotate(error)
    text = render_error(error, cwd=shown_from(), paint=painter_for(typed, 2))
    if sys.stderr.isatty():
        from paratask.reporting.controls import visible

        text = visible(text)
    sys.stderr.write(text + "\n")
    if typed is not None and typed.flag("exit_code") and isinstance(error, TaskRunError):
        return error.command_exit_code()
    return error.exit_code


def _silence_stdout() -> None:
    """Nobody takes what is left for stdout: let the interpreter's last flush go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _why_unwritten() -> str:
    """What kept stdout from being written to; empty where nothing did."""
    trouble = getattr(getattr(getattr(sys.stdout, "buffer", None), "raw", None), "trouble", None)
    return "" if trouble is None else str(trouble.strerror)


def _hurry() -> None:
    """Ctrl-C: what stdout and stderr do not take at once is lost. One more ends us wherever we are."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    for stream in (sys.stdout, sys.stderr):
        raw = getattr(getattr(stream, "buffer", None), "raw", None)
        if isinstance(raw, _Stream):
            raw.waits = False


class _Stream(io.FileIO):
    """stdout or stderr, and what kept it from being written to. What stderr takes no more is lost, and does not end us: it is words.

    `waits` is whether it waits for a reader who is slow, or who has stopped reading.
    """

    trouble: OSError | None = None
    waits = True

    def write(self, data: ReadableBuffer) -> int:
        if not self.waits:
            import select

            data = memoryview(data)[: select.PIPE_BUF]  # so much never blocks, where there is room for anything
            if not select.select((), (self.fileno(),), (), 0)[1]:
                return len(data)
        try:
            written = super().write(data)
            if written is None:  # somebody we share it with made it non-blocking
                os.set_blocking(self.fileno(), True)
                written = super().write(data)
        except OSError as error:
            self.trouble = error
            if self.fileno() == 2:
                return len(memoryview(data))
            raise
        return written


def _robust(stream: TextIO, errors: str) -> TextIO:
    """What we write is UTF-8 whatever the locale, as `task`'s words and those of Taskfiles are."""
    raw = io.BufferedWriter(_Stream(stream.fileno(), "w", closefd=False))
    by_line = bool(stream.line_buffering) or getattr(stream, "write_through", False)  # the latter where Python is not to buffer
    return io.TextIOWrapper(raw, encoding="utf-8", errors=errors, line_buffering=by_line)


def run_and_exit() -> None:
    """The console script."""
    gc.set_threshold(YOUNG_OBJECTS)
    sys.stdout, sys.stderr = _robust(sys.stdout, "surrogateescape"), _robust(sys.stderr, "backslashreplace")
    exit_code = main()
    _leave(exit_code)


def _leave(exit_code: int) -> None:
    """End here and now. To take the interpreter to pieces first took 4 ms of 50, also where the collector was kept from looking."""
    threading = sys.modules.get("threading")
    if threading is None or threading.active_count() == 1:
        atexit._run_exitfuncs()  # noqa: SLF001 - there is no other way to them
        try:
            for stream in (sys.stdout, sys.stderr):
                if stream is not None:
                    stream.flush()
        except (OSError, ValueError):
            sys.exit(exit_code)  # the interpreter's way to say so
        os._exit(exit_code)
    sys.exit(exit_code)
