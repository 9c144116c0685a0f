"""Reporters of other packages, really installed and in real runs: good ones are told everything, bad ones harm nothing."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

TEMPLATE = Path(__file__).parents[2] / "templates" / "reporter"
MODULE = '''\
import os, sys, threading, time
from paratask.events import RunBegan, RunEnded, JobChanged, Notice

class Silent:
    def __init__(self, run): self.run = run
    def hear(self, event): pass

class Journal(Silent):
    """Writes what it hears, and where."""
    def __init__(self, run):
        super().__init__(run)
        self.file = open(os.path.join(run.root, "heard"), "a")
    def hear(self, event):
        print(type(event).__name__, getattr(event, "job", ""), getattr(event, "state", ""), getattr(event, "command", ""), file=self.file)
    def finish(self):
        print("finished", self.run.events_schema, os.path.relpath(self.run.folder, self.run.root), os.getcwd(), file=self.file)
        self.file.close()

class Explodes(Silent):
    def hear(self, event):
        if isinstance(event, JobChanged): raise ValueError("boom")
class ExplodesAtEnd(Silent):
    def finish(self): raise ValueError("boom")
class Exits(Silent):
    def hear(self, event): sys.exit(3)
class Interrupts(Silent):
    def hear(self, event): raise KeyboardInterrupt
class Blocks(Silent):
    def hear(self, event):
        open(os.path.join(self.run.root, "blocked"), "w").close()
        threading.Event().wait()
class BlocksAtEnd(Silent):
    def finish(self): threading.Event().wait()
class BlocksWriting(Silent):
    """Keeps a lock of the interpreter's own while it waits."""
    def hear(self, event):
        read, write = os.pipe()
        os.dup2(write, 1)
        while True: sys.stdout.write("x" * 100_000)
class Busy(Silent):
    def hear(self, event):
        path = os.path.join(self.run.root, "held")
        self.held = open(path, "w") if os.path.exists(path) else None
        while True: pass
class Prints(Silent):
    def hear(self, event): print("heard", type(event).__name__)
class Forks(Silent):
    def hear(self, event):
        if isinstance(event, RunEnded): os.fork()
    def finish(self):
        with open(os.path.join(self.run.root, "finished"), "a") as file: print(os.getpgrp() == os.getpid(), file=file)
class LeavesThread(Silent):
    def finish(self): threading.Thread(target=threading.Event().wait, daemon=False).start()
class LeavesFunction(Silent):
    def finish(self):
        import atexit
        atexit.register(threading.Event().wait)
class Starts(Silent):
    def hear(self, event):
        import subprocess
        subprocess.run(["false"])
class Moves(Silent):
    def hear(self, event): os.chdir("/")
class Aborts(Silent):
    def hear(self, event):
        if isinstance(event, JobChanged): os.abort()
class Leaves(Silent):
    def hear(self, event):
        if isinstance(event, JobChanged): os._exit(3)
class Keeps(Silent):
    """Never gives the interpreter away."""
    def hear(self, event):
        import ctypes
        ctypes.PyDLL(None).sleep(1_000_000)
class Shows(Silent):
    """Who it is."""
    def finish(self):
        print(os.getpgrp() == os.getpid(), os.getppid(), sys.stdin.read(), os.nice(0), open("/proc/self/oom_score_adj").read())
class Takes(Silent):
    """What a reporter of its own process may: signals, and whatever ends."""
    def hear(self, event):
        import signal, subprocess
        if isinstance(event, RunBegan): signal.signal(signal.SIGCHLD, lambda *_: None)
        subprocess.Popen(["true"])
        try: os.waitpid(-1, 0)
        except ChildProcessError: pass
not_callable = 3
'''
TASKFILE = """\
version: '3'
silent: true
tasks:
  both: {deps: [a, b], cmds: [echo both]}
  a: echo a > a
  b: {cmds: [echo b, exit 0]}
  fails: [echo to the end, exit 4]
  waits: ['while [ ! -e blocked ]; do sleep 0.01; done; echo up > up; sleep 1000']
  secret: {vars: {TOKEN: {value: s3cr3t-value, secret: true}}, cmds: ['echo {{.TOKEN}} > /dev/null']}
"""
SLOW = pytest.mark.slow


@pytest.fixture
def reporting(workspace, tmp_path):
    """A workspace whose paratask finds the module's reporters installed."""
    site = tmp_path / "site"
    info = site / "some_reporters-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "some_reporters.py").write_text(MODULE)
    names = re.findall(r"^(?:class )?(\w+)(?:\(Silent\)| = )", MODULE, re.MULTILINE)
    lines = "".join(f"{name} = some_reporters:{name}\n" for name in [*names, "nothing", "Silent"])
    (info / "entry_points.txt").write_text(f"[paratask.reporters]\n{lines}gone = some_gone_module\n")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: some-reporters\nVersion: 1.0\n")
    workspace.environ["PYTHONPATH"] = str(site)
    workspace.taskfile(TASKFILE)
    return workspace


@pytest.fixture
def begin(reporting):
    """Starts paratask, and sees to it that it ends."""
    begun = []

    def start(*args: str):
        begun.append(reporting.start(*args))
        return begun[-1]

    yield start
    for process in begun:
        process.kill()
        process.communicate()


def said(stderr: str) -> str:
    """Without the id of the run."""
    return re.sub(r"runs/[\d-]+/", "runs/ID/", stderr.removesuffix("\n"))


def warning(name: str, what: str, *, kept: bool = True) -> str:
    return f"paratask: warning: reporter `{name}` {what}" + (f" (see .paratask/runs/ID/reporter-{name}.txt)" if kept else "")


def test_a_reporter_hears_what_the_journal_has(reporting):
    done = reporting.run("-s", "--reporter", "Journal", "both")
    assert (done.returncode, said(done.stderr)) == (0, "")
    *heard, last = (reporting.root / "heard").read_text().splitlines()
    run = reporting.latest_run()
    lines = [json.loads(line) for line in (run / "journal.jsonl").read_text().splitlines()]
    assert [line.split()[0] for line in heard] == [line["event"] for line in lines if line["event"] != "JobEntry"]
    assert "JobChanged a succeeded" in "\n".join(heard)
    assert last == f"finished 1 .paratask/runs/{run.name} {reporting.root}"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Silent", ""),
        ("Explodes", warning("Explodes", "failed on JobChanged, and heard nothing after it: ValueError: boom")),
        ("ExplodesAtEnd", warning("ExplodesAtEnd", "failed at the run's end: ValueError: boom")),
        ("Exits", warning("Exits", "failed on RunBegan, and heard nothing after it: SystemExit: 3")),
        ("Interrupts", warning("Interrupts", "failed on RunBegan, and heard nothing after it: KeyboardInterrupt")),
        ("gone", warning("gone", "could not be loaded: ModuleNotFoundError: No module named 'some_gone_module'")),
        (
            "nothing",
            warning("nothing", "could not be loaded: AttributeError: module 'some_reporters' has no attribute 'nothing'"),
        ),
        ("not_callable", warning("not_callable", "could not begin: TypeError: 'int' object is not callable")),
        ("Forks", ""),
        ("Starts", ""),
        ("Takes", ""),
        ("Moves", ""),
        pytest.param("LeavesThread", "", marks=SLOW),
        pytest.param("LeavesFunction", "", marks=SLOW),
    ],
)
def test_whatever_a_reporter_does_the_run_is_the_same(reporting, name, expected):
    done = reporting.run("-s", "--reporter", name, "both")
    assert (done.returncode, done.stdout, said(done.stderr)) == (0, "b\nboth\n", expected)
    failed = reporting.run("-s", "--reporter", name, "fails")
    assert (failed.returncode, failed.stdout) == (201, "to the end\n")
    assert said(failed.stderr).startswith("error: `fails` failed: `exit 4` exited with 4 after ")


def test_a_process_that_a_reporter_forks_off_finishes_nothing(reporting):
    reporting.run("-s", "--reporter", "Forks", "a")
    assert (reporting.root / "finished").read_text() == "True\n"


def test_a_traceback_is_kept_with_the_run(reporting):
    reporting.run("-s", "--reporter", "Explodes", "both")
    lines = (reporting.latest_run() / "reporter-Explodes.txt").read_text().splitlines()
    assert lines[0] == "Traceback (most recent call last):"
    assert lines[-2:] == ['    if isinstance(event, JobChanged): raise ValueError("boom")', "ValueError: boom"] or lines[
        -1
    ] == ("ValueError: boom")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "unheard"),
    [("Blocks", r"\d+"), ("BlocksAtEnd", "0"), ("BlocksWriting", r"\d+"), ("Keeps", r"\d+")],
)
def test_one_that_never_ends_is_ended(reporting, name, unheard):
    done = reporting.run("-s", "--reporter", name, "a", timeout=30)
    assert done.returncode == 0
    assert (reporting.root / "a").read_text() == "a\n"
    assert re.fullmatch(
        rf"paratask: warning: reporter `{name}` did not come to its end within 1 s, and was ended: "
        rf"it had not heard {unheard} of \d+ events",
        said(done.stderr),
    )
    assert (reporting.latest_run() / "summary.json").exists()


@pytest.mark.slow
def test_one_that_computes_without_end_is_ended_while_the_run_goes_on(reporting):
    os.mkfifo(reporting.root / "held")
    reporting.taskfile("version: '3'\ntasks:\n  a: cat held\n")
    done = reporting.run("-s", "--reporter", "Busy", "a", timeout=60)
    assert done.returncode == 0
    text = r"paratask: warning: reporter `Busy` computed for too long, and was ended: it had not heard \d+ of \d+ events"
    kept = r" \(see .paratask/runs/ID/reporter-Busy.txt\)"
    assert re.fullmatch(text + kept, said(done.stderr))
    assert "in hear\n" in (reporting.latest_run() / "reporter-Busy.txt").read_text()


@pytest.mark.parametrize(("name", "how"), [("Aborts", "was ended by SIGABRT"), ("Leaves", "exited with 3")])
def test_one_that_ends_its_process_ends_no_run(reporting, name, how):
    done = reporting.run("-s", "--reporter", name, "both")
    assert (done.returncode, done.stdout) == (0, "b\nboth\n")
    kept = rf" \(see .paratask/runs/ID/reporter-{name}.txt\)" if name == "Aborts" else ""
    text = rf"paratask: warning: reporter `{name}` {how}: it had not heard \d+ of 19 events{kept}"
    assert re.fullmatch(text, said(done.stderr))
    if kept:
        lines = (reporting.latest_run() / "reporter-Aborts.txt").read_text().splitlines()
        assert lines[0] == "Fatal Python error: Aborted"
        assert any(line.endswith("in hear") for line in lines)


@pytest.mark.slow
def test_signals_come_to_the_run_while_a_reporter_blocks(reporting, begin):
    os.mkfifo(reporting.root / "up")
    process = begin("-s", "--reporter", "Blocks,Busy", "waits")
    assert (reporting.root / "up").read_text() == "up\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (201, 'task: Signal received: "interrupt"\n')
    assert err.startswith("error: `waits` failed: stopped by a signal")


def test_one_that_prints_is_heard(reporting):
    done = reporting.run("-s", "--reporter", "Prints", "a")
    assert done.stdout.splitlines()[0] == "heard RunBegan"
    assert done.stdout.splitlines()[-1] == "heard RunEnded"


def test_what_it_prints_at_the_end_stands_behind_the_run_s_own_last_words(reporting):
    reporting.program("both-streams", '#!/bin/sh\nexec "$@" 2>&1\n')
    done = subprocess.run(
        ["both-streams", *reporting.argv("-s", "--reporter", "Prints", "fails")],
        cwd=reporting.root, env={**reporting.environ}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert (lines[0], lines[-1]) == ("to the end", "heard RunEnded")
    assert lines.index("  at Taskfile.yml:7:28") < lines.index("heard RunEnded")


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it is only nice")
def test_it_is_a_process_that_steps_back(reporting):
    process = reporting.start("-s", "--reporter", "Shows", "a")
    out, err = process.communicate(timeout=60)
    assert (out, err) == (f"True {process.pid}  {min(19, os.nice(0) + 5)} 1000\n\n", "")


def test_several_are_told_and_one_that_fails_takes_nothing_from_the_others(reporting):
    done = reporting.run("-s", "--reporter", "Explodes,Journal", "--reporter", "Silent", "a")
    assert said(done.stderr) == warning("Explodes", "failed on JobChanged, and heard nothing after it: ValueError: boom")
    assert "JobChanged a succeeded" in (reporting.root / "heard").read_text()


def test_who_is_told_is_chosen_by_option_environment_and_settings_in_that_order(reporting):
    heard = reporting.root / "heard"

    def is_told(*args, **environ) -> bool:
        heard.unlink(missing_ok=True)
        done = reporting.run("-s", *args, "a", env=environ)
        assert (done.returncode, said(done.stderr)) == (0, "")
        return heard.exists()

    assert not is_told()
    assert is_told(PARATASK_REPORTER="Journal")
    reporting.write("paratask.toml", 'reporters = ["Journal"]\n')
    assert is_told()
    assert not is_told(PARATASK_REPORTER="Silent")
    assert not is_told("--reporter=off", PARATASK_REPORTER="Journal")
    assert not is_told("--dry")


def test_one_that_is_not_installed_is_an_error_only_where_it_was_typed(reporting):
    done = reporting.run("-s", "--reporter", "Jurnal", "a")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(
        "error: --reporter names `Jurnal`, which is not installed\n  help: installed: Aborts, Blocks, "
    )
    assert not (reporting.root / "a").exists()
    reporting.write("paratask.toml", '\nreporters = ["Journal", "mine"]\n')
    done = reporting.run("-s", "a")
    assert said(done.stderr) == "paratask: warning: paratask.toml:2 names the reporter `mine`, which is not installed"
    assert "JobChanged a succeeded" in (reporting.root / "heard").read_text()
    done = reporting.run("-s", "a", env={"PARATASK_REPORTER": "mine"})
    assert said(done.stderr) == "paratask: warning: PARATASK_REPORTER names the reporter `mine`, which is not installed"


def test_no_reporter_is_told_a_secret(reporting):
    reporting.run("-s", "--reporter", "Journal", "secret")
    assert "CommandEnded secret  echo ***** > /dev/null\n" in (reporting.root / "heard").read_text()


@pytest.mark.slow
def test_in_a_watch_each_run_is_reported(reporting, begin):
    reporting.taskfile("version: '3'\ntasks:\n  show: {sources: [x.txt], cmds: [cat x.txt]}\n")
    reporting.write("x.txt", "one\n")
    process = begin("--watch", "--interval=50ms", "--reporter", "Journal", "show")
    seen = [process.stderr.readline() for _ in range(3)]
    assert seen[-1] == 'task: task "show" finished running\n', seen
    reporting.write("x.txt", "two\n")
    assert [process.stderr.readline() for _ in range(2)][-1] == 'task: task "show" finished running\n'
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    lines = (reporting.root / "heard").read_text().splitlines()
    assert [line.split()[0] for line in lines].count("finished") == 2


@pytest.mark.slow
def test_the_template_is_a_reporter_that_installs_and_reports(workspace, tmp_path):
    project = Path(shutil.copytree(TEMPLATE, tmp_path / "reporter", ignore=shutil.ignore_patterns(".*", "__pycache__")))
    target = tmp_path / "installed"
    environ = {**workspace.environ, "PIP_CONFIG_FILE": os.devnull, "PYTHONPATH": ""}

    def python(*args: str, **options) -> str:
        done = subprocess.run([sys.executable, *args], capture_output=True, text=True, check=False, **options)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    python("-m", "build", "--wheel", "--no-isolation", "--outdir", "dist", cwd=project, env=environ)
    (wheel,) = project.glob("dist/*.whl")
    python(
        "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--target", str(target), str(wheel), cwd=project, env=environ
    )
    assert "2 passed" in python("-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=project, env=environ)
    workspace.environ["PYTHONPATH"] = str(target)
    workspace.taskfile("version: '3'\ntasks:\n  lint: [echo 1 problem, exit 2]\n  fine: echo fine\n")
    assert workspace.run("--reporter", "failures", "fine").returncode == 0
    assert not (workspace.root / "failures.log").exists()
    assert workspace.run("--reporter", "failures", "lint").returncode == 201
    lines = (workspace.root / "failures.log").read_text().splitlines()
    assert [line.split(" ", 1)[1] for line in lines] == ["lint: 1 problem", f"1 failed in run {workspace.latest_run().name}"]


def test_the_example_of_the_documentation_works(workspace, tmp_path):
    text = (Path(__file__).parents[2] / "docs" / "plugins.md").read_text().partition("## Reporters")[2]
    (entry,), (module, *_) = (
        re.findall(r"```toml\n(.*?)```", text, re.DOTALL),
        re.findall(r"```python\n(.*?)```", text, re.DOTALL),
    )
    info = tmp_path / "site" / "paratask_bell-1.0.dist-info"
    info.mkdir(parents=True)
    (info.parent / "paratask_bell.py").write_text(module)
    (info / "entry_points.txt").write_text(
        entry.replace('project.entry-points."paratask.reporters"', "paratask.reporters").replace('"', "")
    )
    workspace.environ["PYTHONPATH"] = str(info.parent)
    workspace.taskfile("version: '3'\ntasks:\n  good: echo good\n  bad: exit 1\n")
    assert workspace.run("-s", "--reporter", "bell", "good").stderr == ""
    assert workspace.run("-s", "--reporter", "bell", "bad").stderr.endswith("\n\a")
