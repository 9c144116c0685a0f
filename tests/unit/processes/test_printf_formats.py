"""A format that begins with a dash is no option of `printf`, as in go-task's shell."""

from __future__ import annotations

import os
import subprocess

import pytest

from paratask.processes.printf_formats import after_options
from paratask.processes.shell import Shell


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("printf '---\\n'", "printf -- '---\\n'"),
        ('printf "-- %s --\\n" ü && printf -x', 'printf -- "-- %s --\\n" ü && printf -- -x'),
        ("if a; then x=$(printf '- %s' b); fi", "if a; then x=$(printf -- '- %s' b); fi"),
        ("printf $'-\\n'", "printf -- $'-\\n'"),
        ("printf \\\n  '-'", "printf \\\n  -- '-'"),
    ],
)
def test_formats_with_a_dash_come_after_the_options(text, changed):
    assert after_options(text) == changed


@pytest.mark.parametrize(
    "text",
    ["printf -v x '-'", "printf -- '-'", "printf '%s' -x", "echo \"printf '-x'\"", "cat <<E\nprintf '-x'\nE", "printf '-' )"],
)
def test_what_is_no_such_format_stays(text):
    assert after_options(text) == text


def test_a_line_of_dashes_failed_the_command():
    argv = Shell(os.environ).in_shell("printf '--- %s ---\\n' a")
    assert subprocess.run([argv[0], *argv[2:]], capture_output=True, text=True, check=True).stdout == "--- a ---\n"
