"""Programs that check policies, schemas and queries, and sources of languages that have no plugin of their own, as data.

See `paratask.languages.shell.checker_table` for what the entries say.
"""

from __future__ import annotations

from paratask.languages.shell.call import Accepts
from paratask.languages.shell.checker_table import Checker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_ONLY_ASKED = ("--help",)
"""For those that write whatever their options say."""
_SQLFLUFF_FLAGS = (
    "-n --nocolor --color -v --verbose --disable-noqa --ignore-local-config --disregard-sqlfluffignores --warn-unused-ignores "
    "--disable-progress-bar -q --quiet --nofail"
)
_SQLFLUFF_VALUES = (
    "--disable-noqa-except --logger -i --ignore --encoding -e --exclude-rules -r --rules -d --dialect -p --processes --recursion-limit "
    "--stdin-filename"
)
_SQLFLUFF_FILES = tuple(
    f"{name}:{word}"
    for name in (".sqlfluff", "setup.cfg", "tox.ini", "pep8.ini", "pyproject.toml")
    for word in ("dbt", "macros", "library_path", "loader_search_path")
)
"""With dbt's templater it runs a project of dbt, which writes; others load macros from anywhere."""
_SQLFLUFF = Checker(
    accepts=Accepts(
        flags=_SQLFLUFF_FLAGS,
        values=f"{_SQLFLUFF_VALUES} -f --format --annotation-level",
        reads="--config",
        writes="--write-output --persist-timing",
    ),
    unless=_SQLFLUFF_FILES,
)
_SQLFLUFF_REPAIR = Checker(
    accepts=Accepts(
        flags=f"{_SQLFLUFF_FLAGS} -f --force --FIX-EVEN-UNPARSABLE --show-lint-violations",
        values=_SQLFLUFF_VALUES,
        reads="--config",
        writes="--persist-timing",
    ),
    only_reads=_ONLY_ASKED,
    unless=_SQLFLUFF_FILES,
)
_AJV = Checker(
    accepts=Accepts(
        flags="--spec --errors --changes --strict --strict-tuples --strict-types --strict-schema --strict-numbers --strict-required "
        "--allow-matching-properties --allow-union-types --validate-formats --data --all-errors --verbose --comment --inline-refs "
        "--coerce-types --use-defaults --remove-additional --multiple-of-precision --messages --loop-required --loop-enum",
        reads="-s -d -r -m -c",
    ),
    default=("/dev/stdin",),
    follows=True,
)
_OPA = "-b --bundle --v0-compatible --v1-compatible"
_CONFTEST = Checker(
    accepts=Accepts(
        flags="--all-namespaces --combine --fail-on-warn --no-color --no-fail --quiet --strict --suppress-exceptions --trace "
        "--junit-hide-message --show-builtin-errors",
        values="-n --namespace -o --output --parser --ignore --capabilities --rego-version",
        reads="-p --policy -d --data --proto-file-dirs -c --config",
    ),
    settings="**",
    unless=("conftest.toml:update",),
)
_CUE = Checker(
    accepts=Accepts(
        flags="-c --concrete -E --all-errors -i --ignore -s --simplify -v --verbose --strict -a --all -A --attributes --escape",
        values="-t --inject -d --schema -l --path -p --package --out -e --expression -n --name",
    ),
    follows=True,
)
_PROMETHEUS = Checker(
    accepts=Accepts(
        flags="--lint-fatal --syntax-only --diff --debug", values="--lint --enable-feature --run --ignore-unknown-fields"
    ),
    default=("/dev/stdin",),
    follows=True,
)
MORE: Mapping[str, Checker] = {
    **{f"sqlfluff {name}": _SQLFLUFF for name in ("lint", "parse", "render")},
    **{f"sqlfluff {name}": _SQLFLUFF_REPAIR for name in ("fix", "format")},
    "sqlfmt": Checker(
        accepts=Accepts(
            flags="--check --diff --fast --safe --single-process -k --reset-cache --no-jinjafmt -v --verbose -q --quiet "
            "--no-progressbar --no-color --force-color",
            values="--exclude --encoding -l --line-length -d --dialect -t --threads",
            reads="--config",
        ),
        only_reads=("--check", "--diff"),
        holds="sqlfmt-cache",
    ),
    "check-jsonschema": Checker(
        accepts=Accepts(
            flags="--check-metaschema --no-cache --fill-defaults -v --verbose -q --quiet",
            values="--base-uri --builtin-schema --disable-formats --regex-variant --default-filetype --force-filetype --traceback-mode "
            "--data-transform -o --output-format --color",
            reads="--schemafile",
        ),
        follows=True,
        holds="check-jsonschema-cache",
    ),
    **{f"ajv {name}": _AJV for name in ("validate", "test")},
    "spectral lint": Checker(
        accepts=Accepts(
            flags="-D --display-only-failures --ignore-unknown-format --fail-on-unmatched-globs --show-documentation-url -v --verbose -q "
            "--quiet",
            values="-e --encoding -f --format --stdin-filepath -F --fail-severity",
            reads="-r --ruleset",
            writes="-o --output",
        ),
        follows=True,
    ),
    "solhint": Checker(
        accepts=Accepts(
            flags="-q --quiet --fix --noPrompt --disc --noPoster",
            values="-w --max-warnings -f --formatter",
            reads="-c --config --ignore-path",
        ),
        edits=("--fix",),
        others="stdin list-rules",
    ),
    "opa test": Checker(
        accepts=Accepts(
            flags=f"{_OPA} -v --verbose -c --coverage -z --exit-zero-on-skipped --var-values --bench --benchmem",
            values="-r --run -t --timeout -f --format --ignore -m --max-errors --threshold --count --explain -p --parallel",
            reads="-s --schema --capabilities",
        ),
    ),
    "opa check": Checker(
        accepts=Accepts(
            flags=f"{_OPA} -S --strict --rego-v1",
            values="--ignore -m --max-errors -f --format",
            reads="-s --schema --capabilities",
        ),
    ),
    "opa fmt": Checker(
        accepts=Accepts(
            flags=f"{_OPA} -w --write -l --list -d --diff --fail --rego-v1 --check-result --drop-v0-imports",
            reads="--capabilities",
        ),
        edits=("-w", "--write"),
        default=("/dev/stdin",),
    ),
    "regal lint": Checker(
        accepts=Accepts(
            flags="--no-color --disable-all -D -E --enable-all --instrument --profile --metrics",
            values="-f --format -d --disable --disable-category -e --enable --enable-category --ignore-files -l --fail-level --timeout",
            reads="-c --config-file -r --rules",
            writes="-o --output-file",
        ),
        settings="**/{.regal*,.regal/**,.manifest}",
        follows=True,
    ),
    **{f"conftest {name}": _CONFTEST for name in ("test", "verify")},
    **{f"cue {name}": _CUE for name in ("vet", "eval", "export", "def")},
    "jsonnet": Checker(
        accepts=Accepts(
            flags="-S --string -y --yaml-stream --no-trailing-newline -c --create-output-dirs",
            values="-V --ext-str --ext-code -A --tla-str --tla-code -s --max-stack -t --max-trace",
            reads="-J --jpath",
            writes="-o --output-file",
        ),
        follows=True,
    ),
    "jsonnetfmt": Checker(
        accepts=Accepts(
            flags="-i --in-place --test --no-use-implicit-plus --pad-arrays --no-pad-arrays --pad-objects --no-pad-objects --pretty-field-names "
            "--no-pretty-field-names --sort-imports --no-sort-imports",
            values="-n --indent --max-blank-lines --string-style --comment-style",
        ),
        edits=("-i", "--in-place"),
    ),
    "fga model test": Checker(
        accepts=Accepts(flags="--verbose --suppress-summary", reads="--tests"), default=("/dev/stdin",), follows=True
    ),
    "kube-linter lint": Checker(
        accepts=Accepts(
            flags="-v --verbose --with-color --do-not-auto-add-defaults --add-all-built-in --fail-if-no-objects-found "
            "--fail-on-invalid-resource",
            values="--format --include --exclude --ignore-paths",
            reads="--config",
        ),
    ),
    "helm-docs": Checker(
        accepts=Accepts(
            flags="-d --dry-run --documentation-strict-mode --document-dependency-values --skip-version-footer --ignore-non-descriptions",
            values="-l --log-level -s --sort-values-order -g --chart-to-generate -i --ignore-file --badge-style",
            reads="-c --chart-search-root -t --template-files",
        ),
        only_reads=("-d", "--dry-run"),
        default=("**/README.md",),
        settings="**",
    ),
    "packer fmt": Checker(accepts=Accepts(flags="-check -diff -recursive -write"), only_reads=("-check",), settings="**/*.hcl"),
    "packer validate": Checker(
        accepts=Accepts(
            flags="-syntax-only -no-warn-undeclared-var -machine-readable", values="-var -except -only", reads="-var-file"
        ),
        follows=True,
    ),
    **{f"promtool check {name}": _PROMETHEUS for name in ("rules", "config", "web-config")},
    "promtool test rules": _PROMETHEUS,
    "luacheck": Checker(
        accepts=Accepts(
            flags="-g --no-global -u --no-unused -r --no-redefined -a --no-unused-args -s --no-unused-secondaries --no-self -m --module "
            "-d --allow-defined -t --allow-defined-top --no-inline --no-color --codes --ranges -q --quiet -qq -qqq --no-config "
            "--no-max-line-length --no-cache",
            values="--std --max-line-length --max-code-line-length --max-string-line-length --max-comment-line-length "
            "--max-cyclomatic-complexity -j --jobs --formatter --filename -i --ignore -e --enable -o --only --globals --read-globals "
            "--new-globals --new-read-globals --not-globals --operators",
            reads="--config --default-config",
        ),
        follows=True,
        unless=(".luacheckrc:cache",),
    ),
    "toml-sort": Checker(
        accepts=Accepts(
            flags="-i --in-place --check -I --ignore-case -a --all --no-sort-tables --sort-table-keys --sort-inline-tables "
            "--sort-inline-arrays --trailing-comma-inline-array --no-header --no-comments --no-header-comments --no-footer-comments "
            "--no-inline-comments --no-block-comments",
            values="--spaces-before-inline-comment --spaces-indent-inline-array --sort-first",
            writes="-o --output",
        ),
        edits=("-i", "--in-place"),
        default=("/dev/stdin",),
        settings="**/pyproject.toml",
    ),
    "nixfmt": Checker(
        accepts=Accepts(flags="-c --check -q --quiet -s --strict -v --verify", values="-w --width --indent"),
        only_reads=("-c", "--check"),
        default=("/dev/stdin",),
    ),
    "statix check": Checker(
        accepts=Accepts(flags="-u --unrestricted -s --stdin", values="-i --ignore -o --format", reads="-c --config")
    ),
    "deadnix": Checker(
        accepts=Accepts(
            flags="-l --no-lambda-arg -L --no-lambda-pattern-names -_ --no-underscore -W --warn-used-underscore -q --quiet -e --edit "
            "-h --hidden -f --fail",
            values="-o --output-format",
            reads="--exclude",
        ),
        edits=("-e", "--edit"),
    ),
    "selene": Checker(
        accepts=Accepts(
            flags="-q --quiet --allow-warnings --no-summary -n --no-exclude",
            values="--color --display-style --num-threads --pattern",
            reads="--config",
        ),
        settings="**",
        others="generate-roblox-std update-roblox-std validate-config upgrade-std capabilities",
        unless=("selene.toml:roblox",),
    ),
    "vale": Checker(
        accepts=Accepts(
            flags="--no-exit --no-wrap --no-global --ignore-syntax --normalize --relative",
            values="--output --minAlertLevel --glob --ext --filter",
            reads="--config",
        ),
        settings="**",
        others="sync fix install host-install host-uninstall setup ls-config ls-dirs ls-vars ls-metrics",
    ),
    "dart format": Checker(
        accepts=Accepts(
            flags="--set-exit-if-changed --fix -v --verbose",
            values="-o --output --show --summary -l --line-length --page-width --language-version --trailing-commas",
        ),
        only_reads=_ONLY_ASKED,
        reads_as="-o=none -o=show -o=json --output=none --output=show --output=json",
    ),
    "dart analyze": Checker(
        accepts=Accepts(flags="--fatal-infos --fatal-warnings --no-fatal-warnings", values="--format"), follows=True
    ),
    "zig fmt": Checker(
        accepts=Accepts(flags="--check --stdin --ast-check --zon", values="--color", reads="--exclude"), only_reads=("--check",)
    ),
    "cmake-format": Checker(
        accepts=Accepts(
            flags="-i --in-place --check",
            values="-l --log-level --line-width --tab-size --line-ending",
            reads="-c --config-files",
            writes="-o --outfile-path",
        ),
        edits=("-i", "--in-place"),
    ),
    "cmake-lint": Checker(
        accepts=Accepts(
            flags="--suppress-decorations",
            values="-l --log-level --line-width --tab-size --disabled-codes",
            reads="-c --config-files",
        ),
    ),
    "buildifier": Checker(
        accepts=Accepts(
            flags="-r -v -d --v -showlog",
            values="-mode --mode -lint --lint -type --type -warnings --warnings -format --format -multi_diff",
            reads="-config -tables -add_tables",
        ),
        only_reads=_ONLY_ASKED,
        reads_as="-mode=check -mode=diff -mode=print_if_changed --mode=check --mode=diff --mode=print_if_changed",
        default=("/dev/stdin",),
    ),
    "gotestfmt": Checker(
        accepts=Accepts(flags="-nofail -showteststatus", values="-hide -formatter -ci", reads="-input"), default=("/dev/stdin",)
    ),
    "go-junit-report": Checker(
        accepts=Accepts(
            flags="-set-exit-code -iocopy -no-xml-header -subtest-mode -version",
            values="-parser -package-name -p",
            reads="-in",
            writes="-out",
        ),
        default=("/dev/stdin",),
    ),
    "tparse": Checker(
        accepts=Accepts(
            flags="-all -pass -skip -nocolor -notests -smallscreen -trimpath -follow -slow -sort -format -progress -include-timestamp",
            reads="-file -compare",
        ),
        default=("/dev/stdin",),
    ),
    "gocovmerge": Checker(accepts=Accepts()),
    "openssl rand": Checker(accepts=Accepts(flags="-hex -base64", reads="-rand", writes="-out -writerand"), texts=1),
    "openssl dgst": Checker(
        accepts=Accepts(
            flags="-md5 -sha1 -sha224 -sha256 -sha384 -sha512 -sha3-256 -sha3-512 -blake2b512 -hex -binary -r -c",
            values="-hmac",
            reads="-sign -verify -prverify -signature",
            writes="-out",
        ),
        default=("/dev/stdin",),
    ),
    "benchstat": Checker(
        accepts=Accepts(
            flags="-geomean -html -csv -norange",
            values="-alpha -delta-test -sort -split -col -row -table -filter -format -ignore",
        )
    ),
}
"""By name, with the subcommand."""
ONE_DASH = (
    *("buildifier", "gotestfmt", "go-junit-report", "tparse", "gocovmerge", "benchstat", "packer fmt", "packer validate"),
    *("openssl rand", "openssl dgst"),
    *(name for name in MORE if name.startswith("promtool")),
)
"""Those that know no letters written together."""
