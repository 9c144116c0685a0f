"""What tests write is nobody's product: they may be stopped half way."""

from __future__ import annotations

import pytest

from paratask.claims.readers import may_be_stopped, only_reads
from paratask.testing import FakeCheckout

FILES = {
    "pyproject.toml": "[project]\nname = 'p'\nversion = '1'\n",
    "package.json": '{"name": "n", "scripts": {"test": "vitest run", "update": "vitest run -u"}}',
    "go.mod": "module m\n",
    "main_test.go": "package main\n",
    "Cargo.toml": "[package]\nname = 'c'\nversion = '1.0.0'\n",
    "src/lib.rs": "",
}


@pytest.mark.parametrize(
    "command",
    [
        "pytest -q",
        "pytest --junitxml=report.xml --cov --cov-report=xml",
        "coverage run -m pytest",
        "python -m unittest",
        "uv run pytest",
        "vitest run",
        "jest",
        "npm test",
        "go test ./...",
        "gotestsum -- ./...",
        "cargo test",
        "cargo check --workspace",
        "playwright test",
        "rspec",
        "vendor/bin/phpunit tests",
        "cargo clippy -- -D warnings",
        "ruff check . && pytest",
    ],
)
def test_tests_write_but_may_be_stopped(command):
    claims = FakeCheckout(FILES).claims(command)
    assert may_be_stopped(claims), claims
    assert not only_reads(claims)


@pytest.mark.parametrize(
    "command",
    [
        "pytest --snapshot-update",
        "npm run update",
        "go test ./... -update",
        "cargo build",
        "playwright test --update-snapshots",
        "vendor/bin/pest --update-snapshots",
        "cargo clippy --fix --allow-dirty",
        "tsc && vitest run",
        "echo > out && pytest",
        "npm publish && npm test",
        "./own-tests",
    ],
)
def test_what_writes_something_that_is_used_may_not(command):
    assert not may_be_stopped(FakeCheckout(FILES).claims(command))
