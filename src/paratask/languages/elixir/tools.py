"""mix and its tasks, as data: its own, and those of the packages that most projects use."""

from __future__ import annotations

from paratask.frozen import replace
from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

ALL_CORES = 2.0
"""What a tool is said to take that uses every core by itself: as for other tools that spread over the machine."""
ARCHIVES = "mix-archives"
"""The resource that stands for what mix keeps for the user: archives, Hex, rebar3, programs. All of mix use it."""
HEX = "hex-cache"
"""Hex's list of packages, which each program writes as a whole and none locks."""
PLTS = "dialyzer-plts"
"""The tables of Erlang's and Elixir's own applications that dialyzer keeps for the user."""
DATABASE = "database"
"""As for other languages' applications."""

_LOADING = (
    "--no-deps-check --no-archives-check --no-elixir-version-check --no-compile --compile --no-optional-deps --no-listeners --listeners "
    "--no-start --start --no-validate-compile-env "
)
_COMPILING = (
    _LOADING
    + "--force -f --warnings-as-errors --no-warnings-as-errors --all-warnings --no-all-warnings --verbose --docs --no-docs "
    "--debug-info --no-debug-info --return-errors --no-protocol-consolidation --no-consolidate-protocols --consolidate-protocols "
    "--ignore-module-conflict --no-app-loading --no-verification --quiet "
)
_COMPILE_OPTIONS: Mapping[Role, str] = {
    Role.FLAG: _COMPILING,
    Role.VALUE: "--profile --long-compilation-threshold --long-verification-threshold --purge-consolidation-path-if-stale",
    Role.READS: "--erl-config",
}
_TEST: Mapping[Role, str] = {
    Role.FLAG: _COMPILING + "-b --breakpoints --color --no-color --cover --trace --raise --failed --stale --listen-on-stdin "
    "--preload-modules --dry-run --no-failed --no-stale",
    Role.VALUE: "--include --exclude --only --seed --timeout --formatter --slowest --slowest-modules --partitions --exit-status "
    "--max-failures --max-requires --repeat-until-failure --export-coverage --profile-require",
    Role.CORES: "--max-cases",
    Role.WATCHES: "--watch",
}
_COVERALLS: Mapping[Role, str] = {
    **_TEST,
    Role.FLAG: _TEST[Role.FLAG] + " -u --umbrella -v --pro --parallel --sort",
    Role.VALUE: _TEST[Role.VALUE]
    + " -f --filter --subdir --rootdir --flagname --import-cover --sha --token --committer --branch "
    "--message --name --build -n --type",
    Role.WRITES: "-o --output-dir",
}
_ECTO: Mapping[Role, str] = {
    Role.FLAG: _LOADING + "-q --quiet -f --force --force-drop --all --log-migrations-sql --log-migrator-sql --log-sql "
    "--strict-version-order --skip-if-loaded",
    Role.VALUE: "-r --repo -n --step -v --to --to-exclusive --prefix --pool-size --log-level --log-level --change",
    Role.READS: "--migrations-path",
    Role.WRITES: "-d --dump-path",
}
_CREDO: Mapping[Role, str] = {
    Role.FLAG: "--strict --no-strict -a --all -A --all-priorities --color --no-color --crash-on-error --debug --first-run "
    "--mute-exit-status --read-from-stdin --verbose --no-verbose --show-fixed --show-kept --show-code --warn-on-redundant-config",
    Role.VALUE: "-c --checks --only --checks-with-tag --checks-without-tag --enable-disabled-checks --ignore-checks -i --ignore "
    "--min-priority --priority --format --config-name -C --files-excluded --since --from-git-ref --from-git-merge-base",
    Role.READS: "--config-file --files-included --from-dir --working-dir",
    Role.WATCHES: "--watch",
    Role.INFORMS: "-v",
}
_FETCHING: Mapping[Role, str] = {
    Role.FLAG: "--check-locked --no-archives-check --all --force --include-children --skip-umbrella-children --skip-local-deps "
    "--no-deps-check --no-compile --unlock --unused --build",
    Role.VALUE: "--only --target --filter",
    Role.CHECKS: "--check-unused",
}
_HEX: Mapping[Role, str] = {
    Role.FLAG: "--all --pre --within-requirements --json --latest --stdlib --print-url --policy --no-policy --no-policy-overrides "
    "--policy-overrides",
    Role.VALUE: "--organization --organisation --only --sort --format --module --page --limit --packages --repo --level",
    Role.WRITES: "--output -o",
}
_OUTPUT: Mapping[Role, str] = {**_COMPILE_OPTIONS, Role.WRITES: "-o --output", Role.READS: "-i --input --erl-config"}


def _compiled(summary: str, options: Mapping[Role, str], operands: Operands = Operands.WORDS, *, writes: str = "") -> Tool:
    return Tool(summary=summary, mode=Mode.COMPILE, operands=operands, options=options, writes=writes, cores=ALL_CORES)


def _works(summary: str, options: Mapping[Role, str], operands: Operands = Operands.WORDS, *, holds: str = "") -> Tool:
    """What writes files of the project by itself, once that is compiled."""
    return Tool(summary=summary, mode=Mode.BUILD, operands=operands, options=options, holds=holds, cores=ALL_CORES)


def _tests(summary: str, options: Mapping[Role, str], operands: Operands) -> Tool:
    return replace(_works(summary, options, operands), tests=True)


def _fetches(summary: str, holds: str = HEX) -> Tool:
    return Tool(summary=summary, mode=Mode.INSTALL, operands=Operands.WORDS, environment="mix", options=_FETCHING, holds=holds)


def _for_user(summary: str) -> Tool:
    return Tool(
        summary=summary,
        mode=Mode.INSTALL,
        operands=Operands.PACKAGES,
        holds=ARCHIVES,
        options={
            Role.FLAG: "--force --if-missing --no-compile",
            Role.VALUE: "--sha512 --branch --tag --ref --app --organization --repo --timeout --submodules --sparse",
        },
    )


def _runs(summary: str) -> Tool:
    return Tool(summary=summary, mode=Mode.MODULE, operands=Operands.WORDS)


_OWN: Mapping[str, Tool] = {
    "compile": _compiled("compiles the project", _COMPILE_OPTIONS, Operands.NONE),
    "compile.all": _compiled("compiles the project", _COMPILE_OPTIONS, Operands.NONE),
    "compile.elixir": _compiled("compiles the project", _COMPILE_OPTIONS, Operands.NONE),
    "loadpaths": _compiled("loads packages", _COMPILE_OPTIONS, Operands.NONE),
    "help": _compiled("tells of tasks, those of packages too", {Role.FLAG: "--names", Role.VALUE: "--search"}),
    "app.config": _compiled("compiles the project", _COMPILE_OPTIONS, Operands.NONE),
    "deps.compile": _compiled("compiles packages", _FETCHING),
    "deps.loadpaths": _compiled("loads packages", _COMPILE_OPTIONS, Operands.NONE),
    "deps.precompile": _compiled("prepares to compile packages", {}, Operands.NONE),
    "xref": _compiled(
        "tells which files depend on which",
        {
            **_COMPILE_OPTIONS,
            Role.FLAG: _COMPILING + "--only-nodes --only-direct --include-siblings",
            Role.VALUE: "--exclude --fail-above --format --group --label --sink --source --min-cycle-size --min-cycle-label",
            Role.WRITES: "--output",
        },
        writes="xref_graph.dot",
    ),
    **{
        f"{name}.tree": _compiled(
            "shows what the project is made of",
            {**_COMPILE_OPTIONS, Role.VALUE: "--only --target --exclude --format", Role.WRITES: "--output"},
            writes=f"{name}_tree.dot",
        )
        for name in ("app", "deps")
    },
    "test": _tests("runs tests", _TEST, Operands.PATHS),
    "test.coverage": _tests("puts together what tests covered", _TEST, Operands.NONE),
    "clean": _works("removes what was built", {Role.FLAG: _LOADING + "--deps", Role.VALUE: "--only"}, Operands.NONE),
    "release": _works(
        "puts together a release",
        {
            **_COMPILE_OPTIONS,
            Role.FLAG: _COMPILING + "--overwrite",
            Role.VALUE: "--version",
            Role.WRITES: "--path",
        },
    ),
    "release.init": _works("writes templates of releases", _COMPILE_OPTIONS, Operands.NONE),
    "escript.build": _works("makes a program", _COMPILE_OPTIONS, Operands.NONE),
    "archive.build": _works("makes an archive", {**_OUTPUT, Role.FLAG: _COMPILING + "--include-dot-files"}),
    "format": Tool(
        summary="formats",
        mode=Mode.EDIT,
        options={
            Role.CHECKS: "--check-formatted --dry-run",
            Role.FLAG: "--force --no-exit --no-compile --verbose --migrate --check-equivalent --no-force",
            Role.VALUE: "--stdin-filename",
            Role.READS: "--dot-formatter",
        },
    ),
    "deps.get": _fetches("fetches packages"),
    "deps.update": _fetches("resolves versions and fetches packages"),
    "deps.clean": _fetches("removes packages", ""),
    "deps.unlock": _fetches("forgets locked versions", ""),
    "deps": Tool(summary="lists packages", mode=Mode.READ, operands=Operands.WORDS, options={Role.FLAG: "--all"}),
    "local.hex": _for_user("installs Hex"),
    "local.rebar": Tool(
        summary="installs rebar3",
        mode=Mode.INSTALL,
        operands=Operands.PACKAGES,
        holds=ARCHIVES,
        options={Role.FLAG: "--force --if-missing", Role.VALUE: "--sha512"},
    ),
    **{
        f"{kind}.{does}": _for_user("changes installed programs")
        for kind in ("archive", "escript")
        for does in ("install", "uninstall")
    },
    **{
        name: Tool(
            summary="tells of what there is",
            mode=Mode.NOTHING,
            operands=Operands.WORDS,
            options={Role.FLAG: "--names --search"},
        )
        for name in ("local", "archive", "escript", "hex")
    },
    "do": Tool(summary="runs several tasks", mode=Mode.RUN, options={Role.VALUE: "--app"}),
    "cmd": Tool(summary="runs a program", mode=Mode.RUN, options={Role.FOLDER: "--cd"}),
    "run": _runs("runs a program of this repository"),
    "eval": _runs("runs a text of Elixir"),
    "app.start": _runs("starts the application"),
    **{f"profile.{name}": _runs("runs a program of this repository") for name in ("cprof", "eprof", "fprof", "tprof")},
}
_HEX_TASKS: Mapping[str, Tool] = {
    **{
        f"hex.{name}": Tool(summary="asks for packages", mode=Mode.READ, operands=Operands.WORDS, options=_HEX, holds=HEX)
        for name in ("outdated", "audit", "info", "search", "docs")
    },
    "hex.build": _works(
        "packs the project", {**_COMPILE_OPTIONS, Role.FLAG: _COMPILING + "--unpack", Role.WRITES: "-o --output"}, Operands.NONE
    ),
    **{
        f"hex.{name}": Tool(
            summary="changes a registry",
            mode=Mode.OUTSIDE,
            operands=Operands.WORDS,
            options={
                **_COMPILE_OPTIONS,
                Role.FLAG: _COMPILING + "--yes --dry-run --no-progress --progress --replace --unretire --transfer",
                Role.VALUE: "--revert --organization --organisation --message --level",
            },
        )
        for name in ("publish", "owner", "retire")
    },
}
_PACKAGES: Mapping[str, Tool] = {
    "credo": _compiled("lints; has packages compiled first", _CREDO, Operands.PATHS),
    "credo.gen.config": _works("writes settings", {}, Operands.NONE),
    **{
        name: Tool(
            summary="checks types",
            mode=Mode.COMPILE,
            operands=Operands.NONE,
            options={
                Role.FLAG: _COMPILING
                + "--no-check --force-check --ignore-exit-status --halt-exit-status --list-unused-filters --plt --quiet "
                "--quiet-with-result --raw --unmatched_returns --error_handling --underspecs --overspecs --specdiffs "
                "--unknown --missing_return --extra_return",
                Role.VALUE: "--format",
            },
            holds=PLTS,
            cores=ALL_CORES,
        )
        for name in ("dialyzer", "dialyzer.build")
    },
    "docs": _compiled(
        "writes documentation",
        {
            Role.FLAG: _COMPILING + "--open",
            Role.VALUE: "--canonical -n --formatter --language --proglang",
            Role.WRITES: "-o --output",
        },
        Operands.NONE,
        writes="doc",
    ),
    "sobelow": Tool(
        summary="looks for faults in security; has packages compiled first",
        mode=Mode.COMPILE,
        operands=Operands.WORDS,
        options={
            Role.FLAG: "-v --verbose --all-details --private --strict --skip --config --quiet --compact --flycheck --mark-skip-all "
            "--clear-skip --save-config --exit",
            Role.VALUE: "-i --ignore --ignore-files -d --details --router -f --format --threshold",
            Role.READS: "-r --root",
            Role.WRITES: "--out",
            Role.INFORMS: "--version",
        },
        writes=".sobelow-conf .sobelow-skips .sobelow",
    ),
    "deps.audit": _compiled(
        "asks for known faults; has packages compiled first",
        {Role.VALUE: "--format --ignore-advisory-ids --ignore-package-names", Role.READS: "--path --ignore-file"},
        Operands.NONE,
    ),
    "doctor": _compiled(
        "looks for missing documentation",
        {Role.FLAG: "--full --short --summary --raise --failed -u --umbrella", Role.READS: "--config-file"},
        Operands.NONE,
    ),
    **{
        name: _tests("runs tests and tells what they cover", _COVERALLS, Operands.PATHS)
        for name in (
            "coveralls",
            "coveralls.html",
            "coveralls.json",
            "coveralls.xml",
            "coveralls.lcov",
            "coveralls.cobertura",
            "coveralls.detail",
            "coveralls.multiple",
        )
    },
    **{
        f"coveralls.{name}": Tool(
            summary="runs tests and sends what they cover", mode=Mode.OUTSIDE, operands=Operands.PATHS, options=_COVERALLS
        )
        for name in ("post", "github", "gitlab", "travis", "circle", "semaphore", "drone")
    },
    **{
        f"ecto.{name}": _works("works on the application's database", _ECTO, holds=DATABASE)
        for name in ("create", "drop", "migrate", "migrations", "rollback", "dump", "load")
    },
    "ecto.gen.migration": _works("writes a migration", _ECTO),
    "ecto.gen.repo": _works("writes a repository", _ECTO),
    "phx.server": Tool(
        summary="serves the application",
        mode=Mode.SERVE,
        port=4000,
        operands=Operands.NONE,
        options={Role.FLAG: _LOADING + "--open --no-halt"},
        shares=DATABASE,
    ),
    "phx.gen.secret": _compiled("prints a secret; has packages compiled first", {}),
    "phx.routes": _compiled("lists routes", {**_COMPILE_OPTIONS, Role.VALUE: "--info --method --prefix"}),
    "phx.digest": _works(
        "puts digests into the names of assets", {Role.FLAG: _LOADING, Role.WRITES: "-o --output"}, Operands.PATHS
    ),
    "phx.digest.clean": _works(
        "removes old assets", {Role.FLAG: _LOADING + "--all", Role.VALUE: "--age --keep", Role.WRITES: "-o --output"}
    ),
    "gettext.extract": _works("writes texts to translate", {Role.FLAG: _COMPILING + "--merge --check-up-to-date --no-fuzzy"}),
    "gettext.merge": _works(
        "writes texts to translate",
        {
            Role.FLAG: _LOADING + "--no-fuzzy --store-previous-message-on-fuzzy-match",
            Role.VALUE: "--locale --plural-forms --fuzzy-threshold --on-obsolete",
        },
        Operands.PATHS,
    ),
    **{
        f"{name}{does}": _works("bundles assets", {Role.FLAG: "--if-missing --minify --no-assets --runtime-config --splitting"})
        for name in ("tailwind", "esbuild", "sass")
        for does in ("", ".install")
    },
}
PROGRAMS: Mapping[str, Tool] = {
    "mix": Tool(summary="builds projects", mode=Mode.GROUP, options={Role.INFORMS: "-v"}),
    **{f"mix {name}": tool for name, tool in {**_OWN, **_HEX_TASKS, **_PACKAGES}.items()},
    "iex": Tool(summary="is a session with somebody", mode=Mode.MODULE, options={Role.INFORMS: "-v"}),
    "elixir": Tool(summary="runs a program of this repository", mode=Mode.MODULE, options={Role.INFORMS: "-v"}),
}
