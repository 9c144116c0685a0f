"""`paratask.claims.toml` beside the root Taskfile: found, read, believed or not, and written."""

from __future__ import annotations

import os

from paratask.errors import ParataskError, TaskfileError
from paratask.frozen import replace
from paratask.observing.claims_file import decode_claims, render_claims
from paratask.observing.entries import definition_digest, key_of
from paratask.state_files import replace_file
from paratask.taskfile.model import NOWHERE, Oddity
from paratask.taskfile.project import CLAIMS_NAME

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from paratask.claims.observed import Observed
    from paratask.cli.options import Typed
    from paratask.execution.workbench import Workbench
    from paratask.observing.entries import Entry, Key
    from paratask.taskfile.model import Task
    from paratask.variables.ready import ReadyTask


class ObservedClaims:
    """The entries as they count for one command line; see planning.planner.Observations. The file is read when first asked."""

    def __init__(self, typed: Typed, bench: Workbench, warn: Callable[[Oddity], None]) -> None:
        self._typed = typed
        self._warn = warn
        self._bench = bench
        self.path = os.path.join(bench.project.root_dir, CLAIMS_NAME)
        self._entries: dict[Key, Entry] | None = None
        self._digests: dict[str, str] = {}

    @property
    def entries(self) -> Mapping[Key, Entry]:
        """Raises TaskfileError."""
        if self._entries is None:
            self._entries = self._read()
        return self._entries

    def of(self, ready: ReadyTask) -> Observed | None:
        """See planning.planner.Observations."""
        entries = self._believed()
        if not entries:
            return None
        key = self.key(ready)
        entry = entries.get(key) if key is not None else None
        return entry.observed if entry is not None and entry.definition == self.definition(ready.task) else None

    def any(self) -> bool:
        """See planning.planner.Observations."""
        return bool(self._believed())

    def _believed(self) -> Mapping[Key, Entry]:
        """The entries; none, with a warning, where the file is broken: it makes a run sooner, and must not be what it fails of."""
        try:
            return self.entries
        except TaskfileError as error:
            self._entries = {}
            self._warn(Oddity(message=error.message, position=error.position or NOWHERE, help=error.help))
            return self._entries

    def key(self, ready: ReadyTask) -> Key | None:
        """The entry's key for a task as it was called. Values of secret variables are left out, since the file is meant to be
        committed.
        """
        key = key_of(ready, self._command_line())
        mask = self._bench.secrets.mask
        if key is None or not self._bench.secrets:
            return key
        return replace(key, task=mask(key.task), variables=tuple((name, mask(value)) for name, value in key.variables))

    def definition(self, task: Task) -> str:
        """The digest of a task as it is written now."""
        if task.name not in self._digests:
            written = self._bench.project.taskfile
            self._digests[task.name] = definition_digest(task, written.variables, written.environment)
        return self._digests[task.name]

    def write(self, entries: Mapping[Key, Entry]) -> None:
        """Atomically; not at all where that would change nothing. Raises ParataskError where they cannot be written."""
        text = self._bench.secrets.mask(render_claims(entries, home=self._home())).encode("utf-8", "replace")
        self._entries = dict(entries)
        try:
            if self._kept() != text:
                replace_file(self.path, text)
        except OSError as error:
            raise ParataskError(f"`{os.path.relpath(self.path)}` cannot be written: {error.strerror}") from None

    def _kept(self) -> bytes:
        """What is in the file; nothing where it is not there. Raises OSError."""
        try:
            with open(self.path, "rb") as file:
                return file.read()
        except FileNotFoundError:
            return b""

    def _read(self) -> dict[Key, Entry]:
        from paratask.taskfile.reader import read_bytes
        from paratask.taskfile.toml_nodes import parse_toml

        if not os.path.exists(self.path):
            return {}
        return decode_claims(parse_toml(read_bytes(self.path), self.path), file=self.path, home=self._home())

    def _home(self) -> str:
        return os.path.realpath(self._bench.environ["HOME"]) if self._bench.environ.get("HOME") else ""

    def _command_line(self) -> dict[str, str]:
        variables = dict(self._typed.variables)
        for name, variable in self._bench.project.taskfile.variables.items():
            if variable.secret and name in variables:
                variables[name] = "*****"
        if self._typed.rest:
            variables["CLI_ARGS"] = " ".join(self._typed.rest)
        return variables
