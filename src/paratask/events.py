"""Everything a run can announce. Subscribers (console, records) get each event in order, in the loop's thread.

Events are values: nobody may change one. Times are seconds since the epoch. See "The way of the data" in docs/design.md.
"""

from __future__ import annotations

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class JobChanged:
    """A job came to a new state; `reason` says why it did, where there is something to say."""

    job: str
    task: str
    state: str
    at: float
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandEnded:
    """A process ended. `cpu_seconds` and `peak_bytes` are the kernel's account of it and the children it waited for."""

    job: str
    command: str
    exit_status: int
    at: float
    seconds: float
    cpu_seconds: float
    peak_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetArranged:
    """Neighbouring calls were arranged: `after[i]` are the members that member i waits for.

    `is_parallel` is whether any two of them may run at the same time.
    """

    parent: str
    members: tuple[str, ...]
    after: tuple[tuple[str, ...], ...]
    is_parallel: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FellBack:
    """A job failed beside others and was run again alone. `passed` says how that ended; `beside` are the tasks it overlapped."""

    job: str
    task: str
    beside: tuple[str, ...]
    exit_status: int
    passed: bool
    first_log: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """A job failed and gets another attempt, of that number, as declared; the log of the one before is kept."""

    job: str
    task: str
    attempt: int
    exit_status: int
    wait_seconds: float
    log_before: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedAgain:
    """Memory ran out: a job that had `peak_bytes` of it was ended, by us or by the kernel, and waits until there is room for it."""

    job: str
    task: str
    peak_bytes: int
    by_kernel: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Something the user should read once."""

    text: str


if TYPE_CHECKING:
    Event = JobChanged | CommandEnded | SetArranged | FellBack | Retried | QueuedAgain | Notice
    Subscriber = Callable[[Event], None]


class EventBus:
    """Hands each event to every subscriber, in order of subscription."""

    def __init__(self) -> None:
        self._subscribers: list[Subscriber] = []

    def subscribe(self, subscriber: Subscriber) -> None:
        self._subscribers.append(subscriber)

    def announce(self, event: Event) -> None:
        for subscriber in self._subscribers:
            subscriber(event)
