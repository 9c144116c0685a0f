"""`python -m paratask`, and the console script."""

import os
import signal
import sys


def start() -> None:
    """Ctrl-C ends us as it ends any program until somebody can say something better than where an import was."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
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
