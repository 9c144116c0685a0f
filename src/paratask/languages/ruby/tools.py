"""The Ruby tools that are recognised: test runners, linters, type checkers, documentation, sites, servers. Data only.

What fills stores of gems or starts other programs (Bundler, RubyGems, rake, Rails, ruby itself) stands in ruby_managers.
"""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

ALL_CORES = 2.0
"""What a tool is said to take that uses every core by itself: as for other tools that spread over the machine."""

_RSPEC: Mapping[Role, str] = {
    Role.FLAG: "-c --color --colour --force-color --force-colour --no-color --no-colour -p --profile --no-profile --fail-fast "
    "--no-fail-fast --dry-run --only-failures -n --next-failure -b --backtrace -w --warnings --bisect",
    Role.VALUE: "-f --format -e --example -E --example-matches -t --tag --seed --order -P --pattern --exclude-pattern "
    "--failure-exit-code --error-exit-code",
    Role.READS: "-I -r --require -O --options --default-path",
    Role.WRITES: "-o --out --deprecation-out",
    Role.INFORMS: "-v",
}
_RUBOCOP: Mapping[Role, str] = {
    Role.FLAG: "-P -d --debug -D --display-cop-names --no-display-cop-names -E --extra-details -S --display-style-guide -F "
    "--fail-fast -l --lint --color --no-color --force-exclusion --only-recognized-file-types --ignore-parent-exclusion "
    "--force-default-config -L --list-target-files --display-time --display-only-fail-level-offenses "
    "--display-only-correctable --display-only-safe-correctable --disable-pending-cops --enable-pending-cops "
    "--ignore-disable-comments --safe --raise-cop-error --ignore-unrecognized-cops --show-cops --show-docs-url "
    "--no-exclude-limit --stderr --only-guide-cops --disable-uncorrectable",
    Role.SEVERAL_CORES: "--parallel",
    Role.ONE_CORE: "--no-parallel",
    Role.VALUE: "-f --format --only --except --fail-level --cache -s --stdin",
    Role.READS: "-c --config -r --require --plugin",
    Role.WRITES: "-o --out",
    Role.SHARED_CACHE: "--cache-root",
    Role.EDITS: "-a -A -x --autocorrect --auto-correct --autocorrect-all --auto-correct-all --safe-auto-correct --fix-layout "
    "--fix --fix-unsafely",
    Role.WHOLE: "--auto-gen-config --regenerate-todo --init --generate-todo",
    Role.INFORMS: "-v -V --verbose-version",
}
_PATHS = {Role.READS: "-c --config", Role.WRITES: "-o --output --out"}
_DOC_OUTPUT = Tool(
    summary="writes documentation",
    mode=Mode.READ,
    operands=Operands.WORDS,
    whole=True,
    writes="doc .yardoc",
    options={
        Role.FLAG: "-q --quiet --verbose --private --protected --no-private --no-public --no-save --no-cache -c --use-cache --embed-mixins "
        "--list-undoc --no-stats --stats --fail-on-warning --no-progress --no-api --list --single-db --no-output -n --debug "
        "--backtrace --hide-void-return --no-highlight --one-file --no-yardopts --no-document",
        Role.VALUE: "--title -m --markup -M --markup-provider -f --format --charset --default-return --api --tag --hide-tag "
        "--query --exclude --plugin",
        Role.READS: "-r --readme --files -e --load -p --template-path --main -t",
        Role.WRITES: "-o --output-dir -b --db",
        Role.INFORMS: "-v",
    },
)
_SITE: Mapping[Role, str] = {
    Role.FLAG: "-q --quiet -V --verbose -D --drafts --future --unpublished --lsi --safe -I --incremental -t --trace -l --livereload "
    "--strict_front_matter --disable-disk-cache --profile --no-watch --skip-initial-build -o --open-url --detach -B",
    Role.VALUE: "-H --host -b --baseurl --limit_posts --livereload-port --livereload-ignore",
    Role.READS: "-s --source -c --config --plugins -p --layouts --ssl-cert --ssl-key",
    Role.WRITES: "-d --destination",
    Role.WATCHES: "-w --watch --force_polling",
}
_APP: Mapping[Role, str] = {
    Role.FLAG: "-q --quiet -D --daemonize -d --debug -w --warn",
    Role.VALUE: "-E --env -e --environment -o --host -s --server -t --threads --tag",
    Role.READS: "-C --config -I --include -r --require",
    Role.WRITES: "-P --pid --pidfile -S --state --redirect-stdout --redirect-stderr",
    Role.PORT: "-p --port",
    Role.CORES: "--workers",
}

_TRANSLATIONS: Mapping[Role, str] = {
    Role.FLAG: "-s --strict --no-strict -k --keep-order -n --nil-value --pattern-router -y --confirm",
    Role.VALUE: "-l --locales -b --base -f --format -t --types -p --pattern -v --value -r --replace",
}

TESTS: Mapping[str, Tool] = {
    "rspec": Tool(summary="runs tests", mode=Mode.BUILD, tests=True, options=_RSPEC),
    **{
        name: Tool(
            summary="runs tests in several processes",
            mode=Mode.BUILD,
            tests=True,
            cores=ALL_CORES,
            options={
                Role.FLAG: "--verbose --quiet --nice --serialize-stdout --combine-stderr --fail-fast --first-is-1 "
                "--verbose-process-command --verbose-rerun-command --non-parallel",
                Role.VALUE: "-p --pattern --exclude-pattern --group-by --single -s --suffix -t --type --only-group --seed",
                Role.CORES: "-n",
                Role.READS: "--runtime-log",
            },
        )
        for name in ("parallel_rspec", "parallel_test", "turbo_tests")
    },
    "minitest": Tool(
        summary="runs tests",
        mode=Mode.BUILD,
        tests=True,
        options={
            Role.FLAG: "-v --verbose -q --quiet -p --pride -b --bisect --show-skips -i",
            Role.VALUE: "-n --name -e --exclude -x -s --seed -S --skip",
            Role.READS: "-I",
        },
    ),
    "cucumber": Tool(
        summary="runs scenarios",
        mode=Mode.BUILD,
        options={
            Role.FLAG: "-q --quiet -v --verbose -b --backtrace -s --strict -d --dry-run --guess -x --expand -c --color --no-color "
            "--fail-fast --no-snippets --no-source --publish-quiet -w --wip",
            Role.VALUE: "-f --format -t --tags -n --name --order --retry -p --profile -e --exclude -i --i18n-languages",
            Role.READS: "-r --require",
            Role.WRITES: "-o --out",
            Role.OUTSIDE: "--publish",
        },
    ),
}
CHECKS: Mapping[str, Tool] = {
    "rubocop": Tool(
        summary="lints; its cache may be shared", mode=Mode.READ, options=_RUBOCOP, shares="rubocop-cache", cores=ALL_CORES
    ),
    "standardrb": Tool(
        summary="lints; its cache may be shared",
        mode=Mode.READ,
        options={**_RUBOCOP, Role.FLAG: _RUBOCOP[Role.FLAG] + " --no-fix"},
        shares="rubocop-cache",
        cores=ALL_CORES,
    ),
    "rufo": Tool(
        summary="formats",
        mode=Mode.EDIT,
        options={Role.CHECKS: "-c --check", Role.FLAG: "-x --simple-exit", Role.VALUE: "--filename --loglevel"},
    ),
    "reek": Tool(
        summary="looks for bad habits in code",
        mode=Mode.READ,
        options={
            Role.FLAG: "-V --progress --no-progress --color --no-color -U --no-documentation --show-configuration-path --force-exclusion "
            "-L --no-line-numbers -s --single-line -P",
            Role.VALUE: "-f --format --smell --sort-by --failure-exit-code --success-exit-code --stdin-filename",
            Role.READS: "-c --config",
            Role.WHOLE: "-t --todo",
        },
    ),
    "flay": Tool(
        summary="looks for likeness in code",
        mode=Mode.READ,
        options={Role.FLAG: "-v --verbose -d --diff -s --summary -l --liberal -#", Role.VALUE: "-m --mass -t --timeout"},
    ),
    "fasterer": Tool(summary="looks for slow idioms", mode=Mode.READ),
    "brakeman": Tool(
        summary="looks for faults in security",
        mode=Mode.READ,
        whole=True,
        options={
            Role.FLAG: "-q --quiet -z --exit-on-warn --no-exit-on-warn --exit-on-error --no-exit-on-error -A --run-all-checks -a "
            "--assume-routes --no-pager --no-progress --no-color --color --no-summary --summary --ensure-latest --faster "
            "--show-ignored --force -n --no-threads --no-branching --force-scan --ensure-ignore-notes --absolute-paths "
            "--no-highlights --routes -d --debug --skip-libs -5 -6 -7 -8",
            Role.VALUE: "-f --format -w --confidence-level -t --test --except -x --skip-files --only-files --url-safe-methods "
            "--message-limit --report-direct",
            Role.READS: "-p --path -c --config-file -i --ignore-config --compare",
            Role.WRITES: "-o --output",
        },
    ),
    **{
        name: Tool(
            summary="lints templates",
            mode=Mode.READ,
            cache=".erb_lint_cache",
            options={
                Role.FLAG: "--lint-all --enable-all-linters --show-linter-names --allow-no-files --clear-cache -l",
                Role.VALUE: "-f --format --enable-linters -s --stdin --fail-level",
                Role.READS: "--config",
                Role.EDITS: "-a --autocorrect",
                Role.CACHES: "--cache",
                Role.CACHE: "--cache-dir",
            },
        )
        for name in ("erb_lint", "erblint")
    },
    "slim-lint": Tool(
        summary="lints templates",
        mode=Mode.READ,
        options={
            Role.FLAG: "--color --no-color",
            Role.VALUE: "-r --reporter -i --include-linter -x --exclude-linter -e --exclude --stdin-file-path",
            Role.READS: "-c --config --require",
        },
    ),
    "haml-lint": Tool(
        summary="lints templates",
        mode=Mode.READ,
        options={
            Role.FLAG: "-p --parallel --fail-fast --no-color --color --no-summary -d --debug",
            Role.VALUE: "-r --reporter -i --include-linter -x --exclude-linter -e --exclude --fail-level --stdin",
            Role.READS: "-c --config --require",
            Role.EDITS: "-a --auto-correct -A --auto-correct-all",
            Role.WHOLE: "--auto-gen-config",
        },
    ),
    "flog": Tool(
        summary="measures how hard code is to read",
        mode=Mode.READ,
        options={
            Role.FLAG: "-a --all -b --blame -c --continue -d --details -g --group -m --methods-only -q --quiet -s --score -v --verbose"
        },
    ),
    "mdl": Tool(
        summary="lints Markdown",
        mode=Mode.READ,
        settings=".mdlrc",
        options={
            Role.FLAG: "-w --warnings -g --git-recurse -i --ignore-front-matter -a --show-aliases -j --json -v --verbose -d --skip-default-ruleset",
            Role.VALUE: "-r --rules -t --tags",
            Role.READS: "-c --config -s --style -u --rulesets",
        },
    ),
    "htmlproofer": Tool(
        summary="looks for faults in pages",
        mode=Mode.READ,
        options={
            Role.FLAG: "--allow-hash-href --allow-missing-href --disable-external --as-links --ignore-empty-alt --ignore-empty-mailto "
            "--ignore-missing-alt --no-check-external-hash --check-external-hash --no-check-internal-hash --check-internal-hash "
            "--check-sri --no-check-sri --enforce-https --no-enforce-https --only-4xx --assume-extension",
            Role.VALUE: "--checks --extensions --ignore-files --ignore-status-codes --ignore-urls --log-level --swap-urls --swap-attributes "
            "--hydra --typhoeus --directory-index-file",
            Role.READS: "--root-dir",
        },
    ),
    "packwerk": Tool(summary="checks packages of an application", mode=Mode.GROUP),
    **{
        f"packwerk {name}": Tool(
            summary="checks packages of an application",
            mode=Mode.READ,
            whole=True,
            cache="tmp/cache/packwerk",
            cores=ALL_CORES,
            options={
                Role.FLAG: "--parallel --no-parallel",
                Role.VALUE: "--packages --offenses-formatter",
            },
        )
        for name in ("check", "validate")
    },
    "i18n-tasks": Tool(summary="works on translations", mode=Mode.GROUP),
    **{
        f"i18n-tasks {name}": Tool(
            summary="looks at translations", mode=Mode.READ, operands=Operands.WORDS, whole=True, options=_TRANSLATIONS
        )
        for name in ("health", "missing", "unused", "check-normalized", "check-consistent-interpolations", "find", "eq-base")
    },
    **{
        f"i18n-tasks {name}": Tool(
            summary="changes translations", mode=Mode.BUILD, operands=Operands.WORDS, options=_TRANSLATIONS
        )
        for name in ("normalize", "add-missing", "remove-unused")
    },
    "srb": Tool(summary="checks types", mode=Mode.GROUP, default="srb tc"),
    **{
        f"srb {name}": Tool(
            summary="checks types",
            mode=Mode.READ,
            whole=True,
            cores=ALL_CORES,
            options={
                Role.FLAG: "-q --quiet -v --verbose --silence-dev-message --no-error-sections --enable-experimental-requires-ancestor --enable-experimental-rbs-comments --no-error-count --error-white-list --no-stdlib",
                Role.VALUE: "--color --ignore --typed --max-threads --error-url-base --suppress-error-code --isolate-error-code",
                Role.READS: "--dir --file --typed-override",
                Role.CACHE: "--cache-dir",
                Role.EDITS: "-a --autocorrect",
            },
        )
        for name in ("tc", "typecheck")
    },
    "steep": Tool(summary="checks types", mode=Mode.GROUP),
    **{
        f"steep {name}": Tool(
            summary="checks types",
            mode=Mode.READ,
            whole=True,
            cores=ALL_CORES,
            options={
                Role.FLAG: "--validate-group --no-validate-group --with-expectations --verbose",
                Role.VALUE: "--severity-level --log-level --format --group --type-check",
                Role.READS: "--steepfile",
                Role.CORES: "-j --jobs",
                Role.WHOLE: "--save-expectations",
            },
        )
        for name in ("check", "stats", "validate")
    },
    "rbs": Tool(summary="works on signatures", mode=Mode.GROUP),
    "rbs validate": Tool(
        summary="checks signatures", mode=Mode.READ, whole=True, options={Role.FLAG: "--silent", Role.READS: "-I"}
    ),
    **{
        name: Tool(
            summary="asks for known faults",
            mode=Mode.GROUP,
            default=f"{name} check",
        )
        for name in ("bundle-audit", "bundler-audit")
    },
    **{
        f"{name} {sub}": Tool(
            summary="asks for known faults; its list is the user's",
            mode=Mode.READ,
            operands=Operands.PATHS if sub == "check" else Operands.NONE,
            shares="ruby-advisories",
            options={
                Role.FLAG: "-q --quiet -v --verbose -u --update",
                Role.VALUE: "-i --ignore -f --format",
                Role.READS: "-G --gemfile-lock -c --config -D --database",
                Role.WRITES: "-o --output",
            },
        )
        for name in ("bundle-audit", "bundler-audit")
        for sub in ("check", "update")
    },
}
DOCUMENTATION: Mapping[str, Tool] = {
    "yard": Tool(summary="writes documentation", mode=Mode.GROUP, default="yard doc"),
    "yard doc": _DOC_OUTPUT,
    "yardoc": _DOC_OUTPUT,
    "yard stats": _DOC_OUTPUT,
    "rdoc": Tool(
        summary="writes documentation",
        mode=Mode.READ,
        operands=Operands.WORDS,
        whole=True,
        writes="doc",
        options={
            Role.FLAG: "-q --quiet -V --verbose -a --all -N --line-numbers -H --hyperlink-all --force-update -U --force-output -O "
            "--dry-run --no-dcov -C --coverage-report",
            Role.VALUE: "-t --title -f --format --fmt -e --encoding --visibility -x --exclude -w --tab-width --markup -c --charset",
            Role.READS: "-m --main -r --root --page-dir -i --include -T --template",
            Role.WRITES: "-o --output --op",
            Role.INFORMS: "-v",
        },
    ),
    "jekyll": Tool(summary="makes a site", mode=Mode.GROUP, options={Role.FLAG: _SITE[Role.FLAG]}),
    **{
        f"jekyll {name}": Tool(summary="makes a site", mode=Mode.BUILD, operands=Operands.NONE, options=_SITE)
        for name in ("build", "b", "clean", "doctor")
    },
    **{
        f"jekyll {name}": Tool(
            summary="serves a site",
            mode=Mode.SERVE,
            port=4000,
            operands=Operands.NONE,
            options={**_SITE, Role.PORT: "-P --port"},
        )
        for name in ("serve", "s", "server")
    },
}
SERVERS: Mapping[str, Tool] = {
    "rackup": Tool(summary="serves an application", mode=Mode.SERVE, port=9292, options=_APP),
    "puma": Tool(
        summary="serves an application",
        mode=Mode.SERVE,
        port=9292,
        options={
            **_APP,
            Role.PORT: "-p --port -b --bind",
            Role.CORES: "-w --workers",
            Role.FLAG: "-q --quiet --preload --debug -v",
        },
    ),
    **{
        name: Tool(summary="deploys", mode=Mode.OUTSIDE, operands=Operands.WORDS, options=_PATHS)
        for name in ("cap", "kamal", "mrsk")
    },
}
