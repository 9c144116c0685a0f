"""Plans of calls that many others make: a tree as long as anybody can read it, else each of them once."""

from __future__ import annotations

import itertools

import pytest

from paratask.planning.critical_path import critical_path
from paratask.planning.estimates import Estimates, Sample
from paratask.planning.plan import MAX_DEPTH, MAX_JOBS, MAX_SHARED_DEPTH
from paratask.reporting.plan_text import plan_document, render_plan
from paratask.scheduling.budget import Budget
from paratask.taskfile.model import Variable
from unit.builders import plain

from .test_expand import by_id, call, plan, task
from .test_forecast import forecast


def diamonds(count, *, dependencies=False):
    """`t0` calls `a0` and `b0`, both of which call `t1`, and so on."""
    for number in range(count):
        sides = (call(f"a{number}"), call(f"b{number}"))
        yield task(f"t{number}", dependencies=sides) if dependencies else task(f"t{number}", *sides)
        for side in "ab":
            yield task(f"{side}{number}", call(f"t{number + 1}"), f"read {side}{number}")
    yield task(f"t{count}", call("leaf"))
    yield task("leaf", "read x")


ESTIMATES = [("leaf", 1.0), ("b2", 2.0), ("a38", 4.0), ("b39", 8.0)]


def learned():
    return Estimates(
        Sample(task=name, variables="", seconds=took, command_seconds=took, cpu_seconds=took) for name, took in ESTIMATES
    )


@pytest.mark.parametrize("dependencies", [False, True])
def test_forty_stacked_diamonds_took_forever(dependencies):
    jobs = plan(["t0"], *diamonds(40, dependencies=dependencies), estimates=learned())
    every = list(by_id(jobs).values())
    assert len(every) == 1 + 40 * 4 + 1
    assert sum(1 for job in every if job.same_as) == 40
    assert all(job.same_as == job.task and not job.children for job in every if job.same_as)
    seconds, path = critical_path(jobs)
    assert seconds >= 15.0
    assert 80 <= len(path) <= 83
    assert len(render_plan("t0", jobs, seconds, path, level="inferred", paint=plain)) < 200_000
    assert len(plan_document("t0", jobs, seconds, path)["jobs"]) == len(every)


def test_calls_by_an_alias_are_planned_as_the_task():
    tasks = (
        task("top", call("one"), call("1"), call("two-x")),
        task("one", "write x", aliases=("1",)),
        task("two-*", "write x"),
    )
    taught = Estimates((Sample(task="one", variables="", seconds=2.0, command_seconds=2.0, cpu_seconds=0.0),))
    found = by_id(plan(["top"], *tasks, estimates=taught))
    assert {job.id: (job.task, job.estimate_seconds) for job in found.values()} == {
        "top": ("top", None), "one": ("one", 2.0), "one.2": ("one", 2.0), "two-x": ("two-x", None),
    }  # fmt: skip
    assert found["two-x"].reason == "`one` writes x and `two-x` writes x"


def test_deferred_calls_were_in_no_plan_and_come_at_its_end_the_last_one_first():
    defers = (call("one", deferred=True), call("two", deferred=True))
    tasks = (task("top", *defers, call("step"), "read x"), *(task(name, "read x") for name in ("one", "two", "step")))
    found = by_id(plan(["top"], *tasks))
    assert [(job.id, job.kind, job.after) for job in found.values()] == [
        ("top", "call", ()),
        ("step", "step", ()),
        ("two", "deferred", ("step",)),
        ("one", "deferred", ("two",)),
    ]
    assert found["one"].reason == "deferred, so it comes at the end"


def test_why_calls_on_both_sides_of_a_command_keep_their_order_was_not_said():
    jobs = plan(["t"], task("t", call("a"), "read x", call("b"), call("c"), dependencies=(call("d"),)), *map(task, "abcd"))
    text = render_plan("t", jobs, 0.0, [], level="inferred", paint=plain)
    assert text.count("after a: a command stands between\n") == 2
    assert "        after d\n" in text


def test_a_plan_that_can_be_read_is_a_tree():
    jobs = plan(["t0"], *diamonds(3))
    found = by_id(jobs)
    assert [job.same_as for job in found.values()] == [""] * 4 * 2**3 + [""] * (len(found) - 4 * 2**3)
    assert {"t3", "t3.8", "leaf.8"} <= set(found)
    assert (len(found), found["leaf.8"].parent) == (37, "t3.8")


def test_the_longest_way_is_as_long_as_that_of_the_tree(monkeypatch):
    tasks, estimates = list(diamonds(4)), learned()
    tree = critical_path(plan(["t0"], *tasks, estimates=estimates))
    monkeypatch.setattr("paratask.planning.plan.MAX_JOBS", 5)
    jobs = plan(["t0"], *tasks, estimates=estimates)
    assert any(job.same_as for job in by_id(jobs).values())
    assert critical_path(jobs)[0] == tree[0]


def test_a_way_that_goes_through_the_same_again_and_again_was_told_whole():
    names = [f"t{number}" for number in range(40)]
    tasks = [task(name, call(after), "read x", call(after)) for name, after in itertools.pairwise(names)]
    estimates = Estimates([Sample(task="t39", variables="", seconds=1.0, command_seconds=1.0, cpu_seconds=1.0)])
    seconds, path = critical_path(plan(["t0"], *tasks, task("t39", "read z"), estimates=estimates))
    assert seconds == 2.0**39
    assert len(path) < 2_000


def test_what_calls_nothing_is_given_each_time(monkeypatch):
    monkeypatch.setattr("paratask.planning.plan.MAX_JOBS", 2)
    jobs = plan(["a"], task("a", call("x"), call("x"), call("y"), call("y")), task("x", "read x"), task("y", call("x")))
    assert [(job.id, job.same_as) for job in by_id(jobs).values()] == [
        ("a", ""), ("x", ""), ("x.2", ""), ("y", ""), ("x.3", ""), ("y.2", "y"),
    ]  # fmt: skip


def test_calls_with_other_variables_are_not_the_same(monkeypatch):
    monkeypatch.setattr("paratask.planning.plan.MAX_JOBS", 2)
    calls = [call("y", variables={"X": Variable(value=value)}) for value in ("1", "2", "1")]
    jobs = by_id(plan(["a"], task("a", *calls), task("y", call("x{{.X}}")), task("x1", "read 1"), task("x2", "read 2")))
    assert [(job.id, job.same_as) for job in jobs.values()] == [
        ("a", ""), ("y", ""), ("x1", ""), ("y.2", ""), ("x2", ""), ("y.3", "y"),
    ]  # fmt: skip


def test_what_calls_itself_says_so():
    assert [(job.id, job.same_as) for job in by_id(plan(["a"], task("a", call("b")), task("b", call("a")))).values()] == [
        ("a", ""), ("b", ""), ("a.2", "a"),
    ]  # fmt: skip


def test_a_long_chain_is_not_cut_off_where_a_tree_would_be():
    names = [f"t{number}" for number in range(MAX_DEPTH + 60)]
    tasks = [task(name, call(after)) for name, after in itertools.pairwise(names)]
    assert list(by_id(plan(["t0"], *tasks, task(names[-1], "read x")))) == names
    assert MAX_DEPTH + 60 < MAX_SHARED_DEPTH
    assert MAX_JOBS > MAX_DEPTH


def test_forecast_of_diamonds_without_commands_ended_never():
    tasks = [task(f"t{n}", dependencies=(call(f"t{n + 1}"), call(f"t{n + 1}"))) for n in range(40)]
    made = forecast(["t0", "z"], *tasks, task("t40"), task("z", "read z"), estimates=Estimates([sample("z")]))
    assert made.bounds(Budget(cpus=2), cores=2) is None


def sample(name):
    return Sample(task=name, variables="", seconds=1.0, command_seconds=1.0, cpu_seconds=1.0)


def test_what_runs_once_was_on_the_longest_way_each_time():
    tasks = [task("top", call("a"), call("b"), call("c")), *(task(name, call("tools"), "write x") for name in "abc")]
    took = {"tools": (4.0, 4.0), "a": (5.0, 1.0), "b": (6.0, 2.0), "c": (5.0, 1.0)}
    estimates = Estimates(
        Sample(task=name, variables="", seconds=seconds, command_seconds=own, cpu_seconds=0.0)
        for name, (seconds, own) in took.items()
    )
    found = {
        run: critical_path(plan(["top"], *tasks, task("tools", "write t", run=run), estimates=estimates))
        for run in ("once", "when_changed", "always")
    }
    assert found["once"] == found["when_changed"] == (8.0, ("top", "a", "tools", "b", "c"))
    assert found["always"] == (16.0, ("top", "a", "tools", "b", "tools.2", "c", "tools.3"))
