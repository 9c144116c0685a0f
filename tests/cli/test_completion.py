"""`--completion`: the scripts in the shells that are here. Each shell is asked what it would offer."""

from __future__ import annotations

import shutil
import subprocess

import pytest

TASKFILE = """\
version: '3'
tasks:
  build: {desc: "Build: [all] $HOME's", aliases: [b]}
  'api:build': {desc: Api}
  'api:test': echo
  wild-*: echo
  hidden: {internal: true}
"""
SORT = "The order of lists\\: those without a namespace first (default), by name (alphanumeric), or as written (none)"
BASH = r"""
eval "$(paratask --completion bash)"
compopt() { :; }  # needs a completion that bash itself began
complete -p paratask
for line in "$@"; do
    COMP_LINE=$line COMP_POINT=${#line} COMPREPLY=()
    _paratask
    echo "${COMPREPLY[*]}"
done
"""
FISH = """
paratask --completion fish | source
for line in $argv
    complete -C $line
    echo .
end
"""
ZSH = r"""
compdef() { registered="$*"; }
eval "$(paratask --completion zsh)"
echo $registered
_describe() { print -rl -- ${(P)4}; }
for line in "$@"; do
    words=(${(z)line} "") CURRENT=$(( ${#${(z)line}} + 1 ))
    _paratask_tasks
    echo .
done
_arguments() { print -rl -- "$@" | grep -e '--sort' -e '-o+' -e '--dir'; }
words=(paratask -) CURRENT=2
_paratask
_files() { echo files; }
words=(paratask -- x) CURRENT=3
_paratask
"""


@pytest.fixture
def ask(workspace):
    """What a shell says to a script of its own, with lines to complete as arguments."""
    workspace.taskfile(TASKFILE)
    workspace.write("other/Taskfile.yml", "version: '3'\ntasks: {elsewhere: echo}\n")

    def run(shell: str, script: str, *lines: str) -> str:
        if shutil.which(shell) is None:
            pytest.skip(f"no {shell} here")
        workspace.write("ask", script)
        options = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
        done = subprocess.run(
            [shell, *options, "ask", *lines],
            cwd=workspace.root,
            env={**workspace.environ, "HOME": str(workspace.root)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert done.stderr == ""
        return done.stdout

    return run


@pytest.mark.slow
def test_bash_completes_tasks_options_and_values(ask):
    lines = {
        "paratask ": "build b api:build api:test",
        "paratask bu": "build",
        "paratask -s b": "build b",
        "paratask api:": "build test",
        "paratask api:t": "test",
        "paratask zzz": "",
        "paratask --summ": "--summary",
        "paratask --sort ": "default alphanumeric none",
        "paratask --sort=a": "alphanumeric",
        "paratask -o g": "group",
        "paratask --completion ": "bash zsh fish powershell",
        "paratask -d o": "other",
        "paratask -t Task": "Taskfile.yml",
        "paratask -d other ": "elsewhere",
        "paratask --taskfile=other/Taskfile.yml e": "elsewhere",
        "paratask build -- ": "",
    }
    registered, *answers = ask("bash", BASH, *lines).splitlines()
    assert registered == "complete -F _paratask paratask"
    assert dict(zip(lines, answers, strict=True)) == lines


@pytest.mark.slow
def test_fish_completes_tasks_with_descriptions(ask):
    lines = {
        "paratask ": ["api:build\tApi", "api:test", "b\tBuild: [all] $HOME's", "build\tBuild: [all] $HOME's"],
        "paratask api:t": ["api:test"],
        "paratask --summ": ["--summary\tShow what is known about a task"],
        "paratask -d other ": ["elsewhere"],
    }
    blocks = ask("fish", FISH, *lines).split(".\n")
    assert dict(zip(lines, [block.splitlines() for block in blocks], strict=False)) == lines


@pytest.mark.slow
def test_zsh_completes_tasks_with_descriptions(ask):
    told = ask("zsh", ZSH, "paratask", "paratask -d other").splitlines()
    assert told == [
        "_paratask paratask",
        "build:Build: [all] $HOME's", "b:Build: [all] $HOME's", "api\\:build:Api", "api\\:test", ".",
        "elsewhere", ".",
        "*--dir=[Look for a Taskfile in DIR, and run there]:dir:_files -/",
        f"*--sort=[{SORT}]:order:(default alphanumeric none)",
        "*-o+[How commands' output is shown]:style:(interleaved group prefixed)",
        "files",
    ]  # fmt: skip


def test_powershell_gets_a_script_with_every_option(workspace):
    script = workspace.run("--completion", "powershell").stdout
    assert "'--sort' = 'default', 'alphanumeric', 'none'" in script
    assert ", @('--summary', 'Show what is known about a task')" in script
    assert "@OPTIONS@" not in script
    assert "@VALUES@" not in script


def test_another_shell_is_refused(workspace):
    done = workspace.run("--completion", "ksh")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: no completion for the shell `ksh`\n  help: one of bash, zsh, fish, powershell\n"


def test_names_for_programs_have_their_description_after_a_tab(workspace):
    workspace.taskfile(TASKFILE)
    listed = workspace.run("--list-all", "--names", "--sort", "none")
    assert listed.stdout == ("build\tBuild: [all] $HOME's\nb\tBuild: [all] $HOME's\napi:build\tApi\napi:test\t\nwild-*\t\n")
    assert workspace.run("--names").stderr == "error: --names goes with --list or --list-all\n"
