"""Every form of a task, its steps and its dependencies; positions; what is refused, and in which words."""

from __future__ import annotations

import pytest

from paratask.errors import Position, TaskfileDecodeError
from paratask.taskfile.model import (
    Call,
    Command,
    For,
    Glob,
    MatrixRow,
    Oddity,
    Platform,
    Precondition,
    RequiredVariable,
    Variable,
)  # fmt: skip
from unit.builders import FILE, decode, task_of

LINE = 3


def at(column: int, line: int = LINE) -> Position:
    return Position(file=FILE, line=line, column=column)


def refused(body: str) -> TaskfileDecodeError:
    with pytest.raises(TaskfileDecodeError) as caught:
        task_of(body)
    assert caught.value.exit_code == 102
    return caught.value


def test_task_stands_where_its_name_does_and_steps_where_they_are_written() -> None:
    text = """\
        version: '3'
        tasks:
          one: echo 1
          two:
            - echo 2
            - task: one
            - cmd: echo 3
              silent: true
            - defer: echo 4
          three:
            deps:
              - one
              - {task: two}
            cmd: echo 5
    """
    tasks = decode(text)[0].tasks
    assert [t.position for t in tasks.values()] == [at(3), at(3, 4), at(3, 10)]
    assert [s.position for s in tasks["one"].steps] == [at(8)]
    assert [s.position for s in tasks["two"].steps] == [at(7, 5), at(7, 6), at(12, 7), at(7, 9)]
    assert [d.position for d in tasks["three"].dependencies] == [at(9, 12), at(9, 13)]


@pytest.mark.parametrize(
    "body",
    ["echo x", "[echo x]", "{cmd: echo x}", "{cmds: [echo x]}", "[{cmd: echo x}]", "{cmd: {cmd: echo x}}", "[~, echo x]"],
)
def test_short_and_long_forms_of_one_command_mean_the_same(body: str) -> None:
    (step,) = task_of(body).steps
    assert isinstance(step, Command)
    assert (step.text, step.loop, step.silent, step.deferred) == ("echo x", None, False, False)


@pytest.mark.parametrize("body", ["~", "", "{}", "[]", "{cmds: ~}", "{cmds: []}", "{cmd: ~}", "{cmd: ~, cmds: ~}"])
def test_task_without_steps(body: str) -> None:
    assert task_of(body).steps == ()


def test_cmd_without_value_was_a_step_and_hid_cmds() -> None:
    (step,) = task_of("{cmd: , cmds: [echo x]}").steps
    assert isinstance(step, Command)
    assert step.text == "echo x"


@pytest.mark.parametrize("body", ["{cmd: a, cmds: [b]}", "{cmds: [], cmd: a}"])
def test_cmd_and_cmds_together_are_refused(body: str) -> None:
    error = refused(body)
    assert (error.message, error.position) == ("task cannot have both cmd and cmds", at(6))


def test_every_scalar_field_of_a_task() -> None:
    task = task_of(
        """
        label: L
        desc: D
        summary: S
        dir: ./d
        method: timestamp
        prefix: P
        run: once
        if: test -f x
        silent: no
        interactive: yes
        internal: on
        watch: true
        failfast: true
        ignore_error: y
        use_gitignore: false
        aliases: [a, b]
        status: [test x]
        dotenv: [.env]
        set: [pipefail]
        shopt: [globstar]
        vars: {V: 1}
        env: {E: x}
        """
    )
    assert (task.label, task.desc, task.summary, task.dir, task.method, task.prefix, task.run, task.condition) == (
        "L", "D", "S", "./d", "timestamp", "P", "once", "test -f x",
    )  # fmt: skip
    assert (task.silent, task.interactive, task.internal, task.watch, task.failfast, task.ignore_error, task.use_gitignore) == (
        False, True, True, True, True, True, False,
    )  # fmt: skip
    assert (task.aliases, task.status, task.dotenv, task.set_options, task.shopt_options) == (
        ("a", "b"), ("test x",), (".env",), ("pipefail",), ("globstar",),
    )  # fmt: skip
    assert task.variables == {"V": Variable(value=1)}
    assert task.environment == {"E": Variable(value="x")}


def test_fields_that_say_nothing_keep_their_defaults() -> None:
    task = task_of("{silent: ~, use_gitignore: ~, label: ~, aliases: ~, vars: ~, deps: ~, requires: ~, sources: ~}")
    assert (task.silent, task.use_gitignore, task.label, task.aliases, task.variables) == (None, None, "", (), {})
    assert (task.dependencies, task.requires, task.sources) == ((), (), ())


def test_all_fields_of_a_command() -> None:
    (step,) = task_of(
        "[{cmd: x, if: y, silent: true, ignore_error: true, set: [e], shopt: [s], platforms: [linux], timeout: 1m, for: [1]}]"
    ).steps
    assert step == Command(
        text="x", position=at(13), condition="y", silent=True, ignore_error=True, set_options=("e",), shopt_options=("s",),
        platforms=(Platform(os="linux"),), timeout_seconds=60.0, loop=For(items=(1,)),
    )  # fmt: skip


def test_all_fields_of_a_call() -> None:
    (step,) = task_of("[{task: u, vars: {A: 1}, if: y, silent: true, ignore_error: true, timeout: 2s, for: {var: X}}]").steps
    assert step == Call(
        task="u", position=at(7), variables={"A": Variable(value=1)}, condition="y", silent=True, ignore_error=True,
        timeout_seconds=2.0, loop=For(variable="X"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("[{defer: x}]", Command(text="x", position=at(7), deferred=True)),
        ("[{defer: {defer: x}}]", Command(text="x", position=at(7), deferred=True)),
        (
            "[{defer: x, silent: true, timeout: 1s}]",
            Command(text="x", position=at(7), deferred=True, silent=True, timeout_seconds=1.0),
        ),
        ("[{defer: {defer: x, silent: true}}]", Command(text="x", position=at(7), deferred=True)),
        (
            "[{defer: {task: u, vars: {A: 1}, silent: true}, timeout: 1s}]",
            Call(task="u", position=at(7), variables={"A": Variable(value=1)}, silent=True, deferred=True, timeout_seconds=1.0),
        ),
    ],
)
def test_deferred_forms(body: str, wanted: Command | Call) -> None:
    assert task_of(body).steps == (wanted,)


@pytest.mark.parametrize(
    ("body", "message", "column"),
    [
        ("[{silent: true}]", "invalid keys in command", 7),
        ("[{cmd: ''}]", "invalid keys in command", 7),
        ("[{defer: ~}]", "invalid keys in command", 7),
        ("[[a]]", "cannot unmarshal !!seq into command", 7),
        ("[{cmd: [a]}]", "cannot unmarshal !!seq into string", 13),
        ("[{defer: [a]}]", "cannot unmarshal !!seq into defer", 15),
        ("[{defer: {cmd: x, timeout: 1s}}]", "timeout must be set next to defer, not inside it", 7),
        ("[{cmd: x, timeout: 0s}]", "timeout must be greater than zero", 7),
        ("[{cmd: x, timeout: -1s}]", "timeout must be greater than zero", 7),
        ("[{cmd: x, timeout: soon}]", "invalid timeout format: `soon`", 25),
        ("[{task: x, timeout: 1}]", "invalid timeout format: `1`", 26),
        ("{cmds: x}", "cannot unmarshal !!str `x` into []command", 13),
        ("{deps: x}", "cannot unmarshal !!str `x` into []dependency", 13),
        ("{deps: [[x]]}", "cannot unmarshal !!seq into dependency", 14),
        ("{deps: [{task: x, vars: [1]}]}", "cannot unmarshal !!seq into vars", 30),
        ("{silent: maybe}", "cannot unmarshal !!str `maybe` into bool", 15),
        ("{desc: [a]}", "cannot unmarshal !!seq into string", 13),
        ("{aliases: a}", "cannot unmarshal !!str `a` into []string", 16),
        ("{sources: a}", "cannot unmarshal !!str `a` into []glob", 16),
        ("{sources: [[a]]}", "cannot unmarshal !!seq into glob", 17),
        ("{preconditions: [[a]]}", "cannot unmarshal !!seq into precondition", 23),
        ("{prompt: {a: 1}}", "cannot unmarshal !!map into prompt", 15),
        ("{platforms: [[linux]]}", "cannot unmarshal !!seq into platform", 19),
        ("{platforms: [amiga]}", 'invalid platform "amiga"', 19),
        ("{platforms: [linux/]}", 'invalid platform "linux/"', 19),
        ("{platforms: [linux/z80]}", 'invalid platform "linux/z80"', 19),
        ("{platforms: [amd64/linux]}", 'invalid platform "amd64/linux"', 19),
        ("{platforms: [linux/amd64/v3]}", 'invalid platform "linux/amd64/v3"', 19),
        ("{requires: [a]}", "cannot unmarshal !!seq into requires", 17),
        ("{requires: {vars: a}}", "cannot unmarshal !!str `a` into []requires", 24),
        ("{requires: {vars: [[a]]}}", "cannot unmarshal !!seq into requires", 25),
        ("{requires: {vars: [{name: a, enum: b}]}}", "cannot unmarshal !!str into enum", 41),
        ("{requires: {vars: [{name: a, enum: {ref: ''}}]}}", "cannot unmarshal !!map into enum", 41),
        ("[{cmd: x, for: {}}]", "invalid keys in for", 21),
        ("[{cmd: x, for: {var: ''}}]", "invalid keys in for", 21),
        ("[{cmd: x, for: {var: A, matrix: {B: [1]}}}]", "cannot use both var and matrix in for", 21),
        ("[{cmd: x, for: {matrix: [1]}}]", "cannot unmarshal !!seq into matrix", 30),
        ("[{cmd: x, for: {matrix: {A: 1}}}]", "matrix values must be an array or a reference", 34),
    ],
)  # fmt: skip
def test_wrong_form_is_refused_where_it_stands(body: str, message: str, column: int) -> None:
    error = refused(body)
    assert (error.message, error.position) == (message, at(column))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("sources", For(source="sources")),
        ("generates", For(source="generates")),
        ("[a, 1, true, ~]", For(items=("a", 1, True, None))),
        ("[]", For(items=())),
        ("{var: A}", For(variable="A")),
        ("{var: A, split: ',', as: B}", For(variable="A", split=",", name="B")),
        ("{matrix: {A: [1, 2], B: {ref: .X}}}", For(matrix=(MatrixRow(key="A", values=(1, 2)), MatrixRow(key="B", ref=".X")))),
        ("{matrix: {A: [1]}, as: M}", For(matrix=(MatrixRow(key="A", values=(1,)),), name="M")),
        ("~", None),
    ],
)
def test_loop_forms_are_the_same_for_commands_calls_and_dependencies(text: str, wanted: For | None) -> None:
    task = task_of(f"{{cmds: [{{cmd: x, for: {text}}}, {{task: u, for: {text}}}], deps: [{{task: u, for: {text}}}]}}")
    assert [part.loop for part in (*task.steps, *task.dependencies)] == [wanted] * 3


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("{task: u, platforms: 3}", "cannot unmarshal !!int `3` into []platform"),
        ("{task: u, set: 3}", "cannot unmarshal !!int `3` into []string"),
        ("{task: u, cmd: [x]}", "cannot unmarshal !!seq into string"),
        ("{cmd: x, vars: 3}", "cannot unmarshal !!int into vars"),
        ("{defer: x, for: {}}", "invalid keys in for"),
        ("{defer: {task: u}, silent: 3}", "cannot unmarshal !!int `3` into bool"),
        ("{defer: {defer: x, vars: 3}}", "cannot unmarshal !!int into vars"),
        ("{defer: {defer: x, task: [u]}}", "cannot unmarshal !!seq into string"),
    ],
)
def test_a_wrong_type_where_the_key_has_no_use_was_not_seen(step: str, message: str) -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        task_of(f"[{step}]")
    assert caught.value.message == message


def test_dependency_forms() -> None:
    task = task_of("{deps: [a, {task: b, vars: {X: 1}, silent: true, timeout: 3s}, ~, {vars: {Y: 2}}]}")
    assert task.dependencies == (
        Call(task="a", position=at(14), variables={}),
        Call(task="b", position=at(17), variables={"X": Variable(value=1)}, silent=True, timeout_seconds=3.0),
        Call(task="", position=at(72), variables={"Y": Variable(value=2)}),
    )


@pytest.mark.parametrize("field", ["sources", "generates"])
def test_glob_forms(field: str) -> None:
    task = task_of(f"{{{field}: ['*.go', {{exclude: a.go}}, ~, {{}}]}}")
    assert getattr(task, field) == (Glob(pattern="*.go"), Glob(pattern="a.go", negate=True), Glob(pattern="", negate=True))


def test_precondition_forms_and_their_messages() -> None:
    task = task_of("{preconditions: [test -f x, {sh: test -f y, msg: no y}, {sh: test -f z}]}")
    assert task.preconditions == (
        Precondition(command="test -f x", message="`test -f x` failed", position=at(23)),
        Precondition(command="test -f y", message="no y", position=at(34)),
        Precondition(command="test -f z", message="test -f z failed", position=at(62)),
    )


@pytest.mark.parametrize(
    ("text", "prompts"),
    [("'Sure?'", ("Sure?",)), ("['A?', 'B?']", ("A?", "B?")), ("[]", ()), ("''", ()), ("~", ()), ("yes", ("yes",))],
)
def test_prompt_forms(text: str, prompts: tuple[str, ...]) -> None:
    assert task_of(f"{{prompt: {text}}}").prompts == prompts


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("{vars: [A, {name: B}, {name: C, enum: [x, 1]}, {name: D, enum: {ref: .E}}, ~]}", (
            RequiredVariable(name="A"), RequiredVariable(name="B"), RequiredVariable(name="C", allowed=("x", "1")),
            RequiredVariable(name="D", allowed_ref=".E"),
        )),
        ("{vars: [{name: A, enum: ~}]}", (RequiredVariable(name="A"),)),
        ("{vars: ~}", ()),
        ("{}", ()),
        ("~", ()),
    ],
)  # fmt: skip
def test_requires_forms(text: str, wanted: tuple[RequiredVariable, ...]) -> None:
    assert task_of(f"{{requires: {text}}}").requires == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("linux", Platform(os="linux")), ("amd64", Platform(arch="amd64")), ("darwin/arm64", Platform(os="darwin", arch="arm64")),
        ("386", Platform(arch="386")),
    ],
)  # fmt: skip
def test_platform_forms(text: str, wanted: Platform) -> None:
    assert task_of(f"{{platforms: [{text}]}}").platforms == (wanted,)


@pytest.mark.parametrize(
    ("body", "message", "column", "nearest"),
    [
        ("{cdms: [x]}", "unknown key `cdms` in task", 7, "cmds"),
        ("{source: [x]}", "unknown key `source` in task", 7, "sources"),
        ("{dependencies: [x]}", "unknown key `dependencies` in task", 7, ""),
        ("[{cmd: x, slient: true}]", "unknown key `slient` in command", 16, "silent"),
        ("{deps: [{task: x, if: y}]}", "unknown key `if` in dependency", 24, ""),
        ("[{cmd: x, for: {var: A, asx: B}}]", "unknown key `asx` in for", 30, "as"),
        ("[{defer: {defer: x, silnt: true}}]", "unknown key `silnt` in defer", 26, "silent"),
        ("{preconditions: [{sh: x, mgs: y}]}", "unknown key `mgs` in precondition", 31, "msg"),
        ("{requires: {var: [A]}}", "unknown key `var` in requires", 18, "vars"),
        ("{sources: [{excludes: x}]}", "unknown key `excludes` in glob", 18, "exclude"),
    ],
)
def test_unknown_key_is_odd_and_names_the_nearest(body: str, message: str, column: int, nearest: str) -> None:
    oddities = decode(f"version: '3'\ntasks:\n  t: {body}\n")[1]
    assert oddities == [Oddity(message=message, position=at(column), help=f"did you mean `{nearest}`?" if nearest else "")]


@pytest.mark.parametrize(
    ("body", "help_line"),
    [
        ("cmds: [[a]]", "a command is a text, or a mapping with `cmd`, `task` or `defer`; a text that begins with `[` or `- ` needs quotes"),
        (
            "cmds: [{echo a: b}]",
            "a command is a text, or a mapping with `cmd`, `task` or `defer`; a text with `: ` in it, or that begins with `{`, needs quotes",
        ),
        ("cmds: a", "what runs is a list: each entry on a line of its own, behind `- `"),
        ("vars: [a]", "variables are a mapping: `NAME: value`, each on a line of its own, without `- `"),
        ("desc: [a]", "write a text here; a text that begins with `[` or `- ` needs quotes"),
        ("silent: 'true'", "write `true` or `false` here, without quotes"),
        ("requires: [A]", "`requires` takes a mapping, with `vars`"),
        ("requires: {vars: [[A]]}", "a required variable is its name, or a mapping with `name` and `enum`"),
        ("platforms: [{a: b}]", "a platform is a text, such as `linux`, `amd64` or `linux/amd64`"),
    ],
)  # fmt: skip
def test_wrong_form_was_refused_without_a_word_on_what_may_stand_there(body: str, help_line: str) -> None:
    assert refused(f"{{{body}}}").help == help_line


@pytest.mark.parametrize(
    ("platform", "help_line"),
    [
        ("linx", "did you mean `linux`?"),
        ("darwn/arm64", "did you mean `darwin`?"),
        ("linux/z80", "a platform is a text, such as `linux`, `amd64` or `linux/amd64`"),
        ("vms", "a platform is a text, such as `linux`, `amd64` or `linux/amd64`"),
    ],
)
def test_a_platform_with_a_slip_was_refused_without_saying_what_was_meant(platform: str, help_line: str) -> None:
    assert refused(f"{{platforms: [{platform}]}}").help == help_line
