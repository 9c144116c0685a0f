"""What a tool keeps for itself is nobody's product, whatever it is called and wherever it lies: who keeps nothing else only reads."""

from __future__ import annotations

import pytest

from paratask.claims.readers import only_reads
from paratask.testing import FakeCheckout

FILES = {
    "pyproject.toml": "[project]\nname = 'p'\nversion = '1'\n",
    "package.json": '{"name": "n"}',
    "tsconfig.json": '{"compilerOptions": {"noEmit": true, "incremental": true}}',
    "go.mod": "module m\n",
    "main.go": "package main\n",
}


@pytest.mark.parametrize(
    "command",
    [
        "mypy src",
        "mypy --cache-dir build/types src",
        "ruff check .",
        "eslint --cache .",
        "eslint --cache --cache-location tmp/kept .",
        "prettier --check --cache .",
        "tsc --noEmit",
        "golangci-lint run",
    ],
)
def test_who_keeps_only_a_cache_only_reads(command):
    claims = FakeCheckout(FILES).claims(command)
    assert only_reads(claims), claims


@pytest.mark.parametrize(
    "command", ["rm -rf .mypy_cache", "tsc", "tsc --build", "eslint --fix --cache .", "ruff clean", "golangci-lint cache clean"]
)
def test_who_takes_caches_away_or_makes_more_does_not(command):
    assert not only_reads(FakeCheckout(FILES | {"tsconfig.json": "{}"}).claims(command))
