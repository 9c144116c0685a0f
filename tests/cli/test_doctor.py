"""`--doctor`: what it finds, how it says it, and that it runs nothing of the user's."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

HATCHLING = '[build-system]\nbuild-backend = "hatchling.build"\n'
FACTS = ["paratask", "bash", "git", "strace", "task", "cores", "memory", "pressure", "Taskfile", "records"]


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


def test_a_task_that_is_not_there_was_to_be_written_by_init(workspace, doctor):
    workspace.taskfile("version: '3'\ntasks: {a: echo, build: echo}\n")
    code, facts, found = doctor("nosuch")
    assert (code, facts) == (1, FACTS)
    assert found == (
        "problem: task `nosuch` does not exist\n  why: there is nothing of it to look at\n"
        "  help: `paratask --list-all` shows those that there are\n\n1 problem, 0 notes\n"
    )
    assert "  help: did you mean `build`?\n" in doctor("biuld")[2]


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

problem: 2 calls are not written as Taskfiles have it
  why: `task` looks for a program of that name, and fails; only paratask reads it as a call
    Taskfile.yml:5:9: `task:one`
    Taskfile.yml:6:9: `task:two`
  help: write `- task: NAME`

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


def test_many_of_a_kind_are_a_list_that_is_cut_short(workspace, doctor):
    missing = "".join(f"  t{number}: {{cmds: [gone-{number}]}}\n" for number in range(10))
    workspace.taskfile(f"version: '3'\ntasks:\n{missing}")
    shown = "".join(f"    Taskfile.yml:{3 + number}:15: `gone-{number}`, for `t{number}`\n" for number in range(10))
    head = "problem: 10 programs that tasks call are not on PATH\n  why: the tasks fail where they call them\n"
    tail = "  help: install them; or have a task test for what it can do without: `command -v NAME`\n\n10 problems, "
    eight = "".join(shown.splitlines(keepends=True)[:8])
    assert f"{head}{eight}    … and 2 more; `--verbose` shows them\n{tail}" in doctor()[2]
    assert f"{head}{shown}{tail}" in doctor("--verbose")[2]


def test_what_is_the_same_in_many_places_is_said_once(workspace, doctor):
    """24 lines about `env` in commands stood behind 18 about `internal`, and were cut off."""
    for name in ("x", "y", "z"):
        workspace.write(f"{name}.yml", "version: '3'\ninternal: true\ntasks: {a: {cmds: [echo], desk: x}}\n")
    tasks = "".join(f"  t{number}: {{cmds: [echo], desk: x}}\n" for number in range(5))
    workspace.taskfile(f"version: '3'\nincludes: {{x: ./x.yml, y: ./y.yml, z: ./z.yml, w: ./x.yml}}\ntasks:\n{tasks}")
    expected = [
        "problem: 11 lines mean nothing",
        "  why: they are passed over when the file is read",
        "    Taskfile.yml:4:22 and 7 more places: unknown key `desk` in task (did you mean `desc`?)",
        "    x.yml:2:1 and 2 more places: unknown key `internal` in taskfile (`internal` is a key of tasks and includes)",
        "  help: take them away, or write what was meant",
    ]
    assert doctor()[2].splitlines()[:5] == expected
    assert doctor("--verbose")[2].count("unknown key") == 11


def test_scripts_are_looked_for_where_they_are_called(workspace, doctor):
    workspace.write("web/scripts/build.sh", "echo")
    workspace.taskfile("version: '3'\ntasks: {a: {dir: web, cmds: [./scripts/build.sh, bash scripts/buidl.sh]}}\n")
    assert (
        "Taskfile.yml:2:30: problem: `web/scripts/build.sh` is not executable\n  why: `a` calls it, which fails\n"
        "  help: chmod +x web/scripts/build.sh\n"
    ) in doctor("a")[2]
    os.chmod(workspace.root / "web/scripts/build.sh", 0o755)
    code, _, found = doctor("a")
    assert (code, found.splitlines()[:3]) == (
        1,
        [
            "Taskfile.yml:2:50: problem: there is no `web/scripts/buidl.sh`",
            "  why: `a` calls it",
            "  help: did you mean `web/scripts/build.sh`?",
        ],
    )


def test_what_pipelines_are_made_of_are_no_tasks(workspace, doctor):
    workspace.taskfile("version: '3'\ntasks: {a: echo, b: echo}\n")
    workspace.write(
        "paratask.toml", '[pipelines.release]\nstages = [{ name = "one", tasks = ["a"] }, { name = "two", tasks = ["b"] }]\n'
    )
    assert "\nTaskfile  Taskfile.yml, 2 tasks, 1 pipeline\n" in workspace.run("--doctor").stdout


def test_a_file_that_is_included_twice_has_its_lines_once(workspace, doctor):
    workspace.write("inner.yml", "version: '3'\ntasks: {a: gone-1}\ninternal: true\n")
    workspace.taskfile("version: '3'\nincludes: {x: ./inner.yml, y: ./inner.yml}\ntasks: {b: echo}\n")
    found = doctor()[2]
    assert found.startswith(
        "inner.yml:3:1: problem: unknown key `internal` in taskfile\n  why: it is passed over when the file is read\n"
        "  help: `internal` is a key of tasks and includes\n\n"
        "inner.yml:2:12: problem: there is no `gone-1` on PATH\n  why: `x:a`"
    )


def test_one_line_may_call_several_programs(workspace, doctor):
    workspace.taskfile("version: '3'\ntasks: {b: gone-1 && gone-2}\n")
    found = doctor()[2]
    assert found.startswith("problem: 2 programs that tasks call are not on PATH\n")
    assert "\n    Taskfile.yml:2:12: `gone-1`, for `b`\n    Taskfile.yml:2:12: `gone-2`, for `b`\n" in found


def test_commands_in_help_are_to_be_typed_where_one_is(workspace, doctor):
    workspace.taskfile("version: '3'\ntasks: {a: echo}\n")
    workspace.write(".paratask/history.sqlite.damaged", "")
    assert "\n  help: rm .paratask/history.sqlite.damaged\n" in doctor()[2]
    (workspace.root / "in").mkdir()
    assert "\n  help: rm ../.paratask/history.sqlite.damaged\n" in doctor(cwd=workspace.root / "in")[2]


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
        ("version: '3'\ntasks: [\n", "Taskfile.yml:2:8: problem: "),
    ],
)
def test_a_taskfile_that_cannot_be_read_is_a_finding(workspace, doctor, text, first):
    if text is not None:
        workspace.taskfile(text)
    code, _, found = doctor()
    assert code == 1
    assert first in found


@pytest.mark.parametrize(
    ("name", "text", "is_due"),
    [
        ("pyproject.toml", HATCHLING, True),
        ("pyproject.toml", HATCHLING + "[tool.hatch.build.targets.wheel]\npackages = ['src/a']\n", True),
        ("pyproject.toml", HATCHLING + "[tool.hatch.build.targets.sdist]\ninclude = ['/src', '/.*']\n", True),
        ("pyproject.toml", HATCHLING + "[tool.hatch.build.targets.sdist]\nexclude = ['/docs', '**/tests']\n", True),
        ("pyproject.toml", HATCHLING + "[tool.hatch.build.targets.sdist]\ninclude = ['/src', 'tests/**']\n", False),
        ("pyproject.toml", HATCHLING + "[tool.hatch.build]\nonly-include = ['src/a']\n", False),
        ("pyproject.toml", HATCHLING + "[tool.hatch.build.targets.sdist]\npackages = ['src/a']\n", False),
        ("pyproject.toml", HATCHLING + "[tool.hatch.build.targets.sdist]\nexclude = ['.*']\n", False),
        ("pyproject.toml", '[build-system]\nbuild-backend = "flit_core.buildapi"\n', False),
        (
            "biome.json",
            '{"$schema": "https://biomejs.dev/schemas/1.9.4/schema.json", "vcs": {"enabled": true, "useIgnoreFile": true}}',
            True,
        ),
    ],
)
def test_who_reads_the_gitignore_of_the_root_alone_is_to_find_our_folder_there(workspace, doctor, name, text, is_due):
    workspace.taskfile("version: '3'\ntasks: {a: echo}\n")
    workspace.write(name, text)
    line = "help: echo .paratask/ >> .gitignore"
    assert (line in doctor()[2]) is is_due
    workspace.write(".gitignore", "/.paratask\n")
    assert line not in doctor()[2]


@pytest.mark.parametrize(
    ("text", "is_due"),
    [
        ("{} // nothing", True),
        ('{"vcs": {"enabled": true, "useIgnoreFile": false}}', True),
        ('{"files": {"includes": ["**", "!dist"]}}', True),
        ('{"files": {"includes": ["src/**", "*.ts"]}}', False),
        ('{"files": {"includes": ["**", "!.paratask"]}}', False),
        ('{"vcs": {"enabled": true, "useIgnoreFile": true}}', False),
        ("{", False),
    ],
)
def test_biome_without_ignore_files_was_said_to_read_the_gitignore(workspace, doctor, text, is_due):
    workspace.taskfile("version: '3'\ntasks: {a: echo}\n")
    workspace.write("biome.jsonc", text)
    workspace.write(".gitignore", "/.paratask\n")
    assert ("biome.jsonc: note: `.paratask` is not left out here\n" in doctor()[2]) is is_due


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


def test_with_the_history_of_a_later_version_nothing_was_wrong(workspace, doctor):
    workspace.taskfile("version: '3'\ntasks: {a: echo}\n")
    history = workspace.write(".paratask/history.sqlite", "")
    with closing(sqlite3.connect(history)) as connection:
        connection.execute("pragma user_version = 99")
    code, _, found = doctor()
    assert code == 1
    assert (
        ".paratask/history.sqlite: problem: the history cannot be read: it was written by a later version of paratask\n"
        in found
    )


@pytest.mark.parametrize("name", [".paratask", ".paratask/runs"])
@pytest.mark.parametrize("is_link", [False, True])
def test_what_is_in_the_place_of_our_folders_kept_nothing_and_nothing_was_wrong(workspace, doctor, name, is_link):
    workspace.taskfile("version: '3'\ntasks: {a: echo}\n")
    path = workspace.write(name, "")
    if is_link:
        path.unlink()
        path.symlink_to("nowhere")
    assert "warning: records are incomplete: " in workspace.run("a").stderr
    code, _, found = doctor()
    assert code == 1
    assert f"{name}: problem: this is no folder\n" in found
    assert f"  help: rm {name}\n" in found
    path.unlink()
    assert doctor()[0] == 0


def test_a_folder_in_place_of_the_history_is_put_aside_as_promised(workspace, doctor):
    workspace.taskfile("version: '3'\ntasks: {a: echo, b: echo, all: [task: a, task: b]}\n")
    (workspace.root / ".paratask/history.sqlite").mkdir(parents=True)
    code, _, found = doctor()
    assert code == 1
    assert ".paratask/history.sqlite: problem: the history is damaged: it is a folder\n" in found
    assert "  help: the next run puts it aside and begins a new one\n" in found
    assert workspace.run("--stats").returncode == 0
    code, _, found = doctor()
    assert code == 0
    assert "  help: rm -r .paratask/history.sqlite.damaged\n" in found


def test_reporters_that_there_are_and_one_that_is_named_and_is_not(workspace, doctor):
    site = workspace.root.parent / "site"
    (site / "some-1.0.dist-info").mkdir(parents=True)
    (site / "some-1.0.dist-info" / "entry_points.txt").write_text(
        "[paratask.reporters]\nslack = gone:Slack\ncount = gone:Count\n"
    )
    workspace.environ["PYTHONPATH"] = str(site)
    workspace.taskfile("version: '3'\ntasks: {a: echo}\n")
    workspace.write("paratask.toml", 'reporters = ["slack", "slcak", "off"]\n')
    code, facts, found = doctor()
    assert (code, facts) == (0, [*FACTS, "reporters"])
    assert "paratask.toml:1:1: note: the reporter `slcak` is not installed\n" in found
    assert found.count("the reporter `") == 1
    assert json.loads(workspace.run("--doctor", "--json").stdout)["facts"]["reporters"] == "count, slack"


def test_it_goes_with_json_alone(workspace):
    assert workspace.run("--doctor", "--plan").stderr == "error: --doctor and --plan exclude each other\n"


def test_a_history_in_a_folder_whose_name_is_no_utf_8(workspace):
    folder = os.fsencode(workspace.root) + b"/bad\xff"
    os.mkdir(folder)
    with open(folder + b"/Taskfile.yml", "w") as file:
        file.write("version: '3'\ntasks: {a: echo}\n")
    assert workspace.run("a", cwd=folder).returncode == 0
    assert workspace.run("--stats", cwd=folder).returncode == 0
    assert os.path.exists(folder + b"/.paratask/history.sqlite")
    done = workspace.run("--doctor", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert "nothing is wrong" in done.stdout


def test_a_template_in_a_claim_says_what_it_is_taken_for(workspace, doctor):
    workspace.taskfile("version: '3'\ntasks: {a: echo}\n")
    workspace.write("paratask.toml", '[tasks.a]\nwrites = ["out/{{.N}}.txt"]\n')
    code, _, found = doctor()
    assert code == 1
    assert "paratask.toml:2:1: problem: `writes` takes `out/{{.N}}.txt` as it is written, and fills in no templates\n" in found
    assert "  why: nothing has that name, so that it claims nothing\n  help: write `out/*.txt`\n" in found


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
@pytest.mark.slow
@pytest.mark.parametrize("left", ["", "mkdir /proc/self && "])
def test_where_proc_is_not_mounted_runs_go_on_and_the_doctor_says_so(workspace, left):
    """A run ended in psutil's traceback, since that asks /proc too. Some containers and chroots have none."""
    within = ["unshare", "--map-root-user", "--mount", "sh", "-c"]
    if shutil.which("unshare") is None or subprocess.run([*within, "mount -t tmpfs none /proc"], check=False).returncode:
        pytest.skip("this machine allows no private mounts")
    workspace.taskfile("version: '3'\ntasks: {all: {deps: [a, b]}, a: echo a, b: sleep 1.2}\n")
    paratask = shlex.join(workspace.argv())
    each = f"for args in all '--load 50% all' '--why b' --doctor; do {paratask} $args; echo \"code $?\"; done"
    done = subprocess.run(
        [*within, f"mount -t tmpfs none /proc && {left}{each}"], cwd=workspace.root, env=workspace.environ, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert re.findall(r"^code (\d+)$", done.stdout, re.MULTILINE) == ["0", "0", "0", "1"]
    assert "problem: /proc is not mounted\n" in done.stdout
