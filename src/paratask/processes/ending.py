"""Ends processes that are not ours to wait for, politely at first or at once. Knows nothing of who they are."""

from __future__ import annotations

import signal
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

GRACE_SECONDS = 2.0
LOOK_SECONDS = 0.01


def end_gently(send: Callable[[int], None], is_gone: Callable[[], bool]) -> bool:
    """SIGTERM, also to those that are stopped; what is there after two seconds gets SIGKILL. Whether all is gone then."""
    send(signal.SIGTERM)
    send(signal.SIGCONT)
    if wait_until(is_gone):
        return True
    send(signal.SIGKILL)
    return wait_until(is_gone)


def end_at_once(send: Callable[[int], None], is_gone: Callable[[], bool]) -> bool:
    """SIGKILL. Whether all is gone then."""
    send(signal.SIGKILL)
    return wait_until(is_gone)


def wait_until(condition: Callable[[], bool]) -> bool:
    """Whether it comes true in the time that processes have to end."""
    deadline = time.monotonic() + GRACE_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(LOOK_SECONDS)  # nobody tells of the end of processes that are no children
    return True
