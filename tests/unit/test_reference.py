"""The documents say what the tables say: generated parts are fresh, and no key is left out."""

from __future__ import annotations

import importlib.util
import json
import pathlib
import re

import pytest

from paratask.claims.model import Claims
from paratask.events import EventBus
from paratask.execution.jobs import Jobs
from paratask.planning.plan import PlannedJob
from paratask.records.summary import render_summary
from paratask.reporting.plan_text import plan_document
from paratask.taskfile import decode_file, decode_task, decode_variables, settings

ROOT = pathlib.Path(__file__).parents[2]
DOCS = ROOT / "docs"
CITED = re.compile(r'(?:See|;|see) ((?:"[A-Z][^"]+"(?:, | and )?)+)')


@pytest.mark.parametrize("name", ["generate_reference", "generate_plugins"])
def test_generated_parts_are_fresh(name: str) -> None:
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    generator = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generator)
    text = generator.DOCUMENT.read_text(encoding="utf-8")
    assert text == generator.rendered(text), f"run: python docs/{name}.py"


@pytest.mark.parametrize(
    "keys",
    [
        settings.SETTING_KEYS,
        settings.CLAIM_KEYS,
        decode_file.FILE_KEYS,
        decode_file.INCLUDE_KEYS,
        decode_task.TASK_KEYS,
        decode_task.STEP_KEYS,
        decode_task.CALL_KEYS,
        decode_task.DEFER_KEYS,
        decode_task.FOR_KEYS,
        decode_variables.KINDS,
    ],
)
def test_every_key_that_is_read_is_in_the_reference(keys: frozenset[str]) -> None:
    assert _missing(keys) == []


def test_every_key_of_a_summary_is_in_the_reference() -> None:
    job = Jobs(EventBus(), lambda: 0.0).make("build", parent="", reason="")
    text = render_summary(
        run="r", calls=["build"], jobs=[job], started_at=0, ended_at=1, exit_code=0, extra={"parallel": "off"}
    )
    document = json.loads(text)
    assert _missing([*document, *document["jobs"][0]]) == []


def test_every_key_of_a_plan_is_in_the_reference() -> None:
    job = PlannedJob(
        id="build", task="build", parent="", kind="call", after=(), together_with=(), claims=Claims(), reason="",
        estimate_seconds=None,
    )  # fmt: skip
    document = plan_document("build", [job], 0.0, [])
    jobs = document["jobs"]
    assert isinstance(jobs, list)
    assert _missing([*document, *jobs[0]]) == []


def test_sections_that_the_code_cites_are_there() -> None:
    texts = [(DOCS / "design.md").read_text(encoding="utf-8"), (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")]
    titles = {title for text in texts for title in re.findall(r"^## (.+)$", text, re.MULTILINE)}
    cited = {
        title
        for file in (ROOT / "src").rglob("*.py")
        for phrase in CITED.findall(file.read_text(encoding="utf-8"))
        for title in re.findall(r'"([^"]+)"', phrase)
    }
    assert len(cited) > 5
    assert cited <= titles


def _missing(keys: frozenset[str] | list[str]) -> list[str]:
    text = (DOCS / "reference.md").read_text(encoding="utf-8")
    return sorted(key for key in keys if f"`{key}`" not in text)
