"""`.taskrc.yml` and experiments through the real `task` and through paratask: where they are found, and what they change."""

from __future__ import annotations

from pathlib import Path

import pytest
from comparing import TASK, Both

from serving import Page, serving

pytestmark = [pytest.mark.skipif(TASK is None, reason="the real `task` is not installed"), pytest.mark.slow]

TASKFILE = """
version: '3'
env: {FROM_ENV: taskfile}
tasks:
  default: 'echo {{.CLI_VERBOSE}} {{.CLI_SILENT}} {{.CLI_FORCE}} {{.CLI_OFFLINE}} $FROM_ENV $TASK_X_ENV_PRECEDENCE {{.TASK_X_GENTLE_FORCE}}'
  fresh: {sources: [Taskfile.yml], cmds: [echo fresh]}
  outer: {sources: [Taskfile.yml], deps: [fresh], cmds: [{task: fresh}, echo outer]}
"""


@pytest.fixture
def both(tmp_path: Path) -> Both:
    both = Both(tmp_path)
    both.write("Taskfile.yml", TASKFILE)
    return both


def at_home(both: Both, text: str) -> None:
    (both.root / ".taskrc.yml").write_text(text)


@pytest.mark.parametrize(
    "text", ["", "verbose: true", "silent: yes", "verbose: true\nsilent: off", "remote: {offline: true}", "remote:"]
)
def test_beside_the_taskfile(both: Both, text: str) -> None:
    both.write(".taskrc.yml", text)
    both.agree()
    both.agree("-v")
    both.agree("--verbose=false", "--silent=false")
    both.environ["TASK_VERBOSE"] = "0"
    both.agree()


@pytest.mark.parametrize(
    "text", ["verbose: maybe", "verbose: [", "- verbose", "verbose: true\nconcurrency: x", "verbose: true\nverbose: true", "just text"]
)  # fmt: skip
def test_files_that_cannot_be_used(both: Both, text: str) -> None:
    both.write(".taskrc.yml", text)
    both.agree()


def test_the_nearest_counts_most(both: Both) -> None:
    xdg = both.root / "xdg" / "task"
    xdg.mkdir(parents=True)
    (xdg / "taskrc.yml").write_text("silent: true\nverbose: true\nexperiments: {GENTLE_FORCE: 1}")
    both.environ["XDG_CONFIG_HOME"] = str(both.root / "xdg")
    both.agree()
    both.agree("--experiments")
    at_home(both, "verbose: false")
    both.agree()
    both.write("../.taskrc.yaml", "silent: false\nexperiments: {ENV_PRECEDENCE: 1}")
    both.agree()
    both.agree("--experiments")
    both.write(".taskrc.yml", "verbose: true")
    both.agree()
    both.write("sub/Taskfile.yml", TASKFILE)
    both.write("sub/.taskrc.yml", "verbose: false")
    both.agree("-d", "sub")
    both.agree("-t", "sub/Taskfile.yml")
    both.agree("-t", "sub")


def test_remote_settings(both: Both) -> None:
    with serving() as server:
        server.pages["/x.yml"] = Page(TASKFILE)
        both.write(
            ".taskrc.yml",
            f"remote: {{insecure: true, trusted-hosts: ['{server.host}'], cache-expiry: 1h, cache-dir: c, timeout: 5s}}\nverbose: true",
        )
        at_home(both, "remote: {trusted-hosts: [a, b], cache-dir: d}")
        both.write("sub/Taskfile.yml", f"version: '3'\nincludes: {{x: {server.url}/x.yml}}")
        assert "no cache found" in both.agree("-d", "sub", "x")
        assert "cache found" in both.agree("-d", "sub", "x")


def test_temp_dir(both: Both) -> None:
    both.write(".taskrc.yml", "temp-dir: elsewhere")
    both.agree("fresh", "fresh")
    for program in ("task", "paratask"):
        assert (both.folder(program) / "elsewhere" / "checksum" / "fresh").exists()


@pytest.mark.parametrize("value", ["", "0", "1", "2", "-1", "x", "+1"])
@pytest.mark.parametrize("name", ["GENTLE_FORCE", "ENV_PRECEDENCE", "REMOTE_TASKFILES"])
def test_experiments(both: Both, name: str, value: str) -> None:
    both.environ[f"TASK_X_{name}"] = value
    both.agree("--experiments")
    both.complain()


def test_env_precedence(both: Both) -> None:
    both.environ["FROM_ENV"] = "outside"
    assert "outside" in both.agree()
    both.write(".env", "TASK_X_ENV_PRECEDENCE=1\nOTHER=2\n")
    assert "taskfile" in both.agree()
    both.environ["TASK_X_ENV_PRECEDENCE"] = "0"
    assert "taskfile" in both.agree()


def test_gentle_force(both: Both) -> None:
    both.agree("outer")
    assert both.agree("outer", "--force").count("fresh") == 2
    both.agree("outer", "--force-all", code=2)
    both.write(".taskrc.yml", "experiments: {GENTLE_FORCE: 1}")
    assert both.agree("outer", "--force").count("fresh") == 0
    assert both.agree("outer", "--force-all").count("fresh") == 2
    both.agree("--force")
    both.agree("--force-all")
