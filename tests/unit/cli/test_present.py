"""What a run does just now is kept for other processes, as long as it goes on."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from paratask.cli.present import PresentRecord
from paratask.records.logs import RunFolder
from paratask.records.present import UNKNOWN, Present, read_present
from paratask.scheduling.budget import Budget, Cost
from unit.execution.test_looking import Stage

BOTH = (("a", Cost()), ("b", Cost()), ("c", Cost()))


class Kept:
    """A run of jobs that take five seconds each, at 1000.0; `seen` is what another process would have read."""

    def __init__(self, tmp_path, cpus: float = 2.0) -> None:
        self.stage = Stage(Budget(cpus=cpus))
        self.folder = RunFolder(str(tmp_path), "20240101")
        self.seen: dict[float, Present] = {}
        self.warnings: list[str] = []
        self.record = PresentRecord(
            folder=self.folder, lookout=self.stage.lookout, job_of=lambda job: SimpleNamespace(task=job), mask_all=lambda it: it,
            later=self.later, warn=self.warnings.append,
        )  # fmt: skip

    def later(self, seconds, work) -> None:
        self.stage.loop.call_at(self.stage.loop.now() + seconds, work)

    def run(self, *works, looks) -> None:
        self.later(1.0, self.record.look)
        for at in looks:
            self.stage.loop.call_at(at, lambda at=at: self.seen.update({at: read_present(self.folder.path)}))
        self.stage.look(*works)


def test_who_runs_and_what_others_wait_for(tmp_path):
    kept = Kept(tmp_path)
    kept.run(*BOTH, looks=(1.5, 6.5))
    assert kept.seen[1.5].running == {"a": 1000.0, "b": 1000.0}
    assert kept.seen[1.5].waits == {"c": "waits for a free core"}
    assert (kept.seen[6.5].running, kept.seen[6.5].waits) == ({"c": 1005.0}, {})


def test_nothing_is_written_as_long_as_nothing_happens(tmp_path):
    """A server that runs for days may start anew when any file of the checkout changes."""
    kept = Kept(tmp_path)
    kept.run(*BOTH, looks=(1.5, 4.5))
    assert kept.seen[1.5].at == kept.seen[4.5].at == 1001.0


def test_it_is_gone_when_the_run_has_ended(tmp_path):
    kept = Kept(tmp_path)
    kept.stage.loop.call_at(3.0, kept.record.close)
    kept.run(*BOTH, looks=(2.5, 3.5, 7.5))
    assert [at for at, present in kept.seen.items() if present is UNKNOWN] == [3.5, 7.5]


def test_a_defect_ends_it_and_not_the_run(tmp_path):
    kept = Kept(tmp_path)
    kept.stage.lookout.began = lambda: 1 / 0
    kept.run(*BOTH, looks=(4.5,))
    assert kept.seen == {4.5: UNKNOWN}
    assert kept.warnings == ["what the run does is not kept while it goes on: ZeroDivisionError('division by zero')"]


@pytest.mark.parametrize(
    "document",
    [
        [],
        {"at": 1.0},
        {"at": -1.0, "running": {}, "waiting": []},
        {"at": 1.0, "running": {"a": "long"}, "waiting": []},
        {"at": 1.0, "running": {}, "waiting": [{"why": 5, "jobs": []}]},
        {"at": 1.0, "running": {}, "waiting": [{"why": "so"}]},
    ],
)
def test_what_is_none_of_ours_says_nothing(tmp_path, document):
    (tmp_path / "now.jsonl").write_text(json.dumps(document))
    assert read_present(str(tmp_path)) is UNKNOWN
