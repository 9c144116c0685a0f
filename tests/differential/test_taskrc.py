"""`.taskrc.yml` and experiments through the real `task` and through paratask: where they are found, and what they change."""

from __future__ import annotations

from pathlib import Path

import pytest
from comparing import TASK, Both

from serving import Page, Server, serving

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


WITH_TOKEN = '{{host: "{host}", headers: {{Authorization: "Bearer {{{{env \\"TOKEN\\"}}}}"}}}}'


def with_headers(both: Both, server: Server, *entries: str) -> None:
    """A Taskfile that includes a page which wants a token, and these entries of `headers`."""
    server.pages["/x.yml"] = Page(TASKFILE, user="Bearer s3cret")
    both.environ["TOKEN"] = "s3cret"
    both.write(".taskrc.yml", f"remote: {{insecure: true, headers: [{', '.join(entries)}]}}")
    both.write("Taskfile.yml", f"version: '3'\nincludes: {{x: {server.url}/x.yml}}")


def test_headers_for_a_host_were_not_known(both: Both) -> None:
    with serving() as server:
        with_headers(both, server, WITH_TOKEN.format(host=server.host))
        both.agree("-y", "x")
        both.environ["TOKEN"] = ""
        both.agree("-y", "x", code=103)
        both.agree("-y", "--offline", "x")  # what is in the cache needs no token
        with_headers(both, server, WITH_TOKEN.format(host="127.0.0.1"))
        both.agree("-y", "x", code=103)


@pytest.mark.parametrize(
    ("headers", "code"),
    [("{A B: c}", 1), ("{'': c}", 1), ("{A: '{{env'}", 1), ('{A: "b\\nc"}', 103), ("{Authorization: [a]}", 105), ("[a]", 105)],
)
def test_headers_that_cannot_be_sent(both: Both, headers: str, code: int) -> None:
    with serving() as server:
        with_headers(both, server, f"{{host: '{server.host}', headers: {headers}}}")
        both.agree("-y", "x", code=code)


def test_headers_of_the_nearest_file_and_the_last_entry_count(both: Both) -> None:
    with serving() as server:
        at_home(both, f"remote: {{headers: [{WITH_TOKEN.format(host=server.host)}]}}")
        with_headers(both, server, "{host: elsewhere, headers: {A: b}}", "{headers: {A: b}}", "{host: another}")
        both.agree("-y", "x")
        with_headers(both, server, f"{{host: '{server.host}', headers: {{A: b}}}}")
        both.agree("-y", "--download", "x", code=103)
        with_headers(both, server, f"{{host: '{server.host}', headers: {{A: b}}}}", WITH_TOKEN.format(host=server.host))
        both.agree("-y", "--download", "x")


@pytest.mark.parametrize("status", [301, 302, 401, 403])
def test_answers_that_lead_to_no_file(both: Both, status: int) -> None:
    with serving() as server:
        server.pages["/x.yml"] = Page(status=status, location="/x.yml" if status < 400 else "")
        both.agree("-y", "--insecure", "-t", f"{server.url}/x.yml", code=100 if status == 403 else 103)


def test_file_that_lay_packed_on_its_server_was_not_unpacked(both: Both) -> None:
    with serving() as server:
        server.pages["/x.yml"] = Page(TASKFILE, packed=1)
        both.agree("-y", "--insecure", "-t", f"{server.url}/x.yml")


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
