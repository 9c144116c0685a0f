"""Which pieces of text in sources other text is compared with."""

from __future__ import annotations

import pytest

from paratask.languages.compared_texts import is_compared, without_prose

METHODS = """starts_with startsWith startswith StartsWith start_with? ends_with endsWith endswith EndsWith end_with? contains Contains includes
    include? indexOf lastIndexOf IndexOf strip_prefix strip_suffix trim_start_matches trim_end_matches delete_prefix delete_suffix split
    replace replaceAll Replace sub gsub"""
FUNCTIONS = "HasPrefix HasSuffix Contains CutPrefix TrimPrefix TrimLeft Index LastIndex Count Split Replace ReplaceAll"


@pytest.mark.parametrize("method", METHODS.split())
def test_methods_of_texts(method):
    assert is_compared(f"if name.{method}(", "../")
    assert is_compared(f"if name.{method} ", "..")
    assert not is_compared(f"{method}(", "../")
    assert not is_compared(f"name.x{method}(", "../")


@pytest.mark.parametrize("function", FUNCTIONS.split())
def test_functions_of_go_are_given_the_text_first(function):
    assert is_compared(f"if strings.{function}(name, ", "..")
    assert is_compared(f"if strings.{function}(clean(name), ", "..")
    assert not is_compared(f"other.{function}(name, ", "..")


@pytest.mark.parametrize("before", ["if name == ", "if name != ", "if (name === ", "if (name !== ", "name.starts_with( &"])
def test_what_stands_before(before):
    assert is_compared(before, "..")
    assert not is_compared(f"{before}x, ", "..")


@pytest.mark.parametrize("before", ["", "name = ", "name => ", "name <= ", "open(", "join(name, "])
def test_what_is_given_away_is_not_compared_with(before):
    assert not is_compared(before, "..")


@pytest.mark.parametrize("after", [" in name", " not in path.parts:", "\n  in names", " == name", " !== name"])
def test_what_is_looked_for_in_other_text(after):
    assert is_compared("if ", "..", after)
    assert not is_compared("if ", "../schema.json", after)
    assert not is_compared("open(", "..", f"){after}")


@pytest.mark.parametrize(
    "text", ["// refuse `..` in names\n", "    /// no `../` or `..`\n", "  * no `..`\n", "# no `..` here\n"]
)
def test_what_a_comment_says_between_backquotes_is_prose(text):
    assert "." not in without_prose(text)


@pytest.mark.parametrize(
    "text",
    [
        "open(`..`)",
        '// open("..")\n',
        "/// <reference path=`../a.d.ts` />\n",
        "#root = `..`\n",
        "x *\n`..`",
        "const up = `..` // not `.`\n",
    ],
)
def test_code_is_no_prose(text):
    assert without_prose(text) == text


def test_the_name_of_a_file_may_be_opened_then():
    assert not is_compared("if path == ", "../schema.json")
