"""Command lines of --exec. tests/differential/test_parallel.py compares the same with GNU parallel itself."""

from __future__ import annotations

import pytest

from paratask.cli.exec.template import Template


def line(template: str, *arguments: str, number: int = 1) -> str:
    return Template(template.split()).line(number, arguments)


@pytest.mark.parametrize(
    ("string", "value"),
    [
        ("{}", "a/b.c/d.tar.gz"),
        ("{.}", "a/b.c/d.tar"),
        ("{/}", "d.tar.gz"),
        ("{//}", "a/b.c"),
        ("{/.}", "d.tar"),
        ("{1}", "a/b.c/d.tar.gz"),
        ("{-1/.}", "d.tar"),
        ("{2}", ""),
        ("{-2}", ""),
    ],
)
def test_a_string_stands_for_the_argument_or_a_part_of_it(string: str, value: str) -> None:
    assert line(f"x{string}", "a/b.c/d.tar.gz") == f"x{value}"


@pytest.mark.parametrize(
    ("argument", "forms"),
    [
        ("x.y", "x . x"),
        (".hid", " . "),
        ("d/.hid", "d/ d "),
        ("a/", "a/ . "),
        ("/x/", "/x/ / "),
        ("/a", "/a / a"),
        ("/x/y.z/", "/x/y.z/ /x "),
        ("/x//y.z", "/x//y /x y"),
        ("//a", "//a / a"),
        ("/", "/ / "),
        ("a//b", "a//b a b"),
        ("x.", "x . x"),
        ("a.b/c", "a.b/c a.b c"),
    ],
)
def test_odd_paths_are_taken_apart_as_gnu_parallel_does(argument: str, forms: str) -> None:
    assert line("{.} {//} {/.}", argument).replace("''", "") == forms


def test_arguments_come_at_the_end_where_nothing_stands_for_them() -> None:
    assert line("echo", "a", "b c") == "echo a 'b c'"
    assert line("echo {#}", "a", number=7) == "echo 7"
    assert line("echo {%}", "a") == "echo {%}"


def test_without_a_template_arguments_are_the_command_line_as_they_are() -> None:
    assert line("", 'echo "a b"; {}') == 'echo "a b"; {}'
    assert line("", "echo", "$X") == "echo $X"


def test_values_are_quoted_and_the_template_is_not() -> None:
    assert line("echo $HOME {} | wc", "$(rm x)", "it's") == """echo $HOME '$(rm x)' 'it'"'"'s' | wc"""
    assert line("echo {}", "") == "echo ''"


def test_what_an_argument_says_is_not_filled_in_again() -> None:
    assert line("echo {2} {1}", "{2}", "{}") == "echo '{}' '{2}'"


def test_other_braces_stay() -> None:
    assert line("awk {print} {a,b} {{}} { } {0}", "x") == "awk {print} {a,b} {x} { } {0}"


def test_only_a_template_asks_for_the_slot() -> None:
    assert Template(["server{%}"]).has_slot
    assert not Template(["server"]).has_slot
