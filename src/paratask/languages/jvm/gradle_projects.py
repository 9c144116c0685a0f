"""What all scripts of one Gradle build come to: which projects need which, and how far their tasks may reach.

Reads the scripts of every project, since Gradle runs them all, those that they apply, and the sources of the plugins that the build
brings along (`buildSrc`, included builds). Does not know plugins from elsewhere.
"""

from __future__ import annotations

import posixpath
from functools import lru_cache

from paratask.frozen import dataclass
from paratask.languages.jvm.gradle_scripts import Facts, facts, scripts_in, sources_in
from paratask.languages.jvm.gradle_settings import SETTINGS, read_build

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from paratask.languages.jvm.gradle_settings import GradleBuild
    from paratask.plugins.hookspecs import Place

OWN_PLUGINS = "buildSrc"
_SCRIPTS = ("build.gradle.kts", "build.gradle")
_MAX_SCRIPTS = 3_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Scripts:
    """What the scripts of a build come to; see `Facts`. `needs` are the projects that each depends on."""

    paths: tuple[str, ...]
    refused: str
    plain: bool
    root: bool
    beyond: tuple[str, ...]
    needs: Mapping[str, tuple[str, ...]]

    def reached(self, projects: Iterable[str]) -> tuple[str, ...]:
        """Projects with all that they depend on."""
        found: dict[str, None] = {}
        waiting = list(projects)
        while waiting:
            path = waiting.pop()
            if path in self.needs and path not in found:
                found[path] = None
                waiting.extend(self.needs[path])
        return tuple(found)


@lru_cache(maxsize=64)
def read_scripts(root: str, place: Place) -> Scripts | None:
    """The scripts of the build at `root`. Asked for by each command of a build; a place does not change."""
    build = read_build(root, place)
    return None if build is None else _Reading(build, place).result()


class _Reading:
    """Gathers what scripts do."""

    def __init__(self, build: GradleBuild, place: Place) -> None:
        self._build = build
        self._place = place
        self._found: dict[str, Facts] = {}
        self._needs: dict[str, list[str]] = {}
        self._common: list[str] = []
        self._refused = ""

    def result(self) -> Scripts:
        """All that was found, after a look at everything."""
        for project, folder in self._build.projects.items():
            self._project(project, folder)
        self._plugins()
        settings = self._existing(self._build.root, SETTINGS)
        self._load(settings, self._build.root)
        found = self._found
        works = [each for path, each in found.items() if path not in settings]
        return Scripts(
            paths=tuple(found),
            refused=self._refused or next((each.refused for each in found.values() if each.refused), ""),
            plain=self._build.understood and all(each.plain for each in works),
            root=any(each.root for each in works),
            beyond=tuple(path for each in found.values() for path in each.beyond),
            needs={project: tuple(dict.fromkeys((*named, *self._common))) for project, named in self._needs.items()},
        )

    def _project(self, project: str, folder: str) -> None:
        own = self._load(self._existing(folder, _SCRIPTS), folder)
        needs = self._needs[project] = []
        for path in own:
            each = self._found[path]
            named = self._named(each)
            needs.extend(self._build.projects if each.shared else named)
            if each.shared:
                self._for_all(path, each, named)

    def _plugins(self) -> None:
        """What applies to whichever project uses it."""
        root = self._build.root
        own = (posixpath.join(root, OWN_PLUGINS), *self._build.included)
        looked_at = [(folder, sources_in(folder, self._place)) for folder in own]
        if not self._build.understood:
            looked_at.append((root, scripts_in(root, self._place)))
        for folder, paths in looked_at:
            if paths is None:
                self._refused = f"`{self._place.pattern(folder)}` has too many sources to look at"
            for path in self._load(paths or (), folder):
                self._for_all(path, self._found[path], self._named(self._found[path]))

    def _for_all(self, path: str, each: Facts, named: Iterable[str]) -> None:
        """What is said for several projects; a path in it means another place for each of them."""
        self._common.extend(named)
        if each.beyond:
            self._refused = f"`{self._place.pattern(path)}` names paths outside of the projects it is for"

    def _named(self, each: Facts) -> Iterable[str]:
        return self._build.projects if each.projects is None else each.projects

    def _existing(self, folder: str, names: Sequence[str]) -> tuple[str, ...]:
        return tuple(path for path in (posixpath.join(folder, name) for name in names) if self._place.exists(path))

    def _load(self, paths: Sequence[str], folder: str) -> tuple[str, ...]:
        """Reads scripts and those that they apply; gives the paths of all of them."""
        waiting, read = list(paths), dict[str, None]()
        while waiting:
            path = waiting.pop()
            if path not in self._found:
                self._found[path] = self._read(path, folder)
            if path not in read:
                read[path] = None
                waiting.extend(self._found[path].applied)
        return tuple(read)

    def _read(self, path: str, folder: str) -> Facts:
        if len(self._found) >= _MAX_SCRIPTS:
            return Facts(refused="there are too many scripts")
        return facts(path, folder, self._build.projects, self._place)
