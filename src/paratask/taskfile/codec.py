"""A parsed Taskfile as plain lists, dicts and texts, and back: what the parse cache keeps as JSON.

A record is a dict of its fields that are not their defaults, with its class's number; a position is its line and column; other
containers are lists whose first item says which. Each task is a text of its own, so that only those that are asked for are read.
Raises TypeError for values that JSON would change, and secret ones. Pure.
"""

from __future__ import annotations

import json

from paratask.errors import Position
from paratask.frozen import replace
from paratask.taskfile import model
from paratask.taskfile.tasks import Pending, Tasks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from paratask.taskfile.model import Oddity, Taskfile

CLASSES = (
    model.Variable,
    model.Command,
    model.Call,
    model.Task,
    model.Glob,
    model.Precondition,
    model.RequiredVariable,
    model.For,
    model.MatrixRow,
    model.Platform,
    model.Include,
    model.Output,
    model.Taskfile,
    model.Oddity,
)
NUMBERS = {cls: number for number, cls in enumerate(CLASSES)}
DECODE = json.JSONDecoder().raw_decode
WRITER = json.JSONEncoder(separators=(",", ":"))
PLAIN = frozenset((type(None), bool, int, float, str))
CLASS, POSITION, TUPLE, LIST, MAPPING = "", "p", "t", "l", "m"


def encode_taskfile(taskfile: Taskfile, oddities: tuple[Oddity, ...]) -> dict[str, object]:
    """What `decode_taskfile_entry` takes."""
    return {
        "file": taskfile.file,
        "head": _dump(_encode(replace(taskfile, tasks={}), taskfile.file)),
        "tasks": {name: _dump(_encode(task, taskfile.file)) for name, task in taskfile.tasks.items()},
        "oddities": _dump(_encode(oddities, taskfile.file)),
    }


def decode_taskfile_entry(entry: dict[str, object]) -> tuple[Taskfile, tuple[Oddity, ...]]:
    """The Taskfile, whose tasks are decoded when they are asked for. Raises KeyError, TypeError or ValueError for what is no entry."""
    file, texts = str(entry["file"]), entry["tasks"]
    head, oddities = _load(entry["head"], file), _load(entry["oddities"], file)
    if not isinstance(head, model.Taskfile) or not isinstance(oddities, tuple) or not isinstance(texts, dict):
        raise TypeError("no cached Taskfile")
    return replace(head, tasks=Tasks({name: _task(text, file) for name, text in texts.items()})), oddities


def _task(text: str, file: str) -> Pending:
    return Pending(
        lambda: _load(text, file),  # type: ignore[arg-type, return-value]
        lambda field: f'"{field}":' in text,  # the name stands there; in a text its quotes would be escaped
    )


def _load(text: object, file: str) -> object:
    if not isinstance(text, str):
        raise TypeError("no text")
    return _decode(DECODE(text)[0], file)


def _dump(value: object) -> str:
    return WRITER.encode(value)


def _encode(value: object, file: str) -> object:
    if type(value) in PLAIN:
        return value
    if isinstance(value, Position):
        if value.file not in (file, ""):
            raise TypeError(f"a position in {value.file}")
        return [POSITION, value.line, value.column, value.file == file]
    if isinstance(value, (tuple, list)) and type(value) in (tuple, list):
        return [TUPLE if isinstance(value, tuple) else LIST, *(_encode(item, file) for item in value)]
    if type(value) is dict:
        if not all(type(key) is str for key in value):
            raise TypeError("a mapping whose keys are no texts")
        return [MAPPING, {key: _encode(item, file) for key, item in value.items()}]
    if isinstance(value, model.Variable) and value.secret and value.value is not None:
        raise TypeError("a secret value")
    number = NUMBERS.get(type(value))
    if number is None:
        raise TypeError(f"a value of type {type(value).__name__}")
    return {CLASS: number, **_fields(value, file)}


def _fields(record: object, file: str) -> dict[str, object]:
    defaults = type(record)._defaults  # type: ignore[attr-defined] # noqa: SLF001 - the other half of `frozen`
    fields: dict[str, object] = {}
    for name in type(record).__slots__:  # type: ignore[attr-defined]
        value, default = getattr(record, name), defaults.get(name, fields)
        if value is not default and not (type(value) is type(default) and value == default):
            fields[name] = value if type(value) is str else _encode(value, file)
    return fields


def _decode(value: object, file: str) -> object:
    if type(value) is dict:
        return _decode_record(value, file)
    if type(value) is list:
        kind = value[0]
        if kind == POSITION:
            return Position(file=file if value[3] else "", line=value[1], column=value[2])
        if kind == MAPPING:
            return {key: _decode(inner, file) for key, inner in value[1].items()} if value[1] else {}
        items = [inner if type(inner) in PLAIN else _decode(inner, file) for inner in value[1:]]
        return tuple(items) if kind == TUPLE else items
    return value


def _decode_record(fields: dict[str, Any], file: str) -> object:
    number = fields.pop(CLASS)
    for name, value in fields.items():
        if type(value) not in PLAIN:
            fields[name] = _decode(value, file)
    return CLASSES[number](**fields)
