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
        ("sqlfluff lint --dialect postgres sql", "sql/a.sql"),
        ("uvx sqlfluff parse -d ansi sql", "sql/.sqlfluff"),
        ("check-jsonschema --schemafile s.json a.json", "s.json"),
        ("npx ajv validate -s schema -d 'data/*.json' --spec=draft2020 -c ajv-formats", "schema.json"),
        ("spectral lint -F warn openapi.yaml", "paths/a.yaml"),
        ("npx solhint --noPoster 'src/**/*.sol'", "src/a.sol"),
        ("opa test -v policies", "policies/a.rego"),
        ("opa check --strict policies", "policies/a.rego"),
        ("opa fmt --list policies", "policies/a.rego"),
        ("regal lint policies", ".regal/config.yaml"),
        ("conftest test -p policy k8s/a.yaml", "policy/a.rego"),
        ("conftest verify", "policy/a.rego"),
        ("cue vet -c ./...", "cue.mod/module.cue"),
        ("jsonnet -J vendor x.jsonnet", "vendor/y.libsonnet"),
        ("jsonnetfmt --test x.jsonnet", "x.jsonnet"),
        ("fga model test --tests tests/tests.yaml", "fga/model.fga"),
        ("kube-linter lint --config lint.yaml k8s", "lint.yaml"),
        ("helm-docs --dry-run", "charts/a/values.yaml"),
        ("packer fmt -check -recursive images", "images/a.pkr.hcl"),
        ("packer validate -var-file=x.pkrvars.hcl images", "x.pkrvars.hcl"),
        ("promtool check rules rules.yml", "rules.yml"),
        ("promtool test rules test.yml", "rules.yml"),
        ("luacheck . --codes", "src/a.lua"),
        ("luacheck lua --globals vim --max-line-length 120", "lua/a.lua"),
        ("toml-sort --check pyproject.toml", "pyproject.toml"),
        (".venv/bin/toml-sort --check pyproject.toml", "pyproject.toml"),
        ("nixfmt --check flake.nix", "flake.nix"),
        ("statix check .", "nix/a.nix"),
        ("deadnix --fail nix", "nix/a.nix"),
        ("selene src", "selene.toml"),
        ("vale docs", "styles/x.yml"),
        ("dart format -o none --set-exit-if-changed lib", "lib/a.dart"),
        ("dart format --output=none lib", "analysis_options.yaml"),
        ("dart analyze --fatal-infos", "packages/a/lib/a.dart"),
        ("zig fmt --check src", "src/a.zig"),
        ("cmake-format --check CMakeLists.txt", "CMakeLists.txt"),
        ("cmake-lint CMakeLists.txt", ".cmake-format.yaml"),
        ("buildifier -mode=check -r .", "a/BUILD"),
        ("gocovmerge a.out b.out", "b.out"),
        ("rg -n TODO src", "src/a"),
        ("rg --files", "src/a"),
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
        ("sqlfluff fix -d ansi sql", {"sql/**"}),
        ("sqlfluff format sql --dialect ansi", {"sql/**"}),
        ("sqlfmt models", {"models/**"}),
        ("spectral lint -o out/report.xml -f junit a.yaml", {"out/report.xml"}),
        ("solhint --fix src/a.sol", {"src/a.sol/**"}),
        ("opa fmt -w policies", {"policies/**"}),
        ("jsonnet -o a.json x.jsonnet", {"a.json"}),
        ("jsonnetfmt -i x.jsonnet", {"x.jsonnet/**"}),
        ("helm-docs --chart-search-root=charts", {"**/README.md"}),
        ("packer fmt images", {"images/**"}),
        ("dart format lib", {"lib/**"}),
        ("dart format -o write lib", {"lib/**"}),
        ("dart format --set-exit-if-changed lib", {"lib/**"}),
        ("zig fmt src", {"src/**"}),
        ("cmake-format -i CMakeLists.txt", {"CMakeLists.txt/**"}),
        ("cmake-format -o out.txt CMakeLists.txt", {"out.txt"}),
        ("buildifier -mode=fix a/BUILD", {"a/BUILD/**"}),
        ("buildifier -r a", {"a/**"}),
        ("go-junit-report -set-exit-code -out report.xml", {"report.xml"}),
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
        "sqlfluff lint --templater dbt models",
        "jsonnet -m out x.jsonnet",
        "sqlfluff",
        "check-jsonschema --validator-class x:Y a.json",
        "ajv compile -s s.json -o out.js",
        "spectral lint --resolver r.js a.yaml",
        "solhint --save src",
        "solhint stdin",
        "opa test --watch policies",
        "opa build policies",
        "regal fix policies",
        "conftest test --update oci://x a.yaml",
        "cue fmt ./...",
        "cue export -o json:out.json",
        "helm-docs -o DOCS.md",
        "helm-docs -c ../elsewhere",
        "packer build images",
        "packer validate -evaluate-datasources images",
        "promtool check metrics",
        "promtool tsdb analyze",
        "luacheck --cache .",
        "selene generate-roblox-std",
        "vale sync",
        "dart",
        "dart fix --apply",
        "dart analyze --packages=x",
        "zig build",
        "fga model write --store-id x",
        "fga model test --tests t.yaml --store-id x",
        "rg --pre ./x TODO",
        "gotestfmt --unheard-of",
    ],
)
def test_subcommands_and_options_that_may_write_elsewhere_are_not_believed(text):
    assert not FakeCheckout().recognises(text)


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("sqlfluff lint models", {".sqlfluff": "[sqlfluff]\ntemplater = dbt\n"}),
        ("sqlfluff fix models/a.sql", {"models/.sqlfluff": "[sqlfluff]\ntemplater = dbt\n"}),
        ("cd models && sqlfluff lint .", {"pyproject.toml": '[tool.sqlfluff.core]\ntemplater = "dbt"\n'}),
        ("sqlfluff lint models", {"setup.cfg": "[sqlfluff:templater:jinja]\nload_macros_from_path = macros\n"}),
        ("conftest test a.yaml", {"conftest.toml": 'update = ["oci://x"]\n'}),
        ("selene src", {"selene.toml": 'std = "roblox"\n'}),
        ("luacheck .", {".luacheckrc": "cache = true\n"}),
        ("luacheck --config conf/lua .", {"conf/lua": "cache = true\n"}),
        ("sqlfluff lint --config conf/sql models", {"conf/sql": "[sqlfluff]\ntemplater = dbt\n"}),
    ],
)
def test_settings_that_make_a_checker_do_more_are_looked_for(text, files):
    assert FakeCheckout({"models/a.sql": "", "src/a": ""}).recognises(text)
    assert not FakeCheckout({"models/a.sql": "", "src/a": "", **files}).recognises(text)


def test_what_only_filters_a_text_touches_no_files():
    checkout = FakeCheckout({"go.mod": "module x"})
    for text in ("gotestfmt -hide all", "tparse -all", "go-junit-report"):
        assert checkout.recognises(text)
        assert checkout.may_run_together(text, "touch a.json")


def test_scanners_that_lock_their_cache_are_kept_apart():
    checkout = FakeCheckout()
    assert not checkout.may_run_together("trivy fs api", "trivy config infra")
    assert checkout.may_run_together("trivy fs api", "gitleaks detect")
    assert not checkout.may_run_together("sqlfmt --check a", "sqlfmt --check b")


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ("YAMLLINT_CONFIG_FILE=conf/lint.yml yamllint a.yml", False),
        ("YAMLLINT_CONFIG_FILE=$CONF yamllint a.yml", False),
        ("YAMLLINT_CONFIG_FILE=other.yml yamllint a.yml", True),
        ("TRIVY_OUTPUT=conf/lint.yml yamllint a.yml", True),
    ],
)
def test_a_program_reads_and_writes_what_its_own_variables_name(text, together):
    place = FakeCheckout({"a.yml": "", "src/x": "", "conf/x": ""})
    assert place.may_run_together("cp x conf/lint.yml", text) is together, place.why_not("cp x conf/lint.yml", text)
    assert not place.may_run_together("TRIVY_OUTPUT=conf/report trivy fs src", "cat conf/report")


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ("TRIVY_SEVERITY=HIGH,CRITICAL TRIVY_EXIT_CODE=1 trivy fs src", True),
        ("TRIVY_SEVERITY=$SEVERITY trivy fs src", True),
        ("TRIVY_OUTPUT= trivy fs src", True),
        ("TRIVY_OUTPUT=report trivy fs src", False),
        ("SHELLCHECK_OPTS='-x -e SC1091' shellcheck x.sh", True),
        ("SHELLCHECK_OPTS='--made-up out' shellcheck x.sh", False),
    ],
)
def test_a_variable_that_says_what_an_option_says_is_no_path(text, together):
    place = FakeCheckout({"x.sh": "", "src/x": ""})
    assert place.may_run_together("yamllint .", text) is together, place.why_not("yamllint .", text)


YAMLLINT = "extends: default\nyaml-files:\n  - '*.yaml'\n  - '*.yml'\nrules: {line-length: disable}\n"


@pytest.mark.parametrize("settings", [YAMLLINT, "rules: {}\n", "extends: relaxed\n"])
def test_yamllint_was_said_to_read_all_files(settings):
    place = FakeCheckout({".yamllint.yml": settings})
    assert place.may_run_together("yamllint .", "gofmt -w . >log.txt")
    assert place.may_run_together("cd .github && yamllint .", "ruff format src")
    for changed in ("a.yml", "k8s/b.yaml", ".yamllint.yml", "k8s/.yamllint"):
        assert not place.may_run_together("yamllint .", f"touch {changed}")
    assert not place.may_run_together("yamllint a.txt k8s", "touch a.txt")


@pytest.mark.parametrize(
    "settings",
    [
        None,
        "extends: other.yml\n",
        "yaml-files: ['*']\n",
        "yaml-files: x\n",
        "yaml-files: [1]\n",
        "ignore-from-file: x\n",
        "[",
        "- a\n",
    ],
)
def test_yamllint_reads_what_its_settings_say(settings):
    place = FakeCheckout({} if settings is None else {".yamllint": settings})
    assert not place.may_run_together("yamllint .", "touch log.txt")


@pytest.mark.parametrize("text", ["yamllint -d relaxed .", "yamllint -c x.yml .", "YAMLLINT_CONFIG_FILE=x.yml yamllint ."])
def test_yamllint_reads_what_other_settings_say(text):
    assert not FakeCheckout({".yamllint": YAMLLINT}).may_run_together(text, "touch log.txt")
