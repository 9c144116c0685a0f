"""Which awk programs only read and print. What `awk` does with each was seen by running it."""

from __future__ import annotations

import pytest

from paratask.languages.shell.awk_programs import only_reads
from paratask.testing import FakeCheckout


@pytest.mark.parametrize(
    "program",
    [
        "{ if ($1 > 5) print $2 }",
        "function over(a) { return a > 1 }\n{ print over($1) }",
        '{ print "a > b" }',
        "$1 ~ /x|y/ { n++ } END { print n }",
        "{ print $1 / $2; if (a > b) c = 1 }",
        "{ print a,\n  b\n  if (x > 1) y = 2 }",
        "{ print (a)\n(b) > 1 }",
        "a || b",
        "# system > x\n{ print }",
        "{ x = n / 2; y = m / 3; if (x > y) print x }",
        '{ gsub(/[/]>/, "") } 1',
        'BEGIN { FS = "|" } { print $2 }',
        '{ printf "%s\\n", $1 }\n$2 > 3',
        "/[[:space:]]>/ { print }",
        '{ sub(/\\/>/, "x"); print }',
        "{ systems = 1 > 0 }",
        '{ print "x" > "/dev/stderr" }',
        '{ printf("%s\\n", x) >> "/dev/stdout"; exit 1 }',
    ],
)
def test_what_compares_or_stands_in_a_text_is_no_redirection(program):
    assert only_reads(program)


@pytest.mark.parametrize(
    "program",
    [
        '{ print > "x" }',
        '/}/{ print "}" > "b" }',
        '{ print a,\n b > "f" }',
        '{ print a &&\n b > "f" }',
        '{ print a ?\n b : c > "f" }',
        '{ print f(1,\n2) > "f" }',
        '{ print \\\n > "f" }',
        '{ printf("%s", a) > "f" }',
        '{ print a / b > "f" / c }',
        '{ print i++ / 2 > "f" }',
        '{ print a[1] / 2 > "f" / 1 }',
        '{ print 1.5 / 2 > "f" / 1 }',
        '{ print "a\\" > \\"b" > "c" }',
        '{ print /x/ > "f" }',
        '{ print x ~ /a/, y > "f" }',
        '{ if (x) print a; else print b > "x" }',
        '{ print >> "x" }',
        '{ print | "sort" }',
        '{ print |& "c" }',
        '"date" | getline d',
        '{ getline < "x" }',
        '{ system("rm x") }',
        '{ print "x" > "/dev/stderr" ".log" }',
        '{ print "x" > "/dev/stderr/../x" }',
        'BEGIN { ARGV[1] = "other"; ARGC = 2 }',
        '@load "x"',
        '{ f = "rm"; @f() }',
        '{ print "unclosed }',
        "{ print ~ /unclosed\n> b }",
    ],
)
def test_what_writes_starts_or_is_doubtful_is_not_believed(program):
    assert not only_reads(program)


def test_a_program_of_several_lines_was_not_recognised_for_a_comparison():
    checkout = FakeCheckout()
    assert checkout.reads("awk 'function f() {\n if (n > 1) print n > \"/dev/stderr\"\n}\n{ n++; f() }' a") == {"a"}
    assert not checkout.recognises("awk 'function f() {\n if (n > 1) print n > \"log\"\n}\n{ n++; f() }' a")
