"""Which file is the root, and Taskfile and paratask.toml together."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from paratask.errors import Position, TaskfileDecodeError, TaskfileNotFoundError, TaskfileSyntaxError, TaskfileVersionError
from paratask.taskfile.model import Call
from paratask.taskfile.project import Project, read_project
from unit.builders import fill, write

TASKFILE = "version: '3'\nvars: {V: yaml}\ntasks: {a: echo}\n"


def project(folder: Path, files: dict[str, str], *, entrypoint: str = "", dir: str = "", below: str = "") -> Project:  # noqa: A002
    write(folder, files)
    cwd = folder / below
    cwd.mkdir(parents=True, exist_ok=True)
    return read_project(entrypoint=entrypoint, folder=dir, cwd=str(cwd), environ={}, fill=fill)


def test_taskfile_alone(tmp_path: Path) -> None:
    found = project(tmp_path, {"Taskfile.yml": TASKFILE}, below="x/y")
    assert (found.root_dir, found.taskfile.file) == (str(tmp_path), str(tmp_path / "Taskfile.yml"))
    assert (list(found.taskfile.tasks), found.settings.parallel, found.oddities) == (["a"], "", ())


def test_paratask_toml_beside_it_adds_settings_tasks_and_variables(tmp_path: Path) -> None:
    own = 'parallel = "off"\noops = 1\n[vars]\nV = "toml"\n[env]\nE = "1"\n[tasks.b]\ncmd = "task:a"\n'
    found = project(tmp_path, {"Taskfile.yml": TASKFILE, "paratask.toml": own})
    assert list(found.taskfile.tasks) == ["a", "b"]
    assert (found.settings.parallel, found.taskfile.variables["V"].value) == ("off", "toml")
    assert found.taskfile.environment["E"].value == "1"
    assert [str(o.position) for o in found.oddities] == [f"{tmp_path / 'paratask.toml'}:2:1"]


def test_task_defined_in_both_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        project(tmp_path, {"Taskfile.yml": TASKFILE, "paratask.toml": '\n[tasks.a]\ncmd = "echo"\n'})
    assert caught.value.message == "task `a` is defined here and at Taskfile.yml:3:9"
    assert caught.value.position == Position(file=str(tmp_path / "paratask.toml"), line=2, column=1)


@pytest.mark.parametrize("line", ["silent = true", 'interval = "1s"', "use_gitignore = true", 'set = ["e"]'])
def test_some_keys_had_no_effect_beside_a_taskfile_and_nothing_said_so(tmp_path: Path, line: str) -> None:
    found = project(tmp_path, {"Taskfile.yml": "version: '3'\ntasks: {a: echo a}\n", "paratask.toml": f"{line}\n"})
    key = line.partition(" ")[0]
    assert [oddity.message for oddity in found.oddities] == [f"`{key}` has no effect beside a Taskfile"]


def test_misspelt_claims_define_no_task(tmp_path: Path) -> None:
    own = '[tasks.a]\nread = ["x"]\n[tasks.b]\nwrite = ["x"]\nuses = ["y"]\n'
    found = project(tmp_path, {"Taskfile.yml": TASKFILE, "paratask.toml": own})
    assert [f"{oddity.message}: {oddity.help}" for oddity in found.oddities][:2] == [
        "unknown key `read` in task: did you mean `reads`?",
        "unknown key `write` in task: did you mean `writes`?",
    ]
    assert found.settings.claims["b"].uses == ("y",)


def test_paratask_toml_may_stand_in_its_place(tmp_path: Path) -> None:
    own = '[tasks.a]\ncmds = ["echo"]\n[tasks.b]\ncmds = ["task:a", { task = "a" }]\n'
    found = project(tmp_path, {"paratask.toml": own}, below="x")
    assert (found.root_dir, found.taskfile.version) == (str(tmp_path), "3")
    assert [s.task for s in found.taskfile.tasks["b"].steps if isinstance(s, Call)] == ["a", "a"]


def test_pyproject_may_stand_in_its_place(tmp_path: Path) -> None:
    own = '[project]\nname = "x"\n[tool.paratask]\nparallel = "all"\n[tool.paratask.tasks.a]\ncmd = "echo"\n'
    found = project(tmp_path, {"pyproject.toml": own}, below="x/y")
    assert (found.root_dir, list(found.taskfile.tasks), found.settings.parallel) == (str(tmp_path), ["a"], "all")
    assert found.taskfile.tasks["a"].position == Position(file=str(tmp_path / "pyproject.toml"), line=5, column=1)


def test_a_pyproject_above_a_change_of_owner_was_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.stat

    def foreign(path: str, *args: object, **options: object) -> object:
        found = real(path, *args, **options)  # type: ignore[call-overload] # as it was called
        return os.stat_result((*found[:4], 12345, *found[5:10])) if path == str(tmp_path) else found

    monkeypatch.setattr(os, "stat", foreign)
    with pytest.raises(TaskfileNotFoundError, match="until ownership changed"):
        project(tmp_path, {"pyproject.toml": "[tool.paratask.tasks.default]\ncmds = ['echo']\n"}, below="x")


def test_pyproject_that_does_not_mention_us_is_not_looked_at(tmp_path: Path) -> None:
    found = project(tmp_path, {"Taskfile.yml": TASKFILE, "pyproject.toml": "this is = = no toml"})
    assert found.settings.parallel == ""


def test_pyproject_that_mentions_us_must_be_toml(tmp_path: Path) -> None:
    with pytest.raises(TaskfileSyntaxError) as caught:
        project(tmp_path, {"Taskfile.yml": TASKFILE, "pyproject.toml": "[tool.paratask]\na = = 1"})
    assert str(caught.value.position) == f"{tmp_path / 'pyproject.toml'}:2:5"


def test_paratask_toml_wins_over_pyproject(tmp_path: Path) -> None:
    files = {
        "Taskfile.yml": TASKFILE, "paratask.toml": 'parallel = "off"', "pyproject.toml": '[tool.paratask]\nparallel = "all"'
    }  # fmt: skip
    assert project(tmp_path, files).settings.parallel == "off"


def test_own_file_without_tasks_and_without_taskfile_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(TaskfileNotFoundError) as caught:
        project(tmp_path, {"paratask.toml": 'parallel = "off"'})
    assert caught.value.message == "no tasks here, and no Taskfile beside it"
    assert caught.value.help == "add a `[tasks.NAME]` table, or a Taskfile.yml"
    assert caught.value.position == Position(file=str(tmp_path / "paratask.toml"))


def test_settings_in_a_package_hid_the_taskfile_above_and_nothing_said_so(tmp_path: Path) -> None:
    (tmp_path / "packages" / "api").mkdir(parents=True)
    (tmp_path / "Taskfile.yml").write_text(TASKFILE)
    with pytest.raises(TaskfileNotFoundError) as caught:
        project(tmp_path / "packages" / "api", {"paratask.toml": 'parallel = "off"'})
    assert caught.value.help == (
        "settings for `../../Taskfile.yml` go into a paratask.toml beside it; else add a `[tasks.NAME]` table, or a Taskfile.yml"
    )


@pytest.mark.parametrize("entrypoint", ["sub", "sub/Taskfile.yml", "./sub/../sub"])
def test_entrypoint_is_a_file_or_its_folder(tmp_path: Path, entrypoint: str) -> None:
    found = project(tmp_path, {"sub/Taskfile.yml": TASKFILE}, entrypoint=entrypoint)
    assert (found.root_dir, found.taskfile.file) == (str(tmp_path / "sub"), str(tmp_path / "sub/Taskfile.yml"))


def test_entrypoint_may_be_a_folder_with_paratask_toml(tmp_path: Path) -> None:
    assert list(project(tmp_path, {"sub/paratask.toml": '[tasks]\na = "echo"\n'}, entrypoint="sub").taskfile.tasks) == ["a"]


def test_missing_entrypoint(tmp_path: Path) -> None:
    with pytest.raises(TaskfileNotFoundError) as caught:
        project(tmp_path, {}, entrypoint="nope.yml")
    assert (caught.value.message, caught.value.exit_code) == ("no Taskfile found at `nope.yml`", 100)


def test_folder_is_where_the_search_begins_and_with_an_entrypoint_where_tasks_run(tmp_path: Path) -> None:
    files = {"sub/Taskfile.yml": TASKFILE, "run/x": ""}
    assert project(tmp_path, files, dir="sub").root_dir == str(tmp_path / "sub")
    assert project(tmp_path, files, entrypoint="sub/Taskfile.yml", dir="run").root_dir == str(tmp_path / "run")


def test_nearest_of_taskfile_and_paratask_toml_is_the_root(tmp_path: Path) -> None:
    files = {"Taskfile.yml": TASKFILE, "sub/paratask.toml": '[tasks]\nb = "echo"\n'}
    assert list(project(tmp_path, files, below="sub").taskfile.tasks) == ["b"]


def test_a_version_that_is_not_supported_is_refused_in_our_own_file_too(tmp_path: Path) -> None:
    with pytest.raises(TaskfileVersionError, match="schema version 2 is no longer supported"):
        project(tmp_path, {"paratask.toml": 'version = "2"\n[tasks.a]\ncmds = ["echo a"]\n'})
