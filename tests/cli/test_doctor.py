"""`--doctor`: what it finds, how it says it, and that it runs nothing of the user's."""

from __future__ import annotations

import json
import sqlite3

import pytest

FACTS = ["paratask", "bash", "git", "strace", "task", "cores", "memory", "pressure"]


@pytest.fixture
def doctor(workspace):
    """The exit code, the names of facts, and the findings as text."""
    for name in ("git", "strace"):
        workspace.program(name, "#!/bin/sh\necho 1.0\n")

    def run(*args: str, **options) -> tuple[int, list[str], str]:
        done = workspace.run("--doctor", *args, **options)
        assert done.stderr == ""
        facts, _, found = done.stdout.partition("\n\n")
        return done.returncode, [line.split()[0] for line in facts.splitlines()], found

    return run


def test_a_sound_project_has_nothing_wrong(workspace, doctor):
    workspace.taskfile("version: '3'\nvars: {V: {sh: touch ran}}\ntasks: {a: 'touch ran {{.V}}'}\n")
    code, facts, found = doctor()
    assert (code, facts) == (0, FACTS)
    assert "problem:" not in found
    assert not (workspace.root / "ran").exists()


def test_each_finding_says_what_where_why_and_what_to_do(workspace, doctor):
    workspace.taskfile("""\
        version: '3'
        tasks:
          all:
            cmds:
              - task:one
              - task:two
              - no-such-program-here
              - task: treh
          one: {cmds: [echo], desk: x}
          two: echo
          three: echo
    """)
    code, _, found = doctor()
    assert code == 1
    assert found.startswith("""\
Taskfile.yml:9:23: problem: unknown key `desk` in task
  why: it is passed over when the file is read
  help: did you mean `desc`?

Taskfile.yml:5:9: problem: `task:one` is not a call as Taskfiles have it
  why: `task` looks for a program of that name, and fails; only paratask reads it as a call
  help: write `- task: one`
Taskfile.yml:6:9: problem: `task:two` is not a call as Taskfiles have it
  help: write `- task: two`

Taskfile.yml:8:9: problem: task `treh` does not exist
  why: whoever calls it fails when its turn comes
  help: did you mean `three`?

Taskfile.yml:7:9: problem: there is no `no-such-program-here` on PATH
  why: `all` calls it
  help: install `no-such-program-here`, or have the task test for it: `command -v no-such-program-here`
""")
    assert found.rstrip().rsplit("\n", 1)[-1].startswith("5 problems, ")


def test_a_task_that_is_named_is_looked_at_with_what_it_calls(workspace, doctor):
    workspace.taskfile("version: '3'\ntasks: {a: {cmds: [{task: b}]}, b: echo, c: no-such-program-here}\n")
    assert doctor("a")[0] == 0
    assert doctor("c")[0] == 1


def test_many_of_a_kind_are_cut_short(workspace, doctor):
    workspace.taskfile("version: '3'\ntasks:\n  b: echo\n  a: {cmds: [" + ", ".join(["'task:b'"] * 8) + "]}\n")
    assert "… and 3 more like this; `--verbose` shows them\n" in doctor()[2]
    assert doctor("--verbose")[2].count("write `- task: b`") == 8


def test_notes_alone_are_no_failure(workspace, doctor):
    workspace.taskfile("version: '3'\ntasks: {pack: {sources: [x], cmds: [echo]}}\n")
    code, _, found = doctor()
    assert code == 0
    assert "Taskfile.yml:2:9: note: `pack` has `sources` and no `generates`\n" in found
    assert "0 problems, " in found


def test_json_has_facts_and_findings(workspace):
    workspace.taskfile("version: '3'\ntasks:\n  a:\n    cmds:\n      - task:a\n")
    done = workspace.run("--doctor", "--json")
    document = json.loads(done.stdout)
    assert list(document["facts"]) == FACTS
    [slip] = [finding for finding in document["findings"] if finding["kind"] == "task-without-space"]
    assert slip == {
        "kind": "task-without-space",
        "problem": True,
        "message": "`task:a` is not a call as Taskfiles have it",
        "why": "`task` looks for a program of that name, and fails; only paratask reads it as a call",
        "help": "write `- task: a`",
        "file": str(workspace.root / "Taskfile.yml"),
        "line": 5,
        "column": 9,
    }


@pytest.mark.parametrize(
    ("text", "first"),
    [
        (None, "problem: no Taskfile found in `"),
        ("version: '3'\ntasks: [\n", "Taskfile.yml:3:1: problem: "),
    ],
)
def test_a_taskfile_that_cannot_be_read_is_a_finding(workspace, doctor, text, first):
    if text is not None:
        workspace.taskfile(text)
    code, _, found = doctor()
    assert code == 1
    assert first in found


def test_what_killed_runs_and_damage_left_is_found_and_let_be(workspace, doctor):
    workspace.taskfile("version: '3'\ntasks: {a: echo}\n")
    record = workspace.write(".paratask/running/1", "run 1 1 0.0 x\n")
    history = workspace.write(".paratask/history.sqlite", "no database at all, " * 100)
    code, _, found = doctor()
    assert code == 1
    assert ".paratask/history.sqlite: problem: the history is damaged: file is not a database\n" in found
    assert ".paratask/running/1: note: a run was killed, and may have left processes running\n" in found
    assert record.exists()
    history.unlink()
    sqlite3.connect(history).close()
    assert doctor()[0] == 0


def test_it_goes_with_json_alone(workspace):
    assert workspace.run("--doctor", "--plan").stderr == "error: --doctor and --plan exclude each other\n"
