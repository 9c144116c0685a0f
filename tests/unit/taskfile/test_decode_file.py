"""The top level of a Taskfile: every key, every form of `includes` and `output`, and what is refused."""

from __future__ import annotations

import pytest

from paratask.errors import Position, TaskfileDecodeError
from paratask.taskfile.model import Include, Oddity, Output, Variable
from unit.builders import FILE, decode


def refused(text: str) -> TaskfileDecodeError:
    with pytest.raises(TaskfileDecodeError) as caught:
        decode(text)
    return caught.value


@pytest.mark.parametrize("text", ["", "~", "# nothing\n"])
def test_empty_document_is_a_taskfile_without_version(text: str) -> None:
    taskfile, _ = decode(text)
    assert (taskfile.file, taskfile.version, taskfile.tasks) == (FILE, "", {})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[a]", "cannot unmarshal !!seq into taskfile"),
        ("text", "cannot unmarshal !!str into taskfile"),
        ("tasks: [a]", "cannot unmarshal !!seq into tasks"),
        ("includes: a", "cannot unmarshal !!str into includes"),
        ("includes: {a: [b]}", "cannot unmarshal !!seq into include"),
        ("output: [a]", "cannot unmarshal !!seq into output"),
        ("output: {prefixed: {}}", 'output style must have the "group" key when in mapping form'),
        ("output: {group: ~}", 'output style must have the "group" key when in mapping form'),
        ("includes: {a: {}}", "include must specify taskfile or dir"),
        ("includes: {a: {taskfile: ' ', dir: ''}}", "include must specify taskfile or dir"),
        ("interval: soon", "invalid interval format: `soon`"),
        ("silent: 1", "cannot unmarshal !!int `1` into bool"),
        ("version: {a: 1}", "cannot unmarshal !!map into string"),
    ],
)
def test_wrong_form_is_refused(text: str, message: str) -> None:
    error = refused(text)
    assert (error.message, error.exit_code) == (message, 102)
    assert error.position is not None
    assert (error.position.file, error.position.line) == (FILE, 1)


@pytest.mark.parametrize("version", ["3", "3.0", "3.45.1", "v3", "'3'", "3.1-beta", "3.1+build"])
def test_semantic_version_is_kept_as_text(version: str) -> None:
    assert decode(f"version: {version}")[0].version == version.strip("'")


@pytest.mark.parametrize("version", ["three", "3.1.2.3", "3..1", "v", "' 3'", "3.x", "-1"])
def test_what_is_no_semantic_version_is_refused(version: str) -> None:
    error = refused(f"version: {version}")
    shown = version.strip("'")
    assert error.message == f"invalid semantic version `{shown}`"
    assert error.position == Position(file=FILE, line=1, column=10)


@pytest.mark.parametrize("version", ["²", "\uff13", "9" * 5000])
def test_version_of_odd_digits_ended_in_a_value_error(version: str) -> None:
    assert refused(f"version: '{version}'").message == f"invalid semantic version `{version}`"


def test_every_key_of_a_taskfile() -> None:
    taskfile, oddities = decode(
        """
        version: '3'
        method: timestamp
        run: once
        silent: yes
        dotenv: [.env, b.env]
        set: [e]
        shopt: [globstar]
        vars: {A: 1}
        env: {B: 2}
        interval: 500ms
        use_gitignore: true
        tasks: {t: echo}
        """
    )
    assert oddities == []
    assert (taskfile.method, taskfile.run, taskfile.silent, taskfile.dotenv) == ("timestamp", "once", True, (".env", "b.env"))
    assert (taskfile.set_options, taskfile.shopt_options, taskfile.use_gitignore) == (("e",), ("globstar",), True)
    assert taskfile.interval_seconds == pytest.approx(0.5)
    assert (taskfile.variables, taskfile.environment) == ({"A": Variable(value=1)}, {"B": Variable(value=2)})
    assert list(taskfile.tasks) == ["t"]


def test_interval_without_value_was_refused() -> None:
    assert decode("version: '3'\ninterval:\n")[0].interval_seconds == 0.0


def test_unknown_key_is_odd_but_extensions_are_not() -> None:
    oddities = decode("version: '3'\nx-mine: {a: 1}\n.hidden: 1\ntask: {}\nzzz: 1\n")[1]
    assert oddities == [
        Oddity(
            message="unknown key `task` in taskfile",
            position=Position(file=FILE, line=4, column=1),
            help="did you mean `tasks`?",
        ),
        Oddity(message="unknown key `zzz` in taskfile", position=Position(file=FILE, line=5, column=1)),
    ]


def test_task_defined_twice_means_the_last_and_nothing_was_said() -> None:
    taskfile, oddities = decode("tasks:\n  a: echo 1\n  b: echo 2\n  a: echo 3\n")
    message = "task `a` is written again in line 4, and only that one counts"
    place = Position(file=FILE, line=2, column=3)
    assert oddities == [Oddity(message=message, position=place, help="give one of them another name")]
    tasks = taskfile.tasks
    assert list(tasks) == ["a", "b"]
    assert (tasks["a"].position.line, tasks["a"].steps[0].text) == (4, "echo 3")  # type: ignore[union-attr]


def test_include_forms() -> None:
    text = """\
        includes:
          a: ./a.yml
          b: {taskfile: ./b, dir: ./d, optional: yes, internal: true, flatten: true, aliases: [x], excludes: [y],
              vars: {V: 1}, checksum: abc}
          c: {dir: ./c}
    """
    a, b, c = decode(text)[0].includes
    assert a == Include(namespace="a", taskfile="./a.yml", position=Position(file=FILE, line=2, column=6), variables={})
    assert b == Include(
        namespace="b", taskfile="./b", position=Position(file=FILE, line=3, column=6), dir="./d", optional=True, internal=True,
        flatten=True, aliases=("x",), excludes=("y",), variables={"V": Variable(value=1)}, checksum="abc", advanced=True,
    )  # fmt: skip
    assert (c.taskfile, c.dir, c.advanced) == ("", "./c", True)


def test_namespace_given_twice_was_taken_for_two_includes() -> None:
    includes = decode("includes: {a: ./1.yml, b: ./2.yml, a: ./3.yml}")[0].includes
    assert [(i.namespace, i.taskfile) for i in includes] == [("a", "./3.yml"), ("b", "./2.yml")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("group", Output(style="group")),
        ("prefixed", Output(style="prefixed")),
        ("nonsense", Output(style="nonsense")),
        ("~", Output()),
        ("{group: {}}", Output(style="group")),
        ("{group: {begin: B, end: E, error_only: true}}", Output(style="group", begin="B", end="E", error_only=True)),
    ],
)
def test_output_forms(text: str, wanted: Output) -> None:
    assert decode(f"output: {text}")[0].output == wanted
