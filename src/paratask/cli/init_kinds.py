"""`--init KIND …`: files for a repository as it is. Writes all that were asked for, or none, and nothing over another file."""

from __future__ import annotations

import os
import sys

from paratask.cli.setup import painter_for, warn
from paratask.errors import ParataskError, TaskfileExistsError, UsageError
from paratask.names import nearest_name
from paratask.taskfile.project import OWN_NAME, read_project
from paratask.taskfile.reader import TASKFILE_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.cli.options import Typed
    from paratask.scaffolding.ci_text import Pipeline
    from paratask.scaffolding.workspaces import Found

LANGUAGES = ("python", "node", "deno", "rust", "go", "jvm", "dotnet", "elixir")
DESCRIPTIONS = {
    "python": "a Taskfile for the Python workspaces",
    "node": "a Taskfile for the Node workspaces",
    "deno": "a Taskfile for the Deno projects",
    "rust": "a Taskfile for the Rust crates",
    "go": "a Taskfile for the Go modules",
    "jvm": "a Taskfile for the Maven and Gradle projects",
    "dotnet": "a Taskfile for the .NET projects",
    "elixir": "a Taskfile for the mix projects",
    "polyglot": "a Taskfile for all workspaces that are found",
    OWN_NAME: "settings, all commented out",
    "ci-github": "a workflow for GitHub Actions",
    "ci-gitlab": "a pipeline for GitLab",
    "pre-commit": "a hook for pre-commit",
}
KINDS = tuple(DESCRIPTIONS)
CI_FILES = {
    "ci-github": ".github/workflows/paratask.yml",
    "ci-gitlab": ".gitlab-ci.yml",
    "pre-commit": ".pre-commit-config.yaml",
}
CI_TASKS = ("ci", "check", "test", "default")
"""Which task a pipeline or a hook runs: the first one that there is."""


def is_kind(words: Sequence[str]) -> bool:
    """Whether the command line names kinds, not a file or folder. A folder of that name is meant, as `task` would take it."""
    return any(word in KINDS for word in words) and not os.path.isdir(words[0])


def nearest_kind(word: str) -> str:
    """The kind that a plain word is most like; empty where there is none, and for what is there or looks like a path."""
    return "" if set(word) & {os.sep, "."} or os.path.lexists(word) else nearest_name(word, list(KINDS))


def init_kinds(typed: Typed, words: Sequence[str]) -> int:
    """`--init KIND…`: write files of these kinds. The exit code. Raises UsageError, TaskfileExistsError, and ParataskError
    where a file cannot be written.
    """
    for word in words:
        if word not in KINDS:
            near = nearest_kind(word)
            raise UsageError(
                f"--init knows no `{word}`", help=f"did you mean `{near}`?" if near else f"one of {', '.join(KINDS)}"
            )
    root = os.getcwd()
    files: dict[str, str] = {}
    for kind in dict.fromkeys(words):
        files.update(_file_of(kind, root, files))
    for path in files:
        if os.path.lexists(path):
            raise TaskfileExistsError(f"there is a file already: `{path}`")
    for path, text in files.items():
        _write(path, text)
        if not typed.flag("silent"):
            paint = painter_for(typed, 1)
            sys.stdout.write(paint("green", f"{'Taskfile' if path in TASKFILE_NAMES else 'File'} created: {path}\n"))
    return 0


def composed(folder: str, language: str = "") -> str:
    """A Taskfile over the workspaces in `folder`; empty where there are none."""
    from paratask.scaffolding.taskfile_text import render_taskfile

    found = _found(folder, language)
    return render_taskfile(found) if found.workspaces else ""


def _found(folder: str, language: str = "") -> Found:
    from paratask.languages.place import Checkout
    from paratask.plugins.manager import load_plugins
    from paratask.scaffolding.workspaces import find_workspaces

    plugins = load_plugins(warn=warn)
    return find_workspaces(Checkout(os.path.realpath(folder), plugins=plugins), language=language)


def _file_of(kind: str, root: str, files: dict[str, str]) -> dict[str, str]:
    """The file's path and text. A repository that has a Taskfile gets settings beside it."""
    if kind in CI_FILES:
        return {CI_FILES[kind]: _pipeline_text(kind, root, files)}
    if kind == OWN_NAME or any(os.path.exists(name) for name in TASKFILE_NAMES):
        from paratask.scaffolding.settings_text import SETTINGS

        return {OWN_NAME: SETTINGS}
    return {TASKFILE_NAMES[0]: composed(root, kind if kind in LANGUAGES else "") or _starter(kind)}


def _starter(kind: str) -> str:
    from paratask.scaffolding.example import EXAMPLE
    from paratask.scaffolding.taskfile_text import STARTERS, render_taskfile
    from paratask.scaffolding.workspaces import Found, Workspace

    if kind not in STARTERS:
        return EXAMPLE
    return render_taskfile(Found(workspaces=(Workspace(name=kind, folder=".", language=kind, commands=STARTERS[kind]),)))


def _pipeline_text(kind: str, root: str, files: dict[str, str]) -> str:
    from paratask.scaffolding.ci_text import render_github, render_gitlab, render_pre_commit

    pipeline = _pipeline(root, files)
    if kind == "pre-commit":
        return render_pre_commit(pipeline.tasks[-1])
    return render_github(pipeline) if kind == "ci-github" else render_gitlab(pipeline)


def _pipeline(root: str, files: dict[str, str]) -> Pipeline:
    from paratask.scaffolding.ci_text import Pipeline, managers_of, programs_of

    found = _found(root)
    names = _task_names(root, files)
    commands = tuple(text for workspace in found.workspaces for text in workspace.commands.values())
    main = next((name for name in CI_TASKS if name in names), "")
    if not main:
        known = ", ".join(f"`{name}`" for name in CI_TASKS)
        raise UsageError(
            f"there is none of the tasks that this would run: {known}", help="write one that calls what is to be run"
        )
    return Pipeline(
        tasks=("setup", main) if "setup" in names else (main,),
        languages=tuple(dict.fromkeys(workspace.language for workspace in found.workspaces)),
        packages=programs_of(commands),
        managers=managers_of(commands),
    )


def _task_names(root: str, files: dict[str, str]) -> set[str]:
    """The names of the tasks in the Taskfile that is there, or is about to be written. Raises TaskfileError."""
    text = files.get(TASKFILE_NAMES[0])
    if text is None:
        project = read_project(entrypoint="", folder="", cwd=root, environ=os.environ, fill=lambda text, _: text)
        return set(project.taskfile.tasks)
    from paratask.taskfile.decode import Decoder
    from paratask.taskfile.decode_file import decode_taskfile
    from paratask.taskfile.yaml_nodes import parse_yaml

    return set(decode_taskfile(Decoder(""), parse_yaml(text.encode(), "")).tasks)


def _write(path: str, text: str) -> None:
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise TaskfileExistsError(f"there is a file already: `{path}`") from None
    except OSError as error:
        raise ParataskError(f"`{path}` cannot be written: {error.strerror}") from None
