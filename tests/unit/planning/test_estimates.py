"""What a task will take, from what it took."""

from __future__ import annotations

import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from paratask.planning.estimates import MAX_SAMPLES, Estimates, Sample, decayed_median, typical, variables_digest
from paratask.taskfile.model import Variable

SECONDS = st.floats(min_value=0, max_value=1e6, allow_nan=False)


def sample(task: str, seconds: float, variables: str = "", peak_bytes: int = 0, cpu_seconds: float = 0.0) -> Sample:
    return Sample(
        task=task, variables=variables, seconds=seconds, command_seconds=seconds / 2, cpu_seconds=cpu_seconds, peak_bytes=peak_bytes
    )  # fmt: skip


def test_nothing_is_known_of_what_never_ran() -> None:
    assert Estimates().of("a") is None
    assert not Estimates()
    assert Estimates([sample("a", 1.0)]).of("b") is None


def test_median_of_a_task_with_its_cost() -> None:
    estimate = Estimates([sample("a", 2.0, cpu_seconds=3.0), sample("a", 1.0, peak_bytes=5), sample("a", 9.0)]).of("a")
    assert estimate is not None
    assert (estimate.seconds, estimate.command_seconds, estimate.peak_bytes, estimate.runs) == (2.0, 1.0, 5, 3)


def test_calls_with_the_same_variables_stand_above_others_of_the_task() -> None:
    estimates = Estimates([sample("a", 9.0, "x"), sample("a", 9.0, "x"), sample("a", 1.0, "y"), sample("a", 9.0, "x")])
    found = {name: estimates.of("a", name) for name in ("x", "y", "z", "")}
    assert {name: (e.seconds, e.is_exact, e.runs) for name, e in found.items() if e} == {
        "x": (9.0, True, 3), "y": (1.0, True, 1), "z": (9.0, False, 4), "": (9.0, False, 4),
    }  # fmt: skip


def test_after_a_change_the_new_times_soon_decide() -> None:
    old = [10.0] * 40
    assert [decayed_median([1.0] * new + old[: MAX_SAMPLES - new]) for new in (1, 4, 5, 6)] == [10.0, 10.0, 1.0, 1.0]


def test_one_odd_run_changes_nothing() -> None:
    assert decayed_median([100.0, 1.0, 1.0, 1.0]) == 1.0


def test_only_the_newest_samples_count() -> None:
    assert Estimates([sample("a", 1.0)] * MAX_SAMPLES + [sample("a", 9.0, peak_bytes=99)] * 50).of("a") == Estimates(
        [sample("a", 1.0)] * MAX_SAMPLES
    ).of("a")


def test_cores_are_cpu_time_by_time() -> None:
    (busy, idle) = (Estimates([sample("a", seconds, cpu_seconds=3.0)]).of("a") for seconds in (3.0, 0.0))
    assert busy is not None
    assert idle is not None
    assert (busy.cores, idle.cores) == (2.0, 0.0)


@given(st.lists(SECONDS, min_size=1, max_size=60))
def test_estimate_is_one_of_the_times(values: list[float]) -> None:
    assert decayed_median(values) in values


@given(st.lists(SECONDS, min_size=1, max_size=60))
def test_typical_time_is_one_of_those_known(values: list[float]) -> None:
    assert typical(values) in values


def test_nothing_is_typical_of_nothing() -> None:
    assert (typical([]), decayed_median([])) == (0.0, 0.0)


def test_digest_of_variables_does_not_depend_on_their_order() -> None:
    one, two = Variable(value="1"), Variable(sh="date")
    assert variables_digest({"A": one, "B": two}) == variables_digest({"B": two, "A": one})
    assert variables_digest({}) == ""
    assert len({variables_digest(v) for v in ({"A": one}, {"A": two}, {"B": one}, {"A": Variable(value="2")})}) == 4


def test_digest_of_variables_is_the_same_in_every_process() -> None:
    text = (
        "from paratask.planning.estimates import variables_digest as d\n"
        "from paratask.taskfile.model import Variable\n"
        "print(d({'A': Variable(value='secret'), 'B': Variable(value=['x', 1])}), end='')"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", text], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in "12"
    }
    assert len(found) == 1
    assert "secret" not in found.pop()
