"""Who may start. The rules one by one; tests/properties has them all together."""

from __future__ import annotations

import pytest

from paratask.scheduling.admission import MAX_PASSES, Admission
from paratask.scheduling.budget import Budget, Cost, Reading, Resource

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


def test_a_turn_may_be_for_high_priorities_alone():
    queue = admission()
    low, high, higher = queue.request(priority=1), queue.request(priority=5), queue.request(priority=6)
    assert queue.grant(IDLE, least=5) == [higher, high]
    assert queue.grant(IDLE) == [low]


def test_one_command_always_runs():
    queue = admission(cpus=1.0, load=1.0, memory_bytes=1 << 40)
    first, second = queue.request(Cost(cpu=64.0)), queue.request()
    assert queue.grant(Reading(running_processes=900, available_bytes=0)) == [first]
    assert queue.grant(Reading(running_processes=900, available_bytes=0)) == []
    queue.release(first)
    assert queue.grant(Reading(running_processes=900, available_bytes=0)) == [second]


def test_a_smaller_one_passes_a_larger_one_that_does_not_fit():
    queue = admission()
    running = queue.request()
    queue.grant(IDLE)
    large, small = queue.request(Cost(cpu=4.0)), queue.request()
    assert queue.grant(IDLE) == [small]
    queue.release(running)
    queue.release(small)
    assert queue.grant(IDLE) == [large]


@pytest.mark.parametrize("cpus", [8, 6])
def test_a_larger_one_was_passed_by_many_in_one_turn_and_that_counted_once(cpus):
    """So that it could be passed sixteen times as often as the rule says on a machine of sixteen cores."""
    queue = admission(cpus=float(cpus))
    running = [queue.request()]
    queue.grant(IDLE)
    large = queue.request(Cost(cpu=float(cpus)), priority=1.0)
    smaller = 0
    for _ in range(10 * MAX_PASSES):
        for _ in range(cpus - 1):
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
    large = queue.request(Cost(cpu=4.0))
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


def test_what_kept_one_from_starting_first_stays_with_its_ticket():
    queue = admission(memory_bytes=1000, cpus=2)
    at_once = queue.request()
    waits = queue.request()
    enough = Reading(available_bytes=1000)
    queue.grant(Reading(available_bytes=0), 5.0)
    queue.grant(Reading(available_bytes=0), 6.0)
    assert (waits.held_by, waits.held_since) == ("memory", 5.0)
    late = queue.request()
    assert queue.grant(enough, 7.0) == [waits]
    assert (at_once.held_by, late.held_by) == ("", ""), "cores are the ordinary course of things"


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


@pytest.mark.parametrize("limit", [{"load": 1.0}, {"memory_bytes": 1}])
def test_where_several_begin_together_it_is_measured_for_the_second(limit):
    queue = admission(**limit)
    queue.request()
    queue.request()
    assert queue.needs_reading()


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
    first, second = queue.request(Cost(cpu=3.0)), queue.request()
    assert queue.grant(IDLE) == [first]
    queue.release(first)
    assert queue.grant(IDLE) == [second]


def test_as_many_as_may_run_whatever_they_cost():
    queue = admission(jobs=3)
    tickets = [queue.request(Cost(cpu=0.1)) for _ in range(5)]
    assert queue.grant(IDLE) == tickets[:3]
    assert queue.held_back_by == "jobs"


def test_cheap_ones_share_a_core():
    queue = admission(cpus=1.0)
    tickets = [queue.request(Cost(cpu=0.3)) for _ in range(5)]
    assert queue.grant(IDLE) == tickets[:3]
    assert queue.held_back_by == "cpu"


def see(queue: Admission, *cores: float) -> None:
    for seen in cores:
        ticket = queue.request()
        queue.grant(IDLE)
        queue.note_seen(ticket, seen)
        queue.release(ticket)


@pytest.mark.parametrize(
    ("seen", "beside"),
    [
        ((), 2),
        ((0.05,) * 3, 2),
        ((0.05,) * 4, 8),
        ((0.3,) * 4, 5),
        ((0.05, 0.9, 0.05, 0.05), 2),
        ((0.9, *(0.05,) * 7), 2),
        ((0.9, *(0.05,) * 8), 8),
    ],
)
def test_what_is_not_known_costs_what_the_busiest_of_the_last_did(seen, beside):
    queue = admission(cpus=2.0)
    see(queue, *seen)
    for _ in range(20):
        queue.request()
    assert len(queue.grant(IDLE)) == beside


def test_what_is_known_costs_that_whatever_others_did():
    queue = admission(cpus=2.0)
    see(queue, *(0.05,) * 8)
    for _ in range(9):
        queue.request(Cost(cpu=1.0))
    assert len(queue.grant(IDLE)) == 2


def test_those_that_run_are_seen_too():
    queue = admission(cpus=4.0)
    running = [queue.request() for _ in range(4)]
    waiting = [queue.request() for _ in range(4)]
    queue.grant(IDLE)
    for ticket in running:
        queue.note_cores(ticket, 0.05)
    assert queue.grant(IDLE) == waiting
    assert queue.cpu_in_use == pytest.approx(4 * 0.1 + 4 * 0.25)


def test_only_cores_that_come_free_are_a_reason_to_look_who_may_start():
    queue = admission(cpus=4.0)
    guessed, declared = queue.request(), queue.request(Cost(cpu=2.0, is_declared=True))
    queue.grant(IDLE)
    assert queue.note_cores(guessed, 0.1)
    assert not queue.note_cores(guessed, 3.0)
    assert queue.cpu_in_use == 5.0
    assert not queue.note_cores(declared, 0.1)
    queue.release(guessed)
    assert not queue.note_cores(guessed, 0.1), "it has ended"
    assert queue.cpu_in_use == 2.0


def test_nothing_is_free_and_sums_do_not_drift():
    queue = admission(cpus=1.0)
    tickets = [queue.request(Cost(cpu=0.0)) for _ in range(200)]
    granted = queue.grant(IDLE)
    assert granted == tickets[:100]
    for ticket in granted:
        queue.release(ticket)
    assert queue.cpu_in_use == 0.0


GPU = {"gpu": Resource(count=2)}


def test_a_named_resource_is_held_and_others_go_past():
    queue = admission(resources=GPU)
    gpu = [queue.request(Cost(uses={"gpu": 1}), priority=9.0) for _ in range(3)]
    other = queue.request()
    assert queue.grant(IDLE) == [*gpu[:2], other]
    assert queue.held_back_by == "resource"
    queue.release(gpu[0])
    assert queue.grant(IDLE) == [gpu[2]]


def test_nobody_takes_what_somebody_before_it_waits_for():
    """Not even what is free of it: who needs two things would starve where others take one of them in turn."""
    queue = admission(cpus=9.0, resources={**GPU, "disk": Resource(count=9)})
    first = queue.request(Cost(uses={"gpu": 1}))
    assert queue.grant(IDLE) == [first]
    both = queue.request(Cost(uses={"gpu": 2}))
    one = queue.request(Cost(uses={"gpu": 1, "disk": 1}))
    also, none = queue.request(Cost(uses={"disk": 1})), queue.request()
    assert queue.grant(IDLE) == [none]
    queue.release(first)
    assert queue.grant(IDLE) == [both]
    queue.release(both)
    assert queue.grant(IDLE) == [one, also]


def test_a_rate_lets_so_many_begin_in_any_stretch_of_its_length():
    queue = admission(resources={"api": Resource(count=2, per_seconds=10.0)})
    tickets = [queue.request(Cost(uses={"api": 1})) for _ in range(5)]
    assert queue.grant(IDLE, 100.0) == tickets[:1] + tickets[1:2]
    for ticket in tickets[:2]:
        queue.release(ticket)
    assert queue.grant(IDLE, 104.0) == []
    assert (queue.held_back_by, queue.next_at) == ("rate", 110.0)
    assert queue.grant(IDLE, 110.0) == tickets[2:4]
    assert queue.grant(IDLE, 119.9) == []
    assert queue.grant(IDLE, 120.0) == tickets[4:]


def test_who_stood_behind_others_was_said_to_have_waited_for_a_resource_only_from_when_it_came_first():
    queue = admission(cpus=9, resources={"api": Resource(count=2, per_seconds=10.0)})
    tickets = [queue.request(Cost(uses={"api": 1})) for _ in range(5)]
    queue.grant(IDLE, 100.0)
    queue.grant(IDLE, 110.0)
    late = queue.request(Cost(uses={"api": 1}))
    assert queue.grant(IDLE, 120.0) == [tickets[4], late]
    assert [ticket.held_by for ticket in tickets] == ["", "", "rate", "rate", "rate"]
    assert [ticket.held_since for ticket in (*tickets[2:], late)] == [100.0] * 4, "who asked later counts from then on"
    later = [queue.request(Cost(uses={"api": 1})) for _ in range(2)]
    queue.grant(IDLE, 125.0)
    queue.grant(IDLE, 140.0)
    assert [(ticket.held_by, ticket.held_since) for ticket in later] == [("rate", 125.0)] * 2, "nobody waited in between"


def test_what_was_waited_for_is_forgotten_where_who_waited_is_gone_or_cores_are_what_is_missing():
    queue = admission(cpus=1, resources=GPU)
    running = queue.request(Cost(cpu=0.5, uses={"gpu": 2}))
    queue.grant(IDLE, 0.0)
    gone, waits = (queue.request(Cost(uses={"gpu": 1})) for _ in range(2))
    queue.grant(IDLE, 1.0)
    queue.withdraw(gone)
    queue.release(running)
    assert queue.grant(IDLE, 5.0) == [waits]
    assert (gone.held_by, waits.held_by) == ("resource", "")


def test_a_lease_of_a_rate_with_which_nothing_began_does_not_count():
    queue = admission(resources={"api": Resource(count=3, per_seconds=10.0)})
    one, two, late = (queue.request(Cost(uses={"api": count})) for count in (1, 2, 2))
    assert queue.grant(IDLE, 0.0) == [one, two]
    queue.release(two, is_unused=True)
    assert queue.grant(IDLE, 0.0) == [late]
    queue.release(one, is_unused=True)
    queue.release(late)
    again = queue.request(Cost(uses={"api": 2}))
    assert queue.grant(IDLE, 9.0) == []
    assert queue.next_at == 10.0
    assert queue.grant(IDLE, 10.0) == [again]
    late = queue.request(Cost(uses={"api": 1}))
    assert queue.grant(IDLE, 30.0) == [late]
    queue.release(again, is_unused=True)
    assert queue.grant(IDLE, 30.0) == []


def test_a_rate_of_which_several_are_used_at_once():
    queue = admission(resources={"api": Resource(count=3, per_seconds=10.0)})
    first, second = queue.request(Cost(uses={"api": 1})), queue.request(Cost(uses={"api": 1}))
    assert queue.grant(IDLE, 0.0) == [first, second]
    large = queue.request(Cost(uses={"api": 3}))
    assert queue.grant(IDLE, 5.0) == []
    assert queue.next_at == 10.0
    assert queue.grant(IDLE, 10.0) == [large]


def test_learned_memory_is_kept_free_for_who_has_it_still_to_come():
    queue = admission(memory_bytes=100)
    first = queue.request(Cost(memory_bytes=500))
    assert queue.grant(Reading(available_bytes=1000)) == [first]
    second = queue.request(Cost(memory_bytes=500))
    assert queue.grant(Reading(available_bytes=1000)) == []
    assert (queue.held_back_by, queue.is_tight) == ("peak", True)
    first.seen_bytes = 300
    assert queue.grant(Reading(available_bytes=799)) == []
    first.seen_bytes = 500
    assert queue.grant(Reading(available_bytes=600)) == [second]


def test_what_one_was_seen_to_have_at_most_is_not_to_come_again():
    queue = admission(memory_bytes=100)
    first = queue.request(Cost(memory_bytes=500))
    queue.grant(IDLE)
    assert queue.to_come_bytes == 500
    for size in (300, 400, 200):
        first.note_size(size)
    assert queue.to_come_bytes == 100
    first.note_size(900)
    assert queue.to_come_bytes == 0
    unknown = queue.request()
    assert queue.grant(IDLE) == [unknown]
    assert queue.to_come_bytes == float("inf"), "of one nothing is known"


def test_a_smaller_one_passes_one_that_needs_too_much_memory_but_not_for_ever():
    queue = admission(cpus=8.0, memory_bytes=100)
    running = queue.request()
    queue.grant(IDLE)
    large = queue.request(Cost(memory_bytes=900), priority=1.0)
    for _ in range(MAX_PASSES):
        small = queue.request(Cost(memory_bytes=10))
        assert queue.grant(Reading(available_bytes=500)) == [small]
        queue.release(small)
    queue.request(Cost(memory_bytes=10))
    assert queue.grant(Reading(available_bytes=500)) == []
    queue.release(running)
    assert queue.grant(Reading(available_bytes=500))[0] is large


def test_where_memory_is_waited_for_nothing_more_starts():
    queue = admission(memory_bytes=1)
    queue.request()
    queue.grant(IDLE)
    queue.request()
    assert queue.grant(Reading(available_bytes=1 << 40, stalled=0.25)) == []
    assert (queue.held_back_by, queue.is_tight) == ("memory", True)
    assert len(queue.grant(Reading(available_bytes=1 << 40, stalled=0.1))) == 1


def test_what_our_own_commands_may_have_together():
    queue = admission(own_memory_bytes=1000)
    first, second, third = (queue.request(Cost(memory_bytes=size)) for size in (600, 400, 1))
    assert queue.grant(IDLE) == [first, second]
    assert not queue.needs_reading()
    queue.release(second)
    assert queue.grant(IDLE) == [third]
    first.seen_bytes = 999
    queue.request()
    assert queue.grant(IDLE) == []
    assert queue.held_back_by == "peak"


def why(queue, reading=IDLE, now=0.0) -> list[tuple[str, str, str]]:
    return [(ticket.owner, held, name) for ticket, held, name in queue.reasons(reading, now)]


def asked(queue, owner, cost=None, **more):
    ticket = queue.request(cost or Cost(), **more)
    ticket.owner = owner
    return ticket


def test_reasons_are_those_of_the_rules_that_decide():
    queue = admission(cpus=4.0, resources={"db": Resource(count=1), "api": Resource(count=1, per_seconds=5.0)})
    running = [asked(queue, "first", Cost(uses={"db": 1, "api": 1})), asked(queue, "second", Cost(cpu=2.0))]
    assert queue.grant(IDLE) == running
    asked(queue, "large", Cost(cpu=4.0))
    asked(queue, "base", Cost(uses={"db": 1}))
    asked(queue, "caller", Cost(uses={"api": 1}))
    assert queue.grant(IDLE, 1.0) == []
    assert why(queue, now=1.0) == [("large", "cpu", ""), ("base", "resource", "db"), ("caller", "rate", "api")]
    assert queue.users("db") == ["first"]
    assert [ticket.owner for ticket in queue.waiting()] == ["large", "base", "caller"]
    assert queue.full() == ""


def test_reasons_change_nothing():
    queue = admission(cpus=2.0, memory_bytes=100, resources={"db": Resource(count=1)})
    asked(queue, "runs", Cost(uses={"db": 1}))
    queue.grant(IDLE)
    asked(queue, "waits", Cost(uses={"db": 1}))
    asked(queue, "large", Cost(memory_bytes=1000))
    poor = Reading(available_bytes=500)
    before = why(queue, poor)
    assert before == why(queue, poor) == [("waits", "resource", "db"), ("large", "peak", "")]
    assert queue.grant(poor) == []
    assert why(queue, poor) == before


def test_who_may_not_go_past_others_waits_for_its_turn_and_who_needs_the_same_for_them():
    queue = admission(cpus=4.0, resources={"db": Resource(count=2)})
    asked(queue, "runs", Cost(uses={"db": 1}))
    queue.grant(IDLE)
    asked(queue, "needs two", Cost(uses={"db": 2}))
    asked(queue, "needs one", Cost(uses={"db": 1}))
    assert queue.grant(IDLE) == []
    assert why(queue) == [("needs two", "resource", "db"), ("needs one", "resource", "db")]
    large = asked(queue, "large", Cost(cpu=4.0))
    large.passed = MAX_PASSES
    asked(queue, "small")
    assert queue.grant(IDLE) == []
    assert why(queue)[2:] == [("large", "cpu", ""), ("small", "order", "")]


def test_where_no_more_may_run_who_uses_resources_that_are_free_waits_for_that_as_all_do():
    queue = admission(jobs=1, resources={"db": Resource(count=2)})
    first = asked(queue, "runs", Cost(uses={"db": 1}))
    queue.grant(IDLE)
    asked(queue, "waits", Cost(uses={"db": 1}))
    assert (queue.full(), why(queue)) == ("jobs", [("waits", "jobs", "")])
    queue.one_at_a_time = True
    assert (queue.full(), why(queue)) == ("turn", [("waits", "turn", "")])
    queue.release(first)
    assert why(queue) == [("waits", "order", "")]


def test_where_all_are_kept_by_one_thing_only_those_that_use_resources_have_reasons_of_their_own():
    queue = admission(cpus=1.0, resources={"db": Resource(count=1)})
    asked(queue, "runs", Cost(uses={"db": 1}))
    queue.grant(IDLE)
    asked(queue, "plain")
    asked(queue, "waits", Cost(uses={"db": 1}))
    assert queue.full() == "cpu"
    assert why(queue) == [("waits", "resource", "db")]
