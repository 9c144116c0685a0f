"""The programs that are measured against each other: how each is given a graph, and how it is told to run it. Measures nothing.

All get the same commands and the same edges, run each command once, keep nothing that would spare one, and say as little as they
can. get_peers.sh installs those that a system lacks. What is not installed is skipped.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from graphs import Graph, Job

PEERS_FOLDER = Path(__file__).parent / ".peers" / "bin"
OUTER = (
    "PARATASK_",
    "TASK_",
    "MAKEFLAGS",
    "MFLAGS",
    "MAKELEVEL",
    "CARGO_MAKEFLAGS",
    "GNUMAKEFLAGS",
    "JUST_",
    "TURBO_",
    "MOON_",
)


@dataclass(frozen=True, kw_only=True)
class Peer:
    """One program. `write` makes its files in a folder, `argv` is what runs them with so many jobs at once.

    `most_jobs` bounds what it is given: who starts a package manager for each command would take minutes for a thousand.
    """

    name: str
    write: Callable[[Graph, Path], object]
    argv: Callable[[int], Sequence[str]]
    has_edges: bool = True
    most_jobs: int = 1_000_000
    environment: tuple[tuple[str, str], ...] = ()

    @property
    def program(self) -> str | None:
        """Where it is: among the peers installed for this, beside this Python, or on PATH."""
        places = (str(PEERS_FOLDER), str(Path(sys.executable).parent), os.environ.get("PATH", ""))
        return shutil.which(self.name, path=os.pathsep.join(places))

    def command(self, slots: int) -> list[str]:
        """What to start."""
        if self.program is None:
            raise SystemExit(f"{self.name} is not installed: benchmarks/get_peers.sh")
        return [self.program, *self.argv(slots)]

    def environ(self) -> dict[str, str]:
        """The environment to start it in. What an outer runner says to those below it is left out: these share with nobody."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OUTER)}
        return {**kept, **dict(self.environment)}

    def why_not(self, graph: Graph) -> str:
        """Why it cannot be measured with this graph; empty when it can."""
        if self.program is None:
            return "not installed"
        if not self.has_edges and not graph.is_independent:
            return "knows no order"
        if len(graph.jobs) > self.most_jobs:
            return f"more than {self.most_jobs} jobs would take too long"
        return ""

    def version(self) -> str:
        """The first line of what it says of itself."""
        program = self.program
        if program is None:
            return ""
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, env=self.environ())
        return (done.stdout.strip().splitlines() or [""])[0]


def _write_taskfile(graph: Graph, folder: Path) -> None:
    lines = ["version: '3'", "run: once", "tasks:", f"  all: {{deps: {json.dumps(graph.last)}}}"]
    lines += [f"  {job.name}: {{deps: {json.dumps(job.after)}, cmds: [{json.dumps(job.command)}]}}" for job in graph.jobs]
    (folder / "Taskfile.yml").write_text("\n".join(lines) + "\n")


def _write_makefile(graph: Graph, folder: Path) -> None:
    rules = [f"all: {' '.join(graph.last)}\n", f".PHONY: all {' '.join(job.name for job in graph.jobs)}\n"]
    rules += [f"{job.name}: {' '.join(job.after)}\n\t{job.command.replace('$', '$$')}\n" for job in graph.jobs]
    (folder / "Makefile").write_text("".join(rules))


def _write_ninja(graph: Graph, folder: Path) -> None:
    """No command makes the file that is named for its job, so that all of them are always due."""
    lines = ["rule run", "  command = $text", f"build all: phony {' '.join(graph.last)}", "default all"]
    for job in graph.jobs:
        lines += [f"build {job.name}: run{_after('|', job)}", f"  text = {job.command.replace('$', '$$')}"]
    (folder / "build.ninja").write_text("\n".join(lines) + "\n")


def _after(sign: str, job: Job) -> str:
    return f" {sign} {' '.join(job.after)}" if job.after else ""


def _write_justfile(graph: Graph, folder: Path) -> None:
    recipes = [f"[parallel]\nall: {' '.join(graph.last)}\n"]
    recipes += [f"[parallel]\n{job.name}: {' '.join(job.after)}\n    @{job.command}\n" for job in graph.jobs]
    (folder / "justfile").write_text("\n".join(recipes))


def _write_lines(graph: Graph, folder: Path) -> None:
    (folder / "jobs").write_text("".join(f"{job.command}\n" for job in graph.jobs))


def _write_turbo(graph: Graph, folder: Path) -> None:
    """Scripts of the root package."""
    scripts = {"all": "true", **{job.name: job.command for job in graph.jobs}}
    after = {"all": graph.last, **{job.name: job.after for job in graph.jobs}}
    package = {
        "name": "work",
        "private": True,
        "packageManager": "npm@10.0.0",
        "workspaces": ["packages/*"],
        "scripts": scripts,
    }
    tasks = {f"//#{name}": {"cache": False, "dependsOn": [f"//#{other}" for other in others]} for name, others in after.items()}
    (folder / "package.json").write_text(json.dumps(package))
    (folder / "package-lock.json").write_text('{"name": "work", "lockfileVersion": 3, "packages": {}}')
    (folder / "turbo.json").write_text(json.dumps({"tasks": tasks}))


def _write_moon(graph: Graph, folder: Path) -> None:
    (folder / ".moon").mkdir(exist_ok=True)
    (folder / ".moon" / "workspace.yml").write_text("projects:\n  work: '.'\ntelemetry: false\n")
    tasks = {
        job.name: {"script": job.command, "deps": [f"~:{name}" for name in job.after], "options": {"cache": False}}
        for job in graph.jobs
    }
    tasks["all"] = {"script": "true", "deps": [f"~:{name}" for name in graph.last], "options": {"cache": False}}
    (folder / "moon.yml").write_text(json.dumps({"tasks": tasks}))


PEERS = (
    Peer(name="paratask", write=_write_taskfile, argv=lambda slots: ("--silent", "--jobs", str(slots), "all")),
    Peer(name="task", write=_write_taskfile, argv=lambda slots: ("--silent", "--concurrency", str(slots), "all")),
    Peer(name="make", write=_write_makefile, argv=lambda slots: ("--silent", f"-j{slots}", "all")),
    Peer(name="ninja", write=_write_ninja, argv=lambda slots: ("--quiet", f"-j{slots}", "all")),
    Peer(name="just", write=_write_justfile, argv=lambda slots: ("--quiet", "--jobs", str(slots), "all")),
    Peer(name="parallel", write=_write_lines, argv=lambda slots: ("--will-cite", f"-j{slots}", "-a", "jobs"), has_edges=False),
    Peer(
        name="turbo",
        write=_write_turbo,
        argv=lambda slots: (
            "run",
            "//#all",
            f"--concurrency={slots}",
            "--output-logs=none",
            "--no-daemon",
            "--no-update-notifier",
        ),
        most_jobs=50,
        environment=(("TURBO_TELEMETRY_DISABLED", "1"), ("DO_NOT_TRACK", "1")),
    ),
    Peer(
        name="moon",
        write=_write_moon,
        argv=lambda slots: ("--quiet", "--concurrency", str(slots), "run", "work:all"),
        most_jobs=200,
        environment=(("MOON_TELEMETRY", "false"),),
    ),
)
