"""Which files count, and when they have changed."""

from __future__ import annotations

import os

import pytest
from builders import FakeDisk, FakeShell, at_once, decode

from paratask.freshness.globs import matching_files
from paratask.taskfile.lookup import TaskIndex
from paratask.taskfile.model import NOWHERE, Call
from paratask.templating import Machine
from paratask.variables.dynamic import DynamicValues
from paratask.variables.preparation import Preparation
from paratask.variables.ready import ReadyCall
from paratask.variables.scopes import Scopes
from paratask.watching.sources import Sources


class Bench:
    """A Taskfile below a real folder, where the command `where` says lib."""

    def __init__(self, text: str, root: str) -> None:
        taskfile, _ = decode(f"version: '3'\n{text}")
        self.environ: dict[str, str] = {}
        self.index = TaskIndex(taskfile)
        dynamic = DynamicValues(FakeShell({"where": "lib\n"}).run)
        scopes = Scopes(taskfile=taskfile, environ={}, special={}, root_dir=root, machine=Machine(), dynamic=dynamic)
        self.preparation = Preparation(taskfile=taskfile, scopes=scopes, root_dir=root, environ={}, surroundings=FakeDisk())

    def globs(self, folder, globs, *, use_gitignore):
        return matching_files(folder, globs, self.environ)


def call(name: str) -> ReadyCall:
    return ReadyCall(task=name, variables={}, condition="", source=Call(task=name, position=NOWHERE, variables={}))


@pytest.fixture
def tree(tmp_path):
    for name in ("src/a.txt", "src/b.txt", "lib/c.txt", "src/no.md", "src/node_modules/x/d.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.fixture
def watched(tree):
    def make(text: str, *names: str) -> Sources:
        sources = Sources(Bench(text, str(tree)), [call(name) for name in names])
        sources.learn_known()
        sources.remember()
        return sources

    return make


def shown(tree, paths) -> set[str]:
    return {os.path.relpath(path, tree) for path in paths}


A = "tasks: {a: {sources: ['src/**/*.txt', {exclude: src/b.txt}], cmds: [x]}}"


def test_nothing_changed(watched):
    assert watched(A, "a").changed() == frozenset()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda tree: (tree / "src/a.txt").write_text("another"), {"src/a.txt"}),
        (lambda tree: (tree / "src/a.txt").unlink(), {"src/a.txt"}),
        (lambda tree: (tree / "src/new.txt").touch(), {"src/new.txt"}),
        (lambda tree: os.utime(tree / "src/a.txt", (1, 1)), {"src/a.txt"}),
        (lambda tree: (tree / "src/no.md").rename(tree / "src/yes.txt"), {"src/yes.txt"}),
        (lambda tree: os.chmod(tree / "src/a.txt", 0o600), set()),
        (lambda tree: (tree / "src/b.txt").write_text("excluded"), set()),
        (lambda tree: (tree / "src/no.md").write_text("no source"), set()),
        (lambda tree: (tree / "src/no.md").unlink(), set()),
        (lambda tree: (tree / "src/node_modules/x/d.txt").write_text("ignored"), set()),
    ],
)
def test_what_counts_as_a_change(watched, tree, change, expected):
    sources = watched(A, "a")
    change(tree)
    assert shown(tree, sources.changed()) == expected


def test_a_change_is_one_until_the_next_round(watched, tree):
    sources = watched(A, "a")
    (tree / "src/a.txt").write_text("another")
    assert sources.changed() == sources.changed()
    sources.remember()
    assert sources.changed() == frozenset()


def test_a_file_in_a_new_folder(watched, tree):
    sources = watched(A, "a")
    (tree / "src/new/deep").mkdir(parents=True)
    assert shown(tree, sources.folders()) == {"src", "src/new", "src/new/deep"}
    (tree / "src/new/deep/e.txt").touch()
    assert shown(tree, sources.changed()) == {"src/new/deep/e.txt"}


REACHED = """
tasks:
  top: {deps: [dep, loop], cmds: [{task: step}, {defer: {task: last}}, {task: missing}]}
  dep: {dir: src, sources: [a.txt], cmds: [x]}
  step: {sources: ['{{.DIR}}/c.txt'], vars: {DIR: lib}, cmds: [x]}
  last: {sources: [src/b.txt], cmds: [x]}
  loop: {cmds: [{task: loop}]}
  other: {sources: [src/no.md], cmds: [x]}
"""


def test_everything_that_a_call_reaches(watched, tree):
    sources = watched(REACHED, "top")
    for path in ("src/a.txt", "src/b.txt", "lib/c.txt", "src/no.md"):
        (tree / path).unlink()
    assert shown(tree, sources.changed()) == {"src/a.txt", "src/b.txt", "lib/c.txt"}


def test_a_task_that_does_not_exist_has_no_sources(watched):
    assert watched("tasks: {a: {deps: [nothing], cmds: [x]}}", "a").folders() == frozenset()


DYNAMIC = "tasks: {a: {vars: {D: {sh: where}}, sources: ['{{.D}}/*.txt'], cmds: [x]}}"


def test_sources_that_a_command_names_are_known_once_it_has_run(watched, tree):
    """Nothing that was there before is a change then."""
    sources = watched(DYNAMIC, "a")
    assert sources.folders() == frozenset()
    at_once(sources.learn_all())
    assert shown(tree, sources.folders()) == {"lib"}
    assert sources.changed() == frozenset()
    (tree / "lib/new.txt").touch()
    assert shown(tree, sources.changed()) == {"lib/new.txt"}


def test_what_is_no_source_any_more_is_forgotten(watched, tree):
    sources = watched(DYNAMIC, "a")
    at_once(sources.learn_all())
    sources._bench = Bench("tasks: {a: {sources: [src/a.txt], cmds: [x]}}", str(tree))
    at_once(sources.learn_all())
    assert shown(tree, sources.folders()) == {"src"}
