"""Repositories: cloned once, read only inside, and gone at the end. git is played."""

from __future__ import annotations

import os

import pytest

from paratask.errors import TaskfileReadError
from paratask.remote.addresses import GitAddress, parse_address
from paratask.remote.checkout import Checkouts


class PlayedGit:
    def __init__(self, trouble: str = "") -> None:
        self.trouble = trouble
        self.cloned: list[tuple[str, str]] = []
        self.folders: list[str] = []

    def clone(self, repository, ref, folder, timeout_seconds):
        self.cloned.append((repository, ref))
        self.folders.append(folder)
        os.makedirs(os.path.join(folder, "sub"))
        for name in ("Taskfile.yml", "sub/taskfile.yaml"):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(name)
        os.symlink("/etc/passwd", os.path.join(folder, "link.yml"))
        os.symlink("Taskfile.yml", os.path.join(folder, "good.yml"))
        return self.trouble


def address(text: str) -> GitAddress:
    found = parse_address(text, insecure=False)
    assert isinstance(found, GitAddress)
    return found


@pytest.fixture
def git():
    return PlayedGit()


@pytest.fixture
def checkouts(git):
    checkouts = Checkouts(git)
    yield checkouts
    checkouts.close()
    assert not any(map(os.path.exists, git.folders))


def test_a_repository_is_cloned_once_for_each_state(git, checkouts):
    assert checkouts.read(address("https://h/a.git"), 1.0) == b"Taskfile.yml"
    assert checkouts.read(address("https://h/a.git//sub"), 1.0) == b"sub/taskfile.yaml"
    assert checkouts.read(address("https://h/a.git//good.yml"), 1.0) == b"Taskfile.yml"
    checkouts.read(address("https://h/a.git?ref=v1"), 1.0)
    checkouts.read(address("https://h/b.git?ref=v1"), 1.0)
    assert git.cloned == [("https://h/a.git", ""), ("https://h/a.git", "v1"), ("https://h/b.git", "v1")]


@pytest.mark.parametrize("path", ["none.yml", "link.yml", "../../../etc/passwd", "..", "/etc/passwd"])
def test_nothing_is_read_outside(checkouts, path):
    with pytest.raises(TaskfileReadError) as caught:
        checkouts.read(address(f"https://h/a.git//{path.lstrip('/')}"), 1.0)
    assert caught.value.message.startswith("no Taskfile in the repository at `https://h/a.git//")


def test_what_git_says_is_said(git, checkouts):
    git.trouble = "fatal: no such repository"
    with pytest.raises(TaskfileReadError) as caught:
        checkouts.read(address("https://h/a.git"), 1.0)
    assert caught.value.message == "`https://h/a.git` cannot be cloned: fatal: no such repository"
