"""What we write and hand on is UTF-8, or the bytes that came: as in `task`, the locale has no say in it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

OLDER = {"LC_ALL": "C", "PYTHONUTF8": "0"}
"""A locale whose encoding is not UTF-8, which each system has: with the second, Python takes it by its word."""

STRICT = {"PYTHONIOENCODING": "utf-8:strict"}
"""As for all locales of UTF-8 but C's own."""

UMLAUTS = """
version: '3'
env: {GREETING: 'grüß'}
tasks:
  arrow: {desc: 'zeigt → 日', silent: true, cmds: ["echo 'ü→日'"]}
  variable: {silent: true, vars: {SAID: {sh: 'echo $GREETING'}}, cmds: ['echo {{.SAID}} {{.X}} $GREETING', 'printf %s "$GREETING" | wc -c']}
  file: {silent: true, dir: 'größe', sources: ['*.日'], cmds: ['touch {{.GREETING}} "$GREETING$GREETING"']}
"""


def written(workspace, *words, env):
    return workspace.run(*words, env=env, encoding="utf-8", errors="surrogateescape")


@pytest.mark.parametrize("env", [OLDER, {**OLDER, "PYTHONIOENCODING": "latin-1:strict"}, STRICT, {}])
def test_in_an_older_locale_commands_got_other_bytes_or_none(workspace, env):
    workspace.taskfile(UMLAUTS)
    assert written(workspace, "arrow", env=env).stdout == "ü→日\n"
    done = written(workspace, "variable", "X=→", env=env)
    assert (done.stdout.split(), done.stderr) == (["grüß", "→", "grüß", "6"], "")
    assert written(workspace, "file", env=env).returncode == 0
    assert sorted(os.listdir(os.fsencode(workspace.root / "größe"))) == ["grüß".encode(), "grüßgrüß".encode()]


@pytest.mark.parametrize("words", [("--list",), ("--list", "--json"), ("--help",), ("--plan", "arrow", "file"), ("nö→",)])
@pytest.mark.parametrize("env", [OLDER, {"PYTHONIOENCODING": "latin-1:strict"}])
def test_in_an_older_locale_our_own_words_were_a_traceback(workspace, words, env):
    workspace.taskfile(UMLAUTS)
    shown = written(workspace, *words, env=env)
    expected = written(workspace, *words, env={})
    assert (shown.returncode, shown.stdout, shown.stderr) == (expected.returncode, expected.stdout, expected.stderr)


@pytest.mark.parametrize(
    "words", [("--list",), ("--summary", "a"), ("--plan", "b"), ("--exec", "--plan", "echo", ":::", "v\udcfe")]
)
def test_bytes_that_are_no_text_were_a_traceback_in_most_locales(workspace, words):
    workspace.taskfile(
        "version: '3'\ntasks:\n  a: {desc: '{{.ODD}}', summary: '{{.ODD}}'}\n  b: {dir: '{{.ODD}}', cmds: [echo]}\n"
    )
    done = written(workspace, *words, env={**STRICT, "ODD": "v\udcfe"})
    assert done.returncode == 0, done.stderr
    assert "v\udcfe" in done.stdout


def test_commands_see_the_environment_as_it_was(workspace):
    workspace.taskfile("version: '3'\ntasks: {a: {silent: true, cmds: ['env | grep -E \"^(LC_|PYTHONUTF8)\" | sort']}}\n")
    assert written(workspace, "a", env={**OLDER, "LC_CTYPE": "C"}).stdout == "LC_ALL=C\nLC_CTYPE=C\nPYTHONUTF8=0\n"


@pytest.mark.parametrize("args", [("a",), ("--exec", "echo", ":::", "hello")])
def test_a_value_without_a_name_in_the_environment_let_no_command_start(workspace, args):
    workspace.taskfile("version: '3'\ntasks: {a: echo hello}\n")
    done = subprocess.run(
        ["env", "=x", "y.z=1", *workspace.argv(*args)], cwd=workspace.root, env=workspace.environ, capture_output=True, text=True,
        check=True, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.stdout == "hello\n"


def test_who_asks_python_for_no_utf8_gets_none_and_it_ends(workspace):
    workspace.taskfile("version: '3'\ntasks: {a: {silent: true, cmds: [echo hi]}}\n")
    argv = [sys.executable, "-X", "utf8=0", "-m", "paratask", "a"]
    environ = {**workspace.environ, **OLDER}
    done = subprocess.run(argv, cwd=workspace.root, env=environ, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (0, b"hi\n")
