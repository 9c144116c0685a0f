"""Whether a run is worth going on with by `--resume`.

Loaded at the end of a run that a signal ended. Decides by what the run did, not by what `--resume` will find: files may change until then.
"""

from __future__ import annotations

from paratask.execution.jobs import State

TYPE_CHECKING = False
if TYPE_CHECKING:
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
    return (job.state is State.SUCCEEDED and job.has_run and not job.passed_over) or job.done_before
