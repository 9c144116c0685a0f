"""Finding and reading Taskfiles, and all they include, into one merged Taskfile. go-task: taskfile.Reader, fsext.Search.

The only module of this package that touches files. Knows nothing of running.
"""

from __future__ import annotations

import os
import stat
import sys

from paratask.errors import (
    Position,
    TaskfileChecksumError,
    TaskfileCycleError,
    TaskfileError,
    TaskfileNotFoundError,
    TaskfileReadError,
    TaskfileSyntaxError,
    TaskfileVersionError,
    TemplateSpot,
    VariableError,
)
from paratask.frozen import replace
from paratask.taskfile.origins import NoRemoteFiles, Origin, local_origin
from paratask.taskfile.paths import STDIN, cleaned
from paratask.taskfile.spellings import read_spellings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from paratask.taskfile.model import Include, Oddity, Taskfile, Variables
    from paratask.taskfile.origins import RemoteFiles
    from paratask.taskfile.parse_cache import ParseCache

TASKFILE_NAMES = (
    "Taskfile.yml",
    "taskfile.yml",
    "Taskfile.yaml",
    "taskfile.yaml",
    "Taskfile.dist.yml",
    "taskfile.dist.yml",
    "Taskfile.dist.yaml",
    "taskfile.dist.yaml",
)
MAX_FILE_BYTES = 8 * 1024 * 1024
MAX_INCLUDE_DEPTH = 100
SUPPORTED_VERSION = (3, 54, 0)


class TaskfileReader:
    """Reads a root Taskfile and what it includes.

    `fill` fills a template from variables (templating.render bound to the machine); `environ` is the operating system's;
    `open_remote` gives what reads Taskfiles that are not local; `cache` knows what was parsed before. After `read`, `oddities`
    holds what was strange.
    """

    def __init__(
        self,
        *,
        environ: Mapping[str, str],
        fill: Callable[[str, Mapping[str, object]], str],
        open_remote: Callable[[], RemoteFiles] = NoRemoteFiles,
        cache: ParseCache | None = None,
    ) -> None:
        self._environ = environ
        self._fill = fill
        self._open_remote = open_remote
        self._remote: RemoteFiles | None = None
        self._cache = cache
        self._merged: dict[str, Taskfile] = {}
        self._open: list[str] = []
        self.oddities: list[Oddity] = []

    def read(self, origin: Origin) -> Taskfile:
        """The root file with everything it includes merged in. Raises TaskfileError."""
        taskfile = self._read_merged(origin, checksum="", is_root=True, position=Position(file=origin.location))
        _check_supported(taskfile)
        return taskfile

    @property
    def locations(self) -> tuple[str, ...]:
        """The absolute paths and the addresses of all files that were read."""
        return tuple(self._merged)

    def with_includes(self, taskfile: Taskfile) -> Taskfile:
        """A root that was decoded elsewhere (paratask.toml), with everything it includes merged in. Raises TaskfileError."""
        _check_supported(taskfile)
        self._open.append(taskfile.file)
        origin = local_origin(taskfile.file)
        for include in taskfile.includes:
            taskfile = self._include(taskfile, origin, include, taskfile.variables)
        self._open.pop()
        return read_spellings(taskfile, is_root=True)

    def _read_merged(self, origin: Origin, *, checksum: str, is_root: bool, position: Position) -> Taskfile:
        path = origin.location
        if path in self._open:
            raise TaskfileCycleError(f"include cycle detected between {self._open[-1]} <--> {path}", position=position)
        if path in self._merged:
            if checksum:
                self._bytes(origin, checksum, position)
            return self._merged[path]
        if len(self._open) == MAX_INCLUDE_DEPTH:
            raise TaskfileError(f"includes nested more than {MAX_INCLUDE_DEPTH} deep", position=position)
        self._open.append(path)
        taskfile = self._read_one(origin, checksum, position)
        own = taskfile.variables
        for include in taskfile.includes:
            taskfile = self._include(taskfile, origin, include, own)
        self._open.pop()
        is_found = is_root and taskfile_at(origin.folder) == path  # else `task name` in it would read another one
        taskfile = read_spellings(taskfile, is_root=is_found)
        self._merged[path] = taskfile
        return taskfile

    def _read_one(self, origin: Origin, checksum: str, position: Position) -> Taskfile:
        taskfile, oddities = self._known(origin, checksum) or self._parsed(origin, self._bytes(origin, checksum, position))
        self.oddities.extend(oddities)
        if not taskfile.version:
            position = Position(file=origin.location)
            raise TaskfileVersionError("missing schema version", position=position, help="add `version: '3'`")
        return taskfile

    def _known(self, origin: Origin, checksum: str) -> tuple[Taskfile, tuple[Oddity, ...]] | None:
        """The file as the cache has it; None where it has to be read, as what is pinned or remote always is."""
        if self._cache is None or checksum or origin.address is not None:
            return None
        return self._cache.find(origin.location, read_bytes)

    def _parsed(self, origin: Origin, data: bytes) -> tuple[Taskfile, tuple[Oddity, ...]]:
        from paratask.taskfile.decode import Decoder
        from paratask.taskfile.decode_file import decode_taskfile
        from paratask.taskfile.yaml_nodes import parse_yaml

        decoder = Decoder(origin.location)
        taskfile = decode_taskfile(decoder, parse_yaml(data, origin.location))
        oddities = tuple(decoder.oddities)
        if self._cache is not None and origin.address is None:
            self._cache.keep(origin.location, data, taskfile, oddities)
        return taskfile, oddities

    def _bytes(self, origin: Origin, checksum: str, position: Position) -> bytes:
        """What is there, when it has the checksum that was pinned. `position` is that of the include."""
        if origin.location == STDIN:
            data = sys.stdin.buffer.read(MAX_FILE_BYTES + 1)
            _check_size(STDIN, len(data))
            return data
        if origin.address is not None:
            try:
                return self._remote_files().read(origin.address, checksum)
            except TaskfileError as error:
                error.position = error.position or (position if position.line else None)
                raise
        data = read_bytes(origin.location)
        _verify(origin.location, data, checksum)
        return data

    def _include(self, parent: Taskfile, parent_origin: Origin, include: Include, own: Variables) -> Taskfile:
        """`own` are the variables that `parent` sets itself: what it includes does not change where it includes from."""
        from paratask.taskfile.includes import merge, placed  # most projects include nothing

        values: dict[str, object] = {**self._environ, **{k: v.value for k, v in own.items() if not v.sh}}
        written = self._filled(include.taskfile, values, include)
        include = replace(include, dir=parent_origin.folder_of(self._filled(include.dir, values, include), self._environ))
        try:
            origin = self._origin(written, parent_origin, include)
        except TaskfileError as error:
            if include.optional:
                return parent
            error.position = error.position or include.position
            raise
        other = self._read_merged(origin, checksum=include.checksum, is_root=False, position=include.position)
        self._merged[origin.location] = placed(other, include)
        return merge(parent, other, include)

    def _filled(self, text: str, values: Mapping[str, object], include: Include) -> str:
        """A text of an include with its template filled in. Raises VariableError, also for one that is optional."""
        if "{{" not in text:
            return text
        from paratask.templating.failures import TemplateError

        try:
            return self._fill(text, values)
        except TemplateError as error:
            spot = TemplateSpot(source=error.source, line=error.line, column=error.column)
            raise VariableError(error.message, position=include.position, help=error.help or "", spot=spot) from error

    def _origin(self, written: str, parent: Origin, include: Include) -> Origin:
        """What `written` names in `parent`. Raises TaskfileError."""
        if parent.address is not None:
            written = parent.joined(written, self._environ)
        if ":" in written:
            address = self._remote_files().address(written)
            if address is not None:
                return Origin(location=address.location, folder=include.dir, parent_folder=parent.folder, address=address)
        target = parent.joined(written, self._environ)
        found = taskfile_at(target)
        if found is None:
            raise TaskfileNotFoundError(f"no Taskfile found at `{target}`")
        return Origin(location=found, folder=include.dir, parent_folder=parent.folder)

    def _remote_files(self) -> RemoteFiles:
        if self._remote is None:
            self._remote = self._open_remote()
        return self._remote


def read_bytes(path: str) -> bytes:
    """The file, whole. Raises TaskfileReadError; TaskfileSyntaxError where it is too large to be a Taskfile."""
    size = _stat(path).st_size
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_FILE_BYTES + 1) if size <= MAX_FILE_BYTES else b""
    except OSError as error:
        raise _unreadable(path, error) from None
    _check_size(path, max(size, len(data)))
    return data


def _check_size(path: str, size: int) -> None:
    if size > MAX_FILE_BYTES:
        message = f"larger than {MAX_FILE_BYTES // (1024 * 1024)} MiB: this is no Taskfile"
        raise TaskfileSyntaxError(message, position=Position(file=path))


def _stat(path: str) -> os.stat_result:
    try:
        return os.stat(path)
    except OSError as error:
        raise _unreadable(path, error) from None


def _unreadable(path: str, error: OSError) -> TaskfileReadError:
    return TaskfileReadError(f"cannot be read: {error.strerror}", position=Position(file=path))


def taskfile_at(path: str) -> str | None:
    """The file that `path` names: itself, or the first of the known names in it when it is a folder."""
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return None
    if not stat.S_ISDIR(mode):
        return cleaned(os.path.abspath(path))
    return _in_folder(cleaned(os.path.abspath(path)), TASKFILE_NAMES)


def _in_folder(folder: str, names: tuple[str, ...]) -> str | None:
    for name in names:
        path = os.path.join(folder, name)
        try:
            os.stat(path)
        except OSError:
            continue
        return path
    return None


def find_taskfile(folder: str, names: tuple[str, ...] = TASKFILE_NAMES) -> str:
    """The nearest Taskfile at or above `folder` (absolute), not beyond a change of owner. Raises TaskfileNotFoundError."""
    start = folder
    try:
        owner = os.stat(folder).st_uid
        while True:
            found = _in_folder(folder, names)
            if found:
                return found
            parent = os.path.dirname(folder)
            if parent == folder:
                reach = "or any of the parent directories"
                break
            if os.stat(parent).st_uid != owner:
                reach = "or any of the parent directories until ownership changed"
                break
            folder = parent
    except (FileNotFoundError, NotADirectoryError):
        raise TaskfileNotFoundError(f"no Taskfile found: there is no folder `{start}`") from None
    except OSError as error:
        raise TaskfileNotFoundError(f"cannot be looked into: {error.strerror}", position=Position(file=folder)) from None
    message = f"no Taskfile found in `{start}` ({reach})"
    raise TaskfileNotFoundError(message, help="`paratask --init` writes one")


def _verify(path: str, data: bytes, checksum: str) -> None:
    if not checksum:
        return
    from hashlib import sha256

    actual = sha256(data).hexdigest()
    if actual != checksum:
        message = f"the checksum does not match: got {actual}, want {checksum}"
        raise TaskfileChecksumError(message, position=Position(file=path))


def _check_supported(taskfile: Taskfile) -> None:
    text, _, prerelease = taskfile.version.removeprefix("v").partition("+")[0].partition("-")
    parts = [int(part) for part in text.split(".")]
    version = tuple(parts + [0] * (3 - len(parts)))
    position = Position(file=taskfile.file)
    if version < (3, 0, 0) or (prerelease and version == (3, 0, 0)):
        raise TaskfileVersionError(
            f"schema version {taskfile.version} is no longer supported", position=position, help="use v3"
        )
    if version > SUPPORTED_VERSION:
        shown = ".".join(map(str, SUPPORTED_VERSION))
        raise TaskfileVersionError(f"schema version {taskfile.version} is newer than {shown}", position=position)
