"""Where a Python project's environment lies, what runs in it, and what a `pyproject.toml` says of that.

Reads manifests through `Place` with a TOML parser. Which environment is activated is known where the text or the task says so: for
other programs started plainly the nearest `.venv` or `venv` folder is taken to be that, and a shared resource stands for all others.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access
from paratask.languages.inferred import claim, write_below
from paratask.languages.options import Role, resolve_path
from paratask.languages.remembered import remembered
from paratask.languages.toml_files import read_toml, table, texts
from paratask.languages.workspaces import folders_above, members, relative

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

ACTIVE = "python-environment"
"""The resource that stands for the environment activated in the shell: shared by what runs there, exclusive when it is filled."""
ACTIVATED = "VIRTUAL_ENV"
"""The variable that names the activated environment."""
_ENVIRONMENTS = (".venv", "venv")
_FOLLOWING = ("poetry", "pdm", "pipenv")
_PURE_BACKENDS = ("hatchling", "flit", "poetry.core", "uv_build", "pdm.backend")
_CHOSEN = (".venv", ".pdm-python", "__pypackages__")
"""What tells pdm which interpreter a project has; where there is none, it makes an environment before it resolves or exports versions."""


def read_manifest(folder: str, place: Place) -> Mapping[str, object]:
    """The `pyproject.toml` of `folder`; empty where there is none or it cannot be parsed."""
    return read_toml(posixpath.join(folder, "pyproject.toml"), place) or {}


def project_of(call: Call) -> str | None:
    """The folder whose environment a call of a manager uses; for uv the root of a workspace, for pipenv where the Pipfile is. None where it is not
    known.
    """
    start = call.cwd
    for option in call.parsed.all(Role.PROJECT):
        folder = resolve_path(option.value, call.cwd)
        if folder is None:
            return None
        start = folder
    place = call.place
    if call.program == "pipenv":
        return place.workspace(start, ("Pipfile",)) or start
    project = place.workspace(start, ("pyproject.toml",)) or place.workspace(start, (".venv",)) or start
    return next((above for above in folders_above(project, place) if project in uv_members(above, place)), project)


@remembered(4_096)
def uv_members(root: str, place: Place) -> tuple[str, ...]:
    """The members of the uv workspace that `root` declares; none where it declares none. A place does not change."""
    workspace = table(read_manifest(root, place), "tool", "uv", "workspace")
    globs = [*texts(workspace.get("members")), *("!" + text for text in texts(workspace.get("exclude")))]
    return (members(root, globs, place) or ()) if globs else ()


def environment_name(manager: str, project: str, place: Place) -> str:
    """The resource that stands for a project's environment: "uv-environment:packages/api"."""
    return f"{manager}-environment:{relative(project, place.root)}"


def environment_filled(manager: str, project: str, place: Place) -> tuple[Claim, ...]:
    """Changing a project's environment."""
    reason = f"changes the environment of `{relative(project, place.root)}`"
    return (
        write_below(posixpath.join(project, ".venv"), place, reason),
        claim(Access.EXCLUSIVE, environment_name(manager, project, place), reason),
    )


def interpreter_chosen(project: str, place: Place) -> tuple[Claim, ...]:
    """pdm makes an environment, and remembers it, where it needs an interpreter and the project has none yet."""
    if any(place.exists(posixpath.join(project, name)) for name in _CHOSEN):
        return ()
    remembered = claim(Access.WRITE, place.pattern(project, "/.pdm-python"), "pdm remembers which interpreter it chose")
    return (*environment_filled("pdm", project, place), remembered)


def moved(entries: tuple[Claim, ...], manager: str, project: str, call: Call) -> tuple[Claim, ...]:
    """Claims of a program as they are when `call` starts it in a project's environment rather than the active one, if it does."""
    found: list[Claim] = []
    stays = takes_the_active(call, manager)
    for entry in entries:
        if entry.pattern != ACTIVE or stays:
            found.append(entry)
        if entry.pattern == ACTIVE and entry.access is Access.EXCLUSIVE:
            found.extend(environment_filled(manager, project, call.place))
    return tuple(found)


def takes_the_active(call: Call, manager: str) -> bool:
    """Whether a manager finds an activated environment, which it takes in place of the project's own.

    Poetry's documentation, "Managing environments"; PDM's, "Working with virtual environments"; Pipenv's, "Virtual environments".
    """
    environment = call.invocation.environment
    if ACTIVATED in environment:
        return manager != "uv" and bool(environment[ACTIVATED])
    return manager in _FOLLOWING and call.place.is_entered


def environment_in_use(call: Call) -> str | None:
    """The environment that a program started plainly runs in: the one that is activated, else the nearest."""
    activated = call.invocation.environment.get(ACTIVATED)
    path = resolve_path(activated, call.cwd) if activated else None
    return path or active_environment(call.cwd, call.place)


def active_environment(folder: str, place: Place) -> str | None:
    """The nearest environment folder at or above `folder`, within the root."""
    return next(filter(None, (_environment_in(above, place) for above in folders_above(folder, place))), None)


@remembered(8_192)
def _environment_in(folder: str, place: Place) -> str | None:
    return next((path for name in _ENVIRONMENTS if place.exists(path := posixpath.join(folder, name))), None)


def built_in_place(folder: str, place: Place) -> bool:
    """Whether installing the project in `folder` for development writes into it: setuptools and builders of extensions do."""
    build = table(read_manifest(folder, place), "build-system")
    backend = build.get("build-backend", "setuptools" if build else "")
    legacy = not build and place.exists(posixpath.join(folder, "setup.py"))
    return legacy or bool(backend and not str(backend).startswith(_PURE_BACKENDS))


def defined_script(call: Call, name: str) -> str | None:
    """The shell text that the project's manifest defines under `name` for the manager, "" where it is not a plain text."""
    manager = call.key.split()[0]
    manifest = read_manifest(call.place.workspace(call.cwd, ("pyproject.toml",)) or call.cwd, call.place)
    tables = [table(manifest, "tool", manager, "scripts")]
    environment, _, short = name.rpartition(":")
    tables.extend(
        table(settings, "scripts")
        for key, settings in table(manifest, "tool", "hatch", "envs").items()
        if manager == "hatch" and key == (environment or "default")
    )
    for scripts in tables:
        for wanted in (name, short):
            if wanted in scripts:
                text = scripts[wanted]
                return text if isinstance(text, str) and "{" not in text else ""
    return None
