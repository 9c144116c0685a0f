"""What `--doctor` tells of the machine: versions, shell, cores, memory, pressure, tracer; and what is missing there."""

from __future__ import annotations

import os
import platform
import re
import sys

from paratask import __version__
from paratask.amounts import shown_bytes
from paratask.diagnosing.finding import Finding
from paratask.names import counted
from paratask.plugins.installed import installed_reporters
from paratask.processes.cgroups import cpu_quota, memory_limits
from paratask.processes.meters import cpu_count, machine_memory
from paratask.processes.probes import versions
from paratask.processes.shell import APPLE_BASH, Shell
from paratask.records.runs import run_ids
from paratask.taskfile.pipelines import stage_marks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from paratask.execution.workbench import Workbench

PROGRAMS = ("bash", "git", "strace", "task")
PRESSURE = "/proc/pressure/memory"
OLDEST_BASH = (4, 4)
OTHERWISE = (
    "a `$(…)` that fails and a `[[ … ]]` that does not hold end no command, and what the last part of a pipeline sets is lost"
)
FAILS = "it does not know the options that commands are run with"


def facts(environ: Mapping[str, str]) -> dict[str, str]:
    """What is told of this machine and this installation, by name, in the order in which it is shown."""
    shell = Shell(environ)
    path = environ.get("PATH", os.defpath)
    found = {name: shell.find(name, path) for name in PROGRAMS}
    said = versions({name: program for name, program in found.items() if program}, environ)
    told = {name: f"{_number(said[name])} ({program})" if program else "none" for name, program in found.items()}
    told["bash"] = told["bash"] if shell.is_bash else f"none; {shell.program} stands in"
    return {
        "paratask": f"{__version__} on Python {platform.python_version()}, {sys.platform} {platform.machine()}",
        **told,
        "cores": _cores(),
        "memory": _memory(),
        "pressure": "told by the kernel (PSI)" if os.path.exists(PRESSURE) else "not told by the kernel",
    }


def _number(said: str) -> str:
    """The version in what a program says of itself."""
    number = re.search(r"\d+(?:\.\d+)+", said)
    return number[0] if number else said or "tells no version"


def _parts(number: str) -> tuple[int, ...]:
    """Of a version; of what is none, one that is not too old."""
    return tuple(map(int, number.split("."))) if number.replace(".", "").isdecimal() else OLDEST_BASH


def project_facts(bench: Workbench, cwd: str) -> dict[str, str]:
    """What is told of the project, by name."""
    pipelines = bench.project.settings.pipelines
    made = {*pipelines, *stage_marks(pipelines.values())} if pipelines else ()
    tasks = [task for task in bench.taskfile.tasks.values() if task.name not in made]
    count = len({task.position.file for task in tasks})
    files = f" in {count} files" if count > 1 else ""
    kept = len(run_ids(bench.state_dir))
    shown = os.path.relpath(bench.taskfile.file, cwd)
    offered = ", ".join(sorted(installed_reporters()))
    return {
        "Taskfile": f"{shown}, {counted(len(tasks), 'task')}{files}"
        + (f", {counted(len(pipelines), 'pipeline')}" if pipelines else ""),
        "records": f"{counted(kept, 'run')} in {os.path.relpath(bench.state_dir, cwd)}" if kept else "none",
        **({"reporters": offered} if offered else {}),
    }


def check_reporters(bench: Workbench) -> Iterator[Finding]:
    """What is wrong with the reporters that paratask.toml names."""
    settings, there = bench.project.settings, installed_reporters()
    for name in dict.fromkeys(settings.reporters):
        if name not in there and name != "off":
            yield Finding(
                kind="no-reporter", message=f"the reporter `{name}` is not installed", why="runs go on without it, and nobody is told of them",
                help=f"install the package that offers it, or take `{name}` out of `reporters`", is_problem=False,
                position=settings.positions.get(name),
            )  # fmt: skip


def _cores() -> str:
    quota = cpu_quota()
    there = os.cpu_count() or 1
    limit = f"; the control group allows {quota:g}" if quota else ""
    return f"{cpu_count():g} of {there}{limit}"


def _memory() -> str:
    available, total = (machine_memory(name) for name in ("MemAvailable:", "MemTotal:"))
    limits = [limit.limit for limit in memory_limits()]
    group = f"; the control group allows {shown_bytes(min(limits))}" if limits else ""
    return f"{shown_bytes(available)} of {shown_bytes(total)} available{group}"


def check_machine(environ: Mapping[str, str]) -> Iterator[Finding]:
    """What is missing for running, learning, and keeping within the machine."""
    shell = Shell(environ)
    path = environ.get("PATH", os.defpath)
    if not shell.is_bash:
        yield Finding(
            kind="no-bash", message="there is no bash on PATH", why=f"commands run in `{shell.program}`, where bash's own syntax fails",
            help="install bash 4.4 or later", is_problem=True,
        )  # fmt: skip
    elif _parts(number := _number(versions({"bash": shell.program}, environ)["bash"])) < OLDEST_BASH:
        yield Finding(
            kind="old-bash", message=f"{shell.program} is bash {number}", why=OTHERWISE if shell.program == APPLE_BASH else FAILS,
            help="put bash 4.4 or later before it on PATH", is_problem=shell.program != APPLE_BASH,
        )  # fmt: skip
    if shell.find("git", path) is None:
        yield Finding(
            kind="no-git", message="there is no git on PATH", why="--verify, --install-hooks and Taskfiles from git need it",
            help="install git", is_problem=False,
        )  # fmt: skip
    if sys.platform == "linux" and shell.find("strace", path) is None:
        yield Finding(
            kind="no-strace", message="there is no strace on PATH", why="--learn needs it to see what tasks read and write",
            help="install strace, or learn elsewhere and commit paratask.claims.toml", is_problem=False,
        )  # fmt: skip
    if sys.platform == "linux" and not os.path.exists("/proc/self/stat"):
        yield Finding(
            kind="no-proc", message="/proc is not mounted",
            why="nobody can tell how much memory is available, what `--load` is about, and what a killed run left running",
            help="mount -t proc proc /proc", is_problem=True,
        )  # fmt: skip
    elif sys.platform == "linux" and not os.path.exists(PRESSURE):
        yield Finding(
            kind="no-pressure", message="the kernel does not tell pressure (PSI)",
            why="that something waits for memory is noticed only when little is available",
            help="start Linux with psi=1", is_problem=False,
        )  # fmt: skip
