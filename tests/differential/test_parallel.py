"""`paratask --exec` against GNU parallel, where that is installed: what comes out, the exit code, and the job log's columns."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

INVOCATIONS = {
    "commands": [":::", "echo a; false", "exit 3", "false; echo z", "echo b | read x; echo [$x]"],
    "forms": ["echo", "{} {.} {/} {//} {/.} {#}", ":::", "/a/b.c/d.tar.gz", "x.y", "sp ace.t", "a/", "/x/", ".", ".hid", "d/.hid", ""],
    "quoting": ["echo", "{}", ":::", "$HOME", "a*", "x;y", "it's", 'say "so"', "\\x", "ü", "#c", "~"],
    "inside words": ["echo", "pre{}post", "'{}'", ":::", "a b", "c"],
    "at the end": ["echo", "-n", ":::", "a", "--b", "-c"],
    "combinations": ["echo", "{1}", "{2}", "{2.}", "{-1}", "{3}", ":::", "a", "b", ":::", "c.d", "e.f"],
    "all of them": ["echo", ":::", "a", "b", ":::", "c", "d"],
    "a number only": ["echo", "{#}", ":::", "a", "b"],
    "a slot only": ["true {%}; echo", ":::", "a", "b"],
    "linked": ["echo", ":::", "a", "b", "c", ":::+", "1", "2", ":::", "X", "Y"],
    "from a file": ["echo", "{1}-{2}", "::::", "list", ":::", "1", "2"],
    "from stdin": ["echo", "[{}]"],
    "commands from stdin": [],
    "two streams": ["echo out{}; echo err{} >&2; exit {}", ":::", "0", "1", "2"],
    "killed": ["kill -9 $$; echo", ":::", "1", "2"],
    "not found": ["./no-such-{}", ":::", "1"],
    "many failures": ["exit 1; echo", "::::", "many"],
    "shell of its own": ['set -u; f() { echo "$1"; }; f', ":::", "a", "b c"],
    "functions of the shell": ["for i in 1 2; do echo $i-{}; done", ":::", "a"],
    "end of options": ["--", "echo", ":::", "a"],
}  # fmt: skip
STDIN = "echo 1\necho 2; exit 4\n\necho 'a  b'"
COLUMNS = ["Seq", "Host", "Starttime", "JobRuntime", "Send", "Receive", "Exitval", "Signal", "Command"]


@pytest.fixture
def both(tmp_path):
    """Runs both of them, with the same words."""
    gnu = shutil.which("parallel")
    if gnu is None or b"GNU parallel" not in subprocess.run([gnu, "--version"], capture_output=True, check=False).stdout:
        pytest.skip("GNU parallel is not installed")
    (tmp_path / "home" / ".parallel").mkdir(parents=True)
    (tmp_path / "home" / ".parallel" / "will-cite").touch()
    work = tmp_path / "work"
    work.mkdir()
    (work / "list").write_text("x\ny z\n\nq")
    (work / "many").write_text("".join(f"{number}\n" for number in range(130)))
    environ = {**os.environ, "HOME": str(tmp_path / "home"), "XDG_STATE_HOME": str(tmp_path / "state"), "SHELL": "/bin/bash"}

    def run(words: list[str]) -> list[subprocess.CompletedProcess[bytes]]:
        return [
            subprocess.run(argv, cwd=work, env=environ, input=STDIN.encode(), capture_output=True, check=False, timeout=120)
            for argv in ([gnu, *words], [sys.executable, "-m", "paratask", "--exec", *words])
        ]

    run.work = work
    return run


@pytest.mark.slow
@pytest.mark.parametrize("words", INVOCATIONS.values(), ids=INVOCATIONS)
def test_the_same_comes_out(both, words):
    theirs, ours = both(["-k", "-j2", *words])
    assert ours.stdout == theirs.stdout
    assert ours.returncode == theirs.returncode


@pytest.mark.slow
def test_what_commands_say_on_stderr_is_there_in_order(both):
    theirs, ours = both(["-k", "echo e{} >&2; echo o{}", ":::", "1", "2", "3"])
    assert theirs.stderr == b"e1\ne2\ne3\n"
    assert ours.stderr.startswith(theirs.stderr)
    assert [line.split(b" ")[0] for line in ours.stderr.splitlines()[3:]] == [b"paratask:"]


@pytest.mark.slow
def test_a_job_log_has_the_same_columns(both):
    found = []
    for name, index in (("theirs", 0), ("ours", 1)):
        both(["-j1", "--joblog", name, ":::", "echo hi", "exit 3", "kill -9 $$", 'echo "a\tb"'])[index]
        lines = (both.work / name).read_text().splitlines()
        assert lines[0].split("\t") == COLUMNS
        found.append(sorted(_without_times(line) for line in lines[1:]))
    assert found[0] == found[1]


def _without_times(line: str) -> list[str]:
    words = line.split("\t", 8)
    assert float(words[2]) > 1e9
    assert float(words[3]) < 60
    return [*words[:2], *words[4:]]
