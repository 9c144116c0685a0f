"""The smaller Python tools that check sources and installed packages, or repair them, as data. The others stand in tools.py."""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_EITHER = "ignore dump violations lint pessimistic eval-annotations parse-comments make-paths-absolute"
SMALLER: Mapping[str, Tool] = {
    "vermin": Tool(
        summary="tells which versions of Python sources need",
        mode=Mode.READ,
        options={
            Role.FLAG: "-q --quiet --no-quiet -v -vv -vvv -vvvv --verbose -i -d --hidden --no-hidden --versions --no-versions --show-tips "
            "--no-tips --no-target --scan-symlink-folders --no-symlink-folders --no-exclude --no-exclude-regex --no-backport "
            f"--no-feature --no-config-file {' '.join(f'--{name} --no-{name}' for name in _EITHER.split())}",
            Role.VALUE: "-t --target -p --processes -f --format --exclude --exclude-regex --backport --feature",
            Role.READS: "-c --config-file",
            Role.INFORMS: "-h --help -V --version",
        },
    ),
    "eradicate": Tool(
        summary="removes code in comments, or shows it",
        mode=Mode.READ,
        options={
            Role.FLAG: "-r --recursive -a --aggressive -e --error",
            Role.VALUE: "--whitelist --whitelist-extend",
            Role.EDITS: "-i --in-place",
        },
    ),
    "darglint": Tool(
        summary="checks docstrings",
        mode=Mode.READ,
        options={
            Role.FLAG: "-p --ignore-properties --raise-syntax -x --no-exit-code --list-errors",
            Role.VALUE: "-m --message-template -i --ignore-regex -c --ignore-raise -v --verbosity -s --docstring-style -z --strictness "
            "-e --enable --indentation -l --log-level",
        },
    ),
    "tryceratops": Tool(
        summary="checks how exceptions are handled",
        mode=Mode.READ,
        writes=".tryceratops-errors.log",
        options={
            Role.FLAG: "--experimental -v --verbose",
            Role.VALUE: "-i --ignore -x --exclude",
            Role.EDITS: "-a --autofix",
        },
    ),
    "pycln": Tool(
        summary="removes what is imported and not used, or shows it",
        mode=Mode.EDIT,
        files="*.{py,pyi,ipynb}",
        whole=True,
        options={
            Role.FLAG: "-a --all -v --verbose -q --quiet -s --silence --no-gitignore --disable-all-dunder-policy",
            Role.VALUE: "--skip-imports -e --exclude --extend-exclude",
            Role.READS: "--config",
            Role.CHECKS: "-c --check -d --diff",
        },
    ),
    "ssort": Tool(
        summary="sorts statements",
        mode=Mode.EDIT,
        files="*.py",
        options={Role.CHECKS: "--check --diff"},
    ),
    "add-trailing-comma": Tool(
        summary="adds commas at the ends of lists", mode=Mode.EDIT, options={Role.FLAG: "--exit-zero-even-if-changed"}
    ),
    "yamlfix": Tool(
        summary="formats data",
        mode=Mode.EDIT,
        options={
            Role.FLAG: "-v --verbose",
            Role.VALUE: "-e --exclude -i --include --env-prefix",
            Role.READS: "-c --config-file",
            Role.CHECKS: "--check",
        },
    ),
    "fawltydeps": Tool(
        summary="compares imports with the dependencies of a project",
        mode=Mode.READ,
        whole=True,
        options={
            Role.FLAG: "--check --check-undeclared --check-unused --list-sources --list-imports --list-deps --summary --detailed --json -v "
            "--verbose -q --quiet",
            Role.VALUE: "--deps-parser-choice --exclude --ignore-undeclared --ignore-unused",
            Role.READS: "--code --deps --pyenv --exclude-from --base-dir --custom-mapping-file --config-file",
            Role.INFORMS: "-h --help -V --version",
        },
    ),
    "pip-licenses": Tool(
        summary="lists licences of packages",
        mode=Mode.READ,
        operands=Operands.WORDS,
        options={
            Role.FLAG: "--summary -s --with-system -a --with-authors --with-maintainers -u --with-urls -d --with-description -nv "
            "--no-version -l --with-license-file --no-license-path --with-notice-file --filter-strings --partial-match",
            Role.VALUE: "--from -o --order -f --format -i --ignore-packages -p --packages --filter-code-page --fail-on --allow-only",
            Role.READS: "--python",
            Role.WRITES: "--output-file",
            Role.INFORMS: "-h --help -v --version",
        },
    ),
}
