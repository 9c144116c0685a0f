"""The Node programs that install packages, run scripts, or start other programs. Data only."""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_QUIET = "-s --silent -q --quiet --verbose --no-color --color --no-audit --no-fund --no-progress --progress --offline --prefer-offline "
_NPM: Mapping[Role, str] = {
    Role.FLAG: _QUIET
    + "--if-present --ignore-scripts --foreground-scripts --include-workspace-root --no-update-notifier --json "
    "--legacy-peer-deps --strict-peer-deps --force -f --no-save --production --no-optional --package-lock-only --no-package-lock "
    "-D --save-dev -S --save -P --save-prod -O --save-optional -E --save-exact --prefer-dedupe --no-bin-links --install-links "
    "--dry-run -y --yes --no-install --no -a --all -l --long -p --parseable --audit --fund --save",
    Role.VALUE: "--loglevel --omit --include --only --registry --tag --access --otp --audit-level --depth --install-strategy "
    "--fetch-retries --before --engine-strict --script-shell --call-timeout --package --provenance",
    Role.READS: "--userconfig",
    Role.SHARED_CACHE: "--cache",
    Role.FOLDER: "--prefix -C",
    Role.MEMBERS: "-w --workspace",
    Role.ALL_MEMBERS: "-ws --workspaces",
    Role.INFORMS: "-v -h --help --version -?",
}
_PNPM: Mapping[Role, str] = {
    Role.FLAG: _QUIET
    + "--if-present --ignore-scripts --no-bail --bail --parallel --stream --aggregate-output --no-sort --sort --reverse "
    "--frozen-lockfile --no-frozen-lockfile --lockfile-only --fix-lockfile --force -P --prod --production -D --save-dev --dev -d "
    "--no-optional --save-prod -O --save-optional -E --save-exact --shamefully-hoist --strict-peer-dependencies --no-lockfile "
    "--prefer-frozen-lockfile --ignore-workspace-root-check --workspace --no-git-checks --json --long -L --latest -i "
    "--fail-if-no-match --use-stderr --sequential --include-workspace-root --no-verify-store-integrity --hoist --no-hoist "
    "--ignore-workspace",
    Role.VALUE: "--reporter --loglevel --registry --tag --access --otp --audit-level --depth --resume-from --report-summary "
    "--changed-files-ignore-pattern --test-pattern --network-concurrency --package --allow-build",
    Role.SHARED_CACHE: "--store-dir",
    Role.FOLDER: "-C --dir --prefix",
    Role.MEMBERS: "-F --filter --filter-prod",
    Role.ALL_MEMBERS: "-r --recursive",
    Role.ROOT_MEMBER: "-w --workspace-root",
    Role.CORES: "--workspace-concurrency --child-concurrency",
    Role.INFORMS: "-v -h --help --version",
}
_YARN: Mapping[Role, str] = {
    Role.FLAG: _QUIET
    + "--frozen-lockfile --immutable --immutable-cache --check-cache --check-files --ignore-scripts --ignore-engines "
    "--ignore-optional --ignore-platform --non-interactive --production --prod --pure-lockfile --no-lockfile --force --flat --har "
    "-D --dev -P --peer -O --optional -E --exact -T --tilde -W --ignore-workspace-root-check -i --interactive --inline-builds "
    "--skip-builds --json --no-node-version-check --no-immutable --refresh-lockfile --link-duplicates --silent -B --binaries-only "
    "-T --top-level --all --latest --cached --prefer-dev -C",
    Role.VALUE: "--mode --registry --network-timeout --network-concurrency --mutex --tag --access --otp --level --groups -p --package",
    Role.WRITES: "--modules-folder --cache-folder",
    Role.FOLDER: "--cwd",
    Role.INFORMS: "-v -h --help --version",
}
_YARN_EACH: Mapping[Role, str] = {
    Role.FLAG: "-A --all -R --recursive -W --worktree -p --parallel -v --verbose -i --interlaced -t --topological --topological-dev -n "
    "--dry-run --no-private --since",
    Role.VALUE: "-j --jobs --include --exclude --from",
    Role.FOLDER: "--cwd",
}
_BUN: Mapping[Role, str] = {
    Role.FLAG: _QUIET
    + "--bun -b --frozen-lockfile --production -p --no-save --save --dry-run --force -f --no-cache --no-verify "
    "--ignore-scripts --trust -d --dev -D --optional --peer -E --exact -y --yarn --save-text-lockfile --lockfile-only --if-present "
    "--no-summary --smol --hot --watch --no-install --sequential --parallel --linker --only-missing -a --analyze --no-clear-screen",
    Role.VALUE: "--backend --registry --tag --access --otp --omit --concurrent-scripts --network-concurrency --shell --elide-lines "
    "--loader -r --preload --define --ca --auth-type -p --package --audit-level",
    Role.READS: "-c --config --env-file --tsconfig-override --cafile",
    Role.SHARED_CACHE: "--cache-dir",
    Role.FOLDER: "--cwd",
    Role.MEMBERS: "-F --filter",
    Role.ALL_MEMBERS: "--workspaces",
    Role.INFORMS: "-v -h --help --version --revision",
}
_START: Mapping[Role, str] = {
    Role.FLAG: "-y --yes -q --quiet --no-install --no --bun -b --verbose --silent --ignore-existing --prefer-offline --offline",
    Role.VALUE: "-p --package",
    Role.SHELL: "-c --call",
}


def _scripts(summary: str, options: Mapping[Role, str]) -> Tool:
    return Tool(summary=summary, mode=Mode.SCRIPT, operands=Operands.TASKS, options=options)


def _starts(options: Mapping[Role, str], shares: str = "") -> Tool:
    return Tool(summary="starts a program of a package", mode=Mode.RUN, shares=shares, options=options)


def _install(options: Mapping[Role, str], writes: str, shares: str, environment: str = "") -> Tool:
    """`environment` is "manifest" where the manifest changes as well."""
    return Tool(
        summary="installs packages",
        mode=Mode.INSTALL,
        operands=Operands.PACKAGES,
        environment=environment,
        writes=writes,
        shares=shares,
        options=options,
    )


def _looks(options: Mapping[Role, str]) -> Tool:
    return Tool(summary="looks at packages", mode=Mode.READ, operands=Operands.WORDS, options=options)


def _outside(options: Mapping[Role, str]) -> Tool:
    return Tool(summary="publishes", mode=Mode.OUTSIDE, operands=Operands.WORDS, options=options)


def _manager(name: str, options: Mapping[Role, str], locks: str, default: str = "") -> dict[str, Tool]:
    """The entries that all four managers have."""
    cache = f"{name}-cache"
    return {
        name: Tool(summary="manages packages and runs scripts", mode=Mode.GROUP, options=options, default=default),
        f"{name} run": _scripts("runs a script of package.json", options),
        f"{name} install": _install(options, locks, cache),
        f"{name} i": _install(options, locks, cache),
        **{f"{name} {word}": _install(options, locks, cache, "manifest") for word in ("add", "remove", "rm", "uninstall")},
        **{f"{name} {word}": _install(options, locks, cache, "manifest") for word in ("update", "upgrade", "up")},
        f"{name} pack": Tool(
            summary="packs the package",
            mode=Mode.BUILD,
            options={
                **options,
                Role.WRITES: "--pack-destination --destination --out -o --filename",
            },
        ),
        f"{name} publish": _outside(options),
        f"{name} outdated": _looks(options),
        f"{name} audit": _looks(options),
        f"{name} why": _looks(options),
    }


_STANDARD = ("test", "start", "stop", "restart")
NPM: Mapping[str, Tool] = {
    **_manager("npm", _NPM, "package-lock.json npm-shrinkwrap.json"),
    "npm run-script": _scripts("runs a script of package.json", _NPM),
    **{f"npm {name}": _scripts("runs a script of package.json", _NPM) for name in (*_STANDARD, "t", "tst")},
    **{
        f"npm {word}": _install(_NPM, "package-lock.json npm-shrinkwrap.json", "npm-cache")
        for word in ("ci", "clean-install", "dedupe", "prune", "rebuild")
    },
    "npm audit": Tool(summary="looks for known weaknesses", mode=Mode.GROUP, default="npm audit report", options=_NPM),
    "npm audit report": _looks(_NPM),
    "npm audit signatures": _looks(_NPM),
    "npm audit fix": _install(_NPM, "package-lock.json", "npm-cache", "manifest"),
    **{
        f"npm {word}": _looks(_NPM)
        for word in ("ls", "list", "view", "info", "explain", "query", "root", "prefix", "ping", "doctor")
    },
    **{f"npm {word}": _outside(_NPM) for word in ("version", "unpublish", "deprecate", "dist-tag", "access", "owner", "login")},
    "npm pkg": Tool(summary="reads or changes package.json", mode=Mode.GROUP, options=_NPM),
    "npm pkg get": _looks(_NPM),
    **{
        f"npm pkg {word}": Tool(summary="changes package.json", mode=Mode.BUILD, operands=Operands.WORDS, options=_NPM)
        for word in ("set", "delete", "fix")
    },
    "npm exec": _starts({**_NPM, **_START, Role.MEMBERS: "-w --workspace", Role.ALL_MEMBERS: "-ws --workspaces"}, "npm-cache"),
    "npm x": _starts({**_NPM, **_START}, "npm-cache"),
    "npx": _starts(_START, "npm-cache"),
}
PNPM: Mapping[str, Tool] = {
    **_manager("pnpm", _PNPM, "pnpm-lock.yaml", "pnpm run"),
    **{f"pnpm {name}": _scripts("runs a script of package.json", _PNPM) for name in (*_STANDARD, "t")},
    **{
        f"pnpm {word}": _install(_PNPM, "pnpm-lock.yaml", "pnpm-cache")
        for word in ("prune", "dedupe", "rebuild", "fetch", "ci")
    },
    **{f"pnpm {word}": _looks(_PNPM) for word in ("ls", "list", "licenses")},
    "pnpm exec": _starts({**_PNPM, Role.SHELL: "-c --shell-mode"}),
    "pnpm dlx": _starts({**_PNPM, Role.VALUE: "--package --allow-build"}, "pnpm-cache"),
    "pnpx": _starts({**_PNPM, Role.VALUE: "--package --allow-build"}, "pnpm-cache"),
    "pnpm version": _outside(_PNPM),
    "pnpm deploy": _outside(_PNPM),
}
YARN: Mapping[str, Tool] = {
    **_manager("yarn", _YARN, "yarn.lock", "yarn run"),
    **{f"yarn {word}": _looks(_YARN) for word in ("list", "info", "licenses", "bin", "constraints")},
    "yarn dedupe": _install(_YARN, "yarn.lock", "yarn-cache"),
    "yarn exec": _starts(_YARN),
    "yarn dlx": _starts(_YARN, "yarn-cache"),
    "yarn workspace": _scripts("runs yarn in one workspace", _YARN),
    "yarn workspaces": Tool(summary="works on all workspaces", mode=Mode.GROUP),
    "yarn workspaces foreach": _scripts("runs yarn in all workspaces", _YARN_EACH),
    "yarn workspaces run": _scripts("runs a script in all workspaces", _YARN_EACH),
    "yarn workspaces focus": _install(_YARN, "yarn.lock", "yarn-cache"),
    "yarn workspaces list": _looks(_YARN),
    "yarn workspaces info": _looks(_YARN),
    "yarn version": _outside(
        {**_YARN, Role.FLAG: "--patch --minor --major --prerelease --no-git-tag-version", Role.VALUE: "--new-version"}
    ),
    "yarn npm": _outside(_YARN),
    "yarn tag": _outside(_YARN),
}
BUN: Mapping[str, Tool] = {
    **_manager("bun", _BUN, "bun.lock bun.lockb", "bun run"),
    "bun test": Tool(
        summary="runs tests",
        mode=Mode.BUILD,
        tests=True,
        operands=Operands.WORDS,
        options={
            Role.FLAG: "--watch --coverage --bail --only --todo -u --update-snapshots --rerun-each --silent --no-coverage --randomize --dots",
            Role.VALUE: "-t --test-name-pattern --timeout --reporter --coverage-reporter -r --preload --max-concurrency --seed",
            Role.READS: "-c --config --env-file",
            Role.WRITES: "--coverage-dir --reporter-outfile",
            Role.FOLDER: "--cwd",
        },
    ),
    "bun build": Tool(
        summary="bundles",
        mode=Mode.BUILD,
        options={
            Role.FLAG: "--compile --minify --sourcemap --splitting --watch --production --bytecode --packages --minify-whitespace "
            "--minify-syntax --minify-identifiers --format --no-bundle --no-clear-screen --root",
            Role.VALUE: "--target --external -e --define --loader --entry-naming --chunk-naming --asset-naming --public-path --banner "
            "--footer --conditions --drop --env",
            Role.READS: "--tsconfig-override",
            Role.WRITES: "--outfile --outdir --metafile",
            Role.FOLDER: "--cwd",
        },
    ),
    "bun x": _starts(_START, "bun-cache"),
    "bunx": _starts(_START, "bun-cache"),
    "bun exec": _scripts("runs a shell text", {}),
    "bun pm": Tool(summary="looks at packages", mode=Mode.GROUP),
    **{f"bun pm {word}": _looks(_BUN) for word in ("ls", "bin", "hash", "whoami", "untrusted", "cache")},
    "bun pm version": _outside(_BUN),
    "bun upgrade": Tool(summary="upgrades bun itself", mode=Mode.NOTHING, operands=Operands.NONE, holds="bun-itself"),
}
STARTERS: Mapping[str, Tool] = {
    "node": Tool(summary="runs a file, which is not known", mode=Mode.MODULE, options={Role.INFORMS: "-v"}),
    "cross-env": _starts({}),
    "cross-env-shell": _starts({}),
    "dotenv": _starts({Role.READS: "-e -c", Role.VALUE: "-v", Role.FLAG: "-o --override --quiet"}),
    "env-cmd": _starts(
        {Role.READS: "-f --file", Role.VALUE: "-e --environments", Role.FLAG: "--silent --no-override --use-shell -x"}
    ),
    "nyc": Tool(
        summary="measures test coverage",
        mode=Mode.RUN,
        writes=".nyc_output coverage",
        options={
            Role.FLAG: "--all --check-coverage --silent --clean --no-clean --cache",
            Role.VALUE: "-r --reporter -n --include -x --exclude -e --extension --lines --functions --branches --statements -i --require",
            Role.WRITES: "--report-dir --temp-dir -t --temp-directory --cache-dir",
        },
    ),
    "c8": Tool(
        summary="measures test coverage",
        mode=Mode.RUN,
        writes="coverage",
        options={
            Role.FLAG: "-a --all --check-coverage --clean --no-clean --100 --exclude-after-remap",
            Role.VALUE: "-r --reporter -n --include -x --exclude --lines --functions --branches --statements --src",
            Role.WRITES: "-o --reports-dir --report-dir --temp-directory",
        },
    ),
    **{
        f"{name} report": Tool(
            summary="writes a report of what was measured",
            mode=Mode.BUILD,
            operands=Operands.WORDS,
            writes="coverage",
            dependencies=False,
            options={
                Role.FLAG: "--all -a --check-coverage --silent --skip-full --exclude-after-remap --100",
                Role.VALUE: "-r --reporter -n --include -x --exclude -e --extension --lines --functions --branches --statements --src",
                Role.WRITES: "--report-dir --reports-dir -o --temp-dir -t --temp-directory",
            },
        )
        for name in ("c8", "nyc")
    },
    "concurrently": Tool(
        summary="runs shell texts at the same time",
        mode=Mode.SCRIPT,
        operands=Operands.TEXTS,
        cores=2.0,
        options={
            Role.FLAG: "-k --kill-others --kill-others-on-fail -r --raw --no-color -g --group --timings --pad-prefix -i --handle-input",
            Role.VALUE: "-n --names -c --prefix-colors -p --prefix -l --prefix-length -m --max-processes --success --hide --restart-tries "
            "--restart-after -t --timestamp-format --kill-signal --default-input-target --name-separator",
        },
    ),
    **{
        name: Tool(
            summary="runs scripts of package.json",
            mode=Mode.SCRIPT,
            operands=Operands.SCRIPTS,
            options={
                Role.FLAG: "-s --sequential --serial -p --parallel -l --print-label -n --print-name -c --continue-on-error --silent -r --race "
                "--aggregate-output",
                Role.VALUE: "--max-parallel --npm-path",
            },
        )
        for name in ("npm-run-all", "npm-run-all2", "run-s", "run-p")
    },
}

BINARIES: Mapping[str, str] = {
    "@antfu/bumpp": "bumpp",
    "@apidevtools/swagger-cli": "swagger-cli",
    "@biomejs/biome": "biome",
    "@changesets/cli": "changeset",
    "@commitlint/cli": "commitlint",
    "@playwright/test": "playwright",
    "@babel/cli": "babel",
    "@swc/cli": "swc",
    "postcss-cli": "postcss",
    "@tailwindcss/cli": "tailwindcss",
    "typescript": "tsc",
    "markdownlint-cli": "markdownlint",
    "npm-package-json-lint": "npmPkgJsonLint",
    "remark-cli": "remark",
    "@arethetypeswrong/cli": "attw",
    "@graphql-inspector/cli": "graphql-inspector",
    "@linthtml/linthtml": "linthtml",
    "@manypkg/cli": "manypkg",
    "@redocly/cli": "redocly",
    "dotenv-cli": "dotenv",
}
"""The program that a package of another name brings."""
BUILT_IN = (
    "link unlink init create import patch patch-commit patch-remove setup store env config set get login logout owner team "
    "policies plugin cache global self-update server node unplug autoclean upgrade-interactive generate-lock-entry completion "
    "whoami repl search approve-builds help token profile org hook star doctor root bin c"
)
"""Subcommands of managers that are not recognised, and are no names of scripts either unless `run` stands before them."""
