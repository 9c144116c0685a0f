"""Which kinds of files a tool touches in a folder, where its entry in the table says so: what keeps two languages in one folder apart.

Narrows claims that others made. A tool's settings are read whatever kind of file they are. Knows no single tool.
"""

from __future__ import annotations

import posixpath
from functools import lru_cache

from paratask.claims.model import Access
from paratask.claims.overlap import overlap
from paratask.frozen import replace
from paratask.languages.inferred import only_file
from paratask.languages.patterns import WILDCARDS
from paratask.languages.settings_above import NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call

_OF_GROUPS = frozenset("()!")
"""Wildcards of tools' own, as `!(*.js)`: anything may match."""
_PASSED_OVER = "/**/{node_modules,.*cache}/**"


def narrowed(whole: Claim, path: str, call: Call) -> Iterator[Claim]:
    """The claim on all below `path`, a folder or a file, to the tool's own kinds of files and their settings."""
    tool, place = call.tool, call.place
    is_file = "." in posixpath.basename(path) and not place.listdir(path)
    if tool.files and not is_file and not call.parsed.named("--extension", "--include"):
        skipped = (_PASSED_OVER, f"/**/{tool.skips}/**") if tool.skips else (_PASSED_OVER,)
        excluding = tuple(place.pattern(path, each) for each in skipped)
        yield replace(whole, pattern=place.pattern(path, f"/**/{tool.files}"), excluding=excluding)
        names = (call.language.settings, *tool.settings.split(), *NAMES.get(call.program, ()))
        yield _settings_below(path, names, whole, call)
    elif tool.leaves and not is_file and not is_extended(call):
        anywhere = f"{'/' if whole.pattern.startswith('/') else ''}**/"
        left = (tool.leaves, tool.overlooks) if tool.overlooks and not _may_name(tool.overlooks, call) else (tool.leaves,)
        yield replace(whole, excluding=(*whole.excluding, *(f"{anywhere}{names}" for names in left)))
        names = _settings_among(tool.leaves, call.program)
        if names:
            yield _settings_below(path, names, whole, call)
    else:
        yield only_file(whole, path, place) if is_file else whole


def _settings_below(path: str, names: tuple[str, ...], whole: Claim, call: Call) -> Claim:
    """Reading the settings of these names in `path` and below it."""
    any_of = f"{{{','.join(names)}}}" if len(names) > 1 else names[0]
    return replace(
        whole, access=Access.READ, pattern=call.place.pattern(path, f"/**/{any_of}"), excluding=(call.place.pattern(path, _PASSED_OVER),),
        reason=f"settings of `{call.key}`",
    )  # fmt: skip


@lru_cache(maxsize=128)
def _settings_among(leaves: str, program: str) -> tuple[str, ...]:
    """The program's settings that are called as files which it leaves alone."""
    return tuple(name for name in NAMES.get(program, ()) if overlap(name, leaves))


def is_extended(call: Call) -> bool:
    """Whether the tool's plugins, which the manifests of the workspace and the root name, let it touch more kinds of files."""
    folders = (call.workspace, call.place.root)
    texts = [call.place.read_text(posixpath.join(folder, name)) or "" for folder in folders for name in call.language.manifests]
    return any(word in text for word in call.tool.extended_by.split() for text in texts)


def _may_name(names: str, call: Call) -> bool:
    """Whether an operand's wildcards may stand for files of these `names`."""
    ends = [None if word is None else posixpath.basename(word) for word in call.parsed.operands]
    return any(end is None or _is_beyond(end) or (not WILDCARDS.isdisjoint(end) and overlap(end, names)) for end in ends)


def _is_beyond(end: str) -> bool:
    """Whether the last segment of a pattern is none that can be compared: braces around a `/` were cut in two."""
    return not _OF_GROUPS.isdisjoint(end) or end.count("{") != end.count("}")


def covers_workspace(call: Call, paths: Iterable[str]) -> bool:
    """Whether the settings beside the manifest are among those claimed with the files below `paths`."""
    own = call.workspace in paths or not paths
    return own and bool(call.tool.files) and not call.parsed.named("--extension", "--include")
