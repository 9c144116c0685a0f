"""Finding and reading Taskfiles, and all they include, into one merged Taskfile. go-task: taskfile.Reader, fsext.Search.

The only module of this package that touches files. Knows nothing of running.
"""

from __future__ import annotations

import os
import stat

from paratask.errors import (
    Position,
    TaskfileChecksumError,
    TaskfileCycleError,
    TaskfileError,
    TaskfileFetchError,
    TaskfileNotFoundError,
    TaskfileReadError,
    TaskfileSyntaxError,
    TaskfileVersionError,
)
from paratask.frozen import replace
from paratask.taskfile.decode import Decoder
from paratask.taskfile.decode_file import decode_taskfile
from paratask.taskfile.includes import merge, smart_join
from paratask.taskfile.paths import expand_path
from paratask.taskfile.spellings import read_spellings
from paratask.taskfile.yaml_nodes import parse_yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from paratask.taskfile.model import Include, Oddity, Taskfile, Variables

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
REMOTE_SCHEMES = ("http://", "https://", "git://", "ssh://", "git@")


class TaskfileReader:
    """Reads a root Taskfile and what it includes.

    `fill` fills a template from variables (templating.render bound to the machine); `environ` is the operating system's.
    After `read`, `oddities` holds what was strange.
    """

    def __init__(self, *, environ: Mapping[str, str], fill: Callable[[str, Mapping[str, object]], str]) -> None:
        self._environ = environ
        self._fill = fill
        self._merged: dict[str, Taskfile] = {}
        self._open: list[str] = []
        self.oddities: list[Oddity] = []

    def read(self, path: str) -> Taskfile:
        """The root file at `path` (absolute) with everything it includes merged in. Raises TaskfileError."""
        taskfile = self._read_merged(path, checksum="", is_root=True, position=Position(file=path))
        _check_supported(taskfile)
        return taskfile

    def with_includes(self, taskfile: Taskfile) -> Taskfile:
        """A root that was decoded elsewhere (paratask.toml), with everything it includes merged in. Raises TaskfileError."""
        self._open.append(taskfile.file)
        for include in taskfile.includes:
            taskfile = self._include(taskfile, include, taskfile.variables)
        self._open.pop()
        return read_spellings(taskfile, is_root=True)

    def _read_merged(self, path: str, *, checksum: str, is_root: bool, position: Position) -> Taskfile:
        if path in self._open:
            raise TaskfileCycleError(f"include cycle detected between {self._open[-1]} <--> {path}", position=position)
        if path in self._merged:
            if checksum:
                _verify(path, read_bytes(path), checksum)
            return self._merged[path]
        if len(self._open) == MAX_INCLUDE_DEPTH:
            raise TaskfileError(f"includes nested more than {MAX_INCLUDE_DEPTH} deep", position=position)
        self._open.append(path)
        taskfile = self._read_one(path, checksum)
        own = taskfile.variables
        for include in taskfile.includes:
            taskfile = self._include(taskfile, include, own)
        self._open.pop()
        taskfile = read_spellings(taskfile, is_root=is_root)
        self._merged[path] = taskfile
        return taskfile

    def _read_one(self, path: str, checksum: str) -> Taskfile:
        data = read_bytes(path)
        _verify(path, data, checksum)
        decoder = Decoder(path)
        taskfile = decode_taskfile(decoder, parse_yaml(data, path))
        self.oddities.extend(decoder.oddities)
        if not taskfile.version:
            raise TaskfileVersionError("missing schema version", position=Position(file=path), help="add `version: '3'`")
        return taskfile

    def _include(self, parent: Taskfile, include: Include, own: Variables) -> Taskfile:
        """`own` are the variables that `parent` sets itself: what it includes does not change where it includes from."""
        values: dict[str, object] = {**self._environ, **{k: v.value for k, v in own.items() if not v.sh}}
        written = self._fill(include.taskfile, values)
        if written.startswith(REMOTE_SCHEMES):
            if include.optional:
                return parent
            raise TaskfileFetchError(f"remote Taskfiles are not supported yet: {written}", position=include.position)
        folder = os.path.dirname(parent.file)
        target = smart_join(folder, expand_path(written, self._environ))
        include = replace(include, dir=smart_join(folder, expand_path(self._fill(include.dir, values), self._environ)))
        found = taskfile_at(target)
        if found is None:
            if include.optional:
                return parent
            raise TaskfileNotFoundError(f"no Taskfile found at `{target}`", position=include.position)
        other = self._read_merged(found, checksum=include.checksum, is_root=False, position=include.position)
        return merge(parent, other, include)


def read_bytes(path: str) -> bytes:
    """The file, whole. Raises TaskfileReadError; TaskfileSyntaxError where it is too large to be a Taskfile."""
    size = _stat(path).st_size
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_FILE_BYTES + 1) if size <= MAX_FILE_BYTES else b""
    except OSError as error:
        raise _unreadable(path, error) from None
    if max(size, len(data)) > MAX_FILE_BYTES:
        message = f"larger than {MAX_FILE_BYTES // (1024 * 1024)} MiB: this is no Taskfile"
        raise TaskfileSyntaxError(message, position=Position(file=path))
    return data


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
        return os.path.abspath(path)
    return _in_folder(os.path.abspath(path), TASKFILE_NAMES)


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
    except OSError as error:
        raise TaskfileReadError(f"cannot be looked into: {error.strerror}", position=Position(file=folder)) from None
    message = f"no Taskfile found in `{start}` ({reach})"
    raise TaskfileNotFoundError(message, help="create a `Taskfile.yml` with `version: '3'` and `tasks:`")


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
