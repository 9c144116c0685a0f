"""Which programs of a text reach outside this checkout, and which nobody recognises: each one, where claims only keep the sum.

For deciding whether something may be run several times. See "Proof" in docs/design.md.
"""

from __future__ import annotations

from paratask.claims.model import Effect, Evidence
from paratask.languages.place import Checkout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from paratask.claims.model import Claims
    from paratask.languages.inner_runs import InnerRun
    from paratask.languages.place import Asked
    from paratask.languages.remembered import Reading
    from paratask.plugins.hookspecs import Invocation, Place


class EffectWatch(Checkout):
    """A view of the checkout that notes what its commands turn out to be. Ask with `begin`, then anything of `Place`, then look.

    `outside` and `unknown` have a reason for each program, by its text.
    """

    def __init__(
        self,
        root: str,
        *,
        plugins: Asked,
        environ: Mapping[str, str] | None = None,
        runs: Callable[[InnerRun, Place], Claims | None] | None = None,
    ) -> None:
        super().__init__(root, plugins=plugins, environ=environ, runs=runs)
        self.outside: dict[str, str] = {}
        self.unknown: dict[str, str] = {}

    def begin(self) -> None:
        """Forget what was noted, and what would keep a command from being looked at again."""
        self.outside, self.unknown = {}, {}
        self._readings.clear()

    def _read_invocation(self, invocation: Invocation) -> Reading:
        noted = len(self.outside) + len(self.unknown)
        reading = super()._read_invocation(invocation)
        if len(self.outside) + len(self.unknown) == noted:  # one that starts others is what they are
            self._note(" ".join("…" if word is None else word for word in invocation.words), reading.claims)
        return reading

    def _note(self, text: str, claims: Claims) -> None:
        if claims.evidence is Evidence.NONE:
            self.unknown[text] = claims.effect_reason
        elif claims.effect is Effect.OUTSIDE:
            self.outside[text] = claims.effect_reason
