"""Which programs each of our plugins may know, by name, so that none is loaded for a program that it does not know.

Knows names only, and what a path may stand for: a plugin says itself whether it recognises a call.
"""

from __future__ import annotations

# Written by docs/generate_plugins.py.
_NAMES = {
    "python": (
        "autoflake bandit basedpyright black bump-my-version bump2version bumpversion codespell coverage cz deptry "
        "docformatter flake8 flask flit gunicorn hatch hypercorn isort maturin mkdocs mypy nox pdm pip pip-audit pipenv "
        "pipx poetry pre-commit prek py.test pyclean pydocstyle pylint pyproject-build pyright pytest python pyupgrade "
        "radon ruff rye safety sphinx-apidoc sphinx-autobuild sphinx-build tox twine ty uv uvicorn uvx vulture xenon "
        "zensical"
    ),
    "node": (
        "astro attw ava babel biome bumpp bun bunx c8 changeset commitlint concurrently cross-env cross-env-shell "
        "cspell cypress del del-cli depcheck dotenv env-cmd esbuild eslint gh-pages http-server husky jest knip lerna "
        "lint-staged markdownlint markdownlint-cli2 mkdirp mocha ncu next node nodejs np npm npm-check-updates "
        "npm-run-all npm-run-all2 npx nuxt nx nyc oxfmt oxlint playwright pnpm pnpx postcss prettier publint release-it "
        "rimraf rollup run-p run-s sass semantic-release serve standard-version storybook stylelint svelte-check "
        "svelte-kit svgo swc tailwindcss terser tsc tsup turbo typedoc vite vitest vue-tsc webpack webpack-dev-server "
        "yarn"
    ),
    "rust": "cargo cross mdbook napi rustc rustfmt rustup taplo trunk typos wasm-pack",
    "go": (
        "buf deadcode deepcopy-gen dupl easyjson enumer errcheck fieldalignment gci go go-enum gocognit gocyclo gofmt "
        "gofumpt goimports golangci-lint golines golint goreleaser gosec gotestsum govulncheck gqlgen ineffassign "
        "misspell mockery mockgen modernize moq msgp nilaway oapi-codegen protoc revive shadow sqlc staticcheck "
        "stringer swag templ unconvert wire"
    ),
    "jvm": (
        "checkstyle detekt google-java-format gradle gradlew jar java javac javadoc javap jdeps kotlin kotlinc ktfmt "
        "ktlint mvn mvnd mvnw pmd"
    ),
    "ruby": (
        "brakeman bundle bundle-audit bundler-audit cap cucumber erb_lint erblint fasterer flay gem haml-lint jekyll "
        "kamal minitest mrsk parallel_rspec parallel_test puma rackup rails rake rbs rdoc reek rspec rubocop ruby rufo "
        "slim-lint srb standardrb steep yard yardoc"
    ),
    "php": (
        "artisan behat box codecept composer composer-require-checker composer-unused console dep deptrac ecs envoy "
        "infection parallel-lint paratest pest php php-cs-fixer phpbench phpcbf phpcpd phpcs phpdoc phploc phpmd "
        "phpspec phpstan phpunit pint psalm rector simple-phpunit symfony twig-cs-fixer vapor"
    ),
    "dotnet": "csharpier dotnet dotnet-csharpier dotnet-ef dotnet-outdated fantomas msbuild reportgenerator",
    "elixir": "elixir iex mix rebar3",
    "native": "c++ cc clang clang++ clang-tidy cmake cpack cppcheck ctest g++ gcc gmake make meson ninja",
    "docker": "docker docker-compose hadolint podman podman-compose",
    "terraform": "terraform tflint tofu",
    "cloud": "aws az gcloud gh helm kubectl kustomize",
    "git": "git",
}
# End of what is written.
_PROGRAMS = {plugin: frozenset(names.split()) for plugin, names in _NAMES.items()}
_READS_SCRIPTS = ("ruby", "php")
"""Plugins that look into a program of the repository (`bin/rspec`, `vendor/bin/phpunit`)."""


def may_know(plugin: str, program: str) -> bool:
    """Whether it is worth asking `plugin` of a call of `program`, a name or a path."""
    if plugin == "shell":
        return True
    folder, _, name = program.rpartition("/")
    if name in _PROGRAMS[plugin]:
        return True
    if plugin == "python" and name.startswith(("python", "pip")):
        return True
    return plugin in _READS_SCRIPTS and (bool(folder) or (plugin == "php" and name.endswith(".phar")))
