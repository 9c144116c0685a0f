"""Programs that lint and format sources of languages without a plugin: what they read, what they write, and what is not believed."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout

FILES = {"src/a.gd": "", "docs/a.md": "", "pkg/a.py": "", "package.json": '{"name": "x"}'}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("xmllint --noout a.xml", "a.xml"),
        ("xmllint -noout --schema a.xsd a.xml", "a.xsd"),
        ("squawk --exclude=ban-drop-table migrations/1.sql", "migrations/1.sql"),
        ("squawk migrations/1.sql", ".squawk.toml"),
        ("cfn-lint -t infra/a.yaml -i E3012", "infra/nested.yaml"),
        ("rumdl check --no-cache docs", "docs/b.md"),
        ("rumdl fmt --check .", "docs/a.md"),
        ("tombi lint", "a.toml"),
        ("cd pkg && tombi format --check", "tombi.toml"),
        ("manypkg check", "packages/a/package.json"),
        ("npx @manypkg/cli check", "package.json"),
        ("pydoclint --style google pkg", "pkg/sub/b.py"),
        ("cd pkg && pydoclint .", "pyproject.toml"),
        ("gdformat --check src", "src/b.gd"),
        ("gdformat -d src", "gdformatrc"),
        ("gdlint src", ".gdlintrc"),
        ("beautysh --check a.sh", ".editorconfig"),
        ("bashate -i E006 a.sh", "a.sh"),
        ("gersemi --check cmake", "cmake/a.cmake"),
        ("cpplint --recursive --filter=-x src", "src/a.cc"),
        ("cpplint src/a.cc", "CPPLINT.cfg"),
        ("cpplint src/a.cc", "include/a.h"),
        ("flawfinder --error-level=4 src", "src/a.c"),
        ("lizard -C 15 -w src", "src/a.c"),
        ("lizard src", "whitelizard.txt"),
        ("alejandra --check .", "a.nix"),
        ("cd src && alejandra -c .", "alejandra.toml"),
        ("ocamlformat --check src/a.ml", ".ocamlformat"),
        ("forge fmt --check", "src/A.sol"),
        ("forge fmt --check src", "foundry.toml"),
        ("swiftlint --strict", "Sources/a.swift"),
        ("swiftlint lint --quiet src", "src/.swiftlint.yml"),
        ("swiftformat --lint .", "Sources/a.swift"),
        ("swiftformat --lint src", ".swiftformat"),
        ("hlint src", ".hlint.yaml"),
        ("cd src && hlint -h conf/hlint.yaml .", "src/conf/hlint.yaml"),
    ],
)
def test_they_read_what_they_look_at(text, read):
    checkout = FakeCheckout(FILES)
    assert checkout.recognises(text)
    assert not checkout.may_run_together(text, f"touch {read}")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("xmllint --format -o b.xml a.xml", {"b.xml"}),
        ("xmllint --noout a.xml", set()),
        ("squawk a.sql", set()),
        ("cfn-lint --output-file out.json -t a.yaml", {"out.json"}),
        ("rumdl check docs", {".rumdl_cache/**"}),
        ("rumdl check --fix docs", {".rumdl_cache/**", "docs/**"}),
        ("rumdl fmt docs", {".rumdl_cache/**", "docs/**"}),
        ("tombi lint", set()),
        ("tombi format", {"**/*.toml"}),
        ("tombi format a.toml", {"a.toml/**"}),
        ("pydoclint --generate-baseline=True --baseline base.txt pkg", {"base.txt"}),
        ("gdformat src", {"src/**/*.gd"}),
        ("beautysh a.sh", {"a.sh/**"}),
        ("gersemi cmake", set()),
        ("gersemi -i cmake", {"cmake/**"}),
        ("flawfinder --savehitlist=hits src", {"hits"}),
        ("lizard -o out.html src", {"out.html"}),
        ("hlint src", set()),
        ("alejandra src", {"src/**/*.nix"}),
        ("ocamlformat a.ml", set()),
        ("ocamlformat --inplace a.ml", {"a.ml/**"}),
        ("forge fmt", {"**/*.sol"}),
        ("swiftlint --fix src", {"src/**/*.swift"}),
        ("swiftlint --reporter sarif --output out.sarif", {"out.sarif"}),
        ("swiftformat src", {"src/**/*.swift"}),
        ("swiftformat --lint --report out.json src", {"out.json"}),
    ],
)
def test_what_they_write_is_said(text, written):
    assert FakeCheckout(FILES).writes(text) == written


@pytest.mark.parametrize(
    "text",
    [
        "xmllint --shell a.xml",
        "squawk upload-to-github a.sql",
        "cfn-lint -g -t a.yaml",
        "cfn-lint --update-specs",
        "rumdl check --watch docs",
        "rumdl check --cache-dir x docs",
        "rumdl init",
        "rumdl",
        "tombi lsp",
        "manypkg fix",
        "manypkg run a build",
        "pydoclint --frob pkg",
        "gdlint -d",
        "gdformat --dump-default-config",
        "beautysh --backup a.sh",
        "gersemi --cache-dir x .",
        "gersemi --extensions x .",
        "cpplint --config=other.cfg a.cc",
        "lizard -Ewordcount src",
        "lizard -f list.txt",
        "ocamlformat --debug a.ml",
        "forge build",
        "forge fmt --watch",
        "swiftlint analyze --compiler-log-path x",
        "swiftlint --benchmark",
        "swiftformat --output out src",
        "swiftformat --cache cache src",
        "hlint src --report",
        "hlint --refactor src",
    ],
)
def test_options_that_may_write_elsewhere_are_not_believed(text):
    assert not FakeCheckout(FILES).recognises(text)


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("rumdl check docs", {".rumdl.toml": "[code-block-tools]\nenabled = true\n"}),
        ("rumdl check -c docs/r.toml .", {"docs/r.toml": 'cache-dir = "../x"\n'}),
        ("pydoclint pkg", {"pyproject.toml": '[tool.pydoclint]\nbaseline = "base.txt"\n'}),
        ("pydoclint --config docs/p.toml pkg", {"docs/p.toml": '[tool.pydoclint]\nbaseline = "base.txt"\n'}),
        ("cfn-lint a.yaml", {".cfnlintrc": "output_file: out.json\n"}),
        ("gersemi -i .", {".gersemirc": "extensions: [x]\n"}),
        ("swiftlint", {"docs/.swiftlint.yml": "cache_path: ../x\n"}),
        ("swiftlint", {".swiftlint.yml": "parent_config: https://x/y.yml\n"}),
        ("swiftlint", {".swiftlint.yml": "child_config: lint/more.yml\n"}),
        ("swiftlint", {".swiftlint.yml": "baseline: known.json\n"}),
        ("swiftformat src", {"src/.swiftformat": "--cache ../x\n"}),
    ],
)
def test_settings_that_make_one_do_more_are_looked_for(text, files):
    assert FakeCheckout(FILES).recognises(text)
    assert not FakeCheckout({**FILES, **files}).recognises(text)


def test_of_a_folder_one_reads_its_own_kind_of_files():
    checkout = FakeCheckout(FILES)
    assert checkout.may_run_together("gdlint .", "touch docs/b.md")
    assert checkout.may_run_together("pydoclint .", "touch docs/b.md")
    assert not checkout.may_run_together("pydoclint pkg/x", "touch pkg/x")
