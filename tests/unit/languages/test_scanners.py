"""Programs that look over documents, playbooks or a whole project: what they read, what they write, and what is not believed."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("reuse lint", "src/a.py"),
        ("cd src && reuse lint -q", "LICENSES/MIT.txt"),
        ("reuse lint-file src/a.py", "REUSE.toml"),
        ("gitlint --commits origin/main..HEAD", ".gitlint"),
        ("gitlint -C conf/gitlint lint", "conf/gitlint"),
        ("detect-secrets scan", "src/a.py"),
        ("detect-secrets scan --all-files src", "src/a.py"),
        ("semgrep scan --config rules --error src", "rules/a.yml"),
        ("semgrep --config=auto --metrics=off", "src/a.py"),
        ("semgrep --config p/ci src", "src/lib/.semgrepignore"),
        ("checkov -d tf --quiet --compact --framework terraform", "modules/a.tf"),
        ("checkov --directory . -o json", ".checkov.yaml"),
        ("ansible-lint", "roles/x/tasks/main.yml"),
        ("ansible-lint --offline playbook.yml", "roles/x/tasks/main.yml"),
        ("trufflehog git file://. --only-verified --fail", ".git/HEAD"),
        ("trufflehog filesystem --no-update .", "src/a.py"),
        ("proselint docs", "docs/a.md"),
        ("proselint check docs", "docs/a.md"),
    ],
)
def test_they_read_what_they_look_over(text, read):
    checkout = FakeCheckout({"src/a.py": ""})
    assert checkout.recognises(text)
    assert not checkout.may_run_together(text, f"touch {read}")


@pytest.mark.parametrize(
    "text",
    ["reuse lint", "gitlint", "detect-secrets scan", "semgrep --config r.yml", "trufflehog filesystem .", "proselint docs"],
)
def test_what_only_looks_writes_nothing(text):
    checkout = FakeCheckout({"src/a.py": ""})
    assert checkout.writes(text) == set()
    assert checkout.may_run_together(text, "yamllint k8s")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("detect-secrets scan --baseline .secrets.baseline", {".secrets.baseline"}),
        ("detect-secrets-hook --baseline .secrets.baseline a.py", {".secrets.baseline"}),
        ("reuse spdx -o reuse.spdx", {"reuse.spdx"}),
        ("semgrep --config auto --autofix src", {"src/**"}),
        ("semgrep --config auto --sarif-output=out/a.sarif src", {"out/a.sarif"}),
        ("cd sub && ansible-lint", {"**/.ansible/**"}),
        ("ansible-lint --sarif-file a.sarif", {"**/.ansible/**", "a.sarif"}),
    ],
)
def test_what_they_write_is_said(text, written):
    assert FakeCheckout({"src/a.py": "", "sub/a.yml": ""}).writes(text) == written


@pytest.mark.parametrize(
    "text",
    [
        "reuse annotate a.py",
        "reuse download --all",
        "gitlint install-hook",
        "gitlint generate-config",
        "gitlint --extra-path rules",
        "detect-secrets audit .secrets.baseline",
        "detect-secrets scan -p plugin.py",
        "semgrep ci",
        "semgrep publish rules",
        "semgrep scan --baseline-commit main",
        "semgrep scan --allow-local-builds",
        "checkov -d . --output-file-path out",
        "checkov -d . --download-external-modules true",
        "checkov -d . --bc-api-key x",
        "checkov -d . --create-baseline",
        "ansible-lint --fix",
        "ansible-lint --generate-ignore",
        "proselint dump-config",
        "trufflehog github --org x",
    ],
)
def test_subcommands_and_options_that_do_more_are_not_believed(text):
    assert not FakeCheckout().recognises(text)


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("gitlint", {".gitlint": "[general]\nextra-path=rules\n"}),
        ("checkov -d sub", {".checkov.yaml": "output-file-path: out\n"}),
        ("checkov -d sub", {"sub/.checkov.yml": "download-external-modules: true\n"}),
        ("checkov -d . --config-file sub/c.yaml", {"sub/c.yaml": "bc-api-key: x\n"}),
        ("checkov -d .", {"sub/Chart.yaml": "dependencies:\n- name: x\n"}),
        ("ansible-lint sub", {".ansible-lint": "write_list: [all]\n"}),
        ("ansible-lint sub", {"ansible.cfg": "[defaults]\nlog_path = a.log\n"}),
    ],
)
def test_settings_that_make_one_do_more_are_looked_for(text, files):
    assert FakeCheckout({"sub/a": "", "other/Chart.yaml": "name: x\n"}).recognises(text)
    assert not FakeCheckout({"sub/a": "", **files}).recognises(text)


def test_those_that_fill_a_cache_of_their_own_are_kept_apart():
    checkout = FakeCheckout()
    assert not checkout.may_run_together("ansible-lint a.yml", "ansible-lint b.yml")
    assert not checkout.may_run_together("proselint a.md", "proselint b.md")
    assert checkout.may_run_together("checkov -d tf", "shfmt -d a.sh")
    assert not checkout.may_run_together("checkov -d tf", "cat github_conf/x.json")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("osv-scanner -r .", "go.mod"),
        ("osv-scanner scan source --lockfile go.mod", "go.mod"),
        ("license-eye header check", "src/b.go"),
        ("dotenv-linter", ".env"),
        ("dotenv-linter check --schema env.json conf", "conf/.env"),
        ("dotenv-linter diff .env .env.example", ".env.example"),
        ("tfsec . --soft-fail", "modules/a.tf"),
        ("kubeval -d k8s --strict", "k8s/a.yaml"),
        ("kube-score score k8s/a.yaml", "k8s/a.yaml"),
        ("pinact run --check", ".github/workflows/ci.yml"),
        ("vacuum lint -d -r rules.yaml openapi.yaml", "paths/a.yaml"),
        ("terraform-docs markdown table --output-check modules/x", "modules/x/main.tf"),
    ],
)
def test_scanners_of_configurations_read_them(text, read):
    checkout = FakeCheckout({"src/a.py": ""})
    assert checkout.recognises(text)
    assert checkout.writes(text) == set()
    assert not checkout.may_run_together(text, f"touch {read}")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("osv-scanner --format json --output out.json .", {"out.json"}),
        ("pinact run", {"**/.github/**", "**/action.{yml,yaml}"}),
        ("vacuum lint --fix openapi.yaml", {"openapi.yaml/**"}),
        ("terraform-docs modules/x", {"modules/x/**"}),
        ("terraform-docs md modules/x", {"modules/x/**"}),
    ],
)
def test_what_scanners_of_configurations_write_is_said(text, written):
    assert FakeCheckout({"src/a.py": ""}).writes(text) == written


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("osv-scanner scan image alpine", {}),
        ("osv-scanner fix -M package.json", {}),
        ("license-eye header fix", {}),
        ("dotenv-linter fix .env", {}),
        ("tfsec --out x .", {}),
        ("tfsec .", {".tfsec/config.yml": "out: report\n"}),
        ("pinact run --fix", {}),
        ("pinact run", {".pinact.yaml": "files:\n  - pattern: a.yml\n"}),
        ("vacuum lint --fix-file b.yaml --fix a.yaml", {}),
        ("terraform-docs markdown --output-file ../README.md .", {}),
        ("terraform-docs .", {".terraform-docs.yml": "output:\n  file: ../README.md\n"}),
        ("terraform-docs version", {}),
    ],
)
def test_what_writes_elsewhere_is_not_believed(text, files):
    assert not FakeCheckout({"src/a.py": "", **files}).recognises(text)
