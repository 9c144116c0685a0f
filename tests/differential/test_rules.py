"""Rules of go-task's that depend on two things at once: the same Taskfile through the real `task` and through paratask."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from comparing import TASK, Both

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.skipif(TASK is None, reason="the real `task` is not installed")]


@pytest.fixture
def both(tmp_path: Path) -> Both:
    return Both(tmp_path)


def taskfile(both: Both, text: str) -> None:
    both.write("Taskfile.yml", f"version: '3'\n{text}")


WHEN_CHANGED = {
    "its dotenv file": "dotenv: ['{{.X}}.env'], cmds: [echo $F]",
    "the `if` of a command": "cmds: [{cmd: echo ran, if: 'test {{.X}} = {{.X}}'}]",
    "the `if` of a call": "cmds: [{task: other, if: 'test {{.X}} = {{.X}}'}]",
    "the values that are allowed": "requires: {vars: [{name: X, enum: {ref: 'list .X \"z\"'}}]}, cmds: [echo ran]",
    "what a call is called with": "cmds: [{task: other, vars: {X: '{{.X}}'}}]",
    "what a deferred call is called with": "cmds: [{defer: {task: other, vars: {X: '{{.X}}'}}}, echo ran]",
    "a deferred command": "cmds: [{defer: 'echo {{.X}}'}, echo ran]",
    "its environment": "env: {X: '{{.X}}'}, cmds: [echo $X]",
    "its prefix": "prefix: 'p{{.X}}', cmds: [echo ran]",
}


@pytest.mark.parametrize("what", WHEN_CHANGED)
def test_what_makes_a_call_another_one_to_when_changed(both: Both, what: str) -> None:
    both.write("a.env", "F=of-a\n")
    both.write("b.env", "F=of-b\n")
    taskfile(
        both,
        "tasks:\n  default: [{task: t, vars: {X: a}}, {task: t, vars: {X: b}}]\n"
        f"  t: {{run: when_changed, {WHEN_CHANGED[what]}}}\n  other: echo other {{{{.X}}}}\n",
    )
    both.agree()


@pytest.mark.parametrize(
    "folder", ["{{.X}}", "{{.X | default `y`}}", "{{.E}}", "{{.O}}", "{{.ROOT_DIR}}/{{.X}}", "{{.TASK_DIR}}", "$O"]
)  # fmt: skip
def test_sh_of_a_task_saw_variables_in_its_dir_that_are_not_known_yet(both: Both, folder: str) -> None:
    for name in ("x", "y", "x/sub", "y/sub"):
        both.write(f"{name}/keep", "")
    both.environ = {"O": "x"}
    taskfile(
        both,
        f"vars: {{X: x}}\nenv: {{E: x}}\ntasks:\n  default: {{dir: '{folder}', vars: {{P: {{sh: pwd}}}}, cmds: [pwd, 'echo {{{{.P}}}}']}}\n",
    )
    both.agree()


def test_sh_of_the_root_found_no_task_in_its_environment(both: Both) -> None:
    both.write(
        "sub/inc.yml", "version: '3'\nvars: {J: {sh: 'echo included $TASK $TASKFILE_DIR'}}\ntasks: {t: 'echo {{.V}} {{.J}}'}\n"
    )
    taskfile(
        both,
        "includes: {i: {taskfile: sub/inc.yml, aliases: [j]}}\n"
        "vars: {V: {sh: 'echo $TASK $ALIAS $TASK_DIR $TASKFILE_DIR $TASKFILE'}, W: {sh: env | grep -c ^TASK}}\n"
        "env: {E: {sh: 'echo of $TASK'}}\n"
        "tasks:\n  default: {deps: ['j:t'], cmds: ['echo {{.V}} {{.W}} $E']}\n  other: {dir: sub, cmds: ['echo {{.V}} $E', {task: default}]}\n",
    )
    for args in ((), ("other",), ("j:t", "default"), ("--summary", "other"), ("--dry", "other")):
        both.agree(*args)


def test_a_dir_that_needs_what_is_not_known_yet_is_an_error_also_in_lists(both: Both) -> None:
    taskfile(
        both,
        "vars: {L: [x]}\ntasks:\n  default: {desc: d, dir: '{{index .L 0}}', cmds: [pwd]}\n  'w-*': {dir: '{{index .MATCH 0}}'}\n",
    )
    for args in ((), ("--list",), ("w-x",), ("--dry",)):
        both.agree(*args, code=1)
    both.agree("--summary")


@pytest.mark.parametrize(
    "path", [r"a\b", r"a\$O", r"\\$O", "${N-d}", "${O+alt}", "${#O}", "${N:-$O/${O}}", "~nobody/..", "$1", "$$", "$(echo x)", "`echo x`", "${O", "${N:?why}"]
)  # fmt: skip
def test_dir_is_expanded(both: Both, path: str) -> None:
    both.environ = {"O": "os"}
    taskfile(both, f"tasks:\n  default: {{dir: '{path}', cmds: [pwd]}}\n")
    both.agree(code=1 if path in ("$(echo x)", "`echo x`", "${O", "${N:?why}") else 0)


def test_path_of_an_include_is_expanded(both: Both) -> None:
    both.write("inc.yml", "version: '3'\ntasks: {t: echo t}\n")
    for path, code in ((r"inc\.yml", 100), ("$(echo inc).yml", 1), ("${N:-inc}.yml", 0)):
        taskfile(
            both, f"includes: {{i: {{taskfile: '{path}', optional: {str(code == 1).lower()}}}}}\ntasks: {{default: echo d}}\n"
        )
        both.agree("i:t", code=code)


def test_after_a_broken_text_a_list_leaves_the_others_as_they_are(both: Both) -> None:
    both.write(".env", "D=d\n")
    taskfile(
        both,
        "dotenv: [.env]\nvars: {X: x}\nenv: {E: e}\ntasks:\n"
        "  'w-*': {label: '{{index .MATCH 0}}', desc: 'of {{.X}}', summary: 'more of {{.X}}', deps: ['{{.X}}'], env: {F: '{{.X}}'}, cmds: ['echo {{.X}}']}\n"
        "  default: {env: {F: {ref: 'index .N 0'}, G: '{{.X}}'}, cmds: ['echo {{.X}}', {task: '{{.X}}'}]}\n  x: {desc: 'of {{.X}}', if: '{{index .N 0}}', cmds: ['echo {{.X}}']}\n",
    )
    for args in (
        ("--list",),
        ("--list-all", "--json", "--no-status"),
        ("--summary", "w-1"),
        ("--summary",),
        ("--summary", "x"),
    ):
        both.agree(*args)


GLOBS = (
    "*.*", "*", "?h*", "*.txt", "**.txt", "*?", "??", "*gitignore", "[.]h", "x/*.*", "*.*/*", "*.{txt,h}", "{.h,gone}", "{h,gone}.txt",
    "{h,gon?}.txt", "{h..i}.txt", "h.{t,}xt", "x/", "x/*/", "x/y/$N", "'$X'/y", '"$X"/y', "$X/y", "{{.ROOT_DIR}}/*/", "{{.ROOT_DIR}}/**/*.*",
)  # fmt: skip


def test_files_that_globs_find(both: Both) -> None:
    for name in (".h", ".h.txt", ".txt", ".gitignore", "h.txt", "a.h.txt", ".d/g.txt", "x/.y", "x/y"):
        both.write(name, "")
    both.environ = {"X": "x", "N": ""}
    tasks = "".join(
        f"  t{number}: {{method: none, sources: [{json.dumps(glob)}, {{exclude: .paratask/**}}], cmds: [{{for: sources, cmd: 'echo {number} {{{{.ITEM}}}}'}}]}}\n"
        for number, glob in enumerate(GLOBS)
    )
    taskfile(both, f"tasks:\n{tasks}")
    both.agree("--silent", *(f"t{number}" for number in range(len(GLOBS))))


def test_a_task_was_fresh_although_one_of_what_it_generates_was_not_there(both: Both) -> None:
    both.write("a.txt", "")
    taskfile(both, "tasks:\n  default: {sources: [a.txt], generates: ['{out,more}.js'], cmds: [touch out.js, echo ran]}\n")
    for _ in range(2):
        assert both.agree("--silent") == "ran"


def test_a_matrix_whose_reference_is_broken_is_a_mistake_of_the_taskfile(both: Both) -> None:
    taskfile(both, "tasks:\n  default: [{for: {matrix: {A: {ref: 'index .NOPE 0'}}}, cmd: 'echo {{.ITEM.A}}'}]\n")
    both.agree(code=109)


def test_summary_shows_the_last_of_the_values_that_an_environment_has(both: Both) -> None:
    taskfile(
        both, "env: {A: {sh: echo a}, B: {value: b, secret: true}}\ntasks:\n  default: {env: {A: c, B: d}, cmds: [echo $A]}\n"
    )
    both.agree("--summary")


def test_summary_of_a_command_that_names_the_variable_it_replaces_showed_nothing_for_it(both: Both) -> None:
    taskfile(
        both,
        "vars: {C: old}\ntasks: {default: {vars: {C: {sh: 'echo {{.C}}-new'}, D: {sh: 'echo {{.C}}'}}, cmds: ['echo {{.C}}']}}\n",
    )
    assert "sh: echo old-new" in both.agree("--summary", "default")


def test_summary_shows_the_command_of_an_entry_of_env_that_has_a_value_too(both: Both) -> None:
    taskfile(
        both, "env: {A: {sh: echo a, value: b}}\ntasks:\n  default: {env: {B: {sh: echo c, map: {k: v}}}, cmds: [echo $A]}\n"
    )
    both.agree("--summary")
    assert both.agree("--silent").splitlines() == ["b"]


@pytest.mark.parametrize("text", ["'yes'", '"on"', "'N'", "'Off'", "YES"])
def test_booleans_may_have_quotes(both: Both, text: str) -> None:
    taskfile(both, f"tasks:\n  default: {{ignore_error: {text}, cmds: [exit 3, echo on]}}\n")
    both.agree(code=0 if text[1:-1].lower() in ("yes", "on", "e") else 201)


@pytest.mark.parametrize("more", ["", ", status: ['true']", ", sources: [Taskfile.yml]"])
def test_a_method_that_there_is_not_fails_without_sources_too(both: Both, more: str) -> None:
    taskfile(both, f"tasks:\n  default: {{method: bogus{more}, cmds: [echo ran]}}\n")
    both.agree(code=201)
    both.agree("--force")
    both.agree("--list-all", "--json", code=1)


def test_names_that_no_environment_can_have(both: Both) -> None:
    both.environ = {"A": "theirs"}
    taskfile(both, "env: {'A=B': c, '': d, é: e}\ntasks:\n  default: ['env | grep -E \"^(A|é|=)\" | sort', 'echo \"[$A]\"']\n")
    both.agree()
    both.agree("=x")
