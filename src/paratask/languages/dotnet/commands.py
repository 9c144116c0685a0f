"""What the commands of `dotnet` claim that work on projects: building, formatting, listing, changing what a project refers to."""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Effect, unknown
from paratask.frozen import replace
from paratask.languages.dotnet.building import building, sends, settings_read, settling, target_of, unclear
from paratask.languages.dotnet.files import Problem, find_above
from paratask.languages.dotnet.projects import SUFFIXES
from paratask.languages.dotnet.properties import Context
from paratask.languages.dotnet.solutions import FILTER, SOLUTIONS, select
from paratask.languages.dotnet.steps import Steps, context_of, steps_of
from paratask.languages.dotnet.testing import testing
from paratask.languages.inferred import claim, read_below, write_below
from paratask.languages.options import Role, is_within, resolve_path
from paratask.languages.tool_answers import answer
from paratask.languages.tool_claims import mode_of
from paratask.languages.tool_table import Mode
from paratask.plugins.hookspecs import Delegation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from paratask.claims.model import Claim
    from paratask.languages.dotnet.projects import Project
    from paratask.languages.dotnet.solutions import Selection
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Recognition

_SOURCES = (".cs", ".vb", ".csx", ".fs", ".fsi", ".razor", ".cshtml")
_ANY_SOURCE = "/**/*.{cs,csx,vb}"
_PARTS = frozenset({"whitespace", "style", "analyzers"})
_TEMPLATES = frozenset(
    "console classlib web webapi webapiaot mvc webapp razor worker blazor blazorwasm blazorserver razorclasslib grpc xunit xunit3 nunit "
    "mstest sln slnx solution gitignore editorconfig globaljson nugetconfig tool-manifest buildprops buildtargets packagesprops "
    "page view viewstart viewimports apicontroller interface class record struct enum winforms wpf".split()
)
"""Templates that come with the SDK, which write their files and no others."""


def anything(reason: str) -> Delegation:
    """The answer to a call that may do anything."""
    return Delegation(claims=unknown(reason), reason=reason)


def recognise_build(call: Call, command: str) -> Recognition | Delegation | None:
    """A command that MSBuild carries out."""
    context, steps = context_of(call), steps_of(call, command)
    for found in (context, steps):
        if isinstance(found, Problem):
            return anything(f"`{call.key}`: {found.reason}")
    selection = _selection(call, context if isinstance(context, Context) else Context())
    if isinstance(selection, Delegation) or selection is None or not isinstance(steps, Steps):
        return selection if isinstance(selection, Delegation) else None
    may_do = unclear(selection, steps)
    if may_do:
        return anything(f"`{call.key}`: {may_do}")
    tests = testing(call, selection) if steps.tests else ()
    found_answer = None if tests is None else answer(call, (*building(call, selection, steps), *tests))
    elsewhere = sends(selection, steps)
    if found_answer is None or not elsewhere:
        return found_answer
    return replace(found_answer, effect=Effect.OUTSIDE, reason=f"`{call.key}` may send what it makes elsewhere: {elsewhere}")


def _selection(call: Call, context: Context) -> Selection | Delegation | None:
    """The projects that a call is about; the answer where they are not understood."""
    path = target_of(call)
    if path is None:
        return None
    found = select(path, context, call.place)
    return anything(f"`{call.key}`: {found.reason}") if isinstance(found, Problem) else found


def recognise_format(call: Call) -> Recognition | Delegation | None:
    """`dotnet format`: what it formats, and `obj` of all projects, as it restores their packages and loads them."""
    operands = call.parsed.operands
    plain = replace(call, parsed=replace(call.parsed, operands=tuple(word for word in operands if word not in _PARTS)))
    access = Access.READ if mode_of(call) is Mode.READ else Access.WRITE
    reason = f"`{call.key}` {'checks' if access is Access.READ else 'formats'} it"
    if call.parsed.named("--folder"):
        path = target_of(plain)
        folders = (call.place.pattern(path, _ANY_SOURCE),) if path else ()
        settings = () if path is None else (read_below(posixpath.join(path, ".editorconfig"), call.place, reason),)
        return answer(call, (*(claim(access, pattern, reason) for pattern in folders), *settings)) if path else None
    selection = _selection(plain, Context())
    if selection is None or isinstance(selection, Delegation):
        return selection
    may_do = unclear(selection, Steps(restores=True))
    if may_do:
        return anything(f"`{call.key}`: {may_do}")
    formatted = (entry for project in selection.named for entry in _formatted(project, call, access, reason))
    loaded = (read_below(project.folder, call.place, f"`{call.key}` loads it") for project in selection.reached)
    return answer(call, (*formatted, *loaded, *settling(call, selection)))


def _formatted(project: Project, call: Call, access: Access, reason: str) -> Iterator[Claim]:
    below = write_below if access is Access.WRITE else read_below
    yield below(project.folder, call.place, reason)
    for path in project.reads:
        is_source = path.endswith(_SOURCES) or bool(call.place.listdir(path))
        yield (below if is_source else read_below)(path, call.place, "a project names it")


def recognise_listing(call: Call) -> Recognition | Delegation | None:
    """Lists of what projects refer to. The SDK restores their packages first since version 10."""
    if call.key == "dotnet list reference":
        selection = _selection(call, Context())
        own = None if selection is None or isinstance(selection, Delegation) else settings_read(call, selection)
        return selection if isinstance(selection, Delegation) else answer(call, own)
    return looked_at(call, ())


def looked_at(call: Call, own: Iterable[Claim], context: Context | None = None) -> Recognition | Delegation | None:
    """A call that restores the packages of its projects, or looks at what was restored."""
    selection = _selection(call, context or Context())
    if selection is None or isinstance(selection, Delegation):
        return selection
    may_do = unclear(selection, Steps(restores=True))
    if may_do:
        return anything(f"`{call.key}`: {may_do}")
    if call.parsed.named("--no-restore"):
        reason = f"`{call.key}` reads it"
        looked = (read_below(path, call.place, reason) for project in selection.all for path in project.between)
        return answer(call, (*own, *looked, *settings_read(call, selection)))
    return answer(call, (*own, *settling(call, selection)))


def recognise_change(call: Call) -> Recognition | Delegation | None:
    """Changes of what a project refers to: its file, the file that fixes versions for all, and what is restored after that."""
    given = [option.value for option in call.parsed.all(Role.PROJECT)]
    path = resolve_path(given[0], call.cwd) if given else call.cwd
    if path is None or len(given) > 1:
        return None
    reason = f"`{call.key}` changes it"
    is_file = path.endswith(SUFFIXES)
    own = [claim(Access.WRITE, call.place.pattern(path, "" if is_file else "/*.*proj"), reason)]
    versions = find_above(posixpath.dirname(path) if is_file else path, "Directory.Packages.props", call.place)
    if versions and call.key.endswith("package"):
        own.append(claim(Access.WRITE, call.place.pattern(versions), reason))
    if call.key.endswith("reference"):
        others = [resolve_path(word, call.cwd) for word in call.parsed.operands]
        if None in others:
            return None
        return answer(call, (*own, *(read_below(each, call.place, f"`{call.key}` reads it") for each in others if each)))
    return looked_at(replace(call, parsed=replace(call.parsed, operands=())), own)


def recognise_solution(call: Call) -> Recognition | None:
    """Looking at a solution, or changing which projects are in it."""
    given = [option.value for option in call.parsed.all(Role.PROJECT)]
    words = [resolve_path(word, call.cwd) for word in (*given, *call.parsed.operands)]
    if None in words:
        return None
    paths = [word for word in words if word is not None]
    solutions = [path for path in paths if path.endswith((*SOLUTIONS, FILTER))]
    access = Access.READ if call.tool.mode is Mode.READ else Access.WRITE
    reason = f"`{call.key}` {'reads' if access is Access.READ else 'changes'} it"
    patterns = [call.place.pattern(path) for path in solutions] or [
        call.place.pattern(given_path or call.cwd, "/*.{sln,slnx}") for given_path in [words[0] if given else None]
    ]
    projects = (read_below(path, call.place, f"`{call.key}` reads it") for path in paths if path not in solutions)
    return answer(call, (*(claim(access, pattern, reason) for pattern in patterns), *projects))


def recognise_new(call: Call) -> Recognition | Delegation | None:
    """New files from a template of the SDK; what others do is up to who made them."""
    name = call.parsed.operands[0] if call.parsed.operands else ""
    if name not in _TEMPLATES or len(call.parsed.operands) > 1:
        return anything(f"`{call.key} {name}`: a template may run programs")
    folders = [resolve_path(option.value, call.cwd) for option in call.parsed.all(Role.PROJECT)] or [call.cwd]
    if None in folders or len(folders) > 1:
        return None
    folder = folders[0] or call.cwd
    if any(".." in (option.value or "..") for option in call.parsed.named("-n", "--name")):
        return None
    around = settings_around(folder, call)
    return answer(call, (write_below(folder, call.place, f"`{call.key}` makes files here"), *around))


def settings_around(folder: str, call: Call) -> Iterator[Claim]:
    """Reading settings in the folders above one."""
    while is_within(folder, call.place.root) and folder != call.place.root:
        folder = posixpath.dirname(folder)
        yield claim(Access.READ, call.place.pattern(folder, "/{Directory.*,*.config,global.json}"), f"settings of `{call.key}`")
