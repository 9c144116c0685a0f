"""What a run works with: how it ends."""

from __future__ import annotations

import os
import signal

import pytest

from paratask.execution.engine import Engine


@pytest.fixture
def came():
    """Signals that came to whoever handled them before the engine did."""
    numbers: list[int] = []
    before = {number: signal.signal(number, lambda came, _: numbers.append(came)) for number in (signal.SIGTERM, signal.SIGINT)}
    yield numbers
    for number, handler in before.items():
        signal.signal(number, handler)


def test_a_signal_between_the_last_job_and_the_summary_cost_the_summary(came):
    engine = Engine(environ={"PATH": os.environ["PATH"]}, paint=lambda _, text: text)
    engine.end()
    for number in (signal.SIGTERM, signal.SIGINT):
        os.kill(os.getpid(), number)
    assert came == []
    engine.close()
    os.kill(os.getpid(), signal.SIGTERM)
    assert came == [signal.SIGTERM]


def test_what_is_closed_has_ended(came, tmp_path):
    engine = Engine(environ={"PATH": os.environ["PATH"]}, paint=lambda _, text: text, state=str(tmp_path))
    engine.close()
    os.kill(os.getpid(), signal.SIGTERM)
    assert came == [signal.SIGTERM]
    assert not list(tmp_path.iterdir())
