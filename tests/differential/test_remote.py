"""Remote Taskfiles through the real `task` and through paratask, from the same server: output, exit codes and cached files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import trustme
from comparing import TASK, Both

from serving import Page, Server, git_served, make_repository, serving

pytestmark = [pytest.mark.skipif(TASK is None, reason="the real `task` is not installed"), pytest.mark.slow]

ROOT = """
version: '3'
includes:
  sub: ./sub/Taskfile.yml
  folder: {taskfile: more, dir: here}
  up: {taskfile: /top.yml, dir: there}
tasks:
  default: 'echo root "{{.TASKFILE}} [{{.TASKFILE_DIR}}] {{.TASK_DIR}} {{.ROOT_TASKFILE}} [{{.ROOT_DIR}}]" && pwd'
"""
SUB = """
version: '3'
includes: {inner: {taskfile: ../inner.yml, dir: deeper}}
tasks: {default: 'echo sub "{{.TASKFILE}} {{.TASK_DIR}}" && pwd'}
"""
LEAF = """
version: '3'
tasks: {default: 'echo leaf "{{.TASKFILE}} {{.TASK_DIR}}" && pwd'}
"""
ALL = ("default", "sub", "sub:inner", "folder", "up")


@pytest.fixture
def both(tmp_path: Path) -> Both:
    return Both(tmp_path)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        server.pages.update(
            {
                "/a/Taskfile.yml": Page(ROOT),
                "/a/sub/Taskfile.yml": Page(SUB),
                "/a/inner.yml": Page(LEAF),
                "/a/more": Page("<html></html>", kind="text/html"),
                "/a/more/taskfile.yaml": Page(LEAF),
                "/top.yml": Page(LEAF),
            }
        )
        yield server


def test_a_remote_root_and_what_it_includes(both: Both, server: Server) -> None:
    said = both.agree("-v", "-y", "--insecure", "-t", f"{server.url}/a/Taskfile.yml", *ALL)
    assert said.count("[assuming yes]") == 5


def test_a_remote_root_with_a_folder(both: Both, server: Server) -> None:
    both.agree("-v", "-y", "--insecure", "-d", "elsewhere", "-t", f"{server.url}/a/Taskfile.yml", *ALL)


def test_remote_includes(both: Both, server: Server) -> None:
    url = server.url
    both.write(
        "Taskfile.yml",
        f"version: '3'\nincludes:\n  a: {url}/a/Taskfile.yml\n  b: {{taskfile: '{url}/a/sub/Taskfile.yml', dir: own}}\n",
    )
    both.agree("-v", "-y", "--insecure", "a", "a:sub", "a:sub:inner", "a:folder", "a:up", "b", "b:inner")


def test_addresses_of_folders(both: Both, server: Server) -> None:
    server.pages["/Taskfile.yaml"] = server.pages["/Taskfile.yaml?x=1"] = Page(LEAF)
    for address in ("", "/", "/?x=1", "/a/more", "/a/more/"):
        both.agree("-v", "-y", "--insecure", "-t", server.url + address)


def test_lists_name_addresses(both: Both, server: Server) -> None:
    both.agree("-y", "--insecure", "--list-all", "--json", "-t", f"{server.url}/a/Taskfile.yml")


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (Page(status=404), 100),
        (Page(status=500), 100),
        (Page("x", get_status=500), 103),
        (Page("x", get_status=404), 103),
        (Page(LEAF, cut=4), 1),
        (Page("tasks: {}"), 107),
        (Page("version: '3'\ntasks: ["), 109),
        (Page("version: '3'\ntasks: {default: {cmds: {}}}"), 102),
        (Page(LEAF, kind="application/octet-stream"), 0),
        (Page(LEAF, kind="text/html"), 100),
        (Page(status=302, location="/top.yml"), 0),
        (Page(status=302, location="/nowhere.yml"), 100),
    ],
)  # fmt: skip
def test_answers(both: Both, server: Server, page: Page, code: int) -> None:
    server.pages["/x.yml"] = page
    both.agree("-v", "-y", "--insecure", "-t", f"{server.url}/x.yml", code=code)


def test_passwords_are_sent_and_hidden(both: Both, server: Server) -> None:
    server.pages["/x.yml"] = Page(LEAF, user="Basic bWU6c8O8w58gMQ==")
    address = server.url.replace("://", "://me:s%C3%BC%C3%9F%201@") + "/x.yml"
    assert "me:xxxxx@127" in both.agree("-v", "-y", "--insecure", "-t", address)


def test_insecure_addresses_are_refused(both: Both, server: Server) -> None:
    both.agree("-y", "-t", f"{server.url}/top.yml", code=105)
    both.write("Taskfile.yml", f"version: '3'\nincludes: {{a: {server.url}/top.yml}}\ntasks: {{default: echo hi}}\n")
    both.agree("-y", code=105)
    both.write(
        "Taskfile.yml",
        f"version: '3'\nincludes: {{a: {{taskfile: '{server.url}/top.yml', optional: true}}}}\ntasks: {{default: echo hi}}\n",
    )
    both.agree("-y")
    assert server.asked == []


def test_nobody_to_ask(both: Both, server: Server) -> None:
    address = f"{server.url}/top.yml"
    both.agree("-v", "--insecure", "-t", address, code=104)
    both.agree("-v", "--insecure", "-t", address, "--trusted-hosts", "example.org", code=104)
    both.agree("-v", "--insecure", "-t", address, "--trusted-hosts", f"example.org,{server.host}")
    both.agree("-v", "--insecure", "-t", address)
    server.pages["/top.yml"] = Page(SUB.replace("../inner.yml", "a/inner.yml"))
    both.agree("-v", "--insecure", "-t", address, code=104)
    assert "has changed since" in both.agree("-v", "-y", "--insecure", "-t", address)


def test_the_cache(both: Both, server: Server) -> None:
    address = f"{server.url}/top.yml"
    both.agree("-v", "-y", "--insecure", "-t", address, "--offline", code=106)
    both.agree("-v", "-y", "--insecure", "-t", address)
    both.agree("-v", "--insecure", "-t", address, "--offline")
    server.asked.clear()
    assert "cache found" in both.agree("-v", "--insecure", "-t", address, "--expiry", "1h")
    assert server.asked == []
    both.agree("-v", "--insecure", "-t", address, "--expiry", "1h", "--download")
    assert len(server.asked) == 4
    both.agree("--insecure", "-t", address, "--download", "--offline", code=1)
    both.agree("--insecure", "-t", address, "--download", "--clear-cache", code=1)
    both.agree("-v", "--insecure", "-t", address, "--clear-cache")
    both.agree("-v", "-y", "--insecure", "-t", address, "--offline", code=106)


@pytest.mark.parametrize(
    "where", [("--temp-dir", "t"), ("--remote-cache-dir", "r"), ("--temp-dir", "t", "--remote-cache-dir", "r")]
)
def test_where_the_cache_is(both: Both, server: Server, where: tuple[str, ...]) -> None:
    both.agree("-v", "-y", "--insecure", "-t", f"{server.url}/top.yml", *where)
    both.write("sub/Taskfile.yml", f"version: '3'\nincludes: {{a: {server.url}/top.yml}}\n")
    both.agree("-v", "-y", "--insecure", "-d", "sub", "a", *where)


def test_a_server_that_does_not_answer(both: Both, server: Server) -> None:
    address = f"{server.url}/top.yml"
    both.agree("-v", "-y", "--insecure", "-t", address)
    page = server.pages["/top.yml"]
    server.pages["/top.yml"] = Page(held=True)
    both.agree("-v", "--insecure", "-t", address, "--timeout", "300ms")
    both.agree("-v", "--insecure", "-t", address, "--timeout", "300ms", "--download", "--expiry", "1h")
    both.agree("-v", "--insecure", "-t", address + "?new", "--timeout", "0", code=108)
    server.pages["/top.yml?new"] = Page(held=True)
    both.agree("-v", "--insecure", "-t", address + "?new", "--timeout", "300ms", code=108)
    server.pages["/top.yml"] = page


def test_a_server_that_is_gone(both: Both) -> None:
    with serving() as server:
        server.pages["/top.yml"] = Page(LEAF)
        address = f"{server.url}/top.yml"
        both.agree("-v", "-y", "--insecure", "-t", address)
    both.agree("-v", "-y", "--insecure", "-t", address, code=103)


def test_pinned_checksums(both: Both, server: Server) -> None:
    right = "90f0f5a9ab5bc21eb1ca34b39a4e8f3b1b7c1ab23d5c42c6c9d1b9ab00c79f0c"
    local = "version: '3'\ntasks: {default: echo local}\n"
    from hashlib import sha256

    for wanted, code in ((sha256(LEAF.encode()).hexdigest(), 0), (right, 111)):
        include = f"{{taskfile: '{server.url}/top.yml', checksum: '{wanted}'}}"
        both.write("Taskfile.yml", f"version: '3'\nincludes: {{a: {include}}}\n")
        both.agree("-v", "--insecure", "a", code=code)
        both.agree("-v", "--insecure", "a", "--expiry", "1h", code=code)
    for wanted, code in ((sha256(local.encode()).hexdigest(), 0), (right, 111)):
        both.write("local.yml", local)
        both.write("Taskfile.yml", f"version: '3'\nincludes: {{a: {{taskfile: local.yml, checksum: '{wanted}'}}}}\n")
        both.agree("-v", "a", code=code)


def test_the_environment(both: Both, server: Server) -> None:
    both.environ = {
        "TASK_REMOTE_INSECURE": "true",
        "TASK_REMOTE_TRUSTED_HOSTS": f"a, {server.host}",
        "TASK_REMOTE_CACHE_EXPIRY": "1h",
        "TASK_REMOTE_DIR": "remotes",
        "TASK_VERBOSE": "1",
    }
    both.agree("-t", f"{server.url}/top.yml")
    assert "cache found" in both.agree("-t", f"{server.url}/top.yml")
    both.environ["TASK_REMOTE_OFFLINE"] = "1"
    both.environ["TASK_REMOTE_CACHE_DIR"] = "others"
    both.agree("-t", f"{server.url}/top.yml", code=106)


def test_certificates(both: Both, tmp_path: Path) -> None:
    import ssl

    authority, clients = trustme.CA(), trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    clients.configure_trust(context)
    context.verify_mode = ssl.CERT_OPTIONAL
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    mine = clients.issue_cert("me@example.org")
    mine.cert_chain_pems[0].write_to_path(str(tmp_path / "me.pem"))
    mine.private_key_pem.write_to_path(str(tmp_path / "me.key"))
    ca, cert, key = (str(tmp_path / name) for name in ("ca.pem", "me.pem", "me.key"))
    with serving(context) as server:
        server.pages["/top.yml"] = Page(LEAF)
        address = ("-v", "-y", "-t", f"{server.url}/top.yml")
        both.agree(*address, code=103)
        both.agree(*address, "--cacert", ca)
        both.agree(*address, "--cacert", ca, "--cert", cert, "--cert-key", key)
        both.agree(*address, "--insecure")
        both.agree(*address, "--cacert", ca, "--cert", cert, code=1)
        both.agree(*address, "--cacert", key, code=1)
        both.agree(*address, "--cacert", "nowhere.pem", code=1)
        context.verify_mode = ssl.CERT_REQUIRED
        both.agree(*address, "--cacert", ca, "--cert", cert, "--cert-key", key)
        both.agree(*address, "--cacert", ca, code=103)


FILES: Mapping[str, str] = {
    "Taskfile.yml": ROOT.replace("/top.yml", "top.yml").replace("taskfile: more", "taskfile: more/Taskfile.yml"),
    "sub/Taskfile.yml": SUB,
    "inner.yml": LEAF,
    "more/Taskfile.yml": LEAF,
    "top.yml": LEAF,
}


@pytest.mark.parametrize(
    "address",
    [
        "https://git.example/one.git",
        "https://git.example/one.git?ref=main",
        "https://git.example/one.git//Taskfile.yml?ref=v1",
        "git@git.example:one.git//?ref=v1",
        "ssh://git@git.example/one.git//Taskfile.yml",
    ],
)
def test_git(both: Both, tmp_path: Path, address: str) -> None:
    make_repository(tmp_path / "repositories" / "one.git", FILES, tags=("v1",))
    both.environ = git_served(tmp_path / "repositories")
    both.agree("-v", "-y", "-t", address, *ALL)
    both.agree("-v", "--offline", "-t", address, *ALL)
    for include in (f"'{address}'", f"{{taskfile: '{address}', dir: own}}"):
        both.write("Taskfile.yml", f"version: '3'\nincludes: {{a: {include}}}\n")
        both.agree("-v", "-y", *(f"a:{name}" for name in ALL))


@pytest.mark.parametrize(
    "address",
    [
        "https://git.example/none.git",
        "https://git.example/one.git?ref=nope",
        "https://git.example/one.git//none.yml",
        "https://git.example/one.git//../../one.git/Taskfile.yml",
    ],
)
def test_git_that_fails(both: Both, tmp_path: Path, address: str) -> None:
    make_repository(tmp_path / "repositories" / "one.git", FILES)
    both.environ = git_served(tmp_path / "repositories")
    both.agree("-v", "-y", "-t", address, code=1)


def test_addresses_that_are_none(both: Both) -> None:
    both.agree("-t", "ftp://127.0.0.1/Taskfile.yml", code=100)
    both.agree("-t", "HTTPS://127.0.0.1:1/Taskfile.yml", code=100)
    both.agree("-t", "http://127.0.0.1/one.git", code=105)


def test_a_cache_made_by_one_serves_the_other(both: Both, server: Server) -> None:
    address = f"{server.url}/a/Taskfile.yml"
    both.agree("-y", "--insecure", "-t", address)
    ours, theirs = (both.folder(name) / ".task" / "remote" for name in ("paratask", "task"))
    aside = both.root / "aside"
    ours.rename(aside)
    theirs.rename(ours)
    aside.rename(theirs)
    server.asked.clear()
    assert "cache found" in both.agree("-v", "-y", "--insecure", "--expiry", "1h", "-t", address)
    assert server.asked == []
