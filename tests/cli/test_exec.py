"""--exec: plain commands, with the records, limits and words that tasks have."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess

import pytest

from up_and_gone import await_jobs, group_is_gone


@pytest.fixture
def plain(workspace):
    """A workspace without a Taskfile; `state` is where records go."""
    workspace.state = workspace.root.parent / "state"
    return workspace


def runs(workspace, *, beside: bool = False):
    return sorted(((workspace.root / ".paratask" if beside else workspace.state / "paratask") / "runs").iterdir())


def summary(folder):
    return json.loads((folder / "summary.json").read_text())


def test_each_command_has_a_log_and_an_exit_code_and_the_run_the_number_of_failures(plain):
    done = plain.run("--exec", "-k", ":::", "echo one", "echo two; exit 3", "exit 4")
    assert (done.stdout, done.returncode) == ("one\ntwo\n", 2)
    (folder,) = runs(plain)
    assert (folder / "echo-one.log").read_text() == "one\n"
    assert [(job["task"], job["exit_code"]) for job in summary(folder)["jobs"]] == [
        ("echo one", 0),
        ("echo two; exit 3", 3),
        ("exit 4", 4),
    ]
    error, log, *_, closing = done.stderr.splitlines()
    assert re.fullmatch(r"error: `echo two; exit 3` exited with 3 after \d+\.\d+ s", error)
    assert log == f"  log: ../state/paratask/runs/{folder.name}/echo-two--exit-3.log"
    assert closing.endswith(f"; failed: `echo two; exit 3`, `exit 4`; logs in ../state/paratask/runs/{folder.name}")
    assert list(plain.root.iterdir()) == []


def test_of_several_that_fail_the_first_in_order_is_told_whichever_fails_first(plain):
    journals = "../state/paratask/runs/*/journal.jsonl"
    later = f"until grep -qs '\"exit_code\":4' {journals}; do sleep 0.01; done; exit 3"
    done = plain.run("--exec", "--exit-code", "-j2", ":::", later, "exit 4")
    assert done.returncode == 3
    assert "exited with 3 after" in done.stderr.splitlines()[0]


def test_what_earlier_runs_left_is_found_where_there_is_no_taskfile(plain):
    assert plain.run("--logs").returncode == 100
    plain.run("--exec", "echo", ":::", "a", "b")
    assert plain.run("--logs", "echo b").stdout == "b\n"
    assert "  echo a, echo b  " in plain.run("--runs").stdout
    assert "its place: --exec\n" in plain.run("--why", "echo a").stdout
    plain.run("--exec", ":::", "X=1; echo $X")
    assert plain.run("--logs", "X=1; echo $X").stdout == "1\n"
    run = runs(plain)[0].name
    assert json.loads(plain.run("--report", "json=-", "--run", run).stdout)["run"] == run


def test_beside_a_taskfile_records_are_where_those_of_tasks_are(plain):
    plain.taskfile("version: '3'\ntasks: [this is no Taskfile\n")
    (plain.root / "sub").mkdir()
    done = plain.run("--exec", ":::", "pwd", cwd=plain.root / "sub", env={"PWD": ""})
    assert done.stdout == f"{plain.root}/sub\n"
    assert len(runs(plain, beside=True)) == 1
    assert not plain.state.exists()


def test_in_a_folder_with_a_dollar_in_its_name_another_one_was_made_and_used(plain):
    folder = plain.root / "a$HOME" / "b\\n" / "`c`" / "{{.D}}"
    folder.mkdir(parents=True)
    done = plain.run("--exec", ":::", "pwd", cwd=folder)
    assert (done.stdout, done.returncode) == (f"{folder}\n", 0)
    assert [path.name for path in plain.root.iterdir()] == ["a$HOME"]


def test_what_was_run_by_hand_could_be_read_by_everybody(plain):
    plain.run("--exec", ":::", "echo private")
    assert (plain.state / "paratask").stat().st_mode & 0o777 == 0o700


def test_settings_of_the_machine_count_and_those_of_tasks_do_not(plain):
    plain.write("paratask.toml", 'max_jobs = 1\non_failure = "stop"\n[tasks."*"]\ntimeout = "1ms"\n')
    done = plain.run("--exec", "-j4", ":::", "exit 1", "sleep 0.01; echo a", "echo b")
    assert (done.stdout, done.returncode) == ("a\nb\n", 1)


def test_commands_run_at_the_same_time(plain):
    os.mkfifo(plain.root / "x")
    done = plain.run("--exec", "-j2", "-k", ":::", "echo met > x", "cat x")
    assert (done.stdout, done.returncode) == ("met\n", 0)


def test_more_than_there_are_cores_run_where_that_is_asked_for(plain):
    for number in range(1, 9):
        os.mkfifo(plain.root / f"x{number}")
    chain = [f"cat x{number} > x{number + 1}" for number in range(1, 8)]
    done = plain.run("--exec", "-j9", ":::", *chain, "cat x8", "echo through > x1")
    assert (done.stdout, done.returncode) == ("through\n", 0)


def test_one_at_a_time_where_that_is_asked_for(plain):
    for asked in (["-j1"], ["--sequential"]):
        done = plain.run("--exec", *asked, "mkdir lock && rmdir lock; echo", ":::", "1", "2", "3")
        assert (done.stdout, done.returncode) == ("1\n2\n3\n", 0)


def test_slots_have_the_lowest_numbers_that_are_free(plain):
    assert plain.run("--exec", "-j1", "echo {%}{#}", ":::", "a", "b").stdout == "11\n12\n"
    os.mkfifo(plain.root / "x")
    done = plain.run("--exec", "-j2", "-k", "test {#} = 1 && echo {%} > x || cat x; : {%}", ":::", "a", "b")
    assert done.stdout == "1\n"


def test_output_is_whole_for_each_command_and_comes_as_they_end(plain):
    os.mkfifo(plain.root / "x")
    first, second = "echo a; cat x; echo c", "echo b; echo middle > x"
    assert plain.run("--exec", "-j2", ":::", first, second).stdout in {"b\na\nmiddle\nc\n", "a\nmiddle\nc\nb\n"}
    assert plain.run("--exec", "-j2", "-k", ":::", first, second).stdout == "a\nmiddle\nc\nb\n"


@pytest.mark.parametrize(("style", "before"), [("interleaved", ""), ("prefixed", "[1] ")])
def test_output_is_shown_as_it_is_written_where_that_is_asked_for(plain, style, before):
    os.mkfifo(plain.root / "x")
    with plain.start(
        "--exec", "-j2", "-s", f"--output={style}", "test {} = 2 || { echo one; cat x; echo two; }; :", ":::", "1", "2"
    ) as process:
        assert process.stdout.readline() == f"{before}one\n"
        with open(plain.root / "x", "w"):
            pass
        assert process.stdout.readline() == f"{before}two\n"
        assert process.wait(timeout=20) == 0


def test_arguments_come_from_stdin_and_jobs_do_not_read_it(plain):
    done = plain.run("--exec", "-k", "cat; echo", stdin=None, input="a b\nc\n")
    assert done.stdout == "a b\nc\n"
    done = plain.run("--exec", "-k", "-0", "printf '[%s]'", stdin=None, input="a\nb\0c\0")
    assert done.stdout == "[a\nb][c]"
    assert plain.run("--exec", "echo", stdin=None, input="").returncode == 0
    assert len(runs(plain)) == 2, "where there is nothing to do, nothing is recorded"
    done = plain.run("--exec", ":::", "cat", stdin=None, input="one command has it\n")
    assert done.stdout == "one command has it\n"


def test_the_shell_is_plain(plain):
    done = plain.run("--exec", "-k", ":::", "false; echo on", "echo a | read x; echo [$x]", "echo {{.X}} $((6*7))", "exit 130")
    assert (done.stdout, done.returncode) == ("on\n[]\n{{.X}} 42\n", 1)


def test_the_first_failure_stops_the_others_where_that_is_asked_for(plain):
    for asked in ("--failfast", "--on-failure=stop"):
        done = plain.run("--exec", "-j2", asked, ":::", "exit 3", "sleep 1000", "touch never")
        assert done.returncode == 1
        assert not (plain.root / "never").exists()
    assert plain.run("--exec", "-x", ":::", "true", "exit 3").returncode == 3


def test_dry_shows_the_command_lines(plain):
    done = plain.run("--exec", "--dry", "touch", "{}.{#}", ":::", "a b", "c")
    assert (done.stdout, done.stderr, done.returncode) == ("touch 'a b'.1\ntouch c.2\n", "", 0)
    assert not plain.state.exists()


def test_the_plan_says_which_would_touch_the_same(plain):
    done = plain.run("--exec", "--plan", "-j3", ":::", "sort a > o", "cp b o", "strange")
    assert done.stdout == (
        f"3 commands in {plain.root}, 3 at once\n"
        "  1  sort a > o\n"
        "  2  cp b o\n"
        "  3  strange\n"
        "note: `sort a > o` writes o and `cp b o` writes o; both run at once, as asked\n"
    )
    assert done.returncode == 0
    assert not plain.state.exists()


def test_the_plan_as_json(plain):
    words = ["--plan", "--json", "sort ä > o; :", ":::", "1", "1"]
    done = plain.run("--exec", "-j3", *words)
    assert done.stdout.startswith('{\n  "schema": 1,\n')
    assert "sort ä > o" in done.stdout
    assert done.stdout.endswith("\n}\n")
    document = json.loads(done.stdout)
    assert document == {
        "schema": 1,
        "at_once": 3,
        "commands": [
            {"number": 1, "task": "sort ä > o; : 1", "command": "sort ä > o; : 1"},
            {"number": 2, "task": "sort ä > o; : 1 (2)", "command": "sort ä > o; : 1"},
        ],
        "conflicts": ["`sort ä > o; : 1` writes o and `sort ä > o; : 1 (2)` writes o; both run at once, as asked"],
    }
    assert json.loads(plain.run("--exec", "--sequential", *words).stdout) == {**document, "at_once": 1, "conflicts": []}


def test_a_job_log_to_dev_stdout_and_what_the_commands_wrote_wrote_over_each_other(plain):
    path = plain.root / "out"
    with path.open("w") as file:
        file.write("before\n")
        file.flush()
        words = plain.argv("--exec", "-C", "1", "--joblog", "/dev/stdout", ":::", "echo a", "echo b")
        subprocess.run(words, cwd=plain.root, env=plain.environ, stdout=file, stderr=subprocess.PIPE, check=True)
    lines = path.read_text().splitlines()
    assert lines[:2] == ["before", "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand"]
    assert sorted(line.rpartition("\t")[2] for line in lines[2:]) == ["a", "b", "echo a", "echo b"]


def test_a_job_log_that_cannot_be_written_is_a_warning(plain):
    done = plain.run("--exec", "--joblog", "no/such", ":::", "echo a")
    assert (done.stdout, done.returncode) == ("a\n", 0)
    assert done.stderr == f"paratask: warning: the job log `{plain.root}/no/such` is incomplete: No such file or directory\n"
    done = plain.run("--exec", "--joblog", "/dev/full", ":::", "echo a")
    assert done.stderr == "paratask: warning: the job log `/dev/full` is incomplete: No space left on device\n"


def test_a_place_for_records_that_takes_none_is_a_warning(plain):
    plain.state.write_text("a file")
    done = plain.run("--exec", ":::", "echo a", "echo b")
    assert (sorted(done.stdout.split()), done.returncode) == (["a", "b"], 0)
    assert "paratask: warning: records are incomplete: " in done.stderr


def test_a_run_that_failed_is_gone_on_with(plain):
    for name in "ab":
        plain.write(name, f"{name}\n")
    words = ["sort a > a.out", "sort b > b.out", "test -e ok"]
    assert plain.run("--exec", ":::", *words).returncode == 1
    plain.write("ok", "")
    plain.write("b", "new\n")
    shown = plain.run("--resume", "--dry", "--joblog", "log")
    assert (shown.stdout, shown.returncode) == (f"{words[1]}\n{words[2]}\n", 0)
    assert (len(runs(plain)), (plain.root / "log").exists()) == (1, False)
    again = plain.run("--resume", cwd=plain.root.parent)
    assert again.returncode == 0
    assert f"goes on in {plain.root}\n" in again.stderr
    assert (plain.root / "b.out").read_text() == "new\n"
    states = {job["task"]: job["state"] for job in summary(runs(plain)[-1])["jobs"]}
    assert states == {words[0]: "fresh", words[1]: "succeeded", words[2]: "succeeded"}


def test_plain_commands_teach_nothing(plain):
    plain.taskfile("version: '3'\ntasks: {t: sleep 0}\n")
    plain.run("t")
    plain.run("--exec", "sleep", ":::", "0", "0.01")
    assert {entry["task"] for entry in json.loads(plain.run("--stats", "--json").stdout)["tasks"]} == {"t"}


@pytest.mark.parametrize("second", [(), ("yes 2 | head -c 3000000",), ("exit 3",)])
def test_whoever_reads_the_output_may_go_away(plain, second):
    """However many failed of it by then."""
    argv = plain.argv("--exec", "-k", ":::", "yes 1 | head -c 3000000; exit 3", *second)
    with subprocess.Popen(
        argv, cwd=plain.root, env=plain.environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout.read(2) == "1\n"
        process.stdout.close()
        assert process.wait(timeout=30) == 1
        assert process.stderr.read().startswith("error: whoever read the output went away\n")


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_of_them_and_is_the_exit_code(plain, number):
    os.mkfifo(plain.root / "ready")
    plain.ready = os.open(plain.root / "ready", os.O_RDWR)
    process = plain.start("--exec", "-j2", "echo $$ > {}.pid; echo up > ready; sleep 1000; :", ":::", "a", "b", "c")
    await_jobs(plain, 2)
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    os.close(plain.ready)
    assert (out, process.returncode) == ("", 128 + number)
    assert err.startswith("task: Signal received: ")
    assert group_is_gone(plain.root / "a.pid")
    assert group_is_gone(plain.root / "b.pid")
    assert not (plain.root / "c.pid").exists()


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["build", "--exec", ":::", "a"], 1, "error: --exec runs commands, not the task `build`\n  help: paratask --exec COMMAND ::: ARGUMENT…\n"),
        (["--exec", "--timeout=5s", ":::", "a"], 1, "error: --timeout is for remote Taskfiles\n  help: paratask --exec timeout 5 COMMAND ::: ARGUMENT…\n"),
        (["--exec", "--on-failure=sequential", ":::", "a"], 1, "error: a plain command is not run again alone\n  help: --on-failure continue, or stop\n"),
        (["--exec", "-d", "nowhere", ":::", "a"], 1, "error: there is no folder `nowhere`\n"),
        (["--exec", "--tag", ":::", "a"], 2, "error: unknown option `--tag`\n  help: GNU parallel's `--tag` is `--output prefixed` here\n"),
        (["--exec", "-u", ":::", "a"], 2, "error: unknown option `-u`\n  help: GNU parallel's `-u` is `--output interleaved` here\n"),
        (["--exec", "--parallel", ":::", "a"], 1, "error: --exec and --parallel exclude each other\n"),
        (["-k", "build"], 1, "error: --keep-order goes with --exec or --resume\n"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_told(plain, words, code, said):
    done = plain.run(*words)
    assert (done.stdout, done.stderr, done.returncode) == ("", said, code)


@pytest.mark.slow
def test_two_thousand_commands_that_fail_are_counted_and_few_are_named(plain):
    done = plain.run(
        "--exec", "--output=interleaved", "false", stdin=None, input="".join(f"{number}\n" for number in range(2000))
    )
    assert done.returncode == 101
    assert done.stderr.count("`false ") < 60
    assert len(summary(runs(plain)[0])["jobs"]) == 2000


def test_an_argument_with_a_nul_is_told_before_anything_runs(plain):
    done = plain.run("--exec", "echo", stdin=None, input="one\na\0b\n")
    assert (done.stdout, done.returncode) == ("", 1)
    assert done.stderr == (
        "error: an argument of stdin has a NUL byte, which no command can be given\n  help: -0 ends each argument there\n"
    )
    assert not plain.state.exists()


def test_a_plan_of_many_that_meet_names_some(plain):
    lines = plain.run("--exec", "--plan", "-j3", "cat {} >> o", ":::", *map(str, range(30))).stdout.splitlines()
    assert len(lines) == 1 + 30 + 20 + 1
    assert lines[-1] == "and 9 more that meet"


def test_a_report_of_many_has_a_title_of_a_line(plain):
    done = plain.run("--exec", "-s", "--report", "junit=-", "true", ":::", *map(str, range(100)))
    assert 'testsuite name="true 0 true 1 ' in done.stdout
    assert max(map(len, done.stdout.splitlines())) < 500
