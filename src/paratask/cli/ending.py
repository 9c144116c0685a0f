"""How the end of a run is told: its error, annotations for CI, the last lines of what failed, the closing lines, and a step summary.

Loaded when there is something to tell. Knows where each of them goes; the words are reporting's.
"""

from __future__ import annotations

import os
import sys

from paratask.names import shown_name
from paratask.records.logs import INNER, JOURNAL_FILE, end_of
from paratask.reporting.colors import warning_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from paratask.cli.options import Typed
    from paratask.errors import ParataskError, Position
    from paratask.execution.options import RunOptions
    from paratask.execution.session import Outcome
    from paratask.execution.workbench import Workbench
    from paratask.records.logs import RunFolder
    from paratask.reporting.console import Console

    Stages = Sequence[Mapping[str, object]]

TAIL_BYTES = 1 << 14
WHERE = (("dir", "-d"), ("taskfile", "-t"))


class Ending:
    """Tells how one run ended, whose logs are in `folder`."""

    def __init__(self, *, typed: Typed, bench: Workbench, options: RunOptions, console: Console, folder: RunFolder) -> None:
        self._typed = typed
        self._bench = bench
        self._options = options
        self._console = console
        self._folder = folder

    def tell(self, outcome: Outcome, *, stages: Stages, summary: str = "") -> None:
        """On stderr, and on stdout what GitHub is told in the way of task. `summary` is the text of summary.json, which a step's summary is
        made of, and `stages` are its entries of pipelines' stages.
        """
        if outcome.error is not None:
            self._tell_error(outcome.error)
        if self._options.dry:
            return
        self._annotate(outcome)
        self._add_to_step(summary)
        if not self._options.silent:
            self._say(*self._last_words(outcome), *self._stage_lines(stages), *self._closing_lines(outcome))

    def tell_at_once(self, outcome: Outcome, *, stages: Stages) -> None:
        """Of a run that a second signal ended: what was done by then, where it is kept, and how to go on."""
        if not self._options.silent:
            self._say(*self._stage_lines(stages), *self._closing_lines(outcome))
        sys.stderr.flush()

    def _say(self, *lines: str) -> None:
        for line in lines:
            sys.stderr.write(line + "\n")

    def _stage_lines(self, stages: Stages) -> Iterable[str]:
        if not stages:
            return ()
        from paratask.reporting.stages_text import stage_lines

        return stage_lines(stages, self._console.paint)

    def _closing_lines(self, outcome: Outcome) -> list[str]:
        """Their numbers are those that were announced, and so those in the run's records."""
        ended = self._console.ended
        assert ended is not None
        return self._console.closing_lines(
            outcome.jobs,
            seconds=ended.seconds,
            sequential_seconds=ended.sequential_seconds or 0.0,
            logs=self._console.shown_path(self._folder.path) if self._folder.has_records() else "",
            predicted_seconds=ended.predicted_seconds,
            done_before=ended.done_before,
            resume=self._resume_command(outcome),
        )

    def _resume_command(self, outcome: Outcome) -> str:
        """What goes on with the run; empty where there is no reason to, no journal that tells what was done, or a run around it to go on with."""
        if not outcome.signal or self._folder.run.endswith(INNER):
            return ""
        from paratask.cli.resume_hint import resume_words

        words = resume_words(outcome, self._typed)
        return self._command(*words) if words and self._folder.has_records(JOURNAL_FILE) else ""

    def _tell_error(self, error: ParataskError) -> None:
        from paratask.cli.annotations import annotate
        from paratask.cli.setup import shown_from
        from paratask.reporting.errors import render_error

        mask = self._bench.secrets.mask
        annotate(error, mask)
        text = render_error(error, cwd=shown_from(), paint=self._console.paint, log_of=self._log_of)
        sys.stderr.write(mask(text) + "\n")

    def _annotate(self, outcome: Outcome) -> None:
        from paratask.errors import TaskRunError
        from paratask.reporting.last_words import ignored_failures, own_failures

        told = outcome.error.innermost().job if isinstance(outcome.error, TaskRunError) else ""
        others = [job for job in own_failures(outcome.jobs) if job.started_at and job.id != told]
        ignored = ignored_failures(outcome.jobs)
        if others or ignored or self._console.fallbacks:
            from paratask.cli.annotations import annotate_others

            annotate_others(others, self._console.fallbacks, self._place_of, self._log_end, ignored)

    def _place_of(self, task: str) -> Position | None:
        from paratask.errors import ParataskError

        try:
            return self._bench.index.find(task).task.position
        except ParataskError:
            return None

    def _add_to_step(self, summary: str) -> None:
        if not (summary and self._bench.environ.get("GITHUB_STEP_SUMMARY")):
            return
        from paratask.cli.step_summary import append_summary
        from paratask.reporting.closing import after_of

        append_summary(
            summary, self._bench.environ, after=after_of(self._console.arranged), reports=self._typed.text("report"),
            read_log=self._log_end, warn=self._warn,
        )  # fmt: skip

    def _warn(self, text: str) -> None:
        sys.stderr.write(warning_line(text, self._console.paint))

    def _last_words(self, outcome: Outcome) -> list[str]:
        """The last lines of those jobs that failed and whose output is out of sight."""
        if outcome.error is None:
            return []
        from paratask.reporting.last_words import MAX_JOBS, Shown, last_words, out_of_sight

        shown = Shown(
            style=self._options.output.style, is_folded=self._options.frames is not None, in_written_order=not os.isatty(1)
        )
        failed = out_of_sight(outcome.jobs, shown, lambda job: self._log_end(job).count("\n"))
        return [
            line
            for job in failed[:MAX_JOBS]
            for line in last_words(job, self._log_end(job.id), self._logs_command(shown_name(job.id, job.task)))
        ]

    def _logs_command(self, name: str) -> str:
        from shlex import quote

        return self._command("--logs", quote(name))

    def _command(self, *words: str) -> str:
        """A command line that finds the same Taskfile."""
        from shlex import quote

        where = [f"{option} {quote(self._typed.text(key))}" for key, option in WHERE if self._typed.text(key)]
        return " ".join(["paratask", *where, *(["-g"] if self._typed.flag("global") else []), *words])

    def _log_end(self, job: str) -> str:
        return end_of(self._folder.log_path(job), TAIL_BYTES)

    def _log_of(self, job: str) -> str:
        """Its path, where there is something in it."""
        path = self._folder.log_path(job)
        return self._console.shown_path(path) if job and end_of(path, 1) else ""
