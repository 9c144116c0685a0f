"""Finding and reading Taskfiles with all they include: paths, cycles, checksums, limits, files that cannot be read."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import sys
from pathlib import Path

import pytest

from paratask.errors import (
    Position,
    TaskfileChecksumError,
    TaskfileCycleError,
    TaskfileDecodeError,
    TaskfileError,
    TaskfileNotFoundError,
    TaskfileReadError,
    TaskfileSyntaxError,
    TaskfileVersionError,
)
from paratask.taskfile import reader as reader_module
from paratask.taskfile.model import Call, Taskfile, Variable
from paratask.taskfile.origins import Origin, StandardInput, local_origin
from paratask.taskfile.paths import STDIN
from paratask.taskfile.reader import (
    MAX_FILE_BYTES,
    MAX_INCLUDE_DEPTH,
    TASKFILE_NAMES,
    TaskfileReader,
    find_taskfile,
    read_bytes,
    taskfile_at,
)
from unit.builders import read, reader, write

HEAD = "version: '3'\n"


def root(includes: str, rest: str = "") -> str:
    return f"{HEAD}includes: {includes}\n{rest}"


def refused(kind: type[TaskfileError], folder: Path, files: dict[str, str | bytes]) -> TaskfileError:
    with pytest.raises(kind) as caught:
        read(folder, files)
    assert type(caught.value) is kind
    return caught.value


def test_include_finds_a_file_or_the_taskfile_of_a_folder(tmp_path: Path) -> None:
    files = {
        "Taskfile.yml": root("{a: ./a.yml, b: ./b, c: c/Custom.yaml}"),
        "a.yml": HEAD + "tasks: {x: echo}",
        "b/taskfile.dist.yaml": HEAD + "tasks: {x: echo}",
        "c/Custom.yaml": HEAD + "tasks: {x: echo}",
    }
    taskfile = read(tmp_path, files)
    assert list(taskfile.tasks) == ["a:x", "b:x", "c:x"]
    assert taskfile.file == str(tmp_path / "Taskfile.yml")
    assert taskfile.tasks["b:x"].position == Position(file=str(tmp_path / "b/taskfile.dist.yaml"), line=2, column=9)


def test_oddities_of_included_files_are_kept_with_their_positions(tmp_path: Path) -> None:
    folder = write(tmp_path, {"Taskfile.yml": root("{a: ./a.yml}", "zzz: 1\n"), "a.yml": HEAD + "yyy: 1\n"})
    one = reader()
    one.read(local_origin(os.path.join(folder, "Taskfile.yml")))
    assert [(o.message, os.path.basename(o.position.file), o.position.line) for o in one.oddities] == [
        ("unknown key `zzz` in taskfile", "Taskfile.yml", 3),
        ("unknown key `yyy` in taskfile", "a.yml", 2),
    ]


def test_nested_includes_stack_namespaces_folders_and_calls(tmp_path: Path) -> None:
    files = {
        "Taskfile.yml": root("{a: {taskfile: ./a, dir: ./a}}"),
        "a/Taskfile.yml": root("{b: {taskfile: ./b, dir: ./b}}", "tasks: {x: [{task: 'b:y'}]}"),
        "a/b/Taskfile.yml": HEAD + "tasks: {y: {dir: deep, cmds: [{task: z}, {task: ':top'}]}, z: echo}",
    }
    tasks = read(tmp_path, files).tasks
    assert list(tasks) == ["a:x", "a:b:y", "a:b:z"]
    assert tasks["a:b:y"].dir == str(tmp_path / "a/b/deep")
    assert tasks["a:b:z"].dir == str(tmp_path / "a/b")
    assert [s.task for s in tasks["a:b:y"].steps if isinstance(s, Call)] == ["a:b:z", "a:top"]
    assert [s.task for s in tasks["a:x"].steps if isinstance(s, Call)] == ["a:b:y"]


def test_diamond_gives_the_shared_file_a_namespace_on_each_way(tmp_path: Path) -> None:
    files = {
        "Taskfile.yml": root("{a: ./a.yml, b: ./b.yml}"),
        "a.yml": root("{s: ./shared.yml}"),
        "b.yml": root("{s: ./shared.yml}"),
        "shared.yml": HEAD + "tasks: {x: [{task: y}], y: echo}",
    }
    tasks = read(tmp_path, files).tasks
    assert list(tasks) == ["a:s:x", "a:s:y", "b:s:x", "b:s:y"]
    assert [getattr(tasks[f"{n}:s:x"].steps[0], "task", "") for n in "ab"] == ["a:s:y", "b:s:y"]


def test_same_file_twice_under_two_namespaces_with_other_variables(tmp_path: Path) -> None:
    files = {
        "Taskfile.yml": root(
            "{a: {taskfile: ./s.yml, vars: {V: 1}}, b: {taskfile: ./s.yml, vars: {V: 2}, internal: true, dir: ./d}}"
        ),
        "s.yml": HEAD + "tasks: {x: echo}",
    }
    tasks = read(tmp_path, files).tasks
    assert [tasks[f"{n}:x"].include_variables for n in "ab"] == [{"V": Variable(value=1)}, {"V": Variable(value=2)}]
    assert [tasks[f"{n}:x"].internal for n in "ab"] == [False, True]
    assert [tasks[f"{n}:x"].dir for n in "ab"] == [str(tmp_path), str(tmp_path / "d")]


def test_paths_of_includes_may_hold_templates_and_environment(tmp_path: Path) -> None:
    files = {
        "Taskfile.yml": root("{a: './{{.WHERE}}.yml', b: './${FILE}.yml', c: {taskfile: '{{.OS}}.yml', dir: '{{.WHERE}}'}}",
                             "vars: {WHERE: one}\n"),
        "one.yml": HEAD + "tasks: {x: echo}", "two.yml": HEAD + "tasks: {y: echo}", "three.yml": HEAD + "tasks: {z: echo}",
    }  # fmt: skip
    tasks = read(tmp_path, files, {"FILE": "two", "OS": "three"}).tasks
    assert list(tasks) == ["a:x", "b:y", "c:z"]
    assert tasks["c:z"].dir == str(tmp_path / "one")


def test_variables_of_an_include_decided_where_the_next_one_was_looked_for(tmp_path: Path) -> None:
    files = {
        "Taskfile.yml": root("{a: ./a.yml, b: './{{.WHERE}}.yml'}", "vars: {WHERE: one}\n"),
        "a.yml": HEAD + "vars: {WHERE: two}\ntasks: {x: echo}",
        "one.yml": HEAD + "tasks: {mine: echo}",
        "two.yml": HEAD + "tasks: {other: echo}",
    }
    assert list(read(tmp_path, files).tasks) == ["a:x", "b:mine"]


@pytest.mark.parametrize(
    ("files", "last", "back_to", "position"),
    [
        ({"Taskfile.yml": root("{a: ./Taskfile.yml}")}, "Taskfile.yml", "Taskfile.yml", ("Taskfile.yml", 2, 15)),
        ({"Taskfile.yml": root("{a: ./a.yml}"), "a.yml": root("{b: .}")}, "a.yml", "Taskfile.yml", ("a.yml", 2, 15)),
        (
            {"Taskfile.yml": root("{a: ./a.yml}"), "a.yml": root("{b: ./b.yml}"), "b.yml": root("{a: {taskfile: ./a.yml}}")},
            "b.yml", "a.yml", ("b.yml", 2, 15),
        ),
    ],
    ids=["itself", "two", "below the root"],
)  # fmt: skip
def test_include_cycle(tmp_path: Path, files: dict[str, str], last: str, back_to: str, position: tuple[str, int, int]) -> None:
    error = refused(TaskfileCycleError, tmp_path, files)  # type: ignore[arg-type]
    assert error.exit_code == 110
    assert error.message == f"include cycle detected between {tmp_path / last} <--> {tmp_path / back_to}"
    assert error.position == Position(file=str(tmp_path / position[0]), line=position[1], column=position[2])


def test_chain_of_includes_longer_than_the_stack_ended_in_a_recursion_error(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {f"{n}.yml": root(f"{{a: ./{n + 1}.yml}}") for n in range(MAX_INCLUDE_DEPTH + 1)}
    files["Taskfile.yml"] = root("{a: ./0.yml}")
    error = refused(TaskfileError, tmp_path, files)
    assert error.message == f"includes nested more than {MAX_INCLUDE_DEPTH} deep"


def test_missing_include_is_an_error_where_it_is_written(tmp_path: Path) -> None:
    error = refused(TaskfileNotFoundError, tmp_path, {"Taskfile.yml": root("\n  a: ./nope.yml")})
    assert error.exit_code == 100
    assert error.message == f"no Taskfile found at `{tmp_path / 'nope.yml'}`"
    assert error.position == Position(file=str(tmp_path / "Taskfile.yml"), line=3, column=6)


def test_folder_without_taskfile_is_missing_too(tmp_path: Path) -> None:
    error = refused(TaskfileNotFoundError, tmp_path, {"Taskfile.yml": root("{a: ./empty}"), "empty/other.yml": ""})
    assert error.message == f"no Taskfile found at `{tmp_path / 'empty'}`"


def test_optional_include_may_be_missing_but_not_broken(tmp_path: Path) -> None:
    text = root("{a: {taskfile: ./a.yml, optional: true}}", "tasks: {x: echo}")
    assert list(read(tmp_path, {"Taskfile.yml": text}).tasks) == ["x"]
    refused(TaskfileDecodeError, tmp_path, {"Taskfile.yml": text, "a.yml": HEAD + "tasks: [a]"})


def test_checksum_of_an_include(tmp_path: Path) -> None:
    other = HEAD + "tasks: {x: echo}"
    good = hashlib.sha256(other.encode()).hexdigest()
    text = root(f"{{a: {{taskfile: ./a.yml, checksum: {good}}}}}")
    assert list(read(tmp_path, {"Taskfile.yml": text, "a.yml": other}).tasks) == ["a:x"]
    error = refused(TaskfileChecksumError, tmp_path, {"Taskfile.yml": text.replace(good, "abc"), "a.yml": other})
    assert error.exit_code == 111
    assert error.message == f"the checksum does not match: got {good}, want abc"
    assert error.position == Position(file=str(tmp_path / "a.yml"))


def test_checksum_of_a_file_that_was_included_before_was_not_looked_at(tmp_path: Path) -> None:
    files = {"Taskfile.yml": root("{a: ./a.yml, b: {taskfile: ./a.yml, checksum: abc}}"), "a.yml": HEAD}
    refused(TaskfileChecksumError, tmp_path, files)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "message", "help_line"),
    [
        ("", "missing schema version", "add `version: '3'`"),
        ("tasks: {a: echo}", "missing schema version", "add `version: '3'`"),
        ("version: '2'", "schema version 2 is no longer supported", "use v3"),
        ("version: '2.9.9'", "schema version 2.9.9 is no longer supported", "use v3"),
        ("version: '3-beta'", "schema version 3-beta is no longer supported", "use v3"),
        ("version: '3.55'", "schema version 3.55 is newer than 3.54.0", ""),
        ("version: '4'", "schema version 4 is newer than 3.54.0", ""),
    ],
)
def test_schema_version_is_checked(tmp_path: Path, text: str, message: str, help_line: str) -> None:
    error = refused(TaskfileVersionError, tmp_path, {"Taskfile.yml": text})
    assert (error.exit_code, error.message, error.help) == (107, message, help_line)
    assert error.position == Position(file=str(tmp_path / "Taskfile.yml"))


@pytest.mark.parametrize("version", ["3", "3.54", "3.54.0", "v3.1", "3.1-beta", "3+x"])
def test_supported_versions(tmp_path: Path, version: str) -> None:
    assert read(tmp_path, {"Taskfile.yml": f"version: '{version}'"}).version == version


def test_included_file_needs_a_version_as_well(tmp_path: Path) -> None:
    error = refused(TaskfileVersionError, tmp_path, {"Taskfile.yml": root("{a: ./a.yml}"), "a.yml": "tasks: {}"})
    assert error.position == Position(file=str(tmp_path / "a.yml"))


def test_broken_yaml_names_file_line_and_column(tmp_path: Path) -> None:
    error = refused(TaskfileSyntaxError, tmp_path, {"Taskfile.yml": root("{a: ./a.yml}"), "a.yml": "version: '3'\ntasks: [\n"})
    assert (error.exit_code, str(error.position)) == (109, f"{tmp_path / 'a.yml'}:2:8")


def test_file_larger_than_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "Taskfile.yml"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(TaskfileSyntaxError) as caught:
        reader().read(local_origin(str(path)))
    assert caught.value.exit_code == 109
    assert caught.value.message == "larger than 8 MiB: this is no Taskfile"
    assert caught.value.position == Position(file=str(path))


def test_endless_file_was_parsed_up_to_the_limit() -> None:
    with pytest.raises(TaskfileSyntaxError) as caught:
        read_bytes("/dev/zero")
    assert caught.value.message == "larger than 8 MiB: this is no Taskfile"


def test_file_as_large_as_the_limit_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES)
    assert len(read_bytes(str(path))) == MAX_FILE_BYTES


def test_of_a_taskfile_from_stdin_that_was_too_large_the_beginning_was_taken_for_all(monkeypatch) -> None:
    def from_stdin(data: bytes) -> Taskfile:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        origin = Origin(location=STDIN, folder="/repo", address=StandardInput("/repo", {}))
        return TaskfileReader(environ={}, fill=lambda text, values: text).read(origin)

    text = f"{HEAD}tasks: {{a: echo}}\n#".encode()
    assert list(from_stdin(text.ljust(MAX_FILE_BYTES)).tasks) == ["a"]
    with pytest.raises(TaskfileSyntaxError, match="larger than 8 MiB"):
        from_stdin(text.ljust(MAX_FILE_BYTES + 1))


def test_unreadable_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, {"Taskfile.yml": HEAD}) + "/Taskfile.yml"

    def refuse(*_: object) -> object:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    monkeypatch.setattr(reader_module, "open", refuse, raising=False)
    with pytest.raises(TaskfileReadError) as caught:
        reader().read(local_origin(path))
    assert (caught.value.exit_code, caught.value.message) == (1, "cannot be read: Permission denied")
    assert caught.value.position == Position(file=path)


def test_folder_named_like_a_taskfile_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "Taskfile.yml").mkdir()
    with pytest.raises(TaskfileReadError) as caught:
        reader().read(local_origin(str(tmp_path / "Taskfile.yml")))
    assert caught.value.message == "cannot be read: Is a directory"


def test_file_that_went_away_after_it_was_found(tmp_path: Path) -> None:
    with pytest.raises(TaskfileReadError) as caught:
        reader().read(local_origin(str(tmp_path / "Taskfile.yml")))
    assert caught.value.message == "cannot be read: No such file or directory"


def test_names_are_tried_in_task_s_order(tmp_path: Path) -> None:
    for name in reversed(TASKFILE_NAMES):
        (tmp_path / name).write_text(HEAD)
        assert taskfile_at(str(tmp_path)) == str(tmp_path / name)
        assert find_taskfile(str(tmp_path)) == str(tmp_path / name)


def test_nearest_taskfile_above_counts(tmp_path: Path) -> None:
    (tmp_path / "Taskfile.yml").write_text(HEAD)
    (tmp_path / "a/b/c").mkdir(parents=True)
    assert find_taskfile(str(tmp_path / "a/b/c")) == str(tmp_path / "Taskfile.yml")
    (tmp_path / "a/b/Taskfile.yml").write_text(HEAD)
    assert find_taskfile(str(tmp_path / "a/b/c")) == str(tmp_path / "a/b/Taskfile.yml")


def fake_stat(monkeypatch: pytest.MonkeyPatch, owners: dict[str, int]) -> None:
    """Only the given folders are there, with their owners."""

    class Info:
        st_mode = 0o040755

        def __init__(self, owner: int) -> None:
            self.st_uid = owner

    def stat(path: str) -> Info:
        if path not in owners:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        if owners[path] < 0:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return Info(owners[path])

    monkeypatch.setattr(reader_module.os, "stat", stat)


@pytest.mark.parametrize(
    ("owners", "reach"),
    [
        ({"/": 0, "/a": 0, "/a/b": 0}, "or any of the parent directories"),
        ({"/": 0, "/a": 0, "/a/b": 7}, "or any of the parent directories until ownership changed"),
    ],
)
def test_search_ends_at_the_top_or_where_the_owner_changes(
    monkeypatch: pytest.MonkeyPatch, owners: dict[str, int], reach: str
) -> None:
    fake_stat(monkeypatch, owners)
    with pytest.raises(TaskfileNotFoundError) as caught:
        find_taskfile("/a/b")
    assert caught.value.exit_code == 100
    assert caught.value.message == f"no Taskfile found in `/a/b` ({reach})"
    assert caught.value.help == "`paratask --init` writes one"


def test_folder_that_cannot_be_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_stat(monkeypatch, {"/": 0, "/a": -1, "/a/b": 0})
    with pytest.raises(TaskfileNotFoundError) as caught:
        find_taskfile("/a/b")
    assert caught.value.exit_code == 100
    assert caught.value.message == "cannot be looked into: Permission denied"
    assert caught.value.position == Position(file="/a/b")
