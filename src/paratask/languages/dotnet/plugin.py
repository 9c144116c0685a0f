"""The plugin for .NET: recognises `dotnet`, MSBuild and the tools around them, for C#, F# and Visual Basic. See docs/plugins.md.

What is recognised is in the tables (`TOOLS`); here each call goes to what knows its kind. Does not know what a program does that is
run (`dotnet run`, `dotnet app.dll`), nor a target that runs one, and says so by claiming everything for it.
"""

from __future__ import annotations

from paratask.claims.model import Effect
from paratask.frozen import replace
from paratask.languages.dotnet.commands import (
    anything,
    recognise_build,
    recognise_change,
    recognise_format,
    recognise_listing,
    recognise_new,
    recognise_solution,
)
from paratask.languages.dotnet.installed import manifests_read, recognise_nuget, recognise_tool
from paratask.languages.dotnet.others import recognise_other, spelled_report
from paratask.languages.dotnet.programs import NAMES, PROGRAMS
from paratask.languages.dotnet.projects import SUFFIXES
from paratask.languages.dotnet.testing import with_rest
from paratask.languages.dotnet.tools import DOTNET
from paratask.languages.dotnet.words import BUILDING, in_order, spelled
from paratask.languages.inferred import read_below, unique
from paratask.languages.options import Role, parse, roles
from paratask.languages.tool_answers import answer, with_root
from paratask.languages.tool_calls import Language, program_name, resolve_call
from paratask.languages.tool_table import Mode
from paratask.plugins.hookspecs import Delegation, Invocation, Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.languages.tool_table import Tool
    from paratask.plugins.hookspecs import Place

MANIFESTS = ("Directory.Build.props", "Directory.Packages.props", "global.json")
"""Projects have names of their own; these files lie at the root of many."""
TOOLS: Mapping[str, Tool] = {**DOTNET, **PROGRAMS}
"""Every program and subcommand that is recognised; documentation is generated from it."""
_REFUSED = frozenset(
    "outdir outputpath baseoutputpath baseintermediateoutputpath intermediateoutputpath msbuildprojectextensionspath artifactspath "
    "useartifactsoutput packageoutputpath publishdir directorybuildpropspath directorybuildtargetspath directorypackagespropspath "
    "publishprofile restorepackagespath configurationpath".split()
)
"""Variables that are properties of every project."""


def _nothing(_: Call) -> tuple[Claim, ...]:
    """What these tools use stands in their entries."""
    return ()


_LANGUAGE = Language(
    name="dotnet",
    tools=TOOLS,
    manifests=MANIFESTS,
    settings="{.editorconfig,.globalconfig,.csharpierrc*,.csharpierignore,.gitignore,.fantomasignore}",
    surroundings=_nothing,
)


def manifests() -> Sequence[str]:
    """Files that make a folder a workspace: projects and solutions have names of their own."""
    return (*MANIFESTS, "*.sln", "*.slnx", *(f"*{suffix}" for suffix in SUFFIXES))


def recognise(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """See the hook's specification."""
    word = invocation.words[0] if invocation.words else None
    name = program_name(word)
    if name is None or any(variable.lower() in _REFUSED for variable in invocation.environment):
        return None
    words = invocation.words[1:]
    if name == "msbuild":
        found = _msbuild(words, invocation, place)
    elif name == "dotnet":
        found = _dotnet(words, invocation, place)
    elif NAMES.get(name) == name or name == "dotnet-csharpier":
        found = _program(NAMES[name], words, invocation, place)
    else:
        return None
    return with_root(found, place)


def _dotnet(words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """`dotnet` with a command of its own, an installed tool, or a program that it runs."""
    given = parse(words, roles(DOTNET["dotnet"].options), stop=True)
    if given is None:
        return None
    if given.all(Role.INFORMS) or not words:
        return Recognition(claims=(), effect=Effect.LOCAL, reason="`dotnet` only prints information")
    rest = in_order(given.rest)
    command = rest[0] if rest else None
    if command is None:
        return None
    if command in NAMES:
        return _of_manifest(_program(NAMES[command], rest[1:], invocation, place), invocation, place)
    if command.endswith((".dll", ".exe")):
        return anything(f"`dotnet {command}` runs a program, which may do anything")
    if f"dotnet {command}" not in DOTNET:
        return None
    return _command(command, rest[1:], invocation, place)


def _command(command: str, words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    entry = DOTNET[f"dotnet {command}"]
    if entry.mode is Mode.MODULE:
        return anything(f"`dotnet {command}` {entry.summary}")
    ready = spelled(command, words)
    after: Sequence[Word] = ()
    if ready is not None and command == "test" and "--" in ready:
        ready, after = ready[: ready.index("--")], ready[ready.index("--") + 1 :]
    call = None if ready is None else resolve_call(f"dotnet {command}", ready, invocation, _LANGUAGE, place)
    if call is None:
        return None
    if call.parsed.all(Role.INFORMS):
        return Recognition(claims=(), effect=Effect.LOCAL, reason=f"`{call.key}` only prints information")
    with_more = with_rest(call, after) if after else call
    return None if with_more is None else _resolved(command, with_more)


def _resolved(command: str, call: Call) -> Recognition | Delegation | None:
    """The call of a command, handed to what knows it."""
    if command in BUILDING:
        return recognise_build(call, command)
    if command == "tool":
        return _started(call) if call.tool.mode is Mode.RUN else recognise_tool(call)
    if call.key == "dotnet tool search":
        return answer(call, ())
    known = {"format": recognise_format, "list": recognise_listing, "add": recognise_change, "remove": recognise_change}
    known |= {"sln": recognise_solution, "new": recognise_new, "nuget": recognise_nuget}
    if command in known:
        return known[command](call)
    if call.key == "dotnet workload restore":
        return answer(call, (read_below(call.place.root, call.place, f"`{call.key}` reads projects"),))
    return answer(call, ())


def _started(call: Call) -> Recognition | Delegation | None:
    """`dotnet tool run NAME`."""
    words = tuple(word for index, word in enumerate(call.parsed.rest) if word != "--" or index > 1)
    name = NAMES.get(words[0] or "") if words else None
    if name is None:
        return None
    return _of_manifest(_program(name, words[1:], call.invocation, call.place), call.invocation, call.place)


def _of_manifest(
    found: Recognition | Delegation | None, invocation: Invocation, place: Place
) -> Recognition | Delegation | None:
    """With the reading of the manifest that says which version of a tool is meant."""
    if not isinstance(found, Recognition):
        return found
    read = manifests_read(invocation.cwd, place, "it says which version of the tool is meant")
    return replace(found, claims=unique((*found.claims, *read)))


def _msbuild(words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    ready = spelled("msbuild", words)
    call = None if ready is None else resolve_call("msbuild", ready, invocation, _LANGUAGE, place)
    if call is None:
        return None
    if call.parsed.all(Role.INFORMS):
        return Recognition(claims=(), effect=Effect.LOCAL, reason="`msbuild` only prints information")
    return recognise_build(call, "msbuild")


def _program(name: str, words: Sequence[Word], invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """A program of its own."""
    ready = spelled_report(words) if name == "reportgenerator" else words
    call = resolve_call(name, ready, invocation, _LANGUAGE, place)
    if call is None:
        return None
    if call.parsed.all(Role.INFORMS):
        return Recognition(claims=(), effect=Effect.LOCAL, reason=f"`{call.key}` only prints information")
    return recognise_other(call)
