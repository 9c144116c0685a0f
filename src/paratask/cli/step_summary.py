"""What a run adds to the summary of a step of GitHub Actions: its report in Markdown, as much of it as there is room for.

`GITHUB_STEP_SUMMARY` names a file to which all that runs in the step may append; GitHub shows it with the run. What cannot be written is
a warning. Knows the file; the text is reporting.exports.markdown's.
"""

from __future__ import annotations

import os

from paratask.execution.leases import SLOTS_VARIABLE
from paratask.reporting.colors import TRUE_WORDS
from paratask.reporting.exports.markdown import render_within
from paratask.reporting.exports.registry import parse_wanted
from paratask.reporting.exports.report import report_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

VARIABLE = "GITHUB_STEP_SUMMARY"
MOST_BYTES = 1 << 20
"""GitHub throws away a summary that is larger."""


def append_summary(
    summary: str,
    environ: Mapping[str, str],
    *,
    after: Mapping[str, Sequence[str]],
    reports: str,
    read_log: Callable[[str], str],
    warn: Callable[[str], None],
) -> None:
    """Append the report of a run, from the text of its summary.json. Nothing where the step has no summary, where `reports` has it in
    that file anyway, and below another paratask, which tells of us.
    """
    path = environ.get(VARIABLE, "")
    if not path or environ.get("GITHUB_ACTIONS") not in TRUE_WORDS or SLOTS_VARIABLE in environ:
        return
    if any(os.path.abspath(wanted.target) == path for wanted in parse_wanted(reports)):
        return
    try:
        with open(path, "ab") as file:
            room = MOST_BYTES - file.tell()
            text = render_within(report_of(summary, after=after, read_log=read_log), room - 1)
            if text is None:
                warn(f"the step's summary has no room left for this run: {path}")
            else:
                file.write(("\n" if file.tell() else "").encode() + text.encode("utf-8", errors="replace"))
    except OSError as error:
        warn(f"the step's summary was not written to {path}: {error.strerror}")
