"""Which calls take part in a jobserver, and what is left of their words. What Python says and what the shell does is the same."""

from __future__ import annotations

import os
import random
import shlex
import shutil
import subprocess

import pytest

from paratask.execution.jobserver.calls import FORMS, shared_words, shell_body, started_at

CASES = [
    ("make", None),
    ("make -j8", "make"),
    ("make -j all", "make all"),
    ("make -j 8 all", "make all"),
    ("make --jobs all", "make all"),
    ("make --jobs=8 -k", "make -k"),
    ("make -kj8 all", "make -k all"),
    ("make -j1", None),
    ("make -j8 -j1", None),
    ("make -j1 --jobs 4", "make"),
    ("make --jobs=many", None),
    ("make -C -j4", None),
    ("make -- -j4", None),
    ("make -j4x", None),
    ("ninja", "ninja"),
    ("ninja -j8 -C out", "ninja -C out"),
    ("ninja -j 1", None),
    ("ninja -j x", None),
    ("ninja -k 0 -vj3", "ninja -k 0 -v"),
    ("cmake -S . -j4", None),
    ("cmake --build out", None),
    ("cmake --build out --parallel 4 -t all", "cmake --build out -t all"),
    ("cmake --build out -- -j4", "cmake --build out --"),
    ("meson compile -C out --jobs=3", "meson compile -C out"),
    ("meson test -j3", None),
    ("cargo build -j4 --release", "cargo build --release"),
    ("cargo test -- -j4", "cargo test -- -j4"),
    ("cargo run -j4", None),
    ("cargo b -j1", None),
    ("gcc -c a.c", None),
    ("gcc -flto=jobserver a.c -jx", "gcc -flto=jobserver a.c -jx"),
    ("rustc --crate-name a a.rs", "rustc --crate-name a a.rs"),
]
BEFORE, VALUE = "k", "k -j2 --jobserver-auth=fifo:/a 'b"
WORDS = "-j -j8 -j1 -j0 4 1 --jobs --jobs=3 --jobs=x --jobs= -kj4 -vj -kj all -C -- -j4k -f -2j --parallel --parallel=1 -x -xj4 compile -flto -k".split()
WORDS += ["", "a b", "-", "*"]


@pytest.fixture(scope="module")
def shell(tmp_path_factory):
    """Runs words in bash, where each tool prints what it was given."""
    folder = tmp_path_factory.mktemp("bin")
    for name in FORMS:
        program = folder / name
        program.write_text('#!/bin/sh\nprintf \'%s\\0\' "${MAKEFLAGS-}" "$@"\n')
        program.chmod(0o755)

    def run(words, parallel, *options, before=BEFORE):
        body = shell_body(words[0], FORMS[words[0]], variable="MAKEFLAGS", value=VALUE, before=before, parallel=parallel)
        text = f"{words[0]}() ( {body}; ); {shlex.join(words)}"
        environ = {"PATH": f"{folder}:{os.defpath}", "MAKEFLAGS": BEFORE, "_": "", "n": "kept"}
        argv = [shutil.which("bash"), "-eu", *options, "-c", text]
        done = subprocess.run(argv, env=environ, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        value, *rest = done.stdout.split("\0")[:-1]
        return value, rest

    return run


def seen_by_python(words, parallel):
    kept = shared_words(FORMS[words[0]], words, parallel=parallel)
    return (BEFORE, words[1:]) if kept is None else (VALUE, kept[1:])


@pytest.mark.parametrize(("call", "kept"), CASES, ids=[call for call, _ in CASES])
def test_what_is_left_of_a_call(call, kept, shell):
    words = call.split()
    parallel = FORMS[words[0]].parallel
    assert shared_words(FORMS[words[0]], words, parallel=parallel) == (kept and kept.split())
    assert shell(words, parallel) == seen_by_python(words, parallel)


def test_a_make_that_its_environment_makes_parallel():
    assert shared_words(FORMS["make"], ["make", "all"], parallel=True) == ["make", "all"]
    assert shared_words(FORMS["make"], ["make", "-j1"], parallel=True) is None


def test_what_the_command_itself_sets_stays(shell):
    assert shell(["make", "-j8"], False, before="something else") == (BEFORE, ["-j8"])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_python_and_the_shell_agree(seed, shell):
    chance = random.Random(seed)
    for _ in range(60):
        name = chance.choice(list(FORMS))
        form = FORMS[name]
        first = [chance.choice(form.first)] if form.first and chance.random() < 0.8 else []
        words = [name, *first, *chance.choices(WORDS, k=chance.randrange(5))]
        parallel = chance.random() < 0.5
        assert shell(words, parallel) == seen_by_python(words, parallel), words


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ("make -j8", 0),
        ("nice make -j8", 1),
        ("nice -n 5 make", 3),
        ("nice -5 make", 2),
        ("/usr/bin/timeout -k 5 --foreground 10m make -j4", 5),
        ("env A=1 B= timeout 5 nohup make", 6),
        ("env -i make -j8", 0),
        ("nice", 0),
        ("timeout 5", 0),
        ("stdbuf -oL setsid -w ninja", 4),
        ("echo nice make", 0),
    ],
)
def test_which_program_a_command_comes_to(words, at):
    assert started_at(words.split()) == at
