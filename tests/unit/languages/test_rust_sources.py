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
COMPILING = ("cargo build", "cargo check --all-targets", "cargo clippy -- -D warnings", "cargo doc --no-deps")
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
        'if name.contains("..") { return Err(x) }',
        'if part == ".." || part.starts_with("../") {}',
        'let x = href.strip_prefix("../../").unwrap_or(href);',
    ],
)
def test_what_a_program_opens_or_compares_with_is_nothing_to_who_compiles_it(text, source):
    assert not reads_web(text, **{"crates/api/src/main.rs": source, "crates/api/tests/all.rs": source})
    assert not reads_web(text, **{"crates/shared/src/lib.rs": source})


@pytest.mark.parametrize("text", ["cargo test", "cargo bench", "cargo nextest run", "cargo tarpaulin"])
def test_who_runs_it_reads_what_it_opens(text):
    assert reads_web(text, **{"crates/api/tests/all.rs": RUN})


def test_pieces_that_are_joined_one_by_one_are_one_path():
    source = 'let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join("..").join("web");'
    assert reads_web("cargo test", **{"crates/api/tests/all.rs": source})


@pytest.mark.parametrize("text", [*COMPILING, "cargo test"])
@pytest.mark.parametrize(
    "source",
    [
        'const X: &str = include_str!("../../../web/index.html");',
        'const X: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../web/index.html"));',
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
        {
            "crates/api/Cargo.toml": '[package]\nname = "api"\n[build-dependencies]\nshared = { path = "../shared" }\n',
            "crates/shared/src/lib.rs": RUN,
        },
    ],
)
def test_build_scripts_and_macros_run_while_others_are_compiled(text, files):
    assert reads_web(text, **files)
