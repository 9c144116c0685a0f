"""What one task claims by itself, without what it calls: its commands, its `sources` and `generates`, and paratask.toml's word.

Asks the language plugins about each command, through `Place`. What is not known before it runs claims everything. Runs nothing:
`sh:` variables that the run has not evaluated yet are unknown here. Knows nothing of calls.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import FINGERPRINT, Access, Claim, Claims, Effect, Evidence, Worth, unknown
from paratask.claims.overlap import WILD, escape
from paratask.frozen import replace
from paratask.names import cut, fingerprint_name
from paratask.taskfile.model import Command
from paratask.taskfile.paths import smart_join, unquoted
from paratask.variables.ready import ReadyCommand, ReadyDefer, UnknownSteps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from paratask.claims.observed import Observed
    from paratask.plugins.hookspecs import Place
    from paratask.taskfile.model import Glob
    from paratask.taskfile.settings import TaskClaims
    from paratask.variables.ready import ReadyTask

_NOTHING: Mapping[str, str | None] = {}
KEEPING = ("checksum", "timestamp")
"""Methods by which a fingerprint is kept."""

MOST_SHOWN = 80
"""So much of a command is shown that only the run knows."""

_DECLARED = "declared in paratask.toml"


def own_claims(ready: ReadyTask, place: Place, observed: Observed | None = None, *, fingerprints: str = "") -> Iterator[Claims]:
    """The claims of each part of a task that is not a call. What was `observed` of its commands stands above what they tell."""
    task = ready.task
    if task.prompts or task.interactive:
        yield unknown(f"`{task.name}` talks to the user")
    yield from _unknown(ready)
    folder = ready.dir
    if observed is None:
        yield from _of_commands(ready, place)
    else:
        from paratask.claims.observed import below_links, with_observed

        yield with_observed(list(_of_commands(ready, place)), observed)
        yield below_links(
            observed,
            lambda name: place.pattern(posixpath.join(place.real_root, name), "/**"),
            lambda name: place.exists(posixpath.join(place.real_root, name)),
        )
    if folder is not None:
        if not place.exists(folder):
            yield Claims(entries=(_made(folder, task.name, place),))
        entries = (
            *_dotenv_claims(ready, place),
            *_globs(ready.sources, task.sources, folder, Access.READ, place),
            *_globs(ready.generates, task.generates, folder, Access.WRITE, place),
        )
        if entries:
            yield Claims(entries=entries)
    yield from kept_claims(ready, place, fingerprints)


def _unknown(ready: ReadyTask) -> Iterator[Claims]:
    task = ready.task
    if any(required.name not in ready.scope.values for required in task.requires):
        yield unknown(f"`{task.name}` lacks a variable that it requires")
    if any(isinstance(step, UnknownSteps) for step in (*ready.steps, *ready.dependencies)):
        yield unknown(f"a loop of `{task.name}` is not known before it runs")


def claims_where_fresh(ready: ReadyTask, place: Place) -> Iterator[Claims]:
    """As `own_claims`, of a task that is up to date, and stays so: it looks whether it is, and runs no step (of `ready` they are left out)."""
    yield from _unknown(ready)
    yield from _of_commands(ready, place)
    if ready.dir is not None:
        yield Claims(entries=_looked_at(ready, ready.dir, place))
    if ready.run == "once":
        yield _once(ready)


def relied_on(ready: ReadyTask, folder: str, place: Place, fingerprints: str) -> Claims:
    """What has to be as it was for a task to be up to date: what it is looked at for, what git ignores of that, and the fingerprint, which calls of
    that name have in common, whatever they are called with.
    """
    entries = [*_looked_at(ready, folder, place), *_kept_file(ready, place, fingerprints)]
    entries.append(_resource(Access.SHARED, _kept_as(ready), f"`sources` of `{ready.name}`"))
    if ready.use_gitignore:
        reason = "`use_gitignore` of the Taskfile"
        entries.append(Claim(access=Access.READ, pattern="**/.gitignore", evidence=Evidence.DECLARED, reason=reason))
    return Claims(entries=tuple(entries))


def _looked_at(ready: ReadyTask, folder: str, place: Place) -> tuple[Claim, ...]:
    task = ready.task
    return (
        *_dotenv_claims(ready, place),
        *_globs(ready.sources, task.sources, folder, Access.READ, place),
        *_globs(ready.generates, task.generates, folder, Access.READ, place),
    )


def _made(folder: str, name: str, place: Place) -> Claim:
    """A task's folder is made before its commands run, where it is not there. go-task: Task directory."""
    return Claim(
        access=Access.ADD,
        pattern=place.pattern(folder, "/**"),
        evidence=Evidence.INFERRED,
        reason=f"`{name}` makes the folder that it runs in",
    )


def kept_claims(ready: ReadyTask, place: Place, fingerprints: str = "") -> Iterator[Claims]:
    """What a run or a checkout keeps of a task, whatever its commands touch. `fingerprints` is the absolute path of the folder that has those.

    Two calls that keep the same fingerprint wait for each other: the second may find that there is nothing left to do. Who takes it away decides
    whether the task runs. Of a task that runs once the call that comes first says with which variables; without any, all of its calls are alike.
    """
    if ready.sources and ready.method in KEEPING:
        name = _kept_name(ready)
        reason = f"`sources` of `{name}`"
        kept = replace(_resource(Access.EXCLUSIVE, _kept_as(ready), reason), worth=Worth.OWN)
        yield Claims(entries=(kept, *_kept_file(ready, place, fingerprints)))
    if ready.run == "once":
        yield _once(ready)


def _kept_file(ready: ReadyTask, place: Place, fingerprints: str) -> Iterator[Claim]:
    """Only to be read: our own writing of it is nothing that whoever reads the whole checkout has to wait for."""
    if fingerprints:
        path = posixpath.join(fingerprints, ready.method, fingerprint_name(_kept_name(ready)))
        yield Claim(access=Access.READ, pattern=place.pattern(path), evidence=Evidence.DECLARED, reason=FINGERPRINT)


def _kept_name(ready: ReadyTask) -> str:
    return ready.name if ready.method == "checksum" else ready.task.name


def _kept_as(ready: ReadyTask) -> str:
    return f"fingerprint:{fingerprint_name(_kept_name(ready))}"


def _once(ready: ReadyTask) -> Claims:
    access = Access.EXCLUSIVE if ready.called_with else Access.SHARED
    return Claims(entries=(_resource(access, f"once:{ready.full_name}", "`run: once`", Evidence.INFERRED),))


def _of_commands(ready: ReadyTask, place: Place) -> Iterator[Claims]:
    """A dotenv file that is not there may be by then, with any variable in it."""
    environment = _environment(ready)
    is_whole = all(path and place.exists(path) for path in _dotenv_files(ready))
    for text, written in _texts(ready):
        if ready.dir is None:
            yield unknown(f"the folder of `{ready.task.name}` is not known before it runs")
        elif text is None:
            yield unknown(_not_known(written, ready))
        else:
            yield text_claims(text, ready.dir, place, environment, is_whole=is_whole)
    for text in _shell_values(ready):  # these find all variables of the Taskfile in their environment
        yield text_claims(text, ready.dir or place.root, place, environment)


def _environment(ready: ReadyTask) -> Mapping[str, str | None]:
    return {name: _known(value) for name, value in ready.environment.items()}


def _dotenv_files(ready: ReadyTask) -> list[str]:
    """Its own, there or not; an empty text for one that is not known yet."""
    return [path and smart_join(ready.dir or "", path) for path in ready.dotenv]


def _dotenv_claims(ready: ReadyTask, place: Place) -> Iterator[Claim]:
    """They are read before anything of the task runs. go-task: .env files, of tasks."""
    for path in _dotenv_files(ready):
        pattern = place.pattern(posixpath.normpath(path)) if path else "**"
        yield Claim(access=Access.READ, pattern=pattern, evidence=Evidence.DECLARED, reason="`dotenv` of the Taskfile")


def _known(value: object) -> str | None:
    return str(value) if isinstance(value, (str, int, float)) else None


def text_claims(
    text: str | None, folder: str, place: Place, environment: Mapping[str, str | None] = _NOTHING, *, is_whole: bool = False
) -> Claims:
    """What a shell text claims when run in `folder`; None is one that is not known yet. See `Place.command_claims`."""
    if text is None:
        return unknown("a command is not known before it runs")
    return place.command_claims(text, folder, environment, is_whole=is_whole) if text.strip() else Claims()


def declared_claims(declared: TaskClaims, place: Place, *, outside: bool) -> Claims:
    """What paratask.toml says that a task touches. `outside` is whether it is known to reach outside this checkout."""
    entries = [
        *_areas(Access.READ, [_whole(pattern) for pattern in declared.reads], place),
        *_areas(Access.WRITE, [_whole(pattern) for pattern in declared.writes], place),
        *(_resource(Access.SHARED, name) for name in declared.uses),
        *(_resource(Access.EXCLUSIVE, name) for name in declared.exclusive),
    ]
    reason = _DECLARED if declared.local is False else "a command of it is known to"
    return Claims(
        entries=tuple(entries),
        effect=Effect.OUTSIDE if outside else Effect.LOCAL,
        effect_reason=reason if outside else "",
    )


def reaches_out(claims: Claims) -> bool:
    """Whether a command was recognised as reaching outside; one that was not recognised is believed to be as declared."""
    return claims.effect is Effect.OUTSIDE and claims.evidence > Evidence.NONE


def _not_known(written: str, ready: ReadyTask) -> str:
    """Of which command only the run tells the text, and for want of which variable, where that is seen."""
    lacked = ready.scope.lacked_by(written)
    shown = cut(" ".join(written.replace("\\\n", " ").split()), MOST_SHOWN)
    return f"{f'`{lacked}` in ' if lacked else ''}`{shown}` is not known before it runs"


def status_claims(ready: ReadyTask, folder: str, place: Place) -> Iterator[Claims]:
    """Of each text of its `status`."""
    environment = _environment(ready)
    return (text_claims(text, folder, place, environment) for text in ready.status)


def generated(ready: ReadyTask, folder: str, place: Place) -> Iterator[Claim]:
    """Looking at what it generates."""
    return _globs(ready.generates, ready.task.generates, folder, Access.READ, place)


def _texts(ready: ReadyTask) -> Iterator[tuple[str | None, str]]:
    """Everything that a shell will run for this task itself, and how it is written; None for what is not known yet."""
    task = ready.task
    yield ready.condition, task.condition
    yield from zip(ready.status, task.status, strict=True)
    for precondition, source in zip(ready.preconditions, task.preconditions, strict=True):
        yield precondition.command, source.command
    for step in ready.steps:
        if isinstance(step, ReadyCommand) and not step.source.joins:
            yield step.condition, step.source.condition
            yield step.text, step.source.text
        elif isinstance(step, ReadyDefer) and isinstance(step.source, Command):
            for text in step.texts:
                yield text, step.source.text


def _shell_values(ready: ReadyTask) -> Iterator[str | None]:
    """What a shell runs for the values of the task's own variables, as far as it is known."""
    for name, variable in ready.task.variables.items():
        if variable.sh:
            yield ready.scope.shell.get(name) if "{{" in variable.sh else variable.sh
    for variable in ready.task.environment.values():
        if variable.sh:
            yield None if "{{" in variable.sh else variable.sh


def _globs(globs: Sequence[Glob], written: Sequence[Glob], folder: str, access: Access, place: Place) -> Iterator[Claim]:
    """One claim a glob; a negated one takes away from those above it. go-task: Globs. One that is not known yet, though it was `written`,
    is empty.
    """
    word = "sources" if access is Access.READ else "generates"
    for index, glob in enumerate(globs):
        if not glob.negate:
            is_anywhere = (written[index].pattern and not glob.pattern) or "$" in glob.pattern.partition("/")[0]
            yield Claim(
                access=access,
                pattern="**" if is_anywhere else _located(_widened(unquoted(glob.pattern, escape)), folder, place),
                excluding=tuple(
                    _located(unquoted(later.pattern, escape), folder, place)
                    for later in globs[index + 1 :]
                    if later.negate and later.pattern
                ),
                evidence=Evidence.DECLARED,
                reason=f"`{word}` of the Taskfile",
            )


def _widened(pattern: str) -> str:
    """From a variable of the environment on it may be anything. At its beginning that is so with its folder as well: such a one may lead out of it."""
    head, variable, _ = pattern.partition("$")
    return f"{head[: head.rfind('/') + 1]}**" if variable else pattern


def _areas(access: Access, patterns: Iterable[str], place: Place) -> Iterator[Claim]:
    patterns = list(patterns)
    excluding = tuple(_located(pattern[1:], place.root, place) for pattern in patterns if pattern.startswith("!"))
    for pattern in patterns:
        if not pattern.startswith("!"):
            located = _located(pattern, place.root, place)
            yield Claim(access=access, pattern=located, excluding=excluding, evidence=Evidence.DECLARED, reason=_DECLARED)


def _located(pattern: str, folder: str, place: Place) -> str:
    """A pattern of `folder` as one of the root's. The folders before its first wildcard are made real, as all claims are."""
    segments = posixpath.normpath(posixpath.join(folder, pattern)).split("/")
    first = next((index for index, segment in enumerate(segments) if not WILD.isdisjoint(segment)), len(segments))
    rest = "/".join(segments[first:])
    return place.pattern("/".join(segments[:first]) or "/", f"/{rest}" if rest else "")


def _resource(access: Access, name: str, reason: str = _DECLARED, evidence: Evidence = Evidence.DECLARED) -> Claim:
    return Claim(access=access, pattern=name, evidence=evidence, reason=reason)


def _whole(pattern: str) -> str:
    """A declared path with all below it, should it be a folder: `dist` means `dist/**`."""
    last = pattern.rstrip("/").rpartition("/")[2]
    return pattern if set(last) & set("*?[{") else f"{pattern.rstrip('/')}/**"
