"""The live view, in a terminal of its own that an emulator draws. See "A live view" in docs/design.md."""

from __future__ import annotations

import os
import re
import shlex
import signal

import pytest

from up_and_gone import after_echoes

from .terminals import Emulator
from .test_fallback import wait_for

pytestmark = pytest.mark.slow

TASKFILE = """\
version: '3'
silent: true
tasks:
  both: {deps: [a, b]}
  a: 'echo a begins; read go < a.gate; echo a ends; exit $go'
  b: 'echo b begins; read go < b.gate; echo b goes on; printf "b ends"; exit $go'
  then: {cmds: [{task: both}, {task: asks}, {task: both}]}
  asks: {interactive: true, cmds: ['read -p "name? " name; echo "hello $name"']}
  leaves: {deps: [left, a]}
  left: '(read go < b.gate; echo late) & echo left'
  lone: 'echo lone begins; read go < a.gate; echo lone ends'
  stubborn: {deps: [b, deaf]}
  deaf: "trap '' INT; read go < a.gate; read go < a.gate"
  prompted: {deps: [b, prompt]}
  prompt: {prompt: 'Sure?', cmds: ['echo sure']}
  required: {deps: [b, name]}
  name: {deps: [late], cmds: [{task: '{{.TASK_NAME}}'}], vars: {TASK_NAME: {sh: echo needs}}}
  late: 'read go < a.gate'
  needs: {requires: {vars: [NAME]}, cmds: ['echo name is {{.NAME}}']}
  nested: {deps: [waits, inner]}
  waits: 'read go < c.gate'
  inner: '"$PYTHON" -m paratask --jobs 8 both'
  many: {deps: [{for: {var: NAMES}, task: '{{.ITEM}}'}], vars: {NAMES: a b c}}
  lint: {cmds: [{task: refuses}, {task: below}]}
  refuses: hadolint a.gate
  below: flake8 b.gate
  tidy: {cmds: [{task: refuses}, {task: tidies}]}
  tidies: {cmds: [defer: flake8 b.gate, echo tidied]}
  pair: {cmds: [{task: writes}, {task: b}, {task: reads}]}
  writes: 'read go < a.gate; exit $go'
  reads: 'true'
  uses: {deps: [holds, needs-too]}
  holds: 'read go < a.gate'
  needs-too: 'read go < b.gate'
"""
SETTINGS = """\
[resources]
db = 1
[tasks.writes]
writes = ["x"]
[tasks.b]
reads = ["y"]
[tasks.reads]
reads = ["x"]
[tasks.holds]
uses = ["db"]
[tasks.needs-too]
uses = ["db"]
[tasks."*"]
cost = { cpu = 0.01 }
"""
TIME = re.compile(r"\d+(?:\.\d+)? s")


@pytest.fixture
def terminal(workspace):
    workspace.taskfile(TASKFILE)
    workspace.write("paratask.toml", SETTINGS)
    for name in ("a.gate", "b.gate", "c.gate"):
        os.mkfifo(workspace.root / name)
    workspace.environ["PYTHON"] = workspace.argv()[0]
    made = []

    def start(*args, **more) -> Emulator:
        made.append(Emulator(workspace, *(() if "program" in more else ("--jobs", "8")), *args, **more))
        return made[-1]

    yield start
    for one in made:
        one.close()


def let_go(workspace, name, text="0"):
    """Whoever waits at the gate goes on."""
    with open(workspace.root / f"{name}.gate", "w") as gate:
        gate.write(f"{text}\n")


def shown(emulator) -> list[str]:
    """What is seen, with every time the same, and without what the machine does."""
    return [TIME.sub("T", line).partition(" · cores")[0] for line in emulator.lines()]


def all_shown(emulator) -> list[str]:
    return [TIME.sub("T", line) for line in emulator.all_lines()]


def status(ended, known, more=""):
    return f" {ended}/{known} jobs in T{more}"


def test_what_runs_is_at_the_bottom_and_what_ended_scrolls_away_above(workspace, terminal):
    shows = terminal("both")
    shows.until("0/3 jobs in")
    assert sorted(shown(shows)) == sorted(["", " ● a  T", " ● b  T", status(0, 3)])
    assert shows.cursor == (0, 0, True)
    let_go(workspace, "b")
    shows.until("1/3 jobs in")
    assert shown(shows) == ["✓ b  T", "b begins", "b goes on", "b ends", "", " ● a  T", status(1, 3)]
    assert shows.cursor == (0, 4, True)
    let_go(workspace, "a")
    assert shows.end() == 0
    *lines, last = all_shown(shows)
    assert lines[:8] == ["✓ b  T", "b begins", "b goes on", "b ends", "", "✓ a  T", "a begins", "a ends"]
    assert last.startswith("paratask: 3 jobs in T")
    assert not any("●" in line for line in lines)
    assert b"\x1b[?25" not in shows.seen, "the cursor is never hidden: nothing has to be put back"


def test_a_lone_job_is_shown_as_it_runs(workspace, terminal):
    shows = terminal("lone")
    shows.until("lone begins")
    let_go(workspace, "a")
    assert shows.end() == 0
    assert shows.all_lines() == ["lone begins", "lone ends"]
    assert b"\x1b" not in shows.seen


def test_a_failure_is_in_the_heading_and_at_the_bottom(workspace, terminal):
    shows = terminal("both")
    shows.until("0/3 jobs in")
    let_go(workspace, "a", "7")
    shows.until("1 failed (a)")
    assert shown(shows)[:4] == ["✗ a  T, exit code 7", "a begins", "a ends", ""]
    let_go(workspace, "b")
    assert shows.end() == 201
    assert any("`a` failed" in line for line in shows.all_lines())


def test_what_was_stopped_below_a_failure_was_shown_with_what_it_wrote(workspace, terminal):
    for name in ("hadolint", "flake8"):
        workspace.program(name, '#!/bin/sh\necho "${0##*/} begins"; read go < "$1"; exit $go\n')
    shows = terminal("lint")
    shows.until("0/3 jobs in")
    let_go(workspace, "a", "7")
    assert shows.end() == 201
    lines = all_shown(shows)
    assert "■ below  stopped" in lines
    assert any("hadolint begins" in line for line in lines)
    assert not any("flake8 begins" in line for line in lines)


def test_what_came_to_its_end_though_it_was_told_to_stop_is_shown(workspace, terminal):
    """What is deferred is done to its end."""
    for name in ("hadolint", "flake8"):
        workspace.program(name, '#!/bin/sh\n: > "${0##*/}.begun"; read go < "$1"; exit $go\n')
    shows = terminal("tidy")
    wait_for((workspace.root / "flake8.begun").exists)
    let_go(workspace, "a", "7")
    shows.until("failed (refuses)")
    let_go(workspace, "b")
    assert shows.end() == 201
    assert "tidied" in all_shown(shows)


def test_the_region_makes_way_for_an_interactive_task_and_comes_back(workspace, terminal):
    shows = terminal("then")
    shows.until("0/6 jobs in")
    let_go(workspace, "a")
    let_go(workspace, "b")
    shows.until("name?")
    assert shown(shows)[-1] == "name?"
    shows.type(b"bob\n")
    shows.until(lambda: any(line.startswith(" 4/8 jobs in") for line in shows.lines()))
    assert shown(shows)[8:10] == ["name? bob", "hello bob"]
    let_go(workspace, "a")
    let_go(workspace, "b")
    assert shows.end() == 0
    assert not any("●" in line for line in shows.all_lines())


def test_the_region_makes_way_for_a_prompt(workspace, terminal):
    shows = terminal("prompted")
    shows.until("Sure? [y/N]:")
    shows.type(b"y\n")
    shows.until("1/3 jobs in")
    assert shown(shows) == ["Sure? [y/N]: y", "✓ prompt  T", "sure", "", " ● b  T", status(1, 3)]
    let_go(workspace, "b")
    assert shows.end() == 0


def test_the_region_makes_way_for_a_question(workspace, terminal):
    shows = terminal("--interactive", "required")
    shows.until("0/4 jobs in")
    let_go(workspace, "a")
    shows.until("? Enter value for NAME:")
    shows.type(b"bob")
    shows.until("? Enter value for NAME: bob")
    assert not any("●" in line for line in shows.lines())
    shows.type(b"\r")
    shows.until("name is bob")
    shows.until("● b")
    let_go(workspace, "b")
    assert shows.end() == 0


def test_control_c_leaves_nothing_behind(workspace, terminal):
    shows = terminal("both")
    shows.until("0/3 jobs in")
    shows.type(b"\x03")
    assert shows.end() == 201
    lines = all_shown(shows)
    assert 'task: Signal received: "interrupt"' in [line.removeprefix("^C") for line in lines]
    assert {"■ a  stopped", "■ b  stopped"} <= set(lines)
    assert not any("●" in line or "jobs in T ·" in line for line in lines)
    assert shows.cursor[2]


def test_a_second_signal_leaves_nothing_behind(workspace, terminal):
    shows = terminal("stubborn")
    shows.until("0/3 jobs in")
    os.kill(shows.pid, signal.SIGINT)
    shows.until("Signal received")
    after_echoes()
    os.kill(shows.pid, signal.SIGTERM)
    assert shows.end() == 1
    lines = shows.all_lines()
    assert not any("●" in line for line in lines)
    first, *more = lines[lines.index("paratask: second signal, ending everything at once") + 1 :]
    assert first.startswith("paratask: 3 jobs in ")
    assert not more or not more[0].startswith("paratask"), "but for the end of that line"


def test_after_sigkill_the_terminal_can_be_used(workspace, terminal):
    shows = terminal("both")
    shows.until("0/3 jobs in")
    os.kill(shows.pid, signal.SIGKILL)
    assert shows.end() == -signal.SIGKILL
    assert shows.cursor == (0, 0, True)
    let_go(workspace, "a")
    let_go(workspace, "b")


def test_a_terminal_that_becomes_narrow_keeps_no_rest_of_what_was_drawn(workspace, terminal):
    shows = terminal("pair", columns=100, lines=30)
    shows.until("○ reads")
    assert shown(shows)[3:] == [" ○ reads   after writes: `writes` writes x/** and `reads` reads x/**", status(0, 4)]
    shows.resize(20, 8)
    shows.until(lambda: shows.lines()[-1:] and shows.lines()[-1].startswith(" 0/4 ·") and max(map(len, shows.lines())) < 20)
    assert shown(shows)[0] == ""
    assert len(shown(shows)) == 5
    shows.resize(120, 20)
    shows.until("after writes: `writes` writes x")
    let_go(workspace, "a")
    let_go(workspace, "b")
    assert shows.end() == 0
    assert not any("●" in line or "○" in line for line in shows.all_lines())


@pytest.mark.parametrize("lines", [1, 2, 3, 4])
def test_a_terminal_of_few_lines(workspace, terminal, lines):
    shows = terminal("both", columns=20, lines=lines)
    if lines > 1:
        shows.until(lambda: shows.lines() and shows.lines()[-1].startswith(" 0/3"))
        assert len(shows.lines()) <= lines
    let_go(workspace, "a")
    let_go(workspace, "b")
    assert shows.end() == 0
    assert not any(line.startswith((" ●", " 0/3")) for line in shows.all_lines())


def test_who_uses_what_another_needs_is_named(workspace, terminal):
    shows = terminal("uses")
    shows.until("in use by")
    waits = [line for line in shown(shows) if "○" in line]
    assert waits in ([" ○ needs-too  waits for db: in use by holds"], [" ○ holds      waits for db: in use by needs-too"])
    first, second = ("a", "b") if "needs-too " in waits[0] else ("b", "a")
    let_go(workspace, first)
    let_go(workspace, second)
    assert shows.end() == 0


def test_what_a_job_left_running_writes_stands_above_too(workspace, terminal):
    shows = terminal("--on-failure", "continue", "leaves")
    shows.until("1/3 jobs in")
    let_go(workspace, "b")
    shows.until("late")
    shows.until("1/3 jobs in")
    assert shown(shows) == ["✓ left  T", "left", "late", "", " ● a  T", status(1, 3)]
    let_go(workspace, "a")
    assert shows.end() == 0


def test_colours_can_be_turned_off(workspace, terminal):
    shows = terminal("both", env={"NO_COLOR": "1", "LC_ALL": "C"})
    shows.until("0/3 jobs in")
    let_go(workspace, "a")
    let_go(workspace, "b")
    assert shows.end() == 0
    assert not re.search(rb"\x1b\[[1-9]\d*m", shows.seen)
    assert "ok a  T" in all_shown(shows)


@pytest.mark.parametrize(
    ("args", "env"),
    [
        ((), {"TERM": "dumb"}),
        ((), {"CI": "true"}),
        ((), {"USE_PARALLEL": "false"}),
        (("--sequential",), {}),
        (("--silent",), {}),
        (("--output", "interleaved"), {}),
        (("--output", "group"), {}),
        (("--output", "prefixed"), {}),
        ((), {"TASK_OUTPUT": "interleaved"}),
    ],
    ids=str,
)
def test_where_there_is_no_live_view(workspace, terminal, args, env):
    shows = terminal(*args, "both", env={"CI": "", **env})
    let_go(workspace, "b")
    let_go(workspace, "a")
    assert shows.end() == 0
    assert b"\x1b[J" not in shows.seen
    assert "✓" not in "".join(shows.all_lines())


@pytest.mark.parametrize(
    ("args", "env", "why"),
    [
        ((), {"TERM": "dumb"}, "TERM names a terminal that cannot draw"),
        (("--sequential",), {}, "jobs run one at a time"),
        (("--silent",), {}, "--silent"),
    ],
    ids=str,
)
def test_asked_for_it_says_why_there_is_none(workspace, terminal, args, env, why):
    shows = terminal("--output", "live", *args, "both", env=env)
    let_go(workspace, "b")
    let_go(workspace, "a")
    assert shows.end() == 0
    assert shows.all_lines()[0] == f"paratask: warning: no live view: {why}"


def test_asked_for_it_is_shown_in_ci_too(workspace, terminal):
    shows = terminal("--output", "live", "both", env={"CI": "true"})
    shows.until("0/3 jobs in")
    let_go(workspace, "b")
    let_go(workspace, "a")
    assert shows.end() == 0


def test_where_stdout_is_no_terminal_nothing_changes(workspace):
    workspace.taskfile("version: '3'\nsilent: true\ntasks: {both: {deps: [a, b]}, a: echo a, b: echo b}\n")
    plain, asked = workspace.run("both"), workspace.run("--output", "live", "both")
    assert plain.stdout == asked.stdout == "b\na\n"
    warning, _, rest = asked.stderr.partition("\n")
    assert warning == "paratask: warning: no live view: stdout and stderr are not the terminal that paratask was started at"
    assert rest.startswith("paratask: 3 jobs in")
    assert plain.stderr.startswith("paratask: 3 jobs in")


def test_a_taskfile_cannot_ask_for_it_as_task_would_not_know_it(workspace):
    workspace.taskfile("version: '3'\noutput: live\ntasks: {a: echo a}\n")
    done = workspace.run("a")
    assert (done.returncode, "output style" in done.stderr) != (0, False)


def test_a_paratask_inside_draws_nothing_of_its_own(workspace, terminal):
    shows = terminal("nested")
    shows.until("0/3 jobs in")
    for gate in "abc":  # of two that wait at one gate, one would have the line, and the other find it shut
        let_go(workspace, gate)
    assert shows.end() == 0
    (path,) = workspace.root.glob(".paratask/runs/*/inner.log")
    log = path.read_text()
    assert "\x1b[J" not in log
    assert "✓" not in log


def break_in(workspace, text):
    """Have a defect in paratask."""
    workspace.write("defect/sitecustomize.py", text)
    return {"PYTHONPATH": str(workspace.root / "defect")}


def test_a_defect_of_the_view_ends_the_view_alone(workspace, terminal):
    env = break_in(
        workspace,
        """\
        import paratask.reporting.live_model as model

        def scene(self, look, *, most, clock=None):
            raise KeyError("job")

        model.LiveModel.scene = scene
        """,
    )
    shows = terminal("both", env=env)
    shows.until("paratask: warning: the live view is over, as it failed: KeyError('job')")
    let_go(workspace, "a")
    let_go(workspace, "b")
    assert shows.end() == 0
    assert "✓ a  T" in all_shown(shows)
    assert b"\x1b[J" not in shows.seen


def test_that_the_view_was_over_was_said_again_with_each_job_that_ended(workspace, terminal):
    env = break_in(
        workspace,
        """\
        import paratask.reporting.live_model as model

        whole = model.LiveModel.scene
        shown = []

        def scene(self, *args, **options):
            if shown:
                raise KeyError("job")
            shown.append(whole(self, *args, **options))
            return shown[0]

        model.LiveModel.scene = scene
        """,
    )
    shows = terminal("both", env=env)
    shows.until("paratask: warning: the live view is over")
    let_go(workspace, "a")
    shows.until("✓ a  ")
    let_go(workspace, "b")
    assert shows.end() == 0
    assert sum("the live view is over" in line for line in all_shown(shows)) == 1


def test_a_defect_elsewhere_leaves_the_terminal_as_it_was(workspace, terminal):
    env = break_in(
        workspace,
        """\
        import paratask.execution.overlaps as overlaps

        def end(self, job):
            raise RuntimeError("a defect")

        overlaps.Overlaps.end = end
        """,
    )
    shows = terminal("both", env=env)
    shows.until("0/3 jobs in")
    let_go(workspace, "a")
    assert shows.end() == 1
    lines = all_shown(shows)
    assert lines[-1] == "RuntimeError: a defect"
    assert not any("●" in line for line in lines)


def test_what_is_said_meanwhile_stands_above(workspace, terminal):
    env = break_in(
        workspace,
        """\
        import sys
        import paratask.execution.overlaps as overlaps

        begin = overlaps.Overlaps.begin

        def say(self, job, strand, process):
            self._loop.call_at(self._loop.now() + 1.0, lambda: print(f"about {job.id}", file=sys.stderr))
            return begin(self, job, strand, process)

        overlaps.Overlaps.begin = say
        """,
    )
    shows = terminal("both", env=env)
    shows.until("about a")
    shows.until("about b")
    shows.until(lambda: any("jobs in" in line for line in shows.lines()))
    first, second, *rest = shown(shows)
    assert {first, second} == {"about a", "about b"}
    assert sorted(rest) == sorted(["", " ● a  T", " ● b  T", status(0, 3)])
    let_go(workspace, "a")
    let_go(workspace, "b")
    assert shows.end() == 0


def test_what_is_typed_meanwhile_does_no_harm(workspace, terminal):
    shows = terminal("both")
    shows.until("0/3 jobs in")
    shows.type(b"typed\nahead\n")
    shows.until(lambda: b"ahead" in shows.seen)
    let_go(workspace, "a")
    let_go(workspace, "b")
    assert shows.end() == 0
    assert not any("●" in line or "0/3" in line for line in shows.all_lines())


@pytest.fixture
def shell(workspace, terminal):
    """An interactive one, with job control; `p both` runs paratask."""
    shows = terminal(program=["bash", "--norc", "--noprofile", "-i"], env={"PS1": "$ ", "INPUTRC": os.devnull})
    shows.until("$")
    shows.type(f"bind 'set enable-bracketed-paste off'; p() {{ {shlex.join(workspace.argv())} \"$@\"; }}; clear\n".encode())
    shows.until(lambda: shows.lines() == ["$"])
    return shows


def test_control_z_takes_the_region_away_and_fg_brings_it_back(workspace, shell):
    shell.type(b"p --jobs 8 both\n")
    shell.until("0/3 jobs in")
    shell.type(b"\x1a")
    shell.until("Stopped")
    assert not any("●" in line or "0/3" in line for line in shell.lines())
    shell.type(b"fg\n")
    shell.until("0/3 jobs in")
    let_go(workspace, "a")
    let_go(workspace, "b")
    shell.until(lambda: shell.lines()[-1:] == ["$"])
    assert not any("●" in line or "0/3" in line for line in shell.all_lines())


def test_in_the_background_nothing_is_drawn(workspace, shell):
    shell.type(b"p --jobs 8 both\n")
    shell.until("0/3 jobs in")
    shell.type(b"\x1a")
    shell.until("Stopped")
    shell.type(b"bg\n")
    shell.until("&")
    let_go(workspace, "a")
    shell.until("a ends")
    let_go(workspace, "b")
    shell.until("paratask: 3 jobs in")
    assert not any("●" in line for line in shell.all_lines())
    shell.type(b"wait; echo over\n")
    shell.until(lambda: "over" in shell.lines())
