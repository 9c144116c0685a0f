"""Secret variables: shown to whoever asked for the output, kept nowhere, named in no message."""

from __future__ import annotations

import pytest

TASKFILE = """\
    version: '3'
    vars:
      TOKEN: {value: s3cr3t-value, secret: true}
      DERIVED: 'x-{{.TOKEN}}'
      DYNAMIC: {sh: 'echo dyn4mic', secret: true}
    tasks:
      default:
        desc: 'uses {{.TOKEN}}'
        deps: [one]
        cmds:
          - echo {{.TOKEN}} {{.TOKEN | upper}} {{.DYNAMIC}}
          - task: show-{{.TOKEN}}
          - task: stale
      one: printf 's3cr3t'; sleep 0.05; printf -- '-value\\n'; echo {{.DYNAMIC}} >&2
      show-*: echo {{index .MATCH 0}}
      stale: {status: ['test {{.TOKEN}} = no'], cmds: ['echo stale']}
      fails: 'false {{.DERIVED}}'
      missing: ./s3cr3t-value {{.TOKEN}}
      shell: {vars: {X: {sh: 'false {{.TOKEN}}'}}, cmds: ['echo {{.X}}']}
      template: echo {{fail .TOKEN}}
      refused: {preconditions: [{sh: 'false', msg: 'not with {{.TOKEN}}'}]}
      asks: {prompt: 'with {{.TOKEN}}?', cmds: ['true']}
    """
SECRETS = ("s3cr3t-value", "dyn4mic")


@pytest.fixture
def project(workspace):
    workspace.taskfile(TASKFILE)
    return workspace


def kept(workspace) -> str:
    """All that the newest run left behind: names and contents."""
    files = [path for path in workspace.latest_run().rglob("*") if path.is_file()]
    return "\n".join(f"{path.name}\n{path.read_text()}" for path in files)


def test_output_passes_and_logs_are_masked(project):
    done = project.run("--sequential")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "s3cr3t-value\ns3cr3t-value S3CR3T-VALUE dyn4mic\ns3cr3t-value\nstale\n"
    assert "task: [default] echo ***** ***** *****\n" in done.stderr
    assert (project.latest_run() / "one.log").read_text() in ("*****\n*****\n", "*****\n*****")
    assert (project.latest_run() / "default.log").read_text() == "***** S3CR3T-VALUE *****\n"
    left = kept(project)
    assert "status `test ***** = no` does not hold" in left
    assert '"task":"show-*****"' in left
    assert not [secret for secret in SECRETS if secret in left]


@pytest.mark.parametrize(
    "args", [["--plan"], ["--plan", "--json"], ["--list"], ["--list", "--json"], ["--summary", "default"], ["-n"]]
)
def test_looking_shows_no_value(project, args):
    done = project.run(*args)
    assert done.returncode == 0
    said = done.stdout + done.stderr
    assert not [secret for secret in SECRETS if secret in said.replace("show-s3cr3t-value] echo s3cr3t-value", "")]


@pytest.mark.parametrize(
    ("task", "line"),
    [
        ("fails", "error: `fails` failed: `false x-*****` exited with 1 after "),
        ("shell", "the command of the `sh:` variable `X` failed: `false *****` exited with 1"),
        ("template", "error calling fail: *****"),
        ("refused", "task: not with *****\n"),
        ("missing", "error: `missing` failed: `./s3cr3t-value *****` exited with 127 after "),
    ],
)
def test_messages_name_no_value(project, task, line):
    done = project.run(task)
    assert done.returncode
    said = [text for text in done.stderr.splitlines() if not text.startswith(("task: [", "bash: "))]
    assert line.replace("./s3cr3t-value", "./*****").rstrip("\n") in "\n".join(said)
    assert "s3cr3t-value" not in "\n".join(said)


def test_questions_name_no_value(project):
    assert project.run("asks", "-y").stdout == "with *****? [assuming yes]\n"


def test_verbose_names_no_value(project):
    done = project.run("-v", "stale")
    assert 'task: dynamic variable: "echo dyn4mic" result: "*****"\n' in done.stderr
    assert "s3cr3t-value" not in done.stdout + done.stderr


def test_a_value_of_the_command_line_is_not_kept(project):
    done = project.run("one", "TOKEN=other-value", "--sequential")
    assert done.returncode == 0
    project.run("show-x", "TOKEN=other-value")
    done = project.run("fails", "TOKEN=other-value")
    assert "other-value" not in kept(project)
    assert "`false x-*****` exited with 1" in done.stderr


def test_a_value_cut_in_two_is_masked_at_a_pipe_of_its_own(project):
    project.taskfile("""\
        version: '3'
        vars: {TOKEN: {value: s3cr3t-value, secret: true}}
        tasks:
          default: printf s3cr3t; echo between >&2; sleep 0.05; printf -- "-value\\nand s3cr3t"; exec >&-; sleep 0.05
        """)
    done = project.run()
    assert done.stdout == "s3cr3t-value\nand s3cr3t"
    assert (project.latest_run() / "default.log").read_text() == "between\n*****\nand s3cr3t"
