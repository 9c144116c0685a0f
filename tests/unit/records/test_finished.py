"""What a run finished, by its journal, and those before it that it went on with."""

from __future__ import annotations

import json
from pathlib import Path

from paratask.records import finished
from paratask.records.finished import Finished, FinishedJobs
from paratask.records.runs import read_run

A, B = ("a", 1), ("b", 1)


def line(text: str) -> dict[str, object]:
    """An event in a few words: `made JOB TASK [PARENT]`, `anew JOB INSTEAD_OF`, `steps JOB FINGERPRINT`, or `STATE JOB [DIGEST]`."""
    word, job, *rest = text.split()
    if word == "made":
        return {"event": "JobMade", "job": job, "task": rest[0], "parent": "".join(rest[1:])}
    if word == "anew":
        return {"event": "BegunAnew", "job": job, "instead_of": rest[0]}
    if word == "steps":
        return {"event": "StepsBegan", "job": job, "name": rest[0]}
    if word in ("AttemptBegan", "CommandEnded"):
        return {"event": word, "job": job}
    return {"event": "JobChanged", "job": job, "state": word, "definition": "".join(rest)}


class Runs:
    """Runs, each of which goes on with the one before it. Each line is a second after the one above it; a killed run has no end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.at = 0.0
        self.count = 0

    def add(self, *texts: str, was_killed: bool = False, **more: object) -> None:
        resumes = {"resumes": f"run-{self.count}"} if self.count else {}
        lines = [{"event": "RunBegan", "root": "/checkout", **resumes, **more}, *map(line, texts)]
        if not was_killed:
            lines.append({"event": "RunEnded", "started_at": self.at, "seconds": 1.0, "exit_code": 201})
        self.count += 1
        folder = self.folder / f"run-{self.count}"
        folder.mkdir()
        (folder / "journal.jsonl").write_text(
            "".join(json.dumps({**each, "at": self.at + at}) + "\n" for at, each in enumerate(lines))
        )
        self.at += 100.0

    def finished(self) -> FinishedJobs:
        kept = read_run(str(self.folder / f"run-{self.count}"))
        assert kept is not None
        return FinishedJobs(kept, own_name=lambda name: {"alias": "a"}.get(name, name))


def of_one(folder: Path, *texts: str, **more: bool) -> FinishedJobs:
    runs = Runs(folder)
    runs.add(*texts, **more)
    return runs.finished()


def ended(found: FinishedJobs, *place: tuple[str, int]) -> float | None:
    there = found.at(place)
    return None if there is None else there.ended_at


def test_a_place_is_the_way_of_calls_to_it(tmp_path):
    found = of_one(
        tmp_path, "made 1 alias", "made 2 b 1", "made 3 b 1", "made 4 c 3", "succeeded 4 x", "succeeded 2 y", "failed 1"
    )
    assert found.at((A, ("b", 2), ("c", 1))) == Finished(
        definition="x", ended_at=5.0, place=(A, ("b", 2), ("c", 1)), root="/checkout"
    )
    assert [ended(found, A, B), ended(found, A)] == [6.0, 7.0]
    assert found.at((A, ("b", 2))) is None
    assert found.oldest == 5.0


def test_an_attempt_counts_the_calls_of_its_steps_from_one_again(tmp_path):
    found = of_one(tmp_path, "made 1 a", "made 2 b 1", "failed 2", "AttemptBegan 1", "made 3 b 1", "succeeded 3 x")
    assert ended(found, A, B) == 6.0
    assert found.at((A, ("b", 2))) is None


def test_who_began_anew_stands_where_it_stood_and_the_next_call_is_the_second(tmp_path):
    found = of_one(
        tmp_path,
        "made 1 a",
        "made 2 b 1",
        "cancelled 2",
        "made 3 b 1",
        "anew 3 2",
        "made 4 b 1",
        "succeeded 3 x",
        "succeeded 4 y",
    )
    assert [ended(found, A, B), ended(found, A, ("b", 2))] == [7.0, 8.0]


def test_who_began_anew_instead_of_nobody_that_is_known_stands_where_it_was_made(tmp_path):
    assert ended(of_one(tmp_path, "made 1 a", "anew 1 gone", "succeeded 1 x"), A) == 3.0


def test_what_began_again_is_not_done_unless_it_was_found_done(tmp_path):
    runs = Runs(tmp_path)
    runs.add("made 1 a", "running 1", "succeeded 1 x", "made 2 b", "running 2", "succeeded 2 y", "made 3 c", "succeeded 3 z")
    runs.add("made 1 a", "running 1", "made 2 b", "running 2", "skipped 2", was_killed=True)
    found = runs.finished()
    assert [ended(found, A), ended(found, B), ended(found, ("c", 1))] == [None, 6.0, 8.0]
    assert found.execution("b", "y") == found.at((B,))
    assert [found.execution("a", "x"), found.execution("b", "z")] == [None, None]
    assert found.runs == ("run-2", "run-1")
    assert found.killed_at == [105.0]


def test_what_was_skipped_and_never_done_is_not_and_what_has_no_digest_is_no_execution(tmp_path):
    found = of_one(
        tmp_path, "made 1 a", "running 1", "skipped 1", "made 2 b", "running 2", "fresh 2", "made 3 c", "cancelled 3"
    )
    assert [ended(found, A), ended(found, B), ended(found, ("c", 1))] == [None, 6.0, None]
    assert found.execution("b", "") is None


def test_when_jobs_ran(tmp_path):
    runs = Runs(tmp_path)
    runs.add("made 1 a", "running 1", "succeeded 1 x", "made 2 b", "running 2", "made 3 c", "running 3", was_killed=True)
    runs.add("made 1 a", "running 1", "skipped 1", "made 2 b", "ready 2", "running 2", "failed 2")
    found = runs.finished()
    assert found.ran((A,)) == [(2.0, 3.0)], "it did nothing the second time"
    assert found.ran((B,)) == [(5.0, 106.0), (106.0, 107.0)]
    assert found.ran((("c", 1),)) == [(7.0, None)]
    assert found.ran((("d", 1),)) == ()


def test_what_was_fresh_at_first_ran_all_the_same(tmp_path):
    assert of_one(tmp_path, "made 1 a", "running 1", "fresh 1").ran((A,)) == [(2.0, 3.0)]


def test_when_the_last_command_of_a_job_ended(tmp_path):
    found = of_one(tmp_path, "made 1 a", "CommandEnded 1", "CommandEnded 1", "succeeded 1 x", "made 2 b", "succeeded 2 y")
    assert found.worked == {(A,): 3.0}
    assert found.succeeded == [(3.0, 4.0), (6.0, 6.0)]


def test_steps_are_half_done_until_they_come_to_a_good_end(tmp_path):
    found = of_one(
        tmp_path, "made 1 a", "steps 1 one", "failed 1", "made 2 b", "steps 2 two", "succeeded 2 x", "made 3 c", "steps 3 one"
    )
    elsewhere = (("elsewhere", 1),)
    assert found.half_done_since((A,), "one") == 2.0
    assert found.half_done_since((B,), "one") is None, "it ended there, and well"
    assert found.half_done_since(elsewhere, "one") == 8.0
    assert found.half_done_since(elsewhere, "two") is None


def test_what_paratask_wrote_itself_in_each_run(tmp_path):
    runs = Runs(tmp_path)
    runs.add("made 1 a", writes=["one"])
    runs.add("made 1 a", writes=["other", "more"], was_killed=True)
    assert runs.finished().asked_for == [("one", 0.0, 2.0), ("other", 100.0, None), ("more", 100.0, None)]


def test_of_very_many_runs_the_newest_count(tmp_path, monkeypatch):
    monkeypatch.setattr(finished, "MAX_CHAIN", 2)
    runs = Runs(tmp_path)
    for task in "abc":
        runs.add(f"made 1 {task}", "succeeded 1 x")
    found = runs.finished()
    assert found.runs == ("run-3", "run-2")
    assert [ended(found, A), ended(found, B), ended(found, ("c", 1))] == [None, 102.0, 202.0]
