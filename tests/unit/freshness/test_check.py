"""Fresh or stale, and why; what is kept under `.task`, and when."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from paratask.errors import TaskfileError
from paratask.freshness.check import Freshness, FreshnessCheck
from paratask.freshness.fingerprint import BLOCK_BYTES, digest
from paratask.frozen import replace
from paratask.variables.ready import ReadyTask
from unit.builders import bench, write

NOW = 1_700_000_000.5


class Checkout:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.check = FreshnessCheck(state_folder=str(folder / ".task"), environ={}, now=lambda: NOW)

    def ready(self, fields: str, name: str = "t") -> ReadyTask:
        return replace(bench(f"tasks: {{'{name}': {{{fields}}}}}").ready(name), dir=str(self.folder))

    def kept(self) -> dict[str, str]:
        state = self.folder / ".task"
        return {str(p.relative_to(state)): p.read_text() for p in sorted(state.rglob("*")) if p.is_file()}

    def touch(self, name: str, at: float) -> None:
        path = self.folder / name
        path.touch()
        os.utime(path, (at, at))


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    write(tmp_path, {"a.txt": "1", "b.txt": "2"})
    return Checkout(tmp_path)


def test_digest_is_go_task_s(tmp_path: Path) -> None:
    """The numbers are those that task 3.54 wrote for the same files."""
    write(tmp_path, {"a.txt": "1", "b.txt": "", "c.txt": "x" * 300_000})
    assert BLOCK_BYTES < 300_000
    assert digest(str(tmp_path / name) for name in ("a.txt", "b.txt", "c.txt")) == "3528f789dae9ac6b2b8d69867e7bdca7"
    assert digest([]) == "99aa06d3014798d86001c324468d497f"
    (tmp_path / "\udcff.txt").write_text("1")
    assert digest([str(tmp_path / "\udcff.txt")]) == "97887d630436b9fd34a3818f2439553"


def test_digest_depends_on_base_name_content_and_order_but_not_on_the_folder(tmp_path: Path) -> None:
    write(tmp_path, {"a": "1", "b": "1", "d/a": "1", "e": "2"})
    a, b, d, e = (digest([str(tmp_path / name)]) for name in ("a", "b", "d/a", "e"))
    assert a == d
    assert len({a, b, e}) == 3
    both = [str(tmp_path / "a"), str(tmp_path / "e")]
    assert digest(both) != digest(both[::-1])


def test_checksum_is_stale_until_kept_then_fresh_then_stale_again(checkout: Checkout) -> None:
    ready = checkout.ready("sources: ['*.txt']")
    first = checkout.check.look(ready)
    assert first.stale_reason == "it has no fingerprint yet"
    assert checkout.kept() == {}
    checkout.check.keep(ready, first)
    assert checkout.kept() == {"checksum/t": first.fingerprint + "\n"}
    assert checkout.check.look(ready) == Freshness(stale_reason="", fingerprint=first.fingerprint)
    write(checkout.folder, {"a.txt": "3"})
    assert checkout.check.look(ready).stale_reason == "its sources changed"
    checkout.check.forget(ready)
    assert checkout.kept() == {}
    checkout.check.forget(ready)


def test_new_and_removed_sources_make_it_stale(checkout: Checkout) -> None:
    ready = checkout.ready("sources: ['*.txt']")
    checkout.check.keep(ready, checkout.check.look(ready))
    write(checkout.folder, {"c.txt": ""})
    assert checkout.check.look(ready).stale_reason == "its sources changed"
    (checkout.folder / "c.txt").unlink()
    assert checkout.check.look(ready).stale_reason == ""
    (checkout.folder / "b.txt").unlink()
    assert checkout.check.look(ready).stale_reason == "its sources changed"


@pytest.mark.parametrize(
    "more", ["sources: [a.txt, '{{.X}}']", "label: '{{.X}}'", "method: '{{.X | default \"checksum\"}}'", "status: ['true']"]
)
def test_what_is_known_only_when_its_turn_has_come_is_not_fresh_before(checkout: Checkout, more: str) -> None:
    fields = more if more.startswith("sources") else f"sources: [a.txt], {more}"
    for ready, is_fresh in ((checkout.ready("sources: [a.txt]"), True), (checkout.ready(fields), False)):
        checkout.check.keep(ready, checkout.check.look(ready))
        assert checkout.check.look(ready).stale_reason == ""
        assert checkout.check.is_fresh(ready) is is_fresh


def test_files_that_git_ignores_are_sources_only_where_nobody_said_otherwise(checkout: Checkout) -> None:
    write(checkout.folder, {".git/HEAD": "", ".gitignore": "b.txt\n"})
    ready = checkout.ready("sources: ['*.txt'], use_gitignore: true")
    checkout.check.keep(ready, checkout.check.look(ready))
    write(checkout.folder, {"b.txt": "3"})
    assert checkout.check.look(ready).stale_reason == ""
    assert checkout.check.look(replace(ready, use_gitignore=False)).stale_reason == "its sources changed"


def test_missing_generated_file_makes_it_stale(checkout: Checkout) -> None:
    ready = checkout.ready("sources: ['*.txt'], generates: [out/*, {exclude: nope}]")
    checkout.check.keep(ready, checkout.check.look(ready))
    assert checkout.check.look(ready).stale_reason == "nothing matches `out/*`, which it generates"
    write(checkout.folder, {"out/x": ""})
    assert checkout.check.look(ready).stale_reason == ""


def test_a_full_disk_leaves_nothing_half_written(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    ready = checkout.ready("sources: ['*.txt']")
    monkeypatch.setattr("paratask.freshness.check.os.replace", full)
    with pytest.raises(OSError, match="No space"):
        checkout.check.keep(ready, checkout.check.look(ready))
    assert checkout.kept() == {}


def test_spoiled_fingerprint_file_is_as_none(checkout: Checkout) -> None:
    ready = checkout.ready("sources: ['*.txt']")
    write(checkout.folder, {".task/checksum/t": b"\xff\xfe"})
    assert checkout.check.look(ready).stale_reason == "it has no fingerprint yet"
    write(checkout.folder, {".task/checksum/t": "other\n"})
    assert checkout.check.look(ready).stale_reason == "its sources changed"


def test_source_that_cannot_be_read_makes_it_stale_and_keeps_nothing(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready = checkout.ready("sources: ['*.txt']")
    monkeypatch.setattr(
        "paratask.freshness.fingerprint.digest", lambda _: (_ for _ in ()).throw(PermissionError(13, "Permission denied", "a"))
    )
    found = checkout.check.look(ready)
    assert found == Freshness(stale_reason="a source cannot be read: Permission denied: a")
    checkout.check.keep(ready, found)
    assert checkout.kept() == {}


@pytest.mark.parametrize(("name", "file"), [("a:b c", "a-b-c"), ("é.x_y", "--x-y"), ("w-1", "w-1")])
def test_file_of_a_fingerprint_has_the_task_s_name_made_plain(checkout: Checkout, name: str, file: str) -> None:
    ready = checkout.ready("sources: ['*.txt']", name)
    checkout.check.keep(ready, checkout.check.look(ready))
    assert list(checkout.kept()) == [f"checksum/{file}"]


def test_label_names_the_checksum_and_the_task_the_timestamp(checkout: Checkout) -> None:
    for method in ("checksum", "timestamp"):
        ready = checkout.ready(f"sources: ['*.txt'], label: lab, method: {method}")
        checkout.check.keep(ready, checkout.check.look(ready))
    assert list(checkout.kept()) == ["checksum/lab", "timestamp/t"]


def test_a_task_that_failed_forgets_its_own_checksum_and_no_other(checkout: Checkout) -> None:
    kept = checkout.ready("sources: ['*.txt'], label: lab")
    checkout.check.keep(kept, checkout.check.look(kept))
    for fields in ("sources: ['*.txt'], label: lab, method: timestamp", "label: lab"):
        checkout.check.forget(checkout.ready(fields, "other"))
        assert list(checkout.kept()) == ["checksum/lab"]
    checkout.check.forget(kept)
    assert checkout.kept() == {}


def test_a_source_that_went_while_it_was_looked_at_makes_it_stale(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = checkout.ready("sources: ['*.txt'], method: timestamp")
    checkout.check.keep(ready, checkout.check.look(ready))
    listed = checkout.check.globs

    def with_one_that_went(folder: str, globs: object, *, use_gitignore: bool) -> list[str]:
        return [*listed(folder, globs, use_gitignore=use_gitignore), f"{folder}/gone"]  # type: ignore[arg-type]

    monkeypatch.setattr(checkout.check, "globs", with_one_that_went)
    assert checkout.check.look(ready).stale_reason.startswith("a file cannot be looked at: No such file")


def test_timestamp_compares_sources_with_what_was_made_and_the_last_run(checkout: Checkout) -> None:
    ready = checkout.ready("sources: ['*.txt'], generates: [out], method: timestamp")
    for name in ("a.txt", "b.txt"):
        checkout.touch(name, NOW - 100)
    assert checkout.check.look(ready).stale_reason == "nothing matches `out`, which it generates"
    checkout.touch("out", NOW - 200)
    assert checkout.check.look(ready).stale_reason == f"`{checkout.folder}/a.txt` is newer than what it made"
    checkout.touch("out", NOW - 100)
    assert checkout.check.look(ready).stale_reason == ""
    checkout.touch("b.txt", NOW - 50)
    stale = checkout.check.look(ready)
    assert stale.stale_reason == f"`{checkout.folder}/b.txt` is newer than what it made"
    checkout.check.keep(ready, stale)
    assert (checkout.folder / ".task/timestamp/t").stat().st_mtime == NOW
    assert checkout.check.look(ready).stale_reason == ""
    checkout.check.forget(ready)
    assert checkout.kept() == {"timestamp/t": ""}


def test_timestamp_without_generates_goes_by_the_last_run(checkout: Checkout) -> None:
    ready = checkout.ready("sources: ['*.txt'], method: timestamp")
    found = checkout.check.look(ready)
    assert found.stale_reason == "nothing it made is there yet"
    for name in ("a.txt", "b.txt"):
        checkout.touch(name, NOW - 1)
    checkout.check.keep(ready, found)
    assert checkout.check.look(ready).stale_reason == ""


def test_method_none_is_never_fresh_and_an_unknown_method_is_refused(checkout: Checkout) -> None:
    never = checkout.ready("sources: ['*.txt'], method: none")
    checkout.check.check_method(never)
    assert checkout.check.look(never).stale_reason == "method is none"
    with pytest.raises(TaskfileError) as caught:
        checkout.check.check_method(checkout.ready("method: md5"))
    assert caught.value.message == '"md5" is no method: one of checksum, timestamp, none'
    assert caught.value.position is not None
    assert (caught.value.position.line, caught.value.position.column) == (2, 9)


def test_task_without_sources_keeps_nothing(checkout: Checkout) -> None:
    ready = checkout.ready("")
    checkout.check.keep(ready, Freshness(stale_reason="", fingerprint="x"))
    assert checkout.kept() == {}


def test_unknown_folder_is_stale(checkout: Checkout) -> None:
    ready = replace(checkout.ready("sources: [a]"), dir=None)
    assert checkout.check.look(ready).stale_reason == "its folder is not known"


def test_values_of_checksum_and_timestamp(checkout: Checkout) -> None:
    ready = checkout.ready("sources: ['*.txt']")
    checkout.touch("a.txt", 1_000_000_000)
    checkout.touch("b.txt", 1_000_000_001)
    value = checkout.check.source_value
    assert value("checksum", str(checkout.folder), ready.sources, use_gitignore=False) == checkout.check.look(ready).fingerprint
    assert value("timestamp", str(checkout.folder), ready.sources, use_gitignore=False) == 1_000_000_001 * 10**9
    assert value("timestamp", str(checkout.folder), (), use_gitignore=False) == 0


def test_a_named_pipe_in_place_of_a_fingerprint_kept_the_run_waiting_for_ever(checkout: Checkout) -> None:
    ready = checkout.ready("sources: [a.txt], cmds: [x]")
    os.makedirs(checkout.folder / ".task/checksum")
    os.mkfifo(checkout.folder / ".task/checksum/t")
    looked = checkout.check.look(ready)
    assert looked.stale_reason
    checkout.check.keep(ready, looked)
    assert checkout.kept() == {"checksum/t": looked.fingerprint + "\n"}
    assert not checkout.check.look(ready).stale_reason


def test_a_task_whose_steps_go_on_is_as_fresh_as_it_was_and_who_comes_after_a_kill_finds_nothing(checkout: Checkout) -> None:
    first, second = (checkout.ready("sources: [a.txt], cmds: [x]") for _ in range(2))
    checkout.check.keep(first, checkout.check.look(first))
    kept = checkout.kept()
    checkout.check.begin(first)
    assert checkout.kept() == {}
    assert checkout.check.look(second).stale_reason == ""
    checkout.check.keep(second, checkout.check.look(second))
    checkout.check.keep(second, None)
    assert checkout.kept() == {}, "it is another call's, which has not ended"
    checkout.check.keep(first, None)
    assert checkout.kept() == kept


def test_what_failed_meanwhile_is_not_put_back(checkout: Checkout) -> None:
    first, second = (checkout.ready("sources: [a.txt], cmds: [x]") for _ in range(2))
    checkout.check.keep(first, checkout.check.look(first))
    checkout.check.begin(first)
    checkout.check.begin(second)
    checkout.check.forget(second)
    checkout.check.keep(first, None)
    assert checkout.kept() == {}
    assert checkout.check.look(first).stale_reason == "it has no fingerprint yet"


def test_one_call_ended_while_another_was_at_work_and_who_came_after_a_kill_found_its_fingerprint(checkout: Checkout) -> None:
    first, second = (checkout.ready("sources: [a.txt], cmds: [x]") for _ in range(2))
    looked = checkout.check.look(first)
    checkout.check.begin(first)
    checkout.check.begin(second)
    checkout.check.keep(first, looked)
    assert checkout.kept() == {}
    assert not checkout.check.is_fresh(first), "somebody works at it"
    checkout.check.keep(second, None)
    assert checkout.kept() == {"checksum/t": looked.fingerprint + "\n"}, "what is forced says nothing of its sources"
    assert checkout.check.is_fresh(first)


def test_what_a_run_in_its_steps_kept_was_replaced_by_what_was_kept_before(checkout: Checkout) -> None:
    ready = checkout.ready("sources: [a.txt], cmds: [x]")
    checkout.check.keep(ready, checkout.check.look(ready))
    checkout.check.begin(ready)
    write(checkout.folder, {".task/checksum/t": "of another run\n"})
    checkout.check.keep(ready, None)
    assert checkout.kept() == {"checksum/t": "of another run\n"}
