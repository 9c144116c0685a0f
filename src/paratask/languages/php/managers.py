"""Composer, PHP itself, Laravel's artisan and Symfony's console, as data."""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

CACHE = "composer-cache"
"""The resource that stands for what Composer has downloaded; it may be shared."""
DATABASE = "database"
"""The resource that stands for whatever database an application is configured to use."""

_GLOBAL: Mapping[Role, str] = {
    Role.FLAG: "-q --quiet -v -vv -vvv --verbose -n --no-interaction --ansi --no-ansi --profile --no-plugins --no-scripts "
    "--no-cache --silent",
    Role.FOLDER: "-d --working-dir",
    Role.INFORMS: "-h --help -V --version",
}
_COMPOSER: Mapping[Role, str] = {
    **_GLOBAL,
    Role.FLAG: _GLOBAL[Role.FLAG]
    + " --prefer-source --prefer-dist --dry-run --dev --no-dev --no-autoloader --no-progress --no-install --no-update --audit "
    "--no-audit --no-security-blocking -o --optimize-autoloader --optimize -a --classmap-authoritative --apcu --apcu-autoloader "
    "--ignore-platform-reqs -W --update-with-all-dependencies --with-all-dependencies -w --update-with-dependencies "
    "--with-dependencies -m --minimal-changes --prefer-stable --prefer-lowest --root-reqs --lock --sort-packages --fixed --unused "
    "--strict-psr --strict-ambiguous --strict --with-dependencies --no-check-all --check-lock --no-check-lock --no-check-publish "
    "--no-check-version -A --all -l --latest -D --direct -t --tree -s --self -i --installed -p --platform --available -N "
    "--name-only -P --path --locked -M --major-only --minor-only --patch-only --outdated --abandoned --timeout --bump-after-update "
    "-D --dev-only -R --no-dev-only --recursive -r --list --unset --json --merge --append --source --absolute",
    Role.VALUE: "--prefer-install --ignore-platform-req --apcu-autoloader-prefix --apcu-prefix --with -f --format --ignore "
    "--ignore-severity --sort-order",
}


def _install(summary: str, writes: str, events: str = "update") -> Tool:
    """`events` says which scripts of the manifest run on the way."""
    return Tool(
        summary=summary,
        mode=Mode.INSTALL,
        operands=Operands.WORDS,
        options=_COMPOSER,
        writes=writes,
        shares=CACHE,
        environment=events,
    )


COMPOSER: Mapping[str, Tool] = {
    "composer": Tool(summary="manages packages", mode=Mode.GROUP, options=_GLOBAL),
    **{f"composer {name}": _install("installs packages", "vendor composer.lock", "install") for name in ("install", "i")},
    **{
        f"composer {name}": _install("resolves versions and installs packages", "vendor composer.lock")
        for name in ("update", "u", "upgrade")
    },
    **{
        f"composer {name}": _install("changes dependencies", "vendor composer.lock composer.json")
        for name in ("require", "r", "remove", "rm", "uninstall")
    },
    "composer status": _install("compares packages with what was installed", "vendor", "none"),
    "composer reinstall": _install("installs packages anew", "vendor", "install"),
    **{
        f"composer {name}": _install("writes the loader of classes", "vendor", "autoload")
        for name in ("dump-autoload", "dumpautoload")
    },
    "composer normalize": Tool(
        summary="puts the manifest in order, and the lock with it",
        mode=Mode.INSTALL,
        operands=Operands.NONE,
        writes="composer.json composer.lock",
        shares=CACHE,
        environment="none",
        options={
            **_GLOBAL,
            Role.CHECKS: "--dry-run",
            Role.FLAG: _GLOBAL[Role.FLAG] + " --diff --no-check-lock --no-update-lock",
            Role.VALUE: "--indent-size --indent-style",
        },
    ),
    "composer bump": _install("changes dependencies", "composer.json composer.lock", "none"),
    **{
        f"composer {name}": Tool(summary="looks at packages", mode=Mode.READ, operands=Operands.WORDS, options=_COMPOSER, shares=CACHE)
        for name in (
            "validate", "show", "info", "outdated", "check-platform-reqs", "audit", "licenses", "diagnose", "why", "depends", "why-not",
            "prohibits", "suggests", "fund", "search",
        )
    },
    **{
        f"composer {name}": Tool(
            summary="empties Composer's cache", mode=Mode.READ, operands=Operands.NONE, options=_COMPOSER, holds=CACHE
        )
        for name in ("clear-cache", "clearcache", "cc")
    },
    **{
        f"composer {name}": Tool(
            summary="runs scripts of the manifest",
            mode=Mode.SCRIPT,
            shares=CACHE,
            options={
                Role.FLAG: _GLOBAL[Role.FLAG] + " --dev --no-dev",
                Role.VALUE: "--timeout",
                Role.INFORMS: "-l --list",
                Role.FOLDER: _GLOBAL[Role.FOLDER],
            },
        )
        for name in ("run-script", "run")
    },
    "composer exec": Tool(
        summary="starts a program of the packages",
        mode=Mode.RUN,
        shares=CACHE,
        options={Role.FLAG: _GLOBAL[Role.FLAG], Role.FOLDER: _GLOBAL[Role.FOLDER], Role.INFORMS: "-l --list"},
    ),
}  # fmt: skip

_CONSOLE: Mapping[Role, str] = {
    Role.FLAG: "-q --quiet -v -vv -vvv --verbose -n --no-interaction --ansi --no-ansi --no-debug --no-warmup --no-optional-warmers "
    "--force -f --seed --step --graceful --isolated --pretend --drop-views --drop-types --realpath --if-not-exists --if-exists "
    "--allow-no-migration --all-or-nothing --dry-run --append --purge-with-truncate --complete --dump-sql --full-database "
    "--symlink --relative --skip-mapping --skip-sync --json --no-reload --once --stop-when-empty --compact --without-tty "
    "--coverage --profile --recreate-databases --drop-databases --except-vendor --only-vendor --prune --no-debug --parse-tags "
    "--no-parse-tags --show-deprecations --drop --stop-on-failure",
    Role.VALUE: "--class --batch --database --connection --em --object-manager --group --filter --testsuite --min --memory "
    "--host --tries --sleep --limit --time-limit --memory-limit -c --exclude-group --format --seeder --shard --shards",
    Role.READS: "--path --configuration --schema-path --db-configuration",
    Role.SEVERAL_CORES: "-p --parallel",
    Role.CORES: "--processes",
    Role.TASKS: "-e --env",
}


def _console(summary: str, holds: str = "", operands: Operands = Operands.WORDS) -> Tool:
    return Tool(summary=summary, mode=Mode.BUILD, operands=operands, options=_CONSOLE, holds=holds)


def _server(port: int) -> Tool:
    options = {**_CONSOLE, Role.PORT: "--port", Role.FLAG: _CONSOLE[Role.FLAG] + " -d --daemon --no-tls --allow-http"}
    return Tool(
        summary="serves an application", mode=Mode.SERVE, port=port, operands=Operands.NONE, options=options, shares=DATABASE
    )


_ARTISAN: Mapping[str, Tool] = {
    **{
        name: _console("changes the application's database", DATABASE)
        for name in (
            "migrate", "migrate:fresh", "migrate:install", "migrate:refresh", "migrate:reset", "migrate:rollback", "migrate:status",
            "db:seed", "db:wipe", "db:show", "db:table", "schema:dump",
        )
    },
    "test": _console("runs tests, on the application's database", DATABASE, Operands.PATHS),
    "serve": _server(8000),
    **{
        name: _console("works in the application")
        for name in (
            "about", "cache:clear", "clear-compiled", "config:cache", "config:clear", "event:cache", "event:clear", "event:list",
            "key:generate", "optimize", "optimize:clear", "package:discover", "route:cache", "route:clear", "route:list", "storage:link",
            "storage:unlink", "vendor:publish", "view:cache", "view:clear", "env", "lang:publish", "stub:publish",
        )
    },
}  # fmt: skip
_SYMFONY: Mapping[str, Tool] = {
    **{
        name: _console("changes the application's database", DATABASE)
        for name in (
            "doctrine:database:create", "doctrine:database:drop", "doctrine:schema:create", "doctrine:schema:update",
            "doctrine:schema:drop", "doctrine:schema:validate", "doctrine:migrations:migrate", "doctrine:migrations:status",
            "doctrine:migrations:diff", "doctrine:migrations:list", "doctrine:migrations:up-to-date", "doctrine:migrations:latest",
            "doctrine:fixtures:load", "d:m:m", "d:d:c", "d:d:d", "d:s:u", "d:f:l",
        )
    },
    **{
        name: _console("works in the application, whose container it compiles into its cache")
        for name in (
            "about", "cache:clear", "c:c", "cache:warmup", "cache:pool:clear", "cache:pool:prune", "assets:install", "asset-map:compile",
            "importmap:install", "importmap:audit", "importmap:outdated", "lint:yaml", "lint:twig", "lint:container", "lint:xliff",
            "lint:translations", "debug:router", "debug:container", "debug:config", "debug:autowiring", "debug:translation",
            "debug:twig", "debug:event-dispatcher", "sass:build", "tailwind:build", "list",
        )
    },
}  # fmt: skip
SCRIPTS = {
    "artisan": ("Illuminate", "bootstrap/app.php"),
    "console": ("Symfony\\Bundle\\FrameworkBundle\\Console\\Application",),
}
"""The names of the frameworks' own scripts, and words of which one stands in each."""
PHP: Mapping[str, Tool] = {
    "php": Tool(
        summary="runs a test file or a tool, checks the syntax of a file, or serves a folder",
        mode=Mode.MODULE,
        port=8000,
        options={
            Role.FLAG: "-n -q",
            Role.CHECKS: "-l --syntax-check",
            Role.PORT: "-S --server",
            Role.READS: "-t --docroot -c --php-ini",
            Role.SETTING: "-d --define",
            Role.SHELL: "-r --run",
            Role.INFORMS: "-v --version -m --modules -i --info --ini -h --help",
        },
    ),
    "symfony": Tool(summary="works on a Symfony application", mode=Mode.GROUP),
    **{f"symfony {name}": Tool(summary="starts another program", mode=Mode.RUN) for name in ("console", "composer", "php")},
    **{f"symfony {name}": _server(8000) for name in ("serve", "server:start", "local:server:start")},
}
FRAMEWORKS: Mapping[str, Tool] = {
    "artisan": Tool(summary="works on a Laravel application", mode=Mode.GROUP, options={Role.INFORMS: "-V -h"}),
    **{f"artisan {name}": tool for name, tool in _ARTISAN.items()},
    "console": Tool(
        summary="works on a Symfony application",
        mode=Mode.GROUP,
        options={Role.INFORMS: "-V -h", Role.TASKS: "-e --env", Role.FLAG: "--no-debug -n --no-interaction"},
    ),
    **{f"console {name}": tool for name, tool in _SYMFONY.items()},
}
MANAGERS: Mapping[str, Tool] = {**COMPOSER, **PHP, **FRAMEWORKS}
