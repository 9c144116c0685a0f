"""A checkout in memory with names of its own for what `paratask.testing` offers: whole claims, asked for with absolute folders."""

from __future__ import annotations

from paratask.claims import conflicts
from paratask.testing import FakeCheckout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.claims.model import Claims
    from paratask.plugins.hookspecs import Delegation, Invocation, Recognition


class FakePlace(FakeCheckout):
    """A checkout that can also be asked about an invocation that no text was parsed for."""

    def recognise(self, invocation: Invocation) -> Recognition | Delegation | None:
        return self._hooks.hook.recognise(invocation=invocation, place=self)


def conflict(a: Claims, b: Claims) -> bool:
    """Whether the two may not hold at the same time."""
    return conflicts.conflict(a, b) is not None
