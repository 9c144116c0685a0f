"""`deno run npm:eslint .` and `deno x npm:eslint .`: what the program claims that the package brings, with what fetching it does.

A file, a module of another machine and a package of JSR may do anything.
"""

from __future__ import annotations

from paratask.claims.model import Access, Claims, Evidence, union, unknown
from paratask.frozen import replace
from paratask.languages.deno.locks import is_known, kept_claims
from paratask.languages.inferred import unique
from paratask.languages.node.managers import BINARIES
from paratask.languages.tool_claims import of_environment, of_options, of_resources
from paratask.plugins.hookspecs import Delegation, Invocation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from paratask.claims.model import Claim
    from paratask.languages.deno.configurations import Workspace
    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call

_STARTING = ("deno run", "deno x")
_NPM = "npm:"
_BEFORE = ("--preload", "--require")
"""Options with programs that run before the one that is started."""


def run_program(call: Call, workspace: Workspace, own: Iterable[Claim]) -> Delegation:
    """What the call claims; everything where it starts what is not known."""
    reason = f"`{call.key}` {call.tool.summary}, which may do anything"
    refused = Delegation(claims=unknown(reason), reason=reason)
    head, *words = call.parsed.rest or (None,)
    name = _program(head) if call.key in _STARTING else ""
    if not head or not name or call.parsed.named(*_BEFORE):
        return refused
    options = of_options(call)
    environment = of_environment(call.invocation.environment, call.cwd, call.place, call.reader)
    found = call.place.invocation_claims(
        Invocation(words=(name, *words), cwd=call.cwd, environment=call.invocation.environment)
    )
    if options is None or environment is None:
        return refused
    reason = f"`{call.key}` starts `{name}`"
    if found.evidence is Evidence.NONE:
        return Delegation(claims=found, reason=reason)
    kept = kept_claims(call, workspace)
    if not is_known(head, workspace, call.place):
        kept = tuple(replace(entry, access=Access.WRITE) for entry in kept)
    entries = unique((*own, *options, *environment, *of_resources(call), *kept))
    return Delegation(claims=union([found, Claims(entries=entries, evidence=Evidence.INFERRED)]), reason=reason)


def _program(specifier: Word) -> str:
    """The program that a package of npm brings; empty for whatever else."""
    if not specifier or not specifier.startswith(_NPM):
        return ""
    parts = specifier.removeprefix(_NPM).lstrip("/").split("/")
    size = 2 if parts[0].startswith("@") else 1
    package = "/".join(parts[:size])
    at = package.find("@", 1)
    name = package[:at] if at > 0 else package
    own = BINARIES.get(name, "" if name.startswith("@") else name)
    return "/".join(parts[size:]) or own
