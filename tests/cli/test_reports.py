"""`--report` and `--graph`, as their users ask for them."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import threading
from xml.etree import ElementTree as ET

import pytest
from junitparser import JUnitXml

from paratask.cli.reports import Reports

TASKFILE = """\
version: '3'
silent: true
vars:
  TOKEN: {value: hunter2hunter2, secret: true}
tasks:
  all: [task: lint, task: test]
  lint: {deps: [a, b]}
  a: echo a > a.txt
  b: echo b > b.txt
  test: "cat a.txt >/dev/null; echo 'before <b>{{.TOKEN}}</b>' | tee log.txt; exit 3"
  wait: "read line < fifo"
"""


def test_all_formats_of_a_run_that_failed(workspace):
    workspace.taskfile(TASKFILE)
    below = workspace.root / "sub"
    below.mkdir()
    wanted = ["json=r/run.json", "junit=r/a,b.xml", "trace=r/trace.json,html=r/page.html", "markdown=-"]
    done = workspace.run("all", *(word for one in wanted for word in ("--report", one)), cwd=below)
    assert done.returncode == 201
    folder = below / "r"
    assert sorted(path.name for path in folder.iterdir()) == ["a,b.xml", "page.html", "run.json", "trace.json"]
    assert (folder / "run.json").read_bytes() == (workspace.latest_run() / "summary.json").read_bytes()
    (suite,) = list(JUnitXml.fromfile(str(folder / "a,b.xml")))
    assert (suite.tests, suite.failures) == (3, 1)
    assert {case.name: case.system_out for case in suite}["test"] == "before <b>*****</b>"
    slices = [event for event in json.loads((folder / "trace.json").read_text())["traceEvents"] if event["ph"] == "X"]
    assert {event["name"] for event in slices} == {"all", "lint", "a", "b", "test"}
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert "before &lt;b&gt;*****&lt;/b&gt;" in page
    assert '<path class="before"' in page
    assert "## ❌ all\n" in done.stdout
    assert "```text\nbefore <b>*****</b>\n```\n" in done.stdout
    assert not [path.name for path in folder.iterdir() if "hunter2" in path.read_text(encoding="utf-8")]


def test_a_report_that_cannot_be_written_is_a_warning(workspace):
    workspace.taskfile(TASKFILE)
    workspace.write("file", "")
    done = workspace.run("a", "--report", "html=file/x.html", "--report", "json=run.json")
    assert done.returncode == 0
    assert done.stderr == "paratask: warning: report `html` did not get to file/x.html: File exists\n"
    assert json.loads((workspace.root / "run.json").read_text())["exit_code"] == 0


@pytest.mark.parametrize("wanted", ["otel=http://127.0.0.1:9", "otel"])
def test_nobody_collects(workspace, wanted):
    """Where the address is the environment's, too, it is said."""
    workspace.taskfile(TASKFILE)
    environ = {"OTEL_EXPORTER_OTLP_TIMEOUT": "1", "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
    done = workspace.run("a", "--report", wanted, env=environ)
    assert done.returncode == 0
    assert done.stderr == (
        "paratask: warning: report `otel` did not get to http://127.0.0.1:9: the collector did not take it\n"
    )


def test_an_interrupted_run_has_its_report(workspace):
    workspace.taskfile(TASKFILE)
    os.mkfifo(workspace.root / "fifo")
    process = workspace.start("wait", "--report", "junit=j.xml", start_new_session=True)
    opened: list[int] = []
    writer = threading.Thread(target=lambda: opened.append(os.open(workspace.root / "fifo", os.O_WRONLY)))
    writer.start()
    writer.join(30)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)
    os.close(opened[0])
    (suite,) = list(JUnitXml.fromfile(str(workspace.root / "j.xml")))
    assert [(case.name, case.is_passed) for case in suite] == [("wait", False)]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--report", "pdf=x", "a"], "no report has the format `pdf`"),
        (["--report", "html", "a"], "report `html` needs a path"),
    ],
)
def test_what_is_no_report_is_said_before_anything_runs(workspace, args, message):
    workspace.taskfile(TASKFILE)
    done = workspace.run(*args)
    assert done.returncode == 2
    assert done.stderr == (
        f"error: {message}\n"
        "  help: as in --report html=out.html; formats are json, junit, trace, html, markdown, and otel, which needs no path\n"
    )
    assert not (workspace.root / "a.txt").exists()


def test_two_reports_to_one_path_left_only_the_last(workspace):
    workspace.taskfile(TASKFILE)
    (workspace.root / "link").symlink_to("r")
    done = workspace.run("--report", "json=r", "--report", "html=./link", "a")
    assert done.returncode == 1
    assert done.stderr == "error: reports `json` and `html` both go to ./link\n  help: give each a path of its own\n"
    assert not (workspace.root / "a.txt").exists()
    assert workspace.run("--report", "json=/dev/null,html=/dev/null,json=-", "a").returncode == 0


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_a_report_to_dev_stdout_took_away_what_the_file_had(workspace, name):
    workspace.taskfile("version: '3'\ntasks:\n  says: echo before; echo before >&2\n")
    path = workspace.root / "out"
    with path.open("w") as file:
        subprocess.run(
            workspace.argv("says", "--report", f"markdown=/dev/{name}"), cwd=workspace.root, env=workspace.environ,
            check=True, **{"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, name: file},
        )  # fmt: skip
    before, _, report = path.read_text(encoding="utf-8").partition("## ")
    assert before.endswith("before\n")
    assert report.startswith("✅ says\n")


def test_a_file_that_is_mounted_by_itself_got_no_report(tmp_path, monkeypatch):
    def refuse(path: str, data: bytes) -> None:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), path)

    monkeypatch.setattr("paratask.cli.reports.replace_file", refuse)
    (tmp_path / "there").write_text("before " * 20)
    warnings: list[str] = []
    summary = '{"run": "r", "calls": [], "jobs": [], "started_at": 1, "ended_at": 2, "exit_code": 0, "parallel": ""}'
    for name, count in (("there", 0), ("new", 1)):
        Reports(f"json={name}", folder=str(tmp_path), logs="", environ={}, warn=warnings.append).write(summary)
        assert len(warnings) == count, warnings
    assert (tmp_path / "there").read_text() == summary


def test_a_run_that_is_kept(workspace):
    workspace.taskfile(TASKFILE)
    assert workspace.run("all", "--report", "html=new.html").returncode == 201
    run = workspace.latest_run()
    done = workspace.run("--run", run.name, "--report", "html=old.html,json=-")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (run / "summary.json").read_text()
    assert (workspace.root / "old.html").read_text() == (workspace.root / "new.html").read_text()
    (run / "summary.json").unlink()
    journal = [line for line in (run / "journal.jsonl").read_text().splitlines(keepends=True) if '"RunEnded"' not in line]
    (run / "journal.jsonl").write_text(
        "".join(line for line in journal if '"JobChanged","job":"all"' not in line or "running" in line)
    )
    assert workspace.run("--run", run.name, "--report", "markdown=killed.md").returncode == 0
    killed = (workspace.root / "killed.md").read_text()
    assert killed.startswith("## ❌ all\n")
    assert "The run did not come to its end." in killed
    assert workspace.run("--run", run.name, "--report", "json=Taskfile.yml/x").returncode == 1
    assert workspace.run("a", "--run", run.name, "--report", "json=-").stderr == (
        "error: --report with --run is of a run that was: it runs no task\n"
    )


@pytest.mark.parametrize("change", [{"calls": 1}, {"jobs": [{}]}, {"stages": [{}]}, {"started_at": 1e308}])
def test_a_summary_that_is_damaged_was_reported_in_the_words_of_python(workspace, change):
    workspace.taskfile(TASKFILE)
    workspace.run("a")
    run = workspace.latest_run()
    (run / "summary.json").write_text(json.dumps({**json.loads((run / "summary.json").read_text()), **change}))
    done = workspace.run("--run", run.name, "--report", "markdown=-,html=h,junit=j,trace=t,json=s")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("## ✅ a\n")


def test_graphs_of_a_plan(workspace):
    workspace.taskfile(TASKFILE)
    dot = workspace.run("--graph", "dot", "all")
    assert dot.returncode == 0
    assert '  "all" -> "lint";\n' in dot.stdout
    assert '  "lint" -> "test" [style=dashed];\n' in dot.stdout
    assert workspace.run("--graph=mermaid", "all").stdout.startswith('---\ntitle: "all"\n---\nflowchart LR\n  n0["all"]\n')
    assert ET.fromstring(workspace.run("--graph=svg", "all").stdout).get("role") == "img"
    assert not (workspace.root / "a.txt").exists()
