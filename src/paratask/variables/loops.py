"""`for:` unrolled into rounds. go-task: itemsFromFor. Knows nothing of what is looped over."""

from __future__ import annotations

import posixpath

from paratask.errors import TaskfileSyntaxError, VariableError
from paratask.frozen import dataclass
from paratask.templating import UNKNOWN, UnknownValueError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from paratask.errors import Position
    from paratask.taskfile.model import For, Glob, MatrixRow
    from paratask.variables.scopes import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopValues:
    """What loops of one task may range over."""

    folder: str | None
    sources: tuple[Glob, ...]
    generates: tuple[Glob, ...]
    use_gitignore: bool
    globs: Callable[..., list[str]]
    resolve: Callable[[str, Mapping[str, object]], object]
    position: Position


def unroll(loop: For, scope: Scope, values: LoopValues) -> list[dict[str, object]]:
    """The extra variables of each round. Raises TaskfileSyntaxError, VariableError, UnknownValueError."""
    if loop.matrix:
        return [{loop.name: combination} for combination in _product(loop.matrix, scope, values)]
    if loop.items:
        return [{loop.name: item} for item in loop.items]
    if loop.source in ("sources", "generates"):
        globs = values.sources if loop.source == "sources" else values.generates
        return [{loop.name: path} for path in _files(globs, values)]
    if loop.variable:
        return _of_variable(loop, scope, values)
    return []


def _files(globs: Sequence[Glob], values: LoopValues) -> list[str]:
    if values.folder is None:
        raise UnknownValueError("dir")
    folder = values.folder
    return [posixpath.relpath(path, folder) for path in values.globs(folder, globs, use_gitignore=values.use_gitignore)]


def _product(rows: Sequence[MatrixRow], scope: Scope, values: LoopValues) -> list[dict[str, object]]:
    result: list[dict[str, object]] = [{}]
    for row in rows:
        items: object = row.values
        if row.ref:
            items = _resolved(row.ref, scope, values)
            if not isinstance(items, (list, tuple)):
                raise TaskfileSyntaxError(f"matrix reference `{row.ref}` must resolve to a list", position=values.position)
        assert isinstance(items, (list, tuple))
        result = [{**combination, row.key: item} for combination in result for item in items]
    return result


def _resolved(reference: str, scope: Scope, values: LoopValues) -> object:
    """As every other mistake in a loop, one in a reference is one in the Taskfile."""
    try:
        return values.resolve(reference, scope.values)
    except VariableError as error:
        raise TaskfileSyntaxError(f"matrix reference `{reference}`: {error.message}", position=values.position) from None


def _of_variable(loop: For, scope: Scope, values: LoopValues) -> list[dict[str, object]]:
    value = scope.values.get(loop.variable)
    if value is UNKNOWN:
        raise UnknownValueError(loop.variable)
    if value is None:
        return []
    if isinstance(value, str):
        return [{loop.name: part} for part in (value.split(loop.split) if loop.split else value.split())]
    if isinstance(value, (list, tuple)):
        return [{loop.name: item} for item in value]
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return [{loop.name: item, "KEY": key} for key, item in value.items()]
    message = "loop var must be a delimiter-separated string, list or a map"
    raise TaskfileSyntaxError(message, position=values.position)
