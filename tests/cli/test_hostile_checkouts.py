"""A checkout that somebody else made, and that is only looked at: it runs nothing, writes nowhere else, and what is broken in it is passed over."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from .terminals import Emulator

RUN = "20260101-000000-000-1"
LOOKS = (
    ("--list-all",), ("--plan", "a"), ("--runs",), ("--runs", "--json"), ("--why", "a"), ("--logs",), ("--logs", "--failed"), ("--stats",),
    ("--doctor",), ("--runs", "--names"), ("--why", "--names"), ("--resume", "--dry"), ("--report=markdown=-", "--run", RUN),
)  # fmt: skip
JOB = {"id": "a", "task": "a", "parent": "", "state": "failed", "exit_code": 3}
SUMMARY = {"run": RUN, "calls": ["a"], "exit_code": 201, "started_at": 1.0, "seconds": 1.0, "jobs": [JOB]}
LINES = (
    {"event": "RunBegan", "run": RUN, "calls": ["a"], "at": 1.0},
    {"event": "JobMade", "job": "a", "task": "a", "parent": "", "reason": ""},
    {"event": "JobChanged", "job": "a", "task": "a", "state": "running", "at": 2.0, "reason": ""},
    {"event": "JobChanged", "job": "a", "task": "a", "state": "failed", "at": 3.0, "reason": ""},
)
WRONG = (None, "x", "\ud800", -1, 10**400, float("inf"), float("nan"), [], [1], {}, [["x"]])


@pytest.fixture
def checkout(workspace):
    workspace.taskfile("version: '3'\ntasks: {a: {desc: what it does, cmds: [exit 3]}}\n")
    (workspace.root / ".paratask/runs" / RUN).mkdir(parents=True)
    return workspace


def kept(checkout) -> Path:
    return checkout.root / ".paratask/runs" / RUN


def journal(*lines: object) -> str:
    return "".join(json.dumps(line) + "\n" for line in lines)


def assert_looked_at(checkout, words: tuple[str, ...]) -> None:
    done = checkout.run(*words, timeout=30)
    assert "Traceback" not in done.stderr, (words, done.stderr)


@pytest.mark.slow
@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
@pytest.mark.parametrize(
    "name", ["summary.json", "journal.jsonl", "../../cache/taskfiles", "../../history.sqlite", "commands.json"]
)
def test_a_named_pipe_among_the_records_was_waited_for(checkout, name, words):
    path = kept(checkout) / name
    path.parent.mkdir(exist_ok=True)
    os.mkfifo(path)
    assert_looked_at(checkout, words)


@pytest.mark.slow
@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_records_with_values_of_another_kind_ended_in_a_traceback(checkout, wrong):
    from paratask.records.journal import document_of, parse_journal
    from paratask.records.runs import read_run
    from paratask.reporting.runs_text import Told, render_runs, render_why, run_entry

    def plain(_: str, text: str) -> str:
        return text

    summaries = [{**SUMMARY, key: wrong} for key in SUMMARY] + [{**SUMMARY, "jobs": [{**JOB, key: wrong}]} for key in JOB]
    journals = [[*LINES[:n], {**line, key: wrong}, *LINES[n + 1 :]] for n, line in enumerate(LINES) for key in line]
    for document in summaries:
        (kept(checkout) / "summary.json").write_text(json.dumps(document))
        found = read_run(str(kept(checkout)))
        if found is not None:
            told = render_runs([run_entry(RUN, found.result, found.document, depth=0)], moment=str, paint=plain)
            assert (told + "".join(render_why(RUN, found.result, job, Told(()), paint=plain) for job in found.jobs)).encode()
    for lines in journals:
        parsed = parse_journal(journal(*lines).encode())
        assert len(parsed) in (len(lines), len(lines) - 1)
        document = document_of(parsed, run=RUN)
        told = render_runs([run_entry(RUN, "killed", document, depth=0)], moment=str, paint=plain)
        assert (told + "".join(render_why(RUN, "killed", job, Told(parsed), paint=plain) for job in document["jobs"])).encode()


@pytest.mark.parametrize("words", LOOKS, ids=" ".join)
def test_what_is_nested_too_deep_is_no_record(checkout, words):
    (kept(checkout) / "summary.json").write_text("[" * 200_000)
    (kept(checkout) / "journal.jsonl").write_text("[" * 200_000 + "\n")
    assert_looked_at(checkout, words)


@pytest.mark.parametrize("job", ["../../../../secret", "linked"])
def test_logs_showed_files_that_are_no_logs(checkout, job):
    (checkout.root.parent / "secret.log").write_text("hunter2\n")
    os.symlink(checkout.root.parent / "secret.log", kept(checkout) / "linked.log")
    (kept(checkout) / "summary.json").write_text(json.dumps({**SUMMARY, "jobs": [{**JOB, "id": job}]}))
    (kept(checkout) / "journal.jsonl").write_text(journal(*LINES))
    assert "hunter2" not in checkout.run("--logs").stdout
    assert "hunter2" not in checkout.run("--report=html=-", "--run", RUN).stdout


def test_the_history_of_a_checkout_led_into_another_programs_database(checkout):
    other = checkout.root.parent / "other.sqlite"
    with closing(sqlite3.connect(other)) as connection, connection:
        connection.execute("create table theirs (x)")
    os.symlink(other, checkout.root / ".paratask/history.sqlite")
    (kept(checkout) / "summary.json").write_text(json.dumps(SUMMARY))
    checkout.run("--stats")
    checkout.run("a")
    with closing(sqlite3.connect(other)) as connection:
        assert connection.execute("select name from sqlite_master").fetchall() == [("theirs",)]


def test_a_link_for_gitignore_made_a_file_elsewhere(checkout):
    os.symlink(checkout.root.parent / "elsewhere", checkout.root / ".paratask/.gitignore")
    checkout.run("--list")
    checkout.run("a")
    assert not (checkout.root.parent / "elsewhere").exists()


@pytest.mark.parametrize("words", [("--list",), ("--plan", "a"), ("--stats",), ("--doctor",)], ids=" ".join)
def test_python_m_paratask_ran_modules_of_the_checkout(checkout, words):
    for name in ("json", "sqlite3", "select", "shutil", "difflib", "zlib", "tempfile", "evil"):
        checkout.write(f"{name}.py", "open('pwned', 'w').close()\n")
    checkout.write("evil-1.0.dist-info/entry_points.txt", "[paratask.languages]\nevil = evil\n")
    checkout.write("evil-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n")
    checkout.run(*words)
    assert not (checkout.root / "pwned").exists()


HOSTILE = """\
version: '3'
tasks:
  "a\\e]0;title\\a": {desc: "d\\e[2Jx\\x9b2J\\ry", summary: "s\\e[2J", cmds: ["echo \\e]52;c;eA==\\a"]}
"""
NAME = "a\x1b]0;title\x07"


@pytest.mark.parametrize("words", [("--list",), ("--summary", NAME), ("--plan", NAME), ("--nothing\x1b]0;t\x07",)])
def test_a_terminal_obeyed_what_a_checkout_that_is_looked_at_says(workspace, words):
    workspace.write("Taskfile.yml", HOSTILE)
    with_terminal = Emulator(workspace, *words)
    with_terminal.end()
    assert b"\\x1b]0;t" in with_terminal.seen
    assert b"\x1b]" not in with_terminal.seen
    assert b"\x1b[2J" not in with_terminal.seen
    assert "\x9b".encode() not in with_terminal.seen


def test_programs_read_lists_as_they_are_written(workspace):
    workspace.write("Taskfile.yml", HOSTILE)
    assert "d\x1b[2Jx\x9b2J" in workspace.run("--list").stdout


@pytest.mark.parametrize("text", ["MY-TOKEN=hunter2\n", "A=1\nhunter2\nB=2\n"])
@pytest.mark.parametrize("place", ["dotenv: [.env]\ntasks: {a: echo}", "tasks: {a: {dotenv: [.env], cmds: [echo]}}"])
def test_a_line_of_a_dotenv_file_was_shown_with_the_error(workspace, text, place):
    workspace.taskfile(f"version: '3'\n{place}\n")
    workspace.write(".env", text)
    done = workspace.run("a", env={"GITHUB_ACTIONS": "true"})
    assert ".env:" in done.stderr
    assert "not a dotenv file" in done.stderr
    assert "hunter2" not in done.stdout + done.stderr
