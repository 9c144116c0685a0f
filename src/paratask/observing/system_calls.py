"""strace's lines to system calls. Knows strace's notation, and nothing of what a call does.

Lines that other processes cut in two ("unfinished …", "resumed") are put together again and stand where they began; strings lose
their escapes. What is no system call (signals, ends) is left out.
"""

from __future__ import annotations

import re

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STRING = r'"((?:[^"\\]|\\.)*)"'
"""A string as strace writes it, as a regular expression with one group."""

_LINE = re.compile(r"(\d+) +(.*)", re.DOTALL)
_WHOLE = re.compile(r"(\w+)\((.*)\) += (.*)", re.DOTALL)
_RESUMED = re.compile(r"<\.\.\. (\w+) resumed>(.*)", re.DOTALL)
_UNFINISHED = " <unfinished ...>"
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|[0-7]{1,3}|.)", re.DOTALL)
_LETTERS = {"n": 10, "t": 9, "r": 13, "v": 11, "f": 12, "a": 7, "b": 8, "e": 27}


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemCall:
    """One call: `arguments` and `result` as strace writes them, its process, and whether it succeeded.

    `result` is "?" for a call that its process did not survive.
    """

    pid: int
    name: str
    arguments: str
    result: str

    @property
    def succeeded(self) -> bool:
        return self.result[:1] not in ("-", "?")

    @property
    def number(self) -> int:
        """What it returned; 0 where that is no number."""
        found = re.match(r"-?\d+", self.result)
        return int(found.group()) if found else 0


class Lines:
    """The lines of a trace, each once. `is_cut_off` is whether it breaks off before the end of the process that was traced first: where strace
    had no room for that, other lines may be missing, too. One that was killed with its command has written whole lines.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = lines
        self.is_cut_off = True

    def __iter__(self) -> Iterator[str]:
        first = line = ""
        has_end = False
        for line in self._lines:
            pid, _, text = line.partition(" ")
            first = first or pid
            has_end = has_end or (pid == first and text.lstrip().startswith("+++ "))
            yield line
        self.is_cut_off = not (has_end or line.endswith("\n"))


def parse_calls(lines: Iterable[str]) -> Iterator[SystemCall]:
    """The calls in the order in which they began. Lines that are not strace's are passed over."""
    waiting: dict[tuple[int, str], int] = {}
    calls: list[SystemCall | None] = []
    begun: dict[int, tuple[int, str, str]] = {}
    for line in lines:
        found = _LINE.match(line.rstrip("\n"))
        if found is None:
            continue
        pid, text = int(found.group(1)), found.group(2)
        if text.endswith(_UNFINISHED) and "(" in text:
            name, arguments = text.removesuffix(_UNFINISHED).split("(", 1)
            waiting[pid, name] = len(calls)
            begun[len(calls)] = (pid, name, arguments)
            calls.append(None)
            continue
        resumed = _RESUMED.match(text)
        if resumed is not None:
            place = waiting.pop((pid, resumed.group(1)), None)
            if place is not None:
                _, name, arguments = begun.pop(place)
                calls[place] = _call(pid, f"{name}({arguments}{resumed.group(2)}")
        elif not waiting:
            if calls:
                yield from (call for call in calls if call is not None)
                calls, begun = [], {}
            call = _call(pid, text)
            if call is not None:
                yield call
        else:
            calls.append(_call(pid, text))
    for place, (pid, name, arguments) in begun.items():
        calls[place] = SystemCall(pid=pid, name=name, arguments=arguments, result="?")
    yield from (call for call in calls if call is not None)


def _call(pid: int, text: str) -> SystemCall | None:
    found = _WHOLE.match(text)
    if found is None:
        return None
    return SystemCall(pid=pid, name=found.group(1), arguments=found.group(2).removesuffix(_UNFINISHED), result=found.group(3))


def unescaped(text: str) -> str:
    r"""The text that strace's `\n`, `\303\251`, `\x0a` and `\"` stand for; bytes that are no UTF-8 as surrogates."""
    if "\\" not in text:
        return text
    data = bytearray()
    position = 0
    for found in _ESCAPE.finditer(text):
        data += text[position : found.start()].encode("utf-8", "surrogateescape")
        data += _bytes(found.group(1))
        position = found.end()
    data += text[position:].encode("utf-8", "surrogateescape")
    return data.decode("utf-8", "surrogateescape")


def _bytes(escape: str) -> bytes:
    if escape[0] == "x" and len(escape) > 1:
        return bytes((int(escape[1:], 16),))
    if escape[0] in "01234567":
        return bytes((int(escape, 8) & 0xFF,))
    if escape in _LETTERS:
        return bytes((_LETTERS[escape],))
    return escape.encode("utf-8", "surrogateescape")
