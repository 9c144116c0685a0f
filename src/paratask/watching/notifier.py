"""Events of the file system, from the library watchfiles: inotify, FSEvents and the like.

The library waits in a thread of its own; what it finds comes through a pipe, so that the loop sleeps until there is something.
Knows nothing of sources.
"""

from __future__ import annotations

import os
import threading
from collections import deque

from paratask.errors import ParataskError, system_words
from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Protocol

    from watchfiles._rust_notify import RustNotify

    from paratask.kernel.loop import Loop

    class Notifier(Protocol):
        """Reports what happens in folders."""

        def watch(self, folders: frozenset[str]) -> None:
            """From now on report what happens in these folders (not in those below them). Raises ParataskError."""

        def close(self) -> None: ...


STEP_MS = 50
"""How often the library looks at what the system has told it."""
GATHER_MS = 200
"""How long it gathers events before it hands them on."""
POLL_MS = 300
"""How often files are looked at where the system takes no more watches."""
KINDS = {1: "CREATE", 2: "WRITE", 3: "REMOVE"}
SOMEWHERE = 2
NOT_UTF_8 = "Unable to decode path"
"""What the library says where the system told it of a name that is not UTF-8. From then on it says nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An event: CREATE, WRITE or REMOVE of an absolute path."""

    kind: str
    path: str


class WatchfilesNotifier:
    """Implements Notifier. `report` is called in the loop's thread; `say` tells the user, once, that files are polled."""

    def __init__(self, loop: Loop, *, report: Callable[[Sequence[Change]], None], say: Callable[[str], None]) -> None:
        self._loop = loop
        self._report = report
        self._say = say
        self._polls = False
        self._folders: frozenset[str] = frozenset()
        self._left_out = ""
        self._listeners: list[_Listener] = []
        self._found: deque[set[tuple[int, str]] | Exception] = deque()
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        loop.watch(self._read, self._take)

    def watch(self, folders: frozenset[str]) -> None:
        self._folders = folders = self._named(folders)
        before = list(self._listeners)
        if folders:
            self._listeners.append(_Listener(self._notify(folders), self._arrive))
        for listener in before:  # only now: in between, both listen
            listener.stop()
            if listener.has_ended:
                self._listeners.remove(listener)

    def _named(self, folders: frozenset[str]) -> frozenset[str]:
        """Those that the library has a name for."""
        nameless = frozenset(folder for folder in folders if not _is_utf_8(folder))
        if nameless and not self._left_out:
            self._left_out = min(nameless)
            self._say(f"paratask: what changes in folders whose names are not UTF-8 is not noticed by itself: {self._left_out}")
        return folders - nameless

    def _notify(self, folders: frozenset[str]) -> RustNotify:
        rust_notify = _load()
        try:
            return rust_notify(sorted(folders), False, self._polls, POLL_MS, False, True)
        except FileNotFoundError:  # a folder went meanwhile; its parent says so
            return self._notify(frozenset(folder for folder in folders if os.path.isdir(folder)))
        except (OSError, RuntimeError) as error:
            if self._polls:
                raise ParataskError(f"files cannot be watched: {system_words(error)}") from None
            self._polls = True
            self._say(
                f"paratask: files are looked at every {POLL_MS} ms, since the system takes no more watches: {system_words(error)}"
            )
            return self._notify(folders)

    def _arrive(self, found: set[tuple[int, str]] | Exception) -> None:
        """Called in the listener's thread."""
        self._found.append(found)
        os.write(self._write, b".")

    def _take(self) -> None:
        os.read(self._read, 4096)
        changes: dict[tuple[int, str], None] = {}
        while self._found:
            found = self._found.popleft()
            if not isinstance(found, Exception):
                changes.update(dict.fromkeys(sorted(found)))
            elif NOT_UTF_8 not in str(found):
                raise ParataskError(f"files cannot be watched any more: {found}")
            elif self._folders:
                self.watch(self._folders)
                changes[SOMEWHERE, min(self._folders)] = None
        if changes:
            self._report([Change(kind=KINDS.get(kind, "WRITE"), path=path) for kind, path in changes])

    def close(self) -> None:
        for listener in self._listeners:
            listener.stop()
        for listener in self._listeners:
            listener.join()
        self._loop.unwatch(self._read)
        os.close(self._read)
        os.close(self._write)


class _Listener:
    """A thread that waits for one set of folders. It owns `notify`."""

    def __init__(self, notify: RustNotify, arrive: Callable[[set[tuple[int, str]] | Exception], None]) -> None:
        self._notify = notify
        self._arrive = arrive
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="paratask-watch", daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        try:
            while not isinstance(found := self._notify.watch(GATHER_MS, STEP_MS, 0, self._stopped), str):
                self._arrive(found)
        except Exception as error:  # noqa: BLE001 - raised again in the loop's thread
            self._arrive(error)
        finally:
            self._notify.close()

    def stop(self) -> None:
        self._stopped.set()

    @property
    def has_ended(self) -> bool:
        return not self._thread.is_alive()

    def join(self) -> None:
        self._thread.join()


def _is_utf_8(path: str) -> bool:
    return path.isascii() or not any("\ud800" <= char <= "\udfff" for char in path)


def _load() -> type[RustNotify]:
    try:
        from watchfiles._rust_notify import RustNotify
    except ImportError:
        raise ParataskError("watching needs the package `watchfiles`", help="pip install watchfiles") from None
    return RustNotify
