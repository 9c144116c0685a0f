"""What a tree holds, without reading what nobody touched."""

from __future__ import annotations

import os

import pytest

from paratask.proving import snapshot
from paratask.proving.snapshot import Entry, comparer, counts, digest, read_marks, read_tree


def plain(tree):
    return {path: (entry.kind, entry.executable, entry.content) for path, entry in tree.items()}


def test_all_kinds(tmp_path):
    (tmp_path / "dir").mkdir()
    (tmp_path / "dir" / "run").write_text("x")
    (tmp_path / "dir" / "run").chmod(0o755)
    (tmp_path / "link").symlink_to("dir")
    os.mkfifo(tmp_path / "pipe")
    assert plain(read_tree(str(tmp_path), {}, frozenset())) == {
        "dir": ("folder", False, ""),
        "dir/run": ("file", True, digest(str(tmp_path / "dir" / "run"))),
        "link": ("link", False, "dir"),
        "pipe": ("special", False, ""),
    }


def test_what_is_left_out_is_not_looked_at(tmp_path):
    (tmp_path / "a" / ".paratask").mkdir(parents=True)
    (tmp_path / "a" / ".paratask" / "x").touch()
    assert list(read_tree(str(tmp_path), {}, frozenset(("a/.paratask",)))) == ["a"]


def test_an_untouched_file_is_not_read(tmp_path, monkeypatch):
    for name in ("same", "changed", "replaced"):
        (tmp_path / name).write_text("before")
    marks = read_marks(str(tmp_path))
    (tmp_path / "changed").write_text("afterw")
    os.utime(tmp_path / "changed", ns=(0, marks["changed"][2]))  # made to look as old as before
    (tmp_path / "other").write_text("before")
    os.replace(tmp_path / "other", tmp_path / "replaced")
    read: list[str] = []
    monkeypatch.setattr(snapshot, "digest", lambda path: read.append(os.path.basename(path)) or "digest")
    tree = read_tree(str(tmp_path), marks, frozenset())
    assert tree["same"].content is None
    assert sorted(read) == ["changed", "replaced"]


def test_times_in_whole_seconds_are_not_believed(tmp_path):
    (tmp_path / "a").write_text("x")
    found = (tmp_path / "a").stat()
    coarse = os.stat_result((*found[:10],), {**{f"st_{n}time_ns": 7_000_000_000 for n in "mc"}})
    mark = (coarse.st_ino, coarse.st_size, coarse.st_mtime_ns, coarse.st_ctime_ns)
    assert not snapshot._is_untouched(mark, coarse)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/a", True),
        (".git", True),
        (".git/HEAD", True),
        (".git/packed-refs", True),
        (".git/refs/heads/logs", True),
        (".git/index", False),
        (".git/logs/HEAD", False),
        (".git/logs/refs/heads/main", False),
        (".git/objects/ab/cd", False),
        (".git/modules/x/HEAD", True),
        (".git/modules/x/refs/tags/v1", True),
        (".git/modules/x/index", False),
        ("mod/.git/config", False),
        (".gitignore", True),
        ("HEAD", True),
    ],
)
def test_of_git_folders_only_head_and_refs_count(path, expected):
    assert counts(path.split("/")) is expected


def test_a_git_folder_by_itself_is_one():
    assert [counts(path.split("/"), is_git=True) for path in ("HEAD", "index", "refs/tags/v1", "worktrees/w/HEAD", "config")] == [
        True, False, True, True, False,
    ]  # fmt: skip


def test_what_was_rewritten_to_the_same_is_the_same():
    same = comparer(lambda path: f"original {path}")
    untouched, equal, other = (Entry(kind="file", content=content) for content in (None, "original a", "x"))
    assert same("a", untouched, equal)
    assert same("a", equal, untouched)
    assert same("a", untouched, untouched)
    assert not same("a", untouched, other)
