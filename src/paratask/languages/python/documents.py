"""The Python tools for other files than Python's sources, as data: documents, templates, notebooks, manifests, badges."""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

DOCUMENTS: Mapping[str, Tool] = {
    "mdformat": Tool(
        summary="formats documents",
        mode=Mode.EDIT,
        files="*.md",
        options={
            Role.FLAG: "--no-validate --number",
            Role.VALUE: "--wrap --end-of-line --extensions --codeformatters --exclude",
            Role.CHECKS: "--check",
        },
    ),
    "djlint": Tool(
        summary="lints templates, or formats them",
        mode=Mode.READ,
        options={
            Role.FLAG: "--lint --check --use-gitignore --require-pragma --allow-empty-input --prefer-configuration --quiet --warn "
            "--statistics --github-output --no-github-output --sarif --single-attribute-per-line --line-break-after-multiline-tag "
            "--no-indent-inner-html --keep-br-inline --preserve-blank-lines --preserve-leading-space --no-line-after-yaml "
            "--close-void-tags --ignore-case --sort-attributes --sort-load-tags --no-entity-formatting --no-function-formatting "
            "--no-set-formatting --preserve-class-newlines --format-attribute-template-tags --format-css --format-js",
            Role.VALUE: "-e --extension --exclude --extend-exclude --stdin-filename --profile -i --ignore --include "
            "--linter-output-format --indent --max-line-length --max-attribute-length --custom-blocks --custom-html --ignore-blocks "
            "--blank-line-after-tag --blank-line-before-tag --max-blank-lines --quote-style --indent-css --indent-js",
            Role.READS: "--configuration --rules",
            Role.EDITS: "--reformat",
        },
    ),
    **dict.fromkeys(
        ("pymarkdown", "pymarkdownlnt"),
        Tool(
            summary="lints documents",
            mode=Mode.GROUP,
            options={
                Role.FLAG: "--strict-config --no-json5 --stack-trace --continue-on-error",
                Role.VALUE: "-e --enable-rules -d --disable-rules --enable-extensions -s --set --log-level --return-code-scheme",
                Role.READS: "-c --config",
                Role.WRITES: "--log-file",
            },
        ),
    ),
    **{
        f"{program} {name}": Tool(
            summary="lints documents" if mode is Mode.READ else "repairs documents",
            mode=mode,
            files="*.md",
            options={Role.FLAG: "-l --list-files -r --recurse --respect-gitignore", Role.VALUE: "--exclude"},
        )
        for program in ("pymarkdown", "pymarkdownlnt")
        for name, mode in (("scan", Mode.READ), ("fix", Mode.EDIT))
    },
    "sphinx-lint": Tool(
        summary="checks documents",
        mode=Mode.READ,
        options={
            Role.FLAG: "-v --verbose --list",
            Role.VALUE: "-i --ignore -d --disable -e --enable --max-line-length -s --sort-by",
            Role.CORES: "-j --jobs",
            Role.INFORMS: "-h --help -V --version",
        },
    ),
    "docstrfmt": Tool(
        summary="formats documents and docstrings",
        mode=Mode.EDIT,
        options={
            Role.FLAG: "--center-section-titles --no-center-section-titles --docstring-trailing-line --no-docstring-trailing-line "
            "--format-python-code-blocks -N --no-format-python-code-blocks -i --ignore-cache -T --include-txt --keep-blanks -pA "
            "--preserve-adornments -q --quiet -v --verbose",
            Role.VALUE: "-b --bullet-list-marker -e --exclude -x --extend-exclude -t --file-type -w --indent-width -l --line-length "
            "--ordered-marker -s --section-adornments",
            Role.READS: "-p --pyproject-config",
            Role.CHECKS: "-c --check -o --raw-output",
        },
    ),
    "nbstripout": Tool(
        summary="takes results out of notebooks",
        mode=Mode.EDIT,
        files="*.{ipynb,zpln}",
        options={
            Role.FLAG: "--keep-count --keep-output --keep-id --drop-empty-cells --strip-init-cells -f --force --unix-newlines",
            Role.VALUE: "--extra-keys --keep-metadata-keys --drop-tagged-cells --max-size -m --mode",
            Role.CHECKS: "--dry-run -t --textconv --verify",
        },
    ),
    "pyproject-fmt": Tool(
        summary="formats `pyproject.toml`",
        mode=Mode.EDIT,
        files="pyproject.toml",
        options={
            Role.FLAG: "-n --no-print-diff --keep-full-version --no-generate-python-version-classifiers",
            Role.VALUE: "--column-width --indent --table-format --sub-table-spacing --separate-root-table --expand-tables "
            "--collapse-tables --skip-wrap-for-keys --max-supported-python",
            Role.READS: "--config",
            Role.CHECKS: "--check -s --stdout",
            Role.INFORMS: "-h --help -V --version",
        },
    ),
    "validate-pyproject": Tool(
        summary="checks `pyproject.toml`",
        mode=Mode.READ,
        options={
            Role.FLAG: "-v --verbose -vv --very-verbose --dump-json",
            Role.VALUE: "-E --enable-plugins -D --disable-plugins",
            Role.INFORMS: "-h --help -V --version",
        },
    ),
    "genbadge": Tool(summary="draws a badge of a report", mode=Mode.GROUP),
    **{
        f"genbadge {name}": Tool(
            summary="draws a badge of a report",
            mode=Mode.READ,
            operands=Operands.NONE,
            writes=f"{name}-badge.svg",
            options={
                Role.FLAG: "--withname --noname -w --webshields -l --local -v --verbose -s --silent",
                Role.VALUE: "-n --name -t --threshold",
                Role.READS: "-i --input-file",
                Role.WRITES: "-o --output-file",
            },
        )
        for name in ("coverage", "tests", "flake8")
    },
}
