"""The plugin for the JVM: recognises Maven, Gradle, the JDK's programs, Kotlin's compiler, formatters and linters. See docs/plugins.md.

What is recognised is in the tables (`TOOLS`); here each call goes to what knows its kind. Does not know what a program does that is
run (`java -jar`, `mvn exec:java`, `gradle run`), and says so by claiming everything for it. sbt's builds are programs, and are not
looked into.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Effect, unknown
from paratask.frozen import replace
from paratask.languages.inferred import claim, read_below, unique, write_below
from paratask.languages.jvm.compilers import recognise_compiler, recognise_jar
from paratask.languages.jvm.gradle import recognise_gradle
from paratask.languages.jvm.gradle_settings import SETTINGS
from paratask.languages.jvm.gradle_tools import GRADLE
from paratask.languages.jvm.maven import recognise_maven
from paratask.languages.jvm.maven_tools import MAVEN
from paratask.languages.jvm.programs import COMPILERS, LISTS, PROGRAMS
from paratask.languages.options import Role, is_within, resolve_path
from paratask.languages.tool_answers import with_root
from paratask.languages.tool_calls import Language, program_name, resolve_call
from paratask.languages.tool_claims import mode_of, recognise_call
from paratask.languages.tool_table import Mode
from paratask.plugins.hookspecs import Delegation, Invocation, Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call
    from paratask.languages.tool_table import Tool
    from paratask.plugins.hookspecs import Place

MANIFESTS = ("pom.xml", *SETTINGS, "build.gradle", "build.gradle.kts")
TOOLS: Mapping[str, Tool] = {**MAVEN, **GRADLE, **PROGRAMS}
"""Every program and subcommand that is recognised; documentation is generated from it."""
WRAPPERS = {"mvnw": "mvn", "gradlew": "gradle", "mvnd": "mvn"}
_ASKING = frozenset({"-version", "--version", "-showversion", "--help", "-help", "-h", "-?", "-X", "--list-modules"})
_NO_PATHS = frozenset({"installGitPreCommitHook", "installGitPrePushHook", "generateEditorConfig", "printAST"})


def _nothing(_: Call) -> tuple[Claim, ...]:
    """These programs use nothing that others change."""
    return ()


_LANGUAGE = Language(
    name="jvm", tools=TOOLS, manifests=MANIFESTS, settings="*.{xml,yml,yaml,properties}", surroundings=_nothing
)


def manifests() -> Sequence[str]:
    """Files that make a folder a workspace."""
    return MANIFESTS


def recognise(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """See the hook's specification."""
    name = _name(invocation, place)
    if name is None:
        return None
    own = _of_wrapper(invocation, place)
    found = _recognise(name, invocation, place)
    if own and isinstance(found, Recognition):
        found = replace(found, claims=unique((*found.claims, *own)))
    return with_root(found, place)


def _name(invocation: Invocation, place: Place) -> str | None:
    """The program in the table; a wrapper (`./gradlew`) stands for what it fetches and starts."""
    word = invocation.words[0] if invocation.words else None
    base = posixpath.basename(word or "")
    if base in WRAPPERS:
        path = resolve_path(word, invocation.cwd)
        known = "/" not in (word or "/") or (path is not None and is_within(path, place.root))
        return WRAPPERS[base] if known else None
    name = program_name(word)
    return name if name in TOOLS and " " not in (name or "") else None


def _of_wrapper(invocation: Invocation, place: Place) -> tuple[Claim, ...]:
    """What a wrapper reads beside itself; Maven's older ones also put an archive there."""
    path = resolve_path(invocation.words[0], invocation.cwd) if "/" in (invocation.words[0] or "") else None
    if path is None or posixpath.basename(path) not in ("mvnw", "gradlew"):
        return ()
    folder = posixpath.dirname(path)
    home = posixpath.join(folder, ".mvn/wrapper" if path.endswith("mvnw") else "gradle/wrapper")
    found = [claim(Access.READ, place.pattern(path), "the wrapper itself"), read_below(home, place, "settings of the wrapper")]
    archive = posixpath.join(home, "maven-wrapper.jar")
    if path.endswith("mvnw") and not place.exists(archive) and "maven-wrapper.jar" in (place.read_text(path) or ""):
        found.append(claim(Access.WRITE, place.pattern(archive), "the wrapper fetches it"))
    return tuple(found)


def _recognise(name: str, invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    if name == "mvn":
        return recognise_maven(invocation, place)
    if name == "gradle":
        return recognise_gradle(invocation, place)
    if name in COMPILERS:
        return recognise_compiler(name, invocation, place)
    if name == "jar":
        return recognise_jar(invocation, place)
    if TOOLS[name].mode is Mode.MODULE:
        return _program(name, invocation)
    call = resolve_call(name, invocation.words[1:], invocation, _LANGUAGE, place)
    return None if call is None else _checked(call)


def _program(name: str, invocation: Invocation) -> Recognition | Delegation | None:
    """A program that is started: anything, unless only the virtual machine itself is asked."""
    if len(invocation.words) == 2 and invocation.words[1] in _ASKING:
        return Recognition(claims=(), effect=Effect.LOCAL, reason=f"`{name}` only prints information")
    reason = f"`{name}` runs a program"
    return Delegation(claims=unknown(f"{reason}, which may do anything"), reason=reason)


def _checked(call: Call) -> Recognition | None:
    """A formatter or a linter: as its entry says, with the paths that are given in lists."""
    found = None if _NO_PATHS.intersection(call.parsed.operands) else recognise_call(call)
    lists = list(_lists(call))
    reports = list(_reports(call))
    if found is None or None in lists or None in reports:
        return None
    access = write_below if mode_of(call) is Mode.EDIT else read_below
    given = (access(path, call.place, f"`{call.key}` is given it") for path in lists if path is not None)
    written = (write_below(path, call.place, f"`{call.key}` writes a report") for path in reports if path is not None)
    return replace(found, claims=unique((*found.claims, *given, *written)))


def _lists(call: Call) -> Iterator[str | None]:
    """The paths in options that take several at once."""
    for option in call.parsed.options:
        if option.role is Role.VALUE and option.name in LISTS:
            words = (option.value or "$").replace(";", ",").replace(":", ",").split(",")
            yield from (resolve_path(word, call.cwd) for word in words if word)


def _reports(call: Call) -> Iterator[str | None]:
    """Where ktlint's `--reporter=checkstyle,output=x.xml` puts reports."""
    for option in call.parsed.named("--reporter"):
        for part in (option.value or "output=$").split(","):
            if part.startswith(("output=", "artifact=")):
                yield resolve_path(part.partition("=")[2], call.cwd)
