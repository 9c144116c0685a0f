"""What the fuzzer of templates found: each is what the real `task` gives."""

from __future__ import annotations

import pytest

from paratask.templating import Machine, TemplateError, render, resolve

FOUND = {
    "half a surrogate pair in JSON is replaced": (r'{{fromJson "\"\\ud83d\\ude00\\ud83d\""}}', "😀\ufffd"),
    "and so it is in keys": (r'{{fromJson "{\"\\ud800\":1}"}}', "map[\ufffd:1]"),
    "a number too large for a float is infinite": ('{{fromJson "1e400"}}', "+Inf"),
    "rounding to a great many places is no number": ("{{round 2 100000}} {{round 2 -400}}", "NaN NaN"),
    "rounding keeps the sign of nothing": ("{{round -0.0 0}}", "-0"),
    "the least of two nothings is the negative one": ("{{minf 0 -0.0}} {{maxf -0.0 0}}", "-0 0"),
    "bytes that are no text have no case": ('{{"/+==" | b64dec | lower}}{{"/+==" | b64dec | upper}}', "\ufffd\ufffd"),
    "%w is for errors, whatever the type": ('{{printf "%w" (list 1 2)}}', "%!w([]interface {}=[1 2])"),
    "the sharp flag fills up a hexadecimal float": ('{{printf "%#x|%#X" 0.0 2.5}}', "0x0.0000p+00|0X1.4P+01"),
    "a byte in Go's syntax is hexadecimal": ('{{printf "%#v" (index "abc" 1)}}', "0x62"),
    "raw literals may hold what cannot be seen": ('{{printf "%#q %#q" "\\u200b" "\\x7f"}}', '`\u200b` "\\x7f"'),
    "bytes that are no text are left alone by js": ('{{js "\\xff" | printf "%x"}}', "ff"),
    "bytes that are no text are replaced in JSON": ('{{toJson "a\\xff"}}', '"a\ufffd"'),
    "bytes that are no text are binary in YAML": ('{{toYaml (list "a\\xff")}}', "- !!binary Yf8=\n"),
    "no words are no list": ('{{eq (splitArgs "") (list 1)}} {{splitArgs "" | toJson}}', "false null"),
    "a YAML tag decides": ('{{typeOf (fromYaml "!!str 5")}} {{typeOf (fromYaml "!!float 5")}}', "string float64"),
    "a YAML tag that does not suit is no YAML": ('[{{fromYaml "!!int x"}}{{fromYaml "!!null x"}}{{fromYaml "!!bool 1"}}]', "[]"),
    "bytes that are no text are no YAML": ('[{{"/+==" | b64dec | fromYaml}}]', "[]"),
    "binary YAML is decoded": ('{{fromYaml "!!binary aGk="}}', "hi"),
    "an array of bytes has a length": ("{{len uuid}} {{uuid | default 1 | len}} {{uuid | toString | len}}", "16 16 36"),
    "an array of bytes has elements": ('{{printf "%T" (index uuid 15)}} {{first uuid | kindOf}} {{rest uuid | len}}', "uint8 uint8 15"),
    "an array of bytes is looped over": ("{{range $at, $byte := uuid}}{{$at}}{{kindOf $byte}} {{if eq $at 1}}{{break}}{{end}}{{end}}", "0uint8 1uint8 "),
}  # fmt: skip
REFUSED = {
    "an array of bytes has sixteen of them": "{{index uuid 16}}",
    "an array that has no address is not sliced": "{{slice uuid 0 4}}",
    "keys to dig for are looked at before anything is dug": '{{dig "zz" 1 "default" (dict)}}',
    "elements to join are looked at also where they are not used": '{{joinUrl "mailto:a@b" "%d"}}',
    "a list is not compared with a map, even where it is nil": "{{eq (rest (list)) (dict)}}",
    "a number too large is no JSON where there must be": '{{mustFromJson "[1e400]"}}',
}


@pytest.mark.parametrize(("text", "expected"), FOUND.values(), ids=FOUND)
def test_found(text, expected):
    assert render(text, {}, Machine()) == expected


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_refused(text):
    with pytest.raises(TemplateError):
        render(text, {}, Machine())


def test_json_that_came_as_other_bytes_is_not_touched_where_it_is_text():
    assert resolve('fromJson "\\"é\\""', {}, Machine()) == "é"
