"""Jobs that want more memory together than they may have: ended, queued again, and known the next time. Real processes."""

from __future__ import annotations

import json
import re
import sys

import pytest

pytestmark = pytest.mark.slow

HUNGRY = """
import sys, time
held = bytearray(60 << 20)
for place in range(0, len(held), 4096):
    held[place] = 1
time.sleep(1.0)
open(sys.argv[1], "a").write("done ")
"""
CLAIMS = 'max_memory = "{most}"\n[tasks."h*"]\ncost = {{ cpu = 0.1 }}\nlocal = true\nreads = ["eat.py"]\n'


@pytest.fixture
def hungry(workspace):
    workspace.write("eat.py", HUNGRY)
    tasks = "".join(f"  h{i}: {sys.executable} eat.py out-h{i}\n" for i in range(4))
    workspace.taskfile(f"version: '3'\ntasks:\n  all: {{deps: [h0, h1, h2, h3]}}\n{tasks}")
    return workspace


def jobs_of(workspace):
    return json.loads((workspace.latest_run() / "summary.json").read_text())["jobs"]


def test_ended_queued_again_and_known_the_next_time(hungry):
    hungry.write("paratask.toml", CLAIMS.format(most="150M"))
    first = hungry.run("all")
    assert first.returncode == 0, first.stderr
    assert "paratask: memory ran out: ended `h" in first.stderr
    assert " M, and queued it again\n" in first.stderr
    jobs = jobs_of(hungry)
    assert [job["state"] for job in jobs] == ["succeeded"] * 5
    assert sum(job["queued_again"] for job in jobs) > 0
    assert {job["attempts"] for job in jobs} == {1}
    assert [(hungry.root / f"out-h{i}").read_text() for i in range(4)] == ["done "] * 4

    second = hungry.run("all")
    assert second.returncode == 0
    assert "memory ran out" not in second.stderr
    assert all(job["queued_again"] == 0 for job in jobs_of(hungry))


def test_declared_memory_keeps_them_apart_from_the_first_run_on(hungry):
    hungry.write("paratask.toml", CLAIMS.format(most="200M").replace("cpu = 0.1", 'cpu = 0.1, memory = "90M"'))
    run = hungry.run("all")
    assert run.returncode == 0
    assert "memory ran out" not in run.stderr
    assert max(job["neighbours"] for job in jobs_of(hungry)) > 0
    told = "".join(hungry.run("--why", f"h{i}").stdout for i in range(4))
    waits = re.findall(r"^  held back: .* s, until there was memory for its command beside what ran$", told, re.MULTILINE)
    assert len(waits) == 2


@pytest.mark.parametrize(
    ("settings", "flags", "seconds", "reason"),
    [
        ('[resources]\ngpu = 2\n[tasks."t*"]\ncost = { cpu = 0.1 }\nuses = { gpu = 1 }\n', [], 0.1, "its command got `gpu`"),
        (
            '[resources]\napi = "2/s"\n[tasks."t*"]\ncost = { cpu = 0.1 }\nuses = { api = 1 }\n',
            [],
            0.1,
            "the rate of `api` let its command start",
        ),
        ("", ["--jobs=2"], 1.1, "fewer commands ran: as many did as may"),
    ],
)
def test_what_a_command_waited_for_is_told_afterwards(workspace, settings, flags, seconds, reason):
    tasks = ", ".join(f"t{i}: sleep {seconds}" for i in (1, 2, 3))
    workspace.taskfile(f"version: '3'\ntasks: {{all: {{deps: [t1, t2, t3]}}, {tasks}}}\n")
    workspace.write("paratask.toml", settings)
    assert workspace.run(*flags, "all").returncode == 0
    told = [workspace.run("--why", task).stdout for task in ("t1", "t2", "t3")]
    (waited,) = [text for text in told if "held back" in text]
    assert re.search(rf"^  held back: .* s, until {re.escape(reason)}$", waited, re.MULTILINE)


def test_who_stands_behind_others_for_a_rate_is_told_the_whole_wait(workspace):
    """Only the time since those before it had begun was told, and of some that they had waited for their turn."""
    workspace.taskfile("version: '3'\ntasks: {all: {deps: [t1, t2, t3]}, t1: 'true', t2: 'true', t3: 'true'}\n")
    workspace.write("paratask.toml", '[resources]\napi = "1/s"\n[tasks."t*"]\nuses = ["api"]\n')
    assert workspace.run("all").returncode == 0
    told = "".join(workspace.run("--why", task).stdout for task in ("t1", "t2", "t3"))
    waits = [float(text) for text in re.findall(r"^  held back: (.*) s, until the rate of `api`", told, re.MULTILINE)]
    assert len(waits) == 2
    assert max(waits) > 1.5


def test_a_thousand_short_commands_that_waited_for_their_turn_had_an_event_each(workspace):
    workspace.taskfile("version: '3'\ntasks: {all: {deps: [t1, t2, t3]}, t1: sleep 0.1, t2: sleep 0.1, t3: sleep 0.1}\n")
    assert workspace.run("--jobs=2", "all").returncode == 0
    assert "HeldBack" not in (workspace.latest_run() / "journal.jsonl").read_text()


def test_what_may_not_run_twice_is_left_to_its_fate(hungry):
    hungry.write("paratask.toml", CLAIMS.format(most="150M").replace("local = true", "local = false"))
    run = hungry.run("all")
    assert run.returncode == 0
    assert "memory ran out" not in run.stderr
