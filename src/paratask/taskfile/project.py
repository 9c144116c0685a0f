"""A project's files together: the Taskfile, and paratask.toml or pyproject.toml beside it or in its place.

Decides which file is the root, and puts both into one Taskfile and one Settings. Knows nothing of running.
"""

from __future__ import annotations

import os
import time

from paratask.errors import Position, TaskfileDecodeError, TaskfileNotFoundError, seen_from
from paratask.frozen import dataclass, replace
from paratask.taskfile.model import Oddity
from paratask.taskfile.origins import Origin, StandardInput, no_remote_files
from paratask.taskfile.parse_cache import ParseCache
from paratask.taskfile.paths import STDIN, cleaned, is_address
from paratask.taskfile.reader import TASKFILE_NAMES, TaskfileReader, find_taskfile, read_bytes, taskfile_at
from paratask.taskfile.settings import NO_SETTINGS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from paratask.taskfile.model import Taskfile
    from paratask.taskfile.origins import RemoteFiles
    from paratask.taskfile.settings import Settings

OWN_NAME = "paratask.toml"
CLAIMS_NAME = "paratask.claims.toml"
STATE_FOLDER = ".paratask"
PYPROJECT = "pyproject.toml"
TABLE = b"[tool.paratask"


def _nothing() -> None:
    """There is nothing to keep."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """What was read. `root_dir` is the folder that task folders and claims are relative to. `remember` keeps what was parsed for the
    next time, if nobody has: for when there is a place for it. `files` are the paths of what was read, and of our own file also where
    there is none.
    """

    taskfile: Taskfile
    settings: Settings
    root_dir: str
    oddities: tuple[Oddity, ...]
    remember: Callable[[], None] = _nothing
    files: tuple[str, ...] = ()


def read_project(
    *,
    entrypoint: str,
    folder: str,
    cwd: str,
    environ: Mapping[str, str],
    fill: Callable[[str, Mapping[str, object]], str],
    open_remote: Callable[[str], RemoteFiles] = no_remote_files,
) -> Project:
    """The project that `-t entrypoint` and `-d folder` (both may be empty) name, as seen from `cwd`. Raises TaskfileError.

    `open_remote` gives what reads remote Taskfiles, for a root Taskfile's folder (empty where that has none).
    """
    origin = root_origin(entrypoint, folder, cwd, open_remote, environ)
    path, root_dir = origin.location, origin.folder or cwd
    cache = ParseCache(os.path.join(root_dir, STATE_FOLDER), time.time_ns)
    reader = TaskfileReader(environ=environ, fill=fill, open_remote=lambda: open_remote(origin.folder), cache=cache)
    own = path if os.path.basename(path) in (OWN_NAME, PYPROJECT) else _own_file(root_dir)
    taskfile = reader.read(origin) if own != path else None
    settings: Settings = NO_SETTINGS
    oddities: tuple[Oddity, ...] = ()
    if own:
        settings, defined, oddities = read_own(own)
        defined = reader.with_includes(replace(defined, version=defined.version or (taskfile.version if taskfile else "3")))
        if taskfile is not None:
            oddities = (*oddities, *_without_effect(defined))
            taskfile = _together(taskfile, defined)
        else:
            taskfile = _alone(defined, path)
    assert taskfile is not None
    if settings.pipelines:
        from paratask.taskfile.pipelines import with_pipelines

        taskfile = with_pipelines(taskfile, settings.pipelines)
    cache.write()
    if settings is not NO_SETTINGS:
        from paratask.taskfile.unused_claims import unused_claims

        oddities = (*oddities, *unused_claims(settings, taskfile, root_dir))
    files = (*(each for each in reader.locations if not is_address(each)), own or os.path.join(root_dir, OWN_NAME))
    return Project(
        taskfile=taskfile, settings=settings, root_dir=root_dir, oddities=(*reader.oddities, *oddities), remember=cache.write,
        files=files,
    )  # fmt: skip


def root_origin(
    entrypoint: str, folder: str, cwd: str, open_remote: Callable[[str], RemoteFiles], environ: Mapping[str, str]
) -> Origin:
    """The root Taskfile's. Its folder is empty for a remote one without `-d`: no folder is its own. Raises TaskfileError."""
    given = cleaned(os.path.join(cwd, folder)) if entrypoint and folder else ""
    if entrypoint == "-":
        return Origin(location=STDIN, folder=given or cwd, address=StandardInput(given or cwd, environ))
    address = open_remote(given).address(entrypoint) if ":" in entrypoint else None
    if address is not None:
        return Origin(location=address.location, folder=given, address=address)
    path = _root_file(entrypoint, folder, cwd)
    return Origin(location=path, folder=given or os.path.dirname(path))


def _root_file(entrypoint: str, folder: str, cwd: str) -> str:
    if entrypoint:
        path = cleaned(os.path.join(cwd, entrypoint))
        found = taskfile_at(path) or (os.path.join(path, OWN_NAME) if os.path.isfile(os.path.join(path, OWN_NAME)) else None)
        if found is None:
            raise TaskfileNotFoundError(f"no Taskfile found at `{entrypoint}`")
        return found
    start = cleaned(os.path.join(cwd, folder)) if folder else cwd
    try:
        return find_taskfile(start, (*TASKFILE_NAMES, OWN_NAME))
    except TaskfileNotFoundError:
        found = _pyproject_above(start)
        if found is None:
            raise
        return found


def root_folder(entrypoint: str, folder: str, cwd: str) -> str:
    """That of the project that `-t entrypoint` and `-d folder` name, whatever its files say; empty where there is none."""
    if entrypoint == "-" or is_address(entrypoint):
        return cleaned(os.path.join(cwd, folder))
    try:
        path = _root_file(entrypoint, folder, cwd)
    except TaskfileNotFoundError:
        return ""
    return cleaned(os.path.join(cwd, folder)) if entrypoint and folder else os.path.dirname(path)


def root_settings(folder: str) -> tuple[str, Settings]:
    """The folder of the root file at or above `folder` (absolute), and what our own file there sets. No Taskfile is read. Raises TaskfileError."""
    root = os.path.dirname(_root_file("", "", folder))
    own = _own_file(root)
    return root, read_own(own)[0] if own else NO_SETTINGS


def _pyproject_above(folder: str) -> str | None:
    """Not beyond a change of owner, as for Taskfiles: a file in /tmp may be anybody's, and would be run by who works below it."""
    try:
        owner = os.stat(folder).st_uid
        while True:
            path = os.path.join(folder, PYPROJECT)
            if _mentions_us(path):
                return path
            parent = os.path.dirname(folder)
            if parent == folder or os.stat(parent).st_uid != owner:
                return None
            folder = parent
    except OSError:  # there is no such folder
        return None


def _own_file(folder: str) -> str | None:
    path = os.path.join(folder, OWN_NAME)
    if os.path.isfile(path):
        return path
    path = os.path.join(folder, PYPROJECT)
    return path if _mentions_us(path) else None


def _mentions_us(path: str) -> bool:
    return os.path.isfile(path) and TABLE in read_bytes(path)


def read_own(path: str) -> tuple[Settings, Taskfile, tuple[Oddity, ...]]:
    """Our own file: its settings, the tasks it defines, and what was odd. Raises TaskfileError."""
    from paratask.taskfile.decode import Decoder
    from paratask.taskfile.decode_settings import decode_settings
    from paratask.taskfile.nodes import Mapping as MappingNode
    from paratask.taskfile.toml_nodes import parse_toml

    root = parse_toml(read_bytes(path), path)
    if os.path.basename(path) == PYPROJECT:
        for name in ("tool", "paratask"):
            inner = next((value for key, value in root.pairs if key.text == name), None)
            root = inner if isinstance(inner, MappingNode) else MappingNode([], line=1, column=1)
    decoder = Decoder(path)
    settings, taskfile = decode_settings(decoder, root)
    return settings, taskfile, tuple(decoder.oddities)


def _together(taskfile: Taskfile, defined: Taskfile) -> Taskfile:
    """Tasks and variables of our own file beside the Taskfile's; no name may be in both."""
    for name, task in defined.tasks.items():
        if name in taskfile.tasks:
            there = taskfile.tasks[name].position
            if not is_address(there.file):
                there = replace(there, file=seen_from(there.file, os.path.dirname(defined.file)))
            helping = f"of a task that the Taskfile has, `[tasks.{name}]` takes only claims and the like (`reads`, `uses` …)"
            raise TaskfileDecodeError(f"task `{name}` is defined here and at {there}", position=task.position, help=helping)
    if not defined.tasks and not defined.variables and not defined.environment:
        return taskfile
    return replace(
        taskfile,
        tasks={**taskfile.tasks, **defined.tasks},
        variables={**taskfile.variables, **defined.variables},
        environment={**taskfile.environment, **defined.environment},
    )


def _alone(defined: Taskfile, path: str) -> Taskfile:
    if not defined.tasks:
        message = "no tasks here, and no Taskfile beside it"
        raise TaskfileNotFoundError(message, position=Position(file=path), help=_what_is_missing(os.path.dirname(path)))
    return defined


def _what_is_missing(folder: str) -> str:
    """Settings in a package's folder hide the Taskfile further up, for which they were most likely meant."""
    try:
        above = seen_from(find_taskfile(os.path.dirname(folder)), folder)
    except TaskfileNotFoundError:
        return "add a `[tasks.NAME]` table, or a Taskfile.yml"
    return f"settings for `{above}` go into a {OWN_NAME} beside it; else add a `[tasks.NAME]` table, or a Taskfile.yml"


def _without_effect(defined: Taskfile) -> Iterator[Oddity]:
    """What our own file says about the whole Taskfile counts only where there is no other."""
    position = Position(file=defined.file)
    for key, value in (
        ("dotenv", defined.dotenv),
        ("output", defined.output.style),
        ("method", defined.method),
        ("run", defined.run),
        ("silent", defined.silent),
        ("set", defined.set_options),
        ("shopt", defined.shopt_options),
        ("interval", defined.interval_seconds),
        ("use_gitignore", defined.use_gitignore),
    ):
        if value:
            yield Oddity(message=f"`{key}` has no effect beside a Taskfile", position=position, help="say it in the Taskfile")
