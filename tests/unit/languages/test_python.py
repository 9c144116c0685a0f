"""What the Python plugin makes of commands: claims, evidence, effect."""

from __future__ import annotations

import itertools

import pytest

from paratask.claims.conflicts import conflict
from paratask.claims.model import Access, Claims, Effect, Evidence
from paratask.frozen import replace
from paratask.languages.python import plugin as python
from paratask.testing import FakeCheckout, patterns_of

API = "packages/api"
IN_API = f"cd {API} && "
MANIFESTS = {"pyproject.toml": "", f"{API}/pyproject.toml": "", f"{API}/src/a.py": "", "packages/web/package.json": "{}"}
UV_WORKSPACE = {
    "pyproject.toml": '[tool.uv.workspace]\nmembers = ["packages/*"]\nexclude = ["packages/old"]\n',
    "packages/a/pyproject.toml": '[build-system]\nbuild-backend = "hatchling.build"\n',
    "packages/b/pyproject.toml": '[build-system]\nbuild-backend = "setuptools.build_meta"\n',
    "packages/old/pyproject.toml": "",
}


CACHE = ".ruff_cache/CACHEDIR.TAG"


def checkout(files: dict[str, str] | None = None) -> FakeCheckout:
    return FakeCheckout(files)


def claims_of(text: str, files: dict[str, str] | None = None) -> Claims:
    return checkout(files).claims(text)


def writes(text: str, files: dict[str, str] | None = None) -> set[str]:
    return checkout(files).writes(text)


def reads(text: str, files: dict[str, str] | None = None) -> set[str]:
    return checkout(files).reads(text)


def without_settings(claims: Claims) -> Claims:
    """Less the settings that tools look for in the folders above."""
    return replace(claims, entries=tuple(entry for entry in claims.entries if not entry.reason.startswith("settings of")))


READ_ONLY = [
    "ruff check .",
    "ruff check",
    "ruff check --select E,F --output-format=github src tests",
    "ruff --quiet check .",
    "ruff check --diff .",
    "ruff format --check .",
    "ruff format --diff",
    "black --check .",
    "black --diff -q src",
    "isort --check-only --profile black .",
    "isort -c .",
    "flake8 src --max-line-length=120",
    "pylint src -j 4",
    "pyright",
    "ty check",
    "ty check src --python-version 3.11 --error-on-warning",
    "deptry .",
    "deptry src -ee docs -kf api --no-ansi",
    "radon cc src -s -a",
    "radon mi -nb .",
    "xenon --max-absolute B --max-modules A src",
    "autoflake --check -r src",
    "docformatter --check -r src",
    "bandit -r src -ll",
    "safety check",
    "safety check --full-report -r requirements.txt",
    "pip-audit -r requirements.txt",
    "twine check dist/*",
    "coverage report -m --fail-under=80",
    "pip list",
    "uv pip list",
    "uv tree --frozen",
    "poetry check",
    "python -m ruff check .",
    "python3 -m flake8",
    "python3.12 -W error -m pylint src",
    ".venv/bin/ruff check .",
]
WHOLE_WORKSPACE = [
    "pytest",
    "py.test -x",
    "pytest -q --cov=api --cov-report=html --cov-report=term-missing tests/unit/test_a.py::test_b",
    "pytest -n auto -vv -k 'a and not b' -m slow -p no:cacheprovider",
    "pytest -n4 --dist=loadscope --junitxml=report.xml",
    "python -m pytest tests",
    "python -m unittest discover -s tests",
    "python -u -m pytest",
    "coverage run -m pytest",
    "coverage html -d htmlcov",
    "python -m build",
    "python -m build --wheel --outdir dist .",
    "pyproject-build",
    "flit build",
    "maturin build --release",
    "python setup.py sdist bdist_wheel",
    "mkdocs build --strict",
    "zensical build --clean",
    "pytest --memray --html=report.html",
    "hatch build",
    "poetry build",
    "pdm build",
    "uv build",
    "black .",
    "black",
    "isort .",
    "ruff format .",
    "ruff check --fix .",
    "pyclean .",
]
OUTSIDE = [
    "twine upload dist/*",
    "python -m twine upload --skip-existing -r testpypi dist/*",
    "uv publish",
    "uv publish --token x",
    "poetry publish --build",
    "pdm publish",
    "hatch publish",
    "flit publish",
    "maturin publish",
    "mkdocs gh-deploy --force",
    "bump2version patch --config-file pyproject.toml",
    "bumpversion minor",
    "uv run bump2version major",
    "python setup.py upload",
    "python setup.py sdist upload",
    "pytest --pastebin=all",
]
NOT_RECOGNISED = [
    "ty server",
    "deptry . --unheard-of",
    "tox",
    "nox",
    "nox -s tests",
    "nox -s publish",
    "python script.py",
    "python -c 'print()'",
    "python -m api.cli --dev",
    "python",
    "python $SCRIPT",
    "uv run python scripts/validate-config.py",
    "uv run python -c 'import api'",
    "uv run python -m api.cli --dev",
    "uv run unheard-of",
    "uv run $TOOL",
    "uv run",
    "uv run --unheard-of pytest",
    "uv tool install ruff",
    "poetry run unheard-of",
    "pytest --unheard-of",
    "pytest $FILES",
    "pytest ~/tests",
    "pytest -o cache_dir=../cache",
    "ruff",
    "ruff unheard-of",
    "ruff check $WHERE",
    "ruff check --config $CONFIG",
    "mypy --unheard-of-option=x .",
    "mypy --install-types .",
    "pip install $PACKAGES",
    "pip install -e $WHERE",
    "COVERAGE_FILE=$X pytest",
    "./tools/pytest",
    "bin/pytest",
    "coverage run script.py",
    "bump2version $choice --config-file pyproject.toml",
]
PRINTING = ["python --version", "python3 -V", "uv --version", "pytest --version", "ruff --help", "poetry --version", "pip -V"]


@pytest.mark.parametrize("files", [{}, MANIFESTS], ids=["no manifests", "manifests"])
@pytest.mark.parametrize("text", READ_ONLY)
def test_read_only_tools_write_nothing(text, files):
    claims = claims_of(IN_API + text, files)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.LOCAL
    assert patterns_of(claims, Access.WRITE, Access.EXCLUSIVE) == set()
    read = patterns_of(without_settings(claims), Access.READ)
    assert all(pattern.startswith(API) or pattern.endswith(CACHE) for pattern in read)


@pytest.mark.parametrize("files", [{}, MANIFESTS], ids=["no manifests", "manifests"])
@pytest.mark.parametrize("text", WHOLE_WORKSPACE)
def test_tools_that_write_claim_their_workspace_and_nothing_beyond(text, files):
    claims = claims_of(IN_API + text, files)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.LOCAL
    written = patterns_of(claims, Access.WRITE)
    kinds = {
        f"{API}/**/*.{{{each}}}" for each in ("py,pyi,ipynb", "py,pyi,pyw,ipynb", "py,pyi,pyw,ipynb,md", "py,pyi,pyx,pxd")
    }  # what formatters touch
    assert f"{API}/**" in written or kinds & written
    read = {pattern for pattern in patterns_of(without_settings(claims), Access.READ) if not pattern.endswith(CACHE)}
    assert all(pattern.startswith(API) for pattern in read | written)


@pytest.mark.parametrize("text", OUTSIDE)
def test_effects_that_others_can_see_are_outside(text):
    claims = claims_of(IN_API + text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.effect is Effect.OUTSIDE
    assert claims.effect_reason


@pytest.mark.parametrize("text", NOT_RECOGNISED)
def test_what_is_not_understood_is_not_recognised(text):
    assert claims_of(IN_API + text).evidence is Evidence.NONE


@pytest.mark.parametrize("text", PRINTING)
def test_asking_for_a_version_touches_nothing(text):
    claims = claims_of(text)
    assert claims.evidence is Evidence.INFERRED
    assert claims.entries == ()


@pytest.mark.parametrize(
    ("text", "files", "expected"),
    [
        ("pytest", {}, {"**"}),
        ("cd packages/x && pytest", {}, {"packages/x/**"}),
        ("cd packages/x && pytest", {"pyproject.toml": ""}, {"**"}),
        ("cd packages/api/tests && pytest", MANIFESTS, {"packages/api/**"}),
        ("cd packages/x && pytest ../y/tests", {}, {"packages/x/**", "packages/y/tests/**"}),
        ("cd packages/x && pytest ../api/tests", MANIFESTS, {"**"}),
        (
            "cd packages/api && pytest ../web/tests",
            {**MANIFESTS, "packages/web/setup.py": ""},
            {"packages/api/**", "packages/web/**"},
        ),
        ("cd packages/x && pytest --junitxml=../out/x.xml", {}, {"packages/x/**", "packages/out/x.xml"}),
        ("cd packages/x && pytest --cov-report=xml:../out/c.xml", {}, {"packages/x/**", "packages/out/c.xml"}),
        ("cd packages/x && pytest --cov-report=term-missing:skip-covered --cov-report=term:../x", {}, {"packages/x/**"}),
        ("cd packages/x && COVERAGE_FILE=../.coverage pytest", {}, {"packages/x/**", "packages/.coverage/**"}),
        ("cd packages/x && python -m build -o ../../dist", {}, {"packages/x/**", "dist/**"}),
        ("cd packages/x && ruff format src", {}, {"packages/x/src/**/*.{py,pyi,pyw,ipynb,md}"}),
        ("cd packages/x && ty check src --fix", {}, {"packages/x/src/**/*.{py,pyi,so,pyd}"}),
        ("ty check src --baseline known.json", {}, {"known.json"}),
        ("basedpyright", {"pyproject.toml": ""}, {".basedpyright/**"}),
        ("deptry . -o found.json", {}, {"found.json"}),
        ("radon cc src -O cc.txt", {}, {"cc.txt"}),
        ("autoflake -r src", {}, {"src/**/*.{py,pyi}"}),
        ("autoflake --check --in-place src/a.py", {}, {"src/a.py"}),
        ("pyupgrade --py310-plus a.py src/b.py", {}, {"a.py", "src/b.py"}),
        ("docformatter -i -r src", {}, {"src/**/*.{py,pyi}"}),
        ("python -m autoflake -i -r src", {}, {"src/**/*.{py,pyi}"}),
        ("cd packages/x && ruff check --fix src", {}, {"packages/x/src/**/*.{py,pyi,pyw,ipynb}"}),
        ("cd packages/x && ruff check -o ../report.txt", {}, {"packages/report.txt"}),
        ("cd packages/x && mypy .", {}, {"packages/x/.mypy_cache/**"}),
        ("cd packages/x && mypy --cache-dir=/dev/null .", {}, set()),
        ("cd packages/x && mypy --cache-dir=.cache/m .", {}, {"packages/x/.cache/m/**"}),
        ("cd packages/x && sphinx-build -b html docs/ docs/_build/", {}, {"packages/x/docs/_build/**"}),
        ("cd packages/x && uv venv", {}, {"packages/x/.venv/**"}),
        ("cd packages/x && python -m venv env", {}, {"packages/x/env/**"}),
        ("uv --directory packages/x run pytest", {}, {"packages/x/**"}),
        ("uv run --directory packages/x -- pytest", {}, {"packages/x/**"}),
        ("poetry -C packages/x run pytest", {}, {"packages/x/**"}),
        ("pre-commit run --all-files", {}, {"**"}),
        ("cd packages/x && pre-commit install", {}, {".git/hooks/**"}),
        ("pytest /tmp/tests", {}, {"**", "/tmp/tests/**"}),
    ],
)
def test_writes(text, files, expected):
    assert writes(text, files) == expected


def test_named_paths_bound_what_a_linter_reads():
    found = reads("cd packages/x && ruff check src tests")
    assert {"packages/x/src/**/*.{py,pyi,pyw,ipynb}", "packages/x/tests/**/*.{py,pyi,pyw,ipynb}"} < found
    assert not any(pattern.startswith("packages/x/**") for pattern in found)


def test_read_only_tools_of_different_kinds_run_together():
    texts = ["ruff check .", "mypy .", "flake8", "pylint src", "bandit -r .", "black --check .", "ruff format --check ."]
    place = checkout()
    for left, right in itertools.combinations(texts, 2):
        assert place.why_not(IN_API + left, IN_API + right) is None
        assert place.why_not(left, right) is None


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("mypy .", "mypy src", True),
        ("ruff check .", "ruff check .", False),
        ("ruff check .", "pytest", False),
        ("ruff format .", "pytest", True),
        ("mypy .", "black .", True),
        ("pytest", "pytest", True),
        ("uv run ruff check .", "uv run mypy .", False),
        ("uv run ruff check .", "uv sync", True),
        ("uv sync", "uv add httpx", True),
        ("pip install -r requirements.txt", "pip install x", True),
        ("python -m http.server", "mkdocs serve", True),
    ],
)
def test_conflicts_in_one_workspace(left, right, expected):
    assert checkout().may_run_together(IN_API + left, IN_API + right) is not expected


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("pytest", "pytest", False),
        ("uv run pytest", "uv run pytest", False),
        ("uv sync", "uv sync", False),
        ("black .", "ruff format .", False),
        ("pip install x", "pytest", True),
        ("uvicorn app:app --port 9000", "python -m http.server 9000", True),
        ("uvicorn app:app --port 9000", "python -m http.server 9001", False),
    ],
)
def test_conflicts_across_workspaces(left, right, expected):
    assert checkout().may_run_together(f"cd packages/a && {left}", f"cd packages/b && {right}") is not expected


@pytest.mark.parametrize(
    ("left", "right", "together"),
    [
        ("rm -rf .ruff_cache", "ruff check .", False),
        ("rm -rf .ruff_cache", "ruff format --check src", False),
        ("rm -rf .ruff_cache", "cd packages/a && ruff check .", False),
        ("rm -rf packages/a/.ruff_cache", "ruff check .", False),
        ("cd packages/a && rm -rf .ruff_cache", "ruff check packages/a/src/x.py", False),
        ("ruff clean", "ruff check src", False),
        ("ruff clean", "cd packages/a && ruff check .", False),
        ("rm -rf .ruff_cache", "ruff check --no-cache .", True),
        ("rm -rf .ruff_cache", "ruff check --cache-dir=/tmp/ruff .", True),
        ("rm -rf .cache/ruff", "ruff check --cache-dir=.cache/ruff src", False),
        ("cd packages/a && rm -rf .ruff_cache", "cd packages/b && ruff check .", True),
        ("cd packages/a && ruff clean", "cd packages/b && ruff check .", True),
        ("rm -rf dist", "ruff check src", True),
        ("ruff check .", "ruff format --check .", True),
        ("ruff check .", "mypy .", True),
        ("ruff check .", "cd packages/a && mypy .", True),
        ("ruff check .", "npx prettier --write .", True),
        ("ruff check .", "npx eslint --cache .", True),
        ("ruff check .", "gofmt -w .", True),
    ],
)
def test_the_cache_of_ruff_is_shared_by_its_calls_and_by_nobody_who_removes_it(left, right, together):
    place = checkout({"go.mod": "module x", "package.json": "{}", "pyproject.toml": "", "packages/a/pyproject.toml": ""})
    assert place.may_run_together(left, right) is together, place.why_not(left, right)


@pytest.mark.parametrize("text", ["ruff check", "mypy ."])
def test_uv_run_does_not_meet_what_changes_the_lock_file(text):
    place = checkout(UV_WORKSPACE)
    assert not place.may_run_together("uv lock --upgrade", f"uv run {text}")
    assert not place.may_run_together("uv lock", f"cd packages/a && uv run {text}")
    assert place.may_run_together("uv run ruff check", f"cd packages/a && uv run {text}")
    assert place.may_run_together("uv lock", f"uvx {text}")


def test_members_of_a_uv_workspace_share_its_environment():
    claims = claims_of("cd packages/a && uv run ruff check .", UV_WORKSPACE)
    assert ".venv/**" in patterns_of(claims, Access.READ)
    assert patterns_of(claims, Access.SHARED) == {"uv-environment:.", "uv-cache"}
    assert conflict(claims, claims_of("cd packages/b && uv sync", UV_WORKSPACE))
    assert conflict(claims, claims_of("uv sync", UV_WORKSPACE))


def test_a_folder_that_a_uv_workspace_excludes_has_its_own_environment():
    claims = claims_of("cd packages/old && uv run ruff check .", UV_WORKSPACE)
    assert "uv-environment:packages/old" in patterns_of(claims, Access.SHARED)


def test_sync_claims_the_lock_file_and_members_that_are_built_in_place():
    found = writes("cd packages/a && uv sync", UV_WORKSPACE)
    assert found == {".venv/**", "uv.lock", "packages/b/**"}


def test_adding_to_a_member_changes_its_manifest_and_the_lock_of_the_workspace():
    found = writes("cd packages/a && uv add httpx", UV_WORKSPACE)
    assert {"uv.lock", "packages/a/pyproject.toml", ".venv/**"} <= found


def test_sync_at_the_root_leaves_other_packages_alone():
    assert checkout().may_run_together("uv sync", "cd packages/web && npm ci")


def test_pip_in_an_environment_fills_that_and_builds_editable_projects_in_place():
    claims = claims_of("uv run python -m pip install -e './packages/api[dev]'")
    assert {".venv/**", "packages/api/**"} <= patterns_of(claims, Access.WRITE)
    assert patterns_of(claims, Access.EXCLUSIVE) == {"uv-environment:."}


def test_a_manifest_that_cannot_be_parsed_is_no_error():
    assert claims_of("uv run pytest", {"pyproject.toml": "["}).evidence is Evidence.INFERRED


def test_scripts_of_hatch_and_pdm_are_looked_up():
    files = {
        "pyproject.toml": '[tool.hatch.envs.default.scripts]\nlint = "ruff check ."\n[tool.pdm.scripts]\nstart = "flask run"\n'
    }
    assert writes("hatch run lint", files) == set()
    assert "port:5000" in patterns_of(claims_of("pdm run start", files), Access.EXCLUSIVE)
    assert claims_of("hatch run unheard-of", files).evidence is Evidence.NONE


@pytest.mark.parametrize(
    ("text", "cpu"),
    [
        ("pytest", 1.0),
        ("pytest -n 4", 4.0),
        ("pytest -n \u00b2", 2.0),
        ("pytest -nauto", 2.0),
        ("uv run pytest -n 3", 3.0),
        ("python -m pytest -n8", 8.0),
    ],
)
def test_cpu(text, cpu):
    assert checkout().cpu(text) == cpu


@pytest.mark.parametrize(
    ("text", "port"),
    [
        ("python -m http.server", "port:8000"),
        ("python -m http.server 8080 --directory docs", "port:8080"),
        ("uvicorn app:app --reload --port=9000", "port:9000"),
        ("gunicorn -b 0.0.0.0:7000 app:app", "port:7000"),
        ("flask --app x run -p 5001", "port:5001"),
        ("mkdocs serve -a localhost:8010", "port:8010"),
        ("sphinx-autobuild docs docs/_build", "port:8000"),
    ],
)
def test_servers_hold_their_port(text, port):
    assert patterns_of(claims_of(text), Access.EXCLUSIVE) == {port}


def test_manifests():
    assert {"pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", "package.json"} <= checkout().manifests()


def test_every_subcommand_in_the_table_has_its_group():
    groups = {key.rpartition(" ")[0] for key in python.TOOLS if " " in key and not key.startswith("python ")}
    assert {group for group in groups if group not in python.TOOLS} == set()


def test_every_claim_says_why():
    for text in (*READ_ONLY, *WHOLE_WORKSPACE, *OUTSIDE):
        assert all(entry.reason and entry.evidence is Evidence.INFERRED for entry in claims_of(text).entries)


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("hatch run lint", "hatch run lint", False),
        ("hatch run lint", "hatch run types:check", True),
        ("hatch -e types run check", "hatch run types:check", False),
    ],
)
def test_two_calls_of_hatch_do_not_make_one_environment_at_the_same_time(first, second, together):
    """Nothing in hatch keeps two of them apart: each makes the environment where it is not there."""
    scripts = "[tool.hatch.envs.default.scripts]\nlint = 'ruff check .'\ncheck = 'ruff check .'\n[tool.hatch.envs.types.scripts]\ncheck = 'mypy .'\n"
    place = FakeCheckout({"pyproject.toml": scripts})
    assert all(map(place.recognises, (first, second)))
    assert place.may_run_together(first, second) is together, place.why_not(first, second)


@pytest.mark.parametrize("name", ["a.py", "docs/a.ipynb", "pyproject.toml", "requirements-dev.txt", ".gitignore"])
def test_deptry_reads_modules_and_what_names_packages(name):
    place = FakeCheckout({"pyproject.toml": "", "src/x.py": ""})
    assert not place.may_run_together(f"touch {name}", "deptry .")
    assert place.may_run_together("touch notes.md", "deptry .")
