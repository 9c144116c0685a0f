"""`junit`: one test suite a run, one test case for each job that has commands of its own, as Jenkins, GitLab and others read it.

Jobs that only call others are left out, and calls whose work another call did: they would count a failure twice. What was up to date, skipped or cancelled is `skipped`, with
its reason; so is a failure that the Taskfile ignores: who reads the file would take the run for a bad one; and so is a job with commands of
its own that failed only by what it calls. A failed job's log is its `system-out`.
"""

from __future__ import annotations

from datetime import datetime, timezone
from xml.etree import ElementTree as ET

from paratask.reporting.exports.plain_text import without_escapes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.reporting.exports.report import Report, ReportedJob

SKIPPED = ("skipped", "fresh", "cancelled")


def render(report: Report) -> str:
    """The document, with its XML declaration."""
    failed = {job.id for job in report.failures()}  # among them who calls others, and failed by its own doing: its time ran out
    cases = [
        job
        for job in report.jobs
        if not job.shared and (job.id not in report.parents or job.exit_code is not None or job.id in failed)
    ]
    ignored = report.ignored()
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(job.id in failed and job.id not in ignored for job in cases)),
        "errors": "0",
        "skipped": str(sum(job.state in SKIPPED or job.id in ignored or job.passed_on for job in cases)),
        "time": f"{report.seconds:.3f}",
    }
    root = ET.Element("testsuites", {"name": "paratask", **counts})
    at = datetime.fromtimestamp(report.started_at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
    suite = ET.SubElement(root, "testsuite", {"name": _text(report.title), "timestamp": at, "id": report.run, **counts})
    properties = {"run": report.run, "parallel": report.parallel, "outcome": report.outcome}
    if report.done_before:
        properties["done_before"] = str(report.done_before)
    if report.shared:
        properties["shared"] = str(report.shared)
    _add_properties(suite, properties)
    for job in cases:
        _add_case(suite, report, job, is_ignored=job.id in ignored)
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode", xml_declaration=False).join(('<?xml version="1.0" encoding="UTF-8"?>\n', "\n"))


def _add_case(suite: ET.Element, report: Report, job: ReportedJob, *, is_ignored: bool) -> None:
    space, _, _ = job.task.rpartition(":")
    case = ET.SubElement(
        suite, "testcase", {"name": _text(job.name), "classname": _text(space or report.title), "time": f"{job.seconds:.3f}"}
    )
    again = {"attempts": job.attempts, "queued_again": job.queued_again}
    _add_properties(case, {name: str(count) for name, count in again.items() if count > (name == "attempts")})
    if job.state == "failed":
        log = report.log(job)
        if is_ignored or job.passed_on:
            why = f"{_message(job)}{', which is ignored' * is_ignored}"
            ET.SubElement(case, "skipped", {"message": _text(why)})
        else:
            failure = ET.SubElement(case, "failure", {"message": _text(_message(job)), "type": "failed"})
            failure.text = _text("\n".join(log.splitlines()[-20:]) or _message(job))
        if log:
            ET.SubElement(case, "system-out").text = _text(log)
    elif job.state in SKIPPED:
        why = f"{job.state}: {job.state_reason}" if job.state_reason else job.state
        ET.SubElement(case, "skipped", {"message": _text(why)})


def _message(job: ReportedJob) -> str:
    words = f"`{job.task}` failed"
    if job.exit_code and not job.passed_on:
        words += f" with exit code {job.exit_code}"
    return f"{words}: {job.why_failed}" if job.why_failed else words


def _add_properties(element: ET.Element, values: dict[str, str]) -> None:
    if values:
        properties = ET.SubElement(element, "properties")
        for name, value in values.items():
            ET.SubElement(properties, "property", {"name": name, "value": _text(value)})


def _text(text: str) -> str:
    """XML 1.0 has no way to write some characters."""
    return without_escapes(text)
