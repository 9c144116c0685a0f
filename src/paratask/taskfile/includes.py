"""Merging an included Taskfile into the one that includes it. go-task: ast.Taskfile.Merge and ast.Tasks.Merge, to the letter.

Pure: both files are read already. Knows nothing of where they came from.
"""

from __future__ import annotations

from paratask.errors import Position, TaskfileError, TaskNameConflictError
from paratask.frozen import replace
from paratask.taskfile.model import Call
from paratask.taskfile.paths import smart_join
from paratask.taskfile.tasks import Tasks, pending

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.taskfile.model import Include, Step, Task, Taskfile, Variable, Variables
    from paratask.taskfile.tasks import Pending


def merge(into: Taskfile, other: Taskfile, include: Include) -> Taskfile:
    """`into` with the tasks and variables of `other`, under the include's namespace unless it is flat.

    Raises TaskfileError (versions that differ, dotenv in an included file) and TaskNameConflictError.
    """
    _check(into, other, include)
    variables = {**into.variables, **_with_folder(other.variables, include)}
    environment = {**into.environment, **_with_folder(other.environment, include)}
    tasks = pending(into.tasks)
    for name, entry in pending(other.tasks).items():
        if not _excluded(include, name):
            _add(tasks, name, entry.changed(lambda task: _adopted(task, other, include, variables)), include)
    _alias_default(tasks, other, include)
    output = other.output if other.output.style else into.output
    return replace(into, tasks=Tasks(tasks), variables=variables, environment=environment, output=output)


def placed(other: Taskfile, include: Include) -> Taskfile:
    """`other` as later includes of the same file find it: the folder of its `sh:` variables stays what this one made it."""
    if not include.advanced:
        return other
    return replace(
        other, variables=_with_folder(other.variables, include), environment=_with_folder(other.environment, include)
    )


def _check(into: Taskfile, other: Taskfile, include: Include) -> None:
    if _version(into.version) != _version(other.version):
        message = f'Taskfiles versions should match. First is "{into.version}" but second is "{other.version}"'
        raise TaskfileError(message, position=include.position)
    if other.dotenv:
        message = "included Taskfiles can't have dotenv declarations"
        raise TaskfileError(
            message, position=Position(file=other.file), help="move the dotenv declaration to the main Taskfile"
        )


def _version(text: str) -> tuple[int, ...]:
    parts = [int(part) for part in text.removeprefix("v").split("-")[0].split("+")[0].split(".")]
    return tuple(parts + [0] * (3 - len(parts)))


def _with_folder(variables: Variables, include: Include) -> dict[str, Variable]:
    if not include.advanced:
        return dict(variables)
    return {name: replace(variable, folder=include.dir) for name, variable in variables.items()}


def _excluded(include: Include, name: str) -> bool:
    for exclude in include.excludes:
        if exclude.endswith(":*"):
            namespace = exclude.removesuffix(":*")
            if namespace and name.startswith(namespace + ":"):
                return True
        elif name == exclude:
            return True
    return False


def _adopted(task: Task, other: Taskfile, include: Include, merged: Variables) -> Task:
    """One task as it is known in the including file."""
    changes: dict[str, object] = {"internal": task.internal or include.internal}
    if other.silent and task.silent is None:
        changes["silent"] = True
    if other.use_gitignore is not None and task.use_gitignore is None:
        changes["use_gitignore"] = other.use_gitignore
    if not include.flatten:
        changes.update(_namespaced(task, include))
    if include.advanced:
        changes["dir"] = smart_join(include.dir, task.dir)
        changes["include_variables"] = {**task.include_variables, **include.variables}
        changes["included_taskfile_variables"] = merged
    return replace(task, **changes)  # type: ignore[arg-type]


def _namespaced(task: Task, include: Include) -> dict[str, object]:
    namespace = include.namespace
    aliases = [qualified(alias, namespace) for alias in task.aliases]
    for namespace_alias in include.aliases:
        aliases.append(qualified(task.name, namespace_alias))
        aliases.extend(qualified(alias, namespace_alias) for alias in task.aliases)
    return {
        "name": qualified(task.name, namespace),
        "namespace": namespace,
        "aliases": tuple(aliases),
        "steps": tuple(_step_in(step, namespace) for step in task.steps),
        "dependencies": tuple(_call_in(call, namespace) for call in task.dependencies),
    }


def _step_in(step: Step, namespace: str) -> Step:
    return _call_in(step, namespace) if isinstance(step, Call) else step


def _call_in(call: Call, namespace: str) -> Call:
    return replace(call, task=qualified(call.task, namespace)) if call.task else call


def qualified(name: str, namespace: str) -> str:
    """A task's name as seen from outside its namespace; a leading `:` means the root's."""
    return name[1:] if name.startswith(":") else f"{namespace}:{name}"


def _add(tasks: dict[str, Pending], name: str, entry: Pending, include: Include) -> None:
    key = name if include.flatten else qualified(name, include.namespace)
    if key in tasks:
        message = f"task `{key}` is defined twice: here and in what `{include.namespace}` includes"
        raise TaskNameConflictError(message, task=key, position=tasks[key].task().position)
    tasks[key] = entry


def _alias_default(tasks: dict[str, Pending], other: Taskfile, include: Include) -> None:
    """The included file's `default` answers to the bare namespace, unless a task of that name is there."""
    if "default" not in other.tasks or include.flatten or include.namespace in tasks:
        return
    key = f"{include.namespace}:default"
    if key in tasks:
        names = (include.namespace, *include.aliases)
        tasks[key] = tasks[key].changed(lambda task: replace(task, aliases=(*task.aliases, *names)))
