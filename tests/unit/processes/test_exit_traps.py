"""What a trap runs goes on after a failure, as in go-task's shell. What is expected here is what `task` 3.54.0 did."""

from __future__ import annotations

import os
import subprocess

import pytest

from paratask.processes.exit_traps import without_errexit
from paratask.processes.shell import Shell

ENDED = [
    ("trap 'false; echo next' EXIT; echo x", 0, "x\nnext\n"),
    ("clean() { false; echo cleaned; }\ntrap clean EXIT\nexit 3", 3, "cleaned\n"),
    ("trap 'echo [$?]; false; echo b' EXIT; exit 3", 3, "[3]\nb\n"),
    ('x=1; trap -- "echo $x; false; echo grüße # end" EXIT', 0, "1\ngrüße\n"),
    ("trap 'echo err; false; echo more' ERR; false", 1, "err\nmore\n"),
    ("trap $'false\\necho two' EXIT ERR; true", 0, "two\n"),
    ("trap 'cat gone 2>/dev/null; echo e;' EXIT; exit 1", 1, "e\n"),
    ("trap 'false; echo x' EXIT; trap - EXIT; echo y; trap '' EXIT", 0, "y\n"),
    ("trap rm\\ gone EXIT 2>/dev/null", 0, ""),
    ("trap ' ' EXIT; exit 3", 3, ""),
    ("trap '# nothing' EXIT; echo x", 0, "x\n"),
    ('clean=; trap "$clean" EXIT; echo x', 0, "x\n"),
    ("trap 'false; echo a' \"EXIT\"; trap 'false; echo e' 'ERR'", 0, "a\n"),
    ("trap 'echo a' EXIT; trap '-' EXIT", 0, ""),
]
OTHERS = [
    "trap - EXIT",
    "trap -- - ERR",
    "trap '' EXIT",
    "trap",
    "trap 'a' INT",
    "echo trap a EXIT",
    "trap 'a' EXIT )",
    "trap EXIT",
]


@pytest.mark.parametrize(("text", "code", "out"), ENDED)
def test_a_failure_in_a_trap_ended_it_and_failed_the_command(text, code, out):
    argv = Shell(os.environ).in_shell(text)
    done = subprocess.run([argv[0], *argv[2:]], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (code, out)


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_no_such_trap_stays(text):
    assert without_errexit(text) == text


def test_sh_is_given_the_text_as_it_is(tmp_path):
    (tmp_path / "sh").symlink_to("/bin/sh")
    assert Shell({"PATH": str(tmp_path)}).in_shell("trap 'a; b' EXIT")[-1] == "trap 'a; b' EXIT"
