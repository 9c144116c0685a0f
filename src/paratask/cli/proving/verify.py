"""`--verify`: runs the tasks one at a time and side by side in copies of the checkout, compares, and reports. See "Proof" in docs/design.md."""

from __future__ import annotations

import os
import random
import signal
import sys

from paratask.amounts import shown_bytes
from paratask.cli.leftovers import clean_up
from paratask.cli.proving.beyond import check_within
from paratask.cli.proving.effects import find_effects
from paratask.cli.proving.runs import Runs, Scene
from paratask.cli.setup import (
    current_folder,
    make_workbench,
    observations,
    only_parallel,
    painter_for,
    parallel_level,
    place_maker,
    requested,
    warn,
)
from paratask.errors import DifferenceError, OptionError, TaskInternalError, UsageError, VerificationError
from paratask.names import counted
from paratask.planning.plan import PlanBuilder
from paratask.planning.planner import Planner
from paratask.processes.interrupts import SIGNALS
from paratask.processes.running import RUNNING_FOLDER, RunningRecord, is_in_use, stale_records
from paratask.processes.separate_run import allows_private_mounts
from paratask.proving.checkout import find_checkout, names_of
from paratask.proving.copying import Move
from paratask.proving.model import Verdict
from paratask.proving.proof import Prover
from paratask.proving.storage import COPIES, holders, make_holder, measure, remove, remove_holder
from paratask.records.history import History
from paratask.reporting.patterns_text import tell_patterns
from paratask.reporting.proof_text import proof_document, render_proof, shown_run
from paratask.variables.dynamic import run_static
from paratask.variables.scopes import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from paratask.cli.options import Typed
    from paratask.cli.proving.effects import Effects
    from paratask.execution.workbench import Workbench
    from paratask.planning.plan import PlannedJob
    from paratask.proving.checkout import Checkout
    from paratask.proving.model import Proof, RunRecord
    from paratask.variables.ready import ReadyCall

ROUNDS = 3
OTHERS = ("watch", "dry", "status", "summary", "list", "list_all", "plan", "learn", "init", "global", "sequential", "download")


class _Stopped(KeyboardInterrupt):
    """A signal came."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def verify(typed: Typed) -> int:
    """`--verify`: run the tasks one at a time and side by side, in copies, and compare. The exit code. Raises ParataskError;
    DifferenceError where something comes out otherwise.
    """
    return _Verification(typed).carry_out()


def _stop(number: int, frame: object) -> None:
    del frame
    raise _Stopped(number)


class _Verification:
    """One of them, from its first words to its verdict."""

    def __init__(self, typed: Typed) -> None:
        self._seeds = _seeds(typed.text("seed"), _rounds(typed))
        _check(typed)
        self._typed = typed
        self._paint = painter_for(typed, 2)
        self._bench = make_workbench(typed)
        self._bench.split_commands()
        run_static(self._bench.read_dotenv(Mode.UNKNOWN))
        self._calls = requested(typed)

    def carry_out(self) -> int:
        _check_calls(self._bench, self._calls)
        notes = self._plan()
        checkout = find_checkout(self._bench.project.root_dir, self._bench.environ.get("HOME", ""))
        effects = find_effects(self._bench, self._calls, self._warn)
        check_within(self._bench.project, effects.folders, checkout)
        self._check_effects(effects)
        for note in notes:
            self._say(note)
        self._check_folders(checkout)
        left_out = frozenset((os.path.realpath(self._bench.state_dir),))
        size, files, sample = measure(checkout.folders, left_out)
        self._say(f"copying {checkout.top}: {counted(files, 'file')}, {shown_bytes(size)}")
        self._remove_earlier()
        holder = make_holder(self._bench.environ, checkout.top, COPIES * size, sample)
        running = RunningRecord(os.path.join(holder, RUNNING_FOLDER))
        running.add_folder(holder)
        running.hold()
        before = {number: signal.signal(number, _stop) for number in SIGNALS}
        try:
            proof = self._prove(checkout, holder, notes, running)
        except _Stopped as stopped:
            self._say("stopped; the copies are removed")
            return 128 + stopped.number
        finally:
            for number in SIGNALS:
                signal.signal(number, signal.SIG_IGN)  # what is left is to clear up, and that must come to its end
            remove_holder(holder, RUNNING_FOLDER, self._warn)
            running.close()
            for number, handler in before.items():
                signal.signal(number, handler)
        return self._report(proof)

    def _remove_earlier(self) -> None:
        """What proofs left behind that were killed. Of those that go on somebody holds the record."""
        for holder in holders(self._bench.environ):
            if any(map(_was_begun, stale_records(holder))):
                clean_up(holder, self._paint)
                if not is_in_use(holder):
                    remove(holder, self._warn)

    def _check_effects(self, effects: Effects) -> None:
        """Raises UsageError for effects outside, where they were not allowed on this very command line."""
        times = f"{len(self._seeds) + 2} or {len(self._seeds) + 3} times"
        allowed = "yes" in self._typed.given and self._typed.flag("yes")
        for task, command, reason in effects.outside:
            what = f"`{task}` runs `{command}`" if command else f"`{task}` has effects outside"
            if not allowed:
                message = f"{what}, which would happen {times} and can be seen outside this checkout: {reason}"
                raise UsageError(
                    self._bench.secrets.mask(message),
                    help="`--yes` on the command line runs it all the same; `local = true` in paratask.toml says it is harmless",
                )
            self._warn(f"{what}, {times}, and that can be seen outside this checkout: {reason}")
        if effects.unknown:
            shown = ", ".join(f"`{command}` ({task})" for task, command in effects.unknown[:3])
            more = f" and {len(effects.unknown) - 3} more" if len(effects.unknown) > 3 else ""
            self._warn(f"nobody knows what these do outside the copies, and they run {times}: {shown}{more}")

    def _plan(self) -> list[str]:
        """Remarks on what the plan has to prove. Where that is nothing, one round will do."""
        settings = self._bench.project.settings
        environ = {**self._bench.environ, "USE_PARALLEL": "true"}
        planner = Planner(
            bench=self._bench, settings=settings, level=parallel_level(self._typed, settings, environ),
            make_place=place_maker(self._bench), known_conflicts=History(self._bench.state_dir).conflicts, looks_once=True,
            observations=observations(self._typed, self._bench), only=only_parallel(self._typed, self._bench),
            believes_fresh=not (self._typed.flag("force") or self._typed.flag("force_all")),
        )  # fmt: skip
        jobs = [job for top in PlanBuilder(planner=planner).build(self._calls) for job in top.walk()]
        named_together = self._typed.flag("parallel") and len(self._calls) > 1
        if named_together or any(job.together_with for job in jobs):
            return []
        self._seeds = self._seeds[:1]
        why = _reasons(jobs)
        return ["by its plan nothing of this runs side by side" + (f": {why}" if why else "")]

    def _check_folders(self, checkout: Checkout) -> None:
        if checkout.top in ("/", os.path.realpath(self._bench.environ.get("HOME") or "/")):
            raise VerificationError(f"the Taskfile lies in {checkout.top}: all of that would have to be copied")
        temp = self._bench.environ.get("TASK_TEMP_DIR", "") or self._typed.text("temp_dir")
        if temp.startswith("/") and not f"{os.path.realpath(temp)}/".startswith(f"{checkout.top}/"):
            message = (
                f"fingerprints are kept in {temp}, outside the checkout: what the first run has done, the others would not do"
            )
            raise UsageError(message, help="paratask --verify --temp-dir .task …")

    def _prove(self, checkout: Checkout, holder: str, notes: Sequence[str], running: RunningRecord) -> Proof:
        moves = checkout.moves(os.path.join(holder, "work"))
        cwd = current_folder(self._bench.environ)
        seen_from = (cwd, self._bench.project.root_dir)
        names = [
            Move(source=name, target=move.target)
            for move in moves
            for path in seen_from
            for name in names_of(move.source, path)
        ]
        os.mkdir(os.path.join(holder, "logs"))
        private = allows_private_mounts(holder)
        scene = Scene(
            names=tuple(dict.fromkeys(names)), cwd=cwd, root=self._bench.project.root_dir,
            state=os.path.join(moves[0].target, os.path.relpath(os.path.realpath(self._bench.state_dir), checkout.top)),
            logs=os.path.join(holder, "logs"), mounts=[(move.target, move.source) for move in moves] if private else (),
            environ=self._bench.environ, running=running,
        )  # fmt: skip
        unguarded = "this machine allows no private mounts, so that a command which names the checkout by its absolute path reaches the real one"
        if not private:
            self._warn(unguarded)
            notes = [*notes, unguarded]
        prover = Prover(
            checkout=checkout, holder=holder, state=os.path.realpath(self._bench.state_dir), names=scene.names,
            run=Runs(self._typed, scene, self._announce).run, warn=self._warn,
        )  # fmt: skip
        return prover.prove(tuple(call.task or "" for call in self._calls), self._seeds, tuple(notes))

    def _report(self, proof: Proof) -> int:
        again = _repeater(self._typed)
        if self._typed.flag("json"):
            import json

            sys.stdout.write(
                json.dumps(self._bench.secrets.mask_all(proof_document(proof)), indent=2, ensure_ascii=False) + "\n"
            )
        else:
            text = render_proof(proof, again=again, paint=painter_for(self._typed, 1))
            sys.stdout.write(self._bench.secrets.mask(text))
        sys.stdout.flush()
        title = " ".join(proof.tasks)
        if proof.verdict is Verdict.UNSTABLE:
            codes = " and ".join(str(run.exit_code) for run in proof.runs)
            raise VerificationError(f"`{title}` ended with {codes}, one at a time both times: there is nothing to compare with")
        if proof.verdict is Verdict.DIFFERENT:
            finding = proof.findings[0]
            raise DifferenceError(
                f"`{title}` comes out otherwise side by side than one at a time",
                help=f"{again(finding.seed)} repeats {finding.run}",
            )
        return proof.exit_code

    def _announce(self, record: RunRecord) -> None:
        self._say(shown_run(record))

    def _say(self, text: str) -> None:
        sys.stderr.write(f"paratask: {self._bench.secrets.mask(text)}\n")
        sys.stderr.flush()

    def _warn(self, text: str) -> None:
        warn(self._bench.secrets.mask(text), self._paint)


def _check(typed: Typed) -> None:
    for key in OTHERS:
        if typed.flag(key):
            raise UsageError(f"--verify and --{key.replace('_', '-')} exclude each other")
    if typed.text("taskfile") == "-":
        raise UsageError("--verify reads the Taskfile several times, which stdin does not allow")


def _check_calls(bench: Workbench, calls: Sequence[ReadyCall]) -> None:
    for call in calls:
        task = bench.index.find(call.task or "").task
        if task.internal:
            raise TaskInternalError(f"task `{call.task}` is internal", task=call.task or "", position=task.position)
        if task.watch:
            raise UsageError(f"`{call.task}` has `watch: true`: it does not end, and cannot be verified")


def _was_begun(record: str) -> bool:
    """Whether anything stands in a record that nobody holds: where nothing does, who makes it may be about to lock it."""
    try:
        return os.path.getsize(record) > 0
    except OSError:
        return False


def _rounds(typed: Typed) -> int:
    text = typed.text("rounds") or str(ROUNDS)
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise OptionError(f"--rounds is `{text}`", help="--rounds=3, any number from 1 to 1000")
    return int(text)


def _seeds(first: str, rounds: int) -> tuple[str, ...]:
    """A seed for each round. The first one's order is the written one turned round, so that every pair starts both ways."""
    if first.isdecimal():
        return tuple(str(int(first) + index) for index in range(rounds))
    if first and first != "reversed":
        return tuple(first if index == 0 else f"{first}.{index}" for index in range(rounds))
    drawn = random.SystemRandom().randrange(1000, 1_000_000)
    return ("reversed", *(str(drawn + index) for index in range(1, rounds)))


def _reasons(jobs: Sequence[PlannedJob]) -> str:
    """Why neighbours wait, for the first few."""
    reasons = list(dict.fromkeys(tell_patterns(job.reason) for job in jobs if job.after and job.kind != "dependency"))
    return "; ".join(reasons[:3]) + ("; …" if len(reasons) > 3 else "")


def _repeater(typed: Typed) -> Callable[[str], str]:
    """Makes the command line that repeats a round by its seed."""
    import shlex

    words = [*typed.calls, *(f"{name}={value}" for name, value in typed.variables.items())]
    words += ["--", *typed.rest] if typed.rest else []
    return lambda seed: " ".join(["paratask --verify --rounds 1 --seed", seed, *map(shlex.quote, words)])
