"""What calls of cargo claim, by kind: compiling, testing, formatting, resolving versions, installing. See "Claims" in docs/design.md.

Compiling reads the sources of the packages and of those they depend on by path, and writes the target folder, the lock file, and
(where a package has a build script, which may do anything) that package's folder. cargo lets one build at a time into a target
folder, so two that share one are kept apart here. What tests and build scripts touch beyond their packages is not known.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Claim
from paratask.languages.inferred import claim, read_below, write_below
from paratask.languages.name_patterns import all_but
from paratask.languages.options import Role, is_within
from paratask.languages.rust.packages import package_at, run_at_compile_time
from paratask.languages.rust.sources import named_beyond, paths_beyond
from paratask.languages.settings_above import settings_above
from paratask.languages.workspaces import folders_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.languages.rust.packages import Selection
    from paratask.languages.tool_calls import Call

_LOCK = "Cargo.lock"
_HIDDEN = "/.{cargo,config,env*,sqlx,rustfmt.toml,clippy.toml}/**"
_FORMAT = "/{,.}rustfmt.toml"
_ONLY_COMPILING = frozenset(
    {
        *(f"cargo {name}" for name in ("build", "check", "clippy", "doc", "rustc", "rustdoc", "zigbuild", "udeps", "expand")),
        *(f"cross {name}" for name in ("build", "check", "clippy", "doc")),
        *("napi build", "wasm-pack build", "trunk build"),
    }
)
"""Commands that run no code but that of build scripts and macros."""


def surroundings(call: Call) -> tuple[Claim, ...]:
    """What every tool uses: the installed toolchain and programs, and the registry's files, which cargo locks itself."""
    reason = f"`{call.key}` runs with it"
    return tuple(claim(Access.SHARED, name, reason) for name in ("rust-toolchain", "cargo-bin", "cargo-registry"))


def compiling(call: Call, selection: Selection) -> tuple[Claim, ...]:
    """Building the packages, whatever for."""
    written = (*targets(call, selection), *lock(call, selection), *_build_scripts(call, selection))
    return (*written, *reading(call, selection))


def reading(call: Call, selection: Selection) -> tuple[Claim, ...]:
    """The sources of the packages and of what they depend on, with the files elsewhere that these name."""
    place = call.place
    running = run_at_compile_time(selection, place) if call.key in _ONLY_COMPILING else None
    beyond = paths_beyond(selection.reached, place, running=running)
    if beyond is None:
        return (*looking(call, selection), read_below(place.root, place, "too many sources to look at which files they name"))
    return (*looking(call, selection), *(read_below(path, place, "sources name it") for path in beyond))


def looking(call: Call, selection: Selection) -> tuple[Claim, ...]:
    """The packages and what they depend on, for what neither compiles them nor runs anything of theirs: what sources name is nothing to it."""
    place = call.place
    reason = f"`{call.key}` reads this package"
    sources = [entry for folder in selection.reached for entry in _sources(folder, call, selection, reason)]
    elsewhere = (read_below(path, place, "a manifest names it") for path in _elsewhere(call, selection))
    around = _every_package_below(call) if call.key == "cargo machete" else ()
    return (*sources, *manifests_read(call, selection), *elsewhere, *around)


def _every_package_below(call: Call) -> Iterator[Claim]:
    reason = f"`{call.key}` looks at every package here"
    yield claim(Access.READ, call.place.pattern(call.cwd, "/**/{Cargo.toml,*.rs}"), reason)
    if call.parsed.all(Role.EDITS):
        yield claim(Access.WRITE, call.place.pattern(call.cwd, "/**/Cargo.toml"), reason)


def manifests_read(call: Call, selection: Selection) -> tuple[Claim, ...]:
    """The manifests of the whole workspace and those above, which may make it part of theirs, and the configuration in it."""
    place, reason = call.place, f"`{call.key}` reads the workspace's manifests"
    members = selection.workspace.members if selection.workspace else ()
    above = folders_above(posixpath.dirname(selection.root), place) if is_within(selection.root, place.root) else ()
    folders = dict.fromkeys(
        (selection.root, *members, *selection.reached, *(folder for folder in above if is_within(folder, place.root)))
    )
    read = [claim(Access.READ, place.pattern(folder, "/Cargo.toml"), reason) for folder in folders]
    return (*read, *settings_above("cargo", (selection.root, call.cwd), place))


def targets(call: Call, selection: Selection) -> tuple[Claim, ...]:
    """Where the results go."""
    reason = f"`{call.key}` compiles into it, and cargo lets one build at a time do so"
    return tuple(write_below(folder, call.place, reason) for folder in selection.targets)


def compiler_facts(call: Call, selection: Selection) -> tuple[Claim, ...]:
    """What cargo keeps of what the compiler says of itself."""
    paths = (posixpath.join(folder, ".rustc_info.json") for folder in selection.targets)
    return tuple(
        claim(Access.WRITE, call.place.pattern(path), f"`{call.key}` asks the compiler about itself") for path in paths
    )


def lock(call: Call, selection: Selection) -> tuple[Claim, ...]:
    """The lock file, which most commands write when a manifest has changed."""
    locked = call.parsed.named("--locked", "--frozen")
    reason = f"`{call.key}` {'keeps to it' if locked else 'may bring it up to date'}"
    path = posixpath.join(selection.root, _LOCK)
    return (claim(Access.READ if locked else Access.WRITE, call.place.pattern(path), reason),)


def writing_packages(call: Call, selection: Selection, does: str) -> tuple[Claim, ...]:
    """The folders of the packages that the call works on, whole."""
    return tuple(write_below(folder, call.place, f"`{call.key}` {does}") for folder in selection.packages)


def formatting(call: Call, selection: Selection, access: Access) -> tuple[Claim, ...]:
    """The sources of the packages alone, read or written; of every member at the root, with `--all` also of what these depend on."""
    whole = call.parsed.all(Role.ALL_MEMBERS) or (selection.nearest == selection.root and not call.parsed.all(Role.MEMBERS))
    members = selection.workspace.members if selection.workspace else selection.packages
    reached = selection.reached if call.parsed.all(Role.ALL_MEMBERS) else ()
    folders = dict.fromkeys((*members, *reached)) if whole else selection.packages
    reason = f"`{call.key}` {'formats' if access is Access.WRITE else 'checks the format of'} its sources"
    nested = (claim(Access.READ, call.place.pattern(folder, _FORMAT), f"settings of `{call.key}`") for folder in folders)
    return (
        *(entry for folder in folders for entry in _rust_files(folder, call, selection, access, reason)),
        *manifests_read(call, selection),
        *nested,
    )


def changed_files(call: Call, selection: Selection) -> tuple[Claim, ...]:
    """The files that the tool's entry says it writes: the lock at the workspace's root, manifests in the packages."""
    reason = f"`{call.key}`: {call.tool.summary}"
    return tuple(
        claim(Access.WRITE, call.place.pattern(posixpath.join(folder, name)), reason)
        for name in call.tool.writes.split()
        for folder in ((selection.root,) if name == _LOCK else dict.fromkeys((selection.root, *selection.packages)))
    )


def _sources(folder: str, call: Call, selection: Selection, reason: str) -> Iterator[Claim]:
    """All of a package but what cargo writes there, and hidden files that nothing of it reads."""
    suffixes = ("/**",) if _holds_no_results(folder, selection) else (_but_own(folder, selection), _HIDDEN)
    for suffix in suffixes:
        yield claim(Access.READ, call.place.pattern(folder, suffix), reason)


def _but_own(folder: str, selection: Selection) -> str:
    """All of a folder but what cargo writes there; of another workspace also not its lock, which only counts at its own root."""
    return f"/{_kept(folder, selection, *(() if folder == selection.root else (_LOCK,)))}/**"


def _rust_files(folder: str, call: Call, selection: Selection, access: Access, reason: str) -> Iterator[Claim]:
    whole = _holds_no_results(folder, selection)
    for suffix in ("/**/*.rs",) if whole else (f"/{_kept(folder, selection)}/**/*.rs", "/*.rs"):
        yield claim(access, call.place.pattern(folder, suffix), reason)


def _holds_no_results(folder: str, selection: Selection) -> bool:
    """Whether this is a member below its workspace's root, into which cargo writes nothing."""
    workspace = selection.workspace
    member = workspace is not None and folder in workspace.members and folder != workspace.root
    return member and not any(is_within(target, folder) for target in selection.targets)


def _kept(folder: str, selection: Selection, *others: str) -> str:
    """The names in a package's folder that are not cargo's own."""
    own = [posixpath.basename(target) for target in selection.targets if posixpath.dirname(target) == folder]
    return all_but({"target", *own, *others})


def _elsewhere(call: Call, selection: Selection) -> Iterator[str]:
    """Files of packages that manifests say lie in other folders."""
    for folder in selection.reached:
        package = package_at(folder, selection, call)
        yield from package.sources if package else ()


def _build_scripts(call: Call, selection: Selection) -> Iterator[Claim]:
    """What the build scripts of packages may write: their package, and what they name beyond it."""
    for folder in selection.reached:
        package = package_at(folder, selection, call)
        if package is None or not package.build_script:
            continue
        reason = f"`{call.key}` runs `{posixpath.basename(package.build_script)}` there"
        for path in (folder, *named_beyond(package.build_script, folder, call.place)):
            yield write_below(path, call.place, reason)
