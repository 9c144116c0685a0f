"""Programs asked for their versions: what they say, what keeps quiet, and that nothing of them is left."""

from __future__ import annotations

import os

import pytest

from paratask.processes import probes


@pytest.fixture
def program(tmp_path):
    def make(text: str) -> str:
        path = tmp_path / "program"
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return str(path)

    return make


def test_an_answer_comes_whole_though_it_is_printed_in_parts(program):
    assert probes.answer(program("echo $1; sleep 0.05; echo more; echo trouble >&2")) == "--version\nmore\n"


def test_of_versions_the_first_line_counts(program):
    assert probes.versions({"a": program("echo; echo a 1.2; echo more"), "b": "/missing"}, {}) == {"a": "a 1.2", "b": ""}


def test_a_program_is_told_of_no_jobserver(program, monkeypatch):
    for name in ("MAKEFLAGS", "CARGO_MAKEFLAGS"):
        monkeypatch.setenv(name, "-j")
    assert probes.answer(program("echo [$MAKEFLAGS$CARGO_MAKEFLAGS]")) == "[]\n"


def test_who_says_nothing_is_ended(program, monkeypatch):
    monkeypatch.setattr(probes, "PATIENCE_SECONDS", 0.1)
    assert probes.answer(program("exec sleep 1000")) == ""
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.slow
def test_each_program_that_said_nothing_was_waited_for_as_long_as_all_of_them(program, tmp_path, monkeypatch):
    """With four of them it took 20 seconds until the doctor said anything."""
    monkeypatch.setattr(probes, "PATIENCE_SECONDS", 1.0)
    (tmp_path / "other").mkdir()
    mute = program(f"echo $$ > {tmp_path}/pid; exec sleep 1000")
    late = tmp_path / "other" / "late"
    late.write_text(
        f"#!/bin/sh\nuntil [ -s {tmp_path}/pid ]; do :; done; while kill -0 $(cat {tmp_path}/pid); do :; done; sleep 0.5; echo late\n"
    )
    late.chmod(0o755)
    assert probes.versions({"mute": mute, "late": str(late)}, {"PATH": os.environ["PATH"]}) == {"mute": "", "late": ""}


def test_more_than_anybody_reads_is_left(program):
    assert len(probes.answer(program("yes"))) == probes.ANSWER_BYTES


@pytest.mark.parametrize(
    ("text", "said"),
    [("echo trouble >&2; echo more >&2; exit 1", "trouble"), ("exit 3", "it exited with 3"), ("echo word >&2", "")],
)
def test_what_a_program_complains_of(program, text, said):
    assert probes.complaint([program(text)], {}) == said
