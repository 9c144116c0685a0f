"""Whose neighbours can have been the reason why a job failed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from paratask.execution.bystanders import Bystanders


class Neighbours:
    """Of any strand, one is around it: the job `lint`."""

    def others(self, strand: object) -> dict[str, Any]:
        return {"lint": SimpleNamespace(call="lint")}


def job(name: str, parent: str = "", *, own_seconds: float = 0.0, taken_seconds: float = 0.0) -> SimpleNamespace:
    return SimpleNamespace(
        id=name, parent=parent, own_seconds=own_seconds, taken_seconds=taken_seconds, queued_again=0, neighbours={"lint": None}
    )


@pytest.mark.parametrize(
    ("taken", "inner_taken", "expected"), [(0.0, 0.0, True), (0.9, 0.1, True), (0.9, 0.2, False), (float("inf"), 0.0, False)]
)
def test_tests_that_lost_cores_to_others_may_have_failed_of_that(taken, inner_taken, expected):
    """A tenth of the time of their commands, and of those that they called."""
    tests = job("test", own_seconds=6.0, taken_seconds=taken)
    inner = job("inner", "test", own_seconds=4.0, taken_seconds=inner_taken)
    jobs: dict[str, Any] = {each.id: each for each in (tests, inner, job("lint", own_seconds=1.0, taken_seconds=9.0))}
    bystanders = Bystanders(jobs=jobs, neighbours=Neighbours(), are_strangers=lambda *_, tests=False: tests)  # type: ignore[arg-type] # stands in
    turn: Any = SimpleNamespace(job=tests, ready=None, stand=SimpleNamespace(strand=None))
    assert bystanders.had_no_part(turn) is expected


def test_who_only_reads_may_have_lost_any_time():
    tests = job("check", own_seconds=1.0, taken_seconds=5.0)
    jobs: dict[str, Any] = {each.id: each for each in (tests, job("lint"))}
    bystanders = Bystanders(jobs=jobs, neighbours=Neighbours(), are_strangers=lambda *_, tests=False: not tests)  # type: ignore[arg-type] # stands in
    turn: Any = SimpleNamespace(job=tests, ready=None, stand=SimpleNamespace(strand=None))
    assert bystanders.had_no_part(turn) is True
