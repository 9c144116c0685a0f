"""`deno task NAME`: what the commands claim that `deno.json` or `package.json` has under that name, with those they depend on.

Deno runs them in a shell of its own, which knows what the plain commands of others do. A task that keeps its results in a cache, or that
is not there, is not understood. What a program of the repository does is not known here.
"""

from __future__ import annotations

import fnmatch
import re
import shlex

from paratask.claims.model import Claims, Effect, Evidence, union, unknown
from paratask.languages.deno.configurations import MANIFESTS, configuration_of
from paratask.languages.inferred import unique
from paratask.languages.options import Role
from paratask.languages.toml_files import table, texts
from paratask.languages.tool_claims import of_environment, of_options, of_resources
from paratask.languages.workspaces import workspace_of
from paratask.plugins.hookspecs import Delegation, Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.deno.configurations import Workspace
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

_KNOWN = frozenset({"description", "command", "dependencies"})
_NPM = re.compile(r"\bnpm\b")
_MOST_TASKS = 200


class NotKnownError(Exception):
    """Which commands a task runs cannot be told; says why."""


def run_task(call: Call, workspace: Workspace, own: Iterable[Claim]) -> Recognition | Delegation | None:
    """What the task claims in each project that it runs in, with what the call itself claims."""
    if any(word is None for word in call.parsed.rest):
        return None
    words = tuple(word for word in call.parsed.rest if word is not None)
    options = of_options(call)
    environment = of_environment(call.invocation.environment, call.cwd, call.place, call.reader)
    if options is None or environment is None or call.parsed.named("-c", "--config", "--no-config"):
        return None
    entries = unique((*own, *options, *environment, *of_resources(call)))
    if not words:
        return Recognition(claims=entries, effect=Effect.LOCAL, reason=f"`{call.key}` lists tasks")
    try:
        parts = _parts(call, workspace, words[0], words[1:])
    except NotKnownError as error:
        return Delegation(claims=unknown(str(error)), reason=str(error))
    reason = f"`{call.key}` runs `{words[0]}`"
    found = next((part for part in parts if part.evidence is Evidence.NONE), None)
    if found is not None:
        return Delegation(claims=found, reason=reason)
    return Delegation(claims=union([*parts, Claims(entries=entries, evidence=Evidence.INFERRED)]), reason=reason)


def _parts(call: Call, workspace: Workspace, name: str, arguments: Sequence[str]) -> list[Claims]:
    """What each command claims. Raises NotKnownError."""
    if call.parsed.named("--eval"):
        return [_text(" ".join((name, *map(shlex.quote, arguments))), call.cwd, call)]
    chosen = call.parsed.all(Role.MEMBERS, Role.ALL_MEMBERS)
    if workspace.folders is None:
        raise NotKnownError(f"only the run tells which members `{call.place.pattern(workspace.root)}` has")
    if not chosen:
        return _named(call, workspace, name, arguments, is_optional=bool(call.parsed.named("--if-present")))
    found = [folder for folder in workspace.folders if _matching(folder, name, call.place)]
    return [part for folder in found for part in _in_folder(call, folder, name, arguments)]


def _named(call: Call, workspace: Workspace, name: str, arguments: Sequence[str], *, is_optional: bool) -> list[Claims]:
    """Of the project that the call is made in, else of the workspace's root. Raises NotKnownError."""
    own = workspace_of(call.cwd, MANIFESTS, call.place)
    for folder in dict.fromkeys((own, workspace.root)):
        if _matching(folder, name, call.place):
            return _in_folder(call, folder, name, arguments)
    if is_optional and all(configuration_of(folder, call.place).is_clear for folder in (own, workspace.root)):
        return []
    raise NotKnownError(f"`{call.key} {name}`: no task is called so")


def _in_folder(call: Call, folder: str, name: str, arguments: Sequence[str]) -> list[Claims]:
    """The commands of the tasks in `folder` with that name, or whose names it has wildcards for. Raises NotKnownError."""
    cwd = call.cwd if call.parsed.named("--cwd") else folder
    names = _matching(folder, name, call.place)
    is_one = len(names) == 1 and not call.parsed.all(Role.MEMBERS, Role.ALL_MEMBERS)
    given = (arguments,) if is_one or not arguments else (arguments, ())  # of several tasks, one is given them
    texts_of = (_commands(each, folder, call, set(), words) for words in given for each in names)
    return [_text(text, cwd, call) for found in texts_of for text in found]


def _commands(name: str, folder: str, call: Call, seen: set[str], arguments: Sequence[str] = ()) -> Iterator[str]:
    """The commands of a task behind those of what it depends on, each task's once. Raises NotKnownError."""
    if name in seen:
        return
    if len(seen) == _MOST_TASKS:
        raise NotKnownError(f"`{call.key}` runs more than {_MOST_TASKS} tasks")
    seen.add(name)
    found = configuration_of(folder, call.place)
    value = table(found.deno, "tasks").get(name)
    scripts = table(found.package, "scripts")
    words = "".join(f" {shlex.quote(word)}" for word in arguments)
    if value is None and isinstance(scripts.get(name), str):
        own = (scripts.get(f"pre{name}"), f"{scripts[name]}{words}", scripts.get(f"post{name}"))
        yield from (_checked(each, found.deno, call) for each in own if isinstance(each, str))
        return
    task = {"command": value} if isinstance(value, str) else value
    if not isinstance(task, dict) or not _KNOWN.issuperset(task) or not isinstance(task.get("command", ""), str):
        raise NotKnownError(f"`{call.key}`: what `{name}` is in `{call.place.pattern(folder)}` is not understood")
    for each in texts(task.get("dependencies")):
        yield from _commands(each, folder, call, seen)
    if task.get("command"):
        yield f"{_checked(str(task['command']), found.deno, call)}{words}"


def _checked(text: str, configuration: Mapping[str, object], call: Call) -> str:
    """The text of a command. In Deno's shell `npm run` runs the tasks of `deno.json`, too. Raises NotKnownError."""
    if _NPM.search(text) and table(configuration, "tasks"):
        raise NotKnownError(f"`{call.key}` runs npm, which Deno carries out itself")
    return text


def _matching(folder: str, name: str, place: Place) -> tuple[str, ...]:
    """The tasks in a folder that have the name, or that its wildcards stand for."""
    found = configuration_of(folder, place)
    names = dict.fromkeys((*table(found.deno, "tasks"), *table(found.package, "scripts")))
    return tuple(each for each in names if each == name or ("*" in name and fnmatch.fnmatchcase(each, name)))


def _text(text: str, cwd: str, call: Call) -> Claims:
    return call.place.command_claims(text, cwd, call.invocation.environment)
