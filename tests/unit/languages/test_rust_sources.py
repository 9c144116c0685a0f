"""Which files elsewhere the sources of Rust packages name, to those who only compile them and to those who run them."""

from __future__ import annotations

import pytest

from paratask.claims.overlap import overlap
from paratask.testing import FakeCheckout

WORKSPACE = {
    "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\n',
    "crates/api/Cargo.toml": '[package]\nname = "api"\n[dependencies]\nshared = { path = "../shared" }\n',
    "crates/api/src/main.rs": "fn main() {}\n",
    "crates/shared/Cargo.toml": '[package]\nname = "shared"\n',
    "crates/shared/src/lib.rs": "",
}
COMPILING = (
    *("cargo build", "cargo check --all-targets", "cargo clippy -- -D warnings", "cargo doc --no-deps", "cargo zigbuild"),
    *("napi build --release", "wasm-pack build", "trunk build", "cross build"),
)
RUN = 'let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web");'


def reads_web(text, **files):
    place = FakeCheckout({**WORKSPACE, **files})
    return any(overlap(pattern, "web/index.html") for pattern in place.reads(f"cd crates/api && {text}"))


@pytest.mark.parametrize("text", COMPILING)
@pytest.mark.parametrize(
    "source",
    [
        RUN,
        'let x = fs::read_to_string("../../web/index.html")?;',
        'let x = PathBuf::from( "../.." );',
        'Command::new("ls").current_dir("../../web")',
        'Command::new("ls").arg("../../web")',
        'let x = File::open("../../web/index.html")?;',
        'let x = Path::new("../../web");',
        'root.push("../../web");',
        'if name.contains("..") { return Err(x) }',
        'if part == ".." || part.starts_with("../") {}',
        'let x = href.strip_prefix("../../").unwrap_or(href);',
    ],
)
def test_what_a_program_opens_or_compares_with_is_nothing_to_who_compiles_it(text, source):
    for folder in ("src", "tests", "benches", "examples"):
        assert not reads_web(text, **{f"crates/api/{folder}/main.rs": source})
    assert not reads_web(text, **{"crates/shared/src/lib.rs": source})


@pytest.mark.parametrize("text", ["cargo test", "cargo bench", "cargo nextest run", "cargo tarpaulin"])
def test_who_runs_it_reads_what_it_opens(text):
    assert reads_web(text, **{"crates/api/tests/all.rs": RUN})


@pytest.mark.parametrize(
    "text", ["cargo deny check licenses", "cargo audit", "cargo tree", "cargo metadata", "cargo sort --check", "cargo machete"]
)
def test_what_sources_name_is_nothing_to_who_only_looks_at_dependencies(text):
    assert not reads_web(text, **{"crates/api/src/main.rs": 'const X: &str = include_str!("../../../web/index.html");'})
    assert not reads_web(text, **{"crates/api/tests/all.rs": RUN})


def test_machete_looks_at_packages_that_are_no_members():
    place = FakeCheckout({**WORKSPACE, "old/Cargo.toml": "", "old/src/lib.rs": ""})
    assert not place.may_run_together("cargo machete", "touch old/src/lib.rs")
    assert not place.may_run_together("cargo machete --fix", "cat old/Cargo.toml")


@pytest.mark.parametrize("text", ["cargo machete", "cargo sort --check --workspace"])
def test_what_reads_manifests_by_itself_was_said_to_write_the_lock_file(text):
    place = FakeCheckout(WORKSPACE)
    assert not place.may_write(text, "Cargo.lock")
    assert place.may_run_together("cargo outdated", text)
    assert not place.may_run_together("cargo add serde", text)
    assert place.may_write("cargo machete --with-metadata", "Cargo.lock")


def test_pieces_that_are_joined_one_by_one_are_one_path():
    source = 'let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join("..").join("web");'
    assert reads_web("cargo test", **{"crates/api/tests/all.rs": source})


@pytest.mark.parametrize("text", [*COMPILING, "cargo test"])
@pytest.mark.parametrize(
    "source",
    [
        'const X: &str = include_str!("../../../web/index.html");',
        'const X: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/index.html"));',
        'const X: Vec<u8> = fs::read(y); const X: &str = include_str!("../../../web/index.html");',
        '#[derive(Embed)]\n#[folder = "../../web"]\nstruct Web;',
        '#[path = "../../../web/index.html"]\nmod page;',
        'if name.contains("..") { x } else { include_dir!("$CARGO_MANIFEST_DIR/../../web") }',
    ],
)
def test_what_the_compiler_reads_is_read(text, source):
    assert reads_web(text, **{"crates/api/src/main.rs": source})


@pytest.mark.parametrize("text", COMPILING)
@pytest.mark.parametrize(
    "files",
    [
        {"crates/api/build.rs": RUN},
        {"crates/api/build.rs": "mod steps;", "crates/api/steps/mod.rs": RUN},
        {"crates/api/build.rs": '#[path = "src/steps.rs"] mod steps;', "crates/api/src/steps.rs": RUN},
        {"crates/shared/Cargo.toml": '[package]\nname = "shared"\n[lib]\nproc-macro = true\n', "crates/shared/src/lib.rs": RUN},
        {"crates/api/build.rs": 'include!("src/steps.rs");', "crates/api/src/steps.rs": RUN},
        {
            "crates/api/Cargo.toml": '[package]\nname = "api"\n[build-dependencies]\nshared = { path = "../shared" }\n',
            "crates/shared/src/lib.rs": RUN,
        },
    ],
)
def test_build_scripts_and_macros_run_while_others_are_compiled(text, files):
    assert reads_web(text, **files)


@pytest.mark.parametrize("text", COMPILING)
def test_a_build_script_that_reads_a_file_beside_sources_runs_none_of_them(text):
    files = {"crates/api/build.rs": 'prost_build::compile_protos(&["src/api.proto"], &["src"])', "crates/api/src/main.rs": RUN}
    assert not reads_web(text, **files)


@pytest.mark.parametrize("sizes", [(5_001, 0), (2_600, 2_600)])
def test_packages_with_too_many_sources_may_name_anything(sizes):
    files = {
        f"crates/{name}/src/{each}.rs": "" for name, size in zip(("api", "shared"), sizes, strict=True) for each in range(size)
    }
    assert reads_web("cargo build", **files)


def test_a_file_outside_the_checkout_is_read_where_it_is_there():
    source = 'const X: &str = include_str!("../../../../other/schema.sql");'
    files = {**WORKSPACE, "crates/api/src/main.rs": source}
    there, missing = FakeCheckout({**files, "/other/schema.sql": ""}), FakeCheckout(files)
    assert there.may_read("cargo build", "/other/schema.sql", "crates/api")
    assert not missing.may_read("cargo build", "/other/schema.sql", "crates/api")
