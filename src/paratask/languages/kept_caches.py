"""Caches that a tool's calls fill side by side without harm, so that only those who remove them have to stay away.

Such a cache counts as read: its mark is, a file that lies in it as long as it is there. Reading the whole would meet everybody who
writes files of some kind anywhere. Knows no single tool, and not who removes caches.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Claim, Evidence
from paratask.frozen import replace
from paratask.languages.options import resolve_path
from paratask.languages.workspaces import folders_above

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.languages.tool_calls import Call

_MARK = "CACHEDIR.TAG"


def kept_claims(call: Call) -> tuple[Claim, ...]:
    """The cache that the call keeps: where it works, in projects below that, and in those above, whose settings hold there too.

    Nothing where the call does without, or has it in a folder of its own.
    """
    if call.parsed.named("--no-cache", "-n", "--cache-dir"):
        return ()
    named = [path for word in call.parsed.operands if (path := resolve_path(word, call.cwd))]
    above = dict.fromkeys(folder for path in (call.cwd, *named) for folder in folders_above(path, call.place))
    below = [path for path in named or (call.cwd,) if "." not in posixpath.basename(path)]
    mark = f"{call.tool.keeps}/{_MARK}"
    return (
        *(_kept(folder, f"/{mark}", call) for folder in above),
        *(replace(_kept(folder, f"/**/{mark}", call), excluding=(_passed_over(folder, call),)) for folder in below),
    )


def swept_claims(call: Call) -> tuple[Claim, ...]:
    """The caches that the call removes: those in the folder it works in, and in all below."""
    pattern = call.place.pattern(call.cwd, f"/**/{call.tool.sweeps}/**")
    return (Claim(access=Access.WRITE, pattern=pattern, evidence=Evidence.INFERRED, reason=f"`{call.key}` removes it"),)


def _passed_over(folder: str, call: Call) -> str:
    """The folders below one in which nobody looks for projects: installed packages, and other tools' caches."""
    first = call.tool.keeps[1:2]
    return call.place.pattern(folder, f"/**/{{node_modules,.cache,.[!{first}]*cache}}/**")


def _kept(folder: str, suffix: str, call: Call) -> Claim:
    pattern = call.place.pattern(folder, suffix)
    return Claim(access=Access.READ, pattern=pattern, evidence=Evidence.INFERRED, reason=f"cache of `{call.key}`")
