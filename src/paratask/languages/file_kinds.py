"""Which kinds of files a tool touches in a folder, where its entry in the table says so: what keeps two languages in one folder apart.

Narrows claims that others made. Knows no single tool.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access
from paratask.frozen import replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call


def narrowed(whole: Claim, path: str, call: Call) -> Iterator[Claim]:
    """The claim on all below `path`, a folder or a file, to the tool's own kinds of files and their settings."""
    tool, place = call.tool, call.place
    is_file = "." in posixpath.basename(path) and not place.listdir(path)
    if tool.files and not is_file and not call.parsed.named("--extension", "--include"):
        passed_over = (place.pattern(path, "/**/{node_modules,.*cache}/**"),)
        yield replace(whole, pattern=place.pattern(path, f"/**/{tool.files}"), excluding=passed_over)
        names = (call.language.settings, *tool.settings.split())
        any_of = f"{{{','.join(names)}}}" if len(names) > 1 else names[0]
        settings = replace(
            whole, access=Access.READ, pattern=place.pattern(path, f"/**/{any_of}"), reason=f"settings of `{call.key}`"
        )
        yield replace(settings, excluding=passed_over)
    elif tool.leaves and not is_file and not is_extended(call):
        yield replace(whole, excluding=(*whole.excluding, place.pattern(path, f"/**/{tool.leaves}")))
    else:
        yield whole


def is_extended(call: Call) -> bool:
    """Whether the tool's plugins, which the manifests of the workspace and the root name, let it touch more kinds of files."""
    folders = (call.workspace, call.place.root)
    texts = [call.place.read_text(posixpath.join(folder, name)) or "" for folder in folders for name in call.language.manifests]
    return any(word in text for word in call.tool.extended_by.split() for text in texts)


def covers_workspace(call: Call, paths: Iterable[str]) -> bool:
    """Whether the settings beside the manifest are among those claimed with the files below `paths`."""
    own = call.workspace in paths or not paths
    return own and bool(call.tool.files) and not call.parsed.named("--extension", "--include")
