"""What a build of an image reads and makes: its context less what .dockerignore leaves out, its Dockerfile, its images.

Knows how docker reads a .dockerignore; where one takes something back in (`!src`), what could meet that is not left out. Does not
know what the steps of a Dockerfile do, which is done in a container.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access
from paratask.claims.overlap import overlap
from paratask.frozen import dataclass, replace
from paratask.languages.docker.images import image_claims, images_needed
from paratask.languages.inferred import claim, read_below
from paratask.languages.options import resolve_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.plugins.hookspecs import Place

_IGNORED = (".containerignore", ".dockerignore")
_DOCKERFILES = ("Dockerfile", "Containerfile", "dockerfile")


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """One image's build. `context` and `dockerfile` are as written, seen from `folder`; `dockerfile` "" is the usual one.

    With `inner`, the Dockerfile is seen from the context, as in a compose file.
    """

    shown: str
    folder: str
    context: Word
    dockerfile: Word = ""
    tags: tuple[Word, ...] = ()
    arguments: Mapping[str, Word] = {}
    inner: bool = False


def build_claims(build: Build, place: Place) -> tuple[Claim, ...] | None:
    """What the build claims; None where its context or Dockerfile is not known."""
    if build.context is None or build.dockerfile is None:
        return None
    tags = image_claims(build.tags, Access.EXCLUSIVE, f"`{build.shown}` makes it")
    if build.context == "-" or is_remote(build.context):
        return tags
    context = resolve_path(build.context, build.folder)
    if context is None:
        return None
    dockerfile = _dockerfile(build, context, place)
    if dockerfile is None:
        return None
    reason = f"`{build.shown}` sends this folder to the builder"
    sent = replace(read_below(context, place, reason), excluding=tuple(_left_out(context, dockerfile, place)))
    text = place.read_text(dockerfile) if dockerfile else None
    needed = images_needed(text, build.arguments) if text is not None else (None,)
    read = (claim(Access.READ, place.pattern(dockerfile), f"`{build.shown}` follows it"),) if dockerfile else ()
    return (sent, *read, *tags, *image_claims(needed, Access.SHARED, f"`{build.shown}` starts from it"))


def is_remote(word: str) -> bool:
    """Whether a context is fetched by the builder."""
    return "://" in word or word.startswith(("git@", "github.com/", "docker-image:"))


def _dockerfile(build: Build, context: str, place: Place) -> str | None:
    """Where the Dockerfile lies; "" where it comes from standard input."""
    if build.dockerfile == "-":
        return ""
    if build.dockerfile:
        return resolve_path(build.dockerfile, context if build.inner else build.folder)
    usual = [posixpath.join(context, name) for name in _DOCKERFILES]
    return next((path for path in usual if place.exists(path)), usual[0])


def _left_out(context: str, dockerfile: str, place: Place) -> Iterator[str]:
    """Patterns of what is not sent. An ignore file of one Dockerfile may stand in for the usual one, so that nothing is sure."""
    texts = [place.read_text(posixpath.join(context, name)) for name in _IGNORED]
    present = [text for text in texts if text is not None]
    if len(present) != 1 or place.exists(f"{dockerfile}.dockerignore"):
        return
    lines = [line.strip() for line in present[0].splitlines() if not line.startswith("#")]
    kept = [pattern for line in lines if line.startswith("!") for pattern in [_pattern(line[1:])]]
    for line in lines:
        pattern = None if line.startswith("!") else _pattern(line)
        if pattern is None or None in kept or any(overlap(f"{pattern}/**", f"{back}/**") for back in kept):
            continue
        yield place.pattern(context, f"/{pattern}/**")


def _pattern(line: str) -> str | None:
    """A line as a path pattern; None where it says more than such a pattern can."""
    text = posixpath.normpath(line.strip()).lstrip("/") if line.strip() else "."
    segments = text.split("/")
    if text == "." or ".." in segments or any("**" in segment and segment != "**" for segment in segments):
        return None
    return text.replace("{", "\\{").replace("}", "\\}")
