"""Which attempts a job gets, and when: steps that are played, on a virtual clock."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from paratask.errors import CommandFailedError, ParataskError, TaskRunError, TaskTimeoutError
from paratask.events import AttemptBegan, EventBus, FellBack, Retried
from paratask.execution.attempts import Attempts, Repeating
from paratask.execution.jobs import Jobs
from paratask.execution.options import RunOptions
from paratask.execution.strands import Kind, Pace, Quiet, Strand
from paratask.execution.turns import Stand, Turn
from paratask.kernel.cancel import CancelScope, Deadlines
from paratask.kernel.groups import TaskGroup
from paratask.kernel.loop import Loop
from paratask.processes.segments import Segment
from paratask.taskfile.settings import Retry
from simulation.clock import SimulatedPoller

TOP = Strand()
MEMBER = TOP.member(1, 0, Kind.SET)


def failed(status: int = 3) -> CommandFailedError:
    return CommandFailedError(command="x", exit_status=status, seconds=0.0)


class Stage:
    """One job, the endings of whose attempts are given; each takes a second."""

    def __init__(
        self,
        *endings,
        retry=None,
        strand=TOP,
        beside=(),
        outside="",
        is_repeatable=True,
        in_vain=False,
        strangers=False,
        before=None,
        **options,
    ) -> None:
        self.loop = Loop(SimulatedPoller())
        self.quiet = Quiet(self.loop)
        self.endings = list(endings)
        self.said: list[str] = []
        self.seen: list[object] = []
        self.began: list[float] = []
        self.forgotten = 0
        self.stopped: list[object] = []
        self.below: list[object] = []
        self.pace = Pace(one_at_a_time=False)
        events = EventBus()
        events.subscribe(self.seen.append)
        self.attempts = Attempts(
            loop=self.loop, quiet=self.quiet, pace=self.pace, leases=SimpleNamespace(one_at_a_time=lambda: None),
            logs=SimpleNamespace(set_aside="{}-{}".format, attempt_path="{}-{}".format), events=events,
            messages=SimpleNamespace(say=lambda text, sink, color: self.said.append(text)), options=RunOptions(**options),
            repeating=Repeating(
                declared=lambda _: SimpleNamespace(retry=retry), why_once=lambda _: "" if is_repeatable else "it is not known", why_not=lambda _: outside,
                is_in_vain=lambda failure, ready: in_vain, would_fail_alone=lambda turn: strangers,
            ),
            failed_before=lambda strand: self.before, forget_failures=self._forget, forget_stopped=self.stopped.extend,
            below=lambda _: self.below, waits_to_be_alone=lambda strand, tasks: None,
        )  # fmt: skip
        self.job = Jobs(EventBus(), self.loop.now).make("a", parent="", reason="")
        self.job.beside = dict.fromkeys(beside)
        ready = SimpleNamespace(task=SimpleNamespace(name="a"), dependencies=(), steps=())
        self.before = before
        self.held = Segment() if strand is MEMBER and options.get("on_failure") != "continue" else None
        self.turn = Turn(
            request=SimpleNamespace(limit=None), ready=ready, job=self.job, stand=Stand(strand=strand, sink=Segment())
        )

    def _forget(self) -> None:
        self.forgotten += 1

    async def steps(self, turn) -> None:
        self.began.append(self.loop.now())
        await self.loop.sleep(1.0)
        ending = self.endings.pop(0)
        if ending is not None:
            raise ending

    async def attempt(self) -> None:
        """As `Steps.attempt`."""
        deadlines = Deadlines(self.loop)
        try:
            await self.steps(self.turn)
        except ParataskError as failure:
            await self.attempts.after(failure, self.turn, self.steps, self.held, deadlines)

    async def carry_out(self) -> None:
        self.quiet.enter()
        await self.attempt()

    def run(self):
        """The error of the last attempt, or None."""
        try:
            self.loop.run(self.carry_out())
        except ParataskError as error:
            return error
        return None


def test_steps_that_pass_are_carried_out_once():
    stage = Stage(None, retry=Retry(count=3))
    assert stage.run() is None
    assert (stage.began, stage.job.attempts, stage.seen, stage.said) == ([0.0], 1, [], [])


def test_without_retry_a_failure_is_one():
    stage = Stage(failed())
    assert isinstance(stage.run(), CommandFailedError)
    assert (stage.job.attempts, stage.said) == (1, [])


def test_each_attempt_comes_after_a_longer_wait():
    stage = Stage(failed(3), failed(4), None, retry=Retry(count=5, wait_seconds=2.0))
    assert stage.run() is None
    assert stage.began == [0.0, 3.0, 8.0]
    assert stage.said == [
        "paratask: `a` exited with 3; attempt 2 of 6, in 2 s",
        "paratask: `a` exited with 4; attempt 3 of 6, in 4 s",
    ]
    assert stage.seen == [
        Retried(job="a", task="a", attempt=2, exit_status=3, wait_seconds=2.0, log_before="a-1"),
        AttemptBegan(job="a", attempt=2),
        Retried(job="a", task="a", attempt=3, exit_status=4, wait_seconds=4.0, log_before="a-2"),
        AttemptBegan(job="a", attempt=3),
    ]
    assert (stage.job.attempts, stage.job.recovery_seconds, stage.forgotten) == (3, 8.0, 2)


def test_the_error_is_that_of_the_last_attempt():
    stage = Stage(failed(3), failed(4), failed(5), retry=Retry(count=2))
    error = stage.run()
    assert isinstance(error, CommandFailedError)
    assert (error.exit_status, stage.job.attempts) == (5, 3)


def test_a_retry_of_zero_is_none():
    stage = Stage(failed(), retry=Retry(count=0))
    assert isinstance(stage.run(), CommandFailedError)
    assert (stage.began, stage.said) == ([0.0], [])


def test_what_fails_for_another_reason_than_its_commands_is_not_retried():
    error = ParataskError("no such template")
    stage = Stage(error, retry=Retry(count=2))
    assert stage.run() is error
    other = Stage(failed(), error, retry=Retry(count=2))
    assert other.run() is error
    assert other.job.attempts == 2


def test_what_may_have_effects_elsewhere_is_not_retried_and_says_so():
    stage = Stage(failed(), retry=Retry(count=2), outside="`git push` reaches beyond this checkout")
    assert isinstance(stage.run(), CommandFailedError)
    assert stage.said == [
        (
            "paratask: `a` is not run again: its effects may not stay in this checkout (`git push` reaches beyond this checkout); "
            "`local = true` in its table says that they do"
        )
    ]


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (TaskTimeoutError(task="a", seconds=1.5), "`a` took longer than 1.5 s"),
        (TaskTimeoutError(task="b", seconds=60.0), "`a` failed, as `b` took longer than 1 min"),
        (TaskRunError(task="b", job="b", cause=TaskRunError(task="c", job="c", cause=failed(7))), "`a` failed, as `c` exited with 7"),
        (TaskRunError(task="b", job="b", cause=TaskTimeoutError(task="b", seconds=2.0)), "`a` failed, as `b` took longer than 2 s"),
    ],
)  # fmt: skip
def test_what_failed_is_named(failure, words):
    stage = Stage(failure, None, retry=Retry(count=1))
    assert stage.run() is None
    assert stage.said == [f"paratask: {words}; attempt 2 of 2"]


def test_silent_says_nothing():
    stage = Stage(failed(), None, retry=Retry(count=1), silent=True)
    assert stage.run() is None
    assert (stage.said, len(stage.seen)) == ([], 2)


def test_alone_comes_before_the_retries_and_is_not_repeated():
    alone = []
    stage = Stage(failed(3), failed(4), failed(5), None, retry=Retry(count=2, wait_seconds=1.0), strand=MEMBER, beside=("b",))
    steps = stage.steps

    async def watched(turn):
        alone.append(stage.quiet.is_alone)
        await steps(turn)

    stage.steps = watched
    assert stage.run() is None
    assert alone == [False, True, False, False]
    assert stage.seen[1] == FellBack(job="a", task="a", beside=("b",), exit_status=3, passed=False, first_log="a-1")
    assert [event.attempt for event in stage.seen if isinstance(event, Retried)] == [3, 4]
    assert [event.attempt for event in stage.seen if isinstance(event, AttemptBegan)] == [2, 3, 4]
    assert stage.said == [
        "paratask: `a` exited with 4; attempt 3 of 4, in 1 s",
        "paratask: `a` exited with 5; attempt 4 of 4, in 2 s",
    ]
    assert not stage.pace.one_at_a_time


def test_what_would_fail_of_the_same_again_was_repeated_alone():
    stage = Stage(failed(127), strand=MEMBER, beside=("b",), in_vain=True)
    stage.held.write(2, b"not found")
    assert stage.run() is not None
    assert (stage.job.attempts, stage.seen, stage.quiet.is_alone, stage.quiet.may_start) == (1, [], False, True)
    assert not stage.turn.stand.sink.is_empty, "its output is shown"


def test_what_ran_beside_others_that_only_read_was_repeated_alone():
    stage = Stage(failed(), strand=MEMBER, beside=("b",), strangers=True)
    stage.held.write(2, b"one error")
    error = stage.run()
    assert error is not None
    assert (error.by_itself, error.not_again) == (True, "")
    assert (stage.job.attempts, stage.seen, stage.quiet.may_start) == (1, [], True)
    assert not stage.turn.stand.sink.is_empty, "its output is shown"


@pytest.mark.parametrize("failure", [failed(137), failed(124), TaskTimeoutError(task="a", seconds=1.0)])
def test_what_had_too_little_of_something_runs_again_beside_whomever_it_was(failure):
    stage = Stage(failure, None, strand=MEMBER, beside=("b",), strangers=True)
    assert stage.run() is None
    assert stage.job.attempts == 2


EARLIER = SimpleNamespace(task="earlier")


def test_what_one_before_it_has_settled_was_run_again_alone():
    stage = Stage(failed(), strand=MEMBER, beside=("b",), before=EARLIER)
    stage.held.write(2, b"wrong")
    error = stage.run()
    assert (error.exit_status, error.not_again) == (3, "`earlier` had failed already")
    assert (stage.job.attempts, stage.seen, stage.quiet.may_start) == (1, [], True)
    assert not stage.turn.stand.sink.is_empty, "its output is shown"


def test_what_one_before_it_settled_while_it_waited_was_run_again_alone():
    stage = Stage(failed(), strand=MEMBER, beside=("b",))

    async def both():
        async with TaskGroup(stage.loop) as group:
            group.start(other)
            with pytest.raises(CommandFailedError) as caught:
                await stage.carry_out()
            assert caught.value.not_again == "`earlier` had failed already"
            assert (stage.loop.now(), stage.quiet.is_alone) == (3.0, False)

    async def other():
        stage.quiet.enter()
        await stage.loop.sleep(3.0)
        stage.before = EARLIER
        stage.quiet.leave()

    stage.loop.run(both())
    assert (stage.began, stage.job.attempts) == ([0.0], 1)


def test_retries_that_were_asked_for_came_whatever_was_settled():
    stage = Stage(failed(), None, strand=MEMBER, beside=("b",), before=EARLIER, retry=Retry(count=1))
    assert stage.run().exit_status == 3
    assert (stage.job.attempts, stage.seen) == (1, [])


def test_a_wait_for_a_retry_went_on_when_all_was_settled():
    stage = Stage(failed(), None, strand=MEMBER, retry=Retry(count=1, wait_seconds=60.0))

    async def both():
        async with TaskGroup(stage.loop) as group:
            group.start(other)
            with pytest.raises(CommandFailedError):
                await stage.carry_out()
            assert stage.loop.now() == 3.0

    async def other():
        await stage.loop.sleep(2.0)
        stage.quiet.tell_shut()  # a failure that matters to others
        await stage.loop.sleep(1.0)
        stage.before = EARLIER
        stage.quiet.tell_shut()

    stage.loop.run(both())
    assert stage.began == [0.0]


def test_why_it_may_not_run_again_at_all_is_said_first():
    stage = Stage(failed(), strand=MEMBER, beside=("b",), before=EARLIER, is_repeatable=False)
    assert stage.run().not_again == "it is not known"


def test_what_would_fail_of_the_same_again_is_waited_for_until_nobody_can_change_that():
    stage = Stage(failed(127), strand=MEMBER, beside=("b",), in_vain=True)
    ended = []

    async def both():
        async with TaskGroup(stage.loop) as group:
            group.start(other)
            try:
                await stage.carry_out()
            except ParataskError:
                ended.append(stage.loop.now())

    async def other():
        stage.quiet.enter()
        await stage.loop.sleep(3.0)
        stage.quiet.leave()

    stage.loop.run(both())
    assert ended == [3.0]


def test_what_passes_alone_needs_no_retry():
    stage = Stage(failed(3), None, retry=Retry(count=2), strand=MEMBER, beside=("b",))
    assert stage.run() is None
    assert ([type(event) for event in stage.seen], stage.pace.one_at_a_time) == ([AttemptBegan, FellBack], True)


@pytest.mark.parametrize("how", [{"is_repeatable": False}, {"on_failure": "continue"}, {"beside": ()}])
def test_retries_come_at_once_where_no_attempt_alone_is_due(how):
    stage = Stage(failed(3), None, **{"retry": Retry(count=2), "strand": MEMBER, "beside": ("b",), **how})
    assert stage.run() is None
    assert [type(event) for event in stage.seen] == [Retried, AttemptBegan]


def test_somebody_may_be_alone_while_a_job_waits_and_is_waited_for():
    stage = Stage(failed(), None, retry=Retry(count=1, wait_seconds=5.0), strand=MEMBER)
    alone = []

    async def other():
        await stage.loop.sleep(2.0)
        await stage.quiet.ask(TOP.member(1, 1, Kind.SET))
        alone.append(stage.loop.now())
        await stage.loop.sleep(10.0)
        stage.quiet.done()
        stage.quiet.leave()

    async def main():
        stage.quiet.enter()
        async with TaskGroup(stage.loop) as group:
            group.start(stage.carry_out)
            group.start(other)

    stage.loop.run(main())
    assert alone == [2.0]
    assert stage.began == [0.0, 12.0]


def test_whoever_is_alone_waits_without_giving_that_up():
    stage = Stage(failed(), None, retry=Retry(count=1, wait_seconds=5.0), strand=MEMBER)

    async def main():
        stage.quiet.enter()
        await stage.quiet.ask(MEMBER)
        await stage.attempt()
        assert stage.quiet.is_alone

    stage.loop.run(main())
    assert stage.began == [0.0, 6.0]


def test_cancelling_ends_the_wait_at_once():
    stage = Stage(failed(), retry=Retry(count=1, wait_seconds=500.0), strand=MEMBER)

    async def main():
        with CancelScope(stage.loop) as scope:
            stage.loop.call_at(3.0, scope.cancel)
            await stage.carry_out()
        return stage.loop.now()

    assert stage.loop.run(main()) == 3.0
    assert stage.began == [0.0]


def test_what_failed_while_the_run_was_stopped_stays_that_failure():
    stage = Stage(failed(130), retry=Retry(count=1))

    async def interrupted(turn):
        scope.cancel()
        raise failed(130)

    stage.steps = interrupted

    async def main():
        nonlocal scope
        with CancelScope(stage.loop) as scope, pytest.raises(CommandFailedError):
            await stage.carry_out()

    scope = None
    stage.loop.run(main())
    assert (stage.job.attempts, stage.said) == (1, [])


@pytest.mark.parametrize(("is_repeatable", "kept"), [(True, b""), (False, b"first")])
def test_output_of_a_first_attempt_beside_others_is_dropped_where_one_alone_follows(is_repeatable, kept):
    stage = Stage(failed(), None, retry=Retry(count=1), strand=MEMBER, beside=("b",), is_repeatable=is_repeatable)
    stage.held.write(1, b"first")
    assert stage.run() is None
    assert stage.held.is_empty
    shown = []
    stage.turn.stand.sink.pour_into(SimpleNamespace(write=lambda _, data: shown.append(data)))
    assert b"".join(shown) == kept


def test_an_attempt_alone_has_the_time_that_the_first_one_had():
    stage = Stage(failed(), None, strand=MEMBER, beside=("b",))

    async def both():
        async with TaskGroup(stage.loop) as group:
            group.start(other)
            with CancelScope(stage.loop, deadline=1.5) as scope:
                await stage.carry_out()
            assert not scope.cancelled

    async def other():
        stage.quiet.enter()
        await stage.loop.sleep(3.0)
        stage.quiet.leave()

    stage.loop.run(both())
    assert stage.began == [0.0, 3.0]


def test_an_attempt_alone_has_no_more_time_than_that():
    stage = Stage(failed(), None, strand=MEMBER, beside=("b",))
    attempts, steps = [], stage.steps

    async def slower(turn):
        attempts.append(turn)
        await stage.loop.sleep(len(attempts) - 1.0)
        await steps(turn)

    stage.steps = slower

    async def main():
        with CancelScope(stage.loop, deadline=1.5) as scope:
            await stage.carry_out()
        assert scope.cancelled

    stage.loop.run(main())
    assert (stage.loop.now(), len(attempts), stage.quiet.is_alone) == (2.5, 2, False)


def test_an_attempt_alone_that_somebody_stops_has_neither_passed_nor_failed():
    stage = Stage(failed(), None, strand=MEMBER, beside=("b",))

    async def main():
        with CancelScope(stage.loop) as scope:
            stage.loop.call_at(1.5, lambda: scope.cancel(2))
            await stage.carry_out()
        assert scope.cancelled

    stage.loop.run(main())
    assert stage.began == [0.0, 1.0]
    assert (stage.seen, stage.quiet.is_alone) == ([AttemptBegan(job="a", attempt=2)], False)
