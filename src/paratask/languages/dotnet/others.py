"""What programs around .NET claim that are no part of its SDK: formatters, reports, Entity Framework's commands."""

from __future__ import annotations

from paratask.claims.model import Access
from paratask.frozen import replace
from paratask.languages.dotnet.building import building, unclear
from paratask.languages.dotnet.commands import anything, looked_at
from paratask.languages.dotnet.files import Problem, find_above
from paratask.languages.dotnet.projects import SUFFIXES
from paratask.languages.dotnet.properties import Context
from paratask.languages.dotnet.solutions import Selection, select
from paratask.languages.dotnet.steps import Steps
from paratask.languages.inferred import claim, unique, write_below
from paratask.languages.options import resolve_path
from paratask.languages.patterns import word_pattern
from paratask.languages.tool_answers import answer
from paratask.languages.tool_claims import mode_of, recognise_call
from paratask.languages.tool_table import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Delegation, Recognition

_SHOWN = "/**/*.{cs,fs,vb,razor,cshtml}"
"""Sources that a report of coverage shows."""
_PRODUCTION = frozenset({"production", "staging", None})
_WITHOUT_PATHS = frozenset({"server", "pipe-files"})


def spelled_report(words: Sequence[Word]) -> tuple[Word, ...]:
    """`-reports:a -targetdir:b` as `-reports a -targetdir b`."""
    found: list[Word] = []
    for word in words:
        name, colon, value = (word or "").partition(":")
        found.extend((name, value) if word and colon and word.startswith("-") else (word,))
    return tuple(found)


def recognise_other(call: Call) -> Recognition | Delegation | None:
    """A program that is not `dotnet`."""
    family = call.key.partition(" ")[0]
    if family == "reportgenerator":
        return _report(call)
    if family == "dotnet-ef":
        return _with_models(call)
    if family == "dotnet-outdated":
        return _outdated(call)
    operands = call.parsed.operands
    if not operands or not _WITHOUT_PATHS.isdisjoint(operands):
        return None
    found = recognise_call(call)
    return found and replace(found, claims=unique(_but_obj(entry, call) for entry in found.claims))


def _but_obj(entry: Claim, call: Call) -> Claim:
    """What is made between builds is passed over by formatters."""
    if entry.access not in (Access.READ, Access.WRITE) or "**" not in entry.pattern:
        return entry
    return replace(entry, excluding=(*entry.excluding, call.place.pattern(call.place.root, "/**/obj/**")))


def _report(call: Call) -> Recognition | None:
    parts = [part.strip() for option in call.parsed.named("-reports") for part in (option.value or "$").split(";")]
    if not parts or any("$" in part or part.startswith("~") for part in parts) or not call.parsed.named("-targetdir"):
        return None
    reason = f"`{call.key}` reads it"
    reports = (claim(Access.READ, word_pattern(part, call.cwd, call.place), reason) for part in parts if part)
    return answer(call, (*reports, claim(Access.READ, call.place.pattern(call.place.root, _SHOWN), f"`{call.key}` shows it")))


def _outdated(call: Call) -> Recognition | Delegation | None:
    """Newer packages; with `--upgrade` the projects are changed."""
    if len(call.parsed.operands) > 1:
        return None
    path = resolve_path(call.parsed.operands[0], call.cwd) if call.parsed.operands else call.cwd
    found = None if path is None else select(path, Context(), call.place)
    if found is None or isinstance(found, Problem):
        return anything(f"`{call.key}`: {found.reason}") if found else None
    changes = mode_of(call) is Mode.EDIT
    return looked_at(call, _upgraded(call, found) if changes else ())


def _upgraded(call: Call, selection: Selection) -> Iterator[Claim]:
    reason = f"`{call.key}` changes it"
    for project in selection.named:
        yield claim(Access.WRITE, call.place.pattern(project.path), reason)
        versions = find_above(project.folder, "Directory.Packages.props", call.place)
        if versions:
            yield claim(Access.WRITE, call.place.pattern(versions), reason)


def _with_models(call: Call) -> Recognition | Delegation | None:
    """Entity Framework builds a project, and starts it to ask for its models."""
    environment = call.invocation.environment
    for name in ("ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT"):
        value = environment.get(name, "")
        if (value.lower() if value else value) in _PRODUCTION:
            return anything(f"`{call.key}` works with the database of `{name}`")
    projects = [select(path, Context(), call.place) if path else None for path in _projects(call)]
    problem = next((found for found in projects if not isinstance(found, Selection)), None)
    if problem is not None or None in projects:
        return anything(f"`{call.key}`: {problem.reason}") if isinstance(problem, Problem) else None
    steps = Steps(restores=not call.parsed.named("--no-build"), builds=not call.parsed.named("--no-build"), tests=True)
    own: list[Claim] = []
    for found in projects:
        if isinstance(found, Selection):
            may_do = unclear(found, steps)
            if may_do:
                return anything(f"`{call.key}`: {may_do}")
            own.extend(building(call, found, steps))
    written = _written(call, [found for found in projects if isinstance(found, Selection)])
    return None if written is None else answer(call, (*own, *written))


def _projects(call: Call) -> tuple[str | None, ...]:
    """The project with the models and the one that is started; where only one is named, the folder's own, if it has one, is the other."""
    models, started = call.parsed.named("-p", "--project"), call.parsed.named("-s", "--startup-project")
    paths = dict.fromkeys(resolve_path(option.value, call.cwd) for option in (*models, *started))
    has_own = any(name.endswith(SUFFIXES) for name in call.place.listdir(call.cwd))
    own = () if (models and started) or (paths and not has_own) else (call.cwd,)
    return tuple(dict.fromkeys((*paths, *own)))


def _written(call: Call, selections: Sequence[Selection]) -> tuple[Claim, ...] | None:
    """Where migrations, models and scripts go, seen from the folder and from each project."""
    found = []
    folders = dict.fromkeys((call.cwd, *(project.folder for each in selections for project in each.named)))
    for option in call.parsed.named("-o", "--output", "--output-dir", "--context-dir"):
        for folder in folders:
            path = resolve_path(option.value, folder)
            if path is None:
                return None
            found.append(write_below(path, call.place, f"`{call.key} {option.name}` names it"))
    return tuple(found)
