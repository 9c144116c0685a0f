"""The documents say what the tables say: generated parts are fresh, and no key is left out."""

from __future__ import annotations

import ast
import importlib.util
import json
import pathlib
import re
from collections.abc import Iterator

import pytest

from paratask import errors
from paratask.claims.model import Claims
from paratask.cli.help import render_help
from paratask.cli.setup import OFF, ON
from paratask.events import EventBus
from paratask.execution.jobs import Jobs
from paratask.planning.beside import Beside
from paratask.planning.plan import PlannedJob
from paratask.processes.interrupts import NAMES
from paratask.records.summary import render_summary, totals
from paratask.reporting.plan_text import plan_document
from paratask.taskfile import decode_file, decode_pipelines, decode_task, decode_variables, settings
from paratask.taskfile.decode import Decoder
from paratask.taskfile.decode_settings import decode_settings
from paratask.taskfile.toml_nodes import parse_toml
from paratask.taskfile.yaml_nodes import parse_yaml

ROOT = pathlib.Path(__file__).parents[2]
DOCS = ROOT / "docs"
REFERENCE = (DOCS / "reference.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^```(yaml|toml)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPECIAL_MODULES = (
    "cli/setup.py",
    "execution/workbench.py",
    "variables/scopes.py",
    "variables/filling.py",
    "variables/preparation.py",
    "variables/loops.py",
)
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
    if name == "generate_plugins":
        text = generator.PROGRAMS.read_text(encoding="utf-8")
        assert text == generator.rendered_programs(text), f"run: python docs/{name}.py"


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
        decode_pipelines.PIPELINE_KEYS,
        decode_pipelines.STAGE_KEYS,
        decode_pipelines.ENTRY_KEYS,
    ],
)
def test_every_key_that_is_read_is_in_the_reference(keys: frozenset[str]) -> None:
    assert _missing(keys) == []


def test_every_key_of_a_summary_is_in_the_reference() -> None:
    job = Jobs(EventBus(), lambda: 0.0).make("build", parent="", reason="")
    text = render_summary(
        whole=totals([job], 1.0, 2.0),
        run="r",
        calls=["build"],
        jobs=[job],
        started_at=0,
        ended_at=1,
        seconds=1,
        exit_code=0,
        extra={"parallel": "off"},
    )
    document = json.loads(text)
    assert _missing([*document, *document["jobs"][0]]) == []


def test_every_key_of_a_plan_is_in_the_reference() -> None:
    job = PlannedJob(
        id="build", task="build", parent="", kind="call", after=(), together_with=Beside(), claims=Claims(), reason="",
        estimate_seconds=None,
    )  # fmt: skip
    document = plan_document("build", [job], 0.0, [])
    jobs = document["jobs"]
    assert isinstance(jobs, list)
    assert _missing([*document, *jobs[0]]) == []


def test_sections_that_the_code_cites_are_there() -> None:
    documents = (DOCS / "design.md", DOCS / "compatibility.md", ROOT / "CONTRIBUTING.md")
    texts = [document.read_text(encoding="utf-8") for document in documents]
    titles = {title for text in texts for title in re.findall(r"^## (.+)$", text, re.MULTILINE)}
    cited = {
        title
        for file in (ROOT / "src").rglob("*.py")
        for phrase in CITED.findall(file.read_text(encoding="utf-8"))
        for title in re.findall(r'"([^"]+)"', phrase)
    }
    assert len(cited) > 5
    assert cited <= titles


def test_every_table_of_keys_is_in_the_reference() -> None:
    schema = json.loads((ROOT / "src" / "paratask" / "schemas" / "paratask.json").read_text(encoding="utf-8"))
    tables = {name for name, definition in schema["definitions"].items() if "properties" in definition}
    parts = set(re.findall(r"<!-- ([\w ]+): written by", REFERENCE))
    assert tables - {"row"} <= parts


def test_every_variable_of_the_environment_that_is_read_is_in_the_reference() -> None:
    names = {name for file in (ROOT / "src").rglob("*.py") for name in _environment_names(file)}
    assert {"USE_PARALLEL", "NO_COLOR", "HOME"} <= names
    assert sorted(name for name in names if f"`{name}" not in REFERENCE) == []


def _environment_names(file: pathlib.Path) -> Iterator[str]:
    """Names in `environ["NAME"]` and `environ.get("NAME")`; of one that is put together, what it begins with."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get" and node.args:
            holder, name = node.func.value, node.args[0]
        elif isinstance(node, ast.Subscript):
            holder, name = node.value, node.slice
        else:
            continue
        if ast.unparse(holder).rpartition(".")[2].lstrip("_") != "environ":
            continue
        first = name.values[0] if isinstance(name, ast.JoinedStr) else name
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            yield first.value


def test_every_special_variable_is_in_the_reference() -> None:
    section = REFERENCE[REFERENCE.index("## Special variables") : REFERENCE.index("## Templates")]
    names = {
        node.value
        for module in SPECIAL_MODULES
        for node in ast.walk(ast.parse((ROOT / "src" / "paratask" / module).read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[A-Z]{3,}(_[A-Z]+)*", node.value)
    }
    names -= {"GENTLE_FORCE", "ENV_PRECEDENCE", "HOME", "PWD", "PATH", "USE_PARALLEL"}
    assert {"CLI_ARGS", "TASK", "ROOT_DIR", "EXIT_CODE", "MATCH", "KEY"} <= names
    assert sorted(name for name in names if f"`{name}`" not in section) == []
    names |= {"PARATASK_PIPELINE", "PARATASK_STAGE"}  # given by taskfile/pipelines.py, and written with what they are of
    assert {name for name in re.findall(r"`([A-Z_]{3,})`", section) if name not in names} <= {"CHECKSUM", "TIMESTAMP", "ITEM"}


def test_every_exit_code_is_in_the_reference() -> None:
    section = REFERENCE[REFERENCE.index("## Exit codes") : REFERENCE.index("## paratask.toml")]
    documented = {int(code) for code in re.findall(r"^\| (\d+) \|", section, re.MULTILINE)}
    used = {error.exit_code for error in vars(errors).values() if isinstance(error, type) and hasattr(error, "exit_code")}
    assert documented == used | {0, 201}


def test_every_kind_of_what_the_doctor_finds_is_in_the_reference() -> None:
    section = REFERENCE[REFERENCE.index("### --doctor") : REFERENCE.index("## Going on")]
    files = [file for package in ("diagnosing", "cli/doctor") for file in (ROOT / "src" / "paratask" / package).glob("*.py")]
    kinds = {
        node.value.value
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "kind" and isinstance(node.value, ast.Constant)
    }
    assert {"cycle", "no-bash", "killed-run"} <= kinds
    assert sorted(kind for kind in kinds if f"`{kind}`" not in section) == []


def test_every_signal_that_ends_a_run_is_in_the_reference() -> None:
    row = next(line for line in REFERENCE.splitlines() if line.startswith("| `stopped_by` |"))
    assert [name for name in NAMES.values() if f"`{name}`" not in row] == []


def test_every_word_of_use_parallel_is_in_the_reference_and_in_the_help() -> None:
    row = next(line for line in REFERENCE.splitlines() if line.startswith("| `USE_PARALLEL` |"))
    helped = re.findall(r"\w+", render_help()[render_help().index("USE_PARALLEL") :])
    assert [word for word in (*ON, *OFF) if f"`{word}`" not in row or word not in helped] == []


def _examples() -> list[pytest.param]:
    found = EXAMPLE.findall(REFERENCE)
    return [pytest.param(language, text, id=f"{number}") for number, (language, text) in enumerate(found, 1)]


@pytest.mark.parametrize(("language", "text"), _examples())
def test_examples_of_the_reference_are_read_without_a_word(language: str, text: str) -> None:
    decoder = Decoder("example")
    if language == "yaml":
        taskfile = decode_file.decode_taskfile(decoder, parse_yaml(text.encode(), "example"))
        assert taskfile.version == "3"
    else:
        decode_settings(decoder, parse_toml(text.encode(), "example"))
    assert decoder.oddities == []


def test_the_reference_has_examples_of_both() -> None:
    assert {language for language, _ in EXAMPLE.findall(REFERENCE)} == {"yaml", "toml"}


def _missing(keys: frozenset[str] | list[str]) -> list[str]:
    return sorted(key for key in keys if f"`{key}`" not in REFERENCE)
