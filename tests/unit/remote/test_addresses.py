"""Addresses: what is one, what a file there includes, and the names of its cached files."""

from __future__ import annotations

import pytest

from paratask.errors import TaskfileNotSecureError, TaskfileReadError
from paratask.remote.addresses import GitAddress, HttpAddress, parse_address


def parsed(text: str) -> HttpAddress | GitAddress:
    address = parse_address(text, insecure=True)
    assert address is not None
    return address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Taskfile.yml",
        "./x.yml",
        "/abs/x.yml",
        "a:b",
        "ftp://h/x.yml",
        "file:///x.git",
        "HTTP://h/x",
        "ssh://h/x",
        "c:\\x.git",
    ],
)
def test_local_files(text):
    assert parse_address(text, insecure=True) is None


@pytest.mark.parametrize(
    ("text", "location"),
    [
        ("https://h/x.yml", "https://h/x.yml"),
        ("https://h", "https://h"),
        ("https://me:secret@h:8080/x.yml?a=b&c=%20", "https://me:xxxxx@h:8080/x.yml?a=b&c=%20"),
        ("https://me@h/x.yml", "https://me@h/x.yml"),
        ("https://h/a b/ü.yml", "https://h/a%20b/%C3%BC.yml"),
        ("https://h/a%2Fb.yml", "https://h/a%2Fb.yml"),
    ],
)
def test_over_http(text, location):
    address = parsed(text)
    assert isinstance(address, HttpAddress)
    assert address.location == location


@pytest.mark.parametrize(
    ("text", "repository", "path", "ref"),
    [
        ("https://h/a/b.git", "https://h/a/b.git", "", ""),
        ("https://h/b.git//x.yml?ref=v1", "https://h/b.git", "x.yml", "v1"),
        ("https://h/b.git//a/x.yml", "https://h/b.git", "a/x.yml", ""),
        ("https://dev.azure.com/o/p/_git/r//x.yml?ref=main", "https://dev.azure.com/o/p/_git/r", "x.yml", "main"),
        ("git@h:a/b.git//x.yml?ref=v1", "ssh://git@h/a/b.git", "x.yml", "v1"),
        ("h:b.git", "ssh://h/b.git", "", ""),
        ("ssh://git@h:22/b.git//x.yml", "ssh://git@h:22/b.git", "x.yml", ""),
        ("git://h/b//x.yml", "git://h/b", "x.yml", ""),
        ("http://me:secret@h/b.git//x.yml", "http://me:secret@h/b.git", "x.yml", ""),
    ],
)
def test_in_git(text, repository, path, ref):
    address = parsed(text)
    assert isinstance(address, GitAddress)
    assert (address.repository, address.path, address.ref) == (repository, path, ref)
    assert "secret" not in address.location


@pytest.mark.parametrize("text", ["http://h/x.yml", "http://h/b.git//x.yml"])
def test_http_has_to_be_allowed(text):
    with pytest.raises(TaskfileNotSecureError) as caught:
        parse_address(text, insecure=False)
    assert caught.value.message == f"`{text}` cannot be downloaded over an insecure connection"
    assert caught.value.help == "use https, or --insecure"


@pytest.mark.parametrize("text", ["https://h/a%00b", "https://h/a\nb", "https://h/a%0a", "https://[h/x.yml"])
def test_no_addresses(text):
    with pytest.raises(TaskfileReadError):
        parse_address(text, insecure=True)


@pytest.mark.parametrize(
    ("base", "written", "joined"),
    [
        ("https://h/a/T.yml", "x.yml", "https://h/a/x.yml"),
        ("https://h/a/T.yml?q=1", "./b/../x.yml?r=2", "https://h/a/x.yml?r=2"),
        ("https://h/a/T.yml", "../../../x.yml", "https://h/x.yml"),
        ("https://h/a/T.yml", "/x.yml", "https://h/x.yml"),
        ("https://h/a/T.yml", "//other/x.yml", "https://other/x.yml"),
        ("https://h/a/T.yml", "b/..", "https://h/a/"),
        ("https://h/a/T.yml", "", "https://h/a/T.yml"),
        ("https://h/a/T.yml", "https://other/x.git//y", "https://other/x.git//y"),
        ("https://h", "x.yml", "https://h/x.yml"),
        ("https://me:secret@h/a/T.yml", "x.yml", "https://me:secret@h/a/x.yml"),
        ("https://h/b.git//a/T.yml?ref=v1", "x.yml", "https://h/b.git//a/x.yml?ref=v1"),
        ("https://h/b.git//a/T.yml?ref=v1", "../x.yml", "https://h/b.git//x.yml?ref=v1"),
        ("https://h/b.git", "/a/./x.yml", "https://h/b.git//a/x.yml"),
        ("https://h/b.git//T.yml", "git@h:c.git//x.yml", "git@h:c.git//x.yml"),
        ("git@h:b.git//a/T.yml", "x.yml", "ssh://git@h/b.git//a/x.yml"),
    ],
)
def test_includes_are_relative_to_the_address(base, written, joined):
    assert parsed(base).joined(written) == joined


def test_a_colon_where_a_scheme_would_be():
    with pytest.raises(TaskfileReadError):
        parsed("https://h/T.yml").joined("git@h:b.git//x.yml")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("https://github.com", "http.github.com..996e1f714b08e971ec79e3bea686287e66441f043177999a13dbc546d8fe402a"),
        (
            "https://github.com/foo/bar/Taskfile.yml",
            "http.github.com.bar.Taskfile.yml.b9cf01e01e47c0e96ea536e1a8bd7b3a6f6c1f1881bad438990d2bfd4ccd0ac0",
        ),
        (
            "https://github.com/foo/bar.git//multiple/directory/Taskfile.yml?ref=main",
            "git.github.com.directory.Taskfile.yml.1b6d145e01406dcc6c0aa572e5a5d1333be1ccf2cae96d18296d725d86197d31",
        ),
        (
            "https://github.com/foo/bar.git//Taskfile.yml?ref=main",
            "git.github.com.Taskfile.yml.39d28c1ff36f973705ae188b991258bbabaffd6d60bcdde9693d157d00d5e3a4",
        ),
    ],
)
def test_names_of_cached_files_are_those_of_task(text, name):
    assert parsed(text).cache_name == name


def test_cached_files_stay_in_their_folder():
    for text in ("https://h/..%2F..%2Fx", "https://h/a/..", "https://h/b.git//../../x", "https://h/%2e%2e/"):
        assert "/" not in parsed(text).cache_name


def test_folders_of_includes():
    over_http, in_git = parsed("https://h/T.yml"), parsed("https://h/b.git")
    assert over_http.folder_base("/own", None) == "/own"
    assert over_http.folder_base("/own", "/parent") == "/parent"
    assert in_git.folder_base("/a/own", "/parent") == "/a"
    assert in_git.folder_base("", None) == "."
