from __future__ import annotations

import time

import pytest

from paratask.claims.braces import expand
from paratask.claims.overlap import escape, literal_prefix, overlap


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("a", "a"),
        ("**", "."),
        ("**", "a/b/c"),
        ("dir/**", "dir"),
        ("dir/**", "dir/a/b"),
        ("dir/", "dir/a"),
        ("a/**/b", "a/b"),
        ("a/**/b", "a/x/y/b"),
        ("a/**/c/*", "a/*/**/d"),
        ("*.py", "test_*"),
        ("*", ".hidden"),
        ("[a-c]x", "[c-e]x"),
        ("[!a]", "b"),
        ("[a-cx]", "x"),
        ("[^a]", "b"),
        ("[!b-d]", "a"),
        ("[!b-d]", "e"),
        ("[!bd]", "c"),
        ("x[!!--]", "x."),
        ("[]a]", "]"),
        ("[a-]", "-"),
        ("[[:alpha:]]", "x"),
        ("[", "\\["),
        ("{a,b/c}/d", "b/*/d"),
        ("{a,{b,c}x}", "cx"),
        ("{,x}a", "a"),
        ("{a}", "\\{a\\}"),
        ("\\*", "[*]"),
        ("a\\", "a\\\\"),
        ("[a\\", "\\[a\\\\"),
        ("./a//b/../c", "a/c"),
        ("/tmp/**", "/tmp/x"),
        ("/../tmp", "/tmp"),
        ("../x", "a"),
        ("../x", "/anything"),
        ("a/../../x", "/y"),
        ("a**b", "axxb"),
        ("ä?", "äö"),
    ],
)
def test_meets(a, b):
    assert overlap(a, b)
    assert overlap(b, a)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("a", "b"),
        ("a", "a/b"),
        ("dir/**", "dir2"),
        ("dir/**", "di"),
        ("dir/*", "dir"),
        ("dir/*", "dir/a/b"),
        ("*.py", "*.pyc"),
        ("?", "ab"),
        ("[!a]", "a"),
        ("[!b-d]", "[b-d]"),
        ("[a-c]x", "[d-f]x"),
        ("{a,b}", "c"),
        ("\\*", "a"),
        ("a**b", "a/b"),
        ("/a", "a"),
        ("/**", "**"),
        ("/a/b", "**/b"),
        ("packages/a/**", "packages/b/**"),
        ("[!/]", "a/b"),
    ],
)
def test_stays_apart(a, b):
    assert not overlap(a, b)
    assert not overlap(b, a)


@pytest.mark.parametrize(
    ("pattern", "prefix"),
    [
        ("a/b/*.c", "a/b"),
        ("a/b", "a/b"),
        ("**", ""),
        (".", ""),
        ("/tmp/x*", "/tmp"),
        ("/", "/"),
        ("src/{a,b}/c", "src"),
        ("a\\*b/c*", "a*b"),
        ("../x", ""),
    ],
)
def test_literal_prefix(pattern, prefix):
    assert literal_prefix(pattern) == prefix


def test_escaped_path_matches_itself_only():
    path = "a[b]/{c,d}/*?\\e"
    assert overlap(escape(path), escape(path))
    assert not overlap(escape(path), "ab/c/xy\\\\e")
    assert literal_prefix(escape(path)) == path


def test_escape_leaves_plain_paths_alone():
    assert escape("packages/api-v2/src") == "packages/api-v2/src"


@pytest.mark.parametrize(
    ("text", "alternatives"),
    [
        ("a{b,c{d,e}}", ("ab", "acd", "ace")),
        ("{a", ("{a",)),
        ("{a,{b}", ("{a,{b}",)),
        ("a{b{c,d}", ("a{bc", "a{bd")),
        ("{{a,b}}", ("{a}", "{b}")),
        ("\\{a,b}", ("\\{a,b}",)),
        ("f{1..3}", ("f1", "f2", "f3")),
        ("{a..c}{2..1}", ("a2", "a1", "b2", "b1", "c2", "c1")),
        ("{{1..2},z}", ("1", "2", "z")),
        ("{1..2,z}", ("1..2", "z")),
        ("{08..10}", ("08", "09", "10")),
        ("{-1..010..5}", ("-01", "004", "009")),
        ("{5..1..-2}", ("5", "3", "1")),
        ("{1..3..0}", ("1", "2", "3")),
        ("{1..c}{aa..b}{1..}{1...3}{1..2..x}", ("{1..c}{aa..b}{1..}{1...3}{1..2..x}",)),
    ],
)
def test_braces(text, alternatives):
    assert expand(text, 100) == alternatives


def test_ranges_met_nothing():
    assert overlap("out/part-{01..12}.csv", "out/part-07.csv")
    assert not overlap("out/part-{01..12}.csv", "out/part-7.csv")
    assert overlap("{A..z}", "_")
    assert overlap("x{1..1000000000000}", "anything")


def test_too_many_alternatives_are_refused():
    assert expand("{a,b}" * 7, 100) is None
    assert expand("{1..101}", 100) is None
    assert expand("{1..999999999999999999}", 100) is None
    assert len(expand("{1..100}", 100) or ()) == 100
    assert expand("{a," * 60 + "b" + "}" * 60, 100) is None
    assert expand("{a," * 30 + "b" + "}" * 30, 100) == ("a",) * 30 + ("b",)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("*a" * 2000, "*b" * 2000),
        ("*a" * 250, "*b" * 250 + "a"),
        ("/".join(["**", "a"] * 200), "/".join(["**", "a"] * 200) + "/b"),
        ("/".join(["**", "*"] * 900), "/".join(["*", "**"] * 900)),
        ("{a,b}" * 12 + "[\\]" * 150, "b/*"),
        ("{a,b}" * 12, "{a,b}" * 12 + "*"),
        ("{a,b}" * 12 + "*c", "{a,b}" * 12 + "*d"),
        ("{a,b}" * 40, "x"),
        ("{" * 5000, "{a," * 5000),
        ("[" * 5000, "[!" * 5000),
    ],
)
def test_adversarial_patterns_take_no_time(a, b):
    start = time.process_time()
    overlap(a, b)
    assert time.process_time() - start < 10


@pytest.mark.parametrize(
    ("pattern", "path", "is_meant"),
    [
        ("a/b/{../c,d}", "a/c", True),
        ("a/b/{../c,d}", "a/b/d", True),
        ("a/b/{../c,d}", "a/b/c", False),
        ("a/b/*/../../c", "a/c", True),
        ("a/b/{..,d}/c", "a/c", True),
        ("a/b/{..,d}/c", "a/b/d/c", True),
        ("a/b/*/../../../../c", "../c", True),
    ],
)
def test_what_climbs_behind_a_wildcard_leaves_the_folders_before_it(pattern, path, is_meant):
    assert overlap(pattern, path) is is_meant
