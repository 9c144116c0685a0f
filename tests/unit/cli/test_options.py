"""The command line: what is typed, what the environment says, and the table itself."""

from __future__ import annotations

import pytest

from paratask.cli.options import BY_KEY, FALSE_WORDS, OPTIONS, TRUE_WORDS, Typed, parse
from paratask.errors import UsageError


def typed(*argv: str, **environ: str) -> Typed:
    return parse(argv, environ)


def refused(*argv: str) -> tuple[str, str]:
    with pytest.raises(UsageError) as caught:
        typed(*argv)
    assert caught.value.exit_code == 1
    return caught.value.message, caught.value.help


def test_names_and_short_names_are_each_given_once() -> None:
    names = [name for option in OPTIONS for name in (option.name, *option.aliases, option.short) if name]
    assert len(names) == len(set(names))
    assert set(BY_KEY) == {option.name.replace("-", "_") for option in OPTIONS}


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_every_option_has_a_help_that_is_a_sentence(option: object) -> None:
    text = option.help  # type: ignore[attr-defined]
    assert text[0].isupper()
    assert text.endswith(".")


@pytest.mark.parametrize("option", [o for o in OPTIONS if not o.metavar], ids=lambda option: option.name)
def test_every_flag_can_be_set_by_each_name_and_unset_with_false(option: object) -> None:
    name, short, key = option.name, option.short, option.key  # type: ignore[attr-defined]
    words = [f"--{name}", f"--{name}=true", *([f"-{short}"] if short else [])]
    assert [typed(word).flag(key) for word in words] == [True] * len(words)
    assert typed(f"--{name}=false").values == {key: False}


@pytest.mark.parametrize("option", [o for o in OPTIONS if o.metavar], ids=lambda option: option.name)
def test_every_option_takes_its_value_apart_or_after_an_equals_sign(option: object) -> None:
    names, short, key = (option.name, *option.aliases), option.short, option.key  # type: ignore[attr-defined]
    value = option.choices[0] if option.choices else "v=1"  # type: ignore[attr-defined]
    lines = [line for n in names for line in ([f"--{n}", value], [f"--{n}={value}"])]
    lines += [[f"-{short}", value], [f"-{short}{value}"]] if short else []
    assert [typed(*line).text(key) for line in lines] == [value] * len(lines)


def test_words_are_calls_variables_and_the_rest() -> None:
    found = typed("build", "A=1", "api:test", "B=x=y", "C=", "--", "-v", "D=2", "--", "e")
    assert (found.calls, found.variables, found.rest, found.values) == (
        ("build", "api:test"), {"A": "1", "B": "x=y", "C": ""}, ("-v", "D=2", "--", "e"), {},
    )  # fmt: skip


def test_nothing_typed() -> None:
    found = typed()
    assert (found.calls, found.variables, found.rest, found.values) == ((), {}, (), {})


def test_options_stand_before_between_and_after_calls() -> None:
    found = typed("-s", "build", "--jobs", "4", "A=-x", "test", "-xF")
    assert (found.calls, found.variables) == (("build", "test"), {"A": "-x"})
    assert found.values == {"silent": True, "jobs": "4", "exit_code": True, "failfast": True}


def test_unset_options_are_false_and_empty() -> None:
    found = typed("--jobs", "4")
    assert (found.flag("silent"), found.text("load"), found.text("silent"), found.flag("jobs")) == (False, "", "", False)


@pytest.mark.parametrize(
    ("argv", "message", "help_line"),
    [
        (("--paralel",), "unknown option `--paralel`", "did you mean `--parallel`?"),
        (("--qqq",), "unknown option `--qqq`", "paratask --help"),
        (("-Z",), "unknown option `-Z`", "paratask --help"),
        (("--jobs",), "option '--jobs' requires an argument", "paratask --help"),
        (("--color=maybe",), "`maybe` is no truth value for `--color`", "--color=true or --color=false"),
        (("--no-status=2",), "`2` is no truth value for `--no-status`", "--no-status=true or --no-status=false"),
    ],
)
def test_wrong_use_is_refused(argv: tuple[str, ...], message: str, help_line: str) -> None:
    assert refused(*argv) == (message, help_line)


def test_message_about_a_wrong_choice_lost_its_capitals() -> None:
    message, _ = refused("--sort", "BAD")
    assert message == "invalid value for '--sort': 'BAD' is not one of 'default', 'alphanumeric', 'none'"


@pytest.mark.parametrize(
    ("environ", "values"),
    [
        ({"TASK_SILENT": "1"}, {"silent": True}),
        ({"TASK_SILENT": "false"}, {"silent": False}),
        ({"TASK_SILENT": ""}, {}),
        ({"TASK_SILENT": "perhaps"}, {}),
        ({"TASK_CONCURRENCY": "3"}, {"jobs": "3"}),
        ({"PARATASK_JOBS": "2", "TASK_CONCURRENCY": "3"}, {"jobs": "2"}),
        ({"PARATASK_JOBS": "", "TASK_CONCURRENCY": "3"}, {"jobs": "3"}),
        ({"TASK_OUTPUT": "group", "TASK_OUTPUT_GROUP_BEGIN": "::"}, {"output": "group", "output_group_begin": "::"}),
        ({"TASK_LIST": "1"}, {}),
    ],
)
def test_environment_sets_what_the_table_says(environ: dict[str, str], values: dict[str, object]) -> None:
    assert parse((), environ).values == values


def test_command_line_wins_over_the_environment() -> None:
    assert typed("--silent=false", TASK_SILENT="1").values == {"silent": False}
    assert typed("--silent", TASK_SILENT="0").values == {"silent": True}
    assert typed("-C", "2", TASK_CONCURRENCY="3").values == {"jobs": "2"}
    assert typed("--yes", TASK_SILENT="1").values == {"silent": True, "yes": True}


@pytest.mark.parametrize("word", sorted(TRUE_WORDS | FALSE_WORDS))
def test_truth_has_the_same_words_everywhere(word: str) -> None:
    assert typed(f"--yes={word}").values == {"yes": word in TRUE_WORDS}
    assert typed(TASK_ASSUME_YES=word).values == {"yes": word in TRUE_WORDS}
