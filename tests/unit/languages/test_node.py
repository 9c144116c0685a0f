"""What the Node plugin makes of commands, and the real Taskfile with both plugins: claims, evidence, effect."""

from __future__ import annotations

import itertools
import json

import pytest

from paratask.claims.conflicts import conflict
from paratask.claims.model import Access, Claims, Effect, Evidence
from paratask.frozen import replace
from paratask.languages.node import plugin as node
from paratask.testing import FakeCheckout, patterns_of

WEB = "packages/web"
IN_WEB = f"cd {WEB} && "
MANIFESTS = {"package.json": "{}", f"{WEB}/package.json": "{}", "packages/api/pyproject.toml": ""}
PYTHON = "packages/opencode_config"
NODE = "packages/cody-beads-integration"


def package(name: str = "", workspaces: object = None, **scripts: str) -> str:
    return json.dumps({"name": name, "scripts": scripts, **({"workspaces": workspaces} if workspaces else {})})


MONOREPO = {
    "package.json": package("root", ["packages/*"], all="npm run build --workspaces"),
    "packages/a/package.json": package("@x/a", build="tsc", lint="eslint ."),
    "packages/b/package.json": package("@x/b", build="vite build"),
    "packages/c/package.json": package("@x/c"),
    "packages/notes/readme.md": "",
}


def without_settings(claims: Claims) -> Claims:
    """Less the settings that tools look for in the folders above."""
    return replace(claims, entries=tuple(entry for entry in claims.entries if not entry.reason.startswith("settings of")))


def checkout(files: dict[str, str] | None = None) -> FakeCheckout:
    return FakeCheckout(files)


def claims_of(text: str, files: dict[str, str] | None = None) -> Claims:
    return checkout(files).claims(text)


def writes(text: str, files: dict[str, str] | None = None) -> set[str]:
    return checkout(files).writes(text)


READ_ONLY = [
    "tsc --noEmit",
    "tsc --noEmit -p tsconfig.json",
    "npx tsc --noEmit",
    "npx -p typescript tsc --noEmit",
    "eslint .",
    "eslint src --ext .ts,.tsx --max-warnings=0",
    "eslint 'src/**/*.{ts,tsx}'",
    "npx eslint@9 .",
    "eslint --no-cache src",
    "prettier --check .",
    "prettier -c 'src/**/*.ts'",
    "prettier -l src",
    "biome check .",
    "biome ci",
    "npx @biomejs/biome lint src",
    "depcheck",
    "npm audit",
    "npm audit --audit-level=high",
    "npm ls",
    "npm outdated",
    "node --check src/index.js",
    "./node_modules/.bin/eslint .",
    "pnpm exec eslint .",
    "yarn exec eslint .",
    "cross-env NODE_ENV=test eslint .",
    "knip",
]
WHOLE_WORKSPACE = [
    "tsc",
    "tsc -p tsconfig.build.json",
    "eslint --fix .",
    "prettier --write .",
    "biome check --write .",
    "vitest",
    "vitest run --coverage src/a.test.ts",
    "npx vitest run",
    "jest --ci --coverage -w 4",
    "mocha -R spec 'test/**/*.js'",
    "ava",
    "playwright test --project=chromium",
    "cypress run --headless",
    "vite build --mode production",
    "webpack --mode=production",
    "rollup -c",
    "esbuild src/index.ts --bundle --outfile=dist/i.js --define:A=1 --external:react",
    "next build",
    "tsup src/index.ts --format esm,cjs --dts",
    "typedoc --out docs src/index.ts",
    "node --test",
    "node --test test/",
    "bun test",
    "bun build src/index.ts --outdir=dist",
    "npm pack",
    "npm run lint",
    "npm test",
    "npm run lint -- --fix",
    "bun run test:all",
    "bun run clean",
    "yarn build",
    "pnpm lint",
    "pnpm run build",
    "cross-env CI=1 npm test",
    "c8 mocha",
    "nyc --reporter=html mocha",
    "c8 report -r lcov",
    "nyc report --reporter=html",
    "vitest run --reporter=junit --outputFile.junit=report.xml",
    "swc src -d dist",
    "npx @swc/cli compile src/a.ts -o dist/a.js --source-maps",
    "sass src/a.scss dist/a.css",
    "sass src:dist --style=compressed --no-source-map",
    "npx postcss-cli src/*.css --dir dist",
    "postcss src/a.css --replace",
    "terser dist/a.js -c passes=2 -m -o dist/a.min.js",
    "svgo",
]
OUTSIDE = [
    "npm publish --access public",
    "bun publish",
    "pnpm publish -r --no-git-checks",
    "yarn publish",
    "yarn npm publish",
    "npm version patch",
    "yarn version --patch",
    "npm dist-tag add x@1 latest",
    "bunx bumpp patch --package=package.json",
    "npx np",
    "npx semantic-release --dry-run",
    "npx changeset publish",
    "npx lerna publish",
    "nx release",
    "npm run deploy",
    "npm run publish:all",
    "bun run release",
    "yarn deploy",
    "pnpm run notify-slack",
    "turbo run deploy",
    "gh-pages -d dist",
    "cypress run --record",
]
NOT_RECOGNISED = [
    "node server.js",
    "node",
    "node -e 'x'",
    "node server.js --test",
    "bun src/index.ts",
    "bun run ./scripts/x.ts",
    "npx unheard-of",
    "npx $TOOL",
    "npx",
    "npm run $SCRIPT",
    "npm run build $ARGUMENTS",
    "npm unheard-of",
    "npm run build --prefix=~/x",
    "npm install -g typescript",
    "npm link",
    "yarn link",
    "npm run build -w unheard-of",
    "pnpm -r run build",
    "pnpm --filter unheard-of run build",
    "eslint --unheard-of .",
    "eslint $FILES",
    "tsc --unheard-of",
    "prettier --write ~/x",
    "prettier --write 'src/{../../a,b}/*.ts'",
    "vite build --outDir $OUT",
    "bin/serve",
    "cross-env CI=1 unheard-of",
    "concurrently 'tsc -w' 'unheard-of'",
    "swc ../x/src -d dist",
    "npm ci --cache ~/x",
]
PRINTING = ["node --version", "bun --version", "npm -v", "tsc --version", "yarn --version", "npm run", "eslint -v"]


@pytest.mark.parametrize("files", [{}, MANIFESTS], ids=["no manifests", "manifests"])
@pytest.mark.parametrize("text", READ_ONLY)
def test_read_only_tools_write_nothing(text, files):
    claims = claims_of(IN_WEB + text, files)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.LOCAL
    assert patterns_of(claims, Access.WRITE) == set()
    assert all(name.startswith("npx:") for name in patterns_of(claims, Access.EXCLUSIVE)), "what is not installed is fetched"
    assert all(pattern.startswith((WEB, "node_modules")) for pattern in patterns_of(without_settings(claims), Access.READ))


@pytest.mark.parametrize("files", [{}, MANIFESTS], ids=["no manifests", "manifests"])
@pytest.mark.parametrize("text", WHOLE_WORKSPACE)
def test_tools_that_write_claim_their_workspace_and_nothing_beyond(text, files):
    claims = claims_of(IN_WEB + text, files)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.LOCAL
    assert f"{WEB}/**" in patterns_of(claims, Access.WRITE)
    assert all(pattern.startswith(WEB) for pattern in patterns_of(claims, Access.WRITE))


@pytest.mark.parametrize("text", OUTSIDE)
def test_effects_that_others_can_see_are_outside(text):
    claims = claims_of(IN_WEB + text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.OUTSIDE
    assert claims.effect_reason


@pytest.mark.parametrize("text", NOT_RECOGNISED)
def test_what_is_not_understood_is_not_recognised(text):
    assert claims_of(IN_WEB + text).evidence is Evidence.NONE


@pytest.mark.parametrize("text", PRINTING)
def test_asking_for_a_version_touches_nothing(text):
    claims = claims_of(text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.entries == ()


@pytest.mark.parametrize(
    ("text", "files", "expected"),
    [
        ("vitest run", {}, {"**"}),
        ("cd packages/x && npm test", {}, {"packages/x/**"}),
        ("cd packages/x/src && npm test", {"packages/x/package.json": "{}"}, {"packages/x/**"}),
        ("npm --prefix packages/x run build", {}, {"packages/x/**"}),
        ("npm run build --prefix packages/x", {}, {"packages/x/**"}),
        ("cd packages/y && npm run build --silent --prefix=../x -- --mode=dev", {}, {"packages/x/**"}),
        ("npm --prefix packages/y run build --prefix packages/x", {}, {"packages/x/**"}),
        ("npm run build -- --prefix packages/x", {}, {"**"}),
        ("yarn --cwd packages/x build", {}, {"packages/x/**"}),
        ("pnpm -C packages/x build", {}, {"packages/x/**"}),
        ("bun run --cwd packages/x build", {}, {"packages/x/**"}),
        ("cd packages/x && eslint --fix src", {}, {"packages/x/src/**"}),
        ("cd packages/x && prettier --write 'src/**/*.ts' test", {}, {"packages/x/src/**", "packages/x/test/**"}),
        ("cd packages/x && eslint . --cache", {}, {"packages/x/.eslintcache/**"}),
        ("cd packages/x && eslint . --cache --cache-location=../c", {}, {"packages/c/**"}),
        ("cd packages/x && vite build --outDir ../../dist", {}, {"packages/x/**", "dist/**"}),
        ("cd packages/x && tsc --outDir ../dist", {}, {"packages/x/**", "packages/dist/**"}),
        (
            "cd packages/x && tsc",
            {"packages/x/tsconfig.json": '{"compilerOptions": {"outDir": "../../out"}} // c'},
            {"packages/x/**", "out/**"},
        ),
        (
            "cd packages/x && tsc --noEmit",
            {"packages/x/tsconfig.json": '{"compilerOptions": {"incremental": true,},}'},
            {"packages/x/**/*.tsbuildinfo"},
        ),
        ("cd packages/x && tsc -b", {}, {"packages/x/**", "**"}),
        ("cd packages/x && tsc -b", {"packages/x/tsconfig.json": "{}"}, {"packages/x/**"}),
        (
            "cd packages/x && tsc -b",
            {"packages/x/tsconfig.json": '{"references": [{"path": "../y"}]}'},
            {"packages/x/**", "**"},
        ),
        ("cd packages/x && tsc -p ../y", {}, {"packages/x/**", "packages/y/**"}),
        ("cd packages/x && rimraf dist build", {}, {"packages/x/dist/**", "packages/x/build/**"}),
        ("cd packages/x && bunx husky install", {}, {"packages/x/.husky/**", ".git/config/**", ".git/hooks/**"}),
        ("cd packages/x && turbo run build", {}, {"**"}),
        ("cd packages/x && nx run-many -t build test", {}, {"**"}),
    ],
)
def test_writes(text, files, expected):
    assert writes(text, files) == expected


def test_read_only_tools_of_different_kinds_run_together():
    texts = ["tsc --noEmit", "eslint .", "eslint . --cache", "prettier --check .", "biome check .", "depcheck", "npm audit"]
    place = checkout()
    for left, right in itertools.combinations(texts[:2] + texts[3:], 2):
        assert place.why_not(IN_WEB + left, IN_WEB + right) is None
    assert checkout().may_run_together(IN_WEB + "eslint . --cache", IN_WEB + "tsc --noEmit")
    assert not checkout().may_run_together(IN_WEB + "eslint . --cache", IN_WEB + "eslint src --cache")


def test_installing_keeps_readers_and_other_installers_away():
    install = claims_of(IN_WEB + "npm ci")
    assert patterns_of(install, Access.SHARED) == {"npm-cache"}
    assert conflict(install, claims_of(IN_WEB + "eslint ."))
    assert conflict(install, claims_of(IN_WEB + "prettier --check src"))
    assert conflict(install, claims_of(IN_WEB + "npm install"))
    assert not conflict(install, claims_of("cd packages/other && npm ci"))


@pytest.mark.parametrize("text", ["npm pack", "npm publish", "pnpm pack", "yarn pack", "yarn npm publish"])
def test_what_packs_a_package_runs_its_scripts(text):
    packing = package("@x/a", prepack="cp ../../README.md . && tsc --outDir ../../out")
    place = checkout({**MONOREPO, "packages/a/package.json": packing})
    assert not place.may_run_together("prettier --write README.md", f"cd packages/a && {text}")
    assert place.may_write(text, "out/index.js", "packages/a")
    assert place.recognises(text, "packages/a")
    assert not checkout({"package.json": package("root", prepack="node ../x.js")}).recognises(text)


def test_scripts_are_left_out_where_an_option_says_so():
    place = checkout({"a/package.json": package("a", prepack="tsc --outDir ../out")})
    assert place.writes("npm pack --ignore-scripts", "a") == {"a/**"}


def test_raising_a_version_runs_scripts():
    place = checkout({"a/package.json": package("a", version="cp package.json ../made/")})
    assert place.may_write("npm version patch", "made/package.json", "a")


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("npm pack -w @x/b", True),
        ("npm pack ../b", True),
        ("npm pkg set version=1.0.0 --workspaces", True),
        ("npm pkg set version=1.0.0", False),
        ("pnpm -r publish", True),
        ("npm publish ../b", True),
        ("npm pack", False),
    ],
)
def test_what_changes_or_packs_other_packages_writes_them(text, other):
    place = checkout({**MONOREPO, "pnpm-workspace.yaml": "packages: ['packages/*']\n"})
    assert place.may_write(text, "packages/b/package.json", "packages/a") is other
    assert place.may_write(text, "packages/a/package.json", "packages/a")
    assert not place.recognises("npm pack -w unheard-of", "packages/a")


@pytest.mark.parametrize(
    "text",
    ["npm ci --cache .kept", "npm --cache=.kept install", "pnpm install --store-dir .kept", "bun install --cache-dir .kept"],
)
def test_a_cache_of_packages_that_an_option_names_is_filled_side_by_side_and_not_removed_meanwhile(text):
    place = checkout(MANIFESTS)
    other = f"cd packages/other && {text.replace('.kept', '../web/.kept')}"
    assert place.may_run_together(IN_WEB + text, other)
    assert not place.may_run_together(IN_WEB + text, f"rm -rf {WEB}/.kept")


def test_pictures_and_style_sheets_go_where_options_say():
    place = checkout({"a/package.json": "{}", "package.json": "{}"})
    assert place.writes("svgo -f pictures -o ../out", "a") == {"a/**", "a/pictures/**", "out/**"}
    assert place.writes("svgo x.svg", "a") == {"a/x.svg"}
    assert place.may_write("sass a.scss:../out.css", "out.css", "a")
    assert place.writes("postcss a.css -d ../out", "a") == {"a/**", "out/**"}


@pytest.mark.parametrize(
    ("manager", "lock"),
    [("npm", "package-lock.json"), ("pnpm", "pnpm-lock.yaml"), ("yarn", "yarn.lock"), ("bun", "bun.lock")],
)
def test_members_are_installed_from_the_root_of_their_monorepo(manager, lock):
    found = writes(f"cd packages/a && {manager} install", MONOREPO)
    assert {"node_modules/**", "packages/a/node_modules/**", "packages/b/node_modules/**", lock} <= found
    assert "package.json" not in found
    assert "packages/a/package.json" in writes(f"cd packages/a && {manager} add left-pad", MONOREPO)


def test_a_pnpm_workspace_is_read_as_yaml():
    files = {**MONOREPO, "package.json": "{}", "pnpm-workspace.yaml": "packages:\n  - 'packages/**' # all\n"}
    assert "packages/b/node_modules/**" in writes("cd packages/a && pnpm install", files)


def test_an_install_runs_scripts():
    files = {"package.json": package(postinstall="tsc", prepare="husky")}
    assert {"**", ".git/hooks/**"} <= writes("npm ci", files)
    assert "**" not in writes("npm ci --ignore-scripts", files)
    assert claims_of("npm ci", {"package.json": package(postinstall="../x.sh")}).evidence is Evidence.NONE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("npm run build -w @x/a", {"packages/a/**"}),
        ("npm run build --workspace=packages/a", {"packages/a/**"}),
        ("npm -w @x/b run build", {"packages/b/**"}),
        ("npm run build --workspaces --if-present", {"packages/a/**", "packages/b/**"}),
        ("pnpm --filter @x/a build", {"packages/a/**"}),
        ("pnpm --filter @x/a... run build", {"packages/a/**", "packages/b/**"}),
        ("pnpm -r run build", {"packages/a/**", "packages/b/**"}),
        ("bun --filter '*' run build", {"packages/a/**", "packages/b/**"}),
        ("yarn workspace @x/b build", {"packages/b/**"}),
        ("yarn workspaces foreach -A run build", {"packages/a/**", "packages/b/**"}),
        ("yarn workspaces run build", {"packages/a/**", "packages/b/**"}),
        ("npm run all", {"packages/a/**", "packages/b/**"}),
        ("cd packages/a && npm run lint", set()),
        ("cd packages/c && npx eslint .", set()),
    ],
)
def test_scripts_of_members(text, expected):
    claims = claims_of(text, MONOREPO)
    assert claims.evidence is Evidence.INFERRED
    assert patterns_of(claims, Access.WRITE) == expected


SCRIPTS = {
    f"{WEB}/package.json": package(
        "web",
        lint="eslint . && prettier --check .",
        types="tsc --noEmit",
        check="run-p lint types",
        both="concurrently -k 'npm:lint' 'npm run types'",
        starred="npm-run-all --parallel 'lint' types",
        build="node build.js",
        prebuild="vite build --outDir=../shared",
        dev="vite --port 4000",
        ship="node x.js && npm publish",
        announce="node say.js",
        beyond="node build.js --out ../../dist",
        absolute="node build.js /srv/www",
        nested_beyond="npm run beyond && node x.js",
        loop="npm run loop2",
        loop2="npm run loop",
        nested="npm run ship && node y.js",
        publishing="eslint .",
        release="node r.js",
        tagged="git tag v1 && node x.js",
        test="vitest run",
        posttest="eslint . --fix",
    )
}


@pytest.mark.parametrize("runner", ["npm run", "pnpm run", "yarn", "bun run", "pnpm", "yarn run"])
@pytest.mark.parametrize("script", ["lint", "types", "check", "both", "starred"])
def test_scripts_that_are_understood_claim_what_their_commands_claim(runner, script):
    claims = claims_of(f"{IN_WEB}{runner} {script}", SCRIPTS)
    assert claims.evidence is Evidence.INFERRED
    assert patterns_of(claims, Access.WRITE) == set()
    assert patterns_of(claims, Access.READ)


def test_arguments_are_handed_to_the_script():
    assert writes(f"{IN_WEB}npm run types -- --outDir ../x", SCRIPTS) == {"packages/x/**"}
    assert claims_of(f"{IN_WEB}npm run types -- --unheard-of=../x", SCRIPTS).evidence is Evidence.NONE
    assert writes(f"{IN_WEB}yarn types --outDir ../x", SCRIPTS) == {"packages/x/**"}


def test_pre_and_post_scripts_count():
    assert f"{WEB}/**" in writes(f"{IN_WEB}npm test", SCRIPTS)
    assert "packages/shared/**" in writes(f"{IN_WEB}npm run prebuild", SCRIPTS)
    assert claims_of(f"{IN_WEB}npm run build", SCRIPTS).evidence is Evidence.NONE, "the text of prebuild leaves the workspace"


def test_the_port_of_a_script_is_held():
    assert patterns_of(claims_of(f"{IN_WEB}npm run dev", SCRIPTS), Access.EXCLUSIVE) == {"port:4000"}


@pytest.mark.parametrize(
    ("script", "evidence", "effect"),
    [
        ("announce", Evidence.INFERRED, Effect.OUTSIDE),
        ("ship", Evidence.INFERRED, Effect.OUTSIDE),
        ("nested", Evidence.INFERRED, Effect.OUTSIDE),
        ("release", Evidence.INFERRED, Effect.OUTSIDE),
        ("tagged", Evidence.INFERRED, Effect.OUTSIDE),
        ("publishing", Evidence.INFERRED, Effect.LOCAL),
        ("beyond", Evidence.NONE, Effect.OUTSIDE),
        ("nested_beyond", Evidence.NONE, Effect.OUTSIDE),
        ("absolute", Evidence.NONE, Effect.OUTSIDE),
        ("unheard-of", Evidence.INFERRED, Effect.LOCAL),
    ],
)
def test_scripts_that_are_not_understood(script, evidence, effect):
    claims = claims_of(f"{IN_WEB}npm run {script}", SCRIPTS)
    assert (claims.evidence, claims.effect) == (evidence, effect)


def test_scripts_that_run_each_other_end():
    claims = claims_of(f"{IN_WEB}npm run loop", SCRIPTS)
    assert patterns_of(claims, Access.WRITE) == {f"{WEB}/**"}


def test_a_program_stands_in_for_a_missing_script_where_the_manifest_is_known():
    assert writes(f"{IN_WEB}yarn eslint .", SCRIPTS) == set()
    assert writes(f"{IN_WEB}yarn eslint .") == {f"{WEB}/**"}


@pytest.mark.parametrize("text", ["{", "[]", '{"scripts": []}', '{"scripts": {"lint": 1}, "workspaces": 3}'])
def test_a_manifest_that_cannot_be_read_is_no_error(text):
    assert writes(f"{IN_WEB}npm run lint", {f"{WEB}/package.json": text}) == {f"{WEB}/**"}


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("vite", "port:5173"),
        ("vite dev --port 3001", "port:3001"),
        ("vite preview", "port:4173"),
        ("next dev", "port:3000"),
        ("next dev -p 3005", "port:3005"),
        ("webpack serve", "port:8080"),
        ("npx vite --port=9000", "port:9000"),
    ],
)
def test_servers_hold_their_port(text, port):
    held = patterns_of(claims_of(text), Access.EXCLUSIVE)
    assert {name for name in held if not name.startswith("npx:")} == {port}


@pytest.mark.parametrize(
    ("text", "cpu"),
    [("vitest run", 2.0), ("jest", 2.0), ("jest -w 6", 6.0), ("jest -i", 1.0), ("eslint .", 1.0), ("tsc -b", 2.0)],
)
def test_cpu(text, cpu):
    assert checkout().cpu(text) == cpu


def test_every_subcommand_in_the_table_has_its_group():
    groups = {key.rpartition(" ")[0] for key in node.TOOLS if " " in key}
    assert {group for group in groups if group not in node.TOOLS} == set()


IN_PYTHON, IN_NODE = f"cd {PYTHON} && ", f"cd {NODE} && "
REAL = {
    f"{PYTHON}/pyproject.toml": '[build-system]\nbuild-backend = "hatchling.build"\n',
    "pyproject.toml": "",
    f"{NODE}/package.json": package(
        "cody-beads",
        **{
            "build": "tsc",
            "test:all": "vitest run",
            "test:unit": "vitest run tests/unit",
            "test:integration": "vitest run tests/integration",
            "test:security": "npm audit",
            "lint": "eslint src",
            "format": "prettier --write .",
            "type-check": "tsc --noEmit",
            "clean": "rimraf dist",
            "docs": "typedoc",
            "dev": "vite",
        },
    ),
}
COMPOSITES = {
    "lint": ("uv run ruff check .", "bun run lint"),
    "format": ("uv run black . && uv run ruff format .", "bun run format"),
    "type-check": ("uv run mypy .", "bun run type-check"),
    "test": ("uv run pytest --cov=opencode_config --cov-report=term-missing", "bun run test:all"),
    "test:unit": ("uv run pytest tests/unit/", "bun run test:unit"),
    "test:integration": ("uv run pytest tests/integration/", "bun run test:integration"),
    "build": ("uv run python -m build", "bun run build"),
    "security": ("uv run safety check", "bun run test:security"),
    "docs": ("uv run sphinx-build -b html docs/ docs/_build/", "bun run docs"),
    "coverage": ("uv run pytest --cov=opencode_config --cov-report=html --cov-report=term-missing", "bun run test:all"),
    "integration-full": ("uv run pytest tests/integration/ -v", "bun run test:integration"),
    "setup": ("uv add --dev task==3.33.0", "bun install"),
}
real_files = pytest.mark.parametrize("files", [{}, REAL], ids=["no manifests", "manifests"])


@real_files
@pytest.mark.parametrize("name", COMPOSITES)
def test_the_halves_of_a_real_composite_run_together(name, files):
    python_text, node_text = COMPOSITES[name]
    left, right = claims_of(IN_PYTHON + python_text, files), claims_of(IN_NODE + node_text, files)
    assert not conflict(left, right)
    for claims in (left, right):
        assert claims.evidence is Evidence.INFERRED
        assert claims.effect is Effect.LOCAL


@real_files
def test_the_real_setup_of_both_languages_runs_together(files):
    setup_python = claims_of("uv sync && uv run python -m pip install -e ./packages/opencode_config", files)
    assert setup_python.evidence is Evidence.INFERRED
    assert not conflict(setup_python, claims_of(f"{IN_NODE}bun install", files))


@real_files
@pytest.mark.parametrize(
    ("text", "evidence", "effect"),
    [
        (f"{IN_PYTHON}uv run python -m twine upload dist/*", Evidence.INFERRED, Effect.OUTSIDE),
        (f"{IN_NODE}bun publish", Evidence.INFERRED, Effect.OUTSIDE),
        *(
            (f"{IN_PYTHON}uv run bump2version {p} --config-file pyproject.toml", Evidence.INFERRED, Effect.OUTSIDE)
            for p in ("patch", "minor")
        ),
        (f"{IN_PYTHON}uv run bump2version $choice --config-file pyproject.toml", Evidence.NONE, Effect.OUTSIDE),
        *(
            (f'{IN_NODE}bunx bumpp {p} --package="package.json"', Evidence.INFERRED, Effect.OUTSIDE)
            for p in ("patch", "minor", "major")
        ),
        (f"{IN_NODE}bunx husky install", Evidence.INFERRED, Effect.LOCAL),
        (f"{IN_NODE}bun run clean", Evidence.INFERRED, Effect.LOCAL),
        (f"{IN_NODE}bun run dev", Evidence.INFERRED, Effect.LOCAL),
        (f"{IN_PYTHON}uv run python -m opencode_config.cli --dev", Evidence.NONE, Effect.OUTSIDE),
        (f"{IN_PYTHON}uv run python scripts/validate-config.py", Evidence.NONE, Effect.OUTSIDE),
        (f"{IN_PYTHON}uv run python -c 'import opencode_config'", Evidence.NONE, Effect.OUTSIDE),
        (f"{IN_PYTHON}uv run sphinx-autobuild docs/ docs/_build/html", Evidence.INFERRED, Effect.LOCAL),
        (f"{IN_PYTHON}python -m http.server 8000 --directory docs/_build/html", Evidence.INFERRED, Effect.LOCAL),
        ("bunx --bun task@latest --version", Evidence.INFERRED, Effect.LOCAL),
        ("python --version", Evidence.INFERRED, Effect.LOCAL),
        ("node --version", Evidence.INFERRED, Effect.LOCAL),
        ("bun --version", Evidence.INFERRED, Effect.LOCAL),
        ("uv --version", Evidence.INFERRED, Effect.LOCAL),
    ],
)
def test_other_commands_of_the_real_taskfile(text, evidence, effect, files):
    claims = claims_of(text, files)
    assert (claims.evidence, claims.effect) == (evidence, effect)


@real_files
def test_cleaning_and_building_a_package_do_not_meet(files):
    assert not checkout(files).may_run_together(f"{IN_NODE}bun run clean", f"{IN_NODE}bun run build")


def test_who_empties_the_cache_of_jest_does_not_meet_other_packages_tests():
    place = FakeCheckout({"a/package.json": "{}", "b/package.json": "{}"})
    assert not place.may_run_together("cd a && jest --clearCache", "cd b && jest")
    assert place.may_run_together("cd a && jest", "cd b && jest")


@pytest.mark.parametrize(
    ("command", "locks"),
    [
        ("npm ci", set()),
        ("npm clean-install", set()),
        ("npm install", {"package-lock.json", "npm-shrinkwrap.json"}),
        ("pnpm install --frozen-lockfile", set()),
        ("pnpm install", {"pnpm-lock.yaml"}),
        ("pnpm add --frozen-lockfile x", {"pnpm-lock.yaml"}),
        ("yarn install --immutable", set()),
        ("bun install --frozen-lockfile", set()),
    ],
)
def test_an_install_that_follows_its_lock_does_not_write_it(command, locks):
    place = checkout({"package.json": "{}"})
    assert {name for name in place.writes(command) if "lock" in name or "shrink" in name} == locks
    kept = {"n": "package-lock.json", "p": "pnpm-lock.yaml", "y": "yarn.lock", "b": "bun.lock"}[command[0]]
    assert not place.may_run_together(command, f"rm {kept}")


def test_caches_of_packages_lie_in_them_wherever_the_tool_is_called():
    place = checkout({"a/package.json": "{}", "a/src/x.ts": ""})
    assert place.writes("knip --cache", "a/src") == {"a/node_modules/.cache/knip/**"}
    assert place.writes("knip", "a/src") == set()
    assert place.may_write("prettier --check --cache .", "a/node_modules/.cache/prettier/.prettier-cache", "a/src")


FETCHED = {
    "a/package.json": '{"devDependencies": {"prettier": "3"}}',
    "b/package.json": "{}",
    "c/package.json": "{}",
    "c/node_modules/.bin/eslint": "",
    "c/node_modules/.bin/tsc": "",
}


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("cd b && npx eslint .", "cd a && npx eslint .", False),
        ("cd b && npx -y eslint@9 .", "cd c && npx eslint@8 .", False),
        ("cd b && npm exec eslint .", "cd a && npx eslint .", False),
        ("cd b && npx -p typescript tsc --noEmit", "cd a && npx -p typescript tsc --noEmit", False),
        ("cd b && npx eslint .", "cd a && npx prettier --check .", True),
        ("cd b && npx eslint .", "cd c && npx eslint .", True),
        ("cd a && npx prettier --check .", "cd b && npx prettier --check .", True),
        ("cd b && npx eslint .", "cd a && eslint .", True),
        ("cd b && pnpm dlx eslint .", "cd a && pnpm dlx eslint .", True),
    ],
)
def test_npx_fetches_a_package_once_at_a_time(first, second, together):
    """With npm 10, of five calls at the same time that had to fetch eslint, four failed."""
    place = checkout(FETCHED)
    assert all(map(place.recognises, (first, second)))
    assert place.may_run_together(first, second) is together, place.why_not(first, second)


LOCKED_BY_YARN = {"web/package.json": "{}", "docs/package.json": "{}", "web/yarn.lock": "# yarn lockfile v1\n"}


@pytest.mark.parametrize(
    ("files", "together"),
    [
        ({}, False),
        ({"package.json": '{"packageManager": "yarn@1.22.22"}', ".yarnrc.yml": ""}, False),
        ({"web/package.json": '{"packageManager": "yarn@4.5.0"}'}, True),
        ({"package.json": '{"packageManager": "yarn@4.5.0+sha512.abc"}'}, True),
        ({".yarnrc.yml": "nodeLinker: node-modules\n"}, True),
        ({"web/yarn.lock": "__metadata:\n  version: 8\n"}, True),
    ],
)
@pytest.mark.parametrize("command", ["yarn", "yarn install --frozen-lockfile", "yarn add left-pad"])
def test_yarn_1_fills_its_cache_once_at_a_time(command, files, together):
    """With Yarn 1.22, two installs of the same packages into an empty cache failed two times of three. Newer ones can share it."""
    place = checkout({**LOCKED_BY_YARN, **files, **{name.replace("web/", "docs/"): text for name, text in files.items()}})
    assert place.may_run_together(f"cd web && {command}", f"cd docs && {command}") is together
    assert place.may_run_together(f"cd web && {command}", "cd docs && yarn run lint")


@pytest.mark.parametrize(
    "command", ["npm run lint", "pnpm lint", "yarn lint", "npm run lint -w web", "npx run-s lint", "bun run lint"]
)
def test_a_script_is_read_from_the_manifest_that_it_stands_in(command):
    files = {
        "package.json": '{"workspaces": ["web"], "scripts": {"lint": "true"}}',
        "web/package.json": '{"name": "web", "scripts": {"lint": "true"}}',
    }
    place = FakeCheckout(files)
    folder = "." if "-w" in command else "web"
    for other in ("npx sort-package-json web/package.json", "cp x web/package.json", "cd web && prettier --write package.json"):
        assert not place.may_run_together(other, f"cd {folder} && {command}")
        assert not place.may_run_together(f"cd {folder} && {command}", other)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("npm test", "script `test`: `frobnicate x` is not recognised, so the whole workspace is claimed"),
        ("npm run up", "script `up`: `frobnicate ../x` is not recognised, and may reach beyond the workspace"),
        ("npm run all", "script `up`: `frobnicate ../x` is not recognised, and may reach beyond the workspace"),
        ("npx concurrently 'frobnicate z' 'eslint .'", "`frobnicate z` is not recognised"),
    ],
)
def test_what_was_not_understood_in_a_script_was_not_told(text, reason):
    manifest = package("a", test="eslint . && frobnicate x", up="eslint . && frobnicate ../x", all="npm run up")
    claims = claims_of(text, {"package.json": manifest})
    assert reason in {entry.reason for entry in claims.entries}
    assert (claims.evidence is Evidence.NONE) is (text != "npm test")
