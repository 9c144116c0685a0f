"""templates/plugin is a project of its own: it builds, its tests pass where it is installed, and a run asks it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TEMPLATE = Path(__file__).parents[2] / "templates" / "plugin"
TASKFILE = """\
version: '3'
tasks:
  sites: [{task: blog}, {task: shop}, {task: both}]
  blog: cd blog && hugo --minify
  shop: {dir: shop, cmd: hugo build}
  both: hugo --source blog --destination ../shop/public
"""
PLAN = """\
plan of `sites`, parallel: inferred

sites
    nothing beside it
    3 neighbours, some together
      blog
          together with shop: touches nothing that it touches (inferred)
          writes blog/**  (inferred: `hugo` works in this site)
          uses hugo-cache  (inferred: `hugo` uses it)
      shop
          together with blog: touches nothing that it touches (inferred)
          writes shop/**  (inferred: `hugo build` works in this site)
          uses hugo-cache  (inferred: `hugo build` uses it)
      both
          after blog, shop: `shop` writes shop/** and `both` writes shop/public/**
          writes blog/**  (inferred: `hugo` works in this site)
          writes shop/public/**  (inferred: an option of `hugo` names it)
          uses hugo-cache  (inferred: `hugo` uses it)
"""


def python(*args: str, cwd: Path, path: Path | None = None) -> str:
    unwanted = ("PYTEST_", "PIP_", "COV_", "PARATASK_", "CI", "GITHUB_", "FORCE_COLOR", "USE_PARALLEL")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}
    environ["PYTHONPATH"] = str(path or "")
    done = subprocess.run(
        [sys.executable, *args], cwd=cwd, env=environ, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the template, as one would start from it."""
    return Path(shutil.copytree(TEMPLATE, tmp_path_factory.mktemp("copied") / "plugin", ignore=shutil.ignore_patterns(".*")))


@pytest.fixture(scope="module")
def installed(project: Path) -> Path:
    """A folder that the template's wheel is installed in, without a network."""
    python("-m", "build", "--wheel", "--no-isolation", "--outdir", "dist", cwd=project)
    (wheel,) = project.glob("dist/*.whl")
    target = project.parent / "installed"
    python("-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", str(target), str(wheel), cwd=project)
    return target


@pytest.mark.slow
def test_its_tests_pass_with_what_is_installed(project: Path, installed: Path) -> None:
    alone = shutil.copytree(project / "tests", installed.parent / "tests")
    output = python("-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, str(alone), cwd=alone, path=installed)
    assert "passed" in output
    assert "failed" not in output


@pytest.mark.slow
def test_its_tests_pass_in_its_folder(project: Path) -> None:
    assert "passed" in python("-m", "pytest", "-p", "no:cacheprovider", cwd=project)


@pytest.mark.slow
def test_a_plan_rests_on_the_claims_of_an_installed_plugin(installed: Path, tmp_path: Path) -> None:
    for site in ("blog", "shop"):
        (tmp_path / site).mkdir()
        (tmp_path / site / "hugo.toml").write_text("title = 'x'\n", encoding="utf-8")
    (tmp_path / "Taskfile.yml").write_text(TASKFILE, encoding="utf-8")
    without = python("-m", "paratask", "--plan", "sites", cwd=tmp_path)
    with_plugin = python("-m", "paratask", "--plan", "sites", cwd=tmp_path, path=installed)
    assert "`hugo --minify` is not recognised" in without
    assert with_plugin == PLAN
