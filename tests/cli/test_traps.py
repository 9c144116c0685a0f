"""Pairs that look as if they could run side by side and must not, each beside its harmless twin that may.

Planned, not run: what a plan keeps in order, a run does too (tests/simulation). Files are as a repository has them.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from paratask.cli.main import main

PYTHON = {"pyproject.toml": '[project]\nname = "x"\n', "src/x.py": "", "tests/test_x.py": ""}
NODE = json.dumps(
    {
        "name": "web",
        "scripts": {
            "build": "tsc -p .",
            "bundle": "esbuild src/a.ts --bundle --outdir=dist",
            "lint": "eslint src",
            "format": "prettier --write .",
            "types": "tsc --noEmit",
        },
    }
)
TYPESCRIPT = {"tsconfig.json": '{"compilerOptions": {"outDir": "dist"}, "include": ["src"]}', "src/a.ts": ""}
CARGO = {"Cargo.toml": '[package]\nname = "x"\nversion = "0.1.0"\n', "src/main.rs": "fn main() {}\n"}
GO = {"go.mod": "module example.com/x\n\ngo 1.21\n", "main.go": "package main\n\n//go:generate ./make.sh\nfunc main() {}\n"}


@pytest.fixture
def together(tmp_path, monkeypatch, capsys):
    """Whether two commands, one a task, may run side by side as neighbours; and why not."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("USE_PARALLEL", raising=False)

    def plan(first, second, files=(), settings="") -> bool:
        for name, text in dict(files).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        tasks = {
            name: command if isinstance(command, dict) else {"cmds": [command]}
            for name, command in (("first", first), ("second", second))
        }
        tasks["both"] = {"cmds": [{"task": "first"}, {"task": "second"}]}
        Path("Taskfile.yml").write_text(json.dumps({"version": "3", "tasks": tasks}))
        Path("paratask.toml").write_text(settings)
        assert main(["--plan", "--json", "both"]) == 0
        jobs = {job["id"]: job for job in json.loads(capsys.readouterr().out)["jobs"]}
        assert jobs["second"]["reason"]
        return jobs["second"]["together_with"] == ["first"]

    return plan


def below(folder, files):
    return {f"{folder}/{name}": text for name, text in files.items()}


def package(folder, **more):
    return below(folder, {"package.json": NODE, **TYPESCRIPT, **more})


@pytest.mark.parametrize(
    "build",
    [
        "mkdir -p dist && cp src/a.ts dist/a.js",
        "npx tsc -p .",
        "npx esbuild src/a.ts --bundle --outdir=dist",
        "echo built > dist/x",
    ],
)
def test_clean_and_build(together, build):
    assert not together("rm -rf dist", build, {"package.json": NODE, **TYPESCRIPT})


@pytest.mark.parametrize("clean", ["rm -rf dist", "find . -name '*.js' -delete", "npx rimraf dist", "git clean -fdx"])
def test_what_cleans_and_a_build(together, clean):
    assert not together(clean, "npx tsc -p .", {"package.json": NODE, **TYPESCRIPT})


@pytest.mark.parametrize("level", ["declared", "observed", "inferred"])
def test_clean_and_build_at_each_level_but_all(together, level):
    pair = ("rm -rf dist", "echo built > dist/x")
    assert not together(*pair, settings=f'parallel = "{level}"')
    assert together(*pair, settings='parallel = "all"')


@pytest.mark.parametrize(
    ("formats", "lints"),
    [
        ("ruff format .", "ruff check ."),
        ("ruff check --fix .", "mypy src"),
        ("black .", "flake8"),
        ("npx prettier --write .", "npx eslint ."),
        ("npx eslint --fix .", "npx tsc --noEmit"),
    ],
)
def test_format_and_lint_in_one_folder(together, formats, lints):
    files = {**PYTHON, "package.json": NODE, **TYPESCRIPT}
    assert not together(formats, lints, files)
    assert not together(lints, formats, files), "also the other way round"


def test_format_and_lint_in_two_folders(together):
    files = {**below("a", PYTHON), **below("b", PYTHON)}
    assert together({"dir": "a", "cmds": ["ruff format ."]}, {"dir": "b", "cmds": ["ruff check ."]}, files)
    assert together("ruff check a", "ruff format --check a", files), "two that only look"


@pytest.mark.parametrize(
    ("generate", "build"),
    [
        ("python scripts/generate.py", "python -m build"),
        ("cat api.txt > src/client.py", "mypy src"),
        ("./generate.sh", "npx tsc -p ."),
        ("npx openapi-typescript api.yaml -o src/api.ts", "npx tsc -p ."),
        ("sed -i s/a/b/ src/a.ts", "npx tsc -p ."),
    ],
)
def test_generate_and_build(together, generate, build):
    assert not together(generate, build, {**PYTHON, "package.json": NODE, **TYPESCRIPT})


def test_two_npm_scripts_in_one_package(together):
    files = package("web")
    for first, second in (("build", "bundle"), ("format", "lint"), ("format", "build"), ("build", "format")):
        pair = [{"dir": "web", "cmds": [f"npm run {script}"]} for script in (first, second)]
        assert not together(*pair, files), (first, second)
    assert together(*({"dir": "web", "cmds": [f"npm run {script}"]} for script in ("lint", "types")), files), "both only look"


def test_npm_scripts_in_two_packages(together):
    files = {**package("web"), **package("docs")}
    files["docs/package.json"] = NODE.replace('"web"', '"docs"')
    for script in ("build", "format", "lint"):
        assert together(*({"dir": folder, "cmds": [f"npm run {script}"]} for folder in ("web", "docs")), files), script


def test_a_package_that_is_built_from_another_s_output(together):
    files = {
        "package.json": json.dumps({"name": "root", "private": True, "workspaces": ["web", "lib"]}),
        **package("web"),
        **package("lib"),
    }
    files["lib/package.json"] = NODE.replace('"web"', '"lib"')
    files["web/package.json"] = json.dumps({**json.loads(NODE), "dependencies": {"lib": "*"}})
    pair = [{"dir": folder, "cmds": ["npm run build"]} for folder in ("lib", "web")]
    assert not together(*pair, files)


def test_two_cargo_commands_that_share_a_target_folder(together):
    assert not together("cargo build", "cargo test", CARGO)
    files = {
        "Cargo.toml": '[workspace]\nmembers = ["a", "b"]\n',
        **below("a", {**CARGO, "Cargo.toml": CARGO["Cargo.toml"].replace('"x"', '"a"')}),
        **below("b", {**CARGO, "Cargo.toml": CARGO["Cargo.toml"].replace('"x"', '"b"')}),
    }
    assert not together("cargo build -p a", "cargo build -p b", files)


def test_two_cargo_workspaces(together):
    files = {**below("a", CARGO), **below("b", CARGO)}
    pair = [{"dir": folder, "cmds": ["cargo check --offline"]} for folder in "ab"]
    assert together(*pair, files)


def test_go_generate_and_go_build(together):
    assert not together("go generate ./...", "go build ./...", GO)
    assert not together("go generate ./...", "go vet ./...", GO)
    assert together("go vet ./...", "go build ./...", GO)


def test_docker_build_beside_npm_build_in_its_context(together):
    files = {**package("web"), "web/Dockerfile": "FROM node\nCOPY . .\n", "Dockerfile": "FROM node\nCOPY . .\n"}
    build = {"dir": "web", "cmds": ["npm run build"]}
    assert not together("docker build -t x web", build, files)
    assert not together(build, "docker build .", files)


@pytest.mark.parametrize(
    "publish",
    [
        "npm publish",
        "twine upload dist/*",
        "cargo publish",
        "git push",
        "docker push x",
        "gh release create v1",
        "curl -d @x http://x",
    ],
)
@pytest.mark.parametrize("test", ["pytest", "npm test", "cat notes.md", "true"])
def test_test_and_publish(together, test, publish):
    files = {**PYTHON, **CARGO, "package.json": json.dumps({"name": "x", "scripts": {"test": "vitest run"}}), "notes.md": ""}
    assert not together(test, publish, files)


@pytest.mark.parametrize(
    ("bump", "build"),
    [
        ("npm version patch", "npm run build"),
        ("poetry version patch", "python -m build"),
        ("uv version --bump patch", "uv build"),
        ("bump2version patch", "python -m build"),
        ("cargo set-version 2.0.0", "cargo build"),
        ("echo 2.0 > VERSION", "cat VERSION > dist/version.txt"),
        ("mvn versions:set -DnewVersion=2", "mvn package"),
    ],
)
def test_version_bump_and_build(together, bump, build):
    files = {**PYTHON, **CARGO, "package.json": NODE, **TYPESCRIPT, "pom.xml": POM, "VERSION": "1"}
    assert not together(bump, build, files)


POM = "<project><modelVersion>4.0.0</modelVersion><groupId>x</groupId><artifactId>x</artifactId><version>1</version></project>"


def test_two_tests_with_one_port(together):
    files = {**below("a", PYTHON), **below("b", PYTHON)}
    pair = [{"dir": folder, "cmds": ["pytest"]} for folder in "ab"]
    assert together(*pair, files)
    declared = '[tasks.first]\nexclusive = ["port:8080"]\n[tasks.second]\n'
    assert not together(*pair, files, declared + 'exclusive = ["port:8080"]\n')
    assert not together(*pair, files, declared + 'uses = ["port:8080"]\n')
    assert together(*pair, files, declared + 'exclusive = ["port:8081"]\n')


def test_a_dir_that_is_a_symbolic_link_to_the_other_s_folder(together, tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    write = "echo x > out.txt"
    assert not together({"dir": "real", "cmds": [write]}, {"dir": "link", "cmds": [write]})
    assert not together("echo x > link/out.txt", "cat real/out.txt")
    claims = '[tasks.first]\nwrites = ["real/out"]\n[tasks.second]\nwrites = ["link/out/x"]\n'
    assert not together("./one.sh", "./other.sh", (), claims)


def test_the_same_log_twice(together):
    assert not together("echo one >> shared.log", "echo two >> shared.log")
    assert not together("cat x | tee -a logs/shared.log", "cat y >> logs/shared.log")
    assert together("echo one >> one.log", "echo two >> two.log")


def test_one_target_folder_that_the_taskfile_sets(together):
    files = {**below("a", CARGO), **below("b", CARGO)}
    shared = {"CARGO_TARGET_DIR": "{{.ROOT_DIR}}/target"}
    pair = [{"dir": folder, "env": shared, "cmds": ["cargo build --offline"]} for folder in "ab"]
    assert not together(*pair, files)
    apart = [{**task, "env": {"CARGO_TARGET_DIR": f"{{{{.ROOT_DIR}}}}/target/{task['dir']}"}} for task in pair]
    assert together(*apart, files)
    unknown = [{**task, "env": {"CARGO_TARGET_DIR": {"sh": "mktemp -d"}}} for task in pair]
    assert not together(*unknown, files), "nobody knows before it runs"


def test_variables_that_lead_no_tool_elsewhere_are_not_in_the_way(together):
    files = {**below("a", PYTHON), **below("b", PYTHON)}
    env = {"DATABASE_PATH": "/var/db", "CACHE_DIR": ".cache", "PYTHONPATH": "src"}
    assert together(*({"dir": folder, "env": env, "cmds": ["pytest"]} for folder in "ab"), files)
    log = {"MYPY_CACHE_DIR": "../cache"}
    assert not together(*({"dir": folder, "env": log, "cmds": ["mypy src"]} for folder in "ab"), files)


def test_tests_of_a_package_and_of_one_made_of_it(together):
    files = {**below("lib", PYTHON), **below("app", PYTHON)}
    files["lib/pyproject.toml"] = '[project]\nname = "lib"\n'
    files["app/pyproject.toml"] = '[project]\nname = "app"\ndependencies = ["lib"]\n'
    lib, app = ({"dir": folder, "cmds": ["pytest"]} for folder in ("lib", "app"))
    assert together(lib, app, files)
    assert not together({"dir": "lib", "cmds": ["ruff format ."]}, app, files)
    assert not together(app, {"dir": "lib", "cmds": ["python -m build"]}, files)
    assert together(lib, {"dir": "lib", "cmds": ["ruff check ."]}, files), "tests write no sources"
    assert not together(lib, {"dir": "lib", "cmds": ["cat tests/out.txt"]}, files), "tests may write in their own folder"


def test_tests_of_two_node_packages_of_which_one_is_made_of_the_other(together):
    root = {"private": True, "workspaces": ["web", "lib"], "devDependencies": {"vitest": "*"}}
    files = {"package.json": json.dumps(root), **package("web"), **package("lib")}
    files["lib/package.json"] = NODE.replace('"web"', '"lib"')
    files["web/package.json"] = json.dumps({**json.loads(NODE), "dependencies": {"lib": "*"}})
    tests = [{"dir": folder, "cmds": ["npx vitest run"]} for folder in ("lib", "web")]
    assert together(*tests, files)
    assert not together({"dir": "lib", "cmds": ["npx vitest run -u"]}, tests[1], files), "it writes snapshots"
    assert not together({"dir": "lib", "cmds": ["npm run build"]}, tests[1], files)


BOTH = {**PYTHON, "package.json": NODE, **TYPESCRIPT}


@pytest.mark.parametrize("python", ["ruff format .", "ruff check --fix .", "black .", "isort .", "mypy .", "flake8"])
@pytest.mark.parametrize(
    "node",
    ["npx prettier --write .", "npx eslint --fix .", "npx prettier --check .", "npx eslint .", "npx biome format --write ."],
)
def test_two_languages_in_one_folder(together, python, node):
    in_its_cache = python == "mypy ." and ("--write" in node or "--fix" in node)  # JSON lies there, which these would format
    documents = python == "ruff format ." and ("prettier" in node or "biome" in node)  # both format them
    assert together(python, node, BOTH) is not (in_its_cache or documents)
    assert together(node, python, BOTH) is not (in_its_cache or documents)


@pytest.mark.parametrize("plugin", ["prettier-plugin-toml", "@prettier/plugin-python"])
def test_a_formatter_that_plugins_let_do_more(together, plugin):
    manifest = json.dumps({**json.loads(NODE), "devDependencies": {plugin: "1"}})
    assert not together("npx prettier --write .", "ruff check .", {**BOTH, "package.json": manifest})


def test_formatters_of_one_language_and_what_reads_other_files(together):
    assert not together("ruff format .", "isort .", BOTH)
    assert not together("ruff format .", "pytest", BOTH)
    assert not together("npx prettier --write .", "npx tsc --noEmit", BOTH)
    assert not together("echo x > pyproject.toml", "ruff check .", BOTH)
    assert not together("echo x > deep/setup.cfg", "flake8", BOTH)
    assert not together("npx prettier --write .", "cat README.md > out.txt", BOTH)
    assert not together("ruff format --extension txt:python .", "cat a.txt", BOTH)
    assert not together("ruff format .", "cat README.md", BOTH)
    assert together("black .", "cat README.md", BOTH)
