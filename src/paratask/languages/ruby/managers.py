"""Bundler, RubyGems, rake, Rails and ruby itself, as data."""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

STORE = "gem-store"
"""The resource that stands for the gems installed for the user or the system: shared by what runs, exclusive when it is filled."""
SETTINGS = "bundle-settings"
"""The resource that stands for Bundler's settings of the user."""
LOCK, GEMFILE = "Gemfile.lock", "Gemfile"
"""Names that stand for the bundle's own files, whatever these are called."""

_BUNDLE: Mapping[Role, str] = {
    Role.FLAG: "--quiet -q --verbose -V --no-color --local --frozen --prefer-local --redownload --force --full-index --no-cache "
    "--no-prune --clean --system --strict --major --minor --patch --pre --conservative --all --ruby --bundler "
    "--keep-file-descriptors --all-platforms --print --dry-run --parseable --porcelain --only-explicit --outdated --paths "
    "--name-only --skip-install --optimistic --deployment --no-install --global --update",
    Role.VALUE: "--retry --without --with --shebang --trust-policy -P --target-rbconfig --only-group --without-group --in-group -g "
    "--group --gems -s --source --add-platform --remove-platform --version -v --git --github --branch --ref --glob "
    "--require --filter-strict --standalone-groups",
    Role.CORES: "-j --jobs",
    Role.READS: "--gemfile",
    Role.WRITES: "--path --cache-path --lockfile",
    Role.INFORMS: "-h --help",
}
_RAILS: Mapping[Role, str] = {
    Role.FLAG: "-v --verbose -q --quiet -b --backtrace -d --defer-output -f --fail-fast -c --color --no-color -p --pride --trace -w "
    "--warnings --unused --expanded -E",
    Role.VALUE: "-n --name -s --seed -e --environment -g --grep --exclude -x --controller",
    Role.READS: "-I",
}


def _bundle(
    summary: str, mode: Mode, *, writes: str = "", environment: str = "", operands: Operands = Operands.WORDS, holds: str = ""
) -> Tool:
    return Tool(
        summary=summary,
        mode=mode,
        operands=operands,
        writes=writes,
        environment=environment,
        options=_BUNDLE,
        holds=holds,
    )


_INSTALLING = {
    "install": _bundle("installs gems", Mode.INSTALL, writes=LOCK, environment="bundle", operands=Operands.WORDS),
    "update": _bundle("resolves versions and installs gems", Mode.INSTALL, writes=LOCK, environment="bundle"),
    "pristine": _bundle("installs gems anew", Mode.INSTALL, writes=LOCK, environment="bundle"),
    "clean": _bundle("removes gems that are not used", Mode.INSTALL, environment="bundle"),
    "add": _bundle("adds gems", Mode.INSTALL, writes=f"{LOCK} {GEMFILE}", environment="bundle"),
    "remove": _bundle("removes gems", Mode.INSTALL, writes=f"{LOCK} {GEMFILE}", environment="bundle"),
    "cache": _bundle("copies gems here", Mode.INSTALL, writes=f"{LOCK} vendor/cache", environment="bundle"),
    "package": _bundle("copies gems here", Mode.INSTALL, writes=f"{LOCK} vendor/cache", environment="bundle"),
    "lock": _bundle("resolves versions", Mode.INSTALL, writes=LOCK),
    "binstubs": _bundle("writes programs that start gems'", Mode.INSTALL, writes=f"{LOCK} bin"),
    "init": _bundle("writes a Gemfile", Mode.INSTALL, writes=GEMFILE),
    "config": _bundle("changes Bundler's settings", Mode.INSTALL, writes=".bundle", holds=SETTINGS),
}
BUNDLER: Mapping[str, Tool] = {
    "bundle": Tool(
        summary="manages gems", mode=Mode.GROUP, options={Role.FLAG: "--no-color --verbose -V", Role.VALUE: "--retry -r"}
    ),
    **{f"bundle {name}": tool for name, tool in _INSTALLING.items()},
    **{
        f"bundle {name}": _bundle("looks at the bundle", Mode.READ)
        for name in ("check", "outdated", "show", "list", "info", "licenses", "platform", "doctor", "env")
    },
    "bundle version": _bundle("prints the version", Mode.NOTHING),
    "bundle exec": Tool(
        summary="starts a program of the bundle",
        mode=Mode.RUN,
        options={Role.FLAG: "--keep-file-descriptors --no-keep-file-descriptors", Role.READS: "--gemfile"},
    ),
}

_GEM: Mapping[Role, str] = {
    Role.FLAG: "-q --quiet -V --verbose --silent --force -f --no-document -N --no-doc --user-install --no-user-install --conservative "
    "--local -l -r --remote -b --both --prerelease --pre --all -a -x --executables -D --dry-run --system --strict --debug "
    "--norc --no-verbose --backtrace --env-shebang -E --minimal-deps --ignore-dependencies --development --no-update-sources "
    "--default -I --exact -e --no-installed --no-lock --lock --no-details -d --details --versions --no-versions --wrappers "
    "-w --no-wrappers --vendor --check --show-install-dir --post-install-message --no-post-install-message",
    Role.VALUE: "--add --remove -v --version --platform -s --source -B --bulk-threshold -p --http-proxy -P --trust-policy -k --key --host --otp "
    "--without --document --build-root",
    Role.READS: "-g --file --config-file",
    Role.WRITES: "-i --install-dir -n --bindir -o --output --without-groups",
}
GEM: Mapping[str, Tool] = {
    "gem": Tool(summary="manages gems", mode=Mode.GROUP, options={Role.INFORMS: "-v -h"}),
    "gem build": Tool(
        summary="packs a gem",
        mode=Mode.BUILD,
        operands=Operands.PATHS,
        options={
            Role.FLAG: "-q --quiet -V --verbose --silent --force --strict --norc --debug",
            Role.VALUE: "--platform",
            Role.WRITES: "-o --output",
            Role.FOLDER: "-C",
        },
    ),
    **{
        f"gem {name}": Tool(
            summary="changes the installed gems",
            mode=Mode.INSTALL,
            operands=Operands.PACKAGES,
            environment="gem",
            holds=STORE,
            options=_GEM,
        )
        for name in ("install", "uninstall", "update", "cleanup", "pristine", "i")
    },
    **{
        f"gem {name}": Tool(summary="changes a registry", mode=Mode.OUTSIDE, operands=Operands.WORDS, options=_GEM)
        for name in ("push", "yank", "owner", "signin", "signout")
    },
    **{
        f"gem {name}": Tool(
            summary="asks for gems", mode=Mode.NOTHING, operands=Operands.WORDS, options=_GEM, shares=STORE
        )
        for name in (
            "list", "environment", "env", "search", "info", "which", "contents", "outdated", "dependency", "stale", "help", "query",
        )
    },
}  # fmt: skip

DATABASE = "database"
"""The resource that stands for whatever database an application is configured to use."""
RAILS: Mapping[str, Tool] = {
    "rails": Tool(summary="works on a Rails application", mode=Mode.GROUP, options={Role.INFORMS: "-v -h"}),
    **{
        f"rails {name}": Tool(summary="runs tests, on the application's database", mode=Mode.BUILD, checks=True, holds=DATABASE, options=_RAILS)
        for name in (
            "test", "test:all", "test:system", "test:units", "test:models", "test:controllers", "test:functionals",
            "spec", "test:integration", "test:helpers", "test:mailers", "test:jobs", "test:channels", "test:mailboxes", "test:db",
        )
    },
    **{
        f"rails db:{name}": Tool(
            summary="changes the application's database",
            mode=Mode.BUILD,
            operands=Operands.WORDS,
            holds=DATABASE,
            options={Role.FLAG: "--trace -q --quiet"},
        )
        for name in (
            "abort_if_pending_migrations", "create", "drop", "environment:set", "fixtures:load", "migrate", "migrate:down", "migrate:redo",
            "migrate:reset", "migrate:status", "migrate:up", "prepare", "reset", "rollback", "schema:cache:clear", "schema:cache:dump",
            "schema:dump", "schema:load", "seed", "seed:replant", "setup", "structure:dump", "structure:load", "test:load",
            "test:load_schema", "test:prepare", "test:purge", "truncate_all", "version",
        )
    },
    **{
        f"rails {name}": Tool(
            summary="loads the application and works in it",
            mode=Mode.BUILD,
            operands=Operands.NONE,
            holds=DATABASE if name == "zeitwerk:check" else "",
            options=_RAILS,
        )
        for name in (
            "routes", "about", "notes", "stats", "middleware", "initializers", "zeitwerk:check", "assets:precompile", "assets:clean",
            "assets:clobber", "tailwindcss:build", "tailwindcss:clobber", "dartsass:build", "tmp:clear", "tmp:create", "tmp:cache:clear", "log:clear", "secret",
        )
    },
    **{
        f"rails {name}": Tool(
            summary="serves a Rails application",
            mode=Mode.SERVE,
            port=3000,
            shares=DATABASE,
            operands=Operands.NONE,
            options={
                Role.FLAG: "-d --daemon --dev-caching -C --no-dev-caching --early-hints --log-to-stdout",
                Role.VALUE: "-b --binding -e --environment -u --using",
                Role.READS: "-c --config",
                Role.WRITES: "-P --pid",
                Role.PORT: "-p --port",
            },
        )
        for name in ("server", "s")
    },
}  # fmt: skip
IMPORTMAP: Mapping[str, Tool] = {
    "importmap": Tool(summary="manages modules of JavaScript", mode=Mode.GROUP),
    **{
        f"importmap {name}": Tool(summary="asks for modules of JavaScript", mode=Mode.READ, operands=Operands.NONE)
        for name in ("audit", "outdated", "packages")
    },
    **{
        f"importmap {name}": Tool(
            summary="changes modules of JavaScript",
            mode=Mode.BUILD,
            operands=Operands.WORDS,
            options={Role.FLAG: "-p --preload", Role.VALUE: "-e --env -f --from"},
        )
        for name in ("pin", "unpin", "update", "pristine")
    },
}
RUBY: Mapping[str, Tool] = {
    "rake": Tool(
        summary="runs tasks of a Rakefile, where it defines them in a way that is known",
        mode=Mode.SCRIPT,
        operands=Operands.SCRIPTS,
        options={
            Role.FLAG: "-t --trace -q --quiet -s --silent -v --verbose -m --multitask -N --no-search --no-system -G -X "
            "--no-deprecation-warnings --rules --suppress-backtrace",
            Role.CORES: "-j --jobs",
            Role.INFORMS: "-V",
        },
    ),
    "ruby": Tool(
        summary="runs a test file, or checks the syntax of files",
        mode=Mode.MODULE,
        options={
            Role.FLAG: "-w -W0 -W1 -W2 -W:no-deprecated -W:no-experimental --yjit --jit --disable-gems --disable=gems --verbose "
            "--disable-did_you_mean --enable=frozen-string-literal --enable-frozen-string-literal -U --debug -d",
            Role.CHECKS: "-c",
            Role.READS: "-I -r",
            Role.VALUE: "-W",
            Role.SHELL: "-e",
            Role.TASKS: "-S",
        },
    ),
}
MANAGERS: Mapping[str, Tool] = {**BUNDLER, **GEM, **RAILS, **IMPORTMAP, **RUBY}
AFTER_TESTS: Mapping[Role, str] = {
    Role.FLAG: "-v --verbose -q --quiet -p --pride -i --show-skips -b --no-plugins --use-color=no --use-color=yes",
    Role.VALUE: "-n --name -e --exclude -s --seed --ignore-name -t --testcase -x --include --order",
}
"""What may follow a test file: options of the two test libraries that come with Ruby."""
