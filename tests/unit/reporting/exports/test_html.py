"""The page: nothing from elsewhere, everything escaped, every link with its end."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from paratask.reporting.exports.html_page import render
from unit.reporting.exports.made_up import job, leaf, report

EMPTY = {"meta", "input", "br", "link", "img"}


class Reader(HTMLParser):
    """Takes note of elements; raises where they do not nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture(scope="module")
def page() -> Reader:
    return Reader(render(report(samples=True)))


def test_nothing_comes_from_elsewhere(page):
    for tag, attributes in page.elements:
        assert tag not in ("link", "img", "iframe", "object", "embed")
        assert "src" not in attributes
        assert (attributes.get("href") or "#").startswith("#")
    assert not re.search(r"url\((?!#)|@import|https?://(?!www\.w3\.org/2000/svg)", render(report()))
    policy = next(a["content"] for tag, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; ")


def test_what_a_run_says_cannot_become_part_of_the_page(page):
    assert sum(tag == "script" for tag, _ in page.elements) == 1
    assert not [tag for tag, _ in page.elements if tag == "b"]
    assert "collected 3\nFAILED <script>alert(1)</script>\n100%\nE   assert ]]> &  ```" in page.texts
    assert "{{style}}" in render(report(calls=["{{style}}"]))


def test_every_link_has_its_end(page):
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    links = {attributes["href"].removeprefix("#") for tag, attributes in page.elements if tag == "a"}
    assert len(ids) == len(set(ids))
    assert links <= set(ids)
    named = {attributes["aria-labelledby"] for _, attributes in page.elements if "aria-labelledby" in attributes}
    assert named <= set(ids)


def test_headings(page):
    text = render(report())
    found = [re.sub(r"<[^>]+>", "", match) for match in re.findall(r"<h[123][^>]*>(.*?)</h[123]>", text)]
    assert found == [
        "✗ failed, exit code 201 ci", "What failed", "✗ web:test", "Timeline", "Resources over time", "Graph", "Jobs",
        "Passed only when run again", "✓ flaky",
    ]  # fmt: skip


def test_states_are_told_without_colours(page):
    bars = [attributes for tag, attributes in page.elements if tag == "a" and "bar" in (attributes.get("class") or "").split()]
    assert len(bars) == 11
    assert "web:test: failed, 3.3 s" in [bar["aria-label"] for bar in bars]
    assert {"✓", "✗", "»", "=", "■"} <= {text.strip() for text in page.texts}


def test_rows_stand_below_their_callers():
    jobs = [
        job("a", at=(0.0, 2.0)),
        job("b", at=(0.0, 2.0)),
        leaf("a1", (0.0, 1.0), parent="a"),
        leaf("lost", (0.0, 1.0), parent="?"),
    ]
    rows = re.findall(r'<tr role="row" id="(job-\d)".*?--depth:(\d)"><td [^>]*>(\w+)<', render(report(jobs)))
    assert rows == [("job-0", "0", "a"), ("job-2", "1", "a1"), ("job-1", "0", "b"), ("job-3", "0", "lost")]


def test_a_run_that_passed():
    text = render(report([leaf("a", (0.0, 1.0))], exit_code=0, calls=["a"], parallel=""))
    assert "<title>✓ a</title>" in text
    assert "What failed" not in text
    Reader(text)


def test_of_many_jobs_the_telling_ones_are_drawn():
    jobs = [job("top", "failed", at=(0.0, 9.0))] + [leaf(f"j{n}", (0.0, 1.0), parent="top") for n in range(200)]
    jobs.append(leaf("bad", (0.0, 1.0), "failed", parent="top", exit_code=1))
    text = render(report(jobs))
    assert "Of 202 jobs, 2 are drawn: what failed, and what calls others." in text
    Reader(text)
