"""Pipelines of paratask.toml: how they are written, the tasks that they become, and names that are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from paratask.errors import Position, TaskfileDecodeError
from paratask.taskfile.decode import Decoder
from paratask.taskfile.decode_settings import decode_settings
from paratask.taskfile.model import Call, Task, Variable
from paratask.taskfile.pipelines import Entry, Pipeline, Stage
from paratask.taskfile.project import Project, read_project
from paratask.taskfile.toml_nodes import parse_toml
from unit.builders import fill, write

FILE = "/repo/paratask.toml"
TASKFILE = """\
version: '3'
tasks:
  lint: {cmds: [echo], aliases: [l]}
  test-a: echo
  test-b: echo
  test-helper: {internal: true, cmds: [echo]}
  verify: echo
  build-*: echo
  includes: echo
"""


def decode(text: str) -> tuple[dict[str, Pipeline], list[str]]:
    decoder = Decoder(FILE)
    settings, _ = decode_settings(decoder, parse_toml(text.encode(), FILE))
    return dict(settings.pipelines), [oddity.message for oddity in decoder.oddities]


def at(line: int) -> Position:
    return Position(file=FILE, line=line, column=1)


def entry(task: str, line: int, **variables: object) -> Entry:
    return Entry(task=task, position=at(line), variables={name: Variable(value=value) for name, value in variables.items()})


def test_every_key_is_read_with_its_place() -> None:
    pipelines, oddities = decode(
        '[pipelines.release]\ndesc = "All"\nsummary = "Long"\naliases = ["r"]\nstages = [\n'
        ' { name = "one", tasks = ["lint", { task = "test-*", vars = { A = 1 } }], gate = "verify" },\n'
        ' { name = "two", tasks = ["x"], mode = "sequential", on_failure = "stop", vars = { B = "b" } },\n'
        ' { name = "three", gate = { task = "y", vars = { C = true } } },\n]\n'
    )
    one, two, three = pipelines["release"].stages
    assert one == Stage(
        name="one", position=at(6), variables={}, entries=(entry("lint", 6), entry("test-*", 6, A=1)), gate=entry("verify", 6)
    )
    assert two == Stage(
        name="two", position=at(7), variables={"B": Variable(value="b")}, entries=(entry("x", 7),), is_sequential=True,
        on_failure="stop",
    )  # fmt: skip
    assert three == Stage(name="three", position=at(8), variables={}, gate=entry("y", 8, C=True))
    assert pipelines["release"] == Pipeline(
        name="release", position=at(1), desc="All", summary="Long", aliases=("r",), stages=(one, two, three)
    )
    assert oddities == []


def test_tables_of_a_list_have_their_own_lines() -> None:
    pipelines, _ = decode(
        '[[pipelines.a.stages]]\nname = "one"\ntasks = ["x"]\n\n[[pipelines.a.stages]]\nname = "two"\ngate = "y"\n'
    )
    one, two = pipelines["a"].stages
    assert (one.position.line, one.entries[0].position.line, two.position.line) == (1, 3, 5)
    assert two.gate == entry("y", 7)


def test_unknown_keys_are_odd() -> None:
    _, oddities = decode('[pipelines.a]\nstage = 1\nstages = [{ name = "x", task = ["y"], gate = { task = "z", var = {} } }]\n')
    assert sorted(oddities) == [
        "unknown key `stage` in pipeline",
        "unknown key `task` in stage",
        "unknown key `var` in task of a stage",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("pipelines = 1", "a table is wanted here, not the number `1`"),
        ("[pipelines]\na = 1", "a table is wanted here, not the number `1`"),
        ("[pipelines.a]", "pipeline `a` has no `stages`"),
        ("[pipelines.a]\nstages = []", "pipeline `a` has no `stages`"),
        ("[pipelines.a]\nstages = ['x']", "a table is wanted here, not the text `x`"),
        ("[pipelines.a]\nstages = [{ tasks = ['x'] }]", "a stage has no `name`"),
        ("[pipelines.a]\nstages = [{ name = 'x' }]", "stage `x` has neither `tasks` nor a `gate`"),
        ("[pipelines.a]\nstages = [{ name = 'x', tasks = [] }]", "stage `x` has neither `tasks` nor a `gate`"),
        ("[pipelines.a]\nstages = [{ name = 'x', tasks = [' '] }]", "` ` names nothing"),
        ("[pipelines.a]\nstages = [{ name = 'x', tasks = [{ vars = {} }] }]", "a task of a stage has no `task`"),
        ("[pipelines.a]\nstages = [{ name = 'x', gate = 'y', mode = 'both' }]", "`both` is none of parallel, sequential"),
        (
            "[pipelines.a]\nstages = [{ name = 'x', gate = 'y', on_failure = 'go' }]",
            "`go` is none of sequential, stop, continue",
        ),
    ],
)
def test_what_does_not_fit_is_refused(text: str, message: str) -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        decode(text)
    assert caught.value.message == message
    assert caught.value.position == at(caught.value.position.line if caught.value.position else 0)


@pytest.mark.parametrize(
    ("text", "help_line"),
    [
        ("[pipelines.a]\nstage = [{ name = 'x' }]", "unknown key `stage` in pipeline (did you mean `stages`?)"),
        ("[pipelines.a]\nstages = [{ nam = 'x', gate = 'y' }]", "unknown key `nam` in stage (did you mean `name`?)"),
        ("[pipelines.a]\nstages = [{ name = 'x', task = ['y'] }]", "unknown key `task` in stage (did you mean `tasks`?)"),
        ("[pipelines.a]\nstages = [{ name = 'x', zzz = 1 }]", "unknown key `zzz` in stage"),
        ("[pipelines.a]\nzzz = 1\nstages = [{ name = 'x' }]", ""),
    ],
)
def test_a_key_with_a_slip_was_only_said_to_be_missing(text: str, help_line: str) -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        decode(text)
    assert caught.value.help == help_line


def project(folder: Path, own: str, taskfile: str = TASKFILE) -> Project:
    write(folder, {"Taskfile.yml": taskfile, "paratask.toml": own})
    return read_project(entrypoint="", folder="", cwd=str(folder), environ={}, fill=fill)


def called(task: Task) -> list[str]:
    return [step.task for step in task.steps if isinstance(step, Call)]


def test_a_pipeline_is_a_task_that_calls_one_for_each_stage(tmp_path: Path) -> None:
    own = (
        '[pipelines.release]\ndesc = "All"\naliases = ["r"]\nstages = [\n'
        '  { name = "check", tasks = ["lint", "test-*"], gate = "verify" },\n'
        '  { name = "build", tasks = ["build-x", "l"], mode = "sequential", on_failure = "stop" },\n'
        "]\n"
    )
    tasks = project(tmp_path, own).taskfile.tasks
    release, check, build = tasks["release"], tasks["release:check"], tasks["release:build"]
    assert (release.desc, release.aliases, release.internal, check.internal) == ("All", ("r",), False, True)
    assert release.position == Position(file=str(tmp_path / "paratask.toml"), line=1, column=1)
    assert [called(task) for task in (release, check, build)] == [
        ["release:check", "release:build"],
        ["lint", "test-a", "test-b", "verify"],
        ["build-x", "l"],
    ]
    assert [step.why_alone for step in release.steps if isinstance(step, Call)] == [
        "stage 1 of 2 of `release`",
        "stage 2 of 2 of `release`; before it stage `check` has to pass its gate `verify`",
    ]
    assert [step.why_alone for step in check.steps if isinstance(step, Call)] == [
        "", "", "", "the gate of stage `check`: all else in it has to end well before",
    ]  # fmt: skip
    assert {step.why_alone for step in build.steps if isinstance(step, Call)} == {"stage `build` runs its tasks one at a time"}
    assert (check.on_failure, build.on_failure) == ("", "stop")


def test_a_pattern_leaves_out_what_the_stage_names_otherwise(tmp_path: Path) -> None:
    own = '[pipelines.p]\nstages = [{ name = "s", tasks = ["test-*", "*-a", { task = "test-b" }, "*"], gate = "lint" }]\n'
    assert called(project(tmp_path, own).taskfile.tasks["p:s"]) == ["test-a", "test-b", "verify", "includes", "lint"]


def test_tasks_of_includes_and_other_pipelines_may_be_named(tmp_path: Path) -> None:
    write(tmp_path, {"api/Taskfile.yml": "version: '3'\ntasks: {build: echo, test: echo}\n"})
    own = (
        '[pipelines.outer]\nstages = [{ name = "s", tasks = ["api:*", "inner"] }]\n'
        '[pipelines.inner]\nstages = [{ name = "s", gate = "api:test" }]\n'
    )
    tasks = project(tmp_path, own, TASKFILE.replace("tasks:", "includes: {api: ./api}\ntasks:", 1)).taskfile.tasks
    assert called(tasks["outer:s"]) == ["api:build", "api:test", "inner"]
    assert called(tasks["inner:s"]) == ["api:test"]


def test_a_pipeline_may_be_of_tasks_of_the_same_file(tmp_path: Path) -> None:
    own = '[tasks]\none = "echo"\n[pipelines.p]\nstages = [{ name = "s", tasks = ["one"] }]\n'
    write(tmp_path, {"paratask.toml": own})
    found = read_project(entrypoint="", folder="", cwd=str(tmp_path), environ={}, fill=fill)
    assert list(found.taskfile.tasks) == ["one", "p", "p:s"]


def test_in_pyproject(tmp_path: Path) -> None:
    own = '[tool.paratask.pipelines.p]\nstages = [{ name = "s", tasks = ["lint"] }]\n'
    write(tmp_path, {"Taskfile.yml": TASKFILE, "pyproject.toml": own})
    found = read_project(entrypoint="", folder="", cwd=str(tmp_path), environ={}, fill=fill)
    assert found.taskfile.tasks["p"].position == Position(file=str(tmp_path / "pyproject.toml"), line=1, column=1)


def test_variables_of_the_stage_are_passed_on_and_a_call_s_own_stand_above(tmp_path: Path) -> None:
    own = (
        '[pipelines.p]\nstages = [{ name = "s", tasks = ["lint", { task = "verify", vars = { A = 2 } }], gate = "test-a",'
        ' vars = { A = 1, B = { sh = "date", secret = true } } }]\n'
    )
    tasks = project(tmp_path, own).taskfile.tasks
    (stage,) = (step for step in tasks["p"].steps if isinstance(step, Call))
    assert stage.variables == {"A": Variable(value=1), "B": Variable(sh="date", secret=True)}
    lint, verify, gate = (dict(step.variables) for step in tasks["p:s"].steps if isinstance(step, Call))
    passed_on = {"A": Variable(ref=".A"), "B": Variable(ref=".B", secret=True)}
    assert lint == passed_on
    assert verify == {**passed_on, "A": Variable(value=2)}
    about = {"PARATASK_PIPELINE": Variable(value="p"), "PARATASK_STAGE": Variable(value="s")}
    assert gate == {**passed_on, **about}


@pytest.mark.parametrize(
    ("stages", "message", "help_line"),
    [
        ('{ name = "s", tasks = ["lnit"] }', "stage `s` names `lnit`, which is no task", "did you mean `lint`?"),
        ('{ name = "s", gate = "verfy" }', "stage `s` names `verfy`, which is no task", "did you mean `verify`?"),
        ('{ name = "s", tasks = ["zzz*"] }', "stage `s` names `zzz*`, which matches no task", ""),
        ('{ name = "s", gate = "test-*" }', "the gate of stage `s` is one task, and `test-*` may be several", ""),
        ('{ name = "s", gate = "{{.X}}" }', "the gate of stage `s` is one task, and `{{.X}}` may be several", ""),
        ('{ name = "s*", gate = "lint" }', "`p:s*` is no name for the task of stage `s*`", ""),
        (
            '{ name = "s", gate = "lint" }, { name = "s", gate = "lint" }',
            "two stages of pipeline `p` are called `s`",
            "",
        ),
    ],
)
def test_names_that_name_nothing_are_refused(tmp_path: Path, stages: str, message: str, help_line: str) -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        project(tmp_path, f"[pipelines.p]\nstages = [\n{stages}\n]\n")
    assert (caught.value.message, caught.value.help) == (message, help_line)
    assert caught.value.position == Position(file=str(tmp_path / "paratask.toml"), line=3, column=1)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("lint", "pipeline `lint` has the name of the task at Taskfile.yml:3:3"),  # it was named by its whole path
        ("'a*'", "`a*` is no name for pipeline `a*`"),
    ],
)
def test_names_that_are_taken_are_refused(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        project(tmp_path, f'\n[pipelines.{name}]\nstages = [{{ name = "s", gate = "verify" }}]\n')
    assert caught.value.message == message
    assert caught.value.position == Position(file=str(tmp_path / "paratask.toml"), line=2, column=1)


def test_a_stage_s_task_must_have_a_name_of_its_own(tmp_path: Path) -> None:
    own = '[pipelines.p]\nstages = [{ name = "s", gate = "lint" }]\n'
    with pytest.raises(TaskfileDecodeError) as caught:
        project(tmp_path, own, TASKFILE + "  'p:s': echo\n")
    assert caught.value.message == "the task of stage `s` has the name of the task at Taskfile.yml:10:3"


def test_a_name_with_a_template_is_left_to_the_run(tmp_path: Path) -> None:
    own = '[pipelines.p]\nstages = [{ name = "s", tasks = ["test-{{.WHICH}}"] }]\n'
    assert called(project(tmp_path, own).taskfile.tasks["p:s"]) == ["test-{{.WHICH}}"]


def stage_text(pipeline: str, calls: str) -> str:
    return f'[[pipelines.{pipeline}.stages]]\nname = "s"\n{calls}\n'


ROUND = stage_text("a", 'tasks = ["b"]') + stage_text("b", 'tasks = ["lint"]\ngate = "c"') + stage_text("c", 'tasks = ["a"]')


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (stage_text("a", 'tasks = ["lint", "a"]'), "stage `s` names `a`, which is its own pipeline"),
        (stage_text("a", 'gate = "a"'), "stage `s` names `a`, which is its own pipeline"),
        (
            '[pipelines.a]\naliases = ["x"]\n' + stage_text("a", 'tasks = ["x"]'),
            "stage `s` names `x`, which is its own pipeline",
        ),
        (ROUND, "stage `s` names `b`, which leads back to `a`"),
    ],
)
def test_a_stage_that_names_its_own_pipeline_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        project(tmp_path, text)
    assert caught.value.message == message
    assert caught.value.position is not None
