"""A web server on loopback that serves what a test gives it, and a git repository that needs no server."""

from __future__ import annotations

import gzip
import os
import ssl
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path


@dataclass(frozen=True)
class Page:
    """What is answered. `held` answers when the server ends, and not before; `after` when that path was asked for; the last
    `cut` bytes never come; `packed` is with gzip, in so many pieces.
    """

    text: str = ""
    kind: str = "text/yaml"
    status: int = 200
    get_status: int = 0
    location: str = ""
    user: str = ""
    held: bool = False
    after: str = ""
    cut: int = 0
    packed: int = 0


class Server(ThreadingHTTPServer):
    """`pages` by path; `asked` grows with each request, and `told` with the headers of each."""

    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True)
        self.scheme = "https" if tls is not None else "http"
        self.pages: dict[str, Page] = {}
        self.asked: list[str] = []
        self.told: list[dict[str, str]] = []
        self.ending = threading.Event()
        self.changed = threading.Condition()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}"

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_HEAD(self) -> None:
        self._answer(with_text=False)

    def do_GET(self) -> None:
        self._answer(with_text=True)

    def _answer(self, *, with_text: bool) -> None:
        with self.server.changed:
            self.server.asked.append(f"{self.command} {self.path}")
            self.server.told.append({name.lower(): value for name, value in self.headers.items()})
            self.server.changed.notify_all()
        page = self.server.pages.get(self.path, Page(status=404))
        if page.held:
            self.server.ending.wait()
        if page.after:
            self._wait_for(page.after)
        if page.user and self.headers.get("Authorization") != page.user:
            page = Page(status=401)
        body = page.text.encode()
        if page.packed:
            cuts = [len(body) * number // page.packed for number in range(page.packed + 1)]
            body = b"".join(gzip.compress(body[start:end]) for start, end in pairwise(cuts))
        self.send_response(page.get_status or page.status if with_text else page.status)
        self.send_header("Content-Type", page.kind)
        self.send_header("Content-Length", str(len(body)))
        if page.packed:
            self.send_header("Content-Encoding", "gzip")
        if page.location:
            self.send_header("Location", page.location)
        self.end_headers()
        if with_text:
            self.wfile.write(body[: len(body) - page.cut])

    def _wait_for(self, path: str) -> None:
        server = self.server
        with server.changed:
            server.changed.wait_for(lambda: server.ending.is_set() or any(path in asked for asked in server.asked))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Quiet."""


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server that runs."""
    server = Server(tls)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.ending.set()
        with server.changed:
            server.changed.notify_all()
        server.shutdown()
        thread.join()
        server.server_close()


def make_repository(folder: Path, files: Mapping[str, str], *, tags: tuple[str, ...] = ()) -> None:
    """A git repository with one commit on `main`."""
    folder.mkdir(parents=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    commands = [["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "all"], *(["tag", tag] for tag in tags)]
    who = {f"GIT_{role}_{what}": "test@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    for command in commands:
        subprocess.run(["git", *command], cwd=folder, env={**os.environ, **who}, check=True, capture_output=True)


def git_served(folder: Path) -> dict[str, str]:
    """The environment in which `https://git.example/` and `ssh://git@git.example/` are `folder`, to every git that is started.

    With a cache of its own: there `task` has all its clones in one folder, which each `task` that reads a Taskfile removes.
    """
    variables = {"GIT_CONFIG_COUNT": "2", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    variables["XDG_CACHE_HOME"] = str(folder.with_name("caches"))
    for number, base in enumerate(("https://git.example/", "ssh://git@git.example/")):
        variables[f"GIT_CONFIG_KEY_{number}"] = f"url.file://{folder}/.insteadOf"
        variables[f"GIT_CONFIG_VALUE_{number}"] = base
    return variables
