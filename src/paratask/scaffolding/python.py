"""What can be done in a Python workspace, by its tools' own settings: ruff or flake8, mypy or pyright, pytest or unittest."""

from __future__ import annotations

import posixpath

from paratask.languages.toml_files import read_toml, table, texts
from paratask.languages.workspaces import members
from paratask.scaffolding.recipe import Recipe, first_above, folders_up

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.plugins.hookspecs import Place

RUNNERS = (
    ("uv.lock", "uv run ", "uv sync"),
    ("poetry.lock", "poetry run ", "poetry install"),
    ("pdm.lock", "pdm run ", "pdm install"),
)
"""A lock file, what tools are started with where it is, and what installs what it locks."""
MANIFESTS = (
    "pyproject.toml",
    "requirements.txt",
    "requirements-dev.txt",
    "dev-requirements.txt",
    "setup.cfg",
    "setup.py",
    "tox.ini",
)


def python_commands(folder: str, place: Place) -> Recipe:
    """Only tools that are set up, or named by a manifest."""
    project = read_toml(posixpath.join(folder, "pyproject.toml"), place) or {}
    runner, setup = _runner(folder, place)
    text = "\n".join(place.read_text(posixpath.join(folder, name)) or "" for name in MANIFESTS).lower()
    commands = {}
    setup = setup or ("" if runner else _pip(folder, project, place))
    if setup:
        commands["setup"] = setup
    for verb, command in {**_style(folder, text, place), **_types(folder, text, place), **_tests(folder, text, place)}.items():
        commands[verb] = runner + command
    if table(project, "build-system") and table(project, "project"):
        commands["build"] = (
            "uv build" if runner.startswith("uv") else "python3 -m pip wheel --quiet --no-deps --wheel-dir dist ."
        )
    elif table(project, "tool", "poetry") and runner:
        commands["build"] = "poetry build"
    only_settings = bool(project) and not table(project, "project") and not table(project, "tool", "poetry")
    is_umbrella = only_settings or bool(table(project, "tool", "uv", "workspace"))
    return Recipe(commands=commands, is_umbrella=is_umbrella)


def _runner(folder: str, place: Place) -> tuple[str, str]:
    for above in folders_up(folder, place):
        for lock, runner, setup in RUNNERS:
            if place.exists(posixpath.join(above, lock)):
                is_own = above == folder or folder in _excluded(above, place)
                return runner, setup if is_own else ""
    return "", ""


def _excluded(root: str, place: Place) -> tuple[str, ...]:
    """What a uv workspace takes away from its members: projects of their own."""
    workspace = table(read_toml(posixpath.join(root, "pyproject.toml"), place), "tool", "uv", "workspace")
    return members(root, texts(workspace.get("exclude")), place) or ()


def _pip(folder: str, project: object, place: Place) -> str:
    if place.exists(posixpath.join(folder, "requirements.txt")):
        return "python3 -m pip install --quiet -r requirements.txt"
    if table(project, "build-system") or place.exists(posixpath.join(folder, "setup.py")):
        return "python3 -m pip install --quiet -e ."
    return ""


def _has(folder: str, tool: str, files: tuple[str, ...], place: Place) -> bool:
    """Whether the tool is set up here or above: by a file of its own, or in pyproject.toml."""
    if first_above(folder, files, place) is not None:
        return True
    projects = (read_toml(posixpath.join(above, "pyproject.toml"), place) for above in folders_up(folder, place))
    return any(tool in table(project, "tool") for project in projects)


def _style(folder: str, text: str, place: Place) -> dict[str, str]:
    if _has(folder, "ruff", ("ruff.toml", ".ruff.toml"), place) or "ruff" in text:
        return {"format": "ruff format .", "lint": "ruff check ."}
    found = {"format": "black ."} if _has(folder, "black", (), place) else {}
    if _has(folder, "flake8", (".flake8",), place) or "[flake8]" in text:
        found["lint"] = "flake8 ."
    return found


def _types(folder: str, text: str, place: Place) -> dict[str, str]:
    if _has(folder, "mypy", ("mypy.ini", ".mypy.ini"), place) or "[mypy]" in text:
        own = read_toml(posixpath.join(folder, "pyproject.toml"), place)
        return {"typecheck": "mypy" if "files" in table(own, "tool", "mypy") else "mypy ."}
    return {"typecheck": "pyright"} if _has(folder, "pyright", ("pyrightconfig.json",), place) else {}


def _tests(folder: str, text: str, place: Place) -> dict[str, str]:
    named = [posixpath.join(folder, name) for name in ("pytest.ini", "conftest.py", "tests/conftest.py")]
    if "pytest" in text or any(map(place.exists, named)):
        return {"test": "pytest"}
    for tests in ("tests", "test"):
        if any(name.startswith("test") and name.endswith(".py") for name in place.listdir(posixpath.join(folder, tests))):
            return {"test": f"python3 -m unittest discover -s {tests}"}
    return {}
