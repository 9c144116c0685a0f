"""Which commands of Python projects wait for each other because one project is made of the other."""

from __future__ import annotations

import pytest

from paratask.languages.python import plugin as python
from paratask.testing import FakeCheckout

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

LIB = '[project]\nname = "My.Lib"\n'
ALONE = '[project]\nname = "alone"\n'
API = '[project]\nname = "api"\n'
WORKSPACE = '[tool.uv.workspace]\nmembers = ["services/*", "libs/**"]\n'


def files(api: str = API, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """A service, and two libraries of which it may be made."""
    return {
        "services/api/pyproject.toml": api,
        "libs/my-lib/pyproject.toml": LIB,
        "libs/alone/pyproject.toml": ALONE,
        **(extra or {}),
    }


def together(left: str, right: str, given: Mapping[str, str]) -> bool:
    return FakeCheckout(given).may_run_together(left, right)


def waits(given: Mapping[str, str], of: str = "libs/my-lib", command: str = "mypy src") -> bool:
    """Whether a command in the service waits for a build of a library."""
    return not together(f"cd {of} && pyproject-build", f"cd services/api && {command}", given)


PLAIN = [
    API + 'dependencies = ["requests", "my-lib>=1; python_version > \'3.8\'"]\n',
    API + 'dependencies = ["my_lib[fast] ~= 1.0"]\n',
    API + '[project.optional-dependencies]\nx = ["MY.LIB"]\n',
    API + '[dependency-groups]\ndev = [{include-group = "x"}, "my-lib"]\n',
    API + '[tool.uv]\ndev-dependencies = ["my-lib"]\n',
    API + '[tool.pdm.dev-dependencies]\ntest = ["my-lib"]\n',
    API + '[tool.hatch.envs.default]\ndependencies = ["my-lib"]\n',
    API + '[build-system]\nrequires = ["my-lib"]\n',
    '[tool.poetry]\nname = "api"\n[tool.poetry.dependencies]\npython = "^3.10"\nmy-lib = "^1.0"\n',
    '[tool.poetry.group.dev.dependencies]\nmy-lib = "*"\n',
]
BY_PATH = [
    API + 'dependencies = ["x"]\n[tool.uv.sources]\nx = { path = "../../libs/my-lib", editable = true }\n',
    API + '[tool.uv.sources]\nx = [{ path = "../../libs/my-lib", marker = "sys_platform == \'linux\'" }]\n',
    API + '[tool.uv.sources]\nx = { path = "../../libs/my-lib/dist/my_lib-1.0-py3-none-any.whl" }\n',
    API + 'dependencies = ["x @ file:../../libs/my-lib"]\n',
    API + 'dependencies = ["x @ {root:uri}/../../libs/my-lib"]\n',
    API + 'dependencies = ["x @ file:///${PROJECT_ROOT}/../../libs/my-lib"]\n',
    API + '[tool.pdm.dev-dependencies]\ndev = ["-e file:///${PROJECT_ROOT}/../../libs/my-lib#egg=x"]\n',
    '[tool.poetry.dependencies]\nx = { path = "../../libs/my-lib", develop = true }\n',
    '[tool.poetry.group.dev.dependencies]\nx = [{ path = "../../libs/my-lib" }, { version = "1" }]\n',
    API + '[tool.mypy]\nmypy_path = "src:../../libs/my-lib/src"\n',
    API + '[tool.mypy]\nmypy_path = "$MYPY_CONFIG_FILE_DIR/../../libs/my-lib/src"\n',
    API + '[tool.pytest.ini_options]\npythonpath = ["../../libs"]\n',
    API + '[tool.pyright]\nextraPaths = ["../../libs/my-lib"]\n',
]
NOT_NAMED = [
    API,
    API + 'dependencies = ["requests", "my-lib-extras", "libmy"]\n',
    API + 'dependencies = ["x @ https://example.org/x.whl"]\ndescription = "like my-lib"\n',
    API + 'readme = "../../README.md"\n[tool.poe.tasks]\nup = "cd ../.. && make"\n',
]


@pytest.mark.parametrize("api", PLAIN)
@pytest.mark.parametrize("root", [{}, {"pyproject.toml": WORKSPACE}], ids=["no workspace", "uv workspace"])
def test_projects_near_it_that_are_named(api, root):
    assert waits(files(api, root))
    assert not waits(files(api, root), of="libs/alone")


@pytest.mark.parametrize("api", BY_PATH)
def test_projects_that_are_named_by_path(api):
    assert waits(files(api))


@pytest.mark.parametrize("api", NOT_NAMED)
def test_projects_that_are_not_named(api):
    assert not waits(files(api))


def test_sources_of_the_workspace_go_for_its_members():
    root = WORKSPACE + '[tool.uv.sources]\nother = { path = "vendor/other" }\n'
    given = files(API + 'dependencies = ["other"]\n', {"pyproject.toml": root, "vendor/other/pyproject.toml": ""})
    assert waits(given, of="vendor/other")
    assert not waits(files(API, {"pyproject.toml": root, "vendor/other/pyproject.toml": ""}), of="vendor/other")


def test_members_of_a_workspace_are_found_at_any_depth():
    deep = {"pyproject.toml": WORKSPACE, "libs/a/b/c/pyproject.toml": '[project]\nname = "deep"\n'}
    assert waits(files(API + 'dependencies = ["deep"]\n', deep), of="libs/a/b/c", command="uv run pytest")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("requirements.txt", "requests==2.0  # pinned\n-e ../../libs/my-lib[fast]\n"),
        ("requirements.txt", "--editable=../../libs/my-lib\n"),
        ("requirements-dev.txt", "my_lib>=1 \\\n    --hash=sha256:00\n"),
        ("requirements/dev.txt", "../../libs/my-lib\n"),
        ("requirements.txt", "x @ file:../../libs/my-lib ; python_version > '3'\n"),
        ("requirements.txt", "-r ../../shared.txt\n"),
        ("setup.cfg", "[options]\ninstall_requires =\n    requests\n    my-lib >= 1\n"),
        ("setup.cfg", "[options.extras_require]\ndev = my-lib\n"),
        ("setup.py", "import setuptools\nsetuptools.setup(name='api', install_requires=BASE + ['my-lib>=1'])\n"),
        ("mypy.ini", "[mypy]\nmypy_path = ../../libs/my-lib\n"),
        ("pyrightconfig.json", '{"extraPaths": ["../../libs/my-lib"], /* x */}'),
        ("Pipfile", '[packages]\nx = {path = "../../libs/my-lib", editable = true}\n'),
    ],
)
def test_other_manifests(name, text):
    given = files(extra={f"services/api/{name}": text, "shared.txt": "-e libs/my-lib\nmy-lib\n"})
    assert waits(given)
    assert not waits(given, of="libs/alone")


def test_projects_whose_name_only_other_manifests_tell():
    api = API + 'dependencies = ["one", "two", "three"]\n'
    given = files(
        api,
        {
            "libs/a/setup.py": "from setuptools import setup\nsetup(name='One')\n",
            "libs/b/setup.cfg": "[metadata]\nname = two\n",
            "libs/three/setup.py": "from setuptools import setup\nsetup(name=NAME)\n",
        },
    )
    assert [waits(given, of=folder) for folder in ("libs/a", "libs/b", "libs/three")] == [True] * 3


def test_dependencies_of_dependencies_and_cycles():
    given = files(API + 'dependencies = ["my-lib"]\n')
    given["libs/my-lib/pyproject.toml"] = LIB + 'dependencies = ["far", "api"]\n'
    given["libs/far/pyproject.toml"] = '[project]\nname = "far"\ndependencies = ["my-lib"]\n'
    assert waits(given, of="libs/far")
    assert not waits(given, of="libs/alone")
    assert not together("cd services/api && uv build", "cd libs/far && pytest", given)


@pytest.mark.parametrize("broken", ["services/api", "libs/my-lib"])
def test_a_manifest_that_cannot_be_read_may_say_anything(broken):
    given = files(API + '[tool.uv.sources]\nmy-lib = { path = "../../libs/my-lib" }\n', {f"{broken}/pyproject.toml": "["})
    given.setdefault("services/api/requirements.txt", "-e ../../libs/my-lib\n")
    assert waits(given, of="libs/alone")
    reasons = {entry.reason for entry in FakeCheckout(given).claims("mypy src", "services/api").entries}
    assert f"`mypy` reads the packages that this one depends on, and `{broken}/pyproject.toml` is not understood" in reasons


@pytest.mark.parametrize(
    "text",
    [
        'project = "x"\ndependency-groups = 3\ntool = []\n',
        '[project]\nname = 3\ndependencies = "x"\noptional-dependencies = []\n[tool.uv]\nsources = ["x"]\n',
        '[tool.poetry]\ndependencies = ["x"]\ngroup = { dev = "x" }\n[tool.hatch.envs]\nx = 1\n[tool.uv.sources]\nx = [1]\n',
    ],
)
def test_a_manifest_of_another_shape_is_no_error(text):
    odd = {"services/api/setup.py": "setup(", "services/api/setup.cfg": "x", "services/api/Pipfile": "x = 1"}
    assert not waits(files(text, odd))


READING = [
    "mypy .",
    "pyright",
    "pylint src",
    "pytest",
    "python -m pytest -q",
    "python -m unittest",
    "uv run pytest",
    "poetry run mypy src",
    "uv build",
    "poetry build",
    "mkdocs build",
    "sphinx-build docs docs/_build",
    "uvicorn app:app",
    "coverage report",
]
NOT_READING = [
    "ruff check .",
    "ruff format .",
    "black .",
    "isort .",
    "flake8",
    "bandit -r src",
    "vulture src",
    "python -m http.server",
]
MADE_OF = files(API + 'dependencies = ["my-lib"]\n')


@pytest.mark.parametrize("text", READING)
def test_tools_that_follow_imports_read_what_a_project_is_made_of(text):
    assert waits(MADE_OF, command=text)
    assert not waits(MADE_OF, of="libs/alone", command=text)


@pytest.mark.parametrize("text", NOT_READING)
def test_tools_that_look_at_single_files_do_not(text):
    assert not waits(MADE_OF, command=text)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("mypy .", "mypy .", True),
        ("uv run mypy .", "uv run mypy .", True),
        ("ruff check .", "pytest", True),
        ("ruff format .", "pytest", False),
        ("ruff format .", "mypy .", False),
        ("uv venv", "pytest", True),
        ("pyproject-build", "ruff check .", True),
        ("pytest", "pytest", True),
        ("pytest", "ruff format .", True),
    ],
)
def test_a_command_in_the_library_beside_one_in_what_is_made_of_it(left, right, expected):
    assert together(f"cd libs/my-lib && {left}", f"cd services/api && {right}", MADE_OF) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("uv sync", False),
        ("uv lock", False),
        ("poetry install", False),
        ("pip install -r requirements.txt", False),
        ("pip install -e .", False),
        ("pip install httpx", True),
    ],
)
def test_installing_builds_what_a_project_is_made_of(text, expected):
    assert together("rm -rf libs/my-lib/src", f"cd services/api && {text}", MADE_OF) is expected
    assert together("rm -rf libs/alone/src", f"cd services/api && {text}", MADE_OF)


def test_setuptools_writes_into_what_it_installs_for_development():
    backend = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
    given = {**MADE_OF, "libs/my-lib/pyproject.toml": LIB + backend}
    assert "libs/my-lib/**" in FakeCheckout(given).writes("uv sync", cwd="services/api")
    assert "libs/my-lib/**" not in FakeCheckout(MADE_OF).writes("uv sync", cwd="services/api")


def test_what_reads_dependencies_builds_serves_or_follows_imports():
    reading = {name for name, tool in python.TOOLS.items() if tool.reads_dependencies}
    assert {"mypy", "pytest", "uv build", "uvicorn", "coverage report"} <= reading
    assert reading.isdisjoint({"ruff check", "ruff format", "black", "uv sync", "python -m http.server"})


UV_WORKSPACE = {"pyproject.toml": WORKSPACE, "services/api/pyproject.toml": API, "uv.lock": ""}


@pytest.mark.parametrize(
    "command", ["uv export -o requirements.txt", "uv export --frozen", "uv tree", "uv tree --locked", "uv --quiet tree"]
)
@pytest.mark.parametrize("other", ["uv lock", "uv sync", "uv add requests", "cp x uv.lock"])
def test_what_prints_the_locked_versions_of_a_workspace_waits_for_who_locks_them(command, other):
    assert not together(other, f"cd services/api && {command}", UV_WORKSPACE)
    assert not together(f"cd services/api && {command}", other, UV_WORKSPACE)


@pytest.mark.parametrize("command", ["uv export", "uv tree"])
def test_what_prints_the_locked_versions_locks_them_unless_told_not_to(command):
    place = FakeCheckout(UV_WORKSPACE)
    assert place.writes(command, "services/api") == {"uv.lock"}
    for option in ("--frozen", "--locked"):
        assert place.writes(f"{command} {option}", "services/api") == set()
        assert together(f"{command} {option}", f"cd services/api && {command} {option}", UV_WORKSPACE)


def test_versions_are_resolved_with_those_that_other_projects_of_the_checkout_ask_for():
    given = {**MADE_OF, "services/api/requirements.in": "-e ../../libs/my-lib"}
    for command in ("uv pip compile pyproject.toml -o requirements.txt", "uv lock"):
        assert not together("cp x libs/my-lib/pyproject.toml", f"cd services/api && {command}", given)
        assert together("cp x libs/alone/pyproject.toml", f"cd services/api && {command}", given)


@pytest.mark.parametrize("command", ["uv lock --check", "uv lock --locked", "uv lock --dry-run", "pdm lock --check"])
def test_who_only_looks_whether_a_lock_is_up_to_date_does_not_write_it(command):
    uses = "[project]\nname = 'a'\n[tool.uv.sources]\nb = {path = '../b'}\n"
    place = FakeCheckout({"a/pyproject.toml": uses, "b/pyproject.toml": "[project]\nname = 'b'\n"})
    assert place.writes(f"cd a && {command}") == set()
    assert place.may_run_together(f"cd a && {command}", f"cd b && {command}")
    manager = command.split()[0]
    for other in (f"{manager} lock", f"{manager} add x"):
        assert not place.may_run_together(f"cd a && {command}", f"cd a && {other}")


@pytest.mark.parametrize(
    ("text", "beside", "together"),
    [
        ("-r base.txt\n", "cp x req/base.txt", False),
        ("-c ../limits.txt\n", "cp x limits.txt", False),
        ("../dist/lib.whl\n", "cp x dist/lib.whl", False),
        ("--find-links ../wheels\nlib\n", "cp x wheels/lib.whl", False),
        ("-f https://example.com/wheels\nlib\n", "cp x wheels/lib.whl", True),
        ("-e ../lib\n", "ls lib", False),
        ("lib==1\n", "cp x req/base.txt", True),
    ],
)
@pytest.mark.parametrize("install", ["pip install -r req/dev.txt", "uv pip install --requirement req/dev.txt"])
def test_an_install_follows_the_lists_that_it_is_given(text, beside, together, install):
    place = FakeCheckout({"req/dev.txt": text, "lib/setup.py": "", "app/x.py": ""})
    assert place.may_run_together(beside, install) is together, place.why_not(beside, install)


@pytest.mark.parametrize(
    "text", ["uv pip sync dev.txt", "PIP_CONSTRAINT=dev.txt pip install x", "UV_CONSTRAINT=dev.txt uv pip install x"]
)
def test_an_install_reads_lists_that_it_is_given_in_other_ways(text):
    place = FakeCheckout({"dev.txt": "./dist/lib.whl\n"})
    assert not place.may_run_together("cp x dev.txt", text)
    assert place.may_run_together("cp x other.txt", text)
    assert text.startswith(("PIP", "UV")) or not place.may_run_together("cp x dist/lib.whl", text)
