"""Styles of output that somebody has to ask for."""

from __future__ import annotations

import pytest

from execution.real import Kept
from paratask.execution.output_styles import GroupStyle, PrefixStyle


@pytest.fixture
def sink() -> Kept:
    return Kept()


def test_group_style(sink):
    style = GroupStyle(sink, begin="::begin", end="::end", error_only=False)
    style.write(1, b"a\n")
    style.write(2, b"b\n")
    assert sink.data.decode() == ""
    style.close(failed=False)
    assert sink.data.decode() == "::begin\na\nb\n::end\n"
    assert not sink.streams[2]


def test_group_style_of_a_command_without_output_says_nothing(sink):
    GroupStyle(sink, begin="b", end="e", error_only=False).close(failed=True)
    assert sink.data == b""


@pytest.mark.parametrize(("failed", "shown"), [(True, "x"), (False, "")])
def test_group_style_only_for_errors(sink, failed, shown):
    style = GroupStyle(sink, begin="", end="", error_only=True)
    style.write(1, b"x")
    style.close(failed=failed)
    assert sink.data.decode() == shown


def test_prefix_style_prefixes_whole_lines_however_they_come(sink):
    style = PrefixStyle(sink, prefix="api", paint=str.upper)
    for piece in (b"on", b"e\ntw", b"o\n", b"\n", b"rest"):
        style.write(2, piece)
    assert sink.data.decode() == "[API] one\n[API] two\n[API] \n"
    style.close(failed=False)
    style.close(failed=False)
    assert sink.data.decode().endswith("[API] rest\n")
    assert not sink.streams[2]


def test_a_very_long_line_was_put_together_anew_with_each_of_its_pieces(sink):
    joined = 0

    class Piece(bytes):
        def __radd__(self, before: bytes) -> bytes:
            nonlocal joined
            joined += len(before)
            return before + bytes(self)

    style = PrefixStyle(sink, prefix="p", paint=str)
    for _ in range(100):
        style.write(1, Piece(b"x" * 10))
    style.write(1, Piece(b"y\nz"))
    assert sink.data.decode() == "[p] " + "x" * 1000 + "y\n"
    assert joined <= 1000
