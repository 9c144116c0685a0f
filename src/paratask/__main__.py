"""`python -m paratask`, and the console script."""

import os
import signal
import sys


def start() -> None:
    """Ctrl-C ends us as it ends any program until somebody can say something better than where an import was."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())  # whoever started us may have blocked SIGCHLD, and no end would be noticed
    if os.getpid() == 1:
        _end_of_signals()
    if sys.getfilesystemencoding() != "utf-8":
        from paratask.cli.own_locale import start_in_utf8

        start_in_utf8()
    if None in (sys.stdin, sys.stdout, sys.stderr):
        from paratask.cli.closed_streams import open_closed_streams

        open_closed_streams()
    if "LC_CTYPE" in os.environ:
        from paratask.cli.own_locale import forget_own_locale

        forget_own_locale()
    from paratask.cli.main import run_and_exit

    signal.signal(signal.SIGINT, before)
    run_and_exit()


def _end_of_signals() -> None:
    """The first process of a container is not ended by signals that it has not asked for: `docker stop` would wait and then kill. This
    is for the time before and after a run, which handles them itself.
    """
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, lambda number, _: os._exit(128 + number))


def forget_current_folder() -> None:
    """`python -m` looks for modules in the current folder first, and what stands there may be anybody's: a `json.py` would be run by
    who only lists its tasks. Not where this package itself is there.
    """
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    is_safe = sys.flags.isolated or getattr(sys.flags, "safe_path", False)  # then it is not on the path
    if not is_safe and sys.path and sys.path[0] != own:
        del sys.path[0]


if __name__ == "__main__":
    forget_current_folder()
    start()
