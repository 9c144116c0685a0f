"""`--learn TASK…`: runs the tasks one at a time under strace, keeps what each touched, and says what came of it."""

from __future__ import annotations

import os
import sys

from paratask.cli.learned_report import make_report
from paratask.cli.leftovers import clean_up
from paratask.cli.observed import ObservedClaims
from paratask.cli.recorded_run import RecordedRun
from paratask.cli.run import check_calls
from paratask.cli.setup import make_workbench, painter_for, requested, run_options, say_oddities, warn
from paratask.events import SetArranged
from paratask.execution.jobs import State
from paratask.execution.tracing import Strace, trace_folder
from paratask.frozen import replace
from paratask.languages.workspaces import holds_manifest
from paratask.observing.accesses import Witness
from paratask.observing.call_kinds import TRACED
from paratask.observing.ground import Ground
from paratask.observing.hazards import union
from paratask.observing.learning import learn as learn_from
from paratask.observing.system_calls import Lines, parse_calls
from paratask.processes.running import stale_records
from paratask.reporting.learned_text import render_learned

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from paratask.cli.options import Typed
    from paratask.execution.jobs import Job
    from paratask.execution.tracing import Trace
    from paratask.execution.workbench import Workbench
    from paratask.observing.accesses import Accesses
    from paratask.observing.entries import Key
    from paratask.variables.ready import ReadyTask


def learn(typed: Typed) -> int:
    """`--learn TASK…`: run the tasks one at a time under a tracer, keep what each job touched, and report it. The exit code.
    Raises ParataskError.
    """
    paint = painter_for(typed, 2)
    bench = make_workbench(typed)
    calls = requested(typed)
    options = replace(run_options(typed, bench), parallel="off", calls_together=False)
    check_calls(bench, calls, typed)
    if stale_records(bench.state_dir):
        clean_up(bench.state_dir, paint)
    observed = ObservedClaims(typed, bench, warn=lambda oddity: say_oddities([oddity], typed))
    known = observed.entries
    tracer = Strace(folder=trace_folder(bench.state_dir, os.getpid()), environ=bench.environ, traced=TRACED)
    sets: list[SetArranged] = []
    try:
        run = RecordedRun(
            typed, bench, calls, options, paint, tracer=tracer,
            subscribers=[lambda event: sets.append(event) if isinstance(event, SetArranged) else None],
        )  # fmt: skip
        code = run.carry_out()
        if not tracer.finish():
            warn("processes that commands left behind still run: what they do from here on was not seen", paint)
        jobs = run.outcome.jobs if run.outcome is not None else ()
        found = _seen(tracer, jobs, observed)
    finally:
        tracer.close()
    seen = {key: (ready, accesses) for key, (ready, accesses) in found.items() if accesses is not None}
    definitions = {key: observed.definition(ready.task) for key, (ready, _) in seen.items()}
    learned = learn_from(
        {key: accesses for key, (_, accesses) in seen.items()},
        ground=_ground(bench),
        has_manifest=_manifests(bench),
        known={key: entry for key, entry in known.items() if _is_there(key, bench)},
        definitions=definitions,
    )
    if seen:
        observed.write(learned.entries)
    report = make_report(
        typed, bench, calls=calls, jobs=jobs, sets=sets, keys={job: observed.key(ready) for job, ready in tracer.jobs.items()},
        learned=learned, torn=found.keys() - seen.keys(), observed=observed,
    )  # fmt: skip
    for line in render_learned(report, paint):
        sys.stderr.write(bench.secrets.mask(line) + "\n")
    return code


def _seen(tracer: Strace, jobs: Sequence[Job], observed: ObservedClaims) -> dict[Key, tuple[ReadyTask, Accesses | None]]:
    """What was seen of each task of which every job that ran came to a good end; None where something of that is missing."""
    succeeded: dict[Key, ReadyTask] = {}
    others: set[Key] = set()
    for job in jobs:
        ready = tracer.jobs.get(job.id)
        key = observed.key(ready) if ready is not None else None
        if key is not None and ready is not None:
            if job.state is State.SUCCEEDED:
                succeeded[key] = ready
            elif job.state in (State.FAILED, State.CANCELLED):
                others.add(key)
    by_owner: dict[object, list[Trace]] = {}
    for trace in tracer.traces:
        owner = trace.owner if isinstance(trace.owner, str) else observed.key(trace.owner)  # type: ignore[arg-type] # a ReadyTask: see Trace
        by_owner.setdefault(owner, []).append(trace)
    variables = {text: _witnessed(traces) for text, traces in by_owner.items() if isinstance(text, str)}
    return {
        key: (ready, _together([*_of_variables(ready, variables), _witnessed(by_owner.get(key, []))]))
        for key, ready in succeeded.items()
        if key not in others and key in by_owner
    }


def _together(parts: Sequence[Accesses | None]) -> Accesses | None:
    """All of it; None where a part is missing."""
    whole = [part for part in parts if part is not None]
    return union(whole) if len(whole) == len(parts) else None


def _of_variables(ready: ReadyTask, variables: Mapping[str, Accesses | None]) -> Iterable[Accesses | None]:
    """What the commands of a task's own `sh:` variables did, which run once for all tasks that have them."""
    for variable in (*ready.called_with.values(), *ready.task.variables.values(), *ready.task.environment.values()):
        if variable.sh is not None and variable.sh in variables:
            yield variables[variable.sh]


def _witnessed(traces: Sequence[Trace]) -> Accesses | None:
    """What commands did; None where not all of it could be written down."""
    witness = Witness(os.path.realpath, os.path.isfile, _read_link)
    for trace in traces:
        try:
            with open(trace.path, encoding="ascii", errors="surrogateescape", newline="\n") as file:
                lines = Lines(file)
                witness.take(parse_calls(lines), trace.folder)
        except FileNotFoundError:
            continue
        if lines.is_cut_off:
            return None
    return witness.accesses()


def _read_link(path: str) -> str:
    """The text of a symbolic link; empty where there is none any more."""
    try:
        return os.readlink(path)
    except OSError:
        return ""


def _ground(bench: Workbench) -> Ground:
    home = bench.environ.get("HOME", "")
    temporary = bench.environ.get("TMPDIR", "")
    return Ground(
        root=os.path.realpath(bench.project.root_dir),
        home=os.path.realpath(home) if home else "",
        temporary=(os.path.realpath(temporary),) if temporary else (),
    )


def _manifests(bench: Workbench) -> Callable[[str], bool]:
    """Whether a folder of the checkout has a file that makes it some language's workspace."""
    from paratask.plugins.manager import load_plugins

    manifests = load_plugins(warn=lambda _: None).manifests()
    root = bench.project.root_dir
    return lambda folder: holds_manifest(_names(os.path.join(root, folder)), manifests)


def _names(folder: str) -> frozenset[str]:
    try:
        return frozenset(os.listdir(folder))
    except OSError:
        return frozenset()


def _is_there(key: Key, bench: Workbench) -> bool:
    """Whether a task of that name still exists."""
    from paratask.errors import ParataskError

    try:
        bench.index.find(key.task)
    except ParataskError:
        return False
    return True
