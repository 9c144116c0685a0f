"""Stages of pipelines: which jobs they are, and what a summary and a journal say of them."""

from __future__ import annotations

from paratask.errors import Position
from paratask.events import EventBus, StageMade
from paratask.execution.jobs import Jobs, State
from paratask.records.journal import document_of
from paratask.records.stages import StageRecord, stage_entries
from paratask.taskfile.pipelines import Entry, Pipeline, Stage, stage_marks

HERE = Position(file="paratask.toml", line=1)


def gate(task: str) -> Entry:
    return Entry(task=task, position=HERE, variables={})


RELEASE = Pipeline(
    name="release",
    position=HERE,
    stages=(
        Stage(name="check", position=HERE, variables={}, gate=gate("verify")),
        Stage(name="build", position=HERE, variables={}, gate=gate("smoke")),
        Stage(name="ship", position=HERE, variables={}),
    ),
)


class Run:
    """Jobs whose events are heard, on a clock of whole seconds."""

    def __init__(self) -> None:
        self.bus = EventBus()
        self.heard: list[object] = []
        self.bus.subscribe(self.heard.append)
        self.jobs = Jobs(self.bus, self.now)
        self.record = StageRecord(stage_marks([RELEASE]), self.bus.announce)
        self.bus.subscribe(self.record)
        self.seconds = 0.0

    def now(self) -> float:
        self.seconds += 1
        return self.seconds

    def make(self, task: str, parent: str = "") -> str:
        return self.jobs.make(task, parent=parent, reason="").id

    def begin(self, job: str) -> None:
        for state in (State.READY, State.RUNNING):
            self.jobs.move(self.jobs.by_id[job], state)

    def end(self, job: str, state: State, *, exit_status: int | None = None) -> None:
        self.jobs.by_id[job].exit_status = exit_status
        self.jobs.move(self.jobs.by_id[job], state)

    def entries(self) -> list[dict[str, object]]:
        return self.record.entries(self.jobs.all)

    def lines(self) -> list[dict[str, object]]:
        """What a journal has of it."""
        return [
            {"event": type(event).__name__, **{name: getattr(event, name) for name in type(event).__slots__}}
            for event in self.heard
        ]


def played() -> Run:
    """`check` passed, though `lint` was up to date; the gate of `build` failed; `ship` never began."""
    run = Run()
    run.begin(top := run.make("release"))
    check, build, ship = (run.make(f"release:{name}", top) for name in ("check", "build", "ship"))
    run.begin(check)
    lint, verify = run.make("lint", check), run.make("verify", check)
    run.begin(lint)
    run.end(lint, State.FRESH)
    run.begin(verify)
    run.end(verify, State.SUCCEEDED, exit_status=0)
    run.end(check, State.SUCCEEDED)
    run.begin(build)
    compiled, smoke = run.make("compile", build), run.make("smoke", build)
    run.begin(compiled)
    run.begin(inner := run.make("inner", compiled))
    run.end(inner, State.SUCCEEDED, exit_status=0)
    run.end(compiled, State.SUCCEEDED)
    run.begin(smoke)
    run.end(smoke, State.FAILED, exit_status=1)
    run.end(build, State.FAILED)
    run.end(ship, State.CANCELLED)
    run.end(top, State.FAILED)
    return run


def test_stages_are_announced_when_all_others_know_their_jobs():
    heard = [event for event in played().heard if type(event).__name__ in ("JobMade", "StageMade")][:4]
    assert [type(event).__name__ for event in heard] == ["JobMade", "JobMade", "StageMade", "JobMade"]
    assert heard[2] == StageMade(job="release-check", pipeline="release", stage="check", number=1, of=3, gate="verify")


def test_a_summary_says_how_each_went():
    check, build, ship = played().entries()
    assert check == {
        "pipeline": "release", "stage": "check", "number": 1, "of": 3, "job": "release-check", "parent": "release",
        "state": "succeeded", "seconds": 7.0, "gate": "verify", "gate_job": "verify", "gate_state": "succeeded", "gate_seconds": 1.0, "ran": 1,
        "fresh": 1,
    }  # fmt: skip
    wanted = {"state": "failed", "gate": "smoke", "gate_job": "smoke", "gate_state": "failed", "ran": 2, "seconds": 10.0}
    assert {key: build[key] for key in wanted} == wanted
    wanted = {"state": "cancelled", "gate": "", "gate_job": "", "gate_state": "", "ran": 0, "seconds": None}
    assert {key: ship[key] for key in wanted} == wanted


def test_a_journal_says_the_same():
    run = played()
    ran = [{"event": "JobEntry", "entry": {"id": job.id, "exit_code": job.exit_status}} for job in run.jobs.all]
    assert document_of([*run.lines(), *ran], run="r")["stages"] == run.entries()


def test_runs_without_pipelines_have_no_stages():
    run = Run()
    run.make("build")
    assert run.entries() == []
    assert "stages" not in document_of(run.lines(), run="r")


def test_of_a_stage_that_was_begun_again_the_last_counts_and_calls_are_kept_apart():
    run = Run()
    first, second = run.make("release"), run.make("release")
    for parent in (first, second, first):
        run.make("release:check", parent)
    assert [(entry["job"], entry["parent"]) for entry in run.entries()] == [
        ("release-check.3", "release"), ("release-check.2", "release.2"),
    ]  # fmt: skip


def test_a_task_of_the_same_name_as_the_gate_is_not_taken_for_it():
    run = Run()
    check = run.make("release:check", run.make("release"))
    run.make("verify", check)
    run.make("verify", check)
    assert run.entries()[0]["gate_job"] == "verify.2"


def test_of_a_stage_with_many_calls_each_was_looked_at_again_for_each_of_them():
    looked_up = 0

    class Name(str):
        __slots__ = ()

        def __hash__(self) -> int:
            nonlocal looked_up
            looked_up += 1
            return super().__hash__()

    head = {"task": "t", "state": "succeeded", "seconds": 1.0, "exit_code": 0}
    jobs = [
        {**head, "id": "top", "parent": ""},
        *({**head, "id": Name(f"t.{number}"), "parent": "top"} for number in range(1000)),
    ]
    stage = {"pipeline": "p", "stage": "s", "number": 1, "of": 1, "job": "top", "gate": ""}
    (entry,) = stage_entries([stage], jobs)
    assert (entry["ran"], looked_up < 10_000) == (1000, True)


def test_jobs_that_call_each_other_in_a_circle_were_followed_for_ever():
    """`--runs` never ended where a checkout had brought such a journal along."""
    made = [
        {"event": "JobMade", "job": job, "task": job, "parent": parent} for job, parent in (("a", "b"), ("b", "a"), ("c", "b"))
    ]
    stage = {"event": "StageMade", "job": "a", "pipeline": "p", "stage": "s", "number": 1, "of": 1, "gate": ""}
    ended = [{"event": "JobEntry", "entry": {"id": job, "exit_code": 0}} for job in "abc"]
    (entry,) = document_of([*made, stage, *ended], run="r")["stages"]
    assert (entry["job"], entry["ran"]) == ("a", 2)
