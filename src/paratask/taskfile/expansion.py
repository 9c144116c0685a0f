"""`~`, `$NAME` and `${NAME…}` in a path, from the environment. go-task: execext.ExpandLiteral.

A path is read there as a shell reads a here-document: quotes mean nothing outside of braces, and a backslash stays where it is, but keeps a
`$`, a backquote or a backslash after it from meaning anything. Of what a shell can do with a variable, defaults, alternatives, demands and
lengths are known here, and what changes a value in parameters.py; commands are refused there as well. Knows nothing of the file system.
"""

from __future__ import annotations

import re

from paratask.errors import VariableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_SPECIAL = r"[@*#$?!0-9-]"
_PLAIN = re.compile(rf"\$(?:({_NAME})|{_SPECIAL})")
_IN_BRACES = re.compile(rf"([#!]?)({_NAME}|{_SPECIAL}+)(?:(:?[-+?=])(.*))?\Z", re.DOTALL)
_UNQUOTED = re.compile(r"""(?:\\.|\$(?!\{)|[^'"$\\])+""", re.DOTALL)
_QUOTED = re.compile(r"""'[^']*'|"(?:\\.|[^"\\])*\"""", re.DOTALL)
_WILD = re.compile(r"[*?[\\]")
_KEPT = ("\\$", "\\`", "\\\\")


def expanded(text: str, environ: Mapping[str, str]) -> str:
    """The text with its variables filled in; unset ones are empty. Raises VariableError."""
    return _without_tilde(filled(text, environ), environ) if text.startswith("~") else filled(text, environ)


def _without_tilde(text: str, environ: Mapping[str, str]) -> str:
    """A home folder in place of `~` or `~NAME`; both stay where there is none."""
    user, slash, rest = text[1:].partition("/")
    if not user:
        return environ.get("HOME", "~") + slash + rest
    import pwd

    try:
        return pwd.getpwnam(user).pw_dir + slash + rest
    except (KeyError, ValueError):
        return text


def filled(text: str, environ: Mapping[str, str]) -> str:
    """The same with a `~` left as it is. Raises VariableError."""
    out: list[str] = []
    at = 0
    while at < len(text):
        if text.startswith(_KEPT, at):
            out.append(text[at : at + 2])
            at += 2
        elif text.startswith("\\\n", at):
            at += 2
        elif text.startswith("${", at):
            end = _closing(text, at)
            out.append(_in_braces(text[at + 2 : end], environ))
            at = end + 1
        elif text.startswith(("`", "$(", "$["), at):
            raise VariableError(f"commands and arithmetic cannot be used in a path: `{text}`")
        elif found := _PLAIN.match(text, at):
            out.append(environ.get(found[1] or "", ""))
            at = found.end()
        else:
            out.append(text[at])
            at += 1
    return "".join(out)


def _closing(text: str, start: int) -> int:
    """Where the brace after the `$` at `start` is closed."""
    for at, depth in _meant(text, start + 2):
        if text[at] == "}" and not depth:
            return at
    raise VariableError(f"a `${{` is not closed: `{text}`")


def _meant(text: str, at: int) -> Iterator[tuple[int, int]]:
    """Where the characters are that no quote and no backslash keeps from meaning anything, and in how many braces each is."""
    depth = 0
    while at < len(text):
        if text[at] in "'\"":
            quoted = _QUOTED.match(text, at)
            if quoted is None:
                raise VariableError(f"a quote is not closed: `{text}`")
            at = quoted.end()
        elif text[at] == "\\":
            at += 2
        elif text.startswith("${", at):
            depth += 1
            at += 2
        else:
            yield at, depth
            depth -= text[at] == "}" and depth > 0
            at += 1


def _in_braces(inside: str, environ: Mapping[str, str]) -> str:
    found = _IN_BRACES.match(inside)
    if found is None:
        return _changed(inside, environ)
    if found[1] and found[3]:
        raise VariableError(f"`${{{inside}}}` cannot be used in a path")
    prefix, name, operator, word = found[1], found[2], found[3] or "", found[4] or ""
    value = environ.get(name, "")
    if prefix == "#":
        return str(len(value))
    if prefix == "!":
        return environ.get(value, "")
    if operator.endswith("+"):
        return _word(word, environ) if value else ""
    if value or not operator:
        return value
    if operator.endswith("-"):
        return _word(word, environ)
    raise VariableError(f"`{name}` is not set: {word or 'a path needs it'}")


def _word(text: str, environ: Mapping[str, str], *, is_replaced: bool = False) -> str:
    """A word in braces, in which quotes have their meaning, filled in. What they hold has no wildcards in a pattern that `is_replaced`."""
    out: list[str] = []
    at = 0
    while at < len(text):
        end = at + 1
        if text[at] in "'\"":
            quoted = _QUOTED.match(text, at)
            if quoted is None:
                raise VariableError(f"a quote is not closed: `{text}`")
            end, inside = quoted.end(), quoted[0][1:-1]
            inside = inside if text[at] == "'" else filled(inside, environ).replace('\\"', '"')
            out.append(_WILD.sub(r"\\\g<0>", inside) if is_replaced else inside)
        else:
            found = _UNQUOTED.match(text, at)
            end = _closing(text, at) + 1 if text.startswith("${", at) else found.end() if found else end
            out.append(filled(text[at:end], environ))
        at = end
    return _without_tilde("".join(out), environ) if text.startswith("~") else "".join(out)


def _changed(inside: str, environ: Mapping[str, str]) -> str:
    """What is neither the value nor something in its place."""
    from paratask.taskfile.parameters import OPERATORS, changed

    found = re.match(rf"({_NAME})({OPERATORS})", inside)
    try:
        if found is None:
            raise ValueError(inside)
        parts = _parts(inside[found.end() :], found[2][0]) if found[2] in ("/", "//", ":") else (inside[found.end() :],)
        words = (_word(part, environ, is_replaced=found[2][0] == "/" and part is parts[0]) for part in parts)
        return changed(environ.get(found[1], ""), found[2], tuple(words))
    except (ValueError, re.error) as error:
        raise VariableError(f"`${{{inside}}}` cannot be used in a path") from error


def _parts(text: str, mark: str) -> tuple[str, ...]:
    """The words on both sides of the first `mark` that is in no braces and no quotes; one where there is none."""
    found = next((at for at, depth in _meant(text, 0) if text[at] == mark and not depth), None)
    return (text,) if found is None else (text[:found], text[found + 1 :])
