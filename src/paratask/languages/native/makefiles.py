"""Makefiles, as far as they are plain: explicit rules, recipes, variables with constant values. See the GNU make manual.

A Makefile with conditionals, included files, target-specific variables and the like is not understood, and neither is a rule whose
targets or prerequisites only the run tells. Patterns and make's own rules are not followed: what they might make is not understood.
A variable that may come from the environment has no value here. Reads one file; runs nothing.
"""

from __future__ import annotations

import re

from paratask.frozen import dataclass
from paratask.languages.native.make_variables import MakeVariables, NotConstantError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

NAMES = ("GNUmakefile", "makefile", "Makefile")
_DIRECTIVES = frozenset(
    "include -include sinclude define endef ifeq ifneq ifdef ifndef else endif vpath undefine load -load override private unexport".split()
)
_ASSIGNMENT = re.compile(r"^\s*([^\s:#=!?+$]+)\s*(=|:{1,3}=|\?=|\+=|!=)\s*(.*)$", re.DOTALL)
_OF_TARGET = re.compile(r"^\s*(?:(?:export|override|private)\s+)*[^\s:#=!?+]+\s*(?:=|:{1,3}=|\?=|\+=|!=)")
_SUFFIX_RULE = re.compile(r"\.[A-Za-z0-9+]{1,4}(?:\.[A-Za-z0-9+]{1,4})?")
_PLAIN_SPECIAL = frozenset(
    ".SUFFIXES .SILENT .DELETE_ON_ERROR .PRECIOUS .SECONDARY .INTERMEDIATE .NOTINTERMEDIATE .NOTPARALLEL .IGNORE .POSIX .WAIT "
    ".LOW_RESOLUTION_TIME".split()
)
_OTHER_SPECIAL = frozenset(".ONESHELL .DEFAULT .EXPORT_ALL_VARIABLES .SECONDEXPANSION".split())
_SHELLS = frozenset("sh bash /bin/sh /bin/bash /usr/bin/bash".split())
_SHELL_FLAGS = frozenset("-c -e -u -ec -eu -euc -euo -euxo -eo -o pipefail -x".split())
_MAKE_FLAGS = frozenset("-s -k -r -R -rR -w --silent --no-print-directory --no-builtin-rules --no-builtin-variables --warn-undefined-variables "
                        "--output-sync=target -Otarget -O".split())  # fmt: skip
_NOT_TO_SET = frozenset("VPATH GPATH MAKE MAKEFILES MAKEFILE_LIST MAKECMDGOALS CURDIR .RECIPEPREFIX .FEATURES PATH".split())


class ObscureMakefileError(Exception):
    """What is not understood, and in which line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a recipe, as written but for its tab."""

    text: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How one target is made. `obscure` says why that is not understood."""

    target: str
    needs: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    recipe: tuple[Line, ...] = ()
    obscure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Makefile:
    """`rules` by target, in order; `first` is made where nothing is asked for. `patterns` are targets of rules for many names (`%.o`)."""

    rules: Mapping[str, Rule]
    first: str
    phony: frozenset[str]
    patterns: tuple[str, ...]
    deletes: bool
    variables: MakeVariables


def read_makefile(text: str, variables: MakeVariables) -> Makefile:
    """The rules in a text. Raises ObscureMakefileError where it is not understood."""
    reader = _Reader(variables)
    for kind, number, line in _lines(text):
        try:
            if kind == "recipe":
                reader.recipe(line, number)
            else:
                reader.line(line, number)
        except NotConstantError as error:
            raise ObscureMakefileError(f"{error} (line {number})") from None
    return reader.makefile()


def _lines(text: str) -> Iterator[tuple[str, int, str]]:
    """Recipe lines and others, each with the number of the line that it begins in; those that are continued are put together."""
    raw = text.replace("\r\n", "\n").split("\n")
    position = 0
    while position < len(raw):
        number, line = position + 1, raw[position]
        is_recipe = line.startswith("\t")
        position += 1
        while _continues(line) and position < len(raw):
            following = raw[position]
            line = f"{line}\n{following.removeprefix(chr(9))}" if is_recipe else f"{line[:-1].rstrip()} {following.strip()}"
            position += 1
        if is_recipe:
            yield "recipe", number, line[1:]
        elif stripped := _without_comment(line).strip():
            yield "line", number, stripped


def _continues(line: str) -> bool:
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _without_comment(line: str) -> str:
    for found in re.finditer(r"(\\*)#", line):
        if len(found[1]) % 2 == 0:
            return line[: found.start()]
    return line


class _Reader:
    """Gathers rules line by line."""

    def __init__(self, variables: MakeVariables) -> None:
        self._variables = variables
        self._rules: dict[str, Rule] = {}
        self._open: tuple[str, ...] = ()
        self._in_rule = False
        self._first = ""
        self._phony: set[str] = set()
        self._patterns: list[str] = []
        self._deletes = False

    def makefile(self) -> Makefile:
        """What was gathered."""
        first = self._variables.plain(".DEFAULT_GOAL") or self._first
        return Makefile(
            rules=self._rules,
            first=first,
            phony=frozenset(self._phony),
            patterns=tuple(self._patterns),
            deletes=self._deletes,
            variables=self._variables,
        )

    def recipe(self, text: str, number: int) -> None:
        """A line that begins with a tab."""
        if not self._in_rule:
            if text.strip() and not text.lstrip().startswith("#"):
                raise ObscureMakefileError(f"a recipe without a rule (line {number})")
            return
        for target in self._open:
            rule = self._rules[target]
            self._rules[target] = Rule(
                target=target,
                needs=rule.needs,
                after=rule.after,
                recipe=(*rule.recipe, Line(text=text, number=number)),
                obscure=rule.obscure,
            )

    def line(self, text: str, number: int) -> None:
        """Any other line."""
        word = text.split(maxsplit=1)[0]
        if word in _DIRECTIVES:
            raise ObscureMakefileError(f"`{word}` (line {number})")
        if word == "export":
            self._export(text.removeprefix("export").strip(), number)
            return
        assigned = _ASSIGNMENT.match(text)
        if assigned:
            self._in_rule = False
            self._assign(assigned[1], assigned[2], assigned[3], number)
        elif ":" in text:
            self._rule(text, number)
        else:
            raise ObscureMakefileError(f"`{text[:40]}` (line {number})")

    def _export(self, text: str, number: int) -> None:
        self._in_rule = False
        assigned = _ASSIGNMENT.match(text)
        if assigned:
            self._assign(assigned[1], assigned[2], assigned[3], number)
        names = [assigned[1]] if assigned else text.split()
        if not names or any("$" in name or name in _NOT_TO_SET for name in names):
            raise ObscureMakefileError(f"`export` (line {number})")
        self._variables.export(names)

    def _assign(self, name: str, sign: str, value: str, number: int) -> None:
        allowed = {"SHELL": _SHELLS, ".SHELLFLAGS": _SHELL_FLAGS, "MAKEFLAGS": _MAKE_FLAGS, "GNUMAKEFLAGS": _MAKE_FLAGS}.get(
            name
        )
        harmless = allowed is not None and all(
            word in allowed or (re.fullmatch(r"(?:-j|--jobs=)\d*", word) is not None and name.endswith("MAKEFLAGS"))
            for word in value.split()
        )
        if name in _NOT_TO_SET or (allowed is not None and not harmless):
            raise ObscureMakefileError(f"it sets `{name}` (line {number})")
        if allowed is None:
            self._variables.assign(name, sign, value)

    def _rule(self, text: str, number: int) -> None:
        head, semicolon, inline = text.partition(";")
        before, colon, rest = head.partition(":")
        doubled = rest.startswith(":")
        rest = rest.removeprefix(":")
        if "$" in before:
            before = self._variables.expand(before)
        if before.rstrip().endswith("&") or doubled or not colon:
            raise ObscureMakefileError(f"grouped or double-colon rule (line {number})")
        if _OF_TARGET.match(rest):
            raise ObscureMakefileError(f"a variable of a target (line {number})")
        targets = before.split()
        needs, after, why = self._needs(rest, number)
        lines = (Line(text=inline, number=number),) if semicolon else ()
        self._in_rule, self._open = True, ()
        if any("%" in target or _is_suffix_rule(target) for target in targets):
            self._patterns += map(_pattern, targets)
            return
        if any(set(target) & set("*?[]()~$") for target in targets) or (":" in rest and not why):
            raise ObscureMakefileError(f"a target that only the run tells (line {number})")
        self._open = tuple(_plain(target) for target in targets if not self._special(target, needs, number))
        for target in self._open:
            self._add(target, needs, after, lines, why)
        if self._open and not self._first:
            self._first = next((name for name in self._open if not name.startswith(".") or "/" in name), "")

    def _needs(self, text: str, number: int) -> tuple[tuple[str, ...], tuple[str, ...], str]:
        """What a rule needs, what has to be there before, and why that is not understood."""
        try:
            text = self._variables.expand(text)
        except NotConstantError as error:
            if self._variables.acts(text):
                raise
            return (), (), f"{error} (line {number})"
        normal, _, order_only = text.partition("|")
        found = tuple(map(_plain, normal.split())), tuple(map(_plain, order_only.split()))
        strange = next((name for names in found for name in names if set(name) & set("*?[]()~$%:")), "")
        return (*found, f"`{strange}` is no plain name (line {number})" if strange else "")

    def _special(self, target: str, needs: Sequence[str], number: int) -> bool:
        if target == ".PHONY":
            self._phony.update(needs)
        elif target in _OTHER_SPECIAL:
            raise ObscureMakefileError(f"`{target}` (line {number})")
        elif target == ".DELETE_ON_ERROR":
            self._deletes = True
        return target == ".PHONY" or target in _PLAIN_SPECIAL

    def _add(self, target: str, needs: tuple[str, ...], after: tuple[str, ...], lines: tuple[Line, ...], why: str) -> None:
        known = self._rules.get(target)
        if known is not None and known.recipe:
            why = why or f"`{target}` has several rules"
        self._rules[target] = Rule(
            target=target,
            needs=(*(known.needs if known else ()), *needs),
            after=(*(known.after if known else ()), *after),
            recipe=(*(known.recipe if known else ()), *lines),
            obscure=(known.obscure if known else "") or why,
        )


def _plain(name: str) -> str:
    while name.startswith("./") and len(name) > 2:
        name = name[2:].lstrip("/")
    return name


def _pattern(target: str) -> str:
    """The pattern that a target of a rule for many names stands for: `.c.o` is `%.o`, `.c` is any name."""
    return target if "%" in target else "%" + (target[target.rindex(".") :] if target.count(".") > 1 else "")


def _is_suffix_rule(target: str) -> bool:
    return (
        _SUFFIX_RULE.fullmatch(target) is not None
        and target.upper() != target
        and "/" not in target
        and target not in _KNOWN_FOLDERS
    )


_KNOWN_FOLDERS = frozenset({".venv", ".env", ".git", ".tmp", ".nox", ".tox", ".bin", ".lib"})
