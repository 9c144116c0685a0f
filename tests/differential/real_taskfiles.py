"""Compares paratask with the real `task` on Taskfiles of other people: listings, summaries and dry runs.

    python tests/differential/real_taskfiles.py FOLDER [--parallel] [--jobs N] [--only GLOB]

Each folder in FOLDER is a repository's tree. Both programs run in copies of it, with the same small environment. Nothing but
`sh:` variables, `if` and `status` is carried out; still, they are strangers' commands, so use a machine without network that
can be thrown away. `task` merges included files in the order in which they happen to be read, so it is asked several times
before a difference counts. Where its answers vary, and ours is none of them, order and digits are left out; where that does
not help either, it is "unstable".
"""

from __future__ import annotations

import argparse
import fnmatch
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

PROGRAMS = (
    "[ awk base64 basename bash cat chmod comm cp cut date dirname du echo env expr false find getent git grep head hostname id join "
    "ls mkdir mktemp mv nproc paste printf pwd readlink realpath rm sed seq sh sha256sum sleep sort stat tail tee test touch tr true "
    "uname uniq wc whoami which xargs"
).split()
NAMES = re.compile(r"[Tt]askfile(\.dist)?\.ya?ml")
BEFORE = (["--list"], ["--list-all"], ["--summary"], ["no-such-task-anywhere"])
AFTER = (["--list-all", "--json"],)
"""Last, because `task` writes fingerprints when it lists as JSON."""
PER_TASK = ("--summary", "--dry")
ROUNDS = 12
OUR_ROUNDS = 2
TIMEOUT_SECONDS = 20
NEVER_ENDS = -1000
"""Instead of an exit code: a task with `watch: true`."""
MOST_ROOTS = 6


@dataclass
class Repository:
    """What one repository's checks gave."""

    name: str
    checks: int = 0
    unstable: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Answer:
    code: int
    stdout: str
    lines: tuple[str, ...]

    @property
    def counted(self) -> tuple[int, str, Counter[str]]:
        """Dependencies start in an order that nobody promised."""
        return self.code, self.stdout, Counter(self.lines)

    @property
    def loose(self) -> tuple[int, Counter[str]]:
        """For what `task` says in another order, or at another time, whenever it is asked."""
        return self.code, Counter(re.sub(r"\d", "#", line) for line in (*self.stdout.splitlines(), *self.lines))


class Sandbox:
    """One copy of a repository for each program, put in the same place when it is asked; and the environment that both get."""

    def __init__(self, source: Path, scratch: Path, *, parallel: bool) -> None:
        self._here = scratch / "work" / source.name
        self._here.parent.mkdir()
        self._copies = {name: scratch / f"copy-{name}" for name in ("task", "paratask", "names")}
        tools = scratch / "bin"
        tools.mkdir(parents=True)
        for name in PROGRAMS:
            if found := shutil.which(name):
                (tools / name).symlink_to(found)
        (scratch / "home").mkdir()
        self._environ = {
            "PATH": str(tools),
            "HOME": str(scratch / "home"),
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "USER": "somebody",
            "GIT_CEILING_DIRECTORIES": str(scratch),
            "GIT_TERMINAL_PROMPT": "0",
            **({} if parallel else {"USE_PARALLEL": "false"}),
        }
        for folder in self._copies.values():
            shutil.copytree(source, folder, symlinks=True)

    def answer(self, name: str, argv: list[str], root: str, copy: str = "") -> Answer:
        own = self._copies[copy or name]
        own.rename(self._here)
        try:
            return self._answer(name, argv, self._here / root)
        finally:
            self._here.rename(own)

    def _answer(self, name: str, argv: list[str], folder: Path) -> Answer:
        environ = {**self._environ, "PWD": str(folder)}
        try:
            done = subprocess.run(
                [program(name), *argv], cwd=folder, env=environ, stdin=subprocess.DEVNULL, capture_output=True, check=False,
                timeout=TIMEOUT_SECONDS,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return Answer(NEVER_ENDS, "", ())
        stdout, stderr = (
            text.decode(errors="replace").replace(program(name), "<PROGRAM>") for text in (done.stdout, done.stderr)
        )
        start = "task: [" if done.returncode else "task: "
        return Answer(done.returncode, stdout, tuple(line for line in stderr.splitlines() if line.startswith(start)))


def program(name: str) -> str:
    found = shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), os.path.dirname(sys.executable))))
    if found is None:
        sys.exit(f"{name} is not installed")
    return found


def roots(folder: Path) -> list[str]:
    """The folders to run in: the repository's own, else the highest few that have a Taskfile."""
    found = {path.parent for path in folder.rglob("*.y*ml") if NAMES.fullmatch(path.name) and path.is_file()}
    if folder in found:
        return ["."]
    return [str(path.relative_to(folder)) for path in sorted(found, key=lambda path: (len(path.parts), path))[:MOST_ROOTS]]


def task_names(sandbox: Sandbox, root: str) -> list[str]:
    try:
        listed = json.loads(sandbox.answer("task", ["--list-all", "--json"], root, copy="names").stdout)
    except ValueError:
        return []
    return [task["name"].replace("*", "x") for task in listed["tasks"]]


def compare(repository: Repository, sandbox: Sandbox, argv: list[str], root: str) -> None:
    repository.checks += 1
    theirs: list[Answer] = []
    ours: list[Answer] = []
    for number in range(ROUNDS):
        theirs.append(sandbox.answer("task", argv, root))
        if number < OUR_ROUNDS:
            ours.append(sandbox.answer("paratask", argv, root))
        if any(one.counted == other.counted for one in theirs for other in ours):
            return
    if any(answer.counted != theirs[0].counted for answer in theirs):
        if not any(one.loose == other.loose for one in theirs for other in ours):
            repository.unstable.append(" ".join(argv))
    else:
        repository.differences.append(f"{root}: {' '.join(argv)}\n{described(theirs[-1], ours[-1])}")


def described(theirs: Answer, ours: Answer) -> str:
    found = [f"      exit code {theirs.code}, ours {ours.code}"] if theirs.code != ours.code else []
    for one, other in ((theirs.stdout.splitlines(), ours.stdout.splitlines()), (theirs.lines, ours.lines)):
        left, right = Counter(one), Counter(other)
        changed = [f"      - {line}" for line in one if left[line] > right[line]]
        changed += [f"      + {line}" for line in other if right[line] > left[line]]
        found += changed[:12] or ([] if list(one) == list(other) else ["      (the same lines, in another order)"])
    return "\n".join(found or ["      (only the ends of lines)"])


def compared(source: Path, *, parallel: bool) -> Repository:
    repository = Repository(source.name)
    with tempfile.TemporaryDirectory() as scratch:
        sandbox = Sandbox(source, Path(scratch), parallel=parallel)
        for root in roots(source):
            each = [[flag, name] for name in task_names(sandbox, root) for flag in (PER_TASK[1:] if parallel else PER_TASK)]
            for argv in each if parallel else (*BEFORE, *each, *AFTER):
                compare(repository, sandbox, argv, root)
    return repository


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--parallel", action="store_true", help="compare dry runs in the default mode, sets and all")
    parser.add_argument("--jobs", type=int, default=2, help="repositories at a time")
    parser.add_argument("--only", default="*", help="repositories of which the name matches")
    options = parser.parse_args()
    chosen = sorted(path for path in options.folder.iterdir() if path.is_dir() and fnmatch.fnmatch(path.name, options.only))
    differing = checks = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        for done in as_completed([pool.submit(compared, path, parallel=options.parallel) for path in chosen]):
            repository = done.result()
            checks += repository.checks
            differing += len(repository.differences)
            unstable = f", unstable: {', '.join(repository.unstable)}" if repository.unstable else ""
            say(f"{repository.name}: {repository.checks} checks, {len(repository.differences)} differ{unstable}")
            for difference in repository.differences:
                say(f"    {difference}")
    say(f"{len(chosen)} repositories, {checks} checks, {differing} differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
