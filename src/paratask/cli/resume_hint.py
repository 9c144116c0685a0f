"""What a run has to do with `--resume`: how many of its jobs an earlier one finished, and whether it is worth going on with itself.

Loaded when there is something to tell at the end of a run. Decides by what the run did, not by what `--resume` will find: files may change until then.
"""

from __future__ import annotations

from paratask.execution.jobs import State
from paratask.execution.turns import UP_TO_DATE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from paratask.cli.options import Typed
    from paratask.execution.jobs import Job
    from paratask.execution.session import Outcome

WENT_WELL = frozenset((State.SUCCEEDED, State.SKIPPED, State.FRESH))


def resume_words(outcome: Outcome, typed: Typed) -> tuple[str, ...]:
    """What is to be typed after `paratask` to go on; nothing where no signal ended the run, where nothing is left of it, and where
    nothing was done that would have to be done again otherwise.
    """
    if not outcome.signal or outcome.error is None:
        return ()
    if all(job.state in WENT_WELL for job in outcome.jobs) or not any(map(_is_done, outcome.jobs)):
        return ()
    given = [f"{name}=…" for name in typed.given_names if name != "CLI_ARGS"]
    return ("--resume", *given, *(("--", "…") if typed.rest else ()))


def _is_done(job: Job) -> bool:
    """Whether a command of it need not run again."""
    return (job.state is State.SUCCEEDED and job.has_run and not job.passed_over) or was_done_before(job)


def was_done_before(job: Job) -> bool:
    """Whether an earlier run finished it, and this one took it as done."""
    return job.state is State.FRESH and job.state_reason != UP_TO_DATE


def count_done_before(jobs: Iterable[Job]) -> int:
    """How many jobs an earlier run finished."""
    return sum(map(was_done_before, jobs))
