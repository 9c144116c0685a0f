"""Which members may be stopped, by what runs below them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from paratask.execution.stoppable import Stoppable


class Run:
    """`top` calls `member` and `other`; `member` calls `inner`, which calls `deep`. A job's variables are its name."""

    def __init__(self, *, answer: bool = True) -> None:
        parents = {"top": "", "member": "top", "other": "top", "inner": "member", "deep": "inner"}
        self.jobs = {
            name: SimpleNamespace(id=name, task=f"{name}-task", variables=name, parent=parent)
            for name, parent in parents.items()
        }
        self.running: list[object] = []
        self.asked: list[object] = []
        self.answer = answer
        self.stoppable = Stoppable(jobs=self.jobs, running=self.running, may_be_stopped=self.may_be_stopped)  # type: ignore[arg-type]

    def may_be_stopped(self, call: object, doing: object, begun: set[str]) -> bool:
        self.asked.append((call, doing, sorted(begun)))
        return self.answer

    def ask(self, *running: str, member: str = "member", call: object = "its call", again: object = "anew") -> bool:
        self.running[:] = [self.jobs[name] for name in running]
        return self.stoppable(SimpleNamespace(job=self.jobs[member], call=call, again=again))  # type: ignore[arg-type]


@pytest.mark.parametrize("answer", [True, False])
def test_it_is_told_what_runs_below_the_member_and_what_has_begun_for_that(answer: bool) -> None:
    run = Run(answer=answer)
    assert run.ask("deep", "other") is answer
    assert run.asked == [("its call", [("deep-task", "deep")], ["deep-task", "inner-task", "member-task"])]


def test_it_is_asked_once_for_what_runs_at_a_time() -> None:
    run = Run()
    for running in (["deep"], ["deep", "other"], ["inner"], ["deep"], ["member"]):
        run.ask(*running)
    assert [doing for _, doing, _ in run.asked] == [
        [("deep-task", "deep")],
        [("inner-task", "inner")],
        [("member-task", "member")],
    ]


def test_it_is_asked_of_each_member_that_what_runs_is_below() -> None:
    run = Run()
    run.ask("deep")
    run.ask("deep", member="inner")
    assert [begun for _, _, begun in run.asked] == [["deep-task", "inner-task", "member-task"], ["deep-task", "inner-task"]]


@pytest.mark.parametrize("lacks", ["call", "again"])
def test_one_that_cannot_begin_anew_may_not_be(lacks: str) -> None:
    run = Run()
    assert not run.ask("deep", **{lacks: None})
    assert run.asked == []
