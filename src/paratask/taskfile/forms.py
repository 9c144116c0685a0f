"""What may stand where in a Taskfile, in words, for whoever wrote something else there. Knows nothing of nodes and positions."""

from __future__ import annotations

_LIST = "a list: each entry on a line of its own, behind `- `"
_TEXT = "a text"
_STEP = "a command is a text, or a mapping with `cmd`, `task` or `defer`"
_FORMS = {
    "taskfile": "a Taskfile is a mapping, with `version` and `tasks`",
    "tasks": "`tasks` takes a mapping, of names to tasks",
    "task": "a task is a command, a list of commands, or a mapping with `cmds` or `deps`",
    "includes": "`includes` takes a mapping, of namespaces to files",
    "include": "an include is a path, or a mapping with `taskfile`",
    "output": "`output` is `interleaved`, `group` or `prefixed`, or a mapping with `group`",
    "vars": "variables are a mapping: `NAME: value`, each on a line of its own, without `- `",
    "[]command": f"what runs is {_LIST}",
    "command": _STEP,
    "defer": "what is deferred is a command, or a mapping with `task`",
    "[]dependency": f"dependencies are {_LIST}",
    "dependency": "a dependency is the name of a task, or a mapping with `task`",
    "for": "`for` takes a list, `sources`, `generates`, or a mapping with `var` or `matrix`",
    "matrix": "a matrix is a mapping, of names to lists",
    "glob": "a pattern is a text, or a mapping with `exclude`",
    "[]glob": f"patterns are {_LIST}",
    "[]precondition": f"preconditions are {_LIST}",
    "precondition": "a precondition is a command, or a mapping with `sh` and `msg`",
    "platform": "a platform is a text, such as `linux`, `amd64` or `linux/amd64`",
    "[]platform": f"platforms are {_LIST}",
    "prompt": "a prompt is a text, or a list of texts",
    "requires": "`requires` takes a mapping, with `vars`",
    "[]requires": f"what is required is {_LIST}",
    "required variable": "a required variable is its name, or a mapping with `name` and `enum`",
    "enum": "`enum` takes a list of texts, or a mapping with `ref`",
    "string": f"write {_TEXT} here",
    "[]string": f"write {_LIST}",
    "bool": "write `true` or `false` here, without quotes",
}
_TOML_FORMS = {
    "[]string": 'a list is `["one", "two"]`',
    "vars": 'variables are a table: `NAME = "value"`',
    "tasks": "`[tasks.NAME]` begins the table of a task",
    "cost": 'as in `cost = { cpu = 2, memory = "1.5G" }`',
    "resources": 'as in `resources = { gpu = 1, api = "10/min" }`',
    "pipelines": "`[pipelines.NAME]` begins the table of a pipeline",
    "pipeline": "a pipeline is a table with `stages`",
    "stage": "a stage is a table with `name` and `tasks`",
    "retry": "as in `retry = { count = 2 }`",
}
"""Where those of YAML would mislead."""
_TOML_KINDS = {"!!int": "the number", "!!float": "the number", "!!bool": "the truth value"}
_ALSO_TEXTS = frozenset(("task", "include", "command", "defer", "dependency", "glob", "precondition", "prompt", "string"))


def form_of(wanted: str, found: str) -> str:
    """A line of help for a value with the tag `found` (`!!seq`) where `wanted` should stand; empty where there is nothing to say.

    Where a text could stand, what was found may have been meant as one.
    """
    form = _FORMS.get(wanted, "")
    if not form or wanted not in _ALSO_TEXTS:
        return form
    if found == "!!seq":
        return f"{form}; a text that begins with `[` or `- ` needs quotes"
    return f"{form}; a text with `: ` in it, or that begins with `{{`, needs quotes" if found == "!!map" else form


def wrong_in_toml(wanted: str, found: str, text: str) -> str:
    """The same for a value in TOML; `text` is that of one that is neither a list nor a table."""
    if wanted.startswith("[]"):
        there = "a list"
    elif wanted in ("string", "bool"):
        there = "a text" if wanted == "string" else "`true` or `false`"
    else:
        there = "a text or a table" if wanted in _ALSO_TEXTS else "a table"
    given = {"!!seq": "a list", "!!map": "a table"}.get(found) or f"{_TOML_KINDS.get(found, 'the text')} `{text}`"
    return f"{there} is wanted here, not {given}"


def toml_form_of(wanted: str) -> str:
    """A line of help for it."""
    if wanted in _TOML_FORMS or wanted.startswith("[]"):
        return _TOML_FORMS.get(wanted) or _TOML_FORMS["[]string"]
    return _FORMS.get(wanted, "")
