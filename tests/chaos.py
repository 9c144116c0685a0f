"""Jobs, their children and paratask itself killed at random, and what must hold afterwards. See "Processes" in docs/design.md.

A round is drawn from its seed: how many jobs of which kinds, who is killed how, and what comes over paratask itself at which moment.
The moments themselves are the machine's, so a seed that fails once may pass the next time; it is still the same round.

    python tests/chaos.py --rounds 1000 --seed 0     # many
    python tests/chaos.py --seed 123                 # one again
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

JOB = """\
name=$1 kind=$2
echo "$name says so"
case $kind in
  code*) exit "${kind#code}" ;;
  flood) head -c 400000 /dev/zero | tr '\\0' x; exit 0 ;;
  alone) echo "$name $$ 0" > up; exec sleep 600 ;;
  family) sleep 600 & echo "$name $$ $!" > up; wait $!; exit $? ;;
  hidden) sleep 600 > /dev/null 2>&1 & echo "$name $$ $!" > up; wait $!; exit $? ;;
  stubborn) trap '' INT TERM HUP; sleep 600 & echo "$name $$ $!" > up; wait $!; exit $? ;;
esac
"""
WAITING = ("alone", "family", "hidden")
UNWANTED = ("MAKEFLAGS", "CI", "GITHUB_ACTIONS", "FORCE_COLOR")
PATIENCE_SECONDS = 60.0
NOT_ENDED = {"waiting", "ready", "running"}


@dataclass(frozen=True)
class Fate:
    """What happens to a job that waits: signals to its leader, or to its child. Leads to an exit code."""

    signals: tuple[int, ...]
    to_child: bool

    @property
    def exit_code(self) -> int:
        return 128 + self.signals[-1]


@dataclass(frozen=True)
class End:
    """What comes over paratask itself: `signals`, each so many seconds after the one before it. The first comes some seconds after
    its start (`after_start`), once so many jobs are up (`after_up`), or after its last step began to end (`after_last`).
    """

    signals: tuple[tuple[float, int], ...] = ()
    after_start: float | None = None
    after_up: int | None = None
    after_last: float | None = None

    @property
    def is_fatal(self) -> bool:
        return any(number == signal.SIGKILL for _, number in self.signals)


@dataclass(frozen=True)
class Story:
    seed: int
    kinds: tuple[str, ...]
    fates: tuple[Fate, ...]
    slots: int
    end: End


@dataclass
class Job:
    """One that is up."""

    name: str
    leader: int
    child: int


def make_story(seed: int, jobs: int = 0) -> Story:
    """`jobs` of them, or a number that is drawn."""
    chance = random.Random(f"chaos {seed}")
    count = jobs or (100 if seed % 5 == 0 else chance.randrange(2, 25))
    stubborn = chance.random() < 0.1
    kinds = tuple(_kind(chance, stubborn=stubborn) for _ in range(count))
    fates = tuple(_fate(chance, kind) for kind in kinds)
    slots = chance.choice((count, count, 2, 5))
    return Story(seed=seed, kinds=kinds, fates=fates, slots=min(count, slots), end=_end(chance, min(count, slots), kinds))


def _kind(chance: random.Random, *, stubborn: bool) -> str:
    if stubborn and chance.random() < 0.1:
        return "stubborn"
    return chance.choice((*WAITING, *WAITING, f"code{chance.choice((0, 0, 0, 1, 7))}", "flood"))


def _fate(chance: random.Random, kind: str) -> Fate:
    last = signal.SIGKILL if kind == "stubborn" else chance.choice((signal.SIGKILL, signal.SIGTERM))
    signals = (signal.SIGSTOP, signal.SIGCONT, last) if chance.random() < 0.2 else (last,)
    return Fate(signals=signals, to_child=kind != "alone" and chance.random() < 0.5)


def _end(chance: random.Random, slots: int, kinds: tuple[str, ...]) -> End:
    signals = chance.choice(
        (
            (),
            ((0.0, signal.SIGINT),),
            ((0.0, signal.SIGTERM),),
            ((0.0, signal.SIGINT), (chance.uniform(0, 0.3), signal.SIGINT)),
            ((0.0, signal.SIGKILL),),
            ((0.0, signal.SIGKILL),),
            ((0.0, signal.SIGTERM), (chance.uniform(0, 0.03), signal.SIGKILL)),
        )
    )
    if not signals:
        return End()
    when = chance.randrange(4)
    if when == 0:
        return End(signals=signals, after_start=chance.uniform(0, 0.15))
    if when == 1:
        return End(signals=signals, after_start=chance.uniform(0.05, 0.5))
    waiting = sum(kind in WAITING for kind in kinds)
    if when == 2 and waiting:
        return End(signals=signals, after_up=chance.randrange(1, min(waiting, slots) + 1))
    return End(signals=signals, after_last=chance.uniform(0, 0.05))


@dataclass
class Played:
    """One round as it is played, in a folder of its own."""

    story: Story
    root: Path
    argv: list[str]
    settings: str
    environ: dict[str, str]
    up: int = -1
    go: int = -1
    ups: int = 0
    killed: set[str] = field(default_factory=set)
    struck: bool = False
    descriptors: list[int] = field(default_factory=list)
    zombies: list[int] = field(default_factory=list)

    def play(self) -> None:
        self._write()
        self.up, self.go = (os.open(self.root / name, os.O_RDWR | os.O_NONBLOCK) for name in ("up", "go"))
        started = time.monotonic()
        with (self.root / "out").open("wb") as out:
            process = subprocess.Popen(
                [*self.argv, "--jobs", str(self.story.slots), "all"], cwd=self.root, env=self.environ, stdin=subprocess.DEVNULL,
                stdout=out, stderr=out,
            )  # fmt: skip
            try:
                self._attend(process, started)
            finally:
                if process.poll() is None:
                    process.kill()
                    process.wait()
                os.close(self.up)
                os.close(self.go)
        self._check_run(process.returncode)
        self._check_after()

    def _write(self) -> None:
        names = [f"j{number}" for number in range(len(self.story.kinds))]
        (self.root / "job.sh").write_text(JOB)
        os.mkfifo(self.root / "up")
        os.mkfifo(self.root / "go")
        tasks = "".join(f"  {name}: sh job.sh {name} {kind}\n" for name, kind in zip(names, self.story.kinds, strict=True))
        (self.root / "Taskfile.yml").write_text(
            "version: '3'\nsilent: true\ntasks:\n"
            "  all: {cmds: [{defer: 'echo last $$ $PPID > up; read gone < go'}, {task: first}, {task: storm}]}\n"
            "  first: echo first $$ $PPID > up; read gone < go\n"
            f"  storm: {{deps: [{', '.join(names)}]}}\n  after: echo after\n" + tasks
        )
        (self.root / "paratask.toml").write_text(self.settings)

    def _attend(self, process: subprocess.Popen[bytes], started: float) -> None:
        """Kill whom the story kills, until paratask has ended."""
        end = self.story.end
        chance = random.Random(f"order {self.story.seed}")
        waiting: list[Job] = []
        last_at = None
        rest = b""
        while process.poll() is None:
            assert time.monotonic() - started < PATIENCE_SECONDS, f"it hangs: {self._state(process)}"
            now = time.monotonic()
            due = (
                (end.after_start is not None and now - started >= end.after_start)
                or (end.after_up is not None and self.ups >= end.after_up)
                or (end.after_last is not None and last_at is not None and now - last_at >= end.after_last)
            )
            if due and not self.struck:
                self._strike(process)
                continue
            if select.select([self.up], [], [], 0 if end.after_last is not None and last_at else 0.002)[0]:
                *lines, rest = (rest + os.read(self.up, 65536)).split(b"\n")
                for line in lines:
                    name, leader, child = line.decode().split()
                    if name in ("first", "last"):
                        self._look_at(process.pid, name)
                        last_at = time.monotonic() if name == "last" else None
                    else:
                        self.ups += 1
                        waiting.append(Job(name, int(leader), int(child)))
            elif waiting and (end.after_up is None or self.struck or self.ups > end.after_up):
                self._kill(waiting.pop(chance.randrange(len(waiting))))
        assert not rest, rest

    def _strike(self, process: subprocess.Popen[bytes]) -> None:
        self.struck = True
        for pause, number in self.story.end.signals:
            time.sleep(pause)
            if process.poll() is None:
                process.send_signal(number)

    def _look_at(self, pid: int, name: str) -> None:
        """Paratask waits: what it has open, and which of its children are dead."""
        self.descriptors.append(_descriptors(pid))
        if name == "last":
            _wait_until(lambda: _descriptors(pid) <= self.descriptors[0], seconds=2)  # a pipe whose writer was just killed goes
            self.descriptors[-1] = _descriptors(pid)
            self.zombies = [child for child, state, parent in _processes() if parent == pid and state == "Z"]
        os.write(self.go, b"go\n")

    def _kill(self, job: Job) -> None:
        """Or its child. A child whose leader was killed goes as well: a job's end is its leader's, as in task."""
        fate = self.story.fates[int(job.name[1:])]
        _send(job.child if fate.to_child else job.leader, *fate.signals)
        if job.child and not fate.to_child:
            _send(job.child, signal.SIGKILL)
        self.killed.add(job.name)

    def _state(self, process: subprocess.Popen[bytes]) -> str:
        return f"{self.ups} jobs were up, {len(self.killed)} killed; processes here: {list(_here(self.root))}"

    def _check_run(self, code: int) -> None:
        text = (self.root / "out").read_text(errors="replace")
        if text.rstrip().endswith("KeyboardInterrupt") and not (self.root / ".paratask").exists():
            text = ""  # the interpreter was just starting, and knew no better
        assert "Traceback" not in text, text[-3000:]
        runs = sorted((self.root / ".paratask" / "runs").glob("*")) if (self.root / ".paratask" / "runs").is_dir() else []
        summaries = [run / "summary.json" for run in runs if (run / "summary.json").exists()]
        assert len(runs) <= 1
        if not self.struck:
            assert code == (0 if all(self._expected(i) == 0 for i in range(len(self.story.kinds))) else 201), (
                code,
                text[-2000:],
            )
            self._check_jobs(json.loads(summaries[0].read_text()))
            assert self.descriptors[0] >= self.descriptors[1], f"descriptors leaked: {self.descriptors}"
            assert not self.zombies, f"zombies: {self.zombies}"
        elif summaries:
            self._check_stopped(json.loads(summaries[0].read_text()))
        else:
            fatal = {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, 1, 130}
            assert code in fatal, (code, text[-2000:])
            if code not in (-signal.SIGKILL, 1):
                assert not runs, f"it ended by itself after jobs began, and lost its summary: {code} {text[-2000:]}"
        if not self.story.end.is_fatal or not self.struck:
            assert not list(_here(self.root)), f"left behind: {list(_here(self.root))}"

    def _expected(self, number: int) -> int:
        kind = self.story.kinds[number]
        if kind == "flood":
            return 0
        return int(kind[4:]) if kind.startswith("code") else self.story.fates[number].exit_code

    def _check_jobs(self, summary: dict[str, object]) -> None:
        jobs = {job["id"]: job for job in summary["jobs"]}
        assert len(jobs) == len(summary["jobs"]), "a job is there twice"
        names = [f"j{number}" for number in range(len(self.story.kinds))]
        assert set(jobs) == {"all", "first", "storm", *names}
        for number, name in enumerate(names):
            code = self._expected(number)
            found = jobs[name]["state"], jobs[name]["exit_code"]
            assert found == ("failed" if code else "succeeded", code), (name, self.story.kinds[number], code, jobs[name])
            log = next((self.root / ".paratask" / "runs").glob(f"*/{name}.log")).read_bytes()
            assert log.count(b"says so\n") == 1, (name, log[:200])
            assert self.story.kinds[number] != "flood" or log.count(b"x") == 400000, name

    def _check_stopped(self, summary: dict[str, object]) -> None:
        jobs = {job["id"]: job for job in summary["jobs"]}
        assert len(jobs) == len(summary["jobs"]), "a job is there twice"
        assert not [job for job in jobs.values() if job["state"] in NOT_ENDED], "a job is lost"
        for number, kind in enumerate(self.story.kinds):
            job = jobs.get(f"j{number}")
            if job is not None and job["state"] == "succeeded":
                assert kind in ("code0", "flood"), (kind, job)

    def _check_after(self) -> None:
        """The next run ends what is left, and finds everything in order."""
        done = subprocess.run(
            [*self.argv, "after"], cwd=self.root, env=self.environ, stdin=subprocess.DEVNULL, capture_output=True, text=True,
            check=False, timeout=PATIENCE_SECONDS,
        )  # fmt: skip
        said = [line for line in done.stderr.splitlines() if not line.startswith("paratask: ended ")]
        assert (done.returncode, done.stdout, said) == (0, "after\n", []), done
        assert not list(_here(self.root)), f"left behind: {list(_here(self.root))}"
        running = self.root / ".paratask" / "running"
        assert not running.exists() or not list(running.iterdir()), list(running.iterdir())
        assert not os.listdir(self.environ["TMPDIR"]), os.listdir(self.environ["TMPDIR"])
        if self.story.seed % 10 == 0:
            stats = subprocess.run(
                [*self.argv, "--stats"], cwd=self.root, env=self.environ, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                check=False,
            )  # fmt: skip
            assert (stats.returncode, stats.stderr) == (0, ""), stats


def _send(pid: int, *signals: int) -> None:
    try:
        for number in signals:
            os.kill(pid, number)
    except ProcessLookupError:
        pass


def _processes() -> Iterator[tuple[int, str, int]]:
    """pid, state and parent of all."""
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                state, parent, *_ = Path(f"/proc/{name}/stat").read_text(errors="replace").rpartition(")")[2].split()
            except OSError:
                continue
            yield int(name), state, int(parent)


def _here(root: Path) -> Iterator[tuple[int, str]]:
    """Processes that work in the folder; those that were killed may take a moment."""
    _wait_until(lambda: not _look_here(root), seconds=5)
    yield from _look_here(root)


def _descriptors(pid: int) -> int:
    """But for libffi's of itself, which is open from when ctypes is loaded."""
    folder = f"/proc/{pid}/fd"
    try:
        return sum("/libffi." not in _led_to(f"{folder}/{fd}") for fd in os.listdir(folder))
    except OSError:
        return 0


def _led_to(link: str) -> str:
    try:
        return os.readlink(link)
    except OSError:  # closed meanwhile
        return ""


def _wait_until(condition: Callable[[], bool], *, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.01)


def _look_here(root: Path) -> list[tuple[int, str]]:
    found = []
    for pid, state, _ in _processes():
        try:
            if state != "Z" and os.readlink(f"/proc/{pid}/cwd").startswith(str(root)):
                found.append((pid, Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")))
        except OSError:
            continue
    return found


@contextmanager
def scratch() -> Iterator[tuple[Path, Path]]:
    """A folder for the round, and one for what is temporary in it."""
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        root, temporary = Path(folder).resolve() / "work", Path(folder).resolve() / "tmp"
        root.mkdir()
        temporary.mkdir()
        yield root, temporary


def play(seed: int, *, jobs: int = 0) -> Story:
    """One round. Raises AssertionError."""
    story = make_story(seed, jobs)
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("TASK_", "PARATASK_")) and name not in UNWANTED
    }
    settings = os.environ.get("CHAOS_SETTINGS", '[tasks."*"]\ncost = { cpu = 0.01 }\n')
    with scratch() as (root, temporary):
        Played(
            story=story, root=root, argv=[sys.executable, "-m", "paratask"], settings=settings,
            environ={**kept, "TMPDIR": str(temporary)},
        ).play()  # fmt: skip
    return story


def _say(*words: object) -> None:
    print(*words, flush=True)  # noqa: T201 - it is a program, too


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=0, help="in each round; drawn where it is not given")
    asked = parser.parse_args()
    failed = 0
    for seed in range(asked.seed, asked.seed + asked.rounds):
        try:
            story = play(seed, jobs=asked.jobs)
            if asked.rounds <= 20:
                _say(seed, len(story.kinds), story.slots, story.end)
        except (AssertionError, subprocess.TimeoutExpired) as error:
            failed += 1
            story = make_story(seed, asked.jobs)
            _say(f"seed {seed}: {error}\n  {len(story.kinds)} jobs, {story.slots} slots, {story.end}")
        if seed % 100 == 99:
            _say(f"{seed - asked.seed + 1} rounds, {failed} failed")
    _say(f"{asked.rounds} rounds, {failed} failed")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())
