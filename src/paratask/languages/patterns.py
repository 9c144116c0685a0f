"""What a path in a command claims: the pattern of a word, of a path that only the run tells, and of what is no file at all."""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Claim, Evidence
from paratask.languages.kept_caches import passed_over

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.plugins.hookspecs import Place

WILDCARDS = frozenset("*?[")
"""What a shell replaces in a word by the names of files."""
_STREAMS = ("/dev/null", "/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/zero", "/dev/random", "/dev/urandom")


def word_pattern(word: str, cwd: str, place: Place, suffix: str = "") -> str:
    """The claim pattern of a word that names a path, seen from `cwd`; wildcards in it stay, wide enough for what a shell does.

    The folders before the first wildcard are made real as `Place.pattern` does. `[` without a match means itself in a shell,
    so that a segment with it may be anything; braces that are still there have been quoted, and mean themselves.
    """
    segments = posixpath.join(cwd, word).split("/")
    first = next((index for index, segment in enumerate(segments) if not WILDCARDS.isdisjoint(segment)), len(segments))
    wild = ["*" if "[" in segment else _kept(segment) for segment in segments[first:]]
    return place.pattern("/".join(segments[:first]) or "/", ("/" + "/".join(wild) if wild else "") + suffix)


def _kept(segment: str) -> str:
    """A segment in which `*` and `?` keep their meaning, and nothing else has one."""
    return "".join("\\" + char if char in "\\{}" else char for char in segment)


def anywhere(access: Access, reason: str) -> tuple[Claim, ...]:
    """The claims on a path that only the run tells: inside the repository or outside."""
    return tuple(
        Claim(
            access=access,
            pattern=pattern,
            evidence=Evidence.INFERRED,
            reason=reason,
            excluding=passed_over(pattern) if access is Access.READ else (),
            assumed=True,
        )
        for pattern in ("**", "/**")
    )


def is_stream(path: str) -> bool:
    """Whether nothing is kept at `path`, so that it cannot be fought over."""
    return path in _STREAMS or path.startswith(("/dev/fd/", "/proc/self/"))
