"""Carries a proof out: copies, runs, compares. See "Proof" in docs/design.md.

Every run starts from a fresh copy of the original as it was in the beginning, at one and the same path, so that what the runs write can
be compared byte by byte. Where rounds came out otherwise, a last run one at a time tells whether that does so by itself, with time: two runs
may well fall into one second, which the files that they write name. How a run is started is a function's business.
"""

from __future__ import annotations

import difflib
import os
import shutil

from paratask.errors import DifferenceError, VerificationError
from paratask.frozen import dataclass, replace
from paratask.proving.comparing import LATER, compare, find_unstable, judge
from paratask.proving.copying import Copier, Move
from paratask.proving.model import Proof, Verdict
from paratask.proving.relocating import relocate
from paratask.proving.snapshot import comparer, digest, read_marks, read_tree
from paratask.proving.storage import remove

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from paratask.proving.checkout import Checkout
    from paratask.proving.model import Finding, RunRecord
    from paratask.proving.snapshot import Mark

    Run = Callable[["Trial"], RunRecord]

BASELINES = ("one at a time", "again", "once more")
MAX_SHOWN_BYTES = 1 << 16
MAX_SHOWN_LINES = 6
KEPT_STATE = "history.sqlite"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """A run to be made in the copy: `seed` is empty for one at a time. `number` counts from 0."""

    number: int
    name: str
    seed: str


class Prover:
    """Makes one proof, in `holder`. `state` is the folder of paratask's records, left out but for the history.

    `names` are all moves by which the checkout is known, its names with symbolic links among them.
    """

    def __init__(
        self, *, checkout: Checkout, holder: str, state: str, names: Sequence[Move], run: Run, warn: Callable[[str], None]
    ) -> None:
        self._checkout = checkout
        self._holder = holder
        self._state = state
        self._names = names
        self._run = run
        self._warn = warn
        self._originals = checkout.moves(os.path.join(holder, "original"))
        self._works = checkout.moves(os.path.join(holder, "work"))
        self._marks: list[dict[str, Mark]] = []

    def prove(self, tasks: tuple[str, ...], seeds: Sequence[str], notes: tuple[str, ...]) -> Proof:
        """Raises VerificationError where copies cannot be made."""
        self._copying(self._copy_original)
        first = self._trial(Trial(number=0, name=BASELINES[0], seed=""))
        os.rename(os.path.join(self._holder, "work"), os.path.join(self._holder, "baseline"))
        second = self._trial(Trial(number=1, name=BASELINES[1], seed=""))
        same = comparer(self._original_digest)
        unstable = find_unstable(first, second, same)
        runs = [first, second]
        findings: list[Finding] = []
        if first.exit_code == second.exit_code:
            for number, seed in enumerate(seeds, 2):
                run = self._trial(Trial(number=number, name=f"round {number - 1}", seed=seed))
                runs.append(run)
                findings += [self._with_lines(finding) for finding in compare(first, run, unstable, same)]
        if findings:
            last = self._trial(Trial(number=len(runs), name=BASELINES[2], seed=""))
            runs.append(last)
            later = find_unstable(first, last, same, only_second=LATER)
            findings = [finding for finding in findings if not later.explains(finding)]
            unstable = unstable.joined(later)
        verdict = judge([run for run in runs if not run.is_parallel], findings)
        code = {Verdict.UNSTABLE: VerificationError.exit_code, Verdict.DIFFERENT: DifferenceError.exit_code}.get(
            verdict, first.exit_code
        )
        return Proof(
            tasks=tasks, verdict=verdict, exit_code=code, runs=tuple(runs), findings=tuple(findings),
            not_reproducible=unstable.paths, compared=len(first.tree), notes=notes,
        )  # fmt: skip

    def _copy_original(self) -> None:
        copier = Copier(links=self._names, left_out=frozenset((self._state,)), warn=self._warn)
        for move in self._originals:
            copier.copy(move)
        relocate(copier.noted, [move.target for move in self._originals[1:]], self._names)
        state = os.path.join(self._originals[0].target, os.path.relpath(self._state, self._checkout.top))
        for suffix in ("", "-wal"):
            path = os.path.join(self._state, KEPT_STATE + suffix)
            if os.path.isfile(path):
                os.makedirs(state, exist_ok=True)
                shutil.copyfile(path, os.path.join(state, KEPT_STATE + suffix))

    def _copying(self, copy: Callable[[], None]) -> None:
        try:
            copy()
        except OSError as error:
            why = f"{(error.strerror or str(error)).lower()}: {error.filename or self._holder}"
            raise VerificationError(
                f"cannot copy the checkout: {why}", help="TMPDIR=/folder/with/room paratask --verify …"
            ) from None

    def _copy_work(self) -> None:
        remove(os.path.join(self._holder, "work"), self._warn)
        copier = Copier(links=(), left_out=frozenset(), warn=self._warn)
        for original, work in zip(self._originals, self._works, strict=True):
            copier.copy(Move(source=original.target, target=work.target))
        self._marks = [read_marks(work.target) for work in self._works]

    def _trial(self, trial: Trial) -> RunRecord:
        self._copying(self._copy_work)
        record = self._run(trial)
        state = os.path.relpath(self._state, self._checkout.top)
        tree = read_tree(self._works[0].target, self._marks[0], frozenset((state,)))
        for work, marks in zip(self._works[1:], self._marks[1:], strict=True):
            inner = read_tree(work.target, marks, frozenset(), is_git=True)
            tree.update({f"{_git_label(work)}/{path}": entry for path, entry in inner.items()})
        return replace(record, tree=tree)

    def _original_digest(self, path: str) -> str:
        for original, work in zip(self._originals[1:], self._works[1:], strict=True):
            label = f"{_git_label(work)}/"
            if path.startswith(label):
                return digest(os.path.join(original.target, path[len(label) :]))
        return digest(os.path.join(self._originals[0].target, path))

    def _with_lines(self, finding: Finding) -> Finding:
        """The first lines that differ, where a file is a small text in both."""
        if finding.kind != "file" or finding.message != "other content":
            return finding
        work = self._works[0].target
        baseline = os.path.join(self._holder, "baseline", os.path.relpath(work, os.path.join(self._holder, "work")))
        texts = [_small_text(os.path.join(folder, finding.subject)) for folder in (baseline, work)]
        if texts[0] is None or texts[1] is None:
            return finding
        lines = difflib.unified_diff(texts[0].splitlines(), texts[1].splitlines(), n=0, lineterm="")
        shown = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
        return replace(finding, difference=tuple(shown[:MAX_SHOWN_LINES]))


def _git_label(work: Move) -> str:
    return f"{work.source} (git)"


def _small_text(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read(MAX_SHOWN_BYTES + 1)
    except (OSError, UnicodeDecodeError):
        return None
    return None if len(text) > MAX_SHOWN_BYTES or "\0" in text else text
