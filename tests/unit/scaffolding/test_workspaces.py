"""Workspaces and the commands that their manifests give."""

from __future__ import annotations

import json

import pytest

from paratask.scaffolding.workspaces import READERS, find_workspaces
from paratask.testing import FakeCheckout


def found(files: dict[str, str], language: str = "") -> dict[str, tuple[str, dict[str, str]]]:
    workspaces = find_workspaces(FakeCheckout(files), language=language).workspaces
    return {workspace.name: (workspace.folder, dict(workspace.commands)) for workspace in workspaces}


def package(**scripts: str) -> str:
    return json.dumps({"scripts": scripts})


def test_an_empty_checkout_has_none() -> None:
    assert found({"README.md": ""}) == {}


def test_python_tools_are_those_that_are_set_up() -> None:
    text = "[project]\nname='x'\n[build-system]\n[tool.ruff]\n[tool.mypy]\nfiles=['src']\n[tool.pytest.ini_options]\n"
    assert found({"api/pyproject.toml": text}) == {
        "api": (
            "api",
            {"format": "ruff format .", "lint": "ruff check .", "typecheck": "mypy", "test": "pytest"},
        )
    }


def test_settings_above_count_and_are_no_workspace_of_their_own() -> None:
    files = {"pyproject.toml": "[tool.ruff]\n", "a/pyproject.toml": "[project]\nname='a'\n", "a/tests/test_a.py": ""}
    assert found(files) == {
        "a": (
            "a",
            {"format": "ruff format .", "lint": "ruff check .", "test": "python3 -m unittest discover -s tests"},
        )
    }


@pytest.mark.parametrize(
    ("lock", "test", "setup"),
    [("uv.lock", "uv run pytest", "uv sync"), ("poetry.lock", "poetry run pytest", "poetry install")],
)
def test_a_lock_file_names_the_runner(lock: str, test: str, setup: str) -> None:
    assert found({"api/pyproject.toml": "[tool.pytest.ini_options]", f"api/{lock}": ""}) == {
        "api": ("api", {"setup": setup, "test": test})
    }


def test_members_below_the_lock_are_not_set_up_again() -> None:
    files = {"pyproject.toml": "[project]\nname='r'", "uv.lock": "", "a/pyproject.toml": "[tool.pytest.ini_options]"}
    assert found(files) == {"python": (".", {"setup": "uv sync"}), "a": ("a", {"test": "uv run pytest"})}


PNPM = "packages:\n  - packages/*\n  - '!packages/old'\n  - '!packages/own'\n  - '!packages/{b,c}'\n  - '!**/sub/**'\n"


@pytest.mark.parametrize(
    "root",
    [
        {"pnpm-workspace.yaml": PNPM, "package.json": "{}"},
        {"package.json": json.dumps({"workspaces": ["packages/*", "!packages/o[lw]*", "!packages/a/sub"]}), "yarn.lock": ""},
        {"package.json": json.dumps({"workspaces": {"packages": ["packages/**", "!./packages/o*/", "!**/sub"]}})},
    ],
)
def test_what_the_globs_of_members_take_away_was_a_workspace_all_the_same(root: dict[str, str]) -> None:
    """It is not installed with the others, so that its scripts found nothing. One that has its own lock file stands for itself."""
    names = ("packages/a", "packages/a/sub", "packages/old", "packages/own", "tools")
    files = {**root, **{f"{name}/package.json": package(test="jest") for name in names}, "packages/own/package-lock.json": ""}
    assert set(found(files)) - {"node"} == {"a", "own", "tools"}


def test_a_project_that_a_uv_workspace_excludes_has_an_environment_of_its_own() -> None:
    files = {"pyproject.toml": "[tool.uv.workspace]\nmembers=['p/*']\nexclude=['p/old*']", "uv.lock": ""}
    files |= {f"p/{name}/pyproject.toml": "[tool.pytest.ini_options]" for name in ("a", "old-1")}
    assert found(files) == {
        "python": (".", {"setup": "uv sync"}),
        "a": ("p/a", {"test": "uv run pytest"}),
        "old-1": ("p/old-1", {"setup": "uv sync", "test": "uv run pytest"}),
    }


def test_a_crate_that_a_workspace_excludes_is_one_of_its_own() -> None:
    """`cargo test --workspace` leaves it out, and so did the Taskfile."""
    files = {"Cargo.toml": "[workspace]\nmembers=['a']\nexclude=['fuzz', './b/c']"}
    files |= {f"{name}/Cargo.toml": "[package]\nname='x'" for name in ("a", "fuzz", "b", "b/c/d")}
    assert {name: commands["test"] for name, (_, commands) in found(files).items()} == {
        "rust": "cargo test --workspace", "fuzz": "cargo test", "d": "cargo test",
    }  # fmt: skip


def test_node_scripts_are_run_by_the_manager_of_the_lock() -> None:
    scripts = package(lint="eslint", test="echo 'Error: no test specified' && exit 1", build="tsc", fmt="prettier")
    assert found({"web/package.json": scripts, "web/pnpm-lock.yaml": ""}) == {
        "web": (
            "web",
            {
                "setup": "pnpm install --frozen-lockfile",
                "format": "pnpm run fmt",
                "lint": "pnpm run lint",
                "build": "pnpm run build",
            },
        )
    }


def test_the_root_of_node_workspaces_does_what_no_member_does() -> None:
    root = json.dumps({"workspaces": ["packages/*"], "scripts": {"build": "turbo run build", "lint": "eslint ."}})
    files = {"package.json": root, "package-lock.json": "{}", "packages/a/package.json": package(build="tsc")}
    assert found(files) == {
        "node": (".", {"setup": "npm ci", "lint": "npm run lint"}),
        "a": ("packages/a", {"build": "npm run build"}),
    }


def test_a_cargo_workspace_covers_its_members() -> None:
    files = {"Cargo.toml": "[workspace]\nmembers=['a']", "a/Cargo.toml": "[package]\nname='a'"}
    assert found(files) == {
        "rust": (
            ".",
            {
                "setup": "cargo fetch",
                "format": "cargo fmt --all",
                "lint": "cargo clippy --workspace --all-targets",
                "test": "cargo test --workspace",
                "build": "cargo build --workspace",
            },
        )
    }


def test_go_modules_and_wrappers() -> None:
    files = {"svc/go.mod": "module x", ".golangci.yml": "", "app/pom.xml": "", "app/mvnw": "", "app/core/pom.xml": "",
             "lib/build.gradle.kts": "", "lib/gradlew": ""}  # fmt: skip
    commands = {name: entry[1] for name, entry in found(files).items()}
    assert commands["svc"]["lint"] == "golangci-lint run"
    assert commands["app"] == {"test": "./mvnw -B test", "build": "./mvnw -B package -DskipTests"}
    assert commands["lib"] == {"test": "./gradlew test", "build": "./gradlew assemble"}
    assert "core" not in commands


def test_what_is_installed_built_or_a_sample_is_passed_over() -> None:
    text = package(build="x")
    names = ("node_modules/a", "dist/b", "tests/c", ".hidden/d", "deep/er/than/that/e")
    assert found({f"{name}/package.json": text for name in names}) == {}


def test_folders_of_templates_for_projects_were_workspaces_whose_names_are_no_paths() -> None:
    names = ("{{cookiecutter.slug}}", "app/{{ name }}", "{% if api %}api{% endif %}")
    assert found({f"{name}/package.json": package(build="x") for name in names}) == {}


def test_names_tell_workspaces_apart() -> None:
    text = package(build="x")
    files = {"apps/web/package.json": text, "libs/web/package.json": text, "api/package.json": text, "api/go.mod": ""}
    assert sorted(found(files)) == ["api-go", "api-node", "apps-web", "libs-web"]


def test_folders_whose_names_came_to_the_same_had_one_task_for_both() -> None:
    text = package(build="x")
    given = {workspace: folder for workspace, (folder, _) in found(
        {f"{name}/package.json": text for name in ("web app", "web,app", "web-app-2", "x/a-b/c", "x-a/b/c")}).items()}  # fmt: skip
    assert sorted(given.values()) == ["web app", "web,app", "web-app-2", "x-a/b/c", "x/a-b/c"]


def test_a_link_to_a_folder_is_no_second_workspace() -> None:
    checkout = FakeCheckout(
        {"lib/[a]/package.json": package(build="x"), "app/package.json": package(build="y"), "/else/package.json": package(build="z")},
        links={"app/lib": "lib", "app/self": "app", "other": "/else"},
    )  # fmt: skip
    assert [workspace.folder for workspace in find_workspaces(checkout).workspaces] == ["app", "lib/[a]"]


def test_one_language_alone() -> None:
    assert list(found({"a/package.json": package(build="x"), "b/go.mod": ""}, "go")) == ["b"]


def test_manifests_without_a_recipe_are_named() -> None:
    assert find_workspaces(FakeCheckout({"shop/Gemfile": "", "b/go.mod": ""})).unknown == ("shop/Gemfile",)


def test_a_project_whose_name_is_its_own_was_no_workspace() -> None:
    files = {"src/App/App.csproj": "<Project/>", "src/Lib/Lib.fsproj": "", "checks/Checks.csproj": "Microsoft.NET.Test.Sdk"}
    commands = {name: entry[1] for name, entry in found(files).items()}
    assert commands["App"] == {
        "setup": "dotnet restore", "format": "dotnet format", "lint": "dotnet format --verify-no-changes", "build": "dotnet build",
    }  # fmt: skip
    assert commands["checks"]["test"] == "dotnet test"
    assert "test" not in commands["Lib"]


def test_a_solution_covers_its_projects_and_is_named_beside_another_file() -> None:
    files = {"All it is.sln": "", "Build.csproj": "", "src/App/App.csproj": ""}
    assert {name: entry[1]["build"] for name, entry in found(files).items()} == {"dotnet": "dotnet build 'All it is.sln'"}
    assert found({"a/All.slnx": ""})["a"][1]["test"] == "dotnet test"


def test_an_umbrella_of_mix_covers_its_apps() -> None:
    files = {"mix.exs": 'apps_path: "apps"', "apps/a/mix.exs": "", "apps/b/mix.exs": ""}
    assert {name: entry[1]["test"] for name, entry in found(files).items()} == {"elixir": "mix test"}
    assert sorted(found({"a/mix.exs": "", "b/mix.exs": ""})) == ["a", "b"]


def test_a_workspace_of_deno_covers_its_members_and_its_tasks_stand_for_verbs() -> None:
    files = {"deno.json": '{"workspace": ["a"], "tasks": {"check": "x"}}', "a/deno.jsonc": "{}", "a/x_test.ts": ""}
    assert {name: entry[1] for name, entry in found(files).items()} == {
        "deno": {
            "setup": "deno install", "format": "deno fmt", "lint": "deno lint", "typecheck": "deno task check", "test": "deno test",
        }
    }  # fmt: skip
    assert "test" not in found({"a/deno.json": "{}", "a/x.ts": ""})["a"][1]


def test_all_that_is_read_is_a_manifest_to_the_language_plugins() -> None:
    assert {name for _, names, _ in READERS for name in names} <= FakeCheckout({}).manifests()
