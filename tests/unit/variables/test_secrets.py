"""Secret values in texts, documents, and output that comes in pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paratask.variables.secrets import MaskedStream, Secrets


def secrets(*values: object) -> Secrets:
    known = Secrets()
    for value in values:
        known.add(value)
    return known


@pytest.mark.parametrize(
    ("values", "text", "masked"),
    [
        ((), "hunter2", "hunter2"),
        (("hunter2",), "a hunter2, hunter2", "a *****, *****"),
        (("abc", "abcdef"), "abcdef abc", "***** *****"),
        (("a.c",), "abc a.c", "abc *****"),
        (("  padded \n",), "[padded]", "[*****]"),
        (("line one\nline two",), "line two\nline one", "*****\n*****"),
        (("line one\nline two",), "line one\nline two", "*****"),
        (({"a": ["in a list", {"b": "deeper"}]},), "in a list, deeper", "*****, *****"),
        ((4711, 2.5), "port 4711 2.5", "port ***** *****"),
        (("", "  ", "a", "ab", None, True, 12), "a ab  True 12 None", "a ab  True 12 None"),
        (("*****",), "*****", "*****"),
        (("grün\udcff",), "x grün\udcff y", "x ***** y"),
    ],
)
def test_texts(values, text, masked):
    assert secrets(*values).mask(text) == masked


def test_documents():
    document = {"s3cret": [{"a": "x s3cret"}, 1, None, ("s3cret",)]}
    assert secrets("s3cret").mask_all(document) == {"*****": [{"a": "x *****"}, 1, None, ["*****"]]}
    assert secrets().mask_all(document) is document


def test_nothing_known_is_false():
    assert not secrets("", "a")
    assert secrets("abc")


def kept(known: Secrets, *pieces: bytes) -> list[bytes]:
    stream = MaskedStream(known)
    return [*map(stream.take, pieces), stream.rest()]


def test_what_cannot_be_a_beginning_is_not_held_back():
    assert kept(secrets("s3cret"), b"hello", b" s3", b"c", b"ret!", b" s3x", b"s3") == [
        b"hello",
        b" ",
        b"",
        b"*****!",
        b" s3x",
        b"",
        b"s3",
    ]


def test_a_longer_value_is_waited_for():
    known = secrets("abc", "abcdef")
    assert kept(known, b"abc", b"def") == [b"", b"*****", b""]
    assert kept(known, b"abc", b"x") == [b"", b"*****x", b""]
    assert kept(known, b"abc") == [b"", b"*****"]


def test_a_value_that_comes_to_be_known_later():
    known = secrets("first")
    stream = MaskedStream(known)
    assert stream.take(b"second ") == b"second "
    known.add("second")
    assert stream.take(b"second ") == b"***** "


def test_bytes_that_are_no_text():
    assert kept(secrets("grün\udcff"), b"\xfe gr\xc3", b"\xbcn\xff") == [b"\xfe ", b"*****", b""]


@given(
    values=st.lists(st.text("ab", min_size=3, max_size=6), min_size=1, max_size=3),
    text=st.text("abc\n", max_size=60),
    cuts=st.lists(st.integers(0, 60), max_size=8),
)
def test_how_output_is_cut_makes_no_difference(values, text, cuts):
    known = secrets(*values)
    data = text.encode()
    ends = sorted({min(cut, len(data)) for cut in cuts})
    pieces = [data[start:end] for start, end in zip([0, *ends], [*ends, len(data)], strict=True)]
    assert b"".join(kept(known, *pieces)) == b"".join(kept(known, data)) == known.mask(text).encode()
