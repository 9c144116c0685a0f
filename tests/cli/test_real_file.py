"""The Taskfile of a real team, run with stand-ins for its tools that would hang if the halves ran one after another."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

REAL = Path(__file__).parents[3] / "shared" / "real" / "opencode-workflow-kit"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real Taskfile is kept beside the checkout, and is not there")

STAND_IN = """\
#!/bin/bash
# Notes that it started, waits for the other language's half to start too where MEET is set, notes that it ended.
name=$(basename "$0"); words="$*"
echo "$name $words: out"; echo "$name $words: err" >&2
case "$name $words" in
  "uv run ruff check"*|"bun run lint") verb=lint ;;
  "uv run pytest"*|"bun run test:all") verb=test ;;
  "uv run python -m build"|"bun run build") verb=build ;;
  "uv run safety check"|"bun run test:security") verb=security ;;
  *) verb= ;;
esac
echo "start $name $verb" >> "$RECORD"
if [ -n "$verb" ] && [ -n "$MEET" ]; then
  partner=uv; [ "$name" = uv ] && partner=bun
  tries=0
  until grep -q "^start $partner $verb" "$RECORD"; do
    tries=$((tries + 1)); [ $tries -gt 1500 ] && { echo "no partner for $name $verb" >&2; exit 77; }
    sleep 0.01
  done
fi
echo "end $name $verb" >> "$RECORD"
[ "$FAIL" = "$name $verb" ] && exit 7
exit 0
"""


@pytest.fixture
def kit(workspace):
    shutil.copytree(REAL, workspace.root, dirs_exist_ok=True, copy_function=shutil.copyfile)
    workspace.root.chmod(0o755)
    for package in ("opencode_config", "cody-beads-integration"):
        (workspace.root / "packages" / package).mkdir(parents=True)
    for name in ("uv", "bun", "bunx"):
        workspace.program(name, STAND_IN)
    workspace.environ["RECORD"] = str(workspace.root.parent / "record")
    return workspace


def record(kit) -> list[str]:
    return Path(kit.environ["RECORD"]).read_text().splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("task", ["lint", "test", "build", "qa", "lint-parallel", "ci"])
def test_halves_run_together(kit, task):
    done = kit.run(task, env={"MEET": "1", "PARATASK_JOBS": "2"})
    assert done.returncode == 0, done.stderr
    assert "parallel set" in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("task", ["lint", "test", "build", "qa", "lint-parallel", "ci"])
def test_one_after_another_when_told_so(kit, task):
    done = kit.run(task, env={"USE_PARALLEL": "false"})
    assert done.returncode == 0, done.stderr
    lines = record(kit)
    starts, ends = lines[::2], lines[1::2]
    assert [line.replace("start", "end", 1) for line in starts] == ends


@pytest.mark.parametrize(("options", "code"), [((), 201), (("-x",), 7)])
def test_failing_half_gives_the_exit_code_and_its_log_whole(kit, options, code):
    done = kit.run(*options, "lint", env={"MEET": "1", "FAIL": "bun lint", "PARATASK_JOBS": "2"})
    assert done.returncode == code
    assert "bun run lint: out" in done.stdout
    assert "bun run lint: err" in done.stderr
    assert "error: `lint-node` failed: `cd packages/cody-beads-integration && bun run lint` exited with 7" in done.stderr
    logs = {path.name: path.read_text() for path in kit.latest_run().glob("*.log")}
    assert "uv run ruff check .: out" in logs["lint-python.log"]
    assert "bun run lint: err" in logs["lint-node.log"]
    jobs = {job["id"]: job for job in json.loads((kit.latest_run() / "summary.json").read_text())["jobs"]}
    assert (jobs["lint-python"]["exit_code"], jobs["lint-node"]["exit_code"]) == (0, 7)
    assert jobs["lint-python"]["reason"] == "touches nothing that `lint-node` touches (inferred)"


def test_piped_output_reads_as_one_at_a_time(kit):
    alone = kit.run("lint", env={"USE_PARALLEL": "no"})
    together = kit.run("lint", env={"MEET": "1", "USE_PARALLEL": "yes", "PARATASK_JOBS": "2"})
    assert together.stdout == alone.stdout
    assert together.stderr.splitlines()[:-1] == alone.stderr.splitlines()[:-1]


def test_hooks_wait_for_the_packages_that_they_are_installed_from(kit):
    jobs = json.loads(kit.run("--plan", "--json", "setup").stdout)["jobs"]
    after = {job["task"]: job["after"] for job in jobs}
    assert after["setup-node"] == ["install-tools"]
    assert "setup-node" in after["setup-hooks"]
    assert "setup-node" in next(job["together_with"] for job in jobs if job["task"] == "setup-python")


def test_task_itself_fails_on_this_file(kit, real_task):
    import subprocess

    done = subprocess.run([real_task, "lint"], cwd=kit.root, env=kit.environ, capture_output=True, text=True, check=False)
    assert done.returncode == 201
