"""`--learn`, from what is seen to what runs side by side."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys

import pytest

from paratask.observing.call_kinds import TRACED
from paratask.observing.claims_file import HEADER
from up_and_gone import after_echoes


def _works() -> bool:
    """Whether there is a strace that may trace."""
    program = shutil.which("strace")
    if program is None or sys.platform != "linux":
        return False
    argv = [program, "-f", "-DD", "-y", "-e", f"trace={TRACED}", "-o", os.devnull, "true"]
    return subprocess.run(argv, check=False, capture_output=True).returncode == 0


pytestmark = pytest.mark.skipif(not _works(), reason="there is no strace here that may trace")

FILE = "paratask.claims.toml"
TWO = """\
    version: '3'
    tasks:
      all: {cmds: [{task: one}, {task: two}]}
      one: ./work one two
      two: ./work two one
"""
WORK = """\
    #!/bin/sh
    mkdir -p out-$1 && echo $1 > out-$1/made
    if [ -n "$MEET" ]; then echo here > $1.fifo & read x < $2.fifo; wait; fi
"""


def claims(workspace) -> str:
    return (workspace.root / FILE).read_text()


def learned(done: subprocess.CompletedProcess[str]) -> list[str]:
    """What was said about what was seen."""
    lines = done.stderr.splitlines()
    start = next((i for i, line in enumerate(lines) if line.startswith(("paratask: saw", "paratask: not learned"))), len(lines))
    return lines[start:]


@pytest.fixture
def two(workspace):
    workspace.taskfile(TWO)
    workspace.write("work", WORK).chmod(0o755)
    return workspace


def planned(workspace, *args: str) -> dict[str, dict[str, object]]:
    jobs = json.loads(workspace.run("--plan", "--json", *args).stdout)["jobs"]
    return {job["id"]: job for job in jobs}


@pytest.mark.slow
def test_what_was_seen_is_believed_and_runs_side_by_side(two):
    assert planned(two, "all")["two"]["after"] == ["one"]
    done = two.run("--learn", "all")
    assert done.returncode == 0
    assert learned(done) == [
        "paratask: saw what 2 tasks touched; paratask.claims.toml has 2 entries",
        "  one  read 1  wrote 2: out-one/**",
        "  two  read 1  wrote 2: out-two/**",
        "paratask: what may run side by side now:",
        "  one beside two",
    ]
    plan = planned(two, "all")
    assert (plan["two"]["after"], plan["two"]["together_with"], plan["two"]["evidence"]) == ([], ["one"], "observed")
    assert plan["two"]["reason"] == "touches nothing that `one` touches (observed)"
    for name in ("one", "two"):
        os.mkfifo(two.root / f"{name}.fifo")
    assert two.run("--jobs=2", "all", env={"MEET": "1"}).returncode == 0


SWAP = """#!/usr/bin/env python3
import os
os.symlink("releases/2", "current.tmp")
os.replace("current.tmp", "current")
"""


@pytest.mark.slow
def test_a_command_that_is_only_inferred_read_through_a_link_beside_who_was_seen_to_set_it_anew(workspace):
    both = "{cmds: [{task: switch}, {task: report}]}"
    workspace.taskfile(f"version: '3'\ntasks:\n  all: {both}\n  switch: ./switch\n  report: cat current/x > out.txt\n")
    workspace.write("switch", SWAP).chmod(0o755)
    for number in ("1", "2"):
        workspace.write(f"releases/{number}/x", number)
    current = workspace.root / "current"
    current.symlink_to("releases/1")
    assert workspace.run("--learn", "switch").returncode == 0
    assert current.readlink().name == "2"
    plan = planned(workspace, "all")
    assert [plan[name]["evidence"] for name in ("switch", "report")] == ["observed", "inferred"]
    assert plan["report"]["after"] == ["switch"]
    assert plan["report"]["reason"] == "`switch` writes releases/2/** and `report` reads releases/2/x"


@pytest.mark.slow
@pytest.mark.parametrize("order", ["[{task: switch}, {task: report}]", "[{task: report}, {task: switch}]"])
def test_a_link_that_another_task_sets_anew_was_not_seen_to_be_read(workspace, order):
    workspace.taskfile(f"version: '3'\ntasks:\n  all: {{cmds: {order}}}\n  switch: ./switch\n  report: ./report\n")
    workspace.write("switch", "#!/bin/sh\nln -sfn releases/2 current\n").chmod(0o755)
    workspace.write("report", "#!/bin/sh\ncat current/x > out.txt\n").chmod(0o755)
    for number in ("1", "2"):
        workspace.write(f"releases/{number}/x", number)
    (workspace.root / "current").symlink_to("releases/1")
    workspace.run("--learn", "all")
    plan = planned(workspace, "all")
    assert [plan[name]["evidence"] for name in ("switch", "report")] == ["observed", "observed"]
    assert plan["switch"]["after"] + plan["report"]["after"] != []


@pytest.mark.slow
def test_the_file_is_for_people_and_the_same_after_the_same_run(two):
    two.run("--learn", "one")
    first = claims(two)
    assert first.startswith(HEADER)
    assert first.split("\n\n", 1)[1].splitlines()[2:] == ['reads = ["work"]', 'writes = ["out-one/**"]']
    two.run("--learn", "one")
    assert claims(two) == first


@pytest.mark.slow
def test_the_level_observed_believes_what_was_seen(two):
    two.write("paratask.toml", 'parallel = "observed"\n')
    two.run("--learn", "all")
    assert planned(two, "all")["two"]["together_with"] == ["one"]


@pytest.mark.slow
def test_an_entry_of_another_definition_is_not_believed_and_replaced(two):
    two.run("--learn", "all")
    two.taskfile(TWO.replace("./work two one", "./work three one"))
    assert planned(two, "all")["two"]["after"] == ["one"]
    two.run("--learn", "two")
    assert "out-two/**" not in claims(two)
    assert planned(two, "all")["two"]["together_with"] == ["one"]


@pytest.mark.slow
def test_another_run_adds_what_it_sees(two):
    two.write("work", "#!/bin/sh\necho x > ${WHERE:-here}\n")
    two.run("--learn", "one")
    two.run("--learn", "one", env={"WHERE": "there"})
    assert 'writes = [\n    "here",\n    "there",\n]' in claims(two)


@pytest.mark.slow
def test_calls_with_other_variables_are_other_entries(workspace):
    workspace.taskfile("""\
        version: '3'
        tasks:
          all: {cmds: [{task: p, vars: {P: a}}, {task: p, vars: {P: b}}]}
          p: ./make {{.P}}
        """)
    workspace.write("make", "#!/bin/sh\necho x > made-$1\n").chmod(0o755)
    workspace.run("--learn", "all")
    assert '["p P=a"]\ntask = "p"\nvariables = { "P" = "a" }\n' in claims(workspace)
    plan = planned(workspace, "all")
    assert plan["p.2"]["together_with"] == ["p"]


@pytest.mark.slow
def test_hazards_between_neighbours_are_told_and_keep_their_order(workspace):
    workspace.taskfile("""\
        version: '3'
        tasks:
          all: {cmds: [{task: make}, {task: use}, {task: log}, {task: log2}]}
          make: ./run 'echo x > gen/a; test -e gen/marker'
          use: ./run 'cat gen/a > used; echo x > gen/marker'
          log: ./run 'echo x >> shared.log'
          log2: ./run 'echo y >> shared.log'
        """)
    workspace.write("run", '#!/bin/sh\neval "$1" || true\n').chmod(0o755)
    workspace.write("gen/b", "")
    done = workspace.run("--learn", "all")
    assert [line for line in learned(done) if " before " in line] == [
        "  `make` before `use`: the first writes what the second reads: gen/a",
        "  `make` before `use`: the first reads what the second writes: gen/marker",
        "  `log` before `log2`: both write: shared.log",
    ]
    plan = planned(workspace, "all")
    assert (plan["use"]["after"], plan["log2"]["after"]) == (["make"], ["log"])
    assert plan["make"]["together_with"] == ["log", "log2"]


@pytest.mark.slow
def test_a_formatter_with_nothing_to_do_still_goes_before_who_reads_the_same(workspace):
    workspace.taskfile("""\
        version: '3'
        tasks:
          all: {cmds: [{task: format}, {task: read}]}
          format: {dir: app, cmds: [ruff format .]}
          read: {dir: app, cmds: ['./count']}
        """)
    workspace.write("app/pyproject.toml", "[project]\nname = 'app'\nversion = '1'\n")
    workspace.write("app/a.py", "x = 1\n")
    workspace.write("app/count", "#!/bin/sh\ncat *.py > /dev/null\n").chmod(0o755)
    for text in ("x = 1\n", "x=1\n"):
        workspace.write("app/a.py", text)
        assert workspace.run("--learn", "all").returncode == 0
        assert planned(workspace, "all")["read"]["after"] == ["format"]
        (workspace.root / FILE).unlink()


@pytest.mark.slow
def test_what_was_seen_orders_dependencies_too(workspace):
    workspace.taskfile("""\
        version: '3'
        tasks:
          all: {deps: [a, b]}
          a: ./run a
          b: ./run b
        """)
    workspace.write("run", "#!/bin/sh\necho $1 > same\n").chmod(0o755)
    assert not planned(workspace, "all")["b"]["after"]
    assert any("both write: same" in line for line in learned(workspace.run("--learn", "all")))
    assert planned(workspace, "all")["b"]["after"] == ["a"]


@pytest.mark.slow
def test_a_job_that_fails_is_not_kept_and_its_exit_code_is(two):
    two.taskfile(TWO.replace("./work two one", "./work two one; exit 9"))
    done = two.run("--learn", "-x", "all")
    assert done.returncode == 9
    assert "paratask: not learned: `two`: it failed" in learned(done)
    assert "out-one/**" in claims(two)
    assert "out-two" not in claims(two)


@pytest.mark.slow
def test_what_is_up_to_date_is_said(workspace):
    workspace.taskfile("version: '3'\ntasks: {a: {sources: [in], cmds: [cp in out]}}\n")
    workspace.write("in", "x")
    workspace.run("a")
    assert learned(workspace.run("--learn", "a")) == [
        "paratask: not learned: `a`: it was up to date; --force runs it all the same"
    ]
    assert not (workspace.root / FILE).exists()
    workspace.run("--learn", "--force", "a")
    assert 'writes = ["out"]' in claims(workspace)


FULL = """\
#!/bin/bash
args=("$@")
for i in "${!args[@]}"; do
    case ${args[i]} in */traces-*) : > "${args[i]}"; args[i]=/dev/full;; esac
done
exec STRACE "${args[@]}" 2> /dev/null
"""
"""An strace that finds no room for its notes."""


def test_what_could_not_be_written_down_was_taken_for_nothing(two):
    two.program("strace", FULL.replace("STRACE", shutil.which("strace")))
    said = learned(two.run("--learn", "all"))
    assert said == [
        f"paratask: not learned: `{name}`: not all that it touched could be written down, as on a full disk"
        for name in ("one", "two")
    ]
    assert not (two.root / FILE).exists()


def test_what_was_stopped_for_its_time_and_passed_over_is_learned(workspace):
    workspace.taskfile("version: '3'\ntasks: {a: [{cmd: sleep 60, timeout: 100ms, ignore_error: true}, cp Taskfile.yml b]}\n")
    assert workspace.run("--learn", "a").returncode == 0
    assert 'writes = ["b"]' in claims(workspace)


def test_what_was_up_to_date_for_its_second_caller_was_said_not_to_be_learned(workspace):
    workspace.taskfile("""\
        version: '3'
        tasks:
          all: [{task: b}, {task: c}]
          b: {deps: [a], cmds: [cp out b]}
          c: {deps: [a], cmds: [cp out c]}
          a: {sources: [in], cmds: [cp in out]}
        """)
    workspace.write("in", "x")
    said = learned(workspace.run("--learn", "all"))
    assert said[0] == "paratask: saw what 3 tasks touched; paratask.claims.toml has 3 entries"
    assert not [line for line in said if "not learned" in line]


@pytest.mark.slow
def test_conditions_status_and_sh_variables_are_seen(workspace):
    workspace.taskfile("""\
        version: '3'
        tasks:
          a:
            vars: {N: {sh: cat number}}
            status: [test -e done]
            preconditions: [test -e needed]
            cmds: ['echo {{.N}} > out', {defer: rm -f scratch}]
        """)
    for name in ("number", "needed", "scratch"):
        workspace.write(name, "1")
    workspace.run("--learn", "a")
    text = claims(workspace)
    assert all(f'"{name}"' in text for name in ("number", "needed", "done", "out", "scratch"))


@pytest.mark.slow
def test_output_is_as_without_it(workspace):
    workspace.taskfile("version: '3'\ntasks: {a: {cmds: [ls nothing, echo never]}, b: 'echo out; echo err >&2; nosuch'}\n")
    for task in ("a", "b"):
        plain, traced = workspace.run("--silent", task), workspace.run("--silent", "--learn", task)
        assert (traced.returncode, traced.stdout) == (plain.returncode, plain.stdout)

        def without_log(text: str) -> list[str]:
            lines = re.sub(r"after \d+\.\d+ s", "after a while", text).splitlines()
            return [line for line in lines if not line.startswith(("  log:", "paratask: not learned"))]

        assert without_log(traced.stderr) == without_log(plain.stderr)


@pytest.mark.slow
def test_an_interrupt_ends_it_as_without(workspace):
    workspace.taskfile("version: '3'\ntasks: {a: {cmds: [echo x > out, 'echo ready; exec sleep 60']}}\n")
    process = workspace.start("--learn", "a", start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 201
    assert "paratask: not learned: `a`: it failed" in err or "it was stopped" in err
    assert not (workspace.root / FILE).exists()
    assert not list((workspace.root / ".paratask").glob("traces-*"))


@pytest.mark.slow
def test_a_second_signal_left_what_strace_had_noted(workspace):
    workspace.taskfile("version: '3'\nsilent: true\ntasks: {a: 'trap \"\" INT; echo ready; while :; do sleep 60; done'}\n")
    process = workspace.start("--learn", "a", start_new_session=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    assert process.stdout.readline() == 'task: Signal received: "interrupt"\n'
    after_echoes()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    assert process.returncode == 1
    assert not list((workspace.root / ".paratask").glob("traces-*"))


def test_a_broken_file_has_its_place(two):
    two.write(FILE, "[one]\nreads = 5\n")
    warning = f"paratask: {FILE}:2: warning: `reads` is no list (delete {FILE} and run `paratask --learn` again)\n"
    for mode in (["--plan"], []):
        done = two.run(*mode, "all")
        assert done.returncode == 0
        assert done.stderr.count(warning) == 1, done.stderr
    done = two.run("--learn", "all")
    assert done.returncode == 102
    assert done.stderr.startswith(f"{FILE}:2: error: `reads` is no list\n")
    assert "warning" not in two.run("one").stderr, "nothing had to be arranged"


def test_what_was_learned_and_could_not_be_written_ended_in_a_traceback(workspace):
    workspace.taskfile(f"version: '3'\ntasks:\n  a: mkdir {FILE}\n")
    done = workspace.run("--learn", "a")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == f"error: `{FILE}` cannot be written: Is a directory"


@pytest.mark.parametrize("other", ["plan", "dry", "watch", "status", "list"])
def test_it_goes_with_no_other_mode(two, other):
    done = two.run("--learn", f"--{other}", "one")
    assert (done.returncode, done.stderr.splitlines()[0]) == (1, f"error: --learn and --{other} exclude each other")


def test_where_there_is_no_strace(two):
    done = two.run("--learn", "one", env={"PATH": "/nowhere"})
    assert done.returncode == 1
    assert done.stderr.startswith("error: --learn needs strace, and there is none on PATH\n  help: ")
    assert not (two.root / "out-one").exists()


def test_a_secret_that_a_call_passes_on_was_in_the_file_that_is_committed(workspace):
    workspace.taskfile("""\
    version: '3'
    vars: {TOKEN: {sh: echo hunter22, secret: true}}
    tasks:
      all: [{task: one, vars: {NAME: 'x-{{.TOKEN}}'}}]
      one: {cmds: ['echo {{.NAME}} > out-hunter22']}
    """)
    workspace.run("--learn", "all")
    assert "hunter22" not in claims(workspace)
    assert 'variables = { "NAME" = "x-*****" }' in claims(workspace)


@pytest.mark.parametrize(("manifest", "is_workspace"), [("Api.csproj", True), ("api.gemspec", True), ("api.txt", False)])
def test_a_folder_whose_manifest_has_a_name_of_its_own_was_no_workspace(workspace, manifest, is_workspace):
    workspace.taskfile("version: '3'\ntasks: {one: cat src/*/*.in}\n")
    for folder in ("a", "b", "c"):
        workspace.write(f"src/{folder}/{manifest}", "")
        for number in range(8):
            workspace.write(f"src/{folder}/{number}.in", "")
    assert workspace.run("--learn", "one").returncode == 0
    assert ('"src/**"' in (workspace.root / FILE).read_text()) is not is_workspace
