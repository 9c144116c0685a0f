"""The rows of docs/compatibility.md about options, listings and signals, each as a check on both programs. See test_compatibility."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress

from up_and_gone import is_alive

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Protocol

    class Ended(Protocol):
        code: int
        out: str
        err: str
        folder: Path

    class Sides(Protocol):
        files: dict[str, str]

        def taskfile(self, text: str, **files: str) -> None: ...
        def task(self, *arguments: str, **environment: str) -> Ended: ...
        def paratask(self, *arguments: str, **environment: str) -> Ended: ...
        def start_task(self, *arguments: str, **options: object) -> subprocess.Popen[str]: ...
        def start_paratask(self, *arguments: str, **options: object) -> subprocess.Popen[str]: ...
        def start_in(self, folder: Path, program: str, *arguments: str, **streams: int) -> subprocess.Popen[str]: ...
        def new_folder(self) -> Path: ...


def colour_streams(sides: Sides) -> None:
    """stdout is a terminal, stderr is a pipe."""
    sides.files = {"Taskfile.yml": "version: '3'\ntasks: {default: 'true'}\n"}
    said = []
    for start in (sides.start_task, sides.start_paratask):
        ours, theirs = pty.openpty()
        said.append(start(stdout=theirs, NO_COLOR="", TERM="xterm").communicate(timeout=60)[1])
        os.close(theirs)
        os.close(ours)
    assert said == ["\x1b[32mtask: [default] true\n\x1b[0m", "task: [default] true\n"]


def help_text(sides: Sides) -> None:
    theirs, ours = sides.task("--help"), sides.paratask("--help")
    assert (theirs.out, ours.err) == ("", "")
    assert theirs.err.startswith("Usage: task ")
    assert ours.out.startswith("Usage: paratask ")


def init(sides: Sides) -> None:
    sides.files = {}
    theirs, ours = sides.task("--init"), sides.paratask("--init")
    assert (theirs.folder / "Taskfile.yml").read_bytes() != (ours.folder / "Taskfile.yml").read_bytes()
    assert (sides.task("--init", ".").folder / "Taskfile.").is_file()
    assert (sides.paratask("--init", ".").folder / "Taskfile.yml").is_file()
    assert (sides.task("--init", "python").folder / "python").is_file()
    assert (sides.paratask("--init", "python").folder / "Taskfile.yml").is_file()
    sides.files = {"go.mod": "module x\n"}
    assert "go test" not in (sides.task("--init").folder / "Taskfile.yml").read_text()
    assert "go test" in (sides.paratask("--init").folder / "Taskfile.yml").read_text()


def completion(sides: Sides) -> None:
    for shell in ("bash", "zsh", "fish", "powershell"):
        assert "paratask" not in sides.task("--completion", shell).out
        assert "paratask" in sides.paratask("--completion", shell).out
    assert (sides.task("--completion", "nu").code, sides.paratask("--completion", "nu").code != 0) == (0, True)


def names(sides: Sides) -> None:
    sides.taskfile("tasks:\n  a: {desc: does a, cmds: [echo a]}\n")
    assert sides.task("--list", "--names").code == 2
    assert sides.paratask("--list", "--names").out == "a\tdoes a\n"


STUBBORN = """
import os, signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
print("ready", flush=True)
for number in (1, 2):
    if not signal.sigtimedwait([signal.SIGINT], 20):
        raise SystemExit("no signal came")
    os.write(1, b"got %d\\n" % number)
os.write(1, b"went on\\n")
"""


def second_signal(sides: Sides) -> None:
    """The command outlives an interrupt, says how many it got, and goes on when there were two."""
    sides.taskfile(f"tasks: {{default: {sys.executable} stubborn}}\n")
    sides.files["stubborn"] = STUBBORN
    theirs, ours = sides.start_task(), sides.start_paratask()
    try:
        for process in (theirs, ours):
            _interrupt_twice(process)
        assert "got 2\nwent on\n" in theirs.communicate(timeout=60)[0].replace('task: Signal received: "interrupt"\n', "")
        assert "got 2" not in ours.communicate(timeout=60)[0]
    finally:
        for process in (theirs, ours):
            _end(process)


def signals(sides: Sides) -> None:
    """One that only the runner gets: `task` waits until its command has what it waits for."""
    waits = "echo ready; i=0; until [ -e go ] || [ $((i=i+1)) -gt 600 ]; do sleep 0.05; done"
    sides.taskfile(f"tasks: {{default: [{{defer: echo end}}, {{cmd: '{waits}', ignore_error: true}}, echo on]}}\n")
    theirs, ours = sides.new_folder(), sides.new_folder()
    for program, folder, code, out in (("task", theirs, 0, "on\nend\n"), ("paratask", ours, 201, "end\n")):
        process = sides.start_in(folder, program, stdout=subprocess.PIPE)
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            os.kill(process.pid, signal.SIGTERM)
            assert process.stdout.readline() == 'task: Signal received: "terminated"\n'
            if program == "task":
                (folder / "go").touch()
            rest = process.stdout.read()  # communicate() knows nothing of what came with the line before
            assert (rest, process.wait(timeout=60)) == (out, code)
        finally:
            _end(process)


def _interrupt_twice(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    os.killpg(process.pid, signal.SIGINT)
    lines = []
    for line in iter(process.stdout.readline, ""):
        lines.append(line)
        if line == "got 1\n":
            break
    assert lines[-1:] == ["got 1\n"], lines
    os.killpg(process.pid, signal.SIGINT)


def _end(process: subprocess.Popen[str]) -> None:
    """With its group; a command of paratask, which has one of its own, waits for signals for a minute at most."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def left_running(sides: Sides) -> None:
    """A server that writes when the program that started it has ended: neither is harmed, and one is heard."""
    server = "sh -c 'echo > up; read go < gate; echo later && echo well > end'"
    sides.taskfile(f'tasks: {{default: "{server} & read up < up; echo started"}}\n')
    heard = []
    for program in ("task", "paratask"):
        folder = sides.new_folder()
        for name in ("up", "gate", "end"):
            os.mkfifo(folder / name)
        process = sides.start_in(folder, program)
        process.wait()
        (folder / "gate").write_text("go\n")
        assert (folder / "end").read_text() == "well\n"
        heard.append(process.communicate()[0])
    assert heard == ["started\nlater\n", "started\n"]


def full_output(sides: Sides) -> None:
    """One whose shell prints, which nobody tells that nothing was printed; and one whose program is told, by its system or by nobody."""
    sides.taskfile("tasks:\n  prints: echo lost\n  program: [/bin/echo lost, touch went-on]\n")
    ended = []
    for name in ("prints", "program"):
        for program in ("task", "paratask"):
            folder = sides.new_folder()
            full = os.open("/dev/full", os.O_WRONLY)
            process = sides.start_in(folder, program, name, stdout=full)
            os.close(full)
            said = "paratask: cannot write to stdout: No space left on device\n" in process.communicate(timeout=60)[1]
            ended.append((process.returncode, said, (folder / "went-on").exists()))
    assert ended == [(0, False, False), (1, True, False), (201, False, False), (1, True, True)]


def killed_run(sides: Sides) -> None:
    """A command that is left behind, and whether it is there when the next run has ended."""
    sides.taskfile("tasks:\n  waits: sh -c 'echo $$; exec sleep 60'\n  after: echo after\n")
    left = []
    for program in ("task", "paratask"):
        folder = sides.new_folder()
        process = sides.start_in(folder, program, "waits")
        assert process.stdout is not None
        command = int(process.stdout.readline())
        process.kill()
        process.wait()
        assert sides.start_in(folder, program, "after").communicate()[0] == "after\n"
        left.append(is_alive(command))
        with suppress(ProcessLookupError):
            os.kill(command, signal.SIGKILL)
        process.communicate()
    assert left == [True, False]


def run_hashes(sides: Sides) -> None:
    sides.taskfile("tasks:\n  default: [{task: a}, {task: a}]\n  a: {run: when_changed, cmds: [echo x]}\n")
    start = "task: skipping execution of task: "
    said = [
        next(x for x in ended.err.splitlines() if x.startswith(start)) for ended in (sides.task("-v"), sides.paratask("-v"))
    ]
    numbered = [line.removeprefix(start).rpartition(":")[2].isdigit() for line in said]
    assert numbered == [True, False]


def list_writes(sides: Sides) -> None:
    sides.taskfile("tasks:\n  a: {sources: [Taskfile.yml], cmds: [echo a]}\n")
    theirs, ours = sides.task("--list-all", "--json"), sides.paratask("--list-all", "--json")
    assert (theirs.folder / ".task" / "checksum" / "a").is_file()
    assert not (ours.folder / ".task").exists()


def list_up_to_date(sides: Sides) -> None:
    sides.taskfile(
        "tasks:\n  a: {vars: {X: in}, sources: ['{{.X}}'], generates: ['{{.X}}'], method: timestamp, cmds: [echo a]}\n",
        **{"in": ""},
    )
    fresh = [json.loads(e.out)["tasks"][0]["up_to_date"] for e in (sides.task("-a", "--json"), sides.paratask("-a", "--json"))]
    assert fresh == [False, True]


def list_order(sides: Sides) -> None:
    """`task` is asked until it gives two answers."""
    spaces = "hgfedcba"
    sides.taskfile(
        "includes:\n" + "".join(f"  {name}: {name}.yml\n" for name in spaces) + "tasks: {}\n",
        **{f"{name}_yml": "version: '3'\ntasks: {x: echo}\n" for name in spaces},
    )
    words = ("--list-all", "--silent", "--sort", "none")
    assert {sides.paratask(*words).out for _ in range(3)} == {"".join(f"{name}:x\n" for name in spaces)}
    first = sides.task(*words).out
    assert any(sides.task(*words).out != first for _ in range(200))


def core_utils(sides: Sides) -> None:
    sides.taskfile("tasks:\n  default: cp --version\n")
    theirs, ours = sides.task(TASK_CORE_UTILS="1"), sides.paratask(TASK_CORE_UTILS="1")
    assert theirs.out != ours.out
    assert ours.out == sides.task(TASK_CORE_UTILS="0").out


SURFACE_CHECKS: dict[str, Callable[[Sides], None]] = {
    "colour-streams": colour_streams,
    "help": help_text,
    "init": init,
    "completion": completion,
    "names": names,
    "signals": signals,
    "second-signal": second_signal,
    "killed-run": killed_run,
    "left-running": left_running,
    "full-output": full_output,
    "run-hashes": run_hashes,
    "list-writes": list_writes,
    "list-up-to-date": list_up_to_date,
    "core-utils": core_utils,
}
