"""`[pipelines]` of paratask.toml, from nodes: stages, each with its tasks and its gate.

    [pipelines.release]
    stages = [{ name = "build", tasks = ["build-*", { task = "docs", vars = { FAST = true } }], gate = "smoke" }]

What stages do, and whether there are tasks of these names, is not known here.
"""

from __future__ import annotations

from paratask.taskfile.decode_variables import decode_variables
from paratask.taskfile.nodes import Mapping, Scalar
from paratask.taskfile.pipelines import Entry, Pipeline, Stage
from paratask.taskfile.settings import ON_FAILURE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.errors import TaskfileDecodeError
    from paratask.taskfile.decode import Decoder
    from paratask.taskfile.model import Variables
    from paratask.taskfile.nodes import Node

PIPELINE_KEYS = frozenset(("desc", "summary", "aliases", "stages"))
STAGE_KEYS = frozenset(("name", "tasks", "mode", "gate", "on_failure", "vars"))
ENTRY_KEYS = frozenset(("task", "vars"))
MODES = ("parallel", "sequential")


def decode_pipelines(decoder: Decoder, node: Node) -> dict[str, Pipeline]:
    """By name, in written order. Raises TaskfileDecodeError."""
    if not isinstance(node, Mapping):
        raise decoder.wrong_type(node, "pipelines")
    return {key.text: _pipeline(decoder, key, value) for key, value in node.pairs}


def _pipeline(decoder: Decoder, key: Scalar, node: Node) -> Pipeline:
    odd = len(decoder.oddities)
    found = decoder.fields(node, PIPELINE_KEYS, "pipeline")
    stages = decoder.many(found["stages"], lambda item: _stage(decoder, item), "[]stage") if "stages" in found else ()
    if not stages:
        raise _lacks(decoder, key, f"pipeline `{key.text}` has no `stages`", odd)
    return Pipeline(
        name=key.text,
        position=decoder.at(key),
        stages=stages,
        desc=decoder.text(found["desc"]) if "desc" in found else "",
        summary=decoder.text(found["summary"]) if "summary" in found else "",
        aliases=decoder.texts(found["aliases"]) if "aliases" in found else (),
    )


def _stage(decoder: Decoder, node: Node) -> Stage:
    odd = len(decoder.oddities)
    found = decoder.fields(node, STAGE_KEYS, "stage")
    name = decoder.text(found["name"]) if "name" in found else ""
    if not name.strip():
        raise _lacks(decoder, node, "a stage has no `name`", odd)
    entries = decoder.many(found["tasks"], lambda item: _entry(decoder, item), "[]string") if "tasks" in found else ()
    gate = _entry(decoder, found["gate"]) if "gate" in found else None
    if not entries and gate is None:
        raise _lacks(decoder, node, f"stage `{name}` has neither `tasks` nor a `gate`", odd)
    return Stage(
        name=name,
        position=decoder.at(node),
        entries=entries,
        gate=gate,
        is_sequential=_choice(decoder, found, "mode", MODES) == "sequential",
        on_failure=_choice(decoder, found, "on_failure", ON_FAILURE),
        variables=decode_variables(decoder, found.get("vars")),
    )


def _lacks(decoder: Decoder, node: Node, message: str, odd: int) -> TaskfileDecodeError:
    """What is missing may be there under a wrong name: the first key that was found odd since there were `odd` of them."""
    slip = next(iter(decoder.oddities[odd:]), None)
    meant = f" ({slip.help})" if slip and slip.help else ""
    return decoder.error(node, message, help_line=f"{slip.message}{meant}" if slip else "")


def _choice(decoder: Decoder, found: dict[str, Node], key: str, choices: tuple[str, ...]) -> str:
    text = decoder.text(found[key]) if key in found else ""
    if key in found and text not in choices:
        raise decoder.error(found[key], f"`{text}` is none of {', '.join(choices)}")
    return text


def _entry(decoder: Decoder, node: Node) -> Entry:
    """A name, or a table with a name and variables."""
    variables: Variables = {}
    named = node
    if isinstance(node, Mapping):
        found = decoder.fields(node, ENTRY_KEYS, "task of a stage")
        if "task" not in found:
            raise decoder.error(node, "a task of a stage has no `task`")
        named, variables = found["task"], decode_variables(decoder, found.get("vars"))
    name = decoder.text(named)
    if not name.strip():
        raise decoder.error(node, f"`{name}` names nothing")
    return Entry(task=name, position=decoder.at(node), variables=variables)
