"""Command lines of `--exec`: a template and arguments make one, by GNU parallel's rules. Pure text; GNU parallel's manual, "Replacement strings".

`{}` is all arguments of the line, `{2}` the second one, `{-1}` the last; with `.` less its extension, `/` its last part, `//` its
folder, `/.` the last part less its extension. `{#}` is the line's number. `{%}` is left for whoever starts it. Each value is quoted
for the shell. Where none of these is there, the arguments come at the end; without a template they are the command line, as they are.
"""

from __future__ import annotations

import re
from shlex import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

STRINGS = re.compile(r"\{(?:(?P<number>0?#)|(?P<place>-?[1-9][0-9]*)?(?P<form>\.|//|/\.|/)?)\}")
SLOT = "{%}"
EXTENSION = re.compile(r"\.[^/.]*\Z")


class Template:
    """The words before the first `:::`, joined as GNU parallel joins them; none where the arguments are the commands."""

    def __init__(self, words: Sequence[str]) -> None:
        self.text = " ".join(words)
        has_any = self.has_slot or STRINGS.search(self.text) is not None
        self._filled = self.text if has_any else f"{self.text} {{}}"

    @property
    def has_slot(self) -> bool:
        """Whether it asks for the number of the slot."""
        return SLOT in self.text

    def line(self, number: int, arguments: Sequence[str]) -> str:
        """The command line of that number, counted from 1."""
        if not self.text:
            return " ".join(arguments)
        return STRINGS.sub(lambda match: _value(match, number, arguments), self._filled)


def _value(match: re.Match[str], number: int, arguments: Sequence[str]) -> str:
    if match["number"]:
        return str(number)
    form = FORMS[match["form"] or ""]
    if not match["place"]:
        return " ".join(quote(form(argument)) for argument in arguments)
    place = int(match["place"])
    index = place - 1 if place > 0 else len(arguments) + place
    return quote(form(arguments[index])) if 0 <= index < len(arguments) else ""


def without_extension(text: str) -> str:
    """`a/b.c` is `a/b`, and `.c` is nothing."""
    return EXTENSION.sub("", text)


def last_part(text: str) -> str:
    """`a/b` is `b`."""
    return text.rpartition("/")[2]


def folder_of(text: str) -> str:
    """As dirname(1) has it."""
    above, slash, _ = text.rstrip("/").rpartition("/")
    if slash:
        return above.rstrip("/") or "/"
    return "/" if text.startswith("/") else "."


FORMS: dict[str, Callable[[str], str]] = {
    "": str,
    ".": without_extension,
    "/": last_part,
    "//": folder_of,
    "/.": lambda text: without_extension(last_part(text)),
}
