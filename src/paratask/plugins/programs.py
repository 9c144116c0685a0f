"""Which programs each of our plugins may know, by name, so that none is loaded for a program that it does not know.

Knows names only, and what a path may stand for: a plugin says itself whether it recognises a call.
"""

from __future__ import annotations

# Written by docs/generate_plugins.py.
_NAMES = {
    "shell": (
        ": [ [[ actionlint addlicense ajv alejandra ansible-lint ansible-playbook arch argocd awk b2sum base64 basename "
        "bash bashate beautysh benchstat break buildifier bunzip2 bzip2 cat cd cdk cfn-lint check-jsonschema checkov "
        "chgrp chmod chown chronic cksum clang-format clear cmake-format cmake-lint cmp comm command conftest continue "
        "cosign cp cpplint crane cue curl cut dart dash date deadnix detect-secrets detect-secrets-hook df diff dirname "
        "doc8 doctl dotenv-linter dprint du ec echo editorconfig-checker egrep eksctl env envsubst exit export expr "
        "false fga fgrep file find firebase flawfinder flux fly flyctl fold forge free ftp gdformat gdlint gersemi "
        "getconf gitleaks gitlint glab go-junit-report go-task gocovmerge gotestfmt grep groups gsutil gunzip gzip hash "
        "head helm-docs heroku hlint hostname id install ionice jq jsonlint jsonnet jsonnetfmt ksh kube-linter "
        "kube-score kubeconform kubeval let lftp license-eye lipo lizard ln local ls ls-lint lscpu luacheck lychee mail "
        "manypkg markdown-link-check md5sum mkdir mktemp mv netlify nice nixfmt nl nproc ocamlformat odin opa openssl "
        "oras osv-scanner packer paste patch pgrep pinact printenv printf promtool proselint ps pulumi pwd pydoclint "
        "rclone read readlink realpath regal reset return reuse rev rg rm rmdir rstcheck rsync rumdl s3cmd scp sed "
        "selene semgrep sendmail seq serverless set setsid sftp sh sha1sum sha256sum sha512sum shasum shellcheck shfmt "
        "shift shopt skopeo sleep solhint sort sort-package-json spectral sqlfluff sqlfmt squawk ssh stat statix stdbuf "
        "stty stylua sw_vers swagger-cli swiftformat swiftlint syncpack systemctl tac tail tar task tee terraform-docs "
        "test tfsec time timeout tombi toml-sort touch tparse tput tr tree trivy true trufflehog truncate tty type "
        "ulimit umask uname uniq unlink unset unxz unzip uptime vacuum vale vercel wait wc wget which whoami xargs "
        "xmllint xz yaml-lint yamlfmt yamllint yes yq zig zip zizmor zsh"
    ),
    "python": (
        "add-trailing-comma autoflake autopep8 bandit basedpyright black bump-my-version bump2version bumpversion "
        "check-manifest codespell coverage cz darglint deptry djlint docformatter docstrfmt eradicate fawltydeps flake8 "
        "flask flit flynt genbadge gunicorn hatch hypercorn interrogate isort lint-imports maturin mdformat mkdocs mypy "
        "nbstripout nox pdm pip pip-audit pip-compile pip-licenses pip-sync pipenv pipx poetry pre-commit prek py.test "
        "pyclean pycln pycodestyle pydocstyle pyflakes pylint pymarkdown pymarkdownlnt pyproject-build pyproject-fmt "
        "pyrefly pyright pyroma pytest python pyupgrade radon ruff rye safety sphinx-apidoc sphinx-autobuild "
        "sphinx-build sphinx-lint ssort tox tryceratops twine ty uv uvicorn uvx validate-pyproject vermin vulture xenon "
        "yamlfix yapf zensical"
    ),
    "node": (
        "alex astro attw ava babel biome bumpp bun bunx c8 case-police changeset commitlint concurrently copyfiles cpx "
        "cpy cross-env cross-env-shell cspell cypress dclint del del-cli depcheck depcruise dependency-cruise "
        "docusaurus dotenv dpdm env-cmd es-check esbuild eslint gh-pages graphql-codegen graphql-inspector "
        "graphql-schema-linter html-validate htmlhint http-server husky jest jscpd jsdoc jshint knip lerna lessc "
        "license-checker license-checker-rseidelsohn lint-staged linthtml lockfile-lint madge markdownlint "
        "markdownlint-cli2 mkdirp mocha ncc ncu next node nodejs np npm npm-check-updates npm-run-all npm-run-all2 "
        "npmPkgJsonLint npx nuxt nx nyc openapi-typescript oxfmt oxlint parcel playwright pnpm pnpx postcss prettier "
        "publint pug-lint redocly release-it remark rimraf rollup run-p run-s sass secretlint semantic-release "
        "semistandard serve shx size-limit standard standard-version storybook stylelint svelte-check svelte-kit svgo "
        "swc tailwindcss terser textlint ts-prune ts-standard ts-unused-exports tsc tsc-alias tsd tsdown tsup turbo "
        "type-coverage typedoc uglifyjs unbuild unimported vite vitepress vitest vue-tsc webpack webpack-dev-server "
        "write-good yarn"
    ),
    "deno": "deno",
    "rust": "cargo cross mdbook napi rustc rustfmt rustup taplo trunk typos wasm-pack",
    "go": (
        "buf deadcode deepcopy-gen dupl easyjson enumer errcheck fieldalignment gci ginkgo go go-consistent go-enum "
        "gocognit gocyclo gofmt gofumpt goimports golangci-lint golines golint goreleaser gosec gotest gotestsum "
        "govulncheck gqlgen ineffassign misspell mockery mockgen modernize moq msgp nilaway oapi-codegen protoc revive "
        "richgo shadow sqlc staticcheck stringer swag templ unconvert wire"
    ),
    "jvm": (
        "checkstyle detekt google-java-format gradle gradlew jar java javac javadoc javap jdeps kotlin kotlinc ktfmt "
        "ktlint mvn mvnd mvnw pmd"
    ),
    "ruby": (
        "brakeman bundle bundle-audit bundler-audit cap cucumber erb_lint erblint fasterer flay flog gem haml-lint "
        "htmlproofer i18n-tasks importmap jekyll kamal mdl minitest mrsk packwerk parallel_rspec parallel_test puma "
        "rackup rails rake rbs rdoc reek rspec rubocop ruby rufo slim-lint srb standardrb steep turbo_tests yard yardoc"
    ),
    "php": (
        "artisan behat box codecept composer composer-dependency-analyser composer-require-checker composer-unused "
        "console dep deptrac ecs envoy infection parallel-lint paratest pest php php-cs-fixer phparkitect phpbench "
        "phpcbf phpcpd phpcs phpdoc phploc phpmd phpspec phpstan phpunit pint psalm rector simple-phpunit symfony "
        "twig-cs-fixer vapor"
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


def is_known(program: str) -> bool:
    """Whether one of our plugins knows some calls of what has this name, or of what a path ends in."""
    name = program.rpartition("/")[2]
    return any(name in names for names in _PROGRAMS.values())


def may_know(plugin: str, program: str) -> bool:
    """Whether it is worth asking `plugin` of a call of `program`, a name or a path."""
    if plugin == "shell":
        return True
    folder, _, name = program.rpartition("/")
    if name in _PROGRAMS[plugin]:
        return True
    if plugin == "python" and (name.startswith(("python", "pip")) or name == "manage.py"):
        return True
    return plugin in _READS_SCRIPTS and (bool(folder) or (plugin == "php" and name.endswith(".phar")))
