"""What the properties are tried on. Small alphabets, so that things meet often enough to tell."""

from __future__ import annotations

from itertools import product

from hypothesis import strategies as st

from paratask.claims.model import Access, Claim, Claims, Effect, Evidence

ALPHABET = "ab"
NAMES = tuple("".join(letters) for size in (1, 2, 3) for letters in product(ALPHABET, repeat=size))
PATHS = tuple(path for depth in (0, 1, 2, 3) for path in product(NAMES, repeat=depth))
"""All paths up to three segments of up to three letters, as tuples; the empty one is the root folder."""

_characters = st.sampled_from(["a", "b", "?", "*", "[ab]", "[!a]", "[a-b]", "\\a"])
_plain_segments = st.lists(_characters, min_size=1, max_size=3).map("".join)
_braces = st.lists(st.one_of(_plain_segments, st.just("a/b"), st.just("**"), st.just("{a,b}")), min_size=2, max_size=3).map(
    lambda parts: "{" + ",".join(parts) + "}",
)
segments = st.one_of(_plain_segments, _braces, st.just("**"), st.just("."))
relative_patterns = st.lists(segments, min_size=1, max_size=3).map("/".join)
"""Patterns over the alphabet, with every feature."""
patterns = st.one_of(relative_patterns, relative_patterns.map("/{}".format))

_claims = st.builds(
    lambda access, pattern: Claim(access=access, pattern=pattern, evidence=Evidence.INFERRED, reason=""),
    st.sampled_from(Access),
    st.one_of(relative_patterns, st.sampled_from(["a", "b", "a/**", "b/**"])),
)
steps = st.lists(
    st.builds(
        lambda entries, outside: Claims(entries=tuple(entries), effect=Effect.OUTSIDE if outside else Effect.LOCAL),
        st.lists(_claims, max_size=3),
        st.sampled_from([False] * 7 + [True]),
    ),
    max_size=12,
)
"""Neighbouring steps; one in eight has an outside effect."""
