"""The reporters of one invocation, in this process: what is said of them at its end."""

from __future__ import annotations

import sys
import threading
import types

import pytest

from paratask.cli.reporters import Reporters
from paratask.events import Notice, RunBegan
from paratask.variables.secrets import Secrets

BEGAN = RunBegan(schema=1, run="1", calls=("a",), at=0.0, parallel="inferred", seed="")


@pytest.fixture
def reporters(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    project = types.SimpleNamespace(root_dir=str(tmp_path))
    bench = types.SimpleNamespace(project=project, state_dir=str(tmp_path / ".paratask"), secrets=Secrets())
    return Reporters(bench, lambda _, text: text)


def install(monkeypatch, hear) -> str:
    """A module with a reporter; where it is."""
    module = types.ModuleType("made_up_reporters")
    module.One = type("One", (), {"__init__": lambda _, run: None, "hear": lambda _, event: hear(event)})
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return "made_up_reporters:One"


def test_nobody_has_to_wait_for_one_that_blocks(reporters, monkeypatch, capsys):
    """The run is over: Ctrl-C means that, and no more."""
    gate = threading.Event()
    reporters.add("one", install(monkeypatch, lambda _: gate.wait()))
    (feed,) = reporters.feed()
    feed(BEGAN)
    (listener,) = reporters._listeners
    waited = []

    def interrupted(seconds):
        waited.append(seconds)
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(listener.ended, "wait", interrupted)
        reporters.finish()
    assert len(waited) == 1
    assert waited[0] <= 1
    gate.set()
    assert listener.ended.wait(60)
    assert capsys.readouterr().err.startswith(
        "paratask: warning: reporter `one` did not come to its end within 1 s, and was left: it had not heard "
    )


def test_what_was_missed_is_said_once(reporters, monkeypatch, capsys):
    monkeypatch.setattr("paratask.plugins.listening.MOST_EVENTS", 1)
    gate, begun = (threading.Event() for _ in range(2))
    reporters.add("one", install(monkeypatch, lambda _: (begun.set(), gate.wait())))
    (feed,) = reporters.feed()
    feed(BEGAN)
    begun.wait()
    for _ in range(3):
        feed(Notice(text="x"))
    gate.set()
    reporters.finish()
    assert capsys.readouterr().err == "paratask: warning: reporter `one` was too slow: it missed 2 of 4 events\n"


def test_the_interpreter_is_left_as_it_was(reporters, monkeypatch):
    before = sys.getswitchinterval()
    reporters.add("one", install(monkeypatch, lambda _: None))
    assert sys.getswitchinterval() < before
    reporters.finish()
    assert sys.getswitchinterval() == before


def test_a_secret_is_masked_wherever_it_stands(reporters, monkeypatch):
    heard = []
    reporters._secrets.add("hidden")
    reporters.add("one", install(monkeypatch, heard.append))
    (feed,) = reporters.feed()
    feed(RunBegan(schema=1, run="1", calls=("a hidden", "b"), at=0.0, parallel="inferred", seed="hidden"))
    reporters.finish()
    assert [(event.calls, event.seed, event.run) for event in heard] == [(("a *****", "b"), "*****", "1")]
