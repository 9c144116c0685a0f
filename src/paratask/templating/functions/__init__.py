"""Which functions a template can call, and what arguments each takes. Go: text/template's builtins, slim-sprig v3, and
go-task's internal/templater/funcs.go, where the later in this list wins.

The table holds names and Go parameter types only; the module behind a name is loaded when a template first calls it, so
that `{{.X}}` loads neither dates nor digests. Knows nothing of how calls are evaluated.

A row reads `module function types…`. `any` takes all values, `value` too but tells a missing one from nil; a last type with
`...` may repeat; `machine` comes first where the function must know of the outside.
"""

from __future__ import annotations

from functools import cache

from paratask.templating.functions.table import TABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from paratask.templating.functions.table import Row


class Function:
    """A template function: `types` are those of its fixed parameters, `rest` that of the repeated last one, if there is one."""

    __slots__ = ("_code", "_row", "name", "needs_machine", "rest", "types")

    def __init__(self, name: str, row: Row) -> None:
        types = row[2]
        self.name = name
        self.needs_machine = types[:1] == ("machine",)
        fixed = types[self.needs_machine :]
        self.rest = fixed[-1][:-3] if fixed and fixed[-1].endswith("...") else ""
        self.types = fixed[:-1] if self.rest else fixed
        self._row = row
        self._code: Callable[..., object] | None = None

    @property
    def code(self) -> Callable[..., object]:
        """The function itself, loaded when it is first asked for."""
        if self._code is None:
            module = __import__(f"{__name__}.{self._row[0]}", fromlist=(self._row[1],))
            self._code = getattr(module, self._row[1])
        assert self._code is not None
        return self._code


@cache
def find(name: str) -> Function | None:
    """The function of that name."""
    row = TABLE.get(name)
    if row is None:
        return None
    module, function, *types = row.split()
    return Function(name, (module, function, tuple(types)))


def nearest(name: str) -> str | None:
    """The function that was probably meant by `name`."""
    import difflib

    lowered = {known.lower(): known for known in TABLE}
    close = difflib.get_close_matches(name.lower(), lowered, n=1, cutoff=0.7)
    return lowered[close[0]] if close else None
