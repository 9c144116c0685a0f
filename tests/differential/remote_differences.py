"""The rows of docs/compatibility.md about remote Taskfiles and .taskrc.yml, each as a check on both programs. See test_compatibility."""

from __future__ import annotations

import ssl
import subprocess

import trustme

from serving import Page, git_served, make_repository, serving

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    class Ended(Protocol):
        code: int
        out: str
        err: str

    class Sides(Protocol):
        @property
        def below(self): ...
        def taskfile(self, text: str, **files: str) -> None: ...
        def task(self, *arguments: str, **environment: str) -> Ended: ...
        def paratask(self, *arguments: str, **environment: str) -> Ended: ...


LEAF = "version: '3'\ntasks: {default: echo leaf}\n"


def remote_order(sides: Sides) -> None:
    """The first include's file comes when the second one was asked for, which paratask does only after the first."""
    options = ("--insecure", "-y", "--timeout", "2s", "b")
    with serving() as server:
        sides.taskfile(f"includes:\n  a: {server.url}/a.yml\n  b: {server.url}/b.yml\n")
        server.pages.update({"/a.yml": Page(LEAF, after="/b.yml"), "/b.yml": Page(LEAF)})
        assert sides.task(*options).code == 0
        server.asked.clear()
        assert sides.paratask(*options).code == 108


def remote_redirects(sides: Sides) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    ca = str(sides.below / "ca.pem")
    authority.cert_pem.write_to_path(ca)
    with serving() as plain, serving(context) as secure:
        plain.pages["/x.yml"] = Page(LEAF)
        secure.pages["/x.yml"] = Page(status=302, location=f"{plain.url}/x.yml")
        words = ("-y", "--cacert", ca, "-t", f"{secure.url}/x.yml")
        assert sides.task(*words).code == 0
        assert sides.paratask(*words).code == 105
        assert sides.paratask("--insecure", *words).code == 0


def remote_repositories(sides: Sides) -> None:
    repository = sides.below / "repositories" / "a.git"
    make_repository(repository, {"Taskfile.yml": LEAF})
    (sides.below / "secret.yml").write_text(LEAF)
    (repository / "link.yml").symlink_to(sides.below / "secret.yml")
    who = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    subprocess.run(["git", "add", "."], cwd=repository, check=True)
    subprocess.run(["git", *who, "commit", "-q", "-m", "link"], cwd=repository, check=True)
    words = ("-y", "-t", "https://git.example/a.git//link.yml")
    assert sides.task(*words, **git_served(repository.parent)).code == 0
    assert sides.paratask(*words, **git_served(repository.parent)).code == 1


def remote_proxies(sides: Sides) -> None:
    with serving() as proxy:
        proxy.pages["http://host.example/x.yml"] = Page(LEAF)
        words = ("-y", "--insecure", "-t", "http://host.example/x.yml")
        environment = {"http_proxy": proxy.url, "no_proxy": ""}
        assert sides.task(*words, **environment).code == 103
        assert sides.paratask(*words, **environment).code == 0


def taskrc_mistakes(sides: Sides) -> None:
    sides.taskfile("tasks: {default: echo hi}\n", _taskrc_yml="silent: maybe\n")
    theirs, ours = sides.task(), sides.paratask()
    assert (theirs.code, theirs.out) == (ours.code, ours.out) == (0, "hi\n")
    assert theirs.err == ""
    assert "warning: cannot unmarshal !!str `maybe` into bool; the file has no effect" in ours.err


REMOTE_CHECKS: dict[str, Callable[[Sides], None]] = {
    "remote-order": remote_order,
    "remote-redirects": remote_redirects,
    "remote-repositories": remote_repositories,
    "remote-proxies": remote_proxies,
    "taskrc-mistakes": taskrc_mistakes,
}
