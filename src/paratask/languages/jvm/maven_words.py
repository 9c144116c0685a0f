"""The words of a call of Maven, understood: goals, options, properties, and what `.mvn` adds to them.

A property may change anything in a POM. One that may be a path is not understood; others are filled in where a POM refers to
them. Does not know `~/.mavenrc` nor the user's own settings.
"""

from __future__ import annotations

import posixpath

from paratask.frozen import dataclass
from paratask.languages.jvm.maven_tools import GOALS, OPTIONS, SKIPPING
from paratask.languages.jvm.poms import Context, pom_at
from paratask.languages.options import Parsed, parse, resolve_path, roles
from paratask.languages.tool_table import split_words
from paratask.languages.workspaces import folders_above
from paratask.languages.xml_files import read_xml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.languages.options import Word
    from paratask.plugins.hookspecs import Invocation, Place

_PATH_WORDS = frozenset(
    {"dir", "directory", "file", "files", "repo", "path", "output", "basedir", "root", "home", "location", "folder"}
)
_NAMES_OF_TESTS = frozenset(
    {"test", "it.test", "groups", "excludedGroups", "surefire.excludes", "surefire.includes", "includes", "excludes"}
)
_SETTINGS_THAT_CHANGE = ("localRepository", "profiles", "activeProfiles", "pluginGroups")


@dataclass(frozen=True, slots=True, kw_only=True)
class MavenCall:
    """One call. `goals` are phases and goals as the table names them, `home` is the folder with `.mvn`, or that of the POM."""

    parsed: Parsed
    goals: tuple[str, ...]
    pom: str
    home: str
    context: Context
    environment: Mapping[str, Word]

    @property
    def skips_tests(self) -> bool:
        """Whether tests are left out."""
        return any(name in SKIPPING and value in ("", "true") for name, value in self.context.properties)

    @property
    def selectors(self) -> tuple[str, ...]:
        """What `-pl` names."""
        return _listed(self.parsed, "-pl", "--projects")


def read_call(invocation: Invocation, place: Place) -> MavenCall | str | None:
    """The call; why it is not understood; or None where an option is not known, or a word only when it runs."""
    known = roles(OPTIONS)
    first = parse(invocation.words[1:], known)
    if first is None:
        return None
    pom = _pom(first, invocation.cwd, place)
    if pom is None:
        return f"`mvn`: `{place.pattern(invocation.cwd)}` has no `pom.xml`" if not first.named("-f", "--file") else None
    home = next(
        (above for above in folders_above(posixpath.dirname(pom), place) if place.exists(posixpath.join(above, ".mvn"))),
        posixpath.dirname(pom),
    )
    configured = place.read_text(posixpath.join(home, ".mvn/maven.config")) or ""
    lines = [line for line in configured.splitlines() if not line.lstrip().startswith("#")]
    parsed = parse([*" ".join(lines).split(), *invocation.words[1:]], known)
    if parsed is None:
        return "`.mvn/maven.config` has options that are not known"
    properties = _properties(parsed, invocation.environment)
    goals = [_goal(word) for word in parsed.operands]
    named = tuple(goal for goal in goals if goal is not None)
    if isinstance(properties, str):
        return properties
    if not _settings_are_plain(parsed, invocation.cwd, place):
        return "the settings that `mvn` is told to use may change what it touches"
    if len(named) < len(goals):
        return f"`mvn {parsed.operands[goals.index(None)]}` is no goal that is known"
    if not goals:
        return "`mvn` is told no goal"
    profiles = frozenset(name.lstrip("+?") for name in _listed(parsed, "-P", "--activate-profiles"))
    return MavenCall(
        parsed=parsed,
        goals=named,
        pom=pom,
        home=home,
        context=Context(properties=frozenset(properties.items()), profiles=profiles, root=home, top=posixpath.dirname(pom)),
        environment={
            name: value for name, value in invocation.environment.items() if name not in ("JAVA_HOME", "MAVEN_HOME", "M2_HOME")
        },
    )


def _goal(word: str) -> str | None:
    """The name in the table: `org.apache.maven.plugins:maven-dependency-plugin:3.6.0:tree@id` is `dependency:tree`."""
    parts = word.partition("@")[0].split(":")
    if len(parts) > 2:
        parts = [parts[1].removeprefix("maven-").removesuffix("-maven-plugin").removesuffix("-plugin"), parts[-1]]
    name = ":".join(parts)
    return name if name in GOALS else None


def _pom(parsed: Parsed, cwd: str, place: Place) -> str | None:
    named = parsed.named("-f", "--file")
    if not named:
        return pom_at(posixpath.join(cwd, "pom.xml"), place)
    path = resolve_path(named[0].value, cwd) if len(named) == 1 else None
    return None if path is None else pom_at(path, place)


def _listed(parsed: Parsed, *names: str) -> tuple[str, ...]:
    return tuple(word for option in parsed.named(*names) for word in (option.value or "").split(",") if word)


def _properties(parsed: Parsed, environment: Mapping[str, Word]) -> dict[str, str] | str:
    """The properties that the call gives; why one of them may change what is touched."""
    options = environment.get("MAVEN_OPTS", "")
    if options is None or "MAVEN_ARGS" in environment:
        return f"`{'MAVEN_ARGS' if options is not None else 'MAVEN_OPTS'}` may have `mvn` do anything"
    given = [option.value for option in parsed.named("-D", "--define")]
    given += [word[2:] for word in options.split() if word.startswith("-D")]
    found: dict[str, str] = {}
    for word in given:
        name, _, value = (word or "=").partition("=")
        if not name or not _is_harmless(name, value):
            return f"`mvn -D{name}` may name a path"
        found[name] = value
    return found


def _is_harmless(name: str, value: str) -> bool:
    if name in _NAMES_OF_TESTS or value in ("true", "false"):
        return True
    leaves = value.startswith((".", "~", "@")) or any(char in value for char in "/\\$`")
    return not leaves and _PATH_WORDS.isdisjoint(split_words(name))


def _settings_are_plain(parsed: Parsed, cwd: str, place: Place) -> bool:
    """Whether settings that the call names change nothing but where things come from."""
    for option in parsed.named("-s", "--settings", "-gs", "--global-settings", "-is", "--install-settings"):
        path = resolve_path(option.value, cwd)
        document = None if path is None else read_xml(path, place)
        if document is None or any(next(document.all(name), None) is not None for name in _SETTINGS_THAT_CHANGE):
            return False
    return True
