"""Parsing `go.mod` and `go.work`."""

from __future__ import annotations

import pytest

from paratask.languages.go.modules import parse_directives, read_module, read_work, split_words
from paratask.testing import FakeCheckout

MODULE = """
module "example.com/api" // the api

go 1.22

require example.com/one v1.0.0
require (
\texample.com/two v1.2.3 // indirect
\t`example.com/three` v0.0.0-2024
)

replace example.com/one => ../one
replace (
    example.com/two v1.2.3 => ./vendored/two
    example.com/three => example.com/fork v1.0.0
)
exclude example.com/four v1.0.0
retract [v1.0.0, v1.1.0] // a mistake
tool golang.org/x/tools/cmd/stringer
"""


def test_what_a_module_says():
    file = read_module("/repo/api", FakeCheckout({"api/go.mod": MODULE}))
    assert file is not None
    assert file.module == "example.com/api"
    assert file.required == ("example.com/one", "example.com/two", "example.com/three")
    assert file.replaced == {"example.com/one": "/repo/one", "example.com/two": "/repo/api/vendored/two"}
    assert file.tools == ("golang.org/x/tools/cmd/stringer",)


def test_what_a_workspace_says():
    text = 'go 1.22\nuse (\n\t./services/api // comment\n\t"./with space"\n)\nuse ./libs/common\nreplace example.com/x => ./x\n'
    file = read_work("/repo", FakeCheckout({"go.work": text}))
    assert file is not None
    assert file.used == ("/repo/services/api", "/repo/with space", "/repo/libs/common")
    assert file.replaced == {"example.com/x": "/repo/x"}


@pytest.mark.parametrize(
    "text", ['module "x', "require (\n\tx v1\n", "require (\n\t( x\n)\n", "module `x", ")", "require x ( y\n"]
)
def test_what_does_not_parse_is_nothing(text):
    assert parse_directives(text) is None
    assert read_module("/repo", FakeCheckout({"go.mod": text})) is None


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        ("// all", []),
        ("module example.com/x//tail", ["module", "example.com/x"]),
        ('use "a\\"b" `c d`', ["use", 'a"b', "c d"]),
        ("require(", ["require", "("]),
    ],
)
def test_words_of_a_line(line, words):
    assert split_words(line) == words


def test_words_of_a_command_have_no_comments_and_no_punctuation():
    assert split_words("curl https://x (y)", comments=False) == ["curl", "https://x", "(y)"]
    assert split_words('say "a b', comments=False) is None


def test_there_is_no_file():
    assert read_module("/repo", FakeCheckout({})) is None
