"""Remote Taskfiles by address: from the cache where that may be used, else fetched, judged and cached. go-task: Reader.readRemoteNodeContent.

Knows no Taskfile's content. The clock, the person who is asked, the network and git are given.
"""

from __future__ import annotations

import datetime as dt

from paratask.errors import (
    TaskfileCacheNotFoundError,
    TaskfileFetchTimeoutError,
    TaskfileNotTrustedError,
)
from paratask.frozen import dataclass
from paratask.remote.addresses import GitAddress, HttpAddress, parse_address
from paratask.remote.cache import NEVER, RemoteCache, render_moment
from paratask.remote.trust import checksum_of, question, verify

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from paratask.remote.addresses import Address
    from paratask.remote.cache import Cached
    from paratask.taskfile.origins import RemoteAddress

    class Surroundings(Protocol):
        """Everything beyond this process, as the store needs it."""

        def now(self) -> dt.datetime: ...
        def seconds(self) -> float:
            """A clock that only goes on."""

        def ask(self, question: str) -> bool: ...
        def note(self, text: str) -> None:
            """Say it where the user wants to hear more."""

        def fetch_http(self, address: HttpAddress, timeout_seconds: float) -> bytes:
            """Raises TaskfileError, TimeoutError."""

        def fetch_git(self, address: GitAddress, timeout_seconds: float) -> bytes:
            """Raises TaskfileError, TimeoutError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteOptions:
    """What was asked for: `--insecure`, `--download`, `--offline`, `--trusted-hosts`, `--timeout`, `--expiry`."""

    insecure: bool = False
    download: bool = False
    offline: bool = False
    trusted_hosts: tuple[str, ...] = ()
    timeout_seconds: float = 10.0
    expiry_seconds: float = 0.0


class RemoteTaskfiles:
    """See taskfile.origins.RemoteFiles. All fetching together takes at most the timeout, less what a person takes to answer."""

    def __init__(self, options: RemoteOptions, *, cache: RemoteCache, surroundings: Surroundings) -> None:
        self._options = options
        self._cache = cache
        self._surroundings = surroundings
        self._deadline: float | None = None
        self._read: dict[str, bytes] = {}

    def address(self, text: str) -> Address | None:
        """None where `text` names a local file. Raises TaskfileError."""
        return parse_address(text, insecure=self._options.insecure)

    def read(self, address: RemoteAddress, checksum: str) -> bytes:
        """The Taskfile at one of our own addresses; `checksum` pins its content where it is not empty. Raises TaskfileError."""
        assert isinstance(address, (HttpAddress, GitAddress))
        known = self._read.get(address.location)
        data = verify(address, known, checksum) if known is not None else self._read_anew(address, checksum)
        self._read[address.location] = data
        return data

    def _read_anew(self, address: Address, pinned: str) -> bytes:
        note, options = self._surroundings.note, self._options
        note(f'checking cache for "{address.location}" in "{self._cache.path(address)}"')
        cached = self._cache.read(address)
        now = self._surroundings.now()
        valid = cached is not None and self._is_valid(cached, now)
        if cached is None:
            note("no cache found")
            if options.offline:
                message = f"`{address.location}` was not found in the cache"
                raise TaskfileCacheNotFoundError(message, help="leave --offline out, or fetch it with --download")
        elif valid:
            note("cache found")
            if not options.download:
                return verify(address, cached.data, pinned)
        else:
            note(f"cache expired at {render_moment(self._expiry(cached))}")
            if options.offline:
                note("in offline mode, using expired cache")
                return verify(address, cached.data, pinned)
        return self._fetch(address, pinned, cached, now, valid=valid)

    def _is_valid(self, cached: Cached, now: dt.datetime) -> bool:
        return cached.fetched_at <= now < self._expiry(cached)

    def _expiry(self, cached: Cached) -> dt.datetime:
        try:
            return cached.fetched_at + dt.timedelta(seconds=self._options.expiry_seconds)
        except OverflowError:
            return NEVER if self._options.expiry_seconds < 0 else NEVER.replace(year=9999)

    def _fetch(self, address: Address, pinned: str, cached: Cached | None, now: dt.datetime, *, valid: bool) -> bytes:
        note = self._surroundings.note
        note(f"downloading remote file: {address.location}")
        try:
            data = self._download(address)
        except TimeoutError:
            if cached is None:
                raise self._too_late(address) from None
            note(f"failed to fetch remote file: context deadline exceeded: using {'' if valid else 'expired '}cache")
            return verify(address, cached.data, pinned)
        note(f'found remote file at "{address.location}"')
        self._judge(address, data, pinned)
        note(f'caching "{address.location}" to "{self._cache.path(address)}"')
        self._cache.write(address, data, checksum=checksum_of(data), now=now)
        return data

    def _download(self, address: Address) -> bytes:
        clock = self._surroundings.seconds
        if self._deadline is None:
            self._deadline = clock() + self._options.timeout_seconds
        left = self._deadline - clock()
        if left <= 0:
            raise TimeoutError
        if isinstance(address, HttpAddress):
            return self._surroundings.fetch_http(address, left)
        return self._surroundings.fetch_git(address, left)

    def _too_late(self, address: Address) -> TaskfileFetchTimeoutError:
        seconds = self._options.timeout_seconds
        message = f"no answer within {seconds:g} s while downloading `{address.location}`"
        return TaskfileFetchTimeoutError(message, help=f"--timeout {max(30, int(seconds * 3))}s")

    def _judge(self, address: Address, data: bytes, pinned: str) -> None:
        verify(address, data, pinned)
        if pinned:
            return
        asked = question(
            address,
            checksum=checksum_of(data),
            accepted=self._cache.checksum(address),
            trusted_hosts=self._options.trusted_hosts,
        )
        if not asked:
            return
        before = self._surroundings.seconds()
        if not self._surroundings.ask(asked):
            message = f"`{address.location}` is not trusted"
            raise TaskfileNotTrustedError(message, help=f"--trusted-hosts {address.host}, or answer with yes (--yes)")
        if self._deadline is not None:
            self._deadline += self._surroundings.seconds() - before
