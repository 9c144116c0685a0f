"""Caches that tools keep in the tree: no matter to those who pass over them, and to no reader of whatever there is."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout

FILES = {
    "pyproject.toml": "[project]\n[tool.ruff]\n",
    "src/x.py": "",
    "src/deep/y.py": "",
    "assets/logo.svg": "",
    "scripts/build.sh": "",
    "package.json": "{}",
    "nested/ruff.toml": "",
    "nested/z.py": "",
    "plain/pyproject.toml": "[project]\n",
}
PACKERS = [
    "tar czf /tmp/x.tgz .",
    "cp -r . /tmp/x",
    "cp -a ./ /tmp/x",
    "zip -r /tmp/x.zip .",
    "docker build .",
    "find . -type f",
    "find . ! -name '*.py'",
    "find . -type f -o -name '*.py'",
    "grep -rn TODO .",
    "du -sh .",
    "diff -r . /tmp/x",
]
KEEPERS = [
    "ruff check .",
    "ruff format --check src",
    "cd src && ruff check .",
    "cd plain && ruff check .",
    "mypy .",
    "pytest",
    "npx eslint --cache .",
    "npx prettier --check --cache .",
]


@pytest.fixture
def place() -> FakeCheckout:
    return FakeCheckout(FILES)


@pytest.mark.parametrize("packer", PACKERS)
@pytest.mark.parametrize("keeper", KEEPERS)
def test_who_takes_whatever_there_is_does_not_meet_who_keeps_a_cache_in_it(place, packer, keeper):
    assert not place.may_run_together(packer, keeper)
    assert not place.may_run_together(keeper, packer)


@pytest.mark.parametrize("keeper", ["ruff check .", "ruff format --check src", "cd src && ruff check .", "mypy ."])
@pytest.mark.parametrize(
    "other",
    [
        "ruff check src",
        "cd plain && ruff format --check .",
        "ruff clean --help",
        "npx eslint .",
        "npx prettier --check .",
        "git status --porcelain",
        "git diff --exit-code",
        "find . -name '*.sh'",
        "find . -path ./x -prune -o -name '*.sh' -print",
        "find . \\( -name '*.sh' -o -name '*.bash' \\) -not -path './y/*' -exec shellcheck {} +",
        "grep -rn TODO . --include='*.py' --include='*.sh'",
        "tar czf /tmp/x.tgz assets",
        "cp -r assets /tmp/x",
        "cat *.md",
        'cat "$NAMED"',
    ],
)
def test_who_passes_over_caches_runs_beside_who_keeps_one(place, keeper, other):
    assert place.may_run_together(keeper, other), place.why_not(keeper, other)
    assert place.may_run_together(other, keeper), place.why_not(other, keeper)


@pytest.mark.parametrize(
    ("keeper", "packer", "together"),
    [
        ("ruff check .", "tar cf /tmp/x.tar src", True),  # the settings lie above
        ("cd src && ruff check .", "tar cf /tmp/x.tar src", True),
        ("cd src && ruff check --config ../pyproject.toml .", "tar cf /tmp/x.tar src", False),
        ("ruff check --isolated .", "tar cf /tmp/x.tar src", True),
        ("ruff check .", "tar cf /tmp/x.tar nested", False),  # it has settings of its own
        ("ruff check src", "tar cf /tmp/x.tar nested", True),
        ("ruff check nested/z.py", "tar cf /tmp/x.tar nested", False),
        ("ruff check .", "tar cf /tmp/x.tar plain", True),  # a manifest that says nothing of ruff
        ("ruff check --no-cache .", "tar cf /tmp/x.tar .", True),
        ("ruff check --cache-dir /tmp/ruff .", "tar cf /tmp/x.tar .", True),
        ("pytest", "tar cf /tmp/x.tar src/deep", False),
        ("pytest", "grep -r x src", False),
        ("pytest", "grep -r --include='*.py' x src", True),
        ("pytest", "tar cf /tmp/x.tar assets", True),
        ("python -m unittest", "cp -r src /tmp/x", False),
        ("uv run pytest", "cp -r src /tmp/x", False),
    ],
)
def test_a_cache_lies_beside_the_settings_and_bytecode_beside_modules(place, keeper, packer, together):
    assert place.may_run_together(keeper, packer) is together, place.why_not(keeper, packer)


def test_without_settings_the_cache_lies_where_the_tool_works():
    place = FakeCheckout({"src/x.py": "", "pyproject.toml": "[project]"})
    assert not place.may_run_together("cd src && ruff check .", "tar cf /tmp/x.tar src")
    assert place.may_run_together("ruff check src", "tar cf /tmp/x.tar src")


def test_a_context_that_leaves_the_cache_out_is_sent_beside_its_keeper():
    for ignored in (".ruff_cache", "**/.ruff_cache", ".*"):
        place = FakeCheckout({"pyproject.toml": "[tool.ruff]", ".dockerignore": f"{ignored}\n"})
        assert place.may_run_together("docker build .", "ruff check ."), ignored
    place = FakeCheckout({"pyproject.toml": "[tool.ruff]", ".dockerignore": "dist\n"})
    assert not place.may_run_together("docker build .", "ruff check .")


def test_where_there_are_too_many_folders_to_look_a_cache_may_be_in_each():
    files = {f"f{number}/x.py": "" for number in range(500)}
    place = FakeCheckout({**files, "pyproject.toml": "[tool.ruff]"})
    assert not place.may_run_together("ruff check .", "tar cf /tmp/x.tar f1")
    assert not place.may_run_together("pytest", "tar cf /tmp/x.tar f1")
    assert place.may_run_together("ruff check .", "ruff format --check .")


def test_who_removes_a_cache_waits_for_all_who_keep_it():
    place = FakeCheckout(FILES)
    for keeper in ("ruff check .", "ruff format --check .", "cd src && ruff check ."):
        assert not place.may_run_together(keeper, "rm -rf .ruff_cache")


def test_tests_of_a_package_run_beside_those_of_one_it_is_made_of():
    place = FakeCheckout(
        {
            "a/pyproject.toml": '[project]\nname = "a"\ndependencies = ["b"]\n[tool.uv.sources]\nb = { path = "../b" }\n',
            "b/pyproject.toml": '[project]\nname = "b"\n',
            "b/src/b.py": "",
        }
    )
    assert place.may_run_together("cd a && pytest", "cd b && pytest"), place.why_not("cd a && pytest", "cd b && pytest")


IMPORTED = {
    "app/pyproject.toml": "[project]\nname = 'app'\ndependencies = ['lib', 'flat']\n",
    "app/app.py": "",
    "lib/pyproject.toml": "[project]\nname = 'lib'\n",
    "lib/src/lib/__init__.py": "",
    "flat/pyproject.toml": "[project]\nname = 'flat'\n",
    "flat/flat.py": "",
    "other/other.py": "",
}


@pytest.mark.parametrize("runner", ["pytest", "python -m unittest", "coverage run -m pytest", "uv run pytest"])
@pytest.mark.parametrize("packer", ["tar czf x.tgz {}", "cp -r {} out", "zip -r x.zip {}", "find {} -name __pycache__ -delete"])
def test_bytecode_is_left_beside_the_modules_of_other_projects_too(runner, packer):
    place = FakeCheckout(IMPORTED)
    for folder, together in (("lib", False), ("flat", False), ("other", True)):
        assert place.may_run_together(f"cd app && {runner}", packer.format(folder)) is together


def test_bytecode_is_left_where_a_variable_has_modules_looked_for():
    place = FakeCheckout(IMPORTED)
    assert not place.may_run_together("cd app && PYTHONPATH=../other pytest", "tar czf x.tgz other")


@pytest.mark.parametrize("checker", ["mypy .", "ruff check ."])
def test_who_runs_no_module_leaves_no_bytecode(checker):
    assert FakeCheckout(IMPORTED).may_run_together(f"cd app && {checker}", "tar czf x.tgz lib")


@pytest.mark.parametrize("folder", ["lib", "flat"])
def test_tests_run_beside_those_of_a_project_whose_modules_they_compile_too(folder):
    place = FakeCheckout(IMPORTED)
    assert place.may_run_together("cd app && pytest", f"cd {folder} && pytest")
    assert place.may_run_together(f"cd {folder} && pytest", "cd app && pytest")


def test_where_not_all_projects_are_known_bytecode_may_be_anywhere():
    place = FakeCheckout({**IMPORTED, "app/pyproject.toml": "[[["})
    assert not place.may_run_together("cd app && pytest", "tar czf x.tgz other")


def test_documentation_that_imports_modules_leaves_bytecode_beside_them():
    place = FakeCheckout(IMPORTED)
    for folder in ("app", "lib"):
        assert not place.may_run_together("cd app && sphinx-build docs ../html", f"tar czf x.tgz {folder}")
