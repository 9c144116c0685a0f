"""Running tasks, as users do: exit codes, streams, logs and the summary."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest


def summary(workspace) -> dict:
    return json.loads((workspace.latest_run() / "summary.json").read_text())


def test_a_plain_task_reads_as_with_task(workspace, real_task):
    workspace.taskfile("""\
        version: '3'
        tasks:
          hello:
            cmds:
              - echo hello
              - echo oops >&2
        """)
    ours = workspace.run("hello")
    theirs = subprocess.run(
        [real_task, "hello"], cwd=workspace.root, env=workspace.environ, capture_output=True, text=True, check=False
    )
    assert (ours.returncode, ours.stdout, ours.stderr) == (theirs.returncode, theirs.stdout, theirs.stderr)


def test_the_log_holds_what_the_job_wrote_byte_for_byte(workspace):
    workspace.program(
        "noise", "#!/bin/bash\nprintf 'a\\0\\377\\r\\n'; head -c 300000 /dev/zero | tr '\\0' 'x'; printf end >&2\n"
    )
    workspace.taskfile("version: '3'\ntasks:\n  bytes: noise\n")
    done = subprocess.run(workspace.argv("bytes"), cwd=workspace.root, env=workspace.environ, capture_output=True, check=False)
    expected = b"a\0\xff\r\n" + b"x" * 300000
    assert done.stdout == expected
    log = (workspace.latest_run() / "bytes.log").read_bytes()
    assert sorted((log.replace(b"end", b""), b"end")) == sorted((expected, b"end"))


def test_what_was_parsed_is_kept_by_the_first_run_and_not_by_a_look(workspace):
    workspace.taskfile("version: '3'\ntasks:\n  hello: echo hello\n")
    state = workspace.root / ".paratask"
    assert workspace.run("--list-all").returncode == 0
    assert not state.exists()
    assert workspace.run("hello").returncode == 0
    kept = (state / "cache" / "taskfiles").stat()
    assert workspace.run("hello").returncode == 0
    again = (state / "cache" / "taskfiles").stat()
    assert json.loads((state / "cache" / "taskfiles").read_text().partition("\n")[2])["files"].keys() == {
        str(workspace.root / "Taskfile.yml")
    }
    assert kept.st_size > 0 < again.st_size


@pytest.mark.parametrize("task", ["mixed", "both"])
def test_what_goes_to_one_place_stays_in_order(workspace, task):
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          mixed: for i in 1 2 3 4 5 6 7 8 9; do echo out $i; echo err $i >&2; done
          both: {deps: [mixed, quiet]}
          quiet: 'true'
        """)
    done = subprocess.run(
        workspace.argv(task), cwd=workspace.root, env=workspace.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False,
    )  # fmt: skip
    expected = "".join(f"out {i}\nerr {i}\n" for i in range(1, 10))
    assert done.stdout.startswith(expected)
    assert (workspace.latest_run() / "mixed.log").read_text() == expected


def test_a_question_that_is_answered_by_yes_stood_before_what_others_of_its_set_wrote(workspace, real_task):
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          default: {cmds: [{task: a}, {task: b}]}
          a: {prompt: "a?", cmds: ['until [ -e b.out ]; do sleep 0.01; done; echo a']}
          b: {prompt: "b?", cmds: ['touch b.out; echo b']}
        """)
    workspace.write("paratask.toml", '[tasks.a]\nreads = []\nwrites = ["a.out"]\n[tasks.b]\nwrites = ["b.out"]\n')
    done = workspace.run("--yes", "--jobs", "2")
    assert "1 parallel set" in done.stderr
    theirs = subprocess.run(
        [real_task, "--yes"], cwd=workspace.root, env=workspace.environ, capture_output=True, text=True, check=False
    )
    assert done.stdout == theirs.stdout == "a? [assuming yes]\na\nb? [assuming yes]\nb\n"


def test_texts_longer_than_an_argument_may_be(workspace, real_task):
    """128 KiB on Linux. The shell reads all of it before it runs any, ends as ever, and hands its descriptor on to nobody."""
    workspace.taskfile("""\
        version: '3'
        vars: {X: '{{repeat 200000 "a"}}'}
        tasks:
          plain: echo {{.X}}
          shell:
            - x={{.X}}; echo ${#x}
            - |
              ls /proc/self/fd | wc -l
              # {{.X}}
            - |
              echo here
              false {{.X}}
              echo not here
        """)
    for name in ("plain", "shell"):
        ours = workspace.run("--silent", name)
        theirs = subprocess.run(
            [real_task, "--silent", name],
            cwd=workspace.root,
            env=workspace.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (ours.returncode, ours.stdout) == (theirs.returncode, theirs.stdout)


@pytest.mark.parametrize("path", ["", "sh only"])
def test_variables_longer_than_an_argument_may_be(workspace, real_task, path):
    """As with task, builtins have them, and a program cannot be started."""
    workspace.taskfile("""\
        version: '3'
        silent: true
        env: {LONG: '{{repeat 200000 "it''s "}}', N$O: short}
        tasks:
          builtin:
            - echo ${#LONG} "$N"
            - {cmd: 'echo ${#LONG}', set: [x]}
            - 'true'
          asked: {if: '[ -n "$LONG" ]', vars: {X: {sh: 'echo ${#LONG}'}}, cmds: ['echo {{.X}}']}
          program: /bin/true
        """)
    environ = workspace.environ
    if path:
        (workspace.root / "bin").mkdir()
        (workspace.root / "bin/sh").symlink_to("/bin/sh")
        environ = {**environ, "PATH": str(workspace.root / "bin")}
    for name, code in (("builtin", 0), ("asked", 0), ("program", 201)):
        ours, theirs = (
            subprocess.run(argv, cwd=workspace.root, env=environ, capture_output=True, text=True, check=False)
            for argv in (workspace.argv("--silent", name), [real_task, "--silent", name])
        )
        assert (ours.returncode, ours.stdout) == (theirs.returncode, theirs.stdout)
        assert ours.returncode == code
        assert ("rgument list too long" in ours.stderr) == (code != 0)
        assert len(ours.stderr) < 2000


def test_a_long_command_of_a_variable_is_not_shown_whole(workspace):
    workspace.taskfile(
        "version: '3'\ntasks: {a: {vars: {X: {sh: 'exit 3 # {{repeat 200000 \"x\"}}'}}, cmds: ['echo {{.X}}']}}\n"
    )
    done = workspace.run("a")
    assert done.returncode == 1
    assert "`exit 3 # xxx" in done.stderr
    assert "xxx…` exited with 3" in done.stderr
    assert len(done.stderr) < 3000


def test_nul_bytes_in_a_text_mean_nothing(workspace):
    """As in task's own shell."""
    workspace.taskfile("""\
        version: '3'
        tasks:
          default:
            - printf '%s' '{{"a\\x00b"}}' | wc -c
            - echo {{"c\\x00d"}}
        """)
    assert workspace.run("--silent").stdout.split() == ["2", "cd"]


def test_the_summary_tells_of_every_job(workspace):
    workspace.taskfile("""\
        version: '3'
        tasks:
          all: {deps: [one], cmds: [{task: two}]}
          one: echo one
          two: exit 3
        """)
    done = workspace.run("all")
    assert done.returncode == 201
    told = summary(workspace)
    assert (told["exit_code"], told["calls"]) == (201, ["all"])
    jobs = {job["id"]: job for job in told["jobs"]}
    assert {name: (job["parent"], job["state"], job["exit_code"]) for name, job in jobs.items()} == {
        "all": ("", "failed", None),
        "one": ("all", "succeeded", 0),
        "two": ("all", "failed", 3),
    }
    for job in jobs.values():
        assert job["started_at"] <= job["ended_at"]
        assert job["reason"]
    assert jobs["one"]["peak_memory_bytes"] > 0


@pytest.mark.parametrize(("options", "code"), [((), 201), (("-x",), 3), (("--exit-code",), 3)])
def test_exit_codes(workspace, options, code):
    workspace.taskfile("version: '3'\ntasks:\n  outer: [{task: inner}]\n  inner: exit 3\n")
    done = workspace.run(*options, "outer")
    assert done.returncode == code
    lines = done.stderr.splitlines()
    assert lines[0] == "task: [inner] exit 3"
    assert lines[1].startswith("error: `inner` failed: `exit 3` exited with 3 after ")
    assert lines[2:4] == ["  at Taskfile.yml:4:10", "  called by `outer` → `inner`"]


def test_an_unknown_task_lists_what_there_is(workspace):
    workspace.taskfile("version: '3'\ntasks:\n  build: {desc: Build it, cmds: [echo b]}\n")
    done = workspace.run("biuld")
    assert done.returncode == 200
    assert done.stdout == "task: Available tasks for this project:\n* build:       Build it\n"
    assert done.stderr == "error: task `biuld` does not exist\n  help: did you mean `build`?\n"


def test_dependencies_meet(workspace):
    """Each waits for the other: one after another they would hang."""
    workspace.taskfile("""\
        version: '3'
        tasks:
          all: {deps: [a, b]}
          a: {cmds: ["mkfifo ab; echo a > ab; echo a"]}
          b: {cmds: ["until [ -p ab ]; do :; done; read x < ab; echo b"]}
        """)
    done = workspace.run("all", env={"PARATASK_JOBS": "2"})
    assert (done.returncode, done.stdout) == (0, "b\na\n")


def test_jobs_on_the_command_line_are_neighbours(workspace):
    workspace.taskfile("""\
        version: '3'
        tasks:
          a: {cmds: ["until [ -e b ]; do :; done; touch a"], generates: [x/a]}
          b: {cmds: ["touch b; until [ -e a ]; do :; done"], generates: [x/b]}
        """)
    workspace.write("paratask.toml", '[tasks.a]\nwrites = ["a"]\n[tasks.b]\nwrites = ["b"]\n')
    done = workspace.run("a", "b", env={"PARATASK_JOBS": "2"})
    assert done.returncode == 0, done.stderr


def test_parallel_option_runs_the_named_tasks_side_by_side(workspace):
    workspace.taskfile("""\
        version: '3'
        tasks:
          a: ["until [ -e b ]; do :; done; touch a"]
          b: ["touch b; until [ -e a ]; do :; done"]
        """)
    assert "together with" not in workspace.run("--plan", "a", "b").stdout
    assert "    together with b: --parallel\n" in workspace.run("-p", "--plan", "a", "b").stdout
    assert workspace.run("-p", "-C", "2", "a", "b").returncode == 0


def test_dependencies_of_which_the_last_waits_for_another_keep_written_order(workspace):
    workspace.taskfile("""\
        version: '3'
        tasks:
          all: {deps: [a, b, c]}
          a: {silent: true, cmds: [echo a]}
          b: {silent: true, cmds: [echo b]}
          c: {silent: true, cmds: [echo c]}
        """)
    workspace.write("paratask.toml", '[tasks.a]\nwrites = ["x"]\n[tasks.c]\nreads = ["x"]\n')
    assert workspace.run("all").stdout == "a\nb\nc\n"
    assert workspace.run("all", "--sequential").stdout == "a\nb\nc\n"


@pytest.mark.parametrize(
    "how", [{"env": {"USE_PARALLEL": word}} for word in ("false", "0", "no")] + [{"option": "--sequential"}, {"toml": 1}]
)
def test_one_at_a_time_dependencies_as_task_starts_them_and_steps_as_written(workspace, how):
    workspace.taskfile("""\
        version: '3'
        tasks:
          all: {deps: [d1, d2], cmds: [{task: a}, {task: b}]}
          d1: echo d1 start >> log; sleep 0.05; echo d1 end >> log
          d2: echo d2 start >> log; echo d2 end >> log
          a: echo a start >> log; sleep 0.05; echo a end >> log
          b: echo b start >> log; echo b end >> log
        """)
    claims = '[tasks.a]\nwrites = ["a"]\n[tasks.b]\nwrites = ["b"]\n'
    workspace.write("paratask.toml", ('parallel = "off"\n' if "toml" in how else "") + claims)
    done = workspace.run(*([how["option"]] if "option" in how else []), "all", env=how.get("env", {}))
    assert done.returncode == 0
    expected = [f"{name} {what}" for name in ("d2", "d1", "a", "b") for what in ("start", "end")]
    assert (workspace.root / "log").read_text().splitlines() == expected


def test_use_parallel_with_a_strange_value_is_refused(workspace):
    workspace.taskfile("version: '3'\ntasks:\n  a: echo a\n")
    done = workspace.run("a", env={"USE_PARALLEL": "maybe"})
    assert (done.returncode, done.stderr) == (
        2,
        "error: USE_PARALLEL is `maybe`\n  help: USE_PARALLEL=true or USE_PARALLEL=false\n",
    )


def test_never_more_at_once_than_jobs(workspace):
    workspace.program(
        "count",
        """\
        #!/bin/bash
        mkdir -p running; touch running/$1; ls running | wc -l >> seen; sleep 0.02; rm running/$1
        """,
    )
    names = [f"t{i}" for i in range(12)]
    tasks = "".join(f"  {name}: count {name}\n" for name in names)
    workspace.taskfile(f"version: '3'\ntasks:\n  all: {{deps: [{', '.join(names)}]}}\n{tasks}")
    assert workspace.run("all", "-C", "3").returncode == 0
    seen = [int(line) for line in (workspace.root / "seen").read_text().split()]
    assert len(seen) == 12
    assert max(seen) <= 3


def test_stdin_belongs_to_the_lone_job(workspace):
    workspace.taskfile("version: '3'\ntasks:\n  read: 'read line; echo \"got $line\"'\n")
    done = subprocess.run(
        workspace.argv("read"),
        cwd=workspace.root,
        env=workspace.environ,
        input="words\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "got words\n"


@pytest.mark.parametrize("argv", [["all"], ["-p", "read", "other"]])
def test_a_pipe_as_stdin_is_there_for_those_that_their_author_lets_run_together(workspace, argv):
    """As in `task`. Who runs beside others by our choice may run twice, and would find nothing there the second time."""
    workspace.taskfile(
        "version: '3'\ntasks:\n  all: {deps: [read, other]}\n  read: 'read line; echo \"got $line\"'\n  other: 'true'\n"
    )
    done = subprocess.run(
        workspace.argv(*argv), cwd=workspace.root, env=workspace.environ, input="words\n", capture_output=True, text=True, check=False
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "got words\n"), done.stderr


def test_dry_run_leaves_no_trace(workspace):
    workspace.taskfile("version: '3'\ntasks:\n  a: [touch made, {task: b}]\n  b: touch other\n")
    done = workspace.run("--dry", "a")
    assert (done.returncode, done.stderr) == (0, "task: [a] touch made\ntask: [b] touch other\n")
    assert sorted(path.name for path in workspace.root.iterdir()) == ["Taskfile.yml"]


def test_a_checkout_that_cannot_be_written_runs_all_the_same(workspace):
    workspace.taskfile("version: '3'\ntasks:\n  a: echo a\n")
    workspace.write(".paratask", "a file where the folder would be")
    done = workspace.run("a")
    assert (done.returncode, done.stdout) == (0, "a\n")
    assert "paratask: warning: records are incomplete: " in done.stderr


def test_a_task_that_calls_itself_ends(workspace):
    workspace.taskfile("version: '3'\ntasks:\n  a: [{task: b}]\n  b: [{task: a}]\n")
    done = workspace.run("a")
    assert done.returncode == 204
    way = "`a` → `b` → `a` → `b` → `a` → `…` → `a` → `b` → `a` → `b` → `a.1000`"
    *told, closing = done.stderr.splitlines()
    assert "failed: `a.1000`;" in closing
    assert told == [
        "error: task `a` was called 1000 times: probably a cycle of calls",
        "  at Taskfile.yml:3:3",
        f"  called by {way}",
        "  help: take one of the calls away, or give it an `if`; `paratask --doctor` shows where tasks call themselves",
    ]
    assert "problem: tasks call each other in a circle: `a` → `b` → `a`\n" in workspace.run("--doctor").stdout


def test_error_and_closing_lines_name_the_same_call_where_one_could_not_begin(workspace):
    """The error named the one that called it, and the closing lines itself."""
    workspace.taskfile("""\
        version: '3'
        tasks:
          variable: {deps: [bad, ok]}
          bad: {vars: {X: {sh: 'exit 3'}}, cmds: ['echo {{.X}}']}
          required: {deps: [lacks, ok]}
          lacks: {requires: {vars: [NAME]}, cmds: ['true']}
          nobody: {deps: [ok, nothing]}
          ok: {silent: true, cmds: ['true']}
        """)
    *told, closing = workspace.run("variable").stderr.splitlines()
    assert told == [
        "error: `bad` failed: the command of the `sh:` variable `X` failed: `exit 3` exited with 3",
        "  at Taskfile.yml:4:16",
        " 4 |   bad: {vars: {X: {sh: 'exit 3'}}, cmds: ['echo {{.X}}']}",
        "   |                ^",
        "  called by `variable` → `bad`",
    ]
    assert "; failed: `bad`; " in closing
    *told, _ = workspace.run("required").stderr.splitlines()
    assert told == [
        "error: task `lacks` is missing required variables: NAME",
        "  at Taskfile.yml:6:3",
        "  called by `required` → `lacks`",
        "  help: paratask lacks NAME=…",
    ]
    *told, closing = workspace.run("nobody").stderr.splitlines()
    assert told == ["error: task `nothing` does not exist", "  at Taskfile.yml:7:23", "  called by `nobody` → `nothing`"]
    assert "; failed: `nothing`; " in closing


def test_toml_alone_is_a_taskfile(workspace):
    workspace.write(
        "paratask.toml",
        """\
        [vars]
        WHO = "toml"
        [tasks.hello]
        desc = "Says hello"
        deps = ["first"]
        cmds = ["echo hello {{.WHO}}"]
        [tasks]
        first = "echo first"
        """.replace("[tasks]\n", "[tasks.first]\n").replace('first = "echo first"', 'cmd = "echo first"'),
    )
    done = workspace.run("hello")
    assert (done.returncode, done.stdout) == (0, "first\nhello toml\n")
    assert workspace.run("-l").stdout == "task: Available tasks for this project:\n* hello:       Says hello\n"


def test_clean_and_build_stay_in_order_at_every_level_but_all(workspace):
    workspace.write("pkg/pyproject.toml", "[project]\nname = 'x'\n")
    workspace.taskfile("""\
        version: '3'
        tasks:
          rebuild: [{task: clean}, {task: build}]
          clean: cd pkg && rm -rf build
          build: cd pkg && python3 -m build
        """)
    for level in ("declared", "observed", "inferred", "all"):
        workspace.write("paratask.toml", f'parallel = "{level}"\n')
        jobs = json.loads(workspace.run("--plan", "--json", "rebuild").stdout)["jobs"]
        build = next(job for job in jobs if job["task"] == "build")
        assert build["after"] == ([] if level == "all" else ["clean"]), level


def test_status_of_several_tasks_names_the_first_stale_one(workspace):
    """The second one was looked at with a session that was closed."""
    workspace.taskfile("version: '3'\ntasks:\n  a: {status: ['true']}\n  b: {status: ['true']}\n  c: {status: ['false']}\n")
    assert workspace.run("--status", "a", "b").returncode == 0
    done = workspace.run("--status", "a", "b", "c")
    assert (done.returncode, done.stderr) == (1, 'task: Task "c" is not up-to-date\n')


def test_a_process_left_behind_that_holds_the_output_ended_in_a_traceback(workspace):
    """The poller was closed before what it listened to. The process ends when somebody writes to its fifo."""
    workspace.taskfile("version: '3'\ntasks:\n  left: mkfifo go; (read line < go) & echo said\n")
    done = workspace.run("--silent", "left")
    (workspace.root / "go").write_text("\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "said\n", "")


def test_two_calls_of_a_task_with_sources_came_to_two_runs_of_it(workspace):
    """Side by side both were stale; one after the other the second has nothing left to do, as with task."""
    workspace.write("a.txt", "a\n")
    workspace.taskfile("""
        version: '3'
        tasks:
          all:
            cmds: [{task: one}, {task: two}]
          one: {cmds: [{task: made}]}
          two: {cmds: [{task: made}]}
          made: {sources: ['*.txt'], cmds: [echo made]}
    """)
    run = workspace.run("all")
    assert run.stdout == "made\n"
    assert 'task: Task "made" is up to date' in run.stderr


@pytest.mark.parametrize(("task", "last"), [("itself", "a"), ("crossed", "d"), ("changed", "e")])
@pytest.mark.parametrize("more", [[], ["--sequential"]])
def test_a_task_that_would_wait_for_itself_is_an_error(workspace, task, last, more):
    workspace.taskfile("""\
        version: '3'
        tasks:
          itself: [{task: a}]
          a: {run: once, cmds: [{task: b}]}
          b: [{task: a}]
          crossed: {deps: [c, d]}
          c: {run: once, cmds: [{task: between}]}
          between: {deps: [d]}
          d: {run: once, deps: [c]}
          changed: [{task: e}]
          e: {run: when_changed, cmds: [{task: e}]}
        """)
    done = workspace.run(task, *more)
    assert done.returncode == 204
    assert f"task `{last}` waits for itself: a cycle of calls, with `run: " in done.stderr
    assert "Traceback" not in done.stderr


def test_tasks_that_keep_one_fingerprint_wait_for_each_other(workspace, real_task):
    """`.task/checksum/build-web` is both's, so that the second has nothing left to do, as with task."""
    workspace.taskfile("""\
        version: '3'
        tasks:
          all: {cmds: [task: 'build:web', task: build-web]}
          'build:web': {sources: [in], generates: [one], cmds: [touch one]}
          build-web: {sources: [in], generates: [one], cmds: [touch one]}
          apart: {cmds: [task: 'sum:a', task: sum-a]}
          'sum:a': {sources: [in], cmds: [cat in]}
          sum-a: {sources: [in], cmds: [cat in]}
        """)
    workspace.write("in", "x\n")
    for name in ("all", "apart"):
        ours = workspace.run(name)
        shutil.rmtree(workspace.root / ".task")
        theirs = subprocess.run(
            [real_task, name], cwd=workspace.root, env=workspace.environ, capture_output=True, text=True, check=False
        )
        lines = [line for line in ours.stderr.splitlines() if line.startswith("task: ")]
        assert (ours.stdout, lines) == (theirs.stdout, theirs.stderr.splitlines())
