"""The go command, as data. Programs of their own (`gofmt`, `golangci-lint`) stand in go_programs.

Flags are declared with one dash; go takes two as well.
"""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

ALL_CORES = 2.0
"""What a compiler is said to take that uses every core by itself: as for other tools that spread over the machine."""

_BUILD: Mapping[Role, str] = {
    Role.FOLDER: "-C",
    Role.FLAG: "-a -n -race -msan -asan -cover -v -work -x -linkshared -modcacherw -trimpath -buildvcs -json",
    Role.VALUE: "-covermode -coverpkg -asmflags -gcflags -gccgoflags -ldflags -buildmode -compiler -installsuffix -mod -modfile -tags -pgo -o",
    Role.READS: "-overlay",
    Role.WRITES: "-pkgdir",
    Role.CORES: "-p",
    Role.INFORMS: "-h -help",
}
_TEST_FLAGS = "benchmem c failfast fullpath i json short v cover race artifacts"
_TEST_VALUES = (
    "bench benchtime blockprofilerate count covermode coverpkg cpu exec fuzz fuzztime fuzzminimizetime list memprofilerate "
)
_TEST_VALUES += "mutexprofilefraction parallel run shuffle skip timeout vet"
_GINKGO_FLAGS = (
    "v vv succinct trace no-color show-node-events fail-fast fail-on-pending fail-on-empty randomize-all dry-run silence-skips"
)
_GINKGO_VALUES = "focus skip label-filter focus-file skip-file seed timeout poll-progress-after poll-progress-interval flake-attempts grace-period"
"""Flags of tests that Ginkgo runs, but for those that name files: tests see these from folders of their own."""
_TEST_FILES = "blockprofile coverprofile cpuprofile memprofile mutexprofile outputdir trace"


def _test_names(names: str) -> str:
    """go: each flag of a test may also be written `-test.NAME`."""
    return " ".join(f"-{name} -test.{name}" for name in names.split())


def _ginkgo(names: str) -> str:
    return " ".join(f"-ginkgo.{name}" for name in names.split())


TEST: Mapping[Role, str] = {
    **_BUILD,
    Role.FLAG: f"{_BUILD[Role.FLAG]} {_test_names(_TEST_FLAGS)} {_ginkgo(_GINKGO_FLAGS)} -test.paniconexit0 -update -golden -u",
    Role.VALUE: f"{_BUILD[Role.VALUE]} {_test_names(_TEST_VALUES)} {_ginkgo(_GINKGO_VALUES)}",
    Role.WRITES: f"{_BUILD[Role.WRITES]} {_test_names(_TEST_FILES)}",
}
_VET_FLAGS = (
    "appends asmdecl assign atomic bools buildtag cgocall composites copylocks defers directive errorsas framepointer hostport "
    "httpresponse ifaceassert loopclosure lostcancel nilfunc printf shadow shift sigchanyzer slog stdmethods stdversion stringintconv "
    "structtag testinggoroutine tests timeformat unmarshal unreachable unsafeptr unusedresult waitgroup diff"
)
_VET: Mapping[Role, str] = {
    **_BUILD,
    Role.FLAG: f"{_BUILD[Role.FLAG]} {' '.join('-' + name for name in _VET_FLAGS.split())}",
    Role.VALUE: f"{_BUILD[Role.VALUE]} -printf.funcs -unusedresult.funcs -c",
    Role.READS: "-overlay -vettool",
    Role.EDITS: "-fix",
}
_MOD: Mapping[Role, str] = {
    Role.FOLDER: "-C",
    Role.FLAG: "-v -x -e -diff -json -reuse -m -u -t -d -tool -n -r -vendor -modcacherw -insecure -fmt -print",
    Role.VALUE: "-go -compat -mod -modfile -tags -p",
    Role.INFORMS: "-h -help",
}
_MOD_EDIT: Mapping[Role, str] = {
    **_MOD,
    Role.VALUE: "-go -module -godebug -dropgodebug -require -droprequire -exclude -dropexclude -replace -dropreplace -retract "
    "-dropretract -toolchain -tool -droptool -ignore -dropignore -use -dropuse",
    Role.FLAG: "-v -x",
    Role.CHECKS: "-json -print",
    Role.EDITS: "-fmt",
}
_MODULE_FILES = "go.mod go.sum"


def _changes(summary: str, writes: str, options: Mapping[Role, str] = _MOD) -> Tool:
    return Tool(summary=summary, mode=Mode.INSTALL, operands=Operands.WORDS, writes=writes, options=options)


def _looks(summary: str, options: Mapping[Role, str] = _MOD, operands: Operands = Operands.WORDS) -> Tool:
    return Tool(summary=summary, mode=Mode.READ, operands=operands, options=options)


def _group(summary: str) -> Tool:
    return Tool(summary=summary, mode=Mode.GROUP)


GO: Mapping[str, Tool] = {
    "go": Tool(summary="compiles and manages Go modules", mode=Mode.GROUP, options={Role.FOLDER: "-C"}),
    "go build": Tool(summary="compiles", mode=Mode.COMPILE, operands=Operands.PACKAGES, options=_BUILD, cores=ALL_CORES),
    "go install": Tool(
        summary="installs programs for the user",
        mode=Mode.INSTALL,
        operands=Operands.PACKAGES,
        options=_BUILD,
        environment="go",
        cores=ALL_CORES,
    ),
    "go test": Tool(
        summary="runs tests", mode=Mode.BUILD, tests=True, operands=Operands.PACKAGES, options=TEST, cores=ALL_CORES
    ),
    "go vet": Tool(summary="looks for mistakes", mode=Mode.READ, operands=Operands.PACKAGES, options=_VET, cores=ALL_CORES),
    "go fmt": Tool(
        summary="formats",
        mode=Mode.EDIT,
        operands=Operands.PACKAGES,
        options={Role.FOLDER: "-C", Role.CHECKS: "-n", Role.FLAG: "-x", Role.VALUE: "-mod"},
    ),
    "go fix": Tool(
        summary="changes sources to newer ways",
        mode=Mode.EDIT,
        operands=Operands.PACKAGES,
        options={**_VET, Role.VALUE: _VET[Role.VALUE] + " -fix", Role.EDITS: ""},
    ),
    "go generate": Tool(
        summary="runs the commands that sources name",
        mode=Mode.BUILD,
        operands=Operands.PACKAGES,
        options={**_BUILD, Role.VALUE: f"{_BUILD[Role.VALUE]} -run -skip"},
    ),
    "go run": Tool(summary="runs a program", mode=Mode.MODULE, options={**_BUILD, Role.VALUE: f"{_BUILD[Role.VALUE]} -exec"}),
    "go list": _looks(
        "prints packages",
        {
            **_BUILD,
            Role.FLAG: f"{_BUILD[Role.FLAG]} -compiled -deps -e -export -find -m -retracted -test -u -versions",
            Role.VALUE: f"{_BUILD[Role.VALUE]} -f -reuse",
        },
    ),
    "go doc": _looks("prints documentation", {Role.FLAG: "-all -c -cmd -short -src -u", Role.FOLDER: "-C"}),
    "go clean": Tool(
        summary="removes what was compiled",
        mode=Mode.EDIT,
        operands=Operands.PACKAGES,
        options={**_BUILD, Role.FLAG: f"{_BUILD[Role.FLAG]} -i -r -cache -testcache -modcache -fuzzcache"},
    ),
    "go env": Tool(
        summary="prints settings", mode=Mode.NOTHING, operands=Operands.WORDS, options={Role.FLAG: "-json -changed"}
    ),
    "go version": Tool(
        summary="prints the version", mode=Mode.NOTHING, operands=Operands.WORDS, options={Role.FLAG: "-m -v -json"}
    ),
    "go help": Tool(summary="prints help", mode=Mode.NOTHING, operands=Operands.WORDS),
    "go get": _changes("changes dependencies", _MODULE_FILES, {**_BUILD, Role.FLAG: f"{_BUILD[Role.FLAG]} -u -t -d -tool"}),
    "go mod": _group("manages modules"),
    "go mod tidy": _changes("brings dependencies up to date", _MODULE_FILES),
    "go mod download": _changes("downloads modules", "go.sum"),
    "go mod vendor": _changes(
        "copies modules here", "vendor go.sum", {**_MOD, Role.FLAG: "-v -e", Role.VALUE: "-mod", Role.WRITES: "-o"}
    ),
    "go mod init": _changes("makes a module", "go.mod"),
    "go mod edit": _changes("changes the module's file", "go.mod", _MOD_EDIT),
    **{f"go mod {name}": _looks("looks at modules") for name in ("verify", "graph", "why")},
    "go work": _group("manages workspaces"),
    "go work sync": _changes("brings modules up to date", "go.work go.work.sum"),
    **{f"go work {name}": _changes("changes the workspace", "go.work", _MOD_EDIT) for name in ("init", "edit")},
    "go work use": _changes("changes the workspace", "go.work", {**_MOD_EDIT, Role.FLAG: f"{_MOD_EDIT[Role.FLAG]} -r"}),
    "go work vendor": _changes(
        "copies modules here", "vendor", {**_MOD, Role.FLAG: "-v -e", Role.VALUE: "-mod", Role.WRITES: "-o"}
    ),
    "go tool": Tool(
        summary="starts a tool", mode=Mode.RUN, options={Role.FLAG: "-n", Role.FOLDER: "-C", Role.VALUE: "-mod -modfile"}
    ),
    "go tool cover": Tool(
        summary="reports coverage",
        mode=Mode.NOTHING,
        operands=Operands.WORDS,
        options={
            Role.VALUE: "-mode -var -pkgcfg",
            Role.READS: "-func -html",
            Role.WRITES: "-o -outfilelist",
            Role.INFORMS: "-V",
        },
    ),
    "go tool vet": Tool(summary="looks for mistakes", mode=Mode.READ, operands=Operands.PACKAGES, options=_VET),
}
