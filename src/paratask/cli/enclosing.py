"""Which run a new one is part of: the one whose command called paratask. Loaded only where somebody runs something here."""

from __future__ import annotations

import os

from paratask.processes.enclosing import enclosing_process
from paratask.records.logs import goes_on, maker_of
from paratask.records.runs import run_ids


def enclosing_run(state: str) -> str:
    """The id of the run whose command we are; empty where there is none. `state` is the path of `.paratask`. Of several that go
    on in one watch it is the one that began last.
    """
    pid = enclosing_process(state)
    runs = [run for run in run_ids(state) if maker_of(run) == pid] if pid else []
    return next((run for run in runs if goes_on(os.path.join(state, "runs", run))), "")
