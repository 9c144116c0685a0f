"""Texts that ask, beside neighbours that nothing else keeps apart from them."""

from __future__ import annotations


def test_who_asks_among_neighbours_gets_the_answer(workspace):
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: [{task: lint}, {task: confirm}, {task: format}]
          lint: touch linted
          confirm: 'read -p "go on? " -r answer && echo "got $answer"'
          format: touch formatted
    """)
    done = workspace.run("all", stdin=None, input="y\n")
    assert (done.returncode, done.stdout) == (0, "got y\n")
    assert (workspace.root / "formatted").exists()
