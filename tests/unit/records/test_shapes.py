"""Which values records may have: what has one of another kind says nothing."""

from __future__ import annotations

import pytest

from paratask.records.journal import BLANK_JOB
from paratask.records.runs import BLANK_HEAD
from paratask.records.shapes import ENTRY, HEAD, LINE, NEEDED, PRESENT, is_line, is_shaped, shaped_jobs

NAN = float("nan")
NO_TEXT = "\ud800"
STAGE = {
    **dict.fromkeys(("pipeline", "stage", "job", "parent", "state", "gate", "gate_job", "gate_state"), "a"),
    "number": 1,
    "of": 2,
    "seconds": 0.5,
    "gate_seconds": None,
}
KINDS = {
    "text": (HEAD, "run", ["", "a", "ä", "\udcff"], [None, 1, b"a", ["a"], NO_TEXT]),
    "texts": (HEAD, "calls", [[], ["a"]], [None, "a", ("a",), ["a", 1], [NO_TEXT]]),
    "count": (HEAD, "exit_code", [0, -1, 1 << 61], [None, 1.0, True, "1", 1 << 62, -(1 << 62)]),
    "number": (HEAD, "recovery_seconds", [0, -1, 0.5], [None, True, "1", NAN, float("inf"), 1 << 62, -float(1 << 62)]),
    "moment or none": (HEAD, "started_at", [None, 0, 1.5], [True, "1", -0.5, NAN, 1e11]),
    "number or none": (HEAD, "seconds", [None, 0, 1.5], [True, "1", NAN]),
    "stages": (HEAD, "stages", [[], [STAGE]], [None, {}, (STAGE,), [STAGE, 1], [{}], [{**STAGE, "seconds": "1"}]]),
    "name": (ENTRY, "id", ["a", "a b", "x" * 255], [None, 1, "", "a/b", "../x", "a\0", "x" * 256, NO_TEXT]),
    "flag": (ENTRY, "shared", [True, False], [None, 0, 1, "true"]),
    "count or none": (ENTRY, "exit_code", [None, 1], [1.0, True, "1"]),
    "moment": (LINE, "at", [0, 1.5], [None, True, "1", -0.5, NAN]),
    "lists": (LINE, "after", [[], [["a"]]], [None, "a", [None], ["a"], [["a"], [1]], (["a"],)]),
    "entry": (LINE, "entry", [{"id": "a"}], [None, {}, [], {"id": 1}, {"id": "a", "shared": 1}]),
    "moments": (PRESENT, "running", [{}, {"a": 1.0}], [None, [], {"a": None}, {"a": 1.0, "b": -1.0}]),
    "waiting": (
        PRESENT, "waiting", [[], [{"why": "w", "jobs": ["a"]}]],
        [None, {}, [1], [{"why": "w"}], [{"why": 1, "jobs": []}], [{"why": "w", "jobs": "a"}]],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_value_of_another_kind_says_nothing(kind):
    checks, key, right, wrong = KINDS[kind]
    for value in right:
        assert is_shaped({key: value, "unheard-of": object()}, checks), value
    for value in wrong:
        assert not is_shaped({key: value}, checks), value


def test_each_key_that_is_known_has_values_of_some_kind():
    for checks in (HEAD, ENTRY, LINE, PRESENT):
        assert [key for key, check in checks.items() if check(object()) or check({"a": None}) or check([[None]])] == []


def test_each_key_that_is_shown_of_a_run_or_a_job_is_known():
    assert set(BLANK_JOB) - set(ENTRY) == set()
    assert set(BLANK_HEAD) - set(HEAD) == set()


@pytest.mark.parametrize("event", NEEDED)
def test_an_event_that_leaves_out_what_is_needed_says_nothing(event):
    values = {"at": 1.0, "entry": {"id": "a"}, "beside": [], "names": [], "passed": False, "by_kernel": False, "seconds": 1.0}
    counts = dict.fromkeys(("number", "of", "exit_status", "attempt"), 1)
    line = {"event": event, **{key: {**values, **counts}.get(key, "a") for key in NEEDED[event]}}
    assert is_line(line)
    for key in NEEDED[event]:
        assert not is_line({name: value for name, value in line.items() if name != key}), key


@pytest.mark.parametrize("line", [None, [], "RunBegan", {}, {"event": 1}, {"event": ["RunBegan"], "at": 1.0}])
def test_what_is_no_event_says_nothing(line):
    assert not is_line(line)


def test_entries_that_are_none_are_left_out_and_others_filled_up():
    entries = [None, {}, {"id": "a"}, {"task": "a"}, {"id": "a", "task": 1}, {"id": "b", "task": "b", "more": 1}]
    assert shaped_jobs(entries, {"id": "", "label": "x"}) == [{"id": "b", "label": "x", "task": "b", "more": 1}]
