"""Links that one step makes and others go through, over whole sets: texts in, order out."""

from __future__ import annotations

import pytest

from paratask.claims import links as links_module
from paratask.claims.model import Access, Claim, Claims, Evidence, Link, union
from paratask.planning.expand import Reach
from paratask.planning.sets import Neighbour, arrange
from paratask.testing import FakeCheckout

FILES = {"other/x": "", "other/z": "", "old/x": "", "lib/a.txt": "", "lib/b.txt": "", "bin/.keep": ""}


def waits(*tasks: str | list[str], links: dict[str, str] | None = None) -> list[set[int]]:
    """For each task, which is the texts of its commands, those that it comes after."""
    checkout = FakeCheckout(FILES, links=links)
    neighbours = []
    for number, texts in enumerate(tasks):
        parts = [checkout.claims(text) for text in ([texts] if isinstance(texts, str) else texts)]
        reach = Reach(claims=union(parts), tasks=frozenset((str(number),)))
        neighbours.append(Neighbour(name=str(number), task=str(number), reach=reach))
    found = arrange(neighbours, level="inferred")
    return [{i for i in range(len(tasks)) if mask >> i & 1} for mask in found.before]


@pytest.mark.parametrize("links", [None, {"cur": "old"}], ids=["new", "led elsewhere before"])
@pytest.mark.parametrize(
    "making",
    [
        "ln -sfn other cur",
        "ln -sfn $(pwd)/other cur",
        "ln -s -f -n -r other cur",
        "cd bin && ln -sfn other ../cur",
        "cd bin && ln -sfrn ../other ../cur",
        "cd bin && ln -sfn --relative ../other ../cur",
        "sudo ln -sfn other cur",
        "bash -c 'ln -sfn other cur'",
        "ln -sfn other cur.new && touch y",
        "cp -rs $PWD/other cur",
        'ln -sfn "$SOMEWHERE" cur',
    ],
)
def test_who_goes_through_a_link_that_another_makes_touches_what_it_leads_to(making, links):
    using = "rm -rf cur.new/x" if "cur.new" in making else "rm -rf cur/x"
    assert waits([making, using], "cat other/x", links=links)[1] == {0}
    assert waits(making, using, "cat other/x", links=links)[2] >= {1}


@pytest.mark.parametrize("links", [None, {"cur": "old"}], ids=["new", "led elsewhere before"])
def test_a_link_that_is_moved_into_place_is_still_one(links):
    assert waits(["ln -s other cur.new", "mv -T cur.new cur", "rm -rf cur/x"], "cat other/x", links=links)[1] == {0}
    assert waits(["ln -s other cur.new", "cp -P cur.new cur", "rm -rf cur/x"], "cat other/x", links=links)[1] == {0}
    assert waits(["ln -s ../other d/up", "mv d e", "rm -rf e/up/x"], "cat other/x")[1] == {0}


@pytest.mark.parametrize("option", ["-P", "-a", "-d", "-R", "-r", "--archive", "--recursive", "--no-dereference"])
@pytest.mark.parametrize("count", [2, 6])
def test_a_link_that_is_copied_again_and_again_is_still_one(count, option):
    copying = [f"cp {option} l{i} l{i + 1}" for i in range(count)]
    assert waits(["ln -s other l0", *copying, f"rm -rf l{count}/x"], "cat other/x", "cat old/x") == [set(), {0}, set()]


def test_a_link_that_is_there_may_be_moved_and_gone_through():
    assert waits(["mv -T cur.new cur", "rm -rf cur/x"], "cat other/x", links={"cur.new": "other"})[1] == {0}


def test_a_link_that_was_moved_leads_others_where_it_did():
    links = {"cur.new": "other", "abs.new": "/srv/one"}
    moved = waits("mv -T cur.new cur", "rm -rf cur/x", "cat other/x", "cat old/x", links=links)
    assert [1 in after for after in moved[2:]] == [True, False]
    moved = waits(["ln -sfn lib cur.new", "mv -T cur.new cur"], "rm -rf cur/x", "cat lib/x", links=links)
    assert 1 in moved[2], "one that is made anew leads where it does then"
    moved = waits("mv -T cur.new lib/cur", "rm -rf lib/cur/x", "cat lib/other/x", links=links)
    assert 1 in moved[2], "a relative one leads elsewhere from another folder"
    moved = waits("mv -T abs.new lib/cur", "rm -rf lib/cur/x", "cat /srv/one/x", "cat old/x", links=links)
    assert [1 in after for after in moved[2:]] == [True, False]


def test_a_link_in_a_folder_that_is_moved_may_lead_to_what_is_moved_with_it():
    assert 2 in waits("ln -s x d/up", "mv d e", "rm -rf e/up/q", "cat e/x/q")[3]
    assert 2 in waits("ln -s ../other d/up", "mv d e", "rm -rf e/up/x", "cat other/x")[3]


def test_what_a_pattern_leaves_out_below_a_link_is_not_left_out_where_it_leads():
    entry = Claim(access=Access.WRITE, pattern="cur/**", excluding=("other/a/**",), evidence=Evidence.DECLARED, reason="")
    (found,) = links_module.with_links([Claims(entries=(entry,))], [Link(at="cur", leads_to="other")])
    assert [(each.pattern, each.excluding) for each in found.entries] == [("cur/**", ("other/a/**",)), ("other/**", ())]


def test_links_lead_to_links():
    assert waits(["ln -s other a", "ln -s a b", "rm -rf b/x"], "cat other/x")[1] == {0}
    assert waits("ln -s other a", "ln -sf b a", "cat other/b")[2] >= {1}


@pytest.mark.parametrize("count", [2, 8, 38])
def test_a_long_chain_of_links_was_not_followed_to_its_end(count):
    chain = [f"ln -sn l{i} l{i + 1}" for i in range(count)]
    assert waits(["ln -sn other l0", *chain, f"rm -rf l{count}/x"], "cat other/x", "cat old/x") == [set(), {0}, set()]


def test_where_links_lead_to_more_places_than_are_followed_it_may_be_anywhere(monkeypatch):
    making = [f"ln -sn ../{name} cur/{name}" for name in "abcde"]
    using = "rm -rf cur/*/x"
    assert waits([*making, using], "cat a/x", "cat old/x", "cat /etc/hosts") == [set(), {0}, set(), set()]
    monkeypatch.setattr(links_module, "_MAX_FOUND", 3)
    assert waits([*making, using], "cat a/x", "cat old/x", "cat /etc/hosts") == [set(), {0}, {0}, {0}]


def test_a_relative_link_leads_elsewhere_from_another_folder():
    assert waits(["ln -s other l", "mv -T l lib/l", "rm -rf lib/l/x"], "cat lib/other/x")[1] == {0}
    assert waits(["ln -s other l", "mv -T l m", "rm -rf m/x"], "cat other/x", "cat old/x") == [set(), {0}, set()]


def test_what_is_made_below_a_link_is_where_that_leads_with_all_below_it():
    assert waits("ln -s other a", "ln -sf ../lib a/new", "cat other/new/a.txt", "cat other/x") == [set(), {0}, {0, 1}, set()]


def test_a_second_link_of_one_name_is_made_in_the_folder_that_the_first_leads_to():
    assert waits("ln -s other a && ln -s ../lib a", "cat other/lib/a.txt", "cat other/x") == [set(), {0}, set()]


def test_named_resources_are_no_paths_and_lead_nowhere():
    entry = Claim(access=Access.EXCLUSIVE, pattern="port:80", evidence=Evidence.INFERRED, reason="")
    assert links_module.with_links([Claims(entries=(entry,))], [Link(at="*", leads_to="lib/*")]) == [Claims(entries=(entry,))]


def test_a_link_to_the_checkout_itself_leads_to_all_that_is_in_it():
    assert waits(["ln -s $PWD self", "rm -rf self/other/x"], "cat other/x", "cat old/x") == [set(), {0}, set()]


def test_links_outside_the_checkout_are_followed_too():
    making = ["ln -sfn /srv/releases/1 /srv/current", "rm -rf /srv/current/x"]
    assert waits(making, "cat /srv/releases/1/x", "cat /srv/releases/2/x", "cat srv/releases/1/x") == [
        set(), {0}, set(), set(),
    ]  # fmt: skip


def test_each_file_of_a_folder_of_links_is_found():
    assert waits(["ln -sf ../lib/* bin/", "sed -i s/a/b/ bin/a.txt"], "cat lib/a.txt", "cat lib/b.txt")[1] == {0}


@pytest.mark.parametrize("making", ["ln lib/a.txt a", "cp -l lib/a.txt a", "cp --link lib/a.txt a"])
def test_a_file_under_two_names_is_one(making):
    assert waits([making, "sh -c 'echo x >> a'"], "cat lib/a.txt")[1] == {0}
    assert waits(making, "sh -c 'echo x >> lib/a.txt'", "cat a")[2] >= {1}
    assert waits(making, "ln lib/a.txt b", "sh -c 'echo x >> a'", "cat b")[3] >= {2}


def test_a_copy_of_a_file_that_a_link_leads_to_is_another():
    assert waits(["cp l c", "sh -c 'echo x >> c'"], "cat lib/a.txt", links={"l": "lib/a.txt"}) == [set(), set()]


def test_who_makes_a_link_touches_nothing_of_where_it_leads():
    assert waits("ln -sfn other cur", "rm -rf other/x")[1] == set()
    assert waits("rm -f cur && ln -s other cur", "rm -rf other/x")[1] == set()
    assert waits("ln -sf ../lib/a.txt bin/a", "ln -sf ../lib/b.txt bin/b", "touch lib/a.txt") == [set(), set(), set()]


def test_without_a_link_a_folder_that_is_moved_or_copied_is_another():
    assert waits(["cp -r lib one", "touch one/x"], "cp -r lib two", ["cp -r lib three", "mv three four", "rm four/x"]) == [
        set(), set(), set(),
    ]  # fmt: skip


def test_the_reason_names_where_the_link_leads():
    checkout = FakeCheckout(FILES)
    neighbours = [
        Neighbour(name=name, task=name, reach=Reach(claims=union([checkout.claims(text) for text in texts]), tasks=frozenset()))
        for name, *texts in (("use", "ln -sfn other cur", "rm -rf cur/x"), ("third", "cat other/x"))
    ]
    found = arrange(neighbours, level="inferred")
    assert found.reasons[1] == "`use` writes other/x/** and `third` reads other/x"
