"""Programs that are called and not there."""

from __future__ import annotations

import pathlib

import pytest

from paratask.diagnosing.programs import check_programs
from paratask.taskfile.project import read_project


@pytest.fixture
def missing(tmp_path: pathlib.Path):
    def find(text: str) -> list[tuple[str, int, str]]:
        (tmp_path / "Taskfile.yml").write_text("version: '3'\ntasks:\n" + text)
        project = read_project(entrypoint="", folder="", cwd=str(tmp_path), environ={}, fill=lambda text, _: text)
        found = check_programs(
            project.taskfile.tasks.values(),
            find=project.taskfile.tasks.__getitem__,
            is_there=lambda name: name == "there",
            built_in={"echo", "cd", "command"},
            suits=lambda platforms: not platforms or platforms[0].os == "linux",
        )
        return [(f.message, f.position.line if f.position else 0, f.why) for f in found]

    return find


def test_each_program_is_named_once_at_its_first_call(missing) -> None:
    text = "  a: echo && (cd x; gone --x | there)\n  b: [there, gone]\n  c: gone\n  d: gone\n  e: other\n"
    assert missing(text) == [
        ("there is no `gone` on PATH", 3, "`a`, `b`, `c` and 1 more call it"),
        ("there is no `other` on PATH", 7, "`e` calls it"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "  a: '{{.TOOL}} x'\n",
        "  a: '$TOOL x'\n",
        "  a: ./gone && bin/gone\n",
        "  a: if command -v gone >/dev/null; then gone; fi\n",
        "  a: {preconditions: [which gone], cmds: [gone]}\n",
        "  a: {preconditions: ['type -P gone'], cmds: [gone]}\n",
        "  a: {status: [hash gone], cmds: [gone]}\n",
        "  a: {if: where gone, cmds: [gone]}\n",
        "  a: {cmds: [{cmd: echo, if: 'command -v \"gone\"'}, gone]}\n",
        "  a: {cmds: ['{{with .X}}gone{{end}}', '{{- range .Y -}} gone {{- end -}}']}\n",
        "  a: {platforms: [windows], cmds: [gone]}\n",
        "  a: {cmds: [{cmd: gone, platforms: [darwin]}]}\n",
        "  a: {cmds: [{cmd: gone, if: test -e x}]}\n",
        "  a: {env: {PATH: /x}, cmds: [gone]}\n",
        "  a: 'gone() { echo; }; gone'\n",
        "  a: 'use() { gone; }; function gone { echo; }; use'\n",
        "  a: 'alias gone=echo; gone'\n",
        "  a: eval gone\n",
        "  a: PATH=$PWD/bin:$PATH gone\n",
        '  a: export PATH="node_modules/.bin:$PATH" && gone\n',
        "  a: PATH+=:x; gone\n",
        '  a: |\n    {{if eq OS "windows"}}\n    gone x\n    {{else if .X}}\n    {{range .Y}}gone{{end}}\n    gone\n    {{end}}\n    echo\n',
        "  a: {deps: [b], cmds: [gone]}\n  b: |\n    there install \\\n      'gone==1.2'\n",
        "  a: there install x/gone@latest && gone\n",
        "  a: {cmds: [{task: a}, if command -v gone; then gone; fi]}\n",
        "  a: {deps: [b], cmds: [gone]}\n  b: {cmds: [{task: c}]}\n  c: 'if ! command -v gone; then echo; fi'\n",
    ],
)
def test_what_is_not_certain_is_let_be(missing, text) -> None:
    assert missing(text) == []


@pytest.mark.parametrize("name", ["g++", "python3.11", "docker-compose", "7z"])
def test_names_of_programs_are_whole(missing, name) -> None:
    assert [message for message, _, _ in missing(f"  a: {name} x\n")] == [f"there is no `{name}` on PATH"]
    assert missing(f"  a: if command -v {name}; then {name} x; fi\n") == []


def test_another_path_is_none_to_look_for_programs_in(missing) -> None:
    assert len(missing("  a: [PYTHONPATH=src gone, other $PATH=x]\n")) == 2


def test_who_installs_something_else_still_calls_it(missing) -> None:
    text = "  a: {deps: [b], cmds: [gone]}\n  b: there install other; echo gone\n"
    assert [message for message, _, _ in missing(text)] == ["there is no `gone` on PATH"]


def test_templates_in_arguments_do_not_hide_the_program(missing) -> None:
    assert [message for message, _, _ in missing("  a: gone --x='{{.X}}' {{if .Y}}-y{{end}}\n")] == [
        "there is no `gone` on PATH"
    ]
