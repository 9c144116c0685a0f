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


def test_a_call_whose_name_came_out_empty_was_a_task_that_does_not_exist(workspace):
    """go-task runs nothing then, which is how some make a call depend on a variable; of a dependency it is an error there as well."""
    workspace.taskfile("""\
        version: '3'
        tasks:
          all:
            cmds:
              - task: '{{if .WITH}}a{{end}}'
              - task: '{{.NONE}}'
                if: touch asked
              - task: b
              - {for: ['', b], task: '{{.ITEM}}'}
              - defer: {task: '{{.NONE}}'}
          needs: {deps: ['{{.NONE}}']}
          a: echo a
          b: echo b
        """)
    for words, printed in ((("all",), "b\nb\n"), (("all", "WITH=1"), "a\nb\nb\n")):
        done = workspace.run("-s", *words)
        assert (done.returncode, done.stdout) == (0, printed)
    assert (workspace.root / "asked").exists()
    planned = workspace.run("--plan", "all")
    assert planned.returncode == 0
    assert "does not exist" not in planned.stdout
    assert workspace.run("needs").returncode == 200
