"""Documents that a JSON schema allows, and such with one thing wrong: what the properties of paratask.toml's schema are tried on.

Knows the keywords that our schema uses, and no others.
"""

from __future__ import annotations

import copy
import json

import jsonschema
from hypothesis import strategies as st

TEXTS = st.sampled_from(["a", "two words", "{{.X}}", "src/**", "50%", 'quoted "text"', "line\nbreak", "ü", ""])
NUMBERS = st.sampled_from([0, 1, 7, -3, 1.5])
WRONG = st.sampled_from(
    [5, -1, 1.5, True, "wrong", "5x", [], ["x"], [[1]], [{"unknown": 1}], {}, {"unknown": "x"}, {"task": 1}]
)
Schema = dict[str, object]
PLACES = {
    "task": lambda form: {"tasks": {"a": form}},
    "step": lambda form: {"tasks": {"a": [form]}},
    "deferred": lambda form: {"tasks": {"a": [{"defer": form}]}},
    "dependency": lambda form: {"tasks": {"a": {"deps": [form]}}},
    "loop": lambda form: {"tasks": {"a": {"deps": [{"task": "b", "for": form}]}}},
    "row": lambda form: {"tasks": {"a": [{"cmd": "x", "for": {"matrix": {"A": form}}}]}},
    "required": lambda form: {"tasks": {"a": {"requires": {"vars": [form]}}}},
    "precondition": lambda form: {"tasks": {"a": {"preconditions": [form]}}},
    "include": lambda form: {"includes": {"a": form}},
    "pipeline": lambda form: {"pipelines": {"a": form}},
    "stage": lambda form: {"pipelines": {"a": {"stages": [form]}}},
    "call": lambda form: {"pipelines": {"a": {"stages": [{"name": "b", "gate": form}]}}},
    "variable": lambda form: {"vars": {"A": form}},
}


def documents(schema: Schema) -> st.SearchStrategy[dict[str, object]]:
    """Documents that are valid: whole ones, and one form of each kind at its place, since whole ones seldom reach deep."""
    made = _Documents(schema)
    forms = [made.values(schema["definitions"][name]).map(place) for name, place in PLACES.items()]
    return st.one_of(made.values(schema), *forms)


@st.composite
def spoilt(draw, schema: Schema):
    """A valid document in which one value is another, or one table has a key more."""
    document = copy.deepcopy(draw(documents(schema)))
    places = list(_places(document))
    container, key = draw(st.sampled_from([*places, (document, "unknown")]))
    inner = container.get(key) if isinstance(container, dict) else container[key]
    if isinstance(inner, dict) and draw(st.booleans()):
        inner["unknown"] = draw(WRONG)
    else:
        container[key] = draw(WRONG)
    return document


def _places(value):
    """Every value below this one, as what it is in and where."""
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in entries:
        yield value, key
        if isinstance(inner, (dict, list)):
            yield from _places(inner)


def as_toml(document: dict[str, object]) -> str:
    """The document as TOML, one key a line."""
    return "".join(f"{_inline(key)} = {_inline(value)}\n" for key, value in document.items())


def _inline(value: object) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_inline(key)} = {_inline(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


class _Documents:
    def __init__(self, root: Schema) -> None:
        self._definitions = root["definitions"]
        self._validator = jsonschema.Draft7Validator(root)

    def values(self, schema: Schema):
        """Values that are valid by `schema`."""
        schema = self._resolved(schema)
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        if "type" not in schema:
            return (
                st.one_of(map(self.values, schema["anyOf"])) if "anyOf" in schema else st.one_of(TEXTS, NUMBERS, st.just([1]))
            )
        kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
        return st.one_of([self._of_type(kind, schema) for kind in kinds])

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema or "allOf" in schema:
            reference = schema if "$ref" in schema else schema["allOf"][0]
            schema = self._definitions[reference["$ref"].removeprefix("#/definitions/")]
        return schema

    def _of_type(self, kind: str, schema: Schema):
        if kind == "string":
            return self._strings(schema)
        if kind == "array":
            return st.lists(self.values(schema["items"]) if "items" in schema else st.one_of(TEXTS, NUMBERS), max_size=3)
        if kind == "object":
            made = self._table(schema) if "properties" in schema else self._names(schema.get("additionalProperties"))
            return made.filter(self._validator.evolve(schema=schema).is_valid)
        if kind == "number":
            return NUMBERS.filter(self._validator.evolve(schema=schema).is_valid)
        return {"integer": st.integers(1, 99), "boolean": st.booleans()}[kind]

    def _strings(self, schema: Schema):
        if "pattern" not in schema:
            return TEXTS.filter(lambda text: len(text) >= schema.get("minLength", 0))
        return st.sampled_from(schema["examples"]) if "examples" in schema else st.from_regex(schema["pattern"], fullmatch=True)

    def _table(self, schema: Schema):
        branches = (*schema.get("anyOf", ()), *schema.get("then", {}).get("oneOf", ()))
        needed = [branch["required"] for branch in branches] or [[]]
        optional = st.lists(st.sampled_from(sorted(schema["properties"])), max_size=4)
        names = st.tuples(st.sampled_from(needed), optional).map(lambda drawn: sorted({*drawn[0], *drawn[1]}))
        return names.flatmap(lambda chosen: self._entries(schema, {*schema.get("required", ()), *chosen}))

    def _entries(self, schema: Schema, names: set[str]):
        return st.fixed_dictionaries({name: self.values(schema["properties"][name]) for name in sorted(names)})

    def _names(self, inner: Schema | None):
        names = st.sampled_from(["a", "b-c", "lint-*", "N 1", "x:y"])
        return st.dictionaries(names, self.values(inner) if inner else NUMBERS, max_size=2)
