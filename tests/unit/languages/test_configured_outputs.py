"""Settings of tools that put results, reports and caches somewhere else: who reads or removes those comes after."""

from __future__ import annotations

import pytest

from paratask.claims.readers import only_reads
from paratask.testing import FakeCheckout

SERVER = {"server/go.mod": "module s\n", "server/main.go": "package main\n", "package.json": "{}", "lib/package.json": "{}"}
"""A program that has the pages of another package in it."""


def web(name: str, text: str, **scripts: str) -> FakeCheckout:
    listed = ", ".join(f'"{key}": "{value}"' for key, value in scripts.items())
    return FakeCheckout({**SERVER, "web/package.json": f'{{"scripts": {{{listed}}}}}', f"web/{name}": text})


@pytest.mark.parametrize(
    ("command", "name", "text"),
    [
        ("vite build", "vite.config.ts", 'export default { build: { outDir: "../server/static", emptyOutDir: true } }'),
        (
            "vite build",
            "vite.config.ts",
            "export default { build: { outDir: path.resolve(__dirname, '..', 'server', 'static') } }",
        ),
        (
            "vite build",
            "vite.config.mjs",
            "export default { build: { outDir: fileURLToPath(new URL('../server/static', import.meta.url)) } }",
        ),
        ("vite build", "vite.config.js", "export default { root: 'src', build: {\n    outDir: '../../server/static',\n  } }"),
        ("vite build", "vite.config.js", "export default { build: { outDir: dev ? '../tmp' : '../server/static' } }"),
        ("vite build", "vite.config.js", "export default { build: { outDir: `../server/static/${name}` } }"),
        ("vite build --config vite.prod.mjs", "vite.prod.mjs", 'export default { build: { outDir: "../server/static" } }'),
        (
            "webpack",
            "webpack.config.js",
            "module.exports = { output: { path: __dirname + '/../server/static', filename: 'x.js' } }",
        ),
        ("next build", "next.config.mjs", "export default { distDir: '../server/static' }"),
        ("astro build", "astro.config.mjs", "export default { outDir: '../server/static' }"),
        ("astro build", "vite.config.js", 'export default { build: { outDir: "../server/static" } }'),
        (
            "vitest run --coverage",
            "vitest.config.ts",
            "export default { test: { coverage: { reportsDirectory: '../server/static' } } }",
        ),
        ("jest --coverage", "jest.config.js", "module.exports = { coverageDirectory: '../server/static' }"),
        ("jest --coverage", "package.json", '{"jest": {"coverageDirectory": "../server/static"}}'),
        ("typedoc", "typedoc.json", '{"out": "../server/static"}'),
        ("playwright test", "playwright.config.ts", "export default { outputDir: '../server/static' }"),
    ],
)
def test_what_a_configuration_has_written_elsewhere_is_not_read_meanwhile(command, name, text):
    place = web(name, text)
    assert place.may_write(command, "server/static/index.html", "web")
    assert not place.may_run_together(f"cd web && {command}", "cat server/static/index.html")
    assert not place.may_run_together(f"cd web && {command}", "rm -rf server/static")


@pytest.mark.parametrize("script", ["vite build", "node build.js", "vue-cli-service build"])
def test_a_script_writes_where_a_configuration_of_its_package_says(script):
    place = web("vue.config.js", "module.exports = { outputDir: '../server/static' }", build=script)
    if script == "vite build":
        place = web("vite.config.js", "export default { build: { outDir: '../server/static' } }", build=script)
    assert not place.may_run_together("cd web && npm run build", "cd server && go build -o /dev/null . && cat static/x")
    assert place.may_write("npm run build", "server/static/x", "web")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("angular.json", '{"outputPath": "../server/static"}'),
        ("ng-package.json", '{"dest": "../server/static"}'),
        ("orval.config.ts", "export default { api: { output: { target: '../server/static/api.ts' } } }"),
        ("codegen.ts", "export default { schema: 'x.graphql', generates: { '../server/static/gql.ts': { plugins: [] } } }"),
        ("codegen.yml", "generates:\n  ../server/static/gql.ts:\n    plugins: []\n"),
        ("openapitools.json", '{"generator-cli": {"generators": {"v1": {"output": "#{cwd}/../server/static"}}}}'),
        ("schema.prisma", 'generator client {\n  provider = "x"\n  output   = "../server/static"\n}\n'),
        ("prisma/schema.prisma", 'generator client {\n  output = "../../server/static"\n}\n'),
        ("webpack.config.js", "module.exports = { output: { path: require('path').resolve(__dirname, '../server/static') } }"),
        (
            "vite.config.ts",
            "const out = resolve(__dirname, '..', 'server', 'static')\nexport default { build: { outDir: out } }",
        ),
    ],
)
def test_a_script_that_is_not_understood_writes_where_settings_of_its_tool_say(name, text):
    place = web(name, text, build="some-tool build")
    assert not place.may_run_together("cd web && npm run build", "ls -R server/static")


def test_vite_sees_the_folder_of_results_from_its_root():
    place = web("vite.config.js", "export default { root: 'src', build: { outDir: '../dist' } }")
    assert not place.may_write("vite build", "dist/x", "web")


@pytest.mark.parametrize(
    ("command", "text"),
    [
        ("vite build", "export default { resolve: { alias: { '@lib': path.resolve(__dirname, '../lib/src') } } }"),
        ("vitest run", "export default { build: { outDir: '../server/static' } }"),
        ("jest", "export default { build: { outDir: '../server/static' } }"),
    ],
)
def test_what_a_configuration_only_reads_or_another_tool_writes_is_not_written(command, text):
    place = web("vite.config.js", text)
    assert not place.may_write(command, "lib/src/x.ts", "web")
    assert not place.may_write(command, "server/static/x", "web")


def test_a_cache_of_jest_that_several_packages_keep_is_shared():
    config = "module.exports = { cacheDirectory: '../.cache/jest' }"
    place = FakeCheckout(
        {f"{name}/{file}": text for name in ("a", "b") for file, text in (("package.json", "{}"), ("jest.config.js", config))}
    )
    assert place.may_run_together("cd a && jest", "cd b && jest")
    assert place.may_run_together("cd a && jest --cacheDirectory ../c", "cd b && jest --cacheDirectory ../c")
    assert not place.may_run_together("cd a && jest", "rm -rf .cache/jest")


RUFF = {
    "a/pyproject.toml": "[project]\nname = 'a'\n\n[tool.ruff]\ncache-dir = '../.cache/ruff'\n",
    "b/ruff.toml": 'cache-dir = "../.cache/ruff"\n',
    "b/pyproject.toml": "",
    "c/.ruff.toml": "line-length = 100\n",
    "c/pyproject.toml": "",
    "ruff.toml": "cache-dir = 'kept'\n",
    "d/pyproject.toml": "[project]\nname = 'd'\n\n[tool]\nruff.cache-dir = 'own'\n",
}


@pytest.mark.parametrize(
    ("folder", "cache"),
    [("a", ".cache/ruff"), ("b", ".cache/ruff"), ("c", "kept"), ("c", "c/.ruff_cache"), ("d", "d/own"), (".", "kept")],
)
@pytest.mark.parametrize("command", ["ruff check", "ruff format --check"])
def test_ruff_keeps_its_cache_where_settings_say(folder, cache, command):
    place = FakeCheckout(RUFF)
    for other in (f"rm -rf {cache}", f"tar cf x.tgz {cache}"):
        assert not place.may_run_together(f"cd {folder} && {command}", other)
        assert not place.may_run_together(other, f"cd {folder} && {command}")


def test_who_empties_the_cache_of_ruff_finds_it_by_the_settings():
    place = FakeCheckout(RUFF)
    assert not place.may_run_together("cd a && ruff check", "cd b && ruff clean")
    assert not place.may_run_together("cd a && ruff check --cache-dir ../x", "cd b && ruff clean --cache-dir ../x")


@pytest.mark.parametrize(
    "command", ["ruff check", "ruff check --cache-dir ../x", "ruff --cache-dir=../x check", "RUFF_CACHE_DIR=../x ruff check"]
)
def test_ruff_shares_a_cache(command):
    place = FakeCheckout(RUFF)
    assert place.may_run_together(f"cd a && {command}", f"cd b && {command}")
    if "../x" in command:
        assert not place.may_run_together(f"cd a && {command}", "rm -rf x")


def test_managers_of_environments_share_a_cache_that_they_are_given():
    place = FakeCheckout({"a/pyproject.toml": "", "b/pyproject.toml": ""})
    assert place.may_run_together("cd a && uv --cache-dir ../x sync", "cd b && uv --cache-dir ../x sync")
    assert not place.may_run_together("cd a && uv --cache-dir ../x sync", "rm -rf x")


def test_an_auditor_wrote_a_folder_that_it_only_keeps_answers_in():
    place = FakeCheckout({})
    audit = "pip-audit --skip-editable --cache-dir /tmp/audit"
    assert only_reads(place.claims(audit))
    assert place.may_run_together(audit, f"cd a && {audit}")
    assert not place.may_run_together(audit, "rm -rf /tmp/audit")


def test_an_auditor_of_the_environment_was_said_to_read_all_files():
    place = FakeCheckout({"src/a.py": ""})
    assert place.may_run_together("pip-audit --skip-editable", "touch src/a.py")
    assert place.may_run_together("python -m pip_audit", "ruff format .")
    assert not place.may_run_together("pip-audit", "pip install x")
    for read in ("requirements.txt", "requirements/base.in"):
        assert not place.may_run_together("pip-audit -r requirements.txt", f"touch {read}")
    assert not place.may_run_together("pip-audit --locked .", "touch pylock.toml")


def test_a_cache_that_settings_name_is_in_nobodys_way():
    place = FakeCheckout(RUFF)
    assert place.may_run_together("cd a && ruff check", "cd a && mypy .")


@pytest.mark.parametrize(
    ("command", "name", "text", "written"),
    [
        ("mypy .", "pyproject.toml", "[tool.mypy]\ncache_dir = '../out/x'\n", "out/x/3.12/a.json"),
        ("mypy .", "mypy.ini", "[mypy]\ncache_dir = ../out/x\n", "out/x/3.12/a.json"),
        ("mypy .", "setup.cfg", "[mypy]\ncache_dir = ../out/x\n", "out/x/3.12/a.json"),
        ("mypy --config-file conf/m.ini .", "conf/m.ini", "[mypy]\ncache_dir = ../out/x\n", "out/x/3.12/a.json"),
        ("python -m mypy src", "mypy.ini", "[mypy]\nhtml_report = ../out/x\n", "out/x/index.html"),
        ("pytest", "pyproject.toml", "[tool.pytest.ini_options]\ncache_dir = '../out/x'\n", "out/x/v/lastfailed"),
        ("pytest", "pytest.ini", "[pytest]\ncache_dir = ../out/x\n", "out/x/v/lastfailed"),
        ("pytest", "tox.ini", "[pytest]\naddopts = -q --unheard-of=1 --junitxml=../out/x.xml\n", "out/x.xml"),
        ("pytest", "setup.cfg", "[tool:pytest]\naddopts = --junitxml ../out/x.xml\n", "out/x.xml"),
        ("pytest", "pyproject.toml", "[tool.pytest.ini_options]\naddopts = ['--cov', '--cov-report', 'html:../out/x']\n", "out/x/index.html"),
        ("pytest", "pyproject.toml", "[tool.pytest.ini_options]\naddopts = '--cov-report=xml:build/cov.xml'\n", "a/build/cov.xml"),
        ("uv run pytest", "pytest.ini", "[pytest]\naddopts = --junitxml=../out/x.xml\n", "out/x.xml"),
        ("pytest --cov", ".coveragerc", "[run]\ndata_file = ../out/data\n", "out/data.host.1.x"),
        ("pytest --cov", "pyproject.toml", "[tool.coverage.html]\ndirectory = '../out/x'\n", "out/x/index.html"),
        ("coverage run -m pytest", "pyproject.toml", "[tool.coverage.run]\ndata_file = '../out/data'\n", "out/data"),
        ("coverage xml", "setup.cfg", "[coverage:xml]\noutput = ../out/c.xml\n", "out/c.xml"),
        ("zensical build", "zensical.toml", "[project]\nsite_dir = '../out/x'\n", "out/x/index.html"),
        ("zensical build -f conf/z.toml", "conf/z.toml", "[project]\n  site_dir = '../../out/x'\n", "out/x/index.html"),
        ("zensical build", "mkdocs.yml", "site_name: x\nsite_dir: ../out/x\n", "out/x/index.html"),
        ("coverage html --rcfile conf/c", "conf/c", "[html]\ndirectory = ../out/x\n", "out/x/index.html"),
    ],
)  # fmt: skip
def test_python_tools_write_where_settings_say(command, name, text, written):
    place = FakeCheckout({"a/pyproject.toml": "", "b/pyproject.toml": "", f"a/{name}": text, f"b/{name}": text})
    assert place.may_write(command, written, "a")
    assert not place.may_run_together(f"cd a && {command}", f"cat {written}")
    if written.startswith("out"):
        assert not place.may_run_together(f"cd a && {command}", f"cd b && {command}")


def test_the_nearest_settings_hold_also_from_above():
    place = FakeCheckout({"pytest.ini": "[pytest]\ncache_dir = out\n", "a/pyproject.toml": "", "a/b/pyproject.toml": ""})
    assert place.may_write("pytest", "out/v", "a/b")
    shadowed = FakeCheckout({"pytest.ini": "[pytest]\ncache_dir = out\n", "a/pytest.ini": "[pytest]\n", "a/pyproject.toml": ""})
    assert not shadowed.may_write("pytest", "out/v", "a")


def test_a_path_in_settings_that_only_the_run_tells_may_be_anywhere():
    place = FakeCheckout({"a/pytest.ini": "[pytest]\ncache_dir = $KEPT/x\n", "a/pyproject.toml": ""})
    assert place.may_write("pytest", "b/x", "a")


def test_a_report_that_is_printed_reads_what_was_measured():
    place = FakeCheckout({"a/.coveragerc": "[run]\ndata_file = ../out/data\n", "a/pyproject.toml": ""})
    assert not place.may_run_together("cd a && coverage report", "rm out/data")
    assert place.may_run_together("cd a && coverage report", "cat out/data")


def test_settings_that_cannot_be_parsed_say_nothing():
    for name in ("pytest.ini", ".coveragerc", "mypy.ini", "ruff.toml"):
        assert FakeCheckout({f"a/{name}": "[[[", "a/setup.py": ""}).recognises("pytest --cov && mypy . && ruff check", "a")


@pytest.mark.parametrize("kept", ["../.cache/a", "../.cache/a.tsbuildinfo", "node_modules/.cache/tsc"])
@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("tsc --noEmit", '"incremental": true, '),
        ("tsc --noEmit --incremental", ""),
        ("tsc -p . --noEmit", '"composite": true, '),
    ],
)
def test_a_type_checker_keeps_build_information_where_its_configuration_says(kept, command, options):
    place = FakeCheckout(
        {"a/package.json": "{}", "a/tsconfig.json": f'{{"compilerOptions": {{{options}"tsBuildInfoFile": "{kept}"}}}}'}
    )
    path = f"a/{kept}".replace("a/../", "")
    assert not place.may_run_together(f"cd a && {command}", f"cat {path}")
    assert not place.may_run_together(f"cd a && {command}", f"rm -rf {path}")


@pytest.mark.parametrize(
    ("command", "config", "other"),
    [
        ("tsc", '{"compilerOptions": {"composite": true, "rootDir": "src", "outDir": "../out/PACKAGE"}}', None),
        ("tsc --noEmit", '{"compilerOptions": {"incremental": true, "rootDir": "src", "outDir": "../out/PACKAGE"}}', None),
        ("tsc -b", '{"compilerOptions": {"rootDir": "./src", "outDir": "../out/PACKAGE"}}', None),
        ("tsc --outDir ../out/PACKAGE", '{"compilerOptions": {"incremental": true, "rootDir": "src"}}', None),
        ("tsc -i --outDir ../out/PACKAGE --rootDir src", "{}", None),
        (
            "tsc -b",
            '{"extends": "../base.json"}',
            '{"compilerOptions": {"rootDir": "${configDir}/src", "outDir": "${configDir}/../out/PACKAGE"}}',
        ),
    ],
)
def test_build_information_lies_as_far_from_results_as_the_configuration_from_sources(command, config, other):
    files = {"package.json": '{"workspaces": ["a", "b"]}', **({"base.json": other.replace("PACKAGE", "x")} if other else {})}
    for name in "ab":
        files |= {f"{name}/package.json": "{}", f"{name}/tsconfig.json": config.replace("PACKAGE", name)}
    place = FakeCheckout(files)
    left, right = (f"cd {name} && {command.replace('PACKAGE', name)}" for name in "ab")
    assert place.may_write(left, "out/tsconfig.tsbuildinfo")
    assert not place.may_run_together(left, right), "both keep theirs in out/tsconfig.tsbuildinfo"


def test_build_information_without_a_folder_of_sources_lies_among_the_results():
    config = '{"compilerOptions": {"incremental": true, "outDir": "../out/a"}}'
    place = FakeCheckout({"a/package.json": "{}", "a/tsconfig.json": config})
    assert place.writes("cd a && tsc --noEmit") == {"a/**/*.tsbuildinfo", "out/a/tsconfig.tsbuildinfo/**"}
    assert place.writes("cd a && tsc") == {"a/**", "a/**/*.tsbuildinfo", "out/a/**"}


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("rollup src/x.js -o ../out/x.js -m", "out/x.js.map"),
        ("esbuild src/x.ts --bundle --outfile=../out/x.js --sourcemap", "out/x.js.map"),
        ("esbuild src/x.ts --bundle --outfile=../out/x.js", "out/x.css"),
        ("esbuild src/x.ts --bundle --outfile=../out/x.mjs --legal-comments=external", "out/x.mjs.LEGAL.txt"),
        ("swc src/x.ts -o ../out/x.js -s", "out/x.js.map"),
        ("terser x.js -o ../out/x.js --source-map", "out/x.js.map"),
        ("postcss x.css -o ../out/x.css --map", "out/x.css.map"),
    ],
)
def test_maps_and_styles_lie_beside_what_an_option_names(command, path):
    place = FakeCheckout({"a/package.json": "{}"})
    assert place.may_write(command, path, "a")
    assert not place.may_write(command, "out/y.js", "a")


@pytest.mark.parametrize(
    "command", ["rollup -c rollup.prod.mjs", "rollup --config rollup.prod.mjs", "rollup --config=rollup.prod.mjs"]
)
def test_rollup_may_be_given_a_configuration_of_any_name(command):
    place = web("rollup.prod.mjs", "export default { output: { dir: '../server/static' } }")
    assert place.may_write(command, "server/static/x.js", "web")


def test_maps_lie_beside_what_a_configuration_names():
    place = web("rollup.config.mjs", "export default { output: { file: '../server/x.js', sourcemap: true } }")
    assert place.may_write("rollup -c", "server/x.js.map", "web")
    assert not place.may_run_together("cd web && rollup -c", "rm server/x.js.map")
    assert place.may_run_together("cd web && rollup -c", "rm server/y.js.map")


@pytest.mark.parametrize("command", ["tailwindcss", "npx tailwindcss", "npx @tailwindcss/cli", "pnpm dlx @tailwindcss/cli"])
def test_tailwind_reads_what_its_style_sheet_names_and_writes_where_it_is_told_to(command):
    place = FakeCheckout({"web/in.css": '@import "tailwindcss";\n@source "../templates";\n', "web/package.json": "{}"})
    text = f"cd web && {command} -i in.css -o ../static/out.css --minify"
    assert place.writes(text) == {"static/out.css"}
    assert not place.may_run_together(text, "touch templates/index.html")
    assert not place.may_run_together(text, "touch web/src/index.html")
    assert place.may_run_together(text, "touch other/index.html")


def test_a_linter_of_documents_whose_settings_have_it_write_is_not_understood():
    files = {
        "a/.markdownlint-cli2.yaml": "globs: ['**/*.md']\n",
        "b/.markdownlint-cli2.jsonc": '{"fix": true}',
        "c/x.yaml": "fix: true\n",
    }
    place = FakeCheckout(files)
    assert place.recognises("markdownlint-cli2 '**/*.md' '#node_modules'", "a")
    assert place.writes("markdownlint-cli2 '**/*.md'", "a") == set()
    assert place.may_write("markdownlint-cli2 --fix '**/*.md'", "a/docs/x.md", "a")
    assert not place.recognises("markdownlint-cli2 '**/*.md'", "b")
    assert not place.recognises("markdownlint-cli2 --config x.yaml '**/*.md'", "c")


STATIC = "export default { build: { outDir: '../server/static' } }"


@pytest.mark.parametrize("command", ["eslint .", "vitest run", "tsc --noEmit"])
def test_who_does_not_build_runs_beside_the_tests_of_who_serves_the_results(command):
    assert web("vite.config.js", STATIC).may_run_together(f"cd web && {command}", "cd server && go test ./...")
    assert not web("vite.config.js", STATIC).may_run_together("cd web && vite build", "cd server && go test ./...")


def test_results_are_read_by_who_is_made_of_them_or_where_they_are_named_once_more():
    twice = STATIC.replace("build:", "publicDir: '../server/static', build:")
    assert web("vite.config.js", twice).may_read("eslint .", "server/static/x", "web")
    place = FakeCheckout(
        {
            "package.json": '{"workspaces": ["web", "app"]}',
            "web/package.json": '{"name": "web"}',
            "web/vite.config.js": STATIC,
            "app/package.json": '{"name": "app", "dependencies": {"web": "*"}}',
        }
    )
    assert place.may_read("vitest run", "server/static/x", "app")


def test_a_site_is_written_where_its_settings_say():
    text = "site_name: x\nsite_dir: ../out/site  # beside the others\ndocs_dir: '../docs'\nnav: !ENV [X]\n"
    place = FakeCheckout({"a/mkdocs.yml": text, "a/pyproject.toml": "", "b/m.yaml": text, "b/setup.py": ""})
    for command in ("cd a && mkdocs build", "cd b && mkdocs build --strict -f m.yaml"):
        assert not place.may_run_together(command, "cat out/site/index.html")
        assert not place.may_run_together(command, "touch docs/index.md")
        assert place.may_run_together(command, "cat docs/index.md")


@pytest.mark.parametrize(
    ("command", "written"),
    [
        ("pylint --output-format=json:../out/p.json src", "out/p.json"),
        ("pylint -f text,json:../out/p.json,colorized src", "out/p.json"),
        ("pytest --cov --cov-report=xml:../out/c.xml", "out/c.xml"),
        ("esbuild a.js --outfile=b.js --metafile=../out/m.json", "out/m.json"),
    ],
)
def test_options_that_name_reports_have_them_written(command, written):
    place = FakeCheckout({"a/pyproject.toml": "", "a/package.json": "{}", "a/src/x.py": ""})
    assert place.may_write(command, written, "a")
    assert not place.may_run_together(f"cd a && {command}", f"cat {written}")


@pytest.mark.parametrize("command", ["mocha --reporter-options mochaFile={}", "cypress run -o mochaFile={}"])
def test_options_of_a_reporter_may_name_a_path_elsewhere(command):
    place = FakeCheckout({"a/package.json": "{}"})
    assert place.recognises(command.format("reports/x.xml"), "a")
    assert not place.recognises(command.format("../out/x.xml"), "a")
    assert not place.recognises(command.format("/out/x.xml"), "a")


def test_a_kind_of_report_that_is_printed_is_no_path():
    place = FakeCheckout({"a/pyproject.toml": "", "a/src/x.py": ""})
    assert place.writes("pylint --output-format=colorized src", "a") == set()


def test_which_files_a_printed_report_skips_was_taken_for_a_path():
    place = FakeCheckout(
        {"a/pyproject.toml": "[tool.pytest.ini_options]\naddopts = '--cov --cov-report=term-missing:skip-covered'\n"}
    )
    assert not any("skip-covered" in entry.pattern for entry in place.claims("pytest", "a").entries)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("codegen.ts", "export default { schema: '../api/schema.graphql' }"),
        ("codegen.yml", "schema: ../api/schema.graphql\n"),
        ("openapitools.json", '{"generator-cli": {"generators": {"v1": {"inputSpec": "../api/schema.graphql"}}}}'),
        ("vite.config.ts", "export default { resolve: { alias: { api: resolve(__dirname, '..', 'api') } } }"),
        (".storybook/main.ts", "export default { stories: ['../../api/**/*.graphql'] }"),
        (".vitepress/config.mts", "export default { srcDir: '../api' }"),
        (".vitepress/theme/index.ts", "import schema from '../../../api/schema.graphql'"),
    ],
)
def test_a_script_reads_what_settings_of_its_tool_name(name, text):
    place = web(name, text, build="some-tool build")
    assert not place.may_run_together("cp x api/schema.graphql", "cd web && npm run build")
    assert place.may_run_together("cp x lib/schema.graphql", "cd web && npm run build")


def test_a_site_whose_pages_lie_around_it_reads_them():
    place = web(".vitepress/config.ts", "export default { srcDir: '..' }", build="vitepress build")
    assert not place.may_run_together("cp x notes/a.md", "cd web && npm run build")
    assert web(".vitepress/config.ts", "export default {}").may_run_together("cp x notes/a.md", "cd web && vitepress build")
