"""Variables that a task's text expands and that nobody has set: they are nothing, unless the text may set them itself."""

from __future__ import annotations

import pytest

from paratask.claims.model import Access, Evidence
from paratask.testing import FakeCheckout

FILES = {"go.mod": "module x\n", "main.go": "package main\n", "src": "", "set.sh": ": ${X:=1}\n"}


def claims_of(text, environment=None, environ=None):
    place = FakeCheckout(FILES)
    place._environ = environ or {}
    return place.command_claims(text, "/repo", environment or {}, is_whole=True)


def written(text):
    """What is written where the whole text is understood; None where it is not."""
    claims = claims_of(text)
    if claims.evidence is Evidence.NONE:
        return None
    return {entry.pattern for entry in claims.entries if entry.access is Access.WRITE}


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ("go build ${TAGS:+-tags $TAGS} -o out", {"out"}),
        ('go build ${TAGS+-tags "$TAGS"} -o out', {"out"}),
        ("touch ${OUT:-out}/log", {"out/log"}),
        ("touch ${OUT-out}/log", {"out/log"}),
        ("touch out$SUFFIX", {"out"}),
        ('touch "out${SUFFIX}"', {"out"}),
        ("$WRAPPER touch out", {"out"}),
        ("touch $MORE out", {"out"}),
        ("rm -rf $TMP_OF_OURS/x", {"/x/**"}),
        ('bash -c "touch out$SUFFIX"', {"out"}),
    ],
)
def test_what_is_not_set_is_nothing(text, patterns):
    assert written(text) == patterns


@pytest.mark.parametrize(
    "text",
    [
        'touch "$X"',  # an empty word, which some programs take for no option at all
        "go build -o=$X",
        "read X; touch $X",
        ": ${X:=made}; touch $X",
        "printf -v X made; touch $X",
        "source ./set.sh; touch $X",
        ". ./other.sh; touch $X",
        "for X in a b; do true; done; touch $X",
        "touch $((X = 1))$X",
        "export X; touch $X",
        "exec {X}> log; touch $X",
        "bash -c 'touch $X'",  # what else it is started with, bash does not tell
        "touch $RANDOM",
        "touch $HOSTNAME",
        "touch $CARGO_MAKEFLAGS",
        "cd $X && touch out",
    ],
)
def test_what_may_be_set_is_not_known(text):
    assert written(text) is None


@pytest.mark.parametrize(
    ("environment", "environ"),
    [({"X": None}, {}), ({}, {"X": "a b"}), ({"X": "a b"}, {}), ({}, {"BASH_ENV": "/etc/x"}), ({"IFS": "x"}, {})],
)
def test_who_is_set_elsewhere_is_not_known(environment, environ):
    assert claims_of("touch out$X", environment, environ).evidence is Evidence.NONE


def test_without_a_task_s_whole_environment_nothing_is_taken_for_unset():
    assert FakeCheckout(FILES).command_claims("touch out$X", "/repo", {}).evidence is Evidence.NONE


@pytest.mark.parametrize("text", ["printf -v X made; cp src $X", "IFS=a; cp src $X", "declare -n X=Y; cp src $X"])
def test_a_value_that_the_text_may_change_unnoticed_was_believed(text):
    assert claims_of(text, {"X": "val"}).evidence is Evidence.NONE


@pytest.mark.parametrize(
    "command", ["cp src -t", "mv src --target-directory", "ln -s src -t", "install src -t", "unzip a.zip -d", "patch -d"]
)
def test_a_folder_that_only_the_run_tells_was_taken_for_none(command):
    assert claims_of(f"{command} $(date)").evidence is Evidence.NONE
    assert claims_of(f"{command} there").evidence is Evidence.INFERRED
