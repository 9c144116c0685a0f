"""Rust's tests leave sources alone, so that the format is checked beside them; where they may not, it waits."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout

PACKAGE = {"Cargo.toml": '[package]\nname = "x"\n', "Cargo.lock": "", "src/lib.rs": "", "tests/a.rs": ""}
WORKSPACE = {
    "Cargo.toml": '[workspace]\nmembers = ["a"]\n',
    "a/Cargo.toml": '[package]\nname = "a"\n',
    "a/src/lib.rs": "",
    "a/tests/a.rs": "",
}
TESTS = ["cargo test", "cargo nextest run", "cargo test --workspace --doc", "cargo llvm-cov test", "cargo test -- --nocapture"]
CHECKS = ["cargo fmt --check", "cargo fmt --all -- --check", "cargo fmt --all --check"]


@pytest.mark.parametrize("files", [PACKAGE, WORKSPACE])
@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("check", CHECKS)
def test_the_format_of_a_package_waited_for_its_tests(test, check, files):
    assert FakeCheckout(files).why_not(test, check) is None


@pytest.mark.parametrize("files", [PACKAGE, WORKSPACE])
@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize(
    "other",
    [
        "cargo fmt",
        "cargo clippy",
        "cargo build",
        "cargo add serde",
        "touch {}src/lib.rs",
        "touch {}tests/x.txt",
        "cat {}tests/out.txt",
    ],
)
def test_who_writes_what_tests_read_or_looks_at_what_they_write_still_waits(test, other, files):
    assert not FakeCheckout(files).may_run_together(test, other.format("a/" if files is WORKSPACE else ""))


@pytest.mark.parametrize(
    "test",
    [
        "UPDATE_EXPECT=1 cargo test",
        "SNAPSHOTS=overwrite cargo test",
        "INSTA_UPDATE=always cargo nextest run",
        "export UPDATE_EXPECT=1; cargo test",
        "cargo insta test",
        "cargo bench",
        "cargo fix --allow-dirty",
    ],
)
def test_what_brings_sources_up_to_date_keeps_the_order(test):
    assert not FakeCheckout(PACKAGE).may_run_together(test, "cargo fmt --check")


def test_a_task_s_environment_may_have_tests_bring_sources_up_to_date():
    place = FakeCheckout(PACKAGE)
    updating = place.command_claims("cargo test", place.root, {"UPDATE_EXPECT": "1"})
    assert not any("*.rs" in left for entry in updating.entries for left in entry.excluding)


@pytest.mark.parametrize(
    "text",
    [
        'fs::write(root.join("src/generated.rs"), text)',
        'fs_err::write("src/generated.rs", text)',
        'fs::write(path.with_extension("rs"), text)',
        'bindings.write_to_file("src/generated.rs")',
        'File::create_new("src/generated.rs")',
        'macrotest::expand("src/*.rs")',
        'let mut file = std::fs::File::create("src/table.rs")?;',
        'tonic_build::configure().out_dir("src/pb").compile(&["x.proto"]); assert!(Path::new("src/pb/x.rs").exists());',
        'sourcegen::ensure_file_contents(&project_root().join("src/kinds.rs"), &text)',
    ],
)
@pytest.mark.parametrize("file", ["tests/codegen.rs", "src/lib.rs"])
def test_tests_that_generate_sources_keep_the_order(text, file):
    assert not FakeCheckout({**PACKAGE, file: text}).may_run_together("cargo test", "cargo fmt --check")


def test_code_that_writes_files_which_are_no_sources_does_not():
    assert FakeCheckout({**PACKAGE, "src/lib.rs": 'fs::write("out.txt", x)'}).why_not("cargo test", "cargo fmt --check") is None


def test_a_build_script_may_write_sources():
    place = FakeCheckout({**PACKAGE, "build.rs": "fn main() {}"})
    assert not place.may_run_together("cargo test", "cargo fmt --check")
