"""What was seen and what was inferred of the same commands."""

from __future__ import annotations

from paratask.claims.model import Access, Claim, Claims, Effect, Evidence, unknown
from paratask.claims.observed import Observed, below_links, with_observed

SEEN = Observed(reads=("src/**",), writes=("dist/**",), ports=(80,))


def inferred(*entries: tuple[Access, str], effect: Effect = Effect.LOCAL, assumed: bool = False) -> Claims:
    claims = tuple(Claim(access=a, pattern=p, evidence=Evidence.INFERRED, reason="r", assumed=assumed) for a, p in entries)
    return Claims(
        entries=claims, evidence=Evidence.INFERRED, effect=effect, effect_reason="publishes" if effect is Effect.OUTSIDE else ""
    )


def kept(parts: list[Claims], observed: Observed = SEEN) -> set[tuple[Access, str]]:
    """What stays of the inferred claims."""
    entries = with_observed(parts, observed).entries
    return {(entry.access, entry.pattern) for entry in entries if entry.evidence is Evidence.INFERRED}


def test_what_was_seen_is_claimed_as_observed():
    claims = with_observed([unknown("`x` is not recognised")], SEEN)
    assert [(entry.access, entry.pattern, entry.evidence) for entry in claims.entries] == [
        (Access.WRITE, "dist/**", Evidence.OBSERVED),
        (Access.READ, "src/**", Evidence.OBSERVED),
        (Access.EXCLUSIVE, "port:80", Evidence.OBSERVED),
    ]
    assert (claims.evidence, claims.effect) == (Evidence.OBSERVED, Effect.LOCAL)


def test_resources_stay_and_reads_go():
    found = kept([inferred((Access.SHARED, "npm-cache"), (Access.EXCLUSIVE, "db"), (Access.READ, "**"))])
    assert found == {(Access.SHARED, "npm-cache"), (Access.EXCLUSIVE, "db")}


def test_a_write_that_was_seen_narrower_goes_and_one_without_occasion_stays():
    assert kept([inferred((Access.WRITE, "**"))]) == set()
    assert kept([inferred((Access.WRITE, "src/**"))]) == {(Access.WRITE, "src/**")}


def test_a_formatter_may_write_all_that_it_was_inferred_to():
    formatter = Observed(writes=("src/a.py",), rewrites=True)
    assert kept([inferred((Access.WRITE, "src/**"))], formatter) == {(Access.WRITE, "src/**")}
    assert kept([inferred((Access.WRITE, "src/**"), assumed=True)], formatter) == set()


def test_a_cache_that_was_written_is_no_occasion():
    cache = Observed(writes=("app/.ruff_cache/**",))
    assert kept([inferred((Access.WRITE, "app/**"))], cache) == {(Access.WRITE, "app/**")}


def test_what_was_only_assumed_goes():
    assert kept([inferred((Access.WRITE, "src/**"), assumed=True)]) == set()


def test_what_somebody_declared_of_what_is_called_there_stays_whatever_was_seen():
    """An inner run's `sources` and `generates`, say: this once it may have been up to date."""
    said = tuple(
        Claim(access=access, pattern=pattern, evidence=Evidence.DECLARED, reason="`generates`")
        for access, pattern in ((Access.WRITE, "dist/**"), (Access.READ, "docs/**"))
    )
    found = with_observed([Claims(entries=said)], SEEN).entries
    assert set(said) <= set(found)


def test_the_command_that_is_known_to_reach_outside_is_the_reason_before_what_was_seen():
    found = with_observed([inferred(effect=Effect.OUTSIDE)], Observed(outside=True, contacts=True))
    assert (found.effect, found.effect_reason) == (Effect.OUTSIDE, "publishes")


def test_a_recognised_effect_stays_beside_commands_that_are_not():
    claims = with_observed([inferred(effect=Effect.OUTSIDE), unknown("?")], SEEN)
    assert (claims.effect, claims.effect_reason) == (Effect.OUTSIDE, "publishes")


def test_speaking_with_others_counts_where_a_command_is_not_recognised():
    contacts = Observed(contacts=True)
    assert with_observed([inferred()], contacts).effect is Effect.LOCAL
    claims = with_observed([inferred(), unknown("?")], contacts)
    assert claims.effect_reason == "it was seen to speak with other machines, and its commands are not recognised"


def test_writing_outside_always_counts():
    assert with_observed([inferred()], Observed(outside=True)).effect_reason == "it was seen to write outside this checkout"


def test_what_others_may_add_to_as_well_stays_as_it_was_inferred():
    assert kept([inferred((Access.ADD, ".ruff_cache/CACHEDIR.TAG"))]) == {(Access.ADD, ".ruff_cache/CACHEDIR.TAG")}


def test_who_reads_below_a_link_that_is_not_there_yet_did_not_meet_who_makes_it():
    observed = Observed(writes=("current", "plain", "dist/**"))
    found = below_links(observed, lambda name: f"{name}/**", lambda name: name == "plain")
    assert [(entry.access, entry.pattern) for entry in found.entries] == [(Access.WRITE, "current/**")]


def test_who_reads_through_a_link_was_not_seen_to_meet_who_sets_it_anew():
    leads = {"current": "releases/1/**", "/opt/now": "/opt/2/**", "whole": "**", "out": "/scratch/out/**"}
    observed = Observed(reads=("seen",), writes=("current", "plain", "dist/**", "a[*].txt", "/opt/now", "whole", "out/**"))
    found = below_links(observed, lambda name: leads.get(name, f"{name}/**"))
    assert [(entry.access, entry.pattern) for entry in found.entries] == [
        (Access.WRITE, "releases/1/**"),
        (Access.WRITE, "/opt/2/**"),
        (Access.WRITE, "**"),
        (Access.WRITE, "/scratch/out/**"),
    ]
    assert (found.evidence, found.effect) == (Evidence.OBSERVED, Effect.LOCAL)
