"""Where errors point, and what they say."""

from __future__ import annotations

import pytest

from paratask.templating import Machine, TemplateError, render

DATA = {"S": "text", "N": 3, "F": 1.5, "L": ["a"], "M": {"k": 1}, "NIL": None}


def error_of(text):
    with pytest.raises(TemplateError) as caught:
        render(text, DATA, Machine())
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("a\nb {{.S | splitLst}}", 2, 10, "function `splitLst` is not defined"),
        ("{{", 1, 1, "unclosed action"),
        ("x {{.S", 1, 3, "unclosed action"),
        ("{{/* x", 1, 3, "unclosed comment"),
        ("{{/* x */ }}", 1, 3, "comment ends before closing delimiter"),
        ('{{ "abc }}', 1, 4, "unterminated quoted string"),
        ("{{ `abc }}", 1, 4, "unterminated raw quoted string"),
        ("{{ 'a }}", 1, 4, "unterminated character constant"),
        ("{{ 'ab' }}", 1, 4, "malformed character constant: 'ab'"),
        ("{{ 1x }}", 1, 4, 'bad number syntax: "1x"'),
        ("{{ 08 }}", 1, 4, "illegal number syntax: 08"),
        ("{{ 99999999999999999999 }}", 1, 4, "integer overflow: 99999999999999999999"),
        ("{{ (.S }}", 1, 8, "unclosed left parenthesis"),
        ("{{ .S) }}", 1, 6, "unexpected right parenthesis"),
        ("{{ .S-1 }}", 1, 6, "bad character '-'"),
        ("{{ \0 }}", 1, 4, "unrecognized character in action: '\\x00'"),
        ("{{ $x }}", 1, 4, "undefined variable `$x`"),
        ("{{}}", 1, 3, "missing value for command"),
        ("{{end}}", 1, 3, "unexpected {{end}}"),
        ("{{else}}", 1, 3, "unexpected {{else}}"),
        ("{{if .S}}x", 1, 3, "`if` is not closed: {{end}} is missing"),
        ("{{break}}", 1, 3, "{{break}} outside {{range}}"),
        ("{{1 | 2}}", 1, 7, "non executable command in pipeline stage 2"),
        ("{{| .S}}", 1, 3, "unexpected `|` in command"),
        ("{{1.X}}", 1, 3, 'bad number syntax: "1.X"'),
        ("{{nil}}", 1, 3, "nil is not a command"),
        ("{{.S 1}}", 1, 3, "`S` is not a function but has arguments"),
        ("{{.S.X}}", 1, 3, "can't evaluate field `X` in type string"),
        ("{{.NIL.X}}", 1, 3, "nil has no field `X`"),
        ("{{.M.k.z}}", 1, 3, "can't evaluate field `z` in type int"),
        ("{{range .S}}{{end}}", 1, 9, "range can't iterate over text"),
        ("{{upper .N}}", 1, 9, "wrong type for value; expected string; got int"),
        ("{{upper 5}}", 1, 9, "expected string; found 5"),
        ("{{upper}}", 1, 3, "wrong number of arguments for `upper`: want 1, got 0"),
        ("{{index .L 5}}", 1, 3, "error calling index: index out of range: 5"),
        ("{{.MISSING | trim}}", 1, 14, "invalid value; expected string"),
        ("{{until (add 1 2)}}", 1, 10, "wrong type for value; expected int; got int64"),
        ("{{eq .N .F}}", 1, 3, "error calling eq: incompatible types for comparison: int and float64"),
        ("{{fail `oops`}}", 1, 3, "error calling fail: oops"),
        ("{{div 1 0}}", 1, 3, "error calling div: integer divide by zero"),
        ('{{template "zz"}}', 1, 12, "template `zz` is not defined"),
        ("{{mustFromJson `{`}}", 1, 3, "error calling mustFromJson: not valid JSON"),
        ("{{regexFind `(?=a)` ``}}", 1, 3, "error calling regexFind: error parsing regexp"),
    ],
)
def test_position_and_message(text, line, column, message):
    error = error_of(text)
    assert error.message.startswith(message)
    assert (error.line, error.column, error.source) == (line, column, text)


@pytest.mark.parametrize(
    ("text", "help_text"),
    [
        ("{{splitLst}}", "did you mean `splitList`?"),
        ("{{ToUpper}}", "did you mean `upper`?"),
        ("{{UPPER}}", "did you mean `upper`?"),
        ("{{zzzzzzzz}}", None),
        ("{{until (add 1 2)}}", "turn it into an int with `int`"),
        ('{{eq .N "3"}}', "turn one into the other's type with `int`, `float64` or `toString`"),
        ("{{.NOPE | trim}}", 'give it a value, as in `.NAME | default ""`'),
    ],
)
def test_help(text, help_text):
    assert error_of(text).help == help_text


def test_an_error_prints_its_position():
    assert str(error_of("a\n{{nope}}")) == "2:3: function `nope` is not defined"


def test_an_early_mistake_is_reported_before_a_later_one():
    assert error_of("{{nope}} {{").message == "function `nope` is not defined"
