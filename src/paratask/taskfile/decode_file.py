"""The top level of a Taskfile, from nodes. go-task: taskfile/ast/taskfile.go, include.go, output.go.

Knows the forms; where included files are, and what merging them means, is in reader.py and includes.py.
"""

from __future__ import annotations

from paratask.taskfile.decode_task import TASK_KEYS, decode_task
from paratask.taskfile.decode_variables import decode_variables
from paratask.taskfile.model import Include, Oddity, Output, Taskfile
from paratask.taskfile.nodes import Mapping, Scalar, is_null

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.taskfile.decode import Decoder
    from paratask.taskfile.model import Task
    from paratask.taskfile.nodes import Node

FILE_KEYS = frozenset(
    "version output method includes set shopt vars env tasks silent dotenv run interval use_gitignore".split()
)  # fmt: skip
INCLUDE_KEYS = frozenset("taskfile dir optional internal flatten aliases excludes vars checksum".split())
EXTENSION_PREFIX = "x-"


def decode_taskfile(decoder: Decoder, root: Node | None, *, extra_keys: frozenset[str] = frozenset()) -> Taskfile:
    """A whole document. An empty one is a Taskfile without a version, which reader.py refuses as go-task does. `extra_keys`: see decode_task."""
    if root is None or is_null(root):
        return Taskfile(file=decoder.file, version="", tasks={}, variables={}, environment={})
    if not isinstance(root, Mapping):
        raise decoder.wrong_form(root, "taskfile")
    root = Mapping(
        [p for p in root.pairs if not p[0].text.startswith((EXTENSION_PREFIX, "."))], line=root.line, column=root.column
    )
    found = decoder.fields(root, FILE_KEYS, "taskfile", {"tasks": TASK_KEYS, "includes": INCLUDE_KEYS})
    return Taskfile(
        file=decoder.file,
        version=_version(decoder, found.get("version")),
        tasks=decode_tasks(decoder, found.get("tasks"), extra_keys=extra_keys),
        includes=_includes(decoder, found.get("includes")),
        variables=decode_variables(decoder, found.get("vars")),
        environment=decode_variables(decoder, found.get("env")),
        dotenv=decoder.texts(found["dotenv"]) if "dotenv" in found else (),
        output=_output(decoder, found.get("output")),
        method=_text(decoder, found, "method"),
        run=_text(decoder, found, "run"),
        silent=decoder.flag(found["silent"]) if "silent" in found else False,
        set_options=decoder.texts(found["set"]) if "set" in found else (),
        shopt_options=decoder.texts(found["shopt"]) if "shopt" in found else (),
        use_gitignore=decoder.flag(found["use_gitignore"]) if "use_gitignore" in found else None,
        interval_seconds=_interval(decoder, found.get("interval")),
    )


def _text(decoder: Decoder, found: dict[str, Node], key: str) -> str:
    return decoder.text(found[key]) if key in found else ""


def _version(decoder: Decoder, node: Node | None) -> str:
    """A semantic version, as text; go-task takes `3`, `3.1` and `3.1.2`, with or without `v`."""
    if node is None or is_null(node):
        return ""
    text = decoder.text(node)
    parts = text.removeprefix("v").split("-")[0].split("+")[0].split(".")
    if not 1 <= len(parts) <= 3 or not all(part.isascii() and part.isdigit() and len(part) < 20 for part in parts):
        raise decoder.error(node, f"invalid semantic version `{text}`")
    return text


def decode_tasks(decoder: Decoder, node: Node | None, *, extra_keys: frozenset[str]) -> dict[str, Task]:
    """The `tasks` mapping, in written order; of a name given twice the last counts, as to go-task."""
    if node is None or is_null(node):
        return {}
    if not isinstance(node, Mapping):
        raise decoder.wrong_form(node, "tasks")
    last = {key.text: key for key, _ in node.pairs}
    for key, _ in node.pairs:
        if last[key.text] is not key:
            message = f"task `{key.text}` is written again in line {last[key.text].line}, and only that one counts"
            decoder.oddities.append(Oddity(message=message, position=decoder.at(key), help="give one of them another name"))
    return {key.text: decode_task(decoder, key, value, extra_keys=extra_keys) for key, value in node.pairs}


def _interval(decoder: Decoder, node: Node | None) -> float:
    return 0.0 if node is None or is_null(node) else decoder.seconds(node, "interval")


def _includes(decoder: Decoder, node: Node | None) -> tuple[Include, ...]:
    if node is None or is_null(node):
        return ()
    if not isinstance(node, Mapping):
        raise decoder.wrong_form(node, "includes")
    return tuple({key.text: _include(decoder, key, value) for key, value in node.pairs}.values())


def _include(decoder: Decoder, key: Scalar, node: Node) -> Include:
    position = decoder.at(node)
    if isinstance(node, Scalar):
        return Include(namespace=key.text, taskfile=decoder.text(node), position=position, variables={})
    found = decoder.fields(node, INCLUDE_KEYS, "include")
    taskfile, folder = _text(decoder, found, "taskfile"), _text(decoder, found, "dir")
    if not taskfile.strip() and not folder.strip():
        raise decoder.error(node, "include must specify taskfile or dir")
    flags = {flag: decoder.flag(found[flag]) for flag in ("optional", "internal", "flatten") if flag in found}
    return Include(
        namespace=key.text,
        taskfile=taskfile,
        position=position,
        dir=folder,
        aliases=decoder.texts(found["aliases"]) if "aliases" in found else (),
        excludes=decoder.texts(found["excludes"]) if "excludes" in found else (),
        variables=decode_variables(decoder, found.get("vars")),
        checksum=_text(decoder, found, "checksum"),
        advanced=True,
        **flags,
    )


def _output(decoder: Decoder, node: Node | None) -> Output:
    if node is None or is_null(node):
        return Output()
    if isinstance(node, Scalar):
        return Output(style=decoder.text(node))
    found = decoder.fields(node, frozenset(("group",)), "output")
    if "group" not in found or is_null(found["group"]):
        raise decoder.error(node, 'output style must have the "group" key when in mapping form')
    group = decoder.fields(found["group"], frozenset(("begin", "end", "error_only")), "output group")
    return Output(
        style="group",
        begin=_text(decoder, group, "begin"),
        end=_text(decoder, group, "end"),
        error_only=decoder.flag(group["error_only"]) if "error_only" in group else False,
    )
