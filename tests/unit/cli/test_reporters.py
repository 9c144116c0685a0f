"""What the run does for its reporters: what they are told, what waits, what is dropped, and what is said of them. No process is started."""

from __future__ import annotations

import json
import signal
import types

import pytest

from paratask.cli.reporters import reporters as reporters_module
from paratask.cli.reporters import told as told_reporter
from paratask.cli.reporters.reporters import Reporters
from paratask.cli.reporters.told import MOST_EVENTS, ToldReporter
from paratask.processes.shared_count import counter
from paratask.variables.secrets import Secrets

BEGAN, HEARD, ENDED = b'{"event":"RunBegan"}\n', b'{"event":"Notice"}\n', b'{"event":"RunEnded"}\n'
ENTRY = b'{"event":"JobEntry","entry":{}}\n'
RUN = b"#1\n"


class Beside:
    """In place of a reporter's process: `told` is what it got; `answers` is what it said, and `count` is called for what it heard."""

    def __init__(self, argv, environment, *, given, keeps_output):
        (count,) = given
        self.count = counter(count)
        self.told = b""
        self.answers = bytearray()
        self.printed = {1: bytearray(), 2: bytearray()} if keeps_output else {}
        self.exit_status = None
        self.was_killed = False
        self.has_more = False

    def tell(self, data):
        self.told += data

    def push(self):
        pass

    take = push

    def has_ended(self):
        return self.exit_status is not None


@pytest.fixture
def told(monkeypatch):
    monkeypatch.setattr(told_reporter, "Companion", Beside)
    return ToldReporter("one", "module:One", root="/r", state="/r/.paratask", environment={}, keeps_output=False)


@pytest.fixture
def reporters(tmp_path, monkeypatch):
    """With one reporter, which ends when it is asked to."""
    monkeypatch.setattr(told_reporter, "Companion", Beside)

    def end_all(companions, seconds):
        assert seconds == 1.0
        for companion in companions:
            companion.exit_status = 0

    monkeypatch.setattr(reporters_module, "end_all", end_all)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".paratask" / "runs" / "1").mkdir(parents=True)
    project = types.SimpleNamespace(root_dir=str(tmp_path))
    bench = types.SimpleNamespace(project=project, state_dir=str(tmp_path / ".paratask"), secrets=Secrets())
    found = Reporters(bench, lambda _, text: text, keeps_output=True)
    found.add("one", "module:One")
    return found


class File:
    """In place of a journal's."""

    def __init__(self):
        self.data = b""
        self.is_locked = self.is_closed = False

    def write(self, data):
        self.data += data

    def lock(self):
        self.is_locked = True

    def close(self):
        self.is_closed = True


def test_lines_are_told_with_their_run(told):
    told.tell(RUN, BEGAN)
    told.tell(RUN, HEARD)
    told.tell(b"#2\n", BEGAN)
    assert told.companion.told == RUN + BEGAN + HEARD + b"#2\n" + BEGAN


def test_what_is_too_much_is_dropped_and_counted_but_for_begin_and_end(told):
    told.tell(RUN, BEGAN + HEARD * (MOST_EVENTS - 2))
    told.tell(RUN, HEARD * 6 + ENDED)
    assert told.companion.told == RUN + BEGAN + HEARD * (MOST_EVENTS - 1) + ENDED
    told.companion.exit_status = 0
    for _ in range(MOST_EVENTS + 1):
        told.companion.count()
    told.companion.answers += b'{"done": true}'
    assert told.shortcoming().text == "was too slow: it missed 5 of 10,006 events"
    assert told.shortcoming() is None, "once"


def test_what_it_has_heard_makes_room(told):
    told.tell(RUN, HEARD * MOST_EVENTS)
    for _ in range(3):
        told.companion.count()
    told.tell(RUN, HEARD * 4)
    assert told.companion.told.count(HEARD) == MOST_EVENTS + 3


def test_nothing_is_said_of_one_that_goes_on(told):
    told.tell(RUN, BEGAN)
    assert told.shortcoming() is None
    told.companion.count()
    assert told.shortcoming() is None


@pytest.mark.parametrize(
    ("heard", "answer", "status", "killed", "text", "traceback"),
    [
        (1, b'{"done": true}', 0, False, None, ""),
        (1, b'{"done": true}', -9, True, None, ""),
        (1, b"", -9, True, "did not come to its end within 1 s, and was ended: it had not heard 1 of 2 events", ""),
        (1, b"", -11, False, "was ended by SIGSEGV: it had not heard 1 of 2 events", ""),
        (1, b"Fatal", -6, False, "was ended by SIGABRT: it had not heard 1 of 2 events", "Fatal"),
        (2, b"", -200, False, "was ended by signal 200: it had not heard 0 of 2 events", ""),
        (0, b"", -signal.SIGPROF, False, "computed for too long, and was ended: it had not heard 2 of 2 events", ""),
        (1, b"", 3, False, "exited with 3: it had not heard 1 of 2 events", ""),
        (1, b"", 0, False, "exited with 0: it had not heard 1 of 2 events", ""),
        (2, b"", 0, False, None, ""),
    ],
)  # fmt: skip
def test_what_is_said_of_one_that_has_ended(told, heard, answer, status, killed, text, traceback):
    told.tell(RUN, BEGAN + HEARD)
    for _ in range(heard):
        told.companion.count()
    told.companion.answers += answer
    told.companion.exit_status, told.companion.was_killed = status, killed
    found = told.shortcoming()
    assert (found and found.text, found.traceback if found else "") == (text, traceback)


def test_what_it_failed_of_is_said_at_once_and_the_traceback_is_kept_without_secrets(reporters, tmp_path, capsys):
    reporters._secrets.add("hidden")
    reporters.beside(File(), run="1", later=lambda *_: None)
    (told,) = reporters._told
    told.companion.answers += json.dumps({"doing": "failed", "error": "E: hidden", "traceback": "in hidden"}).encode()
    reporters.beside(File(), run="2", later=lambda *_: None)
    reporters.finish()
    assert (
        capsys.readouterr().err
        == "paratask: warning: reporter `one` failed: E: ***** (see .paratask/runs/1/reporter-one.txt)\n"
    )
    assert (tmp_path / ".paratask/runs/1/reporter-one.txt").read_text() == "in *****"


def test_a_journal_s_file_has_all_and_reporters_have_the_events_many_at_a_time(reporters):
    file, timers = File(), []
    shared = reporters.beside(file, run="1", later=lambda _, work: timers.append(work))
    companion = reporters._told[0].companion
    for data in (BEGAN, HEARD, b"", ENTRY, HEARD + ENTRY):
        shared.write(data)
    shared.lock()
    assert (file.data, file.is_locked, companion.told, len(timers)) == (BEGAN + HEARD + ENTRY + HEARD + ENTRY, True, b"", 1)
    timers.pop()()
    assert companion.told == RUN + BEGAN + HEARD + HEARD


def test_that_the_run_has_ended_is_told_when_it_has_said_so_itself(reporters):
    file = File()
    shared = reporters.beside(file, run="1", later=lambda *_: None)
    companion = reporters._told[0].companion
    shared.write(BEGAN + HEARD + ENDED)
    shared.close()
    assert (file.is_closed, companion.told) == (True, RUN + BEGAN + HEARD)
    reporters.finish()
    assert companion.told == RUN + BEGAN + HEARD + ENDED


def test_in_a_watch_the_end_of_a_run_is_told_while_others_go_on(reporters):
    timers = []
    shared = reporters.beside(File(), run="1", later=lambda _, work: timers.append(work))
    shared.write(BEGAN + ENDED)
    shared.close()
    for work in timers[:]:
        work()
    assert reporters._told[0].companion.told == RUN + BEGAN + ENDED


def test_what_they_print_is_passed_on_where_something_stands_before_the_terminal(reporters, capsys):
    timers = []
    shared = reporters.beside(File(), run="1", later=lambda _, work: timers.append(work))
    companion = reporters._told[0].companion
    shared.write(BEGAN)
    companion.printed[1] += b"out\n"
    timers.pop()()
    assert capsys.readouterr() == ("out\n", "")
    companion.printed[2] += b"\xff\n"
    timers.pop()()
    assert capsys.readouterr() == ("", "\ufffd\n")


def test_one_that_cannot_be_started_is_told_of(tmp_path, monkeypatch, capsys):
    def fail(*_, **__):
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr(told_reporter, "Companion", fail)
    project = types.SimpleNamespace(root_dir=str(tmp_path))
    found = Reporters(types.SimpleNamespace(project=project, state_dir=str(tmp_path), secrets=Secrets()), lambda _, text: text)
    found.add("one", "module:One")
    assert capsys.readouterr().err == (
        "paratask: warning: reporter `one` cannot be started: Resource temporarily unavailable\n"
    )
    file = File()
    assert found.beside(file, run="1", later=lambda *_: None) is file
