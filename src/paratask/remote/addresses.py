"""Where a Taskfile that is not local is: over http(s), or in a git repository. go-task: taskfile.HTTPNode and GitNode.

Pure: parses, joins and names addresses as Go's net/url would, since the names of cached files are made from them. Knows nothing
of networks, caches or trust.
"""

from __future__ import annotations

import posixpath
import re
from hashlib import sha256
from urllib.parse import SplitResult, parse_qs, quote, unquote, unquote_to_bytes, urlsplit, urlunsplit

from paratask.errors import TaskfileNotSecureError, TaskfileReadError
from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

GIT_SCHEMES = ("git", "ssh", "https", "http")
_SCP = re.compile(r"([a-zA-Z0-9\-._~]+@)?([a-zA-Z0-9._-]+):([a-zA-Z0-9./_-]+)(?:\?|)(.*)")
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_PATH_CHARS = re.compile(r"[A-Za-z0-9\-_.~!$&'()*+,;=:@\[\]/%]*")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")
_LONGEST_SCP = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAddress:
    """`location` is the address as shown and cached: a password in it is hidden. `url` is what is asked for."""

    url: str
    location: str

    @property
    def host(self) -> str:
        return _host(urlsplit(self.url))

    def joined(self, written: str) -> str:
        """The address of what a Taskfile here includes as `written`. Raises TaskfileReadError."""
        if _SCHEME.match(written) and "://" in written:
            return written
        if ":" in written.partition("/")[0]:
            raise TaskfileReadError(f"`{written}` is no address: a colon in its first part")
        base, reference = urlsplit(self.url), urlsplit(written)
        if reference.netloc:
            return f"{base.scheme}:{written}"
        if not reference.path:
            query = reference.query or base.query
            return urlunsplit((base.scheme, base.netloc, base.path, query, reference.fragment))
        folder = "" if reference.path.startswith("/") else base.path.rpartition("/")[0] + "/"
        path = _without_dots(folder + reference.path)
        return urlunsplit((base.scheme, base.netloc, path, reference.query, reference.fragment))

    def folder_base(self, folder: str, parent_folder: str | None) -> str:
        """What a `dir` of an include here is relative to, where this Taskfile stands for `folder`."""
        return folder if parent_folder is None else parent_folder

    @property
    def cache_name(self) -> str:
        folder, _, name = unquote(urlsplit(self.url).path).rpartition("/")
        last = posixpath.basename(folder.rstrip("/"))
        return _cache_name("http", self.host, last, name, self.location)


@dataclass(frozen=True, slots=True, kw_only=True)
class GitAddress:
    """`repository` is what git is given; `path` is the file or folder in it, `ref` a branch or tag, both may be empty."""

    repository: str
    location: str
    path: str
    ref: str

    @property
    def host(self) -> str:
        return _host(urlsplit(self.location))

    @property
    def clone_name(self) -> str:
        """The same for all addresses in one state of one repository."""
        return f"{self.repository}\n{self.ref}"

    def joined(self, written: str) -> str:
        """The address of what a Taskfile here includes as `written`."""
        if parse_address(written, insecure=True) is not None:
            return written
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self.path), written.lstrip("/") or "."))
        query = f"?ref={self.ref}" if self.ref else ""
        return f"{self.repository}//{'' if path == '.' else path}{query}"

    def folder_base(self, folder: str, parent_folder: str | None) -> str:
        """What a `dir` of an include here is relative to, where this Taskfile stands for `folder`."""
        del parent_folder
        return posixpath.dirname(folder) or "."

    @property
    def cache_name(self) -> str:
        path = self.path.rstrip("/")
        last = posixpath.basename(posixpath.normpath(posixpath.dirname(path)))
        return _cache_name("git", self.host, last, posixpath.basename(path) or ".", self.location)


if TYPE_CHECKING:
    Address: TypeAlias = HttpAddress | GitAddress


def parse_address(text: str, *, insecure: bool) -> Address | None:
    """The address, or None where `text` names a local file.

    Raises TaskfileNotSecureError for plain http unless `insecure`, TaskfileReadError for what is no address.
    """
    if ":" not in text:
        return None
    url = _git_url(text)
    if url is None and not text.startswith(("git://", "http://", "https://")):
        return None
    if _CONTROLS.search(unquote(text)):
        raise TaskfileReadError("an address with a control character in it")
    try:
        address = _git_address(url or urlsplit(text)) if url or text.startswith("git://") else _http_address(urlsplit(text))
    except ValueError as error:
        raise TaskfileReadError(f"`{text}` is no address: {error}") from None
    if address.location.startswith("http://") and not insecure:
        message = f"`{address.location}` cannot be downloaded over an insecure connection"
        raise TaskfileNotSecureError(message, help="use https, or --insecure")
    return address


def _git_url(text: str) -> SplitResult | None:
    """The url of what is in a git repository: its path has `.git` before `//`, or `/_git/`."""
    url = _parsed_git(text)
    if url is None or url.scheme not in GIT_SCHEMES:
        return None
    repository = unquote(url.path).partition("//")[0]
    return url if repository.endswith(".git") or "/_git/" in repository else None


def _parsed_git(text: str) -> SplitResult | None:
    """A url, or the short form `user@host:path` of ssh's. go-task: giturls.Parse."""
    if "://" in text:
        try:
            return urlsplit(text)
        except ValueError:
            return None
    found = _SCP.fullmatch(text) if len(text) <= _LONGEST_SCP else None
    if found is None:
        return None
    user, host, path, query = found.groups()
    return SplitResult("ssh", (user or "") + host, "/" + path.removeprefix("/"), query, "")


def _git_address(url: SplitResult) -> GitAddress:
    base, _, inside = url.path.partition("//")
    inside = unquote(inside.partition("//")[0])
    ref = parse_qs(url.query).get("ref", [""])[0]
    repository = _text(url._replace(path=base, query="", fragment=""))
    return GitAddress(repository=repository, location=_text(_without_password(url)), path=inside, ref=ref)


def _http_address(url: SplitResult) -> HttpAddress:
    return HttpAddress(url=_text(url), location=_text(_without_password(url)))


def _text(url: SplitResult) -> str:
    return urlunsplit(url._replace(path=_escaped(url.path)))


def _escaped(path: str) -> str:
    """As Go writes a path: as it was where that is valid, else escaped anew."""
    if _PATH_CHARS.fullmatch(path):
        return path
    return quote(unquote_to_bytes(path), safe="$&+,/:;=@-_.~")


def _without_password(url: SplitResult) -> SplitResult:
    user, at, host = url.netloc.rpartition("@")
    name, colon, _ = user.partition(":")
    return url._replace(netloc=f"{name}:xxxxx{at}{host}") if colon else url


def _host(url: SplitResult) -> str:
    """With the port, without the user."""
    return url.netloc.rpartition("@")[2]


def _without_dots(path: str) -> str:
    kept: list[str] = []
    parts = path.lstrip("/").split("/") if path.startswith("/") else path.split("/")
    for number, part in enumerate(parts):
        if part == "..":
            del kept[-1:]
        elif part != ".":
            kept.append(part)
        if part in (".", "..") and number == len(parts) - 1:
            kept.append("")
    return "/" + "/".join(kept)


def _cache_name(kind: str, host: str, last_folder: str, name: str, location: str) -> str:
    prefix = f"{last_folder}.{name}" if len(last_folder) > 1 else name
    return f"{kind}.{host}.{prefix}.{sha256(location.encode()).hexdigest()}"
