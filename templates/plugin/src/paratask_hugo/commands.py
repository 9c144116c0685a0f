"""Which subcommands and options are understood. One that is not listed makes the whole call unknown."""

from __future__ import annotations

import enum
from dataclasses import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence


class Kind(enum.Enum):
    """What a subcommand does."""

    INFORMS = "prints something about itself"
    READS = "only reads the site"
    BUILDS = "reads and writes the site"
    SERVES = "likewise, and listens on a port until it is stopped"
    OUTSIDE = "does what others can see"


COMMANDS = {
    "": Kind.BUILDS,
    "build": Kind.BUILDS,
    "check": Kind.READS,
    "config": Kind.READS,
    "deploy": Kind.OUTSIDE,
    "env": Kind.INFORMS,
    "list": Kind.READS,
    "new": Kind.BUILDS,
    "server": Kind.SERVES,
    "version": Kind.INFORMS,
}
FLAGS = frozenset(
    "-D -E -F --buildDrafts --buildExpired --buildFuture --cleanDestinationDir --disableFastRender --enableGitInfo --force --gc "
    "--ignoreCache --minify --noBuildLock --panicOnWarning --quiet --renderToMemory -w --watch".split()
)
VALUES = frozenset("-b --baseURL -e --environment --bind --kind -k --logLevel --target".split())
WRITTEN = frozenset({"-d", "--destination"})
CACHE = frozenset({"--cacheDir"})
SOURCE = frozenset({"-s", "--source"})
PORTS = frozenset({"-p", "--port"})
HELP = frozenset({"-h", "--help"})


@dataclass(frozen=True, kw_only=True)
class Given:
    """A call's words, sorted. `source` is the site's folder; `written` are paths that options name, seen from there, and `caches`
    likewise, seen from the folder of the call.
    """

    command: str
    source: str = "."
    port: str = ""
    written: tuple[str, ...] = ()
    caches: tuple[str, ...] = ()
    informs: bool = False


def read_words(words: Sequence[str | None]) -> Given | None:
    """The words after `hugo`. None where one is not listed above, or is known only when the command runs."""
    known = [word for word in words if word is not None]
    if len(known) < len(words):
        return None
    command = known.pop(0) if known and not known[0].startswith("-") else ""
    if command not in COMMANDS:
        return None
    source, port, written, caches, informs = ".", "", [], [], False
    while known:
        name, equals, value = known.pop(0).partition("=")
        if name in HELP:
            informs = True
        elif name in FLAGS or not name.startswith("-"):
            continue  # an operand names something in the site (`hugo new content posts/a.md`)
        elif name not in VALUES | WRITTEN | CACHE | SOURCE | PORTS or not (equals or known):
            return None
        else:
            value = value if equals else known.pop(0)
            source = value if name in SOURCE else source
            port = value if name in PORTS else port
            written += [value] if name in WRITTEN else []
            caches += [value] if name in CACHE else []
    return Given(command=command, source=source, port=port, written=tuple(written), caches=tuple(caches), informs=informs)
