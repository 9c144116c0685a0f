"""What counts as a check that those below rely on, and what does not."""

from __future__ import annotations

import pytest

from paratask.planning.guards import Manner, manner_of_text
from paratask.planning.rules import Rules
from paratask.planning.sets import arrange

from .reaches import neighbour

GUARD = Manner(only_looks=True, may_refuse=True)
SAYS = Manner(only_looks=True)


@pytest.mark.parametrize(
    "text",
    [
        "test -f .env",
        '[ -n "$REGION" ]',
        '[[ -d x && -f "a b/$C" ]]',
        "exit 1",
        "test -f x # or; make it",
        "command -v docker >/dev/null 2>&1",
        "type -P go &>/dev/null",
        "git diff --exit-code",
        'test -z "$(git diff --name-only)"',
        "! grep -q TODO file.txt",
        "which go",
        "hash go",
        "cmp -s a b",
        "false",
        "test -f x || return 1",
        "if test -f x; then echo y; else exit 1; fi",
        "test -f a || (echo 'a is missing; run init' && exit 1)",
        'if ! command -v node >/dev/null; then\n  echo "install node (>= 20)" >&2  # or nvm\n  exit 1\nfi',
        'A=$(cat VERSION); B="$(head -1 x | cut -d" " -f2)"\n[ "$A" = "$B" ] || { echo "$A is not $B"; exit 1; }',
        'A="$(grep "^go" mise.toml | sed -E "s/go *= *//")"; [ "$A" = "$(awk \'{ print $2 }\' go.mod)" ] || exit 1',
        '[ "$(jq -r .version package.json)" = "$(yq .version chart.yaml)" ]',
        "diff -q a b",
        'if [ "$A" != "$B" ]; then exit 1; fi',
    ],
)
def test_these_are_checks(text):
    assert manner_of_text(text).is_guard


@pytest.mark.parametrize("subcommand", "rev-parse diff diff-index diff-files symbolic-ref ls-files merge-base describe".split())
def test_git_is_a_check_where_it_only_looks(subcommand):
    assert manner_of_text(f"git {subcommand} x").is_guard


@pytest.mark.parametrize(
    "program",
    [
        *"true : echo printf cat head tail cut tr wc sort uniq basename dirname readlink realpath pwd cd set uname id".split(),
        "git log",
        "git status",
    ],
)
def test_a_check_may_say_something_as_well(program):
    assert manner_of_text(f"{program} x; test -f x").is_guard
    assert not manner_of_text(f"{program} x").may_refuse


@pytest.mark.parametrize(
    "text",
    [
        "echo building & sleeping",
        "test -f x && make",
        "gofmt -l .",
        'test -z "$(gofmt -l .)"',
        'test \\";make',
        '"./make" && test -f x',
        "'./make' && test -f x",
        "test 'a';make",
        "test -f x # or not\nmake",
        "A=$(cat x) make",
        "$(cat x) -f y",
        "test ${A:-$(make)}",
        'test "${A:-"a b"}";make',
        'test "$( (cd x); make)"',
        "sed -i s/a/b/ x || exit 1",
        "sed -ni p x || exit 1",
        "yq -i .a=1 x; test -f x",
        "gawk -i inplace 1 x; test -f x",
        "diff a <(make -s list)",
    ],
)
def test_what_does_more_is_none(text):
    assert not manner_of_text(text).only_looks


@pytest.mark.parametrize(
    "text", ["git fetch", "ruff check", "test -f x; sleep 9", "for x in a; do test $x; done", "[ `make -n` ]", None]
)
def test_what_may_take_time_or_is_not_known_is_none(text):
    assert not manner_of_text(text).is_guard


@pytest.mark.parametrize(
    "text",
    [
        '[ -z "$(git diff --name-only)" ]',
        '[ -z "$(git status --porcelain)" ] || { echo "commit first"; git status; exit 1; }',
        '[ "$(cat a)" = "$(head -1 "b c")" ]',
        '[[ "$(cat VERSION)" == 1.2 ]]',
        "test $(cat x | wc -l) -gt 3",
        "[ `cat x` = y ]",
        "[ ${A:-no} = yes ]",
    ],
)
def test_what_stands_behind_a_substitution_was_taken_for_a_command(text):
    assert manner_of_text(text).is_guard


@pytest.mark.parametrize(
    "text", ['test -z "`gofmt -l .`"', 'test "`cat "a b"; (cd x); make`" = "y"', "test `(cd x); gofmt -l .`"]
)
def test_what_stands_in_back_quotes_within_quotes_was_not_looked_at(text):
    assert not manner_of_text(text).only_looks
    assert manner_of_text(text.replace("gofmt", "cat").replace("make", "cat")).is_guard


@pytest.mark.parametrize("text", ["", "true", "echo test; cat README.md", "'test'"])
def test_what_cannot_refuse_is_none(text):
    assert not manner_of_text(text).is_guard


def edges(*neighbours, level="inferred", rules=None):
    return [set(after) for after in arrange(neighbours, level=level, rules=rules or Rules()).after]


def test_what_only_checked_ran_beside_what_relied_on_it():
    guard = neighbour("check", reads=[".env"], manner=GUARD)
    found = arrange(
        [neighbour("a", writes=["a"]), guard, neighbour("b", writes=["b"]), neighbour("c", writes=["c"])], level="inferred"
    )
    assert [set(after) for after in found.after] == [set(), set(), {1}, {1}]
    assert found.reasons[2] == "`check` only checks, and `b` relies on its answer"


def test_checks_run_beside_each_other_and_what_only_says_something_waits():
    first, second = neighbour("one", manner=GUARD), neighbour("two", manner=GUARD)
    assert edges(first, second, neighbour("say", manner=SAYS)) == [set(), set(), {0, 1}]


def test_nothing_waits_twice():
    """Behind what waits for the check already."""
    below = neighbour("a", writes=["a"]), neighbour("b", reads=["a"])
    assert edges(neighbour("check", manner=GUARD), *below) == [set(), {0}, {1}]


def test_who_was_freed_does_not_wait():
    check, a = neighbour("check", manner=GUARD), neighbour("a", writes=["a"])
    assert edges(check, a, rules=Rules(together={"a": frozenset({"check"})})) == [set(), set()]
    assert edges(check, a, level="all") == [set(), set()]
    assert edges(neighbour("check", manner=GUARD, background=True), a) == [set(), set()]


@pytest.mark.parametrize("text", ["echo done", "printf '%s\\n' x; echo y # or; make", 'true && echo "a; b"', "A=1; echo $A"])
def test_these_only_say_something(text):
    assert manner_of_text(text).only_says


@pytest.mark.parametrize("text", ["", "A=1", 'echo "$(date)"', "echo x; cat y", "echo x | make", "test -f x || echo y", None])
def test_these_do_not_only_say_something(text):
    assert not manner_of_text(text).only_says


def test_what_only_says_something_was_said_before_what_is_above_it_had_ended():
    """It says nothing of what is below it, which does not wait."""
    says = Manner(only_looks=True, only_says=True)
    a, b = neighbour("a", writes=["a"]), neighbour("b", writes=["b"])
    found = arrange([a, neighbour("one", manner=says), b, neighbour("two", manner=says)], level="inferred")
    assert [set(after) for after in found.after] == [set(), {0}, set(), {1, 2}]
    assert found.reasons[1] == "`one` only says something"
    assert edges(a, neighbour("one", manner=says), level="all") == [set(), set()]
    assert edges(a, neighbour("one", manner=says, background=True)) == [set(), set()]
    freed = Rules(together={"a": frozenset({"one"})})
    assert edges(a, neighbour("one", manner=says), neighbour("two", manner=says), rules=freed) == [set(), set(), {0, 1}]


def test_what_may_be_said_beside_another_word_still_comes_after_what_is_above_both():
    says = Manner(only_looks=True, only_says=True)
    said = [neighbour(name, manner=says) for name in ("one", "two", "three")]
    freed = Rules(together={"one": frozenset({"two"})})
    assert edges(neighbour("a", writes=["a"]), *said, rules=freed) == [set(), {0}, {0}, {1, 2}]
