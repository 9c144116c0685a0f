"""How many examples the fuzzers try, and from which seed.

`PARATASK_FUZZ_EXAMPLES` is the number of Taskfiles (200 where it is not set), and of every ten template expressions one.
`PARATASK_FUZZ_SEED` picks other ones; without it each run tries the same.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, Phase, seed, settings

TASK = shutil.which("task", path=os.path.dirname(sys.executable)) or shutil.which("task")
EXAMPLES = int(os.environ.get("PARATASK_FUZZ_EXAMPLES", "200"))
EXPRESSIONS_AN_EXAMPLE = 10
SECONDS_AN_EXAMPLE = 3

needs_task = pytest.mark.skipif(TASK is None, reason="the real `task` is not installed (package go-task-bin)")

Test = TypeVar("Test", bound=Callable[..., None])


def fuzzed(examples: int) -> Callable[[Test], Test]:
    """A hypothesis test of so many examples. What it finds is made smaller before it is shown."""
    chosen = os.environ.get("PARATASK_FUZZ_SEED")

    def decorate(test: Test) -> Test:
        decorated = settings(
            max_examples=max(1, examples),
            derandomize=chosen is None,
            database=None,
            deadline=None,
            phases=(Phase.explicit, Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        )(test)
        if chosen is not None:
            decorated = seed(int(chosen))(decorated)
        return pytest.mark.timeout(120 + SECONDS_AN_EXAMPLE * examples)(pytest.mark.slow(decorated))

    return decorate
