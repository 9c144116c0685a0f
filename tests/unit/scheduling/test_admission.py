"""Who may start. The rules one by one; tests/properties has them all together."""

from __future__ import annotations

import pytest

from paratask.scheduling.admission import MAX_PASSES, Admission
from paratask.scheduling.budget import Budget, Reading

IDLE = Reading(running_processes=0, available_bytes=1 << 40)


def admission(**limits) -> Admission:
    return Admission(Budget(**{"cpus": 4.0, **limits}))


def test_as_many_as_the_budget_has():
    queue = admission()
    tickets = [queue.request() for _ in range(6)]
    assert queue.grant(IDLE) == tickets[:4]
    assert queue.held_back_by == "cpu"
    assert queue.running == 4
    queue.release(tickets[2])
    assert queue.grant(IDLE) == [tickets[4]]


def test_the_highest_priority_goes_first_and_then_who_asked_first():
    queue = admission(cpus=1.0)
    low, high, also_high = queue.request(priority=1), queue.request(priority=5), queue.request(priority=5)
    order = []
    for _ in range(3):
        (granted,) = queue.grant(IDLE)
        order.append(granted)
        queue.release(granted)
    assert order == [high, also_high, low]


def test_one_command_always_runs():
    queue = admission(cpus=1.0, load=1.0, memory_bytes=1 << 40)
    first, second = queue.request(cpu=64.0), queue.request()
    assert queue.grant(Reading(running_processes=900, available_bytes=0)) == [first]
    assert queue.grant(Reading(running_processes=900, available_bytes=0)) == []
    queue.release(first)
    assert queue.grant(Reading(running_processes=900, available_bytes=0)) == [second]


def test_a_smaller_one_passes_a_larger_one_that_does_not_fit():
    queue = admission()
    running = queue.request()
    queue.grant(IDLE)
    large, small = queue.request(cpu=4.0), queue.request()
    assert queue.grant(IDLE) == [small]
    queue.release(running)
    queue.release(small)
    assert queue.grant(IDLE) == [large]


def test_a_larger_one_was_passed_by_many_in_one_turn_and_that_counted_once():
    """So that it could be passed sixteen times as often as the rule says on a machine of sixteen cores."""
    queue = admission(cpus=8.0)
    running = [queue.request()]
    queue.grant(IDLE)
    large = queue.request(cpu=8.0, priority=1.0)
    smaller = 0
    for _ in range(10 * MAX_PASSES):
        for _ in range(7):
            queue.request()
        granted = queue.grant(IDLE)
        if large in granted:
            break
        smaller += len(granted)
        for ticket in running:
            queue.release(ticket)
        running = granted
    assert large in granted
    assert smaller == MAX_PASSES


def test_turns_in_which_nobody_passes_do_not_count():
    queue = admission(cpus=4.0)
    queue.request()
    queue.grant(IDLE)
    large = queue.request(cpu=4.0)
    for _ in range(10 * MAX_PASSES):
        assert queue.grant(IDLE) == []
    assert large.passed == 0


def test_load_holds_back_and_says_so():
    queue = admission(load=4.0)
    first = queue.request()
    assert queue.grant(Reading(running_processes=10)) == [first]
    second = queue.request()
    assert queue.needs_reading()
    assert queue.grant(Reading(running_processes=4)) == []
    assert (queue.held_back_by, queue.is_tight) == ("load", True)
    assert queue.grant(Reading(running_processes=3)) == [second]
    assert not queue.is_tight


def test_load_counts_what_was_granted_in_the_same_turn():
    queue = admission(cpus=16.0, load=4.0)
    queue.request()
    queue.grant(IDLE)
    for _ in range(9):
        queue.request()
    assert len(queue.grant(Reading(running_processes=1))) == 3


def test_memory_holds_back_and_says_so():
    queue = admission(memory_bytes=1000)
    queue.request()
    queue.grant(Reading(available_bytes=0))
    queue.request()
    assert queue.grant(Reading(available_bytes=999)) == []
    assert (queue.held_back_by, queue.is_tight) == ("memory", True)
    assert len(queue.grant(Reading(available_bytes=1000))) == 1


def test_nothing_is_measured_where_no_limit_depends_on_it():
    queue = admission()
    for _ in range(9):
        queue.request()
        queue.grant(IDLE)
        assert not queue.needs_reading()


@pytest.mark.parametrize("limit", [{"load": 1.0}, {"memory_bytes": 1}])
def test_nothing_is_measured_for_the_first_one_or_for_nobody(limit):
    queue = admission(**limit)
    assert not queue.needs_reading()
    queue.request()
    assert not queue.needs_reading()
    queue.grant(IDLE)
    assert not queue.needs_reading()


def test_one_at_a_time():
    queue = admission()
    first, second = queue.request(), queue.request()
    queue.one_at_a_time = True
    assert queue.grant(IDLE) == [first]
    assert queue.grant(IDLE) == []
    assert (queue.held_back_by, queue.is_tight) == ("turn", False)
    queue.release(first)
    assert queue.grant(IDLE) == [second]


def test_one_at_a_time_lets_what_runs_end():
    queue = admission()
    running = [queue.request(), queue.request()]
    queue.grant(IDLE)
    queue.one_at_a_time = True
    waiting = queue.request()
    queue.release(running[0])
    assert queue.grant(IDLE) == []
    queue.release(running[1])
    assert queue.grant(IDLE) == [waiting]


def test_who_withdraws_is_not_granted():
    queue = admission()
    first, second = queue.request(), queue.request()
    queue.withdraw(first)
    assert queue.grant(IDLE) == [second]
    assert queue.grant(IDLE) == []
    with pytest.raises(ValueError, match="not in list"):
        queue.withdraw(second)


def test_a_lease_is_released_once():
    queue = admission()
    ticket = queue.request()
    queue.grant(IDLE)
    queue.release(ticket)
    with pytest.raises(KeyError):
        queue.release(ticket)


def test_slots_that_are_shared_with_others():
    queue = admission()
    queue.slots = 1.0
    tickets = [queue.request() for _ in range(3)]
    assert queue.grant(IDLE) == tickets[:1]
    assert (queue.wants_slot, queue.held_back_by) == (True, "slot")
    queue.slots = 2.0
    assert queue.grant(IDLE) == tickets[1:2]
    assert queue.cpu_in_use == 2.0
    queue.release(tickets[0])
    assert queue.grant(IDLE) == tickets[2:]
    assert not queue.wants_slot


def test_without_any_slot_one_command_runs_all_the_same():
    queue = admission()
    queue.slots = 0.0
    first, second = queue.request(cpu=3.0), queue.request()
    assert queue.grant(IDLE) == [first]
    queue.release(first)
    assert queue.grant(IDLE) == [second]
