"""The Node tools that check and format. Data only.

Those that test stand in testing.py; bundlers, servers and tools for whole repositories in builders.py; package managers in managers.py.
"""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

OTHERS = (
    "{*.{py,pyi,pyw,pyx,pxd,ipynb,rs,go,java,kt,kts,rb,php,tf,c,cc,cpp,h,hpp,cs,swift,dart,ex,exs,so,pyd,toml,cfg,ini},"
    ".flake8,.bandit,.pydocstyle*,.editorconfig,.gitignore,.ignore,CACHEDIR.TAG}"
)
"""Names of other languages' files: these tools touch none of them."""
_NO_DOCUMENTS = OTHERS.replace("*.{py,", "*.{md,py,", 1)
"""Likewise for tools that do not look at documents either."""
_BUILD_INFORMATION = "*.tsbuildinfo"
"""What the compiler keeps for itself."""
COLOR = "--color --no-color --colors --no-colors "
"""Options that many of them have."""
_TSC_FLAGS = (
    "-w --watch --preserveWatchOutput --pretty --strict --skipLibCheck --allowJs --checkJs --esModuleInterop --listFiles "
    "--listEmittedFiles --traceResolution --diagnostics --extendedDiagnostics --explainFiles --noErrorTruncation --sourceMap "
    "--declaration -d --emitDeclarationOnly --declarationMap --removeComments --resolveJsonModule --isolatedModules "
    "--noUnusedLocals --noUnusedParameters --noImplicitAny --strictNullChecks --force -f --verbose -v --clean --stopBuildOnErrors "
    "--incremental -i --composite --noEmitOnError --assumeChangesOnlyAffectDirectDependencies"
)
_TSC_VALUES = (
    "-t --target -m --module --lib --jsx --moduleResolution --types --locale --newLine --maxNodeModuleJsDepth --jsxImportSource"
)
_TSC: Mapping[Role, str] = {
    Role.FLAG: _TSC_FLAGS,
    Role.VALUE: _TSC_VALUES,
    Role.READS: "-p --project --rootDir --baseUrl --typeRoots",
    Role.WRITES: "--outDir --outFile --declarationDir --tsBuildInfoFile --generateTrace --generateCpuProfile",
    Role.CHECKS: "--noEmit --noemit --showConfig --listFilesOnly",
    Role.WHOLE: "--init",
    Role.INFORMS: "-h --help --all",
}
_TYPESCRIPT = Tool(
    summary="checks types, and compiles unless told not to",
    mode=Mode.BUILD,
    leaves=_NO_DOCUMENTS,
    whole=True,
    options={**_TSC, Role.TREE: "-b --build"},
)
_BIOME: Mapping[Role, str] = {
    Role.FLAG: COLOR + "--staged --changed --no-errors-on-unmatched --verbose --error-on-warnings --use-editorconfig "
    "--skip-parse-errors --json-formatter-enabled --formatter-enabled --linter-enabled --organize-imports-enabled --unsafe",
    Role.VALUE: "--log-level --log-kind --max-diagnostics --diagnostic-level --reporter --since --files-max-size --only --skip "
    "--indent-style --indent-width --line-width --stdin-file-path --threads",
    Role.READS: "--config-path",
    Role.EDITS: "--write --fix --apply --apply-unsafe --suppress",
}

CHECKS: Mapping[str, Tool] = {
    "tsc": _TYPESCRIPT,
    "vue-tsc": _TYPESCRIPT,
    "svelte-check": Tool(
        summary="checks types",
        mode=Mode.READ,
        leaves=_NO_DOCUMENTS,
        operands=Operands.NONE,
        whole=True,
        options={
            Role.FLAG: "--watch --preserveWatchOutput --fail-on-warnings",
            Role.VALUE: "--output --threshold --ignore --compiler-warnings --diagnostic-sources",
            Role.READS: "--workspace --tsconfig",
        },
    ),
    "eslint": Tool(
        summary="lints",
        mode=Mode.READ,
        leaves=_NO_DOCUMENTS,
        overlooks=_BUILD_INFORMATION,
        extended_by="eslint-plugin-toml markdown mdx antfu",
        whole=True,
        cache=".eslintcache",
        options={
            Role.FLAG: COLOR
            + "--quiet --fix-dry-run --no-inline-config --no-eslintrc --no-config-lookup --no-ignore --no-warn-ignored "
            "--report-unused-disable-directives --no-error-on-unmatched-pattern --pass-on-no-patterns --debug --stats --stdin "
            "--exit-on-fatal-error --pass-on-unpruned-suppressions --no-cache",
            Role.VALUE: "--ext --env --global --parser --parser-options --rule --ignore-pattern --max-warnings -f --format --plugin "
            "--cache-strategy --stdin-filename --report-unused-disable-directives-severity --report-unused-inline-configs --flag "
            "--fix-type --print-config",
            Role.READS: "-c --config --resolve-plugins-relative-to --rulesdir --ignore-path",
            Role.WRITES: "-o --output-file",
            Role.EDITS: "--fix",
            Role.CACHES: "--cache",
            Role.CACHE: "--cache-location --cache-file",
            Role.CORES: "--concurrency",
            Role.INFORMS: "-v",
        },
    ),
    "oxlint": Tool(
        summary="lints",
        mode=Mode.READ,
        leaves=_NO_DOCUMENTS,
        overlooks=_BUILD_INFORMATION,
        whole=True,
        options={
            Role.FLAG: "--quiet --silent --deny-warnings --no-ignore --no-error-on-unmatched-pattern --type-aware --type-check "
            "--report-unused-disable-directives --disable-nested-config --import-plugin --react-plugin --jsdoc-plugin --jest-plugin "
            "--vitest-plugin --jsx-a11y-plugin --nextjs-plugin --react-perf-plugin --promise-plugin --node-plugin --vue-plugin "
            "--disable-unicorn-plugin --disable-oxc-plugin --disable-typescript-plugin",
            Role.VALUE: "-A --allow -W --warn -D --deny --ignore-pattern --max-warnings -f --format --threads "
            "--report-unused-disable-directives-severity",
            Role.READS: "-c --config --tsconfig --ignore-path",
            Role.EDITS: "--fix --fix-suggestions --fix-dangerously",
            Role.INFORMS: "-h --help -V --version --rules --print-config",
        },
    ),
    "oxfmt": Tool(
        summary="formats, or checks the format",
        mode=Mode.EDIT,
        options={
            Role.FLAG: "--write --with-node-modules --no-error-on-unmatched-pattern",
            Role.VALUE: "--threads",
            Role.READS: "-c --config --ignore-path",
            Role.CHECKS: "--check --list-different",
            Role.INFORMS: "-h --help -V --version",
        },
    ),
    **dict.fromkeys(
        ("ncu", "npm-check-updates"),
        Tool(
            summary="looks for newer packages, or changes package.json",
            mode=Mode.BUILD,
            operands=Operands.WORDS,
            options={
                Role.FLAG: "-u --upgrade -m --minimal -s --silent --verbose --pre --peer --jsonUpgraded --jsonAll --no-color",
                Role.VALUE: "-t --target -x --reject -f --filter -e --errorLevel -l --loglevel --dep -p --packageManager --format "
                "--timeout --concurrency -c --cooldown",
            },
        ),
    ),
    "stylelint": Tool(
        summary="lints styles",
        mode=Mode.READ,
        leaves=OTHERS,
        cache=".stylelintcache",
        options={
            Role.FLAG: COLOR + "-q --quiet --allow-empty-input --aei --report-needless-disables --rd --disable-default-ignores",
            Role.VALUE: "--max-warnings --mw -f --formatter --ignore-pattern --ip --custom-syntax --cache-strategy",
            Role.READS: "--config -c --config-basedir --ignore-path -i",
            Role.WRITES: "-o --output-file",
            Role.EDITS: "--fix",
            Role.CACHES: "--cache",
            Role.CACHE: "--cache-location",
        },
    ),
    "prettier": Tool(
        summary="formats, or checks the format",
        mode=Mode.READ,
        leaves=OTHERS,
        overlooks=_BUILD_INFORMATION,
        extended_by="prettier-plugin- @prettier/plugin-",
        cache="node_modules/.cache/prettier",
        options={
            Role.FLAG: COLOR + "-c --check -l --list-different -u --ignore-unknown --no-config --no-editorconfig "
            "--no-error-on-unmatched-pattern --no-semi --semi --single-quote --jsx-single-quote --bracket-same-line --use-tabs "
            "--no-bracket-spacing --with-node-modules --insert-pragma --require-pragma --no-plugin-search",
            Role.VALUE: "--tab-width --print-width --trailing-comma --prose-wrap --end-of-line --arrow-parens --quote-props --parser "
            "--plugin --log-level --loglevel --stdin-filepath --config-precedence --cache-strategy --html-whitespace-sensitivity",
            Role.READS: "--config --ignore-path --find-config-path --file-info",
            Role.EDITS: "-w --write",
            Role.CACHES: "--cache",
            Role.CACHE: "--cache-location",
        },
    ),
    "biome": Tool(summary="lints and formats", mode=Mode.GROUP),
    **{
        f"biome {name}": Tool(
            summary="lints or formats",
            mode=Mode.READ,
            leaves=OTHERS,
            overlooks=_BUILD_INFORMATION,
            options=_BIOME,
            dependencies=name != "format",
        )
        for name in ("check", "lint", "format", "ci")
    },
    "depcheck": Tool(
        summary="looks for unused packages",
        mode=Mode.READ,
        dependencies=True,
        options={
            Role.FLAG: "--json --quiet --oneline --skip-missing --ignore-bin-package",
            Role.VALUE: "--ignores --ignore-patterns --parsers --detectors --specials --ignore-dirs",
            Role.READS: "--config --ignore-path",
        },
    ),
    "knip": Tool(
        summary="looks for unused code",
        mode=Mode.READ,
        dependencies=True,
        cache="node_modules/.cache/knip",
        options={
            Role.FLAG: "--production --strict --no-exit-code --no-progress --include-entry-exports --dependencies --exports --files "
            "--no-config-hints --treat-config-hints-as-errors --isolate-workspaces --include-libs --no-gitignore -d --debug",
            Role.CACHES: "--cache",
            Role.CACHE: "--cache-location",
            Role.VALUE: "--include --exclude --reporter --max-issues --tags -W --workspace",
            Role.READS: "-c --config -t --tsConfig --tsconfig",
            Role.EDITS: "--fix --allow-remove-files",
        },
    ),
    "publint": Tool(summary="checks a package", mode=Mode.GROUP, default="publint run"),
    **{
        f"publint {name}": Tool(
            summary="checks a package",
            mode=Mode.READ,
            options={Role.FLAG: "--strict -P --prod -D --dev", Role.VALUE: "--level --pack"},
        )
        for name in ("run", "deps")
    },
    "size-limit": Tool(
        summary="compares sizes with limits",
        mode=Mode.READ,
        operands=Operands.NONE,
        whole=True,
        dependencies=True,
        options={
            Role.FLAG: "--json --silent --highlight-less --hide-passed",
            Role.VALUE: "--limit",
            Role.WRITES: "--save-bundle",
        },
    ),
    **dict.fromkeys(
        ("license-checker", "license-checker-rseidelsohn"),
        Tool(
            summary="lists licences of packages",
            mode=Mode.READ,
            operands=Operands.NONE,
            options={
                Role.FLAG: "--production --development --unknown --onlyunknown --json --csv --markdown --plainVertical --summary --direct "
                "--excludePrivatePackages --relativeLicensePath --relativeModulePath --nopeer --angularCli --includeLicenses",
                Role.VALUE: "--exclude --onlyAllow --failOn --packages --includePackages --excludePackages --excludeLicenses "
                "--excludePackagesStartingWith --csvComponentPrefix --depth --limitAttributes",
                Role.READS: "--customPath --clarificationsFile --start",
                Role.WRITES: "--out --files",
            },
        ),
    ),
    "markdownlint": Tool(
        summary="lints documents",
        mode=Mode.READ,
        options={
            Role.FLAG: "-q --quiet -j --json -d --dot",
            Role.VALUE: "-i --ignore --disable --enable -r --rules",
            Role.READS: "-c --config -p --ignore-path",
            Role.WRITES: "-o --output",
            Role.EDITS: "-f --fix",
        },
    ),
    "markdownlint-cli2": Tool(
        summary="lints documents",
        mode=Mode.READ,
        options={Role.FLAG: "--no-globs", Role.READS: "--config", Role.EDITS: "--fix"},
    ),
    "attw": Tool(
        summary="checks a package's types",
        mode=Mode.READ,
        options={
            Role.FLAG: COLOR
            + "-q --quiet --summary --no-summary --emoji --no-emoji --include-entrypoints --entrypoints-legacy",
            Role.VALUE: "-f --format --profile --ignore-rules --exclude-entrypoints --entrypoints",
            Role.READS: "--config-path",
            Role.WHOLE: "-P --pack",
        },
    ),
    "cspell": Tool(summary="checks spelling", mode=Mode.GROUP, default="cspell lint"),
    **dict.fromkeys(
        ("cspell lint", "cspell check"),
        Tool(
            summary="checks spelling",
            mode=Mode.READ,
            options={
                Role.FLAG: COLOR + "--no-progress --progress --no-summary --quiet --no-must-find-files --show-suggestions -q "
                "--gitignore --no-gitignore --dot --words-only -u --unique --show-context --relative --no-relative --silent",
                Role.VALUE: "-e --exclude --locale --language-id --fail-fast --issues --cache-strategy",
                Role.READS: "-c --config -r --root --file-list",
                Role.CACHES: "--cache",
                Role.CACHE: "--cache-location",
            },
            cache=".cspellcache",
        ),
    ),
    "cspell init": Tool(summary="writes its settings", mode=Mode.BUILD, operands=Operands.NONE),
    "commitlint": Tool(
        summary="checks commit messages",
        mode=Mode.READ,
        operands=Operands.WORDS,
        options={
            Role.FLAG: "-V --verbose -l --last -q --quiet -s --strict",
            Role.VALUE: "-f --from -t --to -x --extends -H --help-url",
            Role.READS: "-g --config -e --edit",
        },
    ),
}
