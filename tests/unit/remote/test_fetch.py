from __future__ import annotations

import time
import urllib.request
from collections.abc import Iterator, Mapping
from http.client import HTTPMessage
from io import BytesIO

import pytest

from paratask.errors import TaskfileFetchError
from paratask.remote.addresses import HttpAddress, parse_address
from paratask.remote.fetch import Certificates, HttpFetcher, _Redirects
from serving import Page, Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server


def fetched(url: str, headers: Mapping[str, Mapping[str, str]]) -> bytes:
    fetcher = HttpFetcher(Certificates(insecure=True), clock=time.monotonic, headers=lambda host: headers.get(host, {}))
    address = parse_address(url, insecure=True)
    assert isinstance(address, HttpAddress)
    return fetcher.fetch(address, 5.0)


def test_headers_go_with_all_requests_to_their_host_and_to_no_other(server: Server) -> None:
    with serving() as other:
        server.pages["/a"] = Page(status=302, location="/b", kind="text/html")
        server.pages["/b"] = Page(status=302, location=f"{other.url}/c", kind="text/html")
        other.pages["/c"] = Page("text")
        headers = {server.host: {"authorization": "Bearer s3cret", "x-kind": "one"}, other.host: {"x-other": "two"}}
        assert fetched(f"{server.url}/a", headers) == b"text"
    assert [(told.get("authorization"), told.get("x-kind")) for told in server.told] == [("Bearer s3cret", "one")] * 4
    assert [set(told) & {"authorization", "x-kind", "x-other"} for told in other.told] == [set(), set()]


def test_header_takes_the_place_of_the_address_s_user(server: Server) -> None:
    server.pages["/a"] = Page("text", user="Bearer s3cret")
    fetched(f"http://me:password@{server.host}/a", {server.host: {"authorization": "Bearer s3cret"}})


def test_value_that_cannot_be_sent_is_not_shown(server: Server) -> None:
    with pytest.raises(TaskfileFetchError) as caught:
        fetched(f"{server.url}/a", {server.host: {"X-Token": "s3cret\n"}})
    assert "its header `X-Token` has a line break" in caught.value.message
    assert "s3cret" not in caught.value.message
    assert server.asked == []


def test_refusal_says_how_a_token_is_sent(server: Server) -> None:
    server.pages["/a"] = Page("text", user="Bearer s3cret")
    with pytest.raises(TaskfileFetchError) as caught:
        fetched(f"{server.url}/a", {})
    assert caught.value.message.endswith("failed: status 401 (Unauthorized)")
    assert caught.value.help == "`remote: headers` in .taskrc.yml sends a token"


def test_packed_file_that_is_cut_off_or_no_file(server: Server) -> None:
    server.pages["/a"] = Page("x" * (9 * 1024 * 1024), packed=1)
    with pytest.raises(TaskfileFetchError, match="cannot be unpacked"):
        fetched(f"{server.url}/a", {})


@pytest.mark.parametrize("pieces", [1, 3])
def test_packed_file_is_unpacked_whole(server: Server, pieces: int) -> None:
    server.pages["/a"] = Page("version: '3'", packed=pieces)
    assert fetched(f"{server.url}/a", {}) == b"version: '3'"


@pytest.mark.parametrize(
    ("start", "end", "is_sent"),
    [("https", "https", True), ("http", "http", True), ("http", "https", True), ("https", "http", False)],
)
def test_token_does_not_go_on_unencrypted(start: str, end: str, is_sent: bool) -> None:
    """Where `--insecure` lets the redirection be followed at all."""
    request = urllib.request.Request(f"{start}://host/a")
    request.add_unredirected_header("Authorization", "Bearer s3cret")
    followed = _Redirects(insecure=True).redirect_request(request, BytesIO(), 302, "Found", HTTPMessage(), f"{end}://host/b")
    assert followed is not None
    assert followed.has_header("Authorization") == is_sent
