"""What a script, a function and `set --` are given: `$1`, `"$@"`, `shift`, and the branch of a `case` that a word chooses."""

from __future__ import annotations

import pytest

from paratask.languages.commands import NotUnderstood, parse_commands
from paratask.plugins.hookspecs import Invocation
from paratask.testing import FakeCheckout


def run(text: str) -> list[tuple[str | None, ...]]:
    """The words of what the text runs, without `set`, `shift` and tests."""
    items = parse_commands(text, "/r")
    assert not isinstance(items, NotUnderstood), items
    calls = [item.words for item in items if isinstance(item, Invocation)]
    return [words for words in calls if words[0] not in ("set", "shift", "[", "[[")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("set -- a b; x $1 $2", [("x", "a", "b")]),
        ('set -- a b; x "$2" ${1}', [("x", "b", "a")]),
        ('set -- a; x "$@" c', [("x", "a", "c")]),
        ("set -- a b; $@", [("a", "b")]),
        ('set -- a b; exec "$@"', [("a", "b")]),
        ("set --; x $@ $1 y", [("x", "y")]),
        ("set -- a; x $2 y ${2:-z} ${1:-z}", [("x", "y", "z", "a")]),
        ('set -- a; x "${1:?is missing}" ${2:?is missing}', [("x", "a", None)]),
        ("set -oe pipefail; x $1", [("x", None)]),
        ("set -- a b c; shift; x $1 $2 $3", [("x", "b", "c")]),
        ("set -- a b c; shift 2; x $@", [("x", "c")]),
        ("set -- a; shift 2; x $1", [("x", "a")]),
        ("set -eu -- a; x $1", [("x", "a")]),
        ("set -e; set -o pipefail; set -- a; set -x; x $1", [("x", "a")]),
        ("set a b; x $2", [("x", "b")]),
        ("set -- 1 2 3 4 5 6 7 8 9 ten; x ${10} $10", [("x", "ten", None)]),
        ("set -- a b; for i in $@; do x $i; done", [("x", "a"), ("x", "b")]),
        ("set -- a b; (shift; x $1); y $1", [("x", "b"), ("y", "a")]),
        ("set -- a; source_it() { x $1 $0; }; source_it b; y $1", [("x", "b", None), ("y", "a")]),
        ("f() { x $1 $#; }; set -- a; f; y $1", [("x", None), ("y", "a")]),
        ("f() { shift; set -- q; x $1; }; set -- a b; f c; y $1 $2", [("x", "q"), ("y", "a", "b")]),
        ('f() { x "$@"; }; f a b; f c', [("x", "a", "b"), ("x", "c")]),
        ("f() { local n=$1; x $n; }; f a; x $n", [("x", "a"), ("x", None)]),
        ('f() { g "$2"; }; g() { x $1; }; f a b', [("x", "b")]),
    ],
)
def test_what_was_given_is_known(text, expected):
    assert run(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x $1 $@ ${2:-a}", [("x", None, None, None)]),
        ("set -- a $B c; x $1 $2 $3 $@", [("x", "a", None, None, None)]),
        ("set -- 'a b' c; x $1 $2", [("x", None, "c")]),
        ("set -- '*' c; x $1 $2", [("x", None, None)]),
        ('set -- "$B" c; x $1 $2', [("x", None, "c")]),
        ('set -- "$(y)" "c$B" c; x $2 $3', [("y",), ("x", None, "c")]),
        ('set -- "${B[@]}" c; x $1 $2', [("x", None, None)]),
        ('f() { x "$@" $2; }; f "$B" c', [("x", None, "c", "c")]),
        ('f() { x "$@" $2; }; f $B c', [("x", None, None)]),
        ("set -- *.py c; x $1 $2 $@", [("x", None, None, None)]),
        ("f() { x $1 $2; }; f a src/*.py c", [("x", "a", None)]),
        ("set -- a; set -- $B; x $1", [("x", None)]),
        ("set -- a; set $B; x $1", [("x", None)]),
        ("set -- a b; shift $N; x $1", [("x", None)]),
        ("set -- a b; while y; do x $1; shift; done; z $1", [("y",), ("x", None), ("z", None)]),
        ("set -- a b; until y; do command shift; x $1; done", [("y",), ("x", None)]),
        ("set -- a; if y; then set -- b; fi; x $1", [("y",), ("x", None)]),
        ("set -- a; if y; then shift; fi; x $1 ${1:-b}", [("y",), ("x", None, None)]),
        ("set -- a; y && shift; x $1", [("y",), ("x", None)]),
        ("set -- a/b; IFS=/; x $1", [("x", None)]),
        ('set -- a; x "$*b" "${@:1}" "${1%a}" "${1:+c}" "$@c"', [("x", None, None, None, None, None)]),
        ("set -- a; trap 'x $1' EXIT; set -- b", [("x", None)]),
    ],
)
def test_what_only_the_run_tells_stays_unknown(text, expected):
    found = run(text)
    assert list(dict.fromkeys(found)) == expected


def test_a_file_that_is_sourced_with_words_changes_what_is_known():
    checkout = FakeCheckout({"a.sh": "touch $1", "b.sh": "set -- c"})
    assert checkout.writes("set -- x; . ./a.sh") == {"x"}
    assert checkout.writes("set -- x; . ./a.sh y") == {"**", "/**"} or not checkout.recognises("set -- x; . ./a.sh y")
    assert checkout.writes("set -- x; . ./b.sh; touch $1") == {"c"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("set -- b; case $1 in a) x;; b) y;; *) z;; esac", [("y",)]),
        ('set -- b; case "$1" in \'a\'|"b") x;; *) z;; esac', [("x",)]),
        ("set -- q; case $1 in a) x;; *) z;; esac", [("z",)]),
        ("set -- q; case $1 in a) x;; esac; y", [("y",)]),
        ("set -- q; case $1 in q*) x;; q) y;; r) w;; *) z;; esac", [("x",), ("y",)]),
        ("set -- q; case $1 in Q) x;; *) z;; esac", [("x",), ("z",)]),
        ("set -- q; case $1 in $W) x;; *) z;; esac", [("x",), ("z",)]),
        ("case $1 in a) x;; *) z;; esac", [("x",), ("z",)]),
        ("set -- q; case $1 in q) cd b;; *) cd c;; esac; pwd", [("pwd",)]),
        ("set -- q; case $1 in a) exit;; esac; y", [("y",)]),
    ],
)
def test_only_the_branch_is_taken_that_the_word_chooses(text, expected):
    assert run(text) == expected


def test_a_script_is_read_with_the_words_it_is_given():
    checkout = FakeCheckout(
        {
            "run.sh": '#!/bin/sh\nset -e\nexec "$@"\n',
            "copy.sh": '#!/usr/bin/env bash\nset -euo pipefail\nsource="$1"\ntarget="${2:-out}"\ncp "$source" "$target"\n',
            "do.sh": "#!/bin/sh\ncase $1 in\n  clean) rm -rf build ;;\n  check) ruff check --no-cache . ;;\nesac\n",
        }
    )
    assert checkout.may_run_together("./run.sh touch a", "./run.sh touch b")
    assert not checkout.may_run_together("./run.sh touch a", "./run.sh touch a")
    assert checkout.writes("bash copy.sh a b") >= {"b"}
    assert checkout.writes("./copy.sh a") >= {"out"}
    assert checkout.writes("sh do.sh check") == set()
    assert checkout.writes("sh do.sh clean") == {"build/**"}
    assert checkout.writes("sh do.sh $WHAT") == {"build/**"}


def test_words_that_may_be_several_are_not_counted():
    checkout = FakeCheckout({"x.sh": "#!/bin/sh\ntouch $2"})
    assert checkout.writes("./x.sh a b") == {"b"}
    assert not checkout.recognises('./x.sh "$A" b'), "a script is not told what was quoted"
    assert not checkout.recognises("./x.sh $A b") or checkout.writes("./x.sh $A b") >= {"**"}
