"""The Python tools that check types, as data."""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_PYRIGHT: Mapping[Role, str] = {
    Role.FLAG: "--outputjson --stats --verbose --warnings --skipunannotated --dependencies --ignoreexternal",
    Role.VALUE: "--level --pythonplatform --pythonversion --verifytypes",
    Role.READS: "-p --project --pythonpath -v --venvpath --venv-path -t --typeshedpath --typeshed-path",
    Role.CORES: "--threads",
    Role.WATCHES: "-w --watch",
}

TYPE_CHECKERS: Mapping[str, Tool] = {
    "mypy": Tool(
        summary="checks types; its cache is not to be shared",
        mode=Mode.READ,
        files="*.{py,pyi,so,pyd}",
        whole=True,
        cache=".mypy_cache",
        options={
            Role.FLAG: "-v --verbose --strict --no-strict --pretty --no-pretty --ignore-missing-imports --show-error-codes "
            "--hide-error-codes --show-column-numbers --show-error-context --show-error-end --show-absolute-path --no-error-summary "
            "--no-color-output --warn-unused-ignores --warn-return-any --warn-unreachable --warn-redundant-casts "
            "--warn-unused-configs --disallow-untyped-defs --disallow-incomplete-defs --disallow-any-generics "
            "--disallow-untyped-calls --disallow-untyped-decorators --disallow-any-explicit --disallow-subclassing-any "
            "--check-untyped-defs --no-implicit-optional --implicit-optional --no-implicit-reexport --strict-optional "
            "--no-strict-optional --strict-equality --extra-checks --namespace-packages --no-namespace-packages "
            "--explicit-package-bases --exclude-gitignore --scripts-are-modules --no-site-packages --no-silence-site-packages "
            "--non-interactive --no-incremental --incremental --sqlite-cache --no-sqlite-cache --skip-cache-mtime-checks "
            "--fast-module-lookup --allow-redefinition --allow-untyped-defs --local-partial-types --no-warn-no-return "
            "--show-traceback --tb --raise-exceptions --warn-incomplete-stub --allow-untyped-globals",
            Role.VALUE: "-p --package -m --module --exclude --python-version --platform --follow-imports --enable-error-code "
            "--disable-error-code --always-true --always-false --output -O --untyped-calls-exclude --enable-incomplete-feature",
            Role.READS: "--config-file --python-executable --custom-typeshed-dir --shadow-file",
            Role.WRITES: "--junit-xml --html-report --txt-report --xml-report --cobertura-xml-report --any-exprs-report "
            "--linecount-report --linecoverage-report --lineprecision-report --xslt-html-report",
            Role.CACHE: "--cache-dir",
            Role.INFORMS: "-V",
        },
    ),
    "pyright": Tool(summary="checks types", mode=Mode.READ, files="*.{py,pyi,so,pyd}", whole=True, options=_PYRIGHT),
    "basedpyright": Tool(
        summary="checks types, and keeps a list of what is known to be wrong up to date",
        mode=Mode.READ,
        files="*.{py,pyi,so,pyd}",
        whole=True,
        writes=".basedpyright",
        options={
            **_PYRIGHT,
            Role.WRITES: "--baselinefile --gitlabcodequality",
            Role.FLAG: _PYRIGHT[Role.FLAG] + " --writebaseline",
        },
    ),
    "pyrefly": Tool(summary="checks types", mode=Mode.GROUP),
    "pyrefly check": Tool(
        summary="checks types",
        mode=Mode.READ,
        files="*.{py,pyi,so,pyd,ipynb}",
        whole=True,
        cores=4.0,
        options={
            Role.FLAG: "-v --verbose -a --check-all --count-errors --summarize-errors --summary --expectations --error-stale-baseline "
            "--disable-project-excludes-heuristics --disable-search-path-heuristics --enable-fallback-search-path "
            "--skip-interpreter-query --ignore-errors-in-generated-code --use-ignore-files --check-unannotated-defs --permissive-ignores",
            Role.VALUE: "--project-excludes --color --output-format --only --progress-bar --relative-to --baseline-error-level "
            "--min-severity -p --preset --python-version --python-platform --conda-environment --replace-imports-with-any "
            "--ignore-missing-imports --replace-untyped-imports-with-any --untyped-def-behavior --enabled-ignores --error --warn "
            "--ignore --info",
            Role.READS: "-c --config --baseline --search-path --site-packages-path --python-interpreter-path --typeshed-path",
            Role.WRITES: "--debug-info --dependency-graph --report-timings --report-glean --report-pysa --report-trace",
            Role.EDITS: "--suppress-errors --remove-unused-ignores --update-baseline --prune-baseline",
            Role.CORES: "-j --threads",
            Role.WATCHES: "--watch",
        },
    ),
    "ty": Tool(summary="checks types", mode=Mode.GROUP),
    "ty check": Tool(
        summary="checks types",
        mode=Mode.READ,
        files="*.{py,pyi,so,pyd}",
        whole=True,
        options={
            Role.FLAG: "-v --verbose -q --quiet --error-on-warning --exit-zero --exit-zero-on-warning --respect-ignore-files --force-exclude "
            "--exclude-scripts --no-progress",
            Role.VALUE: "--python-version --python-platform --output-format --error --warn --ignore --exclude --color -c --config",
            Role.READS: "--project --python --typeshed --extra-search-path --config-file",
            Role.WRITES: "--baseline",
            Role.EDITS: "--fix --add-ignore --update-baseline",
            Role.WATCHES: "-W --watch",
        },
    ),
}
