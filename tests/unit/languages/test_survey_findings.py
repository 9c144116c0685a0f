"""What looking at other people's repositories by hand has shown; see docs/survey.md."""

from __future__ import annotations

import pytest

from paratask.claims.model import Effect
from paratask.claims.overlap import overlap
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
        "OUT='a b'; rm -rf \"$OUT\"",
        "OUT='a b'; rm -rf x$OUT",
        "OUT='a *'; rm -rf $OUT",
        "OUT='a b'; IFS=,; rm -rf $OUT",
        "OUT='a b'; OUT+=' c'; rm -rf $OUT",
        "OUT='*'; rm -rf $OUT",
        "OUT=; rm -rf $OUT/a",
        "for OUT in $LIST; do rm -rf $OUT; done",
        "OUT=a; for x in 1 $N; do rm -rf $OUT; OUT=$x; done",
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
        "rm -rf $(cd a & pwd)",
        "rm -rf $(cd .; cd a; pwd)",
        "rm -rf $(cd ..; (cd a); pwd)",
        "rm -rf $(cd ..; pwd; pwd)",
        "export CDPATH=/x; rm -rf $(cd a && pwd)",
        "rm -rf $(CDPATH=/x cd a && pwd)",
        "CDPATH=/x; rm -rf $(cd a && pwd)",
        "export CDPATH=/x; cd a; rm -rf b",
        "CDPATH=$X; cd a; rm -rf b",
        'rm -rf $(CDPATH="$X" cd a && pwd)',
        "rm -rf $(A= cd a && pwd)",
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
        'unset CDPATH\ncd "$(dirname "$0")/.."\n',
        'export CDPATH=\nROOT="$(cd "$(dirname "$0")/.." && pwd)"\ncd "$ROOT"\n',
        'ROOT=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd -P)\ncd "$ROOT"\n',
        'ROOT=$(CDPATH=\'\' cd -- "$(dirname -- "$0")" && cd .. && pwd)\ncd "$ROOT"\n',
        'ROOT=$( cd "$( dirname "${BASH_SOURCE[0]}" )"; cd .. && pwd )\ncd "$ROOT"\n',
        'ROOT="$(\n  cd "$(dirname "$0")" >/dev/null 2>&1  # here\n  cd ..\n  pwd -P\n)"\ncd "$ROOT"\n',
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
        ("shfmt -d scripts", {"scripts/**", ".editorconfig"}),
        ("yamllint k8s", {"k8s/**", "**/.yamllint{,.yaml,.yml}"}),
        ("shellcheck -x -s bash a.sh", {"a.sh/**", "**", "/**", "{.shellcheckrc,shellcheckrc}"}),
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
        ("lychee docs", {".lycheecache"}),
        ("lipo -create -output bin/x bin/x-amd64 bin/x-arm64", {"bin/x"}),
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
        "markdown-link-check --frob README.md",
        "lychee --dump-inputs docs",
        "lipo -frob a",
        'mktemp "$X"',
        'mktemp -p "$X" x.XXX',
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
        ("f() { touch $1; }; f a", {"a"}),
    ],
)
def test_functions_are_followed_where_they_are_called(text, written):
    assert FakeCheckout(HERE).writes(text) == written


@pytest.mark.parametrize(
    "text",
    [
        "f() { f; }; f",
        "f() { touch $1; }; f $A",
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


@pytest.mark.parametrize("text", ["lychee --offline docs", "markdown-link-check -q README.md"])
def test_link_checkers_follow_links_out_of_what_they_are_given(text):
    assert FakeCheckout().reads(text) >= {"**", "/**"}


@pytest.mark.parametrize(
    "text",
    ["task --list", "task -l", "task --list-all --sort=none", "task --version", "task --silent -a", "task --summary gen"],
)
def test_task_that_only_says_what_there_is_reads_taskfiles(text):
    checkout = FakeCheckout({"Taskfile.yml": "version: '3'"})
    assert checkout.writes(text) == set()
    assert checkout.may_read(text, "sub/Taskfile.yml")
    assert "**" not in checkout.reads(text)


def test_task_reads_anywhere_where_taskfiles_may_include_others():
    assert "**" in FakeCheckout({"Taskfile.yml": "includes: {a: ./x.yml}"}).reads("task --list")
    assert "**" in FakeCheckout({"Taskfile.yml": ""}).reads("cd sub && task --list")


@pytest.mark.parametrize(
    "text", ["task", "task build", "task --list --json", "task --list build", "task -d x --list", "task --summary $X"]
)
def test_task_that_may_run_something_is_not_believed(text):
    assert not FakeCheckout({"Taskfile.yml": ""}).recognises(text)


@pytest.mark.parametrize("text", ["awk 'NR>1 {print $1}' a", "awk '$3>80' a", "awk '/{/ > x' a"])
def test_awk_compares_before_its_first_action(text):
    assert FakeCheckout().reads(text) == {"a"}


@pytest.mark.parametrize("text", ["awk '{print > \"b\"}' a", 'awk \'/}/{print "}" > "b"}\' a', "awk 'NR>1{print>\"b\"}' a"])
def test_awk_that_may_print_to_a_file_is_not_believed(text):
    assert not FakeCheckout().recognises(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("source lib.sh; rm -rf $OUT", {"build/**"}),
        (". ./lib.sh && rm -rf $OUT", {"build/**"}),
        ("OUT=dist; source lib.sh; touch $OUT", {"build"}),
        ("source tools/functions.sh; clear_all", {"build/**"}),
        ("source tools/here.sh; touch $HERE/x", {"tools/x"}),
        ("source tools/here.sh; source tools/functions.sh; clear_all", {"build/**"}),
        ("source tools/returns.sh; touch b", {"a", "b"}),
        ("(source lib.sh; touch $OUT)", {"build"}),
        ("bash tools/main.sh", {"build/**", "tools/x"}),
    ],
)
def test_files_that_are_sourced_are_followed(text, written):
    checkout = FakeCheckout(SOURCED)
    assert checkout.writes(text) == written
    assert any(checkout.may_read(text, path) for path in SOURCED)


SOURCED = {
    "lib.sh": "OUT=build",
    "tools/functions.sh": "clear_all() {\n  rm -rf build\n}\n",
    "tools/here.sh": 'HERE="$(dirname "${BASH_SOURCE[0]}")"',
    "tools/returns.sh": "touch a\nreturn 0\ntouch c\n",
    "tools/main.sh": "#!/bin/bash\nsource tools/functions.sh\nclear_all\ntouch $(dirname $0)/x\n",
    "tools/self.sh": 'self() {\n  touch "$(dirname "${BASH_SOURCE[0]}")/x"\n}\n',
    "tools/unnoticed.sh": "printf -v OUT x",
    "loop.sh": "source loop.sh",
    "bad.sh": "if",
}


@pytest.mark.parametrize(
    "text",
    [
        "source not-there.sh",
        "source $X",
        "source bad.sh",
        "source loop.sh",
        "test -f lib.sh && cd a; source lib.sh",
        "for i in 1 2; do touch $OUT; source lib.sh; done",
        "f() { source lib.sh; }; f",
        '[ -n "$CI" ] && source tools/functions.sh; clear_all',
        'if [ -n "$CI" ]; then source tools/functions.sh; fi; clear_all',
        "source tools/self.sh; self",
        "source tools/functions.sh & clear_all",
        "source tools/functions.sh | cat; clear_all",
        "OUT=a; source tools/unnoticed.sh; rm -rf $OUT",
        "OUT=a; [ -f x ] && source lib.sh; rm -rf $OUT",
    ],
)
def test_files_that_may_not_be_sourced_so_are_not_believed(text):
    assert not FakeCheckout(SOURCED).recognises(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("trap 'rm -rf build' EXIT; touch a", {"build/**", "a"}),
        ("trap 'rm -rf build' EXIT; cd web; touch a", {"build/**", "web/build/**", "web/a"}),
        ("OUT=a; trap 'rm -rf $OUT' EXIT INT", {"a/**"}),
        ('OUT=a; trap "rm -rf $OUT" EXIT; OUT=b', {"a/**"}),
        ("trap clean EXIT\nclean() {\n  rm -rf build\n}\n", {"build/**"}),
        ("trap - EXIT; trap '' INT; trap INT; trap; touch a", {"a"}),
        ("(trap 'rm -rf x' EXIT; touch a)", {"x/**", "a"}),
        ("trap 'trap - INT; touch b' INT; touch a", {"a", "b"}),
    ],
)
def test_what_a_trap_runs_counts_wherever_the_text_has_been(text, written):
    assert FakeCheckout(HERE).writes(text) == written


@pytest.mark.parametrize(
    "text",
    [
        "trap $X EXIT",
        "trap 'frob it' EXIT",
        "OUT=a; trap 'rm -rf $OUT' EXIT; OUT=b",
        "OUT=a; trap 'rm -rf $OUT' EXIT; read OUT",
        "OUT=a; trap 'rm -rf $OUT' EXIT; for OUT in b c; do x; done",
        "OUT=a; trap 'rm -rf $OUT' EXIT; unset OUT",
        "OUT=a; trap 'rm -rf ${OUT}' EXIT; exec {OUT}>x",
        "OUT=a; trap 'rm -rf $OUT' EXIT; : ${OUT:=b}",
        "OUT=a; trap 'rm -rf $OUT' EXIT; ((OUT++))",
        "f() { trap 'rm -rf $OUT' EXIT; }; OUT=a f",
        "trap 'eval x' EXIT",
        "trap 'cd $X' EXIT",
    ],
)
def test_traps_that_only_the_run_tells_are_not_believed(text):
    assert not FakeCheckout(HERE).recognises(text)


def test_a_temporary_folder_is_nobody_elses():
    text = 'tmp="$(mktemp -d)"; trap \'rm -rf "$tmp"\' EXIT; cp a.txt "$tmp/b"'
    written, others = (FakeCheckout(HERE).writes(f"{text}; true {word}") for word in ("x", "y"))
    assert written
    assert all(pattern.startswith("/tmp/tmp.") for pattern in written)
    assert not written & others


@pytest.mark.parametrize("text", ["TMPDIR=web; rm -rf $(mktemp -d)", "rm -rf $(mktemp -p web)", "rm -rf $(mktemp web/XXX)"])
def test_a_temporary_folder_elsewhere_is_not_known(text):
    assert not FakeCheckout(HERE).recognises(text)


@pytest.mark.parametrize(
    ("text", "files", "written"),
    [
        ("codespell src", {"setup.cfg": "[codespell]\nskip = x\n", "pyproject.toml": ""}, set()),
        ("codespell -w src", {"pyproject.toml": ""}, {"src/**"}),
        ("codespell src", {".codespellrc": "[codespell]\nwrite-changes =\n", "pyproject.toml": ""}, {"**", "src/**"}),
        ("codespell --toml x.toml", {"x.toml": "[tool.codespell]\nwrite-changes = true\n"}, {"**"}),
        ("prek run --all-files", {}, {"**"}),
        ("prek install", {}, {".git/hooks/**"}),
        ("prek autoupdate", {}, {"**"}),
        ("pre-commit install-hooks", {}, set()),
        ("oxlint .", {"package.json": "{}"}, set()),
        ("cd web && oxlint --fix src", {"web/package.json": "{}"}, {"web/src/**"}),
        ("oxfmt --check .", {"package.json": "{}"}, set()),
        ("cd web && oxfmt", {"web/package.json": "{}"}, {"web/**"}),
        ("cd web && ncu -u", {"web/package.json": "{}"}, {"web/**"}),
        ("npm pkg get name", {"package.json": "{}"}, set()),
        ("cd web && npm pkg set a=b", {"web/package.json": "{}"}, {"web/**"}),
        ("modernize ./...", {"go.mod": "module a"}, set()),
        ("cd kit && modernize -fix -test ./...", {"kit/go.mod": "module a"}, {"kit/**/*.go"}),
        ("df -h", {}, set()),
    ],
)
def test_tools_that_many_taskfiles_call(text, files, written):
    checkout = FakeCheckout(files)
    assert checkout.recognises(text)
    assert checkout.writes(text) == written


@pytest.mark.parametrize(
    "text",
    ["ncu --deep -u", "ncu --doctor -u", "oxlint --init", "oxfmt --init", "prek frob", "npm pkg frob", "modernize -frob ./..."],
)
def test_options_of_those_tools_that_are_not_known_are_not_believed(text):
    assert not FakeCheckout({"package.json": "{}", "go.mod": "module a"}).recognises(text)


@pytest.mark.parametrize(
    ("manifest", "command"),
    [
        ("package.json", "npm install"),
        ("package.json", "npm ci"),
        ("package.json", "yarn"),
        ("package.json", "pnpm install"),
        ("package.json", "bun install"),
        ("pyproject.toml", "uv sync"),
        ("pyproject.toml", "uv lock"),
        ("pyproject.toml", "poetry install"),
        ("pyproject.toml", "pdm install"),
        ("Gemfile", "bundle install"),
        ("go.mod", "go mod download"),
        ("Cargo.toml", "cargo fetch"),
    ],
)
def test_who_installs_what_a_step_before_has_yet_to_write_waits_for_it(manifest, command):
    """A generated client, or a copy of a template: without its manifest, the project above would be installed instead."""
    place = FakeCheckout({manifest: "", f"templates/{manifest}": "", "clients/web/readme.txt": ""})
    install = f"cd clients/web && {command}"
    assert place.recognises(install)
    for made in (f"cp templates/{manifest} clients/web/{manifest}", "cp -r templates/. clients/web", "rm -rf clients"):
        assert not place.may_run_together(made, install)
    if manifest in ("package.json", "pyproject.toml"):
        assert not place.may_run_together(install, "cat clients/web/node_modules/x clients/web/.venv/x")
    assert place.may_run_together("touch notes.txt", install)
    there = FakeCheckout({manifest: "", f"clients/web/{manifest}": "", "clients/app/readme.txt": ""})
    assert there.may_run_together(install, "touch clients/app/x")


@pytest.mark.parametrize(
    "text",
    [
        "OUT='a b'; rm -rf $OUT",
        'OUT="a  b "; rm -rf ${OUT}',
        'X="-r a"; OUT="$X b"; rm $OUT',
        "OUT='a b'; C=$OUT; rm -rf $C",
        "X='rm -rf a'; $X b",
        "export OUT='a b'; for x in $OUT; do rm -rf $x; done",
        "OUT='a b'; if [ -e z ]; then rm -rf $OUT; fi",
    ],
)
def test_a_variable_by_itself_is_split_into_its_words(text):
    place = FakeCheckout()
    assert place.recognises(text)
    assert place.may_write(text, "a")
    assert place.may_write(text, "b")
    assert not place.may_write(text, "c")


@pytest.mark.parametrize(
    "text",
    ["pnpm sst deploy", "yarn tsx ../x.ts", "yarn run frob --out ../b", "bun run sst deploy", "bun frob x"],
)
def test_what_is_no_script_is_a_program_that_nobody_knows(text):
    files = {"package.json": '{"scripts": {"sst": "true"}}', "web/package.json": "{}"}
    assert not FakeCheckout(files).recognises(f"cd web && {text}")


@pytest.mark.parametrize(
    "text", ["npm run sst -- deploy", "pnpm run frob x", "pnpm test x", "yarn eslint src", "pnpm tsc --noEmit"]
)
def test_what_is_no_script_is_no_program_for_all_managers(text):
    """npm, and pnpm where `run` is said, fail. What is a tool that is known is that."""
    assert FakeCheckout({"package.json": "{}"}).recognises(text)


RUST_IN_PYTHON = {
    "pyproject.toml": '[tool.uv.workspace]\nmembers = ["core", "app"]\n',
    "core/pyproject.toml": '[project]\nname = "core"\n[build-system]\nbuild-backend = "maturin"\nrequires = ["maturin"]\n',
    "core/Cargo.toml": '[package]\nname = "core"\n',
    "core/src/lib.rs": "",
    "app/pyproject.toml": '[project]\nname = "app"\n',
}
KEYS = '[tool.uv]\ncache-keys = [{ file = "pyproject.toml" }, { file = "src/**/*.rs" }, { file = "../shared/**/*.rs" }]\n'


@pytest.mark.parametrize(
    ("other", "together"),
    [
        ("cd core && cargo fmt", False),
        ("cargo clean --manifest-path core/Cargo.toml", False),
        ("cd core && touch src/lib.rs", False),
        ("touch shared/a/b.rs", False),
        ("touch app/pyproject.toml", False),
        ("touch app/main.py", True),
        ("uv run ruff check app", True),
    ],
)
def test_uv_run_may_build_anew_what_it_runs_with(other, together):
    """As `uv init --build-backend maturin` writes it: a source that has changed is compiled before anything is run."""
    keyed = FakeCheckout({**RUST_IN_PYTHON, "core/pyproject.toml": RUST_IN_PYTHON["core/pyproject.toml"] + KEYS})
    assert keyed.may_run_together("uv run ruff check docs", other) is together
    assert keyed.may_run_together("uv run --no-sync ruff check docs", other)
    assert FakeCheckout(RUST_IN_PYTHON).may_run_together("uv run ruff check docs", other) is ("pyproject" not in other)
    assert keyed.may_run_together("cd app && uv run ruff check docs", other) is ("pyproject" not in other)
    assert keyed.may_run_together("cd app && uv run --all-packages ruff check docs", other) is together


@pytest.mark.parametrize("start", ["", "packages/"])
def test_manifests_of_many_members_are_one_claim(start):
    """Each call in a workspace had a claim for each of its members."""
    members = [f"{start}p{number}" for number in range(6)]
    manifest = f"[project]\nname = 'all'\n[tool.uv.workspace]\nmembers = {[*members, 'other', 'linked']}\n"
    names = {f"{name}/pyproject.toml": "[project]\nname = 'x'\n" for name in (*members, "other", "far/away")}
    place = FakeCheckout({"pyproject.toml": manifest, **names}, links={f"{start}linked": "far/away", "linked": "far/away"})
    read = {
        pattern.partition("{")[0] for pattern in place.reads("uv run ruff check docs") if "{pyproject.toml,setup" in pattern
    }
    assert {f"{start}*/", "far/away/"} <= read
    assert not any(pattern.startswith(f"{start}p") for pattern in read)
    for written in (f"{start}p5/setup.py", "other/pyproject.toml", "linked/setup.cfg", "far/away/setup.cfg"):
        assert not place.may_run_together("uv run ruff check docs", f"touch {written}")
    assert place.may_run_together("uv run ruff check docs", f"touch {start}p5/main.cfg")


@pytest.mark.parametrize(
    "text",
    [
        "cd .. && ln -s origin/tool-versions .tool-versions",
        "echo 3.12 > .python-version",
        "cp a/mise.toml b/mise.toml",
        "cp a/mise.toml mise.local.toml",
        "rm -f .nvmrc",
        "mv x .terraform-version",
    ],
)
def test_who_says_which_programs_are_started_keeps_its_place(text):
    """asdf, mise, pyenv and tfenv start another python, or another terraform, as soon as the file is there."""
    place = FakeCheckout({"a/mise.toml": "", "pyproject.toml": ""})
    assert not place.recognises(text)
    assert "says which programs are started" in place.claims(text).effect_reason


@pytest.mark.parametrize(
    "text", ["cat .tool-versions", "rm -rf a", "cp x y.python-version", "uv run pytest", "test -L ../.tool-versions"]
)
def test_who_only_looks_at_it_does_not(text):
    assert FakeCheckout({"a/mise.toml": "", "pyproject.toml": ""}).recognises(text)


@pytest.mark.parametrize("maker", ["uv sync", "python -m venv .venv", "rm -rf .venv", ".venv/bin/pip install x"])
@pytest.mark.parametrize(
    "program", [".venv/bin/ruff check a", ".venv/bin/python -m black --check a", "./.venv/bin/shfmt -d a.sh"]
)
def test_a_program_that_is_started_by_its_path_is_read(maker, program):
    """It ran while its environment was being filled, or removed."""
    place = FakeCheckout({"pyproject.toml": "[project]\nname = 'a'\n", "a/x.py": ""})
    assert not place.may_run_together(maker, program)
    assert not place.may_run_together(maker, f"cd a && ../{program.removeprefix('./')}")
    assert place.may_run_together("rm -rf build", program)


PROGRAMS_OF_PACKAGES = {
    "package.json": '{"scripts": {"sh": "shfmt -d a.sh", "both": "concurrently \'shfmt -d a.sh\'"}, "devDependencies": {"shfmt": "1"}}',
    "web/package.json": "{}",
    "pnpm-lock.yaml": "",
}


@pytest.mark.parametrize(
    "text",
    [
        "npx shfmt -d a.sh",
        "pnpm exec shfmt -d a.sh",
        "pnpm shfmt -d a.sh",
        "cd web && npx shfmt -d ../a.sh",
        "npm run sh",
        "npm run both",
        "npx concurrently 'shfmt -d a.sh'",
        "node_modules/.bin/shfmt -d a.sh",
    ],
)
def test_who_starts_programs_of_packages_comes_after_who_installs_them(text):
    place = FakeCheckout(PROGRAMS_OF_PACKAGES)
    for installer in ("npm ci", "pnpm install", "rm -rf node_modules"):
        assert not place.may_run_together(installer, text), installer
    assert place.may_run_together("npx --no-install eslint web", text)


@pytest.mark.parametrize("text", ["pnpm shfmt -d a.sh", "yarn shfmt -d a.sh", "bun run shfmt -d a.sh"])
def test_what_is_no_script_is_any_program_that_is_known(text):
    files = {"package.json": '{"devDependencies": {"shfmt": "1"}}'}
    assert FakeCheckout(files).recognises(text)
    assert FakeCheckout(files).reads(text) >= {"a.sh/**"}
    assert not FakeCheckout(files).recognises("pnpm unheard-of -d a.sh")


LISTS = {"go.mod": "module a\n", "pyproject.toml": ""}


@pytest.mark.parametrize(
    "text",
    [
        'export PKG_CONFIG_PATH="$(pwd)/ffi:${PKG_CONFIG_PATH:-}" && go vet ./...',
        "PKG_CONFIG_PATH=ffi:$PKG_CONFIG_PATH go vet ./...",
        "LD_LIBRARY_PATH=ffi${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} go vet ./...",
        'export LIBRARY_PATH="$LIBRARY_PATH:$PWD/ffi"; export LIBRARY_PATH=/usr/lib:$LIBRARY_PATH; go vet ./...',
    ],
)
def test_folders_that_are_added_to_a_list_are_all_that_is_looked_in(text):
    assert not FakeCheckout(LISTS).may_run_together(text, "touch ffi/x.pc")
    assert FakeCheckout(LISTS).may_run_together(text, "touch docs/x")


@pytest.mark.parametrize(
    "text",
    [
        *('export PATH="$PWD/bin:$PATH"; ruff check .', "PATH=bin:$PATH ruff check .", "PATH=$PATH:bin ruff check ."),
        *(
            'PATH="$PWD/bin:$PATH"\nruff check .',
            'if [ -d bin ]; then PATH="$PWD/bin:$PATH"; fi; ruff check .',
            "[ -d bin ] && export PATH=bin:$PATH; ruff check .",
            "while [ -d x ]; do PATH=bin:$PATH; done; ruff check .",
            "readonly PATH=bin:$PATH; ruff check .",
            "PATH=a:$PATH; PATH=bin:$PATH; (ruff check .)",
        ),
    ],
)
def test_programs_are_looked_for_where_a_text_adds_to_the_path(text):
    assert not FakeCheckout(LISTS).may_run_together("cp tools/ruff bin/ruff", text)
    assert FakeCheckout(LISTS).may_run_together("cp tools/mypy bin/mypy", text)
    assert "ruff" not in FakeCheckout(LISTS).reads(text)


@pytest.mark.parametrize(
    "text",
    [
        "export PATH=bin:$PATH; rm -rf $PATH",
        "LD_LIBRARY_PATH=a:$LD_LIBRARY_PATH; rm -rf $LD_LIBRARY_PATH",
        "PATH=bin:; rm -rf $PATH",
    ],
)
def test_a_list_that_goes_on_is_no_word_of_a_command(text):
    assert not FakeCheckout().recognises(text)


@pytest.mark.parametrize("value", ["$PYTHONPATH/x", "a$PYTHONPATH:b", "a:$OTHER", "$PYTHONPATH:$OTHER"])
def test_lists_of_which_a_part_is_not_known_may_lead_anywhere(value):
    place = FakeCheckout(LISTS)
    assert not place.may_run_together(f"export PYTHONPATH={value}; mypy packages", "touch docs/x")


@pytest.mark.parametrize(
    "listing", [{"buf.yaml": "version: v2\nmodules:\n  - path: api\n"}, {"buf.work.yaml": "version: v1\ndirectories: [api]\n"}]
)
def test_changing_the_dependencies_of_buf_writes_its_lock_and_nothing_else(listing):
    place = FakeCheckout({"go.mod": "module a", "api/buf.yaml": "", "web/package.json": "{}", **listing})
    assert place.writes("buf dep update") == {"buf.lock"}
    assert place.writes("cd api && buf mod update") == {"api/buf.lock", "buf.lock"}
    assert place.writes("buf dep update api") == {"api/buf.lock", "buf.lock"}
    assert place.may_run_together("buf dep update", "cd web && npm ci")
    for other in ("touch api/x.proto", "cat buf.lock", f"touch {next(iter(listing))}", "buf lint"):
        assert not place.may_run_together("buf dep update", other)
    assert not place.recognises("buf dep update $DIR")


@pytest.mark.parametrize("listing", ["", "modules: api", "modules: [{}]", "modules: [{path: 1}]"])
def test_modules_of_buf_that_are_not_plainly_listed_may_be_anywhere(listing):
    place = FakeCheckout({"buf.yaml": f"version: v2\n{listing}\n"})
    assert not place.may_run_together("buf dep update", "touch vendor/x.proto")


@pytest.mark.parametrize(
    ("text", "read", "written"),
    [
        ("openssl rand -hex 32", set(), set()),
        ("openssl rand -base64 69 | tr -d x > .env", set(), {".env"}),
        ("openssl rand -out keys/a 32", set(), {"keys/a"}),
        ("openssl dgst -sha256 -binary a.zip", {"a.zip"}, set()),
        ("openssl dgst -sha256 -sign key.pem -out a.sig a.zip", {"a.zip", "key.pem"}, {"a.sig"}),
        ("shasum -a 256 a.zip > a.sum", {"a.zip"}, {"a.sum"}),
    ],
)
def test_random_numbers_and_digests_touch_what_they_are_given(text, read, written):
    place = FakeCheckout()
    assert place.recognises(text)
    for path in ("a.zip", "key.pem", "keys/a", "a.sig", "a.sum", ".env", "32"):
        assert place.may_write(text, path) is (path in written)
        assert any(overlap(pattern, path) for pattern in place.reads(text)) is (path in read)


@pytest.mark.parametrize(
    "text", ["openssl req -x509 -keyout a", "openssl rand -frob 3", "shasum -c sums", "openssl", "openssl dgst -x y"]
)
def test_what_else_they_do_is_not_understood(text):
    assert not FakeCheckout().recognises(text)


def test_pipenv_looks_for_its_manifest_in_the_folders_above():
    place = FakeCheckout({"Pipfile": "", "api/pyproject.toml": "", "other/Pipfile": ""})
    assert not place.may_run_together("cd api && pipenv install", "pipenv install")
    assert not place.may_run_together("cd api && pipenv run ruff check .", "pipenv install")
    assert place.may_write("cd api && pipenv install", "Pipfile.lock")
    assert place.may_run_together("cd api && pipenv run ruff check .", "cd other && pipenv install")


def _embedding(line, file="db/a.go"):
    return FakeCheckout(
        {"go.mod": "module a\n", "db/b.go": "package db\n", file: f"package db\n\n//go:embed {line}\nvar x string\n"}
    )


@pytest.mark.parametrize("line", ["WORKFLOWS.md", "migrations/*.sql", "all:web/dist", "*.tmpl static"])
def test_no_test_writes_what_is_built_into_a_program(line):
    assert _embedding(line).may_run_together("go test ./...", "golangci-lint run")
    assert not _embedding(line).may_run_together("go test -update ./...", "golangci-lint run")
    assert not _embedding(line).may_run_together("go test ./...", "cat db/other.txt")


@pytest.mark.parametrize("line", ["*", "all:.", "a.[tx]xt"])
def test_the_whole_folder_of_a_package_may_be_written_by_its_tests(line):
    assert not _embedding(line).may_run_together("go test ./...", "go vet ./...")
    assert not _embedding("testdata", "db/a_test.go").may_run_together("go test ./...", "cat db/testdata/x")


@pytest.mark.parametrize(
    ("line", "read", "not_read"),
    [
        ("migrations/*.sql", "db/migrations/1.sql", "db/migrations/1.md"),
        ("*.tmpl", "db/a.tmpl", "db/a.md"),
        ("web/dist", "db/web/dist/a/b", "db/web/src/a"),
        ("web/*", "db/web/dist/a/b", "db/c"),
        ('"a b" c', "db/c", "db/d"),
        ("a.[tx]xt", "db/a.txt", "c"),
    ],
)
def test_what_a_wildcard_embeds_is_all_that_is_read(line, read, not_read):
    assert not _embedding(line).may_run_together(f"touch {read}", "go build ./...")
    assert _embedding(line).may_run_together(f"touch {not_read}", "go build ./...")
