"""One task, its steps and its dependencies, from nodes. go-task: taskfile/ast (task, cmd, dep, for, platforms, requires).

Knows the forms that go-task takes, and the three further spellings of a call ("Steps and sets" in docs/design.md) only as text:
whether `task:name` names a task is decided when all tasks are known, in spellings.py.
"""

from __future__ import annotations

from paratask.names import nearest_name
from paratask.taskfile.decode_variables import decode_variables
from paratask.taskfile.model import (
    Call,
    Command,
    For,
    Glob,
    MatrixRow,
    Platform,
    Precondition,
    RequiredVariable,
    Task,
)
from paratask.taskfile.nodes import Mapping, Scalar, Sequence, is_null

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.taskfile.decode import Decoder
    from paratask.taskfile.model import Step
    from paratask.taskfile.nodes import Node

TASK_KEYS = frozenset(
    "cmds cmd deps label desc prompt summary aliases sources generates status preconditions dir set shopt vars env dotenv "
    "silent interactive internal method prefix ignore_error use_gitignore run platforms if requires watch failfast".split()
)
STEP_KEYS = frozenset("cmd task for if silent set shopt vars ignore_error defer platforms timeout".split())
CALL_KEYS = frozenset("task for vars silent timeout".split())
FOR_KEYS = frozenset(("matrix", "var", "split", "as"))
DEFER_KEYS = frozenset(("defer", "task", "vars", "silent", "timeout"))
OS_NAMES = frozenset(
    "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos __test__".split()
)
ARCH_NAMES = frozenset(
    "386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le "
    "riscv riscv64 s390 s390x sparc sparc64 wasm".split()
)


def decode_task(decoder: Decoder, key: Scalar, node: Node, *, extra_keys: frozenset[str] = frozenset()) -> Task:
    """A task in any of its forms: a command, a list of steps, or a mapping. `extra_keys` are known, but not to this module."""
    name, position = key.text, decoder.at(key)
    empty: dict[str, object] = {
        "variables": {}, "environment": {}, "include_variables": {}, "included_taskfile_variables": {},
    }  # fmt: skip
    if is_null(node):
        return Task(name=name, position=position, **empty)  # type: ignore[arg-type]
    if isinstance(node, Scalar):
        return Task(name=name, position=position, steps=(decode_step(decoder, node),), **empty)  # type: ignore[arg-type]
    if isinstance(node, Sequence):
        return Task(name=name, position=position, steps=_steps(decoder, node), **empty)  # type: ignore[arg-type]
    return _task_mapping(decoder, name, key, node, extra_keys)


def _task_mapping(decoder: Decoder, name: str, key: Scalar, node: Mapping, extra_keys: frozenset[str]) -> Task:
    found = decoder.fields(node, TASK_KEYS | extra_keys, "task", {"commands": STEP_KEYS})
    values: dict[str, object] = {}
    for field, attribute, convert in (
        *((f, f, decoder.text) for f in ("label", "desc", "summary", "dir", "method", "prefix", "run")),
        *(
            (f, f, decoder.flag)
            for f in ("silent", "interactive", "internal", "watch", "failfast", "ignore_error", "use_gitignore")
        ),
        *((f, f, decoder.texts) for f in ("aliases", "status", "dotenv")),
        ("if", "condition", decoder.text),
        ("set", "set_options", decoder.texts),
        ("shopt", "shopt_options", decoder.texts),
    ):
        if field in found and not is_null(found[field]):
            values[attribute] = convert(found[field])
    has_command = "cmd" in found and not is_null(found["cmd"])
    if has_command and "cmds" in found and not is_null(found["cmds"]):
        raise decoder.error(node, "task cannot have both cmd and cmds")
    if has_command:
        values["steps"] = (decode_step(decoder, found["cmd"]),)
    elif "cmds" in found:
        values["steps"] = _steps(decoder, found["cmds"])
    lists = (
        ("deps", "dependencies", _dependency, "[]dependency"),
        ("sources", "sources", _glob, "[]glob"),
        ("generates", "generates", _glob, "[]glob"),
        ("preconditions", "preconditions", _precondition, "[]precondition"),
        ("platforms", "platforms", decode_platform, "[]platform"),
    )
    for field, attribute, one, wanted in lists:
        if field in found:
            values[attribute] = decoder.many(found[field], lambda item, one=one: one(decoder, item), wanted)  # type: ignore[misc]
    if "prompt" in found:
        values["prompts"] = _prompts(decoder, found["prompt"])
    if "requires" in found:
        values["requires"] = _requires(decoder, found["requires"])
    return Task(
        name=name,
        position=decoder.at(key),
        variables=decode_variables(decoder, found.get("vars")),
        environment=decode_variables(decoder, found.get("env")),
        include_variables={},
        included_taskfile_variables={},
        **values,  # type: ignore[arg-type]
    )


def _steps(decoder: Decoder, node: Node) -> tuple[Step, ...]:
    return decoder.many(node, lambda item: decode_step(decoder, item), "[]command")


def decode_step(decoder: Decoder, node: Node) -> Step:
    """One entry of `cmds`."""
    if isinstance(node, Scalar):
        return Command(text=decoder.text(node), position=decoder.at(node))
    found = decoder.fields(node, STEP_KEYS, "command", {"tasks": TASK_KEYS})
    timeout = _timeout(decoder, found, node)
    shared, own = _shared(decoder, found), _own(decoder, found)
    variables = decode_variables(decoder, found.get("vars"))
    task = decoder.text(found["task"]) if "task" in found else ""
    command = decoder.text(found["cmd"]) if "cmd" in found else ""
    if "defer" in found and not is_null(found["defer"]):
        return _deferred(decoder, found["defer"], node, silent=shared.get("silent") is True, timeout=timeout)
    if task:
        return Call(task=task, position=decoder.at(node), variables=variables, timeout_seconds=timeout, **shared)  # type: ignore[arg-type]
    if not command:
        raise decoder.error(node, "invalid keys in command", help_line=decoder.form("command", node))
    return Command(text=command, position=decoder.at(found["cmd"]), timeout_seconds=timeout, **own, **shared)  # type: ignore[arg-type]


def _shared(decoder: Decoder, found: dict[str, Node]) -> dict[str, object]:
    """What commands and calls have in common, where it is there."""
    values: dict[str, object] = {}
    if "for" in found:
        values["loop"] = _loop(decoder, found["for"])
    if "if" in found:
        values["condition"] = decoder.text(found["if"])
    for flag in ("silent", "ignore_error"):
        if flag in found:
            values[flag] = decoder.flag(found[flag])
    return values


def _own(decoder: Decoder, found: dict[str, Node]) -> dict[str, object]:
    """What only a command has. It is decoded for calls as well: to go-task a wrong type is an error where the key has no use, too."""
    values: dict[str, object] = {}
    if "set" in found:
        values["set_options"] = decoder.texts(found["set"])
    if "shopt" in found:
        values["shopt_options"] = decoder.texts(found["shopt"])
    if "platforms" in found:
        values["platforms"] = decoder.many(found["platforms"], lambda item: decode_platform(decoder, item), "[]platform")
    return values


def _flag(decoder: Decoder, found: dict[str, Node], key: str) -> bool:
    return decoder.flag(found[key]) if key in found else False


def _timeout(decoder: Decoder, found: dict[str, Node], node: Node) -> float:
    if "timeout" not in found or not decoder.text(found["timeout"]):
        return 0.0
    seconds = decoder.seconds(found["timeout"], "timeout")
    if seconds <= 0:
        raise decoder.error(node, "timeout must be greater than zero")
    return seconds


def _deferred(decoder: Decoder, inner: Node, node: Node, *, silent: bool, timeout: float) -> Step:
    """`silent` and `timeout` stand beside `defer`; other keys there have no use. Inside, a command's key is `defer` again."""
    position = decoder.at(node)
    if isinstance(inner, Scalar):
        return Command(text=decoder.text(inner), position=position, silent=silent, deferred=True, timeout_seconds=timeout)
    found = decoder.fields(inner, DEFER_KEYS, "defer")
    if "timeout" in found:
        raise decoder.error(node, "timeout must be set next to defer, not inside it")
    own_silent = _flag(decoder, found, "silent")
    variables = decode_variables(decoder, found.get("vars"))
    task = decoder.text(found["task"]) if "task" in found else ""
    text = decoder.text(found["defer"]) if "defer" in found else ""
    if text:
        return Command(text=text, position=position, silent=silent, deferred=True, timeout_seconds=timeout)
    return Call(
        task=task, position=position, variables=variables, silent=own_silent, deferred=True, timeout_seconds=timeout
    )  # fmt: skip


def _dependency(decoder: Decoder, node: Node) -> Call:
    if isinstance(node, Scalar):
        return Call(task=decoder.text(node), position=decoder.at(node), variables={})
    found = decoder.fields(node, CALL_KEYS, "dependency")
    return Call(
        task=decoder.text(found["task"]) if "task" in found else "",
        position=decoder.at(node),
        variables=decode_variables(decoder, found.get("vars")),
        loop=_loop(decoder, found.get("for")),
        silent=_flag(decoder, found, "silent"),
        timeout_seconds=_timeout(decoder, found, node),
    )


def _loop(decoder: Decoder, node: Node | None) -> For | None:
    if node is None or is_null(node):
        return None
    if isinstance(node, Scalar):
        return For(source=decoder.text(node))
    if isinstance(node, Sequence):
        return For(items=tuple(decoder.value(item) for item in node.items))
    found = decoder.fields(node, FOR_KEYS, "for")
    variable = decoder.text(found["var"]) if "var" in found else ""
    matrix = _matrix(decoder, found["matrix"]) if "matrix" in found else ()
    if not variable and not matrix:
        raise decoder.error(node, "invalid keys in for")
    if variable and matrix:
        raise decoder.error(node, "cannot use both var and matrix in for")
    return For(
        matrix=matrix,
        variable=variable,
        split=decoder.text(found["split"]) if "split" in found else "",
        name=(decoder.text(found["as"]) if "as" in found else "") or "ITEM",
    )


def _matrix(decoder: Decoder, node: Node) -> tuple[MatrixRow, ...]:
    if is_null(node):
        return ()
    if not isinstance(node, Mapping):
        raise decoder.wrong_form(node, "matrix")
    return tuple(_matrix_row(decoder, key, value) for key, value in node.pairs)


def _matrix_row(decoder: Decoder, key: Scalar, node: Node) -> MatrixRow:
    if isinstance(node, Sequence):
        return MatrixRow(key=key.text, values=tuple(decoder.value(item) for item in node.items))
    if isinstance(node, Mapping):
        found = decoder.fields(node, frozenset(("ref",)), "matrix")
        return MatrixRow(key=key.text, ref=decoder.text(found["ref"]) if "ref" in found else "")
    raise decoder.error(node, "matrix values must be an array or a reference")


def _glob(decoder: Decoder, node: Node) -> Glob:
    if isinstance(node, Scalar):
        return Glob(pattern=decoder.text(node))
    found = decoder.fields(node, frozenset(("exclude",)), "glob")
    return Glob(pattern=decoder.text(found["exclude"]) if "exclude" in found else "", negate=True)


def _precondition(decoder: Decoder, node: Node) -> Precondition:
    if isinstance(node, Scalar):
        text = decoder.text(node)
        return Precondition(command=text, message=f"`{text}` failed", position=decoder.at(node))
    found = decoder.fields(node, frozenset(("sh", "msg")), "precondition")
    command = decoder.text(found["sh"]) if "sh" in found else ""
    message = decoder.text(found["msg"]) if "msg" in found else ""
    return Precondition(command=command, message=message or f"{command} failed", position=decoder.at(node))


def decode_platform(decoder: Decoder, node: Node) -> Platform:
    """`linux`, `amd64` or `linux/amd64`, in Go's names."""
    if not isinstance(node, Scalar):
        raise decoder.wrong_form(node, "platform")
    first, _, second = node.text.partition("/")
    if first in OS_NAMES and (not second or second in ARCH_NAMES) and node.text.count("/") == (1 if second else 0):
        return Platform(os=first, arch=second)
    if first in ARCH_NAMES and "/" not in node.text:
        return Platform(arch=first)
    known = OS_NAMES | ARCH_NAMES
    near = "" if first in known else nearest_name(first, known)
    help_line = f"did you mean `{near}`?" if near else decoder.form("platform", node)
    raise decoder.error(node, f'invalid platform "{node.text}"', help_line=help_line)


def _prompts(decoder: Decoder, node: Node) -> tuple[str, ...]:
    if isinstance(node, Sequence):
        return decoder.texts(node)
    if isinstance(node, Scalar):
        text = decoder.text(node)
        return (text,) if text else ()
    raise decoder.wrong_form(node, "prompt")


def _requires(decoder: Decoder, node: Node) -> tuple[RequiredVariable, ...]:
    if is_null(node):
        return ()
    found = decoder.fields(node, frozenset(("vars",)), "requires")
    if "vars" not in found:
        return ()
    return decoder.many(found["vars"], lambda item: _required(decoder, item), "[]requires")


def _required(decoder: Decoder, node: Node) -> RequiredVariable:
    if isinstance(node, Scalar):
        return RequiredVariable(name=decoder.text(node))
    if not isinstance(node, Mapping):
        raise decoder.wrong_form(node, "requires", "required variable")
    found = decoder.fields(node, frozenset(("name", "enum")), "requires")
    name = decoder.text(found["name"]) if "name" in found else ""
    enum = found.get("enum")
    if enum is None or is_null(enum):
        return RequiredVariable(name=name)
    if isinstance(enum, Sequence):
        return RequiredVariable(name=name, allowed=decoder.texts(enum))
    if isinstance(enum, Mapping):
        reference = decoder.fields(enum, frozenset(("ref",)), "enum").get("ref")
        if reference is not None and decoder.text(reference):
            return RequiredVariable(name=name, allowed_ref=decoder.text(reference))
    raise decoder.wrong_form(enum, "enum")
