"""A language plugin for paratask: what commands of Hugo, which makes web sites, touch.

`recognise` gets one program's call at a time and answers for those it surely knows. Everything else gets None, which makes the
command run alone: too wide a claim costs time, one too narrow costs the user's files.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Claim, Effect, Evidence
from paratask.plugins.hookspecs import Invocation, Recognition, hookimpl

from paratask_hugo.commands import COMMANDS, Given, Kind, read_words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.plugins.hookspecs import Place

MANIFESTS = ("hugo.toml", "hugo.yaml", "hugo.json")
PORT = "1313"
PATH_VARIABLES = ("HUGO_CACHEDIR", "HUGO_PUBLISHDIR", "HUGO_RESOURCEDIR", "HUGO_THEMESDIR", "HUGO_MODULE_WORKSPACE")


@hookimpl
def manifests() -> Sequence[str]:
    """Files that make a folder a workspace: a site."""
    return MANIFESTS


@hookimpl
def recognise(invocation: Invocation, place: Place) -> Recognition | None:
    """The hook: see `paratask.plugins.hookspecs`."""
    if invocation.words[0] != "hugo" or any(name in PATH_VARIABLES for name in invocation.environment):
        return None
    given = read_words(invocation.words[1:])
    if given is None:
        return None
    command = f"hugo {given.command}".rstrip()
    if given.informs or COMMANDS[given.command] is Kind.INFORMS:
        return Recognition(claims=(), effect=Effect.LOCAL, reason=f"`{command}` only prints")
    site = place.workspace(_folder(given, invocation.cwd), MANIFESTS)
    if site is None or _leads_away(site, place):
        return None
    claims = tuple(_claims(given, command, site, invocation.cwd, place))
    if COMMANDS[given.command] is Kind.OUTSIDE:
        return Recognition(claims=claims, effect=Effect.OUTSIDE, reason=f"`{command}` publishes the site")
    return Recognition(claims=claims, effect=Effect.LOCAL, reason=f"`{command}` works in its site")


def _folder(given: Given, cwd: str) -> str:
    return posixpath.normpath(posixpath.join(cwd, given.source))


def _leads_away(site: str, place: Place) -> bool:
    """Whether a manifest may name folders above the site (themes, mounts), which would be read or written too."""
    texts = [place.read_text(posixpath.join(site, name)) or "" for name in MANIFESTS]
    return any(".." in text for text in texts) or place.exists(posixpath.join(site, "config"))


def _claims(given: Given, command: str, site: str, cwd: str, place: Place) -> Iterator[Claim]:
    kind = COMMANDS[given.command]
    # What Hugo reads and what it writes (public, resources, a lock) lie in one folder, which is not worth telling apart.
    access = Access.READ if kind in (Kind.READS, Kind.OUTSIDE) else Access.WRITE
    yield _claim(access, place.pattern(site, "/**"), f"`{command}` works in this site")
    named = [posixpath.join(site, path) for path in given.written] + [posixpath.join(cwd, path) for path in given.caches]
    for there in map(posixpath.normpath, named):
        yield _claim(Access.WRITE, place.pattern(there, "/**"), f"an option of `{command}` names it")
    # Hugo locks its cache itself, so that several may use it; who empties it would claim EXCLUSIVE.
    yield _claim(Access.SHARED, "hugo-cache", f"`{command}` uses it")
    if kind is Kind.SERVES:
        yield _claim(Access.EXCLUSIVE, f"port:{given.port or PORT}", f"`{command}` listens on it")


def _claim(access: Access, pattern: str, reason: str) -> Claim:
    return Claim(access=access, pattern=pattern, evidence=Evidence.INFERRED, reason=reason)
