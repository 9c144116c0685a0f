"""What counts as a difference, and what is merely not reproducible."""

from __future__ import annotations

import pytest

from paratask.frozen import replace
from paratask.proving.comparing import LATER, compare, differences, find_unstable, judge
from paratask.proving.model import JobRecord, RunRecord, Verdict
from paratask.proving.snapshot import Entry


def job(task="a", state="succeeded", code=0, **values):
    defaults = {"parent": "", "started_at": 1.0, "ended_at": 2.0, "command_seconds": 1.0, "attempts": 1, "beside": ()}
    return JobRecord(id=values.pop("id", task), task=task, state=state, exit_code=code, **{**defaults, **values})


def record(tree, *, name="round 1", seed="7", code=0, jobs=None):
    entries = {path: value if isinstance(value, Entry) else Entry(kind="file", content=value) for path, value in tree.items()}
    return RunRecord(
        name=name, seed=seed, exit_code=code, seconds=1.0, peak_bytes=1, left_behind=0, log="", jobs=(job(),) if jobs is None else tuple(jobs), tree=entries
    )  # fmt: skip


def same(_path, left, right):
    return left.content == right.content


FOLDER = Entry(kind="folder")


def found(left, right):
    return differences(record(left).tree, record(right).tree, same, only_left="left", only_right="right")


def test_each_kind_of_difference():
    left = {
        "content": "1", "gone": "1", "same": "1", "mode": "1",
        "link": Entry(kind="link", content="a"), "kind": "1",
    }  # fmt: skip
    right = {
        "content": "2", "new": "1", "same": "1", "mode": Entry(kind="file", content="1", executable=True),
        "link": Entry(kind="link", content="b"), "kind": FOLDER,
    }  # fmt: skip
    assert found(left, right) == {
        "content": "other content",
        "gone": "left",
        "kind": "a file and a folder",
        "link": "links to a and to b",
        "mode": "executable in one of them",
        "new": "right",
    }


def test_a_folder_that_one_lacks_stands_for_what_is_in_it():
    assert found({"d": FOLDER, "d/x": "1", "d/y": "1", "d.txt": "1", "d0": "1"}, {}) == {
        "d": "left",
        "d.txt": "left",
        "d0": "left",
    }


def test_times_do_not_count():
    assert (
        found({"a": Entry(kind="file", content="1", changed_at=1.0)}, {"a": Entry(kind="file", content="1", changed_at=2.0)})
        == {}
    )


def findings(first, second, run):
    unstable = find_unstable(first, second, same)
    return [(finding.kind, finding.subject, finding.message) for finding in compare(first, run, unstable, same)]


def test_equal_runs_have_no_findings():
    tree = {"a": "1"}
    assert findings(record(tree), record(tree), record(tree)) == []


def test_what_two_runs_one_at_a_time_do_differently_is_left_out():
    first, second = {"stamp": "1", "a": "1", "tmp-1": FOLDER, "tmp-1/x": "1"}, {"stamp": "2", "a": "1", "tmp-2": FOLDER}
    third = {"stamp": "3", "a": "1", "tmp-2": FOLDER, "tmp-2/y": "1"}
    assert findings(record(first), record(second), record(third)) == []
    assert dict(find_unstable(record(first), record(second), same).paths) == {
        "stamp": "other content",
        "tmp-1": "only in the first run one at a time",
        "tmp-2": "only in the second run one at a time",
    }


def test_names_that_are_drawn_anew_in_a_folder_are_left_out_there_and_nowhere_else():
    first, second = {"d": FOLDER, "d/x1": "1", "d/keep": "1"}, {"d": FOLDER, "d/x2": "1", "d/keep": "1"}
    third = {"d": FOLDER, "d/x3": "1", "d/keep": "1", "e": "1"}
    assert findings(record(first), record(second), record(third)) == [("file", "e", "not there one at a time")]


def test_what_only_a_later_run_one_at_a_time_shows_explains_a_finding():
    """Two short runs fell into one second, so that what they dated seemed to be reproducible, and to race."""
    early = {"stamp": "1", "d": FOLDER, "d/at-1": "1", "raced": "1"}
    round_one = {"stamp": "2", "d": FOLDER, "d/at-2": "1", "raced": "2"}
    late = {"stamp": "3", "d": FOLDER, "d/at-3": "1", "raced": "1"}
    found = find_unstable(record(early), record(early, jobs=[job("a"), job("b")]), same)
    later = find_unstable(record(early), record(late, jobs=[job("a", "skipped")]), same, only_second=LATER)
    seen = list(compare(record(early), record(round_one, jobs=[job("a", "skipped"), job("c")]), found, same))
    assert [finding.subject for finding in seen] == ["a", "c", "d/at-1", "d/at-2", "raced", "stamp"]
    assert [finding.subject for finding in seen if not later.explains(finding)] == ["c", "raced"]
    both = found.joined(later)
    assert (both.tasks, both.drawn) == ({"a", "b"}, {"d"})
    assert both.paths["d/at-3"] == "only in the last run one at a time"


def test_a_file_that_differs_names_who_may_have_written_it():
    baseline = record(
        {"log": Entry(kind="file", content="ab", changed_at=4.5)}, jobs=[job("a"), job("b", started_at=4.0, ended_at=5.0)]
    )
    run = record(
        {"log": Entry(kind="file", content="ba", changed_at=1.5)}, jobs=[job("a"), job("b", started_at=9.0, ended_at=9.5)]
    )
    (finding,) = compare(baseline, run, find_unstable(baseline, baseline, same), same)
    assert (finding.subject, finding.message, finding.tasks, finding.seed) == ("log", "other content", ("b", "a"), "7")


def test_exit_codes_and_jobs_count():
    run = record({}, code=201, jobs=[job(state="failed", code=3)])
    assert findings(record({}), record({}), run) == [
        ("exit code", "a", "ended with 201; one at a time with 0"),
        ("job", "a", "failed with 3; one at a time succeeded"),
    ]


def test_jobs_are_told_apart_by_task_since_their_numbers_change():
    ours = [job("a", id="a"), job("a", id="a.2", state="skipped", code=None)]
    theirs = [job("a", id="a", state="skipped", code=None), job("a", id="a.2")]
    assert findings(record({}, jobs=ours), record({}, jobs=ours), record({}, jobs=theirs)) == []


def test_a_job_that_ran_less_often_is_a_finding():
    assert findings(
        record({}, jobs=[job("a"), job("b")]), record({}, jobs=[job("b"), job("a")]), record({}, jobs=[job("a")])
    ) == [("job", "b", "ran less often than one at a time")]


def test_what_passed_only_alone_is_a_finding_though_all_is_equal():
    run = record({}, jobs=[job(attempts=2, beside=("b", "c"))])
    assert findings(record({}), record({}), run) == [("retry", "a", "failed beside b and c, and passed alone")]


def test_what_passed_at_a_declared_retry_is_no_finding_unless_it_failed_beside_others():
    run = record({}, jobs=[job(attempts=2)])
    assert findings(record({}), record({}), run) == []
    run = record({}, jobs=[job(attempts=3, beside=("b",))])
    assert findings(record({}), record({}), run) == [("retry", "a", "failed beside b, and passed at the third attempt")]


def test_of_a_failing_task_only_its_failure_is_compared():
    failed = [job("a"), job("b", state="failed", code=3)]
    baseline = record({"x": "1"}, code=201, jobs=failed)
    assert findings(baseline, baseline, record({"x": "1", "c": "1"}, code=201, jobs=[*failed, job("c")])) == []
    assert findings(baseline, baseline, record({}, code=201, jobs=[job("a", state="failed", code=1)])) == [
        ("job", "b", "did not fail; one at a time it does")
    ]


@pytest.mark.parametrize(
    ("codes", "wrong", "verdict"),
    [
        ((0, 0), False, Verdict.EQUAL),
        ((0, 0), True, Verdict.DIFFERENT),
        ((201, 201), False, Verdict.FAILS_ALIKE),
        ((201, 201), True, Verdict.DIFFERENT),
        ((0, 201), False, Verdict.UNSTABLE),
    ],
)
def test_verdicts(codes, wrong, verdict):
    baselines = [record({}, code=code) for code in codes]
    one = list(compare(record({}), record({"x": "1"}), find_unstable(record({}), record({}), same), same))
    assert judge(baselines, one if wrong else []) is verdict


def test_overlap_is_told_by_times_and_not_between_a_job_and_its_caller():
    jobs = [
        job("all", ended_at=10.0), job("a", parent="all", ended_at=5.0), job("b", parent="all", started_at=4.0, ended_at=6.0),
        job("c", parent="all", started_at=7.0, ended_at=8.0),
    ]  # fmt: skip
    assert record({}, jobs=jobs).overlapped == 2
    assert replace(record({}), jobs=(job("a"),)).overlapped == 0


def test_parts_of_a_task_that_one_at_a_time_is_whole_are_no_difference():
    whole = record({}, jobs=[job("lint")])
    split = record({}, jobs=[job("lint", code=None), job("lint#ruff-check"), job("lint#mypy-src")])
    assert list(compare(whole, split, find_unstable(whole, whole, same), same)) == []
    failed = record({}, code=201, jobs=[job("lint", "failed", 3)])
    part_failed = record({}, code=201, jobs=[job("lint", "failed", None), job("lint#ruff-check", "failed", 3)])
    assert list(compare(failed, part_failed, find_unstable(failed, failed, same), same)) == []
