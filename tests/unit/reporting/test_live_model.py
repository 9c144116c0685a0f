"""What the live view knows, from events and looks that were made up."""

from __future__ import annotations

import pytest

from paratask.events import AttemptBegan
from paratask.frozen import replace
from paratask.reporting.live_model import LiveModel, Running, Waiting
from paratask.scheduling.budget import Budget

from .made_up_run import Expected, arranged, began, changed, command, hold, look, made, retried, running


def model(*parts, expected: Expected | None = None) -> LiveModel:
    """Events, and lists of them."""
    made_model = LiveModel(expected or Expected())
    for part in parts:
        made_model.hear(part if isinstance(part, list) else [part])
    return made_model


def waits(scene) -> dict[str, str]:
    return {wait.name: wait.why for wait in scene.waiting}


def test_what_runs_has_the_time_of_all_its_commands_and_of_what_earlier_runs_took():
    heard = model(began(), running("a"), running("b"), command("a", 4.0, at=104.0), expected=Expected({"a": 9.0}))
    scene = heard.scene(look(commands={"b": 2.0, "a": 1.5}), most=8)
    assert scene.running == (Running(name="b", seconds=2.0, expected=None), Running(name="a", seconds=5.5, expected=9.0))
    assert (scene.ended, scene.known, scene.seconds, scene.waiting, scene.waiting_count) == (0, 2, 10.0, (), 0)


def test_a_second_attempt_starts_its_time_anew():
    heard = model(running("a"), command("a", 4.0, at=104.0, exit_status=1), retried("a", 2, 0.0))
    assert heard.scene(look(commands={"a": 1.0}), most=8).running == (Running(name="a", seconds=1.0, expected=None),)


def test_jobs_of_one_task_are_told_apart_as_their_logs_are():
    heard = model([made("lint-py", task="lint:py"), made("lint-py.2", task="lint:py")])
    holds = {"lint-py": hold("resource", "db"), "lint-py.2": hold("resource", "api")}
    assert [wait.name for wait in heard.scene(look(holds=holds), most=8).waiting] == ["lint:py", "lint:py.2"]


def test_calls_that_run_were_told_apart_by_number_where_their_author_had_given_them_labels():
    heard = model([made("s", task="s"), made("s.2", task="s")])
    scene = heard.scene(look(commands={"s": 1.0, "s.2": 1.0}, labels={"s.2": "build db"}), most=8)
    assert [job.name for job in scene.running] == ["s", "s.2 (build db)"]


@pytest.mark.parametrize(
    ("held", "why"),
    [
        (hold("cpu"), "waits for a free core"),
        (hold("jobs"), "waits for one of 4 to end: no more run at once"),
        (hold("slot"), "waits for a job slot, which are shared with other programs"),
        (hold("load"), "waits until fewer than 6 processes run"),
        (hold("memory"), "waits for memory: 512 M stay available"),
        (hold("peak"), "waits for memory that others give back"),
        (hold("turn"), "waits for its turn: one at a time"),
        (hold("order"), "waits for its turn"),
        (hold("quiet"), "waits for a job that runs again alone"),
        (hold("resource", "db", "a"), "waits for db: in use by a"),
        (hold("resource", "db"), "waits for db"),
        (hold("rate", "api"), "waits for api: no more may begin for now"),
        (hold("after", "", "a", "b", "c"), "after a, b and 1 more: `a` writes x and `w` reads x"),
        (hold("after", "", "b"), "after b"),
        (hold("failed", "", "a"), "will not start: a failed"),
    ],
)
def test_each_reason_has_its_words(held, why):
    heard = model(running("a"), running("b"), running("c"), made("w", reason="`a` writes x and `w` reads x"))
    budget = Budget(cpus=2.0, jobs=4, load=6.0, memory_bytes=512 << 20)
    commands = {"a": 1.0, "b": 1.0, "c": 1.0}
    assert waits(heard.scene(look(commands=commands, holds={"w": held}, budget=budget), most=8)) == {"w": why}


def test_what_waits_for_a_later_block_waits_for_what_has_not_ended_of_its_set():
    heard = model(
        running("top"),
        [made("a", "top"), made("b", "top"), made("c", "top", reason="`b` writes x and `c` reads x")],
        arranged("top", {"a": (), "b": (), "c": ("a", "b")}),
        changed("a", "running"),
        changed("a", "succeeded"),
        changed("b", "running"),
    )
    assert waits(heard.scene(look(commands={"b": 1.0}), most=8)) == {"c": "after b: `b` writes x and `c` reads x"}


def test_whose_dependencies_run_waits_for_them_but_not_whoever_was_called_from_the_command_line():
    heard = model(running("top"), running("wheel", "top"), running("docs", "wheel"), running("proto", "wheel"))
    scene = heard.scene(look(commands={"docs": 1.0, "proto": 1.0}), most=8)
    assert waits(scene) == {"wheel": "waits for its dependencies: docs, proto"}


def test_who_only_carries_out_calls_waits_for_nothing():
    heard = model(running("top"), running("ci", "top"), made("a", "ci"), arranged("ci", {"a": ()}), changed("a", "running"))
    assert heard.scene(look(commands={"a": 1.0}), most=8).waiting == ()


def test_who_waits_to_run_again_alone_is_told_with_its_last_line():
    heard = LiveModel(Expected(), last_line=lambda job: f"{job}.c:3: error")
    heard.hear([*running("b"), command("b", 1.0, at=108.0, exit_status=2)])
    why = "failed (exit code 2), waits to run again alone: b.c:3: error"
    assert waits(heard.scene(look(at=110.0), most=8)) == {"b": why}


def test_a_retry_is_counted_down_and_a_failed_one_waits_for_quiet():
    heard = model(running("a"), command("a", 1.0, at=109.0, exit_status=1), retried("a", 2, 4.0), running("b"))
    heard.hear([command("b", 1.0, at=108.0, exit_status=1)])
    assert waits(heard.scene(look(at=110.0), most=8)) == {
        "a": "attempt 2 in 3 s",
        "b": "failed (exit code 1), waits to run again alone",
    }


def test_who_looks_at_something_for_long_is_shown_as_running():
    heard = model(running("a", at=100.0))
    assert heard.scene(look(at=100.4), most=8).running == ()
    assert heard.scene(look(at=103.0), most=8).running == (Running(name="a", seconds=3.0, expected=None),)


def test_those_of_which_the_same_can_be_said_stand_behind_the_first_of_them():
    names = [f"t{number}" for number in range(1000)]
    heard = model(*(running(name) for name in names), made("last"))
    holds = dict.fromkeys(names, hold("cpu")) | {"t7": hold("resource", "db", "t1"), "last": hold("after", "", "t1")}
    scene = heard.scene(look(holds=holds), most=8)
    assert scene.waiting == (
        Waiting(name="t0", why="waits for a free core", others=998),
        Waiting(name="t7", why="waits for db: in use by t1"),
        Waiting(name="last", why="after t1"),
    )
    assert scene.waiting_count == 1001


def test_what_failed_is_named_once_by_the_job_whose_command_failed():
    heard = model(running("top"), running("a", "top"), command("a", 1.0, at=101.0, exit_status=2))
    heard.hear([changed("a", "failed"), changed("top", "failed")])
    scene = heard.scene(look(), most=8)
    assert scene.failed == ("a",)
    assert (scene.ended, scene.known) == (2, 2)


def test_time_left_is_that_of_the_work_or_of_the_longest_way_whichever_is_more():
    expected = Expected({"a": 10.0, "b": 4.0, "c": 6.0}, after={"a": 1.0, "c": 20.0}, whole=(12.0, 20.0))
    heard = model(running("a"), running("b"), command("b", 4.0, at=104.0), changed("b", "succeeded"), expected=expected)
    assert heard.scene(look(commands={"a": 5.0}), most=8).left_seconds == pytest.approx(12.0 * (1 - 9 / 20))
    heard.hear(running("c"))
    assert heard.scene(look(commands={"a": 5.0}, holds={"c": hold("cpu")}), most=8).left_seconds == pytest.approx(26.0)
    assert heard.scene(look(commands={"a": 50.0, "c": 60.0}), most=8).left_seconds == pytest.approx(20.0)
    assert model(running("a")).scene(look(commands={"a": 5.0}), most=8).left_seconds is None


def test_calls_that_shared_a_job_counted_as_work_that_was_done_each_time():
    expected = Expected({"a": 10.0, "once": 2.0, "same": 2.0}, whole=(12.0, 12.0))
    heard = model(running("once"), changed("once", "succeeded"), running("a"), expected=expected)
    before = heard.scene(look(commands={"a": 0.0}), most=8).left_seconds
    heard.hear([made("same"), replace(changed("same", "skipped"), is_shared=True)])
    assert heard.scene(look(commands={"a": 0.0}), most=8).left_seconds == before == 10.0


def test_a_run_is_not_nearly_done_while_something_runs_or_waits_of_which_nothing_is_known():
    heard = model(running("a"), expected=Expected({"a": 1.0}, whole=(1.0, 1.0)))
    assert heard.scene(look(commands={"a": 5.0}), most=8).left_seconds == 0.0
    heard.hear([made("w")])
    assert heard.scene(look(commands={"a": 5.0}), most=8).left_seconds is None
    heard.hear([changed("w", "running")])
    assert heard.scene(look(commands={"a": 5.0, "w": 0.1}), most=8).left_seconds is None


def test_who_goes_on_only_when_another_has_run_again_alone_says_so():
    heard = model(running("top"), running("low", "top"), changed("low", "succeeded", at=104.0))
    heard.hear([*running("bad"), command("bad", 1.0, at=103.0, exit_status=1), AttemptBegan(job="bad", attempt=2)])
    scene = heard.scene(look(is_quiet=True), most=8)
    assert waits(scene) == {"top": "waits for a job that runs again alone"}
    assert [job.name for job in scene.running] == ["bad"]


def test_time_of_a_caller_between_its_steps_is_that_since_the_last_one_ended():
    heard = model(running("top"), running("low", "top"), changed("low", "succeeded", at=107.0))
    assert heard.scene(look(), most=8).running == (Running(name="top", seconds=3.0, expected=None),)


def test_the_machine_is_shown_against_the_budget():
    scene = model().scene(look(budget=Budget(cpus=2.0, load=4.0, memory_bytes=1 << 20, own_memory_bytes=4 << 30)), most=8)
    assert (scene.cores, scene.load) == ((1.5, 2.0), (3, 4.0))
    assert (scene.memory, scene.own_memory) == ((8 << 30, 1 << 20), (3 << 30, 4 << 30))


def test_the_time_in_which_the_run_was_stopped_is_not_counted():
    """Ctrl-Z, a minute, `fg`: the clock went on, what looked at something did so for a minute longer, and an attempt was overdue."""
    jobs = [*running("a"), *running("b"), *running("c")]
    heard = LiveModel(Expected(), 40.0)
    heard.hear([began(), *jobs, command("b", 1.0, at=104.0, exit_status=1), *retried("b", 2, 10.0)])
    heard.hear([made("d"), changed("d", "running", at=109.0)])
    before = heard.scene(look(at=110.0, commands={"a": 9.0, "c": 9.0}), most=8, clock=70.0)
    assert (before.seconds, waits(before)) == (10.0, {"b": "attempt 2 in 4 s"})
    after = heard.scene(look(at=171.0, commands={"a": 10.0, "c": 10.0}), most=8, clock=71.0)
    assert (after.seconds, waits(after)) == (11.0, {"b": "attempt 2 in 3 s"})
    assert [job.seconds for job in after.running if job.name == "d"] == [2.0]


@pytest.mark.parametrize(("ahead", "seconds"), [(40.0, 10.0), (None, 70.0)])
def test_a_run_that_was_stopped_before_anybody_looked(ahead, seconds):
    heard = LiveModel(Expected(), ahead)
    heard.hear([began(), *running("a")])
    assert heard.scene(look(at=170.0, commands={"a": 9.0}), most=8, clock=70.0).seconds == seconds


def test_what_a_member_called_that_may_not_start_was_shown_as_running():
    """It stood before its first command, at its member's shut door: only the member is known to."""
    heard = model([*running("d"), *running("dd", "d"), *running("ddd", "dd"), *running("other")])
    scene = heard.scene(look(holds={"d": hold("quiet")}), most=8)
    assert [job.name for job in scene.running] == ["other"]
    assert waits(scene) == {"d": "waits for a job that runs again alone"}
    assert scene.waiting_count == 1
