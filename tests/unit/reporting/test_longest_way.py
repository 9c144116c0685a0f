"""The jobs that a run's time was spent waiting for."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from paratask.reporting.longest_way import Leg, longest_way


class Ran(NamedTuple):
    id: str
    parent: str
    started_at: float
    ended_at: float
    stopped: float = 0.0

    @property
    def seconds(self) -> float:
        return self.ended_at - self.started_at - self.stopped


def way(*jobs: Ran, **after: tuple[str, ...]) -> list[tuple[str, float]]:
    return [(leg.job, round(leg.seconds, 6)) for leg in longest_way(jobs, after)]


def test_no_jobs_have_no_way() -> None:
    assert longest_way([], {}) == ()
    assert way(Ran("never", "", 0, 0)) == []


def test_one_job_is_all_of_it() -> None:
    assert longest_way([Ran("a", "", 5, 7)], {}) == (Leg(job="a", seconds=2),)


def test_steps_one_after_another_are_all_on_it() -> None:
    assert way(Ran("ci", "", 10, 20), Ran("a", "ci", 11, 13), Ran("b", "ci", 13, 19)) == [("ci", 2), ("a", 2), ("b", 6)]


def test_of_a_set_the_last_to_end_counts() -> None:
    jobs = Ran("ci", "", 0.5, 10), Ran("a", "ci", 0.5, 9), Ran("b", "ci", 0.5, 10), Ran("c", "ci", 0.5, 4)
    assert way(*jobs) == [("ci", 0), ("b", 9.5)]


def test_who_was_arranged_to_wait_waited_for_those() -> None:
    jobs = Ran("ci", "", 0.5, 9), Ran("a", "ci", 0.5, 2), Ran("b", "ci", 0.5, 3), Ran("c", "ci", 3, 9)
    assert way(*jobs) == [("ci", 0), ("b", 2.5), ("c", 6)]
    assert way(*jobs, c=("a",)) == [("ci", 1), ("a", 1.5), ("c", 6)]
    assert way(*jobs, c=("nobody that ran",)) == [("ci", 0), ("b", 2.5), ("c", 6)]


def test_way_goes_through_what_was_called() -> None:
    jobs = Ran("ci", "", 1, 11), Ran("x", "ci", 1, 11), Ran("x1", "x", 1, 3), Ran("x2", "x", 4, 11), Ran("y", "ci", 1, 10)
    assert way(*jobs) == [("ci", 0), ("x", 1), ("x1", 2), ("x2", 7)]


def test_the_time_in_which_the_run_was_stopped_is_on_nobodys_way() -> None:
    """Ctrl-Z, a minute, `fg`: the job that ran meanwhile was said to have taken the minute."""
    ci, b = Ran("ci", "", 10, 80, stopped=60), Ran("b", "ci", 14, 80, stopped=60)
    assert way(ci, Ran("a", "ci", 10, 14), b) == [("ci", 0), ("a", 4), ("b", 6)]
    between = Ran("a", "ci", 10, 14), Ran("b", "ci", 76, 80)
    assert way(ci, *between) == [("ci", 2), ("a", 4), ("b", 4)], "its caller looked at something then"
    assert way(ci, Ran("a", "ci", 10, 78, stopped=60), b) == [("ci", 4), ("b", 6)]


def test_tasks_named_together_are_one_way() -> None:
    assert way(Ran("a", "", 1, 3), Ran("b", "", 3, 8)) == [("a", 2), ("b", 5)]


@given(st.lists(st.tuples(st.integers(1, 50), st.integers(0, 20), st.integers(-1, 10), st.integers(0, 10)), max_size=12))
def test_seconds_add_up_to_the_whole_run(drawn: list[tuple[int, int, int, int]]) -> None:
    jobs: list[Ran] = []
    after: dict[str, tuple[str, ...]] = {}
    for number, (start, length, parent, before) in enumerate(drawn):
        above = jobs[parent] if 0 <= parent < number else None
        began = start if above is None else min(max(start, above.started_at), above.ended_at)
        ended = began + length if above is None else min(began + length, above.ended_at)
        jobs.append(Ran(str(number), above.id if above else "", began, ended))
        if before < number:
            after[str(number)] = (str(before),)
    legs = longest_way(jobs, after)
    assert len({leg.job for leg in legs}) == len(legs)
    assert all(leg.seconds >= 0 for leg in legs)
    if jobs:
        whole = max(job.ended_at for job in jobs) - min(job.started_at for job in jobs)
        assert sum(leg.seconds for leg in legs) <= whole + 1e-6
