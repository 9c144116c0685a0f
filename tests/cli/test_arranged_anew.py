"""Neighbours that come after others are arranged by what those have made."""

from __future__ import annotations

import pytest

TEXT = """\
    version: '3'
    silent: true
    tasks:
      all: [{task: makes}, {task: uses}, {task: third}]
      makes: {cmds: [%s, touch kept]}
      uses: bash script.sh
      third: cat kept
    """
REASON = "`uses` writes kept and `third` reads kept"


@pytest.mark.slow
@pytest.mark.parametrize("makes", ["cp new.sh script.sh", "python3 copy.py"], ids=["known", "not known"])
def test_a_script_that_a_task_above_had_made_was_read_as_it_was_before(workspace, makes):
    workspace.taskfile(TEXT % makes)
    workspace.write("script.sh", "touch other\n")
    workspace.write("new.sh", "echo anew > kept\n")
    workspace.write("copy.py", "import shutil\nshutil.copy('new.sh', 'script.sh')\n")
    done = workspace.run("all")
    assert (done.returncode, done.stdout) == (0, "anew\n"), done.stderr
    assert REASON in workspace.run("--why", "third").stdout


@pytest.mark.slow
def test_so_were_links(workspace):
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: [{task: makes}, {task: uses}, {task: third}]
          makes: python3 link.py
          uses: cp new current/x
          third: cat other/x
        """)
    workspace.write("link.py", "import os\nos.symlink('other', 'current')\n")
    workspace.write("other/x", "old\n")
    workspace.write("new", "new\n")
    done = workspace.run("all")
    assert (done.returncode, done.stdout) == (0, "new\n"), done.stderr
    assert "`uses` writes other/x and `third` reads other/x" in workspace.run("--why", "third").stdout


@pytest.mark.slow
def test_what_became_sequential_then_counted_as_a_parallel_set(workspace):
    workspace.taskfile(TEXT % "cp new.sh script.sh")
    workspace.write("script.sh", "touch other\n")
    workspace.write("new.sh", "echo anew > kept\n")
    assert "parallel set" not in workspace.run("all").stderr
