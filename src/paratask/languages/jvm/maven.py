"""What calls of Maven claim. See "Claims" in docs/design.md.

A build reads its modules and those they are made of, and writes `target`, or the whole module where tests run or a plugin may write
beside its sources. A plugin that runs what its configuration says makes the call unknown. Does not know plugins that a parent from
a repository binds: modules with such a parent are written whole.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Effect, unknown
from paratask.languages.inferred import claim, read_below, unique, write_below
from paratask.languages.jvm.folders import below_but, children_of
from paratask.languages.jvm.maven_tools import GOALS, OPTIONS, REPOSITORY
from paratask.languages.jvm.maven_words import MavenCall, read_call
from paratask.languages.jvm.reactor import Reactor, read_reactor
from paratask.languages.leading_variables import Reader
from paratask.languages.options import Role, is_within, parse, resolve_path, roles
from paratask.languages.tool_claims import SEVERAL_CORES, of_environment
from paratask.languages.tool_table import Mode
from paratask.plugins.hookspecs import Delegation, Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.claims.model import Claim
    from paratask.languages.jvm.maven_plugins import Plugin
    from paratask.languages.jvm.poms import Pom
    from paratask.plugins.hookspecs import Invocation, Place

_READER = Reader(language="jvm", program="mvn")
_LOCAL_PROJECTS = "target/project-local-repo"
"""Where Maven 4 keeps what was packed, for calls that build one module alone."""
_CLEANING = frozenset({"pre-clean", "clean", "post-clean", "clean:clean"})
_PACKING = frozenset({"package", "verify", "install", "deploy", "integration-test", "site-deploy"})


def recognise_maven(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """What the call claims; None where an option is not known, or a word only when it runs."""
    informs = parse(invocation.words[1:], roles(OPTIONS))
    if informs is not None and informs.all(Role.INFORMS):
        return Recognition(claims=(), effect=Effect.LOCAL, reason="`mvn` only prints information")
    call = read_call(invocation, place)
    if not isinstance(call, MavenCall):
        return None if call is None else Delegation(claims=unknown(call), reason=call)
    running = next((goal for goal in call.goals if GOALS[goal].mode is Mode.MODULE), None)
    if running is not None:
        return _anything(f"`mvn {running}` runs a program of the build")
    reactor = read_reactor(
        call.pom,
        call.selectors,
        context=call.context,
        place=place,
        up=bool(call.parsed.named("-am", "--also-make")),
        down=bool(call.parsed.named("-amd", "--also-make-dependents")),
        alone=bool(call.parsed.named("-N", "--non-recursive")),
    )
    if isinstance(reactor, str):
        why = f"`{place.pattern(reactor)}` is not understood"
        return Delegation(claims=unknown(why), reason=why)
    return _recognise(invocation, call, reactor, place)


def _anything(reason: str) -> Delegation:
    return Delegation(claims=unknown(f"{reason}, which may do anything"), reason=reason)


def _recognise(invocation: Invocation, call: MavenCall, reactor: Reactor, place: Place) -> Recognition | Delegation | None:
    running = [(pom, plugin) for pom, plugin in _bound(call, reactor) if plugin.runs_anything]
    if running:
        pom, plugin = running[0]
        return _anything(f"`{place.pattern(pom.path)}` has `{plugin.artifact}` run with the build")
    variables = of_environment(call.environment, invocation.cwd, place, _READER)
    options = _of_options(invocation, call, place)
    if variables is None or options is None:
        return None
    outside = _outside(call, reactor)
    shown = " ".join(["mvn", *call.goals])
    parts = (_written(call, reactor, place), _read(call, reactor, place), variables, options, _resources(call))
    return Recognition(
        claims=unique(entry for part in parts for entry in part),
        effect=Effect.OUTSIDE if outside else Effect.LOCAL,
        reason=outside or f"`{shown}` builds modules",
        cpu=_cores(call),
    )


def _bound(call: MavenCall, reactor: Reactor) -> Iterator[tuple[Pom, Plugin]]:
    """The plugins that run with the call's phases."""
    phases = {goal for goal in call.goals if ":" not in goal}
    for pom in reactor.built if phases else ():
        yield from ((pom, plugin) for plugin in pom.plugins if plugin.cleans or phases - _CLEANING)


def _outside(call: MavenCall, reactor: Reactor) -> str:
    """Why the effect can be seen by others; empty where it cannot."""
    goal = next((goal for goal in call.goals if GOALS[goal].mode is Mode.OUTSIDE), None)
    if goal is not None:
        return f"`mvn {goal}` has an effect outside this checkout"
    bound = (plugin for _, plugin in _bound(call, reactor) if plugin.outside)
    plugin = next(bound, None)
    return (
        ""
        if plugin is None
        else f"`{plugin.artifact}:{plugin.outside}`, which the build runs, may have an effect outside this checkout"
    )


def _resources(call: MavenCall) -> Iterator[Claim]:
    """The local repository: to itself for whoever puts results there."""
    holds = next((goal for goal in call.goals if GOALS[goal].holds), None)
    if holds is not None:
        yield claim(Access.EXCLUSIVE, REPOSITORY, f"`mvn {holds}` puts results there")
    else:
        yield claim(Access.SHARED, REPOSITORY, "`mvn` gets dependencies from it, and downloads to it whole files")


def _of_options(invocation: Invocation, call: MavenCall, place: Place) -> tuple[Claim, ...] | None:
    found = []
    for option in call.parsed.all(Role.READS, Role.WRITES):
        path = resolve_path(option.value, invocation.cwd)
        if path is None:
            return None
        below = read_below if option.role is Role.READS else write_below
        found.append(below(path, place, f"`mvn {option.name}` names it"))
    return tuple(found)


def _written(call: MavenCall, reactor: Reactor, place: Place) -> Iterator[Claim]:
    extended = place.exists(posixpath.join(call.home, ".mvn/extensions.xml"))
    for goal in call.goals:
        for pom in reactor.built:
            yield from _of_goal(goal, pom, call, reactor, place, extended=extended)
        if GOALS[goal].writes:
            yield from _files_of(goal, reactor, place)
    if not _PACKING.isdisjoint(call.goals):
        for pom in reactor.built:
            path = posixpath.join(call.home, _LOCAL_PROJECTS, *pom.key.split(":"))
            yield write_below(path, place, "Maven 4 keeps what was packed there")


def _files_of(goal: str, reactor: Reactor, place: Place) -> Iterator[Claim]:
    for name in GOALS[goal].writes.split():
        for folder in dict.fromkeys(posixpath.dirname(path) for pom in reactor.all for path in pom.files):
            yield claim(Access.WRITE, place.pattern(folder, "/" + name), f"`mvn {goal}` {GOALS[goal].summary}")


def _of_goal(goal: str, pom: Pom, call: MavenCall, reactor: Reactor, place: Place, *, extended: bool) -> Iterator[Claim]:
    tool = GOALS[goal]
    contained = pom.contained and not extended
    if tool.writes or (tool.mode is Mode.READ and (contained or ":" in goal)):
        return
    if tool.mode is Mode.EDIT:
        yield write_below(pom.folder, place, f"`mvn {goal}` {tool.summary}")
        return
    cleaning = goal in _CLEANING and not any(plugin.cleans for plugin in pom.plugins)
    tests = tool.mode in (Mode.BUILD, Mode.OUTSIDE) and not call.skips_tests and pom.packaging != "pom"
    if tests and ":" not in goal:
        yield _whole(pom, reactor, place, f"`mvn {goal}` runs tests, which work in this module", but_pom=not pom.rewrites)
    elif (contained or cleaning or ":" in goal) and not (tests and goal != "deploy:deploy"):
        yield write_below(pom.target, place, f"`mvn {goal}` {tool.summary}")
    else:
        reason = f"`mvn {goal}` runs plugins that may write this module"
        yield _whole(pom, reactor, place, reason, but_pom=not pom.rewrites and not extended)
    for path in pom.writes if not cleaning else ():
        yield write_below(path, place, f"`{place.pattern(pom.path)}` names it")


def _whole(pom: Pom, reactor: Reactor, place: Place, reason: str, *, but_pom: bool) -> Claim:
    """A module, without the modules below it; on request without its POM, which calls for other modules read and tests leave alone."""
    left_out = (*children_of(pom.folder, reactor.folders), *((pom.path,) if but_pom else ()))
    return below_but(Access.WRITE, pom.folder, left_out, place, reason)


def _read(call: MavenCall, reactor: Reactor, place: Place) -> Iterator[Claim]:
    poms = (*reactor.all, *reactor.built, *reactor.reached)
    for path in dict.fromkeys(path for pom in poms for path in pom.files):
        yield claim(Access.READ, place.pattern(path), "`mvn` reads it")
    yield read_below(posixpath.join(call.home, ".mvn"), place, "settings of `mvn`")
    if any(goal.startswith("dependency:") for goal in call.goals):
        yield from (read_below(pom.target, place, "`mvn` looks for what modules need there too") for pom in poms)
    if all(GOALS[goal].mode is Mode.READ or goal in _CLEANING for goal in call.goals):
        return
    for pom in reactor.built:
        yield _sources(pom, reactor, place, (pom.target,), "`mvn` reads this module")
        named = (*pom.reads, *(pom.tests_read if _runs_tests(call) else ()))
        yield from (read_below(path, place, f"`{place.pattern(pom.path)}` names it") for path in named)
    for pom in reactor.reached:
        yield _sources(pom, reactor, place, (), "a module that is built depends on it")
        if not is_within(pom.target, pom.folder):
            yield read_below(pom.target, place, "a module that is built depends on it")


def _runs_tests(call: MavenCall) -> bool:
    return not call.skips_tests and any(GOALS[goal].mode in (Mode.BUILD, Mode.OUTSIDE) for goal in call.goals)


def _sources(pom: Pom, reactor: Reactor, place: Place, but: tuple[str, ...], reason: str) -> Claim:
    """All of a module but what belongs to modules below it; of one that only groups others, its `src`."""
    if pom.packaging == "pom":
        return read_below(posixpath.join(pom.folder, "src"), place, reason)
    left_out = (*but, *children_of(pom.folder, reactor.folders))
    return below_but(Access.READ, pom.folder, left_out, place, reason, hidden=False)


def _cores(call: MavenCall) -> float:
    """`-T 4` takes four cores, `-T 1C` as many as there are."""
    value = next((option.value or "" for option in reversed(call.parsed.all(Role.CORES))), "1")
    return max(1.0, float(value)) if value.isdecimal() else SEVERAL_CORES
