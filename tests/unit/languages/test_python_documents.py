"""What the Python plugin makes of formatters, linters and tools for other files than sources."""

from __future__ import annotations

import pytest

from paratask.claims.model import Effect, Evidence
from paratask.claims.overlap import overlap
from paratask.testing import FakeCheckout

FILES = {"app/pyproject.toml": "[project]\nname = 'app'\n", "app/src/app.py": "", "docs/a.md": "", "other/pyproject.toml": ""}
READING = [
    "yapf -r -d src",
    "yapf src/app.py",
    "autopep8 -r --diff src",
    "flynt --dry-run src",
    "flynt --stdout src",
    "pyrefly check",
    "pyrefly check src --output-format json",
    "mdformat --check .",
    "djlint templates --lint",
    "djlint --check --profile=jinja .",
    "nbstripout --verify a.ipynb",
    "pyproject-fmt --check pyproject.toml",
    "validate-pyproject pyproject.toml",
    "validate-pyproject -vv",
]
EDITING = [
    ("yapf -i -r -p src", "app/src/app.py"),
    ("autopep8 -i -r src", "app/src/app.py"),
    ("autopep8 -r src", "app/src/app.py"),
    ("flynt src", "app/src/app.py"),
    ("pyrefly check --suppress-errors", "app/src/app.py"),
    ("mdformat .", "app/README.md"),
    ("mdformat README.md", "app/README.md"),
    ("djlint templates --reformat", "app/templates/a.html"),
    ("nbstripout a.ipynb", "app/a.ipynb"),
    ("pyproject-fmt pyproject.toml", "app/pyproject.toml"),
    ("pyproject-fmt .", "app/pyproject.toml"),
    ("genbadge coverage -i dist/coverage.xml -o dist/badge.svg", "app/dist/badge.svg"),
    ("genbadge tests", "app/tests-badge.svg"),
    ("lint-imports", "app/.import_linter_cache/x"),
    ("lint-imports --cache-dir .c", "app/.c/x"),
]


@pytest.mark.parametrize("text", [*READING, *(text for text, _ in EDITING)])
def test_they_work_in_their_workspace(text):
    checkout = FakeCheckout(FILES)
    claims = checkout.claims(f"cd app && {text}")
    assert (claims.evidence, claims.effect) == (Evidence.INFERRED, Effect.LOCAL), claims.effect_reason
    assert not any(overlap(pattern, "other/pyproject.toml") for pattern in checkout.writes(f"cd app && {text}"))


@pytest.mark.parametrize("text", READING)
def test_what_looks_writes_nothing(text):
    assert not FakeCheckout(FILES).writes(f"cd app && {text}")


@pytest.mark.parametrize(("text", "path"), EDITING)
def test_what_changes_files_claims_them(text, path):
    assert any(overlap(pattern, path) for pattern in FakeCheckout(FILES).writes(f"cd app && {text}"))


def test_scripts_without_a_suffix_may_be_formatted():
    for text in ("yapf -i -r src", "autopep8 -i -r src"):
        assert any(overlap(pattern, "app/src/tool") for pattern in FakeCheckout(FILES).writes(f"cd app && {text}"))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("yapf -d src", ".style.yapf"),
        ("mdformat --check .", ".mdformat.toml"),
        ("pyrefly check", "pyrefly.toml"),
        ("djlint .", "djlint.toml"),
        ("pyproject-fmt --check .", "pyproject-fmt.toml"),
    ],
)
def test_settings_above_are_read(text, name):
    assert any(overlap(pattern, name) for pattern in FakeCheckout(FILES).reads(f"cd app && {text}"))


@pytest.mark.parametrize(
    "text", ["nbstripout --install", "pyrefly check -o json:../x.json", "pyrefly suppress", "validate-pyproject --store x"]
)
def test_what_may_reach_further_is_not_recognised(text):
    assert FakeCheckout(FILES).claims(f"cd app && {text}").evidence is Evidence.NONE
