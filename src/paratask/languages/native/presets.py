"""CMakePresets.json: where a preset builds, with which variables, and what a workflow does.

Knows macros that the place of the file decides (`${sourceDir}`); a preset with another one in a path is not understood, nor is one
whose files include what is not there.
"""

from __future__ import annotations

import posixpath

from paratask.frozen import dataclass
from paratask.languages.json_files import read_jsonc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.plugins.hookspecs import Place

FILES = ("CMakePresets.json", "CMakeUserPresets.json")
_MAX_FILES = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A preset of one kind with what it inherits. `binary` is where it builds; `targets` what a build is asked for."""

    name: str
    binary: str
    entries: Mapping[str, str]
    targets: tuple[str, ...] = ()
    steps: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()


class _ObscureError(Exception):
    """Something in a preset that is not understood."""


def read_preset(source: str, kind: str, name: str, place: Place) -> Preset | None:
    """The preset of a kind ("configure", "build", "test", "package", "workflow"); None where there is none, or it is not understood."""
    try:
        files = _files(source, place)
        return _resolved(files, source, kind, name)
    except _ObscureError:
        return None


def _files(source: str, place: Place) -> Mapping[str, Mapping[str, object]]:
    found: dict[str, Mapping[str, object]] = {}
    waiting = [path for name in FILES if place.exists(path := posixpath.join(source, name))]
    while waiting:
        path = waiting.pop(0)
        read = read_jsonc(path, place)
        if read is None or len(found) > _MAX_FILES:
            raise _ObscureError
        found[path] = read
        for each in _texts(read.get("include", ())):
            if "$" in each:
                raise _ObscureError
            other = posixpath.normpath(posixpath.join(posixpath.dirname(path), each))
            if other not in found and other not in waiting:
                waiting.append(other)
    return found


def _resolved(files: Mapping[str, Mapping[str, object]], source: str, kind: str, name: str) -> Preset:
    merged = _merged(files, f"{kind}Presets", name, 0)
    if kind == "configure":
        binary, entries = _text(merged.get("binaryDir")), _entries(merged)
        if not binary:
            raise _ObscureError
        path = posixpath.normpath(posixpath.join(source, _filled(binary, source, name)))
        filled = {key: _filled(value, source, name) for key, value in entries.items()}
        return Preset(name=name, binary=path, entries=filled, files=tuple(files))
    if kind == "workflow":
        steps = tuple((_text(step.get("type")), _text(step.get("name"))) for step in _objects(merged.get("steps")))
        return Preset(name=name, binary="", entries={}, steps=steps, files=tuple(files))
    output = _mapping(merged.get("output"))
    if {"nativeToolOptions", "packageDirectory", "configFile", "variables"} & merged.keys() or {
        "outputLogFile",
        "outputJUnitFile",
    } & {*output}:
        raise _ObscureError
    configured = _resolved(files, source, "configure", _text(merged.get("configurePreset")))
    targets = tuple(_texts(merged.get("targets", ())))
    return Preset(name=name, binary=configured.binary, entries=configured.entries, targets=targets, files=tuple(files))


def _merged(files: Mapping[str, Mapping[str, object]], table: str, name: str, depth: int) -> dict[str, object]:
    """A preset with what it inherits; its own keys, and those of what it names first, win. Variables are merged one by one."""
    own = next((entry for read in files.values() for entry in _objects(read.get(table)) if entry.get("name") == name), None)
    if own is None or depth > _MAX_FILES:
        raise _ObscureError
    found: dict[str, object] = {}
    for above in reversed(list(_texts(own.get("inherits", ())))):
        other = _merged(files, table, above, depth + 1)
        variables = {**_mapping(found.get("cacheVariables")), **_mapping(other.get("cacheVariables"))}
        found = {**found, **other, "cacheVariables": variables}
    variables = {**_mapping(found.get("cacheVariables")), **_mapping(own.get("cacheVariables"))}
    return {**found, **own, "cacheVariables": variables}


def _entries(merged: Mapping[str, object]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in _mapping(merged.get("cacheVariables")).items():
        told = value.get("value") if isinstance(value, dict) else value
        if isinstance(told, str):
            found[name] = told
    for key, name in (("toolchainFile", "CMAKE_TOOLCHAIN_FILE"), ("installDir", "CMAKE_INSTALL_PREFIX")):
        if isinstance(merged.get(key), str):
            found[name] = _text(merged.get(key))
    return found


def _filled(text: str, source: str, name: str) -> str:
    known = {
        "${sourceDir}": source,
        "${sourceParentDir}": posixpath.dirname(source),
        "${sourceDirName}": posixpath.basename(source),
        "${presetName}": name,
        "${dollar}": "$",
        "${pathListSep}": ":",
    }
    for macro, value in known.items():
        text = text.replace(macro, value)
    if "$env{" in text or "$penv{" in text or "${" in text:
        raise _ObscureError
    return text


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, (list, tuple)) else ()


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> tuple[dict[str, object], ...]:
    return tuple(each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()
