"""What the runs claim that commands start (`task -d api build` in a shell text). See "Claims" in docs/design.md.

Such a run is a process of its own: it reads the Taskfile when it starts, evaluates every `sh:` of it, and keeps fingerprints beside it.
What is not known of that before it runs makes it a command that is not understood. Opens no file: projects are opened by who knows
command lines.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Claim, Claims, Evidence, union, unknown
from paratask.frozen import replace
from paratask.planning.expand import Expansion
from paratask.planning.own_claims import text_claims
from paratask.taskfile.paths import smart_join
from paratask.variables.dynamic import run_static
from paratask.variables.scopes import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Protocol

    from paratask.plugins.hookspecs import Place
    from paratask.taskfile.lookup import TaskIndex
    from paratask.taskfile.model import Platform, Taskfile
    from paratask.taskfile.project import Project
    from paratask.variables.preparation import Preparation
    from paratask.variables.scopes import Scopes

    class Bench(Protocol):
        """A project made workable."""

        project: Project
        taskfile: Taskfile
        index: TaskIndex
        preparation: Preparation
        scopes: Scopes
        platform: Platform
        fingerprints: str


_NAMES = "{T,t}askfile{,.dist}.y{,a}ml"
_SETTINGS = ".taskrc.y{,a}ml"
_RESOURCES = (Access.SHARED, Access.EXCLUSIVE)
_OF_TASKS = ("TASK", "ALIAS", "MATCH")
_KINDS = ("fingerprint:", "once:")


class InnerProject:
    """A project made workable that a command runs tasks of, started in the folder `cwd`; they are seen from `place`."""

    def __init__(self, *, bench: Bench, program: str, cwd: str, place: Place) -> None:
        self._bench = bench
        self._program = program
        self._cwd = cwd
        self._place = place
        self._root = bench.project.root_dir
        self._expansion = Expansion(
            index=bench.index,
            preparation=bench.preparation,
            place=place,
            platform=bench.platform,
            declared=bench.project.settings.claims_of,
            root=self._root,
            fingerprints=bench.fingerprints,
        )

    def claims(self, tasks: Sequence[str]) -> Claims | None:
        """What a run of these tasks claims; None where that is not understood."""
        place, settings = self._place, self._bench.project.settings
        is_ours = self._root == posixpath.normpath(place.root)
        if not (is_ours or self._root.startswith(f"{place.root.rstrip('/')}/")) or (settings.claims and not is_ours):
            return None
        reaches = [self._expansion.reach(name, {}) for name in tasks]
        reached = frozenset[str]().union(*(reach.tasks for reach in reaches))
        rules = [settings.claims_of(name) for name in reached]
        if any(rule is not None and (rule.apart or rule.parallel is False) for rule in rules):
            return None
        whole = union([*(reach.claims for reach in reaches), *self._evaluated(reached), self._files()])
        return whole if is_ours else replace(whole, entries=tuple(_elsewhere(whole.entries, place.pattern(self._root))))

    def _evaluated(self, reached: Iterable[str]) -> Iterator[Claims]:
        """The `sh:` variables of whole files, which each run evaluates anew. go-task: Compiler.getVariables."""
        variables, environment = self._bench.taskfile.variables, self._bench.taskfile.environment
        filled = run_static(self._bench.scopes.of_taskfile(Mode.UNKNOWN)).shell
        texts = [_text(each.sh, filled.get(name)) for name, each in {**environment, **variables}.items() if each.sh]
        tasks = [self._bench.index.find(name).task for name in sorted(reached)]
        layers = [environment] if environment.keys() & variables.keys() else []
        layers += [layer for task in tasks for layer in (task.include_variables, task.included_taskfile_variables)]
        texts += [_text(each.sh, None) for layer in layers for each in layer.values() if each.sh]
        for text in dict.fromkeys(texts):
            yield text_claims(text, self._root, self._place)

    def _files(self) -> Claims:
        """What it reads before it runs anything. A dotenv file that is not there may be by then, with any variable in it."""
        paths = [*self._bench.project.files, *(smart_join(self._root, path) for path in self._bench.taskfile.dotenv)]
        missing = [
            path for path in self._bench.taskfile.dotenv if "{{" in path or not self._place.exists(smart_join(self._root, path))
        ]
        if missing:
            return unknown(f"`{missing[0]}`, which `{self._program}` reads, is not known before it runs")
        folders = list(_up_to(self._root, self._cwd)) or [self._root]
        patterns = [self._place.pattern(path) for path in paths]
        patterns += [self._place.pattern(folder, f"/{name}") for folder in folders for name in (_NAMES, _SETTINGS)]
        reason = f"`{self._program}` reads it"
        entries = (
            Claim(access=Access.READ, pattern=pattern, evidence=Evidence.INFERRED, reason=reason)
            for pattern in dict.fromkeys(patterns)
        )
        return Claims(entries=tuple(entries), evidence=Evidence.INFERRED)


def _text(written: str, filled: str | None) -> str | None:
    """None where it is not known yet: what depends on the task was filled in without one."""
    return written if "{{" not in written else None if any(word in written for word in _OF_TASKS) else filled


def _up_to(root: str, folder: str) -> Iterator[str]:
    """The folders from `folder` up to `root`; none where it does not lie there."""
    while f"{folder}/".startswith(f"{root}/"):
        yield folder
        folder = posixpath.dirname(folder)
        if folder == "/":
            break


def _elsewhere(entries: Iterable[Claim], root: str) -> Iterator[Claim]:
    """The claims of another project: what it keeps of its tasks is its own."""
    for entry in entries:
        kind = next((kind for kind in _KINDS if entry.access in _RESOURCES and entry.pattern.startswith(kind)), "")
        yield replace(entry, pattern=f"{kind}{root}/{entry.pattern.removeprefix(kind)}") if kind else entry
