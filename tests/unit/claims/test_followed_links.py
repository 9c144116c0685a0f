"""What is claimed below the name of a link that a step makes is claimed where it leads, too."""

from __future__ import annotations

import pytest

from paratask.claims.links import with_links
from paratask.claims.model import Access, Claim, Claims, Evidence, Link


def claim(pattern: str, *excluding: str, access: Access = Access.READ) -> Claim:
    return Claim(access=access, pattern=pattern, evidence=Evidence.INFERRED, reason="", excluding=excluding)


def meant(entries: list[Claim], *links: Link, own: tuple[Link, ...] = ()) -> set[str]:
    """The patterns that come in addition."""
    claims = Claims(entries=tuple(entries), evidence=Evidence.INFERRED, links=own)
    (found,) = with_links([claims], links)
    return {entry.pattern for entry in found.entries} - {entry.pattern for entry in entries}


@pytest.mark.parametrize(
    ("pattern", "leads_to", "patterns"),
    [
        ("l/x", "far", {"far/x"}),
        ("l", "far", {"far"}),
        ("l/x", ".", {"x"}),
        ("l", ".", {"."}),
        ("l/x", "/", {"/x"}),
        ("{l,m}/{x,y}", "far", {"far/x", "far/y"}),
        ("?/x", "far", {"far/x"}),
        ("*/x", "far", set()),
        ("m/x", "far", set()),
        ("/l/x", "far", set()),
        ("l/x", None, {"**", "/**"}),
    ],
)
def test_a_pattern_goes_on_where_the_link_leads(pattern, leads_to, patterns):
    assert meant([claim(pattern)], Link(at="l", leads_to=leads_to)) == patterns


def test_what_a_claim_leaves_out_it_does_not_leave_out_through_a_link():
    link = Link(at="l", leads_to="far")
    assert meant([claim("**")], link) == set()
    assert "far/**" in meant([claim("**", "far/**")], link)


def test_links_lead_on_to_links_and_circles_end():
    links = (Link(at="a", leads_to="b"), Link(at="b", leads_to="c"), Link(at="c", leads_to="a"))
    assert meant([claim("a/x")], *links) == {"b/x", "c/x"}
    growing = meant([claim("a/x")], Link(at="a", leads_to="a/a"))
    assert "a/a/x" in growing
    assert len(growing) < 16


def test_of_too_many_ways_anything_is_meant():
    links = [
        Link(at=f"{a}", leads_to=f"{b}") for a in "abcdefgh" for b in ("a/b", "c/d", "e/f", "g/h", "b/c", "d/e", "f/g", "h/a")
    ]
    assert {"**", "/**"} <= meant([claim("{a,b,c,d,e,f,g,h}/x")], *links)


def test_a_link_is_found_under_the_name_that_it_was_moved_to():
    links = (Link(at="old/l", leads_to="far"), Link(at="new", leads_to="old", carries=True))
    assert {"**", "/**"} <= meant([claim("new/l/x")], *links), "from another folder it leads elsewhere"
    beside = (Link(at="l", leads_to="far"), Link(at="m", leads_to="l", carries=True))
    assert "far/x" in meant([claim("m/x")], *beside)


def test_a_link_is_made_where_the_name_leads_already():
    made = Link(at="a/inner", leads_to="b")
    assert "far/inner/**" in meant([], Link(at="a", leads_to="far"), own=(made,))
    assert meant([], Link(at="a/inner", leads_to="far"), own=(made,)) == set(), "by its own name it is written anyway"
    moved = Link(at="a/inner", leads_to="b", carries=True)
    assert meant([], Link(at="a", leads_to="far"), own=(moved,)) == set(), "what is moved is claimed by who moves it"


def test_one_link_that_is_passed_over_keeps_no_other_from_being_followed():
    own = claim("l/x")
    assert meant([own], Link(at="l", leads_to="a", within=(own,)), Link(at="l", leads_to="b")) == {"b/x"}
    made = Link(at="a/inner", leads_to="c")
    assert "far/inner/**" in meant([], Link(at="a/inner", leads_to="x"), Link(at="a", leads_to="far"), own=(made,))


def test_names_that_are_too_many_or_climb_may_be_anything_below_the_link():
    many = ",".join(map(str, range(300)))
    assert meant([claim(f"l/{{{many}}}")], Link(at="l", leads_to="far")) == {"far/**"}
    assert meant([claim("m/*/../../l/x")], Link(at="l", leads_to="far")) == {"far/**"}
