"""Programs for Go that are not called through the go command, as data: those that check, format, test, generate and release."""

from __future__ import annotations

from paratask.languages.go.tools import ALL_CORES, TEST
from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

COLOURING = ("gotest", "richgo")
"""Programs that hand their words on to the go command, and colour what it prints."""
FORMATTERS = frozenset({"gofmt", "goimports", "gofumpt", "gci", "golines"})
"""Programs that touch the Go files they are given, and read standard input when given none."""
_FORMAT: Mapping[Role, str] = {
    Role.FLAG: "-l -d -e -s -v -extra -format-only --list-files --dry-run -m --shorten-comments --no-reformat-tags --ignore-generated "
    "--no-ignore-generated --skip-generated --skip-vendor --custom-order",
    Role.VALUE: "-r -local -lang -modpath -m --max-len --base-formatter --chain-split-dots -t --tab-len",
    Role.READS: "-srcdir",
    Role.WRITES: "-cpuprofile -memprofile -trace",
    Role.EDITS: "-w --write-output",
}
_GCI: Mapping[Role, str] = {
    Role.FLAG: "--skip-generated --skip-vendor --custom-order --debug -d",
    Role.VALUE: "-s --section --Section",
}
_GOLANGCI: Mapping[Role, str] = {
    Role.FLAG: "-v --verbose --no-config --fast --fast-only --new --show-stats --allow-parallel-runners --allow-serial-runners --tests "
    "--print-issued-lines --print-linter-name --uniq-by-line --enable-all --disable-all --issues-exit-code --whole-files --color "
    "--modules-download-mode --exclude-use-default --skip-dirs-use-default --output.junit-xml.extended --output.text.colors "
    "--output.text.print-linter-name --output.text.print-issued-lines --output.tab.colors --output.tab.print-linter-name",
    Role.VALUE: "--timeout --deadline -E --enable -D --disable --enable-only --default --presets -p --build-tags --new-from-rev "
    "--new-from-merge-base --new-from-patch --out-format --color --go --max-issues-per-linter --max-same-issues -e --exclude --skip-dirs "
    "--skip-files --path-prefix --path-mode --modules-download-mode --sort-order --issues-exit-code --exclude-dirs --exclude-files",
    Role.READS: "-c --config",
    Role.WRITES: "--cpu-profile-path --mem-profile-path --trace-path --output.text.path --output.json.path --output.tab.path "
    "--output.html.path --output.checkstyle.path --output.code-climate.path --output.junit-xml.path --output.sarif.path "
    "--output.teamcity.path",
    Role.CORES: "-j --concurrency",
    Role.EDITS: "--fix",
}
_PLAIN: Mapping[Role, str] = {
    Role.FLAG: "-v -q -json -test -tests -exclude-generated -fail -pedantic -error -legal -verbose -blank -asserts -ignoretests -abspath -set_exit_status -quiet "
    "-no-fail -nosec -exclude-generated -show-ignored -scan -generated",
    Role.VALUE: "-tags -checks -go -f -fmt -severity -confidence -exclude -include -ignore -exclude-dir -ignorepkg -formatter -mode "
    "-format -show -over -top -min_confidence -filter -whylive "
    "-locale -include-pkgs -exclude-pkgs -exclude-errors-in-files -include-errors-in-files -pretty-print -group-error-messages",
    Role.READS: "-conf -config -exclude-file -db",
    Role.WRITES: "-out",
    Role.CORES: "-concurrency",
}
_GOTESTSUM: Mapping[Role, str] = {
    Role.FLAG: "--no-color --raw-command --rerun-fails --rerun-fails-abort-on-data-race --hide-summary --junitfile-hide-empty-pkg "
    "--rerun-fails-run-root-test --debug --no-summary",
    Role.VALUE: "-f --format --format-hide-empty-pkg --format-icons --hide-summary --max-fails --packages --rerun-fails-max-failures "
    "--junitfile-testsuite-name --junitfile-testcase-classname --junitfile-project-name --no-summary",
    Role.WRITES: "--junitfile --jsonfile --jsonfile-timing-events --rerun-fails-report",
    Role.SHELL: "--post-run-command",
}
_GINKGO: Mapping[Role, str] = {
    Role.FLAG: "-r -v -vv -succinct -trace -no-color -show-node-events -silence-skips -force-newlines -github-output -fail-fast "
    "-fail-on-pending -fail-on-empty -fail-on-focused -randomize-all -randomize-suites -keep-going -require-suite -dry-run -race -cover "
    "-a -linkshared -modcacherw -msan -trimpath -x -keep-separate-coverprofiles -keep-separate-reports -buildvcs",
    Role.VALUE: "-seed -timeout -grace-period -poll-progress-after -poll-progress-interval -flake-attempts -must-pass-repeatedly "
    "-source-root -output-interceptor-mode -label-filter -sem-ver-filter -focus -skip -focus-file -skip-file -skip-package -compilers "
    "-slow-spec-threshold -repeat -vet -covermode -coverpkg -asmflags -buildmode -compiler -gccgoflags -gcflags -installsuffix -ldflags "
    "-mod -tags -blockprofilerate -memprofilerate -mutexprofilefraction",
    Role.WRITES: "-output-dir -junit-report -json-report -teamcity-report -coverprofile -blockprofile -cpuprofile -memprofile "
    "-mutexprofile -execution-trace",
    Role.CORES: "-procs -nodes",
    Role.SEVERAL_CORES: "-p",
    Role.INFORMS: "-h -help",
}
"""What suites are built to (`-o`), and what runs after them, is left out."""
_MOCKGEN: Mapping[Role, str] = {
    Role.FLAG: "-typed -write_package_comment -write_source_comment -write_generate_directive -write_command_comment -debug_parser "
    "-exec_only -prog_only",
    Role.VALUE: "-package -self_package -imports -aux_files -mock_names -exclude_interfaces -build_flags -build_constraint -model_gob",
    Role.READS: "-source -copyright_file",
    Role.WRITES: "-destination",
    Role.INFORMS: "-version",
}
_GENERATOR: Mapping[Role, str] = {
    Role.FLAG: "-linecomment -json -yaml -sql -text -transform -trimprefix -v --verbose -stub -skip-ensure -with-resets -initialisms -all "
    "-rm -lower_camel_case -omit_empty -noformat -pkg --parseDependency --parseInternal --pd --quiet -q --fix --generatedTime "
    "-include-version -include-timestamp -lazy --all --with-expecter --inpackage -gen_tests -nopatch --keeptree",
    Role.VALUE: "-type -trimprefix -addprefix -tags -fmt -pkg -generate -package -alias --name -p --instanceName --ot --outputTypes "
    "--case --dir-mode --outpkg --exclude --tags -import-mapping -response-type-suffix --log-level --structname --filename --recursive",
    Role.READS: "-d --dir -g --generalInfo -f -config --config -templates -header_file --srcpkg",
    Role.WRITES: "-output -o -out --output --out",
}
_RELEASE: Mapping[Role, str] = {
    Role.FLAG: "--clean --rm-dist --snapshot --nightly --draft --fail-fast --single-target --skip-validate --skip-publish --skip-sign "
    "--skip-docker --skip-before --skip-announce --auto-snapshot --verbose --quiet -q --deprecated --prepare",
    Role.VALUE: "--skip --id --timeout --release-notes-tmpl --split",
    Role.READS: "-f --config --release-notes --release-header --release-footer",
    Role.WRITES: "-o --output",
    Role.CORES: "-p --parallelism",
}
_SQLC: Mapping[Role, str] = {Role.FLAG: "--no-remote --remote --experimental --no-database", Role.VALUE: "-f --file"}
_BUF: Mapping[Role, str] = {
    Role.FLAG: "--debug -v --disable-symlinks --include-imports --include-wkt --clean --exit-code -d --diff --as-file-descriptor-set "
    "--exclude-imports --exclude-source-info --limit-to-input-files --against-registry",
    Role.VALUE: "--error-format --log-format --timeout --type --exclude-type --only --against --against-config --template --git-metadata "
    "--label --visibility --create-visibility --message --source-control-url",
    Role.READS: "--path --exclude-path --config",
    Role.WRITES: "-o --output",
    Role.EDITS: "-w --write",
}
_BUF_GENERATE: Mapping[Role, str] = {**_BUF, Role.VALUE: _BUF[Role.VALUE] + " -o --output", Role.WRITES: ""}


def _checks(summary: str, options: Mapping[Role, str] = _PLAIN, cores: float = 1.0) -> Tool:
    return Tool(summary=summary, mode=Mode.READ, operands=Operands.PACKAGES, options=options, cores=cores)


def _formats(summary: str, options: Mapping[Role, str] = _FORMAT, mode: Mode = Mode.READ) -> Tool:
    return Tool(summary=summary, mode=mode, options=options)


def _generates(summary: str) -> Tool:
    return Tool(summary=summary, mode=Mode.BUILD, options=_GENERATOR)


def _golangci(summary: str, mode: Mode, options: Mapping[Role, str] = _GOLANGCI, locks: str = "") -> Tool:
    return Tool(
        summary=summary,
        mode=mode,
        operands=Operands.PATHS,
        settings=".golangci.{yml,yaml,toml,json}",
        locks=locks,
        shares="golangci-lint-cache",
        options=options,
        cores=ALL_CORES,
    )


_ANALYZERS = "modernize fieldalignment"
_ANALYZER: Mapping[Role, str] = {
    Role.FLAG: "-test -diff -json",
    Role.VALUE: "-c -category",
    Role.EDITS: "-fix",
    Role.INFORMS: "-h -help -V -flags",
}
_LINTERS = "go-consistent errcheck ineffassign revive golint gosec nilaway deadcode unconvert shadow"
_LINTERS_OF_PATHS = "gocyclo gocognit misspell dupl"
_GENERATORS = "stringer enumer wire moq mockery oapi-codegen easyjson msgp deepcopy-gen go-enum"

ONE_DASH = frozenset(
    {"go", "gofmt", "goimports", "gofumpt", "staticcheck", "govulncheck", "mockgen", "stringer", "enumer", "moq", "ginkgo"}
    | {*_LINTERS.split(), *_ANALYZERS.split(), *_LINTERS_OF_PATHS.split()}
)
"""Programs that read their words with Go's own package for flags: one dash or two mean the same, and letters do not combine."""

PROGRAMS: Mapping[str, Tool] = {
    "gofmt": _formats("formats, or looks at the format"),
    "goimports": _formats("formats, and sorts imports"),
    "gofumpt": _formats("formats, or looks at the format"),
    "golines": _formats("shortens lines"),
    "gci": Tool(summary="sorts imports", mode=Mode.GROUP),
    "gci write": _formats("sorts imports", _GCI, Mode.EDIT),
    **{f"gci {name}": _formats("looks at the order of imports", _GCI) for name in ("diff", "list", "print")},
    **{name: _checks("looks for what could be written better", _ANALYZER, ALL_CORES) for name in _ANALYZERS.split()},
    "golangci-lint": Tool(summary="lints", mode=Mode.GROUP, options={Role.VALUE: "--color", Role.FLAG: "-v --verbose"}),
    "golangci-lint run": _golangci("lints", Mode.READ, locks="golangci-lint"),
    "golangci-lint fmt": _golangci(
        "formats", Mode.EDIT, {**_GOLANGCI, Role.CHECKS: "-d --diff --diff-colored", Role.VALUE: "-E --enable", Role.EDITS: ""}
    ),
    **{
        f"golangci-lint {name}": Tool(
            summary="prints what is set",
            mode=Mode.READ,
            operands=Operands.WORDS,
            settings=".golangci.{yml,yaml,toml,json}",
            options={Role.READS: "-c --config"},
        )
        for name in ("linters", "formatters", "version", "config", "help")
    },
    "staticcheck": _checks("lints", cores=ALL_CORES),
    "govulncheck": _checks("asks for known faults"),
    **{name: _checks("lints") for name in _LINTERS.split()},
    **{name: Tool(summary="lints", mode=Mode.READ, options=_PLAIN) for name in _LINTERS_OF_PATHS.split()},
    "gotestsum": Tool(
        summary="runs tests", mode=Mode.BUILD, tests=True, operands=Operands.PACKAGES, options=_GOTESTSUM, cores=ALL_CORES
    ),
    "ginkgo": Tool(summary="runs suites of tests", mode=Mode.BUILD, tests=True, options=_GINKGO, cores=ALL_CORES),
    **{
        name: Tool(summary="runs tests, in colour", mode=Mode.BUILD, tests=True, operands=Operands.PACKAGES, options=TEST)
        for name in COLOURING
    },
    "mockgen": Tool(summary="writes mocks", mode=Mode.READ, operands=Operands.WORDS, options=_MOCKGEN),
    **{name: _generates("writes sources") for name in _GENERATORS.split()},
    "swag": Tool(summary="writes descriptions of an interface", mode=Mode.GROUP),
    **{f"swag {name}": _generates("writes descriptions of an interface") for name in ("init", "fmt")},
    "gqlgen": Tool(summary="writes sources", mode=Mode.GROUP, default="gqlgen generate"),
    "gqlgen generate": _generates("writes sources"),
    "templ": Tool(summary="writes sources", mode=Mode.GROUP),
    **{f"templ {name}": _generates("writes sources") for name in ("generate", "fmt")},
    "sqlc": Tool(summary="writes sources from queries", mode=Mode.GROUP, options=_SQLC),
    "sqlc generate": Tool(summary="writes sources from queries", mode=Mode.BUILD, operands=Operands.NONE, options=_SQLC),
    **{
        f"sqlc {name}": Tool(summary="checks queries", mode=Mode.READ, operands=Operands.NONE, options=_SQLC)
        for name in ("diff", "vet", "compile", "version")
    },
    "buf": Tool(summary="works on protocol buffers", mode=Mode.GROUP, options=_BUF),
    "buf generate": Tool(summary="writes sources from protocol buffers", mode=Mode.BUILD, options=_BUF_GENERATE),
    **{
        f"buf {name}": Tool(summary="checks protocol buffers", mode=Mode.READ, options=_BUF)
        for name in ("lint", "breaking", "build", "ls-files")
    },
    "buf format": Tool(summary="formats protocol buffers", mode=Mode.READ, options=_BUF),
    "buf push": Tool(summary="publishes", mode=Mode.OUTSIDE, options=_BUF),
    "buf dep": Tool(summary="changes dependencies", mode=Mode.GROUP),
    "buf dep update": Tool(summary="changes dependencies", mode=Mode.BUILD, options=_BUF),
    "buf mod": Tool(summary="changes dependencies", mode=Mode.GROUP),
    "buf mod update": Tool(summary="changes dependencies", mode=Mode.BUILD, options=_BUF),
    "protoc": Tool(summary="writes sources from protocol buffers", mode=Mode.NOTHING),
    "goreleaser": Tool(summary="releases", mode=Mode.GROUP, options={Role.FLAG: "--verbose"}),
    "goreleaser release": Tool(summary="releases", mode=Mode.OUTSIDE, operands=Operands.NONE, options=_RELEASE),
    "goreleaser build": Tool(
        summary="builds a release", mode=Mode.REPOSITORY, operands=Operands.NONE, options=_RELEASE, cores=ALL_CORES
    ),
    "goreleaser check": Tool(summary="checks the settings", mode=Mode.READ, options=_RELEASE),
    "goreleaser healthcheck": Tool(summary="checks the settings", mode=Mode.READ, options=_RELEASE),
}
