"""What the closing lines say of a large run."""

from __future__ import annotations

from paratask.events import EventBus, SetArranged
from paratask.execution.jobs import Job, Jobs, State
from paratask.reporting.closing import after_of, detail_lines, evidence_line, parallel_sets, way_text, worth_telling
from paratask.reporting.longest_way import Leg


def ran(*times: tuple[str, float, float], state: State = State.SUCCEEDED, beside: bool = True) -> list[Job]:
    """A caller `ci`, and jobs below it with their beginnings and ends."""
    made = Jobs(EventBus(), lambda: 0.0)
    for name, start, end in (("ci", 100.0, 100.0 + max(end for _, _, end in times)), *times):
        job = made.make(name, parent="" if name == "ci" else "ci", reason="")
        job.state = state if name == "ci" else State.SUCCEEDED
        job.started_at, job.ended_at = (start, end) if name == "ci" else (100.0 + start, 100.0 + end)
        job.seconds = end - start
        job.own_seconds = 0.0 if name == "ci" else end - start
        job.neighbours = {"other"} if beside else set()
    return made.all


def arranged(*members: str, evidence: tuple[str, ...] = (), after: tuple[tuple[str, ...], ...] = ()) -> SetArranged:
    return SetArranged(
        parent="ci", members=members, after=after or ((),) * len(members), is_parallel=len(members) > 1, evidence=evidence
    )


def details(jobs: list[Job], *sets: SetArranged, seconds: float = 9.0) -> list[str]:
    return list(detail_lines(jobs, sets, seconds=seconds))


LARGE = [("a", 0.0, 5.0), ("b", 0.0, 2.0), ("c", 5.0, 9.0)]


def test_large_run_is_told_by_evidence_way_and_slowest() -> None:
    sets = arranged("a", "b", evidence=("declared", "inferred"))
    assert details(ran(*LARGE), sets) == [
        "calls let run together: 1 declared, 1 inferred",
        "longest way: `a` 5.0 s → `c` 4.0 s",
        "slowest: `a` 5.0 s, `c` 4.0 s, `b` 2.0 s",
    ]


def test_slowest_are_not_told_where_the_way_has_them() -> None:
    assert details(ran(("a", 0, 3), ("b", 3, 6), ("c", 6, 9), ("d", 0, 1))) == [
        "longest way: `a` 3.0 s → `b` 3.0 s → `c` 3.0 s"
    ]


def test_way_of_a_run_in_which_nothing_overlapped_is_no_news() -> None:
    assert details(ran(*LARGE, beside=False)) == ["slowest: `a` 5.0 s, `c` 4.0 s, `b` 2.0 s"]


def test_small_and_short_runs_and_those_that_failed_have_no_details() -> None:
    assert details(ran(*LARGE[:2])) == []
    assert details(ran(*LARGE), seconds=4.9) == []
    assert details(ran(*LARGE, state=State.FAILED)) == []
    assert details(ran(*LARGE, state=State.CANCELLED)) == []
    assert details(ran(*LARGE, state=State.RUNNING)) == []  # nobody read its output any more


def test_evidence_is_counted_by_call_strongest_first() -> None:
    sets = [
        arranged("a", "b", "c", evidence=("inferred", "", "inferred")),
        arranged("d", "e", evidence=("observed", "author")),
        arranged("f", evidence=("declared",)),
    ]
    assert evidence_line(sets) == "calls let run together: 1 observed, 2 inferred, 1 `&`"
    assert evidence_line([arranged("a", "b", evidence=("none", "none"))]) == "calls let run together: 2 nothing known"
    assert evidence_line([arranged("a", "b")]) == ""


def test_whom_jobs_waited_for() -> None:
    assert after_of([arranged("a", "b", "c", after=((), ("a",), ("a", "b")))]) == {"b": ("a",), "c": ("a", "b")}


def test_only_long_legs_are_told_and_few_of_them() -> None:
    way = [Leg(job=str(number), seconds=float(number)) for number in range(10)]
    assert [leg.job for leg in worth_telling(way, 45.0)] == ["4", "5", "6", "7", "8", "9"]
    assert [leg.job for leg in worth_telling(way, 400.0)] == ["8", "9"]


def test_what_a_leg_spent_waiting_is_told() -> None:
    way = [Leg(job="a", seconds=2.0), Leg(job="b", seconds=8.0)]
    names = {"a": "a", "b": "x:b"}
    assert way_text(way, names, {"a": 1.9, "b": 5.0}) == "`a` 2.0 s → `x:b` 8.0 s (3.0 s waiting)"


def test_what_became_sequential_when_it_was_arranged_anew_counted_as_a_parallel_set() -> None:
    first = arranged("a", "b", "c", evidence=("", "inferred", "inferred"))
    anew = SetArranged(parent="ci", members=("b", "c"), after=((), ("b",)), is_parallel=False)
    assert (len(parallel_sets([first])), parallel_sets([first, anew])) == (1, [])
    assert parallel_sets([first, anew, arranged("b", "c", evidence=("observed", "observed"))]) == [
        {"a": "", "b": "observed", "c": "observed"}
    ]
    assert evidence_line([first, anew]) == ""
    assert after_of([first, anew])["c"] == ("b",)


def test_a_set_of_which_a_part_is_arranged_anew_is_one_set() -> None:
    first = arranged("a", "b", "c", "d", evidence=("inferred",) * 4)
    anew = SetArranged(parent="ci", members=("c", "d"), after=((), ("c",)), is_parallel=False, evidence=("", ""))
    assert parallel_sets([first, anew]) == [{"a": "inferred", "b": "inferred", "c": "", "d": ""}]
    assert len(parallel_sets([arranged("e", "f"), first])) == 2, "also where nobody says on what evidence"
