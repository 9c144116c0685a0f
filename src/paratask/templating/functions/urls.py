"""URLs in parts and together. Go: net/url, and slim-sprig's url.go. Knows no network."""

from __future__ import annotations

from paratask.templating.failures import FunctionError
from paratask.templating.functions.escapes import escape_bytes
from paratask.templating.functions.paths import join_path
from paratask.templating.values import from_bytes, kind_name, to_bytes

_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~"
_PATH = frozenset(_LETTERS + b"$&+,/:;=@")
_AS_WRITTEN = frozenset(_LETTERS + b"!$&'()*+,;=:@[]/%")
_FRAGMENT = frozenset(_LETTERS + b"$&+,/:;=?@!()*")
_USER = frozenset(_LETTERS + b"$&+,;=")
_HOST = frozenset(_LETTERS + b"!$&'()*+,;=:[]<>\"")
_SCHEME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.")
_HEX = frozenset("0123456789abcdefABCDEF")


def unescape(text: str) -> str:
    """%XX as bytes. Raises FunctionError."""
    if "%" not in text:
        return text
    first, *rest = to_bytes(text).split(b"%")
    parts = [first]
    for piece in rest:
        digits = piece[:2].decode("latin-1")
        if len(digits) < 2 or not _HEX.issuperset(digits):
            raise FunctionError(f'invalid URL escape "%{digits}"')
        parts += [bytes((int(digits, 16),)), piece[2:]]
    return from_bytes(b"".join(parts))


class _Url:
    """A parsed URL; `raw_path` is the path as it was written."""

    __slots__ = ("host", "opaque", "query", "query_mark", "raw_fragment", "raw_path", "scheme", "userinfo")

    def __init__(self, text: str) -> None:
        if any(char < " " or char == "\x7f" for char in text):
            raise FunctionError("net/url: invalid control character in URL")
        text, _, fragment = text.partition("#")
        unescape(fragment)
        self.raw_fragment = fragment
        self.scheme, rest = _scheme_of(text)
        rest, mark, self.query = rest.partition("?")
        self.query_mark = mark
        self.opaque = self.host = self.raw_path = ""
        self.userinfo: str | None = None
        if self.scheme and not rest.startswith("/"):
            self.opaque = rest
            return
        if not self.scheme and ":" in rest.partition("/")[0]:
            raise FunctionError("first path segment in URL cannot contain colon")
        if rest.startswith("//") and (self.scheme or not rest.startswith("///")):
            authority, slash, path = rest[2:].partition("/")
            self._authority(authority)
            rest = slash + path
        unescape(rest)
        self.raw_path = rest

    def _authority(self, authority: str) -> None:
        user, at, host = authority.rpartition("@")
        self.userinfo = _clean_user(user) if at else None
        if " " in host or "\\" in host:
            raise FunctionError(f'invalid character in host name "{host}"')
        port = host.rpartition("]")[2].rpartition(":")
        if port[1] and not (port[2].isdigit() or not port[2]):
            raise FunctionError(f'invalid port ":{port[2]}" after host')
        self.host = unescape(host)

    @property
    def hostname(self) -> str:
        """The host without its port and brackets."""
        host = self.host
        name, colon, port = host.rpartition(":")
        if colon and port.isdigit() | (not port) and not port.endswith("]"):
            host = name
        return host[1:-1] if host.startswith("[") and host.endswith("]") else host


def _scheme_of(text: str) -> tuple[str, str]:
    scheme, colon, rest = text.partition(":")
    if not colon:
        return "", text
    if not scheme:
        raise FunctionError("missing protocol scheme")
    if not scheme[0].isalpha() or not _SCHEME.issuperset(scheme):
        return "", text
    return scheme.lower(), rest


def _clean_user(user: str) -> str:
    name, colon, password = user.partition(":")
    return escape_bytes(unescape(name), _USER) + colon + escape_bytes(unescape(password), _USER)


def parse_url(text: str) -> dict[str, object]:
    """The parts of a URL by their names."""
    try:
        url = _Url(text)
    except FunctionError as error:
        raise FunctionError(f'unable to parse url: parse "{text}": {error.message}') from None
    return {
        "scheme": url.scheme,
        "host": url.host,
        "hostname": url.hostname,
        "path": unescape(url.raw_path),
        "query": url.query,
        "opaque": url.opaque,
        "fragment": unescape(url.raw_fragment),
        "userinfo": url.userinfo or "",
    }


def join_parts(parts: dict[str, object]) -> str:
    """The URL of the parts that `parse_url` names."""
    found = {name: _part(parts, name) for name in ("scheme", "host", "path", "query", "opaque", "fragment", "userinfo")}
    text = found["scheme"] + ":" if found["scheme"] else ""
    if found["opaque"]:
        text += found["opaque"]
    else:
        text += _hierarchy(found, after_scheme=bool(text))
    text += "?" + found["query"] if found["query"] else ""
    return text + ("#" + escape_bytes(found["fragment"], _FRAGMENT) if found["fragment"] else "")


def _hierarchy(found: dict[str, str], *, after_scheme: bool) -> str:
    text = ""
    path = escape_bytes(found["path"], _PATH)
    if after_scheme or found["host"] or found["userinfo"]:
        if found["host"] or found["path"] or found["userinfo"]:
            text = "//"
        if found["userinfo"]:
            text += _clean_user(found["userinfo"]) + "@"
        text += escape_bytes(found["host"], _HOST)
    if path and not path.startswith("/") and found["host"]:
        text += "/"
    if not text and not after_scheme and ":" in path.partition("/")[0]:
        text = "./"
    return text + path


def _part(parts: dict[str, object], name: str) -> str:
    value = parts.get(name, "")
    if not isinstance(value, str):
        raise FunctionError(f"unable to parse {name} key, must be of type string, but {kind_name(value)} found")
    return value


def join_url(*elements: str) -> str:
    """Path elements after a URL, cleaned. Go: url.JoinPath."""
    if not elements:
        return ""
    url = _Url(elements[0])
    text = url.scheme + ":" if url.scheme else ""
    path = _joined(url.raw_path, elements[1:])  # refuses elements that are escaped badly, also where it is not used
    text += url.opaque or _with_path(url, path)
    if not text.startswith("/") and ":" in text.partition("/")[0] and not url.scheme:
        text = "./" + text
    text += url.query_mark + url.query
    return text + ("#" + _as_written(url.raw_fragment, _FRAGMENT) if url.raw_fragment else "")


def _with_path(url: _Url, path: str) -> str:
    text = ""
    if url.scheme or url.host or url.userinfo is not None:
        if url.host or path or url.userinfo is not None:
            text = "//"
        if url.userinfo is not None:
            text += url.userinfo + "@"
        text += escape_bytes(url.host, _HOST)
    return text + ("/" if path and not path.startswith("/") and url.host else "") + path


def _joined(start: str, elements: tuple[str, ...]) -> str:
    """The path as it is written in the URL. Go: URL.JoinPath."""
    kept = [start if start.startswith("/") else "/" + start, *elements]
    path = join_path(*kept)
    if not start.startswith("/"):
        path = path[1:]
    if kept[-1].endswith("/") and not path.endswith("/"):
        path += "/"
    return _as_written(path, _PATH)


def _as_written(text: str, allowed: frozenset[int]) -> str:
    """The text, if it is escaped well enough, or else escaped anew."""
    plain = unescape(text)
    return text if (_AS_WRITTEN | allowed).issuperset(to_bytes(text)) else escape_bytes(plain, allowed)


def host_by_name(name: str) -> str:
    """Not offered: a template must not depend on the network."""
    raise FunctionError(
        f"looking up `{name}` needs the network, which templates cannot use",
        help="use a `sh:` variable, such as `getent hosts`",
    )
