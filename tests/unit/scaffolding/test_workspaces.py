"""Workspaces and the commands that their manifests give."""

from __future__ import annotations

import json

import pytest

from paratask.scaffolding.workspaces import find_workspaces
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


def test_one_language_alone() -> None:
    assert list(found({"a/package.json": package(build="x"), "b/go.mod": ""}, "go")) == ["b"]


def test_manifests_without_a_recipe_are_named() -> None:
    assert find_workspaces(FakeCheckout({"shop/Gemfile": "", "b/go.mod": ""})).unknown == ("shop/Gemfile",)
