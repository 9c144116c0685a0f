"""Where shell text may be, and with which variables, before and after each statement; and the paths it uses itself.

Values only; knows neither nodes nor programs. A `State` that is None means that this point is never reached.
"""

from __future__ import annotations

from paratask.frozen import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from paratask.claims.model import Access


COUNT = "#"
"""How many words a script or a function was given; the first of them is the value of `1`."""
PATH, PROGRAMS = "PATH", "/usr/bin"
"""Where programs are looked for, and what stands for the machine's own folders there: an empty part would be the current one."""


class ObscureError(Exception):
    """Something that gives up on the whole text; its message names it."""


def _unknown(folder: str) -> None:
    """Nobody can be asked."""
    del folder


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The folders a statement may start in, and the variables that programs may see; None where the value is not known.

    `values` are the shell's own variables as far as the text tells them. With `exports` each that is assigned is seen by programs (`set -a`).
    `previous` are the folders before the last `cd`, none where that is not known. `toplevel` finds the folder of the git repository
    around another.
    """

    folders: tuple[str, ...]
    environment: Mapping[str, str | None]
    values: Mapping[str, str] = {}
    exports: bool = False
    previous: tuple[str, ...] = ()
    toplevel: Callable[[str], str | None] = _unknown

    def having(self, variables: Mapping[str, str | None]) -> State:
        """The same state with some variables set."""
        return replace(self, environment={**self.environment, **variables}) if variables else self

    def at(self, folders: tuple[str, ...]) -> State:
        """The same state in other folders, which a `cd` led to."""
        return replace(self, folders=folders, previous=self.folders)

    def setting(self, values: Mapping[str, str | None]) -> State:
        """The same state after assignments; None where the value is not known."""
        known = {name: value for name, value in {**self.values, **values}.items() if value is not None}
        return replace(self, values=known) if values else self

    def without_given(self) -> State:
        """The same state where nothing is known any more of what the text was given (`$1`, `$#`)."""
        kept = {name: value for name, value in self.values.items() if name != COUNT and not name.isdigit()}
        return self if len(kept) == len(self.values) else replace(self, values=kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What a statement leaves: when it succeeds, when it fails, and for the statement on the next line.

    The last differs from both together: the shell ends when a statement by itself fails (`-e`).
    """

    success: State | None
    failure: State | None
    after: State | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PathUse:
    """A path that the shell itself reads or writes. `path` is absolute, or None where only the run tells; `text` is as written."""

    access: Access
    path: str | None
    text: str


DEAD = Flow(success=None, failure=None, after=None)
"""What leaves the shell."""


def same(state: State | None) -> Flow:
    """The flow of a statement that changes neither folder nor variables."""
    return Flow(success=state, failure=state, after=state)


def merged(a: State | None, b: State | None) -> State | None:
    """Either of two states: the folders of both; of the variables, the value that they agree on."""
    if a is None or b is None or a == b:
        return b if a is None else a
    names = {**a.environment, **b.environment}
    agreed = {name: value if _agree(name, a, b) else None for name, value in names.items()}
    if agreed.get(PATH, "") is None:
        agreed[PATH] = _looked_in(a, b)
    values = {name: value for name, value in a.values.items() if b.values.get(name) == value}
    folders = tuple(dict.fromkeys((*a.folders, *b.folders)))
    previous = a.previous if a.previous == b.previous else ()
    exports = a.exports and b.exports
    return replace(a, folders=folders, environment=agreed, values=values, exports=exports, previous=previous)


def _looked_in(a: State, b: State) -> str | None:
    """The folders of either state's `PATH`: a program may be in any of them. None where one is not known."""
    first, second = (state.environment.get(PATH, PROGRAMS) for state in (a, b))
    return None if first is None or second is None else ":".join(dict.fromkeys(f"{first}:{second}".split(":")))


def joined(flows: Sequence[Flow]) -> Flow:
    """Any one of several flows."""
    whole = DEAD
    for flow in flows:
        whole = Flow(
            success=merged(whole.success, flow.success),
            failure=merged(whole.failure, flow.failure),
            after=merged(whole.after, flow.after),
        )
    return whole


def either(first: Flow, second: Flow, *, of: str) -> Flow:
    """`first && second` or `first || second`: `second` has been started where `first` ended in `of`, the other end stays."""
    success = second.success if of == "success" else merged(first.success, second.success)
    failure = second.failure if of == "failure" else merged(first.failure, second.failure)
    return Flow(success=success, failure=failure, after=merged(first.after, second.after))


def _agree(name: str, a: State, b: State) -> bool:
    return name in a.environment and name in b.environment and a.environment[name] == b.environment[name]
