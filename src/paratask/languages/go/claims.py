"""What calls around Go claim, by kind: compiling, testing, formatting, changing modules, generating. See "Claims" in docs/design.md.

The caches of builds and of modules may be shared, since go locks them itself; so may `go.work.sum`, to which a build may add.
What tests write beyond their module is not known, nor what they read there by a path that is put together when they run.
"""

from __future__ import annotations

import posixpath
import re

from paratask.claims.model import Access, Claims, Evidence, union
from paratask.claims.overlap import escape
from paratask.frozen import replace
from paratask.languages.go.sources import (
    SUFFIXES,
    built_in,
    directives,
    go_files,
    is_always_built,
    module_reads,
    named_by_tests,
)
from paratask.languages.go.workspaces import folder_above
from paratask.languages.inferred import claim, read_below, write_below
from paratask.languages.installed_programs import installing, program_of, starting, starting_any, starts_others
from paratask.languages.options import is_within, resolve_path
from paratask.languages.settings_above import any_settings
from paratask.languages.tool_table import outside_word
from paratask.languages.workspaces import folders_above
from paratask.plugins.hookspecs import Invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.go.packages import Folder, Selection
    from paratask.languages.go.sources import Directive
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Place

_MODULE_FILES = "/go.{mod,sum}"
_WORK_FILE = "/go.work"
"""Where there is none, one that a step makes would hold."""
_WORK_FILES = "/go.work*"
_BUT_MODULE_FILES = "/{[!g]*,g,g[!o]*,go,go[!.]*}/**"
"""All of a folder but what starts with `go.`."""
_LINTERS = "/**/{golangci-lint,gofumpt,goimports,staticcheck}*"
"""Programs that a repository keeps in a folder of its own, and no test writes or reads."""
_MAX_DIRECTIVES = 500
_RENEWS = re.compile("--?(?:test[.-])?(?:update|golden|regen|rewrite|generate|write|w$)")
"""How options begin with which tests write anew what they compare with; each package has its own."""
_WITHOUT_CACHES = frozenset({"gofmt", "gofumpt", "golines", "gci write", "gci diff", "gci list", "gci print", "protoc"})


def surroundings(call: Call) -> tuple[Claim, ...]:
    """What every tool uses: go's caches, and if it is a program that `go install` brings, that."""
    reason = f"`{call.key}` uses it"
    names = [] if call.key in _WITHOUT_CACHES else ["go-build-cache", "go-module-cache"]
    caches = tuple(claim(Access.SHARED, name, reason) for name in names)
    program = call.key.partition(" ")[0]
    if program == "goreleaser" and call.key != "goreleaser check":
        return (*caches, *starting_any(reason))
    return caches if program == "go" and call.key != "go tool" else (*caches, *starting([program], reason))


def reading(call: Call, selection: Selection) -> tuple[Claim, ...]:
    """What compiling needs: the modules and those they are made of, and the files of all modules of the workspace."""
    reason = f"`{call.key}` reads this module"
    sources = [entry for folder in selection.reached for entry in module_reads(folder, call.place, reason)]
    return (*sources, *module_files(call, selection), *settings(call, selection))


def module_files(call: Call, selection: Selection) -> tuple[Claim, ...]:
    """`go.mod` and `go.sum` of all modules that count here, and the workspace's own."""
    place, around = call.place, selection.around
    reason = f"`{call.key}` reads which modules there are"
    folders = dict.fromkeys((*selection.reached, *around.main))
    read = tuple(claim(Access.READ, place.pattern(folder, _MODULE_FILES), reason) for folder in folders)
    read = (*read, *(claim(Access.READ, place.pattern(path), reason) for path in around.alternate))
    if around.work:
        return (*read, claim(Access.READ, place.pattern(around.work, _WORK_FILES), reason))
    above = () if call.invocation.environment.get("GOWORK") else folders_above(call.cwd, place)
    return (*read, *(claim(Access.READ, place.pattern(folder, _WORK_FILE), reason) for folder in above))


def settings(call: Call, selection: Selection) -> tuple[Claim, ...]:
    """The configuration that the tool's entry names, in the folder of the call, those above it, and its module."""
    folders = dict.fromkeys((*folders_above(call.cwd, call.place), *selection.modules, call.place.root))
    reason = f"settings of `{call.key}`"
    names = call.tool.settings.split()
    return tuple(claim(Access.READ, call.place.pattern(folder, "/" + name), reason) for name in names for folder in folders)


def writing_modules(call: Call, selection: Selection, does: str) -> tuple[Claim, ...]:
    """The modules that the call works in, whole."""
    return tuple(write_below(folder, call.place, f"`{call.key}` {does}") for folder in selection.modules)


def testing(call: Call, selection: Selection) -> tuple[Claim, ...]:
    """The modules whose tests run; in a workspace without their `go.mod`, which go reads for every module, and tests leave alone.

    So they do with sources, what is built into programs, and settings, unless they are told to bring what they compare with up to date.
    """
    suffix = _BUT_MODULE_FILES if selection.around.work else "/**"
    reason = f"`{call.key}` runs tests, which work in this module"
    updates = any(_RENEWS.match(word) for word in call.invocation.words if word)
    return (
        *(entry for folder in selection.modules for entry in _worked_in(folder, suffix, call.place, reason, keeps=not updates)),
        *_opened_by_tests(call, selection),
    )


def _worked_in(folder: str, suffix: str, place: Place, reason: str, *, keeps: bool) -> tuple[Claim, ...]:
    written = claim(Access.WRITE, place.pattern(folder, suffix), reason)
    if not keeps:
        return (written,)
    kept = (
        place.pattern(folder, f"/**{SUFFIXES}"),
        place.pattern(folder, f"/**{_WORK_FILES}"),
        any_settings(folder, place),
        *built_in(folder, place),
    )
    linters = place.pattern(folder, _LINTERS)
    return (replace(written, excluding=(*kept, linters)), *(claim(Access.READ, each, reason) for each in kept))


def _opened_by_tests(call: Call, selection: Selection) -> Iterator[Claim]:
    """What sources name beyond their modules (`../server`, `../../testdata`)."""
    for folder in selection.reached:
        named = named_by_tests(folder, call.place)
        if named is None:
            yield read_below(call.place.root, call.place, "too many sources to look at which files they name")
        for path in named or ():
            yield read_below(path, call.place, "sources name it, and tests may open it")


def of_go_files(call: Call, folders: Sequence[Folder], access: Access) -> tuple[Claim, ...]:
    """The Go files in folders, those below them where these are meant too."""
    reason = f"`{call.key}` {'writes' if access is Access.WRITE else 'reads'} it"
    return tuple(claim(access, call.place.pattern(folder.file or folder.path, _suffix(folder)), reason) for folder in folders)


def module_changes(call: Call, selection: Selection) -> tuple[Claim, ...]:
    """The files that the tool's entry says it changes, where they belong: in the module, or beside the workspace's file."""
    place, around, reason = call.place, selection.around, f"`{call.key}`: {call.tool.summary}"
    own = call.cwd if call.key == "go mod init" else around.own or call.cwd
    work = around.work or call.cwd
    if call.key == "go work sync":
        own_files = [claim(Access.WRITE, place.pattern(folder, _MODULE_FILES), reason) for folder in around.used]
    else:
        own_files = []
    homes = (
        (name, work if name.startswith("go.work") or call.key.startswith("go work") else own)
        for name in call.tool.writes.split()
    )
    return (
        *own_files,
        *(claim(Access.WRITE, place.pattern(path), reason) for path in around.alternate),
        *(
            claim(Access.WRITE, place.pattern(posixpath.join(home, name), "/**" if name == "vendor" else ""), reason)
            for name, home in homes
        ),
    )


def history(call: Call) -> tuple[Claim, ...]:
    """git's folder: go stamps a program with the commit, and with whether files differ from it. That word may come out otherwise
    beside steps that change files; nothing is kept apart for it.
    """
    folder = folder_above(call.cwd, ".git", call.place)
    if folder is None or any(not option.on for option in call.parsed.options if option.name == "-buildvcs"):
        return ()
    return (read_below(posixpath.join(folder, ".git"), call.place, f"`{call.key}` stamps the program with the commit"),)


def executables(call: Call, selection: Selection) -> tuple[Claim, ...] | None:
    """What `go build` leaves: where `-o` says; else, of a single package, a program in the folder of the call."""
    place, reason = call.place, f"`{call.key}` puts the program here"
    given = [option.value for option in call.parsed.named("-o")]
    several = len(selection.folders) > 1 or any(folder.below for folder in selection.folders)
    names = (*_of_elsewhere(call), *(name for folder in selection.folders for name in _program_names(folder, selection, place)))
    if not given and several and _surely_several(selection.folders, place):
        return ()
    if not given:
        return tuple(claim(Access.WRITE, place.pattern(posixpath.join(call.cwd, name)), reason) for name in names)
    if given[-1] == "/dev/null":
        return ()
    path = resolve_path(given[-1], call.cwd)
    if path is None:
        return None
    if any((option.value or "c-").startswith("c-") for option in call.parsed.named("-buildmode")):
        return (write_below(posixpath.dirname(path), place, f"{reason}, with a header"),)
    if not (given[-1] or "").endswith("/") and not place.listdir(path) and not several:
        return (claim(Access.WRITE, place.pattern(path), reason),)
    if any(folder.below for folder in selection.folders):
        return (write_below(path, place, reason),)
    return tuple(claim(Access.WRITE, place.pattern(posixpath.join(path, name)), reason) for name in names)


def installs(call: Call, selection: Selection | None) -> tuple[Claim, ...] | None:
    """What `go install` leaves: programs for the user, in a folder that variables name or that is not known here. None where one of
    these is not known.
    """
    folders = selection.folders if selection is not None else ()
    names: list[str] | None = None
    if not any("..." in word for word in call.parsed.operands) and not any(each.below for each in folders):
        names = list(_of_elsewhere(call))
        names += [name for folder in folders if selection for name in _program_names(folder, selection, call.place)]
    found = list(
        installing(None if names is None else [name.removesuffix(".exe") for name in names], f"`{call.key}` puts them there")
    )
    for variable, below in (("GOBIN", ""), ("GOPATH", "bin")):
        value = call.invocation.environment.get(variable, "")
        path = resolve_path(value, call.cwd) if value != "" else ""
        if path is None:
            return None
        if path:
            files = [f"/{escape(name)}" for name in names] if names is not None else ["/**"]
            reason = f"`{variable}` has programs put here"
            found.extend(claim(Access.WRITE, call.place.pattern(posixpath.join(path, below), file), reason) for file in files)
    return tuple(found)


def generating(call: Call, selection: Selection) -> Claims | None:
    """What the commands claim that `//go:generate` lines name, with the sources beside them.

    Where one is not understood, it is taken to work within its modules, unless its text tells more; that is the one guess made
    here. None where there is more than can be looked at, or a command may reach out of its module.
    """
    place = call.place
    found = list(_directives(selection, call))
    if len(found) > _MAX_DIRECTIVES:
        return None
    parts = [place.invocation_claims(Invocation(words=each.words, cwd=each.folder)) for each in found]
    beside = tuple(
        claim(Access.WRITE, place.pattern(folder, "/*"), f"`{call.key}` runs commands here")
        for folder in dict.fromkeys(each.folder for each in found)
    )
    programs = [each.words[0] or "" for each in found]
    started = starting((name for name in programs if not starts_others(name)), f"`{call.key}` starts it")
    own = Claims(entries=(*beside, *started, *reading(call, selection)), evidence=Evidence.INFERRED)
    if all(part.evidence > Evidence.NONE for part in parts):
        return union([own, *parts])
    unknown = [each for each, part in zip(found, parts, strict=True) if part.evidence is Evidence.NONE]
    if any(_reaches_out(each, call) for each in unknown):
        return None
    whole = writing_modules(call, selection, "runs commands that are not known, so the whole module is claimed")
    known = [part for part in parts if part.evidence > Evidence.NONE]
    if any(starts_others(each.words[0] or "") for each in unknown):
        whole = (*whole, *starting_any(f"`{call.key}` runs commands that may start it"))
    return union([own, Claims(entries=whole, evidence=Evidence.INFERRED), *known])


def _directives(selection: Selection, call: Call) -> Iterator[Directive]:
    for module in selection.modules:
        for path in go_files(module, call.place):
            if any(_is_in(path, folder) for folder in selection.folders):
                yield from directives(path, call.place)


def _is_in(path: str, folder: Folder) -> bool:
    if folder.file:
        return path == folder.file
    return posixpath.dirname(path) == folder.path or (folder.below and is_within(path, folder.path))


def _reaches_out(directive: Directive, call: Call) -> bool:
    """Whether a command that is not known may touch more than its module."""
    if any(word is None for word in directive.words) or outside_word(" ".join(word or "" for word in directive.words)):
        return True
    module = call.place.workspace(directive.folder, ("go.mod",)) or directive.folder
    for word in directive.words:
        for part in (word or "").replace("=", " ").replace(":", " ").replace(",", " ").split():
            climbs = part.startswith(("/", "~")) or ".." in part.split("/")
            path = resolve_path(part, directive.folder) if climbs else directive.folder
            if path is None or not is_within(path, module):
                return True
    return False


def _suffix(folder: Folder) -> str:
    if folder.file:
        return ""
    return "/**/*.go" if folder.below else "/*.go"


def _surely_several(folders: Sequence[Folder], place: Place) -> bool:
    """Whether more than one package is built: go keeps the program where a pattern matches a single one."""
    found = {folder.path for folder in folders if not folder.below}
    found.update(posixpath.dirname(path) for path in _below(folders, place) if is_always_built(path, place))
    return len(found) > 1


def _below(folders: Sequence[Folder], place: Place) -> Iterator[str]:
    for folder in folders:
        yield from go_files(folder.path, place) if folder.below else ()


def _of_elsewhere(call: Call) -> tuple[str, ...]:
    """The names of programs whose packages are named by import path: mostly those of modules that `go.mod` has the versions of."""
    paths = (word for word in call.parsed.operands if not word.startswith((".", "/")) and not word.endswith(".go"))
    return tuple(program_of(path) for path in paths if "..." not in path)


def _program_names(folder: Folder, selection: Selection, place: Place) -> Iterator[str]:
    """The names that go may give a package's program: after its folder, its module, or its first file."""
    names = [posixpath.basename(folder.path)]
    names.extend(posixpath.basename(posixpath.dirname(path)) for path in _below([folder], place))
    if folder.file:
        names.append(posixpath.basename(folder.file).removesuffix(".go"))
    if folder.below or folder.path in selection.around.folders.values():
        modules = [module for module, path in selection.around.folders.items() if is_within(path, folder.path)]
        names.extend(part for module in modules for part in module.split("/")[-2:])
    for name in dict.fromkeys(names):
        yield from (name, f"{name}.exe")
