"""The public API: `render`, `resolve`, what is unknown, and what the outside is asked for."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest

from paratask.templating import UNKNOWN, Machine, TemplateError, UnknownValueError, render, resolve, timestamp


class FakeMachine(Machine):
    os = "windows"
    arch = "arm64"
    cpu_count = 6
    cwd = "/work"

    def __init__(self):
        self.environ = {"NAME": "value", "HOME": "/home/me"}

    def now(self):
        return 1_700_000_000.5

    def random(self):
        return random.Random(7)

    def local_offset(self, unix_seconds):
        return 3600


MACHINE = FakeMachine()
DATA = {"S": "text", "N": 3, "L": ["a", "b"], "M": {"k": {"deep": 1}}, "NIL": None}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no actions", "no actions"),
        ("{{.S}}", "text"),
        ("{{.MISSING}}", ""),
        ("{{.NIL}}", ""),
        ("<no value>", "<no value>"),
        ("{{.S}}<no value>", "text"),
        ("a {{- .S -}} b", "atextb"),
        ("{{range $i, $e := .L}}{{$i}}{{$e}} {{end}}", "0a 1b "),
        ("{{range .M}}{{.deep}}{{end}}", "1"),
        ("{{if .N}}{{if eq .N 3}}three{{end}}{{else}}none{{end}}", "three"),
        ("{{with .NIL}}x{{else with .S}}{{.}}{{end}}", "text"),
        ('{{define "x"}}<{{.}}>{{end}}{{template "x" .N}}', "<3>"),
        ("{{$x := 1}}{{range .L}}{{$x = add $x 1}}{{end}}{{$x}}", "3"),
        ("{{.M}} {{.L}}", "map[k:map[deep:1]] [a b]"),
        ("{{/* nothing */}}", ""),
    ],
)
def test_render(text, expected):
    assert render(text, DATA, MACHINE) == expected


def test_text_without_actions_is_the_same_object():
    text = "echo $HOME"
    assert render(text, {}, MACHINE) is text


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (".L", ["a", "b"]),
        (".M.k.deep", 1),
        (".MISSING", None),
        ('.S | splitList "x"', ["te", "t"]),
        ("list 1 nil", [1, None]),
        ("eq .N 3", True),
        (".", DATA),
        ("(index .L 0)", "a"),
        ("add .N 1", 4),
        ('fromYaml "{a: [1, 2.5]}"', {"a": [1, 2.5]}),
    ],
)
def test_resolve_gives_values(expression, expected):
    assert resolve(expression, DATA, MACHINE) == expected


def test_resolve_gives_the_variable_itself():
    assert resolve(".L", DATA, MACHINE) is DATA["L"]


def test_errors_of_references_point_into_the_expression():
    with pytest.raises(TemplateError) as caught:
        resolve(".S | nope", DATA, MACHINE)
    assert (caught.value.source, caught.value.line, caught.value.column) == (".S | nope", 1, 6)


@pytest.mark.parametrize("expression", ["if .S}}{{end", ".S}} {{.N"])
def test_a_reference_is_one_expression(expression):
    with pytest.raises(TemplateError):
        resolve(expression, DATA, MACHINE)


@pytest.mark.parametrize(
    "text",
    [
        "{{.X}}",
        "{{if .X}}{{end}}",
        "{{with .X}}{{end}}",
        "{{.X.field}}",
        "{{eq .X 1}}",
        '{{default "d" .X}}',
        '{{index . "X"}}',
        '{{get . "X"}}',
        "{{range .LIST}}{{.}}{{end}}",
        '{{join "," .LIST}}',
        "{{toJson .LIST}}",
        "{{.LIST}}",
        "{{.}}",
    ],
)
def test_what_is_unknown_is_never_read(text):
    with pytest.raises(UnknownValueError):
        render(text, {"X": UNKNOWN, "LIST": [UNKNOWN]}, MACHINE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("{{.Y}}", "1"), ("{{if false}}{{.X}}{{end}}", ""), ('{{hasKey . "X"}}', "true"), ("{{or .Y .X}}", "1")],
)
def test_what_is_unknown_may_be_passed_by(text, expected):
    assert render(text, {"X": UNKNOWN, "Y": 1}, MACHINE) == expected


def test_unknown_references_raise():
    with pytest.raises(UnknownValueError):
        resolve(".X", {"X": UNKNOWN}, MACHINE)


def test_maps_in_the_data_are_changed_in_place_and_the_data_are_not():
    data = {"M": {"a": 1, "inner": {"b": 2}}}
    template = '{{$_ := set .M "c" 3}}{{$_ := set .M.inner "d" 4}}{{$_ := set . "NEW" 5}}{{.M}} {{.NEW}}'
    assert render(template, data, MACHINE) == "map[a:1 c:3 inner:map[b:2 d:4]] 5"
    assert data == {"M": {"a": 1, "c": 3, "inner": {"b": 2, "d": 4}}}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{OS}}/{{ARCH}}/{{numCPU}}", "windows/arm64/6"),
        ("{{exeExt}} {{fromSlash `a/b`}} {{toSlash `a\\b`}}", ".exe a\\b a/b"),
        ("{{env `NAME`}} {{expandenv `$NAME-${NOPE}`}}", "value value-"),
        ("{{absPath `x/../y`}}", "/work/y"),
        ("{{joinEnv `a` `b`}}", "a;b"),
        ("{{now.Unix}} {{now | date `15:04:05.0 -0700`}}", "1700000000 23:13:20.5 +0100"),
        ("{{ago (now)}} {{now | unixEpoch}}", "0s 1700000000"),
        ("{{splitArgs `~/x $NAME`}}", "[/home/me/x value]"),
    ],
)
def test_the_outside_comes_from_the_machine(text, expected):
    assert render(text, {}, MACHINE) == expected


def test_random_numbers_come_from_the_machine():
    text = "{{uuid}} {{randInt 1 1000}} {{randIntN 1000}}"
    assert render(text, {}, MACHINE) == render(text, {}, MACHINE)
    identifier = render("{{uuid}}", {}, MACHINE)
    assert (len(identifier), identifier[14], identifier[19] in "89ab") == (36, "4", True)


def test_timestamps_are_go_times():
    data = {"TIMESTAMP": timestamp(1_700_000_000_000_000_000, MACHINE)}
    assert render("{{.TIMESTAMP.Unix}} {{.TIMESTAMP}}", data, MACHINE) == "1700000000 2023-11-14 23:13:20 +0100 +0100"


def test_recursion_ends_in_an_error():
    with pytest.raises(TemplateError, match="100 deep"):
        render('{{define "a"}}{{template "a"}}{{end}}{{template "a"}}', {}, MACHINE)


def loaded_after(text):
    code = f"""
import sys
from paratask.templating import Machine, render
render({text!r}, {{"X": "x", "L": [1]}}, Machine())
print(*sorted(sys.modules))
"""
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": ":".join(sys.path)}
    )
    return set(done.stdout.split())


def test_a_plain_variable_loads_next_to_nothing():
    loaded = loaded_after("{{.X}} {{range .L}}{{.}}{{end}}")
    assert not loaded & {
        "re",
        "json",
        "yaml",
        "datetime",
        "hashlib",
        "base64",
        "subprocess",
        "typing",
        "dataclasses",
        "difflib",
    }
    ours = {name for name in loaded if name.startswith("paratask.templating.functions.")}
    assert ours == {"paratask.templating.functions.table"}


def test_functions_load_what_they_need_only():
    loaded = loaded_after("{{.X | upper | trimSuffix `X`}}{{if eq .X `x`}}{{end}}")
    ours = {name.rpartition(".")[2] for name in loaded if name.startswith("paratask.templating.functions.")}
    assert ours == {"table", "strings", "logic"}
