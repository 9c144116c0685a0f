"""Calls whose caller gives them a time: what happens when neighbours may have used it up. On a virtual clock, with the stage of attempts."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from execution.test_attempts import MEMBER, Stage
from paratask.errors import TaskTimeoutError
from paratask.events import FellBack
from paratask.execution.jobs import State
from paratask.execution.limits import in_time, within
from paratask.execution.overlaps import Company
from paratask.execution.strands import Kind, Strand
from paratask.execution.turns import Stand
from paratask.frozen import replace
from paratask.kernel.cancel import CancelScope
from paratask.processes.segments import Segment

OTHER, BY_AUTHOR = Strand().member(1, 1, Kind.SET), Strand((MEMBER.path[0], (7, 0, Kind.DEPENDENCIES)))
DONE = (State.SUCCEEDED, "")


def job(task: str) -> SimpleNamespace:
    return SimpleNamespace(task=task)


class LimitedStage(Stage):
    """Work that takes as long as is given, an attempt each, in a call that has two seconds."""

    def __init__(self, *seconds, **options) -> None:
        super().__init__(*seconds, strand=MEMBER, **options)
        self.found = None
        self.companies = []
        self.running = []
        self.later = []

    async def work(self, turn):
        self.began.append(self.loop.now())
        turn.stand.sink.write(1, b"%d" % len(self.began))
        for company in self.companies:
            for job, strand in self.later:
                company.note(job, strand)
        await self.loop.sleep(self.endings.pop(0))
        return DONE

    async def carry_out(self) -> None:
        self.quiet.enter()

        async def run(limit) -> None:
            self.turn = replace(self.turn, request=SimpleNamespace(limit=limit))
            company = Company(self.companies, MEMBER, SimpleNamespace(items=lambda: self.running))
            self.found = await in_time(self.loop, self.turn, limit, self.work, lambda: self.attempts, company, holds=True)

        await within(self.loop, TaskTimeoutError(task="a", seconds=2.0, position=None), run)

    def shown(self) -> bytes:
        shown = []
        self.turn.stand.sink.pour_into(SimpleNamespace(write=lambda _, data: shown.append(data)))
        return b"".join(shown)


def test_what_is_in_time_is_carried_out_once():
    stage = LimitedStage(1.0, beside=("b",))
    assert (stage.run(), stage.found, stage.began, stage.shown()) == (None, DONE, [0.0], b"1")


def test_a_call_whose_time_went_by_beside_others_has_it_once_more_alone():
    stage = LimitedStage(60.0, 1.5, beside=("b",))
    assert (stage.run(), stage.found, stage.began, stage.shown()) == (None, DONE, [0.0, 2.0], b"2")
    assert (stage.job.attempts, stage.pace.one_at_a_time, stage.quiet.is_alone) == (2, True, False)
    told = [event for event in stage.seen if isinstance(event, FellBack)]
    assert told == [FellBack(job="a", task="a", beside=("b",), exit_status=124, passed=True, first_log="a-1")]


def test_what_is_told_of_are_those_whose_commands_ran_meanwhile_beside_it_by_our_choice():
    stage = LimitedStage(60.0, 1.5)
    below = job("below")
    stage.running = [(job("b"), OTHER), (job("own"), MEMBER), (below, MEMBER.member(2, 0, Kind.SET)), (job("dep"), BY_AUTHOR)]
    stage.below = [below]
    stage.later = [(job("c"), OTHER), (job("too"), MEMBER)]
    assert (stage.run(), stage.job.attempts) == (None, 2)
    assert next(event.beside for event in stage.seen if isinstance(event, FellBack)) == ("b", "c")
    assert (stage.stopped, stage.companies) == ([stage.job, *stage.below], [])


def test_a_call_has_no_third_go():
    stage = LimitedStage(60.0, 60.0, beside=("b",))
    error = stage.run()
    assert isinstance(error, TaskTimeoutError)
    assert (error.was_alone, stage.job.attempts, stage.loop.now(), stage.quiet.is_alone) == (True, 2, 4.0, False)
    assert [event.passed for event in stage.seen if isinstance(event, FellBack)] == [False]
    assert not stage.pace.one_at_a_time


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({}, ""),
        ({"beside": ("b",), "is_repeatable": False}, "it is not known"),
        ({"beside": ("b",), "before": SimpleNamespace(task="z")}, "`z` had failed already"),
    ],
)
def test_without_a_reason_its_time_is_over(options, why):
    stage = LimitedStage(60.0, **options)
    error = stage.run()
    assert isinstance(error, TaskTimeoutError)
    assert (error.was_alone, error.not_again, stage.job.attempts, stage.shown()) == (False, why, 1, b"1")


def test_whoever_else_ends_it_ends_it():
    stage = LimitedStage(60.0, beside=("b",))

    async def main():
        with CancelScope(stage.loop, deadline=1.0) as scope:
            await stage.carry_out()
        assert scope.cancelled

    stage.loop.run(main())
    assert (stage.loop.now(), stage.job.attempts) == (1.0, 1)


def test_what_never_began_shows_nothing():
    stage = LimitedStage(60.0)
    door = SimpleNamespace(never_opened=True)
    stage.turn = replace(stage.turn, stand=Stand(strand=MEMBER, sink=Segment(), door=door))
    assert isinstance(stage.run(), TaskTimeoutError)
    assert stage.shown() == b""
