"""The Node tools that run tests, and Node itself where it does. Data only."""

from __future__ import annotations

from paratask.languages.node.tools import COLOR
from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_VITEST: Mapping[Role, str] = {
    Role.FLAG: COLOR + "--run --coverage --no-coverage --ui --open --silent --globals --dom --passWithNoTests --allowOnly "
    "--logHeapUsage --no-isolate --no-file-parallelism --no-threads --hideSkippedTests --changed --typecheck --expandSnapshotDiff "
    "--no-cache --clearCache --segfaultRetry -u --update --bail --coverage.enabled --coverage.all --coverage.clean",
    Role.VALUE: "-t --testNamePattern --reporter --environment --pool --poolOptions --mode --project --shard --retry --testTimeout "
    "--hookTimeout --exclude --sequence --sequence.seed --coverage.provider --coverage.reporter --coverage.include "
    "--coverage.exclude --slowTestThreshold",
    Role.READS: "-c --config",
    Role.WRITES: "-r --root --dir --outputFile --outputFile.junit --outputFile.json --outputFile.html --outputFile.blob "
    "--coverage.reportsDirectory --cache.dir",
    Role.CORES: "--maxWorkers --minWorkers --maxConcurrency",
    Role.WATCHES: "-w --watch",
}

TESTS: Mapping[str, Tool] = {
    "vitest": Tool(summary="runs tests", mode=Mode.GROUP, default="vitest run"),
    **{
        f"vitest {name}": Tool(
            summary="runs tests", mode=Mode.BUILD, tests=True, operands=Operands.WORDS, options=_VITEST, cores=2.0
        )
        for name in ("run", "watch", "dev", "related", "bench", "list")
    },
    "jest": Tool(
        summary="runs tests",
        mode=Mode.BUILD,
        tests=True,
        operands=Operands.WORDS,
        shares="jest-cache",
        cores=2.0,
        options={
            Role.FLAG: COLOR
            + "--ci --coverage --no-coverage --watch --watchAll --silent --verbose --passWithNoTests --bail -b --no-cache "
            "--detectOpenHandles --forceExit -u --updateSnapshot --onlyChanged -o --findRelatedTests --listTests --json "
            "--logHeapUsage --expand -e --debug --errorOnDeprecated --notify --runTestsByPath --showConfig --onlyFailures -f",
            Role.VALUE: "--testPathPattern --testPathPatterns -t --testNamePattern --testTimeout --env --selectProjects --testMatch "
            "--reporters --shard --coverageReporters --collectCoverageFrom --testPathIgnorePatterns --seed --changedSince --testRegex "
            "--coverageProvider --coverageThreshold --maxConcurrency --preset",
            Role.READS: "-c --config --setupFilesAfterEnv",
            Role.WRITES: "--roots --projects --rootDir --coverageDirectory --outputFile",
            Role.SHARED_CACHE: "--cacheDirectory",
            Role.CLEARS: "--clearCache",
            Role.CORES: "-w --maxWorkers",
            Role.ONE_CORE: "-i --runInBand",
        },
    ),
    "mocha": Tool(
        summary="runs tests",
        mode=Mode.BUILD,
        tests=True,
        options={
            Role.FLAG: COLOR
            + "-b --bail --exit --no-exit --recursive -w --watch --forbid-only --forbid-pending --full-trace --check-leaks "
            "--inline-diffs --diff --no-diff -c --growl --list-files --async-only -A --dry-run -i --invert --enable-source-maps",
            Role.VALUE: "-R --reporter -t --timeout -s --slow -g --grep -f --fgrep -u --ui "
            "--extension --retries --ignore --exclude --loader --import -n --node-option --sort -S",
            Role.SETTING: "-O --reporter-option --reporter-options",
            Role.READS: "--config --opts -r --require --package --watch-files",
            Role.WRITES: "--file --spec",
            Role.CORES: "-j --jobs",
            Role.SEVERAL_CORES: "-p --parallel",
        },
    ),
    "ava": Tool(
        summary="runs tests",
        mode=Mode.BUILD,
        tests=True,
        cores=2.0,
        options={
            Role.FLAG: COLOR
            + "--fail-fast -s --serial -t --tap -u --update-snapshots -v --verbose -w --watch --no-worker-threads",
            Role.VALUE: "-m --match -T --timeout --node-arguments",
            Role.READS: "--config",
            Role.CORES: "-c --concurrency",
        },
    ),
    "playwright": Tool(summary="tests in browsers", mode=Mode.GROUP),
    "playwright test": Tool(
        summary="tests in browsers",
        mode=Mode.BUILD,
        checks=True,
        operands=Operands.WORDS,
        cores=2.0,
        options={
            Role.FLAG: "--headed --ui --debug -x --forbid-only --fully-parallel --list --pass-with-no-tests --quiet -u --update-snapshots "
            "--ignore-snapshots --last-failed --only-changed",
            Role.VALUE: "-g --grep --grep-invert --project --reporter --retries --repeat-each --shard --timeout --global-timeout "
            "--max-failures --trace --browser --tsconfig --name",
            Role.READS: "-c --config",
            Role.WRITES: "--output",
            Role.CORES: "-j --workers",
        },
    ),
    "playwright show-report": Tool(
        summary="serves a report",
        mode=Mode.SERVE,
        port=9323,
        options={
            Role.PORT: "--port",
            Role.VALUE: "--host",
        },
    ),
    "cypress": Tool(summary="tests in browsers", mode=Mode.GROUP),
    "cypress run": Tool(
        summary="tests in browsers",
        mode=Mode.BUILD,
        checks=True,
        operands=Operands.NONE,
        cores=2.0,
        options={
            Role.FLAG: "--headless --headed --e2e --component --quiet -q --no-exit --parallel --dev",
            Role.VALUE: "-b --browser -e --env -s --spec -r --reporter --ci-build-id --group --tag -t",
            Role.SETTING: "-c --config -o --reporter-options",
            Role.READS: "-C --config-file",
            Role.WRITES: "-P --project",
            Role.OUTSIDE: "--record -k --key",
        },
    ),
    "cypress verify": Tool(summary="checks its installation", mode=Mode.NOTHING, operands=Operands.NONE),
    "node --test": Tool(
        summary="runs tests",
        mode=Mode.BUILD,
        tests=True,
        cores=2.0,
        options={
            Role.FLAG: "--test --watch --test-only --experimental-test-coverage --test-force-exit --experimental-strip-types "
            "--enable-source-maps --test-update-snapshots --no-warnings --experimental-test-module-mocks --experimental-vm-modules",
            Role.VALUE: "--test-name-pattern --test-skip-pattern --test-reporter --test-timeout --test-shard --loader --import -r --require "
            "--conditions -C",
            Role.WRITES: "--test-reporter-destination",
            Role.READS: "--env-file",
            Role.CORES: "--test-concurrency",
        },
    ),
    "node --check": Tool(summary="checks a file's syntax", mode=Mode.READ, options={Role.FLAG: "--check -c"}),
}
