"""go-task's own small functions. go-task: internal/templater/funcs.go. Knows of the outside what the machine tells."""

from __future__ import annotations

from paratask.templating.failures import FunctionError
from paratask.templating.values import GoObject, Strings, Uint8

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from paratask.templating import Machine


class Uuid(GoObject):
    """A random UUID, an array of bytes in Go."""

    __slots__ = ("_text",)
    go_type = "uuid.UUID"
    go_kind = "array"

    def __init__(self, text: str) -> None:
        self._text = text

    def go_text(self) -> str:
        return self._text

    def go_methods(self) -> Mapping[str, Callable[..., object]]:
        return {"String": self.go_text, "URN": lambda: f"urn:uuid:{self._text}"}

    def go_items(self) -> tuple[object, ...]:
        return tuple(Uint8(byte) for byte in bytes.fromhex(self._text.replace("-", "")))


def os_name(machine: Machine) -> str:
    """Go's name of the operating system."""
    return machine.os


def architecture(machine: Machine) -> str:
    """Go's name of the processor."""
    return machine.arch


def cpu_count(machine: Machine) -> int:
    """Processors that may be used."""
    return machine.cpu_count


def is_shell() -> bool:
    """Always true; go-task keeps it for old Taskfiles."""
    return True


def join_lines(text: str) -> str:
    """Line ends as spaces."""
    return text.replace("\r\n", " ").replace("\n", " ")


def split_lines(text: str) -> Strings:
    """The lines."""
    return Strings(text.replace("\r\n", "\n").split("\n"))


def uuid(machine: Machine) -> Uuid:
    """A random UUID (version 4)."""
    bits = machine.random().getrandbits(128)
    bits = bits & ~(0xF << 76) | (4 << 76)
    bits = bits & ~(0x3 << 62) | (2 << 62)
    digits = f"{bits:032x}"
    return Uuid("-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:])))


def random_below(machine: Machine, limit: int) -> int:
    """A number from 0 to before `limit`."""
    if limit <= 0:
        raise FunctionError("invalid argument to IntN: it must be at least 1")
    return int(machine.random().randrange(limit))


def random_between(machine: Machine, low: int, high: int) -> int:
    """A number from `low` to before `high`."""
    if high <= low:
        raise FunctionError("randInt needs a maximum above its minimum")
    return int(machine.random().randrange(low, high))
