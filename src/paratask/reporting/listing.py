"""Lists and summaries of tasks, as task prints them. go-task: help.go, internal/summary, internal/editors. Pure text."""

from __future__ import annotations

from paratask.taskfile.model import Command
from paratask.variables.ready import ReadyCall, ReadyCommand, ReadyDefer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from paratask.reporting.colors import Paint
    from paratask.taskfile.model import Variable
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
    """One line a task: name, description, aliases, in columns."""
    rows = [(f"* {task.task.name}: ", task.desc.replace("\n", " "), _aliases(task)) for task in tasks]
    width = max((len(name) for name, _, _ in rows), default=0) + PADDING
    lines = ["task: Available tasks for this project:"]
    for index, (name, desc, aliases) in enumerate(rows):
        shown = f"{paint('yellow', '* ')}{paint('green', tasks[index].task.name)}: {' ' * (width - len(name))}"
        shown += desc.ljust(_description_width(rows, index)) + paint("cyan", aliases) if aliases else desc
        lines.append(shown)
    return "\n".join(lines) + "\n"


def _aliases(task: ReadyTask) -> str:
    return f"(aliases: {', '.join(task.task.aliases)})" if task.task.aliases else ""


def _description_width(rows: Sequence[tuple[str, str, str]], index: int) -> int:
    """Of the neighbouring lines that have aliases as well: Go's tabwriter aligns a column only there."""
    first = last = index
    while first and rows[first - 1][2]:
        first -= 1
    while last + 1 < len(rows) and rows[last + 1][2]:
        last += 1
    return max(len(desc) for _, desc, _ in rows[first : last + 1]) + PADDING


def list_document(tasks: Sequence[ReadyTask], *, fresh: Mapping[str, bool], location: str) -> dict[str, object]:
    """What --json prints."""
    return {"tasks": [_entry(task, fresh.get(task.task.name)) for task in tasks], "location": location}


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


def render_summary_of(ready: ReadyTask, environ: Mapping[str, str]) -> str:
    """What --summary prints of one task."""
    lines = [f"task: {ready.name}", "", *_description(ready), *_variables(ready, environ), *_environment(ready, environ)]
    lines += _required(ready)
    names = [getattr(call, "task", "") or "" for call in ready.dependencies]
    if names:
        lines += ["", "dependencies:", *(f" - {name}" for name in names)]
    if ready.task.aliases:
        lines += ["", "aliases:", *(f" - {alias}" for alias in ready.task.aliases)]
    if ready.steps:
        lines += ["", "commands:", *(f" - {_step(step)}" for step in ready.steps)]
    return "\n".join(lines) + "\n"


def _description(ready: ReadyTask) -> list[str]:
    if ready.summary:
        lines = ready.summary.split("\n")
        return lines[:-1] if lines[-1] == "" else lines
    return [ready.desc or "(task does not have description or summary)"]


def _step(step: object) -> str:
    if isinstance(step, ReadyDefer):
        return step.source.text if isinstance(step.source, Command) else f"Task: {step.source.task}"
    if isinstance(step, ReadyCommand) and step.text:
        return step.shown
    return f"Task: {step.task or ''}" if isinstance(step, ReadyCall) else "Task: "


def _is_automatic(name: str, environ: Mapping[str, str]) -> bool:
    return name in AUTOMATIC or name.startswith(AUTOMATIC_PREFIXES) or name in environ


def _variables(ready: ReadyTask, environ: Mapping[str, str]) -> list[str]:
    scope = ready.scope
    shown = [name for name in scope.order if not _is_automatic(name, environ) and name not in ready.environment]
    if not shown:
        return []
    return ["", "vars:", *(f"  {name}: {_value(name, ready)}" for name in shown)]


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
    if not shown:
        return []
    return ["", "env:", *(f"  {name}: {_environment_value(name, ready)}" for name in shown)]


def _environment_value(name: str, ready: ReadyTask) -> str:
    source: Variable | None = ready.task.environment.get(name)
    if source is not None and source.secret:
        return "*****"
    if source is not None and source.sh is not None:
        return f"sh: {source.sh}"
    return shown_value(ready.environment[name])


def _required(ready: ReadyTask) -> list[str]:
    if not ready.task.requires:
        return []
    lines = ["", "requires:", "  vars:"]
    for required in ready.task.requires:
        if required.allowed:
            lines += [f"    - {required.name}:", "        enum:", *(f"          - {value}" for value in required.allowed)]
        elif required.allowed_ref:
            lines += [f"    - {required.name}:", "        enum:", f"          ref: {required.allowed_ref}"]
        else:
            lines.append(f"    - {required.name}")
    return lines
