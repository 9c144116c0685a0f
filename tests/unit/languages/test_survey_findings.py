"""What looking at other people's repositories by hand has shown; see docs/survey.md."""

from __future__ import annotations

import pytest

from paratask.claims.model import Effect
from paratask.testing import FakeCheckout

HERE = {"scripts/build.sh": "", "web/package.json": "{}"}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("OUT=build; rm -rf $OUT", {"build/**"}),
        ('OUT=build\nrm -rf "$OUT/a" "${OUT}/b"', {"build/a/**", "build/b/**"}),
        ("OUT=build; if true; then OUT=dist; fi; mkdir x", {"x/**"}),
        ("cd web && rm -f $PWD/a", {"web/a/**"}),
        ("A=web; B=$A/dist; cd $B; touch x", {"web/dist/x"}),
        ('rm -rf "$(pwd)/a"', {"a/**"}),
        ('cd "$(dirname web/package.json)"; touch x', {"web/x"}),
        ("rm -rf $(basename a/b)", {"b/**"}),
        ('ROOT=$(cd web/.. >/dev/null 2>&1 && pwd); touch "$ROOT/x"', {"x"}),
        ("X=a; touch ${X:-b} > $X.log", {"a", "a.log"}),
        ("export X=a; touch $X", {"a"}),
        ("X=a; (X=b; touch $X); touch $X", {"a", "b"}),
        ("X=a; X=b | true; touch $X", {"a"}),
    ],
)
def test_variables_that_the_text_sets_are_known(text, written):
    assert FakeCheckout(HERE).writes(text) == written


@pytest.mark.parametrize(
    "text",
    [
        "rm -rf $OUT",
        "OUT=build; if test -f y; then OUT=dist; fi; rm -rf $OUT",
        "OUT=build; [ -f y ] && OUT=dist; rm -rf $OUT",
        "OUT=build; read OUT; rm -rf $OUT",
        "OUT=build; unset OUT; rm -rf $OUT",
        "OUT=build; OUT+=x; rm -rf $OUT",
        "OUT=build; OUT[0]=x; rm -rf $OUT",
        "OUT='a b'; rm -rf $OUT",
        "OUT='*'; rm -rf $OUT",
        "OUT=; rm -rf $OUT/a",
        "for OUT in a b; do rm -rf $OUT; done",
        "OUT=a; for x in 1 2; do rm -rf $OUT; OUT=$x; done",
        "A=a; B=a; C=c; while true; do rm -rf $A; A=$B; B=$C; done",
        "OUT=a; export $X; rm -rf $OUT",
        "OUT=a; printf -v OUT b; rm -rf $OUT",
        "OUT=1; ((OUT++)); rm -rf $OUT",
        "OUT=a; declare -n R=OUT; R=b; rm -rf $OUT",
        "IFS=/; OUT=a/b; rm -rf $OUT",
        "PWD=/x; rm -rf $PWD",
        "SECONDS=0; rm -rf $SECONDS",
        "rm -rf $(cd a; pwd)",
        "rm -rf $(cd a || pwd)",
        "rm -rf $(pwd; echo x)",
        "rm -rf $(dirname $X)",
        'A=a; B=b; rm -rf "$A $B"',
        "OUT=a; echo b | read OUT; rm -rf $OUT",
        "OUT=a; cat list | while read X; do OUT=$X; done; rm -rf $OUT",
    ],
)
def test_variables_that_may_have_another_value_are_not_believed(text):
    assert not FakeCheckout().recognises(text)


@pytest.mark.parametrize(
    "start",
    [
        'cd "$(dirname "$0")/.."\n',
        'cd "$(dirname "${BASH_SOURCE[0]}")"\ncd ..\n',
        'ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"\ncd "$ROOT"\n',
        'SCRIPT_DIR=$( cd -- "$( dirname -- "${BASH_SOURCE[0]}" )" &> /dev/null && pwd )\ncd "${SCRIPT_DIR}/.."\n',
    ],
)
@pytest.mark.parametrize("call", ["./scripts/build.sh", "bash scripts/build.sh", "cd web && ../scripts/build.sh"])
def test_a_script_knows_where_it_lies(start, call):
    checkout = FakeCheckout({**HERE, "scripts/build.sh": f"#!/usr/bin/env bash\nset -euo pipefail\n{start}rm -rf out\n"})
    assert checkout.writes(call) == {"out/**"}


CRATES = {
    "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n',
    "crates/core/Cargo.toml": '[package]\nname = "core"\n',
    "crates/core/src/lib.rs": "",
    "crates/node/Cargo.toml": '[package]\nname = "node"\n[dependencies]\ncore = { path = "../core" }\n',
    "crates/node/package.json": '{"scripts": {"build": "napi build --platform --release"}}',
    "crates/node/src/lib.rs": "",
}


@pytest.mark.parametrize("build", ["napi build", "napi build --platform --release dist", "npm run build"])
def test_what_compiles_for_node_reads_crates_and_writes_their_targets(build):
    checkout = FakeCheckout(CRATES)
    assert checkout.effect(build, "crates/node") is Effect.LOCAL
    assert checkout.may_write(build, "target/release/libnode.so", "crates/node")
    assert checkout.may_write(build, "crates/node/index.node", "crates/node")
    assert checkout.may_read(build, "crates/core/src/lib.rs", "crates/node")
    assert not checkout.may_write(build, "crates/core/src/lib.rs", "crates/node")


def test_upgrading_crates_changes_all_manifests_and_the_lock():
    checkout = FakeCheckout(CRATES)
    for manifest in ("Cargo.toml", "crates/core/Cargo.toml", "crates/node/Cargo.toml", "Cargo.lock"):
        assert checkout.may_write("cargo upgrade --incompatible", manifest)
    assert not checkout.may_write("cargo upgrade --dry-run", "crates/core/Cargo.toml")


@pytest.mark.parametrize(
    ("first", "second"),
    [("tput reset", "tput setaf 6"), ("sleep 1 && clear", "tput bold"), ("tput setaf 1", "tput sgr0"), ("stty -echo", "reset")],
)
def test_what_changes_the_terminal_keeps_its_order(first, second):
    assert FakeCheckout().why_not(first, second) == (
        f"`{first}` needs terminal for itself and `{second}` needs terminal for itself"
    )


def test_asking_the_terminal_changes_nothing():
    assert FakeCheckout().may_run_together("tput cols; stty size", "tput reset")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("shfmt -d scripts", {"scripts/**"}),
        ("yamllint k8s", {"k8s/**", "**/.yamllint*"}),
        ("shellcheck -x -s bash a.sh", {"a.sh/**", "**", "/**"}),
        ("actionlint -color", {"**/.github/**", "**/action.{yml,yaml}"}),
        ("yamlfmt -lint config", {"config/**"}),
        ("addlicense -check -c Me src", {"src/**"}),
        ("yq '.a.b' chart/Chart.yaml", {"chart/Chart.yaml/**"}),
        ("yq e -o json . a.yaml b.yaml", {"a.yaml/**", "b.yaml/**"}),
        ("kubeconform -strict -summary k8s", {"k8s/**"}),
        ("ec docs", {"docs/**", "**/.e{ditorconfig*,crc}"}),
        ("find docs -name '*.md' -exec grep -l x {} +", {"docs/**/*.md"}),
    ],
)
def test_checkers_of_no_language_only_read(text, read):
    checkout = FakeCheckout()
    assert checkout.reads(text) == read
    assert checkout.writes(text) == set()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("shfmt -w scripts", {"scripts/**"}),
        ("yamlfmt config", {"config/**"}),
        ("addlicense -c Me src", {"src/**"}),
        ("yq -i '.a = 1' values.yaml", {"values.yaml/**"}),
        ("mktemp -d", set()),
        (r"find docs -name '*.md' -exec sed -i -e 's/a/b/' {} \;", {"docs/**/*.md"}),
    ],
)
def test_checkers_that_are_told_to_write(text, written):
    assert FakeCheckout().writes(text) == written


@pytest.mark.parametrize(
    "text",
    [
        "shfmt -d $FILES",
        "shfmt --frob a",
        "actionlint -init-config",
        "yq -s .name a.yaml",
        "yq '. * load(\"b.yaml\")' a.yaml",
        "mktemp x.XXX",
        "mktemp -t x",
        "find . -execdir frob {} ;",
        r"find . -exec frob {} \;",
        r"find . -exec cp {} {}.bak \;",
    ],
)
def test_checkers_with_words_that_may_write_elsewhere_are_not_believed(text):
    assert not FakeCheckout().recognises(text)


def test_go_works_in_the_folder_that_comes_first():
    checkout = FakeCheckout({"go.mod": "module a\n", "kit/go.mod": "module b\n", "kit/x.go": "package b\n"})
    assert checkout.writes("go -C kit mod tidy -v") == {"kit/go.mod", "kit/go.sum"}


@pytest.mark.parametrize(
    "named",
    [
        "#cgo LDFLAGS: -L${SRCDIR}/../../target/release -lcore_ffi",
        "// #cgo linux,!musl LDFLAGS: -Wl,-rpath,${SRCDIR}/../../target/release -lcore_ffi",
        "#cgo CFLAGS: -I../../target/release",
        '#include "../../target/release/core.h"',
    ],
)
def test_cgo_reads_what_another_language_built(named):
    source = f'package kit\n/*\n{named}\n*/\nimport "C"\n'
    checkout = FakeCheckout({**CRATES, "packages/go/go.mod": "module kit\n", "packages/go/kit.go": source})
    assert checkout.may_read("go build ./...", "target/release/core.h", "packages/go")
    assert checkout.why_not("cargo build --release", "cd packages/go && go test ./...")


def test_cgo_reads_nothing_beyond_the_system_and_its_module_otherwise():
    source = 'package kit\n// #cgo LDFLAGS: -ldl\n// #include <stdlib.h>\n// #include "own.h"\nimport "C"\n'
    checkout = FakeCheckout({**CRATES, "packages/go/go.mod": "module kit\n", "packages/go/kit.go": source})
    assert checkout.may_run_together("cargo build --release", "cd packages/go && go build ./...")


def test_flags_for_cgo_in_the_environment_name_what_is_read():
    checkout = FakeCheckout({**CRATES, "packages/go/go.mod": "module kit\n", "packages/go/kit.go": "package kit\n"})
    assert checkout.may_read('CGO_LDFLAGS="-L../../target/release -lcore" go build ./...', "target/release/a", "packages/go")
    assert not checkout.recognises('CGO_LDFLAGS="-L$LIB" go build ./...', "packages/go")


MODULES = {"go.mod": "module a\n", "a.go": "package a\n", "b/b.go": "package b\n", "kit/go.mod": "module kit\n"}


@pytest.mark.parametrize(
    "packages",
    [
        "$(go list ./...)",
        "$(go list ./... | grep -v /mocks)",
        "$(go list ./a/... ./b/... | grep -v x | tr '\\n' ' ' || echo 'no packages')",
    ],
)
def test_packages_that_go_lists_are_those_below(packages):
    checkout = FakeCheckout(MODULES)
    assert checkout.writes(f"go test {packages}") == checkout.writes("go test ./...")
    assert checkout.reads(f"PACKAGES={packages}; cd b; go vet $PACKAGES") >= checkout.reads("go vet ./...")


def test_folders_that_go_lists_are_those_below():
    assert FakeCheckout(MODULES).writes("gofmt -w $(go list -f '{{.Dir}}' ./...)") == {"**/*.go"}


@pytest.mark.parametrize(
    "packages",
    [
        "$(go list -m all)",
        "$(go list example.com/...)",
        "$(go list ./... | sed s/a/b/)",
        "$(go list ./... && echo x)",
        "$(go list $X)",
    ],
)
def test_packages_that_only_go_knows_are_not_believed(packages):
    assert not FakeCheckout(MODULES).recognises(f"go test {packages}")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ('log() { echo "$1" >> log.txt; }\nlog a\ntouch b', {"log.txt", "b"}),
        ("f() { cd web; }; f; touch x", {"web/x"}),
        ("f() { cd web; return 0; cd y; }; f; touch x", {"web/x"}),
        ("f() { if a=1; then cd web; return; fi; touch y; }; f; touch x", {"web/x", "y", "x"}),
        ("f() ( cd web; touch y ); f; touch x", {"web/y", "x"}),
        ("f() { touch y; }; touch x", {"x"}),
        ("f() { rm -rf $X; }; X=a; f; X=b; f", {"a/**", "b/**"}),
        ("function f { touch y; }; g() { f; }; g | cat", {"y"}),
        ("f() { local X=b; touch $X; }; X=a; touch $X; f", {"a", "b"}),
        ("f() { touch $X; }; X=a; X=b f", {"b"}),
    ],
)
def test_functions_are_followed_where_they_are_called(text, written):
    assert FakeCheckout(HERE).writes(text) == written


@pytest.mark.parametrize(
    "text",
    [
        "f() { f; }; f",
        "f() { touch $1; }; f a",
        "f() { touch a; }; f() { touch b; }; f",
        "f() { touch a; }; unset -f f; f",
        "if a=1; then f() { touch a; }; fi; f",
        "f() { local X=b; }; X=a; f; touch $X",
        "f() { local X; touch $X; }; X=a; f",
        "f() { touch y; }; X=a; X=b f; touch $X",
        "f() { X=b; }; X=a; for i in 1 2; do touch $X; f; done",
        "f() { cd a; }; for i in 1 2; do f; done",
        "eval() { touch a; }; eval",
        "f() { touch a; }; xargs f",
        "f() { touch a; }; command f",
    ],
)
def test_functions_that_may_do_something_else_are_not_believed(text):
    assert not FakeCheckout(HERE).recognises(text)


def test_go_mod_tidy_that_shows_a_difference_changes_nothing():
    checkout = FakeCheckout(MODULES)
    assert checkout.writes("go mod tidy -diff") == set()
    assert checkout.may_run_together("go mod tidy -diff", "go vet ./...")


def test_where_libraries_are_looked_for_is_read():
    checkout = FakeCheckout({"core/src/a.py": "", "app/pyproject.toml": "[project]\nname='app'\n"})
    assert checkout.may_read("PYTHONPATH=../core/src:/opt/x pytest", "core/src/a.py", "app")
    assert checkout.may_read("export LD_LIBRARY_PATH=$X:y; go vet ./...", "target/release/libcore.so", "app")
    assert not checkout.may_write("LD_LIBRARY_PATH=../target/release go vet ./...", "target/release/libcore.so", "app")
    assert not checkout.may_run_together("ruff format core", "cd app && PYTHONPATH=../core/src pytest")


@pytest.mark.parametrize(
    "text", ['cat "$X"', "head -n $N a", "grep -q x $FILES", 'diff a "$X"', "wc -l < a; jq .a $X", "awk '{print $1}' \"$X\""]
)
def test_readers_of_what_only_the_run_tells_read_anything_and_write_nothing(text):
    checkout = FakeCheckout()
    assert checkout.may_read(text, "any/where")
    assert checkout.writes(text) == set()


@pytest.mark.parametrize("text", ["sort $X", "tree $X", "awk $X", "awk $X a", "sed s/a/b/ $X", "tee $X"])
def test_what_may_write_with_a_word_that_only_the_run_tells_is_not_believed(text):
    assert not FakeCheckout().recognises(text)


WHEELS = {
    **CRATES,
    "crates/py/Cargo.toml": '[package]\nname = "py"\n[dependencies]\ncore = { path = "../core" }\n',
    "packages/python/pyproject.toml": (
        '[build-system]\nbuild-backend = "maturin"\nrequires = ["maturin"]\n'
        '[project]\nname = "kit"\n[tool.maturin]\nmanifest-path = "../../crates/py/Cargo.toml"\n'
    ),
    "packages/odd/pyproject.toml": '[build-system]\nrequires = ["setuptools", "setuptools-rust"]\n[project]\nname = "odd"\n',
}


@pytest.mark.parametrize(
    "build", ["maturin develop --release", "maturin build", "uv sync", "uv pip install -e .", "pip install ."]
)
def test_python_projects_of_rust_compile_their_crate(build):
    checkout = FakeCheckout(WHEELS)
    assert checkout.may_read(build, "crates/core/src/lib.rs", "packages/python")
    assert checkout.may_write(build, "target/release/libpy.so", "packages/python")
    assert checkout.why_not("rustup update", f"cd packages/python && {build}")
    assert checkout.may_write(build, "crates/core/src/lib.rs", "packages/odd") or build.startswith("maturin")
