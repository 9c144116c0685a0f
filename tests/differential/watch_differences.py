"""The rows of docs/compatibility.md about watching and about questions, each as a check on both programs. See test_compatibility.

Each step waits for a line of the one before. That something does not happen is seen from what comes after it.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from typing import Protocol

    class Sides(Protocol):
        files: dict[str, str]

        def taskfile(self, text: str, **files: str) -> None: ...
        def new_folder(self) -> Path: ...
        def start_in(self, folder: Path, program: str, *arguments: str, **streams: int) -> subprocess.Popen[str]: ...


PATIENCE = 60
"""Seconds without any output after which a line that does not come is an error."""
HEARS_SECONDS = 10
INTERVAL = "--interval=50ms"
FINISHED = 'task: task "show" finished running'
FAILED = 'task: Failed to run task "show": .*|error: `once` failed: .*'
RAN, STOPPED = r"printf 'ran\n'", r"printf 'stopped\n'"
"""One write each: the shell in `task` writes the words of `echo` and the end of the line apart, and other lines come in between."""
LATER = 2**31 - 1
"""A time of modification after that of every other file."""


class Watched:
    """A program that runs in a folder of its own. What it writes comes through `descriptor`."""

    def __init__(self, folder: Path, process: subprocess.Popen[str], descriptor: int) -> None:
        self.folder = folder
        self.process = process
        self.descriptor = descriptor
        self.lines: list[str] = []
        self._rest = b""

    def until(self, *patterns: str) -> list[str]:
        """Read on, up to the last line that matches one of them, in whatever order they come; gives the lines before that."""
        first, wanted = len(self.lines), set(patterns)
        for line in iter(self._next_line, None):
            self.lines.append(line)
            wanted = {pattern for pattern in wanted if not re.fullmatch(pattern, line)}
            if not wanted:
                return self.lines[first:-1]
        raise AssertionError(f"{sorted(wanted)} never came, but: {self.lines}")

    def until_seen(self, text: bytes) -> None:
        """A text that need not be a line."""
        while text not in self._rest:
            assert self._read_more(), f"{text!r} never came, but {self._rest!r}"

    def until_heard(self, pattern: str, act: Callable[[], None]) -> None:
        """Act, and again while nothing comes of it: `task` may miss what happens as it begins a round."""
        act()
        while not self._rest and not select.select([self.descriptor], [], [], HEARS_SECONDS)[0]:
            act()
        self.until(pattern)

    def signal(self, number: int) -> None:
        """To it, and to nothing that it started."""
        os.kill(self.process.pid, number)

    def wait(self) -> int:
        return self.process.wait(timeout=PATIENCE)

    def until_it_ends(self) -> int:
        """Its exit code, once it has written all."""
        while self._read_more():
            pass
        return self.wait()

    def _next_line(self) -> str | None:
        while b"\n" not in self._rest:
            if not self._read_more():
                return None
        line, _, self._rest = self._rest.partition(b"\n")
        return line.decode()

    def _read_more(self) -> bool:
        ready, _, _ = select.select([self.descriptor], [], [], PATIENCE)
        data = b""
        with suppress(OSError):  # a terminal that nobody writes to any more
            data = os.read(self.descriptor, 65536) if ready else b""
        self._rest += data
        return bool(data)


@contextmanager
def running(sides: Sides, program: str, *arguments: str, **streams: int) -> Iterator[Watched]:
    """stdout and stderr are one stream. At the end nothing is left of what runs in the folder."""
    folder = sides.new_folder()
    with ExitStack() as stack:
        stack.callback(_end_all_in, folder)
        process = sides.start_in(folder, program, *arguments, **{"stderr": subprocess.STDOUT, **streams})
        stack.callback(_end, process)
        assert process.stdout is not None
        yield Watched(folder, process, process.stdout.fileno())


@contextmanager
def asking(sides: Sides, program: str) -> Iterator[Watched]:
    """At a terminal, where it may ask."""
    folder = sides.new_folder()
    keyboard, terminal = pty.openpty()
    with ExitStack() as stack:
        stack.callback(os.close, keyboard)
        stack.callback(_end_all_in, folder)
        with os.fdopen(terminal):
            fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            process = sides.start_in(folder, program, "--interactive", stdin=terminal, stdout=terminal, stderr=terminal)
            stack.callback(_end, process)
        yield Watched(folder, process, keyboard)


def _end(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    if process.stdout is not None:
        process.stdout.close()
    process.wait()


def _end_all_in(folder: Path) -> None:
    """Commands may have process groups of their own, and have lost their parents; the folder that they run in stays."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if Path(process.cwd()).is_relative_to(folder):
                process.kill()


def watching(sides: Sides, program: str, *arguments: str) -> AbstractContextManager[Watched]:
    return running(sides, program, "--watch", "--verbose", *arguments, "show")


def ready(watched: Watched, *lines: str) -> None:
    """In any order: `task` looks for folders while the first run goes on."""
    watched.until("task: watching new dir: src", *(lines or (FINISHED,)))


def source(watched: Watched, name: str = "src/x.txt") -> Path:
    return watched.folder / name


def change(path: Path, text: str) -> None:
    """In one step: the file is never seen empty."""
    with path.open("r+") as file:
        file.write(text)


def remove(path: Path) -> None:
    """Or make it again, where it is gone, to be removed the next time."""
    if path.exists():
        path.unlink()
    else:
        path.touch()


def show(sides: Sides, keys: str) -> None:
    """A task with these keys, whose sources are in src/, beside a file that is none."""
    sides.taskfile(f"tasks:\n  show: {{sources: ['src/**/*.txt'], {keys}}}\n")
    sides.files.update({"src/x.txt": "one\n", "src/other.md": ""})


def watch_once_a_change(sides: Sides) -> None:
    """One new file. What `task` starts twice it may stop before it has said anything else."""
    show(sides, f"method: none, cmds: [{RAN}]")
    with watching(sides, "task", "--interval=500ms") as theirs:
        ready(theirs)
        source(theirs, "src/new.txt").write_text("new")
        theirs.until('task: "show" started')
        theirs.until('task: "show" started')
    with watching(sides, "paratask", "--interval=500ms") as ours:
        ready(ours)
        source(ours, "src/new.txt").write_text("new")
        ours.until(FINISHED)
        change(source(ours), "two")
        assert ours.until(FINISHED).count("ran") == 1
        assert ours.lines.count("ran") == 3


def watch_other_files(sides: Sides) -> None:
    show(sides, f"method: none, cmds: [{{defer: {STOPPED}}}, {RAN}, sleep 60]")
    passed_over = "task: skipped for file not in sources: src/other.md"
    with watching(sides, "task", INTERVAL) as theirs:
        ready(theirs, "ran")
        change(source(theirs, "src/other.md"), "changed")
        theirs.until("stopped", passed_over)
        change(source(theirs), "two")
        assert "stopped" not in theirs.until("ran")
        theirs.until_heard("ran", lambda: remove(source(theirs, "src/other.md")))
    with watching(sides, "paratask", INTERVAL) as ours:
        ready(ours, "ran")
        change(source(ours, "src/other.md"), "changed")
        ours.until(passed_over)
        source(ours, "src/other.md").unlink()
        ours.until(passed_over)
        change(source(ours), "two")
        ours.until("ran")
        assert (ours.lines.count("stopped"), ours.lines.count("ran")) == (1, 2)


def watch_new_folders(sides: Sides) -> None:
    """The folder comes with its file, in one step. To `task` it is something new that is no source, until it looks for folders."""
    show(sides, f"method: none, cmds: [{RAN}]")
    sides.files["aside/y.txt"] = "new\n"
    with watching(sides, "task", INTERVAL) as theirs:
        ready(theirs)
        source(theirs, "aside").rename(source(theirs, "src/new"))
        seen = theirs.until("task: watching new dir: src/new")
        change(source(theirs, "src/new/y.txt"), "changed")
        theirs.until("ran")
        assert "ran" not in seen
    with watching(sides, "paratask", INTERVAL) as ours:
        ready(ours)
        source(ours, "aside").rename(source(ours, "src/new"))
        ours.until("ran")


def watch_time(sides: Sides) -> None:
    """A file that is written after another one was touched is the first of which `task` hears."""
    show(sides, f"method: timestamp, cmds: [{RAN}]")
    sides.files["src/y.txt"] = ""
    event = "task: received watch event: "
    with watching(sides, "task", INTERVAL) as theirs:
        ready(theirs)
        os.utime(source(theirs), (LATER, LATER))
        change(source(theirs, "src/y.txt"), "two")
        heard = [line for line in theirs.until("ran") if line.startswith(event)]
        assert [line.rpartition("/")[2] for line in heard] == ['y.txt"']
    with watching(sides, "paratask", INTERVAL) as ours:
        ready(ours)
        os.utime(source(ours), (LATER, LATER))
        ours.until("ran")


SERVER = """
import os, signal, time
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
os.write(1, b"up %d\\n" % os.getpid())
time.sleep(60)
"""


def _servers(watched: Watched) -> list[int]:
    return [int(line.removeprefix("up ")) for line in watched.lines if line.startswith("up ")]


def watch_one_at_a_time(sides: Sides) -> None:
    """A server that heeds no signal: which are alive when the second one is up, and when the program has ended?"""
    show(sides, f"method: none, cmds: [{{defer: echo >> deferred}}, '{sys.executable} server']")
    sides.files["server"] = SERVER
    alive, deferred = [], []
    for program in ("task", "paratask"):
        with watching(sides, program, INTERVAL) as watched:
            ready(watched, "up [0-9]+")
            change(source(watched), "two")
            watched.until("up [0-9]+")
            alive.append([psutil.pid_exists(server) for server in _servers(watched)])
            watched.signal(signal.SIGINT)
            assert watched.wait() == 0
            alive.append([psutil.pid_exists(server) for server in _servers(watched)])
            deferred.append(len(_text(watched.folder / "deferred")))
    assert alive == [[True, True], [True, True], [False, True], [False, False]]
    assert deferred == [0, 2]


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def watch_run_once(sides: Sides) -> None:
    """A dependency with sources, and one that fails at first."""
    dependency = "  once: {run: once, sources: ['src/*.txt'], cmds: [cat src/x.txt]}\n"
    assert _second_run(sides, dependency, FINISHED) == [["ran", FINISHED], ["two", "ran", FINISHED]]
    assert _second_run(sides, "  once: {run: once, cmds: [grep -q two src/x.txt]}\n", FAILED) == [[], ["ran", FINISHED]]


def _second_run(sides: Sides, dependency: str, first_end: str) -> list[list[str]]:
    """What both print of these lines after a change. The first run ends with this."""
    show(sides, f"method: none, deps: [once], cmds: [{RAN}]")
    sides.files["Taskfile.yml"] += dependency
    printed = []
    for program in ("task", "paratask"):
        with watching(sides, program, INTERVAL) as watched:
            ready(watched, first_end)
            change(source(watched), "two\n")
            lines = [*watched.until(f"{FINISHED}|{FAILED}"), watched.lines[-1]]
            printed.append([line for line in lines if line in {"two", "ran", FINISHED}])
    return printed


def watch_keyboard(sides: Sides) -> None:
    show(sides, "cmds: [readlink /proc/self/fd/0]")
    read = []
    for program in ("task", "paratask"):
        keyboard, terminal = pty.openpty()
        with os.fdopen(keyboard), os.fdopen(terminal), running(sides, program, "-w", "show", stdin=terminal) as watched:
            read.append(watched.until(FINISHED)[-1])
            name = os.ttyname(terminal)
    assert read == [name, os.devnull]


def watch_hangup(sides: Sides) -> None:
    show(sides, f"watch: true, method: none, cmds: [{RAN}]")
    with running(sides, "task", "--verbose", INTERVAL, "show") as theirs:
        ready(theirs)
        for _ in range(2):
            theirs.signal(signal.SIGHUP)
            theirs.until('task: Signal received: "hangup"')
        change(source(theirs), "two")
        theirs.until("ran")
        theirs.signal(signal.SIGHUP)
        assert theirs.wait() == 1
    with running(sides, "paratask", "--verbose", INTERVAL, "show") as ours:
        ready(ours)
        ours.signal(signal.SIGHUP)
        assert ours.wait() == 129


def late_answers(sides: Sides) -> None:
    """The second of two calls needs no answer any more."""
    sides.taskfile(
        "tasks:\n  default: [{task: late}, {task: late}]\n"
        "  late: {requires: {vars: [NAME]}, vars: {D: {sh: 'echo dyn-{{.NAME}}'}}, cmds: ['echo \"[{{.D}}]\" >> said']}\n"
    )
    said = []
    for program in ("task", "paratask"):
        with asking(sides, program) as asked:
            asked.until_seen(b"NAME")
            os.write(asked.descriptor, b"x\r")
            assert asked.until_it_ends() == 0
            said.append((asked.folder / "said").read_text())
    assert said == ["[]\n[dyn-x]\n", "[dyn-x]\n[dyn-x]\n"]


WATCH_CHECKS: dict[str, Callable[[Sides], None]] = {
    "late-answers": late_answers,
    "watch-once-a-change": watch_once_a_change,
    "watch-other-files": watch_other_files,
    "watch-new-folders": watch_new_folders,
    "watch-time": watch_time,
    "watch-one-at-a-time": watch_one_at_a_time,
    "watch-run-once": watch_run_once,
    "watch-keyboard": watch_keyboard,
    "watch-hangup": watch_hangup,
}
