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


@pytest.mark.parametrize(
    ("text", "patterns"),
    [
        ("touch ${X:-out}/log", {"out/log"}),
        ("go build ${X:+-tags $X} -o out", {"out"}),
        ("touch out$X", {"out"}),
        ("D=${X:-out}; touch $D", {"out"}),
    ],
)
@pytest.mark.parametrize("is_whole", [True, False])
def test_a_variable_that_a_task_leaves_empty_was_not_known(text, patterns, is_whole):
    place = FakeCheckout(FILES)
    place._environ = {}
    claims = place.command_claims(text, "/repo", {"X": ""}, is_whole=is_whole)
    assert {entry.pattern for entry in claims.entries if entry.access is Access.WRITE} == patterns


@pytest.mark.parametrize(
    ("text", "environ"),
    [
        ("touch ${X-out}/log", {}),
        ("go build ${X+-o out} -o other", {}),
        (": ${X:=made}; touch $X", {}),
        ("[ -v X ] && touch $X", {}),
        ("read X; touch out$X", {}),
        (". ./other.sh; touch out$X", {}),
        ('touch "$X"', {}),
        ("touch out$X", {"X": "y"}),
        ("touch out$X", {"BASH_ENV": "/etc/x"}),
    ],
)
def test_an_empty_variable_that_may_be_something_else_is_not_known(text, environ):
    assert claims_of(text, {"X": ""}, environ).evidence is Evidence.NONE


@pytest.mark.parametrize("name", ["UID", "HOSTNAME", "RANDOM"])
def test_what_the_shell_sets_itself_is_not_empty_for_long(name):
    assert claims_of(f"touch out${name}", {name: ""}).evidence is Evidence.NONE


@pytest.mark.parametrize(
    "text",
    [
        "printf -v X made; cp src $X",
        "IFS=a; cp src $X",
        "IFS=a reads; cp src $X",
        "IFS= read Y; IFS=a; cp src $X",
        "declare -n X=Y; cp src $X",
    ],
)
def test_a_value_that_the_text_may_change_unnoticed_was_believed(text):
    assert claims_of(text, {"X": "val"}).evidence is Evidence.NONE


@pytest.mark.parametrize(
    "command", ["cp src -t", "mv src --target-directory", "ln -s src -t", "install src -t", "unzip a.zip -d", "patch -d"]
)
def test_a_folder_that_only_the_run_tells_was_taken_for_none(command):
    assert claims_of(f"{command} $(date)").evidence is Evidence.NONE
    assert claims_of(f"{command} there").evidence is Evidence.INFERRED


@pytest.mark.parametrize("ifs", ["", "''", ",", '":"', "$'\\t'", "' '", "\"$(printf '\\t')\""])
def test_splitting_one_line_by_another_sign_made_all_variables_unknown(ifs):
    text = f'for OUT in out; do true; done\nDIR=made\nwhile IFS={ifs} read -r LINE; do echo "$LINE"; done < src\n'
    assert written(f"{text}") == set()
    assert written(f"DIR=made; touch $DIR; IFS={ifs} read -r LINE < src") == {"made"}


@pytest.mark.parametrize("taken", ["env -u PYTHONPATH", "unset PYTHONPATH;", "unset PYTHONPATH\n", "env --unset=PYTHONPATH"])
def test_a_path_to_look_in_that_is_taken_away_had_everything_read(taken):
    place = FakeCheckout({"api/pyproject.toml": '[project]\nname = "api"\n', "web/package.json": "{}"})
    found = place.command_claims(f"{taken} mypy .", "/repo/api", {"PYTHONPATH": "/elsewhere"})
    assert found.evidence is Evidence.INFERRED
    assert "**" not in {entry.pattern for entry in found.entries}
    assert "**" in {entry.pattern for entry in place.command_claims('PYTHONPATH="$X" mypy .', "/repo/api").entries}


@pytest.mark.parametrize(
    "text", ["env -u MYPY_CACHE_DIR mypy .", "env -u $X mypy .", "declare -n R=PYTHONPATH; R=web; unset PYTHONPATH; mypy ."]
)
def test_what_a_tool_falls_back_on_is_not_guessed(text):
    place = FakeCheckout({"pyproject.toml": '[project]\nname = "x"\n', "src/x.py": ""})
    claims = place.command_claims(text, "/repo")
    assert claims.evidence is Evidence.NONE or "**" in {entry.pattern for entry in claims.entries}
