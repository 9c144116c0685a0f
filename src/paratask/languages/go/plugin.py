"""The plugin for Go: recognises the go command and the programs around it. See docs/plugins.md.

What is recognised is in the tables (`TOOLS`); here each call goes to what knows its kind. Does not know what a program of the
repository does (`go run ./cmd/x`), and says so by claiming everything for it.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, unknown
from paratask.frozen import replace
from paratask.languages.go.calls import go_call, other_variables, variable_claims
from paratask.languages.go.claims import (
    executables,
    generating,
    history,
    installs,
    module_changes,
    module_files,
    of_go_files,
    reading,
    surroundings,
    testing,
)
from paratask.languages.go.generators import (
    CONFIGURED,
    buf_inputs,
    lint_repairs,
    lint_reports,
    lint_runs_beside_itself,
    printed,
    protoc,
    sqlc_inputs,
)
from paratask.languages.go.modules import read_module
from paratask.languages.go.packages import select
from paratask.languages.go.programs import COLOURING, FORMATTERS, PROGRAMS
from paratask.languages.go.tools import GO
from paratask.languages.inferred import claim, read_below, unique, write_below
from paratask.languages.installed_programs import ANY, program_of
from paratask.languages.options import Role, resolve_path
from paratask.languages.tool_answers import answer, with_root
from paratask.languages.tool_calls import Language, program_name
from paratask.languages.tool_claims import mode_of, recognise_call
from paratask.languages.tool_table import Mode, Operands
from paratask.plugins.hookspecs import Delegation, Invocation, Recognition

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from paratask.claims.model import Claim
    from paratask.languages.go.packages import Selection
    from paratask.languages.tool_calls import Call
    from paratask.languages.tool_table import Tool
    from paratask.plugins.hookspecs import Place

MANIFESTS = ("go.mod", "go.work")
TOOLS: Mapping[str, Tool] = {**GO, **PROGRAMS}
"""Every program and subcommand that is recognised; documentation is generated from it."""
_LANGUAGE = Language(name="go", tools=TOOLS, manifests=MANIFESTS, settings="*.{toml,yml,yaml,json}", surroundings=surroundings)
_CONFIGURATIONS = ("gqlgen.yml", "gqlgen.yaml", ".mockery.yaml", ".mockery.yml", "mockery.yaml")
_RESOURCE = {
    "-cache": "go-build-cache",
    "-testcache": "go-build-cache",
    "-fuzzcache": "go-build-cache",
    "-modcache": "go-module-cache",
}


def manifests() -> Sequence[str]:
    """Files that make a folder a Go workspace."""
    return MANIFESTS


def recognise(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """See the hook's specification."""
    name = program_name(invocation.words[0]) if invocation.words else None
    if name is None or name not in TOOLS or " " in name:
        return None
    return with_root(_recognise(name, invocation, place), place)


def _recognise(name: str, invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    if name == "protoc":
        return _protoc(invocation, place)
    if name in _RUNNERS:
        return _RUNNERS[name](invocation, place)
    call = go_call(name, invocation, _LANGUAGE, place)
    if call is None:
        return None
    if call.parsed.all(Role.INFORMS):
        return recognise_call(call)
    return _go(call) if name == "go" else _program(call, name)


def _go(call: Call) -> Recognition | Delegation | None:
    if call.tool.mode is Mode.MODULE:
        return _run(call)
    if call.tool.mode is Mode.RUN:
        name = call.parsed.rest[0] if call.parsed.rest else None
        return _start(call, program_of(name), call.parsed.rest[1:]) if name else None
    if call.tool.mode is Mode.NOTHING:
        return _answer(call, _measured(call) if call.key == "go tool cover" else ())
    if call.key == "go install" and call.parsed.operands and all("@" in word for word in call.parsed.operands):
        return _answer(call, installs(call, None))
    own = call.tool.operands is Operands.PACKAGES
    selection = select(call, call.parsed.operands or (".",)) if own else select(call, ())
    if selection is None:
        return None
    if call.key == "go generate":
        return _generate(call, selection)
    claims = _of_go(call, selection)
    return None if claims is None else _answer(call, (*claims, *_changed_by_mod(call, selection)))


def _measured(call: Call) -> tuple[Claim, ...] | None:
    """The sources of which a report of coverage tells, in any module that counts here."""
    selection = select(call, ("all",))
    return None if selection is None else reading(call, selection)


def _of_go(call: Call, selection: Selection) -> tuple[Claim, ...] | None:
    mode = mode_of(call)
    if call.key == "go clean":
        return _cleaned(call, selection)
    if call.key == "go fmt":
        access = Access.READ if mode is Mode.READ else Access.WRITE
        return (*of_go_files(call, selection.folders, access), *module_files(call, selection))
    if call.tool.mode is Mode.INSTALL and not call.tool.environment:
        return _changes(call, selection)
    read = reading(call, selection)
    if mode is Mode.EDIT:
        return (*of_go_files(call, selection.folders, Access.WRITE), *read)
    if mode is Mode.BUILD:
        left = executables(call, selection) if call.parsed.named("-o") else ()
        return None if left is None else (*testing(call, selection), *left, *read)
    if call.key == "go build":
        left = executables(call, selection)
        return None if left is None else (*left, *read, *history(call))
    if call.key == "go install":
        left = installs(call, selection)
        return None if left is None else (*left, *read, *history(call))
    return read


def _changes(call: Call, selection: Selection) -> tuple[Claim, ...] | None:
    """Changing the files of a module or a workspace, after a look at what its sources import."""
    if call.key in ("go mod edit", "go work edit"):
        if call.parsed.operands:
            paths = [resolve_path(word, call.cwd) for word in call.parsed.operands]
            if any(path is None for path in paths):
                return None
            return tuple(write_below(path, call.place, f"`{call.key}` changes it") for path in paths if path is not None)
        if call.parsed.all(Role.CHECKS):
            return module_files(call, selection)
    if call.key == "go mod tidy" and call.parsed.named("-diff"):
        return reading(call, selection)
    read = module_files(call, selection) if call.key == "go mod download" else reading(call, selection)
    if call.key in ("go work init", "go work use"):
        used = select(call, call.parsed.operands, paths=True)
        read = (*read, *(module_files(call, used) if used else ()))
    return (*module_changes(call, selection), *read)


def _changed_by_mod(call: Call, selection: Selection) -> tuple[Claim, ...]:
    """With `-mod=mod`, go brings the module's files up to date on the way."""
    if all(option.value not in ("mod", None) for option in call.parsed.named("-mod")):
        return ()
    reason = f"`{call.key} -mod=mod` may change it"
    patterns = [call.place.pattern(folder, "/go.{mod,sum}") for folder in selection.around.main]
    patterns.extend(map(call.place.pattern, selection.around.alternate))
    return tuple(claim(Access.WRITE, pattern, reason) for pattern in patterns)


def _cleaned(call: Call, selection: Selection) -> tuple[Claim, ...]:
    """Removing caches, and what was compiled into the folders of packages."""
    names = [resource for flag, resource in _RESOURCE.items() if call.parsed.named(flag)]
    if call.parsed.named("-i"):
        names.append(ANY)
    held = tuple(claim(Access.EXCLUSIVE, name, f"`{call.key}` empties it") for name in dict.fromkeys(names))
    if held and not call.parsed.operands:
        return held
    reason = f"`{call.key}` removes what was compiled here"
    folders = selection.modules if call.parsed.named("-r") else [folder.path for folder in selection.folders]
    return (*held, *module_files(call, selection), *(write_below(folder, call.place, reason) for folder in folders))


def _generate(call: Call, selection: Selection) -> Delegation | None:
    claims = generating(call, selection)
    own = _answer(call, _changed_by_mod(call, selection))
    if claims is None or own is None:
        return None
    return Delegation(claims=replace(claims, entries=(*claims.entries, *own.claims)), reason=own.reason, cpu=own.cpu)


def _run(call: Call) -> Delegation | None:
    """`go run PACKAGE`: a program of another module as that program; one of this repository may do anything."""
    head = call.parsed.rest[0] if call.parsed.rest else None
    if head is None:
        return None
    selection = select(call, (head,)) if "@" not in head else None
    local = (
        head.startswith((".", "/"))
        or head.endswith(".go")
        or ((selection is None or bool(selection.folders)) and "@" not in head)
    )
    if local:
        return Delegation(
            claims=unknown(f"`{call.key} {head}` runs a program of this repository"), reason=f"`{call.key}` runs a program"
        )
    return _start(call, program_of(head), call.parsed.rest[1:])


def _start(call: Call, name: str, words: Sequence[str | None]) -> Delegation | None:
    """Another program, fetched or built for it; with the module's files, which say in what version."""
    selection = select(call, ())
    own = None if selection is None else _answer(call, (*module_files(call, selection), *_changed_by_mod(call, selection)))
    invocation = replace(call.invocation, words=(name, *words), cwd=call.cwd)
    if own is None or name in ("go", ""):
        return None
    claims = call.place.invocation_claims(invocation)
    return Delegation(claims=replace(claims, entries=(*claims.entries, *own.claims)), reason=f"`{call.key}` starts `{name}`")


def _program(call: Call, name: str) -> Recognition | Delegation | None:
    """A program that is not go."""
    if name in FORMATTERS:
        return _format(call, name)
    if call.key in CONFIGURED:
        return _answer(call, CONFIGURED[call.key](call))
    if call.key == "goreleaser release" and call.parsed.named("--snapshot"):
        return _worked_on(replace(call, tool=replace(call.tool, mode=Mode.REPOSITORY)))
    if name in ("buf", "sqlc", "goreleaser") or call.tool.mode is Mode.BUILD:
        return _with_inputs(_worked_on(call), call)
    return _check(call)


def _worked_on(call: Call) -> Recognition | None:
    """What the entry says, and for what writes sources, the modules that these belong to."""
    found = None if _writes_elsewhere(call) else recognise_call(call)
    selection = select(call, ()) if call.tool.mode is Mode.BUILD else None
    if found is None or (call.tool.mode is Mode.BUILD and selection is None):
        return None
    more = surroundings(call) if selection is None else reading(call, selection)
    return replace(found, claims=unique((*found.claims, *more)))


def _with_inputs(found: Recognition | None, call: Call) -> Recognition | None:
    """With what buf and sqlc look at beyond the paths that they are given."""
    more: tuple[Claim, ...] | None = ()
    if call.key in ("buf lint", "buf breaking", "buf build", "buf ls-files"):
        more = buf_inputs(call)
    elif call.key in ("sqlc diff", "sqlc vet", "sqlc compile"):
        more = sqlc_inputs(call)
    return None if found is None or more is None else replace(found, claims=unique((*found.claims, *more)))


def _writes_elsewhere(call: Call) -> bool:
    """Whether a generator's own configuration may send its results out of the folder it lies in, or cannot be read."""
    given = [resolve_path(option.value, call.cwd) for option in call.parsed.named("-config", "--config")]
    texts = [call.place.read_text(path) if path else None for path in given]
    named = (call.place.read_text(posixpath.join(call.cwd, name)) for name in _CONFIGURATIONS)
    texts.extend(text for text in named if text is not None)
    return call.tool.mode is Mode.BUILD and any(text is None or ".." in text for text in texts)


def _check(call: Call) -> Recognition | None:
    """A linter: reads modules, and writes Go files where it is told to repair them."""
    paths = call.tool.operands is Operands.PATHS
    words = () if call.tool.operands is Operands.WORDS else call.parsed.operands or ("./...",)
    selection = select(call, words, paths=paths)
    if selection is None or ":" in _report(call) or not _is_of_go(call, selection):
        return None
    call = printed(call)
    if call.tool.locks and lint_runs_beside_itself(call):
        call = replace(call, tool=replace(call.tool, locks=""))
    edits = mode_of(call) is Mode.EDIT or (call.key == "golangci-lint run" and lint_repairs(call))
    changed = of_go_files(call, selection.folders, Access.WRITE) if edits else ()
    if call.key == "golangci-lint run":
        changed = (*changed, *lint_reports(call))
    if call.key == "mockgen" and not call.parsed.named("-source"):
        reason = "`mockgen` may compile a program of its own here"
        changed = (claim(Access.WRITE, call.place.pattern(call.cwd, "/gomock_reflect_*/**"), reason),)
    if call.key == "misspell":
        reason = "`misspell` reads texts of any kind"
        changed = tuple(read_below(folder.file or folder.path, call.place, reason) for folder in selection.folders)
    return _answer(call, (*changed, *reading(call, selection)))


def _is_of_go(call: Call, selection: Selection) -> bool:
    """Whether what it is given are packages of a module: `deadcode src` is a program for Python too."""
    if call.tool.operands is not Operands.PACKAGES:
        return True
    return bool(selection.folders) and any(read_module(folder, call.place) is not None for folder in selection.modules)


def _report(call: Call) -> str:
    """The kinds of report that are asked for; one with a colon names a file, in a way that is not looked into."""
    return ",".join(option.value or ":" for option in call.parsed.named("--out-format"))


def _format(call: Call, name: str) -> Recognition | None:
    """What touches only the Go files it is given; goimports looks into modules as well."""
    selection = select(call, call.parsed.operands, paths=True)
    if selection is None:
        return None
    access = Access.WRITE if mode_of(call) is Mode.EDIT else Access.READ
    read = reading(call, selection) if name == "goimports" and selection.folders else ()
    return _answer(call, (*of_go_files(call, selection.folders, access), *read))


def _protoc(invocation: Invocation, place: Place) -> Recognition | None:
    call = go_call("protoc", replace(invocation, words=("protoc",)), _LANGUAGE, place)
    if call is None or invocation.words[1:] == ("--version",):
        return None if call is None else _answer(call, ())
    return _answer(call, protoc(invocation.words[1:], invocation.cwd, place))


def _gotestsum(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """`gotestsum [options] [-- words of go test]`: the tests, and its reports."""
    words = invocation.words[1:]
    end = words.index("--") if "--" in words else len(words)
    call = go_call("gotestsum", replace(invocation, words=("gotestsum", *words[:end])), _LANGUAGE, place)
    if call is None or call.parsed.all(Role.SHELL) or call.parsed.named("--raw-command"):
        return None
    if call.parsed.all(Role.INFORMS):
        return recognise_call(call)
    packages = " ".join(option.value or "" for option in call.parsed.named("--packages")).split()
    return _tested(call, (*packages, *call.parsed.operands, *words[end + 1 :]))


def _tested(call: Call, words: Sequence[str | None], own_claims: tuple[Claim, ...] = ()) -> Recognition | None:
    """What `go test` claims with these words, and the program's own on top."""
    tests = recognise(replace(call.invocation, words=("go", "test", *words)), call.place)
    own = _answer(call, own_claims)
    if own is None or not isinstance(tests, Recognition):
        return None
    return replace(own, claims=unique((*tests.claims, *own.claims)), transient=tests.transient)


def _ginkgo(invocation: Invocation, place: Place) -> Recognition | None:
    """`ginkgo [run] [options] [folders] [-- words for the tests]`: suites are built and run in their folders, reports put where it is called."""
    words = invocation.words[2 if invocation.words[1:2] == ("run",) else 1 :]
    end = words.index("--") if "--" in words else len(words)
    call = go_call("ginkgo", replace(invocation, words=("ginkgo", *words[:end])), _LANGUAGE, place)
    if call is None or not set(call.parsed.operands[:1]).isdisjoint(_OTHERS_OF_GINKGO):
        return None
    if call.parsed.all(Role.INFORMS):
        return recognise_call(call)
    below = "/..." if call.parsed.named("-r") else ""
    folders = [word.removesuffix("/...").rstrip("/") or "/" for word in call.parsed.operands]
    deep = [below or ("/..." if word.endswith("/...") else "") for word in call.parsed.operands]
    named = [f"{'' if path.startswith(('.', '/')) else './'}{path}{more}" for path, more in zip(folders, deep, strict=True)]
    module = [f"-mod={option.value}" for option in call.parsed.named("-mod")]
    given = ("-args", *words[end + 1 :]) if words[end + 1 :] else ()
    left = (claim(Access.WRITE, call.place.pattern(call.cwd, "/coverprofile.out"), "`ginkgo` reports coverage there"),)
    covers = call.parsed.named("-cover", "-covermode", "-coverpkg")
    return _tested(call, (*module, *(named or [f".{below}"]), *given), left if covers else ())


def _coloured(invocation: Invocation, place: Place) -> Recognition | None:
    """`gotest …` and `richgo test …` for `go test …`."""
    name = program_name(invocation.words[0]) or ""
    call = go_call(name, replace(invocation, words=(name,)), _LANGUAGE, place)
    words = invocation.words[1:]
    if name == "richgo":
        if words[:1] != ("test",):
            return None
        words = words[1:]
    return None if call is None else _tested(call, words)


def _answer(call: Call, own: tuple[Claim, ...] | None) -> Recognition | None:
    variables = variable_claims(call)
    return None if own is None or variables is None else answer(call, (*own, *variables), other_variables(call))


_OTHERS_OF_GINKGO = (
    "build",
    "watch",
    "bootstrap",
    "generate",
    "labels",
    "outline",
    "unfocus",
    "version",
    "help",
    "nodot",
    "convert",
)
_RUNNERS: Mapping[str, Callable[[Invocation, Place], Recognition | Delegation | None]] = {
    "gotestsum": _gotestsum,
    "ginkgo": _ginkgo,
    **dict.fromkeys(COLOURING, _coloured),
}
"""Programs that run tests by the go command."""
