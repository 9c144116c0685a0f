"""The JSON schema of paratask.toml says what the decoder does: what it allows is read without a word, what it refuses is refused."""

from __future__ import annotations

import copy
import json
import pathlib

import jsonschema
import pytest
from hypothesis import example, given, settings
from schema_documents import as_toml, documents, spoilt

from paratask.errors import TaskfileDecodeError
from paratask.taskfile.decode import Decoder
from paratask.taskfile.decode_settings import decode_settings
from paratask.taskfile.toml_nodes import parse_toml

FILE = pathlib.Path(__file__).parents[2] / "src" / "paratask" / "schemas" / "paratask.json"
SCHEMA = json.loads(FILE.read_text(encoding="utf-8"))
STRICT = jsonschema.Draft7Validator(SCHEMA)
TEXT = {"type": ["string", "number", "boolean"]}


def loosened() -> dict[str, object]:
    """The schema without what it asks beyond the decoder, which leaves these to the run, or takes what makes no sense."""
    loose = copy.deepcopy(SCHEMA)
    top, forms = loose["properties"], loose["definitions"]
    for table in (top, forms["task"]["properties"]):
        table["method"] = table["run"] = TEXT
    top["output"]["anyOf"][0] = TEXT
    top["version"]["anyOf"] = [{"type": "string", "pattern": r"^v?\d+(\.\d+){0,2}$"}, {"type": "number", "minimum": 0}]
    forms["loop"]["type"] = [*TEXT["type"], "array", "object"]
    del forms["loop"]["pattern"]
    del forms["dependency"]["required"]
    del forms["dependency"]["properties"]["task"]["minLength"]
    del forms["deferred"]["anyOf"]
    for name in ("row", "glob", "precondition", "required"):
        del forms[name]["required"]
    return loose


LOOSE = jsonschema.Draft7Validator(loosened())


def complaints(document: dict[str, object]) -> list[str]:
    """What the decoder says of the document: nothing where it is fine."""
    decoder = Decoder("paratask.toml")
    try:
        decode_settings(decoder, parse_toml(as_toml(document).encode(), "paratask.toml"))
    except TaskfileDecodeError as error:
        return [error.message]
    return [oddity.message for oddity in decoder.oddities]


@given(documents(SCHEMA))
@settings(max_examples=100)
def test_what_the_schema_allows_is_read_without_a_word(document: dict[str, object]) -> None:
    assert STRICT.is_valid(document)
    assert complaints(document) == []


@pytest.mark.slow
@given(spoilt(SCHEMA))
@settings(max_examples=300)
@example({"tasks": {"a": {"cmds": [{"task": "b", "platforms": 3}]}}})
@example({"tasks": {"a": {"cmds": [{"defer": "echo", "for": {}}]}}})
@example({"tasks": {"a": {"cmd": "x", "cmds": []}}})
@example({"load": "0%"})
@example({"load": "+0"})
@example({"load": "+50%"})
@example({"load": True})
@example({"max_jobs": "-x"})
@example({"max_jobs": "0%"})
@example({"max_jobs": "-50%"})
@example({"max_jobs": "%"})
@example({"max_jobs": ""})
@example({"max_jobs": 0})
@example({"max_jobs": "four"})
@example({"memory": "1.5GiB"})
@example({"memory": "1.5X"})
@example({"max_memory": -1})
@example({"max_memory": ".5k"})
def test_what_one_refuses_the_other_refuses(document: dict[str, object]) -> None:
    said = complaints(document)
    assert LOOSE.is_valid(document) == (said == []), said
    assert said == [] or not STRICT.is_valid(document)
