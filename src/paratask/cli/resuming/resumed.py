"""What an earlier run finished, for the run that goes on with it: job by job, whether it need not run, and why. See "Going on" in docs/design.md."""

from __future__ import annotations

import sys
import time

from paratask.claims.conflicts import conflict
from paratask.claims.model import Access, Claims, Evidence
from paratask.cli.resuming.files import Changes, first_gone
from paratask.cli.resuming.gates import Gates
from paratask.cli.resuming.own import OwnFiles, asked_files, kept_folders
from paratask.cli.resuming.writings import Writings, calls_made, placed
from paratask.errors import ParataskError
from paratask.events import AttemptBegan, BegunAnew, CommandEnded, JobChanged, JobMade
from paratask.execution.jobs import State
from paratask.execution.turns import Earlier
from paratask.records.finished import FinishedJobs, JobKeys
from paratask.variables.ready import ReadyCall
from paratask.variables.scopes import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from paratask.cli.options import Typed
    from paratask.cli.resuming.files import Change
    from paratask.events import Event
    from paratask.execution.jobs import Job
    from paratask.execution.workbench import Workbench
    from paratask.planning.planner import Planner
    from paratask.records.finished import Finished, Key
    from paratask.records.runs import KeptRun
    from paratask.variables.ready import ReadyTask

NAMED = 5
ANOTHER = "is not what it was"


class Resumed:
    """What the earlier run finished. A subscriber, for the places of jobs; `planner` is the run's own."""

    planner: Planner

    def __init__(
        self,
        bench: Workbench,
        earlier: KeptRun,
        calls: Sequence[ReadyCall],
        typed: Typed,
        *,
        repeats_all: bool,
        forced: str = "",
        is_dry: bool = False,
    ) -> None:
        self.run = earlier.run
        self._bench = bench
        self._calls = calls
        self._writings: Writings | None = None
        self._earlier = FinishedJobs(earlier, own_name=bench.index.own_name)
        root = bench.project.root_dir
        self._moved: dict[str, None] = {}
        self._changes = Changes(root, self._earlier.oldest)
        self._began_at = time.time()
        self._own = OwnFiles(
            root, self._earlier, asked=asked_files(typed, root), folders=kept_folders(typed, bench), state=bench.state_dir,
            now=self._began_at,
        )  # fmt: skip
        self._keys = JobKeys()
        self._gates = Gates(
            bench.project.settings.pipelines.values(), bench.taskfile.tasks, self._earlier.worked, own_name=bench.index.own_name
        )
        self._repeats_all = repeats_all
        self._forced = forced
        self._changed: dict[str, None] = {}
        self._outside: dict[str, None] = {}
        self._would_run: dict[str, tuple[str, Claims]] | None = {} if is_dry else None

    @property
    def chain(self) -> tuple[str, ...]:
        """The runs that it is made of: who goes on with this one, before it came to what they finished, needs them as well."""
        return self._earlier.runs

    def __call__(self, event: Event) -> None:
        if isinstance(event, JobMade):
            self._keys.add(event.job, event.task, event.parent)
        elif isinstance(event, AttemptBegan):
            self._keys.begin_again(event.job)
        elif isinstance(event, BegunAnew):
            self._keys.take_over(event.job, event.instead_of)
        elif isinstance(event, CommandEnded):
            self._changes.forget()
            self._gates.add(self._keys.of(event.job), event.at)
        elif self._would_run and isinstance(event, JobChanged) and event.state == State.FRESH.value:
            self._would_run.pop(event.job, None)

    async def look(self, job: Job, ready: ReadyTask) -> tuple[Earlier, str]:
        """What became of the job, and why it need not run, or has to. Without a reason its own rules decide: it has sources by which it may be up
        to date, or does nothing but call others.
        """
        if (ready.sources or ready.status) and self._is_half_done(job, ready):
            found, why = Earlier.HALF_DONE, f"run {self.run} had not finished it"
        else:
            is_done, why = await self._is_done(job, ready)
            found = Earlier.DONE if is_done else Earlier.OPEN
        if self._would_run is not None and found is not Earlier.DONE:
            own = self.planner.expansion.own_claims(job.task, job.variables)
            self._would_run[job.id] = ready.name, _only(Access.WRITE, own)
        return found, why

    def _is_half_done(self, job: Job, ready: ReadyTask) -> bool:
        """Whether its steps had begun: what is there may be half of what it makes, whatever its sources and its `status` say."""
        began = self._earlier.half_done_since(self._keys.of(job.id), self._bench.preparation.mask(ready.name))
        if began is None or ready.run == "always":
            return began is not None
        done = self._earlier.execution(job.task, self._digest(ready))
        return done is None or done.ended_at < began

    async def _is_done(self, job: Job, ready: ReadyTask) -> tuple[bool, str]:
        is_forced = self._forced == "all" or (self._forced == "called" and not job.parent)
        if (ready.sources and not is_forced) or all(isinstance(step, ReadyCall) for step in ready.steps):
            return False, ""
        finished = self._finished(job.task, ready, self._keys.of(job.id))
        if finished is None or not finished.definition:
            return False, f"run {self.run} had not finished it"
        if not self._is_same(ready, finished):
            return False, f"it {ANOTHER} in run {self.run}: its texts, variables or folder changed"
        if self._gates.has_to_be_asked(self._keys.of(job.id), finished.ended_at):
            return False, f"something of its stage ran after run {self.run} had asked it"
        outside = self.planner.why_outside(ready)
        if outside and self._repeats_all:
            return False, f"--yes repeats what may have effects outside this checkout ({outside})"
        if outside:
            self._outside[job.task] = None
            return True, f"run {self.run} finished it, and its effects may not stay in this checkout ({outside})"
        if finished.root not in ("", self._bench.project.root_dir):
            self._moved[job.task] = None
            return False, f"the checkout was {finished.root} then, and what the job left there may know that path"
        why = await self._what_calls_differ(ready, finished.place) or self._what_is_new(ready, finished)
        if why:
            return False, f"run {self.run} finished it, but {why}"
        return True, f"run {self.run} finished it, and nothing that it reads changed since"

    def _finished(self, name: str, ready: ReadyTask, place: Key) -> Finished | None:
        """What became of the job at that place. A task that runs once was carried out where it was called first."""
        known = self._earlier.execution(name, self._digest(ready)) if ready.run != "always" else None
        return known or self._earlier.at(place)

    def _digest(self, ready: ReadyTask) -> str:
        return ready.definition(self._bench.preparation.without_place)

    def _is_same(self, ready: ReadyTask, finished: Finished) -> bool:
        """Whether its own steps are what they were then. Of what was not carried out nobody knows what they were."""
        if not finished.definition or finished.definition == self._digest(ready):
            return True
        self._changed[ready.name] = None
        return False

    async def _what_calls_differ(self, ready: ReadyTask, place: Key) -> str:
        """What of all that it called is not what it was then, or reads something new: a task may declare less than these. Else empty."""
        try:
            for call, below in placed(calls_made(ready, self.planner, self._bench), place, self._bench.index.own_name):
                if why := await self._what_differs(call, below):
                    return why
        except ParataskError as error:
            return f"what it calls cannot be made ready: {error}"
        return ""

    async def _what_differs(self, call: ReadyCall, place: Key) -> str:
        name = call.task or ""
        ready = await self._bench.preparation.prepare(self._bench.index.find(name), name, call.variables, Mode.RUN)
        finished = self._finished(place[-1][0], ready, place)
        if finished is None:  # it was not called: whether it is, is part of its caller's definition
            return ""
        if not self._is_same(ready, finished):
            return f"`{ready.name}`, which it calls, {ANOTHER} then"
        if not self._repeats_all and self.planner.why_outside(ready):
            return ""  # it would not be repeated, whatever it reads
        return self._what_is_new(ready, finished) or await self._what_calls_differ(ready, finished.place)

    def _what_is_new(self, ready: ReadyTask, finished: Finished) -> str:
        """What changed of all that it reads, or went of what it wrote; empty where nothing did.

        Less what jobs of that run wrote that come after it: it has not seen that one at a time either.

        What it wrote has to be there: whoever declares that a folder or file is written means that it is. Inference says that it may
        be, and names places where it never was (`cp a b` may write `b/a`).
        """
        if finished.ended_at > self._began_at:
            return "the clock went back since, so that nobody knows what changed"
        root = self._bench.project.root_dir
        entries = self.planner.expansion.reach_of_task(ready).claims.entries
        written = [entry for entry in entries if entry.access is Access.WRITE]
        declared = [entry.pattern.removesuffix("/**") for entry in written if entry.evidence is Evidence.DECLARED]
        others = [entry.pattern for entry in written if entry.evidence is not Evidence.DECLARED]
        gone = first_gone(root, declared) or first_gone(root, others, since=finished.ended_at)
        if gone:
            return f"{gone}, which it writes, is not there"
        if self._writings is None:
            self._writings = Writings(self._bench, self.planner, self._earlier, self._calls)
        reads = [(entry.pattern, entry.excluding) for entry in entries if entry.access is Access.READ]
        changes = self._changes.since(finished.ended_at, reads)
        news = next((change.sentence for change in changes if not self._is_explained(change, finished.place)), "")
        return news or (self._what_would_be_new(ready) if self._would_run else "")

    def _what_would_be_new(self, ready: ReadyTask) -> str:
        """What those above it that would run again write of what it reads, as far as that is known without running them."""
        reads = _only(Access.READ, self.planner.expansion.reach_of_task(ready).claims)
        found = ((name, conflict(writes, reads)) for name, writes in (self._would_run or {}).values())
        return next((why.sentence(name, ready.name) for name, why in found if why), "")

    def _is_explained(self, change: Change, place: Key) -> bool:
        assert self._writings is not None
        return self._own.explain(change) or self._writings.explain(change, place)

    def report(self) -> None:
        """What people should know of what was and was not run again."""
        ran = "ran anew" if self._would_run is None else "would run anew"
        if self._moved:
            text = f"the checkout moved since run {self.run}, and what jobs left may know its path: {shown_names(self._moved)} {ran}"
            sys.stderr.write(f"paratask: {text}\n")
        if self._changed:
            sys.stderr.write(f"paratask: the plan changed since run {self.run}: {shown_names(self._changed)} {ran}\n")
        if self._outside:
            text = f"{shown_names(self._outside)} had succeeded, and may have effects outside this checkout: not run again"
            sys.stderr.write(f"paratask: {text}; `paratask --resume --yes` does\n")


def _only(access: Access, claims: Claims) -> Claims:
    """Those of a kind."""
    return Claims(entries=tuple(entry for entry in claims.entries if entry.access is access))


def say_what(earlier: KeptRun, names: str) -> None:
    """Which run it is, where nobody named it."""
    how = earlier.how_it_ended if earlier.result == "failed" else f"was {earlier.how_it_ended}"
    sys.stderr.write(f"paratask: going on with run {earlier.run} of {names}, which {how}\n")


def shown_names(tasks: Mapping[str, None]) -> str:
    """As many as fit into a line."""
    shown = [f"`{task}`" for task in list(tasks)[:NAMED]]
    more = len(tasks) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")
