"""The Python tools that lint and format sources, as data.

Those that check types stand in type_checkers.py, those for other files than sources in documents.py, those that test in testing.py, those
that build in builders.py; what fills environments or starts other programs (uv, pip, python itself) in managers.py.
"""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_RUFF = (
    "--select --ignore --extend-select --extend-ignore --per-file-ignores --extend-per-file-ignores --fixable --unfixable "
    "--extend-fixable --exclude --extend-exclude --target-version --line-length --output-format --stdin-filename --extension"
)
_ENVIRONMENTS = "{.venv,venv}"
"""Formatters pass them over, if their settings do not say what they pass over."""
_RUFF_CACHE = ".ruff_cache"
_RUFF_SETTINGS = "ruff.toml .ruff.toml pyproject.toml:[tool.ruff"

CHECKS: Mapping[str, Tool] = {
    "ruff": Tool(
        summary="lints and formats",
        mode=Mode.GROUP,
        options={
            Role.FLAG: "-q --quiet -v --verbose -s --silent --isolated --no-cache -n",
            Role.VALUE: "--color",
            Role.READS: "--config",
            Role.SHARED_CACHE: "--cache-dir",
        },
    ),
    "ruff check": Tool(
        summary="lints; its cache may be shared",
        mode=Mode.READ,
        files="*.{py,pyi,pyw,ipynb}",
        skips=_ENVIRONMENTS,
        keeps=_RUFF_CACHE,
        kept_beside=_RUFF_SETTINGS,
        kept_by="cache-dir",
        options={
            Role.FLAG: "--no-fix --diff --show-fixes --statistics --preview --no-preview --force-exclude --no-force-exclude "
            "--respect-gitignore --no-respect-gitignore --ignore-noqa -e --exit-zero --exit-non-zero-on-fix --show-files "
            "--show-settings --no-unsafe-fixes --unsafe-fixes --no-show-fixes",
            Role.VALUE: _RUFF,
            Role.WRITES: "-o --output-file",
            Role.SHARED_CACHE: "--cache-dir",
            Role.EDITS: "--fix --fix-only --add-noqa",
            Role.WATCHES: "-w --watch",
        },
    ),
    "ruff format": Tool(
        summary="formats",
        mode=Mode.EDIT,
        files="*.{py,pyi,pyw,ipynb,md}",
        skips=_ENVIRONMENTS,
        keeps=_RUFF_CACHE,
        kept_beside=_RUFF_SETTINGS,
        kept_by="cache-dir",
        options={
            Role.FLAG: "--preview --no-preview --force-exclude --respect-gitignore --no-respect-gitignore --exit-non-zero-on-format",
            Role.VALUE: _RUFF + " --range",
            Role.CHECKS: "--check --diff",
        },
    ),
    "ruff clean": Tool(
        summary="removes its cache",
        mode=Mode.NOTHING,
        operands=Operands.NONE,
        sweeps=_RUFF_CACHE,
        kept_beside=_RUFF_SETTINGS,
        kept_by="cache-dir",
    ),
    "ruff rule": Tool(summary="explains a rule", mode=Mode.NOTHING, operands=Operands.WORDS, options={Role.FLAG: "--all"}),
    "ruff version": Tool(summary="prints its version", mode=Mode.NOTHING, operands=Operands.WORDS),
    "black": Tool(
        summary="formats",
        mode=Mode.EDIT,
        files="*.{py,pyi,ipynb}",
        skips=_ENVIRONMENTS,
        options={
            Role.FLAG: "-q --quiet -v --verbose --color --no-color --fast --safe --preview --unstable --pyi --ipynb -S "
            "--skip-string-normalization -C --skip-magic-trailing-comma -x --skip-source-first-line --no-cache",
            Role.VALUE: "-l --line-length -t --target-version --include --exclude --extend-exclude --force-exclude --stdin-filename "
            "-W --workers --required-version --line-ranges --enable-unstable-feature",
            Role.READS: "--config",
            Role.CHECKS: "--check --diff",
            Role.INFORMS: "-h --help --version",
        },
    ),
    "codespell": Tool(
        summary="looks for misspelled words",
        mode=Mode.READ,
        options={
            Role.FLAG: "-d --disable-colors -c --enable-colors -s --summary --count -e --hard-encoding-detection -f --check-filenames -H "
            "--check-hidden --ignore-sic",
            Role.VALUE: "--builtin --ignore-regex --ignore-multiline-regex -L --ignore-words-list --uri-ignore-words-list -r --regex "
            "--uri-regex -S --skip -q --quiet-level -A --after-context -B --before-context -C --context",
            Role.READS: "-D --dictionary -I --ignore-words -x --exclude-file --config --toml",
            Role.EDITS: "-w --write-changes",
        },
    ),
    "isort": Tool(
        summary="sorts imports",
        mode=Mode.EDIT,
        files="*.{py,pyi,pyx,pxd}",
        options={
            Role.FLAG: "-q --quiet -v --verbose --color --atomic --skip-gitignore --filter-files --gitignore --force-sort-within-sections "
            "--tc --trailing-comma --fss -e --balanced --ac --only-modified --show-files --float-to-top",
            Role.VALUE: "--profile -l --line-length -w --line-width -m --multi-line -p --project -o --thirdparty -s --skip --sg "
            "--skip-glob --extend-skip --extend-skip-glob --py --python-version -j --jobs --known-first-party -a --add-import",
            Role.READS: "--settings-path --settings-file --settings --sp --src --src-path",
            Role.CHECKS: "-c --check --check-only --diff -d --stdout",
        },
    ),
    "flake8": Tool(
        summary="lints",
        mode=Mode.READ,
        files="*.{py,pyi}",
        options={
            Role.FLAG: "-q --quiet -v --verbose --count --show-source --no-show-source --statistics --benchmark --exit-zero "
            "--disable-noqa --isolated --doctests --show-pep8 --tee",
            Role.VALUE: "--select --ignore --extend-select --extend-ignore --exclude --extend-exclude --filename --format "
            "--max-line-length --max-doc-length --max-complexity --per-file-ignores --color --indent-size -j --jobs "
            "--stdin-display-name --docstring-convention --import-order-style --application-import-names --max-cognitive-complexity",
            Role.READS: "--config --append-config",
            Role.WRITES: "--output-file",
        },
    ),
    "pycodestyle": Tool(
        summary="checks style",
        mode=Mode.READ,
        files="*.py",
        options={
            Role.FLAG: "-v --verbose -q --quiet -r --repeat --first --show-source --show-pep8 --statistics --count --benchmark --diff",
            Role.VALUE: "--exclude --filename --select --ignore --hang-closing --max-line-length --max-doc-length --indent-size --format",
            Role.READS: "--config",
        },
    ),
    "pyflakes": Tool(summary="looks for mistakes", mode=Mode.READ, files="*.py"),
    "interrogate": Tool(
        summary="measures how much is documented",
        mode=Mode.READ,
        files="*.py",
        options={
            Role.FLAG: "-v --verbose -q --quiet -i --ignore-init-method -I --ignore-init-module -m --ignore-magic -M "
            "--ignore-module -n --ignore-nested-functions -C --ignore-nested-classes -O --ignore-overloaded-functions -p "
            "--ignore-private -P --ignore-property-decorators -S --ignore-setters -s --ignore-semiprivate --color --no-color "
            "--omit-covered-files",
            Role.VALUE: "-f --fail-under -e --exclude -r --ignore-regex --whitelist-regex --ext --style --badge-format --badge-style",
            Role.READS: "-c --config",
            Role.WRITES: "-o --output -g --generate-badge",
            Role.INFORMS: "-h --help --version",
        },
    ),
    "pylint": Tool(
        summary="lints",
        mode=Mode.READ,
        files="*.{py,pyi,so,pyd}",
        whole=True,
        options={
            Role.FLAG: "-v --verbose -E --errors-only -r --recursive --exit-zero --list-msgs --py3k --disable-all --from-stdin",
            Role.VALUE: "-d --disable -e --enable -s --score --reports --fail-under --fail-on --msg-template "
            "--max-line-length --ignore --ignore-patterns --ignore-paths --py-version --good-names --extension-pkg-allow-list "
            "--max-args --max-locals --min-similarity-lines --evaluation --ignored-modules --ignored-classes",
            Role.READS: "--rcfile --source-roots",
            Role.REPORT: "-f --output-format",
            Role.WRITES: "--output",
            Role.CORES: "-j --jobs",
        },
    ),
    "deptry": Tool(
        summary="compares imports with the dependencies of a project",
        mode=Mode.READ,
        files="*.{py,ipynb}",
        options={
            Role.FLAG: "-v --verbose --no-ansi -nb --ignore-notebooks -go --github-output --experimental-namespace-package",
            Role.VALUE: "-i --ignore -pri --per-rule-ignores -e --exclude -ee --extend-exclude -kf --known-first-party -pmnm "
            "--package-module-name-map -oddg --optional-dependencies-dev-groups -ddg --pep621-dev-dependency-groups -nddg "
            "--non-dev-dependency-groups -gwe --github-warning-errors",
            Role.READS: "--config",
            Role.WRITES: "-o --json-output",
        },
    ),
    "radon": Tool(summary="measures code", mode=Mode.GROUP),
    **{
        f"radon {name}": Tool(
            summary="measures code",
            mode=Mode.READ,
            files="*.{py,ipynb}",
            options={
                Role.FLAG: "-s --show-complexity --show -a --average -m --multi -j --json --sort --no-assert --show-closures --total-average "
                "--xml --md --codeclimate --include-ipynb --ipynb-cells",
                Role.VALUE: "-n --min -x --max -e --exclude -i --ignore -o --order",
                Role.WRITES: "-O --output-file",
            },
        )
        for name in ("cc", "mi", "raw", "hal")
    },
    "xenon": Tool(
        summary="measures code",
        mode=Mode.READ,
        files="*.{py,ipynb}",
        options={
            Role.FLAG: "--no-assert --paths-in-front",
            Role.VALUE: "-a --max-average --max-average-num -m --max-modules -b --max-absolute -e --exclude -i --ignore",
            Role.READS: "-c --config-file",
            Role.OUTSIDE: "-u --url",
        },
    ),
    "autoflake": Tool(
        summary="removes what is imported and not used, or shows it",
        mode=Mode.EDIT,
        files="*.{py,pyi}",
        options={
            Role.FLAG: "--remove-all-unused-imports -r --recursive --expand-star-imports --ignore-init-module-imports --quiet -v --verbose "
            "--remove-duplicate-keys --remove-unused-variables --remove-rhs-for-unused-variables --ignore-pass-statements "
            "--ignore-pass-after-docstring",
            Role.VALUE: "--imports --exclude -j --jobs",
            Role.READS: "--config",
            Role.CHECKS: "-c --check -cd --check-diff",
            Role.EDITS: "-i --in-place",
        },
    ),
    "yapf": Tool(
        summary="formats, or prints what it would be",
        mode=Mode.READ,
        options={
            Role.FLAG: "-d --diff -q --quiet -r --recursive --no-local-style -m --print-modified -vv --verbose",
            Role.VALUE: "-l --lines -e --exclude",
            Role.READS: "--style",
            Role.EDITS: "-i --in-place",
            Role.SEVERAL_CORES: "-p --parallel",
            Role.INFORMS: "-h --help -v --version --style-help",
        },
    ),
    "autopep8": Tool(
        summary="formats, or prints what it would be",
        mode=Mode.EDIT,
        options={
            Role.FLAG: "-v --verbose -r --recursive -a --aggressive --experimental --hang-closing --exit-code --ignore-local-config",
            Role.VALUE: "-p --pep8-passes --exclude --ignore --select --max-line-length --indent-size",
            Role.READS: "--global-config",
            Role.CHECKS: "-d --diff",
            Role.EDITS: "-i --in-place",
            Role.CORES: "-j --jobs",
            Role.INFORMS: "-h --help --version --list-fixes",
        },
    ),
    "flynt": Tool(
        summary="changes sources to newer ways of formatting texts",
        mode=Mode.EDIT,
        files="*.{py,ipynb}",
        options={
            Role.FLAG: "-v --verbose -q --quiet --no-multiline --no-tp --no-transform-percent --no-tf --no-transform-format -tc "
            "--transform-concats -tj --transform-joins -f --fail-on-change -a --aggressive -nb --notebook --report",
            Role.VALUE: "-ll --line-length -e --exclude",
            Role.CHECKS: "-d --dry-run --stdout",
        },
    ),
    "lint-imports": Tool(
        summary="checks which modules import which",
        mode=Mode.READ,
        operands=Operands.NONE,
        whole=True,
        settings=".importlinter",
        cache=".import_linter_cache",
        options={
            Role.FLAG: "--debug --no-logo --show-timings --verbose --no-cache",
            Role.VALUE: "--contract",
            Role.READS: "--config",
            Role.CACHE: "--cache-dir",
        },
    ),
    "pyupgrade": Tool(
        summary="changes sources to newer ways",
        mode=Mode.EDIT,
        options={
            Role.FLAG: "--exit-zero-even-if-changed --keep-percent-format --keep-mock --keep-runtime-typing --py3-plus --py3-only "
            + " ".join(f"--py3{minor}-plus" for minor in range(6, 20)),
        },
    ),
    "docformatter": Tool(
        summary="formats docstrings, or shows how",
        mode=Mode.EDIT,
        files="*.{py,pyi}",
        options={
            Role.FLAG: "-d --diff -r --recursive --black --force-wrap --blank --pre-summary-newline --pre-summary-space "
            "--make-summary-multi-line --close-quotes-on-newline --non-strict",
            Role.VALUE: "-s --style --wrap-summaries --wrap-descriptions --tab-width --rest-section-adorns",
            Role.READS: "--config",
            Role.CHECKS: "-c --check",
            Role.EDITS: "-i --in-place",
        },
    ),
    "bandit": Tool(
        summary="looks for insecure code",
        mode=Mode.READ,
        files="*.{py,pyw}",
        options={
            Role.FLAG: "-r --recursive -q --quiet -v --verbose -d --debug -l -ll -lll -i -ii -iii --exit-zero -n --ignore-nosec",
            Role.VALUE: "-t --tests -s --skip -f --format -x --exclude -a --aggregate --severity-level --confidence-level --number "
            "--msg-template -p --profile",
            Role.READS: "-c --configfile --ini -b --baseline",
            Role.WRITES: "-o --output",
        },
    ),
    "pydocstyle": Tool(
        summary="checks docstrings",
        mode=Mode.READ,
        files="*.{py,pyi}",
        options={
            Role.FLAG: "-e --explain -s --source -v --verbose --count",
            Role.VALUE: "--convention --select --match --add-ignore",
        },
    ),
    "vulture": Tool(
        summary="looks for dead code",
        mode=Mode.READ,
        files="*.{py,pyi}",
        options={
            Role.FLAG: "-v --verbose --sort-by-size",
            Role.VALUE: "--min-confidence --exclude --ignore-names --ignore-decorators",
        },
    ),
    "safety": Tool(
        summary="looks for known weaknesses", mode=Mode.GROUP, options={Role.FLAG: "--debug --disable-optional-telemetry"}
    ),
    "safety check": Tool(
        summary="looks for known weaknesses",
        mode=Mode.READ,
        operands=Operands.NONE,
        options={
            Role.FLAG: "--full-report --short-report --bare --json --continue-on-error --exit-code --cache --audit-and-monitor "
            "--no-audit-and-monitor",
            Role.VALUE: "-i --ignore --output -o --key --proxy-host --proxy-port --proxy-protocol --severity-requirements",
            Role.READS: "-r --file --policy-file --db",
            Role.WRITES: "--save-json --save-html",
        },
    ),
    "safety scan": Tool(
        summary="looks for known weaknesses",
        mode=Mode.READ,
        operands=Operands.NONE,
        options={
            Role.FLAG: "--detailed-output",
            Role.VALUE: "--output",
            Role.READS: "--target --policy-file",
            Role.WRITES: "--save-as",
            Role.EDITS: "--apply-fixes",
        },
    ),
    "pip-audit": Tool(
        summary="looks for known weaknesses",
        mode=Mode.READ,
        files="{py{project,lock*}.toml,*.{txt,in}}",
        options={
            Role.FLAG: "-l --local --strict -S --dry-run -d --skip-editable --no-deps --disable-pip --require-hashes --locked --verbose -v",
            Role.VALUE: "-f --format -s --vulnerability-service --ignore-vuln --desc --aliases --progress-spinner --index-url "
            "--extra-index-url --timeout",
            Role.READS: "-r --requirement --path",
            Role.WRITES: "-o --output",
            Role.SHARED_CACHE: "--cache-dir",
            Role.EDITS: "--fix",
        },
    ),
}
