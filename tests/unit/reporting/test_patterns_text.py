"""Patterns that leave names out, told for people."""

from __future__ import annotations

import pytest

from paratask.languages.inferred import BUT_CACHES
from paratask.languages.name_patterns import all_but
from paratask.reporting.patterns_text import listed_with_tail, merge_depths, tell_excluding, tell_pattern, tell_patterns


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (f"{all_but(['target'])}/**", "everything (but .* and target)"),
        (f"src/{all_but(['target', 'Cargo.lock'])}/**", "everything in src (but .*, Cargo.lock and target)"),
        (f"a/b/{all_but(['te', 'test'])}/**", "everything in a/b (but .*, te and test)"),
        (f"/abs/{all_but(['x'])}/**", "everything in /abs (but .* and x)"),
        (f"/{all_but(['x'])}/**", "everything in / (but .* and x)"),
        (f"src/{all_but(['[a]b', 'c*'])}", "everything directly in src (but .*, [a]b and c*)"),
        (f"{all_but([])}/**", "everything (but .*)"),
        (f"{all_but('abcdefgh')}/**", "everything (but .*, a, b, c, d, e and 3 more)"),
        (f"web{BUT_CACHES}", "everything in web (but caches)"),
        (f"a/{all_but(['x'])}/**/*.{{go,mod}}", "a/*/**/*.{go,mod} (but for .* and x)"),
        ("{[!g]*,g,g[!o]*,go,go[!.]*}/**", "everything (but go.*)"),
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
    assert tell_patterns(text) == "`a` writes dist/** and `b` reads everything (but .* and dist) and more"


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
    assert tell_excluding(["**/{a,{b,c}}/**"]) == "a and {b,c}"
    assert tell_excluding(["**/{*.{md,py},.flake8,CACHEDIR.TAG}", "**/__pycache__/*.pyc"]) == "*.{md,py}, .flake8 and caches"
    assert tell_excluding(["**/x", "**/{a,b}c", "**/x/*.y"]) == "x, {a,b}c and **/x/*.y"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("`a` writes docs/list.md/** and `b` reads docs/**", "`a` writes docs/list.md and `b` reads docs/**"),
        ("reads .x.yml/**, a.json/** and .venv/**", "reads .x.yml, a.json and .venv/**"),
        ("writes *.py/** and {a.md,b.md}/** and v1.2/**", "writes *.py/** and {a.md,b.md}/** and v1.2/**"),
        ("reads a.md/**/b", "reads a.md/**/b"),
        ("`rm a.md/**` writes it", "`rm a.md/**` writes it"),
    ],
)
def test_a_file_is_told_without_what_would_be_in_it(text, told):
    assert tell_patterns(text) == told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("**", "everything"),
        ("`a` reads ** (why) and `b` writes a/**", "`a` reads everything (why) and `b` writes a/**"),
        ("`ls **` reads **, **/x", "`ls **` reads everything, **/x"),
    ],
)
def test_everything_was_told_as_a_pattern(text, told):
    assert tell_patterns(text) == told


def test_a_cache_is_told_by_its_folder():
    assert tell_patterns("`a` adds to api/.x_cache/CACHEDIR.TAG") == "`a` adds to api/.x_cache"
    assert tell_patterns("`rm .x_cache/CACHEDIR.TAG` writes it") == "`rm .x_cache/CACHEDIR.TAG` writes it"


def test_files_at_any_depth_are_told_once():
    go = f"a/{all_but([])}/**/*.{{go,mod}}", "a/*.{go,mod}", "b"
    assert merge_depths([tell_pattern(each) for each in go]) == ["a/**/*.{go,mod} (but for .*)", "b"]
    assert merge_depths([tell_pattern(go[0]), "*.{go,mod}"]) == ["a/*/**/*.{go,mod} (but for .*)", "*.{go,mod}"]
    assert merge_depths(["*/**/*.go (but for .*)", "*.go"]) == ["**/*.go (but for .*)"]


def test_what_all_of_them_leave_out_is_told_once():
    assert listed_with_tail(["a/**/*.go (but for .*)", "b/**/*.go (but for .*)"], 4) == "a/**/*.go and b/**/*.go (but for .*)"
    assert listed_with_tail(["everything (but x)", "y"], 4) == "everything (but x) and y"
    assert listed_with_tail(["a", "b", "c"], 1) == "a and 2 more"
