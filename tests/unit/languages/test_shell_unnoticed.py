"""What texts touched unnoticed, found by running random ones (tests/properties/test_shell_reading.py)."""

from __future__ import annotations

import pytest

from paratask.claims.model import Access, Evidence
from paratask.languages.commands import parse_commands
from paratask.plugins.hookspecs import Invocation
from paratask.testing import FakeCheckout

FILES = {"src/a": "", "b.txt": ""}


@pytest.mark.parametrize(
    ("text", "programs"),
    [
        ("true\n\\rm x", ["true", "rm"]),
        ("mkdir a\n  \\cp x y\ntouch b", ["mkdir", "cp", "touch"]),
        ("if true; then\n\t\\mv x y\nfi", ["true", "mv"]),
        ("X=1\n\\/bin/rm x", ["/bin/rm"]),
    ],
)
def test_a_program_without_its_alias_was_a_word_of_the_line_above(text, programs):
    items = parse_commands(text, "/repo")
    assert [item.words[0] for item in items if isinstance(item, Invocation)] == programs


@pytest.mark.parametrize(
    "text",
    [
        "ln -sfn src now && cp b.txt now/",
        "ln -s src now; touch now/x",
        "cd src && ln --symbolic ../b.txt c && echo x > c",
        "ln -s ../b.txt src && cat src/b.txt",
        "ln -sf $(date) now && rm -rf now/x/*; cp b.txt now",
        "ln -s src now; rm -rf now/a",
        "ln -s src now && cd now && rm -f a",
        "ln -s ../src -t lib; touch lib/src/x",
        "ln -s -t lib ../src ../b.txt; touch lib/src/x",
        "ln -s ../src lib/; touch lib/src/x",
        "ln -s b.txt now; echo x > ./now",
        "ln -s src now; rm -f now/../b.txt",
        "ln -s src now; rm -rf */a",
        "ln -s b.txt now; chmod 600 n*",
        "ln -s b.txt now; dd if=/dev/null of=now",
        "cp -rs src farm; echo x > farm/a",
        "env ln -s src now; rm -rf now/a",
    ],
)
def test_what_goes_through_a_link_that_it_makes_went_where_the_link_is(text):
    assert FakeCheckout(FILES).claims(text).evidence is Evidence.NONE


@pytest.mark.parametrize(
    "text",
    [
        "ln -sfn src now && test -L now",
        "rm -f now && ln -s src now",
        "ln b.txt hard && cat hard",
        "ln -sf ../c . && cat src/a",
        "ln -s ../b.txt src/ && cat src/a",
        "ln -s src now; rm -f n*",
        "env ln -s src now",
        "cp -s b.txt now && cat b.txt",
    ],
)
def test_a_link_that_nothing_goes_through_is_no_matter(text):
    assert FakeCheckout(FILES).claims(text).evidence is Evidence.INFERRED


def test_install_makes_the_folders_above_those_it_is_asked_for():
    assert {"new/**", "new/deep/**"} <= {e.pattern for e in FakeCheckout(FILES).claims("install -d new/deep").entries}


@pytest.mark.parametrize("command", ["cp b.txt", "mv b.txt", "ln b.txt", "install b.txt"])
def test_a_pattern_to_copy_into_may_become_files_to_copy(command):
    """`cp b.txt *` copies all but the last of what there is."""
    assert FakeCheckout(FILES).claims(f"{command} *").evidence is Evidence.NONE
    assert FakeCheckout(FILES).claims(f"{command} src").evidence is Evidence.INFERRED


def test_a_pattern_of_folders_to_be_made_is_none_to_copy_into():
    claims = FakeCheckout(FILES).claims("install -d s*")
    assert {(e.access, e.pattern) for e in claims.entries} == {(Access.ADD, "s*/**")}
