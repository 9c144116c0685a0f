"""The PHP tools that are recognised: linters, formatters, analysers. Data only.

What runs tests, packs or deploys stands in php_runners; Composer, PHP itself, and the consoles of frameworks in php_managers. An option that may have a value after `=` or none
is declared here as having none; one whose value leaves the workspace is refused elsewhere.
"""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

ALL_CORES = 2.0
"""What a tool is said to take that uses every core by itself: as for other tools that spread over the machine."""
OPTIONAL_PATHS = "--cache --coverage-text --generate-baseline -b"
"""Options whose value, where one follows `=`, is a path that is written."""

COMMON = "-q --quiet -v -vv -vvv --verbose -n --no-interaction --ansi --no-ansi --silent "
_SNIFFER: Mapping[Role, str] = {
    Role.FLAG: "-p -s -v -vv -vvv -n -w -q -l -i -e --colors --no-colors --no-cache --cache --ignore-annotations --annotations "
    "--report-diff --report-full",
    Role.VALUE: "--report --ignore --extensions --sniffs --exclude --severity --error-severity --warning-severity "
    "--tab-width --encoding --report-width --filter --suffix --stdin-path",
    Role.READS: "--standard --basepath --bootstrap --file-list",
    Role.WRITES: "--report-file --report-json --report-junit --report-checkstyle --report-summary --report-xml --report-csv",
    Role.CORES: "--parallel",
    Role.SETTING: "-d",
    Role.INFORMS: "-h --help --version",
}
_STAN: Mapping[Role, str] = {
    Role.FLAG: COMMON + "--no-progress --xdebug --allow-empty-baseline --fail-without-result-cache",
    Role.ONE_CORE: "--debug",
    Role.VALUE: "-l --level --memory-limit --error-format --tmp-file --instead-of",
    Role.READS: "-c --configuration -a --autoload-file --paths-file",
    Role.WHOLE: "-b --generate-baseline",
    Role.INFORMS: "-V",
}
_FIXER: Mapping[Role, str] = {
    Role.FLAG: COMMON + "--diff --stop-on-violation",
    Role.VALUE: "--rules --allow-risky --using-cache --path-mode --format --show-progress --allow-unsupported-php-version",
    Role.READS: "--config",
    Role.CACHE: "--cache-file",
    Role.ONE_CORE: "--sequential",
    Role.CHECKS: "--dry-run",
    Role.INFORMS: "-V",
}
_RECTOR: Mapping[Role, str] = {
    Role.FLAG: COMMON + "--no-progress-bar --no-diffs --xdebug --kaizen",
    Role.CLEARS: "--clear-cache",
    Role.VALUE: "--memory-limit --output-format --only --only-suffix",
    Role.READS: "-c --config -a --autoload-file",
    Role.ONE_CORE: "--debug",
    Role.CHECKS: "-n --dry-run",
    Role.INFORMS: "-V",
}
_DEPTRAC: Mapping[Role, str] = {
    Role.FLAG: COMMON + "--no-progress --report-uncovered --report-skipped --fail-on-uncovered --clear-cache --no-cache",
    Role.VALUE: "-f --formatter --depth",
    Role.READS: "-c --config-file",
    Role.WRITES: "-o --output",
    Role.CACHE: "--cache-file",
}
CHECKS: Mapping[str, Tool] = {
    "phpstan": Tool(summary="analyses", mode=Mode.GROUP, default="phpstan analyse"),
    **{
        f"phpstan {name}": Tool(
            summary="analyses; its cache may be shared",
            mode=Mode.READ,
            whole=True,
            options=_STAN,
            shares="phpstan-cache",
            cores=ALL_CORES,
        )
        for name in ("analyse", "analyze")
    },
    "phpstan clear-result-cache": Tool(
        summary="empties its cache", mode=Mode.READ, operands=Operands.NONE, options=_STAN, holds="phpstan-cache"
    ),
    "psalm": Tool(
        summary="analyses; its cache may be shared",
        mode=Mode.READ,
        whole=True,
        shares="psalm-cache",
        cores=ALL_CORES,
        options={
            Role.FLAG: "-m --monochrome --no-cache --no-reflection-cache --no-file-cache --show-info --stats --no-progress --no-diff "
            "--diff --ignore-baseline --find-unused-code --find-dead-code --find-unused-variables --find-unused-psalm-suppress "
            "--taint-analysis --long-progress --no-suggestions --debug --debug-by-line --show-snippet --force-jit --dry-run",
            Role.VALUE: "--output-format --php-version --memory-limit --error-level --issues",
            Role.READS: "-c --config -r --root --use-baseline --use-ini-defaults",
            Role.WRITES: "--report --set-baseline --dump-taint-graph",
            Role.CORES: "--threads --scan-threads",
            Role.WHOLE: "--update-baseline",
            Role.EDITS: "--alter",
            Role.CLEARS: "--clear-cache",
            Role.OUTSIDE: "--shepherd",
            Role.INFORMS: "-v -h",
        },
    ),
    "phpcs": Tool(summary="looks at style; its cache may be shared", mode=Mode.READ, options=_SNIFFER, shares="phpcs-cache"),
    "phpcbf": Tool(summary="corrects style", mode=Mode.EDIT, options=_SNIFFER, shares="phpcs-cache"),
    "php-cs-fixer": Tool(summary="corrects style", mode=Mode.GROUP),
    "php-cs-fixer fix": Tool(
        summary="corrects style", mode=Mode.EDIT, options=_FIXER, cache=".php-cs-fixer.cache", settings=".php-cs-fixer*.php"
    ),
    "php-cs-fixer check": Tool(
        summary="looks at style", mode=Mode.READ, options=_FIXER, cache=".php-cs-fixer.cache", settings=".php-cs-fixer*.php"
    ),
    "php-cs-fixer list-files": Tool(
        summary="lists files", mode=Mode.READ, operands=Operands.NONE, options=_FIXER, settings=".php-cs-fixer*.php"
    ),
    "rector": Tool(summary="rewrites code", mode=Mode.GROUP, default="rector process"),
    "rector process": Tool(
        summary="rewrites code; its cache may be shared",
        mode=Mode.EDIT,
        whole=True,
        options=_RECTOR,
        shares="rector-cache",
        cores=ALL_CORES,
    ),
    "pint": Tool(
        summary="corrects style; its cache may be shared",
        mode=Mode.EDIT,
        shares="pint-cache",
        settings="pint.json",
        options={
            Role.FLAG: COMMON + "--dirty --diff --bail --no-config --cache",
            Role.VALUE: "--preset --format --output-format",
            Role.READS: "--config",
            Role.WRITES: "--output-to-file",
            Role.CACHE: "--cache-file",
            Role.SEVERAL_CORES: "-p --parallel",
            Role.CORES: "--max-processes",
            Role.CHECKS: "--test",
            Role.EDITS: "--repair",
        },
    ),
    "ecs": Tool(summary="looks at style", mode=Mode.GROUP, default="ecs check"),
    "ecs check": Tool(
        summary="looks at style; its cache may be shared",
        mode=Mode.READ,
        shares="ecs-cache",
        cores=ALL_CORES,
        options={
            Role.FLAG: COMMON + "--no-progress-bar --no-error-table --no-diffs --debug --xdebug",
            Role.CLEARS: "--clear-cache",
            Role.VALUE: "--output-format --memory-limit",
            Role.READS: "-c --config",
            Role.EDITS: "--fix",
        },
    ),
    "parallel-lint": Tool(
        summary="checks syntax",
        mode=Mode.READ,
        cores=ALL_CORES,
        options={
            Role.FLAG: "-s --short --colors --no-colors --no-progress --no-error-code --checkstyle --gitlab --json --blame "
            "--ignore-fails --show-deprecated --stdin --info",
            Role.VALUE: "-p -e --exclude --git",
            Role.CORES: "-j",
            Role.INFORMS: "-V",
        },
    ),
    "phpmd": Tool(
        summary="looks for bad habits in code; its cache is not to be shared",
        mode=Mode.READ,
        holds="pdepend-cache",
        options={
            Role.FLAG: "-q --quiet -v --verbose --strict --not-strict --ignore-violations-on-exit --ignore-errors-on-exit --color",
            Role.VALUE: "--suffixes --exclude --minimumpriority --minimum-priority --maximumpriority --extensions",
            Role.READS: "--baseline-file --inputfile",
            Role.WRITES: "--reportfile --report-file",
            Role.WHOLE: "--generate-baseline --update-baseline",
        },
    ),
    "phpcpd": Tool(
        summary="looks for likeness in code",
        mode=Mode.READ,
        options={
            Role.FLAG: "--fuzzy --verbose",
            Role.VALUE: "--suffix --exclude --min-lines --min-tokens --edit-distance --head-equality",
            Role.WRITES: "--log-pmd",
        },
    ),
    "phploc": Tool(
        summary="counts lines",
        mode=Mode.READ,
        options={Role.FLAG: "--count-tests", Role.VALUE: "--suffix --exclude", Role.WRITES: "--log-csv --log-json --log-xml"},
    ),
    "deptrac": Tool(summary="checks layers", mode=Mode.GROUP, default="deptrac analyse"),
    **{
        f"deptrac {name}": Tool(
            summary="checks layers",
            mode=Mode.READ,
            whole=True,
            operands=Operands.NONE,
            options=_DEPTRAC,
            cache=".deptrac.cache",
        )
        for name in ("analyse", "analyze")
    },
    "twig-cs-fixer": Tool(summary="looks at templates", mode=Mode.GROUP),
    **{
        f"twig-cs-fixer {name}": Tool(
            summary="looks at templates",
            mode=Mode.READ,
            cache=".twig-cs-fixer.cache",
            options={
                Role.FLAG: COMMON + "--no-cache --debug",
                Role.VALUE: "-l --level -r --report",
                Role.READS: "-c --config",
                Role.EDITS: "-f --fix",
            },
        )
        for name in ("lint", "check")
    },
    "composer-dependency-analyser": Tool(
        summary="looks for unused and undeclared packages",
        mode=Mode.READ,
        operands=Operands.NONE,
        whole=True,
        options={
            Role.FLAG: "--verbose --show-all-usages --disable-ext-analysis --ignore-unknown-classes --ignore-unknown-functions "
            "--ignore-shadow-deps --ignore-unused-deps --ignore-dev-in-prod-deps --ignore-prod-only-in-dev-deps",
            Role.VALUE: "--format --dump-usages",
            Role.READS: "--config --composer-json",
            Role.INFORMS: "--help --version",
        },
    ),
    "phparkitect": Tool(summary="checks rules of architecture", mode=Mode.GROUP),
    "phparkitect check": Tool(
        summary="checks rules of architecture",
        mode=Mode.READ,
        operands=Operands.NONE,
        whole=True,
        options={
            Role.FLAG: COMMON + "-s --stop-on-failure -k --skip-baseline -i --ignore-baseline-linenumbers",
            Role.VALUE: "-t --target-php-version -f --format",
            Role.READS: "-c --config -b --use-baseline -a --autoload",
        },
    ),
    "composer-unused": Tool(
        summary="looks for unused packages",
        mode=Mode.READ,
        whole=True,
        options={Role.FLAG: COMMON + "--no-progress --ignore-exit-code", Role.VALUE: "--excludePackage -o --output-format"},
    ),
    "composer-require-checker": Tool(summary="looks for undeclared packages", mode=Mode.GROUP),
    "composer-require-checker check": Tool(
        summary="looks for undeclared packages",
        mode=Mode.READ,
        whole=True,
        options={Role.FLAG: COMMON + "--ignore-parse-errors", Role.VALUE: "--output", Role.READS: "--config-file"},
    ),
}
