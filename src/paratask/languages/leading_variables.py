"""Variables of a task's environment that lead a tool elsewhere: where it builds, which options it adds, where its report goes.

Each stands with those who read it, since what a Taskfile's `env` sets for all concerns few of its tasks: a cache of pip is no matter
to go. Others (`NODE_ENV`, `DATABASE_URL`, a program's own) are left out of a task's environment: whatever they name, the tool is not
led there by its own rules. Knows variables by name; what their values say is for others to tell.
"""

from __future__ import annotations

import enum

from paratask.frozen import dataclass
from paratask.languages.options import is_within, resolve_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from paratask.languages.options import Word


class Use(enum.Enum):
    """What is done with the place that a variable names."""

    WRITTEN = "it is written"
    CACHE = "several fill it side by side, as each locks it or uses names of its own"
    SETTINGS = "it is read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Who might read a variable: a tool of a language, or the language's own programs.

    One that `looks` checks or formats: it installs nothing, starts nothing, and leaves no report of tests.
    """

    language: str
    program: str
    looks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Variables that the same tools read. `names` are whole, `beginnings` what others start with, all separated by spaces.

    Those who read them are `programs`, else all tools of `languages` (`*`: of any); those that only look if `also_lookers`.
    """

    languages: str
    names: str = ""
    beginnings: str = ""
    programs: str = ""
    also_lookers: bool = True

    def concerns(self, reader: Reader) -> bool:
        """Whether one of these variables is a matter to that tool."""
        if self.programs:
            return reader.program in self.programs.split()
        is_of_language = self.languages == "*" or reader.language in self.languages.split()
        return is_of_language and (self.also_lookers or not reader.looks)


ENTERED = frozenset({"VIRTUAL_ENV", "CONDA_PREFIX"})
"""Those by which an environment of Python is known to be activated."""
RENEWING = frozenset(
    "UPDATE_SNAPSHOT UPDATE_SNAPSHOTS UPDATE_EXPECT SNAPSHOTS BLESS TRYBUILD K9_UPDATE_SNAPSHOTS INSTA_UPDATE INSTA_FORCE_UPDATE "
    "INLINE_SNAPSHOT_DEFAULT_FLAGS".split()
)
"""Variables that have tests write anew what they compare with, wherever they are set."""
_FAMILIES = (
    Family(languages="node rust", names=" ".join(RENEWING), also_lookers=False),
    Family(languages="python", programs="ruff", names="RUFF_CACHE_DIR"),
    Family(languages="python", programs="mypy dmypy", names="MYPY_CACHE_DIR MYPYPATH"),
    Family(languages="python", names="PYTHONPATH PYTHONPYCACHEPREFIX VIRTUAL_ENV"),
    Family(
        languages="python",
        names="COVERAGE_FILE PYTEST_ADDOPTS TOX_WORK_DIR NOX_ENVDIR",
        beginnings="UV_ PIP_ PIPENV_ PIPX_ POETRY_ PDM_ HATCH_ PYTEST_",
        also_lookers=False,
    ),
    Family(languages="node", names="NODE_OPTIONS NODE_PATH ESLINT_USE_FLAT_CONFIG"),
    Family(
        languages="node",
        names="MOCHA_FILE XUNIT_FILE NODE_V8_COVERAGE PUPPETEER_CACHE_DIR",
        beginnings="npm_config_ NPM_CONFIG_ YARN_ PNPM_ TURBO_ NX_ JEST_ PLAYWRIGHT_ CYPRESS_",
        also_lookers=False,
    ),
    Family(
        languages="go",
        names="GOBIN GOCACHE GOCOVERDIR GOENV GOFLAGS GOLANGCI_LINT_CACHE GOMODCACHE GOPATH GOPROXY GOROOT GOTMPDIR GOTOOLCHAIN GOWORK",
        beginnings="GOTESTSUM_",
    ),
    Family(languages="*", names="PATH", beginnings="GO JUNIT_"),
    Family(languages="rust", names="RUSTFLAGS RUSTDOCFLAGS LLVM_PROFILE_FILE", beginnings="CARGO_"),
    Family(languages="rust", names="TS_RS_EXPORT_DIR", also_lookers=False),
    Family(languages="python node ruby elixir", names="RUSTFLAGS LLVM_PROFILE_FILE", beginnings="CARGO_", also_lookers=False),
    Family(
        languages="ruby",
        names="GEM_HOME RUBYOPT RUBYLIB RSPEC_OPTS SPEC_OPTS TESTOPTS RUBOCOP_OPTS RAKEOPT YARD_OPTS CI_REPORTS RAILS_ENV RACK_ENV",
        beginnings="BUNDLE_ MINITEST_REPORTERS_",
    ),
    Family(languages="ruby", programs="rubocop standardrb erb_lint erblint", names="RUBOCOP_CACHE_ROOT"),
    Family(languages="elixir", names="RUSTLER_PRECOMPILED_GLOBAL_CACHE_PATH", beginnings="MIX_ HEX_ REBAR_"),
    Family(languages="deno", beginnings="DENO_"),
    Family(languages="php", names="APP_ENV", beginnings="COMPOSER_"),
    Family(
        languages="dotnet",
        names="OutDir OutputPath BaseOutputPath BaseIntermediateOutputPath IntermediateOutputPath MSBuildProjectExtensionsPath "
        "ArtifactsPath UseArtifactsOutput PackageOutputPath PublishDir RestorePackagesPath DOTNET_CLI_HOME DOTNET_ROOT "
        "DOTNET_ENVIRONMENT ASPNETCORE_ENVIRONMENT",
        beginnings="NUGET_ MSBUILD COVERLET_",
    ),
    Family(languages="jvm", names="CLASSPATH JAVA_TOOL_OPTIONS", beginnings="MAVEN_ GRADLE_ ORG_GRADLE_"),
    Family(
        languages="native",
        names="CC CXX CFLAGS CXXFLAGS CPPFLAGS LDFLAGS LDLIBS ASFLAGS AR DESTDIR MAKEFLAGS GNUMAKEFLAGS MAKEFILES VCPKG_ROOT",
        beginnings="CMAKE_ CTEST_ CPACK_",
    ),
    Family(languages="docker cloud", names="DOCKER_HOST DOCKER_CONTEXT DOCKER_CONFIG", beginnings="COMPOSE_ BUILDX_"),
    Family(languages="terraform", names="TF_PLUGIN_CACHE_DIR", also_lookers=False),
    Family(languages="terraform", names="TF_DATA_DIR TF_CLI_CONFIG_FILE TF_LOG_PATH"),
    Family(languages="terraform python", beginnings="TF_"),  # TensorFlow's begin so as well
    Family(languages="terraform cloud", names="KUBECONFIG"),
    Family(languages="cloud", beginnings="HELM_"),
    Family(languages="cloud", programs="aws", names="AWS_CONFIG_FILE AWS_SHARED_CREDENTIALS_FILE"),
    Family(languages="git", beginnings="GIT_"),
    Family(languages="shell", programs="yamllint", names="YAMLLINT_CONFIG_FILE"),
    Family(languages="shell", programs="trivy", beginnings="TRIVY_"),
)
_NOT_THOSE = frozenset(("GOOGLE_", "CARGO_TERM_", "CARGO_NET_", "GOOS", "GOARCH", "GO_ENV"))
_CACHES = frozenset(
    "PIP_CACHE_DIR UV_CACHE_DIR POETRY_CACHE_DIR PDM_CACHE_DIR PIPENV_CACHE_DIR RUFF_CACHE_DIR NPM_CONFIG_CACHE NPM_CONFIG_STORE_DIR "
    "YARN_CACHE_FOLDER YARN_GLOBAL_FOLDER PLAYWRIGHT_BROWSERS_PATH CYPRESS_CACHE_FOLDER PUPPETEER_CACHE_DIR CARGO_HOME "
    "GRADLE_USER_HOME COMPOSER_CACHE_DIR COMPOSER_HOME GOTMPDIR GOLANGCI_LINT_CACHE NUGET_PACKAGES "
    "RUBOCOP_CACHE_ROOT NUGET_HTTP_CACHE_PATH NUGET_PLUGINS_CACHE_PATH NUGET_SCRATCH DOTNET_CLI_HOME HEX_HOME RUSTLER_PRECOMPILED_GLOBAL_CACHE_PATH DENO_DIR".split()
)
_SETTINGS = frozenset(
    "PIP_CONSTRAINT PIP_BUILD_CONSTRAINT PIP_REQUIREMENT UV_CONSTRAINT UV_BUILD_CONSTRAINT UV_OVERRIDE "
    "KUBECONFIG DOCKER_CONFIG PIP_CONFIG_FILE UV_CONFIG_FILE NPM_CONFIG_USERCONFIG NPM_CONFIG_GLOBALCONFIG TF_CLI_CONFIG_FILE DOTNET_ROOT "
    "MIX_HOME MIX_ARCHIVES MIX_REBAR3 HEX_CACERTS_PATH".split()
)
_PATH_WORDS = frozenset(
    "DIR FILE PATH CACHE HOME ENVIRONMENT OUTPUT OUT ROOT PREFIX FOLDER CONSTRAINT OVERRIDE REQUIREMENT".split()
)
_PATH_ENDINGS = ("PATH", "DIR")
_SEARCHED = ("PYTHONPATH", "MYPYPATH")
"""Folders in which modules are looked for, of the checkout's own mostly."""
SAME_UNSET = frozenset(
    "PYTHONPATH MYPYPATH NODE_PATH LD_LIBRARY_PATH DYLD_LIBRARY_PATH DYLD_FALLBACK_LIBRARY_PATH PKG_CONFIG_PATH CDPATH "
    "GOFLAGS".split()
)
"""To who reads one of them it is the same whether it is empty or not set."""
_FOLDER, _NAME = "_DIR", "_NAME"


def leading_variables(environment: Mapping[str, Word], cwd: str, above: Collection[str] = ()) -> dict[str, Word]:
    """Those of `environment` that matter to what runs in `cwd`; None stands for a value that is not known yet, or for one of RENEWING that the
    machine has: these stand `above` a task's.
    """
    found = dict(_leading(environment, cwd)) if environment else {}
    found.update(dict.fromkeys(above))
    return found


def of_reader(environment: Mapping[str, Word], reader: Reader) -> dict[str, Word]:
    """Those of `environment` that are a matter to that tool: all but what is known to be for others only.

    Of a folder and a name in it (`X_DIR` and `X_NAME`) the folder's variable gets both.
    """
    own = {name: value for name, value in environment.items() if _concerns(name, reader)}
    for name in [name for name in own if name.endswith(_FOLDER)]:
        folder, file = own[name], own.get(f"{name.removesuffix(_FOLDER)}{_NAME}", "")
        if file and folder:
            own[name] = f"{folder.rstrip('/')}/{file}"
    return own


def use_of(name: str) -> Use:
    """What is done with the place that a variable names. npm takes its own in either case."""
    name = name.upper()
    return Use.CACHE if name in _CACHES else Use.SETTINGS if name in _SETTINGS else Use.WRITTEN


def unset(name: str) -> Word:
    """What stands for a variable's value that has been taken away: nobody knows what a program falls back on, but for some."""
    return "" if name in SAME_UNSET else None


def _leading(environment: Mapping[str, Word], cwd: str) -> Iterator[tuple[str, Word]]:
    for name, value in environment.items():
        if name in _SEARCHED and value is not None:
            elsewhere = ":".join(part for part in value.split(":") if _is_elsewhere(part, cwd))
            yield from ((name, elsewhere),) if elsewhere else ()
        elif leads(name):
            yield name, value


def _is_elsewhere(folder: str, cwd: str) -> bool:
    """Whether a folder to look in is neither `cwd` nor above it: from the root of a repository every task would look at all others."""
    path = resolve_path(folder, cwd) if folder else cwd
    return path is None or not is_within(cwd, path)


def leads(name: str) -> bool:
    """Whether a variable of that name matters to a tool by its own rules."""
    return name in _BY_NAME or (name.startswith(_BEGINNINGS) and not any(name.startswith(other) for other in _NOT_THOSE))


def names_a_path(variable: str) -> bool:
    """Whether a variable is called as those are whose value is a path."""
    name = variable.upper()
    return name.rpartition("_")[2] in _PATH_WORDS or name.endswith(_PATH_ENDINGS)


def _concerns(name: str, reader: Reader) -> bool:
    """By the families that know the name itself, else by those that know how it begins; one that none knows may be for anybody."""
    families = _BY_NAME.get(name) or [family for family in _FAMILIES if name.startswith(tuple(family.beginnings.split()))]
    return not families or any(family.concerns(reader) for family in families)


def _by_name() -> Mapping[str, tuple[Family, ...]]:
    found: dict[str, tuple[Family, ...]] = {}
    for family in _FAMILIES:
        for name in family.names.split():
            found[name] = (*found.get(name, ()), family)
    return found


_BY_NAME = _by_name()
_BEGINNINGS = tuple(beginning for family in _FAMILIES for beginning in family.beginnings.split())
