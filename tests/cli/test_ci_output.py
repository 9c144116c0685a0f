"""Runs as CI services see them, and `--output errors-only`."""

from __future__ import annotations

import re
import signal
import subprocess
import time

import pytest

TASKFILE = """
version: '3'
tasks:
  good: {cmds: [echo good, echo to stderr >&2]}
  quiet: {cmds: ['true'], silent: true}
  bad: {cmds: [echo bad, exit 3]}
  all: [{task: good}, {task: quiet}, {task: bad}]
  fine: [{task: good}, {task: other}]
  other: echo other | cat
  inner: {deps: [good, other]}
  nested: {deps: [inner, third], cmds: [echo alone]}
  third: echo third
  forgiving: {cmds: [echo before, {task: bad, ignore_error: true}, echo after]}
  outer: {cmds: [{task: good}, {task: forgiving}]}
  folds: {cmds: ["echo '::group::mine'; echo x; echo '::endgroup::'"]}
  folding: {deps: [folds, good]}
"""
GITHUB = {"GITHUB_ACTIONS": "true", "NO_COLOR": "1"}


@pytest.fixture
def checkout(workspace):
    workspace.taskfile(TASKFILE)
    return workspace


def merged(workspace, *args, env=GITHUB, **options) -> list[str]:
    """What a log of both streams shows; times are `T`."""
    done = subprocess.run(
        workspace.argv(*args), env={**workspace.environ, **env}, cwd=workspace.root, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=60, **options,
    )  # fmt: skip
    return [re.sub(r"\d+\.\d+ s", "T", line) for line in done.stdout.decode().split("\n")[:-1] if "logs in" not in line]


GOOD = ["task: [good] echo good", "good", "task: [good] echo to stderr >&2", "to stderr"]


def test_github_has_a_group_for_each_job_of_a_set(checkout):
    assert merged(checkout, "fine") == [
        "::group::good (T)", *GOOD, "::endgroup::", "::group::other (T)", "task: [other] echo other | cat", "other", "::endgroup::",
    ]  # fmt: skip


def test_what_failed_is_not_folded_and_is_annotated_once(checkout):
    lines = merged(checkout, "all", "--on-failure", "continue")
    assert lines[:10] == [
        "::group::good (T)", *GOOD, "::endgroup::", "paratask: bad (T) failed", "task: [bad] echo bad", "bad", "task: [bad] exit 3",
    ]  # fmt: skip
    told = [line for line in lines if line.startswith("::error")]
    assert told == ["::error title=Task 'all' failed,file=Taskfile.yml,line=6,col=26::`exit 3` exited with 3"]


def test_failure_that_the_taskfile_ignores_is_a_warning(workspace):
    workspace.taskfile("""
        version: '3'
        tasks:
          ok: {cmds: [{task: bad, ignore_error: true}, echo fine]}
          bad: exit 3
    """)
    done = workspace.run("ok", env=GITHUB)
    assert done.returncode == 0
    warning = "::warning title=Task 'bad' failed,file=Taskfile.yml,line=5,col=3::exited with 3, which is ignored\n"
    assert [line for line in (done.stdout + done.stderr).splitlines(keepends=True) if line.startswith("::")] == [warning]
    assert "; failed, which is ignored: `bad`; logs in " in done.stderr


def test_frames_are_on_stdout_with_all_that_they_hold(checkout):
    done = checkout.run("fine", env=GITHUB)
    assert "to stderr" in done.stdout
    assert done.stderr.count("\n") == 1


def test_stderr_that_goes_to_a_file_stays_there(checkout, tmp_path):
    with (tmp_path / "err").open("w") as file:
        out = subprocess.run(
            checkout.argv("fine"), env={**checkout.environ, **GITHUB}, cwd=checkout.root, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=file, text=True, check=True,
        ).stdout  # fmt: skip
    assert (
        re.sub(r"\d+\.\d+", "T", out) == "::group::good (T s)\ngood\n::endgroup::\n::group::other (T s)\nother\n::endgroup::\n"
    )
    assert (tmp_path / "err").read_text().startswith("task: [good] echo good\ntask: [good] echo to stderr >&2\nto stderr\n")


def test_stdout_that_goes_to_a_file_has_no_frames(checkout, tmp_path):
    with (tmp_path / "out").open("w") as file:
        subprocess.run(
            checkout.argv("fine"), env={**checkout.environ, **GITHUB}, cwd=checkout.root, stdin=subprocess.DEVNULL,
            stdout=file, stderr=subprocess.PIPE, check=True,
        )  # fmt: skip
    assert (tmp_path / "out").read_text() == "good\nother\n"


@pytest.mark.parametrize(
    "args",
    [("good",), ("fine", "--sequential"), ("fine", "--output", "interleaved"), ("fine", "--output", "prefixed"),
     ("fine", "--output", "group", "--output-group-begin", "<{{.TASK}}"), ("fine", "--dry")],
)  # fmt: skip
def test_what_is_not_grouped_by_us_is_as_everywhere(checkout, args):
    in_some_order = sorted if {"interleaved", "prefixed"} & set(args) else list
    assert in_some_order(merged(checkout, *args)) == in_some_order(merged(checkout, *args, env={"NO_COLOR": "1"}))


def test_group_style_without_lines_of_its_own_gets_frames(checkout):
    assert merged(checkout, "fine", "--output", "group").count("::endgroup::") == 2


def test_groups_inside_have_the_frames(checkout):
    lines = merged(checkout, "nested")
    assert [line for line in lines if line.startswith("::")] == [
        "::group::third (T)", "::endgroup::", "::group::other (T)", "::endgroup::", "::group::good (T)", "::endgroup::",
    ]  # fmt: skip
    assert lines[-2:] == ["task: [nested] echo alone", "alone"]


def test_job_that_folds_its_own_output_is_left_alone(checkout):
    lines = merged(checkout, "folding")
    assert [line for line in lines if line.startswith("::")] == [
        "::group::good (T)",
        "::endgroup::",
        "::group::mine",
        "::endgroup::",
    ]


def test_gitlab_has_sections(checkout):
    lines = merged(checkout, "all", "--on-failure", "continue", env={"GITLAB_CI": "true", "CI": "true", "NO_COLOR": "1"})
    starts = [line for line in lines if "section_start" in line]
    assert [re.sub(r"\d{5,}", "N", line).replace("\x1b[0K", "<K>") for line in starts] == [
        "<K>section_start:N:paratask_good_N[collapsed=true]\r<K>good (T)",
        "<K>section_start:N:paratask_bad_N\r<K>bad (T) failed",
    ]
    assert len([line for line in lines if "section_end" in line]) == 2


def test_ci_of_no_known_service_is_plain(checkout):
    assert merged(checkout, "fine", env={"CI": "true", "NO_COLOR": "1"}) == merged(checkout, "fine", env={"NO_COLOR": "1"})


def test_jobs_that_failed_besides_and_those_that_passed_alone_are_annotated(workspace):
    workspace.taskfile("""
        version: '3'
        tasks:
          all: [{task: a}, {task: 'b:c'}]
          a: exit 4
          b:c: "echo first; echo; echo -e '\\e[31mthe reason\\e[0m'; echo; exit 5"
          racing: [{task: x}, {task: y}]
          x: {cmds: ["while [ ! -e started ]; do sleep 0.01; done; if [ -e second ]; then true; else touch second; exit 6; fi"]}
          y: {cmds: [touch started]}
    """)
    (workspace.root / "paratask.toml").write_text(
        "[tasks.x]\nreads = ['x']\nlocal = true\n[tasks.y]\nreads = ['y']\nlocal = true\n"
    )
    done = workspace.run("all", "--on-failure", "continue", env={**GITHUB, "GITHUB_WORKSPACE": str(workspace.root.parent)})
    assert "::error title=Task 'all' failed,file=work/Taskfile.yml,line=5,col=6::`exit 4` exited with 4\n" in done.stdout
    assert (
        "::error title=Task 'b%3Ac' failed,file=work/Taskfile.yml,line=6,col=3::exited with 5; it wrote last: the reason\n"
        in done.stderr
    )
    done = workspace.run("racing", env=GITHUB)
    assert done.returncode == 0, done.stderr
    assert (
        "::warning title=Task 'x' passed only alone,file=Taskfile.yml,line=8,col=3::exited with 6 beside y, and passed alone\n"
        in done.stderr
    )


def test_step_summary_is_of_runs_with_something_to_say(checkout, tmp_path):
    path = tmp_path / "summary.md"
    env = {**GITHUB, "GITHUB_STEP_SUMMARY": str(path)}
    checkout.run("good", env=env)
    assert not path.exists()
    checkout.run("fine", env=env)
    assert path.read_text().startswith("## ✅ fine\n\n3 jobs in ")
    checkout.run("bad", env=env)
    assert "\n\n## ❌ bad\n\n1 job in " in path.read_text()


def test_the_annotation_stood_behind_all_else_where_python_keeps_back_what_it_prints(checkout):
    lines = merged(checkout, "bad", env={**GITHUB, "PYTHONUNBUFFERED": ""})
    assert [line.split(" ")[0] for line in lines[-4:]] == ["::error", "error:", "", ""], lines


def test_secrets_stay_out_of_summary_and_annotations(workspace, tmp_path):
    path = tmp_path / "summary.md"
    workspace.taskfile("""
        version: '3'
        vars: {TOKEN: {value: hush-hush, secret: true}}
        tasks:
          all: {deps: [leak, fine]}
          leak: "echo {{.TOKEN}}; echo {{.TOKEN}} >&2; exit 1"
          fine: echo fine
    """)
    done = workspace.run("all", env={**GITHUB, "GITHUB_STEP_SUMMARY": str(path)})
    (annotation,) = [line for line in done.stdout.splitlines() if line.startswith("::error")]
    assert "hush" not in annotation
    assert "hush" not in path.read_text()
    assert "*****" in path.read_text()


def test_errors_only_shows_nothing_where_all_went_well(checkout):
    done = checkout.run("--output", "errors-only", "nested")
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.startswith("paratask: 5 jobs in ")
    assert (checkout.latest_run() / "good.log").read_text() == "good\nto stderr\n"


def test_errors_only_shows_all_of_what_failed(checkout):
    done = checkout.run("--output", "errors-only", "all", env={"USE_PARALLEL": "false"})
    assert done.returncode == 201
    assert done.stdout == "bad\n"
    assert done.stderr.startswith("task: [bad] echo bad\ntask: [bad] exit 3\nerror: `bad` failed: `exit 3` exited with 3")


def test_errors_only_shows_what_led_to_a_failure_that_is_forgiven(checkout):
    done = checkout.run("--output", "errors-only", "outer", env={"USE_PARALLEL": "false"})
    assert (done.returncode, done.stdout) == (0, "before\nbad\n")


def test_errors_only_is_no_style_of_taskfiles_but_one_of_toml(workspace):
    workspace.write("Taskfile.yml", "version: '3'\noutput: errors-only\ntasks: {a: echo a}\n")
    assert workspace.run("a").stderr == 'error: output style "errors-only" is none of interleaved, group, prefixed\n'
    (workspace.root / "Taskfile.yml").unlink()
    workspace.write("paratask.toml", 'output = "errors-only"\n[tasks.a]\ncmds = ["echo a"]\n')
    done = workspace.run("a")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.slow
@pytest.mark.parametrize("more", [{"TASK_OUTPUT": "errors-only"}, GITHUB])
def test_calls_nested_deeper_than_pythons_stack(workspace, more):
    workspace.taskfile("version: '3'\ntasks:\n  all: {deps: [a, b]}\n  a: [{task: b}]\n  b: [{task: a}]\n")
    done = workspace.run("all", env=more)
    assert done.returncode == 204
    assert "was called 1000 times: probably a cycle of calls" in done.stderr
    assert "Recursion" not in done.stderr


def test_errors_only_from_the_environment(checkout):
    assert checkout.run("good", env={"TASK_OUTPUT": "errors-only"}).stdout == ""


def test_stopped_job_shows_what_it_wrote(workspace):
    workspace.taskfile("version: '3'\ntasks:\n  hangs: {cmds: ['echo so far; echo $$ > pid; exec sleep 60']}\n")
    process = workspace.start("--output", "errors-only", "hangs")
    try:
        while not (workspace.root / "pid").exists() or not (workspace.root / "pid").read_text():
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert out == 'task: Signal received: "terminated"\nso far\n'


def test_failure_that_is_out_of_sight_is_shown_again(workspace):
    workspace.taskfile("""
        version: '3'
        tasks:
          all: {deps: [last, first]}
          first: {cmds: [echo the reason; exit 1]}
          last: seq 100
    """)
    done = workspace.run("all")
    shown = "paratask: `first`, which exited with 1, wrote last (all of it: paratask --logs first):\n  | the reason\n"
    assert shown in done.stderr
    assert shown not in workspace.run("all", env=GITHUB).stderr
    elsewhere = workspace.run("-d", "work", "all", cwd=workspace.root.parent)
    assert "(all of it: paratask -d work --logs first):\n" in elsewhere.stderr
