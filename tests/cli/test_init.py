"""`--init`: a Taskfile that works, and never over another."""

from __future__ import annotations

import subprocess

import pytest


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("", "Taskfile.yml"),
        ("sub", "sub/Taskfile.yml"),
        ("sub/", "sub/Taskfile.yml"),
        ("tools.yml", "tools.yml"),
        (".yaml", "Taskfile.yaml"),
        ("sub/.yaml", "sub/Taskfile.yaml"),
    ],
)
def test_the_file_is_named_and_works(workspace, real_task, name, made):
    (workspace.root / "sub").mkdir()
    done = workspace.run("--init", *([name] if name else []))
    assert (done.returncode, done.stdout, done.stderr) == (0, f"Taskfile created: {made}\n", "")
    listed = workspace.run("-t", made, "--list", "--silent")
    assert listed.stdout == "build\nb\ncheck\nclean\ndefault\n"
    assert workspace.run("-t", made, "-s").returncode == 0
    theirs = subprocess.run([real_task, "-t", made, "-s"], cwd=workspace.root, capture_output=True, text=True, check=True)
    assert theirs.stdout == workspace.run("-t", made, "-s").stdout


@pytest.mark.parametrize("there", ["Taskfile.yml", "taskfile.yaml", "Taskfile.dist.yml"])
def test_a_taskfile_is_never_written_over(workspace, there):
    workspace.write(there, "mine")
    done = workspace.run("-i")
    assert (done.returncode, done.stdout) == (101, "")
    assert done.stderr == f"error: there is a Taskfile already: `{there}`\n"
    assert (workspace.root / there).read_text() == "mine"


def test_a_file_that_is_no_taskfile_is_not_written_over_either(workspace):
    workspace.write("notes.yml", "mine")
    done = workspace.run("--init", "notes.yml")
    assert (done.returncode, done.stderr) == (101, "error: there is a Taskfile already: `notes.yml`\n")


def test_a_folder_that_is_not_there_is_said(workspace):
    done = workspace.run("--init", "none/x.yml")
    assert (done.returncode, done.stderr) == (1, "error: `none/x.yml` cannot be written: No such file or directory\n")


def test_silent_says_nothing_and_verbose_shows_the_file(workspace):
    assert workspace.run("-si", "a.yml").stdout == ""
    shown = workspace.run("-vi", "b.yml").stdout
    assert shown == (workspace.root / "b.yml").read_text() + "\nTaskfile created: b.yml\n"
