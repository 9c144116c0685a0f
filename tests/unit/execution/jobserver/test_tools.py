"""What kind of jobserver the tools understand, by what they say of themselves."""

from __future__ import annotations

import os

import pytest

from paratask.execution.jobserver.tools import FIFO, OLD_PIPE, PIPE, Versions, parse_styles
from paratask.processes.probes import answer
from paratask.processes.shell import Shell


@pytest.mark.parametrize(
    ("name", "text", "styles"),
    [
        ("make", "GNU Make 3.81\nCopyright", (OLD_PIPE,)),
        ("make", "GNU Make 4.1\n", (OLD_PIPE,)),
        ("make", "GNU Make 4.2.1\n", (PIPE,)),
        ("make", "GNU Make 4.3\nBuilt for x86_64-pc-linux-gnu\n", (PIPE,)),
        ("gmake", "GNU Make 4.4\n", (FIFO, PIPE)),
        ("make", "GNU Make 4.4.1\n", (FIFO, PIPE)),
        ("make", "GNU Make 10.0\n", (FIFO, PIPE)),
        ("make", "usage: make [-BeikNnqrSstWwX]\n", ()),
        ("make", "", ()),
        ("ninja", "1.11.1\n", ()),
        ("ninja", "1.13.0\n", (FIFO,)),
        ("ninja-build", "1.14.0.git\n", (FIFO,)),
        ("ninja", "1.11.1.git.kitware.jobserver-1\n", (PIPE,)),
        ("ninja", "1.13.2.git.kitware.jobserver-pipe-1\n", (FIFO, PIPE)),
        ("ninja", "", ()),
    ],
)
def test_styles_by_version(name, text, styles):
    assert parse_styles(name, text) == styles


def program(folder, text):
    file = folder / "make"
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)
    return str(file)


def test_a_program_is_asked_once(tmp_path, monkeypatch):
    monkeypatch.setenv("MAKEFLAGS", "n")
    make = program(tmp_path, f'echo "asked $* [$MAKEFLAGS]" >> {tmp_path}/said; echo "GNU Make 4.3"; exit 1')
    versions = Versions(Shell({"PATH": os.environ["PATH"]}).find)
    assert [versions.styles("make", f"{tmp_path}:/nowhere") for _ in range(2)] == [(PIPE,), (PIPE,)]
    assert versions.styles("make", "", program=make) == (PIPE,)
    assert versions.styles("gmake", f"{tmp_path}:/nowhere") == ()
    assert versions.styles("", "") == (PIPE, FIFO)
    assert (tmp_path / "said").read_text() == "asked --version []\n"


def test_one_that_cannot_be_started_says_nothing(tmp_path):
    assert answer(str(tmp_path / "missing")) == ""
