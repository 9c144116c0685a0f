"""What the fuzzer of Taskfiles found: each is as with the real `task`."""

from __future__ import annotations

import subprocess

import pytest


def test_a_task_that_ignored_an_error_is_not_fresh(workspace):
    workspace.taskfile("""\
        version: '3'
        tasks:
          own: {sources: [Taskfile.yml], ignore_error: true, cmds: [exit 1, echo on]}
          call: {sources: [Taskfile.yml], ignore_error: true, cmds: [{task: fails}]}
          step: {sources: [Taskfile.yml], cmds: [{cmd: exit 1, ignore_error: true}]}
          fails: exit 3
        """)
    assert workspace.run("own", "call", "step").returncode == 0
    assert [path.name for path in (workspace.root / ".task" / "checksum").iterdir()] == ["step"]


def test_lists_do_not_see_the_variables_of_the_command_line(workspace):
    workspace.taskfile("version: '3'\ntasks:\n  t: {desc: 'is {{.A}}{{.CLI_FORCE}}', vars: {A: '{{.A | default `none`}}'}}\n")
    assert workspace.run("--list", "A=cli").stdout == "task: Available tasks for this project:\n* t:       is none\n"


def test_paths_of_dotenv_files_do_not_see_the_variables_of_the_command_line(workspace):
    workspace.write("written.env", "X=written\n")
    workspace.write("given.env", "X=given\n")
    workspace.taskfile("version: '3'\nsilent: true\nvars: {E: written}\ndotenv: ['{{.E}}.env']\ntasks:\n  t: echo $X {{.E}}\n")
    assert workspace.run("t", "E=given").stdout == "written given\n"


def test_a_path_of_a_dotenv_file_that_cannot_be_filled_in_ended_every_run(workspace, real_task):
    """A real repository has `dotenv: ['.env', '.env.{{ENV}}']`. Those behind it count as they are written, too."""
    for name, text in ((".5", "A=five\n"), (".{{ENV}}", "B=broken\n"), (".{{.V}}", "C=written\n")):
        workspace.write(name, text)
    workspace.taskfile(
        "version: '3'\nvars: {V: 5}\ndotenv: ['.{{.V}}', '.x{{ENV}}', '.{{ENV}}', '.{{.V}}']\ntasks:\n  t: {desc: d, cmds: [echo $A $B $C]}\n"
    )
    for arguments in (["t"], ["--dry", "t"], ["--list"], ["--summary", "t"]):
        theirs = subprocess.run(
            [real_task, *arguments], cwd=workspace.root, env=workspace.environ, capture_output=True, text=True, check=False
        )
        assert (theirs.returncode, theirs.stdout) == (0, workspace.run(*arguments).stdout)
    done = workspace.run("t")
    assert (done.returncode, done.stdout) == (0, "five broken written\n")
    assert workspace.run("--plan", "t").returncode == 0


def test_a_folder_that_begins_with_two_slashes_was_told_so(workspace, real_task):
    """A real repository has `dir: /{{.ROOT_DIR}}/…`. What Python normalises keeps them, and so does bash in PWD."""
    (workspace.root / "sub").mkdir()
    workspace.taskfile(
        "version: '3'\ntasks:\n  t: {dir: '/{{.ROOT_DIR}}/sub', vars: {V: {sh: pwd}}, cmds: ['pwd; echo $PWD {{.V}}']}\n"
    )
    theirs = subprocess.run(
        [real_task, "t"], cwd=workspace.root, env=workspace.environ, capture_output=True, text=True, check=False
    )
    assert workspace.run("t").stdout == theirs.stdout


def test_a_taskfile_whose_path_begins_with_two_slashes_was_told_so(workspace, real_task):
    root = f"/{workspace.root}"
    place = "tasks: {t: {silent: true, cmds: ['pwd; echo {{.ROOT_DIR}} {{.TASK_DIR}} {{.TASKFILE}}']}}\n"
    workspace.write("sub/Taskfile.yml", f"version: '3'\n{place}")
    workspace.taskfile(f"version: '3'\nincludes: {{a: '{root}/sub', b: {{taskfile: ./sub, dir: '{root}/sub'}}}}\n{place}")
    for arguments in (
        ["a:t"],
        ["b:t"],
        ["-d", root, "t"],
        ["-t", f"{root}/Taskfile.yml", "t"],
        ["-t", root, "-d", f"{root}/sub", "t"],
    ):
        theirs = subprocess.run(
            [real_task, *arguments], cwd=workspace.root, env=workspace.environ, capture_output=True, text=True, check=False
        )
        assert (workspace.run(*arguments).stdout, theirs.returncode) == (theirs.stdout, 0)
    assert workspace.run("--exec", "-d", root, ":::", "echo $PWD").stdout == f"{workspace.root}\n"


def test_the_list_beside_an_unknown_name_sees_dotenv_files(workspace):
    workspace.write(".env", "X=here\n")
    workspace.taskfile("version: '3'\ndotenv: [.env]\ntasks:\n  t: {desc: 'is {{.X}}'}\n")
    done = workspace.run("nowhere")
    assert (done.returncode, done.stdout) == (200, "task: Available tasks for this project:\n* t:       is here\n")


def test_a_deferred_mapping_has_its_command_below_defer(workspace):
    workspace.taskfile(
        "version: '3'\nsilent: true\ntasks:\n  t: [{defer: {defer: echo end}}, {defer: {cmd: echo no}}, echo x]\n"
    )
    done = workspace.run("t")
    assert done.stdout == "x\nend\n"
    assert "unknown key `cmd` in defer" in done.stderr


@pytest.mark.slow
def test_a_cycle_is_told_with_verbose(workspace):
    workspace.taskfile("version: '3'\nsilent: true\ntasks:\n  t: [{task: t}]\n")
    done = workspace.run("t", "--dry", "--verbose")
    assert done.returncode == 204
    assert "Traceback" not in done.stderr
