"""The Python tools that run tests, and measure what tests cover. Data only."""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_PYTEST_FLAGS = (
    "-q --quiet -v --verbose -s -x --exitfirst -l --showlocals --no-showlocals --lf --last-failed --ff --failed-first --nf "
    "--new-first --sw --stepwise --sw-skip --stepwise-skip --pdb --trace --collect-only --co --no-header --no-summary "
    "--disable-warnings --disable-pytest-warnings --strict --strict-markers --strict-config --cache-clear --cache-show "
    "--continue-on-collection-errors --doctest-modules --doctest-continue-on-failure --doctest-ignore-import-errors --runxfail "
    "--noconftest --keep-duplicates --setup-show --setup-only --setup-plan --fixtures --fixtures-per-test --markers --pyargs "
    "--full-trace --cov --no-cov --cov-branch --cov-append --no-cov-on-fail --cov-reset --self-contained-html --json-report "
    "--benchmark-only --benchmark-skip --benchmark-disable --snapshot-update --reuse-db --create-db --no-migrations "
    "--nomigrations --hypothesis-show-statistics --hypothesis-explain --randomly-dont-reorganize --random-order --headed "
    "--instafail --testmon --flake8 --mypy --ruff --memray --isort --black --pycodestyle --pydocstyle --pylint --ruff-format "
    "--no-fold-skipped --xfail-tb --force-short-summary --forked --random-order --no-success-flaky-report --fail-on-flaky "
    "--benchmark-enable --benchmark-disable-gc --benchmark-warmup --benchmark-autosave --benchmark-compare --nbmake --nbval "
    "--nbval-lax --nbval-current-env --snapshot-details --snapshot-warn-unused --block-network --disable-recording --disable-vcr "
    "--typeguard-debug --suppress-no-test-exit-code --strict-parametrization-ids --store-durations --clean-alluredir --picked "
    "--force-sugar --old-summary --migrations --fail-on-template-vars --asyncio-debug"
)
_PYTEST_VALUES = (
    "-k -m -r -p -W --pythonwarnings --tb --color --maxfail --durations --durations-min --capture --show-capture --import-mode "
    "--log-level --log-cli-level --log-format --log-date-format --log-cli-format --log-file-level --log-file-format --junit-prefix "
    "--ignore-glob --deselect --doctest-glob --doctest-report --verbosity --assert --lfnf --last-failed-no-failures "
    "--cov-fail-under --cov-context --asyncio-mode --timeout --timeout-method --reruns --reruns-delay --dist --maxprocesses "
    "--max-worker-restart --randomly-seed --ds --hypothesis-profile --hypothesis-seed --hypothesis-verbosity --count --splits "
    "--group --browser --random-order-bucket --random-order-seed --rerun-except --only-rerun --setup-timeout --session-timeout "
    "--benchmark-sort --benchmark-min-rounds --benchmark-columns --benchmark-group-by --benchmark-min-time --benchmark-max-time "
    "--nbmake-timeout --nbmake-kernel --record-mode --vcr-record --tx --parallel-threads --test-group-count --test-group --dc "
    "--splitting-algorithm --browser-channel --slowmo --tracing --video --screenshot --device --base-url --max-runs --min-passes "
    "--typeguard-packages --typeguard-forward-ref-policy --repeat-scope --cov-precision --snapshot-default-extension"
)
_PYTEST = Tool(
    summary="runs tests",
    mode=Mode.BUILD,
    tests=True,
    compiles=True,
    options={
        Role.FLAG: _PYTEST_FLAGS,
        Role.VALUE: _PYTEST_VALUES,
        Role.READS: "-c --config-file --confcutdir --ignore --cov-config",
        Role.WRITES: "--rootdir --basetemp --junitxml --junit-xml --log-file --html --json-report-file --benchmark-json "
        "--alluredir --report-log --result-log --memray-bin-path --md --cucumberjson --csv --output --durations-path --benchmark-storage",
        Role.REPORT: "--cov-report",
        Role.SETTING: "-o --override-ini",
        Role.CORES: "-n --numprocesses",
        Role.WATCHES: "-f --looponfail",
        Role.OUTSIDE: "--pastebin",
        Role.INFORMS: "-V",
    },
)
_COVERAGE_REPORT = {
    Role.FLAG: "-q --quiet -v -i --ignore-errors -m --show-missing --skip-covered --no-skip-covered --skip-empty --show-contexts "
    "--pretty-print -a --append --keep",
    Role.VALUE: "--include --omit --fail-under --precision --sort --format --contexts --title",
    Role.READS: "--rcfile --data-file",
    Role.WRITES: "-d --directory -o",
}

TESTS: Mapping[str, Tool] = {
    "pytest": _PYTEST,
    "py.test": _PYTEST,
    "python -m unittest": Tool(
        summary="runs tests",
        mode=Mode.BUILD,
        tests=True,
        compiles=True,
        operands=Operands.WORDS,
        options={
            Role.FLAG: "-v --verbose -q --quiet -f --failfast -b --buffer -c --catch --locals",
            Role.VALUE: "-k -p --pattern --durations",
            Role.READS: "-s --start-directory -t --top-level-directory",
        },
    ),
    "tox": Tool(
        summary="runs the commands of test environments",
        mode=Mode.SCRIPT,
        operands=Operands.SCRIPTS,
        options={
            Role.FLAG: "-q --quiet -v -r --recreate -l --list -a --listenvs-all --notest --skip-missing-interpreters --sitepackages "
            "--develop",
            Role.TASKS: "-e -f -m",
            Role.READS: "-c --conf --root",
            Role.WRITES: "--workdir --result-json --installpkg",
            Role.CORES: "-p --parallel",
        },
    ),
    "nox": Tool(
        summary="runs sessions, which are functions in Python",
        mode=Mode.MODULE,
        operands=Operands.TASKS,
        options={
            Role.FLAG: "-r --reuse-existing-virtualenvs -R -l --list --list-sessions --stop-on-first-error -x -v --verbose -N "
            "--no-venv --no-install --error-on-missing-interpreters --error-on-external-run --non-interactive",
            Role.TASKS: "-s --session --sessions -e -t --tags -k --keywords",
            Role.VALUE: "-p --python --pythons -db --default-venv-backend --reuse-venv",
            Role.READS: "-f --noxfile",
            Role.WRITES: "--envdir --report",
        },
    ),
    "coverage": Tool(summary="measures test coverage", mode=Mode.GROUP),
    "coverage run": Tool(
        summary="runs Python under measurement",
        mode=Mode.MODULE,
        writes=".coverage",
        options={
            Role.FLAG: "-a --append --branch -L --pylib -p --parallel-mode --timid -m --module -q",
            Role.VALUE: "--include --omit --source --source-pkg --concurrency --context",
            Role.READS: "--rcfile",
            Role.WRITES: "--data-file",
        },
    ),
    "coverage report": Tool(
        summary="prints coverage", mode=Mode.READ, options={**_COVERAGE_REPORT, Role.WRITES: ""}, dependencies=True
    ),
    "coverage html": Tool(summary="writes a coverage report", mode=Mode.BUILD, options=_COVERAGE_REPORT),
    "coverage xml": Tool(summary="writes a coverage report", mode=Mode.BUILD, options=_COVERAGE_REPORT),
    "coverage json": Tool(summary="writes a coverage report", mode=Mode.BUILD, options=_COVERAGE_REPORT),
    "coverage lcov": Tool(summary="writes a coverage report", mode=Mode.BUILD, options=_COVERAGE_REPORT),
    "coverage annotate": Tool(summary="writes what is covered beside sources", mode=Mode.BUILD, options=_COVERAGE_REPORT),
    "coverage combine": Tool(summary="joins coverage data", mode=Mode.BUILD, options=_COVERAGE_REPORT),
    "coverage erase": Tool(summary="removes coverage data", mode=Mode.BUILD, options=_COVERAGE_REPORT),
}
