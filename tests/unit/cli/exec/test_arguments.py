"""What stands after --exec, and where arguments come from."""

from __future__ import annotations

import io
import os
import sys

import pytest

from paratask.cli.exec.arguments import read_arguments, split_words
from paratask.cli.exec.project import Line, named, shortened
from paratask.cli.options import Typed, parse
from paratask.errors import UsageError


def rows(*words: str, separator: bytes = b"\n") -> list[tuple[str, ...]]:
    return read_arguments(split_words(words)[1], separator=separator)


def typed(*argv: str) -> Typed:
    return parse(argv, {})


def test_the_template_ends_at_the_first_colons() -> None:
    template, sources = split_words(["gzip", "-9", ":::", "a", ":::", "--b"])
    assert template == ("gzip", "-9")
    assert [source.words for source in sources] == [("a",), ("--b",)]


def test_several_sources_give_all_combinations_the_first_slowest() -> None:
    assert rows(":::", "a", "b", ":::", "1", "2") == [("a", "1"), ("a", "2"), ("b", "1"), ("b", "2")]
    assert rows(":::", "a", ":::") == []


def test_linked_sources_go_together_as_far_as_the_shorter_one_goes() -> None:
    assert rows(":::", "a", "b", "c", ":::+", "1", "2") == [("a", "1"), ("b", "2")]
    assert rows(":::", "a", ":::", "1", "2", ":::+", "x", "y") == [("a", "1", "x"), ("a", "2", "y")]
    assert rows(":::", "a", ":::+", "1", ":::", "x", "y") == [("a", "1", "x"), ("a", "1", "y")]


def test_a_file_has_an_argument_a_line(tmp_path) -> None:
    (tmp_path / "list").write_bytes(b"a b\n\nc\xff\r\nd")
    assert rows("::::", str(tmp_path / "list")) == [("a b",), ("",), ("c\udcff\r",), ("d",)]
    (tmp_path / "nul").write_bytes(b"a\nb\0c\0")
    assert rows("::::", str(tmp_path / "nul"), separator=b"\0") == [("a\nb",), ("c",)]


@pytest.mark.parametrize(
    ("is_terminal", "said"),
    [(True, "paratask: arguments are read from the terminal, one a line; Ctrl-D ends them\n"), (False, "")],
)
def test_who_types_the_arguments_is_told_so(monkeypatch, capsys, is_terminal: bool, said: str) -> None:
    monkeypatch.setattr(os, "isatty", lambda fd: is_terminal)
    for words in ((), ("::::", "-")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a b\nc\n")))
        assert rows(*words) == [("a b",), ("c",)]
        assert capsys.readouterr().err == said


@pytest.mark.parametrize(("path", "where"), [("nul", "`nul`"), ("-", "stdin")])
def test_an_argument_with_a_nul_is_told_with_where_it_is(monkeypatch, tmp_path, path: str, where: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nul").write_bytes(b"a\0b\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"a\0b\n")))
    with pytest.raises(UsageError) as caught:
        rows("::::", path)
    assert (caught.value.message, caught.value.help) == (
        f"an argument of {where} has a NUL byte, which no command can be given",
        "-0 ends each argument there",
    )


def test_several_files_are_sources_of_their_own(tmp_path) -> None:
    (tmp_path / "list").write_text("1\n2\n")
    path = str(tmp_path / "list")
    assert rows("::::", path, path) == [("1", "1"), ("1", "2"), ("2", "1"), ("2", "2")]
    assert rows(":::", "a", "b", "::::+", path) == [("a", "1"), ("b", "2")]


def test_without_a_file_there_was_one_command_without_an_argument(tmp_path) -> None:
    """As for `:::`: `rm -r build/{} :::: $lists`, of no lists, is nothing to do."""
    (tmp_path / "list").write_text("1\n2\n")
    path = str(tmp_path / "list")
    assert rows("::::") == []
    assert rows(":::", "a", "::::") == []
    assert rows("::::", "::::+", path) == rows("::::", ":::+", "a") == []
    assert rows("::::", path, "::::+") == []


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(UsageError) as caught:
        rows("::::", "/no/such")
    assert caught.value.message == "cannot read arguments from `/no/such`: No such file or directory"


def test_the_first_source_cannot_be_linked() -> None:
    with pytest.raises(UsageError) as caught:
        split_words(["echo", ":::+", "a"])
    assert (caught.value.message, caught.value.help) == ("`:::+` links to nothing", "begin with `:::`")


def test_after_exec_j_is_how_many_and_before_it_json() -> None:
    assert typed("--exec", "-j4", ":::", "a").text("jobs") == "4"
    assert typed("--exec", "-kj", "50%", ":::", "a").text("jobs") == "50%"
    before = typed("-j", "--exec", ":::", "a")
    assert (before.flag("json"), before.text("jobs")) == (True, "")
    assert typed("-j", "build").flag("json")


def test_from_the_first_word_on_nothing_is_an_option_of_ours() -> None:
    found = typed("--exec", "-k", "sort", "-r", "--", "X=1", ":::", "--version")
    assert found.rest == ("sort", "-r", "--", "X=1", ":::", "--version")
    assert (found.calls, dict(found.variables)) == ((), {})
    assert typed("--exec", "--", "-strange", ":::", "a").rest == ("-strange", ":::", "a")


def test_names_are_command_lines_each_its_own() -> None:
    lines = [Line(number=number, text=text, prefix="") for number, text in enumerate(["true", "a\n b", "true", "true", " "], 1)]
    assert list(named(lines)) == ["true", "a b", "true (2)", "true (3)", "(nothing)"]
    assert shortened("x" * 200) == "x" * 119 + "…"
