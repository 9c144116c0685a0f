"""Tests of Rust packages that write interfaces for another language, among the sources of others."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout

MANIFEST = '[package]\nname = "api"\n[dependencies]\nts-rs = "11"\n'
TYPE = "#[derive(TS)]\n#[ts(export{})]\npub struct User {{ id: i32 }}\n"
FILES = {
    "api/Cargo.toml": MANIFEST,
    "api/Cargo.lock": "",
    "web/package.json": '{"name": "web"}',
    "web/tsconfig.json": '{"compilerOptions": {"noEmit": true}, "include": ["src"]}',
    "web/src/a.ts": "",
}


def checkout(source: str, **files: str) -> FakeCheckout:
    return FakeCheckout({**FILES, "api/src/lib.rs": source, **{f".cargo/{name}.toml": text for name, text in files.items()}})


def waits(place: FakeCheckout, test: str = "cargo test") -> bool:
    return not place.may_run_together(f"cd api && {test}", "cd web && npx tsc --noEmit")


@pytest.mark.parametrize("test", ["cargo test", "cargo nextest run", "cargo test export_bindings", "cargo run"])
@pytest.mark.parametrize(
    "name",
    [
        "../../web/src/types/",
        "../../web/src/user.ts",
        "../web/src/types/",
        "./../web/src/",
    ],
)
def test_who_compiles_interfaces_waits_for_the_tests_that_write_them(test, name):
    assert waits(checkout(TYPE.format(f', export_to = "{name}"')), test)


def test_they_lie_where_the_variable_says():
    source = TYPE.format("")
    assert not waits(checkout(source))
    assert waits(checkout(source), "TS_RS_EXPORT_DIR=../web/src/types cargo test")
    assert waits(checkout(source, config='[env]\nTS_RS_EXPORT_DIR = { value = "web/src/types", relative = true }'))
    assert waits(checkout(source, config='[env]\nTS_RS_EXPORT_DIR = "../web/src"'))
    assert not waits(checkout(source, config='[env]\nTS_RS_EXPORT_DIR = "bindings"'))
    assert waits(checkout(TYPE.format(', export_to = "src/x.ts"')), "TS_RS_EXPORT_DIR=../web cargo test")


def test_types_of_packages_depended_on_are_written_with_the_tests_of_others():
    place = FakeCheckout(
        {
            **FILES,
            "api/Cargo.toml": '[package]\nname = "api"\n[dependencies]\ncore = { path = "../core" }\n',
            "api/src/lib.rs": TYPE.format(""),
            "core/Cargo.toml": '[package]\nname = "core"\n',
            "core/src/lib.rs": '#[derive(TS)]\n#[ts(\n  rename_all = "camelCase",\n  export_to = "../../web/src/"\n)]\nstruct A;\n',
        }
    )
    assert waits(place)


@pytest.mark.parametrize(
    "source",
    [
        'use specta_typescript::Typescript;\n#[test]\nfn export() { ts.export(Typescript::default(), "../web/src/bindings.ts") }',
        'use specta::ts;\n#[test] fn a() { ts::export::<User>(&Default::default()); builder.export_to("../web/src/a.ts") }',
    ],
)
def test_bindings_of_specta_are_written_from_the_package(source):
    assert waits(checkout(source))


@pytest.mark.parametrize(
    "source",
    [
        "pub struct User;",
        '// #[ts(rename = "x")]\nfn export() { save("../notes.txt") }',
        TYPE.format(', export_to = "types/"'),
    ],
)
def test_others_keep_running_beside(source):
    assert not waits(checkout(source))


@pytest.mark.parametrize("check", ["cargo clippy", "cargo build", "cargo fmt --check"])
def test_who_runs_no_code_writes_no_interfaces(check):
    assert not waits(checkout(TYPE.format(', export_to = "../../web/src/types/"')), check)
