"""Merging an included Taskfile: names, folders, variables, conflicts."""

from __future__ import annotations

import pytest

from paratask.errors import Position, TaskfileError, TaskNameConflictError
from paratask.taskfile.includes import merge, qualified
from paratask.taskfile.model import Include, Taskfile, Variable
from unit.builders import decode

WHERE = Position(file="/repo/Taskfile.yml", line=3, column=5)
OTHER = """
version: '3'
vars: {V: other}
env: {E: other}
tasks:
  default: echo default
  build:
    aliases: [b]
    deps: [clean, ':root', {vars: {A: 1}}]
    cmds: [{task: clean}, {task: ':root'}, echo build, {defer: {task: clean}}]
  clean: echo clean
"""


def included(text: str = OTHER, into: str = "version: '3'\ntasks: {root: echo}\n", **how: object) -> Taskfile:
    fields: dict[str, object] = {"namespace": "ns", "taskfile": "./ns", "position": WHERE, "variables": {}, "dir": "/repo/ns"}
    return merge(decode(into)[0], decode(text)[0], Include(**{**fields, **how}))  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "full"), [("a", "ns:a"), ("a:b", "ns:a:b"), (":a", "a"), (":a:b", "a:b")])
def test_leading_colon_means_the_root(name: str, full: str) -> None:
    assert qualified(name, "ns") == full


def test_names_calls_and_aliases_get_the_namespace() -> None:
    merged = included()
    assert list(merged.tasks) == ["root", "ns:default", "ns:build", "ns:clean"]
    build = merged.tasks["ns:build"]
    assert (build.name, build.namespace, build.aliases) == ("ns:build", "ns", ("ns:b",))
    assert [d.task for d in build.dependencies] == ["ns:clean", "root", ""]
    assert [getattr(s, "task", None) for s in build.steps] == ["ns:clean", "root", None, "ns:clean"]


def test_namespace_aliases_are_aliases_of_every_task() -> None:
    merged = included(aliases=("n", "m"))
    assert merged.tasks["ns:build"].aliases == ("ns:b", "n:build", "n:b", "m:build", "m:b")
    assert merged.tasks["ns:clean"].aliases == ("n:clean", "m:clean")


def test_default_task_answers_to_the_bare_namespace_and_its_aliases() -> None:
    assert included(aliases=("n",)).tasks["ns:default"].aliases == ("n:default", "ns", "n")
    root = "version: '3'\ntasks: {'ns:default': echo, root: echo}\n"
    assert included("version: '3'\ntasks: {build: echo}\n", root).tasks["ns:default"].aliases == (), "it is the root's own"


@pytest.mark.parametrize("how", ["taken", "flat"])
def test_bare_namespace_is_left_alone_where_a_task_has_it_or_the_include_is_flat(how: str) -> None:
    if how == "taken":
        merged = included(into="version: '3'\ntasks: {ns: echo}\n")
        assert merged.tasks["ns:default"].aliases == ()
    else:
        assert included(flatten=True).tasks["default"].aliases == ()


def test_flat_include_keeps_names_and_calls() -> None:
    merged = included(flatten=True)
    assert list(merged.tasks) == ["root", "default", "build", "clean"]
    assert [d.task for d in merged.tasks["build"].dependencies] == ["clean", ":root", ""]


def test_name_that_is_there_already_is_a_conflict() -> None:
    into = "version: '3'\ntasks:\n  clean: echo\n"
    with pytest.raises(TaskNameConflictError) as caught:
        included(into=into, flatten=True)
    assert caught.value.exit_code == 203
    assert caught.value.message == "task `clean` is defined twice: here and in what `ns` includes"
    assert caught.value.position == Position(file="/repo/Taskfile.yml", line=3, column=3)


@pytest.mark.parametrize(
    ("excludes", "left"),
    [
        (("clean",), ["default", "build"]),
        (("clean", "default"), ["build"]),
        (("cle*",), ["default", "build", "clean"]),
        ((":*",), ["default", "build", "clean"]),
        (("nope",), ["default", "build", "clean"]),
    ],
)
def test_excludes_are_names(excludes: tuple[str, ...], left: list[str]) -> None:
    assert list(included(excludes=excludes, into="version: '3'\n").tasks) == [f"ns:{name}" for name in left]


def test_excludes_take_a_whole_namespace() -> None:
    text = "version: '3'\ntasks: {'a:x': echo, 'a:b:y': echo, ab: echo, a: echo}\n"
    assert list(included(text, excludes=("a:*",), into="version: '3'\n").tasks) == ["ns:ab", "ns:a"]


def test_internal_include_makes_all_its_tasks_internal() -> None:
    assert [t.internal for t in included(internal=True).tasks.values()] == [False, True, True, True]


def test_silent_and_gitignore_of_the_included_file_reach_tasks_that_do_not_say() -> None:
    text = "version: '3'\nsilent: true\nuse_gitignore: false\ntasks: {a: echo, b: {silent: false, use_gitignore: true}}\n"
    tasks = included(text).tasks
    assert [(tasks[n].silent, tasks[n].use_gitignore) for n in ("root", "ns:a", "ns:b")] == [
        (None, None), (True, False), (False, True),
    ]  # fmt: skip


def test_short_form_of_an_include_changes_neither_folder_nor_variables() -> None:
    merged = included("version: '3'\nvars: {V: {sh: x}}\ntasks: {a: {dir: sub}}\n")
    assert merged.tasks["ns:a"].dir == "sub"
    assert merged.tasks["ns:a"].included_taskfile_variables == {}
    assert merged.variables["V"].folder is None


def test_mapping_form_of_an_include_moves_tasks_and_brings_variables() -> None:
    merged = included(
        "version: '3'\nvars: {V: {sh: x}}\nenv: {E: 1}\ntasks: {a: {dir: sub}, b: echo, c: {dir: /abs}}\n",
        "version: '3'\nvars: {R: root, V: root}\n",
        advanced=True,
        variables={"I": Variable(value="include")},
    )
    assert [merged.tasks[f"ns:{n}"].dir for n in "abc"] == ["/repo/ns/sub", "/repo/ns", "/abs"]
    assert merged.tasks["ns:a"].include_variables == {"I": Variable(value="include")}
    there = merged.tasks["ns:a"].included_taskfile_variables
    assert there == {"R": Variable(value="root"), "V": Variable(sh="x", folder="/repo/ns")}
    assert merged.environment["E"].folder == "/repo/ns"


def test_variables_of_the_included_file_win_and_keep_the_place_of_the_first() -> None:
    merged = included(into="version: '3'\nvars: {A: 1, V: root, Z: 1}\nenv: {E: root}\n")
    assert list(merged.variables) == ["A", "V", "Z"]
    assert (merged.variables["V"], merged.environment["E"]) == (Variable(value="other"), Variable(value="other"))


def test_output_of_the_included_file_counts_where_it_is_set() -> None:
    assert included(into="version: '3'\noutput: group\n").output.style == "group"
    assert included("version: '3'\noutput: prefixed\n", "version: '3'\noutput: group\n").output.style == "prefixed"


@pytest.mark.parametrize(("one", "two"), [("3", "3.0"), ("3", "v3.0.0"), ("3.1", "3.1.0")])
def test_versions_match_by_number(one: str, two: str) -> None:
    assert included(f"version: '{two}'", f"version: '{one}'").version == one


def test_versions_that_differ_are_refused() -> None:
    with pytest.raises(TaskfileError) as caught:
        included("version: '3.1'")
    assert caught.value.message == 'Taskfiles versions should match. First is "3" but second is "3.1"'
    assert (caught.value.exit_code, caught.value.position) == (1, WHERE)


def test_dotenv_in_an_included_file_is_refused() -> None:
    with pytest.raises(TaskfileError) as caught:
        included("version: '3'\ndotenv: [.env]")
    assert caught.value.message == "included Taskfiles can't have dotenv declarations"
    assert caught.value.help == "move the dotenv declaration to the main Taskfile"
