"""Which commands need a shell, and how one is started."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess

import pytest

from paratask.processes.shell import SHELL_WORDS, Shell, plain_words, whole

PLAIN = [
    ("make", ["make"]),
    ("  go   build  ./... ", ["go", "build", "./..."]),
    ("gcc -O2 -DX=1 a.c", ["gcc", "-O2", "-DX=1", "a.c"]),
    ("echo hello", ["echo", "hello"]),
    ('echo "a b"  c', ["echo", "a b", "c"]),
    ("echo 'a b'", ["echo", "a b"]),
    ("echo a'b c'd", ["echo", "ab cd"]),
    ("echo ''", ["echo", ""]),
    ("echo '' \"\"", ["echo", "", ""]),
    ("grep 'x*[a-z]?' f", ["grep", "x*[a-z]?", "f"]),
    ('grep "a|b;c&d" f', ["grep", "a|b;c&d", "f"]),
    ('echo "it\'s"', ["echo", "it's"]),
    ("echo 'say \"x\"'", ["echo", 'say "x"']),
    ("echo 'ready!'", ["echo", "ready!"]),
    ("echo grüße ✓", ["echo", "grüße", "✓"]),
    ("echo 'grüße ✓'", ["echo", "grüße ✓"]),
    ("npx eslint@9 --max-warnings=0 src/", ["npx", "eslint@9", "--max-warnings=0", "src/"]),
    ("make\n", ["make"]),
]
NEEDS_A_SHELL = [
    "", " ", "\n", "a && b", "a || b", "a | b", "a; b", "a & b", "a > f", "a < f", "a 2>&1", "echo $HOME", 'echo "$HOME"', "echo `x`",
    "echo $(x)", "ls *.py", "ls ?", "ls [ab]", "ls {a,b}", "ls ~", "ls ~root", "A=1 make", "A=1", "'A=1' make", "echo a\\ b", "echo # no",
    "!true", "! true", "(a)", "{ a; }", "a\nb", "echo 'unclosed", 'echo "unclosed', 'echo "a\\n"', "echo\ta", "cd x", "export A=b", "exit 1",
    "source x", ". x", "[ -f x ]", "[[ a ]]", "test -f x", "printf x", "time make", "if true", "while true", "wait", "set -x", "'cd' x",
    "echo -n x", "echo -e x", "echo a -n", 'echo "-n" x', "read x", "kill 1", "pwd", "function x", "echo a^b", 'echo "a!b"', "echo 'a\nb'",
]  # fmt: skip


@pytest.mark.parametrize(("text", "words"), PLAIN)
def test_plain_commands_are_split_as_a_shell_would(text, words):
    assert plain_words(text) == words
    assert shlex.split(text) == words


@pytest.mark.parametrize("text", NEEDS_A_SHELL)
def test_what_may_need_a_shell(text):
    assert plain_words(text) is None


def test_bash_agrees_on_the_plain_ones():
    for text, words in PLAIN:
        script = text.strip().replace(words[0], "printf '<%s>'", 1)
        printed = subprocess.run(["bash", "-c", script], capture_output=True, check=True, text=True).stdout
        assert printed == "".join(f"<{word}>" for word in words[1:]) or len(words) == 1


def test_a_space_that_is_not_ascii_belongs_to_its_word():
    assert plain_words("ls x\u00a0") == ["ls", "x\u00a0"]


def test_every_builtin_and_keyword_of_bash_is_known():
    listed = subprocess.run(["bash", "-c", "compgen -bk"], capture_output=True, check=True, text=True).stdout.split()
    alike = {"echo", "true", "false", "compopt", "]]"}
    assert set(listed) - SHELL_WORDS <= alike


@pytest.fixture
def shell() -> Shell:
    return Shell(os.environ)


def argv(shell, text, folder="/", path=None, **options):
    return shell.argv(text, path=path or os.environ["PATH"], folder=folder, **options)


def program(folder, name, text="#!/bin/sh\n"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    (folder / name).chmod(0o755)
    return str(folder / name)


def test_a_plain_command_is_started_without_a_shell(shell, tmp_path):
    tool = program(tmp_path, "tool")
    assert argv(shell, "tool a b", path=str(tmp_path)) == [tool, "tool", "a", "b"]
    assert argv(shell, "./tool a", folder=str(tmp_path)) == [tool, "./tool", "a"]


@pytest.mark.parametrize("text", ["no-such-program x", "./no-such x", "/"])
def test_what_is_not_found_is_the_shells_to_complain_about(shell, text):
    assert argv(shell, text)[0] == shell.program


def test_options_need_a_shell(shell):
    assert argv(shell, "true", set_options=("u", "pipefail"), shopt_options=("globstar",))[1:] == [
        "bash", "-p", "-O", "inherit_errexit", "-O", "lastpipe", "-O", "globstar", "-e", "-u", "-o", "pipefail", "-c", "true",
    ]  # fmt: skip


def test_sh_where_there_is_no_bash(tmp_path):
    program(tmp_path, "sh")
    shell = Shell({"PATH": str(tmp_path)})
    assert not shell.is_bash
    assert shell.in_shell("a b", set_options=("u",)) == [str(tmp_path / "sh"), "sh", "-e", "-u", "-c", "a b"]


def test_folders_and_files_that_may_not_run_are_no_programs(shell, tmp_path):
    (tmp_path / "first" / "tool").mkdir(parents=True)
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "tool").write_text("")
    found = program(tmp_path / "third", "tool")
    path = ":".join(str(tmp_path / name) for name in ("first", "second", "third"))
    assert shell.find("tool", path) == found


def test_a_relative_folder_on_path_was_passed_over(shell, tmp_path):
    """`PATH=node_modules/.bin:…` found another program than a shell would have."""
    program(tmp_path / "bin", "tool")
    program(tmp_path / "global", "tool")
    for path in (f"bin:{tmp_path}/global", f":{tmp_path}/global"):
        assert argv(shell, "tool", folder=str(tmp_path), path=path)[0] == shell.program


def test_a_program_that_a_step_installed_was_not_found_before_the_old_one(shell, tmp_path):
    """What was found once was remembered for the whole run."""
    old = program(tmp_path / "old", "tool")
    path = f"{tmp_path}/new:{tmp_path}/old"
    assert argv(shell, "tool", path=path)[0] == old
    new = program(tmp_path / "new", "tool")
    assert argv(shell, "tool", path=path)[0] == new


def run(shell, text, **options):
    argv = shell.in_shell(text, **options)
    return subprocess.run(
        argv[1:], executable=argv[0], capture_output=True, text=True, check=False, env={"PATH": os.environ["PATH"]}
    )


def test_a_syntax_error_further_down_runs_nothing(shell):
    done = run(shell, "echo one\necho two |\n")
    assert (done.returncode, done.stdout) == (2, "")


def test_a_single_line_is_read_whole_by_itself(shell):
    assert whole("echo a; if") == "echo a; if"
    assert run(shell, "echo a; if").stdout == ""


def test_the_first_failure_ends_a_text(shell):
    done = run(shell, "echo one\nfalse\necho two")
    assert (done.returncode, done.stdout) == (1, "one\n")
    assert run(shell, "false; echo two").returncode == 1


def test_a_failure_inside_a_substitution_ends_a_text(shell):
    assert run(shell, "x=$(false; echo x)\necho $x").returncode == 1


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ("cat <<EOF\nhello\nEOF", "hello\n"),
        ("cat <<EOF\nhello\nEOF\n", "hello\n"),
        ("echo one\n# the end", "one\n"),
        ("f() {\n  echo $1\n}\nf x", "x\n"),
        ("echo a \\\n  b", "a b\n"),
        ("\n\necho a\n\n", "a\n"),
        ("for x in 1 2; do\n  echo $x\ndone", "1\n2\n"),
    ],
)
def test_texts_of_several_lines(shell, text, out):
    done = run(shell, text)
    assert (done.returncode, done.stdout) == (0, out)


@pytest.mark.parametrize("text", ["-x", "-rm gone", "+x"])
def test_a_text_that_begins_like_an_option_was_one_of_the_shell(shell, text):
    done = run(shell, text)
    assert done.returncode == 127
    assert "command not found" in done.stderr


@pytest.mark.parametrize(
    ("text", "options"), [("shopt -s expand_aliases\nalias q='echo'\nq x", ()), ("alias q='echo'\nq x", ("expand_aliases",))]
)
def test_an_alias_was_not_known_in_the_lines_below_it(shell, text, options):
    done = run(shell, text, shopt_options=options)
    assert (done.returncode, done.stdout) == (0, "x\n")


def test_a_backslash_at_the_end_was_a_syntax_error(shell):
    done = run(shell, "echo one\necho two \\")
    assert (done.returncode, done.stdout) == (0, "one\ntwo\n")


def test_that_sh_stands_in_for_bash_is_said_once_and_only_when_a_shell_is_needed(tmp_path):
    for name in ("sh", "echo"):
        (tmp_path / name).symlink_to(shutil.which(name))
    said = []
    shell = Shell({"PATH": str(tmp_path)}, said.append)
    shell.argv("echo plain", path=str(tmp_path), folder="/")
    assert said == []
    shell.argv("echo a | cat", path=str(tmp_path), folder="/")
    shell.argv("echo b | cat", path=str(tmp_path), folder="/")
    assert said == [f"paratask: there is no bash on PATH; commands run in `{tmp_path}/sh`, where bash's own syntax fails"]


def test_the_last_part_of_a_pipeline_set_no_variables(shell):
    assert run(shell, 'echo a | read x; echo "[$x]"').stdout == "[a]\n"


def test_gid_was_empty(shell):
    assert run(shell, "echo $GID").stdout == f"{os.getgid()}\n"
    assert run(shell, "GID=7; echo $GID").stdout == "7\n"


def test_carriage_returns_before_ends_of_lines_became_part_of_words(shell):
    assert run(shell, "if true; then\r\n  echo x\r\nfi\r\n").stdout == "x\n"


def test_extended_patterns_that_a_command_switches_on_itself_were_a_syntax_error(shell):
    assert run(shell, "shopt -s extglob; x=abc; echo ${x##+(a|b)}").stdout == "c\n"


def test_a_plain_shell_runs_a_text_as_it_is():
    shell = Shell(os.environ, plain=True)
    text = "false; while false; do :; done\necho on"
    assert shell.argv(text, path=os.environ["PATH"], folder="/") == [shell.program, os.path.basename(shell.program), "-c", text]
    assert shell.argv("make all", path="/nowhere", folder="/")[-1] == "make all"


def test_a_script_found_a_dot_in_its_own_path(shell, tmp_path):
    """`./tools/check.py` was started as `/repo/./tools/check.py`."""
    found = program(tmp_path / "tools", "check.py")
    for text in ("./tools/check.py", "tools/../tools/check.py"):
        assert argv(shell, f"{text} --fix", folder=str(tmp_path)) == [found, text, "--fix"]
