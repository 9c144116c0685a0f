"""A proof for people, and as JSON. Pure text; see docs/reference.md for the JSON's keys."""

from __future__ import annotations

from statistics import median

from paratask.amounts import shown_bytes
from paratask.names import counted, shown_seconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from paratask.proving.model import Finding, Proof, RunRecord
    from paratask.reporting.colors import Paint

SCHEMA = 1
MAX_PATHS = 12
MAX_LOG_LINES = 20
COLUMNS = ("run", "seed", "seconds", "speed-up", "exit code", "peak memory", "jobs", "overlapped")


def proof_document(proof: Proof) -> dict[str, object]:
    """The proof as plain values for JSON."""
    return {
        "schema": SCHEMA,
        "tasks": list(proof.tasks),
        "verdict": proof.verdict.value.replace(" ", "-"),
        "exit_code": proof.exit_code,
        "rounds": sum(run.is_parallel for run in proof.runs),
        "compared_paths": proof.compared,
        "runs": [_run_entry(run, proof) for run in proof.runs],
        "findings": [_finding_entry(finding) for finding in proof.findings],
        "not_reproducible": [{"path": path, "how": how} for path, how in proof.not_reproducible.items()],
        "notes": list(proof.notes),
    }


def _run_entry(run: RunRecord, proof: Proof) -> dict[str, object]:
    speed_up = _speed_up(run, proof)
    return {
        "name": run.name,
        "kind": "parallel" if run.is_parallel else "sequential",
        "seed": run.seed or None,
        "seconds": round(run.seconds, 3),
        "speed_up": None if speed_up is None else round(speed_up, 3),
        "exit_code": run.exit_code,
        "peak_memory_bytes": run.peak_bytes,
        "left_behind": run.left_behind,
        "overlapped_jobs": run.overlapped,
        "jobs": [{"task": job.task, "state": job.state, "exit_code": job.exit_code} for job in run.jobs],
        "log": _log_lines(run) if run.exit_code else [],
    }


def _finding_entry(finding: Finding) -> dict[str, object]:
    return {
        "kind": finding.kind,
        "run": finding.run,
        "seed": finding.seed,
        "subject": finding.subject,
        "message": finding.message,
        "tasks": list(finding.tasks),
        "difference": list(finding.difference),
    }


def _speed_up(run: RunRecord, proof: Proof) -> float | None:
    """Against the median of the runs one at a time; None for those themselves."""
    if not run.is_parallel or not run.seconds:
        return None
    return median(other.seconds for other in proof.runs if not other.is_parallel) / run.seconds


def shown_run(run: RunRecord) -> str:
    """One run in a line, while the proof goes on."""
    seed = f" (seed {run.seed})" if run.seed else ""
    count = run.left_behind
    behind = (
        f"; {count} process{'es' if count > 1 else ''} that it left behind {'were' if count > 1 else 'was'} ended"
        if count
        else ""
    )
    return f"{run.name}{seed}: {shown_seconds(run.seconds)}, exit code {run.exit_code}{behind}"


def render_proof(proof: Proof, *, again: Callable[[str], str], paint: Paint) -> str:
    """The table, what is not reproducible, what was found, and the verdict."""
    lines = [*_table(proof), ""]
    lines += _not_reproducible(proof)
    lines += _findings(proof.findings, again, paint)
    lines += _logs(proof)
    lines += [f"note: {note}" for note in (*proof.notes, *_remarks(proof))]
    return "\n".join([*lines, _verdict(proof, paint)]) + "\n"


def _table(proof: Proof) -> list[str]:
    rows = [COLUMNS, *(_row(run, proof) for run in proof.runs)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    return [
        "  ".join(cell.ljust(width) if column < 2 else cell.rjust(width) for column, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]  # fmt: skip


def _row(run: RunRecord, proof: Proof) -> tuple[str, ...]:
    speed_up = _speed_up(run, proof)
    return (
        run.name, run.seed or "-", f"{run.seconds:.2f}", "-" if speed_up is None else f"{speed_up:.2f}", str(run.exit_code),
        shown_bytes(run.peak_bytes), str(len(run.jobs)), str(run.overlapped) if run.is_parallel else "-",
    )  # fmt: skip


def _not_reproducible(proof: Proof) -> list[str]:
    if not proof.not_reproducible:
        return []
    paths = list(proof.not_reproducible.items())
    lines = [f"not reproducible, and left out ({len(paths)}): runs one at a time differ there"]
    lines += [f"  {path}: {how}" for path, how in paths[:MAX_PATHS]]
    return [*lines, *_more(len(paths)), ""]


def _more(count: int) -> list[str]:
    return [f"  and {count - MAX_PATHS} more"] if count > MAX_PATHS else []


def _findings(findings: Sequence[Finding], again: Callable[[str], str], paint: Paint) -> list[str]:
    lines: list[str] = []
    for name in dict.fromkeys(finding.run for finding in findings):
        inside = [finding for finding in findings if finding.run == name]
        seed = inside[0].seed
        lines.append(f"{paint('red', f'{name} came out otherwise')} (seed {seed}; again: {again(seed)})")
        for finding in inside[:MAX_PATHS]:
            lines.append(f"  {finding.subject or finding.kind}: {finding.message}{_written_by(finding)}")
            lines += [f"      {line}" for line in finding.difference]
        lines += [*_more(len(inside)), ""]
    return lines


def _written_by(finding: Finding) -> str:
    return f"; written while {' and '.join(f'`{task}`' for task in finding.tasks)} ran" if finding.tasks else ""


def _logs(proof: Proof) -> list[str]:
    """The end of the output of runs that failed: the first one at a time, and those that ended otherwise."""
    first = proof.runs[0].exit_code
    shown = [run for index, run in enumerate(proof.runs) if run.exit_code and (index == 0 or run.exit_code != first)]
    lines: list[str] = []
    for run in shown:
        lines += [f"the end of what {run.name} printed:", *(f"  | {line}" for line in _log_lines(run)), ""]
    return lines


def _log_lines(run: RunRecord) -> list[str]:
    return run.log.splitlines()[-MAX_LOG_LINES:]


def _remarks(proof: Proof) -> list[str]:
    """What makes a proof say less than it seems to."""
    remarks = []
    rounds = [run for run in proof.runs if run.is_parallel]
    if rounds and not any(run.overlapped for run in rounds) and not proof.notes:
        remarks.append("no two commands ran at the same time in any round")
    fresh = sum(job.state == "fresh" for job in proof.runs[0].jobs)
    if fresh:
        remarks.append(
            f"{fresh} of {counted(len(proof.runs[0].jobs), 'job')} {'was' if fresh == 1 else 'were'} up to date and did nothing; with --force they run"
        )
    if not proof.runs[0].jobs:
        remarks.append("the runs left no records")
    return remarks


def _verdict(proof: Proof, paint: Paint) -> str:
    rounds = counted(sum(run.is_parallel for run in proof.runs), "round")
    match proof.verdict.value:
        case "equal":
            return paint("green", f"no difference in {rounds}: exit codes, jobs and {counted(proof.compared, 'path')}")
        case "fails alike":
            return paint("yellow", f"it fails the same way one at a time and in {rounds}, with exit code {proof.exit_code}")
        case "different":
            wrong = len({finding.run for finding in proof.findings})
            return paint("red", f"different in {wrong} of {rounds}")
        case _:
            return paint("red", "the runs one at a time do not end alike")
