"""The closing lines about stages, word for word."""

from __future__ import annotations

from paratask.reporting.stages_text import stage_lines


def stage(
    name, number, state="succeeded", *, of=4, seconds=1.25, gate="gate", gate_state="succeeded", gate_seconds=None, ran=2, fresh=1, parent="p",
):  # fmt: skip
    return {
        "pipeline": "release", "stage": name, "number": number, "of": of, "job": name, "parent": parent, "state": state,
        "seconds": seconds, "gate": gate, "gate_job": gate, "gate_state": gate_state, "gate_seconds": gate_seconds, "ran": ran,
        "fresh": fresh,
    }  # fmt: skip


def lines(*stages) -> list[str]:
    return list(stage_lines(stages, lambda color, text: f"<{color}>{text}</>"))


def test_stages_that_passed():
    assert lines(stage("check", 1, of=2), stage("build", 2, of=2, gate="")) == [
        "paratask: stage `check` (1 of 2) passed its gate `gate` in 1.2 s",
        "paratask: stage `build` (2 of 2) passed in 1.2 s",
    ]


def test_a_gate_that_failed_and_what_was_not_begun():
    found = lines(
        stage("a", 1), stage("b", 2, "failed", gate_state="failed"), stage("c", 3, "cancelled", seconds=None),
        stage("d", 4, "cancelled", seconds=None),
    )  # fmt: skip
    assert found[1:] == [
        "paratask: <red>stage `b` (2 of 4) did not pass its gate `gate`, after 1.2 s</>",
        "paratask: stages `c`, `d` of `release` not begun",
    ]


def test_a_task_that_failed_and_a_stage_that_was_stopped():
    assert lines(
        stage("a", 1, "failed", gate_state="cancelled"), stage("b", 2, "failed", gate="", gate_state=""),
        stage("c", 3, "cancelled", gate_state="cancelled"), stage("d", 4, "cancelled", seconds=None),
    ) == [
        "paratask: <red>stage `a` (1 of 4) failed after 1.2 s</>; its gate `gate` was not asked",
        "paratask: <red>stage `b` (2 of 4) failed after 1.2 s</>",
        "paratask: <red>stage `c` (3 of 4) was stopped after 1.2 s</>; its gate `gate` was not asked",
        "paratask: stage `d` of `release` not begun",
    ]  # fmt: skip


def test_of_a_stage_that_was_stopped_while_its_gate_was_asked_it_was_said_that_it_was_not():
    (line,) = lines(stage("a", 1, "cancelled", gate_state="cancelled", gate_seconds=0.5))
    assert line == "paratask: <red>stage `a` (1 of 4) was stopped after 1.2 s</>, while its gate `gate` was asked"


def test_stages_that_had_passed_before_are_one_line():
    before = [stage(name, number, ran=0) for number, name in ((1, "a"), (2, "b"), (4, "d"))]
    assert lines(before[0], before[1], stage("c", 3), before[2]) == [
        "paratask: stages 1-2, 4 of 4 of `release` passed before",
        "paratask: stage `c` (3 of 4) passed its gate `gate` in 1.2 s",
    ]
    assert lines(before[1], stage("c", 3))[0] == "paratask: stage 2 of 4 of `release` passed before"


def test_a_stage_in_which_all_was_skipped_was_said_to_have_passed_before():
    (line,) = lines(stage("publish", 3, gate="", ran=0, fresh=0, seconds=0.004))
    assert line == "paratask: stage `publish` (3 of 4) passed in 0.00 s"


def test_two_calls_of_one_pipeline_are_told_apart():
    assert (
        lines(stage("a", 1, of=1, ran=0), stage("a", 1, of=1, ran=0, parent="p.2"))
        == ["paratask: stage 1 of 1 of `release` passed before"] * 2
    )


def test_of_many_stages_few_are_named():
    many = [stage(f"s{number}", number, of=500) for number in range(1, 401)]
    waiting = [stage(f"s{number}", number, "cancelled", of=500, seconds=None) for number in range(402, 501)]
    found = lines(*many, stage("s401", 401, "failed", of=500, gate_state="failed"), *waiting)
    named = ", ".join(f"`s{number}`" for number in range(402, 422))
    assert found == [
        "paratask: stages 1-400 of 500 of `release` passed",
        "paratask: <red>stage `s401` (401 of 500) did not pass its gate `gate`, after 1.2 s</>",
        f"paratask: stages {named} and 79 more of `release` not begun",
    ]


def test_a_pipeline_that_was_called_a_thousand_times_has_few_lines():
    found = lines(*(stage("s", 1, "failed", of=1, gate="", gate_state="", parent=f"p.{number}") for number in range(1000)))
    assert len(found) == 41
    assert found[-1] == "paratask: and 960 more lines about stages, which summary.json has"
