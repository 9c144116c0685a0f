"""A Taskfile over workspaces, as text: one composite a verb, `check` over all that only looks, and `default`."""

from __future__ import annotations

from paratask.scaffolding.recipe import CHECKS, VERBS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.scaffolding.workspaces import Found, Workspace

HEAD = """\
# What `paratask` and `task` can run here. `paratask --list` shows it, `paratask NAME` runs it.
# Every key: https://taskfile.dev/reference/schema
# Neighbouring calls run side by side if they do not touch each other's files; `paratask --plan` shows which do, and why.
version: '3'
"""
STARTERS = {
    "python": {"lint": "ruff check .", "test": "pytest"},
    "node": {"lint": "npm run lint", "test": "npm test", "build": "npm run build"},
    "deno": {"lint": "deno lint", "typecheck": "deno check", "test": "deno test"},
    "rust": {"lint": "cargo clippy --all-targets", "test": "cargo test", "build": "cargo build"},
    "go": {"lint": "go vet ./...", "test": "go test ./...", "build": "go build ./..."},
    "jvm": {"test": "mvn -B test", "build": "mvn -B package -DskipTests"},
    "dotnet": {"lint": "dotnet format --verify-no-changes", "test": "dotnet test", "build": "dotnet build"},
    "elixir": {"lint": "mix format --check-formatted", "test": "mix test", "build": "mix compile"},
}
"""Where nothing of the language is there yet."""
NO_TEXTS = frozenset(("true", "false", "yes", "no", "on", "off", "y", "n", "null"))
"""What YAML takes for something else, as it stands."""


def render_taskfile(found: Found) -> str:
    """The whole file. There is at least one workspace, and each has a command."""
    tasks = [*_summits(found.workspaces)]
    for verb in VERBS:
        those = [workspace for workspace in found.workspaces if verb in workspace.commands]
        if len(found.workspaces) == 1 and those:
            tasks.append(_leaf(verb, VERBS[verb], verb, those[0]))
        elif those:
            calls = [f"{verb}-{workspace.name}" for workspace in those]
            tasks.append(_composite(verb, VERBS[verb], calls))
            tasks += [_leaf(name, "", verb, workspace) for name, workspace in zip(calls, those, strict=True)]
    notes = "".join(f"# No command is known for {path}.\n" for path in found.unknown)
    return f"{HEAD}{notes}\ntasks:\n" + "\n".join(tasks)


def _summits(workspaces: Sequence[Workspace]) -> Iterator[str]:
    verbs = {verb for workspace in workspaces for verb in workspace.commands}
    checks = [verb for verb in CHECKS if verb in verbs]
    every = [*(["check"] if checks else []), *(["build"] if "build" in verbs else [])]
    if every:
        yield _composite("default", "Check and build everything" if len(every) > 1 else f"The same as `{every[0]}`", every)
    if checks:
        yield _composite("check", "Run all checks", checks)


def _composite(name: str, description: str, calls: Sequence[str]) -> str:
    steps = "".join(f"      - task: {call}\n" for call in calls)
    return f"  {name}:\n    desc: {quoted(description)}\n    cmds:\n{steps}"


def _leaf(name: str, description: str, verb: str, workspace: Workspace) -> str:
    desc = f"    desc: {quoted(description)}\n" if description else ""
    folder = "" if workspace.folder == "." else f"    dir: {quoted(workspace.folder)}\n"
    return f"  {quoted(name)}:\n{desc}{folder}    cmds:\n      - {quoted(workspace.commands[verb])}\n"


def quoted(text: str) -> str:
    """A YAML scalar: plain where that is what it says."""
    plain = (text[:1].isalnum() or text[:2] == "./") and text.lower() not in NO_TEXTS
    is_plain = plain and not any(mark in text for mark in (": ", " #", "\n", "{{")) and not text.endswith(":")
    return text if is_plain and not text.replace(".", "").isdigit() else "'" + text.replace("'", "''") + "'"
