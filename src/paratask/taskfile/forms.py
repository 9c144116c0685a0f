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
    "dependency": "a dependency is the name of a task, or a mapping with `task`",
    "for": "`for` takes a list, `sources`, `generates`, or a mapping with `var` or `matrix`",
    "matrix": "a matrix is a mapping, of names to lists",
    "glob": "a pattern is a text, or a mapping with `exclude`",
    "[]glob": f"patterns are {_LIST}",
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
