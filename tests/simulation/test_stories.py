"""Hundreds of random runs on simulated time; see story.py for what is checked at each step of them.

A seed that fails prints itself. To replay it alone:

    PARATASK_SEED=123 pytest tests/simulation

`paratask races` plays more of them (PARATASK_ROUNDS).
"""

from __future__ import annotations

import os

import pytest

from paratask.execution.strands import OUR_CHOICE
from simulation.story import GroupStory, make_story, play

ROUNDS = int(os.environ.get("PARATASK_ROUNDS", "400"))
REPLAYED = os.environ.get("PARATASK_SEED", "")
SEEDS = [int(REPLAYED)] if REPLAYED else list(range(ROUNDS))
A_TEST = 25
BLOCKS = [SEEDS[start : start + A_TEST] for start in range(0, len(SEEDS), A_TEST)]


def for_every_seed(test):
    """Makes a test of one seed a test of a block of them: a test for each would take longer than its story."""

    @pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block[0]}-{block[-1]}")
    def run(block):
        for seed in block:
            try:
                test(seed)
            except BaseException:
                print(f"PARATASK_SEED={seed} replays this story")  # noqa: T201 - pytest shows it where the test fails
                raise

    run.__name__ = run.__qualname__ = test.__name__
    return run


def calm(seed, **fails):
    """The seed's story without timeouts, without a signal, and with other failures."""
    story = make_story(seed)
    story.cancel_at = 0.0
    story.one_at_a_time = False
    for member in story.members():
        member.timeout_seconds = 0.0
        member.fails = fails.get(member.fails, member.fails)
    for group in groups(story):
        group.failfast = False
    return story


def groups(story):
    return [story.top, *(part for member in story.members() for part in member.parts if isinstance(part, GroupStory))]


def errors(story, *endings):
    """What the endings are to agree in: which error it is depends on time where an author let members overlap."""
    is_ours = all(group.kind in OUR_CHOICE for group in groups(story))
    return [ending.error if is_ours else bool(ending.error) for ending in endings]


@for_every_seed
def test_every_rule_holds(seed):
    play(make_story(seed), seed)


@for_every_seed
def test_the_same_seed_gives_the_same_run(seed):
    assert play(make_story(seed), seed) == play(make_story(seed), seed)


@for_every_seed
def test_without_failures_everything_runs_and_reads_as_one_at_a_time(seed):
    story = calm(seed, always="never", beside="never")
    ending = play(story, seed)
    story.one_at_a_time = True
    in_turn = play(story, seed)
    assert ending.error == in_turn.error == ""
    assert ending.ended == in_turn.ended == {member.name for member in story.members()}
    assert ending.output == in_turn.output


@for_every_seed
def test_what_only_fails_beside_others_passes_in_the_end(seed):
    story = calm(seed, always="beside")
    story.on_failure = "sequential"
    ending = play(story, seed)
    assert ending.error == ""
    assert ending.ended == {member.name for member in story.members()}


@for_every_seed
def test_with_continue_the_result_does_not_depend_on_time(seed):
    story = calm(seed, beside="always")
    story.on_failure = "continue"
    first = play(story, f"{seed} first")
    for timing in (f"{seed} second", f"{seed} third"):
        other = play(story, timing)
        assert (other.started, other.ended, other.output) == (first.started, first.ended, first.output)
        assert len(set(errors(story, first, other))) == 1
    story.one_at_a_time = True
    in_turn = play(story, seed)
    assert (in_turn.started, in_turn.ended, in_turn.output) == (first.started, first.ended, first.output)
    assert len(set(errors(story, first, in_turn))) == 1


@for_every_seed
def test_whether_a_run_fails_does_not_depend_on_time(seed):
    story = calm(seed, beside="always")
    fails = any(member.fails == "always" for member in story.members())
    for timing, on_failure in enumerate(("sequential", "stop", "sequential")):
        story.on_failure = on_failure
        assert bool(play(story, f"{seed} {timing}").error) == fails


@for_every_seed
def test_after_a_failure_all_is_done_that_one_at_a_time_would_have_been(seed):
    """And the error is the same. What stood above the failed one and had not started was never done."""
    story = calm(seed, beside="always")
    story.on_failure = "sequential"
    first, second = play(story, f"{seed} first"), play(story, f"{seed} second")
    story.one_at_a_time = True
    in_turn = play(story, seed)
    if all(group.kind in OUR_CHOICE for group in groups(story)):
        assert in_turn.ended <= first.ended & second.ended
        assert in_turn.error == first.error == second.error
