from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from paratask.languages.node.plain_lists import plain_lists

LINES = (
    "packages:", "packages: ", "catalog:", "packages :", " packages:", "on:", "a-b:", "'packages':", "packages: [a]", "packages: {}",
    "- a/b", "  - a/b", "    - a/b", "  -  a/*", "  - 'x'", '  - "!**/test/**"', "  - ''", "  - '", "  - 'a' # why", "  - 'it''s'",
    '  - "a\\tb"', "  - *x", "  - &x a/b", "  - a", "  - 1", "  - yes", "  - 1/2", "  - a/b # why", "  - a/b: c", "  - a/b:", "  - - a/b",
    "  -", "  -a/b", "-", "", "   ", "# why", "  # why", "\t- a/b", "  - a/b\r", "  - é/b", "  - 'é'", "---", "...", "a: b", "  a/b", "|",
    "  - '\x07'", "packages: |", "  - 'a", "    b'", "  - 'a' 'b'", '  - "a" b"',
)  # fmt: skip


def test_lists_are_read():
    text = "# members\npackages:\n  - packages/*\n\n  # not these\n  - '!**/test/**'\nonlyBuiltDependencies:\n- \"a\"\nnone:\n"
    assert plain_lists(text) == {"packages": ["packages/*", "!**/test/**"], "onlyBuiltDependencies": ["a"], "none": []}


@pytest.mark.parametrize(
    "line",
    ["  - *x", "  - 1", "  - yes", "  - a", "  - a/b # why", "  - 'it''s'", "   - c/d", "key: value", "packages:", "---"],
)
def test_anything_else_is_left_to_the_parser(line):
    assert plain_lists(f"packages:\n  - a/b\n{line}\n") is None


@given(st.lists(st.sampled_from(LINES), max_size=6))
def test_what_is_read_is_what_the_parser_reads(lines):
    text = "\n".join(lines)
    found = plain_lists(text)
    if found is not None:
        document = yaml.safe_load(text) or {}
        assert {key: words or [] for key, words in document.items() if isinstance(key, str)} == {
            key: words for key, words in found.items() if key in document
        }
        assert "packages" not in found or "packages" in document
