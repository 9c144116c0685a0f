"""Assertions in the modules that hold the checks show their values."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite(
    "surface_differences", "remote_differences", "watch_differences", "fuzzed_differences", "comparing"
)
