"""`--watch` with real files and processes: each step waits for the output of the one before. See "Watching" in docs/design.md."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess

import pytest

from up_and_gone import is_gone

pytestmark = pytest.mark.slow

SHORT = "--interval=50ms"


class Watch:
    """A watch that runs. Its stdout and stderr are one stream, in order."""

    def __init__(self, workspace, argv, **options) -> None:
        self.workspace = workspace
        self.text = ""
        self.process = subprocess.Popen(
            argv, cwd=workspace.root, env=workspace.environ, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="surrogateescape", **options,
        )  # fmt: skip

    def until(self, line: str) -> None:
        """Read on, up to this line."""
        while got := self.process.stdout.readline():
            self.text += got
            if got == line + "\n":
                return
        raise AssertionError(f"{line!r} never came, but:\n{self.text}")

    def finished(self, task: str) -> None:
        self.until(f'task: task "{task}" finished running')

    def stop(self, number: int = signal.SIGINT) -> str:
        """Send the signal and read to the end; the whole text."""
        self.process.send_signal(number)
        self.text += self.process.stdout.read()
        self.process.wait(timeout=20)
        return self.text

    @property
    def code(self) -> int:
        return self.process.returncode


@pytest.fixture
def watch(workspace):
    started = []

    def start(*args: str) -> Watch:
        started.append(Watch(workspace, workspace.argv(*args)))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.communicate()


def test_a_change_runs_the_task_again(workspace, watch):
    workspace.taskfile("version: '3'\ntasks:\n  show: {sources: ['src/*.txt'], cmds: [cat src/x.txt]}\n")
    workspace.write("src/x.txt", "one\n")
    running = watch("--watch", SHORT, "show")
    running.finished("show")
    workspace.write("src/x.txt", "two\n")
    running.finished("show")
    assert running.stop() == (
        "task: Started watching for tasks: show\n"
        "task: [show] cat src/x.txt\none\n"
        'task: task "show" finished running\n'
        "task: [show] cat src/x.txt\ntwo\n"
        'task: task "show" finished running\n'
    )
    assert running.code == 0


BLOCKED = """\
    version: '3'
    interval: 50ms
    tasks:
      long: {sources: [x.txt], cmds: [{defer: echo cleaned}, 'echo $$ > pid; cat x.txt; cat never', echo reached]}
    """


def group_of(workspace) -> str:
    return (workspace.root / "pid").read_text().strip()


def test_a_change_stops_a_job_that_runs_and_starts_it_again(workspace, watch):
    workspace.taskfile(BLOCKED)
    workspace.write("x.txt", "one\n")
    os.mkfifo(workspace.root / "never")
    running = watch("-w", "long")
    running.until("one")
    first = group_of(workspace)
    workspace.write("x.txt", "two\n")
    running.until("two")
    assert is_gone(first)
    text = running.stop()
    assert is_gone(group_of(workspace))
    assert [line for line in text.splitlines() if not line.startswith("task: [")] == [
        "task: Started watching for tasks: long", "one", "cleaned", "two", "cleaned"
    ]  # fmt: skip
    assert running.code == 0
    summaries = [json.loads(path.read_text()) for path in sorted(workspace.root.glob(".paratask/runs/*/summary.json"))]
    assert [(s["calls"], s["exit_code"], s["jobs"][0]["state"]) for s in summaries] == [(["long"], 201, "cancelled")] * 2
    logs = [path.read_text() for path in sorted(workspace.root.glob(".paratask/runs/*/long.log"))]
    assert logs == ["one\ncleaned\n", "two\ncleaned\n"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 0), (signal.SIGHUP, 129)])
def test_signals_end_it_as_they_end_task(workspace, watch, number, code):
    workspace.taskfile("version: '3'\ntasks:\n  a: {sources: [x.txt], cmds: [echo hello]}\n")
    running = watch("-w", "a")
    running.finished("a")
    text = running.stop(number)
    assert (running.code, "Signal received" in text) == (code, False)


@pytest.mark.parametrize(
    ("number", "name"), [(signal.SIGINT, "interrupt"), (signal.SIGTERM, "terminated"), (signal.SIGHUP, "hangup")]
)
def test_a_round_that_a_signal_ended_was_said_to_have_been_interrupted_whichever_it_was(workspace, watch, number, name):
    workspace.taskfile("version: '3'\ntasks:\n  a: {sources: [x.txt], cmds: [echo begun && sleep 60]}\n")
    running = watch("-w", "-x", "a")
    running.until("begun")
    running.stop(number)
    (summary,) = [json.loads(path.read_text()) for path in workspace.root.glob(".paratask/runs/*/summary.json")]
    assert (summary["stopped_by"], summary["exit_code"]) == (name, 128 + number)
    assert f"stopped by a signal ({name})" in workspace.run("--why", "a").stdout


def test_a_new_file_in_a_new_folder(workspace, watch):
    workspace.taskfile("version: '3'\ntasks:\n  show: {sources: ['src/**/*.txt'], cmds: ['cat $(find src -name \"*.txt\")']}\n")
    workspace.write("src/x.txt", "old\n")
    running = watch("-w", SHORT, "show")
    running.finished("show")
    (workspace.root / "src/x.txt").unlink()
    workspace.write("src/new/deep/y.txt", "new\n")
    running.until("new")
    running.finished("show")


def test_what_a_source_is_a_link_to_was_not_noticed(workspace, watch):
    """Neither was it where the folder was one that led elsewhere from now on."""
    workspace.taskfile("version: '3'\ntasks:\n  show: {sources: ['src/d/*.txt'], cmds: [cat src/d/x.txt]}\n")
    workspace.write("far/a/x.txt", "one\n")
    workspace.write("far/b/y.txt", "three, and longer\n")
    (workspace.root / "src").mkdir()
    (workspace.root / "src/d").symlink_to("../far/a")
    running = watch("--watch", SHORT, "show")
    running.finished("show")
    workspace.write("far/a/x.txt", "two, so far\n")
    running.until("two, so far")
    running.finished("show")
    (workspace.root / "far/b/x.txt").symlink_to("y.txt")
    (workspace.root / "src/new").symlink_to("../far/b")
    (workspace.root / "src/new").replace(workspace.root / "src/d")
    running.until("three, and longer")
    running.finished("show")
    (workspace.root / "far/c").mkdir()
    (workspace.root / "far/b/y.txt").rename(workspace.root / "far/c/y.txt")
    (workspace.root / "far/b/x.txt").unlink()
    (workspace.root / "far/b/x.txt").symlink_to("../c/y.txt")
    running.until("three, and longer")
    running.finished("show")
    workspace.write("far/c/y.txt", "four\n")
    running.until("four")


def test_what_a_source_is_a_link_to_was_not_noticed_while_the_first_run_went_on(workspace, watch):
    """One of a server, say, has no end."""
    workspace.taskfile("version: '3'\ntasks:\n  serve: {sources: [x.txt], cmds: [cat x.txt, sleep 60]}\n")
    workspace.write("far/x.txt", "one\n")
    (workspace.root / "x.txt").symlink_to("far/x.txt")
    running = watch("--verbose", "--watch", SHORT, "serve")
    running.until("task: watching new dir: far")
    assert "one\n" not in running.text
    running.until("one")
    workspace.write("far/x.txt", "two, so far\n")
    running.until("two, so far")


def test_a_name_that_is_not_in_utf_8_ended_the_watch(workspace, watch):
    """A folder of such a name ended it in a traceback."""
    workspace.taskfile("version: '3'\ntasks:\n  show: {sources: ['src/**/*.txt'], cmds: [cat src/x.txt]}\n")
    workspace.write("src/x.txt", "one\n")
    running = watch("--watch", SHORT, "show")
    running.finished("show")
    for number, name in enumerate((b"m\xfcll.txt", b"m\xfcll/deep/y.txt")):
        path = os.path.join(os.fsencode(workspace.root), b"src", name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write("new\n")
        running.finished("show")
        workspace.write("src/x.txt", f"{number}, later\n")
        running.until(f"{number}, later")
        running.finished("show")
    assert running.stop().count("what changes in folders whose names are not UTF-8 is not noticed by itself") == 1


def test_other_files_are_passed_over(workspace, watch):
    workspace.taskfile("""\
        version: '3'
        tasks:
          show: {sources: ['src/*', {exclude: 'src/*.md'}], cmds: [echo ran]}
        """)
    workspace.write("src/x.txt", "one\n")
    running = watch("-w", "-v", SHORT, "show")
    running.finished("show")
    workspace.write("src/z.md", "excluded\n")
    running.until("task: skipped for file not in sources: src/z.md")
    assert running.stop().count("task: [show] echo ran\n") == 1
    assert "task: watching new dir: src\n" in running.text
    assert f'task: received watch event: CREATE        "{workspace.root}/src/z.md"\n' in running.text


def test_without_sources_it_waited_for_ever_without_a_word(workspace, watch):
    workspace.taskfile("version: '3'\ntasks:\n  show: echo shown\n")
    running = watch("-w", SHORT, "show")
    running.until("paratask: nothing is watched: neither these tasks nor what they call have `sources`; Ctrl-C ends the watch")
    assert running.stop().count("is watched") == 1
    assert running.code == 0


def test_a_taskfile_that_changes_is_not_read_again_and_that_is_said(workspace, watch):
    tasks = "version: '3'\nincludes: {lib: ./lib.yml}\ntasks:\n  show: {sources: ['src/*.txt'], cmds: [cat src/x.txt]}\n"
    workspace.taskfile(tasks)
    workspace.write("lib.yml", "version: '3'\n")
    workspace.write("src/x.txt", "one\n")
    running = watch("-w", "-v", SHORT, "show")
    running.finished("show")
    again = "changed, and is not read again: stop the watch and start it anew for that to count"
    workspace.taskfile(f"{tasks}  # more\n")
    running.until(f"paratask: `Taskfile.yml` {again}")
    workspace.write("lib.yml", "version: '3'\nvars: {A: 1}\n")
    running.until(f"paratask: `lib.yml` {again}")
    workspace.write("paratask.toml", "parallel = 'off'\n")
    running.until(f"paratask: `paratask.toml` {again}")
    workspace.write("other.txt", "of no matter\n")
    workspace.taskfile(f"{tasks}  # more\n")
    workspace.write("src/x.txt", "two\n")
    running.finished("show")
    text = running.stop()
    assert text.count(again) == 3, "a file that is written as it was has not changed"
    assert text.count("task: [show] cat src/x.txt\n") == 2
    assert f'"{workspace.root}/other.txt"' not in text, "what is watched for the Taskfile's sake is no folder of sources"


def test_a_dotenv_file_that_changes_or_is_made_is_not_read_again_and_nothing_was_said(workspace, watch):
    workspace.taskfile("""\
        version: '3'
        vars: {NAME: '.env.{{.KIND | default "dev"}}', KNOWN: {sh: echo .env.sh}}
        dotenv: [conf/.env, .env, '{{.NAME}}', '{{.KNOWN}}']
        tasks:
          show: {sources: ['src/*.txt'], dotenv: [.env.own], cmds: ['echo $A$B$C']}
        """)
    workspace.write("conf/.env", "A=a\n")
    workspace.write("src/x.txt", "one\n")
    running = watch("-w", SHORT, "show")
    running.finished("show")
    again = "changed, and is not read again: stop the watch and start it anew for that to count"
    for name in ("conf/.env", ".env", ".env.dev"):
        workspace.write(name, "B=b\n")
        running.until(f"paratask: `{name}` {again}")
    workspace.write(".env.own", "C=c\n")
    workspace.write("src/x.txt", "two\n")
    running.finished("show")
    text = running.stop()
    assert text.count(again) == 3, "a task's own are read in each round"
    assert text.count("\nac\n") == 1


def test_a_run_that_fails_does_not_end_the_watch(workspace, watch):
    workspace.taskfile("version: '3'\ntasks:\n  check: {sources: [x.txt], cmds: ['grep -q good x.txt']}\n")
    workspace.write("x.txt", "bad\n")
    running = watch("-w", SHORT, "check")
    running.until("  at Taskfile.yml:3:36")
    assert "error: `check` failed: `grep -q good x.txt` exited with 1 after" in running.text
    workspace.write("x.txt", "good\n")
    running.finished("check")
    running.stop()
    assert running.code == 0
    assert running.text.count("error: ") == 1


def test_two_tasks_run_side_by_side_and_each_says_when_it_is_done(workspace, watch):
    """The first waits for the second, which `task -w` starts as well, whatever they claim."""
    workspace.taskfile("""\
        version: '3'
        tasks:
          first: {sources: [x.txt], cmds: ['cat meet']}
          second: {cmds: ['echo met > meet; echo said']}
        """)
    workspace.write("x.txt", "one\n")
    os.mkfifo(workspace.root / "meet")
    running = watch("-w", SHORT, "first", "second")
    running.until("met")
    running.finished("first")
    workspace.write("x.txt", "two\n")
    running.until("met")
    running.stop()
    assert running.text.startswith("task: Started watching for tasks: first, second\n")
    runs = {path.name for path in workspace.root.glob(".paratask/runs/*/*.log")}
    assert runs == {"first.log", "second.log"}


def test_what_a_dependency_and_a_step_read_counts_and_only_the_called_task_is_named(workspace, watch):
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          all: {deps: [dep], cmds: [{task: step}]}
          dep: {sources: [d.txt], cmds: ['cat d.txt']}
          step: {dir: sub, sources: [s.txt], cmds: ['cat s.txt']}
        """)
    workspace.write("d.txt", "d1\n")
    workspace.write("sub/s.txt", "s1\n")
    running = watch("-w", SHORT, "all")
    running.finished("all")
    workspace.write("sub/s.txt", "s2\n")
    running.finished("all")
    workspace.write("d.txt", "d2\n")
    running.finished("all")
    text = re.sub(r"paratask: .*\n", "", running.stop())
    finished = 'task: task "all" finished running\n'
    assert text == f"task: Started watching for tasks: all\nd1\ns1\n{finished}s2\n{finished}d2\n{finished}"


def test_a_task_may_ask_to_be_watched_and_others_run_first(workspace, watch):
    workspace.taskfile("""\
        version: '3'
        tasks:
          once: echo once
          seen: {watch: true, sources: [x.txt], cmds: ['cat x.txt']}
        """)
    workspace.write("x.txt", "one\n")
    running = watch("once", "seen", SHORT)
    running.finished("seen")
    workspace.write("x.txt", "two\n")
    running.finished("seen")
    assert running.stop() == (
        "task: [once] echo once\nonce\n"
        "task: Started watching for tasks: seen\n"
        'task: [seen] cat x.txt\none\ntask: task "seen" finished running\n'
        'task: [seen] cat x.txt\ntwo\ntask: task "seen" finished running\n'
        'task: Signal received: "interrupt"\n'
    )
    assert running.code == 0


def test_where_an_earlier_task_fails_there_is_no_watch(workspace):
    workspace.taskfile("version: '3'\ntasks:\n  bad: exit 3\n  seen: {watch: true, cmds: [echo seen]}\n")
    done = workspace.run("bad", "seen")
    assert (done.returncode, done.stdout) == (201, "")


def test_variables_are_evaluated_anew_and_run_once_stays_done(workspace, watch):
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          show: {deps: [setup, made], vars: {X: {sh: cat x.txt}}, sources: [x.txt], cmds: ['echo {{.X}}']}
          setup: {run: once, cmds: [echo setup]}
          made: {run: once, sources: [x.txt], cmds: [echo made]}
        """)
    workspace.write("x.txt", "one\n")
    running = watch("-w", SHORT, "show")
    running.finished("show")
    workspace.write("x.txt", "two\n")
    running.finished("show")
    lines = [line for line in running.stop().splitlines() if not line.startswith(("task:", "paratask:"))]
    assert (sorted(lines[:2]), lines[2:]) == (["made", "setup"], ["one", "made", "two"])


def test_what_a_variable_left_running_ended_the_watch_in_a_traceback(workspace, watch):
    workspace.taskfile("""\
        version: '3'
        vars: {X: {sh: 'echo $$ > pid; sleep 1000 & echo hi'}}
        tasks:
          show: {sources: [x.txt], cmds: ['echo {{.X}}']}
        """)
    workspace.write("x.txt", "one\n")
    running = watch("--watch", SHORT, "show")
    running.finished("show")
    try:
        assert "Traceback" not in running.stop()
        assert running.code == 0
    finally:
        os.killpg(int(group_of(workspace)), signal.SIGKILL)


def test_a_run_that_ended_removed_the_records_of_one_that_had_just_begun(workspace, watch):
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          long: {sources: [x.txt], cmds: ['read go < gate; echo long ends']}
          short: {sources: [x.txt], cmds: [echo short ends]}
        """)
    workspace.write("paratask.toml", "keep_runs = 1\n")
    workspace.write("x.txt", "")
    os.mkfifo(workspace.root / "gate")
    running = watch("--watch", SHORT, "long", "short")
    running.finished("short")
    workspace.write("gate", "go\n")
    running.finished("long")
    assert "records are incomplete" not in running.stop()
    assert workspace.run("--logs", "long").stdout == "long ends\n"


def test_whoever_reads_may_go_away(workspace, watch):
    workspace.taskfile("version: '3'\ntasks:\n  a: {sources: [x.txt], cmds: [cat x.txt]}\n")
    workspace.write("x.txt", "one\n")
    running = watch("-w", SHORT, "a")
    running.finished("a")
    running.process.stdout.close()
    workspace.write("x.txt", "two\n")
    assert running.process.wait(timeout=20) == 1
    running.process.stdout = None


@pytest.mark.parametrize("option", ["--summary", "--status"])
def test_what_shows_something_does_not_watch(workspace, option):
    workspace.taskfile("version: '3'\ntasks:\n  a: {watch: true, status: ['true'], cmds: [echo ran]}\n")
    done = workspace.run("-w", option, "a")
    assert (done.returncode, "Started watching" in done.stderr) == (0, False)


@pytest.mark.parametrize("value", ["x", "5"])
def test_an_interval_is_a_duration(workspace, value):
    workspace.taskfile("version: '3'\ntasks:\n  a: echo ran\n")
    done = workspace.run("-w", f"--interval={value}", "a")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: `{value}` is no duration for `--interval`\n")


def test_task_says_the_same(workspace, real_task):
    """Changes of sources only, one at a time. task's own line about a folder may come before or after the first run."""
    workspace.taskfile("""\
        version: '3'
        tasks:
          show: {deps: [dep], sources: ['src/*.txt'], cmds: ['cat src/x.txt']}
          dep: {sources: ['src/x.txt'], cmds: [echo dep]}
        """)
    assert story(workspace, [real_task]) == story(workspace, workspace.argv())


def story(workspace, argv) -> tuple[int, list[str]]:
    for state in (workspace.root / ".task" / "checksum").glob("*"):
        state.unlink()
    source = workspace.write("src/x.txt", "one\n")
    running = Watch(workspace, [*argv, "-w", "-v", "--interval=200ms", "show"])
    try:
        wanted = {'task: task "show" finished running\n', "task: watching new dir: src\n"}
        while wanted:
            line = running.process.stdout.readline()
            assert line, running.text
            running.text += line
            wanted.discard(line)
        for text in ("two\n", "three\n"):
            source.write_text(text)
            running.finished("show")
        running.stop()
    finally:
        running.process.kill()
        running.process.communicate()
    lines = [line for line in running.text.splitlines() if not line.startswith(("task: watching", "paratask: "))]
    return running.code, [line for line, before in zip(lines, ["", *lines], strict=False) if line != before]
