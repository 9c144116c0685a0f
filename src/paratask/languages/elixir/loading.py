"""What a `mix.exs` runs by being loaded, which every command of mix does first.

Its functions with arguments run only where others call them; those that aliases name (`&build/1`) run with the alias, and are nobody's
business here. Knows which calls start programs or change files; what a library's module does at that moment it does not know.
"""

from __future__ import annotations

from paratask.frozen import dataclass
from paratask.languages.elixir.terms import DEFINING
from paratask.languages.elixir.tokens import Kind

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.languages.elixir.tokens import Token

_STARTING = {"System": ("cmd", "shell"), "os": ("cmd",), "Port": ("open",), "Task": ("run",), "Mix.Task": ("run", "rerun")}
_CHANGING = ("write", "rm", "cp", "copy", "mkdir", "touch", "rename", "ln", "chmod", "stream", "open")
_AFTER_VALUES = frozenset({",", "]", ")", "}", "|>", "++", "end", "def", "defp", "do"})
"""What comes after a name that is a value, or a call without arguments."""
_LOOKING = frozenset({"describe", "rev-parse", "rev-list", "log", "show", "status", "branch"})
"""What git only looks with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Function:
    name: str
    takes: bool
    tokens: Sequence[Token]


def does_on_loading(found: Sequence[Token]) -> str:
    """What the file runs or changes by being loaded, as it is written there; empty where that is nothing."""
    functions = list(_functions(found))
    waiting = [function for function in functions if not function.takes]
    reached = list(waiting)
    while waiting:
        called = set(_called(waiting.pop().tokens))
        new = [function for function in functions if function.name in called and function not in reached]
        reached.extend(new)
        waiting.extend(new)
    return next((doing for function in reached for doing in _doing(function.tokens)), "")


def _functions(found: Sequence[Token]) -> Iterator[_Function]:
    """The parts of the file, each up to the next definition; the first is what stands before all."""
    starts = [at for at, token in enumerate(found) if token.kind is Kind.NAME and token.value in DEFINING]
    yield _Function(name="", takes=False, tokens=found[: starts[0] if starts else None])
    for at, end in zip(starts, [*starts, len(found)][1:], strict=True):
        values = [token.value for token in found[at : at + 4]]
        takes = values[2:3] == ["("] and values[3:4] != [")"]
        yield _Function(name=values[1] if len(values) > 1 else "", takes=takes, tokens=found[at + 2 : end])


def _called(found: Sequence[Token]) -> Iterator[str]:
    """The names of functions that are called with arguments, and what may be such a name; `&name` alone calls nothing."""
    for at, token in enumerate(found):
        before = found[at - 1].value if at else ""
        after = [each.value for each in found[at + 1 : at + 3]]
        without = after == ["(", ")"] or not after or after[0] in _AFTER_VALUES
        if token.kind is Kind.NAME and before not in ("&", ".") and (not without or before == "|>"):
            yield token.value


def _doing(found: Sequence[Token]) -> Iterator[str]:
    for at, token in enumerate(found):
        if at + 2 >= len(found) or found[at + 1].value != "." or token.kind not in (Kind.NAME, Kind.ATOM):
            continue
        name = found[at + 2].value
        if (name in _STARTING.get(token.value, ()) and not _looks(found[at + 3 : at + 8])) or (
            token.value == "File" and name.startswith(_CHANGING)
        ):
            yield f"{token.value}.{name}"


def _looks(arguments: Sequence[Token]) -> bool:
    """Whether a program that is started is git, to look at something."""
    words = [token.value for token in arguments if token.kind in (Kind.TEXT, Kind.WORDS)]
    return words[:1] == ["git"] and len(words) > 1 and words[1].split()[:1] != [] and words[1].split()[0] in _LOOKING
