"""A plan for people, whole, and as JSON."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from paratask.claims.conflicts import told
from paratask.claims.model import Access, Claim, Claims, Effect, Evidence
from paratask.planning.beside import Beside
from paratask.planning.plan import PlannedJob
from paratask.planning.predict import Bounds
from paratask.reporting.exports.graph import graph_of_plan
from paratask.reporting.plan_text import plan_document, render_plan
from unit.builders import marked, plain


def claim(access: Access, pattern: str) -> Claim:
    return Claim(access=access, pattern=pattern, evidence=Evidence.INFERRED, reason="ruff")


def planned(name: str, *, together_with: Iterable[str] = (), beside: Beside | None = None, **fields: object) -> PlannedJob:
    values: dict[str, object] = {
        "id": name, "task": name, "parent": "", "kind": "step", "after": (), "claims": Claims(),
        "reason": f"why {name}", "estimate_seconds": None, "together_with": beside or Beside.all_of(together_with),
    }  # fmt: skip
    return PlannedJob(**{**values, **fields})  # type: ignore[arg-type]


ENTRIES = (
    claim(Access.READ, "src/**"), claim(Access.WRITE, "dist/**"), claim(Access.SHARED, "net"), claim(Access.EXCLUSIVE, "db"),
)  # fmt: skip


def test_lone_job_with_its_claims() -> None:
    job = planned(
        "a", claims=Claims(entries=ENTRIES, effect=Effect.OUTSIDE, effect_reason="npm publish"), estimate_seconds=1.25
    )
    assert render_plan("a", [job], 1.25, ["a"], level="inferred", paint=plain) == (
        "plan of `a`, parallel: inferred\n\na  ~1.2 s\n    why a\n"
        "    writes dist/**  (inferred: ruff)\n    needs db for itself  (inferred: ruff)\n    reads src/**  (inferred: ruff)\n"
        "    uses net  (inferred: ruff)\n    has effects outside this checkout: npm publish\n"
        "\ncritical path: a, about 1.2 s\n"
    )


def test_calls_of_a_loop_are_told_apart_by_their_labels() -> None:
    jobs = [planned("s.2", task="s", label="build db"), planned("s", label="s")]
    text = render_plan("s", jobs, None, [], level="inferred", paint=plain)
    assert [line for line in text.splitlines() if line.startswith("s")] == ["s.2 (build db)", "s"]
    entries = plan_document("s", jobs, 0.0, [])["jobs"]
    assert isinstance(entries, list)
    assert [entry.get("label") for entry in entries] == ["build db", "s"]
    assert [node.label for node in graph_of_plan(jobs)] == ["s.2 (build db)", "s"]


def test_parallel_set_is_indented_below_its_title() -> None:
    a = planned("a", parent="top", together_with=("b",))
    b = planned("b", parent="top", together_with=("a",))
    c = planned("c", parent="top", after=("a", "b"))
    top = planned("top", kind="call", children=((a, b), (c,)))
    assert render_plan("top", [top], 0.0, [], level="all", paint=marked) == (
        "plan of `top`, parallel: all\n\n<green>top</>\n    why top\n    <cyan>parallel set of 2</>\n      <green>a</>\n"
        "          together with b: why a\n      <green>b</>\n          together with a: why b\n"
        "    <green>c</>\n        after a, b\n        why c\n"
    )


NAMES = [f"t{n}" for n in range(500)]


def text_of(apart: Callable[[int], set[int]]) -> list[str]:
    """Lines that say beside whom each of 500 may run, which is beside all but itself and some that are `apart`."""
    every = (1 << len(NAMES)) - 1
    masks = [every & ~sum(1 << other for other in {n, *apart(n)}) for n in range(len(NAMES))]
    many = [planned(name, beside=Beside(NAMES, mask)) for name, mask in zip(NAMES, masks, strict=True)]
    lines = render_plan("x", many, 0.0, [], level="all", paint=plain).splitlines()
    assert max(map(len, lines)) < 130
    return [
        line.strip().removesuffix(f": why t{n}") for n, line in enumerate(line for line in lines if "together with" in line)
    ]


def test_each_of_500_named_all_others_and_then_thirteen_of_them() -> None:
    assert text_of(lambda _: set()) == ["together with all 499 others"] * 500


def test_of_many_those_few_are_named_that_it_does_not_run_beside() -> None:
    assert text_of(lambda n: {n - n % 3, n - n % 3 + 1, n - n % 3 + 2} & {*range(500)})[4] == (
        "together with 497 others, all but t3, t5"
    )


def test_of_many_the_first_are_named_where_as_many_are_apart() -> None:
    first = ", ".join(f"t{n}" for n in range(0, 24, 2))
    assert text_of(lambda n: {*range(1 - n % 2, 500, 2)})[0] == f"together with {first.replace('t0, ', '')}, t24 and 237 more"


def test_those_beside_a_job_were_named_twice() -> None:
    reason = "touches nothing that `b` touches (inferred)"
    free = planned("a", together_with=("b",), reason=reason, reason_beside="touches nothing that it touches (inferred)")
    waiting = planned("c", after=("a",), together_with=("b",), reason="both write x")
    assert render_plan("x", [free, planned("b"), waiting], 0.0, [], level="all", paint=plain).splitlines()[3:] == [
        "  a", "      together with b: touches nothing that it touches (inferred)", "  b", "      why b",
        "  c", "      after a: both write x", "      together with b",
    ]  # fmt: skip
    assert [job["reason"] for job in plan_document("x", [free], 0.0, [])["jobs"]] == [reason]  # type: ignore[attr-defined]


def test_titles_of_sets() -> None:
    some = [planned("a", together_with=("b",)), planned("b", together_with=("a",)), planned("c", after=("a", "b"))]
    assert render_plan("x", some, 0.0, [], level="all", paint=plain).splitlines()[2] == "3 neighbours, some together"
    deps = [planned(n, kind="dependency", together_with=(m,)) for n, m in ("ab", "ba")]
    assert render_plan("x", deps, 0.0, [], level="all", paint=plain).splitlines()[2] == "dependencies (2)"
    apart = [planned("a"), planned("b", after=("a",))]
    assert render_plan("x", apart, 0.0, [], level="off", paint=plain).splitlines()[2] == "a"


BOUNDS = Bounds(critical=1.23456, lower=1.5, predicted=2.0, total=3.25)


def test_what_is_predicted_is_the_last_line() -> None:
    jobs = [planned("a", estimate_seconds=1.25)]
    said = {
        guessed: render_plan("a", jobs, 1.25, ["a"], level="all", paint=plain, bounds=BOUNDS, guessed=guessed).splitlines()[-2:]
        for guessed in (0, 1, 2)
    }
    line = "predicted: 2.0 s; at least 1.5 s, one at a time 3.2 s"
    assert said == {
        0: ["critical path: a, about 1.2 s", line],
        1: ["critical path: a, about 1.2 s", f"{line}; 1 task has no estimate, and counts as the others"],
        2: ["critical path: a, about 1.2 s", f"{line}; 2 tasks have no estimate, and count as the others"],
    }


def test_document_has_every_job_in_written_order() -> None:
    child = planned(
        "b", parent="a", after=("x",), together_with=("y",), claims=Claims(entries=ENTRIES[:1], evidence=Evidence.INFERRED)
    )
    top = planned("a", kind="call", children=((child,),), estimate_seconds=2.0, command_seconds=1.0, cores=1 / 3, peak_bytes=9)
    document = plan_document("a", [top], 1.23456, ["a", "b"], bounds=BOUNDS, guessed=1)
    assert document == {
        "task": "a", "critical_path": ["a", "b"], "critical_path_seconds": 1.235, "lower_bound_seconds": 1.5,
        "predicted_seconds": 2.0, "sequential_seconds": 3.25, "guessed_estimates": 1,
        "jobs": [
            {
                "id": "a", "task": "a", "parent": "", "kind": "call", "after": [], "together_with": [], "evidence": "declared",
                "effect": "local", "claims": [], "reason": "why a", "estimate_seconds": 2.0,
                "estimate_command_seconds": 1.0, "estimate_cores": 0.33, "estimate_memory_bytes": 9,
            },
            {
                "id": "b", "task": "b", "parent": "a", "kind": "step", "after": ["x"], "together_with": ["y"], "evidence": "inferred",
                "effect": "local", "reason": "why b", "estimate_seconds": None,
                "estimate_command_seconds": None, "estimate_cores": None, "estimate_memory_bytes": None,
                "claims": [{"access": "read", "pattern": "src/**", "excluding": [], "evidence": "inferred", "reason": "ruff"}],
            },
        ],
    }  # fmt: skip


def test_what_was_planned_above_is_named_and_not_given_again() -> None:
    entries = (claim(Access.READ, "src"),)
    first = planned("d", claims=Claims(entries=entries), children=((planned("x"),),))
    again = planned("d.2", task="d", claims=Claims(entries=entries), same_as="d")
    assert render_plan("t", [first, again], 0.0, [], level="all", paint=plain).splitlines()[2:] == [
        "d", "    why d", "    x", "        why x", "d.2", "    why d.2", "    calls the same as `d`: see above",
    ]  # fmt: skip
    entry_first, _, entry_again = plan_document("t", [first, again], 0.0, [])["jobs"]  # type: ignore[misc]
    assert "same_as" not in entry_first
    assert entry_again["same_as"] == "d"


@pytest.mark.parametrize(
    ("access", "name", "words"),
    [
        (Access.SHARED, "once:gen:api", "runs gen:api once for all that call it"),
        (Access.EXCLUSIVE, "once:gen", "runs gen once, as whoever calls it first says"),
        (Access.EXCLUSIVE, "fingerprint:api-build", "keeps the fingerprint api-build"),
        (Access.SHARED, "db", "uses db"),
        (Access.EXCLUSIVE, "port:80", "needs port:80 for itself"),
        (Access.READ, "once:x", "reads once:x"),
    ],
)
def test_names_that_only_we_use_were_shown_to_people(access: Access, name: str, words: str) -> None:
    assert told(claim(access, name)) == words
