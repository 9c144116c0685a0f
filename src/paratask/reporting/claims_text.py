"""What a job claims, for people: what it changes first, and each thing once. Pure text; `--plan --json` has the claims as they are."""

from __future__ import annotations

import re

from paratask.claims.conflicts import told
from paratask.claims.model import FINGERPRINT, Access, Evidence
from paratask.frozen import replace
from paratask.names import counted
from paratask.reporting.patterns_text import EVERYTHING, listed, listed_with_tail, merge_depths, tell_excluding, tell_patterns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.claims.model import Claim, Claims

MOST_LINES = 8
MOST_NAMED = 4
_SETTINGS = "settings of "
_MARK = re.compile(r"/CACHEDIR\.TAG$|(?<=__pycache__)/\*\.pyc$")
_WILD = re.compile(r"(?:^|/)[^/]*[*?\[{].*")
_ORDER = (Access.WRITE, Access.ADD, Access.EXCLUSIVE, Access.READ, Access.SHARED)
_LAST = len(_ORDER)


def claim_lines(claims: Claims) -> list[str]:
    """A line each, of the first ones; and the effect outside the checkout, if there is one that was not told with them."""
    marks = [claim for claim in claims.entries if _is_mark(claim)]
    shown = [claim for claim in claims.entries if claim.reason != FINGERPRINT]  # another line says that it keeps one
    lines = _lines(sorted((claim for claim in shown if not _is_mark(claim)), key=_rank), marks)
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [f"and {counted(len(lines) - MOST_LINES, 'more claim')}"]
    not_known = {claim.reason for claim in claims.entries if _is_anything(claim)}
    if claims.effect.value == "outside" and claims.effect_reason not in not_known:
        lines.append(f"has effects outside this checkout: {claims.effect_reason}")
    return lines


def _is_anything(claim: Claim) -> bool:
    """Whether it stands for what was not understood."""
    return claim.evidence is Evidence.NONE and claim.pattern in ("**", EVERYTHING) and claim.access is Access.WRITE


def _rank(claim: Claim) -> int:
    return _LAST if _is_settings(claim) else _ORDER.index(claim.access)


def _lines(entries: Sequence[Claim], marks: Sequence[Claim]) -> list[str]:
    """Settings of one tool are one claim, and so is what is claimed for the same reasons, and in the same way. Last what hardly ever keeps
    others waiting: caches that calls fill side by side, and settings.
    """
    settings: dict[tuple[str, str], list[str]] = {}
    reasons: dict[tuple[Claim, str], dict[str, None]] = {}
    for claim in entries:
        if _is_settings(claim):
            settings.setdefault((claim.reason, claim.evidence.name.lower()), []).append(claim.pattern)
        else:
            without = _without(claim)
            pattern = tell_patterns(claim.pattern)
            pattern = pattern.removesuffix(" (but caches)") if without.endswith("caches") else pattern
            key = replace(claim, reason="", excluding=(), pattern=pattern), without
            reasons.setdefault(key, {})[claim.reason] = None
    alike: dict[tuple[Claim, str, str], list[str]] = {}
    for (claim, without), found in reasons.items():
        of_one = claim.pattern if ":" in claim.pattern else ""  # a resource that has words of its own, mostly
        alike.setdefault((replace(claim, pattern=of_one), without, "; ".join(found)), []).append(claim.pattern)
    lines = [
        f"may touch anything: {reason}"
        if _is_anything(replace(claim, pattern=patterns[0]))
        else f"{told(replace(claim, pattern=listed_with_tail(merge_depths(patterns), MOST_NAMED)))}{without}  ({claim.evidence.name.lower()}: {reason})"
        for (claim, without, reason), patterns in alike.items()
    ]
    lines += _cache_lines(marks)
    return lines + [f"reads {reason} {_where(patterns)}  ({evidence})" for (reason, evidence), patterns in settings.items()]


def _is_mark(claim: Claim) -> bool:
    """Whether it stands for a cache that calls fill side by side (languages/kept_caches.py)."""
    return claim.access in (Access.ADD, Access.READ) and _MARK.search(claim.pattern) is not None


def _cache_lines(marks: Sequence[Claim]) -> list[str]:
    """A line for each kind of cache: those that are surely added to, and where there may be others."""
    reasons: dict[tuple[str, Access, str], dict[str, None]] = {}
    for claim in marks:
        reasons.setdefault((_MARK.sub("", claim.pattern), claim.access, claim.evidence.name.lower()), {})[claim.reason] = None
    alike: dict[tuple[str, str], tuple[list[str], list[str]]] = {}
    for (cache, access, evidence), found in reasons.items():
        alike.setdefault(("; ".join(found), evidence), ([], []))[access is Access.READ].append(cache)
    return [f"{_filled(sure, maybe)}  ({evidence}: {reason})" for (reason, evidence), (sure, maybe) in alike.items()]


def _filled(sure: Sequence[str], maybe: Sequence[str]) -> str:
    """`adds to api/.x_cache, perhaps also elsewhere`: in a folder above or below, where there may be settings."""
    if sure:
        return f"adds to {listed(sure, MOST_NAMED)}{', perhaps also elsewhere' if maybe else ''}"
    folders = [f"{cache.rpartition('/')[0]}{'/' * ('**' in cache)}" for cache in maybe]
    return f"may add to {maybe[0].rpartition('/')[2]} {_where(folders)}"


def _is_settings(claim: Claim) -> bool:
    return claim.access is Access.READ and claim.reason.startswith(_SETTINGS) and "{" in claim.pattern


def _where(patterns: Sequence[str]) -> str:
    """The folders that patterns look into: `in packages/api and .`, `in src and below`, `anywhere`."""
    places = dict.fromkeys(map(_place, patterns))
    return "anywhere" if "" in places else f"in {listed(list(places), MOST_NAMED)}"


def _place(pattern: str) -> str:
    folder = _WILD.sub("", pattern) or ("/" if pattern.startswith("/") else "")
    if "**" in pattern:
        return folder and f"{folder} and below"
    return folder or "."


def _without(claim: Claim) -> str:
    """What it leaves out may be a long list of kinds of files. What that is anywhere in its folder is so anywhere for it."""
    folder = f"{_WILD.sub('', claim.pattern)}/"
    inside = [text.removeprefix(folder) if text.startswith(f"{folder}**/") else text for text in claim.excluding]
    return f" without {tell_patterns(tell_excluding(inside))}" if inside else ""
