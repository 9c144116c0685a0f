"""cargo, and the commands that it is extended with, as data.

Programs of their own (`rustfmt`, `wasm-pack`) stand in rust_programs.
"""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

ALL_CORES = 2.0
"""What a compiler is said to take that uses every core by itself: as for other tools that spread over the machine."""
SHORT_NAMES: Mapping[str, str] = {"b": "build", "c": "check", "d": "doc", "r": "run", "rm": "remove", "t": "test"}
"""The names that cargo knows some of its commands by as well."""

_GLOBAL: Mapping[Role, str] = {
    Role.FLAG: "-q --quiet -v --verbose --locked --offline --frozen",
    Role.VALUE: "--color -Z",
    Role.FOLDER: "-C",
    Role.INFORMS: "-V --version --list -h --help --explain",
}
_MANIFEST = {Role.PROJECT: "--manifest-path", Role.WRITES: "--lockfile-path"}
_PACKAGES = {Role.MEMBERS: "-p --package", Role.ALL_MEMBERS: "--workspace --all"}
_FEATURES = "--all-features --no-default-features "
_COMPILE: Mapping[Role, str] = {
    **_MANIFEST,
    **_PACKAGES,
    Role.FLAG: _FEATURES
    + "--lib --bins --examples --tests --benches --all-targets -r --release --keep-going --unit-graph --timings "
    "--ignore-rust-version --future-incompat-report --dev",
    Role.VALUE: "--exclude --bin --example --test --bench -F --features --profile --target --message-format",
    Role.CORES: "-j --jobs",
    Role.WRITES: "--target-dir --artifact-dir --out-dir --lockfile-path",
}
_TEST: Mapping[Role, str] = {**_COMPILE, Role.FLAG: _COMPILE[Role.FLAG] + " --no-run --no-fail-fast --doc"}
_DOC: Mapping[Role, str] = {**_COMPILE, Role.FLAG: _COMPILE[Role.FLAG] + " --open --no-deps --document-private-items"}
_FIX_FLAGS = " --allow-dirty --allow-staged --allow-no-vcs --broken-code --edition --edition-idioms"
_CLIPPY: Mapping[Role, str] = {**_COMPILE, Role.FLAG: _COMPILE[Role.FLAG] + " --no-deps" + _FIX_FLAGS, Role.EDITS: "--fix"}
_RESOLVE: Mapping[Role, str] = {
    **_MANIFEST,
    Role.FLAG: _FEATURES
    + "--recursive --aggressive --dry-run -n --ignore-rust-version -w --workspace --breaking --no-deps --all "
    "--no-delete --respect-source-config --versioned-dirs --dev --build --optional --no-optional --public --no-public "
    "--default-features -e --edges --duplicates -d --no-dedupe",
    Role.VALUE: "-p --package --precise --target --features -F --git --branch --tag --rev --rename --registry --index --base "
    "--format-version --filter-platform --format -f --prefix --charset --depth -i --invert --prune",
    Role.READS: "--path -s --sync",
}
_REMOTE: Mapping[Role, str] = {
    **_COMPILE,
    Role.FLAG: _COMPILE[Role.FLAG]
    + " --no-verify --allow-dirty -n --dry-run --list -l --undo --no-metadata --execute -x --no-confirm "
    "--no-publish --no-push --no-tag --exclude-lockfile",
    Role.VALUE: _COMPILE[Role.VALUE] + " --index --registry --token -a --add --remove --version --vers --tag-prefix --limit",
}
_INSTALL: Mapping[Role, str] = {
    **_COMPILE,
    Role.FLAG: _COMPILE[Role.FLAG] + " -f --force --no-track --debug --list -y --no-confirm --disable-telemetry --dry-run -n "
    "--no-symlinks --no-discover-github-token",
    Role.VALUE: _COMPILE[Role.VALUE] + " --version --vers --git --branch --tag --rev --index --registry --targets --strategies",
    Role.WRITES: _COMPILE[Role.WRITES] + " --root --install-path",
    Role.READS: "--path",
    Role.INFORMS: "-V --list",
}
_NEXTEST: Mapping[Role, str] = {
    **_TEST,
    Role.FLAG: _TEST[Role.FLAG] + " --hide-progress-bar --no-capture --nocapture --status-level --success-output --no-tests "
    "--ff --fail-fast --cargo-quiet --verify-target-dir",
    Role.VALUE: _TEST[Role.VALUE]
    + " -E --filterset --filter-expr --run-ignored --partition --retries --test-threads -P --max-fail "
    "--failure-output --success-output --status-level --final-status-level --show-progress --cargo-profile --build-jobs --no-tests "
    "--tool-config-file --list-type -T --message-format-version --archive-format",
    Role.READS: "--config-file --archive-file",
    Role.WRITES: _TEST[Role.WRITES] + " --extract-to",
}
_COVERAGE: Mapping[Role, str] = {
    **_NEXTEST,
    Role.FLAG: _NEXTEST[Role.FLAG]
    + " --json --lcov --cobertura --codecov --text --html --open --summary-only --no-report --branch "
    "--mcdc --doctests --no-clean --include-build-script --hide-instantiations --no-cfg-coverage --ignore-tests --skip-clean "
    "--force-clean --line --no-default-ignores",
    Role.VALUE: _NEXTEST[Role.VALUE]
    + " --ignore-filename-regex --fail-under-lines --fail-under-functions --fail-under-regions -o --out "
    "--failure-mode --engine --fail-under --exclude-files --timeout -t --follow-exec --exclude-from-report",
    Role.WRITES: _COMPILE[Role.WRITES] + " --output-path --output-dir",
}
_DENY: Mapping[Role, str] = {
    **_MANIFEST,
    Role.FLAG: _FEATURES + "--workspace --hide-inclusion-graph --disable-fetch --show-stats",
    Role.VALUE: "--features --target --exclude -L --log-level -f --format -A -D -W --allow --deny --warn",
    Role.READS: "-c --config",
}


def _compile(
    summary: str, options: Mapping[Role, str] = _COMPILE, operands: Operands = Operands.NONE, *, checks: bool = False
) -> Tool:
    return Tool(summary=summary, mode=Mode.COMPILE, operands=operands, options=options, cores=ALL_CORES, checks=checks)


def _test(summary: str, options: Mapping[Role, str] = _TEST, *, tests: bool = False) -> Tool:
    return Tool(summary=summary, mode=Mode.BUILD, tests=tests, operands=Operands.WORDS, options=options, cores=ALL_CORES)


def _read(summary: str, options: Mapping[Role, str] = _RESOLVE, operands: Operands = Operands.WORDS) -> Tool:
    return Tool(summary=summary, mode=Mode.READ, operands=operands, options=options)


def _resolve(summary: str, writes: str = "Cargo.lock") -> Tool:
    return Tool(summary=summary, mode=Mode.INSTALL, operands=Operands.WORDS, writes=writes, options=_RESOLVE)


def _outside(summary: str) -> Tool:
    return Tool(summary=summary, mode=Mode.OUTSIDE, operands=Operands.WORDS, options=_REMOTE)


def _install(summary: str) -> Tool:
    return Tool(
        summary=summary,
        mode=Mode.INSTALL,
        operands=Operands.PACKAGES,
        options=_INSTALL,
        environment="cargo",
        holds="cargo-bin",
        cores=ALL_CORES,
    )


def _group(summary: str, default: str = "") -> Tool:
    return Tool(summary=summary, mode=Mode.GROUP, default=default)


_BUILT_IN: Mapping[str, Tool] = {
    "build": _compile("compiles"),
    "check": _compile("checks that it compiles", checks=True),
    "doc": _compile("writes documentation", _DOC),
    "clippy": _compile("lints", _CLIPPY, checks=True),
    "test": _test("runs tests", tests=True),
    "bench": _test("runs benchmarks"),
    "fix": Tool(
        summary="changes sources as the compiler says",
        mode=Mode.BUILD,
        operands=Operands.NONE,
        options={**_COMPILE, Role.FLAG: _COMPILE[Role.FLAG] + _FIX_FLAGS},
        cores=ALL_CORES,
    ),
    "run": Tool(summary="runs a program of the workspace", mode=Mode.MODULE, options=_COMPILE),
    "clean": Tool(
        summary="removes what was compiled",
        mode=Mode.COMPILE,
        operands=Operands.NONE,
        options={**_COMPILE, Role.FLAG: _COMPILE[Role.FLAG] + " --doc -n --dry-run"},
    ),
    "package": _compile(
        "packs and compiles it",
        {**_REMOTE, Role.WRITES: _COMPILE[Role.WRITES], Role.FLAG: _REMOTE[Role.FLAG] + " --no-publish"},
    ),
    "fmt": Tool(
        summary="formats",
        mode=Mode.EDIT,
        operands=Operands.NONE,
        options={
            Role.MEMBERS: "-p --package",
            Role.ALL_MEMBERS: "--all",
            Role.VALUE: "--message-format",
            Role.PROJECT: "--manifest-path",
            Role.CHECKS: "--check",
        },
    ),
    "update": _resolve("resolves versions"),
    "generate-lockfile": _resolve("resolves versions"),
    "fetch": _resolve("downloads packages"),
    "add": _resolve("changes dependencies", "Cargo.lock Cargo.toml"),
    "remove": _resolve("changes dependencies", "Cargo.lock Cargo.toml"),
    "vendor": Tool(
        summary="copies packages here", mode=Mode.INSTALL, operands=Operands.WRITTEN, writes="Cargo.lock", options=_RESOLVE
    ),
    "tree": _read("prints dependencies"),
    "metadata": _read("prints the workspace"),
    "pkgid": _read("prints the package"),
    "locate-project": _read("prints where the manifest is", {**_RESOLVE, Role.VALUE: "--message-format"}),
    "verify-project": _read("checks the manifest"),
    "read-manifest": _read("prints the manifest"),
    "search": _read("asks the registry", _REMOTE),
    "info": _read("asks the registry", _REMOTE),
    "version": _read("prints the version"),
    "install": _install("installs programs for the user"),
    "uninstall": _install("removes programs of the user"),
    **{
        name: Tool(
            summary="makes a package",
            mode=Mode.NOTHING,
            operands=Operands.WRITTEN,
            options={Role.FLAG: "--bin --lib", Role.VALUE: "--vcs --edition --name --registry"},
        )
        for name in ("new", "init")
    },
    **{name: _outside("changes a registry") for name in ("publish", "yank", "owner", "login", "logout")},
}
_EXTENSIONS: Mapping[str, Tool] = {
    "nextest": _group("runs tests"),
    "nextest run": _test("runs tests", _NEXTEST, tests=True),
    "nextest list": _test("builds and lists tests", _NEXTEST),
    "nextest archive": _test(
        "packs tests", {**_NEXTEST, Role.READS: "--config-file", Role.WRITES: _TEST[Role.WRITES] + " --archive-file"}
    ),
    "llvm-cov": _group("measures coverage", "cargo llvm-cov test"),
    "llvm-cov test": _test("runs tests for coverage", _COVERAGE, tests=True),
    "llvm-cov nextest": _test("runs tests for coverage", _COVERAGE, tests=True),
    "llvm-cov report": _test("reports coverage", _COVERAGE),
    "llvm-cov clean": _compile("removes coverage data", _COVERAGE),
    "llvm-cov run": Tool(summary="runs a program of the workspace", mode=Mode.MODULE, options=_COVERAGE),
    "tarpaulin": Tool(
        summary="runs tests for coverage",
        mode=Mode.BUILD,
        operands=Operands.NONE,
        options=_COVERAGE,
        writes="tarpaulin-report.html tarpaulin-report.json cobertura.xml lcov.info",
        cores=ALL_CORES,
    ),
    "insta": _group("reviews snapshots"),
    **{
        f"insta {name}": _test("runs tests and changes snapshots", _TEST)
        for name in ("test", "accept", "reject", "pending-snapshots")
    },
    "zigbuild": _compile("compiles"),
    "udeps": _compile("looks for unused dependencies", {**_COMPILE, Role.VALUE: _COMPILE[Role.VALUE] + " --output --backend"}),
    "semver-checks": _compile(
        "compares interfaces", {**_COMPILE, Role.VALUE: _COMPILE[Role.VALUE] + " --baseline-version --baseline-rev"}
    ),
    "audit": _read(
        "asks for known faults",
        {Role.FLAG: "--json --no-fetch --stale", Role.VALUE: "--ignore -D --deny", Role.READS: "-f --file"},
        Operands.NONE,
    ),
    "deny": Tool(summary="checks dependencies", mode=Mode.GROUP, options=_DENY),
    **{f"deny {name}": _read("checks dependencies", {}) for name in ("check", "list")},
    "outdated": _read(
        "asks for newer versions",
        {**_MANIFEST, Role.FLAG: "-R --root-deps-only --workspace -w", Role.VALUE: "--exit-code --depth -d"},
        Operands.NONE,
    ),
    "machete": Tool(
        summary="looks for unused dependencies",
        mode=Mode.READ,
        operands=Operands.NONE,
        options={Role.FLAG: "--with-metadata --skip-target-dir --no-ignore", Role.EDITS: "--fix"},
    ),
    "sort": Tool(
        summary="sorts manifests",
        mode=Mode.EDIT,
        operands=Operands.NONE,
        options={
            Role.FLAG: "-w --workspace -g --grouped --no-format -p --print",
            Role.CHECKS: "-c --check --check-format",
            Role.VALUE: "-o --order",
        },
    ),
    "upgrade": Tool(
        summary="changes manifests to newer versions",
        mode=Mode.EDIT,
        operands=Operands.NONE,
        writes="Cargo.lock",
        options={
            Role.PROJECT: "--manifest-path",
            Role.FLAG: "--recursive --rust-version --ignore-rust-version --pinned -i --incompatible --compatible",
            Role.VALUE: "-p --package --exclude",
            Role.CHECKS: "-n --dry-run",
        },
    ),
    "expand": _compile("prints expanded macros", {**_COMPILE, Role.FLAG: _COMPILE[Role.FLAG] + " --ugly"}, Operands.WORDS),
    "binstall": _install("installs programs for the user"),
    "release": _outside("publishes and tags"),
}

CARGO: Mapping[str, Tool] = {
    "cargo": Tool(summary="manages Rust packages", mode=Mode.GROUP, options=_GLOBAL),
    **{f"cargo {name}": tool for name, tool in {**_BUILT_IN, **_EXTENSIONS}.items()},
    "cross": Tool(summary="compiles in a container", mode=Mode.GROUP, options=_GLOBAL),
    **{f"cross {name}": _BUILT_IN[name] for name in ("build", "check", "test", "clippy", "run", "doc", "bench")},
}

_LINTS: Mapping[Role, str] = {Role.FLAG: "--no-deps", Role.VALUE: "-D -W -A -F --deny --warn --allow --forbid --cap-lints"}
_TEST_PROGRAM: Mapping[Role, str] = {
    Role.FLAG: "--nocapture --no-capture --ignored --include-ignored --exact --list --show-output -q --quiet --report-time --shuffle "
    "--noplot --quick --verbose --bench --test",
    Role.VALUE: "--skip --test-threads --format --color -Z --shuffle-seed --save-baseline --baseline --load-baseline "
    "--measurement-time --sample-size --warm-up-time --output-format",
}
AFTER: Mapping[str, Mapping[Role, str]] = {
    "clippy": _LINTS,
    **dict.fromkeys(("test", "bench", "nextest run", "llvm-cov test", "llvm-cov nextest", "tarpaulin"), _TEST_PROGRAM),
    "fmt": {
        Role.CHECKS: "--check",
        Role.FLAG: "-l --files-with-diff -q --quiet -v --verbose --skip-children --unstable-features --error-on-unformatted",
        Role.VALUE: "--color --config --edition --style-edition",
        Role.READS: "--config-path",
    },
}
"""What may follow `--`: options of the program that the command starts."""
