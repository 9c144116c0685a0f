"""`json`: the summary as it is kept, byte for byte."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.reporting.exports.report import Report


def render(report: Report) -> str:
    """The text of summary.json."""
    return report.text
