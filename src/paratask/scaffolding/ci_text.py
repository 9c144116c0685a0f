"""Files for CI and for pre-commit, as text. Knows the languages of a checkout and the names of its tasks, and reads nothing."""

from __future__ import annotations

from paratask.frozen import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

PROGRAMS = ("ruff", "flake8", "black", "mypy", "pyright", "pytest")
"""What a Python job installs by itself where a task calls it without a runner such as uv."""
ACTIONS = {
    "python": ("actions/setup-python@v5", "python-version: '3.x'"),
    "node": ("actions/setup-node@v4", "node-version: lts/*"),
    "deno": ("denoland/setup-deno@v2", "deno-version: v2.x"),
    "go": ("actions/setup-go@v5", "go-version: stable"),
    "jvm": ("actions/setup-java@v4", "distribution: temurin, java-version: '21'"),
    "dotnet": ("actions/setup-dotnet@v4", "dotnet-version: '8.0.x'"),
    "elixir": ("erlef/setup-beam@v1", "otp-version: '27', elixir-version: '1.18'"),
}
IMAGES = {
    "python": "python:3",
    "node": "node:lts",
    "deno": "denoland/deno:latest",
    "go": "golang:latest",
    "rust": "rust:latest",
    "jvm": "maven:3-eclipse-temurin-21",
    "dotnet": "mcr.microsoft.com/dotnet/sdk:8.0",
    "elixir": "elixir:latest",
}
RUNNERS = {"uv": "uv", "poetry": "poetry", "pdm": "pdm"}
NODE_MANAGERS = ("pnpm", "bun")
"""Those that do not come with Node, nor with the machines and images that have it. npm has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """What a CI job does: install `packages` with pip and `managers` with npm, run the tasks, which need `languages`."""

    tasks: tuple[str, ...]
    languages: tuple[str, ...]
    packages: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()


def programs_of(commands: tuple[str, ...]) -> tuple[str, ...]:
    """The Python programs and runners that such commands call by name, to install."""
    return tuple(name for name in _called(commands) if name in PROGRAMS or name in RUNNERS)


def managers_of(commands: tuple[str, ...]) -> tuple[str, ...]:
    """The package managers that such commands call by name, and a machine with Node does not have."""
    return tuple(name for name in _called(commands) if name in NODE_MANAGERS)


def _called(commands: tuple[str, ...]) -> Iterator[str]:
    yield from dict.fromkeys(command.split(" ", 1)[0] for command in commands)


def render_github(pipeline: Pipeline) -> str:
    """A workflow of GitHub Actions."""
    steps = "".join(_github_steps(pipeline))
    return f"""\
# Runs tasks of the Taskfile, side by side if that is safe. For one at a time, set USE_PARALLEL to 'false'.
name: paratask
on:
  push:
  pull_request:
jobs:
  {_job_name(pipeline)}:
    runs-on: ubuntu-latest
    env:
      USE_PARALLEL: 'true'
    steps:
      - uses: actions/checkout@v4
{steps}"""


def _job_name(pipeline: Pipeline) -> str:
    return "".join(char if char.isalnum() else "-" for char in pipeline.tasks[-1]).strip("-") or "tasks"


def _github_steps(pipeline: Pipeline) -> Iterator[str]:
    for language in dict.fromkeys(("python", *pipeline.languages)):
        if language in ACTIONS:
            action, values = ACTIONS[language]
            yield f"      - uses: {action}\n        with: {{{values}}}\n"
    for line in (*_managers(pipeline), _install(pipeline)):
        yield f"      - run: {line}\n"
    for task in pipeline.tasks:
        yield f"      - run: paratask {task}\n"
    yield (
        "      - if: failure()\n        uses: actions/upload-artifact@v4\n"
        "        with: {name: logs, path: .paratask/runs, include-hidden-files: true}\n"
    )


def render_gitlab(pipeline: Pipeline) -> str:
    """A job of GitLab CI."""
    image = IMAGES.get(pipeline.languages[0], "python:3") if len(pipeline.languages) == 1 else "python:3"
    missing = [language for language in pipeline.languages if image != IMAGES.get(language)]
    note = f"  # This image does not have {', '.join(missing)}: name one that has.\n" if missing else ""
    ready = "" if image == "python:3" else "    - apt-get update -q && apt-get install -qy python3-pip\n"
    option = "" if image == "python:3" else " --break-system-packages"
    runs = "".join(f"    - {line}\n" for line in (*_managers(pipeline), *(f"paratask {task}" for task in pipeline.tasks)))
    return f"""\
# Runs tasks of the Taskfile, side by side if that is safe. For one at a time, set USE_PARALLEL to 'false'.
{_job_name(pipeline)}:
{note}  image: {image}
  variables:
    USE_PARALLEL: 'true'
  script:
{ready}    - {_install(pipeline)}{option}
{runs}  artifacts:
    when: on_failure
    paths: [.paratask/runs]
"""


def _managers(pipeline: Pipeline) -> Iterator[str]:
    if pipeline.managers:
        yield f"npm install --global {' '.join(pipeline.managers)}"


def _install(pipeline: Pipeline) -> str:
    return "python3 -m pip install --quiet " + " ".join(("paratask", *pipeline.packages))


def render_pre_commit(task: str) -> str:
    """A configuration of pre-commit (https://pre-commit.com) with one local hook."""
    return f"""\
# After `pre-commit install`, each commit runs this task. `paratask` has to be on PATH.
repos:
  - repo: local
    hooks:
      - id: paratask
        name: paratask {task}
        entry: paratask {task}
        language: system
        pass_filenames: false
        require_serial: true
"""
