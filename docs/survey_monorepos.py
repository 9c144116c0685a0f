"""Counts what would run side by side in other people's repositories, and writes the table of docs/survey.md.

    python docs/survey_monorepos.py FOLDER…            the table
    python docs/survey_monorepos.py --pairs FOLDER…    every pair of neighbours with its decision and reason, to be judged by hand
    python docs/survey_monorepos.py --unknown FOLDER…  the programs that nobody recognised, most frequent first
    python docs/survey_monorepos.py --write FOLDER…    the table, into docs/survey.md

Each FOLDER is a checkout whose root has a Taskfile, named owner+name. Nothing of it is run: `sh:` variables stay unknown, as in `--plan`, so that a
real run may know more. Every task is looked at as if it were called by itself. A file FOLDER.commit beside it names the commit.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from itertools import combinations, groupby
from typing import TYPE_CHECKING

from paratask.claims.conflicts import barrier, conflict
from paratask.claims.model import Evidence
from paratask.cli.options import parse
from paratask.cli.setup import inner_claims, make_workbench
from paratask.errors import ParataskError
from paratask.languages.effects import EffectWatch
from paratask.planning.own_claims import own_claims
from paratask.planning.planner import Planner
from paratask.plugins.manager import load_plugins
from paratask.taskfile.model import Variable
from paratask.templating import UNKNOWN
from paratask.variables.dynamic import run_static
from paratask.variables.ready import ReadyCall
from paratask.variables.scopes import Mode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from paratask.execution.workbench import Workbench
    from paratask.planning.arrangement import Arrangement
    from paratask.planning.expand import Reach
    from paratask.plugins.manager import Plugins
    from paratask.variables.ready import ReadyTask

DOCUMENT = pathlib.Path(__file__).with_name("survey.md")
BEGIN = "<!-- table: written by docs/survey_monorepos.py -->\n"
END = "<!-- end of table -->\n"
TOGETHER, CONFLICT, OUTSIDE, BETWEEN = "together", "conflict", "outside", "between"
NOT_UNDERSTOOD, NOT_YET = "not understood", "not yet known"
DECISIONS = (TOGETHER, CONFLICT, OUTSIDE, NOT_UNDERSTOOD, NOT_YET, BETWEEN)
"""What was decided of a pair of neighbours. BETWEEN: nothing keeps the two apart but one that stands between them."""


@dataclass(frozen=True)
class Pair:
    """Two calls of one run of neighbours, and what was decided."""

    task: str
    left: str
    right: str
    decision: str
    evidence: str
    reason: str


@dataclass
class Survey:
    """What one repository gave."""

    name: str
    commit: str = ""
    tasks: int = 0
    runs: int = 0
    calls: int = 0
    pairs: list[Pair] = field(default_factory=list)
    dependencies: int = 0
    dependencies_in_doubt: list[Pair] = field(default_factory=list)
    programs: Counter[str] = field(default_factory=Counter)
    constructs: Counter[str] = field(default_factory=Counter)

    def count(self, decision: str) -> int:
        """How many pairs were decided so."""
        return sum(pair.decision == decision for pair in self.pairs)


class Surveyor:
    """Looks at one repository."""

    def __init__(self, folder: str, plugins: Plugins) -> None:
        self._bench = bench_of(folder)
        self._place = EffectWatch(
            self._bench.project.root_dir, plugins=plugins, environ=os.environ, runs=inner_claims(self._bench)
        )
        self._planner = Planner(
            bench=self._bench,
            settings=self._bench.project.settings,
            level="inferred",
            make_place=lambda: self._place,
            known_conflicts=frozenset,
            looks_once=True,
        )
        self.survey = Survey(name=os.path.basename(os.path.normpath(folder)).replace("+", "/"), commit=commit_of(folder))

    def look(self) -> Survey:
        """At every task, with the variables that it requires unknown."""
        for name, task in self._bench.taskfile.tasks.items():
            self.survey.tasks += 1
            given = {required.name: Variable(value=UNKNOWN) for required in task.requires}
            try:
                ready = self._planner.expansion.prepare(name, given)
            except ParataskError:
                continue
            for run in runs_of(ready):
                self._add_run(run, self._planner.arrange(run, ready), name)
            self._add_dependencies(ready)
        return self.survey

    def _add_run(self, run: Sequence[ReadyCall], arrangement: Arrangement, task: str) -> None:
        self.survey.runs += 1
        self.survey.calls += len(run)
        reaches = [self._planner.expansion.reach_of_call(call) for call in run]
        for reach in reaches:
            if reach.claims.evidence is Evidence.NONE:
                self._add_unknown(reach)
        for left, right in combinations(range(len(run)), 2):
            found = decided(run[left], run[right], reaches[left], reaches[right])
            decision, reason = found
            if right in arrangement.together(left):
                decision, reason = TOGETHER, arrangement.reasons[right]
            evidence = min(reaches[left].claims.evidence, reaches[right].claims.evidence).name.lower()
            self.survey.pairs.append(Pair(task, shown(run[left]), shown(run[right]), decision, evidence, reason))

    def _add_dependencies(self, ready: ReadyTask) -> None:
        """Authors said that these may run side by side: where inference would not, one of the two is in doubt."""
        calls = [call for call in ready.dependencies if isinstance(call, ReadyCall)]
        reaches = [self._planner.expansion.reach_of_call(call) for call in calls]
        for left, right in combinations(range(len(calls)), 2):
            self.survey.dependencies += 1
            decision, reason = decided(calls[left], calls[right], reaches[left], reaches[right])
            if decision == CONFLICT:
                pair = Pair(ready.task.name, shown(calls[left]), shown(calls[right]), decision, "inferred", reason)
                self.survey.dependencies_in_doubt.append(pair)

    def _add_unknown(self, reach: Reach) -> None:
        """What was not understood in one call: every program that nobody recognised, or the first other reason."""
        programs: set[str] = set()
        for name in reach.tasks:
            self._place.begin()
            try:
                list(own_claims(self._planner.expansion.prepare(name, {}), self._place))
            except ParataskError:
                continue
            programs |= {program_of(text) for text in self._place.unknown}
        self.survey.programs.update(programs)
        reason = reach.claims.effect_reason
        if "not recognised" not in reason:
            self.survey.constructs[re.sub(r"`[^`]*`", "…", reason)] += 1


def decided(left: ReadyCall, right: ReadyCall, one: Reach, other: Reach) -> tuple[str, str]:
    """Why two calls by themselves are kept in order, BETWEEN where they are not."""
    for reach in (one, other):
        if reach.claims.evidence is Evidence.NONE:
            reason = reach.claims.effect_reason
            return NOT_YET if reason.endswith("not known before it runs") else NOT_UNDERSTOOD, reason
    pair = one.claims, other.claims
    cause = barrier(*pair)
    if cause is not None:
        return OUTSIDE, cause.sentence(shown(left), shown(right))
    meeting = conflict(*pair)
    return (CONFLICT, meeting.sentence(shown(left), shown(right))) if meeting is not None else (BETWEEN, "")


def bench_of(folder: str) -> Workbench:
    """The project of a checkout, as `--dir` would read it. Raises ParataskError."""
    bench = make_workbench(parse(["--dir", folder], {}))
    run_static(bench.read_dotenv(Mode.UNKNOWN))
    return bench


def commit_of(folder: str) -> str:
    """The commit that the checkout is at, shortened; empty where no file says it."""
    try:
        with open(f"{os.path.normpath(folder)}.commit", encoding="utf-8") as file:
            return file.read().strip()[:10]
    except FileNotFoundError:
        return ""


def runs_of(ready: ReadyTask) -> Iterator[list[ReadyCall]]:
    """Neighbouring calls among the steps, two or more."""
    for is_call, steps in groupby(ready.steps, key=lambda step: isinstance(step, ReadyCall)):
        run = [step for step in steps if isinstance(step, ReadyCall)]
        if is_call and len(run) > 1:
            yield run


def shown(call: ReadyCall) -> str:
    """The task's name, or how it was written."""
    return call.task or call.source.task


def program_of(text: str) -> str:
    """`golangci-lint run` of `golangci-lint run --fix ./…`: the program, and its subcommand where there seems to be one."""
    first, *rest = text.split() or [""]
    name = os.path.basename(first) if first.startswith("/") else first
    second = rest[0] if rest and re.fullmatch(r"[a-z][a-z0-9:-]*", rest[0]) else ""
    return f"{name} {second}".strip()


def render_table(surveys: Sequence[Survey]) -> str:
    """Markdown: one row a repository, and a sum."""
    heads = ["repository", "commit", "tasks", "runs", "calls", "pairs", *DECISIONS, "evidence"]
    rows = [[survey.name, survey.commit, *map(str, numbers(survey)), evidence_of([survey])] for survey in surveys]
    sums = [sum(column) for column in zip(*map(numbers, surveys), strict=True)]
    rows.append([f"**{len(surveys)} repositories**", "", *(f"**{number}**" for number in sums), evidence_of(surveys)])
    lines = [heads, ["---", "---", *["--:"] * (4 + len(DECISIONS)), "---"], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def numbers(survey: Survey) -> list[int]:
    """The counts of one row."""
    return [survey.tasks, survey.runs, survey.calls, len(survey.pairs), *map(survey.count, DECISIONS)]


def evidence_of(surveys: Sequence[Survey]) -> str:
    """Of the pairs that may run together."""
    found = Counter(pair.evidence for survey in surveys for pair in survey.pairs if pair.decision == TOGETHER)
    return ", ".join(f"{evidence} {count}" for evidence, count in found.most_common()) or "none"


def render_dependencies(surveys: Sequence[Survey]) -> str:
    """A sentence on what authors declared to be independent."""
    total = sum(survey.dependencies for survey in surveys)
    doubted = sum(len(survey.dependencies_in_doubt) for survey in surveys)
    return f"{total} pairs of dependencies, {doubted} of which inference would keep in order.\n"


def say(text: str) -> None:
    """Print as it is."""
    sys.stdout.write(text)


def show_pairs(survey: Survey) -> None:
    """A line for each pair."""
    for pair in survey.pairs:
        say(f"{survey.name}: {pair.task}: {pair.left} | {pair.right}: {pair.decision} ({pair.evidence}) {pair.reason}\n")
    for pair in survey.dependencies_in_doubt:
        say(f"{survey.name}: {pair.task}: {pair.left} & {pair.right}: dependencies; {pair.reason}\n")


def write_document(table: str) -> None:
    """Puts the table between the marks in docs/survey.md."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        sys.exit(f"{DOCUMENT} has no marks")
    DOCUMENT.write_text(f"{before}{begin}\n{table}\n{end}{after}", encoding="utf-8")


def show_unknown(surveys: Sequence[Survey]) -> None:
    """What to recognise next."""
    for title, each in (("Programs", [s.programs for s in surveys]), ("Other reasons", [s.constructs for s in surveys])):
        say(f"{title}, by calls in runs that need them:\n")
        whole: Counter[str] = sum(each, Counter())
        for name, count in whole.most_common(120):
            say(f"{count:6} in {sum(name in counter for counter in each):2} repositories  {name}\n")


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", metavar="FOLDER")
    parser.add_argument("--pairs", action="store_true")
    parser.add_argument("--unknown", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    plugins = load_plugins(warn=lambda text: say(f"{text}\n"))
    surveys = []
    for folder in sorted(options.folders, key=lambda folder: os.path.basename(os.path.normpath(folder)).lower()):
        try:
            surveys.append(Surveyor(os.path.abspath(folder), plugins).look())
        except ParataskError as error:
            sys.stderr.write(f"{folder}: {error.message}\n")
    if options.pairs:
        for survey in surveys:
            show_pairs(survey)
    elif options.unknown:
        show_unknown(surveys)
    elif options.write:
        write_document(render_table(surveys) + "\n" + render_dependencies(surveys))
    else:
        say(render_table(surveys) + "\n" + render_dependencies(surveys))
    return 0


if __name__ == "__main__":
    sys.exit(main())
