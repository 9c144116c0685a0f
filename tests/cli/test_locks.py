"""A run that goes on is known as such by locks, whatever else in its process opens and closes the files that they are on."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from paratask.processes.running import stale_records
from paratask.records.logs import LogFile, is_written

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has locks of an open file")

DRIVER = """
import glob, sys, threading
from paratask.cli.main import main

def look():
    open("up").read()  # the job runs, so both files are there
    for path in glob.glob(".paratask/runs/*/journal.jsonl") + glob.glob(".paratask/running/*"):
        open(path, "rb").close()
    open("looked", "w").close()

threading.Thread(target=look, daemon=True).start()
sys.exit(main(["waits"]))
"""
TASKS = "version: '3'\nsilent: true\ntasks: {waits: 'echo up > up; read x < go'}\n"
MOST_LOOKS = 200


@linux
@pytest.mark.slow
def test_a_run_was_taken_for_a_killed_one_once_its_own_process_had_read_its_journal(workspace):
    workspace.taskfile(TASKS)
    for name in ("up", "looked", "go"):
        os.mkfifo(workspace.root / name)
    process = subprocess.Popen(
        [sys.executable, "-c", DRIVER], cwd=workspace.root, env=workspace.environ, stdin=subprocess.DEVNULL
    )
    try:
        (workspace.root / "looked").read_bytes()
        shown = [shown_result(workspace)]
        while shown[-1] != "running" and len(shown) < MOST_LOOKS:  # until it has lasted 50 ms
            shown.append(shown_result(workspace))
        assert shown[-1] == "running"
        assert stale_records(str(workspace.root / ".paratask")) == []
    finally:
        (workspace.root / "go").write_text("go\n")
        assert process.wait() == 0
    assert shown_result(workspace) == "succeeded"


def shown_result(workspace) -> str:
    return json.loads(workspace.run("--runs", "--json").stdout)["runs"][0]["result"]


@linux
@pytest.mark.parametrize("holds", [False, True])
def test_what_is_held_stays_locked_when_its_process_closes_the_file_elsewhere(tmp_path, holds):
    """Who looks is another process. Without holding it, the lock is lost: that is what POSIX wants."""
    path = tmp_path / "journal.jsonl"
    log = LogFile(str(path), make_folder=lambda: None, trouble=lambda _: None)
    log.write(b"a line\n")
    log.lock()
    if holds:
        log.hold()
    assert is_locked(path)
    path.read_bytes()
    assert is_locked(path) is holds
    assert is_written(str(path)) is holds, "in the same process, too"
    log.close()
    assert not is_locked(path)


@linux
def test_who_holds_a_lock_gives_it_up_when_it_is_killed(tmp_path):
    path = tmp_path / "file"
    path.write_text("text")
    code = "import os, sys; from paratask.state_files import hold; hold(os.open(sys.argv[1], os.O_RDWR)); print(1, flush=True); input()"
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "1\n"
    assert is_locked(path)
    process.kill()
    process.communicate()
    assert not is_locked(path)


def test_holding_what_cannot_be_locked_is_no_error(tmp_path):
    log = LogFile(str(tmp_path / "nope"), make_folder=lambda: None, trouble=lambda _: None)
    log.lock()
    log.hold()


def is_locked(path) -> bool:
    code = "import sys; from paratask.records.logs import is_written; sys.exit(is_written(sys.argv[1]))"
    return subprocess.run([sys.executable, "-c", code, str(path)], check=False).returncode == 1
