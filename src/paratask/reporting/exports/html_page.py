"""`html`: one page that needs nothing else, no network and no script: what failed, timeline, resources, graph, and a table of jobs.

The page's frame, its looks and its few lines of script are in page.html; here its parts are put in. All that comes from a run is
escaped; a policy in the page forbids everything that is not in it.
"""

from __future__ import annotations

import os
import re
import time
from html import escape

from paratask.names import counted, shown_seconds
from paratask.reporting.exports.graph import graph_of_run
from paratask.reporting.exports.graph_svg import STYLE, render_svg
from paratask.reporting.exports.html_jobs import SIGNS, again_section, failures_section, jobs_table, row_id
from paratask.reporting.exports.html_resources import resources
from paratask.reporting.exports.html_timeline import timeline
from paratask.reporting.exports.plain_text import without_escapes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.reporting.exports.report import Report

FRAME = "page.html"
MOST_DRAWN = 150
PLACE = re.compile(r"\{\{(\w+)\}\}")


def render(report: Report) -> str:
    """The page."""
    frame = _frame()
    parts = {
        "page_title": _escaped(f"{SIGNS[report.state]} {report.title}"),
        "verdict_class": "good" if report.passed else "bad",
        "verdict": _escaped(f"{SIGNS[report.state]} {report.outcome}"),
        "title": _escaped(report.title),
        "when": _when(report),
        "facts": "".join(f"<div><dt>{name}</dt><dd>{_escaped(value)}</dd></div>" for name, value in _facts(report)),
        "failures": failures_section(report),
        "timeline": timeline(report),
        "resources": resources(report),
        "graph": _graph(report),
        "graph_style": STYLE,
        "jobs": jobs_table(report),
        "again": again_section(report),
        "footer": f"Run <code>{_escaped(report.run)}</code>, written by paratask.",
    }
    return PLACE.sub(lambda place: parts[place[1]], frame)


def _frame() -> str:
    """page.html, which lies beside this module, wherever that was loaded from; `pkgutil` would say the same in 3 ms."""
    return __loader__.get_data(os.path.join(os.path.dirname(__file__), FRAME)).decode()  # type: ignore[name-defined, no-any-return]


def _when(report: Report) -> str:
    at = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(report.started_at))
    level = f", parallel: {_escaped(report.parallel)}" if report.parallel else ""
    return f'<time datetime="{at.replace(" ", "T")}Z">{at} UTC</time>{level}'


def _facts(report: Report) -> list[tuple[str, str]]:
    facts = [("took", shown_seconds(report.seconds)), ("jobs", str(report.job_count))]
    if report.shared:
        facts.append(("calls", str(report.job_count + report.shared)))
    if report.done_before:
        facts.append(("done before", str(report.done_before)))
    facts += [(name, str(count)) for name, count in report.counted() if name != "succeeded"]
    if report.has_saved:
        facts.append(("saved side by side", shown_seconds(report.saved_seconds or 0.0)))
    if report.predicted_seconds:
        facts.append(("predicted", shown_seconds(report.predicted_seconds)))
    return facts


def _graph(report: Report) -> str:
    nodes = graph_of_run(report, MOST_DRAWN)
    if not nodes:
        return '<p class="hint">Nothing ran.</p>'
    links = {job.id: f"#{row_id(number)}" for number, job in enumerate(report.jobs)}
    hint = "A solid line is a call, a dashed one says what waited for what."
    if len(nodes) < len(report.jobs):
        hint += f" Of {counted(len(report.jobs), 'job')}, {len(nodes)} are drawn: what failed, and what calls others."
    drawing = render_svg(report.title, nodes, alone=False, links=links)
    return f'<p class="hint">{hint}</p><div class="drawing" tabindex="0" role="group" aria-label="graph">{drawing}</div>'


def _escaped(text: str) -> str:
    return escape(without_escapes(text))
