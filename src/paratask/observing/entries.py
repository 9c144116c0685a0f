"""What is kept of an observed task: under which name, for which definition, and how two observations become one. Pure.

A task is observed with the variables of its call, and as it was written: an entry of another definition is not believed.
"""

from __future__ import annotations

from paratask.claims.observed import Observed
from paratask.frozen import dataclass, replace
from paratask.observing.folders import simplified
from paratask.taskfile.model import Variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.taskfile.model import Task, Variables
    from paratask.variables.ready import ReadyTask

_COSMETIC = frozenset(
    (
        "position",
        "desc",
        "summary",
        "aliases",
        "label",
        "silent",
        "prefix",
        "prompts",
        "internal",
        "spelling",
        "written",
        "namespace",
        "why_alone",
        "on_failure",
    )
)
_MASK = "*****"
_LENGTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Whose entry it is: the task's name, wildcards filled in, and the variables of its call, sorted."""

    task: str
    variables: tuple[tuple[str, str], ...] = ()

    def title(self) -> str:
        """The name of the entry in the file, and for people."""
        return " ".join((self.task, *(f"{name}={value}" for name, value in self.variables)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What was seen, and the digest of the definition that it was seen of."""

    definition: str
    observed: Observed


def key_of(ready: ReadyTask, command_line: Mapping[str, str]) -> Key | None:
    """The key of a task that is ready; None where a variable of its call is not known yet."""
    from paratask.templating import UNKNOWN

    variables = {name: value for name, value in command_line.items() if name not in ready.called_with}
    for name, variable in ready.called_with.items():
        if variable.value is UNKNOWN:
            return None
        variables[name] = _text(variable)
    return Key(task=ready.full_name, variables=tuple(sorted(variables.items())))


def _text(variable: Variable) -> str:
    if variable.secret:
        return _MASK
    if variable.sh is not None:
        return f"$({variable.sh})"
    if isinstance(variable.value, str):
        return variable.value
    import json

    return json.dumps(variable.value, sort_keys=True, default=str, ensure_ascii=False)


def definition_digest(task: Task, variables: Variables, environment: Variables) -> str:
    """Of all that decides what a task does, as it is written: itself, and those of the Taskfile's variables that it names."""
    import hashlib

    text = repr(_plain(task))
    named: dict[str, object] = {}
    pool = {**environment, **variables}
    grown = True
    while grown:
        new = {name: _plain(pool[name]) for name in pool if name not in named and name in text}
        named.update(new)
        text += repr(sorted(new.items()))
        grown = bool(new)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]


def _plain(value: object) -> object:
    """A record of the model as tuples, without what only says where it stands and how it is shown."""
    if isinstance(value, dict):
        return tuple((str(name), _plain(inner)) for name, inner in value.items())
    if isinstance(value, (list, tuple)):
        return tuple(_plain(inner) for inner in value)
    names = getattr(type(value), "__slots__", None)
    if names and not isinstance(value, (str, bytes, int, float)):
        return (type(value).__name__, *((name, _plain(getattr(value, name))) for name in names if name not in _COSMETIC))
    return value


def merged(old: Entry | None, new: Entry) -> Entry:
    """Both together, where they are of one definition; else the new one."""
    if old is None or old.definition != new.definition:
        return new
    a, b = old.observed, new.observed
    return replace(
        new,
        observed=Observed(
            reads=_without_own(simplified((*a.reads, *b.reads)), simplified((*a.writes, *b.writes))),
            writes=simplified((*a.writes, *b.writes)),
            ports=tuple(sorted({*a.ports, *b.ports})),
            rewrites=a.rewrites or b.rewrites,
            contacts=a.contacts or b.contacts,
            outside=a.outside or b.outside,
        ),
    )


def _without_own(reads: tuple[str, ...], writes: tuple[str, ...]) -> tuple[str, ...]:
    from paratask.observing.folders import covers

    return tuple(read for read in reads if not any(covers(write, read) for write in writes))
