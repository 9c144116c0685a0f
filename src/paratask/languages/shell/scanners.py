"""Programs that look over documents, playbooks or a whole project, as data: for secrets, licences, weaknesses, prose, commit messages.

See `paratask.languages.shell.checker_table` for what the entries say.
"""

from __future__ import annotations

from paratask.languages.shell.call import Accepts
from paratask.languages.shell.checker_table import Checker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_GITLINT = Checker(
    accepts=Accepts(
        flags="--ignore-stdin --staged --fail-without-commits -v --verbose -s --silent -d --debug",
        values="-c --commit --commits --ignore --contrib",
        reads="-C --config --msg-filename --target",
    ),
    default=("**/.gitlint",),
    settings="**/{.gitlint,.gitattributes,.mailmap,.git/**}",
    others="generate-config install-hook uninstall-hook run-hook",
    unless=(".gitlint:extra-path",),
)
_SECRETS = "--base64-limit --hex-limit --disable-plugin --exclude-lines --exclude-files --exclude-secrets --disable-filter"
_SEMGREP = Checker(
    accepts=Accepts(
        flags="-a --autofix --no-autofix --dryrun --no-dryrun --dataflow-traces --disable-nosem --enable-nosem --disable-version-check "
        "--enable-version-check --emacs --error --no-error --exclude-binary-files --no-exclude-binary-files --exclude-minified-files "
        "--no-exclude-minified-files --files-with-matches --force-color --no-force-color --gitlab-sast --gitlab-secrets "
        "--incremental-output --json --junit-xml --matching-explanations --no-git-ignore --use-git-ignore --no-rewrite-rule-ids "
        "--rewrite-rule-ids --novcs --oss-only --pro --pro-intrafile --pro-languages --sarif --scan-unknown-extensions "
        "--skip-unknown-extensions --strict --no-strict --text --time --no-time --validate --vim -q --quiet -v --verbose --debug",
        values="-e --pattern --exclude --exclude-rule --include --interfile-timeout -j --jobs -l --lang --max-chars-per-line "
        "--max-lines-per-finding --max-log-list-entries --max-match-context-size --max-memory --max-target-bytes --metrics "
        "--optimizations --replacement --severity --timeout --timeout-threshold",
        reads="-f -c --config --project-root",
        writes="-o --output --emacs-output --gitlab-sast-output --gitlab-secrets-output --json-output --junit-xml-output --sarif-output "
        "--text-output --vim-output",
    ),
    edits=("-a", "--autofix"),
    settings="**/.{semgrepignore,gitignore}",
    others="ci install-semgrep-pro interactive login logout lsp mcp publish scan show test validate",
)
_CHECKOV_FILES = tuple(
    f".checkov.{ending}:{word}"
    for ending in ("yaml", "yml")
    for word in ("output-file", "api-key", "download-external", "external-checks", "create-", "image")
)
"""What it would fetch or write besides. Of charts with dependencies it has helm fetch those into the checkout."""
_PROSELINT = Checker(
    accepts=Accepts(
        flags="-v --verbose -d --debug -j --json -t --time --demo --compact",
        values="-o --output-format",
        reads="--config",
    ),
    default=("/dev/stdin",),
    settings="**/.proselintrc{,.json}",
    holds="proselint-cache",
    others="version dump-config",
)
_ANSIBLE_LINT = tuple(f"{folder}ansible-lint{end}" for folder in (".", ".config/") for end in ("", ".yml", ".yaml"))
_TRUFFLEHOG = Checker(
    accepts=Accepts(
        flags="-j --json --json-legacy --github-actions --sarif --no-verification --only-verified --no-color --no-colour "
        "--allow-verification-overlap --filter-unverified --print-avg-detector-time --no-update --fail --fail-on-scan-errors "
        "--custom-verifiers-only --no-verification-cache --force-skip-binaries --force-skip-archives --skip-additional-refs "
        "--drop-unverified-jwt-results --debug --bare --trust-local-git-config --allow --entropy --regex",
        values="--log-level --concurrency --results --filter-entropy --max-decode-depth --detector-timeout --archive-max-size "
        "--archive-max-depth --archive-timeout --include-detectors --exclude-detectors --git-clone-timeout --user-agent-suffix "
        "--exclude-globs --since-commit --branch --max-depth",
        reads="--config -i --include-paths -x --exclude-paths",
        writes="--output-report",
    ),
    default=("**",),
    settings="**",
)
_OSV = Checker(
    accepts=Accepts(
        flags="-r --recursive --no-ignore --include-git-root --skip-git --offline --offline-vulnerabilities --download-offline-databases "
        "--no-resolve --allow-no-lockfiles --all-packages --all-vulns --licenses --json --experimental-offline --experimental-licenses",
        values="-f --format --verbosity --no-call-analysis --data-source --maven-registry --experimental-exclude",
        reads="-L --lockfile -S --sbom --config",
        writes="--output --output-file",
    ),
    follows=True,
    holds="osv-scanner-cache",
    others="fix help image mcp update",
)
_TERRAFORM_DOCS = Checker(
    accepts=Accepts(
        flags="--output-check --recursive --recursive-include-main --sort --lockfile --output-values --read-comments --anchor --atx-closed "
        "--default --escape --html --hide-empty --required --sensitive --type --color --description",
        values="--recursive-exclude --show --hide --output-mode --output-template --sort-by --header-from --footer-from --indent",
        reads="-c --config --output-values-from",
    ),
    only_reads=("--output-check",),
    follows=True,
    others="completion help version",
    unless=tuple(f"{folder}.terraform-docs.{ending}:../" for folder in ("", ".config/") for ending in ("yml", "yaml")),
)
_DOCUMENTED_AS = (
    "asciidoc adoc json markdown md pretty tfvars toml xml yaml",
    "asciidoc document,asciidoc table,markdown document,markdown doc,markdown table,markdown tbl,tfvars hcl,tfvars json",
)
_DOTENV = Checker(
    accepts=Accepts(
        flags="-r --recursive -q --quiet --plain --no-color --not-check-updates --skip-updates",
        values="-i --ignore-checks --skip",
        reads="-e --exclude -s -S --schema",
    ),
    others="compare fix help list",
)
SCANNERS: Mapping[str, Checker] = {
    "reuse lint": Checker(
        accepts=Accepts(flags="-q --quiet -j --json -p --plain -l --lines"),
        default=("**",),
        settings="**",
    ),
    "reuse lint-file": Checker(accepts=Accepts(flags="-q --quiet -l --lines"), settings="**"),
    "reuse spdx": Checker(
        accepts=Accepts(
            flags="--add-license-concluded", values="--creator-person --creator-organization", writes="-o --output"
        ),
        default=("**",),
        settings="**",
    ),
    **dict.fromkeys(("gitlint", "gitlint lint"), _GITLINT),
    "detect-secrets scan": Checker(
        accepts=Accepts(
            flags="--string --only-allowlisted --all-files --force-use-all-plugins --slim --list-all-plugins -n --no-verify --only-verified",
            values=_SECRETS,
            writes="--baseline",
        )
    ),
    "detect-secrets-hook": Checker(
        accepts=Accepts(
            flags="-v --verbose -n --no-verify --only-verified --json --force-use-all-plugins",
            values=_SECRETS,
            writes="--baseline",
        ),
    ),
    **dict.fromkeys(("semgrep", "semgrep scan"), _SEMGREP),
    "checkov": Checker(
        accepts=Accepts(
            flags="--quiet --compact --skip-download -s --soft-fail -l --list --output-baseline-as-skipped --enable-secret-scan-all-files "
            "--skip-resources-without-violations --deep-analysis --no-fail-on-crash --skip-results-upload --no-guide "
            "--include-all-checkov-policies --output-bc-ids",
            values="--framework --skip-framework -c --check --skip-check --soft-fail-on --hard-fail-on -o --output --skip-path "
            "--evaluate-variables --summary-position --mask --secrets-scan-file-type --block-list-secret-scan --custom-tool-name",
            reads="-d --directory -f --file --var-file --config-file --baseline --repo-root-for-plan-enrichment",
        ),
        follows=True,
        leaves=tuple(f"{service}_conf/**/*.json" for service in ("github", "gitlab", "bitbucket")),
        unless=(*_CHECKOV_FILES, "**/Chart.yaml:dependencies", "**/requirements.yaml:dependencies"),
    ),
    "ansible-lint": Checker(
        accepts=Accepts(
            flags="-P --list-profiles -L --list-rules -T --list-tags -q -R -s --strict --show-relpath -v --nocolor --force-color -p "
            "--parseable --offline --no-offline",
            values="-f --format --profile -t --tags -x --skip-list -w --warn-list --enable-list --exclude",
            reads="--project-dir -r --rules-dir -c --config-file -i --ignore-file --yamllint-file",
            writes="--sarif-file",
        ),
        follows=True,
        makes=("**/.ansible/**",),
        holds="ansible-cache",
        unless=(
            *(f"{name}:{word}" for name in _ANSIBLE_LINT for word in ("write_list", "fix", "sarif_file")),
            *(f"ansible.cfg:{word}" for word in ("log_path", "local_tmp", "cache_dir")),
        ),
    ),
    **dict.fromkeys(("proselint", "proselint check"), _PROSELINT),
    "trufflehog git": _TRUFFLEHOG,
    "trufflehog filesystem": _TRUFFLEHOG,
    **dict.fromkeys(("osv-scanner", "osv-scanner scan", "osv-scanner scan source"), _OSV),
    "license-eye header check": Checker(
        accepts=Accepts(values="-v --verbosity", reads="-c --config"), default=("**",), settings="**"
    ),
    **dict.fromkeys(("dotenv-linter", "dotenv-linter check", "dotenv-linter diff", "dotenv-linter compare"), _DOTENV),
    "tfsec": Checker(
        accepts=Accepts(
            flags="--single-thread -G --disable-grouping --ignore-hcl-errors --no-colour --no-color -s --soft-fail --debug --verbose "
            "--concise-output --exclude-downloaded-modules --include-passed --include-ignored --no-ignores --force-all-dirs "
            "--run-statistics --print-rego-input --no-module-downloads --rego-only --no-code",
            values="-f --format -e --exclude -E --exclude-ignores --filter-results --exclude-path -w --workspace -m --minimum-severity "
            "--code-theme",
            reads="--tfvars-file --var-file --custom-check-dir --config-file --rego-policy-dir",
        ),
        follows=True,
        holds="tfsec-cache",
        unless=tuple(
            f".tfsec/config.{ending}:{word}" for ending in ("json", "yml", "yaml") for word in ("out", "update", "migrate")
        ),
    ),
    "kubeval": Checker(
        accepts=Accepts(
            flags="--exit-on-error --ignore-missing-schemas --openshift --strict --quiet --insecure-skip-tls-verify --force-color",
            values="-n --default-namespace -f --filename --skip-kinds --reject-kinds -s --schema-location "
            "--additional-schema-locations -v --kubernetes-version -o --output -d --directories -i --ignored-path-patterns "
            "--ignored-filename-patterns",
        ),
        default=("/dev/stdin",),
        follows=True,
    ),
    "kube-score score": Checker(
        accepts=Accepts(
            flags="--exit-one-on-warning --ignore-container-cpu-limit --ignore-container-memory-limit "
            "--disable-ignore-checks-annotations --disable-optional-checks-annotations --all-default-optional -v --verbose",
            values="-o --output-format --output-version --color --enable-optional-test --ignore-test --kubernetes-version "
            "--min-replicas-deployment --min-replicas-hpa",
        ),
        default=("/dev/stdin",),
    ),
    "pinact run": Checker(
        accepts=Accepts(
            flags="--verify -verify --verify-comment -v --verify-min-age --no-api -no-api --check -check -u --update -update --diff -diff",
            values="-i --include -e --exclude --branch-to-tag -m --min-age -min-age --separator --sep --format",
            reads="--diff-file",
        ),
        only_reads=("--check", "-check", "--diff", "-diff"),
        default=("**/.github/**", "**/action.{yml,yaml}"),
        settings="**/{.github/**,.pinact.y{,a}ml}",
        unless=tuple(f"{name}.{ending}:files" for name in (".pinact", ".github/pinact") for ending in ("yaml", "yml")),
    ),
    "vacuum lint": Checker(
        accepts=Accepts(
            flags="-d --details -s --snippets -e --errors -x --silent -q --no-style -b --no-banner -m --no-message -a --all-results "
            "--no-clip --ignore-array-circle-ref --ignore-polymorph-circle-ref --show-rules --pipeline-output --abs-paths -t --time "
            "-u --remote -k --skip-check -w --debug -z --hard-mode --ext-refs --changes-summary --warn-on-changes "
            "--error-on-breaking -T --turbo --no-update-check --fix",
            values="-c --category -n --fail-severity --min-score -g --timeout --lookup-timeout --fetch-timeout -p --base",
            reads="-r --ruleset --ignore-file --changes --original --breaking-config --config",
        ),
        edits=("--fix",),
        follows=True,
        unless=("vacuum.conf.yaml:fix",),
    ),
    **{f"terraform-docs {name}": _TERRAFORM_DOCS for name in (*_DOCUMENTED_AS[0].split(), *_DOCUMENTED_AS[1].split(","))},
    "terraform-docs": _TERRAFORM_DOCS,
}
"""By name, with the subcommand."""
SPELLED_OUT = ("xmllint", "pydoclint", "pinact run")
"""Those here and among sources that know no letters written together."""
