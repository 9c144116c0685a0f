"""The closing lines of a run: what fell back, what let jobs run together, where the time went, and one line about the whole. Pure.

A small run gets the one line; the others are for runs in which there is something to find out. See "It says why" in docs/design.md.
"""

from __future__ import annotations

from itertools import accumulate, islice

from paratask.names import WORTH_SAYING_SECONDS, ordinal, shown_seconds
from paratask.reporting.last_words import ignored_failures, job_name, own_failures

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from paratask.events import FellBack, QueuedAgain, SetArranged
    from paratask.execution.jobs import Job
    from paratask.reporting.colors import Paint
    from paratask.reporting.console import Console
    from paratask.reporting.longest_way import Leg

WENT_WELL = frozenset(("succeeded", "skipped", "fresh"))
LARGE_JOBS = 3
LARGE_SECONDS = 5.0
MAX_LEGS = 6
MAX_SLOWEST = 3
MOST_NAMED = 20
MOST_BESIDE = 4
MOST_NAMED_COLUMNS = 300
MOST_PASSED_ALONE = 10
MOST_FAILED_AGAIN = 3
LEAST_SHARE = 0.02
LEAST_WAITING_SHARE = 0.1
EVIDENCE = {"declared": "declared", "observed": "observed", "inferred": "inferred", "author": "`&`", "none": "nothing known"}
"""What lets calls run together, strongest first, in words."""


def closing_lines(
    noted: Console,
    jobs: Sequence[Job],
    *,
    seconds: float,
    sequential_seconds: float,
    logs: str,
    predicted_seconds: float | None = None,
    done_before: int = 0,
    resume: str = "",
) -> list[str]:
    """What fell back, the details of a large run, and last: jobs, time, the time that one at a time would have taken, what failed, logs.

    `sequential_seconds` is 0 where nobody knows. A prediction is compared with what came of it where every job ran, and went well. `logs` is empty where none are kept. Of the jobs,
    an earlier run finished `done_before`; `resume` is the command that goes on with this one, where there is reason to.
    """
    lines = [_queued_again_line(ended, noted.paint) for ended in noted.queued_again]
    lines += _fallback_lines(noted)
    lines += [f"paratask: {line}" for line in detail_lines(jobs, noted.arranged, seconds=seconds)]
    parts = [_first(jobs, seconds, predicted_seconds, done_before), *_gained(noted.arranged, seconds, sequential_seconds)]
    parts += [*_passed_later(noted, jobs), *_failed(jobs, noted.paint), *([f"logs in {logs}"] if logs else ())]
    lines.append("paratask: " + "; ".join(parts))
    return [*lines, f"paratask: `{resume}` goes on with what is left"] if resume else lines


def _first(jobs: Sequence[Job], seconds: float, predicted_seconds: float | None, done_before: int) -> str:
    """`8 jobs in 12.4 s`; `2 of 8 jobs in 0.3 s` where others never began, for another reason than that they were not to; `8 jobs for 11
    calls in 12.4 s` where some calls shared a job; and how many were done before, in a run that goes on with another.
    """
    jobs = [job for job in jobs if not job.begun_anew]
    own = [job for job in jobs if not job.shared]
    count = len(own) - done_before
    began = sum(job.started_at > 0 or job.state.value in WENT_WELL for job in own) - done_before
    of = f" of {count}" if began < count else ""
    calls = f" for {len(jobs) - done_before} calls" if len(own) < len(jobs) else ""
    text = f"{began}{of} job{'' if count == 1 else 's'}{calls} in {shown_seconds(seconds)}"
    if predicted_seconds is not None and all(_counts(job) for job in jobs):
        return f"{text} ({shown_seconds(predicted_seconds)} predicted)"
    return f"{text}; {done_before} {'was' if done_before == 1 else 'were'} done before" if done_before else text


def _failed(jobs: Sequence[Job], paint: Paint) -> Iterator[str]:
    """Those whose failure their caller ignores are told apart: a run may have gone well with them."""
    forgiven = ignored_failures(jobs)
    own = own_failures(jobs)
    failed = [job_name(job.id, job.task, job.label) for job in own if job.id not in forgiven]
    if failed:
        yield paint("red", f"failed: {_listed(failed, MOST_NAMED)}")
    ignored = [job_name(job.id, job.task, job.label) for job in own if job.id in forgiven]
    if ignored:
        yield paint("yellow", f"failed, which is ignored: {_listed(ignored, MOST_NAMED)}")
    stopped = [job.begun_anew for job in jobs if job.state.value == "cancelled" and job.has_run]
    if not all(stopped):
        yield f"{stopped.count(False)} stopped"
    if any(stopped):
        yield f"{stopped.count(True)} stopped and begun anew"


def _listed(names: Sequence[str], most: int) -> str:
    """The first of them, and how many more there are."""
    ends = accumulate(len(name) + 4 for name in names)
    shown = max(1, sum(end <= MOST_NAMED_COLUMNS for end in islice(ends, most)))
    more = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(f"`{name}`" for name in names[:shown]) + more


def detail_lines(jobs: Sequence[Job], arranged: Sequence[SetArranged], *, seconds: float) -> Iterator[str]:
    """Of a large run that came to its end: on what evidence calls ran together, the longest way, and the slowest jobs where that has
    not named them.
    """
    busy = [job for job in jobs if job.own_seconds]
    if (
        len(busy) < LARGE_JOBS
        or seconds < LARGE_SECONDS
        or any(job.state.value not in WENT_WELL for job in jobs if not job.parent)
    ):
        return
    line = evidence_line(arranged)
    if line:
        yield line
    names = {job.id: job_name(job.id, job.task, job.label) for job in busy}
    told = _longest_legs(jobs, arranged, names, seconds) if any(job.neighbours for job in busy) else []
    if told:
        yield f"longest way: {way_text(told, names, {job.id: job.own_seconds for job in busy})}"
    slowest = sorted(busy, key=lambda job: -job.own_seconds)[:MAX_SLOWEST]
    if not {job.id for job in slowest} <= {leg.job for leg in told}:
        yield "slowest: " + ", ".join(f"`{names[job.id]}` {shown_seconds(job.own_seconds)}" for job in slowest)


def _longest_legs(jobs: Sequence[Job], arranged: Iterable[SetArranged], names: Collection[str], seconds: float) -> list[Leg]:
    from paratask.reporting.longest_way import longest_way

    return worth_telling([leg for leg in longest_way(jobs, after_of(arranged)) if leg.job in names], seconds)


def evidence_line(arranged: Iterable[SetArranged]) -> str:
    """How many calls were let run beside others, and on what evidence; empty where none were."""
    known = [evidence for members in parallel_sets(arranged) for evidence in members.values() if evidence]
    words = [f"{known.count(name)} {word}" for name, word in EVIDENCE.items() if name in known]
    return f"calls let run together: {', '.join(words)}" if words else ""


def parallel_sets(arranged: Iterable[SetArranged]) -> list[dict[str, str]]:
    """Those of which some could run together: what lets others run beside each of their members. What was arranged anew, a part of a set,
    counts as it was then.
    """
    sets: list[dict[str, str]] = []
    parallel: list[bool] = []
    places: dict[str, int] = {}
    for event in arranged:
        place = places.get(event.members[0], len(sets))
        evidence = dict(zip(event.members, event.evidence or [""] * len(event.members), strict=True))
        if place == len(sets):
            sets.append(evidence)
            parallel.append(event.is_parallel)
            places.update(dict.fromkeys(event.members, place))
        else:
            sets[place].update(evidence)
            parallel[place] = any(sets[place].values())
    return [members for members, is_parallel in zip(sets, parallel, strict=True) if is_parallel]


def after_of(arranged: Iterable[SetArranged]) -> dict[str, tuple[str, ...]]:
    """For each job, those that it was arranged to wait for."""
    return {member: after for event in arranged for member, after in zip(event.members, event.after, strict=True) if after}


def worth_telling(way: Sequence[Leg], seconds: float) -> list[Leg]:
    """The longest of its legs, in the order of time."""
    longest = sorted(way, key=lambda leg: -leg.seconds)[:MAX_LEGS]
    return [leg for leg in way if leg in longest and leg.seconds >= max(LEAST_SHARE * seconds, WORTH_SAYING_SECONDS)]


def way_text(way: Sequence[Leg], names: Mapping[str, str], own_seconds: Mapping[str, float]) -> str:
    """`lint` 0.3 s → `test` 8.1 s (2.0 s waiting): what its own commands did not take was spent waiting for cores, mostly."""
    return " → ".join(f"`{names[leg.job]}` {shown_seconds(leg.seconds)}{_waiting(leg, own_seconds[leg.job])}" for leg in way)


def _waiting(leg: Leg, own_seconds: float) -> str:
    waiting = leg.seconds - own_seconds
    return f" ({shown_seconds(waiting)} waiting)" if waiting >= max(LEAST_WAITING_SHARE * leg.seconds, 0.1) else ""


def _gained(arranged: Sequence[SetArranged], seconds: float, sequential_seconds: float) -> Iterator[str]:
    sets = len(parallel_sets(arranged))
    if not sets:
        return
    saved = sequential_seconds - seconds
    if saved >= WORTH_SAYING_SECONDS:
        percent = 100 * saved / sequential_seconds
        yield f"one at a time about {shown_seconds(sequential_seconds)} ({shown_seconds(saved)} saved, {percent:.0f} %)"
    elif sequential_seconds >= WORTH_SAYING_SECONDS:
        yield f"one at a time about {shown_seconds(sequential_seconds)}"
    yield f"{sets} parallel set{'' if sets == 1 else 's'}"


def _passed_later(noted: Console, jobs: Sequence[Job]) -> list[str]:
    """How many jobs passed only at a later attempt than the first, as declared."""
    passed = [noted.retried[job.id] for job in jobs if job.id in noted.retried and job.state.value == "succeeded"]
    return [
        noted.paint("yellow", f"{passed.count(attempt)} passed at the {ordinal(attempt)} attempt")
        for attempt in sorted(set(passed))
    ]


def _queued_again_line(ended: QueuedAgain, paint: Paint) -> str:
    from paratask.amounts import shown_bytes

    who = "the kernel ended" if ended.by_kernel else "ended"
    text = f"memory ran out: {who} `{ended.task}`, which had {shown_bytes(ended.peak_bytes)}, and queued it again"
    return f"paratask: {paint('yellow', text)}"


def _fallback_lines(noted: Console) -> Iterator[str]:
    """Fewer of those that failed again: of these nothing is learned, and they are named as failed."""
    passed = [fallback for fallback in noted.fallbacks if fallback.passed]
    failed = [fallback for fallback in noted.fallbacks if not fallback.passed]
    for fallback in (*passed[:MOST_PASSED_ALONE], *failed[:MOST_FAILED_AGAIN]):
        yield _fallback_line(fallback, noted)
    counts = ((len(passed) - MOST_PASSED_ALONE, "passed"), (len(failed) - MOST_FAILED_AGAIN, "failed again"))
    more = [f"{count} more {how} alone" for count, how in counts if count > 0]
    if more:
        yield f"paratask: of those that failed beside others {' and '.join(more)}"


def _fallback_line(fallback: FellBack, noted: Console) -> str:
    beside = _listed([job_name(task, task) for task in fallback.beside], MOST_BESIDE)
    what = f"`{job_name(fallback.job, fallback.task)}` exited with {fallback.exit_status} while {beside} ran beside it"
    if fallback.passed:
        then = "and passed alone: fell back to one at a time, and the next plan keeps them apart"
    else:
        then = "and failed again alone"
    log = f"; its first log is {noted.shown_path(fallback.first_log)}" if fallback.first_log else ""
    return f"paratask: {noted.paint('yellow', what)}, {then}{log}"


def _counts(job: Job) -> bool:
    """Whether a job was what a prediction takes it to be; one that another call did the work of was foreseen too."""
    return job.state.value == "succeeded" or job.shared
