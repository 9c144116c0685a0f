"""Where a Taskfile comes from, and what its includes are relative to. go-task: taskfile.Node.

Local files are judged here, by their paths alone. What is not local is for `RemoteFiles`, which is given: this package knows no
network, and loads nothing for it unless an include looks like an address.
"""

from __future__ import annotations

import posixpath

from paratask.errors import TaskfileFetchError
from paratask.frozen import dataclass
from paratask.taskfile.paths import STDIN, expand_path, smart_join

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Protocol

    class RemoteAddress(Protocol):
        """The address of a Taskfile that is not local. `location` is its text, without a password."""

        @property
        def location(self) -> str: ...

        def joined(self, written: str) -> str:
            """The text of what a Taskfile there includes as `written`. Raises TaskfileError."""

        def folder_base(self, folder: str, parent_folder: str | None) -> str:
            """What the `dir` of an include in it is relative to."""

    class RemoteFiles(Protocol):
        """Reads Taskfiles that are not local."""

        def address(self, text: str) -> RemoteAddress | None:
            """None where `text` names a local file. Raises TaskfileError."""

        def read(self, address: RemoteAddress, checksum: str) -> bytes:
            """`checksum` is what the content must have, where it is not empty. Raises TaskfileError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One Taskfile. `location` is its absolute path or its address, `folder` what the include that led here said; both name it to
    those it includes. `parent_folder` is None for a root.
    """

    location: str
    folder: str
    parent_folder: str | None = None
    address: RemoteAddress | None = None

    def joined(self, written: str, environ: Mapping[str, str]) -> str:
        """The path or address of what it includes as `written`. Raises TaskfileError."""
        if self.address is not None:
            return self.address.joined(written)
        return smart_join(posixpath.dirname(self.location), expand_path(written, environ))

    def folder_of(self, written: str, environ: Mapping[str, str]) -> str:
        """The folder that its include's `dir` means."""
        base = posixpath.dirname(self.location)
        if self.address is not None:
            base = self.address.folder_base(self.folder, self.parent_folder)
        return smart_join(base, expand_path(written, environ))


class StandardInput:
    """`-t -`: the root Taskfile comes from stdin, and includes as if it stood in `folder`. go-task: StdinNode."""

    location = STDIN

    def __init__(self, folder: str, environ: Mapping[str, str]) -> None:
        self._folder = folder
        self._environ = environ

    def joined(self, written: str) -> str:
        """See RemoteAddress."""
        return written if "://" in written else smart_join(self._folder, expand_path(written, self._environ))

    def folder_base(self, folder: str, parent_folder: str | None) -> str:
        """See RemoteAddress."""
        del folder, parent_folder
        return self._folder


class NoRemoteFiles:
    """Knows no addresses, and refuses what looks like one."""

    def address(self, text: str) -> RemoteAddress | None:
        if "://" in text or text.startswith("git@"):
            raise TaskfileFetchError(f"a Taskfile that is not local: `{text}`")
        return None

    def read(self, address: RemoteAddress, checksum: str) -> bytes:
        del checksum
        raise TaskfileFetchError(f"a Taskfile that is not local: `{address.location}`")


def no_remote_files(root: str) -> RemoteFiles:
    """Where nothing is said about remote Taskfiles."""
    del root
    return NoRemoteFiles()


def local_origin(path: str) -> Origin:
    """A root file's."""
    return Origin(location=path, folder=posixpath.dirname(path))
