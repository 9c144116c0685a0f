"""Politely at first, or at once."""

from __future__ import annotations

from signal import SIGCONT, SIGKILL, SIGTERM

import pytest

from paratask.processes import ending
from paratask.processes.ending import end_at_once, end_gently, wait_until


@pytest.mark.parametrize(
    ("end", "obeys", "sent", "gone"),
    [
        (end_gently, SIGTERM, [SIGTERM, SIGCONT], True),
        (end_gently, SIGKILL, [SIGTERM, SIGCONT, SIGKILL], True),
        (end_gently, None, [SIGTERM, SIGCONT, SIGKILL], False),
        (end_at_once, SIGKILL, [SIGKILL], True),
        (end_at_once, None, [SIGKILL], False),
    ],
)
def test_who_does_not_end_is_killed(monkeypatch, end, obeys, sent, gone):
    monkeypatch.setattr(ending, "GRACE_SECONDS", 0.01)
    signals = []
    assert end(signals.append, lambda: obeys in signals) is gone
    assert signals == sent


def test_something_may_take_a_while_to_come_true():
    looks = iter([False, False, True])
    assert wait_until(lambda: next(looks))
