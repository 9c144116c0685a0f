"""paratask.toml: every setting, claims, tasks, and what is refused or odd."""

from __future__ import annotations

import pytest

from paratask.errors import Position, TaskfileDecodeError
from paratask.taskfile.decode import Decoder
from paratask.taskfile.decode_settings import decode_settings
from paratask.taskfile.model import Command, Oddity, Taskfile
from paratask.taskfile.settings import NO_SETTINGS, Settings, TaskClaims
from paratask.taskfile.toml_nodes import parse_toml

FILE = "/repo/paratask.toml"


def decode(text: str) -> tuple[Settings, Taskfile, list[Oddity]]:
    decoder = Decoder(FILE)
    settings, taskfile = decode_settings(decoder, parse_toml(text.encode(), FILE))
    return settings, taskfile, decoder.oddities


def at(line: int) -> Position:
    return Position(file=FILE, line=line, column=1)


def test_empty_document_sets_nothing() -> None:
    settings, taskfile, oddities = decode("")
    assert settings == NO_SETTINGS
    assert (taskfile.tasks, taskfile.version, oddities) == ({}, "", [])


def test_every_setting() -> None:
    settings, _, oddities = decode(
        'parallel = "declared"\non_failure = "stop"\nmax_jobs = 4\nload = "80%"\nmemory = "500M"\nkeep_runs = 7\njobserver = "fifo"\n'
    )
    assert oddities == []
    assert settings == Settings(
        parallel="declared",
        on_failure="stop",
        max_jobs="4",
        load="80%",
        memory="500M",
        keep_runs=7,
        jobserver="fifo",
        claims={},
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('parallel = "some"', "`some` is none of off, declared, observed, inferred, all"),
        ("parallel = true", "`true` is none of off, declared, observed, inferred, all"),
        ('on_failure = "retry"', "`retry` is none of sequential, stop, continue"),
        ("keep_runs = 0", "`0` is no number above 0"),
        ("keep_runs = -1", "`-1` is no number above 0"),
        ('keep_runs = "many"', "`many` is no number above 0"),
        ("max_jobs = [1]", "cannot unmarshal !!seq into string"),
        ("tasks = 1", "cannot unmarshal !!int `1` into tasks"),
        ('[tasks.a]\nreads = "x"', "cannot unmarshal !!str `x` into []string"),
        ('[tasks.a]\nlocal = "x"', "cannot unmarshal !!str `x` into bool"),
    ],
)
def test_wrong_setting_is_refused_on_its_line(text: str, message: str) -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        decode("# first\n" + text)
    assert (caught.value.message, caught.value.exit_code) == (message, 102)
    assert caught.value.position == at(text.count("\n") + 2)


@pytest.mark.parametrize("count", ["²", "\uff19", "1" * 5000])
def test_count_of_odd_digits_ended_in_a_value_error(count: str) -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        decode(f'keep_runs = "{count}"')
    assert caught.value.message == f"`{count}` is no number above 0"


def test_unknown_key_is_odd_and_names_the_nearest() -> None:
    assert decode('paralel = "off"\n\n[tasks.a]\nrads = []\n')[2] == [
        Oddity(message="unknown key `paralel` in paratask.toml", position=at(1), help="did you mean `parallel`?"),
        Oddity(message="unknown key `rads` in task", position=at(4)),
    ]


def test_table_of_claims_alone_defines_no_task() -> None:
    settings, taskfile, _ = decode(
        '[tasks.build]\nreads = ["src/**"]\nwrites = ["dist/**"]\nuses = ["net"]\nexclusive = ["db"]\nlocal = true\n'
    )
    assert taskfile.tasks == {}
    assert settings.claims == {
        "build": TaskClaims(
            position=at(1), reads=("src/**",), writes=("dist/**",), uses=("net",), exclusive=("db",), local=True,
            positions={"src/**": at(2), "dist/**": at(3), "net": at(4), "db": at(5)},
        )
    }  # fmt: skip


def test_rules_of_tasks() -> None:
    settings, taskfile, oddities = decode(
        'only_parallel = ["lint"]\n[tasks."lint-*"]\nparallel = false\ntogether = ["lint-*", "test"]\napart = ["deploy"]\n'
        "[tasks.db]\nuses = { database = 1 }\nparallel = true\n"
    )
    assert (taskfile.tasks, oddities) == ({}, [])
    assert (settings.only_parallel, settings.positions) == (("lint",), {"lint": at(1)})
    rules = settings.claims["lint-*"]
    assert (rules.parallel, rules.together, rules.apart) == (False, ("lint-*", "test"), ("deploy",))
    assert rules.positions == {"lint-*": at(4), "test": at(4), "deploy": at(5)}
    assert (settings.claims["db"].uses, settings.claims["db"].parallel) == (("database",), True)


@pytest.mark.parametrize("entry", ['reads = [""]', 'writes = ["!"]', 'apart = [" "]'])
def test_what_names_nothing_is_refused(entry) -> None:
    with pytest.raises(TaskfileDecodeError, match="names nothing"):
        decode(f"[tasks.a]\n{entry}\n")


def test_table_may_define_and_claim() -> None:
    settings, taskfile, oddities = decode(
        '[tasks.build]\ncmds = ["make"]\nreads = ["src/**"]\n[tasks.lint]\ncmd = "ruff"\n[tasks.none]\n'
    )
    assert oddities == []
    assert list(taskfile.tasks) == ["build", "lint", "none"]
    assert taskfile.tasks["build"].position == at(1)
    assert taskfile.tasks["build"].steps == (Command(text="make", position=at(2)),)
    assert list(settings.claims) == ["build"]


def test_short_forms_of_tasks_work_in_toml() -> None:
    taskfile = decode('[tasks]\na = "echo a"\nb = ["echo b", { task = "a" }]\n')[1]
    assert [len(t.steps) for t in taskfile.tasks.values()] == [1, 2]


@pytest.mark.parametrize(
    ("claims", "says"),
    [
        (TaskClaims(position=at(1)), False),
        (TaskClaims(position=at(1), uses=("x",), exclusive=("y",), local=True), False),
        (TaskClaims(position=at(1), reads=("a",)), True),
        (TaskClaims(position=at(1), writes=("a",)), True),
    ],
)
def test_only_paths_stand_in_the_place_of_what_would_be_inferred(claims: TaskClaims, says: bool) -> None:
    assert claims.says_what_it_touches is says


def test_claims_by_name_win_over_patterns_and_the_first_pattern_counts() -> None:
    settings = decode('[tasks."lint-*"]\nreads = ["1"]\n[tasks."*"]\nreads = ["2"]\n[tasks.lint-a]\nreads = ["3"]\n')[0]
    found = [settings.claims_of(name) for name in ("lint-a", "lint-b", "other")]
    assert [claims and claims.reads for claims in found] == [("3",), ("1",), ("2",)]
    assert NO_SETTINGS.claims_of("a") is None
