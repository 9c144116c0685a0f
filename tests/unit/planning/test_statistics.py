"""What `--stats` works out of jobs and runs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paratask.planning.statistics import JobRecord, Rate, RunRecord, median, percentile, task_statistics, totals, trend


def job(task: str = "a", seconds: float = 1.0, state: str = "succeeded", **more: object) -> JobRecord:
    values: dict[str, object] = {
        "task": task, "state": state, "seconds": seconds, "command_seconds": seconds, "cpu_seconds": seconds * 2, "peak_bytes": 0,
        "neighbours": 0, "attempts": 1, "recovery_seconds": 0.0, "saved_seconds": 0.0,
    }  # fmt: skip
    return JobRecord(**{**values, **more})  # type: ignore[arg-type]


def test_times_are_of_jobs_that_succeeded_at_once() -> None:
    jobs = [job(seconds=3.0), job(seconds=9.0, state="failed"), job(seconds=7.0, attempts=2), job(seconds=1.0)]
    (found,) = task_statistics(jobs)
    assert (found.runs, found.last_seconds, found.median_seconds, found.p95_seconds) == (4, 3.0, 2.0, 3.0)


def test_tasks_come_by_name_with_their_cost() -> None:
    found = task_statistics(
        [
            job("b", peak_bytes=5, saved_seconds=1.0),
            job("a"),
            job("b", peak_bytes=9, saved_seconds=0.5, recovery_seconds=2.0),
        ]
    )
    assert [task.task for task in found] == ["a", "b"]
    assert (found[1].cores, found[1].peak_bytes, found[1].saved_seconds, found[1].recovery_seconds) == (2.0, 9, 1.5, 2.0)


def test_rates_tell_beside_others_from_alone() -> None:
    jobs = [job(), job(neighbours=2), job(neighbours=1, state="failed"), job(state="cancelled"), job(state="failed")]
    (found,) = task_statistics(jobs)
    assert (found.success, found.success_beside, found.success_alone) == (
        Rate(passed=2, attempts=4), Rate(passed=1, attempts=2), Rate(passed=1, attempts=2),
    )  # fmt: skip


@pytest.mark.parametrize(("state", "passed"), [("succeeded", 1), ("failed", 0)])
def test_a_second_attempt_alone_is_one_of_its_own(state: str, passed: int) -> None:
    (found,) = task_statistics([job(state=state, attempts=2, neighbours=3)])
    assert (found.success_beside, found.success_alone) == (Rate(passed=0, attempts=1), Rate(passed=passed, attempts=1))


def test_attempts_of_a_job_that_ran_beside_nothing_are_all_alone() -> None:
    (found,) = task_statistics([job(attempts=3)])
    assert (found.success, found.success_beside) == (Rate(passed=1, attempts=3), Rate(passed=0, attempts=0))


def test_attempts_after_the_one_alone_count_as_alone_too() -> None:
    (found,) = task_statistics([job(attempts=4, neighbours=1)])
    assert (found.success_beside, found.success_alone) == (Rate(passed=0, attempts=1), Rate(passed=1, attempts=3))


def test_a_task_that_never_succeeded_has_no_times() -> None:
    (found,) = task_statistics([job(state="failed")])
    assert (found.last_seconds, found.median_seconds, found.p95_seconds, found.trend, found.cores) == (None,) * 5
    assert found.success_beside.share is None


def test_a_job_that_took_no_time_to_speak_of_was_said_to_keep_four_cores_busy() -> None:
    (found,) = task_statistics([job(command_seconds=0.002, cpu_seconds=0.008), job(command_seconds=0.0)])
    assert found.cores is None
    (found,) = task_statistics([job(command_seconds=0.002, cpu_seconds=0.008), job(command_seconds=0.05, cpu_seconds=0.05)])
    assert found.cores == 1.0


def test_trend_compares_the_newest_five_with_those_before() -> None:
    assert trend([1.1] * 5 + [1.0] * 3) == pytest.approx(0.1)
    assert trend([0.5] * 5 + [1.0] * 30) == pytest.approx(-0.5)


@pytest.mark.parametrize("times", [[], [1.0] * 7, [0.04] * 5 + [0.01] * 5, [1.0] * 5 + [0.0] * 5])
def test_there_is_no_trend_in_little(times: list[float]) -> None:
    assert trend(times) is None


def run(seconds: float = 2.0, exit_code: int = 0, predicted: float | None = None, **more: float | None) -> RunRecord:
    values = {"saved_seconds": None, "recovery_seconds": 0.0, "was_stopped": False, "was_killed": False, **more}
    return RunRecord(seconds=seconds, exit_code=exit_code, predicted_seconds=predicted, **values)  # type: ignore[arg-type]


def test_totals_of_a_project() -> None:
    runs = [run(predicted=1.0, saved_seconds=1.5), run(predicted=2.5), run(predicted=9.0, exit_code=201, recovery_seconds=3.0)]
    found = totals([*runs, run(seconds=1.0, exit_code=201, was_stopped=True), run(exit_code=137, was_killed=True)])
    assert (found.runs, found.succeeded, found.stopped, found.killed, found.seconds) == (5, 2, 1, 1, 9.0)
    assert (found.saved_seconds, found.recovery_seconds) == (1.5, 3.0)
    assert (found.predictions, found.prediction_error) == (2, 0.375)


def test_totals_of_nothing() -> None:
    assert (totals([]).runs, totals([]).prediction_error) == (0, None)


@given(st.lists(st.floats(min_value=0, max_value=1e6, allow_nan=False), min_size=1), st.floats(min_value=0.01, max_value=1))
def test_percentile_is_the_smallest_that_so_many_do_not_exceed(values: list[float], share: float) -> None:
    found = percentile(values, share)
    assert found is not None
    assert found in values
    assert sum(1 for value in values if value <= found) >= share * len(values) - 1e-9
    assert sum(1 for value in values if value < found) < share * len(values)
    middle = median(values)
    assert middle is not None
    assert min(values) <= middle <= max(values)
