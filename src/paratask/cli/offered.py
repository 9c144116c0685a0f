"""`--names` of other things than tasks, for completions: a line each, with a description after a tab. Runs nothing."""

from __future__ import annotations

import sys

from paratask.cli.init_kinds import DESCRIPTIONS
from paratask.cli.state import state_of
from paratask.records.runs import kept_runs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.cli.options import Typed


def print_names(typed: Typed) -> int:
    """Kinds of --init; runs that are kept; with --resume those that can be gone on with."""
    offered = DESCRIPTIONS.items() if typed.flag("init") else _runs(state_of(typed), resumable=typed.flag("resume"))
    sys.stdout.write("".join(f"{name}\t{description}\n" for name, description in offered))
    return 0


def _runs(state: str, *, resumable: bool) -> Iterator[tuple[str, str]]:
    for kept in kept_runs(state):
        if not (resumable and kept.result in ("succeeded", "running")):
            calls = " ".join(map(str, kept.document.get("calls", ())))
            yield kept.run, " ".join(f"{kept.result}: {calls}".split())
