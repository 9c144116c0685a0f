"""What tests and benchmarks may write, which Deno has permissions for. See "Claims" in docs/design.md.

Without one they write nothing, and open nothing but what they import and snapshots. Snapshots are written where an option says so. What may
write, or start programs, may write anything in its project but programs and settings, as tests of other languages.
"""

from __future__ import annotations

import posixpath

from paratask.claims.model import Access
from paratask.claims.overlap import escape
from paratask.frozen import replace
from paratask.languages.deno.configurations import included_beyond
from paratask.languages.deno.graph import data_of
from paratask.languages.deno.sources import sources_of
from paratask.languages.deno.tools import PROGRAMS, SUFFIXES
from paratask.languages.inferred import only_file, read_below, write_below
from paratask.languages.opened_by_tests import opened_by_tests
from paratask.languages.options import is_within, resolve_path
from paratask.languages.settings_above import ANY_SETTINGS
from paratask.languages.tool_claims import tested
from paratask.languages.tool_table import Mode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from paratask.claims.model import Claim
    from paratask.languages.tool_calls import Call

KEPT = f"/**/{{{PROGRAMS},*.snap,deno.json,deno.jsonc,deno.lock,import_map.json,{ANY_SETTINGS}}}"
"""What no test writes of a project, but with permission and to put it into a program."""
_LOOKED_AT = "*.{ts,tsx,mts,cts,js,jsx,mjs,cjs,snap,md,markdown}"
_ANYTHING = ("-A", "--allow-all", "-P", "--permission-set", "--allow-run", "--allow-ffi")
_WRITING = ("-W", "--allow-write")
_READING = ("-R", "--allow-read")
_COVERAGE = "coverage"


def as_permitted(call: Call) -> Call:
    """The call, as one that only reads where the tests may not write all over their project; else with what they leave alone."""
    if not call.only_tests:
        return call
    if _written(call) is None:
        writes = sources_of(call.workspace, call.place).writes_programs
        return call if writes else replace(call, language=replace(call.language, kept_by_tests=(KEPT, *_data(call))))
    files = "" if call.parsed.named(*_READING) else _LOOKED_AT
    return replace(call, tool=replace(call.tool, mode=Mode.READ, files=files))


def _data(call: Call) -> Iterator[str]:
    """The patterns of files that programs of the project import before they do anything, seen from it."""
    for path in dict.fromkeys(data_of(call.workspace, call.place)):
        if is_within(path, call.workspace) and call.place.exists(path):
            yield "/" + escape(posixpath.relpath(path, call.workspace))


def beyond_kind(call: Call, members: Iterable[str]) -> Iterator[Claim]:
    """What tests touch beyond that: what they measure, the folders that they have a permission for, files elsewhere, and the `members` of the
    workspace whose tests are run from its root.
    """
    place = call.place
    if call.only_tests and _written(call) is None:
        kept = call.language.kept_by_tests
        left = tuple(place.pattern(call.workspace, each) for each in kept)
        inner = [folder for folder in members if folder != call.workspace and is_within(folder, call.workspace)]
        inner.extend(included_beyond(call.workspace, place))
        for entry in (
            each for folder in inner for each in tested(folder, place, f"`{call.key}` runs the tests there", kept[:1])
        ):
            yield replace(entry, excluding=(*entry.excluding, *left)) if entry.access is Access.WRITE else entry
    for option in call.parsed.named("--coverage"):
        path = resolve_path(option.value or _COVERAGE, call.cwd) or call.workspace
        yield write_below(path, place, f"`{call.key}` puts there what it measures")
    reason = f"`{call.key}` is permitted to write it"
    for path in _written(call) or ():
        yield only_file(write_below(path, place, reason), path, place)
    if call.parsed.named(*_READING, *_ANYTHING):
        yield from opened_by_tests(call, SUFFIXES)
    for named in (resolve_path(value, call.cwd) for value in _values(call, _READING)):
        if named is not None and is_within(named, place.root) and not is_within(call.workspace, named):
            yield read_below(named, place, f"`{call.key}` is permitted to read it")


def _written(call: Call) -> tuple[str, ...] | None:
    """The paths that tests may write; None where these may be any in their project."""
    if call.parsed.named(*_ANYTHING):
        return None
    paths = [resolve_path(value, call.cwd) if value else None for value in _values(call, _WRITING)]
    known = tuple(path for path in paths if path is not None and not is_within(call.workspace, path))
    return known if len(known) == len(paths) else None


def _values(call: Call, names: tuple[str, ...]) -> list[str]:
    """What is listed in options of these names, with commas between; empty for one that is about everything."""
    return [word for option in call.parsed.named(*names) for word in (option.value or "").split(",")]


def env_files(call: Call) -> Iterator[Claim]:
    """The files that variables are taken from."""
    for option in call.parsed.named("--env-file"):
        path = resolve_path(option.value or ".env", call.cwd)
        if path is not None:
            yield only_file(
                read_below(path, call.place, f"`{call.key} --env-file` names it"), posixpath.normpath(path), call.place
            )
