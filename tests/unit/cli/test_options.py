"""The command line: what is typed, what the environment says, and the table itself."""

from __future__ import annotations

import pytest

from paratask.cli.flags import FALSE_WORDS, MAKES_J, TRUE_WORDS, WITH_UNIT
from paratask.cli.options import BY_KEY, OPTIONS, Typed, parse
from paratask.errors import OptionError

VALUES = {"load": "80%", "memory": "2G", "text": "v=1", "list": "v=1", "number": "3", "duration": "1m5s"}


def typed(*argv: str, **environ: str) -> Typed:
    return parse(argv, environ)


def refused(*argv: str) -> tuple[str, str]:
    with pytest.raises(OptionError) as caught:
        typed(*argv)
    assert caught.value.exit_code == 2
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
    words = [f"--{name}", f"--{name}=true", *([f"-{short}", f"-{short}=t"] if short else [])]
    assert [typed(word).flag(key) for word in words] == [True] * len(words)
    assert typed(f"--{name}=false").values == {key: False}


@pytest.mark.parametrize("option", [o for o in OPTIONS if o.metavar], ids=lambda option: option.name)
def test_every_option_takes_its_value_apart_or_after_an_equals_sign(option: object) -> None:
    names, short, key = (option.name, *option.aliases), option.short, option.key  # type: ignore[attr-defined]
    value = option.choices[0] if option.choices else VALUES[option.kind]  # type: ignore[attr-defined]
    lines = [line for n in names for line in ([f"--{n}", value], [f"--{n}={value}"])]
    lines += [[f"-{short}", value], [f"-{short}{value}"], [f"-{short}={value}"]] if short else []
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
        (("--jobs",), "option `--jobs` needs a value", "as in `--jobs N`"),
        (("-s", "-C"), "option `-C` needs a value", "as in `-C N`"),
        (("--graph",), "option `--graph` needs a value", "as in `--graph FORMAT`, one of dot, mermaid, svg"),
        (("-C", "many"), "`many` is no number for `-C`", "paratask --help"),
        (("-Cs",), "`s` is no number for `-C`", "paratask --help"),
        (("-Cnan%",), "`nan%` is no number for `-C`", "paratask --help"),
        (("-C", "--", "a"), "`--` is no number for `-C`", "paratask --help"),
        (("-C", "99999999999999999999"), "`99999999999999999999` is no number of this size for `-C`", "paratask --help"),
        (("-j4",), "unknown option `-4` in `-j4`", MAKES_J),
        (
            ("--load", "x"),
            "`x` is no number of processes for `--load`",
            "write a number, a share of the cores such as `80%`, or `+1`",
        ),
        (("--memory=lots",), "`lots` is no amount of memory for `--memory`", "write it as `500M` or `2G`"),
        (("--max-memory", "-1"), "`-1` is no amount of memory for `--max-memory`", "write it as `500M` or `2G`"),
        (("--timeout", "3"), "`3` is no duration for `--timeout`", WITH_UNIT),
        (
            ("--on-failure=pray",),
            "`pray` is not one of sequential, stop, continue for `--on-failure`",
            "as in `--on-failure sequential`",
        ),
        (("-sZ",), "unknown option `-Z` in `-sZ`", "paratask --help"),
        (("-s=",), "unknown option `-=` in `-s=`", "paratask --help"),
        (("---",), "unknown option `---`", "paratask --help"),
        (("--=x",), "unknown option `--`", "paratask --help"),
        (("--color=maybe",), "`maybe` is no truth value for `--color`", "--color=true or --color=false"),
        (("-vc=yes",), "`yes` is no truth value for `-c`", "-c=true or -c=false"),
        (("--no-status=2",), "`2` is no truth value for `--no-status`", "--no-status=true or --no-status=false"),
    ],
)
def test_wrong_use_is_refused(argv: tuple[str, ...], message: str, help_line: str) -> None:
    assert refused(*argv) == (message, help_line)


@pytest.mark.parametrize(
    ("argv", "values", "calls"),
    [
        (("-vf", "a"), {"verbose": True, "force": True}, ("a",)),
        (("-vC4",), {"verbose": True, "jobs": "4"}, ()),
        (("-C=4", "a"), {"jobs": "4"}, ("a",)),
        (("-sx=false", "a"), {"silent": True, "exit_code": False}, ("a",)),
        (("-d=",), {"dir": "="}, ()),
        (("--dir=", "a"), {"dir": ""}, ("a",)),
        (("--color", "false"), {"color": True}, ("false",)),
        (("-v", "--verbose=0"), {"verbose": False}, ()),
        (("-C", "1", "-C2"), {"jobs": "2"}, ()),
        (("-C", "-1"), {"jobs": "-1"}, ()),
        (("-C", "0x10"), {"jobs": "16"}, ()),
        (("-C", "010"), {"jobs": "8"}, ()),
        (("-C50%",), {"jobs": "50%"}, ()),
        (("a", "-", "-s"), {"silent": True}, ("a", "-")),
        (("--trusted-hosts", "a,b", "--trusted-hosts=c"), {"trusted_hosts": "a,b,c"}, ()),
        (("-d", "-s"), {"dir": "-s"}, ()),
    ],
)
def test_forms_are_those_of_pflag(argv: tuple[str, ...], values: dict[str, object], calls: tuple[str, ...]) -> None:
    found = typed(*argv)
    assert (found.values, found.calls) == (values, calls)


def test_value_that_is_two_dashes_ends_nothing() -> None:
    found = typed("-d", "--", "a", "--", "b")
    assert (found.text("dir"), found.calls, found.rest) == ("--", ("a",), ("b",))


@pytest.mark.parametrize(
    ("environ", "values"),
    [
        ({"TASK_SILENT": "1"}, {"silent": True}),
        ({"TASK_SILENT": "false"}, {"silent": False}),
        ({"TASK_SILENT": ""}, {}),
        ({"TASK_SILENT": "perhaps"}, {}),
        ({"TASK_SILENT": "yes"}, {}),
        ({"TASK_CONCURRENCY": "x"}, {}),
        ({"TASK_REMOTE_TIMEOUT": "soon"}, {}),
        ({"TASK_CONCURRENCY": "3"}, {"jobs": "3"}),
        ({"PARATASK_JOBS": "2", "TASK_CONCURRENCY": "3"}, {"jobs": "2"}),
        ({"PARATASK_JOBS": "", "TASK_CONCURRENCY": "3"}, {"jobs": "3"}),
        ({"TASK_OUTPUT": "group", "TASK_OUTPUT_GROUP_BEGIN": "::"}, {"output": "group", "output_group_begin": "::"}),
        ({"TASK_LIST": "1"}, {}),
    ],
)
def test_environment_sets_what_the_table_says(environ: dict[str, str], values: dict[str, object]) -> None:
    assert parse((), environ).values == values


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"PARATASK_JOBS": "x", "TASK_CONCURRENCY": "3"}, "`x` is no number for PARATASK_JOBS"),
        ({"PARATASK_JOBSERVER": "on"}, "`on` is not one of auto, fifo, pipe, off for PARATASK_JOBSERVER"),
    ],
)
def test_wrong_variable_of_ours_was_passed_over(environ: dict[str, str], message: str) -> None:
    with pytest.raises(OptionError) as caught:
        parse((), environ)
    assert caught.value.message == message
    assert parse(("--help",), environ).values == {"help": True}
    assert parse(("--jobs=2", "--jobserver=off"), environ).values == {"jobs": "2", "jobserver": "off"}


def test_command_line_wins_over_the_environment() -> None:
    assert typed("--silent=false", TASK_SILENT="1").values == {"silent": False}
    assert typed("--silent", TASK_SILENT="0").values == {"silent": True}
    assert typed("-C", "2", TASK_CONCURRENCY="3").values == {"jobs": "2"}
    assert typed("--yes", TASK_SILENT="1").values == {"silent": True, "yes": True}


@pytest.mark.parametrize("word", sorted(TRUE_WORDS | FALSE_WORDS))
def test_truth_has_the_same_words_everywhere(word: str) -> None:
    assert typed(f"--yes={word}").values == {"yes": word in TRUE_WORDS}
    assert typed(TASK_ASSUME_YES=word).values == {"yes": word in TRUE_WORDS}
