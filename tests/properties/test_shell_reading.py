"""What a shell text writes when it runs is among what it is taken to write before: claims that leave something out let two jobs meet."""

from __future__ import annotations

import os
import random
import stat
import subprocess

import pytest
from shell_texts import CLIMBS, FILES, Texts

from paratask.claims.above import with_inside
from paratask.claims.model import Access, Evidence
from paratask.claims.overlap import overlap
from paratask.languages.place import Checkout
from paratask.plugins.manager import load_plugins

SEEDS_A_TEST = 40
ENOUGH = 0.1
"""So many of the texts at least are understood; the others claim everything."""


@pytest.mark.parametrize("first", range(0, 240, SEEDS_A_TEST))
def test_what_a_text_writes_was_claimed(tmp_path, first):
    plugins = load_plugins(warn=pytest.fail)
    understood = 0
    for seed in range(first, first + SEEDS_A_TEST):
        text = Texts(random.Random(seed)).text()
        root = made_tree(tmp_path / str(seed))
        environ = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "LC_ALL": "C"}
        place = Checkout(str(root), plugins=plugins, environ=environ)
        claims = with_inside(place.command_claims(text, str(root), {}, is_whole=True), place.real_root)
        if claims.evidence is Evidence.NONE:
            continue
        understood += 1
        before = snapshot(root)
        subprocess.run(
            ["bash", "-e", "-c", text],
            cwd=root,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=20,
        )
        after = snapshot(root)
        changed = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
        written = [entry.pattern for entry in claims.entries if entry.access in (Access.WRITE, Access.ADD)]
        missed = [path for path in changed if not any(overlap(path, pattern) for pattern in written)]
        assert not missed, f"seed {seed} writes {missed}, and claims {[e.pattern for e in claims.entries]}:\n{text}"
    assert understood > ENOUGH * SEEDS_A_TEST


def made_tree(folder):
    root = folder.joinpath(*"d" * CLIMBS, "checkout")
    for path in FILES:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("a.txt\nb x\n")
    (root / "out").mkdir()
    return root


def snapshot(root):
    """Everything below `root`: what it is, and for files what is in them and when they were written."""
    found = {}
    for path in root.rglob("*"):
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            found[str(path.relative_to(root))] = path.readlink()
        elif stat.S_ISDIR(status.st_mode):
            found[str(path.relative_to(root))] = status.st_mode
        else:
            found[str(path.relative_to(root))] = (status.st_mode, status.st_mtime_ns, status.st_ino, path.read_bytes())
    return found
