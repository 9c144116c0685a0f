"""Job slots shared with real make, ninja and cargo, with a make above, and with a paratask above. See "Jobserver" in docs/design.md.

Whether things ran together is proved by pipes that open only when both sides are there; that not too many did, by a recorder that
counts under a lock.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from paratask.execution.jobserver.tools import FIFO, OLD_PIPE, PIPE, parse_styles
from paratask.processes.probes import answer
from up_and_gone import after_echoes

RECORDER = """
    import fcntl, sys, time

    def change(by):
        with open(sys.argv[1], "r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            now, most, total = map(int, file.read().split())
            file.seek(0)
            file.write(f"{now + by} {max(most, now + by)} {total + (by > 0)}   ")

    change(1)
    time.sleep(0.02)  # so that others are likely to meet it; what is counted is right without it
    change(-1)
"""
MEETING = """
    all: a b
    a:
    \t@echo here > meeting
    b:
    \t@cat meeting > /dev/null
"""


def styles(name: str) -> tuple[str, ...]:
    found = shutil.which(name, path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    return parse_styles(name, answer(found)) if found else ()


pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="a budget of one command has nothing to share"),
]
needs_make = pytest.mark.skipif(not {PIPE, FIFO, OLD_PIPE} & set(styles("make")), reason="no GNU make")
needs_ninja = pytest.mark.skipif(not styles("ninja"), reason="no ninja that knows a jobserver (1.13, or PyPI's)")
needs_cargo = pytest.mark.skipif(not shutil.which("cargo"), reason="no cargo")


@pytest.fixture
def place(workspace, monkeypatch):
    """A workspace with a recorder and a folder for temporary files of its own, which must be empty at the end."""
    temporary = workspace.root.parent / "temporary"
    temporary.mkdir()
    workspace.environ |= {"TMPDIR": str(temporary), "PARATASK_JOBS": "2"}
    workspace.write("recorder.py", RECORDER)
    workspace.write("count", "0 0 0")
    workspace.record = f"{sys.executable} {workspace.root}/recorder.py {workspace.root}/count"
    yield workspace
    assert not list(temporary.iterdir())


def counted(place) -> tuple[int, int, int]:
    now, most, total = map(int, (place.root / "count").read_text().split())
    return now, most, total


def costs(count: int) -> str:
    """That each takes a core: one that sleeps for most of its time is soon believed to leave room for another."""
    return "".join(f"[tasks.t{number}]\ncost = {{ cpu = 1 }}\n" for number in range(count))


def recipes(place, count: int) -> str:
    names = " ".join(f"r{number}" for number in range(count))
    return f"all: {names}\n{names}:\n\t@{place.record}\n"


@needs_make
def test_ten_parallel_makes_stay_within_the_budget(place):
    calls = [
        "make -j",
        "make -j8",
        "make -j 4 all",
        "cd . && make -j$((2 + 2))",
        "make --jobs=6",
        "make -kj4",
        "make --jobs",
        "make -j9",
        "nice -n 1 make -j8",
        "timeout 5m env X=1 nohup make -j 4",
    ]
    for number in range(10):
        place.write(f"m{number}/Makefile", recipes(place, 5))
    tasks = "".join(f"  m{number}: {{dir: m{number}, cmds: ['{call}']}}\n" for number, call in enumerate(calls))
    place.taskfile(f"version: '3'\ntasks:\n  all: {{deps: [{', '.join(f'm{n}' for n in range(10))}]}}\n{tasks}")
    done = place.run("-v", "-s", "all")
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr
    assert "job slot" not in done.stderr, "a token was lost"
    now, most, total = counted(place)
    assert (now, total) == (0, 50)
    assert most <= 2


@needs_make
def test_a_make_gets_the_slot_that_is_free(place):
    os.mkfifo(place.root / "meeting")
    place.write("Makefile", MEETING)
    place.taskfile("version: '3'\ntasks: {all: 'make -j8'}\n")
    assert place.run("all").returncode == 0


@needs_make
@pytest.mark.parametrize("text", ["make", "make -j1", "true && make -j1", "true && make # -j"])
def test_a_make_that_is_not_parallel_stays_so_and_sees_what_it_would_see_under_task(place, text):
    place.write("Makefile", 'all: ; @echo "[$$MAKEFLAGS] [$$CARGO_MAKEFLAGS] [$$PARATASK_JOB_SLOTS]"\n')
    place.taskfile(f"version: '3'\ntasks: {{all: '{text}'}}\n")
    flags = " -j1" if "j1" in text else ""
    assert place.run("-s", "all").stdout in (f"[{flags}] [] []\n", "[] [] []\n")


def test_other_commands_see_what_they_would_see_under_task(place):
    place.taskfile(
        """
        version: '3'
        tasks:
          all:
            cmds:
              - 'echo "[$MAKEFLAGS] [$CARGO_MAKEFLAGS] [$PARATASK_JOB_SLOTS]"'
              - 'echo make -j8; echo "[$MAKEFLAGS]"; make --version > /dev/null; echo "[$MAKEFLAGS]"'
        """
    )
    done = place.run("-s", "all", env={"MAKEFLAGS": "-k"})
    assert done.stdout == "[-k] [] []\nmake -j8\n[-k]\n[-k]\n"


@needs_make
@pytest.mark.parametrize("off", [["--sequential"], ["--jobserver=off"], ["-C", "1"]])
def test_where_nothing_is_offered(place, off):
    place.write(
        "Makefile", 'all: ; @echo "$$MAKEFLAGS" | grep -v GMfifo | grep -c jobserver-auth=fifo || true\n'
    )  # make 4.4 has its own
    place.taskfile("version: '3'\ntasks: {all: 'make -j3'}\n")
    assert place.run("-s", *off, "all").stdout == "0\n"


@needs_make
def test_flags_and_variables_of_the_user_stay(place):
    place.write("Makefile", 'all: ; @echo "$(filter k%,$(MAKEFLAGS)) $(X)"\n')
    place.taskfile("version: '3'\ntasks: {all: 'make -j3', own: {env: {MAKEFLAGS: '-s'}, cmds: ['make -j3 own']}}\n")
    assert place.run("-s", "all", env={"MAKEFLAGS": "k -j7 -- X=1"}).stdout == "k 1\n"


@needs_make
def test_makeflags_that_the_taskfile_sets_stay(place):
    place.write(
        "make", '#!/bin/sh\ncase $1 in --version) exec env -u MAKEFLAGS make --version;; esac\necho "[$MAKEFLAGS]" "$@"\n'
    )
    (place.root / "make").chmod(0o755)
    place.taskfile("version: '3'\ntasks: {all: {env: {MAKEFLAGS: '-s -j7'}, cmds: ['./make -j3', 'true; ./make -j3']}}\n")
    assert place.run("-s", "all").stdout == "[-s -j7] -j3\n" * 2


@pytest.mark.parametrize(
    ("version", "style", "shown"),
    [
        ("3.81", "auto", r" -j --jobserver-fds=\d+,\d+"),
        ("4.3", "auto", r" -j2 --jobserver-auth=\d+,\d+"),
        ("4.4.1", "auto", r" -j2 --jobserver-auth=fifo:/.*/slots"),
        ("4.4.1", "pipe", r" -j2 --jobserver-auth=\d+,\d+"),
        ("4.4.1", "off", ""),
        ("4.3", "fifo", ""),
    ],
)
@pytest.mark.parametrize("text", ["make -j7 all", "cd . && make all -j7"])
def test_each_make_is_told_in_its_own_way(place, version, style, shown, text):
    place.program("make", f'#!/bin/sh\n[ "$1" = --version ] && echo "GNU Make {version}" || echo "[$MAKEFLAGS] $*"\n')
    place.write("paratask.toml", f'jobserver = "{style}"\n')
    place.taskfile(f"version: '3'\ntasks: {{all: '{text}'}}\n")
    words = "all" if shown else text.partition("make ")[2]
    assert re.fullmatch(rf"\[{shown}\] {words}\n", place.run("-s", "all").stdout)


@needs_make
def test_tokens_of_a_killed_make_are_there_again(place):
    """`b` runs on a token, since `a` runs as long; then make dies with the token in hand. The second make needs it."""
    for name in ("meeting", "meeting2", "death"):
        os.mkfifo(place.root / name)
    dies = "@cat meeting > /dev/null; kill -KILL $$PPID; echo > death"
    place.write("dies.mk", f"all: a b\na:\n\t@echo > meeting; cat death > /dev/null\nb:\n\t{dies}\n")
    place.write("Makefile", MEETING.replace("meeting", "meeting2"))
    place.taskfile(
        """
        version: '3'
        tasks:
          all: [{cmd: make -j4 -f dies.mk, ignore_error: true}, make -j4]
        """
    )
    done = place.run("-v", "all")
    assert done.returncode == 0, done.stderr
    assert "paratask: 1 job slot is free again that commands took and did not give back\n" in done.stderr


@needs_ninja
def test_ninja_shares(place):
    rules = "".join(f"build {{0}}{number}: r\n" for number in range(6))
    for name in "xyz":
        place.write(f"{name}.ninja", f"rule r\n  command = {place.record}\n" + rules.format(name))
    place.taskfile(
        """
        version: '3'
        tasks:
          all: {deps: [x, y, z]}
          x: ninja -f x.ninja
          y: ninja -j20 -f y.ninja
          z: 'true && ninja -f z.ninja -j 7'
        """
    )
    done = place.run("-v", "all")
    assert done.returncode == 0, done.stderr
    assert "job slot" not in done.stderr, "a token was lost"
    now, most, total = counted(place)
    assert (now, total) == (0, 18)
    assert most <= 2


@needs_cargo
def test_cargo_shares(place):
    """A build script asks for a job, as those do that start compilers, and shows where."""
    place.write("Cargo.toml", '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n')
    place.write("src/lib.rs", "")
    place.write("build.rs", 'fn main() { std::fs::write("seen", std::env::var("CARGO_MAKEFLAGS").unwrap()).unwrap(); }\n')
    place.taskfile("version: '3'\ntasks: {all: 'cargo build --offline -j5'}\n")
    done = place.run("-v", "all", env={"CARGO_TARGET_DIR": str(place.root / "target"), "RUSTC_WRAPPER": ""})
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr
    assert "job slot" not in done.stderr, "a token was lost"
    assert "--jobserver-auth=" in (place.root / "seen").read_text()
    read, write = map(int, (place.root / "seen").read_text().rpartition("=")[2].split(","))
    assert min(read, write) >= 64, "the descriptors are those that we handed down"


def test_a_nested_paratask_shares_the_slots(place):
    tasks = "".join(f"  t{number}: '{place.record}'\n" for number in range(6))
    inner = f"version: '3'\ntasks:\n  all: {{deps: [{', '.join(f't{n}' for n in range(6))}]}}\n{tasks}"
    for name in "abc":
        place.write(f"{name}/Taskfile.yml", inner)
        place.write(f"{name}/paratask.toml", costs(6))
    place.taskfile(
        f"""
        version: '3'
        tasks:
          all: {{deps: [a, b, c]}}
          a: cd a && paratask all
          b: {{dir: b, cmds: ['PATH=$PATH paratask all']}}
          c: "'{Path(sys.executable).parent}/paratask' -d c all"
        """
    )
    done = place.run("-v", "-s", "all")
    assert done.returncode == 0, done.stderr
    assert "job slot" not in done.stderr, "a token was lost"
    now, most, total = counted(place)
    assert (now, total) == (0, 18)
    assert most <= 2


def deps(place, *commands: str) -> None:
    tasks = "".join(f"  t{number}: '{command}'\n" for number, command in enumerate(commands))
    names = ", ".join(f"t{number}" for number in range(len(commands)))
    place.taskfile(f"version: '3'\ntasks:\n  all: {{deps: [{names}]}}\n{tasks}")


@needs_make
@pytest.mark.parametrize("jobs", [2, 3])
def test_below_make(place, jobs):
    """make counts its tokens at the end, and says so if one is missing."""
    os.mkfifo(place.root / "meeting")
    deps(place, "echo > meeting", "cat meeting", *[place.record] * 4)
    place.write("Makefile", f"all:\n\t+@{' '.join(place.argv('-s', 'all'))}\n")
    done = subprocess.run(
        ["make", f"-j{jobs}"], cwd=place.root, env=place.environ, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert "INTERNAL" not in done.stderr
    assert counted(place)[::2] == (0, 4)


@needs_make
def test_below_make_without_a_plus(place):
    if FIFO in styles("make"):
        pytest.skip("this make has a named pipe, which is open to everybody")
    deps(place, place.record)
    place.write("Makefile", f"all:\n\t@{' '.join(place.argv('-s', 'all'))}\n")
    done = subprocess.run(["make", "-j2"], cwd=place.root, env=place.environ, capture_output=True, text=True, check=False)
    assert done.stderr == (
        "paratask: warning: the jobserver of the make above is closed to us, and not used: write `+` before the command in its rule\n"
    )


class Above:
    """A jobserver's pipe, as a make above would hand it down."""

    def __init__(self, tokens: bytes) -> None:
        self.tokens = tokens
        self.reading, self.writing = os.pipe()
        os.write(self.writing, tokens)

    def options(self, place) -> dict[str, object]:
        flags = f" -j{len(self.tokens) + 1} --jobserver-auth={self.reading},{self.writing}"
        return {"env": {"MAKEFLAGS": flags}, "pass_fds": (self.reading, self.writing)}

    def left(self) -> bytes:
        os.set_blocking(self.reading, False)
        try:
            return bytes(sorted(os.read(self.reading, 99)))
        except BlockingIOError:
            return b""


@pytest.fixture
def above():
    made: list[Above] = []

    def make(tokens: bytes) -> Above:
        made.append(Above(tokens))
        return made[-1]

    yield make
    for one in made:
        os.close(one.reading)
        os.close(one.writing)


def test_without_a_token_one_runs_after_the_other(place, above):
    pipe = above(b"")
    deps(place, *[place.record] * 6)
    place.write("paratask.toml", costs(6))
    done = place.run("-s", "all", **pipe.options(place))
    assert done.returncode == 0, done.stderr
    assert counted(place) == (0, 1, 6)


@pytest.mark.parametrize(("last", "code"), [("true", 0), ("false", 201)])
def test_what_was_taken_is_given_back(place, above, last, code):
    pipe = above(b"ab")
    os.mkfifo(place.root / "meeting")
    deps(place, "echo > meeting", f"cat meeting > /dev/null; {last}")
    assert place.run("-s", "all", **pipe.options(place)).returncode == code
    assert pipe.left() == b"ab"


@pytest.mark.parametrize("numbers", [[signal.SIGINT], [signal.SIGTERM], [signal.SIGHUP], [signal.SIGINT, signal.SIGINT]])
def test_what_was_taken_is_given_back_after_a_signal(place, above, numbers):
    pipe = above(b"ab")
    for name in ("ready0", "ready1", "never"):
        os.mkfifo(place.root / name)
    stubborn = "trap : INT TERM HUP; " if len(numbers) > 1 else ""
    deps(place, *(f"{stubborn}echo > ready{number}; while :; do read line < never; done" for number in range(2)))
    running = place.start("-s", "all", **pipe.options(place))
    for number in range(2):
        (place.root / f"ready{number}").read_text()
    assert len(pipe.left()) == 1
    os.set_blocking(pipe.reading, True)
    os.write(pipe.writing, b"x")
    for number in numbers:
        running.send_signal(number)
        if number != numbers[-1]:
            assert "interrupt" in running.stderr.readline() + running.stdout.readline()
    with contextlib.closing(running.stdout), contextlib.closing(running.stderr):
        running.wait(60)
    left = pipe.left()
    assert len(left) == 2
    assert set(left) <= set(b"abx")


def test_jobs_that_are_asked_for_are_ones_own(place, above):
    pipe = above(b"")
    os.mkfifo(place.root / "meeting")
    deps(place, "echo > meeting", "cat meeting")
    done = place.run("-s", "all", "-C", "2", **pipe.options(place))
    assert done.returncode == 0
    assert done.stderr.splitlines()[0] == (
        "paratask: warning: --jobs is given, so the job slots of the make or paratask above are not shared"
    )


@needs_make
def test_nothing_is_left_of_the_pipe_after_a_second_signal(place):
    for name in ("ready", "never"):
        os.mkfifo(place.root / name)
    place.write("Makefile", "all: ; @trap : INT; echo > ready; while :; do read line < never; done\n")
    place.taskfile("version: '3'\ntasks: {all: 'make -j2'}\n")
    running = place.start("-s", "all")
    (place.root / "ready").read_text()
    assert list((place.root.parent / "temporary").iterdir())
    for number in (signal.SIGINT, signal.SIGTERM):
        running.send_signal(number)
        running.stdout.readline()
        after_echoes()
    with contextlib.closing(running.stdout), contextlib.closing(running.stderr):
        assert running.wait(60) == 1
