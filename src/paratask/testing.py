"""For the tests of language plugins: a checkout in memory that answers as paratask would. See docs/plugins.md.

    checkout = FakeCheckout({"app/justfile": "build:"}, plugins=[paratask_just])
    assert checkout.writes("just build", cwd="app") == {"app/**"}
    assert checkout.why_not("just build", "ruff check app") is None

Command texts go through the parser, the plugins and the rules of conflict that a run uses; only the files are made up, and
nothing is started. A plugin that raises, or answers with something else than the contract allows, fails the test. Knows no test
framework. No run imports this.
"""

from __future__ import annotations

import posixpath

from paratask.claims.conflicts import barrier, conflict
from paratask.claims.model import Access, Effect, Evidence
from paratask.claims.overlap import overlap
from paratask.frozen import dataclass
from paratask.languages.commands import NotUnderstood, parse_commands
from paratask.languages.place import Checkout
from paratask.plugins.hookspecs import Invocation
from paratask.plugins.manager import load_plugins

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from paratask.claims.model import Claims
    from paratask.plugins.hookspecs import Delegation, Recognition

ROOT = "/repo"
_MAX_LINKS = 40


class FakeCheckout(Checkout):
    """A checkout in memory with the plugins that come with paratask and, asked before them, those under test.

    `files` maps paths to what is in them; a folder is there when a file is below it. `links` maps the paths of symbolic links to
    where they lead. Paths are relative to `root`, or absolute for what lies elsewhere. `ignores_case` is about names in the
    checkout, as on macOS. Files are read once and then believed: give a new checkout other files.

    It is a `Place`, so that a plugin's own functions can be called with it.
    """

    def __init__(
        self,
        files: Mapping[str, str | bytes] | None = None,
        *,
        plugins: Iterable[object] = (),
        links: Mapping[str, str] | None = None,
        ignores_case: bool = False,
        root: str = ROOT,
    ) -> None:
        reader = _Files(
            files={_absolute(root, path): content for path, content in (files or {}).items()},
            links={_absolute(root, path): _absolute(root, target) for path, target in (links or {}).items()},
            case=not ignores_case,
        )
        self.files = reader.files
        self._known = load_plugins(warn=_fail, entry_points=[_EntryPoint(plugin) for plugin in plugins])
        super().__init__(root, plugins=self._known, reader=reader, environ={})

    def claims(self, text: str, cwd: str = "") -> Claims:
        """All that the command claims when it is run in the folder `cwd`."""
        return self.command_claims(text, _absolute(self.root, cwd))

    def recognises(self, text: str, cwd: str = "") -> bool:
        """Whether every program that the command starts is known; one that is not makes it claim everything."""
        return self.claims(text, cwd).evidence is not Evidence.NONE

    def effect(self, text: str, cwd: str = "") -> Effect:
        """Where the command's effect ends. That of a command that is not recognised is outside."""
        return self.claims(text, cwd).effect

    def reads(self, text: str, cwd: str = "") -> set[str]:
        """The patterns that the command reads, as written in its claims."""
        return self._patterns(text, cwd, Access.READ)

    def writes(self, text: str, cwd: str = "") -> set[str]:
        """The patterns that the command writes, as written in its claims."""
        return self._patterns(text, cwd, Access.WRITE)

    def adds_to(self, text: str, cwd: str = "") -> set[str]:
        """The patterns that the command writes in a way that others who do the same do not mind."""
        return self._patterns(text, cwd, Access.ADD)

    def shares(self, text: str, cwd: str = "") -> set[str]:
        """The resources that the command uses beside others."""
        return self._patterns(text, cwd, Access.SHARED)

    def holds(self, text: str, cwd: str = "") -> set[str]:
        """The resources that the command needs for itself."""
        return self._patterns(text, cwd, Access.EXCLUSIVE)

    def may_read(self, text: str, path: str, cwd: str = "") -> bool:
        """Whether reading `path` (relative to the root) is among what the command claims. Who writes may read."""
        return self._covers(text, path, cwd, Access.READ, Access.WRITE, Access.ADD)

    def may_write(self, text: str, path: str, cwd: str = "") -> bool:
        """Whether writing `path` (relative to the root) is among what the command claims."""
        return self._covers(text, path, cwd, Access.WRITE, Access.ADD)

    def cpu(self, text: str, cwd: str = "") -> float:
        """How many cores the command takes at most at one time."""
        return self.read_command(text, _absolute(self.root, cwd)).cpu

    def may_run_together(self, first: str, second: str) -> bool:
        """Whether two commands may run side by side (start one with `cd x &&` for another folder)."""
        return self.why_not(first, second) is None

    def why_not(self, first: str, second: str) -> str | None:
        """The sentence that keeps the commands in their order, as a plan would show it; None where they may run side by side."""
        left, right = self.claims(first), self.claims(second)
        cause = barrier(left, right) or conflict(left, right, ignores_case=self.ignores_case)
        return cause.sentence(first, second) if cause else None

    def recognition(self, text: str, cwd: str = "") -> Recognition | Delegation | None:
        """What the first plugin that knows the call answers, or None. Raises ValueError unless `text` is one program's call."""
        items = parse_commands(text, _absolute(self.root, cwd))
        if isinstance(items, NotUnderstood) or len(items) != 1 or not isinstance(items[0], Invocation):
            raise ValueError(f"not the call of one program: {text}")
        return self._known.recognise(items[0], self)

    def manifests(self) -> set[str]:
        """The names of files that make a folder a workspace of some language."""
        return set(self._known.manifests())

    def _patterns(self, text: str, cwd: str, access: Access) -> set[str]:
        return patterns_of(self.claims(text, cwd), access)

    def _covers(self, text: str, path: str, cwd: str, *accesses: Access) -> bool:
        pattern = self.pattern(_absolute(self.root, path))
        return any(
            overlap(entry.pattern, pattern) and not any(overlap(left_out, pattern) for left_out in entry.excluding)
            for entry in self.claims(text, cwd).entries
            if entry.access in accesses
        )


def patterns_of(claims: Claims, *accesses: Access) -> set[str]:
    """The patterns (or names of resources) in `claims` that are for one of `accesses`."""
    return {entry.pattern for entry in claims.entries if entry.access in accesses}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Files:
    """The `paratask.languages.place.Reader` of files in memory. Paths are absolute and normal."""

    files: dict[str, str | bytes]
    links: dict[str, str]
    case: bool = True

    def read(self, path: str, limit: int) -> bytes | None:
        """See `Reader`."""
        content = self.files.get(self.realpath(path))
        data = content.encode() if isinstance(content, str) else content
        return None if data is None else data[:limit]

    def exists(self, path: str) -> bool:
        """See `Reader`."""
        real = self.realpath(path)
        return real in self.files or bool(self.listdir(real))

    def listdir(self, folder: str) -> Sequence[str]:
        """See `Reader`."""
        start = self.realpath(folder).rstrip("/") + "/"
        return tuple({path[len(start) :].split("/")[0] for path in (*self.files, *self.links) if path.startswith(start)})

    def realpath(self, path: str) -> str:
        """See `Reader`. One name after the other, as systems do: `..` behind a link leads above what that leads to."""
        at, followed = "/", 0
        left = path.split("/")[::-1]
        while left:
            at = posixpath.normpath(posixpath.join(at, left.pop()))
            if at in self.links and followed < _MAX_LINKS:
                followed += 1
                left.extend(self.links[at].split("/")[::-1])
                at = "/"
        return at

    def ignores_case(self, folder: str) -> bool:  # noqa: ARG002 - all folders are alike
        """See `Reader`."""
        return not self.case


class _EntryPoint:
    """A plugin as if it had been installed."""

    def __init__(self, plugin: object) -> None:
        self._plugin = plugin
        self.name = str(getattr(plugin, "__name__", type(plugin).__name__))

    def load(self) -> object:
        return self._plugin


def _absolute(root: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(root, path))


def _fail(what: str) -> None:
    raise AssertionError(what)
