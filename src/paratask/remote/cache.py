"""The cache of remote Taskfiles: `.task/remote/`, with the names and contents that `task` gives them. go-task: taskfile.CacheNode.

Three files for each address: its bytes, their sha256, and when they were fetched. Knows nothing of networks or trust.
"""

from __future__ import annotations

import datetime as dt
import os

from paratask.errors import Position, TaskfileReadError
from paratask.frozen import dataclass
from paratask.state_files import replace_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.remote.addresses import Address

FOLDER = "remote"
NEVER = dt.datetime(1, 1, 1, tzinfo=dt.timezone.utc)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cached:
    """What is known of one address. `fetched_at` is `NEVER` where that was not recorded."""

    data: bytes
    fetched_at: dt.datetime


class RemoteCache:
    """`folder` is the one above `remote/`, as shown: relative where the root Taskfile is remote."""

    def __init__(self, folder: str) -> None:
        self._folder = os.path.join(folder, FOLDER)

    def path(self, address: Address, suffix: str = "yaml") -> str:
        return os.path.join(self._folder, f"{address.cache_name}.{suffix}")

    def read(self, address: Address) -> Cached | None:
        """What is kept of the address; None where nothing is. Raises TaskfileReadError where it is there, but cannot be read."""
        path = self.path(address)
        try:
            with open(path, "rb") as file:
                data = file.read()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise TaskfileReadError(f"cannot be read: {error.strerror}", position=Position(file=path)) from None
        return Cached(data=data, fetched_at=parse_moment(self._read_text(address, "timestamp")))

    def checksum(self, address: Address) -> str:
        """The checksum of what was accepted last; empty where nothing was."""
        return self._read_text(address, "checksum")

    def write(self, address: Address, data: bytes, *, checksum: str, now: dt.datetime) -> None:
        """Each file whole or not at all: another run may be reading. Raises TaskfileReadError."""
        try:
            os.makedirs(self._folder, exist_ok=True)
            replace_file(self.path(address, "checksum"), checksum.encode())
            replace_file(self.path(address, "timestamp"), render_moment(now).encode())
            replace_file(self.path(address), data)
        except OSError as error:
            message = f"cannot be written: {error.strerror}"
            raise TaskfileReadError(message, position=Position(file=self._folder)) from None

    def _read_text(self, address: Address, suffix: str) -> str:
        try:
            with open(self.path(address, suffix), encoding="utf-8", errors="replace") as file:
                return file.read()
        except OSError:
            return ""


def parse_moment(text: str) -> dt.datetime:
    """RFC 3339; `NEVER` for anything else."""
    try:
        moment = dt.datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return NEVER
    return moment.astimezone(dt.timezone.utc) if moment.tzinfo else NEVER


def render_moment(moment: dt.datetime) -> str:
    """To the second, in UTC."""
    return moment.astimezone(dt.timezone.utc).replace(microsecond=0, tzinfo=None).isoformat() + "Z"
