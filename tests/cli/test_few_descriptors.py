"""Many jobs at once where few files may be open. See "Processes" in docs/design.md."""

from __future__ import annotations

import json
import resource

import pytest

COUNT = 200


@pytest.mark.slow
def test_many_jobs_at_once_failed_where_few_files_may_be_open(workspace):
    """Each has pipes and a log; some have so much output that it waits on disk for its turn."""
    names = [f"j{number}" for number in range(COUNT)]
    text = "head -c 300000 /dev/zero | tr '\\\\0' y; echo; ulimit -n"
    tasks = "".join(f'  {name}: "{text if number < 20 else "ulimit -n"}"\n' for number, name in enumerate(names))
    workspace.taskfile(f"version: '3'\nsilent: true\ntasks:\n  all: {{deps: [{', '.join(names)}]}}\n{tasks}")
    workspace.write("paratask.toml", '[tasks."j*"]\ncost = {cpu = 0.001}\n')
    done = workspace.run(
        "--jobs", str(COUNT), "all", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)), timeout=110
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "warning" not in done.stderr
    lines = done.stdout.splitlines()
    assert (lines.count("64"), lines.count("y" * 300_000), len(lines)) == (COUNT, 20, COUNT + 20)
    run = workspace.latest_run()
    assert {job["state"] for job in json.loads((run / "summary.json").read_text())["jobs"]} == {"succeeded"}
    assert all((run / f"{name}.log").read_text().endswith("64\n") for name in names)
