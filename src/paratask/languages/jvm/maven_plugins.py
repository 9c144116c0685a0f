"""Maven's plugins, as far as it is known what they do when a build runs them: stay within `target`, run anything, reach outside.

A plugin that is in none of the lists is taken to write its module. Knows the plugins by their coordinates and how a POM binds
them to a build; reads nothing.
"""

from __future__ import annotations

from paratask.frozen import dataclass
from paratask.languages.tool_table import outside_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from paratask.languages.xml_files import Element

_DEFAULT_GROUP = "org.apache.maven.plugins"
_CLEANING = frozenset({"pre-clean", "clean", "post-clean"})
CONTAINED = frozenset(
    {
        *(
            f"maven-{name}-plugin"
            for name in (
                "clean compiler resources surefire failsafe jar war ear ejb rar assembly source javadoc install deploy site "
                "enforcer dependency checkstyle pmd jxr project-info-reports surefire-report toolchains help bundle plugin jmod jlink"
            ).split()
        ),
        "jacoco-maven-plugin",
        "spotbugs-maven-plugin",
        "spring-boot-maven-plugin",
        "build-helper-maven-plugin",
        "kotlin-maven-plugin",
        "scala-maven-plugin",
        "animal-sniffer-maven-plugin",
        "git-commit-id-maven-plugin",
        "git-commit-id-plugin",
        "forbiddenapis",
        "japicmp-maven-plugin",
        "protobuf-maven-plugin",
        "os-maven-plugin",
        "jandex-maven-plugin",
        "native-maven-plugin",
        "openapi-generator-maven-plugin",
    }
)
"""Plugins that write to `target`, unless they are told to write elsewhere."""
RUNNING = frozenset(
    {
        "maven-antrun-plugin",
        "exec-maven-plugin",
        "groovy-maven-plugin",
        "gmavenplus-plugin",
        "maven-invoker-plugin",
        "frontend-maven-plugin",
        "maven-ant-plugin",
        "maven-scripting-plugin",
        "jruby-maven-plugin",
        "jbang-maven-plugin",
        "process-exec-maven-plugin",
    }
)
"""Plugins that run what their configuration says, which may be anything."""
CONTAINERS = frozenset(
    {
        "jib-maven-plugin",
        "dockerfile-maven-plugin",
        "docker-maven-plugin",
        "docker-compose-maven-plugin",
        "kubernetes-maven-plugin",
    }
)
"""Plugins that make images, start containers, or bring them somewhere."""
OUTSIDE = frozenset(
    {"maven-release-plugin", "maven-scm-plugin", "nexus-staging-maven-plugin", "wagon-maven-plugin", "gitflow-maven-plugin"}
)
"""Plugins whose effects others can see, whatever they are told. Those of a plain deployment are bound to `deploy` alone."""
READING_SETTINGS = frozenset(
    "configLocation headerLocation suppressionsLocation propertiesLocation sourceDirectory testSourceDirectory scriptSourceDirectory "
    "sourceDir includeFilterFile excludeFilterFile ruleset header licenseFile headerFile inputSpec source protoSourceRoot "
    "suiteXmlFile descriptor manifestFile keystore skipSource compileSourceRoot".split()
)
"""Names of settings whose value is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plugin:
    """A plugin that a module names. `goals` are those that its executions bind to the build; `extends` says that it changes Maven,
    `cleans` that it has a part in `mvn clean`.
    """

    artifact: str
    goals: tuple[str, ...]
    extends: bool
    cleans: bool = False

    @property
    def is_contained(self) -> bool:
        """Whether a build with it is known to write nothing but `target`."""
        if self.artifact == "spring-boot-maven-plugin" and {"build-image", "start", "run"} & set(self.goals):
            return False
        return self.artifact in CONTAINED or (not self.goals and not self.extends)

    @property
    def runs_anything(self) -> bool:
        """Whether a build runs what only its configuration tells."""
        return bool(self.goals) and self.artifact in RUNNING

    @property
    def outside(self) -> str:
        """The goal of it that a build runs and others can see; empty where there is none."""
        if self.artifact in CONTAINERS | OUTSIDE and self.goals:
            return self.goals[0]
        if self.artifact in ("maven-deploy-plugin", "maven-site-plugin", "central-publishing-maven-plugin"):
            return ""
        return next((goal for goal in self.goals if outside_word(goal) or goal == "build-image"), "")


def collected(parts: Sequence[Element], fill: Callable[[str], str | None]) -> tuple[Plugin, ...]:
    """The plugins that parts of a POM use, with the executions that their management adds."""
    used = [element for part in parts for element in part.all("build", "plugins", "plugin")]
    managed = [element for part in parts for element in part.all("build", "pluginManagement", "plugins", "plugin")]
    extensions = [_artifact(element, fill) for part in parts for element in part.all("build", "extensions", "extension")]
    names = dict.fromkeys(_artifact(element, fill) for element in used)
    found = []
    for name in names:
        own = [element for element in (*used, *managed) if _artifact(element, fill) == name]
        goals = dict.fromkeys(goal for element in own for goal in _goals(element))
        extends = any(element.value("extensions") == "true" for element in own)
        cleans = name == "maven-clean-plugin" or any(phase in _CLEANING for element in own for phase in _phases(element))
        found.append(Plugin(artifact=name, goals=tuple(goals), extends=extends, cleans=cleans))
    return (*found, *(Plugin(artifact=name, goals=(), extends=True) for name in extensions))


def _phases(element: Element) -> tuple[str, ...]:
    return tuple(phase.text for phase in element.all("executions", "execution", "phase"))


def _goals(element: Element) -> tuple[str, ...]:
    """The goals of its executions; one without goals adds to what is bound elsewhere."""
    return tuple(
        goal.text
        for execution in element.all("executions", "execution")
        for goal in execution.all("goals", "goal")
        if execution.value("phase") != "none"
    )


def _artifact(element: Element, fill: Callable[[str], str | None]) -> str:
    """The name of a plugin; one of Maven's own names from another group is another plugin."""
    group, artifact = element.value("groupId") or _DEFAULT_GROUP, fill(element.value("artifactId") or "") or "?"
    own = artifact.startswith("maven-") and group not in (_DEFAULT_GROUP, "org.apache.felix")
    return f"{group}:{artifact}" if own and artifact in CONTAINED else artifact
