"""No schedule exceeds the budget, and none starves anybody."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from paratask.scheduling.admission import MAX_PASSES, Admission
from paratask.scheduling.budget import Budget, Cost, Reading, Resource

readings = st.builds(Reading, running_processes=st.integers(0, 12), available_bytes=st.integers(0, 2000))
budgets = st.builds(
    Budget,
    cpus=st.sampled_from((1.0, 2.0, 3.5, 8.0)),
    load=st.sampled_from((0.0, 0.0, 4.0)),
    memory_bytes=st.sampled_from((0, 0, 1000)),
)
costs = st.sampled_from((0.25, 0.5, 1.0, 2.0, 4.0, 9.0))
actions = st.lists(
    st.one_of(
        st.tuples(st.just("request"), costs, st.integers(0, 3)),
        st.tuples(st.just("release"), st.integers(0, 99), st.just(0)),
        st.tuples(st.just("withdraw"), st.integers(0, 99), st.just(0)),
        st.tuples(st.just("grant"), readings, st.just(0)),
        st.tuples(st.just("one at a time"), st.just(0), st.just(0)),
    ),
    max_size=80,
)


@given(budget=budgets, actions=actions)
def test_every_turn_keeps_the_rules(budget, actions):
    admission = Admission(budget)
    waiting: list = []
    running: list = []
    for action, amount, priority in actions:
        if action == "request":
            waiting.append(admission.request(Cost(cpu=amount), priority=float(priority)))
        elif action == "release" and running:
            admission.release(running.pop(amount % len(running)))
        elif action == "withdraw" and waiting:
            admission.withdraw(waiting.pop(amount % len(waiting)))
        elif action == "one at a time":
            admission.one_at_a_time = True
        elif action == "grant":
            check_grant(admission, budget, amount, waiting, running)
        assert admission.running == len(running)


def check_grant(admission, budget, reading, waiting, running):
    before = len(running)
    granted = admission.grant(reading)
    assert set(granted) <= set(waiting)
    for ticket in granted:
        waiting.remove(ticket)
        running.append(ticket)
    assert running or not waiting, "one command always runs"
    if len(running) > 1 and granted:
        assert sum(ticket.cpu for ticket in running) <= budget.cpus
        assert not admission.one_at_a_time
        assert not budget.memory_bytes or reading.available_bytes >= budget.memory_bytes
        assert not budget.load or reading.running_processes + len(granted) - 1 < budget.load
    for ticket in granted:
        for other in waiting:
            larger = other.cpu > budget.cpus - sum(t.cpu for t in running) or len(running) == before + 1
            assert other.rank[0] >= ticket.rank[0] or larger, "who has priority is passed only where it does not fit"


@given(
    cpus=st.integers(1, 8),
    crowd=st.lists(st.tuples(costs, st.integers(0, 3)), min_size=1, max_size=40),
    large=st.tuples(costs, st.integers(0, 3)),
)
def test_nobody_is_passed_more_often_than_the_rule_says(cpus, crowd, large):
    """Whoever is first in line has `MAX_PASSES` smaller ones before it at most, however many come."""
    admission = Admission(Budget(cpus=float(cpus)))
    admission.request()
    running = admission.grant(Reading())
    priority = 4.0 + large[1]
    first_in_line = admission.request(Cost(cpu=large[0]), priority=priority)
    passed = 0
    for cost, lower in crowd * 3:
        admission.request(Cost(cpu=cost), priority=float(lower))
        granted = admission.grant(Reading())
        if first_in_line in granted:
            return
        passed += len(granted)
        assert passed <= MAX_PASSES
        running.extend(granted)
        admission.release(running.pop(0))
        granted = admission.grant(Reading())
        if first_in_line in granted:
            return
        passed += len(granted)
        running.extend(granted)
        if not running:
            raise AssertionError("nothing runs, and it still waits")
    while running:
        admission.release(running.pop(0))
        granted = admission.grant(Reading())
        if first_in_line in granted:
            return
        running.extend(granted)
    raise AssertionError("it never ran")


@given(budget=budgets, crowd=st.lists(st.tuples(costs, st.integers(0, 3)), max_size=60), reading=readings)
def test_everybody_runs_in_the_end(budget, crowd, reading):
    admission = Admission(budget)
    left = {admission.request(Cost(cpu=cost), priority=float(priority)) for cost, priority in crowd}
    running = admission.grant(reading)
    while running:
        ticket = running.pop(0)
        left.discard(ticket)
        admission.release(ticket)
        running.extend(admission.grant(reading))
    assert not left
    assert admission.running == 0


RESOURCES = {"gpu": Resource(count=2), "disk": Resource(count=3), "api": Resource(count=2, per_seconds=3.0)}
full_costs = st.builds(
    Cost,
    cpu=costs,
    memory_bytes=st.sampled_from((0, 100, 700, 5000)),
    uses=st.dictionaries(st.sampled_from(sorted(RESOURCES)), st.integers(1, 2), max_size=2),
)
full_budgets = st.builds(
    Budget,
    cpus=st.sampled_from((1.0, 2.0, 8.0)),
    jobs=st.sampled_from((0, 3)),
    memory_bytes=st.sampled_from((0, 100)),
    own_memory_bytes=st.sampled_from((0, 1500)),
    resources=st.just(RESOURCES),
)


class Machine:
    """Simulated time, and memory that what runs has."""

    def __init__(self, budget):
        self.budget = budget
        self.admission = Admission(budget)
        self.now = 0.0
        self.running = []
        self.begun = []
        self.left = set()

    def grant(self):
        """The rules hold after each turn."""
        used = sum(ticket.seen_bytes for ticket in self.running)
        granted = self.admission.grant(Reading(available_bytes=max(0, 1600 - used)), self.now)
        for ticket in granted:
            self.left.discard(ticket)
            self.running.append(ticket)
            self.begun += [(self.now, name) for name, count in ticket.uses.items() for _ in range(count)]
        self.check(granted)

    def check(self, granted):
        for name, resource in RESOURCES.items():
            if resource.per_seconds:
                times = [at for at, what in self.begun if what == name]
                assert all(sum(at <= other < at + resource.per_seconds for other in times) <= resource.count for at in times)
            else:
                assert sum(ticket.uses.get(name, 0) for ticket in self.running) <= resource.count
        if len(self.running) > 1 and granted:
            assert sum(ticket.cpu for ticket in self.running) <= self.budget.cpus + 1e-6
            assert not self.budget.jobs or len(self.running) <= self.budget.jobs
            memory = sum(max(ticket.memory_bytes, ticket.seen_bytes) for ticket in self.running)
            assert not self.budget.own_memory_bytes or memory <= self.budget.own_memory_bytes

    def end(self, index):
        ticket = self.running.pop(index % len(self.running))
        self.admission.release(ticket)


@given(
    budget=full_budgets, crowd=st.lists(st.tuples(full_costs, st.integers(0, 3)), max_size=30), ends=st.lists(st.integers(0, 9))
)
def test_nothing_is_used_twice_and_everybody_runs_in_the_end(budget, crowd, ends):
    machine = Machine(budget)
    for cost, priority in crowd:
        machine.left.add(machine.admission.request(cost, priority=float(priority)))
        machine.grant()
    for turn in range(1000):
        for ticket in machine.running:
            ticket.note_size(ticket.memory_bytes)
        if machine.running:
            machine.end(ends[turn % len(ends)] if ends else 0)
        elif machine.left:
            assert machine.admission.next_at < float("inf"), "nothing runs, and nothing will change"
            machine.now = machine.admission.next_at
        else:
            break
        machine.grant()
    assert not machine.left


@given(
    wanted=full_costs,
    crowd=st.lists(full_costs, min_size=1, max_size=20),
    cpus=st.sampled_from((1.0, 2.0, 8.0)),
)
def test_whoever_is_first_in_line_runs_however_many_come(wanted, crowd, cpus):
    """Lower ones come without end, and each ends in time: still the first one's turn comes."""
    machine = Machine(Budget(cpus=cpus, memory_bytes=100, resources=RESOURCES))
    for cost in crowd:
        machine.admission.request(cost)
    machine.grant()
    first = machine.admission.request(wanted, priority=9.0)
    for turn in range(40 * MAX_PASSES):
        machine.grant()
        if first in machine.running:
            return
        machine.admission.request(crowd[turn % len(crowd)])
        if machine.running:
            machine.end(0)
        machine.now += 0.1
    raise AssertionError("it starved")
