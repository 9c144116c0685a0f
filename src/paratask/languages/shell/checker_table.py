"""Programs that look at scripts and data of no language in particular, as data: shellcheck, shfmt, actionlint, yamllint, yq and the like.

Those that check policies, schemas, queries, and sources of languages that have no plugin stand in more_checkers.py and source_checkers.py,
those that look over documents or a whole project in scanners.py.
"""

from __future__ import annotations

from paratask.frozen import dataclass
from paratask.languages.shell.call import Accepts
from paratask.languages.shell.yaml_files_linted import YAML_FILES, looks_at_the_usual

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from paratask.languages.shell.call import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class Checker:
    """`edits` are the options with which it writes; with `only_reads` instead it writes unless one of those is given.

    `default` is what it works on without operands, `settings` what it reads in any case, both as patterns from the root. `follows`
    says that it reads more than it is given (what a script sources), `texts` how many operands are no paths. `leaves` are files
    that it may write in its folder in any case, `makes` patterns from the root of such files, `holds` is a resource that it needs for itself.
    `reads_as` are options with values, separated by spaces, with which one that writes only reads. `others` are subcommands that do
    something else, and `unless` is a settings file, looked for from the folder upwards, with `**/` before it everywhere, and by what options
    name, and after `:` a word for it that makes the tool do more than is known. `files` is a pattern of the names that it looks at in
    folders; empty for all, and where `files_if` does not hold.
    """

    accepts: Accepts
    edits: tuple[str, ...] = ()
    only_reads: tuple[str, ...] = ()
    default: tuple[str, ...] = ()
    settings: str = ""
    follows: bool = False
    texts: int = 0
    leaves: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    holds: str = ""
    reads_as: str = ""
    others: str = ""
    unless: tuple[str, ...] = ()
    files: str = ""
    files_if: Callable[[Call], bool] | None = None


_YQ = Checker(
    accepts=Accepts(
        flags="-i --inplace -P --prettyPrint -r --unwrapScalar -e --exit-status -N --no-doc -n --null-input -C --colors -M "
        "--no-colors -j --tojson -0 --nul-output -v --verbose",
        values="-o --output-format -p --input-format -I --indent --expression",
        reads="--from-file",
    ),
    edits=("-i", "--inplace"),
    texts=1,
)
_DPRINT = Accepts(
    flags="--allow-no-files --allow-node-modules --staged --skip-stable-format --list-different --verbose --diff",
    values="-L --log-level",
    reads="-c --config",
)
_GITLEAKS = Checker(
    accepts=Accepts(
        flags="-v --verbose --redact --no-banner --no-color --no-git --staged --pre-commit --follow-symlinks --ignore-gitleaks-allow",
        values="-f --report-format -l --log-level --exit-code --max-target-megabytes --log-opts --enable-rule --timeout "
        "--max-decode-depth --max-archive-depth",
        reads="-s --source -c --config -b --baseline-path -i --gitleaks-ignore-path",
        writes="-r --report-path",
    ),
    default=("**",),
    settings="**",
)
_TRIVY = Checker(
    accepts=Accepts(
        flags="-q --quiet -d --debug --no-progress --ignore-unfixed --list-all-pkgs --offline-scan --skip-db-update "
        "--skip-java-db-update --skip-check-update --skip-policy-update --skip-version-check --dependency-tree --include-dev-deps "
        "--license-full --include-non-failures --insecure --disable-telemetry",
        values="-s --severity --exit-code --exit-on-eol --scanners --security-checks -f --format --skip-dirs --skip-files --timeout "
        "--vuln-type --pkg-types --pkg-relationships --misconfig-scanners --report --parallel --detection-priority --ignore-status",
        reads="-c --config --ignorefile --tf-vars --helm-values --secret-config --ignore-policy",
        writes="-o --output",
    ),
    settings="**/{.trivyignore*,trivy*.yaml}",
    follows=True,
    holds="trivy-cache",
)
_SYNCPACK = Accepts(
    flags="--check --no-ansi",
    values="-s --source -t --types -f --filter -i --indent --dependencies --dependency-types --specs --specifier-types --show --sort "
    "--log-levels",
    reads="-c --config",
)
_ODIN = Accepts(
    flags="-no-entry-point -file -vet -vet-unused -vet-unused-variables -vet-unused-imports -vet-unused-procedures -vet-shadowing "
    "-vet-using-stmt -vet-using-param -vet-style -vet-semicolon -vet-cast -vet-tabs -vet-packages: -strict-style -disallow-do "
    "-warnings-as-errors -ignore-warnings -terse-errors -json-errors -error-pos-style: -max-error-count: -show-timings "
    "-show-more-timings -show-unused -show-unused-with-location -thread-count: -define: -collection: -target: -microarch: "
    "-target-features: -o: -debug -default-to-nil-allocator -no-bounds-check -disable-assert -ignore-unknown-attributes -custom-attribute:"
)
"""Their values follow a colon. Those with which it writes a report are left out."""
_MANIFESTS = "**/{package.json,pnpm-workspace.yaml,lerna.json,.syncpackrc*,*syncpack.config.*}"
CHECKERS: Mapping[str, Checker] = {
    "shellcheck": Checker(
        accepts=Accepts(
            flags="-a -x --check-sourced --external-sources --color --norc --list-optional",
            values="-C -e -f -i -o -P -s -S -W --exclude --format --include --enable --source-path --shell --severity",
            reads="--rcfile",
        ),
        follows=True,
    ),
    "shfmt": Checker(
        accepts=Accepts(
            flags="-l -d -w -s -mn -bn -ci -sr -kp -fn -p -f --list --diff --write --simplify --minify --binary-next-line "
            "--case-indent --space-redirects --keep-padding --func-next-line --posix --find",
            values="-i -ln --indent --language-dialect --filename",
        ),
        edits=("-w", "--write"),
    ),
    "clang-format": Checker(
        accepts=Accepts(
            flags="-i -n --dry-run -Werror --Werror --verbose --sort-includes --fail-on-incomplete-format",
            values="-style --style -fallback-style --fallback-style -assume-filename --assume-filename --ferror-limit",
        ),
        edits=("-i",),
        settings="**/.clang-format*",
    ),
    "actionlint": Checker(
        accepts=Accepts(
            flags="-color -no-color -oneline -verbose -debug",
            values="-format -ignore -shellcheck -pyflakes",
            reads="-config-file",
        ),
        default=("**/.github/**", "**/action.{yml,yaml}"),
    ),
    "yamllint": Checker(
        accepts=Accepts(
            flags="-s --strict --no-warnings --list-files", values="-d -f --config-data --format", reads="-c --config-file"
        ),
        settings="**/.yamllint{,.yaml,.yml}",
        files=YAML_FILES,
        files_if=looks_at_the_usual,
    ),
    "yamlfmt": Checker(
        accepts=Accepts(
            flags="-lint -dry -quiet -verbose -continue_on_error -gitignore_excludes -in",
            values="-formatter -extensions -match_type -output_format",
            reads="-conf -gitignore_path",
        ),
        only_reads=("-lint", "-dry", "-in"),
    ),
    "addlicense": Checker(
        accepts=Accepts(flags="-check -s -v", values="-c -l -y -ignore -skip", reads="-f"), only_reads=("-check",)
    ),
    "kubeconform": Checker(
        accepts=Accepts(
            flags="-summary -strict -verbose -exit-on-error -ignore-missing-schemas -insecure-skip-tls-verify",
            values="-kubernetes-version -n -output -reject -skip -ignore-filename-pattern",
            reads="-schema-location",
            writes="-cache",
        )
    ),
    **dict.fromkeys(
        ("ec", "editorconfig-checker"),
        Checker(
            accepts=Accepts(
                flags="-v -debug --debug -verbose --verbose -no-color --no-color -dry-run --dry-run",
                values="-exclude --exclude -format --format -f",
                reads="-config --config",
            ),
            settings="**/.e{ditorconfig*,crc}",
        ),
    ),
    "lychee": Checker(
        accepts=Accepts(
            flags="-v --verbose -q --quiet -n --no-progress --offline --include-fragments --include-verbatim --include-mail --cache "
            "--no-ignore --hidden --insecure --skip-missing --glob-ignore-case --require-https -E --exclude-all-private "
            "--exclude-private --exclude-link-local --exclude-loopback --exclude-mail",
            values="--exclude --exclude-path --include --max-concurrency --max-retries --max-redirects --max-cache-age --min-tls "
            "-a --accept -t --timeout -r --retry-wait-time -X --method -b --base --base-url --root-dir --remap -f --format --mode "
            "-s --scheme -u --user-agent -H --header --github-token --basic-auth --cache-exclude-status --fallback-extensions "
            "--extensions -T --threads --archive",
            reads="-c --config",
            writes="-o --output",
        ),
        follows=True,
        leaves=(".lycheecache",),
    ),
    "markdown-link-check": Checker(
        accepts=Accepts(
            flags="-p --progress -q --quiet -v --verbose -r --retry",
            values="-a --alive -P --projectBaseUrl",
            reads="-c --config",
        ),
        follows=True,
    ),
    "lipo": Checker(
        accepts=Accepts(flags="-create -info -archs -detailed_info", values="-thin -extract -remove", writes="-output -o")
    ),
    "dprint check": Checker(accepts=_DPRINT, default=("**",), settings="**/{.,}dprint.json{,c}", follows=True),
    "dprint fmt": Checker(
        accepts=_DPRINT, only_reads=("--diff",), default=("**",), settings="**/{.,}dprint.json{,c}", follows=True
    ),
    **{f"gitleaks {name}": _GITLEAKS for name in ("detect", "protect", "git", "dir")},
    **{f"trivy {name}": _TRIVY for name in ("fs", "filesystem", "config", "conf")},
    "zizmor": Checker(
        accepts=Accepts(
            flags="-p --pedantic -o --offline --no-online-audits -v --verbose -q --quiet --no-progress --no-config "
            "--no-exit-codes --strict-collection --no-ignores --fix",
            values="--persona --collect --format --color --min-severity --min-confidence --gh-token --gh-hostname",
            reads="-c --config",
        ),
        edits=("--fix",),
        settings="**/{.github/**,zizmor.y{,a}ml}",
    ),
    "ls-lint": Checker(
        accepts=Accepts(
            flags="-warn --warn -debug --debug",
            values="-error-output-format --error-output-format",
            reads="-config --config -workdir --workdir",
        ),
        default=("**",),
        settings="**",
    ),
    "yaml-lint": Checker(accepts=Accepts(), settings="**/.yaml{,-}lint*"),
    "sort-package-json": Checker(
        accepts=Accepts(flags="-c --check -q --quiet"), only_reads=("-c", "--check"), default=("**/package.json",)
    ),
    **{
        f"syncpack {name}": Checker(accepts=_SYNCPACK, default=(_MANIFESTS,), settings=_MANIFESTS)
        for name in ("lint", "list", "list-mismatches", "lint-semver-ranges")
    },
    **{
        f"syncpack {name}": Checker(
            accepts=_SYNCPACK, only_reads=("--check",), default=("**/package.json",), settings=_MANIFESTS
        )
        for name in ("fix", "fix-mismatches", "format", "set-semver-ranges")
    },
    "stylua": Checker(
        accepts=Accepts(
            flags="-c --check --verify -a --allow-hidden -v --verbose --respect-ignores --no-editorconfig --no-ignore-vcs "
            "-s --search-parent-directories --sort-requires",
            values="--color -g --glob --num-threads --output-format --range-start --range-end --stdin-filepath --call-parentheses "
            "--collapse-simple-statement --column-width --indent-type --indent-width --line-endings --quote-style --syntax "
            "--space-after-function-names --block-newline-gaps",
            reads="-f --config-path",
        ),
        only_reads=("-c", "--check"),
    ),
    "odin check": Checker(accepts=_ODIN, follows=True),
    "yq": _YQ,
    "yq eval": _YQ,
}
