"""The plugin for terraform and tofu. See "Claims" in docs/design.md.

What changes infrastructure keeps its place in the written order. Planning reads what others have made, which is no effect, and locks
the state of its folder. Does not know where a state lies: two folders that keep theirs in one place are not told to be one.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access
from paratask.frozen import replace
from paratask.languages.inferred import claim, read_below, write_below
from paratask.languages.options import Role, resolve_path
from paratask.languages.outside_calls import named, reaching
from paratask.languages.terraform.sources import read_sources
from paratask.languages.terraform.tools import OUTSIDE, TOOLS
from paratask.languages.tool_answers import answer, with_root
from paratask.languages.tool_calls import Language, program_name, resolve_call
from paratask.languages.tool_claims import operand_paths, recognise_call
from paratask.languages.tool_table import Mode, Operands

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call
    from paratask.plugins.hookspecs import Delegation, Invocation, Place, Recognition

MANIFESTS = ("main.tf", "main.tofu", "versions.tf", "terraform.tf")
PROGRAMS = ("terraform", "tofu", "tflint")
_ARGUMENTS = "TF_CLI_ARGS"
_LOOKING = frozenset({"schema"})
"""Subcommands of `terraform providers` that only look; others write locks and copies."""
_FORMATTED = "*.{tf,tfvars,tofu,tofuvars,tftest.hcl,tofutest.hcl,tfmock.hcl,tfquery.hcl}"
_ENDINGS = (".tf", ".tfvars", ".tofu", ".tofuvars", ".hcl")
"""Of files that are formatted; other names are those of folders, which may have dots in them as well."""


_LANGUAGE = Language(name="terraform", tools=TOOLS, manifests=MANIFESTS, settings="")


def manifests() -> Sequence[str]:
    """Files that many folders of a configuration have."""
    return MANIFESTS


def recognise(invocation: Invocation, place: Place) -> Recognition | Delegation | None:
    """See the hook's specification."""
    name = program_name(invocation.words[0]) if invocation.words else None
    if name is None or name not in PROGRAMS:
        return None
    words = invocation.words[1:]
    call = resolve_call(name, words, invocation, _LANGUAGE, place)
    if call is None:
        shown = named(name, words, OUTSIDE, TOOLS)
        return reaching(shown) if shown else None
    if any(variable.startswith(_ARGUMENTS) for variable in invocation.environment):
        return None
    return with_root(_answer(call), place)


def _answer(call: Call) -> Recognition | None:
    if call.parsed.all(Role.INFORMS) or call.key.endswith((" version", " functions")):
        return answer(call, ())
    if call.key == "tflint":
        found = recognise_call(call)
        return found and answer(call, (*found.claims, *_read(call)))
    if call.key.endswith(" fmt"):
        return answer(call, _formatted(call))
    if call.key.endswith(" providers") and not set(call.parsed.operands) <= _LOOKING:
        return None
    if call.parsed.operands and call.tool.operands is Operands.WORDS and call.tool.mode in (Mode.INSTALL, Mode.COMPILE):
        return answer(call, (*_read(call), *_worked(call))) if call.key.endswith(" select") else None
    files = operand_paths(call)
    if files is None:
        return None
    given = (read_below(path, call.place, f"`{call.key}` reads it") for path in files)
    return answer(call, (*_read(call), *_worked(call), *given))


def _read(call: Call) -> tuple[Claim, ...]:
    """The configuration: its folder, and those that it names."""
    sources = read_sources(call.cwd, call.place)
    reason = f"`{call.key}` reads the configuration"
    folders = (call.place.root,) if sources.anywhere else sources.folders
    return tuple(read_below(folder, call.place, reason) for folder in dict.fromkeys((call.cwd, *folders)))


def _worked(call: Call) -> tuple[Claim, ...]:
    """What is made in the folder, and how its state is used."""
    mode, place = call.tool.mode, call.place
    state = f"terraform-state:{place.pattern(call.cwd)}"
    if mode is Mode.INSTALL:
        reason = f"`{call.key}` puts what it fetches here"
        lock = (
            (claim(Access.WRITE, place.pattern(call.cwd, "/.terraform.lock.hcl"), reason),) if call.key.endswith("init") else ()
        )
        kept = write_below(posixpath.join(call.cwd, ".terraform"), place, reason)
        return (kept, *lock, claim(Access.EXCLUSIVE, state, f"`{call.key}` sets it up"))
    if mode is not Mode.COMPILE:
        return (claim(Access.SHARED, state, f"`{call.key}` reads it"),)
    held = claim(Access.EXCLUSIVE, state, f"`{call.key}` locks it")
    local = claim(Access.WRITE, place.pattern(call.cwd, "/{*,.*}.tfstate*"), f"`{call.key}` locks a state that lies here")
    if read_sources(call.cwd, place).writes:
        return (held, local, write_below(call.cwd, place, "a data source may run programs or write files"))
    return (held, local)


def _formatted(call: Call) -> tuple[Claim, ...] | None:
    """Files of these names; with `-recursive` in folders below as well, but for hidden ones, as `.terraform` is."""
    only_looks = bool(call.parsed.all(Role.CHECKS)) or any(
        option.name == "-write" and not option.on for option in call.parsed.options
    )
    access, reason = Access.READ if only_looks else Access.WRITE, f"`{call.key}` formats it"
    below = f"/**/{_FORMATTED}" if call.parsed.named("-recursive") else f"/{_FORMATTED}"
    paths = [resolve_path(word, call.cwd) for word in call.parsed.operands or (".",) if word != "-"]
    found = []
    for path in paths:
        if path is None:
            return None
        entry = claim(access, call.place.pattern(path, "" if path.endswith(_ENDINGS) else below), reason)
        found.append(replace(entry, excluding=(call.place.pattern(path, "/**/.*/**"),)))
    return tuple(found)
