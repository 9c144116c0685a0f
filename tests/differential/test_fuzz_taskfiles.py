"""Generated workspaces, run by the real `task` and by paratask: same exit codes, output, files and echo lines.

Both work in the same folder, one after the other, so that paths in output agree. What is compared: the exit code; stdout, byte
for byte, or as a bag of letters where dependencies print in any order; the lines on stderr that name commands and fresh tasks;
and every file that is left behind, those under `.task/` included.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field

from fuzzing import EXAMPLES, TASK, fuzzed, needs_task
from hypothesis import given
from taskfile_strategies import Run, Scenario, scenarios

PARATASK = [sys.executable, "-m", "paratask"]
TIMESTAMPS = ".task/timestamp/"
ECHO = re.compile(r'task: (\[|Task ".*" is up to date).*')
"""Anywhere in a line: the shell in `task` writes what `echo` prints word by word, and a line of a neighbour may come between."""

pytestmark = needs_task


@dataclass(frozen=True)
class Bag:
    """What was printed in any order. Lines are for people: where two write at once, `task` may tear them."""

    lines: Counter[bytes] = field(compare=False)
    letters: bytes


@dataclass(frozen=True)
class Outcome:
    """What one run left behind."""

    exit_code: int
    stdout: object
    echoes: object
    files: dict[str, str]
    stderr: str


def write(folder: str, files: dict[str, str]) -> None:
    for path, text in files.items():
        target = os.path.join(folder, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="utf-8") as file:
            file.write(text)


def read_all(folder: str, *, is_dry: bool) -> dict[str, str]:
    """Every file, and every empty folder, with what is in it. Fingerprints by time hold nothing.

    Empty folders are left out where `task` makes them sooner (compatibility.md, fingerprint-late) or without need (dry-folders).
    """
    found = {}
    for place, folders, names in os.walk(folder):
        if ".paratask" in folders:
            folders.remove(".paratask")
        for name in names:
            path = os.path.join(place, name)
            with open(path, encoding="utf-8", errors="backslashreplace") as file:
                found[os.path.relpath(path, folder)] = file.read()
        where = os.path.relpath(place, folder)
        if not names and not folders and not where.startswith(".task") and not is_dry:
            found[where + "/"] = ""
    return found


def carry_out(program: list[str], run: Run, folder: str, environ: dict[str, str], *, has_order: bool, is_dry: bool) -> Outcome:
    write(folder, run.before)
    done = subprocess.run(
        [*program, *run.argv],
        cwd=os.path.join(folder, run.folder),
        env={**environ, **run.environ},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=60,
    )
    stderr = done.stderr.decode("utf-8", "backslashreplace")
    echoes = [found.group() for line in stderr.splitlines() if (found := ECHO.search(line))]
    return Outcome(
        exit_code=done.returncode,
        stdout=done.stdout if has_order else Bag(Counter(done.stdout.splitlines()), bytes(sorted(done.stdout))),
        echoes=echoes if has_order else Counter(echoes),
        files=read_all(folder, is_dry=is_dry),
        stderr=stderr,
    )


def outcomes(program: list[str], scenario: Scenario, folder: str, *, has_order: bool, **environ: str) -> list[Outcome]:
    """The scenario's runs, one after another, in a new `folder`."""
    plain = {"PATH": f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}", "HOME": folder, "LANG": "C.UTF-8", **environ}
    os.mkdir(folder)
    write(folder, scenario.files)
    is_dry = any(flag in run.argv for run in scenario.runs for flag in ("-n", "--dry"))
    done = [carry_out(program, run, folder, plain, has_order=has_order, is_dry=is_dry) for run in scenario.runs]
    shutil.rmtree(folder)
    return done


def difference(theirs: list[Outcome], ours: list[Outcome], *, forgives: bool, only_success: bool = False) -> str:
    """What differs in the first run that does, or nothing; `forgives` says that a run may succeed although a task failed.

    With `only_success`, of a run that failed only the exit code counts, and nothing of what is run after it.

    `task` keeps the moment of a run that failed, and the next one is fresh: compatibility.md, fingerprint-late.
    """
    for place, (their, our) in enumerate(zip(theirs, ours, strict=True)):
        pairs = {name: (getattr(their, name), getattr(our, name)) for name in ("exit_code", "stdout", "echoes")}
        if only_success and their.exit_code and their.exit_code == our.exit_code:
            return ""
        pairs |= {path: (their.files.get(path), our.files.get(path)) for path in {**their.files, **our.files}}
        failed = their.exit_code or forgives
        late = [path for path, (a, b) in pairs.items() if failed and path.startswith(TIMESTAMPS) and a != b]
        pairs = {name: pair for name, pair in pairs.items() if name not in late}
        shown = [f"  {name}\n    task:     {a!r}\n    paratask: {b!r}" for name, (a, b) in pairs.items() if a != b]
        if shown:
            texts = ["  stderr of task:", their.stderr, "  stderr of paratask:", our.stderr]
            return "\n".join([f"run {place + 1} differs in", *shown, *texts])
        if late:  # what follows would differ for this reason
            return ""
    return ""


def compare(scenario: Scenario, *, has_order: bool, only_success: bool = False, **environ: str) -> str:
    assert TASK is not None
    with tempfile.TemporaryDirectory() as parent:
        folder = os.path.join(parent, "work")
        theirs = outcomes([TASK], scenario, folder, has_order=has_order)
        ours = outcomes(PARATASK, scenario, folder, has_order=has_order, **environ)
    forgives = any("defer" in text or "ignore_error" in text for text in scenario.files.values())
    return difference(theirs, ours, forgives=forgives, only_success=only_success)


@fuzzed(EXAMPLES * 3 // 4)
@given(scenarios())
def test_one_at_a_time_does_what_task_does(scenario):
    found = compare(scenario, has_order=scenario.has_order, USE_PARALLEL="false")
    assert not found, f"{found}\n{scenario}"


@fuzzed(EXAMPLES // 4)
@given(scenarios())
def test_side_by_side_comes_to_what_task_comes_to(scenario):
    """Exit codes; and output and files where all went well. Of what fails, more may have run (compatibility.md, parallel-sets)."""
    found = compare(scenario, has_order=False, only_success=True)
    assert not found, f"{found}\n{scenario}"
