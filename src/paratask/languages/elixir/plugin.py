"""The plugin for Elixir and Erlang: recognises mix with its tasks, and rebar3. See docs/plugins.md.

What is recognised is in the tables (`TOOLS`); here each call goes to what knows its kind. Aliases of `mix.exs` are followed where they
are tasks and no functions. Does not know what a program of the repository does (`mix run`), nor a task that the project defines itself.
"""

from __future__ import annotations

import shlex

from paratask.claims.model import Access, Claims, Effect, Evidence, union, unknown
from paratask.frozen import replace
from paratask.languages.elixir.claims import (
    INNER,
    compiling,
    fetching,
    looking,
    settings,
    surroundings,
    working,
    written_elsewhere,
)
from paratask.languages.elixir.formatting import formatted
from paratask.languages.elixir.native import NotKnownError
from paratask.languages.elixir.projects import MANIFEST, OWN_VARIABLES, Project, read_project
from paratask.languages.elixir.rebar import REBAR, rebar
from paratask.languages.elixir.terms import Atom
from paratask.languages.elixir.tools import DATABASE, PROGRAMS
from paratask.languages.inferred import claim, read_below, write_below
from paratask.languages.options import Role, parse, resolve_path, roles
from paratask.languages.tool_answers import answer, with_root
from paratask.languages.tool_calls import Language, program_name, resolve_call
from paratask.languages.tool_claims import operand_paths, recognise_call
from paratask.languages.tool_table import Mode, Operands
from paratask.languages.workspaces import folders_above
from paratask.plugins.hookspecs import Delegation, Invocation, Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.languages.tool_table import Tool
    from paratask.plugins.hookspecs import Place

MANIFESTS = (MANIFEST, "rebar.config")
TOOLS: Mapping[str, Tool] = {**PROGRAMS, **REBAR}
"""Every program and task that is recognised; documentation is generated from it."""
_LANGUAGE = Language(name="elixir", tools=TOOLS, manifests=MANIFESTS, settings="*.exs", surroundings=surroundings)
_PRODUCTION = frozenset({"prod", "production", "staging", None})
_MAX_ALIASES = 12
_NOT_COMPILING = frozenset({Mode.NOTHING, Mode.READ, Mode.INSTALL, Mode.MODULE, Mode.RUN})
_PLACES = {"mix docs": ("output",), "mix dialyzer": ("plt_file", "plt_core_path", "plt_local_path")}
"""Keys by which `mix.exs` names places for results."""


def manifests() -> Sequence[str]:
    """Files that make a folder a project."""
    return MANIFESTS


def recognise(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """See the hook's specification."""
    name = program_name(invocation.words[0]) if invocation.words else None
    if name is None or name not in TOOLS or " " in name:
        return None
    if name != "mix":
        call = resolve_call(name, invocation.words[1:], invocation, _LANGUAGE, place)
        if name == "rebar3":
            return None if call is None else with_root(rebar(call), place)
        informs = call is not None and call.parsed.all(Role.INFORMS) and not call.parsed.rest
        return recognise_call(call) if call and informs else _refused(f"`{name}` {TOOLS[name].summary}, which may do anything")
    try:
        return with_root(_mix(invocation.words[1:], invocation, place, ()), place)
    except NotKnownError as error:
        shown = " ".join(word or "…" for word in invocation.words[:2])
        return _refused(f"`{shown}` may do anything: {error}")


def _refused(reason: str) -> Delegation:
    return Delegation(claims=unknown(reason), reason=reason)


def _mix(
    words: Sequence[Word], invocation: Invocation, place: Place, outer: tuple[str, ...]
) -> Recognition | Delegation | None:
    """A task, or an alias of that name. `outer` are the aliases that are being followed. Raises NotKnownError."""
    task = words[0] if words else "run"
    if task is None or len(outer) > _MAX_ALIASES:
        return None
    project = read_project(invocation.cwd, invocation.environment, place)
    if isinstance(project, str):
        raise NotKnownError(project)
    aliased = [] if project is None or task in outer else list(_aliased(task, project, invocation, place))
    if aliased:
        return _several(
            [_in_turn(commands, words[1:], each, place, (*outer, task)) for commands, each in aliased], f"mix {task}"
        )
    if task == "do":
        return _several([_mix(each, invocation, place, outer) for each in _parted(words[1:])], "mix do")
    call = resolve_call("mix", words or ("run",), invocation, _LANGUAGE, place)
    found = None if call is None else _task(call, project)
    if (
        found is None
        or call is None
        or project is None
        or call.tool.mode in _NOT_COMPILING
        or not _builds(found, project, place)
    ):
        return found
    inner = [name for name in sorted(INNER) if project.aliases and name in project.aliases and name not in outer]
    aliases = project.aliases or {}
    return _several([found, *(_in_turn(aliases[name], (), invocation, place, (*outer, name)) for name in inner)], f"mix {task}")


def _builds(found: Recognition | Delegation, project: Project, place: Place) -> bool:
    """Whether the task has anything compiled."""
    entries = found.claims.entries if isinstance(found.claims, Claims) else found.claims
    folder = place.pattern(project.build, "/**")
    return any(entry.access is Access.WRITE and entry.pattern == folder for entry in entries)


def _aliased(
    task: str, project: Project, invocation: Invocation, place: Place
) -> Iterator[tuple[tuple[str | None, ...], Invocation]]:
    """The alias that the task is, in its project or in the children of an umbrella, with where it runs. Raises NotKnownError."""
    for folder in (project.folder, *project.children):
        found = project if folder == project.folder else read_project(folder, {}, place)
        if not isinstance(found, Project):
            raise NotKnownError(found or f"there is no `{MANIFEST}`")
        if found.aliases is None:
            raise NotKnownError(f"only the run tells which aliases `{place.pattern(folder, '/' + MANIFEST)}` has")
        if task in found.aliases:
            yield found.aliases[task], replace(invocation, cwd=folder)
            if folder == project.folder:
                return
    if project.children and any(task in (_aliases_of(folder, place)) for folder in project.children) and f"mix {task}" in TOOLS:
        yield (task,), invocation  # the children without that alias


def _aliases_of(folder: str, place: Place) -> Mapping[str, object]:
    found = read_project(folder, {}, place)
    return found.aliases or {} if isinstance(found, Project) else {}


def _in_turn(
    commands: tuple[str | None, ...], given: Sequence[Word], invocation: Invocation, place: Place, outer: tuple[str, ...]
) -> Recognition | Delegation | None:
    """The tasks of an alias. What it is called with goes to the task of the same name, else to the last. Raises NotKnownError."""
    parts = []
    for index, command in enumerate(commands):
        if command is None:
            raise NotKnownError(f"the alias `{outer[-1]}` has a function, or what only the run tells")
        try:
            words: tuple[Word, ...] = tuple(shlex.split(command))
        except ValueError:
            raise NotKnownError(f"the alias `{outer[-1]}` has a command that cannot be read") from None
        last = index == len(commands) - 1
        parts.append(_mix((*words, *given) if last or words[:1] == outer[-1:] else words, invocation, place, outer))
    return _several(parts, f"mix {outer[-1]}")


def _several(parts: Sequence[Recognition | Delegation | None], shown: str) -> Recognition | Delegation | None:
    """One answer for tasks that run one after another."""
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or not known:
        raise NotKnownError(
            f"`{shown}` runs a task that is not recognised" if parts else f"`{shown}` runs nothing that is known"
        )
    if len(known) == 1:
        return known[0]
    claims = [part.claims if isinstance(part, Delegation) else _as_claims(part) for part in known]
    return Delegation(claims=union(claims), reason=f"`{shown}` runs several tasks", cpu=max(part.cpu for part in known))


def _as_claims(found: Recognition) -> Claims:
    outside = found.effect is Effect.OUTSIDE
    return Claims(
        entries=found.claims, evidence=Evidence.INFERRED, effect=found.effect, effect_reason=found.reason if outside else ""
    )


def _parted(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    """The tasks of `mix do a + b`, or of `mix do a, b`."""
    options = parse(words, roles(TOOLS["mix do"].options), stop=True)
    rest = options.rest if options else (None,)
    parts: list[list[Word]] = [[]]
    separators = {"+"} if "+" in rest else {","}
    for word in rest:
        ends = separators == {","} and word is not None and word.endswith(",") and word != ","
        if word not in separators:
            parts[-1].append(word[:-1] if ends and word else word)
        if word in separators or ends:
            parts.append([])
    return [tuple(part) for part in parts if part]


def _task(call: Call, project: Project | None) -> Recognition | Delegation | None:
    """What a task that is no alias claims. Raises NotKnownError."""
    mode = call.tool.mode
    environment = {name: value for name, value in call.invocation.environment.items() if name not in OWN_VARIABLES}
    if call.parsed.all(Role.INFORMS):
        return recognise_call(call)
    if not _has_its_operands(call):
        return None
    if mode is Mode.MODULE:
        return _refused(f"`{call.key}` {call.tool.summary}, which may do anything")
    if mode is Mode.NOTHING or (call.key == "mix help" and project is None):
        return answer(call, (), environment)
    if mode is Mode.INSTALL and not call.tool.environment:
        return _for_user(call, environment)
    if call.key == "mix format":
        return _formatting(call, project, environment)
    if project is None:
        raise NotKnownError(f"there is no `{MANIFEST}` in `{call.place.pattern(call.cwd)}`")
    return _command(call, project) if call.key == "mix cmd" else _in_project(call, project, environment)


def _has_its_operands(call: Call) -> bool:
    """Whether the operands are of a kind that is understood."""
    given = call.parsed.operands
    if call.key == "mix credo" and given[:1] and given[0].startswith("gen."):
        return False
    if call.tool.operands is Operands.PATHS:
        return operand_paths(call) is not None
    return call.tool.operands is not Operands.NONE or not given


def _in_project(call: Call, project: Project, environment: Mapping[str, Word]) -> Recognition | None:
    """What a task claims in its project. Raises NotKnownError."""
    if DATABASE in call.tool.holds and environment.get("MIX_ENV", "") in _PRODUCTION:
        return None
    if call.key == "mix release" and _has_steps(project):
        raise NotKnownError("`mix.exs` has releases with steps of its own")
    if call.tool.mode is Mode.INSTALL:
        return answer(call, fetching(call, project), environment)
    if call.tool.mode is Mode.READ:
        return answer(call, looking(call, project), environment)
    if call.tool.mode is Mode.COMPILE:
        return answer(call, (*_extra(call, project), *compiling(call, project)), environment)
    own = answer(call, working(call, project), environment)
    if own is None or call.tool.mode is not Mode.SERVE:
        return own
    generic = recognise_call(replace(call, invocation=replace(call.invocation, environment=environment)))
    return None if generic is None else replace(own, claims=tuple(dict.fromkeys((*own.claims, *generic.claims))))


def _extra(call: Call, project: Project) -> tuple[Claim, ...]:
    """What only some of those write that compile: results out of the project, checks of the project's own."""
    own: tuple[Claim, ...] = ()
    keys = _PLACES.get(call.key.partition(".")[0], ())
    if any(project.file.values(key) for key in keys):
        named = write_below(project.folder, call.place, "`mix.exs` names a place for results")
        own = (*written_elsewhere(call, project), named)
    return (*own, *_of_credo(call, project)) if call.key == "mix credo" else own


def _of_credo(call: Call, project: Project) -> Iterator[Claim]:
    """credo's settings, which count in all folders below theirs, and what its plugins may do."""
    place = call.place
    paths = [
        f"{folder}/{name}" for folder in folders_above(project.folder, place) for name in (".credo.exs", "config/.credo.exs")
    ]
    yield from (claim(Access.READ, place.pattern(path), f"settings of `{call.key}`") for path in paths)
    if any("plugins:" in (place.read_text(path) or "").replace("plugins: []", "") for path in paths):
        yield write_below(project.folder, place, "plugins of credo may do more")


def _has_steps(project: Project) -> bool:
    """Whether putting together a release runs functions of the project."""
    values = project.file.values("steps")
    return any(not isinstance(value, tuple) or not all(isinstance(step, Atom) for step in value) for value in values)


def _formatting(call: Call, project: Project | None, environment: Mapping[str, Word]) -> Recognition | None:
    found = formatted(call, project)
    if found is None:
        return None
    claims, compiles = found
    if compiles and project is not None:
        claims = (*claims, *compiling(call, project))
    return answer(call, claims, environment)


def _for_user(call: Call, environment: Mapping[str, Word]) -> Recognition | None:
    """Programs for the user; one that is built from this project is not known as such."""
    words = call.parsed.operands
    if not words and call.key.endswith((".install",)):
        return None
    paths = [resolve_path(word, call.cwd) for word in words if "/" in word or word.endswith(".ez")]
    if any(path is None for path in paths):
        return None
    return answer(call, (read_below(path, call.place, f"`{call.key}` installs it") for path in paths if path), environment)


def _command(call: Call, project: Project) -> Delegation | None:
    """`mix cmd X`: what X claims, in each project of an umbrella."""
    head = call.parsed.rest[0] if call.parsed.rest else None
    if not head or (project.children and call.parsed.options):
        return None
    folders = project.children or (call.cwd,)
    parts = [call.place.invocation_claims(replace(call.invocation, words=call.parsed.rest, cwd=folder)) for folder in folders]
    own = answer(call, settings(call, project), {})
    if own is None or any(part.evidence is Evidence.NONE for part in parts):
        return None
    return Delegation(claims=union([*parts, _as_claims(own)]), reason=f"`mix cmd` starts `{head}`")
