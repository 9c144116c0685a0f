"""What paratask.toml says in vain is reported with its place."""

from __future__ import annotations

from paratask.errors import Position
from paratask.taskfile.decode import Decoder
from paratask.taskfile.decode_settings import decode_settings
from paratask.taskfile.model import Task, Taskfile
from paratask.taskfile.toml_nodes import parse_toml
from paratask.taskfile.unused_claims import unused_claims

FILE = "/repo/paratask.toml"
TASKS = ("build-api", "build-web", "lint", "test")


def task(name: str) -> Task:
    return Task(name=name, steps=(), variables={}, environment={}, include_variables={}, included_taskfile_variables={})


def found(text: str, root: str = "/nowhere", *tasks: str) -> list[tuple[int, str, str]]:
    settings, _ = decode_settings(Decoder(FILE), parse_toml(text.encode(), FILE))
    names = tasks or TASKS
    taskfile = Taskfile(file="t", version="3", tasks={name: task(name) for name in names}, variables={}, environment={})
    oddities = list(unused_claims(settings, taskfile, root))
    assert all(isinstance(oddity.position, Position) for oddity in oddities)
    return [(oddity.position.line, oddity.message, oddity.help) for oddity in oddities]


def test_nothing_is_said_of_what_is_used():
    assert (
        found(
            'only_parallel = ["lint"]\n[tasks."build-*"]\nreads = ["x"]\ntogether = ["lint", "build-*"]\n[tasks.lint]\nlocal=true'
        )
        == []
    )


def test_tasks_that_are_not_there():
    assert found('only_parallel = ["lin"]\n[tasks.tets]\nreads = ["x"]\n[tasks."deploy-*"]\nlocal = false') == [
        (1, "`only_parallel` names `lin`, which is no task", "did you mean `lint`?"),
        (2, "claims for `tets`, which is no task", "did you mean `test`?"),
        (4, "claims for `deploy-*`, which is no task", ""),
    ]


def test_rules_that_name_no_task():
    assert found('[tasks.lint]\ntogether = ["test", "tests"]\napart = ["x-*"]') == [
        (2, "`together` names `tests`, which is no task", "did you mean `test`?"),
        (3, "`apart` names `x-*`, which is no task", ""),
    ]


def test_a_pattern_whose_tasks_all_have_tables_before_it():
    text = '[tasks."build-*"]\nreads = ["x"]\n[tasks."build-a*"]\nreads = ["y"]\n[tasks."*"]\nlocal = true'
    hidden = "claims for `build-a*` are not used: tables above it, or with the exact name, are for all of its tasks"
    assert found(text) == [(3, hidden, "")]


def test_a_slip_in_a_folder_is_told_from_one_that_a_run_makes(tmp_path):
    (tmp_path / "packages/api").mkdir(parents=True)
    text = '[tasks.lint]\nreads = ["pakages/api/src/**", "packages/api/dist/**", "packages/appi/x", "*/x", "/abs/x", "generated/x"]\n'
    assert found(text + 'writes = ["pakages/out"]', str(tmp_path)) == [
        (2, "there is no `pakages/api/src/**`", "did you mean `packages/api/src/**`?"),
        (2, "there is no `packages/appi/x`", "did you mean `packages/api/x`?"),
    ]


def test_templates_which_are_taken_as_they_are_written():
    text = """[tasks.build-api]
reads = ["src", "!gen/{{.N}}.txt"]
writes = [
  "out/{{.OS}}-{{.ARCH | lower}}.txt",
  "{a,b}/c",
]
uses = ["gpu{{.N}}"]
exclusive = ["db"]
"""
    assert found(text) == [
        (2, "`reads` takes `!gen/{{.N}}.txt` as it is written, and fills in no templates", "write `!gen/*.txt`"),
        (
            3,
            "`writes` takes `out/{{.OS}}-{{.ARCH | lower}}.txt` as it is written, and fills in no templates",
            "write `out/*-*.txt`",
        ),
        (7, "`uses` takes `gpu{{.N}}` as it is written, and fills in no templates", "write the name of one resource"),
    ]
