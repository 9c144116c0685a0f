"""How a proof is shown."""

from __future__ import annotations

import pathlib

import pytest

from paratask.proving.model import Finding, JobRecord, Proof, RunRecord, Verdict
from paratask.reporting.proof_text import proof_document, render_proof, shown_run

REFERENCE = (pathlib.Path(__file__).parents[3] / "docs" / "reference.md").read_text(encoding="utf-8")


def run(name, seed="", seconds=2.0, code=0, **values):
    job = JobRecord(
        id="a", task="a", parent="", state=values.pop("state", "succeeded"), exit_code=code, started_at=1.0, ended_at=2.0,
        command_seconds=1.0, attempts=1, beside=("b",) if seed else (),
    )  # fmt: skip
    defaults = {"peak_bytes": 27_400_000, "left_behind": 0, "log": "", "tree": {}, "jobs": (job,)}
    return RunRecord(name=name, seed=seed, exit_code=code, seconds=seconds, **{**defaults, **values})


def proof(verdict=Verdict.EQUAL, *, runs=None, **values):
    runs = runs or (run("one at a time"), run("again", seconds=4.0), run("round 1", "reversed", 1.5))
    defaults = {"exit_code": 0, "findings": (), "not_reproducible": {}, "compared": 1234, "notes": ()}
    return Proof(tasks=("qa",), verdict=verdict, runs=runs, **{**defaults, **values})


def shown(what):
    return render_proof(what, again=lambda seed: f"again {seed}", paint=lambda _, text: text)


def test_equal():
    assert shown(proof()) == (
        "run            seed      seconds  speed-up  exit code  peak memory  jobs  overlapped\n"
        "one at a time  -            2.00         -          0         26 M     1           -\n"
        "again          -            4.00         -          0         26 M     1           -\n"
        "round 1        reversed     1.50      2.00          0         26 M     1           1\n"
        "\n"
        "no difference in 1 round: exit codes, jobs and 1,234 paths\n"
    )


def test_different():
    findings = (
        Finding(
            kind="file",
            run="round 1",
            seed="7",
            subject="log",
            message="other content",
            tasks=("a", "b"),
            difference=("-x", "+y"),
        ),
        Finding(kind="exit code", run="round 1", seed="7", subject="", message="ended with 1; one at a time with 0"),
        *(Finding(kind="file", run="round 1", seed="7", subject=f"f{i}", message="other content") for i in range(12)),
    )
    failed = run("round 1", "7", code=1, log="\n".join(f"line {i}" for i in range(30)))
    what = proof(
        Verdict.DIFFERENT, exit_code=3, runs=(run("one at a time"), run("again"), failed), findings=findings,
        not_reproducible={"stamp": "other content"}, notes=("one thing",),
    )  # fmt: skip
    text = shown(what)
    assert (
        "not reproducible, and left out (1): runs one at a time differ there\n"
        "  stamp: other content\n"
        "\n"
        "round 1 came out otherwise (seed 7; again: again 7)\n"
        "  log: other content; written while `a` and `b` ran\n"
        "      -x\n"
        "      +y\n"
        "  exit code: ended with 1; one at a time with 0\n"
        "  f0: other content\n"
    ) in text
    assert "  f9: other content\n  and 2 more\n\nthe end of what round 1 printed:\n  | line 10\n" in text
    assert text.endswith("  | line 29\n\nnote: one thing\ndifferent in 1 of 1 round\n")


@pytest.mark.parametrize(
    ("values", "ending"),
    [
        (
            {"verdict": Verdict.FAILS_ALIKE, "exit_code": 201},
            "it fails the same way one at a time and in 1 round, with exit code 201\n",
        ),
        ({"verdict": Verdict.UNSTABLE, "exit_code": 1}, "the runs one at a time do not end alike\n"),
        (
            {"runs": (run("one at a time", state="fresh"), run("again"), run("round 1", "7"))},
            "note: 1 of 1 job was up to date and did nothing; with --force they run\nno difference in 1 round: exit codes, jobs and 1,234 paths\n",
        ),
        (
            {"runs": (run("one at a time"), run("again"), run("round 1", "7", jobs=()))},
            "note: no two commands ran at the same time in any round\nno difference in 1 round: exit codes, jobs and 1,234 paths\n",
        ),
    ],
)
def test_endings(values, ending):
    assert shown(proof(**values)).endswith("\n\n" + ending)


def test_a_run_in_a_line():
    assert shown_run(run("again")) == "again: 2.0 s, exit code 0"
    assert shown_run(run("round 1", "7", left_behind=2)) == (
        "round 1 (seed 7): 2.0 s, exit code 0; 2 processes that it left behind were ended"
    )


def test_every_key_of_the_document_is_in_the_reference():
    finding = Finding(kind="file", run="round 1", seed="7", subject="log", message="other content")
    document = proof_document(proof(findings=(finding,)))
    section = REFERENCE[REFERENCE.index("## --verify --json") :]
    keys = {
        *document,
        *document["runs"][0],
        *document["findings"][0],
        *(verdict.value.replace(" ", "-") for verdict in Verdict),
    }
    assert sorted(key for key in keys if f"`{key}`" not in section) == []


def test_the_document():
    document = proof_document(proof(Verdict.FAILS_ALIKE, exit_code=201, not_reproducible={"a": "other content"}))
    assert {key: document[key] for key in ("schema", "tasks", "verdict", "exit_code", "rounds", "compared_paths")} == {
        "schema": 1, "tasks": ["qa"], "verdict": "fails-alike", "exit_code": 201, "rounds": 1, "compared_paths": 1234,
    }  # fmt: skip
    assert document["not_reproducible"] == [{"path": "a", "how": "other content"}]
    assert document["runs"][2] == {
        "name": "round 1", "kind": "parallel", "seed": "reversed", "seconds": 1.5, "speed_up": 2.0, "exit_code": 0,
        "peak_memory_bytes": 27_400_000, "left_behind": 0, "overlapped_jobs": 1,
        "jobs": [{"task": "a", "state": "succeeded", "exit_code": 0}], "log": [],
    }  # fmt: skip
