"""Amounts as people write them."""

from __future__ import annotations

import pytest

from paratask.amounts import is_no_limit, parse_count, parse_jobs, parse_load, parse_memory, shown_bytes
from paratask.errors import UsageError


@pytest.mark.parametrize(
    ("text", "jobs"),
    [("4", 4), ("1", 1), ("50%", 4), ("150%", 12), ("1%", 1), ("+2", 10), ("+0", 8), ("0.5", 1), ("2.9", 2)],
)
def test_jobs(text, jobs):
    assert parse_jobs(text, 8.0) == jobs


@pytest.mark.parametrize(("text", "load"), [("4", 4.0), ("80%", 6.4), ("+2", 10.0), ("0.5", 0.5), ("0.01", 0.1)])
def test_load(text, load):
    assert parse_load(text, 8.0) == pytest.approx(load)


@pytest.mark.parametrize("text", ["", "0", "-1", "four", "%", "+", "0%", "-5%", "nan", "inf", "+inf", "1e9", "4 jobs", "+-9"])
@pytest.mark.parametrize("parse", [parse_jobs, parse_load])
def test_what_is_no_number_is_refused(parse, text):
    with pytest.raises(UsageError, match="is no number of"):
        parse(text, 8.0)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", 0),
        ("500", 500),
        ("500B", 500),
        ("1k", 1024),
        ("1kB", 1024),
        ("1KiB", 1024),
        ("500M", 500 * 1024**2),
        ("2G", 2 * 1024**3),
        ("1.5GiB", 3 * 1024**3 // 2),
        (" 2 g ", 2 * 1024**3),
        ("1T", 1024**4),
    ],
)
def test_memory(text, amount):
    assert parse_memory(text) == amount


@pytest.mark.parametrize("text", ["", "b", "G", "GiB", "five", "5X", "5GG", "nan", "inf", "5µ", "50%"])
def test_what_is_no_amount_of_memory_is_refused(text):
    with pytest.raises(UsageError, match="is no amount of memory"):
        parse_memory(text)


@pytest.mark.parametrize("text", ["-1", "-2G"])
def test_negative_memory_was_taken_as_no_limit(text):
    with pytest.raises(UsageError):
        parse_memory(text)


@pytest.mark.parametrize("text", ["1e400", "9e307T"])
def test_endless_memory_was_a_traceback(text):
    with pytest.raises(UsageError):
        parse_memory(text)


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "-"),
        (1, "1 K"),
        (12_345, "12 K"),
        (15 << 20, "15 M"),
        ((1 << 30) - 1, "1024 M"),
        (1 << 30, "1.0 G"),
        (2.5e12, "2328.3 G"),
    ],
)
def test_bytes_as_shown(size: float, shown: str) -> None:
    assert shown_bytes(size) == shown


def test_no_bytes_in_a_sentence() -> None:
    assert shown_bytes(0, none="nothing") == "nothing"


@pytest.mark.parametrize(
    ("text", "is_none"), [("", True), ("0", True), ("0%", True), ("-1", True), ("-5%", True), ("+0", False), ("4", False)]
)
def test_no_jobs_or_less_are_no_limit(text, is_none):
    assert is_no_limit(text) is is_none


@pytest.mark.parametrize("text", ["-lots", "-", "%", "-nan", " "])
def test_a_word_after_a_dash_was_taken_for_no_limit(text):
    assert not is_no_limit(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("2", (2, 0.0)),
        ("10/min", (10, 60.0)),
        ("5/s", (5, 1.0)),
        ("3/10s", (3, 10.0)),
        (" 1 / 2 hour", (1, 7200.0)),
        ("1000000", (1_000_000, 0.0)),
    ],
)
def test_counts_and_rates(text, count):
    assert parse_count(text) == count


@pytest.mark.parametrize(
    "text", ["", "0", "-1", "two", "\u00b2", "1000001", "1/", "1/10", "1/0s", "1/\u00b2s", "1/fortnight", "/s"]
)
def test_what_is_no_count_is_refused(text):
    with pytest.raises(UsageError, match="is no number of a resource"):
        parse_count(text)


@pytest.mark.parametrize("text", ["1" * 5000, f"1/{'9' * 5000}s", f"1/{'9' * 400}s"])
def test_a_count_of_thousands_of_digits_ended_in_a_traceback(text):
    with pytest.raises(UsageError):
        parse_count(text)
