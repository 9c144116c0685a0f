"""Remote Taskfiles from the command line: asking at a terminal, and what only paratask says or refuses."""

from __future__ import annotations

import ssl

import pytest
import trustme

from serving import Page, git_served, make_repository, serving

from .test_terminal import Screen

LEAF = "version: '3'\ntasks: {default: echo leaf}\n"

pytestmark = pytest.mark.slow


@pytest.fixture
def server():
    with serving() as server:
        server.pages["/x.yml"] = Page(LEAF)
        yield server


def question(server):
    return (
        f'The task you are attempting to run depends on the remote Taskfile at "{server.url}/x.yml".\r\n'
        "--- Make sure you trust the source of this Taskfile before continuing ---\r\nContinue? [y/N]: "
    ).encode()


@pytest.mark.parametrize(("answer", "code"), [(b"y\n", 0), (b"YES\n", 0), (b"\n", 104), (b"n\n", 104), (b"sure\n", 104)])
def test_asking_at_a_terminal(workspace, server, answer, code):
    screen = Screen(workspace, "--insecure", "--color=false", "-t", f"{server.url}/x.yml")
    screen.until(question(server))
    screen.type(answer)
    assert screen.end() == code
    assert (b"leaf\r\n" in screen.seen) is (code == 0)
    assert (workspace.root / ".task" / "remote").exists() is (code == 0)


def test_what_an_untrusted_one_says(workspace, server):
    workspace.taskfile(f"version: '3'\nincludes:\n  x: {server.url}/x.yml\n")
    done = workspace.run("--insecure", "x")
    assert done.returncode == 104
    assert done.stdout == ""
    assert done.stderr == (
        f"Taskfile.yml:3:6: error: `{server.url}/x.yml` is not trusted\n"
        f" 3 |   x: {server.url}/x.yml\n"
        "   |      ^\n"
        f"  help: --trusted-hosts {server.host}, or answer with yes (--yes)\n"
    )


def test_mistakes_in_a_remote_file_are_at_its_address(workspace, server):
    server.pages["/x.yml"] = Page("version: '3'\nspeed: 3\ntasks: {default: {cmds: {}}}\n")
    done = workspace.run("--insecure", "-y", "-t", f"{server.url}/x.yml")
    assert done.returncode == 102
    assert done.stderr.startswith(f"{server.url}/x.yml:3:")


def test_a_secure_address_never_leads_to_an_insecure_one(workspace, server):
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    ca = workspace.root / "ca.pem"
    authority.cert_pem.write_to_path(str(ca))
    with serving(context) as secure:
        secure.pages["/x.yml"] = Page(status=302, location=f"{server.url}/x.yml")
        done = workspace.run("-y", "--cacert", str(ca), "-t", f"{secure.url}/x.yml")
        assert done.stderr == (
            f"error: `{secure.url}/x.yml` leads to `{server.url}/x.yml`, which is not secure\n  help: --insecure\n"
        )
        assert done.returncode == 105
    assert server.asked == []


def test_a_file_too_large_to_be_a_taskfile(workspace, server):
    server.pages["/x.yml"] = Page("#" * (9 * 1024 * 1024))
    done = workspace.run("--insecure", "-y", "-t", f"{server.url}/x.yml")
    assert done.returncode == 103
    assert done.stderr == f"error: download of `{server.url}/x.yml` failed: larger than 8 MiB: this is no Taskfile\n"


def test_a_repository_is_not_left_behind(workspace, tmp_path):
    make_repository(tmp_path / "repositories" / "a.git", {"Taskfile.yml": LEAF})
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environ = {**git_served(tmp_path / "repositories"), "TMPDIR": str(temporary)}
    done = workspace.run("-y", "-t", "https://git.example/a.git", env=environ)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "leaf")
    assert list(temporary.iterdir()) == []
    done = workspace.run("-y", "-t", "https://git.example/a.git?ref=nope", env=environ)
    assert done.stderr == (
        "error: `https://git.example/a.git?ref=nope` cannot be cloned: fatal: Remote branch nope not found in upstream origin\n"
    )
    assert list(temporary.iterdir()) == []


def test_without_git(workspace):
    done = workspace.run("-y", "-t", "https://git.example/a.git", env={"PATH": "/nowhere"})
    assert (done.returncode, done.stderr) == (
        1,
        "error: `https://git.example/a.git` cannot be cloned: git cannot be started: No such file or directory\n",
    )


def test_records_of_a_remote_root_are_kept_here(workspace, server):
    assert workspace.run("--insecure", "-y", "-t", f"{server.url}/x.yml").returncode == 0
    assert (workspace.latest_run() / "summary.json").exists()


def test_a_plan_of_a_remote_root(workspace, server):
    done = workspace.run("--insecure", "-y", "--plan", "-t", f"{server.url}/x.yml")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--download", "--offline"), "--download and --offline exclude each other"),
        (("--download", "--clear-cache"), "--download and --clear-cache exclude each other"),
        (("--cert", "x"), "--cert and --cert-key go together"),
    ],
)
def test_options_that_do_not_go_together(workspace, words, message):
    done = workspace.run(*words)
    assert (done.returncode, done.stderr) == (1, f"error: {message}\n")


def test_the_certificate_that_is_named_is_the_one_that_cannot_be_read(workspace, tmp_path):
    mine = tmp_path / "me.pem"
    trustme.CA().issue_cert("me@example.org").private_key_and_cert_chain_pem.write_to_path(str(mine))
    words = ("--cert", str(mine), "--cert-key", str(mine), "-t", "https://127.0.0.1:9/x.yml")
    done = workspace.run("--cacert", "nowhere.pem", *words)
    assert (done.returncode, done.stderr) == (
        1, "nowhere.pem: error: a certificate cannot be read: No such file or directory\n",
    )  # fmt: skip
    done = workspace.run(*words)
    assert (done.returncode, done.stderr) == (
        103, "error: download of `https://127.0.0.1:9/x.yml` failed: Connection refused\n",
    )  # fmt: skip
