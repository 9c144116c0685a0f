"""paratask.toml, or `[tool.paratask]` of pyproject.toml, from nodes: settings, claims, and tasks.

Decodes to frozen values; unknown keys become oddities. Which file it is, and what the values do to a run, is not known here.
"""

from __future__ import annotations

from paratask.amounts import is_no_limit, parse_jobs, parse_load, parse_memory
from paratask.taskfile.decode_costs import decode_cost, decode_resources, decode_uses, parsed
from paratask.taskfile.decode_file import FILE_KEYS, decode_taskfile
from paratask.taskfile.decode_task import TASK_KEYS
from paratask.taskfile.nodes import Mapping, Scalar
from paratask.taskfile.settings import (
    CLAIM_KEYS,
    JOBSERVER,
    LEVELS,
    ON_FAILURE,
    PARALLELIZE,
    SETTING_KEYS,
    Settings,
    TaskClaims,
)

LISTS = ("reads", "writes", "exclusive", "together", "apart")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from paratask.errors import Position
    from paratask.taskfile.decode import Decoder
    from paratask.taskfile.model import Taskfile
    from paratask.taskfile.nodes import Node
    from paratask.taskfile.pipelines import Pipeline
    from paratask.taskfile.settings import Retry


def decode_settings(decoder: Decoder, root: Mapping) -> tuple[Settings, Taskfile]:
    """The settings and claims, and the tasks that the document defines itself (none where it only declares claims)."""
    found = {key.text: value for key, value in root.pairs if key.text in SETTING_KEYS}
    rest = [(key, value) for key, value in root.pairs if key.text not in SETTING_KEYS and key.text != "tasks"]
    for key, _ in rest:
        if key.text not in FILE_KEYS:
            decoder.odd_key(key, FILE_KEYS | SETTING_KEYS, "paratask.toml")
    rest = [(key, value) for key, value in rest if key.text in FILE_KEYS]
    claims, tasks = _split_tasks(decoder, next((value for key, value in root.pairs if key.text == "tasks"), None))
    if tasks.pairs:
        rest.append((Scalar("tasks", plain=False, line=tasks.line, column=1), tasks))
    taskfile = decode_taskfile(decoder, Mapping(rest, line=root.line, column=root.column), extra_keys=CLAIM_KEYS)
    resources = decode_resources(decoder, found.get("resources"), claims)
    positions: dict[str, Position] = {}
    settings = Settings(
        parallel=_choice(decoder, found.get("parallel"), LEVELS),
        parallelize=_choice(decoder, found.get("parallelize"), PARALLELIZE),
        only_parallel=_names(decoder, found["only_parallel"], positions) if "only_parallel" in found else (),
        on_failure=_choice(decoder, found.get("on_failure"), ON_FAILURE),
        max_jobs=_amount(decoder, found.get("max_jobs"), _check_jobs),
        load=_amount(decoder, found.get("load"), lambda text: parse_load(text, 1.0)),
        memory=_amount(decoder, found.get("memory"), parse_memory),
        max_memory=_amount(decoder, found.get("max_memory"), parse_memory),
        resources=resources,
        jobserver=_choice(decoder, found.get("jobserver"), JOBSERVER),
        keep_runs=_count(decoder, found.get("keep_runs")),
        reporters=_names(decoder, found["reporters"], positions) if "reporters" in found else (),
        pipelines=_pipelines(decoder, found["pipelines"]) if "pipelines" in found else {},
        claims=claims,
        positions=positions,
    )
    return settings, taskfile


def _pipelines(decoder: Decoder, node: Node) -> dict[str, Pipeline]:
    """Few files have any."""
    from paratask.taskfile.decode_pipelines import decode_pipelines

    return decode_pipelines(decoder, node)


def _choice(decoder: Decoder, node: Node | None, choices: tuple[str, ...]) -> str:
    if node is None:
        return ""
    text = decoder.text(node)
    if text not in choices:
        raise decoder.error(node, f"`{text}` is none of {', '.join(choices)}")
    return text


def _count(decoder: Decoder, node: Node | None) -> int:
    if node is None:
        return 0
    text = decoder.text(node)
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) < 1:
        raise decoder.error(node, f"`{text}` is no number above 0")
    return int(text)


def _amount(decoder: Decoder, node: Node | None, parse: Callable[[str], object]) -> str:
    """As it is written, once `parse` took it: what it comes to, the machine decides."""
    text = decoder.text(node) if node is not None else ""
    if node is not None and text:
        parsed(decoder, node, parse)
    return text


def _check_jobs(text: str) -> None:
    if not is_no_limit(text):
        parse_jobs(text, 1.0)


def _names(decoder: Decoder, node: Node, positions: dict[str, Position]) -> tuple[str, ...]:
    """A list of texts, each of which names something; `positions` gets where they stand."""

    def one(item: Node) -> str:
        text = decoder.text(item)
        if not text.strip("! "):
            raise decoder.error(item, f"`{text}` names nothing")
        positions.setdefault(text, decoder.at(item))
        return text

    return decoder.many(node, one, "[]string")


def _split_tasks(decoder: Decoder, node: Node | None) -> tuple[dict[str, TaskClaims], Mapping]:
    """Tables of `[tasks]` apart: their claim keys, and what is left of those that define a task."""
    claims: dict[str, TaskClaims] = {}
    defining: list[tuple[Scalar, Node]] = []
    if node is None:
        return claims, Mapping([], line=1, column=1)
    if not isinstance(node, Mapping):
        raise decoder.wrong_type(node, "tasks")
    for key, value in node.pairs:
        if not isinstance(value, Mapping):
            defining.append((key, value))
            continue
        own = {k.text: v for k, v in value.pairs if k.text in CLAIM_KEYS}
        left = [(k, v) for k, v in value.pairs if k.text not in CLAIM_KEYS]
        if left and not any(k.text in TASK_KEYS for k, _ in left):
            _odd(decoder, left)
            claims[key.text] = _claims(decoder, key, own)
            continue
        if own:
            claims[key.text] = _claims(decoder, key, own)
        if left or not own:
            defining.append((key, Mapping(left, line=value.line, column=value.column)))
    return claims, Mapping(defining, line=node.line, column=node.column)


def _odd(decoder: Decoder, left: list[tuple[Scalar, Node]]) -> None:
    """Keys of a task that nobody knows: misspelt claims, mostly, which define no task."""
    for key, _ in left:
        decoder.odd_key(key, TASK_KEYS | CLAIM_KEYS, "task")


def _claims(decoder: Decoder, key: Scalar, found: dict[str, Node]) -> TaskClaims:
    positions: dict[str, Position] = {}
    lists = {name: _names(decoder, found[name], positions) for name in LISTS if name in found}
    counts = decode_uses(decoder, found["uses"], positions) if "uses" in found else {}
    cost = decode_cost(decoder, found["cost"]) if "cost" in found else None
    retry, seconds = _attempts(decoder, found)
    flags = {name: decoder.flag(found[name]) for name in ("local", "parallel") if name in found}
    return TaskClaims(
        position=decoder.at(key), local=flags.get("local"), parallel=flags.get("parallel"), positions=positions,
        uses=tuple(counts), counts=counts, cost=cost, retry=retry, timeout_seconds=seconds, **lists,
    )  # fmt: skip


def _attempts(decoder: Decoder, found: dict[str, Node]) -> tuple[Retry | None, float]:
    """`retry`, and the seconds of `timeout`; few tasks have any."""
    if found.keys().isdisjoint(("retry", "timeout")):
        return None, 0.0
    from paratask.taskfile.decode_retry import decode_attempts

    return decode_attempts(decoder, found)
