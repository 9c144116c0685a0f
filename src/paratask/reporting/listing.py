"""Lists and summaries of tasks, as task prints them. go-task: help.go, internal/summary, internal/editors. Pure text."""

from __future__ import annotations

from paratask.taskfile.model import Command
from paratask.variables.ready import ReadyCall, ReadyCommand, ReadyDefer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from paratask.reporting.colors import Paint
    from paratask.variables.ready import ReadyTask

PADDING = 6
AUTOMATIC = frozenset("TASK TASKFILE TASKFILE_DIR USER_WORKING_DIR ALIAS MATCH PATH_LIST_SEPARATOR FILE_PATH_SEPARATOR".split())
LIVE = ("CHECKSUM", "TIMESTAMP")  # task leaves their values out of summaries
AUTOMATIC_PREFIXES = ("TASK_", "CLI_", "ROOT_")


def sorted_names(names: Sequence[str], order: str) -> list[str]:
    """`order` is default (those without namespace first), alphanumeric or none."""
    if order == "none":
        return list(names)
    if order == "alphanumeric":
        return sorted(names)
    return sorted(names, key=lambda name: (":" in name, name))


def render_list(tasks: Sequence[ReadyTask], paint: Paint) -> str:
    """One line a task: name, description, aliases, in columns. The padding is part of the coloured text before which it stands."""
    aliases = [_aliases(task) for task in tasks]
    rows = [
        (f"* {task.task.name}: ", *task.desc.replace("\n", " ").split("\t"), *([text] if text else []))
        for task, text in zip(tasks, aliases, strict=True)
    ]
    lines = [paint("reset", "task: Available tasks for this project:\n")]
    for task, text, cells, gaps in zip(tasks, aliases, rows, _gaps(rows), strict=True):
        parts = [gap + cell for gap, cell in zip(gaps, cells[1:], strict=True)]
        desc = "".join(parts[:-1] if text else parts)
        line = paint("yellow", "* ") + paint("green", task.task.name) + paint("reset", f": {desc}")
        lines.append(line + (paint("cyan", parts[-1]) if text else "") + "\n")
    return "".join(lines)


def _aliases(task: ReadyTask) -> str:
    return f"(aliases: {', '.join(task.task.aliases)})" if task.task.aliases else ""


def _gaps(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """For each row the spaces behind its cells, but the last. Go's tabwriter: a column is as wide as its widest cell, among lines
    below each other that have one.
    """
    gaps = [[""] * (len(row) - 1) for row in rows]
    for column in range(max(map(len, gaps), default=0)):
        width, run = 0, []
        for index, row in enumerate((*rows, ())):
            if len(row) > column + 1:
                width = max(width, len(row[column]))
                run.append(index)
                continue
            for member in run:
                gaps[member][column] = " " * (width + PADDING - len(rows[member][column]))
            width, run = 0, []
    return gaps


def list_document(tasks: Sequence[ReadyTask], *, fresh: Mapping[str, bool], location: str, nested: bool) -> dict[str, object]:
    """What --json prints; `nested` puts the tasks of a namespace below its name. go-task: editors.Namespace."""
    entries = [_entry(task, fresh.get(task.task.name)) for task in tasks]
    root: dict[str, object] = {"tasks": [] if nested else entries}
    if nested:
        for task, entry in zip(tasks, entries, strict=True):
            _place(root, task.task.name.split(":"), entry)
        _in_order(root)
    return {**root, "location": location}


def _place(space: dict[str, object], path: Sequence[str], entry: dict[str, object]) -> None:
    for name in path[:-1]:
        below = space.setdefault("namespaces", {})
        assert isinstance(below, dict)
        space = below.setdefault(name, {"tasks": None})
    tasks = space["tasks"]
    space["tasks"] = [*tasks, entry] if isinstance(tasks, list) else [entry]


def _in_order(space: dict[str, object]) -> None:
    """Go prints a map by its keys."""
    below = space.get("namespaces")
    if isinstance(below, dict):
        for inner in below.values():
            _in_order(inner)
        space["namespaces"] = dict(sorted(below.items(), key=lambda item: item[0].encode(errors="surrogateescape")))


def _entry(ready: ReadyTask, fresh: bool | None) -> dict[str, object]:
    position = ready.task.position
    entry: dict[str, object] = {
        "name": ready.label or ready.task.name,
        "task": ready.task.name,
        "desc": ready.desc,
        "summary": ready.summary,
        "aliases": list(ready.task.aliases),
    }
    if fresh is not None:
        entry["up_to_date"] = fresh
    entry["location"] = {"line": position.line, "column": position.column, "taskfile": position.file}
    return entry


def render_summary_of(ready: ReadyTask, environ: Mapping[str, str], paint: Paint) -> str:
    """What --summary prints of one task."""
    title = paint("reset", "task: ") + paint("green", f"{ready.name}\n") + paint("reset", "\n")
    parts = [title, _lines(paint, "reset", _description(ready))]
    for heading, color, shown in (
        ("vars:", "yellow", _variables(ready, environ)),
        ("env:", "yellow", _environment(ready, environ)),
        ("requires:", "yellow", _required(ready)),
        ("dependencies:", "reset", [f" - {getattr(call, 'task', '') or ''}" for call in ready.dependencies]),
    ):
        parts += [_heading(paint, heading), _lines(paint, color, shown)] if shown else []
    if ready.task.aliases:
        parts += [_heading(paint, "aliases:"), *(_item(paint, "cyan", alias) for alias in ready.task.aliases)]
    if ready.steps:
        parts += [_heading(paint, "commands:"), *(_item(paint, *_step(step)) for step in ready.steps)]
    return "".join(parts)


def _lines(paint: Paint, color: str, lines: Sequence[str]) -> str:
    return "".join(paint(color, f"{line}\n") for line in lines)


def _heading(paint: Paint, text: str) -> str:
    below = _lines(paint, "reset", ["  vars:"]) if text == "requires:" else ""
    return _lines(paint, "reset", ["", text]) + below


def _item(paint: Paint, color: str, text: str) -> str:
    return paint("reset", " - ") + paint(color, f"{text}\n")


def _description(ready: ReadyTask) -> list[str]:
    if ready.summary:
        lines = ready.summary.split("\n")
        return lines[:-1] if lines[-1] == "" else lines
    return [ready.desc or "(task does not have description or summary)"]


def _step(step: object) -> tuple[str, str]:
    """A step's colour and text."""
    if isinstance(step, ReadyDefer):
        source = step.source
        written = source.text if isinstance(source, Command) else source.written
        return ("yellow", written) if written else ("green", f"Task: {getattr(source, 'task', '')}")
    if isinstance(step, (ReadyCommand, ReadyCall)) and step.shown and (isinstance(step, ReadyCall) or step.text):
        return "yellow", step.shown
    return "green", f"Task: {step.task or ''}" if isinstance(step, ReadyCall) else "Task: "


def _is_automatic(name: str, environ: Mapping[str, str]) -> bool:
    return name in AUTOMATIC or name.startswith(AUTOMATIC_PREFIXES) or name in environ


def _variables(ready: ReadyTask, environ: Mapping[str, str]) -> list[str]:
    scope = ready.scope
    shown = [name for name in scope.order if not _is_automatic(name, environ) and name not in ready.environment]
    return [f"  {name}: {_value(name, ready)}" for name in shown]


def _value(name: str, ready: ReadyTask) -> str:
    scope = ready.scope
    if name in scope.secrets:
        return "*****"
    if name in scope.shell:
        return f"sh: {scope.shell[name]}"
    if name in LIVE and ready.sources:
        return '""'
    return shown_value(scope.values[name])


def shown_value(value: object) -> str:
    """A variable's value in a summary."""
    from paratask.templating.values import text_of as format_value

    if isinstance(value, dict):
        if not value:
            return "{}"
        return "\n" + "".join(f"    {key}: {format_value(item)}\n" for key, item in value.items())
    return '""' if value is None else f'"{format_value(value)}"'


def _environment(ready: ReadyTask, environ: Mapping[str, str]) -> list[str]:
    shown = [name for name in ready.environment if not _is_automatic(name, environ)]
    return [f"  {name}: {_environment_value(name, ready)}" for name in shown]


def _environment_value(name: str, ready: ReadyTask) -> str:
    return ready.scope.environment_shown.get(name) or shown_value(ready.environment[name])


def _required(ready: ReadyTask) -> list[str]:
    lines: list[str] = []
    for required in ready.task.requires:
        if required.allowed:
            lines += [f"    - {required.name}:", "        enum:", *(f"          - {value}" for value in required.allowed)]
        elif required.allowed_ref:
            lines += [f"    - {required.name}:", "        enum:", f"          ref: {required.allowed_ref}"]
        else:
            lines.append(f"    - {required.name}")
    return lines
