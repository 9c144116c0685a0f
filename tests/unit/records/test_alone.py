"""About how long one at a time would have taken, of jobs that took cores from each other."""

from __future__ import annotations

import pytest

from paratask.events import EventBus
from paratask.execution.jobs import Job, Jobs, State
from paratask.records.summary import one_at_a_time_seconds, totals

TWO = 2.0


def beside(*measured: tuple[float, float, float], state: State = State.SUCCEEDED) -> list[Job]:
    """Jobs that ran beside each other and ended at the same moment: (seconds, cpu seconds, seconds that others had their cores)."""
    made = Jobs(EventBus(), lambda: 0.0)
    for number, (seconds, cpu_seconds, taken_seconds) in enumerate(measured):
        job = made.make(f"t{number}", parent="", reason="")
        job.state, job.started_at, job.ended_at = state, 1.0, 100.0
        job.own_seconds, job.cpu_seconds, job.taken_seconds = seconds, cpu_seconds, taken_seconds
    for job in made.all:
        job.neighbours = {other.id for other in made.all if other is not job}
    return made.all


def alone(*measured: tuple[float, float, float]) -> float | None:
    return one_at_a_time_seconds(beside(*measured), TWO)


def test_two_that_keep_all_cores_busy_each_were_said_to_take_twice_the_time_one_at_a_time() -> None:
    """Measured: two `xz -T2` on two cores, 10.7 s side by side, 5.2 s each alone."""
    assert alone((10.7, 10.6, 14.0), (10.7, 10.6, 13.0)) == pytest.approx(10.7, abs=0.1)


def test_two_that_keep_a_core_busy_each_lose_nothing() -> None:
    assert alone((4.0, 4.0, 0.0), (4.0, 4.0, 0.0)) == 8.0
    assert alone((4.0, 3.9, 0.2), (4.0, 3.9, 0.2)) == pytest.approx(7.6, abs=0.1)


def test_what_takes_cores_from_itself_loses_nothing_where_there_is_one_left() -> None:
    """Threads of one program do so to each other, hundreds of times a second."""
    assert alone((10.0, 3.0, 8.0), (10.0, 10.0, 0.0)) == 20.0


def test_waiting_for_shared_job_slots_was_said_to_be_time_that_one_at_a_time_would_take_too() -> None:
    """Measured: two `make -j2` on two cores that share two slots, 4.0 s side by side, 2.0 s each alone; also where they are short."""
    untold = float("inf")
    assert alone((4.0, 4.0, untold), (4.0, 4.0, untold)) == pytest.approx(4.0)
    assert alone((0.8, 0.8, untold), (0.8, 0.8, untold)) == pytest.approx(0.8)
    assert alone((4.0, 0.5, untold), (4.0, 0.5, untold)) == 8.0


def test_nobody_loses_more_than_its_neighbours_computed() -> None:
    assert alone((10.0, 16.0, 90.0), (10.0, 2.0, 0.0)) == pytest.approx(10.0 / (1 + 2.0 / 16.0) + 10.0)


def test_nobody_computes_more_than_all_cores_can() -> None:
    assert alone((10.0, 19.0, 90.0), (10.0, 9.0, 0.0)) == pytest.approx(9.5 + 10.0)


def test_only_what_was_computed_meanwhile_counts() -> None:
    long, short = beside((1000.0, 1000.0, 0.0), (10.0, 10.0, 30.0))
    assert one_at_a_time_seconds([long, short], TWO) == pytest.approx(1000.0 + 5.0)
    short.ended_at = long.ended_at - long.own_seconds
    assert one_at_a_time_seconds([long, short], TWO) == 1010.0


def test_a_neighbour_counts_for_the_time_that_it_was_there() -> None:
    first, second = beside((10.0, 12.0, 30.0), (10.0, 12.0, 0.0))
    assert one_at_a_time_seconds([first, second], TWO) == pytest.approx(20.0 - 4.0)
    second.ended_at = first.ended_at - 5.0
    assert one_at_a_time_seconds([first, second], TWO) == pytest.approx(20.0 - 10.0 / 3)


def test_what_computes_nothing_loses_nothing_and_of_neighbours_that_are_not_known_nothing_is_told() -> None:
    assert alone((10.0, 0.0, float("inf")), (10.0, 20.0, 0.0)) == 20.0
    (job,) = beside((10.0, 20.0, 30.0))
    job.neighbours = {"gone"}
    assert one_at_a_time_seconds([job], TWO) == 10.0


def test_attempts_that_failed_are_no_part_of_what_one_at_a_time_takes() -> None:
    jobs = beside((10.0, 8.0, 90.0), (10.0, 10.0, 0.0))
    jobs[0].failed_seconds = 4.0
    assert one_at_a_time_seconds(jobs, TWO) == pytest.approx(4.0 + 10.0)


def test_of_short_ones_nothing_is_told() -> None:
    assert alone((0.2, 0.19, 0.2), (0.2, 0.19, 0.2)) == 0.4


def test_alone_nothing_is_lost_and_of_what_was_stopped_nobody_knows() -> None:
    (job,) = beside((10.0, 20.0, 30.0))
    assert one_at_a_time_seconds([job], TWO) == 10.0
    assert one_at_a_time_seconds(beside((1.0, 1.0, 0.0), state=State.CANCELLED), TWO) is None


@pytest.mark.parametrize(("elsewhere", "seconds"), [(0.0, 6.0), (0.7, 4.5), (10.6 / 8.35, 11.0)])
def test_what_other_programs_computed_was_nowhere_seen(elsewhere: float, seconds: float) -> None:
    """Measured: two that keep a core busy for 3 s, 8.35 s each side by side on two cores that others used as well, 5.6 s each alone. It
    was said that one at a time takes 16.7 s.
    """
    measured = (8.35, 3.06, 9.0) if elsewhere > 1 else (3.0, 2.25, 0.75)
    assert one_at_a_time_seconds(beside(measured, measured), TWO, elsewhere) == pytest.approx(seconds, abs=0.1)


def test_others_take_nothing_from_who_loses_nothing() -> None:
    assert one_at_a_time_seconds(beside((4.0, 4.0, 0.0), (4.0, 4.0, 0.0)), TWO, 2.0) == 8.0
    assert one_at_a_time_seconds(beside((4.0, 1.0, 3.0), (4.0, 1.0, 3.0)), TWO, 1.0) == 8.0, "a core was left"


def test_what_others_computed_is_what_was_busy_less_what_jobs_computed() -> None:
    jobs = beside((8.0, 4.0, 4.0), (8.0, 4.0, 4.0))
    alone = [totals(jobs, 8.0, TWO, busy)["sequential_seconds"] for busy in (0.0, 1.0, 2.0)]
    assert alone == [16.0, 16.0, 10.0], "unknown, no more than ours, and one by others"
