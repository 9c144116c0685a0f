"""What `--doctor` found, as text and as JSON."""

from __future__ import annotations

from paratask.reporting.errors import shown_position

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from paratask.diagnosing.finding import Finding
    from paratask.reporting.colors import Paint

SHOWN_OF_A_KIND = 8


def render_doctor(facts: Mapping[str, str], findings: Sequence[Finding], *, cwd: str, whole: bool, paint: Paint) -> str:
    """`whole` shows all findings of each kind; why one matters is said once."""
    width = max(map(len, facts))
    lines = [f"{name:<{width}}  {value}" for name, value in facts.items()]
    kinds: dict[str, list[Finding]] = {}
    for finding in _once_each(findings):
        kinds.setdefault(finding.kind, []).append(finding)
    for those in kinds.values():
        lines += ["", *_kind(those, cwd, len(those) if whole else SHOWN_OF_A_KIND, paint)]
    counted = [finding for those in kinds.values() for finding in those]
    problems = sum(finding.is_problem for finding in counted)
    notes = len(counted) - problems
    lines += ["", f"{_counted(problems, 'problem')}, {_counted(notes, 'note')}" if findings else "nothing is wrong"]
    return "\n".join(lines) + "\n"


def _once_each(findings: Sequence[Finding]) -> Iterator[Finding]:
    """A Taskfile that is included twice has each of its lines once; one line may call several programs."""
    seen: set[tuple[str, str, str, int, int]] = set()
    for finding in findings:
        at = finding.position
        what = finding.message if finding.kind == "missing-program" else ""
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
    for finding in findings[:most]:
        where = f"{shown_position(finding.position, cwd)}: " if finding.position and finding.position.file else ""
        yield f"    {where}{finding.short}"
    if len(findings) > most:
        yield f"    … and {len(findings) - most} more; `--verbose` shows them"
    yield f"  help: {first.help_together}"


def _word(finding: Finding, paint: Paint) -> str:
    return paint("red", "problem:") if finding.is_problem else paint("yellow", "note:")


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


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
