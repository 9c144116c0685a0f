"""Compares runs: exit codes, jobs, and trees. Pure: content that was not read yet comes from a function.

The first run one at a time is the baseline; what another one does not do alike is not reproducible, and is left out of what is asked
of the others. See "Proof" in docs/design.md.
"""

from __future__ import annotations

from collections import Counter

from paratask.frozen import dataclass
from paratask.names import PART_MARK, ordinal
from paratask.proving.model import Finding, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from paratask.proving.model import RunRecord
    from paratask.proving.snapshot import Entry, Tree

    Same = Callable[[str, Entry, Entry], bool]

BASELINE = "only in the first run one at a time"
AGAIN = "only in the second run one at a time"
LATER = "only in the last run one at a time"
MAX_TASKS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Unstable:
    """What two runs one at a time do not do alike: paths with how, tasks, and folders whose names are drawn anew each time."""

    paths: Mapping[str, str]
    tasks: frozenset[str]
    drawn: frozenset[str]

    def covers(self, path: str) -> bool:
        """Whether a path, a folder above it, or its name in its folder is not reproducible."""
        while path:
            if path in self.paths or _folder(path) in self.drawn:
                return True
            path = path.rpartition("/")[0]
        return False

    def explains(self, finding: Finding) -> bool:
        """Whether what was found is about something that comes out otherwise one at a time as well."""
        if finding.kind == "file":
            return self.covers(finding.subject)
        return finding.kind == "job" and finding.subject in self.tasks

    def joined(self, other: Unstable) -> Unstable:
        """What either of them holds."""
        return Unstable(paths={**other.paths, **self.paths}, tasks=self.tasks | other.tasks, drawn=self.drawn | other.drawn)


def differences(left: Tree, right: Tree, same: Same, *, only_left: str, only_right: str) -> dict[str, str]:
    """How two trees differ, by path. A folder that only one has stands for all below it."""
    found: dict[str, str] = {}
    covered = ""
    for path in sorted({*left, *right}, key=lambda path: path.split("/")):
        if covered and path.startswith(covered):
            continue
        if path not in right or path not in left:
            found[path] = only_left if path in left else only_right
            covered = f"{path}/"
        elif how := _difference(path, left[path], right[path], same):
            found[path] = how
    return found


def _difference(path: str, left: Entry, right: Entry, same: Same) -> str:
    if left.kind != right.kind:
        return f"a {left.kind} and a {right.kind}"
    if left.kind == "link":
        return "" if left.content == right.content else f"links to {left.content} and to {right.content}"
    if left.kind == "file" and not same(path, left, right):
        return "other content"
    return "" if left.executable == right.executable else "executable in one of them"


def find_unstable(first: RunRecord, second: RunRecord, same: Same, only_second: str = AGAIN) -> Unstable:
    """What two runs one at a time do not do alike."""
    paths = differences(first.tree, second.tree, same, only_left=BASELINE, only_right=only_second)
    ours, theirs = ({_folder(path) for path, how in paths.items() if how == which} for which in (BASELINE, only_second))
    drawn = {folder for folder in ours & theirs if folder in first.tree and folder in second.tree}
    tasks = {task for task, _, _ in (_outcomes(first) - _outcomes(second)) + (_outcomes(second) - _outcomes(first))}
    return Unstable(paths=paths, tasks=frozenset(tasks), drawn=frozenset(drawn))


def compare(baseline: RunRecord, run: RunRecord, unstable: Unstable, same: Same) -> Iterator[Finding]:
    """What a run side by side did otherwise than the baseline."""
    if run.exit_code != baseline.exit_code:
        message = f"ended with {run.exit_code}; one at a time with {baseline.exit_code}"
        yield _finding(run, "exit code", " ".join(_failed(run)), message)
    yield from _retries(run)
    if baseline.exit_code:  # others may have begun before a failure that one at a time they would have come after
        missing = [task for task in _failed(baseline) if task not in _failed(run)]
        yield from (_finding(run, "job", task, "did not fail; one at a time it does") for task in missing)
        return
    yield from _jobs(baseline, run, unstable)
    for path, how in differences(
        baseline.tree, run.tree, same, only_left="missing; it is there one at a time", only_right="not there one at a time"
    ).items():
        if not unstable.covers(path):
            yield _finding(run, "file", path, how, tasks=_writers(baseline, path) + _writers(run, path))


def _retries(run: RunRecord) -> Iterator[Finding]:
    for job in run.jobs:
        if job.attempts > 1 and job.beside and job.state != "failed":
            passed = "alone" if job.attempts == 2 else f"at the {ordinal(job.attempts)} attempt"
            yield _finding(run, "retry", job.task, f"failed beside {' and '.join(job.beside)}, and passed {passed}")


def _jobs(baseline: RunRecord, run: RunRecord, unstable: Unstable) -> Iterator[Finding]:
    expected, seen = _outcomes(baseline), _outcomes(run)
    for task, state, code in sorted((seen - expected), key=repr):
        if task in unstable.tasks:
            continue
        before = [f"{s}{_exited(c)}" for t, s, c in (expected - seen) if t == task]
        message = f"{state}{_exited(code)}; one at a time {' and '.join(before) or 'it did not run'}"
        yield _finding(run, "job", task, message)
    for task in sorted({task for task, _, _ in expected - seen} - {task for task, _, _ in seen - expected} - unstable.tasks):
        yield _finding(run, "job", task, "ran less often than one at a time")


def _outcomes(run: RunRecord) -> Counter[tuple[str, str, int | None]]:
    """How often each task ended how. Not by job: ids are given as jobs are made, so that they may be another's.

    Not by part either: one at a time there are none.
    """
    return Counter((job.task, job.state, job.exit_code or None) for job in run.jobs if PART_MARK not in job.task)


def _failed(run: RunRecord) -> list[str]:
    """Tasks whose own commands failed."""
    return list(dict.fromkeys(_whole(job.task) for job in run.jobs if job.state == "failed" and job.exit_code))


def _whole(task: str) -> str:
    return task.partition(PART_MARK)[0] or task


def _exited(code: int | None) -> str:
    return f" with {code}" if code else ""


def _writers(run: RunRecord, path: str) -> tuple[str, ...]:
    """The tasks that may have written a path last, by its time of modification; none where too many ran."""
    entry = run.tree.get(path)
    tasks = run.running_at(entry.changed_at) if entry is not None else ()
    return tasks if len(tasks) <= MAX_TASKS else ()


def _finding(run: RunRecord, kind: str, subject: str, message: str, tasks: Sequence[str] = ()) -> Finding:
    return Finding(
        kind=kind, run=run.name, seed=run.seed, subject=subject, message=message, tasks=tuple(dict.fromkeys(tasks))
    )  # fmt: skip


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def judge(baselines: Sequence[RunRecord], findings: Sequence[Finding]) -> Verdict:
    """What it comes to."""
    if len({run.exit_code for run in baselines}) > 1:
        return Verdict.UNSTABLE
    if findings:
        return Verdict.DIFFERENT
    return Verdict.FAILS_ALIKE if baselines[0].exit_code else Verdict.EQUAL
