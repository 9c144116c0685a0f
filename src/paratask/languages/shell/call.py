"""One call of an everyday command, its words sorted, and the claims on the paths that they name.

Shared by the modules of the shell plugin; knows no single command. Paths are seen from the folder of the call, wildcards stay.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Claim, Effect, Evidence
from paratask.claims.overlap import escape
from paratask.frozen import dataclass
from paratask.languages.options import Parsed, Role, parse, roles
from paratask.languages.patterns import WILDCARDS, is_stream, word_pattern
from paratask.plugins.hookspecs import Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from paratask.languages.options import Word
    from paratask.plugins.hookspecs import Invocation, Place

BELOW = "/**"
_DOES = {Access.READ: "reads", Access.WRITE: "writes", Access.ADD: "makes"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepts:
    """The options that a command takes: names separated by spaces, by what they mean to claims. All others are refused."""

    flags: str = ""
    values: str = ""
    reads: str = ""
    writes: str = ""
    folder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`name` is the plain name of the program."""

    name: str
    parsed: Parsed
    invocation: Invocation
    place: Place

    @property
    def operands(self) -> tuple[str, ...]:
        """The words that are no options."""
        return self.parsed.operands

    def has(self, *names: str) -> bool:
        """Whether one of these options is given."""
        return bool(self.parsed.named(*names))

    def value(self, *names: str) -> str | None:
        """The value of the last of these options that is given."""
        given = self.parsed.named(*names)
        return given[-1].value if given else None

    def claims(self, access: Access, words: Iterable[str], suffix: str = "") -> tuple[Claim, ...]:
        """Claims on the paths that `words` name, but for `-` and devices; with BELOW also on all below them."""
        reason = f"`{self.name}` {_DOES[access]} it"
        paths = [word for word in words if word not in ("", "-") and not is_stream(word)]
        return tuple(path_claim(access, word, self.invocation, self.place, reason, suffix) for word in paths)

    def reads(self, words: Iterable[str], suffix: str = "") -> tuple[Claim, ...]:
        """Reading what `words` name."""
        return self.claims(Access.READ, words, suffix)

    def writes(self, words: Iterable[str], suffix: str = "") -> tuple[Claim, ...]:
        """Writing, making or deleting what `words` name."""
        return self.claims(Access.WRITE, words, suffix)

    def replaces(self, words: Iterable[str], suffix: str = "") -> tuple[Claim, ...]:
        """Writing what `words` name, and where that is a symbolic link, the link itself, which is no longer what it was."""
        words = list(words)
        names = (_name_claim(word, self) for word in words if word not in ("", "-") and not is_stream(word))
        return tuple(dict.fromkeys((*self.writes(words, suffix), *(entry for entry in names if entry))))

    def makes(self, words: Iterable[str], suffix: str = "") -> tuple[Claim, ...]:
        """Making folders where they are not there."""
        return self.claims(Access.ADD, words, suffix)


def _name_claim(word: str, call: Call) -> Claim | None:
    """Writing the entry of a folder that `word` is; None where that is the path it leads to, as it mostly is."""
    folder, name = posixpath.split(posixpath.normpath(posixpath.join(call.invocation.cwd, word)))
    if not WILDCARDS.isdisjoint(folder + name) or not name:
        return None
    pattern = call.place.pattern(folder, f"/{escape(name)}")
    if pattern == call.place.pattern(posixpath.join(folder, name)):
        return None
    reason = f"`{call.name}` {_DOES[Access.WRITE]} it"
    return Claim(access=Access.WRITE, pattern=pattern, evidence=Evidence.INFERRED, reason=reason)


def names_of(text: str) -> frozenset[str]:
    """The names in `text`, which are separated by spaces."""
    return frozenset(text.split())


def path_claim(access: Access, word: str, invocation: Invocation, place: Place, reason: str, suffix: str = "") -> Claim:
    """An inferred claim on the path that `word` names."""
    pattern = word_pattern(word, invocation.cwd, place, suffix)
    return Claim(access=access, pattern=pattern, evidence=Evidence.INFERRED, reason=reason)


def known_options(accepts: Accepts) -> dict[str, Role]:
    """By name."""
    return roles(
        {
            Role.FLAG: accepts.flags,
            Role.VALUE: accepts.values,
            Role.READS: accepts.reads,
            Role.WRITES: accepts.writes,
            Role.FOLDER: accepts.folder,
        },
    )


def parse_call(
    name: str, words: Sequence[Word], accepts: Accepts, invocation: Invocation, place: Place, *, stop: bool = False
) -> Call | None:
    """The call with `words` sorted (see `options.parse`); None where one is unknown or not accepted."""
    parsed = parse(words, known_options(accepts), stop=stop)
    if parsed is None:
        return None
    paths = parsed.all(Role.READS, Role.WRITES, Role.FOLDER)
    if any(option.value is None for option in paths):
        return None
    return Call(name=name, parsed=parsed, invocation=invocation, place=place)


def option_claims(call: Call) -> tuple[Claim, ...]:
    """Claims on the paths that options name."""
    reads = [option.value or "" for option in call.parsed.all(Role.READS)]
    writes = [option.value or "" for option in call.parsed.all(Role.WRITES)]
    return call.reads(reads) + call.writes(writes)


def local(claims: Iterable[Claim], reason: str) -> Recognition:
    """A recognition whose effect ends in this checkout."""
    return Recognition(claims=tuple(dict.fromkeys(claims)), effect=Effect.LOCAL, reason=reason)
