"""The plugin for Python: recognises its tools, its managers of environments, and Python itself. See docs/plugins.md.

What is recognised is in the tables (`TOOLS`); here is what goes beyond one entry: starting other programs, and filling
environments. Does not know what a script, a module of the project or `python -c` does, and says so by recognising none of them.
"""

from __future__ import annotations

import posixpath
import shlex

from paratask.claims.model import Access, Claims, Effect, Evidence, union
from paratask.frozen import replace
from paratask.languages.inferred import claim, read_below, unique, write_below
from paratask.languages.opened_by_tests import opened_by_tests
from paratask.languages.options import Parsed, Role, parse, resolve_path, roles
from paratask.languages.python.builders import BUILDERS, DOCUMENTATION, REPOSITORY, SERVERS
from paratask.languages.python.configured import as_settings_say, configured_claims
from paratask.languages.python.crates import COMPILING, crate_claims
from paratask.languages.python.dependencies import dependencies_of, lists_followed, python_dependency_claims, surroundings
from paratask.languages.python.django import DJANGO, MANAGE
from paratask.languages.python.documents import DOCUMENTS
from paratask.languages.python.managers import MANAGERS, MODULES, PYTHON
from paratask.languages.python.pip_tools import COMPILING_LISTS, PIP_TOOLS, compiled_lists
from paratask.languages.python.projects import (
    ACTIVATED,
    ACTIVE,
    built_in_place,
    defined_script,
    environment_filled,
    environment_in_use,
    environment_name,
    interpreter_chosen,
    moved,
    project_of,
    takes_the_active,
    uv_members,
)
from paratask.languages.python.requirements import INCLUDING
from paratask.languages.python.running import environment_used
from paratask.languages.python.smaller import SMALLER
from paratask.languages.python.testing import TESTS
from paratask.languages.python.tools import CHECKS
from paratask.languages.python.type_checkers import TYPE_CHECKERS
from paratask.languages.python.uv import UV
from paratask.languages.settings_above import ANY_SETTINGS
from paratask.languages.tool_calls import Language, program_name, resolve_call
from paratask.languages.tool_claims import in_own_folder, of_environment, of_options, of_resources, recognise_call
from paratask.languages.tool_table import Mode, Operands
from paratask.plugins.hookspecs import Delegation, Invocation, Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.languages.tool_table import Tool
    from paratask.plugins.hookspecs import Place

MANIFESTS = ("pyproject.toml", "setup.py", "setup.cfg", "requirements.txt")
TOOLS: Mapping[str, Tool] = {
    **TESTS, **CHECKS, **SMALLER, **TYPE_CHECKERS, **DOCUMENTS, **BUILDERS, **DOCUMENTATION, **SERVERS, **REPOSITORY, **UV, **MANAGERS, **PYTHON,
    **DJANGO, **PIP_TOOLS,
}  # fmt: skip
"""Every program and subcommand that is recognised; documentation is generated from it."""
_KEPT = (f"/**/{{*.{{py,pyi,pyw,pyx,pxd,ipynb,so,pyd,md,lock}},{ANY_SETTINGS}}}", "/.venv/**")
"""What no test writes of a project: its modules, what tells of them, settings, and the environment, but for bytecode there."""
_LANGUAGE = Language(
    name="python", tools=TOOLS, manifests=MANIFESTS, settings="*.{toml,cfg,ini}", surroundings=surroundings, kept_by_tests=_KEPT
)
_SCRIPTS = {"setup.py": "python setup.py", "manage.py": MANAGE, "./manage.py": MANAGE}
_PYTESTS = ("pytest", "py.test")
_LOCKING = ("uv export", "uv tree")
"""What looks at the versions that are locked, and locks them first where they are not up to date."""
_KEEPING_LOCKS = ("--check", "--locked", "--frozen", "--dry-run")
"""Options with which what resolves versions looks at the lock file and never writes it."""
_EXPORTING = "pdm export"
_SYNCING = ("uv pip sync", "pip-sync")
"""What is given lists to install, without an option before them."""
_SYNCED = "`hatch run` brings it up to date, and lets others do so at the same time"
_PACKAGE_MARKS = ("git+", "http://", "https://", "hg+", "svn+", "bzr+")


def manifests() -> Sequence[str]:
    """Files that make a folder a Python workspace."""
    return MANIFESTS


def recognise(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """See the hook's specification."""
    if invocation.words[:1] == ("./manage.py",):
        invocation = replace(invocation, words=("python", *invocation.words))
    name = program_name(invocation.words[0]) if invocation.words else None
    if name is None:
        return None
    key = "python" if _is_python(name) else "pip" if name in ("pip3", "pip2") else name
    if key not in TOOLS or " " in key:
        return None
    call = resolve_call(key, invocation.words[1:], invocation, _LANGUAGE, place)
    return None if call is None else _recognise(call)


def _is_python(name: str) -> bool:
    version = name.removeprefix("python")
    return (name.startswith("python") and version.replace(".", "").isdigit()) or name == "python"


def _recognise(call: Call) -> Recognition | Delegation | None:
    if call.key in _PYTESTS and "PYTEST_ADDOPTS" in call.invocation.environment:
        added = _with_added_options(call)
        if added is None:
            return None
        call = added
    if call.parsed.all(Role.INFORMS):
        return recognise_call(call)
    match call.tool.mode:
        case Mode.RUN:
            return _run(call)
        case Mode.MODULE:
            return _module(call)
        case Mode.INSTALL:
            return _install(call)
        case Mode.SCRIPT:
            from paratask.languages.python.tox import tox_claims

            return tox_claims(call)
    own = recognise_call(as_settings_say(call))
    return None if own is None else _with_more(call, own)


def _with_more(call: Call, own: Recognition) -> Recognition | Delegation | None:
    """What a call claims beyond its entry: by settings, by locking versions, by compiling crates, by other members that it works on."""
    if call.key in COMPILING:
        return _on_top(own, crate_claims(call.workspace, call.place), own.reason)
    if call.key in _LOCKING:
        project = project_of(call)
        return None if project is None else _on_top(own, _locked(call, project), own.reason)
    if call.key == _EXPORTING:
        project = project_of(call)
        return None if project is None else _on_top(own, interpreter_chosen(project, call.place), own.reason)
    if call.key == COMPILING_LISTS:
        return _on_top(own, tuple(compiled_lists(call)), own.reason)
    if call.key == "sphinx-build":
        from paratask.languages.python.sphinx import sphinx_claims

        return _on_top(own, tuple(sphinx_claims(call)), own.reason)
    opened = opened_by_tests(call, (".py",)) if call.tool.tests else ()
    if configured := (*configured_claims(call), *opened):
        return _on_top(own, configured, own.reason)
    return _with_members(call, own) if call.parsed.all(Role.MEMBERS, Role.ALL_MEMBERS) else own


def _with_added_options(call: Call) -> Call | None:
    """The call with the words of `PYTEST_ADDOPTS`, which come before its own; None where they are not understood."""
    given = call.invocation.environment["PYTEST_ADDOPTS"]
    try:
        words = None if given is None else shlex.split(given)
    except ValueError:
        return None
    parsed = None if words is None else parse(words, roles(call.tool.options))
    if parsed is None:
        return None
    merged = Parsed(
        options=(*parsed.options, *call.parsed.options),
        operands=(*parsed.operands, *call.parsed.operands),
        rest=call.parsed.rest,
    )
    return replace(call, parsed=merged)


def _module(call: Call) -> Recognition | Delegation | None:
    """`python -m X` and `coverage run -m X` as X; `python setup.py X` and `python manage.py X`. Files and other modules are not known."""
    head = call.parsed.rest[0] if call.parsed.rest else None
    as_module = call.parsed.named("-m", "--module")
    key = (MODULES if as_module else _SCRIPTS).get(head or "")
    if key is None:
        return None
    inner = resolve_call(key, call.parsed.rest[1:], call.invocation, _LANGUAGE, call.place)
    found = None if inner is None or (key == MANAGE and not _is_understood(inner)) else _recognise(inner)
    if found is None or call.key == "python":
        return found
    own = of_options(call)
    return None if own is None else _on_top(found, (*own, *configured_claims(call)), f"`{call.key}` of {found.reason}")


def _is_understood(call: Call) -> bool:
    from paratask.languages.python.django_projects import is_understood

    return is_understood(call)


def _on_top(found: Recognition | Delegation, own: tuple[Claim, ...], reason: str) -> Recognition | Delegation:
    """`found` with claims added."""
    if isinstance(found, Recognition):
        return replace(found, claims=unique((*found.claims, *own)), reason=reason)
    extra = Claims(entries=own, evidence=Evidence.INFERRED)
    return Delegation(claims=union([found.claims, extra]), reason=reason, cpu=found.cpu)


def _with_members(call: Call, own: Recognition) -> Recognition | None:
    """A build of other members of a uv workspace, which puts its results at the workspace's root."""
    project = project_of(call)
    if project is None:
        return None
    extra = write_below(project, call.place, f"`{call.key}` works on members of the workspace")
    return Recognition(claims=unique((*own.claims, extra)), effect=own.effect, reason=own.reason, cpu=own.cpu)


def _run(call: Call) -> Recognition | Delegation | None:
    """A program that another starts (`uv run X`, `uvx X`): what X claims, with the environment it runs in."""
    words = _started(call)
    if words is None:
        return None
    invocation = Invocation(words=words, cwd=call.cwd, environment=call.invocation.environment)
    inner = _scripted(call, words) or call.place.invocation_claims(invocation)
    own = _around(call)
    project = project_of(call)
    if inner.evidence is Evidence.NONE or own is None or project is None:
        return None
    manager = call.tool.environment or call.key.split()[0]
    if not call.tool.environment:
        entries = tuple(entry for entry in inner.entries if entry.pattern != ACTIVE)
    else:
        synced = _synced(call, words)
        entries = (
            *moved(inner.entries, manager, project, call),
            *environment_used(call, manager, project),
            *(
                (claim(Access.EXCLUSIVE, f"{environment_name(manager, project, call.place)}:{synced}", _SYNCED),)
                if synced
                else ()
            ),
        )
    claims = Claims(
        entries=unique((*entries, *own)),
        evidence=min(inner.evidence, Evidence.INFERRED),
        effect=inner.effect,
        effect_reason=inner.effect_reason,
    )
    known = recognise(invocation, call.place)
    return Delegation(claims=claims, reason=f"`{call.key}` starts `{words[0]}`", cpu=known.cpu if known else 1.0)


def _synced(call: Call, words: tuple[Word, ...]) -> str:
    """The environment that hatch makes, or brings up to date, before it runs something there; two calls would do so at the same time."""
    if call.key != "hatch run":
        return ""
    given = [option.value or "*" for option in call.parsed.named("-e", "--env")]
    named, colon, _ = (words[0] or "").partition(":")
    return named.lstrip("+") if colon else (given or ["default"])[-1]


def _started(call: Call) -> tuple[Word, ...] | None:
    """The words of the program that the call starts; None where there is none or its name is not known."""
    words = call.parsed.rest
    head = words[0] if words else None
    if not head:
        return None
    if call.parsed.named("-m", "--module"):
        return ("python", "-m", *words)
    return words if call.tool.environment else (head.partition("@")[0], *words[1:])


def _scripted(call: Call, words: tuple[Word, ...]) -> Claims | None:
    """The claims of a script that the manifest defines for the manager; None where it defines none of that name."""
    head = words[0]
    text = defined_script(call, head) if head and call.tool.environment not in ("", "uv", "poetry") else None
    if text is None:
        return None
    known = [word for word in words[1:] if word is not None]
    if not text or len(known) < len(words) - 1:
        return Claims(evidence=Evidence.NONE)
    return call.place.command_claims(" ".join([text, *map(shlex.quote, known)]), call.cwd)


def _around(call: Call) -> tuple[Claim, ...] | None:
    """What the starting program itself claims."""
    parts = (
        of_options(call),
        of_environment(call.invocation.environment, call.cwd, call.place, call.reader),
        of_resources(call),
    )
    if any(part is None for part in parts):
        return None
    return tuple(entry for part in parts for entry in part or ())


def _install(call: Call) -> Recognition | None:
    """Filling an environment: the environment itself, lock files and manifests, and projects built in place."""
    project = project_of(call)
    around = _around(call)
    packages = _packages(call)
    unknown = call.invocation.environment.get(ACTIVATED, "") is None and call.tool.environment == "python"
    if project is None or around is None or packages is None or unknown:
        return None
    place, reason = call.place, f"`{call.key}`: {call.tool.summary}"
    keeps = not call.tool.environment and bool(call.parsed.named(*_KEEPING_LOCKS))
    files = tuple(
        claim(
            Access.READ if keeps and name != "pyproject.toml" else Access.WRITE,
            place.pattern(posixpath.join(folder, name)),
            reason,
        )
        for name in call.tool.writes.split()
        for folder in (_changed_projects(call, project) if name == "pyproject.toml" else (project,))
    )
    left = in_own_folder(call) if call.tool.writes else ()
    return Recognition(
        claims=unique((*_environment(call, project), *files, *_manifests_read(call, project), *packages, *around, *left)),
        effect=Effect.LOCAL,
        reason=reason,
    )


def _changed_projects(call: Call, project: str) -> tuple[str, ...]:
    """The folders whose manifest changes: the nearest, or any of a workspace where the call says which by name."""
    if call.parsed.all(Role.MEMBERS, Role.ALL_MEMBERS):
        return (project, *uv_members(project, call.place))
    return (call.place.workspace(call.cwd, ("pyproject.toml",)) or project,)


def _environment(call: Call, project: str) -> tuple[Claim, ...]:
    """The environment that is filled."""
    manager, place = call.tool.environment, call.place
    if call.key == "pdm lock" and not call.parsed.named(*_KEEPING_LOCKS):
        return interpreter_chosen(project, place)
    if not manager or call.parsed.named("-t", "--target", "--root", "--prefix"):
        return ()
    follows = takes_the_active(call, manager)
    own = () if manager == "python" else environment_filled(manager, project, place)
    if own and not follows:
        return own
    path = environment_in_use(call) or posixpath.join(call.workspace, ".venv")
    reason = f"`{call.key}` changes the active environment"
    return (*own, write_below(path, place, reason), claim(Access.EXCLUSIVE, ACTIVE, reason))


def _manifests_read(call: Call, project: str) -> tuple[Claim, ...]:
    """The manifests that decide what is installed, and the projects that are built on the way, in place or not."""
    place, reason = call.place, f"`{call.key}` reads what is to be installed"
    if call.tool.environment == "python":
        named = call.parsed.all(Role.READS, Role.PACKAGE)
        return python_dependency_claims(call.key, call.workspace, place) if named else ()
    folders = (project, *(folder for folder in uv_members(project, place) if folder != project))
    read = tuple(claim(Access.READ, place.pattern(folder, "/*.toml"), reason) for folder in folders)
    others = tuple(entry for folder in folders for entry in python_dependency_claims(call.key, folder, place))
    if not call.tool.environment:
        return (*read, *others)
    within = [each for folder in folders for each in dependencies_of(folder, place).packages]
    built = [folder for folder in dict.fromkeys((*folders, *within)) if built_in_place(folder, place)]
    in_place = (write_below(folder, place, f"`{call.key}` builds it in place") for folder in built)
    return (*read, *others, *in_place, *(entry for folder in built for entry in crate_claims(folder, place)))


def _locked(call: Call, project: str) -> tuple[Claim, ...]:
    """The file of versions, which is at the root of a uv workspace, and the manifests that it is made of."""
    access = Access.READ if call.parsed.named("--frozen", "--locked") else Access.WRITE
    lock = claim(access, call.place.pattern(project, "/uv.lock"), f"`{call.key}` brings it up to date")
    return (lock, *_manifests_read(call, project))


def _packages(call: Call) -> tuple[Claim, ...] | None:
    """Packages given as paths: built where they are. None where one cannot be known."""
    words = [option.value for option in call.parsed.all(Role.PACKAGE)]
    if call.tool.operands is Operands.PACKAGES:
        words.extend(call.parsed.operands)
    elif call.tool.operands is Operands.NONE and call.parsed.operands:
        return None
    found: list[Claim] = []
    for word in words:
        if word is None:
            return None
        name = word.partition("[")[0]
        if name.startswith(_PACKAGE_MARKS) or " @ " in name or not (name.startswith(".") or "/" in name):
            continue
        path = resolve_path(name, call.cwd)
        if path is None:
            return None
        found.append(write_below(path, call.place, f"`{call.key}` builds it in place"))
        found.extend(crate_claims(path, call.place))
    return (*found, *_listed(call))


def _listed(call: Call) -> Iterator[Claim]:
    """What the lists name that `-r` gives: further lists and archives, which are read, and projects, which are built in place."""
    words = [option.value for option in call.parsed.named(*INCLUDING)]
    words.extend(call.parsed.operands if call.key in _SYNCING else ())
    given = [path for word in words if (path := resolve_path(word, call.cwd))]
    if call.key in _SYNCING:
        yield from (read_below(path, call.place, f"`{call.key}` installs what it lists") for path in given)
    for folder, asked in lists_followed(given, call.place):
        for path in (resolve_path(word, folder) for word in asked.paths):
            if path is None:
                yield read_below(call.place.root, call.place, f"`{call.key}` follows a list that only the run tells")
            else:
                builds = any(call.place.exists(posixpath.join(path, name)) for name in ("pyproject.toml", "setup.py"))
                yield (write_below if builds else read_below)(path, call.place, f"a list of `{call.key}` names it")
