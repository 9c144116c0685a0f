"""The Python programs that fill environments, start other programs, or are Python itself, but for uv. Data only."""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.python.uv import PIP, fills, publishes, reads, runs, starts_packages
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_POETRY_GLOBAL: Mapping[Role, str] = {
    Role.FLAG: "-q --quiet -v -vv -vvv --verbose -n --no-interaction --no-ansi --ansi --no-plugins --no-cache",
    Role.FOLDER: "-C --directory",
    Role.PROJECT: "-P --project",
    Role.INFORMS: "-V",
}
_POETRY: Mapping[Role, str] = {
    Role.FLAG: "--no-root --no-directory --sync --all-extras --all-groups --compile --dry-run --lock --no-dev --only-root "
    "--no-update --regenerate --allow-prereleases --check --strict --latest --outdated --tree --all --top-level --list --path "
    "--info --full-path --clean -D --dev -T -o -l -a -i",
    Role.VALUE: "-E --extras --with --without --only -G --group --source --python --platform -f --format -b --next-phase",
    Role.WRITES: "--output",
    Role.PACKAGE: "-e --editable",
}
_PDM: Mapping[Role, str] = {
    Role.FLAG: "-q --quiet -v --verbose -n --non-interactive --no-self --prod --production --dev -d --no-dev --no-default --no-lock "
    "--frozen-lockfile --no-isolation --check --clean --no-clean --dry-run --no-editable --no-sync --update-all --refresh -u "
    "--unconstrained --no-sdist --no-wheel -s --site-packages",
    Role.VALUE: "-G --group --without -L --lockfile -I --ignore-python --venv --override --strategy -S --exclude-newer",
    Role.PACKAGE: "-e --editable",
    Role.WRITES: "--dest -o --output",
}

MANAGERS: Mapping[str, Tool] = {
    **PIP,
    "poetry": Tool(summary="manages Python projects", mode=Mode.GROUP, options=_POETRY_GLOBAL),
    "poetry run": runs("poetry", {}),
    **{f"poetry {name}": fills("poetry", "poetry.lock", _POETRY, Operands.NONE) for name in ("install", "sync")},
    "poetry update": fills("poetry", "poetry.lock", _POETRY, Operands.WORDS),
    "poetry lock": Tool(
        summary="resolves versions", mode=Mode.INSTALL, operands=Operands.NONE, writes="poetry.lock", options=_POETRY
    ),
    **{f"poetry {name}": fills("poetry", "poetry.lock pyproject.toml", _POETRY) for name in ("add", "remove")},
    "poetry version": Tool(
        summary="prints or changes the version",
        mode=Mode.READ,
        operands=Operands.WORDS,
        writes="pyproject.toml",
        options={Role.FLAG: "-s --short --dry-run"},
    ),
    "poetry build": Tool(summary="builds distributions", mode=Mode.BUILD, options=_POETRY),
    "poetry publish": publishes(
        {
            Role.FLAG: "--build --dry-run --skip-existing",
            Role.VALUE: "-r --repository -u --username -p --password --cert --client-cert --dist-dir",
        }
    ),
    **{f"poetry {name}": reads("looks at the project", _POETRY) for name in ("check", "show", "about")},
    "poetry export": reads(
        "writes the locked versions as a list",
        {
            **_POETRY,
            Role.FLAG: _POETRY[Role.FLAG] + " --without-hashes --without-urls --with-credentials --all-extras",
            Role.WRITES: "-o --output",
        },
    ),
    "pdm": Tool(summary="manages Python projects", mode=Mode.GROUP, options={Role.FLAG: "-q -v", Role.INFORMS: "-V"}),
    "pdm run": runs("pdm", {Role.READS: "--env-file", Role.FLAG: "-s --site-packages"}),
    **{f"pdm {name}": fills("pdm", "pdm.lock", _PDM, Operands.WORDS) for name in ("install", "sync", "update")},
    "pdm lock": Tool(summary="resolves versions", mode=Mode.INSTALL, operands=Operands.NONE, writes="pdm.lock", options=_PDM),
    **{f"pdm {name}": fills("pdm", "pdm.lock pyproject.toml", _PDM) for name in ("add", "remove")},
    "pdm build": Tool(summary="builds distributions", mode=Mode.BUILD, options=_PDM),
    "pdm export": reads(
        "writes the locked versions as a list",
        {
            **_PDM,
            Role.FLAG: _PDM[Role.FLAG]
            + " --without-hashes --no-hashes --pyproject --expandvars --self --editable-self --no-markers "
            "--no-extras",
            Role.VALUE: _PDM[Role.VALUE] + " -f --format",
            Role.PACKAGE: "",
        },
    ),
    "pdm publish": publishes(
        {
            Role.FLAG: "--no-build --skip-existing",
            Role.VALUE: "-r --repository -u --username -P --password -c --comment",
        }
    ),
    "hatch": Tool(
        summary="manages Python projects",
        mode=Mode.GROUP,
        options={
            Role.FLAG: "-q --quiet -v --verbose --color --no-color --interactive --no-interactive",
            Role.VALUE: "-e --env",
        },
    ),
    "hatch run": runs("hatch", {}),
    "hatch build": Tool(
        summary="builds distributions",
        mode=Mode.BUILD,
        options={
            Role.FLAG: "-c --clean --hooks-only --no-hooks --ext --clean-only",
            Role.VALUE: "-t --target",
        },
    ),
    "hatch test": Tool(
        summary="runs tests",
        mode=Mode.BUILD,
        tests=True,
        options={
            Role.FLAG: "-a --all -c --cover -p --parallel -r --randomize -s --show --cover-quiet -x -q -v",
            Role.VALUE: "-py --python -i --include -k -m --retries",
        },
    ),
    "hatch fmt": Tool(
        summary="lints and formats",
        mode=Mode.EDIT,
        options={
            Role.FLAG: "-l --linter -f --formatter --preview --unsafe-fixes",
            Role.CHECKS: "--check",
        },
    ),
    "hatch clean": Tool(summary="removes what was built", mode=Mode.BUILD, dependencies=False),
    "hatch version": Tool(summary="prints or changes the version", mode=Mode.BUILD, operands=Operands.WORDS),
    "hatch publish": publishes({Role.FLAG: "-n --no-prompt -y --yes", Role.VALUE: "-r --repo -u --user -a --auth"}),
    "rye": Tool(summary="manages Python projects", mode=Mode.GROUP),
    "rye run": runs("rye", {}),
    **{
        f"rye {name}": fills("rye", "requirements.lock requirements-dev.lock pyproject.toml", _PDM)
        for name in ("sync", "lock", "add", "remove")
    },
    **{f"rye {name}": Tool(summary="works on the project", mode=Mode.BUILD) for name in ("build", "test", "lint", "fmt")},
    "rye publish": publishes({Role.FLAG: "-y --yes", Role.VALUE: "-r --repository --token -u --username"}),
    "pipenv": Tool(summary="manages Python projects", mode=Mode.GROUP, options={Role.FLAG: "-q --quiet -v --verbose"}),
    "pipenv run": runs("pipenv", {}),
    **{
        f"pipenv {name}": fills("pipenv", "Pipfile Pipfile.lock", {Role.FLAG: "-d --dev --deploy --system --ignore-pipfile"})
        for name in ("install", "sync", "lock")
    },
    "pipx": Tool(summary="runs tools", mode=Mode.GROUP),
    "pipx run": starts_packages("pipx-cache", {Role.FLAG: "-q --quiet -v --verbose --no-cache", Role.VALUE: "--spec --python"}),
}

PYTHON: Mapping[str, Tool] = {
    "python": Tool(
        summary="runs modules that are recognised",
        mode=Mode.MODULE,
        options={Role.FLAG: "-m -u -B -E -I -O -OO -q -s -S -v -b -P", Role.VALUE: "-W -X", Role.INFORMS: "-V -VV"},
    ),
    "python -m venv": Tool(
        summary="makes an environment",
        mode=Mode.NOTHING,
        operands=Operands.WRITTEN,
        options={
            Role.FLAG: "--clear --upgrade --upgrade-deps --without-pip --system-site-packages --copies --symlinks",
            Role.VALUE: "--prompt",
        },
    ),
    "python -m ensurepip": Tool(
        summary="installs pip",
        mode=Mode.NOTHING,
        operands=Operands.NONE,
        holds="python-environment",
        options={Role.FLAG: "--upgrade -U"},
    ),
}

MODULES: Mapping[str, str] = {
    **{
        name: name
        for name in (
            "autoflake",
            "basedpyright",
            "black",
            "bandit",
            "bumpversion",
            "coverage",
            "deptry",
            "docformatter",
            "docstrfmt",
            "eradicate",
            "fawltydeps",
            "flake8",
            "flit",
            "gunicorn",
            "hypercorn",
            "interrogate",
            "isort",
            "maturin",
            "mkdocs",
            "mypy",
            "nox",
            "pip",
            "pipx",
            "poetry",
            "pyclean",
            "pycln",
            "pycodestyle",
            "pydocstyle",
            "pyflakes",
            "pylint",
            "pymarkdown",
            "pyright",
            "pyroma",
            "pytest",
            "ruff",
            "safety",
            "ssort",
            "tox",
            "tryceratops",
            "twine",
            "uv",
            "uvicorn",
            "vulture",
            "flask",
            "hatch",
            "pdm",
            "pipenv",
        )
    },
    **{
        name: f"python -m {name}"
        for name in ("compileall", "ensurepip", "http.server", "py_compile", "tabnanny", "unittest", "venv", "zipapp")
    },
    "build": "pyproject-build",
    "bump2version": "bump2version",
    "check_manifest": "check-manifest",
    "pip_audit": "pip-audit",
    "piplicenses": "pip-licenses",
    "pre_commit": "pre-commit",
    "sphinx": "sphinx-build",
    "sphinx.cmd.build": "sphinx-build",
    "sphinx.ext.apidoc": "sphinx-apidoc",
    "sphinx_autobuild": "sphinx-autobuild",
    "sphinxlint": "sphinx-lint",
}
"""What `python -m` runs: module to entry."""
