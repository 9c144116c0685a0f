"""The exit status of `while` and `until` loops is 0, as in go-task's shell."""

from __future__ import annotations

import subprocess

import pytest

from paratask.processes.while_loops import with_zero_status

LOOPS = [
    ("while read -r x; do [ $x = 9 ] && echo no; done", "while read -r x; do [ $x = 9 ] && echo no; :; done"),
    ("until a\ndo\n  b\ndone < c", "until a\ndo\n  b\n:; done < c"),
    ("while a; do while b; do c; done; done", "while a; do while b; do c; :; done; :; done"),
    ("x=$(while a; do b; done)", "x=$(while a; do b; :; done)"),
    ("while a; do b & done", "while a; do b & :; done"),
    ("while a; do echo 'grüße'; done; echo ü", "while a; do echo 'grüße'; :; done; echo ü"),
]
OTHERS = [
    "for x in a; do b; done",
    "echo while done",
    "'while x; do y; done'",
    "while a; do b; done )",
    "make done until",
    "# while a; do b; done",
]


@pytest.mark.parametrize(("text", "changed"), LOOPS)
def test_loops_end_with_a_command_that_succeeds(text, changed):
    assert with_zero_status(text) == changed


@pytest.mark.parametrize("text", OTHERS)
def test_what_is_no_such_loop_stays(text):
    assert with_zero_status(text) == text


def test_bash_goes_on_after_a_loop_whose_last_test_did_not_hold():
    loop = "printf '1\\n2\\n' | while read -r x; do [ $x = 1 ] && echo one; done"
    assert subprocess.run(["bash", "-ec", loop], capture_output=True, check=False).returncode == 1
    changed = subprocess.run(
        ["bash", "-ec", with_zero_status(loop) + "; echo after"], capture_output=True, check=True, text=True
    )
    assert changed.stdout == "one\nafter\n"
