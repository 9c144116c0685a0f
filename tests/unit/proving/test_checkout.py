"""What belongs to a checkout, and copies that name themselves; with real git."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from paratask.proving.checkout import Checkout, find_checkout, names_of
from paratask.proving.copying import Copier, Move
from paratask.proving.relocating import relocate, relocated_environment, rewriter

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder, *args):
    identity = ["-c", "user.name=n", "-c", "user.email=e@example.org", "-c", "protocol.file.allow=always"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        ["git", *identity, "-C", str(folder), *args], env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def repository(folder):
    folder.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    (folder / "sub").mkdir()
    (folder / "sub" / "Taskfile.yml").write_text("version: '3'\n")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "one")
    return folder


def copy_of(checkout, holder):
    moves = checkout.moves(str(holder))
    copier = Copier(links=moves, left_out=frozenset(), warn=pytest.fail)
    for move in moves:
        copier.copy(move)
    relocate(copier.noted, [move.target for move in moves[1:]], moves)
    return moves


def files(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def test_without_git_it_is_the_folder_of_the_taskfile(tmp_path):
    assert find_checkout(str(tmp_path), "/home/nobody") == Checkout(top=str(tmp_path))


@needs_git
def test_a_subfolder_of_a_repository_belongs_to_the_whole(tmp_path):
    top = repository(tmp_path / "repo")
    assert find_checkout(str(top / "sub"), "/home/nobody") == Checkout(top=str(top))


@needs_git
def test_a_home_folder_under_git_is_not_copied_as_a_whole(tmp_path):
    top = repository(tmp_path / "home")
    assert find_checkout(str(top / "sub"), str(top)) == Checkout(top=str(top / "sub"))


@needs_git
@pytest.mark.slow
def test_git_works_in_a_copied_worktree_and_writes_nowhere_else(tmp_path):
    main = repository(tmp_path / "r" / "main")
    git(main, "worktree", "add", "-q", "-b", "side", "../tree")
    checkout = find_checkout(str(tmp_path / "r" / "tree" / "sub"), "/home/nobody")
    assert checkout == Checkout(top=str(tmp_path / "r" / "tree"), git_folders=(str(main / ".git"),))
    moves = copy_of(checkout, tmp_path / "copies")
    assert [move.target for move in moves] == [str(tmp_path / "copies" / "tree"), str(tmp_path / "copies" / "main" / ".git")]
    before = files(tmp_path / "r")
    copy = tmp_path / "copies" / "tree"
    assert git(copy, "rev-parse", "--path-format=absolute", "--git-common-dir") == moves[1].target
    (copy / "new").write_text("new")
    git(copy, "add", "new")
    git(copy, "commit", "-qm", "two")
    git(copy, "tag", "v1")
    assert git(copy, "describe", "--tags", "--dirty") == "v1"
    assert files(tmp_path / "r") == before
    assert git(main, "tag") == ""
    assert git(main, "worktree", "list").count("\n") == 1


@needs_git
@pytest.mark.slow
def test_git_works_in_a_copied_submodule_and_writes_nowhere_else(tmp_path):
    inner = repository(tmp_path / "inner")
    outer = repository(tmp_path / "outer")
    git(outer, "submodule", "add", "-q", str(inner), "mod")
    git(outer, "commit", "-qm", "two")
    checkout = find_checkout(str(outer / "mod"), "/home/nobody")
    assert checkout == Checkout(top=str(outer / "mod"), git_folders=(str(outer / ".git" / "modules" / "mod"),))
    copy_of(checkout, tmp_path / "copies")
    before = files(outer)
    copy = tmp_path / "copies" / "mod"
    (copy / "new").write_text("new")
    git(copy, "add", "new")
    git(copy, "commit", "-qm", "two")
    assert git(copy, "status", "--short") == ""
    assert git(copy, "rev-parse", "--show-toplevel") == str(copy)
    assert files(outer) == before


@needs_git
@pytest.mark.slow
def test_a_repository_with_submodules_is_copied_with_them(tmp_path):
    inner = repository(tmp_path / "inner")
    outer = repository(tmp_path / "outer")
    git(outer, "submodule", "add", "-q", str(inner), "mod")
    pointer = outer / "mod" / ".git"
    pointer.write_text(f"gitdir: {outer}/.git/modules/mod\n")  # as old gits wrote it
    copy_of(find_checkout(str(outer), "/home/nobody"), tmp_path / "copies")
    copy = tmp_path / "copies" / "outer" / "mod"
    assert (copy / ".git").read_text() == f"gitdir: {tmp_path}/copies/outer/.git/modules/mod\n"
    assert git(copy, "rev-parse", "--show-toplevel") == str(copy)


def test_a_virtual_environment_names_its_copy(tmp_path):
    top = tmp_path / "top"
    venv = top / ".venv"
    (venv / "bin").mkdir(parents=True)
    packages = venv / "lib" / "python3.11" / "site-packages"
    packages.mkdir(parents=True)
    (venv / "pyvenv.cfg").write_text(f"command = python -m venv {venv}\n")
    tool = venv / "bin" / "tool"
    tool.write_text(f"#!{venv}/bin/python\n")
    tool.chmod(0o755)
    os.utime(tool, ns=(1, 1_000_000_000))
    (venv / "bin" / "binary").write_bytes(b"\x7fELF\0" + os.fsencode(str(venv)))
    (packages / "mine.pth").write_text(f"{top}/src\n{top}-other/src\n/mnt{top}\n")
    copy_of(Checkout(top=str(top)), tmp_path / "copies")
    copy = tmp_path / "copies" / "top"
    made = copy / ".venv" / "bin" / "tool"
    assert made.read_text() == f"#!{copy}/.venv/bin/python\n"
    assert (made.stat().st_mode & 0o777, made.stat().st_mtime_ns) == (0o755, 1_000_000_000)
    assert (copy / ".venv/bin/binary").read_bytes() == (venv / "bin/binary").read_bytes()
    assert (copy / ".venv/lib/python3.11/site-packages/mine.pth").read_text() == f"{copy}/src\n{top}-other/src\n/mnt{top}\n"
    assert tool.read_text() == f"#!{venv}/bin/python\n"


def test_the_environment_names_the_copy():
    moves = (Move(source="/home/u/proj", target="/tmp/c/proj"),)
    environ = {
        "PATH": "/home/u/proj/.venv/bin:/usr/bin:/home/u/project/bin",
        "URL": "file:///home/u/proj",
        "A": "/home/u/proj.old",
    }
    assert relocated_environment(environ, moves) == {
        "PATH": "/tmp/c/proj/.venv/bin:/usr/bin:/home/u/project/bin",
        "URL": "file:///tmp/c/proj",
        "A": "/home/u/proj.old",
    }


def test_the_longer_name_is_taken_first():
    moves = (Move(source="/a", target="/x"), Move(source="/a/b", target="/y"))
    assert rewriter(moves)(b"/a/b/c /a/c 'a' -I/a /mnt/a r/a file:///a") == b"/y/c /x/c 'a' -I/x /mnt/a r/a file:///x"


def test_a_folder_has_the_name_by_which_it_was_entered(tmp_path):
    real = tmp_path / "real"
    (real / "sub").mkdir(parents=True)
    (tmp_path / "link").symlink_to(real)
    assert names_of(str(real), str(tmp_path / "link" / "sub")) == (str(real), str(tmp_path / "link"))
    assert names_of(str(real), str(real / "sub")) == (str(real),)
    assert names_of(str(real), str(tmp_path)) == (str(real),)
