"""The PHP tools that run tests, pack, write documentation, or deploy. Data only."""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.php.tools import ALL_CORES, COMMON
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_PHPUNIT_FLAGS = (
    "--testdox --stop-on-defect --stop-on-error --stop-on-failure --stop-on-warning --stop-on-risky --stop-on-skipped "
    "--stop-on-incomplete --stop-on-notice --stop-on-deprecation --fail-on-warning --fail-on-risky --fail-on-skipped "
    "--fail-on-incomplete --fail-on-notice --fail-on-deprecation --fail-on-phpunit-deprecation --fail-on-phpunit-warning "
    "--fail-on-empty-test-suite --fail-on-all-issues --no-coverage --no-configuration --no-progress --no-results --no-output "
    "--no-logging --colors --debug --process-isolation --strict-coverage --strict-global-state --disallow-test-output "
    "--enforce-time-limit --display-incomplete --display-skipped --display-deprecations --display-errors --display-notices "
    "--display-warnings --display-phpunit-deprecations --display-all-issues --reverse-list --cache-result --do-not-cache-result "
    "--dont-report-useless-tests --disable-coverage-ignore --no-extensions --teamcity --coverage-text --list-tests "
    "--list-groups --list-suites --path-coverage --globals-backup --static-backup --warm-coverage-cache --ignore-baseline "
    "--only-summary-for-coverage-text --show-uncovered-for-coverage-text --stderr --with-telemetry"
)
_PHPUNIT: Mapping[Role, str] = {
    Role.FLAG: COMMON + _PHPUNIT_FLAGS,
    Role.VALUE: "--filter --exclude-filter --testsuite --exclude-testsuite --group --exclude-group --covers --uses --columns "
    "--order-by --random-order-seed --repeat --default-time-limit --test-suffix --extension --resolve-dependencies "
    "--diff-context --shorten-arrays-for-export-threshold",
    Role.READS: "--bootstrap -c --configuration --include-path --coverage-filter --whitelist --use-baseline",
    Role.WRITES: "--coverage-html --coverage-clover --coverage-openclover --coverage-xml --coverage-php --coverage-crap4j "
    "--coverage-cobertura --coverage-cache --log-junit --log-teamcity --log-otr --testdox-html --testdox-text --testdox-xml "
    "--cache-result-file --cache-directory --log-events-text --log-events-verbose-text --list-tests-xml --generate-baseline",
    Role.SETTING: "-d",
    Role.INFORMS: "-h --version --check-version",
}
_PARALLEL: Mapping[Role, str] = {
    **_PHPUNIT,
    Role.FLAG: _PHPUNIT[Role.FLAG] + " -f --functional --max-batch-size --verbose --no-test-tokens",
    Role.VALUE: _PHPUNIT[Role.VALUE] + " --runner",
    Role.CORES: "-p --processes",
    Role.WRITES: _PHPUNIT[Role.WRITES] + " --tmp-dir",
    Role.READS: _PHPUNIT[Role.READS] + " --phpunit",
}
_PEST: Mapping[Role, str] = {
    **_PHPUNIT,
    Role.FLAG: _PHPUNIT[Role.FLAG]
    + " --ci --compact --coverage --profile --bail --dirty --retry --todos --todo --notes --flaky --only --type-coverage --exactly "
    "--parallel-flush",
    Role.SEVERAL_CORES: "-p --parallel",
    Role.CORES: "--processes",
    Role.VALUE: _PHPUNIT[Role.VALUE] + " --min --issue --pr --assignee --shard --memory-limit --test-directory",
    Role.WHOLE: "--update-snapshots",
}
_INFECTION: Mapping[Role, str] = {
    Role.FLAG: COMMON
    + "-s --show-mutations --only-covered --no-progress --force-progress --ignore-msi-with-no-mutations --debug --skip-initial-tests "
    "--dry-run --git-diff-lines --only-covering-test-cases --with-uncovered --logger-github",
    Role.VALUE: "--min-msi --min-covered-msi --mutators --filter -m --log-verbosity --formatter --test-framework "
    "--test-framework-options --initial-tests-php-options --git-diff-filter --git-diff-base --id --max-timeouts",
    Role.CORES: "-j --threads",
    Role.READS: "-c --configuration --coverage",
    Role.WRITES: "--logger-html --logger-text --logger-gitlab --logger-summary-json",
}


def _test(summary: str, options: Mapping[Role, str], cores: float = 1.0, *, tests: bool = False) -> Tool:
    return Tool(summary=summary, mode=Mode.BUILD, options=options, cores=cores, tests=tests)


TESTS: Mapping[str, Tool] = {
    "phpunit": _test("runs tests", _PHPUNIT, tests=True),
    "simple-phpunit": _test("runs tests", _PHPUNIT, tests=True),
    "pest": _test("runs tests", _PEST, tests=True),
    "paratest": _test("runs tests in several processes", _PARALLEL, ALL_CORES, tests=True),
    "infection": _test("changes code and runs tests against it", _INFECTION, ALL_CORES),
    "behat": _test(
        "runs scenarios",
        {
            Role.FLAG: COMMON
            + "--strict --stop-on-failure --rerun --rerun-only --dry-run --no-snippets --colors --no-colors --list-scenarios",
            Role.VALUE: "-s --suite -f --format --name --tags --role --order -p --profile --definitions --lang",
            Role.READS: "-c --config",
            Role.WRITES: "-o --out",
        },
    ),
    "codecept": Tool(summary="runs tests", mode=Mode.GROUP),
    "codecept run": Tool(
        summary="runs tests",
        mode=Mode.BUILD,
        operands=Operands.WORDS,
        options={
            Role.FLAG: COMMON
            + "--steps --debug -d -f --fail-fast --no-exit --no-rebuild --no-redirect --colors --no-colors --report --html "
            "--xml --json --tap --coverage --coverage-html --coverage-xml --coverage-text --phpunit-xml",
            Role.VALUE: "-g --group -s --skip -x --skip-group --env -o --override --seed --shard --filter",
            Role.READS: "-c --config --bootstrap",
        },
    ),
    "phpspec": Tool(summary="runs specifications", mode=Mode.GROUP),
    "phpspec run": _test(
        "runs specifications",
        {
            Role.FLAG: COMMON + "--stop-on-failure --no-code-generation --no-rerun",
            Role.VALUE: "-f --format",
            Role.READS: "-c --config -b",
        },
    ),
}
BUILDERS: Mapping[str, Tool] = {
    "box": Tool(summary="packs an archive", mode=Mode.GROUP),
    **{
        f"box {name}": Tool(
            summary="packs an archive",
            mode=Mode.BUILD,
            operands=Operands.NONE,
            cores=ALL_CORES,
            options={
                Role.FLAG: COMMON
                + "--dev --no-parallel --no-restart --no-compression --allow-composer-check-failure --with-docker --sort-files",
                Role.VALUE: "--composer-bin",
                Role.READS: "-c --config",
                Role.FOLDER: "-d --working-dir",
            },
        )
        for name in ("compile", "build")
    },
    "box validate": Tool(
        summary="checks its configuration", mode=Mode.READ, options={Role.FLAG: COMMON + "-i --ignore-message"}
    ),
    "phpdoc": Tool(
        summary="writes documentation",
        mode=Mode.BUILD,
        operands=Operands.WORDS,
        options={
            Role.FLAG: COMMON + "--force --validate --sourcecode --parseprivate --progressbar --log",
            Role.VALUE: "--title --visibility --encoding --markers -i --ignore --extensions --template --defaultpackagename -s --setting",
            Role.READS: "-d --directory -f --filename -c --config --examples-dir",
            Role.WRITES: "-t --target --cache-folder",
        },
    ),
    "phpbench": Tool(summary="measures", mode=Mode.GROUP),
    "phpbench run": _test(
        "measures",
        {
            Role.FLAG: COMMON + "--progress --no-output --tolerate-failure --store --stop-on-error",
            Role.VALUE: "--report --filter --group --iterations --revs --tag --ref --retry-threshold --output --assert --profile",
            Role.READS: "--bootstrap --config",
            Role.WRITES: "-d --dump-file",
        },
    ),
    **{
        name: Tool(summary="deploys", mode=Mode.OUTSIDE, operands=Operands.WORDS, options={Role.FLAG: COMMON})
        for name in ("dep", "vapor", "envoy")
    },
}
