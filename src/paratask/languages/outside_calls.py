"""Calls of programs whose effect others can see, told by their first words alone, whatever options they are given.

Such a call keeps its place in the written order, so that nothing is lost by claiming the whole repository for it. Knows no
single program.
"""

from __future__ import annotations

from paratask.claims.model import Access, Effect
from paratask.languages.inferred import claim
from paratask.languages.options import parse, roles
from paratask.languages.tool_table import Mode
from paratask.plugins.hookspecs import Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from paratask.languages.options import Role, Word
    from paratask.languages.tool_table import Tool


def reaching(shown: str, does: str = "reaches beyond this checkout") -> Recognition:
    """The answer to a call of `shown`; it may also write whatever it is told to."""
    reason = f"`{shown}` {does}"
    return Recognition(claims=(claim(Access.WRITE, "**", reason),), effect=Effect.OUTSIDE, reason=reason)


def named(program: str, words: Sequence[Word], commands: Collection[str], tools: Mapping[str, Tool]) -> str | None:
    """The longest of `commands` ("docker compose up") that the call is one of, past the options of the groups among `tools`."""
    key, found = program, None
    declared: list[Mapping[Role, str]] = []
    rest: Sequence[Word] = words
    while True:
        tool = tools.get(key)
        if tool is not None and tool.mode is Mode.GROUP:
            declared.append(tool.options)
            parsed = parse(rest, roles(*declared), stop=True)
            rest = parsed.rest if parsed else ()
        head = rest[0] if rest else None
        if head is None or head.startswith("-"):
            return found
        key, rest = f"{key} {head}", rest[1:]
        found = key if key in commands else found
