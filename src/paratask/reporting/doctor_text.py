"""What `--doctor` found, as text and as JSON."""

from __future__ import annotations

from paratask.names import counted
from paratask.reporting.errors import shown_position

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from paratask.diagnosing.finding import Finding
    from paratask.reporting.colors import Paint

SHOWN_OF_A_KIND = 8
SEVERAL_IN_A_LINE = ("missing-program", "missing-script", "script-not-executable")


def render_doctor(facts: Mapping[str, str], findings: Sequence[Finding], *, cwd: str, whole: bool, paint: Paint) -> str:
    """`whole` shows all findings of each kind; why one matters is said once."""
    width = max(map(len, facts))
    lines = [f"{name:<{width}}  {value}" for name, value in facts.items()]
    kinds: dict[str, list[Finding]] = {}
    for finding in _once_each(findings):
        kinds.setdefault(finding.kind, []).append(finding)
    for those in kinds.values():
        lines += ["", *_kind(those, cwd, len(those) if whole else SHOWN_OF_A_KIND, paint)]
    shown = [finding for those in kinds.values() for finding in those]
    problems = sum(finding.is_problem for finding in shown)
    notes = len(shown) - problems
    lines += ["", f"{counted(problems, 'problem')}, {counted(notes, 'note')}" if findings else "nothing is wrong"]
    return "\n".join(lines) + "\n"


def _once_each(findings: Sequence[Finding]) -> Iterator[Finding]:
    """A Taskfile that is included twice has each of its lines once; one line may call several programs."""
    seen: set[tuple[str, str, str, int, int]] = set()
    for finding in findings:
        at = finding.position
        what = finding.message if finding.kind in SEVERAL_IN_A_LINE else ""
        key = (finding.kind, what, at.file, at.line, at.column) if at is not None and at.line else None
        if key is None or key not in seen:
            yield finding
        if key is not None:
            seen.add(key)


def _kind(findings: Sequence[Finding], cwd: str, most: int, paint: Paint) -> Iterator[str]:
    if len(findings) > 1 and findings[0].together:
        yield from _together(findings, cwd, most, paint)
        return
    said = ""
    for finding in findings[:most]:
        where = f"{shown_position(finding.position, cwd)}: " if finding.position and finding.position.file else ""
        yield f"{where}{_word(finding, paint)} {finding.message}"
        if finding.why != said:
            yield f"  why: {finding.why}"
        yield f"  help: {finding.help}"
        said = finding.why
    if len(findings) > most:
        yield f"… and {len(findings) - most} more like this; `--verbose` shows them"


def _together(findings: Sequence[Finding], cwd: str, most: int, paint: Paint) -> Iterator[str]:
    """A line each, under what they have in common."""
    first = findings[0]
    yield f"{_word(first, paint)} {len(findings)} {first.together}"
    yield f"  why: {first.why_together or first.why}"
    alike: dict[str, list[Finding]] = {}
    for number, finding in enumerate(findings):
        alike.setdefault(finding.short if most < len(findings) else str(number), []).append(finding)
    for those in list(alike.values())[:most]:
        yield f"    {_places(those, cwd)}{those[0].short}"
    left = sum(map(len, list(alike.values())[most:]))
    if left:
        yield f"    … and {left} more; `--verbose` shows them"
    yield f"  help: {first.help_together}"


def _places(findings: Sequence[Finding], cwd: str) -> str:
    """Where the first of them is, and of how many."""
    at = findings[0].position
    more = f" and {counted(len(findings) - 1, 'more place')}" if len(findings) > 1 else ""
    return f"{shown_position(at, cwd)}{more}: " if at and at.file else ""


def _word(finding: Finding, paint: Paint) -> str:
    return paint("red", "problem:") if finding.is_problem else paint("yellow", "note:")


def doctor_document(facts: Mapping[str, str], findings: Sequence[Finding]) -> dict[str, object]:
    """For --json."""
    return {"facts": dict(facts), "findings": [_finding(finding) for finding in findings]}


def _finding(finding: Finding) -> dict[str, object]:
    position = finding.position
    return {
        "kind": finding.kind,
        "problem": finding.is_problem,
        "message": finding.message,
        "why": finding.why,
        "help": finding.help,
        "file": position.file if position else "",
        "line": position.line if position else 0,
        "column": position.column if position else 0,
    }
