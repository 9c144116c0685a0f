"""rebar3, Erlang's build tool, as data and as claims: its tasks work in the whole project, whose hooks may run anything.

Knows no profile and no plugin: what is built lies in `_build`, within the project.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access, Evidence, union, unknown
from paratask.frozen import replace
from paratask.languages.inferred import claim, write_below
from paratask.languages.options import Role, is_within
from paratask.languages.sources_beyond import named_beyond
from paratask.languages.tool_answers import answer
from paratask.languages.tool_claims import recognise_call
from paratask.languages.tool_table import Mode, Operands, Tool
from paratask.plugins.hookspecs import Delegation

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from paratask.claims.model import Claim
    from paratask.languages.options import Word
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Recognition

_CACHE = "rebar3-cache"
"""What rebar3 keeps for the user: fetched packages, and plugins that it builds there without a lock."""
_HOOKS = ("pre_hooks", "post_hooks", "port_specs", "rebar3_run", "{pc,")
_OPTIONS: Mapping[Role, str] = {
    Role.FLAG: "-d --deps_only -c --cover -v --verbose -a --all --readable --sname --quiet -q --reset --update-plt -u --succ-typings -s "
    "--overwrite --check -w --write --strict --retry --group-by-module",
    Role.VALUE: "--suite --case --group --spec --app --application --module --test --generator -t --profile --min_coverage -m "
    "--label --repeat --numtests -n --prop --dep -k",
    Role.READS: "--dir --config --sys_config --ct_hooks",
    Role.WRITES: "--logdir --output -o",
}


def _works(summary: str) -> Tool:
    return Tool(summary=summary, mode=Mode.BUILD, operands=Operands.WORDS, options=_OPTIONS, holds=_CACHE)


def _runs(summary: str) -> Tool:
    return Tool(summary=summary, mode=Mode.MODULE, operands=Operands.WORDS)


_TASKS: Mapping[str, Tool] = {
    **{
        name: _works("works in the project")
        for name in (
            "compile", "eunit", "ct", "proper", "cover", "dialyzer", "xref", "edoc", "ex_doc", "clean", "fmt", "lint", "hank", "get-deps",
            "upgrade", "unlock", "lock", "deps", "tree", "release", "tar", "escriptize",
        )
    },
    "version": Tool(summary="prints the version", mode=Mode.NOTHING, operands=Operands.NONE),
    "help": Tool(summary="tells of what there is", mode=Mode.NOTHING, operands=Operands.WORDS),
    "hex": Tool(summary="works on a registry", mode=Mode.OUTSIDE, operands=Operands.WORDS, options={Role.FLAG: "--yes --replace"}),
    "shell": _runs("is a session with somebody"),
    **{name: Tool(summary="runs several tasks", mode=Mode.RUN) for name in ("do", "as")},
}  # fmt: skip
REBAR: Mapping[str, Tool] = {
    "rebar3": Tool(summary="builds projects", mode=Mode.GROUP, options={Role.INFORMS: "-v"}),
    **{f"rebar3 {name}": tool for name, tool in _TASKS.items()},
}


def rebar(call: Call) -> Recognition | Delegation | None:
    """What a call of rebar3 claims, in the project around the folder that it is called in."""
    if call.parsed.all(Role.INFORMS):
        return recognise_call(call)
    if call.tool.mode is Mode.NOTHING:
        return answer(call, ())
    if call.tool.mode is Mode.MODULE:
        reason = f"`{call.key}` {call.tool.summary}, which may do anything"
        return Delegation(claims=unknown(reason), reason=reason)
    if call.tool.mode is Mode.RUN:
        return _several(call)
    place = call.place
    path = posixpath.join(call.cwd, "rebar.config")
    text = place.read_text(path)
    hooks = any(word in (text or "") for word in _HOOKS) or place.exists(f"{path}.script")
    if text is None or hooks or any(name.startswith("REBAR_") for name in call.invocation.environment):
        return None
    reason = f"`{call.key}` works in this project"
    beyond = (write_below(each, place, "`rebar.config` names it") for each in named_beyond(path, call.cwd, place))
    found: tuple[Claim, ...] = (write_below(call.cwd, place, reason), claim(Access.READ, place.pattern(path), reason), *beyond)
    return answer(call, found) if is_within(call.cwd, place.root) else None


def _several(call: Call) -> Delegation | None:
    """`rebar3 as test do ct, cover`: what the tasks claim together."""
    words = call.parsed.rest[1:] if call.key.endswith(" as") else call.parsed.rest
    parts: list[list[Word]] = [[]]
    for word in words:
        parts[-1].append(word.rstrip(",") if word else word)
        if (word and word.endswith(",")) or (word == "do"):
            parts.append([])
    tasks = [part for part in parts if part and part != ["do"]]
    found = [call.place.invocation_claims(replace(call.invocation, words=("rebar3", *part))) for part in tasks]
    if not found or any(claims.evidence is Evidence.NONE for claims in found):
        return None
    return Delegation(claims=union(found), reason=f"`{call.key}` runs several tasks")
