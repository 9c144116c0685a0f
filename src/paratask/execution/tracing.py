"""Commands under strace, which writes down the files that they touch. See "Observing" in docs/design.md.

strace runs beside the command, not above it (`-DD`): process ids, groups, exit codes, signals and the terminal are as without it, and
children that outlive the command are followed on. It knows nothing of what the traces say, which is observing/'s.
"""

from __future__ import annotations

import errno
import os
import select
import signal
import sys

from paratask.errors import ParataskError
from paratask.frozen import dataclass
from paratask.processes.shell import Shell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from paratask.variables.ready import ReadyTask

LONGEST_PATH = 4096
LAST_SECONDS = 2.0
OPTIONS = (
    "-f", "-DD", "-I2", "-y", "-s", str(LONGEST_PATH), "-e", "signal=none",
    "-e", "inject=io_uring_setup:error=ENOSYS",  # files opened through io_uring cannot be seen; everybody can do without
)  # fmt: skip
BY_FILTER = "--seccomp-bpf"
INSTALLERS = (
    ("apt-get", "apt-get install"),
    ("dnf", "dnf install"),
    ("apk", "apk add"),
    ("pacman", "pacman -S"),
    ("zypper", "zypper install"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One command's trace: whose it is (a ReadyTask, or the text of a `sh:` variable), where it started, and the file."""

    owner: object
    folder: str
    path: str


class Strace:
    """Wraps commands. `folder` is made for the traces, and removed by `close`. `traced` are the calls to trace, as for `-e trace=`."""

    def __init__(self, *, folder: str, environ: Mapping[str, str], traced: str) -> None:
        """Raises ParataskError where there is no strace, it may not trace, or the folder cannot be made."""
        self._options = _working_options(environ, f"trace={traced},io_uring_setup")
        self._folder = folder
        try:
            os.makedirs(folder)
        except OSError as error:
            why = (error.strerror or "").lower()
            raise ParataskError(
                f"traces cannot be kept in `{os.path.dirname(folder)}`: {why}", help="learn in a checkout of your own"
            ) from None
        self.traces: list[Trace] = []
        self.jobs: dict[str, ReadyTask] = {}
        """What each job that began carries out."""

    def begins(self, job: str, ready: ReadyTask) -> None:
        """A job's own commands will follow."""
        self.jobs[job] = ready

    def wrap(self, argv: Sequence[str], *, owner: object, folder: str, environment: Mapping[str, str]) -> list[str]:
        """The program and arguments (its name among them) that run `argv`, which is of the same form. Raises OSError as starting does."""
        program, name, *rest = argv
        _check_startable(program)
        trace = Trace(owner=owner, folder=folder, path=os.path.join(self._folder, str(len(self.traces))))
        self.traces.append(trace)
        started = name if _finds(name, environment.get("PATH", os.defpath), folder) == program else program
        return [self._options[0], *self._options, "-o", trace.path, "--", started, *rest]

    def finish(self) -> bool:
        """Wait a little for children that outlived their commands, then let go of them. Whether all had ended."""
        tracers = self._tracers()
        poll = select.poll()
        for fd in tracers.values():
            poll.register(fd, select.POLLIN)
        left = dict.fromkeys(tracers.values())
        import time

        end = time.monotonic() + LAST_SECONDS
        while left and (remaining := end - time.monotonic()) > 0:
            for fd, _ in poll.poll(remaining * 1000):
                poll.unregister(fd)
                left.pop(fd, None)
        for pid, fd in tracers.items():
            if fd in left:
                _let_go(pid)
            os.close(fd)
        return not left

    def close(self) -> None:
        import shutil

        shutil.rmtree(self._folder, ignore_errors=True)

    def _tracers(self) -> dict[int, int]:
        """Tracers that still run, by process id: a descriptor that tells when they end."""
        wanted = os.fsencode(self._folder) + b"/"
        found: dict[int, int] = {}
        for name in os.listdir("/proc"):
            if (
                name.isdigit()
                and wanted in _command_line(name)
                and _command_line(name).startswith(os.fsencode(self._options[0]))
            ):
                try:
                    found[int(name)] = os.pidfd_open(int(name))
                except OSError:
                    continue
        return found


def trace_folder(state: str, pid: int) -> str:
    """Where a paratask with that id keeps strace's notes until it has read them. `state` is the path of `.paratask`."""
    return os.path.join(state, f"traces-{pid}")


def _let_go(tracer: int) -> None:
    """It detaches: what it traces runs on."""
    try:
        os.kill(tracer, signal.SIGTERM)
    except ProcessLookupError:  # it has ended meanwhile
        pass


def _command_line(pid: str) -> bytes:
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read()
    except OSError:
        return b""


def _finds(name: str, path: str, folder: str) -> str | None:
    """The program that strace would start under that name."""
    return os.path.join(folder, name) if "/" in name else Shell.find(name, path)


def _check_startable(program: str) -> None:
    """Fail as the kernel would: strace would fail in its own words."""
    try:
        with open(program, "rb") as file:
            start = file.read(256)
    except PermissionError:  # it may be run, and not read
        return
    if start[:2] == b"#!":
        interpreter = start[2:].split(b"\n")[0].split()[:1]
        if interpreter and not os.path.exists(interpreter[0]):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), program)
    elif start[:4] != b"\x7fELF":
        raise OSError(errno.ENOEXEC, os.strerror(errno.ENOEXEC), program)


def _working_options(environ: Mapping[str, str], traced: str) -> tuple[str, ...]:
    """The strace of this machine, with the options that it takes: it is tried on a program that does nothing. Raises ParataskError."""
    if sys.platform != "linux":
        message = "--learn needs strace, which there is for Linux only"
        raise ParataskError(message, help="learn in a Linux container or in CI, and commit paratask.claims.toml")
    path = environ.get("PATH", os.defpath)
    program = _finds("strace", path, "/")
    if program is None:
        raise ParataskError("--learn needs strace, and there is none on PATH", help=_how_to_install(path))
    from paratask.processes.probes import complaint

    trouble = ""
    for options in ((program, *OPTIONS, BY_FILTER, "-e", traced), (program, *OPTIONS, "-e", traced)):
        trouble = complaint([*options, "-o", "/dev/null", "--", sys.executable, "-I", "-S", "-c", ""], environ)
        if not trouble:
            return options
    trouble = trouble.removeprefix("strace: ")
    if "ermitted" in trouble or "EPERM" in trouble or "denied" in trouble:
        raise ParataskError(f"strace may not trace here: {trouble}", help="in a container: docker run --cap-add=SYS_PTRACE")
    raise ParataskError(f"strace does not work here: {trouble}", help="--learn needs strace 5.3 or newer")


def _how_to_install(path: str) -> str:
    for program, command in INSTALLERS:
        if _finds(program, path, "/"):
            return f"{command} strace"
    return "install the package `strace` (apt-get, dnf, apk and pacman have it under that name)"
