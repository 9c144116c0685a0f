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


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("reads a/{b,c,d,e}/**", "reads a/{b,c,d,e}/**"),
        ("reads a/{b,c,d,e,f}/**", "reads a/{b,c,d,…}/**"),
        ("{a.{js,cjs,mjs,ts,cts},b,c}", "{a.{js,cjs,mjs,…},b,c}"),
        ("x{1..9}{a,b,c,d,e}", "x{1..9}{a,b,c,…}"),
        ("`echo {a,b,c,d,e}` reads {a,b,c,d,e} and {", "`echo {a,b,c,d,e}` reads {a,b,c,…} and {"),
    ],
)
def test_of_a_long_list_in_braces_the_first_are_shown(text, short):
    assert tell_patterns(text) == short
    assert tell_patterns(short) == short


def test_braces_nested_ever_so_deep_are_shown():
    deep = "{a," * 2000 + "}" * 2000
    assert tell_patterns(deep) == deep


def test_what_is_left_out_everywhere_is_told_by_its_names():
    caches = ["**/{.x_cache,__pycache__}/**", "a/.*cache/**", "**/*.tsbuildinfo", "node_modules/.{*cache,vite*}/**"]
    assert tell_excluding(caches) == "caches"
    assert tell_excluding(["**/{node_modules,.*cache}/**", "cached"]) == "node_modules, cached and caches"
    assert tell_excluding(["**/{a,b}/**", "/**/{b,c}/**", "d/**"]) == "a, b, c and d/**"
    assert tell_excluding(["**/{a,{b,c}}/**"]) == "**/{a,{b,c}}/**"
