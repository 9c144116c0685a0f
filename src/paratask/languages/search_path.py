"""Programs that may lie in the checkout, in a folder of the `PATH` that a task or a text sets."""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Claim, Claims, Evidence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from paratask.plugins.hookspecs import Invocation, Place


def looked_for(invocation: Invocation, place: Place) -> Claims:
    """Where the program may lie that is started, as far as that is in the checkout: in the folders of `PATH` that the task or the text names."""
    program, folders = invocation.words[0], invocation.environment.get("PATH")
    if not program or not folders or "/" in program:
        return Claims(evidence=Evidence.INFERRED)
    paths = [
        posixpath.normpath(posixpath.join(invocation.cwd, folder, program)) for folder in dict.fromkeys(folders.split(":"))
    ]
    entries = (
        Claim(
            access=Access.READ,
            pattern=place.pattern(path),
            evidence=Evidence.INFERRED,
            reason=f"`PATH` has `{program}` looked for there",
        )
        for path in paths
        if path.startswith(place.root.rstrip("/") + "/")
    )
    return Claims(entries=tuple(entries), evidence=Evidence.INFERRED)
