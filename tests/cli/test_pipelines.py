"""Pipelines, by real processes: what they say, where they stop, and how a run goes on with one."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import time

import pytest

TASKS = """
version: '3'
silent: true
tasks:
  lint: cat src/a > out.lint; echo lint >> ran
  test-a: cat src/a > out.test-a; echo test-a >> ran
  test-b: cat src/b > out.test-b; echo test-b >> ran
  verify: cat out.lint; echo verify >> ran
  build: cat src/a > out.build; echo build >> ran
  smoke: test -e good && echo smoke >> ran
  ship: echo ship >> ran
"""
PIPELINE = """
[pipelines.release]
desc = "Check, build, ship"
stages = [
  { name = "check", tasks = ["lint", "test-*"], gate = "verify" },
  { name = "build", tasks = ["build"], mode = "sequential", gate = "smoke" },
  { name = "ship", tasks = ["ship"] },
]

[tasks]
lint = { local = true, reads = ["src/a"], writes = ["out.lint"] }
test-a = { local = true, reads = ["src/a"], writes = ["out.test-a"] }
test-b = { local = true, reads = ["src/b"], writes = ["out.test-b"] }
verify = { local = true, reads = ["out.lint"] }
build = { local = true, reads = ["src/a"], writes = ["out.build"] }
smoke = { local = true, reads = ["good"] }
ship = { local = true, reads = ["out.build"] }
"""
CHECK = {"lint", "test-a", "test-b"}
TIME = re.compile(r"\d+\.\d+ s")
REPLAYED = os.environ.get("PARATASK_SEED", "")
SEEDS = [int(REPLAYED)] if REPLAYED else list(range(int(os.environ.get("PARATASK_ROUNDS", "4"))))


@pytest.fixture
def release(workspace):
    """A workspace with a pipeline of three stages, whose second gate does not pass as long as there is no file `good`."""
    workspace.taskfile(TASKS)
    workspace.write("paratask.toml", PIPELINE)
    for name in "ab":
        workspace.write(f"src/{name}", name)
    return workspace


def ran(workspace) -> list[str]:
    """Since the last look."""
    file = workspace.root / "ran"
    words = file.read_text().split() if file.exists() else []
    file.unlink(missing_ok=True)
    return words


def stage_lines(stderr: str) -> list[str]:
    return [TIME.sub("N s", line) for line in stderr.splitlines() if line.startswith("paratask: stage")]


def stages(workspace) -> list[tuple[object, ...]]:
    summary = json.loads((workspace.latest_run() / "summary.json").read_text())
    return [(stage["stage"], stage["state"], stage["gate_state"], stage["ran"]) for stage in summary["stages"]]


def test_it_is_a_task_wherever_one_looks(release):
    listed = release.run("--list").stdout
    assert listed == "task: Available tasks for this project:\n* release:       Check, build, ship\n"
    summary = release.run("--summary", "release").stdout
    assert summary.endswith("commands:\n - Task: release:check\n - Task: release:build\n - Task: release:ship\n")
    names = release.run("--list-all", "--silent").stdout.split()
    assert "release" in names
    assert "release:check" not in names
    assert '"release-check" -> "release-build" [style=dashed];' in release.run("--graph=dot", "release").stdout
    refused = release.run("release:check")
    assert refused.returncode == 202


def test_a_plan_says_why_each_waits(release):
    jobs = {job["id"]: job for job in json.loads(release.run("--plan", "--json", "release").stdout)["jobs"]}
    assert jobs["release-check"]["reason"] == "stage 1 of 3 of `release`"
    assert jobs["release-build"]["after"] == ["release-check"]
    assert jobs["release-build"]["reason"] == "stage 2 of 3 of `release`; before it stage `check` has to pass its gate `verify`"
    assert jobs["release-ship"]["reason"] == "stage 3 of 3 of `release`; before it stage `build` has to pass its gate `smoke`"
    assert jobs["lint"]["together_with"] == ["test-a", "test-b"]
    assert jobs["verify"]["after"] == ["lint", "test-a", "test-b"]
    assert jobs["verify"]["reason"] == "the gate of stage `check`: all else in it has to end well before"
    assert jobs["build"]["reason"] == "stage `build` runs its tasks one at a time"


def test_all_stages_pass(release):
    (release.root / "good").touch()
    found = release.run("release")
    assert found.returncode == 0
    order = ran(release)
    assert set(order[:3]) == CHECK
    assert order[3:] == ["verify", "build", "smoke", "ship"]
    assert stage_lines(found.stderr) == [
        "paratask: stage `check` (1 of 3) passed its gate `verify` in N s",
        "paratask: stage `build` (2 of 3) passed its gate `smoke` in N s",
        "paratask: stage `ship` (3 of 3) passed in N s",
    ]
    assert stages(release) == [
        ("check", "succeeded", "succeeded", 4), ("build", "succeeded", "succeeded", 2), ("ship", "succeeded", "", 1),
    ]  # fmt: skip


def test_a_gate_that_fails_ends_it(release):
    found = release.run("release")
    assert found.returncode == 201
    assert ran(release)[3:] == ["verify", "build"]
    error, *last = found.stderr.splitlines()
    assert error.startswith("error: `smoke` failed: `test -e good && echo smoke >> ran` exited with 1 after ")
    assert "  called by `release` → `release:build` → `smoke`" in last
    assert stage_lines(found.stderr) == [
        "paratask: stage `check` (1 of 3) passed its gate `verify` in N s",
        "paratask: stage `build` (2 of 3) did not pass its gate `smoke`, after N s",
        "paratask: stage `ship` of `release` not begun",
    ]
    assert stages(release) == [
        ("check", "succeeded", "succeeded", 4), ("build", "failed", "failed", 2), ("ship", "cancelled", "", 0),
    ]  # fmt: skip
    assert release.run("--silent", "-x", "release").returncode == 1


def test_a_task_that_fails_leaves_the_gate_out(release):
    (release.root / "src/b").unlink()
    found = release.run("release")
    assert found.returncode == 201
    assert "verify" not in ran(release)
    assert stage_lines(found.stderr) == [
        "paratask: stage `check` (1 of 3) failed after N s; its gate `verify` was not asked",
        "paratask: stages `build`, `ship` of `release` not begun",
    ]


def test_neither_a_dry_nor_a_silent_run_speaks_of_stages(release):
    assert stage_lines(release.run("--dry", "release").stderr) == []
    assert stage_lines(release.run("--silent", "release").stderr) == []


def test_tasks_of_a_stage_run_side_by_side(workspace):
    """Each waits for the other: one at a time they would wait for ever."""
    workspace.taskfile(
        "version: '3'\ntasks:\n  one: echo 1 > to-two; read x < to-one\n  two: read x < to-two; echo 2 > to-one\n"
        "  gate: echo {{.PARATASK_PIPELINE}}/{{.PARATASK_STAGE}}\n"
    )
    workspace.write(
        "paratask.toml",
        '[pipelines.p]\nstages = [{ name = "s", tasks = ["one", "two"], gate = "gate" }]\n'
        '[tasks]\none = { local = true, reads = ["x"] }\ntwo = { local = true, reads = ["y"] }\n',
    )
    for name in ("to-one", "to-two"):
        os.mkfifo(workspace.root / name)
    found = workspace.run("--jobs", "2", "p", timeout=30)
    assert (found.returncode, found.stdout) == (0, "p/s\n")


def test_variables_reach_tasks_and_gate(workspace):
    workspace.taskfile(
        "version: '3'\nsilent: true\ntasks:\n  one: echo one {{.A}} {{.B}} {{.C}} {{.CLI_ARGS}}\n  gate: echo gate {{.A}} {{.LIST}}\n"
    )
    workspace.write(
        "paratask.toml",
        '[pipelines.p]\nstages = [{ name = "s", mode = "sequential", vars = { A = "{{.C}}-a", B = "b", LIST = [1, 2] },'
        ' tasks = ["one", { task = "one", vars = { B = "{{.B}}{{.B}}" } }], gate = "gate" }]\n',
    )
    found = workspace.run("p", "C=c", "--", "rest")
    assert found.stdout == "one c-a b c rest\none c-a bb c rest\ngate c-a [1 2]\n"


FAILING = """
version: '3'
silent: true
tasks:
  bad: read x < go; exit 3
  slow: 'trap "echo stopped >> ran; exit 9" TERM INT; echo up > go; read x < never; echo slow >> ran'
  fine: echo fine >> ran
"""


@pytest.mark.parametrize(
    ("setting", "option", "wanted"),
    [
        ('on_failure = "stop"', [], ["stopped"]),
        ('on_failure = "continue"', ["--on-failure=stop"], ["stopped"]),
    ],
)
def test_a_stage_may_stop_what_runs_when_one_fails(workspace, setting, option, wanted):
    workspace.taskfile(FAILING)
    workspace.write(
        "paratask.toml",
        f'[pipelines.p]\nstages = [{{ name = "s", tasks = ["bad", "slow"], {setting} }}]\n'
        '[tasks]\nbad = { local = true, reads = ["x"] }\nslow = { local = true, reads = ["y"] }\n',
    )
    for name in ("go", "never"):
        os.mkfifo(workspace.root / name)
    found = workspace.run("--jobs", "2", *option, "p", timeout=30)
    assert found.returncode == 201
    assert ran(workspace) == wanted


def test_a_stage_may_run_on_when_one_fails_and_its_gate_is_still_not_asked(workspace):
    workspace.taskfile(
        "version: '3'\nsilent: true\ntasks:\n  bad: exit 3\n  fine: echo fine >> ran\n  gate: echo gate >> ran\n"
    )
    workspace.write(
        "paratask.toml",
        '[pipelines.p]\nstages = [{ name = "s", tasks = ["bad", "fine"], gate = "gate", on_failure = "continue" }]\n'
        '[tasks]\nbad = { local = true, reads = ["x"] }\nfine = { local = true, reads = ["y"] }\n',
    )
    assert workspace.run("--jobs", "1", "p").returncode == 201
    assert ran(workspace) == ["fine"]


def test_what_passed_is_not_run_again(release):
    release.run("release")
    assert set(ran(release)) == {*CHECK, "verify", "build"}
    again = release.run("--resume")
    assert ran(release) == []
    assert stage_lines(again.stderr)[:2] == [
        "paratask: stage 1 of 3 of `release` passed before",
        "paratask: stage `build` (2 of 3) did not pass its gate `smoke`, after N s",
    ]
    (release.root / "good").touch()
    done = release.run("--resume")
    assert done.returncode == 0
    assert ran(release) == ["smoke", "ship"]
    assert stages(release)[0] == ("check", "succeeded", "fresh", 0)


def test_a_gate_is_asked_again_when_anything_of_its_stage_ran_anew(release):
    release.run("release")
    ran(release)
    release.write("src/b", "new")
    (release.root / "good").touch()
    again = release.run("--resume")
    assert ran(release) == ["test-b", "verify", "smoke", "ship"]
    assert stage_lines(again.stderr)[0] == "paratask: stage `check` (1 of 3) passed its gate `verify` in N s"


def test_a_gate_that_has_effects_elsewhere_is_asked_again_too(release):
    """It is not repeated where nothing else was, as all that may have such effects."""
    release.write(
        "paratask.toml", PIPELINE.replace('verify = { local = true, reads = ["out.lint"] }', "verify = { local = false }")
    )
    release.run("release")
    ran(release)
    again = release.run("--resume")
    assert ran(release) == []
    assert "`verify` had succeeded, and may have effects outside this checkout: not run again" in again.stderr
    release.write("src/b", "new")
    release.run("--resume")
    assert ran(release) == ["test-b", "verify"]


def test_a_gate_that_only_calls_others_is_asked_again_with_all_of_these(release):
    release.taskfile(
        TASKS.replace("  verify: cat out.lint; echo verify >> ran\n", "  verify: [{task: asks}, {task: asks-more}]\n")
        + "  asks: cat src/a; echo asks >> ran\n  asks-more: {deps: [asks], cmds: ['cat src/a; echo asks-more >> ran']}\n"
    )
    release.write("paratask.toml", PIPELINE.replace("verify = { local = true", "asks-more = { local = true"))
    release.write(
        "paratask.toml", (release.root / "paratask.toml").read_text() + 'asks = { local = true, reads = ["src/a"] }\n'
    )
    release.run("release")
    assert ran(release).count("asks") == 2
    release.run("--resume")
    assert ran(release) == []
    release.write("src/b", "new")
    release.run("--resume")
    assert sorted(ran(release)) == ["asks", "asks", "asks-more", "test-b"]


def test_a_gate_that_was_not_asked_before_the_kill_is_asked_after_it(release):
    """The first run passes it; the second runs a task of its stage anew, and is killed before it comes to the gate."""
    looks = "  looks: {status: ['test ! -e hold || (echo up > up; read x < go)'], cmds: ['echo looks >> ran']}\n"
    release.taskfile(TASKS + looks)
    one_by_one = 'tasks = ["test-b", "looks"], mode = "sequential"'
    release.write(
        "paratask.toml", PIPELINE.replace('tasks = ["lint", "test-*"]', one_by_one).replace('["out.lint"]', '["src/a"]')
    )
    release.write("out.lint", "")
    release.run("release")
    assert ran(release) == ["test-b", "verify", "build"]
    release.write("src/b", "new")
    release.write("hold", "")
    for name in ("up", "go"):
        os.mkfifo(release.root / name)
    process = release.start("--resume")
    assert (release.root / "up").read_text() == "up\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert ran(release) == ["test-b"]
    (release.root / "hold").unlink()
    release.run("--resume")
    assert ran(release) == ["verify"]


def test_a_run_that_was_killed_in_a_stage_goes_on_there(workspace):
    workspace.taskfile(
        "version: '3'\nsilent: true\ntasks:\n  one: echo one >> ran\n  gate: echo gate >> ran\n"
        "  waits: echo up > up; read x < go; echo waits >> ran\n  last: echo last >> ran\n"
    )
    workspace.write(
        "paratask.toml",
        '[pipelines.p]\nstages = [\n  { name = "a", tasks = ["one"], gate = "gate" },\n  { name = "b", gate = "gate" },\n'
        '  { name = "c", tasks = ["waits"], gate = "gate" },\n  { name = "d", tasks = ["last"] },\n]\n[tasks]\n'
        + "".join(f'{name} = {{ local = true, reads = ["in/x"] }}\n' for name in ("one", "gate", "waits", "last")),
    )
    workspace.write("in/x", "")
    for name in ("up", "go"):
        os.mkfifo(workspace.root / name)
    process = workspace.start("p")
    assert (workspace.root / "up").read_text() == "up\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert ran(workspace) == ["one", "gate", "gate"]
    entries = json.loads(workspace.run("--runs", "--json").stdout)["runs"]
    assert entries[0]["result"] == "killed"
    again = workspace.start("--resume")
    assert (workspace.root / "up").read_text() == "up\n"
    (workspace.root / "go").write_text("go\n")
    _, stderr = again.communicate()
    assert again.returncode == 0
    assert ran(workspace) == ["waits", "gate", "last"]
    assert stage_lines(stderr) == [
        "paratask: stages 1-2 of 4 of `p` passed before",
        "paratask: stage `c` (3 of 4) passed its gate `gate` in N s",
        "paratask: stage `d` (4 of 4) passed in N s",
    ]


LETTERS = "abcdef"


def write_random_pipeline(workspace) -> None:
    """Three stages of two tasks each. All copy their source, and what the tasks of the stage before made, and take a moment."""
    tasks, claims, stages = [], [], []
    for number in range(3):
        pair = LETTERS[2 * number : 2 * number + 2]
        before = [f"out/{letter}" for letter in LETTERS[2 * number - 2 : 2 * number]] if number else []
        for letter in pair:
            reads = [f"src/{letter}", *before]
            tasks.append(f"  {letter}: echo {letter} >> ran; sleep 0.05; cat {' '.join(reads)} > out/{letter}\n")
            claims.append(f'{letter} = {{ local = true, reads = {json.dumps(reads)}, writes = ["out/{letter}"] }}\n')
        tasks.append(
            f"  gate{number}: sleep 0.05; cat {' '.join(f'out/{letter}' for letter in pair)}; echo gate{number} >> ran\n"
        )
        claims.append(f'gate{number} = {{ local = true, reads = ["src/{pair[0]}"] }}\n')
        stages.append(f'  {{ name = "s{number}", tasks = {json.dumps(list(pair))}, gate = "gate{number}" }},\n')
    workspace.taskfile("version: '3'\nsilent: true\ntasks:\n" + "".join(tasks))
    workspace.write("paratask.toml", f"[pipelines.p]\nstages = [\n{''.join(stages)}]\n[tasks]\n{''.join(claims)}")
    workspace.write("out/.keep", "")
    for letter in LETTERS:
        workspace.write(f"src/{letter}", f"{letter}1\n")


def killed_when(workspace, process, lines: int) -> bool:
    """Kill it when so many lines are in `ran`; whether it came to that."""
    file = workspace.root / "ran"
    while process.poll() is None and (not file.exists() or file.read_text().count("\n") < lines):
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    return json.loads(workspace.run("--runs", "--json").stdout)["runs"][0]["result"] == "killed"


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_killed_at_random_moments_each_gate_is_asked_after_all_of_its_stage(workspace, seed):
    print(f"PARATASK_SEED={seed} replays this")  # noqa: T201 - pytest shows it where the test fails
    chance = random.Random(seed)
    write_random_pipeline(workspace)
    was_killed = killed_when(workspace, workspace.start("p"), chance.randint(1, 8))
    for _ in range(chance.randint(0, 3)):
        if was_killed:
            if chance.random() < 0.6:
                changed = chance.choice(LETTERS)
                workspace.write(f"src/{changed}", f"{changed}{chance.random()}\n")
            lines = len((workspace.root / "ran").read_text().split()) + chance.randint(1, 4)
            was_killed = killed_when(workspace, workspace.start("--resume"), lines)
    last = workspace.run("--resume")
    assert last.returncode == 0
    order = ran(workspace)
    sources = {letter: (workspace.root / f"src/{letter}").read_text() for letter in LETTERS}
    wanted: dict[str, str] = {}
    for number in range(3):
        pair = LETTERS[2 * number : 2 * number + 2]
        before = "".join(wanted[letter] for letter in LETTERS[2 * number - 2 : 2 * number]) if number else ""
        wanted.update({letter: sources[letter] + before for letter in pair})
        asked = [index for index, word in enumerate(order) if word == f"gate{number}"]
        worked = [index for index, word in enumerate(order) if word in pair]
        assert max(asked) > max(worked), f"gate{number} was asked, and then its stage worked on"
        later = [index for index, word in enumerate(order) if word in LETTERS[2 * number + 2 :]]
        assert min(asked) < min(later, default=len(order)), f"what comes after gate{number} began before"
    assert {letter: (workspace.root / f"out/{letter}").read_text() for letter in LETTERS} == wanted


def test_a_name_that_is_no_task_is_an_error_with_its_place(release):
    release.write("paratask.toml", PIPELINE.replace('tasks = ["build"]', 'tasks = ["biuld"]'))
    found = release.run("--list")
    assert found.returncode == 102
    assert found.stderr == (
        "paratask.toml:6:1: error: stage `build` names `biuld`, which is no task\n"
        ' 6 |   { name = "build", tasks = ["biuld"], mode = "sequential", gate = "smoke" },\n'
        "   | ^\n"
        "  help: did you mean `build`?\n"
    )
