"""The variables of a Makefile, and what becomes of a text that refers to them. The GNU make manual has the rules.

Only constants have a value. Functions are not carried out; `$(shell …)` by itself is noted, since it is run when the file is read.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DEFAULTS = {
    "CC": "cc", "CXX": "g++", "CPP": "cc -E", "AR": "ar", "LD": "ld", "AS": "as", "RM": "rm -f", "ARFLAGS": "rv", "CFLAGS": "",
    "CXXFLAGS": "", "CPPFLAGS": "", "LDFLAGS": "", "LDLIBS": "", "ASFLAGS": "",
}  # fmt: skip
_SHELL = re.compile(r"\$\(shell\s+(.*)\)|\$\{shell\s+(.*)\}", re.DOTALL)
_ACTING = re.compile(r"\$[({](?:shell|eval|file|guile|call|foreach|let|load|error|origin|value)\b")
_NAMES = re.compile(r"\$[({]([^\s,:$(){}]+)|\$(\w)")
_MAX_DEPTH = 40
_MAX_EXPANSIONS = 50_000


class NotConstantError(Exception):
    """What in a text only the run tells."""


class MakeVariables:
    """`given` are those of the command line, which stand above the file's; `environment` what is known of the task's."""

    def __init__(self, given: Mapping[str, str], environment: Mapping[str, str | None], folder: str, make: str) -> None:
        self._given = given
        self._environment = environment
        self._own = {"CURDIR": folder, "MAKE": make}
        self._values: dict[str, str | None] = {}
        self._recursive: set[str] = set()
        self._exported: set[str] = set()
        self.shells: list[str] = []
        self._expansions = 0

    def export(self, names: Iterable[str]) -> None:
        """Variables that recipes find in their environment."""
        self._exported.update(names)

    def exports(self) -> dict[str, str | None]:
        """The environment of recipes, as far as the file and the command line set it; a value that is no constant is None."""
        names = {*self._given, *self._exported, *(name for name in self._values if name in self._environment)}
        found: dict[str, str | None] = {}
        for name in sorted(names):
            try:
                found[name] = self.expand(f"$({name})") if name in self._values or name in self._given else None
            except NotConstantError:
                found[name] = None
        return found

    def acts_on_export(self) -> bool:
        """Whether expanding what is exported runs something."""
        return any(self.acts(self._values.get(name) or "") for name in self._exported)

    def plain(self, name: str) -> str:
        """A variable's value as written; empty where it is not set."""
        return self._values.get(name) or ""

    def assign(self, name: str, sign: str, text: str) -> None:
        """One assignment. Raises NotConstantError where reading it acts."""
        if sign == "!=":
            raise NotConstantError(f"`{name} !=` runs a command")
        if name in self._given:
            return
        if sign == "?=":
            told = self._environment.get(name)
            if name not in self._values:
                self._values[name] = told if told is not None else None
            return
        if sign == "+=" and (name not in self._values or name in self._recursive):
            before = self._values.get(name, self._environment.get(name, _DEFAULTS.get(name)))
            self._recursive.add(name)
            self._values[name] = None if before is None else f"{before} {text}".strip()
        elif sign == "=":
            self._recursive.add(name)
            self._values[name] = text
        else:
            before = self._values.get(name) if sign == "+=" else ""
            value = self._simple(text)
            self._recursive.discard(name)
            self._values[name] = (
                None if before is None or value is None else f"{before} {value}".strip() if sign == "+=" else value
            )

    def _simple(self, text: str) -> str | None:
        """The value of a variable that is expanded once; None where it is no constant. What such a text runs is noted."""
        run = _SHELL.fullmatch(text.strip())
        if run:
            self.shells.append(self.expand(run[1] or run[2]))
            return None
        try:
            return self.expand(text).replace("$", "$$")
        except NotConstantError:
            if self.acts(text):
                raise
            return None

    def acts(self, text: str) -> bool:
        """Whether expanding a text may run or change something."""
        seen: set[str] = set()
        waiting = [text]
        while waiting:
            each = waiting.pop()
            if _ACTING.search(each):
                return True
            names = {name for found in _NAMES.findall(each) for name in found if name} - seen
            seen |= names
            waiting += (value for name in names if (value := self._values.get(name)))
        return False

    def expand(self, text: str, *, automatic: Mapping[str, str] | None = None, depth: int = 0) -> str:
        """`text` with all references filled in. Raises NotConstantError where one is no constant."""
        found: list[str] = []
        position = 0
        while position < len(text):
            dollar = text.find("$", position)
            if dollar < 0 or dollar + 1 >= len(text):
                found.append(text[position:])
                break
            found.append(text[position:dollar])
            name, position = _reference(text, dollar + 1)
            found.append("$" if name == "$" else self._value(name, automatic or {}, depth=depth))
        return "".join(found)

    def _value(self, name: str, automatic: Mapping[str, str], *, depth: int) -> str:
        if name in automatic:
            return automatic[name]
        if name in self._given:
            return self._given[name]
        self._expansions += 1
        if depth > _MAX_DEPTH or self._expansions > _MAX_EXPANSIONS or re.search(r"[\s,:$(){}]", name):
            raise NotConstantError(f"`$({name[:30]})` is no constant")
        if name in self._own:
            return self._own[name]
        if name in self._values:
            raw = self._values[name]
            if raw is None:
                raise NotConstantError(f"`$({name})` is no constant")
            return self.expand(raw, automatic=automatic, depth=depth + 1)
        told = self._environment.get(name, _DEFAULTS.get(name))
        if told is None or "$" in told:
            raise NotConstantError(f"`$({name})` may come from the environment")
        return told


def _reference(text: str, position: int) -> tuple[str, int]:
    """The name after a dollar sign, and the position after it."""
    opening = text[position]
    if opening not in "({":
        return opening, position + 1
    closing = ")" if opening == "(" else "}"
    depth = 1
    for index in range(position + 1, len(text)):
        depth += {opening: 1, closing: -1}.get(text[index], 0)
        if depth == 0:
            return text[position + 1 : index], index + 1
    raise NotConstantError("a reference that does not end")
