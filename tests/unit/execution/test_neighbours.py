"""Groups of members: order, failures, quiet. tests/simulation has them in all combinations."""

from __future__ import annotations

import gc
import weakref
from itertools import zip_longest

import pytest

from paratask.errors import ParataskError
from paratask.execution.leases import Leases
from paratask.execution.neighbours import Neighbours
from paratask.execution.start_order import start_order
from paratask.execution.strands import Kind, Pace, Quiet, Strand
from paratask.execution.turns import Member, Stand
from paratask.kernel.cancel import Cancelled, CancelScope
from paratask.kernel.loop import Event, Loop
from paratask.scheduling.budget import Budget, Cost, Reading, Resource
from simulation.clock import SimulatedPoller


class Stage:
    """Members are written as name:seconds, with a `!` at the end for one that fails."""

    def __init__(self, *, on_failure="sequential", one_at_a_time=False, in_written_order=True, **more) -> None:
        self.loop = Loop(SimulatedPoller())
        self.quiet = Quiet(self.loop)
        self.pace = Pace(one_at_a_time=one_at_a_time)
        self.neighbours = Neighbours(
            loop=self.loop, quiet=self.quiet, pace=self.pace, on_failure=on_failure, in_written_order=in_written_order, **more
        )
        self.seen: list[str] = []
        self.output = ""
        self.error = ""

    def write(self, stream, data):
        self.output += data.decode()

    def member(self, text, priority=0.0):
        name, _, rest = text.partition(":")

        async def run(stand):
            self.seen.append(name)
            stand.sink.write(1, name.encode())
            try:
                await self.loop.sleep(float(rest.rstrip("!") or 1))
            except BaseException:
                self.seen.append(f"{name} cancelled")
                raise
            if rest.endswith("!"):
                raise ParataskError(name)
            self.seen.append(f"{name} ended")

        return Member(name, run, priority)

    def run(self, text, after=None, *, kind=Kind.SET, failfast=False, deadline=None, priorities=(), on_failure=""):
        ranked = zip_longest(text.split(), priorities, fillvalue=0.0)
        members = [self.member(word, priority) for word, priority in ranked]
        edges = [frozenset((after or {}).get(index, ())) for index in range(len(members))]

        async def main():
            self.quiet.enter()
            with CancelScope(self.loop, deadline=deadline):
                stand = Stand(strand=Strand(), sink=self, on_failure=on_failure)
                await self.neighbours.run(members, edges, kind=kind, stand=stand, failfast=failfast)

        try:
            self.loop.run(main())
        except ParataskError as error:
            self.error = error.message
        assert self.quiet._active == 1
        return self


def test_members_start_together_and_follow_their_edges():
    stage = Stage().run("a:1 b:5 c:1 d:1", {3: [1]})
    assert stage.seen == ["a", "b", "c", "a ended", "c ended", "b ended", "d", "d ended"]
    assert stage.loop.now() == 6.0


def test_of_those_that_may_start_the_most_urgent_starts_first():
    stage = Stage().run("a:1 b:2 c:3 d:1 e:1", {3: [1], 4: [1]}, priorities=(1.0, 5.0, 3.0, 1.0, 4.0))
    assert stage.seen == ["b", "c", "a", "a ended", "b ended", "e", "d", "c ended", "e ended", "d ended"]
    assert stage.output == "abcde", "shown in written order all the same"


def test_where_none_is_more_urgent_written_order_stands():
    assert Stage().run("a:1 b:2 c:3", priorities=(2.0, 2.0, 2.0)).seen[:3] == ["a", "b", "c"]


def test_output_in_written_order_or_as_they_end():
    assert Stage().run("a:3 b:1 c:2").output == "abc"
    assert Stage(in_written_order=False).run("a:3 b:1 c:2").output == "bca"


def test_after_a_failure_those_that_run_end_and_nobody_starts():
    stage = Stage().run("a:1! b:5 c:1", {2: [1]})
    assert stage.seen == ["a", "b", "b ended"]
    assert stage.error == "a"


@pytest.mark.parametrize("kind", [Kind.SET, Kind.BACKGROUND])
def test_what_stands_above_a_failure_and_had_not_started_was_never_done(kind):
    """One at a time it would have been done, and might have been what fails."""
    stage = Stage().run("a:5 b:1 c:1! d:1", {1: [0], 3: [0]}, kind=kind)
    assert stage.seen == ["a", "c", "a ended", "b", "b ended"]
    assert stage.error == "c"
    assert Stage().run("a:5 b:1! c:1!", {1: [0]}, kind=kind).error == "b"
    assert Stage(on_failure="stop").run("a:5 b:1 c:1!", {1: [0]}, kind=kind).seen == ["a", "c", "a cancelled"]
    assert Stage().run("a:5 b:1 c:1!", {1: [0]}, kind=Kind.COMMAND_LINE).seen == ["a", "c", "a ended"], (
        "its author's choice, as in task"
    )


def test_what_stands_above_a_failure_and_waits_for_a_core_is_done():
    assert Queue(1).run("a:1 b:1 c:1!", priorities=(1.0, 1.0, 2.0)).seen == ["c", "a", "a ended", "b", "b ended"]


def test_stop_cancels_those_that_run():
    stage = Stage(on_failure="stop").run("a:1! b:5 c:1", {2: [0]})
    assert stage.seen == ["a", "b", "b cancelled"]
    assert stage.error == "a"


def test_what_is_said_where_they_stand_is_above_the_setting():
    assert Stage().run("a:1! b:5 c:1", {2: [0]}, on_failure="stop").seen == ["a", "b", "b cancelled"]
    going_on = Stage(on_failure="stop").run("a:1! b:2 c:1 d:1", {2: [0]}, on_failure="continue")
    assert [name for name in going_on.seen if " " not in name] == ["a", "b", "d"]
    in_turn = Stage(one_at_a_time=True, on_failure="stop").run("a:1! b:2", on_failure="continue")
    assert [name for name in in_turn.seen if " " not in name] == ["a", "b"]


def test_who_was_granted_what_the_failed_one_gave_back_begins_nothing():
    stage = Stage(on_failure="stop")
    free = Event(stage.loop)

    def member(text, priority):
        async def fails(_):
            free.set()
            raise ParataskError("a")

        async def waits(_):
            await free.wait()
            stage.loop.raise_if_cancelled()
            stage.seen.append("b begins")

        return Member(text, {"a": fails, "b": waits}[text], priority)

    stage.member = member
    assert stage.run("b a").error == "a"
    assert stage.seen == []


def test_a_seed_s_order_is_drawn_once_for_a_group(monkeypatch):
    drawn = []

    def draw(*arguments):
        drawn.append(arguments)
        return start_order(*arguments)

    monkeypatch.setattr("paratask.execution.start_order.start_order", draw)
    stage = Stage(seed="reversed").run("a:1 b:2 c:1 d:1 e:1", {3: [1], 4: [0]})
    assert [name for name in stage.seen if " " not in name] == ["c", "b", "a", "e", "d"]
    assert drawn == [("reversed", [], 5)]


class Looked(frozenset):
    """Edges that count how often they are looked at."""

    count = 0

    def __and__(self, other):
        Looked.count += 1
        return super().__and__(other)

    def __le__(self, other):
        Looked.count += 1
        return super().__le__(other)


@pytest.mark.parametrize("kind", [Kind.SET, Kind.DEPENDENCIES])
def test_of_many_members_not_all_edges_are_looked_at_whenever_one_has_ended(kind):
    count = 300
    stage = Stage(on_failure="continue")
    words = ["m0:1!", *(f"m{index}:1" for index in range(1, count))]
    edges = [Looked((index - 10,) if index >= 10 else ()) for index in range(count)]

    async def main():
        stage.quiet.enter()
        stand = Stand(strand=Strand(), sink=stage)
        await stage.neighbours.run([stage.member(word) for word in words], edges, kind=kind, stand=stand)

    Looked.count = 0
    with pytest.raises(ParataskError):
        stage.loop.run(main())
    behind = 0 if kind is Kind.DEPENDENCIES else count // 10 - 1
    assert len([name for name in stage.seen if " " not in name]) == count - behind
    assert Looked.count <= 5 * count


def test_no_more_begin_than_are_to():
    stage = Stage(most_begun=2, on_failure="continue").run("a:1 b:3! c:1 d:2 e:1")
    assert stage.seen == ["a", "b", "a ended", "c", "c ended", "d", "e", "d ended", "e ended"]
    assert stage.error == "b"


def test_what_is_not_held_back_is_written_at_once():
    assert Stage(holds_back=False).run("a:3 b:1 c:2").output == "abc"


def test_failfast_cancels_as_well():
    assert Stage().run("a:1! b:5", failfast=True, kind=Kind.DEPENDENCIES).seen == ["a", "b", "b cancelled"]


def test_continue_runs_all_that_does_not_depend_on_the_failure():
    stage = Stage(on_failure="continue").run("a:1! b:2 c:1 d:1 e:1", {2: [0], 3: [2], 4: [1]})
    assert [name for name in stage.seen if " " not in name] == ["a", "b", "e"]


def test_dependencies_all_run_whatever_fails():
    stage = Stage().run("a:1! b:2 c:1", {2: [0]}, kind=Kind.DEPENDENCIES)
    assert [name for name in stage.seen if " " not in name] == ["a", "b", "c"]
    assert stage.error == "a"


def test_the_first_failure_in_written_order_is_the_one_raised():
    assert Stage().run("a:5! b:1!").error == "a"


@pytest.mark.parametrize("kind", [Kind.DEPENDENCIES, Kind.COMMAND_LINE])
def test_of_what_its_author_let_overlap_the_error_was_not_that_of_the_one_that_failed_first(kind):
    assert Stage().run("a:3! b:1! c:2!", kind=kind).error == "b"


def test_one_at_a_time():
    stage = Stage(one_at_a_time=True).run("a:1 b:1! c:1")
    assert stage.seen == ["a", "a ended", "b"]
    assert (stage.output, stage.error) == ("ab", "b")


def test_one_at_a_time_went_on_with_what_depends_on_a_failure():
    stage = Stage(one_at_a_time=True, on_failure="continue").run("a:1! b:1 c:1 d:1", {1: [0], 2: [1]})
    assert [name for name in stage.seen if " " not in name] == ["a", "d"]


def test_a_group_that_was_running_goes_on_one_at_a_time_after_a_fallback():
    stage = Stage()
    stage.loop.call_at(0.5, lambda: setattr(stage.pace, "one_at_a_time", True))
    stage.run("a:1 b:3 c:1 d:1", {2: [0], 3: [0]})
    assert stage.seen == ["a", "b", "a ended", "b ended", "c", "c ended", "d", "d ended"]


def test_a_cancelled_group_cancels_its_members():
    stage = Stage().run("a:5 b:5 c:1", {2: [0]}, deadline=1.0)
    assert stage.seen == ["a", "b", "a cancelled", "b cancelled"]
    assert stage.error == ""


def test_a_member_started_after_one_that_failed_in_the_same_moment():
    """The group had let it start, and the failure came before its turn."""
    stage = Stage()
    first, second = Event(stage.loop), Event(stage.loop)

    async def ends(_):
        await stage.loop.sleep(1)
        first.set()

    async def passes_on(_):
        await first.wait()
        second.set()
        await stage.loop.sleep(1)

    async def fails(_):
        await second.wait()
        raise ParataskError("failed")

    async def follows(_):
        stage.seen.append("followed")

    async def main():
        stage.quiet.enter()
        after = [frozenset(), frozenset(), frozenset(), frozenset((0,))]
        stand = Stand(strand=Strand(), sink=stage)
        await stage.neighbours.run(
            [Member(None, run) for run in (ends, passes_on, fails, follows)], after, kind=Kind.SET, stand=stand
        )

    with pytest.raises(ParataskError):
        stage.loop.run(main())
    assert stage.seen == []


def test_a_job_that_was_alone_waited_for_ever_for_neighbours_of_its_own():
    """Members do not start while one is alone, and these were its own."""
    stage = Stage()

    async def main():
        stage.quiet.enter()
        strand = Strand().member(1, 0, Kind.SET)
        await stage.quiet.ask(strand)
        members = [stage.member("a:1"), stage.member("b:1")]
        await stage.neighbours.run(members, [frozenset()] * 2, kind=Kind.SET, stand=Stand(strand=strand, sink=stage))
        stage.quiet.done()

    stage.loop.run(main())
    assert stage.seen == ["a", "a ended", "b", "b ended"]


@pytest.mark.parametrize("count", [200])
def test_a_long_chain(count):
    stage = Stage().run(" ".join(f"m{i}:1" for i in range(count)), {i: [i - 1] for i in range(1, count)})
    assert stage.seen == [name for i in range(count) for name in (f"m{i}", f"m{i} ended")]


class Watched(Stage):
    """Asks, at some moments, what keeps members from starting; a job is what its name says."""

    def run_and_ask(self, text, after=None, *, at=(0.5,), then=None, **more):
        asked: list[dict[str, tuple[str, list[str]]]] = []

        def ask():
            asked.append({job: (kind, before) for group in self.neighbours.groups for job, kind, before in group.reasons()})

        for moment in at:
            self.loop.call_at(moment, ask)
        if then is not None:
            self.loop.call_at(0.4, then)
        self.run(text, after, **more)
        return asked


def test_those_that_have_not_started_have_reasons():
    stage = Watched()
    counts = []
    stage.neighbours.on_groups = lambda: counts.append(len(stage.neighbours.groups))
    asked = stage.run_and_ask("a:1 b:2 c:1 d:1", {2: [0, 1], 3: [2]}, at=(0.5, 1.5))
    assert asked == [
        {"c": ("order", ["a", "b"]), "d": ("order", ["c"])},
        {"c": ("order", ["b"]), "d": ("order", ["c"])},
    ]
    assert counts == [1, 0]


def test_after_a_failure_they_say_that_they_will_not_start():
    asked = Watched().run_and_ask("a:1! b:3 c:1 d:1", {2: [0], 3: [1]}, at=(2.0,))
    assert asked == [{"c": ("failed", ["a"]), "d": ("failed", ["a"])}]
    asked = Watched(on_failure="continue").run_and_ask("a:1! b:3 c:1 d:1", {2: [0], 3: [1]}, at=(2.0,))
    assert asked == [{"c": ("failed", ["a"]), "d": ("order", ["b"])}]


def test_those_that_failed_are_named_in_written_order():
    asked = Watched().run_and_ask("a:2! b:1! c:5 d:1", {3: [0, 1]}, at=(3.0,))
    assert asked == [{"d": ("failed", ["a", "b"])}]


def test_one_at_a_time_they_wait_for_their_turn():
    stage = Watched()
    asked = stage.run_and_ask("a:1 b:2 c:1", {2: [0]}, at=(1.5,), then=lambda: setattr(stage.pace, "one_at_a_time", True))
    assert asked == [{"c": ("turn", [])}]


def test_while_somebody_is_to_be_alone_they_wait_for_that():
    stage = Watched()

    async def asks_for_quiet():
        with CancelScope(stage.loop, deadline=1.8):
            await stage.quiet.ask(Strand())
        stage.quiet.leave()

    def begin():
        stage.quiet.enter()
        stage.loop.start(asks_for_quiet(), stage.loop.root)

    asked = stage.run_and_ask("a:1 b:2 c:1", {2: [0]}, at=(1.5, 1.9), then=begin)
    assert asked == [{"c": ("quiet", [])}, {}]


def test_of_many_that_fail_only_the_first_error_is_kept_with_its_frames():
    kept = []

    class StageError(ParataskError):
        pass

    async def fail(_stand):
        error = StageError("no")
        kept.append(weakref.ref(error))
        try:
            raise error
        finally:
            del error

    stage = Stage(on_failure="continue")

    async def main():
        stage.quiet.enter()
        stand = Stand(strand=Strand(), sink=stage)
        with pytest.raises(StageError):
            await stage.neighbours.run([Member(None, fail)] * 50, [frozenset()] * 50, kind=Kind.SET, stand=stand)
        assert [index for index, error in enumerate(kept) if error() is not None] in ([], [0])

    gc.disable()
    try:
        stage.loop.run(main())
    finally:
        gc.enable()


class Settling(Stage):
    """Members say, at their ends, which one has failed before them for good."""

    def member(self, text, priority=0.0):
        member = super().member(text, priority)
        run = member.run

        async def asks(stand):
            await run(stand)
            if before := self.neighbours.failed_before(stand.strand):
                self.seen.append(f"{text[0]} after {before}")

        member.run = asks
        return member

    def asked(self):
        return [name for name in self.seen if "after" in name]


@pytest.mark.parametrize("kind", [Kind.SET, Kind.BACKGROUND])
def test_a_failure_settles_what_comes_of_those_behind_it_in_written_order(kind):
    assert Settling().run("a:2 b:1! c:3 d:0.5", kind=kind).asked() == ["c after b"]


@pytest.mark.parametrize("how", [{"kind": Kind.DEPENDENCIES}, {"kind": Kind.COMMAND_LINE}, {"on_failure": "continue"}])
def test_a_failure_settles_nothing_where_the_others_would_have_run(how):
    assert Settling().run("a:1! b:3 c:2", **how).asked() == []


@pytest.mark.parametrize("kind", [Kind.SET, Kind.DEPENDENCIES])
def test_a_failure_settles_what_comes_of_all_below_those_behind_it(kind):
    stage = Settling()

    async def inner(stand):
        members = [stage.member("x:3"), stage.member("y:3")]
        await stage.neighbours.run(members, [frozenset()] * 2, kind=kind, stand=stand)

    outer = stage.member
    stage.member = lambda text, priority=0.0: Member("inner", inner) if text == "inner" else outer(text, priority)
    assert stage.run("inner a:1! inner").asked() == ["x after a", "y after a"]


def test_somebody_was_alone_before_the_failure_in_a_group_was_one_of_its_caller():
    """The last one of the inner group had ended, and nobody was active until the group around it went on."""
    stage = Stage()

    async def inner(stand):
        members = [stage.member("x:1!"), stage.member("y:1")]
        await stage.neighbours.run(members, [frozenset()] * 2, kind=Kind.DEPENDENCIES, stand=stand)

    async def asks(stand):
        await stage.quiet.ask(stand.strand)
        stage.seen.append(f"alone after {stage.neighbours.failed_before(stand.strand)}")
        stage.quiet.done()

    stage.member = lambda text, priority=0.0, make=stage.member: (
        Member(text, {"inner": inner, "asks": asks}[text]) if text in ("inner", "asks") else make(text, priority)
    )
    assert stage.run("inner asks").error == "x"
    assert stage.seen[-1] == "alone after inner"


class Queue(Watched):
    """Members have one command each, and `cores` of them run at once. One that fails with `?` asks to run again alone, and passes then.
    Of those with a capital letter one may begin in a hundred seconds.
    """

    def __init__(self, cores, **more) -> None:
        super().__init__(**more)
        self.leases = Leases(self.loop, Budget(cpus=cores, resources={"api": Resource(count=1, per_seconds=100.0)}), Reading)
        self.quiet.on_shut = self.leases.look_at_doors

    def member(self, text, priority=0.0):
        name, _, rest = text.partition(":")

        async def command(stand):
            cost = Cost(uses={"api": 1} if name.isupper() else {})
            lease = await self.leases.take(cost, door=stand.door)
            self.seen.append(name)
            await self.loop.sleep(float(rest.rstrip("!?") or 1))
            self.leases.give_back(lease)

        async def run(stand):
            await command(stand)
            if rest.endswith("!"):
                raise ParataskError(name)
            if rest.endswith("?"):
                await self.quiet.ask(stand.strand)
                self.seen.append(f"{name} alone")
                await command(stand)
                self.pace.one_at_a_time = True
                self.quiet.done()
            self.seen.append(f"{name} ended")

        return Member(name, run, priority)


@pytest.mark.parametrize("kind", [Kind.SET, Kind.BACKGROUND])
def test_who_waited_for_a_core_began_after_a_failure(kind):
    stage = Queue(2)
    asked = stage.run_and_ask("a:1! b:5 c:1 d:1", at=(2.0,), kind=kind)
    assert stage.seen == ["a", "b", "b ended"]
    assert asked == [{"c": ("failed", ["a"]), "d": ("failed", ["a"])}]
    assert (stage.error, stage.loop.now()) == ("a", 5.0)


@pytest.mark.parametrize("how", [{"kind": Kind.DEPENDENCIES}, {"kind": Kind.COMMAND_LINE}, {"on_failure": "continue"}])
def test_where_a_failure_stops_nobody_who_waits_for_a_core_begins(how):
    assert Queue(1).run("a:1! b:1 c:1", **how).seen == ["a", "b", "b ended", "c", "c ended"]


def test_who_waited_for_a_core_began_while_somebody_was_to_be_alone():
    stage = Queue(2)
    asked = stage.run_and_ask("a:1? b:5 c:2 d:1 e:1", {4: [0]}, at=(2.0, 5.5, 6.5))
    alone = ["a alone", "a", "a ended"]
    assert stage.seen == ["a", "b", "b ended", *alone, "c", "c ended", "d", "d ended", "e", "e ended"]
    assert asked[0] == asked[1] == {"c": ("quiet", []), "d": ("quiet", []), "e": ("quiet", ["a"])}
    assert asked[2] == {"d": ("turn", []), "e": ("turn", [])}


def test_a_failure_was_told_only_when_a_rate_had_let_somebody_begin_who_was_not_to_begin_any_more():
    stage = Queue(4).run("a:2! B:1 C:1")
    assert stage.seen == ["a", "B", "B ended"]
    assert (stage.error, stage.loop.now()) == ("a", 2.0)


def test_who_was_to_be_alone_waited_for_a_rate_of_somebody_else():
    stage = Queue(4).run("A:1 B:1 c:2?")
    assert stage.seen == ["A", "c", "A ended", "c alone", "c", "c ended", "B", "B ended"]
    assert stage.loop.now() == 101.0


def test_what_may_begin_in_a_time_was_used_up_by_who_did_not_begin():
    stage = Queue(4).run("A:1? B:1 c:200")
    assert stage.seen == ["A", "c", "c ended", "A alone", "A", "A ended", "B", "B ended"]
    assert stage.loop.now() == 301.0


def test_who_is_held_at_its_first_command_leaves_its_place_to_no_more_than_may_begin():
    stage = Queue(1, most_begun=2)
    assert stage.run("a:1? b:1 c:1").seen == ["a", "a alone", "a", "a ended", "b", "b ended", "c", "c ended"]


def test_who_is_held_at_its_first_command_is_cancelled_there():
    stage = Queue(2).run("a:1? b:9 c:1 d:1", deadline=3.0)
    assert stage.seen == ["a", "b"]
    assert stage.quiet.may_start


def test_all_below_a_member_are_held_and_go_on_together():
    stage = Queue(1)

    async def inner(stand):
        members = [plain("x:1"), plain("y:1")]
        await stage.neighbours.run(members, [frozenset()] * 2, kind=Kind.DEPENDENCIES, stand=stand)

    plain = stage.member
    stage.member = lambda text, priority=0.0: Member("inner", inner) if text == "inner" else plain(text, priority)
    assert stage.run("a:1? inner z:1").seen[4:] == ["x", "x ended", "y", "y ended", "z", "z ended"]
    assert stage.seen[:4] == ["a", "a alone", "a", "a ended"]


def test_one_that_fails_below_a_member_that_is_held_ends_it():
    """What is held there is cancelled, and the member does not start again."""
    stage = Queue(1)

    async def fails(_stand):
        await stage.loop.sleep(1.5)
        raise ParataskError("y")

    async def inner(stand):
        members = [plain("x:1"), Member("y", fails)]
        await stage.neighbours.run(members, [frozenset()] * 2, kind=Kind.DEPENDENCIES, stand=stand, failfast=True)

    plain = stage.member
    stage.member = lambda text, priority=0.0: Member("inner", inner) if text == "inner" else plain(text, priority)
    stage.run("a:1? inner z:1")
    assert stage.seen == ["a", "a alone", "a", "a ended"]
    assert stage.error == "y"


def test_a_member_of_which_something_begins_is_held_no_longer():
    """Others may wait for what it has begun."""
    stage = Queue(2)

    async def begins(stand):
        await stage.loop.sleep(1.5)
        stand.door.begin()
        await plain("y:1").run(stand)

    async def inner(stand):
        members = [plain("x:1"), Member("y", begins)]
        await stage.neighbours.run(members, [frozenset()] * 2, kind=Kind.DEPENDENCIES, stand=stand)

    plain = stage.member
    stage.member = lambda text, priority=0.0: Member("inner", inner) if text == "inner" else plain(text, priority)
    assert stage.run("a:1! b:4 inner c:1").seen == ["a", "b", "y", "y ended", "x", "x ended", "b ended"]


def test_output_of_one_that_came_to_its_end_though_it_was_told_to_stop_is_shown():
    stage = Stage(may_be_stopped=lambda _: True)

    async def asks(stand):
        await stage.loop.sleep(1)
        await stage.quiet.ask(stand.strand, stops_others=True)
        stage.seen.append("alone")
        stage.quiet.done()

    async def ends(stand):
        stand.door.begin()
        stand.sink.write(1, b"shown")
        try:
            await stage.loop.sleep(9)
        except Cancelled:
            stage.seen.append("told to stop")

    stage.member = lambda text, _priority: Member(text, {"asks": asks, "ends": ends}[text])
    assert stage.run("asks ends").seen == ["told to stop", "alone"]
    assert stage.output == "shown"


def test_many_who_never_begin_end_quickly(monkeypatch):
    monkeypatch.setattr("paratask.execution.roster.heapify", lambda heap: pytest.fail("for each of them"))
    assert Queue(1).run(f"a:1! {' '.join(f'm{index}:1' for index in range(300))}").seen == ["a"]
