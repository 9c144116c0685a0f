"""MAKEFLAGS as the versions of make write it, and as users do."""

from __future__ import annotations

import pytest

from paratask.scheduling.makeflags import UNLIMITED, MakeFlags, parse_makeflags, with_jobserver
from paratask.scheduling.slots import tokens_missing, tokens_needed


@pytest.mark.parametrize(
    ("text", "flags", "fds", "fifo"),
    [
        ("", MakeFlags(), None, ""),
        (" --jobserver-fds=3,4 -j", MakeFlags(auth="3,4", jobs=0), (3, 4), ""),  # 3.81
        ("k --jobserver-fds=3,4 -j", MakeFlags(auth="3,4", jobs=0, flags=("k",)), (3, 4), ""),
        (" -j --jobserver-fds=5,6", MakeFlags(auth="5,6", jobs=0), (5, 6), ""),  # 4.1
        (" -j4 --jobserver-auth=3,4", MakeFlags(auth="3,4", jobs=4), (3, 4), ""),  # 4.2, 4.3
        (
            "ks -j4 --jobserver-auth=3,4 -- B=a\\ b A=1",
            MakeFlags(auth="3,4", jobs=4, flags=("ks",), variables=" -- B=a\\ b A=1"),
            (3, 4),
            "",
        ),
        (
            " -j8 --jobserver-auth=fifo:/tmp/GMfifo42",
            MakeFlags(auth="fifo:/tmp/GMfifo42", jobs=8),
            None,
            "/tmp/GMfifo42",
        ),  # 4.4
        (" -j8 --jobserver-auth=-2,-2", MakeFlags(auth="-2,-2", jobs=8), (-2, -2), ""),  # 4.4, a line without `+`
        ("-j2 --jobserver-auth=3,4 --jobserver-auth=fifo:/f", MakeFlags(auth="fifo:/f", jobs=2), None, "/f"),
        (" -- X=--jobserver-auth=3,4", MakeFlags(variables=" -- X=--jobserver-auth=3,4"), None, ""),
        ("-- A=2", MakeFlags(variables=" -- A=2"), None, ""),
        ("--jobs=3 --no-print-directory", MakeFlags(jobs=3, flags=("--no-print-directory",)), None, ""),
        ("j8", MakeFlags(jobs=8), None, ""),
        ("-k --jobserver-auth=nonsense", MakeFlags(auth="nonsense", flags=("-k",)), None, ""),
    ],
)
def test_what_is_said(text, flags, fds, fifo):
    parsed = parse_makeflags(text)
    assert (parsed, parsed.fds, parsed.fifo) == (flags, fds, fifo)


def test_an_old_make_is_told_no_number():
    """Up to 4.1, one beside `--jobserver-fds` says that the user wants no jobserver."""
    assert with_jobserver("k", jobs=UNLIMITED, option="--jobserver-fds=3,4") == "k -j --jobserver-fds=3,4"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", " -j2 --jobserver-auth=fifo:/f"),
        ("k", "k -j2 --jobserver-auth=fifo:/f"),
        ("-k -j8", "-k -j2 --jobserver-auth=fifo:/f"),
        (" -j8 --jobserver-auth=3,4 -- A=1", " -j2 --jobserver-auth=fifo:/f -- A=1"),
        ("ks -j --jobserver-fds=3,4", "ks -j2 --jobserver-auth=fifo:/f"),
    ],
)
def test_flags_and_variables_stay(before, after):
    """A first word with a letter would be read as flags, `n` as a dry run: hence the blank in front."""
    assert with_jobserver(before, jobs=2, option="--jobserver-auth=fifo:/f") == after


@pytest.mark.parametrize(
    ("text", "is_parallel"),
    [("", False), ("-k", False), ("-j1", False), ("-j", True), ("-j8", True), ("-j8 --jobserver-auth=3,4", False)],
)
def test_only_a_number_of_jobs_makes_a_make_parallel_of_its_own_accord(text, is_parallel):
    assert parse_makeflags(text).is_parallel is is_parallel


def test_the_first_slot_needs_no_token():
    assert [tokens_needed(cpu) for cpu in (0, 0.5, 1, 1.5, 2, 4)] == [0, 0, 0, 1, 1, 3]


def test_what_is_missing_was_lost():
    assert [tokens_missing(4, held=1, free=free) for free in (2, 1, 0, 3)] == [0, 1, 2, -1]
