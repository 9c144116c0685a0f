"""Events: their contract with whoever reads journals, and subscribers that fail."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from paratask import events
from paratask.events import EventBus, Notice

REFERENCE = Path(__file__).parents[2] / "docs" / "reference.md"
KINDS = [
    kind for kind in vars(events).values() if isinstance(kind, type) and kind.__module__ == events.__name__ and kind is not EventBus
]  # fmt: skip


def test_the_reference_has_every_event_with_its_fields():
    part = REFERENCE.read_text().partition("## journal.jsonl\n")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+?) \|", part, re.MULTILINE))
    documented = {name: tuple(re.findall(r"`(\w+)`", keys)) for name, keys in rows.items()}
    assert documented.pop("JobEntry") == ("entry",)
    assert documented == {kind.__name__: tuple(kind.__slots__) for kind in KINDS}
    assert f"`schema`, which is {events.EVENTS_SCHEMA}" in part


def test_a_subscriber_that_raises_is_told_of_once_and_left_out():
    told, heard = [], []
    bus = EventBus(lambda subscriber, error: told.append((subscriber, repr(error))))

    def exploding(event):
        raise ValueError(event.text)

    bus.subscribe(exploding)
    bus.subscribe(heard.append)
    bus.announce(Notice(text="one"))
    bus.announce(Notice(text="two"))
    assert told == [(exploding, "ValueError('one')")]
    assert [event.text for event in heard] == ["one", "two"]


def test_where_nobody_is_told_it_raises():
    bus = EventBus()
    bus.subscribe([].pop)
    with pytest.raises(TypeError):
        bus.announce(Notice(text="one"))
