"""What the Go plugin makes of commands: claims, evidence, effect."""

from __future__ import annotations

import itertools

import pytest

from paratask.claims.conflicts import conflict
from paratask.claims.model import Access, Claims, Effect, Evidence
from paratask.claims.overlap import overlap
from paratask.languages.go import plugin as go
from paratask.testing import FakeCheckout, patterns_of

API, WEB, COMMON = "services/api", "services/web", "libs/common"
IN_API = f"cd {API} && "
SINGLE = {"go.mod": "module example.com/app\n", "main.go": "package main\n", "cmd/api/main.go": "package main\n"}
MODULES = {
    f"{API}/go.mod": "module example.com/api\n\nrequire example.com/common v0.0.0\n\nreplace example.com/common => ../../libs/common\n",
    f"{API}/main.go": "package main\n",
    f"{API}/cmd/api/main.go": "package main\n",
    f"{WEB}/go.mod": "module example.com/web/v2\n",
    f"{WEB}/main.go": "package main\n",
    f"{COMMON}/go.mod": "module example.com/common\n",
    f"{COMMON}/common.go": "package common\n",
}
WORK = {
    **MODULES,
    "go.work": "go 1.22\n\nuse (\n\t./services/api\n\t./services/web\n\t./libs/common\n)\n",
    f"{API}/go.mod": "module example.com/api\n\nrequire example.com/common v0.0.0\n",
}


def checkout(files: dict[str, str] | None = None) -> FakeCheckout:
    return FakeCheckout(MODULES if files is None else files)


def claims_of(text: str, files: dict[str, str] | None = None) -> Claims:
    return checkout(files).claims(text)


def writes(text: str, files: dict[str, str] | None = None) -> set[str]:
    return checkout(files).writes(text)


def reads(text: str, path: str, files: dict[str, str] | None = None) -> bool:
    return any(overlap(pattern, path) for pattern in checkout(files).reads(text))


WRITE_NOTHING = [
    "go build ./...",
    "go build -v -race -trimpath -ldflags '-s -w' -tags netgo ./...",
    "go build --race ./...",
    "go build -o /dev/null ./cmd/api",
    "go vet ./...",
    "go vet -printf=false -composites=false ./...",
    "go list -m all",
    "go list -f '{{.Dir}}' ./...",
    "go mod verify",
    "go mod graph",
    "go mod edit -json",
    "go env GOPATH",
    "go fmt -n ./...",
    "gofmt -l .",
    "gofmt -d -s main.go",
    "goimports -l -local example.com .",
    "gofumpt -l .",
    "gci diff -s standard .",
    "staticcheck ./...",
    "staticcheck -checks=all,-ST1000 ./...",
    "govulncheck ./...",
    "gosec -quiet -exclude=G104 ./...",
    "errcheck -blank ./...",
    "misspell .",
    "go tool cover -func=coverage.out",
    "GOOS=linux GOARCH=arm64 CGO_ENABLED=0 go build ./...",
    "GOFLAGS=-trimpath go vet ./...",
    "sqlc vet",
    "buf lint",
]
LINTING = [
    "golangci-lint run",
    "golangci-lint run ./... --timeout 5m",
    "golangci-lint run --timeout=10m -E gosec -c .golangci.yml",
    "golangci-lint --color always run -v",
    "go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.1.0 run ./...",
    "go tool golangci-lint run",
    "go tool github.com/golangci/golangci-lint/v2/cmd/golangci-lint run",
]
WHOLE_MODULE = [
    "go test ./...",
    "go test -v -race -count=1 -timeout 30s -run 'TestA|TestB' -coverprofile=coverage.out -covermode atomic ./...",
    "go test -bench . -benchmem -run '^$' ./...",
    "go test -test.v -test.run X .",
    "go test ./... -args -verbose",
    "go test -update ./golden/...",
    "gotestsum",
    "gotestsum --format testname --junitfile report.xml -- -race ./...",
    "gotestsum --packages './...' --rerun-fails=2",
    "ginkgo",
    "ginkgo -r --race --cover",
    "ginkgo run -p --procs=4 ./... cmd",
    "gotest -v ./...",
    "richgo test -race ./...",
    "mockery --all --with-expecter",
    "wire ./...",
    "templ generate",
    "swag init -g main.go -o docs",
    "gqlgen generate",
]
OUTSIDE = ["goreleaser release", "goreleaser release --clean", "buf push"]
NOT_RECOGNISED = [
    "go",
    "go unheard-of",
    "go build --unheard-of ./...",
    "go build -nva ./...",
    "go build -ofile ./...",
    "go build $PACKAGES",
    "go build -o $OUT ./cmd/api",
    "go build -toolexec x ./...",
    "go -C $WHERE build",
    "go test ./... -args -dir=../x",
    "go test -coverprofile=$OUT ./...",
    "go test --unheard-of",
    "go run .",
    "go run ./cmd/api serve",
    "go run main.go",
    "go run example.com/api/cmd/api",
    "go run example.com/unheard-of@latest",
    "go run $PROGRAM",
    "go tool pprof cpu.out",
    "go tool unheard-of",
    "go env -w GOFLAGS=-mod=mod",
    "go mod unheard-of",
    "go bug",
    "GOFLAGS=$FLAGS go build ./...",
    "GOFLAGS=-unheard-of go build ./...",
    "GOCACHE=$CACHE go build ./...",
    "GOBIN=$BIN go install ./cmd/api",
    "GOWORK=$WORK go build ./...",
    "gofmt -w $FILES",
    "gofmt -lw .",
    "golangci-lint",
    "golangci-lint run --unheard-of",
    "golangci-lint run --out-format=json:out.json",
    "golangci-lint cache clean",
    "staticcheck --unheard-of ./...",
    "misspell -w .",
    "gotestsum --raw-command -- ./run.sh",
    "gotestsum --post-run-command ./notify",
    "gotestsum -- -unheard-of",
    "ginkgo build ./...",
    "ginkgo watch",
    "ginkgo --after-run-hook ./notify",
    "ginkgo -o x.test",
    "ginkgo -rp",
    "ginkgo -- -kubeconfig=../x",
    "richgo build ./...",
    "gotest -unheard-of ./...",
    "mockgen -destination $OUT example.com/x Y",
    "protoc --go_out=$OUT a.proto",
    "protoc --unheard-of a.proto",
    "protoc @args",
    "sqlc generate",
    "buf generate",
]


@pytest.mark.parametrize("text", WRITE_NOTHING)
def test_compiling_and_looking_write_nothing(text):
    claims = claims_of(IN_API + text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.LOCAL
    assert patterns_of(claims, Access.WRITE, Access.EXCLUSIVE) == set()


@pytest.mark.parametrize("text", LINTING)
def test_golangci_lint_runs_once_at_a_time(text):
    claims = claims_of(IN_API + text)
    assert claims.evidence is Evidence.INFERRED
    assert patterns_of(claims, Access.WRITE) == set()
    assert patterns_of(claims, Access.EXCLUSIVE) == {"golangci-lint"}


@pytest.mark.parametrize("files", [{"pyproject.toml": "", "src/a.py": ""}, {**SINGLE, "src/a.py": ""}])
def test_a_linter_of_another_language_with_the_name_of_one_for_go_is_not_understood(files):
    """`uv run deadcode src/` is a program for Python: it was let run beside what formats the sources it reads."""
    assert claims_of("deadcode src/", files).evidence is Evidence.NONE


def test_a_linter_is_for_go_where_there_is_a_module():
    assert claims_of("deadcode ./...", SINGLE).evidence is Evidence.INFERRED
    assert claims_of("deadcode ./...", {"src/a.py": ""}).evidence is Evidence.NONE


@pytest.mark.parametrize("other", ["golangci-lint fmt --diff", "golangci-lint run"])
def test_golangci_lint_keeps_no_others_out_when_it_formats(other):
    assert patterns_of(claims_of(f"{IN_API}golangci-lint fmt --diff"), Access.WRITE, Access.EXCLUSIVE) == set()
    assert checkout().may_run_together(f"{IN_API}golangci-lint fmt --diff", IN_API + other)
    assert not checkout().may_run_together(f"{IN_API}golangci-lint fmt", IN_API + other)


def test_golangci_lint_prints_reports_that_are_said_to_be_for_its_streams():
    shown = "golangci-lint run --output.text.path=stdout --output.json.path stderr --output.junit-xml.path lint.xml"
    assert writes(IN_API + shown) == {f"{API}/lint.xml"}
    assert writes(f"{IN_API}golangci-lint run --trace-path stdout") == {f"{API}/stdout/**"}


def test_tests_of_a_module_make_no_workspace_above_another():
    files = {**SINGLE, "tools/go.mod": "module tools\n", "tools/x.go": "package tools\n"}
    assert checkout(files).may_run_together("go test ./...", "cd tools && go vet ./...")
    assert not checkout(files).may_run_together("go test ./...", "go work init . ./tools")
    assert not checkout(files).may_run_together("go test ./... -update", "cd tools && go vet ./...")


@pytest.mark.parametrize("linter", ["bin/golangci-lint run", "./.tools/golangci-lint-v2.1.0 run ./...", "bin/gofumpt -l ."])
def test_a_linter_of_the_repository_runs_beside_tests_as_any(linter):
    assert checkout(SINGLE).may_run_together(linter, "go test ./...")
    assert checkout(SINGLE).may_run_together(linter, "gotestsum ./...")
    assert not checkout(SINGLE).may_run_together(linter, f"cp x {linter.split()[0]}")
    assert not checkout(SINGLE).may_run_together("bin/yq . a.yaml", "go test ./...")


def test_golangci_lint_may_be_told_to_run_beside_itself():
    assert patterns_of(claims_of(f"{IN_API}golangci-lint run --allow-parallel-runners"), Access.EXCLUSIVE) == set()


def test_golangci_lint_may_run_beside_itself_where_its_settings_say_so():
    files = {"a/go.mod": "module a\n", "a/a.go": "package a\n", "b/go.mod": "module b\n", "b/b.go": "package b\n"}
    calls = ("cd a && golangci-lint run ./...", "cd b && golangci-lint run")
    assert not FakeCheckout(files).may_run_together(*calls)
    settings = {".golangci.yml": "run:\n  allow-parallel-runners: true\n"}
    assert FakeCheckout({**files, **settings}).may_run_together(*calls)
    off = [f"{text} --allow-parallel-runners=false" for text in calls]
    assert not FakeCheckout({**files, **settings}).may_run_together(*off)


@pytest.mark.parametrize(
    "text",
    [
        "golangci-lint run ./... --output.junit-xml.path x.xml --output.junit-xml.extended --output.text.colors=true",
        "go test ./... -ginkgo.v -ginkgo.focus x -test.paniconexit0",
        "nilaway -include-pkgs=example.com/a -exclude-pkgs=example.com/a/gen ./...",
    ],
)
def test_more_options_of_linters_and_tests(text):
    files = {"go.mod": "module example.com/a\n", "a.go": "package a\n"}
    assert FakeCheckout(files).claims(text).evidence is Evidence.INFERRED


def test_reports_of_ginkgo_lie_where_each_test_runs():
    files = {"go.mod": "module a\n", "a.go": "package a\n"}
    assert FakeCheckout(files).claims("go test ./... -ginkgo.junit-report=../x.xml").evidence is Evidence.NONE


@pytest.mark.parametrize("text", WHOLE_MODULE)
def test_what_runs_code_or_makes_sources_writes_its_module(text):
    claims = claims_of(IN_API + text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.LOCAL
    assert f"{API}/**" in patterns_of(claims, Access.WRITE)
    assert all(pattern.startswith(API) for pattern in patterns_of(claims, Access.WRITE))


@pytest.mark.parametrize("text", OUTSIDE)
def test_effects_that_others_can_see_are_outside(text):
    claims = claims_of(IN_API + text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.OUTSIDE
    assert claims.effect_reason


@pytest.mark.parametrize("text", NOT_RECOGNISED)
def test_what_is_not_understood_claims_everything(text):
    assert claims_of(IN_API + text).evidence is Evidence.NONE


@pytest.mark.parametrize("text", ["go version", "go build -h", "gofmt --help", "protoc --version", "golangci-lint --version"])
def test_asking_for_a_version_reads_and_writes_nothing(text):
    assert patterns_of(claims_of(text), Access.READ, Access.WRITE, Access.EXCLUSIVE) == set()


def test_running_a_program_says_why_it_claims_everything():
    assert claims_of(f"{IN_API}go run ./cmd/api").effect_reason == "`go run ./cmd/api` runs a program of this repository"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("go build", {f"{API}/api", f"{API}/api.exe", f"{API}/example.com", f"{API}/example.com.exe"}),
        ("go build ./cmd/api", {f"{API}/api", f"{API}/api.exe"}),
        ("go build example.com/api/cmd/api", {f"{API}/api", f"{API}/api.exe"}),
        ("go build cmd/api/main.go", {f"{API}/api", f"{API}/api.exe", f"{API}/main", f"{API}/main.exe"}),
        ("go build -o bin/api ./cmd/api", {f"{API}/bin/api"}),
        ("go build -o=../../bin/api ./cmd/api", {"bin/api"}),
        ("go build -o bin/ ./cmd/api", {f"{API}/bin/api", f"{API}/bin/api.exe"}),
        ("go build -o bin ./cmd/...", {f"{API}/bin/**"}),
        ("go build -buildmode=c-shared -o lib/x.so .", {f"{API}/lib/**"}),
        ("go build -mod=mod ./...", {f"{API}/go.{{mod,sum}}"}),
        ("GOFLAGS=-mod=mod go vet ./...", {f"{API}/go.{{mod,sum}}"}),
        ("go test -coverprofile=../../cover.out .", {f"{API}/**", "cover.out/**"}),
        ("go test -c -o ../../x.test .", {f"{API}/**", "x.test"}),
        ("go install ./cmd/api", set()),
        ("GOBIN=/repo/bin go install ./cmd/api", {"bin/api", "bin/api.exe"}),
        ("GOBIN=/repo/bin go install ./...", {"bin/**"}),
        ("GOBIN=/repo/bin go install example.com/x/v2@latest", {"bin/x"}),
        ("GOPATH=/repo/.go go install ./cmd/api", {".go/bin/api", ".go/bin/api.exe"}),
        ("go fmt ./...", {f"{API}/**/*.go"}),
        ("go fmt ./cmd/api", {f"{API}/cmd/api/*.go"}),
        ("go fix ./...", {f"{API}/**/*.go"}),
        ("gofmt -w .", {f"{API}/**/*.go"}),
        ("gofmt -s -w main.go cmd", {f"{API}/main.go", f"{API}/cmd/**/*.go"}),
        ("gofmt --w .", {f"{API}/**/*.go"}),
        ("goimports -w cmd", {f"{API}/cmd/**/*.go"}),
        ("golines -w -m 120 .", {f"{API}/**/*.go"}),
        ("gci write -s standard -s default .", {f"{API}/**/*.go"}),
        ("golangci-lint run --fix", {f"{API}/**/*.go"}),
        ("golangci-lint fmt", {f"{API}/**/*.go"}),
        ("golangci-lint run --output.json.path=lint.json", {f"{API}/lint.json"}),
        ("go mod tidy", {f"{API}/go.mod", f"{API}/go.sum"}),
        ("go mod download", {f"{API}/go.sum"}),
        ("go mod vendor", {f"{API}/vendor/**", f"{API}/go.sum"}),
        ("go mod edit -require=example.com/x@v1.0.0", {f"{API}/go.mod"}),
        ("go mod edit -fmt ../web/go.mod", {f"{WEB}/go.mod/**"}),
        ("cd new && go mod init example.com/new", {f"{API}/new/go.mod"}),
        ("go get -u ./...", {f"{API}/go.mod", f"{API}/go.sum"}),
        ("go clean", {f"{API}/**"}),
        ("go clean -cache", set()),
        ("go tool cover -html=coverage.out -o coverage.html", {f"{API}/coverage.html/**"}),
        ("mockgen example.com/api Store", {f"{API}/gomock_reflect_*/**"}),
        ("mockgen -source=main.go -destination=mocks/main.go", {f"{API}/mocks/main.go/**"}),
        (
            "protoc -Iproto -I ../proto --go_out=gen --go-grpc_out=plugins=grpc:gen2 --go_opt=paths=source_relative proto/a.proto",
            {f"{API}/gen/**", f"{API}/gen2/**"},
        ),
        ("goreleaser release --snapshot --clean", {"**"}),
        ("goreleaser build --snapshot", {"**"}),
        ("go build -C cmd/api -o x .", {f"{API}/cmd/api/x"}),
    ],
)
def test_writes(text, expected):
    assert writes(IN_API + text) == expected


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("go install ./...", {"go-bin"}),
        ("go install example.com/x/...@latest", {"go-bin"}),
        ("go install golang.org/x/tools/cmd/stringer@latest", {"go-bin:stringer"}),
        ("go install example.com/lint/v2@v2.1.0 example.com/x/cmd/y@v1", {"go-bin:lint", "go-bin:y"}),
        ("go clean -cache -testcache", {"go-build-cache"}),
        ("go clean -modcache", {"go-module-cache"}),
    ],
)
def test_what_is_held(text, held):
    claims = claims_of(IN_API + text)
    assert patterns_of(claims, Access.EXCLUSIVE) == held
    assert claims.effect is Effect.LOCAL


def test_a_cache_elsewhere_may_be_shared_but_not_removed():
    texts = [f"cd {folder} && GOCACHE=/repo/.cache go build ./..." for folder in (API, WEB)]
    left, right = (claims_of(text) for text in texts)
    assert not conflict(left, right)
    removed, packed = claims_of("rm -rf .cache"), claims_of("tar czf x.tgz .cache")
    assert conflict(left, removed)
    assert conflict(left, packed), "go fills it while it is packed"
    assert patterns_of(claims_of("GOCACHE=off go vet ./..."), Access.WRITE) == set()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"main.go": "package main\n"}, True),
        ({"main.go": "package main\n", "gen/gen.go": "//go:build ignore\n\npackage main\n"}, True),
        ({"main.go": "package main\n", "gen/gen.go": "// +build ignore\n\npackage main\n"}, True),
        ({"main.go": "package main\n", "gen/.gen.go": "package main\n"}, True),
        ({"main.go": "package main\n", "a/a_test.go": "package a\n"}, True),
        ({"main.go": "package main\n", "a/a.go": "package a\n"}, False),
    ],
)
def test_a_pattern_that_matches_a_single_package_leaves_a_program(files, expected):
    assert ("app" in writes("go build ./...", {"go.mod": "module example.com/app\n", **files})) is expected


def test_a_module_is_made_of_what_replaces_others_in_it():
    assert reads(f"{IN_API}go build ./...", f"{COMMON}/common.go")
    assert not reads(f"{IN_API}go build ./...", f"{WEB}/main.go")
    assert not reads(f"cd {COMMON} && go build ./...", f"{API}/main.go")


def test_a_module_is_made_of_members_of_its_workspace():
    assert reads(f"{IN_API}go build ./...", f"{COMMON}/common.go", WORK)
    assert not reads(f"{IN_API}go build ./...", f"{WEB}/main.go", WORK)
    assert reads(f"{IN_API}go build ./...", f"{WEB}/go.mod", WORK)
    assert not reads(f"{IN_API}GOWORK=off go build ./...", f"{COMMON}/common.go", WORK)


def test_patterns_at_the_root_of_a_workspace_select_its_modules():
    every = {f"{folder}/**/*.go" for folder in (API, WEB, COMMON)}
    assert writes("go fmt ./...", WORK) == {"**/*.go"}
    assert writes("go fmt work", WORK) == every
    assert writes("go fmt example.com/common/...", WORK) == {f"{COMMON}/**/*.go"}
    assert [reads("go vet ./services/...", f"{folder}/x.go", WORK) for folder in (API, WEB)] == [True, True]
    assert not reads(f"go vet ./{WEB}/...", f"{COMMON}/x.go", WORK)
    assert writes("go work sync", WORK) == {
        "go.work",
        "go.work.sum",
        *(f"{folder}/go.{{mod,sum}}" for folder in (API, WEB, COMMON)),
    }
    assert writes("go work use ./x", WORK) == {"go.work"}


@pytest.mark.parametrize("name", ["go.work", f"{API}/go.mod"])
def test_a_file_that_cannot_be_parsed_is_not_guessed_at(name):
    assert claims_of(f"{IN_API}go build ./...", {**WORK, name: "use ("}).evidence is Evidence.NONE


def test_without_a_manifest_the_folder_stands_for_a_module():
    assert writes("cd x && go test ./...", {}) == {"x/**"}


def test_only_what_is_compiled_is_read():
    files = {**SINGLE, "web/package.json": "{}", "tools/go.mod": "module tools\n", "docs/a.md": ""}
    for path, expected in {
        "cmd/api/new.go": True,
        "gen/x.go": True,
        "asm/a.s": True,
        "go.sum": True,
        "docs/a.md": False,
    }.items():
        assert reads("go build ./...", path, files) is expected, path
    assert not reads("go build ./...", "web/dist/app.js", files)
    assert not reads("go build ./...", "web/vendor/x.go", files), "a workspace of another language without Go in it"
    assert not reads("go build ./...", "tools/x.go", files), "a module of its own"
    assert reads("go build ./...", "web/embed.go", {**files, "web/embed.go": "package web\n"})


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("//go:embed web/dist", "web/dist/index.html"),
        ("//go:embed all:web/dist/*.html web/x", "web/dist/a.html"),
        ('//go:embed "with space/a" `b`', "with space/a"),
    ],
)
def test_what_is_embedded_is_read(line, path):
    files = {**SINGLE, "web/package.json": "{}", "assets.go": f"package main\n\n{line}\nvar files embed.FS\n"}
    assert reads("go build ./...", path, files)
    assert not reads("go build ./...", path, {**SINGLE, "web/package.json": "{}"})
    assert not reads("go build ./...", "web/other/x", files)


@pytest.mark.parametrize("line", ['//go:embed "web/dist', "//go:embed ~x/web"])
def test_where_it_is_not_clear_what_is_embedded_all_is_read(line):
    files = {**SINGLE, "web/package.json": "{}", "assets.go": f"package main\n\n{line}\nvar files embed.FS\n"}
    assert reads("go build ./...", "web/dist/index.html", files)


def test_a_module_of_too_many_files_may_read_all_below_it():
    assert reads("go build ./...", "web/x.css", {**SINGLE, "web/package.json": "{}", **{f"{n}.go": "" for n in range(5_001)}})


@pytest.mark.parametrize(
    "manifest",
    "package.json pyproject.toml Cargo.toml composer.json Gemfile pom.xml build.gradle build.gradle.kts".split(),
)
def test_a_workspace_of_another_language_is_no_part_of_a_module(manifest):
    assert not reads("go build ./...", "web/x.go", {**SINGLE, f"web/{manifest}": ""})


def test_a_program_is_stamped_with_the_commit():
    files = {**SINGLE, ".git/HEAD": ""}
    assert reads("go build -o app .", ".git/HEAD", files)
    assert reads("go install .", ".git/HEAD", files)
    assert not reads("go build -buildvcs=false -o app .", ".git/HEAD", files)
    assert not reads("go vet .", ".git/HEAD", files)


def test_cgo_may_read_all_of_its_module():
    text = 'package main\n\nimport "C"\n'
    assert reads("go build ./...", "lib/x.c", {**SINGLE, "c.go": text})
    for folder in ("vendor/y", "a/testdata", "node_modules/y", ".cache"):
        assert not reads("go build ./...", "lib/x.c", {**SINGLE, f"{folder}/c.go": text}), folder
    assert not reads("go build ./...", "lib/x.c", {**SINGLE, "tools/go.mod": "module tools\n", "tools/c.go": text})


@pytest.mark.parametrize(
    "text",
    [
        'import "fmt"\nimport "C" // for the sake of it',
        'import (\n\t"fmt"\n\t"C"\n)',
        'import ("fmt"; "C")',
        'import ("C")',
        'import("C"; "fmt")',
        'import\n"C"',
        "import `C`",
        '// #include <x.h>\nimport "C"\r\n',
        '/* #include <x.h> */ import "C"',
    ],
)
def test_every_way_to_import_c_is_seen(text):
    assert reads("go build ./...", "lib/x.c", {**SINGLE, "c.go": f"package main\n\n{text}\n"})


@pytest.mark.parametrize(
    "text", ['var x = f("C", "b")', 'var x = []string{\n\t"A",\n\t"C",\n}', 'var x = y == "C"', 'type x struct{ C int "C" }']
)
def test_a_text_that_is_a_c_is_no_import(text):
    assert not reads("go build ./...", "lib/x.c", {**SINGLE, "c.go": f"package main\n\n{text}\n"})


ALTERNATE = {**SINGLE, "tools/go.mod": "module tools\n\nrequire example.com/gen v0.0.0\n\nreplace example.com/gen => ./gen\n"}
ALTERNATE["gen/go.mod"], ALTERNATE["gen/x.go"] = "module example.com/gen\n", "package gen\n"


@pytest.mark.parametrize(
    "text",
    [
        "go tool -modfile=tools/go.mod golangci-lint run",
        "go tool -modfile tools/go.mod gofumpt -l .",
        "go run -modfile=tools/go.mod example.com/x/gofumpt -l .",
        "go build -modfile=tools/go.mod ./...",
        "GOFLAGS=-modfile=tools/go.mod go vet ./...",
    ],
)
def test_another_file_for_the_module_is_read_with_what_it_names(text):
    """`go get` in `tools` ran beside the tools whose versions it changes."""
    assert not checkout(ALTERNATE).may_run_together(text, "go -C tools get -u -tool example.com/x")
    assert not checkout(ALTERNATE).may_run_together(text, "touch tools/go.sum")
    assert not checkout(ALTERNATE).may_run_together(text, "touch gen/go.mod")
    assert writes(text, ALTERNATE) <= {"app", "app.exe"}


def test_what_another_file_for_the_module_replaces_is_built():
    assert reads("go build -modfile=tools/go.mod ./...", "gen/x.go", ALTERNATE)
    assert not reads("go build ./...", "gen/x.go", ALTERNATE)
    assert claims_of("go build -modfile=missing.mod ./...", ALTERNATE).evidence is Evidence.NONE
    assert claims_of("go build -modfile=$OTHER ./...", ALTERNATE).evidence is Evidence.NONE


@pytest.mark.parametrize(
    "text", ["go get -modfile=dev.mod x@latest", "go mod tidy -modfile=dev.mod", "go vet -mod=mod -modfile=dev.mod"]
)
def test_another_file_for_the_module_is_changed_in_place_of_its_own(text):
    assert {"dev.mod", "dev.sum"} <= writes(text, {**SINGLE, "dev.mod": "module example.com/app\n"})


GENERATED = "package api\n\n//go:generate mockgen -source=$GOFILE -destination=mocks/mock_${GOFILE} -package=$GOPACKAGE\n"


def test_generating_claims_what_its_commands_do():
    files = {**MODULES, f"{API}/api.go": GENERATED}
    found = writes(f"{IN_API}go generate ./...", files)
    assert found == {f"{API}/mocks/mock_api.go/**", f"{API}/*"}
    assert writes(f"{IN_API}go generate ./cmd/...", files) == set()
    assert writes(f"{IN_API}go generate api.go", files) == found


@pytest.mark.parametrize(
    ("line", "evidence", "effect"),
    [
        ("go run ./gen", Evidence.INFERRED, Effect.LOCAL),
        ("go run ../gen -o x.go", Evidence.INFERRED, Effect.LOCAL),
        ("unheard-of -o=x.go", Evidence.INFERRED, Effect.LOCAL),
        ("go run ../../../web/gen", Evidence.NONE, Effect.OUTSIDE),
        ("unheard-of -o=../../../x", Evidence.NONE, Effect.OUTSIDE),
        ("unheard-of /etc", Evidence.NONE, Effect.OUTSIDE),
        ("unheard-of $HOME", Evidence.NONE, Effect.OUTSIDE),
        ("sh publish.sh", Evidence.NONE, Effect.OUTSIDE),
        ('unheard-of "not closed', Evidence.NONE, Effect.OUTSIDE),
    ],
)
def test_commands_that_are_not_known_stay_in_their_module_or_are_refused(line, evidence, effect):
    files = {**MODULES, f"{API}/sub/a.go": f"package sub\n\n//go:generate {line}\n"}
    claims = claims_of(f"{IN_API}go generate ./...", files)
    assert (claims.evidence, claims.effect) == (evidence, effect)
    assert f"{API}/**" in patterns_of(claims, Access.WRITE) or evidence is Evidence.NONE


def test_a_generator_is_given_what_go_sets():
    text = "package api // the one\n//go:generated stringer\n//go:generate mockgen -source=$GOFILE -destination=${GOPACKAGE}_mock.go\n"
    assert f"{API}/api_mock.go/**" in writes(f"{IN_API}go generate ./...", {**MODULES, f"{API}/a.go": text})


def test_a_command_that_a_file_names_is_replaced():
    text = "package x\n//go:generate -command mock go run go.uber.org/mock/mockgen@latest\n//go:generate mock -destination=../m.go a B\n"
    assert f"{API}/m.go/**" in writes(f"{IN_API}go generate ./...", {**MODULES, f"{API}/x/a.go": text})


def test_generators_write_where_their_files_say():
    files = {
        **MODULES,
        f"{API}/sqlc.yaml": 'version: "2"\nsql:\n  - schema: db/schema.sql\n    queries: [db/q]\n    gen:\n      go: {package: db, out: internal/db}\n',
        f"{API}/buf.gen.yaml": "version: v2\nplugins:\n  - local: protoc-gen-go\n    out: ../../gen/go\n  - remote: x\n    out: gen/web\n",
    }
    assert writes(f"{IN_API}sqlc generate", files) == {f"{API}/internal/db/**"}
    assert reads(f"{IN_API}sqlc generate", f"{API}/db/schema.sql", files)
    assert writes(f"{IN_API}buf generate", files) == {"gen/go/**", f"{API}/gen/web/**"}
    assert writes(f"{IN_API}buf generate -o ../../out/x", files) == {"gen/go/**", "out/x/gen/web/**"}
    assert claims_of(f"{IN_API}sqlc generate -f other.yaml", files).evidence is Evidence.NONE


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("go generate ./...", "go build ./...", True),
        ("go generate ./...", "go vet ./...", True),
        ("gofmt -w .", "go vet ./...", True),
        ("gofmt -w .", "gofmt -l .", True),
        ("gofmt -l .", "go vet ./...", False),
        ("go vet ./...", "golangci-lint run", False),
        ("golangci-lint run", "golangci-lint run", True),
        ("go build -o bin/a ./cmd/api", "go build -o bin/b ./cmd/api", False),
        ("go build -o bin/a ./cmd/api", "go build -o bin/a ./cmd/api", True),
        ("go build -o bin/a ./cmd/api", "go vet ./...", False),
        ("go build ./cmd/api", "go test ./...", True),
        ("go mod tidy", "go build ./...", True),
        ("go install golang.org/x/tools/cmd/stringer@latest", "stringer -type=X .", True),
        ("go clean -cache", "go build ./...", True),
        ("go test ./...", "go test ./...", True),
        ("protoc --go_out=gen a.proto", "go build ./...", True),
        ("go tool cover -html=../../made/c.out -o ../../made/c.html", "gofmt -w .", True),
        ("go tool cover -func=../../made/c.out", "go vet ./...", False),
    ],
)
def test_conflicts_in_one_module(left, right, expected):
    files = {**MODULES, f"{API}/api.go": GENERATED}
    assert checkout(files).may_run_together(IN_API + left, IN_API + right) is not expected


@pytest.mark.parametrize("files", [MODULES, WORK], ids=["modules", "workspace"])
@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ((API, "go test ./..."), (WEB, "go test ./..."), False),
        ((API, "go build ./..."), (WEB, "go mod tidy"), None),
        ((API, "go build ./..."), (COMMON, "go build ./..."), False),
        ((API, "go build ./..."), (COMMON, "go test ./..."), False),
        ((API, "go vet ./..."), (COMMON, "gofmt -w ."), True),
        ((WEB, "go vet ./..."), (COMMON, "gofmt -w ."), False),
        ((API, "golangci-lint run"), (WEB, "golangci-lint run"), True),
    ],
)
def test_conflicts_across_modules(left, right, expected, files):
    together = checkout(files).may_run_together(*(f"cd {folder} && {text}" for folder, text in (left, right)))
    assert together is not (("go.work" in files) if expected is None else expected)


def test_a_workspace_is_made_of_modules_that_are_there():
    place = checkout(MODULES)
    for text in (f"go work init ./{API} ./{WEB}", f"go work use -r {API}"):
        assert not place.may_run_together(f"cp x {API}/go.mod", text)
        assert place.may_run_together(f"cp x {COMMON}/other.txt", text)


def test_a_module_at_the_root_goes_beside_a_workspace_of_another_language():
    files = {**SINGLE, "web/package.json": '{"scripts": {"build": "vite build"}}'}
    web = claims_of("cd web && npm run build", files)
    assert not conflict(claims_of("go build -o bin/app ./cmd/api", files), web)
    assert conflict(claims_of("go test ./...", files), web)
    embedding = {**files, "ui.go": "package main\n//go:embed web/dist\n"}
    assert conflict(claims_of("go build -o bin/app ./cmd/api", embedding), web)


def test_tests_in_a_workspace_write_their_modules_but_not_the_files_that_all_read():
    found = writes("go test ./...", WORK)
    for folder in (API, WEB, COMMON):
        assert any(overlap(pattern, f"{folder}/testdata/x") for pattern in found)
        assert any(overlap(pattern, f"{folder}/gold") for pattern in found)
        assert not any(overlap(pattern, f"{folder}/go.mod") for pattern in found)


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("stack.go", 'lambda.FromAsset(jsii.String("../web"), nil)', True),
        ("in/x_test.go", 'const golden = "../../web/testdata/x.json"', True),
        ("in/x_test.go", 'os.ReadFile(filepath.Join("..", "..", "web", "x"))', True),
        ("in/x_test.go", "os.ReadFile(`../../web/x`)", True),
        ("in/x_test.go", 'filepath.Join(filepath.Dir(file), "..", "..", "web")', True),
        ("x_test.go", 'filepath.Join(\n\troot,\n\t"..",\n\t"web",\n)', True),
        ("in/x_test.go", 'filepath.Join(moduleRoot(), "..", "web")', True),
        ("in/x_test.go", 'cmd.Dir = "../.."', True),
        ("x_test.go", 'os.Chdir("..")', True),
        ("in/deep/x_test.go", 'os.ReadFile("../web/x")', True),
        ("in/deep/x_test.go", 'filepath.Join(root, "..")', True),
        ("in/deep/x_test.go", 'filepath.Join("..", ".")', False),
        ("in/x_test.go", 'filepath.Join("..", "..", "core", "x")', False),
        ("in/x_test.go", 'os.Chdir("..")', False),
        ("in/x_test.go", 'for _, name := range []string{"", "..", "a/../.."} {}', False),
        ("x.go", "// It takes no `..` apart.\n", False),
        ("x.go", 'if strings.HasPrefix(relative, "..") || strings.Contains(clean(name), "../") || name == ".." {}', False),
        ("x.go", "// see ../web", False),
    ],
)
def test_tests_read_what_sources_name_beyond_their_module(path, source, expected):
    """A stack's tests package the server beside it; the server's tests wrote there meanwhile."""
    files = {"core/go.mod": "module x/core\n", f"core/{path}": source, "web/go.mod": "module x/web\n", "web/main.go": ""}
    assert checkout(files).may_run_together("cd core && go test ./...", "cd web && go test ./...") is not expected
    assert checkout(files).may_run_together("cd core && go build ./...", "cd web && go test ./...")


def test_tests_of_a_module_with_too_many_sources_may_read_anything():
    files = {"core/go.mod": "module x/core\n", **{f"core/{number}.go": "" for number in range(5_001)}, "web/go.mod": ""}
    assert not checkout(files).may_run_together("cd core && go test ./...", "cd web && go test ./...")


def test_a_module_around_the_root_taskfile_is_claimed_inside_it_too():
    place = FakeCheckout({"/go.mod": "module example.com/all\n", "main.go": "package main\n"})
    vet, fmt = (place.claims(text) for text in ("go vet ./...", "gofmt -w ."))
    assert "**" in patterns_of(vet, Access.READ)
    assert conflict(vet, fmt)


@pytest.mark.parametrize(
    ("files", "text", "evidence"),
    [
        ({f"{API}/oapi.yaml": "output: gen/api.go\n"}, "oapi-codegen -config oapi.yaml api.yaml", Evidence.INFERRED),
        ({f"{API}/oapi.yaml": "output: ../web/api.go\n"}, "oapi-codegen -config oapi.yaml api.yaml", Evidence.NONE),
        ({}, "oapi-codegen -config oapi.yaml api.yaml", Evidence.NONE),
        ({f"{API}/gqlgen.yml": "exec:\n  filename: ../x.go\n"}, "gqlgen generate", Evidence.NONE),
    ],
)
def test_a_generator_that_is_configured_to_leave_its_folder_is_not_recognised(files, text, evidence):
    assert claims_of(IN_API + text, {**MODULES, **files}).evidence is evidence


def test_checks_of_one_module_run_together():
    texts = ["gofmt -l .", "go vet ./...", "staticcheck ./...", "govulncheck ./...", "golangci-lint run", "go build ./..."]
    place = checkout()
    for left, right in itertools.combinations(texts, 2):
        assert place.why_not(IN_API + left, IN_API + right) is None


@pytest.mark.parametrize(
    ("text", "cpu"),
    [
        ("go build ./...", 2.0),
        ("go build -p 8 ./...", 8.0),
        ("go test -p=1 ./...", 1.0),
        ("gofmt -l .", 1.0),
        ("golangci-lint run -j 4", 4.0),
    ],
)
def test_cpu(text, cpu):
    assert checkout(SINGLE).cpu(text) == cpu


def test_every_subcommand_in_the_table_has_its_group():
    groups = {key.rpartition(" ")[0] for key in go.TOOLS if " " in key}
    assert {group for group in groups if group not in go.TOOLS} == set()


def test_every_claim_says_why():
    for text in (*WRITE_NOTHING, *LINTING, *WHOLE_MODULE, *OUTSIDE):
        assert all(entry.reason and entry.evidence is Evidence.INFERRED for entry in claims_of(IN_API + text).entries)


def test_manifests():
    assert {"go.mod", "go.work"} <= checkout().manifests()


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("go install example.com/a@latest", "go install example.com/b@latest", True),
        ("go install example.com/a@v1", "go install example.com/x/a@v2", False),
        ("go install example.com/a@latest", "go install ./...", False),
        ("GOBIN=/repo/a go install ./cmd/api", "GOBIN=/repo/b go install example.com/b@latest", True),
        ("GOBIN=/repo/a go install example.com/a@latest", "GOBIN=/repo/a go install example.com/b@latest", True),
        ("GOBIN=/repo/a go install ./...", "GOBIN=/repo/a go install example.com/b@latest", False),
        ("GOBIN=/repo/a go install example.com/b@latest", "cat /repo/a/b", False),
        ("GOBIN=/repo/a go install example.com/cmd/golangci-lint@latest", "golangci-lint run", False),
        ("go install example.com/a@latest", "golangci-lint run", True),
        ("go install example.com/cmd/golangci-lint", "golangci-lint run", False),
        ("go install example.com/cmd/golangci-lint/v2", "golangci-lint run", False),
        ("go install example.com/cmd/golangci-lint", "go install example.com/cmd/golangci-lint@latest", False),
        ("GOBIN=/repo/a go install example.com/b", "cat /repo/a/b", False),
        ("go install example.com/cmd/mockgen", "golangci-lint run", True),
        ("go build example.com/b", "cat b", False),
        ("go build -o bin/ example.com/b", "cat bin/b", False),
        ("go install ./...", "golangci-lint run", False),
        ("go install example.com/cmd/shfmt@latest", "shfmt -d .", False),
        ("go install example.com/cmd/protoc-gen-go@latest", "protoc --go_out=gen x.proto", False),
        ("go install example.com/cmd/protoc-gen-go-grpc@latest", "protoc --go_out=gen x.proto", True),
        ("go install example.com/cmd/protoc-gen-go@latest", "buf generate", False),
        ("go install example.com/cmd/protoc-gen-es@latest", "buf generate", False),
        ("go install example.com/cmd/stringer@latest", "go generate ./gen", False),
        ("go install example.com/a@latest", "go generate ./gen", True),
        ("go install example.com/a@latest", "go generate ./scripts", False),
        ("go install example.com/a@latest", "goreleaser build --snapshot", False),
        ("go install example.com/a@latest", "goreleaser check", True),
        ("go install example.com/a@latest", "goreleaser healthcheck", False),
    ],
)
def test_who_starts_a_program_waits_for_who_installs_it_and_for_no_other(first, second, together):
    files = {
        **SINGLE,
        "gen/gen.go": "package gen\n\n//go:generate stringer -type=X\n",
        "scripts/gen.go": "package scripts\n\n//go:generate ./gen.sh\n",
        "buf.gen.yaml": "version: v2\nplugins:\n  - local: protoc-gen-go\n    out: gen\n  - plugin: es\n    out: gen\n",
    }
    place = FakeCheckout(files)
    for texts in ((first, second), (second, first)):
        assert place.may_run_together(*texts) is together, place.why_not(*texts)


def test_protoc_looks_for_imports_where_it_runs_unless_told_where():
    place = FakeCheckout({"api/go.mod": "module x\n"})
    assert not place.may_run_together("cd api && protoc --go_out=../gen x.proto", "cp y.proto api/common/y.proto")
    assert place.may_run_together("cd api && protoc -I proto --go_out=../gen proto/x.proto", "cp y.proto api/common/y.proto")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (".golangci.yml", "version: '2'\noutput:\n  formats:\n    text: {path: stdout}\n    json: {path: ../out/lint.json}\n"),
        (".golangci.yaml", "output:\n  formats:\n    - {format: json, path: ../out/lint.json}\n"),
        (".golangci.toml", "[[output.formats]]\nformat = 'json'\npath = '../out/lint.json'\n"),
    ],
)
def test_golangci_lint_writes_the_reports_that_its_settings_name(name, text):
    place = FakeCheckout({"a/go.mod": "module a\n", f"a/{name}": text, "b/go.mod": "module b\n"})
    assert not place.may_run_together("cd a && golangci-lint run --allow-parallel-runners", "cat out/lint.json")
    assert place.writes("golangci-lint run --no-config", "a") == place.writes("golangci-lint run", "b") == set()


@pytest.mark.parametrize(
    "generates",
    [
        "protoc --plugin=protoc-gen-x=../bin/x --x_out=gen -I. x.proto",
        "protoc --plugin=../bin/x --x_out=gen -I. x.proto",
        "buf generate",
    ],
)
def test_a_plugin_of_protoc_that_is_built_here_is_read(generates):
    template = "version: v2\nplugins:\n  - local: ../bin/x\n    out: gen\n"
    place = FakeCheckout({"api/buf.gen.yaml": template, "gen/go.mod": "module g\n", "gen/main.go": "package main\n"})
    assert not place.may_run_together("cd gen && go build -o ../bin/x .", f"cd api && {generates}")


WORKSPACE = {
    "buf.yaml": "version: v2\nmodules:\n  - path: proto\n  - path: vendor/p\n",
    "buf.gen.yaml": "version: v2\nplugins:\n  - remote: x\n    out: gen\n",
    "proto/a.proto": "",
    "vendor/p/b.proto": "",
}


@pytest.mark.parametrize(
    "text",
    [
        "buf generate proto",
        "buf lint proto",
        "buf lint proto/a.proto",
        "buf build proto -o image.bin",
        "buf breaking proto --against '.git#branch=main'",
        "cd proto && buf lint",
        "cd proto && buf generate --template ../buf.gen.yaml -o ..",
    ],
)
def test_buf_reads_all_modules_of_the_workspace_that_it_works_in(text):
    assert not FakeCheckout(WORKSPACE).may_run_together("cp x.proto vendor/p/b.proto", text)
    assert FakeCheckout(WORKSPACE).may_run_together("cp x vendor/p/b.txt", text)


def test_buf_reads_what_it_compares_with():
    place = FakeCheckout(WORKSPACE)
    assert not place.may_run_together("buf build vendor/p -o old/image.bin", "buf breaking proto --against old/image.bin")
    assert not place.recognises("buf breaking proto --against $OLD")


@pytest.mark.parametrize("check", ["diff", "vet", "compile"])
def test_who_checks_queries_reads_what_the_configuration_names(check):
    settings = "version: '2'\nsql:\n  - {schema: ../db/schema, queries: q, engine: postgresql, gen: {go: {out: ../gen}}}\n"
    place = FakeCheckout({"api/go.mod": "module x\n", "api/sqlc.yaml": settings})
    assert not place.may_run_together("cp x.sql db/schema/1.sql", f"cd api && sqlc {check}")
    assert not place.may_run_together("rm -rf gen", f"cd api && sqlc {check}")
    assert place.writes(f"cd api && sqlc {check}") == set()
