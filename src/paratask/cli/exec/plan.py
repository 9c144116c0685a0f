"""`--exec --plan`: the command lines in their order, how many would run at once, and which are seen to touch the same files. Runs nothing.

They run side by side all the same, since that was asked for: see "Plain commands" in docs/design.md.
"""

from __future__ import annotations

import os
import sys
from itertools import chain

from paratask.claims.conflicts import edges
from paratask.claims.model import Claims, Evidence
from paratask.cli.exec.project import make_bench
from paratask.cli.foresight import make_budget
from paratask.cli.setup import painter_for, parallel_level, place_maker
from paratask.planning.planner import Planner
from paratask.reporting.patterns_text import tell_patterns

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from paratask.cli.exec.project import Commands
    from paratask.cli.options import Typed
    from paratask.execution.workbench import Workbench

LOOKED_AT = 1000
MOST_NOTES = 20


def show_commands(typed: Typed, commands: Commands) -> int:
    """`--exec --plan`: print which commands would run, and which two would touch the same. Raises ParataskError."""
    bench = make_bench(typed, commands)
    level = parallel_level(typed, bench.project.settings, os.environ)
    at_once = 1 if level == "off" else int(make_budget(typed, bench).cpus)
    meeting = list(_meeting(bench, commands)) if level != "off" else []
    if typed.flag("json"):
        import json

        lines = [{"number": line.number, "task": name, "command": line.text} for name, line in commands.lines.items()]
        document = {"schema": 1, "at_once": at_once, "commands": lines, "conflicts": meeting}
        sys.stdout.write(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
        return 0
    paint = painter_for(typed, 1)
    notes = (f"{paint('yellow', 'note:')} {text}\n" for text in meeting[:MOST_NOTES])
    more = (f"and {len(meeting) - MOST_NOTES} more that meet\n",) if len(meeting) > MOST_NOTES else ()
    sys.stdout.write("".join(chain(_listed(commands, at_once), notes, more)))
    return 0


def _listed(commands: Commands, at_once: int) -> Iterator[str]:
    count = len(commands.lines)
    yield f"{count} command{'' if count == 1 else 's'} in {commands.folder}, {at_once} at once\n"
    width = len(str(count))
    for name, line in commands.lines.items():
        yield f"  {line.number:{width}}  {name}\n"


def _meeting(bench: Workbench, commands: Commands) -> Iterator[str]:
    """A sentence for each two that would touch the same, as far as their texts tell."""
    names = list(commands.lines)[:LOOKED_AT]
    planner = Planner(
        bench=bench, settings=bench.project.settings, level="inferred", make_place=place_maker(bench),
        known_conflicts=frozenset, looks_once=True,
    )  # fmt: skip
    reach = planner.expansion.reach
    known = [_understood(reach(name, {}).claims) for name in names]
    for later, found in enumerate(edges(known, ignores_case=planner.expansion.ignores_case)):
        for edge in found:
            yield f"{tell_patterns(edge.cause.sentence(names[edge.earlier], names[later]))}; both run at once, as asked"


def _understood(claims: Claims) -> Claims:
    """What is known of a command; of one that is not understood, nothing."""
    return Claims(entries=tuple(entry for entry in claims.entries if entry.evidence > Evidence.NONE))
