"""Names of images as resources: who makes or removes one has its name to itself, who runs or sends it shares the name.

A name that only the run tells may be any, which the resource IMAGES stands for: calls with known names share it, the others have
it to themselves. Knows how a Dockerfile names the images it starts from; everything else in it is not looked at.
"""

from __future__ import annotations

import re

from paratask.claims.model import Access
from paratask.languages.inferred import claim

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from paratask.claims.model import Claim
    from paratask.languages.options import Word

IMAGES = "docker-images"
_HUB = ("docker.io/library/", "index.docker.io/library/", "docker.io/", "index.docker.io/", "library/", "localhost/")
_VARIABLE = re.compile(r"\$(?:\{(\w+)(?::?-([^}]*))?\}|(\w+))")
_NAMED = re.compile(r"^\s*(?:from|copy|add|run)\s", re.IGNORECASE)
_ARGUMENT = re.compile(r"^\s*arg\s+(.*)$", re.IGNORECASE)
_FROM = re.compile(r"^\s*from\s+(?:--\S+\s+)*(\S+)(?:\s+as\s+(\S+))?", re.IGNORECASE)
_TAKEN = re.compile(r"(?:--from=|[,=]from=)([^\s,]+)")


def image_claims(names: Iterable[Word], access: Access, reason: str) -> tuple[Claim, ...]:
    """Claims on images by these names, SHARED or EXCLUSIVE."""
    words = list(names)
    known = [word for word in words if word and "$" not in word]
    if not words:
        return ()
    together = (
        claim(Access.SHARED, IMAGES, "it uses images by their names")
        if len(known) == len(words)
        else claim(Access.EXCLUSIVE, IMAGES, "only the run tells which images it uses")
    )
    single = (claim(access, f"docker-image:{normal(word)}", reason) for word in known)
    return (together, *single)


def normal(name: str) -> str:
    """The name with what docker leaves unsaid: `docker.io/library/alpine` is `alpine:latest`."""
    name = name.lower()
    for start in _HUB:
        name = name.removeprefix(start)
    return name if ":" in name.rpartition("/")[2] or "@" in name else f"{name}:latest"


def images_needed(dockerfile: str, given: Mapping[str, Word]) -> tuple[Word, ...]:
    """The images that a Dockerfile starts from or copies from, its own stages left out; None for one that is not surely known.

    `given` are the arguments of the build, which win over defaults in the file.
    """
    defaults: dict[str, str] = {}
    stages: set[str] = set()
    found: dict[Word, None] = {}
    for line in _lines(dockerfile):
        if argument := _ARGUMENT.match(line):
            for part in argument[1].split():
                name, equals, value = part.partition("=")
                if equals:
                    defaults.setdefault(name, value.strip("\"'"))
            continue
        start = _FROM.match(line)
        words = [start[1]] if start else _TAKEN.findall(line)
        for word in words:
            name = _filled(word, defaults, given)
            if name is None or not (name.lower() in stages or name.isdigit() or name.lower() in ("scratch", "context")):
                found[name] = None
        if start and start[2]:
            stages.add(start[2].lower())
    return tuple(found)


def _lines(dockerfile: str) -> Iterator[str]:
    """Those that may name an image, with lines that go on put together."""
    joined = re.sub(r"[\\`]\s*\n(?:\s*#.*\n)*", " ", dockerfile)
    return (line for line in joined.splitlines() if _NAMED.match(line) or _ARGUMENT.match(line))


def _filled(word: str, defaults: Mapping[str, str], given: Mapping[str, Word]) -> Word:
    """`word` with its variables filled in, or None where one is not known."""
    for found in _VARIABLE.finditer(word):
        name = found[1] or found[3]
        value = given[name] if name in given else defaults.get(name, found[2])
        if value is None or "$" in value:
            return None
        word = word.replace(found[0], value)
    return None if "$" in word or not word else word.strip("\"'")
