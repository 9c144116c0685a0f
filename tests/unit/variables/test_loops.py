"""`for:` unrolled: lists, matrices, variables, files, and what cannot be looped over."""

from __future__ import annotations

import pytest

from paratask.errors import TaskfileSyntaxError
from paratask.variables.ready import ReadyCall, ReadyCommand, UnknownSteps
from paratask.variables.scopes import Mode
from unit.builders import Bench, bench


def loop(text: str, rest: str = "", **how: object) -> Bench:
    return bench(f"tasks: {{t: {{cmds: [{{cmd: '{{{{.KEY}}}}[{{{{.ITEM}}}}]', for: {text}}}]{rest}}}}}", **how)


def texts(one: Bench, mode: Mode = Mode.RUN) -> list[str | None]:
    return [step.text for step in one.ready(mode=mode).steps if isinstance(step, ReadyCommand)]


@pytest.mark.parametrize(
    ("text", "rest", "rounds"),
    [
        ("[a, 1, true, ~, 1.5]", "", ["[a]", "[1]", "[true]", "[]", "[1.5]"]),
        ("[]", "", []),
        ("{var: L}", ", vars: {L: [x, y]}", ["[x]", "[y]"]),
        ("{var: L}", ", vars: {L: ' a  b\tc '}", ["[a]", "[b]", "[c]"]),
        ("{var: L, split: ','}", ", vars: {L: 'a,b,,c'}", ["[a]", "[b]", "[]", "[c]"]),
        ("{var: L}", ", vars: {L: ''}", []),
        ("{var: L, split: ','}", ", vars: {L: ''}", ["[]"]),
        ("{var: L}", ", vars: {L: {map: {k: v, l: 2}}}", ["k[v]", "l[2]"]),
        ("{var: NOPE}", "", []),
        ("{var: L}", ", vars: {L: ~}", []),
        ("{var: L}", ", vars: {M: [p, q], L: {ref: .M}}", ["[p]", "[q]"]),
        ("{var: L}", ", vars: {L: {sh: ls}}", ["[<ls>]"]),
        ("other", "", []),
    ],
)
def test_rounds_of_a_loop(text: str, rest: str, rounds: list[str]) -> None:
    assert texts(loop(text, rest)) == rounds


def test_items_of_a_list_are_not_filled_in() -> None:
    assert texts(loop("['{{.A}}']", ", vars: {A: 1}")) == ["[{{.A}}]"]


def test_matrix_is_every_combination_the_last_row_fastest() -> None:
    one = bench(
        "tasks: {t: {cmds: [{cmd: '{{.ITEM.A}}-{{.ITEM.B}}', for: {matrix: {A: [1, 2], B: {ref: .L}}}}], vars: {L: [x, y]}}}"
    )
    assert texts(one) == ["1-x", "1-y", "2-x", "2-y"]


def test_matrix_with_an_empty_row_has_no_rounds() -> None:
    assert texts(loop("{matrix: {A: [1], B: []}}")) == []


def test_loop_variable_may_have_another_name() -> None:
    one = bench("tasks: {t: {cmds: [{cmd: '{{.X}}{{.ITEM}}', for: {var: L, as: X}}], vars: {L: [1], ITEM: i}}}")
    assert texts(one) == ["1i"]


def test_loop_over_calls_and_dependencies_fills_names_and_variables() -> None:
    one = bench(
        "tasks: {t: {cmds: [{task: 'c-{{.ITEM}}', for: [1, 2], vars: {V: 'v{{.ITEM}}'}}], deps: [{task: 'd-{{.ITEM}}', for: [3]}]}}"
    )
    ready = one.ready()
    assert [(s.task, s.variables["V"].value) for s in ready.steps if isinstance(s, ReadyCall)] == [("c-1", "v1"), ("c-2", "v2")]
    assert [d.task for d in ready.dependencies if isinstance(d, ReadyCall)] == ["d-3"]


@pytest.mark.parametrize("kind", ["sources", "generates"])
def test_loop_over_files_gives_them_relative_to_the_task_s_folder(kind: str) -> None:
    one = loop(kind, f", dir: sub, {kind}: [../a, b, c/d, nope]", files={"/repo/a": "", "/repo/sub/b": "", "/repo/sub/c/d": ""})
    assert texts(one) == ["[../a]", "[b]", "[c/d]"]


@pytest.mark.parametrize(
    ("text", "rest", "message"),
    [
        ("{var: L}", ", vars: {L: 3}", "loop var must be a delimiter-separated string, list or a map"),
        ("{var: L}", ", vars: {L: true}", "loop var must be a delimiter-separated string, list or a map"),
        ("{matrix: {A: {ref: .L}}}", ", vars: {L: x}", "matrix reference `.L` must resolve to a list"),
        ("{matrix: {A: {ref: .NOPE}}}", "", "matrix reference `.NOPE` must resolve to a list"),
        (
            "{matrix: {A: {ref: 'index .L 5'}}}",
            ", vars: {L: [x]}",
            "matrix reference `index .L 5`: error calling index: index out of range: 5",
        ),
    ],
)
def test_loop_over_what_is_no_list_exits_with_109_as_in_task(text: str, rest: str, message: str) -> None:
    with pytest.raises(TaskfileSyntaxError) as caught:
        loop(text, rest).ready()
    assert (caught.value.message, caught.value.exit_code) == (message, 109)
    assert caught.value.position is not None
    assert (caught.value.position.line, caught.value.position.column) == (2, 9)


def test_loop_over_what_is_no_list_is_unknown_in_a_plan_and_in_a_summary() -> None:
    one = loop("{var: L}", ", vars: {L: 3}")
    assert [type(step) for step in one.ready(mode=Mode.UNKNOWN).steps] == [UnknownSteps]
    assert [type(step) for step in one.ready(mode=Mode.BLANK).steps] == [UnknownSteps]


def test_loop_over_the_output_of_a_command_is_unknown_in_a_plan() -> None:
    one = loop("{var: L}", ", vars: {L: {sh: ls}}")
    (step,) = one.ready(mode=Mode.UNKNOWN).steps
    assert isinstance(step, UnknownSteps)
    assert one.shell.asked == []
    assert texts(one) == ["[<ls>]"]
    assert texts(one, Mode.UNKNOWN) == ["[<ls>]"]


def test_loop_over_files_of_an_unknown_folder_is_unknown_in_a_plan() -> None:
    one = loop("sources", ", dir: '{{.D}}', vars: {D: {sh: pwd}}, sources: [a]")
    assert [type(step) for step in one.ready(mode=Mode.UNKNOWN).steps] == [UnknownSteps]
