"""paratask.toml: every setting, claims, tasks, and what is refused or odd."""

from __future__ import annotations

import pytest

from paratask.errors import Position, TaskfileDecodeError
from paratask.taskfile.decode import Decoder
from paratask.taskfile.decode_settings import decode_settings
from paratask.taskfile.model import Command, Oddity, Taskfile
from paratask.taskfile.settings import NO_SETTINGS, DeclaredCost, Retry, Settings, TaskClaims
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
        ('max_jobs = "x"', "`x` is no number of jobs"),
        ('max_jobs = "-x"', "`-x` is no number of jobs"),
        ('load = "x"', "`x` is no number of processes"),
        ('memory = "lots"', "`lots` is no amount of memory"),
        ('max_memory = "-1"', "`-1` is no amount of memory"),
        ("max_jobs = [1]", "a text is wanted here, not a list"),
        ("tasks = 1", "a table is wanted here, not the number `1`"),
        ('[tasks.a]\nreads = "x"', "a list is wanted here, not the text `x`"),
        ('[tasks.a]\nlocal = "x"', "`true` or `false` is wanted here, not the text `x`"),
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
        Oddity(message="unknown key `rads` in task", position=at(4), help="did you mean `reads`?"),
    ]


def test_table_of_claims_alone_defines_no_task() -> None:
    settings, taskfile, _ = decode(
        '[tasks.build]\nreads = ["src/**"]\nwrites = ["dist/**"]\nuses = ["net"]\nexclusive = ["db"]\nlocal = true\n'
    )
    assert taskfile.tasks == {}
    assert settings.claims == {
        "build": TaskClaims(
            position=at(1), reads=("src/**",), writes=("dist/**",), uses=("net",), counts={"net": 1}, exclusive=("db",), local=True,
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


def test_resources_and_what_tasks_take_of_them() -> None:
    settings, _, oddities = decode(
        '[resources]\ndb = 3\napi = "10/min"\n[tasks.a]\nuses = { db = 3, api = 1 }\ncost = { cpu = 0.5, memory = "1.5G" }\n'
        '[tasks.b]\nuses = ["port"]\ncost = { cpu = 100000 }\n[tasks.c]\nuses = { port = 1 }\ncost = { memory = 1 }\n'
    )
    assert oddities == []
    assert settings.resources == {"db": (3, 0.0), "api": (10, 60.0)}
    assert [(claims.counts, claims.cost) for claims in settings.claims.values()] == [
        ({"db": 3, "api": 1}, DeclaredCost(cpu=0.5, memory_bytes=3 * 1024**3 // 2)),
        ({"port": 1}, DeclaredCost(cpu=100_000.0)),
        ({"port": 1}, DeclaredCost(memory_bytes=1)),
    ]


CORES = "write how many it keeps busy, such as `2` or `0.1`"


@pytest.mark.parametrize(
    ("entry", "message", "helping"),
    [
        ("cost = 2", "a table is wanted here, not the number `2`", 'as in `cost = { cpu = 2, memory = "1.5G" }`'),
        ("cost = { cpu = 0 }", "`0` is no number of cores", CORES),
        ("cost = { cpu = 100001 }", "`100001` is no number of cores", CORES),
        ("cost = { cpu = nan }", "`nan` is no number of cores", CORES),
        ('cost = { cpu = "two" }', "`two` is no number of cores", CORES),
        ('cost = { memory = "lots" }', "`lots` is no amount of memory", "write it as `500M` or `2G`"),
        ("uses = { db = 2 }", "2 of `db` are used, which is no resource with a number", "say how many there are: `[resources]` with `db = 2`"),
        ("uses = { db = 2 }\n[resources]\ndb = 1", "2 of `db` are used at once, and there are 1", ""),
        ('uses = { db = "2/s" }', "`2/s` is no number of a resource", "the rate stands in `[resources]`; here is how many are used"),
        ('uses = [" "]', "` ` names nothing", ""),
        ('uses = "db"', "a list is wanted here, not the text `db`", 'a list is `["one", "two"]`'),
        ("cmds = { a = 1 }", "a list is wanted here, not a table", 'a list is `["one", "two"]`'),
        ("dir = []", "a text is wanted here, not a list", "write a text here"),
        ("vars = []", "a table is wanted here, not a list", 'variables are a table: `NAME = "value"`'),
        ("cmds = [[]]", "a text or a table is wanted here, not a list", "a command is a text, or a mapping with `cmd`, `task` or `defer`"),
    ],
)  # fmt: skip
def test_what_a_task_cannot_take_is_refused_on_its_line(entry: str, message: str, helping: str) -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        decode(f"[tasks.a]\n{entry}\n")
    assert (caught.value.message, caught.value.help, caught.value.position) == (message, helping, at(2))


def test_resources_that_are_no_table_are_refused() -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        decode("resources = 1")
    assert (caught.value.message, caught.value.help) == (
        "a table is wanted here, not the number `1`",
        'as in `resources = { gpu = 1, api = "10/min" }`',
    )


def test_a_claim_with_a_slip_was_not_known_for_one_where_a_task_is_defined() -> None:
    _, taskfile, (odd,) = decode('[tasks.a]\nrads = ["x"]\ncmds = ["make"]\n')
    assert list(taskfile.tasks) == ["a"]
    assert odd == Oddity(message="unknown key `rads` in task", position=at(2), help="did you mean `reads`?")


@pytest.mark.parametrize("jobs", ["0", '"-1"', '""', '"50%"', '"+1"', '"0.4"'])
def test_max_jobs_in_all_forms(jobs: str) -> None:
    assert decode(f"max_jobs = {jobs}")[0].max_jobs == jobs.strip('"')


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
    assert settings.claims_of("lint-b#ruff-check") is None, "a part has what the whole has"
    assert decode('[tasks."lint-?"]\nreads = ["1"]\n[tasks."x*"]\nreads = ["2"]\n')[0].claims_of("lint-a") is None


@pytest.mark.parametrize(
    ("text", "retry"),
    [
        ("2", Retry(count=2, wait_seconds=0.0, factor=2.0, max_wait_seconds=30.0)),
        ("0", Retry(count=0)),
        ("{ count = 1 }", Retry(count=1)),
        ('{ count = 3, wait = "1s", factor = 1.5, max_wait = "10s" }', Retry(count=3, wait_seconds=1.0, factor=1.5, max_wait_seconds=10.0)),
        ("999", Retry(count=999)),
        ('{ count = 1, wait = "0.5s", factor = 1 }', Retry(count=1, wait_seconds=0.5, factor=1.0)),
        ("{ count = 1, factor = 1000 }", Retry(count=1, factor=1000.0)),
        ('{ count = 3, wait = "1m30s" }', Retry(count=3, wait_seconds=90.0, factor=2.0, max_wait_seconds=90.0)),
    ],
)  # fmt: skip
def test_retry_is_a_number_or_a_table(text: str, retry: Retry) -> None:
    settings, taskfile, oddities = decode(f'[tasks.a]\nretry = {text}\ntimeout = "5m"\n')
    assert (taskfile.tasks, oddities) == ({}, [])
    assert settings.claims["a"] == TaskClaims(position=at(1), retry=retry, timeout_seconds=300.0)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("retry = -1", "`-1` is no number from 0 to 999"),
        ("retry = 1000", "`1000` is no number from 0 to 999"),
        ('retry = "often"', "`often` is no number from 0 to 999"),
        ("retry = [1]", "a text is wanted here, not a list"),
        ('retry = "\u00b2"', "`\u00b2` is no number from 0 to 999"),
        ('retry = { wait = "1s" }', "`retry` has no `count`"),
        ('retry = { count = 1, wait = "soon" }', "`soon` is no duration such as `1m30s`"),
        ('retry = { count = 1, max_wait = "-1s" }', "`-1s` is below zero"),
        ("retry = { count = 1, factor = 0.5 }", "`0.5` is no number from 1 to 1000"),
        ("retry = { count = 1, factor = nan }", "`nan` is no number from 1 to 1000"),
        ('retry = { count = 1, factor = "x" }', "`x` is no number from 1 to 1000"),
        ('timeout = "0s"', "`0s` is not above zero"),
        ('timeout = "-1s"', "`-1s` is not above zero"),
        ("timeout = 5", "`5` is no duration such as `1m30s`"),
        ("retry = 1\nlocal = false", "`retry` is for what stays in this checkout, and `local = false` says that it does not"),
    ],
)
def test_wrong_retry_is_refused_on_its_line(entry: str, message: str) -> None:
    with pytest.raises(TaskfileDecodeError) as caught:
        decode(f"[tasks.a]\n{entry}\n")
    assert (caught.value.message, caught.value.position and caught.value.position.line) == (message, 2)


def test_who_reaches_out_may_say_that_there_is_no_retry() -> None:
    assert decode("[tasks.a]\nretry = 0\nlocal = false\n")[0].claims["a"].retry == Retry(count=0)
    assert decode('[tasks.a]\ntimeout = "1s"\nlocal = false\n')[0].claims["a"].retry is None


def test_unknown_key_of_retry_is_odd() -> None:
    (odd,) = decode("[tasks.a]\nretry = { count = 1, wiat = 1 }\n")[2]
    assert (odd.message, odd.help) == ("unknown key `wiat` in retry", "did you mean `wait`?")


def test_waits_grow_up_to_the_longest() -> None:
    growing = Retry(count=9, wait_seconds=1.0, factor=3.0, max_wait_seconds=10.0)
    assert [growing.wait_before(number) for number in (1, 2, 3, 4)] == [1.0, 3.0, 9.0, 10.0]
    assert growing.wait_before(999) == 10.0
    assert Retry(count=9, wait_seconds=1.0, factor=1000.0).wait_before(500) == 30.0
    assert Retry(count=9).wait_before(999) == 0.0
