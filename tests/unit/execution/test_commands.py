"""One command from its text to its exit status, on real processes that wait for each other and for nothing else."""

from __future__ import annotations

import os
import resource
import signal
import sys

import pytest

from paratask.errors import VariableError
from paratask.execution import commands as commands_module
from paratask.kernel.cancel import CancelScope
from paratask.kernel.groups import TaskGroup
from paratask.kernel.loop import Event

from .real import Bench, Kept, end, has_died, is_alive


@pytest.fixture
def bench(tmp_path):
    bench = Bench(str(tmp_path))
    yield bench
    bench.close()


class Line(Event):
    """An event with what was read."""

    __slots__ = ("text",)


def read_line(bench: Bench, path) -> Line:
    """Set when something can be read from the fifo at `path`: no polling, no sleeping."""
    os.mkfifo(path)
    fd = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    event = Line(bench.loop)

    def arrived() -> None:
        bench.loop.unwatch(fd)
        event.text = os.read(fd, 4096).decode()
        os.close(fd)
        event.set()

    bench.loop.watch(fd, arrived)
    return event


def is_inheritable(fd: int) -> bool:
    try:
        return os.get_inheritable(fd)
    except OSError:
        return False


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("true", 0),
        ("false", 1),
        ("exit 7", 7),
        ("kill -TERM $$", 143),
        ("kill -KILL $$", 137),
        ("bash -c 'kill -9 $$'; exit $?", 137),
    ],
)
def test_exit_status(bench, text, status):
    assert bench.run(text).exit_status == status


def test_the_signal_is_told_apart_from_the_status(bench):
    assert bench.run("kill -TERM $$").signal == signal.SIGTERM
    assert bench.run("exit 143").signal == 0


def test_both_streams_in_order_and_all_of_it_in_the_log(bench):
    bench.run("echo out; echo err >&2; echo out again")
    assert bench.sink.streams == {1: b"out\nout again\n", 2: b"err\n"}
    assert sorted(bench.log.data.splitlines()) == [b"err", b"out", b"out again"]


def test_partial_lines_and_no_output(bench):
    bench.run("printf 'no newline'")
    bench.run("true")
    assert bench.log.data == b"no newline"


def test_binary_output_is_the_same_byte_for_byte(bench, tmp_path):
    data = bytes(range(256)) * 300 + b"\r\n\x00\xff\n\n"
    (tmp_path / "data").write_bytes(data)
    bench.run("cat data")
    assert bench.log.data == data
    assert bench.sink.streams[1] == data


class Counting:
    """A sink and log that only counts and sums."""

    def __init__(self) -> None:
        self.length = 0
        self.largest = 0
        self.digest = __import__("hashlib").sha256()

    def write(self, *arguments) -> None:
        self.length += len(arguments[-1])
        self.largest = max(self.largest, len(arguments[-1]))
        self.digest.update(arguments[-1])


def test_much_output_passes_unchanged_in_small_blocks(bench, tmp_path):
    length = 20_000_000
    program = tmp_path / "much.py"
    program.write_text(
        "import hashlib, sys\n"
        "digest = hashlib.sha256()\n"
        "for number in range(2000):\n"
        "    block = (b'%04d' % number) * 2500\n"
        "    digest.update(block)\n"
        "    sys.stdout.buffer.write(block)\n"
        "open('digest', 'w').write(digest.hexdigest())\n"
    )
    log, sink = Counting(), Counting()
    order = bench.order(f"{sys.executable} much.py")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    ended = bench.loop.run(bench.commands.run(order, log=log, sink=sink))
    grown_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert ended.exit_status == 0
    assert log.length == sink.length == length
    assert log.digest.hexdigest() == (tmp_path / "digest").read_text()
    assert log.largest <= 1 << 16
    assert grown_kib < 8 * 1024


def test_a_flood_on_stderr_does_not_hide_a_quiet_neighbour(bench, tmp_path):
    """The one floods until the other's line has been seen, and then until its end has been: without fairness, for ever."""

    class Watching(Kept):
        def write(self, *arguments) -> None:
            super().write(*arguments)
            (tmp_path / "seen").touch()

    flood = "while [ ! -e seen ]; do head -c 1000000 /dev/zero; done >&2; while [ ! -e ended ]; do head -c 1000000 /dev/zero; done >&2"
    counting, quiet, statuses = Counting(), Watching(), []

    async def flooding() -> None:
        statuses.append((await bench.commands.run(bench.order(flood), log=counting, sink=counting)).exit_status)

    async def quietly() -> None:
        order = bench.order("echo a line; while [ ! -e seen ]; do sleep 0.01; done")
        statuses.append((await bench.commands.run(order, log=Kept(), sink=quiet)).exit_status)
        (tmp_path / "ended").touch()

    async def both() -> None:
        async with TaskGroup(bench.loop) as group:
            group.start(flooding)
            group.start(quietly)

    bench.loop.run(both())
    assert statuses == [0, 0]
    assert quiet.streams[1] == b"a line\n"
    assert counting.largest <= 1 << 16


def test_a_process_that_writes_more_than_a_pipe_holds_and_ends_is_read_to_its_end(bench):
    bench.run("head -c 300000 /dev/zero; head -c 200000 /dev/zero >&2")
    assert {n: len(data) for n, data in bench.sink.streams.items()} == {1: 300000, 2: 200000}


def test_a_missing_program_is_127(bench):
    assert bench.run("no-such-program --flag").exit_status == 127
    assert b"no-such-program" in bench.sink.streams[2]


def test_a_file_that_is_no_program_is_126(bench, tmp_path):
    (tmp_path / "data").write_text("x")
    assert bench.run("./data").exit_status == 126


def test_a_script_without_a_first_line_is_run_by_the_shell(bench, tmp_path):
    script = tmp_path / "script"
    script.write_text("echo from the script $1\n")
    script.chmod(0o755)
    assert bench.run("./script x").exit_status == 0
    assert bench.sink.streams[1] == b"from the script x\n"


def test_a_folder_that_does_not_exist_is_said_and_is_no_traceback(bench, tmp_path):
    ended = bench.run("true", folder=str(tmp_path / "gone"))
    assert ended.exit_status == 127
    assert bench.log.data == bench.sink.streams[2]
    assert f"cannot start `true` in `{tmp_path}/gone`: No such file or directory" in bench.log.data.decode()


def test_a_folder_that_is_a_file(bench, tmp_path):
    (tmp_path / "file").write_text("")
    assert bench.run("true", folder=str(tmp_path / "file")).exit_status == 127


def test_our_own_folder_is_where_it_was(bench, tmp_path):
    before = os.getcwd()
    (tmp_path / "sub").mkdir()
    bench.run("pwd", folder=str(tmp_path / "sub"))
    assert os.getcwd() == before
    assert bench.sink.streams[1].decode().strip() == str(tmp_path / "sub")


def test_the_environment_is_the_one_given_and_no_more(bench):
    bench.run("env", environment={"PATH": os.environ["PATH"], "ONLY": "ü this"})
    names = {line.split("=")[0] for line in bench.sink.streams[1].decode().splitlines()}
    assert names == {"PATH", "ONLY"}
    assert "ONLY=ü this" in bench.sink.streams[1].decode()


def test_a_process_inherits_no_descriptor_of_ours(bench):
    with open(__file__, encoding="utf-8"):
        from_outside = {fd for fd in range(256) if fd > 2 and is_inheritable(fd)}
        bench.run("ls /proc/self/fd")
    found = {int(fd) for fd in bench.sink.streams[1].split()} - from_outside
    assert {0, 1, 2} <= found
    assert len(found) == 4, "the fourth is the folder that ls reads"


def test_a_command_beside_others_reads_nothing_from_the_keyboard(bench):
    assert bench.run("cat").exit_status == 0
    assert bench.log.data == b""


def test_two_commands_that_wait_for_each_other_both_end(bench, tmp_path):
    os.mkfifo(tmp_path / "there")
    os.mkfifo(tmp_path / "back")

    async def main():
        async with TaskGroup(bench.loop) as group:
            group.start(bench.start, "echo ping > there; cat back")
            group.start(bench.start, "cat there; echo pong > back")

    bench.loop.run(main())
    assert sorted(bench.sink.streams[1].splitlines()) == [b"ping", b"pong"]


def test_a_cancelled_command_gets_the_signal_and_is_waited_for(bench, tmp_path):
    ready = read_line(bench, tmp_path / "ready")

    async def main():
        with CancelScope(bench.loop) as scope:
            async with TaskGroup(bench.loop) as group:
                group.start(bench.start, "trap 'echo cleaned; exit 0' INT; mkfifo block; echo up > ready; read x <> block")
                await ready.wait()
                scope.cancel(signal.SIGINT)

    bench.loop.run(main())
    assert bench.sink.streams[1] == b"cleaned\n"


def test_a_cancelled_command_gets_the_signal_that_cancelled(bench, tmp_path):
    ready = read_line(bench, tmp_path / "ready")

    async def main():
        with CancelScope(bench.loop) as scope:
            async with TaskGroup(bench.loop) as group:
                text = "trap 'echo terminated; exit 0' TERM; mkfifo block; echo up > ready; read x <> block"
                group.start(bench.start, text)
                await ready.wait()
                scope.cancel(signal.SIGTERM)

    bench.loop.run(main())
    assert bench.sink.streams[1] == b"terminated\n"


def test_a_group_that_ignores_the_signal_is_killed_after_the_grace(bench, tmp_path, monkeypatch):
    monkeypatch.setattr(commands_module, "GRACE_SECONDS", 0.05)
    ready = read_line(bench, tmp_path / "ready")

    async def main():
        with CancelScope(bench.loop) as scope:
            async with TaskGroup(bench.loop) as group:
                text = "trap '' INT TERM; sleep 1000 & child=$!; echo $$ $child > ready; wait; wait"
                group.start(bench.start, text)
                await ready.wait()
                scope.cancel(signal.SIGINT)

    bench.loop.run(main())
    assert all(has_died(int(pid)) for pid in ready.text.split())


def test_inside_another_run_there_was_no_time_to_kill_and_to_keep_before_that_one_killed_us(bench, tmp_path, monkeypatch):
    monkeypatch.setattr(commands_module, "GRACE_SECONDS", 60.0)
    bench.commands.sooner_seconds = 59.95
    ready = read_line(bench, tmp_path / "ready")
    began = bench.loop.now()

    async def main():
        with CancelScope(bench.loop) as scope:
            async with TaskGroup(bench.loop) as group:
                group.start(bench.start, "trap '' INT TERM; sleep 1000 & echo $$ > ready; wait; wait")
                await ready.wait()
                scope.cancel(signal.SIGINT)

    bench.loop.run(main())
    assert bench.loop.now() - began < 30
    assert has_died(int(ready.text))


def test_what_the_leader_left_behind_in_its_group_is_killed_as_well(bench, tmp_path):
    """The leader obeys at once; its child ignores the signal."""
    ready = read_line(bench, tmp_path / "ready")

    async def main():
        with CancelScope(bench.loop) as scope:
            async with TaskGroup(bench.loop) as group:
                text = (
                    "(trap '' INT; exec sleep 1000) & child=$!; trap 'exit 3' INT; echo $child > ready; while :; do wait; done"
                )
                group.start(bench.start, text)
                await ready.wait()
                scope.cancel(signal.SIGINT)

    bench.loop.run(main())
    assert has_died(int(ready.text))


@pytest.mark.parametrize("what", ["a command", "a condition"])
def test_a_process_was_started_where_the_run_was_already_cancelled(bench, monkeypatch, what):
    """It was started, and then killed: a step could run after Ctrl-C."""
    started = []
    monkeypatch.setattr(bench.processes, "start", lambda *arguments, **_: started.append(arguments))

    async def main():
        with CancelScope(bench.loop) as scope:
            scope.cancel(signal.SIGINT)
            if what == "a command":
                await bench.start("true")
            else:
                await bench.commands.status("true", bench.folder, bench.environ)

    bench.loop.run(main())
    assert started == []


def test_a_deadline_ends_a_command(bench):
    async def main():
        with CancelScope(bench.loop, deadline=bench.loop.now()) as scope:
            await bench.start("sleep 1000")
        return scope.cancelled

    assert bench.loop.run(main())


def test_a_grandchild_that_holds_the_pipe_open_does_not_hold_up_the_command(bench, tmp_path):
    os.mkfifo(tmp_path / "go")
    ended = bench.run("(read x < go; echo late) & echo early")
    assert ended.exit_status == 0
    assert bench.sink.streams[1] == b"early\n"

    async def main():
        late = Event(bench.loop)
        bench.sink.write = lambda *_: late.set()
        (tmp_path / "go").write_text("go\n")
        await late.wait()

    bench.loop.run(main())
    assert bench.log.data == b"early\nlate\n"


def test_a_grandchild_that_writes_without_end_kept_the_command_from_ending(bench):
    ended = bench.run("yes & echo $! >&2")
    pid = int(bench.sink.streams[2])
    try:
        assert ended.exit_status == 0
        assert is_alive(pid)
    finally:
        end(pid)


def test_when_nobody_reads_our_output_the_command_gets_a_broken_pipe(bench):
    """It was a traceback, and the process stayed behind."""
    from paratask.processes.streams import ClosedOutputError

    class Closed:
        def write(self, stream, data):
            raise ClosedOutputError

    ended = bench.loop.run(bench.commands.run(bench.order("yes"), log=bench.log, sink=Closed()))
    assert ended.signal == signal.SIGPIPE
    assert ended.exit_status == 141


def test_at_a_terminal_output_comes_through_a_pty_unchanged(tmp_path):
    bench = Bench(str(tmp_path), columns=77)
    try:
        bench.run("test -t 1 && test -t 2 && stty size < /dev/stdout; printf 'a\\nb\\r\\n'")
        assert bench.sink.streams == {1: b"24 77\na\nb\r\n", 2: b""}
    finally:
        bench.close()


def test_a_lease_is_taken_for_each_command(tmp_path):
    """With one core, two commands never overlap: the second finds what the first has left."""
    bench = Bench(str(tmp_path), cpus=1.0)
    try:

        async def main():
            async with TaskGroup(bench.loop) as group:
                for _ in range(3):
                    group.start(bench.start, "mkdir lock && ls lock && rmdir lock")

        bench.loop.run(main())
        assert bench.sink.data == b""
    finally:
        bench.close()


def test_conditions(bench):
    async def main():
        statuses = [
            await bench.commands.status(t, bench.folder, bench.environ) for t in ("true", "exit 3", "[ 1 = 1 ]", "nope")
        ]
        return [*statuses, await bench.commands.status("test -e x", "/no/such/folder", bench.environ)]

    assert bench.loop.run(main()) == [0, 3, 0, 127, 1]


def test_a_variable_of_a_folder_that_is_not_there_runs_its_builtins(bench, tmp_path):
    text, folder = 'pwd; echo $(pwd) "$PWD"; [ -e x ] || echo nothing', str(tmp_path / "it's not there")
    output = bench.loop.run(bench.commands.output(text, folder, bench.environ))
    assert output.splitlines() == [folder, f"{folder} {folder}", "nothing"]


def test_output_of_a_variable(bench):
    async def main():
        text = await bench.commands.output("printf 'a\\n\\xff'; echo noise >&2", bench.folder, bench.environ)
        with pytest.raises(VariableError, match="exited with 3"):
            await bench.commands.output("exit 3", bench.folder, bench.environ)
        return text

    assert bench.loop.run(main()) == "a\n\udcff"
    assert bench.console.streams[2] == b"noise\n", "where it makes way for what is drawn, and waits for who reads slowly"


def test_cpu_and_memory_are_accounted_for(bench):
    ended = bench.run(f"{sys.executable} -c 'x = bytearray(60_000_000)'")
    assert ended.peak_bytes > 60_000_000
    assert ended.cpu_seconds > 0


def test_started_and_ended_are_told(bench):
    seen = []

    class Course:
        def waited(self, by, names, seconds):
            seen.append(("waited", by, names))

        def started(self, process):
            assert process.pid
            seen.append("started")

        def ended(self):
            seen.append("ended")

    order, waited = bench.order("true"), ("waited", "", ())
    bench.loop.run(bench.commands.run(order, log=Kept(), sink=Kept(), course=Course()))
    assert seen == [waited, "started", "ended"]
    bench.loop.run(bench.commands.run(bench.order("true", folder="/no/such"), log=Kept(), sink=Kept(), course=Course()))
    assert seen == [waited, "started", "ended", waited], "what did not start is not told"


def test_options_of_the_shell_reach_it(bench):
    assert bench.run("echo $undefined", set_options=("u",)).exit_status != 0
    assert bench.run("false | true", set_options=("pipefail",)).exit_status == 1
    bench.run("echo **/x", shopt_options=("globstar", "nullglob"))
    assert bench.sink.streams[1] == b"\n"
