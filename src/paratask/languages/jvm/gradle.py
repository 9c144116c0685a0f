"""What calls of Gradle claim. See "Claims" in docs/design.md.

Every call locks `.gradle` of its build, so that two in one build never run side by side. Beyond that it writes the results of the
projects that its tasks work in, and of those they depend on; whole projects where tests run, or where a script may write more. Does
not know the user's own init scripts and properties.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Effect, unknown
from paratask.frozen import dataclass
from paratask.languages.inferred import claim, read_below, unique, write_below
from paratask.languages.jvm.folders import below_but, children_of
from paratask.languages.jvm.gradle_projects import OWN_PLUGINS, read_scripts
from paratask.languages.jvm.gradle_settings import read_build
from paratask.languages.jvm.gradle_tools import HOME, OPTIONS, TASKS, TESTING
from paratask.languages.leading_variables import Reader
from paratask.languages.options import Parsed, Role, parse, resolve_path, roles
from paratask.languages.tool_claims import SEVERAL_CORES, of_environment
from paratask.languages.tool_table import Mode
from paratask.plugins.hookspecs import Delegation, Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.claims.model import Claim
    from paratask.languages.jvm.gradle_projects import Scripts
    from paratask.languages.jvm.gradle_settings import GradleBuild
    from paratask.plugins.hookspecs import Invocation, Place


_READER = Reader(language="jvm", program="gradle")
_ENDINGS = (".gradle", ".gradle.kts")
_FILES = "{*.gradle,*.gradle.kts,gradle.properties,*.lockfile}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """One task in one project."""

    task: str
    path: str


def recognise_gradle(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """What the call claims, or None where it is not understood."""
    parsed = parse(invocation.words[1:], roles(OPTIONS))
    if parsed is None or parsed.all(Role.WATCHES):
        return None
    if parsed.all(Role.INFORMS):
        return Recognition(claims=(), effect=Effect.LOCAL, reason="`gradle` only prints information")
    folder = invocation.cwd
    for option in parsed.all(Role.FOLDER):
        path = resolve_path(option.value, invocation.cwd)
        if path is None:
            return None
        folder = path
    if not _properties_are_harmless(parsed, invocation):
        return None
    build = read_build(folder, place)
    work = None if build is None else _work(parsed, folder, build)
    if build is None or work is None:
        return None
    return _recognise(invocation, parsed, build, work, place)


def _recognise(
    invocation: Invocation, parsed: Parsed, build: GradleBuild, work: tuple[_Work, ...], place: Place
) -> Recognition | Delegation | None:
    running = next((each.task for each in work if TASKS[each.task].mode is Mode.MODULE), None)
    scripts = read_scripts(build.root, place)  # type: ignore[arg-type]  # a place is told from others by being itself
    if scripts is None:
        return None
    why = scripts.refused or (f"`gradle {running}` runs a program of the build" if running else "")
    if why:
        return Delegation(claims=unknown(f"{why}, so that it may do anything"), reason=why)
    variables = {name: value for name, value in invocation.environment.items() if name != "JAVA_HOME"}
    own, options = of_environment(variables, invocation.cwd, place, _READER), _of_options(invocation, parsed, place)
    if own is None or options is None:
        return None
    outside = next((each.task for each in work if TASKS[each.task].mode is Mode.OUTSIDE), "")
    outside = outside or ("--scan" if parsed.all(Role.OUTSIDE) else "")
    shown = " ".join(dict.fromkeys(each.task for each in work))
    parts = (_written(parsed, build, work, scripts, place), _read(build, work, scripts, place), own, options, _resources(work))
    return Recognition(
        claims=unique(entry for part in parts for entry in part),
        effect=Effect.OUTSIDE if outside else Effect.LOCAL,
        reason=f"`gradle {outside}` has an effect outside this checkout" if outside else f"`gradle {shown}` builds projects",
        cpu=_cores(parsed, build, place),
    )


def _properties_are_harmless(parsed: Parsed, invocation: Invocation) -> bool:
    """Whether no property may be a path, or change where Gradle works."""
    options = invocation.environment.get("GRADLE_OPTS", "")
    if options is None or any(name.startswith("ORG_GRADLE_PROJECT_") for name in invocation.environment):
        return False
    words = [option.value or "=" for option in parsed.named("-P", "--project-prop", "-D", "--system-prop")]
    words += [word[2:] for word in options.split() if word.startswith("-D")]
    for word in words:
        name, _, value = word.partition("=")
        leaves = value.startswith((".", "~")) or any(char in value for char in "/\\$`")
        last = name.lower()
        if not name or leaves or last.endswith(("dir", "directory", "file", "path", "home", "repo", "local", "root")):
            return False
    return True


def _work(parsed: Parsed, folder: str, build: GradleBuild) -> tuple[_Work, ...] | None:
    """The tasks and the projects that they work in; None where one of either is not known."""
    current = next((path for path, place in build.projects.items() if place == folder), None if build.understood else ":")
    if current is None:
        return None
    found: list[_Work] = []
    for word in parsed.operands or ("help",):
        above, _, name = word.rpartition(":")
        if name not in TASKS:
            return None
        if ":" not in word or not build.understood:
            start = current.rstrip(":") + ":"
            found.extend(_Work(task=name, path=path) for path in build.projects if path == current or path.startswith(start))
            continue
        path = above or ":" if word.startswith(":") else f"{current.rstrip(':')}:{above}"
        if path not in build.projects:
            return None
        found.append(_Work(task=name, path=path))
    return tuple(found)


def _written(parsed: Parsed, build: GradleBuild, work: tuple[_Work, ...], scripts: Scripts, place: Place) -> Iterator[Claim]:
    for name in (".gradle", ".kotlin", "build/reports/problems"):
        yield write_below(
            posixpath.join(build.root, name), place, "Gradle locks its build, and a second call would wait for it"
        )
    for folder in (posixpath.join(build.root, OWN_PLUGINS), *build.included):
        if place.exists(folder):
            yield write_below(folder, place, "Gradle builds it first")
    excluded = {(option.value or "").rpartition(":")[2] for option in parsed.named("-x", "--exclude-task")}
    for each in work:
        yield from _of_task(
            each, build, scripts, place, tests=excluded.isdisjoint(TESTING) or each.task not in ("build", "check")
        )
    building = [each.path for each in work if TASKS[each.task].mode is not Mode.READ]
    for path in scripts.reached(building):
        yield from _results(path, build, scripts, place, "`gradle` compiles what projects depend on")
    if parsed.all(Role.EDITS):
        for folder in build.projects.values():
            yield claim(Access.WRITE, place.pattern(folder, "/*.lockfile"), "`gradle` writes versions there")
        yield write_below(posixpath.join(build.root, "gradle"), place, "`gradle` writes versions there")
    if building:
        beyond = (*scripts.beyond, *((build.root,) if scripts.root else ()))
        yield from (write_below(path, place, "a script of the build names it") for path in beyond)


def _of_task(each: _Work, build: GradleBuild, scripts: Scripts, place: Place, *, tests: bool) -> Iterator[Claim]:
    tool = TASKS[each.task]
    if tool.mode is Mode.READ:
        return
    if tool.writes:
        for name in tool.writes.split():
            yield claim(Access.WRITE, place.pattern(build.projects[each.path], "/" + name), f"`gradle {each.task}` writes it")
    elif tool.mode is Mode.EDIT or (tool.mode is Mode.BUILD and tests):
        does = "changes sources" if tool.mode is Mode.EDIT else "runs tests, which work in this project"
        if tool.mode is Mode.EDIT:
            yield write_below(build.projects[each.path], place, f"`gradle {each.task}` {does}")
        elif not _only_groups(each.path, build, scripts, place):
            yield _whole(each.path, build, place, f"`gradle {each.task}` {does}")
    else:
        yield from _results(each.path, build, scripts, place, f"`gradle {each.task}` {tool.summary}")


def _results(path: str, build: GradleBuild, scripts: Scripts, place: Place, reason: str) -> Iterator[Claim]:
    if scripts.plain:
        yield write_below(posixpath.join(build.projects[path], "build"), place, reason)
    else:
        yield _whole(path, build, place, f"{reason}, and a script may write more")


def _only_groups(path: str, build: GradleBuild, scripts: Scripts, place: Place) -> bool:
    """Whether a project only holds others, and has nothing of its own to compile or test."""
    folder = build.projects[path]
    others = children_of(folder, build.projects.values())
    return bool(others) and scripts.plain and not place.exists(posixpath.join(folder, "src"))


def _whole(path: str, build: GradleBuild, place: Place, reason: str) -> Claim:
    """A project, without the projects below it."""
    folder = build.projects[path]
    return below_but(Access.WRITE, folder, children_of(folder, build.projects.values()), place, reason)


def _read(build: GradleBuild, work: tuple[_Work, ...], scripts: Scripts, place: Place) -> Iterator[Claim]:
    reason = "`gradle` runs the scripts of the whole build"
    folders = dict.fromkeys(build.projects.values())
    for folder in folders:
        yield claim(Access.READ, place.pattern(folder, f"/{_FILES}"), reason)
    for path in scripts.paths:
        if posixpath.dirname(path) not in folders or not path.endswith(_ENDINGS):
            yield claim(Access.READ, place.pattern(path), reason)
    yield claim(Access.READ, place.pattern(build.root, "/{gradle,gradlew,config}/**"), "settings of `gradle`")
    building = [each.path for each in work if TASKS[each.task].mode is not Mode.READ and each.task != "clean"]
    for path in scripts.reached(building):
        folder = build.projects[path]
        if _only_groups(path, build, scripts, place):
            continue
        left_out = (posixpath.join(folder, "build"), *children_of(folder, build.projects.values()))
        yield below_but(Access.READ, folder, left_out, place, "`gradle` reads this project", hidden=False)
    for each in work:
        if TASKS[each.task].whole:
            yield read_below(build.projects[each.path], place, f"`gradle {each.task}` reads all of it")
    for path in scripts.beyond:
        yield read_below(path, place, "a script of the build names it")


def _of_options(invocation: Invocation, parsed: Parsed, place: Place) -> tuple[Claim, ...] | None:
    found = []
    for option in parsed.all(Role.WRITES):
        path = resolve_path(option.value, invocation.cwd)
        if path is None:
            return None
        found.append(write_below(path, place, f"`gradle {option.name}` names it"))
    return tuple(found)


def _resources(work: tuple[_Work, ...]) -> Iterator[Claim]:
    yield claim(Access.SHARED, HOME, "`gradle` uses it, and locks it itself")
    for name in dict.fromkeys(TASKS[each.task].holds for each in work):
        if name:
            yield claim(Access.EXCLUSIVE, name, "`gradle` puts results there")
    if all(not TASKS[each.task].holds for each in work):
        yield claim(Access.SHARED, "maven-repository", "`gradle` may get dependencies from it")


def _cores(parsed: Parsed, build: GradleBuild, place: Place) -> float:
    """One, unless projects may be built side by side; then what the call or the build says."""
    given = [option.value or "" for option in parsed.all(Role.CORES)]
    if given:
        return max(1.0, float(given[-1])) if given[-1].isdecimal() else SEVERAL_CORES
    properties = place.read_text(posixpath.join(build.root, "gradle.properties")) or ""
    lines = {line.replace(" ", "") for line in properties.splitlines()}
    parallel = "org.gradle.parallel=true" in lines or bool(parsed.named("--parallel"))
    return SEVERAL_CORES if parallel and not parsed.named("--no-parallel") else 1.0
