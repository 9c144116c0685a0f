"""Go's text/template as go-task uses it: `render` fills in a text, `resolve` gives the value of a `ref:`.

Same language, same functions (slim-sprig v3 and go-task's own), same printing, as far as tests/differential can tell.
Touches nothing: what functions may know of the outside is in a `Machine`. Knows nothing of tasks.

Maps that `set` and `unset` change are changed in place, as in Go: whoever owns the data gives each task maps of its own.
One thing differs on purpose: templates may call one another 100 deep, not 100,000.
"""

from __future__ import annotations

from functools import lru_cache

from paratask.templating.failures import TemplateError, UnknownValueError
from paratask.templating.values import UNKNOWN, Unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from paratask.templating.nodes import Template

__all__ = ["UNKNOWN", "Machine", "TemplateError", "Unknown", "UnknownValueError", "render", "resolve", "timestamp"]


class Machine:
    """What functions may know of the outside. Subclass it, or make an object with the same attributes.

    The defaults are those of a machine that tells nothing: midnight of 1970 in UTC, and no environment.
    """

    os: str = "linux"
    arch: str = "amd64"
    cpu_count: int = 1
    cwd: str = "/"
    environ: Mapping[str, str] = {}

    def now(self) -> float:
        """Unix seconds."""
        return 0.0

    def random(self) -> random.Random:
        """Where `uuid` and `randInt` get their numbers."""
        import random

        return random.SystemRandom()

    def local_offset(self, unix_seconds: float) -> int:
        """Seconds that local time is east of UTC at that moment."""
        del unix_seconds
        return 0


def render(text: str, data: Mapping[str, object], machine: Machine) -> str:
    """`text` with its actions filled in from `data`; "<no value>" becomes nothing, as in go-task.

    Raises TemplateError, and UnknownValueError where it touches an UNKNOWN.
    """
    if "{{" not in text:
        return text
    from paratask.templating.evaluator import execute

    template = _parsed(text)
    result = execute(template, _own(data, template), machine)
    return result.replace("<no value>", "") if "<no value>" in result else result


def resolve(expression: str, data: Mapping[str, object], machine: Machine) -> object:
    """The value of one expression, such as `.FOO | splitList ","`; None for a missing one.

    Raises TemplateError, with positions in `expression`, and UnknownValueError.
    """
    if expression == ".":
        return data
    from paratask.templating.evaluator import value_of

    try:
        template = _parsed("{{" + expression + "}}")
        return value_of(template, _own(data, template), machine)
    except TemplateError as error:
        column = max(1, error.column - 2) if error.line == 1 else error.column
        raise TemplateError(error.message, source=expression, line=error.line, column=column, help=error.help) from None


def timestamp(unix_nanoseconds: int, machine: Machine) -> object:
    """A Go time.Time in local time, for variables that hold one (go-task's TIMESTAMP)."""
    from paratask.templating.functions.times import Time

    return Time.local(unix_nanoseconds, machine)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Template:
    from paratask.templating.parser import parse

    return parse(text)


def _own(data: Mapping[str, object], template: Template) -> Mapping[str, object]:
    """The data as a dict; another one if the template calls what changes maps, since `.` is a map too. go-task: maps.Clone."""
    return data if isinstance(data, dict) and not template.mutates else dict(data)
