"""At a terminal: a real pty. See "Processes" in docs/design.md."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import sys

import pytest

from .terminals import Emulator

ANSI = re.compile(rb"\x1b\[[0-9;?]*[a-zA-Z]")


class Screen:
    """paratask in a terminal of its own, of which it is the foreground."""

    def __init__(self, workspace, *args: str, ignored: int = 0) -> None:
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            if ignored:
                signal.signal(ignored, signal.SIG_IGN)
            os.chdir(workspace.root)
            os.execve(sys.executable, workspace.argv(*args), {**workspace.environ, "TERM": "xterm"})
        self.seen = b""

    def until(self, text: bytes) -> None:
        while text not in ANSI.sub(b"", self.seen):
            if not self._read():
                raise AssertionError(f"{text!r} never came, but {self.seen!r}")

    def _read(self) -> bool:
        ready, _, _ = select.select([self.fd], [], [], 30)
        if not ready:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            data = b""
        self.seen += data
        return bool(data)

    def output(self) -> bytes:
        """All so far, without what colours and moves the cursor."""
        return ANSI.sub(b"", self.seen)

    def type(self, text: bytes) -> None:
        os.write(self.fd, text)

    def end(self) -> int:
        while self._read():
            pass
        _, status = os.waitpid(self.pid, 0)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(status)


@pytest.fixture
def screen(workspace):
    screens = []

    def start(*args: str, ignored: int = 0) -> Screen:
        screens.append(Screen(workspace, *args, ignored=ignored))
        return screens[-1]

    yield start
    for one in screens:
        try:
            os.kill(one.pid, signal.SIGKILL)
            os.waitpid(one.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass


def test_a_lone_step_reads_the_keyboard_and_writes_to_a_terminal(workspace, screen):
    workspace.taskfile("""\
        version: '3'
        tasks:
          ask: 'read -p "name? " n; [ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo "hello $n"'
        """)
    shown = screen("ask")
    shown.until(b"name? ")
    shown.type(b"bob\n")
    shown.until(b"hello bob")
    assert shown.end() == 0
    assert (workspace.latest_run() / "ask.log").read_bytes() == b"name? hello bob\n"


def test_colours_survive_in_a_set(workspace, screen):
    workspace.taskfile("version: '3'\ntasks:\n  all: {deps: [a, b]}\n  a: '[ -t 1 ] && echo a is at a terminal'\n  b: 'true'\n")
    shown = screen("all")
    assert shown.end() == 0
    assert b"a is at a terminal" in shown.seen


def test_control_c_ends_the_lone_step_and_the_run(workspace, screen):
    workspace.taskfile("version: '3'\ntasks:\n  long: [{defer: echo cleaned}, 'echo up; sleep 1000', echo never]\n")
    shown = screen("long")
    shown.until(b"\nup")
    shown.type(b"\x03")
    assert shown.end() == 201
    assert b"cleaned" in shown.seen
    assert b"\nnever" not in shown.seen


@pytest.mark.parametrize("command", ["waits", "waits; echo never"])
def test_a_run_went_on_when_its_lone_step_was_ended_by_control_backslash(workspace, screen, command):
    """bash does not die of SIGQUIT when what it runs does."""
    workspace.program("waits", "#!/usr/bin/env python3\nimport time\nprint('it waits', flush=True)\ntime.sleep(1000)\n")
    workspace.taskfile(f"version: '3'\ntasks:\n  long: {{ignore_error: true, cmds: ['{command}', echo never]}}\n")
    shown = screen("long")
    shown.until(b"\nit waits")
    shown.type(b"\x1c")
    assert shown.end() == 201
    assert b"\nnever" not in shown.seen


def test_an_interactive_task_gets_the_terminal_itself(workspace, screen):
    workspace.taskfile("version: '3'\ntasks:\n  shell: {interactive: true, cmds: ['tty']}\n")
    shown = screen("shell")
    shown.until(b"/dev/pts/")
    assert shown.end() == 0
    assert not (workspace.latest_run() / "shell.log").exists()


ASKING = """\
    version: '3'
    silent: true
    vars: {ENVS: [dev, staging, prod]}
    tasks:
      top:
        requires: {vars: [NAME]}
        deps: [dep]
        vars: {D: {sh: 'echo dyn-{{.NAME}}'}}
        cmds: ['echo "top {{.NAME}} {{.ENV}} {{.D}}"']
      dep: {requires: {vars: [{name: ENV, enum: {ref: .ENVS}}, NAME]}, cmds: ['echo "dep {{.ENV}}"']}
      steps: ['echo before', {task: late}, {task: late}, {task: other}]
      late: {requires: {vars: [LATE]}, vars: {D: {sh: 'echo dyn-{{.LATE}}'}}, cmds: ['echo "late {{.LATE}} {{.D}}"']}
      other: {requires: {vars: [LATE, {name: C, enum: [x, y]}]}, cmds: ['echo "other {{.LATE}} {{.C}}"']}
      skipped: {cmds: [{task: never}, 'echo after']}
      never: {if: 'false', requires: {vars: [Q]}, cmds: ['echo never']}
    """


def test_what_the_whole_tree_lacks_is_asked_for_before_anything_runs(workspace, screen):
    workspace.taskfile(ASKING)
    shown = screen("--interactive", "top")
    shown.until(b"? Enter value for NAME: ")
    shown.type(b"bbo\x1b[D\x1b[D\x7fo\x1b[F\x7f\x15b\xc3\xbcb\r")
    shown.until("❯ dev\r\n  staging\r\n  prod\r\n".encode())  # noqa: RUF001 - the mark
    shown.type(b"\x1b[B\x1b[B")
    shown.until("❯ prod".encode())  # noqa: RUF001
    shown.type(b"\r")
    assert shown.end() == 0
    assert "dep prod\r\ntop büb prod dyn-büb".encode() in shown.output()


def test_a_choice_is_made_by_typing_and_by_number(workspace, screen):
    workspace.taskfile(ASKING)
    for keys, chosen in ((b"sta\r", b"staging"), (b"3\r", b"prod"), (b"j\r", b"staging")):
        shown = screen("--interactive", "dep", "NAME=x")
        shown.until(b"Select value for ENV:")
        shown.type(keys)
        assert shown.end() == 0
        assert b"dep " + chosen in shown.output()


def test_what_a_step_lacks_is_asked_for_once_when_its_turn_comes(workspace, screen):
    workspace.taskfile(ASKING)
    shown = screen("--interactive", "steps")
    shown.until(b"before")
    shown.until(b"? Enter value for LATE: ")
    shown.type(b"l\r2\r")  # the second answer was typed ahead
    assert shown.end() == 0
    output = shown.output()
    assert output.count(b"late l dyn-l") == 2
    assert b"other l y" in output


def test_what_two_lack_at_the_same_time_was_asked_for_twice(workspace, screen):
    workspace.taskfile(ASKING + "  both: {deps: [late, other]}\n      later: [{task: both}]\n    ")
    shown = screen("--interactive", "later", "C=x")
    shown.until(b"? Enter value for LATE: ")
    shown.type(b"l\r")
    assert shown.end() == 0
    output = shown.output()
    assert b"late l dyn-l" in output
    assert b"other l x" in output


def test_nothing_is_asked_for_a_task_that_does_not_run(workspace, screen):
    workspace.taskfile(ASKING)
    shown = screen("--interactive", "skipped")
    assert shown.end() == 0
    assert b"Enter value" not in shown.seen


@pytest.mark.parametrize("key", [b"\x03", b"\x1b"])
@pytest.mark.parametrize("task", ["top", "steps", "dep"])
def test_control_c_and_escape_cancel_the_question_and_the_run(workspace, screen, task, key):
    workspace.taskfile(ASKING)
    shown = screen("--interactive", task)
    shown.until(b"lue for ")
    shown.type(key)
    assert shown.end() == 205
    assert b"cancelled by user: no value for" in shown.seen


def test_the_terminal_is_as_before_after_a_question(workspace, screen):
    import termios

    workspace.taskfile(ASKING)
    shown = screen("--interactive", "top")
    shown.until(b"NAME: ")
    assert not termios.tcgetattr(shown.fd)[3] & termios.ECHO
    shown.type(b"\x03")
    shown.until(b"cancelled by user")
    assert termios.tcgetattr(shown.fd)[3] & (termios.ECHO | termios.ICANON | termios.ISIG) == (
        termios.ECHO | termios.ICANON | termios.ISIG
    )
    assert shown.end() == 205


def test_a_signal_ends_a_question(workspace, screen):
    workspace.taskfile(ASKING)
    shown = screen("--interactive", "top")
    shown.until(b"NAME: ")
    os.kill(shown.pid, signal.SIGTERM)
    assert shown.end() == 201


def test_a_question_whose_terminal_went_away_ended_in_a_traceback_and_left_no_summary(workspace, screen):
    workspace.taskfile(ASKING)
    shown = screen("--interactive", "top")
    shown.until(b"NAME: ")
    os.close(shown.fd)
    _, status = os.waitpid(shown.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 201
    assert json.loads((workspace.latest_run() / "summary.json").read_text())["stopped_by"] == "hangup"


def test_a_question_that_was_put_when_the_terminal_had_gone_ended_in_a_traceback(workspace, screen):
    workspace.taskfile(ASKING.replace("'echo before'", "'echo before; read go < gate'"))
    os.mkfifo(workspace.root / "gate")
    shown = screen("--interactive", "steps", ignored=signal.SIGHUP)
    shown.until(b"before")
    os.close(shown.fd)
    (workspace.root / "gate").write_text("go\n")
    _, status = os.waitpid(shown.pid, 0)
    assert os.waitstatus_to_exitcode(status) == 205


PROMPTING = "version: '3'\nsilent: true\ntasks:\n  a: {prompt: 'sure?', cmds: [echo yes it is]}\n"


@pytest.mark.parametrize(
    ("keys", "exit_code", "text"),
    [
        (b"y\n", 0, b"yes it is"),
        (b"n\n", 205, b"error: `a` failed: task `a` cancelled by user"),
        (b"\n", 205, b"error: `a` failed: task `a` cancelled by user"),
        (b"\x03", 201, b"error: `a` failed: stopped by a signal (interrupt)"),
        (b"\x04", 201, b"error: `a` failed: its prompt was not answered: the input ended"),
    ],
)
def test_a_prompt_is_answered_or_not(workspace, screen, keys, exit_code, text):
    """The end of the input (Ctrl-D) was taken for a no; task exits with 201 then."""
    workspace.taskfile(PROMPTING)
    shown = screen("a")
    shown.until(b"sure? [y/N]: ")
    shown.type(keys)
    assert shown.end() == exit_code
    assert text in shown.output()


@pytest.mark.slow
def test_all_that_ran_beside_a_prompt_stood_still_until_it_was_answered(workspace, screen):
    """What had ended long ago ran into its timeout then, and was said to have taken as long as somebody thought."""
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          top: {deps: [work, asks, again]}
          asks: {prompt: 'sure?', cmds: [echo yes it is]}
          again: {prompt: 'really?', cmds: [echo really it is]}
          work: [echo one, echo two]
        """)
    shown = screen("top")
    shown.until(b"really? [y/N]: ")
    shown.until(b"two")
    shown.type(b"y\n")
    shown.until(b"really it is")
    shown.until(b"sure? [y/N]: ")
    shown.type(b"y\n")
    assert shown.end() == 0
    assert b"yes it is" in shown.output()


@pytest.mark.slow
def test_an_interactive_dependency_got_no_terminal_beside_another_one(workspace, screen):
    """Two of them have it one after the other."""
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          top: {deps: [waits, asks, again]}
          waits: [read x < gate]
          asks: {interactive: true, cmds: ['read -p "name? " name; echo "hello $name"; echo go > gate']}
          again: {interactive: true, cmds: ['read -p "again? " name; echo "goodbye $name"']}
        """)
    os.mkfifo(workspace.root / "gate")
    shown = screen("--jobs", "2", "top")
    shown.until(b"again? ")
    shown.type(b"ann\n")
    shown.until(b"goodbye ann")
    shown.until(b"name? ")
    shown.type(b"bob\n")
    assert shown.end() == 0
    assert b"hello bob" in shown.output()


@pytest.mark.slow
@pytest.mark.parametrize("exit_code", [0, 201])
def test_a_password_that_was_asked_for_beside_others_stopped_its_command_for_good(workspace, screen, exit_code):
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          top: {deps: [waits, logs-in]}
          waits: [read x < gate]
          logs-in: ['{ stty -echo; read -p "Password: " x; stty echo; } < /dev/tty 2> /dev/tty; echo "it is $x"; echo go > gate']
        """)
    os.mkfifo(workspace.root / "gate")
    shown = screen("--jobs", "2", "top")
    shown.until(b"Password: ")
    shown.type(b"\x03" if exit_code else b"secret\n")
    assert shown.end() == exit_code
    assert (b"it is secret" in shown.output()) == (exit_code == 0)


ASKS = """\
stty -echo < /dev/tty
read -p "Password: " x < /dev/tty 2> /dev/tty
stty echo < /dev/tty
echo "it is $x"
echo go > gate
"""


@pytest.mark.slow
@pytest.mark.parametrize("exit_code", [0, 201])
@pytest.mark.parametrize(
    "inner",
    ["{paratask} asks", "{paratask} logs-in", "cd . && {paratask} asks | cat", "{paratask} between", "{paratask} asks < gate2"],
)
def test_a_password_that_was_asked_for_in_a_run_beside_others_stopped_it_for_good(workspace, screen, inner, exit_code):
    """Nobody told the outer run, which has the terminal, that a command of the inner one was stopped. And Ctrl-C reaches all of them."""
    paratask = " ".join(workspace.argv("--jobs", "4"))
    workspace.write("ask.sh", ASKS)
    workspace.taskfile(f"""\
        version: '3'
        silent: true
        tasks:
          top: {{deps: [waits, inner]}}
          waits: [read x < gate]
          inner: ['{inner.format(paratask=paratask)}']
          between: {{deps: [more, other]}}
          more: ['{paratask} asks']
          asks: {{deps: [logs-in, other]}}
          other: 'true'
          logs-in: [bash ask.sh]
        """)
    os.mkfifo(workspace.root / "gate")
    workspace.write("gate2", "")
    shown = screen("--jobs", "4", "top")
    shown.until(b"Password: ")
    shown.type(b"\x03" if exit_code else b"secret\n")
    assert shown.end() == exit_code
    assert (b"it is secret" in shown.output()) == (exit_code == 0)
    assert shown.output().count(b"Password: ") == 1


@pytest.mark.slow
def test_two_inner_runs_ask_one_after_the_other(workspace, screen):
    paratask = " ".join(workspace.argv("--jobs", "4"))
    workspace.write("ask.sh", ASKS.replace("echo go > gate", ""))
    workspace.taskfile(f"""\
        version: '3'
        silent: true
        tasks:
          top: {{deps: [one, two]}}
          one: ['{paratask} asks']
          two: ['{paratask} asks']
          asks: {{deps: [logs-in, other]}}
          other: 'true'
          logs-in: [bash ask.sh]
        """)
    shown = screen("--jobs", "4", "top")
    shown.until(b"Password: ")
    shown.type(b"first\n")
    shown.until(b"it is first")
    while shown.output().count(b"Password: ") < 2:
        assert shown._read()
    shown.type(b"second\n")
    assert shown.end() == 0
    assert b"it is second" in shown.output()


@pytest.mark.slow
@pytest.mark.parametrize(("task", "exit_code"), [("lone", 0), ("top", 0), ("top", 201)])
def test_a_password_is_asked_for_at_the_terminal_whatever_stdin_is(workspace, task, exit_code):
    workspace.write("ask.sh", ASKS)
    workspace.taskfile("""\
        version: '3'
        silent: true
        tasks:
          top: {deps: [waits, logs-in]}
          waits: [read x < gate]
          lone: [bash ask.sh & read x < gate; wait]
          logs-in: [bash ask.sh]
        """)
    os.mkfifo(workspace.root / "gate")
    shown = Emulator(workspace, program=["sh", "-c", f"exec {' '.join(workspace.argv('--jobs', '4', task))} < /dev/null"])
    try:
        shown.until("Password:")
        shown.type(b"\x03" if exit_code else b"secret\n")
        assert shown.end() == exit_code
        assert (b"it is secret" in shown.seen) == (exit_code == 0)
    finally:
        shown.close()


def test_without_interactive_nobody_is_asked(workspace, screen):
    workspace.taskfile(ASKING)
    shown = screen("top")
    assert shown.end() == 206
    assert b"missing required variables: NAME" in shown.seen


@pytest.mark.slow
def test_control_c_ends_a_watch_whatever_the_command_makes_of_it(workspace, screen):
    """A server that ends well at Ctrl-C would otherwise look like a task that has finished, and the watch go on."""
    workspace.taskfile("""\
        version: '3'
        tasks:
          serve:
            sources: [x.txt]
            cmds: ["trap 'echo bye; exit 0' INT; [ -t 0 ] || echo up; while :; do sleep 0.05; done"]
        """)
    shown = screen("--watch", "serve")
    shown.until(b"\nup")
    shown.type(b"\x03")
    assert shown.end() == 0
    assert b"bye" in shown.seen
    assert b"finished running" not in shown.seen
