"""What the real `task` did on its own test Taskfiles, against what paratask does: as much agrees as must, and what does not is listed
in docs/compatibility.md, with nothing listed there that agrees. The floors only rise.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from paratask.frozen import dataclass

CONFORMANCE = Path(__file__).parents[3] / "shared" / "conformance"
DOCUMENT = (Path(__file__).parents[2] / "docs" / "compatibility.md").read_text(encoding="utf-8")
FLOORS = {"side by side": 99.0, "one at a time": 99.5}
"""Percent of the checks that must agree. Some race timeouts of 100 ms, and a busy machine loses one or two of these."""
ROW = re.compile(r"^\| (`.+`) \| `(.+)` \| (\w+) \| ([\w-]+)", re.MULTILINE)
ID = re.compile(r"^\| ([a-z][a-z-]+) \|", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A row of the table: cases and checks as patterns, when they differ, and the id of the difference, or "none"."""

    cases: tuple[str, ...]
    check: str
    when: str
    difference: str

    def explains(self, case: str, check: str) -> bool:
        return fnmatchcase(check, self.check) and any(fnmatchcase(case, pattern) for pattern in self.cases)


def listed() -> list[Listed]:
    table = DOCUMENT[DOCUMENT.index("## The cases that do not agree") :]
    return [
        Listed(cases=tuple(re.findall("`([^`]+)`", cases)), check=check, when=when, difference=difference)
        for cases, check, when, difference in ROW.findall(table)
    ]


def stale(rows: list[Listed], differing: set[tuple[str, str]]) -> list[str]:
    """What is wrong with the table: differences that no row explains, and cases that always differ but did not."""
    unlisted = [
        f"{case}: `{check}` differs, and is not listed"
        for case, check in sorted(differing)
        if not any(row.explains(case, check) for row in rows)
    ]
    agreeing = [
        f"{pattern}: `{row.check}` is listed, and agrees"
        for row in rows
        if row.when == "always"
        for pattern in row.cases
        if not any(fnmatchcase(case, pattern) and fnmatchcase(check, row.check) for case, check in differing)
    ]
    return unlisted + agreeing


def test_every_row_has_a_time_and_a_known_reason():
    rows = listed()
    assert len(rows) == DOCUMENT[DOCUMENT.index("## The cases that do not agree") :].count("\n| `")
    assert {row.when for row in rows} <= {"always", "timing", "copy"}
    assert {row.difference for row in rows} <= {"none", *ID.findall(DOCUMENT)}


@pytest.mark.parametrize(
    ("differing", "wrong"),
    [
        ({("a", "run x"), ("b/c", "run y")}, []),
        ({("a", "run x"), ("a", "run y"), ("d", "list")}, ["a: `run y` differs, and is not listed", "d: `list` differs, and is not listed"]),
        (set(), ["a: `* x` is listed, and agrees"]),
    ],
)  # fmt: skip
def test_a_stale_table_is_found(differing: set[tuple[str, str]], wrong: list[str]):
    rows = [
        Listed(cases=("a",), check="* x", when="always", difference="none"),
        Listed(cases=("b/*", "c"), check="*", when="timing", difference="none"),
    ]
    assert stale(rows, differing) == wrong


def compared(mode: str, results: Path, only: str = "*") -> tuple[int, set[tuple[str, str]]]:
    """How many checks there were, and which differ."""
    done = subprocess.run(
        [
            sys.executable, str(CONFORMANCE / "conformance.py"), "check", "--subject", f"{sys.executable} -m paratask",
            "--data", str(CONFORMANCE / "go-task-testdata"), "--golden", str(CONFORMANCE / "golden.json"), "--limit", "60",
            "--json", str(results), "--only", only, "--env", f"USE_PARALLEL={str(mode == 'side by side').lower()}",
        ],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    total = re.search(r"\d+/(\d+) checks agree", done.stdout)
    assert total is not None, done.stdout + done.stderr
    return int(total[1]), {(e["case"], e["check"]) for e in json.loads(results.read_text(encoding="utf-8"))}


@pytest.mark.slow
@pytest.mark.timeout(1500)
@pytest.mark.skipif(not CONFORMANCE.is_dir(), reason="the recorded behaviour is kept beside the checkout, and is not there")
@pytest.mark.parametrize("mode", FLOORS)
def test_recorded_behaviour_of_task(mode: str, tmp_path: Path):
    rows = listed()
    total, differing = compared(mode, tmp_path / "all.json")
    racing = {case for case, check in differing if any(row.when == "timing" and row.explains(case, check) for row in rows)}
    for number, case in enumerate(sorted(racing)):  # what races a clock has a second go, without the rest beside it
        differing = {found for found in differing if found[0] != case} | compared(mode, tmp_path / f"{number}.json", case)[1]
    assert total >= 3637
    assert 100 * (total - len(differing)) / total >= FLOORS[mode], sorted(differing)
    assert stale(rows, differing) == []
