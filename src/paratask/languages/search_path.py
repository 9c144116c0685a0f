"""Programs that may lie in the checkout: where a call says (`.venv/bin/ruff`), or in a folder of the `PATH` that a task or a text sets."""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Claim, Claims, Evidence

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.plugins.hookspecs import Invocation, Place


def looked_for(invocation: Invocation, own: Sequence[Claim], place: Place) -> Claims:
    """Where the program may lie that is started, as far as that is in the checkout: whoever puts it there comes first.

    A script is read by the call's `own` claims already.
    """
    program = invocation.words[0] or ""
    is_path = "/" in program
    folders = [""] if is_path else (invocation.environment.get("PATH") or "").split(":")
    paths = [posixpath.normpath(posixpath.join(invocation.cwd, folder, program)) for folder in dict.fromkeys(folders)]
    known = {each.pattern for each in own if each.access is Access.READ}
    name = posixpath.basename(program)
    reason = f"`{name}` is started from there" if is_path else f"`PATH` has `{name}` looked for there"
    entries = (
        Claim(
            access=Access.READ,
            pattern=place.pattern(path),
            evidence=Evidence.INFERRED,
            reason=reason,
        )
        for path in paths
        if path.startswith(place.root.rstrip("/") + "/") and place.pattern(path) not in known
    )
    return Claims(entries=tuple(entries), evidence=Evidence.INFERRED)
