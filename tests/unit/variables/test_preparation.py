"""A task made ready: its texts, environment, dotenv files, fingerprint variables; unknown texts in plans; secrets masked."""

from __future__ import annotations

import errno
import os

import pytest

from paratask.errors import Position, VariableError
from paratask.taskfile.model import Glob, RequiredVariable, Variable
from paratask.templating import UNKNOWN
from paratask.variables.dotenv import read_dotenv
from paratask.variables.ready import ReadyCall, ReadyCommand, ReadyDefer, ReadyPrecondition
from paratask.variables.scopes import Mode
from unit import builders
from unit.builders import FakeDisk, at_once, bench

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

DYNAMIC = "vars: {D: {sh: date}}\n"


def test_every_text_of_a_task_is_filled_in() -> None:
    ready = bench(
        """
        vars: {A: a}
        tasks:
          t:
            label: 'l-{{.A}}'
            desc: 'd-{{.A}}'
            summary: 's-{{.A}}'
            prefix: 'p-{{.A}}'
            dir: './{{.A}}'
            method: '{{"timestamp"}}'
            run: '{{"once"}}'
            if: 'test {{.A}}'
            prompt: 'sure, {{.A}}?'
            status: ['test {{.A}}']
            sources: ['{{.A}}.x', {exclude: '{{.A}}.y'}]
            generates: ['{{.A}}.z']
            preconditions: [{sh: 'p {{.A}}', msg: 'm {{.A}}'}]
            deps: [{task: 'dep-{{.A}}', vars: {V: '{{.A}}'}}]
            cmds: ['echo {{.A}}', {task: 'c-{{.A}}', if: 'i {{.A}}'}]
        """
    ).ready()
    assert (ready.name, ready.full_name, ready.label, ready.desc, ready.summary, ready.prefix) == (
        "l-a", "t", "l-a", "d-a", "s-a", "p-a",
    )  # fmt: skip
    assert (ready.dir, ready.method, ready.run, ready.condition, ready.prompts, ready.status) == (
        "/repo/a", "timestamp", "once", "test a", ("sure, a?",), ("test a",),
    )  # fmt: skip
    assert ready.sources == (Glob(pattern="a.x"), Glob(pattern="a.y", negate=True))
    assert ready.generates == (Glob(pattern="a.z"),)
    assert ready.preconditions == (ReadyPrecondition(command="p a", message="m a"),)
    (dependency,) = ready.dependencies
    assert isinstance(dependency, ReadyCall)
    assert (dependency.task, dependency.variables) == ("dep-a", {"V": Variable(value="a")})
    command, call = ready.steps
    assert isinstance(command, ReadyCommand)
    assert isinstance(call, ReadyCall)
    assert (command.text, call.task, call.condition) == ("echo a", "c-a", "i a")


def test_defaults_of_a_task_come_from_the_taskfile_and_then_from_go_task() -> None:
    ready = bench("tasks: {t: echo}").ready()
    assert (ready.method, ready.run, ready.prefix, ready.name, ready.dir, ready.use_gitignore) == (
        "checksum", "always", "t", "t", "/repo", False,
    )  # fmt: skip
    ready = bench("method: none\nrun: once\nuse_gitignore: true\ntasks: {t: echo, u: {use_gitignore: false}}").ready()
    assert (ready.method, ready.run, ready.use_gitignore) == ("none", "once", True)


def test_wildcards_are_in_match_and_in_the_name() -> None:
    ready = bench("tasks: {'b-*-*': 'echo {{index .MATCH 1}}'}").ready("b-x-y")
    assert (ready.name, ready.full_name, ready.prefix) == ("b-x-y", "b-x-y", "b-*-*")
    (step,) = ready.steps
    assert isinstance(step, ReadyCommand)
    assert step.text == "echo y"


@pytest.mark.parametrize(
    ("text", "folder"),
    [("~/x", "/home/me/x"), ("$SUB", "/repo/s"), ("{{.ROOT}}/y", "/r/y"), ("/abs", "/abs"), ("../up", "/up")],
)
def test_folder_is_expanded(text: str, folder: str) -> None:
    one = bench(f"vars: {{ROOT: /r}}\ntasks: {{t: {{dir: '{text}'}}}}", environ={"HOME": "/home/me", "SUB": "s"})
    assert one.ready().dir == folder


def test_environment_layers_taskfile_dotenv_task_from_weakest() -> None:
    one = bench(
        "env: {A: file, B: file, C: file}\nvars: {V: v}\n"
        "tasks: {t: {dir: sub, dotenv: [1.env, '{{.V}}.env', nope.env], env: {A: 'task-{{.V}}', S: {sh: 'echo $A'}}}}",
        files={"/repo/sub/1.env": "A=one\nB=one\n", "/repo/sub/v.env": "B=two\nE=two\n"},
    )
    ready = one.ready()
    assert ready.environment == {"A": "task-v", "B": "one", "C": "file", "E": "two", "S": "<echo $A>"}
    command, folder, environment = one.shell.asked[0]
    assert (command, folder) == ("echo $A", "/repo/sub")
    assert {n: environment.get(n) for n in "ABV"} == {"A": "task-v", "B": "one", "V": None}


def test_broken_dotenv_file_is_an_error_on_its_line() -> None:
    one = bench("tasks: {t: {dotenv: [.env]}}", files={"/repo/.env": "A=1\nB='x\n"})
    with pytest.raises(VariableError) as caught:
        one.ready()
    assert caught.value.message == "not a dotenv file: unterminated quoted value"
    assert caught.value.position == Position(file="/repo/.env", line=2)


def test_dotenv_file_that_cannot_be_read() -> None:
    class Broken(FakeDisk):
        def read_text(self, path: str) -> str | None:
            raise PermissionError(errno.EACCES, "Permission denied", path)

    with pytest.raises(VariableError) as caught:
        read_dotenv(Broken().read_text, "/x")
    assert (caught.value.message, caught.value.position) == ("cannot be read: Permission denied", Position(file="/x"))


def test_unknown_sh_gives_none_for_texts_in_a_plan() -> None:
    ready = bench(
        DYNAMIC
        + "tasks: {t: {dir: '{{.D}}', if: '{{.D}}', status: ['{{.D}}', 'x'], preconditions: ['{{.D}}'],"
        + " env: {E: '{{.D}}'}, deps: [{task: 'u-{{.D}}', vars: {V: '{{.D}}', W: w}}], cmds: ['echo {{.D}}', echo]}}"
    ).ready(mode=Mode.UNKNOWN)
    assert (ready.dir, ready.condition, ready.status, ready.preconditions[0].command) == (None, None, (None, "x"), None)
    assert ready.environment == {"E": UNKNOWN}
    (dependency,) = ready.dependencies
    assert isinstance(dependency, ReadyCall)
    assert (dependency.task, dependency.variables["V"].value, dependency.variables["W"].value) == (None, UNKNOWN, "w")
    assert [s.text for s in ready.steps if isinstance(s, ReadyCommand)] == [None, "echo"]


def test_the_same_texts_are_blank_in_a_list() -> None:
    one = bench(DYNAMIC + "tasks: {t: {desc: 'at {{.D}}.', cmds: ['echo {{.D}}']}}")
    ready = one.ready(mode=Mode.BLANK)
    assert ready.desc == "at ."
    assert one.shell.asked == []


@pytest.mark.parametrize(("mode", "text"), [(Mode.BLANK, "{{.A | nope}}"), (Mode.UNKNOWN, None)])
def test_broken_template_fails_a_run_only(mode: Mode, text: str | None) -> None:
    one = bench("tasks:\n  t: '{{.A | nope}}'")
    (step,) = one.ready(mode=mode).steps
    assert isinstance(step, ReadyCommand)
    assert step.text == text
    with pytest.raises(VariableError) as caught:
        one.ready()
    assert caught.value.position == Position(file="/repo/Taskfile.yml", line=3, column=3)


def test_secrets_are_masked_in_what_is_shown_and_not_in_what_runs() -> None:
    (step,) = bench("vars: {P: {value: hush, secret: true}, U: me}\ntasks: {t: 'login {{.U}} {{.P}}'}").ready().steps
    assert isinstance(step, ReadyCommand)
    assert (step.text, step.shown) == ("login me hush", "login me *****")


def test_deferred_step_stays_as_written_until_it_runs() -> None:
    one = bench("vars: {A: a}\ntasks: {t: [{defer: 'echo {{.A}} {{.EXIT_CODE}}.'}]}")
    ready = one.ready()
    (step,) = ready.steps
    assert isinstance(step, ReadyDefer)
    texts = [at_once(one.preparation.deferred(step.source, ready, code)).text for code in (0, 7)]  # type: ignore[attr-defined]
    assert texts == ["echo a .", "echo a 7."]


@pytest.mark.parametrize(
    ("rest", "value"),
    [
        ("cmds: ['echo {{.CHECKSUM}}']", "checksum of 1"),
        ("status: ['{{.CHECKSUM}}']", "checksum of 1"),
        ("cmds: [{task: u, vars: {C: '{{.CHECKSUM}}'}}]", "checksum of 1"),
        ("cmds: [echo]", None),
    ],
)
def test_fingerprint_is_worked_out_where_the_task_names_it(rest: str, value: object) -> None:
    one = bench(f"tasks: {{t: {{sources: [a], {rest}}}}}", files={"/repo/a": ""})
    assert one.value("CHECKSUM") == value


class _Unreadable(FakeDisk):
    """A source is a socket, or somebody else's."""

    def source_value(self, kind: str, folder: str, sources: Sequence[Glob], *, use_gitignore: bool) -> object:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), "/repo/a")


def test_a_source_that_cannot_be_read_was_a_traceback_where_the_task_names_its_fingerprint(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(builders, "FakeDisk", _Unreadable)
    one = bench("tasks: {t: {sources: [a], cmds: ['echo {{.CHECKSUM}}']}}", files={"/repo/a": ""})
    with pytest.raises(VariableError, match="a source cannot be read") as caught:
        one.ready()
    assert caught.value.position == Position(file="/repo/Taskfile.yml", line=2, column=9)
    assert one.value("CHECKSUM", mode=Mode.BLANK) == ""


def test_fingerprint_is_unknown_in_a_plan() -> None:
    one = bench("tasks: {t: {sources: [a], cmds: ['echo {{.TIMESTAMP}}'], method: timestamp}}")
    assert one.value("TIMESTAMP", mode=Mode.UNKNOWN) is UNKNOWN


def test_allowed_values_of_a_required_variable() -> None:
    one = bench("vars: {L: [a, b], N: [1]}\ntasks:\n  t: echo")
    ready = one.ready()
    allowed = one.preparation.allowed_values
    assert allowed(RequiredVariable(name="X"), ready) == ()
    assert allowed(RequiredVariable(name="X", allowed=("a",)), ready) == ("a",)
    assert allowed(RequiredVariable(name="X", allowed_ref=".L"), ready) == ("a", "b")
    with pytest.raises(VariableError) as caught:
        allowed(RequiredVariable(name="X", allowed_ref=".N"), ready)
    assert caught.value.message == "enum reference `.N` must resolve to a list of strings"


CONSTANT = """
    vars: {A: a}
    tasks:
      plain: {deps: [other], cmds: [echo, {task: other}, {defer: echo}]}
      other: {cmds: ['echo {{.A}}']}
      own: {vars: {B: b}, cmds: [echo]}
      given: {cmds: [{task: other, vars: {B: b}}]}
      loops: {cmds: [{for: [1, 2], cmd: echo}]}
      environment: {env: {B: b}, cmds: [echo]}
      asks: {requires: {vars: [A]}, cmds: [echo]}
      late: {cmds: [{defer: 'echo {{.EXIT_CODE}} {{.TASK}} {{.A}}'}]}
"""


def test_task_that_fills_in_nothing_is_made_ready_once_for_plan_and_run() -> None:
    one = bench(CONSTANT)
    planned = one.ready("plain", mode=Mode.UNKNOWN)
    ran = one.ready("plain")
    assert ran is planned
    (*_, deferred) = ran.steps
    assert isinstance(deferred, ReadyDefer)
    assert deferred.texts == ("echo",)


@pytest.mark.parametrize("name", ["other", "own", "given", "loops", "environment", "asks", "late"])
def test_task_that_may_differ_is_made_ready_each_time(name: str) -> None:
    one = bench(CONSTANT)
    assert one.ready(name) is not one.ready(name, mode=Mode.UNKNOWN)


def test_deferred_texts_of_a_plan_are_there_whoever_was_made_ready_first() -> None:
    one = bench(CONSTANT)
    (ran,), (planned,) = one.ready("late").steps, one.ready("late", mode=Mode.UNKNOWN).steps
    assert isinstance(planned, ReadyDefer)
    assert planned.texts == ("echo  late a", "echo ${EXIT_CODE} late a")
    text = at_once(one.preparation.deferred(ran.source, one.ready("late"), 3)).text  # type: ignore[attr-defined, arg-type]
    assert text == "echo 3 late a"


@pytest.mark.parametrize("more", [DYNAMIC, "vars: {D: '{{.TASK}}'}\n", "env: {D: d}\n"])
def test_where_the_root_may_differ_each_task_is_made_ready_each_time(more: str) -> None:
    one = bench(more + "tasks: {t: [echo]}")
    assert one.ready("t", mode=Mode.UNKNOWN) is not one.ready("t", mode=Mode.UNKNOWN)
