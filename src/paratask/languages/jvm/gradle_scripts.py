"""What Gradle's build scripts may do, as far as their words tell: run programs, name other projects, write beside their results.

A script is a program, and is not understood as one. What can start programs, and what adds work to tasks that is not known by
name, makes a build unknown; other words only widen what is claimed. Does not know what plugins from elsewhere do.
"""

from __future__ import annotations

import posixpath

from paratask.frozen import dataclass
from paratask.languages.jvm.gradle_tools import TASKS
from paratask.languages.jvm.scripts import Kind, tokens
from paratask.languages.options import is_within, resolve_path
from paratask.languages.tool_table import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from paratask.languages.jvm.scripts import Token
    from paratask.plugins.hookspecs import Place

_RUNNING = frozenset(
    "exec javaexec Exec JavaExec commandLine ProcessBuilder Runtime execute ant GradleBuild evaluate GroovyShell ScriptEngineManager "
    "ProcessHandle ExecOperations NpmTask NpxTask YarnTask NodeTask".split()
)
"""Words of what may start any program."""
_ADDING = frozenset({"dependsOn", "finalizedBy", "setDependsOn", "setFinalizedBy"})
_MOVING = frozenset({"buildDir", "buildDirectory", "layout.buildDirectory", "setBuildDir"})
_ROOTS = frozenset("rootDir settingsDirectory isolated currentDir settingsDir".split())
_ROOT_PARTS = frozenset("file files projectDir rootDir layout buildDir fileTree".split())
_WIDENING = frozenset(
    "doLast doFirst copy Copy sync Sync delete Delete into writeText write writeBytes appendText mkdir mkdirs createNewFile newWriter "
    "sourceSets outputs outputFile outputDir destinationDirectory destinationDir generatedFilesBaseDir alias renameTo copyTo".split()
)
_CONTAINED = frozenset(
    "java java-library application groovy scala war ear jacoco checkstyle pmd maven-publish signing base distribution idea eclipse "
    "java-test-fixtures java-platform jvm-test-suite version-catalog org.jetbrains.kotlin.jvm org.jetbrains.kotlin.kapt "
    "org.jetbrains.kotlin.plugin.spring org.jetbrains.kotlin.plugin.jpa org.jetbrains.kotlin.plugin.serialization "
    "org.jetbrains.kotlin.plugin.allopen org.springframework.boot io.spring.dependency-management io.gitlab.arturbosch.detekt "
    "org.jlleitschuh.gradle.ktlint com.diffplug.spotless com.github.spotbugs com.github.johnrengelman.shadow com.gradleup.shadow "
    "com.github.ben-manes.versions org.jetbrains.dokka com.google.devtools.ksp me.champeau.jmh net.ltgt.errorprone jvm kapt "
    "plugin.spring plugin.jpa plugin.serialization plugin.allopen".split()
)
"""Plugins whose tasks write the folder of results and nothing else."""
_ALL = frozenset("allprojects subprojects childProjects findProject getAllprojects getSubprojects configure".split())
_OWNERS_OF_OTHERS = frozenset(
    "sourceSets configurations repositories publications suites dimensions productFlavors buildTypes".split()
)
_OF_FILES = frozenset(
    ".java .kt .kts .groovy .gradle .xml .md .txt .json .yml .yaml .toml .properties .png .svg .jar .class .html .css .js .ts .lock .sh .bat".split()
)
_MAX_FILES, _MAX_FOLDERS = 300, 3_000
_AVAILABLE = (".", "getRuntime", "(", ")", ".", "availableProcessors")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What one script was found to do.

    `refused` says why nothing can be said of its build; empty where something can. `plain`: its tasks write their folder of results
    alone. `beyond` are paths outside of the project that it names, `root` says that it names some in the root project.
    `projects` are the paths of projects it depends on; None: any. `shared`: it configures other projects too.
    """

    refused: str = ""
    plain: bool = True
    beyond: tuple[str, ...] = ()
    root: bool = False
    projects: tuple[str, ...] | None = ()
    shared: bool = False
    applied: tuple[str, ...] = ()


def facts(path: str, folder: str, projects: Mapping[str, str], place: Place) -> Facts:
    """What the script at `path` does to the project in `folder`, in a build of `projects`."""
    text = place.read_text(path)
    script = None if text is None else tokens(text, kotlin=not path.endswith((".gradle", ".groovy")))
    if script is None:
        return Facts(refused=f"`{place.pattern(path)}` cannot be read")
    plain_tokens = tuple(token for token in script if token.kind is not Kind.MARK or token.value != "\n")
    beyond = tuple(_beyond(plain_tokens, folder))
    applied = tuple(_applied(plain_tokens, folder))
    refused = _refused(script, plain_tokens)
    if refused is None and (None in beyond or None in applied):
        refused = "names a path that only the run tells"
    words = {token.value for token in plain_tokens if token.kind is Kind.WORD}
    return Facts(
        refused=f"`{place.pattern(path)}` {refused}" if refused else "",
        plain=not (words & _WIDENING)
        and all(name in _CONTAINED for name in _plugins(plain_tokens))
        and all(name in TASKS and TASKS[name].mode is Mode.COMPILE for name in _added(script)),
        beyond=tuple(path for path in beyond if path is not None),
        root=bool(words & _ROOTS) or _names_root(plain_tokens),
        projects=_dependencies(plain_tokens, projects),
        shared=bool(words & _ALL),
        applied=tuple(path for path in applied if path is not None),
    )


def _value(script: Sequence[Token], at: int) -> str:
    """What stands at a place, marks and words; a text as a quote."""
    if not 0 <= at < len(script):
        return ""
    return '"' if script[at].kind is Kind.TEXT else script[at].value


def _words(script: Sequence[Token]) -> Iterator[tuple[int, str]]:
    yield from ((at, token.value) for at, token in enumerate(script) if token.kind is Kind.WORD)


def _refused(lines: Sequence[Token], script: Sequence[Token]) -> str | None:
    """What in a script is not looked into, and may change what every task does."""
    for at, word in _words(script):
        counts = word == "Runtime" and all(_value(script, at + 1 + index) == part for index, part in enumerate(_AVAILABLE))
        if word in _RUNNING and not counts and _value(script, at - 1) != "@":
            return f"has `{word}`, which may run anything"
        following = (_value(script, at + 1), _value(script, at + 2))
        if word in _MOVING and (_is_set(following)):
            return f"changes `{word}`"
    for name in _added(lines):
        tool = TASKS.get(name)
        if tool is None or tool.holds or tool.mode in (Mode.OUTSIDE, Mode.MODULE):
            return f"has tasks depend on `{name}`" if name else "has tasks depend on what only the run tells"
    return _overriding(script)


def _is_set(following: tuple[str, str]) -> bool:
    """Whether what follows a name gives it another value."""
    return following in ((".", "set"), ("(", '"')) or following[0] == '"' or (following[0] == "=" and following[1] != "=")


def _added(lines: Sequence[Token]) -> Iterator[str]:
    """The names of the tasks that others are made to depend on; an empty one where only the run tells."""
    for at, word in _words(lines):
        if word in _ADDING:
            names = list(_names_from(lines, at + 1))
            yield from names or [""]


def _names_from(lines: Sequence[Token], at: int) -> Iterator[str]:
    """The names of tasks in a call: texts, and words that are no part of how tasks are got at. Ends with its line or parenthesis."""
    depth, begun = 0, False
    for token in lines[at:]:
        if token.kind is Kind.MARK:
            depth += (token.value in "([{") - (token.value in ")]}")
            if depth < 0 or (depth == 0 and begun and token.value in "\n;)}"):
                return
        elif token.kind is Kind.TEXT:
            begun = True
            yield token.value.rpartition(":")[2] if token.literal else ""
        elif token.value not in ("tasks", "named"):
            begun = True
            yield token.value


def _overriding(script: Sequence[Token]) -> str | None:
    """A task that is defined under a name that is known to mean something else. What defines other things is told by its owner."""
    for at, word in _words(script):
        owner = _value(script, at - 2) if _value(script, at - 1) == "." else ""
        if owner in _OWNERS_OF_OTHERS:
            continue
        if word == "task" and _value(script, at + 1) not in ("", ".", "=", ",", ")", ":"):
            name = _name_after(script, at, bare=True)
        elif word in ("register", "create", "maybeCreate", "replace") and _value(script, at + 1) in ("(", "<", '"'):
            name = _name_after(script, at, bare=False)
        elif word in ("registering", "creating"):
            name = _value(script, at - (4 if owner else 2))
        else:
            continue
        if name in TASKS or not name:
            return f"defines the task `{name}`" if name else "defines tasks whose names only the run tells"
    return None


def _name_after(script: Sequence[Token], at: int, *, bare: bool) -> str:
    """The name of the task that is defined from `at` on; empty where only the run tells. It may be `bare`: `task hello { }`."""
    at += 1
    if _value(script, at) == "<":
        while at < len(script) and _value(script, at) != "(":
            at += 1
    if _value(script, at) == "(":
        at, bare = at + 1, False
    if at >= len(script) or not script[at].literal:
        return ""
    return script[at].value if script[at].kind is Kind.TEXT or (bare and script[at].kind is Kind.WORD) else ""


def _beyond(script: Sequence[Token], folder: str) -> Iterator[str | None]:
    """Paths outside of the project that texts name; None for one that only the run tells."""
    for token in script:
        if token.kind is Kind.TEXT and (".." in token.value.split("/") or _is_absolute(token.value)):
            path = resolve_path(token.value, folder) if token.literal else None
            if path is None or not is_within(path, folder):
                yield path


def _is_absolute(text: str) -> bool:
    return text.startswith("/") and len(text) > 1 and "/" in text[1:] and not any(char in text for char in " *?{}")


def _applied(script: Sequence[Token], folder: str) -> Iterator[str | None]:
    """The scripts that `apply from: "x"` brings in; None for one that only the run tells."""
    for at, word in _words(script):
        if word != "from" or "apply" not in (_value(script, at - 1), _value(script, at - 2)):
            continue
        token = script[at + 2] if at + 2 < len(script) else None
        known = token is not None and token.kind is Kind.TEXT and token.literal and "://" not in token.value
        yield resolve_path(token.value, folder) if known and token is not None else None


def _names_root(script: Sequence[Token]) -> bool:
    return any(
        word in ("rootProject", "getRootProject", "parent")
        and _value(script, at + 1) == "."
        and _value(script, at + 2) in _ROOT_PARTS
        for at, word in _words(script)
    )


def _plugins(script: Sequence[Token]) -> Iterator[str]:
    """The names of the plugins that a script applies."""
    inside = False
    for at, token in enumerate(script):
        before = (_value(script, at - 1), _value(script, at - 2))
        if token.kind is Kind.WORD and token.value == "plugins" and _value(script, at + 1) == "{":
            inside = True
        elif token.kind is Kind.MARK and token.value == "}":
            inside = False
        elif _is_plugin_id(token, before) or (inside and before[0] != "." and _is_bare_plugin(script, at)):
            yield token.value


def _is_plugin_id(token: Token, before: tuple[str, str]) -> bool:
    return token.kind is Kind.TEXT and not {"id", "kotlin", "plugin"}.isdisjoint(before)


def _is_bare_plugin(script: Sequence[Token], at: int) -> bool:
    if script[at].kind is not Kind.WORD:
        return False
    return _value(script, at + 1) not in ("(", '"', ".") and script[at].value not in ("version", "apply", "false", "true", "id")


def _dependencies(script: Sequence[Token], projects: Mapping[str, str]) -> tuple[str, ...] | None:
    """The projects that a script refers to; None where only the run tells which."""
    found: list[str] = []
    accessors = {_accessor(path): path for path in projects if path != ":"}
    for at, word in _words(script):
        if word == "project" and _value(script, at - 1) != ".":
            path = _referred(script, at)
            if path is None:
                return None
            found.extend([path] if path else [])
        elif word == "projects" and _value(script, at - 1) != "." and _value(script, at + 1) == ".":
            path = _accessed(script, at, accessors)
            if path is None:
                return None
            found.append(path)
    return tuple(dict.fromkeys(found))


def _referred(script: Sequence[Token], at: int) -> str | None:
    """The path in `project(":a")`, `project ':a'` and `project(path: ':a')`; empty where `project` is no call."""
    at += 1
    wrapped = _value(script, at) == "("
    at += wrapped
    if wrapped and _value(script, at) == "path":
        at += 2
    if at < len(script) and script[at].kind is Kind.TEXT:
        return script[at].value if script[at].literal else None
    return None if wrapped else ""


def _accessed(script: Sequence[Token], at: int, accessors: Mapping[str, str]) -> str | None:
    """The path of `projects.libs.core`: the longest name that there is."""
    parts: list[str] = []
    best = None
    while _value(script, at + 1) == "." and at + 2 < len(script) and script[at + 2].kind is Kind.WORD:
        parts.append(script[at + 2].value)
        best = accessors.get(".".join(parts), best)
        at += 2
    return best


def _accessor(path: str) -> str:
    """The name that Gradle makes of a project's path: `:web-app:core` is `webApp.core`."""
    names = []
    for part in path.strip(":").split(":"):
        first, *others = part.replace("_", "-").replace(".", "-").split("-")
        names.append(first + "".join(word[:1].upper() + word[1:] for word in others))
    return ".".join(names)


def sources_in(folder: str, place: Place) -> tuple[str, ...] | None:
    """All sources of a build's own plugins below `folder`; None where there are too many to look at."""
    return _files_in(folder, (".gradle", ".kts", ".kt", ".java", ".groovy"), ("build", "gradle"), place)


def scripts_in(folder: str, place: Place) -> tuple[str, ...] | None:
    """All scripts of projects below `folder`; None where there are too many to look at."""
    return _files_in(folder, (".gradle", ".gradle.kts"), ("build", "gradle", "src", "node_modules"), place)


def _files_in(folder: str, endings: tuple[str, ...], skipped: Sequence[str], place: Place) -> tuple[str, ...] | None:
    found: list[str] = []
    waiting, seen = [folder], 0
    while waiting:
        above, seen = waiting.pop(), seen + 1
        for name in place.listdir(above):
            path = posixpath.join(above, name)
            if name.endswith(endings):
                found.append(path)
            elif _may_be_folder(name) and name not in skipped:
                waiting.append(path)
        if len(found) > _MAX_FILES or seen + len(waiting) > _MAX_FOLDERS:
            return None
    return tuple(found)


def _may_be_folder(name: str) -> bool:
    """Names of folders may have dots, as those of packages do."""
    return not name.startswith(".") and posixpath.splitext(name)[1] not in _OF_FILES
