"""Variables of a task's environment that lead a tool elsewhere: where it builds, which options it adds, what it belongs to.

Others (`NODE_ENV`, `DATABASE_URL`, a program's own) are left out: whatever they name, the tool is not led there by its own rules,
and each task of a Taskfile would seem to share what its `env` sets for all.
"""

from __future__ import annotations

from paratask.languages.options import is_within, resolve_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from paratask.languages.options import Word

_NAMES = frozenset(
    "COVERAGE_FILE PYTEST_ADDOPTS MYPY_CACHE_DIR RUFF_CACHE_DIR TOX_WORK_DIR NOX_ENVDIR PYTHONPYCACHEPREFIX "
    "RAILS_ENV RACK_ENV APP_ENV GEM_HOME RUBYOPT RUBYLIB RSPEC_OPTS NODE_OPTIONS NODE_PATH ESLINT_USE_FLAT_CONFIG "
    "PYTHONPATH MYPYPATH CLASSPATH JAVA_TOOL_OPTIONS RUSTFLAGS RUSTDOCFLAGS KUBECONFIG DOCKER_HOST DOCKER_CONTEXT DOCKER_CONFIG".split()
)
_BEGINNINGS = (
    "CARGO_", "GO", "UV_", "PIP_", "POETRY_", "PDM_", "HATCH_", "npm_config_", "NPM_CONFIG_", "YARN_", "PNPM_", "TURBO_", "NX_",
    "BUNDLE_", "COMPOSER_", "MAVEN_", "GRADLE_", "ORG_GRADLE_", "COMPOSE_", "BUILDX_", "TF_", "HELM_", "GIT_",
)  # fmt: skip
_NOT_THOSE = frozenset(("GOOGLE_", "CARGO_TERM_", "CARGO_NET_", "GOOS", "GOARCH", "GO_ENV"))


_SEARCHED = ("PYTHONPATH", "MYPYPATH")
"""Folders in which modules are looked for, of the checkout's own mostly."""


def leading_variables(environment: Mapping[str, Word], cwd: str) -> dict[str, Word]:
    """Those of `environment` that matter to what runs in `cwd`; None stands for a value that is not known yet."""
    return dict(_leading(environment, cwd))


def _leading(environment: Mapping[str, Word], cwd: str) -> Iterator[tuple[str, Word]]:
    for name, value in environment.items():
        if name in _SEARCHED and value is not None:
            elsewhere = ":".join(part for part in value.split(":") if _is_elsewhere(part, cwd))
            yield from ((name, elsewhere),) if elsewhere else ()
        elif _leads(name):
            yield name, value


def _is_elsewhere(folder: str, cwd: str) -> bool:
    """Whether a folder to look in is neither `cwd` nor above it: from the root of a repository every task would look at all others."""
    path = resolve_path(folder, cwd) if folder else cwd
    return path is None or not is_within(cwd, path)


def _leads(name: str) -> bool:
    return name in _NAMES or (name.startswith(_BEGINNINGS) and not any(name.startswith(other) for other in _NOT_THOSE))
