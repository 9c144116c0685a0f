"""The checkout as language plugins see it, and the claims of whole commands. See "Claims" in docs/design.md.

Implements `paratask.plugins.hookspecs.Place`: a view of the files that is read once and then believed, so that it answers for
one plan and no longer. Puts together what the plugins say of each program that a text runs; what nobody recognises is
unknown. Patterns are made of real paths (symbolic links followed), except below a wildcard, where nobody knows what it will match.

Knows no language and no tool; starts nothing; writes nothing. All reading goes through a `Reader`.
"""

from __future__ import annotations

import os
import posixpath
import stat

from paratask.claims.model import Access, Claim, Claims, Effect, Evidence, Worth, union, unknown
from paratask.claims.overlap import escape
from paratask.frozen import replace
from paratask.languages.commands import NotUnderstood, PathUse, parse_commands
from paratask.languages.leading_variables import ENTERED, RENEWING, leading_variables
from paratask.languages.options import refusals
from paratask.languages.patterns import anywhere, is_stream, word_pattern
from paratask.languages.remembered import MAX_BYTES, Reading, Readings, decoded
from paratask.languages.shell.values import as_good_as_unset, is_plain, unset_names
from paratask.plugins.hookspecs import Delegation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Protocol

    from paratask.languages.inner_runs import InnerRun
    from paratask.plugins.hookspecs import Invocation, Place, Recognition

    class Asked(Protocol):
        """The language plugins."""

        def recognise(self, invocation: Invocation, place: Place) -> Recognition | Delegation | None:
            """What a program's call claims; None where no plugin knows it."""

    class Reader(Protocol):
        """Where the view reads from. Paths are absolute."""

        def read(self, path: str, limit: int) -> bytes | None:
            """The first `limit` bytes of the file at `path`; None where it cannot be read."""

        def exists(self, path: str) -> bool:
            """Whether there is a file or folder."""

        def listdir(self, folder: str) -> Sequence[str]:
            """The names in `folder`; empty where it cannot be read."""

        def realpath(self, path: str) -> str:
            """`path` without symbolic links, `.` and `..`; what does not exist stays as it is."""

        def ignores_case(self, folder: str) -> bool:
            """Whether `folder`, which is there, can also be named with its letters' case changed."""


_NOTHING: Mapping[str, str | None] = {}
_NO_CLAIMS = Claims(evidence=Evidence.INFERRED)
_RUNNERS = ("task", "go-task", "paratask")
_WORDS_OF_GO = ("True", "False")
"""Booleans, which programs are given in lower case."""
_SETS_MORE = frozenset(["BASH_ENV", "ENV"])
"""They name a file that a shell begins with."""
_NAMING = frozenset(["ln", "cp", "mv"])
_SAYING_WHICH = tuple(
    f"{name}{below}"
    for name in ("-version", "-versions", "mise.toml", "mise.local.toml", ".nvmrc", ".sdkmanrc")
    for below in ("", "/**")
)
"""How the names of files end that say which programs are started."""


class Disk:
    """The `Reader` of real files, for one plan."""

    def __init__(self) -> None:
        self._plain: set[str] = set()
        """Paths that no link leads to: of what is right below them only the name has to be looked at."""

    def read(self, path: str, limit: int) -> bytes | None:
        """See `Reader`. What is no file (a pipe that a checkout has in its place) is not waited for."""
        try:
            with open(path, "rb", opener=_without_waiting) as file:
                found = os.fstat(file.fileno())
                size = found.st_size + 1 if found.st_size else limit  # to make room for all of `limit` takes longest
                return file.read(min(size, limit)) if stat.S_ISREG(found.st_mode) else None
        except (OSError, ValueError):
            return None

    def exists(self, path: str) -> bool:
        """See `Reader`."""
        return os.path.exists(path)

    def listdir(self, folder: str) -> Sequence[str]:
        """See `Reader`."""
        try:
            return os.listdir(folder)
        except (OSError, ValueError):
            return ()

    def realpath(self, path: str) -> str:
        """See `Reader`."""
        folder, name = posixpath.split(path)
        is_plain = folder in self._plain and name not in ("", ".", "..") and not os.path.islink(path)
        real = path if is_plain else os.path.realpath(path)
        if real == path:
            self._plain.update((folder, path))
        return real

    def ignores_case(self, folder: str) -> bool:
        """See `Reader`."""
        try:
            return folder != folder.swapcase() and os.path.samefile(folder, folder.swapcase())
        except OSError:
            return False


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)


class Checkout:
    """The `Place` of one plan. Not for use by several threads at once. `text_of` remembers from one plan to the next, where it is given.

    `environ` is the environment that commands are started with: what it has stands above a task's own. Where it is not given, no variable's
    value is believed. `runs` says what a run claims that a command starts (`task -d api build`); None where it does not understand.
    """

    def __init__(
        self,
        root: str,
        *,
        plugins: Asked,
        reader: Reader | None = None,
        text_of: Callable[[str], str | None] | None = None,
        environ: Mapping[str, str] | None = None,
        runs: Callable[[InnerRun, Place], Claims | None] | None = None,
    ) -> None:
        self._environ = environ
        self._renewing = tuple(sorted(RENEWING.intersection(environ or ())))
        self.is_entered = not ENTERED.isdisjoint(environ or ())
        self._runs = runs
        self._runs_met = 0
        self._is_fed = False
        self._outer: Mapping[str, str | None] | None = None
        self._text_of = text_of or self._decode
        self._reader: Reader = reader or Disk()
        self.root = posixpath.normpath(root)
        self.real_root = self._reader.realpath(self.root)
        self.ignores_case = self._reader.ignores_case(self.real_root)
        self._plugins = plugins
        self._texts: dict[str, str | None] = {}
        self._existing: dict[str, bool] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        self._real: dict[str, str] = {}
        self.led: dict[str, dict[str, None]] = {}
        self._workspaces: dict[tuple[str, tuple[str, ...]], str | None] = {}
        self._readings = Readings()

    def read_text(self, path: str) -> str | None:
        """See `Place`."""
        if path not in self._texts:
            self._texts[path] = self._text_of(path)
        return self._texts[path]

    def _decode(self, path: str) -> str | None:
        return decoded(self._reader.read(path, MAX_BYTES + 1))

    def exists(self, path: str) -> bool:
        """See `Place`."""
        if path not in self._existing:
            self._existing[path] = self._reader.exists(path)
        return self._existing[path]

    def listdir(self, folder: str) -> tuple[str, ...]:
        """See `Place`."""
        if folder not in self._names:
            self._names[folder] = tuple(sorted(self._reader.listdir(folder)))
        return self._names[folder]

    def workspace(self, folder: str, manifests: Sequence[str]) -> str | None:
        """See `Place`."""
        folder = posixpath.normpath(folder)
        key = (folder, tuple(manifests))
        if key not in self._workspaces:
            self._workspaces[key] = self._find_workspace(*key)
        return self._workspaces[key]

    def pattern(self, path: str, suffix: str = "") -> str:
        """See `Place`. The root itself is ".", with the suffix "/**" it is "**"."""
        if path not in self._real:
            self._real[path] = self._reader.realpath(path)
        real = self._real[path]
        inside = self.real_root.rstrip("/") + "/"
        if real == self.real_root:
            found = suffix.lstrip("/") or "."
        elif real.startswith(inside):
            found = escape(real[len(inside) :]) + suffix
        else:
            found = escape(real).rstrip("/") + suffix or "/"
        if real not in (path, self.real_root + path.removeprefix(self.root)):
            self.led.setdefault(found, {})[path] = None
        return found

    def command_claims(
        self, text: str, cwd: str, environment: Mapping[str, str | None] = _NOTHING, *, is_whole: bool = False
    ) -> Claims:
        """See `Place`."""
        return self.read_command(text, cwd, environment, is_whole=is_whole).claims

    def invocation_claims(self, invocation: Invocation) -> Claims:
        """See `Place`."""
        if self._readings.depth == 0:
            self._outer = None
        return self._readings.nested(lambda: self._read_invocation(invocation)).claims

    def read_command(
        self, text: str, cwd: str, environment: Mapping[str, str | None] = _NOTHING, *, is_whole: bool = False
    ) -> Reading:
        """What the shell text claims when run in `cwd`, with its cost; see `Place.command_claims`."""
        folder = posixpath.normpath(cwd)
        leading = leading_variables(environment, folder, self._renewing)
        values = self._values(text, environment, is_whole=is_whole)
        key = (text, folder, tuple(leading.items()), tuple(values.items()), self._is_fed)
        if (found := self._readings.found(key)) is not None:
            return found
        if self._readings.depth == 0:
            self._outer = environment if is_whole else None
        met = self._runs_met
        return self._readings.read(key, lambda: self._read_text(text, folder, leading, values), lambda: self._runs_met == met)

    def _inner_claims(self, text: str, cwd: str, environment: Mapping[str, str | None], is_whole: bool) -> Claims:
        """What a text claims that an inner run starts. Nothing is known to be unset there: the outer texts may have set it."""
        outer, self._outer = self._outer, environment if is_whole else None
        try:
            return self.read_command(text, cwd, environment).claims
        finally:
            self._outer = outer

    def _values(self, text: str, environment: Mapping[str, str | None], *, is_whole: bool) -> dict[str, str]:
        """The variables that the text names and is sure to be started with; "" for those that it is sure to be started without."""
        environ = self._environ
        if environ is None or "$" not in text or "IFS" in environment:
            return {}
        named = {name: value for name, value in environment.items() if name in text and name not in environ}
        values = {name: value for name, value in named.items() if value and value not in _WORDS_OF_GO and is_plain(value)}
        if not _SETS_MORE.isdisjoint((*environ, *environment)):
            return values
        if empty := [name for name, value in named.items() if value == ""]:
            values.update(dict.fromkeys(as_good_as_unset(text, empty), ""))
        if is_whole:
            values.update(dict.fromkeys(unset_names(text, lambda name: name in environ or name in environment), ""))
        return values

    def _read_text(self, text: str, cwd: str, environment: Mapping[str, str | None], values: Mapping[str, str]) -> Reading:
        items = parse_commands(text, cwd, environment, self.read_text, values, is_fed=self._is_fed)
        if isinstance(items, NotUnderstood):
            return Reading(claims=unknown(f"{items.reason} is not understood"))
        readings = [
            Reading(claims=_use_claims(item, self)) if isinstance(item, PathUse) else self._read_invocation(item)
            for item in items
        ]
        claims = union([reading.claims for reading in readings])
        if any(entry.pattern.endswith(_SAYING_WHICH) for entry in claims.entries):
            from paratask.languages.program_versions import choice_of_versions

            claims = union([claims, choice_of_versions(claims.entries)])
        if any(not (isinstance(item, PathUse) or _NAMING.isdisjoint(item.words)) for item in items):
            from paratask.languages.made_links import links_made

            claims = replace(claims, links=(*claims.links, *links_made(items, claims.entries, self)))
        weakest = min(claims.evidence, Evidence.INFERRED)
        return Reading(
            claims=replace(claims, evidence=weakest),
            cpu=max((reading.cpu for reading in readings), default=1.0),
        )

    def _read_invocation(self, invocation: Invocation) -> Reading:
        """What a call claims. Texts that it starts are given what it is given to read."""
        before, self._is_fed = self._is_fed, invocation.is_fed or self._is_fed
        try:
            return self._of_invocation(invocation)
        finally:
            self._is_fed = before

    def _of_invocation(self, invocation: Invocation) -> Reading:
        if not invocation.words or not invocation.words[0]:
            return Reading(claims=unknown("only the run tells which program it starts"))
        with refusals() as refused:
            found = self._plugins.recognise(invocation, self)
        own = () if found is None else found.claims.entries if isinstance(found, Delegation) else found.claims
        started = self._started(invocation, own)
        if found is None:
            return self._read_as_another(invocation, started) or _unrecognised(invocation, refused)
        if isinstance(found, Delegation):
            return Reading(claims=union([found.claims, started]) if started.entries else found.claims, cpu=found.cpu)
        outside = found.effect is Effect.OUTSIDE
        entries = map(_transient, found.claims) if found.transient else found.claims
        claims = Claims(
            entries=(*entries, *started.entries),
            evidence=min([Evidence.INFERRED, *(claim.evidence for claim in found.claims)]),
            effect=found.effect,
            effect_reason=found.reason if outside else "",
        )
        return Reading(claims=claims, cpu=found.cpu)

    def _started(self, invocation: Invocation, own: Sequence[Claim]) -> Claims:
        """Where the program may lie that is started, as far as that is in the checkout and is not said by its `own` claims."""
        if "/" not in (invocation.words[0] or "") and not invocation.environment.get("PATH"):
            return _NO_CLAIMS
        from paratask.languages.search_path import looked_for

        return looked_for(invocation, own, self)

    def _read_as_another(self, invocation: Invocation, started: Claims) -> Reading | None:
        """A call that no plugin knows by itself: a run of `task`, or a tool that the repository brings along."""
        claims = self._run_claims(invocation)
        if claims is not None:
            return Reading(claims=union([claims, started]))
        if "/" not in (invocation.words[0] or ""):
            return None
        from paratask.languages.brought_tools import brought_tool

        found = brought_tool(invocation, self)
        if found is None:
            return None
        reading = self._read_invocation(found[0])
        return replace(reading, claims=union([reading.claims, found[1]]))

    def _run_claims(self, invocation: Invocation) -> Claims | None:
        """What a call of `task` or `paratask` claims, which depends on more than what a reading is remembered by."""
        if self._runs is None or posixpath.basename(invocation.words[0] or "") not in _RUNNERS:
            return None
        self._runs_met += 1
        if self._environ is None or self._outer is None:
            return None
        from paratask.languages.inner_runs import inner_place, inner_run

        run = inner_run(invocation, self._outer, self._environ, self)
        return None if run is None else self._runs(run, inner_place(self, dict(run.given), self._inner_claims))

    def _find_workspace(self, folder: str, manifests: Sequence[str]) -> str | None:
        while folder == self.root or folder.startswith(self.root.rstrip("/") + "/"):
            if any(self.exists(posixpath.join(folder, name)) for name in manifests):
                return folder
            if folder == self.root:
                break
            folder = posixpath.dirname(folder)
        return None


def _transient(entry: Claim) -> Claim:
    """What is written as nobody's product."""
    is_used_by_others = entry.worth is Worth.PRODUCT and entry.access not in (Access.READ, Access.SHARED)
    return replace(entry, worth=Worth.TRANSIENT) if is_used_by_others else entry


def _unrecognised(invocation: Invocation, refused: Sequence[str | None]) -> Reading:
    from paratask.languages.not_recognised import reason

    return Reading(claims=unknown(reason(invocation, refused)))


def _use_claims(use: PathUse, place: Place) -> Claims:
    reason = f"the shell {'writes' if use.access is Access.WRITE else 'reads'} `{use.text}`"
    if use.path is None:
        return Claims(entries=anywhere(use.access, f"{reason}, a path that only the run tells"), evidence=Evidence.INFERRED)
    if is_stream(use.path):
        return Claims(evidence=Evidence.INFERRED)
    pattern = word_pattern(use.path, "/", place)
    return Claims(
        entries=(Claim(access=use.access, pattern=pattern, evidence=Evidence.INFERRED, reason=reason),),
        evidence=Evidence.INFERRED,
    )
