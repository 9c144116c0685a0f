"""What a call asks of its projects: which properties it gives them, and which steps of a build it goes through.

Targets of MSBuild are known by name where the SDK defines them; others are not understood. Knows no project.
"""

from __future__ import annotations

from paratask.frozen import dataclass
from paratask.languages.dotnet.files import Problem
from paratask.languages.dotnet.projects import KNOWN_PATHS
from paratask.languages.dotnet.properties import Context
from paratask.languages.options import resolve_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.languages.tool_calls import Call

_STEPS = {
    "restore": ("restores",),
    "build": ("builds",),
    "rebuild": ("builds", "cleans"),
    "clean": ("cleans",),
    "pack": ("builds", "packs"),
    "publish": ("builds", "publishes"),
    "vstest": ("tests",),
    "test": ("tests",),
}
"""Targets that the SDK defines."""
_IMPLIED = {"build", "test", "pack", "publish"}
"""Commands that restore packages first, and build."""
_SENDING = frozenset({"publishcontainer", "webpublish", "msdeploypublish"})
_IMPORTING_PATHS = frozenset({"directorybuildpropspath", "directorybuildtargetspath", "directorypackagespropspath"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What is done to the projects that a call names, in the order of a build. `alone` leaves those that they refer to as they are.

    `sends` names what takes the result elsewhere.
    """

    restores: bool = False
    cleans: bool = False
    builds: bool = False
    packs: bool = False
    publishes: bool = False
    tests: bool = False
    alone: bool = False
    sends: str = ""

    @property
    def compiles(self) -> bool:
        """Whether sources are read, or what was made of them."""
        return self.builds or self.packs or self.publishes or self.tests


def steps_of(call: Call, command: str) -> Steps | Problem:
    """The steps that a call of a command goes through."""
    targets = [name.lower() for option in call.parsed.named("--target") for name in (option.value or "$").split(";") if name]
    named = targets or (["build"] if command == "msbuild" else [command])
    unknown = next((name for name in named if name not in _STEPS and name not in _SENDING), None)
    if unknown is not None:
        return Problem(reason=f"the target `{unknown}` may do anything")
    does = {step for name in named for step in _STEPS.get(name, ("builds", "publishes"))}
    skips_build = bool(call.parsed.named("--no-build"))
    if command in _IMPLIED and not skips_build:
        does.add("builds")
    if skips_build:
        does.discard("builds")
    restores = command in _IMPLIED and not skips_build and not call.parsed.named("--no-restore")
    return Steps(
        restores=restores or "restores" in does or bool(call.parsed.named("--with-restore", "--restore")),
        cleans="cleans" in does,
        builds="builds" in does,
        packs="packs" in does,
        publishes="publishes" in does,
        tests="tests" in does,
        alone=bool(call.parsed.named("--no-dependencies")),
        sends=next((name for name in named if name in _SENDING), ""),
    )


def context_of(call: Call) -> Context | Problem:
    """The properties that a call gives all projects."""
    given: list[tuple[str, str]] = []
    for option in call.parsed.named("-p", "--property", "--artifacts-path"):
        value = option.value
        if value is None:
            return Problem(reason="a property is known only when it runs")
        if option.name == "--artifacts-path":
            path = resolve_path(value, call.cwd)
            if path is None:
                return Problem(reason=f"`{value}` may be any folder")
            given.append(("artifactspath", path))
            continue
        for name, text in _assignments(value):
            if _may_lead(name, text):
                return Problem(reason=f"the property `{name}` may lead it elsewhere")
            given.append((name, text))
    return Context(given=tuple(given))


def _assignments(value: str) -> Iterator[tuple[str, str]]:
    """The pairs in `A=1;B=2`; a piece without a name belongs to the one before it."""
    name, text = "", ""
    for piece in value.strip('"').split(";"):
        left, equals, right = piece.partition("=")
        if not equals:
            text += f";{piece}"
            continue
        if name:
            yield name, text
        name, text = left.strip().lower(), right.strip().strip('"')
    if name:
        yield name, text


def _may_lead(name: str, value: str) -> bool:
    """Whether a property might name a path that is not looked at."""
    if name in KNOWN_PATHS or name in _IMPORTING_PATHS:
        return "$(" in value
    if "://" in value:
        return False
    return "/" in value or "\\" in value or ".." in value or name.endswith(("event", "command"))
