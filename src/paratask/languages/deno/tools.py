"""The subcommands of Deno. Data only.

Options with a value that may be left out (`--coverage`, `--coverage=x`) take it after `=` alone, so that they stand with the flags.
"""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

PROGRAMS = "*.{ts,tsx,mts,cts,js,jsx,mjs,cjs}"
"""The names of what Deno runs, checks and lints."""
SUFFIXES = (".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs")
TASK = "deno task"
CACHE = "deno-cache"
"""Deno's folder for what it fetched and compiled: kept in databases with locks, and in files that are put in place whole."""
_FORMATTED = (
    "*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,json,jsonc,css,scss,sass,less,html,svelte,vue,astro,vto,njk,md,mkd,mkdn,mdwn,mdown,markdown,yml,yaml,"
    "ipynb,sql,xml,svg,mustache}"
)
_FEATURES = (
    "bare-node-builtins broadcast-channel bundle byonm component cron css detect-cjs ffi fs http kv lazy-dynamic-imports net "
    "no-legacy-abort node-globals npm-lazy-caching otel process raw-imports sloppy-imports sql subdomain-wildcards temporal tsgo "
    "unsafe-proto vsock webgpu worker-options"
)
_ALL = f"-q --quiet --unstable {' '.join(f'--unstable-{name}' for name in _FEATURES.split())}"
_CONFIGURED = "--no-config"
_GRAPH = (
    f"{_CONFIGURED} --check --no-check --no-remote --no-npm --node-modules-dir --vendor --no-lock --frozen --frozen-lockfile "
    "--cached-only --allow-import -I --deny-import --unsafely-ignore-certificate-errors --allow-scripts --no-code-cache"
)
_GRAPH_VALUES = "--lock --min-dep-age --node-modules-linker --location --v8-flags --seed --conditions --ext"
_GRAPH_READS = "-c --config --import-map --cert --preload --require"
_PERMISSIONS = (
    "-A --allow-all -P --permission-set --no-prompt -R --allow-read -W --allow-write -N --allow-net -E --allow-env -S --allow-sys "
    "--allow-run --allow-ffi --allow-hrtime --deny-read --deny-write --deny-net --deny-env --deny-sys --deny-run --deny-ffi --ignore-env --ignore-read "
    "--env-file"
)
_SEEN: Mapping[Role, str] = {Role.FLAG: _GRAPH, Role.VALUE: _GRAPH_VALUES, Role.READS: _GRAPH_READS, Role.CLEARS: "-r --reload"}
_RUN: Mapping[Role, str] = {**_SEEN, Role.FLAG: f"{_GRAPH} {_PERMISSIONS}"}


def _graph(summary: str, *, flags: str = "", values: str = "", reads: str = "", writes: str = "") -> Tool:
    """What looks at modules and all that they import, and writes no more than its options say."""
    return Tool(
        summary=summary,
        mode=Mode.READ,
        whole=True,
        shares=CACHE,
        options={
            **_RUN,
            Role.FLAG: f"{_GRAPH} {_PERMISSIONS} {flags}",
            Role.VALUE: f"{_GRAPH_VALUES} {values}",
            Role.READS: f"{_GRAPH_READS} {reads}",
            Role.WRITES: writes,
        },
    )


def _install(summary: str, environment: str = "", *, operands: Operands = Operands.PACKAGES) -> Tool:
    """`environment` is "manifest" where the manifest changes as well. Who is told to do with what the cache has comes after."""
    return Tool(
        summary=summary,
        mode=Mode.INSTALL,
        operands=operands,
        environment=environment,
        holds=CACHE,
        options={
            **_RUN,
            Role.FLAG: f"{_GRAPH} {_PERMISSIONS} -g --global -f --force -D --dev -O --save-optional --no-save --prod --skip-types -e --entrypoint "
            "--lockfile-only --npm --jsr --save-exact --unscoped --package-json --latest --compatible -u --update --recursive",
            Role.VALUE: f"{_GRAPH_VALUES} --os --arch -n --name",
            Role.WRITES: "--root",
        },
    )


def _looks(summary: str) -> Tool:
    return Tool(
        summary=summary,
        mode=Mode.READ,
        operands=Operands.WORDS,
        shares=CACHE,
        options={
            **_SEEN,
            Role.FLAG: f"{_GRAPH} --json --compatible --latest --recursive --prod --dev --ignore-unfixable --ignore-registry-errors --ignore",
            Role.VALUE: f"{_GRAPH_VALUES} --depth --level",
        },
    )


def _runs(summary: str) -> Tool:
    return Tool(
        summary=summary,
        mode=Mode.MODULE,
        shares=CACHE,
        options={
            **_RUN,
            Role.FLAG: f"{_GRAPH} {_PERMISSIONS} -y --yes --ignore-scripts",
            Role.VALUE: f"{_GRAPH_VALUES} --port --host",
        },
    )


_OUTPUT = "-o --output --outdir"
TOOLS: Mapping[str, Tool] = {
    "deno": Tool(
        summary="runs programs in JavaScript and TypeScript",
        mode=Mode.GROUP,
        options={Role.FLAG: _ALL, Role.VALUE: "-L --log-level", Role.INFORMS: "-h --help -V --version"},
    ),
    "deno test": Tool(
        summary="runs tests",
        mode=Mode.BUILD,
        tests=True,
        whole=True,
        shares=CACHE,
        options={
            **_RUN,
            Role.FLAG: f"{_GRAPH} {_PERMISSIONS} --doc --no-run --coverage --clean --fail-fast --shuffle --sanitize-ops --sanitize-resources -u "
            "--update-snapshots --hide-stacktraces --coverage-raw-data-only --ignore --permit-no-files --trace-leaks --trace-ops",
            Role.VALUE: f"{_GRAPH_VALUES} --filter --coverage-threshold --reporter --retry --repeats --shard",
            Role.WRITES: "--junit-path",
            Role.SEVERAL_CORES: "--parallel",
        },
    ),
    "deno bench": Tool(
        summary="measures how long code takes",
        mode=Mode.BUILD,
        tests=True,
        whole=True,
        shares=CACHE,
        options={
            **_RUN,
            Role.FLAG: f"{_GRAPH} {_PERMISSIONS} --json --no-run --ignore --permit-no-files",
            Role.VALUE: f"{_GRAPH_VALUES} --filter",
        },
    ),
    "deno check": Tool(
        summary="checks types",
        mode=Mode.READ,
        whole=True,
        files=PROGRAMS,
        shares=CACHE,
        options={**_SEEN, Role.FLAG: f"{_GRAPH} --all --doc --doc-only --desktop --remote"},
    ),
    "deno lint": Tool(
        summary="lints",
        mode=Mode.READ,
        whole=True,
        files=PROGRAMS,
        shares=CACHE,
        options={
            Role.FLAG: f"{_CONFIGURED} --rules-tags --rules-include --rules-exclude --json --compact --ignore --permit-no-files --allow-import -I "
            "--deny-import",
            Role.VALUE: "--ext",
            Role.READS: "-c --config",
            Role.EDITS: "--fix",
            Role.INFORMS: "--rules",
        },
    ),
    "deno fmt": Tool(
        summary="formats",
        mode=Mode.EDIT,
        files=_FORMATTED,
        shares=CACHE,
        options={
            Role.FLAG: f"{_CONFIGURED} --fail-fast --permit-no-files --ignore --use-tabs --single-quote --no-semicolons --no-editorconfig",
            Role.VALUE: "--ext --line-width --indent-width --prose-wrap --options-line-width --options-indent-width --options-prose-wrap",
            Role.READS: "-c --config",
            Role.CHECKS: "--check",
        },
    ),
    TASK: Tool(
        summary="runs a task of deno.json or a script of package.json",
        mode=Mode.SCRIPT,
        operands=Operands.TASKS,
        shares=CACHE,
        options={
            Role.FLAG: f"{_CONFIGURED} --if-present --no-prefix --env-file --node-modules-dir --no-lock --frozen --frozen-lockfile --eval",
            Role.VALUE: "--lock",
            Role.READS: "-c --config",
            Role.FOLDER: "--cwd",
            Role.MEMBERS: "-f --filter",
            Role.ALL_MEMBERS: "-r --recursive --members",
            Role.CORES: "-j --jobs",
        },
    ),
    "deno info": _graph("says what a module imports", flags="--json"),
    "deno doc": _graph(
        "shows documentation",
        flags="--json --html --private --lint --strip-trailing-html --builtin",
        values="--name --filter",
        reads="--category-docs --symbol-redirect-map --default-symbol-map",
        writes="--output",
    ),
    "deno coverage": Tool(
        summary="reports what was measured",
        mode=Mode.READ,
        whole=True,
        shares=CACHE,
        options={
            Role.FLAG: f"{_CONFIGURED} --detailed --html --lcov --ignore --include --exclude",
            Role.VALUE: "--threshold",
            Role.READS: "-c --config",
            Role.WRITES: "--output",
        },
    ),
    "deno compile": _graph(
        "makes a program of a module",
        flags="--no-terminal --self-extracting --bundle --minify --exclude-unused-npm",
        values="--target --app-name --engine --exclude",
        reads="--include --icon",
        writes="-o --output",
    ),
    "deno bundle": _graph(
        "bundles",
        flags="--minify --keep-names --code-splitting --inline-imports --declaration",
        values="--format --packages --platform --sourcemap",
        writes=_OUTPUT,
    ),
    "deno transpile": _graph("compiles to JavaScript", flags="--declaration", values="--source-map", writes=_OUTPUT),
    "deno cache": _install("fetches what modules import", operands=Operands.PATHS),
    "deno install": _install("installs packages"),
    "deno ci": _install("installs packages", operands=Operands.NONE),
    **{f"deno {name}": _install("changes dependencies", "manifest") for name in ("add", "remove", "uninstall", "update")},
    "deno outdated": _install("looks for newer packages"),
    **{f"deno {name}": _looks("looks at packages") for name in ("list", "why")},
    "deno audit": _looks("looks for known weaknesses"),
    "deno publish": Tool(
        summary="publishes",
        mode=Mode.OUTSIDE,
        operands=Operands.WORDS,
        shares=CACHE,
        options={
            **_SEEN,
            Role.FLAG: f"{_GRAPH} --dry-run --allow-slow-types --allow-dirty --no-provenance",
            Role.VALUE: f"{_GRAPH_VALUES} --token --set-version",
        },
    ),
    "deno types": Tool(summary="prints types", mode=Mode.NOTHING, operands=Operands.NONE),
    "deno completions": Tool(summary="prints completions for a shell", mode=Mode.NOTHING, operands=Operands.WORDS),
    "deno clean": Tool(summary="empties the cache", mode=Mode.NOTHING, operands=Operands.NONE, holds=CACHE),
    "deno run": _runs("runs a program of this repository"),
    "deno serve": _runs("runs a server of this repository"),
    "deno eval": _runs("runs code"),
    "deno repl": _runs("runs code"),
    "deno x": _runs("starts a program of a package"),
}
"""Every subcommand that is recognised; documentation is generated from it."""
