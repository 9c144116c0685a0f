"""The Node tools that bundle, compile, document, serve, publish and tidy, and those that run a whole repository. Data only."""

from __future__ import annotations

from paratask.languages.options import Role
from paratask.languages.tool_table import Mode, Operands, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_VITE: Mapping[Role, str] = {
    Role.FLAG: "--debug -d --clearScreen --no-clearScreen --force --open --strictPort --cors --minify --sourcemap --manifest "
    "--ssrManifest --emptyOutDir --ssr --host --app -w --watch --profile",
    Role.VALUE: "-m --mode -l --logLevel --target --base --assetsDir --assetsInlineLimit -f --filter --configLoader",
    Role.READS: "-c --config",
    Role.WRITES: "--outDir",
    Role.PORT: "--port",
}
_WEBPACK: Mapping[Role, str] = {
    Role.FLAG: "--color --no-color --progress --stats --no-stats -w --watch --no-watch --fail-on-warnings --bail --profile "
    "--watch-options-stdin --no-devtool --hot --no-hot --open --no-open --no-live-reload --live-reload --analyze",
    Role.VALUE: "--mode -m --node-env --env -d --devtool -t --target --config-name --output-filename --stats --host",
    Role.READS: "-c --config --entry --tsconfig --context",
    Role.WRITES: "-o --output-path -j --json",
    Role.PORT: "--port",
}
_NEXT: Mapping[Role, str] = {
    Role.FLAG: "-d --debug --no-lint --profile --turbo --turbopack --webpack --no-mangling --experimental-app-only --experimental-https",
    Role.VALUE: "-H --hostname --experimental-build-mode --keepAliveTimeout",
    Role.PORT: "-p --port",
}
_WHOLE_REPOSITORY: Mapping[Role, str] = {
    Role.FLAG: "--parallel --no-cache --force --dry-run --dry --continue --only --affected --graph --summarize --verbose -v --all "
    "--skip-nx-cache --skipNxCache --nxBail --nx-bail --prod --watch --no-bail --stream --no-daemon --daemon --remote-only "
    "--no-update-notifier --sort --no-sort --include-dependencies --include-dependents --since --no-prefix --loglevel --ci --yes -y",
    Role.VALUE: "-F --filter -p --projects --project -c --configuration --base --head --exclude --output-style --outputStyle "
    "--output-logs --log-order --log-prefix --env-mode --ui --scope --ignore --team --token --framework-inference --cache --runner",
    Role.TASKS: "-t --target --targets",
    Role.WRITES: "--cache-dir",
    Role.CORES: "--concurrency --maxParallel",
    Role.FOLDER: "--cwd",
}
_VITEPRESS: Mapping[Role, str] = {**_VITE, Role.FLAG: _VITE[Role.FLAG] + " --mpa"}
_DOCUSAURUS: Mapping[Role, str] = {
    Role.FLAG: "--dev --bundle-analyzer --no-minify --no-open --hot-only --build --poll",
    Role.VALUE: "-l --locale -h --host",
    Role.READS: "--config --dir",
    Role.WRITES: "--out-dir",
    Role.PORT: "-p --port",
    Role.INFORMS: "-V --version --help",
}
_VERSIONS: Mapping[Role, str] = {
    Role.FLAG: "-c --commit -t --tag -p --push -y --yes -r --recursive --no-commit --no-tag --no-push --all --no-verify "
    "--ignore-scripts -q --quiet --sign --ci --dry-run -d --no-git-tag-version --any-branch --no-publish --no-tests --preview "
    "--no-cleanup --no-yarn --skip --debug --no-ci --snapshot --print-commits",
    Role.VALUE: "--preid --package --current-version --branch --message --otp -x --execute --contents --release-as --increment",
    Role.READS: "--config",
}
_SITES: Mapping[Role, str] = {
    Role.FLAG: "--open --host --force --verbose --silent --prod --ci --quiet --no-open --debug-webpack -s --single -n --cors -c-1",
    Role.VALUE: "-a --mode --base --site --loglevel",
    Role.READS: "--config --config-dir --root --env-file",
    Role.WRITES: "--outDir --out-dir -o --output-dir",
    Role.PORT: "-p --port -l --listen",
}


def _build(summary: str, options: Mapping[Role, str], cores: float = 2.0) -> Tool:
    return Tool(summary=summary, mode=Mode.BUILD, options=options, cores=cores)


def _serve(port: int, options: Mapping[Role, str], *, dependencies: bool = True) -> Tool:
    return Tool(summary="serves the application", mode=Mode.SERVE, port=port, options=options, dependencies=dependencies)


def _publish(summary: str) -> Tool:
    return Tool(summary=summary, mode=Mode.OUTSIDE, operands=Operands.WORDS, options=_VERSIONS)


def _repository() -> Tool:
    tasks = Operands.TASKS
    return Tool(
        summary="runs tasks of many workspaces", mode=Mode.REPOSITORY, operands=tasks, options=_WHOLE_REPOSITORY, cores=2.0
    )


BUNDLERS: Mapping[str, Tool] = {
    "vite": Tool(summary="bundles and serves", mode=Mode.GROUP, default="vite dev"),
    "vite build": _build("bundles", _VITE),
    "vite dev": _serve(5173, _VITE),
    "vite serve": _serve(5173, _VITE),
    "vite preview": _serve(4173, _VITE),
    "vite optimize": _build("bundles packages", _VITE),
    "webpack": Tool(summary="bundles", mode=Mode.GROUP, default="webpack build"),
    "webpack build": _build("bundles", _WEBPACK),
    "webpack bundle": _build("bundles", _WEBPACK),
    "webpack watch": _build("bundles on changes", _WEBPACK),
    "webpack serve": _serve(8080, _WEBPACK),
    "webpack-dev-server": _serve(8080, _WEBPACK),
    "rollup": _build(
        "bundles",
        {
            Role.FLAG: "-c --config -w --watch --silent --bundleConfigAsCjs --failAfterWarnings --no-treeshake -m --sourcemap --compact "
            "--no-esModule --no-strict --no-indent --forceExit --preserveModules",
            Role.VALUE: "-f --format -n --name -g --globals -e --external -p --plugin --environment --exports --configPlugin --context "
            "--banner --footer --logLevel",
            Role.READS: "-i --input --configImportAttributesKey",
            Role.WRITES: "-o --file -d --dir",
        },
    ),
    "esbuild": _build(
        "bundles",
        {
            Role.FLAG: "--bundle --minify --watch --splitting --sourcemap --keep-names --format --platform --target --jsx "
            "--log-level --tree-shaking --packages --charset --color --analyze --global-name --legal-comments --main-fields --conditions "
            "--resolve-extensions --entry-names --chunk-names --asset-names --jsx-factory --jsx-import-source --allow-overwrite "
            "--ignore-annotations --line-limit --log-limit --jsx-dev --jsx-fragment --jsx-side-effects --preserve-symlinks "
            "--mangle-props --reserve-props --drop-labels --public-path "
            "--external: --define: --loader: --alias: --inject: --banner: --footer: --drop: --pure: --out-extension: --supported:",
            Role.READS: "--tsconfig",
            Role.WRITES: "--outfile --outdir --outbase --metafile",
        },
    ),
    "tsup": _build(
        "bundles",
        {
            Role.FLAG: "--dts --watch --minify --clean --sourcemap --splitting --treeshake --silent --no-splitting --no-config --shims "
            "--metafile --legacy-output --no-clean --dts-only --bundle --no-bundle --cjsInterop --keep-names",
            Role.VALUE: "--format --target --env.NODE_ENV --global-name --external --platform --loader --entry",
            Role.READS: "--config --tsconfig",
            Role.WRITES: "-d --out-dir --outDir",
        },
    ),
    "tsdown": _build(
        "bundles",
        {
            Role.FLAG: "--no-config --clean --no-clean --minify --debug --silent --treeshake --no-treeshake --sourcemap --shims --dts --no-dts "
            "--publint --attw --unused --watch -w --report --no-report --unbundle --exports --fail-on-warn --no-fail-on-warn --hash --no-hash",
            Role.VALUE: "--format -f --target --platform --external --env.NODE_ENV --log-level -l --filter -F --globalName",
            Role.READS: "--config -c --tsconfig --copy --public-dir",
            Role.WRITES: "--out-dir -d",
        },
    ),
    "unbuild": _build("bundles", {Role.FLAG: "--stub --watch --minify --sourcemap --parallel", Role.READS: "--config"}),
    "parcel": Tool(summary="bundles", mode=Mode.GROUP),
    "parcel build": Tool(
        summary="bundles; its cache lies at the root, for all packages",
        mode=Mode.BUILD,
        cores=2.0,
        locks="parcel-cache",
        options={
            Role.FLAG: "--no-optimize --no-source-maps --no-scope-hoist --no-content-hash --no-cache --no-autoinstall --detailed-report "
            "--trace",
            Role.VALUE: "--public-url --target --log-level --feature-flag",
            Role.READS: "--config -c",
            Role.WRITES: "--dist-dir --cache-dir",
        },
    ),
    "ncc": Tool(summary="bundles", mode=Mode.GROUP),
    "ncc build": _build(
        "bundles",
        {
            Role.FLAG: "-m --minify -C --no-cache -s --source-map --no-source-map-register -w --watch -t --transpile-only --v8-cache "
            "-q --quiet -d --debug --no-asset-builds",
            Role.VALUE: "-e --external --license --target",
            Role.WRITES: "-o --out",
        },
    ),
    "next": Tool(summary="builds and serves", mode=Mode.GROUP, default="next dev"),
    "next build": _build("builds the application", _NEXT),
    "next dev": _serve(3000, _NEXT),
    "next start": _serve(3000, _NEXT),
    "next lint": Tool(
        summary="lints",
        mode=Mode.BUILD,
        operands=Operands.NONE,
        options={
            Role.FLAG: "--fix --strict --quiet --no-cache",
            Role.VALUE: "--max-warnings -f --format --ext",
            Role.READS: "-d --dir -c --config --file",
            Role.WRITES: "-o --output-file --cache-location",
        },
    ),
    "astro": Tool(summary="builds and serves", mode=Mode.GROUP),
    "astro build": _build("builds the site", _SITES),
    "astro check": _build("checks types", _SITES),
    "astro sync": _build("writes types", _SITES),
    "astro dev": _serve(4321, _SITES),
    "astro preview": _serve(4321, _SITES),
    "nuxt": Tool(summary="builds and serves", mode=Mode.GROUP),
    "nuxt build": _build("builds the application", _SITES),
    "nuxt generate": _build("builds the site", _SITES),
    "nuxt prepare": _build("writes types", _SITES),
    "nuxt dev": _serve(3000, _SITES),
    "vitepress": Tool(summary="builds and serves", mode=Mode.GROUP, default="vitepress dev"),
    "vitepress build": _build("builds the site", _VITEPRESS),
    "vitepress dev": _serve(5173, _VITEPRESS),
    "vitepress preview": _serve(4173, _VITEPRESS),
    "vitepress serve": _serve(4173, _VITEPRESS),
    "docusaurus": Tool(summary="builds and serves", mode=Mode.GROUP),
    "docusaurus build": _build("builds the site", _DOCUSAURUS),
    "docusaurus clear": _build("removes what was built", _DOCUSAURUS, 1.0),
    "docusaurus start": _serve(3000, _DOCUSAURUS),
    "docusaurus serve": _serve(3000, _DOCUSAURUS),
    "docusaurus deploy": Tool(summary="publishes the site", mode=Mode.OUTSIDE, options=_DOCUSAURUS),
    "svelte-kit": Tool(summary="writes types", mode=Mode.GROUP),
    "svelte-kit sync": _build("writes types", {}, 1.0),
    "storybook": Tool(summary="builds and serves", mode=Mode.GROUP),
    "storybook build": _build("builds the site", _SITES),
    "storybook dev": _serve(6006, _SITES),
    "http-server": _serve(8080, _SITES, dependencies=False),
    "serve": _serve(3000, _SITES, dependencies=False),
    "babel": _build(
        "compiles",
        {
            Role.FLAG: "-w --watch --copy-files --verbose --quiet -s --source-maps --no-comments --delete-dir-on-start --no-babelrc",
            Role.VALUE: "-x --extensions --presets --plugins --ignore --env-name --root-mode --only",
            Role.READS: "--config-file",
            Role.WRITES: "-d --out-dir -o --out-file",
        },
        1.0,
    ),
    "swc": Tool(summary="compiles", mode=Mode.GROUP, default="swc compile"),
    "swc compile": _build(
        "compiles",
        {
            Role.FLAG: "-w --watch -q --quiet -D --copy-files -s --source-maps --include-dotfiles --sync --strip-leading-paths "
            "--delete-dir-on-start --no-swcrc --log-watch-compilation",
            Role.VALUE: "--extensions --only --ignore --env-name --workers --out-file-extension --source-file-name --source-root",
            Role.READS: "--config-file",
            Role.WRITES: "-d --out-dir -o --out-file",
        },
        1.0,
    ),
    "sass": _build(
        "compiles style sheets",
        {
            Role.FLAG: "--source-map --no-source-map --embed-sources --no-embed-sources --embed-source-map --no-embed-source-map --charset "
            "--no-charset --error-css --no-error-css --update --no-stop-on-error --stop-on-error -q --quiet --quiet-deps --verbose -c "
            "--color --no-color --unicode --no-unicode --trace --indented --no-indented -w --watch --poll",
            Role.VALUE: "-s --style --source-map-urls --silence-deprecation --fatal-deprecation --future-deprecation -p --pkg-importer",
            Role.READS: "-I --load-path",
        },
        1.0,
    ),
    "postcss": _build(
        "changes style sheets",
        {
            Role.FLAG: "-m --map --no-map -r --replace -w --watch --verbose --include-dotfiles --poll",
            Role.VALUE: "--env -u --use --parser --stringifier --syntax --ext -x",
            Role.READS: "--base --config",
            Role.WRITES: "-o --output -d --dir",
        },
        1.0,
    ),
    "terser": _build(
        "makes programs small",
        {
            Role.FLAG: "-b --beautify -c --compress -m --mangle --module --toplevel --keep-classnames --keep-fnames --safari10 --ie8 --rename "
            "--comments --source-map --timings -e --enclose --warn --verbose",
            Role.VALUE: "--ecma --mangle-props -f --format -d --define -p --parse --wrap",
            Role.READS: "--config-file",
            Role.WRITES: "-o --output --name-cache",
            Role.INFORMS: "-V",
        },
        1.0,
    ),
    "svgo": Tool(
        summary="makes pictures small",
        mode=Mode.EDIT,
        settings="svgo.config.*",
        options={
            Role.FLAG: "--multipass --pretty --final-newline -r --recursive -q --quiet --no-color",
            Role.VALUE: "-s --string -p --precision --datauri --indent --eol --exclude",
            Role.READS: "--config",
            Role.WRITES: "-i --input -f --folder -o --output",
            Role.INFORMS: "-v --show-plugins",
        },
    ),
    "tailwindcss": Tool(
        summary="makes a style sheet of what pages name",
        mode=Mode.READ,
        operands=Operands.NONE,
        whole=True,
        options={
            Role.FLAG: "-m --minify -w --watch -p --poll --no-autoprefixer --optimize --map --verbose",
            Role.VALUE: "--content",
            Role.READS: "-i --input -c --config --postcss",
            Role.WRITES: "-o --output",
            Role.FOLDER: "--cwd",
        },
    ),
    "graphql-codegen": Tool(
        summary="writes programs for an interface",
        mode=Mode.BUILD,
        operands=Operands.NONE,
        options={
            Role.FLAG: "-w --watch -s --silent -e --errors-only --verbose --debug --profile -o --overwrite --check --ignore-no-documents",
            Role.VALUE: "-r --require -p --project --import-extension",
            Role.READS: "-c --config",
        },
    ),
    "typedoc": _build(
        "writes documentation",
        {
            Role.FLAG: "--emit --watch --validation.invalidLink --treatWarningsAsErrors --excludePrivate --excludeInternal --skipErrorChecking "
            "--excludeExternals --excludeProtected --excludeNotDocumented --disableSources --disableGit --includeVersion "
            "--hideGenerator --cleanOutputDir --treatValidationWarningsAsErrors",
            Role.VALUE: "--plugin --theme --name --logLevel --entryPointStrategy --exclude --gitRevision --gitRemote "
            "--sourceLinkTemplate --router",
            Role.READS: "--options --tsconfig --readme --entryPoints --customCss --customJs --projectDocuments",
            Role.WRITES: "--out --json --html",
        },
        1.0,
    ),
}

REPOSITORY: Mapping[str, Tool] = {
    "turbo": _repository(),
    "nx": _repository(),
    "lerna": _repository(),
    "lint-staged": _repository(),
    "husky": Tool(summary="sets git hooks up", mode=Mode.GROUP, default="husky init"),
    **{
        f"husky {name}": Tool(
            summary="sets git hooks up", mode=Mode.NOTHING, operands=Operands.PATHS, writes=".husky .git/config .git/hooks"
        )
        for name in ("install", "init")
    },
    "bumpp": _publish("changes the version, commits, tags and pushes"),
    "np": _publish("publishes a release"),
    "semantic-release": _publish("publishes a release"),
    "release-it": _publish("publishes a release"),
    "standard-version": _publish("changes the version, commits and tags"),
    "changeset": Tool(summary="manages versions", mode=Mode.GROUP),
    "changeset publish": _publish("publishes packages"),
    "changeset tag": _publish("tags packages"),
    "changeset version": Tool(
        summary="changes versions",
        mode=Mode.REPOSITORY,
        operands=Operands.WORDS,
        options={Role.FLAG: "--snapshot", Role.VALUE: "--ignore"},
    ),
    "changeset status": Tool(
        summary="lists changes",
        mode=Mode.READ,
        operands=Operands.NONE,
        options={
            Role.FLAG: "--verbose",
            Role.VALUE: "--since",
            Role.WRITES: "--output",
        },
    ),
    "gh-pages": Tool(
        summary="publishes a site",
        mode=Mode.OUTSIDE,
        options={
            Role.VALUE: "-b --branch -m --message -r --repo -e --dest",
            Role.READS: "-d --dist",
            Role.FLAG: "-t --dotfiles --nojekyll",
        },
    ),
    **{
        name: Tool(
            summary="removes paths",
            mode=Mode.NOTHING,
            operands=Operands.WRITTEN,
            options={
                Role.FLAG: "-g --glob --no-glob -f --force -v --verbose --dry-run -d --dot --preserve-root -G",
                Role.VALUE: "--max-retries --backoff --impl",
            },
        )
        for name in ("rimraf", "del-cli", "del", "mkdirp")
    },
}
