"""What go-task's shell prints otherwise than bash; what is expected here is what `task` 3.54.0 printed."""

from __future__ import annotations

import subprocess

import pytest

from paratask.processes.imitation import in_missing_folder, tables
from paratask.processes.shell import Shell, whole


def printed(text):
    script = tables(text) + whole(text)
    return subprocess.run(["bash", "-e", "-c", script], capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ("shopt globstar nullglob", "globstar\toff\nnullglob\toff\n"),
        ("shopt -s nullglob; shopt nullglob", "nullglob\ton\n"),
        ("shopt | grep globstar", "globstar\toff\n"),
        ("set -o | grep errexit", "errexit\ton\n"),
        ("set -o pipefail; set -o", "allexport\toff\nerrexit\ton\nnoexec\toff\nnoglob\toff\nnounset\toff\nxtrace\toff\npipefail\ton\n"),
        ("set +o", "set +o allexport\nset -o errexit\nset +o noexec\nset +o noglob\nset +o nounset\nset +o xtrace\nset +o pipefail\n"),
        ("set -u\nset +o | grep nounset", "set -o nounset\n"),
    ],
)  # fmt: skip
def test_tables_are_not_padded(text, out):
    done = printed(text)
    assert (done.returncode, done.stdout, done.stderr) == (0, out, "")


def test_a_name_that_is_no_option_fails():
    assert printed("shopt nonsense").returncode == 1


@pytest.mark.parametrize(
    "text", ["set -- a b; echo $2", "set -eo pipefail", "echo offset -o x", "set -o pipefail", "set a; set -o"]
)
def test_a_text_that_prints_no_table_or_sets_arguments_is_left_alone(text):
    assert tables(text) == ""


def test_only_bash_gets_definitions(tmp_path):
    (tmp_path / "sh").symlink_to("/bin/sh")
    assert Shell({"PATH": str(tmp_path)}).in_shell("set -o")[-1] == "set -o"


def test_a_command_in_a_folder_that_is_not_there_failed_where_path_has_no_rmdir(tmp_path):
    folder = tmp_path / "empty"
    folder.mkdir()
    script = in_missing_folder("/not/there") + "pwd"
    done = subprocess.run(
        ["/bin/bash", "-e", "-c", script],
        cwd=folder,
        env={"PATH": "", "PWD": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr, folder.exists()) == (0, "/not/there\n", "", False)
