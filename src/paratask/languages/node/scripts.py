"""Scripts of `package.json`: what running one claims.

A script whose text is known and understood claims what its commands claim, with those of its `pre` and `post` scripts. Any
other is taken to work on its whole workspace, unless its name, its text, or that of a script it mentions tells more. What a
script that was not understood really does is not known here; that is the one guess this plugin makes. That scripts which run
each other come to an end is for `Place` to see to.
"""

from __future__ import annotations

import re

from paratask.claims.model import Access, Claims, Effect, Evidence, union, unknown
from paratask.frozen import replace
from paratask.languages.inferred import claim, write_below
from paratask.languages.node.dependencies import node_dependency_claims
from paratask.languages.node.outputs import outputs_of_package
from paratask.languages.node.packages import read_package
from paratask.languages.tool_table import outside_word

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from paratask.claims.model import Claim
    from paratask.plugins.hookspecs import Place

_REWRITES = re.compile(r"\b(fix|format|fmt|write|prettify|codemod)\b")
"""Words of what writes only where there is something to put right."""
_SEPARATORS = re.compile(r"&&|\|\||[;|&\n]")
_WORDS = re.compile(r"[\w:./@-]+")
_LEAVES = re.compile(r"""(^|[\s=:"'(/])(\.\.(/|$|[\s"')])|/(?!dev/null)[\w.]|~/)""")


def script_claims(
    name: str, arguments: tuple[str, ...], folder: str, place: Place, bin_claims: Callable[[], Claims | None] | None = None
) -> Claims:
    """What `run NAME ARGUMENTS` claims in the package at `folder`: everything where it may reach what nothing tells.

    `bin_claims` is asked where the manifest defines no such script: many runners then start a program of that name.
    """
    package = read_package(folder, place)
    scripts = package.scripts if package else {}
    if name not in scripts:
        program = bin_claims() if package and bin_claims else None
        return program or _whole_workspace(name, "", "the script's content is not known", (), folder, place)
    texts = _texts(name, arguments, scripts)
    return _of_texts(name, texts, scripts, folder, place)


def _texts(name: str, arguments: tuple[str, ...], scripts: Mapping[str, str]) -> list[str]:
    """The script between its `pre` and `post` scripts, with the arguments that the call adds."""
    import shlex

    own = " ".join((scripts[name], *(shlex.quote(word) for word in arguments)))
    return [text for text in (scripts.get(f"pre{name}"), own, scripts.get(f"post{name}")) if text is not None]


def _of_texts(name: str, texts: list[str], scripts: Mapping[str, str], folder: str, place: Place) -> Claims:
    claims = union([place.command_claims(text, folder) for text in texts])
    if claims.evidence > Evidence.NONE:
        return Claims(
            entries=(
                claim(Access.READ, place.pattern(folder, "/package.json"), f"script `{name}` stands there"),
                *claims.entries,
            ),
            evidence=min(claims.evidence, Evidence.INFERRED),
            effect=claims.effect,
            effect_reason=claims.effect_reason,
        )
    kept = tuple(entry for entry in claims.entries if entry.evidence is not Evidence.NONE)
    parts = [place.command_claims(part.strip(), folder) for text in texts for part in _SEPARATORS.split(text) if part.strip()]
    outside = next((part for part in parts if part.evidence > Evidence.NONE and part.effect is Effect.OUTSIDE), None)
    why = next(entry.reason for entry in claims.entries if entry.evidence is Evidence.NONE)
    whole = _whole_workspace(name, "\n".join(_reachable(texts, scripts)), why, kept, folder, place)
    if outside is None or whole.evidence is Evidence.NONE:
        return whole
    return union([whole, Claims(evidence=Evidence.INFERRED, effect=Effect.OUTSIDE, effect_reason=outside.effect_reason)])


def _reachable(texts: list[str], scripts: Mapping[str, str]) -> list[str]:
    """The texts, and those of all scripts whose names they mention, directly or through others."""
    found = list(texts)
    names: set[str] = set()
    for text in found:
        for word in _WORDS.findall(text):
            mentioned = [name for name in scripts if name not in names and _mentions(word, name)]
            names.update(mentioned)
            found.extend(scripts[name] for name in mentioned)
    return found


def _mentions(word: str, name: str) -> bool:
    """Whether a word of a script's text is another's name, also as `npm:NAME` or at the start of a glob (`lint:` of `lint:*`)."""
    tail = word.partition(":")[2] or word
    if word.endswith(":"):
        return name.startswith((word, tail))
    return any(name in (start + word, start + tail) for start in ("", "pre", "post"))


def _whole_workspace(name: str, text: str, why: str, kept: tuple[Claim, ...], folder: str, place: Place) -> Claims:
    """The claims of a script that was not understood; everything where its text names what lies beyond the workspace."""
    word = outside_word(name, text)
    if word is None and _LEAVES.search(text):
        return unknown(why if why.startswith("script ") else f"script `{name}`: {why}, and may reach beyond the workspace")
    reason = f"script `{name}`: {why}, so the whole workspace is claimed"
    written = (
        write_below(path, place, f"script `{name}` may follow a configuration that names it")
        for path in outputs_of_package(folder, place)
    )
    made_of = (replace(entry, assumed=True) for entry in node_dependency_claims(f"run {name}", folder, place))
    return Claims(
        entries=(
            *kept,
            replace(write_below(folder, place, reason), assumed=not _REWRITES.search(f"{name} {text}")),
            *written,
            *made_of,
        ),
        evidence=Evidence.INFERRED,
        effect=Effect.OUTSIDE if word else Effect.LOCAL,
        effect_reason=f"script `{name}` says `{word}`" if word else "",
    )
