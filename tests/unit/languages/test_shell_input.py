"""Texts that ask somebody, who can type nothing in a set: they keep their place."""

from __future__ import annotations

import pytest

from paratask.testing import FakeCheckout


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ('read -p "go on? " answer', "read"),
        ('read -rp "sure?" ok && rm -rf dist', "read"),
        ("read x", "read"),
        ("command read x", "read"),
        ("ls && read x", "read"),
        ("x=$(read y; echo $y)", "read"),
        ("if [ -t 0 ]; then read x; fi", "read"),
        ("while read line; do echo $line; done", "read"),
        ("ask() { read x; }\nask", "read"),
        ("read x 3< a.txt", "read"),
        ("ls | cat; read x", "read"),
        ("readarray lines", "readarray"),
        ("rm -ri dist", "rm"),
        ("cp --interactive a b", "cp"),
        ("read x < /dev/tty", "read"),
        ("read x < /dev/stdin", "read"),
        ("ls | while read f; do read ok < /dev/tty; done", "read"),
        ("{ read x; } < a.txt < /dev/tty", "read"),
    ],
)
def test_who_asks_keeps_its_place(text, command):
    place = FakeCheckout({"a.txt": ""})
    assert not place.may_run_together("touch x", text)
    assert not place.may_run_together(text, "touch x")
    assert place.claims(text).effect_reason == f"`{command}`, which waits for what somebody types, is not understood"


@pytest.mark.parametrize(
    "text",
    [
        "read -r x < a.txt",
        "echo y | read x",
        "ls | while read -r name; do echo $name; done",
        "ls | (read x)",
        "ls | { read x; echo $x; }",
        "ls | while read a; do read b; done",
        "while IFS= read -r line; do echo $line; done < a.txt",
        "while read line; do echo $line; done < <(ls)",
        'IFS=. read -r major minor <<< "1.2"',
        "read x <<END\ny\nEND",
        "{ read a; read b; } < a.txt",
        "(read x) < a.txt",
        "exec 3< a.txt; read -u 3 x",
        "read -ru3 x",
        "rm -rf dist",
        "rm --interactive=never dist",
        "tee -i a.txt",
        "cp -tbin a",
        "ls | while read x; do read y <&0; done",
        "ls > >(while read x; do echo $x; done)",
        "ls | sh -c 'while read x; do echo $x; done'",
        "bash -c 'read x' <<< y",
        "./ask.sh < a.txt",
        "ls | ./ask.sh",
        "cat a.txt | (env A=1 ./ask.sh)",
        "ls | while read x; do ./ask.sh; done",
    ],
)
def test_what_is_read_from_elsewhere_asks_nobody(text):
    place = FakeCheckout({"a.txt": "", "ask.sh": "#!/bin/sh\nread answer\n"})
    assert "types" not in place.claims(text).effect_reason


def test_a_script_that_asks_keeps_its_place():
    place = FakeCheckout({"ask.sh": "#!/bin/sh\nread answer\n"})
    assert not place.may_run_together("touch x", "./ask.sh")


def test_a_script_asks_nobody_only_where_it_is_given_something():
    place = FakeCheckout({"ask.sh": "#!/bin/sh\nread answer\n"})
    assert place.may_run_together("touch x", "echo y | ./ask.sh")
    assert not place.may_run_together("touch x", "echo y | cat; ./ask.sh")
    assert not place.may_run_together("touch x", "echo y | ./ask.sh; ./ask.sh")
