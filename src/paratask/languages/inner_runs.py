"""A call of `task` or `paratask` in a shell text: a run in a process of its own. See "Claims" in docs/design.md.

Reads its words, and says what such a process finds in its environment. Only options that change nothing about what the run touches
are taken. Knows no Taskfile: what the run claims is asked of planning.
"""

from __future__ import annotations

import posixpath

from paratask.frozen import dataclass
from paratask.languages.leading_variables import SAME_UNSET
from paratask.languages.options import Role, parse, roles
from paratask.languages.tool_calls import program_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from paratask.claims.model import Claims
    from paratask.languages.options import Word
    from paratask.plugins.hookspecs import Invocation, Place

    ClaimsOf = Callable[[str, str, Mapping[str, Word], bool], Claims]
    """Those of a text, in a folder, with an environment, which may be all that it is started with."""

_PATHS = (Role.FOLDER, Role.READS)
_OPTIONS = {
    Role.FLAG: "-s --silent -v --verbose -y --yes -p --parallel -F --failfast -x --exit-code -c --color -f --force",
    Role.VALUE: "-C --concurrency -o --output",
    Role.FOLDER: "-d --dir",
    Role.READS: "-t --taskfile",
}
_ITS_OWN = ("TASK_", "PARATASK_", "USE_PARALLEL")
_SWITCH = "TASK_X_"
_OTHER = "taskipy"
"""A package of Python that brings a `task` too, whose tasks are in pyproject.toml."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InnerRun:
    """What a run is started with: its words up to `--`, what stands behind that (None where only the run tells), and its environment.

    `given` are the variables that its process has besides those that we ourselves were started with; None for a value that is not known.
    """

    cwd: str
    program: str
    words: tuple[str, ...]
    rest: tuple[str, ...] | None
    given: tuple[tuple[str, str | None], ...]


def inner_run(invocation: Invocation, outer: Mapping[str, Word], environ: Mapping[str, str], place: Place) -> InnerRun | None:
    """The run that a call of `task` or `paratask` starts; None where it is another program, or does what is not understood.

    `outer` are all variables of the task that the call stands in. What we were started with, `environ`, stands above them.
    """
    program, *words = invocation.words
    if program_name(program) is None:
        return None
    end = words.index("--") if "--" in words else len(words)
    before, after = words[:end], words[end + 1 :]
    given = _given(outer, environ, invocation.environment)
    if given.get("PATH", "") is None or any(name.startswith(_ITS_OWN) for name in given):
        return None
    parsed = parse(before, roles(_OPTIONS))
    if (
        parsed is None
        or parsed.all(Role.INFORMS)
        or any(option.value is None for option in parsed.options if option.role in _PATHS)
    ):
        return None
    if _is_another(invocation.cwd, place) or _SWITCH in (place.read_text(posixpath.join(invocation.cwd, ".env")) or ""):
        return None
    return InnerRun(
        cwd=invocation.cwd,
        program=posixpath.basename(program or ""),
        words=tuple("" if word is None else word for word in before),
        rest=None if None in after else tuple(word for word in after if word is not None),
        given=tuple(given.items()),
    )


def _is_another(cwd: str, place: Place) -> bool:
    """Whether `task` may be that of a Python project."""
    folder = cwd
    while folder not in ("", "/"):
        if _OTHER in (place.read_text(posixpath.join(folder, "pyproject.toml")) or ""):
            return True
        folder = posixpath.dirname(folder)
    return False


def _given(outer: Mapping[str, Word], environ: Mapping[str, str], written: Mapping[str, Word]) -> dict[str, Word]:
    """A name that is in `environ` too has the value there, unless the text sets it: of one that a task sets that cannot be told. An empty one
    may have been taken away, so that the run's own tasks set it.
    """
    found = {name: value for name, value in outer.items() if name not in environ}
    for name, value in written.items():
        if name not in environ:
            found[name] = value if value or name not in SAME_UNSET else None
        elif value != environ[name]:
            found[name] = None
    return found


def inner_place(place: Place, given: Mapping[str, Word], claims_of: ClaimsOf) -> Place:
    """The checkout, for what an inner run starts: its process's environment stands above what its tasks set."""
    return _InnerPlace(place, given, claims_of)  # type: ignore[return-value]  # it has all else from the place itself


class _InnerPlace:
    """All that a place has, but for the claims of texts."""

    def __init__(self, place: Place, given: Mapping[str, Word], claims_of: ClaimsOf) -> None:
        self._place = place
        self._given = given
        self._claims_of = claims_of

    def __getattr__(self, name: str) -> object:
        return getattr(self._place, name)

    def command_claims(
        self, text: str, cwd: str, environment: Mapping[str, str | None] | None = None, *, is_whole: bool = False
    ) -> Claims:
        """See `Place`."""
        return self._claims_of(text, cwd, {**(environment or {}), **self._given}, is_whole)
