"""Functions, by table. What the real `task` makes of each is in tests/differential."""

from __future__ import annotations

import pytest

from paratask.templating import Machine, TemplateError, render
from paratask.templating.functions import TABLE, find

DATA = {"L": ["b", "a"], "M": {"b": 1, "a": [1, None]}, "U": "héllo", "F": 2.5}


@pytest.mark.parametrize("name", sorted(TABLE))
def test_every_row_of_the_table_leads_to_a_function(name):
    function = find(name)
    assert function is not None
    assert callable(function.code)
    assert {*function.types, function.rest} <= {"any", "value", "string", "int", "bool", "float64", "map", "time", ""}


CASES = [
    # text counts in bytes
    ("{{len .U}} {{trunc 2 .U | len}} {{substr 0 3 .U}} {{index .U 0}}", "6 2 hé 104"),
    ("{{upper .U}} {{title `a bc`}} {{repeat 2 `ab`}} {{replace `l` `L` .U}}", "HÉLLO A Bc abab héLLo"),
    ('{{quote `a"b`}} {{squote 1}} {{cat 1 nil 2}} {{indent 1 `x`}}', '"a\\"b" \'1\' 1 2  x'),
    ("{{splitList `,` `a,b`}} {{(split `,` `a,b`)._1}} {{splitn `,` 2 `a,b,c`}}", "[a b] b map[_0:a _1:b,c]"),
    ("{{join `-` .L}} {{sortAlpha .L}} {{plural `one` `many` 2}}", "b-a [a b] many"),
    # numbers
    ("{{add 1 `2` 3.9}} {{sub 1 2}} {{div -7 2}} {{mod -7 2}} {{mul 2 3}}", "6 -1 -3 -1 6"),
    ("{{add 9223372036854775807 1}}", "-9223372036854775808"),
    ("{{seq 3}} {{until 3}} {{untilStep 3 0 -1}} {{round 1.25 1}} {{ceil 1.1}}", "1 2 3 [0 1 2] [3 2 1] 1.3 2"),
    ("{{int `x`}} {{atoi `7`}} {{float64 `1.5`}} {{toDecimal `17`}} {{max 1 3 2}} {{minf 1 0.5}}", "0 7 1.5 15 3 0.5"),
    # lists and maps
    ("{{first .L}} {{last .L}} {{rest .L}} {{initial .L}} {{reverse .L}} {{append .L 1}}", "b a [a] [b] [a b] [b a 1]"),
    ("{{uniq (list 1 1 `1`)}} {{has `a` .L}} {{without .L `a`}} {{slice .L 1}} {{chunk 1 .L}}", "[1 1] true [b] [a] [[b] [a]]"),
    ("{{has (add 1 0) (list 1)}}", "false"),
    (
        "{{dict `a` 1}} {{get .M `b`}} {{hasKey .M `z`}} {{pick .M `b`}} {{omit .M `a`}} {{keys .M}}",
        "map[a:1] 1 false map[b:1] map[b:1] [a b]",
    ),
    ("{{merge .M (dict `b` 2) | len}} {{dig `a` `x` .M}} {{dig `z` `y` `x` .M}}", "2 [1 <nil>] x"),
    # defaults and logic
    ("{{default 1 0}} {{coalesce `` 2}} {{ternary 1 2 false}} {{empty .L}} {{all 1 0}} {{any 1 0}}", "1 2 2 false false true"),
    ("{{and 1 0 2}} {{or 0 3}} {{not 1}} {{eq 1 2 1}} {{lt `a` `b`}} {{ge 2.5 .F}}", "0 3 false true true true"),
    # types
    (
        "{{typeOf (add 1)}} {{kindOf .M}} {{typeOf .L}} {{kindIs `string` .U}} {{deepEqual .L .L}}",
        "int64 map []interface {} true true",
    ),
    # encodings
    ("{{toJson .M}} {{fromJson `[1]`}} {{toRawJson `<`}} {{toJson `<`}}", '{"a":[1,null],"b":1} [1] "<" "\\u003c"'),
    ("{{toYaml .M}}", "a:\n    - 1\n    - null\nb: 1\n"),
    (
        "{{b64enc `x`}} {{b64dec `eA==`}} {{b32enc `x`}} {{adler32sum `x`}} {{b64dec `!`}}",
        "eA== x PA====== 7929977 illegal base64 data at input byte 0",
    ),
    ("{{sha256sum ``}}", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    # regular expressions
    ("{{regexReplaceAll `(a)(b)?` `ac` `[$1${2}$$]`}} {{regexFindAll `a*` `baac` -1 | len}}", "[a$]c 3"),
    (
        '{{regexMatch `b$` "b\\n"}} {{regexFind `\\d+` `a12`}} {{regexSplit `,` `a,b` -1}} {{regexMatch `[` `x`}}',
        "false 12 [a b] false",
    ),
    # paths, urls, words
    (
        "{{base `/a/b`}} {{dir `a`}} {{ext `a.b`}} {{clean `a/../..`}} {{relPath `/a` `/b`}} {{joinPath `a` `..`}}",
        "b . .b .. ../b .",
    ),
    ("{{(urlParse `http://u@h:1/p?q#f`).hostname}} {{joinUrl `http://h` `a`}}", "h http://h/a"),
    ("{{q `a b`}} {{q `it's`}} {{q `x`}} {{splitArgs `a 'b c'`}}", "'a b' \"it's\" x [a b c]"),
    # dates
    ("{{dateInZone `2006-01-02` 0 `UTC`}} {{duration `95`}} {{durationRound `36h`}}", "1970-01-01 1m35s 1d"),
    ("{{(toDate `2006-01-02` `2024-02-29` | dateModify `24h`).Format `Jan 2`}}", "Mar 1"),
    # printing
    ("{{print 1 2 `a` 3}} {{printf `%05.1f|%-4d|%q|%x` 2.55 7 `a` `hi`}}", '1 2a3 002.5|7   |"a"|6869'),
    ("{{printf `%d` `x`}} {{printf `%d`}} {{printf `x` 1}}", "%!d(string=x) %!d(MISSING) x%!(EXTRA int=1)"),
    ("{{1e6}} {{100000.0}} {{1e-5}} {{1.5}} {{print 1e21}}", "1e+06 100000 1e-05 1.5 1e+21"),
    ("{{html `<'>`}} {{js `'`}} {{urlquery `a b&`}}", "&lt;&#39;&gt; \\' a+b%26"),
    ("{{catLines `a`}} {{splitLines `x`}} {{IsSH}} {{hello}}", "a [x] true Hello!"),
    ("{{spew 1}}", "(int) 1\n"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_functions(text, expected):
    assert render(text, DATA, Machine()) == expected


@pytest.mark.parametrize(
    "pattern", ["(?=a)", "(a)\\1", "a**", "a{2000}", "[", "(", ")", "\\", "(?<!a)", "[b-a]", "\\p{Greek}", "a++", "*"]
)
def test_what_re2_has_not_is_refused(pattern):
    with pytest.raises(TemplateError, match="error parsing regexp"):
        render("{{regexFind .P `x`}}", {"P": pattern}, Machine())


def test_the_network_is_refused():
    with pytest.raises(TemplateError) as caught:
        render("{{getHostByName `localhost`}}", {}, Machine())
    assert caught.value.help is not None
