"""What the PHP plugin makes of commands: claims, evidence, effect."""

from __future__ import annotations

import itertools
import json

import pytest

from paratask.claims.conflicts import conflict
from paratask.claims.model import Access, Claims, Effect, Evidence
from paratask.claims.overlap import overlap
from paratask.languages.php import plugin as php
from paratask.plugins.hookspecs import Delegation, Recognition
from paratask.testing import FakeCheckout, patterns_of

API, CORE, OTHER, APP, WEB = "packages/api", "packages/core", "packages/other", "app", "web"


def manifest(**values: object) -> str:
    return json.dumps(values)


SCRIPTS = {
    "lint": "phpcs src",
    "analyse": ["@lint", "@php vendor/bin/phpstan analyse"],
    "fix": "php-cs-fixer fix",
    "test": ["Composer\\Config::disableProcessTimeout", "@putenv XDEBUG_MODE=coverage", "phpunit"],
    "method": "Acme\\Tools::run",
    "program": "php bin/x.php",
    "mixed": ["@lint", "@program"],
    "loop": "@loop2",
    "loop2": "@loop",
    "again": "@composer lint",
    "unknown": "@unheard-of",
    "elsewhere": "@putenv COMPOSER=../x.json",
    "show": "phpcs ../..",
}
FILES = {
    f"{API}/composer.json": manifest(
        name="x/api",
        repositories=[{"type": "path", "url": "../*"}, {"type": "composer", "url": "https://x"}],
        require={"x/core": "*", "php": "^8"},
        scripts=SCRIPTS,
    ),
    f"{API}/composer.lock": "{}",
    f"{CORE}/composer.json": manifest(name="x/core"),
    f"{OTHER}/composer.json": manifest(name="x/other"),
}
APPLICATIONS = {
    f"{APP}/composer.json": manifest(
        scripts={
            "post-autoload-dump": ["Illuminate\\Foundation\\ComposerScripts::postAutoloadDump", "@php artisan package:discover"]
        }
    ),
    f"{APP}/artisan": "#!/usr/bin/env php\n<?php\nuse Illuminate\\Foundation\\Application;\n",
    f"{WEB}/composer.json": "{}",
    f"{WEB}/bin/console": "#!/usr/bin/env php\n<?php\nuse Symfony\\Bundle\\FrameworkBundle\\Console\\Application;\n",
    f"{WEB}/bin/phpunit": "#!/usr/bin/env php\n<?php\nrequire 'vendor/symfony/phpunit-bridge/bin/simple-phpunit.php';\n",
    f"{WEB}/config/packages/doctrine.yaml": "",
    "tools/artisan": "#!/usr/bin/env php\n<?php unlink('x');\n",
}
IN_API, IN_CORE, IN_OTHER, IN_APP, IN_WEB = (f"cd {folder} && " for folder in (API, CORE, OTHER, APP, WEB))


def claims_of(text: str, files: dict[str, str] | None = None) -> Claims:
    return FakeCheckout({**FILES, **APPLICATIONS} if files is None else files).command_claims(text, "/repo")


def writes(text: str, files: dict[str, str] | None = None) -> set[str]:
    return patterns_of(claims_of(text, files), Access.WRITE)


def reads(text: str, path: str, files: dict[str, str] | None = None) -> bool:
    return any(overlap(pattern, path) for pattern in patterns_of(claims_of(text, files), Access.READ))


def also(name: str, text: str, folder: str = API) -> dict[str, str]:
    return {**FILES, **APPLICATIONS, f"{folder}/{name}": text}


READ_ONLY = [
    "phpcs",
    "vendor/bin/phpcs --standard=PSR12 -p src tests",
    "./vendor/bin/phpcs --parallel=4 --report=full",
    "php vendor/bin/phpcs -d memory_limit=1G src",
    "composer exec phpcs -- src",
    "composer exec -- phpcs src",
    "phpcs.phar src",
    "php tools/phpcs.phar src",
    "phpstan analyse",
    "phpstan",
    "php -d memory_limit=-1 vendor/bin/phpstan --memory-limit=2G",
    "vendor/bin/ecs",
    "composer normalize --dry-run",
    "vendor/bin/composer-dependency-analyser --show-all-usages",
    "vendor/bin/phparkitect check --stop-on-failure",
    "vendor/bin/php-cs-fixer list-files",
    "find src -name '*.php' -print0 | xargs -0 -n1 -P4 php -l",
    "git ls-files '*.php' | xargs php -l",
    "php -d memory_limit=-1 vendor/bin/phpstan analyse --no-progress --error-format=table -l max src",
    "vendor/bin/phpstan analyze --memory-limit=2G",
    "psalm --no-cache --threads=4 --show-info=true",
    "rector process --dry-run",
    "rector process -n src",
    "vendor/bin/pint --test",
    "ecs check src",
    "parallel-lint -j 4 --exclude vendor .",
    "phpcpd src",
    "composer validate --strict",
    "composer outdated --direct",
    "composer show -t",
    "composer check-platform-reqs",
    "composer audit --format=json",
    "composer run-script lint",
    "composer run lint",
    "composer lint",
    "composer lint -- --report=json",
    "composer --no-interaction again",
    "composer analyse",
    "composer -d ../api lint",
    "php -l src/A.php",
    "/usr/bin/php -l src/A.php src/B.php",
    "XDEBUG_MODE=off vendor/bin/phpstan analyse",
]
WHOLE_WORKSPACE = [
    "phpunit",
    "vendor/bin/phpunit --testsuite unit --filter 'testA' --coverage-html coverage --log-junit junit.xml",
    "XDEBUG_MODE=coverage vendor/bin/phpunit --coverage-text --coverage-clover=clover.xml --colors=always",
    "php -d zend.assertions=1 vendor/bin/phpunit tests",
    "vendor/bin/pest --parallel --coverage --min=80",
    "paratest -p 4 --functional",
    "infection --threads=4 --min-msi=80",
    "behat --tags @fast --strict",
    "codecept run unit",
    "phpspec run",
    "composer test",
    "composer test -- --filter testA",
    "composer run-script test -- --filter testA",
    "composer exec phpunit",
    "php tests/AddsTest.php",
    "php tests/adds_test.php -v",
    "php-cs-fixer fix",
    "composer fix",
    "phpcbf",
    "rector",
    "rector process",
    "pint",
    "pint --test --repair",
    "psalm --alter --issues=all",
    "psalm --update-baseline",
    "phpstan analyse --generate-baseline",
    "box compile",
    "phpdoc -d src -t docs",
    "symfony composer test",
]
OUTSIDE = ["dep deploy production", "vendor/bin/dep deploy", "vapor deploy staging", "envoy run deploy", "psalm --shepherd"]
NOT_RECOGNISED = [
    "php script.php",
    "php bin/x.php",
    "php",
    "php $FILE",
    "php -r 'echo 1;'",
    "php -d auto_prepend_file=x.php vendor/bin/phpunit",
    "php -d error_log=../x vendor/bin/phpunit",
    "php tests/AddsTest.php ../out",
    "php tests/AddsTest.php $X",
    "php -S localhost:8000 ../router.php",
    "php vendor/bin/unheard-of",
    "vendor/bin/unheard-of",
    "vendor/bin/sail up",
    "bin/phpcs",
    "artisan migrate",
    "console cache:clear",
    "php artisan migrate",
    "php phpunit",
    "phpstan analyse -c missing.neon",
    "php ../../tools/artisan migrate",
    "composer",
    "composer method",
    "composer program",
    "composer mixed",
    "composer loop",
    "composer unknown",
    "composer elsewhere",
    "composer unheard-of",
    "composer run-script",
    "composer run-script unheard-of",
    "composer lint $X",
    "composer lint -- --unheard-of",
    "composer exec unheard-of",
    "composer global require x/y",
    "composer config name x",
    "composer create-project x/y",
    "composer self-update",
    "composer install --unheard-of",
    "composer install -d $X",
    "COMPOSER=other.json composer install",
    "COMPOSER_VENDOR_DIR=../v composer install",
    "phpunit --unheard-of",
    "phpunit --coverage-html $X",
    "phpunit --coverage-text=$X",
    "phpunit --colors=../x",
    "phpunit -d error_log=/x",
    "phpunit $FILES",
    "phpcs --runtime-set x y",
    "phpunit -c missing.xml",
    "codecept run --html ../x",
    "phpcs --unheard-of",
    "phpstan unheard-of",
    "phpstan src",
    "phpstan analyse --pro",
    "php-cs-fixer",
    "php-cs-fixer fix --unheard-of",
    "rector init",
    "deptrac init",
    "psalm --init",
    "symfony new x",
    "symfony console",
]
PRINTING = [
    "php --version",
    "php -v",
    "php -m",
    "composer --version",
    "phpunit --version",
    "phpcs --version",
    "composer run-script --list",
]


@pytest.mark.parametrize("text", READ_ONLY)
def test_checks_write_nothing(text):
    claims = claims_of(IN_API + text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.LOCAL
    assert patterns_of(claims, Access.WRITE, Access.EXCLUSIVE) == set()


@pytest.mark.parametrize("text", WHOLE_WORKSPACE)
def test_what_works_in_the_whole_workspace(text):
    claims = claims_of(IN_API + text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.LOCAL
    assert f"{API}/**" in patterns_of(claims, Access.WRITE)
    assert not any(pattern.startswith((CORE, OTHER, "**")) for pattern in patterns_of(claims, Access.WRITE))
    assert patterns_of(claims, Access.EXCLUSIVE) == set()


@pytest.mark.parametrize("text", OUTSIDE)
def test_effects_that_others_can_see_are_outside(text):
    claims = claims_of(IN_API + text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.OUTSIDE
    assert claims.effect_reason


@pytest.mark.parametrize("text", NOT_RECOGNISED)
def test_what_is_not_understood_claims_everything(text):
    assert claims_of(IN_API + text).evidence is Evidence.NONE


@pytest.mark.parametrize("text", PRINTING)
def test_asking_for_a_version_touches_nothing(text):
    claims = claims_of(text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.entries == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{IN_API}composer install", {f"{API}/vendor/**", f"{API}/vendor/bin/**"}),
        (f"{IN_CORE}composer install", {f"{CORE}/vendor/**", f"{CORE}/vendor/bin/**", f"{CORE}/composer.lock"}),
        (f"{IN_API}composer i -o --no-dev -n", {f"{API}/vendor/**", f"{API}/vendor/bin/**"}),
        (f"composer install -d {API}", {f"{API}/vendor/**", f"{API}/vendor/bin/**"}),
        (f"composer --working-dir={API} install", {f"{API}/vendor/**", f"{API}/vendor/bin/**"}),
        (f"{IN_API}composer update", {f"{API}/vendor/**", f"{API}/vendor/bin/**", f"{API}/composer.lock"}),
        (
            f"{IN_API}composer require --dev x/y:^1",
            {f"{API}/vendor/**", f"{API}/vendor/bin/**", f"{API}/composer.lock", f"{API}/composer.json"},
        ),
        (f"{IN_API}composer bump", {f"{API}/composer.lock", f"{API}/composer.json"}),
        (f"{IN_API}composer dump-autoload -o", {f"{API}/vendor/**", f"{API}/vendor/bin/**"}),
        (
            f"{IN_APP}composer dump-autoload",
            {f"{APP}/vendor/**", f"{APP}/vendor/bin/**", f"{APP}/bootstrap/cache/**", f"{APP}/**"},
        ),
        (f"{IN_APP}composer install --no-scripts", {f"{APP}/vendor/**", f"{APP}/vendor/bin/**", f"{APP}/composer.lock"}),
        (f"{IN_API}phpcbf src", {f"{API}/src/**"}),
        (f"{IN_API}php-cs-fixer fix src", {f"{API}/src/**", f"{API}/.php-cs-fixer.cache/**"}),
        (f"{IN_API}php-cs-fixer fix --dry-run --diff", {f"{API}/.php-cs-fixer.cache/**"}),
        (f"{IN_API}php-cs-fixer check --cache-file=../c", {"packages/c/**"}),
        (f"{IN_API}phpcs --cache=../c src", {"packages/c/**"}),
        (f"{IN_API}phpcs --report-file=../report.txt", {"packages/report.txt"}),
        (f"{IN_API}phpunit --coverage-html ../coverage", {f"{API}/**", "packages/coverage/**"}),
        (f"{IN_API}phpunit --coverage-text=../coverage.txt", {f"{API}/**", "packages/coverage.txt/**"}),
        (f"{IN_API}phpunit ../core/tests", {f"{API}/**", f"{CORE}/**"}),
        (f"{IN_API}../../vendor/bin/phpunit", {f"{API}/**"}),
        (f"{IN_API}deptrac analyse", {f"{API}/.deptrac.cache/**"}),
        (f"{IN_API}phpstan analyse --generate-baseline=../b.neon", {f"{API}/**", "packages/b.neon/**"}),
        (f"{IN_APP}php artisan migrate --force", {f"{APP}/**"}),
        (f"{IN_APP}./artisan config:cache", {f"{APP}/**"}),
        (f"{IN_WEB}bin/console cache:clear --env=prod", {f"{WEB}/**"}),
        (f"{IN_WEB}php bin/console lint:yaml config", {f"{WEB}/**"}),
        (f"{IN_WEB}symfony console cache:warmup", {f"{WEB}/**"}),
        (f"{IN_WEB}bin/phpunit", {f"{WEB}/**"}),
        ("composer clear-cache", set()),
    ],
)
def test_writes(text, expected):
    claims = claims_of(text)
    assert claims.evidence is Evidence.INFERRED
    assert patterns_of(claims, Access.WRITE) == expected


@pytest.mark.parametrize(
    ("text", "held"),
    [
        (f"{IN_APP}php artisan migrate", {"database"}),
        (f"{IN_APP}php artisan test --parallel", {"database"}),
        (f"{IN_APP}php artisan db:seed", {"database"}),
        (f"{IN_APP}vendor/bin/phpunit", {"database"}),
        (f"{IN_APP}vendor/bin/pest", {"database"}),
        (f"{IN_APP}vendor/bin/phpstan analyse", set()),
        (f"{IN_APP}php artisan route:list", set()),
        (f"{IN_WEB}bin/console doctrine:migrations:migrate -n", {"database"}),
        (f"{IN_WEB}APP_ENV=test bin/console doctrine:database:create --if-not-exists", {"database"}),
        (f"{IN_WEB}bin/phpunit", {"database"}),
        (f"{IN_API}phpunit", set()),
        (f"{IN_API}phpmd src text cleancode,codesize", {"pdepend-cache"}),
        (f"{IN_API}composer install", set()),
        ("composer clear-cache", {"composer-cache"}),
        (f"{IN_API}phpstan clear-result-cache", {"phpstan-cache"}),
        (f"{IN_API}php -S localhost:8080 -t public", {"port:8080"}),
        (f"{IN_API}php -S 0.0.0.0:8081 router.php", {"port:8081"}),
        (f"{IN_APP}php artisan serve", {"port:8000"}),
        (f"{IN_APP}php artisan serve --port=8005", {"port:8005"}),
        (f"{IN_WEB}symfony serve --port=8006", {"port:8006"}),
    ],
)
def test_what_is_held(text, held):
    claims = claims_of(text)
    assert claims.evidence is Evidence.INFERRED
    assert patterns_of(claims, Access.EXCLUSIVE) == held
    assert claims.effect is Effect.LOCAL


@pytest.mark.parametrize(
    "text",
    [
        f"{IN_APP}APP_ENV=production php artisan migrate --force",
        f"{IN_APP}php artisan migrate --env=production",
        f"{IN_APP}php artisan migrate --env $X",
        f"{IN_APP}php artisan make:model X",
        f"{IN_APP}php artisan tinker",
        f"{IN_WEB}bin/console doctrine:migrations:migrate --env=prod",
        f"{IN_WEB}bin/console app:do-it",
    ],
)
def test_consoles_that_may_reach_others_or_run_own_commands(text):
    assert claims_of(text).evidence is Evidence.NONE


def test_tests_with_a_database_in_memory_hold_none():
    files = also("phpunit.xml", '<phpunit><php><env name="DB_DATABASE" value=":memory:"/></php></phpunit>', APP)
    assert patterns_of(claims_of(f"{IN_APP}vendor/bin/phpunit", files), Access.EXCLUSIVE) == set()


def test_a_package_that_is_made_of_another_reads_it():
    for text in ("phpunit", "phpstan analyse", "composer install", "composer test", "php tests/AddsTest.php", "psalm"):
        assert reads(IN_API + text, f"{CORE}/src/Core.php"), text
        assert not reads(IN_API + text, f"{OTHER}/src/Other.php"), text
    assert not reads(f"{IN_CORE}phpunit", f"{API}/src/Api.php")
    assert not reads(f"{IN_API}phpcs", f"{CORE}/src/Core.php")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"repositories": [{"type": "path", "url": "../core"}], "require": {"x/core": "*"}}, True),
        ({"repositories": {"core": {"type": "path", "url": "../core/"}}, "require-dev": {"x/core": "*"}}, True),
        ({"repositories": [{"type": "path", "url": "../{core,other}"}], "require": {"x/core": "*"}}, True),
        ({"repositories": [{"type": "path", "url": "$CORE"}], "require": {"x/core": "*"}}, True),
        ({"repositories": [{"type": "path", "url": "../core"}], "require": {"x/else": "*"}}, False),
        ({"repositories": [{"type": "vcs", "url": "../core"}], "require": {"x/core": "*"}}, False),
        ({"autoload": {"psr-4": {"Core\\": "../core/src"}}}, True),
        ({"autoload-dev": {"files": ["../core/src/Core.php"]}}, True),
        ({"autoload": {"psr-4": {"Core\\": ["src", "../core/src"]}}}, True),
        ({}, False),
    ],
)
def test_what_a_manifest_is_made_of(values, expected):
    files = {f"{API}/composer.json": manifest(**values), f"{CORE}/composer.json": FILES[f"{CORE}/composer.json"]}
    assert reads(f"{IN_API}phpunit", f"{CORE}/src/Core.php", files) is expected


def test_packages_are_followed_through_one_another_and_the_lock():
    files = {
        **FILES,
        f"{CORE}/composer.json": manifest(name="x/core", require={"x/other": "*"}),
    }
    assert reads(f"{IN_API}phpunit", f"{OTHER}/src/Other.php", files)
    locked = {
        f"{API}/composer.json": "{}",
        f"{API}/composer.lock": manifest(packages=[{"name": "x/core", "dist": {"type": "path", "url": "../core"}}]),
    }
    assert reads(f"{IN_API}phpunit", f"{CORE}/src/Core.php", locked)


@pytest.mark.parametrize("text", ["{", "[]"])
def test_a_manifest_that_cannot_be_read_is_no_error(text):
    files = {**FILES, f"{API}/composer.json": text}
    assert claims_of(f"{IN_API}composer install", files).evidence is Evidence.NONE
    assert reads(f"{IN_API}phpunit", f"{OTHER}/x.php", files)


@pytest.mark.parametrize(
    ("scripts", "text", "understood"),
    [
        ({"post-install-cmd": "phpcbf ../core"}, "composer install", True),
        ({"post-install-cmd": "Acme\\X::y"}, "composer install", False),
        ({"post-install-cmd": "Acme\\X::y"}, "composer install --no-scripts", True),
        ({"post-update-cmd": "Acme\\X::y"}, "composer install", True),
        ({"post-update-cmd": "Acme\\X::y"}, "composer update", False),
        ({"post-autoload-dump": "Acme\\X::y"}, "composer dump-autoload", False),
        ({"post-autoload-dump": ["@php x.php"]}, "composer require x/y", False),
        ({"pre-package-install": "Acme\\X::y"}, "composer remove x/y", False),
        ({"post-install-cmd": "Acme\\X::y"}, "composer validate", True),
        ({"post-install-cmd": 3}, "composer install", False),
        ({"pre-command-run": "phpcs"}, "composer validate", False),
    ],
)
def test_scripts_run_while_packages_are_installed(scripts, text, understood):
    files = {**FILES, f"{API}/composer.json": manifest(scripts=scripts)}
    claims = claims_of(IN_API + text, files)
    assert (claims.evidence is Evidence.INFERRED) is understood
    if "phpcbf ../core" in scripts.values():
        assert f"{CORE}/**" in patterns_of(claims, Access.WRITE)


@pytest.mark.parametrize(
    ("allowed", "whole"),
    [
        ({"composer/installers": True}, True),
        ({"phpstan/extension-installer": True, "a/b": False}, False),
        (True, True),
        ({}, False),
    ],
)
def test_plugins_of_composer_may_put_files_anywhere(allowed, whole):
    files = {**FILES, f"{API}/composer.json": manifest(config={"allow-plugins": allowed})}
    assert (f"{API}/**" in writes(f"{IN_API}composer install", files)) is whole
    assert f"{API}/**" not in writes(f"{IN_API}composer install --no-plugins", files)


def test_folders_that_the_manifest_names():
    files = {**FILES, f"{API}/composer.json": manifest(config={"vendor-dir": "../deps", "bin-dir": "tools"})}
    assert writes(f"{IN_API}composer install", files) == {"packages/deps/**", f"{API}/tools/**"}
    assert f"{API}/**" in writes(f"{IN_API}tools/phpunit", files)
    assert reads(f"{IN_API}phpcs src", "packages/deps/x.php", files)
    assert claims_of(f"{IN_API}tools/console cache:clear", files).evidence is Evidence.NONE


@pytest.mark.parametrize(
    ("name", "content", "text", "expected"),
    [
        ("phpunit.xml", '<phpunit cacheDirectory="../cache"/>', "phpunit", "packages/cache/x"),
        ("phpunit.xml.dist", '<phpunit><logging><junit outputFile="../j.xml"/></logging></phpunit>', "pest", "packages/j.xml"),
        (
            "phpunit.xml",
            '<phpunit><coverage><report><html outputDirectory="/srv/c"/></report></coverage></phpunit>',
            "vendor/bin/phpunit",
            "/srv/c/x",
        ),
        (".phpcs.xml.dist", '<ruleset><arg name="cache" value="../c"/></ruleset>', "phpcs", "packages/c"),
        ("phpcs.xml", "<ruleset><file>../core/src</file></ruleset>", "phpcbf", f"{CORE}/src/x.php"),
        ("psalm.xml", '<psalm cacheDirectory="var/psalm"/>', "psalm", f"{API}/var/psalm/x"),
        ("phpstan.neon", "parameters:\n\tlevel: 5\n\ttmpDir: var/phpstan # here\n", "phpstan analyse", f"{API}/var/phpstan/x"),
        ("phpstan.neon.dist", "parameters:\n  tmpDir: %currentWorkingDirectory%/../t\n", "phpstan analyse", "packages/t/x"),
        (
            ".php-cs-fixer.dist.php",
            "<?php $finder->in(__DIR__.'/../core/src'); return (new Config())->setFinder($finder);",
            "php-cs-fixer fix",
            f"{CORE}/src/x.php",
        ),
        (".php-cs-fixer.php", "<?php return (new Config())->setCacheFile(x());", "php-cs-fixer check", f"{API}/x"),
        ("rector.php", "<?php return RectorConfig::configure()->withPaths(['../core']);", "rector", f"{CORE}/x.php"),
    ],
)
def test_configurations_name_what_is_written(name, content, text, expected):
    files = also(name, content)
    found = claims_of(IN_API + text, files)
    assert found.evidence is Evidence.INFERRED
    assert any(overlap(pattern, expected) for pattern in patterns_of(found, Access.WRITE))


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("phpunit.xml", "<phpunit", "phpunit"),
        ("phpunit.xml", '<!DOCTYPE x [<!ENTITY y "z">]><phpunit cacheDirectory="&y;"/>', "phpunit"),
        ("phpunit.xml", '<phpunit cacheDirectory="$HOME/x"/>', "phpunit"),
        ("phpstan.neon", "parameters: {tmpDir: x}\n", "phpstan analyse"),
        ("phpstan.neon", "parameters:\n  tmpDir: %env.TMP%\n", "phpstan analyse"),
        ("infection.json5", "{logs: {html: '../x'}}", "infection"),
        ("box.json", '{"output": "../x.phar"}', "box compile"),
        ("codeception.yml", "paths:\n  output: ../x\n", "codecept run"),
        ("deptrac.yaml", "deptrac:\n  cache_file: ../x\n", "deptrac"),
    ],
)
def test_configurations_that_are_not_understood(name, content, text):
    assert claims_of(IN_API + text, also(name, content)).evidence is Evidence.NONE


def test_a_configuration_that_an_option_names():
    files = also("phpunit.xml", '<phpunit cacheDirectory="../cache"/>')
    assert {f"{API}/**", "packages/cache/**"} <= writes(f"phpunit -c {API}", files)
    assert {f"{API}/**", "packages/cache/**"} <= writes(f"phpunit --configuration={API}/phpunit.xml", files)
    included = {**also("phpstan.neon", "includes:\n  - ../base.neon\n"), "packages/base.neon": "parameters:\n  tmpDir: tmp\n"}
    assert "packages/tmp/**" in writes(f"phpstan analyse -c {API}/phpstan.neon", included)


def test_a_configuration_in_a_folder_above_may_mean_all_of_that():
    files = {**FILES, "packages/phpcs.xml": "<ruleset/>", "packages/.php-cs-fixer.php": "<?php"}
    assert "packages/**" in writes(f"{IN_API}phpcbf", files)
    assert "packages/**" not in writes(f"{IN_API}phpcbf src", files)
    assert reads(f"{IN_API}phpcs", f"{OTHER}/src/x.php", files)
    assert "packages/**" in writes(f"{IN_API}php-cs-fixer fix --config=../.php-cs-fixer.php", files)
    assert writes(f"{IN_API}php-cs-fixer fix src --config=../.php-cs-fixer.php", files) == {
        f"{API}/src/**",
        f"{API}/.php-cs-fixer.cache/**",
    }


def test_what_sources_name_beyond_their_folder_is_read():
    files = also("tests/AddsTest.php", "<?php require __DIR__ . '/../../other/src/Other.php';")
    assert reads(f"{IN_API}php tests/AddsTest.php", f"{OTHER}/src/Other.php", files)
    assert conflict(claims_of(f"{IN_API}phpunit", files), claims_of(f"{IN_OTHER}phpcbf", files))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (f"{IN_API}phpcs", f"{IN_API}phpstan analyse", False),
        (f"{IN_API}php-cs-fixer check", f"{IN_API}phpstan analyse", False),
        (f"{IN_API}php-cs-fixer fix --dry-run", f"{IN_API}phpcs", False),
        (f"{IN_API}php-cs-fixer check", f"{IN_API}php-cs-fixer check src", True),
        (f"{IN_API}phpunit", f"{IN_OTHER}phpunit", False),
        (f"{IN_API}phpunit", f"{IN_CORE}phpunit", False),
        (f"{IN_API}phpunit", f"{IN_CORE}php-cs-fixer check", False),
        (f"{IN_API}phpunit", f"{IN_CORE}composer install", False),
        (f"{IN_API}composer install", f"{IN_CORE}composer install", False),
        (f"{IN_API}COMPOSER_MIRROR_PATH_REPOS=1 composer install", f"{IN_CORE}composer install", True),
        (f"{IN_API}composer outdated", f"{IN_CORE}composer require x/y", True),
        (f"{IN_API}composer status", f"{IN_API}vendor/bin/phpcs src", True),
        (f"{IN_API}composer normalize", f"{IN_API}composer validate", True),
        (f"{IN_API}composer normalize --dry-run", f"{IN_API}composer validate", False),
        (f"{IN_API}phpunit", f"{IN_API}phpcs", True),
        (f"{IN_API}phpstan analyse", f"{IN_CORE}phpcbf src", True),
        (f"{IN_API}phpstan analyse", f"{IN_OTHER}phpcbf src", False),
        (f"{IN_API}phpcs", f"{IN_CORE}phpcbf", False),
        (f"{IN_API}composer install", f"{IN_OTHER}composer install", False),
        (f"{IN_API}composer install", f"{IN_API}vendor/bin/phpcs src", True),
        (f"{IN_API}composer install", f"{IN_API}composer validate", True),
        (f"{IN_API}composer install", f"{IN_CORE}phpcbf", True),
        ("composer clear-cache", f"{IN_API}composer install", True),
        (f"{IN_API}composer lint", f"{IN_API}composer analyse", False),
        (f"{IN_API}composer fix", f"{IN_API}composer lint", True),
        (f"{IN_APP}php artisan migrate", f"{IN_APP}php artisan test", True),
        (f"{IN_APP}php artisan test", f"{IN_WEB}bin/phpunit", True),
        (f"{IN_APP}php artisan test", f"{IN_API}phpunit", False),
        (f"{IN_API}php -S localhost:8000", f"{IN_APP}php artisan serve", True),
        (f"{IN_API}php -S localhost:8001", f"{IN_APP}php artisan serve", False),
    ],
)
def test_pairs(left, right, expected):
    assert bool(conflict(claims_of(left), claims_of(right))) is expected
    assert bool(conflict(claims_of(right), claims_of(left))) is expected


def test_read_only_tools_run_together():
    texts = [
        "phpcs",
        "phpstan analyse",
        "psalm",
        "rector process --dry-run",
        "pint --test",
        "parallel-lint .",
        "composer validate",
    ]
    for left, right in itertools.combinations(texts, 2):
        assert not conflict(claims_of(IN_API + left), claims_of(IN_API + right)), (left, right)


@pytest.mark.parametrize(
    ("text", "cpu"),
    [
        ("phpunit", 1.0),
        ("phpstan analyse", 2.0),
        ("phpstan analyse --debug", 1.0),
        ("paratest -p 6", 6.0),
        ("pest --parallel", 2.0),
        ("phpcs --parallel=3", 3.0),
        ("rector process --debug", 1.0),
    ],
)
def test_cpu(text, cpu):
    found = FakeCheckout().recognition(text)
    assert isinstance(found, Recognition | Delegation)
    assert found.cpu == cpu


def test_every_subcommand_in_the_table_has_its_group():
    groups = {key.rpartition(" ")[0] for key in php.TOOLS if " " in key}
    assert {group for group in groups if group not in php.TOOLS} == set()


def test_the_manifest_is_named():
    assert tuple(php.manifests()) == ("composer.json",)
    assert "composer.json" in FakeCheckout().manifests()


@pytest.mark.parametrize("tool", ["psalm", "rector process --dry-run", "ecs check"])
def test_who_empties_a_cache_does_not_meet_who_uses_it(tool):
    place = FakeCheckout({"a/composer.json": "{}", "b/composer.json": "{}"})
    assert not place.may_run_together(f"cd a && vendor/bin/{tool} --clear-cache", f"cd b && vendor/bin/{tool}")
    assert place.may_run_together(f"cd a && vendor/bin/{tool}", f"cd b && vendor/bin/{tool}")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("composer t", "the script `t` of `composer.json` may do anything"),
        ("composer run-script t", "the script `t` of `composer.json` may do anything"),
        ("composer install", "`composer install` runs scripts of `composer.json`, which may do anything"),
    ],
)
def test_scripts_that_are_not_understood_are_named(text, why):
    manifest = '{"scripts": {"t": "php x.php", "post-install-cmd": ["@php bin/i.php"]}}'
    assert FakeCheckout({"composer.json": manifest}).claims(text).effect_reason == why


def test_an_install_reads_the_archives_that_a_repository_of_the_manifest_has():
    manifest = '{"repositories": [{"type": "artifact", "url": "../zips"}], "require": {"acme/a": "*"}}'
    place = FakeCheckout({"api/composer.json": manifest})
    assert not place.may_run_together("cp x zips/a.zip", "cd api && composer install")
    assert place.may_run_together("cp x other/a.zip", "cd api && composer install")


def test_tests_leave_alone_what_others_see_of_a_package():
    """They wrote all of it, so that those of a package kept those of its users waiting."""
    more = {f"{CORE}/src/Core.php": "", f"{CORE}/tests/CoreTest.php": "", f"{CORE}/vendor/autoload.php": ""}
    place = FakeCheckout({**FILES, **more})
    for command in ("phpunit", "vendor/bin/pest --parallel", "php tests/CoreTest.php"):
        assert not place.may_write(command, f"{CORE}/src/Core.php", CORE)
        assert place.may_read(command, f"{CORE}/src/Core.php", CORE)
        assert place.may_write(command, f"{CORE}/tests/__snapshots__/x.txt", CORE)
        assert place.may_write(command, f"{CORE}/.phpunit.cache/x", CORE)
    assert not place.may_run_together(f"touch {CORE}/src/Core.php", f"{IN_API}phpunit")
    bundle = FakeCheckout({**FILES, f"{CORE}/Tests/CoreTest.php": ""})
    assert bundle.may_write("phpunit", f"{CORE}/Tests/__snapshots__/x.txt", CORE)
    assert bundle.may_run_together(f"{IN_CORE}phpunit", f"{IN_API}phpunit")
    assert FakeCheckout({**FILES, f"{CORE}/var/x": ""}).may_write("phpunit", f"{CORE}/var/cache/x", CORE)


def test_what_is_copied_into_place_is_read_whole():
    copied = manifest(
        name="x/api", repositories=[{"type": "path", "url": "../core", "options": {"symlink": False}}], require={"x/core": "*"}
    )
    place = FakeCheckout({**FILES, f"{API}/composer.json": copied})
    assert not place.may_run_together(f"touch {CORE}/vendor/x", f"{IN_API}composer install")
    assert FakeCheckout(FILES).may_run_together(f"touch {CORE}/vendor/x", f"{IN_API}composer install")


def test_a_script_of_the_manifest_comes_before_a_command_that_a_plugin_adds():
    place = FakeCheckout({"composer.json": manifest(scripts={"normalize": "php bin/x.php"})})
    assert not place.recognises("composer normalize")


def test_composer_s_cache_in_the_checkout_is_filled_by_several_and_removed_by_nobody_at_that_time():
    """`cache-dir` was not read, so that installing ran beside what removes the folder."""
    settings = manifest(config={"cache-dir": "../.composer-cache"})
    place = FakeCheckout({"a/composer.json": settings, "b/composer.json": settings})
    for command in ("composer install", "composer outdated"):
        assert not place.may_run_together(f"cd a && {command}", "rm -rf .composer-cache")
        assert place.may_run_together(f"cd a && {command}", f"cd b && {command}")
    assert FakeCheckout({"a/composer.json": "{}"}).may_run_together("cd a && composer install", "rm -rf .composer-cache")


def test_composer_without_a_manifest_reads_no_other_folder():
    assert not any(overlap(pattern, "other/x") for pattern in FakeCheckout({"a/x": ""}).reads("cd a && composer show"))


def test_snapshots_that_are_written_anew_were_taken_for_what_tests_leave_alone():
    place = FakeCheckout({"a/composer.json": "{}", "a/src/A.php": "", "a/src/Tests/__snapshots__/x.txt": ""})
    for command, writes in {"phpunit": False, "phpunit -d --update-snapshots": True, "pest --update-snapshots": True}.items():
        assert place.may_write(command, "a/src/Tests/__snapshots__/x.txt", "a") is writes
