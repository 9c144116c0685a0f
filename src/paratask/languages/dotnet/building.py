"""What the steps of a build claim: of the projects that a call names, and of those that these are made of.

Who builds a project builds those that it refers to as well, so that two builds which share one are kept apart: both write its `bin`
and `obj`. Tests write their project's folder. Packages are unpacked once for all projects, under locks, so that only who empties their
folder has it alone.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access
from paratask.frozen import replace
from paratask.languages.dotnet.packages import read_sources
from paratask.languages.inferred import claim, read_below, write_below
from paratask.languages.kept_caches import marked, passed_over
from paratask.languages.options import Role, is_within, resolve_path
from paratask.languages.workspaces import folders_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.claims.model import Claim
    from paratask.languages.dotnet.packages import Sources
    from paratask.languages.dotnet.projects import Project
    from paratask.languages.dotnet.solutions import Selection
    from paratask.languages.dotnet.steps import Steps
    from paratask.languages.tool_calls import Call

_AROUND = "/{Directory.*,[Nn]u[Gg]et.[Cc]onfig,global.json,.editorconfig,.globalconfig,*.{sln,slnx,slnf}}"
"""Files in the folders above a project that count for it."""
_KINDS_OF_OTHERS = (
    "**/*.{py,pyi,pyw,ipynb,rs,go,mod,sum,pgo,s,h,syso,swig,swigcxx,rb,rake,php,java,kt,kts,toml,cfg,ini,sh,bash,md}"
)
"""Files that nothing puts into `obj`, as no linter has a cache there, so that those who look for them everywhere need not wait."""


def building(call: Call, selection: Selection, steps: Steps) -> Iterator[Claim]:
    """All that the steps claim."""
    for project in selection.named:
        yield from _written(call, project, steps)
        yield from _made(call, project, steps)
    for project in selection.reached:
        yield from () if steps.alone else _written(call, project, steps)
    yield from reading(call, selection, steps)


def settling(call: Call, selection: Selection) -> Iterator[Claim]:
    """Restoring the packages of projects, or loading them, which leaves in `obj` what was found out."""
    for project in selection.all:
        yield from _between(call, project)
    yield from settings_read(call, selection)


def reading(call: Call, selection: Selection, steps: Steps) -> Iterator[Claim]:
    """The sources, where they are compiled, and the files that projects are put together from."""
    place, reason = call.place, f"`{call.key}` reads this project"
    for project in selection.all if steps.compiles else ():
        yield read_below(project.folder, place, reason)
        yield from (read_below(path, place, "a project names it") for path in project.reads)
        for path in (*project.between, *project.results):
            if not is_within(path, project.folder):
                yield read_below(path, place, "what was built lies there")
        if project.reads_anything:
            yield read_below(place.root, place, f"`{place.pattern(project.path)}` may name any file")
    yield from settings_read(call, selection)


def settings_read(call: Call, selection: Selection) -> Iterator[Claim]:
    """Solutions, projects, what they import, and the files in the folders above; feeds and folders of packages in the checkout."""
    place, reason = call.place, f"settings of `{call.key}`"
    for path in dict.fromkeys((*selection.files, *(path for project in selection.all for path in project.files))):
        yield claim(Access.READ, place.pattern(path), reason)
    folders = dict.fromkeys((*(project.folder for project in selection.all), call.cwd))
    above = dict.fromkeys(each for folder in folders for each in folders_above(folder, place))
    yield from (claim(Access.READ, place.pattern(folder, _AROUND), reason) for folder in above)
    for folder in folders:
        yield from _of_sources(call, read_sources(folder, _given(call), place))


def _given(call: Call) -> Iterator[str]:
    """The settings that the call names in place of those in its folders."""
    for option in call.parsed.named("--configfile"):
        path = resolve_path(option.value, call.cwd)
        if path is not None:
            yield path


def _of_sources(call: Call, sources: Sources) -> Iterator[Claim]:
    place = call.place
    yield from (read_below(path, place, "a source of packages") for path in sources.feeds)
    yield from (marked(path, place, "packages are unpacked there") for path in sources.stores)
    if not sources.known:
        yield read_below(place.root, place, "a source of packages may be any folder")


def _between(call: Call, project: Project) -> Iterator[Claim]:
    reason = f"`{call.key}` keeps there what it found out about this project"
    for path in project.between:
        whole = write_below(path, call.place, reason)
        others = ("/" if whole.pattern.startswith("/") else "") + _KINDS_OF_OTHERS
        yield replace(whole, excluding=(others, *passed_over(whole.pattern)))
    yield from (marked(path, call.place, "packages are unpacked there") for path in project.stores)
    locked = bool(call.parsed.named("--locked-mode"))
    made = (posixpath.join(project.folder, "packages.lock.json"),) if call.parsed.named("--use-lock-file") else ()
    for path in (*project.locks, *made):
        fixes = "fixes the versions of packages"
        yield claim(Access.READ if locked else Access.WRITE, call.place.pattern(path), fixes)


def _written(call: Call, project: Project, steps: Steps) -> Iterator[Claim]:
    """What is written of a project, whether it is named or another refers to it."""
    place = call.place
    if steps.restores or steps.builds or steps.cleans:
        yield from _between(call, project)
    if steps.builds or steps.cleans:
        reason = f"`{call.key}` {'builds' if steps.builds else 'cleans'} this project"
        yield from (write_below(path, place, reason) for path in (*project.results, *project.writes))
    if steps.builds and project.writes_folder:
        yield write_below(project.folder, place, "a package of this project may write beside its sources")
    if steps.builds and project.packs_when_built:
        yield from (write_below(path, place, f"`{call.key}` packs this project") for path in project.packed)


def _made(call: Call, project: Project, steps: Steps) -> Iterator[Claim]:
    """What is made of a project that the call names."""
    place = call.place
    if steps.packs or steps.publishes:
        reason = f"`{call.key}` puts its results there"
        own = (*project.between, *project.results, *(project.packed if steps.packs else ()))
        yield from (write_below(path, place, reason) for path in (*own, *(project.published if steps.publishes else ())))
    if steps.tests:
        reason = f"`{call.key}` runs tests, which work in this project"
        yield from (write_below(path, place, reason) for path in (project.folder, *project.tested))


def unclear(selection: Selection, steps: Steps) -> str:
    """Why the build may do anything; empty where it may not."""
    return next((said for project in selection.all for said in _unclear(project, steps) if said), "")


def _unclear(project: Project, steps: Steps) -> Iterator[str]:
    added = project.additions
    if steps.restores:
        yield added.anything_on_restore
    if steps.compiles or steps.cleans:
        yield added.anything
    packs = steps.packs or (steps.builds and project.packs_when_built)
    if packs:
        yield added.anything_when_packed
    if packs or steps.publishes:
        yield added.anything_when_published


def sends(selection: Selection, steps: Steps) -> str:
    """What takes the result of a call elsewhere; empty where it stays."""
    if steps.sends:
        return f"the target `{steps.sends}`"
    return next((project.deploys for project in selection.named if project.deploys and steps.publishes), "")


def target_of(call: Call) -> str | None:
    """The path of the project, solution or folder that a call is about; None where that is not known."""
    words = [*call.parsed.operands, *(option.value for option in call.parsed.all(Role.PROJECT))]
    if len(words) > 1:
        return None
    return resolve_path(words[0], call.cwd) if words else call.cwd
