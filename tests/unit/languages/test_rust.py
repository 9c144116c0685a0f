"""What the Rust plugin makes of commands: claims, evidence, effect."""

from __future__ import annotations

import itertools

import pytest

from paratask.claims.conflicts import conflict
from paratask.claims.model import Access, Claims, Effect, Evidence
from paratask.claims.overlap import overlap
from paratask.languages.rust import plugin as rust
from paratask.testing import FakeCheckout, patterns_of

API, COMMON, OLD = "crates/api", "crates/common", "crates/old"
WORKSPACE = {
    "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\nexclude = ["crates/old"]\n[workspace.dependencies]\n'
    'shared = { package = "common", path = "crates/common" }\n',
    f"{API}/Cargo.toml": '[package]\nname = "api"\n[dependencies]\nshared = { workspace = true }\nserde = "1"\n',
    f"{API}/src/main.rs": "fn main() {}\n",
    f"{COMMON}/Cargo.toml": '[package]\nname = "common"\n',
    f"{COMMON}/src/lib.rs": "",
    f"{OLD}/Cargo.toml": '[package]\nname = "old"\n',
    f"{OLD}/src/lib.rs": "",
}
SEPARATE = {
    "services/a/Cargo.toml": '[package]\nname = "a"\n[dependencies]\ncommon = { path = "../../libs/common" }\n',
    "services/b/Cargo.toml": '[package]\nname = "b"\n[build-dependencies]\nrenamed = { package = "common", path = "../../libs/common" }\n',
    "services/c/Cargo.toml": '[package]\nname = "c"\n',
    "libs/common/Cargo.toml": '[package]\nname = "common"\n',
}


def checkout(files: dict[str, str] | None = None) -> FakeCheckout:
    return FakeCheckout(WORKSPACE if files is None else files)


def claims_of(text: str, files: dict[str, str] | None = None) -> Claims:
    return checkout(files).claims(text)


def writes(text: str, files: dict[str, str] | None = None) -> set[str]:
    return checkout(files).writes(text)


def reads(text: str, path: str, files: dict[str, str] | None = None) -> bool:
    return any(overlap(pattern, path) for pattern in checkout(files).reads(text))


COMPILING = [
    "cargo build",
    "cargo b --release -j 4",
    "cargo build --locked --all-features -vv",
    "cargo +nightly build -Z unstable-options",
    "cargo check --workspace --all-targets",
    "cargo c -p api",
    "cargo clippy --all-targets --all-features -- -D warnings -W clippy::pedantic",
    "cargo clippy -- -Dwarnings",
    "cargo doc --no-deps --document-private-items",
    "cargo package -p api --no-verify",
    "cargo clean",
    "cargo clean -p api --release",
    "cross build --target aarch64-unknown-linux-gnu",
    "cargo -q --color always build --message-format=json",
    "/usr/bin/cargo build",
]
TESTING = [
    "cargo test",
    "cargo t --workspace --no-fail-fast",
    "cargo test --doc",
    "cargo test some_name -- --nocapture --test-threads=1 --skip slow",
    "cargo bench --bench parsing -- --save-baseline main",
    "cargo nextest run --all-features --profile ci -E 'test(x)' --no-capture",
    "cargo nextest list",
    "cargo llvm-cov --workspace --lcov --output-path lcov.info",
    "cargo llvm-cov nextest --html",
    "cargo tarpaulin --out Html --skip-clean",
    "cargo insta test",
    "cargo fix --allow-dirty",
    "cargo clippy --fix --allow-dirty --allow-staged",
]
READ_ONLY = [
    "cargo fmt --check",
    "cargo fmt -- --check",
    "cargo fmt --all -- --check --color always",
    "cargo fmt --all --check -- --config max_width=120",
    "rustfmt --check crates/api/src/main.rs",
    "taplo lint",
    "taplo fmt --check Cargo.toml",
    "typos",
]
OUTSIDE = [
    "cargo publish",
    "cargo publish -p common --dry-run",
    "cargo yank --version 1.0.0 api",
    "cargo owner --add someone",
    "cargo login",
    "cargo release patch --execute",
    "wasm-pack publish",
    "wasm-pack login",
]
NOT_RECOGNISED = [
    "cargo",
    "cargo unheard-of",
    "cargo build --unheard-of",
    "cargo build extra",
    "cargo build --config build.target-dir=/x",
    "cargo build -p $PACKAGE",
    "cargo build --manifest-path $WHERE",
    "cargo build --target-dir $WHERE",
    "cargo build -- x",
    "cargo test -- --logfile out.txt",
    "cargo clippy -- --unheard-of",
    "cargo $COMMAND",
    "cargo run",
    "cargo run -p api -- migrate",
    "cargo r --release",
    "cross run",
    "cargo llvm-cov run",
    "cargo xtask dist",
    "cargo audit fix",
    "cargo outdated fix",
    "CARGO_TARGET_DIR=$X cargo build",
    "LLVM_PROFILE_FILE=../x-%p/y cargo test",
    "./bin/cargo build",
    "rustfmt $FILES",
    "rustc -C incremental=../x a.rs",
    "wasm-pack build --out-dir $WHERE",
    "rustup run nightly unheard-of",
]
PRINTING = ["cargo --version", "cargo -V", "cargo build --help", "rustc --version", "rustup --version", "cargo --list"]


@pytest.mark.parametrize("text", COMPILING)
def test_compiling_writes_the_target_folder_and_the_lock(text):
    claims = claims_of(text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.LOCAL
    assert patterns_of(claims, Access.WRITE) <= {"target/**", "Cargo.lock"}
    assert "target/**" in patterns_of(claims, Access.WRITE)
    assert patterns_of(claims, Access.EXCLUSIVE) == set()


@pytest.mark.parametrize("text", TESTING)
def test_running_code_of_packages_writes_them(text):
    claims = claims_of(text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.LOCAL
    assert {"target/**", "Cargo.lock", f"{API}/**", f"{COMMON}/**"} <= patterns_of(claims, Access.WRITE)


@pytest.mark.parametrize("text", READ_ONLY)
def test_checks_of_format_write_nothing(text):
    claims = claims_of(text)
    assert claims.evidence is Evidence.INFERRED
    assert patterns_of(claims, Access.WRITE, Access.EXCLUSIVE) == set()


@pytest.mark.parametrize("text", OUTSIDE)
def test_effects_that_others_can_see_are_outside(text):
    claims = claims_of(text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.OUTSIDE
    assert claims.effect_reason


@pytest.mark.parametrize("text", NOT_RECOGNISED)
def test_what_is_not_understood_claims_everything(text):
    files = {**WORKSPACE, ".cargo/config.toml": '[alias]\nxtask = "run --package xtask --"\n'}
    assert claims_of(text, files).evidence is Evidence.NONE


@pytest.mark.parametrize("text", PRINTING)
def test_asking_for_a_version_touches_nothing(text):
    claims = claims_of(text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.entries == ()


def test_running_a_program_says_why_it_claims_everything():
    assert claims_of("cargo run").effect_reason == "`cargo run` runs a program of the workspace, which may do anything"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"cd {API} && cargo test", {f"{API}/**", "target/**", "Cargo.lock"}),
        (f"cd {API}/src && cargo test", {f"{API}/**", "target/**", "Cargo.lock"}),
        ("cargo test -p common", {f"{COMMON}/**", "target/**", "Cargo.lock"}),
        ("cargo test -p 'comm*'", {f"{COMMON}/**", "target/**", "Cargo.lock"}),
        ("cargo test -p common@0.1.0", {f"{COMMON}/**", "target/**", "Cargo.lock"}),
        ("cargo test -p unheard-of", {f"{API}/**", f"{COMMON}/**", "target/**", "Cargo.lock"}),
        (f"cargo test --manifest-path {API}/Cargo.toml", {f"{API}/**", "target/**", "Cargo.lock"}),
        (f"cd {OLD} && cargo build", {f"{OLD}/target/**", f"{OLD}/Cargo.lock"}),
        ("cargo build --target-dir out", {"out/**", "Cargo.lock"}),
        (f"cd {API} && CARGO_TARGET_DIR=../../out cargo build", {"out/**", "Cargo.lock"}),
        ("cargo build --frozen", {"target/**"}),
        ("cargo build --artifact-dir bin", {"target/**", "Cargo.lock", "bin/**"}),
        ("cargo update -p serde", {"Cargo.lock"}),
        ("cargo generate-lockfile", {"Cargo.lock"}),
        ("cargo fetch", {"Cargo.lock"}),
        ("cargo tree -i serde", {"Cargo.lock", "target/.rustc_info.json"}),
        ("cargo metadata --format-version 1 --locked", {"target/.rustc_info.json"}),
        (f"cd {API} && cargo add serde --features derive", {"Cargo.lock", "Cargo.toml", f"{API}/Cargo.toml"}),
        ("cargo vendor", {"vendor/**", "Cargo.lock"}),
        ("cargo vendor third-party", {"third-party/**", "Cargo.lock"}),
        ("cargo new crates/web", {"crates/web/**", "Cargo.toml"}),
        (f"cd {API} && cargo fmt", {f"{API}/**/*.rs"}),
        ("cargo fmt", {f"{API}/**/*.rs", f"{COMMON}/**/*.rs"}),
        ("cargo fmt -p api", {f"{API}/**/*.rs"}),
        ("cargo sort -w", {"Cargo.toml", f"{API}/Cargo.toml", f"{COMMON}/Cargo.toml"}),
        ("cargo install ripgrep", set()),
        (f"cargo install --path {API}", {"target/**", "Cargo.lock"}),
        ("cargo install ripgrep --root tools", {"tools/**"}),
        ("rustup component add clippy", set()),
        ("rustfmt crates/api/src/main.rs", {f"{API}/src/**/*.rs"}),
        ("wasm-pack build crates/api -t web -d ../../web/pkg", {f"{API}/**", "web/pkg/**", "target/**", "Cargo.lock"}),
        ("mdbook build book", {"book/**"}),
    ],
)
def test_writes(text, expected):
    assert writes(text) == expected


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("cargo install ripgrep", {"cargo-bin"}),
        ("cargo binstall -y cargo-nextest", {"cargo-bin"}),
        ("cargo uninstall ripgrep", {"cargo-bin"}),
        ("rustup update", {"rust-toolchain"}),
        ("rustup target add wasm32-unknown-unknown", {"rust-toolchain"}),
        ("trunk serve --port 9000", {"port:9000"}),
        ("trunk serve", {"port:8080"}),
    ],
)
def test_what_is_held(text, held):
    claims = claims_of(text)
    assert patterns_of(claims, Access.EXCLUSIVE) == held
    assert claims.effect is Effect.LOCAL


def test_an_alias_stands_for_its_words():
    files = {
        **WORKSPACE,
        ".cargo/config.toml": '[alias]\nlint = "clippy --all-targets"\nfix-all = ["fix", "--allow-dirty"]\nloop = "loop"\n',
    }
    assert writes(f"cd {API} && cargo lint", files) == {"target/**", "Cargo.lock"}
    assert f"{API}/**" in writes("cargo fix-all", files)
    assert claims_of("cargo loop", files).evidence is Evidence.NONE


@pytest.mark.parametrize("name", [".cargo/config.toml", ".cargo/config"])
def test_the_configuration_names_the_target_folder(name):
    files = {**WORKSPACE, name: '[build]\ntarget-dir = "out"\nbuild-dir = "{workspace-root}/work"\n'}
    assert writes(f"cd {API} && cargo build", files) == {"out/**", "work/**", "Cargo.lock"}
    assert writes(f"cd {API} && cargo build --target-dir mine", files) == {f"{API}/mine/**", "work/**", "Cargo.lock"}


def test_a_configuration_that_only_the_run_can_tell():
    files = {**WORKSPACE, ".cargo/config.toml": '[build]\nbuild-dir = "{cargo-cache-home}/x"\n'}
    assert claims_of("cargo build", files).evidence is Evidence.NONE


def test_a_member_is_made_of_what_it_depends_on_by_path():
    assert reads(f"cd {API} && cargo build", f"{COMMON}/src/lib.rs")
    assert not reads(f"cd {COMMON} && cargo build", f"{API}/src/main.rs")


@pytest.mark.parametrize(
    "manifest",
    [
        '[dependencies]\nx = { path = "../common" }\n',
        '[dev-dependencies]\nx = { path = "../common", optional = true }\n',
        '[build-dependencies]\nx = { path = "../common" }\n',
        '[target."cfg(unix)".dependencies]\nx = { path = "../common" }\n',
        '[dependencies.x]\npackage = "common"\npath = "../common"\n',
    ],
)
def test_every_kind_of_dependency_counts(manifest):
    files = {**WORKSPACE, f"{API}/Cargo.toml": '[package]\nname = "api"\n' + manifest}
    assert reads(f"cd {API} && cargo build", f"{COMMON}/src/lib.rs", files)


def test_a_patch_stands_in_for_a_package_of_the_registry():
    files = {**WORKSPACE, "Cargo.toml": WORKSPACE["Cargo.toml"] + '[patch.crates-io]\nserde = { path = "vendored/serde" }\n'}
    assert reads(f"cd {COMMON} && cargo build", "vendored/serde/src/lib.rs", files)


def test_default_members_are_what_a_call_at_the_root_works_on():
    files = {
        **WORKSPACE,
        "Cargo.toml": '[workspace]\nmembers = ["crates/api", "crates/common"]\ndefault-members = ["crates/common"]\n',
    }
    assert writes("cargo test", files) == {f"{COMMON}/**", "target/**", "Cargo.lock"}
    assert f"{API}/**" in writes("cargo test --workspace", files)


def test_a_path_dependency_below_the_root_is_a_member():
    files = {
        "Cargo.toml": '[package]\nname = "app"\n[workspace]\n[dependencies]\nx = { path = "x" }\n',
        "x/Cargo.toml": '[package]\nname = "x"\n',
    }
    assert writes("cargo test -p x", files) == {"x/**", "target/**", "Cargo.lock"}
    assert writes("cd x && cargo build", files) == {"target/**", "Cargo.lock"}


def test_a_member_may_name_its_root():
    files = {
        "base/Cargo.toml": '[workspace]\nmembers = ["../apps/a"]\n',
        "apps/a/Cargo.toml": '[package]\nname = "a"\nworkspace = "../../base"\n',
    }
    assert writes("cd apps/a && cargo build", files) == {"base/target/**", "base/Cargo.lock"}


def test_a_workspace_above_the_root_taskfile_is_found():
    place = FakeCheckout(
        {
            "/Cargo.toml": '[workspace]\nmembers = ["repo/crates/*"]\n',
            "crates/a/Cargo.toml": '[package]\nname = "a"\n',
            "crates/b/Cargo.toml": '[package]\nname = "b"\n',
        }
    )
    claims = place.claims("cd crates/a && cargo build")
    assert "/target/**" in patterns_of(claims, Access.WRITE)
    assert conflict(claims, place.claims("cd crates/b && cargo build"))


@pytest.mark.parametrize("text", ["[", '[workspace]\nmembers = ["{a,b}/*"]\n'])
def test_a_root_that_is_not_understood_is_not_guessed_at(text):
    assert claims_of(f"cd {API} && cargo build", {**WORKSPACE, "Cargo.toml": text}).evidence is Evidence.NONE


def test_without_a_manifest_the_folder_stands_for_a_package():
    assert writes("cd x && cargo test", {}) == {"x/**", "x/target/**", "x/Cargo.lock"}


def test_a_build_script_may_write_its_package_and_what_it_names():
    files = {**WORKSPACE, f"{COMMON}/build.rs": 'fn main() { compile("../../proto/a.proto") }'}
    assert {f"{COMMON}/**", "proto/a.proto/**"} <= writes(f"cd {API} && cargo check", files)
    named = {**WORKSPACE, f"{COMMON}/Cargo.toml": '[package]\nname = "common"\nbuild = "tools/make.rs"\n'}
    assert f"{COMMON}/**" in writes("cargo build", named)
    refused = {**files, f"{COMMON}/Cargo.toml": '[package]\nname = "common"\nbuild = false\n'}
    assert writes("cargo build", refused) == {"target/**", "Cargo.lock"}


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ('const X: &str = include_str!("../../../sql/schema.sql");', "sql/schema.sql"),
        ('#[path = "../../gen/mod.rs"] mod generated;', "crates/gen/mod.rs"),
        ('#[derive(RustEmbed)]\n#[folder = "../../web/dist"]', "web/dist/index.html"),
        ('include_dir!("$CARGO_MANIFEST_DIR/../../web/dist")', "web/dist/index.html"),
        ('include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/index.html"))', "web/index.html"),
        ('glob("../../proto/*.proto")', "proto/a.proto"),
    ],
)
def test_files_elsewhere_that_sources_name_are_read(source, path):
    files = {**WORKSPACE, f"{API}/src/main.rs": source}
    assert reads(f"cd {API} && cargo build", path, files)
    assert not reads(f"cd {API} && cargo build", path)


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("tauri.conf.json", '{"build": {"devUrl": "http://localhost:5173", "frontendDist": "../../web/dist"}}'),
        ("tauri.conf.json5", '{build: {frontendDist: "../../web/dist"}, /* as built */}'),
        ("tauri.linux.conf.json", '{"bundle": {"resources": ["../../web/dist/*.js"]}}'),
        ("Tauri.toml", '[build]\nfrontendDist = "../../web/dist"\n'),
    ],
)
def test_what_is_built_into_a_desktop_app_is_read(name, settings):
    """Compiling `tauri::generate_context!()` fails where the folder is not there, and takes in what is there."""
    build = "cd web && vite build"
    files = {**WORKSPACE, "web/package.json": "{}"}
    app = {**files, f"{API}/{name}": settings}
    for compiled in ("cargo build", "cargo clippy --workspace", "cargo test"):
        assert not checkout(app).may_run_together(build, compiled)
        assert checkout(files).may_run_together(build, compiled)
    assert checkout(app).may_run_together(build, "cargo fmt --all --check")


def test_a_schema_that_settings_of_a_desktop_app_name_is_not_read():
    app = {**WORKSPACE, f"{API}/tauri.conf.json": '{"$schema": "../../node_modules/@tauri-apps/cli/schema.json"}'}
    assert not reads("cargo build", "node_modules/@tauri-apps/cli/schema.json", app)


def test_a_manifest_above_may_make_a_package_part_of_a_workspace():
    assert reads(f"cd {OLD} && cargo build", "Cargo.toml")
    assert not reads(f"cd {OLD} && cargo build", f"{API}/Cargo.toml")


def test_sources_in_other_folders_are_read():
    files = {**WORKSPACE, f"{API}/Cargo.toml": '[package]\nname = "api"\n[[bin]]\nname = "x"\npath = "../../bins/x.rs"\n'}
    assert reads(f"cd {API} && cargo build", "bins/x.rs", files)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("cargo build", "cargo test", True),
        (f"cd {API} && cargo build", f"cd {COMMON} && cargo check", True),
        (f"cd {API} && cargo build", f"cd {OLD} && cargo build", False),
        (f"cd {API} && CARGO_TARGET_DIR=/shared cargo build", f"cd {OLD} && CARGO_TARGET_DIR=/shared cargo build", True),
        ("cargo clean", "cargo build", True),
        ("cargo fmt --all --check", "cargo clippy --workspace", False),
        ("cargo fmt --all", "cargo clippy --workspace", True),
        ("cargo fmt --all", "cargo fmt --all --check", True),
        ("cargo fmt --check", "cargo deny check", False),
        ("cargo update", "cargo build", True),
        ("cargo update", "cargo build --locked", True),
        ("cargo install cargo-nextest", "cargo nextest run", True),
        ("rustup update", "cargo build", True),
        ("cargo build", "cd packages/web && npm run build", False),
        ("cargo new crates/web", "cargo build", True),
    ],
)
def test_conflicts_in_one_workspace(left, right, expected):
    files = {**WORKSPACE, "packages/web/package.json": '{"scripts": {"build": "vite build"}}'}
    assert checkout(files).may_run_together(left, right) is not expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("services/a", "services/b", False),
        ("services/a", "services/c", False),
        ("services/a", "libs/common", False),
    ],
)
def test_workspaces_of_their_own_build_side_by_side(left, right, expected):
    build, test, fmt = (f"cd {left} && cargo build", f"cd {right} && cargo test", f"cd {right} && cargo fmt")
    assert checkout(SEPARATE).may_run_together(build, f"cd {right} && cargo build") is not expected
    depends = right == "libs/common"
    assert checkout(SEPARATE).may_run_together(build, test) is not depends
    assert checkout(SEPARATE).may_run_together(build, fmt) is not depends


def test_a_dependency_with_a_build_script_keeps_its_dependants_apart():
    files = {**SEPARATE, "libs/common/build.rs": "fn main() {}"}
    assert not checkout(files).may_run_together("cd services/a && cargo build", "cd services/b && cargo build")
    assert checkout(files).may_run_together("cd services/a && cargo build", "cd services/c && cargo build")


@pytest.mark.parametrize(
    ("text", "settings", "written"),
    [
        ("taplo format", "", {"**/*.toml"}),
        ("taplo fmt --check", "", set()),
        ("taplo format '**/*.toml'", "[formatting]\n", {"**/*.toml"}),
        ("taplo format conf", "", {"conf/**"}),
        ("taplo format 'conf/*'", "", {"conf/**"}),
        ("taplo format", "include = ['**/*.cfg']\n", {"**"}),
        ("taplo format --config conf/taplo.toml", "", {"**"}),
        ("TAPLO_CONFIG=$X taplo format", "", {"**"}),
    ],
)
def test_a_formatter_of_toml_was_said_to_write_everything(text, settings, written):
    files = {"pyproject.toml": "", ".taplo.toml": settings, "conf/taplo.toml": ""}
    assert checkout(files).writes(text) == written
    assert checkout(files).may_run_together(text, "gofmt -w tools") is ("**" not in written)


def test_read_only_commands_run_together():
    place = checkout()
    for left, right in itertools.combinations(READ_ONLY, 2):
        assert place.why_not(left, right) is None


def test_what_trunk_is_configured_to_do_counts():
    assert "dist/**" in writes(f"cd {API} && trunk build", {**WORKSPACE, f"{API}/Trunk.toml": '[build]\ndist = "../../dist"\n'})
    assert claims_of(f"cd {API} && trunk build", {**WORKSPACE, f"{API}/Trunk.toml": "[[hooks]]\n"}).evidence is Evidence.NONE


def test_a_package_around_the_root_taskfile_is_claimed_inside_it_too():
    place = FakeCheckout({"/Cargo.toml": '[package]\nname = "all"\n', "src/lib.rs": ""})
    assert conflict(place.claims("cargo build"), place.claims("rustfmt src/lib.rs"))


def test_a_toolchain_starts_programs():
    assert writes("rustup run nightly cargo fmt -p api") == {f"{API}/**/*.rs"}


@pytest.mark.parametrize(
    ("text", "cpu"),
    [("cargo build", 2.0), ("cargo build -j 8", 8.0), ("cargo test -j1", 1.0), ("cargo fmt", 1.0), ("cargo update", 1.0)],
)
def test_cpu(text, cpu):
    assert checkout(WORKSPACE).cpu(text) == cpu


def test_every_subcommand_in_the_table_has_its_group():
    groups = {key.rpartition(" ")[0] for key in rust.TOOLS if " " in key}
    assert {group for group in groups if group not in rust.TOOLS} == set()


def test_every_claim_says_why():
    for text in (*COMPILING, *TESTING, *READ_ONLY, *OUTSIDE):
        assert all(entry.reason and entry.evidence is Evidence.INFERRED for entry in claims_of(text).entries)


def test_manifests():
    assert "Cargo.toml" in checkout().manifests()


def test_schemas_that_checkers_of_toml_look_at_were_written_meanwhile():
    place = checkout(WORKSPACE)
    assert conflict(place.claims("taplo lint"), place.claims("cp /tmp/x schema.json")) is not None
    assert conflict(place.claims("taplo fmt"), place.claims("cp /tmp/x schema.json")) is None
