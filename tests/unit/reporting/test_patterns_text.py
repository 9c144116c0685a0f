"""Patterns that leave names out, told for people."""

from __future__ import annotations

import pytest

from paratask.languages.name_patterns import all_but
from paratask.languages.tool_claims import BUT_CACHES
from paratask.reporting.patterns_text import tell_excluding, tell_pattern, tell_patterns


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (f"{all_but(['target'])}/**", "everything but .* and target"),
        (f"src/{all_but(['target', 'Cargo.lock'])}/**", "everything in src but .*, Cargo.lock and target"),
        (f"a/b/{all_but(['te', 'test'])}/**", "everything in a/b but .*, te and test"),
        (f"/abs/{all_but(['x'])}/**", "everything in /abs but .* and x"),
        (f"/{all_but(['x'])}/**", "everything in / but .* and x"),
        (f"src/{all_but(['[a]b', 'c*'])}", "everything directly in src but .*, [a]b and c*"),
        (f"{all_but([])}/**", "everything but .*"),
        (f"{all_but('abcdefgh')}/**", "everything but .*, a, b, c, d, e and 3 more"),
        (f"web{BUT_CACHES}", "everything in web but .es* and .my*"),
        (f"a/{all_but(['x'])}/**/*.{{go,mod}}", "a/*/**/*.{go,mod} but for .* and x"),
        ("{[!g]*,g,g[!o]*,go,go[!.]*}/**", "everything but go.*"),
    ],
)
def test_what_leaves_names_out_is_told(pattern, text):
    assert tell_pattern(pattern) == text


@pytest.mark.parametrize(
    "pattern",
    [
        "**",
        "src/**",
        "src/{a,b}/**",
        "**/{node_modules,.cache,.[!p]*cache}/**",
        "src/[!a]b/**",
        "src/{[!a]*,{b,c}}/**",
        "{a,[!b]*}x/**",
        "{[!b]*,b}/[!c]*/**",
        "a[!b]*",
    ],
)
def test_what_is_no_such_pattern_stays_as_it_is(pattern):
    assert tell_pattern(pattern) == pattern


def test_in_the_midst_of_a_sentence():
    text = f"`a` writes dist/** and `b` reads {all_but(['dist'])}/** and more"
    assert tell_patterns(text) == "`a` writes dist/** and `b` reads everything but .* and dist and more"


def test_what_is_left_out_everywhere_is_told_by_its_names():
    assert tell_excluding(["**/{.x_cache,__pycache__}/**"]) == ".x_cache and __pycache__"
    assert tell_excluding(["**/{a,b}/**", "/**/{b,c}/**", "d/**"]) == "a, b, c and d/**"
    assert tell_excluding(["**/{a,{b,c}}/**"]) == "**/{a,{b,c}}/**"
