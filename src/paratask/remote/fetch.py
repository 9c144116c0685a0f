"""Fetching a Taskfile over http(s), with the default names tried where the address is a folder's. go-task: RemoteExists, HTTPNode.

urllib does the work: redirects, proxies, certificates. Knows nothing of caches or trust. Loaded only where a Taskfile is remote.
"""

from __future__ import annotations

import base64
import posixpath
import re
import ssl
import urllib.error
import urllib.request
from http.client import HTTPException, responses
from urllib.parse import unquote, urlsplit, urlunsplit

from paratask.errors import Position, TaskfileFetchError, TaskfileNotFoundError, TaskfileNotSecureError, TaskfileReadError
from paratask.frozen import dataclass
from paratask.taskfile.reader import MAX_FILE_BYTES, TASKFILE_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from http.client import HTTPMessage, HTTPResponse
    from typing import IO

    from paratask.remote.addresses import HttpAddress

CONTENT_TYPES = (
    "text/plain", "text/yaml", "text/x-yaml", "application/yaml", "application/x-yaml", "application/octet-stream",
)  # fmt: skip
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_OK = 200
_UNAUTHORIZED = 401
_REDIRECTS = (301, 302, 303, 307, 308)
_NO_VALUE = re.compile(r"[\0-\x08\x0a-\x1f\x7f]")
_CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificates:
    """Paths of PEM files, and whether a server's certificate is looked at. Empty: the system's."""

    ca: str = ""
    client: str = ""
    client_key: str = ""
    insecure: bool = False


class HttpFetcher:
    """`clock` counts seconds; `headers` are those of all requests to a host, which other hosts are not sent, whoever redirects to them.

    Raises TaskfileReadError where the certificates cannot be read.
    """

    def __init__(
        self, certificates: Certificates, *, clock: Callable[[], float], headers: Callable[[str], Mapping[str, str]]
    ) -> None:
        self._clock = clock
        self._headers_of = headers
        self._headers: Mapping[str, str] = {}
        https = urllib.request.HTTPSHandler(context=_tls(certificates))
        self._openers = {
            direct: urllib.request.build_opener(https, _Redirects(insecure=certificates.insecure), *proxies)
            for direct, proxies in ((True, [urllib.request.ProxyHandler({})]), (False, []))
        }

    def fetch(self, address: HttpAddress, timeout_seconds: float) -> bytes:
        """Raises TaskfileFetchError, TaskfileNotFoundError, TaskfileNotSecureError, TaskfileReadError, TimeoutError."""
        deadline = self._clock() + timeout_seconds
        self._headers = self._headers_of(urlsplit(address.url).netloc.rpartition("@")[2])
        unfit = next((name for name, value in self._headers.items() if _NO_VALUE.search(value)), "")
        if unfit:
            raise _failed(address, f"the value of its header `{unfit}` has a line break, or another control character")
        try:
            return self._get(address, self._existing(address, deadline), deadline)
        except TimeoutError:
            raise
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise TimeoutError from None
            raise _failed(address, _reason(error.reason)) from None
        except (HTTPException, OSError, ValueError) as error:
            raise _failed(address, _reason(error)) from None

    def _existing(self, address: HttpAddress, deadline: float) -> str:
        """The address itself where a Taskfile may be there, else that of the first default name that is there."""
        with self._ask("HEAD", address.url, deadline) as answer:
            kind = answer.headers.get("Content-Type") or ""
            if answer.status == _OK and any(allowed in kind for allowed in CONTENT_TYPES):
                return address.url
            if answer.status == _UNAUTHORIZED:
                raise _refused(address, answer.status)
        parts = urlsplit(address.url)
        for name in TASKFILE_NAMES:
            path = posixpath.normpath(posixpath.join("/", parts.path.lstrip("/"), name))
            url = urlunsplit(parts._replace(path=path))
            with self._ask("HEAD", url, deadline) as answer:
                if answer.status == _OK:
                    return url
        raise TaskfileNotFoundError(f"no Taskfile found at `{address.location}`")

    def _get(self, address: HttpAddress, url: str, deadline: float) -> bytes:
        with self._ask("GET", url, deadline) as answer:
            if answer.status != _OK:
                raise _refused(address, answer.status)
            data = b""
            while chunk := answer.read1(_CHUNK_BYTES):
                data += chunk
                self._left(deadline)
                if len(data) > MAX_FILE_BYTES:
                    raise _failed(address, f"larger than {MAX_FILE_BYTES // (1024 * 1024)} MiB: this is no Taskfile")
            if answer.length:
                raise TaskfileReadError(f"download of `{address.location}` ended before all of it came")
            return _unpacked(data, address) if answer.headers.get("Content-Encoding", "").lower() == "gzip" else data

    def _left(self, deadline: float) -> float:
        left = deadline - self._clock()
        if left <= 0:
            raise TimeoutError
        return left

    def _ask(self, method: str, url: str, deadline: float) -> HTTPResponse:
        """The answer, whatever its status."""
        parts = urlsplit(url)
        user, at, host = parts.netloc.rpartition("@")
        plain = urlunsplit(parts._replace(netloc=host, fragment=""))
        request = urllib.request.Request(plain, method=method)  # noqa: S310 addresses are http(s)
        if at:
            request.add_unredirected_header("Authorization", _basic(user))
        for name, value in self._headers.items():
            request.add_unredirected_header(name, value)
        opener = self._openers[parts.hostname in LOOPBACK]
        try:
            answer: HTTPResponse = opener.open(request, timeout=self._left(deadline))
        except urllib.error.HTTPError as error:
            if error.code in _REDIRECTS and error.headers.get("Location"):  # all that are followed were
                raise urllib.error.URLError(f"status {error.code} again and again") from None
            return error  # type: ignore[return-value]  # it has all that is asked of an answer
        return answer


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Keeps HEAD a HEAD, and never goes from https to http unless that was asked for."""

    def __init__(self, *, insecure: bool) -> None:
        self._insecure = insecure

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> urllib.request.Request | None:
        scheme = urlsplit(newurl).scheme
        if scheme not in ("http", "https") or (scheme == "http" and not self._insecure):
            message = f"`{req.full_url}` leads to `{newurl}`, which is not secure"
            raise TaskfileNotSecureError(message, help="--insecure")
        request = super().redirect_request(req, fp, code, msg, headers, newurl)
        if request is not None:
            request.method = req.get_method()
            if request.host == req.host and request.type in (req.type, "https"):
                for name, value in req.unredirected_hdrs.items():
                    if name != "Host":
                        request.add_unredirected_header(name, value)
        return request


def _basic(user: str) -> str:
    name, _, password = user.partition(":")
    return "Basic " + base64.b64encode(f"{unquote(name)}:{unquote(password)}".encode()).decode()


def _refused(address: HttpAddress, status: int) -> TaskfileFetchError:
    error = _failed(address, f"status {status} ({responses.get(status, 'unknown')})")
    if status == _UNAUTHORIZED:
        error.help = "`remote: headers` in .taskrc.yml sends a token"
    return error


def _unpacked(data: bytes, address: HttpAddress) -> bytes:
    """What was sent packed without being asked for, as files are that lie packed on a server."""
    import gzip
    import io
    import zlib

    try:
        text = gzip.GzipFile(fileobj=io.BytesIO(data)).read(MAX_FILE_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise _failed(address, f"it cannot be unpacked: {error}") from None
    if len(text) > MAX_FILE_BYTES or not data:
        raise _failed(address, "it cannot be unpacked: too large, or cut off")
    return text


def _failed(address: HttpAddress, reason: str) -> TaskfileFetchError:
    return TaskfileFetchError(f"download of `{address.location}` failed: {reason}")


def _reason(error: object) -> str:
    """The system's own words, without the number that Python puts before them."""
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error)


def _tls(certificates: Certificates) -> ssl.SSLContext:
    path = certificates.ca
    try:
        context = ssl.create_default_context(cafile=path or None)
        if certificates.client:
            path = certificates.client
            context.load_cert_chain(path, certificates.client_key)
    except OSError as error:
        raise TaskfileReadError(f"a certificate cannot be read: {_reason(error)}", position=Position(file=path)) from None
    if certificates.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
