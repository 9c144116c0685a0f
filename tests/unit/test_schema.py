"""The editors' JSON schema of paratask.toml: it knows the keys and words that the decoder knows, and no others."""

from __future__ import annotations

import json
import pathlib
import re

import jsonschema
import pytest
import tomli
from hatchling.builders.wheel import WheelBuilder

from paratask.taskfile import decode_file, decode_pipelines, decode_task, decode_variables, settings

ROOT = pathlib.Path(__file__).parents[2]
FILE = ROOT / "src" / "paratask" / "schemas" / "paratask.json"
SCHEMA = json.loads(FILE.read_text(encoding="utf-8"))
DEFINITIONS = SCHEMA["definitions"]
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
ALWAYS_REFUSED = frozenset(("timeout",))
"""Inside `defer` the decoder knows `timeout` only to say that it belongs beside it."""
TOML_BLOCK = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def keys(name: str) -> set[str]:
    return set(DEFINITIONS[name]["properties"])


def documents() -> list[tuple[str, dict[str, object]]]:
    """Every paratask.toml, `[tool.paratask]` and TOML example that the project has."""
    texts = [
        (str(file.relative_to(ROOT)), file.read_text(encoding="utf-8"))
        for folder in ("templates", "fixtures", "docs", "benchmarks")
        for file in sorted((ROOT / folder).rglob("*.toml"))
        if file.name in ("paratask.toml", "pyproject.toml")
    ]
    for file in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        blocks = TOML_BLOCK.findall(file.read_text(encoding="utf-8"))
        texts += [(f"{file.name}, example {number}", block) for number, block in enumerate(blocks, 1)]
    found = [(name, tomli.loads(text)) for name, text in texts]
    return [(name, own) for name, document in found if (own := _own_part(document)) is not None]


def _own_part(document: dict[str, object]) -> dict[str, object] | None:
    """`[tool.paratask]` of a pyproject.toml, or None where it has none; paratask.toml as a whole."""
    is_pyproject = not document.keys().isdisjoint(("build-system", "project", "tool"))
    return document.get("tool", {}).get("paratask") if is_pyproject else document


DOCUMENTS = documents()


def test_schema_is_one() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)


def test_top_level_has_the_keys_of_the_decoder() -> None:
    assert set(SCHEMA["properties"]) == settings.SETTING_KEYS | decode_file.FILE_KEYS


@pytest.mark.parametrize(
    ("definition", "known"),
    [
        ("task", decode_task.TASK_KEYS | settings.CLAIM_KEYS),
        ("step", decode_task.STEP_KEYS),
        ("dependency", decode_task.CALL_KEYS),
        ("deferred", decode_task.DEFER_KEYS - ALWAYS_REFUSED),
        ("loop", decode_task.FOR_KEYS),
        ("include", decode_file.INCLUDE_KEYS),
        ("pipeline", decode_pipelines.PIPELINE_KEYS),
        ("stage", decode_pipelines.STAGE_KEYS),
        ("call", decode_pipelines.ENTRY_KEYS),
        ("variable", decode_variables.KINDS | {"secret"}),
    ],
)
def test_each_table_has_the_keys_of_the_decoder(definition: str, known: frozenset[str]) -> None:
    assert keys(definition) == known


def test_tables_refuse_other_keys() -> None:
    tables = [schema for schema in _all_schemas(SCHEMA) if "properties" in schema and "title" in schema]
    assert len(tables) > len(DEFINITIONS) // 2
    assert [schema["title"] for schema in tables if schema.get("additionalProperties") is not False] == []


def test_words_are_the_decoder_s() -> None:
    assert tuple(SCHEMA["properties"]["parallel"]["enum"]) == settings.LEVELS
    assert tuple(SCHEMA["properties"]["on_failure"]["enum"]) == settings.ON_FAILURE
    assert tuple(DEFINITIONS["stage"]["properties"]["on_failure"]["enum"]) == settings.ON_FAILURE
    assert tuple(DEFINITIONS["stage"]["properties"]["mode"]["enum"]) == decode_pipelines.MODES


def test_platforms_are_the_decoder_s() -> None:
    systems, processors, both = DEFINITIONS["platform"]["anyOf"]
    assert set(systems["enum"]) == decode_task.OS_NAMES - {"__test__"}
    assert set(processors["enum"]) == decode_task.ARCH_NAMES
    pattern = re.compile(both["pattern"])
    assert all(pattern.search(f"{system}/{processor}") for system in systems["enum"] for processor in processors["enum"])
    assert pattern.search("linux/z80") is None


def test_every_key_and_every_form_has_a_description() -> None:
    described = [
        (name, schema)
        for table in _all_schemas(SCHEMA)
        for name, schema in table.get("properties", {}).items()
        if table.get("additionalProperties") is False
    ]
    described += DEFINITIONS.items()
    assert len(described) > 100
    assert [name for name, schema in described if not schema.get("description", "").endswith(".")] == []


def test_no_definition_is_unused() -> None:
    assert set(re.findall(r'"#/definitions/(\w+)"', FILE.read_text(encoding="utf-8"))) == set(DEFINITIONS)


@pytest.mark.parametrize("document", [pytest.param(document, id=name) for name, document in DOCUMENTS])
def test_documents_of_the_project_are_valid(document: dict[str, object]) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(document)] == []


def test_there_are_documents() -> None:
    assert len(DOCUMENTS) > 3


def test_examples_in_the_schema_are_valid() -> None:
    examples = [(schema, example) for schema in _all_schemas(SCHEMA) for example in schema.get("examples", ())]
    assert len(examples) > 5
    for schema, example in examples:
        assert VALIDATOR.evolve(schema=schema).is_valid(example)


def test_wheel_has_the_schema() -> None:
    shipped = {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    assert "paratask/schemas/paratask.json" in shipped


def _all_schemas(schema: object) -> list[dict[str, dict[str, dict[str, str]]]]:
    """The schema and all within it."""
    if isinstance(schema, list):
        return [inner for item in schema for inner in _all_schemas(item)]
    if not isinstance(schema, dict):
        return []
    return [schema, *(inner for item in schema.values() for inner in _all_schemas(item))]
