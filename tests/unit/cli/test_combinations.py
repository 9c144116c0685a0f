"""Which options go with which."""

from __future__ import annotations

import pytest

from paratask.cli.combinations import EXCLUDING, OURS, THEIRS, check
from paratask.cli.flags import MAKES_J
from paratask.cli.option_table import BY_KEY
from paratask.cli.options import parse
from paratask.errors import UsageError


@pytest.mark.parametrize(("argv", "help_line"), [(("-j", "4", "build"), MAKES_J), (("-j", "build"), "")])
def test_who_writes_jobs_as_for_make_was_told_of_json_only(argv: tuple[str, ...], help_line: str) -> None:
    with pytest.raises(UsageError) as caught:
        check(parse(argv, {}))
    assert caught.value.message.startswith("--json goes with --list")
    assert caught.value.help == help_line


def words(name: str) -> tuple[str, ...]:
    """The option as it is typed, with a value where it takes one."""
    option = BY_KEY[name.replace("-", "_")]
    value = option.known_values[:1] or ("3",)
    return (f"--{name}", *(value if option.metavar else ()))


@pytest.mark.parametrize(
    "pair",
    [
        ("plan", "list"), ("plan", "watch"), ("plan", "status"), ("stats", "runs"), ("stats", "logs"), ("runs", "plan"), ("runs", "list-all"),
        ("logs", "watch"), ("prune", "plan"), ("graph", "plan"), ("doctor", "runs"), ("stats", "completion"), ("logs", "init"),
        ("install-hooks", "clear-cache"),
    ],
)  # fmt: skip
def test_of_two_things_to_do_none_wins_in_silence(pair: tuple[str, str]) -> None:
    """`--plan --list` listed, and `--plan --watch` watched nothing."""
    for first, second in (pair, pair[::-1]):
        with pytest.raises(UsageError, match="exclude each other"):
            check(parse((*words(first), *words(second), "build"), {}))


def test_what_task_passes_over_is_passed_over() -> None:
    for pair in (("list", "watch"), ("status", "dry"), ("summary", "status"), ("init", "list"), ("clear-cache", "list")):
        check(parse([word for name in pair for word in words(name)], {}))
    check(parse(("--exec", "--plan", ":::", "echo"), {}))
    check(parse(("--plan", "--dry", "build"), {}))


def test_each_row_is_of_two_options_that_there_are_and_stands_once() -> None:
    rows = [frozenset(row) for row in EXCLUDING]
    assert len(set(rows)) == len(rows)
    assert {name.replace("-", "_") for name in (*OURS, *THEIRS, *(name for row in rows for name in row))} <= BY_KEY.keys()
