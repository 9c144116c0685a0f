"""Real programs under the real strace."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from paratask.errors import ParataskError
from paratask.execution import tracing
from paratask.execution.tracing import Strace
from paratask.observing.accesses import Accesses, Witness
from paratask.observing.call_kinds import TRACED
from paratask.observing.ground import Ground, on_ground
from paratask.observing.system_calls import parse_calls
from paratask.processes.adoption import Adoption

TOUCHES = """
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void) {
  close(open("in", O_RDONLY));
  open("absent", O_RDONLY);
  mkdir("sub", 0777);
  chdir("sub");
  close(open("made", O_WRONLY | O_CREAT, 0666));
  rename("made", "../renamed");
  return 0;
}
"""
GO = """
package main
import "os"
func main() { os.ReadFile("in"); os.ReadFile("absent"); os.Mkdir("sub", 0o777); os.WriteFile("renamed", nil, 0o666) }
"""


@pytest.fixture
def strace(tmp_path):
    try:
        made = Strace(folder=str(tmp_path / "traces"), environ=os.environ, traced=TRACED)
    except ParataskError as error:
        pytest.skip(f"{error.message} ({error.help})")
    yield made
    made.close()


@pytest.fixture
def seen(strace, tmp_path):
    """What a command did in a folder that has the files `in` and `old`, by names relative to it."""
    work = tmp_path / "work"
    work.mkdir()
    (work / "in").write_text("in")
    (work / "old").write_text("old")

    def run(*argv: str, code: int = 0) -> Accesses:
        program = shutil.which(argv[0]) or str(work / argv[0])
        started, *rest = strace.wrap([program, *argv], owner=None, folder=str(work), environment=os.environ)
        done = subprocess.run(
            rest, executable=started, cwd=work, check=False, stdin=subprocess.DEVNULL, capture_output=True, text=True
        )
        assert (done.returncode, done.stderr) == (code, "")
        assert strace.finish(), "a child still runs"
        witness = Witness(os.path.realpath, os.path.isfile, lambda _: "")
        for trace in strace.traces:
            witness.take(parse_calls(Path(trace.path).read_text().splitlines()), trace.folder)
        return on_ground(witness.accesses(), Ground(root=os.path.realpath(work)))

    return run


def shell(text: str) -> tuple[str, str, str]:
    return "sh", "-c", text


def inside(paths: frozenset[str]) -> set[str]:
    return {path for path in paths if not path.startswith("/")}


def test_a_shell_and_its_children(seen):
    found = seen(*shell("cat in | tr a b > out; mkdir -p d/e; mv old d/e/new; : > in; cat nothing 2>/dev/null; rm out; true"))
    assert {"in"} <= found.reads
    assert inside(found.writes) == {"out", "d", "d/e", "old", "d/e/new", "in"}
    assert "nothing" in found.missing


def test_relative_paths_after_cd(seen):
    found = seen(*shell("mkdir a && cd a && mkdir b && cd b && echo x > f && (cd ../.. && echo y > g) && echo z >> f"))
    assert inside(found.writes) == {"a", "a/b", "a/b/f", "g"}


def test_children_that_outlive_their_parent(seen):
    found = seen(
        *shell(
            "(sleep 0.2; echo late > late) > /dev/null 2>&1 & setsid sh -c 'sleep 0.2; echo own > session' > /dev/null 2>&1 & true"
        )
    )
    assert inside(found.writes) == {"late", "session"}


def test_names_with_every_byte(seen):
    found = seen(sys.executable, "-S", "-c", r"open(b'a\n\"\\<>\xff', 'w'); open('g\u00fcn (x) = 3', 'w')")
    assert inside(found.writes) == {'a\n"\\<>\udcff', "gün (x) = 3"}


def test_a_path_as_long_as_they_get(seen):
    deep = "/".join(["d" * 200] * 15)
    found = seen(sys.executable, "-S", "-c", f"import os; os.makedirs('{deep}'); open('{deep}/f', 'w')")
    assert f"{deep}/f" in found.writes


def test_static_binaries(seen, tmp_path):
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler")
    (tmp_path / "t.c").write_text(TOUCHES)
    built = subprocess.run(
        [compiler, "-static", "-o", tmp_path / "work" / "t", tmp_path / "t.c"], check=False, capture_output=True
    )
    if built.returncode:
        pytest.skip("the C library cannot be linked statically")
    found = seen("./t")
    assert inside(found.writes) == {"sub", "renamed"}
    assert "in" in found.reads
    assert "absent" in found.missing


@pytest.mark.slow
def test_go_binaries(seen, tmp_path):
    compiler = shutil.which("go")
    if compiler is None:
        pytest.skip("there is no Go compiler")
    (tmp_path / "t.go").write_text(GO)
    subprocess.run([compiler, "build", "-o", tmp_path / "work" / "t", tmp_path / "t.go"], check=True)
    found = seen("./t")
    assert inside(found.writes) == {"sub", "renamed"}
    assert "absent" in found.missing


def test_exit_codes_and_signals_are_the_command_s(seen):
    seen(*shell("exit 7"), code=7)
    seen(*shell("kill -TERM $$"), code=-15)


def test_the_command_is_our_own_child_under_its_own_name(strace, tmp_path):
    started, *rest = strace.wrap([shutil.which("sh"), *shell("echo $0 $PPID")], owner=None, folder="/", environment=os.environ)
    done = subprocess.run(rest, executable=started, cwd="/", check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["sh", str(os.getpid())]


@pytest.mark.slow
def test_children_that_do_not_end_are_let_go(strace, tmp_path):
    script = f"sleep 60 > /dev/null 2>&1 & echo $! > {tmp_path}/pid"
    started, *rest = strace.wrap([shutil.which("sh"), *shell(script)], owner=None, folder="/", environment=os.environ)
    # strace has our output for as long as it runs, so it must not be a pipe that somebody reads to its end.
    subprocess.run(rest, executable=started, cwd="/", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    pid = int((tmp_path / "pid").read_text())
    try:
        assert not strace.finish()
        os.kill(pid, 0)
        assert strace.finish(), "the tracer is gone"
    finally:
        os.kill(pid, 9)


def test_a_tracer_that_ended_just_when_it_was_to_be_let_go_ended_the_run_in_a_traceback(strace, tmp_path, monkeypatch):
    script = f"sleep 60 > /dev/null 2>&1 & echo $! > {tmp_path}/pid"
    started, *rest = strace.wrap([shutil.which("sh"), *shell(script)], owner=None, folder="/", environment=os.environ)
    opened = os.pidfd_open

    def opened_in_its_last_moment(tracer: int) -> int:
        fd = opened(tracer)
        traced = int((tmp_path / "pid").read_text())
        os.kill(traced, signal.SIGKILL)
        for pid in (tracer, traced):
            os.waitpid(pid, 0)
        return fd

    monkeypatch.setattr(os, "pidfd_open", opened_in_its_last_moment)
    monkeypatch.setattr(tracing, "LAST_SECONDS", 0.0)
    with Adoption():  # so that nothing of it is left when it has ended, whoever is the first process here
        subprocess.run(rest, executable=started, cwd="/", check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert not strace.finish()


def test_a_script_without_an_interpreter_is_refused_as_the_kernel_would(strace, tmp_path):
    script = tmp_path / "script"
    script.write_text("echo\n")
    with pytest.raises(OSError, match="Exec format error"):
        strace.wrap([str(script), "script"], owner=None, folder="/", environment={})
    script.write_text("#!/no/such/program\n")
    with pytest.raises(FileNotFoundError):
        strace.wrap([str(script), "script"], owner=None, folder="/", environment={})


def _program(folder: Path, name: str, text: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)


def refusal(folder: Path) -> tuple[str, str]:
    with pytest.raises(ParataskError) as caught:
        Strace(folder=str(folder / "traces"), environ={"PATH": str(folder)}, traced=TRACED)
    return caught.value.message, caught.value.help


@pytest.mark.skipif(sys.platform != "linux", reason="strace is for Linux")
@pytest.mark.parametrize(
    ("manager", "command"),
    [("apt-get", "apt-get install"), ("apk", "apk add"), ("pacman", "pacman -S"), ("dnf", "dnf install")],
)
def test_how_to_install_it_where_it_is_missing(tmp_path, manager, command):
    _program(tmp_path, manager, "true")
    assert refusal(tmp_path) == ("--learn needs strace, and there is none on PATH", f"{command} strace")


@pytest.mark.skipif(sys.platform != "linux", reason="strace is for Linux")
def test_where_tracing_is_forbidden(tmp_path):
    _program(tmp_path, "strace", "echo 'strace: attach: ptrace(PTRACE_SEIZE, 5): Operation not permitted' >&2; exit 1")
    assert refusal(tmp_path) == (
        "strace may not trace here: attach: ptrace(PTRACE_SEIZE, 5): Operation not permitted",
        "in a container: docker run --cap-add=SYS_PTRACE",
    )


@pytest.mark.skipif(sys.platform != "linux", reason="strace is for Linux")
def test_a_strace_that_is_too_old(tmp_path):
    _program(tmp_path, "strace", "echo \"strace: invalid option -- 'e'\" >&2; exit 1")
    assert refusal(tmp_path) == ("strace does not work here: invalid option -- 'e'", "--learn needs strace 5.3 or newer")


def test_there_is_none_for_other_systems(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    message, help_line = refusal(tmp_path)
    assert message == "--learn needs strace, which there is for Linux only"
    assert help_line == "learn in a Linux container or in CI, and commit paratask.claims.toml"
