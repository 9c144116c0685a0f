"""`vars` and `env` from nodes. go-task: taskfile/ast/vars.go and var.go. Knows the forms, not the values."""

from __future__ import annotations

from paratask.taskfile.model import Variable
from paratask.taskfile.nodes import Mapping, Scalar, is_null, scalar_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.taskfile.decode import Decoder
    from paratask.taskfile.nodes import Node

KINDS = frozenset(("sh", "ref", "map", "value"))


def decode_variables(decoder: Decoder, node: Node | None) -> dict[str, Variable]:
    """A mapping of variables, in written order."""
    if node is None or is_null(node):
        return {}
    if not isinstance(node, Mapping):
        raise decoder.wrong_form(node, "vars")
    return {key.text: _variable(decoder, value) for key, value in node.pairs}


def _variable(decoder: Decoder, node: Node) -> Variable:
    if not isinstance(node, Mapping):
        return Variable(value=scalar_value(node) if isinstance(node, Scalar) else decoder.value(node))
    found: dict[str, Node] = {}
    for key, value in node.pairs:
        if key.text not in KINDS and key.text != "secret":
            message = f'"{key.text}" is not a valid variable type. Try "sh", "ref", "map", "value" or using a scalar value'
            raise decoder.error(node, message)
        found[key.text] = value
    if not KINDS & found.keys():
        raise decoder.error(node, 'a variable must define one of "sh", "ref", "map", "value" or be a scalar value')
    mapped = decoder.value(found["map"]) if "map" in found else None
    return Variable(
        value=mapped if mapped is not None else decoder.value(found["value"]) if "value" in found else None,
        sh=decoder.text(found["sh"]) if "sh" in found and not is_null(found["sh"]) else None,
        ref=decoder.text(found["ref"]) if "ref" in found else "",
        secret=decoder.flag(found["secret"]) if "secret" in found else False,
    )
