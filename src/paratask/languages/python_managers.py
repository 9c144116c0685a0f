"""The Python programs that fill environments, start other programs, or are Python itself. Data only."""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_UV_GLOBAL: Mapping[Role, str] = {
    Role.FLAG: "-q --quiet -v --verbose --no-progress --offline --no-config --no-cache -n --native-tls --no-python-downloads "
    "--managed-python --no-managed-python --preview",
    Role.VALUE: "--color --allow-insecure-host --cache-dir",
    Role.READS: "--config-file",
    Role.FOLDER: "--directory",
    Role.PROJECT: "--project",
}
_UV_INDEX = "--index --default-index -i --index-url --extra-index-url --prerelease --resolution --exclude-newer --link-mode "
_UV_GROUPS = "--extra --no-extra --group --no-group --only-group --index-strategy --keyring-provider --config-setting -C "
_UV_FLAGS = (
    "--all-extras --no-dev --dev --only-dev --all-groups --no-default-groups --no-editable --exact --inexact --isolated --active "
    "--no-sync --locked --frozen --no-project --no-env-file --refresh --no-index --no-build --no-binary --no-sources "
    "--no-build-isolation --no-install-project --no-install-workspace --no-install-local --compile-bytecode --dry-run --check "
)
_UV: Mapping[Role, str] = {
    Role.FLAG: _UV_FLAGS,
    Role.VALUE: _UV_INDEX + _UV_GROUPS + "-p --python --no-build-package --no-binary-package --refresh-package --no-install-package",
    Role.READS: "-f --find-links",
    Role.MEMBERS: "--package",
    Role.ALL_MEMBERS: "--all-packages",
}
_UV_RUN: Mapping[Role, str] = {
    **_UV,
    Role.FLAG: _UV_FLAGS + "-m --module",
    Role.VALUE: _UV[Role.VALUE] + " --with",
    Role.READS: "-f --find-links --env-file --with-requirements",
}
_UV_SYNC: Mapping[Role, str] = {
    **_UV,
    Role.FLAG: _UV_FLAGS + "-U --upgrade --reinstall",
    Role.VALUE: _UV[Role.VALUE] + " -P --upgrade-package --reinstall-package",
}
_UV_ADD: Mapping[Role, str] = {
    **_UV_SYNC,
    Role.FLAG: _UV_SYNC[Role.FLAG] + " --editable --no-editable --raw-sources --raw --workspace --no-workspace",
    Role.VALUE: _UV_SYNC[Role.VALUE] + " --optional --branch --tag --rev --marker -m --bounds -c --constraints",
    Role.READS: "-f --find-links -r --requirements --requirement",
    Role.WRITES: "--script",
}
_PIP: Mapping[Role, str] = {
    Role.FLAG: "-q --quiet -v --verbose -U --upgrade --pre --no-deps --no-cache-dir --no-input --disable-pip-version-check --no-color "
    "--force-reinstall --no-build-isolation --use-pep517 --require-virtualenv --isolated --user --break-system-packages "
    "--no-warn-script-location -I --ignore-installed --prefer-binary --require-hashes --no-index --dry-run -y --yes --compile "
    "--no-compile --system --strict --root-user-action --exact --no-clean --check-build-dependencies",
    Role.VALUE: "-i --index-url --extra-index-url --trusted-host --timeout --retries --progress-bar --upgrade-strategy --only-binary "
    "--no-binary --platform --python-version --implementation --abi --global-option --config-settings -C --proxy -p --python "
    "--extra --group --index-strategy --exclude-newer --prerelease --resolution --format",
    Role.READS: "-r --requirement --requirements -c --constraint --constraints -f --find-links --cert",
    Role.WRITES: "-t --target --prefix --root --src --log --report --cache-dir -d --dest -w --wheel-dir",
    Role.PACKAGE: "-e --editable",
    Role.INFORMS: "-V",
}
_PIP_READ: Mapping[Role, str] = {
    Role.FLAG: _PIP[Role.FLAG] + " -l --local -o --outdated -e --editable -f --files --not-required --all",
    Role.VALUE: _PIP[Role.VALUE] + " --exclude --path",
}
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
_ENVIRONMENTS = "a project's environment"


def _fills(environment: str, writes: str, options: Mapping[Role, str], operands: Operands = Operands.PACKAGES) -> Tool:
    return Tool(
        summary=f"fills {_ENVIRONMENTS}",
        mode=Mode.INSTALL,
        operands=operands,
        environment=environment,
        writes=writes,
        shares=f"{environment}-cache",
        options=options,
    )


def _reads(summary: str, options: Mapping[Role, str]) -> Tool:
    return Tool(summary=summary, mode=Mode.READ, operands=Operands.WORDS, options=options)


def _publishes(options: Mapping[Role, str]) -> Tool:
    return Tool(summary="publishes", mode=Mode.OUTSIDE, options=options)


def _runs(environment: str, options: Mapping[Role, str]) -> Tool:
    return Tool(
        summary=f"starts a program in {_ENVIRONMENTS}",
        mode=Mode.RUN,
        environment=environment,
        shares="uv-cache" if environment == "uv" else "",
        options=options,
    )


def _starts_packages(shares: str, options: Mapping[Role, str]) -> Tool:
    return Tool(summary="starts a program of a package", mode=Mode.RUN, shares=shares, options=options)


_UVX = _starts_packages(
    "uv-cache",
    {**_UV_GLOBAL, Role.FLAG: _UV_GLOBAL[Role.FLAG] + " --isolated --refresh", Role.VALUE: _UV_RUN[Role.VALUE] + " --from"},
)
_PIP_TOOLS: Mapping[str, Tool] = {
    "pip": Tool(summary="installs packages", mode=Mode.GROUP, options=_PIP),
    "pip install": _fills("python", "", _PIP),
    "pip uninstall": _fills("python", "", _PIP, Operands.WORDS),
    "pip download": Tool(summary="downloads packages", mode=Mode.BUILD, operands=Operands.PACKAGES, shares="pip-cache", options=_PIP),
    "pip wheel": Tool(summary="builds wheels", mode=Mode.BUILD, operands=Operands.PACKAGES, shares="pip-cache", options=_PIP),
    **{f"pip {name}": _reads("looks at an environment", _PIP_READ) for name in ("list", "freeze", "show", "check", "index", "hash")},
}
_UV_BUILD: Mapping[Role, str] = {
    **_UV,
    Role.FLAG: _UV_FLAGS + "--sdist --wheel --no-create-gitignore --list --clear",
    Role.WRITES: "-o --out-dir",
}

UV: Mapping[str, Tool] = {
    "uv": Tool(summary="manages Python projects", mode=Mode.GROUP, options={**_UV_GLOBAL, Role.INFORMS: "-V"}),
    "uv run": _runs("uv", _UV_RUN),
    "uv sync": _fills("uv", "uv.lock", _UV_SYNC, Operands.NONE),
    "uv add": _fills("uv", "uv.lock pyproject.toml", _UV_ADD),
    "uv remove": _fills("uv", "uv.lock pyproject.toml", _UV_ADD, Operands.WORDS),
    "uv lock": Tool(
        summary="resolves versions", mode=Mode.INSTALL, operands=Operands.NONE, writes="uv.lock", shares="uv-cache", options=_UV_SYNC
    ),
    "uv export": Tool(
        summary="prints the locked versions",
        mode=Mode.READ,
        operands=Operands.NONE,
        writes="uv.lock",
        options={
            **_UV,
            Role.FLAG: _UV_FLAGS + "--no-hashes --no-header --no-annotate --no-emit-project --no-emit-workspace --no-emit-local",
            Role.VALUE: _UV[Role.VALUE] + " --format",
            Role.WRITES: "-o --output-file",
        },
    ),
    "uv tree": Tool(summary="prints dependencies", mode=Mode.READ, operands=Operands.NONE, options={
        **_UV,
        Role.FLAG: _UV_FLAGS + "--no-dedupe --invert --outdated --universal",
        Role.VALUE: _UV[Role.VALUE] + " -d --depth --prune",
    }),
    "uv venv": Tool(summary="makes an environment", mode=Mode.NOTHING, operands=Operands.WRITTEN, shares="uv-cache", writes=".venv", options={
        Role.FLAG: "--seed --allow-existing --clear -c --system-site-packages --relocatable --no-project",
        Role.VALUE: "-p --python --prompt --link-mode",
    }),
    "uv build": Tool(summary="builds distributions", mode=Mode.BUILD, shares="uv-cache", options=_UV_BUILD),
    "uv publish": _publishes({
        Role.FLAG: "--dry-run",
        Role.VALUE: "--publish-url --check-url -u --username -p --password -t --token --trusted-publishing --keyring-provider --index",
    }),
    "uv version": _fills("uv", "uv.lock pyproject.toml", {
        **_UV_SYNC,
        Role.FLAG: _UV_SYNC[Role.FLAG] + " --short",
        Role.VALUE: _UV_SYNC[Role.VALUE] + " --bump --output-format",
    }, Operands.WORDS),
    "uv python": Tool(summary="manages interpreters", mode=Mode.GROUP),
    **{f"uv python {name}": _reads("looks for interpreters", {Role.FLAG: "--all-versions --only-installed"}) for name in ("list", "find")},
    "uv tool": Tool(summary="runs tools", mode=Mode.GROUP),
    "uv tool run": _UVX,
    "uvx": _UVX,
    "uv pip": Tool(summary="installs packages", mode=Mode.GROUP),
    "uv pip sync": _fills("python", "", {**_PIP, Role.FLAG: _PIP[Role.FLAG] + " --allow-empty-requirements"}),
    "uv pip compile": Tool(summary="resolves versions", mode=Mode.READ, options={
        **_PIP,
        Role.FLAG: _PIP[Role.FLAG] + " --universal --generate-hashes --no-header --no-annotate --all-extras --strip-extras",
        Role.WRITES: "-o --output-file",
    }),
    **{f"uv {key}": tool for key, tool in _PIP_TOOLS.items() if key.split()[-1] in ("install", "uninstall", "list", "freeze", "show", "check")},
}

MANAGERS: Mapping[str, Tool] = {
    **_PIP_TOOLS,
    "poetry": Tool(summary="manages Python projects", mode=Mode.GROUP, options=_POETRY_GLOBAL),
    "poetry run": _runs("poetry", {}),
    **{f"poetry {name}": _fills("poetry", "poetry.lock", _POETRY, Operands.NONE) for name in ("install", "sync")},
    "poetry update": _fills("poetry", "poetry.lock", _POETRY, Operands.WORDS),
    "poetry lock": Tool(summary="resolves versions", mode=Mode.INSTALL, operands=Operands.NONE, writes="poetry.lock", options=_POETRY),
    **{f"poetry {name}": _fills("poetry", "poetry.lock pyproject.toml", _POETRY) for name in ("add", "remove")},
    "poetry version": Tool(
        summary="prints or changes the version",
        mode=Mode.READ,
        operands=Operands.WORDS,
        writes="pyproject.toml",
        options={Role.FLAG: "-s --short --dry-run"},
    ),
    "poetry build": Tool(summary="builds distributions", mode=Mode.BUILD, options=_POETRY),
    "poetry publish": _publishes({
        Role.FLAG: "--build --dry-run --skip-existing",
        Role.VALUE: "-r --repository -u --username -p --password --cert --client-cert --dist-dir",
    }),
    **{f"poetry {name}": _reads("looks at the project", _POETRY) for name in ("check", "show", "about")},
    "pdm": Tool(summary="manages Python projects", mode=Mode.GROUP, options={Role.FLAG: "-q -v", Role.INFORMS: "-V"}),
    "pdm run": _runs("pdm", {Role.READS: "--env-file", Role.FLAG: "-s --site-packages"}),
    **{f"pdm {name}": _fills("pdm", "pdm.lock", _PDM, Operands.WORDS) for name in ("install", "sync", "update")},
    "pdm lock": Tool(summary="resolves versions", mode=Mode.INSTALL, operands=Operands.NONE, writes="pdm.lock", options=_PDM),
    **{f"pdm {name}": _fills("pdm", "pdm.lock pyproject.toml", _PDM) for name in ("add", "remove")},
    "pdm build": Tool(summary="builds distributions", mode=Mode.BUILD, options=_PDM),
    "pdm publish": _publishes({
        Role.FLAG: "--no-build --skip-existing",
        Role.VALUE: "-r --repository -u --username -P --password -c --comment",
    }),
    "hatch": Tool(summary="manages Python projects", mode=Mode.GROUP, options={
        Role.FLAG: "-q --quiet -v --verbose --color --no-color --interactive --no-interactive",
        Role.VALUE: "-e --env",
    }),
    "hatch run": _runs("hatch", {}),
    "hatch build": Tool(summary="builds distributions", mode=Mode.BUILD, options={
        Role.FLAG: "-c --clean --hooks-only --no-hooks --ext --clean-only",
        Role.VALUE: "-t --target",
    }),
    "hatch test": Tool(summary="runs tests", mode=Mode.BUILD, options={
        Role.FLAG: "-a --all -c --cover -p --parallel -r --randomize -s --show --cover-quiet -x -q -v",
        Role.VALUE: "-py --python -i --include -k -m --retries",
    }),
    "hatch fmt": Tool(summary="lints and formats", mode=Mode.EDIT, options={
        Role.FLAG: "-l --linter -f --formatter --preview --unsafe-fixes",
        Role.CHECKS: "--check",
    }),
    "hatch clean": Tool(summary="removes what was built", mode=Mode.BUILD),
    "hatch version": Tool(summary="prints or changes the version", mode=Mode.BUILD, operands=Operands.WORDS),
    "hatch publish": _publishes({Role.FLAG: "-n --no-prompt -y --yes", Role.VALUE: "-r --repo -u --user -a --auth"}),
    "rye": Tool(summary="manages Python projects", mode=Mode.GROUP),
    "rye run": _runs("rye", {}),
    **{
        f"rye {name}": _fills("rye", "requirements.lock requirements-dev.lock pyproject.toml", _PDM)
        for name in ("sync", "lock", "add", "remove")
    },
    **{f"rye {name}": Tool(summary="works on the project", mode=Mode.BUILD) for name in ("build", "test", "lint", "fmt")},
    "rye publish": _publishes({Role.FLAG: "-y --yes", Role.VALUE: "-r --repository --token -u --username"}),
    "pipenv": Tool(summary="manages Python projects", mode=Mode.GROUP, options={Role.FLAG: "-q --quiet -v --verbose"}),
    "pipenv run": _runs("pipenv", {}),
    **{
        f"pipenv {name}": _fills("pipenv", "Pipfile Pipfile.lock", {Role.FLAG: "-d --dev --deploy --system --ignore-pipfile"})
        for name in ("install", "sync", "lock")
    },
    "pipx": Tool(summary="runs tools", mode=Mode.GROUP),
    "pipx run": _starts_packages("pipx-cache", {Role.FLAG: "-q --quiet -v --verbose --no-cache", Role.VALUE: "--spec --python"}),
}

PYTHON: Mapping[str, Tool] = {
    "python": Tool(
        summary="runs modules that are recognised",
        mode=Mode.MODULE,
        options={Role.FLAG: "-m -u -B -E -I -O -OO -q -s -S -v -b -P", Role.VALUE: "-W -X", Role.INFORMS: "-V -VV"},
    ),
    "python -m venv": Tool(summary="makes an environment", mode=Mode.NOTHING, operands=Operands.WRITTEN, options={
        Role.FLAG: "--clear --upgrade --upgrade-deps --without-pip --system-site-packages --copies --symlinks",
        Role.VALUE: "--prompt",
    }),
    "python -m ensurepip": Tool(
        summary="installs pip", mode=Mode.NOTHING, operands=Operands.NONE, holds="python-environment", options={Role.FLAG: "--upgrade -U"}
    ),
}

MODULES: Mapping[str, str] = {
    **{name: name for name in (
        "black", "bandit", "bumpversion", "coverage", "flake8", "flit", "gunicorn", "hypercorn", "isort", "maturin",
        "mkdocs", "mypy", "nox", "pip", "pipx", "poetry", "pyclean", "pydocstyle", "pylint", "pyright", "pytest", "ruff", "safety",
        "tox", "twine", "uv", "uvicorn", "vulture", "flask", "hatch", "pdm", "pipenv",
    )},
    **{name: f"python -m {name}" for name in ("compileall", "ensurepip", "http.server", "unittest", "venv", "zipapp")},
    "build": "pyproject-build",
    "bump2version": "bump2version",
    "pip_audit": "pip-audit",
    "pre_commit": "pre-commit",
    "sphinx": "sphinx-build",
    "sphinx.cmd.build": "sphinx-build",
    "sphinx.ext.apidoc": "sphinx-apidoc",
    "sphinx_autobuild": "sphinx-autobuild",
}
"""What `python -m` runs: module to entry."""
