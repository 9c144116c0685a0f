from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("dprint check", "docs/a.md"),
        ("npx dprint check src", "src/x.ts"),
        ("gitleaks detect --no-banner -v --redact", "api/x"),
        ("gitleaks detect --source api --report-path -", "api/x"),
        ("gitleaks protect --staged", ".git/index"),
        ("zizmor --offline .github/workflows", ".github/workflows/ci.yml"),
        ("trivy fs --exit-code 1 --severity HIGH,CRITICAL .", "go.sum"),
        ("trivy config -q infra", "infra/main.tf"),
        ("ls-lint -config .ls-lint.yml", "src/A.ts"),
        ("npx yaml-lint '**/*.yml'", "k8s/x.yml"),
        ("npx sort-package-json --check", "package.json"),
        ("syncpack lint", "web/package.json"),
        ("npx syncpack list-mismatches --source 'web/package.json'", "web/package.json"),
        ("syncpack format --check", "web/package.json"),
        ("cspell lint --no-progress '**'", "docs/a.md"),
        ("cspell --no-progress docs", "docs/a.md"),
        ("knip --no-config-hints", "src/x.ts"),
        ("attw x-1.0.0.tgz --profile node16", "x-1.0.0.tgz"),
        ("npx markdownlint-cli docs", "docs/a.md"),
        ("stylua --check src", "src/init.lua"),
        ("stylua -c --config-path stylua.toml src", "stylua.toml"),
        ("odin check src -vet -strict-style -define:LIVE=true -no-entry-point -thread-count:1", "src/x.odin"),
        ("odin check cli", "shared/x.odin"),
        ("kubeconform -schema-location schemas k8s", "schemas/x.json"),
    ],
)
def test_checkers_read_what_they_look_at_and_write_nothing(text, read):
    checkout = FakeCheckout({"package.json": '{"name": "x"}'})
    assert checkout.recognises(text)
    assert checkout.writes(text) == set()
    assert not checkout.may_run_together(text, f"touch {read}")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("dprint fmt", {"**"}),
        ("dprint fmt 'src/**/*.ts'", {"src/**/*.ts/**"}),
        ("gitleaks detect -r leaks.json", {"leaks.json"}),
        ("trivy fs -o report.json .", {"report.json"}),
        ("zizmor --fix .github", {".github/**"}),
        ("sort-package-json", {"**/package.json"}),
        ("sort-package-json web/package.json", {"web/package.json/**"}),
        ("syncpack fix-mismatches", {"**/package.json"}),
        ("attw --pack .", {"**"}),
        ("npx @arethetypeswrong/cli --pack", {"**"}),
        ("stylua --verify src", {"src/**"}),
        ("cspell --cache .", {".cspellcache/**"}),
        ("cspell init", {"**"}),
    ],
)
def test_checkers_that_write_say_so(text, written):
    assert FakeCheckout({"package.json": '{"name": "x"}'}).writes(text) == written


@pytest.mark.parametrize(
    "text",
    [
        "dprint",
        "dprint config add x",
        "dprint fmt --excludes a b",
        "dprint fmt --incremental true",
        "dprint --verbose fmt",
        "gitleaks version2",
        "trivy image x",
        "trivy fs --cache-dir c .",
        "trivy fs --template @x.tpl .",
        "zizmor --frob .",
        "syncpack update",
        "ls-lint -cd x",
        "yaml-lint --frob a.yml",
        "stylua --lsp",
        "odin check . -export-timings:json",
        "odin test .",
    ],
)
def test_subcommands_and_options_that_may_write_elsewhere_are_not_believed(text):
    assert not FakeCheckout().recognises(text)


def test_scanners_that_lock_their_cache_are_kept_apart():
    checkout = FakeCheckout()
    assert not checkout.may_run_together("trivy fs api", "trivy config infra")
    assert checkout.may_run_together("trivy fs api", "gitleaks detect")
