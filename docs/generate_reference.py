"""Writes the generated parts of docs/reference.md: options, keys and template functions, from the tables that the program uses.

Options come from paratask.cli.option_table, keys from the JSON schema (which tests compare with the decoder), functions from the
table of paratask.templating and the docstrings behind it. Run it after changing one of these:
`python docs/generate_reference.py`. tests/unit/test_reference.py fails when it was forgotten.
"""

from __future__ import annotations

import inspect
import json
import pathlib
import re

import paratask
from paratask.cli.option_table import OPTIONS
from paratask.taskfile.settings import CLAIM_KEYS, SETTING_KEYS
from paratask.templating.functions import find
from paratask.templating.functions.table import TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from paratask.cli.option_table import Option
    from paratask.templating.functions import Function

    Schema = dict[str, Any]
    """A part of the schema, as JSON has it."""

DOCUMENT = pathlib.Path(__file__).with_name("reference.md")
SCHEMA = json.loads((pathlib.Path(paratask.__file__).parent / "schemas" / "paratask.json").read_text(encoding="utf-8"))
DEFINITIONS = SCHEMA["definitions"]
PART = re.compile(r"(<!-- ([\w ]+): written by docs/generate_reference\.py -->\n).*?(<!-- end of \2 -->\n)", re.DOTALL)
TITLES = {
    "logic": "Logic", "containers": "Lists and maps alike", "escapes": "Escaping", "printing": "Printing",
    "strings": "Strings", "numbers": "Numbers", "defaults": "Defaults", "lists": "Lists", "maps": "Maps", "reflection": "Types",
    "spew": "Debugging", "dates": "Dates", "paths": "Paths and environment", "encodings": "Encodings and digests",
    "json_text": "JSON", "yaml_text": "YAML", "regex": "Regular expressions (RE2)", "urls": "URLs",
    "task": "System and lines", "shell": "Shell words",
}  # fmt: skip


def rendered(text: str) -> str:
    """The document with its generated parts as they should be. Raises KeyError where a part is missing or unknown."""
    parts = {"options": _options, "functions": _functions, "settings": _settings, "claims": _claims, "top level": _top_level}
    parts.update({name: lambda name=name: _keys(DEFINITIONS[name]["properties"]) for name in DEFINITIONS})
    parts["task"] = lambda: _keys({k: v for k, v in DEFINITIONS["task"]["properties"].items() if k not in CLAIM_KEYS})
    parts["group"] = lambda: _keys(DEFINITIONS["group"]["properties"]["group"]["properties"])
    missing = {"options", "functions", "settings", "claims", "top level"} - {match[2] for match in PART.finditer(text)}
    if missing:
        raise KeyError(*missing)
    return PART.sub(lambda match: f"{match[1]}\n" + "\n".join(parts[match[2]]()).strip() + f"\n\n{match[3]}", text)


def _options() -> Iterator[str]:
    for group in dict.fromkeys(option.group for option in OPTIONS):
        yield from (f"### {group}", "", "| option | meaning | environment |", "|---|---|---|")
        yield from (_option(option) for option in OPTIONS if option.group == group)
        yield ""


def _option(option: Option) -> str:
    value = f" {option.metavar}" if option.metavar else ""
    names = [*([f"`-{option.short}{value}`"] if option.short else [])]
    names += [f"`--{name}{value}`" for name in (option.name, *option.aliases)]
    choices = f" One of {', '.join(f'`{choice}`' for choice in option.known_values)}." if option.known_values else ""
    environment = ", ".join(f"`{name}`" for name in option.environment)
    return _row(", ".join(names), option.help + choices, environment)


def _settings() -> Iterator[str]:
    return _keys({key: schema for key, schema in SCHEMA["properties"].items() if key in SETTING_KEYS})


def _claims() -> Iterator[str]:
    return _keys({key: schema for key, schema in DEFINITIONS["task"]["properties"].items() if key in CLAIM_KEYS})


def _top_level() -> Iterator[str]:
    return _keys({key: schema for key, schema in SCHEMA["properties"].items() if key not in SETTING_KEYS})


def _keys(properties: dict[str, Schema]) -> Iterator[str]:
    yield from ("| key | type | default | meaning |", "|---|---|---|---|")
    for key, schema in properties.items():
        default = f"`{json.dumps(schema['default']).strip(chr(34))}`" if "default" in schema else ""
        yield _row(f"`{key}`", _type(schema), default, str(schema["description"]))


def _type(schema: Schema) -> str:
    """The schema's type in words."""
    if "enum" in schema:
        return ", ".join(f"`{choice}`" for choice in schema["enum"])
    reference = schema.get("$ref") or schema.get("allOf", [{}])[0].get("$ref")
    if reference:
        return str(DEFINITIONS[reference.rpartition("/")[2]]["title"])
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_type(branch) for branch in schema["anyOf"]))
    kinds = schema.get("type", [])
    return (
        " or ".join(dict.fromkeys(_kind(kind, schema) for kind in ([kinds] if isinstance(kinds, str) else kinds))) or "anything"
    )


def _kind(kind: str, schema: Schema) -> str:
    if kind == "array":
        return f"list of {re.sub('y$', 'ie', _type(schema['items']))}s"
    if kind == "object":
        inner = schema.get("additionalProperties")
        return f"table of {_type(inner)}s" if inner else "table"
    whole = isinstance(schema["type"], str)
    return {"boolean": "true or false", "integer": "number"}.get(kind, "text") if whole else "text"


def _functions() -> Iterator[str]:
    by_module: dict[str, dict[str, list[str]]] = {}
    for name, row in TABLE.items():
        module, code, *_ = row.split()
        by_module.setdefault(module, {}).setdefault(code, []).append(name)
    for module, functions in by_module.items():
        yield from (f"### {TITLES[module]}", "", "| function | arguments | result |", "|---|---|---|")
        shown = {code: f"`{names[0]}`" for code, names in functions.items()}
        for names in functions.values():
            function = find(names[0])
            assert function is not None
            yield _row(", ".join(f"`{name}`" for name in names), _arguments(function), _result(function, shown))
        yield ""


def _arguments(function: Function) -> str:
    parameters = list(inspect.signature(function.code).parameters.values())[int(function.needs_machine) :]
    words = [f"{parameter.name}…" if parameter.kind is parameter.VAR_POSITIONAL else parameter.name for parameter in parameters]
    return f"`{' '.join(words)}`" if words else ""


def _result(function: Function, shown: dict[str, str]) -> str:
    """The first line of the function's docstring, with the names that templates use."""
    text = inspect.getdoc(function.code).partition("\n")[0]  # type: ignore[union-attr] # tests hold that each has one
    text = re.sub(r"`(\w+)`", lambda match: shown.get(match[1], match[0]), text)
    return text.replace("Raises FunctionError for", "An error for").replace("Raises FunctionError.", "An error where it fails.")


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |".replace("|  |", "| |").replace("|  |", "| |")


if __name__ == "__main__":
    DOCUMENT.write_text(rendered(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
