"""Each message of task, and its stream, colour and exit code: small Taskfiles through the real `task` and through paratask.

Compared are exit codes, all of stdout, and stderr less the errors themselves, whose texts are ours ("errors" in
docs/compatibility.md), and the lines that begin with `paratask:`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TASK = shutil.which("task") or shutil.which("task", path=os.path.dirname(sys.executable))

pytestmark = [pytest.mark.slow, pytest.mark.skipif(TASK is None, reason="the real `task` is not installed")]

ROOT = r"""
version: '3'
includes: {sub: {taskfile: ./sub, aliases: [s]}}
vars: {D: {sh: "printf 'a\"b\nc'"}, P: plain}
tasks:
  default: echo hi {{.P}} {{.CLI_ARGS}} {{.CLI_SILENT}} {{.CLI_VERBOSE}} {{.CLI_FORCE}} {{.CLI_ASSUME_YES}}
  a: {desc: "Does <a> & {{.P}}", cmds: [echo a], aliases: [x, y]}
  bb: {desc: "Does\nbb", summary: "long\n{{.P}}\n", label: "L {{.P}}", cmds: [echo b, {task: a}], deps: [a], env: {E: 1}}
  platform: {platforms: [windows], cmds: [echo no]}
  command-platform: {cmds: [{cmd: echo no, platforms: [windows]}, echo yes]}
  condition: {if: "false", cmds: [echo no]}
  command-condition: {cmds: [{cmd: echo no, if: "false"}, {task: a, if: "false"}, echo yes]}
  ignoring: {ignore_error: true, cmds: [exit 3, {task: failing}, echo on]}
  command-ignoring: {cmds: [{cmd: exit 3, ignore_error: true}, {task: failing, ignore_error: true}, echo on]}
  timeout-ignored: {cmds: [{cmd: sleep 5, timeout: 50ms, ignore_error: true}, echo on]}
  timeout: {cmds: [{cmd: sleep 5, timeout: 50ms}]}
  failing: {cmds: [exit 4]}
  failing-dependency: {deps: [failing], cmds: [echo no]}
  failing-call: {cmds: [{task: failing-dependency}]}
  once: {run: once, cmds: [echo once]}
  twice: {cmds: [{task: once}, {task: once}]}
  deferred: {cmds: [{defer: exit 5}, {defer: {task: failing}}, {defer: echo ok}, echo x]}
  deferred-after-failure: {cmds: [{defer: 'echo {{.EXIT_CODE}}'}, exit 9]}
  precondition: {preconditions: [{sh: "false", msg: "not {{.P}} ready"}], cmds: [echo no]}
  precondition-without-message: {preconditions: ["test 1 = 2"], cmds: [echo no]}
  fresh: {status: ["true"], cmds: [echo no]}
  stale: {status: ["true", "exit 3"], cmds: [echo run]}
  'quote"d': {cmds: [echo q], status: ["true"]}
  'üñ': {cmds: [echo q], status: ["true"]}
  labelled: {label: "L {{.P}}", status: ["true"], cmds: [echo no]}
  prompted: {prompt: ["Sure?", "{{.P}}?"], cmds: [echo prompted]}
  no-folder: {dir: /proc/none, cmds: [{cmd: "true", platforms: [windows]}]}
  silent: {silent: true, cmds: [echo x]}
  command-silent: {cmds: [{cmd: echo x, silent: true}, {task: a, silent: true}]}
  lines: {cmds: ["echo 1\necho 2 >&2\nprintf 3"]}
  empty: {cmds: []}
  hidden: {internal: true, desc: i, cmds: [echo i]}
  sources: {sources: [Taskfile.yml], cmds: [echo s]}
  timestamps: {sources: [Taskfile.yml], generates: [out], method: timestamp, cmds: [touch out]}
  requiring: {desc: R, requires: {vars: [Q, {name: R, enum: [one, two]}]}, cmds: [echo r]}
  wild-*: {desc: Wild, cmds: ['echo {{index .MATCH 0}}']}
"""
FILES = {
    "Taskfile.yml": ROOT,
    "sub/Taskfile.yml": "version: '3'\ntasks: {default: {desc: Default of sub}, one: {desc: 'Öne', aliases: [o]}, 'x:y': echo deep}\n",
    "home/Taskfile.yml": "version: '3'\ntasks: {default: 'echo home {{.USER_WORKING_DIR | base}}; pwd', h: {desc: H}}\n",
    "other.yml": "version: '3'\ntasks: {a: echo other}\n",
}
RUN = (
    "default a bb platform command-platform condition command-condition ignoring command-ignoring timeout-ignored timeout failing "
    "failing-dependency failing-call twice deferred deferred-after-failure precondition precondition-without-message fresh stale "
    'quote"d üñ labelled prompted no-folder silent command-silent lines empty hidden sources timestamps requiring wild-7 nothing'
).split()
HOW = (
    "-v", "-s", "-n", "-nv", "-f", "-v -f", "-v --color", "-x", "-vy", "-vs", "--status -v", "--summary", "--summary --color",
    "-o prefixed --color", "-o group --output-group-begin <{{.TASK}} --output-group-end >{{.P}}", "-o group --output-group-error-only",
)  # fmt: skip
LISTS = (
    "", "-s", "--json --no-status", "--json --nested --no-status", "--json --nested --no-status --sort none", "--color", "--sort none",
    "--sort alphanumeric", "--sort nonsense", "-s --sort none", "-sj", "-g", "-d sub", "-t other.yml", "-d sub -t other.yml",
)  # fmt: skip
FLAGS = (
    "", "-vf a", "-C4 a", "-C=4 a", "-c=f -v a", "--color=false a", "--color false", "a -s", "a -- -v b", "-- a", "a -- x -- y", "-",
    "--dir= a", "-d nowhere", "-t nowhere", "-g", "-g h", "-g -d sub", "-gt other.yml a", "-t sub s", "-d sub", "X=1 a P=2 default",
    "=x", "-nf a", "-fn=0 a", "--nosuch", "-Z", "-vZ", "---", "--=x", "--color=maybe", "--color=yes", "-C", "-C many", "-Cs a", "-C -- a",
    "-C -1 a", "-C 0x2 a", "-a=", "--no-color", "--list=false", "--version=false", "-l -a", "--json", "--json --nested", "--nested",
    "--no-status", "-o bad", "-o bad -l", "--output-group-begin=x", "--output-group-end=x", "--output-group-error-only",
    "--output-group-error-only=false", "--completion", "--completion ksh", "--completion=", "--timeout 3", "--expiry x", "--temp-dir t sources",
    "--download --offline", "--cert x", "-x failing", "-xf failing", "a nothing", "a failing a", "--summary a bb", "--summary a nothing",
    "--status a fresh", "--status fresh labelled", "--status nothing", "--status stale nothing", "--status fresh nothing",
    "--disable-fuzzy defaul", "-p failing -x", "twice twice -v", "--interval 5", "-y prompted", "-n prompted", "--init Taskfile.yml", "--init", "-i sub", "-i nowhere/x.yml",
)  # fmt: skip
ENVIRONMENTS = (
    {"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, {"CI": "true"}, {"CI": "yes"}, {"TASK_COLOR": "1"},
    {"TASK_COLOR": "0", "FORCE_COLOR": "1"}, {"TASK_COLOR": "perhaps"}, {"TASK_COLOR": "1", "NO_COLOR": "1"},
    {"FORCE_COLOR": "1", "TASK_COLOR_GREEN": "31;1", "TASK_COLOR_RESET": "1,2,3"}, {"FORCE_COLOR": "1", "TASK_COLOR_GREEN": "x"},
    {"TASK_SILENT": "1"}, {"TASK_SILENT": "yes"}, {"TASK_VERBOSE": "T"}, {"TASK_DRY": "true"}, {"TASK_OUTPUT": "prefixed"},
    {"TASK_OUTPUT": "bad"}, {"TASK_OUTPUT": "group", "TASK_OUTPUT_GROUP_BEGIN": "b"}, {"TASK_OUTPUT_GROUP_BEGIN": "b"},
    {"TASK_OUTPUT_GROUP_ERROR_ONLY": "0"}, {"TASK_CONCURRENCY": "x"}, {"TASK_CONCURRENCY": "-2"}, {"TASK_TEMP_DIR": "t"},
    {"TASK_DISABLE_FUZZY": "1"}, {"TASK_ASSUME_YES": "1"},
)  # fmt: skip
UNWANTED = ("USE_PARALLEL", "CI", "NO_COLOR", "FORCE_COLOR", "GITHUB_ACTIONS")
CODES = re.compile(r"\x1b\[[0-9;]*m")
THEIR_ERRORS = re.compile(
    r'task: (Failed to run task|Task ".*" (does not exist|is internal|cancelled|is missing|is not up-to-date)|Task cancelled|'
    r"No Taskfile|Command \"|invalid|output style|You can't|cannot use|--|Unable|A Taskfile|Found multiple)"
)
OUR_ERRORS = re.compile(r"(.*: )?error: ")


class Both:
    """A folder for each program, with the same files and the same name: paths are printed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def look(self, program: str, argv: list[str], environ: dict[str, str]) -> tuple[int, str, str, list[str]]:
        """What comes of it: exit code, stdout, stderr, and the files that are there then."""
        place = self._folder / "work"
        shutil.rmtree(place, ignore_errors=True)
        for name, text in FILES.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text)
        kept = {k: v for k, v in os.environ.items() if k not in UNWANTED and not k.startswith(("TASK_", "PARATASK_"))}
        env = {**kept, "HOME": str(place / "home"), "PWD": str(place), **environ}
        command = [str(TASK)] if program == "task" else [sys.executable, "-m", "paratask"]
        if program != "task":
            env["USE_PARALLEL"] = "false"
        done = subprocess.run(
            [*command, *argv],
            cwd=place,
            env=env,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        files = sorted(
            str(path.relative_to(place)) for path in place.rglob("*") if path.is_file() and ".paratask" not in path.parts
        )
        return done.returncode, done.stdout, done.stderr, files


@pytest.fixture
def both(tmp_path: Path) -> Both:
    return Both(tmp_path)


def same(both: Both, argv: list[str], environ: dict[str, str] | None = None) -> None:
    theirs = both.look("task", argv, environ or {})
    ours = both.look("paratask", argv, environ or {})
    assert (ours[0], ours[1], messages(ours[2]), ours[3]) == (theirs[0], theirs[1], messages(theirs[2]), theirs[3])


def messages(stderr: str) -> list[str]:
    """The lines of stderr, painted as they are, up to the error that ends a run."""
    kept = []
    for line in stderr.splitlines():
        plain = CODES.sub("", line)
        if THEIR_ERRORS.match(plain) or OUR_ERRORS.match(plain):
            break
        if not plain.startswith("paratask: "):
            kept.append(line)
    return [line for line in kept if CODES.sub("", line)]


@pytest.mark.parametrize("how", HOW)
def test_a_run_says_the_same(both: Both, how: str) -> None:
    wrong = []
    for name in RUN:
        if name == "no-folder" and "n" in how.strip("-").split()[0]:
            continue  # even a dry run of task makes folders: "dry-folders" in docs/compatibility.md
        try:
            same(both, [*how.split(), name])
        except AssertionError as error:
            wrong.append(f"{name}: {error}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("how", LISTS)
@pytest.mark.parametrize("which", ["-l", "-a"])
def test_a_list_is_the_same(both: Both, which: str, how: str) -> None:
    same(both, [which, *how.split()])


@pytest.mark.parametrize("line", FLAGS)
def test_a_flag_does_the_same(both: Both, line: str) -> None:
    theirs = both.look("task", line.split(), {})
    ours = both.look("paratask", line.split(), {})
    assert (ours[0], ours[1], ours[3]) == (theirs[0], theirs[1], theirs[3])
    if ours[0] in (0, 201):
        assert messages(ours[2]) == messages(theirs[2])


@pytest.mark.parametrize("environ", ENVIRONMENTS, ids=lambda environ: " ".join(f"{k}={v}" for k, v in environ.items()))
@pytest.mark.parametrize("line", ["sources", "-c sources", "-c=0 sources", "-l"])
def test_the_environment_does_the_same(both: Both, environ: dict[str, str], line: str) -> None:
    same(both, line.split(), environ)


def test_freshness_is_shown_the_same_after_a_run(both: Both) -> None:
    """`up_to_date` counts only after a run: where there was none, task's own look at the sources leaves them fresh."""
    shown = []
    for program in ("task", "paratask"):
        both.look(program, ["-s", "sources", "fresh"], {})
        place = both._folder / "work"
        command = [str(TASK)] if program == "task" else [sys.executable, "-m", "paratask"]
        done = subprocess.run([*command, "-a", "--json"], cwd=place, capture_output=True, text=True, check=True)
        shown.append({entry["task"]: entry["up_to_date"] for entry in json.loads(done.stdout)["tasks"]})
    assert shown[0]["sources"] is True
    assert shown[1] == shown[0]


def test_github_is_told_what_failed(both: Both) -> None:
    for argv in (["failing-call"], ["nothing"]):
        theirs = both.look("task", argv, {"GITHUB_ACTIONS": "true"})
        ours = both.look("paratask", argv, {"GITHUB_ACTIONS": "true"})
        told = [re.sub(r",file=[^:]*::", "::", line) for line in ours[1].splitlines()]
        assert [line.rpartition("::")[0] for line in told] == [line.rpartition("::")[0] for line in theirs[1].splitlines()]


def test_a_taskfile_may_come_from_stdin(both: Both) -> None:
    text = "version: '3'\nincludes: {s: sub}\ntasks: {default: 'echo {{.TASKFILE}} {{.ROOT_TASKFILE}}; pwd', d: {desc: D}}\n"
    both.look("task", ["a"], {})
    place = both._folder / "work"
    for argv in ([], ["s:x:y"], ["-l"], ["-a", "--json"], ["nothing"]):
        done = [
            subprocess.run([*command, "-t", "-", *argv], cwd=place, input=text, capture_output=True, text=True, check=False)
            for command in ([str(TASK)], [sys.executable, "-m", "paratask"])
        ]
        assert (done[1].returncode, done[1].stdout) == (done[0].returncode, done[0].stdout)
