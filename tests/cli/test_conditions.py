"""Preconditions and `status` through the command line."""

from __future__ import annotations


def test_preconditions_that_a_template_emptied_failed(workspace):
    """`{{if eq OS "darwin"}}…{{end}}` is empty elsewhere, and an empty command succeeds."""
    workspace.taskfile("""\
        version: '3'
        tasks:
          default:
            preconditions: ['{{if eq 1 2}}false{{end}}', '']
            cmds: [echo ran]
          fresh:
            status: ['{{if eq 1 2}}false{{end}}']
            cmds: [echo never]
        """)
    done = workspace.run("default")
    assert (done.returncode, done.stdout) == (0, "ran\n")
    done = workspace.run("fresh")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", 'task: Task "fresh" is up to date\n')


def test_a_call_whose_condition_does_not_hold_says_so(workspace):
    workspace.taskfile("version: '3'\ntasks:\n  all: {cmds: [{task: a, if: 'false'}, {task: b}]}\n  a: echo a\n  b: echo b\n")
    assert workspace.run("-s", "all").stdout == "b\n"
    assert "  skipped: the `if` of its call does not hold\n" in workspace.run("--why", "a").stdout
