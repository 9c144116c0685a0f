"""Remote Taskfiles, as the command line asks for them: options put together, and the store bound to this machine, its user and git.

Loaded only where an include or `-t` looks like an address.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time

from paratask.remote.addresses import HttpAddress
from paratask.remote.cache import RemoteCache
from paratask.remote.checkout import Checkouts
from paratask.remote.store import RemoteOptions, RemoteTaskfiles
from paratask.taskfile.decode import parse_duration
from paratask.taskfile.paths import expand_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.cli.options import Typed
    from paratask.remote.addresses import Address, GitAddress
    from paratask.remote.fetch import HttpFetcher
    from paratask.reporting.colors import Paint


def remote_folder(typed: Typed, root: str, environ: Mapping[str, str]) -> str:
    """The folder of the cache; `root` is the root Taskfile's, empty for one that is remote. go-task: Executor.setupTempDir."""
    written = typed.text("remote_cache_dir") or environ.get("TASK_REMOTE_DIR", "") or typed.text("temp_dir") or ".task"
    if written.startswith(("/", "~")):
        return expand_path(written, environ)
    return os.path.normpath(os.path.join(root, written))


class OpenRemote(RemoteTaskfiles):
    """Remote Taskfiles for this command line. `root` is as for `remote_folder`; `close` removes what is not to be kept."""

    def __init__(self, typed: Typed, root: str, environ: Mapping[str, str], paint: Paint) -> None:
        self._around = _Surroundings(typed, environ, paint)
        super().__init__(
            remote_options(typed), cache=RemoteCache(remote_folder(typed, root, environ)), surroundings=self._around
        )

    def address(self, text: str) -> Address | None:
        """See taskfile.origins.RemoteFiles. Certificates that cannot be read are an error even where the cache would do."""
        address = super().address(text)
        if isinstance(address, HttpAddress):
            self._around.check_certificates()
        return address

    def close(self) -> None:
        self._around.checkouts.close()


def remote_options(typed: Typed) -> RemoteOptions:
    """What the store needs to know of the command line."""
    timeout, expiry = typed.text("timeout"), typed.text("expiry")
    return RemoteOptions(
        insecure=typed.flag("insecure"),
        download=typed.flag("download"),
        offline=typed.flag("offline"),
        trusted_hosts=tuple(host.strip() for host in typed.text("trusted_hosts").split(",") if host.strip()),
        timeout_seconds=parse_duration(timeout) if timeout else 10.0,
        expiry_seconds=parse_duration(expiry) if expiry else 0.0,
    )


class _Surroundings:
    """See remote.store.Surroundings."""

    def __init__(self, typed: Typed, environ: Mapping[str, str], paint: Paint) -> None:
        from paratask.processes.git import SystemGit

        self._typed = typed
        self._environ = environ
        self._paint = paint
        self._fetcher: HttpFetcher | None = None
        self.checkouts = Checkouts(SystemGit(environ))

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.timezone.utc)

    def seconds(self) -> float:
        return time.monotonic()

    def ask(self, question: str) -> bool:
        """go-task: Logger.Prompt."""
        if self._typed.flag("yes"):
            self._say("yellow", f"{question} [assuming yes]\n")
            return True
        if not (sys.stdin.isatty() and sys.stdout.isatty()):
            return False
        self._say("yellow", f"{question} [y/N]: ")
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    def note(self, text: str) -> None:
        if self._typed.flag("verbose"):
            self._say("magenta", text + "\n")

    def _say(self, color: str, text: str) -> None:
        sys.stdout.write(self._paint(color, text))
        sys.stdout.flush()

    def check_certificates(self) -> None:
        """Raises TaskfileReadError."""
        if self._typed.text("cacert") or self._typed.text("cert"):
            self._http()

    def fetch_http(self, address: HttpAddress, timeout_seconds: float) -> bytes:
        return self._http().fetch(address, timeout_seconds)

    def _http(self) -> HttpFetcher:
        if self._fetcher is None:
            from paratask.remote.fetch import Certificates, HttpFetcher

            typed = self._typed
            certificates = Certificates(
                ca=typed.text("cacert"),
                client=typed.text("cert"),
                client_key=typed.text("cert_key"),
                insecure=typed.flag("insecure"),
            )
            self._fetcher = HttpFetcher(certificates, clock=time.monotonic, headers=self._headers)
        return self._fetcher

    def _headers(self, host: str) -> Mapping[str, str]:
        """What requests to a host carry, by `.taskrc.yml`. Raises TaskfileReadError."""
        written = (self._typed.headers or {}).get(host)
        if not written:
            return {}
        from paratask.cli.remote_headers import fill_in_headers
        from paratask.execution.machine import SystemMachine

        return fill_in_headers(written, host, SystemMachine(environ=self._environ, cwd=os.getcwd()))

    def fetch_git(self, address: GitAddress, timeout_seconds: float) -> bytes:
        return self.checkouts.read(address, timeout_seconds)
