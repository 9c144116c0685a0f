"""`--completion`: the scripts in the shells that are here. Each shell is asked what it would offer."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from paratask.cli.init_kinds import DESCRIPTIONS

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
REPORT = "Write a report of the run to PATH, or to stdout with -\\: json, junit, trace, html or markdown; otel sends it"
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
_files() { echo files $*; }
for line in "$@"; do
    words=(${(z)line} "") CURRENT=$(( ${#${(z)line}} + 1 ))
    _paratask_words
    echo .
done
_arguments() { print -rl -- "$@" | grep -e '--sort' -e '-o+' -e '--dir' -e '--run=' -e '--report=' -e '--only'; }
words=(paratask -) CURRENT=2
_paratask
words=(paratask -- x) CURRENT=3
_paratask
compset() { [[ $value == *[,=]* ]]; }
compadd() { echo $*; }
words=(paratask --report "") CURRENT=3 value=j
_paratask_reports
value=json=
_paratask_reports
_paratask_runs
"""


@pytest.fixture
def ask(workspace):
    """What a shell says to a script of its own, with lines to complete as arguments."""
    workspace.taskfile(TASKFILE)
    workspace.write("other/Taskfile.yml", "version: '3'\ntasks: {elsewhere: echo}\n")
    for name, code in {"20250101-a": 201, "20250102-b": 0}.items():
        jobs = [{"id": f"api-build{number}", "task": "api:build", "state": "fresh", "seconds": 0.5} for number in ("", ".2")]
        summary = {"run": name, "calls": ["build"], "exit_code": code, "jobs": jobs if code else jobs[:1]}
        workspace.write(f".paratask/runs/{name}/summary.json", json.dumps(summary))

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
        "paratask --init ci": "ci-github ci-gitlab",
        "paratask -i o": "other",
        "paratask --logs --run ": "20250102-b 20250101-a",
        "paratask --logs --run=20250101": "20250101-a",
        "paratask --resume ": "20250101-a",
        "paratask --resume --output l": "live",
        "paratask --why ": "api:build api-build.2",
        "paratask --logs api:b": "build",
        "paratask --stats api-": "api-build.2",
        "paratask --logs --run 20250102-b ": "api:build",
        "paratask --logs --run=20250102-b ": "api:build",
        "paratask --reporter ": "off",
        "paratask --reporter=x,": "x,off",
        "paratask --only-parallel build,bu": "build,build",
        "paratask --only-parallel build,api:b": "build",
        "paratask --report j": "json= junit=",
        "paratask --report json=Task": "Taskfile.yml",
        "paratask --graph ": "dot mermaid svg",
        "paratask --exec b": "",
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
        "paratask --init ci": ["ci-github\ta workflow for GitHub Actions", "ci-gitlab\ta pipeline for GitLab"],
        "paratask --logs --run ": ["20250101-a\tfailed: build", "20250102-b\tsucceeded: build"],
        "paratask --resume ": ["20250101-a\tfailed: build"],
        "paratask --only-parallel build,bu": ["build,build\tBuild: [all] $HOME's"],
        "paratask --report j": ["json=", "junit="],
        "paratask --report json=Task": ["json=Taskfile.yml"],
        "paratask --graph ": ["dot", "mermaid", "svg"],
        "paratask --only-parallel bu": ["build\tBuild: [all] $HOME's"],
        "paratask --only-parallel=build,bu": ["--only-parallel=build,build\tBuild: [all] $HOME's"],
        "paratask --reporter ": ["off\tnone of those that paratask.toml names"],
        "paratask --why ": [
            "api:build\tfresh, 0.50 s, in 20250102-b",
            "api-build.2\tfresh, 0.50 s, in 20250101-a",
        ],
        "paratask --logs --run=20250102-b ": ["api:build\tfresh, 0.50 s, in 20250102-b"],
    }
    blocks = ask("fish", FISH, *lines).split(".\n")
    told = dict(zip(lines, [block.splitlines() for block in blocks], strict=False))
    for line in ("paratask --report j", "paratask --graph "):  # fish adds the option's own description
        told[line] = [word.split("\t")[0] for word in told[line]]
    assert told == lines


@pytest.mark.slow
def test_zsh_completes_tasks_with_descriptions(ask):
    lines = [
        "paratask",
        "paratask -d other",
        "paratask --init",
        "paratask --resume",
        "paratask --exec",
        "paratask --why --run 20250102-b",
    ]
    told = ask("zsh", ZSH, *lines).splitlines()
    assert told == [
        "_paratask paratask",
        "build:Build: [all] $HOME's", "b:Build: [all] $HOME's", "api\\:build:Api", "api\\:test", ".",
        "elsewhere", ".",
        *(f"{kind}:{text}" for kind, text in DESCRIPTIONS.items()), "files -/", ".",
        "20250101-a:failed: build", ".",
        "files", ".",
        "api\\:build:fresh, 0.50 s, in 20250102-b", ".",
        "*--only-parallel=[Let only these tasks, and what they call, run side by side]:tasks: _paratask_list --list-all task",
        "*--dir=[Look for a Taskfile in DIR, and run there]:dir:_files -/",
        "*--run=[With --logs, --why and --report\\: use this run; --runs lists them]:id:_paratask_runs",
        f"*--sort=[{SORT}]:order:(default alphanumeric none)",
        f"*--report=[{REPORT}]:format=path:_paratask_reports",
        "*-o+[How commands' output is shown]:style:(interleaved group prefixed errors-only live)",
        "files",
        "-S -- json= junit= trace= html= markdown= otel", "files", "20250102-b:succeeded: build", "20250101-a:failed: build",
    ]  # fmt: skip


def test_powershell_gets_a_script_with_every_option(workspace):
    script = workspace.run("--completion", "powershell").stdout
    assert "'--sort' = 'default', 'alphanumeric', 'none'" in script
    assert ", @('--summary', 'Show what is known about a task')" in script
    assert "\n        '--run' = '--runs'\n" in script
    assert "\n        '--reporter' = '--reporter=off'\n" in script
    for mark in ("@OPTIONS@", "@VALUES@", "@ASKS@"):
        assert mark not in script


def test_another_shell_is_refused(workspace):
    done = workspace.run("--completion", "ksh")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "error: no completion for the shell `ksh`\n  help: one of bash, zsh, fish, powershell\n"


def test_a_name_with_a_line_or_a_tab_in_it_was_two_tasks(workspace):
    workspace.taskfile('{version: "3", tasks: {"two\\nlines": echo, "a\\ttab": {aliases: [fine]}, "a space": echo}}')
    assert workspace.run("--list-all", "--names").stdout == "fine\t\na space\t\n"


def test_names_for_programs_have_their_description_after_a_tab(workspace):
    workspace.taskfile(TASKFILE)
    listed = workspace.run("--list-all", "--names", "--sort", "none")
    assert listed.stdout == ("build\tBuild: [all] $HOME's\nb\tBuild: [all] $HOME's\napi:build\tApi\napi:test\t\nwild-*\t\n")
    assert (
        workspace.run("--names").stderr
        == "error: --names goes with --list, --list-all, --runs, --resume, --why, --reporter or --init\n"
    )
