"""uv and pip as data, and how entries for managers of environments are made."""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_UV_GLOBAL: Mapping[Role, str] = {
    Role.FLAG: "-q --quiet -v --verbose --no-progress --offline --no-config --no-cache -n --native-tls --no-python-downloads "
    "--managed-python --no-managed-python --preview",
    Role.VALUE: "--color --allow-insecure-host",
    Role.SHARED_CACHE: "--cache-dir",
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
    Role.VALUE: _UV_INDEX
    + _UV_GROUPS
    + "-p --python --no-build-package --no-binary-package --refresh-package --no-install-package",
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
    Role.WRITES: "-t --target --prefix --root --src --log --report -d --dest -w --wheel-dir",
    Role.SHARED_CACHE: "--cache-dir",
    Role.PACKAGE: "-e --editable",
    Role.INFORMS: "-V",
}
_PIP_READ: Mapping[Role, str] = {
    Role.FLAG: _PIP[Role.FLAG] + " -l --local -o --outdated -e --editable -f --files --not-required --all",
    Role.VALUE: _PIP[Role.VALUE] + " --exclude --path",
}
_ENVIRONMENTS = "a project's environment"


def fills(environment: str, writes: str, options: Mapping[Role, str], operands: Operands = Operands.PACKAGES) -> Tool:
    """An entry for what fills the environment that `environment` manages."""
    return Tool(
        summary=f"fills {_ENVIRONMENTS}",
        mode=Mode.INSTALL,
        operands=operands,
        environment=environment,
        writes=writes,
        shares="pip-cache" if environment == "python" else f"{environment}-cache",
        options=options,
    )


def reads(summary: str, options: Mapping[Role, str]) -> Tool:
    """An entry for what only looks."""
    return Tool(summary=summary, mode=Mode.READ, operands=Operands.WORDS, options=options)


def publishes(options: Mapping[Role, str]) -> Tool:
    """An entry for what publishes."""
    return Tool(summary="publishes", mode=Mode.OUTSIDE, options=options)


def runs(environment: str, options: Mapping[Role, str]) -> Tool:
    """An entry for what starts programs in the environment that `environment` manages."""
    return Tool(
        summary=f"starts a program in {_ENVIRONMENTS}",
        mode=Mode.RUN,
        environment=environment,
        shares="uv-cache" if environment == "uv" else "",
        options=options,
    )


def starts_packages(shares: str, options: Mapping[Role, str]) -> Tool:
    """An entry for what starts a program in an environment of its own."""
    return Tool(summary="starts a program of a package", mode=Mode.RUN, shares=shares, options=options)


_UVX = starts_packages(
    "uv-cache",
    {**_UV_GLOBAL, Role.FLAG: _UV_GLOBAL[Role.FLAG] + " --isolated --refresh", Role.VALUE: _UV_RUN[Role.VALUE] + " --from"},
)
PIP: Mapping[str, Tool] = {
    "pip": Tool(summary="installs packages", mode=Mode.GROUP, options=_PIP),
    "pip install": fills("python", "", _PIP),
    "pip uninstall": fills("python", "", _PIP, Operands.WORDS),
    "pip download": Tool(
        summary="downloads packages", mode=Mode.BUILD, operands=Operands.PACKAGES, shares="pip-cache", options=_PIP
    ),
    "pip wheel": Tool(summary="builds wheels", mode=Mode.BUILD, operands=Operands.PACKAGES, shares="pip-cache", options=_PIP),
    **{
        f"pip {name}": reads("looks at an environment", _PIP_READ)
        for name in ("list", "freeze", "show", "check", "index", "hash")
    },
}
_UV_BUILD: Mapping[Role, str] = {
    **_UV,
    Role.FLAG: _UV_FLAGS + "--sdist --wheel --no-create-gitignore --list --clear",
    Role.WRITES: "-o --out-dir",
}

UV: Mapping[str, Tool] = {
    "uv": Tool(summary="manages Python projects", mode=Mode.GROUP, options={**_UV_GLOBAL, Role.INFORMS: "-V"}),
    "uv run": runs("uv", _UV_RUN),
    "uv sync": fills("uv", "uv.lock", _UV_SYNC, Operands.NONE),
    "uv add": fills("uv", "uv.lock pyproject.toml", _UV_ADD),
    "uv remove": fills("uv", "uv.lock pyproject.toml", _UV_ADD, Operands.WORDS),
    "uv lock": Tool(
        summary="resolves versions",
        mode=Mode.INSTALL,
        operands=Operands.NONE,
        writes="uv.lock",
        shares="uv-cache",
        options=_UV_SYNC,
    ),
    "uv export": Tool(
        summary="prints the locked versions",
        mode=Mode.READ,
        operands=Operands.NONE,
        options={
            **_UV,
            Role.FLAG: _UV_FLAGS
            + "--no-hashes --no-header --no-annotate --no-emit-project --no-emit-workspace --no-emit-local",
            Role.VALUE: _UV[Role.VALUE] + " --format",
            Role.WRITES: "-o --output-file",
        },
    ),
    "uv tree": Tool(
        summary="prints dependencies",
        mode=Mode.READ,
        operands=Operands.NONE,
        options={
            **_UV,
            Role.FLAG: _UV_FLAGS + "--no-dedupe --invert --outdated --universal",
            Role.VALUE: _UV[Role.VALUE] + " -d --depth --prune",
        },
    ),
    "uv venv": Tool(
        summary="makes an environment",
        mode=Mode.NOTHING,
        operands=Operands.WRITTEN,
        shares="uv-cache",
        writes=".venv",
        options={
            Role.FLAG: "--seed --allow-existing --clear -c --system-site-packages --relocatable --no-project",
            Role.VALUE: "-p --python --prompt --link-mode",
        },
    ),
    "uv build": Tool(summary="builds distributions", mode=Mode.BUILD, shares="uv-cache", options=_UV_BUILD),
    "uv publish": publishes(
        {
            Role.FLAG: "--dry-run",
            Role.VALUE: "--publish-url --check-url -u --username -p --password -t --token --trusted-publishing --keyring-provider --index",
        }
    ),
    "uv version": fills(
        "uv",
        "uv.lock pyproject.toml",
        {
            **_UV_SYNC,
            Role.FLAG: _UV_SYNC[Role.FLAG] + " --short",
            Role.VALUE: _UV_SYNC[Role.VALUE] + " --bump --output-format",
        },
        Operands.WORDS,
    ),
    "uv python": Tool(summary="manages interpreters", mode=Mode.GROUP),
    **{
        f"uv python {name}": reads("looks for interpreters", {Role.FLAG: "--all-versions --only-installed"})
        for name in ("list", "find")
    },
    "uv tool": Tool(summary="runs tools", mode=Mode.GROUP),
    "uv tool run": _UVX,
    "uvx": _UVX,
    "uv pip": Tool(summary="installs packages", mode=Mode.GROUP),
    "uv pip sync": fills("python", "", {**_PIP, Role.FLAG: _PIP[Role.FLAG] + " --allow-empty-requirements"}),
    "uv pip compile": Tool(
        summary="resolves versions",
        mode=Mode.READ,
        dependencies=True,
        options={
            **_PIP,
            Role.FLAG: _PIP[Role.FLAG] + " --universal --generate-hashes --no-header --no-annotate --all-extras --strip-extras",
            Role.WRITES: "-o --output-file",
        },
    ),
    **{
        f"uv {key}": tool
        for key, tool in PIP.items()
        if key.split()[-1] in ("install", "uninstall", "list", "freeze", "show", "check")
    },
}
