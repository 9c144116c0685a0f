"""The Node tools that look over documents, manifests, schemas and pages, and for copies and unused code, as data; and what their settings change.

Those that lint programs stand in tools.py. Knows the tools' settings by a few words in them only.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access
from paratask.frozen import replace
from paratask.languages.options import Role, resolve_path
from paratask.languages.patterns import anywhere
from paratask.languages.tool_table import Mode, Operands, Tool
from paratask.languages.workspaces import folders_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call

CHECKERS: Mapping[str, Tool] = {
    "alex": Tool(
        summary="looks for words that may hurt",
        mode=Mode.READ,
        options={
            Role.FLAG: "-w --why -q --quiet -t --text -l --html --mdx -d --diff --stdin",
            Role.VALUE: "--reporter",
        },
    ),
    "write-good": Tool(
        summary="looks for weak prose",
        mode=Mode.READ,
        options={
            Role.FLAG: "--parse --eprime --yes-eprime "
            + " ".join(
                f"--{name} --no-{name}"
                for name in ("weasel", "illusion", "so", "thereIs", "passive", "adverb", "tooWordy", "cliches")
            ),
            Role.VALUE: "--text",
            Role.INFORMS: "-h --help -V --version",
        },
    ),
    "textlint": Tool(
        summary="lints documents",
        mode=Mode.READ,
        whole=True,
        dependencies=False,
        cache=".textlintcache",
        options={
            Role.FLAG: "--dry-run --debug --print-config --color --no-color --quiet --no-textlintrc --stdin --experimental",
            Role.VALUE: "-f --format --plugin --rule --preset --stdin-filename",
            Role.READS: "-c --config --ignore-path --rulesdir --rules-base-directory",
            Role.WRITES: "-o --output-file",
            Role.EDITS: "--fix",
            Role.CACHES: "--cache",
            Role.CACHE: "--cache-location",
            Role.INFORMS: "-h --help -v --version",
        },
    ),
    "remark": Tool(
        summary="lints documents, or prints them",
        mode=Mode.READ,
        whole=True,
        dependencies=False,
        options={
            Role.FLAG: "--color --no-color --config --no-config -f --frail --ignore --no-ignore --inspect -q --quiet -S --silent "
            "--silently-ignore --stdout --no-stdout -t --tree --tree-in --tree-out --verbose",
            Role.VALUE: "-e --ext --file-path --ignore-path-resolve-from --ignore-pattern --report -s --setting -u --use",
            Role.READS: "-i --ignore-path -r --rc-path",
            Role.INFORMS: "-h --help -v --version",
        },
    ),
    "case-police": Tool(
        summary="looks for names in the wrong case",
        mode=Mode.READ,
        options={
            Role.FLAG: "--no-default",
            Role.VALUE: "--disable --ignore -p --presets --preset",
            Role.READS: "-d --dict",
            Role.EDITS: "--fix",
        },
    ),
    "secretlint": Tool(
        summary="looks for secrets",
        mode=Mode.READ,
        options={
            Role.FLAG: "--color --no-color --terminalLink --no-terminalLink --maskSecrets --no-maskSecrets --no-glob --profile",
            Role.VALUE: "--format --secretlintrcJSON --locale --stdinFileName",
            Role.READS: "--secretlintrc --secretlintignore",
            Role.WRITES: "--output",
        },
    ),
    "jscpd": Tool(
        summary="looks for copies",
        mode=Mode.READ,
        options={
            Role.FLAG: "-b --blame -s --silent -a --absolute -n --noSymlinks --no-symlinks --follow-symlinks --ignoreCase --ignore-case -g "
            "--gitignore --no-gitignore --colors --no-colors --list --skipLocal --skip-local --noTips --no-tips --skipComments "
            "--skip-comments -d --debug -v --verbose --ignore-identifiers --ignore-literals --ignore-annotations --fail-on-empty",
            Role.VALUE: "-l --min-lines -k --min-tokens -x --max-lines -z --max-size -t --threshold -i --ignore --ignore-pattern -r "
            "--reporters -m --mode -f --format -p --pattern --formats-exts --formats-names --exitCode --exit-code --workers "
            "--max-gap-lines --similarity --cross-formats",
            Role.READS: "-c --config --baseline",
            Role.WRITES: "-o --output",
        },
    ),
    "tsd": Tool(
        summary="tests declarations of types",
        mode=Mode.READ,
        whole=True,
        dependencies=True,
        options={Role.FLAG: "--show-diff", Role.VALUE: "-t --typings -f --files"},
    ),
    "dpdm": Tool(
        summary="looks for circles of imports",
        mode=Mode.READ,
        whole=True,
        dependencies=True,
        options={
            Role.FLAG: "--tree --no-tree --circular --no-circular --warning --no-warning -T --transform --progress --no-progress "
            "--group-by-package",
            Role.VALUE: "--context --extensions --ext --js --include --exclude --exit-code --detect-unused-files-from "
            "--skip-dynamic-imports --skip-imports --ignore-miss-warning --ignore-skip-warning",
            Role.READS: "--tsconfig --config",
            Role.WRITES: "-o --output",
        },
    ),
    "unimported": Tool(
        summary="looks for unused files",
        mode=Mode.READ,
        whole=True,
        dependencies=True,
        cache="node_modules/.cache/unimported",
        options={
            Role.FLAG: "--cache --no-cache -f --flow --ignore-untracked --show-config --show-unused-files --show-unused-deps "
            "--show-unresolved-imports",
            Role.VALUE: "--show-preset",
            Role.READS: "--config",
            Role.EDITS: "--fix -u --update -i --init",
        },
    ),
    "ts-unused-exports": Tool(
        summary="looks for unused code",
        mode=Mode.READ,
        whole=True,
        dependencies=True,
        options={
            Role.FLAG: "--allowUnusedEnums --allowUnusedTypes --excludeDeclarationFiles --excludePathsFromReport --exitWithCount "
            "--exitWithUnusedTypesCount --ignoreFiles --ignoreProductionFiles --ignoreTestFiles --ignoreLocallyUsed --maxIssues "
            "--searchNamespaces --showLineNumber --silent --findCompletelyUnusedFiles",
        },
    ),
    "npmPkgJsonLint": Tool(
        summary="lints manifests",
        mode=Mode.READ,
        files="package.json",
        options={
            Role.FLAG: "-q --quiet --noConfigFiles -ncf --allowEmptyTargets",
            Role.VALUE: "-mw --maxWarnings",
            Role.READS: "-c --configFile -i --ignorePath",
        },
    ),
    "dclint": Tool(
        summary="lints compose files",
        mode=Mode.READ,
        options={
            Role.FLAG: "-r --recursive --fix-dry-run -q --quiet --color --no-color --debug",
            Role.VALUE: "-f --formatter -e --exclude --max-warnings --disable-rule",
            Role.READS: "-c --config",
            Role.WRITES: "-o --output-file",
            Role.EDITS: "--fix",
            Role.INFORMS: "-v --version --help",
        },
    ),
    "linthtml": Tool(
        summary="checks pages",
        mode=Mode.READ,
        options={Role.FLAG: "--color --no-color --no--color", Role.READS: "--config --print-config"},
    ),
    "pug-lint": Tool(
        summary="lints templates",
        mode=Mode.READ,
        options={Role.VALUE: "-r --reporter", Role.READS: "-c --config", Role.INFORMS: "-h --help -V --version"},
    ),
    "graphql-schema-linter": Tool(
        summary="lints schemas",
        mode=Mode.READ,
        options={
            Role.FLAG: "-s --stdin --comment-descriptions --old-implements-syntax",
            Role.VALUE: "-r --rules -o --rules-options --only -i --ignore -f --format -e --except",
            Role.READS: "-c --config-directory -p --custom-rule-paths",
        },
    ),
    **dict.fromkeys(
        ("standard", "semistandard", "ts-standard"),
        Tool(
            summary="lints",
            mode=Mode.READ,
            whole=True,
            holds="standard-cache",
            options={
                Role.FLAG: "-v --verbose --stdin",
                Role.VALUE: "--ext --ignore --global --plugin --env --parser -p --project",
                Role.EDITS: "--fix",
            },
        ),
    ),
    "jshint": Tool(
        summary="lints",
        mode=Mode.READ,
        whole=True,
        dependencies=False,
        options={
            Role.FLAG: "--verbose --show-non-errors --jslint-reporter --checkstyle-reporter --extract",
            Role.VALUE: "--reporter --exclude --filename -e --extra-ext",
            Role.READS: "-c --config --exclude-path",
            Role.INFORMS: "-h --help -v --version",
        },
    ),
    "es-check": Tool(
        summary="compares what was built with a version of the language",
        mode=Mode.READ,
        whole=True,
        dependencies=False,
        options={
            Role.FLAG: "--module --light --allowHashBang --typescript -ts --noColor -v --verbose --quiet --silent --looseGlobMatching "
            "--checkFeatures --checkForPolyfills --ignorePolyfillable --checkBrowser --noCache",
            Role.VALUE: "--files --not --ignore --allowList --browserslistQuery --browserslistEnv --batchSize",
            Role.READS: "--ignoreFile --browserslistPath --config",
            Role.INFORMS: "-h --help -V --version",
        },
    ),
    "lockfile-lint": Tool(
        summary="checks where packages come from",
        mode=Mode.READ,
        operands=Operands.WORDS,
        options={
            Role.FLAG: "-s --validate-https -n --validate-package-names -i --validate-integrity -e --empty-hostname",
            Role.VALUE: "-t --type -a --allowed-hosts -o --allowed-schemes -u --allowed-urls -l --allowed-package-name-aliases "
            "--integrity-exclude -f --format",
            Role.READS: "-p --path",
        },
    ),
    "graphql-inspector": Tool(summary="checks schemas and queries", mode=Mode.GROUP),
    **{
        f"graphql-inspector {name}": Tool(
            summary="checks schemas and queries",
            mode=Mode.READ,
            whole=True,
            dependencies=True,
            options={
                Role.FLAG: "-d --deprecated --noStrictFragments --apollo --keepClientFields --onlyErrors --relativePaths --silent",
                Role.VALUE: "-r --require -t --token -h --header --hl --left-header --hr --right-header --maxDepth --maxAliasCount "
                "--maxDirectiveCount --maxTokenCount --filter --ignore --maxComplexityScore --complexityScalarCost "
                "--complexityObjectCost --complexityDepthCostFactor",
                Role.WRITES: "--output",
                Role.INFORMS: "--help --version",
            },
        )
        for name in ("validate", "diff")
    },
}
_PRINTING = frozenset({"console", "consoleFull", "console-full", "full", "silent", "threshold", "time", "ai", "xcode"})
_REPORTS = "report"
"""Where jscpd puts its reports, if it is not told."""
_SETTINGS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "jscpd": (
        *((name, word) for name in (".jscpd.json", ".config/.jscpd.json") for word in ("output", "reporters", "store")),
        ("package.json", '"jscpd"'),
    ),
    "dpdm": tuple((f"dpdm.config.{kind}", "output") for kind in ("js", "cjs", "mjs", "ts", "cts", "mts", "json")),
}
"""By tool, the settings with a word in them that may have it write elsewhere."""


_FOLLOWING = ("remark", "textlint", "graphql-schema-linter", "graphql-inspector")
"""What they look at, or their settings, may name whatever there is."""


def linked(call: Call) -> tuple[Claim, ...]:
    """What the documents or schemas that the call looks at may refer to."""
    return anywhere(Access.READ, f"`{call.key}` follows what they refer to") if call.program in _FOLLOWING else ()


def may_write_elsewhere(call: Call) -> bool:
    """Whether settings, here or above or named by an option, may have a tool that only looks write what is not known."""
    words = _SETTINGS.get(call.key, ())
    if not words:
        return False
    read = call.place.read_text
    folders = dict.fromkeys((call.cwd, *folders_above(call.cwd, call.place)))
    named = [path for option in call.parsed.named("-c", "--config") if (path := resolve_path(option.value, call.cwd))]
    found = [(posixpath.join(folder, name), word) for folder in folders for name, word in words]
    return any(word in (read(path) or "") for path, word in (*found, *((path, word) for path in named for _, word in words)))


def with_reports(call: Call) -> Call:
    """The call of jscpd, which writes the reports it is asked for; any other as it is."""
    asked = {kind for option in call.parsed.named("-r", "--reporters") for kind in (option.value or "?").split(",")}
    if call.key != "jscpd" or asked <= _PRINTING or call.parsed.named("-o", "--output"):
        return call
    return replace(call, tool=replace(call.tool, writes=_REPORTS))
